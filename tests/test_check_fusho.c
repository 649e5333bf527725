#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define SEVENS "77777777,,777777777"
#define SEVENS_KOUKI "77777777,,77777777"

/* The whole set of a type; the records of an ordinary claim behind it. */
#define SET_MED                                                                                     \
    "CO,01,1,820000246\nCO,01,1,830000501,ミホンハナコ\nCO,01,1,830000502,健保\n"           \
    "CO,01,1,830000503,見本組合\nCO,01,1,830000504,見本商事\nCO,01,1,830000505,見本町\n" \
    "CO,01,1,830000507,１\nCO,01,1,830000508,令和８年１０月２８日"
#define SET_DEN                                                                                     \
    "CO,99,1,820000246\nCO,99,1,830000501,ミホンハナコ\nCO,99,1,830000502,健保\n"           \
    "CO,99,1,830000503,見本組合\nCO,99,1,830000504,見本商事\nCO,99,1,830000505,見本町\n" \
    "CO,99,1,830000507,１\nCO,99,1,830000508,令和８年１０月２８日"
#define SET(r)                                                                    \
    r ",820000246\n" r ",830000501,ミホンハナコ\n" r ",830000502,健保\n" r        \
      ",830000503,見本組合\n" r ",830000504,見本商事\n" r ",830000505,見本町\n" r \
      ",830000507,１\n" r ",830000508,令和８年１０月２８日"
#define SI "\nSI,11,1,111000110"
#define ALL_ITEMS "U307 U307 U307 U307 U307 U307 U307"

static const char *const BODIES[FU_TYPE_COUNT] = {
    [FU_MED] = SET_MED SI,       [FU_DPC] = "BU\n" SET_MED SI,         [FU_DEN] = "SS,11\n" SET_DEN,
    [FU_PHA] = "SH\n" SET("TK"), [FU_NUR] = SET("CO") "\nKA,20261003",
};

typedef struct row {
    tst_spec s;
    const char *codes;
} row;

static void run(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        fu_policy p = fu_policy_default(20261109);
        fu_check_fusho(&t->out, &t->c, &t->f, &t->header, &p);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes_with_items(t));
        for (size_t k = 0; k < t->out.n; k++)
            cr_expect_eq(t->out.v[k].claim, 1, "row %zu", i);
        tst_claim_free(t);
    }
}

/* The only finding of a claim with the body given (NULL: the standard one of the set). */
static void expect_one(const tst_spec *s, fu_code code, const char *record, unsigned field,
                       const char *found, const char *item)
{
    tst_claim *t = tst_claim_new(s);
    fu_policy p = fu_policy_default(20261109);
    const fu_finding *f;
    fu_check_fusho(&t->out, &t->c, &t->f, &t->header, &p);
    f = tst_only(&t->out, code);
    cr_assert_not_null(f, "%s: %s", fu_finding_rows[code].code, tst_codes(t));
    cr_expect_str_eq(f->record, record);
    cr_expect_eq(f->field, field, "%s", fu_finding_rows[code].code);
    cr_expect(tst_same(f->found, found), "%s: %s", fu_finding_rows[code].code,
              f->found ? f->found : "-");
    cr_expect(tst_same(f->item, item), "%s: %s", fu_finding_rows[code].code,
              f->item ? f->item : "-");
    tst_claim_free(t);
}

Test(check_fusho, ordinary_and_sound_claims_have_no_findings)
{
    for (int type = 0; type < FU_TYPE_COUNT; type++) {
        const char *in = type == FU_DPC ? "U317" : "";
        const row rows[] = {
            {{.type = (fu_type)type}, ""},
            {{.type = (fu_type)type, .ho = SEVENS, .body = BODIES[type]}, in},
            {{.type = (fu_type)type, .ho = "77777777,,７７７７７７７７７", .body = BODIES[type]},
             in},
        };
        run(rows, ROWS(rows));
    }
    {
        static const row rows[] = {
            {{.body = "CO,01,1,820000245" SI}, ""},
            {{.ho = ""}, ""},
        };
        run(rows, ROWS(rows));
    }
}

Test(check_fusho, fixed_comments_take_no_text)
{
    static const row rows[] = {
        {{.body = "CO,01,1,820000245,旧資格情報" SI}, "U318"},
        {{.body = "CO,01,1,820000245," SI}, ""},
        /* other codes of pattern 20 are not ours to judge, nor is text where it belongs */
        {{.body = "CO,01,1,820181220,右" SI}, ""},
        {{.body = "CO,01,1,810000001,右" SI}, ""},
    };
    run(rows, ROWS(rows));
}

