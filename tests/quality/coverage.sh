#!/bin/sh
# Coverage of core/: builds with --enable-coverage in build-cov/, runs the tests in C and the two
# scripts that go through the whole core, and prints gcovr's figures. Fails below the thresholds.
# build-cov/coverage.txt has the figures of each file; `coverage.sh lines` prints what was not run.
set -u
cd "$(dirname "$0")/../.." || exit 1
lines=95
branches=85
out=$PWD/build-cov

quietly() { # command...: shows what a command said only if it failed
    "$@" >"$out/coverage.log" 2>&1 || { tail -n 40 "$out/coverage.log" >&2; exit 1; }
}

command -v gcovr >/dev/null || { echo "gcovr is missing" >&2; exit 77; }
mkdir -p "$out"
[ -f configure ] || quietly autoreconf -fi
if [ ! -f "$out/Makefile" ] || [ configure -nt "$out/config.status" ]; then
    # CFLAGS comes last on the command line: without -O, the -O0 of --enable-coverage stands.
    (cd "$out" && quietly ../configure --quiet --enable-coverage CFLAGS=-g) || exit 1
fi
quietly make -s -C "$out" -j"$(nproc)"
quietly make -s -C "$out" -j"$(nproc)" check TESTS=
find "$out" -name '*.gcda' -delete
printf 'include Makefile\nprint-tests:\n\t@echo $(criterion_tests)\n' >"$out/list.mk"
# test_tokki_walk goes through every combination; it takes minutes at -O0.
tests=$(make -s -C "$out" -f list.mk print-tests | sed 's|tests/test_tokki_walk||') || exit 1
quietly make -C "$out" -j"$(nproc)" check TESTS="$tests tests/golden.sh tests/findings.sh"

gcovr --config tests/quality/gcovr.cfg --root "$PWD" --object-directory "$out" --txt "$out/coverage.txt" \
    --json "$out/coverage.json" --fail-under-line $lines --fail-under-branch $branches "$out/core"
status=$?
if [ "${1:-}" = lines ]; then
    sed -n '/^core/p' "$out/coverage.txt"
fi
exit $status
