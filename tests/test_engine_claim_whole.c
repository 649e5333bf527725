#include <criterion/criterion.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "support_host.h"
#include "support_walk.h"

/* The claim call against the call for a whole file: the same claim in a file of its own.
 * FUSHO_FIXTURES: folder made by fixtures/make.sh. */
TestSuite(engine_claim_whole, .timeout = 300);

#define OPTIONS "--today=2026-11-09\n--format=json\n--verbose\n"

static const char *const TYPES[] = {"ika",    "ika-kokuho", "dpc",   "shika",
                                    "chozai", "houmon",     "henrei"};
#define N_TYPES (sizeof TYPES / sizeof TYPES[0])

static void load(hst_case *c, const char *type)
{
    const char *dir = getenv("FUSHO_FIXTURES");
    if (!dir || !*dir)
        cr_skip_test("FUSHO_FIXTURES is not set");
    hst_case_init(c);
    cr_assert(hst_case_load(c, dir, type), "%s", type);
}

/* ---- what the two calls say ---- */

/* Lines about the claim and its evidence, without the name of the file; malloc'ed. What can only be
 * said of a file (numbering, totals, its summary) is no part of the claim. */
static char *about_claim(const tst_file *listing, bool evidence_too)
{
    static const char name[] = "\"file\":\"in.uke\"", none[] = "\"file\":\"-\"";
    char *text = hst_text(listing), *out = malloc(listing->n + 1), *to = out;
    cr_assert_not_null(out);
    for (char *line = text, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        char *file;
        *end = '\0';
        if (!strstr(line, "\"claim\":") && !(evidence_too && strstr(line, "\"code\":\"E")))
            continue;
        if ((file = strstr(line, name)) != NULL) {
            memcpy(file, none, sizeof none - 1);
            memmove(file + sizeof none - 1, file + sizeof name - 1,
                    strlen(file + sizeof name - 1) + 1);
        }
        to += strlen(strcpy(to, line));
        *to++ = '\n';
    }
    *to = '\0';
    free(text);
    return out;
}

/* ---- one claim out of a file ---- */

typedef struct month {
    tst_walk walk;
    tst_file header;
} month;

static void month_open(month *m, const tst_file *f)
{
    static const tst_file empty = TST_FILE_INIT;
    m->header = empty;
    tst_walk_bytes(&m->walk, &fu_mem_libc, fu_span_of(f->p, f->n), NULL);
    cr_assert_eq(m->walk.st, FU_OK);
}

/* 歯科 repeats IR in front of each claim: the first records are the header of all. */
static bool month_claim(month *m)
{
    const fu_block *b = &m->walk.b;
    fu_stream to = tst_stream(&m->header);
    bool first = b->bytes.n == 0;
    while (tst_walk_next(&m->walk)) {
        if (b->kind == FU_B_CLAIM)
            return true;
        if (first && b->kind == FU_B_HEADER)
            to.write(to.ctx, b->bytes.p, b->bytes.n);
    }
    cr_assert_eq(m->walk.st, FU_OK);
    return false;
}

static void month_close(month *m)
{
    tst_walk_close(&m->walk);
    tst_file_free(&m->header);
}

#define TRAILER "GO,1,0,99\r\n"

/* The claim between the header and a trailer. */
static void alone(const month *m, tst_file *f)
{
    fu_stream to = tst_stream(f);
    tst_file_set(f, "", 0);
    to.write(to.ctx, m->header.p, m->header.n);
    to.write(to.ctx, m->walk.b.bytes.p, m->walk.b.bytes.n);
    to.write(to.ctx, TRAILER, sizeof TRAILER - 1);
    to.write(to.ctx, "\x1A", 1);
}

/* ---- the comparison ---- */

typedef struct called {
    tst_file output, listing;
    fu_claim_job job;
} called;

static called called_init(void)
{
    static const tst_file empty = TST_FILE_INIT;
    called k;
    memset(&k, 0, sizeof k);
    k.output = k.listing = empty;
    return k;
}

static void call(called *k, fu_session *s, const month *m, fu_span evidence)
{
    fu_stream output = tst_stream(&k->output), listing = tst_stream(&k->listing);
    fu_error e;
    tst_file_set(&k->output, "", 0);
    tst_file_set(&k->listing, "", 0);
    memset(&k->job, 0, sizeof k->job);
    k->job.header = fu_span_of(m->header.p, m->header.n);
    k->job.records = m->walk.b.bytes;
    k->job.evidence = evidence;
    k->job.output = &output;
    k->job.listing = &listing;
    cr_assert_geq(fu_session_claim(s, &k->job, &e), 0, "%s", e.message_ja);
    k->job.output = k->job.listing = NULL;
}

