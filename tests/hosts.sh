#!/bin/sh
# Hosts in other languages load the built plugin and process a file. TAP.
set -u
src=${SRCDIR:-.} fix=${FUSHO_FIXTURES:?}
echo 1..2
if out=$("${EXAMPLE:?}" "${FUSHO_PLUGIN:?}" "$fix/ika/RECEIPTC.UKE" "$fix/ika/captures.xml" 2>&1); [ $? -le 1 ] &&
    printf '%s\n' "$out" | grep -q '"type":"summary"'; then
    echo "ok 1 - example.c"
else
    printf '%s\n' "$out" | head -n 5 | sed 's/^/# /'
    echo "not ok 1 - example.c"
fi
if [ -z "${PYTHON3:-}" ]; then
    echo "ok 2 - Python ctypes # SKIP no python3"
elif nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q __asan; then
    echo "ok 2 - Python ctypes # SKIP the plugin needs its sanitizer in the host"
elif out=$("$PYTHON3" "$src/tests/hosts/flat.py" "$FUSHO_PLUGIN" "$fix/ika/RECEIPTC.UKE" "$fix/ika/captures.xml" 2>&1); then
    echo "ok 2 - Python ctypes ($(printf '%s\n' "$out" | grep -c '^ok') checks)"
else
    printf '%s\n' "$out" | grep '^not ok' | sed 's/^/# /'
    echo "not ok 2 - Python ctypes"
fi
