#include "rules/comments.h"

const fu_comment_row fu_comment_rows[FU_CM_COUNT] = {
#define FU_COMMENT(id, code, item, text, required, kouki, from, to) \
    {code, item, text, required, kouki, from, to},
#include "rules/comments.def"
#undef FU_COMMENT
};

const fu_place_row fu_place_rows[FU_PLACE_ROWS] = {
#define FU_PLACE(type, record, fields, shikibetsu, code, text, max, head, head_s, after, before, parts, src) \
    {record, fields, shikibetsu, code, text, max, head, head_s, after, before, parts, src},
#include "rules/comment-places.def"
#undef FU_PLACE
};

int fu_comment_of(fu_span code)
{
    for (int i = 0; i < FU_CM_COUNT && code.n == FU_CM_DIGITS; i++)
        if (memcmp(code.p, fu_comment_rows[i].code, FU_CM_DIGITS) == 0)
            return i;
    return -1;
}

bool fu_in_list(const char *list, unsigned char a, unsigned char b)
{
    for (; list[0] && list[1]; list += list[2] ? 3 : 2)
        if ((unsigned char)list[0] == a && (unsigned char)list[1] == b)
            return true;
    return false;
}

const char *fu_futan_all(size_t n_kohi)
{
    static const char *const CODES[] = {"1", "2", "4", "V", "9"};
    return CODES[n_kohi < 5 ? n_kohi : 4];
}
