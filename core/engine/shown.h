/* shown: a processed claim in the words of the report.
 *
 * Invariants
 *   - texts are decoded copies for showing; nothing shown is ever written to a claim file
 */
#ifndef FU_ENGINE_SHOWN_H
#define FU_ENGINE_SHOWN_H
#include "engine/process.h"

/* Fills o->shown; false when memory ran out. */
bool fu_show_claim(fu_claim_outcome *o, fu_arena *a, const fu_header *h, const char *lang);

#endif
