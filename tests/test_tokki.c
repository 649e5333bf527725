#include <criterion/criterion.h>

#include "base/date.h"
#include "rules/tokki.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define TODAY 202610

static const fu_tokki_row *find(const char *code)
{
    return fu_tokki_find(fu_span_str(code));
}

static bool in_force(const fu_tokki_row *r, int32_t month)
{
    return r && (r->from == 0 || month >= r->from) && (r->to == 0 || month <= r->to);
}

static bool month_sane(int32_t m)
{
    return m == 0 || (fu_days_in_month(m) > 0 && m >= 200001 && m <= 210012);
}

Test(tokki, rows_are_ascending_sane_and_sourced)
{
    for (size_t i = 0; i < fu_tokki_count(); i++) {
        const fu_tokki_row *r = fu_tokki_at(i);
        cr_assert(r != NULL, "row %zu", i);
        cr_expect(strlen(r->code) == FU_TOKKI_DIGITS && fu_span_digits(fu_span_str(r->code)),
                  "row %zu", i);
        cr_expect(i == 0 || strcmp(fu_tokki_at(i - 1)->code, r->code) < 0, "row %zu", i);
        cr_expect(*r->ryaku != '\0' && *r->source != '\0', "row %zu", i);
        cr_expect(month_sane(r->from) && month_sane(r->to), "row %zu", i);
        cr_expect(r->to == 0 || r->from < r->to, "row %zu", i);
        cr_expect((r->shares & ~(1u << 1 | 1u << 2 | 1u << 3)) == 0, "row %zu", i);
        cr_expect(!r->tasukai || r->shares, "多数回 is a class, row %zu", i);
        cr_expect(!r->kouki_only || r->shares, "row %zu", i);
        cr_expect(fu_tokki_find(fu_span_str(r->code)) == r, "row %zu", i);
    }
    cr_expect(fu_tokki_at(fu_tokki_count()) == NULL);
    cr_expect(fu_tokki_at(SIZE_MAX) == NULL);
}

/* 別表9 in force (uke-format.md 3.2, the list of 令和6): 01-04 07-14 16 21 25-39 41-44. */
static const struct {
    const char *code, *ryaku;
} IN_FORCE[] = {
    {"01", "公"},   {"02", "長"},   {"03", "長処"}, {"04", "後保"}, {"07", "老併"}, {"08", "老健"},
    {"09", "施"},   {"10", "第三"}, {"11", "薬治"}, {"12", "器治"}, {"13", "先進"}, {"14", "制超"},
    {"16", "長２"}, {"21", "高半"}, {"25", "出産"}, {"26", "区ア"}, {"27", "区イ"}, {"28", "区ウ"},
    {"29", "区エ"}, {"30", "区オ"}, {"31", "多ア"}, {"32", "多イ"}, {"33", "多ウ"}, {"34", "多エ"},
    {"35", "多オ"}, {"36", "加治"}, {"37", "申出"}, {"38", "医併"}, {"39", "医療"}, {"41", "区カ"},
    {"42", "区キ"}, {"43", "多カ"}, {"44", "多キ"},
};

Test(tokki, the_33_codes_of_today_are_in_force)
{
    cr_assert(COUNT(IN_FORCE) == 33);
    for (size_t i = 0; i < COUNT(IN_FORCE); i++) {
        const fu_tokki_row *r = find(IN_FORCE[i].code);
        cr_assert(r != NULL, "%s", IN_FORCE[i].code);
        cr_expect_str_eq(r->ryaku, IN_FORCE[i].ryaku, "%s", IN_FORCE[i].code);
        cr_expect(in_force(r, TODAY) && r->to == 0, "%s", IN_FORCE[i].code);
        cr_expect(in_force(r, 201807) == (IN_FORCE[i].code[0] != '4'), "%s", IN_FORCE[i].code);
    }
}

Test(tokki, codes_that_have_ended)
{
    static const struct {
        const char *code, *ryaku;
        int32_t last;
    } rows[] = {{"17", "上位", 201807},
                {"18", "一般", 201807},
                {"19", "低所", 201807},
                {"20", "二割", 202405},
                {"22", "多上", 201807}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        const fu_tokki_row *r = find(rows[i].code);
        cr_assert(r != NULL, "%s", rows[i].code);
        cr_expect_str_eq(r->ryaku, rows[i].ryaku);
        cr_expect(r->to == rows[i].last && r->from == 0, "%s", rows[i].code);
        cr_expect(!fu_tokki_is_class(r), "%s is no class of today", rows[i].code);
    }
}

Test(tokki, codes_outside_of_beppyo_9)
{
    cr_expect_str_eq(find("96")->ryaku, "災１");
    cr_expect_str_eq(find("97")->ryaku, "災２");
    cr_expect_str_eq(find("40")->ryaku, "加算");
    cr_expect(fu_tokki_count() == 33 + 5 + 3, "and no others");
}

Test(tokki, other_codes_are_unknown)
{
    static const char *const codes[] = {"",   "0",   "00",  "05", "06", "15",  "23",
                                        "24", "45",  "50",  "95", "98", "99",  "1",
                                        "2",  "026", "26 ", " 2", "  ", "2６", "ab"};
    for (size_t i = 0; i < COUNT(codes); i++)
        cr_expect(find(codes[i]) == NULL, "row %zu", i);
    cr_expect(fu_tokki_find(fu_span_of(NULL, 0)) == NULL);
}

