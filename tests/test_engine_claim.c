#include <criterion/criterion.h>

#include <stdlib.h>

#include "support_host.h"
#include "uke/reader.h"

TestSuite(engine_claim);

#define OPTIONS "--today=2026-11-09\n--format=json\n"

/* One small month as a receipt computer would hand it over. */
typedef struct call {
    hst h;
    fu_session *s;
    char *month;
    size_t header, records; /* bytes */
    tst_file output, listing;
    fu_claim_job job;
    fu_error error;
} call;

static void start(call *k, const char *month)
{
    static const tst_file file = TST_FILE_INIT;
    size_t n;
    memset(k, 0, sizeof *k);
    k->output = k->listing = file;
    hst_init(&k->h);
    k->month = hst_uke(month, &n);
    k->header = (size_t)(strstr(k->month, "\r\nRE,") + 2 - k->month);
    k->records = (size_t)(strstr(k->month, "\r\nGO") + 2 - k->month) - k->header;
    cr_assert_eq(hst_open(&k->h, OPTIONS, &k->s, NULL), FU_OK);
}

static fu_status run(call *k, const char *evidence)
{
    fu_stream output = tst_stream(&k->output), listing = tst_stream(&k->listing);
    tst_file_set(&k->output, "", 0);
    tst_file_set(&k->listing, "", 0);
    k->job.header = fu_span_of(k->month, k->header);
    k->job.records = fu_span_of(k->month + k->header, k->records);
    k->job.evidence = fu_span_str(evidence);
    k->job.output = &output;
    k->job.listing = &listing;
    return fu_session_claim(k->s, &k->job, &k->error);
}

static void finish(call *k)
{
    fu_session_close(k->s);
    cr_expect_eq(k->h.mem.live, 0);
    tst_file_free(&k->output);
    tst_file_free(&k->listing);
    free(k->month);
    hst_free(&k->h);
}

static bool listed(const call *k, const char *part)
{
    char *text = hst_text(&k->listing);
    bool there = strstr(text, part) != NULL;
    free(text);
    return there;
}

/* The output is the claim of the expected month. */
static bool as_expected(const call *k, const char *expected)
{
    size_t n;
    char *want = hst_uke(expected, &n), *from = strstr(want, "\r\nRE,") + 2;
    bool same = hst_same(&k->output, from, (size_t)(strstr(from, "\r\nGO") + 2 - from));
    free(want);
    return same;
}

static void add(call *k, const char *name, const char *xml)
{
    fu_span_reader r = {fu_span_str(xml), 0};
    fu_stream in = fu_span_stream(&r);
    cr_assert_eq(fu_session_evidence(k->s, name, &in, &k->error), FU_OK, "%s", k->error.message_ja);
}

Test(engine_claim, the_records_come_out_as_in_a_whole_file)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        call k;
        start(&k, hst_months[i].month);
        cr_expect_eq(run(&k, hst_months[i].captures), FU_OK, "%s: %s", hst_months[i].type,
                     k.error.message_ja);
        cr_expect(as_expected(&k, hst_months[i].expected), "%s", hst_months[i].type);
        cr_expect_eq(k.job.route, FU_R_FUSHO, "%s", hst_months[i].type);
        cr_expect_gt(k.job.edits, 2, "%s", hst_months[i].type);
        cr_expect_eq(k.job.summary.claims, 1, "%s", hst_months[i].type);
        cr_expect_eq(k.job.summary.exit_status, 0, "%s", hst_months[i].type);
        cr_expect(listed(&k, "\"route\":\"fusho\""), "%s", hst_months[i].type);
        cr_expect(listed(&k, "\"type\":\"summary\",\"file\":\"-\""), "%s", hst_months[i].type);
        cr_expect_not(listed(&k, "\"output\""), "%s", hst_months[i].type);
        cr_expect_str_eq(k.h.trail, "", "%s", hst_months[i].type);
        finish(&k);
    }
}

Test(engine_claim, without_evidence_the_records_stay_as_they_are)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        call k;
        start(&k, hst_months[i].month);
        cr_expect_geq(run(&k, ""), 0, "%s", hst_months[i].type);
        cr_expect(hst_same(&k.output, k.month + k.header, k.records), "%s", hst_months[i].type);
        cr_expect_eq(k.job.route, FU_R_NONE, "%s", hst_months[i].type);
        cr_expect_eq(k.job.edits, 0, "%s", hst_months[i].type);
        finish(&k);
    }
}

