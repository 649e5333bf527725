#!/bin/sh
# Nobody who is in the input is in what fusho says on standard error, whatever happens; what it
# writes is for the owner only, whatever the umask; and a run that fails leaves no memory dump. TAP.
# FUSHO_SLOW=1: also the inputs that are near a finding.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
src=$(cd "${SRCDIR:-.}" && pwd)
top=$(mktemp -d) || exit 99
trap 'chmod -R u+rwx "$top" && rm -rf "$top"' EXIT
fixtures=$(cd "$FUSHO_FIXTURES" && pwd)
mkdir "$top/home" "$top/tmp" "$top/w"
HOME=$top/home TMPDIR=$top/tmp XDG_CONFIG_HOME=
export HOME TMPDIR XDG_CONFIG_HOME
cd "$top/w" || exit 99
runs=0
why=$top/why
details() { head -n 5 "$why" | cut -c 1-200; }

# ---- who is in the input ----

# Names, kana, numbers and texts of claims and captures, a line each: what is shorter than a
# person's name stands in ordinary sentences too.
{
    cat "$src"/fixtures/*/month.txt "$src"/fixtures/findings/*/* | tr -d '\r' | awk -F , '
        $1 == "RE" { print $5; for (i = 36; i <= 38; i++) print $i; if ($7 ~ /^[12][0-9]{7}$/) print $7 }
        $1 == "HO" { print $3; print $4 }
        $1 == "CO" || $1 == "CI" || $1 == "TO" { print $NF; print $(NF - 1); print $5 }'
    cat "$src"/fixtures/*/captures.xml "$src"/fixtures/*/captures.csv | tr '"<>|,' '\n'
    find "$src/fixtures" -path '*oqs*' -type f -exec cat {} + | tr '<>' '\n'
} 2>/dev/null | sed 's/^ *//; s/ *$//' | grep -vE '[a-z]|^[A-Z]|=' | awk 'length($0) >= 8 &&
    (/[\200-\377]/ ? length($0) >= 12 : /^[0-9-]*$/ && length($0) >= 8 && !/^20[0-9-]*$/)' |
    sort -u >"$top/all"
# Words that a sentence of fusho may use about nobody in particular.
{ "$FUSHO" explain --plugin "$FUSHO_PLUGIN" && cat "$src"/core/*/*.def "$src"/plugin/host/*.def; } >"$top/words"
while IFS= read -r word; do
    grep -qF -- "$word" "$top/words" || printf '%s\n' "$word"
done <"$top/all" >"$top/persons"
iconv -c -f UTF-8 -t CP932 "$top/persons" >"$top/persons.cp932"
sed 's/　//; s/ //' "$top/persons" >"$top/persons.joined"
cat "$top/persons" "$top/persons.cp932" "$top/persons.joined" | grep . | sort -u >"$top/secret"
wc -l <"$top/persons" >"$top/why"
[ "$(wc -l <"$top/persons")" -gt 150 ] && grep -q '鈴木　良子' "$top/secret" && grep -q '03-0000-1109' "$top/secret"
ok $? "the persons of the fixtures are known ($(wc -l <"$top/persons") texts)"

awk -F , '$1 == "RE" && length($5) > 8 { print $5 }' "$src"/fixtures/*/month.txt | grep '　' | sort -u >"$top/names"
: >"$top/listed"

: >"$top/seen"
run() { # a name for it, arguments; all that was said is kept
    what=$1
    shift
    runs=$((runs + 1))
    "$FUSHO" "$@" --plugin "$FUSHO_PLUGIN" >"$top/out" 2>"$top/err" </dev/null
    # What was named on the command line may be said again.
    sed "s|^|$what: |" "$top/err" >>"$top/seen"
}
none() { # name; nobody in anything said since the last time
    grep -aF -f "$top/secret" "$top/seen" >"$top/why"
    [ $? = 1 ] && [ -s "$top/seen" ] && [ "$runs" -gt 0 ]
    ok $? "$1 ($runs runs)"
    : >"$top/seen"
    runs=0
}
loud='--verbose --progress always'

# ---- what is well and what is refused ----

evidence_of() {
    for e in captures.xml captures.csv oqs; do
        [ -e "$1/$e" ] && printf ' --evidence %s' "$1/$e"
    done
}
for dir in "$fixtures"/*; do
    for file in "$dir"/RECEIPT*.UKE "$dir"/RECEIPT*.HEN; do
        [ -e "$file" ] || continue
        for format in text json junit sarif; do
            # shellcheck disable=SC2046,SC2086
            run apply apply $loud --today 2026-11-09 $(evidence_of "$dir") --format $format "$file" -o o
            [ $format = json ] || grep -aF -f "$top/names" "$top/out" >>"$top/listed"
            run undo undo o.fusho --progress always -o back
            run ledger ledger --progress always --today 2026-11-09 o.fusho
            rm -f o o.fusho back
        done
    done
done
none "all months, applied, taken back and listed"
cp "$top/listed" "$top/why"
[ -s "$top/names" ] && [ ! -s "$top/listed" ]
ok $? "no name in the listings but json"

for input in "$src"/fixtures/findings/*/*; do
    [ -f "$input" ] || continue
    case $input in
    */near*) [ "${FUSHO_SLOW:-}" ] || continue ;;
    esac
    case $input in
    *.xml | *.csv | *.gz) run evidence check --verbose --today 2026-11-09 --evidence "$input" "$fixtures/ika/RECEIPTC.UKE" ;;
    *)
        iconv -c -f UTF-8 -t CP932 "$input" | sed 's/$/\r/' >in.uke
        run apply apply --verbose --today 2026-11-09 in.uke -o o
        rm -f o o.fusho
        run copy check --verbose --today 2026-11-09 --encoding utf-8 "$input"
        ;;
    esac
