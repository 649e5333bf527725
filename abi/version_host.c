/* A host of whatever version its fusho.h is: uses everything the way a plain host does, assigning
 * whole structs, and prints what came of it. tests/versions.sh pairs it with plugins of other
 * versions. Blocks are as large as this host's structs, with a guard behind.
 * usage: version_host PLUGIN; LATER is defined where the structs have a member of that name */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusho.h"

#define GUARD 64
#define GARBAGE 0xA5

#ifdef LATER
#define SET_LATER(p) memset(&(p)->later, GARBAGE, sizeof(p)->later)
#define LATER_IS_LEFT(p) (is_left(&(p)->later, sizeof(p)->later))
#else
#define SET_LATER(p) ((void)0)
#define LATER_IS_LEFT(p) 1
#endif

static int is_left(const void *p, size_t n)
{
    const unsigned char *b = p;
    while (n > 0 && b[n - 1] == GARBAGE)
        n--;
    return n == 0;
}

/* ---- structs with a guard ---- */

static void *guarded(uint32_t size)
{
    unsigned char *p = malloc(size + GUARD);
    if (!p)
        exit(99);
    memset(p, 0, size);
    memset(p + size, GARBAGE, GUARD);
    memcpy(p, &size, sizeof size);
    return p;
}

static void check(const char *what, const void *p, uint32_t size, int later)
{
    if (!later || !is_left((const unsigned char *)p + size, GUARD))
        printf("%s: written beyond what the plugin knows\n", what);
}

/* ---- streams and a store ---- */

typedef struct memory {
    char *p;
    size_t n, at;
} memory;

static int64_t FUSHO_CALL mem_read(void *ctx, void *buf, uint64_t n)
{
    memory *m = ctx;
    if (n > m->n - m->at)
        n = m->n - m->at;
    memcpy(buf, m->p + m->at, (size_t)n);
    m->at += (size_t)n;
    return (int64_t)n;
}

static int64_t FUSHO_CALL mem_write(void *ctx, const void *buf, uint64_t n)
{
    memory *m = ctx;
    if (!(m->p = realloc(m->p, m->n + (size_t)n + 1)))
        exit(99);
    memcpy(m->p + m->n, buf, (size_t)n);
    m->p[m->n += (size_t)n] = '\0';
    return (int64_t)n;
}

static int32_t FUSHO_CALL mem_rewind(void *ctx)
{
    ((memory *)ctx)->at = 0;
    return 0;
}

static fusho_stream *stream_of(memory *m)
{
    fusho_stream *s = guarded(sizeof *s);
    s->ctx = m;
    s->read = mem_read;
    s->write = mem_write;
    s->rewind = mem_rewind;
    SET_LATER(s);
    return s;
}

typedef struct store {
    memory role[FUSHO_STORE_ROLES];
    int fail;
} store;

static fusho_status FUSHO_CALL begin(void *ctx, int32_t role, fusho_stream *out, fusho_error *err)
{
    store *s = ctx;
    fusho_stream *mine = stream_of(&s->role[role]);
    fusho_error *words = guarded(sizeof *words);
    strcpy(words->code, "S701");
    strcpy(words->message_ja, "すでにあります。");
    SET_LATER(words);
    *out = *mine; /* the whole struct, as this host knows it */
    if (s->fail)
        *err = *words;
    free(mine);
    free(words);
    return s->fail ? FUSHO_E_STORE : FUSHO_OK;
}

static fusho_status FUSHO_CALL commit(void *ctx, int32_t role, fusho_error *err)
{
    (void)ctx;
    (void)err;
    printf("commit %d\n", role);
    return FUSHO_OK;
}

static void FUSHO_CALL take_back(void *ctx, int32_t role)
{
    (void)ctx;
    printf("abort %d\n", role);
}

/* ---- calls ---- */

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

