#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_ledger.h"
#include "support_trial.h"

TestSuite(engine_ledger);

#define TODAY "--today=2026-11-09\n"
#define JSON TODAY "--format=json\n"

/* The clinic of hst_months[0], 医科, 00011 加藤　優. */
#define CLINIC "1311399991"

static void set_month(hst_case *c, const hst_month *m)
{
    hst_case_init(c);
    hst_case_month(c, m->month);
    hst_case_evidence(c, "captures.xml", m->captures, strlen(m->captures));
}

static void add_journal(hst_case *c, const led_journal *j)
{
    tst_file f = TST_FILE_INIT;
    led_write(j, &f);
    hst_case_evidence(c, j->name, f.p, f.n);
    tst_file_free(&f);
}

static int count(const hst_case *c, const char *part)
{
    char *text = hst_text(&c->listing);
    int n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        n++;
    free(text);
    return n;
}

/* The journal that apply writes of a month. */
static void journal_of(const hst_month *m, const char *options, hst_case *into, const char *name)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_month(&c, m);
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, options, NULL), FU_OK);
    hst_case_evidence(into, name, h.role[1].done.p, h.role[1].done.n);
    hst_case_free(&c);
    hst_free(&h);
}

/* ---- what apply writes, the ledger reads ---- */

Test(engine_ledger, a_claim_of_every_type_comes_out_as_the_journal_has_it)
{
    static const char *const wanted[HST_MONTHS] = {
        "{\"type\":\"ledger-entry\",\"journal\":\"j.fusho\",\"file\":\"in.uke\","
        "\"institution\":\"1311399991\",\"payer\":1,\"billed\":\"2026-11\","
        "\"claimed\":\"2026-11-09\",\"route\":\"fusho\","
        "\"reason\":\"現在の資格も旧資格もわからない\",\"month\":\"2026-10\",\"claim\":1,\"line\":"
        "2,"
        "\"receipt_no\":\"1\",\"karte\":\"00011\",\"name\":\"加藤　優\",\"kana\":\"カトウユウ\","
        "\"birth\":\"2000-10-10\",\"sex\":1,\"phone\":\"0300001111\","
        "\"deadline\":\"2027-05-20\",\"days_left\":192}\n",
        "\"institution\":\"1311399992\"",
        "\"institution\":\"1331399993\"",
        "\"institution\":\"1341399994\"",
        "\"institution\":\"1361399995\"",
    };
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c;
        char *text;
        hst_init(&h);
        hst_case_init(&c);
        journal_of(&hst_months[i], TODAY, &c, "j.fusho");
        cr_expect_eq(hst_run(&h, &c, FU_LEDGER, JSON, NULL), FU_OK, "%s", hst_months[i].type);
        text = hst_text(&c.listing);
        cr_expect_not_null(strstr(text, wanted[i]), "%s: %s", hst_months[i].type, text);
        cr_expect_not_null(strstr(text, "\"deadline\":\"2027-05-20\",\"days_left\":192"), "%s",
                           text);
        cr_expect_not_null(strstr(text, "\"birth\":\""), "%s", text);
        cr_expect_not_null(strstr(text, "\"kana\":\""), "%s", text);
        cr_expect_eq(c.summary.fusho, 1);
        cr_expect_eq(c.summary.claims, 1);
        cr_expect_eq(c.summary.exit_status, 0);
        free(text);
        hst_case_free(&c);
        hst_free(&h);
    }
}

static const char PLAIN_CLAIM[] =
    "IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"
    "RE,1,1112,202610,見本　太郎,1,19800401,,,,,,,00001,,,,,,,,,,,,,,,,,,,,,,,ミホンタロウ,\n"
    "HO,%s,1,291,,,,,,,,,\n"
    "SY,8833421,20261001,1,,,01,\n"
    "%s"
    "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
    "GO,1,291,99\n";

