#!/bin/sh
# Makes the inputs that fuzzing begins with, a folder for each target: from the fixtures, and from
# the texts in corpus/ (tests/fuzz/corpus/TARGET/*.txt).
# usage: make-seeds.sh OUTDIR; SRCDIR, FUSHO_FIXTURES (made fixtures), FUSHO and FUSHO_PLUGIN are
# as `make check` sets them
set -eu
LC_ALL=C
export LC_ALL
out=${1:?usage: make-seeds.sh OUTDIR} src=${SRCDIR:?} made=${FUSHO_FIXTURES:?}
texts=$src/fixtures/findings
mkdir -p "$out/tmp"
tmp=$out/tmp
trap 'rm -rf "$tmp"' EXIT
for c in "$src"/tests/fuzz/corpus/*/; do
    mkdir -p "$out/$(basename "$c")"
done

separator() { printf '%%%%%%%%\n'; }

# A claim file as a text has it becomes one as a receipt computer writes it: CP932, CRLF, 0x1A. {82}
# becomes that byte; lines that begin with #! are not for us.
claim() { # text output
    iconv -f UTF-8 -t CP932 "$1" >"$tmp/sjis" || return 1
    bytes "$tmp/sjis" '\r\n' | grep -av '^#! ' >"$2" || :
    printf '\032' >>"$2"
}

bytes() { # file line-end
    awk -v end="$2" '
        function digit(c) { return index("0123456789ABCDEF", c) - 1 }
        {
            while (match($0, /[{][0-9A-F][0-9A-F][}]/)) {
                printf "%s%c", substr($0, 1, RSTART - 1), \
                    digit(substr($0, RSTART + 1, 1)) * 16 + digit(substr($0, RSTART + 2, 1))
                $0 = substr($0, RSTART + 4)
            }
            printf "%s%s", $0, end
        }' "$1"
}

# The parts of a claim call: everything before the first RE, the claim, the evidence.
call() { # claim-file evidence output
    awk 'index($0, "RE,") == 1 && !seen++ { printf "%%%%%%%%\n" }
         index($0, "RE,") == 1 && seen++ > 1 { exit }
         /^(GO|\032)/ { exit } { print }' "$1" >"$3"
    [ -z "$2" ] || { separator && cat "$2"; } >>"$3"
}

put() { # text evidence name
    claim "$1" "$tmp/claim" || return 0
    cp "$tmp/claim" "$out/reader/$3"
    cp "$tmp/claim" "$out/claim/$3"
    cp "$tmp/claim" "$out/scan/$3"
    cp "$1" "$out/utf8/$3"
    call "$tmp/claim" "$2" "$out/claim_call/$3"
    cp "$tmp/claim" "$out/apply/$3"
    [ -z "$2" ] || { separator && cat "$2"; } >>"$out/apply/$3"
}

# A month's claims one by one, each with the captures of its karte number: $tmp/cut/N.txt, N.xml.
cut_up() { # month.txt captures.xml
    rm -rf "$tmp/cut"
    mkdir "$tmp/cut"
    awk -v to="$tmp/cut/" '
        FNR == NR {
            if (/<capture /) block = karte = ""
            block = block $0 "\n"
            if (match($0, /karte="[0-9]+"/)) karte = substr($0, RSTART + 7, RLENGTH - 8)
            if (/<\/capture>/ && karte) { captures[karte] = captures[karte] block; block = "" }
            next
        }
        /^RE,/ {
            n++
            for (k in captures)
                if (index($0, "," k ","))
                    printf "<captures xmlns=\"urn:fusho:capture:1\">\n%s</captures>\n", \
                        captures[k] >(to n ".xml")
            printf "%s", head >(to n ".txt")
        }
        n { print >(to n ".txt"); next }
        { head = head $0 "\n" }' "$2" "$1"
}

seed() { # target file name
    cp "$2" "$out/$1/$3"
}

journal() { # name input evidence
    [ -n "${FUSHO:-}" ] || return 0
    "$FUSHO" apply --plugin "$FUSHO_PLUGIN" --today 2026-11-09 --evidence "$3" --force "$2" \
        -o "$tmp/o" >/dev/null 2>&1 || :
    [ -f "$tmp/o.fusho" ] || return 0
    seed journal "$tmp/o.fusho" "$1"
    seed ledger "$tmp/o.fusho" "$1"
    "$FUSHO" apply --plugin "$FUSHO_PLUGIN" --today 2026-11-09 --evidence "$3" --force "$2" \
        --journal-ranges -o "$tmp/o" >/dev/null 2>&1 || :
    seed journal "$tmp/o.fusho" "$1-ranges"
    seed ledger "$tmp/o.fusho" "$1-ranges"
}

# ---- fixtures ----

for month in "$src"/fixtures/*/month.txt; do
    dir=${month%/*}
    name=month-$(basename "$dir")
    put "$month" "$dir/captures.xml" "$name"
    seed capture_xml "$dir/captures.xml" "$name"
    cut_up "$month" "$dir/captures.xml"
    for f in "$tmp"/cut/*.txt; do
        evidence=${f%.txt}.xml
        [ -f "$evidence" ] || evidence=
        put "$f" "$evidence" "$name-$(basename "$f" .txt)"
    done
    for f in "$made/$(basename "$dir")"/RECEIPT?.UKE; do
        [ -f "$f" ] && journal "$name" "$f" "$dir/captures.xml"
    done
    [ ! -f "$dir/captures.csv" ] || seed capture_csv "$dir/captures.csv" "$name"
    for f in "$dir"/oqs/*.xml; do
        [ -f "$f" ] && seed oqs "$f" "$name-$(basename "$f")"
    done
done
for text in "$texts"/*/hit-*.txt; do
    code=$(basename "$(dirname "$text")") base=${text%.txt}
    name=$code-$(basename "$base")
    evidence=
    [ -f "$base.xml" ] && evidence=$base.xml
    [ -f "$base.csv" ] && evidence=$base.csv
    # Without evidence one text of a code and claim type is enough.
    case $evidence:${base##*/} in :hit-*-*) continue ;; esac
    case $(wc -c <"$text") in ?????*) continue ;; esac
    grep -q '^#! charset' "$text" && continue
    put "$text" "$evidence" "$name"
    case $evidence in
    *.csv) seed capture_csv "$evidence" "$name" ;;
    *.xml)
        if grep -q XmlMsg "$evidence"; then
            seed oqs "$evidence" "$name"
        else
            seed capture_xml "$evidence" "$name"
        fi
        ;;
    esac
