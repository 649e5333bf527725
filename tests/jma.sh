#!/bin/sh
# 日レセ: the site script within a stand-in of the script around it, the plugin package, and the
# COBOL subprogram. TAP.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
src=$(cd "${SRCDIR:-.}" && pwd)
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
ika=$FUSHO_FIXTURES/ika
details() { head -n 20 "$top/out" 2>/dev/null; }

# ---- the site script ----

# fusho as an installed command: it finds its plugin by itself.
install_command() {
    mkdir -p "$top/bin"
    cat >"$top/bin/fusho" <<END
#!/bin/sh
verb=\$1
shift
exec "$FUSHO" "\$verb" --plugin "$FUSHO_PLUGIN" --today 2026-11-09 "\$@"
END
    chmod 755 "$top/bin/fusho"
    PATH=$top/bin:$PATH
}

# The package as jma-plugin installs it: preinst, then a link for each row of meta/link.
install_package() {
    sh "$src/plugin/jma/make-jpp.sh" "$src" 1.2.3 "$top/fusho-1.2.3.jpp" || return 1
    mkdir -p "$top/root" && tar -xzf "$top/fusho-1.2.3.jpp" -C "$top/root" || return 1
    JMA_SITE=$top/site "$top/root/fusho-1.2.3/meta/preinst" fusho 1.2.3 install || return 1
    ruby -ryaml -rfileutils -e 'root, site = ARGV
        YAML.load(File.read(root + "/meta/link")).each { |from, to|
            File.exist?(File.join(root, from)) or abort from
            FileUtils.symlink(File.join(root, from), File.join(site, to), :force => true) }' \
        "$top/root/fusho-1.2.3" "$top/site"
}

stage() { # a fresh job
    rm -rf "$top/job" "$top/jma.conf" && mkdir -p "$top/job" "$top/standard/monthly" "$top/patch"
    cp "$src/tests/jma/receden_check.rb" "$top/standard/monthly/"
    tr -d '\032' <"$claims" | iconv -f CP932 -t EUC-JP-MS >"$top/job/01${name:-RECEDEN}01.txt"
}

recept4() { # LEVEL; the status in $status
    MCP_TEMPDIR=$top/job SITESCRIPTSDIR=$top/site/scripts PATCHSCRIPTSDIR=$top/patch \
        SCRIPTSDIR=$top/standard FUSHO_JMA_CONF=$top/jma.conf \
        sh "$src/tests/jma/recept4.sh" 01 "$1" >"$top/out" 2>&1
    status=$?
    errors=$top/job/01ORCB44RECEDENCHKrecept4.ERR
    log=$top/job/01ORCB44RECEDENCHKrecept4.log
    iconv -f EUC-JP -t UTF-8 "$errors" >"$top/errors" 2>/dev/null
}