/* What the ledger says of a month that apply left as it was. */
static void run_untouched(const char *ho, const char *co, const char *options, hst_case *c)
{
    char text[2048];
    hst h;
    hst_case month;
    hst_init(&h);
    hst_case_init(&month);
    snprintf(text, sizeof text, PLAIN_CLAIM, ho, co);
    hst_case_month(&month, text);
    cr_assert_geq(hst_run(&h, &month, FU_APPLY, options, NULL), 0);
    cr_expect(hst_same(&h.role[0].done, month.in.p, month.in.n));
    hst_case_init(c);
    hst_case_evidence(c, "j.fusho", h.role[1].done.p, h.role[1].done.n);
    cr_expect_eq(hst_run(&h, c, FU_LEDGER, JSON, NULL), FU_OK);
    hst_case_free(&month);
    hst_free(&h);
}

Test(engine_ledger, a_claim_that_came_as_fusho_or_former_is_known_without_a_capture)
{
    static const struct {
        const char *ho, *co, *options, *want;
        int fusho, kyushikaku;
    } rows[] = {
        {"77777777,,777777777", "CO,01,1,820000246,\n", TODAY,
         "\"route\":\"fusho\",\"reason\":\"はじめから不詳で記録されている\",\"month\":\"2026-10\"",
         1, 0},
        {"77777779,,777777777", "", TODAY, "\"days_left\":192", 1, 0},
        {"06139901,１２,３４", "CO,01,1,820000245,\n", TODAY,
         "\"route\":\"kyushikaku\",\"reason\":\"はじめから旧資格情報で記録されている\"", 0, 1},
        {"77777777,,777777777", "", TODAY "--lang=en\n", "\"reason\":\"already recorded as 不詳\"",
         1, 0},
        {"06139901,１２,３４", "", TODAY, "\"entries\":0", 0, 0},
        /* a comment without the sevens is a fault of the claim (U309), and no 不詳 */
        {"06139901,１２,３４", "CO,01,1,820000246,\n", TODAY, "\"entries\":0", 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst_case c;
        run_untouched(rows[i].ho, rows[i].co, rows[i].options, &c);
        cr_expect_eq(count(&c, rows[i].want), 1, "row %zu", i);
        cr_expect_eq(c.summary.fusho, rows[i].fusho, "row %zu", i);
        cr_expect_eq(c.summary.kyushikaku, rows[i].kyushikaku, "row %zu", i);
        hst_case_free(&c);
    }
}

Test(engine_ledger, undo_takes_the_journal_as_before)
{
    hst h;
    hst_case c, back;
    hst_init(&h);
    set_month(&c, &hst_months[0]);
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK);
    hst_case_init(&back);
    hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
    cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", NULL), FU_OK);
    cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n));
    hst_case_free(&back);
    hst_case_free(&c);
    hst_free(&h);
}

/* ---- the verb ---- */

static void set_ledger(hst_case *c)
{
    hst_case_init(c);
    for (size_t i = 0; i < LED_JOURNALS_MAX && LED_MONTHS[i].name; i++)
        add_journal(c, &LED_MONTHS[i]);
}

