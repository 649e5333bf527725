#include "ledger/json_read.h"

#include "base/utf8.h"

typedef struct cursor {
    const unsigned char *p, *end;
} cursor;

static int next(const cursor *c)
{
    return c->p < c->end ? *c->p : -1;
}

static void skip_blanks(cursor *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

/* Blanks and then this character. */
static bool take(cursor *c, int want)
{
    skip_blanks(c);
    if (next(c) != want)
        return false;
    c->p++;
    return true;
}

/* ---- texts ---- */

static bool read_hex(cursor *c, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        int d = next(c);
        if (d >= '0' && d <= '9')
            d -= '0';
        else if (d >= 'a' && d <= 'f')
            d -= 'a' - 10;
        else if (d >= 'A' && d <= 'F')
            d -= 'A' - 10;
        else
            return false;
        *out = *out << 4 | (uint32_t)d;
        c->p++;
    }
    return true;
}

/* What stands behind \u: one character, or a pair that makes one. */
static bool read_unicode(cursor *c, uint32_t *out)
{
    uint32_t low;
    if (!read_hex(c, out) || *out == 0 || (*out >= 0xDC00 && *out <= 0xDFFF))
        return false;
    if (*out < 0xD800 || *out > 0xDBFF)
        return true;
    if (next(c) != '\\' || c->end - c->p < 2 || c->p[1] != 'u')
        return false;
    c->p += 2;
    if (!read_hex(c, &low) || low < 0xDC00 || low > 0xDFFF)
        return false;
    *out = 0x10000 + ((*out - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* What stands behind a backslash. */
static bool read_escape(cursor *c, uint32_t *out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    int letter = next(c);
    const char *at = letter > 0 ? strchr(from, letter) : NULL;
    if (letter >= 0)
        c->p++;
    if (letter == 'u')
        return read_unicode(c, out);
    if (!at)
        return false;
    *out = (unsigned char)to[at - from];
    return true;
}

/* Up to the closing quote, the opening one is taken. UTF-8 was looked at before. */
static bool read_text(cursor *c, fu_span *raw)
{
    const unsigned char *from = c->p;
    for (int ch; (ch = next(c)) >= 0x20;) {
        uint32_t cp;
        c->p++;
        if (ch == '"') {
            *raw = fu_span_of(from, (size_t)(c->p - 1 - from));
            return true;
        }
        if (ch == '\\' && !read_escape(c, &cp))
            return false;
    }
    return false;
}

fu_status fu_json_unescape(fu_buf *out, fu_span raw)
{
    cursor c = {raw.p, raw.p + raw.n};
    while (c.p < c.end) {
        unsigned char utf8[4], ch = *c.p++;
        uint32_t cp = 0;
        if (ch == '\\' && read_escape(&c, &cp))
            fu_buf_add(out, utf8, fu_utf8_put(utf8, cp));
        else
            fu_buf_char(out, ch);
    }
    return out->status;
}

/* ---- numbers and words ---- */

static bool read_digits(cursor *c)
{
    const unsigned char *from = c->p;
    while (next(c) >= '0' && next(c) <= '9')
        c->p++;
    return c->p > from;
}

static bool read_number(cursor *c, fu_span *raw)
{
    const unsigned char *from = c->p;
    bool zero;
    if (next(c) == '-')
        c->p++;
    zero = next(c) == '0';
    if (zero)
        c->p++;
    else if (!read_digits(c))
        return false;
    if (next(c) == '.') {
        c->p++;
        if (!read_digits(c))
            return false;
    }
    if (next(c) == 'e' || next(c) == 'E') {
        c->p++;
        if (next(c) == '+' || next(c) == '-')
            c->p++;
        if (!read_digits(c))
            return false;
    }
    *raw = fu_span_of(from, (size_t)(c->p - from));
    return true;
}

static bool read_word(cursor *c)
{
    static const char *const words[] = {"true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t n = strlen(words[i]);
        if ((size_t)(c->end - c->p) < n || memcmp(c->p, words[i], n) != 0)
            continue;
        c->p += n;
        return true;
    }
    return false;
}

/* Anything but an array or object. */
static bool read_plain(cursor *c, fu_json_value *v)
{
    v->kind = FU_JSON_OTHER;
    v->raw = fu_span_of(NULL, 0);
    if (take(c, '"')) {
        v->kind = FU_JSON_TEXT;
        return read_text(c, &v->raw);
    }
    if (next(c) == '-' || (next(c) >= '0' && next(c) <= '9')) {
        v->kind = FU_JSON_NUMBER;
        return read_number(c, &v->raw);
    }
    return read_word(c);
}

/* ---- structure ---- */

typedef struct reading {
    cursor c;
    bool object[FU_JSON_DEPTH_MAX]; /* open ones; else arrays */
    size_t depth;
    fu_json_member *member;
    void *ctx;
} reading;

static bool read_key(reading *r, fu_span *key)
{
    return take(&r->c, '"') && read_text(&r->c, key) && take(&r->c, ':');
}

/* An array or object begins; *closed when it also ends. */
static bool open(reading *r, bool object, bool *closed)
{
    if (r->depth >= FU_JSON_DEPTH_MAX)
        return false;
    *closed = take(&r->c, object ? '}' : ']');
    if (!*closed)
        r->object[r->depth++] = object;
    return true;
}

/* Behind a value: what is open is closed as far as it ends here. False: a comma, and more comes. */
static bool ends(reading *r)
{
    while (r->depth > 0 && take(&r->c, r->object[r->depth - 1] ? '}' : ']'))
        r->depth--;
    return r->depth == 0;
}

/* One value in whatever is open, with its key; members of the outermost object are handed over. */
static bool read_value(reading *r, bool *opened)
{
    fu_json_value v = {FU_JSON_OTHER, {NULL, 0}};
    fu_span key = {NULL, 0};
    bool outermost = r->depth == 1, closed = false;
    if (r->object[r->depth - 1] && !read_key(r, &key))
        return false;
    skip_blanks(&r->c);
    *opened = next(&r->c) == '{' || next(&r->c) == '[';
    if (*opened) {
        bool object = *r->c.p++ == '{';
        if (!open(r, object, &closed))
            return false;
        *opened = !closed;
    } else if (!read_plain(&r->c, &v)) {
        return false;
    }
    return !outermost || r->member(r->ctx, key, &v);
}

bool fu_json_read(fu_span json, fu_json_member *member, void *ctx)
{
    reading r = {.c = {json.p, json.p + json.n}, .member = member, .ctx = ctx};
    bool done = false, opened = false;
    if (!fu_utf8_valid(json) || !take(&r.c, '{') || !open(&r, true, &done))
        return false;
    while (!done) {
        if (!read_value(&r, &opened))
            return false;
        if (opened)
            continue;
        done = ends(&r);
        if (!done && !take(&r.c, ','))
            return false;
    }
    skip_blanks(&r.c);
    return r.c.p == r.c.end;
}
