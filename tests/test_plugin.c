#include <criterion/criterion.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support_plugin.h"

/* FUSHO_PLUGIN: the module as it was built; FUSHO_FIXTURES: folder made by fixtures/make.sh. */

/* ---- the plugin ---- */

typedef struct calls {
    tst_plugin plugin;
    const fusho_plugin *(*v1)(uint32_t, uint32_t);
    int32_t (*apply)(const char *, const char *, const char *, const char *, char *, int32_t);
    int32_t (*check)(const char *, const char *, const char *, char *, int32_t);
    int32_t (*undo)(const char *, const char *, char *, int32_t);
    const char *(*version)(void);
    const fusho_plugin *t;
} calls;

static calls p;
static char folder[64];

static void load(void)
{
    p.plugin = tst_plugin_built();
    p.t = p.plugin.t;
    *(void **)&p.v1 = tst_symbol(p.plugin.so, "fusho_plugin_v1");
    *(void **)&p.apply = tst_symbol(p.plugin.so, "fusho_apply_file");
    *(void **)&p.check = tst_symbol(p.plugin.so, "fusho_check_file");
    *(void **)&p.undo = tst_symbol(p.plugin.so, "fusho_undo_file");
    *(void **)&p.version = tst_symbol(p.plugin.so, "fusho_version");
    strcpy(folder, "/tmp/fusho-plugin-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    cr_assert_eq(chdir(folder), 0);
}

static void unload(void)
{
    char command[96];
    if (!p.plugin.so)
        return;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(chdir("/"), 0);
    cr_assert_eq(system(command), 0);
    tst_plugin_unload(p.plugin);
}

TestSuite(plugin, .init = load, .fini = unload);

/* ---- a month and its capture ---- */

#define MONTH                                                                   \
    "IR,1,13,1,1399991,,X,202611,00,03-0000-0001\r\n"                           \
    "RE,1,1116,202610,A,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,\xB1,\r\n" \
    "HO,06139935,44,55,1,359,,,,,,,,,\r\n"                                      \
    "SI,11,1,111000110,,359,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\r\n"        \
    "GO,1,359,99\r\n\x1a"
#define CAPTURE                                                                          \
    "<captures xmlns='urn:fusho:capture:1'><capture id='c1' month='202610'>"             \
    "<patient karte='00011' name='A' kana='ア' birth='2000-10-10' sex='1'/>"            \
    "<check at='2026-10-14T13:00' outcome='no-record'/><presented document='mynacard'/>" \
    "<qualification status='current' source='document' insurer='01139906' kigo='77' "    \
    "bango='88'/></capture></captures>"
#define NEW_HO "HO,01139906,77,88,1,359,,,,,,,,,\r\n"

/* ---- memory streams and a host ---- */

typedef struct memory {
    char *p;
    size_t n, at;
} memory;

static int64_t FUSHO_CALL mem_read(void *ctx, void *buf, uint64_t n)
{
    memory *m = ctx;
    size_t left = m->n - m->at;
    if (n > left)
        n = left;
    if (n)
        memcpy(buf, m->p + m->at, (size_t)n);
    m->at += (size_t)n;
    return (int64_t)n;
}

static int64_t FUSHO_CALL mem_write(void *ctx, const void *buf, uint64_t n)
{
    memory *m = ctx;
    m->p = realloc(m->p, m->n + (size_t)n + 1);
    if (!m->p)
        return -1;
    memcpy(m->p + m->n, buf, (size_t)n);
    m->n += (size_t)n;
    m->p[m->n] = '\0';
    return (int64_t)n;
}

static int32_t FUSHO_CALL mem_rewind(void *ctx)
{
    ((memory *)ctx)->at = 0;
    return 0;
}

static fusho_stream stream_of(memory *m)
{
    fusho_stream s = {(uint32_t)sizeof s, 0, m, mem_read, mem_write, mem_rewind};
    return s;
}

typedef struct host {
    memory role[FUSHO_STORE_ROLES];
    int committed[FUSHO_STORE_ROLES], aborted[FUSHO_STORE_ROLES];
    int refuse; /* store_begin fails with words of the host's */
    int half;   /* store_begin gives a stream that cannot be written */
    long blocks;
    char log[256];
    fusho_session *session; /* closed from inside a callback where set */
} host;

static void *FUSHO_CALL host_mem(void *ctx, void *old, uint64_t old_n, uint64_t new_n)
{
    host *h = ctx;
    (void)old_n;
    if (new_n == 0) {
        h->blocks--;
        free(old);
        return NULL;
    }
    h->blocks += old == NULL;
    return realloc(old, (size_t)new_n);
}

static void FUSHO_CALL host_log(void *ctx, int32_t level, fusho_text text)
{
    host *h = ctx;
    snprintf(h->log, sizeof h->log, "%d %.*s", level, (int)text.n, text.p);
}

static fusho_status FUSHO_CALL host_begin(void *ctx, int32_t role, fusho_stream *out,
                                          fusho_error *err)
{
    host *h = ctx;
    if (h->refuse) {
        strcpy(err->code, "S701");
        strcpy(err->file, "out.uke");
        strcpy(err->message_ja, "すでにあります。");
        strcpy(err->hint_ja, "別の名前にしてください。");
        strcpy(err->message_en, "is there");
        return FUSHO_E_STORE;
    }
    h->role[role].n = 0;
    *out = stream_of(&h->role[role]);
    if (h->half)
        out->write = NULL;
    return FUSHO_OK;
}

static fusho_status FUSHO_CALL host_commit(void *ctx, int32_t role, fusho_error *err)
{
    (void)err;
    ((host *)ctx)->committed[role]++;
    return FUSHO_OK;
}

static void FUSHO_CALL host_abort(void *ctx, int32_t role)
{
    ((host *)ctx)->aborted[role]++;
}

static int32_t FUSHO_CALL host_today(void *ctx)
{
    host *h = ctx;
    if (h->session)
        p.t->close(h->session);
    return 20261109;
}

static fusho_host host_of(host *h)
{
    fusho_host f;
    memset(&f, 0, sizeof f);
    f.struct_size = (uint32_t)sizeof f;
    f.abi_major = FUSHO_ABI_MAJOR;
    f.abi_minor = FUSHO_ABI_MINOR;
    f.ctx = h;
    f.product.p = "test host";
    f.product.n = 9;
    f.mem = host_mem;
    f.log = host_log;
    f.store_begin = host_begin;
    f.store_commit = host_commit;
    f.store_abort = host_abort;
    f.today = host_today;
    return f;
}

static void host_free(host *h)
{
    for (int i = 0; i < FUSHO_STORE_ROLES; i++)
        free(h->role[i].p);
}

static fusho_text text_of(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

static fusho_session *open_session(const fusho_host *f, const char *options)
{
    fusho_session *s = NULL;
    fusho_error err = FUSHO_ERROR_INIT;
    cr_assert_eq(p.t->open(f, text_of(options), &s, &err), FUSHO_OK, "%s", err.message_ja);
    cr_assert_not_null(s);
    return s;
}

static memory of(const char *text)
{
    memory m = {NULL, 0, 0};
    mem_write(&m, text, strlen(text));
    return m;
}

/* ---- the table ---- */

Test(plugin, the_table_is_for_its_major_version_only)
{
    static const struct {
        uint32_t major, minor;
        int there;
    } rows[] = {{1, 0, 1}, {1, 99, 1}, {0, 0, 0}, {2, 0, 0}, {0xFFFFFFFFu, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(p.v1(rows[i].major, rows[i].minor) != NULL, rows[i].there, "row %zu", i);
    cr_expect_eq(p.t->struct_size, sizeof(fusho_plugin));
    cr_expect_eq(p.t->abi_major, 1);
    cr_expect_eq(p.t->abi_minor, 1);
    cr_expect_str_eq(p.t->id, "jp.fusho.claim");
    cr_expect_str_eq(p.t->version, p.version());
    cr_expect_eq(strlen(p.t->rules_edition), 7);
    cr_expect_neq(p.t->name_ja[0], '\0');
    cr_expect(p.t->open && p.t->add_evidence && p.t->run && p.t->claim && p.t->explain &&
              p.t->close);
    for (int i = 0; i < 4; i++)
        cr_expect_null(p.t->reserved[i]);
}

Test(plugin, a_whole_file_through_the_table)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "--format=json\n--report");
    fusho_error err = FUSHO_ERROR_INIT;
    memory in = of(MONTH), ev = of(CAPTURE), list = {NULL, 0, 0};
    fusho_stream input = stream_of(&in), evidence = stream_of(&ev), listing = stream_of(&list);
    fusho_job job;
    fusho_status st;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.verb = FUSHO_APPLY;
    job.input_name = text_of("in.uke");
    job.output_name = text_of("out.uke");
    job.input = &input;
    job.listing = &listing;
    cr_assert_eq(p.t->add_evidence(s, text_of("c.xml"), &evidence, &err), FUSHO_OK, "%s",
                 err.message_ja);
    st = p.t->run(s, &job, &err);
    cr_expect_eq(st, job.errors ? FUSHO_FINDINGS : FUSHO_OK);
    cr_expect_eq(job.exit_status, st);
    cr_expect_eq(job.claims, 1);
    cr_expect_eq(job.payers, 1);
    cr_expect_eq(job.current, 1);
    cr_expect_eq(job.fusho + job.kyushikaku + job.hold, 0);
    cr_expect_not_null(strstr(h.role[FUSHO_STORE_OUTPUT].p, NEW_HO));
    cr_expect_not_null(strstr(list.p, "\"output\":\"out.uke\""));
    cr_expect_not_null(strstr(h.role[FUSHO_STORE_REPORT].p, "<html"));
    for (int i = 0; i < FUSHO_STORE_ROLES; i++) {
        cr_expect_eq(h.committed[i], 1, "role %d", i);
        cr_expect_eq(h.aborted[i], 0, "role %d", i);
    }
    cr_expect_eq(strncmp(h.log, "1 status=", 9), 0, "%s", h.log);

    /* And back again, in the same session. */
    free(in.p);
    in = h.role[FUSHO_STORE_JOURNAL];
    in.at = 0;
    memset(&h.role[FUSHO_STORE_JOURNAL], 0, sizeof h.role[0]);
    job.verb = FUSHO_UNDO;
    job.listing = NULL;
    input.rewind = NULL; /* undo reads once */
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_OK, "%s", err.message_ja);
    cr_expect_eq(h.role[FUSHO_STORE_OUTPUT].n, sizeof MONTH - 1);
    cr_expect_eq(memcmp(h.role[FUSHO_STORE_OUTPUT].p, MONTH, sizeof MONTH - 1), 0);
    p.t->close(s);
    cr_expect_eq(h.blocks, 0);
    free(in.p);
    free(ev.p);
    free(list.p);
    host_free(&h);
}

Test(plugin, one_claim_through_the_table)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "--format=json");
    fusho_error err = FUSHO_ERROR_INIT;
    memory out = {NULL, 0, 0}, list = {NULL, 0, 0};
    fusho_stream output = stream_of(&out), listing = stream_of(&list);
    const char *re = strstr(MONTH, "RE,"), *go = strstr(MONTH, "GO,");
    fusho_claim_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.header.p = (const uint8_t *)MONTH;
    job.header.n = (uint64_t)(re - MONTH);
    job.records.p = (const uint8_t *)re;
    job.records.n = (uint64_t)(go - re);
    job.evidence.p = (const uint8_t *)CAPTURE;
    job.evidence.n = sizeof CAPTURE - 1;
    job.output = &output;
    job.listing = &listing;
    cr_assert_geq(p.t->claim(s, &job, &err), 0, "%s", err.message_ja);
    cr_expect_eq(job.route, FUSHO_ROUTE_CURRENT);
    cr_expect_eq(job.edits, 3);
    cr_expect_eq(job.exit_status, job.errors > 0);
    cr_expect_not_null(strstr(out.p, NEW_HO));
    cr_expect_not_null(strstr(list.p, "\"route\":\"current\""));
    job.output = job.listing = NULL;
    cr_expect_geq(p.t->claim(s, &job, NULL), 0);
    p.t->close(s);
    cr_expect_eq(h.blocks, 0);
    free(out.p);
    free(list.p);
}