site_script() {
    claims=$ika/RECEIPTC.UKE
    install_command
    install_package >"$top/out" 2>&1
    ok $? "the package installs"

    stage
    recept4 1
    [ $status = 0 ] && grep -q '^original 01 1 ' "$top/out"
    ok $? "the original gets the same argument, its output and status stay"
    sed -n 1p "$top/errors" | grep -q '<ERR_ERRCD>31460</ERR_ERRCD>$' && [ ! -e "$log" ] &&
        grep -q '<ERR_ERRCD>[A-Z][0-9]\{3\}</ERR_ERRCD>' "$top/errors"
    ok $? "outfile has the original's line and then fusho's"
    iconv -f EUC-JP -t UTF-8 "$errors" >/dev/null && ! grep -q "$(printf '\r')" "$errors"
    ok $? "outfile is EUC-JP with LF"
    [ -s "$top/job/01RECEIPTC.UKE" ] &&
        tr -d '\032' <"$claims" | cmp -s - "$top/job/01RECEIPTC.UKE"
    ok $? "the claim file is as it was"

    # the same findings, in the same order, as from the claim file itself
    fusho check --no-config --format json "$claims" 2>/dev/null |
        sed -n '/"severity":"info"/d; s/.*"type":"finding","code":"\([A-Z0-9]*\)".*/\1/p' |
        grep -v F103 >"$top/want" # the copy has no 0x1A
    sed 1d "$top/errors" | sed 's/.*<ERR_ERRCD>\(.*\)<\/ERR_ERRCD>.*/\1/' | grep -v F103 >"$top/got"
    [ -s "$top/want" ] && cmp "$top/want" "$top/got" >"$top/out" 2>&1
    ok $? "fusho's findings are those of the claim file ($(wc -l <"$top/want"))"

    one=$top/one.UKE
    claims=$one
    cat >"$top/one.txt" <<'END'
IR,1,13,1,3999999,,見本医院,202611,00,03-0000-0000
RE,1,1128,202610,見本　花子,2,19520425,,,,,2629,,00028,,,,,,,,,,,,,,,,,,,,,,,,
HO,06139901,３２,３３,1,359,,,,,,,,,
KO,54139999,9999999,,1,359,,,,,,
SN,1,01,,,,01,,
SY,8833421,20261001,1,,,01,
SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,
GO,2,359,99
END
    sed 's/$/\r/' "$top/one.txt" | iconv -f UTF-8 -t CP932 >"$one"
    stage
    recept4 1
    grep '<ERR_ERRCD>T' "$top/errors" | sed -n 1p >"$top/line"
    sed 's/<ERR_MSG>.*<ERR_LINE>/…<ERR_LINE>/' "$top/line" >"$top/out"
    printf '%s%s%s%s%s%s\n' \
        '<ERR_RECENUM>1</ERR_RECENUM><ERR_PTNUM>00028</ERR_PTNUM><ERR_NAME>見本　花子</ERR_NAME><ERR_BIRTHDAY>19520425</ERR_BIRTHDAY><ERR_SRYYM>202610</ERR_SRYYM>' \
        '<ERR_NYUGAIKBN>2</ERR_NYUGAIKBN><ERR_HBTNUM1>06139901</ERR_HBTNUM1><ERR_HBTNUM2>54139999</ERR_HBTNUM2><ERR_HBTNUM3></ERR_HBTNUM3><ERR_HBTNUM4></ERR_HBTNUM4><ERR_HBTNUM5></ERR_HBTNUM5>' \
        '<ERR_HKNJANUM>06139901</ERR_HKNJANUM><ERR_HONKZKKBN>4</ERR_HONKZKKBN><ERR_RECESBT>1128</ERR_RECESBT>' \
        "$(grep -o '<ERR_ERRCD>T[0-9]*</ERR_ERRCD>' "$top/line")" \
        '<ERR_RECID>RE</ERR_RECID><ERR_RECELINE>1</ERR_RECELINE><ERR_ROWNUM>12</ERR_ROWNUM><ERR_LABEL>レセプト特記事項</ERR_LABEL><ERR_VALUE>2629</ERR_VALUE>…' \
        '<ERR_LINE>2</ERR_LINE><ERR_DATA>RE,1,1128,202610,見本　花子,2,19520425,,,,,2629,,00028,,,,,,,,,,,,,,,,,,,,,,,,</ERR_DATA>' >"$top/want"
    cmp -s "$top/want" "$top/out"
    ok $? "every tag is filled from the claim and the finding"
    grep -q '<ERR_MSG>[^<]*。</ERR_MSG><ERR_HEADER>fusho エラー</ERR_HEADER><ERR_FOOTER>[^<]*。</ERR_FOOTER>' "$top/line"
    ok $? "the message, what it is and what to do"

    settings
    failures
    package
}

