#!/bin/sh
# Fuzzes one target with libFuzzer (clang) or AFL++, with AddressSanitizer and UBSan.
# usage: run.sh [--afl] TARGET SECONDS [BUILD]
#   BUILD  an ordinary build of this tree, for the fixtures and for journals (default: build)
# Keeps build-fuzz/corpus/TARGET (what was found worth keeping), build-fuzz/crashes/TARGET and
# build-fuzz/TARGET.log; run again, it goes on from there. Exit status 1 when something crashed.
set -eu
cd "$(dirname "$0")/../.."
top=$PWD afl=
[ "${1:-}" != --afl ] || { afl=1 && shift; }
target=${1:?usage: run.sh [--afl] TARGET SECONDS [BUILD]} seconds=${2:?} build=${3:-build}
case $target in
fuzz | mutate | replay | sections) target= ;;
esac
[ -f "tests/fuzz/$target.c" ] || { echo "no such target" >&2 && exit 2; }
[ -d "$build/fixtures/out" ] || { echo "make the tree first (./check or ./demo)" >&2 && exit 2; }
if [ "$afl" ]; then
    out=$top/build-afl cc=afl-clang-fast flags='-fsanitize=address,undefined' main=-fsanitize=fuzzer
else
    out=$top/build-fuzz cc=clang main=-fsanitize=fuzzer
    flags='-fsanitize=fuzzer-no-link,address,undefined'
fi
command -v $cc >/dev/null || { echo "$cc is not installed" >&2 && exit 77; }

# ---- the libraries, instrumented ----

mkdir -p "$out"
if [ ! -f "$out/Makefile" ] || [ configure -nt "$out/config.status" ]; then
    (cd "$out" && ../configure --quiet CC=$cc \
        CFLAGS="-g -O1 -fno-omit-frame-pointer $flags -fno-sanitize-recover=all" \
        LDFLAGS='-fsanitize=address,undefined') >"$out/configure.log" 2>&1
fi
make -s -C "$out" libcore.la libposix.la libhost.la libtestsupport.la >"$out/make.log" 2>&1 ||
    { tail "$out/make.log" >&2 && exit 2; }

# AFL++ knows nothing of libFuzzer's custom mutators: there the dictionary has the known values.
mutate=tests/fuzz/mutate.c
[ -z "$afl" ] || mutate=
# shellcheck disable=SC2086
$cc -g -O1 $flags $main -fno-sanitize-recover=all -I core -I "$out/core" -I plugin \
    "tests/fuzz/$target.c" tests/fuzz/fuzz.c tests/fuzz/sections.c $mutate \
    "$out/.libs/libtestsupport.a" "$out/.libs/libcore.a" "$out/.libs/libhost.a" \
    "$out/.libs/libposix.a" -lexpat -lz -lpthread -ldl -o "$out/$target"

# ---- inputs to begin with ----

corpus=$out/corpus/$target crashes=$out/crashes/$target seeds=$out/seeds
mkdir -p "$corpus" "$crashes"
if [ ! -d "$seeds" ]; then
    SRCDIR=$top FUSHO_FIXTURES=$top/$build/fixtures/out FUSHO=$top/$build/fusho \
        FUSHO_PLUGIN=$top/$build/.libs/fusho.so sh tests/fuzz/make-seeds.sh "$seeds"
fi
case $target in
oqs | capture_xml) words=xml ;;
capture_csv) words=csv ;;
journal | ledger) words=journal ;;
options | settings) words=options ;;
*) words=claim ;;
esac
dict=$top/tests/fuzz/$words.dict

if [ "$afl" ]; then
    AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_UI=1 AFL_AUTORESUME=1 \
        AFL_NO_AFFINITY=1 timeout $((seconds + 60)) \
        afl-fuzz -V "$seconds" -t 5000 -m none -x "$dict" \
        -i "$seeds/$target" -o "$out/afl-$target" -- "$out/$target" >"$out/$target.log" 2>&1 ||
        { tail -n 5 "$out/$target.log" >&2 && exit 2; }
    grep -h 'execs_done\|run_time\|edges_found\|saved_crashes' \
        "$out/afl-$target/default/fuzzer_stats"
    [ -z "$(find "$out/afl-$target/default/crashes" -name 'id*')" ]
    exit
fi
status=0
"$out/$target" -dict="$dict" -max_total_time="$seconds" -max_len=32768 -timeout=25 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="$crashes/" "$corpus" "$seeds/$target" \
    >"$out/$target.log" 2>&1 || status=1
grep -h '^tests/fuzz:\|^SUMMARY\|DONE' "$out/$target.log" | tail -n 3
grep -h 'number_of_executed_units\|new_units_added' "$out/$target.log" || :
exit $status