Test(plugin, explain_through_the_table)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "--lang=en");
    fusho_error err = FUSHO_ERROR_INIT;
    memory out = {NULL, 0, 0};
    fusho_stream to = stream_of(&out);
    cr_expect_eq(p.t->explain(s, text_of("T401"), &to, &err), FUSHO_OK);
    cr_expect_not_null(strstr(out.p, "T401"));
    cr_expect_eq(p.t->explain(s, text_of("T999"), &to, &err), FUSHO_E_MISUSE);
    cr_expect_eq(err.status, FUSHO_E_MISUSE);
    p.t->close(s);
    free(out.p);
}

/* ---- what does not fit ---- */

Test(plugin, open_refuses_what_it_cannot_use)
{
    static const struct {
        uint32_t size;
        uint16_t major;
        fusho_status want;
    } rows[] = {
        {0, 1, FUSHO_E_VERSION},
        {8, 1, FUSHO_E_VERSION},
        {(uint32_t)offsetof(fusho_host, reserved) - 1, 1, FUSHO_E_VERSION},
        {(uint32_t)offsetof(fusho_host, reserved), 1, FUSHO_OK},
        {(uint32_t)sizeof(fusho_host), 1, FUSHO_OK},
        {(uint32_t)sizeof(fusho_host) + 64, 1, FUSHO_OK}, /* a newer host */
        {65537, 1, FUSHO_E_VERSION},
        {(uint32_t)sizeof(fusho_host), 0, FUSHO_E_VERSION},
        {(uint32_t)sizeof(fusho_host), 2, FUSHO_E_VERSION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        host h = {0};
        struct {
            fusho_host f;
            char newer[64];
        } big = {host_of(&h), "members of a later version"};
        fusho_session *s = (fusho_session *)&h;
        fusho_error err = FUSHO_ERROR_INIT;
        big.f.struct_size = rows[i].size;
        big.f.abi_major = rows[i].major;
        cr_expect_eq(p.t->open(&big.f, text_of(""), &s, &err), rows[i].want, "row %zu", i);
        cr_expect_eq(s != NULL, rows[i].want == FUSHO_OK, "row %zu", i);
        cr_expect_eq(err.status, rows[i].want, "row %zu", i);
        p.t->close(s);
        cr_expect_eq(h.blocks, 0, "row %zu", i);
    }
}

Test(plugin, null_and_overlong_arguments_are_misuse)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = NULL;
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_text broken = {NULL, 5}, longer = {"", 65537}, none = {NULL, 0};
    cr_expect_eq(p.t->open(NULL, none, &s, &err), FUSHO_E_MISUSE);
    cr_expect_str_eq(err.message_ja, "必要な引数がないか、長すぎます。");
    cr_expect_eq(p.t->open(&f, none, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->open(&f, broken, &s, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->open(&f, longer, &s, &err), FUSHO_E_LIMIT);
    cr_expect_str_eq(err.message_ja,
                     "オプション全体の長さが上限 FU_OPTIONS_BYTES_MAX (65536) を超えています。");
    cr_expect_str_eq(err.hint_ja, "同じオプションをくり返していないかを確かめてください。");
    cr_expect_null(s);
    s = (fusho_session *)&h; /* whatever was there, a failure leaves NULL */
    cr_expect_eq(p.t->open(NULL, none, &s, &err), FUSHO_E_MISUSE);
    cr_expect_null(s);
    cr_expect_eq(p.t->open(NULL, none, NULL, NULL), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->open(&f, text_of("--nonsense"), &s, &err), FUSHO_E_MISUSE);
    cr_expect_str_eq(err.message_ja, "オプション --nonsense はここでは使えません。");
    cr_expect_null(s);
    cr_expect_eq(h.blocks, 0);
    p.t->close(NULL);

    s = open_session(&f, "");
    cr_expect_eq(p.t->add_evidence(NULL, none, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->add_evidence(s, none, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->run(NULL, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->run(s, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->claim(NULL, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->claim(s, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->explain(NULL, none, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->explain(s, none, NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->explain(s, none, NULL, NULL), FUSHO_E_MISUSE);
    p.t->close(s);
    cr_expect_eq(h.blocks, 0);
}

Test(plugin, a_job_that_fails_says_so_in_its_exit_status)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "");
    fusho_job job;
    fusho_claim_job claim;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.verb = FUSHO_CHECK;
    cr_expect_eq(p.t->run(s, &job, NULL), FUSHO_E_MISUSE);
    cr_expect_eq(job.exit_status, 2);
    memset(&claim, 0, sizeof claim);
    claim.struct_size = (uint32_t)sizeof claim;
    cr_expect_eq(p.t->claim(s, &claim, NULL), FUSHO_E_MISUSE);
    cr_expect_eq(claim.exit_status, 2);
    p.t->close(s);
}

static fusho_job job_of(const fusho_stream *in, int32_t verb)
{
    fusho_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.verb = verb;
    job.input = in;
    return job;
}

Test(plugin, structs_of_a_wrong_size_are_refused_and_larger_ones_taken)
{
    static const struct {
        uint32_t job, stream;
        fusho_status want;
    } rows[] = {
        {0, 0, FUSHO_OK}, /* 0: the right one */
        {offsetof(fusho_job, from_name) - 1, 0, FUSHO_E_VERSION},
        {offsetof(fusho_job, from_name), 0, FUSHO_OK}, /* a host of 1.0 */
        {offsetof(fusho_job, from_name) + 8, 0, FUSHO_E_VERSION}, /* of no version */
        {sizeof(fusho_job) - 8, 0, FUSHO_E_VERSION},
        {sizeof(fusho_job) + 32, 0, FUSHO_OK},
        {70000, 0, FUSHO_E_VERSION},
        {0, sizeof(fusho_stream) - 8, FUSHO_E_VERSION},
        {0, sizeof(fusho_stream) + 16, FUSHO_OK},
        {0, 70000, FUSHO_E_VERSION},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        host h = {0};
        fusho_host f = host_of(&h);
        fusho_session *s = open_session(&f, "");
        fusho_error err = FUSHO_ERROR_INIT;
        memory in = of(MONTH);
        struct {
            fusho_stream s;
            char newer[32];
        } input = {stream_of(&in), "later"};
        struct {
            fusho_job j;
            char newer[32];
        } job = {job_of(&input.s, FUSHO_CHECK), "later"};
        fusho_status st;
        job.j.struct_size = rows[i].job ? rows[i].job : job.j.struct_size;
        input.s.struct_size = rows[i].stream ? rows[i].stream : input.s.struct_size;
        st = p.t->run(s, &job.j, &err);
        cr_expect_eq(st >= 0 ? FUSHO_OK : st, rows[i].want, "row %zu: %d", i, st);
        cr_expect_str_eq(job.newer, "later", "row %zu", i);
        in.at = 0;
        st = p.t->explain(s, text_of("T401"), &input.s, &err);
        cr_expect_eq(st, rows[i].stream ? rows[i].want : FUSHO_OK, "row %zu", i);
        p.t->close(s);
        free(in.p);
    }
}

Test(plugin, streams_that_cannot_do_what_is_needed_are_misuse)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "");
    fusho_error err = FUSHO_ERROR_INIT;
    memory in = of(MONTH);
    fusho_stream whole = stream_of(&in), no_read = whole, no_write = whole, no_rewind = whole;
    fusho_job job = job_of(&no_read, FUSHO_CHECK);
    no_read.read = NULL;
    no_write.write = NULL;
    no_rewind.rewind = NULL;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    job.verb = FUSHO_UNDO;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    job = job_of(&no_rewind, FUSHO_APPLY);
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    job = job_of(&no_write, FUSHO_CHECK);
    job.listing = &no_write;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->add_evidence(s, text_of("x"), &no_read, &err), FUSHO_E_MISUSE);
    cr_expect_eq(p.t->explain(s, text_of(""), &no_write, &err), FUSHO_E_MISUSE);
    job = job_of(&no_write, FUSHO_CHECK); /* an input need not be writable */
    cr_expect_geq(p.t->run(s, &job, &err), 0);
    p.t->close(s);
    free(in.p);
}

Test(plugin, an_error_struct_of_another_size_is_not_touched)
{
    fusho_error err, before;
    memset(&err, 0x5A, sizeof err);
    err.struct_size = sizeof err - 8;
    before = err;
    cr_expect_eq(p.t->open(NULL, text_of(""), NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(memcmp(&err, &before, sizeof err), 0);
    err.struct_size = sizeof err;
    cr_expect_eq(p.t->open(NULL, text_of(""), NULL, &err), FUSHO_E_MISUSE);
    cr_expect_eq(err.status, FUSHO_E_MISUSE);
    cr_expect_str_eq(err.code, "");
    cr_expect_str_eq(err.file, "");
}

Test(plugin, what_the_host_says_of_its_store_reaches_the_caller)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "");
    fusho_error err = FUSHO_ERROR_INIT;
    memory in = of(MONTH);
    fusho_stream input = stream_of(&in);
    fusho_job job = job_of(&input, FUSHO_APPLY);
    h.refuse = 1;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_STORE);
    cr_expect_eq(job.exit_status, 4);
    cr_expect_str_eq(err.code, "S701");
    cr_expect_str_eq(err.file, "out.uke");
    cr_expect_str_eq(err.message_ja, "すでにあります。");
    cr_expect_str_eq(err.hint_ja, "別の名前にしてください。");
    cr_expect_str_eq(err.message_en, "is there");
    h.refuse = 0;
    h.half = 1;
    job.output_name = text_of("out.uke");
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_STORE);
    cr_expect_str_eq(err.code, "S702");
    cr_expect_str_eq(err.file, "out.uke");
    cr_expect_eq(h.aborted[0], 1);
    cr_expect_eq(h.committed[0] + h.committed[1], 0);
    p.t->close(s);
    free(in.p);
    host_free(&h);
}

Test(plugin, closing_from_a_callback_does_nothing)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, "");
    memory in = of(MONTH);
    fusho_stream input = stream_of(&in);
    fusho_job job = job_of(&input, FUSHO_CHECK);
    h.session = s;
    cr_expect_geq(p.t->run(s, &job, NULL), 0);
    h.session = NULL;
    p.t->close(s);
    cr_expect_eq(h.blocks, 0);
    free(in.p);
}

Test(plugin, without_callbacks_of_its_own_a_host_can_check)
{
    fusho_host f;
    fusho_session *s;
    fusho_error err = FUSHO_ERROR_INIT;
    memory in = of(MONTH);
    fusho_stream input = stream_of(&in);
    fusho_job job = job_of(&input, FUSHO_CHECK);
    memset(&f, 0, sizeof f);
    f.struct_size = (uint32_t)sizeof f;
    f.abi_major = FUSHO_ABI_MAJOR;
    s = open_session(&f, "--today=2026-11-09");
    cr_expect_geq(p.t->run(s, &job, &err), 0, "%s", err.message_ja);
    job.verb = FUSHO_APPLY;
    in.at = 0;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    cr_expect_eq(job.exit_status, 2);
    p.t->close(s);
    s = open_session(&f, "");
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    cr_expect_str_eq(err.message_ja, "今日の日付がわかりません。--today で日付を指定してください。");
    p.t->close(s);
    free(in.p);
}

/* ---- flat calls ---- */

static void put_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "wb");
    cr_assert_not_null(f, "%s", path);
    cr_assert_eq(fwrite(text, 1, strlen(text), f), strlen(text));
    cr_assert_eq(fclose(f), 0);
}