settings() {
    name=TENKENT stage
    recept4 2
    [ $status = 0 ] && [ "$(wc -l <"$top/errors")" -gt 1 ] && [ -s "$top/job/01TENKENRC.UKE" ]
    ok $? "点検用 is checked, too"
    stage
    echo 'levels = 2 # 点検用だけ' >"$top/jma.conf"
    recept4 1
    [ $status = 0 ] && [ "$(wc -l <"$top/errors")" -eq 1 ]
    ok $? "not on a level the settings leave out"
    stage
    mkdir -p "$top/captures"
    printf 'insurer-number = 77777779\n' >"$top/fusho.conf"
    printf 'config = %s\nevidence = %s\nseverity = error\n' "$top/fusho.conf" "$top/captures" >"$top/jma.conf"
    cat >"$top/captures/c.csv" <<'END'
id,month,karte,name,kana,birth,sex,check_at,outcome,contact
c1,202610,99999,見本　太郎,ミホンタロウ,1950-01-01,1,2026-10-03T09:00,no-record,2026-10-28=no-answer
END
    recept4 1
    [ $status = 0 ] && ! grep -q '<ERR_HEADER>fusho 警告' "$top/errors" && grep -q 'fusho エラー' "$top/errors"
    ok $? "with a settings file, evidence and errors only"
    sed 's/error/warning/' "$top/jma.conf" >"$top/j" && stage && cp "$top/j" "$top/jma.conf"
    recept4 1
    grep '<ERR_ERRCD>E504<' "$top/errors" >"$top/out" &&
        grep -q '^<ERR_RECENUM></ERR_RECENUM>.*<ERR_LINE>0</ERR_LINE><ERR_DATA></ERR_DATA>$' "$top/out"
    ok $? "what is said of a capture names no claim"
    stage
    iconv -f UTF-8 -t CP932 "$top/one.txt" | sed 's/$/\r/' >"$one"
    sed -i "s/00028/0<\/ERR_PTNUM>/" "$one"
    stage
    recept4 1
    grep -q '<ERR_PTNUM>0＜/ERR_PTNUM＞</ERR_PTNUM>' "$top/errors"
    ok $? "a value that looks like a tag is none"
}

failures() {
    sed 's/$/\r/' "$top/one.txt" | iconv -f UTF-8 -t CP932 >"$one"
    stage
    ORIGINAL_EXIT=7 recept4 1
    [ $status = 99 ] && grep -q '^original failed$' "$top/out" && [ ! -e "$errors" ]
    ok $? "where the original fails, the job stops as without fusho"
    for how in continue stop; do
        stage
        printf 'command = %s/missing\non-failure = %s\n' "$top" $how >"$top/jma.conf"
        recept4 1
        case $how in continue) [ $status = 0 ] ;; stop) [ $status = 99 ] ;; esac &&
            [ "$(wc -l <"$top/errors")" -eq 1 ] && iconv -f EUC-JP -t UTF-8 "$log" | grep -q '^fusho: .*を実行できません'
        ok $? "no command: told in errlog, on-failure = $how"
    done
    stage
    printf 'config = %s/missing.conf\non-failure = stop\n' "$top" >"$top/jma.conf"
    recept4 1
    [ $status = 99 ] && iconv -f EUC-JP -t UTF-8 "$log" | grep -q '終了状態 3: fusho: .*missing.conf' &&
        [ "$(wc -l <"$top/errors")" -eq 1 ]
    ok $? "fusho that fails: its words in errlog, the original's line stays"
    stage
    printf '#!/bin/sh\nexec sleep 60\n' >"$top/slow" && chmod 755 "$top/slow"
    printf 'command = %s/slow\ntimeout = 1\n' "$top" >"$top/jma.conf"
    recept4 1
    [ $status = 0 ] && iconv -f EUC-JP -t UTF-8 "$log" | grep -q '1秒で終わりませんでした'
    ok $? "fusho that does not end is ended"
    for bad in 'comand = x' 'severity = all' 'timeout = 0' 'levels'; do
        stage
        echo "$bad" >"$top/jma.conf"
        recept4 1
        [ $status = 0 ] && [ "$(wc -l <"$top/errors")" -eq 1 ] && [ -s "$log" ]
        ok $? "a wrong setting is told: $bad"
    done
    stage
    rm "$top/standard/monthly/receden_check.rb"
    recept4 1
    [ $status = 99 ] && iconv -f EUC-JP -t UTF-8 "$log" | grep -q 'PATH にありません'
    ok $? "without the original the job stops"
}

