#!/bin/sh
# A file as an array of bytes: core/report/page.css becomes fu_page_css. Of a script also the hash that
# a content security policy names: core/report/report.js gives FU_REPORT_JS_SHA256. usage: embed.sh FILE
set -eu
name=$(basename "$1" | tr . _)
echo "/* Made from $(basename "$1"). */"
echo "static const unsigned char fu_${name}[] = {"
od -An -v -tx1 "$1" | sed 's/ \([0-9a-f][0-9a-f]\)/0x\1,/g'
echo "};"
case $1 in
*.js)
    macro=$(echo "$name" | tr '[:lower:]' '[:upper:]')_SHA256
    # printf knows bytes as \0ooo only, and base64 wants the bytes themselves.
    hash=$(sha256sum "$1" | cut -c1-64 | sed 's/../0x& /g')
    # shellcheck disable=SC2046,SC2086
    echo "#define FU_$macro \"$(printf '%b' "$(printf '\\0%03o' $hash)" | base64)\""
    ;;
esac
