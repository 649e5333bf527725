/* reader: a claim file as a row of blocks, each a claim or a single record outside of claims.
 *
 * Invariants
 *   - the blocks' bytes, one after the other, are the file, bit by bit, whatever the chunk size
 *   - records are offsets into the block's bytes; nothing is decoded, nothing repaired
 *   - a block is valid until the next call; one block is in memory at a time
 *   - a record ends at LF; a CR before it belongs to the line end, any other CR to the record
 */
#ifndef FU_UKE_READER_H
#define FU_UKE_READER_H
#include "base/buf.h"
#include "base/io.h"
#include "uke/layout.h"

#define FU_RECORD_BYTES_MAX 65536u       /* one record with its line end */
#define FU_CLAIM_RECORDS_MAX 50000u      /* records of one claim */
#define FU_CLAIM_BYTES_MAX (32u << 20)   /* bytes of one claim */
#define FU_CLAIMS_MAX 2000000u           /* claims of one file */
#define FU_FILE_BYTES_MAX (64ull << 30)  /* bytes of one file, inflated */
#define FU_FIELDS_MAX 2048u              /* fields of one record */

typedef enum fu_block_kind {
    FU_B_HEADER,  /* IR UK YK HM HI, HH at the start */
    FU_B_CLAIM,   /* RE and what follows up to the next RE, header or trailer */
    FU_B_TRAILER, /* GO HG */
    FU_B_ORPHAN,  /* any other record outside a claim */
    FU_B_BLANK,   /* an empty line */
    FU_B_EOF      /* 0x1A as the very last byte */
} fu_block_kind;

typedef struct fu_line {
    uint32_t off, len; /* in the block; without the line end */
    uint8_t eol;       /* 0 none, 1 LF, 2 CRLF */
    bool history;      /* prefixed record of a return history (8,1,0,RE,...) */
    uint16_t id;       /* FU_ID, 0 where the record has no two-letter name */
    uint64_t line;     /* 1-based input line; for an inserted record the line it goes before */
} fu_line;

typedef struct fu_block {
    fu_block_kind kind;
    fu_span bytes;
    const fu_line *lines;
    size_t n_lines;
    uint64_t offset; /* of the block in the file */
} fu_block;

typedef struct fu_reader fu_reader;

fu_status fu_reader_open(fu_reader **out, const fu_mem *mem, fu_input *in, fu_error *e);
/* The input is a UTF-8 copy; the blocks are the CP932 of it. Before the first next. */
void fu_reader_utf8(fu_reader *r);
/* *b is the next block; *more is false at the end. FU_E_LIMIT names the limit, with the line; F102
 * is a character that a UTF-8 copy must not hold. */
fu_status fu_reader_next(fu_reader *r, fu_block *b, bool *more, fu_error *e);
void fu_reader_close(fu_reader *r); /* NULL ok */

/* The record's name, and whether the record is a prefixed history record. */
uint16_t fu_record_id(fu_span record, bool *history);

#endif
