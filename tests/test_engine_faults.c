#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "support_trial.h"

TestSuite(engine_faults, .timeout = 300);

#define OPTIONS "--today=2026-11-09\n--format=json\n--report"

static void set_month(hst_case *c, size_t i)
{
    hst_case_init(c);
    hst_case_month(c, hst_months[i].month);
    hst_case_evidence(c, "captures.xml", hst_months[i].captures, strlen(hst_months[i].captures));
}

static void set_journal(hst_case *c)
{
    hst h;
    hst_case made;
    hst_init(&h);
    set_month(&made, 0);
    cr_assert_eq(hst_run(&h, &made, FU_APPLY, OPTIONS, NULL), FU_OK);
    hst_case_init(c);
    hst_case_input(c, h.role[1].done.p, h.role[1].done.n);
    hst_case_free(&made);
    hst_free(&h);
}

/* A journal with ranges, and the output it is for. */
static void set_ranges(hst_case *c)
{
    hst h;
    hst_case made;
    hst_init(&h);
    set_month(&made, 0);
    cr_assert_eq(hst_run(&h, &made, FU_APPLY, OPTIONS "\n--journal-ranges", NULL), FU_OK);
    hst_case_init(c);
    hst_case_input(c, h.role[1].done.p, h.role[1].done.n);
    hst_case_from(c, h.role[0].done.p, h.role[0].done.n);
    hst_case_free(&made);
    hst_free(&h);
}

static bool has(const hst_case *c, const char *part)
{
    char *text = hst_text(&c->listing);
    bool there = strstr(text, part) != NULL;
    free(text);
    return there;
}

static bool any_open(const hst *h)
{
    return h->role[0].open || h->role[1].open || h->role[2].open;
}

/* What must hold after every run that failed; `row` says which. Whatever was committed went in the
 * promised order, so that a host can take it back. */
static void expect_clean(const hst *h, const hst_case *c, const char *what, long row)
{
    cr_expect_not(any_open(h), "%s %ld: %s", what, row, h->trail);
    cr_expect_eq(h->mem.live, 0, "%s %ld", what, row);
    if (h->role[FU_ROLE_OUTPUT].visible)
        cr_expect(h->role[FU_ROLE_JOURNAL].visible, "%s %ld: %s", what, row, h->trail);
    if (h->role[FU_ROLE_REPORT].visible)
        cr_expect(h->role[FU_ROLE_OUTPUT].visible, "%s %ld: %s", what, row, h->trail);
    cr_expect_not(has(c, "\"output\""), "%s %ld", what, row);
}

static bool fails(tst_trial *t, fu_verb verb, const char *options)
{
    t->st = hst_run(&t->h, &t->c, verb, options, &t->e);
    return t->st != FU_OK;
}

/* What a failure of the store calls the file at fault. A begin that fails names the report itself,
 * or nobody does. */
static const char *at_fault(const hst *h)
{
    static const char *const names[FU_ROLES] = {"out.uke", "out.uke.fusho", "report.html"};
    bool begun = h->failed != FU_ROLE_REPORT || strstr(h->trail, "b2");
    return begun ? names[h->failed] : "";
}

/* ---- the store ---- */

Test(engine_faults, every_store_operation_of_apply_may_fail)
{
    tst_trial t = {.most = 1000};
    long kept = 0;
    unsigned roles = 0;
    char file[384];
    while (tst_again(&t)) {
        set_month(&t.c, 0);
        t.h.fail_at = t.n;
        t.h.chunk = 300; /* several writes for each role */
        if (fails(&t, FU_APPLY, OPTIONS)) {
            cr_expect_eq(t.st, FU_E_STORE, "operation %ld", t.n);
            cr_expect_eq(fu_exit_status(t.st), 4, "operation %ld", t.n);
            cr_expect_str_eq(t.e.code, "S702", "operation %ld", t.n);
            cr_expect_str_eq(t.e.file, at_fault(&t.h), "operation %ld of %s", t.n, t.h.trail);
            snprintf(file, sizeof file, "\"code\":\"S702\",\"severity\":\"error\",\"file\":\"%s\"",
                     t.e.file[0] ? t.e.file : "in.uke");
            cr_expect(has(&t.c, file), "operation %ld: %s", t.n, file);
            roles |= 1u << t.h.failed;
            expect_clean(&t.h, &t.c, "operation", t.n);
            cr_expect(has(&t.c, "\"type\":\"summary\""), "operation %ld", t.n);
            cr_expect_eq(t.c.summary.exit_status, 4, "operation %ld", t.n);
            cr_expect_eq(t.c.summary.errors, 1, "operation %ld", t.n);
            kept += t.h.role[FU_ROLE_JOURNAL].visible;
        }
    }
    cr_expect_gt(t.n, 15);
    cr_expect_eq(roles, 7);
    cr_expect_gt(kept, 1); /* failures behind the first commit: the host takes back */
}

