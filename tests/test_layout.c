#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "uke/layout.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define ID(s) FU_ID((s)[0], (s)[1])

/* Where the key fields sit (uke-format.md 2.6), and how many fields there are. */
static const struct {
    fu_type type;
    const char *key, *name, *header;
    bool totals;
    fu_places at;
    unsigned re, ho, ko, co;
} TYPES[] = {
    {FU_MED,
     "ika",
     "医科",
     "IR",
     true,
     {.re_type = 3,
      .re_month = 4,
      .re_name = 5,
      .re_kana = 37,
      .re_sex = 6,
      .re_birth = 7,
      .re_kyufu = 8,
      .re_tokki = 12,
      .re_kubun = 11,
      .re_karte = 14,
      .re_kensaku = 19,
      .re_soukatsu = 0,
      .ho_points = 6,
      .ho_futan = 12,
      .ko_points = 6,
      .head_payer = 2,
      .head_table = 4,
      .head_month = 8,
      .head_volume = 9},
     38,
     15,
     12,
     5},
    {FU_DPC,
     "dpc",
     "DPC",
     "IR",
     true,
     {.re_type = 3,
      .re_month = 4,
      .re_name = 5,
      .re_kana = 29,
      .re_sex = 6,
      .re_birth = 7,
      .re_kyufu = 8,
      .re_tokki = 12,
      .re_kubun = 11,
      .re_karte = 14,
      .re_kensaku = 21,
      .re_soukatsu = 19,
      .ho_points = 6,
      .ho_futan = 12,
      .ko_points = 6,
      .head_payer = 2,
      .head_table = 4,
      .head_month = 8,
      .head_volume = 9},
     30,
     15,
     12,
     5},
    {FU_DEN,
     "shika",
     "歯科",
     "UK",
     true,
     {.re_type = 3,
      .re_month = 4,
      .re_name = 5,
      .re_kana = 26,
      .re_sex = 6,
      .re_birth = 7,
      .re_kyufu = 8,
      .re_tokki = 14,
      .re_kubun = 13,
      .re_karte = 16,
      .re_kensaku = 20,
      .re_soukatsu = 0,
      .ho_points = 6,
      .ho_futan = 11,
      .ko_points = 6,
      .head_payer = 2,
      .head_table = 4,
      .head_month = 8,
      .head_volume = 10},
     27,
     14,
     10,
     11},
    {FU_PHA,
     "chozai",
     "調剤",
     "YK",
     true,
     {.re_type = 3,
      .re_month = 4,
      .re_name = 5,
      .re_kana = 42,
      .re_sex = 6,
      .re_birth = 7,
      .re_kyufu = 8,
      .re_tokki = 9,
      .re_kubun = 41,
      .re_karte = 36,
      .re_kensaku = 38,
      .re_soukatsu = 0,
      .ho_points = 6,
      .ho_futan = 10,
      .ko_points = 6,
      .head_payer = 2,
      .head_table = 4,
      .head_month = 7,
      .head_volume = 8},
     42,
     14,
     10,
     3},
    {FU_NUR,
     "houmon",
     "訪問看護",
     "HM",
     false,
     {.re_type = 3,
      .re_month = 4,
      .re_name = 5,
      .re_kana = 6,
      .re_sex = 7,
      .re_birth = 8,
      .re_kyufu = 11,
      .re_tokki = 12,
      .re_kubun = 13,
      .re_karte = 14,
      .re_kensaku = 15,
      .re_soukatsu = 0,
      .ho_points = 6,
      .ho_futan = 9,
      .ko_points = 6,
      .head_payer = 2,
      .head_table = 4,
      .head_month = 7,
      .head_volume = 0},
     15,
     12,
     8,
     4},
};

static const fu_record_row *row_of(fu_type type, const char *id)
{
    return fu_layout_record(&fu_layouts[type], ID(id));
}

static unsigned fields_of(fu_type type, const char *id)
{
    const fu_record_row *r = row_of(type, id);
    return r ? r->n_fields : 0;
}

