#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ledger/show.h"
#include "support_ledger.h"

TestSuite(ledger_show);

static fu_ledger_view view_of(fu_format format)
{
    fu_ledger_view v = {.format = format,
                        .lang = "ja",
                        .today = LED_TODAY,
                        .version = "1.0.0",
                        .edition = "2026-11"};
    return v;
}

static char *text_of(const tst_file *f)
{
    char *p = malloc(f->n + 1);
    cr_assert_not_null(p);
    if (f->n)
        memcpy(p, f->p, f->n);
    p[f->n] = '\0';
    return p;
}

/* What a ledger of those journals looks like; malloc'ed. */
static char *shown(const led_journal *v, bool backwards, const fu_ledger_view *view)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_ledger l;
    char *s;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_assert_eq(led_fill(&l, v, backwards, NULL), FU_OK);
    cr_assert_eq(fu_ledger_show(&l, view, &to, NULL), FU_OK);
    s = text_of(&f);
    fu_ledger_free(&l);
    tst_file_free(&f);
    return s;
}

static void expect_shown(const fu_ledger_view *view, const char *want)
{
    char *s = shown(LED_MONTHS, false, view);
    cr_expect_str_eq(s, want, "%s", s);
    free(s);
}

#define HEADS "期限        残り      診療年月  カルテ番号            レセプト  控え  続けて不詳\n"

Test(ledger_show, text_is_a_table_by_deadline_without_names)
{
    fu_ledger_view v = view_of(FU_TEXT);
    expect_shown(
        &v,
        "不詳・旧資格の台帳（2026-11-09 現在）\n"
        "不詳 4 件（うち期限切れ 1 件）、旧資格情報 1 件、2か月以上続けて不詳 1 件\n"
        "\n"
        "【期限切れ】\n再審査・取下げの申出の期限を過ぎています。\n" HEADS
        "2026-10-20  期限切れ  2026-03   00011                 3         1\n"
        "\n"
        "【期限まで30日以内】\n患者に資格を確かめ、わかったら期限までに再審査か取下げを申し出てくだ"
        "さい。\n" HEADS "2026-11-20  11日      2026-09   00044                 4         2\n"
        "\n"
        "【期限内】\n資格がわかったら、期限までに再審査か取下げを申し出てください。\n" HEADS
        "2027-04-20  162日     2026-09   00022                 1         2\n"
        "2027-05-20  192日     2026-10   00022                 1         3     2か月\n"
        "\n"
        "【旧資格情報】\n不詳のような期限の定めは見当たりません。\n" HEADS
        "－          －        2026-09   00033                 2         2\n"
        "\n"
        "【控え】\n"
        "   1  2026-04/RECEIPTC.UKE.fusho  2026-04-09 に請求  支払基金  1311399991\n"
        "   2  2026-10/RECEIPTC.UKE.fusho  2026-10-09 に請求  支払基金  1311399991\n"
        "   3  2026-11/RECEIPTC.UKE.fusho  2026-11-09 に請求  国保連  1311399991\n"
        "\n"
        "見た控え 3 件。\n");
}

Test(ledger_show, text_in_english)
{
    fu_ledger_view v = view_of(FU_TEXT);
    char *s;
    v.lang = "en";
    s = shown(LED_MONTHS, false, &v);
    cr_expect_not_null(strstr(s, "as of 2026-11-09\n"), "%s", s);
    cr_expect_not_null(
        strstr(
            s,
            "\ndeadline    left      month     chart no.             claim     jrnl  in a row\n"),
        "%s", s);
    cr_expect_not_null(
        strstr(s, "\n2026-10-20  overdue   2026-03   00011                 3         1\n"), "%s",
        s);
    cr_expect_not_null(
        strstr(
            s,
            "\n2027-05-20  192 days  2026-10   00022                 1         3     2 months\n"),
        "%s", s);
    free(s);
}

/* Columns of a terminal, of the longest line of the table. */
static size_t widest(const char *s)
{
    size_t best = 0, now = 0;
    fu_span all = fu_span_str(s);
    for (size_t i = 0; i < all.n;) {
        uint32_t cp = fu_utf8_next(all, &i);
        now = cp == '\n' ? 0 : now + (cp < 0x1100 ? 1 : 2);
        best = now > best ? now : best;
    }
    return best;
}

