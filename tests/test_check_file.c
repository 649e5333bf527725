#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"
#include "support_evidence.h"
#include "support_walk.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* ---- a file through reader and check, as the engine does ---- */

typedef struct outcome {
    fu_arena arena;
    fu_findings out;
    fu_file_check k;
    char codes[8192];
} outcome;

static bool pass(outcome *o, const fu_mem *mem, const void *p, size_t n)
{
    tst_file file = TST_FILE_INIT;
    fu_stream s = tst_stream(&file);
    tst_walk w;
    fu_arena a;
    fu_error e;
    bool ok = true;
    tst_file_set(&file, p, n);
    fu_arena_init(&o->arena, mem, 64 << 20);
    fu_arena_init(&a, mem, 64 << 20);
    fu_findings_init(&o->out, &o->arena);
    fu_file_start(&o->k, &o->out);
    tst_walk_open(&w, mem, &s, &e);
    while (!o->k.refused && tst_walk_next(&w)) {
        fu_claim c;
        fu_seen seen;
        fu_utf8_watch text = {0};
        fu_arena_reset(&a);
        if (w.b.kind == FU_B_CLAIM) {
            ok = fu_claim_parse(&c, &a, &w.b, &o->k.header, &e) == FU_OK;
            c.number = o->k.claims + 1;
            if (!ok)
                break;
        }
        fu_file_see(&seen, &w.b, w.b.kind == FU_B_CLAIM ? &c : NULL);
        fu_utf8_look(&text, w.b.bytes);
        fu_file_take(&o->k, &seen);
        fu_file_text(&o->k, &text);
    }
    ok = ok && w.st == FU_OK;
    if (ok)
        fu_file_end(&o->k);
    fu_arena_free(&a);
    tst_walk_close(&w);
    tst_file_free(&file);
    return ok && !o->out.failed && !o->arena.failed;
}

static void check_bytes(outcome *o, const void *p, size_t n)
{
    cr_assert(pass(o, &fu_mem_libc, p, n));
    tst_list_codes(&o->out, true, o->codes, sizeof o->codes);
}

/* UTF-8 text, each \n of which becomes CR LF. */
static void check_text(outcome *o, const char *utf8)
{
    size_t n = strlen(utf8), k = 0, m;
    char *text = malloc(2 * n + 1), *cp932;
    cr_assert_not_null(text);
    for (size_t i = 0; i < n; i++) {
        if (utf8[i] == '\n')
            text[k++] = '\r';
        text[k++] = utf8[i];
    }
    text[k] = '\0';
    cp932 = tst_cp932(text, &m);
    check_bytes(o, cp932, m);
    free(cp932);
    free(text);
}

#define IR "IR,1,13,1,1399991,,見本医院,202611,00,\n"
#define RE(number) "RE," number ",1112,202610,見本　花子,2,19800101\nHO,01139906,１,２,1,100\n"
#define KO "KO,54139993,1234567,,1,50\n"
#define GO(payers, points) "GO," payers "," points ",99\n"
#define EOF_MARK "\x1A"
#define IN_CLAIM "SJ,01,あ\n"

typedef struct row {
    const char *text;
    const char *codes;
    bool refused, incomplete;
} row;

static void run(const row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        outcome *o = calloc(1, sizeof *o);
        cr_assert_not_null(o);
        check_text(o, rows[i].text);
        cr_expect_str_eq(o->codes, rows[i].codes, "row %zu: %s", i, o->codes);
        cr_expect_eq(o->k.refused, rows[i].refused, "row %zu", i);
        cr_expect_eq(o->k.incomplete, rows[i].incomplete, "row %zu", i);
        fu_arena_free(&o->arena);
        free(o);
    }
}

