#!/bin/sh
# As many instructions as recorded, within 3 %: a change that makes it slower, or faster, is seen on
# any machine. TAP; skipped where the recorded numbers say nothing (tests/bench/instructions.sh).
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${BUILDDIR:?}"
src=${SRCDIR:-.}
# make distcheck builds the same once more.
[ -e "$src/.git" ] || skip_all "not a git tree"
out=$(sh "$src/tests/bench/instructions.sh" 2>&1)
status=$?
[ $status != 77 ] || skip_all "$out"
for verb in check apply; do
    n=$((n + 1))
    line=$(echo "$out" | grep "^ok $verb:\|^no $verb:")
    case $line in
    ok*) echo "ok $n - fusho $verb over 10 MB takes the instructions recorded: ${line#ok "$verb": }" ;;
    *)
        echo "not ok $n - fusho $verb over 10 MB: ${line#no "$verb": }"
        echo "# on purpose? then tests/bench/instructions.sh --record, and say why in the commit"
        ;;
    esac
done
[ $status -le 1 ] || echo "$out" | sed 's/^/# /'
echo "1..$n"