Test(ledger_show, the_table_fits_80_columns_whatever_stands_in_it)
{
    static const char *const kartes[] = {
        "12345678901234567890", "123456789012345678901234567890", "カルテ番号が長い場合の例です",
        "1カルテ番号が長い場合の例です", "\\u0001\\u001b[31m\\n\\t\\u202e"};
    for (size_t i = 0; i < sizeof kartes / sizeof kartes[0]; i++) {
        char claim[400];
        led_journal j[LED_JOURNALS_MAX] = {{"a", LED_CLINIC, 202611, 1, 20261109, {claim}},
                                           {"b", LED_CLINIC, 202612, 1, 20261209, {claim}}};
        fu_ledger_view v = view_of(FU_TEXT);
        char *s;
        snprintf(claim, sizeof claim,
                 "\"route\":\"fusho\",\"receipt_no\":\"123456\",\"karte\":\"%s\","
                 "\"month\":\"202610\",\"deadline\":\"2200-12-31\"",
                 kartes[i]);
        s = shown(j, false, &v);
        cr_expect_leq(widest(s), 80, "row %zu: %s", i, s);
        cr_expect_null(strchr(s, '\x1b'), "row %zu", i);
        if (i == 0)
            cr_expect_not_null(strstr(s, "  12345678901234567890  123456    "), "%s", s);
        if (i == 1)
            cr_expect_not_null(strstr(s, "  123456789012345678…  123456    "), "%s", s);
        if (i == 3)
            cr_expect_not_null(strstr(s, "  1カルテ番号が長い…   123456    "), "%s", s);
        free(s);
    }
}

Test(ledger_show, colours_are_only_on_request)
{
    fu_ledger_view v = view_of(FU_TEXT);
    char *s;
    v.color = true;
    s = shown(LED_MONTHS, false, &v);
    cr_expect_not_null(strstr(s, "2026-10-20  \x1b[1;31m期限切れ  \x1b[0m2026-03"), "%s", s);
    cr_expect_not_null(strstr(s, "2026-11-20  \x1b[33m11日      \x1b[0m2026-09"), "%s", s);
    cr_expect_not_null(strstr(s, "2027-05-20  192日     2026-10"), "%s", s);
    free(s);
}

