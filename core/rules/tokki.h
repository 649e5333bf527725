/* tokki: the 特記事項 codes, which exclude each other, and which one a 不詳 claim gets.
 *
 * Invariants
 *   - the codes are tokki.def, the choice is tokki-choice.def; nothing is decided in code
 */
#ifndef FU_RULES_TOKKI_H
#define FU_RULES_TOKKI_H
#include "base/span.h"

#define FU_TOKKI_DIGITS 2u

typedef struct fu_tokki_row {
    const char *code, *ryaku;
    int32_t from, to;  /* 診療年月, 0 = open */
    unsigned shares;   /* bit 1u << n for n割; 0 = no income class */
    bool kouki_only, tasukai;
    const char *source;
} fu_tokki_row;

/* The row of a two-digit code, or NULL. */
const fu_tokki_row *fu_tokki_find(fu_span code);
size_t fu_tokki_count(void);
const fu_tokki_row *fu_tokki_at(size_t i);

static inline bool fu_tokki_is_class(const fu_tokki_row *r)
{
    return r && r->shares != 0;
}

/* The class for an unknown income (疑義解釈 問5); NULL where the table has none. share 1, 2, 3. */
const char *fu_tokki_choose(bool kouki, int share, int32_t month);

#endif