Test(check_file, sound_files_of_every_type)
{
    static const row rows[] = {
        {IR RE("1") RE("2") GO("2", "200") EOF_MARK, "", false, false},
        {"UK,1,13,3,1399991,,見本歯科,202611,,00\nIR,1,13,3,1399991,,202611,,\n"
         "RE,1,3112,202610,見本　花子,2,19800101\nHO,01139906,１,２,1,100\nIR,1,13,3,1399991,,"
         "202611,,\n"
         "RE,2,3112,202610,見本　花子,2,19800101\nHO,01139906,１,２,1,100\n" GO("2", "200")
             EOF_MARK,
         "", false, false},
        {"YK,1,13,4,1399991,見本薬局,202611,00,\nRE,1,4112,202610,見本　花子,2,19800101\n"
         "HO,01139906,１,２,1,100\n" GO("1", "100") EOF_MARK,
         "", false, false},
        {"HM,1,13,6,1399991,見本,202611,\nRE,1,6112,202610,見本　花子,ミホン,2,19800101\n"
         "HO,01139906,１,２,1,5550\nGO\n" EOF_MARK,
         "", false, false},
        {IR GO("0", "0") EOF_MARK, "", false, false},
    };
    run(rows, ROWS(rows));
}

/* ---- F101, F111 ---- */

