#!/bin/sh
# The manual: what is made from tables is up to date, every option, name and limit is there and none
# that does not exist, the pages render, links lead somewhere, and every example prints what it
# shows. TAP.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
src=${SRCDIR:-.} build=${BUILDDIR:-.}
man=$src/docs/man
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
version=$(sed -n 's/^#define PACKAGE_VERSION "\(.*\)"/\1/p' "$build/config.h")
pages="fusho-month.7 fusho.1 fusho.conf.5 fusho-capture.5 fusho-findings.7 fusho_plugin.3"
why=$top/why

# ---- what is made from the tables ----

generated() { # file option...
    file=$1
    shift
    "$build/tests/gen_findings" "$@" | cmp - "$src/docs/$file" >"$top/why" 2>&1
    ok $? "docs/$file is up to date (tests/gen_findings $*)"
}
if [ -x "$build/tests/gen_findings" ]; then
    generated findings.md
    generated man/fusho-findings.7 --man
else
    skip "lists of findings" "gen_findings was not built"
fi
sed -n 's/^FU_FINDING(\([A-Z][0-9]*\),.*/\1/p' "$src/core/rules/findings.def" | while read -r code; do
    "$FUSHO" explain --plugin "$FUSHO_PLUGIN" "$code" >/dev/null 2>&1 || echo "$code"
done >"$top/why"
clean "every code is explained"

# ---- nothing is missing, nothing is invented ----

same() { # name; lists $top/table and $top/page
    sort -u "$top/table" >"$top/a"
    sort -u "$top/page" >"$top/b"
    [ -s "$top/a" ] && diff "$top/a" "$top/b" >"$top/why"
    ok $? "$1"
}

options=$src/plugin/host/options.def
sed -n 's/^HOST_OPTION([A-Z_]*, "\([a-z-]*\)".*/--\1/p' "$options" >"$top/table"
sed -n "s/^HOST_OPTION([A-Z_]*, \"[a-z-]*\", '\(.\)'.*/-\1/p" "$options" >>"$top/table"
awk 'tag && /^\\fB-/ { gsub(/\\f[BIR]/, " "); for (i = 1; i <= NF; i++) { sub(/（.*|,/, "", $i)
         if ($i ~ /^--?[a-z]/) print $i } }
     { tag = $1 == ".TP" }' "$man/fusho.1" >"$top/page"
same "fusho(1) has every option and no other"

sed -n 's/^HOST_VERB([A-Z]*, "\([a-z]*\)".*/\1/p' "$options" >"$top/table"
sed -n 's/^\.SS \([a-z]*\):.*/\1/p' "$man/fusho.1" >"$top/page"
same "fusho(1) has every verb and no other"
sed -n 's/^\\fBfusho \([a-z]*\)\\fR.*/\1/p' "$man/fusho.1" >"$top/page"
same "the synopsis of fusho(1) has every verb and no other"

sed -n 's/^HOST_OPTION([A-Z_]*, "\([a-z-]*\)".*, \(FILE\|LIST\))$/\1/p' "$options" >"$top/table"
sed -n '/^\.SH 項目/,/^\.PP/s/^\\fB/&/p' "$man/fusho.conf.5" | grep -oE '[a-z]+(-[a-z]+)*\\fR' |
    sed 's/\\fR//' >"$top/page"
same "fusho.conf(5) has every option that may stand in a file and no other"

# Every one of these words must stand in a page, as a whole word.
mentioned() { # page name; words in $top/words
    awk 'FNR == NR { gsub(/\\f[BIR]/, " "); gsub(/[^A-Za-z0-9_-]/, " ")
                     for (i = 1; i <= NF; i++) seen[$i] = 1; next }
         !($1 in seen) { print $1 " is not there" }' "$man/$1" "$top/words" >"$top/why"
    [ -s "$top/words" ] && [ ! -s "$top/why" ]
    ok $? "$2"
}

# Without comments: words of the header that are ours, and members of its structs.
sed -e 's|/\*.*\*/||' -e '/\/\*/,/\*\//d' "$src/plugin/fusho.h" >"$top/header"
{
    grep -oE '\b(FUSHO_[A-Z_0-9]+|fusho_[a-z_0-9]+)\b' "$top/header" | grep -v '^FUSHO_H$'
    awk '/^typedef struct.*\{/ { inside = 1; next } /^}/ { inside = 0 }
         inside { line = line $0
             if (/;/) {
                 gsub(/\([^*)][^()]*\)/, "", line) # arguments
                 gsub(/FUSHO_CALL|const|\[[0-9]*\]/, "", line)
                 gsub(/[^a-z_0-9,; ]/, " ", line)
                 gsub(/[,;]/, " , ", line)
                 k = split(line, w, " ")
                 for (i = 2; i <= k; i++) if (w[i] == "," && w[i - 1] != ",") print w[i - 1]
                 line = ""
             } }' "$top/header"
} | sort -u >"$top/words"
mentioned fusho_plugin.3 "fusho_plugin(3) has every name of fusho.h ($(wc -l <"$top/words"))"

