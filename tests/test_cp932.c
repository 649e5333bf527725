#include <criterion/criterion.h>

#include <iconv.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "support.h"
#include "text/cp932.h"

static iconv_t open_iconv(const char *to, const char *from)
{
    iconv_t cd = iconv_open(to, from);
    cr_assert(cd != (iconv_t)-1, "iconv knows no %s", from);
    return cd;
}

/* One character by iconv; FU_CP932_BAD where it refuses. */
static uint32_t iconv_decode(iconv_t cd, const unsigned char *p, size_t n)
{
    char in[2], *at = in, out[8], *to = out;
    size_t left = n, room = sizeof out;
    memcpy(in, p, n);
    iconv(cd, NULL, NULL, NULL, NULL);
    if (iconv(cd, &at, &left, &to, &room) == (size_t)-1 || room != 4)
        return FU_CP932_BAD;
    return (uint32_t)(unsigned char)out[0] | (uint32_t)(unsigned char)out[1] << 8 |
           (uint32_t)(unsigned char)out[2] << 16;
}

static size_t iconv_encode(iconv_t cd, uint32_t cp, unsigned char out[2])
{
    char in[4], *at = in, *to = (char *)out;
    size_t left = 4, room = 2;
    for (int i = 0; i < 4; i++)
        in[i] = (char)(cp >> (8 * i) & 0xFF);
    iconv(cd, NULL, NULL, NULL, NULL);
    return iconv(cd, &at, &left, &to, &room) == (size_t)-1 ? 0 : 2 - room;
}

static uint32_t decode(const void *p, size_t n, size_t *used)
{
    *used = 0;
    return fu_cp932_next(fu_span_of(p, n), used);
}

static uint32_t decode_code(unsigned code)
{
    unsigned char b[2] = {(unsigned char)(code >> 8), (unsigned char)(code & 0xFF)};
    size_t used;
    return decode(b, 2, &used);
}

Test(cp932, one_byte_codes_are_those_of_iconv)
{
    iconv_t cd = open_iconv("UTF-32LE", "CP932");
    for (unsigned c = 0; c < 256; c++) {
        unsigned char b = (unsigned char)c;
        size_t used;
        uint32_t cp = decode(&b, 1, &used);
        cr_expect(cp == iconv_decode(cd, &b, 1), "byte %02X: %04X", c, (unsigned)cp);
        cr_expect(used == 1, "byte %02X", c);
    }
    iconv_close(cd);
}

/* Known difference: iconv gives the user-defined rows F0-F9 private characters, we give none. */
Test(cp932, two_byte_codes_are_those_of_iconv)
{
    iconv_t cd = open_iconv("UTF-32LE", "CP932");
    unsigned characters = 0, user_defined = 0;
    for (unsigned code = 0x8000; code <= 0xFFFF; code++) {
        unsigned char b[2] = {(unsigned char)(code >> 8), (unsigned char)(code & 0xFF)};
        size_t used;
        uint32_t cp = decode(b, 2, &used), theirs = iconv_decode(cd, b, 2);
        if (b[0] >= 0xA0 && b[0] <= 0xDF)
            continue;
        if (b[0] >= 0xF0 && b[0] <= 0xF9) {
            user_defined += theirs != FU_CP932_BAD;
            theirs = FU_CP932_BAD;
        }
        cr_expect(cp == theirs, "%04X: %04X, iconv %04X", code, (unsigned)cp, (unsigned)theirs);
        cr_expect(used == (cp == FU_CP932_BAD ? 1 : 2), "%04X", code);
        characters += cp != FU_CP932_BAD;
    }
    cr_expect(characters == 7724, "%u characters", characters);
    cr_expect(user_defined == 1880, "%u user-defined", user_defined);
    iconv_close(cd);
}

/* Known differences: U+00A6, which iconv refuses, and the user-defined U+E000 to U+E757. */
Test(cp932, encodes_as_iconv_does)
{
    iconv_t cd = open_iconv("CP932", "UTF-32LE");
    for (uint32_t cp = 0; cp <= 0x2FFFF; cp++) {
        unsigned char ours[2] = {0, 0}, theirs[2] = {0, 0};
        size_t n, m;
        if ((cp >= 0xD800 && cp <= 0xE757) || cp == 0xA6)
            continue;
        n = fu_cp932_put(ours, cp);
        m = iconv_encode(cd, cp, theirs);
        cr_expect(n == m && memcmp(ours, theirs, 2) == 0, "U+%04X: %zu %02X%02X, iconv %02X%02X",
                  (unsigned)cp, n, ours[0], ours[1], theirs[0], theirs[1]);
    }
    iconv_close(cd);
}

