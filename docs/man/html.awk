# Makes a page of the HTML manual from what mandoc -T html writes: the text in UTF-8 instead of
# character references, a table of contents, links to the other pages and to the findings.
#
#   LC_ALL=C awk -v pages="fusho.1 fusho-month.7" -v page=fusho.1 -f html.awk
#
# The first section, name - title, becomes the title of the page.

function hex(s,   i, n) {
    n = 0
    s = tolower(s)
    for (i = 1; i <= length(s); i++)
        n = n * 16 + index("0123456789abcdef", substr(s, i, 1)) - 1
    return n
}

function utf8(c) {
    if (c < 128)
        return sprintf("%c", c)
    if (c < 2048)
        return sprintf("%c%c", 192 + int(c / 64), 128 + c % 64)
    return sprintf("%c%c%c", 224 + int(c / 4096), 128 + int(c / 64) % 64, 128 + c % 64)
}

function decode(s,   out) {
    out = ""
    while (match(s, /&#x[0-9A-Fa-f]+;/)) {
        out = out substr(s, 1, RSTART - 1) utf8(hex(substr(s, RSTART + 3, RLENGTH - 4)))
        s = substr(s, RSTART + RLENGTH)
    }
    return out s
}

# name(7) in bold becomes a link to that page.
function link_pages(s,   i, dot, name, section, from, to) {
    for (i = 1; i <= n_pages; i++) {
        dot = length(list[i]) - 1
        name = substr(list[i], 1, dot - 1)
        section = substr(list[i], dot + 1)
        from = "<b>" name "</b>(" section ")"
        to = "<a href=\"" list[i] ".html\">" name "(" section ")</a>"
        s = replace(s, from, to)
    }
    return s
}

function replace(s, from, to,   at, out) {
    out = ""
    while ((at = index(s, from)) > 0) {
        out = out substr(s, 1, at - 1) to
        s = substr(s, at + length(from))
    }
    return out s
}

function link_codes(s,   out, code, before) {
    out = ""
    while (match(s, /[EFHKRSTU][0-9][0-9][0-9]/)) {
        before = substr(s, RSTART - 1, 1)
        code = substr(s, RSTART, RLENGTH)
        out = out substr(s, 1, RSTART - 1)
        if ((RSTART > 1 && before ~ /[A-Za-z0-9#"]/) || substr(s, RSTART + 4, 1) ~ /[A-Za-z0-9]/)
            out = out code
        else
            out = out "<a href=\"fusho-findings.7.html#" code "\">" code "</a>"
        s = substr(s, RSTART + RLENGTH)
    }
    return out s
}

function heading(s,   id, text, level) {
    while (s !~ /<\/h[12]>/) {
        getline
        s = s " " $0
    }
    s = decode(s)
    if (!named) # 名前 is the title of the page
        return
    level = s ~ /<h1/ ? 2 : 3
    text = s
    gsub(/<[^>]*>/, "", text)
    gsub(/  +/, " ", text)
    if (match(s, /id="[^"]*"/))
        id = substr(s, RSTART + 4, RLENGTH - 5)
    else
        id = "s" ++sections
    toc = toc sprintf("<li class=\"l%d\"><a href=\"#%s\">%s</a></li>\n", level, id, text)
    body = body sprintf("<h%d id=\"%s\">%s</h%d>\n", level, id, text, level)
}

function tabs(   i, out) {
    out = "<nav class=\"pages\"><a href=\"index.html\">説明書の入口</a>"
    for (i = 1; i <= n_pages; i++)
        out = out (list[i] == page ? "\n<b>" label[list[i]] "</b>" : \
            "\n<a href=\"" list[i] ".html\">" label[list[i]] "</a>")
    return out "</nav>"
}

BEGIN {
    n_pages = split(pages, list, " ")
    label["fusho-month.7"] = "十分でわかる1か月"
    label["fusho.1"] = "コマンド"
    label["fusho.conf.5"] = "設定ファイル"
    label["fusho-capture.5"] = "窓口記録"
    label["fusho-findings.7"] = "指摘"
    label["fusho_plugin.3"] = "プラグイン"
}
/<div class="manual-text">/ { inside = 1; next }
/<table class="foot">/ { inside = 0 }
!inside { next }
/<h[12] / { heading($0); next }
/<pre>/ { pre = 1 }
{
    line = decode($0)
    if (!named && line ~ /^<p class="Pp">/) { # 名前
        while (line !~ /<\/p>/) {
            getline
            sub(/^ +/, " ")
            line = line decode($0)
        }
        named = 1
        title = line
        gsub(/<[^>]*>/, "", title)
        next
    }
    if (!pre) {
        line = link_pages(line)
        if (page !~ /^fusho-findings/)
            line = link_codes(line)
    } else if (line == "\302\240") {
        line = ""
    }
    body = body line "\n"
}
/<\/pre>/ { pre = 0 }
END {
    sub(/<\/div>\n$/, "", body)
    print "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">"
    print "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
    print "<link rel=\"stylesheet\" href=\"manual.css\">"
    print "<title>" title "</title>\n</head>\n<body>\n" tabs()
    print "<main>\n<h1>" title "</h1>"
    print "<nav class=\"toc\" aria-label=\"目次\">\n<ul>\n" toc "</ul>\n</nav>"
    print body "</main>\n</body>\n</html>"
}
