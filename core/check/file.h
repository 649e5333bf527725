/* file: what can only be said of the file as a whole: its kind, its end, order, numbering, totals.
 *
 * Invariants
 *   - one pass over the blocks, in file order; memory does not grow with the file
 *   - `refused` is set where the file is no claim file (F101, F111); `incomplete` where it looks
 * cut off or joined (F110), which apply refuses and check reports
 *   - at most FU_FILE_FINDINGS_MAX findings of one code are kept, the last of them says so by
 * number
 */
#ifndef FU_CHECK_FILE_H
#define FU_CHECK_FILE_H
#include "check/check.h"

#define FU_FILE_FINDINGS_MAX 100u /* of one code */

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
    uint32_t utf8_need; /* state of the UTF-8 watcher */
    bool utf8_broken, utf8_seen;
} fu_file_check;

void fu_file_start(fu_file_check *k, fu_findings *out);
/* Every block in order; `c` is its claim for FU_B_CLAIM, else NULL. */
void fu_file_block(fu_file_check *k, const fu_block *b, const fu_claim *c);
/* After the last block. */
void fu_file_end(fu_file_check *k);

#endif
