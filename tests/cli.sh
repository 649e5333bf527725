#!/bin/sh
# Behaviour of the command, as TAP.
#
#   FUSHO     the command
#   FAKE      tests/fake_plugin.c as a module; everything about the command itself
#   FUSHO_PLUGIN    the real plugin (optional), with
#   FUSHO_FIXTURES  a folder with claim files *.UKE, to which apply and undo are put (optional)
#   EXAMPLE   plugin/host/example.c, built (optional)
#   CC        a C compiler, for modules that do not fit (optional)
#   SRCDIR    the top of the sources (default: the folder above this script)
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
: "${FUSHO:?}" "${FAKE:?}"
srcdir=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
FUSHO=$(absolute "$FUSHO")
FAKE=$(absolute "$FAKE")
PLUGIN=${FUSHO_PLUGIN:+$(absolute "$FUSHO_PLUGIN")}
[ -z "$EXAMPLE" ] || EXAMPLE=$(absolute "$EXAMPLE")
FIXTURES=${FUSHO_FIXTURES:+$(absolute "$FUSHO_FIXTURES")}
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-cli.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
mkdir "$work/tmp" "$work/home"
HOME=$work/home # no settings of the person who runs the tests
unset XDG_CONFIG_HOME NO_COLOR
export HOME
TMPDIR=$work/tmp
export TMPDIR
details() {
    sed 's/^/out: /' "$work/out" 2>/dev/null | head -5
    sed 's/^/err: /' "$work/err" 2>/dev/null | head -5
}
# A fresh folder with an input; the test runs in it.
fresh() {
    rm -rf "$work/d"
    mkdir "$work/d" && cd "$work/d" || exit 99
    printf 'claims\r\n\032' >in.uke
}
run() { # run WANTED-STATUS ARGUMENTS...; output in out and err
    want=$1
    shift
    "$FUSHO" "$@" --plugin "$FAKE" >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [ $got -eq "$want" ] || echo "# exit $got, wanted $want: $*"
    [ $got -eq "$want" ]
}
out_has() { grep -qF -- "$1" "$work/out"; }
err_has() { grep -qF -- "$1" "$work/err"; }
err_is() { [ "$(cat "$work/err")" = "$1" ]; }
no_temps() { [ -z "$(find "$work/d" "$work/tmp" -name '.fusho-*')" ]; }
files_are() { [ "$(ls -A)" = "$(printf '%s\n' "$@")" ]; }

# ---- help, version, usage ----
fresh
run 0 --help && [ "$(wc -l <"$work/out")" -lt 24 ] && out_has '使い方' && [ ! -s "$work/err" ]
ok $? "help fits a screen"
run 0 --help --lang en && out_has 'usage:  fusho apply' && [ "$(wc -l <"$work/out")" -lt 24 ]
ok $? "help in English"
run 0 --version && out_has 'fusho ' && out_has 'jp.fusho.claim 0.0.1' && out_has '2026-11'
ok $? "version of command, plugin and rules"
run 2 && [ "$(wc -l <"$work/err")" -eq 1 ] && [ ! -s "$work/out" ]
ok $? "no verb is wrong usage, one sentence"
run 2 aply in.uke -o out && err_is 'fusho: 知らない命令です。apply のことですか。'
ok $? "a near verb is suggested"
run 2 check in.uke --evidense=山田 && err_has -- '--evidence のことですか。' && ! err_has 山田
ok $? "a near option is suggested, its value not shown"
run 2 ledgers x && err_has 'ledger のことですか。' && run 2 from -o x && err_has 'form のことですか。'
ok $? "also for ledger and form"
run 2 check in.uke --format jsno && err_has 'text、json、junit、sarif のどれか' && err_has 'json のことですか。'
ok $? "a near value is suggested"
run 0 help && cp "$work/out" "$work/help" && run 0 --help && cmp -s "$work/help" "$work/out"
ok $? "help is --help"
for verb in apply check undo ledger form explain; do
    run 0 $verb --help && out_has "使い方: fusho $verb " && out_has "例: fusho $verb " &&
        [ "$(wc -l <"$work/out")" -le 24 ] && cp "$work/out" "$work/help" && run 0 help $verb &&
        cmp -s "$work/help" "$work/out"
    ok $? "help of $verb fits a screen"