Test(ledger_show, the_day_of_the_deadline_itself_is_not_over)
{
    static const struct {
        int32_t today;
        const char *cell, *group;
    } rows[] = {
        {20261019, "1日", "【期限まで30日以内】"}, {20261020, "今日まで", "【期限まで30日以内】"},
        {20261021, "期限切れ", "【期限切れ】"},    {20260920, "30日", "【期限まで30日以内】"},
        {20260919, "31日", "【期限内】"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        led_journal j[LED_JOURNALS_MAX] = {LED_MONTHS[0]};
        fu_ledger_view v = view_of(FU_TEXT);
        char *s, want[64];
        v.today = rows[i].today;
        s = shown(j, false, &v);
        snprintf(want, sizeof want, "\n2026-10-20  %s ", rows[i].cell);
        cr_expect_not_null(strstr(s, want), "row %zu: %s", i, s);
        cr_expect_not_null(strstr(s, rows[i].group), "row %zu: %s", i, s);
        free(s);
    }
}

Test(ledger_show, json_is_a_line_each_and_a_summary)
{
    fu_ledger_view v = view_of(FU_JSON);
    char *s = shown(LED_MONTHS, false, &v);
    static const char first[] =
        "{\"type\":\"ledger-entry\",\"journal\":\"2026-04/RECEIPTC.UKE.fusho\","
        "\"file\":\"RECEIPTC.UKE\",\"institution\":\"1311399991\",\"payer\":1,"
        "\"billed\":\"2026-04\",\"claimed\":\"2026-04-09\",\"route\":\"fusho\",\"reason\":\"理由\","
        "\"month\":\"2026-03\",\"claim\":3,\"line\":21,\"receipt_no\":\"3\",\"karte\":\"00011\","
        "\"name\":\"見本　一郎\",\"kana\":\"ミホンイチロウ\",\"birth\":\"1980-04-01\",\"sex\":1,"
        "\"phone\":\"03-0000-0001\",\"deadline\":\"2026-10-20\",\"days_left\":-20}\n";
    static const char last[] =
        "\n{\"type\":\"ledger-summary\",\"today\":\"2026-11-09\",\"journals\":3,\"entries\":5,"
        "\"fusho\":4,\"kyushikaku\":1,\"overdue\":1,\"running\":1,\"superseded\":0}\n";
    cr_expect_eq(strncmp(s, first, sizeof first - 1), 0, "%s", s);
    cr_expect_not_null(strstr(s, last), "%s", s);
    cr_expect_str_eq(strstr(s, last), last);
    cr_expect_not_null(strstr(s, ",\"days_left\":192,\"months_running\":2}\n"), "%s", s);
    cr_expect_not_null(strstr(s, "\"phone\":\"+81,3\\n\\\"\""), "%s", s);
    cr_expect_not_null(strstr(s, "\"route\":\"kyushikaku\",\"reason\":\"旧\",\"month\":\"2026-09\","
                                 "\"claim\":2,\"line\":9,\"receipt_no\":\"2\",\"karte\":\"00033\","
                                 "\"name\":\"見本　三郎\"}\n"),
                       "%s", s);
    free(s);
}

Test(ledger_show, csv_opens_in_a_spreadsheet_and_calculates_nothing)
{
    fu_ledger_view v = view_of(FU_CSV);
    expect_shown(
        &v,
        "\xEF\xBB\xBF期限,残り日数,区分,続けて不詳,診療年月,カルテ番号,氏名,カナ氏名,生年月日,性別,"
        "電話番号,レセプト番号,請求日,請求年月,審査支払機関,医療機関コード,理由,控え,請求ファイル,"
        "行\r\n"
        "2026-10-20,-20,不詳,,2026-03,00011,見本　一郎,ミホンイチロウ,1980-04-01,男,03-0000-0001,3,"
        "2026-04-09,2026-04,支払基金,1311399991,理由,2026-04/RECEIPTC.UKE.fusho,RECEIPTC.UKE,21\r\n"
        "2026-11-20,11,不詳,,2026-09,00044,,,,,,4,2026-10-09,2026-10,支払基金,1311399991,,"
        "2026-10/RECEIPTC.UKE.fusho,RECEIPTC.UKE,30\r\n"
        "2027-04-20,162,不詳,,2026-09,00022,<script>alert(1)</script>,'=1+1,1975-01-31,女,"
        "\"'+81,3 \"\"\",1,2026-10-09,2026-10,支払基金,1311399991,理由,"
        "2026-10/RECEIPTC.UKE.fusho,RECEIPTC.UKE,2\r\n"
        "2027-05-20,192,不詳,2,2026-10,00022,見本　花子,ミホンハナコ,1975-01-31,女,03-0000-0002,1,"
        "2026-11-09,2026-11,国保連,1311399991,理由,2026-11/RECEIPTC.UKE.fusho,RECEIPTC.UKE,2\r\n"
        ",,旧資格情報,,2026-09,00033,見本　三郎,,,,,2,2026-10-09,2026-10,支払基金,1311399991,旧,"
        "2026-10/RECEIPTC.UKE.fusho,RECEIPTC.UKE,9\r\n");
}

Test(ledger_show, csv_knows_every_beginning_of_a_formula)
{
    static const struct {
        const char *name, *cell;
    } rows[] = {
        {"=A1", ",'=A1,"},
        {"+1", ",'+1,"},
        {"-1", ",'-1,"},
        {"@x", ",'@x,"},
        {"\\t=1", ",' =1,"},
        {"\\r=1", ",' =1,"},
        {"\\n=1", ",' =1,"},
        {"＝A1", ",'＝A1,"},
        {"＋1", ",'＋1,"},
        {"－1", ",'－1,"},
        {"＠x", ",'＠x,"},
        {"a=1", ",a=1,"},
        {" =1", ",\" =1\","},
        {"a,b", ",\"a,b\","},
        {"\\\"", ",\"\"\"\","},
        {"'x", ",'x,"},
        {"=\\\",", ",\"'=\"\",\","},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char claim[200];
        led_journal j[LED_JOURNALS_MAX] = {{"a", LED_CLINIC, 202611, 1, 20261109, {claim}}};
        fu_ledger_view v = view_of(FU_CSV);
        char *s;
        snprintf(claim, sizeof claim, "\"route\":\"fusho\",\"name\":\"%s\"", rows[i].name);
        s = shown(j, false, &v);
        cr_expect_not_null(strstr(s, rows[i].cell), "row %zu: %s", i, s);
        free(s);
    }
}

Test(ledger_show, html_is_one_page_that_trusts_no_text)
{
    static const char *const wanted[] = {
        "<!DOCTYPE html>\n<html lang=\"ja\">",
        "content=\"default-src 'none'; style-src 'unsafe-inline'\"",
        "<p>2026-11-09 現在</p>",
        "<section class=\"overdue\">\n<h2>期限切れ（1 件）</h2>",
        "<section class=\"open\">\n<h2>期限内（2 件）</h2>",
        "<section class=\"former\">\n<h2>旧資格情報（1 件）</h2>",
        "2026-10-20 <strong>期限切れ</strong>",
        "2027-05-20 <strong>あと192日</strong>",
        "<div>&lt;script&gt;alert(1)&lt;/script&gt;</div>",
        "<span class=\"again\">2か月続けて不詳</span>",
        "<div>カルテ番号 00022</div>",
        "+81,3&#10;&quot;",
        "1980-04-01",
        "<td data-label=\"控え\">2026-04/RECEIPTC.UKE.fusho</td>",
        "fusho 1.0.0／規則の版 2026-11",
        "</footer>\n</body>\n</html>\n",
    };
    fu_ledger_view v = view_of(FU_HTML);
    char *s = shown(LED_MONTHS, false, &v);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        cr_expect_not_null(strstr(s, wanted[i]), "row %zu: %s", i, wanted[i]);
    cr_expect_null(strstr(s, "<script"));
    cr_expect_null(strstr(s, "http://"));
    cr_expect_null(strstr(s, "https://"));
    free(s);
}

Test(ledger_show, masked_nothing_of_a_patient_is_left)
{
    static const fu_format formats[] = {FU_TEXT, FU_JSON, FU_CSV, FU_HTML};
    static const char *const hidden[] = {"見本",    "ミホン",  "00011",  "00022",        "alert",
                                         "1+1",     "1980-04", "1975-0", "03-0000-0001", "+81",
                                         "\"sex\"", ",男,",    ",女,"};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        fu_ledger_view v = view_of(formats[i]);
        char *s;
        v.mask = true;
        s = shown(LED_MONTHS, false, &v);
        for (size_t k = 0; k < sizeof hidden / sizeof hidden[0]; k++)
            cr_expect_null(strstr(s, hidden[k]), "format %zu: %s", i, hidden[k]);
        cr_expect_not_null(strstr(s, "2027-05-20"), "format %zu", i);
        if (formats[i] == FU_TEXT || formats[i] == FU_HTML)
            cr_expect_not_null(strstr(s, "個人情報を伏せています。"), "format %zu", i);
        free(s);
    }
}