/* The file as a text, malloc'ed; NULL if it is not there. */
static char *get_file(const char *path)
{
    memory m = {NULL, 0, 0};
    char buf[4096];
    size_t n;
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    mem_write(&m, "", 0);
    while ((n = fread(buf, 1, sizeof buf, f)) > 0)
        mem_write(&m, buf, n);
    fclose(f);
    return m.p;
}

static int file_is(const char *path, const char *text)
{
    char *t = get_file(path);
    int same = t && strcmp(t, text) == 0;
    free(t);
    return same;
}

static int files_here(void)
{
    DIR *d = opendir(".");
    int n = 0;
    struct dirent *e;
    cr_assert_not_null(d);
    while ((e = readdir(d)) != NULL)
        n += e->d_name[0] != '.' || strncmp(e->d_name, ".fusho", 6) == 0;
    closedir(d);
    return n;
}

static unsigned mode_of(const char *path)
{
    struct stat st;
    cr_assert_eq(stat(path, &st), 0, "%s", path);
    return st.st_mode & 07777;
}

#define DAY "--today=2026-11-09"

Test(plugin, flat_apply_check_and_undo)
{
    char message[512], *out;
    put_file("in.uke", MONTH);
    put_file("c.xml", CAPTURE);
    umask(0);
    cr_expect_leq(p.apply("in.uke", "out.uke", "c.xml", DAY, message, sizeof message), 1, "%s",
                  message);
    cr_expect_not_null(strstr(message, "1件を処理しました（不詳0、旧資格0、現在の資格1、保留0、"));
    out = get_file("out.uke");
    cr_assert_not_null(out);
    cr_expect_not_null(strstr(out, NEW_HO));
    free(out);
    cr_expect_eq(mode_of("out.uke"), 0600);
    cr_expect_eq(mode_of("out.uke.fusho"), 0600);
    cr_expect_leq(p.check("out.uke", NULL, DAY, message, sizeof message), 1, "%s", message);
    cr_expect_eq(p.undo("out.uke.fusho", "back.uke", message, sizeof message), 0, "%s", message);
    cr_expect_str_eq(message, "元のファイルに戻しました。");
    cr_expect(file_is("back.uke", MONTH));
    cr_expect_eq(mode_of("back.uke"), 0600);
    cr_expect_eq(files_here(), 5);
}