done
run 2 check in.uke --today=bad && err_has '試験の失敗です。' && [ ! -s "$work/out" ]
ok $? "values are judged by the plugin"
run 2 apply in.uke && run 2 undo in.uke && run 2 apply - -o out && run 2 apply in.uke -o -
ok $? "apply and undo need an output, - needs a journal"
files_are in.uke
ok $? "wrong usage writes nothing"

# ---- apply, undo, check ----
fresh
run 0 apply in.uke -o out.uke && cmp -s in.uke out.uke && files_are in.uke out.uke out.uke.fusho
ok $? "apply writes output and journal"
[ "$(find . -name 'out.uke*' -perm 600 | wc -l)" -eq 2 ]
ok $? "both have mode 0600"
run 0 undo out.uke.fusho -o back.uke && cmp -s in.uke back.uke
ok $? "undo gives the original"
run 0 apply in.uke -o out2.uke --journal j2 --report r.html && [ -f r.html ] && [ -f j2 ] &&
    [ ! -e out2.uke.fusho ] && out_has '--report|' && ! out_has r.html
ok $? "journal and report go where they are told to"
run 0 check in.uke --format json --jobs 7 --verbose && out_has '"threads":7' && out_has '"size":9' &&
    out_has '"options":"--format=json|--verbose|--jobs=7|"' && out_has '"file":"in.uke"'
ok $? "options reach the plugin"
printf 'findings' >f.uke && run 1 apply f.uke -o f.out && [ -f f.out ]
ok $? "exit 1 keeps the output"
printf 'input' >i.uke && run 3 apply i.uke -o i.out && [ ! -e i.out ] &&
    err_is 'fusho: i.uke: 行 3、項目 2: F110 試験の失敗です。 やり直してください。'
ok $? "exit 3 says where, writes nothing"
printf 'limit' >l.uke && run 3 check l.uke && printf 'nomem' >n.uke && run 5 check n.uke &&
    printf 'fatal' >x.uke && run 5 check x.uke && printf 'strange' >s.uke && run 5 check s.uke
ok $? "every status has its exit status"
run 3 check in.uke i.uke f.uke && [ "$(grep -c summary "$work/out")" -eq 2 ]
ok $? "check goes on with the next input and exits with the largest status"
run 5 check x.uke in.uke && [ ! -s "$work/out" ]
ok $? "nothing is run after an internal fault"
printf 'long' >long.uke && run 0 check long.uke && [ "$(grep -c '^{.*}$' "$work/out")" -eq 2000 ]
ok $? "a long listing is complete"
printf 'log' >log.uke && run 0 check log.uke && err_is 'fusho: warning' &&
    run 0 check log.uke --verbose && err_has info && ! err_has debug
ok $? "the plugin's log: warnings, more with --verbose"
printf 'wait' >w.uke && run 4 check w.uke && err_is 'fusho: 処理できませんでした。'
ok $? "a failure without a sentence still is one"
run 3 check i.uke --lang en && err_is 'fusho: i.uke: line 3, field 2: F110 test failure'
ok $? "errors in English"
run 2 check in.uke in.uke --format junit && run 2 check in.uke in.uke --format sarif &&
    run 2 check in.uke in.uke --report r2.html
ok $? "junit, sarif and report take one input"
run 0 explain T403 && out_has '説明 T403' && run 2 explain X && run 2 explain A B
ok $? "explain"
run 0 explain t403 && out_has '説明 T403'
ok $? "explain takes a code in small letters"
no_temps
ok $? "no temporary file is left"

# ---- ledger and form ----
fresh
mkdir -p past/2026/10 past/empty && echo FUSHO-J >past/2026/10/b.fusho && echo FUSHO-J >past/a.FUSHO &&
    echo x >past/RECEIPTC.UKE && echo x >past/c.xml && echo FUSHO-J >odd
run 0 ledger past odd --today 2026-11-09 --mask &&
    out_has '"options":"--today=2026-11-09|--mask|","evidence":"past/2026/10/b.fusho|past/a.FUSHO|odd|"'
ok $? "ledger takes every journal of a folder and files of any name"
run 0 ledger past/empty && out_has '"evidence":""'
ok $? "a folder without journals is fine"
run 3 ledger missing && err_has 'fusho: missing: E501 控えのファイルまたはフォルダーが見つかりません。' &&
    run 3 ledger past missing
