/* Runs every file of the folders given through a target, then a few mutations of each, always the
 * same ones: a run of the fuzz target without a fuzzer. Prints TAP, a line for each folder.
 * usage: TARGET [-r ROUNDS] FOLDER... */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz.h"

#define INPUT_MAX ((size_t)1 << 20)
#define ROOM 256u /* a mutation may grow an input by so much */

static uint32_t state;

static uint32_t below(uint32_t n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return n ? state % n : 0;
}

/* What libFuzzer brings itself: a byte changed, put in or taken out. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max)
{
    size_t at = n ? below((uint32_t)n) : 0;
    uint32_t how = below(3);
    if (how == 0 && n) {
        data[at] = (uint8_t)(below(2) ? below(256) : data[at] ^ 1u << below(8));
    } else if (how == 1 && n > 1) {
        memmove(data + at, data + at + 1, n - at - 1);
        n--;
    } else if (n < max) {
        memmove(data + at + 1, data + at, n - at);
        data[at] = (uint8_t)below(256);
        n++;
    }
    return n;
}

static uint8_t *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = malloc(INPUT_MAX + ROOM);
    if (!f || !p) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(99);
    }
    *n = fread(p, 1, INPUT_MAX, f);
    fclose(f);
    return p;
}

/* In a block of just its size, so that a byte read behind it is noticed. */
static void one(const uint8_t *data, size_t n)
{
    uint8_t *p = malloc(n ? n : 1);
    if (!p)
        exit(99);
    if (n)
        memcpy(p, data, n);
    LLVMFuzzerTestOneInput(p, n);
    free(p);
}

static void run_file(const char *path, unsigned rounds)
{
    size_t n, k;
    uint8_t *p = slurp(path, &n), *q = malloc(INPUT_MAX + ROOM);
    if (!q)
        exit(99);
    one(p, n);
    for (unsigned i = 1; i <= rounds; i++) {
        state = (uint32_t)n * 2654435761u + i;
        memcpy(q, p, n);
        k = LLVMFuzzerCustomMutator(q, n, n + ROOM, i);
        one(q, k);
    }
    free(p);
    free(q);
}

static size_t run_folder(const char *folder, unsigned rounds)
{
    struct dirent **list = NULL;
    int n = scandir(folder, &list, NULL, alphasort);
    size_t files = 0;
    for (int i = 0; i < n; i++) {
        char path[4096];
        if (list[i]->d_name[0] != '.') {
            snprintf(path, sizeof path, "%.3800s/%.255s", folder, list[i]->d_name);
            if (getenv("FUZZ_VERBOSE"))
                fprintf(stderr, "%s\n", path);
            run_file(path, rounds);
            files++;
        }
        free(list[i]);
    }
    free(list);
    return files;
}

int main(int argc, char **argv)
{
    unsigned rounds = 0;
    int first = 1, failed = 0;
    if (argc > 2 && strcmp(argv[1], "-r") == 0) {
        rounds = (unsigned)strtoul(argv[2], NULL, 10);
        first = 3;
    }
    for (int i = first; i < argc; i++) {
        size_t files = run_folder(argv[i], rounds);
        const char *base = strrchr(argv[i], '/');
        failed |= files == 0;
        printf("%sok %d - %s: %zu inputs, %u mutations of each\n", files ? "" : "not ",
               i - first + 1, base ? base + 1 : argv[i], files, rounds);
    }
    printf("1..%d\n", argc - first);
    return failed;
}
