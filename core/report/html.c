#include "report/render.h"

/* One page for the clerk, in Japanese whatever the language of the messages: what must still be
 * done comes first, then what was done, remarks and numbers. Nothing in it is fetched or run. */
enum { TODO, DONE, NOTES, NUMBERS };

static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" "
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>fusho 処理結果</title>\n<style>\n"
    "@page { size: A4; margin: 15mm; }\n"
    "body { font-family: sans-serif; line-height: 1.5; max-width: 60em; margin: 1em auto; "
    "padding: 0 1em; color: #111; }\n"
    "h1 { font-size: 1.4em; }\n"
    "h2 { font-size: 1.15em; border-bottom: 2px solid #333; margin-top: 1.6em; }\n"
    "h3, h4 { font-size: 1em; margin: 1em 0 .3em; }\n"
    "table { border-collapse: collapse; width: 100%; margin: .3em 0 1em; }\n"
    "th, td { border: 1px solid #888; padding: .25em .5em; text-align: left; vertical-align: top; "
    "overflow-wrap: anywhere; }\n"
    "th { background: #eee; }\n"
    "tr.file th { background: #ddd; }\n"
    ".error .code { color: #a00; font-weight: bold; }\n"
    ".warning .code { color: #850; font-weight: bold; }\n"
    ".source { color: #555; font-size: .85em; }\n"
    "@media print { body { max-width: none; margin: 0; padding: 0; font-size: 10pt; } "
    "thead { display: table-header-group; } tr, article { break-inside: avoid; } "
    "h2, h3, h4 { break-after: avoid; } }\n"
    "</style>\n</head>\n<body>\n<h1>fusho 処理結果</h1>\n";

static const char FINDINGS_TABLE[] =
    "<table>\n<thead><tr><th>レセプト</th><th>コード</th><th>内容</th><th>次にすること</th></tr>"
    "</thead>\n<tbody>\n";

static const char EDITS_TABLE[] =
    "<table>\n<thead><tr><th>行</th><th>項目</th><th>書き換え前</th><th>書き換え後</th>"
    "<th>理由</th></tr></thead>\n<tbody>\n";

static bool given(const char *s)
{
    return s && *s;
}

static void put(fu_buf *out, const char *s)
{
    fu_put_xml(out, fu_span_str(s));
}

static void put_cell(fu_buf *out, const char *s)
{
    fu_buf_str(out, "<td>");
    put(out, s);
    fu_buf_str(out, "</td>");
}

static fu_status html_open(fu_report *r, fu_error *e)
{
    (void)e;
    r->en = false;
    r->o.lang = "ja";
    return FU_OK;
}

/* レセプト番号, place, and the name: this page stays with the people who look after the patient. */
static void put_who(fu_report *r, const fu_shown_claim *c, uint64_t claim, uint64_t line)
{
    fu_buf *b = &r->row;
    fu_text_place(r, &r->line, c, claim, line);
    if (r->line.status == FU_OK)
        fu_put_xml(b, fu_buf_view(&r->line));
    else if (b->status == FU_OK)
        b->status = r->line.status;
    fu_buf_reset(&r->line);
    if (c && given(c->name)) {
        fu_buf_str(b, " <span class=\"name\">");
        put(b, c->name);
        fu_buf_str(b, "</span>");
    }
}

/* The file's name, before the first row of this file in a part. */
static void put_file_row(fu_report *r, int part)
{
    if (r->part_named[part])
        return;
    fu_buf_str(&r->row, "<tr class=\"file\"><th colspan=\"4\">");
    put(&r->row, r->file);
    fu_buf_str(&r->row, "</th></tr>\n");
}

static void put_source(fu_report *r, const fu_finding *f)
{
    const fu_finding_row *row = &fu_finding_rows[f->code];
    const char *payer = f->payer ? f->payer : row->payer;
    fu_buf *b = &r->row;
    fu_buf_str(b, "<div class=\"source\">出典: ");
    put(b, row->source);
    if (given(payer)) {
        fu_buf_str(b, "／審査支払機関のコード ");
        put(b, payer);
        fu_buf_str(b, "（二次資料による）");
    }
    fu_buf_str(b, "</div>");
}

