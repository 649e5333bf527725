#include "base/date.h"
#include "base/utf8.h"
#include "ledger/show.h"
#include "report/escape.h"
#include "rules/insurer.h"

#define BOM "\xEF\xBB\xBF" /* without it Excel takes UTF-8 for something else */

/* What a spreadsheet may take for the beginning of a formula; the full-width forms, too. */
static bool like_a_formula(fu_span s)
{
    size_t i = 0;
    switch (s.n ? fu_utf8_next(s, &i) : 0) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0xFF1D: /* ＝ */
    case 0xFF0B: /* ＋ */
    case 0xFF0D: /* － */
    case 0xFF20: /* ＠ */
        return true;
    default:
        return false;
    }
}

static bool needs_quotes(fu_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == ',' || s.p[i] == '"')
            return true;
    return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ');
}

/* Free text: no row is torn apart by a line end in it, no cell calculates. */
static void put_text(fu_ledger_out *o, const char *text)
{
    fu_span s;
    bool quoted;
    fu_buf_reset(&o->cell);
    if (like_a_formula(fu_span_str(text)))
        fu_buf_char(&o->cell, '\'');
    fu_put_line(&o->cell, fu_span_str(text));
    s = fu_buf_view(&o->cell);
    quoted = needs_quotes(s);
    fu_buf_str(&o->b, quoted ? "\"" : "");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            fu_buf_char(&o->b, '"');
        fu_buf_char(&o->b, s.p[i]);
    }
    fu_buf_str(&o->b, quoted ? "\"" : "");
    if (o->b.status == FU_OK)
        o->b.status = o->cell.status;
    fu_buf_char(&o->b, ',');
}

static void put_day(fu_ledger_out *o, int32_t day)
{
    if (day)
        fu_put_day(&o->b, day);
    fu_buf_char(&o->b, ',');
}

static void put_month(fu_ledger_out *o, int32_t month)
{
    if (month)
        fu_ledger_put_month(&o->b, month);
    fu_buf_char(&o->b, ',');
}

static void head(fu_ledger_out *o)
{
    fu_buf_str(&o->b, BOM "期限,残り日数,区分,続けて不詳,診療年月,カルテ番号,氏名,カナ氏名,"
                          "生年月日,性別,電話番号,レセプト番号,請求日,請求年月,審査支払機関,"
                          "医療機関コード,理由,控え,請求ファイル,行\r\n");
}

static void row(fu_ledger_out *o, const fu_ledger_row *r)
{
    static const char *const sexes[] = {"", "男", "女"};
    fu_buf *b = &o->b;
    put_day(o, r->deadline);
    if (r->deadline)
        fu_buf_fmt(b, "%d", fu_days_between(o->v->today, r->deadline));
    fu_buf_str(b, r->route == FU_R_FUSHO ? ",不詳," : ",旧資格情報,");
    if (r->running > 1)
        fu_buf_uint(b, r->running);
    fu_buf_char(b, ',');
    put_month(o, r->month);
    put_text(o, r->karte);
    put_text(o, r->name);
    put_text(o, r->kana);
    put_day(o, r->birth);
    fu_buf_str(b, sexes[r->sex]);
    fu_buf_char(b, ',');
    put_text(o, r->phone);
    put_text(o, r->receipt_no);
    put_day(o, r->from->on);
    put_month(o, r->from->billed);
    fu_buf_str(b, r->from->payer ? fu_payer_name(r->from->payer) : "");
    fu_buf_char(b, ',');
    put_text(o, r->from->institution);
    put_text(o, r->reason);
    put_text(o, r->from->name);
    put_text(o, r->from->input);
    if (r->line)
        fu_buf_uint(b, r->line);
    fu_buf_str(b, "\r\n");
}

static void tail(fu_ledger_out *o)
{
    (void)o;
}

const fu_ledger_renderer fu_ledger_csv = {head, row, tail};
