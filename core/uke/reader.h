/* reader: a claim file as a row of blocks, one after the other, on the caller's thread.
 *
 * Invariants
 *   - the blocks' bytes, one after the other, are the file, bit by bit, whatever the stream's reads
 *   - a block is valid until the next call
 */
#ifndef FU_UKE_READER_H
#define FU_UKE_READER_H
#include "uke/chunk.h"

#define FU_READER_BYTES 65536u /* of a chunk */

typedef struct fu_reader fu_reader;

fu_status fu_reader_open(fu_reader **out, const fu_mem *mem, fu_input *in, fu_error *e);
/* The input is a UTF-8 copy; the blocks are the CP932 of it. Before the first next. */
void fu_reader_utf8(fu_reader *r);
/* *b is the next block; *more is false at the end. FU_E_LIMIT names the limit, with the line; F102
 * is a character that a UTF-8 copy must not hold. */
fu_status fu_reader_next(fu_reader *r, fu_block *b, bool *more, fu_error *e);
void fu_reader_close(fu_reader *r); /* NULL ok */

#endif
