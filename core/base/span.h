/* span: a view on bytes that somebody else owns.
 *
 * Invariants
 *   - p may be NULL only when n is 0
 *   - a span never says what the bytes mean; claim files are CP932, everything shown to people
 * UTF-8
 */
#ifndef FU_BASE_SPAN_H
#define FU_BASE_SPAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct fu_span {
    const unsigned char *p;
    size_t n;
} fu_span;

static inline fu_span fu_span_of(const void *p, size_t n)
{
    fu_span s = {(const unsigned char *)p, n};
    return s;
}

static inline fu_span fu_span_str(const char *s)
{
    return fu_span_of(s, s ? strlen(s) : 0);
}

static inline bool fu_span_eq(fu_span a, fu_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool fu_span_is(fu_span a, const char *s)
{
    return fu_span_eq(a, fu_span_str(s));
}

bool fu_span_all(fu_span s, unsigned char c);        /* not empty and every byte is c */
bool fu_span_digits(fu_span s);                      /* not empty and only 0-9 */
bool fu_span_number(fu_span s, uint64_t *out);       /* only digits and fits */
size_t fu_span_ascii(fu_span s);                     /* how many bytes of ASCII it begins with */
fu_span fu_span_trim(fu_span s);                     /* without spaces at both ends */
fu_span fu_span_trim_zeros(fu_span s);               /* without leading zeros; "0" stays "0" */
fu_span fu_span_before(fu_span s, const char *tail); /* without the tail, where it ends so */

#endif
