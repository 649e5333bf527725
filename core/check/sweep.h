/* sweep: the records about which the structure check has nothing to say, passed over quickly.
 *
 * Invariants
 *   - of what is passed over the check (F102, F104, F107, F108, F112) would say nothing
 *   - not passed over says nothing: the record is then checked field by field
 */
#ifndef FU_CHECK_SWEEP_H
#define FU_CHECK_SWEEP_H
#include "uke/claim.h"

/* Number of the first record from `from` on that is not passed over, c->n_recs without one. */
size_t fu_sweep(const fu_claim *c, size_t from);

#endif
