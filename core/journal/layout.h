/* layout: what the writer and the reader of a journal agree on.
 *
 * Invariants
 *   - integers are little-endian whatever the machine
 */
#ifndef FU_JOURNAL_LAYOUT_H
#define FU_JOURNAL_LAYOUT_H
#include "base/io.h"

#define FU_JOURNAL_MAGIC "FUSHO-JOURNAL\r\n\x1a"
#define FU_JOURNAL_MAGIC_LEN 16u
#define FU_JOURNAL_HEAD_LEN 12u /* tag and payload length */
#define FU_JOURNAL_END_LEN 24u  /* payload of ENDJ */
#define FU_JOURNAL_CHUNK 65536u /* payload of a DATA or RANG section as the writer cuts them */
#define FU_JOURNAL_RANGE_LEN 24u /* of a range, before the original bytes */
#define FU_JOURNAL_KIND_RANGES "ranges"

void fu_le_put(unsigned char *p, uint64_t v, size_t n);
uint64_t fu_le_get(const unsigned char *p, size_t n);

/* One section, with its CRC; FU_E_LIMIT (FU_JOURNAL_SECTION_MAX). */
fu_status fu_journal_section(const fu_stream *to, const char *tag, fu_span payload, fu_error *e);

#endif