done
none "every input of the findings"

month=$fixtures/ika/RECEIPTC.UKE captures=$fixtures/ika/captures.xml
size=$(wc -c <"$month")
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    head -c $((size * i / 21)) "$month" >cut.uke
    run cut apply --verbose cut.uke -o o
    tail -c $((size * i / 21)) "$month" >cut.uke
    run tail apply --verbose cut.uke -o o
    gzip -c "$month" | head -c $((100 * i)) >cut.uke
    run gzip apply --verbose cut.uke -o o
    head -c $(($(wc -c <"$captures") * i / 21)) "$captures" >cut.xml
    run captures apply --verbose --evidence cut.xml "$month" -o o
    rm -f o o.fusho
done
iconv -f CP932 -t UTF-8 "$month" >utf8.uke
run utf8 check --verbose utf8.uke
run cp932 check --verbose --encoding utf-8 "$month"
tr -d '\n' <"$month" >line.uke
run line check --verbose line.uke
tr ',' '\n' <"$month" >fields.uke
run fields check --verbose fields.uke
for from in sex= birth= outcome= kind= document= 'patient ' 'capture ' 'phone=' result= month= at= '<address' '<check'; do
    case $from in
    *=) sed "s|$from\"[^\"]*\"|$from\"鈴木　良子\"|" "$captures" >odd.xml ;;
    *) sed "s|$from|${from% }鈴木良子 |" "$captures" >odd.xml ;;
    esac
    run "$from" apply --verbose --evidence odd.xml "$month" -o o
    rm -f o o.fusho
done
sed '1s/karte/鈴木　良子/' "$fixtures/ika/captures.csv" >odd.csv
run column check --verbose --evidence odd.csv "$month"
sed 's/,1991-04-05/,鈴木　良子/; s/,mynacard/,鈴木　良子/' "$fixtures/ika/captures.csv" >odd.csv
run value check --verbose --evidence odd.csv "$month"
sed 's/202610,/"202610,/' "$fixtures/ika/captures.csv" >odd.csv
run quote check --verbose --evidence odd.csv "$month"
cp "$captures" conf
run config check --verbose --config conf "$month"
run config check --verbose --config "$month" "$month"
run config check --verbose --config "$fixtures/ika/captures.csv" "$month"
run journal undo "$captures" -o o
run journal ledger "$captures" "$month"
run journal apply --ledger "$captures" "$month" -o o
run swapped apply --evidence "$month" "$captures" -o o
run today check --today 鈴木　良子 "$month"
run format check --format 鈴木　良子 "$month"
run option check --鈴木　良子 "$month"
run verb 鈴木　良子
none "what is refused"

