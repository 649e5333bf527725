#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* dladdr */
#endif
#include <criterion/criterion.h>

#include <dlfcn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "support_abuser.h"
#include "support_evidence.h"
#include "support_plugin.h"

/* FUSHO_PLUGIN: everything the table offers, with the n-th allocation refused, alone and with all
 * that come after it, for every n. */

static tst_plugin plugin;

static void load(void)
{
    plugin = tst_plugin_built();
}

static void unload(void)
{
    tst_plugin_unload(plugin);
}

TestSuite(fault_memory, .init = load, .fini = unload, .timeout = 1200);

/* ---- what is read ---- */

typedef struct blob {
    const char *name, *text;
    bool packed;  /* read through gzip */
    bool journal; /* of a run that was made before */
} blob;

static const char month_utf8[] =
    "IR,1,13,1,1399991,,X,202611,00,03-0000-0001\r\n"
    "RE,1,1116,202610,A,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,"
    "ｱ,\r\n"
    "HO,06139935,44,55,1,359,,,,,,,,,\r\n"
    "SI,11,1,111000110,,359,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\r\n"
    "GO,1,359,99\r\n";

static const char csv[] =
    "id,month,karte,name,kana,birth,sex,check_at,outcome,response,documents,current_insurer,"
    "current_kigo,current_bango,current_branch,former_insurer,former_kigo,former_bango,"
    "former_branch,tokki,declared_on,verbal,kind,insurer_name,workplace,share,phone,address,"
    "contact\r\n"
    "c1,202610,00011,A,ア,2000-10-10,1,2026-10-14T13:00,no-record,,mynacard,,,,,,,,,,2026-10-14,,"
    "unknown,,,unknown,0300001111,埼玉県見本市試験１－１,2026-10-31=unknown\r\n";

static const char response[] =
    SIMPLE("2", "20261014130000", "20261014",
           NUMBERS("06139935", "44", "55", "00") "<Name>A</Name><NameKana>ｱ</NameKana>"
                                                 "<Sex1>1</Sex1><Birthdate>20001010</Birthdate>");

#define CAPTURE                            \
    {                                      \
        "c.xml", abr_capture, false, false \
    }
#define CAPTURE_GZ                           \
    {                                        \
        "c.xml.gz", abr_capture, true, false \
    }
#define CSV                        \
    {                              \
        "c.csv", csv, false, false \
    }
#define CSV_GZ                       \
    {                                \
        "c.csv.gz", csv, true, false \
    }
#define RESPONSE                                      \
    {                                                 \
        "OQSsiquc01res_1.xml", response, false, false \
    }
#define JOURNAL                         \
    {                                   \
        "last.fusho", NULL, false, true \
    }
#define LAST                     \
    {                            \
        NULL, NULL, false, false \
    }
#define TODAY "--today=2026-11-09\n"

enum { NO_INPUT, MONTH, MONTH_GZ, MONTH_UTF8, THE_JOURNAL };

