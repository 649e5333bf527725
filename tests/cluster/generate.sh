#!/bin/sh
# generate.sh FIXTURES IN COUNT: COUNT invented institutions, each a folder of IN with one claim file
# of a fixture month, its own 医療機関コード and the captures. IN.list names them.
set -eu
LC_ALL=C
export LC_ALL
fixtures=$1 in=$2 count=$3 i=0
: >"$in.list"
while [ $i -lt "$count" ]; do
    for type in ika ika-kokuho dpc shika chozai houmon; do
        [ $i -lt "$count" ] || break
        i=$((i + 1))
        name=$(printf '%04d' $i)
        mkdir -p "$in/$name"
        cp -R "$fixtures/$type/." "$in/$name"
        rm -f "$in/$name"/*.UKE "$in/$name"/*.gz
        for file in "$fixtures/$type"/RECEIPT?.UKE; do
            awk -F, -v code="$((1000000 + i))" -v OFS=, 'NR == 1 && /^(IR|UK|YK|HM),/ { $5 = code } { print }' \
                "$file" >"$in/$name/$(basename "$file")"
            # awk ends the last line, which is 0x1A without line end
            truncate -s -1 "$in/$name/$(basename "$file")"
        done
        echo "$name" >>"$in.list"
    done
done
