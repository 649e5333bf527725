#!/bin/sh
# The plugin defines its five names and nothing else. Prints TAP.
# usage: check-symbols.sh [PLUGIN]
set -u
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

if ! command -v nm >/dev/null; then
    echo "1..0 # SKIP nm is not there"
    exit 0
fi
if nm -D --undefined-only "$plugin" | grep -q '__\(asan\|ubsan\|tsan\|msan\)_'; then
    echo "1..0 # SKIP a sanitizer adds names of its own"
    exit 0
fi
echo "1..3"

# The version node itself shows as an absolute symbol (A).
got=$(nm -D --defined-only "$plugin" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | sort)
if [ "$got" = "$want" ]; then echo "ok 1 - the five names are exported"; else
    echo "not ok 1 - the five names are exported"
    echo "$got" | sed 's/^/# exported: /'
fi

kinds=$(nm -D --defined-only "$plugin" | awk '$2 != "A" && $2 != "T" { print $2, $3 }')
if [ -z "$kinds" ]; then echo "ok 2 - all of them are functions"; else
    echo "not ok 2 - all of them are functions"
    echo "$kinds" | sed 's/^/# /'
fi

needs=$(nm -D --undefined-only "$plugin" | awk '{ sub(/@.*/, "", $2); print $2 }')
found=
for name in $never; do
    if echo "$needs" | grep -qx "$name"; then found="$found $name"; fi
done
if [ -z "$found" ]; then echo "ok 3 - nothing is used that the plugin promises not to use"; else
    echo "not ok 3 - nothing is used that the plugin promises not to use"
    echo "# uses:$found"
fi
