#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_ledger.h"

TestSuite(ledger);

/* What finish made of the rows: "receipt_no/month[*running] " in the order of the listing, then
 * "-superseded". */
static void describe(const fu_ledger *l, char *out, size_t size)
{
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < l->n_listed; i++) {
        const fu_ledger_row *r = l->listed[i];
        n += (size_t)snprintf(out + n, size - n, "%s/%d", r->receipt_no, (int)r->month);
        if (r->running > 1)
            n += (size_t)snprintf(out + n, size - n, "*%u", r->running);
        n += (size_t)snprintf(out + n, size - n, " ");
    }
    snprintf(out + n, size - n, "-%zu", l->n_superseded);
}

/* The same in both orders of adding. */
static void expect_rows(const led_journal *v, const char *want, size_t row)
{
    for (int backwards = 0; backwards < 2; backwards++) {
        fu_ledger l;
        fu_error e = {0};
        char got[512];
        fu_ledger_init(&l, &fu_mem_libc);
        cr_expect_eq(led_fill(&l, v, backwards, &e), FU_OK, "row %zu: %s", row, e.message_en);
        describe(&l, got, sizeof got);
        cr_expect_str_eq(got, want, "row %zu, %s: %s", row, backwards ? "backwards" : "forwards",
                         got);
        fu_ledger_free(&l);
    }
}

#define CLAIM(route, no, karte, month, birth, rest)                                               \
    "\"claim\":1,\"line\":2,\"route\":\"" route "\",\"receipt_no\":\"" no "\",\"karte\":\"" karte \
    "\",\"month\":\"" month "\",\"birth\":\"" birth "\"" rest
#define UNTIL(day) ",\"deadline\":\"" day "\""

/* ---- reading ---- */

Test(ledger, a_claim_has_everything_the_journal_says)
{
    fu_ledger l;
    const fu_ledger_row *r;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_assert_eq(led_fill(&l, LED_MONTHS, false, NULL), FU_OK);
    cr_assert_eq(l.n_listed, 5);
    cr_expect_eq(l.n_journals, 3);
    r = l.listed[0];
    cr_expect_str_eq(r->from->name, "2026-04/RECEIPTC.UKE.fusho");
    cr_expect_str_eq(r->from->input, "RECEIPTC.UKE");
    cr_expect_str_eq(r->from->institution, "1311399991");
    cr_expect_eq(r->from->payer, 1);
    cr_expect_eq(r->from->billed, 202604);
    cr_expect_eq(r->from->on, 20260409);
    cr_expect_eq(r->from->number, 1);
    cr_expect_eq(r->route, FU_R_FUSHO);
    cr_expect_eq(r->claim, 3);
    cr_expect_eq(r->line, 21);
    cr_expect_str_eq(r->receipt_no, "3");
    cr_expect_str_eq(r->karte, "00011");
    cr_expect_str_eq(r->name, "見本　一郎");
    cr_expect_str_eq(r->kana, "ミホンイチロウ");
    cr_expect_str_eq(r->phone, "03-0000-0001");
    cr_expect_str_eq(r->reason, "理由");
    cr_expect_eq(r->month, 202603);
    cr_expect_eq(r->birth, 19800401);
    cr_expect_eq(r->sex, 1);
    cr_expect_eq(r->deadline, 20261020);
    cr_expect_eq(r->running, 1);
    fu_ledger_free(&l);
}

Test(ledger, a_journal_of_an_earlier_build_is_read_as_far_as_it_goes)
{
    static const led_journal old[LED_JOURNALS_MAX] = {
        {"old.fusho",
         NULL,
         0,
         0,
         20261109,
         {"\"claim\":2,\"line\":34,\"receipt_type\":\"1112\",\"route\":\"fusho\",\"capture\":"
          "\"c1\","
          "\"karte\":\"00697\",\"month\":\"202610\",\"reason\":\"r\",\"deadline\":\"2027-05-"
          "20\""}}};
    fu_ledger l;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_assert_eq(led_fill(&l, old, false, NULL), FU_OK);
    cr_assert_eq(l.n_listed, 1);
    cr_expect_str_eq(l.listed[0]->from->institution, "");
    cr_expect_str_eq(l.listed[0]->name, "");
    cr_expect_eq(l.listed[0]->birth, 0);
    cr_expect_eq(l.listed[0]->deadline, 20270520);
    fu_ledger_free(&l);
}

