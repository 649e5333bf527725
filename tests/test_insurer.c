#include <criterion/criterion.h>

#include "rules/insurer.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static fu_span S(const char *s)
{
    return fu_span_str(s);
}

/* ---- the table itself ---- */

static const struct {
    const char *number;
    int payer;
    const char *name, *source;
} ROWS[] = {
#define FU_HOUBETSU(number, payer, name, source) {number, payer, name, source},
#include "rules/houbetsu.def"
#undef FU_HOUBETSU
};

Test(insurer, houbetsu_rows_are_ascending_and_sourced)
{
    cr_expect(COUNT(ROWS) == 17);
    for (size_t i = 0; i < COUNT(ROWS); i++) {
        cr_expect(strlen(ROWS[i].number) == 2 && fu_span_digits(S(ROWS[i].number)), "row %zu", i);
        cr_expect(i == 0 || strcmp(ROWS[i - 1].number, ROWS[i].number) < 0, "row %zu", i);
        cr_expect(ROWS[i].payer == 1 || ROWS[i].payer == 2, "row %zu", i);
        cr_expect(*ROWS[i].name != '\0' && *ROWS[i].source != '\0', "row %zu", i);
    }
}

/* ---- check digits (uke-format.md 4.2) ---- */

Test(insurer, known_numbers_have_the_check_digit_they_end_with)
{
    static const char *const numbers[] = {
        "01010016", "01130012", "01200013", "06132013", "32130213", "39016019", "39136015",
        "39130000", "54016019", "12016010", "19136019", "010108",   "133066",   "138057"};
    for (size_t i = 0; i < COUNT(numbers); i++) {
        char changed[9];
        size_t n = strlen(numbers[i]);
        cr_expect(fu_insurer_check_digit(S(numbers[i])) == numbers[i][n - 1] - '0', "%s",
                  numbers[i]);
        /* The rule sees every single wrong digit. */
        for (size_t at = 0; at + 1 < n; at++)
            for (char c = '0'; c <= '9'; c++) {
                strcpy(changed, numbers[i]);
                changed[at] = c;
                cr_expect((fu_insurer_check_digit(S(changed)) == numbers[i][n - 1] - '0') ==
                              (c == numbers[i][at]),
                          "%s", changed);
            }
    }
}

Test(insurer, the_last_digit_itself_is_not_asked)
{
    cr_expect(fu_insurer_check_digit(S("01130010")) == 2);
    cr_expect(fu_insurer_check_digit(S("01130019")) == 2);
    cr_expect(fu_insurer_check_digit(S("00000000")) == 0);
    cr_expect(fu_insurer_check_digit(S("00")) == 0);
    cr_expect(fu_insurer_check_digit(S("10")) == 8);
    cr_expect(fu_insurer_check_digit(S("50")) == 9, "the digits of 10 are summed");
}

Test(insurer, dummies_of_the_manuals_do_not_fit)
{
    static const char *const numbers[] = {"54131234", "06131234", "02131234", "83136019"};
    for (size_t i = 0; i < COUNT(numbers); i++)
        cr_expect(fu_insurer_check_digit(S(numbers[i])) != numbers[i][7] - '0', "%s", numbers[i]);
}

Test(insurer, the_check_digit_of_seven_sevens_is_nine)
{
    cr_expect(fu_insurer_check_digit(S(FU_FUSHO_NUMBER)) == 9);
    cr_expect(fu_insurer_check_digit(S(FU_FUSHO_NUMBER_ALT)) == 9);
}

Test(insurer, what_is_not_all_digits_has_no_check_digit)
{
    static const char *const numbers[] = {"",         "1",        " 1130012", "0113001x",
                                          "x1130012", "0113-012", "\x82\x4F", "  138057"};
    for (size_t i = 0; i < COUNT(numbers); i++)
        cr_expect(fu_insurer_check_digit(S(numbers[i])) == -1, "row %zu", i);
}

/* ---- numbers that are no insurers ---- */

Test(insurer, fusho_numbers_are_two)
{
    static const char *const no[] = {"",         "7777777",  "777777777", "77777778", "77777770",
                                     "77777797", "97777777", "7",         " 7777777", "777777"};
    cr_expect_str_eq(FU_FUSHO_NUMBER, "77777777");
    cr_expect_str_eq(FU_FUSHO_NUMBER_ALT, "77777779");
    cr_expect_str_eq(FU_FUSHO_BANGO, "777777777");
    cr_expect_str_eq(FU_FUSHO_BANGO_KOUKI, "77777777");
    cr_expect(fu_insurer_is_fusho(S("77777777")) && fu_insurer_is_fusho(S("77777779")));
    for (size_t i = 0; i < COUNT(no); i++)
        cr_expect(!fu_insurer_is_fusho(S(no[i])), "row %zu", i);
}

