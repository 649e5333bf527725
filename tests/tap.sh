# What the scripts of this folder share; they read it with . "$(dirname "$0")/tap.sh"
# shellcheck shell=sh

n=0
why= # a file with what a failure shows: written before ok, empty after it

details() { # a script that shows something else has a function of its own
    [ -z "$why" ] || head -n 40 "$why"
}

ok() { # status name
    n=$((n + 1))
    if [ "$1" = 0 ]; then echo "ok $n - $2"; else
        echo "not ok $n - $2"
        details | sed 's/^/# /'
    fi
    [ -z "$why" ] || : >"$why"
}

clean() { # name; there must be nothing in $why
    [ ! -s "$why" ]
    ok $? "$1"
}

skip() { # name reason
    n=$((n + 1))
    echo "ok $n - $1 # SKIP $2"
}

skip_all() { # reason
    echo "1..0 # SKIP $1"
    exit 0
}

absolute() { case $1 in /*) echo "$1" ;; *) echo "$PWD/$1" ;; esac; }
