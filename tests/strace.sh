#!/bin/sh
# What fusho asks the system for: no network, no other program, no file but those it was told, its
# settings, the plugin, libraries and the folder for temporary files. TAP; skipped without strace.
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FUSHO_PLUGIN:?}" "${FUSHO_FIXTURES:?}"
LC_ALL=C
export LC_ALL
top=$(mktemp -d) || exit 99
trap 'rm -rf "$top"' EXIT
strace -f -o "$top/trace" true 2>/dev/null || skip_all "no strace, or not allowed"
if nm -D "$FUSHO_PLUGIN" 2>/dev/null | grep -q '__[amt]san'; then
    skip_all "sanitizers read files of their own"
fi
fixtures=$(cd "$FUSHO_FIXTURES" && pwd)
plugin=$(cd "$(dirname "$FUSHO_PLUGIN")" && pwd)/$(basename "$FUSHO_PLUGIN")
mkdir "$top/home" "$top/tmp" "$top/w" "$top/settings"
HOME=$top/home TMPDIR=$top/tmp XDG_CONFIG_HOME=$top/settings
export HOME TMPDIR XDG_CONFIG_HOME
cd "$top/w" || exit 99
why=$top/why
details() { head -n 5 "$why" | cut -c 1-200; }

# The file calls of a trace, a name each.
names() {
    grep -E '^[0-9]+ +(open|openat|openat2|creat|stat|lstat|newfstatat|statx|access|faccessat2?|readlink|readlinkat|rename|renameat2?|link|linkat|unlink|unlinkat|mkdir|mkdirat|chmod|fchmodat|truncate|statfs)\(' "$top/trace" |
        grep -oE '"[^"]*"' | tr -d '"' | grep . | sort -u
}
libraries='^/(etc/ld\.so|lib|usr/lib|usr/local/lib)|^/proc/sys/vm/|^/sys/|^/etc/localtime$|^/usr/share/zoneinfo/|^/dev/null$'
# Folders above those named, which are looked at where a path is resolved.
for path in "$fixtures/ika" "$top/w"; do
    while [ "$path" != / ]; do
        path=$(dirname "$path")
        echo "$path"
    done
done >"$top/above"
build=$(dirname "$(dirname "$plugin")") # where a build folder looks for its libraries

trace() { # name, further allowed names (one expression), arguments
    what=$1 more=$2
    shift 2
    strace -f -s 4096 -o "$top/trace" "$FUSHO" "$@" --plugin "$plugin" >"$top/out" 2>"$top/err" </dev/null
    status=$?
    grep -E '^[0-9]+ +(socket|socketpair|connect|bind|listen|accept4?|send|sendto|sendmsg|recvfrom|recvmsg|io_uring_setup)\(' \
        "$top/trace" >"$top/why"
    [ ! -s "$top/why" ] && [ -s "$top/trace" ] && [ $status -le 1 ]
    ok $? "$what: no network"
    grep -E '^[0-9]+ +(execveat|fork|vfork|ptrace|kill)\(|^[0-9]+ +execve\(' "$top/trace" | sed 1d >"$top/why"
    clean "$what: no other program"
    grep -E '^[0-9]+ +prctl\(PR_SET_DUMPABLE, (0|SUID_DUMP_DISABLE)' "$top/trace" >/dev/null
    status=$?
    echo "no prctl" >"$top/why"
    ok $status "$what: no memory dump"
    names | grep -vE "$libraries" | grep -vF "$build/" |
        grep -vE "^($top/w/?|\.|\./?|$top/settings(/fusho(/fusho\.conf)?)?|$plugin|fusho\.conf|$top/tmp|(\./|$top/(w|tmp)/)?\.fusho-[0-9a-f]{16}\.tmp)$" |
        grep -vE "^($more)$" | grep -vxF -f "$top/above" >"$top/why"
    clean "$what: no file but those it was told"
}

ika=$fixtures/ika
told="$ika|$ika/fusho.conf|$ika/RECEIPTC.UKE|$ika/captures.xml|$ika/oqs(/[^/]*)?|captures\.xml|[^/]*\.xml"
mkdir past
trace apply "$told|o|o\.fusho|r\.html|(.*/w/)?past" apply --today 2026-11-09 --evidence "$ika/captures.xml" --evidence "$ika/oqs" \
    --ledger past --report r.html --jobs 2 "$ika/RECEIPTC.UKE" -o o
trace check "$told" check --today 2026-11-09 --evidence "$ika/captures.xml" "$ika/RECEIPTC.UKE"
trace undo "o\.fusho|back" undo o.fusho -o back
trace ledger "o\.fusho|l\.html" ledger --today 2026-11-09 --report l.html o.fusho
trace form "form\.html" form -o form.html
trace explain "" explain T403
printf '<captures xmlns="urn:fusho:capture:1"><capture id="p" month="202610"><patient karte="00001" birth="1978-04-12" sex="1"/><check at="2026-10-05T09:00" response="../../../../../../../../etc/passwd"/><presented document="mynacard"/></capture></captures>' >path.xml
trace "a response that is named like a path" "$told" check --today 2026-11-09 --evidence path.xml "$ika/RECEIPTC.UKE"
printf '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><c>&x;</c>' >ext.xml
strace -f -s 4096 -o "$top/trace" "$FUSHO" check --plugin "$plugin" --evidence ext.xml "$ika/RECEIPTC.UKE" >"$top/out" 2>"$top/err"
names | grep passwd >"$top/why"
[ ! -s "$top/why" ] && names | grep -q 'ext\.xml'
ok $? "an external entity is not opened"
echo "1..$n"