/* rules.md 5 and T402, uke-format.md 3.2.1; shares as digits. */
Test(tokki, income_classes_fit_their_shares)
{
    static const struct {
        const char *code, *shares;
        bool kouki, tasukai;
        int32_t from;
    } rows[] = {
        {"26", "3", false, false, 0},     {"27", "3", false, false, 0},
        {"28", "3", false, false, 0},     {"29", "12", false, false, 0},
        {"30", "12", false, false, 0},    {"31", "3", false, true, 0},
        {"32", "3", false, true, 0},      {"33", "3", false, true, 0},
        {"34", "12", false, true, 0},     {"35", "12", false, true, 0},
        {"41", "2", true, false, 202210}, {"42", "1", true, false, 202210},
        {"43", "2", true, true, 202210},  {"44", "1", true, true, 202210},
    };
    size_t classes = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        const fu_tokki_row *r = find(rows[i].code);
        unsigned shares = 0;
        for (const char *p = rows[i].shares; *p; p++)
            shares |= 1u << (*p - '0');
        cr_assert(r != NULL, "%s", rows[i].code);
        cr_expect(fu_tokki_is_class(r) && r->shares == shares, "%s", rows[i].code);
        cr_expect(r->kouki_only == rows[i].kouki && r->tasukai == rows[i].tasukai, "%s",
                  rows[i].code);
        cr_expect(r->from == rows[i].from, "%s", rows[i].code);
    }
    for (size_t i = 0; i < fu_tokki_count(); i++)
        classes += fu_tokki_is_class(fu_tokki_at(i));
    cr_expect(classes == COUNT(rows), "no other code is a class");
    cr_expect(!fu_tokki_is_class(NULL));
}

/* ---- the choice (rules.md 5, 疑義解釈 問5) ---- */

Test(tokki, choice_by_scheme_and_share)
{
    static const struct {
        bool kouki;
        int share;
        int32_t month;
        const char *code;
    } rows[] = {
        /* 70-74 */
        {false, 3, 201807, NULL},
        {false, 3, 201808, "26"},
        {false, 3, 202209, "26"},
        {false, 3, TODAY, "26"},
        {false, 2, 201807, NULL},
        {false, 2, 201808, "29"},
        {false, 2, 202210, "29"},
        {false, 2, TODAY, "29"},
        /* 後期 */
        {true, 3, 201807, NULL},
        {true, 3, 201808, "26"},
        {true, 3, TODAY, "26"},
        {true, 2, 202209, NULL},
        {true, 2, 202210, "41"},
        {true, 2, TODAY, "41"},
        {true, 1, 202210, "42"},
        {true, 1, TODAY, "42"},
        /* derived: the general class before 41 and 42 existed, and for 1割 outside 後期 (T406) */
        {true, 1, 201807, NULL},
        {true, 1, 201808, "29"},
        {true, 1, 202209, "29"},
        {false, 1, 201807, NULL},
        {false, 1, 201808, "29"},
        {false, 1, TODAY, "29"},
        /* no such share, no month */
        {false, 0, TODAY, NULL},
        {true, 0, TODAY, NULL},
        {false, 4, TODAY, NULL},
        {true, -1, TODAY, NULL},
        {true, 3, 0, NULL},
        {false, 2, 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const char *got = fu_tokki_choose(rows[i].kouki, rows[i].share, rows[i].month);
        cr_expect((got == NULL) == (rows[i].code == NULL), "row %zu: %s", i, got ? got : "none");
        if (got && rows[i].code)
            cr_expect_str_eq(got, rows[i].code, "row %zu", i);
    }
}

/* Whatever is chosen is in force in that month, fits the share, and is of the right scheme. */
Test(tokki, a_chosen_code_fits)
{
    for (int32_t month = 201701; month <= 203012; month = fu_month_add(month, 1))
        for (int share = 1; share <= 3; share++)
            for (int kouki = 0; kouki < 2; kouki++) {
                const char *code = fu_tokki_choose(kouki == 1, share, month);
                const fu_tokki_row *r = code ? find(code) : NULL;
                if (!code)
                    continue;
                cr_expect(in_force(r, month) && (r->shares & 1u << share), "%d %d", month, share);
                cr_expect(!r->kouki_only || kouki, "%d %d", month, share);
                cr_expect(!r->tasukai, "%d %d", month, share);
            }
    cr_expect(fu_tokki_choose(true, 1, 203012) != NULL);
}

static const struct {
    bool kouki;
    int share;
    const char *code;
    int32_t from, to;
    const char *source;
} CHOICES[] = {
#define FU_CHOICE(kouki, share, code, from, to, source) {kouki, share, code, from, to, source},
#include "rules/tokki-choice.def"
#undef FU_CHOICE
};

Test(tokki, choices_are_sourced_and_do_not_overlap)
{
    cr_expect(COUNT(CHOICES) == 7);
    for (size_t i = 0; i < COUNT(CHOICES); i++) {
        cr_expect(*CHOICES[i].source != '\0', "row %zu", i);
        cr_expect(month_sane(CHOICES[i].from) && month_sane(CHOICES[i].to), "row %zu", i);
        cr_expect(CHOICES[i].to == 0 || CHOICES[i].from < CHOICES[i].to, "row %zu", i);
        for (size_t k = 0; k < i; k++)
            cr_expect(CHOICES[i].kouki != CHOICES[k].kouki ||
                          CHOICES[i].share != CHOICES[k].share ||
                          (CHOICES[i].to && CHOICES[i].to < CHOICES[k].from) ||
                          (CHOICES[k].to && CHOICES[k].to < CHOICES[i].from),
                      "rows %zu and %zu", i, k);
    }
}
