#include <criterion/criterion.h>

#include "base/error.h"

Test(error, fail_fills_everything_and_forgets_what_was)
{
    fu_error e;
    memset(&e, 0x55, sizeof e);
    cr_expect(fu_fail(&e, FU_E_INPUT, "F110", "途中で切れています。", "cut off") == FU_E_INPUT);
    cr_expect(e.status == FU_E_INPUT);
    cr_expect_str_eq(e.code, "F110");
    cr_expect_str_eq(e.message_ja, "途中で切れています。");
    cr_expect_str_eq(e.message_en, "cut off");
    cr_expect_str_eq(e.hint_ja, "");
    cr_expect_str_eq(e.file, "");
    cr_expect(e.line == 0 && e.field == 0 && e.byte_offset == 0);
}

Test(error, null_is_fine)
{
    cr_expect(fu_fail(NULL, FU_E_STORE, "S702", "x", "x") == FU_E_STORE);
    cr_expect(fu_fail_limit(NULL, "FU_X_MAX", 3) == FU_E_LIMIT);
    cr_expect(fu_fail_nomem(NULL) == FU_E_NOMEM);
    fu_error_hint(NULL, "x");
    fu_error_file(NULL, "x");
}

Test(error, null_texts_are_empty)
{
    fu_error e;
    fu_fail(&e, FU_E_FATAL, NULL, NULL, NULL);
    cr_expect_str_eq(e.code, "");
    cr_expect_str_eq(e.message_ja, "");
}

Test(error, limit_names_itself)
{
    fu_error e;
    cr_expect(fu_fail_limit(&e, "FU_FIELDS_MAX", 512) == FU_E_LIMIT);
    cr_expect_str_eq(e.code, "F113");
    cr_expect_str_eq(e.message_ja,
                     "レコード1つの項目の数が上限 FU_FIELDS_MAX (512) を超えています。");
    cr_expect_str_eq(e.message_en, "limit FU_FIELDS_MAX (512) exceeded");
    cr_expect_str_eq(e.hint_ja, "ファイルが壊れていないか、正しいファイルかを確かめてください。");
}

Test(error, a_limit_without_a_meaning_is_named_alone)
{
    fu_error e;
    cr_expect(fu_fail_limit(&e, "FU_NOBODYS_MAX", 3) == FU_E_LIMIT);
    cr_expect_str_eq(e.message_ja, "上限 FU_NOBODYS_MAX (3) を超えています。");
}

Test(error, nomem_says_what_to_do)
{
    fu_error e;
    cr_expect(fu_fail_nomem(&e) == FU_E_NOMEM);
    cr_expect_str_eq(e.message_ja, "メモリーが足りません。");
    cr_expect_str_eq(e.hint_ja, "ほかのプログラムを終了してから、もう一度実行してください。");
}

Test(error, first_file_name_stays)
{
    fu_error e;
    fu_fail_nomem(&e);
    fu_error_file(&e, "RECEIPTC.UKE");
    fu_error_file(&e, "other");
    cr_expect_str_eq(e.file, "RECEIPTC.UKE");
}

Test(error, copy_cuts_between_characters)
{
    static const struct {
        uint64_t size;
        const char *expected;
    } rows[] = {{1, ""},   {2, ""},     {3, ""},      {4, "不"},    {5, "不"},
                {6, "不"}, {7, "不詳"}, {8, "不詳a"}, {99, "不詳a"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char dst[100];
        memset(dst, 'x', sizeof dst);
        fu_copy_text(dst, rows[i].size, "不詳a");
        cr_expect_str_eq(dst, rows[i].expected, "row %zu", i);
        cr_expect(dst[rows[i].size] == 'x', "row %zu", i);
    }
}

Test(error, copy_into_nothing_writes_nothing)
{
    char dst[1] = {'x'};
    fu_copy_text(dst, 0, "abc");
    cr_expect(dst[0] == 'x');
    fu_copy_text(dst, 1, NULL);
    cr_expect(dst[0] == '\0');
}

Test(error, long_message_is_cut_and_terminated)
{
    char text[601];
    fu_error e;
    for (size_t i = 0; i < 600; i += 3)
        memcpy(text + i, "あ", 3);
    text[600] = '\0';
    fu_fail(&e, FU_E_INPUT, "F1234567890123456789", text, text);
    cr_expect(strlen(e.message_ja) == 510);
    cr_expect(strlen(e.message_en) == 255);
    cr_expect_str_eq(e.code, "F12345678901234");
}

Test(error, foreign_text_is_terminated_and_must_be_utf8)
{
    static const struct {
        const char *text;
        const char *expected;
    } rows[] = {
        {"", "other"},       {"abc", "abc"},    {"不", "不"},          {"abcdefghij", "abcdefg"},
        {"不不不", "other"}, {"\xFF", "other"}, {"\x93\xFA", "other"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[8];
        size_t n = strlen(rows[i].text);
        memset(text, 0, sizeof text);
        memcpy(text, rows[i].text, n < sizeof text ? n : sizeof text);
        cr_expect_str_eq(fu_foreign_text(text, sizeof text, "other"), rows[i].expected, "row %zu",
                         i);
    }
}