Test(engine_faults, every_store_operation_of_undo_may_fail)
{
    tst_trial t = {.most = 100};
    while (tst_again(&t)) {
        set_journal(&t.c);
        t.h.fail_at = t.n;
        if (fails(&t, FU_UNDO, "")) {
            cr_expect_eq(t.st, FU_E_STORE, "operation %ld", t.n);
            cr_expect_str_eq(t.e.code, "S702", "operation %ld", t.n);
            cr_expect_str_eq(t.e.file, "out.uke", "operation %ld", t.n);
            cr_expect_not(any_open(&t.h), "operation %ld", t.n);
            cr_expect_not(t.h.role[0].visible, "operation %ld", t.n);
        }
    }
    cr_expect_eq(t.n, 4); /* begin, one write, commit, none */
}

Test(engine_faults, every_store_operation_of_form_and_ledger_names_its_file)
{
    static const struct {
        fu_verb verb;
        const char *options, *file;
    } rows[] = {{FU_FORM, "", "out.uke"},
                {FU_LEDGER, "--today=2026-11-09\n--report", "report.html"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_status st = FU_E_STORE;
        long n = 0;
        for (; st != FU_OK; n++) {
            hst h;
            hst_case c;
            fu_error e = {0};
            hst_init(&h);
            hst_case_init(&c);
            h.fail_at = n;
            st = hst_run(&h, &c, rows[i].verb, rows[i].options, &e);
            if (st != FU_OK) {
                bool unnamed = n == 0 && rows[i].verb == FU_LEDGER; /* see at_fault */
                cr_expect_eq(st, FU_E_STORE, "row %zu, operation %ld", i, n);
                cr_expect_str_eq(e.code, "S702", "row %zu, operation %ld", i, n);
                cr_expect_str_eq(e.file, unnamed ? "" : rows[i].file, "row %zu, operation %ld", i,
                                 n);
            }
            hst_case_free(&c);
            hst_free(&h);
            cr_assert_lt(n, 1000);
        }
        cr_expect_gt(n, 3, "row %zu", i);
    }
}

/* ---- streams ---- */

Test(engine_faults, an_input_that_cannot_be_read_is_exit_3)
{
    static const fu_verb verbs[] = {FU_APPLY, FU_CHECK};
    for (size_t v = 0; v < 2; v++) {
        tst_trial t = {.most = 1000};
        while (tst_again(&t)) {
            set_month(&t.c, 0);
            t.c.in.fail_at = t.n;
            t.c.in.chunk = 200;
            if (fails(&t, verbs[v], OPTIONS)) {
                cr_expect_eq(t.st, FU_E_INPUT, "operation %ld: %d", t.n, (int)t.st);
                cr_expect_eq(t.e.status, FU_E_INPUT, "operation %ld", t.n);
                cr_expect_eq(fu_exit_status(t.st), 3, "operation %ld", t.n);
                cr_expect_str_eq(t.e.code, "S704", "operation %ld: %s", t.n, t.e.code);
                cr_expect_str_eq(t.e.file, "in.uke", "operation %ld", t.n);
                expect_clean(&t.h, &t.c, "operation", t.n);
                cr_expect_not(t.h.role[1].visible, "operation %ld", t.n);
                cr_expect(has(&t.c, "\"type\":\"summary\""), "operation %ld", t.n);
            }
        }
        cr_expect_gt(t.n, 6);
    }
}

Test(engine_faults, a_journal_that_cannot_be_read_is_exit_3)
{
    tst_trial t = {.most = 1000};
    while (tst_again(&t)) {
        set_journal(&t.c);
        t.c.in.fail_at = t.n;
        if (fails(&t, FU_UNDO, "")) {
            cr_expect_eq(t.st, FU_E_INPUT, "operation %ld: %d", t.n, (int)t.st);
            cr_expect_eq(fu_exit_status(t.st), 3, "operation %ld", t.n);
            cr_expect_str_eq(t.e.message_ja, "控え（.fusho）を読み込めませんでした。",
                             "operation %ld: %s", t.n, t.e.message_ja);
            cr_expect_str_eq(t.e.file, "in.uke", "operation %ld", t.n);
            cr_expect_not(any_open(&t.h), "operation %ld", t.n);
            cr_expect_not(t.h.role[0].visible, "operation %ld", t.n);
        }
    }
    cr_expect_gt(t.n, 8);
}

Test(engine_faults, a_damaged_journal_gives_nothing_back)
{
    hst_case whole;
    set_journal(&whole);
    for (size_t at = 0; at < whole.in.n; at++) {
        for (int cut = 0; cut < 2; cut++) {
            hst h;
            hst_case c;
            fu_error e = {0};
            fu_status st;
            hst_init(&h);
            hst_case_init(&c);
            hst_case_input(&c, whole.in.p, cut ? at : whole.in.n);
            if (!cut)
                c.in.p[at] ^= 0x11;
            st = hst_run(&h, &c, FU_UNDO, "", &e);
            cr_expect_eq(st, FU_E_INPUT, "byte %zu, cut %d: %d", at, cut, (int)st);
            cr_expect_str_eq(e.code, "S703", "byte %zu, cut %d", at, cut);
            cr_expect_not(any_open(&h), "byte %zu", at);
            cr_expect_not(h.role[0].visible, "byte %zu", at);
            hst_case_free(&c);
            hst_free(&h);
        }
    }
    hst_case_free(&whole);
}

Test(engine_faults, a_listing_that_cannot_be_written_is_exit_4)
{
    static const char *const formats[] = {"text", "json", "junit", "sarif"};
    for (size_t i = 0; i < 4; i++) {
        tst_trial t = {.most = 1000};
        while (tst_again(&t)) {
            char options[128];
            set_month(&t.c, 0);
            t.c.listing.fail_at = t.n;
            snprintf(options, sizeof options, "--today=2026-11-09\n--format=%s", formats[i]);
            if (fails(&t, FU_APPLY, options)) {
                cr_expect_eq(t.st, FU_E_STORE, "%s %ld: %d", formats[i], t.n, (int)t.st);
                cr_expect_eq(fu_exit_status(t.st), 4, "%s %ld", formats[i], t.n);
                cr_expect_str_eq(t.e.code, "S702", "%s %ld", formats[i], t.n);
                expect_clean(&t.h, &t.c, formats[i], t.n);
            }
        }
        cr_expect_gt(t.n, 1, "%s", formats[i]);
    }
}

/* ---- what the listing says of a failure ---- */

Test(engine_faults, the_listing_says_why_nothing_came_of_the_run)
{
    static const struct {
        const char *options;
        bool too_long;
        const char *lines[2];
    } rows[] = {
        {"--format=json",
         false,
         {"\"code\":\"S702\",\"severity\":\"error\",\"file\":\"out.uke\",\"message\":\"保存に失敗し"
          "ました（試験用の失敗です）。途中のファイルは残していません。\"",
          "\"errors\":1,\"warnings\":0}"}},
        {"--format=json\n--mask",
         false,
         {"\"code\":\"S702\",\"severity\":\"error\",\"file\":\"out.uke\",\"message\":",
          "\"errors\":1,\"warnings\":0}"}},
        {"--format=sarif\n--mask", false, {"{\"uri\":\"out.uke\"}", "\"S702\""}},
        {"--format=json\n--lang=en",
         false,
         {"\"message\":\"storage failed, nothing left behind (failure for the test)\"",
          "\"errors\":1,\"warnings\":0}"}},
        {"--format=json",
         true,
         {"\"code\":\"F113\",\"severity\":\"error\",\"file\":\"in.uke\",\"line\":2,\"message\":"
          "\"ファイ"
          "ルが処理できる上限を超えています（上限：レコード1つの長さ "
          "FU_RECORD_BYTES_MAX　値：65536）。\"",
          "\"errors\":1,\"warnings\":0}"}},
        {"--format=text", true, {"F113", "エラー 1 件、警告 0 件"}},
        {"--format=junit", true, {"F113", "</testsuites>"}},
        {"--format=sarif", true, {"\"F113\"", "}"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        char options[128], *line = malloc(70000);
        cr_assert_not_null(line);
        hst_init(&h);
        set_month(&c, 0);
        h.fail_at = rows[i].too_long ? -1 : 0;
        if (rows[i].too_long) {
            memset(line, 'A', 69999);
            line[69999] = '\0';
            memcpy(line, "IR,1,13,1,1399991,,X,202611,00,\r\n", 33);
            hst_case_input(&c, line, 69999);
        }
        snprintf(options, sizeof options, "--today=2026-11-09\n%s", rows[i].options);
        cr_expect_lt(hst_run(&h, &c, FU_APPLY, options, NULL), 0, "row %zu", i);
        cr_expect(has(&c, rows[i].lines[0]), "row %zu: %.*s", i, (int)c.listing.n, c.listing.p);
        cr_expect(has(&c, rows[i].lines[1]), "row %zu: %.*s", i, (int)c.listing.n, c.listing.p);
        free(line);
        hst_case_free(&c);
        hst_free(&h);
    }
}

/* What stands in a listing of every format for a finding of severity error, for a summary that
 * counts it alone, and at the end. */
static const struct {
    const char *name, *finding, *counted, *end;
} endings[] = {
    {"text", "エラー: ", "エラー 1 件、", "何も書き出していません。\n"},
    {"json", "\"severity\":\"error\"", "\"errors\":1,", "\"warnings\":0}\n"},
    {"junit", "<failure type=", "errors=\"1\"", "</testsuites>\n"},
    {"sarif", "\"level\":\"error\"", "", "]}}}]}\n"},
};

static void expect_told(const hst_case *c, size_t i, const char *what)
{
    size_t n = strlen(endings[i].end);
    cr_expect(has(c, endings[i].finding), "%s: %.*s", what, (int)c->listing.n, c->listing.p);
    cr_expect(has(c, endings[i].counted), "%s: %.*s", what, (int)c->listing.n, c->listing.p);
    cr_assert_geq(c->listing.n, n, "%s", what);
    cr_expect_eq(memcmp(c->listing.p + c->listing.n - n, endings[i].end, n), 0, "%s: %.*s", what,
                 (int)c->listing.n, c->listing.p);
    cr_expect_eq(c->summary.errors, 1, "%s", what);
}

static fu_status run_with_store(hst *h, hst_case *c, fu_verb verb, const char *options, bool store)
{
    fu_host host = hst_host(h);
    fu_session *s = NULL;
    fu_status st;
    if (!store)
        host.store_begin = NULL;
    cr_assert_eq(fu_session_open(&s, &host, fu_span_str(options), NULL), FU_OK);
    cr_assert_eq(hst_add_evidence(c, s, NULL), FU_OK);
    st = hst_run_in(c, s, verb, NULL);
    fu_session_close(s);
    return st;
}

Test(engine_faults, every_failure_ends_the_listing_with_a_finding_that_is_counted)
{
    static const struct {
        const char *what;
        fu_verb verb;
        long read, store; /* the operation that fails; -1 none */
        bool damaged, no_store;
        fu_status want;
    } rows[] = {
        {"apply, read", FU_APPLY, 0, -1, false, false, FU_E_INPUT},
        {"apply, second read", FU_APPLY, 1, -1, false, false, FU_E_INPUT},
        {"check, rewind", FU_CHECK, 2, -1, false, false, FU_E_INPUT},
        {"apply, begin", FU_APPLY, -1, 0, false, false, FU_E_STORE},
        {"apply, no store", FU_APPLY, -1, -1, false, true, FU_E_MISUSE},
        {"undo, read", FU_UNDO, 0, -1, false, false, FU_E_INPUT},
        {"undo, damaged", FU_UNDO, -1, -1, true, false, FU_E_INPUT},
        {"undo, begin", FU_UNDO, -1, 0, false, false, FU_E_STORE},
        {"undo, commit", FU_UNDO, -1, 2, false, false, FU_E_STORE},
        {"undo, no store", FU_UNDO, -1, -1, false, true, FU_E_MISUSE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t k = 0; k < sizeof endings / sizeof endings[0]; k++) {
            hst h;
            hst_case c;
            char options[64];
            hst_init(&h);
            if (rows[i].verb == FU_UNDO)
                set_journal(&c);
            else
                set_month(&c, 0);
            c.in.fail_at = rows[i].read;
            h.fail_at = rows[i].store;
            if (rows[i].damaged)
                c.in.p[c.in.n / 2] ^= 0x11;
            snprintf(options, sizeof options, "--today=2026-11-09\n--format=%s", endings[k].name);
            cr_expect_eq(run_with_store(&h, &c, rows[i].verb, options, !rows[i].no_store),
                         rows[i].want, "%s, %s", rows[i].what, endings[k].name);
            expect_told(&c, k, rows[i].what);
            expect_clean(&h, &c, rows[i].what, (long)k);
            hst_case_free(&c);
            hst_free(&h);
        }
    }
}

/* One block is missing, the next is there again: the listing can still say so. */
Test(engine_faults, a_lack_of_memory_is_told_where_it_can_be)
{
    long told = 0;
    for (long n = 0; n < 200; n++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, 0);
        h.mem.fail_at = n;
        if (hst_run(&h, &c, FU_CHECK, OPTIONS, NULL) == FU_E_NOMEM && c.listing.n) {
            told += has(&c, "メモリーが足りません") && has(&c, "\"errors\":1,");
            expect_clean(&h, &c, "block", n);
        }
        hst_case_free(&c);
        hst_free(&h);
    }
    cr_expect_gt(told, 20);
}

Test(engine_faults, undo_that_succeeds_has_a_summary_but_no_text)
{
    static const char *const want[] = {
        "",
        "{\"type\":\"summary\",\"file\":\"in.uke\",\"claims\":0,\"payers\":0,\"fusho\":0,"
        "\"kyushikaku\":0,\"current\":0,\"hold\":0,\"errors\":0,\"warnings\":0,"
        "\"output\":\"out.uke\"}\n",
        "tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">",
        "\"runs\":[{\"results\":[\n],",
    };
    for (size_t k = 0; k < sizeof endings / sizeof endings[0]; k++) {
        hst h;
        hst_case c;
        char options[64];
        hst_init(&h);
        set_journal(&c);
        snprintf(options, sizeof options, "--format=%s", endings[k].name);
        cr_expect_eq(hst_run(&h, &c, FU_UNDO, options, NULL), FU_OK, "%s", endings[k].name);
        cr_expect(h.role[0].visible, "%s", endings[k].name);
        cr_expect(has(&c, want[k]), "%s: %.*s", endings[k].name, (int)c.listing.n, c.listing.p);
        cr_expect_eq(c.listing.n == 0, k == 0, "%s", endings[k].name);
        cr_expect_eq(c.summary.errors, 0, "%s", endings[k].name);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_faults, undo_whose_listing_cannot_be_written_is_exit_4)
{
    for (size_t k = 1; k < sizeof endings / sizeof endings[0]; k++) {
        fu_status st = FU_E_STORE;
        long n = 0;
        for (; st != FU_OK; n++) {
            hst h;
            hst_case c;
            char options[64];
            hst_init(&h);
            set_journal(&c);
            c.listing.fail_at = n;
            snprintf(options, sizeof options, "--format=%s", endings[k].name);
            st = hst_run(&h, &c, FU_UNDO, options, NULL);
            cr_expect(st == FU_OK || st == FU_E_STORE, "%s %ld: %d", endings[k].name, n, (int)st);
            cr_expect_not(any_open(&h), "%s %ld", endings[k].name, n);
            cr_expect_eq(h.mem.live, 0, "%s %ld", endings[k].name, n);
            hst_case_free(&c);
            hst_free(&h);
            cr_assert_lt(n, 100);
        }
        cr_expect_gt(n, 1, "%s", endings[k].name);
    }
}

/* ---- cancel ---- */

Test(engine_faults, cancelling_at_any_moment_commits_nothing)
{
    tst_trial t = {.most = 1000};
    while (tst_again(&t)) {
        set_month(&t.c, 2);
        t.h.cancel_at = t.n;
        t.h.chunk_bytes = 64;
        if (fails(&t, FU_APPLY, OPTIONS)) {
            cr_expect_eq(t.st, FU_CANCELLED, "call %ld: %d", t.n, (int)t.st);
            cr_expect_eq(fu_exit_status(t.st), 4, "call %ld", t.n);
            cr_expect_str_eq(t.e.message_ja, "中止しました。何も書き込んでいません。", "call %ld",
                             t.n);
            cr_expect_str_eq(t.e.code, "", "call %ld", t.n);
            expect_clean(&t.h, &t.c, "call", t.n);
            cr_expect_not(t.h.role[1].visible, "call %ld", t.n);
            cr_expect(has(&t.c, "\"type\":\"summary\""), "call %ld", t.n);
        }
    }
    cr_expect_gt(t.n, 6);
}

Test(engine_faults, cancelling_undo_commits_nothing)
{
    tst_trial t = {.most = 100};
    while (tst_again(&t)) {
        set_journal(&t.c);
        t.h.cancel_at = t.n;
        t.st = hst_run(&t.h, &t.c, FU_UNDO, "", NULL);
        if (t.st != FU_OK) {
            cr_expect_eq(t.st, FU_CANCELLED, "call %ld: %d", t.n, (int)t.st);
            cr_expect_str_eq(t.h.trail, "b0 a0 ", "call %ld", t.n);
        }
    }
    cr_expect_geq(t.n, 3);
}

/* ---- memory ---- */

typedef fu_status action(hst *h, hst_case *c, const char *options, fu_error *e);

static fu_status do_apply(hst *h, hst_case *c, const char *options, fu_error *e)
{
    return hst_run(h, c, FU_APPLY, options, e);
}

static fu_status do_check(hst *h, hst_case *c, const char *options, fu_error *e)
{
    return hst_run(h, c, FU_CHECK, options, e);
}

static fu_status do_undo(hst *h, hst_case *c, const char *options, fu_error *e)
{
    return hst_run(h, c, FU_UNDO, options, e);
}

/* header, claim and trailer of the small month */
static fu_status do_claim(hst *h, hst_case *c, const char *options, fu_error *e)
{
    fu_session *s = NULL;
    fu_stream listing = tst_stream(&c->listing);
    char *month = hst_text(&c->in), *re = strstr(month, "\r\nRE,") + 2;
    fu_claim_job job;
    fu_status st = hst_open(h, options, &s, e);
    memset(&job, 0, sizeof job);
    job.header = fu_span_of(month, (size_t)(re - month));
    job.records = fu_span_of(re, (size_t)(strstr(re, "\r\nGO") + 2 - re));
    job.evidence = fu_span_of(c->evidence[0].p, c->evidence[0].n);
    job.output = job.listing = &listing;
    if (st == FU_OK)
        st = hst_add_evidence(c, s, e); /* the same again: two captures, R-codes, E503 */
    if (st == FU_OK)
        st = fu_session_claim(s, &job, e);
    job.evidence.n = 0;
    if (st >= 0)
        st = fu_session_claim(s, &job, e);
    fu_session_close(s);
    free(month);
    return st;
}

static fu_status do_explain(hst *h, hst_case *c, const char *options, fu_error *e)
{
    fu_session *s = NULL;
    fu_stream listing = tst_stream(&c->listing);
    fu_status st = hst_open(h, options, &s, e);
    if (st == FU_OK)
        st = fu_session_explain(s, "T401", &listing, e);
    if (st == FU_OK)
        st = fu_session_explain(s, "", &listing, e);
    fu_session_close(s);
    return st;
}

/* A run that is refused: the error's own texts need memory too. */
static fu_status do_refused(hst *h, hst_case *c, const char *options, fu_error *e)
{
    fu_status st;
    c->in.n -= 20;
    st = hst_run(h, c, FU_APPLY, options, e);
    c->in.n += 20;
    if (st == FU_E_INPUT) {
        cr_expect_str_eq(e->code, "F110");
        cr_expect_neq(e->message_ja[0], '\0');
        cr_expect_neq(e->hint_ja[0], '\0');
        return FU_OK;
    }
    return st;
}

static void sweep(action *act, hst_case *c, const char *options, const char *what)
{
    fu_status st = FU_E_NOMEM;
    long n = 0;
    for (; st < 0; n++) {
        hst h;
        fu_error e = {0};
        hst_init(&h);
        h.mem.fail_at = n;
        tst_file_set(&c->listing, "", 0);
        st = act(&h, c, options, &e);
        if (st < 0) {
            cr_expect_eq(st, FU_E_NOMEM, "%s %ld: %d", what, n, (int)st);
            cr_expect_eq(e.status, FU_E_NOMEM, "%s %ld", what, n);
            cr_expect_str_eq(e.message_ja, "メモリーが足りません。", "%s %ld", what, n);
            cr_expect_not(h.role[0].visible && !h.role[1].visible, "%s %ld", what, n);
            cr_expect_not(has(c, "\"output\""), "%s %ld", what, n);
        }
        cr_expect_not(any_open(&h), "%s %ld: %s", what, n, h.trail);
        cr_expect_eq(h.mem.live, 0, "%s %ld: %ld blocks", what, n, h.mem.live);
        cr_expect_eq(h.mem.live_bytes, 0, "%s %ld", what, n);
        hst_free(&h);
        cr_assert_lt(n, 20000);
    }
    cr_expect_gt(n, 2, "%s: %ld", what, n);
}

static void sweep_month(action *act, size_t month, const char *options, const char *what)
{
    hst_case c;
    set_month(&c, month);
    sweep(act, &c, options, what);
    hst_case_free(&c);
}

#define TODAY "--today=2026-11-09\n"

Test(engine_faults, no_memory_in_apply)
{
    for (size_t i = 0; i < HST_MONTHS; i++)
        sweep_month(do_apply, i, OPTIONS, hst_months[i].type);
}

Test(engine_faults, no_memory_in_any_format)
{
    sweep_month(do_apply, 0, TODAY "--format=text\n--verbose", "text");
    sweep_month(do_apply, 0, TODAY "--format=json\n--verbose", "json");
    sweep_month(do_apply, 0, TODAY "--format=junit\n--verbose", "junit");
    sweep_month(do_apply, 0, TODAY "--format=sarif\n--verbose", "sarif");
    sweep_month(do_apply, 0, TODAY "--report\n--lang=en", "html");
}

Test(engine_faults, no_memory_in_check)
{
    sweep_month(do_check, 2, OPTIONS, "check");
}

Test(engine_faults, no_memory_in_the_claim_call)
{
    sweep_month(do_claim, 0, TODAY "--format=json", "claim");
}

Test(engine_faults, no_memory_in_a_refusal)
{
    sweep_month(do_refused, 0, OPTIONS, "refused");
}

Test(engine_faults, no_memory_in_explain)
{
    sweep_month(do_explain, 0, "", "explain");
}

Test(engine_faults, no_memory_in_undo)
{
    hst_case c;
    set_journal(&c);
    sweep(do_undo, &c, "", "undo");
    sweep(do_undo, &c, "--format=sarif", "undo with a listing");
    hst_case_free(&c);
}

Test(engine_faults, no_memory_with_ranges)
{
    hst_case c;
    sweep_month(do_apply, 0, OPTIONS "\n--journal-ranges", "apply, ranges");
    set_ranges(&c);
    sweep(do_undo, &c, "", "undo, ranges");
    hst_case_free(&c);
}

Test(engine_faults, undo_with_ranges_commits_all_or_nothing)
{
    for (int cancel = 0; cancel < 2; cancel++) {
        tst_trial t = {.most = 1000};
        while (tst_again(&t)) {
            set_ranges(&t.c);
            *(cancel ? &t.h.cancel_at : &t.h.fail_at) = t.n;
            if (fails(&t, FU_UNDO, "")) {
                cr_expect_eq(t.st, cancel ? FU_CANCELLED : FU_E_STORE, "operation %ld", t.n);
                cr_expect_not(any_open(&t.h), "operation %ld", t.n);
                cr_expect_not(t.h.role[0].visible, "operation %ld", t.n);
            }
        }
        cr_expect_geq(t.n, 3, "%ld operations", t.n);
    }
}

/* Every read of the output fails in turn: the input's fault, by its name. */
Test(engine_faults, every_read_of_the_output_may_fail)
{
    tst_trial t = {.most = 1000};
    while (tst_again(&t)) {
        set_ranges(&t.c);
        t.c.from.fail_at = t.n;
        t.c.from.chunk = 100;
        if (fails(&t, FU_UNDO, "")) {
            cr_expect_eq(t.st, FU_E_INPUT, "read %ld", t.n);
            cr_expect_str_eq(t.e.file, "from.uke", "read %ld", t.n);
            cr_expect_str_eq(t.h.trail, "b0 a0 ", "read %ld", t.n);
        }
    }
    cr_expect_geq(t.n, 3, "%ld reads", t.n);
}
