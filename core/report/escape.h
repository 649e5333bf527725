/* escape: texts nobody vouches for, made safe for what they are written into.
 *
 * Invariants
 *   - whatever the bytes, the output is valid UTF-8 and no value ends its line, element or attribute
 */
#ifndef FU_REPORT_ESCAPE_H
#define FU_REPORT_ESCAPE_H
#include "base/buf.h"

fu_status fu_put_line(fu_buf *out, fu_span s); /* plain text: no line ends, no control characters */
fu_status fu_put_xml(fu_buf *out, fu_span s);  /* XML and HTML, content and attributes */
fu_status fu_put_uri(fu_buf *out, fu_span s);  /* a path as a relative URI */
void fu_put_day(fu_buf *out, int32_t day);     /* yyyy-mm-dd */

#endif