Test(ledger_show, text_names_nobody)
{
    fu_ledger_view v = view_of(FU_TEXT);
    char *s = shown(LED_MONTHS, false, &v);
    cr_expect_null(strstr(s, "見本"));
    cr_expect_null(strstr(s, "ミホン"));
    cr_expect_null(strstr(s, "script"));
    free(s);
}

Test(ledger_show, the_order_of_the_journals_does_not_show)
{
    static const fu_format formats[] = {FU_TEXT, FU_JSON, FU_CSV, FU_HTML};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        fu_ledger_view v = view_of(formats[i]);
        char *a = shown(LED_MONTHS, false, &v), *b = shown(LED_MONTHS, true, &v);
        cr_expect_str_eq(a, b, "format %zu", i);
        free(a);
        free(b);
    }
}

Test(ledger_show, an_empty_ledger_says_so)
{
    static const led_journal none[LED_JOURNALS_MAX] = {
        {"a", LED_CLINIC, 202611, 1, 20261109, {NULL}}};
    fu_ledger_view v = view_of(FU_TEXT);
    char *s = shown(none, false, &v);
    cr_expect_str_eq(s,
                     "不詳・旧資格の台帳（2026-11-09 現在）\n"
                     "不詳・旧資格情報で請求したレセプトはありません。\n"
                     "\n"
                     "見た控え 1 件。\n",
                     "%s", s);
    free(s);
    v.format = FU_HTML;
    v.others = 2;
    s = shown(none, false, &v);
    cr_expect_not_null(strstr(s, "不詳・旧資格情報で請求したレセプトはありません。"));
    cr_expect_not_null(strstr(s, "控え（.fusho）ではないファイル 2 件は見ていません。"));
    free(s);
}

