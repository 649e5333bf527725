#!/bin/sh
# apply --journal-ranges and undo --from on every month of the fixtures: the original is back bit by
# bit, and nothing else is ever written. TAP.
#   FUSHO, FUSHO_PLUGIN, FUSHO_FIXTURES (made fixtures)
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?} fixtures=${FUSHO_FIXTURES:?}
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-ranges.XXXXXX") || exit 99
log=$work/log here=$work/here
trap 'rm -rf "$work"' EXIT
months=$(find "$fixtures" -name 'RECEIPT?.*' ! -name '*.gz' | sort)
why=$log/err

run() { # wanted exit status, arguments
    wanted=$1
    shift
    "$fusho" "$@" --no-config --plugin "$plugin" >"$log/out" 2>"$log/err"
    [ $? -eq "$wanted" ]
}

apply() { # input output options...
    in=$1 out=$2
    shift 2
    "$fusho" apply "$in" -o "$out" --today 2026-11-09 --evidence "$(dirname "$in")" "$@" \
        --no-config --plugin "$plugin" >"$log/out" 2>"$log/err"
    [ $? -le 1 ]
}

echo "1..$(($(echo "$months" | wc -l) + 11))"
mkdir "$log" "$here" && cd "$here" || exit 99

changed=0
for month in $months; do
    rm -f ./*
    apply "$month" whole && apply "$month" out --journal-ranges --report page.html &&
        cmp -s whole out && run 0 undo out.fusho --from out -o back && cmp -s "$month" back &&
        run 3 undo out.fusho -o none && grep -q S703 "$log/err" && [ ! -e none ]
    ok $? "$(basename "$(dirname "$month")"): the same output, and back from it"
    cmp -s "$month" out || changed=$((changed + 1))
done
[ $changed -ge 5 ]
ok $? "$changed of them were changed"

month=$(echo "$months" | grep '/ika/')
rm -f ./*
apply "$month" out --journal-ranges && apply "$month" whole
[ "$(stat -c %a out.fusho)" = 600 ]
ok $? "the journal is its owner's alone"

run 0 ledger . --today 2026-11-09 && mv out first && rm whole.fusho &&
    run 0 ledger . --today 2026-11-09 && mv first out && grep -q '2027-05-20' "$log/out"
ok $? "the ledger reads it"

printf x >>out && run 3 undo out.fusho --from out -o back && grep -q '^fusho: out: S703 ' "$log/err" &&
    run 3 undo out.fusho --from "$month" -o back && run 3 undo out.fusho --from out.fusho -o back &&
    [ ! -e back ]
ok $? "another file than the output is refused, and nothing is written"

apply "$month" whole --force && run 3 undo whole.fusho --from whole -o back &&
    grep -q 'S703 .*--from を付けずに' "$log/err" && [ ! -e back ]
ok $? "a whole journal is refused with --from"

run 3 undo whole.fusho --from whole -o back --format json && [ "$(wc -l <"$log/out")" -eq 2 ] &&
    head -1 "$log/out" | grep -q '^{"type":"finding","code":"S703","severity":"error","file":"whole.fusho",' &&
    tail -1 "$log/out" | grep -q '^{"type":"summary",.*"errors":1,"warnings":0}$' &&
    run 3 undo whole.fusho --from whole -o back && grep -q '^whole.fusho: S703 ' "$log/out"
ok $? "the listing says why nothing was restored"

run 0 undo whole.fusho -o back --format json && cmp -s "$month" back && rm back &&
    grep -q '^{"type":"summary","file":"whole.fusho",.*"errors":0,"warnings":0,"output":"back"}$' \
        "$log/out" && [ "$(wc -l <"$log/out")" -eq 1 ] &&
    run 0 undo whole.fusho -o back && cmp -s "$month" back && rm back && [ ! -s "$log/out" ]
ok $? "and of what was, a summary, but nothing as text"

cp whole out && run 4 undo out.fusho --from out -o out --force && cmp -s whole out &&
    run 4 undo out.fusho --from out -o out.fusho --force && run 4 undo out.fusho --from out -o whole
ok $? "neither the output nor the journal nor another file is written over"

run 3 undo out.fusho --from missing -o back && grep -q '^fusho: missing: ' "$log/err" && [ ! -e back ] &&
    run 3 undo out.fusho --from . -o back
ok $? "an output that is not there"

run 0 undo - --from out -o - <out.fusho && cmp -s "$month" "$log/out" &&
    run 2 undo out.fusho --from - -o back && run 2 apply "$month" -o x --from out &&
    run 2 check "$month" --journal-ranges && run 2 apply "$month" -o x --journal-ranges=no
ok $? "which verb takes what"

echo journal-ranges >fusho.conf
"$fusho" apply "$month" -o x --config fusho.conf --plugin "$plugin" >"$log/out" 2>"$log/err"
[ $? -eq 2 ] && grep -q 'journal-ranges は設定ファイルには書けません' "$log/err" && [ ! -e x ]
ok $? "a settings file cannot ask for it"
