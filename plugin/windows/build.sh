#!/bin/sh
# fusho for Windows, made on Debian: builds fusho.dll and fusho.exe, tests them under Wine and packs
# fusho-VERSION-win64.zip. Everything is done in build-windows/ at the top of the sources.
#
# usage: plugin/windows/build.sh [build|test|zip]     default: all three
# expat is built from Debian's source package. Without a network, put its files (expat_*.dsc and the
# tarballs it names) into build-windows/expat-source/ beforehand; without either the status is 77.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD
out=$top/build-windows
host=x86_64-w64-mingw32
wine=/usr/lib/wine/wine64
packages="gcc make pkg-config autoconf automake libtool gcc-mingw-w64-x86-64-win32 libz-mingw-w64-dev
 dpkg-dev ca-certificates wine64 zip mandoc"

# The same sources give the same zip: this is the time in the DLL, the EXE and the zip.
: "${SOURCE_DATE_EPOCH:=$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}"
export SOURCE_DATE_EPOCH

missing() {
    for p in $packages; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$p"
    done
}

install_missing() {
    list=$(missing)
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

quietly() { # log command...: shows what it said only if it failed
    log=$1
    shift
    "$@" >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

# ---- expat ----

# apt's own sources with "deb-src" for "deb", in a folder of ours: /etc/apt stays as it is.
private_apt() {
    mkdir -p "$out/apt/sources.d" "$out/apt/lists/partial" "$out/apt/cache/archives/partial"
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
        grep -q '/debian' "$f" 2>/dev/null || continue # other archives may have no sources
        case $f in
        *.sources) sed 's/^Types:.*/Types: deb-src/' "$f" ;;
        *.list) sed -n 's/^deb /deb-src /p' "$f" ;;
        esac >"$out/apt/sources.d/${f##*/}"
    done
}

apt_private() { # apt-get or apt-cache, arguments: with those lists
    program=$1
    shift
    "$program" -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$out/apt/sources.d" \
        -o Dir::State::lists="$out/apt/lists" -o Dir::Cache="$out/apt/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}

# The newest version. A mirror can lack the files of one it lists: then the next, and it is said.
fetch_expat() {
    private_apt || return 1
    quietly "$out/apt.log" apt_private apt-get update || return 1
    versions=$(apt_private apt-cache showsrc expat | sed -n 's/^Version: //p' | sort -ruV)
    newest=${versions%%[!0-9A-Za-z.+~:-]*}
    for version in $versions; do
        (cd "$out/expat-source" &&
            apt_private apt-get source --download-only "expat=$version" >"$out/apt.log" 2>&1) || continue
        [ "$version" = "$newest" ] || echo "注意: expat $newest のソースを取れないため $version で作ります。" \
            "安全のための修正が入っていないので、できた物を配らないでください。" >&2
        return 0
    done
    cat "$out/apt.log" >&2
    return 1
}

