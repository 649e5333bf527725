#!/bin/sh
# Twice as much of what is nasty takes about twice the instructions (valgrind counts them, so the
# machine's load does not matter). TAP; skipped without valgrind. FUSHO_SLOW=1: ten times as much.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
command -v valgrind >/dev/null || skip_all "no valgrind"
if nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q '__[amt]san'; then
    skip_all "sanitizers and valgrind exclude each other"
fi
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
month=$(cd "$FUSHO_FIXTURES" && pwd)/ika/RECEIPTC.UKE
mkdir "$top/home" "$top/w"
HOME=$top/home XDG_CONFIG_HOME=
export HOME XDG_CONFIG_HOME
cd "$top/w" || exit 99
details() { head -n 2 "$top/err" | cut -c 1-200; }
times=1
[ "${FUSHO_SLOW:-}" ] && times=10

# Instructions of a run; 0 if it did not end as it should.
cost() { # arguments
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$top/log" \
        "$FUSHO" "$@" --plugin "$FUSHO_PLUGIN" >"$top/out" 2>"$top/err"
    [ $? -le 1 ] && sed -n 's/.*Collected : *\([0-9]*\).*/\1/p' "$top/log"
}
base=$(cost explain T403) # loading alone

grows() { # name size, then the command that makes a size: make SIZE, and sets $arguments
    name=$1 size=$(($2 * times))
    make "$size"
    # shellcheck disable=SC2086
    one=$(cost $arguments)
    make $((2 * size))
    # shellcheck disable=SC2086
    two=$(cost $arguments)
    awk -v one="${one:-0}" -v two="${two:-0}" -v base="$base" 'BEGIN {
        one -= base; two -= base
        printf "# %d million at n, %.2f times as many at 2n\n", one / 1e6, (one > 0 ? two / one : 0)
        exit !(one > 0 && two > one && two / one < 2.6) }'
    ok $? "$name"
    rm -rf ./*
}
# A month around what awk prints.
claims() { # program, size
    { printf 'IR,1,13,1,1399991,,X,202611,00,03-0000-0001\r\n' && awk -v n="$2" "BEGIN { $1 }" &&
        printf 'GO,1,1,99\r\n\032'; } >in.uke
    arguments="check --today 2026-11-09 in.uke"
}
claim='"RE," i ",1112,202610,A,1,19780412,,,,,,,0000" i ",,,,,,,,,,,,,,,,,,,,,,,B,\r\nHO,01139906,12,3,1,100,,,,,,,,,\r\n"'

make() { claims "for (i = 1; i <= n; i++) printf \"%s\", $claim" "$1"; }
grows "claims" 500
make() { claims "i = 1; printf \"%s\", $claim; for (i = 0; i < n; i++) printf \"x\r\n\"" "$1"; }
grows "records of one claim" 5000
make() { claims "for (k = 0; k < n; k++) { printf \"RE\"; for (i = 0; i < 2000; i++) printf \",\"; printf \"\r\n\" }" "$1"; }
grows "fields" 10
make() { claims "for (i = 1; i <= n; i++) printf \"RE,%d,1112,209913,A,3,20300000\r\nHO,1,2\r\nCO,1\r\nZZ\r\n\", i" "$1"; }
grows "findings" 250

captures() { # birth, size
    awk -v n="$2" "BEGIN { print \"id,month,karte,birth,sex,kana,outcome,documents\"
        for (i = 1; i <= n; i++) print \"c\" i \",202610,\" i \",$1,1,\" \"\" \",no-record,mynacard\" }" >c.csv
    arguments="check --today 2026-11-09 --evidence c.csv in.uke"
}
make() { claims "for (i = 1; i <= 20; i++) printf \"%s\", $claim" 1 && captures '" 1900 + i % 100 "-01-" 10 + i % 19 "' "$1"; }
grows "captures" 2000
make() { claims "for (i = 1; i <= 20; i++) printf \"%s\", $claim" 1 && captures 1978-04-12 "$1"; }
grows "captures of one birth date" 1000
make() {
    mkdir -p ev
    awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) { f = "ev/" i ".csv"
        print "id,month,karte,birth\nc" i ",202610,9" i ",1980-01-01" >f; close(f) } }'
    arguments="check --today 2026-11-09 --evidence ev $month"
}
grows "evidence files" 200
make() {
    mkdir -p past
    "$FUSHO" apply --plugin "$FUSHO_PLUGIN" --today 2026-11-09 --evidence "${month%/*}/captures.xml" "$month" \
        -o o --force >/dev/null 2>&1
    i=0
    while [ $i -lt "$1" ]; do
        i=$((i + 1))
        cp o.fusho past/$i.fusho
    done
    arguments="ledger --today 2026-11-09 past"
}
grows "journals" 20
make() {
    { printf '<captures xmlns="urn:fusho:capture:1"><!--' && head -c "$1" /dev/zero | tr '\0' x &&
        printf -- '--></captures>'; } >c.xml
    arguments="check --today 2026-11-09 --evidence c.xml $month"
}
grows "one long comment" 1000000
make() {
    { printf 'id,month\nx,"202610' && awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "\"\"" }' &&
        printf '"\n'; } >c.csv
    arguments="check --today 2026-11-09 --evidence c.csv $month"
}
[ $times = 1 ] && grows "quotes of one field" 10000
echo "1..$n"