ok $? "a path that does not exist is exit 3"
run 0 ledger past --report l.html --format csv && [ "$(cat l.html)" = '<html>ledger' ] &&
    out_has '"options":"--format=csv|--report|"' && run 4 ledger past --report l.html &&
    run 0 ledger past --report l.html --force
ok $? "ledger writes a page, and over one only when told to"
run 4 ledger past --report past/a.FUSHO --force && [ "$(cat past/a.FUSHO)" = FUSHO-J ]
ok $? "never over a journal"
run 0 form -o f.html && [ "$(cat f.html)" = '<html>form' ] &&
    [ "$(cat "$work/out")" = 'f.html を作りました。ブラウザーで開いて使ってください。' ]
ok $? "form makes the page and says what to do with it"
[ "$(find . -name f.html -perm 600 | wc -l)" -eq 1 ]
ok $? "with mode 0600"
echo mine >f.html && run 4 form -o f.html && err_has S701 && [ "$(cat f.html)" = mine ] &&
    run 0 form -o f.html --force && [ "$(cat f.html)" = '<html>form' ]
ok $? "form overwrites only when told to"
run 0 form -o - && [ "$(cat "$work/out")" = '<html>form' ] && [ ! -s "$work/err" ]
ok $? "form to standard output is the page alone"
run 4 form -o missing/f.html && run 2 form && run 2 form f.html -o g.html && run 2 ledger && run 2 ledger -
ok $? "form and ledger used wrongly"
run 0 check in.uke --ledger past --ledger odd &&
    out_has '"evidence":"past/2026/10/b.fusho|past/a.FUSHO|odd|"' && run 3 check in.uke --ledger missing
ok $? "check reads journals of past months"
run 0 apply in.uke -o past/out --ledger past --evidence past/c.xml &&
    out_has '"evidence":"past/c.xml|past/2026/10/b.fusho|past/a.FUSHO|"'
ok $? "apply does, behind the evidence"
run 0 apply in.uke -o past/out --ledger past --ledger past/out.fusho --force &&
    out_has '"evidence":"past/2026/10/b.fusho|past/a.FUSHO|"' &&
    run 0 apply in.uke -o past/out --ledger past --dry-run &&
    out_has '"evidence":"past/2026/10/b.fusho|past/a.FUSHO|"'
ok $? "but not the journal of the same run"
run 4 apply in.uke -o odd --ledger odd --force && [ "$(cat odd)" = FUSHO-J ]
ok $? "a journal of the past is never overwritten"
no_temps
ok $? "no temporary file is left by ledger and form"

# ---- journals that are none ----
fresh
mkdir past && echo FUSHO-J >past/a.fusho && echo x >past/b.txt
for bad in empty short other; do
    case $bad in
    empty) : >past/z.fusho ;;
    short) printf FUSHO >past/z.fusho ;;
    other) echo XUSHO-J >past/z.fusho ;;
    esac
    cp past/z.fusho named
    run 3 ledger past && err_has 'fusho: past/z.fusho: S703 ' && run 3 ledger named && err_has 'fusho: named: S703 ' &&
        run 3 check in.uke --ledger past && err_has 'fusho: past/z.fusho: S703 ' &&
        run 3 apply in.uke -o out --ledger named --format json && err_has 'fusho: named: S703 ' && [ ! -e out ] &&
        out_has '"code":"S703","severity":"error","file":"named"'
    ok $? "a journal with a damaged beginning ends the run: $bad"
done
rm past/z.fusho && run 0 ledger past && out_has '"evidence":"past/a.fusho|"'
ok $? "other files of a folder are no journals"

# ---- settings ----
fresh
mkdir -p "$HOME/.config/fusho" xdg/fusho sub/ev && echo e >sub/ev/e.xml && cp in.uke sub/in.uke
echo 'jobs = 2' >"$HOME/.config/fusho/fusho.conf"
run 0 check in.uke && out_has '"options":"--jobs=2|"'
ok $? "the user's settings"
echo 'jobs = 3' >xdg/fusho/fusho.conf
XDG_CONFIG_HOME=$PWD/xdg run 0 check in.uke && out_has '"options":"--jobs=3|"' &&
    XDG_CONFIG_HOME=xdg run 0 check in.uke && out_has '"options":"--jobs=2|"' &&
    XDG_CONFIG_HOME=$PWD/none run 0 check in.uke && out_has '"options":""'
