#include <stdio.h>

#include "base/date.h"
#include "ledger/ledger_css.h"
#include "ledger/show.h"
#include "report/escape.h"
#include "report/page_css.h"
#include "rules/insurer.h"

/* Nothing in it is fetched or run. */
static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>不詳・旧資格の台帳</title>\n<style>\n";

static const char TABLE[] =
    "<table class=\"claims\">\n<thead><tr><th scope=\"col\">期限</th><th "
    "scope=\"col\">診療年月</th>"
    "<th scope=\"col\">患者</th><th scope=\"col\">生年月日</th><th scope=\"col\">電話番号</th>"
    "<th scope=\"col\">レセプト</th><th scope=\"col\">理由</th><th scope=\"col\">控え</th></tr>"
    "</thead>\n<tbody>\n";

static const char *const CLASSES[FU_LG_COUNT] = {
    [FU_LG_OVERDUE] = "overdue", [FU_LG_SOON] = "soon",     [FU_LG_OPEN] = "open",
    [FU_LG_UNDATED] = "undated", [FU_LG_FORMER] = "former",
};

static void put(fu_ledger_out *o, const char *text)
{
    fu_put_xml(&o->b, fu_span_str(text));
}

static void begin_cell(fu_ledger_out *o, const char *label)
{
    fu_buf_fmt(&o->b, "<td data-label=\"%s\">", label);
}

static void end_cell(fu_ledger_out *o)
{
    fu_buf_str(&o->b, "</td>");
}

/* A line of a cell; nothing where there is nothing to say. */
static void put_part(fu_ledger_out *o, const char *before, const char *text)
{
    if (!*text)
        return;
    fu_buf_fmt(&o->b, "<div>%s", before);
    put(o, text);
    fu_buf_str(&o->b, "</div>");
}

static void head(fu_ledger_out *o)
{
    fu_buf *b = &o->b;
    fu_buf_str(b, HEAD);
    fu_buf_add(b, fu_page_css, sizeof fu_page_css);
    fu_buf_add(b, fu_ledger_css, sizeof fu_ledger_css);
    fu_buf_str(b, "</style>\n</head>\n<body>\n<h1>不詳・旧資格の台帳</h1>\n<p>");
    fu_put_day(b, o->v->today);
    fu_buf_str(b, " 現在</p>\n<p class=\"counts\">");
    if (o->l->n_listed)
        fu_ledger_put_counts(o);
    else
        fu_ledger_put(o, FU_LW_NOTHING, "");
    fu_buf_str(b, "</p>\n");
    if (o->v->mask)
        fu_buf_str(b, "<p>個人情報を伏せています。</p>\n");
}

static void end_group(fu_ledger_out *o)
{
    if (o->group >= 0)
        fu_buf_str(&o->b, "</tbody>\n</table>\n</section>\n");
}

static void begin_group(fu_ledger_out *o, fu_ledger_group g)
{
    fu_buf_fmt(&o->b, "<section class=\"%s\">\n<h2>", CLASSES[g]);
    fu_ledger_put_heading(o, g);
    fu_buf_fmt(&o->b, "（%u 件）</h2>\n<p>", (unsigned)o->in_group[g]);
    fu_ledger_put_advice(o, g);
    fu_buf_str(&o->b, "</p>\n");
    fu_buf_str(&o->b, TABLE);
}

static void put_deadline(fu_ledger_out *o, const fu_ledger_row *r)
{
    int left = fu_days_between(o->v->today, r->deadline);
    fu_buf_str(&o->b, "<td class=\"deadline\" data-label=\"期限\">");
    if (!r->deadline) {
        fu_buf_str(&o->b, "－</td>");
        return;
    }
    fu_put_day(&o->b, r->deadline);
    fu_buf_str(&o->b, " <strong>");
    if (left <= 0)
        fu_ledger_put(o, left < 0 ? FU_LW_OVER : FU_LW_TODAY, "");
    else
        fu_buf_fmt(&o->b, "あと%d日", left);
    fu_buf_str(&o->b, "</strong></td>");
}

static void put_patient(fu_ledger_out *o, const fu_ledger_row *r)
{
    begin_cell(o, "患者");
    put_part(o, "カルテ番号 ", r->karte);
    put_part(o, "", r->name);
    put_part(o, "", r->kana);
    if (r->running > 1)
        fu_buf_fmt(&o->b, "<div><span class=\"again\">%uか月続けて不詳</span></div>", r->running);
    end_cell(o);
}

