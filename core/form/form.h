/* form: the page on which the desk fills in 被保険者資格申立書 and record, as one offline file.
 *
 * Invariants
 *   - whatever the page offers or checks comes from the tables of rules/, evidence/, uke/ and
 * base/, as one JSON object; nothing of them is written down again in the page's script
 *   - '<' never stands in the JSON, so the block it is in cannot end early
 *   - the same build gives the same bytes: no clock, no locale, nothing of a patient
 */
#ifndef FU_FORM_FORM_H
#define FU_FORM_FORM_H
#include "base/buf.h"
#include "base/io.h"

#define FU_FORM_POLICY_MAX (1u << 20) /* bytes of the JSON object */

typedef struct fu_form_edition {
    const char *version, *rules; /* shown at the foot of the page */
} fu_form_edition;

/* The tables as one JSON object; failures stick in *out. */
fu_status fu_form_policy(fu_buf *out, const fu_form_edition *edition);

/* Writes the whole page. */
fu_status fu_form_page(const fu_mem *mem, const fu_stream *to, const fu_form_edition *edition,
                       fu_error *e);

#endif
