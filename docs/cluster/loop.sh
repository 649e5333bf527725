#!/bin/sh
# loop.sh LIST IN OUT: every institution named in LIST (a folder of IN a line), one after the other.
set -u
here=$(dirname "$0")
while IFS= read -r name; do
    sh "$here/one.sh" "$2/$name" "$3/$name"
done <"$1"
