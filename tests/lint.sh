#!/bin/sh
# Static analysis, prints TAP: cppcheck, clang-tidy, gcc -fanalyzer, shellcheck, file modes. What is
# known to be right stands with its reason in tests/quality/known.txt; for whole checks the reason is
# in .clang-tidy and in cppcheck.txt. Each tool must also find a planted defect.
#   lint.sh        all but the analyzer within clang-tidy, which takes minutes
#   lint.sh full   all
set -u
. "$(dirname "$0")/tap.sh"
cd "${SRCDIR:-$(dirname "$0")/..}" || exit 99
quality=tests/quality
mode=${1:-short}
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/bad

# Sources as the Makefile has them on POSIX.
sources() {
    find core plugin/plugin.c plugin/flat.c plugin/host -name '*.c' | LC_ALL=C sort
}

# The pages as arrays of bytes, which the build makes.
mkdir -p "$top/made/core" || exit 99
for f in core/*/*.css core/*/*.js core/*/*.html; do
    to=$top/made/core/$(echo "${f#core/}" | sed 's/\./_/g').h
    mkdir -p "${to%/*}" && sh core/embed.sh "$f" >"$to" || exit 99
done

flags() {
    echo "-std=gnu11 -Icore -I$top/made/core -Iplugin -Iplugin/host"
    echo "-DFU_VERSION=\"0\" -DPACKAGE_VERSION=\"0\" -DFUSHO_PLUGINDIR=\"/usr/lib/fusho\""
}

# Lines file:line:finding in $top/found. What known.txt does not know goes to $top/bad, and so does
# a row of it for these findings that fits nothing.
judge() { # pattern of the tool's findings
    awk -F '|' -v mine="$1" '
        FILENAME ~ /known.txt$/ { if (!/^#/ && NF == 4 && $1 ~ mine) { id[++k] = $1; file[k] = $2; part[k] = $3 } next }
        {
            split($0, f, ":")
            key = f[1] ":" f[2]
            if (key in seen_line) text = seen_line[key]
            else { for (i = 0; i < f[2]; i++) getline text <f[1]; close(f[1]); seen_line[key] = text }
            hit = 0
            for (i = 1; i <= k; i++)
                if (f[3] == id[i] && f[1] == file[i] && index(text, part[i])) { hit = 1; used[i] = 1 }
            if (!hit) print $0 ": " text
        }
        END { for (i = 1; i <= k; i++) if (!used[i]) print "known.txt: fits nothing: " id[i] "|" file[i] "|" part[i] }
    ' $quality/known.txt "$top/found" >"$top/bad"
    [ ! -s "$top/bad" ]
}

# ---- the tools, each: files; lines file:line:finding ----

run_cppcheck() {
    # shellcheck disable=SC2046
    cppcheck -q --std=c11 --enable=warning,performance,portability \
        --suppressions-list=$quality/cppcheck.txt --template='{file}:{line}:{id}' $(flags | sed 's/-std=gnu11//') "$@" 2>&1
}

tidy_checks=
[ "$mode" = full ] || tidy_checks='--checks=-clang-analyzer-*'

# A program of its own for xargs: the words of the flags have quotes.
printf 'exec clang-tidy --quiet --config-file=.clang-tidy %s "$@" -- %s\n' "$tidy_checks" "$(flags | sed "s/\"/'\"'/g" | tr '\n' ' ')" >"$top/tidy"

run_tidy() {
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 4 sh "$top/tidy" 2>/dev/null |
        sed -n "s,^$PWD/,,; s,^\([^:]*\):\([0-9]*\):[0-9]*: [a-z]*: .*\[\([a-z][A-Za-z0-9.-]*\)[],].*,\1:\2:\3,p" | sort -u
}

run_analyzer() {
    # shellcheck disable=SC2046
    printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 gcc $(flags) -O1 -fanalyzer -fdiagnostics-plain-output \
        -S -o /dev/null 2>&1 | sed -n 's,^\([^:]*\):\([0-9]*\):[0-9]*: warning: .*\[-W\([a-z-]*\)[]=].*,\1:\2:\3,p; /: error: /p' | sort -u
}

run_shellcheck() {
    # Every sh we know has -nt (SC3013).
    shellcheck -x -P SCRIPTDIR -S warning -e SC3013 -f gcc "$@" | sed -n 's|^\([^:]*\):\([0-9]*\):.*\[\(SC[0-9]*\)\]$|\1:\2:\3|p'
}

# ---- planted defects ----

mkdir "$top/plant" || exit 99
cat >"$top/plant/bounds.c" <<'C'
int first(int i);
int first(int i)
{
    int v[4] = {0, 1, 2, 3};
    return i > 2 ? v[4] : v[0];
}
C
cat >"$top/plant/leak.c" <<'C'
#include <stdlib.h>
int use(int n);
int use(int n)
{
    char *p = malloc(10);
    if (!p)
        return -1;
    if (n > 3)
        return 1;
    free(p);
    return p[0];
}
C
cat >"$top/plant/sizes.c" <<'C'
#include <string.h>
int same(const char *a);
int same(const char *a)
{
    if (strcmp(a, "x"))
        return 1;
    return 0;
}
C
printf '#!/bin/sh\ncd "$1"\nrm -f x\n' >"$top/plant/cd.sh"

planted() { # tool finding file
    "run_$1" "$top/plant/$3" >"$top/found"
    cp "$top/found" "$top/bad"
    grep -q ":$2\$" "$top/found"
    ok $? "$1 finds a planted $2"
}

check() { # tool pattern files...
    tool=$1 pattern=$2
    shift 2
    "run_$tool" "$@" >"$top/found"
    judge "$pattern"
    ok $? "$tool is content"
}

if command -v cppcheck >/dev/null; then
    planted cppcheck arrayIndexOutOfBounds bounds.c
    # shellcheck disable=SC2046
    check cppcheck '^[a-z]+[A-Z]|^uninitvar$|^ctunullpointer$' core plugin/plugin.c plugin/flat.c plugin/host
else
    skip cppcheck "cppcheck is missing"
fi
if command -v clang-tidy >/dev/null; then
    planted tidy bugprone-suspicious-string-compare sizes.c
    if [ "$mode" = full ]; then
        planted tidy clang-analyzer-unix.Malloc leak.c
        pattern='^(bugprone|cert|clang|misc|performance|portability)-'
    else
        pattern='^(bugprone|cert|misc|performance|portability)-'
    fi
    # shellcheck disable=SC2046
    check tidy "$pattern" $(sources)
else
    skip clang-tidy "clang-tidy is missing"
fi
if gcc -fanalyzer -fsyntax-only -xc /dev/null 2>/dev/null; then
    planted analyzer analyzer-use-after-free leak.c
    # shellcheck disable=SC2046
    check analyzer '^analyzer-' $(sources)
else
    skip "gcc -fanalyzer" "this gcc has none"
fi
scripts=$(find check demo .ci/run tests plugin core docs fixtures -name '*.sh' ! -path '*/findings/*' -o -path check -o -path demo -o -path .ci/run)
if command -v shellcheck >/dev/null; then
    planted shellcheck SC2164 cd.sh
    # shellcheck disable=SC2086
    check shellcheck '^SC' $scripts
else
    skip shellcheck "shellcheck is missing"
fi

# What is run as a command can be; sources and texts cannot.
for f in check demo .ci/run tests/setup.sh; do
    [ -x "$f" ] || echo "$f cannot be run"
done >"$top/bad"
find core plugin tests docs fixtures -type f -perm /111 ! -path '*/out/*' ! -path '*/build*/*' |
    while read -r f; do
        head -c 2 "$f" | grep -q '#!' || echo "$f can be run and is no script"
    done >>"$top/bad"
clean "files have the right modes"
echo "1..$n"
