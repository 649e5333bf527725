#!/bin/sh
# 200 institutions (CLUSTER_FILES for another number): GNU parallel and a Slurm job array give what a
# plain loop gives, byte for byte. TAP.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
src=$(cd "${SRCDIR:-.}" && pwd)
count=${CLUSTER_FILES:-200}
FUSHO=$(absolute "$FUSHO") PLUGIN=$(absolute "$FUSHO_PLUGIN") fixtures=$(absolute "$FUSHO_FIXTURES")
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
why=$top/why
seconds() { date +%s.%N; }
took() { # name since: a comment with the time
    awk -v a="$2" -v b="$(seconds)" -v what="$1" -v files="$count" \
        'BEGIN { printf "# %s: %.1f s, %.0f files a second\n", what, b - a, files / (b - a) }'
}

mkdir "$top/bin"
cat >"$top/bin/fusho" <<END
#!/bin/sh
verb=\$1
shift
exec "$FUSHO" "\$verb" --plugin "$PLUGIN" "\$@"
END
chmod 755 "$top/bin/fusho"
PATH=$top/bin:$PATH
FUSHO_OPTIONS='--no-config --today 2026-11-09'
FUSHO_CLUSTER=$src/docs/cluster
export FUSHO_OPTIONS FUSHO_CLUSTER

sh "$src/tests/cluster/generate.sh" "$fixtures" "$top/in" "$count" >"$top/why" 2>&1 &&
    [ "$(cat "$top"/in/*/RECEIPT?.UKE | tr '\032' '\n' | grep -a -c '^GO')" = "$count" ] &&
    [ "$(cksum "$top"/in/*/RECEIPT?.UKE | awk '{ print $1 }' | sort -u | wc -l)" = "$count" ]
ok $? "$count institutions are made, all different"

since=$(seconds)
sh "$src/docs/cluster/loop.sh" "$top/in.list" "$top/in" "$top/loop" >"$top/why" 2>&1
took "plain loop" "$since"
cat "$top"/loop/*/status | sort | uniq -c | awk '{ print "# status " $2 ": " $1 }'
[ "$(cat "$top"/loop/*/status | wc -l)" = "$count" ] && ! cat "$top"/loop/*/status | grep -qv '^[01]$' &&
    [ "$(find "$top/loop" -name '*.UKE' | wc -l)" = "$count" ] && [ -z "$(find "$top/loop" -name '*.part')" ]
ok $? "a plain loop does all of them"
ls "$top/loop" | cmp -s - "$top/in.list"
ok $? "a folder each"

same() { # FOLDER: as the loop's
    diff -r "$top/loop" "$1" >"$top/why" 2>&1
}

if command -v parallel >/dev/null && parallel --version 2>/dev/null | grep -q '^GNU'; then
    since=$(seconds)
    sh "$src/docs/cluster/parallel.sh" "$top/in.list" "$top/in" "$top/parallel" >"$top/why" 2>&1
    took "GNU parallel" "$since"
    mv "$top/parallel/parallel.log" "$top/parallel.log"
    same "$top/parallel"
    ok $? "GNU parallel gives the same, byte for byte"
    [ "$(sed 1d "$top/parallel.log" | wc -l)" = "$count" ]
    ok $? "and logs every task"
    head -n 5 "$top/in.list" >"$top/five"
    for name in $(cat "$top/five"); do echo cut >"$top/parallel/$name/RECEIPTC.UKE.part"; done
    rm -rf "$top/again" && mkdir "$top/again"
    sh "$src/docs/cluster/parallel.sh" "$top/five" "$top/in" "$top/parallel" 1 >"$top/why" 2>&1
    rm -f "$top/parallel/parallel.log" "$top"/parallel/*/RECEIPTC.UKE.part
    same "$top/parallel"
    ok $? "what is done again gives the same"
else
    skip "GNU parallel" "no parallel"
fi

mkdir "$top/in/bad" && echo nonsense >"$top/in/bad/RECEIPTC.UKE"
sh "$src/docs/cluster/one.sh" "$top/in/bad" "$top/bad" >"$top/why" 2>&1
[ $? = 3 ] && [ "$(cat "$top/bad/status")" = 3 ] && [ "$(ls "$top/bad" | tr '\n' ' ')" = 'RECEIPTC.UKE.json status ' ]
ok $? "a file that cannot be processed leaves its status and listing only"
mkdir "$top/in/none"
sh "$src/docs/cluster/one.sh" "$top/in/none" "$top/none" >"$top/why" 2>&1
[ $? = 2 ] && [ "$(cat "$top/none/status")" = 2 ]
ok $? "a folder without claim file is told"

missing=
for tool in slurmctld slurmd sbatch sinfo; do command -v $tool >/dev/null || missing=$tool; done
if [ -n "$missing" ]; then
    skip "Slurm" "no $missing"
elif [ "$(id -u)" != 0 ]; then
    skip "Slurm" "not root"
else
    since=$(seconds)
    sh "$src/tests/cluster/one-node.sh" "$top/slurm" \
        sbatch --wait --output=/dev/null --array=1-8 "$src/docs/cluster/array.sbatch" \
        "$top/in.list" "$top/in" "$top/array" >"$top/why" 2>&1
    status=$?
    if [ $status = 77 ]; then
        skip "Slurm" "it does not start here"
    else
        took "Slurm, an array of 8, with its start and stop" "$since"
        ok $status "the job array ends well"
        same "$top/array"
        ok $? "a Slurm job array gives the same, byte for byte"
    fi
fi
echo "1..$n"
