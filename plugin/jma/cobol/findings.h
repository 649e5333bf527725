/* findings: the plugin's JSON Lines as the findings table of FUSHOCLM.cpy. */
#ifndef FUSHO_JMA_FINDINGS_H
#define FUSHO_JMA_FINDINGS_H
#include "area.h"

/* lines: the listing of one claim. n_headers: records that stand before the claim. The listing is
 * unescaped in place. */
void findings_fill(area_findings *t, size_t max, char *lines, size_t n, long n_headers,
                   area_code *code);

#endif
