# Is what was printed what the manual shows? usage: compare.awk WANT GOT
# In WANT … on a line of its own stands for any number of lines, at the end of a line for its rest.

function same(want, got) {
    if (want ~ /…$/) {
        sub(/…$/, "", want)
        return substr(got, 1, length(want)) == want
    }
    return want == got
}

{ file = FILENAME == ARGV[1] ? 1 : 2 }
file == 1 { want[++n_want] = $0 }
file == 2 { got[++n_got] = $0 }

# The usual matching of a pattern with stars: after a mismatch the last star takes one line more.
END {
    w = g = 1
    star = 0
    while (g <= n_got) {
        if (w <= n_want && want[w] == "…") {
            star = w++
            mark = g
        } else if (w <= n_want && same(want[w], got[g])) {
            w++
            g++
            if (w > best) {
                best = w
            }
        } else if (star) {
            w = star + 1
            g = ++mark
        } else {
            break
        }
    }
    while (w <= n_want && want[w] == "…")
        w++
    if (w <= n_want || g <= n_got) {
        if (w <= n_want || star == 0)
            printf "wanted: %s\n", (best <= n_want && best > 0) ? want[best] : want[1]
        printf "printed, from where it differs: %s\n", got[g <= n_got ? g : n_got]
        exit 1
    }
}
