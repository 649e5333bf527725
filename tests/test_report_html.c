#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/report_js.h"
#include "support_report.h"

static char *page(tst_file *f, bool verbose)
{
    fu_error e;
    cr_assert_eq(rep_run(&fu_mem_libc, f, FU_HTML, "en", verbose, &e), FU_OK);
    return rep_text(f);
}

/* ---- a page of one claim and its findings, and of findings on the file ---- */

typedef struct one {
    const char *file;
    fu_shown_claim claim;
    fu_findings of_claim, of_file;
    fu_report_options o;
    fu_arena a;
    char *s;
} one;

static void start(one *u, const fu_shown_claim *c)
{
    u->file = "RECEIPTC.UKE";
    u->claim = *c;
    u->o = REP_OPTIONS;
    u->o.format = FU_HTML;
    u->s = NULL;
    fu_arena_init(&u->a, &fu_mem_libc, 1u << 20);
    fu_findings_init(&u->of_claim, &u->a);
    fu_findings_init(&u->of_file, &u->a);
}

static const char *make(one *u)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_report *r;
    fu_error e;
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &u->o, &e), FU_OK);
    cr_assert_eq(fu_report_begin(r, u->file, &e), FU_OK);
    cr_assert_eq(fu_report_claim(r, &u->claim, &u->of_claim, &e), FU_OK);
    cr_assert_eq(fu_report_findings(r, &u->of_file, &e), FU_OK);
    cr_assert_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    fu_report_close(r);
    free(u->s);
    u->s = rep_text(&f);
    tst_file_free(&f);
    return u->s;
}

static void stop(one *u)
{
    free(u->s);
    fu_arena_free(&u->a);
}

/* ---- the page is whole and what stands in it is text ---- */

/* Reads one tag at *s, which must be one this page uses, and keeps the stack of open ones. What is
 * inside script and style is not read. */
static bool step(const char **s, char stack[][12], int *depth)
{
    static const char *const closed[] = {
        "html",  "head",  "title", "style",  "body",    "h1",      "h2",     "h3",
        "h4",    "nav",   "main",  "header", "section", "div",     "footer", "table",
        "thead", "tbody", "tr",    "th",     "td",      "article", "p",      "span",
        "small", "ul",    "li",    "a",      "b",       "label",   "button", "script"};
    static const char *const open[] = {"meta", "input"};
    bool end = **s == '/';
    size_t n = strspn(*s += end, "abcdefghijklmnopqrstuvwxyz0123456789");
    const char *name = *s, *close = strchr(name, '>');
    if (!close)
        return false;
    *s = close + 1;
    if (strncmp(name, "!DOCTYPE html>", 14) == 0)
        return true;
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++)
        if (!end && strlen(open[i]) == n && strncmp(open[i], name, n) == 0)
            return true;
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        if (strlen(closed[i]) != n || strncmp(closed[i], name, n) != 0)
            continue;
        if (end)
            return *depth > 0 && strcmp(stack[--*depth], closed[i]) == 0;
        if (n == 6 && strncmp(name, "script", n) == 0)
            *s = strstr(*s, "</script>");
        if (n == 5 && strncmp(name, "style", n) == 0)
            *s = strstr(*s, "</style>");
        return *s && *depth < 32 && strcpy(stack[(*depth)++], closed[i]);
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
    cr_expect_not(balanced("<p><img></p>"));
    cr_expect_not(balanced("<p><td></p>"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, every_text_is_escaped)
{
    static const char *const never[] = {"<script>a",    "alert('x')", "&\"",   "\x1b",
                                        "\xe2\x80\xae", "onclick",    "http:", "https:"};
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, true);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        cr_expect_null(strstr(s, never[i]), "row %zu", i);
    cr_expect_gt(rep_count(s, "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;&quot;\\"), 40);
    free(s);
    tst_file_free(&f);
}

