#!/bin/sh
# The fixtures themselves: field counts, totals, check digits; every capture fits the schema. TAP.
set -u
. "$(dirname "$0")/tap.sh"
src=${SRCDIR:-.}
[ "$(sh "$src/fixtures/check.sh" 2>&1 | tail -n 1)" = "fixtures: ok" ]
ok $? "layouts, numbers, totals and characters of the months"
if [ -n "${XMLLINT:-}" ]; then
    for xml in "$src"/fixtures/*/captures.xml; do
        "$XMLLINT" --noout --relaxng "$src/docs/capture.rng" "$xml" >/dev/null 2>&1
        ok $? "$(basename "$(dirname "$xml")")/captures.xml fits docs/capture.rng"
    done
else
    skip "captures fit docs/capture.rng" "no xmllint"
fi
if command -v jing >/dev/null 2>&1; then
    jing "$src/docs/capture.rng" "$src"/fixtures/*/captures.xml >/dev/null 2>&1
    ok $? "jing agrees"
fi
echo "1..$n"
