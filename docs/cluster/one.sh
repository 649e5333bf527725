#!/bin/sh
# one.sh IN OUT: the claims of one institution. IN holds one claim file *.UKE and its captures; OUT
# gets NAME.UKE, its journal NAME.UKE.fusho, the listing NAME.json and the exit status in `status`.
# fusho works as a filter here: what cat and mv do may as well be done by an object store.
# Options for fusho: $FUSHO_OPTIONS. Exit: as fusho; 0 and 1 have written, above nothing is left.
set -u
in=$1 out=$2
umask 077
mkdir -p "$out" || exit 4
set -- "$in"/*.UKE
if [ $# -ne 1 ] || [ ! -f "$1" ]; then
    echo "$in: one claim file is wanted" >&2
    echo 2 >"$out/status"
    exit 2
fi
name=$(basename "$1")
# A task that ran before, or broke off, is done again.
rm -f "$out/$name" "$out/$name.fusho" "$out/status"
# shellcheck disable=SC2086 # options are words
fusho apply ${FUSHO_OPTIONS:---no-config} --format json --evidence "$in" --journal "$out/$name.fusho" - -o - \
    <"$1" >"$out/$name.part" 2>"$out/$name.json"
status=$?
if [ $status -le 1 ]; then
    mv "$out/$name.part" "$out/$name"
else
    rm -f "$out/$name.part"
fi
echo $status >"$out/status"
exit $status
