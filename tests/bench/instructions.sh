#!/bin/sh
# Counts the instructions of runs over a fixed claim file and compares them with instructions.txt.
#   instructions.sh            compares; 77 where the numbers of this machine cannot be compared
#   instructions.sh --record   writes instructions.txt anew
# Counts do not depend on the load or the clock, but on compiler, libraries and what they choose at
# run time: the C library is told to use nothing beyond SSE2, the rest stands beside the numbers.
set -u
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${BUILDDIR:?}"
here=$(cd "$(dirname "$0")" && pwd)
recorded=$here/instructions.txt
percent=3
bytes=10000000
LC_ALL=C
GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-SSSE3,-SSE4_1,-SSE4_2,-BMI1,-BMI2,-RTM:glibc.cpu.x86_non_temporal_threshold=0xc0000
export LC_ALL GLIBC_TUNABLES

why() { echo "$1"; exit 77; }

command -v valgrind >/dev/null || why "no valgrind"
nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q '__[amt]san' && why "built with sanitizers"
nm "$FUSHO_PLUGIN" 2>/dev/null | grep -q '__gcov' && why "built for coverage"
flags=$(sed -n 's/^CFLAGS = //p' "$BUILDDIR/Makefile")
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT

version() { # package of Debian
    dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo unknown
}
{
    echo "machine $(uname -m)"
    echo "compiler $(${CC:-cc} --version | head -n 1) $flags"
    echo "libc $(version libc6)"
    echo "zlib $(version zlib1g)"
    echo "expat $(version libexpat1)"
    echo "valgrind $(valgrind --version)"
    # Valgrind shows the plugin what the processor has of these, and no more.
    echo "avx2 $(grep -qw avx2 /proc/cpuinfo && echo yes || echo no)"
} >"$top/machine"
if [ "${1:-}" != --record ]; then
    [ -f "$recorded" ] || why "nothing was recorded"
    sed -n 's/^# \(machine\|compiler\|libc\|zlib\|expat\|valgrind\|avx2\) /\1 /p' "$recorded" >"$top/then"
    other=$(diff "$top/then" "$top/machine" | sed -n 's/^> //p' | paste -sd ';')
    [ -z "$other" ] || why "recorded elsewhere; here: $other"
fi

"$BUILDDIR/tests/bench/generate" seed=1 bytes=$bytes "$top/in.uke" "$top/in.csv" >"$top/made" || exit 99

count() { # name, arguments...: a line "name number" in $top/NAME
    name=$1
    shift
    valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$top/log.$name" \
        "$FUSHO" "$@" --no-config --plugin "$FUSHO_PLUGIN" --today 2026-11-09 \
        --evidence "$top/in.csv" "$top/in.uke" >/dev/null 2>"$top/err.$name"
    status=$?
    [ $status -le 1 ] || { cat "$top/err.$name" >&2; return 1; }
    sed -n "s/.*Collected : *\([0-9]*\).*/$name \1/p" "$top/log.$name" >"$top/n.$name"
    [ -s "$top/n.$name" ]
}
count check check &
first=$!
count apply apply -o "$top/out" || exit 99
wait $first || exit 99
cat "$top/n.check" "$top/n.apply" >"$top/now"

if [ "${1:-}" = --record ]; then
    {
        echo "# Instructions of \`fusho VERB\` over $bytes bytes of tests/bench/generate, seed 1; written by"
        echo "# tests/bench/instructions.sh --record, compared within $percent % by tests/instructions.sh."
        sed 's/^/# /' "$top/machine"
        cat "$top/now"
    } >"$recorded"
    cat "$top/now"
    exit 0
fi
awk -v percent=$percent 'NR == FNR { if (!/^#/) was[$1] = $2; next }
    {
        change = was[$1] > 0 ? 100 * ($2 / was[$1] - 1) : 1000
        off = (change > percent || change < -percent)
        printf("%s %s: %.0f, recorded %.0f (%+.2f %%)\n", off ? "no" : "ok", $1, $2, was[$1], change)
        bad += off
    }
    END { exit bad > 0 }' "$recorded" "$top/now"
