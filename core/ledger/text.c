#include <stdio.h>

#include "base/date.h"
#include "base/utf8.h"
#include "ledger/show.h"
#include "report/escape.h"
#include "rules/insurer.h"

#define RED "\x1b[1;31m"
#define YELLOW "\x1b[33m"
#define PLAIN "\x1b[0m"

enum { DEADLINE, LEFT, MONTH, KARTE, RECEIPT, JOURNAL, RUNNING, COLUMNS };

/* 80 columns with two blanks between: カルテ番号等 has up to 20. */
static const struct {
    fu_ledger_word head;
    size_t width;
} TABLE[COLUMNS] = {
    [DEADLINE] = {FU_LW_DEADLINE, 10}, [LEFT] = {FU_LW_LEFT, 8},
    [MONTH] = {FU_LW_MONTH, 8},        [KARTE] = {FU_LW_KARTE, 20},
    [RECEIPT] = {FU_LW_RECEIPT, 8},    [JOURNAL] = {FU_LW_JOURNAL, 4},
    [RUNNING] = {FU_LW_RUNNING, 10},
};

/* Columns of a terminal: what is Japanese takes two, half-width kana and what is western one. */
static size_t columns(uint32_t cp)
{
    return cp < 0x1100 || (cp >= 0xFF61 && cp <= 0xFF9F) ? 1 : 2;
}

/* What was put into o->b from `from` on becomes a cell: cut where it is too long, filled with
 * blanks where another follows. */
static void end_cell(fu_ledger_out *o, size_t from, int column)
{
    size_t width = TABLE[column].width, used = 0, cut_used = 0, end = from, cut = from, i = 0;
    fu_span s;
    if (o->b.status != FU_OK)
        return;
    s = fu_span_of(o->b.p + from, o->b.n - from);
    while (i < s.n) {
        size_t w = columns(fu_utf8_next(s, &i));
        if (used + w > width)
            break;
        used += w;
        end = from + i;
        if (used + 2 > width)
            continue;
        cut = end;
        cut_used = used;
    }
    if (end < o->b.n) {
        o->b.n = cut;
        fu_buf_str(&o->b, "…");
        used = cut_used + 2;
    }
    for (; column + 1 < COLUMNS && used < width + 2; used++)
        fu_buf_char(&o->b, ' ');
}

static void put_text_cell(fu_ledger_out *o, const char *text, int column)
{
    size_t from = o->b.n;
    fu_put_line(&o->b, fu_span_str(text));
    end_cell(o, from, column);
}

static void trim_line(fu_ledger_out *o)
{
    while (o->b.n && o->b.p[o->b.n - 1] == ' ')
        o->b.n--;
    fu_buf_char(&o->b, '\n');
}

static void head(fu_ledger_out *o)
{
    fu_buf_fmt(&o->cell, "%04d-%02d-%02d", (int)(o->v->today / 10000),
               (int)(o->v->today / 100 % 100), (int)(o->v->today % 100));
    fu_ledger_put(o, FU_LW_TITLE, fu_buf_cstr(&o->cell));
    fu_buf_char(&o->b, '\n');
    if (o->l->n_listed)
        fu_ledger_put_counts(o);
    else
        fu_ledger_put(o, FU_LW_NOTHING, "");
    fu_buf_char(&o->b, '\n');
}

static void put_group(fu_ledger_out *o, fu_ledger_group g)
{
    fu_buf_str(&o->b, "\n【");
    fu_ledger_put_heading(o, g);
    fu_buf_str(&o->b, "】\n");
    fu_ledger_put_advice(o, g);
    fu_buf_char(&o->b, '\n');
    for (int i = 0; i < COLUMNS; i++) {
        size_t from = o->b.n;
        fu_ledger_put(o, TABLE[i].head, "");
        end_cell(o, from, i);
    }
    trim_line(o);
}

