#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* ---- 特記事項 ---- */

Test(facts, tokki_are_read_two_by_two)
{
    static const struct {
        const char *field;
        size_t n;
        bool odd, many;
        const char *codes; /* those with a row, in order, '?' where none */
    } rows[] = {
        {"", 0, false, false, ""},
        {"2", 0, true, false, ""},
        {"29", 1, false, false, "29"},
        {"0226", 2, false, false, "0226"},
        {"02269", 2, true, false, "0226"},
        {"15  29", 3, false, false, "????29"},
        {"0102030429", 5, false, false, "0102030429"},
        {"010203042910", 5, false, true, "0102030429"},
        {"01020304291", 5, true, false, "0102030429"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        fu_tokki_list l;
        char codes[32] = "";
        fu_tokki_read(&l, fu_span_str(rows[i].field));
        for (size_t k = 0; k < l.n; k++)
            strcat(codes, l.rows[k] ? l.rows[k]->code : "??");
        cr_expect_eq(l.n, rows[i].n, "row %zu", i);
        cr_expect_eq(l.odd, rows[i].odd, "row %zu", i);
        cr_expect_eq(l.many, rows[i].many, "row %zu", i);
        cr_expect_str_eq(codes, rows[i].codes, "row %zu", i);
    }
}

Test(facts, tokki_has_looks_at_whole_codes)
{
    fu_tokki_list l;
    fu_tokki_read(&l, fu_span_str("0296"));
    cr_expect(fu_tokki_has(&l, "02"));
    cr_expect(fu_tokki_has(&l, "96"));
    cr_expect(!fu_tokki_has(&l, "29"));
}

/* ---- who needs an income class ---- */

Test(facts, income_class_is_needed_at_70_and_in_kouki)
{
    static const struct {
        const char *kind, *birth, *month;
        bool needs;
    } rows[] = {
        {"1112", "19561001", "202610", true},  /* born on the 1st: from that month */
        {"1112", "19561002", "202610", false}, /* from the next one */
        {"1112", "19561002", "202611", true},
        {"1112", "19561002", "202609", false},
        {"1118", "19561002", "202610", false}, /* the type is not believed against the birth date */
        {"1118", "", "202610", true},
        {"1110", "", "202610", true},
        {"1112", "", "202610", false},
        {"1318", "19800101", "202610", true},
        {"1318", "", "202610", true},
        {"1212", "19400101", "202610", false}, /* 公費 only */
        {"1418", "19400101", "202610", false}, /* 退職 */
        {"111", "19400101", "202610", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = rows[i].kind, .birth = rows[i].birth, .month = rows[i].month};
        tst_claim *t = tst_claim_new(&s);
        cr_expect_eq(fu_needs_class(&t->c), rows[i].needs, "row %zu", i);
        tst_claim_free(t);
    }
}

/* ---- numbers ---- */

Test(facts, sevens_in_insurer_and_bango)
{
    static const struct {
        const char *ho;
        bool fusho, like;
        int bango;
    } rows[] = {
        {"77777777,,777777777", true, false, 9},
        {"77777779,,７７７７７７７７７", true, false, 9},
        {"77777777,,77777777", true, false, 8},
        {"7777777,,777777777", false, true, 9},
        {" 7777777,,1", false, true, 0},
        {"777777777,,", false, true, 0},
        {"７７７７７７７７,,７77", false, true, 3},
        {"  777777,,7", false, true, 1},
        {"77777778,,777777778", false, false, 0},
        {"01139906,,７７８", false, false, 0},
        {",,", false, false, 0},
        {"77777777", true, false, 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.ho = rows[i].ho};
        tst_claim *t = tst_claim_new(&s);
        cr_expect_eq(t->f.fusho_number, rows[i].fusho, "row %zu", i);
        cr_expect_eq(t->f.sevens_like, rows[i].like, "row %zu", i);
        cr_expect_eq(t->f.bango_sevens, rows[i].bango, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(facts, insurer_comes_without_blanks)
{
    tst_spec s = {.ho = "  138057,１,２"}, none = {.ho = "", .head = "KO,54139993,1234567"};
    tst_claim *t = tst_claim_new(&s);
    cr_expect(fu_span_is(t->f.insurer, "138057"));
    tst_claim_free(t);
    t = tst_claim_new(&none);
    cr_expect_eq(t->f.insurer.n, 0);
    cr_expect(!t->f.fusho_number && !t->f.sevens_like && t->f.bango_sevens == 0);
    tst_claim_free(t);
}

/* ---- comments ---- */

Test(facts, comment_records_of_every_type)
{
    static const struct {
        fu_type type;
        const char *body;
    } rows[] = {
        {FU_MED, "CO,01,1,830000507,０３\nSI,11,1,111000110"},
        {FU_DPC, "CO,01,1,830000507,０３\nSI,11,1,111000110"},
        {FU_DEN, "SS,11,1,301000110\nCO,99,1,830000507,０３"},
        {FU_PHA, "CZ,1\nTK,830000507,０３"},
        {FU_PHA, "CZ,1\nCO,830000507,０３"},
        {FU_NUR, "CO,830000507,０３\nKA,20261003"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.type = rows[i].type, .body = rows[i].body};
        tst_claim *t = tst_claim_new(&s);
        cr_assert_eq(t->f.n_owned, 1, "row %zu", i);
        cr_expect_eq(t->f.owned[0].id, FU_CM_TEL, "row %zu", i);
        cr_expect(t->f.has[FU_CM_TEL] && !t->f.has[FU_CM_FUSHO], "row %zu", i);
        cr_expect(fu_span_is(t->f.owned[0].text, "\x82\x4F\x82\x52"), "row %zu", i);
        cr_expect(t->c.recs[t->f.owned[0].at].id == FU_ID('C', 'O') || rows[i].type == FU_PHA,
                  "row %zu", i);
        tst_claim_free(t);
    }
}

Test(facts, every_code_of_ours_is_known_and_no_other)
{
    static const char *const codes[FU_CM_COUNT] = {
        "820000245", "820000246", "830000501", "830000502", "830000503",
        "830000504", "830000505", "830000506", "830000507", "830000508"};
    for (int id = 0; id < FU_CM_COUNT; id++) {
        char body[64];
        tst_spec s = {.body = body};
        tst_claim *t;
        snprintf(body, sizeof body, "CO,01,1,%s,", codes[id]);
        t = tst_claim_new(&s);
        cr_expect_eq(t->f.n_owned, 1, "%s", codes[id]);
        cr_expect(t->f.has[id], "%s", codes[id]);
        tst_claim_free(t);
    }
    {
        tst_spec s = {.body = "CO,01,1,820000244,\nCO,01,1,830000509,あ\nCO,01,1,810000001,あ"};
        tst_claim *t = tst_claim_new(&s);
        cr_expect_eq(t->f.n_owned, 0);
        tst_claim_free(t);
    }
}

Test(facts, records_of_the_history_are_not_read)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_of(&s, "RE,1,1112,202610,見本　花子,2,19800101\r\nHO,01139906,,"
                                    "１\r\n8,1,0,CO,01,1,820000246,\r\n");
    cr_expect(t->c.returned);
    cr_expect_eq(t->f.n_owned, 0);
    tst_claim_free(t);
}

Test(facts, owned_comments_beyond_the_limit_are_not_kept)
{
    size_t n = (FU_OWNED_MAX + 2) * 32;
    char *body = calloc(1, n);
    cr_assert_not_null(body);
    for (size_t i = 0; i < FU_OWNED_MAX + 1; i++) {
        tst_spec s = {.body = body};
        tst_claim *t;
        strcat(body, i ? "\nCO,01,1,830000506,あ" : "CO,01,1,830000506,あ");
        if (i + 1 < FU_OWNED_MAX)
            continue;
        t = tst_claim_new(&s);
        cr_expect_eq(t->f.n_owned, FU_OWNED_MAX);
        cr_expect_eq(t->f.too_many, i == FU_OWNED_MAX);
        tst_claim_free(t);
    }
    free(body);
}

Test(facts, fusho_inside_a_treatment_record)
{
    static const struct {
        fu_type type;
        const char *body;
        bool inlined;
    } rows[] = {
        {FU_MED, "SI,11,1,111000110,,291,1,820000246", true},
        {FU_MED, "SI,11,1,111000110,,291,1,,,820000246", true},
        {FU_MED, "IY,21,1,620098801,1,1,1,,,,,820000246", true},
        {FU_MED, "TO,40,1,700000000,1,1,1,,,,,820000246", true},
        {FU_MED, "TO,40,1,700000000,1,1,1,820000246", false},
        {FU_MED, "SI,11,1,820000246,,291,1", false},
        {FU_MED, "SI,11,1,111000110,,291,1,820000245", false},
        {FU_DPC, "SI,11,1,111000110,,291,1,820000246", true},
        {FU_DEN, "SI,11,1,111000110,,291,1,820000246", false},
        {FU_PHA, "IY,1,620098801,1,,,,820000246", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.type = rows[i].type, .body = rows[i].body};
        tst_claim *t = tst_claim_new(&s);
        cr_expect_eq(t->f.inline_fusho, rows[i].inlined, "row %zu", i);
        cr_expect_eq(t->f.n_owned, 0, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(facts, free_text_that_says_fusho_or_kyushikaku)
{
    static const struct {
        const char *ho, *text;
        bool fusho, kyushikaku;
    } rows[] = {
        {NULL, "不詳", true, false},
        {NULL, "不詳　カナ氏名ミホン", true, false},
        {NULL, "原因不詳の発熱", false, false},
        {NULL, "a不詳", false, false},
        {NULL, "不詳の疼痛あり", false, false},
        {NULL, "不詳。", true, false},
        {NULL, "【不詳】", true, false},
        {NULL, "痛み　不詳", false, false},
        {"77777777,,777777777", "原因不詳", false, false},
        {"77777777,,777777777", "痛みは不詳", false, false},
        {"77777777,,777777777", "備考　不詳です", true, false},
        {"77777777,,777777777", "（不詳）", true, false},
        {"77777777,,777777777", "・不詳", true, false},
        {"77777777,,777777777", "番号不詳", true, false},
        {"77777777,,777777777", "健保不詳", true, false},
        {NULL, "不詳・連絡", true, false},
        {NULL, "番号不詳", false, false},
        {"77777777,,777777777", "保険者番号等不詳", true, false},
        {"77777779,,777777777", "１不詳", false, false},
        {"77777777,,777777777", "資格不詳", true, false},
        {NULL, "旧資格情報", false, true},
        {NULL, "これは旧資格による", false, true},
        {NULL, "不詳、旧資格", true, true},
        {NULL, "旧姓あり", false, false},
        {NULL, "", false, false},
        /* 81 95 | 73 | 8F DA: the bytes of 不詳, cut elsewhere */
        {"77777777,,777777777", "＆s詳", false, false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char body[256];
        tst_spec s = {.ho = rows[i].ho, .body = body};
        tst_claim *t;
        snprintf(body, sizeof body, "CO,01,1,810000002,不詳\nCO,01,1,810000001,%s", rows[i].text);
        t = tst_claim_new(&s);
        cr_expect_eq(t->f.free_fusho, rows[i].fusho, "row %zu", i);
        cr_expect_eq(t->f.free_kyushikaku, rows[i].kyushikaku, "row %zu", i);
        if (rows[i].fusho || rows[i].kyushikaku)
            cr_expect_eq(t->f.free_at, 3, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(facts, nothing_of_the_claim_before_stays)
{
    tst_spec first = {.body = "CO,01,1,810000001,旧資格\nCO,01,1,810000001,不詳",
                      .ho = "77777777,,777777777",
                      .tokki = "1329"};
    tst_spec second = {.ho = ""};
    tst_claim *a = tst_claim_new(&first), *b = tst_claim_new(&second);
    fu_facts_read(&a->f, &b->c, &b->arena);
    cr_expect_eq(a->f.free_fusho, b->f.free_fusho);
    cr_expect_eq(a->f.free_kyushikaku, b->f.free_kyushikaku);
    cr_expect_eq(a->f.bango_sevens, b->f.bango_sevens);
    cr_expect_eq(a->f.insurer.n, b->f.insurer.n);
    cr_expect_eq(a->f.n_owned, b->f.n_owned);
    cr_expect_eq(a->f.tokki.n, b->f.tokki.n);
    cr_expect_eq(a->f.class_under_70, b->f.class_under_70);
    tst_claim_free(a);
    tst_claim_free(b);
}

Test(facts, first_free_text_is_remembered)
{
    tst_spec s = {.body = "CO,01,1,810000001,旧資格\nCO,01,1,810000001,不詳"};
    tst_claim *t = tst_claim_new(&s);
    cr_expect(t->f.free_fusho && t->f.free_kyushikaku);
    cr_expect_eq(t->f.free_at, 2);
    tst_claim_free(t);
}

/* ---- signs of 高額療養費 ---- */

Test(facts, signs_of_kougaku_and_other_obstacles)
{
    static const struct {
        tst_spec s;
        const char *sign, *obstacle;
    } rows[] = {
        {{.type = FU_MED}, NULL, NULL},
        {{.head = "MF,00"}, NULL, NULL},
        {{.head = "MF,01"},
         "高額療養費の現物給付（窓口負担額区分）",
         "高額療養費の現物給付（窓口負担額区分）"},
        {{.head = "MF,02"},
         "高額療養費の現物給付（窓口負担額区分）",
         "高額療養費の現物給付（窓口負担額区分）"},
        {{.head = "MF,03"}, NULL, NULL},
        {{.head = "JD,01"}, NULL, NULL},
        {{.kubun = "1"}, "一部負担金区分", "一部負担金区分"},
        {{.type = FU_DPC, .kubun = "1"}, "一部負担金区分", "一部負担金区分"},
        {{.type = FU_DEN, .kubun = "1"}, "一部負担金区分", "一部負担金区分"},
        {{.type = FU_PHA, .kubun = "1"}, "一部負担金区分", "一部負担金区分"},
        {{.type = FU_NUR, .kubun = "1"}, "一部負担金区分", "一部負担金区分"},
        {{.futan = "57600"}, "医療保険の負担金額", "医療保険の負担金額"},
        {{.type = FU_DPC, .futan = "57600"}, "医療保険の負担金額", "医療保険の負担金額"},
        {{.type = FU_DEN, .futan = "57600"}, "医療保険の負担金額", "医療保険の負担金額"},
        {{.type = FU_PHA, .futan = "57600"}, "医療保険の負担金額", "医療保険の負担金額"},
        {{.type = FU_NUR, .futan = "57600"}, "医療保険の負担金額", "医療保険の負担金額"},
        {{.tokki = "31"}, "多数回該当の特記事項", "多数回該当の特記事項"},
        {{.tokki = "29"}, NULL, "所得区分の特記事項"},
        {{.tokki = "02"}, NULL, NULL},
        {{.tokki = "29", .kind = "1118", .birth = "19520101"}, NULL, NULL},
        {{.tokki = "34", .kind = "1118", .birth = "19520101"},
         "多数回該当の特記事項",
         "多数回該当の特記事項"},
        {{.head = "KO,54139993,1234567"}, NULL, "公費併用"},
        {{.head = "KO,54139993,1234567\nMF,01"},
         "高額療養費の現物給付（窓口負担額区分）",
         "公費併用"},
        {{.kubun = "1", .futan = "1", .tokki = "29"}, "一部負担金区分", "一部負担金区分"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        const char *obstacle = fu_furikae_obstacle(&t->f, &t->c);
        cr_expect((t->f.kougaku != NULL) == (rows[i].sign != NULL), "row %zu", i);
        if (t->f.kougaku && rows[i].sign)
            cr_expect_str_eq(t->f.kougaku, rows[i].sign, "row %zu", i);
        cr_expect((obstacle != NULL) == (rows[i].obstacle != NULL), "row %zu", i);
        if (obstacle && rows[i].obstacle)
            cr_expect_str_eq(obstacle, rows[i].obstacle, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(facts, parts_of_a_dpc_bundle_have_their_comments_elsewhere)
{
    static const struct {
        fu_type type;
        const char *soukatsu;
        bool elsewhere;
    } rows[] = {{FU_DPC, "0", false}, {FU_DPC, "1", false}, {FU_DPC, "2", true},
                {FU_DPC, "3", true},  {FU_DPC, "", false},  {FU_MED, "2", false}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.type = rows[i].type, .soukatsu = rows[i].soukatsu};
        tst_claim *t = tst_claim_new(&s);
        cr_expect_eq(t->f.elsewhere, rows[i].elsewhere, "row %zu", i);
        tst_claim_free(t);
    }
}
