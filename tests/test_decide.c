#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"
#include "support_evidence.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* ---- elements ---- */

#define CHECK(outcome) "<check outcome='" outcome "'/>"
#define CHECKED(day) "<check at='" day "T09:00' outcome='invalid'/>"
#define DOC(d) "<presented document='" d "'/>"
#define Q(status, source, insurer)                                             \
    "<qualification status='" status "' source='" source "' insurer='" insurer \
    "' kigo='１' bango='２'/>"
#define TOLD "<contact on='2026-10-28' result='told'/>"
#define DECLARED TST_DECLARATION("kenpo", "")
#define KOHI "KO,54139993,1234567"

typedef struct row {
    tst_spec s;
    const char *inner; /* of the capture */
    fu_route route;
    const char *codes;
} row;

static void run_row(const row *r, size_t i, const fu_policy *policy)
{
    tst_claim *t = tst_claim_new(&r->s);
    tst_capture k = tst_capture_new(r->inner);
    tst_decide(t, k.c, policy);
    cr_expect_str_eq(fu_route_rows[t->d.route].word, fu_route_rows[r->route].word, "row %zu", i);
    cr_expect_str_eq(tst_codes(t), r->codes, "row %zu", i);
    for (size_t n = 0; n < t->out.n; n++) {
        cr_expect_eq(t->out.v[n].claim, 1, "row %zu", i);
        cr_expect_eq(t->out.v[n].line, 2, "row %zu", i);
    }
    cr_expect_eq(t->d.capture, k.c, "row %zu", i);
    cr_expect((t->d.route == FU_R_FUSHO) == (t->d.deadline == 20270520), "row %zu", i);
    tst_capture_free(&k);
    tst_claim_free(t);
}

static void run(const row *rows, size_t n, const fu_policy *policy)
{
    for (size_t i = 0; i < n; i++)
        run_row(&rows[i], i, policy);
}

/* ---- section 1: is the claim affected? ---- */

