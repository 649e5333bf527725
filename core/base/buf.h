/* buf: bytes that grow, up to a maximum named at the start.
 *
 * Invariants
 *   - n <= max always; an append that would pass it fails and changes nothing
 *   - the first failure sticks in `status`; later appends do nothing, so a caller may append
 *     many times and look once
 *   - fu_buf_cstr never returns NULL
 */
#ifndef FU_BASE_BUF_H
#define FU_BASE_BUF_H
#include "base/error.h"
#include "base/mem.h"
#include "base/span.h"

typedef struct fu_buf {
    const fu_mem *mem;
    unsigned char *p;
    size_t n, cap, max;
    fu_status status; /* FU_OK, FU_E_NOMEM or FU_E_LIMIT */
} fu_buf;

void fu_buf_init(fu_buf *b, const fu_mem *mem, size_t max); /* cannot fail */
void fu_buf_free(fu_buf *b);                                /* wipes and frees; usable again */
void fu_buf_reset(fu_buf *b);                               /* empty, storage and maximum kept */

fu_status fu_buf_add(fu_buf *b, const void *p, size_t n);
fu_status fu_buf_span(fu_buf *b, fu_span s);
fu_status fu_buf_str(fu_buf *b, const char *s); /* NULL adds nothing */
fu_status fu_buf_char(fu_buf *b, unsigned char c);
fu_status fu_buf_uint(fu_buf *b, uint64_t v);
/* snprintf into the buffer; for short texts (at most 1 KiB each). */
__attribute__((format(printf, 2, 3))) fu_status fu_buf_fmt(fu_buf *b, const char *fmt, ...);
void fu_buf_drop_front(fu_buf *b, size_t n); /* moves the rest to the start */

static inline fu_span fu_buf_view(const fu_buf *b)
{
    return fu_span_of(b->p, b->n);
}
const char *fu_buf_cstr(fu_buf *b); /* "" when it cannot be terminated */

#endif
