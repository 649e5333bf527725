#!/bin/sh
# Writes abi/fusho-1.abi from a built plugin with debug information. When one may: README.md.
# usage: update.sh PLUGIN [OUTPUT]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
plugin=${1:?usage: update.sh PLUGIN [OUTPUT]}
out=${2:-$here/fusho-1.abi}
# Nothing that differs from one build folder or machine to the next goes in.
abidw --headers-dir "$here/../plugin" --drop-private-types --exported-interfaces-only \
    --type-id-style hash --no-corpus-path --no-comp-dir-path --no-show-locs --no-elf-needed "$plugin" |
    sed "s|path='[^']*plugin/|path='plugin/|" >"$out.tmp"
mv "$out.tmp" "$out"