ok $? "XDG_CONFIG_HOME, where it is absolute"
printf 'insurer-number = 77777779\r\nverbose\r\nevidence = ev\r\nbango-width = half' >sub/fusho.conf
run 0 check sub/in.uke && out_has '"options":"--insurer-number=77777779|--bango-width=half|--verbose|"' &&
    out_has '"evidence":"sub/ev/e.xml|"' && err_is 'fusho: 設定ファイル sub/fusho.conf を使います。'
ok $? "beside the input, alone, its paths relative to it, told with verbose"
(cd sub && run 0 check in.uke && out_has '"evidence":"ev/e.xml|"' && err_has '設定ファイル fusho.conf を')
ok $? "in the working folder"
run 0 check sub/in.uke --insurer-number 77777777 --evidence in.uke &&
    out_has '"options":"--insurer-number=77777777|' && out_has '"evidence":"in.uke|sub/ev/e.xml|"'
ok $? "the command line wins, evidence adds up"
run 0 check sub/in.uke --no-config && out_has '"options":""' && out_has '"evidence":""'
ok $? "none at all with --no-config"
run 0 check in.uke --config sub/fusho.conf && out_has '"evidence":"sub/ev/e.xml|"'
ok $? "the one that is named"
echo FUSHO-J >sub/j && run 0 ledger sub/ev && run 0 ledger sub/j && out_has '"options":"--verbose|"'
ok $? "what another verb takes is ignored"
echo 'lang = en' >sub/fusho.conf && run 3 undo sub/missing -o x && err_has 'cannot open the file' &&
    run 0 undo sub/in.uke -o x && out_has '"options":"--lang=en|"'
ok $? "beside the journal"
echo 'formt = json' >sub/fusho.conf && run 2 check sub/in.uke &&
    err_is 'fusho: sub/fusho.conf: 行 1: 「formt」という設定はありません。format のことですか。'
ok $? "what is wrong is told with file and line, exit 2"
run 0 check sub/in.uke --no-config && run 0 --version && run 0 help
ok $? "and does not hinder without it"
printf '\n\nplugin = ./evil.so\n' >sub/fusho.conf && run 2 check sub/in.uke && err_has '行 3: plugin は'
ok $? "no code is loaded because a file says so"
printf 'lang = \202\240\n' >sub/fusho.conf && run 3 check sub/in.uke && err_has 'UTF-8 にして保存し直して'
ok $? "not UTF-8 is exit 3"
head -c 65536 /dev/zero | tr '\0' '\n' >sub/fusho.conf && run 0 check sub/in.uke &&
    echo >>sub/fusho.conf && run 3 check sub/in.uke && err_has '上限 CONFIG_BYTES_MAX、65536'
ok $? "a limit of 64 KiB"
rm sub/fusho.conf && mkfifo sub/fusho.conf && run 3 check sub/in.uke && err_has '通常のファイルではない' &&
    rm sub/fusho.conf && mkdir sub/fusho.conf && run 3 check sub/in.uke && rmdir sub/fusho.conf
ok $? "pipes and folders are refused"
run 3 check in.uke --config missing.conf && err_has '設定ファイルの名前を確かめてください。'
ok $? "a named one that does not exist is exit 3"
run 2 check in.uke --config sub/x --no-config
ok $? "named and none at once"
echo 'format = junit' >fusho.conf && run 2 check in.uke sub/in.uke && err_has -- '--format junit を付けるとき'
ok $? "what the file says must fit the command line"
rm -rf "$HOME/.config"

# ---- inputs that are none ----
fresh
mkdir sub && mkfifo fifo
run 3 check missing && err_is \
    'fusho: missing: S704 ファイルを開けません（ファイルまたはフォルダーがありません）。 ファイルの名前と場所、読み取りの許可を確かめてください。'
ok $? "a missing input"
run 3 check sub && run 3 check fifo && run 3 check /dev/null && err_has '通常のファイルではない'
ok $? "folders, pipes and devices are refused as input"
ln -s in.uke link && run 0 check link
ok $? "a link to an input is followed"

# ---- evidence ----
fresh
mkdir -p ev/sub && echo a >ev/a.xml && echo b >ev/sub/b.csv && echo n >ev/n.txt && echo q >odd
run 0 check in.uke --evidence ev --evidence odd && out_has '"evidence":"ev/a.xml|ev/sub/b.csv|odd|"'
ok $? "evidence from folder and file"
mkdir none && run 0 check in.uke --evidence none
ok $? "a folder without evidence is no error"
run 3 check in.uke --evidence missing --format json && err_has 'E501 窓口記録のファイルまたはフォルダーが見つかりません。' &&
    out_has '"code":"E501"'
