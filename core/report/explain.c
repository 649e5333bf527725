#include <stdio.h>

#include "report/report.h"

typedef struct labels {
    const char *severity[3]; /* by fu_severity */
    const char *why, *hint, *types, *period, *from, *to, *payer, *source, *between;
    const char *type[5]; /* by bit of FU_T_* */
} labels;

static const labels JA = {{"情報", "警告", "エラー"},
                          "何を意味するか・理由",
                          "次にすること",
                          "対象のレセプト",
                          "期間",
                          " 診療分から",
                          " 診療分まで",
                          "審査支払機関のコード（二次資料による）",
                          "出典",
                          "・",
                          {"医科", "DPC", "歯科", "調剤", "訪問看護"}};

static const labels EN = {{"info", "warning", "error"},
                          "What it means and why (in Japanese)",
                          "Next step",
                          "Claim types",
                          "Months of treatment",
                          " and later",
                          " and earlier",
                          "Code of the payers' reception check (from secondary sources)",
                          "Source",
                          ", ",
                          {"medical", "DPC", "dental", "pharmacy", "nursing"}};

static void put_title(fu_buf *b, fu_code code, const labels *w, const char *lang)
{
    const fu_finding_row *row = &fu_finding_rows[code];
    fu_buf_fmt(b, "%s  %s  ", row->code, w->severity[row->severity]);
    fu_finding_title(b, code, lang);
    fu_buf_char(b, '\n');
}

static void put_section(fu_buf *b, const char *label, const char *text)
{
    fu_buf_fmt(b, "\n%s\n  ", label);
    fu_buf_str(b, text);
    fu_buf_char(b, '\n');
}

static void put_types(fu_buf *b, unsigned types, const labels *w)
{
    const char *between = "";
    if (types == FU_T_ALL)
        return;
    fu_buf_fmt(b, "\n%s\n  ", w->types);
    for (unsigned i = 0; i < sizeof w->type / sizeof w->type[0]; i++) {
        if (types & 1u << i) {
            fu_buf_fmt(b, "%s%s", between, w->type[i]);
            between = w->between;
        }
    }
    fu_buf_char(b, '\n');
}

static void put_month(fu_buf *b, int32_t month, const char *behind)
{
    if (month)
        fu_buf_fmt(b, "  %04d-%02d%s\n", (int)(month / 100), (int)(month % 100), behind);
}

static void put_period(fu_buf *b, const fu_finding_row *row, const labels *w)
{
    if (!row->from && !row->to)
        return;
    fu_buf_fmt(b, "\n%s\n", w->period);
    put_month(b, row->from, w->from);
    put_month(b, row->to, w->to);
}

static void put_page(fu_buf *b, fu_code code, const labels *w, const char *lang)
{
    const fu_finding_row *row = &fu_finding_rows[code];
    put_title(b, code, w, lang);
    put_section(b, w->why, row->why_ja);
    put_section(b, w->hint, w == &EN ? row->hint_en : row->hint_ja);
    put_types(b, row->types, w);
    put_period(b, row, w);
    if (*row->payer)
        put_section(b, w->payer, row->payer);
    put_section(b, w->source, row->source);
}

/* The code with two neighbouring characters swapped is the one mistyping that points at one code:
 * with one character changed there would always be several. */
static bool is_swapped(const char *typed, const char *code)
{
    size_t n = strlen(code), i = 0;
    while (i < n && typed[i] == code[i])
        i++;
    return strlen(typed) == n && i + 1 < n && typed[i] == code[i + 1] && typed[i + 1] == code[i] &&
           strcmp(typed + i + 2, code + i + 2) == 0;
}

static fu_status no_such_code(const char *typed, fu_error *e)
{
    char hint[64];
    fu_fail(e, FU_E_MISUSE, "", "そのコードの指摘はありません。", "no such finding code");
    fu_error_hint(e, "コードを付けずに実行すると、一覧を表示します。");
    for (int i = 0; i < FU_CODE_COUNT; i++) {
        if (!is_swapped(typed, fu_finding_rows[i].code))
            continue;
        snprintf(hint, sizeof hint, "%s のことですか。", fu_finding_rows[i].code);
        fu_error_hint(e, hint);
        break;
    }
    return FU_E_MISUSE;
}

fu_status fu_explain(const fu_mem *mem, const fu_stream *to, const char *code, const char *lang,
                     fu_error *e)
{
    const labels *w = lang && strcmp(lang, "en") == 0 ? &EN : &JA;
    int one = fu_finding_lookup(code);
    fu_status st;
    fu_buf b;
    if (one < 0 && code && *code)
        return no_such_code(code, e);
    fu_buf_init(&b, mem, FU_REPORT_BYTES_MAX);
    if (one >= 0)
        put_page(&b, (fu_code)one, w, lang);
    for (int i = 0; one < 0 && i < FU_CODE_COUNT; i++)
        put_title(&b, (fu_code)i, w, lang);
    /* The texts are constant and far below the maximum: only memory can be short. */
    st = b.status == FU_OK ? fu_write_all(to, b.p, b.n, e) : fu_fail_nomem(e);
    fu_buf_free(&b);
    return st;
}