Test(plugin, flat_calls_never_overwrite_unless_forced_and_undo_never)
{
    char message[512];
    put_file("in.uke", MONTH);
    put_file("c.xml", CAPTURE);
    put_file("out.uke", "old");
    cr_expect_eq(p.apply("in.uke", "out.uke", "c.xml", DAY, message, sizeof message), 4);
    cr_expect(file_is("out.uke", "old"));
    cr_expect_eq(files_here(), 3);
    cr_expect_leq(p.apply("in.uke", "out.uke", "c.xml", DAY "\n--force", message, sizeof message),
                  1, "%s", message);
    cr_expect_not(file_is("out.uke", "old"));
    put_file("back.uke", "old");
    cr_expect_eq(p.undo("out.uke.fusho", "back.uke", message, sizeof message), 4);
    cr_expect_neq(message[0], '\0');
    cr_expect(file_is("back.uke", "old"));
    cr_expect_eq(p.apply("in.uke", "in.uke", NULL, DAY "\n--force", message, sizeof message), 4);
    cr_expect(file_is("in.uke", MONTH));
    cr_expect_eq(p.apply("in.uke", "c.xml", "c.xml", DAY "\n--force", message, sizeof message), 4);
    cr_expect(file_is("c.xml", CAPTURE));
}

Test(plugin, flat_calls_refuse_options_that_are_not_theirs)
{
    static const char *const refused[] = {"--format=json",
                                          "--format",
                                          "--progress=never",
                                          "--plugin=x.so",
                                          "--evidence=c.xml",
                                          "--output=x",
                                          "--jobs=2",
                                          "--ledger=old.fusho",
                                          "--color",
                                          "--config=fusho.conf",
                                          "--no-config",
                                          "--mask=1",
                                          "-o",
                                          "--nonsense",
                                          "--journal",
                                          "--journal=",
                                          "--report",
                                          "--force=1",
                                          "--today=tomorrow",
                                          "--dry-run=1",
                                          "--journal-ranges=1",
                                          "--from=x",
                                          " --format=json",
                                          "--verbose\n  --jobs=1  ",
                                          "--verbose\r\n--output=x\r\n"};
    put_file("in.uke", MONTH);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        char message[512] = "";
        cr_expect_eq(p.apply("in.uke", "out.uke", NULL, refused[i], message, sizeof message), 2,
                     "row %zu: %s", i, refused[i]);
        cr_expect_neq(message[0], '\0', "row %zu", i);
        cr_expect_eq(p.check("in.uke", NULL, refused[i], NULL, 0), 2, "row %zu", i);
    }
    cr_expect_eq(p.check("in.uke", NULL, "--journal=x", NULL, 0), 2);
    cr_expect_eq(p.check("in.uke", NULL, "--dry-run", NULL, 0), 2);
    cr_expect_eq(p.check("in.uke", NULL, "--journal-ranges", NULL, 0), 2);
    cr_expect_eq(p.apply("in.uke", "out.uke", NULL, DAY "\n--encoding=utf-8", NULL, 0), 2);
    cr_expect_eq(files_here(), 1);
}

