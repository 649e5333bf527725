#include <criterion/criterion.h>
#include <stdio.h>

#include "rewrite/comments.h"
#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define KOHI "KO,54139993,1234567"

static tst_claim *rewritten(const tst_spec *s, const char *inner)
{
    tst_claim *t = tst_claim_new(s);
    tst_capture k = tst_capture_new(inner);
    tst_rewrite(t, k.c, NULL);
    t->d.capture = NULL; /* it goes now */
    tst_capture_free(&k);
    return t;
}

/* A 不詳 capture with one item as given. */
static const char *with(const char *patient, const char *attributes, const char *inside)
{
    static char text[32768]; /* each Test is a process of its own */
    snprintf(text, sizeof text,
             "%s" TST_FAILED "<declaration kind='kenpo' phone='1' %s>%s</declaration>" TST_CONTACT,
             patient, attributes, inside);
    return text;
}

static tst_claim *rewritten_of(const tst_spec *s, const char *all)
{
    tst_claim *t = tst_claim_new(s);
    tst_capture k = tst_capture_of("id='c1' month='202610'", all);
    tst_rewrite(t, k.c, NULL);
    t->d.capture = NULL;
    tst_capture_free(&k);
    return t;
}

/* ---- the records of the five types ---- */

#define ALL                                                                                          \
    TST_FAILED "<declaration kind='kyosai' phone='03-0000-0001' insurer-name='見本共済組合'"   \
               " workplace='見本Ｃ&amp;Ｄ' share='3'><address>見本県見本市1-2-3</address>" \
               "<address>ﾐﾎﾝ荘 101</address><address>実家</address></declaration>"          \
               "<contact on='2026-11-02' result='no-answer'/>"                                       \
               "<contact on='2026-11-30' result='unknown'/>"

Test(rewrite_comments, records_of_every_type)
{
    static const char *const wanted[FU_TYPE_COUNT] = {
        [FU_MED] = "CO,01,1,820000246,\nCO,01,1,830000501,ミホンハナコ\nCO,01,1,830000502,共済\n"
                   "CO,01,1,830000503,見本共済組合\nCO,01,1,830000504,見本Ｃ＆Ｄ\n"
                   "CO,01,1,830000505,見本県見本市１－２－３\nCO,01,1,830000506,ミホン荘　１０１\n"
                   "CO,01,1,830000506,実家\nCO,01,1,830000507,０３－００００－０００１\n"
                   "CO,01,1,830000508,令和８年１１月２日\nCO,01,1,830000508,令和８年１１月３０日",
        [FU_DPC] = "CO,01,1,820000246,\nCO,01,1,830000501,ミホンハナコ\nCO,01,1,830000502,共済\n"
                   "CO,01,1,830000503,見本共済組合\nCO,01,1,830000504,見本Ｃ＆Ｄ\n"
                   "CO,01,1,830000505,見本県見本市１－２－３\nCO,01,1,830000506,ミホン荘　１０１\n"
                   "CO,01,1,830000506,実家\nCO,01,1,830000507,０３－００００－０００１\n"
                   "CO,01,1,830000508,令和８年１１月２日\nCO,01,1,830000508,令和８年１１月３０日",
        [FU_DEN] =
            "CO,99,1,820000246,,,,,,,\nCO,99,1,830000501,ミホンハナコ,,,,,,\n"
            "CO,99,1,830000502,共済,,,,,,\nCO,99,1,830000503,見本共済組合,,,,,,\n"
            "CO,99,1,830000504,見本Ｃ＆Ｄ,,,,,,\nCO,99,1,830000505,見本県見本市１－２－３,,,,,,\n"
            "CO,99,1,830000506,ミホン荘　１０１,,,,,,\nCO,99,1,830000506,実家,,,,,,\n"
            "CO,99,1,830000507,０３－００００－０００１,,,,,,\n"
            "CO,99,1,830000508,令和８年１１月２日,,,,,,\n"
            "CO,99,1,830000508,令和８年１１月３０日,,,,,,",
        [FU_PHA] = "TK,820000246,\nTK,830000501,ミホンハナコ\nTK,830000502,共済\n"
                   "TK,830000503,見本共済組合\nTK,830000504,見本Ｃ＆Ｄ\n"
                   "TK,830000505,見本県見本市１－２－３\nTK,830000506,ミホン荘　１０１\n"
                   "TK,830000506,実家\nTK,830000507,０３－００００－０００１\n"
                   "TK,830000508,令和８年１１月２日\nTK,830000508,令和８年１１月３０日",
        [FU_NUR] = "CO,820000246,,\nCO,830000501,ミホンハナコ,\nCO,830000502,共済,\n"
                   "CO,830000503,見本共済組合,\nCO,830000504,見本Ｃ＆Ｄ,\n"
                   "CO,830000505,見本県見本市１－２－３,\nCO,830000506,ミホン荘　１０１,\n"
                   "CO,830000506,実家,\nCO,830000507,０３－００００－０００１,\n"
                   "CO,830000508,令和８年１１月２日,\nCO,830000508,令和８年１１月３０日,",
    };
    for (int type = 0; type < FU_TYPE_COUNT; type++)
        for (int trimmed = 0; trimmed < 2; trimmed++) {
            /* inserted records have all fields in a trimmed file too */
            tst_spec s = {.type = (fu_type)type, .trimmed = trimmed};
            tst_claim *t = rewritten(&s, ALL);
            cr_expect_str_eq(tst_inserted(t), wanted[type], "type %d", type);
            tst_claim_free(t);
        }
}

