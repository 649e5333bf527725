#include <criterion/criterion.h>

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support_abuser.h"
#include "support_plugin.h"

/* The built plugin called wrongly: arguments, sizes, order, and two copies of it at once. Blocks
 * are as large as they say and not a byte larger, so that a sanitizer sees what is read too far. */

static tst_plugin m;

static void load(void)
{
    m = tst_plugin_built();
}

static void unload(void)
{
    tst_plugin_unload(m);
}

TestSuite(abuse_calls, .init = load, .fini = unload, .timeout = 300);

static void expect_told(fusho_status st, fusho_status want, const fusho_error *err,
                        const char *what, size_t row)
{
    cr_expect_eq(st, want, "%s, row %zu: %d", what, row, st);
    if (want < 0)
        cr_expect(abr_is_told(st, err), "%s, row %zu: %s", what, row, err->message_ja);
}

/* ---- sizes ---- */

/* A struct of `size` bytes in a block of its own, the part beyond ours full of garbage. */
static void *sized(const void *ours, size_t our_size, uint32_t size)
{
    size_t room = size < sizeof(uint32_t) ? sizeof(uint32_t) : size > 70000 ? 70000 : size;
    unsigned char *p = malloc(room);
    cr_assert_not_null(p);
    memset(p, 0xA5, room);
    memcpy(p, ours, room < our_size ? room : our_size);
    memcpy(p, &size, sizeof size);
    return p;
}

/* The rows for a struct whose smallest size is `least`, in bytes. */
typedef struct size_row {
    uint32_t size;
    int taken;
} size_row;

/* least: what 1.0 had; whole: what the newest has; then the sizes in between. */
#define SIZES(least, whole, ...)                                                                \
    {                                                                                           \
        {0, 0}, {1, 0}, {4, 0}, {8, 0}, {(least)-8, 0}, {(least)-1, 0}, {least, 1}, {whole, 1}, \
            {(whole) + 1, 1}, {(whole) + 64, 1}, {65536, 1}, {65537, 0}, {UINT32_MAX, 0},       \
            __VA_ARGS__                                                                         \
    }
#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

Test(abuse_calls, hosts_of_every_size)
{
    static const size_row rows[] = SIZES(104, 136, {105, 0}, {112, 0}, {128, 0}, {135, 0});
    for (size_t i = 0; i < COUNT(rows); i++) {
        abr h;
        fusho_host *f;
        fusho_session *s = NULL;
        fusho_error err = FUSHO_ERROR_INIT;
        fusho_status st;
        abr_init(&h, m.t);
        f = sized(&h.host, sizeof h.host, rows[i].size);
        st = m.t->open(f, abr_text(""), &s, &err);
        expect_told(st, rows[i].taken ? FUSHO_OK : FUSHO_E_VERSION, &err, "host", i);
        cr_expect_eq(s != NULL, rows[i].taken, "row %zu", i);
        m.t->close(s);
        cr_expect_eq(h.blocks, 0, "row %zu", i);
        free(f);
        abr_free(&h);
    }
}

static void check_job(abr *h, const size_row *row, size_t i)
{
    abr_memory in = {NULL, 0, 0, NULL};
    fusho_stream s = abr_stream(h, &in);
    fusho_job job = abr_job(FUSHO_CHECK, &s, NULL), *sent;
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_status st;
    abr_set(&in, abr_month, strlen(abr_month));
    sent = sized(&job, sizeof job, row->size);
    st = m.t->run(h->session, sent, &err);
    expect_told(st < 0 ? st : FUSHO_OK, row->taken ? FUSHO_OK : FUSHO_E_VERSION, &err, "job", i);
    for (size_t k = sizeof job; row->taken && k < row->size; k++)
        cr_assert_eq(((unsigned char *)sent)[k], 0xA5, "row %zu: byte %zu written", i, k);
    free(sent);
    free(in.p);
}