static const struct scenario {
    const char *name;
    int32_t verb;
    const char *options;
    int input;
    blob evidence[4];
} scenarios[] = {
    {"apply, text", FUSHO_APPLY, TODAY "--verbose", MONTH, {CAPTURE, LAST}},
    {"apply, json", FUSHO_APPLY, TODAY "--format=json\n--verbose", MONTH, {CAPTURE, LAST}},
    {"apply, junit", FUSHO_APPLY, TODAY "--format=junit", MONTH, {CAPTURE, LAST}},
    {"apply, sarif", FUSHO_APPLY, TODAY "--format=sarif", MONTH, {CAPTURE, LAST}},
    {"apply, page", FUSHO_APPLY, TODAY "--report", MONTH, {CAPTURE, LAST}},
    {"apply, masked", FUSHO_APPLY, TODAY "--report\n--mask\n--format=json", MONTH, {CAPTURE, LAST}},
    {"apply, English", FUSHO_APPLY, TODAY "--report\n--lang=en", MONTH, {CAPTURE, LAST}},
    {"apply, dry", FUSHO_APPLY, TODAY "--dry-run", MONTH, {CAPTURE, LAST}},
    {"apply, ranges", FUSHO_APPLY, TODAY "--journal-ranges", MONTH, {CAPTURE, LAST}},
    {"apply, three jobs", FUSHO_APPLY, TODAY "--jobs=3", MONTH, {CAPTURE, LAST}},
    {"apply, CSV", FUSHO_APPLY, TODAY, MONTH, {CSV, LAST}},
    {"apply, response", FUSHO_APPLY, TODAY "--verbose", MONTH, {RESPONSE, LAST}},
    {"apply, capture.gz", FUSHO_APPLY, TODAY, MONTH, {CAPTURE_GZ, LAST}},
    {"apply, CSV.gz", FUSHO_APPLY, TODAY, MONTH, {CSV_GZ, LAST}},
    {"apply, input.gz", FUSHO_APPLY, TODAY, MONTH_GZ, {CAPTURE, LAST}},
    {"apply, journal", FUSHO_APPLY, TODAY "--report", MONTH, {JOURNAL, CAPTURE, LAST}},
    {"apply, all", FUSHO_APPLY, TODAY "--format=json", MONTH, {RESPONSE, CSV, JOURNAL, LAST}},
    {"check", FUSHO_CHECK, TODAY "--report\n--verbose", MONTH, {CAPTURE, LAST}},
    {"check, UTF-8", FUSHO_CHECK, TODAY "--encoding=utf-8\n--format=json", MONTH_UTF8, {LAST}},
    {"undo", FUSHO_UNDO, "", THE_JOURNAL, {LAST}},
    {"ledger, text", FUSHO_LEDGER, TODAY, NO_INPUT, {JOURNAL, LAST}},
    {"ledger, json", FUSHO_LEDGER, TODAY "--format=json\n--mask", NO_INPUT, {JOURNAL, LAST}},
    {"ledger, csv", FUSHO_LEDGER, TODAY "--format=csv", NO_INPUT, {JOURNAL, LAST}},
    {"ledger, html", FUSHO_LEDGER, TODAY "--format=html\n--report", NO_INPUT, {JOURNAL, LAST}},
    {"form", FUSHO_FORM, "", NO_INPUT, {LAST}},
    {"claim", ABR_CLAIM, TODAY "--format=json", NO_INPUT, {LAST}},
    {"claim, added before", ABR_CLAIM, TODAY, NO_INPUT, {CSV, LAST}},
    {"explain", ABR_EXPLAIN, "", NO_INPUT, {LAST}},
};
#define SCENARIOS (sizeof scenarios / sizeof scenarios[0])

/* ---- the allocator ---- */

static void *(FUSHO_CALL *real_mem)(void *, void *, uint64_t, uint64_t);
static struct {
    atomic_long calls;
    long fail_at; /* -1 = never */
    bool on;      /* and all that come after */
} memory;

static void *FUSHO_CALL refusing_mem(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    if (new_n > 0) {
        long n = atomic_fetch_add(&memory.calls, 1);
        if (n == memory.fail_at || (memory.on && memory.fail_at >= 0 && n > memory.fail_at)) {
            ((abr *)ctx)->happened = 1; /* from here on it counts what is committed */
            return NULL;
        }
    }
    return real_mem(ctx, p, old_n, new_n);
}

static void set_memory(long fail_at, bool on)
{
    atomic_store(&memory.calls, 0);
    memory.fail_at = fail_at;
    memory.on = on;
}

/* ---- one run ---- */

/* So that what zlib takes here is not taken for the plugin's. */
__attribute__((noinline)) static voidpf own_alloc(voidpf ctx, uInt items, uInt size)
{
    voidpf p = calloc(items, size);
    (void)ctx;
    cr_assert_not_null(p); /* no tail call: it must be this program that calls */
    return p;
}

static void own_free(voidpf ctx, voidpf p)
{
    (void)ctx;
    free(p);
}

static void set_packed(abr_memory *m, const char *text)
{
    unsigned char out[8192];
    z_stream z;
    memset(&z, 0, sizeof z);
    z.zalloc = own_alloc;
    z.zfree = own_free;
    cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (z_const Bytef *)text;
    z.avail_in = (uInt)strlen(text);
    z.next_out = out;
    z.avail_out = sizeof out;
    cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
    abr_set(m, out, z.total_out);
    deflateEnd(&z);
}

static void set_input(abr *h, int input)
{
    if (input == MONTH_GZ)
        set_packed(&h->input, abr_month);
    else if (input == THE_JOURNAL)
        abr_set(&h->input, h->journal.p, h->journal.n);
    else
        abr_set(&h->input, input == MONTH_UTF8 ? month_utf8 : abr_month,
                input == MONTH_UTF8 ? strlen(month_utf8) : strlen(abr_month));
}