ok $? "a path that does not exist is exit 3"
echo 'BAD!' >ev/c.xml && run 3 apply in.uke -o out --evidence ev && err_has 'fusho: ev/c.xml: ' &&
    [ ! -e out ]
ok $? "evidence that cannot be read is exit 3"
run 4 apply in.uke -o odd --evidence odd --force && [ "$(cat odd)" = q ]
ok $? "evidence is never overwritten"

# ---- never overwritten ----
fresh
echo old >out && ln in.uke hard && ln -s in.uke soft
run 4 apply in.uke -o out && [ "$(cat out)" = old ] && err_has S701
ok $? "an output that exists is refused"
run 4 apply in.uke -o out --format json && [ "$(cat "$work/out")" = \
    '{"type":"finding","code":"S701","severity":"error","file":"out","message":"出力先のファイルがすでにあります。","hint":"別の名前を指定するか、上書きしてよければ --force を付けてください。","source":"設計 7"}' ]
ok $? "and is a finding in JSON"
echo old >'a"b\c' && run 4 apply in.uke -o 'a"b\c' --format json --lang en && out_has '"file":"a\"b\\c"' &&
    out_has '"message":"the output file exists already"'
ok $? "with its name escaped"
echo old >new.fusho && run 4 apply in.uke -o new && [ ! -e new ] && [ "$(cat new.fusho)" = old ]
ok $? "a journal that exists is refused"
echo old >r && run 4 check in.uke --report r && run 4 apply in.uke -o new2 --report r &&
    [ "$(cat r)" = old ] && [ ! -e new2 ] && [ ! -e new2.fusho ]
ok $? "a report that exists is refused"
for target in in.uke ./in.uke hard soft; do
    run 4 apply in.uke -o $target --force && err_has '出力先が入力と同じファイルです。'
    ok $? "the input is never the output: $target"
done
run 4 apply in.uke -o o --journal in.uke --force && run 4 check in.uke --report hard --force
ok $? "nor journal or report"
run 4 apply in.uke -o o --journal o && run 4 apply in.uke -o o --report ./o && [ ! -e o ]
ok $? "two targets are two files"
run 0 apply in.uke -o out --force && cmp -s in.uke out
ok $? "force overwrites"
# a pipe, not /dev/null: a broken refusal must not replace a device of the machine that runs this
mkfifo out-fifo
run 4 apply in.uke -o missing/out && run 4 apply in.uke -o out-fifo --force --journal j && [ -p out-fifo ]
ok $? "no folder, no file"
# links in this folder, and never the name of a device itself
ln -s out-fifo to-fifo && ln -s /dev/null to-null && ln -s /proc/self/fd/1 to-stdout
for link in to-fifo to-null to-stdout; do
    for force in '' --force; do # empty: not given
        run 4 apply in.uke -o $link --journal j $force &&
            err_has 'S701 出力先がフォルダーや標準出力など、ファイルではないもの' &&
            run 4 apply in.uke -o new3 --journal $link $force && err_has "fusho: $link: S701 " &&
            run 4 check in.uke --report $link $force && err_has "fusho: $link: S701 " &&
            run 4 form -o $link $force && err_has "fusho: $link: S701 " &&
            run 4 ledger . --report $link $force && err_has "fusho: $link: S701 " &&
            run 4 undo in.uke -o $link $force && err_has "fusho: $link: S701 " &&
            [ -h $link ] && [ ! -e new3 ] && [ ! -e j ]
        ok $? "a link to what is no file is never replaced: $link $force"
    done
done
printf 'claims\r\n\032' | cmp -s - in.uke && no_temps
ok $? "the input is as it was"

# ---- dry run ----
fresh
echo old >out
run 0 apply in.uke -o out --dry-run --report r && [ "$(cat out)" = old ] && [ -f r ] &&
    [ ! -e out.fusho ] && out_has summary
ok $? "dry run writes the report only and does not mind an output that exists"

# ---- standard input and output ----
fresh
"$FUSHO" apply - -o out --journal j --plugin "$FAKE" <in.uke >"$work/out" 2>"$work/err" &&
    cmp -s in.uke out && out_has '"file":"-"'