static void check_claim_job(abr *h, const size_row *row, size_t i)
{
    fusho_claim_job job = abr_claim_job(NULL, NULL), *sent;
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_status st;
    sent = sized(&job, sizeof job, row->size);
    st = m.t->claim(h->session, sent, &err);
    expect_told(st < 0 ? st : FUSHO_OK, row->taken ? FUSHO_OK : FUSHO_E_VERSION, &err, "claim", i);
    for (size_t k = sizeof job; row->taken && k < row->size; k++)
        cr_assert_eq(((unsigned char *)sent)[k], 0xA5, "row %zu: byte %zu written", i, k);
    free(sent);
}

/* The same stream in each of its six places. */
static void check_stream(abr *h, const size_row *row, size_t i)
{
    abr_memory in = {NULL, 0, 0, NULL}, list = {NULL, 0, 0, NULL};
    fusho_stream s = abr_stream(h, &in), l = abr_stream(h, &list), *sent, *out;
    fusho_status want = row->taken ? FUSHO_OK : FUSHO_E_VERSION, st[6];
    fusho_error err[6];
    fusho_job job;
    fusho_claim_job claim;
    abr_set(&in, abr_month, strlen(abr_month));
    sent = sized(&s, sizeof s, row->size);
    out = sized(&l, sizeof l, row->size);
    for (size_t k = 0; k < 6; k++)
        err[k] = (fusho_error)FUSHO_ERROR_INIT;
    job = abr_job(FUSHO_CHECK, sent, NULL);
    st[0] = m.t->run(h->session, &job, &err[0]);
    job = abr_job(FUSHO_CHECK, &s, out);
    in.at = 0;
    st[1] = m.t->run(h->session, &job, &err[1]);
    claim = abr_claim_job(out, NULL);
    st[2] = m.t->claim(h->session, &claim, &err[2]);
    claim = abr_claim_job(NULL, out);
    st[3] = m.t->claim(h->session, &claim, &err[3]);
    st[4] = m.t->explain(h->session, abr_text("T401"), out, &err[4]);
    abr_close(h);
    cr_assert_eq(m.t->open(&h->host, abr_text(""), &h->session, NULL), FUSHO_OK);
    h->closed = 0;
    abr_set(&in, abr_capture, strlen(abr_capture));
    st[5] = m.t->add_evidence(h->session, abr_text("x"), sent, &err[5]);
    for (size_t k = 0; k < 6; k++)
        expect_told(st[k] < 0 ? st[k] : FUSHO_OK, want, &err[k], "stream", i * 10 + k);
    free(sent);
    free(out);
    free(in.p);
    free(list.p);
}

Test(abuse_calls, jobs_and_streams_of_every_size)
{
    static const size_row jobs[] = SIZES(160, 184, {161, 0}, {168, 0}, {176, 0}, {183, 0}),
                          claims[] = SIZES(104, 104, {103, 0}), streams[] = SIZES(40, 40, {39, 0});
    static const struct {
        void (*check)(abr *h, const size_row *row, size_t i);
        const size_row *rows;
        size_t n;
    } structs[] = {{check_job, jobs, COUNT(jobs)},
                   {check_claim_job, claims, COUNT(claims)},
                   {check_stream, streams, COUNT(streams)}};
    for (size_t k = 0; k < COUNT(structs); k++) {
        for (size_t i = 0; i < structs[k].n; i++) {
            abr h;
            abr_init(&h, m.t);
            cr_assert_eq(m.t->open(&h.host, abr_text(""), &h.session, NULL), FUSHO_OK);
            structs[k].check(&h, &structs[k].rows[i], i);
            abr_close(&h);
            cr_expect_eq(h.blocks, 0, "struct %zu, row %zu", k, i);
            abr_free(&h);
        }
    }
}

