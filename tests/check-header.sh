#!/bin/sh
# fusho.h compiles on its own as C99, C11 and C++17, without a warning and without padding. TAP.
# usage: check-header.sh [SRCDIR]; CC and CXX name the compilers
set -u
. "$(dirname "$0")/tap.sh"
src=${1:-${SRCDIR:-.}}
cc=${CC:-cc}
cxx=${CXX:-c++}
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
why=$work/out

compile() { # suffix compiler and flags...
    suffix=$1
    shift
    # shellcheck disable=SC2068
    $@ -Wall -Wextra -Wpedantic -Werror -I"$src/plugin" -c "$work/t.$suffix" -o "$work/t.o" \
        >"$work/out" 2>&1
}

cat >"$work/t.c" <<'END'
#include "fusho.h"
/* Twice: the guard works. */
#include "fusho.h"
extern int use(void);
int use(void)
{
    fusho_error e = FUSHO_ERROR_INIT;
    fusho_host h = {0};
    return e.status + FUSHO_HAS(fusho_host, &h, today);
}
END
cat >"$work/t.cpp" <<'END'
#include "fusho.h"
#include "fusho.h"
int use()
{
    fusho_error e = FUSHO_ERROR_INIT;
    fusho_host h{};
    return e.status + FUSHO_HAS(fusho_host, &h, today);
}
END

echo "1..4"
for std in c99 c11; do
    compile c "$cc" -std=$std -Wpadded -Wno-missing-field-initializers
    ok $? "fusho.h is $std without padding"
done
compile c "$cc" -std=c11 -Wstrict-prototypes -Wno-missing-field-initializers
ok $? "fusho.h has prototypes only"
# shellcheck disable=SC2086
if [ -n "$cxx" ] && command -v ${cxx%% *} >/dev/null; then
    compile cpp "$cxx" -std=c++17
    ok $? "fusho.h is C++17"
else
    skip "fusho.h is C++17" "no C++ compiler"
fi
