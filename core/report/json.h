/* json: strings and claim objects as JSON, for the report and for the journal.
 *
 * Invariants
 *   - the output is valid JSON on one line whatever the text holds; bytes that are no UTF-8 become
 *     U+FFFD
 *   - UTF-8 stands as it is; only ", \ and control characters are escaped
 */
#ifndef FU_REPORT_JSON_H
#define FU_REPORT_JSON_H
#include "report/report.h"

/* The text with its quotes; NULL is "". */
fu_status fu_json_string(fu_buf *out, const char *s);
fu_status fu_json_span(fu_buf *out, fu_span s);

/* ,"key":"value" and ,"key":123 - nothing at all where the value is NULL or 0. */
void fu_json_text(fu_buf *out, const char *key, const char *value);
void fu_json_number(fu_buf *out, const char *key, uint64_t value);
void fu_json_day(fu_buf *out, const char *key, int32_t day); /* "key":"yyyy-mm-dd" */

/* The claim object of the JSON Lines format, without line end; the journal's form also has who
 * the patient is and what the ledger wants to know. `file` may be NULL. */
fu_status fu_json_claim(fu_buf *out, const char *file, const fu_shown_claim *c, bool journal);

#endif
