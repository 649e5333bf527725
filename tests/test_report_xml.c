#include <criterion/criterion.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "support_report.h"

/* ---- JUnit ---- */

typedef struct seen {
    int depth, suites, cases, failures, errors, outs;
    char suite[256], tests[16], failed[16], wrong[16], message[512];
    char text[4096]; /* of the first <failure> */
    bool in_first_failure;
} seen;

static const char *attribute(const char **atts, const char *name)
{
    for (; *atts; atts += 2)
        if (strcmp(atts[0], name) == 0)
            return atts[1];
    return "";
}

static void copy(char *dst, size_t n, const char *src)
{
    dst[0] = '\0';
    strncat(dst, src, n - 1);
}

static void on_start(void *ctx, const char *name, const char **atts)
{
    seen *x = ctx;
    x->depth++;
    if (strcmp(name, "testsuite") == 0) {
        x->suites++;
        copy(x->suite, sizeof x->suite, attribute(atts, "name"));
        copy(x->tests, sizeof x->tests, attribute(atts, "tests"));
        copy(x->failed, sizeof x->failed, attribute(atts, "failures"));
        copy(x->wrong, sizeof x->wrong, attribute(atts, "errors"));
    }
    x->cases += strcmp(name, "testcase") == 0;
    x->errors += strcmp(name, "error") == 0;
    x->outs += strcmp(name, "system-out") == 0;
    if (strcmp(name, "failure") == 0) {
        copy(x->message, sizeof x->message, attribute(atts, "message"));
        x->in_first_failure = x->failures++ == 0;
    }
}

static void on_end(void *ctx, const char *name)
{
    seen *x = ctx;
    (void)name;
    x->depth--;
    x->in_first_failure = false;
}

static void on_text(void *ctx, const char *s, int n)
{
    seen *x = ctx;
    size_t have = strlen(x->text);
    if (x->in_first_failure && have + (size_t)n < sizeof x->text) {
        memcpy(x->text + have, s, (size_t)n);
        x->text[have + (size_t)n] = '\0';
    }
}

static seen parse(const tst_file *f)
{
    seen x;
    XML_Parser p = XML_ParserCreate(NULL);
    memset(&x, 0, sizeof x);
    cr_assert_not_null(p);
    XML_SetUserData(p, &x);
    XML_SetElementHandler(p, on_start, on_end);
    XML_SetCharacterDataHandler(p, on_text);
    cr_assert_eq(XML_Parse(p, (const char *)f->p, (int)f->n, 1), XML_STATUS_OK, "line %lu: %s",
                 XML_GetCurrentLineNumber(p), XML_ErrorString(XML_GetErrorCode(p)));
    XML_ParserFree(p);
    cr_assert_eq(x.depth, 0);
    return x;
}