Test(abuse_calls, an_error_of_a_wrong_size_is_left_alone)
{
    static const size_row rows[] = SIZES(1584, 1584, {1583, 0});
    fusho_error ours = FUSHO_ERROR_INIT;
    for (size_t i = 0; i < COUNT(rows); i++) {
        fusho_error *err = sized(&ours, sizeof ours, rows[i].size);
        fusho_error *before = sized(&ours, sizeof ours, rows[i].size);
        size_t n = rows[i].size < 4 ? 4 : rows[i].size > 65536 ? 65536 : rows[i].size;
        cr_expect_eq(m.t->run(NULL, NULL, err), FUSHO_E_MISUSE, "row %zu", i);
        if (rows[i].taken) {
            cr_expect(abr_is_told(FUSHO_E_MISUSE, err), "row %zu", i);
            for (size_t k = sizeof ours; k < n; k++)
                cr_assert_eq(((unsigned char *)err)[k], 0xA5, "row %zu: byte %zu", i, k);
        } else {
            cr_expect_eq(memcmp(err, before, n), 0, "row %zu", i);
        }
        free(err);
        free(before);
    }
}

/* ---- arguments ---- */

enum { OPEN, EVIDENCE, RUN, CLAIM, EXPLAIN };
enum {
    NO_HOST,
    NO_OUT,
    NO_SESSION,
    NO_STREAM,
    NO_JOB,
    NO_READ,
    NO_WRITE,
    NO_REWIND,
    NO_INPUT,
    LIST_NO_WRITE,
    NO_HEADER,
    NO_RECORDS,
    MAJOR,
    /* lengths, of a pointer that is NULL or of a text that is not that long */
    OPTIONS,
    PRODUCT,
    NAME,
    INPUT_NAME,
    OUTPUT_NAME,
    JOURNAL_NAME,
    CODE,
    HEADER,
    RECORDS,
    CAPTURE
};

typedef struct wrong_row {
    int call, what;
    fusho_status want;
} wrong_row;

static const wrong_row pointers[] = {
    {OPEN, NO_HOST, FUSHO_E_MISUSE},       {OPEN, NO_OUT, FUSHO_E_MISUSE},
    {OPEN, MAJOR, FUSHO_E_VERSION},        {EVIDENCE, NO_SESSION, FUSHO_E_MISUSE},
    {EVIDENCE, NO_STREAM, FUSHO_E_MISUSE}, {EVIDENCE, NO_READ, FUSHO_E_MISUSE},
    {RUN, NO_SESSION, FUSHO_E_MISUSE},     {RUN, NO_JOB, FUSHO_E_MISUSE},
    {RUN, NO_INPUT, FUSHO_E_MISUSE},       {RUN, NO_READ, FUSHO_E_MISUSE},
    {RUN, NO_REWIND, FUSHO_E_MISUSE},      {RUN, LIST_NO_WRITE, FUSHO_E_MISUSE},
    {CLAIM, NO_SESSION, FUSHO_E_MISUSE},   {CLAIM, NO_JOB, FUSHO_E_MISUSE},
    {CLAIM, NO_HEADER, FUSHO_E_MISUSE},    {CLAIM, NO_RECORDS, FUSHO_E_MISUSE},
    {CLAIM, NO_WRITE, FUSHO_E_MISUSE},     {CLAIM, LIST_NO_WRITE, FUSHO_E_MISUSE},
    {EXPLAIN, NO_SESSION, FUSHO_E_MISUSE}, {EXPLAIN, NO_STREAM, FUSHO_E_MISUSE},
    {EXPLAIN, NO_WRITE, FUSHO_E_MISUSE},
};

static const wrong_row texts[] = {
    {OPEN, OPTIONS, FUSHO_E_LIMIT},     {OPEN, PRODUCT, FUSHO_E_MISUSE},
    {EVIDENCE, NAME, FUSHO_E_MISUSE},   {RUN, INPUT_NAME, FUSHO_E_MISUSE},
    {RUN, OUTPUT_NAME, FUSHO_E_MISUSE}, {RUN, JOURNAL_NAME, FUSHO_E_MISUSE},
    {EXPLAIN, CODE, FUSHO_E_MISUSE},    {CLAIM, HEADER, FUSHO_E_LIMIT},
    {CLAIM, RECORDS, FUSHO_E_LIMIT},    {CLAIM, CAPTURE, FUSHO_E_LIMIT},
};

static fusho_text text_if(const wrong_row *row, int what, fusho_text wrong, const char *right)
{
    return row->what == what ? wrong : abr_text(right);
}

