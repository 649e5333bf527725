#include "text/field.h"

#include "text/cp932.h"

static bool is_number(fu_span s)
{
    const unsigned char *dot = memchr(s.p, '.', s.n);
    size_t whole = dot ? (size_t)(dot - s.p) : s.n;
    if (!fu_span_digits(fu_span_of(s.p, whole)))
        return false;
    return !dot || fu_span_digits(fu_span_of(dot + 1, s.n - whole - 1));
}

static bool is_half_width(fu_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        if (c < 0x20 || c == 0x7F || (c >= 0x80 && !(c >= 0xA1 && c <= 0xDF)))
            return false;
    }
    return true;
}

bool fu_mode_fits(fu_span cp932, fu_mode mode)
{
    if (cp932.n == 0)
        return true;
    switch (mode) {
    case FU_MODE_N:
        return is_number(cp932);
    case FU_MODE_A:
        return is_half_width(cp932);
    case FU_MODE_K:
        return fu_cp932_all_double(cp932);
    case FU_MODE_AK:
        return is_half_width(cp932) || fu_cp932_all_double(cp932);
    case FU_MODE_ANY:
        break;
    }
    return true;
}

size_t fu_first_control(fu_span cp932)
{
    /* No second byte of a character is a control byte, so characters need not be told apart. */
    for (size_t i = 0; i < cp932.n; i++)
        if (cp932.p[i] < 0x20 || cp932.p[i] == 0x7F)
            return i;
    return SIZE_MAX;
}
