#!/bin/sh
# docs/findings.md is what the table of findings says; every code has an entry in explain. TAP.
set -u
src=${SRCDIR:-.} build=${BUILDDIR:-.}
echo 1..2
if "$build/tests/gen_findings" | cmp -s - "$src/docs/findings.md"; then
    echo "ok 1 - docs/findings.md is up to date"
else
    echo "not ok 1 - docs/findings.md differs from core/rules/findings.def: tests/gen_findings > docs/findings.md"
fi
bad=$(sed -n 's/^FU_FINDING(\([A-Z][0-9]*\),.*/\1/p' "$src/core/rules/findings.def" | while read -r code; do
    "${FUSHO:?}" explain --plugin "${FUSHO_PLUGIN:?}" "$code" >/dev/null 2>&1 || echo "$code"
done)
if [ -z "$bad" ]; then echo "ok 2 - every code is explained"; else echo "not ok 2 - not explained: $bad"; fi
