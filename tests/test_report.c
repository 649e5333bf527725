#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support_report.h"

static const fu_format FORMATS[] = {FU_TEXT, FU_JSON, FU_JUNIT, FU_SARIF, FU_HTML};
#define N_FORMATS (sizeof FORMATS / sizeof FORMATS[0])

static fu_report *open_report(tst_file *f, fu_stream *to, fu_format format)
{
    fu_report_options o = REP_OPTIONS;
    fu_report *r;
    fu_error e;
    o.format = format;
    *to = tst_stream(f);
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, to, &o, &e), FU_OK);
    return r;
}

Test(report, the_same_calls_give_the_same_bytes)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        tst_file a = TST_FILE_INIT, b = TST_FILE_INIT;
        fu_error e;
        b.chunk = 1;
        cr_assert_eq(rep_run(&fu_mem_libc, &a, FORMATS[i], "ja", true, &e), FU_OK, "%zu", i);
        cr_assert_eq(rep_run(&fu_mem_libc, &b, FORMATS[i], "ja", true, &e), FU_OK, "%zu", i);
        cr_expect(a.n > 1000 && a.n == b.n && memcmp(a.p, b.p, a.n) == 0, "row %zu", i);
        tst_file_free(&a);
        tst_file_free(&b);
    }
}

Test(report, no_format_lets_a_control_character_through)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        tst_file f = TST_FILE_INIT;
        fu_error e;
        size_t bad = 0;
        cr_assert_eq(rep_run(&fu_mem_libc, &f, FORMATS[i], "ja", true, &e), FU_OK, "%zu", i);
        for (size_t k = 0; k < f.n; k++)
            bad += f.p[k] < 0x20 && f.p[k] != '\n';
        cr_expect_eq(bad, 0, "row %zu: %zu", i, bad);
        cr_expect(memchr(f.p, 0xFF, f.n) == NULL, "row %zu: not UTF-8", i);
        tst_file_free(&f);
    }
}

