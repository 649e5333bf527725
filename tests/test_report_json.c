#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "support_report.h"

typedef struct run {
    tst_file f;
    fu_stream to;
    fu_report *r;
    fu_arena a;
    fu_findings l;
} run;

static void start(run *u, bool verbose)
{
    static const tst_file none = TST_FILE_INIT;
    fu_report_options o = REP_OPTIONS;
    fu_error e;
    o.format = FU_JSON;
    o.verbose = verbose;
    u->f = none;
    u->to = tst_stream(&u->f);
    fu_arena_init(&u->a, &fu_mem_libc, 1u << 20);
    fu_findings_init(&u->l, &u->a);
    cr_assert_eq(fu_report_open(&u->r, &fu_mem_libc, &u->to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_begin(u->r, "RECEIPTC.UKE", &e), FU_OK);
}

/* Ends the run; what was written must be `want`. */
static void finish(run *u, const char *want)
{
    char *s = rep_text(&u->f);
    cr_expect_str_eq(s, want);
    free(s);
    fu_report_close(u->r);
    fu_arena_free(&u->a);
    tst_file_free(&u->f);
}

static const fu_shown_claim FIRST_EDITS = {.claim = 2,
                                           .line = 34,
                                           .receipt_no = "2",
                                           .karte = "00697",
                                           .name = REP_NAME,
                                           .receipt_type = "1112",
                                           .month = "202610",
                                           .route = "fusho",
                                           .reason = "理由",
                                           .capture = "c1",
                                           .deadline = 20270520,
                                           .edits = REP_EDITS,
                                           .n_edits = 3};

Test(report_json, a_claim_is_the_line_of_the_contract)
{
    run u;
    fu_error e;
    start(&u, false);
    cr_expect_eq(fu_report_claim(u.r, &FIRST_EDITS, NULL, &e), FU_OK);
    finish(&u, "{\"type\":\"claim\",\"file\":\"RECEIPTC.UKE\",\"claim\":2,\"line\":34,"
               "\"receipt_type\":\"1112\",\"route\":\"fusho\",\"capture\":\"c1\",\"edits\":["
               "{\"line\":35,\"op\":\"replace\",\"record\":\"HO\",\"field\":2,"
               "\"before\":\"01130012\",\"after\":\"77777777\"},"
               "{\"line\":36,\"op\":\"delete\",\"record\":\"SN\",\"text\":\"SN,1,01,,,,00,,\"},"
               "{\"line\":38,\"op\":\"insert\",\"record\":\"CO\",\"text\":\"CO,01,1,820000246,\"}"
               "]}\n");
}

Test(report_json, a_finding_is_the_line_of_the_contract)
{
    run u;
    fu_error e;
    start(&u, false);
    rep_t403(&u.l);
    cr_expect_eq(fu_report_findings(u.r, &u.l, &e), FU_OK);
    finish(&u, "{\"type\":\"finding\",\"code\":\"T403\",\"severity\":\"error\","
               "\"file\":\"RECEIPTC.UKE\",\"claim\":2,\"line\":34,\"record\":\"RE\",\"field\":12,"
               "\"found\":\"2629\",\"message\":"
               "\"同時に記録できない所得区分の特記事項があります（特記事項：2629）。\","
               "\"hint\":\"患者の所得区分を確かめ、正しい1つだけを残してください。\","
               "\"source\":\"受付・事務点検（二次資料）\",\"payer_code\":\"3128\"}\n");
}

Test(report_json, a_summary_is_the_line_of_the_contract)
{
    run u;
    fu_error e;
    start(&u, false);
    cr_expect_eq(fu_report_summary(u.r, &REP_SUMMARY, &e), FU_OK);
    finish(&u, "{\"type\":\"summary\",\"file\":\"RECEIPTC.UKE\",\"claims\":12,\"payers\":17,"
               "\"fusho\":1,\"kyushikaku\":0,\"current\":0,\"hold\":1,\"errors\":1,"
               "\"warnings\":0,\"output\":\"OUT.UKE\"}\n");
}

Test(report_json, keys_that_do_not_apply_are_left_out)
{
    fu_summary s = REP_SUMMARY;
    run u;
    fu_error e;
    s.output = NULL;
    start(&u, true);
    rep_f103(&u.l);
    cr_expect_eq(fu_report_claim(u.r, &REP_NONE, &u.l, &e), FU_OK);
    cr_expect_eq(fu_report_summary(u.r, &s, &e), FU_OK);
    finish(&u, "{\"type\":\"claim\",\"file\":\"RECEIPTC.UKE\",\"claim\":6,\"line\":95,"
               "\"receipt_type\":\"1112\",\"route\":\"none\",\"edits\":[]}\n"
               "{\"type\":\"finding\",\"code\":\"F103\",\"severity\":\"warning\","
               "\"file\":\"RECEIPTC.UKE\",\"message\":"
               "\"行の終わりまたはファイルの終わりの記録が決まりと異なります（0x1A なし）。\","
               "\"hint\":\"レセコンから出力したままのファイルかどうかを確かめてください。\","
               "\"source\":\"記録条件仕様（医科）ファイル\"}\n"
               "{\"type\":\"summary\",\"file\":\"RECEIPTC.UKE\",\"claims\":12,\"payers\":17,"
               "\"fusho\":1,\"kyushikaku\":0,\"current\":0,\"hold\":1,\"errors\":1,"
               "\"warnings\":0}\n");
}

Test(report_json, claims_of_route_none_are_printed_only_when_verbose)
{
    run u;
    fu_error e;
    start(&u, false);
    rep_r606(&u.l);
    cr_expect_eq(fu_report_claim(u.r, &REP_NONE, NULL, &e), FU_OK);
    cr_expect_eq(fu_report_claim(u.r, &REP_NONE, &u.l, &e), FU_OK);
    finish(&u,
           "{\"type\":\"finding\",\"code\":\"R606\",\"severity\":\"info\","
           "\"file\":\"RECEIPTC.UKE\",\"claim\":2,\"message\":"
           "\"この不詳請求の再審査・取下げは、2027-05-20 まで申し出ることができます。\",\"hint\":"
           "\"後日、資格がわかった場合は、この日までに再審査または取下げを申し出てください。\","
           "\"source\":\"疑義解釈 2023-09-15 問4\"}\n");
}

Test(report_json, a_finding_on_another_file_names_that_file_and_a_match_is_no_line)
{
    static const char want[] = "{\"type\":\"finding\",\"code\":\"R606\",\"severity\":\"info\","
                               "\"file\":\"captures.xml\",\"claim\":2,";
    run u;
    fu_error e;
    start(&u, true);
    rep_r606(&u.l)->file = "captures.xml";
    cr_expect_eq(fu_report_match(u.r, "captures.xml", "c1", "2", &e), FU_OK);
    cr_expect_eq(fu_report_findings(u.r, &u.l, &e), FU_OK);
    cr_assert_gt(u.f.n, sizeof want);
    cr_expect_eq(memcmp(u.f.p, want, sizeof want - 1), 0);
    fu_report_close(u.r);
    fu_arena_free(&u.a);
    tst_file_free(&u.f);
}

Test(report_json, strings_are_escaped_as_little_as_json_allows)
{
    static const struct {
        const char *in, *want;
    } rows[] = {
        {"", "\"\""},
        {NULL, "\"\""},
        {"１不詳 /", "\"１不詳 /\""},
        {"\"\\", "\"\\\"\\\\\""},
        {"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
        {"\x01\x1a\x1f\x7f", "\"\\u0001\\u001a\\u001f\x7f\""},
        {"<&'>", "\"<&'>\""},
        {"\xF0\xA0\xAE\xB7", "\"\xF0\xA0\xAE\xB7\""},
        {"a\xFFz", "\"a\xEF\xBF\xBDz\""},
        {"\xE4\xB8", "\"\xEF\xBF\xBD\xEF\xBF\xBD\""},
    };
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_buf_reset(&b);
        cr_expect_eq(fu_json_string(&b, rows[i].in), FU_OK);
        cr_expect_str_eq(fu_buf_cstr(&b), rows[i].want, "row %zu", i);
    }
    fu_buf_reset(&b);
    cr_expect_eq(fu_json_span(&b, fu_span_of("a\0b", 3)), FU_OK);
    cr_expect_str_eq(fu_buf_cstr(&b), "\"a\\u0000b\"");
    fu_buf_free(&b);
}

Test(report_json, the_journal_form_has_what_the_ledger_needs)
{
    static const fu_shown_claim full = {.claim = 2,
                                        .line = 34,
                                        .receipt_no = "2",
                                        .karte = "00697",
                                        .name = REP_NAME,
                                        .kana = REP_KANA,
                                        .birth = 19911121,
                                        .sex = 2,
                                        .phone = "03-0000-0009",
                                        .receipt_type = "1112",
                                        .month = "202610",
                                        .route = "fusho",
                                        .reason = "理由",
                                        .capture = "c1",
                                        .deadline = 20270520,
                                        .edits = REP_EDITS,
                                        .n_edits = 1};
    static const fu_shown_claim sparse = {.claim = 5,
                                          .line = 80,
                                          .receipt_no = "",
                                          .karte = "",
                                          .name = "",
                                          .receipt_type = "1112",
                                          .month = "202610",
                                          .route = "kyushikaku",
                                          .reason = "理由",
                                          .phone = ""};
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 4000);
    cr_expect_eq(fu_json_claim(&b, "RECEIPTC.UKE", &full, true), FU_OK);
    cr_expect_str_eq(
        fu_buf_cstr(&b),
        "{\"type\":\"claim\",\"file\":\"RECEIPTC.UKE\",\"claim\":2,\"line\":34,"
        "\"receipt_type\":\"1112\",\"route\":\"fusho\",\"capture\":\"c1\",\"receipt_no\":\"2\","
        "\"karte\":\"00697\",\"name\":\"" REP_NAME "\",\"kana\":\"" REP_KANA "\","
        "\"birth\":\"1991-11-21\",\"sex\":2,\"phone\":\"03-0000-0009\","
        "\"month\":\"202610\",\"reason\":\"理由\",\"deadline\":\"2027-05-20\",\"edits\":["
        "{\"line\":35,\"op\":\"replace\",\"record\":\"HO\",\"field\":2,"
        "\"before\":\"01130012\",\"after\":\"77777777\"}]}");
    fu_buf_reset(&b);
    cr_expect_eq(fu_json_claim(&b, NULL, &sparse, true), FU_OK);
    cr_expect_str_eq(fu_buf_cstr(&b),
                     "{\"type\":\"claim\",\"claim\":5,\"line\":80,\"receipt_type\":\"1112\","
                     "\"route\":\"kyushikaku\",\"month\":\"202610\",\"reason\":\"理由\","
                     "\"edits\":[]}");
    fu_buf_free(&b);
}

Test(report_json, every_line_is_one_object_whatever_stands_in_it)
{
    tst_file f = TST_FILE_INIT;
    fu_error e;
    char *s, *line;
    size_t n = 0;
    cr_assert_eq(rep_run(&fu_mem_libc, &f, FU_JSON, "ja", true, &e), FU_OK);
    s = rep_text(&f);
    for (line = strtok(s, "\n"); line; line = strtok(NULL, "\n")) {
        cr_expect(line[0] == '{' && rep_json_ok(line), "%s", line);
        n++;
    }
    cr_expect_eq(n, 9 + 10, "%zu lines", n);
    cr_expect_not(rep_json_ok("{\"a\":1,}"));
    cr_expect_not(rep_json_ok("{\"a\":[1}"));
    cr_expect_not(rep_json_ok("\"a"));
    free(s);
    tst_file_free(&f);
}

Test(report_json, a_claim_that_does_not_fit_says_so)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 100);
    cr_expect_eq(fu_json_claim(&b, "RECEIPTC.UKE", &FIRST_EDITS, true), FU_E_LIMIT);
    fu_buf_free(&b);
}