/* ---- numbers ---- */

Test(check_fusho, numbers_of_a_fusho_claim)
{
    static const row rows[] = {
        /* U301 */
        {{.ho = "7777777,,777777777", .body = SET_MED SI}, "U301"},
        {{.ho = "777777777,,777777777", .body = SET_MED SI}, "U301"},
        {{.ho = "７７７７７７７７,,777777777", .body = SET_MED SI}, "U301"},
        {{.ho = "77777778,,777777777", .body = SET_MED SI}, "U304 U309"},
        /* U302 */
        {{.ho = "77777777,１,777777777", .body = SET_MED SI}, "U302"},
        {{.ho = "77777777,1,777777777", .body = SET_MED SI}, "U302"},
        /* U303 */
        {{.ho = "77777777,,77777777", .body = SET_MED SI}, "U303"},
        {{.ho = "77777777,,7777777777", .body = SET_MED SI}, "U303"},
        {{.ho = SEVENS, .kind = "1310", .payer = "2", .tokki = "26", .body = SET_MED SI},
         "U303 U315"},
        /* U304 */
        {{.ho = "77777777,,12345", .body = SET_MED SI}, "U303 U304"},
        {{.ho = "77777777,,", .body = SET_MED SI}, "U303 U304"},
        {{.ho = "01139906,１,777777777"}, "U304"},
        {{.ho = "01139906,１,７７７７７７７７７"}, "U304"},
        {{.ho = "01139906,１,77777777"}, ""}, /* eight: may be a real one */
        {{.ho = "39139993,,77777777", .kind = "1310", .payer = "2"}, "U304"},
        {{.ho = "39139993,,777777777", .kind = "1310", .payer = "2"}, "U304"},
        {{.ho = "39139993,,7777777", .kind = "1310", .payer = "2"}, ""},
        /* U312 */
        {{.ho = "77777779,,777777777", .body = SET_MED SI}, "U312"},
        {{.type = FU_PHA, .ho = "77777777,１,77777777", .body = "SH\n" SET("TK")}, "U302 U303"},
        {{.type = FU_NUR, .ho = "77777777,１,77777777", .body = SET("CO")}, "U302 U303"},
        {{.type = FU_DEN, .ho = "77777777,１,77777777", .body = SET_DEN}, "U302 U303"},
        {{.type = FU_DPC, .ho = "77777777,１,77777777", .body = "BU\n" SET_MED SI},
         "U302 U303 U317"},
    };
    run(rows, ROWS(rows));
}

Test(check_fusho, numbers_are_shown)
{
    expect_one(&(tst_spec){.ho = "7777777,,777777777", .body = SET_MED SI}, FU_U301, "HO", 2,
               "7777777", NULL);
    expect_one(&(tst_spec){.ho = "77777777,１,777777777", .body = SET_MED SI}, FU_U302, "HO", 3,
               "１", NULL);
    expect_one(&(tst_spec){.ho = "77777777,,777", .body = SET_MED SI}, FU_U303, "HO", 4, "777",
               NULL);
    expect_one(&(tst_spec){.ho = "77777777,,123", .body = SET_MED SI}, FU_U304, "HO", 4, "123",
               NULL);
    expect_one(&(tst_spec){.ho = "01139906,,777777777"}, FU_U304, "HO", 2, "01139906", NULL);
    expect_one(&(tst_spec){.ho = "77777779,,777777777", .body = SET_MED SI}, FU_U312, "HO", 2,
               "77777779", NULL);
}

Test(check_fusho, what_is_wanted_depends_on_the_scheme)
{
    static const struct {
        tst_spec s;
        fu_code code;
        const char *want;
    } rows[] = {
        {{.ho = "7777777,,777777777"}, FU_U301, "77777777"},
        {{.ho = "77777777,,1"}, FU_U303, "777777777"},
        {{.ho = "77777777,,1", .kind = "1310"}, FU_U303, "77777777"},
        {{.ho = "77777777,,1", .kind = "1310"}, FU_U304, "77777777"},
        {{.ho = "01139906,,777777777"}, FU_U304, "77777777"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        const fu_finding *f;
        tst_check(t, NULL);
        f = tst_only(&t->out, rows[i].code);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->want, rows[i].want, "row %zu", i);
        tst_claim_free(t);
    }
}

/* ---- U305, U306 ---- */