Test(report, patients_are_named_only_on_the_page_and_in_edits_of_json)
{
    static const struct {
        fu_format format;
        bool name, kana;
    } rows[] = {
        {FU_TEXT, false, false}, {FU_JUNIT, false, false}, {FU_SARIF, false, false},
        {FU_JSON, false, true},  {FU_HTML, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        fu_error e;
        char *s;
        cr_assert_eq(rep_run(&fu_mem_libc, &f, rows[i].format, "ja", true, &e), FU_OK);
        s = rep_text(&f);
        cr_expect_eq(strstr(s, REP_NAME) != NULL, rows[i].name, "row %zu", i);
        cr_expect_eq(strstr(s, REP_KANA) != NULL, rows[i].kana, "row %zu", i);
        free(s);
        tst_file_free(&f);
    }
}

Test(report, calls_out_of_order_are_misuse)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream to;
        fu_report *r = open_report(&f, &to, FORMATS[i]);
        fu_error e;
        cr_expect_eq(fu_report_claim(r, &REP_FUSHO, NULL, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_findings(r, NULL, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_match(r, "f", "c", "", &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_begin(r, "a", &e), FU_OK, "row %zu", i);
        cr_expect_eq(fu_report_begin(r, "b", &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_end(r, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_findings(r, NULL, &e), FU_OK, "row %zu", i);
        cr_expect_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_OK, "row %zu", i);
        cr_expect_eq(fu_report_end(r, &e), FU_OK, "row %zu", i);
        cr_expect_eq(fu_report_begin(r, "c", &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_report_end(r, &e), FU_E_MISUSE, "row %zu", i);
        fu_report_close(r);
        tst_file_free(&f);
    }
    fu_report_close(NULL);
}

Test(report, a_format_without_a_renderer_is_refused)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_report_options o = {.format = FU_CSV, .lang = "ja"};
    fu_report *r = (fu_report *)&f;
    fu_error e = {0};
    cr_expect_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_E_MISUSE);
    cr_expect_null(r);
    cr_expect_str_eq(e.message_ja, "この形式の一覧は作れません。");
    cr_expect_eq(f.n, 0);
    tst_file_free(&f);
}

Test(report, a_report_that_failed_takes_no_more)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to;
    fu_report *r = open_report(&f, &to, FU_JSON);
    fu_error e;
    cr_assert_eq(fu_report_begin(r, "a", &e), FU_OK);
    f.fail_at = 0;
    cr_expect_eq(fu_report_claim(r, &REP_FUSHO, NULL, &e), FU_E_STORE);
    cr_expect_str_eq(e.code, "S702");
    cr_expect_eq(fu_report_claim(r, &REP_FUSHO, NULL, &e), FU_E_MISUSE);
    cr_expect_eq(fu_report_end(r, &e), FU_E_MISUSE);
    fu_report_close(r);
    tst_file_free(&f);
}

Test(report, an_incomplete_list_of_findings_is_never_shown_as_complete)
{
    for (int of_claim = 0; of_claim < 2; of_claim++) {
        tst_file f = TST_FILE_INIT;
        fu_stream to;
        fu_report *r = open_report(&f, &to, FU_TEXT);
        fu_arena a;
        fu_findings l;
        fu_error e;
        fu_arena_init(&a, &fu_mem_libc, 1000);
        fu_findings_init(&l, &a);
        l.failed = true;
        cr_assert_eq(fu_report_begin(r, "a", &e), FU_OK);
        cr_expect_eq(of_claim ? fu_report_claim(r, &REP_FUSHO, &l, &e)
                              : fu_report_findings(r, &l, &e),
                     FU_E_NOMEM);
        fu_report_close(r);
        tst_file_free(&f);
    }
}

/* `n` times F103 on the file, then what the format wrote. */
static char *many_findings(fu_format format, size_t n, const char *item)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to;
    fu_report *r = open_report(&f, &to, format);
    fu_arena a;
    fu_findings l;
    fu_error e;
    char *s;
    fu_arena_init(&a, &fu_mem_libc, 100u << 20);
    fu_findings_init(&l, &a);
    rep_f103(&l)->item = item;
    cr_assert_eq(fu_report_begin(r, "a.UKE", &e), FU_OK);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(fu_report_findings(r, &l, &e), FU_OK);
    cr_assert_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    s = rep_text(&f);
    fu_report_close(r);
    fu_arena_free(&a);
    tst_file_free(&f);
    return s;
}

static const char MORE_ONE[] = "ほかに 1 件あり、ここには示していません（エラー 0 件、警告 1 件、"
                               "情報 0 件、レセプト 0 件）。すべて見るには --format json "
                               "を指定してください。";

Test(report, rows_over_the_limit_are_counted_and_the_count_is_shown)
{
    static const fu_format held[] = {FU_TEXT, FU_JUNIT, FU_HTML};
    static const char *const row[] = {
        "a.UKE: F103 警告: ", "a.UKE: F103 警告: ", "<article class=\"card item warning\""};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        char *s = many_findings(held[i], FU_REPORT_ROWS_MAX, "x");
        cr_expect_eq(rep_count(s, row[i]), FU_REPORT_ROWS_MAX, "row %zu", i);
        cr_expect_null(strstr(s, "ここには示していません"), "row %zu", i);
        free(s);
        s = many_findings(held[i], FU_REPORT_ROWS_MAX + 1, "x");
        cr_expect_eq(rep_count(s, row[i]), FU_REPORT_ROWS_MAX, "row %zu", i);
        cr_expect_not_null(strstr(s, MORE_ONE), "row %zu", i);
        free(s);
    }
}

Test(report, bytes_over_the_limit_are_counted_and_the_count_is_shown)
{
    static const fu_format held[] = {FU_TEXT, FU_JUNIT, FU_HTML};
    size_t n = FU_REPORT_BYTES_MAX / 4;
    char *item = malloc(n + 1);
    cr_assert_not_null(item);
    memset(item, 'x', n);
    item[n] = '\0';
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        char *s = many_findings(held[i], 4, item); /* four quarters and the words around them */
        cr_expect_not_null(strstr(s, MORE_ONE), "row %zu", i);
        cr_expect_lt(strlen(s), FU_REPORT_BYTES_MAX, "row %zu", i);
        free(s);
    }
    free(item);
}

