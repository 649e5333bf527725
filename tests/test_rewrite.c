#include <criterion/criterion.h>
#include <stdio.h>

#include "rules/routes.h"
#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])
#define Q(status, insurer, kigo, bango, branch)                                              \
    "<qualification status='" status "' source='document' insurer='" insurer "' kigo='" kigo \
    "' bango='" bango "' branch='" branch "'/>"
#define CURRENT(insurer, kigo, bango) TST_FAILED Q("current", insurer, kigo, bango, "")
#define FORMER(insurer, kigo, bango) TST_FAILED Q("former", insurer, kigo, bango, "")

typedef struct row {
    tst_spec s;
    const char *inner;
    const char *ho; /* fields up to the last of the spec's */
    const char *course;
} row;

/* HO without the commas at its end. */
static const char *ho_of(tst_claim *t)
{
    static char text[512]; /* each Test is a process of its own */
    size_t n = (size_t)snprintf(text, sizeof text, "%s", tst_record(t, "HO"));
    while (n && n < sizeof text && text[n - 1] == ',')
        text[--n] = '\0';
    return text;
}

static void run(const row *rows, size_t n, const fu_policy *policy)
{
    for (size_t i = 0; i < n; i++) {
        tst_claim *t = tst_claim_new(&rows[i].s);
        tst_capture k = tst_capture_new(rows[i].inner);
        tst_rewrite(t, k.c, policy);
        cr_expect_str_eq(ho_of(t), rows[i].ho, "row %zu", i);
        if (rows[i].course)
            cr_expect_str_eq(tst_course(t), rows[i].course, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- whole claims, byte by byte ---- */

#define RE_MED \
    "RE,1,1112,202610,見本　花子,2,19800101,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,ミホンハナコ,\r\n"
#define SY_SI                         \
    "SY,8833421,20261001,1,,,01,\r\n" \
    "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"

Test(rewrite, whole_claim_of_every_route)
{
    static const struct {
        const char *inner, *claim;
    } rows[] = {
        {TST_FAILED Q("current", "06139901", "７８", "９", "01"),
         RE_MED "HO,06139901,７８,９,1,100,,,,,,,,,\r\nSN,1,01,,,,01,,\r\n" SY_SI},
        {TST_FAILED Q("former", "06139901", "７８", "９", "01"),
         RE_MED "HO,06139901,７８,９,1,100,,,,,,,,,\r\nSN,1,01,,,,01,,\r\n"
                "SY,8833421,20261001,1,,,01,\r\nCO,01,1,820000245,\r\n"
                "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"},
        {TST_FUSHO, RE_MED "HO,77777777,,７７７７７７７７７,1,100,,,,,,,,,\r\n"
                           "SY,8833421,20261001,1,,,01,\r\n"
                           "CO,01,1,820000246,\r\n"
                           "CO,01,1,830000501,ミホンハナコ\r\n"
                           "CO,01,1,830000502,健保\r\n"
                           "CO,01,1,830000503,見本組合\r\n"
                           "CO,01,1,830000504,見本商事\r\n"
                           "CO,01,1,830000505,東京都千代田区見本町１\r\n"
                           "CO,01,1,830000507,０３－００００－００００\r\n"
                           "CO,01,1,830000508,令和８年１０月２８日\r\n"
                           "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\r\n"},
        {TST_FAILED,
         RE_MED "HO,01139906,１２３,４５６,1,100,,,,,,,,,\r\nSN,1,01,,,,00,,\r\n" SY_SI},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.head = "SN,1,01,,,,00"};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        tst_rewrite(t, k.c, NULL);
        cr_expect_str_eq(tst_result(t), rows[i].claim, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

static bool holds(const fu_block *b, const char *cp932)
{
    size_t n = strlen(cp932);
    for (size_t i = 0; i + n <= b->bytes.n; i++)
        if (memcmp(b->bytes.p + i, cp932, n) == 0)
            return true;
    return false;
}

Test(rewrite, bytes_are_those_of_cp932)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO);
    static const char ho[] = "HO,77777777,,\x82\x56\x82\x56\x82\x56\x82\x56\x82\x56\x82\x56\x82\x56"
                             "\x82\x56\x82\x56,1,100,,,,,,,,,\r\n";
    static const char tel[] = "CO,01,1,830000507,\x82\x4F\x82\x52\x81\x7C\x82\x4F\x82\x4F\x82\x4F"
                              "\x82\x4F\x81\x7C\x82\x4F\x82\x4F\x82\x4F\x82\x4F\r\n";
    tst_rewrite(t, k.c, NULL);
    cr_expect(holds(&t->result, ho));
    cr_expect(holds(&t->result, tel));
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(rewrite, none_and_hold_change_nothing)
{
    static const char *const inners[] = {"<check outcome='valid'/>" TST_CURRENT, TST_FAILED,
                                         TST_FUSHO "<presented document='none'/>"};
    for (size_t i = 0; i < ROWS(inners); i++) {
        /* comments of ours stay too */
        tst_spec s = {.body = "CO,01,1,820000246,\nSI,11,1,111000110"};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(inners[i]);
        tst_rewrite(t, k.c, NULL);
        cr_expect_eq(t->edits.n, 0, "row %zu", i);
        cr_expect(fu_span_eq(t->result.bytes, t->block.bytes), "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(rewrite, numbers_of_every_type)
{
    static const row rows[] = {
        {{.type = FU_MED},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,７８,９,1,100",
         "RE HO! SY SI"},
        {{.type = FU_DPC},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,７８,９,1,100",
         "RE HO! BU SI"},
        {{.type = FU_DEN},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,７８,９,1,100",
         "RE HO! HS SS SJ"},
        {{.type = FU_PHA},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,７８,９,1,100",
         "RE HO! SH CZ IY KI ST"},
        {{.type = FU_NUR},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,７８,９,1,100",
         "RE HO! IH KA"},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- the insurer ---- */

Test(rewrite, insurer_is_half_width_and_padded)
{
    static const row rows[] = {
        {{.payer = "2"}, CURRENT("138057", "１", "２"), "HO,  138057,１,２,1,100", "RE HO! SY SI"},
        {{.payer = "2"},
         CURRENT("１３８０５７", "１", "２"),
         "HO,  138057,１,２,1,100",
         "RE HO! SY SI"},
        {{.payer = "2"},
         CURRENT("  138057", "１", "２"),
         "HO,  138057,１,２,1,100",
         "RE HO! SY SI"},
        {{0}, CURRENT("1234", "１", "２"), "HO,    1234,１,２,1,100", "RE HO! SY SI"},
        {{0}, CURRENT("０６１３９９０１", "１", "２"), "HO,06139901,１,２,1,100", "RE HO! SY SI"},
        {{.payer = "2", .ho = "  138057,１,２,1,100"},
         CURRENT("138057", "１", "２"),
         "HO,  138057,１,２,1,100",
         "RE HO SY SI"},
        {{.payer = "2", .ho = "138057,１,２,1,100"},
         CURRENT("138057", "１", "２"),
         "HO,  138057,１,２,1,100",
         "RE HO! SY SI"},
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("1139906", "１", "２"),
         "HO,01139906,１,２,1,100",
         "RE HO SY SI"},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- 記号 and 番号 ---- */

Test(rewrite, width_follows_the_bango_that_goes)
{
    static const row rows[] = {
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("06139901", "A-78", "09"),
         "HO,06139901,Ａ－７８,０９,1,100",
         NULL},
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "Ａ－７８", "０９"),
         "HO,06139901,A-78,09,1,100",
         NULL},
        {{.ho = "01139906,１,,1,100"},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,78,9,1,100",
         NULL},
        {{.ho = "01139906,１,2,1,100"},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,78,9,1,100",
         NULL},
        /* what exists in one width only stays */
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("33139908", "警・見本", "５６"),
         "HO,33139908,警・見本,56,1,100",
         NULL},
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("33139908", "警・見本", "0056"),
         "HO,33139908,警・見本,００５６,1,100",
         NULL},
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("33139908", "ｱ1", "5"),
         "HO,33139908,ア１,５,1,100",
         NULL},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, width_by_policy)
{
    static const row half[] = {
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("06139901", "７８", "９"),
         "HO,06139901,78,9,1,100",
         NULL},
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "78", "9"),
         "HO,06139901,78,9,1,100",
         NULL},
        {{.ho = "01139906,１,２,1,100"}, TST_FUSHO, "HO,77777777,,777777777,1,100", NULL},
    };
    static const row full[] = {
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "78", "9"),
         "HO,06139901,７８,９,1,100",
         NULL},
        {{.ho = "01139906,1,2,1,100"}, TST_FUSHO, "HO,77777777,,７７７７７７７７７,1,100", NULL},
    };
    fu_policy p = fu_policy_default(20261109);
    p.bango_width = FU_WIDTH_HALF;
    run(half, ROWS(half), &p);
    p.bango_width = FU_WIDTH_FULL;
    run(full, ROWS(full), &p);
}