static fusho_status wrong_open(abr *h, const wrong_row *row, fusho_text wrong, fusho_error *err)
{
    fusho_session *s = NULL;
    fusho_host f = h->host;
    fusho_status st;
    f.product = text_if(row, PRODUCT, wrong, "abuser");
    f.abi_major = row->what == MAJOR ? 2 : 1;
    st = m.t->open(row->what == NO_HOST ? NULL : &f, text_if(row, OPTIONS, wrong, ""),
                   row->what == NO_OUT ? NULL : &s, err);
    cr_expect_null(s);
    return st;
}

static fusho_status wrong_run(fusho_session *s, const wrong_row *row, fusho_text wrong,
                              fusho_stream *in, fusho_stream *out, fusho_error *err)
{
    fusho_job job = abr_job(FUSHO_CHECK, row->what == NO_INPUT ? NULL : in, out);
    fusho_status st;
    job.input_name = text_if(row, INPUT_NAME, wrong, "in");
    job.output_name = text_if(row, OUTPUT_NAME, wrong, "out");
    job.journal_name = text_if(row, JOURNAL_NAME, wrong, "journal");
    job.claims = job.payers = job.warnings = 77;
    st = m.t->run(s, row->what == NO_JOB ? NULL : &job, err);
    if (s && row->what != NO_JOB) {
        cr_expect_eq(job.exit_status, 2, "what %d", row->what);
        cr_expect_eq(job.claims + job.payers + job.warnings, 0, "what %d", row->what);
    }
    return st;
}

static fusho_bytes bytes_if(const wrong_row *row, int what, fusho_text wrong, fusho_bytes right)
{
    fusho_bytes b = {(const uint8_t *)wrong.p, wrong.n};
    return row->what == what ? b : right;
}

static fusho_status wrong_claim(fusho_session *s, const wrong_row *row, fusho_text wrong,
                                fusho_stream *out, fusho_error *err)
{
    fusho_claim_job job = abr_claim_job(out, out);
    fusho_status st;
    job.header = bytes_if(row, HEADER, wrong, job.header);
    job.records = bytes_if(row, RECORDS, wrong, job.records);
    job.evidence = bytes_if(row, CAPTURE, wrong, job.evidence);
    if (row->what == NO_HEADER)
        job.header.p = NULL;
    if (row->what == NO_RECORDS)
        job.records.p = NULL;
    job.errors = job.edits = job.route = 77;
    st = m.t->claim(s, row->what == NO_JOB ? NULL : &job, err);
    if (s && row->what != NO_JOB)
        cr_expect_eq(job.errors + job.edits + job.route, 0, "what %d", row->what);
    return st;
}

/* One call with one thing wrong in it. */
static fusho_status wrong_call(abr *h, const wrong_row *row, fusho_text wrong, fusho_error *err)
{
    abr_memory in = {NULL, 0, 0, NULL}, list = {NULL, 0, 0, NULL};
    fusho_stream s = abr_stream(h, &in), l = abr_stream(h, &list);
    fusho_session *open = row->what == NO_SESSION ? NULL : h->session;
    fusho_stream *some = row->what == NO_STREAM ? NULL : &s;
    if (row->what == NO_READ)
        s.read = NULL;
    if (row->what == NO_REWIND)
        s.rewind = NULL;
    if (row->what == NO_WRITE)
        s.write = NULL;
    if (row->what == LIST_NO_WRITE)
        l.write = NULL;
    switch (row->call) {
    case OPEN:
        return wrong_open(h, row, wrong, err);
    case EVIDENCE:
        return m.t->add_evidence(open, text_if(row, NAME, wrong, "x"), some, err);
    case RUN:
        return wrong_run(open, row, wrong, &s, &l, err);
    case CLAIM:
        return wrong_claim(open, row, wrong, row->what == NO_WRITE ? &s : &l, err);
    default:
        return m.t->explain(open, text_if(row, CODE, wrong, ""), some, err);
    }
}

