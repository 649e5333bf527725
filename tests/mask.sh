#!/bin/sh
# With --mask nothing of a person shows: every bundled month, every hit of fixtures/findings and every
# case of fixtures/evidence again, in all formats, with the HTML report and the ledger, searched for every name,
# date of birth, number, telephone, address and employer that stands in the claims and captures. The
# same search must find them without --mask. Prints TAP.
set -u
. "$(dirname "$0")/tap.sh"
real=${FUSHO:?} plugin=${FUSHO_PLUGIN:?} out=${FUSHO_FIXTURES:?}
src=${SRCDIR:-.}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
REAL=$(absolute "$real")
PLUGIN=$(absolute "$plugin")
CASES=$work/cases
export REAL PLUGIN CASES
mkdir "$CASES" || exit 99

# In place of the command: the command, and then a case for the search.
cat >"$work/fusho" <<'END'
#!/bin/sh
"$REAL" "$@"
status=$?
case ${WORK-} in */run/*) exit $status ;; esac # a script that breaks something on purpose
case $1 in apply | check) ;; *) exit $status ;; esac
case " $* " in *' - '*) exit $status ;; esac
case=$CASES/$(($(ls "$CASES" | wc -l) + 1))
mkdir "$case" "$case/evidence" || exit 99
verb=$1 skip='' keep=''
shift
for a in "$@"; do
    shift
    case $skip in
    drop) skip='' && continue ;;
    evidence) skip='' && cp -R "$a" "$case/evidence/$(ls "$case/evidence" | wc -l).${a##*/}" 2>/dev/null ;;
    keep) skip='' ;;
    *) case $a in
        --format | --report | --journal | -o | --output) skip=drop && continue ;;
        --force | --dry-run | --verbose | --progress=* | --format=*) continue ;;
        --evidence) skip=evidence ;;
        --*=*) ;;
        --insurer-number | --bango-width | --former-with-kohi | --today | --lang | --jobs | --plugin | --progress) skip=keep ;;
        -*) ;;
        *) cp "$a" "$case/claims" 2>/dev/null ;;
        esac ;;
    esac
    set -- "$@" "$a"
done
[ "$verb" = check ] || set -- "$@" --dry-run -o "$case/none"
for mask in '' --mask; do
    for format in text junit sarif "json --force --report $case/r$mask.html"; do
        # shellcheck disable=SC2086
        "$REAL" "$verb" "$@" --verbose --format $format $mask 2>/dev/null </dev/null \
            >>"$case/${mask:-plain}"
    done
done
cat "$case/r.html" >>"$case/plain" 2>/dev/null
cat "$case/r--mask.html" >>"$case/--mask" 2>/dev/null
exit $status
END
chmod +x "$work/fusho" || exit 99

utf8() { # file, perhaps .gz or CP932
    case $1 in *.gz) gzip -d -c "$1" 2>/dev/null >"$work/raw" ;; *) cat "$1" >"$work/raw" ;; esac
    iconv -f UTF-8 -t UTF-8 "$work/raw" 2>/dev/null >"$work/text" ||
        iconv -c -f CP932 -t UTF-8 "$work/raw" 2>/dev/null >"$work/text"
    tr -d '\r\032' <"$work/text"
    echo
}

