/* file: what can only be said of the file as a whole: its kind, its end, order, numbering, totals.
 *
 * Invariants
 *   - what is to be known of a block is read from it alone, on any thread (fu_file_see); it is put
 *     together in file order (fu_file_take); memory does not grow with the file
 *   - `refused` is set where the file is no claim file (F101, F111); `incomplete` where it looks
 * cut off or joined (F110), which apply refuses and check reports
 *   - at most FU_FILE_FINDINGS_MAX findings of one code are kept, the last of them says so by
 * number
 */
#ifndef FU_CHECK_FILE_H
#define FU_CHECK_FILE_H
#include "check/check.h"

#define FU_FILE_FINDINGS_MAX 100u /* of one code */

/* What the file check wants to know of one block; its spans are the block's. */
typedef struct fu_seen {
    fu_block_kind kind;
    fu_span bytes;
    uint64_t offset;
    fu_line first;
    uint64_t lines, lf_lines, first_lf_line;
    uint64_t rousai_line, mark_line, open_line; /* first of each kind; 0 = none */
    uint64_t payers, points;                    /* this and what follows: of a claim */
    fu_span number;                             /* レセプト番号 */
    int soukatsu;
} fu_seen;

/* State of a look for UTF-8. */
typedef struct fu_utf8_watch {
    uint32_t need;
    bool broken, seen;
} fu_utf8_watch;

typedef struct fu_file_check {
    fu_findings *out;
    size_t from; /* findings in the list before the file's */
    fu_header header;
    bool started, header_seen, trailer_seen, ended, refused, incomplete;
    uint64_t claims, payers, points;
    uint64_t part_payers, part_points; /* of DPC parts (総括区分 2, 3), counted above too */
    uint64_t last_number, lf_lines, first_lf_line, lines;
    bool eof_mark, number_seen;
    size_t told[FU_CODE_COUNT], told_of_records; /* the latter: records outside of claims */
    fu_span totals[2]; /* 総件数 and 総合計点数 as the trailer has them; empty = not to be checked */
    uint64_t so_far[2]; /* the same, counted up to the trailer */
    uint64_t trailer_line;
    uint16_t trailer_id;
    uint64_t bytes;
    fu_utf8_watch utf8;
} fu_file_check;

void fu_file_start(fu_file_check *k, fu_findings *out);
/* `c` is the block's claim for FU_B_CLAIM, else NULL. */
void fu_file_see(fu_seen *out, const fu_block *b, const fu_claim *c);
/* Every block in order. */
void fu_file_take(fu_file_check *k, const fu_seen *s);
/* Bytes that begin where a line begins: *w is zeroed, or what it became with the bytes before. */
void fu_utf8_look(fu_utf8_watch *w, fu_span bytes);
/* The same of all bytes between two line begins, looked at alone; in file order. */
void fu_file_text(fu_file_check *k, const fu_utf8_watch *w);
/* After the last block. */
void fu_file_end(fu_file_check *k);

#endif
