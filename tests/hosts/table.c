/* A host in C that keeps everything in memory: checks a whole file, then hands over one claim.
 * Callbacks are plain functions; nothing but fusho.h is needed.
 * usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fusho.h"

#define OPTIONS "--format=json\n--today=2026-11-09"

typedef struct memory {
    char *p;
    size_t n, at;
} memory;

static int64_t FUSHO_CALL memory_read(void *ctx, void *buf, uint64_t n)
{
    memory *m = ctx;
    size_t k = n < m->n - m->at ? (size_t)n : m->n - m->at;
    memcpy(buf, m->p + m->at, k);
    m->at += k;
    return (int64_t)k; /* 0: the end */
}

static int64_t FUSHO_CALL memory_write(void *ctx, const void *buf, uint64_t n)
{
    memory *m = ctx;
    char *p = realloc(m->p, m->n + (size_t)n + 1);
    if (!p)
        return -1; /* the call then fails with FUSHO_E_STORE */
    memcpy(p + m->n, buf, (size_t)n);
    m->p = p;
    m->n += (size_t)n;
    p[m->n] = '\0';
    return (int64_t)n;
}

static int32_t FUSHO_CALL memory_rewind(void *ctx)
{
    ((memory *)ctx)->at = 0;
    return 0;
}

static fusho_stream stream_of(memory *m)
{
    fusho_stream s = {sizeof s, 0, m, memory_read, memory_write, memory_rewind};
    return s;
}

static memory file_in_memory(const char *path)
{
    memory m = {NULL, 0, 0};
    char buf[4096];
    FILE *f = fopen(path, "rb");
    if (!f) {
        perror(path);
        exit(3);
    }
    memory_write(&m, "", 0);
    for (size_t n; (n = fread(buf, 1, sizeof buf, f)) > 0;)
        memory_write(&m, buf, n);
    fclose(f);
    return m;
}

static fusho_text text_of(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

/* Part 0 is what stands in front of the first RE, part n the claim number n. */
static fusho_bytes part(const memory *m, int wanted)
{
    size_t from = 0, i = 0;
    fusho_bytes none = {NULL, 0};
    for (int now = 0; i < m->n; i++) {
        if (i > 0 && m->p[i - 1] != '\n')
            continue;
        if (strncmp(m->p + i, "RE,", 3) != 0 && strncmp(m->p + i, "GO,", 3) != 0)
            continue;
        if (now++ == wanted) {
            fusho_bytes found = {(const uint8_t *)m->p + from, i - from};
            return found;
        }
        from = i;
    }
    return none;
}

/* "key":"…" of a line of JSON; a JSON parser does it better. */
static void print_text(const char *line, const char *key, char after)
{
    const char *p = strstr(line, key);
    for (p = p ? p + strlen(key) : ""; *p && *p != '"'; p++)
        putchar(*p);
    putchar(after);
}

static void print_findings(const memory *listing)
{
    for (char *line = listing->p; line && *line; line = strchr(line, '\n') + 1)
        if (strncmp(line, "{\"type\":\"finding\"", 17) == 0) {
            print_text(line, "\"code\":\"", ' ');
            print_text(line, "\"message\":\"", '\n');
        }
}

static int failed(const fusho_error *e)
{
    fprintf(stderr, "%s %s %s\n", e->code, e->message_ja, e->hint_ja);
    return e->status == FUSHO_E_INPUT || e->status == FUSHO_E_LIMIT ? 3 : 5;
}

static int whole_file(const fusho_plugin *plugin, const fusho_host *host, char **argv)
{
    memory claims = file_in_memory(argv[2]), captures = file_in_memory(argv[3]);
    memory findings = {NULL, 0, 0};
    fusho_stream in = stream_of(&claims), extra = stream_of(&captures), out = stream_of(&findings);
    fusho_job job = {0};
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_session *session = NULL;
    fusho_status st = plugin->open(host, text_of(OPTIONS), &session, &err);
    job.struct_size = sizeof job;
    job.verb = FUSHO_CHECK;
    job.input_name = text_of(argv[2]);
    job.input = &in;
    job.listing = &out;
    if (st >= 0)
        st = plugin->add_evidence(session, text_of(argv[3]), &extra, &err);
    if (st >= 0)
        st = plugin->run(session, &job, &err);
    plugin->close(session);
    if (st >= 0)
        print_findings(&findings);
    free(claims.p);
    free(captures.p);
    free(findings.p);
    return st < 0 ? failed(&err) : job.exit_status;
}

static int one_claim(const fusho_plugin *plugin, const fusho_host *host, char **argv)
{
    memory claims = file_in_memory(argv[2]), capture = file_in_memory(argv[5]);
    memory findings = {NULL, 0, 0}, records = {NULL, 0, 0};
    fusho_stream out = stream_of(&findings), rewritten = stream_of(&records);
    fusho_claim_job job = {0};
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_session *session = NULL;
    fusho_status st = plugin->open(host, text_of(OPTIONS), &session, &err);
    job.struct_size = sizeof job;
    job.header = part(&claims, 0);
    job.records = part(&claims, atoi(argv[4]));
    job.evidence.p = (const uint8_t *)capture.p;
    job.evidence.n = capture.n;
    job.output = &rewritten;
    job.listing = &out;
    if (st >= 0)
        st = plugin->claim(session, &job, &err);
    plugin->close(session); /* a receipt computer keeps it open for the next patient */
    if (st >= 0) {
        FILE *f = fopen(argv[6], "wb");
        printf("claim %s: route %d, %d edits\n", argv[4], (int)job.route, (int)job.edits);
        print_findings(&findings);
        if (!f || fwrite(records.p, 1, records.n, f) != records.n || fclose(f) != 0)
            st = err.status = FUSHO_E_STORE;
    }
    free(claims.p);
    free(capture.p);
    free(findings.p);
    free(records.p);
    return st < 0 ? failed(&err) : 0;
}

int main(int argc, char **argv)
{
    const fusho_plugin *(FUSHO_CALL * entry)(uint32_t, uint32_t) = NULL;
    void *library = argc == 7 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *symbol = library ? dlsym(library, "fusho_plugin_v1") : NULL;
    const fusho_plugin *plugin;
    fusho_host host = {0}; /* check and claim store nothing: no callback is needed */
    int status, claim;
    memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from object to function pointer */
    if (!entry || !(plugin = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR))) {
        fputs("usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT\n", stderr);
        return 5;
    }
    host.struct_size = sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    host.abi_minor = FUSHO_ABI_MINOR;
    status = whole_file(plugin, &host, argv);
    claim = status < 2 ? one_claim(plugin, &host, argv) : 0;
    dlclose(library);
    return claim ? claim : status;
}
