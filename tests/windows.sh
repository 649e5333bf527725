#!/bin/sh
# The Windows build under Wine does what the Linux build does, byte for byte. TAP.
#
#   FUSHO_WINDOWS   folder with bin/fusho.exe, bin/fusho.dll and smoke.exe; plugin/windows/build.sh sets it
#   WINE, WINEPREFIX
#   FUSHO, FUSHO_PLUGIN, FUSHO_FIXTURES   the Linux build, as for the other scripts
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C.UTF-8
export LC_ALL
wine=${WINE:-/usr/lib/wine/wine64}
[ "${FUSHO_WINDOWS:-}" ] || skip_all 'plugin/windows/build.sh builds for Windows and runs this'
[ -x "$wine" ] || skip_all 'no wine64'
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?} fixtures=${FUSHO_FIXTURES:?}
exe=$FUSHO_WINDOWS/bin/fusho.exe
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/l" "$work/w" "$work/home"
WINEDEBUG=-all HOME=$work/home TMPDIR=$work
WINEPREFIX=${WINEPREFIX:-$FUSHO_WINDOWS/wine}
export WINEDEBUG HOME TMPDIR WINEPREFIX
unset XDG_CONFIG_HOME
details() { head -n 5 "$work/w/err"; }

linux() { # arguments; status in got_l, texts in l/out and l/err
    (cd "$work/l" && "$fusho" "$@" --plugin "$plugin" >out 2>err </dev/null)
    got_l=$?
}

windows() { # the same with fusho.exe, in w/
    (cd "$work/w" && "$wine" "$exe" "$@" >out 2>err </dev/null)
    got_w=$?
}

both() { # arguments: the same status, listing and messages
    linux "$@"
    windows "$@"
    [ "$got_l" = "$got_w" ] && cmp "$work/l/out" "$work/w/out" && cmp "$work/l/err" "$work/w/err"
}

same() { # names of files both have made
    for f in "$@"; do
        cmp "$work/l/$f" "$work/w/$f" || return 1
    done
}

same_if_made() {
    [ -e "$work/l/$1" ] || [ -e "$work/w/$1" ] || return 0
    same "$1"
}

fresh() {
    rm -rf "${work:?}/l" "$work/w"
    mkdir "$work/l" "$work/w"
    cp -R "$fixtures" "$work/l/in"
    cp -R "$fixtures" "$work/w/in"
}

files_are() { # names in w/ besides in/ and what was printed
    [ "$(cd "$work/w" && find . -mindepth 1 -maxdepth 1 ! -name in ! -name out ! -name err |
        sed 's|^\./||' | sort)" = "$(printf '%s\n' "$@")" ]
}

# ---- every month ----

evidence_of() {
    for e in captures.xml captures.csv oqs; do
        [ -e "$1/$e" ] && printf ' --evidence in/%s/%s' "$2" "$e"
    done
}

