/* refusal: a failure as a whole listing, where there is no run in which the plugin would write one.
 *
 * Invariants
 *   - the listing has the structure of those that the plugin writes (tests/formats.sh)
 *   - texts are UTF-8 without control characters, as posix_fail and the plugin leave them
 */
#ifndef FUSHO_HOST_REFUSAL_H
#define FUSHO_HOST_REFUSAL_H
#include "output.h"

/* What failed. */
typedef struct refusal {
    const char *input;      /* the claim file, as shown */
    const fusho_error *err; /* without code: no finding says why */
    bool hidden;            /* the file at fault, an evidence file, is not named */
    bool english;
} refusal;

/* JSON: a line for the finding. JUnit, SARIF: the document. Other formats, and NULL, have no
 * listing of a failure: stderr tells it. */
void refusal_put(sink *s, const char *format, const refusal *r);

#endif