/* 4096 lines of 16 bytes, the last without its line end; one byte more is too much. */
Test(plugin, flat_options_have_a_limit_that_is_named)
{
    static const char line[] = "\n--lang=ja      ";
    char text[65536 + 2] = "", message[512];
    put_file("in.uke", MONTH);
    for (size_t i = 0; i < 4096; i++)
        memcpy(text + i * 16, line, 16);
    memcpy(text, DAY "\n--verbose\n--verbose\n--verbose", 48);
    for (int over = 0; over < 2; over++) {
        if (over)
            strcat(text, " ");
        cr_assert_eq(strlen(text), 65536 + (size_t)over);
        cr_expect_eq(p.check("in.uke", NULL, text, message, sizeof message), over ? 3 : 0,
                     "%s", message);
        cr_expect_eq(strstr(message, "FU_OPTIONS_BYTES_MAX (65536)") != NULL, over, "%s", message);
        cr_expect_eq(p.apply("in.uke", "out.uke", NULL, text, NULL, 0), over ? 3 : 0);
        remove("out.uke");
        remove("out.uke.fusho");
    }
    cr_expect_eq(files_here(), 1);
}

Test(plugin, flat_options_say_where_things_go)
{
    put_file("in.uke", MONTH);
    cr_expect_leq(p.apply("in.uke", "out.uke", NULL,
                          DAY "\r\n\r\n  --journal=j.dat  \n--report=r.html\n", NULL, 0),
                  1);
    cr_expect(file_is("out.uke", MONTH));
    cr_expect_eq(mode_of("j.dat"), 0600);
    cr_expect_eq(mode_of("r.html"), 0600);
    cr_expect_eq(files_here(), 4);
    cr_expect_leq(p.apply("in.uke", "out.uke", NULL, DAY "\n--dry-run", NULL, 0), 1);
    cr_expect_leq(p.check("in.uke", NULL, DAY "\n--report=r2.html", NULL, 0), 1);
    cr_expect_eq(files_here(), 5);
    cr_expect_leq(p.apply("in.uke", "without-options", NULL, NULL, NULL, 0), 1);
    cr_expect_leq(p.apply("in.uke", "empty-options", "", "", NULL, 0), 1);
    cr_expect(file_is("empty-options", MONTH));
}

