/* scan: what kind of byte stands where, 64 bytes at a time.
 *
 * Invariants
 *   - bit i of word k stands for byte 64 * k + i; bits behind the last byte are 0
 *   - there is one word more than the bytes need, and it is empty: fu_scan_window may look there
 *   - every version gives the same words; version 0 is portable and the others are measured by it
 *   - nothing is read outside of the bytes
 */
#ifndef FU_TEXT_SCAN_H
#define FU_TEXT_SCAN_H
#include "base/span.h"

typedef struct fu_scan_word {
    uint64_t comma;
    uint64_t odd;      /* a control byte (below 0x20, 0x7F) or no ASCII */
    uint64_t nondigit; /* anything but 0 to 9 */
    uint64_t lf;
} fu_scan_word;

/* How many words `n` bytes need, with the empty one at the end. */
static inline size_t fu_scan_words(size_t n)
{
    return n / 64 + 2;
}

typedef struct fu_scan {
    const char *name;
    /* out has room for fu_scan_words(bytes.n). */
    void (*classes)(fu_scan_word *out, fu_span bytes);
    /* Does `what` (1 to 64 bytes) stand anywhere in the bytes? */
    bool (*has)(fu_span bytes, fu_span what);
} fu_scan;

/* The fastest version that this machine runs. Asking costs next to nothing. */
const fu_scan *fu_scan_best(void);
/* Every version that this machine runs, for tests; NULL behind the last. */
const fu_scan *fu_scan_version(size_t i);

/* The words' bits from byte i on, but for lf: whoever looks for line ends goes word by word. */
static inline fu_scan_word fu_scan_window(const fu_scan_word *v, size_t i)
{
    fu_scan_word w = {v[i / 64].comma, v[i / 64].odd, v[i / 64].nondigit, 0};
    unsigned s = i % 64;
    if (s) {
        const fu_scan_word *next = &v[i / 64 + 1];
        w.comma = w.comma >> s | next->comma << (64 - s);
        w.odd = w.odd >> s | next->odd << (64 - s);
        w.nondigit = w.nondigit >> s | next->nondigit << (64 - s);
    }
    return w;
}

/* The lowest n bits, n up to 64. */
static inline uint64_t fu_scan_low(size_t n)
{
    return n >= 64 ? UINT64_MAX : (UINT64_C(1) << n) - 1;
}

static inline unsigned fu_scan_first(uint64_t bits) /* of at least one */
{
    return (unsigned)__builtin_ctzll(bits);
}

static inline unsigned fu_scan_count(uint64_t bits)
{
    return (unsigned)__builtin_popcountll(bits);
}

#endif