build_expat() {
    [ ! -f "$out/expat/lib/libexpat.a" ] || return 0
    mkdir -p "$out/expat-source"
    if ! ls "$out"/expat-source/expat_*.dsc >/dev/null 2>&1 && ! fetch_expat; then
        echo "expat のソースを取れません。ネットワークにつながる場所で apt-get source --download-only expat を" \
            "実行し、できたファイルを $out/expat-source に置いてから、もう一度実行してください。" >&2
        exit 77
    fi
    dsc=$(find "$out/expat-source" -name 'expat_*.dsc' | sort | tail -n 1)
    rm -rf "$out/expat-build"
    quietly "$out/expat.log" dpkg-source --no-copy -x "$dsc" "$out/expat-build" || return 1
    src=$(find "$out/expat-build" -name configure.ac | head -n 1)
    (cd "$(dirname "$src")" && quietly "$out/expat.log" autoreconf -fi &&
        quietly "$out/expat.log" ./configure --host=$host --prefix="$out/expat" --disable-shared \
            --without-xmlwf --without-tests --without-examples --without-docbook &&
        quietly "$out/expat.log" make -s -j"$(nproc)" install) || return 1
    rm -f "$out"/expat/lib/*.la # libtool would take from it that a DLL cannot be made
    cp "$out/expat-build/debian/copyright" "$out/expat/copyright"
}

# ---- ours ----

build() {
    install_missing
    mkdir -p "$out"
    echo "expat を作ります" >&2
    build_expat
    if [ ! -f configure ] || [ configure.ac -nt configure ] || [ Makefile.am -nt Makefile.in ]; then
        quietly "$out/configure.log" autoreconf -fi
    fi
    echo "fusho.dll と fusho.exe を作ります" >&2
    mkdir -p "$out/tree"
    cd "$out/tree"
    # libtool wants to look into every library before it makes a DLL, and cannot look into these.
    if [ ! -f Makefile ] || [ "$top/configure" -nt Makefile ]; then
        quietly "$out/configure.log" "$top/configure" --quiet --enable-werror --host=$host \
            lt_cv_deplibs_check_method=pass_all \
            EXPAT_CFLAGS="-isystem $out/expat/include -DXML_STATIC" \
            EXPAT_LIBS="-L$out/expat/lib -lexpat" ZLIB_CFLAGS=' ' ZLIB_LIBS=-lz \
            CRITERION_CFLAGS= CRITERION_LIBS=
    fi
    quietly "$out/make.log" make -j"$(nproc)" fusho.la fusho.exe plugin/windows/smoke.exe fixtures/out.stamp
    mkdir -p "$out/bin"
    cp .libs/fusho.dll fusho.exe "$out/bin/"
    cp plugin/windows/smoke.exe "$out/"
    $host-strip --strip-unneeded "$out/bin/fusho.dll" "$out/bin/fusho.exe"
    cd "$top"
}

# ---- tests, with the Linux build as the measure ----

run_tests() {
    [ -x "$wine" ] || { echo "Wine がないため試せません。" >&2; return 1; }
    ./tests/setup.sh build
    mkdir -p "$out/wine"
    # Wine's first start makes its folder and says so.
    WINEPREFIX=$out/wine WINEDEBUG=-all "$wine" "$out/bin/fusho.exe" --help >"$out/wine.log" 2>&1 || true
    echo "Wine で試します" >&2
    status=0
    WINE=$wine WINEPREFIX=$out/wine FUSHO_WINDOWS=$out FUSHO=$top/build/fusho \
        FUSHO_PLUGIN=$top/build/.libs/fusho.so FUSHO_FIXTURES=$top/build/fixtures/out \
        sh tests/windows.sh >"$out/test.log" 2>&1 || status=1
    grep '^not ok' "$out/test.log" >&2 && status=1
    grep -q '^1\.\.[1-9]' "$out/test.log" || { cat "$out/test.log" >&2; status=1; }
    echo "$(grep -c '^ok' "$out/test.log") 件が合格しました" >&2
    return $status
}

# ---- zip ----

text_for_windows() { # file: with the marks by which Notepad knows UTF-8, and CRLF
    printf '\357\273\277'
    sed 's/$/\r/' "$1"
}

pack() {
    ./tests/setup.sh build
    quietly "$out/html.log" make -s -C build html
    version=$(sed -n 's/^PACKAGE_VERSION=.\(.*\).$/\1/p' configure)
    name=fusho-$version-win64
    expat=$(sed -n 's/^Version: //p' "$out"/expat-source/expat_*.dsc | sort -V | tail -n 1)
    rm -rf "$out/pack" "$out/$name.zip"
    mkdir -p "$out/pack/$name/licenses"
    cd "$out/pack/$name"
    cp "$out/bin/fusho.dll" "$out/bin/fusho.exe" "$top/plugin/fusho.h" .
    cp -R "$top/build/docs/html" manual
    cp -R "$top/build/fixtures/out" samples
    sed -e "s/@VERSION@/$version/g" -e "s/@EXPAT@/$expat/g" "$top/plugin/windows/README.txt" >readme
    text_for_windows readme >README.txt
    rm readme
    text_for_windows "$out/expat/copyright" >licenses/expat.txt
    text_for_windows /usr/share/doc/libz-mingw-w64-dev/copyright >licenses/zlib.txt
    text_for_windows /usr/share/doc/mingw-w64-x86-64-dev/copyright >licenses/mingw-w64.txt
    text_for_windows /usr/share/doc/gcc-mingw-w64-x86-64-win32-runtime/copyright >licenses/gcc.txt
    # One time, one order, no owners.
    find . -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    find . -type d -exec chmod 755 {} +
    find . -type f -exec chmod 644 {} +
    cd ..
    find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -D "$out/$name.zip" -@
    cd "$top"
    echo "できました: ${out#"$top"/}/$name.zip" >&2
}

case ${1:-all} in
build) build ;;
test) run_tests ;;
zip) pack ;;
all)
    build
    run_tests
    pack
    ;;
*)
    echo "usage: plugin/windows/build.sh [build|test|zip]" >&2
    exit 2
    ;;
esac