fresh
day='--today 2026-11-09'
for dir in "$fixtures"/*/; do
    dir=${dir%/} month=$(basename "$dir")
    for file in "$dir"/RECEIPT*.UKE "$dir"/RECEIPT*.HEN; do
        case $file in *'*'*) continue ;; esac
        name=$(basename "$file") o=$month-$(basename "$file")
        # shellcheck disable=SC2046,SC2086
        both apply $day $(evidence_of "$dir" "$month") --format json --verbose --report "$o.html" \
            "in/$month/$name" -o "$o" && [ "$got_w" -le 1 ] && same "$o" "$o.fusho" "$o.html"
        ok $? "$month/$name: output, journal, listing and report are those of Linux"
        both undo "$o.fusho" -o "$o.back" && cmp -s "$file" "$work/w/$o.back"
        ok $? "$month/$name: undo gives the original"
    done
    # shellcheck disable=SC2046,SC2086
    both check $day $(evidence_of "$dir" "$month") "in/$month/$(basename "$file")"
    ok $? "$month: the text listing is that of Linux"
done
# shellcheck disable=SC2086
both ledger $day ika-RECEIPTC.UKE.fusho ika-kokuho-RECEIPTC.UKE.fusho --report ledger.html &&
    same_if_made ledger.html
ok $? "ledger"
both form -o form.html && same_if_made form.html
ok $? "form"
both explain && both explain T403 && both --version && both --help && both --help --lang en
ok $? "explain, version, help"
# shellcheck disable=SC2086
both apply $day --evidence in/ika/captures.xml --jobs 4 --format json in/ika/RECEIPTC.UKE -o j4
ok $? "four threads"
# shellcheck disable=SC2086
(cd "$work/w" && "$wine" "$exe" apply $day --evidence in/ika/captures.xml --journal j - -o - \
    <in/ika/RECEIPTC.UKE >piped 2>err)
cmp -s "$work/w/piped" "$work/w/j4"
ok $? "standard input to standard output, bytes as they are"

# ---- names ----

fresh
name='請求 １１月/控え と 𠮷田/表 ア.UKE' # U+8868 ends in 5C as CP932; one character beyond the first plane
for d in l w; do
    mkdir -p "$work/$d/${name%/*}"
    cp "$fixtures/ika/RECEIPTC.UKE" "$work/$d/$name"
    cp "$fixtures/ika/captures.xml" "$work/$d/窓口 記録.xml"
done
# shellcheck disable=SC2086
both apply $day --evidence '窓口 記録.xml' --format json "$name" -o "$name.出力" &&
    same "$name.出力" "$name.出力.fusho"
ok $? "Japanese names, blanks, characters of four bytes"
rm "$work/w/$name.出力" "$work/w/$name.出力.fusho"
back=$(printf '%s' "$name" | sed 's|/|\\|g')
# shellcheck disable=SC2086
windows apply $day --evidence '窓口 記録.xml' "$back" -o "$back.出力"
same "$name.出力" && windows undo "$back.出力.fusho" -o '.\back' && cmp "$work/w/back" "$work/w/$name"
ok $? "the same names with \\"
deep=$(printf '%060d/' 1 2 3 4 5)
mkdir -p "$work/l/$deep" "$work/w/$deep"
for d in l w; do cp "$fixtures/ika/RECEIPTC.UKE" "$work/$d/$deep/長い.UKE"; done
# shellcheck disable=SC2086
both apply $day "${deep}長い.UKE" -o "${deep}出力.UKE" && same "${deep}出力.UKE"
ok $? "a name beyond 260 characters"
for d in l w; do
    mkdir -p "$work/$d/e/Ｂ" "$work/$d/e/b" "$work/$d/e/.hidden"
    for f in b/2.xml b/10.XML B.csv a.xml.gz Ｂ/ｱ.xml Ｂ/ア.xml _.xml .hidden/x.xml .y.xml note.txt; do
        echo '<captures xmlns="urn:fusho:capture:1"/>' >"$work/$d/e/$f"
    done
    printf 'id,month\n' >"$work/$d/e/B.csv"
done
# shellcheck disable=SC2086
both check $day --evidence e --format json --verbose in/ika/RECEIPTC.UKE && [ "$got_w" -le 1 ]
ok $? "a folder of evidence"
for d in l w; do echo '<broken' | tee "$work/$d/e/b/2.xml" "$work/$d/e/b/10.XML" >"$work/$d/e/Ｂ/ｱ.xml"; done
# shellcheck disable=SC2086
both check $day --evidence e --format json in/ika/RECEIPTC.UKE && grep -q 'e/b/10.XML' "$work/w/err"
ok $? "evidence is read in the same order: the first of three broken files is told"
# shellcheck disable=SC2086
windows check $day 'in/ika/RECEIPTC*.UKE'
[ "$got_w" = 1 ] && [ "$(grep -c 'RECEIPTC[A-Z-]*.UKE' "$work/w/out")" -ge 4 ]
ok $? "a pattern is what it fits, as the shells of Windows leave it"

# ---- refusals and exit statuses ----

fresh
# shellcheck disable=SC2086
both apply $day in/ika/RECEIPTC.UKE -o o && [ "$got_w" -le 1 ] && files_are o o.fusho
ok $? "nothing is left behind"
cp "$work/w/o" "$work/before"
# shellcheck disable=SC2086
both apply $day in/ika/RECEIPTC.UKE -o o && [ "$got_w" = 4 ] && cmp -s "$work/before" "$work/w/o"
ok $? "4: an output that is there"
# shellcheck disable=SC2086
both apply $day --force --evidence in/ika/captures.xml in/ika/RECEIPTC.UKE -o o && [ "$got_w" = 1 ] &&
    same o o.fusho && files_are o o.fusho
ok $? "1: --force replaces it"
# shellcheck disable=SC2086
both apply $day --force in/ika/RECEIPTC.UKE -o in/ika/RECEIPTC.UKE && [ "$got_w" = 4 ] &&
    cmp -s "$fixtures/ika/RECEIPTC.UKE" "$work/w/in/ika/RECEIPTC.UKE"
ok $? "4: never the input"
# shellcheck disable=SC2086
windows apply $day --force in/ika/RECEIPTC.UKE -o IN/Ika/receiptc.uke
[ "$got_w" = 4 ] && cmp -s "$fixtures/ika/RECEIPTC.UKE" "$work/w/in/ika/RECEIPTC.UKE"
ok $? "4: never the input, also in other letters"
# shellcheck disable=SC2086
windows apply $day --force in/ika/RECEIPTC.UKE -o two.uke --journal TWO.UKE.
[ "$got_w" = 4 ] && files_are o o.fusho
ok $? "4: two outputs whose names are one file's"
# shellcheck disable=SC2086
both apply $day in/ika/RECEIPTC.UKE -o none/o && [ "$got_w" = 4 ]
ok $? "4: no such folder"
for device in NUL nul.uke in/Com1 AUX.txt; do
    # shellcheck disable=SC2086
    windows apply $day --force in/ika/RECEIPTC.UKE -o $device --journal j
    [ "$got_w" = 4 ] && files_are o o.fusho
    ok $? "4: the device $device is no output"
    # shellcheck disable=SC2086
    windows check $day $device
    [ "$got_w" = 3 ] && grep -q '通常のファイルではない' "$work/w/err"
    ok $? "3: nor an input"
done
# shellcheck disable=SC2086
windows apply $day in/ika/RECEIPTC.UKE -o 'Z:\proc\o'
[ "$got_w" = 4 ] && files_are o o.fusho
ok $? "4: a folder in which nothing can be made"
# shellcheck disable=SC2086
both check $day none.uke && [ "$got_w" = 3 ] && both check $day in/ika && [ "$got_w" = 3 ]
ok $? "3: no such file, a folder"
both aply x && [ "$got_w" = 2 ] && both apply x && [ "$got_w" = 2 ]
ok $? "2: wrong usage"
windows check in/ika/RECEIPTC.UKE --plugin nowhere.dll
[ "$got_w" = 5 ] && grep -q 'プラグイン nowhere.dll を読み込めません' "$work/w/err"
ok $? "5: no plugin"
windows check in/ika/RECEIPTC.UKE --plugin in/ika/RECEIPTC.UKE
[ "$got_w" = 5 ]
ok $? "5: no DLL"

# ---- settings ----

fresh
appdata=$("$wine" cmd /c 'echo %APPDATA%' 2>/dev/null | tr -d '\r' | sed 's|^C:|'"$WINEPREFIX"'/drive_c|; s|\\|/|g')
mkdir -p "$appdata/fusho" && printf 'format = json\r\n' >"$appdata/fusho/fusho.conf"
# shellcheck disable=SC2086
windows check $day --verbose in/ika/RECEIPTC.UKE
grep -q '^{"type"' "$work/w/out" && grep -qi 'fusho/fusho.conf' "$work/w/err"
ok $? "settings of the user, in APPDATA"
rm -r "$appdata/fusho"
printf 'evidence = ika/captures.xml\r\nformat = json\r\n' | tee "$work/l/in/fusho.conf" >"$work/w/in/fusho.conf"
cp "$fixtures/ika/RECEIPTC.UKE" "$work/l/in/" && cp "$fixtures/ika/RECEIPTC.UKE" "$work/w/in/"
# shellcheck disable=SC2086
both check $day --verbose in/RECEIPTC.UKE && grep -q '"route":"fusho"' "$work/w/out"
ok $? "settings beside the input, paths relative to them"

# ---- the DLL ----

if objdump=$(command -v x86_64-w64-mingw32-objdump); then
    "$objdump" -p "$FUSHO_WINDOWS/bin/fusho.dll" >"$work/dll"
    got=$(sed -n 's/^\tDLL Name: //p' "$work/dll" | sort | tr '\n' ' ')
    [ "$got" = 'ADVAPI32.dll KERNEL32.dll bcrypt.dll msvcrt.dll ' ]
    ok $? "the DLL needs the system's DLLs only: $got"
    got=$(sed -n 's/^\t\[ *[0-9]*\] \(fusho_[a-z0-9_]*\)$/\1/p; s/^\t\[ *[0-9]*\] +base.*\(fusho_.*\)$/\1/p' "$work/dll" | sort -u)
    [ "$got" = "$(sed -n 's/^ *\(fusho_[a-z0-9_]*\);$/\1/p' "${SRCDIR:-.}/plugin/fusho.map" | sort)" ]
    ok $? "the DLL exports what fusho.map says"
fi

# ---- a host of its own ----

"$wine" "$FUSHO_WINDOWS/smoke.exe" "$FUSHO_WINDOWS/bin/fusho.dll" "$fixtures/ika/RECEIPTC.UKE" \
    "$fixtures/ika/captures.xml" "$work/w/host 出力" >"$work/smoke" 2>"$work/w/err"
status=$?
grep '^not ok' "$work/smoke" | sed 's/^/# /'
[ $status = 0 ] && grep -q '^1\.\.' "$work/smoke"
ok $? "a C host: flat calls, claim call from two threads ($(grep -c '^ok' "$work/smoke") checks)"
echo "1..$n"
