#include "report/html.h"
#include "rules/comments.h"
#include "rules/tokki.h"
#include "uke/claim.h"

/* Rows of the table, in the words of the claim form; OTHER has a row for each edit. */
enum { INSURER, NUMBER, TOKKI, TEKIYO, OTHER, ROWS };

static const char *const NAMES[ROWS] = {"保険者番号", "記号・番号", "特記事項", "摘要", ""};

/* Field numbers of HO and SN, the same in every claim type. */
enum { HO_INSURER = 2, HO_KIGO = 3, HO_BANGO = 4, SN_BRANCH = 7 };

static bool is(const fu_shown_edit *d, const char *record)
{
    return strcmp(d->record, record) == 0;
}

static int row_of(const fu_shown_edit *d)
{
    bool replace = d->op == FU_OP_REPLACE;
    if (replace && is(d, "HO") && d->field == HO_INSURER)
        return INSURER;
    if (replace && is(d, "HO") && (d->field == HO_KIGO || d->field == HO_BANGO))
        return NUMBER;
    if (is(d, "SN") && (d->op == FU_OP_DELETE || (replace && d->field == SN_BRANCH)))
        return NUMBER;
    if (replace && is(d, "RE") && strstr(d->item, "特記事項"))
        return TOKKI;
    return !replace && (is(d, "CO") || is(d, "TK")) ? TEKIYO : OTHER;
}

static void put_name(fu_buf *b, const fu_shown_edit *d)
{
    int row = row_of(d);
    if (row != OTHER) {
        fu_buf_str(b, NAMES[row]);
    } else if (fu_html_given(d->item)) {
        fu_html_put(b, d->item);
    } else {
        fu_html_put(b, d->record);
        fu_buf_str(b, " レコード");
    }
}

static void put_value(fu_buf *b, const char *s)
{
    if (fu_html_given(s))
        fu_html_put(b, s);
    else
        fu_buf_str(b, "（なし）");
}

static void put_raw(fu_buf *b, const fu_shown_edit *d)
{
    fu_buf_str(b, "<small class=\"raw\">");
    fu_html_put(b, d->text);
    fu_buf_str(b, "</small>");
}

/* ---- 記号・番号 ---- */

typedef struct number {
    const char *kigo, *bango, *branch;
} number;

static void read_number(const fu_shown_claim *c, number *before, number *after)
{
    *before = (number){c->kigo, c->bango, c->branch};
    *after = *before;
    for (size_t i = 0; i < c->n_edits; i++) {
        const fu_shown_edit *d = &c->edits[i];
        bool ho = d->op == FU_OP_REPLACE && is(d, "HO");
        if (row_of(d) != NUMBER)
            continue;
        if (ho && d->field == HO_KIGO) {
            before->kigo = d->before;
            after->kigo = d->after;
        } else if (ho) {
            before->bango = d->before;
            after->bango = d->after;
        } else {
            before->branch = d->op == FU_OP_DELETE ? before->branch : d->before;
            after->branch = d->op == FU_OP_DELETE ? "" : d->after;
        }
    }
}

/* What only the other side has is named as missing: an empty 記号 would not be seen. */
static void put_number(fu_buf *b, const number *v, const number *other)
{
    bool kigo = fu_html_given(v->kigo), branch = fu_html_given(v->branch);
    if (kigo)
        fu_html_put(b, v->kigo);
    else if (fu_html_given(other->kigo))
        fu_buf_str(b, "（記号なし）");
    fu_buf_str(b, kigo || fu_html_given(other->kigo) ? "・" : "");
    if (fu_html_given(v->bango))
        fu_html_put(b, v->bango);
    else
        fu_buf_str(b, "（番号なし）");
    if (branch) {
        fu_buf_str(b, "（枝番 ");
        fu_html_put(b, v->branch);
        fu_buf_str(b, "）");
    } else if (fu_html_given(other->branch)) {
        fu_buf_str(b, "（枝番なし）");
    }
}

static void put_number_cells(fu_buf *b, const fu_shown_claim *c)
{
    number before, after;
    read_number(c, &before, &after);
    fu_buf_str(b, "<td>");
    put_number(b, &before, &after);
    for (size_t i = 0; i < c->n_edits; i++)
        if (row_of(&c->edits[i]) == NUMBER && c->edits[i].op == FU_OP_DELETE)
            put_raw(b, &c->edits[i]);
    fu_buf_str(b, "</td><td>");
    put_number(b, &after, &before);
    fu_buf_str(b, "</td>");
}

/* ---- 特記事項 ---- */

/* "0229" as 02 長、29 区エ. */
static void put_tokki(fu_buf *b, const char *s)
{
    fu_span all = fu_span_str(s);
    if (all.n % 2 || !fu_span_digits(all)) {
        put_value(b, s);
        return;
    }
    for (size_t i = 0; i < all.n; i += 2) {
        fu_span code = fu_span_of(all.p + i, 2);
        const fu_tokki_row *row = fu_tokki_find(code);
        fu_buf_str(b, i ? "、" : "");
        fu_put_xml(b, code);
        fu_buf_str(b, row ? " " : "");
        fu_buf_str(b, row ? row->ryaku : "");
    }
}

/* ---- 摘要 ---- */

/* A comment code is nine digits that begin with 8; its text is in the field behind it. */
static unsigned code_field(fu_span record)
{
    for (unsigned n = 2; n <= 4; n++) {
        fu_span s = fu_record_field(record, n);
        if (s.n == 9 && s.p[0] == '8' && fu_span_digits(s))
            return n;
    }
    return 0;
}

