#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define KOHI "KO,54139993,1234567"
#define Z10 "1111111111"

typedef struct row {
    tst_spec s;
    const char *codes;
} row;

static void run(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        fu_check_structure(&t->out, &t->c);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes(t));
        tst_claim_free(t);
    }
}

Test(check_structure, sound_claims_of_every_type)
{
    static const row rows[] = {
        {{.type = FU_MED}, ""},
        {{.type = FU_DPC}, ""},
        {{.type = FU_DEN}, ""},
        {{.type = FU_PHA}, ""},
        {{.type = FU_NUR}, ""},
        {{.trimmed = true}, ""},
        {{.eol = "\n"}, ""},
        {{.ho = "", .head = KOHI, .kind = "1212"}, ""},
        {{.head = KOHI "\nKH,x\nSN,1,01,,,,00\nJD,1,1\nMF,00",
          .body = "GR,01\nSY,8833421\nSI,11,1,111000110\nSJ,01,あ"},
         ""},
        {{.type = FU_DPC,
          .head = "SN,1,01\nJD,1\nMF,00",
          .body = "BU\nSB\nKK\nSK\nGA\nHH\nGT\nSI,11,1,111000110\nCO,01,1,810000001,あ\nSJ\nCD"},
         ""},
    };
    run(rows, ROWS(rows));
}

/* ---- F102, F112 ---- */

static tst_claim *of_bytes(const char *bytes)
{
    /* ● is written where raw bytes go: the claim is parsed again from the changed bytes. */
    tst_spec s = {0};
    tst_claim *t = tst_claim_of(&s, "RE,1,1112,202610,見本　花子,2,19800101\r\nHO,01139906,,●\r\n");
    size_t n = strlen(bytes);
    for (size_t i = 0; i + 1 < t->block.bytes.n; i++)
        if (memcmp(t->bytes + i, "\x81\x9C", 2) == 0 && n == 2)
            memcpy(t->bytes + i, bytes, 2);
    fu_arena_reset(&t->arena);
    fu_findings_init(&t->out, &t->arena);
    cr_assert_eq(fu_claim_parse(&t->c, &t->arena, &t->block, &t->header, NULL), FU_OK);
    t->c.number = 1;
    return t;
}

Test(check_structure, bytes_that_are_no_characters)
{
    static const struct {
        const char *bytes, *codes, *found;
        size_t at; /* of the two bytes */
    } rows[] = {
        {"\x81\x9C", "", "", 0},
        {"\xB1\xB2", "", "", 0},
        {"\x80"
         "1",
         "F102 F108", "80", 0},
        {"1\x80", "F102 F108", "80", 1},
        {"\xFF"
         "1",
         "F102 F108", "FF", 0},
        {"\x81"
         "1",
         "F102 F108", "81", 0},
        {"\xF0\x40", "F102 F108", "F0", 0},
        {"\xA0\xA0", "F102 F108", "A0", 0},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = of_bytes(rows[i].bytes);
        size_t start = strlen("IR,1,13,1,1399991,,xxxxxxxx,202611,00,\r\n") +
                       strlen("RE,1,1112,202610,xxxxxxxxxx,2,19800101\r\nHO,01139906,,");
        fu_check_structure(&t->out, &t->c);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes(t));
        if (*rows[i].codes) {
            char at[16];
            const fu_finding *f = tst_only(&t->out, FU_F102);
            cr_assert_not_null(f, "row %zu", i);
            snprintf(at, sizeof at, "%zu", start + rows[i].at);
            cr_expect_str_eq(f->found, rows[i].found, "row %zu", i);
            cr_expect_str_eq(f->want, at, "row %zu", i);
            cr_expect_eq(f->claim, 1);
            cr_expect_eq(f->line, 3);
            cr_expect_str_eq(f->record, "HO");
        }
        tst_claim_free(t);
    }
}

Test(check_structure, control_bytes_inside_a_record)
{
    static const struct {
        const char *body, *codes;
    } rows[] = {
        {"SJ,01,あ", ""},
        {"SJ,01,あ\t", "F112 F108"},
        {"SJ,01,\x1Aあ", "F112 F108"},
        {"SJ,01,\x7Fあ\x01", "F112 F108"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.body = rows[i].body};
        tst_claim *t = tst_claim_new(&s);
        fu_check_structure(&t->out, &t->c);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu: %s", i, tst_codes(t));
        if (t->out.n) {
            char at[16];
            fu_span all = t->block.bytes;
            size_t off = 0;
            while (all.p[off] >= 0x20 || all.p[off] == '\r' || all.p[off] == '\n') {
                if (all.p[off] == 0x7F)
                    break;
                off++;
            }
            snprintf(at, sizeof at, "%zu", (size_t)t->block.offset + off);
            cr_expect_str_eq(t->out.v[0].want, at, "row %zu", i);
            cr_expect_eq(t->out.v[0].line, 4);
            cr_expect_eq(t->out.v[0].claim, 1);
            cr_expect_str_eq(t->out.v[0].record, "SJ");
        }
        tst_claim_free(t);
    }
}

