#include "rules/routes.h"

const fu_words fu_route_rows[FU_R_COUNT] = {
#define FU_ROUTE(id, word, ja, en, source) {word, ja, en, source},
#include "rules/routes.def"
#undef FU_ROUTE
};

const fu_words fu_reason_rows[FU_WHY_COUNT] = {
#define FU_REASON(id, ja, en, source) {"", ja, en, source},
#include "rules/reasons.def"
#undef FU_REASON
};
