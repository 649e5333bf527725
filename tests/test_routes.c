#include <criterion/criterion.h>
#include <string.h>

#include "rules/policy.h"
#include "rules/routes.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

Test(routes, words_are_those_of_the_contract)
{
    static const struct {
        fu_route route;
        const char *word;
    } rows[] = {{FU_R_NONE, "none"},
                {FU_R_CURRENT, "current"},
                {FU_R_KYUSHIKAKU, "kyushikaku"},
                {FU_R_FUSHO, "fusho"},
                {FU_R_HOLD, "hold"}};
    cr_assert(FU_R_COUNT == COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect(rows[i].route == (fu_route)i, "the order they are tried in, row %zu", i);
        cr_expect_str_eq(fu_route_rows[rows[i].route].word, rows[i].word);
    }
}

static void expect_texts(const fu_words *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        cr_expect(rows[i].ja && *rows[i].ja, "row %zu", i);
        cr_expect(rows[i].en && *rows[i].en, "row %zu", i);
        cr_expect(rows[i].source && *rows[i].source, "row %zu", i);
        for (size_t k = 0; k < i; k++)
            cr_expect(strcmp(rows[i].ja, rows[k].ja) != 0 && strcmp(rows[i].en, rows[k].en) != 0,
                      "rows %zu and %zu", i, k);
        for (const char *p = rows[i].en; *p; p++)
            cr_expect(*p != '{' && *p != '\n', "row %zu", i);
    }
}

Test(routes, every_row_has_its_texts_and_its_source)
{
    expect_texts(fu_route_rows, FU_R_COUNT);
    expect_texts(fu_reason_rows, FU_WHY_COUNT);
    for (size_t i = 0; i < FU_WHY_COUNT; i++)
        cr_expect_str_eq(fu_reason_rows[i].word, "");
}

/* A journal keeps a reason's text: what an edit is for must not move to another row. */
Test(routes, reasons_say_what_their_name_says)
{
    static const struct {
        fu_reason reason;
        const char *part;
    } rows[] = {
        {FU_WHY_CURRENT, "現在の資格"},
        {FU_WHY_KYUSHIKAKU, "喪失済みの旧資格情報"},
        {FU_WHY_KYUSHIKAKU_CM, "旧資格情報である旨"},
        {FU_WHY_FUSHO_NUMBER, "保険者番号を不詳の番号"},
        {FU_WHY_FUSHO_NUMBER_ALT, "77777779"},
        {FU_WHY_FUSHO_KIGO, "記号を記録しない"},
        {FU_WHY_FUSHO_BANGO, "番号を不詳の桁数の7"},
        {FU_WHY_FUSHO_SN, "資格確認レコード"},
        {FU_WHY_FUSHO_TOKKI, "特記事項"},
        {FU_WHY_FUSHO_CM, "摘要欄の先頭"},
        {FU_WHY_CM_OLD, "前の記録を除く"},
    };
    cr_assert(FU_WHY_COUNT == COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect(strstr(fu_reason_rows[rows[i].reason].ja, rows[i].part) != NULL, "row %zu", i);
}

Test(routes, fusho_exists_since_the_claims_of_september_2023)
{
    cr_expect(FU_FUSHO_SINCE == 202309);
}

Test(routes, the_policy_begins_with_the_defaults_of_the_command_line)
{
    fu_policy p = fu_policy_default(20261109);
    cr_expect_str_eq(p.insurer_number, "77777777");
    cr_expect(p.bango_width == FU_WIDTH_AUTO);
    cr_expect(p.former_with_kohi == FU_FORMER_FORMER);
    cr_expect(p.today == 20261109);
}
