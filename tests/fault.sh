#!/bin/sh
# Storage that fails, files that change, disks that are full, and a command that is killed. TAP.
#
#   FUSHO           the command
#   FUSHO_PLUGIN    the plugin, with FUSHO_FIXTURES
#   CC              for tests/fault/shim.c
#   FUSHO_SLOW      set: every allocation of the command, not some of them
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
src=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
python=${PYTHON3:-python3}
[ "$(uname -s)" = Linux ] || skip_all 'no Linux'
"$python" -c 'import hashlib, resource' 2>/dev/null || skip_all 'no Python'
! grep -aq __asan_init "$FUSHO" || skip_all 'a sanitizer and LD_PRELOAD do not go together'
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-fault.XXXXXX") || exit 99
trap 'umount "$work/small" 2>/dev/null; rm -rf "$work"' EXIT
# shellcheck disable=SC2086
${CC:-cc} -std=gnu11 -O1 -shared -fPIC -o "$work/shim.so" "$src/tests/fault/shim.c" -ldl ||
    skip_all 'no compiler'
# shellcheck disable=SC2086
${CC:-cc} -std=gnu11 -O1 -w -I"$src/plugin" -o "$work/flat" "$src/tests/fault/flat.c" -ldl ||
    skip_all 'no compiler'
chmod 755 "$work"
"$python" -B "$src/tests/fault/faults.py" "$work"
