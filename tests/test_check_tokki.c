#include <criterion/criterion.h>

#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

typedef struct row {
    tst_spec s;
    const char *codes;
} row;

static void run(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        fu_check_tokki(&t->out, &t->c, &t->f);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes(t));
        for (size_t k = 0; k < t->out.n; k++)
            cr_expect_str_eq(t->out.v[k].record, "RE", "row %zu", i);
        tst_claim_free(t);
    }
}

/* 74, 84 and 70 years old in 2026-10 */
#define B74 .birth = "19520101"
#define B84 .birth = "19420101"
#define B68 .birth = "19580101"

Test(check_tokki, t401_class_missing)
{
    static const row rows[] = {
        {{.kind = "1118", B74}, "T401"},
        {{.kind = "1118", B74, .tokki = "29"}, ""},
        {{.kind = "1118", B74, .tokki = "02"}, "T401"},
        {{.kind = "1112", .birth = "19561001"}, "T401"}, /* 70 from this month */
        {{.kind = "1112", .birth = "19561002"}, ""},
        {{.kind = "1318", B84}, "T401"},
        {{.kind = "1318", B84, .tokki = "42"}, ""},
        {{.kind = "1318", B68}, "T401"},
        {{.kind = "1118", .birth = ""}, "T401"},
        {{.kind = "1118", B74, .month = "201807"}, ""},
        {{.kind = "1118", .birth = "19400101", .month = "201808"}, "T401"},
        {{.kind = "1212", B84, .ho = "", .head = "KO,54139993,1234567"}, ""},
        {{.kind = "1118", B74, .ho = "", .head = "KO,54139993,1234567"}, ""},
        {{.kind = "1118", B74, .ho = "77777777,,777777777"}, "T401"},
        {{.type = FU_DPC, .kind = "1117", B74}, "T401"},
        {{.type = FU_DEN, .kind = "3118", B74}, "T401"},
        {{.type = FU_PHA, .kind = "4118", B74}, "T401"},
        {{.type = FU_NUR, .kind = "6118", B74}, "T401"},
        {{.type = FU_DPC, .kind = "1117", B74, .tokki = "29"}, ""},
        {{.type = FU_DEN, .kind = "3118", B74, .tokki = "29"}, ""},
        {{.type = FU_PHA, .kind = "4118", B74, .tokki = "29"}, ""},
        {{.type = FU_NUR, .kind = "6118", B74, .tokki = "29"}, ""},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t401_says_for_whom)
{
    tst_spec a = {.kind = "1118", B74}, b = {.kind = "1318", B84};
    tst_claim *t = tst_claim_new(&a);
    fu_check_tokki(&t->out, &t->c, &t->f);
    cr_expect_str_eq(tst_codes_with_items(t), "T401=70歳以上");
    cr_expect_eq(t->out.v[0].field, 12);
    tst_claim_free(t);
    t = tst_claim_new(&b);
    fu_check_tokki(&t->out, &t->c, &t->f);
    cr_expect_str_eq(tst_codes_with_items(t), "T401=後期高齢者");
    tst_claim_free(t);
}

Test(check_tokki, t402_class_and_share)
{
    static const char *const of_30[] = {"26", "27", "28", "31", "32", "33"};
    static const char *const of_1020[] = {"29", "30", "34", "35"};
    static const char *const of_kouki[] = {"41", "42", "43", "44"};
    for (size_t i = 0; i < ROWS(of_30); i++) {
        const row rows[] = {
            {{.kind = "1110", B74, .tokki = of_30[i]}, ""},
            {{.kind = "1118", B74, .tokki = of_30[i]}, "T402"},
            {{.kind = "1310", B84, .tokki = of_30[i]}, ""},
            {{.kind = "1318", B84, .tokki = of_30[i]}, "T402"},
            {{.kind = "1112", B74, .tokki = of_30[i]}, ""}, /* the type says no share */
            {{.kind = "1118", .birth = "19400101", .month = "201808", .tokki = of_30[i]}, "T402"},
            {{.kind = "1118", .birth = "19400101", .month = "201807", .tokki = of_30[i]}, ""},
            {{.type = FU_DPC, .kind = "1117", B74, .tokki = of_30[i]}, "T402"},
            {{.type = FU_DPC, .kind = "1119", B74, .tokki = of_30[i]}, ""},
            {{.type = FU_DEN, .kind = "3118", B74, .tokki = of_30[i]}, "T402"},
            {{.type = FU_PHA, .kind = "4118", B74, .tokki = of_30[i]}, "T402"},
            {{.type = FU_NUR, .kind = "6118", B74, .tokki = of_30[i]}, "T402"},
        };
        run(rows, ROWS(rows));
    }
    for (size_t i = 0; i < ROWS(of_1020); i++) {
        const row rows[] = {
            {{.kind = "1118", B74, .tokki = of_1020[i]}, ""},
            {{.kind = "1110", B74, .tokki = of_1020[i]}, "T402"},
            {{.kind = "1112", B74, .tokki = of_1020[i]}, ""},
        };
        run(rows, ROWS(rows));
    }
    for (size_t i = 0; i < ROWS(of_kouki); i++) {
        const row rows[] = {
            {{.kind = "1318", B84, .tokki = of_kouki[i]}, ""},
            {{.kind = "1310", B84, .tokki = of_kouki[i]}, "T402"},
        };
        run(rows, ROWS(rows));
    }
}

Test(check_tokki, t403_two_classes)
{
    static const row rows[] = {
        {{.kind = "1118", B74, .tokki = "2930"}, "T403"},
        {{.kind = "1118", B74, .tokki = "290230"}, "T403"},
        {{.kind = "1118", B74, .tokki = "2934"}, "T403"},
        {{.kind = "1118", B74, .tokki = "293035"}, "T403"}, /* once */
        {{.kind = "1118", B74, .tokki = "2929"}, "T407"},
        {{.kind = "1118", B74, .tokki = "0229"}, ""},
        {{.kind = "1318", B84, .tokki = "4142"}, "T403"},
        {{.kind = "1118", .birth = "19400101", .month = "201807", .tokki = "2930"}, "T403"},
        {{.type = FU_DEN, .kind = "3118", B74, .tokki = "2930"}, "T403"},
        {{.type = FU_PHA, .kind = "4118", B74, .tokki = "2930"}, "T403"},
        {{.type = FU_NUR, .kind = "6118", B74, .tokki = "2930"}, "T403"},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t404_codes_of_kouki)
{
    static const row rows[] = {
        {{.kind = "1118", B74, .tokki = "41"}, "T404"},
        {{.kind = "1118", B74, .tokki = "43"}, "T404"},
        {{.kind = "1118", B74, .tokki = "44"}, "T404"},
        {{.kind = "1318", B84, .tokki = "41"}, ""},
        {{.kind = "1318", B84, .tokki = "41", .month = "202210"}, ""},
        {{.kind = "1318", B84, .tokki = "41", .month = "202209"}, "T404"},
        {{.kind = "1318", B84, .tokki = "44", .month = "202209"}, "T404"},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t405_general_class_of_others_on_kouki)
{
    static const row rows[] = {
        {{.kind = "1318", B84, .tokki = "29"}, "T405"},
        {{.kind = "1318", B84, .tokki = "34"}, "T405"},
        {{.kind = "1318", B84, .tokki = "30"}, ""},
        {{.kind = "1318", B84, .tokki = "29", .month = "202210"}, "T405"},
        {{.kind = "1318", B84, .tokki = "29", .month = "202209"}, ""},
        {{.kind = "1318", .birth = "19511031", .tokki = "29"}, "T405"}, /* 75 in this month */
        {{.kind = "1318", .birth = "19511101", .tokki = "29"}, "T408"},
        {{.kind = "1118", B74, .tokki = "29"}, ""},
        {{.kind = "1318", .birth = "", .tokki = "29"}, ""},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t406_one_tenth_outside_kouki)
{
    static const row rows[] = {
        {{.kind = "1118", B74, .tokki = "42"}, "T404 T406"},
        {{.kind = "1318", B84, .tokki = "42"}, ""},
        {{.kind = "1118", B74, .tokki = "29", .kyufu = "90"}, "T406"},
        {{.kind = "1118", B74, .tokki = "29", .kyufu = "090"}, "T406"},
        {{.kind = "1118", B74, .tokki = "29", .kyufu = "80"}, ""},
        {{.kind = "1112", B68, .kyufu = "90"}, ""},
        {{.kind = "1318", B84, .tokki = "42", .kyufu = "90"}, ""},
        {{.kind = "1418", B74, .kyufu = "90"}, ""},
        {{.type = FU_DEN, .kind = "3118", B74, .tokki = "29", .kyufu = "90"}, "T406"},
        {{.type = FU_PHA, .kind = "4118", B74, .tokki = "29", .kyufu = "90"}, "T406"},
        {{.type = FU_NUR, .kind = "6118", B74, .tokki = "29", .kyufu = "90"}, "T406"},
        {{.type = FU_DPC, .kind = "1117", B74, .tokki = "29", .kyufu = "90"}, "T406"},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t407_form_of_the_field)
{
    static const struct {
        const char *tokki, *month, *codes, *payer;
    } rows[] = {
        {"02", NULL, "", ""},
        {"021", NULL, "T407=2桁ずつになっていない", "2165"},
        {"0", NULL, "T407=2桁ずつになっていない", "2165"},
        {"05", NULL, "T407=決められていないコード", ""},
        {"0505", NULL, "T407=決められていないコード T407=決められていないコード", ""},
        {"0202", NULL, "T407=同じコードが2つある", ""},
        {"020310020310", NULL, "T407=6つ以上ある T407=同じコードが2つある T407=同じコードが2つある",
         ""},
        {"0203101213", NULL, "", ""},
        {"020310121314", NULL, "T407=6つ以上ある", ""},
        {"0203101213", NULL, "", ""},
        {"17", "201807", "", ""},
        {"17", "201808", "T407=診療年月に使えないコード", "3007"},
        {"22", NULL, "T407=診療年月に使えないコード", "3007"},
        {"02  03", NULL, "", ""}, /* two blanks are no code */
        {"9697", NULL, "", ""},
        {"ab", NULL, "T407=決められていないコード", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.tokki = rows[i].tokki, .month = rows[i].month};
        tst_claim *t = tst_claim_new(&s);
        fu_check_tokki(&t->out, &t->c, &t->f);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].codes, "row %zu", i);
        if (t->out.n)
            cr_expect_str_eq(t->out.v[0].payer, rows[i].payer, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(check_tokki, t408_kouki_before_75)
{
    static const row rows[] = {
        {{.kind = "1318", B68, .tokki = "41"}, "T408"},
        {{.kind = "1318", B68, .tokki = "43"}, "T408"},
        {{.kind = "1318", B68, .tokki = "29"}, "T408"},
        {{.kind = "1318", B68, .tokki = "34"}, "T408"},
        {{.kind = "1318", B68, .tokki = "42"}, ""},
        {{.kind = "1318", B68, .tokki = "30"}, ""},
        {{.kind = "1318", B84, .tokki = "41"}, ""},
        {{.kind = "1310", B68, .tokki = "26"}, ""},
        {{.kind = "1318", .birth = "19540101", .tokki = "29", .month = "202209"}, ""},
        {{.kind = "1318", .birth = "19540101", .tokki = "29", .month = "202210"}, "T408"},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, t409_class_under_70)
{
    static const row rows[] = {
        {{.tokki = "29"}, "T409"},
        {{.tokki = "26"}, "T409"},
        {{.tokki = "29", .kubun = "1"}, ""},
        {{.tokki = "29", .futan = "57600"}, ""},
        {{.tokki = "29", .head = "MF,01"}, ""},
        {{.tokki = "29", .head = "MF,00"}, "T409"},
        {{.tokki = "34"}, ""}, /* 多数回 is itself a sign */
        {{.tokki = "02"}, ""},
        {{.kind = "1112", B74, .tokki = "29"}, ""},
        {{.kind = "1118", B68, .tokki = "29"}, "T409"},
        {{.tokki = "29", .ho = "", .head = "KO,54139993,1234567"}, ""},
        {{.type = FU_DEN, .tokki = "29"}, "T409"},
        {{.type = FU_DEN, .tokki = "29", .futan = "1"}, ""},
        {{.type = FU_PHA, .tokki = "29"}, "T409"},
        {{.type = FU_PHA, .tokki = "29", .kubun = "1"}, ""},
        {{.type = FU_NUR, .tokki = "29"}, "T409"},
        {{.type = FU_NUR, .tokki = "29", .futan = "1"}, ""},
        {{.type = FU_DPC, .tokki = "29"}, "T409"},
    };
    run(rows, ROWS(rows));
}

Test(check_tokki, findings_say_what_was_found)
{
    static const struct {
        tst_spec s;
        fu_code code;
        const char *found, *want;
        unsigned field;
    } rows[] = {
        {{.kind = "1118", B74, .tokki = "0226"}, FU_T402, "26", "1割または2割", 12},
        {{.kind = "1110", B74, .tokki = "29"}, FU_T402, "29", "3割", 12},
        {{.kind = "1118", B74, .tokki = "290230"}, FU_T403, "2930", NULL, 12},
        {{.kind = "1118", B74, .tokki = "43"}, FU_T404, "43", NULL, 12},
        {{.kind = "1318", B84, .tokki = "34"}, FU_T405, "34", NULL, 12},
        {{.type = FU_DEN, .kind = "3118", B74, .tokki = "29", .kyufu = "90"},
         FU_T406,
         "90",
         NULL,
         8},
        {{.type = FU_NUR, .kind = "6118", B74, .tokki = "29", .kyufu = "90"},
         FU_T406,
         "90",
         NULL,
         11},
        {{.type = FU_DEN, .tokki = "021"}, FU_T407, "021", NULL, 14},
        {{.type = FU_PHA, .tokki = "021"}, FU_T407, "021", NULL, 9},
        {{.kind = "1318", B68, .tokki = "41"}, FU_T408, "41", NULL, 12},
        {{.tokki = "0229"}, FU_T409, "29", NULL, 12},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        const fu_finding *f;
        fu_check_tokki(&t->out, &t->c, &t->f);
        f = tst_only(&t->out, rows[i].code);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->found, rows[i].found, "row %zu", i);
        cr_expect(tst_same(f->want, rows[i].want), "row %zu", i);
        cr_expect_eq(f->field, rows[i].field, "row %zu", i);
        tst_claim_free(t);
    }
}