static void put_finding(fu_report *r, const fu_finding *f, const fu_shown_claim *c)
{
    static const char *const classes[] = {"info", "warning", "error"};
    fu_buf *b = &r->row;
    fu_buf_str(b, "<tr class=\"");
    fu_buf_str(b, classes[f->severity]);
    fu_buf_str(b, "\"><td>");
    put_who(r, c, f->claim, f->line);
    if (f->file) {
        fu_buf_str(b, c || f->claim || f->line ? "<br>" : "");
        put(b, f->file);
    }
    fu_buf_str(b, "</td><td class=\"code\">");
    fu_buf_str(b, fu_finding_rows[f->code].code);
    fu_buf_str(b, "<br>");
    fu_put_word(r, b, (fu_word)(FU_W_INFO + f->severity));
    fu_buf_str(b, "</td><td>");
    fu_render_message(r, b, f, fu_put_xml);
    put_source(r, f);
    fu_buf_str(b, "</td><td>");
    fu_render_hint(r, b, f, fu_put_xml);
    fu_buf_str(b, "</td></tr>\n");
}

static fu_status hold_findings(fu_report *r, const fu_findings *l, const fu_shown_claim *c,
                               fu_error *e)
{
    for (size_t i = 0; l && i < l->n; i++) {
        const fu_finding *f = &l->v[i];
        int part = f->severity == FU_ERROR ? TODO : NOTES;
        fu_status st;
        bool kept;
        put_file_row(r, part);
        put_finding(r, f, c);
        st = fu_render_hold(r, part, &kept, e);
        if (st != FU_OK)
            return st;
        r->part_named[part] = r->part_named[part] || kept;
        r->more.severity[f->severity] += !kept;
    }
    return FU_OK;
}

static void put_edit(fu_report *r, const fu_shown_edit *d)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, "<tr><td>");
    fu_buf_uint(b, d->line);
    fu_buf_str(b, "</td><td>");
    put(b, d->record);
    if (d->op == FU_OP_REPLACE) {
        fu_buf_str(b, " ");
        if (given(d->item))
            put(b, d->item);
        else
            fu_buf_uint(b, d->field);
        fu_buf_str(b, "</td>");
        put_cell(b, d->before);
        put_cell(b, d->after);
    } else if (d->op == FU_OP_DELETE) {
        fu_buf_str(b, "（削除）</td>");
        put_cell(b, d->text);
        fu_buf_str(b, "<td></td>");
    } else {
        fu_buf_str(b, "（追加）</td><td></td>");
        put_cell(b, d->text);
    }
    put_cell(b, d->reason);
    fu_buf_str(b, "</tr>\n");
}

static void put_claim(fu_report *r, const fu_shown_claim *c)
{
    fu_buf *b = &r->row;
    if (!r->part_named[DONE]) {
        fu_buf_str(b, "<h3 class=\"file\">");
        put(b, r->file);
        fu_buf_str(b, "</h3>\n");
    }
    fu_buf_str(b, "<article>\n<h4>");
    put_who(r, c, c->claim, c->line);
    fu_buf_str(b, ": ");
    put(b, fu_text_route(r, c->route));
    fu_buf_str(b, "</h4>\n");
    if (given(c->reason)) {
        fu_buf_str(b, "<p>理由: ");
        put(b, c->reason);
        fu_buf_str(b, "</p>\n");
    }
    if (c->deadline) {
        fu_buf_str(b, "<p>");
        fu_put_word(r, b, FU_W_DEADLINE);
        fu_put_day(b, c->deadline);
        fu_buf_str(b, "</p>\n");
    }
    fu_buf_str(b, c->n_edits ? EDITS_TABLE : "");
    for (size_t i = 0; i < c->n_edits; i++)
        put_edit(r, &c->edits[i]);
    fu_buf_str(b, c->n_edits ? "</tbody>\n</table>\n</article>\n" : "</article>\n");
}

static fu_status html_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                            fu_error *e)
{
    if (fu_render_shows(r, c)) {
        fu_status st;
        bool kept;
        put_claim(r, c);
        st = fu_render_hold(r, DONE, &kept, e);
        if (st != FU_OK)
            return st;
        r->part_named[DONE] = r->part_named[DONE] || kept;
        r->more.claims += !kept;
    }
    return hold_findings(r, l, c, e);
}

static fu_status html_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    return hold_findings(r, l, NULL, e);
}

static void put_number_row(fu_buf *b, const char *what, int64_t n)
{
    fu_buf_fmt(b, "<tr><th>%s</th><td>%lld</td></tr>\n", what, (long long)n);
}

static void put_text_row(fu_buf *b, const char *what, const char *text)
{
    if (!text)
        return;
    fu_buf_fmt(b, "<tr><th>%s</th>", what);
    put_cell(b, text);
    fu_buf_str(b, "</tr>\n");
}

