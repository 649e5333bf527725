/* mask: takes out of what reports are handed everything that is about a person (--mask).
 *
 * Invariants
 *   - what it is given never changes: the journal is made of the same claim and keeps everything
 *   - a copy is made of what may be shown; what is new in the model stays out until it is added
 * here
 *   - keys, counts, codes and places in the file are as without --mask
 */
#ifndef FU_ENGINE_MASK_H
#define FU_ENGINE_MASK_H
#include "engine/process.h"

typedef struct fu_mask {
    bool on, english;
    const fu_evidence *ev; /* whose files are counted instead of named */
    size_t last;           /* the file named last: neighbours are asked for one after the other */
} fu_mask;

/* *ev must outlive *m; it may be NULL. */
void fu_mask_init(fu_mask *m, const fu_options *o, const fu_evidence *ev);

/* What reports may show of a claim and its findings; without --mask the same as in *o. New texts
 * live where those of *o do. */
fu_status fu_mask_claim(fu_mask *m, const fu_claim_outcome *o, fu_shown_claim *shown,
                        fu_findings *findings, fu_error *e);
/* The same of findings on the file or on evidence; layout NULL = not known. */
fu_status fu_mask_findings(fu_mask *m, const fu_findings *from, const fu_layout *layout,
                           fu_findings *to, fu_error *e);
/* An evidence file by its number; a capture's id, unless it is the name of its file. NULL on
 * failure (the arena remembers). */
const char *fu_mask_file(fu_mask *m, fu_arena *a, const char *file);
const char *fu_mask_id(fu_mask *m, fu_arena *a, const char *id, const char *file);

#endif