ok $? "standard input"
printf 'claims\r\n\032' | "$FUSHO" check - --plugin "$FAKE" >"$work/out" 2>"$work/err" && out_has '"size":9'
ok $? "a pipe is spooled"
run 0 apply in.uke -o - --journal j2 && cmp -s in.uke "$work/out" &&
    err_is 'fusho: レセプト 12 件、不詳 0、旧資格 0、現在の資格 0、保留 0、エラー 0、警告 0'
ok $? "standard output carries the claim file, stderr one line of counts"
run 0 apply in.uke -o - --journal j3 --format json && cmp -s in.uke "$work/out" && err_has summary
ok $? "with --format the listing goes to stderr"
run 0 undo j2 -o - && cmp -s in.uke "$work/out" && [ ! -s "$work/err" ]
ok $? "undo to standard output"
# shellcheck disable=SC2094
"$FUSHO" apply - -o in.uke --journal j4 --force --plugin "$FAKE" <in.uke 2>"$work/err"
[ $? -eq 4 ] && [ ! -e j4 ]
ok $? "a file behind standard input is not overwritten either"
if [ -c /dev/full ]; then
    "$FUSHO" apply in.uke -o - --journal j5 --plugin "$FAKE" >/dev/full 2>"$work/err"
    [ $? -eq 4 ] && [ ! -e j5 ] && err_has 'ディスクの空きがありません'
    ok $? "full standard output: exit 4, no journal left"
    "$FUSHO" apply in.uke -o o6 --plugin "$FAKE" >/dev/full 2>"$work/err"
    [ $? -eq 4 ] && [ ! -e o6 ] && [ ! -e o6.fusho ]
    ok $? "a listing that cannot be written: exit 4, nothing left"
    printf 'long' >long.uke
    "$FUSHO" apply long.uke -o o8 --plugin "$FAKE" >/dev/full 2>"$work/err"
    [ $? -eq 4 ] && [ ! -e o8 ] && [ ! -e o8.fusho ] && [ "$(wc -l <"$work/err")" -eq 1 ]
    ok $? "also one that fails in the middle"
    "$FUSHO" --help >/dev/full 2>"$work/err"
    [ $? -eq 4 ]
    ok $? "help that cannot be written"
    "$FUSHO" explain T403 --plugin "$FAKE" >/dev/full 2>"$work/err"
    [ $? -eq 4 ]
    ok $? "an explanation that cannot be written"
else
    skip "standard output that is full" "no /dev/full"
fi
"$FUSHO" apply in.uke -o o7 --plugin "$FAKE" >&- 2>"$work/err"
[ $? -eq 4 ] && [ ! -e o7 ]
ok $? "closed standard output"
"$FUSHO" check - --plugin "$FAKE" <&- >"$work/out" 2>"$work/err"
[ $? -eq 3 ]
ok $? "closed standard input"
{ "$FUSHO" check in.uke --plugin "$FAKE" 2>"$work/err"; echo $? >status; } | :
sleep 0.2
case $(cat status) in 0 | 4) true ;; *) false ;; esac
ok $? "a reader that has gone does not kill the command"
no_temps
ok $? "no temporary file is left by any of these"

# ---- signals ----
fresh
printf 'wait' >w.uke
for signal in INT TERM HUP; do
    timeout -s "$signal" -k 10 0.5 "$FUSHO" apply w.uke -o w.out --plugin "$FAKE" \
        >"$work/out" 2>"$work/err"
    err_has '中断しました。' && [ ! -e w.out ] && no_temps
    ok $? "SIG$signal leaves nothing behind"
done
timeout -s TERM --preserve-status -k 10 0.5 "$FUSHO" apply w.uke -o w.out --plugin "$FAKE" \
    >"$work/out" 2>"$work/err"
[ $? -eq 4 ]
ok $? "a signal is exit 4"
mkfifo pipe
sh -c 'exec sleep 5 >pipe' &
writer=$!
timeout -s TERM --preserve-status -k 10 0.5 "$FUSHO" check - --plugin "$FAKE" <pipe \
    >"$work/out" 2>"$work/err"
[ $? -eq 4 ] && err_has '中断しました。'
ok $? "a signal ends waiting for standard input"
kill $writer 2>/dev/null

# ---- progress ----
fresh
run 0 check in.uke && [ ! -s "$work/err" ]
ok $? "no bar where stderr is no terminal"
run 0 check in.uke --progress always && err_has ' 50%  12 件' && err_has '100%  12 件' &&
    [ "$(tail -c 1 "$work/err" | od -An -c | tr -d ' ')" = '\r' ]