Test(cp932, user_defined_rows_are_not_encoded)
{
    unsigned char b[2];
    for (uint32_t cp = 0xE000; cp <= 0xF8FF; cp++)
        cr_expect(fu_cp932_put(b, cp) == 0, "U+%04X", (unsigned)cp);
    cr_expect(fu_cp932_put(b, FU_CP932_BAD) == 0);
    cr_expect(fu_cp932_put(b, 0x20BB7) == 0, "beyond the BMP");
}

Test(cp932, what_decodes_encodes_to_the_same_character)
{
    for (unsigned code = 0x8140; code <= 0xFCFC; code++) {
        uint32_t cp = decode_code(code);
        unsigned char b[2];
        size_t used;
        if (cp == FU_CP932_BAD || (code >= 0xA000 && code < 0xE000))
            continue;
        cr_expect(fu_cp932_put(b, cp) == 2, "%04X", code);
        cr_expect(decode(b, 2, &used) == cp, "%04X", code);
    }
}

Test(cp932, several_codes_encode_to_the_jis_one)
{
    static const struct {
        unsigned from, to;
    } rows[] = {
        {0x8790, 0x81E0}, /* ≒ NEC 13 */
        {0x879A, 0x81E6}, /* ∵ NEC 13 */
        {0xFA5B, 0x81E6}, /* ∵ IBM */
        {0x879C, 0x81BE}, /* ∪ NEC 13 */
        {0xFA54, 0x81CA}, /* ￢ IBM */
        {0xEEF9, 0x81CA}, /* ￢ NEC selected */
        {0xFA4A, 0x8754}, /* Ⅰ IBM: NEC 13 */
        {0xFA58, 0x878A}, /* ㈱ IBM: NEC 13 */
        {0xEEEF, 0xFA40}, /* ⅰ NEC selected: IBM */
        {0xEEE0, 0xFBFC}, /* 髙 NEC selected: IBM */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char b[2] = {0, 0};
        fu_cp932_put(b, decode_code(rows[i].from));
        cr_expect((unsigned)(b[0] << 8 | b[1]) == rows[i].to, "%04X: %02X%02X", rows[i].from, b[0],
                  b[1]);
    }
}

Test(cp932, both_members_of_every_disputed_pair_encode)
{
    static const struct {
        uint32_t ours, other;
        unsigned code;
    } rows[] = {{0x2015, 0x2014, 0x815C}, {0xFF5E, 0x301C, 0x8160}, {0x2225, 0x2016, 0x8161},
                {0xFF0D, 0x2212, 0x817C}, {0xFFE0, 0x00A2, 0x8191}, {0xFFE1, 0x00A3, 0x8192},
                {0xFFE2, 0x00AC, 0x81CA}, {0xFFE4, 0x00A6, 0xFA55}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char a[2] = {0, 0}, b[2] = {0, 0};
        cr_expect(decode_code(rows[i].code) == rows[i].ours, "row %zu", i);
        cr_expect(fu_cp932_put(a, rows[i].ours) == 2, "row %zu", i);
        cr_expect(fu_cp932_put(b, rows[i].other) == 2, "row %zu", i);
        cr_expect(memcmp(a, b, 2) == 0, "row %zu", i);
        cr_expect((unsigned)(a[0] << 8 | a[1]) == rows[i].code, "row %zu", i);
    }
}

Test(cp932, yen_and_overline_are_one_byte)
{
    unsigned char b[2];
    cr_expect(fu_cp932_put(b, 0xA5) == 1 && b[0] == 0x5C);
    cr_expect(fu_cp932_put(b, 0x203E) == 1 && b[0] == 0x7E);
    cr_expect(fu_cp932_put(b, 0) == 1 && b[0] == 0);
}

Test(cp932, delimiters_are_never_second_bytes)
{
    static const unsigned char delimiters[] = {',', '\r', '\n', 0x1A, '"', ' ', 0x7F};
    for (unsigned lead = 0x81; lead <= 0xFF; lead++) {
        for (size_t i = 0; i < sizeof delimiters; i++) {
            unsigned char b[2] = {(unsigned char)lead, delimiters[i]};
            size_t used;
            decode(b, 2, &used);
            cr_expect(used == 1, "%02X %02X", lead, delimiters[i]);
        }
    }
}

Test(cp932, lone_lead_byte_does_not_swallow_the_comma)
{
    fu_span s = fu_span_of("\x93,1", 3);
    size_t pos = 0;
    cr_expect(fu_cp932_next(s, &pos) == FU_CP932_BAD);
    cr_expect(fu_cp932_next(s, &pos) == ',');
    cr_expect(fu_cp932_next(s, &pos) == '1');
    cr_expect(pos == 3);
}

