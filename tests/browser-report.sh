#!/bin/sh
# The clerk's report in a browser: reports of the bundled months, and of one whose every text would
# be a script. Prints TAP; skipped where Chromium, its driver or selenium is missing.
set -u
. "$(dirname "$0")/tap.sh"
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?} out=${FUSHO_FIXTURES:?}
here=${SRCDIR:-.}/tests/browser

for python in "${PYTHON3:-}" python3 /usr/bin/python3; do
    [ -n "$python" ] && "$python" -c 'import selenium' 2>/dev/null && break
    python=
done
if [ -z "$python" ] || ! command -v chromium >/dev/null || ! command -v chromedriver >/dev/null; then
    skip_all "no chromium, chromedriver or python3-selenium"
fi
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

report() { # name, input, evidence, options...
    name=$1 input=$2 evidence=$3
    shift 3
    "$fusho" apply --plugin "$plugin" --today 2026-11-09 --evidence "$evidence" --report "$work/$name.html" \
        "$@" "$input" -o "$work/$name.out" >"$work/$name.log" 2>&1
    [ $? -le 1 ] && [ -s "$work/$name.html" ] && return 0
    echo "Bail out! no report of $name"
    sed 's/^/# /' "$work/$name.log"
    exit 99
}

for month in ika houmon chozai henrei; do
    for input in "$out/$month"/RECEIPT?.*; do
        report "$month" "$input" "$out/$month"
        break
    done
done

# 氏名, カルテ番号 and file name in the claim; phone, name of the insurer and id in the capture.
mkdir "$work/evil" || exit 99
evil="$work/evil/<img src=x onerror=alert(1)>.UKE"
iconv -f CP932 -t UTF-8 "$out/ika/RECEIPTC.UKE" |
    sed -e "s|,中村　茂,|,<script>alert(2)</script>,|" -e "s|,00009,|,\"><b>'9,|" |
    iconv -f UTF-8 -t CP932 >"$evil"
sed -e 's|karte="00009"|karte="\&quot;\&gt;\&lt;b\&gt;\&apos;9"|' \
    -e 's|phone="03-0000-1109"|phone="\&quot; onmouseover=\&quot;alert(3)"|' \
    -e 's|insurer-name="見本健康保険組合"|insurer-name="\&lt;/script\&gt;\&lt;script\&gt;alert(4)"|' \
    -e 's|id="c90"|id="\&lt;/script\&gt;\&lt;script\&gt;alert(5)\&lt;/script\&gt;"|' \
    "$out/ika/captures.xml" >"$work/evil/captures.xml"
report hostile "$evil" "$work/evil/captures.xml"

"$python" "$here/report.py" "$work"
