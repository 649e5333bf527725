/* process: everything that happens to one claim, without a look at any other.
 *
 * Invariants
 *   - depends on nothing but its arguments: claims can be processed in any order, on any thread
 *   - a rewrite that would add an error is withdrawn and the claim held (R608)
 */
#ifndef FU_ENGINE_PROCESS_H
#define FU_ENGINE_PROCESS_H
#include "check/check.h"
#include "engine/options.h"
#include "evidence/match.h"
#include "ledger/ledger.h"
#include "rewrite/rewrite.h"

#define FU_CLAIM_ARENA_MAX (512u << 20)

/* What is the same for every claim of a file. */
typedef struct fu_context {
    const fu_match *match;
    const fu_ledger *past; /* of earlier months, looked into; NULL = nothing is known */
    const fu_header *header;
    const fu_options *options;
    bool check_only;
    bool show_later; /* `shown` is left to the caller, who may not need it */
} fu_context;

typedef struct fu_claim_outcome {
    fu_claim claim;
    fu_facts facts;
    fu_decision decision;
    fu_edits edits;
    fu_findings findings; /* of the decision and of the check, by line */
    fu_block result;      /* the claim as it will be written */
    fu_shown_claim shown;
} fu_claim_outcome;

/* The block must outlive *out; everything else lives in the arena. */
fu_status fu_process(fu_claim_outcome *out, fu_arena *arena, const fu_block *block, uint64_t number,
                     const fu_context *ctx, fu_error *e);

/* Identity fields of a claim as UTF-8. */
fu_person fu_claim_person(const fu_claim *c, fu_arena *a);

#endif