Test(check_structure, bytes_of_the_history_are_looked_at_its_fields_are_not)
{
    static const row rows[] = {
        {{.head = "8,1,0,RE,1234567890,x"}, ""},
        {{.head = "8,1,0,RE,\x01"}, "F112"},
        {{.head = "8,1,0,XX,1"}, ""},
    };
    run(rows, ROWS(rows));
}

/* ---- F104: longer than the layout ---- */

Test(check_structure, fields_of_their_greatest_length_and_one_more)
{
    static const row rows[] = {
        /* 記号 and 番号: 40 bytes in the widest edition */
        {{.ho = "01139906," Z10 Z10 Z10 Z10 "," Z10 Z10 Z10 Z10}, ""},
        {{.ho = "01139906," Z10 Z10 Z10 Z10 "1,1"}, "F104"},
        {{.ho = "01139906,1," Z10 Z10 Z10 Z10 "1"}, "F104"},
        {{.ho = "011399061,1,1"}, "F104"},
        {{.type = FU_DEN, .ho = "01139906,1," Z10 Z10 Z10 Z10 "1"}, "F104"},
        {{.type = FU_PHA, .ho = "01139906,1," Z10 Z10 Z10 Z10 "1"}, "F104"},
        {{.type = FU_NUR, .ho = "01139906,1," Z10 Z10 Z10 Z10 "1"}, "F104"},
        {{.type = FU_DPC, .ho = "01139906,1," Z10 Z10 Z10 Z10 "1"}, "F104"},
        /* 特記事項: five codes */
        {{.tokki = "0102030429"}, ""},
        {{.tokki = "010203042910"}, "F104"},
        {{.type = FU_DPC, .tokki = "010203042910"}, "F104"},
        {{.type = FU_DEN, .tokki = "010203042910"}, "F104"},
        {{.type = FU_PHA, .tokki = "010203042910"}, "F104"},
        {{.type = FU_NUR, .tokki = "010203042910"}, "F104"},
        /* comments: 76 bytes in 医科 (2022), 400 in 歯科 and 訪問看護, not known in 調剤 */
        {{.body = "CO,01,1,810000001,"
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八"},
         ""},
        {{.body = "CO,01,1,810000001,"
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九"},
         "F104"},
        {{.type = FU_PHA,
          .body = "SH\nTK,810000001,"
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九"},
         ""},
        {{.type = FU_NUR,
          .body = "CO,810000001,"
                  "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九"},
         ""},
        /* every field that is too long is told */
        {{.ho = "011399061,1," Z10 Z10 Z10 Z10 "1"}, "F104 F104"},
        {{.karte = Z10 Z10}, ""},
        {{.karte = Z10 Z10 "1"}, "F104"},
    };
    run(rows, ROWS(rows));
}

Test(check_structure, f104_says_what_and_how_much_is_allowed)
{
    tst_spec s = {.ho = "01139906,1," Z10 Z10 Z10 Z10 "1"};
    tst_claim *t = tst_claim_new(&s);
    const fu_finding *f;
    fu_check_structure(&t->out, &t->c);
    f = tst_only(&t->out, FU_F104);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->item, "被保険者証等の番号");
    cr_expect_str_eq(f->found, Z10 Z10 Z10 Z10 "1");
    cr_expect_str_eq(f->want, "半角40文字か全角20文字");
    cr_expect_str_eq(f->record, "HO");
    cr_expect_eq(f->field, 4);
    cr_expect_eq(f->line, 3);
    tst_claim_free(t);
}

Test(check_structure, more_fields_than_the_layout)
{
    static const row rows[] = {
        /* one extra empty one: F108; RE and HO with more: F107; others with more: F104 */
        {{.body = "CO,01,1,810000001,あ"}, ""},
        {{.body = "CO,01,1,810000001,あ,"}, "F108"},
        {{.body = "CO,01,1,810000001,あ,,"}, "F104"},
        {{.body = "CO,01,1,810000001,あ,x"}, "F104"},
        {{.head = "SN,1,01,,,,00,,"}, ""},
        {{.head = "SN,1,01,,,,00,,,"}, "F108"},
        {{.head = "SN,1,01,,,,00,,,x"}, "F104"},
        {{.ho = "01139906,1,1,,,,,,,,,,,"}, ""},
        {{.ho = "01139906,1,1,,,,,,,,,,,,"}, "F108"},
        {{.ho = "01139906,1,1,,,,,,,,,,,,,"}, "F107"},
        {{.ho = "01139906,1,1,,,,,,,,,,,,x"}, "F107"},
        {{.type = FU_DPC, .ho = "01139906,1,1,,,,,,,,,,,,x"}, "F107"},
        {{.type = FU_DEN, .ho = "01139906,1,1,,,,,,,,,,"}, ""},
        {{.type = FU_DEN, .ho = "01139906,1,1,,,,,,,,,,,x"}, "F107"},
        {{.type = FU_PHA, .ho = "01139906,1,1,,,,,,,,,,,x"}, "F107"},
        {{.type = FU_NUR, .ho = "01139906,1,1,,,,,,,,,x"}, "F107"},
        {{.type = FU_NUR, .ho = "01139906,1,1,,,,,,,,,"}, "F108"},
        {{.type = FU_DEN, .body = "CO,99,1,810000001,あ,,,,,,,x"}, "F104"},
        {{.type = FU_PHA, .body = "SH\nTK,810000001,あ,x"}, "F104"},
        {{.type = FU_NUR, .body = "CO,810000001,あ,,x"}, "F104"},
        /* records of which the layout is not known */
        {{.type = FU_DPC, .body = "BU,1,2,3,4,5,6,7,8,9"}, ""},
        /* a comma too many in every record of a kind is told once */
        {{.body = "CO,01,1,810000001,あ,\nCO,01,1,810000001,い,"}, "F108"},
    };
    run(rows, ROWS(rows));
}

Test(check_structure, extra_fields_name_their_number)
{
    static const struct {
        const char *ho, *item, *payer;
        fu_code code;
    } rows[] = {
        {"01139906,1,1,,,,,,,,,,,,", "末尾の余分なコンマ", "2543", FU_F108},
        {"01139906,1,1,,,,,,,,,,,,x", NULL, "", FU_F107},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.ho = rows[i].ho};
        tst_claim *t = tst_claim_new(&s);
        const fu_finding *f;
        fu_check_structure(&t->out, &t->c);
        f = tst_only(&t->out, rows[i].code);
        cr_assert_not_null(f);
        cr_expect_str_eq(f->found, "16");
        cr_expect_str_eq(f->want, "15");
        cr_expect_eq(f->field, 16);
        cr_expect_str_eq(f->payer, rows[i].payer);
        cr_expect(tst_same(f->item, rows[i].item));
        tst_claim_free(t);
    }
    {
        tst_spec s = {.body = "CO,01,1,810000001,あ,x"};
        tst_claim *t = tst_claim_new(&s);
        fu_check_structure(&t->out, &t->c);
        cr_expect_str_eq(tst_codes_with_items(t), "F104=項目数");
        cr_expect_str_eq(t->out.v[0].payer, "2542");
        cr_expect_eq(t->out.v[0].field, 6);
        tst_claim_free(t);
    }
}

/* ---- F106 ---- */

Test(check_structure, order_of_records)
{
    static const row rows[] = {
        {{.head = "SN,1\nJD,1\nMF,00"}, ""},
        {{.head = "MF,00\nJD,1\nSN,1"}, ""}, /* in any order behind the payers */
        {{.head = "SN,1\n" KOHI}, "F106"},
        {{.ho = "", .head = KOHI "\nHO,01139906,1,1"}, "F106"},
        {{.ho = "", .head = "SN,1\nHO,01139906,1,1"}, "F106"},
        {{.body = "SI,11,1,111000110\nSN,1"}, "F106"},
        {{.body = "SI,11,1,111000110\nSY,8833421"}, ""}, /* the treatment is not judged */
        {{.head = "HR,202609", .body = "SI,11\nHR,202609"}, ""},
        {{.head = "HO,01139906,1,1"}, "F106"},
        {{.head = KOHI "\n" KOHI "\n" KOHI "\n" KOHI}, ""},
        {{.head = KOHI "\n" KOHI "\n" KOHI "\n" KOHI "\n" KOHI}, "F106"},
        {{.type = FU_DEN, .body = "SS,11\nSN,1"}, "F106"},
        {{.type = FU_PHA, .body = "SH\nSN,1"}, "F106"},
        {{.type = FU_NUR, .body = "KA,20261003\nSN,1"}, "F106"},
        {{.type = FU_DPC, .body = "BU\nSN,1"}, "F106"},
    };
    run(rows, ROWS(rows));
}

Test(check_structure, f106_says_which)
{
    static const struct {
        const char *head, *codes, *payer;
        uint64_t line;
    } rows[] = {
        {"SN,1\n" KOHI, "F106=公費レコード", "", 5},
        {"HO,01139906,1,1", "F106=保険者レコード（HO）が2つ以上", "2547", 3},
        {KOHI "\n" KOHI "\n" KOHI "\n" KOHI "\n" KOHI, "F106=公費レコード（KO）が5つ以上", "2552",
         7},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.head = rows[i].head};
        tst_claim *t = tst_claim_new(&s);
        fu_check_structure(&t->out, &t->c);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].codes, "row %zu", i);
        cr_expect_str_eq(t->out.v[0].payer, rows[i].payer, "row %zu", i);
        cr_expect_eq(t->out.v[0].line, rows[i].line, "row %zu", i);
        tst_claim_free(t);
    }
}