Test(layout, key_fields_sit_where_the_fact_sheet_has_them)
{
    cr_assert(COUNT(TYPES) == FU_TYPE_COUNT);
    for (size_t i = 0; i < COUNT(TYPES); i++) {
        const fu_layout *l = &fu_layouts[TYPES[i].type];
        cr_expect(TYPES[i].type == (fu_type)i && l->type == TYPES[i].type, "row %zu", i);
        cr_expect(memcmp(&l->at, &TYPES[i].at, sizeof l->at) == 0, "places of row %zu", i);
        cr_expect_str_eq(l->key, TYPES[i].key);
        cr_expect_str_eq(l->name, TYPES[i].name);
        cr_expect(l->header == ID(TYPES[i].header), "row %zu", i);
        cr_expect(l->go_totals == TYPES[i].totals && l->eof_mark, "row %zu", i);
        cr_expect(fields_of(TYPES[i].type, "RE") == TYPES[i].re, "RE of row %zu", i);
        cr_expect(fields_of(TYPES[i].type, "HO") == TYPES[i].ho, "HO of row %zu", i);
        cr_expect(fields_of(TYPES[i].type, "KO") == TYPES[i].ko, "KO of row %zu", i);
        cr_expect(fields_of(TYPES[i].type, "CO") == TYPES[i].co, "CO of row %zu", i);
        cr_expect(fields_of(TYPES[i].type, "SN") == 9 && fields_of(TYPES[i].type, "JD") == 33);
        cr_expect(fields_of(TYPES[i].type, "MF") == 33);
    }
}

/* Names stay next to their places: a column that moved would be seen here. */
Test(layout, key_fields_have_the_names_they_should)
{
    for (size_t i = 0; i < FU_TYPE_COUNT; i++) {
        const fu_layout *l = &fu_layouts[i];
        const fu_record_row *re = row_of((fu_type)i, "RE"), *ho = row_of((fu_type)i, "HO");
        const fu_record_row *head = fu_layout_record(l, l->header);
        cr_assert(re && ho && head, "row %zu", i);
        cr_expect_str_eq(fu_field_name(re, 2), "レセプト番号");
        cr_expect_str_eq(fu_field_name(re, l->at.re_type), "レセプト種別");
        cr_expect(strstr(fu_field_name(re, l->at.re_month), "年月") != NULL, "row %zu", i);
        cr_expect_str_eq(fu_field_name(re, l->at.re_name), "氏名");
        cr_expect_str_eq(fu_field_name(re, l->at.re_kana), "カタカナ氏名");
        cr_expect_str_eq(fu_field_name(re, l->at.re_sex), "男女区分");
        cr_expect_str_eq(fu_field_name(re, l->at.re_birth), "生年月日");
        cr_expect_str_eq(fu_field_name(re, l->at.re_kyufu), "給付割合");
        cr_expect(strstr(fu_field_name(re, l->at.re_tokki), "特記") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(re, l->at.re_kubun), "一部負担金") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(re, l->at.re_karte), "番号等") != NULL, "row %zu", i);
        cr_expect_str_eq(fu_field_name(re, l->at.re_kensaku), "検索番号");
        cr_expect_str_eq(fu_field_name(ho, 2), "保険者番号");
        cr_expect(strstr(fu_field_name(ho, 3), "記号") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(ho, 4), "番号") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(ho, l->at.ho_points), "合計") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(ho, l->at.ho_futan), "負担金") != NULL, "row %zu", i);
        cr_expect(strstr(fu_field_name(row_of((fu_type)i, "KO"), l->at.ko_points), "合計") != NULL);
        cr_expect_str_eq(fu_field_name(row_of((fu_type)i, "SN"), 7), "枝番");
        cr_expect_str_eq(fu_field_name(head, l->at.head_payer), "審査支払機関");
        cr_expect_str_eq(fu_field_name(head, l->at.head_table), "点数表");
        cr_expect_str_eq(fu_field_name(head, l->at.head_month), "請求年月");
        if (l->at.head_volume)
            cr_expect_str_eq(fu_field_name(head, l->at.head_volume), "マルチボリューム識別情報");
    }
    cr_expect_str_eq(fu_field_name(row_of(FU_DPC, "RE"), 19), "レセプト総括区分");
}

