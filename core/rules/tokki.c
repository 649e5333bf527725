#include "rules/tokki.h"

static const fu_tokki_row ROWS[] = {
#define FU_TOKKI(code, ryaku, from, to, shares, kouki, tasukai, source) \
    {code, ryaku, from, to, shares, kouki, tasukai, source},
#include "rules/tokki.def"
#undef FU_TOKKI
};

static const struct {
    bool kouki;
    int share;
    const char *code;
    int32_t from, to;
    const char *source;
} CHOICES[] = {
#define FU_CHOICE(kouki, share, code, from, to, source) {kouki, share, code, from, to, source},
#include "rules/tokki-choice.def"
#undef FU_CHOICE
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

const fu_tokki_row *fu_tokki_find(fu_span code)
{
    for (size_t i = 0; i < COUNT(ROWS) && code.n == FU_TOKKI_DIGITS; i++)
        if (memcmp(code.p, ROWS[i].code, FU_TOKKI_DIGITS) == 0)
            return &ROWS[i];
    return NULL;
}

size_t fu_tokki_count(void)
{
    return COUNT(ROWS);
}

const fu_tokki_row *fu_tokki_at(size_t i)
{
    return i < COUNT(ROWS) ? &ROWS[i] : NULL;
}

const char *fu_tokki_choose(bool kouki, int share, int32_t month)
{
    for (size_t i = 0; i < COUNT(CHOICES); i++)
        if (CHOICES[i].kouki == kouki && CHOICES[i].share == share && month >= CHOICES[i].from &&
            (CHOICES[i].to == 0 || month <= CHOICES[i].to))
            return CHOICES[i].code;
    return NULL;
}