/* ---- F107 ---- */

Test(check_structure, unknown_records_and_types)
{
    static const row rows[] = {
        {{.body = "XX,1\nSI,11,1,111000110"}, "F107"},
        {{.body = "XX,1\nXX,1"}, "F107 F107"},
        {{.body = "x\nSI,11"}, "F107"},
        {{.body = "SS,11"}, "F107"}, /* 歯科's */
        {{.type = FU_DEN, .body = "SS,11"}, ""},
        {{.type = FU_MED, .body = "TK,810000001"}, "F107"},
        {{.type = FU_NUR, .body = "TK,810000001\nIH"}, "F107"},
        {{.body = "HR,1\nRC,1"}, ""},
        /* a claim of another 点数表 than the file's: nothing else can be said */
        {{.kind = "2112", .ho = "011399061111,1,1", .body = "XX"}, "F107"},
        {{.kind = "3112"}, "F107"},
        {{.kind = ""}, "F107"},
        {{.kind = "112"}, "F107"},
        {{.kind = "112", .body = "SJ,01,\x01"}, "F107 F112"},
        /* an empty line inside a claim is the file's matter */
        {{.body = "SY,8833421\n\nSI,11,1,111000110"}, ""},
    };
    run(rows, ROWS(rows));
}

Test(check_structure, f107_shows_the_name_or_the_type)
{
    tst_spec s = {.body = "XX,1"}, k = {.kind = "2112"};
    tst_claim *t = tst_claim_new(&s);
    fu_check_structure(&t->out, &t->c);
    cr_expect_str_eq(t->out.v[0].found, "XX");
    cr_expect_str_eq(t->out.v[0].record, "XX");
    cr_expect_eq(t->out.v[0].line, 4);
    tst_claim_free(t);
    t = tst_claim_new(&k);
    tst_check(t, NULL);
    cr_expect_str_eq(tst_codes_with_items(t), "F107=レセプト種別");
    cr_expect_str_eq(t->out.v[0].found, "2112");
    cr_expect_eq(t->out.v[0].field, 3);
    tst_claim_free(t);
}

