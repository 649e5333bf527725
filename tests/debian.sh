#!/bin/sh
# The Debian packages: built from a copy, lintian finds no error, and what is in them works
# (debian/tests/month with the packages unpacked instead of installed). TAP.
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
src=$(cd "${SRCDIR:-.}" && pwd)
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/why
details() { tail -n 20 "$why"; }
finish() {
    echo "1..$n"
    exit 0
}
not_built() { # reason
    skip "the packages are built" "$1"
    finish
}

version=$(sed -n 's/^AC_INIT(\[fusho\], \[\(.*\)\])/\1/p' "$src/configure.ac")
sed -n '1s/^fusho (\(.*\)) .*/\1/p' "$src/debian/changelog" >"$top/why"
[ -n "$version" ] && [ "$(cat "$top/why")" = "$version" ]
ok $? "the packages have the version of configure.ac"

for tool in dpkg-buildpackage dh lintian mandoc autoreconf; do
    command -v $tool >/dev/null || not_built "no $tool"
done
[ -e "$src/.git" ] || not_built "not a git tree"
(cd "$src" && dpkg-checkbuilddeps) 2>"$top/why" ||
    not_built "$(sed 's/^.*error: //' "$top/why")"

# ---- build ----

mkdir -p "$top/build/fusho" "$top/root"
git -C "$src" -c core.quotepath=off ls-files --cached --others --exclude-standard |
    while IFS= read -r f; do [ ! -f "$src/$f" ] || echo "$f"; done >"$top/list"
tar -C "$src" -T "$top/list" -cf - | tar -C "$top/build/fusho" -xf -
(
    unset MAKEFLAGS MFLAGS MAKELEVEL SRCDIR BUILDDIR FUSHO CC CXX
    cd "$top/build/fusho" && DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage -us -uc -b
) >"$top/why" 2>&1
ok $? "dpkg-buildpackage -us -uc -b"
(cd "$top/build" && find . -maxdepth 1 -name '*.deb' ! -name '*dbgsym*') | sed 's|^\./||; s/_.*//' | sort >"$top/why"
[ "$(tr '\n' ' ' <"$top/why")" = 'fusho fusho-doc libfusho-dev ' ]
ok $? "fusho, fusho-doc and libfusho-dev"
lintian --fail-on error "$top"/build/*.changes >"$top/why" 2>&1
result=$?
sed -n 's/^W: /# warning: /p' "$top/why"
ok $result "lintian finds no error ($(grep -c '^W:' "$top/why") warnings)"

# ---- use ----

for deb in "$top"/build/*.deb; do
    dpkg-deb -x "$deb" "$top/root"
done
plugin=$(find "$top/root/usr/lib" -name fusho.so)
mkdir "$top/bin" "$top/run"
cat >"$top/bin/fusho" <<END
#!/bin/sh
verb=\$1
shift
exec "$top/root/usr/bin/fusho" "\$verb" --plugin "$plugin" "\$@"
END
cat >"$top/bin/pkg-config" <<END
#!/bin/sh
PKG_CONFIG_PATH=$(dirname "$(find "$top/root/usr/lib" -name fusho.pc)")
export PKG_CONFIG_PATH
PATH=\${PATH#*:} exec pkg-config --define-variable=prefix=$top/root/usr \
    --define-variable=libdir=${plugin%/fusho/fusho.so} "\$@"
END
chmod 755 "$top"/bin/*
sed "s|/usr/share/|$top/root/usr/share/|g" "$src/debian/tests/month" >"$top/month"
(PATH=$top/bin:$PATH AUTOPKGTEST_TMP=$top/run sh -x "$top/month") >"$top/why" 2>&1
ok $? "the month runs on what the packages hold"
finish