Test(cp932, lead_byte_at_the_end_is_not_read_past)
{
    unsigned char *p = malloc(1);
    size_t used;
    cr_assert(p != NULL);
    *p = 0x93;
    cr_expect(decode(p, 1, &used) == FU_CP932_BAD);
    cr_expect(used == 1);
    cr_expect(fu_cp932_first_bad(fu_span_of(p, 1)) == 0);
    free(p);
}

Test(cp932, first_bad_is_the_offset_of_the_first)
{
    static const struct {
        const char *bytes;
        size_t n, expected;
    } rows[] = {
        {"", 0, FU_NO_BAD_BYTE},
        {"RE,1,1112\r\n\x1A", 12, FU_NO_BAD_BYTE},
        {"\x80", 1, 0},
        {"\xA0", 1, 0},
        {"\xFD", 1, 0},
        {"\xFF", 1, 0},
        {"a\x93\x8C\xB1\xB2", 5, FU_NO_BAD_BYTE},
        {"a\x93", 2, 1},
        {"a\x93,b", 4, 1},
        {"\x93\x8C\x85\x40", 4, 2},  /* row 9 is empty */
        {"12345678\xF0\x40", 10, 8}, /* user-defined */
        {"1234567\x80"
         "8",
         9, 7},
        {"12345678901234567890\xA0", 21, 20},
        {"\x87\x40\xFB\xFC\xEE\xE0", 6, FU_NO_BAD_BYTE}, /* NEC and IBM rows are characters */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(fu_cp932_first_bad(fu_span_of(rows[i].bytes, rows[i].n)) == rows[i].expected,
                  "row %zu", i);
}

Test(cp932, first_bad_finds_a_bad_byte_at_every_offset)
{
    unsigned char text[100];
    for (size_t at = 0; at < sizeof text; at++) {
        memset(text, 'x', sizeof text);
        text[at] = 0x80;
        cr_expect(fu_cp932_first_bad(fu_span_of(text, sizeof text)) == at, "offset %zu", at);
        cr_expect(fu_cp932_first_bad(fu_span_of(text, at)) == FU_NO_BAD_BYTE, "offset %zu", at);
        cr_expect(fu_cp932_first_bad(fu_span_of(text + at, sizeof text - at)) == 0);
    }
    cr_expect(fu_cp932_first_bad(fu_span_of(NULL, 0)) == FU_NO_BAD_BYTE);
}

/* next and first_bad look at the same bytes in two ways. */
Test(cp932, first_bad_agrees_with_next)
{
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        unsigned char b[24];
        fu_span s = fu_span_of(b, sizeof b);
        size_t expected = FU_NO_BAD_BYTE;
        for (size_t i = 0; i < sizeof b; i++) {
            seed = seed * 1664525u + 1013904223u;
            b[i] = (unsigned char)(seed >> 30 ? (seed >> 8 & 0x7F) : (seed >> 8 & 0xFF));
        }
        for (size_t i = 0, at = 0; i < s.n && expected == FU_NO_BAD_BYTE; at = i)
            if (fu_cp932_next(s, &i) == FU_CP932_BAD)
                expected = at;
        cr_assert(fu_cp932_first_bad(s) == expected, "round %d", round);
    }
}

Test(cp932, recordable_is_jis_and_nothing_else)
{
    static const char *const yes[] = {
        " ", "~",  "\\", "0",  "Z",  "｡",  "ｱ",  "ﾟ",  "　", "，", "Ａ", "あ", "ア", "ヶ",
        "Ω", "я",  "─",  "╂",  "亜", "腕", "弌", "滌", "漾", "熙", "凜", "●",  "〓", "◯",
        "∪", "￢", "～", "〜", "－", "−",  "∥",  "‖",  "￠", "¥",  "高", "徳", "崎", "Å"};
    static const char *const no[] = {"①",  "㈱", "№",  "Ⅰ",  "ⅰ",  "髙", "德",   "﨑",
                                     "￤", "¦",  "𠮷", "é",  "€",  "龥", "\x1F", "\x7F",
                                     "\n", "\t", "㍻", "纊", "黑", "∮",  "∟",    "\xEE\x80\x80"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        size_t pos = 0;
        uint32_t cp = fu_utf8_next(fu_span_str(yes[i]), &pos);
        if (strcmp(yes[i], "Å") == 0)
            cp = 0x212B;
        cr_expect(fu_cp932_recordable(cp), "%s", yes[i]);
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        size_t pos = 0;
        cr_expect(!fu_cp932_recordable(fu_utf8_next(fu_span_str(no[i]), &pos)), "%s", no[i]);
    }
    cr_expect(!fu_cp932_recordable(0));
    cr_expect(!fu_cp932_recordable(FU_CP932_BAD));
}