Test(plugin, a_journal_with_ranges_needs_what_apply_wrote)
{
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s = open_session(&f, DAY "\n--journal-ranges");
    fusho_error err = FUSHO_ERROR_INIT;
    memory in = of(MONTH), ev = of(CAPTURE), from;
    fusho_stream input = stream_of(&in), evidence = stream_of(&ev), output = stream_of(&from);
    fusho_job job = job_of(&input, FUSHO_APPLY);
    cr_assert_eq(p.t->add_evidence(s, text_of("c.xml"), &evidence, &err), FUSHO_OK);
    cr_assert_geq(p.t->run(s, &job, &err), 0, "%s", err.message_ja);
    from = h.role[FUSHO_STORE_OUTPUT];
    memset(&h.role[FUSHO_STORE_OUTPUT], 0, sizeof h.role[0]);
    free(in.p);
    in = h.role[FUSHO_STORE_JOURNAL];
    memset(&h.role[FUSHO_STORE_JOURNAL], 0, sizeof h.role[0]);
    in.at = from.at = 0;
    job = job_of(&input, FUSHO_UNDO);
    job.from_name = text_of("out.uke");
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_INPUT);
    cr_expect_str_eq(err.code, "S703");
    in.at = 0;
    job.from = &output;
    output.read = NULL;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_MISUSE);
    output = stream_of(&from);
    output.struct_size = 8;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_VERSION);
    output = stream_of(&from);
    job.struct_size = offsetof(fusho_job, from_name); /* then it has no such members */
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_INPUT);
    in.at = 0;
    job.struct_size = (uint32_t)sizeof job;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_OK, "%s", err.message_ja);
    cr_expect_eq(h.role[FUSHO_STORE_OUTPUT].n, sizeof MONTH - 1);
    cr_expect_eq(memcmp(h.role[FUSHO_STORE_OUTPUT].p, MONTH, sizeof MONTH - 1), 0);
    in.at = from.at = 0;
    from.p[0] ^= 1;
    cr_expect_eq(p.t->run(s, &job, &err), FUSHO_E_INPUT);
    cr_expect_str_eq(err.file, "out.uke");
    cr_expect_eq(h.committed[FUSHO_STORE_OUTPUT], 2);
    p.t->close(s);
    cr_expect_eq(h.blocks, 0);
    free(in.p);
    free(ev.p);
    free(from.p);
    host_free(&h);
}

