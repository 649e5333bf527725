#include "check/check.h"

#include "text/cp932.h"

/* Digits in either width; -1 if there is anything else. */
static int count_digits(fu_span s)
{
    int n = 0;
    for (size_t i = 0; i < s.n; n++) {
        uint32_t cp = fu_cp932_next(s, &i);
        if (!(cp >= '0' && cp <= '9') && !(cp >= 0xFF10 && cp <= 0xFF19))
            return -1;
    }
    return n;
}

/* 8 digits, 6 behind two blanks or 4 behind four (uke-format.md 4.1). */
static bool well_formed(fu_span field)
{
    fu_span number = fu_span_trim(field);
    size_t blanks = 0;
    while (blanks < field.n && field.p[blanks] == ' ')
        blanks++;
    return field.n == 8 && blanks + number.n == 8 && fu_span_digits(number) &&
           (number.n == 8 || number.n == 6 || number.n == 4);
}

static void check_digit(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    int want;
    char digit;
    fu_finding *found;
    if (f->insurer.n != 8 && f->insurer.n != 6)
        return;
    want = fu_insurer_check_digit(f->insurer);
    if (want < 0 || f->insurer.p[f->insurer.n - 1] - '0' == want)
        return;
    digit = (char)('0' + want);
    found = fu_check_value(out, FU_H201, c, c->ho, 2);
    found->want = fu_findings_text(out, fu_span_of(&digit, 1));
}

static void check_kouki(fu_findings *out, const fu_claim *c)
{
    if (!c->kouki)
        return;
    if (fu_field(c->ho, 3).n > 0)
        fu_check_value(out, FU_H203, c, c->ho, 3)->item = "記号";
    if (count_digits(fu_field(c->ho, 4)) != 8)
        fu_check_value(out, FU_H203, c, c->ho, 4)->item = "番号";
}

void fu_check_insurer(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h)
{
    int payer;
    if (!c->ho)
        return;
    if (!well_formed(fu_field(c->ho, 2)))
        fu_check_value(out, FU_H202, c, c->ho, 2);
    check_kouki(out, c);
    if (f->sevens_like || f->fusho_number || fu_insurer_is_disaster(f->insurer))
        return; /* they belong to nobody */
    check_digit(out, c, f);
    payer = fu_insurer_payer(f->insurer);
    if (payer && fu_insurer_is_kouki(f->insurer) != c->kouki)
        fu_check_value(out, FU_H204, c, c->ho, 2)->item =
            fu_field_text(out->arena, fu_field(c->re, 3));
    if (payer && h->payer && payer != h->payer)
        fu_check_value(out, FU_H205, c, c->ho, 2)->item = fu_payer_name(h->payer);
}
