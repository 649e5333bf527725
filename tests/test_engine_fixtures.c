#include <criterion/criterion.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_host.h"
#include "support_walk.h"

/* FUSHO_FIXTURES: folder made by fixtures/make.sh; SRCDIR: the sources, for expected.txt;
 * FUSHO_SAMPLES: folder with claim files of others, *.UKE. */
TestSuite(engine_fixtures, .timeout = 300);

#define OPTIONS "--today=2026-11-09\n--format=json\n"

static const char *const TYPES[] = {"ika",    "ika-kokuho", "dpc",   "shika",
                                    "chozai", "houmon",     "henrei"};
#define N_TYPES (sizeof TYPES / sizeof TYPES[0])

static const char *fixtures(void)
{
    const char *dir = getenv("FUSHO_FIXTURES");
    if (!dir || !*dir)
        cr_skip_test("FUSHO_FIXTURES is not set");
    return dir;
}

static void load(hst_case *c, const char *type)
{
    hst_case_init(c);
    cr_assert(hst_case_load(c, fixtures(), type), "%s", type);
}

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    tst_file t = TST_FILE_INIT;
    fu_stream to = tst_stream(&t);
    char buf[4096], *text;
    size_t n;
    if (!f)
        return NULL;
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        to.write(to.ctx, buf, n);
    fclose(f);
    text = hst_text(&t);
    tst_file_free(&t);
    return text;
}

/* The hand-derived result as bytes of a claim file. */
static char *expected(const char *type, size_t *n)
{
    const char *src = getenv("SRCDIR");
    char path[1024], *text, *uke;
    if (!src || !*src)
        cr_skip_test("SRCDIR is not set");
    snprintf(path, sizeof path, "%.500s/fixtures/%s/expected.txt", src, type);
    text = read_text(path);
    cr_assert_not_null(text, "%s", path);
    uke = hst_uke(text, n);
    free(text);
    return uke;
}

Test(engine_fixtures, every_month_becomes_what_was_derived_by_hand)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h;
        hst_case c;
        size_t n;
        char *want = expected(TYPES[i], &n);
        hst_init(&h);
        load(&c, TYPES[i]);
        cr_expect_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS, "%s", TYPES[i]);
        cr_expect(hst_same(&h.role[0].done, want, n), "%s", TYPES[i]);
        free(want);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_fixtures, no_evidence_no_change)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h;
        hst_case c;
        hst_init(&h);
        load(&c, TYPES[i]);
        for (size_t k = 0; k < c.n_evidence; k++) {
            free(c.evidence[k].name);
            free(c.evidence[k].p);
        }
        c.n_evidence = 0;
        cr_expect_geq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), 0, "%s", TYPES[i]);
        cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", TYPES[i]);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_fixtures, applying_again_changes_nothing_and_undo_gives_it_back)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h, again, undo;
        hst_case c, back;
        fu_summary first;
        hst_init(&h);
        hst_init(&again);
        hst_init(&undo);
        load(&c, TYPES[i]);
        hst_case_init(&back);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS);
        first = c.summary;
        hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
        cr_expect_eq(hst_run(&undo, &back, FU_UNDO, "", NULL), FU_OK, "%s", TYPES[i]);
        cr_expect(hst_same(&undo.role[0].done, c.in.p, c.in.n), "%s", TYPES[i]);
        hst_case_input(&c, h.role[0].done.p, h.role[0].done.n);
        cr_expect_eq(hst_run(&again, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS, "%s", TYPES[i]);
        cr_expect(hst_same(&again.role[0].done, c.in.p, c.in.n), "%s", TYPES[i]);
        cr_expect_eq(c.summary.fusho, first.fusho, "%s", TYPES[i]);
        cr_expect_eq(c.summary.kyushikaku, first.kyushikaku, "%s", TYPES[i]);
        cr_expect_eq(c.summary.current, first.current, "%s", TYPES[i]);
        cr_expect_eq(c.summary.hold, first.hold, "%s", TYPES[i]);
        hst_case_free(&back);
        hst_case_free(&c);
        hst_free(&undo);
        hst_free(&again);
        hst_free(&h);
    }
}

