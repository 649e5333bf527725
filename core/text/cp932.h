/* cp932: the characters of a claim file.
 *
 * Invariants
 *   - bytes of a claim file are decoded only to be shown or compared, never to be written back
 *   - comma, CR, LF and 0x1A are never the second byte of a character
 *   - the table is CP932 proper: 0x80, 0xA0, 0xFD-0xFF and the user-defined rows F0-F9 are no
 * characters
 *   - encoding picks the JIS X 0208 code where there are several
 */
#ifndef FU_TEXT_CP932_H
#define FU_TEXT_CP932_H
#include "base/buf.h"
#include "base/span.h"

#define FU_CP932_BAD 0xFFFFFFFFu
#define FU_NO_BAD_BYTE SIZE_MAX

/* The character at *pos, which moves behind it. Where it is none: FU_CP932_BAD, and *pos moves one
 * byte (so that a delimiter behind a lone lead byte is never swallowed). */
uint32_t fu_cp932_next(fu_span s, size_t *pos);
/* Offset of the first byte that is no character, or FU_NO_BAD_BYTE. */
size_t fu_cp932_first_bad(fu_span s);
/* Is every character one of two bytes? */
bool fu_cp932_all_double(fu_span s);
/* 1 or 2 bytes, 0 where CP932 has no such character. Takes both members of the pairs on which
 * tables disagree (U+301C and U+FF5E, U+2212 and U+FF0D, U+2016 and U+2225 ...). */
size_t fu_cp932_put(unsigned char out[2], uint32_t cp);
/* May stand in a claim file: JIS X 0201 (without the control characters) or JIS X 0208. */
bool fu_cp932_recordable(uint32_t cp);

/* For showing: what is no character becomes U+FFFD. */
fu_status fu_cp932_to_utf8(fu_buf *out, fu_span cp932);
/* For writing: a character that is not recordable becomes 〓 (81 AC); *replaced (may be NULL) is
 * raised by their number. */
fu_status fu_cp932_from_utf8(fu_buf *out, fu_span utf8, unsigned *replaced);

#endif
