#include <criterion/criterion.h>

#include "base/date.h"

typedef struct row {
    const char *text;
    int32_t expected;
} row;

static void expect_all(int32_t (*f)(fu_span), const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t got = f(fu_span_str(rows[i].text));
        cr_expect(got == rows[i].expected, "row %zu (%s): %d", i, rows[i].text, (int)got);
    }
}
#define EXPECT_ALL(f, rows) expect_all(f, rows, sizeof rows / sizeof rows[0])

Test(date, make_knows_the_calendar)
{
    cr_expect(fu_day_make(2024, 2, 29) == 20240229);
    cr_expect(fu_day_make(2026, 2, 29) == 0);
    cr_expect(fu_day_make(1900, 2, 29) == 0);
    cr_expect(fu_day_make(2000, 2, 29) == 20000229);
    cr_expect(fu_day_make(2026, 4, 31) == 0);
    cr_expect(fu_day_make(2026, 12, 31) == 20261231);
    cr_expect(fu_day_make(2026, 13, 1) == 0);
    cr_expect(fu_day_make(2026, 0, 1) == 0);
    cr_expect(fu_day_make(2026, 1, 0) == 0);
    cr_expect(fu_day_make(1867, 12, 31) == 0);
    cr_expect(fu_day_make(1868, 1, 1) == 18680101);
    cr_expect(fu_day_make(2200, 12, 31) == 22001231);
    cr_expect(fu_day_make(2201, 1, 1) == 0);
}

Test(date, day_from_digits)
{
    static const row rows[] = {{"20261103", 20261103}, {"4250812", 20130812},
                               {"5081103", 20261103},  {"3250812", 19500812},
                               {"1010101", 18680101},  {"2150101", 19260101},
                               {"4010108", 19890108},  {"5000101", 0},
                               {"0010101", 0},         {"6010101", 0},
                               {"2026110", 0},         {"20261131", 0},
                               {"202611", 0},          {"", 0},
                               {"2026110a", 0},        {"20261103 ", 0},
                               {"00000000", 0},        {"020261103", 0}};
    EXPECT_ALL(fu_day_from_digits, rows);
}

Test(date, month_from_digits)
{
    static const row rows[] = {{"202611", 202611}, {"50811", 202611}, {"43104", 201904},
                               {"202613", 0},      {"202600", 0},     {"50013", 0},
                               {"50001", 0},       {"60101", 0},      {"00101", 0},
                               {"2026", 0},        {"", 0},           {"20261103", 0}};
    EXPECT_ALL(fu_month_from_digits, rows);
}

Test(date, day_from_iso)
{
    static const row rows[] = {{"2026-10-03", 20261003},
                               {"2026-10-03T09:12", 20261003},
                               {"2026-10-03T09:12:33", 20261003},
                               {"2026-10-03 09:12", 20261003},
                               {"2026-10-3", 0},
                               {"2026-1-1T09:12", 0},
                               {"2026/10/03", 0},
                               {"2026-10-033", 0},
                               {"2026-02-30", 0},
                               {"20261003", 0},
                               {"", 0}};
    EXPECT_ALL(fu_day_from_iso, rows);
}

Test(date, day_from_any)
{
    static const row rows[] = {{"2026-10-03", 20261003},
                               {"2026/1/3", 20260103},
                               {"20261003", 20261003},
                               {"R8.11.2", 20261102},
                               {"r8/11/2", 20261102},
                               {"H31.4.30", 20190430},
                               {"S26.8.12", 19510812},
                               {"T1.7.30", 19120730},
                               {"M45.7.29", 19120729},
                               {" 2026-10-03 ", 20261003},
                               {"2026-10-03T09:12", 20261003},
                               {"R0.1.1", 0},
                               {"M300.1.1", 0},
                               {"X8.11.2", 0},
                               {"R8", 0},
                               {"R", 0},
                               {"26/1/3", 0},
                               {"2026年10月3日", 0},
                               {"2026-10-03x", 0},
                               {"", 0},
                               {"   ", 0}};
    EXPECT_ALL(fu_day_from_any, rows);
}