/* *whole has the claim's evidence already; evidence is what the call gets of it. */
static void compare(const char *what, const month *m, hst_case *whole, hst *h, fu_session *s,
                    fu_span evidence)
{
    called k = called_init();
    const tst_file *done = &h->role[FU_ROLE_OUTPUT].done;
    size_t header = m->header.n, trailer = sizeof TRAILER; /* with the end mark */
    char *want, *got;
    alone(m, &whole->in);
    cr_assert_geq(hst_run(h, whole, FU_APPLY, OPTIONS, NULL), 0, "%s", what);
    call(&k, s, m, evidence);
    cr_assert_gt(done->n, header + trailer);
    cr_expect(hst_same(&k.output, done->p + header, done->n - header - trailer), "%s: records",
              what);
    want = about_claim(&whole->listing, evidence.n > 0);
    got = about_claim(&k.listing, evidence.n > 0);
    cr_expect(*want && strcmp(want, got) == 0, "%s: whole\n%scall\n%s", what, want, got);
    cr_expect_eq(k.job.summary.payers, whole->summary.payers, "%s", what);
    cr_expect_eq(k.job.summary.fusho, whole->summary.fusho, "%s", what);
    cr_expect_eq(k.job.summary.kyushikaku, whole->summary.kyushikaku, "%s", what);
    cr_expect_eq(k.job.summary.current, whole->summary.current, "%s", what);
    cr_expect_eq(k.job.summary.hold, whole->summary.hold, "%s", what);
    free(want);
    free(got);
    tst_file_free(&k.output);
    tst_file_free(&k.listing);
}

static size_t compare_all(const char *what, const tst_file *file, hst_case *whole, fu_session *s,
                          fu_span evidence)
{
    month m;
    size_t claims = 0, rewritten = 0;
    month_open(&m, file);
    while (month_claim(&m)) {
        hst h;
        char name[256];
        hst_init(&h);
        snprintf(name, sizeof name, "%s claim %zu", what, ++claims);
        compare(name, &m, whole, &h, s, evidence);
        rewritten += whole->summary.fusho + whole->summary.kyushikaku + whole->summary.current > 0;
        hst_free(&h);
    }
    month_close(&m);
    cr_expect_gt(claims, 0, "%s", what);
    return rewritten;
}

Test(engine_claim_whole, with_the_evidence_of_the_session)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst h;
        hst_case c;
        tst_file file;
        fu_session *s = NULL;
        hst_init(&h);
        load(&c, TYPES[i]);
        file = c.in;
        memset(&c.in, 0, sizeof c.in);
        c.in.fail_at = -1;
        cr_assert_eq(hst_open(&h, OPTIONS, &s, NULL), FU_OK);
        cr_assert_eq(hst_add_evidence(&c, s, NULL), FU_OK);
        cr_expect_gt(compare_all(TYPES[i], &file, &c, s, fu_span_of(NULL, 0)), 1, "%s", TYPES[i]);
        fu_session_close(s);
        tst_file_free(&file);
        hst_case_free(&c);
        hst_free(&h);
    }
}

/* ---- evidence in every form ---- */

enum { AS_IT_IS, WITH_BOM, GZIP, CP932, FORMS };
static const char *const FORM_NAMES[FORMS] = {"as it is", "BOM", "gzip", "CP932"};

