/* pack: the original file in pieces that are compressed each on its own, and joined make one zlib
 * stream.
 *
 * Invariants
 *   - a piece depends on its bytes and the level, on nothing else: pieces can be made in any order,
 *     each thread with a packer of its own, and the journal depends on where the file is cut alone
 *   - a piece ends at a byte and is never the end of the stream: the writer of the journal puts
 *     what stands in front and behind
 *   - zlib's memory is wiped when the packer is closed
 */
#ifndef FU_JOURNAL_PACK_H
#define FU_JOURNAL_PACK_H
#include <limits.h>

#include "base/buf.h"

/* docs/internals/journal.md has the numbers. Level 1 is the fastest there is, the strategies said
 * to be faster included: they write more than twice as much. */
#define FU_PACK_LEVEL 1
#define FU_PACK_BYTES_MAX ((size_t)INT_MAX)

typedef struct fu_piece {
    fu_buf data; /* compressed; empty where the piece was only counted */
    uint64_t n;  /* bytes of the original */
    uint32_t crc, adler;
} fu_piece;

void fu_piece_init(fu_piece *p, const fu_mem *mem);
void fu_piece_free(fu_piece *p);
/* Length and CRC32 only, all that a journal with ranges wants. At most FU_PACK_BYTES_MAX. */
void fu_piece_count(fu_piece *p, fu_span bytes);

typedef struct fu_packer fu_packer;

/* FU_E_MISUSE for a level other than 0 to 9. *mem must outlive the packer. */
fu_status fu_packer_open(fu_packer **out, const fu_mem *mem, int level, fu_error *e);
void fu_packer_close(fu_packer *p); /* NULL ok */
/* The piece was initialised, or holds an earlier one, which is replaced. FU_E_MISUSE for more than
 * FU_PACK_BYTES_MAX. */
fu_status fu_packer_pack(fu_packer *p, fu_span bytes, fu_piece *out, fu_error *e);

#endif
