#!/bin/sh
# The bundled months through the command and the built plugin: what comes out is what expected.txt
# and expected-routes.txt, worked out by hand, say. Prints TAP.
set -u
. "$(dirname "$0")/tap.sh"
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?} out=${FUSHO_FIXTURES:?}
texts=${SRCDIR:-.}/fixtures
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

readable() { # a claim file as fixtures write it
    iconv -f CP932 -t UTF-8 "$1" | tr -d '\r\032'
}

evidence_of() { # options for everything captured for a month
    for e in captures.xml captures.csv oqs; do
        [ -e "$1/$e" ] && printf ' --evidence %s' "$1/$e"
    done
}

run() { # verb input... ; output in $work/o, listing in $work/json
    rm -f "$work/o" "$work/o.fusho"
    "$fusho" "$@" --plugin "$plugin" --today 2026-11-09 >"$work/json" 2>"$work/err"
}

# claim number, route and findings, a line each, as expected-routes.txt has them
routes() {
    sed -n -e 's/^{"type":"claim",.*"claim":\([0-9]*\),.*"route":"\([a-z]*\)".*/\1 \2/p' \
        -e 's/^{"type":"finding","code":"\([A-Z0-9]*\)",.*"claim":\([0-9]*\),"line".*/\2 \1/p' "$1" |
        awk '{ if ($2 ~ /^[a-z]/) route[$1] = $2; else code[$1] = code[$1] " " $2; if ($1 > max) max = $1 }
             END { for (i = 1; i <= max; i++) if (route[i]) print i, route[i] code[i] }' | tidy
}

# codes sorted and once each
tidy() {
    awk '{ n = 0; for (i = 3; i <= NF; i++) if (!(($1, $i) in seen)) { seen[$1, $i] = 1; c[++n] = $i }
           for (i = 2; i <= n; i++) for (k = i; k > 1 && c[k - 1] > c[k]; k--) { t = c[k]; c[k] = c[k - 1]; c[k - 1] = t }
           line = $1 " " $2; for (i = 1; i <= n; i++) line = line " " c[i]; print line }'
}

expected_routes() {
    awk -F '\t' '/^[0-9]/ && NF >= 2 { codes = $4; gsub(/-/, "", codes); print $1, $2, codes }' "$1" | tidy
}

for dir in "$out"/*/; do
    dir=${dir%/} month=$(basename "$dir")
    for file in "$dir"/RECEIPT*.UKE "$dir"/RECEIPT*.HEN; do
        case $file in *'*'* | *-LF.UKE | *-NOEOF.UKE | *-TRIM.UKE) continue ;; esac
        # shellcheck disable=SC2046
        run apply $(evidence_of "$dir") --format json --verbose "$file" -o "$work/o"
        status=$?
        [ $status -le 1 ] && readable "$work/o" | cmp -s - "$texts/$month/expected.txt"
        ok $? "$month: the output is the expected one"
        routes "$work/json" >"$work/got"
        expected_routes "$texts/$month/expected-routes.txt" >"$work/want"
        diff "$work/want" "$work/got" | sed 's/^/# /'
        cmp -s "$work/want" "$work/got"
        ok $? "$month: routes and findings are the expected ones"
        [ "$(stat -c %a "$work/o" "$work/o.fusho" | sort -u)" = 600 ]
        ok $? "$month: output and journal are for the owner only"
        "$fusho" undo --plugin "$plugin" "$work/o.fusho" -o "$work/back" >"$work/json" && cmp -s "$work/back" "$file"
        ok $? "$month: undo gives the original"
        rm -f "$work/back"
        cp "$work/o" "$work/once"
        # shellcheck disable=SC2046
        run apply $(evidence_of "$dir") --format json "$work/once" -o "$work/o"
        cmp -s "$work/once" "$work/o" && ! grep -q '"op"' "$work/json"
        ok $? "$month: applied to its own output it changes nothing"
        run apply "$file" -o "$work/o"
        cmp -s "$file" "$work/o"
        ok $? "$month: without evidence the output is the input"
    done
done

# line ends, 0x1A, trimmed records and gzip are kept or read through
ika=$out/ika
evidence=$(evidence_of "$ika")
for variant in LF NOEOF TRIM; do
    run apply "$ika/RECEIPTC-$variant.UKE" -o "$work/o"
    cmp -s "$ika/RECEIPTC-$variant.UKE" "$work/o"
    ok $? "$variant without evidence: identical"
    # shellcheck disable=SC2086
    run apply $evidence "$ika/RECEIPTC-$variant.UKE" -o "$work/o"
    readable "$work/o" | sed 's/,*$//' >"$work/a"
    sed 's/,*$//' "$texts/ika/expected.txt" >"$work/b"
    cmp -s "$work/a" "$work/b"
    ok $? "$variant: the same claims"
done
# shellcheck disable=SC2086
run apply $evidence "$ika/RECEIPTC.UKE.gz" -o "$work/o"
readable "$work/o" | cmp -s - "$texts/ika/expected.txt"
ok $? "gz input is read as its content"
# shellcheck disable=SC2086
"$fusho" apply --plugin "$plugin" --today 2026-11-09 $evidence --journal "$work/j" - -o - \
    <"$ika/RECEIPTC.UKE" >"$work/o" 2>"$work/err"
readable "$work/o" | cmp -s - "$texts/ika/expected.txt"
ok $? "standard input to standard output"
# shellcheck disable=SC2086
run apply $evidence --insurer-number 77777779 --bango-width half --format json "$ika/RECEIPTC.UKE" -o "$work/o"
grep -q '"after":"77777779"' "$work/json" && grep -q '"after":"777777777"' "$work/json" &&
    ! grep -q '"after":"77777777"' "$work/json"
ok $? "77777779 and half-width sevens on request"
for jobs in 1 2 5; do
    # shellcheck disable=SC2086
    run apply $evidence --jobs $jobs --format json "$ika/RECEIPTC.UKE" -o "$work/o"
    cat "$work/o" "$work/json" | cksum >"$work/sum$jobs"
done
cmp -s "$work/sum1" "$work/sum2" && cmp -s "$work/sum1" "$work/sum5"
ok $? "output and listing are the same for any number of jobs"

if [ -n "${FUSHO_SAMPLES:-}" ]; then
    for file in "$FUSHO_SAMPLES"/*.UKE; do
        run apply "$file" -o "$work/o"
        cmp -s "$file" "$work/o"
        ok $? "sample $(basename "$file"): identical"
    done
fi
echo "1..$n"
