#include "report/html.h"

/* One page for the clerk, in Japanese whatever the language of the messages. Here: the words its
 * files share, and the calls that hold its rows. */

bool fu_html_given(const char *s)
{
    return s && *s;
}

void fu_html_put(fu_buf *out, const char *s)
{
    fu_put_xml(out, fu_span_str(s));
}

void fu_html_day(fu_buf *out, int32_t day)
{
    fu_buf_fmt(out, "%d年%d月%d日", (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));
}

void fu_html_data(fu_buf *out, unsigned severities, const fu_shown_claim *c)
{
    static const char *const names[] = {"info", "warning", "error"};
    const char *sep = "";
    fu_buf_str(out, "data-sev=\"");
    for (int s = FU_ERROR; s >= FU_INFO; s--) {
        if (!(severities & 1u << s))
            continue;
        fu_buf_str(out, sep);
        fu_buf_str(out, names[s]);
        sep = " ";
    }
    fu_buf_str(out, "\" data-route=\"");
    fu_html_put(out, c ? c->route : "");
    fu_buf_str(out, "\"");
}

/* ---- whose claim it is, and where it stands ---- */

static void put_span(fu_buf *b, const char *class, const char *label, const char *s)
{
    fu_buf_fmt(b, "<span class=\"%s\">%s", class, label);
    fu_html_put(b, s);
    fu_buf_str(b, "</span>");
}

/* A file's name without its folders, which stand once below the numbers. */
static const char *last_part(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if (*path == '/' || *path == '\\')
            name = path + 1;
    return name;
}

/* What a finding without a claim is about. */
static void put_subject(fu_buf *b, const fu_finding *f)
{
    if (f->claim)
        fu_buf_fmt(b, "<span class=\"karte\">%llu 件目のレセプト</span>",
                   (unsigned long long)f->claim);
    else if (fu_html_given(f->capture))
        put_span(b, "karte", "窓口記録 ", f->capture);
    else if (f->file)
        put_span(b, "karte", "ファイル ", last_part(f->file));
    else
        fu_buf_str(b, "<span class=\"karte\">ファイル全体</span>");
}

/* Where personal data was left out, a claim is known by its number only. */
static void put_patient(fu_report *r, const fu_shown_claim *c)
{
    fu_buf *b = &r->row;
    if (fu_html_given(c->karte) && !r->o.mask)
        put_span(b, "karte", "カルテ番号 ", c->karte);
    else if (fu_html_given(c->receipt_no))
        put_span(b, "karte", "レセプト番号 ", c->receipt_no);
    else
        fu_buf_fmt(b, "<span class=\"karte\">%llu 件目のレセプト</span>",
                   (unsigned long long)c->claim);
    if (fu_html_given(c->name) && !r->o.mask) {
        fu_buf_char(b, ' ');
        put_span(b, "name", "", c->name);
    }
    if (strcmp(c->route, "none") != 0) {
        fu_buf_char(b, ' ');
        put_span(b, "route", "", fu_text_route(r, c->route));
    }
}

/* レセプト番号 and line; カルテ番号 stands in the heading. */
static void put_place(fu_report *r, const fu_shown_claim *c, const fu_finding *f)
{
    fu_shown_claim v;
    if (c) {
        v = *c;
        v.karte = "";
    }
    fu_text_place(r, &r->line, c ? &v : NULL, c ? c->claim : 0, c ? c->line : f->line);
    if (r->line.status == FU_OK)
        fu_put_xml(&r->row, fu_buf_view(&r->line));
    else if (r->row.status == FU_OK)
        r->row.status = r->line.status;
    fu_buf_str(&r->row, r->line.n ? "／" : "");
    fu_buf_reset(&r->line);
}

static void put_month(fu_buf *b, const char *month)
{
    if (!fu_html_given(month))
        return;
    if (strlen(month) == 6 && fu_span_digits(fu_span_str(month))) {
        fu_buf_fmt(b, "%.4s年", month);
        fu_buf_str(b, month + (month[4] == '0' ? 5 : 4));
        fu_buf_str(b, "月");
    } else {
        fu_html_put(b, month);
        fu_buf_char(b, ' ');
    }
    fu_buf_str(b, "診療分／");
}

void fu_html_who(fu_report *r, const fu_shown_claim *c, const fu_finding *f, uint64_t id)
{
    fu_buf *b = &r->row;
    fu_buf_fmt(b, "<h4 id=\"h%llu\">", (unsigned long long)id);
    if (c)
        put_patient(r, c);
    else
        put_subject(b, f);
    fu_buf_str(b, "</h4>\n<p class=\"where\">");
    put_place(r, c, f);
    put_month(b, c ? c->month : "");
    fu_html_put(b, last_part(c ? r->file : fu_render_file(r, f)));
    fu_buf_str(b, "</p>\n");
}

