/* support_walk: a claim file block by block or claim by claim, as tests and fuzz targets go over
 * one. No Criterion in here, so that drivers without it can link it too.
 *
 * Invariants
 *   - a file that cannot be opened has no blocks, and st says why
 *   - a block is valid until the next one is asked for
 */
#ifndef TST_SUPPORT_WALK_H
#define TST_SUPPORT_WALK_H
#include "uke/claim.h"
#include "uke/reader.h"

typedef struct tst_walk {
    fu_span_reader src;
    fu_input *in;
    fu_reader *r;
    fu_header h; /* the last one in front of the claim; read by tst_walk_claim */
    fu_block b;
    fu_status st; /* of the last call of the code under test */
    fu_error *e;
} tst_walk;

/* *mem, *e (which may be NULL) and *w, where it is, must outlive the walk. */
void tst_walk_open(tst_walk *w, const fu_mem *mem, const fu_stream *s, fu_error *e);
void tst_walk_bytes(tst_walk *w, const fu_mem *mem, fu_span bytes, fu_error *e);
/* w->b is the next block; false at the end of the file and at a fault. */
bool tst_walk_next(tst_walk *w);
/* The same for the next claim. */
bool tst_walk_claim(tst_walk *w);
void tst_walk_close(tst_walk *w);

#endif
