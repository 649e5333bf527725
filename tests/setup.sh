#!/bin/sh
# Gets a checkout ready, in the folder build/: setup.sh build (the plugin and the command) or
# setup.sh test (what the tests need, too). On Debian it installs the packages that are missing;
# nothing is done twice.
set -eu
what=${1:-build}
cd "$(dirname "$0")/.."

build_packages="gcc make pkg-config autoconf automake libtool libc6-dev libexpat1-dev zlib1g-dev"
test_packages="libcriterion-dev g++ clang python3-minimal libpython3-stdlib libxml2-utils binutils mandoc abigail-tools strace valgrind
  chromium chromium-driver python3-selenium poppler-utils fonts-noto-cjk
  gcc-mingw-w64-x86-64-win32 libz-mingw-w64-dev wine64 zip dpkg-dev
  gnucobol3 fp-compiler default-jdk-headless libjna-java libffi-platypus-perl mono-mcs mono-runtime
  ruby nkf parallel build-essential debhelper lintian python3-jsonschema slurmctld slurmd slurm-client munge
  gcovr cppcheck clang-tidy shellcheck libclang-rt-14-dev"

missing() {
    for p in "$@"; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$p"
    done
}

install_missing() {
    list=$(missing "$@")
    [ -n "$list" ] || return 0
    as_root=
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || {
            echo "次のパッケージを、管理者の権限で入れてください: $list" >&2
            exit 1
        }
        as_root=sudo
    fi
    echo "足りないパッケージを入れます: $list" >&2
    $as_root apt-get update -qq >&2
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $list >/dev/null
}

quietly() { # shows what a command said only if it failed
    "$@" >.setup.log 2>&1 || { cat .setup.log >&2; exit 1; }
}

if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2086
    install_missing $build_packages
    # shellcheck disable=SC2086
    [ "$what" != test ] || install_missing $test_packages
fi
if [ -f config.status ]; then
    echo "このフォルダーの中で configure が済んでいます。make distclean をしてから、もう一度実行してください。" >&2
    exit 1
fi
if [ ! -f configure ] || [ configure.ac -nt configure ] || [ Makefile.am -nt Makefile.in ]; then
    echo "configure を作ります" >&2
    quietly autoreconf -fi
fi
mkdir -p build
# A tree configured before the test packages were there knows nothing of Criterion.
if [ ! -f build/Makefile ] || [ configure -nt build/config.status ] ||
    { [ "$what" = test ] && ! grep -q '^CRITERION_LIBS = .' build/Makefile; }; then
    echo "build/ を用意します" >&2
    (cd build && ../configure --quiet --enable-werror) >.setup.log 2>&1 || { cat .setup.log >&2; exit 1; }
fi
# The host in Node.js is tested where npm is there already and can fetch its only package.
if [ "$what" = test ] && command -v npm >/dev/null && [ ! -d build/node_modules/koffi ]; then
    npm install --silent --no-audit --no-fund --prefix build koffi@3.3.4 >/dev/null 2>&1 ||
        echo "koffi がないため、Node.js の試験は省きます" >&2
fi
quietly make -s -C build -j"$(nproc)"
