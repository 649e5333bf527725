/* routes: the five ways a claim can go, and why an edit is made.
 *
 * Invariants
 *   - the words of routes.def are what the JSON Lines and the journal show
 */
#ifndef FU_RULES_ROUTES_H
#define FU_RULES_ROUTES_H
#include <stdint.h>

typedef enum fu_route {
#define FU_ROUTE(id, word, ja, en, source) FU_R_##id,
#include "rules/routes.def"
#undef FU_ROUTE
    FU_R_COUNT
} fu_route;

typedef enum fu_reason {
#define FU_REASON(id, ja, en, source) FU_WHY_##id,
#include "rules/reasons.def"
#undef FU_REASON
    FU_WHY_COUNT
} fu_reason;

typedef struct fu_words {
    const char *word, *ja, *en, *source;
} fu_words;

extern const fu_words fu_route_rows[FU_R_COUNT];
extern const fu_words fu_reason_rows[FU_WHY_COUNT];

/* FU_FUSHO_SINCE (a 請求年月) and the other numbers of fusho.def. */
enum {
#define FU_FUSHO_RULE(id, value, source) FU_FUSHO_##id = value,
#include "rules/fusho.def"
#undef FU_FUSHO_RULE
};

#endif
