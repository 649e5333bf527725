#!/bin/sh
# The form page in a browser: see tests/browser/form.py. Prints TAP; skipped where there is no browser.
set -u
. "$(dirname "$0")/tap.sh"
fusho=${FUSHO:?} plugin=${FUSHO_PLUGIN:?}
here=${SRCDIR:-.}/tests/browser
python=
for p in /usr/bin/python3 "${PYTHON3:-python3}" python3; do
    "$p" -c 'import selenium' 2>/dev/null && python=$p && break
done
missing=
[ -n "$python" ] || missing="python3 selenium"
for tool in chromium chromedriver; do
    command -v $tool >/dev/null || missing="$missing $tool"
done
[ -z "$missing" ] || skip_all "missing: $missing"

work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
why=$work/said
if ! "$fusho" form -o "$work/form.html" --plugin "$plugin" >"$work/said" 2>&1; then
    ok 1 "fusho form writes the page"
    echo "1..1"
    exit 0
fi
FUSHO_PAGE=$work/form.html "$python" "$here/form.py"