static void expect_wrong(const wrong_row *row, fusho_text wrong, fusho_status want, size_t i)
{
    abr h;
    fusho_error err = FUSHO_ERROR_INIT;
    abr_init(&h, m.t);
    cr_assert_eq(m.t->open(&h.host, abr_text(""), &h.session, NULL), FUSHO_OK);
    expect_told(wrong_call(&h, row, wrong, &err), want, &err, "call", i);
    cr_expect_eq(wrong_call(&h, row, wrong, NULL), want, "row %zu, without an error", i);
    abr_close(&h);
    cr_expect_eq(h.blocks, 0, "row %zu", i);
    abr_free(&h);
}

Test(abuse_calls, pointers_that_are_missing)
{
    for (size_t i = 0; i < COUNT(pointers); i++)
        expect_wrong(&pointers[i], abr_text(""), pointers[i].want, i);
}

/* One byte that says it is many: nobody may look. */
Test(abuse_calls, lengths_that_cannot_be_are_refused_and_not_read)
{
    static const uint64_t lengths[] = {((uint64_t)64 << 20) + 1, (uint64_t)1 << 32,
                                       ((uint64_t)1 << 32) + 1, INT64_MAX, UINT64_MAX};
    char *one = malloc(1);
    cr_assert_not_null(one);
    *one = 'x';
    for (size_t i = 0; i < COUNT(texts); i++) {
        fusho_text none = {NULL, 5};
        for (size_t k = 0; k < COUNT(lengths); k++) {
            fusho_text wrong = {one, lengths[k]};
            expect_wrong(&texts[i], wrong, texts[i].want, i * 10 + k);
        }
        expect_wrong(&texts[i], none, FUSHO_E_MISUSE, i * 10 + 9);
    }
    free(one);
}

Test(abuse_calls, verbs_that_are_none)
{
    static const int32_t verbs[] = {0, -1, 6, 100, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < COUNT(verbs); i++) {
        for (int input = 0; input < 2; input++) {
            abr h;
            abr_result r;
            const abr_kind kind = {"verb", verbs[i] == ABR_CLAIM ? 1000 : verbs[i], "",
                                   input ? ABR_MONTH : ABR_NONE, ABR_NONE};
            abr_init(&h, m.t);
            r = abr_do(&h, &kind);
            expect_told(r.status, FUSHO_E_MISUSE, &r.err, "verb", i);
            cr_expect_eq(r.exit_status, 2, "row %zu", i);
            cr_expect_eq(h.blocks, 0, "row %zu", i);
            abr_free(&h);
        }
    }
}

/* ---- texts ---- */

Test(abuse_calls, options_of_every_kind)
{
    static const struct {
        const char *piece;
        size_t times; /* 0: the piece alone, with the NUL inside it */
        fusho_status want;
    } rows[] = {
        {"--verbose\n\n\n\n\n\n\n", 4096, FUSHO_OK}, /* 64 KiB exactly */
        {"--verbose\n\n\n\n\n\n\n", 4097, FUSHO_E_LIMIT},
        {"                ", 4096, FUSHO_OK},
        {"AAAAAAAAAAAAAAAA", 4096, FUSHO_E_MISUSE},
        {"----------------", 4096, FUSHO_E_MISUSE},
        {"--today=20261109", 4096, FUSHO_E_MISUSE},
        {"\xFF\xFE", 1, FUSHO_E_MISUSE},
        {"--\xE3\x81", 1, FUSHO_E_MISUSE},
        {"--\xE3\x81=\x93", 4096, FUSHO_E_MISUSE},
        {"--lang=\x93\xFA\x96{", 1, FUSHO_E_MISUSE},
        {"--format=json\xC0\x80", 1, FUSHO_E_MISUSE},
        {"--verb\0ose", 0, FUSHO_E_MISUSE},
        {"=", 1, FUSHO_E_MISUSE},
        {"--", 1, FUSHO_E_MISUSE},
        {"--=", 1, FUSHO_E_MISUSE},
        {"%s%n%d", 100, FUSHO_E_MISUSE},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = rows[i].times ? strlen(rows[i].piece) : 10;
        size_t times = rows[i].times ? rows[i].times : 1;
        char *text = malloc(n * times);
        fusho_text options = {text, n * times};
        fusho_session *s = NULL;
        fusho_error err = FUSHO_ERROR_INIT;
        abr h;
        cr_assert_not_null(text);
        for (size_t k = 0; k < times; k++)
            memcpy(text + k * n, rows[i].piece, n);
        abr_init(&h, m.t);
        expect_told(m.t->open(&h.host, options, &s, &err), rows[i].want, &err, "options", i);
        m.t->close(s);
        cr_expect_eq(h.blocks, 0, "row %zu", i);
        free(text);
        abr_free(&h);
    }
}

