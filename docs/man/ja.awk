# Makes a page of the manual as it is installed from its source in this folder.
#
#   LC_ALL=C awk -v version=0.1.0 -f ja.awk fusho.1            for man and mandoc
#   LC_ALL=C awk -v version=0.1.0 -v html=1 -f ja.awk fusho.1  for mandoc -T html
#
# Japanese has no spaces, and neither formatter knows where it may break such a line: mandoc breaks
# at spaces only, groff also at \:. So a paragraph, which the source has as a sentence a line, is
# joined here without spaces; for groff \: is put wherever a line may end; and where a line has to
# end on 80 columns there is a call of .JA, which breaks in mandoc (it has no register .y) and does
# nothing in groff, which fills lines of any length by itself. Examples are folded like a terminal
# would do it. For html none of this is needed, only the joining.
#
# What a source may hold: .TH .SH .SS .PP .TP [n] .IP x n .RS [n] .RE .EX .EE .nf .fi .TS .TE .br
# .sp and comments; \fB \fI \fR, \-, \&, \e, \(xx. Every - is a minus sign.

function wide(c) {
    return (c >= "\343" && c < "\356") || (c >= "\357\274\201" && c <= "\357\275\240") ||
        (c >= "\357\277\240" && c <= "\357\277\246")
}

# The next unit of s, in unit: an escape, a character of any number of bytes. What is left of s.
function take(s,   c, n) {
    c = substr(s, 1, 1)
    n = 1
    if (c == "\\") {
        c = substr(s, 2, 1)
        n = c == "f" ? 3 : c == "(" ? 4 : 2
    } else if (c >= "\360") {
        n = 4
    } else if (c >= "\340") {
        n = 3
    } else if (c >= "\300") {
        n = 2
    }
    unit = substr(s, 1, n)
    return substr(s, n + 1)
}

function columns(u) {
    if (u ~ /^\\[f&:c]/)
        return 0
    return wide(u) ? 2 : 1
}

# The sense of units without width: a break is judged by what can be seen.
function seen_first(s) {
    while (s != "") {
        s = take(s)
        if (columns(unit))
            return unit
    }
    return ""
}

function seen_last(s,   last) {
    while (s != "") {
        s = take(s)
        if (columns(unit))
            last = unit
    }
    return last
}

function is_in(u, list) {
    return u != "" && index(list, " " u " ") > 0
}

# May a line end between these two?
function may_break(a, b) {
    if (a == "" || b == "" || a == " " || b == " " || !(wide(a) || wide(b)))
        return 0
    return !is_in(a, NOT_LAST) && !is_in(b, NOT_FIRST)
}

function minus(s,   out) {
    out = ""
    while (s != "") {
        s = take(s)
        out = out (unit == "-" ? "\\-" : unit)
    }
    return out
}

