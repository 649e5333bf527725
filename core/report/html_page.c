#include "report/html.h"
#include "report/page_css.h"
#include "report/report_css.h"
#include "report/report_js.h"

/* The page around the rows: what must still be done comes first, then what was done, remarks and
 * numbers. Nothing in it is fetched; the one script is ours and is named by its hash. */
static const char HEAD[] =
    "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
    "style-src 'unsafe-inline'; script-src 'sha256-" FU_REPORT_JS_SHA256 "'; base-uri 'none'; "
    "form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<title>fusho 処理結果</title>\n<style>\n";

static const char BODY[] =
    "</style>\n</head>\n<body>\n<a class=\"skip screen\" href=\"#todo\">一覧へ進む</a>\n"
    "<header>\n<h1>fusho 処理結果</h1>\n";

/* Shown by the script, which it needs. */
static const char TOOLS[] =
    "<div id=\"tools\" class=\"tools screen\" role=\"search\" aria-label=\"さがす・しぼりこむ\" "
    "hidden>\n"
    "<p class=\"find\"><label for=\"q\">さがす</label> <input type=\"search\" id=\"q\" "
    "autocomplete=\"off\" placeholder=\"氏名・カルテ番号・コード・番号\">\n"
    "<label class=\"hide\"><input type=\"checkbox\" id=\"hide\" autocomplete=\"off\"> "
    "済を隠す</label> <button type=\"button\" id=\"clear\">条件を消す</button></p>\n"
    "<p class=\"chips\" role=\"group\" aria-label=\"重さでしぼりこむ\">"
    "<button type=\"button\" data-by=\"sev\" data-is=\"error\">エラー</button> "
    "<button type=\"button\" data-by=\"sev\" data-is=\"warning\">警告</button> "
    "<button type=\"button\" data-by=\"sev\" data-is=\"info\">情報</button></p>\n"
    "<p class=\"chips\" role=\"group\" aria-label=\"請求のしかたでしぼりこむ\">"
    "<button type=\"button\" data-by=\"route\" data-is=\"fusho\">不詳</button> "
    "<button type=\"button\" data-by=\"route\" data-is=\"kyushikaku\">旧資格情報</button> "
    "<button type=\"button\" data-by=\"route\" data-is=\"current\">現在の資格</button> "
    "<button type=\"button\" data-by=\"route\" data-is=\"hold\">保留</button></p>\n";

static uint64_t to_do(const fu_report *r)
{
    return r->held[FU_HTML_NOW] + r->held[FU_HTML_HELD];
}

static void put_notices(fu_report *r)
{
    fu_buf *b = &r->row;
    if (r->o.today) {
        fu_buf_str(b, "<p class=\"soft\">処理日 ");
        fu_html_day(b, r->o.today);
        fu_buf_str(b, "</p>\n");
    }
    if (r->o.mask)
        fu_buf_str(b, "<p class=\"notice\">個人情報を除いて作成しています。氏名などは、この報告に"
                      "はありません。</p>\n");
    if (fu_render_more(r)) {
        fu_buf_str(b, "<p class=\"notice more\">");
        fu_text_more(r, b);
        fu_buf_str(b, "</p>\n");
    }
}

static void put_link(fu_buf *b, const char *id, const char *what, uint64_t n)
{
    fu_buf_fmt(b, "<li><a href=\"#%s\">%s</a> %llu 件</li>\n", id, what, (unsigned long long)n);
}

static void put_contents(fu_report *r)
{
    fu_buf *b = &r->row;
    uint64_t notes = r->held[FU_HTML_WARNINGS] + r->held[FU_HTML_INFOS];
    fu_buf_str(b, "</header>\n<nav class=\"screen\" aria-label=\"目次\">\n<ul>\n");
    put_link(b, "todo", "まだ人がすること", to_do(r));
    if (r->held[FU_HTML_AFTER])
        put_link(b, "after", "請求のあとも確かめること", r->held[FU_HTML_AFTER]);
    put_link(b, "done", "書き換えたレセプト", r->held[FU_HTML_CHANGED]);
    put_link(b, "notes", "警告と情報", notes);
    fu_buf_str(b, "<li><a href=\"#numbers\">件数とファイル</a></li>\n</ul>\n</nav>\n<main>\n");
}

static void put_tools(fu_report *r)
{
    fu_buf *b = &r->row;
    if (to_do(r) + r->held[FU_HTML_AFTER] + r->held[FU_HTML_CHANGED] + r->held[FU_HTML_WARNINGS] +
            r->held[FU_HTML_INFOS] ==
        0)
        return;
    fu_buf_str(b, TOOLS);
    fu_buf_fmt(b,
               "<p id=\"status\" role=\"status\" aria-live=\"polite\">残り %llu 件</p>\n</div>\n",
               (unsigned long long)(to_do(r) + r->held[FU_HTML_AFTER]));
}

