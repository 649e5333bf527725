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
        fu_check_insurer(&t->out, &t->c, &t->f, &t->header);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes(t));
        for (size_t k = 0; k < t->out.n; k++)
            cr_expect_str_eq(t->out.v[k].record, "HO", "row %zu", i);
        tst_claim_free(t);
    }
}

Test(check_insurer, h201_check_digit)
{
    static const row rows[] = {
        {{.ho = "01139906,1,1"}, ""},
        {{.ho = "01139905,1,1"}, "H201"},
        {{.ho = "  138057,1,1", .payer = "2"}, ""},
        {{.ho = "  138058,1,1", .payer = "2"}, "H201"},
        {{.ho = "    1234,1,1"}, ""}, /* four digits have none */
        {{.ho = "99999999,1,1"}, ""},
        {{.ho = "  999999,1,1"}, ""},
        {{.ho = "77777777,,777777777"}, ""}, /* 不詳 has rules of its own */
        {{.ho = "77777778,1,1"}, "H201"},
        {{.ho = "39139993,,12345678", .kind = "1318", .payer = "2"}, ""},
        {{.ho = "39139990,,12345678", .kind = "1318", .payer = "2"}, "H201"},
    };
    run(rows, ROWS(rows));
}

Test(check_insurer, h202_eight_characters)
{
    static const row rows[] = {
        {{.ho = "01139906,1,1"}, ""},
        {{.ho = "0113990,1,1"}, "H202"},
        {{.ho = "1139906,1,1"}, "H202"},
        {{.ho = " 1139906,1,1"}, "H202"},
        {{.ho = "138057,1,1", .payer = "2"}, "H202"},
        {{.ho = "  138057,1,1", .payer = "2"}, ""},
        {{.ho = "138057  ,1,1", .payer = "2"}, "H202"},
        {{.ho = " 138057 ,1,1", .payer = "2"}, "H202"},
        {{.ho = "    1234,1,1"}, ""},
        {{.ho = "   12345,1,1"}, "H202"},
        {{.ho = "        ,1,1"}, "H202"},
        {{.ho = ",1,1"}, "H202"},
        {{.ho = "0113990A,1,1"}, "H202"},
        {{.ho = "０１１３９９０６,1,1"}, "H202"},
        {{.ho = "011399060,1,1"}, "H202"},
        {{.ho = "9999999,1,1"}, "H202"},
        {{.ho = "7777777,,1"}, "H202"}, /* beside U301 */
        {{.ho = "77777777,,1"}, ""},
        {{.ho = ""}, ""},
        {{.type = FU_DPC, .ho = "138057,1,1", .payer = "2"}, "H202"},
        {{.type = FU_DEN, .ho = "138057,1,1", .payer = "2"}, "H202"},
        {{.type = FU_PHA, .ho = "138057,1,1", .payer = "2"}, "H202"},
        {{.type = FU_NUR, .ho = "138057,1,1", .payer = "2"}, "H202"},
    };
    run(rows, ROWS(rows));
}

Test(check_insurer, h203_kouki_has_no_kigo_and_eight_digits)
{
    static const row rows[] = {
        {{.ho = "39139993,,12345678", .kind = "1318", .payer = "2"}, ""},
        {{.ho = "39139993,,１２３４５６７８", .kind = "1318", .payer = "2"}, ""},
        {{.ho = "39139993,1,12345678", .kind = "1318", .payer = "2"}, "H203"},
        {{.ho = "39139993,,1234567", .kind = "1318", .payer = "2"}, "H203"},
        {{.ho = "39139993,,123456789", .kind = "1318", .payer = "2"}, "H203"},
        {{.ho = "39139993,,1234567A", .kind = "1318", .payer = "2"}, "H203"},
        {{.ho = "39139993,,", .kind = "1318", .payer = "2"}, "H203"},
        {{.ho = "39139993,1,", .kind = "1318", .payer = "2"}, "H203 H203"},
        {{.ho = "99999999,1,999999999", .kind = "1318", .payer = "2"}, "H203 H203"},
        {{.type = FU_DEN, .ho = "39139993,1,12345678", .kind = "3318", .payer = "2"}, "H203"},
        {{.type = FU_PHA, .ho = "39139993,1,12345678", .kind = "4318", .payer = "2"}, "H203"},
        {{.type = FU_NUR, .ho = "39139993,1,12345678", .kind = "6318", .payer = "2"}, "H203"},
        {{.type = FU_DPC, .ho = "39139993,1,12345678", .kind = "1317", .payer = "2"}, "H203"},
        {{.ho = "01139906,1,1234567"}, ""},
    };
    run(rows, ROWS(rows));
}

