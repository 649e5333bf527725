#include <criterion/criterion.h>

#include <stdlib.h>

#include "support.h"
#include "text/field.h"

/* One letter per mode it fits: N, A, K, - for AK. */
static const struct {
    const char *utf8, *modes;
} ROWS[] = {
    {"", "NAK-"},
    {"0", "NA-"},
    {"01130012", "NA-"},
    {"3.5", "NA-"},
    {"0.50", "NA-"},
    {".5", "A-"},
    {"5.", "A-"},
    {".", "A-"},
    {"1.2.3", "A-"},
    {"-1", "A-"},
    {"1,000", "A-"},
    {"12 ", "A-"},
    {"12a", "A-"},
    {"ABC xyz~\\", "A-"},
    {"ﾃｽﾄ ﾊﾝﾖｳ", "A-"},
    {"｡ﾟ", "A-"},
    {"テスト　汎用", "K-"},
    {"１２３", "K-"},
    {"①髙", "K-"},
    {"ソ", "K-"},
    {"テストA", ""},
    {"Aテスト", ""},
    {"テスト ハンヨウ", ""},
    {"ﾃスト", ""},
    {"\t", ""},
    {"a\x7F", ""},
};

Test(field, modes_of_every_row)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++) {
        size_t n;
        char *p = tst_cp932(ROWS[i].utf8, &n);
        fu_span s = fu_span_of(p, n);
        const char *modes = ROWS[i].modes;
        cr_expect(fu_mode_fits(s, FU_MODE_ANY), "row %zu", i);
        cr_expect(fu_mode_fits(s, FU_MODE_N) == (strchr(modes, 'N') != NULL), "N row %zu", i);
        cr_expect(fu_mode_fits(s, FU_MODE_A) == (strchr(modes, 'A') != NULL), "A row %zu", i);
        cr_expect(fu_mode_fits(s, FU_MODE_K) == (strchr(modes, 'K') != NULL), "K row %zu", i);
        cr_expect(fu_mode_fits(s, FU_MODE_AK) == (strchr(modes, '-') != NULL), "AK row %zu", i);
        free(p);
    }
}

Test(field, bytes_that_are_no_character_fit_only_any)
{
    static const char *const rows[] = {"\x80",     "\x93", "\x93\x8C\x93", "\xF0\x40",
                                       "\x85\x40", "\xA0", "\xFF"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_span s = fu_span_str(rows[i]);
        cr_expect(fu_mode_fits(s, FU_MODE_ANY), "row %zu", i);
        cr_expect(!fu_mode_fits(s, FU_MODE_N), "row %zu", i);
        cr_expect(!fu_mode_fits(s, FU_MODE_A), "row %zu", i);
        cr_expect(!fu_mode_fits(s, FU_MODE_K), "row %zu", i);
        cr_expect(!fu_mode_fits(s, FU_MODE_AK), "row %zu", i);
    }
}

Test(field, a_span_without_bytes_fits_every_mode)
{
    cr_expect(fu_mode_fits(fu_span_of(NULL, 0), FU_MODE_N));
    cr_expect(fu_mode_fits(fu_span_of(NULL, 0), FU_MODE_AK));
    cr_expect(fu_first_control(fu_span_of(NULL, 0)) == SIZE_MAX);
}

Test(field, first_control_is_an_offset)
{
    cr_expect(fu_first_control(fu_span_str("abc")) == SIZE_MAX);
    cr_expect(fu_first_control(fu_span_of("\0", 1)) == 0);
    cr_expect(fu_first_control(fu_span_str("ab\tc\n")) == 2);
    cr_expect(fu_first_control(fu_span_str("\x93\x8C\x7F")) == 2);
    cr_expect(fu_first_control(fu_span_str("\x1F")) == 0);
    cr_expect(fu_first_control(fu_span_str(" ~\xB1")) == SIZE_MAX);
}