# "kind value" for everything personal of a claim file; "open value" for what may show.
of_claims() {
    LC_ALL=C awk -F, '
        function say(kind, v) { if (v != "") print kind "\t" v }
        function kana(v) { return v ~ /^(\343\202[\241-\277]|\343\203[\200-\277]|\343\200\200)+$/ }
        NR == 1 { karte = $1 == "UK" ? 16 : $1 == "YK" ? 36 : 14; birth = $1 == "HM" ? 8 : 7 }
        /^RE,/ {
            say("open", $2); say("open", $3); say("open", $4)
            say("name", $5); say("birth", $birth); say("karte", $karte)
            if ($birth ~ /^[0-9]+$/ && length($birth) == 8)
                say("birth", substr($birth, 1, 4) "-" substr($birth, 5, 2) "-" substr($birth, 7))
            for (i = 6; i <= NF; i++)
                if (kana($i))
                    say("kana", $i)
        }
        /^HO,/ { say("open", $2); say("kigo", $3); say("bango", $4) }
        /^KO,/ { say("open", $2); say("jukyusha", $3) }
        /^SN,/ { say("kigo", $5); say("bango", $6); say("jukyusha", $8) }
        /^(CO|TK|SJ),/ {
            for (i = 2; i <= NF; i++)
                if ($i ~ /[\200-\377]/)
                    say("tekiyo", $i)
        }' "$1"
}