/* Each call either has a renderer for the format, or refuses it before it writes anything. */
Test(abuse_calls, every_format_with_every_call)
{
    static const char *const formats[] = {"text", "json", "junit", "sarif", "html", "csv"};
    static const struct {
        abr_kind kind;
        const char *refused;
    } rows[] = {
        {{"apply", FUSHO_APPLY, NULL, ABR_MONTH, ABR_CAPTURE}, "html csv"},
        {{"check", FUSHO_CHECK, NULL, ABR_MONTH, ABR_CAPTURE}, "html csv"},
        {{"undo", FUSHO_UNDO, NULL, ABR_JOURNAL, ABR_NONE}, "html csv"},
        {{"undo of no journal", FUSHO_UNDO, NULL, ABR_MONTH, ABR_NONE}, "html csv"},
        {{"ledger", FUSHO_LEDGER, NULL, ABR_NONE, ABR_JOURNAL}, "junit sarif"},
        {{"form", FUSHO_FORM, NULL, ABR_NONE, ABR_NONE}, ""},
        {{"claim", ABR_CLAIM, NULL, ABR_NONE, ABR_CAPTURE}, "html csv"},
        {{"claim without a capture", ABR_CLAIM, NULL, ABR_NONE, ABR_NONE}, "html csv"},
        {{"explain", ABR_EXPLAIN, NULL, ABR_NONE, ABR_NONE}, ""},
    };
    abr h;
    abr_init(&h, m.t);
    for (size_t i = 0; i < COUNT(rows); i++) {
        for (size_t k = 0; k < COUNT(formats); k++) {
            char options[64];
            abr_kind kind = rows[i].kind;
            int refused = strstr(rows[i].refused, formats[k]) != NULL;
            int cannot_be = kind.verb == FUSHO_UNDO && kind.input == ABR_MONTH;
            abr_result r;
            snprintf(options, sizeof options, "--format=%s\n--report", formats[k]);
            kind.options = options;
            r = abr_do(&h, &kind);
            expect_told(r.status < 0 ? r.status : FUSHO_OK,
                        refused     ? FUSHO_E_MISUSE
                        : cannot_be ? FUSHO_E_INPUT
                                    : FUSHO_OK,
                        &r.err, kind.name, k);
            cr_expect(!refused || h.output.n + h.listing.n + h.role[0].n + h.role[2].n == 0,
                      "%s, format %s", kind.name, formats[k]);
            cr_expect_eq(h.blocks, 0, "%s, format %s", kind.name, formats[k]);
            abr_again(&h);
        }
    }
    abr_free(&h);
}

Test(abuse_calls, names_that_are_no_text_are_no_danger)
{
    static const char *const names[] = {"\xFF\xFE", "a\xE3\x81",    "\x93\xFA\x96{",
                                        "%s%n",     "<script>\"\\", "\x01\x1B[31m"};
    static const char *const formats[] = {"--format=text", "--format=json", "--format=junit",
                                          "--format=sarif"};
    for (size_t i = 0; i < COUNT(names); i++) {
        for (size_t k = 0; k < COUNT(formats); k++) {
            abr h;
            const abr_kind kind = {"names", FUSHO_APPLY, formats[k], ABR_MONTH, ABR_CAPTURE};
            fusho_stream in, list;
            fusho_job job;
            abr_init(&h, m.t);
            cr_assert_eq(abr_open(&h, &kind).status, FUSHO_OK);
            in = abr_stream(&h, &h.input);
            list = abr_stream(&h, &h.listing);
            job = abr_job(FUSHO_APPLY, &in, &list);
            job.input_name = job.output_name = job.journal_name = abr_text(names[i]);
            cr_expect_geq(m.t->run(h.session, &job, NULL), 0, "name %zu, format %zu", i, k);
            abr_close(&h);
            cr_expect_eq(h.blocks, 0);
            cr_expect_null(memchr(h.listing.p, 0x1B, h.listing.n), "name %zu, format %zu", i, k);
            cr_expect_null(memchr(h.listing.p, 0xFF, h.listing.n), "name %zu, format %zu", i, k);
            abr_free(&h);
        }
    }
}

