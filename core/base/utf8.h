/* utf8: the encoding of everything people read.
 *
 * Invariants
 *   - decoding never reads past the end and always moves forward
 *   - surrogates, overlong forms and values above U+10FFFF are refused
 */
#ifndef FU_BASE_UTF8_H
#define FU_BASE_UTF8_H
#include "base/span.h"

#define FU_UTF8_BAD 0xFFFFFFFFu

/* The character at *pos, which moves behind it; FU_UTF8_BAD (one byte skipped) where it is none. */
uint32_t fu_utf8_next(fu_span s, size_t *pos);
/* Writes 1 to 4 bytes, returns how many; U+FFFD for what is no character. */
size_t fu_utf8_put(unsigned char out[4], uint32_t cp);
bool fu_utf8_valid(fu_span s);
/* The largest n' <= max at which s can be cut without splitting a character. */
size_t fu_utf8_cut(fu_span s, size_t max);

#endif
