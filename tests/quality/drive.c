/* drive: sessions of the plugin in threads of one process, for the thread sanitizer. Each thread
 * has a session of its own, with --jobs=4, and applies every month given; all must give the same
 * bytes. usage: drive MONTH... (folders that fixtures/make.sh made, with captures.xml and
 * RECEIPT*.UKE) */
#include <glob.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusho.h"

enum { SESSIONS = 2, ROUNDS = 2 };

typedef struct memory {
    char *p;
    size_t n, at;
} memory;

typedef struct driver {
    char **months;
    int n_months;
    memory out[FUSHO_STORE_ROLES];
    memory all; /* outputs and listings, one behind the other */
    int failed;
} driver;

static int64_t FUSHO_CALL mem_read(void *ctx, void *buf, uint64_t n)
{
    memory *m = ctx;
    size_t k = m->n - m->at < n ? m->n - m->at : (size_t)n;
    if (k)
        memcpy(buf, m->p + m->at, k);
    m->at += k;
    return (int64_t)k;
}

static int64_t FUSHO_CALL mem_write(void *ctx, const void *buf, uint64_t n)
{
    memory *m = ctx;
    char *p = realloc(m->p, m->n + (size_t)n + 1);
    if (!p)
        return -1;
    m->p = p;
    memcpy(p + m->n, buf, (size_t)n);
    m->n += (size_t)n;
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

static fusho_status FUSHO_CALL store_begin(void *ctx, int32_t role, fusho_stream *out,
                                           fusho_error *err)
{
    driver *d = ctx;
    (void)err;
    d->out[role].n = 0;
    *out = stream_of(&d->out[role]);
    return FUSHO_OK;
}

static fusho_status FUSHO_CALL store_commit(void *ctx, int32_t role, fusho_error *err)
{
    driver *d = ctx;
    (void)err;
    return mem_write(&d->all, d->out[role].p, d->out[role].n) < 0 ? FUSHO_E_STORE : FUSHO_OK;
}

static void FUSHO_CALL store_abort(void *ctx, int32_t role)
{
    ((driver *)ctx)->out[role].n = 0;
}

static fusho_text text(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

static memory load(const char *folder, const char *pattern)
{
    memory m = {NULL, 0, 0};
    char path[1024], buf[4096];
    glob_t g;
    size_t n;
    FILE *f;
    snprintf(path, sizeof path, "%s/%s", folder, pattern);
    if (glob(path, 0, NULL, &g) == 0) {
        f = fopen(g.gl_pathv[0], "rb");
        while (f && (n = fread(buf, 1, sizeof buf, f)) > 0)
            mem_write(&m, buf, n);
        if (f)
            fclose(f);
        globfree(&g);
    }
    return m;
}

static fusho_status one_month(driver *d, const fusho_host *host, const fusho_plugin *p,
                              const char *folder)
{
    static const char OPTIONS[] =
        "--jobs=4\n--format=json\n--today=2026-11-09\n--verbose\n--report=r.html\n";
    memory input = load(folder, "RECEIPT*"), captures = load(folder, "captures.xml");
    fusho_stream in = stream_of(&input), evidence = stream_of(&captures),
                 listing = stream_of(&d->all);
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_session *s = NULL;
    fusho_job job;
    fusho_status st = p->open(host, text(OPTIONS), &s, &err);
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.verb = FUSHO_APPLY;
    job.input_name = text("input");
    job.input = &in;
    job.listing = &listing;
    if (st >= 0)
        st = p->add_evidence(s, text("captures.xml"), &evidence, &err);
    if (st >= 0)
        st = p->run(s, &job, &err);
    if (st < 0 || input.n == 0 || job.claims == 0)
        fprintf(stderr, "%s: %d %s\n", folder, (int)st, err.message_en);
    p->close(s);
    st = input.n == 0 || job.claims == 0 ? FUSHO_E_INPUT : st;
    free(input.p);
    free(captures.p);
    return st;
}

static void *session(void *ctx)
{
    driver *d = ctx;
    const fusho_plugin *p = fusho_plugin_v1(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    fusho_host host;
    memset(&host, 0, sizeof host);
    host.struct_size = (uint32_t)sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    host.abi_minor = FUSHO_ABI_MINOR;
    host.ctx = d;
    host.product = text("drive");
    host.threads = 4;
    host.store_begin = store_begin;
    host.store_commit = store_commit;
    host.store_abort = store_abort;
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < d->n_months; i++)
            d->failed |= one_month(d, &host, p, d->months[i]) < 0;
    return NULL;
}

int main(int argc, char **argv)
{
    static driver d[SESSIONS];
    pthread_t thread[SESSIONS];
    int bad = argc < 2;
    for (int i = 0; i < SESSIONS; i++) {
        d[i].months = argv + 1;
        d[i].n_months = argc - 1;
        if (pthread_create(&thread[i], NULL, session, &d[i]))
            return 99;
    }
    for (int i = 0; i < SESSIONS; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < SESSIONS; i++) {
        bad |= d[i].failed || d[i].all.n == 0 || d[i].all.n != d[0].all.n ||
               memcmp(d[i].all.p, d[0].all.p, d[0].all.n) != 0;
    }
    for (int i = 0; i < SESSIONS; i++) {
        for (int k = 0; k < FUSHO_STORE_ROLES; k++)
            free(d[i].out[k].p);
        free(d[i].all.p);
    }
    return bad;
}