package() {
    mkdir -p "$top/other" && cp -R "$src/plugin" "$src/docs" "$top/other/" 2>/dev/null
    find "$top/other" -exec touch -d 2001-02-03 {} +
    (umask 077 && sh "$src/plugin/jma/make-jpp.sh" "$top/other" 1.2.3 "$top/again.jpp")
    cmp -s "$top/fusho-1.2.3.jpp" "$top/again.jpp"
    ok $? "two builds of the package are one"
    tar -tzf "$top/fusho-1.2.3.jpp" | grep -v '/$' | sed 's|^|/|' >"$top/out"
    printf '/fusho-1.2.3/%s\n' cobol/copy/FUSHOCLM.cpy doc/fusho-jma.md doc/jma.conf.sample meta/control \
        meta/link meta/preinst scripts/monthly/receden_check.rb | cmp -s - "$top/out"
    ok $? "it holds what it should and nothing else"
    sed -n 's/^#\([a-z-]*\) = .*/\1/p' "$src/plugin/jma/jma.conf.sample" | sort >"$top/a"
    sed -n '/DEFAULTS = {/,/}/s/^ *"\([a-z-]*\)" => .*/\1/p' \
        "$src/plugin/jma/scripts/monthly/receden_check.rb" | sort >"$top/out"
    [ -s "$top/a" ] && cmp -s "$top/a" "$top/out"
    ok $? "the sample settings name every setting"
}

if command -v ruby >/dev/null && ruby -e 'exit RUBY_VERSION >= "2.1" ? 0 : 1'; then
    site_script
else
    skip "the site script of 日レセ" "no ruby"
fi

# ---- the COBOL subprogram ----

slice() { # CLAIM FILE: its records
    LC_ALL=C awk -F, -v k="$1" '/^RE,/ { n++ } /^GO,/ { exit } n == k' "$2"
}

oneclaim() { # CLAIM [VARIABLE=VALUE...]: what ONECLAIM says in $top/out, its records in result
    slice "$1" "$top/cob/in" >"$top/cob/claim"
    shift
    (
        cd "$top/cob" && rm -f result &&
            env LC_ALL=C PLUGIN="$plugin" OPTIONS=--today=2026-11-09 CODE=UTF-8 HEADER=header \
                CLAIM=claim CAPTURE=capture RESULT=result COB_LIBRARY_PATH="$modules" "$@" ./oneclaim
    ) >"$top/out" 2>&1
}