ok $? "a bar when asked for, erased at the end"
run 0 check in.uke --progress never && [ ! -s "$work/err" ]
ok $? "never"

# ---- colours ----
fresh
esc=$(printf '\033')
run 0 check in.uke && out_has '"options":""' && run 0 check in.uke --color always &&
    out_has '"options":"--color|"' && run 0 check in.uke --color never && out_has '"options":""'
ok $? "colours only when asked for where there is no terminal"
run 0 check in.uke --color always --format json && out_has '"options":"--format=json|"'
ok $? "only in text"
export NO_COLOR=1
run 0 check in.uke --color always && out_has '"options":"--color|"'
ok $? "asking for them wins over NO_COLOR"
unset NO_COLOR
printf 'input' >i.uke && run 3 check i.uke && ! err_has "$esc" &&
    run 3 check i.uke --color always && err_has "${esc}[1;31mF110${esc}[0m "
ok $? "the code of an error"

# ---- plugins that are none ----
fresh
"$FUSHO" check in.uke --plugin ./missing.so >"$work/out" 2>"$work/err"
[ $? -eq 5 ] && [ "$(wc -l <"$work/err")" -eq 1 ] && err_has 'プラグイン ./missing.so を読み込めません'
ok $? "a missing plugin is exit 5"
echo text >text.so
"$FUSHO" check in.uke --plugin text.so >"$work/out" 2>"$work/err"
[ $? -eq 5 ]
ok $? "a file that is no module is exit 5"
for misfit in 'FAKE_MAJOR=2' 'FAKE_SIZE=64' 'fusho_plugin_v1=other_name'; do
    if ${CC:-cc} -shared -fPIC -D"$misfit" -I"$srcdir/plugin" -o "./misfit.so" \
        "$srcdir/tests/fake_plugin.c" 2>/dev/null; then
        "$FUSHO" check in.uke --plugin misfit.so >"$work/out" 2>"$work/err"
        [ $? -eq 5 ] && [ "$(wc -l <"$work/err")" -eq 1 ]
        ok $? "a misfit is exit 5: $misfit"
        rm -f misfit.so
    else
        skip "a misfit is exit 5: $misfit" "no compiler"
    fi
done

# ---- the example host ----
fresh
if [ -n "$EXAMPLE" ]; then
    echo e >e.xml
    "$EXAMPLE" "$FAKE" in.uke e.xml >"$work/out" 2>"$work/err" &&
        out_has '"options":"--format=json|--today=2026-11-09","evidence":"e.xml|"'
    ok $? "the example checks a file with evidence"
    printf 'findings' >f.uke
    "$EXAMPLE" "$FAKE" f.uke >"$work/out" 2>"$work/err"
    [ $? -eq 1 ] && out_has summary
    ok $? "and exits with the job's status"
    printf 'input' >i.uke
    "$EXAMPLE" "$FAKE" i.uke >"$work/out" 2>"$work/err"
    [ $? -eq 3 ] && err_has 'F110 試験の失敗です。'
    ok $? "and tells why a file was refused"
    "$EXAMPLE" "$FAKE" missing 2>"$work/err"
    [ $? -eq 3 ]
    ok $? "and minds a missing file"
else
    skip "the example host" "no EXAMPLE"
fi

# ---- the real plugin ----
fresh
real=0
if [ -n "$PLUGIN" ] && [ -n "$FIXTURES" ]; then
    find "$FIXTURES" -name '*.UKE' -type f | sort >"$work/list"
    while read -r file; do
        real=$((real + 1))
        rm -f ./*
        "$FUSHO" apply "$file" -o out --plugin "$PLUGIN" >"$work/out" 2>"$work/err"
        case $? in
        0 | 1) "$FUSHO" undo out.fusho -o back --plugin "$PLUGIN" >"$work/out" 2>"$work/err" &&
            cmp -s "$file" back ;;
        3) files_are '' || [ -z "$(ls -A)" ] ;;
        *) false ;;
        esac
        ok $? "apply and undo, or exit 3 and nothing written: $(basename "$file")"
    done <"$work/list"
fi
[ $real -gt 0 ] || skip "apply and undo with the real plugin" "no FUSHO_PLUGIN or no claim files"

echo "1..$n"