static void put_result(fu_report *r, fu_buf *b, const fu_summary *s)
{
    if (s->exit_status > 1) {
        put_text_row(b, "結果", fu_word_of(r, FU_W_REFUSED));
    } else if (!fu_render_written(s)) {
        put_text_row(b, "結果", fu_word_of(r, FU_W_NOT_WRITTEN));
    } else {
        put_text_row(b, "書き出したファイル", s->output);
        put_text_row(b, "元に戻すための控え", s->journal);
    }
    if (s->fusho > 0 && s->exit_status <= 1)
        put_text_row(b, "紙の場合", fu_word_of(r, FU_W_PAPER));
}

/* Behind the claims of a file that was not written: none of this has happened yet. */
static fu_status note_not_written(fu_report *r, const fu_summary *s, fu_error *e)
{
    if (!r->part_named[DONE] || fu_render_written(s))
        return FU_OK;
    fu_buf_str(&r->row, "<p class=\"not-written\">");
    fu_put_word(r, &r->row, FU_W_NOT_WRITTEN);
    fu_buf_str(&r->row, "</p>\n");
    return fu_render_keep(r, DONE, e);
}

/* Never left out, however many rows were: there is one per file. */
static fu_status html_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st = note_not_written(r, s, e);
    if (st != FU_OK)
        return st;
    fu_buf_str(b, "<h3 class=\"file\">");
    put(b, r->file);
    fu_buf_str(b, "</h3>\n<table>\n<tbody>\n");
    put_number_row(b, "レセプト", s->claims);
    put_number_row(b, "請求先の延べ件数", s->payers);
    put_number_row(b, "不詳で請求", s->fusho);
    put_number_row(b, "旧資格情報で請求", s->kyushikaku);
    put_number_row(b, "現在の資格で請求", s->current);
    put_number_row(b, "保留", s->hold);
    put_number_row(b, "エラー", s->errors);
    put_number_row(b, "警告", s->warnings);
    put_number_row(b, "情報", s->infos);
    put_result(r, b, s);
    fu_buf_str(b, "</tbody>\n</table>\n");
    return fu_render_keep(r, NUMBERS, e);
}

static fu_status write_section(fu_report *r, int part, const char *id, const char *heading,
                               const char *table, const char *nothing, fu_error *e)
{
    fu_buf *b = &r->row;
    bool any = r->part[part].n > 0;
    fu_status st;
    fu_buf_fmt(b, "<section id=\"%s\">\n<h2>%s</h2>\n", id, heading);
    if (any)
        fu_buf_str(b, table);
    else if (fu_render_more(r) == 0)
        fu_buf_fmt(b, "<p>%s</p>\n", nothing);
    st = fu_render_write(r, b, e);
    if (st == FU_OK)
        st = fu_render_write(r, &r->part[part], e);
    if (any && *table)
        fu_buf_str(b, "</tbody>\n</table>\n");
    fu_buf_str(b, "</section>\n");
    return st == FU_OK ? fu_render_write(r, b, e) : st;
}

static void put_foot(fu_report *r)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, "<footer><p class=\"source\">fusho ");
    put(b, r->o.version);
    fu_buf_str(b, "／規則の版 ");
    put(b, r->o.edition);
    if (r->o.today) {
        fu_buf_str(b, "／処理日 ");
        fu_put_day(b, r->o.today);
    }
    fu_buf_str(b, "</p></footer>\n</body>\n</html>\n");
}

static fu_status html_end(fu_report *r, fu_error *e)
{
    fu_status st;
    fu_buf_str(&r->row, HEAD);
    if (fu_render_more(r)) {
        fu_buf_str(&r->row, "<p class=\"more\">");
        fu_text_more(r, &r->row);
        fu_buf_str(&r->row, "</p>\n");
    }
    st = fu_render_write(r, &r->row, e);
    if (st == FU_OK)
        st = write_section(r, TODO, "todo", "まだ人がすること", FINDINGS_TABLE, "ありません。", e);
    if (st == FU_OK)
        st =
            write_section(r, DONE, "done", "行ったこと", "", "書き換えたレセプトはありません。", e);
    if (st == FU_OK)
        st = write_section(r, NOTES, "notes", "警告と情報", FINDINGS_TABLE, "ありません。", e);
    if (st == FU_OK)
        st = write_section(r, NUMBERS, "numbers", "件数", "", "処理したファイルはありません。", e);
    if (st != FU_OK)
        return st;
    put_foot(r);
    return fu_render_write(r, &r->row, e);
}

const fu_renderer fu_html_renderer = {.open = html_open,
                                      .claim = html_claim,
                                      .findings = html_findings,
                                      .summary = html_summary,
                                      .end = html_end};