/* ---- F108 ---- */

Test(check_structure, modes_and_fixed_lengths)
{
    static const row rows[] = {
        {{.kyufu = "70"}, ""},
        {{.kyufu = "７０"}, "F104"},
        {{.kyufu = "7x"}, "F108"},
        {{.sex = ""}, ""},
        {{.sex = "x"}, "F108"},
        {{.name = "見本　花子"}, ""},
        {{.name = "ﾐﾎﾝ ﾊﾅｺ"}, ""},
        {{.name = "見本 花子"}, "F108"}, /* a half-width blank between full-width characters */
        {{.kana = "ﾐﾎﾝﾊﾅｺ"}, "F108"},
        {{.ho = "01139906,１２３,456"}, ""},
        {{.ho = "01139906,１23,456"}, "F108"},
        {{.tokki = "２９"}, "F108"},
        /* fixed: 年月 and 生年月日 also in the width of editions before 2020 */
        {{.month = "50810"}, ""},
        {{.month = "2026"}, "F108"},
        {{.birth = "3550101"}, ""},
        {{.birth = "550101"}, "F108"},
        {{.ho = "1139906,1,1"}, ""}, /* the insurer's length is H202's */
        {{.body = "CO,01,1,81000001,あ"}, "F108"},
        {{.body = "CO,01,1,810000001,a"}, "F108"},
        {{.body = "CO,,1,810000001,あ"}, ""},
        {{.type = FU_DEN, .body = "CO,99,1,810000001,a"}, "F108"},
        {{.type = FU_PHA, .body = "SH\nTK,810000001,a"}, "F108"},
        {{.type = FU_NUR, .body = "CO,810000001,a"}, "F108"},
        {{.type = FU_DPC, .soukatsu = "0", .body = "CO,01,1,810000001,a"}, "F108"},
        {{.type = FU_DPC, .soukatsu = "3"}, ""},
        {{.type = FU_DPC, .soukatsu = "4"}, "F108"},
        /* the same fault of the same field is told once in a claim */
        {{.body = "CO,01,1,810000001,a\nCO,01,1,810000001,b"}, "F108"},
        {{.body = "CO,01,1,810000001,a\nCO,x,1,810000001,b"}, "F108 F108"},
        {{.body = "CO,01,1,810000001,a\nSJ,01,b"}, "F108 F108"},
    };
    run(rows, ROWS(rows));
}