# The same for a capture, a table of captures or an online-check response.
of_evidence() {
    LC_ALL=C awk '
        function say(kind, v,    i, c, w) {
            if (v == "")
                return
            print kind "\t" v
            if (v ~ /[\200-\377]/ || (kind != "phone" && kind != "kigo" && kind != "bango"))
                return
            for (i = 1; i <= length(v); i++) { # as the claim has it
                c = index("0123456789-", substr(v, i, 1))
                w = w (c ? substr("\357\274\220\357\274\221\357\274\222\357\274\223\357\274\224\357\274\225\357\274\226\357\274\227\357\274\230\357\274\231\357\274\215", 3 * c - 2, 3) : substr(v, i, 1))
            }
            print kind "\t" w
        }
        function attribute(line, name, kind,    from, v) {
            while (match(line, "[ \t]" name "=[\"\047]")) {
                from = substr(line, RSTART + RLENGTH)
                match(from, /[\"\047]/)
                v = substr(from, 1, RSTART - 1)
                say(kind, v)
                line = from
            }
        }
        function element(line, name, kind,    v) {
            if (match(line, "<" name ">[^<]*<")) {
                v = substr(line, RSTART, RLENGTH - 1)
                say(kind, substr(v, index(v, ">") + 1))
            }
        }
        NR == 1 && /(^|,)(id|month)(,|$)/ { csv = 1; columns = split($0, head, ","); next }
        csv {
            k = split($0, cell, ",")
            for (i = 1; i <= k && $0 !~ /"/; i++) {
                h = head[i]
                sub(/^(current|former)_/, "", h)
                if (h ~ /^(name|kana|birth|karte|kigo|bango|phone|workplace|address)$/)
                    say(h, cell[i])
            }
            next
        }
        {
            attribute($0, "name", "name"); attribute($0, "kana", "kana"); attribute($0, "birth", "birth")
            attribute($0, "karte", "karte"); attribute($0, "kigo", "kigo"); attribute($0, "bango", "bango")
            attribute($0, "phone", "phone"); attribute($0, "workplace", "workplace")
            attribute($0, "insurer-name", "declared")
            element($0, "address", "address"); element($0, "Address", "address")
            element($0, "Name", "name"); element($0, "NameKana", "kana"); element($0, "Birthdate", "birth")
            element($0, "InsuredCardSymbol", "kigo"); element($0, "InsuredIdentificationNumber", "bango")
            element($0, "ReferenceNumber", "karte")
        }' "$1"
}

# Where a value shows in a listing: "plain kind" or "leak kind value line". Left out of the search
# is what is too short to tell (a 番号 of two digits), what our own texts and file formats say too,
# and what stands where it may.
search() { # secrets plain masked
    LC_ALL=C awk -F '\t' -v plain="$2" -v ours="$work/ours" '
        function shows(line, v,    at, from, before, after) {
            from = 0
            while ((at = index(substr(line, from + 1), v)) > 0) {
                at += from
                if (v !~ /^[0-9-]+$/)
                    return 1
                before = at > 1 ? substr(line, at - 1, 1) : ""
                after = substr(line, at + length(v), 1)
                if (before !~ /[0-9]/ && after !~ /[0-9]/)
                    return 1
                from = at
            }
            return 0
        }
        BEGIN { rs = RS; RS = "\001"; getline own <ours; RS = rs }
        FNR == 1 { file++ }
        file == 1 && $1 == "open" { open[$2] = 1; next }
        file == 1 {
            gsub(/^[ \t]+|[ \t]+$/, "", $2)
            if (length($2) < ($2 ~ /[\200-\377]/ ? 6 : 4) || ($2 in kind) || $2 ~ /^(7|\357\274\227)*$/)
                next
            if (index(own, $2) == 0)
                kind[$2] = $1
            next
        }
        {
            for (v in kind)
                if (!(v in open) && shows($0, v)) {
                    if (FILENAME == plain)
                        print "plain " kind[v]
                    else
                        print "leak " kind[v] " " v ": " substr($0, 1, 300)
                }
        }' "$1" "$2" "$3"
}

# Everything our own texts may say by themselves.
cat "$src"/core/rules/*.def "$src"/core/report/*.def "$src"/core/report/*.css "$src"/core/report/*.js \
    "$src"/core/report/*.c "$src"/core/evidence/*.[ch] "$src"/core/decide/*.c "$src"/core/check/*.c \
    2>/dev/null >"$work/ours"

FUSHO=$work/fusho
export FUSHO
for dir in "$out"/*/; do
    for file in "$dir"RECEIPT*.UKE "$dir"RECEIPT*.HEN; do
        case $file in *'*'* | *-LF.UKE | *-NOEOF.UKE | *-TRIM.UKE) continue ;; esac
        "$FUSHO" apply --plugin "$PLUGIN" --today 2026-11-09 --evidence "$dir" "$file" \
            -o "$work/o" --force >"$work/listing" 2>&1
        case=$CASES/$(ls "$CASES" | wc -l)
        for mask in '' --mask; do
            for format in text json csv html; do
                # shellcheck disable=SC2086
                "$REAL" ledger --plugin "$PLUGIN" --today 2026-12-01 --format $format $mask \
                    "$work/o.fusho" 2>/dev/null >>"$case/${mask:-plain}"
            done
        done
        cat "$case/--mask" >>"$work/ledgers"
    done
done
months=$(ls "$CASES" | wc -l)

# Every personal field written so that a finding quotes it, and a capture whose items are all wrong.
cat >"$work/wrong.txt" <<'END'
IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001
RE,1,1122,202610,夏目Soseki,1,1867-02-09,,,,,,,00697000000000000000012,,,,,123x,,漱石の枕,,,,,,,,,,,,,,,,ナツメsoseki,
HO,01139906,１２３x,４５６x,2,434,,,,,,,,,
KO,12139904,12345678,,2,434,,,,,,
SN,1,01,,６７８x,９０１x,003,7654321x,
SY,8833421,20261001,1,,猫の病ill,01,
CO,01,1,810000001,千駄木の家home
SI,11,1,111000110,,291,1,,,,,,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,
GO,1,434,99
END
cat >"$work/夏目漱石.xml" <<'END'
<?xml version="1.0" encoding="UTF-8"?>
<captures xmlns="urn:fusho:capture:1">
  <capture id="c1" month="202610">
    <patient karte="00697000000000000000012" name="夏目漱石" kana="ナツメソウセキ" birth="1867-13-09" sex="male"/>
    <presented document="夏目の手紙"/>
    <qualification status="夏目" source="screen" insurer="01139906" kigo="１２３x" bango="４５６x"/>
    <declaration on="1867-02-30" kind="漱石" insurer-name="見本組合" workplace="朝日新聞見本社" share="5" phone="03-1867-0209">
      <address>東京都見本区千駄木５７</address>
    </declaration>
    <contact on="2026-10-28" result="千駄木の留守番"/>
  </capture>
</captures>
END
{ iconv -f UTF-8 -t CP932 "$work/wrong.txt" | sed 's/$/\r/' && printf '\032'; } >"$work/RECEIPTC.UKE"
"$FUSHO" check --plugin "$PLUGIN" --today 2026-11-09 --evidence "$work/夏目漱石.xml" \
    "$work/RECEIPTC.UKE" >"$work/listing" 2>&1
[ "$months" -ge 7 ]
ok $? "the bundled months were searched ($months)"
[ "$(grep -c '"type":"ledger-entry"' "$work/ledgers")" -ge 7 ]
ok $? "so were their ledgers"
sh "$src/tests/evidence-routes.sh" >"$work/log"
FUSHO_KINDS=hit sh "$src/tests/findings.sh" >>"$work/log"
! grep '^not ok' "$work/log"
ok $? "the command behaves as ever"
cases=$(ls "$CASES" | wc -l)
[ "$cases" -ge 300 ]
ok $? "the hits of fixtures/findings were searched ($cases)"

leaks=0
for case in "$CASES"/*; do
    : >"$work/secrets"
    [ ! -f "$case/claims" ] || { utf8 "$case/claims" >"$work/u" && of_claims "$work/u"; } >>"$work/secrets"
    find "$case/evidence" -type f >"$work/files"
    while IFS= read -r file; do
        utf8 "$file" >"$work/u"
        of_evidence "$work/u"
        case $file in
        *.xml | *.csv | *.gz) printf 'file\t%s\n' "$(basename "$file" | sed 's/^[0-9]*\.//')" ;;
        esac
    done <"$work/files" | grep -v '	RECEIPT' >>"$work/secrets"
    search "$work/secrets" "$case/plain" "$case/--mask" >"$work/found"
    grep -a '^plain' "$work/found" >>"$work/seen"
    if grep -a '^leak' "$work/found" | sed "s|^|# ${case##*/}: |"; then leaks=$((leaks + 1)); fi