sed -n -e 's/.*<element name="\([^"]*\)".*/\1/p' -e 's/.*<attribute name="\([^"]*\)".*/\1/p' \
    "$src/docs/capture.rng" >"$top/words"
grep -o '<value>[^<]*</value>' "$src/docs/capture.rng" | sed 's/<[^>]*>//g' >>"$top/words"
sed -n 's/^FU_COLUMN([A-Z_]*, "\([a-z_]*\)").*/\1/p' "$src/core/evidence/csv-columns.def" >>"$top/words"
mentioned fusho-capture.5 "fusho-capture(5) has every element, attribute, value and column"

# "\fBFU_X_MAX\fR 64 MiB" against "#define FU_X_MAX (64u << 20)"
bytes() { # as written in the manual
    printf '%s\n' "$1" | sed -e 's/,//g' -e 's/ *倍$//' -e 's/ *KiB$/<<10/' -e 's/ *MiB$/<<20/' -e 's/ *GiB$/<<30/'
}
defined() { # name
    grep -hE -A 1 "#define $1\b|\b$1 = [0-9]" "$src"/core/*/*.[ch] "$src"/plugin/*.[ch] "$src"/plugin/host/*.[ch] |
        tr -d '\\\n' | sed -n "s/.*\b$1\b *=* *(*\([0-9]*\)[ul]*\( *<< *[0-9]*\)*.*/\1\2/p" | sed 1q
}
sed -n '/^\.SH 上限/,/^\.SH/p' "$man/fusho.1" | sed -n 's/^\\fB\([A-Z_]*_MAX\)\\fR/\1/p' >"$top/limits"
while read -r name value; do
    for each in $(printf "%s\n" "$name $value" | sed 's/\\fB/ /g' | grep -oE '[A-Z_]+_MAX'); do
        d=$(defined "$each")
        shown=$(printf '%s\n' "$value" | sed 's/.*\\fR //')
        # shellcheck disable=SC2004 # they hold expressions
        [ -n "$d" ] && [ $(($d)) = $(($(bytes "$shown"))) ] || echo "$each is $d, not $shown"
    done
done <"$top/limits" >"$top/why"
[ "$(wc -l <"$top/limits")" -gt 30 ] && [ ! -s "$top/why" ]
ok $? "the limits of fusho(1) are those of the code ($(wc -l <"$top/limits"))"

# ---- the pages render ----

for page in "$man"/*.[1-9]; do
    case " $pages " in *" ${page##*/} "*) ;; *) echo "$page is not in the list of tests/manual.sh" ;; esac
    grep -q "${page##*/}.html" "$man/index.html" || echo "$page is not in docs/man/index.html"
done >"$top/why"
grep -qF "pages=\"$pages\"" "$man/make-html.sh" || echo "make-html.sh has other pages" >>"$top/why"
clean "every page is in the lists"
# Lines of more than 80 columns. Bold is a character struck twice; the first byte of a character
# tells its width.
columns() {
    awk '{ w = 0
        for (i = 1; i <= length($0); i++) {
            c = substr($0, i, 1)
            if (c == "\b") { w -= last; continue }
            if (c >= "\200" && c < "\300") continue
            last = c == "\t" ? 8 - w % 8 : c >= "\343" ? 2 : 1
            w += last
        }
        if (w > 80) print w ": " $0 }'
}
mkdir "$top/pages"
for page in $pages; do
    awk -v version="$version" -f "$man/ja.awk" "$man/$page" >"$top/pages/$page" 2>"$top/why"
    ok $? "$page can be made"
    sed 's/\\-/-/g' "$top/pages/$page" | grep -q "^${page%.*} - [^\\\\]*$"
    ok $? "$page has a name that whatis finds"