static fusho_status add(abr *h, const blob *b, fusho_error *err)
{
    fusho_stream s;
    if (b->packed)
        set_packed(&h->evidence, b->text);
    else if (b->journal)
        abr_set(&h->evidence, h->journal.p, h->journal.n);
    else
        abr_set(&h->evidence, b->text, strlen(b->text));
    s = abr_stream(h, &h->evidence);
    return plugin.t->add_evidence(h->session, abr_text(b->name), &s, err);
}

static abr_result call(abr *h, const struct scenario *s)
{
    abr_result r = {0, -1, FUSHO_ERROR_INIT};
    fusho_stream out = abr_stream(h, &h->output), list = abr_stream(h, &h->listing);
    abr_kind kind = {s->name, s->verb, s->options, ABR_NONE, ABR_NONE};
    if (s->verb != ABR_CLAIM || s->evidence[0].name)
        return abr_call(h, &kind);
    fusho_claim_job job = abr_claim_job(&out, &list); /* its capture is in the job */
    r.status = plugin.t->claim(h->session, &job, &r.err);
    r.exit_status = job.exit_status;
    return r;
}

static abr_result run(abr *h, const struct scenario *s)
{
    abr_result r = {0, -1, FUSHO_ERROR_INIT};
    abr_again(h);
    set_input(h, s->input);
    r.status = plugin.t->open(&h->host, abr_text(s->options), &h->session, &r.err);
    for (const blob *b = s->evidence; r.status == FUSHO_OK && b->name; b++)
        r.status = add(h, b, &r.err);
    if (r.status == FUSHO_OK)
        r = call(h, s);
    abr_close(h);
    return r;
}

static void init(abr *h)
{
    static const struct scenario first = {
        "", FUSHO_APPLY, "--today=2026-10-31", MONTH, {CAPTURE, LAST}};
    abr_init(h, plugin.t);
    real_mem = h->host.mem;
    h->host.mem = refusing_mem;
    set_memory(-1, false);
    cr_assert_eq(run(h, &first).status, FUSHO_OK);
    abr_set(&h->journal, h->role[FUSHO_STORE_JOURNAL].p, h->role[FUSHO_STORE_JOURNAL].n);
    cr_assert_gt(h->journal.n, 100);
}

/* ---- what must hold ---- */

static void expect_clean(const abr *h, const char *what, long n)
{
    cr_expect_eq(h->blocks, 0, "%s %ld: %ld blocks left", what, n, h->blocks);
    cr_expect_eq(h->wrong_sizes, 0, "%s %ld: sizes", what, n);
    cr_expect_eq(h->late, 0, "%s %ld: called after close", what, n);
    for (int i = 0; i < FUSHO_STORE_ROLES; i++)
        cr_expect_not(h->open[i], "%s %ld: role %d neither committed nor aborted", what, n, i);
}

static void expect_refused(abr *h, const struct scenario *s, long n, bool on)
{
    abr_result r;
    set_memory(n, on);
    r = run(h, s);
    expect_clean(h, s->name, n);
    cr_expect_eq(r.status, FUSHO_E_NOMEM, "%s %ld %d: %d", s->name, n, on, r.status);
    cr_expect(abr_is_told(r.status, &r.err), "%s %ld %d", s->name, n, on);
    cr_expect_str_eq(r.err.message_ja, "メモリーが足りません。", "%s %ld %d", s->name, n, on);
    cr_expect_eq(h->committed_after, 0, "%s %ld %d: committed", s->name, n, on);
    cr_expect_neq(r.exit_status, 0, "%s %ld %d", s->name, n, on);
    cr_expect_neq(r.exit_status, 1, "%s %ld %d", s->name, n, on);
    if (h->committed[FUSHO_STORE_OUTPUT] && s->verb == FUSHO_APPLY)
        cr_expect(h->committed[FUSHO_STORE_JOURNAL], "%s %ld %d", s->name, n, on);
}