Test(ledger, only_fusho_has_a_deadline_and_the_journal_says_which)
{
    static const struct {
        const char *claim;
        int32_t on, deadline;
    } rows[] = {
        {"\"route\":\"fusho\"" UNTIL("2027-01-20"), 20261109, 20270120},
        {"\"route\":\"fusho\"", 20261109, 20270520}, /* 疑義解釈 問4 */
        {"\"route\":\"fusho\"", 0, 0},
        {"\"route\":\"kyushikaku\"" UNTIL("2027-05-20"), 20261109, 0},
        {"\"route\":\"kyushikaku\"", 20261109, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        led_journal j[LED_JOURNALS_MAX] = {
            {"a.fusho", LED_CLINIC, 202611, 1, rows[i].on, {rows[i].claim}}};
        fu_ledger l;
        /* META says 0000-00-00 for a day of 0: that is no day, and refused. */
        fu_ledger_init(&l, &fu_mem_libc);
        if (rows[i].on == 0) {
            cr_expect_eq(led_fill(&l, j, false, NULL), FU_E_INPUT, "row %zu", i);
        } else {
            cr_assert_eq(led_fill(&l, j, false, NULL), FU_OK, "row %zu", i);
            cr_expect_eq(l.listed[0]->deadline, rows[i].deadline, "row %zu", i);
        }
        fu_ledger_free(&l);
    }
}

Test(ledger, what_no_version_wrote_is_refused)
{
    static const char *const claims[] = {
        "\"route\":\"none\"",
        "\"route\":\"hold\"",
        "\"route\":\"else\"",
        "\"route\":1",
        "\"line\":2",
        "\"route\":\"fusho\",\"route\":\"fusho\"",
        "\"route\":\"fusho\",\"type\":\"claim\"",
        "\"route\":\"fusho\",\"karte\":1",
        "\"route\":\"fusho\",\"karte\":\"1\",\"karte\":\"2\"",
        "\"route\":\"fusho\",\"claim\":\"1\"",
        "\"route\":\"fusho\",\"claim\":-1",
        "\"route\":\"fusho\",\"line\":1.5",
        "\"route\":\"fusho\",\"birth\":\"1980-02-30\"",
        "\"route\":\"fusho\",\"birth\":19800401",
        "\"route\":\"fusho\",\"deadline\":\"2027-05-20T00:00\"",
        "\"route\":\"fusho\",\"deadline\":\"\"",
        "\"route\":\"fusho\",\"sex\":\"1\"",
        "\"route\":\"fusho\",\"month\":202610",
        "\"route\":\"fusho\",",
        "\"route\":\"fusho\",\"name\":\"\\u0000\"",
    };
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++) {
        led_journal j = {"a.fusho", LED_CLINIC, 202611, 1, 20261109, {claims[i]}};
        fu_error e = {0};
        fu_ledger l;
        fu_ledger_init(&l, &fu_mem_libc);
        cr_expect_eq(led_add(&l, &j, &e), FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(e.code, "S703", "row %zu", i);
        cr_expect_neq(e.hint_ja[0], '\0', "row %zu", i);
        fu_ledger_free(&l);
    }
}

Test(ledger, a_header_that_no_version_wrote_is_refused)
{
    static const struct {
        const char *institution;
        int32_t billed;
        int payer;
        bool good;
    } rows[] = {
        {LED_CLINIC, 202611, 1, true},    {NULL, 0, 0, true},
        {LED_CLINIC, 202611, 2, true},    {"131139999", 202611, 1, false},
        {"131139999x", 202611, 1, false}, {LED_CLINIC, 202613, 1, false},
        {LED_CLINIC, 202611, 3, false},   {LED_CLINIC, 202611, 12, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        led_journal j = {"a.fusho", rows[i].institution, rows[i].billed, rows[i].payer, 20261109,
                         {NULL}};
        fu_ledger l;
        fu_ledger_init(&l, &fu_mem_libc);
        cr_expect_eq(led_add(&l, &j, NULL), rows[i].good ? FU_OK : FU_E_INPUT, "row %zu", i);
        fu_ledger_free(&l);
    }
}

Test(ledger, every_cut_and_every_changed_byte_is_refused)
{
    tst_file whole = TST_FILE_INIT;
    led_write(&LED_MONTHS[0], &whole);
    for (size_t i = 0; i <= whole.n * 2; i++) {
        bool cut = i < whole.n, changed = !cut && i < whole.n * 2;
        tst_file f = TST_FILE_INIT;
        fu_stream from;
        fu_error e = {0};
        fu_ledger l;
        fu_status st;
        tst_file_set(&f, whole.p, cut ? i : whole.n);
        if (changed)
            f.p[i - whole.n] ^= 0x40;
        from = tst_stream(&f);
        fu_ledger_init(&l, &fu_mem_libc);
        st = fu_ledger_add(&l, "a.fusho", &from, &e);
        cr_expect_eq(st, cut || changed ? FU_E_INPUT : FU_OK, "%zu", i);
        cr_expect_str_eq(e.code, cut || changed ? "S703" : "", "%zu", i);
        fu_ledger_free(&l);
        tst_file_free(&f);
    }
    tst_file_free(&whole);
}

Test(ledger, a_stream_that_fails_is_the_streams_fault)
{
    for (long n = 0; n < 8; n++) {
        tst_file f = TST_FILE_INIT;
        fu_stream from;
        fu_error e = {0};
        fu_ledger l;
        led_write(&LED_MONTHS[0], &f);
        f.pos = 0;
        f.ops = 0;
        f.fail_at = n;
        from = tst_stream(&f);
        fu_ledger_init(&l, &fu_mem_libc);
        cr_expect_eq(fu_ledger_add(&l, "a.fusho", &from, &e), FU_E_STORE, "operation %ld", n);
        fu_ledger_free(&l);
        tst_file_free(&f);
    }
}

/* ---- the same claim again ---- */

#define A(rest) CLAIM("fusho", "1", "00011", "202610", "1980-04-01", rest)

Test(ledger, of_a_claim_in_two_journals_the_later_one_counts)
{
    static const struct {
        led_journal j[LED_JOURNALS_MAX];
        const char *want;
    } rows[] = {
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A(UNTIL("2027-05-20"))}},
          {"b", LED_CLINIC, 202611, 1, 20261109, {A(UNTIL("2027-05-20"))}}},
         "1/202610 -1"},
        /* the later run found the insurance: nothing is left to list */
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b",
           LED_CLINIC,
           202611,
           1,
           20261109,
           {CLAIM("current", "1", "00011", "202610", "1980-04-01", "")}}},
         "-1"},
        {{{"a",
           LED_CLINIC,
           202611,
           1,
           20261105,
           {CLAIM("current", "1", "00011", "202610", "1980-04-01", "")}},
          {"b", LED_CLINIC, 202611, 1, 20261109, {A("")}}},
         "1/202610 -0"},
        /* runs of one day: the name decides */
        {{{"a", LED_CLINIC, 202611, 1, 20261109, {A(UNTIL("2027-05-20"))}},
          {"b",
           LED_CLINIC,
           202611,
           1,
           20261109,
           {CLAIM("kyushikaku", "1", "00011", "202610", "1980-04-01", "")}}},
         "1/202610 -1"},
        /* three of them, and a copy of a journal under the same name */
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b", LED_CLINIC, 202611, 1, 20261109, {A("")}}},
         "1/202610 -2"},
        /* within one file two claims are two */
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A(""), A("")}}}, "1/202610 1/202610 -0"},
        /* another institution, payer, 請求年月, 診療年月, number, karte, birth */
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b", "2711399991", 202611, 1, 20261109, {A("")}}},
         "1/202610 1/202610 -0"},
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b", LED_CLINIC, 202611, 2, 20261109, {A("")}}},
         "1/202610 1/202610 -0"},
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b", LED_CLINIC, 202612, 1, 20261209, {A("")}}},
         "1/202610 1/202610 -0"},
        {{{"a", LED_CLINIC, 202611, 1, 20261105, {A("")}},
          {"b",
           LED_CLINIC,
           202611,
           1,
           20261109,
           {CLAIM("fusho", "1", "00011", "202608", "1980-04-01", ""),
            CLAIM("fusho", "2", "00011", "202610", "1980-04-01", ""),
            CLAIM("fusho", "1", "00012", "202610", "1980-04-01", ""),
            CLAIM("fusho", "1", "00011", "202610", "1980-04-02", "")}}},
         "1/202610 1/202608 1/202610 2/202610 1/202610 -0"},
        /* nobody can tell */
        {{{"a", NULL, 202611, 1, 20261105, {A("")}}, {"b", NULL, 202611, 1, 20261109, {A("")}}},
         "1/202610 1/202610 -0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_rows(rows[i].j, rows[i].want, i);
    cr_assert(true);
}