Test(report_html, the_one_script_is_ours_whatever_the_claims_hold)
{
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, true), *at = strstr(s, "<script>");
    cr_assert_not_null(at);
    at += strlen("<script>");
    cr_expect_eq(memcmp(at, fu_report_js, sizeof fu_report_js), 0);
    cr_expect_eq(strncmp(at + sizeof fu_report_js, "</script>\n</body>\n</html>\n", 25), 0);
    cr_expect_eq(rep_count(s, "<script"), 1);
    cr_expect_not_null(strstr(s, "default-src 'none'; style-src 'unsafe-inline'; "
                                 "script-src 'sha256-" FU_REPORT_JS_SHA256 "'; "));
    cr_expect_eq(strlen(FU_REPORT_JS_SHA256), 44);
    cr_expect_lt(strstr(s, "Content-Security-Policy"), strstr(s, "<style>"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, what_must_still_be_done_comes_first)
{
    static const char *const order[] = {
        "<html lang=\"ja\">",
        "処理日 2026年11月9日",
        "<li><a href=\"#todo\">まだ人がすること</a> 7 件</li>",
        "<li><a href=\"#after\">請求のあとも確かめること</a> 2 件</li>",
        "<li><a href=\"#done\">書き換えたレセプト</a> 2 件</li>",
        "<li><a href=\"#notes\">警告と情報</a> 1 件</li>",
        "<p id=\"status\" role=\"status\" aria-live=\"polite\">残り 9 件</p>",
        "<h2 id=\"todo-h\">まだ人がすること</h2>",
        "<h3>請求の前にすること <span class=\"left\">残り <b>7</b> 件</span></h3>",
        "T403 エラー",
        "F110 エラー",
        "保留の理由: まだ連絡していないため",
        "E504 警告",
        "<h3>請求のあとも確かめること <span class=\"left\">残り <b>2</b> 件</span></h3>",
        "R606 情報",
        "<h2 id=\"done-h\">書き換えたレセプト</h2>",
        "<h3 class=\"file\">RECEIPTC.UKE</h3>",
        "77777777",
        "<h2 id=\"notes-h\">警告と情報</h2>",
        "<h3>情報 <span class=\"left\">1 件</span></h3>",
        "<h2 id=\"numbers-h\">件数とファイル</h2>",
        "OUT.UKE.fusho",
        "fusho 1.0.0／規則の版 2026-06",
    };
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, false), *at = strstr(s, "</style>");
    cr_expect_not_null(strstr(s, order[0]));
    for (size_t i = 1; i < sizeof order / sizeof order[0]; i++) {
        char *next = strstr(at, order[i]);
        cr_assert_not_null(next, "row %zu: %s", i, order[i]);
        at = next;
    }
    cr_expect_null(strstr(s, "00702"), "a claim left alone is not shown");
    free(s);
    tst_file_free(&f);
}

Test(report_html, verbose_shows_a_claim_that_was_left_alone_as_information)
{
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, true), *at = strstr(s, "<div class=\"group\" id=\"infos\">");
    cr_assert_not_null(at);
    cr_expect_not_null(strstr(at, "<span class=\"karte\">カルテ番号 00702</span>"));
    cr_expect_not_null(strstr(at, "<p>対象外（書き換えていません）</p>"));
    free(s);
    tst_file_free(&f);
}

/* ---- cards ---- */

/* From the n-th card on (from 0), without its key, up to its end. */
static char *card(const char *s, size_t n)
{
    char *copy, *key;
    const char *end;
    for (s = strstr(s, "<article class=\"card "); s && n > 0; n--)
        s = strstr(s + 1, "<article class=\"card ");
    cr_assert_not_null(s);
    end = strstr(s, "</article>");
    copy = strndup(s, (size_t)(end - s));
    key = strstr(copy, " data-key=\"");
    if (key)
        memmove(key, key + 28, strlen(key + 28) + 1);
    return copy;
}

static void expect_card(const char *s, size_t n, const char *want)
{
    char *got = card(s, n);
    cr_expect_str_eq(got, want);
    free(got);
}