static int holds(const abr_memory *in, const char *part)
{
    size_t n = strlen(part);
    for (size_t i = 0; i + n <= in->n; i++)
        if (memcmp(in->p + i, part, n) == 0)
            return 1;
    return 0;
}

Test(abuse_calls, a_long_name_of_the_host_is_cut_at_a_character)
{
    char name[400] = "";
    abr h;
    const abr_kind kind = {"product", FUSHO_APPLY, "", ABR_MONTH, ABR_CAPTURE};
    abr_init(&h, m.t);
    for (int i = 0; i < 100; i++)
        strcat(name, "あ");
    h.host.product = abr_text(name);
    cr_expect_geq(abr_do(&h, &kind).status, 0);
    name[126] = '\0'; /* 42 characters fit into 127 bytes */
    cr_expect(holds(&h.role[FUSHO_STORE_JOURNAL], name));
    strcat(name, "あ");
    cr_expect_not(holds(&h.role[FUSHO_STORE_JOURNAL], name));
    abr_free(&h);
}

/* ---- order ---- */

Test(abuse_calls, calls_out_of_order)
{
    static const struct {
        const char *calls; /* e good evidence, E bad, r run, c claim, x explain */
        const char *want;  /* 0 done, m misuse, i input */
    } rows[] = {
        {"r", "0"},     {"c", "0"},     {"x", "0"},           {"rr", "00"},
        {"re", "0m"},   {"ere", "00m"}, {"rerc", "0m00"},     {"rEr", "0m0"},
        {"cer", "0m0"}, {"E", "i"},     {"Er", "im"},         {"Ec", "im"},
        {"Ex", "im"},   {"Ee", "im"},   {"eErcxe", "0immmm"}, {"xexrxcxr", "00000000"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        abr h;
        abr_init(&h, m.t);
        cr_assert_eq(m.t->open(&h.host, abr_text(""), &h.session, NULL), FUSHO_OK);
        for (size_t k = 0; rows[i].calls[k]; k++) {
            fusho_error err = FUSHO_ERROR_INIT;
            fusho_stream in = abr_stream(&h, &h.evidence), month = abr_stream(&h, &h.input);
            fusho_job job = abr_job(FUSHO_CHECK, &month, NULL);
            fusho_claim_job claim = abr_claim_job(NULL, NULL);
            char call = rows[i].calls[k], want = rows[i].want[k];
            fusho_status st;
            claim.evidence.n = 0;
            abr_set(&h.input, abr_month, strlen(abr_month));
            abr_set(&h.evidence, call == 'E' ? "<a>" : abr_capture,
                    call == 'E' ? 3 : strlen(abr_capture));
            st = call == 'r'   ? m.t->run(h.session, &job, &err)
                 : call == 'c' ? m.t->claim(h.session, &claim, &err)
                 : call == 'x' ? m.t->explain(h.session, abr_text("T401"), &in, &err)
                               : m.t->add_evidence(h.session, abr_text("e"), &in, &err);
            expect_told(st < 0 ? st : FUSHO_OK,
                        want == '0'   ? FUSHO_OK
                        : want == 'm' ? FUSHO_E_MISUSE
                                      : FUSHO_E_INPUT,
                        &err, rows[i].calls, k);
        }
        abr_close(&h);
        cr_expect_eq(h.blocks, 0, "row %zu", i);
        cr_expect_eq(h.late, 0, "row %zu", i);
        abr_free(&h);
    }
}

/* ---- two copies ---- */

static void copy_plugin(char path[64])
{
    const char *from = getenv("FUSHO_PLUGIN");
    char command[2048];
    strcpy(path, "/tmp/fusho-copy-XXXXXX");
    close(mkstemp(path));
    snprintf(command, sizeof command, "cp '%.1900s' '%s'", from ? from : "", path);
    cr_assert_eq(system(command), 0);
}

typedef struct worker {
    const fusho_plugin *t;
    const abr *good; /* one for each kind */
    long wrong;
} worker;

static int same(const abr *a, const abr *b)
{
    const abr_memory *x[] = {&a->role[0], &a->role[1], &a->role[2], &a->listing, &a->output};
    const abr_memory *y[] = {&b->role[0], &b->role[1], &b->role[2], &b->listing, &b->output};
    for (size_t i = 0; i < COUNT(x); i++)
        if (x[i]->n != y[i]->n || (x[i]->n && memcmp(x[i]->p, y[i]->p, x[i]->n) != 0))
            return 0;
    return 1;
}

static void *work(void *ctx)
{
    worker *w = ctx;
    abr h;
    abr_init(&h, w->t);
    for (int round = 0; round < 20; round++) {
        for (size_t k = 0; k < abr_kind_count; k++) {
            abr_result r = abr_do(&h, &abr_kinds[k]);
            w->wrong += r.status < 0 || h.blocks != 0 || !same(&h, &w->good[k]);
            abr_again(&h);
        }
    }
    abr_free(&h);
    return NULL;
}

/* Both at once in two threads, two threads in one of them, and one inside the other's callbacks. */
static const fusho_plugin *inner;
static long inner_wrong;

static void FUSHO_CALL run_inner(void *ctx, int64_t claims, int64_t done, int64_t total)
{
    abr h;
    (void)ctx;
    (void)claims;
    (void)done;
    (void)total;
    abr_init(&h, inner);
    inner_wrong += abr_do(&h, &abr_kinds[0]).status < 0 || h.blocks != 0;
    abr_free(&h);
}

static void interleave(const fusho_plugin *outer, const abr *good)
{
    abr h;
    abr_init(&h, outer);
    h.host.progress = run_inner;
    for (size_t k = 0; k < abr_kind_count; k++) {
        cr_expect_geq(abr_do(&h, &abr_kinds[k]).status, 0, "%s", abr_kinds[k].name);
        cr_expect(same(&h, &good[k]), "%s", abr_kinds[k].name);
        cr_expect_eq(h.blocks, 0, "%s", abr_kinds[k].name);
        abr_again(&h);
    }
    cr_expect_eq(inner_wrong, 0);
    abr_free(&h);
}

Test(abuse_calls, two_copies_at_once)
{
    char path[64];
    tst_plugin other;
    abr good[16];
    worker w[3];
    pthread_t threads[3];
    copy_plugin(path);
    other = tst_plugin_load(path);
    cr_assert_neq(other.t, m.t);
    cr_assert_leq(abr_kind_count, COUNT(good));
    for (size_t k = 0; k < abr_kind_count; k++) {
        abr_init(&good[k], m.t);
        cr_expect_geq(abr_do(&good[k], &abr_kinds[k]).status, 0, "%s", abr_kinds[k].name);
    }
    for (size_t i = 0; i < 3; i++) {
        w[i] = (worker){i == 1 ? other.t : m.t, good, 0};
        cr_assert_eq(pthread_create(&threads[i], NULL, work, &w[i]), 0);
    }
    for (size_t i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        cr_expect_eq(w[i].wrong, 0, "thread %zu: %ld wrong", i, w[i].wrong);
    }
    inner = m.t;
    interleave(other.t, good);
    inner = other.t;
    interleave(m.t, good);
    inner = m.t; /* two sessions of one plugin are independent, too */
    interleave(m.t, good);
    for (size_t k = 0; k < abr_kind_count; k++)
        abr_free(&good[k]);
    tst_plugin_unload(other);
    unlink(path);
}
