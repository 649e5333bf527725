#!/bin/sh
# Hosts and plugins of an older, this and a newer minor version work with each other. TAP.
#
# The older and the newer version are made here from fusho.h: the older host struct ends before its
# reserved members and the older job before those of 1.1, the newer structs have one member more each. abi/version_host.c is compiled with each of
# the three, the plugin's own files with this one and the newer.
#
#   FUSHO_PLUGIN  the plugin of this version
#   BUILDDIR      with the convenience libraries for the other one
#   CC, SRCDIR
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
src=${SRCDIR:-$(cd "$(dirname "$0")/.." && pwd)}
build=${BUILDDIR:?}
cc=${CC:-cc}
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-versions.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
why=$work/out

san=
nm -D "${FUSHO_PLUGIN:?}" 2>/dev/null | grep -q __asan && san="-fsanitize=address,undefined"

# ---- three headers ----

mkdir "$work/older" "$work/now" "$work/newer"
cp "$src/plugin/fusho.h" "$work/now/fusho.h"
sed '/^    void \*reserved\[4\];     \/\* zero \*\//d
    /^    \/\* since 1.1, /,/^}/{/^}/!d}
    s/^#define FUSHO_ABI_MINOR .*/#define FUSHO_ABI_MINOR 0u/' "$src/plugin/fusho.h" >"$work/older/fusho.h"
sed 's/^#define FUSHO_ABI_MINOR .*/#define FUSHO_ABI_MINOR 2u/
    s/^} fusho_\(error\);/    char later[128];\n&/
    s/^} fusho_\(stream\|host\|job\|claim_job\|plugin\);/    void *later;\n&/
    s/"", "", "", "", "" }/"", "", "", "", "", "" }/' "$src/plugin/fusho.h" >"$work/newer/fusho.h"

echo "1..9"
[ "$(diff "$work/now/fusho.h" "$work/older/fusho.h" | grep -c '^<')" -eq 6 ] &&
    [ "$(diff "$work/now/fusho.h" "$work/newer/fusho.h" | grep -c '^> .*later')" -eq 6 ]
ok $? "an older and a newer header can be made"

# ---- hosts and plugins ----

cc_host() { # version, flags
    version=$1
    shift
    # shellcheck disable=SC2086
    $cc -std=gnu11 -g $san "$@" -I"$work/$version" -o "$work/$version/host" "$src/abi/version_host.c" -ldl \
        >"$work/out" 2>&1
}
cc_host older && cc_host now && cc_host newer -DLATER
ok $? "hosts of the three versions are built"

# fusho.h is taken from the folder of the file that includes it.
cp "$src/plugin/plugin.c" "$src/plugin/flat.c" "$src/plugin/glue.h" "$work/newer"
# shellcheck disable=SC2086
$cc -std=gnu11 -g $san -shared -fPIC -fvisibility=hidden -DFU_VERSION='"0.1.0"' -I"$work/newer" \
    -I"$src/core" -I"$build/core" -I"$src/plugin" -I"$src/plugin/host" -o "$work/newer/fusho.so" \
    "$work/newer/plugin.c" "$work/newer/flat.c" "$build/.libs/libcore.a" "$build/.libs/libposix.a" \
    -Wl,--version-script="$src/plugin/fusho.map" -lexpat -lz -lpthread >"$work/out" 2>&1
ok $? "a plugin of the newer version is built"

pair() { # host version, plugin, name
    "$work/$1/host" "$2" >"$work/out" 2>&1 && cmp -s "$work/out" "$work/want"
    ok $? "$3"
}
"$work/now/host" "$FUSHO_PLUGIN" >"$work/want" 2>&1
status=$?
cp "$work/want" "$work/out"
[ $status -eq 0 ] && grep -q '^HO,01139906,77,88,' "$work/want" && grep -q '^run -30' "$work/want" &&
    grep -q 'S701 すでにあります。' "$work/want" && ! grep -q 'written beyond' "$work/want"
ok $? "host and plugin of this version"
pair older "$FUSHO_PLUGIN" "an older host with this plugin"
pair newer "$FUSHO_PLUGIN" "a newer host with this plugin"
if [ ! -f "$work/newer/fusho.so" ]; then
    exit 1
fi
pair older "$work/newer/fusho.so" "an older host with a newer plugin"
pair now "$work/newer/fusho.so" "this host with a newer plugin"
pair newer "$work/newer/fusho.so" "a newer host with a newer plugin"
