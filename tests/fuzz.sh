#!/bin/sh
# The fuzz targets without a fuzzer: their seeds (tests/fuzz/make-seeds.sh) and inputs that once
# failed, and FUZZ_ROUNDS mutations of each, always the same ones. Prints TAP.
set -u
. "$(dirname "$0")/tap.sh"
build=${BUILDDIR:?} rounds=${FUZZ_ROUNDS:-}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

[ -x "$build/tests/fuzz/reader" ] || skip_all "the targets are built with Criterion's tests only"
sh "${SRCDIR:?}/tests/fuzz/make-seeds.sh" "$work/seeds" >"$work/log" 2>&1 && [ ! -s "$work/log" ]
ok $? "seeds are made"
sed 's/^/# /' "$work/log"

for target in "$build"/tests/fuzz/*; do
    name=$(basename "$target")
    [ -f "$target" ] && [ -x "$target" ] || continue
    [ -d "$work/seeds/$name" ]
    ok $? "$name: has seeds"
    case $name in # runs a whole engine several times for one input
    apply) few=1 ;;
    reader | claim | utf8 | claim_call) few=5 ;;
    *) few=50 ;;
    esac
    "$target" -r "${rounds:-$few}" "$work/seeds/$name" >"$work/log" 2>&1 && grep -q '^ok 1' "$work/log"
    ok $? "$name: $(sed -n 's/^ok 1 - [a-z_0-9]*: //p' "$work/log")"
    grep -v '^ok\|^1\.\.' "$work/log" | sed 's/^/# /'
done
echo "1..$n"