done
if command -v mandoc >/dev/null; then
    for page in $pages; do
        mandoc -T lint -W warning "$top/pages/$page" >"$top/why" 2>&1
        ok $? "$page: mandoc finds no fault"
        LC_ALL=C.UTF-8 mandoc -T utf8 "$top/pages/$page" | columns >"$top/why"
        clean "$page fits 80 columns"
    done
    sh "$man/make-html.sh" "$man" "$top/html" "$version" >"$top/why" 2>&1
    ok $? "the HTML manual can be made"
    (
        cd "$top/html" || exit 1
        for page in *.html; do
            grep -o 'href="[^"]*"' "$page" | sed 's/href="\(.*\)"/\1/' | sort -u | while read -r link; do
                file=${link%%#*}
                [ -z "$file" ] && file=$page
                case $link in
                *:*/*) echo "$page: $link" ;;
                *'#'*) grep -qF "id=\"${link#*#}\"" "$file" 2>/dev/null || echo "$page: $link" ;;
                *) [ -f "$file" ] || echo "$page: $link" ;;
                esac
            done
            grep -nE 'src=|<script|@import|url\(|https?:' "$page" manual.css
            [ "$(grep -c '<html lang="ja">' "$page")" = 1 ] || echo "$page: no language"
        done
    ) >"$top/why"
    clean "every link of the HTML manual leads somewhere, and none outside"
    for page in $pages; do
        awk '/^\.(E[XE]|nf|fi)/ { example = /X|nf/ } example && /^$/ { n++ } END { print n + 0 }' "$man/$page" >"$top/a"
        awk '/<pre>/ { pre = 1 } pre && /^$/ { n++ } /<\/pre>/ { pre = 0 } END { print n + 0 }' \
            "$top/html/$page.html" >"$top/b"
        cmp "$top/a" "$top/b" || echo "$page"
    done >"$top/why" 2>&1
    clean "examples keep their empty lines in HTML"
else
    skip "pages render" "no mandoc"
fi

# ---- every example, run ----

FUSHO=$(absolute "$FUSHO") FUSHO_PLUGIN=$(absolute "$FUSHO_PLUGIN")
FUSHO_FIXTURES=$(absolute "$FUSHO_FIXTURES") src=$(absolute "$src") build=$(absolute "$build")
export FUSHO FUSHO_PLUGIN
mkdir "$top/bin"
cat >"$top/bin/fusho" <<'END'
#!/bin/sh
[ $# -gt 0 ] || exec "$FUSHO"
verb=$1
shift
exec "$FUSHO" "$verb" --plugin "$FUSHO_PLUGIN" "$@"
END
sanitize=
nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q __asan && sanitize=-fsanitize=address,undefined
cat >"$top/bin/cc" <<END
#!/bin/sh
exec ${CC:-gcc} -Wall -Wextra -Werror $sanitize "\$@"
END
cat >"$top/bin/pkg-config" <<END
#!/bin/sh
case \$1 in
--cflags) echo "-I'$src/plugin'" | tr -d "'" ;;
--variable=plugindir) dirname "$FUSHO_PLUGIN" ;;
*) exit 1 ;;
esac
END
chmod +x "$top/bin/fusho" "$top/bin/cc" "$top/bin/pkg-config"

# A reader's folder: the samples, and the build folder for what is done in a checkout.
reader() { # folder
    mkdir "$1" && cp -R "$FUSHO_FIXTURES" "$1/見本" && ln -s "$build" "$1/build"
}

run() { # folder of the steps, folder to run in
    status=0
    for step in "$1"/*.at; do
        [ -f "$step" ] || continue
        step=${step%.at}
        at=$(cat "$step.at")
        if [ -f "$step.file" ]; then
            sed 1d "$step.file" >"$2/$(sed 1q "$step.file")"
        elif [ -f "$step.cmd" ]; then
            (
                cd "$2" || exit 99
                PATH=$top/bin:$PATH HOME=$2 XDG_CONFIG_HOME='' sh -c "(exit $status)
$(cat "$step.cmd")"
            ) >"$step.got" 2>&1 </dev/null
            status=$?
            awk -f "$src/tests/compare.awk" "$step.want" "$step.got" >"$top/why" 2>&1
            ok $? "$at: $(sed 1q "$step.cmd")"
        else
            cp "$step.bad" "$top/why"
            ok 1 "$at: a command without \"\$ \""
        fi
    done
}

for page in docs/man/fusho-month.7 docs/man/fusho.1 docs/man/fusho.conf.5 docs/man/fusho-capture.5 \
    docs/man/fusho_plugin.3 docs/usage.md README.md README.en.md; do
    work=$top/$(basename "$page")
    mkdir "$work" && reader "$work/reader" || exit 99
    awk -v OUT="$work" -v page="$page" -v version="$version" -f "$src/tests/examples.awk" "$src/$page"
    run "$work" "$work/reader"
done
echo "1..$n"