subprogram() {
    mkdir -p "$top/cob"
    case $FUSHO_PLUGIN in /*) plugin=$FUSHO_PLUGIN ;; *) plugin=$PWD/$FUSHO_PLUGIN ;; esac
    modules=${plugin%/*}
    [ -e "$modules/FUSHOCLM.so" ] && nm -D --defined-only "$modules/FUSHOCLM.so" |
        awk '$2 == "T" { print $3 }' >"$top/out" && [ "$(cat "$top/out")" = FUSHOCLM ]
    ok $? "FUSHOCLM.so exports FUSHOCLM only"
    awk 'length($0) > 72 || /\t/ { print; bad = 1 } END { exit bad }' "$src/plugin/jma/cobol/FUSHOCLM.cpy" >"$top/out"
    ok $? "the copybook keeps to columns 1 to 72"
    cobc -x -std=default -I "$src/plugin/jma/cobol" -o "$top/cob/oneclaim" \
        "$src/tests/cobol/ONECLAIM.cbl" >"$top/out" 2>&1
    ok $? "a COBOL program with the copybook compiles"

    "$FUSHO" apply --no-config --plugin "$plugin" --today 2026-11-09 --evidence "$ika" \
        "$ika/RECEIPTC.UKE" -o "$top/cob/whole.UKE" >/dev/null 2>&1
    tr -d '\r\032' <"$ika/RECEIPTC.UKE" >"$top/cob/in"
    tr -d '\r\032' <"$top/cob/whole.UKE" >"$top/cob/whole"
    sed -n 1p "$top/cob/in" >"$top/cob/header"
    cp "$ika/captures.xml" "$top/cob/capture"
    for claim in 4 6 9 10; do
        oneclaim $claim
        slice $claim "$top/cob/whole" >"$top/cob/want"
        grep -q '^STATUS 0[01] ROUTE [1-3] ' "$top/out" && cmp -s "$top/cob/want" "$top/cob/result"
        ok $? "claim $claim: the records are those of the whole-file call"
    done
    grep -q '^CALL 0\([01]\) RETURN-CODE +00000000\1' "$top/out" && [ "$(grep -c '^CALL' "$top/out")" = 2 ]
    ok $? "the return code is the status; a second call gives the same"
    grep -q '^END 00$' "$top/out"
    ok $? "END"

    : >"$top/cob/capture"
    oneclaim 1
    cmp -s "$top/cob/claim" "$top/cob/result" && grep -q '^STATUS 00 ROUTE 0 EDITS 000000' "$top/out"
    ok $? "without a capture the claim comes back as it was"
    sed 's/,2,19840425,/,9,19840425,/' "$top/cob/in" >"$top/cob/in2" && mv "$top/cob/in2" "$top/cob/in"
    oneclaim 9 OPTIONS='--today=2026-11-09 --lang=en'
    grep '^FINDINGS' "$top/out" >/dev/null && ! LC_ALL=C grep -q "$(printf '[\200-\377]')" "$top/out"
    ok $? "options with spaces between them"
    oneclaim 9 OPTIONS=--nonsense
    grep -q '^STATUS 02 ' "$top/out" && grep -q 'オプション --nonsense はここでは使えません。' "$top/out" && [ ! -s "$top/cob/result" ]
    ok $? "an unknown option is status 2"
    oneclaim 9 PLUGIN=/missing.so
    grep -q '^STATUS 05 ' "$top/out" && grep -q 'プラグイン fusho.so を読み込めません。' "$top/out"
    ok $? "no plugin is status 5"
    for code in CP932 EUC-JP; do
        oneclaim 9 OPTIONS=--nonsense CODE=$code
        iconv -f $code -t UTF-8 "$top/out" 2>/dev/null | grep -q 'オプション --nonsense はここでは使えません。'
        ok $? "messages in $code"
    done
    oneclaim 9 CODE=LATIN1
    grep -q '^STATUS 02 ' "$top/out" && iconv -f CP932 -t UTF-8 "$top/out" 2>/dev/null |
        grep -q '文字コードの欄（FCLM-TEXT-CODE）が正しくありません。CP932、EUC-JP、UTF-8 のどれか'
    ok $? "an unknown code is status 2, and says so in CP932"
    echo 'not evidence' >"$top/cob/capture"
    oneclaim 9
    grep -q '^STATUS 03 ' "$top/out" && grep -q '^MESSAGE E501 ' "$top/out" && [ ! -s "$top/cob/result" ]
    ok $? "a capture that is none is status 3"
    : >"$top/cob/capture"
    : >"$top/cob/header"
    oneclaim 9
    grep -q '^STATUS 02 ' "$top/out" && grep -q '先頭のレコード（IR など）がありません。' "$top/out"
    ok $? "without a header it is status 2"
}

if ! command -v cobc >/dev/null; then
    skip "the COBOL subprogram" "no cobc"
elif nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q __asan; then
    skip "the COBOL subprogram" "the plugin needs its sanitizer in the host"
else
    subprogram
fi
echo "1..$n"
