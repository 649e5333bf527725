#!/bin/sh
# The HTML manual: make-html.sh SOURCES OUT VERSION makes a page of each man page in the folder
# SOURCES, with the style sheet and the entry page beside them. Needs mandoc.
set -eu
src=$1 out=$2 version=$3
LC_ALL=C
export LC_ALL
pages="fusho-month.7 fusho.1 fusho.conf.5 fusho-capture.5 fusho-findings.7 fusho_plugin.3"
mkdir -p "$out"
for page in $pages; do
    ${AWK:-awk} -v html=1 -v version="$version" -f "$src/ja.awk" "$src/$page" >"$out/page.tmp"
    ${MANDOC:-mandoc} -T html "$out/page.tmp" >"$out/html.tmp"
    ${AWK:-awk} -v pages="$pages" -v page="$page" -f "$src/html.awk" "$out/html.tmp" >"$out/$page.html"
done
rm -f "$out/page.tmp" "$out/html.tmp"
sed "s/@VERSION@/$version/" "$src/index.html" >"$out/index.html"
cp "$src/manual.css" "$out/manual.css"