Test(report, claims_over_the_limit_are_counted_with_their_findings)
{
    static const fu_format held[] = {FU_TEXT, FU_JUNIT, FU_HTML};
    for (size_t i = 0; i < sizeof held / sizeof held[0]; i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream to;
        fu_report *r = open_report(&f, &to, held[i]);
        fu_arena a;
        fu_findings l;
        fu_error e;
        char *s;
        fu_arena_init(&a, &fu_mem_libc, 1u << 20);
        fu_findings_init(&l, &a);
        rep_t403(&l);
        rep_r606(&l);
        cr_assert_eq(fu_report_begin(r, "a.UKE", &e), FU_OK);
        for (size_t k = 0; k < FU_REPORT_ROWS_MAX; k++)
            cr_assert_eq(fu_report_claim(r, &REP_HOLD, NULL, &e), FU_OK);
        cr_assert_eq(fu_report_claim(r, &REP_FUSHO, &l, &e), FU_OK);
        cr_assert_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_OK);
        cr_assert_eq(fu_report_end(r, &e), FU_OK);
        s = rep_text(&f);
        cr_expect_not_null(strstr(s, "ほかに 3 件あり、ここには示していません（エラー 1 件、"
                                     "警告 0 件、情報 1 件、レセプト 1 件）"),
                           "row %zu", i);
        cr_expect_null(strstr(s, "残っていることはありません"), "row %zu", i);
        cr_expect_null(strstr(s, "<p>ありません。</p>"), "row %zu", i);
        cr_expect_not_null(
            strstr(s, held[i] == FU_HTML ? "<th scope=\"row\">レセプト</th><td>12</td>" : "a.UKE"));
        free(s);
        fu_report_close(r);
        fu_arena_free(&a);
        tst_file_free(&f);
    }
}

Test(report, a_text_report_has_room_again_for_the_next_file)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to;
    fu_report *r = open_report(&f, &to, FU_TEXT);
    fu_error e;
    char *s;
    for (int file = 0; file < 2; file++) {
        cr_assert_eq(fu_report_begin(r, "a.UKE", &e), FU_OK);
        for (size_t k = 0; k < FU_REPORT_ROWS_MAX; k++)
            cr_assert_eq(fu_report_claim(r, &REP_HOLD, NULL, &e), FU_OK);
        cr_assert_eq(fu_report_summary(r, &REP_SUMMARY, &e), FU_OK);
    }
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    s = rep_text(&f);
    cr_expect_eq(rep_count(s, "レセプト番号 5（行 80、カルテ番号 00701）: 保留"),
                 2 * FU_REPORT_ROWS_MAX);
    free(s);
    fu_report_close(r);
    tst_file_free(&f);
}

Test(report, json_and_sarif_hold_nothing_and_leave_nothing_out)
{
    char *s = many_findings(FU_JSON, FU_REPORT_ROWS_MAX + 1, "x");
    cr_expect_eq(rep_count(s, "\"code\":\"F103\""), FU_REPORT_ROWS_MAX + 1);
    free(s);
    s = many_findings(FU_SARIF, FU_REPORT_ROWS_MAX + 1, "x");
    cr_expect_eq(rep_count(s, "\"ruleId\":\"F103\""), FU_REPORT_ROWS_MAX + 1);
    free(s);
}

Test(report, every_failed_allocation_is_a_clean_error)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        long n = rep_sweep_memory(FORMATS[i]);
        cr_expect_gt(n, 3, "row %zu: %ld", i, n);
    }
}

Test(report, every_failed_write_is_a_clean_error)
{
    for (size_t i = 0; i < N_FORMATS; i++) {
        long n = rep_sweep_writes(FORMATS[i]);
        cr_expect_gt(n, 5, "row %zu: %ld", i, n);
    }
}