Test(check_fusho, fusho_must_be_said_at_the_head)
{
    static const row rows[] = {
        {{.ho = SEVENS}, "U305 " ALL_ITEMS},
        {{.ho = SEVENS, .body = "SY\nSI,11,1,111000110\n" SET_MED}, "U306"},
        {{.ho = SEVENS, .body = "CO,01,1,810000001,あ\n" SET_MED SI}, "U306"},
        {{.ho = SEVENS, .body = "SI,11,1,111000110,,,,820000246"}, "U306 " ALL_ITEMS},
        /* behind the other comments of ours */
        {{.ho = SEVENS, .body = "CO,01,1,830000507,１\n" SET_MED SI}, "U306"},
        /* 先進 must stand first too */
        {{.ho = SEVENS, .tokki = "13", .body = "CO,01,1,810000001,先進\n" SET_MED SI}, ""},
        {{.ho = SEVENS, .tokki = "13", .body = "CO,70,1,810000001,先進\n" SET_MED SI}, "U306"},
        {{.ho = SEVENS, .tokki = "13", .body = "SI,11\nCO,01,1,810000001,先進\n" SET_MED}, "U306"},
        {{.ho = SEVENS, .tokki = "14", .body = "CO,01,1,810000001,先進\n" SET_MED SI}, "U306"},
        /* 歯科: the first CO of 99 */
        {{.type = FU_DEN, .ho = SEVENS, .body = "SS,11\nCO,11,1,810000001,あ\n" SET_DEN}, ""},
        {{.type = FU_DEN, .ho = SEVENS, .body = "SS,11\nCO,99,1,810000001,あ\n" SET_DEN}, "U306"},
        {{.type = FU_DEN,
          .ho = SEVENS,
          .tokki = "13",
          .body = "SS,11\nCO,99,1,810000001,あ\n" SET_DEN},
         ""},
        {{.type = FU_DEN, .ho = SEVENS}, "U305 " ALL_ITEMS},
        /* 調剤: the first TK; CO is another place */
        {{.type = FU_PHA, .ho = SEVENS, .body = "SH\nCO,810000001,あ\n" SET("TK")}, ""},
        {{.type = FU_PHA, .ho = SEVENS, .body = "SH\nTK,810000001,あ\n" SET("TK")}, "U306"},
        {{.type = FU_PHA, .ho = SEVENS, .body = "SH\n" SET("CO")}, "U306"},
        {{.type = FU_PHA, .ho = SEVENS}, "U305 " ALL_ITEMS},
        /* 訪問看護 */
        {{.type = FU_NUR, .ho = SEVENS, .body = "CO,810000001,あ\n" SET("CO") "\nKA"}, "U306"},
        {{.type = FU_NUR, .ho = SEVENS, .body = "TZ,10,810000001,あ\n" SET("CO") "\nKA"}, ""},
        {{.type = FU_NUR, .ho = SEVENS}, "U305 " ALL_ITEMS},
        /* DPC; in a bundle the comments stand in its head */
        {{.type = FU_DPC, .ho = SEVENS}, "U305 " ALL_ITEMS " U317"},
        {{.type = FU_DPC, .ho = SEVENS, .soukatsu = "1", .body = SET_MED "\nSJ"}, "U317"},
        {{.type = FU_DPC, .ho = SEVENS, .soukatsu = "1", .body = "SJ"}, "U305 " ALL_ITEMS " U317"},
        {{.type = FU_DPC, .ho = SEVENS, .soukatsu = "2"}, "U317"},
        {{.type = FU_DPC, .ho = SEVENS, .soukatsu = "3"}, "U317"},
        /* not the history's */
        {{.ho = SEVENS, .body = "SI,11\n8,1,0,CO,01,1,820000246,"}, "U305 " ALL_ITEMS},
    };
    run(rows, ROWS(rows));
}

Test(check_fusho, place_of_u305_and_u306)
{
    expect_one(&(tst_spec){.ho = SEVENS}, FU_U305, "RE", 0, NULL, NULL);
    expect_one(&(tst_spec){.ho = SEVENS, .body = "CO,01,1,810000001,あ\n" SET_MED SI}, FU_U306,
               "CO", 0, NULL, NULL);
    expect_one(&(tst_spec){.ho = SEVENS, .body = "SI,11,1,111000110,,,,820000246"}, FU_U306, "RE",
               0, NULL, NULL);
}

/* ---- U307 ---- */

