/* fuzz: what every fuzz target shares. No Criterion in here: libFuzzer, AFL++ and the replay driver
 * bring their own main.
 *
 * Invariants
 *   - a target keeps nothing from one input to the next, and the same input does the same again
 *   - a property that does not hold ends the process with abort(), and a line on standard error
 * that names it but holds nothing of the input
 *   - memory is the C library's, where AddressSanitizer sees it; for one input in FZ_STRICT, by its
 *     length, tst_mem's, which also checks sizes and finds leaks, but is slow
 */
#ifndef TST_FUZZ_H
#define TST_FUZZ_H
#include "base/buf.h"
#include "base/io.h"
#include "../support.h"

/* libFuzzer's names. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t max);

/* Parts of an input that holds several files stand behind each other with this in between. */
#define FZ_SEPARATOR "%%%%\n"
#define FZ_PARTS_MAX 6u

typedef struct fz_parts {
    fu_span v[FZ_PARTS_MAX]; /* the last one holds what is left */
    size_t n;                /* at least 1 */
} fz_parts;

void fz_split(fz_parts *p, const uint8_t *data, size_t n);

/* Aborts where `holds` is false. */
void fz_must(bool holds, const char *property);
/* What every call that may fail promises: a known status and texts that can be shown. */
void fz_must_error(fu_status st, const fu_error *e);
#define FZ_STRICT 16u
static inline bool fz_strict(size_t n)
{
    return n % FZ_STRICT == 0;
}
fu_mem fz_mem(tst_mem *m, size_t n); /* n: length of the input */
/* Everything was given back. */
void fz_must_be_free(const tst_mem *m);
bool fz_is_utf8(fu_span s);
bool fz_is_gzip(fu_span s);

/* A page of ours: every tag is one that we write, opened and closed in order; every `<` begins a
 * tag, every attribute is quoted. The names of the tags go to *tags, which may be NULL. */
void fz_must_be_page(fu_span html, fu_buf *tags);
/* Every line is one JSON object. */
void fz_must_be_json_lines(fu_span text);

#endif