Test(ledger_show, what_was_superseded_is_counted)
{
    led_journal j[LED_JOURNALS_MAX] = {LED_MONTHS[0], LED_MONTHS[0]};
    fu_ledger_view v = view_of(FU_TEXT);
    char *s;
    j[1].name = "copy.fusho";
    s = shown(j, false, &v);
    cr_expect_not_null(strstr(s, "\n同じレセプトの前の控えにある 1 件は除いています。\n"), "%s", s);
    cr_expect_not_null(strstr(s, "\n   1  copy.fusho  "), "%s", s);
    free(s);
}

Test(ledger_show, other_formats_are_refused)
{
    static const fu_format formats[] = {FU_JUNIT, FU_SARIF};
    for (size_t i = 0; i < 2; i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream to = tst_stream(&f);
        fu_ledger_view v = view_of(formats[i]);
        fu_error e = {0};
        fu_ledger l;
        fu_ledger_init(&l, &fu_mem_libc);
        cr_expect_eq(fu_ledger_show(&l, &v, &to, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_neq(e.hint_ja[0], '\0', "row %zu", i);
        cr_expect_eq(f.n, 0, "row %zu", i);
        fu_ledger_free(&l);
        tst_file_free(&f);
    }
}

static fu_status stop(void *ctx, fu_error *e)
{
    int *left = ctx;
    return (*left)-- > 0 ? FU_OK : fu_fail(e, FU_CANCELLED, "", "中止", "cancelled");
}

Test(ledger_show, it_can_be_stopped)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_ledger_view v = view_of(FU_JSON);
    int left = 1;
    fu_ledger l;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_assert_eq(led_fill(&l, LED_MONTHS, false, NULL), FU_OK);
    v.pause = stop;
    v.ctx = &left;
    cr_expect_eq(fu_ledger_show(&l, &v, &to, NULL), FU_OK);
    cr_expect_eq(fu_ledger_show(&l, &v, &to, NULL), FU_CANCELLED);
    fu_ledger_free(&l);
    tst_file_free(&f);
}

Test(ledger_show, every_allocation_and_every_write_may_fail)
{
    static const fu_format formats[] = {FU_TEXT, FU_JSON, FU_CSV, FU_HTML};
    for (size_t i = 0; i < 8; i++) {
        fu_status st = FU_E_NOMEM;
        bool writes = i >= 4;
        long n = 0;
        for (; st != FU_OK; n++) {
            tst_mem m = TST_MEM_INIT;
            fu_mem mem = tst_mem_of(&m);
            tst_file f = TST_FILE_INIT;
            fu_stream to = tst_stream(&f);
            fu_ledger_view v = view_of(formats[i % 4]);
            fu_ledger l;
            f.chunk = 500;
            fu_ledger_init(&l, &mem);
            cr_assert_eq(led_fill(&l, LED_MONTHS, false, NULL), FU_OK);
            m.fail_at = writes ? -1 : m.calls + n;
            f.fail_at = writes ? n : -1;
            st = fu_ledger_show(&l, &v, &to, NULL);
            if (st != FU_OK)
                cr_expect_eq(st, writes ? FU_E_STORE : FU_E_NOMEM, "format %zu, %ld", i, n);
            fu_ledger_free(&l);
            tst_file_free(&f);
            cr_expect_eq(m.live, 0, "format %zu, %ld", i, n);
            cr_assert_lt(n, 1000);
        }
        cr_expect_gt(n, 2, "format %zu: %ld", i, n);
    }
}
