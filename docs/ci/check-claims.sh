#!/bin/sh
# check-claims.sh CLAIMS RESULTS: fusho check on every claim file (*.UKE) in the folder CLAIMS, as
# JUnit (RESULTS/NAME.xml) and SARIF (RESULTS/NAME.sarif). Options for fusho: $FUSHO_OPTIONS.
# Exit: 0 nothing found, 1 errors found, else the status of the file that could not be checked.
set -u
claims=$1 results=$2
mkdir -p "$results" || exit 4
worst=0 files=0
for file in "$claims"/*.UKE; do
    [ -f "$file" ] || continue
    files=$((files + 1))
    name=$(basename "$file" .UKE)
    for format in junit:xml sarif:sarif; do
        # shellcheck disable=SC2086 # options are words
        fusho check ${FUSHO_OPTIONS:---no-config} --format "${format%:*}" "$file" \
            >"$results/$name.${format#*:}"
        status=$?
        [ $status -le $worst ] || worst=$status
    done
done
if [ $files -eq 0 ]; then
    echo "no *.UKE in $claims" >&2
    exit 2
fi
exit $worst
