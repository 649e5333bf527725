/* width: full and half width, and texts made comparable. All texts are UTF-8.
 *
 * Invariants
 *   - widening touches only ASCII, the half-width kana block and the space; narrowing only the
 *     full-width forms of ASCII and the ideographic space
 *   - a half-width kana followed by ﾞ or ﾟ widens to one character where JIS X 0208 has one
 *   - bytes that are no UTF-8 come out as U+FFFD
 *   - folding is for comparing only, its result is never written to a file
 */
#ifndef FU_TEXT_WIDTH_H
#define FU_TEXT_WIDTH_H
#include "base/buf.h"
#include "base/span.h"

fu_status fu_widen(fu_buf *out, fu_span utf8);
fu_status fu_narrow(fu_buf *out, fu_span utf8);

/* Width only (everything half width that has a half-width ASCII form, kana full width), blanks at
 * both ends dropped, − and 〜 as － and ～: for 記号, 番号, カルテ番号. */
fu_status fu_fold_width(fu_buf *out, fu_span utf8);
/* For names and kana: width, all spaces, small kana, long vowels (ー and its look-alikes, and the
 * vowel that prolongs the one before: オオ, オウ, オー are alike), the pairs 〜/～ −/－. */
fu_status fu_fold_name(fu_buf *out, fu_span utf8);

/* The same name? Compared after fu_fold_name, character by character; ● (U+25CF) on either side
 * stands for any one character (a vowel right behind it may also be a prolonging one). Two empty
 * names are not the same. Names beyond 256 bytes never match. */
bool fu_name_match(fu_span a, fu_span b);
/* The same after fu_fold_width? Empty equals empty. */
bool fu_width_match(fu_span a, fu_span b);
/* True if the text holds a full-width digit or letter. */
bool fu_has_full_width(fu_span utf8);
/* Number of characters. */
size_t fu_text_length(fu_span utf8);

#endif