static void put_comment(fu_buf *b, const fu_shown_edit *d)
{
    fu_span record = fu_span_str(d->text);
    unsigned n = code_field(record);
    fu_span code = fu_record_field(record, n ? n : 1), text = fu_record_field(record, n + 1);
    int row = n ? fu_comment_of(code) : -1;
    fu_buf_str(b, "<div class=\"rec\">");
    if (row >= 0) {
        fu_buf_str(b, fu_comment_rows[row].item);
    } else if (n && !fu_span_is(code, FU_CM_FREE_TEXT)) {
        fu_buf_str(b, "コメント ");
        fu_put_xml(b, code);
    }
    if (n && text.n) {
        fu_buf_str(b, fu_span_is(code, FU_CM_FREE_TEXT) ? "" : "：");
        fu_put_xml(b, text);
    }
    put_raw(b, d);
    fu_buf_str(b, "</div>");
}

static void put_comments(fu_buf *b, const fu_shown_claim *c, fu_op op)
{
    bool any = false;
    fu_buf_str(b, "<td>");
    for (size_t i = 0; i < c->n_edits; i++) {
        if (row_of(&c->edits[i]) != TEKIYO || c->edits[i].op != op)
            continue;
        put_comment(b, &c->edits[i]);
        any = true;
    }
    fu_buf_str(b, any ? "</td>" : "（なし）</td>");
}

/* ---- the table ---- */

static void put_other_cells(fu_buf *b, const fu_shown_edit *d)
{
    bool tokki = row_of(d) == TOKKI;
    const char *before = d->op == FU_OP_REPLACE ? d->before : d->op == FU_OP_DELETE ? d->text : "";
    const char *after = d->op == FU_OP_REPLACE ? d->after : d->op == FU_OP_INSERT ? d->text : "";
    fu_buf_str(b, "<td>");
    (tokki && fu_html_given(before) ? put_tokki : put_value)(b, before);
    fu_buf_str(b, "</td><td>");
    (tokki && fu_html_given(after) ? put_tokki : put_value)(b, after);
    fu_buf_str(b, "</td>");
}

/* One row of the form: all edits of it together, or each of them. */
static void put_row(fu_buf *b, const fu_shown_claim *c, int row)
{
    for (size_t i = 0; i < c->n_edits; i++) {
        const fu_shown_edit *d = &c->edits[i];
        if (row_of(d) != row)
            continue;
        fu_buf_str(b, "<tr><th scope=\"row\">");
        put_name(b, d);
        fu_buf_str(b, "</th>");
        if (row == NUMBER) {
            put_number_cells(b, c);
        } else if (row == TEKIYO) {
            put_comments(b, c, FU_OP_DELETE);
            put_comments(b, c, FU_OP_INSERT);
        } else {
            put_other_cells(b, d);
        }
        fu_buf_str(b, "</tr>\n");
        if (row == NUMBER || row == TEKIYO)
            return;
    }
}

static void put_table(fu_buf *b, const fu_shown_claim *c)
{
    fu_buf_str(b,
               "<table class=\"change\">\n<thead><tr><th scope=\"col\">項目</th>"
               "<th scope=\"col\">書き換え前</th><th scope=\"col\">書き換え後</th></tr></thead>\n"
               "<tbody>\n");
    for (int row = 0; row < ROWS; row++)
        put_row(b, c, row);
    fu_buf_str(b, "</tbody>\n</table>\n");
}

/* ---- why ---- */

static bool given_before(const fu_shown_claim *c, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (strcmp(c->edits[i].reason, c->edits[at].reason) == 0)
            return true;
    return false;
}

/* One line per reason: the rows of the form it is about, and the rule with its source. */
static void put_reasons(fu_buf *b, const fu_shown_claim *c)
{
    fu_buf_str(b, "<ul class=\"why\">\n");
    for (size_t i = 0; i < c->n_edits; i++) {
        unsigned named = 0;
        if (given_before(c, i))
            continue;
        fu_buf_str(b, "<li><b>");
        for (size_t k = i; k < c->n_edits; k++) {
            unsigned bit = 1u << row_of(&c->edits[k]);
            if ((named & bit && bit != 1u << OTHER) ||
                strcmp(c->edits[k].reason, c->edits[i].reason) != 0)
                continue;
            fu_buf_str(b, named ? "、" : "");
            put_name(b, &c->edits[k]);
            named |= bit;
        }
        fu_buf_str(b, "</b> ");
        fu_html_put(b, c->edits[i].reason);
        fu_buf_str(b, "</li>\n");
    }
    fu_buf_str(b, "</ul>\n");
}

static unsigned severities_of(const fu_findings *l)
{
    unsigned s = 0;
    for (size_t i = 0; l && i < l->n; i++)
        s |= 1u << l->v[i].severity;
    return s;
}

void fu_html_change(fu_report *r, const fu_shown_claim *c, const fu_findings *l)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, "<article class=\"claim item\" ");
    fu_html_data(b, severities_of(l), c);
    fu_buf_str(b, ">\n");
    fu_html_who(r, c, NULL, ++r->cases);
    if (fu_html_given(c->reason)) {
        fu_buf_str(b, "<p>理由: ");
        fu_html_put(b, c->reason);
        fu_buf_str(b, "</p>\n");
    }
    if (c->n_edits) {
        put_table(b, c);
        put_reasons(b, c);
    } else {
        fu_buf_str(b, "<p>");
        fu_put_word(r, b, FU_W_NO_EDIT);
        fu_buf_str(b, "</p>\n");
    }
    if (c->deadline) {
        fu_buf_str(b, "<p>");
        fu_put_word(r, b, FU_W_DEADLINE);
        fu_html_day(b, c->deadline);
        fu_buf_str(b, "</p>\n");
    }
    fu_buf_str(b, "</article>\n");
}
