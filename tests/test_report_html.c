#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support_report.h"

static char *page(tst_file *f, bool verbose)
{
    fu_error e;
    cr_assert_eq(rep_run(&fu_mem_libc, f, FU_HTML, "en", verbose, &e), FU_OK);
    return rep_text(f);
}

/* Reads one tag at *s, which must be one this page uses, and keeps the stack of open ones. */
static bool step(const char **s, char stack[][12], int *depth)
{
    static const char *const closed[] = {
        "html",  "head",  "title", "style", "body", "h1", "h2", "h3",   "h4",  "section", "article",
        "table", "thead", "tbody", "tr",    "th",   "td", "p",  "span", "div", "footer"};
    bool end = **s == '/';
    size_t n = strspn(*s += end, "abcdefghijklmnopqrstuvwxyz0123456789");
    const char *name = *s, *close = strchr(name, '>');
    if (!close)
        return false;
    *s = close + 1;
    if (strncmp(name, "!DOCTYPE html>", 14) == 0)
        return true;
    if (!end && ((n == 4 && strncmp(name, "meta", 4) == 0) || strncmp(name, "br>", 3) == 0))
        return true;
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        if (strlen(closed[i]) != n || strncmp(closed[i], name, n) != 0)
            continue;
        if (!end)
            return *depth < 32 && strcpy(stack[(*depth)++], closed[i]);
        return *depth > 0 && strcmp(stack[--*depth], closed[i]) == 0;
    }
    return false;
}

static bool balanced(const char *s)
{
    char stack[32][12];
    int depth = 0;
    while ((s = strchr(s, '<')) != NULL) {
        s++;
        if (!step(&s, stack, &depth))
            return false;
    }
    return depth == 0;
}

Test(report_html, only_the_tags_of_the_page_stand_in_it_and_all_are_closed)
{
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, true);
    cr_expect(balanced(s));
    cr_expect_not(balanced("<p><script></script></p>"));
    cr_expect_not(balanced("<p><td></p>"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, every_text_is_escaped)
{
    static const char *const never[] = {"<script",      "alert('x')", "&\"",   "\x1b",
                                        "\xe2\x80\xae", "onclick",    "http:", "https:"};
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, true);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        cr_expect_null(strstr(s, never[i]), "row %zu", i);
    cr_expect_gt(rep_count(s, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\\"), 40);
    free(s);
    tst_file_free(&f);
}

Test(report_html, what_must_still_be_done_comes_first)
{
    static const char *const order[] = {
        "<html lang=\"ja\">", "<section id=\"todo\">\n<h2>まだ人がすること</h2>",
        "T403<br>エラー",     "<section id=\"done\">\n<h2>行ったこと</h2>",
        "77777777",           "<section id=\"notes\">\n<h2>警告と情報</h2>",
        "R606<br>情報",       "<section id=\"numbers\">\n<h2>件数</h2>",
        "OUT.UKE.fusho",      "fusho 1.0.0／規則の版 2026-06／処理日 2026-11-09",
    };
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, false), *at = s;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        char *next = strstr(at, order[i]);
        cr_assert_not_null(next, "row %zu: %s", i, order[i]);
        at = next;
    }
    cr_expect_null(strstr(s, "00702"), "a claim left alone is not shown");
    free(s);
    tst_file_free(&f);
}

Test(report_html, a_rewritten_claim_shows_before_after_and_reason)
{
    static const char want[] =
        "<article>\n"
        "<h4>レセプト番号 2（行 34、カルテ番号 00697） <span class=\"name\">検査　花子</span>: "
        "不詳で請求</h4>\n"
        "<p>理由: 申立書があり、資格がわからないため</p>\n"
        "<p>再審査・取下げの期限: 2027-05-20</p>\n"
        "<table>\n"
        "<thead><tr><th>行</th><th>項目</th><th>書き換え前</th><th>書き換え後</th>"
        "<th>理由</th></tr></thead>\n"
        "<tbody>\n"
        "<tr><td>35</td><td>HO 保険者番号</td><td>01130012</td><td>77777777</td>"
        "<td>不詳の書き方</td></tr>\n"
        "<tr><td>36</td><td>SN（削除）</td><td>SN,1,01,,,,00,,</td><td></td>"
        "<td>枝番を残さない</td></tr>\n"
        "<tr><td>38</td><td>CO（追加）</td><td></td><td>CO,01,1,820000246,</td>"
        "<td>不詳の書き方</td></tr>\n"
        "<tr><td>38</td><td>CO（追加）</td><td></td><td>CO,01,1,830000501,ケンサハナコ</td>"
        "<td>カナ氏名</td></tr>\n"
        "</tbody>\n"
        "</table>\n"
        "</article>\n";
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, false);
    cr_expect_not_null(strstr(s, want));
    cr_expect_not_null(strstr(s, "審査支払機関のコード 3128（二次資料による）"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, an_empty_run_is_a_whole_page)
{
    fu_report_options o = REP_OPTIONS;
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_report *r;
    fu_error e;
    char *s;
    o.format = FU_HTML;
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    fu_report_close(r);
    s = rep_text(&f);
    cr_expect(balanced(s));
    cr_expect_eq(rep_count(s, "<p>ありません。</p>"), 2);
    cr_expect_not_null(strstr(s, "<p>書き換えたレセプトはありません。</p>"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, never_says_something_was_written_when_nothing_was)
{
    static const struct {
        bool dry_run;
        int exit_status;
        const char *says;
    } rows[] = {
        {true, 0, "<td>書き込みはしていません。</td>"},
        {false, 4, "<td>このファイルは処理できませんでした。何も書き出していません。</td>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_report_options o = REP_OPTIONS;
        fu_summary sum = REP_SUMMARY;
        tst_file f = TST_FILE_INIT;
        fu_stream to = tst_stream(&f);
        fu_report *r;
        fu_error e;
        char *s;
        o.format = FU_HTML;
        sum.dry_run = rows[i].dry_run;
        sum.exit_status = rows[i].exit_status;
        cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_OK);
        cr_assert_eq(fu_report_begin(r, "a.UKE", &e), FU_OK);
        cr_assert_eq(fu_report_claim(r, &REP_FUSHO, NULL, &e), FU_OK);
        cr_assert_eq(fu_report_summary(r, &sum, &e), FU_OK);
        cr_assert_eq(fu_report_end(r, &e), FU_OK);
        fu_report_close(r);
        s = rep_text(&f);
        cr_expect_not_null(strstr(s, rows[i].says), "row %zu", i);
        cr_expect_not_null(strstr(s, "<p class=\"not-written\">書き込みはしていません。</p>"),
                           "row %zu", i);
        cr_expect_null(strstr(s, "OUT.UKE"), "row %zu", i);
        free(s);
        tst_file_free(&f);
    }
}
