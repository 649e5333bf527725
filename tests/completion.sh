#!/bin/bash
# The completion for bash knows every verb, option and value the command knows, and no others. TAP.
set -u
. "$(dirname "$0")/tap.sh"
if [ -z "${BASH_VERSION:-}" ]; then # started by sh
    command -v bash >/dev/null 2>&1 && exec bash "$0" "$@"
    skip_all 'no bash'
fi
src=$(cd "${SRCDIR:-.}" && pwd)
options=$src/plugin/host/options.def
command=$(cd "$(dirname "${FUSHO:?}")" && pwd)/$(basename "$FUSHO")
plugin=$(cd "$(dirname "${FAKE:?}")" && pwd)/$(basename "$FAKE")
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-completion.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
export HOME=$work
unset XDG_CONFIG_HOME

why=$work/why
result() { # NAME WANTED GOT
    diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") >"$why"
    ok $? "$1"
}
fusho() { "$command" "$@" --plugin "$plugin"; }
# What the words lead to, the last of them being completed; sorted.
# shellcheck disable=SC2034
complete_words() {
    COMP_WORDS=(fusho "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _fusho
    printf '%s\n' "${COMPREPLY[@]}" | sort
}
lines() { printf '%s\n' "$@" | sort; }
verbs=$(sed -n 's/^HOST_VERB([A-Z]*, "\([a-z]*\)".*/\1/p' "$options")

. "$src/plugin/host/completion/fusho.bash"
result "it is registered" "complete -F _fusho fusho" "$(complete -p fusho)"
# shellcheck disable=SC2086
result "verbs" "$(lines $verbs help)" "$(complete_words '')"
# shellcheck disable=SC2086
result "verbs to be helped with" "$(lines $verbs)" "$(complete_words help '')"
result "the beginning of a verb" "$(lines check)" "$(complete_words --lang ja ch)"
for verb in $verbs; do
    known=$(fusho help "$verb" | sed -n 's/^  \(-o, \)\{0,1\}\(--[a-z-]*\) .*/\2/p')
    # shellcheck disable=SC2086
    result "options of $verb" "$(lines $known --help --plugin --version)" "$(complete_words "$verb" --)"
done
# Every row of values, for every verb its row names.
sed -n 's/^HOST_VALUES(\([A-Z_]*\), \(.*\), "\(.*\)")$/\1:\2:\3/p' "$options" >"$work/values"
result "every row of values is read" "$(grep -c '^HOST_VALUES' "$options")" "$(wc -l <"$work/values")"
while IFS=: read -r id among values; do
    name=--$(echo "$id" | tr 'A-Z_' 'a-z-')
    for verb in $verbs; do
        fusho help "$verb" | grep -q -- " $name " || continue
        case $among in *V_ALL* | *"V($(echo "$verb" | tr a-z A-Z))"*) ;; *) continue ;; esac
        # shellcheck disable=SC2086
        result "$verb $name" "$(lines $values)" "$(complete_words "$verb" "$name" '')"
        # shellcheck disable=SC2086
        result "$verb $name=" "$(lines $values)" "$(complete_words "$verb" "$name" =)"
    done
done <"$work/values"
result "the beginning of a value" "$(lines json junit)" "$(complete_words check x --format = j)"

mkdir -p "$work/d/送信 済" && cd "$work/d" || exit 99
: >a.UKE && : >b.UKE.fusho && : >'c d.html' && : >e.conf
result "files for PATHs" "$(lines a.UKE b.UKE.fusho 'c d.html' e.conf '送信 済')" "$(complete_words check '')"
result "evidence" "$(lines a.UKE)" "$(complete_words check --evidence a)"
result "output" "$(lines a.UKE)" "$(complete_words apply a.UKE -o a)"
result "journals and folders" "$(lines b.UKE.fusho '送信 済')" "$(complete_words ledger '')"
result "journals for undo" "$(lines b.UKE.fusho '送信 済')" "$(complete_words undo '')"
result "other files where no journal fits" "$(lines a.UKE)" "$(complete_words ledger a)"
result "pages" "$(lines 'c d.html' '送信 済')" "$(complete_words ledger --report '')"
result "settings" "$(lines e.conf '送信 済')" "$(complete_words check --config '')"
result "form has no operand" "$(lines '')" "$(complete_words form '')"
result "codes come from the command" "$(fusho explain | sed 's/ .*//' | sort)" "$(complete_words explain '')"
echo "1..$n"
