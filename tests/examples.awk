# Takes the examples out of a page of the manual, in order, a file each in the folder OUT:
#
#   NNN.cmd   a command ("$ " and what follows it), with NNN.want, what it must print, and NNN.at,
#             where it stands
#   NNN.file  a file the reader is told to make: its name, then its content
#   NNN.bad   a command that nobody would run: no "$ " in front of the block
#
# In man pages an example stands between .EX and .EE, in Markdown between ``` and ```. A block is a
# file where the line before it says .\" file: NAME or <!-- file: NAME -->, and left alone where it
# says <!-- synopsis -->.

function start(kind) {
    step = sprintf("%s/%03d", OUT, ++n)
    target = step "." kind
    printf "" >target
    printf "%s:%d\n", page, FNR >(step ".at")
    close(step ".at")
}

function say(line) {
    print line >target
}

function finish() {
    if (target != "")
        close(target)
    target = ""
}

function roff(line) {
    gsub(/\\&/, "", line)
    gsub(/\\-/, "-", line)
    gsub(/\\\(aq/, "'", line)
    gsub(/\\e/, "\\", line)
    return line
}

function inside(line) {
    gsub(/@VERSION@/, version, line)
    if (name != "") {
        if (target == "") {
            start("file")
            say(name)
        }
        say(line)
    } else if (continued || line ~ /^\$ /) {
        if (!continued) {
            finish()
            start("cmd")
        }
        sub(/^\$ /, "", line)
        say(line)
        continued = line ~ /\\$/
        if (!continued) {
            finish()
            target = step ".want"
            printf "" >target
        }
    } else if (target != "") {
        say(line)
    } else if (!synopsis && line ~ /^ *(sudo )?(\.\/|build\/)?fusho /) {
        start("bad")
        say(line)
        finish()
    }
}

function leave() {
    finish()
    name = ""
    block = continued = synopsis = 0
}

BEGIN { man = page !~ /\.md$/ }
man && /^\.\\" file: / { name = $3; next }
man && /^\.EX/ { block = 1; next }
man && /^\.EE/ { leave(); next }
man && block { inside(roff($0)); next }
!man && /^<!-- file: / { name = $3; next }
!man && /^<!-- synopsis/ { synopsis = 1; next }
!man && /^ *```/ {
    if (block) {
        leave()
    } else {
        block = 1
        match($0, /^ */)
        indent = RLENGTH
    }
    next
}
!man && block { inside(substr($0, indent + 1)) }
