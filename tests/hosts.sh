#!/bin/sh
# Hosts in other languages load the built plugin and process a file and a claim, with the very
# commands that docs/hosts.md shows; what they print and write is what the command gives. TAP.
# FUSHO_KOFFI: a folder node_modules with koffi, where it is neither in build/ nor in NODE_PATH.
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
: "${FUSHO:?}" "${EXAMPLE:?}"
src=$(absolute "${SRCDIR:-.}") build=$(absolute "${BUILDDIR:-.}")
fix=$(absolute "${FUSHO_FIXTURES:?}") plugin=$(absolute "${FUSHO_PLUGIN:?}")
page=$src/docs/hosts.md
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
sanitize=
nm -D "$plugin" 2>/dev/null | grep -q __asan && sanitize=-fsanitize=address,undefined
why=$top/why


# ---- what the command gives ----

run_command() { # verb arguments...
    verb=$1
    shift
    "$FUSHO" "$verb" --plugin "$plugin" --today 2026-11-09 --format json "$@"
}

# Findings as the hosts print them; with a number only those of that claim.
findings() { # number or ""
    awk -v claim="$1" '
        function text(key,    s) {
            match($0, "\"" key "\":\"[^\"]*\"")
            s = substr($0, RSTART, RLENGTH)
            return substr(s, length(key) + 5, length(s) - length(key) - 5)
        }
        /^\{"type":"finding"/ && (claim == "" || index($0, "\"claim\":" claim ",")) {
            print text("code") " " text("message")
        }
        claim != "" && /^\{"type":"claim"/ && index($0, "\"claim\":" claim ",") {
            if (text("route") == "fusho")
                printf "claim %s: route 3, %d edits\n", claim, gsub(/"op":/, "")
        }'
}

reader=$top/reader
mkdir -p "$reader/build/.libs" "$reader/build/fixtures" "$top/bin"
ln -s "$src/tests" "$src/plugin" "$reader"
ln -s "$plugin" "$reader/build/.libs/fusho.so"
ln -s "$fix" "$reader/build/fixtures/out"
for modules in "${FUSHO_KOFFI:-}" "$build/node_modules" "$src/build/node_modules"; do
    [ -d "$modules/koffi" ] && ln -s "$modules" "$reader/build/node_modules" && break
done

run_command check --evidence "$fix/ika/captures.xml" "$fix/ika/RECEIPTC.UKE" >"$top/check.json"
want_status=$?
run_command apply --evidence "$fix/ika/captures.xml" "$fix/ika/RECEIPTC.UKE" \
    -o "$top/all.UKE" >"$top/apply.json"
findings "" <"$top/check.json" >"$top/want"
findings 9 <"$top/apply.json" >>"$top/want"
awk '/^RE,/ { at++ } /^GO,/ { at = 0 } at == 9' "$top/all.UKE" >"$top/want.UKE"
[ $want_status = 1 ] && [ "$(wc -l <"$top/want")" -gt 20 ] && [ -s "$top/want.UKE" ] &&
    grep -q '^claim 9: route 3, ' "$top/want"
ok $? "there is something to compare with ($(wc -l <"$top/want") lines)"

# ---- what the page says ----

block() { # name: the commands that stand below <!-- host: NAME -->
    awk -v mark="<!-- host: $1 -->" '
        $0 == mark { found = 1; next }
        found && /^```/ { if (inside) exit; inside = 1; next }
        inside' "$page"
}

# The compiler of this build; koffi is not fetched.
cat >"$top/bin/cc" <<END
#!/bin/sh
exec ${CC:-gcc} -Wall -Wextra -Wpedantic -Wshadow -Werror $sanitize "\$@"
END
cat >"$top/bin/c++" <<END
#!/bin/sh
exec ${CXX:-g++} -Wall -Wextra -Wpedantic -Werror $sanitize "\$@"
END
printf '#!/bin/sh\nexit 0\n' >"$top/bin/npm"
chmod +x "$top"/bin/*
PATH=$top/bin:$PATH

block prepare >"$top/prepare"
(cd "$reader" && sh -e "$top/prepare") >"$top/why" 2>&1 && chmod -R u+w "$reader/build/hosts" &&
    grep -q 'id="c09"' "$reader/build/hosts/capture.xml"
ok $? "the folder of docs/hosts.md can be prepared"
work=$reader/build/hosts
cd "$work" || exit 99
echo '<captures>' >broken.xml

for host in "$src"/tests/hosts/*; do
    grep -qE "(^|[ \`/])${host##*/}(\$|[ \`])" "$page" || echo "${host##*/}"
done >"$top/why"
clean "docs/hosts.md names every host"

sed -n '/^static int one_claim/,/^}/p' "$src/tests/hosts/table.c" >"$top/function"
awk '/^<!-- from table.c -->/ { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next }
    inside' "$src/docs/abi.md" | diff "$top/function" - >"$top/why"
ok $? "the example in docs/abi.md is that of table.c"

# ---- the hosts ----

built() { # name: all commands but the last
    block "$1" | sed '$d' >"$top/build"
    sh -e "$top/build" >"$top/why" 2>&1 </dev/null
}

# The last command as it stands; with the argument "broken" the captures are no captures.
ran() { # name [broken]
    block "$1" | tail -n 1 | sed "s/captures*\.xml/${2:-&}.xml/; s/\.xml\.xml/.xml/" >"$top/run"
    rm -f claim.UKE out.UKE out.UKE.fusho
    sh "$top/run" >"$top/out" 2>"$top/err" </dev/null
}

like_the_command() { # name
    built "$1" || return 1
    ran "$1"
    status=$?
    {
        cat "$top/err"
        [ $status = $want_status ] || echo "exit status $status, not $want_status"
        diff "$top/want" "$top/out"
        cmp "$top/want.UKE" claim.UKE
    } >"$top/why" 2>&1
    [ ! -s "$top/why" ]
}

# Code, sentence and next step are shown.
shows_the_error() { # name
    ran "$1" broken
    status=$?
    cat "$top/out" "$top/err" >"$top/why"
    [ $status = 3 ] && [ ! -f claim.UKE ] && grep -q '^E501 .*。 .*。' "$top/err" && : >"$top/why"
}

host() { # name shown reason-to-skip
    if [ -n "$3" ]; then
        skip "$2" "$3"
        skip "$2: an error" "$3"
        return
    fi
    like_the_command "$1"
    ok $? "$2: a file and a claim as the command does them"
    shows_the_error "$1"
    ok $? "$2: an error is shown with its code, sentence and next step"
}

# Empty, or why the host cannot run: tools and files that must be there.
without() { # tool or file...
    if [ -n "$sanitize" ]; then
        echo "the plugin needs its sanitizer in the host"
        return
    fi
    for need in "$@"; do
        case $need in
        /*) [ -f "$need" ] ;;
        *) command -v "$need" >/dev/null 2>&1 ;;
        esac || { echo "no ${need##*/}" && return; }
    done
}

host c "C" ""
host cpp "C++" "$(command -v "${CXX:-g++}" >/dev/null || echo "no C++ compiler")"
host python "Python" "$(without python3)"
host java "Java" "$(without javac /usr/share/java/jna.jar)"
reason=$(without node)
[ -n "$reason" ] || node -e 'require("koffi")' 2>/dev/null || reason="no koffi"
host node "Node.js" "$reason"
reason=$(without perl)
[ -n "$reason" ] || perl -MFFI::Platypus=2.00 -e 1 2>/dev/null || reason="no FFI::Platypus"
host perl "Perl" "$reason"
host pascal "Free Pascal" "$(without fpc)"
host csharp "C#" "$(without mcs mono)"

# ---- hosts of the flat calls ----

cobol() {
    built cobol || return 1
    ran cobol
    status=$?
    cat "$top/out" "$top/err" >"$top/why"
    [ $status = 1 ] && grep -q '^check 01 34件を処理しました（.*）。$' "$top/out" &&
        grep -q '^apply 01 34件を処理しました（.*）。$' "$top/out" && [ -f out.UKE.fusho ] &&
        cmp "$top/all.UKE" out.UKE >"$top/why" 2>&1
}

reason=$(without cobc)
if [ -n "$reason" ]; then
    skip "COBOL" "$reason"
    skip "COBOL: an error" "$reason"
else
    cobol
    ok $? "COBOL: a file as the command does it"
    ran cobol broken
    status=$?
    cat "$top/out" "$top/err" >"$top/why"
    [ $status = 3 ] && [ ! -f out.UKE ] && grep -q '^check 03 .*。$' "$top/out"
    ok $? "COBOL: an error comes back as a sentence"
fi

# The subprogram gives the records without their line ends.
cobol_claim() {
    built cobol-claim || return 1
    ran cobol-claim || return 1
    {
        cat "$top/err"
        sed -n '/^claim /,$p' "$top/want" | diff - "$top/out"
        tr -d '\r' <"$top/want.UKE" | cmp - claim.UKE
    } >"$top/why" 2>&1
    [ ! -s "$top/why" ]
}

[ -n "$reason" ] || reason=$(without "$src/plugin/jma/cobol/FUSHOCLM.cpy")
if [ -n "$reason" ]; then
    skip "COBOL: a claim" "$reason"
    skip "COBOL: an error in a claim" "$reason"
else
    cobol_claim
    ok $? "COBOL: a claim as the command does it"
    ran cobol-claim broken
    status=$?
    cat "$top/out" "$top/err" >"$top/why"
    [ $status = 3 ] && [ ! -f claim.UKE ] && grep -q '^E501 .*。 .*。' "$top/err"
    ok $? "COBOL: an error in a claim is shown with its code, sentence and next step"
fi

"$EXAMPLE" "$plugin" RECEIPTC.UKE captures.xml >"$top/out" 2>"$top/why"
[ $? = 1 ] && findings "" <"$top/out" >"$top/found" && findings "" <"$top/check.json" |
    diff - "$top/found" >"$top/why"
ok $? "example.c"

reason=$(without python3)
if [ -n "$reason" ]; then
    skip "flat calls in Python" "$reason"
else
    python3 flat.py ./fusho.so RECEIPTC.UKE captures.xml >"$top/why" 2>&1
    status=$?
    grep -c '^ok' "$top/why" >"$top/checks"
    ok $status "flat calls in Python ($(cat "$top/checks") checks)"
fi
echo "1..$n"