/* ---- calls ---- */

static fu_status html_open(fu_report *r, fu_error *e)
{
    (void)e;
    r->en = false;
    r->o.lang = "ja";
    return FU_OK;
}

static bool rewritable(const fu_shown_claim *c)
{
    return strcmp(c->route, "none") != 0 && strcmp(c->route, "hold") != 0;
}

/* A file's articles are in one group under the file's name, which html_summary closes. */
static fu_status hold_change(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                             fu_error *e)
{
    bool named = r->part_named[FU_HTML_CHANGED], kept;
    fu_status st;
    if (!named) {
        fu_buf_str(&r->row, "<div class=\"group\">\n<h3 class=\"file\">");
        fu_html_put(&r->row, r->file);
        fu_buf_str(&r->row, "</h3>\n");
    }
    fu_html_change(r, c, l);
    st = fu_render_hold(r, FU_HTML_CHANGED, &kept, e);
    r->part_named[FU_HTML_CHANGED] = named || (st == FU_OK && kept);
    r->more.claims += st == FU_OK && !kept;
    return st;
}

/* --verbose: a claim that was left alone and of which nothing is to be said. */
static fu_status hold_untouched(fu_report *r, const fu_shown_claim *c, fu_error *e)
{
    fu_buf *b = &r->row;
    bool kept;
    fu_status st;
    fu_buf_str(b, "<article class=\"card item info\" ");
    fu_html_data(b, 1u << FU_INFO, c);
    fu_buf_str(b, ">\n");
    fu_html_who(r, c, NULL, ++r->cases);
    fu_buf_str(b, "<p>");
    fu_html_put(b, fu_text_route(r, c->route));
    fu_buf_str(b, "（書き換えていません）</p>\n</article>\n");
    st = fu_render_hold(r, FU_HTML_INFOS, &kept, e);
    r->more.claims += st == FU_OK && !kept;
    return st;
}

static fu_status html_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                            fu_error *e)
{
    size_t n = l ? l->n : 0;
    fu_status st = FU_OK;
    r->due = c->due;
    if (rewritable(c))
        st = hold_change(r, c, l, e);
    else if (r->o.verbose && n == 0 && strcmp(c->route, "none") == 0)
        st = hold_untouched(r, c, e);
    return st == FU_OK ? fu_html_cards(r, c, n ? l->v : NULL, n, e) : st;
}

static fu_status html_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    fu_status st = FU_OK;
    for (size_t i = 0; i < l->n && st == FU_OK;) {
        size_t n = fu_html_together(l->v + i, l->n - i);
        st = fu_html_cards(r, NULL, l->v + i, n, e);
        i += n;
    }
    return st;
}

static void put_number_row(fu_buf *b, const char *what, int64_t n)
{
    fu_buf_fmt(b, "<tr><th scope=\"row\">%s</th><td>%lld</td></tr>\n", what, (long long)n);
}

static void put_text_row(fu_buf *b, const char *what, const char *text)
{
    if (!text)
        return;
    fu_buf_fmt(b, "<tr><th scope=\"row\">%s</th><td>", what);
    fu_html_put(b, text);
    fu_buf_str(b, "</td></tr>\n");
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
static fu_status close_group(fu_report *r, const fu_summary *s, fu_error *e)
{
    if (!r->part_named[FU_HTML_CHANGED])
        return FU_OK;
    if (!fu_render_written(s)) {
        fu_buf_str(&r->row, "<p class=\"not-written\">");
        fu_put_word(r, &r->row, FU_W_NOT_WRITTEN);
        fu_buf_str(&r->row, "</p>\n");
    }
    fu_buf_str(&r->row, "</div>\n");
    return fu_render_keep(r, FU_HTML_CHANGED, e);
}

/* Never left out, however many rows were: there is one per file. */
static fu_status html_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st = close_group(r, s, e);
    if (st != FU_OK)
        return st;
    r->due = 0;
    fu_buf_str(b, "<h3 class=\"file\">");
    fu_html_put(b, r->file);
    fu_buf_str(b, "</h3>\n<table class=\"numbers\">\n<tbody>\n");
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
    return fu_render_keep(r, FU_HTML_NUMBERS, e);
}

const fu_renderer fu_html_renderer = {.open = html_open,
                                      .claim = html_claim,
                                      .findings = html_findings,
                                      .summary = html_summary,
                                      .end = fu_html_page};