Test(plugin, flat_apply_may_keep_ranges_but_flat_undo_cannot_use_them)
{
    char message[512];
    put_file("in.uke", MONTH);
    put_file("c.xml", CAPTURE);
    cr_expect_leq(p.apply("in.uke", "out.uke", "c.xml", DAY "\n--journal-ranges", NULL, 0), 1);
    cr_expect_eq(mode_of("out.uke.fusho"), 0600);
    cr_expect_eq(p.undo("out.uke.fusho", "back.uke", message, sizeof message), 3);
    cr_expect_not_null(strstr(message, "書き換えたときの出力も要ります"), "%s", message);
    cr_expect_eq(files_here(), 4);
}

Test(plugin, flat_calls_say_what_went_wrong)
{
    static const struct {
        const char *in, *out, *evidence;
        int32_t want;
    } rows[] = {
        {NULL, "out", NULL, 2},          {"", "out", NULL, 2},
        {"in.uke", NULL, NULL, 2},       {"in.uke", "", NULL, 2},
        {"missing", "out", NULL, 3},     {"bad.uke", "out", NULL, 3},
        {".", "out", NULL, 3},           {"in.uke", "out", "missing.xml", 3},
        {"in.uke", "out", "bad.uke", 3}, {"in.uke", "nowhere/out", NULL, 4},
        {"in.uke", ".", NULL, 4},
    };
    put_file("in.uke", MONTH);
    put_file("bad.uke", "<a>");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char message[512] = "";
        cr_expect_eq(
            p.apply(rows[i].in, rows[i].out, rows[i].evidence, DAY, message, sizeof message),
            rows[i].want, "row %zu: %s", i, message);
        cr_expect_neq(message[0], '\0', "row %zu", i);
    }
    cr_expect_eq(p.check(NULL, NULL, NULL, NULL, 0), 2);
    cr_expect_eq(p.check("missing", NULL, NULL, NULL, 0), 3);
    cr_expect_eq(p.undo(NULL, "out", NULL, 0), 2);
    cr_expect_eq(p.undo("x", NULL, NULL, 0), 2);
    cr_expect_eq(p.undo("missing", "out", NULL, 0), 3);
    cr_expect_eq(p.undo("in.uke", "out", NULL, 0), 3);
    cr_expect_eq(p.undo("in.uke", "nowhere/out", NULL, 0), 4);
    cr_expect_eq(files_here(), 2);
}