static void put_claim(fu_ledger_out *o, const fu_ledger_row *r)
{
    begin_cell(o, "レセプト");
    put_part(o, "番号 ", r->receipt_no);
    if (r->from->billed) {
        fu_buf_str(&o->b, "<div>請求年月 ");
        fu_ledger_put_month(&o->b, r->from->billed);
        fu_buf_str(&o->b, "</div>");
    }
    put_part(o, "", r->from->payer ? fu_payer_name(r->from->payer) : "");
    end_cell(o);
}

static void row(fu_ledger_out *o, const fu_ledger_row *r)
{
    fu_buf *b = &o->b;
    fu_ledger_group g = fu_ledger_group_of(r, o->v->today);
    if (o->group != (int)g) {
        end_group(o);
        begin_group(o, g);
    }
    fu_buf_str(b, "<tr>");
    put_deadline(o, r);
    begin_cell(o, "診療年月");
    if (r->month)
        fu_ledger_put_month(b, r->month);
    end_cell(o);
    put_patient(o, r);
    begin_cell(o, "生年月日");
    if (r->birth)
        fu_put_day(b, r->birth);
    end_cell(o);
    begin_cell(o, "電話番号");
    put(o, r->phone);
    end_cell(o);
    put_claim(o, r);
    begin_cell(o, "理由");
    put(o, r->reason);
    end_cell(o);
    begin_cell(o, "控え");
    fu_buf_fmt(b, "%u", (unsigned)r->from->number);
    if (r->line)
        fu_buf_fmt(b, "（%llu 行目）", (unsigned long long)r->line);
    end_cell(o);
    fu_buf_str(b, "</tr>\n");
}

static void put_journal(fu_ledger_out *o, const fu_ledger_journal *j)
{
    fu_buf *b = &o->b;
    fu_buf_fmt(b, "<tr><td data-label=\"番号\">%u</td>", (unsigned)j->number);
    begin_cell(o, "控え");
    put(o, j->name);
    end_cell(o);
    begin_cell(o, "請求ファイル");
    put(o, j->input);
    end_cell(o);
    begin_cell(o, "請求日");
    if (j->on)
        fu_put_day(b, j->on);
    end_cell(o);
    begin_cell(o, "医療機関コード");
    put(o, j->institution);
    end_cell(o);
    fu_buf_str(b, "</tr>\n");
}

static void put_journals(fu_ledger_out *o)
{
    uint32_t next = 1;
    if (o->l->n_listed == 0)
        return;
    fu_buf_str(
        &o->b,
        "<section class=\"journals\">\n<h2>控え</h2>\n<table class=\"journals\">\n<thead><tr>"
        "<th scope=\"col\">番号</th><th scope=\"col\">控え</th>"
        "<th scope=\"col\">請求ファイル</th><th scope=\"col\">請求日</th>"
        "<th scope=\"col\">医療機関コード</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < o->l->n_listed; i++) {
        const fu_ledger_journal *j = o->l->listed[i]->from;
        if (j->number != next)
            continue;
        put_journal(o, j);
        next++;
    }
    fu_buf_str(&o->b, "</tbody>\n</table>\n</section>\n");
}

static void put_note(fu_ledger_out *o, fu_ledger_word w, size_t n)
{
    fu_buf_str(&o->b, "<p>");
    fu_ledger_put_number(o, w, n);
    fu_buf_str(&o->b, "</p>\n");
}

static void tail(fu_ledger_out *o)
{
    fu_buf *b = &o->b;
    end_group(o);
    put_journals(o);
    fu_buf_str(b, "<footer class=\"soft\">\n");
    put_note(o, FU_LW_JOURNALS, o->l->n_journals);
    if (o->l->n_superseded)
        put_note(o, FU_LW_SUPERSEDED, o->l->n_superseded);
    if (o->v->others)
        put_note(o, FU_LW_OTHERS, o->v->others);
    fu_buf_str(b, "<p>期限は疑義解釈 2023-09-15 問4 による。");
    if (!o->v->mask)
        fu_buf_str(b, "このページには患者の情報があります。");
    fu_buf_str(b, "</p>\n<p>fusho ");
    put(o, o->v->version);
    fu_buf_str(b, "／規則の版 ");
    put(o, o->v->edition);
    fu_buf_str(b, "</p>\n</footer>\n</body>\n</html>\n");
}

const fu_ledger_renderer fu_ledger_html = {head, row, tail};
