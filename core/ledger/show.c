#include "ledger/show.h"

#include <stdio.h>

#include "base/date.h"
#include "report/escape.h"

#define ROW_BYTES_MAX (64u << 20)
#define FLUSH_BYTES 65536u

static const struct {
    const char *ja, *en;
} WORDS[FU_LW_COUNT] = {
#define FU_LEDGER_WORD(id, ja, en) {ja, en},
#include "ledger/ledger-words.def"
#undef FU_LEDGER_WORD
};

static const struct {
    fu_ledger_word heading, advice;
} GROUPS[FU_LG_COUNT] = {
    [FU_LG_OVERDUE] = {FU_LW_OVERDUE, FU_LW_OVERDUE_DO},
    [FU_LG_SOON] = {FU_LW_SOON, FU_LW_SOON_DO},
    [FU_LG_OPEN] = {FU_LW_OPEN, FU_LW_OPEN_DO},
    [FU_LG_UNDATED] = {FU_LW_UNDATED, FU_LW_UNDATED_DO},
    [FU_LG_FORMER] = {FU_LW_FORMER, FU_LW_FORMER_DO},
};

fu_ledger_group fu_ledger_group_of(const fu_ledger_row *r, int32_t today)
{
    int left = fu_days_between(today, r->deadline);
    if (!r->deadline)
        return r->route == FU_R_FUSHO ? FU_LG_UNDATED : FU_LG_FORMER;
    return left < 0 ? FU_LG_OVERDUE : left <= FU_LEDGER_SOON_DAYS ? FU_LG_SOON : FU_LG_OPEN;
}

void fu_ledger_put(fu_ledger_out *o, fu_ledger_word w, const char *value)
{
    bool en = o->v->format == FU_TEXT && strcmp(o->v->lang, "en") == 0;
    const char *s = en ? WORDS[w].en : WORDS[w].ja, *hole = strstr(s, "{}");
    if (!hole) {
        fu_buf_str(&o->b, s);
        return;
    }
    fu_buf_add(&o->b, s, (size_t)(hole - s));
    fu_buf_str(&o->b, value);
    fu_buf_str(&o->b, hole + 2);
}

void fu_ledger_put_number(fu_ledger_out *o, fu_ledger_word w, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    fu_ledger_put(o, w, digits);
}

void fu_ledger_put_heading(fu_ledger_out *o, fu_ledger_group g)
{
    fu_ledger_put_number(o, GROUPS[g].heading, FU_LEDGER_SOON_DAYS);
}

void fu_ledger_put_advice(fu_ledger_out *o, fu_ledger_group g)
{
    fu_ledger_put(o, GROUPS[g].advice, "");
}

void fu_ledger_put_month(fu_buf *b, int32_t month)
{
    fu_buf_fmt(b, "%04d-%02d", (int)(month / 100), (int)(month % 100));
}

size_t fu_ledger_count(const fu_ledger_out *o, fu_route route)
{
    size_t former = o->in_group[FU_LG_FORMER];
    return route == FU_R_FUSHO ? o->l->n_listed - former : former;
}

void fu_ledger_put_counts(fu_ledger_out *o)
{
    fu_ledger_put_number(o, FU_LW_N_FUSHO, fu_ledger_count(o, FU_R_FUSHO));
    if (o->in_group[FU_LG_OVERDUE])
        fu_ledger_put_number(o, FU_LW_N_OVERDUE, o->in_group[FU_LG_OVERDUE]);
    fu_ledger_put_number(o, FU_LW_N_FORMER, fu_ledger_count(o, FU_R_KYUSHIKAKU));
    if (o->running)
        fu_ledger_put_number(o, FU_LW_N_RUNNING, o->running);
}

/* ---- */

static fu_status flush(fu_ledger_out *o, const fu_stream *to, fu_error *e)
{
    fu_status st = o->b.status != FU_OK ? o->b.status : o->cell.status;
    if (st == FU_E_LIMIT)
        return fu_ledger_limit(e, "ROW_BYTES_MAX", ROW_BYTES_MAX);
    if (st != FU_OK)
        return fu_fail_nomem(e);
    if (o->b.n)
        st = fu_write_all(to, o->b.p, o->b.n, e);
    fu_buf_reset(&o->b);
    return st;
}

static fu_ledger_row masked(const fu_ledger_row *r)
{
    fu_ledger_row m = *r;
    m.karte = m.name = m.kana = m.phone = "";
    m.birth = 0;
    m.sex = 0;
    return m;
}

static fu_status rows(fu_ledger_out *o, const fu_ledger_renderer *to, const fu_stream *s,
                      fu_error *e)
{
    fu_status st = FU_OK;
    for (size_t i = 0; i < o->l->n_listed && st == FU_OK; i++) {
        fu_ledger_row r = o->v->mask ? masked(o->l->listed[i]) : *o->l->listed[i];
        if (i % FU_LEDGER_PAUSE_ROWS == 0 && o->v->pause)
            st = o->v->pause(o->v->ctx, e);
        if (st != FU_OK)
            break;
        to->row(o, &r);
        o->group = (int)fu_ledger_group_of(&r, o->v->today);
        if (o->b.n > FLUSH_BYTES || o->b.status != FU_OK)
            st = flush(o, s, e);
    }
    return st;
}

static void count(fu_ledger_out *o)
{
    for (size_t i = 0; i < o->l->n_listed; i++) {
        o->in_group[fu_ledger_group_of(o->l->listed[i], o->v->today)]++;
        o->running += o->l->listed[i]->running > 1;
    }
}

static const fu_ledger_renderer *renderer(fu_format format)
{
    switch (format) {
    case FU_TEXT:
        return &fu_ledger_text;
    case FU_JSON:
        return &fu_ledger_json;
    case FU_CSV:
        return &fu_ledger_csv;
    case FU_HTML:
        return &fu_ledger_html;
    case FU_JUNIT:
    case FU_SARIF:
        break;
    }
    return NULL;
}

fu_status fu_ledger_check(const fu_ledger_view *v, fu_error *e)
{
    if (renderer(v->format))
        return FU_OK;
    fu_fail(e, FU_E_MISUSE, "", "台帳（ledger）は、junit と sarif の形式では出力できません。",
            "the ledger has no format junit or sarif");
    fu_error_hint(e, "--format を text、json、csv、html のどれかにしてください。");
    return FU_E_MISUSE;
}

fu_status fu_ledger_show(const fu_ledger *l, const fu_ledger_view *v, const fu_stream *to,
                         fu_error *e)
{
    fu_ledger_out o = {.l = l, .v = v, .group = -1};
    const fu_ledger_renderer *r = renderer(v->format);
    fu_status st = fu_ledger_check(v, e);
    if (st != FU_OK)
        return st;
    fu_buf_init(&o.b, l->mem, ROW_BYTES_MAX);
    fu_buf_init(&o.cell, l->mem, ROW_BYTES_MAX);
    count(&o);
    r->head(&o);
    st = rows(&o, r, to, e);
    if (st == FU_OK) {
        r->tail(&o);
        st = flush(&o, to, e);
    }
    fu_buf_free(&o.cell);
    fu_buf_free(&o.b);
    return st;
}
