#include <criterion/criterion.h>

#include "rules/personal.h"
#include "uke/layout.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

TestSuite(personal);

/* ---- fields ---- */

/* What a field about a person may be called. */
static const char *const TELLING[] = {"氏名",   "生年月日", "記号",   "番号", "カルテ",
                                      "受給者", "住所",     "所在地", "電話"};

static bool telling(const char *field)
{
    for (size_t i = 0; i < COUNT(TELLING); i++)
        if (strstr(field, TELLING[i]))
            return true;
    return false;
}

Test(personal, every_field_that_sounds_personal_is_listed_or_excepted)
{
    size_t told = 0;
    for (size_t t = 0; t < FU_TYPE_COUNT; t++) {
        for (size_t r = 0; r < fu_layouts[t].n_records; r++) {
            const fu_record_row *row = &fu_layouts[t].records[r];
            char id[3] = {(char)(row->id >> 8), (char)row->id, '\0'};
            for (unsigned f = 2; f < 2 + row->listed; f++) {
                const char *name = fu_field_name(row, f);
                if (!telling(name))
                    continue;
                told++;
                cr_expect(fu_personal_listed(id, name), "%s %s %u %s", fu_layouts[t].key, id, f,
                          name);
            }
        }
    }
    cr_expect_gt(told, 100);
}

/* The layout's places of who the patient is are personal in every claim type. */
Test(personal, the_patient_is_personal_in_every_claim_type)
{
    for (size_t t = 0; t < FU_TYPE_COUNT; t++) {
        const fu_layout *l = &fu_layouts[t];
        const fu_record_row *re = fu_layout_record(l, FU_ID('R', 'E'));
        const unsigned places[] = {l->at.re_name,  l->at.re_kana,    l->at.re_birth,
                                   l->at.re_karte, l->at.re_kensaku, l->at.re_sex};
        const unsigned open[] = {2, l->at.re_type, l->at.re_month, l->at.re_tokki, l->at.re_kyufu};
        for (size_t i = 0; i < COUNT(places); i++)
            cr_expect(fu_personal_field("RE", fu_field_name(re, places[i])), "%s %s", l->key,
                      fu_field_name(re, places[i]));
        for (size_t i = 0; i < COUNT(open); i++)
            cr_expect_not(fu_personal_field("RE", fu_field_name(re, open[i])), "%s %s", l->key,
                          fu_field_name(re, open[i]));
    }
}

/* A row that fits no field of any claim type is a slip of the pen. */
Test(personal, every_row_is_about_a_field_that_exists)
{
    static const struct {
        const char *record, *field;
    } rows[] = {
#define FU_NOT_PERSONAL(record, field, why) {record, field},
#define FU_PERSONAL(record, field, why) {record, field},
#include "rules/personal.def"
#undef FU_PERSONAL
#undef FU_NOT_PERSONAL
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = strlen(rows[i].field), found = 0;
        bool prefix = rows[i].field[n - 1] == '*';
        for (size_t t = 0; t < FU_TYPE_COUNT; t++) {
            for (size_t r = 0; r < fu_layouts[t].n_records; r++) {
                const fu_record_row *row = &fu_layouts[t].records[r];
                char id[3] = {(char)(row->id >> 8), (char)row->id, '\0'};
                if (strcmp(rows[i].record, "*") != 0 && strcmp(rows[i].record, id) != 0)
                    continue;
                for (unsigned f = 2; f < 2 + row->listed; f++)
                    found += prefix ? strncmp(fu_field_name(row, f), rows[i].field, n - 1) == 0
                                    : strcmp(fu_field_name(row, f), rows[i].field) == 0;
            }
        }
        cr_expect_gt(found, 0, "row %zu: %s %s", i, rows[i].record, rows[i].field);
    }
}

Test(personal, fields_as_worked_out_by_hand)
{
    static const struct {
        const char *record, *field;
        bool personal;
    } rows[] = {
        {"HO", "保険者番号", false},
        {"HO", "被保険者証等の記号", true},
        {"HO", "被保険者証等の番号", true},
        {"HO", "診療実日数", false},
        {"KO", "公費負担者番号", false},
        {"KO", "公費受給者番号", true},
        {"SN", "枝番", true},
        {"SN", "確認区分", false},
        {"CO", "コメントコード", false},
        {"CO", "文字データ", true},
        {"TK", "文字データ", true},
        {"SI", "文字データ３", true},
        {"SI", "コメントコード３", false},
        {"SY", "傷病名コード", true},
        {"RE", "レセプト特記", false},
        {"RE", "保険医氏名15", true},
        {"TR", "カルテ番号等", true},
        {"IR", "電話番号", false},
        {"RE", "氏名", true},
        {"RE", "カタカナ氏名", true},
        {"TI", "生年月日", true},
        {"TI", "男女区分", true},
        {"TI", "カルテ番号等", true},
        {"RE", "調剤録番号等", true},
        {"RE", "訪問看護記録番号等", true},
        {"RE", "検索番号", true},
        {"RE", "請求情報１", true},
        {"HO", "証明書番号", true},
        {"SN", "被保険者証等の記号（資格確認）", true},
        {"SN", "被保険者証等の番号（資格確認）", true},
        {"SN", "受給者番号", true},
        {"RE", "保険医氏名１", true},
        {"RE", "麻薬免許番号", true},
        {"IH", "主治医氏名", true},
        {"SY", "修飾語コード", true},
        {"SJ", "修飾語コード", true},
        {"JS", "修飾語コード", true},
        {"HJ", "修飾語コード", true},
        {"RE", "患者の状態", true},
        {"TI", "入院年月日", true},
        {"RE", "診療開始日", true},
        {"RE", "転帰区分", true},
        {"TI", "文字データ１", true},
        {"KH", "国保連固有情報", true},
        {"TI", "予備", true},
        {"HO", "", true},
        {"ZZ", "", true},
        {"", "", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(fu_personal_field(rows[i].record, rows[i].field), rows[i].personal, "row %zu",
                     i);
}

/* ---- findings ---- */

Test(personal, every_code_says_what_of_it_may_be_shown)
{
    for (int i = 0; i < FU_CODE_COUNT; i++) {
        cr_assert_not_null(fu_shown_value_rows[i].code, "%s is not in shown-values.def",
                           fu_finding_rows[i].code);
        cr_expect_str_eq(fu_shown_value_rows[i].code, fu_finding_rows[i].code);
    }
}

Test(personal, what_stands_for_a_value_tells_nothing_about_it)
{
    cr_expect_null(fu_masked(NULL));
    cr_expect_str_eq(fu_masked(""), "");
    cr_expect_str_eq(fu_masked("試験　一郎"), "＊＊＊");
    cr_expect_str_eq(fu_masked("1"), "＊＊＊");
}