static fusho_text text_of(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

static void run(const fusho_plugin *t, fusho_session *s, memory *in, memory *list)
{
    fusho_stream *input = stream_of(in), *listing = stream_of(list);
    fusho_job *job = guarded(sizeof *job);
    fusho_error *err = guarded(sizeof *err);
    job->verb = FUSHO_APPLY;
    job->input_name = text_of("in.uke");
    job->input = input;
    job->listing = listing;
    SET_LATER(job);
    SET_LATER(err);
    in->at = 0;
    printf("run %d\n", t->run(s, job, err));
    printf("exit %d claims %lld current %lld %s %s\n", job->exit_status, (long long)job->claims,
           (long long)job->current, err->code, err->message_ja);
    check("job", job, sizeof *job, LATER_IS_LEFT(job));
    check("error", err, sizeof *err, LATER_IS_LEFT(err));
    check("stream", input, sizeof *input, LATER_IS_LEFT(input));
    free(job);
    free(err);
    free(input);
    free(listing);
}

static void claim(const fusho_plugin *t, fusho_session *s, memory *out)
{
    fusho_stream *output = stream_of(out);
    fusho_claim_job *job = guarded(sizeof *job);
    const char *re = strstr(MONTH, "RE,"), *go = strstr(MONTH, "GO,");
    job->header.p = (const uint8_t *)MONTH;
    job->header.n = (uint64_t)(re - MONTH);
    job->records.p = (const uint8_t *)re;
    job->records.n = (uint64_t)(go - re);
    job->output = output;
    SET_LATER(job);
    printf("claim %d\n", t->claim(s, job, NULL));
    printf("route %d edits %d\n", job->route, job->edits);
    check("claim job", job, sizeof *job, LATER_IS_LEFT(job));
    free(job);
    free(output);
}

static void use(const fusho_plugin *t, fusho_host *host, store *st)
{
    memory in = {NULL, 0, 0}, ev = in, list = in, out = in;
    fusho_session *s = NULL;
    fusho_stream *evidence = stream_of(&ev);
    mem_write(&in, MONTH, sizeof MONTH - 1);
    mem_write(&ev, CAPTURE, sizeof CAPTURE - 1);
    printf("open %d\n", t->open(host, text_of("--today=2026-11-09\n--format=json"), &s, NULL));
    printf("evidence %d\n", t->add_evidence(s, text_of("c.xml"), evidence, NULL));
    run(t, s, &in, &list);
    printf("%s\n", st->role[FUSHO_STORE_OUTPUT].p);
    claim(t, s, &out);
    printf("%s\n", out.p);
    printf("%s\n", list.p);
    st->fail = 1;
    run(t, s, &in, &list);
    t->close(s);
    free(evidence);
    free(in.p);
    free(ev.p);
    free(list.p);
    free(out.p);
}

int main(int argc, char **argv)
{
    const fusho_plugin *(FUSHO_CALL * entry)(uint32_t, uint32_t) = NULL;
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *symbol = library ? dlsym(library, "fusho_plugin_v1") : NULL;
    const fusho_plugin *t;
    fusho_host *host = guarded(sizeof *host);
    store st;
    uint32_t minor;
    memcpy(&entry, &symbol, sizeof entry);
    memset(&st, 0, sizeof st);
    if (!entry || entry(0, 0) || entry(2, 0) || entry(UINT32_MAX, FUSHO_ABI_MINOR))
        return puts("no entry, or a table for another major version"), 1;
    t = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    for (minor = 0; minor < 100; minor++)
        if (!t || entry(FUSHO_ABI_MAJOR, minor) != t)
            return puts("a minor version is refused"), 1;
#ifdef LATER
    if (FUSHO_HAS(fusho_plugin, t, later))
        puts("a call that is not there");
    SET_LATER(host);
#endif
    host->abi_major = FUSHO_ABI_MAJOR;
    host->abi_minor = (uint16_t)FUSHO_ABI_MINOR;
    host->ctx = &st;
    host->product = text_of("host");
    host->store_begin = begin;
    host->store_commit = commit;
    host->store_abort = take_back;
    use(t, host, &st);
    check("host", host, sizeof *host, LATER_IS_LEFT(host));
    for (int i = 0; i < FUSHO_STORE_ROLES; i++)
        free(st.role[i].p);
    free(host);
    dlclose(library);
    return 0;
}