/* UTF-8 that ends inside a character is no text. */
static int whole_characters(const char *s)
{
    while (*s) {
        unsigned char c = (unsigned char)*s++;
        int more = c < 0x80 ? 0 : c < 0xE0 ? 1 : c < 0xF0 ? 2 : 3;
        for (; more > 0; more--, s++)
            if (((unsigned char)*s & 0xC0) != 0x80)
                return 0;
    }
    return 1;
}

Test(plugin, a_message_is_never_cut_inside_a_character)
{
    put_file("in.uke", MONTH);
    for (int32_t size = 1; size < 200; size++) {
        char message[256];
        memset(message, 0x7E, sizeof message);
        cr_expect_leq(p.check("in.uke", NULL, DAY, message, size), 1);
        cr_expect_lt(strlen(message), (size_t)size, "size %d", size);
        cr_expect(whole_characters(message), "size %d: %s", size, message);
        for (size_t i = (size_t)size; i < sizeof message; i++)
            cr_assert_eq(message[i], 0x7E, "size %d", size);
        cr_expect_eq(p.check("missing", NULL, DAY, message, size), 3);
        cr_expect(whole_characters(message), "size %d: %s", size, message);
    }
    for (int32_t size = 0; size > -3; size--) {
        char message[4] = "abc";
        cr_expect_eq(p.check("missing", NULL, DAY, message, size), 3);
        cr_expect_str_eq(message, "abc");
    }
}

Test(plugin, the_table_and_the_flat_call_give_the_same_on_a_fixture)
{
    const char *fixtures = getenv("FUSHO_FIXTURES");
    char in_path[1024], ev_path[1024], *text, *ev_text, *flat;
    host h = {0};
    fusho_host f = host_of(&h);
    fusho_session *s;
    memory in, ev;
    fusho_stream input, evidence;
    fusho_job job;
    int32_t status;
    if (!fixtures || !*fixtures)
        cr_skip_test("FUSHO_FIXTURES is not set");
    snprintf(in_path, sizeof in_path, "%.500s/houmon/RECEIPTH.UKE", fixtures);
    snprintf(ev_path, sizeof ev_path, "%.500s/houmon/captures.xml", fixtures);
    text = get_file(in_path);
    ev_text = get_file(ev_path);
    cr_assert(text && ev_text, "%s", in_path);
    in = of(text);
    ev = of(ev_text);
    input = stream_of(&in);
    evidence = stream_of(&ev);
    s = open_session(&f, DAY);
    cr_assert_eq(p.t->add_evidence(s, text_of("captures.xml"), &evidence, NULL), FUSHO_OK);
    job = job_of(&input, FUSHO_APPLY);
    status = p.t->run(s, &job, NULL);
    cr_expect_eq(p.apply(in_path, "out.uke", ev_path, DAY, NULL, 0), status);
    flat = get_file("out.uke");
    cr_assert_not_null(flat);
    cr_expect_str_eq(flat, h.role[FUSHO_STORE_OUTPUT].p);
    cr_expect_str_neq(flat, text);
    p.t->close(s);
    free(flat);
    free(text);
    free(ev_text);
    free(in.p);
    free(ev.p);
    host_free(&h);
}
