/* decide: the route of one claim.
 *
 * Invariants
 *   - the first of current, kyushikaku, fusho whose qualification or declaration exists is tried;
 * then every reason to hold is collected, none hides another, and any one makes it hold
 *   - a claim without a capture, without HO or with a check that did not fail is route none
 *   - all texts of the decision live in the capture or in the arena of the findings
 */
#ifndef FU_DECIDE_DECIDE_H
#define FU_DECIDE_DECIDE_H
#include "decide/facts.h"
#include "evidence/match.h"
#include "rules/policy.h"
#include "rules/routes.h"

typedef struct fu_decision {
    fu_route route;
    const fu_capture *capture;   /* NULL = none */
    const fu_qualification *q;   /* current, kyushikaku: the numbers to write */
    const char *tokki;           /* fusho: new 特記事項 (ASCII), NULL = as it is */
    const char *why_ja, *why_en; /* one phrase, without patient data */
    int32_t deadline;            /* fusho: 再審査・取下げ until this day */
    size_t advice_from;          /* findings from here on advise on the rewrite, void without it */
} fu_decision;

/* What the file told about the captures that fit this claim. */
typedef struct fu_candidates {
    const fu_capture *const *captures;
    size_t n;         /* how many fit, maybe more than FU_MATCHES_MAX */
    bool two_persons;  /* the capture fits claims of two persons */
    bool two_insurers; /* it fits claims of this scheme that have different insurers */
} fu_candidates;

void fu_decide(fu_decision *d, const fu_claim *c, const fu_facts *f, const fu_header *h,
               const fu_candidates *cand, const fu_policy *policy, fu_findings *out);

/* Income class for a 不詳 claim (rules.md 5). Returns false when it cannot be told (R605 added);
 * *value stays NULL when 特記事項 stays as it is. */
bool fu_choose_tokki(const fu_claim *c, const fu_facts *f, const fu_capture *cap, fu_findings *out,
                     const char **value);

/* R612's question: does insurer or 保険種別 belong to another 審査支払機関 than the file's? */
static inline bool fu_wrong_payer(int payer, const fu_header *h)
{
    return payer != 0 && h->payer != 0 && payer != h->payer;
}

#endif
