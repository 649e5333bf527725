/* policy: what the institution has chosen for a run.
 *
 * Invariants
 *   - every member has the default of the command line when fu_policy_default has set it
 */
#ifndef FU_RULES_POLICY_H
#define FU_RULES_POLICY_H
#include "rules/insurer.h"

typedef enum fu_width { FU_WIDTH_AUTO, FU_WIDTH_HALF, FU_WIDTH_FULL } fu_width;
typedef enum fu_former { FU_FORMER_FORMER, FU_FORMER_FUSHO, FU_FORMER_HOLD } fu_former;

typedef struct fu_policy {
    const char *insurer_number; /* --insurer-number */
    fu_width bango_width;       /* --bango-width */
    fu_former former_with_kohi; /* --former-with-kohi */
    int32_t today;              /* --today, yyyymmdd */
} fu_policy;

static inline fu_policy fu_policy_default(int32_t today)
{
    fu_policy p = {FU_FUSHO_NUMBER, FU_WIDTH_AUTO, FU_FORMER_FORMER, today};
    return p;
}

#endif