/* ---- a UTF-8 copy ---- */

Test(engine_fixtures, a_utf8_copy_is_checked_as_the_claim_file_is)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h;
        hst_case file, copy;
        char *utf8;
        hst_init(&h);
        load(&file, TYPES[i]);
        load(&copy, TYPES[i]);
        utf8 = tst_utf8(file.in.p, file.in.n);
        hst_case_input(&copy, utf8, strlen(utf8));
        cr_expect_geq(hst_run(&h, &file, FU_CHECK, OPTIONS, NULL), FU_OK, "%s", TYPES[i]);
        cr_expect_geq(hst_run(&h, &copy, FU_CHECK, OPTIONS "--encoding=utf-8", NULL), FU_OK, "%s",
                      TYPES[i]);
        cr_expect(hst_same(&copy.listing, file.listing.p, file.listing.n), "%s", TYPES[i]);
        free(utf8);
        hst_case_free(&copy);
        hst_case_free(&file);
        hst_free(&h);
    }
}

Test(engine_fixtures, nothing_is_written_from_a_utf8_copy)
{
    static const fu_verb verbs[] = {FU_APPLY, FU_UNDO, FU_LEDGER, FU_FORM};
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        hst h;
        hst_case c;
        fu_error e;
        hst_init(&h);
        load(&c, "ika");
        cr_expect_eq(hst_run(&h, &c, verbs[i], OPTIONS "--encoding=utf-8", &e), FU_E_MISUSE,
                     "row %zu", i);
        cr_expect_str_eq(e.message_ja, "--encoding utf-8 は、写しの点検（check）だけに使えます。",
                         "row %zu", i);
        cr_expect_str_eq(h.trail, "", "row %zu", i);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_fixtures, a_claim_file_is_no_utf8_copy)
{
    hst h;
    hst_case c;
    fu_error e;
    char *text;
    hst_init(&h);
    load(&c, "ika");
    cr_expect_eq(hst_run(&h, &c, FU_CHECK, OPTIONS "--encoding=utf-8", &e), FU_E_INPUT);
    cr_expect_str_eq(e.code, "F102");
    cr_expect_eq(e.line, 1);
    text = hst_text(&c.listing);
    cr_expect(strstr(text, "\"code\":\"F102\"") &&
                  strstr(text, "（ファイルの先頭から 19 バイト目、値：UTF-8 として読めない文字）"),
              "%s", text);
    free(text);
    hst_case_free(&c);
    hst_free(&h);
}

/* ---- jobs ---- */

/* Chunks of 1 byte are one block each: every edit is at a border. */
Test(engine_fixtures, any_number_of_jobs_and_any_chunks_give_the_same_bytes)
{
    static const struct {
        const char *jobs;
        size_t chunk_bytes;
    } rows[] = {{"1", 0}, {"2", 0}, {"3", 0}, {"8", 0}, {"1", 1}, {"2", 1}, {"3", 1000}, {"8", 300}};
    enum { N = sizeof rows / sizeof rows[0] };
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h[N];
        hst_case c[N];
        for (size_t k = 0; k < N; k++) {
            char options[128];
            hst_init(&h[k]);
            h[k].libc = true;
            h[k].threads = 8;
            h[k].chunk_bytes = rows[k].chunk_bytes;
            load(&c[k], TYPES[i]);
            snprintf(options, sizeof options, OPTIONS "--report\n--jobs=%s", rows[k].jobs);
            cr_assert_eq(hst_run(&h[k], &c[k], FU_APPLY, options, NULL), FU_FINDINGS);
            cr_expect(hst_same(&c[k].listing, c[0].listing.p, c[0].listing.n), "%s row %zu",
                      TYPES[i], k);
            for (size_t role = 0; role < FU_ROLES; role++)
                cr_expect((role == FU_ROLE_JOURNAL && rows[k].chunk_bytes) ||
                              hst_same(&h[k].role[role].done, h[0].role[role].done.p,
                                       h[0].role[role].done.n),
                          "%s row %zu role %zu", TYPES[i], k, role);
        }
        for (size_t k = 0; k < N; k++) {
            hst_case_free(&c[k]);
            hst_free(&h[k]);
        }
    }
}