Test(check_fusho, items_that_must_be_there)
{
    static const struct {
        const char *code, *item;
    } rows[] = {
        {"830000501", "カナ氏名"},       {"830000502", "保険種別"},
        {"830000503", "保険者等名称"},   {"830000504", "事業所名"},
        {"830000505", "住所１"},         {"830000506", NULL},
        {"830000507", "連絡先電話番号"}, {"830000508", "患者への連絡を行った日付"},
    };
    for (size_t skip = 0; skip < ROWS(rows); skip++)
        for (int emptied = 0; emptied < 2; emptied++) {
            char body[1024] = "CO,01,1,820000246", want[64] = "";
            tst_spec s = {.ho = SEVENS, .body = body};
            tst_claim *t;
            for (size_t i = 0; i < ROWS(rows); i++) {
                const char *text = strcmp(rows[i].code, "830000502") == 0 ? "健保"
                                   : strcmp(rows[i].code, "830000508") == 0 ? "令和８年１０月２８日"
                                                                            : "あ";
                if (i == skip && !emptied)
                    continue;
                snprintf(body + strlen(body), sizeof body - strlen(body), "\nCO,01,1,%s,%s",
                         rows[i].code, i == skip ? "" : text);
            }
            strcat(body, SI);
            t = tst_claim_new(&s);
            tst_check(t, NULL);
            if (rows[skip].item)
                snprintf(want, sizeof want, "U307=%s", rows[skip].item);
            cr_expect_str_eq(tst_codes_with_items(t), want, "row %zu", skip);
            tst_claim_free(t);
        }
}

Test(check_fusho, workplace_is_not_asked_of_kouki)
{
    static const char body[] = "CO,01,1,820000246\nCO,01,1,830000501,ア\nCO,01,1,830000502,後期\n"
                               "CO,01,1,830000503,あ\nCO,01,1,830000505,あ\nCO,01,1,830000507,１\n"
                               "CO,01,1,830000508,令和８年１０月２８日" SI;
    static const row rows[] = {
        {{.ho = SEVENS_KOUKI, .kind = "1310", .payer = "2", .body = body}, ""},
        {{.ho = SEVENS, .payer = "2", .body = body}, "U307"},
    };
    run(rows, ROWS(rows));
}

/* ---- U308 ---- */

Test(check_fusho, free_text_where_a_code_exists)
{
    static const row rows[] = {
        {{.ho = SEVENS, .body = "CO,01,1,810000001,不詳　カナ氏名ミホン" SI}, "U308"},
        {{.ho = SEVENS, .body = "CO,01,1,810000001,不詳\nCO,01,1,810000001,ミホン" SI}, "U308"},
        {{.ho = SEVENS, .body = "CO,01,1,810000001,保険者番号等不詳" SI}, "U308"},
        /* the word alone: no item can be in free text */
        {{.ho = SEVENS, .body = "CO,01,1,810000001,【不詳】" SI},
         "U307 U307 U307 U307 U307 U307 U307 U308"},
        {{.ho = SEVENS, .body = "CO,01,1,810000001,原因不詳" SI},
         "U305 U307 U307 U307 U307 U307 U307 U307"},
        {{.body = "CO,01,1,810000001,旧資格情報" SI}, "U308"},
        {{.body = "CO,01,1,810000001,不詳" SI}, "U308"},
        {{.body = "CO,01,1,810000001,原因不詳の発熱" SI}, ""},
        {{.body = "CO,01,1,810000002,不詳" SI}, ""},
        /* items of the declaration written out on a 不詳 claim */
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,810000001,カナ氏名　ミホン" SI}, "U308"},
        {{.ho = SEVENS,
          .body = SET_MED "\nCO,01,1,810000001,被保険者資格申立書（保険種別）；健保" SI},
         "U308"},
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,810000001,被保険者資格申立書あり" SI}, ""},
        {{.ho = SEVENS,
          .body = SET_MED "\nCO,01,1,810000001,事業所名あ\nCO,01,1,810000001,住所１あ" SI},
         "U308"},
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,810000001,患者の住所１" SI}, ""},
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,810000002,カナ氏名" SI}, ""},
        {{.body = "CO,01,1,810000001,カナ氏名" SI}, ""},
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,810000001,不詳" SI}, "U308"},
        {{.type = FU_DEN, .ho = SEVENS, .body = "SS,11\nCO,99,1,810000001,不詳、見本町"}, "U308"},
        {{.type = FU_PHA, .ho = SEVENS, .body = "SH\nTK,810000001,不詳、見本町"}, "U308"},
        {{.type = FU_NUR, .ho = SEVENS, .body = "CO,810000001,不詳、見本町\nKA"}, "U308"},
        {{.type = FU_DPC, .ho = SEVENS, .body = "BU\nCO,01,1,810000001,不詳、見本町" SI},
         "U308 U317"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.type = FU_NUR, .ho = SEVENS, .body = "CO,810000001,不詳、見本町\nKA"},
               FU_U308, "CO", 3, "不詳、見本町", NULL);
    expect_one(&(tst_spec){.body = "CO,01,1,810000001,旧資格" SI}, FU_U308, "CO", 5, "旧資格",
               NULL);
}