Test(check_insurer, h204_scheme_and_type)
{
    static const row rows[] = {
        {{.ho = "39139993,,12345678", .payer = "2"}, "H204"},
        {{.ho = "  138057,,12345678", .kind = "1318", .payer = "2"}, "H204"},
        {{.ho = "67139998,,12345678", .kind = "1318", .payer = "2"}, "H204"},
        {{.ho = "  138057,,12345678", .payer = "2"}, ""},
        {{.ho = "80139991,,12345678", .kind = "1318", .payer = "2"}, ""}, /* 法別番号 not known */
        {{.ho = "99999999,,12345678", .kind = "1318", .payer = "2"}, ""},
        {{.type = FU_PHA, .ho = "39139993,,12345678", .payer = "2"}, "H204"},
    };
    run(rows, ROWS(rows));
}

Test(check_insurer, h205_destination)
{
    static const row rows[] = {
        {{.ho = "01139906,1,1", .payer = "1"}, ""},
        {{.ho = "01139906,1,1", .payer = "2"}, "H205"},
        {{.ho = "  138057,1,1", .payer = "1"}, "H205"},
        {{.ho = "67139998,1,1", .payer = "1"}, "H205"},
        {{.ho = "39139993,,12345678", .kind = "1318", .payer = "1"}, "H205"},
        {{.ho = "80139991,1,1", .payer = "2"}, ""},
        {{.ho = "01139906,1,1", .payer = "9"}, ""},
        {{.ho = "99999999,1,1", .payer = "2"}, ""},
        {{.ho = "01139905,1,1", .payer = "2"}, "H201 H205"},
        {{.ho = "39139990,1,1", .payer = "1"}, "H201 H204 H205"},
    };
    run(rows, ROWS(rows));
}

Test(check_insurer, findings_say_what_was_found)
{
    static const struct {
        tst_spec s;
        fu_code code;
        unsigned field;
        const char *found, *item, *want;
    } rows[] = {
        {{.ho = "01139905,1,1"}, FU_H201, 2, "01139905", NULL, "6"},
        {{.ho = "  138050,1,1", .payer = "2"}, FU_H201, 2, "  138050", NULL, "7"},
        {{.ho = "0113990,1,1"}, FU_H202, 2, "0113990", NULL, NULL},
        {{.ho = "39139993,１,12345678", .kind = "1318", .payer = "2"},
         FU_H203,
         3,
         "１",
         "記号",
         NULL},
        {{.ho = "39139993,,123", .kind = "1318", .payer = "2"}, FU_H203, 4, "123", "番号", NULL},
        {{.ho = "39139993,,1", .payer = "2"}, FU_H204, 2, "39139993", "1112", NULL},
        {{.ho = "01139906,1,1", .payer = "2"}, FU_H205, 2, "01139906", "国保連", NULL},
        {{.ho = "  138057,1,1", .payer = "1"}, FU_H205, 2, "  138057", "支払基金", NULL},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        const fu_finding *f;
        fu_check_insurer(&t->out, &t->c, &t->f, &t->header);
        f = tst_only(&t->out, rows[i].code);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_eq(f->field, rows[i].field, "row %zu", i);
        cr_expect_str_eq(f->found, rows[i].found, "row %zu", i);
        cr_expect(tst_same(f->item, rows[i].item), "row %zu", i);
        cr_expect(tst_same(f->want, rows[i].want), "row %zu", i);
        tst_claim_free(t);
    }
}
