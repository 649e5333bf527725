#include "base/utf8.h"

static bool is_tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

uint32_t fu_utf8_next(fu_span s, size_t *pos)
{
    size_t i = *pos, need;
    uint32_t cp, low;
    unsigned char c = s.p[i];

    *pos = i + 1;
    if (c < 0x80)
        return c;
    if (c >= 0xC2 && c <= 0xDF) {
        need = 1, cp = c & 0x1F, low = 0x80;
    } else if (c >= 0xE0 && c <= 0xEF) {
        need = 2, cp = c & 0x0F, low = 0x800;
    } else if (c >= 0xF0 && c <= 0xF4) {
        need = 3, cp = c & 0x07, low = 0x10000;
    } else {
        return FU_UTF8_BAD;
    }
    if (s.n - i <= need)
        return FU_UTF8_BAD;
    for (size_t k = 1; k <= need; k++) {
        if (!is_tail(s.p[i + k]))
            return FU_UTF8_BAD;
        cp = cp << 6 | (s.p[i + k] & 0x3F);
    }
    if (cp < low || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return FU_UTF8_BAD;
    *pos = i + 1 + need;
    return cp;
}

size_t fu_utf8_put(unsigned char out[4], uint32_t cp)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = 0xFFFD;
    if (cp < 0x80) {
        out[0] = (unsigned char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (unsigned char)(0xC0 | cp >> 6);
        out[1] = (unsigned char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (unsigned char)(0xE0 | cp >> 12);
        out[1] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (unsigned char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (unsigned char)(0xF0 | cp >> 18);
    out[1] = (unsigned char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (unsigned char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (unsigned char)(0x80 | (cp & 0x3F));
    return 4;
}

bool fu_utf8_valid(fu_span s)
{
    for (size_t i = 0; i < s.n;)
        if (fu_utf8_next(s, &i) == FU_UTF8_BAD)
            return false;
    return true;
}

size_t fu_utf8_cut(fu_span s, size_t max)
{
    if (s.n <= max)
        return s.n;
    while (max > 0 && is_tail(s.p[max]))
        max--;
    return max;
}