/* ---- U309, U310, U311, U313, U314 ---- */

Test(check_fusho, comments_and_numbers_that_contradict)
{
    static const row rows[] = {
        {{.body = SET_MED SI}, "U309"},
        {{.body = "SI,11,1,111000110,,,,820000246"}, "U306 " ALL_ITEMS " U309"},
        {{.ho = SEVENS, .body = SET_MED "\nCO,01,1,820000245" SI}, "U309"},
        {{.ho = SEVENS, .body = "CO,01,1,820000245" SI}, "U305 " ALL_ITEMS " U309"},
        {{.body = "CO,01,1,820000246\nCO,01,1,820000245" SI}, ALL_ITEMS " U309"},
        {{.ho = "7777777,,777777777", .body = SET_MED SI}, "U301"},
        {{.type = FU_PHA, .body = "SH\n" SET("TK")}, "U309"},
        {{.type = FU_NUR, .body = SET("CO") "\nKA"}, "U309"},
        {{.type = FU_DEN, .body = "SS,11\n" SET_DEN}, "U309"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.body = SET_MED SI}, FU_U309, "CO", 0, "不詳のコメントだけ", NULL);
    expect_one(&(tst_spec){.ho = SEVENS, .body = "CO,01,1,820000245" SI}, FU_U309, "CO", 0,
               "旧資格情報と7を並べた保険者番号", NULL);
    expect_one(&(tst_spec){.ho = SEVENS, .body = SET_MED "\nCO,01,1,820000245" SI}, FU_U309, "CO",
               0, "旧資格情報と不詳", NULL);
    expect_one(&(tst_spec){.body = "SI,11,1,111000110,,,,820000246"}, FU_U309, "RE", 0,
               "不詳のコメントだけ", NULL);
}

Test(check_fusho, sevens_and_the_disaster_scheme)
{
    static const row rows[] = {
        {{.ho = SEVENS, .tokki = "96", .body = SET_MED SI}, "U310"},
        {{.ho = SEVENS, .tokki = "97", .body = SET_MED SI}, "U310"},
        {{.tokki = "96"}, ""},
        {{.ho = "99999999,,999999999"}, ""},
        {{.ho = "77777777,,999999999", .body = SET_MED SI}, "U303 U304 U310"},
        {{.ho = "77777777,,９９９９９９９９９", .body = SET_MED SI}, "U303 U304 U310"},
        {{.ho = "77777777,,9999999", .body = SET_MED SI}, "U303 U304"},
        {{.ho = "77777777,,99999998", .body = SET_MED SI}, "U303 U304"},
        {{.ho = "99999999,,777777777"}, "U304 U310"},
        {{.ho = "99999999,,7777777"}, ""},
        {{.ho = "99999999,,77777777", .kind = "1310", .payer = "2"}, "U304 U310"},
        {{.type = FU_PHA, .ho = SEVENS, .tokki = "96", .body = "SH\n" SET("TK")}, "U310"},
        {{.type = FU_NUR, .ho = SEVENS, .tokki = "96", .body = SET("CO") "\nKA"}, "U310"},
        {{.type = FU_DEN, .ho = SEVENS, .tokki = "96", .body = SET_DEN}, "U310"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.ho = SEVENS, .tokki = "0296", .body = SET_MED SI}, FU_U310, "RE", 12,
               "0296", NULL);
    expect_one(&(tst_spec){.ho = "77777777,,999999999", .body = SET_MED SI}, FU_U310, "HO", 4,
               "999999999", NULL);
    expect_one(&(tst_spec){.ho = "99999999,,777777777"}, FU_U310, "HO", 2, "99999999", NULL);
}

Test(check_fusho, branch_without_a_number)
{
    static const row rows[] = {
        {{.ho = SEVENS, .head = "SN,1,01,,,,00", .body = SET_MED SI}, "U311"},
        {{.ho = SEVENS, .head = "SN,1,01,,,,3", .body = SET_MED SI}, "U311"},
        {{.ho = SEVENS, .head = "SN,1,01", .body = SET_MED SI}, ""},
        {{.ho = SEVENS, .head = "SN,2,01,,,,00", .body = SET_MED SI}, ""},
        {{.head = "SN,1,01,,,,00"}, ""},
        {{.type = FU_DEN, .ho = SEVENS, .head = "SN,1,01,,,,00", .body = SET_DEN}, "U311"},
        {{.type = FU_PHA, .ho = SEVENS, .head = "SN,1,01,,,,00", .body = "SH\n" SET("TK")}, "U311"},
        {{.type = FU_NUR, .ho = SEVENS, .head = "SN,1,01,,,,00", .body = SET("CO")}, "U311"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.ho = SEVENS, .head = "SN,1,01,,,,03", .body = SET_MED SI}, FU_U311,
               "SN", 7, "03", NULL);
}