Test(fault_memory, every_scenario_works_with_enough_of_it)
{
    abr h;
    init(&h);
    for (size_t i = 0; i < SCENARIOS; i++) {
        abr_result r;
        set_memory(-1, false);
        r = run(&h, &scenarios[i]);
        cr_expect_geq(r.status, 0, "%s: %s", scenarios[i].name, r.err.message_ja);
        cr_expect_leq(r.status, 1, "%s", scenarios[i].name);
        expect_clean(&h, scenarios[i].name, -1);
        cr_expect_gt(atomic_load(&memory.calls), 1, "%s", scenarios[i].name);
        cr_expect_gt(h.output.n + h.listing.n + h.role[FUSHO_STORE_OUTPUT].n, 0, "%s",
                     scenarios[i].name);
        if (scenarios[i].verb == FUSHO_APPLY && !strstr(scenarios[i].options, "--dry-run"))
            cr_expect_eq(h.committed[FUSHO_STORE_OUTPUT], 1, "%s", scenarios[i].name);
    }
    abr_free(&h);
}

Test(fault_memory, every_allocation_may_be_refused)
{
    abr h;
    init(&h);
    for (size_t i = 0; i < SCENARIOS; i++) {
        const struct scenario *s = &scenarios[i];
        long total, n;
        set_memory(-1, false);
        run(&h, s);
        total = atomic_load(&memory.calls);
        for (n = 0; n < total; n++) {
            expect_refused(&h, s, n, false);
            expect_refused(&h, s, n, true);
        }
        set_memory(-1, false); /* and then it goes on as if nothing had been */
        cr_expect_geq(run(&h, s).status, 0, "%s", s->name);
    }
    abr_free(&h);
}

/* ---- expat and zlib take the session's memory, and nothing else ---- */

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
    __has_feature(thread_sanitizer)
#define OWN_MALLOC 1
#endif
#endif

#ifndef OWN_MALLOC

#define CALLERS_MAX 65536
static struct {
    bool on;
    size_t n;
    void *caller[CALLERS_MAX];
} watch;

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t k, size_t n);
extern void *__libc_realloc(void *p, size_t n);
__attribute__((visibility("default"), noinline)) void *malloc(size_t n);
__attribute__((visibility("default"), noinline)) void *calloc(size_t k, size_t n);
__attribute__((visibility("default"), noinline)) void *realloc(void *p, size_t n);

static void seen(void *caller)
{
    if (watch.on && watch.n < CALLERS_MAX)
        watch.caller[watch.n++] = caller;
}

void *malloc(size_t n)
{
    seen(__builtin_return_address(0));
    return __libc_malloc(n);
}

void *calloc(size_t k, size_t n)
{
    seen(__builtin_return_address(0));
    return __libc_calloc(k, n);
}

void *realloc(void *p, size_t n)
{
    seen(__builtin_return_address(0));
    return __libc_realloc(p, n);
}

/* How many of the calls came from a library whose name has this in it; NULL: from this program. */
static int calls_from(const char *library)
{
    Dl_info self;
    int k = 0;
    cr_assert(dladdr((void *)&watch, &self));
    for (size_t i = 0; i < watch.n; i++) {
        Dl_info info;
        if (dladdr(watch.caller[i], &info) && info.dli_fname)
            k += library ? strstr(info.dli_fname, library) != NULL
                         : info.dli_fbase == self.dli_fbase;
    }
    return k;
}

Test(fault_memory, the_plugin_and_its_libraries_allocate_from_the_session_only)
{
    static const char *const libraries[] = {"fusho.so", "libexpat", "libz.so"};
    abr h;
    z_stream z;
    init(&h);
    memset(&z, 0, sizeof z);
    watch.on = true; /* that it notices: zlib without an allocator of its own */
    cr_expect_eq(inflateInit(&z), Z_OK);
    watch.on = false;
    inflateEnd(&z);
    cr_expect_gt(calls_from("libz.so"), 0);
    for (size_t i = 0; i < SCENARIOS; i++) {
        if (strstr(scenarios[i].options, "--jobs"))
            continue; /* the list of callers has no lock */
        set_memory(-1, false);
        watch.n = 0;
        watch.on = true;
        run(&h, &scenarios[i]);
        watch.on = false;
        cr_assert_lt(watch.n, CALLERS_MAX);
        cr_expect_gt(calls_from(NULL), 0, "%s: nothing seen", scenarios[i].name);
        for (size_t k = 0; k < 3; k++) {
            int found = calls_from(libraries[k]);
            cr_expect_eq(found, 0, "%s: %d from %s", scenarios[i].name, found, libraries[k]);
        }
    }
    abr_free(&h);
}
#endif