Test(layout, tables_are_total_and_sane)
{
    for (size_t i = 0; i < FU_TYPE_COUNT; i++) {
        const fu_layout *l = &fu_layouts[i];
        cr_assert(l->n_records > 0 && l->records != NULL, "row %zu", i);
        for (size_t k = 0; k < l->n_records; k++) {
            const fu_record_row *r = &l->records[k];
            cr_expect(*r->name != '\0', "%zu %zu", i, k);
            cr_expect(r->id > FU_ID('A', 'A') && r->id <= FU_ID('Z', 'Z'), "%zu %zu", i, k);
            cr_expect(r->stage >= FU_ST_FILE && r->stage <= FU_ST_ANY, "%zu %zu", i, k);
            cr_expect(r->listed > 0 && r->fields != NULL, "%zu %zu", i, k);
            cr_expect(r->n_fields == 0 || r->listed + 1 <= r->n_fields || r->n_fields == 1,
                      "%s %s lists more than it has", l->key, r->name);
            cr_expect(fu_layout_record(l, r->id) == r, "%s has %s twice", l->key, r->name);
            for (size_t n = 0; n < r->listed; n++) {
                cr_expect(r->fields[n].name != NULL && r->fields[n].mode <= FU_MODE_AK);
                cr_expect(r->fields[n].min <= r->fields[n].max, "%s %s %zu", l->key, r->name, n);
            }
        }
    }
}

Test(layout, records_of_every_type_are_those_of_the_specification)
{
    static const char *const ids[] = {
        "IR RE HO KO KH SN JD MF GR SY SI IY TO CO SJ TI TR TS GO HI HG HR RC",
        ("IR RE HO KO KH SN JD MF BU SB KK SK GA HH GT GR SY SI IY TO CO SJ TI TR TS CD GO HI HG "
         "HR RC"),
        "UK IR RE HO KO KH SN JD MF HS SS SI IY TO CO SJ GO HI HG HR RC",
        "YK RE HO KO KH SN JD MF SH CZ IY TO CO TK KI ST GO HI HG HR RC",
        "HM RE HO KO SN JD MF GI IH HJ JS SY RJ TJ TZ KS CO KA GO HH HG HR RC",
    };
    for (size_t i = 0; i < FU_TYPE_COUNT; i++) {
        cr_expect(fu_layouts[i].n_records == (strlen(ids[i]) + 1) / 3, "row %zu", i);
        for (const char *p = ids[i]; *p; p += p[2] ? 3 : 2)
            cr_expect(row_of((fu_type)i, p) != NULL, "row %zu has no %.2s", i, p);
    }
}

Test(layout, stages_follow_the_record_order)
{
    static const struct {
        const char *ids;
        fu_stage stage;
    } rows[] = {
        {"IR UK YK HM GO HI HG", FU_ST_FILE},
        {"RE", FU_ST_CLAIM},
        {"HO", FU_ST_HOKEN},
        {"KO", FU_ST_KOHI},
        {"KH SN JD MF", FU_ST_HEAD},
        {"HR RC", FU_ST_ANY},
        {"GR SY SI IY TO CO SJ TI TR TS BU SB KK SK GA GT CD HS SS SH CZ TK KI ST GI IH HJ JS RJ "
         "TJ "
         "TZ KS KA",
         FU_ST_BODY},
    };
    for (size_t i = 0; i < FU_TYPE_COUNT; i++)
        for (size_t k = 0; k < COUNT(rows); k++)
            for (const char *p = rows[k].ids; *p; p += p[2] ? 3 : 2) {
                const fu_record_row *r = row_of((fu_type)i, p);
                cr_expect(!r || r->stage == rows[k].stage, "row %zu, %.2s", i, p);
            }
    cr_expect(row_of(FU_DPC, "HH")->stage == FU_ST_BODY);
    cr_expect(row_of(FU_NUR, "HH")->stage == FU_ST_FILE);
}

/* ---- modes and lengths, written as in uke-format.md 2 ----
 * N 数字, A 英数, K 漢字, M 英数又は漢字, ? any; the number is the maximum, "-" and the least
 * length behind it where there is one. */
static void show_fields(fu_buf *b, const fu_record_row *r)
{
    for (size_t n = 0; n < r->listed; n++) {
        const fu_field_row *f = &r->fields[n];
        fu_buf_fmt(b, "%s%c%u", n ? " " : "", "?NAKM"[f->mode], f -> max);
        if (f->min)
            fu_buf_fmt(b, "-%u", f->min);
    }
}