Test(report_html, a_card_holds_all_errors_and_warnings_of_a_claim)
{
    one u;
    start(&u, &REP_HOLD);
    fu_findings_add(&u.of_claim, FU_R602)->claim = 5;
    fu_findings_add(&u.of_claim, FU_R610)->claim = 5;
    fu_findings_add(&u.of_claim, FU_R609)->claim = 5;
    expect_card(
        make(&u), 0,
        "<article class=\"card item error\" data-sev=\"error warning\" data-route=\"hold\">\n"
        "<label class=\"tick\"><input type=\"checkbox\" autocomplete=\"off\" "
        "aria-describedby=\"h1\"> 済</label>\n"
        "<h4 id=\"h1\"><span class=\"karte\">カルテ番号 00701</span> "
        "<span class=\"name\">検査　花子</span> "
        "<span class=\"route\">保留（書き換えていません）</span></h4>\n"
        "<p class=\"where\">レセプト番号 5（行 80）／2026年10月診療分／RECEIPTC.UKE</p>\n"
        "<ul class=\"asks\">\n"
        "<li class=\"error\"><p>患者への確認の連絡が、まだ行われていません。</p><p class=\"do\">"
        "患者に連絡して資格を確かめ、連絡した日と結果を窓口記録に入力してください。</p>"
        "<p class=\"source\"><span class=\"code\">R602 エラー</span> 出典: 保発0710第1号 3(4)、"
        "事務連絡 2023-07-19 1③</p></li>\n"
        "<li class=\"warning\"><p>オンライン資格確認では、新しい資格があると表示されています。</p>"
        "<p class=\"do\">請求の前にオンライン資格確認をもう一度行い、新しい資格で請求できないかを"
        "確かめてください。</p><p class=\"source\"><span class=\"code\">R610 警告</span> 出典: "
        "オンライン資格確認 外部インターフェイス仕様（二次資料）、保発0710第1号 "
        "3(1)～(3)</p></li>\n"
        "</ul>\n"
        "<p class=\"by\"><span>期限 <b>2026年11月10日</b> まで（今月の請求）</span> "
        "<span>電話 <b class=\"phone\">03-0000-0001</b></span></p>\n");
    cr_expect_eq(rep_count(u.s, "R610 警告"), 1, "what is on the card is not said again");
    cr_expect_gt(strstr(u.s, "R609 情報"), strstr(u.s, "id=\"notes\""));
    stop(&u);
}

Test(report_html, a_claim_held_without_an_error_stands_behind_those_with_errors)
{
    one u;
    start(&u, &REP_HOLD);
    rep_f103(&u.of_file);
    fu_findings_add(&u.of_file, FU_F110);
    make(&u);
    cr_expect_lt(strstr(u.s, "F110 エラー"), strstr(u.s, "保留の理由"));
    expect_card(u.s, 1,
                "<article class=\"card item warning\" data-sev=\"warning\" data-route=\"hold\">\n"
                "<label class=\"tick\"><input type=\"checkbox\" autocomplete=\"off\" "
                "aria-describedby=\"h1\"> 済</label>\n"
                "<h4 id=\"h1\"><span class=\"karte\">カルテ番号 00701</span> "
                "<span class=\"name\">検査　花子</span> "
                "<span class=\"route\">保留（書き換えていません）</span></h4>\n"
                "<p class=\"where\">レセプト番号 5（行 80）／2026年10月診療分／RECEIPTC.UKE</p>\n"
                "<p>保留の理由: まだ連絡していないため</p>\n"
                "<p class=\"by\"><span>期限 <b>2026年11月10日</b> まで（今月の請求）</span> "
                "<span>電話 <b class=\"phone\">03-0000-0001</b></span></p>\n");
    cr_expect_lt(strstr(u.s, "保留の理由"), strstr(u.s, "F103 警告"));
    stop(&u);
}

