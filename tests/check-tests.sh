#!/bin/sh
# Every test has an assertion, and every module of the core has its tests. Prints TAP.
# usage: check-tests.sh [SRCDIR]
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
cd "${1:-${SRCDIR:-.}}" || exit 99
why=$(mktemp) || exit 99
trap 'rm -f "$why"' EXIT

# core/FOLDER/NAME.h is tested by tests/test_NAME.c, except for these: header and test files.
elsewhere='base/arena test_arena
check/check test_check_structure test_check_tokki test_check_insurer test_check_fusho
check/file test_check_file
engine/options test_options_engine
engine/session test_engine test_engine_faults
engine/shown test_process
evidence/build test_capture_xml test_capture_csv
evidence/capture test_capture_xml test_capture_csv
evidence/index test_evidence
evidence/join test_evidence
evidence/sources test_oqs test_capture_xml test_capture_csv
journal/layout test_journal
ledger/show test_ledger_show
report/escape test_report_text test_report_html test_report_json
report/html test_report_html
report/json test_report_json
report/render test_report_text test_report_html test_report_json test_report_xml
rewrite/comments test_rewrite_comments
rules/policy test_options_engine
uke/blocks test_reader test_chunk'

tests_of() { # folder/name
    found=$(echo "$elsewhere" | sed -n "s|^$1 ||p")
    echo "${found:-test_${1##*/}}"
}

echo "1..4"

for h in core/*/*.h; do
    name=${h#core/}
    name=${name%.h}
    for t in $(tests_of "$name"); do
        [ -f "tests/$t.c" ] || echo "$h: tests/$t.c is missing"
    done
done >"$why"
clean "every module of the core has its tests"

echo "$elsewhere" | while read -r name rest; do
    [ -f "core/$name.h" ] || echo "core/$name.h ($rest) is listed and not there"
done >"$why"
clean "the list of tests names only modules that are there"

# A body ends at the first line that is a closing brace on its own. A helper counts as an assertion
# if it, or one it calls, has one; helpers (functions, macros of one line) are told by name.
for t in tests/test_*.c; do
    awk -v file="$t" '
        function uses(text,   h) {
            if (text ~ /(^|[^A-Za-z0-9_])cr_(assert|expect|fail)/)
                return 1
            for (h in good)
                if (text ~ ("(^|[^A-Za-z0-9_])" h " *[(]"))
                    return 1
            return 0
        }
        { line[NR] = $0 }
        END {
            for (round = 0; round < 4; round++) {
                body = ""; name = ""
                for (i = 1; i <= NR; i++) {
                    if (line[i] ~ /^(static )?[a-z].*[(]/ && line[i] !~ /;[ \t]*$/) {
                        name = line[i]
                        sub(/ *[(].*/, "", name)
                        sub(/.*[^A-Za-z0-9_]/, "", name)
                    }
                    if (line[i] ~ /^#define [A-Za-z0-9_]+[(]/ && uses(line[i])) {
                        macro = line[i]
                        sub(/^#define /, "", macro)
                        sub(/[(].*/, "", macro)
                        good[macro] = 1
                    }
                    if (line[i] == "{") { body = ""; inside = 1 }
                    if (inside) body = body "\n" line[i]
                    if (line[i] == "}") {
                        inside = 0
                        if (name != "" && uses(body)) good[name] = 1
                        name = ""
                    }
                }
            }
            for (i = 1; i <= NR; i++) {
                if (line[i] !~ /^(Test|ParameterizedTest|Theory)[(]/) continue
                start = i; body = ""
                while (i <= NR && line[i] != "}") body = body "\n" line[i++]
                if (!uses(body)) print file ":" start ": " line[start] " has no assertion"
            }
        }' "$t"
done >"$why"
clean "every test has an assertion"

# Two tests of one name in one suite would hide each other.
for t in tests/test_*.c; do
    sed -n 's/^\(Test([a-z_0-9]*, [a-z_0-9]*\).*/\1/p' "$t" | sort | uniq -d | sed "s|^|$t: twice |"
done >"$why"
clean "no test is named twice"
