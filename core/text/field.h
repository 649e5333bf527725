/* field: what a field of a claim record may hold, decided on its CP932 bytes.
 *
 * Invariants
 *   - an empty field fits every mode (whether it may be empty is not asked here)
 */
#ifndef FU_TEXT_FIELD_H
#define FU_TEXT_FIELD_H
#include "base/span.h"

typedef enum fu_mode {
    FU_MODE_ANY = 0, /* not known: everything fits */
    FU_MODE_N, /* 数字: half-width digits, one '.' between digits, a leading '-' is no digit */
    FU_MODE_A, /* 英数: half-width printable ASCII and half-width kana */
    FU_MODE_K, /* 漢字: full width only */
    FU_MODE_AK /* 英数 or 漢字, never mixed */
} fu_mode;

bool fu_mode_fits(fu_span cp932, fu_mode mode);
/* Offset of the first control byte (below 0x20, or 0x7F), or SIZE_MAX. */
size_t fu_first_control(fu_span cp932);

#endif
