#!/bin/sh
# Every folder includes only folders below it, and the command nothing but fusho.h. Prints TAP.
# usage: check-includes.sh [SRCDIR]
set -u
. "$(dirname "$0")/tap.sh"
LC_ALL=C
export LC_ALL
cd "${1:-${SRCDIR:-.}}" || exit 99

why=$(mktemp) || exit 99
trap 'rm -f "$why"' EXIT

# Names in quotes or angle brackets, "file include" a line each.
includes() { # open close files...
    open=$1 close=$2
    shift 2
    for f in "$@"; do
        [ -f "$f" ] || continue # a pattern that fits nothing
        sed -n "s|^[[:space:]]*#[[:space:]]*include[[:space:]]*$open\([^$close]*\)$close.*|$f \1|p" "$f"
    done
}

# folder, then the folders it may include besides itself
order='base
text base
uke base text
rules base
evidence base text rules
decide base text uke rules evidence
rewrite base text uke rules evidence decide
check base text uke rules evidence decide
journal base uke
report base text uke rules evidence decide rewrite check journal
ledger base text uke rules evidence journal report
form base text uke rules evidence report
engine base text uke rules evidence decide rewrite check journal report ledger form'

echo "1..$(($(echo "$order" | wc -l) + 5))"

echo "$order" | while read -r folder below; do
    includes '"' '"' core/"$folder"/*.c core/"$folder"/*.h core/"$folder"/*.def |
        awk -v allowed=" $folder $below " '{
            split($2, part, "/")
            if (index($2, "/") == 0 || index(allowed, " " part[1] " ") == 0)
                print $1 " includes \"" $2 "\""
        }' >"$why"
    clean "core/$folder includes itself and: ${below:-nothing of ours}"
    echo "$n" >"$why.n"
done
n=$(cat "$why.n")
rm -f "$why.n"

# A folder that the list above does not know would not be looked at.
for d in core/*/; do
    d=${d#core/} d=${d%/}
    echo "$order" | grep -q "^$d\( \|\$\)" || echo "core/$d is not in the list"
done >"$why"
clean "every folder of core is in the list"

includes '<' '>' core/*/*.c core/*/*.h | awk '
    $2 ~ /^(assert|ctype|errno|fcntl|locale|setjmp|signal|threads|time|unistd|wchar|wctype)\.h$/ ||
    $2 ~ /^(sys|arpa|net|netinet)\// ||
    ($2 == "expat.h" && $1 !~ /^core\/evidence\//) ||
    ($2 == "zlib.h" && $1 !~ /^core\/(base|journal|engine)\//) ||
    ($2 == "pthread.h" && $1 != "core/engine/pool.c") { print $1 " includes <" $2 ">" }' >"$why"
clean "core asks the C library for no files, clock, locale, signals or processes"

includes '"' '"' plugin/*.c plugin/*.h |
    awk '$2 !~ /^(glue|fusho|engine\/engine|host\/posix_[a-z]*)\.h$/ {
        print $1 " includes \"" $2 "\"" }' >"$why"
clean "the plugin's glue includes the engine, fusho.h and the POSIX files"

includes '"' '"' plugin/host/*.c plugin/host/*.h plugin/host/*.def | while read -r file name; do
    case $name in
    fusho.h | config.h) ;;
    */*) echo "$file includes \"$name\"" ;;
    *) [ -f "plugin/host/$name" ] || echo "$file includes \"$name\"" ;;
    esac
done >"$why"
includes '<' '>' plugin/host/*.c plugin/host/*.h |
    awk '$2 ~ /^(expat|zlib|pthread)\.h$/ { print $1 " includes <" $2 ">" }' >>"$why"
clean "the command includes fusho.h, its own headers and the system's"

includes '"' '"' plugin/fusho.h >"$why"
includes '<' '>' plugin/fusho.h | awk '$2 !~ /^(stddef|stdint)\.h$/' >>"$why"
clean "fusho.h needs stddef.h and stdint.h only"