done
for f in "$src"/fixtures/evidence/*/oqs/*.xml; do
    case $f in *.gz.xml) continue ;; esac
    seed oqs "$f" "$(basename "${f%/oqs/*}")-$(basename "$f")"
done
for f in "$src"/fixtures/evidence/*/*.csv; do
    seed capture_csv "$f" "$(basename "${f%/*}")-$(basename "$f")"
done

# ---- texts kept here: claim-* is a claim file up to the first separator, sjis-* is CP932 ----

for text in "$src"/tests/fuzz/corpus/*/*.txt; do
    target=$(basename "${text%/*}") name=$(basename "$text" .txt)
    case $name in
    sjis-*)
        iconv -f UTF-8 -t CP932 "$text" >"$tmp/sjis"
        bytes "$tmp/sjis" '\n' >"$out/$target/$name"
        ;;
    claim-*)
        awk '/^%%%%$/ { exit } { print }' "$text" >"$tmp/text"
        claim "$tmp/text" "$out/$target/$name"
        if grep -q '^%%%%$' "$text"; then
            awk 'rest { print } /^%%%%$/ && !rest++ { print }' "$text" >"$tmp/rest"
            bytes "$tmp/rest" '\n' >>"$out/$target/$name"
        fi
        ;;
    *) bytes "$text" '\n' >"$out/$target/$name" ;;
    esac
done
