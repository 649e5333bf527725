/* check: the findings on one claim, as it is or as it would be.
 *
 * Invariants
 *   - a check reads the claim and adds findings; it changes nothing and remembers nothing
 *   - what is UNSURE in the rules is never severity error
 *   - one file per family of codes: structure (F), insurer (H), fusho (U, K), tokki (T)
 */
#ifndef FU_CHECK_CHECK_H
#define FU_CHECK_CHECK_H
#include "decide/facts.h"
#include "rules/finding.h"
#include "rules/policy.h"

void fu_check_claim(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h,
                    const fu_policy *policy);

/* The families; fu_check_claim calls them in this order. */
void fu_check_structure(fu_findings *out, const fu_claim *c);
void fu_check_insurer(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h);
void fu_check_fusho(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h,
                    const fu_policy *policy);
void fu_check_tokki(fu_findings *out, const fu_claim *c, const fu_facts *f);

/* A finding on field n of a record of the claim (n 0: the record as a whole). */
fu_finding *fu_check_at(fu_findings *out, fu_code code, const fu_claim *c, const fu_rec *r,
                        unsigned n);
/* The same with the field's text as `found`. */
fu_finding *fu_check_value(fu_findings *out, fu_code code, const fu_claim *c, const fu_rec *r,
                           unsigned n);
/* Byte and character faults of a record that need not belong to a claim: F102, F112. */
void fu_check_bytes(fu_findings *out, uint64_t claim, uint64_t line, uint16_t id, fu_span record,
                    uint64_t offset);
/* Fields of a record that stands outside of claims: F104, F108. Its row in the layout must be
 * there. */
void fu_check_fields(fu_findings *out, const fu_layout *layout, uint64_t line, uint16_t id,
                     fu_span record);

#endif
