/* blocks: bytes of a claim file as a row of blocks, each a claim or a single record outside of claims.
 *
 * Invariants
 *   - the blocks' bytes, one after the other, are the bytes that came in, bit by bit
 *   - records are offsets into the block's bytes; nothing is decoded, nothing repaired, nothing copied
 *   - a record ends at LF; a CR before it belongs to the line end, any other CR to the record
 *   - the bytes begin where a block may begin and end where one ends (see chunk.h)
 *   - every byte is scanned once: line ends are found by the words, and the blocks hand them on
 */
#ifndef FU_UKE_BLOCKS_H
#define FU_UKE_BLOCKS_H
#include "base/error.h"
#include "base/mem.h"
#include "text/scan.h"
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
    const fu_scan_word *scan; /* NULL where nobody has scanned the bytes yet */
    uint32_t scan_at;         /* bit of the block's first byte, below 64 */
} fu_block;

/* Where the walk through the bytes stands. */
typedef struct fu_blocks {
    const fu_mem *mem;
    fu_span bytes;
    size_t start, scan; /* the block begins, its next line begins */
    uint64_t offset;    /* of the bytes in the file */
    uint64_t line;      /* lines before scan */
    fu_line *lines;
    size_t n_lines, cap_lines;
    fu_scan_word *words;
    size_t cap_words, seen; /* bytes that the words are of */
    size_t word;            /* of which no line end was looked at */
    uint64_t lf;            /* those left of the word before */
} fu_blocks;

void fu_blocks_init(fu_blocks *w, const fu_mem *mem); /* cannot fail; empty bytes */
/* From here on through `bytes`, before which the file has that many bytes and lines. */
void fu_blocks_start(fu_blocks *w, fu_span bytes, uint64_t offset, uint64_t lines);
/* *b is the next block, valid until the next call; *more is false at the end. FU_E_LIMIT names the
 * limit, with the line. */
fu_status fu_blocks_next(fu_blocks *w, fu_block *b, bool *more, fu_error *e);
void fu_blocks_free(fu_blocks *w);

/* The record's name, and whether the record is a prefixed history record. */
uint16_t fu_record_id(fu_span record, bool *history);
/* What a record that is not the file's first begins: a HEADER, CLAIM or TRAILER; else ORPHAN. The
 * record may have its line end. */
fu_block_kind fu_record_begins(fu_span record);

#endif