Test(rewrite, leading_zeros_are_part_of_a_number)
{
    static const row rows[] = {
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("06139901", "００７", "０００９"),
         "HO,06139901,００７,０００９,1,100",
         NULL},
        {{.ho = "01139906,１,９,1,100"},
         CURRENT("01139906", "１", "０００９"),
         "HO,01139906,１,０００９,1,100",
         "RE HO! SY SI"},
        /* a capture that lost them (a spreadsheet) takes none away */
        {{.ho = "01139906,１,００９,1,100"},
         CURRENT("01139906", "1", "9"),
         "HO,01139906,１,００９,1,100",
         "RE HO SY SI"},
        /* in 記号 they count */
        {{.ho = "01139906,７,９,1,100"},
         CURRENT("01139906", "０７", "９"),
         "HO,01139906,０７,９,1,100",
         "RE HO! SY SI"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, agreeing_numbers_are_left_alone_each_for_itself)
{
    static const row rows[] = {
        {{0}, CURRENT("01139906", "123", "456"), "HO,01139906,１２３,４５６,1,100", "RE HO SY SI"},
        {{0},
         CURRENT("０１１３９９０６", "１２３", "４５６"),
         "HO,01139906,１２３,４５６,1,100",
         "RE HO SY SI"},
        {{0}, CURRENT("06139901", "123", "456"), "HO,06139901,１２３,４５６,1,100", "RE HO! SY SI"},
        {{0}, CURRENT("01139906", "124", "456"), "HO,01139906,１２４,４５６,1,100", "RE HO! SY SI"},
        {{0}, CURRENT("01139906", "123", "457"), "HO,01139906,１２３,４５７,1,100", "RE HO! SY SI"},
        {{0},
         CURRENT("01139906", " 123 ", "456"),
         "HO,01139906,１２３,４５６,1,100",
         "RE HO SY SI"},
        {{.ho = "01139906,1-2,4,1,100"},
         CURRENT("01139906", "１－２", "４"),
         "HO,01139906,1-2,4,1,100",
         "RE HO SY SI"},
        {{.ho = "01139906,1-2,4,1,100"},
         CURRENT("01139906", "１−２", "４"),
         "HO,01139906,1-2,4,1,100",
         "RE HO SY SI"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, no_kigo_empties_it)
{
    static const row rows[] = {
        {{0}, CURRENT("06139901", "", "９"), "HO,06139901,,９,1,100", "RE HO! SY SI"},
        {{.ho = "01139906,,９,1,100"},
         CURRENT("01139906", "", "９"),
         "HO,01139906,,９,1,100",
         "RE HO SY SI"},
        {{0}, FORMER("06139901", "", "９"), "HO,06139901,,９,1,100", "RE HO! SY +CO SI"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, commas_and_controls_never_reach_the_field)
{
    static const row rows[] = {
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "1,2", "3，4"),
         "HO,06139901,1，2,3，4,1,100",
         "RE HO! SY SI"},
        {{.ho = "01139906,１,２,1,100"},
         CURRENT("06139901", "1,2", "3"),
         "HO,06139901,１，２,３,1,100",
         "RE HO! SY SI"},
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "1&#10;2", "3&#9;4"),
         "HO,06139901,12,34,1,100",
         "RE HO! SY SI"},
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("061,3901", "1", "2"),
         "HO,061，3901,1,2,1,100",
         "RE HO! SY SI"},
        {{.ho = "01139906,1,2,1,100"},
         CURRENT("06139901", "1&#127;", "2"),
         "HO,06139901,1 ,2,1,100",
         "RE HO! SY SI"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, characters_that_cannot_be_recorded_in_a_number)
{
    static const struct {
        const char *inner, *ho, *codes;
    } rows[] = {
        {CURRENT("33139908", "髙見", "1"), "HO,33139908,〓見,１,1,100", "E507=記号"},
        {CURRENT("33139908", "見本", "1①"), "HO,33139908,見本,１〓,1,100", "E507=番号"},
        {CURRENT("33139908", "見本", "1"), "HO,33139908,見本,１,1,100", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s), *again;
        tst_capture k = tst_capture_new(rows[i].inner);
        tst_rewrite(t, k.c, NULL);
        cr_expect_str_eq(ho_of(t), rows[i].ho, "row %zu", i);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].codes, "row %zu", i);
        again = tst_again(t);
        tst_rewrite(again, k.c, NULL);
        cr_expect_eq(again->edits.n, 0, "row %zu", i);
        cr_expect_str_eq(tst_codes_with_items(again), rows[i].codes, "row %zu", i);
        tst_claim_free(again);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(rewrite, number_longer_than_any_field_is_no_failure)
{
    char inner[8192], bango[3001];
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k;
    memset(bango, '1', 3000);
    bango[3000] = '\0';
    snprintf(inner, sizeof inner,
             TST_FAILED "<qualification status='current' insurer='06139901' kigo='1' bango='%s'/>",
             bango);
    k = tst_capture_new(inner);
    tst_rewrite(t, k.c, NULL);
    cr_expect_eq(strlen(tst_record(t, "HO")), strlen("HO,06139901,１,,1,100,,,,,,,,,") + 3 * 3000);
    tst_capture_free(&k);
    tst_claim_free(t);
}

/* ---- 枝番 ---- */

Test(rewrite, branch_goes_into_sn_if_both_are_there)
{
    static const struct {
        const char *head, *branch, *sn;
    } rows[] = {
        {"SN,1,01,,,,00", "01", "SN,1,01,,,,01,,"},
        {"SN,1,01,,,,00", "1", "SN,1,01,,,,01,,"},
        {"SN,1,01,,,,00", "０１", "SN,1,01,,,,01,,"},
        {"SN,1,01,,,,00", "", "SN,1,01,,,,00,,"},
        {"SN,1,01,,,,", "02", "SN,1,01,,,,02,,"},
        {"SN,1,01,,,,02", "02", "SN,1,01,,,,02,,"},
        {"SN,2,01,,,,00", "01", "SN,2,01,,,,00,,"},
        {"SN,2,01,,,,09\nSN,1,01,,,,00", "01", "SN,2,01,,,,09,,\nSN,1,01,,,,01,,"},
        {"", "01", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++)
        for (int former = 0; former < 2; former++) {
            char inner[512];
            tst_spec s = {.head = rows[i].head};
            tst_claim *t = tst_claim_new(&s);
            tst_capture k;
            snprintf(inner, sizeof inner,
                     TST_FAILED "<qualification status='%s' insurer='01139906' kigo='１２３' "
                                "bango='４５６' branch='%s'/>",
                     former ? "former" : "current", rows[i].branch);
            k = tst_capture_new(inner);
            tst_rewrite(t, k.c, NULL);
            cr_expect_str_eq(tst_record(t, "SN"), rows[i].sn, "row %zu", i);
            tst_capture_free(&k);
            tst_claim_free(t);
        }
}

/* ---- 不詳 ---- */

Test(rewrite, fusho_numbers)
{
    static const row rows[] = {
        {{0}, TST_FUSHO, "HO,77777777,,７７７７７７７７７,1,100", NULL},
        {{.ho = "01139906,1,2,1,100"}, TST_FUSHO, "HO,77777777,,777777777,1,100", NULL},
        {{.ho = "01139906,１,,1,100"}, TST_FUSHO, "HO,77777777,,777777777,1,100", NULL},
        {{.ho = "01139906,１,警Ａ,1,100"},
         TST_FUSHO,
         "HO,77777777,,７７７７７７７７７,1,100",
         NULL},
        {{.ho = "39139993,,12345678,1,100",
          .kind = "1310",
          .payer = "2",
          .birth = "19400101",
          .tokki = "26"},
         TST_FAILED TST_DECLARATION("kouki", "") TST_CONTACT,
         "HO,77777777,,77777777,1,100",
         NULL},
        {{.ho = "39139993,,１２３４５６７８,1,100", .kind = "1310", .payer = "2", .tokki = "26"},
         TST_FAILED TST_DECLARATION("kouki", "") TST_CONTACT,
         "HO,77777777,,７７７７７７７７,1,100",
         NULL},
        /* the type says who is 後期, not the insurer */
        {{.ho = "39139993,,12345678,1,100", .payer = "2"},
         TST_FAILED TST_DECLARATION("kokuho", "") TST_CONTACT,
         "HO,77777777,,777777777,1,100",
         NULL},
        {{.ho = "01139906,1,2,1,100", .kind = "1310", .payer = "2", .tokki = "26"},
         TST_FAILED TST_DECLARATION("unknown", "") TST_CONTACT,
         "HO,77777777,,77777777,1,100",
         NULL},
        {{.ho = ",,,1,100"}, TST_FUSHO, "HO,77777777,,777777777,1,100", NULL},
    };
    run(rows, ROWS(rows), NULL);
}

Test(rewrite, alternative_number_only_when_asked_for)
{
    static const row rows[] = {
        {{.ho = "01139906,1,2,1,100"}, TST_FUSHO, "HO,77777779,,777777777,1,100", NULL},
        {{.ho = "77777777,,777777777,1,100"}, TST_FUSHO, "HO,77777779,,777777777,1,100", NULL},
    };
    static const row back[] = {
        {{.ho = "77777779,,777777777,1,100"}, TST_FUSHO, "HO,77777777,,777777777,1,100", NULL}};
    fu_policy p = fu_policy_default(20261109);
    run(back, ROWS(back), &p);
    p.insurer_number = FU_FUSHO_NUMBER_ALT;
    run(rows, ROWS(rows), &p);
}

Test(rewrite, sn_goes_when_it_says_nothing_but_the_branch)
{
    static const struct {
        const char *head;
        bool goes;
    } rows[] = {
        {"SN,1,01,,,,00", true},   {"SN,1,01", true},        {"SN,1,01,06139901", false},
        {"SN,1,01,,１", false},    {"SN,1,01,,,２", false},  {"SN,1,01,,,,,1234567", false},
        {"SN,1,01,,,,,,1", false}, {"SN,2,01,,,,00", false}, {"JD,1,1", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.head = rows[i].head};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(TST_FUSHO);
        char want[16];
        tst_rewrite(t, k.c, NULL);
        snprintf(want, sizeof want, "RE HO! %s%.2s ", rows[i].goes ? "-" : "", rows[i].head);
        cr_expect_eq(strncmp(tst_course(t), want, strlen(want)), 0, "row %zu: %s", i,
                     tst_course(t));
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(rewrite, every_sn_of_the_medical_insurance_goes)
{
    tst_spec s = {.head = "SN,1,01,,,,00\nSN,2,01,,,,00\nSN,1,01,,,,00"};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO);
    tst_rewrite(t, k.c, NULL);
    cr_expect_eq(strncmp(tst_course(t), "RE HO! -SN SN -SN ", 18), 0, "%s", tst_course(t));
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(rewrite, tokki_goes_to_its_place_in_every_type)
{
    static const struct {
        fu_type type;
        const char *kind, *re;
    } rows[] = {
        {FU_MED, "1110",
         "RE,1,1110,202610,見本　花子,2,19400101,,,,,0226,,,,,,,,,,,,,,,,,,,,,,,,,ミホンハナコ,"},
        {FU_DPC, "1119",
         "RE,1,1119,202610,見本　花子,2,19400101,,,,,0226,,,,,,,,,,,,,,,,,ミホンハナコ,"},
        {FU_DEN, "3110",
         "RE,1,3110,202610,見本　花子,2,19400101,,,,,,,0226,,,,,,,,,,,,ミホンハナコ,"},
        {FU_PHA, "4110",
         "RE,1,4110,202610,見本　花子,2,19400101,,0226,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
         "ミホンハナコ"},
        {FU_NUR, "6110", "RE,1,6110,202610,見本　花子,ミホンハナコ,2,19400101,,,,0226,,,"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {
            .type = rows[i].type, .kind = rows[i].kind, .birth = "19400101", .tokki = "02"};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(TST_FUSHO);
        tst_rewrite(t, k.c, NULL);
        cr_expect_eq(t->d.route, FU_R_FUSHO, "row %zu: %s", i, tst_codes(t));
        cr_expect_str_eq(tst_record(t, "RE"), rows[i].re, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(rewrite, kohi_is_never_touched)
{
    tst_spec s = {.head = "KO,54139993,1234567,,1,100\nSN,1,01,,,,00\nSN,2,01"};
    static const char *const inners[] = {TST_FAILED TST_CURRENT, TST_FAILED TST_FORMER, TST_FUSHO};
    for (size_t i = 0; i < ROWS(inners); i++) {
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(inners[i]);
        tst_rewrite(t, k.c, NULL);
        cr_expect_str_eq(tst_record(t, "KO"), "KO,54139993,1234567,,1,100,,,,,,");
        for (size_t n = 0; n < t->edits.n; n++)
            cr_expect_neq(t->edits.v[n].id, FU_ID('K', 'O'));
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- form of the file ---- */

Test(rewrite, trimmed_records_get_the_commas_they_need)
{
    tst_spec s = {
        .trimmed = true, .ho = "01139906", .head = "SN,1,01", .kind = "1110", .birth = "19400101"};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO);
    tst_rewrite(t, k.c, NULL);
    cr_expect_str_eq(tst_record(t, "HO"), "HO,77777777,,777777777");
    cr_expect_str_eq(
        tst_record(t, "RE"),
        "RE,1,1110,202610,見本　花子,2,19400101,,,,,26,,,,,,,,,,,,,,,,,,,,,,,,,ミホンハナコ");
    tst_capture_free(&k);
    tst_claim_free(t);
    t = tst_claim_new(&s);
    k = tst_capture_new(TST_FAILED Q("current", "06139901", "1", "2", "03"));
    tst_rewrite(t, k.c, NULL);
    cr_expect_str_eq(tst_record(t, "HO"), "HO,06139901,1,2");
    cr_expect_str_eq(tst_record(t, "SN"), "SN,1,01,,,,03");
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(rewrite, line_ends_are_those_of_the_file)
{
    tst_spec s = {.eol = "\n", .head = "SN,1,01,,,,00"};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO);
    tst_rewrite(t, k.c, NULL);
    cr_expect_null(memchr(t->result.bytes.p, '\r', t->result.bytes.n));
    cr_expect_str_eq(tst_course(t), "RE HO! -SN SY +CO +CO +CO +CO +CO +CO +CO +CO SI");
    cr_expect_not_null(
        strstr(tst_result(t), "\nCO,01,1,820000246,\nCO,01,1,830000501,ミホンハナコ\n"));
    tst_capture_free(&k);
    tst_claim_free(t);
}

/* ---- reasons ---- */

Test(rewrite, every_edit_says_why)
{
    static const struct {
        const char *inner;
        bool alt;
        int reasons[16];
        size_t n;
    } rows[] = {
        {TST_FAILED Q("current", "06139901", "1", "2", "03"),
         false,
         {FU_WHY_CM_OLD, FU_WHY_CURRENT, FU_WHY_CURRENT, FU_WHY_CURRENT, FU_WHY_CURRENT},
         5},
        {TST_FAILED Q("former", "06139901", "1", "2", "03"),
         false,
         {FU_WHY_KYUSHIKAKU, FU_WHY_KYUSHIKAKU, FU_WHY_KYUSHIKAKU, FU_WHY_KYUSHIKAKU, FU_WHY_CM_OLD,
          FU_WHY_KYUSHIKAKU_CM},
         6},
        {TST_FUSHO,
         false,
         {FU_WHY_FUSHO_TOKKI, FU_WHY_FUSHO_NUMBER, FU_WHY_FUSHO_KIGO, FU_WHY_FUSHO_BANGO,
          FU_WHY_FUSHO_SN, FU_WHY_CM_OLD, FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM,
          FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM, FU_WHY_FUSHO_CM},
         14},
        {TST_FUSHO, true, {FU_WHY_FUSHO_TOKKI, FU_WHY_FUSHO_NUMBER_ALT}, 2},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = "1110",
                      .birth = "19400101",
                      .head = "SN,1,01,,,,00",
                      .body = "CO,01,1,830000507,１\nSI,11,1,111000110"};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        fu_policy p = fu_policy_default(20261109);
        int seen[FU_WHY_COUNT] = {0};
        if (rows[i].alt)
            p.insurer_number = FU_FUSHO_NUMBER_ALT;
        tst_rewrite(t, k.c, &p);
        for (size_t n = 0; n < t->edits.n; n++)
            seen[t->edits.v[n].reason]++;
        for (size_t n = 0; n < rows[i].n; n++)
            cr_expect_geq(seen[rows[i].reasons[n]]--, 1, "row %zu reason %zu", i, n);
        if (!rows[i].alt)
            cr_expect_eq(t->edits.n, rows[i].n, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- twice is once ---- */

Test(rewrite, own_result_is_not_edited_again)
{
    static const char *const inners[] = {
        TST_FAILED Q("current", "06139901", "A7", "09", "03"),
        TST_FAILED Q("former", "138057", "警", "１", ""), TST_FUSHO,
        TST_FAILED TST_DECLARATION("kouki", "share='1'") TST_CONTACT,
        TST_FAILED TST_DECLARATION("unknown", "share='2'") TST_CONTACT TST_CONTACT};
    static const char *const kinds[] = {"12", "18", "38", "30"};
    size_t rewritten = 0;
    for (int type = 0; type < FU_TYPE_COUNT; type++)
        for (size_t i = 0; i < ROWS(inners); i++)
            for (size_t n = 0; n < ROWS(kinds) * 4; n++) {
                char kind[8], first[] = "11346";
                tst_spec s = {.type = (fu_type)type,
                              .kind = kind,
                              .birth = "19400101",
                              .trimmed = n & 4,
                              .payer = n & 8 ? "0" : NULL,
                              .head = "KO,54139993,1234567\nSN,1,01,,,,00"};
                tst_claim *t, *again;
                tst_capture k = tst_capture_new(inners[i]);
                snprintf(kind, sizeof kind, "%c%c1%c", first[type], kinds[n % 4][0],
                         kinds[n % 4][1]);
                if (type == FU_DPC)
                    kind[3] = kinds[n % 4][1] == '0' ? '9' : (char)(kinds[n % 4][1] - 1);
                t = tst_claim_new(&s);
                tst_rewrite(t, k.c, NULL);
                again = tst_again(t);
                tst_rewrite(again, k.c, NULL);
                cr_expect_eq(again->edits.n, 0, "type %d row %zu %zu: %s", type, i, n,
                             tst_course(again));
                cr_expect_eq(again->d.route, t->d.route, "type %d row %zu %zu", type, i, n);
                rewritten += t->edits.n > 0;
                tst_claim_free(again);
                tst_capture_free(&k);
                tst_claim_free(t);
            }
    cr_expect_gt(rewritten, 150, "%zu", rewritten);
}

/* ---- memory ---- */

/* Everything the three verbs found and wrote, as one text; NULL when memory was told to be short.
 */
static char *all_of_it(const tst_spec *s, const fu_candidates *cand, const fu_mem *mem)
{
    tst_claim *t = tst_claim_new(s);
    fu_arena a;
    fu_claim c;
    fu_facts f;
    fu_findings out;
    fu_edits edits;
    fu_decision d;
    fu_block result;
    fu_error e;
    fu_policy p = fu_policy_default(20261109);
    char *text = NULL;
    bool ok;
    fu_arena_init(&a, mem, 1 << 20);
    fu_findings_init(&out, &a);
    fu_edits_init(&edits, &a);
    ok = fu_claim_parse(&c, &a, &t->block, &t->header, &e) == FU_OK;
    if (ok) {
        fu_facts_read(&f, &c, &a);
        fu_decide(&d, &c, &f, &t->header, cand, &p, &out);
        fu_rewrite(&edits, &c, &f, &d, &p, &out);
        fu_check_claim(&out, &c, &f, &t->header, &p);
        ok = !edits.failed && !out.failed && !a.failed;
    }
    ok = ok && fu_edits_apply(&edits, &c, &result, &e) == FU_OK && !a.failed;
    if (ok) {
        size_t n = result.bytes.n + 65536, k = 0;
        text = calloc(1, n);
        memcpy(text, result.bytes.p, result.bytes.n);
        k = strlen(text);
        tst_print_findings(fu_route_rows[d.route].word, &out, text + k, n - k);
    }
    fu_arena_free(&a);
    tst_claim_free(t);
    return text;
}

static void sweep(const tst_spec *s, const fu_candidates *cand)
{
    char *whole = all_of_it(s, cand, &fu_mem_libc);
    bool done = false;
    cr_assert_not_null(whole);
    for (long n = 0; !done; n++) {
        tst_mem counter = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&counter);
        char *text;
        counter.fail_at = n;
        text = all_of_it(s, cand, &mem);
        cr_assert_eq(counter.live, 0, "call %ld", n);
        cr_assert(n > 0 || !text, "n 0 must fail");
        if (text)
            cr_expect_str_eq(text, whole, "call %ld was lost silently", n);
        done = counter.calls <= n;
        free(text);
        cr_assert(n < 2000);
    }
    free(whole);
}

Test(rewrite, every_allocation_may_fail, .timeout = 60)
{
    static const struct {
        tst_spec s;
        const char *inner;
    } rows[] = {
        {{.kind = "1110",
          .birth = "19400101",
          .head = "KO,54139993,1234567\nSN,1,01,,,,00",
          .body = "CO,01,1,820000246,\nCO,01,1,830000508,令和８年１０月３２日\nSI,11,1,111000110"},
         "<check at='2026-10-03' outcome='invalid'/>" TST_DECLARATION("unknown", "")
             TST_CONTACT Q("former", "77777777", "1", "2", "")},
        {{.head = "SN,1,01,,,,00"}, TST_FAILED Q("current", "０６１３９９０１", "髙,1", "①2", "3")},
        {{.type = FU_DEN}, TST_FAILED Q("former", "06139901", "1", "2", "")},
        {{0}, TST_FAILED Q("current", "01139906", "123", "0456", "")},
        {{.payer = "2"}, TST_FAILED Q("former", "06139901", "1", "2", "")},
        {{.ho = "77777777,,777777777,1,100",
          .body = "CO,01,1,830000508,令和８年１０月２８日\nSI,11,1,111000110"},
         TST_FAILED},
        {{.payer = "2"},
         "<check at='2026-10-03' outcome='invalid'/><presented "
         "document='hokensho'/>" TST_DECLARATION("kouki", "")},
        {{.type = FU_NUR},
         TST_FAILED
         "<declaration kind='kenpo' phone='①&#10;☎' "
         "insurer-name='髙'><address>😀</address><address>b</address></declaration>" TST_CONTACT
             TST_CONTACT},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_capture k = tst_capture_new(rows[i].inner);
        const fu_capture *v[2] = {k.c, k.c};
        fu_candidates one = {.captures = v, .n = 1}, two = {.captures = v, .n = 2};
        sweep(&rows[i].s, &one);
        if (i == 0)
            sweep(&rows[i].s, &two);
        tst_capture_free(&k);
    }
}