Test(report_html, a_claim_sent_as_fusho_is_to_be_looked_after_until_its_deadline)
{
    one u;
    start(&u, &REP_FUSHO);
    rep_r606(&u.of_claim);
    fu_findings_add(&u.of_claim, FU_R607);
    make(&u);
    cr_expect_lt(strstr(u.s, "id=\"after\""), strstr(u.s, "<article class=\"card"));
    expect_card(
        u.s, 0,
        "<article class=\"card item info\" data-sev=\"info\" data-route=\"fusho\">\n"
        "<label class=\"tick\"><input type=\"checkbox\" autocomplete=\"off\" "
        "aria-describedby=\"h2\"> 済</label>\n"
        "<h4 id=\"h2\"><span class=\"karte\">カルテ番号 00697</span> "
        "<span class=\"name\">検査　花子</span> <span class=\"route\">不詳で請求</span></h4>\n"
        "<p class=\"where\">レセプト番号 2（行 34）／2026年10月診療分／RECEIPTC.UKE</p>\n"
        "<p class=\"do\">正しい保険者と記号・番号を、請求のあとも調べてください。</p>\n"
        "<ul class=\"asks\">\n"
        "<li class=\"info\"><p>この不詳請求の再審査・取下げは、2027-05-20 "
        "まで申し出ることができます。"
        "</p><p "
        "class=\"do\">後日、資格がわかった場合は、この日までに再審査または取下げを申し出てくださ"
        "い。</p><p class=\"source\"><span class=\"code\">R606 情報</span> 出典: 疑義解釈 "
        "2023-09-15 "
        "問4</p></li>\n"
        "<li class=\"info\"><p>次の受診のときに、資格をもう一度確かめてください。</p><p "
        "class=\"do\">"
        "入院中または次回の受診・来局のときに、保険者番号と記号・番号を患者に確かめてください。</p>"
        "<p class=\"source\"><span class=\"code\">R607 情報</span> 出典: 事務連絡 2023-07-19 1③</p>"
        "</li>\n"
        "</ul>\n"
        "<p class=\"by\"><span>期限 <b>2027年5月20日</b> まで（再審査・取下げ）</span> "
        "<span>電話 <b class=\"phone\">03-0000-0000</b></span></p>\n");
    cr_expect_eq(rep_count(u.s, "R606 情報"), 1);
    cr_expect_eq(rep_count(u.s, "<p>ありません。</p>"), 2, "nothing before, no remarks");
    stop(&u);
}

Test(report_html, findings_of_one_capture_share_a_card_and_others_do_not)
{
    static const struct {
        const char *title, *where;
    } rows[] = {
        {"窓口記録 c9", "行 7／b.xml"},
        {"窓口記録 c8", "行 9／b.xml"},
        {"ファイル b.xml", "b.xml"},
        {"ファイル全体", "RECEIPTC.UKE"},
        {"12 件目のレセプト", "行 30／RECEIPTC.UKE"},
    };
    one u;
    start(&u, &REP_NONE);
    u.file = "請求/RECEIPTC.UKE";
    for (int i = 0; i < 5; i++) {
        fu_finding *f = fu_findings_add(&u.of_file, FU_F110);
        f->file = i < 4 ? "窓口\\b.xml" : NULL;
        f->capture = i < 2 ? "c9" : i == 2 ? "c8" : NULL;
        f->line = i < 2 ? 7 : i == 2 ? 9 : 0;
    }
    for (int i = 0; i < 2; i++) {
        fu_finding *f = fu_findings_add(&u.of_file, FU_F109);
        f->claim = 12;
        f->line = 30;
    }
    make(&u);
    cr_expect_eq(rep_count(u.s, "<article class=\"card"), 5);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char want[256];
        snprintf(want, sizeof want,
                 "<span class=\"karte\">%s</span></h4>\n<p class=\"where\">%s</p>", rows[i].title,
                 rows[i].where);
        cr_expect_eq(rep_count(u.s, want), 1, "row %zu", i);
    }
    cr_expect_not_null(strstr(u.s, "まだ人がすること</a> 5 件"));
    stop(&u);
}