#define DAYS(f) f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f f
static const struct {
    fu_type type;
    const char *id, *fields;
} FIELDS[] = {
    {FU_MED, "IR", "N1-1 N2-2 N1-1 N7-7 ?2 K40 N6-5 N2-2 A15"},
    {FU_MED, "RE",
     "N6 N4-4 N6-5 M40 N1-1 N8-7 N3 N8-7 A8 N1 A10 N4 A20 N2 ?1 ?1 ?2 N30 ?5 M40 N2 N3 N3 N3 N3 N2 "
     "N3 N3 N3 N3 N2 N3 N3 N3 N3 K80 N60"},
    {FU_MED, "HO", "A8 M40 M40 N2 N8 ?5 N2 N8 N1 N3 N9 N1 N3 N6"},
    {FU_MED, "KO", "A8 N7 N1 N2 N8 N8 N6 N6 ?5 N2 N8"},
    {FU_MED, "KH", "M100"},
    {FU_MED, "SN", "N1-1 N2-2 A8 M40 M40 A2 N7 ?1"},
    {FU_MED, "JD", "N1-1" DAYS(" N1")},
    {FU_MED, "MF", "N2-2" DAYS(" N9")},
    {FU_MED, "GR", "N2-2 A14"},
    {FU_MED, "SY", "N7-7 N8-7 N1-1 A80 K40 N2 K40"},
    {FU_MED, "SI", "N2 A1-1 N9-9 N8 N7 N3 N9 K100 N9 K100 N9 K100" DAYS(" N3")},
    {FU_MED, "IY", "N2 A1-1 N9-9 N11 N7 N3 N9 K100 N9 K100 N9 K100" DAYS(" N3")},
    {FU_MED, "TO", "N2 A1-1 N9-9 N9 N7 N3 N3 N11 ?40 K300 N9 K100 N9 K100 N9 K100" DAYS(" N3")},
    {FU_MED, "CO", "N2 A1-1 N9-9 K76"},
    {FU_MED, "SJ", "N2 K2400"},
    {FU_MED, "TI", "N1-1 N1-1 N2 N1 N7 ?2 K40 K80 A15"},
    {FU_MED, "TS", "N2 N8 N2 N8"},
    {FU_MED, "GO", "N6 N10 N2-2"},
    {FU_DEN, "UK", "N1-1 N2-2 N1-1 N7-7 ?2 K40 N6-5 A40 N2-2"},
    {FU_DEN, "IR", "N1-1 N2-2 N1-1 N7-7 ?2 N6-5 A15 A40"},
    {FU_DEN, "RE",
     "N6 N4-4 N6-5 M40 N1-1 N8-7 N3 N8-7 N8-7 N1 A8 N1 A10 ?4 A20 N2 ?2 N2 N30 ?5 M40 ?2 ?3 ?3 K80 "
     "N60"},
    {FU_DEN, "HO", "A8 M40 M40 N2 N8 N2 N8 N1 N3 N9 N1 N3 N6"},
    {FU_DEN, "KO", "A8 N7 N1 N2 N8 N8 N6 N2 N8"},
    {FU_DEN, "CO", "N2 A1-1 N9-9 K400 A384 ?1 ?2 ?3 ?7 ?7"},
    {FU_PHA, "HO", "A8 M40 M40 N2 N8 ?0 N1 N3 N9 ?0 N1 N3 N6"},
    {FU_PHA, "KO", "A8 N7 N1 N2 N8 ?0 N8 ?0 N6"},
    {FU_PHA, "TK", "N9-9 K0"},
    {FU_PHA, "CO", "N9-9 K0"},
    {FU_NUR, "HM", "N1-1 N2-2 N1-1 N7-7 K40 N6-5 A15"},
    {FU_NUR, "RE", "N6 N4-4 N6-5 M40 K80 N1-1 N8-7 ?2 ?8 N3 A10 N1 A20 N30"},
    {FU_NUR, "HO", "A8 M40 M40 N2 N8 N1 N3 N8 N1 N3 N6"},
    {FU_NUR, "KO", "A8 N7 N1 N2 N8 N8 N6"},
    {FU_NUR, "IH", "N2-2 A1-1 N7-7 K40 M40 N8"},
    {FU_NUR, "HJ", "N2-2 N8-8 N8-8"},
    {FU_NUR, "JS", "K2400 A10 A300 N2 N8"},
    {FU_NUR, "SY", "N7-7 A80 K40 K40"},
    {FU_NUR, "TZ", "N2-2 N9 K400"},
    {FU_NUR, "CO", "N9-9 K400 ?2"},
    {FU_NUR, "KA", "N8-8 A1-1 N9-9 N8 N6 A20 N2 N2"},
};

