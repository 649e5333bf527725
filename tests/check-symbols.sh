#!/bin/sh
# The plugin defines its five names and nothing else. Prints TAP.
# usage: check-symbols.sh [PLUGIN]
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
plugin=${1:-${FUSHO_PLUGIN:?}}
want='fusho_apply_file
fusho_check_file
fusho_plugin_v1
fusho_undo_file
fusho_version'
never='exit _exit _Exit quick_exit abort atexit signal sigaction setlocale newlocale uselocale getenv
secure_getenv setenv putenv unsetenv stdout stderr stdin printf puts putchar perror socket connect
getaddrinfo system popen fork execve'

command -v nm >/dev/null || skip_all "nm is not there"
if nm -D --undefined-only "$plugin" | grep -q '__\(asan\|ubsan\|tsan\|msan\)_'; then
    skip_all "a sanitizer adds names of its own"
fi
details() { echo "$found"; }
echo "1..3"

# The version node itself shows as an absolute symbol (A).
found=$(nm -D --defined-only "$plugin" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort)
[ "$found" = "$want" ]
ok $? "the five names are exported"

found=$(nm -D --defined-only "$plugin" | awk '$2 != "A" && $2 != "T" { print $2, $3 }')
[ -z "$found" ]
ok $? "all of them are functions"

needs=$(nm -D --undefined-only "$plugin" | awk '{ sub(/@.*/, "", $2); print $2 }')
found=$(for name in $never; do echo "$needs" | grep -x "$name"; done)
[ -z "$found" ]
ok $? "nothing is used that the plugin promises not to use"
