#include <criterion/criterion.h>

#include <stdlib.h>

#include "base/utf8.h"

Test(utf8, every_character_goes_there_and_back)
{
    unsigned bad = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        unsigned char b[4];
        size_t pos = 0, n;
        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        n = fu_utf8_put(b, cp);
        bad += fu_utf8_next(fu_span_of(b, n), &pos) != cp || pos != n;
    }
    cr_expect(bad == 0, "%u characters", bad);
}

Test(utf8, put_writes_replacement_for_what_is_no_character)
{
    static const uint32_t rows[] = {0xD800, 0xDFFF, 0x110000, FU_UTF8_BAD};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char b[4];
        cr_expect(fu_utf8_put(b, rows[i]) == 3, "row %zu", i);
        cr_expect(memcmp(b, "\xEF\xBF\xBD", 3) == 0, "row %zu", i);
    }
}

Test(utf8, refuses_what_is_no_utf8)
{
    static const char *const rows[] = {
        "\x80",             /* tail alone */
        "\xC0\x80",         /* overlong NUL */
        "\xC1\xBF",         /* overlong */
        "\xE0\x9F\xBF",     /* overlong */
        "\xF0\x8F\xBF\xBF", /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xED\xBF\xBF",     /* surrogate */
        "\xF4\x90\x80\x80", /* above U+10FFFF */
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xE3\x81",
        "\xE3",
        "\xF0\x90\x80",
        "\xC3",
        "\xE3\x81g",
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t pos = 0, n = strlen(rows[i]);
        unsigned char *copy = malloc(n); /* so that a read past the end is seen */
        memcpy(copy, rows[i], n);
        cr_expect(fu_utf8_next(fu_span_of(copy, n), &pos) == FU_UTF8_BAD, "row %zu", i);
        cr_expect(pos == 1, "row %zu", i);
        cr_expect(!fu_utf8_valid(fu_span_of(copy, n)), "row %zu", i);
        free(copy);
    }
}

Test(utf8, valid_accepts_japanese_and_nothing)
{
    cr_expect(fu_utf8_valid(fu_span_str("不詳 レセプト 𠮷野")));
    cr_expect(fu_utf8_valid(fu_span_of(NULL, 0)));
    cr_expect(!fu_utf8_valid(fu_span_str("不詳\xE3")));
}

Test(utf8, cut_falls_between_characters)
{
    static const size_t expected[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
    fu_span s = fu_span_str("a不𠮷");
    for (size_t max = 0; max < sizeof expected / sizeof expected[0]; max++)
        cr_expect(fu_utf8_cut(s, max) == expected[max], "max %zu", max);
}