Test(engine_fixtures, threads_that_the_host_does_not_allow_leave_the_journal_bit_identical)
{
    hst h[3];
    hst_case c[3];
    for (int k = 0; k < 3; k++) {
        hst_init(&h[k]);
        h[k].libc = true;
        h[k].threads = k == 0 ? 0 : k == 1 ? 2 : 4;
        load(&c[k], "ika");
        cr_assert_eq(hst_run(&h[k], &c[k], FU_APPLY, OPTIONS "--jobs=4", NULL), FU_FINDINGS);
        cr_expect(hst_same(&h[k].role[1].done, h[0].role[1].done.p, h[0].role[1].done.n), "%d", k);
        cr_expect(hst_same(&h[k].role[0].done, h[0].role[0].done.p, h[0].role[0].done.n), "%d", k);
    }
    for (int k = 0; k < 3; k++) {
        hst_case_free(&c[k]);
        hst_free(&h[k]);
    }
}

/* ---- the claim call ---- */

/* Next block of a file; false at its end. */
static bool next(tst_walk *w)
{
    bool more = tst_walk_next(w);
    cr_assert_eq(w->st, FU_OK);
    return more;
}

/* Every claim on its own against the same claim of the whole file. */
static size_t compare_claims(const char *type, hst_case *c, const tst_file *whole, fu_session *s)
{
    tst_walk before, after;
    tst_file header = TST_FILE_INIT, out = TST_FILE_INIT;
    fu_stream to_header = tst_stream(&header), to_out = tst_stream(&out);
    size_t claims = 0;
    bool after_claim = false;
    tst_walk_bytes(&before, &fu_mem_libc, fu_span_of(c->in.p, c->in.n), NULL);
    tst_walk_bytes(&after, &fu_mem_libc, fu_span_of(whole->p, whole->n), NULL);
    while (next(&before)) {
        fu_claim_job job;
        fu_status st;
        cr_assert(next(&after));
        if (before.b.kind == FU_B_HEADER) {
            /* 歯科 repeats IR before each claim: the first two records are the header of all */
            if (!after_claim)
                to_header.write(to_header.ctx, before.b.bytes.p, before.b.bytes.n);
            continue;
        }
        if (before.b.kind != FU_B_CLAIM)
            continue;
        after_claim = true;
        memset(&job, 0, sizeof job);
        job.header = fu_span_of(header.p, header.n);
        job.records = before.b.bytes;
        job.output = &to_out;
        tst_file_set(&out, "", 0);
        st = fu_session_claim(s, &job, NULL);
        claims++;
        cr_expect_geq(st, 0, "%s %zu: %d", type, claims, (int)st);
        cr_expect(hst_same(&out, after.b.bytes.p, after.b.bytes.n), "%s %zu", type, claims);
    }
    tst_walk_close(&before);
    tst_walk_close(&after);
    tst_file_free(&header);
    tst_file_free(&out);
    return claims;
}

Test(engine_fixtures, every_claim_on_its_own_is_as_in_the_whole_file)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h;
        hst_case c;
        fu_session *s = NULL;
        size_t claims;
        hst_init(&h);
        load(&c, TYPES[i]);
        cr_assert_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS);
        cr_assert_eq(hst_open(&h, OPTIONS, &s, NULL), FU_OK);
        cr_assert_eq(hst_add_evidence(&c, s, NULL), FU_OK);
        claims = compare_claims(TYPES[i], &c, &h.role[0].done, s);
        cr_expect_eq(claims, (size_t)c.summary.claims, "%s: %zu", TYPES[i], claims);
        fu_session_close(s);
        hst_case_free(&c);
        hst_free(&h);
    }
}

/* ---- forms of one file ---- */

static void load_form(hst_case *c, const char *name)
{
    char path[1024];
    FILE *f;
    char buf[4096];
    fu_stream to = tst_stream(&c->in);
    size_t n;
    snprintf(path, sizeof path, "%.500s/ika/%s", fixtures(), name);
    tst_file_set(&c->in, "", 0);
    f = fopen(path, "rb");
    cr_assert_not_null(f, "%s", path);
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        to.write(to.ctx, buf, n);
    fclose(f);
}