Test(check_fusho, months_before_it_existed)
{
    static const row rows[] = {
        {{.claimed = "202308", .month = "202307", .ho = SEVENS, .body = SET_MED SI}, "U313"},
        {{.claimed = "202309", .month = "202308", .ho = SEVENS, .body = SET_MED SI}, ""},
        {{.claimed = "202307", .month = "202306", .ho = SEVENS, .body = SET_MED SI}, "U313"},
        {{.claimed = "202308", .month = "202307", .body = SET_MED SI}, "U309 U313"},
        /* the codes exist a month longer than 不詳 */
        {{.claimed = "202307", .month = "202306", .body = "CO,01,1,820000245" SI}, "U313"},
        {{.claimed = "202308", .month = "202307", .body = "CO,01,1,820000245" SI}, ""},
        {{.claimed = "202307", .month = "202306"}, ""},
        {{.claimed = "", .month = "202306", .ho = SEVENS, .body = SET_MED SI}, ""}, /* not known */
    };
    run(rows, ROWS(rows));
    expect_one(
        &(tst_spec){.claimed = "202308", .ho = SEVENS, .month = "202307", .body = SET_MED SI},
        FU_U313, "HO", 0, "2023-08", NULL);
    expect_one(&(tst_spec){.claimed = "202307", .month = "202306", .body = "CO,01,1,820000245" SI},
               FU_U313, "CO", 4, "820000245", NULL);
}

Test(check_fusho, sevens_in_a_kohi)
{
    static const row rows[] = {
        {{.head = "KO,77777777,1234567"}, "U314"},
        {{.head = "KO,77777779,1234567"}, "U314"},
        {{.head = "KO,54139993,7777777"}, "U314"},
        {{.head = "KO,54139993,777777"}, ""},
        {{.head = "KO,54139993,7777778"}, ""},
        {{.head = "KO,77777777,7777777"}, "U314 U314"},
        {{.head = "KO,54139993,1\nKO,77777777,1"}, "U314"},
        {{.head = "KO,54139993,1\nKO,54139993,1\nKO,54139993,1\nKO,77777777,1"}, "U314"},
        {{.ho = "", .kind = "1212", .head = "KO,77777777,1"}, "U314"},
        {{.type = FU_DEN, .head = "KO,77777777,1"}, "U314"},
        {{.type = FU_PHA, .head = "KO,77777777,1"}, "U314"},
        {{.type = FU_NUR, .head = "KO,77777777,1"}, "U314"},
        {{.type = FU_DPC, .head = "KO,77777777,1"}, "U314"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.head = "KO,77777777,1"}, FU_U314, "KO", 2, "77777777", NULL);
    expect_one(&(tst_spec){.head = "KO,54139993,7777777"}, FU_U314, "KO", 3, "7777777", NULL);
}

/* ---- U315 ---- */

#define WITH_KIND(kind)                                                       \
    "CO,01,1,820000246\nCO,01,1,830000501,ア\nCO,01,1,830000502," kind        \
    "\nCO,01,1,830000503,あ\nCO,01,1,830000504,あ\nCO,01,1,830000505,あ\n" \
    "CO,01,1,830000507,１\nCO,01,1,830000508,令和８年１０月２８日" SI

Test(check_fusho, destination_of_the_recorded_kind)
{
    static const row rows[] = {
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("健保")}, ""},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("共済")}, ""},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("船員")}, ""},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("国保")}, "U315"},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("後期")}, "U315"},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("健保")}, "U315"},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("共済")}, "U315"},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("船員")}, "U315"},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("国保")}, ""},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("後期")}, ""},
        {{.ho = SEVENS, .payer = "9", .body = WITH_KIND("国保")}, ""},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("社保")}, ""},
        {{.ho = SEVENS, .payer = "1", .body = WITH_KIND("わからない")}, "U315"},
        {{.ho = SEVENS, .payer = "2", .body = WITH_KIND("わからない")}, "U315"},
        {{.payer = "1", .body = WITH_KIND("国保")}, "U309"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.ho = SEVENS, .body = WITH_KIND("国保")}, FU_U315, "CO", 5, "国保",
               "支払基金");
}