Test(report_html, a_day_that_has_passed_is_said_to_have)
{
    static const struct {
        int32_t today, due;
        bool limit, late;
    } rows[] = {{20261110, 20261110, true, false},
                {20261111, 20261110, true, true},
                {0, 20261110, true, false},
                {20261111, 0, false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one u;
        start(&u, &REP_HOLD);
        u.o.today = rows[i].today;
        u.claim.due = rows[i].due;
        make(&u);
        cr_expect_eq(strstr(u.s, "まで（今月の請求）") != NULL, rows[i].limit, "row %zu", i);
        cr_expect_eq(strstr(u.s, "<b class=\"late\">過ぎています</b>") != NULL, rows[i].late,
                     "row %zu", i);
        stop(&u);
    }
}

Test(report_html, a_claim_without_karte_or_name_is_known_by_its_number)
{
    static const struct {
        const char *karte, *no, *name, *month, *want;
    } rows[] = {
        {"", "12", REP_NAME, "202601",
         "<span class=\"karte\">レセプト番号 12</span> <span class=\"name\">検査　花子</span> "
         "<span class=\"route\">保留（書き換えていません）</span></h4>\n"
         "<p class=\"where\">レセプト番号 12（行 80）／2026年1月診療分／"},
        {"", "", "", "",
         "<span class=\"karte\">5 件目のレセプト</span> "
         "<span class=\"route\">保留（書き換えていません）</span></h4>\n"
         "<p class=\"where\">5 件目のレセプト（行 80）／RECEIPTC.UKE"},
        {"1", "12", "", "50810",
         "<span class=\"karte\">カルテ番号 1</span> "
         "<span class=\"route\">保留（書き換えていません）</span></h4>\n"
         "<p class=\"where\">レセプト番号 12（行 80）／50810 診療分／"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one u;
        start(&u, &REP_HOLD);
        u.claim.karte = rows[i].karte;
        u.claim.receipt_no = rows[i].no;
        u.claim.name = rows[i].name;
        u.claim.month = rows[i].month;
        cr_expect_not_null(strstr(make(&u), rows[i].want), "row %zu", i);
        stop(&u);
    }
}

/* ---- keys ---- */

typedef struct key {
    char text[17];
} key;

static key key_of(one *u)
{
    key k = {""};
    const char *at = strstr(make(u), " data-key=\"");
    cr_assert_not_null(at);
    memcpy(k.text, at + 11, 16);
    cr_expect_eq(at[27], '"');
    cr_expect_eq(strspn(k.text, "0123456789abcdef"), 16);
    return k;
}

Test(report_html, a_tick_is_remembered_for_this_claim_with_these_codes_in_this_months_file_only)
{
    static const struct {
        const char *file, *month, *receipt_no;
        uint64_t claim;
        int32_t due;
        fu_code code;
        const char *name; /* no part of the key */
        bool same;
    } rows[] = {
        {"RECEIPTC.UKE", "202610", "5", 5, 20261110, FU_R602, REP_NAME, true},
        {"RECEIPTC.UKE", "202610", "5", 5, 20261110, FU_R602, "別　人", true},
        {"RECEIPTS.UKE", "202610", "5", 5, 20261110, FU_R602, REP_NAME, false},
        {"RECEIPTC.UKE", "202609", "5", 5, 20261110, FU_R602, REP_NAME, false},
        {"RECEIPTC.UKE", "202610", "6", 5, 20261110, FU_R602, REP_NAME, false},
        {"RECEIPTC.UKE", "202610", "5", 6, 20261110, FU_R602, REP_NAME, false},
        {"RECEIPTC.UKE", "202610", "5", 5, 20261210, FU_R602, REP_NAME, false},
        {"RECEIPTC.UKE", "202610", "5", 5, 20261110, FU_R603, REP_NAME, false},
    };
    key first = {""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one u;
        key k;
        start(&u, &REP_HOLD);
        u.file = rows[i].file;
        u.claim.month = rows[i].month;
        u.claim.receipt_no = rows[i].receipt_no;
        u.claim.claim = rows[i].claim;
        u.claim.due = rows[i].due;
        u.claim.name = rows[i].name;
        fu_findings_add(&u.of_claim, rows[i].code);
        k = key_of(&u);
        if (i == 0)
            first = k;
        cr_expect_eq(strcmp(k.text, first.text) == 0, rows[i].same, "row %zu", i);
        stop(&u);
    }
}

Test(report_html, every_card_of_a_report_has_its_own_key_and_heading)
{
    char keys[16][17], ids[16][24];
    one u;
    size_t n = 0;
    start(&u, &REP_FUSHO);
    rep_t403(&u.of_claim);
    rep_r606(&u.of_claim);
    fu_findings_add(&u.of_file, FU_F110);
    for (int i = 0; i < 2; i++) {
        fu_finding *f = fu_findings_add(&u.of_file, FU_E504);
        f->file = "captures.xml";
        f->capture = f->found = i ? "c8" : "c9";
    }
    make(&u);
    for (const char *s = strstr(u.s, " data-key=\""); s; s = strstr(s + 1, " data-key=\"")) {
        const char *id = strstr(s, "aria-describedby=\"");
        cr_assert_lt(n, 16);
        cr_assert_not_null(id);
        snprintf(keys[n], sizeof keys[n], "%.16s", s + 11);
        snprintf(ids[n], sizeof ids[n], "<h4 id=\"%.*s\">", (int)strcspn(id + 18, "\""), id + 18);
        cr_expect_eq(rep_count(u.s, ids[n]), 1, "%s", ids[n]);
        for (size_t k = 0; k < n; k++)
            cr_expect_str_neq(keys[n], keys[k], "%zu and %zu", n, k);
        n++;
    }
    cr_expect_eq(n, 5);
    stop(&u);
}

/* ---- before and after ---- */

Test(report_html, a_rewritten_claim_shows_before_after_and_reason)
{
    static const char want[] =
        "<article class=\"claim item\" data-sev=\"error info\" data-route=\"fusho\">\n"
        "<h4 id=\"h1\"><span class=\"karte\">カルテ番号 00697</span> "
        "<span class=\"name\">検査　花子</span> <span class=\"route\">不詳で請求</span></h4>\n"
        "<p class=\"where\">レセプト番号 2（行 34）／2026年10月診療分／RECEIPTC.UKE</p>\n"
        "<p>理由: 申立書があり、資格がわからないため</p>\n"
        "<table class=\"change\">\n"
        "<thead><tr><th scope=\"col\">項目</th><th scope=\"col\">書き換え前</th>"
        "<th scope=\"col\">書き換え後</th></tr></thead>\n"
        "<tbody>\n"
        "<tr><th scope=\"row\">保険者番号</th><td>01130012</td><td>77777777</td></tr>\n"
        "<tr><th scope=\"row\">記号・番号</th><td>６４・７（枝番 00）"
        "<small class=\"raw\">SN,1,01,,,,00,,</small></td><td>６４・７（枝番なし）</td></tr>\n"
        "<tr><th scope=\"row\">摘要</th><td>（なし）</td>"
        "<td><div class=\"rec\">不詳<small class=\"raw\">CO,01,1,820000246,</small></div>"
        "<div class=\"rec\">カナ氏名：ケンサハナコ"
        "<small class=\"raw\">CO,01,1,830000501,ケンサハナコ</small></div></td></tr>\n"
        "</tbody>\n"
        "</table>\n"
        "<ul class=\"why\">\n"
        "<li><b>保険者番号、摘要</b> 不詳の書き方</li>\n"
        "<li><b>記号・番号</b> 枝番を残さない</li>\n"
        "<li><b>摘要</b> カナ氏名</li>\n"
        "</ul>\n"
        "<p>再審査・取下げの期限: 2027年5月20日</p>\n"
        "</article>\n";
    tst_file f = TST_FILE_INIT;
    char *s = page(&f, false);
    cr_expect_not_null(strstr(s, want));
    cr_expect_not_null(strstr(s, "審査支払機関のコード 3128（二次資料による）"));
    free(s);
    tst_file_free(&f);
}

Test(report_html, each_edit_is_a_row_in_the_words_of_the_claim_form)
{
    static const struct {
        fu_shown_edit edit;
        const char *want;
    } rows[] = {
        {{FU_OP_REPLACE, 35, "HO", 3, "被保険者証等の記号", "６４", "", NULL, ""},
         "記号・番号</th><td>６４・７（枝番 00）</td><td>（記号なし）・７（枝番 00）</td>"},
        {{FU_OP_REPLACE, 35, "HO", 4, "被保険者証等の番号", "７", "７７", NULL, ""},
         "記号・番号</th><td>６４・７（枝番 00）</td><td>６４・７７（枝番 00）</td>"},
        {{FU_OP_REPLACE, 35, "HO", 4, "被保険者証等の番号", "", "７７", NULL, ""},
         "記号・番号</th><td>６４・（番号なし）（枝番 00）</td><td>６４・７７（枝番 00）</td>"},
        {{FU_OP_REPLACE, 36, "SN", 7, "枝番", "00", "02", NULL, ""},
         "記号・番号</th><td>６４・７（枝番 00）</td><td>６４・７（枝番 02）</td>"},
        {{FU_OP_REPLACE, 34, "RE", 12, "レセプト特記事項", "02", "0229", NULL, ""},
         "特記事項</th><td>02 長</td><td>02 長、29 区エ</td>"},
        {{FU_OP_REPLACE, 34, "RE", 12, "レセプト特記事項", "", "2", NULL, ""},
         "特記事項</th><td>（なし）</td><td>2</td>"},
        {{FU_OP_REPLACE, 34, "RE", 12, "レセプト特記事項", "98", "29", NULL, ""},
         "特記事項</th><td>98</td><td>29 区エ</td>"},
        {{FU_OP_DELETE, 37, "CO", 0, "", NULL, NULL, "CO,01,1,820000245,", ""},
         "摘要</th><td><div class=\"rec\">旧資格情報<small class=\"raw\">CO,01,1,820000245,</small>"
         "</div></td><td>（なし）</td>"},
        {{FU_OP_INSERT, 37, "TK", 0, "", NULL, NULL, "TK,830000507,０３", ""},
         "摘要</th><td>（なし）</td><td><div class=\"rec\">連絡先電話番号：０３"
         "<small class=\"raw\">TK,830000507,０３</small></div></td>"},
        {{FU_OP_INSERT, 37, "CO", 0, "", NULL, NULL, "CO,01,1,810000001,文", ""},
         "<div class=\"rec\">文<small class=\"raw\">"},
        {{FU_OP_DELETE, 37, "CO", 0, "", NULL, NULL, "CO,01,1,850100051,文", ""},
         "<div class=\"rec\">コメント 850100051：文<small class=\"raw\">"},
        {{FU_OP_DELETE, 37, "CO", 0, "", NULL, NULL, "CO", ""},
         "<div class=\"rec\"><small class=\"raw\">CO</small></div>"},
        {{FU_OP_REPLACE, 36, "SN", 3, "確認区分", "01", "", NULL, ""},
         "確認区分</th><td>01</td><td>（なし）</td>"},
        {{FU_OP_INSERT, 36, "SY", 0, "", NULL, NULL, "SY,1", ""},
         "SY レコード</th><td>（なし）</td><td>SY,1</td>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        one u;
        start(&u, &REP_FUSHO);
        u.claim.edits = &rows[i].edit;
        u.claim.n_edits = 1;
        make(&u);
        cr_expect_not_null(strstr(u.s, rows[i].want), "row %zu: %s", i,
                           strstr(u.s, "<table class=\"change\""));
        cr_expect_eq(rep_count(u.s, "<tr><th scope=\"row\">"), 13, "row %zu", i);
        stop(&u);
    }
}

Test(report_html, what_is_not_known_of_a_number_is_not_called_missing)
{
    static const fu_shown_edit edit = {FU_OP_REPLACE, 35,   "HO", 4,     "被保険者証等の番号",
                                       "７",          "８", NULL, "理由"};
    one u;
    start(&u, &REP_FUSHO);
    u.claim.kigo = u.claim.bango = u.claim.branch = NULL;
    u.claim.edits = &edit;
    u.claim.n_edits = 1;
    cr_expect_not_null(strstr(make(&u), "記号・番号</th><td>７</td><td>８</td>"));
    stop(&u);
}

Test(report_html, a_claim_that_is_right_already_says_so)
{
    one u;
    start(&u, &REP_FUSHO);
    u.claim.route = "current";
    u.claim.deadline = 0;
    u.claim.n_edits = 0;
    make(&u);
    cr_expect_not_null(strstr(u.s, "<p>書き換える必要はありませんでした。</p>\n</article>"));
    cr_expect_null(strstr(u.s, "<table class=\"change\""));
    cr_expect_null(strstr(u.s, "<article class=\"card"));
    stop(&u);
}

/* ---- the whole ---- */

Test(report_html, without_personal_data_it_says_so_and_names_nobody)
{
    one u;
    start(&u, &REP_HOLD);
    u.claim.phone = u.claim.name = u.claim.karte = "＊＊＊";
    u.o.mask = true;
    make(&u);
    cr_expect_not_null(strstr(u.s, "<p class=\"notice\">個人情報を除いて作成しています。"));
    cr_expect_not_null(
        strstr(u.s, "<span class=\"karte\">レセプト番号 5</span> <span class=\"route"));
    cr_expect_null(strstr(u.s, "<span class=\"name\""));
    cr_expect_null(strstr(u.s, "＊＊＊"));
    u.o.mask = false;
    cr_expect_null(strstr(make(&u), "<p class=\"notice\">"));
    stop(&u);
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
    cr_expect_null(strstr(s, "<div id=\"tools\""), "nothing to search");
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
        cr_expect_not_null(
            strstr(s, "<p class=\"not-written\">書き込みはしていません。</p>\n</div>"), "row %zu",
            i);
        cr_expect_null(strstr(s, "OUT.UKE"), "row %zu", i);
        free(s);
        tst_file_free(&f);
    }
}