/* One file with the claims REP_FUSHO (T403, R606), REP_HOLD and REP_NONE, F103 on the file. */
static void small_run(tst_file *f, fu_format format, bool verbose, int exit_status)
{
    fu_report_options o = REP_OPTIONS;
    fu_summary s = REP_SUMMARY;
    fu_stream to = tst_stream(f);
    fu_findings of_claim, of_file;
    fu_report *r;
    fu_arena a;
    fu_error e;
    o.format = format;
    o.verbose = verbose;
    s.exit_status = exit_status;
    fu_arena_init(&a, &fu_mem_libc, 1u << 20);
    fu_findings_init(&of_claim, &a);
    fu_findings_init(&of_file, &a);
    rep_r606(&of_claim);
    rep_t403(&of_claim);
    rep_f103(&of_file);
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_begin(r, "in put/R:ÅC\\.UKE", &e), FU_OK);
    cr_assert_eq(fu_report_claim(r, &REP_FUSHO, &of_claim, &e), FU_OK);
    cr_assert_eq(fu_report_claim(r, &REP_HOLD, NULL, &e), FU_OK);
    cr_assert_eq(fu_report_claim(r, &REP_NONE, NULL, &e), FU_OK);
    cr_assert_eq(fu_report_findings(r, &of_file, &e), FU_OK);
    cr_assert_eq(fu_report_summary(r, &s, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    fu_report_close(r);
    fu_arena_free(&a);
}

Test(report_junit, has_a_case_per_claim_and_one_for_the_file)
{
    tst_file f = TST_FILE_INIT;
    seen x;
    small_run(&f, FU_JUNIT, false, 1);
    x = parse(&f);
    cr_expect_eq(x.suites, 1);
    cr_expect_str_eq(x.suite, "in put/R:ÅC\\.UKE");
    cr_expect_eq(x.cases, 3);
    cr_expect_str_eq(x.tests, "3");
    cr_expect_eq(x.failures, 1);
    cr_expect_str_eq(x.failed, "1");
    cr_expect_eq(x.errors, 0);
    cr_expect_str_eq(x.wrong, "0");
    cr_expect_eq(x.outs, 2);
    cr_expect_str_eq(x.message,
                     "同時に記録できない所得区分の特記事項があります（特記事項：2629）。");
    cr_expect_str_eq(x.text,
                     "in put/R:ÅC\\.UKE: レセプト番号 2（行 34、カルテ番号 00697） T403 エラー: "
                     "同時に記録できない所得区分の特記事項があります（特記事項：2629）。 → "
                     "患者の所得区分を確かめ、正しい1つだけを残してください。");
    tst_file_free(&f);
}

Test(report_junit, shows_claims_left_alone_only_when_verbose)
{
    tst_file f = TST_FILE_INIT;
    seen x;
    small_run(&f, FU_JUNIT, true, 1);
    x = parse(&f);
    cr_expect_eq(x.cases, 4);
    cr_expect_str_eq(x.tests, "4");
    tst_file_free(&f);
}

Test(report_junit, a_refused_file_is_an_error)
{
    tst_file f = TST_FILE_INIT;
    seen x;
    small_run(&f, FU_JUNIT, false, 3);
    x = parse(&f);
    cr_expect_eq(x.errors, 1);
    cr_expect_str_eq(x.wrong, "1");
    tst_file_free(&f);
}

Test(report_junit, is_well_formed_whatever_stands_in_it)
{
    static const char *const langs[] = {"ja", "en"};
    for (size_t i = 0; i < 2; i++) {
        tst_file f = TST_FILE_INIT;
        fu_error e;
        seen x;
        cr_assert_eq(rep_run(&fu_mem_libc, &f, FU_JUNIT, langs[i], true, &e), FU_OK);
        x = parse(&f);
        cr_expect_eq(x.suites, 2);
        cr_expect_eq(x.cases, 4 + 2);
        cr_expect_eq(x.failures, 2 + 4);
        cr_expect_str_eq(x.suite, "<script>alert('x')</script>&\"\\\n\xEF\xBF\xBD\xEF\xBF\xBD終");
        tst_file_free(&f);
    }
}

Test(report_junit, a_report_without_files_is_well_formed)
{
    fu_report_options o = REP_OPTIONS;
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_report *r;
    fu_error e;
    o.format = FU_JUNIT;
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    fu_report_close(r);
    cr_expect_eq(parse(&f).suites, 0);
    tst_file_free(&f);
}

/* ---- SARIF ---- */

Test(report_sarif, has_the_results_with_place_and_the_rules_that_occurred)
{
    static const char *const parts[] = {
        "\"version\":\"2.1.0\"",
        "\"tool\":{\"driver\":{\"name\":\"fusho\",\"version\":\"1.0.0\",\"rules\":[",
        ("{\"ruleId\":\"T403\",\"level\":\"error\",\"message\":{\"text\":"
         "\"同時に記録できない所得区分の特記事項があります（特記事項：2629）。 → "
         "患者の所得区分を確かめ、正しい1つだけを残してください。\"},\"locations\":[{"
         "\"physicalLocation\":{\"artifactLocation\":{\"uri\":"
         "\"in%20put/R%3A%C3%85C%5C.UKE\"},\"region\":{\"startLine\":34}}}],"
         "\"properties\":{\"claim\":2,\"receipt_no\":\"2\",\"karte\":\"00697\"}}"),
        "{\"ruleId\":\"R606\",\"level\":\"note\",",
        "{\"ruleId\":\"F103\",\"level\":\"warning\",",
        ("{\"id\":\"F103\",\"shortDescription\":{\"text\":"
         "\"行の終わりまたはファイルの終わりの記録が決まりと異なります（…）。\"}"),
        "\"defaultConfiguration\":{\"level\":\"error\"}",
    };
    tst_file f = TST_FILE_INIT;
    char *s;
    small_run(&f, FU_SARIF, false, 1);
    s = rep_text(&f);
    cr_expect(rep_json_ok(s));
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        cr_expect_eq(rep_count(s, parts[i]), 1, "row %zu", i);
    cr_expect_eq(rep_count(s, "\"ruleId\":"), 3);
    cr_expect_eq(rep_count(s, "{\"id\":"), 3);
    cr_expect_eq(rep_count(s, "\"region\":"), 1);
    free(s);
    tst_file_free(&f);
}

Test(report_sarif, is_json_whatever_stands_in_it)
{
    tst_file f = TST_FILE_INIT;
    fu_error e;
    char *s;
    cr_assert_eq(rep_run(&fu_mem_libc, &f, FU_SARIF, "en", true, &e), FU_OK);
    s = rep_text(&f);
    cr_expect(rep_json_ok(s));
    cr_expect_eq(rep_count(s, "\"ruleId\":"), 5 + 8);
    cr_expect_eq(rep_count(s, "\"uri\":\"%3Cscript%3Ealert%28%27x%27%29%3C/script%3E%26%22%5C%0A"),
                 8);
    free(s);
    tst_file_free(&f);
}

Test(report_sarif, a_report_without_findings_is_json)
{
    fu_report_options o = REP_OPTIONS;
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_report *r;
    fu_error e;
    char *s;
    o.format = FU_SARIF;
    cr_assert_eq(fu_report_open(&r, &fu_mem_libc, &to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_end(r, &e), FU_OK);
    fu_report_close(r);
    s = rep_text(&f);
    cr_expect(rep_json_ok(s));
    free(s);
    tst_file_free(&f);
}
