#define _GNU_SOURCE /* memmem */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "ledger/json_read.h"

void fz_must(bool holds, const char *property)
{
    if (holds)
        return;
    fprintf(stderr, "tests/fuzz: %s\n", property);
    abort();
}

void fz_split(fz_parts *p, const uint8_t *data, size_t n)
{
    size_t k = strlen(FZ_SEPARATOR);
    const uint8_t *end = data + n, *at;
    for (p->n = 0; p->n + 1 < FZ_PARTS_MAX && (at = memmem(data, n, FZ_SEPARATOR, k)); p->n++) {
        p->v[p->n] = fu_span_of(data, (size_t)(at - data));
        data = at + k;
        n = (size_t)(end - data);
    }
    p->v[p->n++] = fu_span_of(data, n);
}

bool fz_is_utf8(fu_span s)
{
    size_t at = 0;
    while (at < s.n)
        if (fu_utf8_next(s, &at) == FU_UTF8_BAD)
            return false;
    return true;
}

bool fz_is_gzip(fu_span s)
{
    return s.n >= 2 && s.p[0] == 0x1F && s.p[1] == 0x8B;
}

static void must_be_text(const char *s, size_t size, bool needed)
{
    fz_must(memchr(s, '\0', size) != NULL, "a text of an error ends");
    fz_must(fz_is_utf8(fu_span_str(s)), "a text of an error is UTF-8");
    fz_must(!needed || *s, "an error says something");
}

void fz_must_error(fu_status st, const fu_error *e)
{
    fz_must(st == FU_OK || st == FU_FINDINGS || st == FU_E_INPUT || st == FU_E_LIMIT ||
                st == FU_E_MISUSE,
            "whatever the input, nothing inside fails");
    if (st >= 0)
        return;
    fz_must(e->status == st, "the error has the status of the call");
    must_be_text(e->code, sizeof e->code, false);
    must_be_text(e->file, sizeof e->file, false);
    must_be_text(e->message_ja, sizeof e->message_ja, true);
    must_be_text(e->hint_ja, sizeof e->hint_ja, false);
    must_be_text(e->message_en, sizeof e->message_en, true);
}

fu_mem fz_mem(tst_mem *m, size_t n)
{
    return fz_strict(n) ? tst_mem_of(m) : fu_mem_libc;
}

void fz_must_be_free(const tst_mem *m)
{
    fz_must(m->live == 0 && m->live_bytes == 0, "everything is given back");
}

/* ---- pages ---- */

#define OPEN_MAX 32
#define TAG_NAME_MAX 16

static const char *const TAGS[] = {
    "!DOCTYPE", "html",    "head",   "meta",    "title",   "style",   "body",   "a",
    "header",   "h1",      "div",    "p",       "label",   "input",   "button", "nav",
    "ul",       "li",      "main",   "section", "h2",      "h3",      "h4",     "span",
    "small",    "b",       "strong", "table",   "thead",   "tbody",   "tr",     "th",
    "td",       "article", "footer", "script",  "details", "summary", "time",   "dl",
    "dt",       "dd",      "code",   "em",      "ol",      "br",      "hr",     NULL};
static const char *const ALONE[] = {"!DOCTYPE", "meta", "input", "br", "hr", NULL};

static int listed(fu_span name, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (fu_span_is(name, list[i]))
            return i;
    return -1;
}

typedef struct page {
    fu_span s;
    size_t at;
    int open[OPEN_MAX], n_open; /* numbers in TAGS */
    fu_buf *tags;
} page;

/* Behind the tag's name: attributes, quoted, up to and with the `>`. */
static void attributes(page *g)
{
    for (; g->at < g->s.n && g->s.p[g->at] != '>'; g->at++) {
        const unsigned char *q;
        fz_must(g->s.p[g->at] != '<' && g->s.p[g->at] != '\'', "a tag of a page ends");
        if (g->s.p[g->at] != '"')
            continue;
        g->at++;
        q = memchr(g->s.p + g->at, '"', g->s.n - g->at);
        fz_must(q != NULL, "an attribute of a page ends");
        g->at = (size_t)(q - g->s.p);
    }
    fz_must(g->at < g->s.n, "a tag of a page ends");
    g->at++;
}

static void raw_text(page *g, const char *end)
{
    const void *q = memmem(g->s.p + g->at, g->s.n - g->at, end, strlen(end));
    fz_must(q != NULL, "a style or script of a page ends");
    g->at = (size_t)((const unsigned char *)q - g->s.p);
}

static void tag(page *g)
{
    bool closing = g->at < g->s.n && g->s.p[g->at] == '/';
    size_t begin = g->at += closing;
    fu_span name;
    int id;
    while (g->at < g->s.n && g->at - begin < TAG_NAME_MAX && !strchr(" >\n", g->s.p[g->at]))
        g->at++;
    name = fu_span_of(g->s.p + begin, g->at - begin);
    id = listed(name, TAGS);
    fz_must(id >= 0, "every < of a page begins a tag of ours");
    attributes(g);
    if (g->tags) {
        fu_buf_str(g->tags, closing ? "/" : " ");
        fu_buf_span(g->tags, name);
    }
    if (closing) {
        fz_must(g->n_open > 0 && g->open[--g->n_open] == id, "tags of a page close in order");
        return;
    }
    if (listed(name, ALONE) >= 0)
        return;
    fz_must(g->n_open < OPEN_MAX, "a page is not deep");
    g->open[g->n_open++] = id;
    if (fu_span_is(name, "style"))
        raw_text(g, "</style>");
    if (fu_span_is(name, "script"))
        raw_text(g, "</script>");
}

void fz_must_be_page(fu_span html, fu_buf *tags)
{
    page g = {html, 0, {0}, 0, tags};
    fz_must(fz_is_utf8(html), "a page is UTF-8");
    while (g.at < html.n)
        if (html.p[g.at++] == '<')
            tag(&g);
        else
            fz_must(html.p[g.at - 1] != '>', "no > of the input stands in a page");
    fz_must(g.n_open == 0, "every tag of a page is closed");
}

/* ---- JSON ---- */

static bool any_member(void *ctx, fu_span key, const fu_json_value *v)
{
    (void)ctx, (void)key, (void)v;
    return true;
}

void fz_must_be_json_lines(fu_span text)
{
    while (text.n) {
        const unsigned char *lf = memchr(text.p, '\n', text.n);
        fz_must(lf != NULL, "a line of JSON ends");
        size_t n = (size_t)(lf - text.p);
        fz_must(fu_json_read(fu_span_of(text.p, n), any_member, NULL), "a line is a JSON object");
        text = fu_span_of(lf + 1, text.n - n - 1);
    }
}
