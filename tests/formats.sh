#!/bin/sh
# JUnit and SARIF: the CI examples of docs/ci run, and what they and apply write has the structure
# written down in tests/schemas/ and, where they are at hand, fits the published schemas
# (FUSHO_SARIF_SCHEMA, FUSHO_JUNIT_XSD). TAP.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
src=$(cd "${SRCDIR:-.}" && pwd)
FUSHO=$(absolute "$FUSHO") PLUGIN=$(absolute "$FUSHO_PLUGIN") fixtures=$(absolute "$FUSHO_FIXTURES")
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/why

mkdir -p "$top/bin" "$top/repo/docs" "$top/repo/claims" "$top/listings"
cat >"$top/bin/fusho" <<END
#!/bin/sh
verb=\$1
shift
exec "$FUSHO" "\$verb" --plugin "$PLUGIN" --no-config "\$@"
END
chmod 755 "$top/bin/fusho"
PATH=$top/bin:$PATH
cp -R "$src/docs/ci" "$top/repo/docs/ci"
for type in ika ika-kokuho dpc shika chozai houmon henrei; do
    for file in "$fixtures/$type"/RECEIPT*.UKE "$fixtures/$type"/*.HEN; do
        [ ! -f "$file" ] || cp "$file" "$top/repo/claims/$type-$(basename "$file" .UKE).UKE"
    done
done
printf 'no claim file\n' >"$top/repo/claims/broken <&>.UKE"
files=$(find "$top/repo/claims" -type f | wc -l)

# ---- the examples ----

# Shell commands of a job, without those that install: FILE, a line each.
commands() {
    case $1 in
    github.yml) sed -n '/name: Install/,/run:/d; s/^ *run: //p' "$src/docs/ci/$1" ;;
    gitlab-ci.yml) sed -n '/^  script:/,/^  [a-z]*:$/s/^    - //p' "$src/docs/ci/$1" ;;
    esac
}
reads_yaml() { # FILE
    if command -v ruby >/dev/null; then
        ruby -ryaml -e 'YAML.load(File.read(ARGV[0])).is_a?(Hash) or exit 1' "$1"
    else
        python3 -c 'import sys, yaml; sys.exit(not isinstance(yaml.safe_load(open(sys.argv[1])), dict))' "$1"
    fi
}
for job in github.yml gitlab-ci.yml; do
    if command -v ruby >/dev/null || python3 -c 'import yaml' 2>/dev/null; then
        reads_yaml "$src/docs/ci/$job" >"$top/why" 2>&1
        ok $? "$job is YAML"
    else
        skip "$job is YAML" "no ruby and no python3-yaml"
    fi
    rm -rf "$top/repo/results"
    commands $job >"$top/job.sh"
    (cd "$top/repo" && sh -e "$top/job.sh") >"$top/why" 2>&1
    [ $? = 3 ] && [ -s "$top/job.sh" ] # one file is no claim file
    ok $? "the commands of $job: the status says what was found"
    [ "$(find "$top/repo/results" -name '*.xml' -size +0 | wc -l)" = "$files" ] &&
        [ "$(find "$top/repo/results" -name '*.sarif' -size +0 | wc -l)" = "$files" ]
    ok $? "and each of $files files has both results"
done
(cd "$top/repo" && mkdir one && cp claims/ika-RECEIPTC.UKE one/ && sh docs/ci/check-claims.sh one out) >"$top/why" 2>&1
[ $? = 1 ]
ok $? "errors found are status 1"
(cd "$top/repo" && mkdir none && sh docs/ci/check-claims.sh none out) >"$top/why" 2>&1
[ $? = 2 ]
ok $? "no claim file is status 2"

# ---- listings of apply, with captures, masked, in English, with everything ----

k=0
for options in '' --mask --verbose '--lang en'; do
    for type in ika dpc houmon; do
        for file in "$fixtures/$type"/RECEIPT?.UKE; do
            for format in junit:xml sarif:sarif; do
                k=$((k + 1))
                # shellcheck disable=SC2086
                fusho apply --today 2026-11-09 --dry-run $options --evidence "$fixtures/$type" \
                    --format "${format%:*}" "$file" -o "$top/o" >"$top/listings/$k.${format#*:}" 2>/dev/null
            done
        done
    done
done
# ---- before the plugin has anything to list ----

cp "$fixtures/ika/RECEIPTC.UKE" "$top/in <&>.UKE"
echo old >"$top/old"
printf '<a' >"$top/broken.xml"
mkfifo "$top/pipe"
refused() { # wanted-exit code file name arguments...
    want=$1 code=$2 file=$3 name=$4
    shift 4
    for format in json:json junit:xml sarif:sarif; do
        for lang in ja en; do
            k=$((k + 1))
            listing=$top/listings/$k.${format#*:}
            fusho "$@" --today 2026-11-09 --lang $lang --format "${format%:*}" \
                >"$listing" 2>"$top/said"
            [ $? = "$want" ] && grep -q "\"$code\"" "$listing" && grep -q "$file" "$listing" &&
                grep -q "$code" "$top/said" && { [ $lang = en ] || grep -q 'ください。' "$listing"; } ||
                { echo "$format $lang: $*" && cat "$listing" "$top/said"; } >>"$top/why"
        done
    done
    [ ! -s "$top/why" ]
    ok $? "a listing says why: $name"
}
cd "$top" || exit 99
refused 3 S704 none 'no claim file' check none.UKE
refused 3 S704 repo 'a folder for a claim file' apply repo -o new
refused 3 S704 pipe 'a pipe for a claim file' check pipe
refused 3 S704 '"-"' 'standard input that cannot be read' check - <"$top/repo"
refused 3 E501 none 'no evidence' check 'in <&>.UKE' --evidence none
refused 3 E501 broken.xml 'evidence that cannot be read' check 'in <&>.UKE' --evidence broken.xml
refused 4 S701 old 'an output that is there' apply 'in <&>.UKE' -o old
refused 4 S701 'in.*UKE' 'an output that is the input' apply 'in <&>.UKE' -o 'in <&>.UKE'
refused 4 S701 old 'a report that is there' check 'in <&>.UKE' --report old
refused 4 S701 missing 'a report in no folder' check 'in <&>.UKE' --report missing/page
[ ! -e new ] && [ "$(cat old)" = old ]
ok $? "and nothing is written"

# ---- evidence at fault, named or not ----

mkdir ev && printf '<?xml version="1.0"?>\n<a>\n<b' >ev/夏目漱石.xml
{ echo id,month,name && printf '%070000d,,\n' 0; } >ev.csv
for mask in '' --mask; do # empty: not given
    for row in E501:ev/夏目漱石.xml E513:ev.csv; do
        for lang in ja en; do
            for format in json:json junit:xml sarif:sarif; do
                k=$((k + 1))
                listing=$top/listings/$k.${format#*:} evidence=${row#*:}
                case $lang in
                ja)
                    hidden=窓口記録のファイル # ends like the URI
                    uri=%E3%81%AE%E3%83%95%E3%82%A1%E3%82%A4%E3%83%AB
                    ;;
                en) hidden='evidence file' uri=evidence%20file ;;
                esac
                # shellcheck disable=SC2086
                fusho check $mask --lang $lang --evidence "${evidence%/*}" --format "${format%:*}" \
                    'in <&>.UKE' >"$listing" 2>/dev/null
                case $format$mask in # the line, and what stands in its place where it is hidden
                json:json) at="\"file\":\"$evidence\",\"line\":2," ;;
                json*) at='"severity":"error","message":' ;;
                junit:xml) at="\">$evidence: [^ ]* 2 ${row%:*} " ;;
                junit*) at="\">$hidden: ${row%:*} " ;;
                sarif:sarif) at='"startLine":2}' ;;
                *) at="{\"uri\":\"[^\"/]*$uri\"}}}]" ;;
                esac
                grep -q "\"${row%:*}\"" "$listing" && grep -q -e "$at" "$listing" ||
                    { echo "$format $lang $mask: no $at" && cat "$listing"; } >>"$top/why"
                [ -z "$mask" ] || ! grep -q -e 夏目 -e ev.csv -e '%E5%A4%8F' "$listing" ||
                    echo "$format $lang: $evidence is named" >>"$top/why"
            done
        done
    done
done
clean "with --mask evidence that cannot be read is neither named nor taken for the claim file"

# ---- which file could not be written ----

fusho apply --today 2026-11-09 'in <&>.UKE' -o good >/dev/null 2>&1
unwritten() { # file arguments...: no file may grow
    file=$1
    shift
    said=$(trap '' XFSZ && ulimit -f 0 && fusho "$@" 2>&1 >/dev/null)
    case $said in *"fusho: $file: S702 "*) [ ! -e "$file" ] ;; *) false ;; esac ||
        echo "$*: $said" >>"$top/why"
}
unwritten big.fusho apply --today 2026-11-09 'in <&>.UKE' -o big
unwritten page check --today 2026-11-09 'in <&>.UKE' --report page
unwritten page ledger --today 2026-11-09 good.fusho --report page
unwritten back undo good.fusho -o back
unwritten form.html form -o form.html
for row in 'json:"severity":"error","file":"big.fusho",' 'sarif:{"uri":"big.fusho"}' \
    'junit:">big.fusho: S702 '; do
    said=$(trap '' XFSZ && ulimit -f 0 &&
        fusho apply --today 2026-11-09 --mask --format "${row%%:*}" 'in <&>.UKE' -o big 2>/dev/null)
    case $said in *"${row#*:}"*) [ ! -e big ] ;; *) false ;; esac ||
        echo "--mask ${row%%:*}: $said" >>"$top/why"
done
[ ! -s "$top/why" ] && [ -e good.fusho ]
ok $? "a file that could not be written is named, whatever it is"

set -- "$top"/repo/results/*.xml "$top"/listings/*.xml
XMLS=$#

# ---- JUnit ----

XMLLINT=${XMLLINT:-$(command -v xmllint)}
if [ -n "$XMLLINT" ]; then
    "$XMLLINT" --noout --relaxng "$src/tests/schemas/junit.rng" "$@" 2>"$top/why"
    ok $? "JUnit has the structure of junit.rng ($XMLS files)"
    for file in "$@"; do
        for pair in 'tests:count(//testcase)' 'failures:count(//testcase[failure])' 'errors:count(//testcase[error])'; do
            said=$("$XMLLINT" --xpath "string(//testsuite/@${pair%%:*})" "$file")
            is=$("$XMLLINT" --xpath "${pair#*:}" "$file")
            [ "$said" = "$is" ] || echo "$file: ${pair%%:*} $said, $is there"
        done
    done >"$top/why"
    clean "the numbers of a JUnit suite are those of its cases"
    sed 's/<testcase classname="[^"]*"/<testcase/' "$1" >"$top/wrong.xml"
    ! "$XMLLINT" --noout --relaxng "$src/tests/schemas/junit.rng" "$top/wrong.xml" 2>/dev/null
    ok $? "and a wrong file is refused"
else
    skip "JUnit" "no xmllint"
fi
if [ -n "${FUSHO_JUNIT_XSD:-}" ] && [ -n "$XMLLINT" ]; then
    "$XMLLINT" --noout --schema "$FUSHO_JUNIT_XSD" "$@" 2>"$top/why"
    ok $? "JUnit fits the published schema ($XMLS files)"
else
    skip "JUnit fits the published schema" "FUSHO_JUNIT_XSD is not set"
fi

# ---- SARIF ----

PYTHON3=${PYTHON3:-$(command -v python3)}
set -- "$top"/repo/results/*.sarif "$top"/listings/*.sarif
if [ -n "$PYTHON3" ]; then
    "$PYTHON3" "$src/tests/schemas/sarif.py" "$@" >"$top/why" 2>&1
    ok $? "SARIF has the structure of sarif.py ($# files)"
    sed 's/"level":"error"/"level":"fatal"/' "$1" >"$top/wrong.sarif"
    ! "$PYTHON3" "$src/tests/schemas/sarif.py" "$top/wrong.sarif" >/dev/null 2>&1
    ok $? "and a wrong file is refused"
else
    skip "SARIF" "no python3"
fi
if [ -n "${FUSHO_SARIF_SCHEMA:-}" ] && /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
    /usr/bin/python3 - "$FUSHO_SARIF_SCHEMA" "$@" >"$top/why" 2>&1 <<'END'
import json, jsonschema, sys
schema = json.load(open(sys.argv[1], encoding="utf-8-sig"))
check = jsonschema.validators.validator_for(schema)(schema)
bad = 0
for name in sys.argv[2:]:
    for fault in check.iter_errors(json.load(open(name, encoding="utf-8"))):
        print(name, list(fault.absolute_path), fault.message[:200])
        bad = 1
sys.exit(bad)
END
    ok $? "SARIF fits the published schema ($# files)"
else
    skip "SARIF fits the published schema" "FUSHO_SARIF_SCHEMA is not set, or no python3-jsonschema"
fi
echo "1..$n"
