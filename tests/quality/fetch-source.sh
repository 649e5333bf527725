#!/bin/sh
# Debian's source of packages, unpacked: fetch-source.sh FOLDER PACKAGE... gives FOLDER/PACKAGE.
# apt's own lists with "deb-src" for "deb", in that folder: /etc/apt stays as it is. 77: not to be had.
set -u
mkdir -p "$1" || exit 1
cd "$1" || exit 1
shift
top=$PWD

apt_private() {
    program=$1
    shift
    "$program" -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$top/apt/sources.d" \
        -o Dir::State::lists="$top/apt/lists" -o Dir::Cache="$top/apt/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@" >>"$top/apt.log" 2>&1
}

prepare() {
    mkdir -p apt/sources.d apt/lists/partial apt/cache/archives/partial
    for f in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
        grep -q '/debian' "$f" 2>/dev/null || continue # other archives may have no sources
        case $f in
        *.sources) sed 's/^Types:.*/Types: deb-src/' "$f" ;;
        *.list) sed -n 's/^deb /deb-src /p' "$f" ;;
        esac >"apt/sources.d/${f##*/}"
    done
    apt_private apt-get update
}

# A mirror can lack the files of a version it lists: then the next.
fetch() {
    versions=$(apt-cache -q -o Dir::Etc::sourcelist=/dev/null -o Dir::Etc::sourceparts="$top/apt/sources.d" \
        -o Dir::State::lists="$top/apt/lists" -o Dir::Cache="$top/apt/cache" showsrc "$1" 2>/dev/null |
        sed -n 's/^Version: //p' | sort -ruV)
    for version in $versions; do
        apt_private apt-get source --download-only "$1=$version" && break
    done
    dsc=$(find . -maxdepth 1 -name "$1_*.dsc" | sort -V | tail -n 1)
    [ -n "$dsc" ] && dpkg-source --no-check --no-copy -x "$dsc" "$1" >>apt.log 2>&1
}

for package in "$@"; do
    [ ! -d "$package" ] || continue
    [ -d apt/lists/partial ] && ls apt/lists/*Sources* >/dev/null 2>&1 || prepare || exit 77
    fetch "$package" || exit 77
done
