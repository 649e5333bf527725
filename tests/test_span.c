#include <criterion/criterion.h>

#include "base/span.h"

#define S(text) fu_span_of(text, sizeof(text) - 1)

Test(span, equality_is_of_bytes_and_length)
{
    cr_expect(fu_span_eq(S("ab"), S("ab")));
    cr_expect(!fu_span_eq(S("ab"), S("abc")));
    cr_expect(!fu_span_eq(S("ab"), S("ac")));
    cr_expect(fu_span_eq(fu_span_of(NULL, 0), S("")));
    cr_expect(fu_span_is(S("HO"), "HO"));
    cr_expect(!fu_span_is(S("HO\0"), "HO"));
    cr_expect(fu_span_is(fu_span_str(NULL), ""));
}

Test(span, all_needs_one_byte_at_least)
{
    cr_expect(fu_span_all(S("7777"), '7'));
    cr_expect(!fu_span_all(S("7787"), '7'));
    cr_expect(!fu_span_all(S(""), '7'));
}

Test(span, digits_are_half_width_digits_only)
{
    static const struct {
        const char *text;
        bool yes;
    } rows[] = {{"0", true},   {"0123456789", true}, {"", false},         {"1 ", false},
                {"-1", false}, {"1.0", false},       {"\x82\x4F", false}, {"12a", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(fu_span_digits(fu_span_str(rows[i].text)) == rows[i].yes, "row %zu", i);
}

Test(span, number_takes_what_fits_into_64_bits)
{
    uint64_t v = 1;
    cr_expect(fu_span_number(S("00042"), &v) && v == 42);
    cr_expect(fu_span_number(S("18446744073709551615"), &v) && v == UINT64_MAX);
    v = 5;
    cr_expect(!fu_span_number(S("18446744073709551616"), &v) && v == 5);
    cr_expect(!fu_span_number(S("99999999999999999999"), &v) && v == 5);
    cr_expect(!fu_span_number(S(""), &v) && v == 5);
    cr_expect(!fu_span_number(S("+1"), &v) && v == 5);
}

Test(span, ascii_ends_at_the_first_high_byte_wherever_it_stands)
{
    unsigned char text[2 * sizeof(uint64_t) + 1];
    for (size_t n = 0; n <= sizeof text; n++) {
        memset(text, 0x7f, sizeof text);
        cr_expect_eq(fu_span_ascii(fu_span_of(text, n)), n);
        for (size_t at = 0; at < n; at++) {
            memset(text, 0x7f, sizeof text);
            text[at] = 0x80;
            cr_expect_eq(fu_span_ascii(fu_span_of(text, n)), at, "%zu of %zu", at, n);
        }
    }
}

Test(span, trim_drops_spaces_at_both_ends)
{
    cr_expect(fu_span_is(fu_span_trim(S("  a b ")), "a b"));
    cr_expect(fu_span_is(fu_span_trim(S("   ")), ""));
    cr_expect(fu_span_is(fu_span_trim(fu_span_of(NULL, 0)), ""));
}

Test(span, before_drops_the_tail_once)
{
    cr_expect(fu_span_is(fu_span_before(S("あ。。"), "。"), "あ。"));
    cr_expect(fu_span_is(fu_span_before(S("あ。い"), "。"), "あ。い"));
    cr_expect(fu_span_is(fu_span_before(S("。"), "。"), ""));
    cr_expect(fu_span_is(fu_span_before(S(""), "。"), ""));
}

Test(span, trim_zeros_keeps_the_last_digit)
{
    cr_expect(fu_span_is(fu_span_trim_zeros(S("0012")), "12"));
    cr_expect(fu_span_is(fu_span_trim_zeros(S("000")), "0"));
    cr_expect(fu_span_is(fu_span_trim_zeros(S("")), ""));
}
