#include "text/cp932.h"

#include <uchar.h>

#include "base/utf8.h"

#define TRAILS 188u
#define GETA 0x3013u

enum {
    NO_ROW,
#define CP932_ROW(lead, chars) ROW_##lead,
#include "text/cp932_table.def"
    ROWS
};

/* Behind each row's characters there is a 0, for trail bytes that are none. */
static const char16_t CHARS[ROWS][TRAILS + 1] = {
#define CP932_ROW(lead, chars) [ROW_##lead] = chars,
#include "text/cp932_table.def"
};

static const uint8_t ROW_OF_LEAD[256] = {
#define CP932_ROW(lead, chars) [0x##lead] = ROW_##lead,
#include "text/cp932_table.def"
};

#define FROM2(n) (n), (n) + 1
#define FROM4(n) FROM2(n), FROM2((n) + 2)
#define FROM16(n) FROM4(n), FROM4((n) + 4), FROM4((n) + 8), FROM4((n) + 12)
#define FROM48(n) FROM16(n), FROM16((n) + 16), FROM16((n) + 32)
#define NONE4 TRAILS, TRAILS, TRAILS, TRAILS
#define NONE16 NONE4, NONE4, NONE4, NONE4
/* 40 to 7E and 80 to FC. */
static const uint8_t PLACE_OF_TRAIL[256] = {
    NONE16,     NONE16,     NONE16,     NONE16, FROM48(0),  FROM4(48),   FROM4(52),
    FROM4(56),  FROM2(60),  62,         TRAILS, FROM48(63), FROM48(111), FROM16(159),
    FROM4(175), FROM4(179), FROM4(183), 187,    TRAILS,     TRAILS,      TRAILS};

static const uint16_t CODES[] = {
#define CP932_CODES(...) __VA_ARGS__,
#include "text/cp932_table.def"
};

/* Characters on which the tables of other makers disagree, and the code all of them mean. */
static const struct {
    uint16_t cp, code;
} OTHERS[] = {
    {0x00A2, 0x8191}, /* ¢ for ￠ */
    {0x00A3, 0x8192}, /* £ for ￡ */
    {0x00A5, 0x005C}, /* ¥: what JIS X 0201 has there */
    {0x00A6, 0xFA55}, /* ¦ for ￤ */
    {0x00AC, 0x81CA}, /* ¬ for ￢ */
    {0x2014, 0x815C}, /* — for ― */
    {0x2016, 0x8161}, /* ‖ for ∥ */
    {0x203E, 0x007E}, /* ‾: what JIS X 0201 has there */
    {0x2212, 0x817C}, /* − for － */
    {0x301C, 0x8160}, /* 〜 for ～ */
};

static bool is_half_kana(unsigned char c)
{
    return c >= 0xA1 && c <= 0xDF;
}

/* The character of a two-byte code, 0 where there is none. */
static inline uint32_t double_byte(unsigned char lead, unsigned char trail)
{
    char16_t c = CHARS[ROW_OF_LEAD[lead]][PLACE_OF_TRAIL[trail]];
    return c == u' ' ? 0 : c;
}

uint32_t fu_cp932_next(fu_span s, size_t *pos)
{
    size_t i = *pos;
    unsigned char c = s.p[i];
    uint32_t cp;
    *pos = i + 1;
    if (c < 0x80)
        return c;
    if (is_half_kana(c))
        return 0xFF61u + c - 0xA1u;
    if (s.n - i < 2 || (cp = double_byte(c, s.p[i + 1])) == 0)
        return FU_CP932_BAD;
    *pos = i + 2;
    return cp;
}

size_t fu_cp932_first_bad(fu_span s)
{
    size_t i = 0;
    while (i < s.n) {
        if (s.p[i] < 0x80)
            i += fu_span_ascii(fu_span_of(s.p + i, s.n - i));
        else if (is_half_kana(s.p[i]))
            i++;
        else if (s.n - i >= 2 && double_byte(s.p[i], s.p[i + 1]) != 0)
            i += 2;
        else
            return i;
    }
    return FU_NO_BAD_BYTE;
}

bool fu_cp932_all_double(fu_span s)
{
    for (size_t i = 0; i + 1 < s.n; i += 2)
        if (double_byte(s.p[i], s.p[i + 1]) == 0)
            return false;
    return s.n % 2 == 0;
}

/* By halving: CODES is in the order of the characters. */
static unsigned find_code(uint32_t cp)
{
    size_t low = 0, high = sizeof CODES / sizeof CODES[0];
    while (low < high) {
        size_t mid = (low + high) / 2;
        unsigned code = CODES[mid];
        uint32_t c = double_byte((unsigned char)(code >> 8), (unsigned char)(code & 0xFF));
        if (c == cp)
            return code;
        if (c < cp)
            low = mid + 1;
        else
            high = mid;
    }
    for (size_t i = 0; i < sizeof OTHERS / sizeof OTHERS[0]; i++)
        if (OTHERS[i].cp == cp)
            return OTHERS[i].code;
    return 0;
}

/* The code, below 0x100 for one byte; 0 for U+0000 and for what is not in the table. */
static unsigned code_of(uint32_t cp)
{
    if (cp < 0x80)
        return cp;
    if (cp >= 0xFF61 && cp <= 0xFF9F)
        return cp - 0xFF61 + 0xA1;
    return find_code(cp);
}

static size_t put_code(unsigned char out[2], unsigned code)
{
    if (code < 0x100) {
        out[0] = (unsigned char)code;
        return 1;
    }
    out[0] = (unsigned char)(code >> 8);
    out[1] = (unsigned char)(code & 0xFF);
    return 2;
}

size_t fu_cp932_put(unsigned char out[2], uint32_t cp)
{
    unsigned code = code_of(cp);
    return code == 0 && cp != 0 ? 0 : put_code(out, code);
}

/* Rows 1 to 8 and 16 to 84 of JIS X 0208; row 13 (NEC) and 89 on (NEC, IBM) are not its own. */
static bool is_jis_code(unsigned code)
{
    if (code < 0x100)
        return (code >= 0x20 && code < 0x7F) || (code >= 0xA1 && code <= 0xDF);
    return (code >= 0x8140 && code <= 0x84FC) || (code >= 0x889F && code <= 0x9FFC) ||
           (code >= 0xE040 && code <= 0xEAA4);
}

bool fu_cp932_recordable(uint32_t cp)
{
    return is_jis_code(code_of(cp));
}

fu_status fu_cp932_to_utf8(fu_buf *out, fu_span cp932)
{
    for (size_t i = 0; i < cp932.n && out->status == FU_OK;) {
        size_t ascii = fu_span_ascii(fu_span_of(cp932.p + i, cp932.n - i));
        unsigned char utf8[4];
        uint32_t cp;
        fu_buf_add(out, cp932.p + i, ascii);
        if ((i += ascii) == cp932.n)
            break;
        cp = fu_cp932_next(cp932, &i);
        fu_buf_add(out, utf8, fu_utf8_put(utf8, cp == FU_CP932_BAD ? 0xFFFD : cp));
    }
    return out->status;
}

fu_status fu_cp932_from_utf8(fu_buf *out, fu_span utf8, unsigned *replaced)
{
    for (size_t i = 0; i < utf8.n && out->status == FU_OK;) {
        unsigned code = code_of(fu_utf8_next(utf8, &i));
        unsigned char bytes[2];
        if (!is_jis_code(code)) {
            code = code_of(GETA);
            if (replaced)
                ++*replaced;
        }
        fu_buf_add(out, bytes, put_code(bytes, code));
    }
    return out->status;
}