Test(engine_claim, evidence_of_the_session_and_of_the_call_count_together)
{
    call k;
    start(&k, hst_months[0].month);
    add(&k, "captures.xml", hst_months[0].captures);
    cr_expect_eq(run(&k, ""), FU_OK);
    cr_expect(as_expected(&k, hst_months[0].expected));
    /* A capture of somebody else changes nothing, one of the same patient makes two. */
    cr_expect_eq(run(&k, hst_months[1].captures), FU_OK);
    cr_expect(as_expected(&k, hst_months[0].expected));
    cr_expect(listed(&k, "\"code\":\"E504\""));
    cr_expect_eq(run(&k, hst_months[0].captures), FU_FINDINGS);
    cr_expect_eq(k.job.route, FU_R_HOLD);
    cr_expect(listed(&k, "\"code\":\"E503\""));
    cr_expect(hst_same(&k.output, k.month + k.header, k.records));
    /* What came with a call is gone with it. */
    cr_expect_eq(run(&k, ""), FU_OK);
    cr_expect(as_expected(&k, hst_months[0].expected));
    finish(&k);
}

#define RESPONSE                                                                                        \
    "<?xml version='1.0' encoding='UTF-8'?><XmlMsg><MessageHeader><ProcessExecutionTime>"               \
    "20261014130000</ProcessExecutionTime><QualificationConfirmationDate>20261014"                      \
    "</QualificationConfirmationDate><SegmentOfResult>1</SegmentOfResult></MessageHeader>"              \
    "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>2"           \
    "</QualificationValidity><ResultList><ResultOfQualificationConfirmation><InsurerNumber>"            \
    "06139919</InsurerNumber><InsuredCardSymbol>８８</InsuredCardSymbol>"                             \
    "<InsuredIdentificationNumber>９９</InsuredIdentificationNumber><InsuredBranchNumber>00"          \
    "</InsuredBranchNumber><Name>加藤　優</Name><NameKana>カトウユウ</NameKana><Sex1>1</Sex1>" \
    "<Birthdate>20001010</Birthdate></ResultOfQualificationConfirmation></ResultList>"                  \
    "</MessageBody></XmlMsg>"

/* As in a folder with both: the response joins the capture, so a former insurance is known. */
Test(engine_claim, a_response_of_the_session_joins_the_capture_of_the_call)
{
    call k;
    start(&k, hst_months[0].month);
    add(&k, "OQSsiquc01res.xml", RESPONSE);
    for (int again = 0; again < 3; again++) {
        cr_expect_eq(run(&k, hst_months[0].captures), FU_OK, "%d: %s", again, k.error.message_ja);
        cr_expect_eq(k.job.route, FU_R_KYUSHIKAKU, "%d", again);
        cr_expect_eq(run(&k, ""), FU_OK, "%d", again);
        cr_expect_eq(k.job.route, FU_R_KYUSHIKAKU, "%d", again);
    }
    finish(&k);
}

Test(engine_claim, what_was_captured_for_others_is_told_only_if_it_came_with_the_call)
{
    call k;
    start(&k, hst_months[0].month);
    add(&k, "others.xml", hst_months[1].captures);
    cr_expect_eq(run(&k, ""), FU_OK);
    cr_expect_not(listed(&k, "E504"));
    cr_expect_eq(run(&k, hst_months[0].captures), FU_OK);
    cr_expect_not(listed(&k, "E504"));
    cr_expect_eq(run(&k, hst_months[2].captures), FU_OK);
    cr_expect(listed(&k, "E504"));
    finish(&k);
}

Test(engine_claim, a_call_does_not_close_the_evidence_unless_it_used_the_sessions)
{
    call k;
    start(&k, hst_months[0].month);
    cr_expect_eq(run(&k, hst_months[0].captures), FU_OK);
    add(&k, "captures.xml", hst_months[0].captures);
    cr_expect_eq(run(&k, ""), FU_OK);
    cr_expect_eq(k.job.route, FU_R_FUSHO);
    finish(&k);
}