# ---- storage ----

run exists apply --verbose "$month" -o "$captures"
run full apply --verbose "$month" -o /dev/full
run missing apply --verbose "$month" -o no/such/folder
for k in 0 1 4 8; do
    for verb in apply check; do
        rm -f o o.fusho r.html
        to=
        [ $verb = check ] || to='-o o'
        # shellcheck disable=SC2086
        (ulimit -f $k && exec "$FUSHO" $verb $loud --today 2026-11-09 --evidence "$captures" --report r.html \
            "$month" $to --plugin "$FUSHO_PLUGIN") >/dev/null 2>"$top/err"
        sed "s|^|$verb $k: |" "$top/err" >>"$top/seen"
        runs=$((runs + 1))
    done
done
(ulimit -f 8 && exec "$FUSHO" check --plugin "$FUSHO_PLUGIN" - <"$month") >/dev/null 2>>"$top/seen"
"$FUSHO" check --plugin "$FUSHO_PLUGIN" --evidence "$captures" "$month" >/dev/full 2>>"$top/seen"
for no in "$month" "$captures"; do
    cp "$no" closed && chmod 0 closed
    run closed apply --verbose --evidence closed closed -o o
    rm -f closed o o.fusho
done
none "storage that fails"

# ---- modes ----

for mask in 000 022 077 277 777; do
    rm -f o o.fusho r.html form.html back
    (umask $mask && "$FUSHO" apply --plugin "$FUSHO_PLUGIN" --today 2026-11-09 --evidence "$captures" \
        --report r.html "$month" -o o) >"$top/out" 2>"$top/why"
    (umask $mask && "$FUSHO" undo --plugin "$FUSHO_PLUGIN" o.fusho -o back) >"$top/out" 2>>"$top/why"
    stat -c '%a %n' o o.fusho r.html back >>"$top/why" 2>&1
    [ "$(stat -c %a o o.fusho r.html back | sort -u)" = 600 ]
    ok $? "umask $mask: all is written 0600"
done

# While it runs: nothing is open for anybody else, and what waits in TMPDIR has no name.
umask 000
mkfifo pipe
"$FUSHO" check --plugin "$FUSHO_PLUGIN" - <pipe >/dev/null 2>"$top/err" &
pid=$!
exec 9>pipe
head -c 5000 "$month" >&9
for _ in 1 2 3 4 5 6 7 8 9 10; do
    at=$(find /proc/$pid/fd -lname "$top/tmp/.fusho-*" 2>/dev/null | head -n 1)
    [ "$at" ] && break
    sleep 0.2
done
if [ "$at" ]; then
    { stat -L -c '%a %h' "$at" && readlink "$at"; } >"$top/why" 2>&1
    [ "$(stat -L -c '%a %h' "$at")" = '600 0' ]
    ok $? "what came through a pipe waits 0600 and without a name"
    readlink "$at" | grep -qE '/\.fusho-[0-9a-f]{16}\.tmp \(deleted\)$'
    ok $? "and never had one that says anything"
else
    skip "the file of a pipe" "no /proc"
    skip "its name" "no /proc"
fi
if [ -r /proc/$pid/limits ]; then
    grep 'core file size' /proc/$pid/limits >"$top/why"
    grep -qE 'core file size +0 +0 ' "$top/why"
    ok $? "no memory dump may be written"
fi
kill -s ABRT $pid
exec 9>&-
wait $pid 2>/dev/null
[ -z "$(find . "$top/tmp" -name 'core*')" ] && [ -z "$(ls -A "$top/tmp")" ]
ok $? "and a run that is aborted leaves nothing"
echo "1..$n"
