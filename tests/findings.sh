#!/bin/sh
# Every code of core/rules/findings.def against its smallest inputs: fixtures/findings/CODE/hit* has
# it, near* has it not (fixtures/findings/README.md). Prints TAP, a line each input and each code.
# FUSHO_KINDS=hit leaves the others out.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}"
src=${SRCDIR:-.}
texts=$src/fixtures/findings
table=$src/core/rules/findings.def
FUSHO=$(absolute "$FUSHO")
PLUGIN=$(absolute "$FUSHO_PLUGIN")
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
mkdir "$top/files" "$top/run" || exit 99
WORK=$top/files
export FUSHO PLUGIN WORK
runs=0

ok() { # status name why: on one line, there are hundreds
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else echo "not ok $n - $2: $3"; fi
}

has() { # word list
    case " $2 " in *" $1 "*) return 0 ;; esac
    return 1
}

# The lines `#! name=value` at the top of a file.
directives() { # file severity
    eol=crlf eof=yes last=closed charset=cp932 verb=check options='' exit='' also='' severity=$2
    today=2026-11-09
    case ${1##*/} in # the type stands behind the first hyphen
    *-dpc[.-]*) as=RECEIPTD.UKE ;;
    *-shika[.-]*) as=RECEIPTS.UKE ;;
    *-chozai[.-]*) as=RECEIPTY.UKE ;;
    *-houmon[.-]*) as=RECEIPTH.UKE ;;
    *) as=RECEIPTC.UKE ;;
    esac
    while IFS= read -r line; do
        case $line in
        '#!/bin/sh') continue ;;
        '#! '*=*) line=${line#"#! "} ;;
        *) return 0 ;;
        esac
        value=${line#*=}
        case ${line%%=*} in
        eol) eol=$value ;;
        eof) eof=$value ;;
        last) last=$value ;;
        charset) charset=$value ;;
        verb) verb=$value ;;
        options) options=$value ;;
        exit) exit=$value ;;
        also) also=$value ;;
        severity) severity=$value ;;
        today) today=$value ;;
        as) as=$value ;;
        *) return 1 ;;
        esac
    done <"$1"
}

# The records as a receipt computer writes them. Every step writes a file of its own: in a pipe the
# exit status of iconv would be lost.
convert() { # text output
    bytes=$1
    if [ "$charset" = cp932 ]; then
        bytes=$top/bytes
        iconv -f UTF-8 -t CP932 "$1" >"$bytes" || return 1
    fi
    LC_ALL=C awk -v eol="$eol" -v eof="$eof" -v last="$last" '
        function digit(c) { return index("0123456789ABCDEF", c) - 1 }
        BEGIN { end = eol == "lf" ? "\n" : "\r\n" }
        /^#! / && !n { next }
        {
            if (n++) printf "%s", end
            # {82} is that byte.
            while (match($0, /[{][0-9A-F][0-9A-F][}]/)) {
                printf "%s%c", substr($0, 1, RSTART - 1),
                    digit(substr($0, RSTART + 1, 1)) * 16 + digit(substr($0, RSTART + 2, 1))
                $0 = substr($0, RSTART + 4)
            }
            printf "%s", $0
        }
        END {
            if (n && last != "open") printf "%s", end
            if (eof != "no") printf "%c", 26
        }' "$bytes" >"$2"
}

# One claim file through the command; the listing on standard output.
claim_file() { # text
    convert "$1" "$WORK/$as" || return 99
    base=${1%.txt}
    set -- --plugin "$PLUGIN" --format json --today "$today"
    for e in "$base.xml" "$base.csv" "$base.d"; do
        [ ! -e "$e" ] || set -- "$@" --evidence "$e"
    done
    [ "$verb" = check ] || set -- "$@" --force -o "$WORK/out"
    # shellcheck disable=SC2086
    "$FUSHO" "$verb" "$@" $options "$WORK/$as"
}

# A script works in a folder of its own and says by itself what the command is to do.
script() { # file
    runs=$((runs + 1))
    mkdir "$top/run/$runs" || return 99
    WORK=$top/run/$runs sh "$1"
}

# Codes in the listing, and those of severity error, once each; and the code's own severities.
codes() { # code
    got='' errors='' own=''
    sed -n 's/^{"type":"finding","code":"\([A-Z0-9]*\)","severity":"\([a-z]*\)".*/\1 \2/p' \
        "$top/json" >"$top/codes"
    while read -r c s; do
        has "$c" "$got" || got="$got $c"
        [ "$s" != error ] || has "$c" "$errors" || errors="$errors $c"
        [ "$c" != "$1" ] || has "$s" "$own" || own="$own $s"
    done <"$top/codes"
}

# What is wrong with what came, in $why.
judge() { # code kind status
    why=''
    wanted=$also
    if [ "$2" = near ]; then
        ! has "$1" "$got" || why="$why has $1;"
    elif ! has "$1" "$got"; then
        why="$why has no $1;"
    else
        [ "$own" = " $severity" ] || why="$why $1 is$own, not $severity;"
        [ "$severity" != error ] || wanted="$1 $also"
    fi
    for c in $errors; do
        has "$c" "$wanted" || why="$why error $c;"
    done
    for c in $also; do
        has "$c" "$errors" || why="$why no error $c;"
    done
    if [ -z "$exit" ]; then
        exit=0
        [ -z "$errors" ] || exit=1
    fi
    [ "$3" = "$exit" ] || why="$why exit $3, not $exit;"
}

try() { # code kind file severity
    if ! directives "$3" "$4"; then
        ok 1 "$1/${3##*/}" "a line beginning with #! that is no directive: $line"
        return
    fi
    case $3 in
    *.sh) script "$3" >"$top/json" 2>"$top/err" ;;
    *) claim_file "$3" >"$top/json" 2>"$top/err" ;;
    esac
    status=$?
    codes "$1"
    judge "$1" "$2" "$status"
    [ -z "$why" ]
    ok $? "$1/${3##*/}" "$why got:$got"
}

sed -n 's/^FU_FINDING(\([A-Z0-9]*\), FU_\([A-Z]*\),.*/\1 \2/p' "$table" |
    awk '{ print $1, tolower($2) }' >"$top/table"
[ -s "$top/table" ]
ok $? 'the table of findings can be read' "$table"

while read -r code of; do
    for kind in ${FUSHO_KINDS:-hit near}; do
        none=1
        for file in "$texts/$code/$kind"*.txt "$texts/$code/$kind"*.sh; do
            [ -f "$file" ] || continue
            none=0
            try "$code" "$kind" "$file" "$of"
        done
        ok $none "$code has a $kind" "nothing in fixtures/findings/$code"
    done
done <"$top/table"
for dir in "$texts"/*/; do
    dir=${dir%/}
    grep -q "^${dir##*/} " "$top/table"
    ok $? "${dir##*/} is a code of the table" "$dir"
done
echo "1..$n"
