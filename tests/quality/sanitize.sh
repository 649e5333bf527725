#!/bin/sh
# MemorySanitizer, ThreadSanitizer and valgrind over the plugin and the command. Prints TAP; all is
# built in build-sanitize/.
#   sanitize.sh msan      clang, with expat and zlib built from Debian's source under MSan, too
#   sanitize.sh tsan      two sessions with four threads each; every script run with --jobs
#   sanitize.sh memcheck  valgrind over every verb; a leak fails
# A second word "short" leaves findings.sh and evidence-routes.sh out, and with memcheck all but two
# months.
set -u
. "$(dirname "$0")/../tap.sh"
cd "$(dirname "$0")/../.." || exit 99
mode=${1:?msan, tsan or memcheck} short=${2:-}
top=$PWD out=$PWD/build-sanitize/$mode
mkdir -p "$out/o" "$out/made/core" || exit 99
rm -f "$out"/log*

need() { # command...
    for c in "$@"; do
        command -v "$c" >/dev/null || skip_all "$c is missing"
    done
}

cc=clang libs="-lexpat -lz" first=
case $mode in
msan)
    need clang
    flags="-fsanitize=memory -fsanitize-memory-track-origins -fno-omit-frame-pointer"
    "$top/tests/quality/fetch-source.sh" "$top/build-sanitize/source" expat zlib ||
        skip_all "no source of expat and zlib"
    ;;
tsan) need clang && flags="-fsanitize=thread -fno-omit-frame-pointer" ;;
memcheck) need valgrind gcc && cc=gcc flags=-fno-omit-frame-pointer ;;
*) exit 99 ;;
esac
flags="$flags -g -O1 -w -fPIC -std=gnu11"
version=$(sed -n "s/^AC_INIT(\[fusho\], \[\(.*\)\])/\1/p" configure.ac)
ours="-I$top/core -I$out/made/core -I$top/plugin -I$top/plugin/host -DFU_VERSION=\\\"$version\\\" -DPACKAGE_VERSION=\\\"$version\\\" -DFUSHO_PLUGINDIR=\\\"$out\\\""

# Objects of the files named on standard input; arguments: flags.
compile() {
    prefix=$1
    shift
    while read -r f; do
        o=$out/o/$prefix$(echo "${f#"$top/"}" | tr / _).o
        [ "$o" -nt "$f" ] || echo "$cc $flags $* -c $f -o $o"
    done | xargs -d '\n' -P "$(nproc)" -I '{}' sh -c '{}' || exit 99
}

objects() { # prefix
    find "$out/o" -name "$1*.o"
}

