#!/bin/sh
# The built plugin has the binary contract written down in abi/fusho-1.abi; additions of functions
# pass. TAP.
#
#   FUSHO_PLUGIN  the plugin, with debug information
#   CC            for controls: headers changed on purpose must be noticed
#   SRCDIR        the top of the sources
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
src=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
reference=$src/abi/fusho-1.abi
cc=${CC:-cc}
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-abi.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
why=$work/out

compare() { # plugin: 0 when it fits
    abidiff --harmless --no-added-syms --suppr "$src/abi/ignore.ini" "$reference" "$1" >"$work/out" 2>&1
}

# ---- the reference and the assertions of test_abi.c ----

echo "1..18"
grep -n "comp-dir\|filepath=\|line=\|path='[./]\|/home/\|/tmp/" "$reference" >"$work/out"
[ $? -eq 1 ]
ok $? "the reference holds no path and no line number"

# type member offset-in-bytes, type size-in-bytes
awk -F"'" '
    /<class-decl / && !/is-declaration-only/ { type = $2; print type, "-", $4 / 8 }
    /<data-member / { offset = $4 / 8 }
    /<var-decl / && type != "" { print type, $2, offset }
    /<\/class-decl>/ { type = "" }' "$reference" | sort >"$work/members"
sed -n 's/^AT(\(fusho_[a-z_]*\), \([a-z0-9_]*\), \([0-9]*\));$/\1 \2 \3/p
        s/^SIZE(\(fusho_[a-z_]*\), \([0-9]*\));$/\1 - \2/p' "$src/tests/test_abi.c" | sort >"$work/asserted"
diff "$work/members" "$work/asserted" >"$work/out"
ok $? "test_abi.c asserts every member and size of the reference, and no other"
[ "$(wc -l <"$work/members")" -gt 80 ] && [ "$(grep -c ' - ' "$work/members")" -eq 8 ]
ok $? "these are members of eight structs"

sed -n 's/^} \(fusho_[a-z_]*\);.*/\1/p' "$src/plugin/fusho.h" | sort >"$work/header"
sed -n 's/ - .*//p' "$work/members" | diff - "$work/header" >"$work/out"
ok $? "all structs of fusho.h are in the reference"

awk '/enum \{/ { inside = 1 } inside { print } /};/ { inside = 0 }' "$src/plugin/fusho.h" |
    sed 's|/\*.*||' | grep -o 'FUSHO_[A-Z_]*' | sort -u |
    while read -r name; do grep -q "{$name, " "$src/tests/test_abi.c" || echo "$name"; done >"$work/out"
[ ! -s "$work/out" ]
ok $? "test_abi.c asserts the value of every constant"

# ---- abidiff ----

skip_rest() {
    while [ $n -lt 18 ]; do
        skip "abidiff" "$1"
    done
    exit 0
}
command -v abidiff >/dev/null || skip_rest "no abidiff (package abigail-tools)"
[ "$(uname -m)" = x86_64 ] || skip_rest "the reference is for x86-64"
readelf -S "${FUSHO_PLUGIN:?}" 2>/dev/null | grep -q '\.debug_info' ||
    skip_rest "the plugin has no debug information"

compare "$FUSHO_PLUGIN"
ok $? "the built plugin has the ABI of the reference"

# ---- controls: a library of the same functions, from a header changed on purpose ----

cat >"$work/control.c" <<'END'
#include "fusho.h"
const fusho_plugin *fusho_plugin_v1(uint32_t a, uint32_t b)
{
    return a == b ? (const fusho_plugin *)0 : (const fusho_plugin *)1;
}
int32_t fusho_apply_file(const char *input, const char *output, const char *evidence,
                         const char *options, char *message, int32_t message_size)
{
    return input && output && evidence && options && message && message_size;
}
int32_t fusho_check_file(const char *input, const char *evidence, const char *options,
                         char *message, int32_t message_size)
{
    return input && evidence && options && message && message_size;
}
int32_t fusho_undo_file(const char *journal, const char *output, char *message,
                        int32_t message_size)
{
    return journal && output && message && message_size;
}
const char *fusho_version(void)
{
    return "0";
}
END

control() { # 0 (fits) or 1 (must be noticed), name, expression for fusho.h
    sed "$3" "$src/plugin/fusho.h" >"$work/fusho.h"
    # shellcheck disable=SC2086
    if [ -n "$3" ] && cmp -s "$src/plugin/fusho.h" "$work/fusho.h"; then
        echo "the expression changes nothing" >"$work/out"
        ok 1 "$2"
    elif ! $cc -g -shared -fPIC -fvisibility=hidden -Wl,-soname,fusho.so -I"$work" \
        -o "$work/control.so" "$work/control.c" >"$work/out" 2>&1; then
        ok 1 "$2"
    else
        compare "$work/control.so"
        status=$?
        if [ "$1" -eq 0 ]; then ok $status "$2"; else
            [ $((status & 4)) -ne 0 ] && [ $((status & 3)) -eq 0 ]
            ok $? "noticed: $2"
        fi
    fi
}

control 0 "the header as it is fits" ''
control 1 "a member at the end of a struct" 's/^} fusho_job;/    int64_t later;\n&/'
control 1 "a member in the middle" 's/^    int64_t input_size;/    int64_t earlier;\n&/'
control 1 "a member of another type" 's/^    int64_t input_size;/    uint64_t input_size;/'
control 1 "a member renamed" 's/^    int32_t route;/    int32_t way;/'
control 1 "two members exchanged" \
    's/^    int32_t route;/    int32_t x;/; s/^    int32_t edits;/    int32_t route;/; s/int32_t x;/int32_t edits;/'
control 1 "a shorter text of an error" 's/char message_ja\[512\]/char message_ja[500]/'
control 1 "a callback with another result" 's/int32_t(FUSHO_CALL \*today)/int64_t(FUSHO_CALL *today)/'
control 1 "a call with one more argument" \
    's/(FUSHO_CALL \*close)(fusho_session \*s)/(FUSHO_CALL *close)(fusho_session *s, int32_t how)/'
control 1 "the reserved members gone" 's/^    void \*reserved\[4\];.*//'

grep -v '^const char \*fusho_version' "$work/control.c" >"$work/without.c"
sed -i '$d' "$work/without.c"
sed -i '$d' "$work/without.c"
sed -i '$d' "$work/without.c"
cp "$src/plugin/fusho.h" "$work/fusho.h"
$cc -g -shared -fPIC -fvisibility=hidden -Wl,-soname,fusho.so -I"$work" -o "$work/without.so" \
    "$work/without.c" >"$work/out" 2>&1 && { compare "$work/without.so"; [ $(($? & 4)) -ne 0 ]; }
ok $? "noticed: a function gone"
echo 'FUSHO_EXPORT int fusho_later(void); int fusho_later(void) { return 0; }' >>"$work/control.c"
control 0 "a function more passes" ''
