/* join: several online-check responses of one person and month become one capture.
 *
 * Invariants
 *   - the responses of a list are in the order they were answered in
 *   - one response decides, the last that holds on the visit day; of the others only remains that a
 *     check failed, and what is needed to see a contradiction
 *   - nothing is lost silently: swallowed responses stay in the list of captures with `joined` set
 */
#ifndef FU_EVIDENCE_JOIN_H
#define FU_EVIDENCE_JOIN_H
#include "evidence/sources.h"

typedef struct fu_link {
    fu_response *r;
    bool named; /* the capture names its file */
    struct fu_link *next;
} fu_link;

typedef struct fu_links {
    fu_link *first, *last;
} fu_links;

/* Into a capture of the desk. */
fu_status fu_merge_into(fu_evidence *ev, fu_capture *c, const fu_links *list, fu_error *e);
/* Among themselves: the deciding one keeps its capture. */
fu_status fu_merge_alone(fu_evidence *ev, const fu_links *list, fu_error *e);
/* E505 for everything the capture says against itself. */
void fu_contradictions(fu_evidence *ev, fu_capture *c);
/* The same insurance? insurer without leading zeros, bango likewise, kigo, branch if both have one.
 */
bool fu_same_insurance(const fu_qualification *a, const fu_qualification *b);

#endif