Test(check_fusho, unknown_kind_is_information)
{
    static const struct {
        const char *body;
        fu_severity severity;
    } rows[] = {{WITH_KIND("わからない"), FU_INFO}, {WITH_KIND("国保"), FU_ERROR}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.ho = SEVENS, .body = rows[i].body};
        tst_claim *t = tst_claim_new(&s);
        tst_check(t, NULL);
        cr_assert_eq(t->out.n, 1, "row %zu", i);
        cr_expect_eq(t->out.v[0].severity, rows[i].severity, "row %zu", i);
        tst_claim_free(t);
    }
}

/* ---- U316, U317 ---- */

Test(check_fusho, dates_of_contacts)
{
    static const struct {
        const char *text;
        bool ok;
    } rows[] = {
        {"令和８年１０月２８日", true},    {"令和８年１０月１日", true},
        {"令和８年１１月９日", true},      {"令和８年１１月１０日", false},
        {"令和８年９月３０日", false},     {"令和８年１０月３２日", false},
        {"令和８年１０月", false},         {"令和８年１０月２８日頃", false},
        {"２０２６年１０月２８日", false}, {"平成８年１０月２８日", false},
        {"令和０８年１０月０２日", true},  {"令和元年１０月２８日", false},
        {"令和８年１３月１日", false},     {"あ", false},
        {"令和８年２月２９日", false},     {"令和９年１０月２８日", false},
        {"令和年１０月２８日", false},     {"令和１００００８年１０月２８日", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char body[1024];
        tst_spec s = {.ho = SEVENS, .body = body};
        tst_claim *t;
        snprintf(body, sizeof body, SET_MED "\nCO,01,1,830000508,%s" SI, rows[i].text);
        t = tst_claim_new(&s);
        tst_check(t, NULL);
        cr_expect_str_eq(tst_codes(t), rows[i].ok ? "" : "U316", "row %zu", i);
        if (t->out.n) {
            cr_expect_str_eq(t->out.v[0].found, rows[i].text);
            cr_expect_eq(t->out.v[0].field, 5);
        }
        tst_claim_free(t);
    }
}

Test(check_fusho, first_year_of_an_era_is_readable)
{
    tst_spec s = {.ho = SEVENS,
                  .month = "201910",
                  .claimed = "202309",
                  .body = SET_MED "\nCO,01,1,830000508,令和元年１０月２８日" SI};
    tst_claim *t = tst_claim_new(&s);
    fu_policy p = fu_policy_default(20261109);
    tst_check(t, &p);
    cr_expect_str_eq(tst_codes(t), "");
    tst_claim_free(t);
}

Test(check_fusho, without_a_day_of_the_run_no_contact_is_late)
{
    tst_spec s = {.ho = SEVENS, .body = SET_MED "\nCO,01,1,830000508,令和９８年１月１日" SI};
    tst_claim *t = tst_claim_new(&s);
    fu_policy p = fu_policy_default(0);
    tst_check(t, &p);
    cr_expect_str_eq(tst_codes(t), "");
    tst_claim_free(t);
}

Test(check_fusho, inpatients_are_to_be_asked_again)
{
    static const row rows[] = {
        {{.kind = "1111", .ho = SEVENS, .body = SET_MED SI}, "U317"},
        {{.kind = "1112", .ho = SEVENS, .body = SET_MED SI}, ""},
        {{.kind = "1111"}, ""},
        {{.type = FU_DEN, .kind = "3111", .ho = SEVENS, .body = SET_DEN}, "U317"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.kind = "1111", .ho = SEVENS, .body = SET_MED SI}, FU_U317, "RE", 0,
               NULL, "入院");
}

Test(check_fusho, who_was_fusho_the_month_before_is_to_be_asked_again)
{
    static const struct {
        tst_spec spec;
        const char *item; /* NULL: no finding */
    } rows[] = {
        {{.kind = "1112", .ho = SEVENS, .body = SET_MED SI}, "前の月も不詳"},
        {{.kind = "1111", .ho = SEVENS, .body = SET_MED SI}, "入院、前の月も不詳"},
        {{.kind = "1112"}, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_claim *t = tst_claim_new(&rows[i].spec);
        fu_policy p = fu_policy_default(20261109);
        const fu_finding *f;
        t->f.again = true;
        fu_check_fusho(&t->out, &t->c, &t->f, &t->header, &p);
        f = tst_only(&t->out, FU_U317);
        cr_expect_eq(f != NULL, rows[i].item != NULL, "row %zu", i);
        cr_expect(!f || tst_same(f->item, rows[i].item), "row %zu", i);
        tst_claim_free(t);
    }
}

/* ---- K ---- */

Test(check_fusho, former_insurance)
{
    static const row rows[] = {
        {{.body = "CO,01,1,820000245" SI}, ""},
        {{.head = "KO,54139993,1234567", .body = "CO,01,2,820000245" SI}, "K351"},
        {{.kubun = "1", .body = "CO,01,1,820000245" SI}, "K351"},
        {{.futan = "1", .body = "CO,01,1,820000245" SI}, "K351"},
        {{.tokki = "29", .body = "CO,01,1,820000245" SI}, "K351"},
        {{.head = "MF,01", .body = "CO,01,1,820000245" SI}, "K351"},
        {{.head = "MF,00", .body = "CO,01,1,820000245" SI}, ""},
        {{.head = "KO,54139993,1234567"}, ""},
        {{.ho = ",１,２", .body = "CO,01,1,820000245" SI}, "K352"},
        {{.ho = "01139906,１,", .body = "CO,01,1,820000245" SI}, "K352"},
        {{.ho = ",,", .body = "CO,01,1,820000245" SI}, "K352"},
        {{.ho = ",,"}, ""},
        {{.ho = "01139906,,２", .body = "CO,01,1,820000245" SI}, ""},
        {{.ho = "", .head = "KO,54139993,1234567", .body = "CO,01,1,820000245" SI}, "K351 K352"},
        {{.kensaku = "12345678901234567", .body = "CO,01,1,820000245" SI}, "K353"},
        {{.head = "HR,202609", .body = "CO,01,1,820000245" SI}, "K353"},
        {{.kensaku = "12345678901234567"}, ""},
        {{.type = FU_DEN,
          .kubun = "1",
          .ho = ",,",
          .kensaku = "12345678901234567",
          .body = "SS,11\nCO,99,1,820000245"},
         "K351 K352 K353"},
        {{.type = FU_PHA,
          .kubun = "1",
          .ho = ",,",
          .kensaku = "12345678901234567",
          .body = "SH\nTK,820000245"},
         "K351 K352 K353"},
        {{.type = FU_NUR,
          .kubun = "1",
          .ho = ",,",
          .kensaku = "12345678901234567",
          .body = "CO,820000245\nKA"},
         "K351 K352 K353"},
        {{.type = FU_DPC,
          .kubun = "1",
          .ho = ",,",
          .kensaku = "12345678901234567",
          .body = "BU\nCO,01,1,820000245" SI},
         "K351 K352 K353"},
    };
    run(rows, ROWS(rows));
    expect_one(&(tst_spec){.kubun = "1", .body = "CO,01,1,820000245" SI}, FU_K351, "CO", 0, NULL,
               "一部負担金区分");
    expect_one(&(tst_spec){.ho = ",１,２", .body = "CO,01,1,820000245" SI}, FU_K352, "HO", 2, NULL,
               "保険者番号");
    expect_one(&(tst_spec){.ho = "01139906,１,", .body = "CO,01,1,820000245" SI}, FU_K352, "HO", 4,
               NULL, "番号");
    expect_one(&(tst_spec){.head = "HR,1", .body = "CO,01,1,820000245" SI}, FU_K353, "CO", 0, NULL,
               NULL);
}

/* ---- faults ---- */

Test(check_fusho, every_allocation_may_fail)
{
    tst_spec s = {.ho = SEVENS,
                  .body = SET_MED "\nCO,01,1,830000508,令和８年１２月２８日"
                                  "\nCO,01,1,810000001,カナ氏名" SI};
    tst_claim *t = tst_claim_new(&s);
    fu_policy p = fu_policy_default(20261109);
    char whole[512], now[512];
    bool done = false;
    fu_check_fusho(&t->out, &t->c, &t->f, &t->header, &p);
    cr_expect_str_eq(tst_list_codes(&t->out, true, whole, sizeof whole), "U308 U316");
    for (long n = 0; !done; n++) {
        tst_mem counter = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&counter);
        fu_arena arena;
        fu_findings out;
        counter.fail_at = n;
        fu_arena_init(&arena, &mem, 1 << 20);
        fu_findings_init(&out, &arena);
        fu_check_fusho(&out, &t->c, &t->f, &t->header, &p);
        if (!out.failed)
            cr_expect_str_eq(tst_list_codes(&out, true, now, sizeof now), whole, "call %ld", n);
        cr_assert(n > 0 || out.failed);
        done = counter.calls <= n;
        fu_arena_free(&arena);
        cr_assert_eq(counter.live, 0, "call %ld", n);
        cr_assert(n < 1000);
    }
    tst_claim_free(t);
}
