# Completion of fusho for bash. tests/completion.sh compares it with what the command knows.

_fusho_words() { # LIST: the words of it that begin with $cur
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_fusho_files() { # [PATTERN]: files that fit and folders; all files where none fits
    compopt -o filenames 2>/dev/null
    COMPREPLY=()
    [ -z "${1-}" ] || mapfile -t COMPREPLY < <(
        compgen -f -X "!$1" -- "$cur"
        compgen -d -- "$cur"
    )
    [ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_fusho_value() { # OPTION VERB: the values of an option; false where it takes none
    case $1 in
    --format)
        case $2 in
        ledger) _fusho_words 'text json csv html' ;;
        *) _fusho_words 'text json junit sarif' ;;
        esac
        ;;
    --insurer-number) _fusho_words '77777777 77777779' ;;
    --bango-width) _fusho_words 'auto half full' ;;
    --former-with-kohi) _fusho_words 'former fusho hold' ;;
    --progress | --color) _fusho_words 'auto always never' ;;
    --encoding) _fusho_words 'cp932 utf-8' ;;
    --lang) _fusho_words 'ja en' ;;
    --ledger | --journal) _fusho_files '*.fusho' ;;
    --report) _fusho_files '*.html' ;;
    --config) _fusho_files '*.conf' ;;
    --plugin) _fusho_files '*.so' ;;
    --evidence | --from | --output | -o) _fusho_files ;;
    --today) COMPREPLY=() ;;
    --jobs) COMPREPLY=() ;;
    *) return 1 ;;
    esac
}

_fusho_options() { # VERB
    local every='--verbose --color --lang --config --no-config --plugin --version --help'
    local decide='--evidence --ledger --insurer-number --bango-width --former-with-kohi --jobs'
    local report='--format --report --today --mask --progress --force'
    case $1 in
    apply) _fusho_words "$decide $report --output --journal --journal-ranges --dry-run $every" ;;
    check) _fusho_words "$decide $report --encoding $every" ;;
    undo) _fusho_words "--from --output --format --progress --force $every" ;;
    ledger) _fusho_words "$report $every" ;;
    form) _fusho_words "--output --force $every" ;;
    *) _fusho_words "$every" ;;
    esac
}

_fusho_operand() { # VERB
    case $1 in
    '') _fusho_words 'apply check undo ledger form explain help' ;;
    help) _fusho_words 'apply check undo ledger form explain' ;;
    explain) _fusho_words "$("${COMP_WORDS[0]}" explain --no-config 2>/dev/null | sed 's/ .*//')" ;;
    undo | ledger) _fusho_files '*.fusho' ;;
    form) COMPREPLY=() ;;
    *) _fusho_files ;;
    esac
}

_fusho() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} verb='' i
    # "--format=js" comes as three words
    if [ "$cur" = = ]; then
        cur=
    elif [ "$prev" = = ]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        apply | check | undo | ledger | form | explain | help)
            verb=${COMP_WORDS[i]}
            break
            ;;
        esac
    done
    _fusho_value "$prev" "$verb" && return
    case $cur in
    -*) _fusho_options "$verb" ;;
    *) _fusho_operand "$verb" ;;
    esac
}

complete -F _fusho fusho