Test(decide, outcome_says_whether_the_claim_is_affected)
{
    static const struct {
        const char *word;
        fu_route route;
        const char *codes;
    } rows[] = {
        {"valid", FU_R_NONE, ""},
        {"error", FU_R_NONE, ""},
        {"not-done", FU_R_NONE, ""},
        {"invalid", FU_R_FUSHO, "R606"},
        {"no-record", FU_R_FUSHO, "R606"},
        {"reader-fault", FU_R_FUSHO, "R606"},
        {"card-unreadable", FU_R_FUSHO, "R606"},
        {"certificate-expired", FU_R_FUSHO, "R606"},
        {"network-outage", FU_R_FUSHO, "R606"},
        {"ambiguous", FU_R_HOLD, "E511"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char inner[1024];
        row r = {.route = rows[i].route, .codes = rows[i].codes, .inner = inner};
        snprintf(inner, sizeof inner, "<check outcome='%s'/>" DECLARED TST_CONTACT, rows[i].word);
        run_row(&r, i, NULL);
    }
}

Test(decide, unaffected_claims_stay_as_they_are)
{
    static const row rows[] = {
        {{0}, "", FU_R_NONE, ""},
        {{0}, "<check at='2026-10-03T09:00'/>" TST_CURRENT, FU_R_NONE, ""},
        {{0}, CHECK("valid") TST_CURRENT, FU_R_NONE, ""},
        {{0}, CHECK("valid") TST_FORMER, FU_R_NONE, ""},
        {{0}, DECLARED TST_CONTACT, FU_R_NONE, ""},
        /* except that a contradiction holds the claim (oqs-xml.md 8) */
        {{0}, CHECK("valid") TOLD, FU_R_HOLD, "E505"},
        /* what else is wrong with the capture is told all the same */
        {{0}, CHECK("valid") Q("former", "screen", "77777777"), FU_R_NONE, "E509"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, response_that_failed_affects_a_claim_whose_desk_said_otherwise)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(CHECK("valid") TST_FORMER);
    k.c->response_affected = true;
    tst_decide(t, k.c, NULL);
    cr_expect_eq(t->d.route, FU_R_KYUSHIKAKU);
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(decide, without_a_capture_nothing_is_decided)
{
    tst_spec s = {.ho = "77777777,,777777777"};
    tst_claim *t = tst_claim_new(&s);
    tst_decide(t, NULL, NULL);
    cr_expect_eq(t->d.route, FU_R_NONE);
    cr_expect_null(t->d.capture);
    cr_expect_str_eq(tst_codes(t), "");
    cr_expect_str_eq(t->d.why_ja, "対象外");
    tst_claim_free(t);
}

/* ---- section 2: which route ---- */

Test(decide, current_before_former_before_declaration)
{
    static const row rows[] = {
        {{0}, TST_FAILED TST_CURRENT TST_FORMER DECLARED TST_CONTACT, FU_R_CURRENT, ""},
        {{0}, TST_FAILED TST_FORMER TST_CURRENT, FU_R_CURRENT, ""},
        {{0}, TST_FAILED TST_FORMER DECLARED TST_CONTACT, FU_R_KYUSHIKAKU, ""},
        {{0}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{0}, TST_FUSHO, FU_R_FUSHO, "R606"},
        {{0}, TST_FAILED TST_CONTACT, FU_R_HOLD, "R601"},
        {{0}, TST_FAILED, FU_R_HOLD, "R601"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, every_source_of_a_qualification_counts)
{
    static const row rows[] = {
        {{0}, TST_FAILED Q("current", "online", "06139901"), FU_R_CURRENT, ""},
        {{0}, TST_FAILED Q("current", "outage-mode", "06139901"), FU_R_CURRENT, ""},
        {{0}, TST_FAILED Q("current", "mynaportal", "06139901"), FU_R_CURRENT, ""},
        {{0}, TST_FAILED Q("current", "document", "06139901"), FU_R_CURRENT, ""},
        {{0}, TST_FAILED Q("current", "verbal", "06139901"), FU_R_CURRENT, ""},
        {{0}, TST_FAILED Q("former", "screen", "06139901"), FU_R_KYUSHIKAKU, ""},
        {{0}, TST_FAILED Q("former", "history", "06139901"), FU_R_KYUSHIKAKU, ""},
        {{0}, TST_FAILED Q("former", "verbal", "06139901"), FU_R_KYUSHIKAKU, ""},
        {{0},
         TST_FAILED "<qualification status='former' insurer='06139901' bango='2'/>",
         FU_R_KYUSHIKAKU,
         ""},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, incomplete_and_seven_qualifications_do_not_count)
{
    static const row rows[] = {
        {{0},
         TST_FUSHO "<qualification status='current' insurer='06139901'/>",
         FU_R_FUSHO,
         "E502 R606"},
        {{0}, TST_FUSHO "<qualification status='former' bango='1'/>", FU_R_FUSHO, "E502 R606"},
        {{0}, TST_FUSHO Q("current", "document", "77777777"), FU_R_FUSHO, "E509 R606"},
        {{0}, TST_FUSHO Q("former", "screen", "77777779"), FU_R_FUSHO, "E509 R606"},
        {{0}, TST_FAILED TST_FORMER Q("current", "document", "77777777"), FU_R_KYUSHIKAKU, "E509"},
        {{0}, TST_FAILED Q("current", "document", "77777777"), FU_R_HOLD, "R601 E509"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, the_first_of_several_equal_ones_is_written)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FAILED Q("former", "screen", "01139906") Q(
        "current", "online", "06139901") Q("current", "document", "６１３９９０１"));
    tst_decide(t, k.c, NULL);
    cr_expect_eq(t->d.route, FU_R_CURRENT);
    cr_expect_eq(t->d.q, &k.c->quals[1]);
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(decide, why_is_said_without_data_of_the_patient)
{
    static const struct {
        const char *inner, *ja, *en;
    } rows[] = {
        {TST_FAILED TST_CURRENT, "現在の資格が確認できた", "the current insurance is known"},
        {TST_FAILED TST_FORMER, "喪失済みの旧資格情報だけがわかっている",
         "only a former insurance is known"},
        {TST_FUSHO, "現在の資格も旧資格もわからない", "neither insurance is known"},
        {TST_FAILED, "人が確かめる必要がある", "a person must look at it"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        tst_decide(t, k.c, NULL);
        cr_expect_str_eq(t->d.why_ja, rows[i].ja, "row %zu", i);
        cr_expect_str_eq(t->d.why_en, rows[i].en, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- reasons to hold ---- */

Test(decide, reasons_to_hold_one_by_one)
{
    static const row rows[] = {
        {{0}, TST_FAILED TST_CONTACT, FU_R_HOLD, "R601"},
        {{0}, TST_FAILED DECLARED, FU_R_HOLD, "R602"},
        {{0}, TST_FUSHO DOC("none"), FU_R_HOLD, "R603"},
        {{0}, TST_FUSHO DOC("none") DOC("mynacard"), FU_R_FUSHO, "R606"},
        {{0}, TST_FUSHO DOC("mynacard"), FU_R_FUSHO, "R606"},
        {{0}, TST_FAILED DECLARED TOLD, FU_R_HOLD, "E505"},
        {{0}, TST_FAILED TST_DECLARATION("kouki", "") TST_CONTACT, FU_R_HOLD, "R604 R612"},
        {{.payer = "2"}, TST_FUSHO, FU_R_HOLD, "R612"},
        {{.kind = "1118", .birth = "19520101"}, TST_FUSHO, FU_R_HOLD, "R605"},
        {{.claimed = "202308", .month = "202307"}, TST_FUSHO, FU_R_HOLD, "U313"},
        {{0},
         TST_FAILED Q("current", "online", "06139901") Q("current", "online", "01139906"),
         FU_R_HOLD,
         "E505"},
        {{0}, TST_FAILED TST_CURRENT "<contact on='2026-10-28' result='told'/>", FU_R_CURRENT, ""},
        {{0}, "<check at='2026-10-29' outcome='invalid'/>" DECLARED TST_CONTACT, FU_R_HOLD, "E505"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, reasons_to_hold_are_all_told)
{
    static const row rows[] = {
        {{.payer = "1",
          .kind = "1118",
          .birth = "19520101",
          .claimed = "202308",
          .month = "202307"},
         "<check at='2024-01-05' outcome='ambiguous'/>" DOC("none")
             DOC("shikaku-kakuninsho") "<declaration kind='kouki'/>",
         FU_R_HOLD,
         "E512 E511 R601 R601 U313 R602 R604 R612 R605"},
        {{.payer = "2", .kind = "1318", .birth = "19520101"},
         TST_FAILED DOC("none") "<declaration kind='kenpo'/>",
         FU_R_HOLD,
         "R601 R601 R602 R603 R604 R612 R605"},
        /* a qualification: nothing of the declaration is asked */
        {{.payer = "2"},
         TST_FAILED DOC("none") "<declaration kind='kouki'/>" TST_FORMER,
         FU_R_HOLD,
         "R612"},
        {{.payer = "2", .kind = "1318"},
         TST_FAILED DOC("none") "<declaration kind='kenpo'/>" TST_CURRENT,
         FU_R_HOLD,
         "R604 R612"},
        /* neither: the conditions of 不詳 are not asked yet */
        {{.payer = "2"}, TST_FAILED DOC("none"), FU_R_HOLD, "R601"},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, missing_items_are_named)
{
    static const struct {
        const char *patient, *inner, *codes;
    } rows[] = {
        {TST_PATIENT, TST_FAILED, "R601=被保険者資格申立書"},
        {TST_PATIENT, TST_FAILED "<declaration/>" TST_CONTACT,
         "R601=保険種別 R601=住所 R601=連絡先電話番号"},
        {"<patient birth='1980-01-01' sex='2' name='見本　花子'/>", TST_FUSHO, "R601=カナ氏名"},
        {TST_PATIENT,
         TST_FAILED
         "<declaration kind='kenpo' phone='1'><address> </address></declaration>" TST_CONTACT,
         "R601=住所"},
        {TST_PATIENT,
         TST_FAILED
         "<declaration kind='kenpo' phone='　'><address>a</address></declaration>" TST_CONTACT,
         "R601=連絡先電話番号"},
        {TST_PATIENT,
         TST_FAILED "<declaration phone='1'><address>a</address></declaration>" TST_CONTACT,
         "R601=保険種別"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s);
        char inner[1024];
        tst_capture k;
        snprintf(inner, sizeof inner, "%s%s", rows[i].patient, rows[i].inner);
        k = tst_capture_of("id='c1' month='202610'", inner);
        tst_decide(t, k.c, NULL);
        cr_expect_eq(t->d.route, FU_R_HOLD, "row %zu", i);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].codes, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(decide, faults_of_the_claim_forbid_any_rewrite)
{
    static const row rows[] = {
        {{.head = "HO,01139906,１,２"}, TST_FAILED TST_CURRENT, FU_R_HOLD, ""},
        {{.head = KOHI "\n" KOHI "\n" KOHI "\n" KOHI}, TST_FAILED TST_CURRENT, FU_R_CURRENT, ""},
        {{.head = KOHI "\n" KOHI "\n" KOHI "\n" KOHI "\n" KOHI},
         TST_FAILED TST_CURRENT,
         FU_R_HOLD,
         ""},
        {{.ho = "01139906,１,２,,,,,,,,,,,,"}, TST_FAILED TST_CURRENT, FU_R_CURRENT, ""},
        {{.ho = "01139906,１,２,,,,,,,,,,,,,"}, TST_FAILED TST_CURRENT, FU_R_HOLD, ""},
        {{.ho = "01139906,１,２,,,,,,,,,,,,x"}, TST_FAILED TST_CURRENT, FU_R_HOLD, ""},
        {{.kind = "2112"}, TST_FAILED TST_CURRENT, FU_R_HOLD, ""},
        {{.type = FU_DPC, .soukatsu = "3"}, TST_FAILED TST_CURRENT, FU_R_CURRENT, ""},
        {{.type = FU_DPC, .soukatsu = "4"}, TST_FAILED TST_CURRENT, FU_R_HOLD, ""},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- 旧資格 ---- */

Test(decide, former_with_kohi_former)
{
    static const row rows[] = {
        {{.head = KOHI}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.head = "MF,01"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.kubun = "1"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.futan = "1"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.tokki = "31"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.tokki = "29"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, former_with_kohi_fusho)
{
    static const row rows[] = {
        {{0}, TST_FUSHO TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.head = KOHI}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.head = "MF,01"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.head = "MF,02"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.kubun = "1"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.futan = "1"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.tokki = "31"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.tokki = "29"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.head = "MF,00"}, TST_FUSHO TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.tokki = "29", .kind = "1118", .birth = "19520101"},
         TST_FUSHO TST_FORMER,
         FU_R_KYUSHIKAKU,
         ""},
        /* the conditions of 不詳 hold then, those of the former insurance no more */
        {{.head = KOHI}, TST_FAILED TST_FORMER, FU_R_HOLD, "R601"},
        {{.head = KOHI, .payer = "2"},
         TST_FAILED TST_FORMER TST_DECLARATION("kokuho", "") TST_CONTACT,
         FU_R_FUSHO,
         "R606"},
        {{.head = KOHI}, TST_FUSHO TST_CURRENT, FU_R_CURRENT, ""},
    };
    fu_policy p = fu_policy_default(20261109);
    p.former_with_kohi = FU_FORMER_FUSHO;
    run(rows, ROWS(rows), &p);
}

Test(decide, former_with_kohi_hold)
{
    static const row rows[] = {
        {{0}, TST_FUSHO TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.head = KOHI}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.head = "MF,01"}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.kubun = "1"}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.futan = "1"}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.tokki = "31"}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.tokki = "29"}, TST_FUSHO TST_FORMER, FU_R_HOLD, "K351"},
        {{.head = KOHI, .payer = "2"}, TST_FAILED TST_FORMER, FU_R_HOLD, "K351 R612"},
        {{.head = KOHI}, TST_FUSHO TST_CURRENT, FU_R_CURRENT, ""},
        {{.head = KOHI}, TST_FUSHO, FU_R_FUSHO, "R606"},
    };
    fu_policy p = fu_policy_default(20261109);
    p.former_with_kohi = FU_FORMER_HOLD;
    run(rows, ROWS(rows), &p);
}

Test(decide, k351_names_the_reason)
{
    tst_spec s = {.head = KOHI};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FAILED TST_FORMER);
    fu_policy p = fu_policy_default(20261109);
    p.former_with_kohi = FU_FORMER_HOLD;
    tst_decide(t, k.c, &p);
    cr_expect_str_eq(tst_codes_with_items(t), "K351=公費併用");
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(decide, returned_claims_do_not_go_as_former_again)
{
    static const row rows[] = {
        {{.kensaku = "12345678901234567"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.kensaku = "1234567890123456"}, TST_FUSHO TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.kensaku = "12345678901234567"}, TST_FAILED TST_FORMER, FU_R_HOLD, "R601 K353"},
        {{.kensaku = "12345678901234567"}, TST_FAILED TST_FORMER DECLARED, FU_R_HOLD, "R602 K353"},
        {{.kensaku = "12345678901234567"}, TST_FAILED TST_CURRENT TST_FORMER, FU_R_CURRENT, ""},
        {{.kensaku = "12345678901234567"}, TST_FAILED, FU_R_HOLD, "R601"},
        {{.head = "HR,202609"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        {{.head = "8,1,0,RE,1,1112"}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
        /* the history decides before the policy is asked */
        {{.head = "HR,202609\n" KOHI}, TST_FUSHO TST_FORMER, FU_R_FUSHO, "R606"},
    };
    fu_policy p = fu_policy_default(20261109);
    p.former_with_kohi = FU_FORMER_HOLD;
    run(rows, ROWS(rows), &p);
}

Test(decide, newer_insurance_is_told_unless_the_current_one_is_known)
{
    static const struct {
        const char *inner;
        const char *codes;
        size_t advice_from;
    } rows[] = {{TST_FAILED TST_FORMER, "R610", 1},
                {TST_FAILED TST_CURRENT, "", 0},
                {TST_FUSHO, "R610 R606", 1},
                {TST_FAILED, "R601 R610", 2}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        k.c->newer_exists = true;
        tst_decide(t, k.c, NULL);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu", i);
        cr_expect_eq(t->d.advice_from, rows[i].advice_from, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

/* ---- 公費単独 ---- */

Test(decide, without_medical_insurance_there_is_nothing_to_rewrite)
{
    static const row rows[] = {
        {{.ho = "", .head = KOHI, .kind = "1212"}, TST_FUSHO, FU_R_NONE, "R611"},
        {{.ho = "", .head = KOHI, .kind = "1212"}, TST_FAILED TST_CURRENT, FU_R_NONE, "R611"},
        {{.ho = "", .head = KOHI, .kind = "1212"}, CHECK("valid") TST_CURRENT, FU_R_NONE, ""},
        {{.ho = "", .head = KOHI, .kind = "1212"}, "<check outcome='x'/>", FU_R_NONE, "R611"},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- scheme and destination ---- */

Test(decide, scheme_and_destination_of_a_qualification)
{
    static const row rows[] = {
        {{.payer = "1"}, TST_FAILED Q("former", "screen", "06139901"), FU_R_KYUSHIKAKU, ""},
        {{.payer = "2"}, TST_FAILED Q("former", "screen", "06139901"), FU_R_HOLD, "R612"},
        {{.payer = "2"}, TST_FAILED Q("former", "screen", "138057"), FU_R_KYUSHIKAKU, ""},
        {{.payer = "1"}, TST_FAILED Q("former", "screen", "138057"), FU_R_HOLD, "R612"},
        {{.payer = "1"}, TST_FAILED Q("former", "screen", "  138057"), FU_R_HOLD, "R612"},
        {{.payer = "1"}, TST_FAILED Q("former", "screen", "１３８０５７"), FU_R_HOLD, "R612"},
        {{.payer = "2"}, TST_FAILED Q("former", "screen", "67139998"), FU_R_KYUSHIKAKU, ""},
        {{.payer = "2"}, TST_FAILED Q("current", "online", "39139993"), FU_R_HOLD, "R604"},
        {{.payer = "1"}, TST_FAILED Q("current", "online", "39139993"), FU_R_HOLD, "R604 R612"},
        {{.payer = "1"},
         TST_FAILED Q("current", "online", "３９１３９９９３"),
         FU_R_HOLD,
         "R604 R612"},
        {{.payer = "2", .kind = "1318"},
         TST_FAILED Q("current", "online", "39139993"),
         FU_R_CURRENT,
         ""},
        {{.payer = "2", .kind = "1318"},
         TST_FAILED Q("current", "online", "３９１３９９９３"),
         FU_R_CURRENT,
         ""},
        {{.payer = "2", .kind = "1318"},
         TST_FAILED Q("current", "online", "138057"),
         FU_R_HOLD,
         "R604"},
        {{.payer = "2", .kind = "1318"},
         TST_FAILED Q("current", "online", "06139901"),
         FU_R_HOLD,
         "R604 R612"},
        /* neither 法別番号 nor payer is known */
        {{.payer = "1"}, TST_FAILED Q("current", "online", "99139990"), FU_R_CURRENT, ""},
        {{.payer = "9"}, TST_FAILED Q("current", "online", "138057"), FU_R_CURRENT, ""},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, scheme_and_destination_of_the_declared_kind)
{
    static const struct {
        const char *kind, *payer, *receipt, *codes;
        fu_route route;
    } rows[] = {
        {"kenpo", "1", "1112", "R606", FU_R_FUSHO},
        {"kyosai", "1", "1112", "R606", FU_R_FUSHO},
        {"senin", "1", "1112", "R606", FU_R_FUSHO},
        {"kokuho", "1", "1112", "R612", FU_R_HOLD},
        {"kouki", "1", "1112", "R604 R612", FU_R_HOLD},
        {"unknown", "1", "1112", "R606 R609", FU_R_FUSHO},
        {"kenpo", "2", "1112", "R612", FU_R_HOLD},
        {"kyosai", "2", "1112", "R612", FU_R_HOLD},
        {"senin", "2", "1112", "R612", FU_R_HOLD},
        {"kokuho", "2", "1112", "R606", FU_R_FUSHO},
        {"kouki", "2", "1112", "R604", FU_R_HOLD},
        {"unknown", "2", "1112", "R606 R609", FU_R_FUSHO},
        {"kouki", "2", "1310", "R606", FU_R_FUSHO},
        {"kokuho", "2", "1310", "R604", FU_R_HOLD},
        {"kenpo", "2", "1310", "R604 R612", FU_R_HOLD},
        {"unknown", "2", "1310", "R606 R609", FU_R_FUSHO},
        {"kokuho", "0", "1112", "R606", FU_R_FUSHO},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char inner[1024];
        row r = {
            {.payer = rows[i].payer, .kind = rows[i].receipt}, inner, rows[i].route, rows[i].codes};
        snprintf(inner, sizeof inner,
                 TST_FAILED
                 "<declaration kind='%s' phone='1'><address>a</address></declaration>" TST_CONTACT,
                 rows[i].kind);
        run_row(&r, i, NULL);
    }
}

Test(decide, destination_findings_say_what_and_where)
{
    static const struct {
        const char *inner, *r604, *r604_item, *r612, *r612_item;
    } rows[] = {
        {TST_FAILED Q("current", "online", "39139993"), "後期高齢者", "医保・国保", "後期高齢者",
         "支払基金"},
        {TST_FAILED TST_DECLARATION("kouki", "") TST_CONTACT, "後期", "医保・国保", "後期",
         "支払基金"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {0};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        const fu_finding *f;
        tst_decide(t, k.c, NULL);
        f = tst_only(&t->out, FU_R604);
        cr_assert_not_null(f);
        cr_expect_str_eq(f->found, rows[i].r604, "row %zu", i);
        cr_expect_str_eq(f->item, rows[i].r604_item, "row %zu", i);
        f = tst_only(&t->out, FU_R612);
        cr_assert_not_null(f);
        cr_expect_str_eq(f->found, rows[i].r612, "row %zu", i);
        cr_expect_str_eq(f->item, rows[i].r612_item, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(decide, unknown_insurer_on_a_kouki_claim_is_shown_itself)
{
    tst_spec s = {.kind = "1318", .payer = "2"};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FAILED Q("current", "online", "99139990"));
    tst_decide(t, k.c, NULL);
    cr_expect_str_eq(tst_codes_with_items(t), "R604=後期高齢者");
    cr_expect_str_eq(t->out.v[0].found, "99139990");
    tst_capture_free(&k);
    tst_claim_free(t);
}

/* ---- 請求年月 ---- */

Test(decide, fusho_exists_from_the_claims_of_2023_09)
{
    static const row rows[] = {
        {{.claimed = "202308", .month = "202307"}, TST_FUSHO, FU_R_HOLD, "U313"},
        {{.claimed = "202308", .month = "202308"}, TST_FUSHO, FU_R_HOLD, "U313"},
        {{.claimed = "202309", .month = "202308"}, TST_FUSHO, FU_R_FUSHO, "R606"},
        {{.claimed = "202309", .month = "202304"}, TST_FUSHO, FU_R_FUSHO, "R606"},
        /* where the header does not say: the month after 診療年月 */
        {{.claimed = "", .month = "202307"}, TST_FUSHO, FU_R_HOLD, "U313"},
        {{.claimed = "", .month = "202308"}, TST_FUSHO, FU_R_FUSHO, "R606"},
        {{.claimed = "", .month = ""}, TST_FUSHO, FU_R_HOLD, "U313"},
        /* the other routes ask for no month */
        {{.claimed = "202308", .month = "202307"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
        {{.claimed = "202308", .month = "202307"}, TST_FAILED TST_CURRENT, FU_R_CURRENT, ""},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- documents ---- */

Test(decide, documents_count_on_the_days_they_were_accepted)
{
    static const struct {
        const char *day, *documents, *more;
        bool ok;
    } rows[] = {
        {"2025-12-01", DOC("hokensho"), "", true},
        {"2025-12-02", DOC("hokensho"), "", false},
        {"2026-03-31", Q("current", "online", "06139901") DOC("hokensho"), "", true},
        {"2025-12-02", DOC("hokensho"), Q("current", "online", "06139901"), true},
        {"2026-03-31", DOC("hokensho"), Q("current", "online", "06139901"), true},
        {"2026-04-01", DOC("hokensho"), Q("current", "online", "06139901"), false},
        {"2026-03-31", DOC("hokensho"), Q("current", "document", "06139901"), false},
        {"2024-12-01", DOC("shikaku-kakuninsho"), "", false},
        {"2024-12-02", DOC("shikaku-kakuninsho"), "", true},
        {"2024-12-01", DOC("mynacard") DOC("shikaku-oshirase"), "", true},
        {"2024-12-02", DOC("shikaku-oshirase"), "", false},
        {"2026-10-03", DOC("shikaku-oshirase"), "", false},
        {"2026-10-03", DOC("shikaku-oshirase") DOC("mynacard"), "", true},
        {"2026-10-03", DOC("shikaku-oshirase") DOC("shikaku-kakuninsho"), "", true},
        {"2023-10-01", DOC("mynacard"), "", true},
        {"2023-10-01", DOC("mynaportal"), "", true},
        {"2026-10-03", DOC("mynaportal"), "", true},
        {"2026-10-03", DOC("copy"), "", true},
        {"2023-10-01", DOC("copy"), "", true},
        {"2026-10-03", DOC("hokensho") DOC("none"), "", false},
        {"2026-10-03", DOC("hokensho") DOC("copy"), "", true},
        {"2026-10-03", "", "", true},
        {"2026-10-03", DOC("none"), "", true},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        char inner[1024];
        row r = {{0}, inner, rows[i].ok ? FU_R_KYUSHIKAKU : FU_R_HOLD, rows[i].ok ? "" : "E512"};
        snprintf(inner, sizeof inner, "<check at='%s' outcome='invalid'/>%s" TST_FORMER "%s",
                 rows[i].day, rows[i].documents, rows[i].more);
        if (rows[i].ok && (*rows[i].more || strstr(rows[i].documents, "current")))
            r.route = FU_R_CURRENT;
        run_row(&r, i, NULL);
    }
}

Test(decide, without_a_visit_day_any_day_of_the_month_counts)
{
    static const struct {
        const char *month, *document;
        bool ok;
    } rows[] = {
        {"202512", "hokensho", true}, /* the 1st was good */
        {"202601", "hokensho", false},
        {"202412", "shikaku-kakuninsho", true},
        {"202411", "shikaku-kakuninsho", false},
        {"202610", "shikaku-oshirase", false},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.month = rows[i].month};
        tst_claim *t = tst_claim_new(&s);
        char attributes[64], inner[512];
        tst_capture k;
        snprintf(attributes, sizeof attributes, "id='c1' month='%s'", rows[i].month);
        snprintf(inner, sizeof inner,
                 TST_PATIENT TST_FAILED "<presented document='%s'/>" TST_FORMER, rows[i].document);
        k = tst_capture_of(attributes, inner);
        tst_decide(t, k.c, NULL);
        cr_expect_str_eq(tst_codes(t), rows[i].ok ? "" : "E512", "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}

Test(decide, e512_names_document_and_day)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k =
        tst_capture_new(CHECKED("2026-10-03") DOC("hokensho") TST_CURRENT
                        "<qualification status='former' source='screen' insurer='1' bango='1'/>");
    k.c->quals[0].source = FU_QS_DOCUMENT;
    tst_decide(t, k.c, NULL);
    cr_assert_eq(t->out.n, 1);
    cr_expect_str_eq(t->out.v[0].found, "健康保険証");
    cr_expect_str_eq(t->out.v[0].item, "2026-10-03");
    tst_capture_free(&k);
    tst_claim_free(t);
}

/* ---- ambiguous ---- */

Test(decide, ambiguous_is_held_unless_the_current_one_is_known)
{
    static const row rows[] = {
        {{0}, CHECK("ambiguous") TST_FORMER, FU_R_HOLD, "E511"},
        {{0}, CHECK("ambiguous") DECLARED TST_CONTACT, FU_R_HOLD, "E511"},
        {{0}, CHECK("ambiguous"), FU_R_HOLD, "E511 R601"},
        {{0}, CHECK("ambiguous") TST_CURRENT, FU_R_CURRENT, ""},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- advice on a 不詳 claim ---- */

Test(decide, advice_that_goes_with_fusho)
{
    static const row rows[] = {
        {{0}, TST_FUSHO, FU_R_FUSHO, "R606"},
        {{.kind = "1111"}, TST_FUSHO, FU_R_FUSHO, "R606 R607"},
        {{0},
         TST_FAILED TST_DECLARATION("kenpo", "verbal='yes'") TST_CONTACT,
         FU_R_FUSHO,
         "R606 R607"},
        {{0}, TST_FAILED TST_DECLARATION("kenpo", "verbal='no'") TST_CONTACT, FU_R_FUSHO, "R606"},
        {{0}, TST_FAILED TST_DECLARATION("unknown", "") TST_CONTACT, FU_R_FUSHO, "R606 R609"},
        {{.kind = "1111"}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
    };
    run(rows, ROWS(rows), NULL);
}

Test(decide, deadline_is_said_and_void_without_the_rewrite)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO "<qualification status='former' bango='1'/>");
    fu_policy p = fu_policy_default(20260831);
    tst_decide(t, k.c, &p);
    cr_expect_eq(t->d.deadline, 20270220);
    cr_expect_str_eq(tst_codes(t), "E502 R606");
    cr_expect_str_eq(t->out.v[1].want, "2027-02-20");
    cr_expect_eq(t->d.advice_from, 1);
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(decide, findings_of_the_capture_are_told_with_the_claim)
{
    tst_spec s = {0};
    tst_claim *t = tst_claim_new(&s);
    tst_capture k = tst_capture_new(TST_FUSHO Q("former", "screen", "77777777"));
    const fu_finding *f;
    tst_decide(t, k.c, NULL);
    f = tst_only(&t->out, FU_E509);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->found, "77777777");
    cr_expect_str_eq(f->item, "insurer");
    cr_expect_str_eq(f->capture, "c1");
    cr_expect_eq(f->severity, FU_WARNING);
    cr_expect_eq(f->claim, 1);
    cr_expect_null(f->file);
    k.c->findings.v[0].severity = FU_INFO;
    t->out.n = 0;
    tst_decide(t, k.c, NULL);
    cr_expect_eq(tst_only(&t->out, FU_E509)->severity, FU_INFO, "as the capture has it");
    tst_capture_free(&k);
    tst_claim_free(t);
}

Test(decide, unusable_captures_hold_their_claim)
{
    static const row rows[] = {
        {{0}, "<check outcome='invaild'/>" TST_CURRENT, FU_R_HOLD, "E502"},
        {{0}, "<check outcome='valid'/><presented document='x'/>", FU_R_HOLD, "E502"},
        {{0}, "<check outcome='x'/><presented document='y'/>", FU_R_HOLD, "E502 E502"},
    };
    run(rows, ROWS(rows), NULL);
}

/* ---- not one to one ---- */

Test(decide, two_captures_or_two_persons_hold)
{
    tst_spec s = {0};
    tst_capture a = tst_capture_new(TST_FAILED TST_CURRENT);
    tst_capture b = tst_capture_of("id='zwei' month='202610'", TST_PATIENT CHECK("valid"));
    const fu_capture *v[FU_MATCHES_MAX];
    fu_candidates rows[] = {{.captures = v, .n = 2},
                            {.captures = v, .n = 1, .two_persons = true},
                            {.captures = v, .n = FU_MATCHES_MAX + 5}};
    const char *const items[] = {"c1、zwei", "c1", "c1、zwei、c1、c1、c1、c1、c1、c1"};
    fu_policy p = fu_policy_default(20261109);
    for (size_t i = 0; i < FU_MATCHES_MAX; i++)
        v[i] = i == 1 ? b.c : a.c;
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_claim *t = tst_claim_new(&s);
        fu_decide(&t->d, &t->c, &t->f, &t->header, &rows[i], &p, &t->out);
        cr_expect_eq(t->d.route, FU_R_HOLD, "row %zu", i);
        cr_expect_str_eq(tst_codes(t), "E503", "row %zu", i);
        cr_expect_str_eq(t->out.v[0].item, items[i], "row %zu", i);
        cr_expect_null(t->d.q, "row %zu", i);
        tst_claim_free(t);
    }
    tst_capture_free(&a);
    tst_capture_free(&b);
}

Test(decide, a_month_with_two_insurers_holds)
{
#define SAID "CO,01,1,820000245\nSI,11,1,111000110,,291,1"
    static const struct {
        tst_spec s;
        bool two;
        const char *inner, *codes;
        fu_route route;
    } rows[] = {
        {{0}, true, TST_FAILED TST_CURRENT, "E514", FU_R_HOLD},
        {{0}, false, TST_FAILED TST_CURRENT, "", FU_R_CURRENT},
        {{0}, true, TST_FAILED TST_FORMER, "E514", FU_R_HOLD},
        {{0}, true, TST_FAILED, "E514 R601", FU_R_HOLD}, /* none hides another */
        {{0}, true, CHECK("valid"), "", FU_R_NONE},
        /* as it would be written */
        {{.ho = "77777777,,777777777"}, true, TST_FUSHO, "R606", FU_R_FUSHO},
        {{.ho = "06139901,1,2"}, true, TST_FAILED TST_CURRENT, "", FU_R_CURRENT},
        {{.ho = "06139901,1,2"}, true, TST_FAILED TST_FORMER, "E514", FU_R_HOLD},
        {{.ho = "06139901,1,2", .body = SAID}, true, TST_FAILED TST_FORMER, "", FU_R_KYUSHIKAKU},
    };
    fu_policy p = fu_policy_default(20261109);
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_capture k = tst_capture_new(rows[i].inner);
        const fu_capture *v[] = {k.c};
        fu_candidates cand = {.captures = v, .n = 1, .two_insurers = rows[i].two};
        tst_claim *t = tst_claim_new(&rows[i].s);
        fu_decide(&t->d, &t->c, &t->f, &t->header, &cand, &p, &t->out);
        cr_expect_eq(t->d.route, rows[i].route, "row %zu", i);
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu", i);
        if (rows[i].route == FU_R_HOLD)
            cr_expect_str_eq(t->out.v[0].found, "c1", "row %zu", i);
        tst_claim_free(t);
        tst_capture_free(&k);
    }
}

/* ---- every type of claim ---- */

Test(decide, routes_are_the_same_for_every_type)
{
    for (int type = 0; type < FU_TYPE_COUNT; type++) {
        const row rows[] = {
            {{.type = (fu_type)type}, TST_FAILED TST_CURRENT, FU_R_CURRENT, ""},
            {{.type = (fu_type)type}, TST_FAILED TST_FORMER, FU_R_KYUSHIKAKU, ""},
            {{.type = (fu_type)type}, TST_FUSHO, FU_R_FUSHO, type == FU_DPC ? "R606 R607" : "R606"},
            {{.type = (fu_type)type}, TST_FAILED, FU_R_HOLD, "R601"},
        };
        run(rows, ROWS(rows), NULL);
    }
}

Test(decide, payer_that_is_not_known_is_never_wrong)
{
    static const struct {
        int payer, of_file;
        bool wrong;
    } rows[] = {{1, 1, false}, {1, 2, true},  {2, 1, true},
                {0, 1, false}, {1, 0, false}, {0, 0, false}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        fu_header h = {.payer = rows[i].of_file};
        cr_expect_eq(fu_wrong_payer(rows[i].payer, &h), rows[i].wrong, "row %zu", i);
    }
}