Test(insurer, disaster_numbers_are_nines)
{
    cr_expect(fu_insurer_is_disaster(S("99999999")) && fu_insurer_is_disaster(S("999999999")));
    cr_expect(!fu_insurer_is_disaster(S("")) && !fu_insurer_is_disaster(S("99999998")));
    cr_expect(!fu_insurer_is_disaster(S("09999999")) && !fu_insurer_is_disaster(S(" 9999999")));
    cr_expect(!fu_insurer_is_disaster(S("77777777")));
}

/* ---- who pays (uke-format.md 1.7, 4.3, written out again) ---- */

Test(insurer, payer_and_kind_of_every_houbetsu)
{
    static const struct {
        const char *number;
        int payer;
        const char *kind;
    } rows[] = {
        {"01130012", 1, "協会けんぽ"},
        {"02130011", 1, "船員"},
        {"03130010", 1, "日雇特例（一般）"},
        {"04130019", 1, "日雇特例（特別）"},
        {"06132013", 1, "組合健保"},
        {"07130016", 1, "自衛官"},
        {"31130016", 1, "国家公務員共済"},
        {"32130213", 1, "地方公務員共済"},
        {"33130014", 1, "警察共済"},
        {"34130013", 1, "公立学校・私学共済"},
        {"39136015", 2, "後期高齢者"},
        {"63130017", 1, "特定健保（特例退職）"},
        {"67130013", 2, "退職国保"},
        {"72130016", 1, "国家公務員共済（特例退職）"},
        {"73130015", 1, "地方公務員共済（特例退職）"},
        {"74130014", 1, "警察共済（特例退職）"},
        {"75130013", 1, "公立学校・私学共済（特例退職）"},
        {"138057", 2, "国保"},
        {"000000", 2, "国保"},
        /* nobody */
        {"05130017", 0, ""},
        {"08130017", 0, ""},
        {"12016010", 0, ""},
        {"38136015", 0, ""},
        {"40136015", 0, ""},
        {"54016019", 0, ""},
        {"76130017", 0, ""},
        {"77777777", 0, ""},
        {"77777779", 0, ""},
        {"777777", 0, ""},
        {"99999999", 0, ""},
        {"999999", 0, ""},
        {"", 0, ""},
        {"01", 0, ""},
        {"1380", 0, ""},
        {"0113001", 0, ""},
        {"013057x", 0, ""},
        {"13805x", 0, ""},
        {"0113001x", 0, ""},
        {"011300120", 0, ""},
        {"  138057", 0, ""},
        {"13805", 0, ""},
        {"1380570", 0, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect(fu_insurer_payer(S(rows[i].number)) == rows[i].payer, "%s", rows[i].number);
        cr_expect_str_eq(fu_insurer_kind(S(rows[i].number)), rows[i].kind, "%s", rows[i].number);
    }
}

Test(insurer, every_other_houbetsu_has_no_payer)
{
    static const char *const known = "01 02 03 04 06 07 31 32 33 34 39 63 67 72 73 74 75";
    size_t unknown = 0;
    for (int h = 0; h < 100; h++) {
        char number[] = {
            (char)('0' + h / 10), (char)('0' + h % 10), '1', '3', '0', '0', '1', '0', 0};
        char two[] = {number[0], number[1], 0};
        bool listed = strstr(known, two) != NULL;
        cr_expect((fu_insurer_payer(S(number)) != 0) == listed, "%s", number);
        unknown += !listed;
    }
    cr_expect(unknown == 83);
}

Test(insurer, kouki_is_39_with_eight_digits)
{
    cr_expect(fu_insurer_is_kouki(S("39136015")) && fu_insurer_is_kouki(S("39000000")));
    cr_expect(!fu_insurer_is_kouki(S("391360")) && !fu_insurer_is_kouki(S("3913601")));
    cr_expect(!fu_insurer_is_kouki(S("38136015")) && !fu_insurer_is_kouki(S("31130016")));
    cr_expect(!fu_insurer_is_kouki(S("93136015")) && !fu_insurer_is_kouki(S("3913601x")));
    cr_expect(!fu_insurer_is_kouki(S("99999999")) && !fu_insurer_is_kouki(S("")));
}

Test(insurer, payers_have_names)
{
    cr_expect_str_eq(fu_payer_name(1), "支払基金");
    cr_expect_str_eq(fu_payer_name(2), "国保連");
    cr_expect_str_eq(fu_payer_name(0), "不明");
    cr_expect_str_eq(fu_payer_name(3), "不明");
    cr_expect_str_eq(fu_payer_name(-1), "不明");
}
