/* recode: a UTF-8 copy of a claim file, turned back into CP932 chunk by chunk.
 *
 * Invariants
 *   - the same bytes come out whatever the chunk size; never more than went in
 *   - nothing is replaced: what is no UTF-8, or is not in CP932, ends in F102 with its line
 *   - a byte order mark at the very start is left out; it is no character of the claim file
 */
#ifndef FU_TEXT_RECODE_H
#define FU_TEXT_RECODE_H
#include "base/error.h"
#include "base/span.h"

/* A character begun in an earlier chunk may come out longer than the part of it in this one. */
#define FU_RECODE_ROOM 4u

/* Zero it to begin. */
typedef struct fu_recode {
    unsigned char part[4]; /* a character whose rest has not come */
    unsigned n_part;
    bool begun;            /* a byte order mark is over, or there was none */
    uint64_t taken, lines; /* bytes and LF before the part */
} fu_recode;

/* n bytes at `in` become *made at `out`, which may be the same memory from FU_RECODE_ROOM before
 * `in` on. */
fu_status fu_recode_chunk(fu_recode *r, unsigned char *out, const unsigned char *in, size_t n,
                          size_t *made, fu_error *e);
/* The input has ended. */
fu_status fu_recode_end(const fu_recode *r, fu_error *e);

#endif