/* In place: without 0x0D, or without the last byte. */
static void as_form(char *uke, size_t *n, bool lf, bool no_eof)
{
    size_t k = 0;
    for (size_t i = 0; i < *n; i++)
        if (!lf || uke[i] != '\r')
            uke[k++] = uke[i];
    *n = k - (no_eof ? 1 : 0);
}

Test(engine_fixtures, line_ends_and_the_end_mark_stay_as_they_were)
{
    static const struct {
        const char *name;
        bool lf, no_eof;
    } rows[] = {{"RECEIPTC.UKE.gz", false, false},
                {"RECEIPTC-LF.UKE", true, false},
                {"RECEIPTC-NOEOF.UKE", false, true}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        hst h;
        hst_case c;
        size_t n;
        char *want = expected("ika", &n);
        as_form(want, &n, rows[i].lf, rows[i].no_eof);
        hst_init(&h);
        load(&c, "ika");
        load_form(&c, rows[i].name);
        cr_expect_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS, "%s", rows[i].name);
        cr_expect(hst_same(&h.role[0].done, want, n), "%s", rows[i].name);
        free(want);
        hst_case_free(&c);
        hst_free(&h);
    }
}

Test(engine_fixtures, trimmed_records_take_the_same_routes_and_stay_trimmed)
{
    hst h, undo;
    hst_case c, back;
    fu_summary whole;
    hst_init(&h);
    hst_init(&undo);
    load(&c, "ika");
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS);
    whole = c.summary;
    load_form(&c, "RECEIPTC-TRIM.UKE");
    cr_assert_eq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS);
    cr_expect_eq(c.summary.fusho, whole.fusho);
    cr_expect_eq(c.summary.kyushikaku, whole.kyushikaku);
    cr_expect_eq(c.summary.current, whole.current);
    cr_expect_eq(c.summary.hold, whole.hold);
    hst_case_init(&back);
    hst_case_input(&back, h.role[1].done.p, h.role[1].done.n);
    cr_expect_eq(hst_run(&undo, &back, FU_UNDO, "", NULL), FU_OK);
    cr_expect(hst_same(&undo.role[0].done, c.in.p, c.in.n));
    hst_case_input(&c, h.role[0].done.p, h.role[0].done.n);
    cr_expect_eq(hst_run(&undo, &c, FU_APPLY, OPTIONS, NULL), FU_FINDINGS);
    cr_expect(hst_same(&undo.role[0].done, c.in.p, c.in.n));
    hst_case_free(&back);
    hst_case_free(&c);
    hst_free(&undo);
    hst_free(&h);
}

/* ---- files of others ---- */

Test(engine_fixtures, samples_pass_through_bit_by_bit)
{
    const char *dir = getenv("FUSHO_SAMPLES");
    struct dirent **list = NULL;
    size_t tried = 0;
    int n;
    if (!dir || !*dir)
        cr_skip_test("FUSHO_SAMPLES is not set");
    n = scandir(dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        size_t len = strlen(name);
        if (len > 4 && strcmp(name + len - 4, ".UKE") == 0) {
            char path[1024];
            hst h;
            hst_case c;
            char *text;
            snprintf(path, sizeof path, "%.500s/%.255s", dir, name);
            text = read_text(path);
            cr_assert_not_null(text);
            hst_init(&h);
            hst_case_init(&c);
            hst_case_input(&c, text, strlen(text)); /* a claim file holds no NUL */
            cr_expect_geq(hst_run(&h, &c, FU_APPLY, OPTIONS, NULL), 0, "%s", name);
            cr_expect(hst_same(&h.role[0].done, c.in.p, c.in.n), "%s", name);
            free(text);
            hst_case_free(&c);
            hst_free(&h);
            tried++;
        }
        free(list[i]);
    }
    free(list);
    cr_expect_gt(tried, 0, "no *.UKE in %s", dir);
}
