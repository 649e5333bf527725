#!/bin/sh
# parallel.sh LIST IN OUT [JOBS]: the same with GNU parallel on one machine, JOBS at a time (default:
# one for each processor). OUT/parallel.log tells of every task; --resume goes on from there.
set -u
here=$(dirname "$0")
mkdir -p "$3"
parallel --will-cite --jobs "${4:-100%}" --joblog "$3/parallel.log" --resume \
    sh "$here/one.sh" "$2/{}" "$3/{}" :::: "$1"
