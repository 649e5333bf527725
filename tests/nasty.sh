#!/bin/sh
# Input made to hurt, through the command: an end within seconds, within 640 MB, with a sentence, and
# nothing left behind. TAP. FUSHO_SLOW=1: 4 GiB through a pipe too, which needs as much room in
# TMPDIR.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
fixtures=$(cd "$FUSHO_FIXTURES" && pwd)
month=$fixtures/ika/RECEIPTC.UKE
mkdir "$top/home" "$top/tmp" "$top/w"
HOME=$top/home TMPDIR=$top/tmp XDG_CONFIG_HOME=
export HOME TMPDIR XDG_CONFIG_HOME
memory=640000 seconds=30
if nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q '__[amt]san'; then
    memory=unlimited seconds=120
fi
cd "$top/w" || exit 99
details() { cut -c 1-200 "$top/err" | head -n 3 | sed 's/^/err: /'; }
fusho() { # arguments; the status in $got
    # shellcheck disable=SC3045 # where there is no -v, the test is about time alone
    (ulimit -v "$memory" 2>/dev/null
        exec timeout "$seconds" "$FUSHO" "$@" --plugin "$FUSHO_PLUGIN") \
        >"$top/out" 2>"$top/err"
    got=$?
}
# The right status, the code in one sentence, no output, no temporary file.
gives() { # status text name
    [ "$got" -eq "$1" ] && grep -qF -- "$2" "$top/err" && [ "$(grep -c . "$top/err")" -le 2 ] &&
        [ ! -e out.uke ] && [ ! -e out.uke.fusho ] && [ -z "$(ls -A "$top/tmp")" ]
    good=$?
    [ "$good" = 0 ] || echo "# exit $got, wanted $1 and $2"
    ok "$good" "$3"
    rm -f ./* 2>/dev/null
}
evidence() { fusho apply --evidence "$1" "$month" -o out.uke; }
claims() { fusho apply "$1" -o out.uke; }
repeated() { # byte count
    head -c "$2" /dev/zero | tr '\0' "$1"
}

# ---- XML ----

root='<captures xmlns="urn:fusho:capture:1">'
{
    echo '<!DOCTYPE l [<!ENTITY l0 "lol">'
    awk 'BEGIN { for (i = 1; i < 10; i++) { printf "<!ENTITY l%d \"", i
         for (k = 0; k < 10; k++) printf "&l%d;", i - 1; print "\">" } }'
    echo "]>$root&l9;</captures>"
} >lol.xml
evidence lol.xml
gives 3 'DTD' "billion laughs"
printf '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>%s&x;</captures>' "$root" >ext.xml
evidence ext.xml
gives 3 'DTD' "an external entity"
! grep -q root: "$top/err" "$top/out"
ok $? "and nothing of the file it names"
printf '<!DOCTYPE c SYSTEM "http://192.0.2.1/x.dtd">%s</captures>' "$root" >dtd.xml
evidence dtd.xml
gives 3 'DTD' "an external document type"
{
    printf '<!DOCTYPE c [<!ENTITY x "' && repeated x 1000000 && printf '">]>%s' "$root"
    repeated '&' 1000000 | sed 's/&/\&x;/g' && printf '</captures>'
} >quad.xml
evidence quad.xml
gives 3 'DTD' "one long entity many times"
printf '%s&x;</captures>' "$root" >ref.xml
evidence ref.xml
gives 3 '実体参照' "a reference to an entity nobody declared"
{ printf '%s<capture ' "$root" && awk 'BEGIN { for (i = 0; i < 400000; i++) printf "a%d=\"\" ", i }' &&
    printf '/></captures>'; } >atts.xml
evidence atts.xml
gives 3 'FU_XML_ATTRIBUTES_MAX (64)' "400,000 attributes"
{ printf '%s<capture ' "$root" && awk 'BEGIN { for (i = 0; i < 4500000; i++) printf "a%d=\"\" ", i }' &&
    printf '/></captures>'; } >atts.xml
evidence atts.xml
gives 3 'FU_XML_MEMORY_MAX' "4,500,000 attributes"
awk -v r="$root" 'BEGIN { printf r; for (i = 0; i < 5000000; i++) printf "<c>" }' >deep.xml
evidence deep.xml
gives 3 'FU_XML_DEPTH_MAX (32)' "five million elements in each other"
{ printf '%s<capture id="' "$root" && repeated x 40000000 && printf '"/></captures>'; } >value.xml
evidence value.xml
gives 3 'FU_XML_TEXT_MAX (4096)' "a value of 40 MB"
for form in '<!--|-->' '<?p |?>' '<![CDATA[|]]>'; do
    { printf '%s%s' "$root" "${form%|*}" && repeated ' ' 60000000 && printf '%s</captures>' "${form#*|}"; } >long.xml
    evidence long.xml
    [ "$got" -le 1 ] && [ -s out.uke ]
    ok $? "60 MB in ${form%|*} are read over"
    rm -f ./*
done
{ printf '<!DOCTYPE ' && repeated c 60000000; } >hold.xml
evidence hold.xml
gives 3 E501 "a token of 60 MB that never ends"
repeated '<' 67108865 >big.xml
evidence big.xml
gives 3 'FU_EVIDENCE_FILE_BYTES_MAX (67108864)' "a file of 64 MiB and one byte"

# ---- CSV ----

{ printf 'id,month\n"' && repeated '"' 60000000; } >quotes.csv
evidence quotes.csv
gives 3 E501 "60 MB of quotes"
{ printf 'id,month\n"' && repeated '\n' 60000000; } >open.csv
evidence open.csv
gives 3 E501 "a quote that is never closed"
{ printf 'id,month\n"' && repeated x 60000000 && printf '"'; } >row.csv
evidence row.csv
gives 3 'FU_CSV_ROW_BYTES_MAX (65536)' "a row of 60 MB"
{ printf 'id,month' && repeated ',' 60000; } >wide.csv
evidence wide.csv
gives 3 'FU_CSV_FIELDS_MAX (64)' "60,000 columns"

# ---- gzip ----

head -c 300000000 /dev/zero | gzip -9 >bomb.UKE
claims bomb.UKE
gives 3 F113 "300 MB of zeros in 300 KB"
{ printf '%s' "$root" && repeated ' ' 60000000; } | gzip -9 >bomb.xml.gz
evidence bomb.xml.gz
gives 3 'FU_GZ_RATIO_MAX (200)' "60 MB of blanks in 60 KB of evidence"
gzip -c "$month" | gzip -c | gzip -c >nested.UKE
claims nested.UKE
[ "$got" -le 3 ] && cmp -s out.uke out.uke && [ "$got" -ne 0 ]
[ "$got" -eq 3 ] || [ "$got" -eq 1 ]
ok $? "a .gz in a .gz is no claim file"
rm -f ./*
printf '' | gzip -c >member
cp member many.UKE
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18; do cat many.UKE many.UKE >twice && mv twice many.UKE; done
gzip -c "$month" >>many.UKE
claims many.UKE
[ "$got" -le 1 ] && cmp -s out.uke "$month"
ok $? "262,144 empty members before the content"
rm -f ./*
gzip -c "$month" | head -c 500 >cut.UKE
claims cut.UKE
gives 3 F110 "a .gz that is cut off"

# ---- claim files ----

truncate -s 4G zeros.UKE
claims zeros.UKE
gives 3 'FU_RECORD_BYTES_MAX (65536)' "a sparse file of 4 GiB, one line of NUL"
repeated x 200000000 | fusho check -
gives 3 'FU_RECORD_BYTES_MAX (65536)' "a line of 200 MB through a pipe"
if [ "${FUSHO_SLOW:-}" ]; then
    seconds=600
    repeated x 4294967297 | fusho check -
    gives 3 'FU_RECORD_BYTES_MAX (65536)' "a line of 4 GiB through a pipe"
fi
fusho check - </dev/null
gives 3 F111 "nothing at all through a pipe"

# Bytes that are no text, wherever a boundary is. Without evidence the output is the input.
same() { # name
    claims odd.UKE
    [ "$got" -le 1 ] && cmp -s odd.UKE out.uke && [ -z "$(ls -A "$top/tmp")" ]
    ok $? "$1"
    rm -f ./*
}
parts() { # the month up to its last record, and that
    at=$(grep -abo '^GO,' "$month" | cut -d : -f 1)
    head -c "$at" "$month" >start
    tail -c +$((at + 1)) "$month" >end
}
for byte in 000 201 237 340 374 200 240 375 377; do
    parts
    { cat start && printf "RE,1,1112,202610,\\$byte,1,3500101,,,,,,,1\\$byte,,\\$byte\r\nHO,01,\\$byte\nCO\\$byte\r\\$byte\r\n" && cat end; } >odd.UKE
    same "byte $byte at the end of a field, a record and the file"
done
for edge in 65535 65536 65537 262143 262144 262145; do # ends of what is read at once
    parts
    have=$(wc -c <start)
    { cat start && awk -v n=$((edge - have)) 'BEGIN { row = "CO,01,1,810000001,x\r\n"
        for (; n > 100; n -= length(row)) printf "%s", row; for (; n > 0; n--) printf "x" }' &&
        printf '\201\000,\340\r\n' && cat end; } >odd.UKE
    same "a lone lead byte at $edge"
done

# ---- names ----

printf '%s<capture id="p" month="202610"><patient birth="1980-01-01" sex="1" /><check at="2026-10-05T09:00" response="../../../../../../../../etc/passwd"/></capture></captures>' \
    "$root" >path.xml
evidence path.xml
[ "$got" -le 1 ] || [ "$got" -eq 3 ]
ok $? "the name of a response is no path (tests/strace.sh looks)"
rm -f ./*
odd=$(printf 'a\033[31m\nb\007')
mkdir "$odd" && cp "$month" "$odd/in.uke"
fusho check --today 2026-11-09 "$odd/no.uke"
[ "$got" -eq 3 ] && ! grep -q "$(printf '\033')\|$(printf '\007')" "$top/err" && [ "$(wc -l <"$top/err")" -eq 1 ]
ok $? "control characters of a name are not printed in a complaint"
fusho check "$odd/in.uke"
[ "$got" -le 1 ] && ! grep -q "$(printf '\033')\|$(printf '\007')" "$top/out"
ok $? "nor in the listing"
for format in json junit sarif; do
    fusho check --format $format "$odd/in.uke"
    [ "$got" -le 1 ] && ! grep -q "$(printf '\033')\|$(printf '\007')" "$top/out"
    ok $? "nor as $format"
done
fusho check --report r.html "$odd/in.uke"
[ "$got" -le 1 ] && ! grep -q "$(printf '\033')\|$(printf '\007')" r.html
ok $? "nor in the page"
rm -rf "$odd" r.html
long=$(repeated n 251)
cp "$month" "$long.UK" 2>/dev/null || cp "$month" "$long"
fusho apply "$month" -o "$long"
[ "$got" -eq 4 ] && [ -s "$top/err" ] && [ ! -e "$long.fusho" ]
ok $? "a name that has no room for .fusho"
rm -f ./*
path=$(repeated / 5000)
fusho apply "$month$path" -o out.uke
gives 3 'fusho:' "a path of 5,000 characters"
fusho apply "$(repeated x 100000)" -o out.uke
gives 3 'fusho:' "a name of 100,000 characters"

# ---- what is no file ----

refused() { # words; exit status 3, something said and no output
    # shellcheck disable=SC2086
    fusho $1
    [ "$got" -eq 3 ] && [ -s "$top/err" ] && [ ! -e out.uke ]
    ok $? "$(echo "$1" | sed "s|$top|.|g;s|$fixtures|.|g")"
}

ln -s loop loop
for device in /dev/zero /dev/full /dev/tty0 "$top/w" loop fifo /proc/self/mem; do
    [ "$device" = fifo ] && mkfifo fifo
    [ -e "$device" ] || [ -L "$device" ] || continue
    for how in "apply $device -o out.uke" "undo $device -o out.uke" \
        "apply --config $device $month -o out.uke"; do
        refused "$how"
    done
    [ -d "$device" ] && continue
    for how in "apply --evidence $device $month -o out.uke" "ledger $device" \
        "apply --ledger $device $month -o out.uke"; do
        refused "$how"
    done
done
rm -f ./*
mkdir -p tree/a && ln -s .. tree/a/up && ln -s /etc tree/etc && ln -s self tree/self && mkfifo tree/f.xml &&
    cp "$fixtures/ika/captures.xml" tree/a/
fusho check --evidence tree "$month"
[ "$got" -le 1 ] || { [ "$got" -eq 3 ] && grep -q f.xml "$top/err"; }
ok $? "a folder with links in a circle and a pipe that is never written"
rm -rf tree
fusho apply "$month" -o /dev/full
[ "$got" -eq 4 ] && [ -c /dev/full ]
ok $? "a device is no output"
echo "1..$n"
