/* chunk: a claim file cut into stretches of whole blocks, so that several threads can work on it.
 *
 * Invariants
 *   - the stretches, one after the other, are the file, bit by bit
 *   - where the cuts are depends on the bytes and the wanted size only: neither on how the stream
 *     hands them out nor on who works on them, so a second pass over the same file has the same
 *   - a stretch begins where a block begins and ends where one ends; only a claim or record over
 * its limit is cut in the middle, and fu_blocks_next then finds that limit before it comes to the
 * cut
 *   - before a fault of the stream, whatever blocks had come whole are handed out
 */
#ifndef FU_UKE_CHUNK_H
#define FU_UKE_CHUNK_H
#include "base/io.h"
#include "uke/blocks.h"

/* Wanted size of a stretch: small enough to stay in the cache of a core while it is worked on. */
#define FU_CHUNK_BYTES 262144u

typedef struct fu_stretch {
    fu_span bytes;
    uint64_t offset, lines, claims; /* bytes, lines and claims of the file before it */
    unsigned char *buf;
    size_t cap;
} fu_stretch;

typedef struct fu_chunker fu_chunker;

/* bytes: wanted size of a stretch, at least 1; larger where a claim is. */
fu_status fu_chunker_open(fu_chunker **out, const fu_mem *mem, fu_input *in, size_t bytes,
                          fu_error *e);
/* The input is a UTF-8 copy; the stretches are the CP932 of it. Before the first next. */
void fu_chunker_utf8(fu_chunker *k);
/* The next stretch into *s, whose memory is used again (zero it to begin); *more is false at the
 * end. F102 is a character that a UTF-8 copy must not hold. */
fu_status fu_chunker_next(fu_chunker *k, fu_stretch *s, bool *more, fu_error *e);
void fu_chunker_close(fu_chunker *k); /* NULL ok */

void fu_stretch_free(fu_stretch *s, const fu_mem *mem);

#endif
