/* How long the claim call takes: one session, one claim and its capture again and again. Prints
 * JSON, in microseconds.
 * usage: claim_latency PLUGIN CLAIMFILE CAPTURE TIMES; the first claim of the file is taken */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fusho.h"

#define WARM_UP 1000
#define OPTIONS "--format=json\n--today=2026-11-09"

typedef struct memory {
    char *p;
    size_t n;
} memory;

typedef struct sums {
    uint64_t output, listing;
} sums;

static void die(const char *what)
{
    fprintf(stderr, "claim_latency: %s\n", what);
    exit(1);
}

static int64_t FUSHO_CALL count(void *ctx, const void *buf, uint64_t n)
{
    (void)buf;
    *(uint64_t *)ctx += n;
    return (int64_t)n;
}

static memory whole(const char *path)
{
    FILE *f = fopen(path, "rb");
    memory m = {NULL, 0};
    long n = 0;
    if (!f || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) < 0 || fseek(f, 0, SEEK_SET) != 0)
        die(path);
    m.n = (size_t)n;
    m.p = malloc(m.n + 1);
    if (!m.p || fread(m.p, 1, m.n, f) != m.n)
        die(path);
    m.p[m.n] = '\0';
    fclose(f);
    return m;
}

static fusho_bytes between(const char *from, const char *to)
{
    fusho_bytes b = {(const uint8_t *)from, (uint64_t)(to - from)};
    return b;
}

/* What stands before the first RE, and from there to the next RE or GO. */
static void split(const memory *file, fusho_claim_job *job)
{
    const char *re = strstr(file->p, "\nRE,"), *next, *go;
    go = re ? strstr(re, "\nGO,") : NULL;
    if (!go)
        die("no claim in the file");
    next = strstr(re + 1, "\nRE,");
    job->header = between(file->p, re + 1);
    job->records = between(re + 1, (next ? next : go) + 1);
}

static unsigned records_of(fusho_bytes b)
{
    unsigned n = 0;
    for (uint64_t i = 0; i < b.n; i++)
        n += b.p[i] == '\n';
    return n;
}

static double microseconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e6 * (double)t.tv_sec + 1e-3 * (double)t.tv_nsec;
}

static double call(const fusho_plugin *plugin, fusho_session *s, fusho_claim_job *job)
{
    fusho_error err = FUSHO_ERROR_INIT;
    double from = microseconds(), took;
    fusho_status st = plugin->claim(s, job, &err);
    took = microseconds() - from;
    if (st < 0)
        die(err.message_en);
    if (job->edits == 0)
        die("the capture changed nothing");
    return took;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const fusho_plugin *plugin, fusho_session *s, fusho_claim_job *job,
                    size_t times)
{
    double *took = malloc(times * sizeof *took), all = 0;
    if (!took)
        die("no memory");
    for (int i = 0; i < WARM_UP; i++)
        call(plugin, s, job);
    for (size_t i = 0; i < times; i++)
        all += took[i] = call(plugin, s, job);
    qsort(took, times, sizeof *took, ascending);
    printf("{\"records\":%u,\"bytes\":%llu,\"edits\":%d,\"times\":%zu,\"mean\":%.2f,"
           "\"p50\":%.2f,\"p99\":%.2f,\"max\":%.2f}\n",
           records_of(job->records), (unsigned long long)job->records.n, (int)job->edits, times,
           all / (double)times, took[times / 2], took[times - 1 - times / 100], took[times - 1]);
    free(took);
}

static const fusho_plugin *loaded(const char *path)
{
    const fusho_plugin *(FUSHO_CALL * entry)(uint32_t, uint32_t) = NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library ? dlsym(library, "fusho_plugin_v1") : NULL;
    const fusho_plugin *plugin;
    memcpy(&entry, &symbol, sizeof entry);
    plugin = entry ? entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR) : NULL;
    if (!plugin)
        die("cannot load the plugin");
    return plugin;
}

int main(int argc, char **argv)
{
    const fusho_plugin *plugin = argc == 5 ? loaded(argv[1]) : NULL;
    long times = argc == 5 ? strtol(argv[4], NULL, 10) : 0;
    fusho_claim_job job = {0};
    fusho_host host = {0};
    fusho_text options = {OPTIONS, strlen(OPTIONS)};
    fusho_session *s = NULL;
    sums written = {0, 0};
    fusho_stream out = {sizeof out, 0, &written.output, NULL, count, NULL};
    fusho_stream listing = {sizeof listing, 0, &written.listing, NULL, count, NULL};
    memory file, capture;
    if (times < 1)
        die("usage: claim_latency PLUGIN CLAIMFILE CAPTURE TIMES");
    file = whole(argv[2]);
    capture = whole(argv[3]);
    host.struct_size = sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    host.abi_minor = FUSHO_ABI_MINOR;
    job.struct_size = sizeof job;
    job.output = &out;
    job.listing = &listing;
    split(&file, &job);
    job.evidence = between(capture.p, capture.p + capture.n);
    if (plugin->open(&host, options, &s, NULL) != FUSHO_OK)
        die("cannot open a session");
    measure(plugin, s, &job, (size_t)times);
    plugin->close(s);
    free(file.p);
    free(capture.p);
    return written.output == 0 || written.listing == 0;
}