Test(check_structure, f108_says_what_is_wanted)
{
    static const struct {
        tst_spec s;
        const char *item, *want, *payer;
    } rows[] = {
        {{.kyufu = "7x"}, "給付割合", "半角の数字", "2543"},
        {{.tokki = "２９"}, "レセプト特記事項", "半角の英数", "2543"},
        {{.kana = "ｱ"}, "カタカナ氏名", "全角", "2543"},
        {{.name = "見 本"}, "氏名", "半角か全角のどちらか一方", "2543"},
        {{.month = "2026"}, "診療年月", "6", "2553"},
        {{.type = FU_DPC, .soukatsu = "9"}, "レセプト総括区分", "0～3", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        fu_check_structure(&t->out, &t->c);
        cr_assert_eq(t->out.n, 1, "row %zu", i);
        cr_expect_eq(t->out.v[0].code, FU_F108, "row %zu", i);
        cr_expect_str_eq(t->out.v[0].item, rows[i].item, "row %zu", i);
        cr_expect_str_eq(t->out.v[0].want, rows[i].want, "row %zu", i);
        cr_expect_str_eq(t->out.v[0].payer, rows[i].payer, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(check_structure, kinds_of_faults_beyond_those_remembered_are_told_each_time)
{
    /* 31 days and more of SI with a letter in each: the first 32 kinds are told once */
    char body[1024] = "SI,x,1,111000110,x,x,x,x,ａ,x,ａ,x,ａ";
    tst_spec s = {.body = body};
    tst_claim *t;
    for (int i = 0; i < 31; i++)
        strcat(body, ",x");
    t = tst_claim_new(&s);
    fu_check_structure(&t->out, &t->c);
    cr_expect_eq(t->out.n, 38, "%zu", t->out.n);
    tst_claim_free(t);
}

Test(check_structure, record_outside_of_a_claim)
{
    static const struct {
        fu_type type;
        const char *record, *codes;
    } rows[] = {
        {FU_MED, "IR,1,13,1,1399991,,\x8C\xA9\x96\x7B,202611,00,", ""},
        {FU_MED, "IR,1,13,1,1399991,,\x8C\xA9\x96\x7B,202611,00,,", "F108"},
        {FU_MED, "IR,1,13,1,1399991,,\x8C\xA9\x96\x7B,202611,00,,x", "F104"},
        {FU_MED, "IR,x,13,1,1399991,,a,2026,00,", "F108 F108 F108"},
        {FU_MED, "IR,1,13,1,13999911,,\x8C\xA9\x96\x7B,202611,00,", "F104"},
        {FU_MED, "GO,1,100,99", ""},
        {FU_MED, "GO,1,100,9", "F108"},
        {FU_MED, "GO,1,100,99,x", "F104"},
        {FU_NUR, "GO", ""},
        {FU_NUR, "GO,1,100,99", "F104"},
        {FU_DEN, "IR,1,13,3,1399991,,202611,,", ""},
        {FU_DEN, "IR,1,13,3,1399991,,202611,,,", "F108"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char codes[256];
        fu_arena a;
        fu_findings out;
        const char *r = rows[i].record;
        fu_arena_init(&a, &fu_mem_libc, 1 << 20);
        fu_findings_init(&out, &a);
        fu_check_fields(&out, &fu_layouts[rows[i].type], 7,
                        FU_ID((unsigned char)r[0], (unsigned char)r[1]), fu_span_str(r));
        cr_expect_str_eq(tst_list_codes(&out, false, codes, sizeof codes), rows[i].codes, "row %zu",
                         i);
        for (size_t n = 0; n < out.n; n++)
            cr_expect(out.v[n].claim == 0 && out.v[n].line == 7, "row %zu", i);
        fu_arena_free(&a);
    }
}
