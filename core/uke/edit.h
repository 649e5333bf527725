/* edit: changes to a claim as byte ranges, and the claim as it would be.
 *
 * Invariants
 *   - edits are sorted by offset and disjoint; insertions at one offset keep the order they came in
 *   - an empty list gives back the claim bit by bit
 *   - an inserted record ends like the record it goes before, behind the last one like that; where
 *     the last record has no line end, like the one before it, and a record put behind the last one
 *     then brings its line end in front, so that the claim still stops without one
 */
#ifndef FU_UKE_EDIT_H
#define FU_UKE_EDIT_H
#include "uke/claim.h"

#define FU_EDITS_MAX 4096u /* of one claim */

typedef enum fu_edit_op { FU_EDIT_REPLACE, FU_EDIT_DELETE, FU_EDIT_INSERT } fu_edit_op;

typedef struct fu_edit {
    fu_edit_op op;
    uint32_t off, len;  /* bytes of the claim that go; len 0 for an insertion */
    fu_span bytes;      /* CP932 that comes instead (an inserted record with its line end; a trimmed
                           record's field with the missing commas) */
    uint64_t line;
    uint16_t id;        /* record */
    uint32_t field;     /* replace only */
    fu_span before;     /* replace: the old value; delete: the record */
    int reason;         /* number of a row in rules/reasons.def */
} fu_edit;

typedef struct fu_edits {
    fu_arena *arena;
    fu_edit *v;
    size_t n, cap;
    bool failed;
    const char *limit; /* failed: name of the limit that was exceeded, NULL = out of memory */
    uint64_t limit_max;
} fu_edits;

void fu_edits_init(fu_edits *l, fu_arena *arena);
/* Replaces field n of a record; the missing commas of a trimmed record are added. No edit when the
 * value is already there. */
void fu_edit_field(fu_edits *l, const fu_rec *r, unsigned n, fu_span value, int reason);
void fu_edit_delete(fu_edits *l, const fu_rec *r, int reason);
/* Inserts a record (given without line end) before recs[at]; at == n_recs: behind the last one. */
void fu_edit_insert(fu_edits *l, const fu_claim *c, size_t at, fu_span record, int reason);

/* Sorts the list; false if two edits overlap (also two of one empty field, or a change of a record
 * that goes), or the list failed. */
bool fu_edits_close(fu_edits *l);

/* The claim with its edits, as a block of its own in the arena (line numbers are the input's). */
fu_status fu_edits_apply(const fu_edits *l, const fu_claim *c, fu_block *out, fu_error *e);

#endif
