/* comments: the comment codes of 不詳 and 旧資格情報, and where they stand in each claim type.
 *
 * Invariants
 *   - every code, text length and place is a row of comments.def or comment-places.def
 *   - a code that is not in comments.def is never touched
 */
#ifndef FU_RULES_COMMENTS_H
#define FU_RULES_COMMENTS_H
#include "base/span.h"

typedef enum fu_comment_id {
#define FU_COMMENT(id, code, item, text, required, kouki, from, to) FU_CM_##id,
#include "rules/comments.def"
#undef FU_COMMENT
    FU_CM_COUNT
} fu_comment_id;

typedef struct fu_comment_row {
    const char *code, *item;
    bool text, required, kouki;
    int32_t from, to; /* 請求年月 */
} fu_comment_row;

extern const fu_comment_row fu_comment_rows[FU_CM_COUNT];

#define FU_CM_DIGITS 9u /* of every code */
#define FU_CM_FREE_TEXT "810000001"
#define FU_CM_TITLE "被保険者資格申立書（" /* begins the names of 830000501 to 508 in the master */

/* The row of a code we own, or -1. */
int fu_comment_of(fu_span code);

typedef struct fu_place_row {
    const char *record;
    unsigned fields;
    const char *shikibetsu;
    unsigned code_field, text_field;
    size_t max;
    const char *head, *head_shikibetsu, *after, *before;
    bool parts;
    const char *source;
} fu_place_row;

/* Indexed by claim type in the order 医科, DPC, 歯科, 調剤, 訪問看護. */
#define FU_PLACE_ROWS 5
extern const fu_place_row fu_place_rows[FU_PLACE_ROWS];

/* True if the two letters stand in a list such as "SI IY TO CO". */
bool fu_in_list(const char *list, unsigned char a, unsigned char b);

/* 負担区分 for everybody who pays: HO and `n_kohi` 公費 (uke-format.md 3.4). */
const char *fu_futan_all(size_t n_kohi);

#endif
