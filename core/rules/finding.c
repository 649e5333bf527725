#include "rules/finding.h"

const fu_finding_row fu_finding_rows[FU_CODE_COUNT] = {
#define FU_FINDING(code, severity, types, from, to, payer, ja, hint_ja, why_ja, en, hint_en, \
                   source)                                                                   \
    {#code, severity, types, from, to, payer, ja, hint_ja, why_ja, en, hint_en, source},
#include "rules/findings.def"
#undef FU_FINDING
};

int fu_finding_lookup(const char *code)
{
    for (int i = 0; code && i < FU_CODE_COUNT; i++) {
        if (strcmp(fu_finding_rows[i].code, code) == 0)
            return i;
    }
    return -1;
}

void fu_findings_init(fu_findings *l, fu_arena *arena)
{
    memset(l, 0, sizeof *l);
    l->arena = arena;
}

/* The next free entry, not yet cleared. */
static fu_finding *next_entry(fu_findings *l)
{
    fu_finding *v = l->failed ? NULL : fu_arena_grow(l->arena, l->v, l->n, &l->cap, sizeof *l->v);
    if (!v) {
        l->failed = true;
        return &l->scratch;
    }
    l->v = v;
    return &l->v[l->n++];
}

fu_finding *fu_findings_add(fu_findings *l, fu_code code)
{
    fu_finding *f = next_entry(l);
    memset(f, 0, sizeof *f);
    f->code = code;
    f->severity = fu_finding_rows[code].severity;
    f->payer = fu_finding_rows[code].payer;
    return f;
}

const char *fu_findings_text(fu_findings *l, fu_span utf8)
{
    const char *p = fu_arena_text(l->arena, utf8);
    if (!p) {
        l->failed = true;
        return "";
    }
    return p;
}

const char *fu_findings_number(fu_findings *l, uint64_t v)
{
    char t[24];
    size_t i = sizeof t;
    do {
        t[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return fu_findings_text(l, fu_span_of(t + i, sizeof t - i));
}

size_t fu_findings_count(const fu_findings *l, fu_severity severity)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        n += l->v[i].severity == severity;
    return n;
}

bool fu_findings_has(const fu_findings *l, fu_code code)
{
    for (size_t i = 0; i < l->n; i++) {
        if (l->v[i].code == code)
            return true;
    }
    return false;
}

/* ---- Sentences ---------------------------------------------------------------------------------
 */

enum { FOUND, ITEM, WANT, PLACEHOLDERS };
static const char *const NAMES[PLACEHOLDERS] = {"{found}", "{item}", "{want}"};

typedef struct values {
    const char *v[PLACEHOLDERS]; /* NULL or "" = missing */
    const char *none;            /* stands for a missing found */
    bool english;
} values;

static bool missing(const char *s)
{
    return !s || !*s;
}

static bool starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

static bool is_english(const char *lang)
{
    return lang && strcmp(lang, "en") == 0;
}

/* Which placeholder begins at t, or PLACEHOLDERS. */
static int placeholder_at(const char *t)
{
    int i = t[0] == '{' ? 0 : PLACEHOLDERS;
    while (i < PLACEHOLDERS && !starts(t, NAMES[i]))
        i++;
    return i;
}

/* Length of the bracket that begins at t, with the space before an English one; 0 if none does. */
static size_t bracket_at(const char *t)
{
    const char *close = starts(t, "（") ? "）" : starts(t, " (") ? ")" : NULL;
    const char *end = close ? strstr(t, close) : NULL;
    return end ? (size_t)(end - t) + strlen(close) : 0;
}

/* True if the text has placeholders and nothing will stand for any of them. */
static bool stays_empty(const char *t, size_t n, const values *v)
{
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        int k = placeholder_at(t + i);
        if (k == FOUND || (k < PLACEHOLDERS && !missing(v->v[k])))
            return false;
        any = any || k < PLACEHOLDERS;
    }
    return any;
}

/* The clerk's word in front of an element's, column's or limit's name; the name alone where there is
 * none. */
static void put_item(fu_buf *out, const char *name)
{
    static const char *const words[][2] = {
#define FU_ITEM(name, ja) {name, ja},
#include "rules/items.def"
#undef FU_ITEM
#define FU_LIMIT(name, ja) {#name, ja},
#include "base/limits.def"
#undef FU_LIMIT
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i][0], name) == 0) {
            fu_buf_str(out, words[i][1]);
            fu_buf_char(out, ' ');
            break;
        }
    }
    fu_buf_str(out, name);
}

static void put_value(fu_buf *out, int k, const values *v)
{
    if (k == ITEM && !missing(v->v[k]) && !v->english)
        put_item(out, v->v[k]);
    else if (!missing(v->v[k]))
        fu_buf_str(out, v->v[k]);
    else if (k == FOUND)
        fu_buf_str(out, v->none);
}

/* Bytes up to the next that a placeholder or a bracket may begin with. */
static size_t plain_text(const char *t)
{
    size_t n = 0;
    while (t[n] && t[n] != '{' && t[n] != ' ' && t[n] != "（"[0])
        n++;
    return n;
}

static fu_status expand(fu_buf *out, const char *t, const values *v)
{
    while (*t) {
        size_t plain = plain_text(t), bracket = plain ? 0 : bracket_at(t);
        int k = plain ? PLACEHOLDERS : placeholder_at(t);
        if (bracket && stays_empty(t, bracket, v)) {
            t += bracket;
        } else if (k < PLACEHOLDERS) {
            put_value(out, k, v);
            t += strlen(NAMES[k]);
        } else {
            plain = plain ? plain : 1;
            fu_buf_add(out, t, plain);
            t += plain;
        }
    }
    return out->status;
}

static values values_of(const fu_finding *f, const char *lang)
{
    bool english = is_english(lang);
    values v = {{f->found, f->item, f->want}, english ? "(none)" : "（なし）", english};
    return v;
}

fu_status fu_finding_message(fu_buf *out, const fu_finding *f, const char *lang)
{
    const fu_finding_row *row = &fu_finding_rows[f->code];
    values v = values_of(f, lang);
    return expand(out, is_english(lang) ? row->en : row->ja, &v);
}

fu_status fu_finding_hint(fu_buf *out, const fu_finding *f, const char *lang)
{
    const fu_finding_row *row = &fu_finding_rows[f->code];
    values v = values_of(f, lang);
    return expand(out, is_english(lang) ? row->hint_en : row->hint_ja, &v);
}

fu_status fu_finding_title(fu_buf *out, fu_code code, const char *lang)
{
    static const values HIDDEN = {{"…", "…", "…"}, "…", false};
    const fu_finding_row *row = &fu_finding_rows[code];
    return expand(out, is_english(lang) ? row->en : row->ja, &HIDDEN);
}