/* ---- months running ---- */

Test(ledger, who_is_fusho_month_after_month_is_told)
{
    static const struct {
        const char *claims[LED_CLAIMS_MAX];
        const char *want;
    } rows[] = {
        {{CLAIM("fusho", "1", "00011", "202609", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-01", "")},
         "1/202609 2/202610*2 -0"},
        /* across the year's end, three and four */
        {{CLAIM("fusho", "1", "00011", "202611", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202612", "1980-04-01", ""),
          CLAIM("fusho", "3", "00011", "202701", "1980-04-01", ""),
          CLAIM("fusho", "4", "00011", "202702", "1980-04-01", "")},
         "1/202611 2/202612*2 3/202701*3 4/202702*4 -0"},
        /* a month between, the same month twice, 旧資格 the month before */
        {{CLAIM("fusho", "1", "00011", "202608", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-01", "")},
         "1/202608 2/202610 -0"},
        {{CLAIM("fusho", "1", "00011", "202610", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-01", "")},
         "1/202610 2/202610 -0"},
        {{CLAIM("kyushikaku", "1", "00011", "202609", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-01", "")},
         "2/202610 1/202609 -0"},
        /* another number, another birth date */
        {{CLAIM("fusho", "1", "00011", "202609", "1980-04-01", ""),
          CLAIM("fusho", "2", "00012", "202610", "1980-04-01", "")},
         "1/202609 2/202610 -0"},
        {{CLAIM("fusho", "1", "00011", "202609", "1980-04-01", ""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-02", "")},
         "1/202609 2/202610 -0"},
        /* without a number: birth, sex and kana after folding */
        {{CLAIM("fusho", "1", "", "202609", "1980-04-01", ",\"sex\":1,\"kana\":\"ﾐﾎﾝ ｲﾁﾛｳ\""),
          CLAIM("fusho", "2", "00011", "202610", "1980-04-01",
                ",\"sex\":1,\"kana\":\"ミホンイチロー\"")},
         "1/202609 2/202610*2 -0"},
        {{CLAIM("fusho", "1", "", "202609", "1980-04-01", ",\"sex\":2,\"kana\":\"ミホンイチロウ\""),
          CLAIM("fusho", "2", "", "202610", "1980-04-01",
                ",\"sex\":1,\"kana\":\"ミホンイチロウ\"")},
         "1/202609 2/202610 -0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        led_journal j[LED_JOURNALS_MAX] = {
            {.name = "a", .institution = LED_CLINIC, .billed = 202611, .payer = 1, .on = 20261109}};
        memcpy(j[0].claims, rows[i].claims, sizeof rows[i].claims);
        expect_rows(j, rows[i].want, i);
    }
    cr_assert(true);
}

Test(ledger, a_superseded_month_does_not_count)
{
    static const led_journal v[LED_JOURNALS_MAX] = {
        {"a",
         LED_CLINIC,
         202610,
         1,
         20261005,
         {CLAIM("fusho", "1", "00011", "202609", "1980-04-01", "")}},
        {"b",
         LED_CLINIC,
         202610,
         1,
         20261009,
         {CLAIM("current", "1", "00011", "202609", "1980-04-01", "")}},
        {"c",
         LED_CLINIC,
         202611,
         1,
         20261109,
         {CLAIM("fusho", "7", "00011", "202610", "1980-04-01", "")}}};
    expect_rows(v, "7/202610 -1", 0);
    cr_assert(true);
}

Test(ledger, the_month_before_is_found_by_person_and_institution)
{
    static const struct {
        const char *institution, *karte;
        int32_t birth, month;
        bool found;
    } rows[] = {
        {LED_CLINIC, "00022", 19750131, 202611, true},
        {LED_CLINIC, "００２２２", 19750131, 202611, false},
        {LED_CLINIC, "０００２２", 19750131, 202611, true}, /* width does not matter */
        {LED_CLINIC, "00022", 19750131, 202610, true},
        {LED_CLINIC, "00022", 19750131, 202612, false},
        {LED_CLINIC, "00022", 19750131, 202609, false},
        {LED_CLINIC, "00022", 19750130, 202611, false},
        {LED_CLINIC, "00022", 0, 202611, false},
        {"2711399991", "00022", 19750131, 202611, false},
        {"", "00022", 19750131, 202611, false},
        {LED_CLINIC, "00022", 19750131, 0, false},
        {LED_CLINIC, "00033", 0, 202610, false}, /* 旧資格 */
    };
    fu_ledger l;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_assert_eq(led_fill(&l, LED_MONTHS, false, NULL), FU_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_person p = {rows[i].karte, "", "", rows[i].birth, 0};
        const fu_ledger_row *r = NULL;
        cr_expect_eq(fu_ledger_before(&l, rows[i].institution, &p, rows[i].month, &r, NULL), FU_OK,
                     "row %zu", i);
        cr_expect_eq(r != NULL, rows[i].found, "row %zu", i);
    }
    fu_ledger_free(&l);
}

Test(ledger, nothing_is_known_of_an_empty_ledger_and_it_can_grow_again)
{
    fu_person p = {"00022", "", "", 19750131, 2};
    const fu_ledger_row *r = NULL;
    fu_ledger l;
    fu_ledger_init(&l, &fu_mem_libc);
    cr_expect_eq(fu_ledger_finish(&l, NULL), FU_OK);
    cr_expect_eq(fu_ledger_finish(&l, NULL), FU_OK);
    cr_expect_eq(fu_ledger_before(&l, LED_CLINIC, &p, 202611, &r, NULL), FU_OK);
    cr_expect_null(r);
    cr_expect_eq(led_add(&l, &LED_MONTHS[1], NULL), FU_OK);
    cr_expect_eq(fu_ledger_finish(&l, NULL), FU_OK);
    cr_expect_eq(l.n_listed, 3);
    cr_expect_eq(led_add(&l, &LED_MONTHS[2], NULL), FU_OK);
    cr_expect_eq(fu_ledger_finish(&l, NULL), FU_OK);
    cr_expect_eq(l.n_listed, 4);
    cr_expect_eq(fu_ledger_before(&l, LED_CLINIC, &p, 202611, &r, NULL), FU_OK);
    cr_assert_not_null(r);
    cr_expect_eq(r->running, 2);
    fu_ledger_free(&l);
}

/* ---- limits and memory ---- */

Test(ledger, there_is_a_limit_on_journals_rows_bytes_and_namesakes)
{
    static const struct {
        size_t journals, rows, bytes;
        const char *limit;
    } rows[] = {
        {FU_LEDGER_JOURNALS_MAX - 1, 0, 0, NULL},
        {FU_LEDGER_JOURNALS_MAX, 0, 0, "FU_LEDGER_JOURNALS_MAX"},
        {0, FU_LEDGER_ROWS_MAX, 0, "FU_LEDGER_ROWS_MAX"},
        {0, 0, 200, "FU_LEDGER_BYTES_MAX"},
        {0, 0, FU_LEDGER_BYTES_MAX, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_error e = {0};
        fu_ledger l;
        fu_status st;
        fu_ledger_init(&l, &fu_mem_libc);
        l.n_journals = rows[i].journals;
        l.n_rows = rows[i].rows;
        cr_expect_eq(l.arena.max, (size_t)FU_LEDGER_BYTES_MAX);
        if (rows[i].bytes)
            l.arena.max = rows[i].bytes;
        st = led_add(&l, &LED_MONTHS[0], &e);
        cr_expect_eq(st, rows[i].limit ? FU_E_LIMIT : FU_OK, "row %zu", i);
        if (rows[i].limit) {
            cr_expect_str_eq(e.code, "E513", "row %zu", i);
            cr_expect_not_null(strstr(e.message_ja, rows[i].limit), "row %zu: %s", i, e.message_ja);
        }
        fu_ledger_free(&l);
    }
}

/* Room for all rows, as many as wanted said to be taken. */
Test(ledger, rows_go_up_to_the_limit)
{
    fu_ledger_row **room = calloc(FU_LEDGER_ROWS_MAX, sizeof *room);
    size_t here = 0;
    cr_assert_not_null(room);
    for (int over = -1; over < 2; over++) {
        fu_error e = {0};
        fu_ledger l;
        fu_ledger_init(&l, &fu_mem_libc);
        l.rows = room;
        l.cap_rows = FU_LEDGER_ROWS_MAX;
        l.n_rows = over < 0 ? 0 : FU_LEDGER_ROWS_MAX - here + (size_t)over;
        cr_expect_eq(led_add(&l, &LED_MONTHS[0], &e), over > 0 ? FU_E_LIMIT : FU_OK, "%d", over);
        here = over < 0 ? l.n_rows : here;
        cr_expect_gt(here, 0);
        fu_ledger_free(&l);
    }
    free(room);
}

Test(ledger, many_of_one_person_and_month_are_a_limit_too)
{
    char claim[200];
    led_journal j = {"a", LED_CLINIC, 202611, 1, 20261109, {NULL}};
    fu_error e = {0};
    fu_ledger l;
    fu_ledger_init(&l, &fu_mem_libc);
    for (unsigned i = 0; i <= FU_NAMESAKES_MAX; i++) {
        snprintf(claim, sizeof claim,
                 "\"claim\":%u,\"route\":\"fusho\",\"receipt_no\":\"%u\",\"karte\":\"1\","
                 "\"birth\":\"1980-04-01\",\"month\":\"%s\"",
                 i + 1, i + 1, i == FU_NAMESAKES_MAX ? "202610" : "202609");
        j.claims[0] = claim;
        cr_assert_eq(led_add(&l, &j, NULL), FU_OK);
    }
    cr_expect_eq(fu_ledger_finish(&l, &e), FU_OK, "just as many as may be");
    snprintf(claim, sizeof claim,
             "\"claim\":1,\"route\":\"fusho\",\"receipt_no\":\"x\",\"karte\":\"1\","
             "\"birth\":\"1980-04-01\",\"month\":\"202609\"");
    cr_assert_eq(led_add(&l, &j, NULL), FU_OK);
    cr_expect_eq(fu_ledger_finish(&l, &e), FU_E_LIMIT);
    cr_expect_str_eq(e.code, "E513");
    cr_expect_not_null(strstr(e.message_ja, "FU_NAMESAKES_MAX"));
    fu_ledger_free(&l);
}

Test(ledger, every_allocation_may_fail)
{
    fu_status st = FU_E_NOMEM;
    long n = 0;
    for (; st != FU_OK; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_error e = {0};
        fu_ledger l;
        m.fail_at = n;
        fu_ledger_init(&l, &mem);
        st = led_fill(&l, LED_MONTHS, false, &e);
        if (st != FU_OK)
            cr_expect_eq(st, FU_E_NOMEM, "allocation %ld: %s", n, e.message_en);
        fu_ledger_free(&l);
        cr_expect_eq(m.live, 0, "allocation %ld", n);
        cr_expect_eq(m.live_bytes, 0, "allocation %ld", n);
        cr_assert_lt(n, 2000);
    }
    cr_expect_gt(n, 10);
}