Test(engine_claim, anything_but_one_header_and_one_claim_is_refused)
{
    static const struct {
        const char *month;
        size_t header; /* 0: as the month has it */
        size_t cut;
    } rows[] = {
        {"XX,1\nRE,1,1112,202610\nGO\n", 0, 0},
        {"IR,1,13,1,1399991,,X,202611,00,\nRE,1,1112,202610\nRE,2,1112,202610\nGO\n", 0, 0},
        {"IR,1,13,1,1399991,,X,202611,00,\nRE,1,1112,202610\nIR,1\nGO\n", 0, 0},
        {"RE,1,1112,202610\nRE,1,1112,202610\nGO\n", 0, 0},
        {"IR,1,13,1,1399991,,X,202611,00,\nRE,1,1112,202610\nGO\n", 30, 0},
        {"IR,1,13,1,1399991,,X,202611,00,\nRE,1,1112,202610\nGO\n", 0, 1000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call k;
        fu_status st;
        start(&k, rows[i].month);
        if (rows[i].header)
            k.header = rows[i].header; /* without its line end */
        if (rows[i].cut)
            k.records = 0;
        st = run(&k, "");
        cr_expect_eq(st, FU_E_INPUT, "row %zu: %d", i, (int)st);
        cr_expect_str_eq(k.error.code, "F106", "row %zu", i);
        cr_expect_str_eq(k.error.message_ja,
                         "先頭のレコード（IRなど）とレセプト1件（REから）を渡してください。",
                         "row %zu", i);
        cr_expect_eq(k.output.n, 0, "row %zu", i);
        finish(&k);
    }
}

Test(engine_claim, bad_evidence_fails_the_call_and_not_the_session)
{
    call k;
    start(&k, hst_months[0].month);
    cr_expect_eq(run(&k, "<captures>"), FU_E_INPUT);
    cr_expect_str_eq(k.error.code, "E501");
    cr_expect_str_eq(k.error.file, "capture");
    cr_expect_eq(run(&k, hst_months[0].captures), FU_OK);
    cr_expect(as_expected(&k, hst_months[0].expected));
    finish(&k);
}

Test(engine_claim, output_and_listing_are_optional_and_may_fail)
{
    for (long at = 0; at < 2; at++) {
        call k;
        fu_status st;
        start(&k, hst_months[0].month);
        k.output.fail_at = at == 0 ? 0 : -1;
        k.listing.fail_at = at == 1 ? 0 : -1;
        st = run(&k, hst_months[0].captures);
        cr_expect_eq(st, FU_E_STORE, "row %ld: %d", at, (int)st);
        cr_expect_eq(fu_exit_status(st), 4, "row %ld", at);
        k.output.fail_at = k.listing.fail_at = -1;
        k.job.output = k.job.listing = NULL;
        cr_expect_eq(fu_session_claim(k.s, &k.job, &k.error), FU_OK, "row %ld", at);
        cr_expect_eq(k.job.route, FU_R_FUSHO, "row %ld", at);
        finish(&k);
    }
}

Test(engine_claim, memory_does_not_grow_with_the_calls)
{
    call k;
    long live;
    size_t bytes;
    start(&k, hst_months[0].month);
    add(&k, "captures.xml", hst_months[0].captures);
    cr_assert_eq(run(&k, ""), FU_OK);
    live = k.h.mem.live;
    bytes = k.h.mem.live_bytes;
    for (int i = 0; i < 200; i++) {
        cr_assert_eq(run(&k, ""), FU_OK);
        cr_assert_eq(run(&k, hst_months[1].captures), FU_OK);
    }
    cr_expect_eq(k.h.mem.live, live);
    cr_expect_eq(k.h.mem.live_bytes, bytes);
    finish(&k);
}

Test(engine_claim, a_claim_has_the_limit_of_a_files_claim)
{
    static const char head[] = "IR,1,13,1,1399991,,X,202611,00,\r\nRE,1,1112,202610\r\n";
    static const char row[] =
        "CO,01,1,810000001,0123456789012345678901234567890123456789012345678"
        "9012345678901234567890123456789012345678901234567890123456789012345"
        "6789012345678901234567890123456789012345678901234567890123456789012"
        "3456789012345678901234567890123456789012345678901234567890123456789"
        "0123456789012345678901234567890123456789012345678901234567890123456"
        "7890123456789012345678901234567890123456789012345678901234567890123"
        "4567890123456789012345678901234567890123456789012345678901234567890"
        "1234567890123456789012345678901234567890123456789012345678901234567"
        "8901234567890123456789012345678901234567890123456789012345678901234"
        "5678901234567890123456789012345678901234567890123456789012345678901"
        "2345678901234567890123456789012345678901234567890123456789012345678\r\n";
    size_t n = FU_CLAIM_BYTES_MAX + 4 * FU_RECORD_BYTES_MAX;
    static const struct {
        size_t over; /* bytes of records beyond the limit */
    } rows[] = {{1000}, {3 * FU_RECORD_BYTES_MAX}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        call k;
        start(&k, hst_months[0].month);
        k.h.libc = true;
        fu_session_close(k.s);
        cr_assert_eq(hst_open(&k.h, OPTIONS, &k.s, NULL), FU_OK);
        free(k.month);
        k.month = malloc(n);
        cr_assert_not_null(k.month);
        memcpy(k.month, head, sizeof head - 1);
        for (size_t at = sizeof head - 1; at + sizeof row < n; at += sizeof row - 1)
            memcpy(k.month + at, row, sizeof row - 1);
        k.header = 33;
        k.records = FU_CLAIM_BYTES_MAX + rows[i].over;
        cr_expect_eq(run(&k, ""), FU_E_LIMIT, "row %zu", i);
        cr_expect_str_eq(k.error.message_en, "limit FU_CLAIM_BYTES_MAX (33554432) exceeded",
                         "row %zu: %s", i, k.error.message_en);
        finish(&k);
    }
}