Test(rewrite_comments, former_insurance_of_every_type)
{
    static const char *const wanted[FU_TYPE_COUNT] = {[FU_MED] = "CO,01,1,820000245,",
                                                      [FU_DPC] = "CO,01,1,820000245,",
                                                      [FU_DEN] = "CO,99,1,820000245,,,,,,,",
                                                      [FU_PHA] = "TK,820000245,",
                                                      [FU_NUR] = "CO,820000245,,"};
    for (int type = 0; type < FU_TYPE_COUNT; type++) {
        tst_spec s = {.type = (fu_type)type};
        tst_claim *t = rewritten(&s, TST_FAILED TST_FORMER);
        cr_expect_str_eq(tst_inserted(t), wanted[type], "type %d", type);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, kinds_as_they_are_recorded)
{
    static const struct {
        const char *word, *text, *payer, *receipt;
        bool workplace;
    } rows[] = {
        {"kenpo", "健保", "1", "1112", true},          {"kyosai", "共済", "1", "1112", true},
        {"senin", "船員", "1", "1112", true},          {"kokuho", "国保", "2", "1112", true},
        {"kouki", "後期", "2", "1310", false},         {"unknown", "わからない", "1", "1112", true},
        {"unknown", "わからない", "2", "1310", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.payer = rows[i].payer, .kind = rows[i].receipt};
        char inner[512], line[64];
        tst_claim *t;
        snprintf(inner, sizeof inner,
                 TST_FAILED "<declaration kind='%s' phone='1' workplace='w' insurer-name='i'>"
                            "<address>a</address></declaration>" TST_CONTACT,
                 rows[i].word);
        t = rewritten(&s, inner);
        snprintf(line, sizeof line, "\nCO,01,1,830000502,%s\n", rows[i].text);
        cr_expect_not_null(strstr(tst_inserted(t), line), "row %zu", i);
        cr_expect_eq(strstr(tst_inserted(t), ",830000504,ｗ\n") != NULL, rows[i].workplace,
                     "row %zu", i);
        cr_expect_eq(strstr(tst_inserted(t), "830000504") != NULL, rows[i].workplace, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, empty_names_are_said_to_be_empty)
{
    tst_spec s = {0};
    tst_claim *t = rewritten_of(
        &s, with(TST_PATIENT, "insurer-name=' ' workplace='　'", "<address>a</address>"));
    cr_expect_not_null(strstr(tst_inserted(t), "CO,01,1,830000503,保険者等名称記載なし\n"));
    cr_expect_not_null(strstr(tst_inserted(t), "CO,01,1,830000504,事業所名記載なし\n"));
    tst_claim_free(t);
}

Test(rewrite_comments, payers_of_the_claim_in_the_share_code)
{
    static const struct {
        const char *head, *code;
    } rows[] = {{"", "1"},
                {KOHI, "2"},
                {KOHI "\n" KOHI, "4"},
                {KOHI "\n" KOHI "\n" KOHI, "V"},
                {KOHI "\n" KOHI "\n" KOHI "\n" KOHI, "9"}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        static const fu_type types[] = {FU_MED, FU_DPC, FU_DEN};
        for (size_t k = 0; k < ROWS(types); k++) {
            tst_spec s = {.type = types[k], .head = rows[i].head};
            tst_claim *t = rewritten(&s, TST_FAILED TST_FORMER);
            char want[32];
            snprintf(want, sizeof want, "CO,%s,%s,820000245,", types[k] == FU_DEN ? "99" : "01",
                     rows[i].code);
            cr_expect_eq(strncmp(tst_inserted(t), want, strlen(want)), 0, "row %zu %zu", i, k);
            tst_claim_free(t);
        }
    }
}

/* ---- places ---- */

Test(rewrite_comments, places)
{
    static const struct {
        tst_spec s;
        const char *course;
    } rows[] = {
        /* 医科: before the first SI, IY, TO, CO */
        {{.body = "SY\nSI\nCO"}, "RE HO! SY +CO SI CO"},
        {{.body = "SY\nIY\nSI"}, "RE HO! SY +CO IY SI"},
        {{.body = "SY\nTO\nSI"}, "RE HO! SY +CO TO SI"},
        {{.body = "SY\nCO,01,1,810000001\nSI"}, "RE HO! SY +CO CO SI"},
        {{.body = "SY\nSJ"}, "RE HO! SY +CO SJ"},
        {{.head = "SN,1\nJD,1\nMF,00", .body = ""}, "RE HO! SN JD MF +CO"},
        {{.head = "KO,54139993\nKH", .body = "GR,01\nSJ"}, "RE HO! KO KH GR +CO SJ"},
        {{.body = ""}, "RE HO! +CO"},
        {{.body = "SY\nSI\nTI\nTR\nTS\nSY\nSI"}, "RE HO! SY +CO SI TI TR TS SY SI"},
        /* DPC: the same, after GT */
        {{.type = FU_DPC, .body = "BU\nSB\nHH\nGT\nSI\nCD"}, "RE HO! BU SB HH GT +CO SI CD"},
        {{.type = FU_DPC, .body = "BU\nSB\nKK\nSK\nGA\nHH\nGT\nCD"},
         "RE HO! BU SB KK SK GA HH GT +CO CD"},
        {{.type = FU_DPC, .soukatsu = "0", .body = "BU\nSJ\nCD"}, "RE HO! BU +CO SJ CD"},
        {{.type = FU_DPC, .soukatsu = "0", .head = "SN,1\nMF,00", .body = "BU\nGT\nCO,01\nSJ"},
         "RE HO! SN MF BU GT +CO CO SJ"},
        /* a 総括レセプト: behind MF, whatever comes then */
        {{.type = FU_DPC,
          .soukatsu = "1",
          .head = "SN,1\nJD,1\nMF,00",
          .body = "CO,01,1,810000001\nSJ"},
         "RE HO! SN JD MF +CO CO SJ"},
        {{.type = FU_DPC, .soukatsu = "1", .head = "SN,1\nJD,1", .body = "SJ"},
         "RE HO! SN JD +CO SJ"},
        {{.type = FU_DPC, .soukatsu = "1", .head = "KO,54139993\nMF,00", .body = "GR,01\nSI"},
         "RE HO! KO MF +CO GR SI"},
        {{.type = FU_DPC, .soukatsu = "1", .body = ""}, "RE HO! +CO"},
        /* its parts have none */
        {{.type = FU_DPC, .soukatsu = "2", .body = "BU\nSI"}, "RE HO! BU SI"},
        {{.type = FU_DPC, .soukatsu = "3", .body = "SY\nSI"}, "RE HO! SY SI"},
        /* 歯科: before the first CO of 99, else behind the last of the treatment, before SJ */
        {{.type = FU_DEN, .body = "HS\nSS,11\nCO,99\nCO,99\nSJ"}, "RE HO! HS SS +CO CO CO SJ"},
        {{.type = FU_DEN, .body = "HS\nSS,11\nCO,11\nIY,21\nSJ"}, "RE HO! HS SS CO IY +CO SJ"},
        {{.type = FU_DEN, .body = "HS\nSS,11\nCO,11\nCO,99\nSJ"}, "RE HO! HS SS CO +CO CO SJ"},
        {{.type = FU_DEN, .body = "HS\nSI\nSJ"}, "RE HO! HS SI +CO SJ"},
        {{.type = FU_DEN, .body = "HS\nTO\nSJ"}, "RE HO! HS TO +CO SJ"},
        {{.type = FU_DEN, .body = "HS\nSS,11"}, "RE HO! HS SS +CO"},
        {{.type = FU_DEN, .head = "MF,00", .body = "HS\nSJ"}, "RE HO! MF HS +CO SJ"},
        {{.type = FU_DEN, .body = "SJ"}, "RE HO! +CO SJ"},
        /* 調剤: before the first TK, else behind the last of the prescriptions, before KI and ST */
        {{.type = FU_PHA, .body = "SH\nCZ\nIY\nTK,810000001\nTK\nKI\nST"},
         "RE HO! SH CZ IY +TK TK TK KI ST"},
        {{.type = FU_PHA, .body = "SH\nCZ\nIY\nKI\nST"}, "RE HO! SH CZ IY +TK KI ST"},
        {{.type = FU_PHA, .body = "SH\nCZ\nTO\nKI"}, "RE HO! SH CZ TO +TK KI"},
        {{.type = FU_PHA, .body = "SH\nCZ\nIY\nCO,810000001\nKI"}, "RE HO! SH CZ IY CO +TK KI"},
        {{.type = FU_PHA, .body = "SH\nSH\nKI"}, "RE HO! SH SH +TK KI"},
        {{.type = FU_PHA, .body = "CZ\nST"}, "RE HO! CZ +TK ST"},
        {{.type = FU_PHA, .head = "SN,1\nMF,00", .body = "KI\nST"}, "RE HO! SN MF +TK KI ST"},
        {{.type = FU_PHA, .body = ""}, "RE HO! +TK"},
        /* 訪問看護: before the first CO, else before the first KA */
        {{.type = FU_NUR, .body = "IH\nHJ\nJS\nSY\nTZ,10\nCO,810000001\nCO\nKA\nKA"},
         "RE HO! IH HJ JS SY TZ +CO CO CO KA KA"},
        {{.type = FU_NUR, .body = "IH\nHJ\nJS\nSY\nRJ\nTZ,10\nKS\nKA\nKA"},
         "RE HO! IH HJ JS SY RJ TZ KS +CO KA KA"},
        {{.type = FU_NUR, .head = "MF,00", .body = "IH\nSY\nTZ,10"}, "RE HO! MF IH SY +CO TZ"},
        {{.type = FU_NUR, .head = "MF,00", .body = "IH\nJS"}, "RE HO! MF +CO IH JS"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = rewritten(&rows[i].s, TST_FAILED TST_FORMER);
        cr_expect_str_eq(tst_course(t), rows[i].course, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, records_of_the_history_are_no_place)
{
    tst_spec s = {.body = "SY\nSI\n8,1,0,CO,01,1,810000001,"};
    tst_claim *t = rewritten(&s, TST_FAILED TST_CURRENT);
    tst_claim_free(t);
    s.body = "SY\nSJ\n8,1,0,SI,11\n8,2,0,SY,1";
    t = rewritten(&s, TST_FUSHO TST_FORMER);
    cr_expect_eq(t->d.route, FU_R_FUSHO);
    cr_expect_str_eq(tst_course(t), "RE HO! SY +CO +CO +CO +CO +CO +CO +CO +CO SJ SI SY");
    tst_claim_free(t);
}

/* ---- texts ---- */

#define TEN "市区町村大字小字番地"

static char *repeated(char *out, const char *c, size_t n)
{
    out[0] = '\0';
    while (n-- > 0)
        strcat(out, c);
    return out;
}

Test(rewrite_comments, long_texts_go_on_in_further_records)
{
    static const struct {
        fu_type type;
        size_t max; /* characters of one record */
        const char *before, *after;
    } rows[] = {
        {FU_MED, 38, "CO,01,1,830000505,", ""},        {FU_DPC, 38, "CO,01,1,830000505,", ""},
        {FU_DEN, 200, "CO,99,1,830000505,", ",,,,,,"}, {FU_PHA, 38, "TK,830000505,", ""},
        {FU_NUR, 200, "CO,830000505,", ","},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        for (size_t n = rows[i].max - 1; n <= 2 * rows[i].max + 1; n++) {
            char address[2048], inside[2200], want[4096] = "", part[1024];
            tst_spec s = {.type = rows[i].type};
            tst_claim *t;
            size_t left = n;
            snprintf(inside, sizeof inside, "<address>%s</address><address>次</address>",
                     repeated(address, "町", n));
            t = rewritten_of(&s, with(TST_PATIENT, "", inside));
            for (; left > 0; left -= left < rows[i].max ? left : rows[i].max) {
                strcat(want, rows[i].before);
                strcat(want, repeated(part, "町", left < rows[i].max ? left : rows[i].max));
                strcat(want, rows[i].after);
                strcat(want, "\n");
            }
            cr_expect_not_null(strstr(tst_inserted(t), want), "row %zu n %zu", i, n);
            cr_expect_eq(strstr(strstr(tst_inserted(t), want) + strlen(want), "830000505"), NULL);
            tst_claim_free(t);
        }
}

/* Nothing is lost, and no record begins or ends in a blank where that can be. */
Test(rewrite_comments, the_cut_is_beside_no_blank)
{
    static const struct {
        const char *text;
        size_t first; /* characters */
    } rows[] = {
        {TEN TEN TEN "一二三四五六七八九", 38},
        {TEN TEN TEN "一二三四五六七　九", 36},
        {TEN TEN TEN "一二三四五六七八　十", 37},
        {TEN TEN TEN "一二三四五六七　　十", 36},
        {TEN TEN TEN "一二三四五六　八九十", 38},
        {TEN TEN TEN "一二三四五　　八　十", 34},
        {"一　二　三　四　五　六　七　八　九　十　一　二　三　四　五　六　七　八　九　十　一", 38},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char inside[600], want[1024];
        int n = (int)rows[i].first * 3;
        tst_spec s = {.type = FU_MED};
        tst_claim *t;
        snprintf(inside, sizeof inside, "<address>%s</address>", rows[i].text);
        t = rewritten_of(&s, with(TST_PATIENT, "", inside));
        snprintf(want, sizeof want, "CO,01,1,830000505,%.*s\nCO,01,1,830000505,%s\n", n,
                 rows[i].text, rows[i].text + n);
        cr_expect_not_null(strstr(tst_inserted(t), want), "row %zu: %s", i, tst_inserted(t));
        tst_claim_free(t);
    }
}

Test(rewrite_comments, texts_become_full_width)
{
    static const struct {
        const char *given, *recorded;
    } rows[] = {
        {"Abc 123", "Ａｂｃ　１２３"},         {"ｶﾞｷﾞﾊﾟｱ", "ガギパア"}, {"1,2", "１，２"},
        {"a&#9;b&#13;&#10;c", "ａ　ｂ　　ｃ"}, {"a&#127;b", "ａ　ｂ"},  {"~-'\"\\", "～－＇＂＼"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        char inside[256], want[256];
        tst_claim *t;
        snprintf(inside, sizeof inside, "<address>%s</address>", rows[i].given);
        t = rewritten_of(&s, with(TST_PATIENT, "", inside));
        snprintf(want, sizeof want, "\nCO,01,1,830000505,%s\n", rows[i].recorded);
        if (i != 5)
            cr_expect_not_null(strstr(tst_inserted(t), want), "row %zu: %s", i, tst_inserted(t));
        cr_expect_eq(t->edits.failed, false);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, unrecordable_characters_are_shown_and_replaced)
{
    static const struct {
        const char *kana, *attributes, *address, *record, *item, *found;
    } rows[] = {
        {"ミホン", "", "髙橋方", "CO,01,1,830000505,〓橋方", "住所１", "髙"},
        {"ミホン", "", "😀①", "CO,01,1,830000505,〓〓", "住所１", "😀①"},
        {"ミホンヷ", "", "a", "CO,01,1,830000501,ミホン〓", "カナ氏名", "ヷ"},
        {"ミホン", "insurer-name='㈱見本'", "a", "CO,01,1,830000503,〓見本", "保険者等名称", "㈱"},
        {"ミホン", "workplace='見本㈲'", "a", "CO,01,1,830000504,見本〓", "事業所名", "㈲"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        char patient[128], inside[128];
        const fu_finding *f;
        tst_claim *t;
        snprintf(patient, sizeof patient, "<patient kana='%s' birth='1980-01-01' sex='2'/>",
                 rows[i].kana);
        snprintf(inside, sizeof inside, "<address>%s</address>", rows[i].address);
        t = rewritten_of(&s, with(patient, rows[i].attributes, inside));
        cr_expect_not_null(strstr(tst_inserted(t), rows[i].record), "row %zu: %s", i,
                           tst_inserted(t));
        cr_expect_str_eq(tst_codes(t), "R606 E507", "row %zu", i);
        f = tst_only(&t->out, FU_E507);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->found, rows[i].found, "row %zu", i);
        cr_expect_str_eq(f->item, rows[i].item, "row %zu", i);
        cr_expect_eq(f->line, 2);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, characters_of_jis_are_recorded_as_they_are)
{
    tst_spec s = {0};
    tst_claim *t = rewritten_of(&s, with(TST_PATIENT, "", "<address>々〆ヶ亜凜①</address>"));
    cr_expect_str_eq(tst_codes(t), "R606 E507");
    cr_expect_not_null(strstr(tst_inserted(t), "々〆ヶ亜凜〓"));
    tst_claim_free(t);
}

/* ---- the set that is there ---- */

#define SET                                                                                                         \
    "CO,01,1,820000246,\nCO,01,1,830000501,ミホンハナコ\nCO,01,1,830000502,健保\n"                          \
    "CO,01,1,830000503,見本組合\nCO,01,1,830000504,見本商事\n"                                              \
    "CO,01,1,830000505,東京都千代田区見本町１\nCO,01,1,830000507,０３－００００－００００\n" \
    "CO,01,1,830000508,令和８年１０月２８日"
#define EIGHT "+CO +CO +CO +CO +CO +CO +CO +CO"
#define DELETED "-CO -CO -CO -CO -CO -CO -CO -CO"
#define KEPT "CO CO CO CO CO CO CO CO"

/* What became of the claim: the edits' kinds in order of bytes, and the result. */
static void count(const tst_claim *t, size_t *inserted, size_t *deleted)
{
    *inserted = *deleted = 0;
    for (size_t i = 0; i < t->edits.n; i++) {
        *inserted += t->edits.v[i].op == FU_EDIT_INSERT;
        *deleted += t->edits.v[i].op == FU_EDIT_DELETE;
    }
}

Test(rewrite_comments, a_set_is_kept_or_replaced_as_a_whole)
{
    static const struct {
        const char *body;
        size_t inserted, deleted;
        const char *ids; /* of the result, behind HO */
    } rows[] = {
        {"SY\n" SET "\nSI", 0, 0, "SY " KEPT " SI"},
        {"SY\n" SET "\nCO,01,1,810000001,他\nSI", 0, 0, "SY " KEPT " CO SI"},
        /* at another place */
        {"SY\nCO,01,1,810000001,他\n" SET "\nSI", 8, 8, "SY " KEPT " CO SI"},
        {"SY\nSI\n" SET, 8, 8, "SY " KEPT " SI"},
        /* another order, one missing, one too many, one doubled, another text, another share code
         */
        {"SY\nCO,01,1,820000246,\nSI", 8, 1, "SY " KEPT " SI"},
        {"SY\nCO,01,1,830000501,ミホンハナコ\nCO,01,1,820000246,\nSI", 8, 2, "SY " KEPT " SI"},
        {"SY\n" SET "\nCO,01,1,830000508,令和８年１０月２８日\nSI", 8, 9, "SY " KEPT " SI"},
        {"SY\n" SET "\nCO,01,1,820000245,\nSI", 8, 9, "SY " KEPT " SI"},
        {"SY\n" SET "\nSI\nCO,99,1,820000246,", 8, 9, "SY " KEPT " SI"},
        {"SY\nCO,,1,820000246,\nSI", 8, 1, "SY " KEPT " SI"},
        {"SY\nCO,01,2,820000246,\nSI", 8, 1, "SY " KEPT " SI"},
        /* one of another's in between */
        {"SY\nCO,01,1,820000246,\nCO,01,1,810000001,他\nCO,01,1,830000501,ミホンハナコ\nSI", 8, 2,
         "SY " KEPT " CO SI"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.ho = "77777777,,777777777,1,100", .body = rows[i].body};
        tst_claim *t = rewritten(&s, TST_FUSHO);
        size_t inserted, deleted;
        char want[256];
        tst_claim *again = tst_again(t);
        count(t, &inserted, &deleted);
        cr_expect_eq(inserted, rows[i].inserted, "row %zu: %zu", i, inserted);
        cr_expect_eq(deleted, rows[i].deleted, "row %zu: %zu", i, deleted);
        cr_expect_eq(t->edits.n, inserted + deleted, "row %zu", i);
        snprintf(want, sizeof want, "RE HO %s", rows[i].ids);
        again->result = again->block;
        cr_expect_str_eq(tst_course(again), want, "row %zu", i);
        cr_expect_not_null(
            strstr(tst_result(t), "CO,01,1,820000246,\r\nCO,01,1,830000501,ミホンハナコ\r\n"));
        tst_claim_free(again);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, commas_at_the_end_make_no_other_record)
{
    static const fu_type types[] = {FU_MED, FU_DEN, FU_NUR};
    for (size_t i = 0; i < ROWS(types); i++) {
        tst_spec s = {.type = types[i]};
        tst_claim *t = rewritten(&s, TST_FAILED TST_FORMER), *k;
        char *text = strdup(tst_result(t)), *out = text;
        /* every record without its commas at the end */
        for (char *p = text; *p; p++) {
            if (*p == '\r')
                while (out > text && out[-1] == ',')
                    out--;
            *out++ = *p;
        }
        *out = '\0';
        k = tst_claim_of(&s, text);
        {
            tst_capture c = tst_capture_new(TST_FAILED TST_FORMER);
            tst_rewrite(k, c.c, NULL);
            cr_expect_eq(k->edits.n, 0, "row %zu: %s", i, tst_course(k));
            k->d.capture = NULL;
            tst_capture_free(&c);
        }
        free(text);
        tst_claim_free(k);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, stale_comments_go_with_the_route)
{
    static const struct {
        const char *inner, *course;
    } rows[] = {
        {TST_FAILED TST_CURRENT, "RE HO! SY " DELETED " CO SI"},
        {TST_FAILED TST_FORMER, "RE HO! SY CO! -CO -CO -CO -CO -CO -CO -CO CO SI"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.ho = "77777777,,777777777,1,100",
                      .body = "SY\n" SET "\nCO,01,1,810000001,他\nSI"};
        tst_claim *t = rewritten(&s, rows[i].inner);
        cr_expect_str_eq(tst_course(t), rows[i].course, "row %zu", i);
        tst_claim_free(t);
    }
    {
        tst_spec s = {.body = "SY\nCO,01,1,820000245,\nSI"};
        tst_claim *t = rewritten(&s, TST_FUSHO);
        cr_expect_null(strstr(tst_result(t), "820000245"));
        cr_expect_not_null(strstr(tst_result(t), "820000246"));
        tst_claim_free(t);
    }
}

Test(rewrite_comments, records_that_go_are_no_place)
{
    static const struct {
        tst_spec s;
        const char *course;
    } rows[] = {
        {{.type = FU_DEN, .body = "HS\nCO,99,1,820000245\nSS,11\nSJ"}, "RE HO! HS -CO SS +CO SJ"},
        {{.type = FU_DEN, .body = "HS\nCO,99,1,820000246\nSS,11\nSJ"}, "RE HO! HS -CO SS +CO SJ"},
        {{.type = FU_DEN, .body = "HS\nCO,99,1,820000246\nSS,11\nCO,99\nSJ"},
         "RE HO! HS -CO SS +CO CO SJ"},
        {{.type = FU_PHA, .body = "SH\nTK,820000245\nCZ\nKI"}, "RE HO! SH -TK CZ +TK KI"},
        {{.type = FU_PHA, .body = "SH\nKI\nCO,820000245"}, "RE HO! SH +TK KI -CO"},
        {{.type = FU_NUR, .body = "CO,820000245\nIH\nTZ\nKA"}, "RE HO! -CO IH TZ +CO KA"},
        {{.body = "CO,99,1,820000246\nSY\nSI"}, "RE HO! -CO SY +CO SI"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = rewritten(&rows[i].s, TST_FAILED TST_FORMER);
        cr_expect_str_eq(tst_course(t), rows[i].course, "row %zu: %s", i, tst_course(t));
        tst_claim_free(t);
    }
}

Test(rewrite_comments, comments_in_the_wrong_record_of_a_pharmacy_are_replaced)
{
    tst_spec s = {.type = FU_PHA, .body = "SH\nCZ\nCO,820000245\nTK,810000001\nKI"};
    tst_claim *t = rewritten(&s, TST_FAILED TST_FORMER);
    cr_expect_str_eq(tst_course(t), "RE HO! SH CZ -CO +TK TK KI");
    tst_claim_free(t);
}

Test(rewrite_comments, comments_of_a_dpc_part_are_left_to_its_head)
{
    tst_spec s = {.type = FU_DPC, .soukatsu = "2", .body = "BU\nCO,01,1,820000245\nSI"};
    tst_claim *t = rewritten(&s, TST_FUSHO);
    cr_expect_eq(t->d.route, FU_R_FUSHO);
    cr_expect_str_eq(tst_course(t), "RE HO! BU CO SI");
    tst_claim_free(t);
}

Test(rewrite_comments, a_last_record_without_line_end_is_a_place_too)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_of(&s, "RE,1,1112,202610,見本　花子,2,19800101\r\nHO,01139906,,１");
    tst_capture k = tst_capture_new(TST_FAILED TST_FORMER);
    tst_rewrite(t, k.c, NULL);
    cr_expect_str_eq(tst_result(t),
                     "RE,1,1112,202610,見本　花子,2,19800101\r\nHO,06139901,７８,９\r\n"
                     "CO,01,1,820000245,");
    tst_capture_free(&k);
    tst_claim_free(t);
}

/* ---- limits ---- */

Test(rewrite_comments, a_text_beyond_its_records_is_cut_and_said_to_be)
{
    static const struct {
        size_t more; /* characters beyond those that fit */
        const char *codes;
    } rows[] = {{0, "R606"}, {1, "R606 E508=住所１"}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        char address[8192], inside[8300];
        size_t n = 0;
        tst_spec s = {0};
        tst_claim *t;
        snprintf(inside, sizeof inside, "<address>%s</address>",
                 repeated(address, "町", FU_COMMENT_TEXT_RECORDS_MAX * 38 + rows[i].more));
        t = rewritten_of(&s, with(TST_PATIENT, "", inside));
        for (const char *p = tst_inserted(t); (p = strstr(p, "830000505")) != NULL; p++)
            n++;
        cr_expect_eq(n, FU_COMMENT_TEXT_RECORDS_MAX, "row %zu", i);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].codes, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(rewrite_comments, more_records_than_the_limit_fail)
{
    static const struct {
        size_t addresses;
        bool fails;
    } rows[] = {{FU_COMMENT_RECORDS_MAX / 8, false}, {FU_COMMENT_RECORDS_MAX / 8 + 1, true}};
    /* 31 of 8 records, 7 of other codes, and one or two more */
    for (size_t i = 0; i < ROWS(rows); i++) {
        char address[2048], inside[4096];
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k;
        const char **list;
        fu_policy p = fu_policy_default(20261109);
        repeated(address, "町", 38 * 8);
        snprintf(inside, sizeof inside, "<address>%s</address>", address);
        k = tst_capture_of("id='c1' month='202610'", with(TST_PATIENT, "", inside));
        list = calloc(rows[i].addresses, sizeof *list);
        cr_assert_not_null(list);
        for (size_t n = 0; n < rows[i].addresses; n++)
            list[n] =
                n + 1 < rows[i].addresses || rows[i].fails ? k.c->declaration.addresses[0] : "a";
        k.c->declaration.addresses = list;
        k.c->declaration.n_addresses = rows[i].addresses;
        tst_decide(t, k.c, &p);
        fu_rewrite(&t->edits, &t->c, &t->f, &t->d, &p, &t->out);
        cr_expect_eq(t->edits.failed, rows[i].fails, "row %zu", i);
        if (rows[i].fails)
            cr_expect(t->edits.limit && strcmp(t->edits.limit, "FU_COMMENT_RECORDS_MAX") == 0 &&
                      t->edits.limit_max == FU_COMMENT_RECORDS_MAX);
        free(list);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- memory ---- */

Test(rewrite_comments, memory_may_end_anywhere)
{
    tst_spec s = {.body = "CO,01,1,820000246\nSI,11,1,111000110"};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FAILED TST_FORMER);
    size_t most = 0, enough = 0;
    tst_decide(t, k.c, NULL);
    for (size_t max = 0; max < 200000; max += 16) {
        fu_arena a;
        fu_edits edits;
        fu_findings out;
        fu_arena_init(&a, &fu_mem_libc, max);
        fu_edits_init(&edits, &a);
        fu_findings_init(&out, &a);
        fu_rewrite_comments(&edits, &t->c, &t->f, &t->d, &out);
        if (edits.failed)
            most = max;
        else if (!enough)
            enough = max;
        fu_arena_free(&a);
    }
    cr_expect_gt(most, 0);
    cr_expect_eq(enough, most + 16);
    tst_claim_free(t);
    tst_capture_free(&k);
}