done >"$work/leaks"
head -n 40 "$work/leaks"
[ ! -s "$work/leaks" ]
ok $? "with --mask nothing of a person shows"
for kind in name kana birth karte kigo bango jukyusha tekiyo phone address workplace declared file; do
    grep -q "^plain $kind\$" "$work/seen"
    ok $? "without --mask the search finds: $kind"
done

# What is written is not masked: file, journal and what undo gives back are the same bytes.
dir=$out/ika
for mask in '' --mask; do
    # shellcheck disable=SC2086
    "$REAL" apply --plugin "$PLUGIN" --today 2026-11-09 --evidence "$dir" "$dir/RECEIPTC.UKE" $mask \
        -o "$work/RECEIPTC.UKE" --force >"$work/listing" 2>&1
    cp "$work/RECEIPTC.UKE" "$work/claims$mask"
    cp "$work/RECEIPTC.UKE.fusho" "$work/journal$mask"
done
cmp -s "$work/claims" "$work/claims--mask" && cmp -s "$work/journal" "$work/journal--mask"
ok $? "claim file and journal are the same with and without --mask"
"$REAL" undo --plugin "$PLUGIN" "$work/journal--mask" -o "$work/back" >"$work/listing" 2>&1 &&
    cmp -s "$work/back" "$dir/RECEIPTC.UKE"
ok $? "undo gives the original"

# The keys of the listing are the same too.
for mask in '' --mask; do
    # shellcheck disable=SC2086
    "$REAL" check --plugin "$PLUGIN" --today 2026-11-09 --evidence "$dir" --format json --verbose $mask \
        "$dir/RECEIPTC.UKE" 2>/dev/null | sed 's/"\([a-z_]*\)":/\n@\1\n/g' | grep '^@' >"$work/keys$mask"
done
[ -s "$work/keys" ] && cmp -s "$work/keys" "$work/keys--mask"
ok $? "the keys of the JSON listing are the same"
echo "1..$n"