static fu_status write_part(fu_report *r, int part, fu_error *e)
{
    fu_status st = fu_render_write(r, &r->row, e);
    return st == FU_OK ? fu_render_write(r, &r->part[part], e) : st;
}

static void open_section(fu_report *r, const char *id, const char *heading, bool any,
                         const char *nothing)
{
    fu_buf *b = &r->row;
    fu_buf_fmt(b, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n", id, id,
               id, heading);
    if (!any && fu_render_more(r) == 0)
        fu_buf_fmt(b, "<p>%s</p>\n", nothing);
}

static fu_status close_section(fu_report *r, fu_status st, fu_error *e)
{
    fu_buf_str(&r->row, "</section>\n");
    return st == FU_OK ? fu_render_write(r, &r->row, e) : st;
}

/* A list under its own heading; one that is empty is left out. */
static fu_status write_group(fu_report *r, const char *id, const char *heading, int first, int last,
                             fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st = FU_OK;
    uint64_t n = 0;
    for (int part = first; part <= last; part++)
        n += r->held[part];
    if (n == 0)
        return FU_OK;
    fu_buf_fmt(b, "<div class=\"group\" id=\"%s\">\n<h3>%s <span class=\"left\">", id, heading);
    fu_buf_fmt(b, last <= FU_HTML_AFTER ? "残り <b>%llu</b> 件" : "%llu 件", (unsigned long long)n);
    fu_buf_str(b, "</span></h3>\n");
    for (int part = first; part <= last && st == FU_OK; part++)
        st = write_part(r, part, e);
    fu_buf_str(b, "</div>\n");
    return st;
}

static fu_status write_todo(fu_report *r, fu_error *e)
{
    fu_status st;
    open_section(r, "todo", "まだ人がすること", to_do(r) > 0, "ありません。");
    st = write_group(r, "now", "請求の前にすること", FU_HTML_NOW, FU_HTML_HELD, e);
    if (st == FU_OK)
        st = write_group(r, "after", "請求のあとも確かめること", FU_HTML_AFTER, FU_HTML_AFTER, e);
    return close_section(r, st, e);
}

static fu_status write_notes(fu_report *r, fu_error *e)
{
    fu_status st;
    open_section(r, "notes", "警告と情報", r->held[FU_HTML_WARNINGS] + r->held[FU_HTML_INFOS] > 0,
                 "ありません。");
    st = write_group(r, "warnings", "警告", FU_HTML_WARNINGS, FU_HTML_WARNINGS, e);
    if (st == FU_OK)
        st = write_group(r, "infos", "情報", FU_HTML_INFOS, FU_HTML_INFOS, e);
    return close_section(r, st, e);
}

static fu_status write_plain(fu_report *r, int part, const char *id, const char *heading,
                             const char *nothing, fu_error *e)
{
    open_section(r, id, heading, r->part[part].n > 0, nothing);
    return close_section(r, write_part(r, part, e), e);
}

static void put_foot(fu_report *r)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, "</main>\n<footer><p class=\"source\">fusho ");
    fu_html_put(b, r->o.version);
    fu_buf_str(b, "／規則の版 ");
    fu_html_put(b, r->o.edition);
    fu_buf_str(b, "</p></footer>\n<script>");
    fu_buf_add(b, fu_report_js, sizeof fu_report_js);
    fu_buf_str(b, "</script>\n</body>\n</html>\n");
}

fu_status fu_html_page(fu_report *r, fu_error *e)
{
    fu_status st;
    fu_buf_str(&r->row, HEAD);
    fu_buf_add(&r->row, fu_page_css, sizeof fu_page_css);
    fu_buf_add(&r->row, fu_report_css, sizeof fu_report_css);
    fu_buf_str(&r->row, BODY);
    put_notices(r);
    put_contents(r);
    put_tools(r);
    st = write_todo(r, e);
    if (st == FU_OK)
        st = write_plain(r, FU_HTML_CHANGED, "done", "書き換えたレセプト",
                         "書き換えたレセプトはありません。", e);
    if (st == FU_OK)
        st = write_notes(r, e);
    if (st == FU_OK)
        st = write_plain(r, FU_HTML_NUMBERS, "numbers", "件数とファイル",
                         "処理したファイルはありません。", e);
    if (st != FU_OK)
        return st;
    put_foot(r);
    return fu_render_write(r, &r->row, e);
}
