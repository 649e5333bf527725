#!/bin/sh
# What captures and online-check responses make of a claim: fixtures/evidence/CASE holds a month, the
# evidence, and what the rules say comes out (fixtures/evidence/README.md). Prints TAP.
set -u
. "$(dirname "$0")/tap.sh"
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?}
texts=${SRCDIR:-.}/fixtures/evidence
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# Every step writes a file of its own: in a pipe the exit status of iconv would be lost.
cp932() { # text output
    iconv -f UTF-8 -t CP932 "$1" >"$2"
}

claims() { # text output: as a receipt computer writes it
    cp932 "$1" "$work/sjis" || return 1
    LC_ALL=C awk '{ printf "%s\r\n", $0 }' "$work/sjis" >"$2"
    printf '\032' >>"$2"
}

# A name says what its file is to become: x.sjis.gz.xml is CP932, then gzip, as x.xml.gz.
prepared() { # text folder
    name=${1##*/} ending=${1##*.}
    cp "$1" "$work/now" || return 1
    case $name in *.sjis.*) cp932 "$1" "$work/now" || return 1 ;; esac
    case $name in *.bom.*) { printf '\357\273\277' && cat "$1"; } >"$work/now" ;; esac
    case $name in *.crlf.*) LC_ALL=C awk '{ printf "%s\r\n", $0 }' "$1" >"$work/now" ;; esac
    case $name in
    *.gz.*) gzip -n -c "$work/now" >"$2/${name%%.*}.$ending.gz" ;;
    *) cp "$work/now" "$2/${name%%.*}.$ending" ;;
    esac
}

# Routes, findings and edits as expected.txt has them: "1 kyushikaku R610", "1 HO 2 06139901",
# "1 -SN", "1 +820000245"; findings without a claim stand behind "-", as often as they come. Of the
# records that are put in only 旧資格情報 and 不詳 are shown.
shown() {
    LC_ALL=C awk '
        function text(from, key,    s) {
            if (!match(from, "\"" key "\":\"[^\"]*\""))
                return ""
            s = substr(from, RSTART, RLENGTH)
            return substr(s, length(key) + 5, length(s) - length(key) - 5)
        }
        function number(from, key,    s) {
            return match(from, "\"" key "\":[0-9]+") ? substr(from, RSTART + length(key) + 3, RLENGTH - length(key) - 3) : "-"
        }
        function edit(at, e,    op, s) {
            op = text(e, "op")
            if (op == "replace")
                s = text(e, "record") " " number(e, "field") " " text(e, "after")
            else if (op == "delete")
                s = "-" text(e, "record")
            else if (match(e, /82000024[56]/))
                s = "+" substr(e, RSTART, RLENGTH)
            else
                return
            sub(/ $/, "", s)
            edits[at] = edits[at] at " " s "\n"
        }
        /^\{"type":"claim"/ {
            at = number($0, "claim") + 0
            route[at] = text($0, "route")
            if (at > max) max = at
            k = split(substr($0, index($0, "\"edits\":[")), e, /\},\{/)
            for (i = 1; i <= k; i++)
                edit(at, e[i])
        }
        /^\{"type":"finding"/ {
            at = number($0, "claim")
            count[at]++
            code[at, count[at]] = text($0, "code")
        }
        function codes(at,    i, k, t, s) {
            for (i = 2; i <= count[at]; i++)
                for (k = i; k > 1 && code[at, k - 1] > code[at, k]; k--) {
                    t = code[at, k]; code[at, k] = code[at, k - 1]; code[at, k - 1] = t
                }
            for (i = 1; i <= count[at]; i++)
                if (at == "-" || i == 1 || code[at, i] != code[at, i - 1])
                    s = s " " code[at, i]
            return s
        }
        END {
            for (at = 1; at <= max; at++)
                printf "%d %s%s\n%s", at, route[at], codes(at), edits[at]
            if (count["-"])
                print "-" codes("-")
        }' "$1"
}

for dir in "$texts"/*/; do
    dir=${dir%/} case=${dir%/}
    case=${case##*/}
    rm -rf "$work/in" "$work/out" "$work/out.fusho"
    mkdir "$work/in" || exit 99
    set --
    for file in "$dir"/* "$dir"/oqs/*; do
        case ${file##*/} in month.txt | expected.txt) continue ;; esac
        [ -f "$file" ] || continue
        prepared "$file" "$work/in"
        status=$?
        [ $status = 0 ] || ok $status "$case: ${file##*/} can be prepared"
    done
    claims "$dir/month.txt" "$work/RECEIPTC.UKE"
    ok $? "$case: the month can be prepared"
    "$fusho" apply --plugin "$plugin" --today 2026-11-09 --format json --verbose --evidence "$work/in" \
        "$work/RECEIPTC.UKE" -o "$work/out" >"$work/json" 2>"$work/err"
    [ $? -le 1 ]
    ok $? "$case: it runs"
    shown "$work/json" >"$work/got"
    grep -v '^#' "$dir/expected.txt" >"$work/want"
    diff "$work/want" "$work/got" | sed 's/^/# /'
    cmp -s "$work/want" "$work/got"
    ok $? "$case: routes, findings and edits are what the rules say"
done
echo "1..$n"