function start_of(s) {
    return s ~ /^[.']/ ? "\\&" s : s
}

# Prints a paragraph of one long line.
function fill(s,   line, at, a, b, w, mark, mark_at, room, hidden) {
    if (s == "")
        return
    if (html || name) { # whatis(1) takes the first section as it stands
        print start_of(minus(s))
        return
    }
    room = WIDTH - indent
    line = ""
    at = mark = mark_at = 0
    a = hidden = ""
    while (s != "") {
        s = take(s)
        b = unit
        w = columns(b)
        if (w == 0) { # a change of font stays with what comes behind it, except back to roman
            if (b == "\\fR")
                line = line b
            else
                hidden = hidden b
            continue
        }
        if (a == " " && b != " ") {
            mark = length(line)
            mark_at = at
        } else if (may_break(a, b)) {
            mark = length(line)
            mark_at = at
            line = line "\\:"
        }
        if (at + w > room && b != " " && mark > 0) {
            put(substr(line, 1, mark))
            line = substr(line, mark + 1)
            sub(/^\\:/, "", line)
            at -= mark_at
            mark = mark_at = 0
        }
        line = line hidden (b == "-" ? "\\-" : b)
        hidden = ""
        at += w
        a = b
    }
    print start_of(line hidden)
}

function put(line) {
    if (line ~ / $/) {
        sub(/ +$/, "", line)
        print start_of(line)
    } else {
        print start_of(line) "\\:\\c"
    }
    print ".JA"
}

# Prints a line of an example, folded: at a good place if there is one near the end.
function fold(s,   line, at, w, last, mark, mark_at) {
    line = last = ""
    at = mark = mark_at = 0
    while (s != "") {
        s = take(s)
        w = columns(unit)
        if (last == " " || may_break(last, unit)) {
            mark = length(line)
            mark_at = at
        }
        if (!html && at + w > WIDTH - indent) {
            if (at - mark_at > 24) {
                mark = length(line)
                mark_at = at
            }
            print start_of(substr(line, 1, mark))
            line = substr(line, mark + 1)
            at -= mark_at
            mark = mark_at = 0
        }
        line = line (unit == "-" ? "\\-" : unit)
        at += w
        last = unit
    }
    # Between .EX and .EE mandoc breaks a line in front of one that begins with a space, and leaves
    # empty lines out of html, where html.awk makes one of a hard space.
    if (line == "")
        print html ? "\\~" : ""
    else
        print line ~ /^ / ? "\\&" line : start_of(line)
}

function flush() {
    fill(paragraph)
    paragraph = ""
}

function add(s,   a, b) {
    if (paragraph == "") {
        paragraph = s
        return
    }
    a = seen_last(paragraph)
    b = seen_first(s)
    paragraph = paragraph (wide(a) || wide(b) ? "" : " ") s
}

function start_page() {
    print ".ad l"
    print ".nh"
    if (!html) {
        print ".de JA"
        print ".if !\\n[.y] .br"
        print ".."
    }
}

BEGIN {
    WIDTH = 78
    indent = base = hang = 7
    NOT_FIRST = " 、 。 ， ． ・ ： ； ？ ！ ） 」 』 】 〕 〉 》 ー 々 ぁ ぃ ぅ ぇ ぉ っ ゃ ゅ ょ ァ ィ ゥ ェ ォ" \
        " ッ ャ ュ ョ … ～ ％ . , : ; ) ] } ? ! % / "
    NOT_LAST = " （ 「 『 【 〔 〈 《 ( [ { / "
}

{ gsub(/@VERSION@/, version) }
/^'\\"/ { print; next }
/^\.\\"/ { next }
verbatim && !/^\.(EE|fi|TE)/ {
    if (table)
        print /^[.']/ ? $0 : minus($0)
    else
        fold($0)
    next
}
tag { # the line behind .TP
    tag = 0
    print start_of(minus($0))
    next
}
!/^[.']/ { add($0); next }
{ flush() }
$1 == ".TH" {
    print
    start_page()
    next
}
$1 == ".SH" || $1 == ".SS" {
    indent = base = hang = 7
    depth = 0
    name = $2 == "名前"
    print
    next
}
$1 == ".PP" { indent = base; hang = 7; print; next }
$1 == ".TP" { if (NF > 1) hang = $2; indent = base + hang; tag = 1; print; next }
$1 == ".IP" { hang = $NF; indent = base + hang; print; next }
$1 == ".RS" {
    inner[depth++] = base
    indent = base = NF > 1 ? base + $2 : base + hang
    hang = 7
    print
    next
}
$1 == ".RE" { indent = base = inner[--depth]; hang = 7; print; next }
$1 == ".EX" || $1 == ".nf" {
    verbatim = 1
    if ($1 == ".EX" && !html)
        print ".sp"
    print
    next
}
$1 == ".TS" { verbatim = table = 1; print; next }
$1 == ".EE" || $1 == ".fi" || $1 == ".TE" { verbatim = table = 0; print; next }
$1 == ".br" || $1 == ".sp" { print; next }
{
    print FILENAME ": " FNR ": unknown: " $0 >"/dev/stderr"
    exit 1
}
END { flush() }
