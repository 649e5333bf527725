#include <criterion/criterion.h>

#include "base/date.h"
#include "rules/comments.h"
#include "uke/layout.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- codes (rules.md 3.5, written out again) ---- */

static const struct {
    fu_comment_id id;
    const char *code, *item;
    bool text, required, kouki;
} CODES[] = {
    {FU_CM_KYUSHIKAKU, "820000245", "旧資格情報", false, false, true},
    {FU_CM_FUSHO, "820000246", "不詳", false, false, true},
    {FU_CM_KANA, "830000501", "カナ氏名", true, true, true},
    {FU_CM_HOKEN, "830000502", "保険種別", true, true, true},
    {FU_CM_HOKENSHA, "830000503", "保険者等名称", true, true, true},
    {FU_CM_JIGYOSHO, "830000504", "事業所名", true, true, false},
    {FU_CM_JUSHO1, "830000505", "住所１", true, true, true},
    {FU_CM_JUSHO2, "830000506", "住所２以降", true, false, true},
    {FU_CM_TEL, "830000507", "連絡先電話番号", true, true, true},
    {FU_CM_RENRAKU, "830000508", "患者への連絡を行った日付", true, true, true},
};

Test(comments, codes_are_those_of_the_comment_master)
{
    cr_assert(FU_CM_COUNT == COUNT(CODES));
    for (size_t i = 0; i < COUNT(CODES); i++) {
        const fu_comment_row *r = &fu_comment_rows[CODES[i].id];
        cr_expect(CODES[i].id == (fu_comment_id)i, "the order is that of recording, row %zu", i);
        cr_expect_str_eq(r->code, CODES[i].code);
        cr_expect_str_eq(r->item, CODES[i].item);
        cr_expect(r->text == CODES[i].text, "row %zu", i);
        cr_expect(r->required == CODES[i].required, "row %zu", i);
        cr_expect(r->kouki == CODES[i].kouki, "only 事業所名 is left out for 後期, row %zu", i);
        cr_expect(r->from == 202308 && r->to == 0, "row %zu", i);
        cr_expect(fu_comment_of(fu_span_str(CODES[i].code)) == (int)i, "row %zu", i);
    }
}

/* Pattern 20 has no text, pattern 30 has: the second and third digit say so. */
Test(comments, rows_agree_with_the_pattern_in_their_code)
{
    for (size_t i = 0; i < FU_CM_COUNT; i++) {
        const fu_comment_row *r = &fu_comment_rows[i];
        cr_expect(strlen(r->code) == FU_CM_DIGITS && r->code[0] == '8' &&
                  fu_span_digits(fu_span_str(r->code)));
        cr_expect(r->text == (strncmp(r->code, "830", 3) == 0), "row %zu", i);
        cr_expect(r->text || strncmp(r->code, "820", 3) == 0, "row %zu", i);
        cr_expect(!r->required || r->text, "row %zu", i);
        cr_expect(fu_days_in_month(r->from) > 0, "row %zu", i);
        cr_expect(i == 0 || strcmp(fu_comment_rows[i - 1].code, r->code) < 0, "row %zu", i);
    }
}

Test(comments, other_codes_are_not_ours)
{
    static const char *const codes[] = {"",           "820000244",  "820000247", "830000500",
                                        "830000509",  "810000001",  "82000024",  "8200002460",
                                        "820000246 ", "82000024６", "820181220", "000000000"};
    for (size_t i = 0; i < COUNT(codes); i++)
        cr_expect(fu_comment_of(fu_span_str(codes[i])) == -1, "row %zu", i);
    cr_expect_str_eq(FU_CM_FREE_TEXT, "810000001");
}

/* ---- places (rules.md 3.5 and uke-format.md 2, written out again) ---- */

static const struct {
    fu_type type;
    const char *record;
    unsigned fields, code_field, text_field;
    const char *shikibetsu;
    size_t max;
    const char *head, *head_shikibetsu, *after, *before;
    bool parts;
} PLACES[] = {
    {FU_MED, "CO", 5, 4, 5, "01", 76, "SI IY TO CO", "", "", "", true},
    {FU_DPC, "CO", 5, 4, 5, "01", 76, "SI IY TO CO", "", "", "", false},
    {FU_DEN, "CO", 11, 4, 5, "99", 400, "CO", "99", "SS SI IY TO CO", "", true},
    {FU_PHA, "TK", 3, 2, 3, "", 76, "TK", "", "SH CZ IY TO CO", "", true},
    {FU_NUR, "CO", 4, 2, 3, "", 400, "CO", "", "", "KA", true},
};

