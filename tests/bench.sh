#!/bin/sh
# The instruments of `make bench` work: the generator writes what it should, the same each time, and
# every table and its JSON come out, over 1 MB and one run. No time is asserted. TAP.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${BUILDDIR:?}"
LC_ALL=C
export LC_ALL
src=$(cd "${SRCDIR:-.}" && pwd)
bench=$BUILDDIR/tests/bench
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
HOME=$top XDG_CONFIG_HOME=
export HOME XDG_CONFIG_HOME
cd "$top" || exit 99
seed_7="601035653 1003895" # cksum of both files
why=$top/why
details() { tail -n 20 "$why" | cut -c 1-200; }
: >why
made() { # the generator's number of that name
    sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p" made
}

# ---- the generator ----

"$bench/generate" seed=7 bytes=1000000 a.uke a.csv >made 2>why
ok $? "a file of 1 MB"
cat a.uke a.csv | cksum >why
[ "$(cat why)" = "$seed_7" ]
ok $? "seed 7 has the bytes it has on every machine"
"$bench/generate" seed=8 bytes=1000000 b.uke b.csv >/dev/null 2>why && ! cmp -s a.uke b.uke
ok $? "seed 8 has others"
size=$(($(wc -c <a.uke)))
[ "$size" = "$(made bytes)" ] && [ $size -ge 990000 ] && [ $size -le 1100000 ] &&
    [ "$(grep -c '^RE,' a.uke)" = "$(made claims)" ] &&
    [ $(($(wc -l <a.uke) - 2)) = "$(made records)" ] &&
    [ $(($(wc -l <a.csv) - 1)) = "$(made captures)" ] && [ "$(made captures)" -gt 0 ]
ok $? "it tells bytes, claims, records and captures as they are"
"$bench/generate" claims=500 captures=50 births=3 c.uke c.csv >made 2>why &&
    [ "$(grep -c '^RE,' c.uke)" = 500 ] && [ $(($(wc -l <c.csv) - 1)) = 50 ] &&
    [ "$(sed -n 's/^RE,\([^,]*,\)\{5\}\([0-9]*\),.*/\2/p' c.uke | sort -u | wc -l)" = 3 ]
ok $? "500 claims, 50 captures, 3 birth dates"
"$bench/generate" claims=1 captures=1 records=60 d.uke d.csv >made 2>why &&
    [ $(($(wc -l <d.uke) - 2)) = 60 ]
ok $? "a claim of 60 records"
wrong=0
for options in nothing nothing=1 seed= seed=x claims=2000001 "captures=1"; do
    "$bench/generate" "$options" x.uke x.csv >made 2>why && wrong=1
done
[ $wrong = 0 ]
ok $? "options it does not know, or out of range, are refused"

# ---- what fusho makes of it ----

fusho() { # verb, arguments...
    verb=$1
    shift
    "$FUSHO" "$verb" --no-config --plugin "$FUSHO_PLUGIN" --today 2026-11-09 --format json "$@"
}
fusho check --evidence a.csv a.uke >a.json 2>why
status=$?
errors=$(grep -c '"severity":"error"' a.json)
[ $status -le 1 ] && ! grep '"code":"F' a.json >>why && [ $((100 * errors)) -lt "$(grep -c '^RE,' a.uke)" ]
ok $? "no finding on the file's form, errors on less than 1 % of the claims"
for route in current kyushikaku fusho; do
    grep -q "\"route\":\"$route\"" a.json || echo "no $route" >>why
done
grep -q '"route":"hold"' a.json && echo "hold" >>why
clean "the captures lead to every route, none is held"
mkdir 1 2
for jobs in 1 2; do # under one name: journal and listing tell it
    fusho apply --jobs $jobs --evidence a.csv a.uke -o out.uke >$jobs/listing 2>>why
    mv out.uke out.uke.fusho $jobs
done
for f in out.uke out.uke.fusho listing; do
    cmp 1/$f 2/$f >>why 2>&1
done
[ ! -s why ] && ! cmp -s a.uke 1/out.uke
ok $? "with one thread and two the same output, journal and listing"
fusho check --evidence c.csv c.uke >c.json 2>why
[ $? -le 1 ] && ! grep '"code":"E50[34]"' c.json >>why && ! grep '"code":"F' c.json >>why
ok $? "where births are few every capture still fits one claim"

# ---- the runner ----

if [ -z "${PYTHON3:-}" ]; then
    skip "the runner" "no python3"
    echo "1..$n"
    exit 0
fi
"$PYTHON3" "$src/tests/bench/run.py" --sizes 1 --runs 1 --claims 2000 --times 20 --folder "$top" \
    --json bench.json sizes match claim >table 2>why
ok $? "it runs"
for row in 'cat ' 'check ' 'check --jobs 2 ' 'apply ' 'apply --jobs 2 '; do
    grep -q "^$row *[0-9]" table || echo "no row $row" >>why
done
if fusho apply --journal-ranges --dry-run a.uke -o x >/dev/null 2>&1; [ $? = 2 ]; then
    grep -q 'journal-ranges is left out' table || echo "nothing said of --journal-ranges" >>why
else
    [ "$(grep -c '^apply --journal-ranges ' table)" = 2 ] || echo "no rows of --journal-ranges" >>why
fi
[ "$(grep -c '^ *[12]000 *[12]00 ' table)" = 4 ] || echo "not four rows of matching" >>why
[ "$(grep -c '^ *60 .*20 ' table)" = 2 ] || echo "not two rows of the claim call" >>why
clean "the tables have all rows"
"$PYTHON3" - >why 2>&1 <<'END'
import json
b = json.load(open("bench.json"))
for key in ("version", "cpu", "cores", "kernel", "memory", "file_system", "compiler", "load", "date"):
    assert b["machine"][key], key
for row in b["sizes"][0]["rows"]:
    for key in ("wall", "mb_s", "claims_s", "records_s", "peak_mb", "ratio", "ns_byte"):
        assert row[key] > 0, (row["name"], key)
    assert len(row["runs"]) == 1
assert [m["claims"] for m in b["match"]] == [1000, 2000, 1000, 2000]
assert all(c["p50"] > 0 and c["p99"] >= c["p50"] and c["records"] == 60 for c in b["claim"])
END
ok $? "the JSON holds machine, sizes, matching and claim call"
[ -z "$(find . -name 'tmp*')" ]
ok $? "it takes its files away"
echo "1..$n"
