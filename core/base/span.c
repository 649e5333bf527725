#include "base/span.h"

bool fu_span_all(fu_span s, unsigned char c)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != c)
            return false;
    return s.n > 0;
}

bool fu_span_digits(fu_span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* So many digits are a number below 2 to the 64th, whichever they are. */
#define ALWAYS_FIT 19u

bool fu_span_number(fu_span s, uint64_t *out)
{
    uint64_t v = 0;
    for (size_t i = 0; i < s.n; i++) {
        unsigned d = s.p[i] - (unsigned)'0';
        if (d > 9 || (i >= ALWAYS_FIT && v > (UINT64_MAX - d) / 10))
            return false;
        v = v * 10 + d;
    }
    if (s.n)
        *out = v;
    return s.n > 0;
}

/* Eight bytes are looked at together. */
size_t fu_span_ascii(fu_span s)
{
    size_t i = 0;
    uint64_t w;
    for (; s.n - i >= sizeof w; i += sizeof w) {
        memcpy(&w, s.p + i, sizeof w);
        if (w & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < s.n && s.p[i] < 0x80)
        i++;
    return i;
}

fu_span fu_span_trim(fu_span s)
{
    while (s.n && s.p[0] == ' ') {
        s.p++;
        s.n--;
    }
    while (s.n && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

fu_span fu_span_trim_zeros(fu_span s)
{
    while (s.n > 1 && s.p[0] == '0') {
        s.p++;
        s.n--;
    }
    return s;
}

fu_span fu_span_before(fu_span s, const char *tail)
{
    fu_span t = fu_span_str(tail);
    if (s.n >= t.n && fu_span_eq(fu_span_of(s.p + s.n - t.n, t.n), t))
        s.n -= t.n;
    return s;
}
