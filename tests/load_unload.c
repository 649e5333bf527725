/* Loads the plugin, opens a session, uses and closes it, unloads, a thousand times: nothing may be
 * left behind. Prints TAP.
 * usage: load_unload [PLUGIN]; without, the environment's FUSHO_PLUGIN */
#include <dirent.h>
#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fusho.h"

#define TIMES 1000
#define WARM_UP 50
#define HEAP_SLACK (64 * 1024) /* bytes: what the loader itself keeps */
#define PAGES_SLACK 512        /* 2 MiB of 4 KiB pages */

static int64_t FUSHO_CALL count(void *ctx, const void *buf, uint64_t n)
{
    (void)buf;
    *(uint64_t *)ctx += n;
    return (int64_t)n;
}

#define CAPTURES "<captures xmlns='urn:fusho:capture:1'/>"

typedef struct source {
    const char *p;
    size_t n;
} source;

static int64_t FUSHO_CALL give(void *ctx, void *buf, uint64_t n)
{
    source *s = ctx;
    if (n > s->n)
        n = s->n;
    memcpy(buf, s->p, (size_t)n);
    s->p += n;
    s->n -= (size_t)n;
    return (int64_t)n;
}

static const char *use(const fusho_plugin *t)
{
    fusho_host host;
    fusho_session *s = NULL;
    fusho_text none = {NULL, 0}, code = {"T401", 4};
    uint64_t written = 0;
    fusho_stream out = {(uint32_t)sizeof out, 0, &written, NULL, count, NULL};
    source captures = {CAPTURES, sizeof CAPTURES - 1};
    fusho_stream xml = {(uint32_t)sizeof xml, 0, &captures, give, NULL, NULL};
    memset(&host, 0, sizeof host);
    host.struct_size = (uint32_t)sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    if (t->open(&host, none, &s, NULL) != FUSHO_OK)
        return "open failed";
    if (t->add_evidence(s, none, &xml, NULL) != FUSHO_OK)
        return "evidence failed";
    if (t->explain(s, code, &out, NULL) != FUSHO_OK || written == 0)
        return "explain failed";
    t->close(s);
    return NULL;
}

static const char *once(const char *path)
{
    const fusho_plugin *(*v1)(uint32_t, uint32_t);
    const fusho_plugin *t;
    const char *wrong;
    void *so = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!so)
        return dlerror();
    *(void **)&v1 = dlsym(so, "fusho_plugin_v1");
    t = v1 ? v1(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR) : NULL;
    wrong = t ? use(t) : "no table";
    if (dlclose(so) != 0)
        wrong = "dlclose failed";
    return wrong;
}

static long resident_pages(void)
{
    long size = 0, resident = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (!f)
        return 0;
    if (fscanf(f, "%ld %ld", &size, &resident) != 2)
        resident = 0;
    fclose(f);
    return resident;
}

/* Entries of /proc/self/fd; -1 where there is none. */
static long open_files(void)
{
    DIR *d = opendir("/proc/self/fd");
    long n = 0;
    if (!d)
        return -1;
    while (readdir(d))
        n++;
    closedir(d);
    return n;
}

/* Mappings of files: the plugin's own, and of libraries only it needs. What the heap and a
 * sanitizer map has no name. */
static long file_mappings(void)
{
    char line[4352];
    long n = 0;
    FILE *f = fopen("/proc/self/maps", "r");
    if (!f)
        return -1;
    while (fgets(line, sizeof line, f))
        n += strchr(line, '/') != NULL;
    fclose(f);
    return n;
}

static void result(int n, int good, const char *what)
{
    printf("%sok %d - %s\n", good ? "" : "not ", n, what);
}

/* Sizes after the warm-up and at the end; under a sanitizer the heap is not the C library's, and
 * blocks that were freed stay resident for a while. */
static int grows(const size_t heap[2], const long pages[2])
{
    int heap_ok = heap[1] <= heap[0] + HEAP_SLACK, pages_ok = pages[1] <= pages[0] + PAGES_SLACK;
    if (heap[0] == 0) {
        printf("ok 2 - the heap does not grow # SKIP not the C library's heap\n"
               "ok 3 - the resident size does not grow # SKIP not the C library's heap\n");
        return 0;
    }
    result(2, heap_ok, "the heap does not grow");
    printf("# heap in use: %zu, then %zu bytes\n", heap[0], heap[1]);
    result(3, pages_ok, "the resident size does not grow");
    printf("# resident: %ld, then %ld pages\n", pages[0], pages[1]);
    return !heap_ok || !pages_ok;
}

/* The same before and after, to the last one. */
static int leaves(int n, const long count[2], const char *what)
{
    if (count[0] < 0) {
        printf("ok %d - %s # SKIP no /proc\n", n, what);
        return 0;
    }
    result(n, count[0] == count[1], what);
    printf("# %ld, then %ld\n", count[0], count[1]);
    return count[0] != count[1];
}

int main(int argc, char **argv)
{
    size_t heap[2] = {0, 0};
    long pages[2] = {0, 0}, files[2] = {0, 0}, maps[2] = {0, 0};
    const char *wrong = NULL;
    const char *path = argc == 2 ? argv[1] : getenv("FUSHO_PLUGIN");
    int i, more;
    if (argc > 2 || !path) {
        fprintf(stderr, "usage: load_unload PLUGIN\n");
        return 1;
    }
    printf("1..5\n");
    for (i = 0; i < TIMES && !wrong; i++) {
        if (i == WARM_UP) {
            heap[0] = mallinfo2().uordblks;
            pages[0] = resident_pages();
            files[0] = open_files();
            maps[0] = file_mappings();
        }
        wrong = once(path);
    }
    heap[1] = mallinfo2().uordblks;
    pages[1] = resident_pages();
    files[1] = open_files();
    maps[1] = file_mappings();
    result(1, !wrong, "the plugin can be loaded and unloaded 1000 times");
    if (wrong)
        printf("# time %d: %s\n", i, wrong);
    more = grows(heap, pages);
    more |= leaves(4, files, "no file stays open");
    more |= leaves(5, maps, "nothing stays mapped");
    return wrong != NULL || more;
}
