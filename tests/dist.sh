#!/bin/sh
# make dist: two builds from copies that differ in folder, times and umask give one hash, a tarball
# gives itself, and what is in it is the tree. TAP.
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
unset SOURCE_DATE_EPOCH MAKEFLAGS MFLAGS MAKELEVEL
src=$(cd "${SRCDIR:-.}" && pwd)
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/why
details() { tail -n 20 "$why"; }

for tool in git autoreconf tar; do
    command -v $tool >/dev/null || skip_all "no $tool"
done
# Not in a tarball, and not where a tarball lies inside the tree of something else.
[ -e "$src/.git" ] || skip_all "not a git tree"

# What is tracked and what may become so, as it is now.
git -C "$src" -c core.quotepath=off ls-files --cached --others --exclude-standard |
    while IFS= read -r f; do [ ! -f "$src/$f" ] || echo "$f"; done | sort >"$top/tree"

copy() { # folder
    mkdir -p "$1" && tar -C "$src" -T "$top/tree" -cf - | tar -C "$1" -xf -
}

dist() { # source, build folder
    mkdir -p "$2" && (cd "$2" && "$1/configure" --quiet && make -s dist) >"$top/why" 2>&1 &&
        ls "$2"/fusho-*.tar.gz >/dev/null
}

(umask 022 && copy "$top/a" && cd "$top/a" && autoreconf -fi >"$top/why" 2>&1 &&
    SOURCE_DATE_EPOCH=1767225600 dist "$top/a" "$top/a/build")
ok $? "a tarball from the tree"
(umask 077 && copy "$top/other/folder" && cd "$top/other/folder" &&
    chmod -R go-rwx . && find . -type f -exec touch -d 2001-02-03 {} + &&
    autoreconf -fi >"$top/why" 2>&1 &&
    SOURCE_DATE_EPOCH=1767225600 dist "$top/other/folder" "$top/b")
ok $? "another, elsewhere and at another time"
cat "$top"/a/build/*.tar.gz | cksum >"$top/1"
cat "$top"/b/*.tar.gz | cksum >"$top/2"
[ -s "$top/1" ] && cmp "$top/1" "$top/2" >"$top/why" 2>&1
ok $? "both are the same, byte for byte"

mkdir "$top/unpacked" && tar -C "$top/unpacked" --strip-components=1 -xzf "$top"/a/build/*.tar.gz
dist "$top/unpacked" "$top/c" && cat "$top"/c/*.tar.gz | cksum >"$top/3" && cmp "$top/1" "$top/3" >>"$top/why" 2>&1
ok $? "a tarball gives itself again"

(cd "$top/unpacked" && find . -type f | sed 's|^\./||' | sort) >"$top/list"
# Only in the tree: what git alone wants.
comm -23 "$top/tree" "$top/list" | grep -vx '.gitignore' >"$top/why"
clean "every file of the tree is in it, except .gitignore"
# Only in the tarball: what autoreconf makes.
comm -13 "$top/tree" "$top/list" | grep -vxE \
    'configure|Makefile\.in|aclocal\.m4|config\.h\.in|build-aux/[a-z.-]+|m4/(libtool|lt[a-z~]+)\.m4' >"$top/why"
clean "nothing else is in it but the files of autoconf, automake and libtool"
[ "$(wc -l <"$top/list")" -gt 100 ] || echo "the tarball holds $(wc -l <"$top/list") files" >>"$top/why"
comm -12 "$top/tree" "$top/list" | while IFS= read -r f; do
    cmp -s "$src/$f" "$top/unpacked/$f" || echo "$f differs"
    [ -x "$src/$f" ] && mode=755 || mode=644
    [ "$(stat -c %a "$top/unpacked/$f")" = $mode ] || echo "$f is not $mode"
done >>"$top/why"
clean "what is in both is the same, with its mode"
echo "1..$n"