Test(layout, modes_and_lengths_are_those_of_the_specification)
{
    for (size_t i = 0; i < COUNT(FIELDS); i++) {
        const fu_record_row *r = row_of(FIELDS[i].type, FIELDS[i].id);
        fu_buf b;
        cr_assert(r != NULL, "row %zu", i);
        fu_buf_init(&b, &fu_mem_libc, 4096);
        show_fields(&b, r);
        cr_expect_str_eq(fu_buf_cstr(&b), FIELDS[i].fields, "%s of type %d:\n%s", FIELDS[i].id,
                         (int)FIELDS[i].type, fu_buf_cstr(&b));
        fu_buf_free(&b);
    }
}

/* Records that all types but 訪問看護 share, and what DPC has of 医科. */
Test(layout, shared_records_are_the_same_in_every_type)
{
    static const char *const common = "SN JD MF GO HG HR RC HI";
    static const char *const dpc = "IR HO KO KH GR SY SI IY TO CO SJ TI TR TS";
    for (size_t i = 1; i < FU_TYPE_COUNT; i++)
        for (const char *p = i == FU_DPC ? dpc : common; *p; p += p[2] ? 3 : 2) {
            const fu_record_row *a = row_of(FU_MED, p), *b = row_of((fu_type)i, p);
            if (i == FU_NUR && (strncmp(p, "GO", 2) == 0 || p[0] == 'H'))
                continue;
            cr_assert(a && b, "%zu %.2s", i, p);
            cr_expect(a->n_fields == b->n_fields && a->listed == b->listed, "%zu %.2s", i, p);
            cr_expect(a->stage == b->stage, "%zu %.2s", i, p);
            for (size_t n = 0; n < a->listed; n++)
                cr_expect(strcmp(a->fields[n].name, b->fields[n].name) == 0 &&
                              a->fields[n].max == b->fields[n].max &&
                              a->fields[n].mode == b->fields[n].mode &&
                              a->fields[n].min == b->fields[n].min,
                          "%zu %.2s %zu", i, p, n + 2);
        }
}

Test(layout, where_every_field_is_known_all_are_listed)
{
    static const fu_type types[] = {FU_MED, FU_NUR};
    for (size_t i = 0; i < COUNT(types); i++) {
        const fu_layout *l = &fu_layouts[types[i]];
        for (size_t k = 0; k < l->n_records; k++)
            cr_expect(l->records[k].n_fields <= 1 ||
                          l->records[k].listed + 1 == l->records[k].n_fields,
                      "%s of %s", l->records[k].name, l->key);
    }
}

Test(layout, records_are_found_by_their_name)
{
    const fu_layout *l = &fu_layouts[FU_MED];
    cr_expect_str_eq(fu_layout_record(l, FU_ID('R', 'E'))->name, "レセプト共通レコード");
    cr_expect_str_eq(fu_layout_record(l, FU_ID('G', 'O'))->name, "診療報酬請求書レコード");
    cr_expect(fu_layout_record(l, FU_ID('E', 'R')) == NULL);
    cr_expect(fu_layout_record(l, 0) == NULL);
    cr_expect(fu_layout_record(l, FU_ID('T', 'K')) == NULL, "調剤 only");
    cr_expect(FU_ID('R', 'E') == 0x5245 && FU_ID(0xFF, 0xFF) == 0xFFFF);
}

Test(layout, field_names_end_where_the_list_ends)
{
    const fu_record_row *re = row_of(FU_MED, "RE"), *ss = row_of(FU_DEN, "SS");
    cr_expect_str_eq(fu_field_name(re, 0), "");
    cr_expect_str_eq(fu_field_name(re, 1), "");
    cr_expect_str_eq(fu_field_name(re, 2), "レセプト番号");
    cr_expect_str_eq(fu_field_name(re, 38), "患者の状態");
    cr_expect_str_eq(fu_field_name(re, 39), "");
    cr_expect_str_eq(fu_field_name(re, UINT32_MAX), "");
    cr_expect_str_eq(fu_field_name(ss, 4), "診療行為コード");
    cr_expect_str_eq(fu_field_name(ss, 5), "", "109 fields, three listed");
    cr_expect_str_eq(fu_field_name(NULL, 2), "");
}

Test(layout, return_records_are_four)
{
    static const char yes[] = "HI HG HR RC", no[] = "IR GO HH HO RE CO UK YK HM RR";
    for (const char *p = yes; *p; p += p[2] ? 3 : 2)
        cr_expect(fu_is_return_record(ID(p)), "%.2s", p);
    for (const char *p = no; *p; p += p[2] ? 3 : 2)
        cr_expect(!fu_is_return_record(ID(p)), "%.2s", p);
    cr_expect(!fu_is_return_record(0));
}