static void gzip(tst_file *to, const void *p, size_t n)
{
    z_stream z;
    size_t room = n + 1024;
    unsigned char *out = malloc(room);
    memset(&z, 0, sizeof z);
    cr_assert(out && deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    z.next_in = (unsigned char *)(uintptr_t)p;
    z.avail_in = (uInt)n;
    z.next_out = out;
    z.avail_out = (uInt)room;
    cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    tst_file_set(to, out, room - z.avail_out);
    deflateEnd(&z);
    free(out);
}

static bool says_shift_jis(const tst_file *f)
{
    char *text = hst_text(f);
    bool there = strstr(text, "Shift_JIS") != NULL;
    free(text);
    return there;
}

/* False where the evidence has no such form. */
static bool in_form(tst_file *to, const unsigned char *p, size_t n, int form)
{
    fu_stream w = tst_stream(to);
    tst_file_set(to, "", 0);
    if (form == GZIP) {
        gzip(to, p, n);
        return true;
    }
    if (form == WITH_BOM)
        w.write(w.ctx, "\xEF\xBB\xBF", 3);
    if (form == CP932) {
        char *text = malloc(n + 1), *sjis;
        size_t len;
        cr_assert_not_null(text);
        memcpy(text, p, n);
        text[n] = '\0';
        sjis = tst_cp932(text, &len);
        w.write(w.ctx, sjis, len);
        free(sjis);
        free(text);
        return true;
    }
    w.write(w.ctx, p, n);
    return form == AS_IT_IS || !says_shift_jis(to);
}

/* One file of evidence, which goes with the call instead of into the session. */
static size_t compare_form(const char *type, const hst_case *c, size_t at, int form)
{
    static const tst_file empty = TST_FILE_INIT;
    tst_file evidence = empty;
    hst_case whole;
    hst h;
    fu_session *s = NULL;
    char what[256];
    size_t rewritten = 0;
    hst_init(&h);
    hst_case_init(&whole);
    snprintf(what, sizeof what, "%s %.100s %s", type, c->evidence[at].name, FORM_NAMES[form]);
    if (in_form(&evidence, c->evidence[at].p, c->evidence[at].n, form)) {
        hst_case_evidence(&whole, "capture", evidence.p, evidence.n);
        cr_assert_eq(hst_open(&h, OPTIONS, &s, NULL), FU_OK);
        rewritten = compare_all(what, &c->in, &whole, s, fu_span_of(evidence.p, evidence.n));
        fu_session_close(s);
    }
    tst_file_free(&evidence);
    hst_case_free(&whole);
    hst_free(&h);
    return rewritten;
}

static bool is_csv(const char *name)
{
    return strcmp(name + strlen(name) - 4, ".csv") == 0;
}

Test(engine_claim_whole, with_evidence_of_the_call_in_every_form)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        hst_case c;
        size_t rewritten[FORMS] = {0}, csv = 0;
        load(&c, TYPES[i]);
        for (size_t at = 0; at < c.n_evidence; at++) {
            for (int form = 0; form < (is_csv(c.evidence[at].name) ? FORMS : CP932); form++)
                rewritten[form] += compare_form(TYPES[i], &c, at, form);
            csv += is_csv(c.evidence[at].name);
        }
        for (int form = 0; form < CP932; form++)
            cr_expect_gt(rewritten[form], 1, "%s %s", TYPES[i], FORM_NAMES[form]);
        cr_expect_eq(rewritten[CP932] > 0, csv > 0, "%s", TYPES[i]);
        hst_case_free(&c);
    }
}

/* ---- threads ---- */

#define THREADS 4
#define ROUNDS 50

typedef struct worker {
    pthread_t thread;
    size_t first, wrong;
} worker;

static bool one_month(fu_session *s, const hst_month *of, called *k)
{
    size_t n, before, after, want_n;
    char *uke = hst_uke(of->month, &n), *want = hst_uke(of->expected, &want_n);
    char *from = strstr(want, "\r\nRE,") + 2;
    fu_stream output = tst_stream(&k->output), listing = tst_stream(&k->listing);
    bool good;
    before = (size_t)(strstr(uke, "\r\nRE,") + 2 - uke);
    after = (size_t)(strstr(uke, "\r\nGO") + 2 - uke);
    tst_file_set(&k->output, "", 0);
    tst_file_set(&k->listing, "", 0);
    k->job.header = fu_span_of(uke, before);
    k->job.records = fu_span_of(uke + before, after - before);
    k->job.evidence = fu_span_str(of->captures);
    k->job.output = &output;
    k->job.listing = &listing;
    good = fu_session_claim(s, &k->job, NULL) == FU_OK && k->job.route == FU_R_FUSHO &&
           hst_same(&k->output, from, (size_t)(strstr(from, "\r\nGO") + 2 - from));
    free(want);
    free(uke);
    return good;
}

/* Criterion's assertions are for its own thread only: what is wrong is counted. */
static void *work(void *ctx)
{
    worker *w = ctx;
    called k = called_init();
    fu_session *s = NULL;
    hst h;
    hst_init(&h);
    if (hst_open(&h, OPTIONS, &s, NULL) != FU_OK)
        w->wrong++;
    for (size_t i = 0; i < ROUNDS && s; i++)
        w->wrong += !one_month(s, &hst_months[(w->first + i) % HST_MONTHS], &k);
    fu_session_close(s);
    w->wrong += h.mem.live != 0;
    tst_file_free(&k.output);
    tst_file_free(&k.listing);
    hst_free(&h);
    return NULL;
}

Test(engine_claim_whole, a_session_for_each_of_several_threads)
{
    worker w[THREADS] = {0};
    for (size_t i = 0; i < THREADS; i++) {
        w[i].first = i;
        cr_assert_eq(pthread_create(&w[i].thread, NULL, work, &w[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(w[i].thread, NULL);
        cr_expect_eq(w[i].wrong, 0, "thread %zu", i);
    }
}