Test(engine_ledger, every_format_goes_to_the_listing_and_the_page_to_the_report)
{
    static const struct {
        const char *options, *begins, *trail;
    } rows[] = {
        {TODAY, "不詳・旧資格の台帳（2026-11-09 現在）\n", ""},
        {TODAY "--format=json", "{\"type\":\"ledger-entry\"", ""},
        {TODAY "--format=csv", "\xEF\xBB\xBF期限,", ""},
        {TODAY "--format=html", "<!DOCTYPE html>", ""},
        {TODAY "--report=r.html", "不詳・旧資格の台帳", "b2 c2 "},
        {TODAY "--format=json\n--report", "{\"type\":\"ledger-entry\"", "b2 c2 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        char *text;
        hst_init(&h);
        set_ledger(&c);
        cr_expect_eq(hst_run(&h, &c, FU_LEDGER, rows[i].options, NULL), FU_OK, "row %zu", i);
        text = hst_text(&c.listing);
        cr_expect_eq(strncmp(text, rows[i].begins, strlen(rows[i].begins)), 0, "row %zu: %s", i,
                     text);
        cr_expect_str_eq(h.trail, rows[i].trail, "row %zu: %s", i, h.trail);
        cr_expect_eq(c.summary.claims, 5, "row %zu", i);
        cr_expect_eq(c.summary.fusho, 4, "row %zu", i);
        cr_expect_eq(c.summary.kyushikaku, 1, "row %zu", i);
        if (h.role[2].visible) {
            char *page = hst_text(&h.role[2].done);
            cr_expect_not_null(strstr(page, "<h1>不詳・旧資格の台帳</h1>"), "row %zu", i);
            free(page);
        }
        free(text);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, without_a_listing_only_the_page_is_written)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_ledger(&c);
    c.no_listing = true;
    cr_expect_eq(hst_run(&h, &c, FU_LEDGER, TODAY "--report", NULL), FU_OK);
    cr_expect(h.role[2].visible);
    cr_expect_eq(c.listing.n, 0);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine_ledger, the_day_is_the_hosts_unless_it_is_given)
{
    static const struct {
        const char *options;
        int32_t clock;
        const char *want;
    } rows[] = {
        {"", 20261109, "（2026-11-09 現在）"},
        {"", 20261110, "（2026-11-10 現在）"},
        {"--today=2026-12-01", 20261110, "（2026-12-01 現在）"},
        {"", 0, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_ledger(&c);
        h.today = rows[i].clock;
        cr_expect_eq(hst_run(&h, &c, FU_LEDGER, rows[i].options, NULL),
                     rows[i].want ? FU_OK : FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(rows[i].want ? count(&c, rows[i].want) : 1, 1, "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, formats_of_programs_are_refused_before_anything_is_written)
{
    static const char *const options[] = {TODAY "--format=junit\n--report",
                                          TODAY "--format=sarif\n--report"};
    for (size_t i = 0; i < 2; i++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        hst_init(&h);
        set_ledger(&c);
        cr_expect_eq(hst_run(&h, &c, FU_LEDGER, options[i], &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_not_null(strstr(e.message_ja, "junit と sarif"), "row %zu: %s", i, e.message_ja);
        cr_expect_eq(c.listing.n, 0, "row %zu", i);
        cr_expect_str_eq(h.trail, "", "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, mask_and_colour_reach_the_ledger)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_ledger(&c);
    cr_expect_eq(hst_run(&h, &c, FU_LEDGER, JSON "--mask", NULL), FU_OK);
    cr_expect_eq(count(&c, "00022"), 0);
    cr_expect_eq(count(&c, "\"receipt_no\":\"1\""), 2);
    cr_expect_eq(hst_run(&h, &c, FU_LEDGER, TODAY "--color", NULL), FU_OK);
    cr_expect_eq(count(&c, "\x1b[1;31m期限切れ"), 1);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine_ledger, captures_among_the_journals_are_left_alone_and_counted)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_ledger(&c);
    hst_case_evidence(&c, "captures.xml", hst_months[0].captures, strlen(hst_months[0].captures));
    cr_expect_eq(hst_run(&h, &c, FU_LEDGER, TODAY, NULL), FU_OK);
    cr_expect_eq(count(&c, "控え（.fusho）ではないファイル 1 件は見ていません。\n"), 1);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine_ledger, no_journal_at_all_is_an_empty_ledger)
{
    hst h;
    hst_case c;
    hst_init(&h);
    hst_case_init(&c);
    cr_expect_eq(hst_run(&h, &c, FU_LEDGER, TODAY, NULL), FU_OK);
    cr_expect_eq(count(&c, "見た控え 0 件。"), 1);
    hst_case_free(&c);
    hst_free(&h);
}

/* ---- what can go wrong ---- */

Test(engine_ledger, a_damaged_journal_is_named_and_ends_the_session)
{
    tst_file f = TST_FILE_INIT;
    led_write(&LED_MONTHS[0], &f);
    for (size_t n = 6; n < f.n; n++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        fu_session *s = NULL;
        hst_init(&h);
        hst_case_init(&c);
        hst_case_evidence(&c, "cut.fusho", f.p, n);
        cr_assert_eq(hst_open(&h, TODAY, &s, NULL), FU_OK);
        cr_expect_eq(hst_add_evidence(&c, s, &e), FU_E_INPUT, "cut to %zu", n);
        cr_expect_str_eq(e.code, "S703", "cut to %zu", n);
        cr_expect_str_eq(e.file, "cut.fusho", "cut to %zu", n);
        cr_expect_eq(hst_run_in(&c, s, FU_LEDGER, NULL), FU_E_MISUSE, "cut to %zu", n);
        fu_session_close(s);
        cr_expect_eq(h.mem.live, 0, "cut to %zu", n);
        hst_case_free(&c);
        hst_free(&h);
    }
    tst_file_free(&f);
}

Test(engine_ledger, a_file_cut_before_anybody_can_tell_is_refused_too)
{
    for (size_t n = 0; n < 6; n++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        hst_init(&h);
        hst_case_init(&c);
        hst_case_evidence(&c, "cut.fusho", "FUSHO-", n);
        cr_expect_eq(hst_run(&h, &c, FU_LEDGER, TODAY, &e), FU_E_INPUT, "cut to %zu", n);
        cr_expect_str_eq(e.code, "S703", "cut to %zu", n);
        cr_expect_str_eq(e.file, "cut.fusho", "cut to %zu", n);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, what_is_named_a_journal_must_be_one)
{
    /* one byte of the beginning is damaged */
    static const char journal[] = "GUSHO-JOURNAL\r\n\x1a", text[] = "<x>USHO-JOURNAL</x>";
    static const struct {
        const char *name, *code, *bytes;
        size_t n;
    } rows[] = {{"j.fusho", "S703", journal, 16}, {"2026/j.FuShO", "S703", journal, 16},
                {".fusho", "S703", journal, 16},  {"j.fusho", "S703", "", 0},
                {"j.fusho", "E501", text, 19},    {"j.fusho.x", "E501", text, 19},
                {"fusho", "E501", text, 19},      {"", "E501", text, 19}};
    static const fu_verb verbs[] = {FU_LEDGER, FU_CHECK};
    for (size_t i = 0; i < 2 * sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        hst_init(&h);
        set_month(&c, &hst_months[0]);
        hst_case_evidence(&c, rows[i / 2].name, rows[i / 2].bytes, rows[i / 2].n);
        cr_expect_eq(hst_run(&h, &c, verbs[i % 2], TODAY, &e), FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(e.code, rows[i / 2].code, "row %zu", i);
        cr_expect_str_eq(e.file, rows[i / 2].name, "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

static int64_t broken(void *ctx, void *buf, uint64_t n)
{
    int *left = ctx;
    (void)n;
    if ((*left)-- == 0)
        return -1;
    memcpy(buf, "F", 1);
    return 1;
}

Test(engine_ledger, a_stream_that_fails_once_has_failed)
{
    for (int after = 0; after < 20; after++) {
        int left = after;
        fu_stream in = {.ctx = &left, .read = broken};
        hst h;
        fu_error e = {0};
        fu_session *s = NULL;
        hst_init(&h);
        cr_assert_eq(hst_open(&h, TODAY, &s, NULL), FU_OK);
        cr_expect_eq(fu_session_evidence(s, "x", &in, &e), FU_E_INPUT, "after %d", after);
        fu_session_close(s);
        hst_free(&h);
    }
}

Test(engine_ledger, every_operation_of_the_store_may_fail)
{
    tst_trial t = {.most = 1000};
    while (tst_again(&t)) {
        set_ledger(&t.c);
        t.h.fail_at = t.n;
        t.h.chunk = 2000;
        t.st = hst_run(&t.h, &t.c, FU_LEDGER, TODAY "--report", NULL);
        if (t.st != FU_OK) {
            cr_expect_eq(t.st, FU_E_STORE, "operation %ld", t.n);
            cr_expect_not(t.h.role[2].visible || t.h.role[2].open, "operation %ld: %s", t.n,
                          t.h.trail);
            cr_expect_eq(t.c.listing.n, 0, "operation %ld", t.n);
            cr_expect_eq(t.c.summary.exit_status, 4, "operation %ld", t.n);
        }
        cr_expect_eq(t.h.mem.live, 0, "operation %ld", t.n);
    }
    cr_expect_gt(t.n, 3);
}

Test(engine_ledger, it_can_be_cancelled_and_leaves_nothing)
{
    tst_trial t = {.most = 100};
    while (tst_again(&t)) {
        set_ledger(&t.c);
        t.h.cancel_at = t.n;
        t.st = hst_run(&t.h, &t.c, FU_LEDGER, TODAY "--report", NULL);
        if (t.st != FU_OK) {
            cr_expect_eq(t.st, FU_CANCELLED, "question %ld", t.n);
            cr_expect_not(t.h.role[2].open, "question %ld", t.n);
            cr_expect_eq(t.c.summary.exit_status, 4, "question %ld", t.n);
        }
    }
    cr_expect_geq(t.n, 3);
}

Test(engine_ledger, every_allocation_may_fail)
{
    tst_trial t = {.most = 2000};
    while (tst_again(&t)) {
        set_ledger(&t.c);
        t.h.mem.fail_at = t.n;
        t.st = hst_run(&t.h, &t.c, FU_LEDGER, JSON "--report", NULL);
        if (t.st != FU_OK) {
            cr_expect_eq(t.st, FU_E_NOMEM, "allocation %ld", t.n);
            cr_expect_not(t.h.role[2].visible && t.c.listing.n > 0, "allocation %ld", t.n);
        }
        cr_expect_eq(t.h.mem.live, 0, "allocation %ld", t.n);
    }
    cr_expect_gt(t.n, 20);
}

/* ---- again the month after ---- */

#define KATO(route, month)                                                          \
    "\"claim\":1,\"route\":\"" route "\",\"receipt_no\":\"1\",\"karte\":\"00011\"," \
    "\"birth\":\"2000-10-10\",\"sex\":1,\"kana\":\"カトウユウ\",\"month\":\"" month "\""

static const struct {
    led_journal j;
    bool again;
} PASTS[] = {
    {{"p", CLINIC, 202610, 1, 20261009, {KATO("fusho", "202609")}}, true},
    {{"p", CLINIC, 202610, 2, 20261009, {KATO("fusho", "202609")}}, true}, /* the other payer */
    {{"p", CLINIC, 202609, 1, 20260909, {KATO("fusho", "202608")}}, false},
    {{"p", CLINIC, 202611, 1, 20261105, {KATO("fusho", "202610")}}, false}, /* this month's own */
    {{"p", CLINIC, 202612, 1, 20261209, {KATO("fusho", "202611")}}, false},
    {{"p", CLINIC, 202610, 1, 20261009, {KATO("kyushikaku", "202609")}}, false},
    {{"p", CLINIC, 202610, 1, 20261009, {KATO("current", "202609")}}, false},
    {{"p", "1311399999", 202610, 1, 20261009, {KATO("fusho", "202609")}}, false},
    {{"p", NULL, 0, 0, 20261009, {KATO("fusho", "202609")}}, false}, /* an earlier build */
};

Test(engine_ledger, fusho_again_the_month_after_is_told)
{
    static const fu_verb verbs[] = {FU_APPLY, FU_CHECK};
    for (size_t i = 0; i < 2 * sizeof PASTS / sizeof PASTS[0]; i++) {
        const led_journal *j = &PASTS[i / 2].j;
        int want = PASTS[i / 2].again;
        bool apply = verbs[i % 2] == FU_APPLY;
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, &hst_months[0]);
        add_journal(&c, j);
        cr_expect_eq(hst_run(&h, &c, verbs[i % 2], JSON, NULL), FU_OK, "row %zu", i);
        /* check looks at the claim as it is: it is no 不詳 yet */
        cr_expect_eq(count(&c, "\"code\":\"U317\",\"severity\":\"warning\""), apply && want,
                     "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"R607\",\"severity\":\"info\""), want, "row %zu", i);
        cr_expect_eq(count(&c, "（前の月も不詳）"), apply && want, "row %zu", i);
        if (apply)
            cr_expect_eq(count(&c, "\"route\":\"fusho\""), 1, "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, a_claim_that_came_as_fusho_is_told_by_check_too)
{
    static const struct {
        const char *ho, *kind;
        const char *found;
        int want;
    } rows[] = {
        {"77777777,,777777777", "1112", "（前の月も不詳）", 1},
        {"77777777,,777777777", "1111", "（入院、前の月も不詳）", 1},
        {"06139901,１２,３４", "1112", "不詳", 0},
    };
    static const led_journal past = {
        "p",
        CLINIC,
        202610,
        1,
        20261009,
        {"\"route\":\"fusho\",\"receipt_no\":\"1\",\"karte\":\"00001\","
         "\"birth\":\"1980-04-01\",\"month\":\"202609\""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[2048];
        hst h;
        hst_case c;
        hst_init(&h);
        hst_case_init(&c);
        snprintf(text, sizeof text, PLAIN_CLAIM, rows[i].ho, "");
        memcpy(strstr(text, "1112"), rows[i].kind, 4);
        hst_case_month(&c, text);
        add_journal(&c, &past);
        cr_expect_geq(hst_run(&h, &c, FU_CHECK, JSON, NULL), 0, "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"U317\""), rows[i].want, "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"R607\""), rows[i].want, "row %zu", i);
        cr_expect_eq(count(&c, rows[i].found), rows[i].want, "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, the_claim_call_knows_the_past_too)
{
    for (size_t i = 0; i < sizeof PASTS / sizeof PASTS[0]; i++) {
        hst h;
        hst_case c;
        fu_session *s = NULL;
        fu_claim_job job;
        fu_stream listing;
        size_t n, head, end;
        char *uke = hst_uke(hst_months[0].month, &n);
        hst_init(&h);
        hst_case_init(&c);
        add_journal(&c, &PASTS[i].j);
        cr_assert_eq(hst_open(&h, JSON, &s, NULL), FU_OK);
        cr_assert_eq(hst_add_evidence(&c, s, NULL), FU_OK);
        head = (size_t)(strstr(uke, "RE,") - uke);
        end = (size_t)(strstr(uke, "GO,") - uke);
        memset(&job, 0, sizeof job);
        listing = tst_stream(&c.listing);
        job.header = fu_span_of(uke, head);
        job.records = fu_span_of(uke + head, end - head);
        job.evidence = fu_span_str(hst_months[0].captures);
        job.listing = &listing;
        cr_expect_eq(fu_session_claim(s, &job, NULL), FU_OK, "row %zu", i);
        cr_expect_eq(job.route, FU_R_FUSHO, "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"U317\""), PASTS[i].again, "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"R607\""), PASTS[i].again, "row %zu", i);
        fu_session_close(s);
        free(uke);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, the_order_of_the_evidence_and_the_threads_do_not_show)
{
    tst_file want = TST_FILE_INIT;
    for (size_t i = 0; i < 3; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        h.threads = 4;
        h.libc = true;
        hst_case_init(&c);
        hst_case_month(&c, hst_months[0].month);
        if (i == 1)
            add_journal(&c, &PASTS[0].j);
        hst_case_evidence(&c, "captures.xml", hst_months[0].captures,
                          strlen(hst_months[0].captures));
        if (i != 1)
            add_journal(&c, &PASTS[0].j);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, i == 2 ? JSON "--jobs=4" : JSON, NULL), FU_OK);
        if (i == 0)
            tst_file_set(&want, c.listing.p, c.listing.n);
        cr_expect(hst_same(&c.listing, want.p, want.n), "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
    tst_file_free(&want);
}

Test(engine_ledger, a_journal_alone_changes_nothing_else)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c;
        tst_file want = TST_FILE_INIT;
        hst_init(&h);
        hst_case_init(&c);
        hst_case_month(&c, hst_months[i].month);
        cr_expect_geq(hst_run(&h, &c, FU_APPLY, JSON, NULL), 0);
        tst_file_set(&want, c.listing.p, c.listing.n);
        add_journal(&c, &PASTS[0].j);
        cr_expect_geq(hst_run(&h, &c, FU_APPLY, JSON, NULL), 0);
        cr_expect(hst_same(&c.listing, want.p, want.n), "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", hst_months[i].type);
        tst_file_free(&want);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_ledger, every_allocation_of_apply_with_a_past_may_fail)
{
    tst_trial t = {.most = 2000};
    while (tst_again(&t)) {
        set_month(&t.c, &hst_months[0]);
        add_journal(&t.c, &PASTS[0].j);
        t.h.mem.fail_at = t.n;
        t.st = hst_run(&t.h, &t.c, FU_APPLY, JSON, NULL);
        if (t.st != FU_OK)
            cr_expect_eq(t.st, FU_E_NOMEM, "allocation %ld", t.n);
        cr_expect_eq(t.h.mem.live, 0, "allocation %ld", t.n);
    }
    cr_expect_gt(t.n, 30);
}