Test(check_file, first_record_must_be_a_header)
{
    static const row rows[] = {
        {RE("1") GO("1", "100") EOF_MARK, "F101", true, false},
        {"XX,1\n" IR GO("0", "0"), "F101", true, false},
        {"\n" IR GO("0", "0"), "F101", true, false},
        {"GO,0,0,99\n", "F101", true, false},
        {"<?xml version='1.0'?>\n", "F101", true, false},
        {EOF_MARK, "F101", true, false},
        {"x", "F101", true, false},
        {"HI,1,13,1,1399991,,見本医院,202611,00,\nHG,0,0,99\n", "", false, false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, f101_shows_how_the_file_begins)
{
    static const struct {
        const char *text, *found;
    } rows[] = {{"RE,1,1112\n", "RE"},
                {"<?xml\n", "<?"},
                {"RE\n", "RE"},
                /* only what could be a record's name: the file may be anything */
                {"x\n", NULL},
                {"見本　太郎\n", NULL},
                {"\x1B]0;x\n", NULL}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        outcome o;
        check_text(&o, rows[i].text);
        cr_assert_eq(o.out.n, 1);
        if (rows[i].found)
            cr_expect_str_eq(o.out.v[0].found, rows[i].found, "row %zu", i);
        else
            cr_expect_null(o.out.v[0].found, "row %zu", i);
        cr_expect_eq(o.out.v[0].line, 1);
        cr_expect_eq(o.out.v[0].claim, 0);
        fu_arena_free(&o.arena);
    }
}

Test(check_file, files_of_another_kind)
{
    static const struct {
        const char *bytes;
        size_t n;
        const char *codes;
    } rows[] = {
        {"", 0, "F111=空のファイル"},
        {"PK\x03\x04....", 8, "F111=ZIP"},
        {"PK\x05\x06....", 8, "F101"},
        {"PK\x03\x04", 4, "F111=ZIP"},
        {"\xEF\xBB\xBFIR,1,13,1\r\n", 14, "F111=UTF-8の文字データ"},
        {"\xEF\xBB\xBF", 3, "F111=UTF-8の文字データ"},
        {"\xFF\xFE", 2, "F111=UTF-16の文字データ"},
        {"\xFF\xFEI\0R\0", 6, "F111=UTF-16の文字データ"},
        {"\xFE\xFF\0I\0R", 6, "F111=UTF-16の文字データ"},
        {"1,1,0,MN,1\r\n1,2,0,RE,1\r\n", 24, "F111=レセ電コード情報ファイル"},
        {"1,1,MN,1\r\n", 10, "F101"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        outcome o;
        check_bytes(&o, rows[i].bytes, rows[i].n);
        cr_expect_str_eq(o.codes, rows[i].codes, "row %zu", i);
        cr_expect(o.k.refused, "row %zu", i);
        fu_arena_free(&o.arena);
    }
}

Test(check_file, claims_saved_as_utf8)
{
    static const struct {
        const char *text, *codes; /* bytes as they are */
    } rows[] = {
        {"IR,1,13,1,1399991,,見本医院,202611,00,\r\nGO,0,0,99\r\n\x1A", "F111=UTF-8の文字データ"},
        {"IR,1,13,1,1399991,,a,202611,00,\r\nRE,1,1112,202610,見本　花子\r\nGO,0,0,99\r\n\x1A",
         "F111=UTF-8の文字データ"},
        /* only ASCII: both */
        {"IR,1,13,1,1399991,,,202611,00,\r\nGO,0,0,99\r\n\x1A", ""},
        /* CP932, the same with one byte of UTF-8 */
        {"IR,1,13,1,1399991,,\x8C\xA9\x96\x7B,202611,00,\r\nGO,0,0,99\r\n\x1A", ""},
        {"IR,1,13,1,1399991,,\xC3\xA9\x8C\xA9,202611,00,\r\nGO,0,0,99\r\n\x1A",
         "F108=医療機関名称"},
        {"IR,1,13,1,1399991,,\xE8\xA6\x8B\x80,202611,00,\r\nGO,0,0,99\r\n\x1A", ""},
        /* cut inside a character; a character that goes on as ASCII; too many bytes to go */
        {"IR,1,13,1,1399991,,\xE8\xA6\x8B\xE8,202611,00,\r\nGO,0,0,99\r\n\x1A", ""},
        {"IR,1,13,1,1399991,,\xF0\x9F\x98\x80,202611,00,\r\nGO,0,0,99\r\n\x1A",
         "F111=UTF-8の文字データ"},
        /* the first byte of a record counts */
        {"IR,1,13,1,1399991,,見本,202611,00,\r\n\x8C\r\nGO,0,0,99\r\n\x1A", "F102 F107=レセプト（RE）の外にあるレコード"},
        {"IR,1,13,1,1399991,,\xF5\x9F\x98\x80,202611,00,\r\nGO,0,0,99\r\n\x1A",
         "F102 F108=医療機関名称"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        outcome o;
        check_bytes(&o, rows[i].text, strlen(rows[i].text));
        if (strncmp(rows[i].codes, "F111", 4) == 0)
            cr_expect(o.k.refused && strstr(o.codes, rows[i].codes), "row %zu: %s", i, o.codes);
        else
            cr_expect_str_eq(o.codes, rows[i].codes, "row %zu: %s", i, o.codes);
        fu_arena_free(&o.arena);
    }
}

Test(check_file, workers_insurance_is_another_kind)
{
    static const row rows[] = {
        {IR "RE,1,1112\nRR,1\n" GO("1", "0") EOF_MARK, "F111=労災レセプト", true, false},
        {IR "RE,1,1112\nRS,1\n" GO("1", "0") EOF_MARK, "F111=労災レセプト", true, false},
        /* what was found before means nothing then */
        {"IR,1,13,1,1399991,,a,202611,00,\nXX\nRE,1,1112\nRR,1\n", "F111=労災レセプト", true,
         false},
        {IR "RR,1\n" GO("1", "0") EOF_MARK, "F111=労災レセプト", true, false},
        {IR "RE,1,1112\n8,1,0,RR,1\n" GO("0", "0") EOF_MARK, "", false, false},
    };
    run(rows, ROWS(rows));
}

/* ---- F103 ---- */

Test(check_file, line_ends_and_the_mark_at_the_end)
{
    static const struct {
        const char *text, *codes; /* ASCII, bytes as they are */
    } rows[] = {
        {"IR,1,13,1,1399991,,,202611,00,\r\nGO,0,0,99\r\n\x1A", ""},
        {"IR,1,13,1,1399991,,,202611,00,\r\nGO,0,0,99\r\n", "F103=末尾に終わりの印（0x1A）がない"},
        {"IR,1,13,1,1399991,,,202611,00,\nGO,0,0,99\n\x1A",
         "F103=改行の記録が決まり（CR LF）と異なる行がある"},
        {"IR,1,13,1,1399991,,,202611,00,\r\nGO,0,0,99\n",
         "F103=改行の記録が決まり（CR LF）と異なる行がある F103=末尾に終わりの印（0x1A）がない"},
        {"IR,1,13,1,1399991,,,202611,00,\r\n\r\nGO,0,0,99\r\n\x1A", "F103=空の行がある"},
        {"IR,1,13,1,1399991,,,202611,00,\r\nGO,0,0,99\r\n\r\n\x1A", "F103=空の行がある"},
        {"HM,1,13,6,1399991,,202611,\r\nGO\r\n", "F103=末尾に終わりの印（0x1A）がない"},
        {"HI,1,13,1,1399991,,,202611,00,\r\nHG,0,0,99\r\n", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        outcome o;
        check_bytes(&o, rows[i].text, strlen(rows[i].text));
        cr_expect_str_eq(o.codes, rows[i].codes, "row %zu: %s", i, o.codes);
        cr_expect(!o.k.incomplete && !o.k.refused, "row %zu", i);
        fu_arena_free(&o.arena);
    }
}

Test(check_file, f103_names_the_first_line)
{
    static const char text[] =
        "IR,1,13,1,1399991,,,202611,00,\r\nRE,1,1112\nHO,1\nGO,1,0,99\r\n\x1A";
    outcome o;
    check_bytes(&o, text, sizeof text - 1);
    cr_expect_str_eq(o.codes, "F103=改行の記録が決まり（CR LF）と異なる行がある");
    cr_expect_eq(o.out.v[0].line, 2);
    cr_expect_eq(o.k.lf_lines, 2);
    fu_arena_free(&o.arena);
}

/* ---- F105 ---- */

Test(check_file, totals)
{
    static const row rows[] = {
        {IR RE("1") KO RE("2") GO("3", "200") EOF_MARK, "", false, false},
        {IR RE("1") KO RE("2") GO("2", "200") EOF_MARK, "F105=総件数", false, false},
        {IR RE("1") KO RE("2") GO("3", "250") EOF_MARK, "F105=総合計点数", false, false},
        {IR RE("1") GO("2", "1") EOF_MARK, "F105=総件数 F105=総合計点数", false, false},
        /* 公費 alone: the first KO's points */
        {IR "RE,1,1222,202610\n" KO "KO,12139997,1234567,,1,70\n" GO("2", "50") EOF_MARK, "", false,
         false},
        {IR "RE,1,1222,202610\n" KO "KO,12139997,1234567,,1,70\n" GO("2", "70") EOF_MARK,
         "F105=総合計点数", false, false},
        /* zeros stand in files that the payer's side has split; an empty total is none */
        {IR RE("1") GO("0", "0") EOF_MARK, "", false, false},
        {IR RE("1") GO("", "") EOF_MARK, "", false, false},
        {IR RE("1") GO("x", "100") EOF_MARK, "F108=総件数 F105=総件数", false, false},
        /* one volume of several: not its own totals */
        {"IR,1,13,1,1399991,,,202611,01,\n" RE("1") "GO,,,01\n" EOF_MARK, "", false, false},
        {"IR,1,13,1,1399991,,,202611,02,\n" RE("1") "GO,9,999,99\n" EOF_MARK, "", false, false},
        {"IR,1,13,1,1399991,,,202611,,\n" RE("1") "GO,9,100,99\n" EOF_MARK, "F105=総件数", false,
         false},
        /* 訪問看護 has none */
        {"HM,1,13,6,1399991,,202611,\nRE,1,6112,202610\nGO\n" EOF_MARK, "", false, false},
        /* a header of no 点数表 known: nothing is counted */
        {"IR,1,13,2,1399991,,,202611,00,\n" RE("1") GO("9", "9") EOF_MARK, "", false, false},
    };
    run(rows, ROWS(rows));
}

#define DPC(number, soukatsu)                                              \
    "RE," number ",1111,202610,見本　花子,2,19800101,,,,,,,,,,,," soukatsu \
    "\nHO,01139906,１,２,1,100\n"

Test(check_file, parts_of_a_dpc_bundle_count_or_not)
{
    static const row rows[] = {
        {IR DPC("1", "1") DPC("1", "2") DPC("1", "3") GO("1", "100") EOF_MARK, "", false, false},
        {IR DPC("1", "1") DPC("1", "2") DPC("1", "3") GO("3", "300") EOF_MARK, "", false, false},
        {IR DPC("1", "1") DPC("1", "2") DPC("1", "3") GO("2", "200") EOF_MARK,
         "F105=総件数 F105=総合計点数", false, false},
        {IR DPC("1", "0") DPC("2", "0") GO("1", "100") EOF_MARK, "F105=総件数 F105=総合計点数",
         false, false},
        {IR DPC("1", "0") DPC("2", "0") GO("2", "200") EOF_MARK, "", false, false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, f105_says_both_numbers)
{
    outcome o;
    check_text(&o, IR RE("1") KO DPC("2", "2") GO("7", "100") EOF_MARK);
    cr_expect_str_eq(o.codes, "F105=総件数");
    cr_expect_str_eq(o.out.v[0].found, "7");
    cr_expect_str_eq(o.out.v[0].want, "2");
    cr_expect_str_eq(o.out.v[0].record, "GO");
    cr_expect_eq(o.out.v[0].field, 2);
    cr_expect_eq(o.out.v[0].line, 7);
    fu_arena_free(&o.arena);
}

/* ---- F106, F107 outside of claims ---- */

Test(check_file, records_outside_of_a_claim)
{
    static const row rows[] = {
        {IR "HO,01139906,1,1\n" RE("1") GO("1", "100") EOF_MARK,
         "F106=レセプト（RE）の外にあるレコード", false, false},
        {IR "XX,1\n" RE("1") GO("1", "100") EOF_MARK, "F107=レセプト（RE）の外にあるレコード",
         false, false},
        {IR "BU,1\n" RE("1") GO("1", "100") EOF_MARK, "F106=レセプト（RE）の外にあるレコード",
         false, false},
        {IR "SS,1\n" RE("1") GO("1", "100") EOF_MARK, "F107=レセプト（RE）の外にあるレコード",
         false, false},
        {IR "8,1,0,RE,1\n" RE("1") GO("1", "100") EOF_MARK, "F106=レセプト（RE）の外にあるレコード",
         false, false},
        {IR "x\n" RE("1") GO("1", "100") EOF_MARK, "F107=レセプト（RE）の外にあるレコード", false,
         false},
        {"UK,1,13,3,1399991,,,202611,,00\nSS,1\n" GO("0", "0") EOF_MARK,
         "F106=レセプト（RE）の外にあるレコード", false, false},
        {"IR,1,13,2,1399991,,,202611,00,\nSI,1\n" GO("0", "0") EOF_MARK,
         "F106=レセプト（RE）の外にあるレコード", false, false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, records_outside_show_their_name)
{
    outcome o;
    check_text(&o, IR "HO,01139906,1,1\nx\n" GO("0", "0") EOF_MARK);
    cr_assert_eq(o.out.n, 2);
    cr_expect_str_eq(o.out.v[0].record, "HO");
    cr_expect_str_eq(o.out.v[0].found, "HO");
    cr_expect_eq(o.out.v[0].line, 2);
    cr_expect_str_eq(o.out.v[1].record, "");
    cr_expect_str_eq(o.out.v[1].found, "x");
    fu_arena_free(&o.arena);
}

/* ---- F109 ---- */

Test(check_file, claim_numbers_ascend)
{
    static const row rows[] = {
        {IR RE("1") RE("2") RE("9") GO("3", "300") EOF_MARK, "", false, false},
        {IR RE("1") RE("1") GO("2", "200") EOF_MARK, "F109", false, false},
        {IR RE("2") RE("1") GO("2", "200") EOF_MARK, "F109", false, false},
        {IR RE("2") RE("1") RE("2") GO("3", "300") EOF_MARK, "F109", false, false},
        {IR RE("2") RE("1") RE("1") GO("3", "300") EOF_MARK, "F109 F109", false, false},
        {IR RE("1") RE("") RE("x") RE("2") GO("4", "400") EOF_MARK, "", false, false},
        {IR DPC("1", "1") DPC("1", "2") DPC("1", "3") DPC("2", "0") GO("2", "200") EOF_MARK, "",
         false, false},
        {IR DPC("1", "1") DPC("1", "0") GO("2", "200") EOF_MARK, "F109", false, false},
        /* a returned file keeps the numbers of before */
        {"HI,1,13,1,1399991,,,202611,00,\n" RE("9") RE("3") "HG,2,200,99\n", "", false, false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, f109_shows_the_number)
{
    outcome o;
    check_text(&o, IR RE("5") RE("3") GO("2", "200") EOF_MARK);
    cr_assert_eq(o.out.n, 1);
    cr_expect_str_eq(o.out.v[0].found, "3");
    cr_expect_str_eq(o.out.v[0].record, "RE");
    cr_expect_eq(o.out.v[0].field, 2);
    cr_expect_eq(o.out.v[0].claim, 2);
    cr_expect_eq(o.out.v[0].line, 4);
    fu_arena_free(&o.arena);
}

/* ---- F110 ---- */

Test(check_file, files_that_are_cut_off_or_joined)
{
    static const row rows[] = {
        {IR RE("1") GO("1", "100") EOF_MARK, "", false, false},
        {IR RE("1"), "F110=最後に合計のレコード（GO）がない", false, true},
        {IR RE("1") EOF_MARK, "F110=最後に合計のレコード（GO）がない", false, true},
        {IR, "F110=最後に合計のレコード（GO）がない", false, true},
        {"IR,1,13,1,1399991,,,202611,00", "F110=最後のレコードに改行がない", false, true},
        {IR RE("1") "GO,1,100,99", "F110=最後のレコードに改行がない", false, true},
        {IR RE("1") "SI,11,1", "F110=最後のレコードに改行がない", false, true},
        {IR RE("1") GO("1", "100") RE("2"), "F110=GOの後にレコードがある F106=GOの後のレコード",
         false, true},
        /* the total of all claims is right too where GO only stands in the wrong place */
        {IR RE("1") GO("2", "200") RE("2"), "F110=GOの後にレコードがある F106=GOの後のレコード",
         false, true},
        {IR RE("1") GO("3", "100") RE("2"),
         "F110=GOの後にレコードがある F106=GOの後のレコード F105=総件数", false, true},
        {IR RE("1") GO("1", "100") "XX\n" EOF_MARK,
         "F110=GOの後にレコードがある F107=レセプト（RE）の外にあるレコード", false, true},
        {IR RE("1") GO("1", "100") IR RE("1") GO("1", "100") EOF_MARK,
         "F110=GOの後にレコードがある F106=GOの後のレコード F109", false, true},
        {IR RE("1") GO("1", "100") GO("1", "100") EOF_MARK,
         "F110=GOの後にレコードがある F106=GOの後のレコード", false, true},
        /* 0x1A in front of a record: two files, the first of them without GO */
        {IR RE("1") EOF_MARK RE("2") GO("2", "100") EOF_MARK,
         "F110=終わりの印（0x1A）の後にデータがある", false, true},
        {IR RE("1") EOF_MARK "\n" RE("2") GO("2", "200") EOF_MARK,
         "F110=終わりの印（0x1A）の後にデータがある", false, true},
        {IR RE("1") GO("1", "100") EOF_MARK "x", "F110=終わりの印（0x1A）の後にデータがある", false,
         true},
        {IR RE("1") GO("1", "100") EOF_MARK "\n", "F110=終わりの印（0x1A）の後にデータがある",
         false, true},
        {IR RE("1") GO("1", "100") EOF_MARK EOF_MARK, "F110=終わりの印（0x1A）の後にデータがある",
         false, true},
        {IR RE("1") IR GO("1", "100") EOF_MARK, "F110=途中に別のファイルの先頭のレコードがある",
         false, true},
        {"UK,1,13,3,1399991,,,202611,,00\nUK,1,13,3,1399991,,,202611,,00\n" GO("0", "0") EOF_MARK,
         "F110=途中に別のファイルの先頭のレコードがある", false, true},
        {"HI,1,13,1,1399991,,,202611,00,\n" RE("1"), "F110=最後に合計のレコード（GO）がない", false,
         true},
        {"HM,1,13,6,1399991,,202611,\nRE,1,6112,202610\n", "F110=最後に合計のレコード（GO）がない",
         false, true},
        /* volumes */
        {IR RE("1") "GO,1,100,01\n" EOF_MARK,
         "F110=マルチボリューム識別情報が、先頭では00、GO では99になっていない", false, true},
        {IR RE("1") "GO,1,100,\n" EOF_MARK,
         "F110=マルチボリューム識別情報が、先頭では00、GO では99になっていない", false, true},
        {IR RE("1") "GO,1,100\n" EOF_MARK,
         "F110=マルチボリューム識別情報が、先頭では00、GO では99になっていない", false, true},
        {"IR,1,13,1,1399991,,,202611,01,\n" RE("1") "GO,,,01\n" EOF_MARK, "", false, false},
        {"IR,1,13,1,1399991,,,202611,,\n" RE("1") "GO,1,100,01\n" EOF_MARK, "", false, false},
        {"UK,1,13,3,1399991,,,202611,,00\nRE,1,3112\nGO,0,0,01\n" EOF_MARK,
         "F110=マルチボリューム識別情報が、先頭では00、GO では99になっていない", false, true},
        {"YK,1,13,4,1399991,,202611,00,\nRE,1,4112\nGO,0,0,01\n" EOF_MARK,
         "F110=マルチボリューム識別情報が、先頭では00、GO では99になっていない", false, true},
        /* an empty line and the mark may stand behind GO */
        {IR RE("1") GO("1", "100") "\n" EOF_MARK, "F103=空の行がある", false, false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, f110_says_where)
{
    static const struct {
        const char *text;
        uint64_t line;
    } rows[] = {
        {IR RE("1"), 3},
        {IR RE("1") GO("1", "100") GO("1", "100"), 5},
        {IR RE("1") "SI,11", 4},
        {IR RE("1") "GO,1,100,01\n" EOF_MARK, 4},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        outcome o;
        check_text(&o, rows[i].text);
        cr_assert_geq(o.out.n, 1, "row %zu", i);
        cr_expect_eq(o.out.v[0].code, FU_F110, "row %zu", i);
        cr_expect_eq(o.out.v[0].line, rows[i].line, "row %zu", i);
        fu_arena_free(&o.arena);
    }
}

/* ---- bytes and fields outside of claims ---- */

Test(check_file, header_and_trailer_are_looked_at)
{
    static const row rows[] = {
        {"IR,1,13,1,1399991,,a,202611,00,\n" GO("0", "0") EOF_MARK, "F108=医療機関名称", false,
         false},
        {"IR,1,13,1,1399991,,,202611,00,,,\n" GO("0", "0") EOF_MARK, "F104=項目数", false, false},
        {"IR,1,13,1,1399991,,\x01,202611,00,\n" GO("0", "0") EOF_MARK, "F112 F108=医療機関名称",
         false, false},
        {IR "GO,0,0,99,x\n" EOF_MARK, "F104=項目数", false, false},
        {IR "GO,0,0,99,\n" EOF_MARK, "F108=末尾の余分なコンマ", false, false},
        {IR "GO,1234567,0,99\n" EOF_MARK, "F104=総件数 F105=総件数", false, false},
        {"UK,1,13,3,1399991,,a,202611,,00\nIR,1,13,3,1399991,,202611,,,x\n" GO("0", "0") EOF_MARK,
         "F108=医療機関名称 F104=項目数", false, false},
        /* of a returned file's own records too little is known */
        {"HI,1,13,1,1399991,x,a,202611,00,,,,\nHG,0,0,99,,,\n", "", false, false},
        {IR "XX,\x01\n" GO("0", "0") EOF_MARK, "F112 F107=レセプト（RE）の外にあるレコード", false,
         false},
    };
    run(rows, ROWS(rows));
}

Test(check_file, offsets_count_from_the_start_of_the_file)
{
    outcome o;
    check_text(&o, "IR,1,13,1,1399991,,,202611,00,\nGO,\x01,0,99\n" EOF_MARK);
    cr_expect_str_eq(o.codes, "F112 F108=総件数 F105=総件数");
    cr_expect_str_eq(o.out.v[0].want, "35");
    cr_expect_eq(o.out.v[0].line, 2);
    for (size_t i = 0; i < o.out.n; i++)
        cr_expect_eq(o.out.v[i].claim, 0);
    fu_arena_free(&o.arena);
}

/* ---- volume ---- */

static char *many_lines(const char *line, size_t times, const char *end)
{
    size_t n = strlen(line);
    char *text = malloc(64 + times * n + strlen(end) + 1), *p = text;
    cr_assert_not_null(text);
    p = stpcpy(p, "IR,1,13,1,1399991,,,202611,00,\n");
    while (times-- > 0)
        p = stpcpy(p, line);
    strcpy(p, end);
    return text;
}

static size_t count_of(const outcome *o, fu_code code)
{
    size_t n = 0;
    for (size_t i = 0; i < o->out.n; i++)
        n += o->out.v[i].code == code;
    return n;
}

Test(check_file, findings_of_one_code_are_limited)
{
    static const struct {
        const char *line;
        fu_code code;
    } rows[] = {
        {"RE,1,1112\n", FU_F109}, {"HO,\x01\n", FU_F106}, {"XX\n", FU_F107}, {"\n", FU_F103}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        char *text = many_lines(rows[i].line, FU_FILE_FINDINGS_MAX + 50, GO("0", "0") EOF_MARK);
        outcome *o = calloc(1, sizeof *o);
        cr_assert_not_null(o);
        check_text(o, text);
        cr_expect_eq(count_of(o, rows[i].code), FU_FILE_FINDINGS_MAX, "row %zu", i);
        cr_expect_leq(count_of(o, FU_F112), FU_FILE_FINDINGS_MAX, "row %zu", i);
        cr_expect_eq(o->k.told[rows[i].code], FU_FILE_FINDINGS_MAX + (i == 0 ? 49 : 50), "row %zu",
                     i);
        fu_arena_free(&o->arena);
        free(o);
        free(text);
    }
}

Test(check_file, counts_what_the_summary_needs)
{
    outcome o;
    check_text(&o, IR RE("1") KO RE("2") GO("3", "200") EOF_MARK);
    cr_expect_eq(o.k.claims, 2);
    cr_expect_eq(o.k.payers, 3);
    cr_expect_eq(o.k.points, 200);
    cr_expect_eq(o.k.lines, 8);
    cr_expect_eq(o.k.header.month, 202611);
    cr_expect(o.k.eof_mark && o.k.ended && o.k.trailer_seen);
    fu_arena_free(&o.arena);
}

Test(check_file, every_allocation_may_fail)
{
    static const char text[] =
        "IR,1,13,1,1399991,,a,202611,00,\r\nXX,\x01\r\nRE,5,1112\r\nRE,3,1112\r\n"
        "GO,7,8,99\r\n";
    outcome *whole = calloc(1, sizeof *whole), *o = calloc(1, sizeof *o);
    char a[4096], b[4096];
    bool done = false;
    cr_assert(whole && o);
    check_bytes(whole, text, sizeof text - 1);
    tst_print_findings("", &whole->out, a, sizeof a);
    for (long n = 0; !done; n++) {
        tst_mem counter = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&counter);
        bool ok;
        counter.fail_at = n;
        ok = pass(o, &mem, text, sizeof text - 1);
        if (ok) {
            tst_print_findings("", &o->out, b, sizeof b);
            cr_expect_str_eq(b, a, "call %ld was lost silently", n);
        }
        cr_assert(n > 0 || !ok);
        done = counter.calls <= n;
        fu_arena_free(&o->arena);
        cr_assert_eq(counter.live, 0, "call %ld", n);
        cr_assert(n < 1000);
    }
    fu_arena_free(&whole->arena);
    free(whole);
    free(o);
}