Test(comments, places_are_those_of_the_rules)
{
    cr_assert(COUNT(PLACES) == FU_PLACE_ROWS && FU_PLACE_ROWS == FU_TYPE_COUNT);
    for (size_t i = 0; i < COUNT(PLACES); i++) {
        const fu_place_row *r = &fu_place_rows[PLACES[i].type];
        cr_expect_str_eq(r->record, PLACES[i].record);
        cr_expect(r->fields == PLACES[i].fields, "row %zu", i);
        cr_expect(r->code_field == PLACES[i].code_field, "row %zu", i);
        cr_expect(r->text_field == PLACES[i].text_field, "row %zu", i);
        cr_expect_str_eq(r->shikibetsu, PLACES[i].shikibetsu, "row %zu", i);
        cr_expect(r->max == PLACES[i].max && r->max % 2 == 0, "row %zu", i);
        cr_expect_str_eq(r->head, PLACES[i].head, "row %zu", i);
        cr_expect_str_eq(r->head_shikibetsu, PLACES[i].head_shikibetsu, "row %zu", i);
        cr_expect_str_eq(r->after, PLACES[i].after, "row %zu", i);
        cr_expect_str_eq(r->before, PLACES[i].before, "row %zu", i);
        cr_expect(r->parts == PLACES[i].parts, "row %zu", i);
        cr_expect(*r->source != '\0', "row %zu", i);
    }
}

/* Every record named is one of that claim type's layout, every list can be searched, and the
 * comment record has the fields that the layout gives it. */
Test(comments, places_agree_with_the_layouts)
{
    for (size_t i = 0; i < FU_PLACE_ROWS; i++) {
        const fu_layout *l = &fu_layouts[i];
        const fu_place_row *p = &fu_place_rows[i];
        const char *lists[] = {p->head, p->after, p->before, p->record};
        const fu_record_row *r = fu_layout_record(l, FU_ID(p->record[0], p->record[1]));
        cr_assert(r != NULL, "row %zu", i);
        cr_expect(r->n_fields == p->fields, "row %zu", i);
        cr_expect_str_eq(fu_field_name(r, p->code_field), "コメントコード", "row %zu", i);
        cr_expect_str_eq(fu_field_name(r, p->text_field), "文字データ", "row %zu", i);
        cr_expect((*p->shikibetsu != '\0') == (strcmp(fu_field_name(r, 2), "診療識別") == 0));
        cr_expect(r->fields[p->text_field - 2].max == 0 ||
                  r->fields[p->text_field - 2].max == p->max);
        for (size_t k = 0; k < COUNT(lists); k++)
            for (const char *s = lists[k]; *s; s += s[2] ? 3 : 2) {
                cr_assert(s[1] && (s[2] == ' ' || s[2] == '\0'), "row %zu list %zu", i, k);
                cr_expect(fu_layout_record(l, FU_ID(s[0], s[1])) != NULL, "row %zu: %.2s", i, s);
                cr_expect(fu_in_list(lists[k], (unsigned char)s[0], (unsigned char)s[1]), "%.2s",
                          s);
            }
    }
}

Test(comments, lists_are_searched_by_whole_names)
{
    cr_expect(fu_in_list("SI IY TO CO", 'S', 'I') && fu_in_list("SI IY TO CO", 'C', 'O'));
    cr_expect(fu_in_list("SI IY TO CO", 'I', 'Y') && fu_in_list("CO", 'C', 'O'));
    cr_expect(!fu_in_list("SI IY TO CO", 'I', ' ') && !fu_in_list("SI IY TO CO", ' ', 'I'));
    cr_expect(!fu_in_list("SI IY TO CO", 'O', 'C') && !fu_in_list("SI IY TO CO", 'T', 'K'));
    cr_expect(!fu_in_list("SI IY TO CO", 'S', 'Y') && !fu_in_list("SI IY TO CO", 'C', 'I'));
    cr_expect(!fu_in_list("", 'C', 'O') && !fu_in_list("C", 'C', 'O') && !fu_in_list("C", 'C', 0));
    cr_expect(!fu_in_list("", 0, 0) && !fu_in_list("CO", 0, 0));
}

/* uke-format.md 3.4: everybody who pays. */
Test(comments, futan_for_everybody_who_pays)
{
    static const char *const codes[] = {"1", "2", "4", "V", "9", "9", "9"};
    for (size_t i = 0; i < COUNT(codes); i++)
        cr_expect_str_eq(fu_futan_all(i), codes[i], "%zu 公費", i);
    cr_expect_str_eq(fu_futan_all(SIZE_MAX), "9");
}
