#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "support_host.h"
#include "uke/claim.h"
#include "base/buf.h"
#include "uke/reader.h"

TestSuite(engine);

#define TODAY "--today=2026-11-09\n"
#define JSON TODAY "--format=json\n"

static void set_month(hst_case *c, const hst_month *m, bool captures)
{
    hst_case_init(c);
    hst_case_month(c, m->month);
    if (captures)
        hst_case_evidence(c, "captures.xml", m->captures, strlen(m->captures));
}

static bool committed(const hst *h)
{
    return h->role[0].visible || h->role[1].visible || h->role[2].visible;
}

/* How often a text stands in the listing. */
static int count(const hst_case *c, const char *part)
{
    char *text = hst_text(&c->listing);
    int n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        n++;
    free(text);
    return n;
}

static const char *last_line(const hst_case *c)
{
    static char line[1024];
    char *text = hst_text(&c->listing), *at;
    size_t n = strlen(text);
    if (n && text[n - 1] == '\n')
        text[n - 1] = '\0';
    at = strrchr(text, '\n');
    snprintf(line, sizeof line, "%s", at ? at + 1 : text);
    free(text);
    return line;
}

/* ---- apply ---- */

Test(engine, without_evidence_the_output_is_the_input)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, &hst_months[i], false);
        cr_expect_geq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), 0, "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", hst_months[i].type);
        cr_expect_eq(c.summary.claims, 1, "%s", hst_months[i].type);
        cr_expect_eq(c.summary.fusho, 0, "%s", hst_months[i].type);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, a_capture_turns_the_claim_into_what_is_expected)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c;
        size_t n;
        char *want = hst_uke(hst_months[i].expected, &n);
        hst_init(&h);
        set_month(&c, &hst_months[i], true);
        cr_expect_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK, "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, want, n), "%s", hst_months[i].type);
        cr_expect_eq(c.summary.fusho, 1, "%s", hst_months[i].type);
        cr_expect_eq(c.summary.payers, 1, "%s", hst_months[i].type);
        cr_expect_eq(c.summary.errors, 0, "%s", hst_months[i].type);
        free(want);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, its_own_output_is_left_alone_and_keeps_its_route)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, &hst_months[i], true);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, JSON, NULL), FU_OK);
        hst_case_input(&c, h.role[0].done.p, h.role[0].done.n);
        cr_expect_eq(hst_run(&h, &c, FU_APPLY, JSON, NULL), FU_OK, "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", hst_months[i].type);
        cr_expect_eq(c.summary.fusho, 1, "%s", hst_months[i].type);
        cr_expect_eq(count(&c, "\"route\":\"fusho\""), 1, "%s", hst_months[i].type);
        cr_expect_eq(count(&c, "\"edits\":[]"), 1, "%s", hst_months[i].type);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, a_journal_with_ranges_gives_back_the_original_from_the_output)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c, back;
        fu_error e;
        size_t n;
        hst_init(&h);
        set_month(&c, &hst_months[i], true);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY "--journal-ranges", NULL), FU_OK);
        hst_case_init(&back);
        hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
        cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", &e), FU_E_INPUT, "%s", hst_months[i].type);
        cr_expect_str_eq(e.code, "S703", "%s", hst_months[i].type);
        cr_expect_str_eq(e.file, "in.uke", "%s", hst_months[i].type);
        n = h.role[0].done.n;
        hst_case_from(&back, h.role[0].done.p, n);
        h.trail[0] = '\0';
        for (size_t k = 0; k <= n; k++) { /* each byte changed, and one byte less at the end */
            back.from.n = k < n ? n : n - 1;
            if (k < n)
                back.from.p[k] ^= 0x20;
            cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", &e), FU_E_INPUT, "byte %zu", k);
            cr_expect_str_eq(e.code, "S703", "byte %zu", k);
            cr_expect_str_eq(e.file, "from.uke", "byte %zu", k);
            if (k < n)
                back.from.p[k] ^= 0x20;
        }
        back.from.n = n;
        cr_expect_null(strchr(h.trail, 'c'), "%s", hst_months[i].type);
        cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", NULL), FU_OK, "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", hst_months[i].type);
        hst_case_free(&back);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, a_whole_journal_and_a_longer_output_are_refused_with_from)
{
    hst h;
    hst_case c, back;
    fu_error e;
    fu_stream more;
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK);
    hst_case_init(&back);
    hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
    hst_case_from(&back, h.role[0].done.p, h.role[0].done.n);
    cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", &e), FU_E_INPUT);
    cr_expect_str_eq(e.code, "S703");
    cr_expect(strstr(e.hint_ja, "--from を付けずに"));
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY "--journal-ranges", NULL), FU_OK);
    hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
    hst_case_from(&back, h.role[0].done.p, h.role[0].done.n);
    back.from.pos = back.from.n;
    more = tst_stream(&back.from);
    more.write(more.ctx, "\x1a", 1);
    cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", &e), FU_E_INPUT);
    cr_expect_str_eq(e.file, "from.uke");
    back.from.n--;
    back.from.fail_at = back.from.ops; /* a read that fails is no store's fault */
    cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", &e), FU_E_INPUT);
    cr_expect_str_eq(e.file, "from.uke");
    cr_expect_str_eq(e.code, "S704");
    hst_case_free(&back);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, undo_gives_back_the_original_bit_by_bit)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        hst h;
        hst_case c, back;
        hst_init(&h);
        set_month(&c, &hst_months[i], true);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK);
        hst_case_init(&back);
        hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
        h.trail[0] = '\0';
        cr_expect_eq(hst_run(&h, &back, FU_UNDO, "", NULL), FU_OK, "%s", hst_months[i].type);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", hst_months[i].type);
        cr_expect_str_eq(h.trail, "b0 c0 ", "%s", hst_months[i].type);
        hst_case_free(&back);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, the_journal_is_committed_before_the_output_and_the_report_last)
{
    static const struct {
        fu_verb verb;
        const char *options, *trail;
    } rows[] = {
        {FU_APPLY, TODAY, "b0 b1 c1 c0 "},
        {FU_APPLY, TODAY "--report=r.html\n", "b2 b0 b1 c1 c0 c2 "},
        {FU_APPLY, TODAY "--dry-run", ""},
        {FU_APPLY, TODAY "--dry-run\n--report", "b2 c2 "},
        {FU_CHECK, TODAY, ""},
        {FU_CHECK, TODAY "--report\n", "b2 c2 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, &hst_months[0], true);
        cr_expect_geq(hst_run(&h, &c, rows[i].verb, rows[i].options, NULL), 0, "row %zu", i);
        cr_expect_str_eq(h.trail, rows[i].trail, "row %zu: %s", i, h.trail);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, the_summary_line_has_an_output_only_when_there_is_one)
{
    static const struct {
        fu_verb verb;
        const char *options, *line;
    } rows[] = {
        {FU_APPLY, JSON,
         "{\"type\":\"summary\",\"file\":\"in.uke\",\"claims\":1,\"payers\":1,\"fusho\":1,"
         "\"kyushikaku\":0,\"current\":0,\"hold\":0,\"errors\":0,\"warnings\":0,"
         "\"output\":\"out.uke\"}"},
        {FU_APPLY, JSON "--dry-run",
         "{\"type\":\"summary\",\"file\":\"in.uke\",\"claims\":1,\"payers\":1,\"fusho\":1,"
         "\"kyushikaku\":0,\"current\":0,\"hold\":0,\"errors\":0,\"warnings\":0}"},
        {FU_CHECK, JSON,
         "{\"type\":\"summary\",\"file\":\"in.uke\",\"claims\":1,\"payers\":1,\"fusho\":1,"
         "\"kyushikaku\":0,\"current\":0,\"hold\":0,\"errors\":0,\"warnings\":0}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        set_month(&c, &hst_months[0], true);
        cr_assert_eq(hst_run(&h, &c, rows[i].verb, rows[i].options, NULL), FU_OK, "row %zu", i);
        cr_expect_str_eq(last_line(&c), rows[i].line, "row %zu: %s", i, last_line(&c));
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, one_byte_at_a_time_gives_the_same)
{
    hst h, slow;
    hst_case c;
    tst_file listing = TST_FILE_INIT;
    static const char options[] = JSON "--report";
    hst_init(&h);
    hst_init(&slow);
    set_month(&c, &hst_months[1], true);
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, options, NULL), FU_OK);
    tst_file_set(&listing, c.listing.p, c.listing.n);
    slow.chunk = c.in.chunk = c.listing.chunk = 1;
    cr_assert_eq(hst_run(&slow, &c, FU_APPLY, options, NULL), FU_OK);
    for (int i = 0; i < FU_ROLES; i++)
        cr_expect(hst_same(&slow.role[i].done, h.role[i].done.p, h.role[i].done.n), "role %d", i);
    cr_expect(hst_same(&c.listing, listing.p, listing.n));
    tst_file_set(&listing, c.in.p, c.in.n);
    hst_case_input(&c, h.role[1].done.p, h.role[1].done.n);
    cr_assert_eq(hst_run(&slow, &c, FU_UNDO, "", NULL), FU_OK);
    cr_expect(hst_same(&slow.role[0].done, listing.p, listing.n));
    tst_file_free(&listing);
    hst_case_free(&c);
    hst_free(&slow);
    hst_free(&h);
}

/* ---- refused ---- */

#define IR "IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"
#define RE "RE,1,1116,202610,加藤　優,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,カトウユウ,\n"
#define HO "HO,06139935,４４,５５,1,359,,,,,,,,,\n"

Test(engine, what_is_no_claim_file_is_refused_with_its_code)
{
    static const struct {
        const char *text;
        fu_verb verb;
        fu_status status;
        const char *code;
        uint64_t line;
    } rows[] = {
        {"XX,1\nGO,1,1,99\n", FU_APPLY, FU_E_INPUT, "F101", 1},
        {"XX,1\nGO,1,1,99\n", FU_CHECK, FU_E_INPUT, "F101", 1},
        {RE HO "GO,1,359,99\n", FU_APPLY, FU_E_INPUT, "F101", 1},
        {"", FU_CHECK, FU_E_INPUT, "F101", 1}, /* only 0x1A */
        {IR RE HO, FU_APPLY, FU_E_INPUT, "F110", 4},
        {IR RE HO, FU_CHECK, FU_FINDINGS, "", 0},
        {IR RE HO "GO,1,359,99\n" RE, FU_APPLY, FU_E_INPUT, "F110", 5},
        {IR RE HO "GO,1,359,01\n", FU_APPLY, FU_E_INPUT, "F110", 4},
        {IR "RR,1\nGO,1,359,99\n", FU_CHECK, FU_E_INPUT, "F111", 2},
        {"1,1,1,RE,1\n", FU_APPLY, FU_E_INPUT, "F111", 1},
        {"PK\x03\x04,1\n", FU_APPLY, FU_E_INPUT, "F111", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        fu_status st;
        hst_init(&h);
        hst_case_init(&c);
        hst_case_month(&c, rows[i].text);
        st = hst_run(&h, &c, rows[i].verb, JSON "--report", &e);
        cr_expect_eq(st, rows[i].status, "row %zu: %d", i, (int)st);
        if (st < 0) {
            cr_expect_str_eq(e.code, rows[i].code, "row %zu: %s", i, e.code);
            cr_expect_str_eq(e.file, "in.uke", "row %zu", i);
            cr_expect_eq(e.line, rows[i].line, "row %zu: %d", i, (int)e.line);
            cr_expect_neq(e.message_ja[0], '\0', "row %zu", i);
            cr_expect_neq(e.hint_ja[0], '\0', "row %zu", i);
            cr_expect_eq(e.status, FU_E_INPUT, "row %zu", i);
            cr_expect_eq(c.summary.exit_status, 3, "row %zu", i);
            cr_expect_not(committed(&h), "row %zu: %s", i, h.trail);
            cr_expect_eq(count(&c, "\"type\":\"finding\""),
                         (int)(c.summary.errors + c.summary.warnings + c.summary.infos), "row %zu",
                         i);
            cr_expect_gt(c.summary.errors, 0, "row %zu", i);
            cr_expect_eq(count(&c, "\"output\""), 0, "row %zu", i);
            cr_expect_eq(count(&c, "\"type\":\"summary\""), 1, "row %zu", i);
        }
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, an_empty_file_and_utf8_are_refused_too)
{
    static const struct {
        const char *text;
    } rows[] = {{""}, {"\xEF\xBB\xBFIR,1\r\n"}, {IR RE HO "GO,1,359,99\n"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (int verb = FU_APPLY; verb <= FU_CHECK; verb++) {
            hst h;
            hst_case c;
            fu_error e = {0};
            hst_init(&h);
            hst_case_init(&c);
            hst_case_input(&c, rows[i].text, strlen(rows[i].text));
            cr_expect_eq(hst_run(&h, &c, (fu_verb)verb, JSON, &e), FU_E_INPUT, "row %zu", i);
            cr_expect_str_eq(e.code, "F111", "row %zu", i);
            cr_expect_not(committed(&h), "row %zu", i);
            hst_case_free(&c);
            hst_free(&h);
        }
    }
}

/* A file that is made while it is read. */
typedef struct maker {
    const char *head, *row;
    uint64_t rows, at;
    size_t off;
} maker;

static int64_t make(void *ctx, void *buf, uint64_t n)
{
    maker *m = ctx;
    uint64_t k = 0;
    while (k < n && m->at <= m->rows) {
        const char *text = m->at == 0 ? m->head : m->row;
        size_t left = strlen(text) - m->off, part = left < n - k ? left : (size_t)(n - k);
        memcpy((char *)buf + k, text + m->off, part);
        k += part;
        m->off += part;
        if (m->off == strlen(text)) {
            m->off = 0;
            m->at++;
        }
    }
    return (int64_t)k;
}

static int32_t make_again(void *ctx)
{
    maker *m = ctx;
    m->at = 0;
    m->off = 0;
    return 0;
}

#define IR_ASCII "IR,1,13,1,1399991,,X,202611,00,03-0000-0001\r\n"
#define TEN_KIB_OF(x) x x x x x x x x x x
#define COMMAS ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"

Test(engine, limits_are_named_and_exit_with_3, .timeout = 300)
{
    static const char *const row1k = "CO,01,1,810000001," TEN_KIB_OF(
        "0123456789012345678901234567890123456789012345678901234567890123456789") "\r\n";
    static const struct {
        maker m;
        const char *name;
    } rows[] = {
        {{"IR,1,13,1,1399991,,", "0123456789ABCDEF", 5000, 0, 0}, "FU_RECORD_BYTES_MAX (65536)"},
        {{IR_ASCII "RE,1,1116,202610\r\n", "CO,1\r\n", 50001, 0, 0},
         "FU_CLAIM_RECORDS_MAX (50000)"},
        {{IR_ASCII "RE,1,1116,202610\r\n", NULL, 47000, 0, 0}, "FU_CLAIM_BYTES_MAX (33554432)"},
        {{IR_ASCII "RE,1", TEN_KIB_OF(COMMAS), 4, 0, 0}, "FU_FIELDS_MAX (2048)"},
        {{IR_ASCII, "RE,1\r\n", 2000001, 0, 0}, "FU_CLAIMS_MAX (2000000)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_session *s = NULL;
        fu_error e = {0};
        maker m = rows[i].m;
        fu_stream in = {&m, make, NULL, make_again}, listing;
        fu_job job;
        fu_status st;
        char want[128];
        m.row = m.row ? m.row : row1k;
        hst_init(&h);
        h.libc = true;
        hst_case_init(&c);
        listing = tst_stream(&c.listing);
        memset(&job, 0, sizeof job);
        job.verb = FU_CHECK;
        job.input_name = "in.uke";
        job.output_name = "";
        job.input = &in;
        job.listing = &listing;
        cr_assert_eq(hst_open(&h, JSON, &s, NULL), FU_OK);
        st = fu_session_run(s, &job, &e);
        cr_expect_eq(st, FU_E_LIMIT, "row %zu: %d", i, (int)st);
        cr_expect_eq(fu_exit_status(st), 3, "row %zu", i);
        cr_expect_str_eq(e.code, "F113", "row %zu", i);
        snprintf(want, sizeof want, "limit %s exceeded", rows[i].name);
        cr_expect_str_eq(e.message_en, want, "row %zu: %s", i, e.message_en);
        cr_expect_str_eq(e.file, "in.uke", "row %zu", i);
        cr_expect_eq(count(&c, "\"code\":\"F113\""), 1, "row %zu", i);
        cr_expect_eq(count(&c, "\"type\":\"summary\""), 1, "row %zu", i);
        fu_session_close(s);
        hst_case_free(&c);
        hst_free(&h);
    }
}

static int32_t make_no_more(void *ctx)
{
    (void)ctx;
    return -1;
}

/* The first pass counts the claims; that the second one is asked for says that it had no objection.
 */
Test(engine, a_file_may_have_2000000_claims, .timeout = 300)
{
    for (uint64_t n = FU_CLAIMS_MAX; n <= FU_CLAIMS_MAX + 1u; n++) {
        hst h;
        fu_session *s = NULL;
        fu_error e = {0};
        maker m = {IR_ASCII, "RE,1\r\n", n, 0, 0};
        fu_stream in = {&m, make, NULL, make_no_more};
        tst_file out = TST_FILE_INIT;
        fu_stream listing = tst_stream(&out);
        fu_job job = {.verb = FU_CHECK, .input_name = "in.uke", .output_name = ""};
        job.input = &in;
        job.listing = &listing;
        hst_init(&h);
        h.libc = true;
        cr_assert_eq(hst_open(&h, JSON, &s, NULL), FU_OK);
        cr_expect_eq(fu_session_run(s, &job, &e) == FU_E_LIMIT, n > FU_CLAIMS_MAX);
        cr_expect_str_eq(e.code, n > FU_CLAIMS_MAX ? "F113" : "S704");
        cr_expect_gt(m.at, (uint64_t)FU_CLAIMS_MAX, "all were read");
        fu_session_close(s);
        tst_file_free(&out);
        hst_free(&h);
    }
}

/* ---- input that changes between the passes ---- */

static void change_input(hst *h)
{
    tst_file *in = h->hook_ctx;
    if (h->role[0].open && in->n > 70)
        in->p[in->n - 4] ^= 1;
}

static void lengthen_input(hst *h)
{
    tst_file *in = h->hook_ctx;
    if (h->role[0].open && in->n < in->cap)
        in->p[in->n++] = '\n';
}

Test(engine, an_input_that_changes_between_the_passes_is_refused)
{
    static void (*const hooks[])(hst *) = {change_input, lengthen_input};
    for (size_t i = 0; i < 2; i++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        hst_init(&h);
        set_month(&c, &hst_months[0], true);
        c.in.chunk = 64; /* so that the second pass still has something to read */
        h.hook = hooks[i];
        h.hook_ctx = &c.in;
        cr_expect_eq(hst_run(&h, &c, FU_APPLY, JSON "--report", &e), FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(e.code, "F110", "row %zu", i);
        cr_expect_not(committed(&h), "row %zu: %s", i, h.trail);
        cr_expect_str_eq(h.trail, "b2 b0 b1 a0 a1 a2 ", "row %zu: %s", i, h.trail);
        cr_expect_eq(count(&c, "\"code\":\"F110\""), 1, "row %zu", i);
        cr_expect_eq(count(&c, "\"type\":\"summary\""), 1, "row %zu", i);
        cr_expect_eq(count(&c, "\"output\""), 0, "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

/* ---- the session's life ---- */

Test(engine, evidence_after_a_run_is_refused_and_the_session_lives_on)
{
    hst h;
    hst_case c;
    fu_session *s = NULL;
    fu_error e = {0};
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_assert_eq(hst_open(&h, TODAY, &s, &e), FU_OK);
    cr_assert_eq(hst_add_evidence(&c, s, &e), FU_OK);
    cr_assert_eq(hst_run_in(&c, s, FU_APPLY, &e), FU_OK);
    cr_expect_eq(hst_add_evidence(&c, s, &e), FU_E_MISUSE);
    cr_expect_str_eq(e.message_ja, "窓口記録は処理を始める前に渡してください。");
    cr_expect_eq(hst_run_in(&c, s, FU_APPLY, &e), FU_OK);
    cr_expect_eq(c.summary.fusho, 1);
    fu_session_close(s);
    cr_expect_eq(h.mem.live, 0);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, evidence_that_cannot_be_read_ends_the_session)
{
    static const struct {
        const char *text;
        long fail_at;
        fu_status status;
        const char *code;
    } rows[] = {
        {"<captures xmlns='urn:fusho:capture:1'>", -1, FU_E_INPUT, "E501"},
        {"<other/>", -1, FU_E_INPUT, "E501"},
        {"<captures xmlns='urn:fusho:capture:1'/>", 0, FU_E_INPUT, "E501"},
        {"<captures xmlns='urn:fusho:capture:1'/>", 1, FU_E_INPUT, "E501"},
        {"<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><"
         "a><a>"
         "<a><a><a>",
         -1, FU_E_INPUT, "E501"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_session *s = NULL;
        fu_error e = {0};
        tst_file f = TST_FILE_INIT;
        fu_stream in = tst_stream(&f);
        fu_status st;
        hst_init(&h);
        set_month(&c, &hst_months[0], false);
        tst_file_set(&f, rows[i].text, strlen(rows[i].text));
        f.fail_at = rows[i].fail_at;
        cr_assert_eq(hst_open(&h, TODAY, &s, NULL), FU_OK);
        st = fu_session_evidence(s, "bad.xml", &in, &e);
        cr_expect_eq(st, rows[i].status, "row %zu: %d", i, (int)st);
        cr_expect_eq(fu_exit_status(st), 3, "row %zu", i);
        cr_expect_str_eq(e.code, rows[i].code, "row %zu: %s", i, e.code);
        cr_expect_str_eq(e.file, "bad.xml", "row %zu", i);
        cr_expect_eq(hst_run_in(&c, s, FU_APPLY, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_str_eq(e.message_ja, "失敗したセッションは閉じてください。", "row %zu", i);
        cr_expect_eq(fu_session_explain(s, "T401", &in, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(fu_session_evidence(s, "x", &in, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_str_eq(h.trail, "", "row %zu", i);
        fu_session_close(s);
        tst_file_free(&f);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, evidence_over_a_limit_is_e513)
{
    hst h;
    fu_session *s = NULL;
    fu_error e = {0};
    maker m = {"<captures xmlns='urn:fusho:capture:1'>", "                ", 1u << 22, 0, 0};
    fu_stream in = {&m, make, NULL, make_again};
    hst_init(&h);
    h.libc = true;
    cr_assert_eq(hst_open(&h, TODAY, &s, NULL), FU_OK);
    cr_expect_eq(fu_session_evidence(s, "big.xml", &in, &e), FU_E_LIMIT);
    cr_expect_str_eq(e.code, "E513");
    cr_expect_str_eq(e.message_en, "limit FU_EVIDENCE_FILE_BYTES_MAX (67108864) exceeded");
    cr_expect_str_eq(e.file, "big.xml");
    fu_session_close(s);
    hst_free(&h);
}

typedef struct again {
    fu_session *s;
    hst_case *c;
    int tried, refused, closed;
} again;

static void call_again(hst *h)
{
    again *a = h->hook_ctx;
    hst_case c = *a->c;
    fu_stream out = tst_stream(&c.listing);
    fu_claim_job claim;
    fu_job job;
    fu_error e;
    memset(&claim, 0, sizeof claim);
    memset(&job, 0, sizeof job);
    job.verb = FU_CHECK;
    job.input = &out;
    a->tried += 4;
    a->refused += fu_session_evidence(a->s, "x", &out, &e) == FU_E_MISUSE;
    a->refused += fu_session_run(a->s, &job, &e) == FU_E_MISUSE;
    a->refused += fu_session_claim(a->s, &claim, &e) == FU_E_MISUSE;
    a->refused += fu_session_explain(a->s, "T401", &out, &e) == FU_E_MISUSE;
    a->refused += strcmp(e.message_ja, "処理の途中に同じセッションが呼ばれました。") != 0;
    a->closed += fu_session_close(a->s);
}

Test(engine, a_session_refuses_to_be_called_from_its_callbacks)
{
    hst h;
    hst_case c;
    again a = {NULL, &c, 0, 0, 0};
    size_t n;
    char *want = hst_uke(hst_months[0].expected, &n);
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_assert_eq(hst_open(&h, "--report", &a.s, NULL), FU_OK);
    cr_assert_eq(hst_add_evidence(&c, a.s, NULL), FU_OK);
    h.hook = call_again;
    h.hook_ctx = &a;
    cr_expect_eq(hst_run_in(&c, a.s, FU_APPLY, NULL), FU_OK);
    cr_expect(hst_same(&h.role[0].done, want, n));
    cr_expect_gt(a.tried, 40);
    cr_expect_eq(a.refused, a.tried, "%d of %d", a.refused, a.tried);
    cr_expect_eq(a.closed, 0);
    h.hook = NULL;
    cr_expect(fu_session_close(a.s));
    cr_expect(fu_session_close(NULL));
    free(want);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, what_cannot_be_asked_for_is_misuse)
{
    hst h;
    hst_case c;
    fu_session *s = NULL;
    fu_host host;
    fu_error e = {0};
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_expect_eq(hst_open(&h, "--force", &s, &e), FU_E_MISUSE);
    cr_expect_null(s);

    cr_assert_eq(hst_open(&h, TODAY, &s, &e), FU_OK);
    cr_expect_eq(hst_run_in(&c, s, (fu_verb)0, &e), FU_E_MISUSE);
    cr_expect_eq(hst_run_in(&c, s, (fu_verb)9, &e), FU_E_MISUSE);
    cr_expect_str_eq(e.message_ja, "知らない処理が指定されました。");
    cr_expect_eq(hst_run_in(&c, s, FU_CHECK, &e), FU_OK);
    fu_session_close(s);

    host = hst_host(&h);
    host.store_commit = NULL;
    cr_assert_eq(fu_session_open(&s, &host, fu_span_str(JSON), &e), FU_OK);
    cr_expect_eq(hst_run_in(&c, s, FU_APPLY, &e), FU_E_MISUSE);
    cr_expect_eq(hst_run_in(&c, s, FU_UNDO, &e), FU_E_MISUSE);
    cr_expect_str_eq(e.message_ja, "書き込み先がありません。");
    cr_expect_eq(hst_run_in(&c, s, FU_CHECK, &e), FU_OK);
    cr_expect_str_eq(h.trail, "");
    fu_session_close(s);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, today_is_the_options_or_else_the_hosts_at_every_run)
{
    static const struct {
        const char *options;
        int32_t host;
        fu_status status;
        const char *deadline;
    } rows[] = {
        {"--format=json\n--today=2026-11-09", 20270101, FU_OK, "2027-05-20"},
        {"--format=json", 20261109, FU_OK, "2027-05-20"},
        {"--format=json", 20270131, FU_OK, "2027-07-20"},
        {"--format=json", 0, FU_E_MISUSE, NULL},
        {"--format=json", -1, FU_E_MISUSE, NULL},
        {"--format=json", 20260230, FU_E_MISUSE, NULL},
        {"--format=json", 5, FU_E_MISUSE, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_error e = {0};
        hst_init(&h);
        h.today = rows[i].host;
        set_month(&c, &hst_months[0], true);
        cr_expect_eq(hst_run(&h, &c, FU_CHECK, rows[i].options, &e), rows[i].status, "row %zu", i);
        if (rows[i].deadline)
            cr_expect_geq(count(&c, rows[i].deadline), 1, "row %zu", i);
        else
            cr_expect_str_eq(e.message_ja,
                             "今日の日付がわかりません。--today で日付を指定してください。",
                             "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine, a_session_that_stays_open_sees_the_next_day)
{
    hst h;
    hst_case c;
    fu_session *s = NULL;
    fu_host host;
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_assert_eq(hst_open(&h, "--format=json", &s, NULL), FU_OK);
    cr_assert_eq(hst_add_evidence(&c, s, NULL), FU_OK);
    cr_assert_eq(hst_run_in(&c, s, FU_CHECK, NULL), FU_OK);
    cr_expect_geq(count(&c, "2027-05-20"), 1);
    h.today = 20261201;
    tst_file_set(&c.listing, "", 0);
    cr_assert_eq(hst_run_in(&c, s, FU_CHECK, NULL), FU_OK);
    cr_expect_geq(count(&c, "2027-06-20"), 1);
    fu_session_close(s);

    host = hst_host(&h);
    host.today = NULL;
    cr_assert_eq(fu_session_open(&s, &host, fu_span_str(""), NULL), FU_OK);
    cr_expect_eq(hst_run_in(&c, s, FU_CHECK, NULL), FU_E_MISUSE);
    fu_session_close(s);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, a_capture_that_fits_no_claim_is_told_with_the_last_file)
{
    hst h;
    hst_case c;
    fu_session *s = NULL;
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    hst_case_evidence(&c, "other.xml", hst_months[1].captures, strlen(hst_months[1].captures));
    hst_case_evidence(&c, "third.xml", hst_months[2].captures, strlen(hst_months[2].captures));
    cr_assert_eq(hst_open(&h, JSON, &s, NULL), FU_OK);
    cr_assert_eq(hst_add_evidence(&c, s, NULL), FU_OK);
    c.more_files = true;
    cr_assert_eq(hst_run_in(&c, s, FU_CHECK, NULL), FU_OK);
    cr_expect_eq(count(&c, "\"code\":\"E504\""), 0);
    c.more_files = false;
    hst_case_month(&c, hst_months[1].month);
    tst_file_set(&c.listing, "", 0);
    cr_assert_geq(hst_run_in(&c, s, FU_CHECK, NULL), 0);
    /* ika was matched in the first file, dpc in this one. */
    cr_expect_eq(count(&c, "\"code\":\"E504\""), 1);
    cr_expect_eq(count(&c, "\"file\":\"third.xml\""), 1);
    fu_session_close(s);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, statuses_have_the_exit_statuses_of_the_command)
{
    static const struct {
        fu_status st;
        int want;
    } rows[] = {{FU_OK, 0},        {FU_FINDINGS, 1}, {FU_CANCELLED, 4}, {FU_E_INPUT, 3},
                {FU_E_STORE, 4},   {FU_E_NOMEM, 5},  {FU_E_LIMIT, 3},   {FU_E_MISUSE, 2},
                {FU_E_VERSION, 5}, {FU_E_FATAL, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(fu_exit_status(rows[i].st), rows[i].want, "row %zu", i);
}

Test(engine, progress_only_goes_forward_and_ends_at_the_end)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_month(&c, &hst_months[2], true);
    c.in.chunk = 100;
    h.chunk_bytes = 64;
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK);
    cr_expect_gt(h.shown, 4);
    cr_expect_not(h.fell);
    cr_expect_eq(h.claims, 1);
    cr_expect_eq(h.at, c.in.n);
    cr_expect_eq(h.total, c.in.n);
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, the_log_holds_numbers_and_no_patient)
{
    hst h;
    hst_case c;
    hst_init(&h);
    set_month(&c, &hst_months[0], true);
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_OK);
    cr_expect_str_eq(h.log, "1 status=0 claims=1 fusho=1 kyushikaku=0 current=0 hold=0 errors=0 "
                            "warnings=0");
    hst_case_month(&c, "XX,加藤\n");
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, TODAY, NULL), FU_E_INPUT);
    cr_expect_str_eq(h.log, "1 status=-20 claims=0 fusho=0 kyushikaku=0 current=0 hold=0 errors=1 "
                            "warnings=0");
    hst_case_free(&c);
    hst_free(&h);
}

Test(engine, any_number_of_jobs_gives_the_same_bytes)
{
    static const char *const options[] = {JSON "--report\n--jobs=1", JSON "--report\n--jobs=2",
                                          JSON "--report\n--jobs=4", JSON "--report\n--jobs=64"};
    hst h[4];
    tst_file listing = TST_FILE_INIT;
    for (size_t i = 0; i < 4; i++) {
        hst_case c;
        hst_init(&h[i]);
        h[i].libc = true;
        h[i].threads = 4;
        set_month(&c, &hst_months[1], true);
        cr_assert_eq(hst_run(&h[i], &c, FU_APPLY, options[i], NULL), FU_OK);
        if (i == 0)
            tst_file_set(&listing, c.listing.p, c.listing.n);
        cr_expect(hst_same(&c.listing, listing.p, listing.n), "row %zu", i);
        cr_expect(hst_same(&h[i].role[0].done, h[0].role[0].done.p, h[0].role[0].done.n), "row %zu",
                  i);
        cr_expect(hst_same(&h[i].role[2].done, h[0].role[2].done.p, h[0].role[2].done.n), "row %zu",
                  i);
        hst_case_free(&c);
    }
    for (size_t i = 0; i < 4; i++)
        hst_free(&h[i]);
    tst_file_free(&listing);
}

/* Many small claims fill a part's arena long before the chunk is through. */
Test(engine, a_chunk_that_is_taken_in_pieces_gives_the_same_bytes)
{
    static const struct {
        const char *jobs;
        size_t chunk_bytes;
    } rows[] = {{"1", 64}, {"1", 0}, {"3", 0}, {"2", 70000}};
    fu_buf text;
    tst_file listing = TST_FILE_INIT;
    fu_buf_init(&text, &fu_mem_libc, 4u << 20);
    fu_buf_str(&text, IR_ASCII);
    for (unsigned i = 1; i <= 9000; i++)
        fu_buf_fmt(&text, "RE,%u,1116,202610\r\n%s", i, i % 1000 ? "" : "HO,06139935,4,5,1,9\r\n");
    fu_buf_str(&text, "GO,1,1,99\r\n\x1A");
    cr_assert_eq(text.status, FU_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        char options[80];
        hst_init(&h);
        h.libc = true;
        h.threads = 4;
        h.chunk_bytes = rows[i].chunk_bytes;
        hst_case_init(&c);
        hst_case_input(&c, text.p, text.n);
        snprintf(options, sizeof options, JSON "--verbose\n--jobs=%s", rows[i].jobs);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, options, NULL), FU_FINDINGS, "row %zu", i);
        cr_expect_eq(c.summary.claims, 9000, "row %zu", i);
        cr_expect(hst_same(&h.role[0].done, text.p, text.n), "row %zu", i);
        if (i == 0)
            tst_file_set(&listing, c.listing.p, c.listing.n);
        cr_expect(hst_same(&c.listing, listing.p, listing.n), "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
    tst_file_free(&listing);
    fu_buf_free(&text);
}

/* ---- explain ---- */

Test(engine, explain_writes_a_finding_or_the_catalogue)
{
    static const struct {
        const char *options, *code, *part;
        fu_status status;
    } rows[] = {
        {"", "T401", "T401", FU_OK},   {"--lang=en", "F113", "limit exceeded", FU_OK},
        {"", "", "S703", FU_OK},       {"", "X999", NULL, FU_E_MISUSE},
        {"", "T4", NULL, FU_E_MISUSE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        fu_session *s = NULL;
        fu_stream out;
        hst_init(&h);
        hst_case_init(&c);
        out = tst_stream(&c.listing);
        cr_assert_eq(hst_open(&h, rows[i].options, &s, NULL), FU_OK);
        cr_expect_eq(fu_session_explain(s, rows[i].code, &out, NULL), rows[i].status, "row %zu", i);
        if (rows[i].part)
            cr_expect_geq(count(&c, rows[i].part), 1, "row %zu", i);
        else
            cr_expect_eq(c.listing.n, 0, "row %zu", i);
        fu_session_close(s);
        hst_case_free(&c);
        hst_free(&h);
    }
}