/* JIS X 0208 has 6879 characters, JIS X 0201 without its control characters 95 and 63. */
Test(cp932, recordable_counts)
{
    unsigned two = 0, one = 0;
    for (unsigned code = 0x8140; code <= 0xFCFC; code++)
        if ((code < 0xA000 || code >= 0xE000) && decode_code(code) != FU_CP932_BAD) {
            unsigned char b[2];
            uint32_t cp = decode_code(code);
            fu_cp932_put(b, cp);
            two += fu_cp932_recordable(cp) && (unsigned)(b[0] << 8 | b[1]) == code;
        }
    for (unsigned c = 0; c < 256; c++) {
        unsigned char b = (unsigned char)c;
        size_t used;
        one += fu_cp932_recordable(decode(&b, 1, &used));
    }
    cr_expect(two == 6879, "%u", two);
    cr_expect(one == 95 + 63, "%u", one);
}

Test(cp932, to_utf8_shows_what_is_no_character)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 1000);
    cr_expect(fu_cp932_to_utf8(&b, fu_span_of("HO,\x95\x73\x8F\xDA,\xB1\x93,\x80\xFB\xFC", 15)) ==
              FU_OK);
    cr_expect_str_eq(fu_buf_cstr(&b), "HO,不詳,ｱ�,�髙");
    fu_buf_free(&b);
}

Test(cp932, from_utf8_replaces_what_may_not_stand_in_a_claim)
{
    fu_buf b;
    unsigned replaced = 10;
    size_t n;
    char *expected = tst_cp932("東京都〓〓ビルｱ1〓", &n);
    fu_buf_init(&b, &fu_mem_libc, 1000);
    cr_expect(fu_cp932_from_utf8(&b, fu_span_str("東京都①髙ビルｱ1\xFF"), &replaced) == FU_OK);
    cr_expect(fu_span_eq(fu_buf_view(&b), fu_span_of(expected, n)));
    cr_expect(replaced == 13, "%u", replaced);
    fu_buf_reset(&b);
    cr_expect(fu_cp932_from_utf8(&b, fu_span_str("①"), NULL) == FU_OK);
    cr_expect(fu_span_is(fu_buf_view(&b), "\x81\xAC"));
    free(expected);
    fu_buf_free(&b);
}

Test(cp932, there_and_back_is_the_same_text)
{
    static const char *const rows[] = {"", "HO,77777777,,7777777",
                                       "不詳・旧資格　ソ表能 \\|~ ﾃｽﾄ ﾊﾝﾖｳ",
                                       "東京都千代田区一番町１－２～３"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_buf b, c;
        unsigned replaced = 0;
        size_t n;
        char *expected = tst_cp932(rows[i], &n);
        fu_buf_init(&b, &fu_mem_libc, 1000);
        fu_buf_init(&c, &fu_mem_libc, 1000);
        cr_expect(fu_cp932_from_utf8(&b, fu_span_str(rows[i]), &replaced) == FU_OK, "row %zu", i);
        cr_expect(fu_span_eq(fu_buf_view(&b), fu_span_of(expected, n)), "row %zu", i);
        cr_expect(fu_cp932_to_utf8(&c, fu_buf_view(&b)) == FU_OK, "row %zu", i);
        cr_expect_str_eq(fu_buf_cstr(&c), rows[i], "row %zu", i);
        cr_expect(replaced == 0, "row %zu", i);
        free(expected);
        fu_buf_free(&b);
        fu_buf_free(&c);
    }
}

Test(cp932, conversion_reports_a_full_buffer)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 3);
    cr_expect(fu_cp932_from_utf8(&b, fu_span_str("不詳"), NULL) == FU_E_LIMIT);
    fu_buf_reset(&b);
    cr_expect(fu_cp932_to_utf8(&b, fu_span_str("\x95\x73\x8F\xDA")) == FU_E_LIMIT);
    fu_buf_free(&b);
}

Test(cp932, conversion_survives_failure_of_every_allocation)
{
    char text[3000];
    long n = 0;
    memset(text, 'a', sizeof text);
    for (;; n++) {
        tst_mem m = {0, n, 0, 0};
        fu_mem mem = tst_mem_of(&m);
        fu_buf b;
        fu_status st;
        fu_buf_init(&b, &mem, 10000);
        fu_cp932_from_utf8(&b, fu_span_of(text, sizeof text), NULL);
        st = fu_cp932_to_utf8(&b, fu_span_of(text, sizeof text));
        fu_buf_free(&b);
        cr_expect(m.live == 0, "call %ld", n);
        if (st == FU_OK)
            break;
        cr_expect(st == FU_E_NOMEM, "call %ld", n);
    }
    cr_expect(n > 2);
}
