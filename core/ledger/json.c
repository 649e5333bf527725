#include "base/date.h"
#include "ledger/show.h"
#include "report/json.h"

static const char *given(const char *s)
{
    return *s ? s : NULL;
}

static void put_month(fu_buf *b, const char *key, int32_t month)
{
    if (!month)
        return;
    fu_buf_fmt(b, ",\"%s\":\"", key);
    fu_ledger_put_month(b, month);
    fu_buf_char(b, '"');
}

static void row(fu_ledger_out *o, const fu_ledger_row *r)
{
    fu_buf *b = &o->b;
    fu_buf_str(b, "{\"type\":\"ledger-entry\"");
    fu_json_text(b, "journal", r->from->name);
    fu_json_text(b, "file", given(r->from->input));
    fu_json_text(b, "institution", given(r->from->institution));
    fu_json_number(b, "payer", (uint64_t)r->from->payer);
    put_month(b, "billed", r->from->billed);
    fu_json_day(b, "claimed", r->from->on);
    fu_json_text(b, "route", fu_route_rows[r->route].word);
    fu_json_text(b, "reason", given(r->reason));
    put_month(b, "month", r->month);
    fu_json_number(b, "claim", r->claim);
    fu_json_number(b, "line", r->line);
    fu_json_text(b, "receipt_no", given(r->receipt_no));
    fu_json_text(b, "karte", given(r->karte));
    fu_json_text(b, "name", given(r->name));
    fu_json_text(b, "kana", given(r->kana));
    fu_json_day(b, "birth", r->birth);
    fu_json_number(b, "sex", (uint64_t)r->sex);
    fu_json_text(b, "phone", given(r->phone));
    fu_json_day(b, "deadline", r->deadline);
    if (r->deadline)
        fu_buf_fmt(b, ",\"days_left\":%d", fu_days_between(o->v->today, r->deadline));
    fu_json_number(b, "months_running", r->running > 1 ? r->running : 0);
    fu_buf_str(b, "}\n");
}

/* Here 0 is a number like any other. */
static void put_count(fu_buf *b, const char *key, size_t n)
{
    fu_buf_fmt(b, ",\"%s\":%llu", key, (unsigned long long)n);
}

static void tail(fu_ledger_out *o)
{
    fu_buf *b = &o->b;
    fu_buf_str(b, "{\"type\":\"ledger-summary\"");
    fu_json_day(b, "today", o->v->today);
    put_count(b, "journals", o->l->n_journals);
    put_count(b, "entries", o->l->n_listed);
    put_count(b, "fusho", fu_ledger_count(o, FU_R_FUSHO));
    put_count(b, "kyushikaku", fu_ledger_count(o, FU_R_KYUSHIKAKU));
    put_count(b, "overdue", o->in_group[FU_LG_OVERDUE]);
    put_count(b, "running", o->running);
    put_count(b, "superseded", o->l->n_superseded);
    fu_buf_str(b, "}\n");
}

static void head(fu_ledger_out *o)
{
    (void)o;
}

const fu_ledger_renderer fu_ledger_json = {head, row, tail};