static void put_left(fu_ledger_out *o, const fu_ledger_row *r, fu_ledger_group g)
{
    int left = fu_days_between(o->v->today, r->deadline);
    bool colored = o->v->color && (g == FU_LG_OVERDUE || g == FU_LG_SOON);
    size_t from;
    if (colored)
        fu_buf_str(&o->b, g == FU_LG_OVERDUE ? RED : YELLOW);
    from = o->b.n;
    if (!r->deadline)
        fu_ledger_put(o, FU_LW_NONE, "");
    else if (left <= 0)
        fu_ledger_put(o, left < 0 ? FU_LW_OVER : FU_LW_TODAY, "");
    else
        fu_ledger_put_number(o, FU_LW_DAYS, (uint64_t)left);
    end_cell(o, from, LEFT);
    if (colored)
        fu_buf_str(&o->b, PLAIN);
}

static void row(fu_ledger_out *o, const fu_ledger_row *r)
{
    fu_ledger_group g = fu_ledger_group_of(r, o->v->today);
    size_t from;
    if (o->group != (int)g)
        put_group(o, g);
    from = o->b.n;
    if (r->deadline)
        fu_put_day(&o->b, r->deadline);
    else
        fu_ledger_put(o, FU_LW_NONE, "");
    end_cell(o, from, DEADLINE);
    put_left(o, r, g);
    from = o->b.n;
    if (r->month)
        fu_ledger_put_month(&o->b, r->month);
    end_cell(o, from, MONTH);
    put_text_cell(o, r->karte, KARTE);
    put_text_cell(o, r->receipt_no, RECEIPT);
    from = o->b.n;
    fu_buf_uint(&o->b, r->from->number);
    end_cell(o, from, JOURNAL);
    from = o->b.n;
    if (r->running > 1)
        fu_ledger_put_number(o, FU_LW_MONTHS, r->running);
    end_cell(o, from, RUNNING);
    trim_line(o);
}

static void put_journal(fu_ledger_out *o, const fu_ledger_journal *j)
{
    char day[16];
    fu_buf_fmt(&o->b, "%4u  ", (unsigned)j->number);
    fu_put_line(&o->b, fu_span_str(j->name));
    if (j->on) {
        snprintf(day, sizeof day, "%04d-%02d-%02d", (int)(j->on / 10000), (int)(j->on / 100 % 100),
                 (int)(j->on % 100));
        fu_buf_str(&o->b, "  ");
        fu_ledger_put(o, FU_LW_CLAIMED, day);
    }
    if (j->payer) {
        fu_buf_str(&o->b, "  ");
        fu_buf_str(&o->b, fu_payer_name(j->payer));
    }
    if (*j->institution) {
        fu_buf_str(&o->b, "  ");
        fu_buf_str(&o->b, j->institution);
    }
    fu_buf_char(&o->b, '\n');
}

static void put_note(fu_ledger_out *o, fu_ledger_word w, size_t n)
{
    fu_ledger_put_number(o, w, n);
    fu_buf_char(&o->b, '\n');
}

static void tail(fu_ledger_out *o)
{
    uint32_t next = 1;
    if (o->l->n_listed) {
        fu_buf_str(&o->b, "\n【");
        fu_ledger_put(o, FU_LW_JOURNALS_READ, "");
        fu_buf_str(&o->b, "】\n");
    }
    for (size_t i = 0; i < o->l->n_listed; i++) {
        const fu_ledger_journal *j = o->l->listed[i]->from;
        if (j->number != next)
            continue;
        put_journal(o, j);
        next++;
    }
    fu_buf_char(&o->b, '\n');
    put_note(o, FU_LW_JOURNALS, o->l->n_journals);
    if (o->l->n_superseded)
        put_note(o, FU_LW_SUPERSEDED, o->l->n_superseded);
    if (o->v->others)
        put_note(o, FU_LW_OTHERS, o->v->others);
    if (o->v->mask)
        put_note(o, FU_LW_MASKED, 0);
}

const fu_ledger_renderer fu_ledger_text = {head, row, tail};