Test(date, month_arithmetic)
{
    cr_expect(fu_day_month(20261103) == 202611);
    cr_expect(fu_month_add(202611, 0) == 202611);
    cr_expect(fu_month_add(202611, 1) == 202612);
    cr_expect(fu_month_add(202611, 2) == 202701);
    cr_expect(fu_month_add(202601, -1) == 202512);
    cr_expect(fu_month_add(202601, -13) == 202412);
    cr_expect(fu_month_add(0, 5) == 0);
    cr_expect(fu_days_in_month(202402) == 29);
    cr_expect(fu_days_in_month(202602) == 28);
    cr_expect(fu_days_in_month(202600) == 0);
    cr_expect(fu_days_in_month(202613) == 0);
}

Test(date, day_arithmetic)
{
    cr_expect(fu_day_add(20261103, 0) == 20261103);
    cr_expect(fu_day_add(20261231, 1) == 20270101);
    cr_expect(fu_day_add(20270101, -1) == 20261231);
    cr_expect(fu_day_add(20240228, 1) == 20240229);
    cr_expect(fu_day_add(20240301, -366) == 20230301);
    cr_expect(fu_day_add(20260101, 365) == 20270101);
}

Test(date, days_between_two_days)
{
    static const struct {
        int32_t from, to;
        int days;
    } rows[] = {
        {20261109, 20261109, 0},   {20261109, 20261110, 1},   {20261110, 20261109, -1},
        {20261109, 20270520, 192}, {20261109, 20261020, -20}, {20240228, 20240301, 2},
        {20260228, 20260301, 1},   {19000228, 19000301, 1},   {20000228, 20000301, 2},
        {20251231, 20260101, 1},   {18680101, 22001231, 121625}, {0, 20260101, 0},
        {20260101, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(fu_days_between(rows[i].from, rows[i].to) == rows[i].days, "row %zu: %d", i,
                  fu_days_between(rows[i].from, rows[i].to));
}

Test(date, days_between_undoes_adding_days)
{
    int32_t day = 18680101;
    for (int n = 1; day < 22001231; n++) {
        day = fu_day_add(day, 1);
        cr_assert(fu_days_between(18680101, day) == n, "%d", (int)day);
    }
}

Test(date, day_arithmetic_ends_where_days_end)
{
    cr_expect(fu_day_add(0, 5) == 0);
    cr_expect(fu_day_add(0, -5) == 0);
    cr_expect(fu_day_add(18680101, -1) == 0);
    cr_expect(fu_day_add(22001231, 1) == 0);
    cr_expect(fu_day_add(18680101, -10000000) == 0);
    cr_expect(fu_day_add(20260101, 10000000) == 0);
}

Test(date, age_counts_from_the_month_after_the_birthday)
{
    cr_expect(fu_age_month(19561102, 70) == 202612);
    cr_expect(fu_age_month(19561101, 70) == 202611, "born on the 1st");
    cr_expect(fu_age_month(19561231, 70) == 202701);
    cr_expect(fu_age_month(0, 70) == 0);
}

Test(date, age_in_month_looks_at_the_birthday)
{
    cr_expect(fu_age_in_month(19511130, 75, 202611));
    cr_expect(fu_age_in_month(19511130, 75, 202612));
    cr_expect(!fu_age_in_month(19511130, 75, 202610));
    cr_expect(!fu_age_in_month(0, 75, 202611));
}

Test(date, saishinsa_deadline_is_the_20th_six_months_on)
{
    cr_expect(fu_deadline(20261110, 6, 20) == 20270520);
    cr_expect(fu_deadline(20260831, 6, 20) == 20270220);
    cr_expect(fu_deadline(20261205, 6, 20) == 20270620);
    cr_expect(fu_deadline(0, 6, 20) == 0);
}
