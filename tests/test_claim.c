#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "support_uke.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void open_text(tst_claim *t, const char *text)
{
    fu_error e;
    fu_status st = tst_claim_open(t, &fu_mem_libc, fu_span_str(text), &e);
    cr_assert(st == FU_OK, "%s: %d", text, (int)st);
}

static bool is(fu_span s, const char *want)
{
    return fu_span_is(s, want);
}

/* ---- fields ---- */

Test(claim, a_nul_byte_in_a_field_cuts_nothing_off_its_text)
{
    fu_arena a;
    fu_arena_init(&a, &fu_mem_libc, 1 << 20);
    cr_expect_str_eq(fu_field_text(&a, fu_span_of("A\0B", 3)), "A\xEF\xBF\xBD"
                                                               "B");
    fu_arena_free(&a);
}

Test(claim, fields_are_the_record_cut_at_commas)
{
    static const struct {
        const char *record;
        unsigned n;
        const char *fields[6];
    } rows[] = {
        {"RE,1,1112", 3, {"RE", "1", "1112", "", ""}},
        {"RE", 1, {"RE", "", ""}},
        {"RE,", 2, {"RE", "", ""}},
        {"RE,,,x", 4, {"RE", "", "", "x", "", ""}},
        {"RE, a ,  ,b ", 4, {"RE", " a ", "  ", "b ", ""}},
        {"RE,\"a,b\"", 3, {"RE", "\"a", "b\"", ""}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tst_claim t;
        char text[64];
        snprintf(text, sizeof text, "%s\r\nHO\r\n", rows[i].record);
        open_text(&t, text);
        cr_expect(fu_fields(t.c.re) == rows[i].n, "row %zu", i);
        cr_expect(is(t.c.re->bytes, rows[i].record), "row %zu", i);
        for (unsigned n = 1; n < 6 && rows[i].fields[n - 1]; n++) {
            cr_expect(is(fu_field(t.c.re, n), rows[i].fields[n - 1]), "row %zu field %u", i, n);
            cr_expect(is(fu_record_field(fu_span_str(rows[i].record), n), rows[i].fields[n - 1]),
                      "row %zu field %u of the bare record", i, n);
        }
        cr_expect(fu_field(t.c.re, 0).n == 0 && fu_field(t.c.re, UINT32_MAX).n == 0);
        cr_expect(fu_record_field(fu_span_str(rows[i].record), 0).n == 0);
        tst_claim_close(&t);
    }
    cr_expect(fu_field(NULL, 1).n == 0);
    cr_expect(is(fu_record_field(fu_span_str(",x"), 1), ""));
    cr_expect(is(fu_record_field(fu_span_str(",x"), 2), "x"));
    cr_expect(is(fu_record_field(fu_span_str(""), 1), ""));
}

Test(claim, a_field_is_a_view_on_the_claims_own_bytes)
{
    tst_claim t;
    open_text(&t, "IR,1\nRE,1,1112\r\nHO,a,,b\nCO");
    cr_expect(fu_field(t.c.ho, 4).p == t.c.bytes.p + 11 + 6);
    cr_expect(fu_field(t.c.ho, 3).p == t.c.bytes.p + 11 + 5 && fu_field(t.c.ho, 3).n == 0);
    for (size_t i = 0; i < t.c.n_recs; i++) {
        const fu_rec *r = &t.c.recs[i];
        cr_expect(r->bytes.p == t.c.bytes.p + r->off, "record %zu", i);
        cr_expect(r->line == i + 2 && r->eol == 2 - i && !r->history, "record %zu", i);
        cr_expect(fu_field(r, fu_fields(r)).p + fu_field(r, fu_fields(r)).n ==
                      r->bytes.p + r->bytes.n,
                  "record %zu", i);
    }
    cr_expect(t.c.offset == 5 && t.c.line == 2 && t.c.n_recs == 3);
    tst_claim_close(&t);
}

Test(claim, blank_lines_inside_a_claim_are_records_of_one_empty_field)
{
    tst_claim t;
    open_text(&t, "RE,1,1112\n\nHO,1\n");
    cr_expect(t.c.n_recs == 3 && fu_fields(&t.c.recs[1]) == 1 && t.c.recs[1].id == 0);
    cr_expect(t.c.recs[1].row == NULL && fu_field(&t.c.recs[1], 1).n == 0);
    cr_expect(t.c.ho == &t.c.recs[2]);
    tst_claim_close(&t);
}

Test(claim, a_record_may_have_2048_fields)
{
    char text[2 * FU_FIELDS_MAX + 64];
    cr_expect(FU_FIELDS_MAX == 2048);
    for (unsigned extra = 0; extra < 2; extra++) {
        tst_claim t;
        fu_error e;
        fu_status st;
        memcpy(text, "RE,1\nCO", 7);
        memset(text + 7, ',', FU_FIELDS_MAX - 1 + extra);
        st = tst_claim_open(&t, &fu_mem_libc, fu_span_of(text, 7 + FU_FIELDS_MAX - 1 + extra), &e);
        if (extra == 0) {
            cr_expect(st == FU_OK && fu_fields(&t.c.recs[1]) == FU_FIELDS_MAX);
        } else {
            cr_expect(st == FU_E_LIMIT && e.line == 2);
            cr_expect(strstr(e.message_ja, "FU_FIELDS_MAX") != NULL, "%s", e.message_ja);
        }
        tst_claim_close(&t);
    }
}

/* ---- key fields (uke-format.md 2.6, written out again) ---- */

enum { KANA, SEX, BIRTH, KYUFU, TOKKI, KUBUN, KARTE, KENSAKU, PLACES };

static const struct {
    const char *header, *type_code;
    fu_type type;
    unsigned fields, at[PLACES];
} PLACES_OF[] = {
    {"IR,1,13,1", "1112", FU_MED, 38, {37, 6, 7, 8, 12, 11, 14, 19}},
    {"IR,1,13,1", "1111", FU_DPC, 30, {29, 6, 7, 8, 12, 11, 14, 21}},
    {"UK,1,13,3", "3112", FU_DEN, 27, {26, 6, 7, 8, 14, 13, 16, 20}},
    {"YK,1,13,4", "4112", FU_PHA, 42, {42, 6, 7, 8, 9, 41, 36, 38}},
    {"HM,1,13,6", "6112", FU_NUR, 15, {6, 7, 8, 11, 12, 13, 14, 15}},
};

/* RE with "f<n>" in every field but those with a meaning of their own. */
static void labelled_claim(char *out, size_t size, size_t row)
{
    size_t n = (size_t)snprintf(out, size, "%s\r\nRE,7,%s,202610,f5", PLACES_OF[row].header,
                                PLACES_OF[row].type_code);
    for (unsigned f = 6; f <= PLACES_OF[row].fields; f++) {
        if (f == PLACES_OF[row].at[SEX])
            n += (size_t)snprintf(out + n, size - n, ",2");
        else if (f == PLACES_OF[row].at[BIRTH])
            n += (size_t)snprintf(out + n, size - n, ",19560229");
        else if (PLACES_OF[row].type == FU_DPC && f == 19)
            n += (size_t)snprintf(out + n, size - n, ",1");
        else
            n += (size_t)snprintf(out + n, size - n, ",f%u", f);
    }
    snprintf(out + n, size - n, "\r\nHO,h2,h3,h4,h5,4321,h7\r\nKO,k2,k3,k4,k5,99\r\n");
}

static bool is_label(fu_span s, unsigned n)
{
    char want[8];
    snprintf(want, sizeof want, "f%u", n);
    return is(s, want);
}

Test(claim, key_fields_are_found_in_every_type)
{
    for (size_t i = 0; i < COUNT(PLACES_OF); i++) {
        char text[1024];
        tst_claim t;
        const fu_places *at;
        labelled_claim(text, sizeof text, i);
        open_text(&t, text);
        at = &t.c.layout->at;
        cr_expect(t.c.type == PLACES_OF[i].type, "row %zu: %d", i, (int)t.c.type);
        cr_expect(t.c.layout == &fu_layouts[PLACES_OF[i].type], "row %zu", i);
        cr_expect(t.c.month == 202610 && t.c.birth == 19560229 && t.c.sex == 2, "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_name), 5), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_kana), PLACES_OF[i].at[KANA]), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_kyufu), PLACES_OF[i].at[KYUFU]), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_tokki), PLACES_OF[i].at[TOKKI]), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_kubun), PLACES_OF[i].at[KUBUN]), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_karte), PLACES_OF[i].at[KARTE]), "row %zu", i);
        cr_expect(is_label(fu_re_field(&t.c, at->re_kensaku), PLACES_OF[i].at[KENSAKU]), "%zu", i);
        cr_expect(fu_re_field(&t.c, 0).n == 0, "0 is no field");
        cr_expect(t.c.soukatsu == (i == 1 ? 1 : -1), "row %zu", i);
        cr_expect(is(fu_field(t.c.ho, 2), "h2") && fu_claim_points(&t.c) == 4321, "row %zu", i);
        cr_expect(!t.c.newer_layout && !t.c.returned, "row %zu", i);
        cr_expect(t.c.re->row && is(fu_span_str(t.c.re->row->name), "レセプト共通レコード"));
        tst_claim_close(&t);
    }
}

/* ---- what kind of claim ---- */

Test(claim, the_type_needs_header_and_kind_to_agree)
{
    static const struct {
        const char *header, *kind;
        fu_type type;
    } rows[] = {
        {"IR,1,13,1", "1112", FU_MED},
        {"IR,1,13,1", "3112", FU_TYPE_UNKNOWN},
        {"UK,1,13,3", "3112", FU_DEN},
        {"UK,1,13,3", "1112", FU_TYPE_UNKNOWN},
        {"YK,1,13,4", "4112", FU_PHA},
        {"YK,1,13,4", "6112", FU_TYPE_UNKNOWN},
        {"HM,1,13,6", "6112", FU_NUR},
        {"HM,1,13,6", "4112", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "5112", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "2112", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "111", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "11121", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "x112", FU_TYPE_UNKNOWN},
        {"IR,1,13,1", "11x2", FU_MED},
        {"IR,1,13,5", "1112", FU_MED},
        {"IR,1,13,", "4112", FU_PHA},
        {"IR,1,13,2", "6112", FU_NUR},
        {"IR,1,13,B", "3112", FU_DEN},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        tst_claim t;
        snprintf(text, sizeof text, "%s\nRE,1,%s,202610\nHO\n", rows[i].header, rows[i].kind);
        open_text(&t, text);
        cr_expect(t.c.type == rows[i].type, "row %zu: %d", i, (int)t.c.type);
        cr_expect(t.c.layout ==
                      &fu_layouts[rows[i].type == FU_TYPE_UNKNOWN ? FU_MED : rows[i].type],
                  "row %zu", i);
        tst_claim_close(&t);
    }
}

Test(claim, the_digits_of_the_kind_say_who_and_where)
{
    static const struct {
        const char *kind;
        int digits[4];
        bool kouki, inpatient;
    } rows[] = {
        {"1112", {1, 1, 1, 2}, false, false},    {"1111", {1, 1, 1, 1}, false, true},
        {"1310", {1, 3, 1, 0}, true, false},     {"1319", {1, 3, 1, 9}, true, true},
        {"3327", {3, 3, 2, 7}, true, true},      {"1234", {1, 2, 3, 4}, false, false},
        {"11x3", {1, 1, -1, 3}, false, true},    {"131x", {1, 3, 1, -1}, true, false},
        {"131", {-1, -1, -1, -1}, false, false}, {"13119", {-1, -1, -1, -1}, false, false},
        {"", {-1, -1, -1, -1}, false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        tst_claim t;
        snprintf(text, sizeof text, "RE,1,%s,202610\nHO\n", rows[i].kind);
        open_text(&t, text);
        for (size_t k = 0; k < 4; k++)
            cr_expect(t.c.type_digit[k] == rows[i].digits[k], "row %zu %zu", i, k);
        cr_expect(t.c.kouki == rows[i].kouki && t.c.inpatient == rows[i].inpatient, "row %zu", i);
        tst_claim_close(&t);
    }
}

Test(claim, dpc_is_told_by_its_own_records)
{
    static const char *const own[] = {"BU", "SB", "KK", "SK", "GA", "HH", "GT", "CD"};
    static const char *const other[] = {"SY", "GR",       "SI", "CO",  "TI",  "HR",
                                        "XX", "8,1,0,BU", "B",  "BUX", "GO2", "HS"};
    char text[96];
    tst_claim t;
    for (size_t i = 0; i < COUNT(own); i++) {
        snprintf(text, sizeof text, "IR,1,13,1\nRE,1,1111,202610\nHO,1\n%s,1\nSI\n", own[i]);
        open_text(&t, text);
        cr_expect(t.c.type == FU_DPC && t.c.soukatsu == -1, "%s", own[i]);
        tst_claim_close(&t);
        snprintf(text, sizeof text, "UK,1,13,3\nRE,1,3112,202610\nHO,1\n%s,1\n", own[i]);
        open_text(&t, text);
        cr_expect(t.c.type == FU_DEN, "%s means nothing to 歯科", own[i]);
        tst_claim_close(&t);
    }
    for (size_t i = 0; i < COUNT(other); i++) {
        snprintf(text, sizeof text, "IR,1,13,1\nRE,1,1111,202610\nHO,1\n%s,1\n", other[i]);
        open_text(&t, text);
        cr_expect(t.c.type == FU_MED, "%s", other[i]);
        tst_claim_close(&t);
    }
}

Test(claim, dpc_is_told_by_soukatsu)
{
    static const struct {
        const char *kind, *field19;
        fu_type type;
        int soukatsu;
    } rows[] = {
        {"1111", "0", FU_DPC, 0},
        {"1111", "1", FU_DPC, 1},
        {"1119", "2", FU_DPC, 2},
        {"1317", "3", FU_DPC, 3},
        {"1111", "4", FU_MED, -1},
        {"1111", "", FU_MED, -1},
        {"1111", "00", FU_MED, -1},
        {"1111", "x", FU_MED, -1},
        {"1112", "0", FU_MED, -1},
        {"1110", "1", FU_MED, -1},
        {"111x", "1", FU_MED, -1},
        {"3111", "1", FU_DEN, -1},
        {"1111", "261013139999100000000001", FU_MED, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        tst_claim t;
        snprintf(text, sizeof text, "RE,1,%s,202610,,,,,,,,,,,,,,,%s\nHO,1\nSI\n", rows[i].kind,
                 rows[i].field19);
        open_text(&t, text);
        cr_expect(t.c.type == rows[i].type, "row %zu: %d", i, (int)t.c.type);
        cr_expect(t.c.soukatsu == rows[i].soukatsu, "row %zu: %d", i, t.c.soukatsu);
        tst_claim_close(&t);
    }
}

Test(claim, soukatsu_is_one_digit_or_none)
{
    static const struct {
        const char *field19;
        int soukatsu;
    } rows[] = {{"", -1}, {"1", 1}, {"9", 9}, {"12", -1}, {"x", -1}, {" 1", -1}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[64];
        tst_claim t;
        snprintf(text, sizeof text, "RE,1,1111,202610,,,,,,,,,,,,,,,%s\nBU\n", rows[i].field19);
        open_text(&t, text);
        cr_expect(t.c.type == FU_DPC && t.c.soukatsu == rows[i].soukatsu, "row %zu", i);
        tst_claim_close(&t);
    }
}

/* ---- header ---- */

Test(claim, headers_of_every_kind_are_read)
{
    static const struct {
        const char *record;
        fu_type type;
        bool returned;
        int payer;
        int32_t month;
        int volume;
    } rows[] = {
        {"IR,1,13,1,1399991,,X,202611,00,03-0000", FU_MED, false, 1, 202611, 0},
        {"IR,2,13,1,1399991,,X,202611,01,", FU_MED, false, 2, 202611, 1},
        {"IR,2,13,1,1399991,,X,50811,99,", FU_MED, false, 2, 202611, 99},
        {"UK,1,13,3,1399991,,X,202611,0102,03", FU_DEN, false, 1, 202611, 3},
        {"YK,2,13,4,1399991,X,202611,02,03", FU_PHA, false, 2, 202611, 2},
        {"HM,1,13,6,1399991,X,202611,03-0000", FU_NUR, false, 1, 202611, -1},
        {"HM,1,13,6,1399991,X,202611,03", FU_NUR, false, 1, 202611, -1},
        /* the IR that 歯科 repeats */
        {"IR,2,13,3,1399991,,202611,0300000000,0102", FU_DEN, false, 2, 202611, -1},
        {"IR,2,13,3,1399991,,202611,202512,00,05", FU_DEN, false, 2, 202611, -1},
        /* 返戻, in either order */
        {"HI,1,13,1,1399991,,X,202611,00,", FU_MED, true, 1, 202611, 0},
        {"HI,2,13,3,1399991,,X,202611,00,", FU_DEN, true, 2, 202611, 0},
        {"HI,1,13,4,1399991,,X,202611,00,", FU_PHA, true, 1, 202611, 0},
        {"HI,1,202611,13,1,1399991,,00", FU_MED, true, 1, 202611, 0},
        {"HI,2,202611,34,3,1399991,,01", FU_DEN, true, 2, 202611, 1},
        {"HI,2,202611,27,4,1399991,,00", FU_PHA, true, 2, 202611, 0},
        {"HI,2,50811,01,4,1399991,,00", FU_PHA, true, 2, 202611, 0},
        {"HH,1,13,6,1399991,X,202611,03-0000", FU_NUR, true, 1, 202611, -1},
        {"HH,1,202611,13,6,1399991,,", FU_NUR, true, 1, 202611, -1},
        /* not readable */
        {"IR", FU_TYPE_UNKNOWN, false, 0, 0, -1},
        {"IR,3,13,1,1,,X,202613,0x", FU_MED, false, 0, 0, -1},
        {"IR,12,13,13,1,,X,20261,100", FU_TYPE_UNKNOWN, false, 0, 0, -1},
        {"IR,,13,,1,,X,,", FU_TYPE_UNKNOWN, false, 0, 0, -1},
        {"IR,x,13,x,1,,X,2026-1,-1", FU_TYPE_UNKNOWN, false, 0, 0, -1},
        {"IR,0,13,2,1,,X,202601,000", FU_TYPE_UNKNOWN, false, 0, 202601, 0},
        {"IR,1,202611,13,1,1399991,,00", FU_TYPE_UNKNOWN, false, 1, 0, -1},
        {"HI,1", FU_TYPE_UNKNOWN, true, 1, 0, -1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        fu_span r = fu_span_str(rows[i].record);
        uint16_t id = FU_ID(r.p[0], r.p[1]);
        fu_header h;
        memset(&h, 0xA5, sizeof h);
        fu_header_read(&h, id, r);
        cr_expect(h.id == id && h.returned == rows[i].returned, "row %zu", i);
        cr_expect(h.type == rows[i].type, "row %zu: type %d", i, (int)h.type);
        cr_expect(h.payer == rows[i].payer, "row %zu: payer %d", i, h.payer);
        cr_expect(h.month == rows[i].month, "row %zu: month %d", i, h.month);
        cr_expect(h.volume == rows[i].volume, "row %zu: volume %d", i, h.volume);
    }
}

Test(claim, the_institution_is_ten_digits_or_nothing)
{
    static const struct {
        const char *record, *institution;
    } rows[] = {
        {"IR,1,13,1,1399991,,X,202611,00,03-0000", "1311399991"},
        {"UK,1,27,3,0000001,,X,202611,0102,03", "2730000001"},
        {"YK,2,01,4,1399991,X,202611,02,03", "0141399991"},
        {"HM,1,13,6,1399991,X,202611,03-0000", "1361399991"},
        {"HI,1,13,1,1399991,,X,202611,00,", "1311399991"},
        {"HI,2,202611,34,3,1399991,,01", "3431399991"},
        {"HH,1,202611,13,6,1399991,,", "1361399991"},
        {"IR", ""},
        {"IR,1,13,1", ""},
        {"IR,1,13,1,139999,,X,202611,00,", ""},
        {"IR,1,13,1,13999910,,X,202611,00,", ""},
        {"IR,1,1,1,1399991,,X,202611,00,", ""},
        {"IR,1,,1,1399991,,X,202611,00,", ""},
        {"IR,1,13,,1399991,,X,202611,00,", ""},
        {"IR,1,13,1,139999X,,X,202611,00,", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        fu_span r = fu_span_str(rows[i].record);
        fu_header h;
        memset(&h, 0xA5, sizeof h);
        fu_header_read(&h, FU_ID(r.p[0], r.p[1]), r);
        cr_expect_str_eq(h.institution, rows[i].institution, "row %zu: %s", i, h.institution);
    }
}

/* ---- payers ---- */

Test(claim, payers_are_found)
{
    tst_claim t;
    open_text(
        &t,
        "RE,1,1142\nHO,1\nHO,2\nKO,a\nKO,b\nKO,c\nSN,2,01,,,,09\nSN,1,01,,,,00\nSN,1,01,,,,01\n");
    cr_expect(t.c.n_ho == 2 && is(fu_field(t.c.ho, 2), "1"), "the first counts");
    cr_expect(t.c.n_ko == 3 && is(fu_field(t.c.ko[0], 2), "a") && is(fu_field(t.c.ko[2], 2), "c"));
    cr_expect(t.c.ko[3] == NULL);
    cr_expect(t.c.sn && is(fu_field(t.c.sn, 7), "00"), "負担者種別 1 only, the first of them");
    tst_claim_close(&t);
    open_text(&t, "RE,1,1212\nKO,a\nSN,2,01\nSN,,01\nSN,11,01\nSN\n");
    cr_expect(t.c.ho == NULL && t.c.n_ho == 0 && t.c.n_ko == 1 && t.c.sn == NULL, "公費単独");
    tst_claim_close(&t);
    open_text(&t, "RE,1,1112\n8,1,0,HO,1\n8,1,0,KO,1\n8,1,0,SN,1\n8,1,0,RE,1\nHO,2\n");
    cr_expect(t.c.n_ho == 1 && is(fu_field(t.c.ho, 2), "2"), "history is not the claim");
    cr_expect(t.c.n_ko == 0 && t.c.sn == NULL && t.c.returned);
    cr_expect(is(fu_field(t.c.re, 3), "1112"));
    tst_claim_close(&t);
}

Test(claim, more_than_four_kohi_are_counted_and_not_kept)
{
    tst_claim t;
    cr_expect(FU_KOHI_MAX == 4);
    open_text(&t, "RE,1,1152\nHO,1\nKO,a\nKO,b\nKO,c\nKO,d\n");
    cr_expect(t.c.n_ko == FU_KOHI_MAX && is(fu_field(t.c.ko[3], 2), "d"));
    tst_claim_close(&t);
    open_text(&t, "RE,1,1152\nHO,1\nKO,a\nKO,b\nKO,c\nKO,d\nKO,e\nKO,f\n");
    cr_expect(t.c.n_ko == 6 && is(fu_field(t.c.ko[3], 2), "d"));
    tst_claim_close(&t);
}

Test(claim, points_are_those_of_the_first_payer)
{
    static const struct {
        const char *text;
        uint64_t points;
    } rows[] = {
        {"RE,1,1112\nHO,1,,,2,434\nKO,1,,,2,99\n", 434},
        {"RE,1,1112\nHO,1,,,2,1\nHO,1,,,2,2\n", 1},
        {"RE,1,1222\nKO,1,,,2,99\nKO,1,,,2,98\n", 99},
        {"RE,1,1212\nKO,1,,,2,97\n", 97},
        {"RE,1,1112\nHO,1,,,2,\nKO,1,,,2,99\n", 0},
        {"RE,1,1112\nHO,1,,,2\n", 0},
        {"RE,1,1112\nHO,1,,,2, 434\n", 0},
        {"RE,1,1112\nHO,1,,,2,4x\n", 0},
        {"RE,1,1112\nHO,1,,,2,99999999\n", 99999999},
        {"RE,1,1112\nSY\n", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tst_claim t;
        open_text(&t, rows[i].text);
        cr_expect(fu_claim_points(&t.c) == rows[i].points, "row %zu", i);
        tst_claim_close(&t);
    }
}

/* ---- returned, newer ---- */

Test(claim, returned_claims_are_recognised)
{
    static const struct {
        const char *text;
        bool returned;
    } rows[] = {
        {"RE,1,1112\nHO\n", false},
        {"RE,1,1112\nHO\nHR,202610\n", true},
        {"RE,1,1112\nHO\n8,1,0,RE,1\n", true},
        {"RE,1,1112\nHO\n8,1,0\n", false},
        {"RE,1,1112\nHO\nRC,Ver\n", false},
        /* 検索番号 has 17 digits and more */
        {"RE,1,1112,,,,,,,,,,,,,,,,12345678901234567\nHO\n", true},
        {"RE,1,1112,,,,,,,,,,,,,,,,1234567890123456\nHO\n", false},
        {"RE,1,1112,,,,,,,,,,,,,,,12345678901234567\nHO\n", false},
        {"RE,1,3112,,,,,,,,,,,,,,,,,12345678901234567\nHO\n", true},
        {"RE,1,6112,,,,,,,,,,,,12345678901234567\nHO\n", true},
        {"RE,1,1111,,,,,,,,,,,,,,,,0,,12345678901234567\nHO\n", true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tst_claim t;
        open_text(&t, rows[i].text);
        cr_expect(t.c.returned == rows[i].returned, "row %zu", i);
        tst_claim_close(&t);
    }
}

/* One more field is tolerated while it is empty. */
Test(claim, a_newer_layout_shows_by_more_fields_in_re_or_ho)
{
    static const struct {
        const char *kind, *record;
        unsigned fields;
    } rows[] = {
        {"1112", "RE", 38}, {"3112", "RE", 27}, {"4112", "RE", 42}, {"6112", "RE", 15},
        {"1112", "HO", 15}, {"3112", "HO", 14}, {"4112", "HO", 14}, {"6112", "HO", 12},
    };
    static const struct {
        unsigned more;
        const char *tail;
        bool newer;
    } ends[] = {{0, "", false}, {0, "x", false}, {1, "", false}, {1, "x", true},
                {1, "0", true}, {2, "", true},   {2, "x", true}, {9, "", true}};
    for (size_t i = 0; i < COUNT(rows); i++)
        for (size_t k = 0; k < COUNT(ends); k++) {
            char text[256], commas[64];
            bool re = rows[i].record[0] == 'R';
            unsigned n = rows[i].fields + ends[k].more - (re ? 3 : 1);
            tst_claim t;
            memset(commas, ',', n);
            commas[n] = '\0';
            snprintf(text, sizeof text, "RE,1,%s%s%s\nHO%s%s\nKO,,,,,,,,,,,,,,,,x\n", rows[i].kind,
                     re ? commas : "", re ? ends[k].tail : "", re ? "" : commas,
                     re ? "" : ends[k].tail);
            open_text(&t, text);
            cr_expect(t.c.newer_layout == ends[k].newer, "%s of %s, end %zu", rows[i].record,
                      rows[i].kind, k);
            tst_claim_close(&t);
        }
}

Test(claim, history_says_nothing_about_the_layout)
{
    tst_claim t;
    open_text(&t, "RE,1,6112\nHO\n8,2,0,HO,,,,,,,,,,,,,,,,,,,,,,,,,,,x\n");
    cr_expect(!t.c.newer_layout);
    tst_claim_close(&t);
}

/* ---- dates and ages ---- */

Test(claim, months_and_births_are_read_in_both_widths)
{
    static const struct {
        const char *month, *birth, *sex;
        int32_t want_month, want_birth;
        int want_sex;
    } rows[] = {
        {"202610", "19560229", "1", 202610, 19560229, 1},
        {"50810", "3310229", "2", 202610, 19560229, 2},
        {"43104", "4010108", "1", 201904, 19890108, 1},
        {"50105", "1010101", "2", 201905, 18680101, 2},
        {"202613", "19560230", "3", 0, 0, 0},
        {"202600", "19560001", "0", 0, 0, 0},
        {"2026", "1956022", "", 0, 0, 0},
        {"", "", "11", 0, 0, 0},
        {"60810", "6310229", "x", 0, 0, 0},
        {" 202610", "19560229 ", " 1", 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char text[128];
        tst_claim t;
        snprintf(text, sizeof text, "RE,1,1112,%s,X,%s,%s,\nHO\n", rows[i].month, rows[i].sex,
                 rows[i].birth);
        open_text(&t, text);
        cr_expect(t.c.month == rows[i].want_month, "row %zu: %d", i, t.c.month);
        cr_expect(t.c.birth == rows[i].want_birth, "row %zu: %d", i, t.c.birth);
        cr_expect(t.c.sex == rows[i].want_sex, "row %zu: %d", i, t.c.sex);
        tst_claim_close(&t);
    }
}

Test(claim, ages_change_at_the_months_edge)
{
    static const struct {
        int32_t birth, month;
        int years;
        bool reached;
    } rows[] = {
        /* 70: from the month behind the birthday's; born on the 1st: from the birthday's own */
        {19561101, 202610, 70, false},
        {19561101, 202611, 70, true},
        {19561102, 202611, 70, false},
        {19561102, 202612, 70, true},
        {19561130, 202611, 70, false},
        {19561130, 202612, 70, true},
        {19561201, 202611, 70, false},
        {19561201, 202612, 70, true},
        {19561202, 202612, 70, false},
        {19561202, 202701, 70, true},
        {19561231, 202612, 70, false},
        {19561231, 202701, 70, true},
        {19560229, 202602, 70, false},
        {19560229, 202603, 70, true},
        /* 75: from the birthday itself, so in its month */
        {19511101, 202610, 75, false},
        {19511101, 202611, 75, true},
        {19511102, 202610, 75, false},
        {19511102, 202611, 75, true},
        {19511130, 202610, 75, false},
        {19511130, 202611, 75, true},
        {19511201, 202611, 75, false},
        {19511201, 202612, 75, true},
        {19511231, 202612, 75, true},
        {19511231, 202611, 75, false},
        /* unknown */
        {0, 202611, 70, false},
        {19501101, 0, 70, false},
        {0, 202611, 75, false},
        {19401101, 0, 75, false},
        {0, 0, 70, false},
    };
    fu_claim c;
    memset(&c, 0, sizeof c);
    for (size_t i = 0; i < COUNT(rows); i++) {
        c.birth = rows[i].birth;
        c.month = rows[i].month;
        cr_expect(fu_claim_age_at_least(&c, rows[i].years) == rows[i].reached, "row %zu", i);
    }
}

Test(claim, elderly_kinds_by_the_last_digit)
{
    for (int scheme = -1; scheme < 10; scheme++)
        for (int last = -1; last < 10; last++) {
            fu_claim c;
            bool insured = scheme == 1 || scheme == 3;
            memset(&c, 0, sizeof c);
            c.type_digit[1] = scheme;
            c.type_digit[3] = last;
            cr_expect(fu_claim_elderly_type(&c) ==
                          (insured && (last == 7 || last == 8 || last == 9 || last == 0)),
                      "%d %d", scheme, last);
            cr_expect(fu_claim_is_30(&c) == (insured && (last == 9 || last == 0)), "%d %d", scheme,
                      last);
        }
}

/* ---- texts ---- */

Test(claim, fields_are_shown_as_utf8)
{
    static const struct {
        const char *cp932, *utf8;
    } rows[] = {
        {"", ""},
        {"A1,", "A1,"},
        {"\x8D\xB2\x93\xA1\x81\x40\x8C\xA9\x96\x7B", "佐藤　見本"},
        {"\xBB\xC4\xB3", "ｻﾄｳ"},
        {"\xFB\xFC", "髙"},
        {"\x81", "\xEF\xBF\xBD"},
        {"a\xFF\x62", "a\xEF\xBF\xBD\x62"},
    };
    fu_arena a;
    fu_arena_init(&a, &fu_mem_libc, 4096);
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_str_eq(fu_field_text(&a, fu_span_str(rows[i].cp932)), rows[i].utf8, "row %zu", i);
    cr_expect(!a.failed);
    cr_expect_str_eq(fu_field_text(&a, fu_span_of(rows[2].cp932, 0)), "");
    fu_arena_free(&a);
}

Test(claim, a_text_without_room_is_empty_and_remembered)
{
    fu_arena a;
    fu_arena_init(&a, &fu_mem_libc, 32);
    cr_expect_str_eq(fu_field_text(&a, fu_span_str("0123456789")), "0123456789");
    cr_expect_str_eq(fu_field_text(&a, fu_span_str("x")), "");
    cr_expect(a.failed);
    fu_arena_free(&a);
}

Test(claim, record_names_as_text)
{
    char t[4] = "xxx";
    fu_id_text(FU_ID('R', 'E'), t);
    cr_expect_str_eq(t, "RE");
    cr_expect(t[3] == '\0');
    fu_id_text(0, t);
    cr_expect_str_eq(t, "");
}

/* ---- faults ---- */

Test(claim, every_failed_allocation_is_a_clean_error)
{
    fu_buf text;
    long fail = 0;
    fu_status st = FU_E_NOMEM;
    fu_buf_init(&text, &fu_mem_libc, (size_t)1 << 20);
    fu_buf_str(&text, "IR,1,13,1\nRE,1,1112,202610\nHO,01139906,,1\n");
    for (int i = 0; i < 3000; i++)
        fu_buf_str(&text, "SI,80,1,120002910,,68,1,,,,,,,,,,,\n");
    for (; st != FU_OK; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_claim t;
        fu_error e;
        m.fail_at = fail;
        st = tst_claim_open(&t, &mem, fu_buf_view(&text), &e);
        cr_expect(st != FU_OK || t.c.n_recs == 3002);
        tst_claim_close(&t);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        cr_assert(st == FU_OK || (st == FU_E_NOMEM && e.status == FU_E_NOMEM), "call %ld", fail);
    }
    cr_expect(fail > 8, "%ld calls", fail);
    fu_buf_free(&text);
}

/* ---- outline ---- */

static void parse_block(const fu_block *b, const fu_header *h, const char *what, size_t i)
{
    fu_arena a;
    fu_claim c;
    fu_outline o;
    fu_error e[2] = {{0}, {0}};
    const char *differs;
    fu_status st[2];
    memset(&o, 0xAA, sizeof o);
    fu_arena_init(&a, &fu_mem_libc, (size_t)64 << 20);
    st[0] = fu_claim_parse(&c, &a, b, h, &e[0]);
    st[1] = fu_claim_outline(&o, b, h, &e[1]);
    cr_assert(st[0] == st[1] && e[0].line == e[1].line, "%s, %zu", what, i);
    cr_assert_str_eq(e[0].message_ja, e[1].message_ja);
    differs = st[0] == FU_OK ? tst_outline_differs(&c, &o) : NULL;
    cr_assert(!differs, "%s, %zu: %s", what, i, differs);
    fu_arena_free(&a);
}

/* Every claim of the text; how many. */
static size_t outline_all(fu_span text, const char *what, size_t i)
{
    tst_walk w;
    size_t claims = 0;
    tst_walk_bytes(&w, &fu_mem_libc, text, NULL);
    cr_assert(w.st == FU_OK);
    for (; tst_walk_claim(&w); claims++)
        parse_block(&w.b, &w.h, what, i);
    tst_walk_close(&w);
    return claims;
}

Test(claim, an_outline_says_what_the_claim_says)
{
    static const char *const rows[] = {
        "IR,1,13,1\r\nRE,1,1112,202610,\x8E\x52\x93\x63,1,19600101,,,,,,,K1\r\nHO,1,,2,3,40,\r\n",
        "RE\nHO",
        "RE,1,1112\nKO,1,2,,1,77\nKO,2\nKO,3\nKO,4\nKO,5,,,1,2\nHO,1,,2,3,40\nHO,2,,2,3,50\n",
        "RE,1,1111\r\n8,1,0,HO,1,2\r\nHO,,,,,60\r\n8,1,0,KO,1\r\nHR,1\r\n",
        "IR,1,13,1\nRE,1,1111\nBU,1\n",
        "IR,1,13,1\nRE,1,1111\n8,1,0,BU,1\n",
        "IR,1,13,1\nRE,1,1111,,,,,,,,,,,,,,,,3,\nSI,1\n",
        "IR,1,13,3\nRE,1,3111,202609,,2,19990909\nHO\n",
        "UK,1,13,3\nRE,1,1111\nKO,,,,,9\n",
        "IR,1,13,6\nRE,1,6112\n\nHO,\n\nKO",
        "RE,,\x1A\n,\nHO,1\r\r\n",
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        cr_expect_eq(outline_all(fu_span_str(rows[i]), "row", i), 1, "row %zu", i);
}

Test(claim, an_outline_has_the_limit_of_fields)
{
    for (size_t record = 0; record < 3; record++)
        for (size_t extra = 0; extra < 2; extra++) {
            static const char *const names[] = {"RE", "HO", "SI"};
            fu_buf text;
            fu_buf_init(&text, &fu_mem_libc, 1 << 20);
            for (size_t i = 0; i < COUNT(names); i++) {
                fu_buf_str(&text, names[i]);
                for (size_t k = 1; i == record && k < FU_FIELDS_MAX + extra; k++)
                    fu_buf_char(&text, ',');
                fu_buf_str(&text, "\r\n");
            }
            cr_expect_eq(outline_all(fu_buf_view(&text), names[record], extra), 1);
            fu_buf_free(&text);
        }
}

/* ---- the files of the fixtures, where they are given ---- */

#define FILE_MAX ((size_t)1 << 20)

/* Names, commas, line ends and digits, put where others were. */
static void mutate(unsigned char *p, size_t n, uint32_t *seed)
{
    static const char *const edges[] = {",",    ",,",    "\nHO,",  "\nKO,", "\nRE,", "\nBU,",
                                        "\r\n", "\n",    "1",      "3",     "9",     "\x83",
                                        "HO",   "\nHR,", "8,1,0,", ",KO,",  "\x1A",  "20261001"};
    for (size_t i = 0; i < n / 200 + 1; i++) {
        const char *e = edges[tst_random(seed, COUNT(edges))];
        size_t len = strlen(e), at = tst_random(seed, (uint32_t)n);
        if (at + len <= n)
            memcpy(p + at, e, len);
    }
}

Test(claim, an_outline_of_every_claim_of_the_fixtures_whatever_happens_to_it)
{
    static const char *const files[] = {"ika/RECEIPTC.UKE",    "ika-kokuho/RECEIPTC.UKE",
                                        "dpc/RECEIPTD.UKE",    "shika/RECEIPTS.UKE",
                                        "chozai/RECEIPTY.UKE", "houmon/RECEIPTH.UKE",
                                        "henrei/RECEIPTC.HEN"};
    const char *folder = getenv("FUSHO_FIXTURES");
    unsigned char *p = malloc(FILE_MAX), *copy = malloc(FILE_MAX);
    uint32_t seed = 20261109;
    cr_assert(folder && p && copy, "FUSHO_FIXTURES is not set");
    for (size_t i = 0; i < COUNT(files); i++) {
        char path[4096];
        size_t n, claims = 0;
        FILE *f;
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        f = fopen(path, "rb");
        cr_assert(f != NULL, "%s", path);
        n = fread(p, 1, FILE_MAX, f);
        fclose(f);
        cr_expect(outline_all(fu_span_of(p, n), path, 0) > 1, "%s", path);
        for (size_t round = 1; round <= 200; round++) {
            memcpy(copy, p, n);
            mutate(copy, n, &seed);
            claims += outline_all(fu_span_of(copy, n), path, round);
        }
        cr_expect(claims > 200, "%s: %zu", path, claims);
    }
    free(copy);
    free(p);
}

static size_t count_claims(const char *folder, const char *file, fu_type type)
{
    char path[4096];
    unsigned char *p = malloc(FILE_MAX);
    size_t n, claims = 0;
    FILE *f;
    tst_walk w;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    f = fopen(path, "rb");
    cr_assert(f && p, "%s", path);
    n = fread(p, 1, FILE_MAX, f);
    fclose(f);
    tst_walk_bytes(&w, &fu_mem_libc, fu_span_of(p, n), NULL);
    cr_assert(w.st == FU_OK);
    while (tst_walk_claim(&w)) {
        fu_arena a;
        fu_claim c;
        fu_arena_init(&a, &fu_mem_libc, (size_t)1 << 20);
        cr_expect(fu_claim_parse(&c, &a, &w.b, &w.h, NULL) == FU_OK);
        cr_expect(c.type == type && !c.newer_layout && c.month && c.birth && c.sex, "%s line %llu",
                  path, (unsigned long long)c.line);
        cr_expect(c.returned == (w.h.id == FU_ID('H', 'I')), "%s", path);
        cr_expect(w.h.payer && w.h.month, "%s", path);
        claims++;
        fu_arena_free(&a);
    }
    tst_walk_close(&w);
    free(p);
    return claims;
}

Test(claim, every_claim_of_the_fixtures_is_understood)
{
    const char *folder = getenv("FUSHO_FIXTURES");
    if (!folder)
        cr_skip_test("FUSHO_FIXTURES is not set");
    cr_expect(count_claims(folder, "ika/RECEIPTC.UKE", FU_MED) > 5);
    cr_expect(count_claims(folder, "ika/RECEIPTC-TRIM.UKE", FU_MED) > 5);
    cr_expect(count_claims(folder, "ika/RECEIPTC-LF.UKE", FU_MED) > 5);
    cr_expect(count_claims(folder, "ika-kokuho/RECEIPTC.UKE", FU_MED) > 1);
    cr_expect(count_claims(folder, "dpc/RECEIPTD.UKE", FU_DPC) > 1);
    cr_expect(count_claims(folder, "shika/RECEIPTS.UKE", FU_DEN) > 1);
    cr_expect(count_claims(folder, "chozai/RECEIPTY.UKE", FU_PHA) > 1);
    cr_expect(count_claims(folder, "houmon/RECEIPTH.UKE", FU_NUR) > 1);
    cr_expect(count_claims(folder, "henrei/RECEIPTC.HEN", FU_MED) > 1);
}