for f in core/*/*.css core/*/*.js core/*/*.html; do
    to=$out/made/core/$(echo "${f#core/}" | tr . _).h
    mkdir -p "${to%/*}" && sh core/embed.sh "$f" >"$to" || exit 99
done
if [ "$mode" = msan ]; then
    source=$top/build-sanitize/source
    lib=$(dirname "$(find "$source/expat" -name xmlparse.c ! -path "*/.pc/*" | head -n 1)")
    : >"$out/made/expat_config.h"
    for f in xmlparse xmltok xmlrole; do echo "$lib/$f.c"; done |
        compile lib- "-I$out/made -DXML_NS -DXML_DTD -DXML_CONTEXT_BYTES=1024 -DBYTEORDER=1234 -DHAVE_GETRANDOM"
    for f in adler32 crc32 deflate inffast inflate inftrees trees zutil; do echo "$source/zlib/$f.c"; done |
        compile lib- -DHAVE_HIDDEN
    first="-I$lib -I$source/zlib"
    libs=$(objects lib-)
fi
find "$top/core" -name '*.c' | compile core- "$first $ours"
find "$top/plugin/plugin.c" "$top/plugin/flat.c" "$top"/plugin/host/posix_*.c | compile plugin- "$ours"
find "$top/plugin/host" -name '*.c' ! -name 'example*' | compile host- "$ours"
echo "$top/tests/quality/drive.c" | compile drive- "$ours"
# shellcheck disable=SC2046,SC2086
{
    $cc $flags -shared -Wl,--version-script=plugin/fusho.map $(objects core-) $(objects plugin-) $libs \
        -lpthread -o "$out/fusho.so" &&
        $cc $flags $(objects host-) -ldl -o "$out/fusho-bare" &&
        $cc $flags $(objects drive-) $(objects core-) $(objects plugin-) $libs -lpthread -o "$out/drive"
} || exit 99
[ -d "$out/fixtures/ika" ] || sh fixtures/make.sh fixtures "$out/fixtures" || exit 99

# The command, so that every report gets noticed whatever a script makes of the exit status.
case $mode in
memcheck) tool="valgrind -q --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible --log-file=$out/log.%p" ;;
*) tool= ;;
esac
cat >"$out/fusho" <<C
#!/bin/sh
MSAN_OPTIONS=log_path=$out/log TSAN_OPTIONS="log_path=$out/log" exec $tool $out/fusho-bare "\$@"
C
chmod +x "$out/fusho"
FUSHO=$out/fusho FUSHO_PLUGIN=$out/fusho.so FUSHO_FIXTURES=$out/fixtures SRCDIR=$top
export FUSHO FUSHO_PLUGIN FUSHO_FIXTURES SRCDIR

reports() { # name: no report so far
    find "$out" -maxdepth 1 -name 'log*' -size +0 >"$out/reports"
    [ ! -s "$out/reports" ]
    ok $? "$1: no report"
    # shellcheck disable=SC2046
    [ ! -s "$out/reports" ] || { head -n 25 $(head -n 3 "$out/reports") | sed 's/^/# /'; }
    find "$out" -maxdepth 1 -name 'log*' -size 0 -delete
}

script() { # name
    sh "tests/$1.sh" >"$out/$1.out" 2>&1
    ! grep -q '^not ok' "$out/$1.out" && grep -q '^1\.\.' "$out/$1.out"
    ok $? "$1.sh passes"
    reports "$1.sh"
}

each_verb() { # months...
    for m in "$@"; do
        rm -rf "$out/run" && mkdir "$out/run" || exit 99
        for input in "$out/fixtures/$m"/RECEIPT*; do
            evidence="--evidence $out/fixtures/$m/captures.xml"
            for c in "apply $evidence --jobs 3 --report $out/run/r.html $input -o $out/run/o" \
                "check $evidence --format sarif $input" "check --format junit $input" \
                "undo $out/run/o.fusho -o $out/run/u" "ledger --format html $out/run/o.fusho"; do
                # shellcheck disable=SC2086
                "$FUSHO" $c --plugin "$FUSHO_PLUGIN" >>"$out/run/said" 2>&1
                [ $? -le 1 ]
                ok $? "$m: ${c%% *}"
            done
            break
        done
    done
    for c in "form -o $out/run/form.html" "explain F110" "explain" "--version" "help"; do
        # shellcheck disable=SC2086
        "$FUSHO" $c --plugin "$FUSHO_PLUGIN" >>"$out/run/said" 2>&1
        ok $? "$c"
    done
    reports "verbs"
}

if [ "$mode" = tsan ]; then
    TSAN_OPTIONS=log_path=$out/log "$out/drive" "$out"/fixtures/*/
    ok $? "two sessions give the same"
    reports "two sessions"
elif [ "$mode" = memcheck ]; then
    # valgrind's --leak-check on threads, too
    valgrind -q --leak-check=full --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=9 \
        --log-file="$out/log.drive" "$out/drive" "$out/fixtures/houmon"
    ok $? "two sessions give the same"
fi
months=$(cd "$out/fixtures" && echo *)
[ -z "$short" ] || months="houmon henrei"
# shellcheck disable=SC2086
each_verb $months
[ -n "$short" ] || script evidence-routes
if [ "$mode" != memcheck ]; then
    script golden
    [ -n "$short" ] || script findings
fi
echo "1..$n"
