#!/bin/sh
# Packs the plugin package of 日レセ: make-jpp.sh SRCDIR VERSION OUTPUT.jpp
# The same sources give the same bytes: names sorted, no owner, one time (SOURCE_DATE_EPOCH, else 0).
set -eu
LC_ALL=C
export LC_ALL
[ $# -eq 3 ] || { echo "usage: $0 SRCDIR VERSION OUTPUT.jpp" >&2; exit 2; }
src=$1 version=$2 out=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
top=$work/fusho-$version

umask 022
mkdir -p "$top/meta" "$top/scripts/monthly" "$top/cobol/copy" "$top/doc"
cat >"$top/meta/control" <<END
:name: fusho
:version: "$version"
:vendor: fusho
:description: 不詳レセプトの点検
END
install -m 644 "$src/plugin/jma/meta/link" "$top/meta/link"
install -m 755 "$src/plugin/jma/meta/preinst" "$top/meta/preinst"
install -m 755 "$src/plugin/jma/scripts/monthly/receden_check.rb" "$top/scripts/monthly/"
install -m 644 "$src/plugin/jma/cobol/FUSHOCLM.cpy" "$top/cobol/copy/"
install -m 644 "$src/docs/jma.md" "$top/doc/fusho-jma.md"
install -m 644 "$src/plugin/jma/jma.conf.sample" "$top/doc/"
chmod 755 "$top" "$top"/* "$top/scripts/monthly" "$top/cobol/copy"

(cd "$work" && tar --format=ustar --sort=name --owner=0 --group=0 --numeric-owner \
    --mtime="@${SOURCE_DATE_EPOCH:-0}" -cf - "fusho-$version") | gzip -9n >"$out.tmp"
mv "$out.tmp" "$out"
