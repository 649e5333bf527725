#include <criterion/criterion.h>

#include "evidence/index.h"
#include "evidence/join.h"
#include "support_evidence.h"

static fu_evidence EV;
static fu_error E;

static void setup(void)
{
    fu_evidence_init(&EV, &fu_mem_libc);
    memset(&E, 0, sizeof E);
}

static void teardown(void)
{
    fu_evidence_free(&EV);
}

TestSuite(evidence, .init = setup, .fini = teardown);

static void again(void)
{
    fu_evidence_free(&EV);
    memset(&E, 0, sizeof E);
}

static void add(const char *name, const char *text)
{
    cr_assert_eq(tst_add(&EV, name, text, &E), FU_OK, "%s: %s", name, E.message_ja);
}

static void join(void)
{
    cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK, "%s", E.message_ja);
}

/* The only capture that is not joined to another, or NULL. */
static const fu_capture *left(void)
{
    const fu_capture *c = NULL;
    for (size_t i = 0; i < EV.n_captures; i++) {
        if (EV.captures[i]->joined)
            continue;
        if (c)
            return NULL;
        c = EV.captures[i];
    }
    return c;
}

static size_t count_left(void)
{
    size_t n = 0;
    for (size_t i = 0; i < EV.n_captures; i++)
        n += !EV.captures[i]->joined;
    return n;
}

#define XML_CAPTURE(inside) CAPTURES("<capture id='c1' month='202610'>" inside "</capture>")
#define WHO "<ReferenceNumber>1</ReferenceNumber>" HANAKO
#define A NUMBERS("01130012", "1", "7", "00")
#define B NUMBERS("06130012", "1", "7", "00")
#define RES(validity, day, inside) SIMPLE(validity, "202610" day "090000", "202610" day, inside)

/* ---- What a file is ----------------------------------------------------------------------------
 */

Test(evidence, content_decides_and_not_the_name)
{
    static const struct {
        const char *name, *text;
        size_t n, captures;
        const char *item; /* of E510 */
    } ROWS[] = {
        {"a.csv", XML_CAPTURE(PATIENT), 0, 1, NULL},
        {"a.xml", "id,month,karte\nc1,202610,1\n", 0, 1, NULL},
        {"a.txt", " \n\t" XML_CAPTURE(PATIENT), 0, 1, NULL},
        {"a.xml", "PK\x03\x04\x14\0\0\0", 8, 0, "ZIP"},
        {"a.xml", "\x8A\x01\x02\x03\x1F\x00\xFF", 7, 0, "暗号化されているか、XMLではありません"},
        {"a.csv", "id,month\nc1,\x01\n", 0, 0, "暗号化されているか、XMLではありません"},
        {"a.xml", "\xFF\xFE<\0a\0", 6, 0, "暗号化されているか、XMLではありません"},
        {"a.xml", "\xFD\xFE\xFD\n", 0, 0, "暗号化されているか、XMLではありません"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_finding *f;
        again();
        cr_expect_eq(tst_add_bytes(&EV, ROWS[i].name, ROWS[i].text,
                                   ROWS[i].n ? ROWS[i].n : strlen(ROWS[i].text), &E),
                     FU_OK, "row %zu: %s", i, E.message_ja);
        cr_expect_eq(EV.n_captures, ROWS[i].captures, "row %zu", i);
        cr_expect_eq(EV.n_files, 1, "row %zu", i);
        cr_expect_not_null(EV.files[0], "row %zu", i);
        f = tst_only(&EV.findings, FU_E510);
        cr_expect_eq(f != NULL, ROWS[i].item != NULL, "row %zu", i);
        if (f && ROWS[i].item) {
            cr_expect_str_eq(f->item, ROWS[i].item, "row %zu", i);
            cr_expect_str_eq(f->file, ROWS[i].name, "row %zu", i);
        }
        join();
        cr_expect_eq(EV.findings.n, ROWS[i].item ? 1 : 0, "row %zu", i);
    }
}

Test(evidence, what_cannot_be_read_names_file_line_and_reason)
{
    static const struct {
        const char *text, *message;
        uint64_t line;
    } ROWS[] = {
        {"<captures/>", "XMLの種類「captures」は、窓口記録でも資格確認の結果でもありません", 1},
        {"\n\n<captures xmlns='urn:fusho:capture:2'/>",
         "XMLの種類「urn:fusho:capture:2 captures」は、窓口記録でも資格確認の結果でもありません",
         3},
        {"<x:XmlMsg xmlns:x='urn:x'/>",
         "XMLの種類「urn:x XmlMsg」は、窓口記録でも資格確認の結果でもありません", 1},
        {"<html>\n</html>", "XMLの種類「html」は、窓口記録でも資格確認の結果でもありません", 1},
        {"<capture xmlns='urn:fusho:capture:1'/>",
         "XMLの種類「urn:fusho:capture:1 capture」は、窓口記録でも資格確認の結果でもありません", 1},
        {"<?xml version='1.0'?>\n<!DOCTYPE XmlMsg><XmlMsg/>",
         "外部の内容を取り込む指定（DTD）があります", 2},
        {"<XmlMsg>\n", "途中で切れています", 2},
        {"", "中身がありません", 0},
        {" \r\n", "中身がありません", 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char want[512];
        again();
        snprintf(want, sizeof want, "窓口記録のファイルを読み取れません（理由：%s）。",
                 ROWS[i].message);
        cr_expect_eq(tst_add(&EV, "dir/a.xml", ROWS[i].text, &E), FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(E.message_ja, want, "row %zu", i);
        cr_expect_str_eq(E.code, "E501", "row %zu", i);
        cr_expect_str_eq(E.file, "dir/a.xml", "row %zu", i);
        cr_expect_eq(E.line, ROWS[i].line, "row %zu: %llu", i, (unsigned long long)E.line);
        cr_expect(E.hint_ja[0], "row %zu", i);
    }
}

Test(evidence, errors_may_go_unread)
{
    static const char *const ROWS[] = {"",       "<a/>", "<XmlMsg>",
                                       "id,x\n", "id\n", "id,month\na,\"\n"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++)
        cr_expect_eq(tst_add(&EV, "a.xml", ROWS[i], NULL), FU_E_INPUT, "row %zu", i);
}

Test(evidence, damaged_gzip_is_damaged_evidence)
{
    static const unsigned char CUT[] = {0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0x4B};
    cr_expect_eq(tst_add_bytes(&EV, "a.xml.gz", CUT, sizeof CUT, &E), FU_E_INPUT);
    cr_expect_str_eq(E.code, "E501");
    cr_expect_str_eq(E.file, "a.xml.gz");
}

Test(evidence, a_stream_that_fails_is_an_error)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    tst_file_set(&f, "id,month\n", 9);
    f.fail_at = 0;
    cr_expect_neq(fu_evidence_add(&EV, "a.csv", &s, &E), FU_OK);
    cr_expect_str_eq(E.file, "a.csv");
    tst_file_free(&f);
}

Test(evidence, short_reads_make_no_difference)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    const char *text = XML_CAPTURE(PATIENT);
    tst_file_set(&f, text, strlen(text));
    for (f.chunk = 1; f.chunk <= 7; f.chunk++) {
        again();
        f.pos = 0;
        cr_expect_eq(fu_evidence_add(&EV, "a.xml", &s, &E), FU_OK);
        cr_expect_eq(EV.n_captures, 1);
    }
    tst_file_free(&f);
}

/* ---- Limits ------------------------------------------------------------------------------------
 */

Test(evidence, files_have_a_limit)
{
    for (size_t i = 0; i < FU_EVIDENCE_FILES_MAX; i++)
        cr_assert_eq(tst_add(&EV, "a.csv", "id,month\n", &E), FU_OK);
    cr_expect_eq(tst_add(&EV, "b.csv", "id,month\n", &E), FU_E_LIMIT);
    cr_expect_str_eq(E.message_ja,
                     "窓口記録のファイルの数が上限 FU_EVIDENCE_FILES_MAX (20000) を超えています。");
    cr_expect_str_eq(E.code, "E513");
    cr_expect_str_eq(E.file, "b.csv");
}

/* Blank bytes, as many as ctx says. */
static int64_t read_blanks(void *ctx, void *buf, uint64_t n)
{
    uint64_t *rest = ctx;
    if (n > *rest)
        n = *rest;
    memset(buf, '\n', (size_t)n);
    *rest -= n;
    return (int64_t)n;
}

Test(evidence, bytes_of_a_file_have_a_limit)
{
    uint64_t rest = FU_EVIDENCE_FILE_BYTES_MAX;
    fu_stream s = {&rest, read_blanks, NULL, NULL};
    cr_expect_eq(fu_evidence_add(&EV, "a.xml", &s, &E), FU_E_INPUT);
    rest = (uint64_t)FU_EVIDENCE_FILE_BYTES_MAX + 1;
    cr_expect_eq(fu_evidence_add(&EV, "a.xml", &s, &E), FU_E_LIMIT);
    cr_expect_str_eq(E.message_ja, "窓口記録のファイル1つの大きさが上限 "
                                   "FU_EVIDENCE_FILE_BYTES_MAX (67108864) を超えています。");
}

Test(evidence, bytes_of_all_files_have_a_limit)
{
    fu_status st = FU_OK;
    cr_expect_eq(EV.arena.max, (size_t)FU_EVIDENCE_BYTES_MAX);
    EV.arena.max = 64 * 1024;
    for (size_t i = 0; st == FU_OK && i < 1000; i++)
        st = tst_add(&EV, "a.xml", XML_CAPTURE(PATIENT), &E);
    cr_expect_eq(st, FU_E_LIMIT);
    cr_expect_not_null(strstr(E.message_ja, "FU_EVIDENCE_BYTES_MAX"));
}

/* n rows of one person each, on the same birthday. */
static char *many_rows(size_t n, const char *format)
{
    char *text = malloc(n * 64 + 64), *at = text;
    cr_assert_not_null(text);
    at += sprintf(at, "id,month,karte,birth\n");
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, format, i, i);
    return text;
}

Test(evidence, captures_have_a_limit)
{
    char *text = many_rows(FU_CAPTURES_MAX, "%zu,202610,%zu,1980-01-01\n");
    cr_expect_eq(tst_add(&EV, "a.csv", text, &E), FU_OK);
    cr_expect_eq(EV.n_captures, (size_t)FU_CAPTURES_MAX);
    cr_expect_eq(tst_add(&EV, "b.xml", XML_CAPTURE(PATIENT), &E), FU_E_LIMIT);
    cr_expect_not_null(strstr(E.message_ja, "FU_CAPTURES_MAX"));
    free(text);
}

/* ---- Persons -----------------------------------------------------------------------------------
 */

static const struct {
    fu_person a, b;
    bool match;
} PERSONS[] = {
    {{"1", "", "", 19800101, 0}, {"1", "", "", 19800101, 0}, true},
    {{"１", "", "", 19800101, 0}, {" 1 ", "", "", 19800101, 1}, true},
    {{"1", "", "", 19800101, 0}, {"01", "", "", 19800101, 0}, false},
    {{"1", "", "", 19800101, 0}, {"1", "", "", 19800102, 0}, false},
    {{"1", "", "", 0, 0}, {"1", "", "", 0, 0}, false},
    {{"1", "花", "ハナ", 19800101, 2}, {"2", "花", "ハナ", 19800101, 2}, false},
    {{"1", "", "シケン　ハナコ", 19800101, 2}, {"", "", "ｼｹﾝ ﾊﾅｺ", 19800101, 2}, true},
    {{"", "", "シケンハナコ", 19800101, 2}, {"", "", "ｼｹﾝﾊﾅｺ", 19800101, 2}, true},
    {{"", "", "シケンハナコ", 19800101, 1}, {"", "", "シケンハナコ", 19800101, 2}, false},
    {{"", "", "シケンハナコ", 19800101, 0}, {"", "", "シケンハナコ", 19800101, 0}, false},
    {{"", "", "シケンハナコ", 19800101, 2}, {"", "", "シケンハナエ", 19800101, 2}, false},
    {{"", "試験花子", "シケンハナコ", 19800101, 2},
     {"", "試験花子", "シケンハナエ", 19800101, 2},
     false},
    {{"", "試験花子", "シケンハナコ", 19800101, 2}, {"", "試験　花子", "", 19800101, 2}, true},
    {{"", "試験●子", "", 19800101, 2}, {"", "試験花子", "", 19800101, 2}, true},
    {{"", "試験●子", "", 19800101, 2}, {"", "試験花代", "", 19800101, 2}, false},
    {{"", "試験花子", "", 19800101, 2}, {"", "", "シケンハナコ", 19800101, 2}, false},
    {{"", "", "", 19800101, 2}, {"", "", "", 19800101, 2}, false},
};

Test(evidence, persons_match_as_far_as_their_fields_allow)
{
    for (size_t i = 0; i < sizeof PERSONS / sizeof *PERSONS; i++) {
        cr_expect_eq(fu_person_match(&PERSONS[i].a, &PERSONS[i].b), PERSONS[i].match, "row %zu", i);
        cr_expect_eq(fu_person_match(&PERSONS[i].b, &PERSONS[i].a), PERSONS[i].match, "row %zu", i);
    }
}

static bool shares_key(const fu_person *stored, const fu_person *asked, uint64_t group)
{
    fu_index ix;
    fu_person_keys s, a;
    bool shared = false;
    cr_assert_eq(fu_index_init(&ix, &fu_mem_libc, FU_PERSON_KEYS_MAX, 42, &E), FU_OK);
    cr_assert_eq(fu_person_keys_store(&ix, stored, 1, &s, &E), FU_OK);
    for (size_t i = 0; i < s.n; i++)
        fu_index_add(&ix, s.v[i], 7);
    cr_assert_eq(fu_person_keys_ask(&ix, asked, group, &a, &E), FU_OK);
    for (size_t i = 0; i < a.n; i++)
        shared = shared || fu_index_first(&ix, a.v[i]) != FU_INDEX_NONE;
    fu_index_free(&ix);
    return shared;
}

Test(evidence, whoever_matches_is_found_through_the_index)
{
    for (size_t i = 0; i < sizeof PERSONS / sizeof *PERSONS; i++) {
        if (!PERSONS[i].match)
            continue;
        cr_expect(shares_key(&PERSONS[i].a, &PERSONS[i].b, 1), "row %zu", i);
        cr_expect(shares_key(&PERSONS[i].b, &PERSONS[i].a, 1), "row %zu", i);
        cr_expect_not(shares_key(&PERSONS[i].a, &PERSONS[i].b, 2), "row %zu", i);
    }
}

Test(evidence, index_finds_all_of_a_key_and_no_other)
{
    fu_index ix;
    size_t n = 0;
    cr_assert_eq(fu_index_init(&ix, &fu_mem_libc, 100, 1, &E), FU_OK);
    for (uint32_t i = 0; i < 100; i++)
        fu_index_add(&ix, i % 4 * 16, i); /* all in one bucket of the table */
    fu_index_add(&ix, 0, 100);            /* beyond the capacity: left out */
    for (uint32_t at = fu_index_first(&ix, 32); at != FU_INDEX_NONE; at = fu_index_next(&ix, at)) {
        cr_expect_eq(ix.v[at].item % 4, 2);
        n++;
    }
    cr_expect_eq(n, 25);
    cr_expect_eq(fu_index_first(&ix, 64), FU_INDEX_NONE);
    fu_index_free(&ix);
}

/* ---- Ids ---------------------------------------------------------------------------------------
 */

Test(evidence, the_later_of_two_equal_ids_is_unusable)
{
    add("a.csv", "id,month,karte\nc1,202610,1\nc2,202610,2\nc1,202611,3\n");
    join();
    cr_expect_not(EV.captures[0]->unusable);
    cr_expect_not(EV.captures[1]->unusable);
    cr_expect(EV.captures[2]->unusable);
    cr_assert_eq(EV.captures[2]->findings.n, 1);
    cr_expect_eq(EV.captures[2]->findings.v[0].code, FU_E502);
    cr_expect_str_eq(EV.captures[2]->findings.v[0].item, "id");
    cr_expect_str_eq(EV.captures[2]->findings.v[0].found, "c1");
    cr_expect_str_eq(EV.captures[2]->findings.v[0].file, "a.csv");
}

Test(evidence, two_files_may_each_number_their_records_from_1)
{
    add("a.csv", "id,month,karte\nc1,202610,1\n");
    add("b.xml", CAPTURES("<capture id='c1' month='202611'>" PATIENT "</capture>"));
    join();
    cr_expect_not(EV.captures[0]->unusable);
    cr_expect_not(EV.captures[1]->unusable);
    cr_expect_eq(EV.captures[1]->findings.n, 0);
}

Test(evidence, missing_ids_are_not_equal)
{
    add("a.csv", "id,month,karte\n,202610,1\n,202610,2\n");
    join();
    cr_expect_eq(EV.captures[1]->findings.n, 1); /* missing, not doubled */
    cr_expect_null(EV.captures[1]->findings.v[0].found);
}

/* ---- A response and a capture ------------------------------------------------------------------
 */

Test(evidence, a_named_response_fills_the_capture_in)
{
    static const char *const NAMES[][2] = {
        {"r1.xml", "r1.xml"},          {"in/r1.xml", "r1.xml"}, {"r1.xml.gz", "r1.xml"},
        {"r1.xml", "C:\\OQS\\r1.xml"}, {"r1.xml", "r1.xml.gz"},
    };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char text[1024];
        const fu_capture *c;
        again();
        snprintf(text, sizeof text, XML_CAPTURE(PATIENT "<check response='%s'/>"), NAMES[i][1]);
        add("c.xml", text);
        add(NAMES[i][0], RES("3", "05", A)); /* nobody's: only its name ties it */
        join();
        c = left();
        cr_assert_not_null(c, "row %zu", i);
        cr_expect_str_eq(c->id, "c1", "row %zu", i);
        cr_expect_eq(c->outcome, FU_OUT_INVALID, "row %zu", i);
        cr_expect(c->response_affected && c->newer_exists, "row %zu", i);
        cr_expect_eq(c->check_day, 20261005, "row %zu", i);
        cr_expect_eq(c->n_quals, 1, "row %zu", i);
        cr_expect_eq(c->findings.n + EV.findings.n, 0, "row %zu", i);
    }
}

Test(evidence, a_response_of_nobody_is_reported_unless_named)
{
    const fu_finding *f;
    add("r1.xml", RES("2", "05", A));
    join();
    cr_expect_eq(EV.n_captures, 0);
    f = tst_only(&EV.findings, FU_E506);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->file, "r1.xml");
    cr_expect_eq(f->line, 1);
    cr_expect_str_eq(f->item, "Birthdate、ReferenceNumber");
}

Test(evidence, a_named_file_that_is_missing_is_reported)
{
    const fu_finding *f;
    add("c.xml", XML_CAPTURE(PATIENT "<check outcome='invalid' response='r9.xml'/>"));
    add("r1.xml", RES("2", "05", A WHO));
    join();
    f = tst_only(&EV.captures[0]->findings, FU_E506);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->item, "response");
    cr_expect_str_eq(f->found, "r9.xml");
    cr_expect_str_eq(f->capture, "c1");
    cr_expect_eq(f->severity, FU_WARNING);
}

Test(evidence, a_named_file_without_result_is_no_missing_one)
{
    static const struct {
        const char *text;
        fu_outcome outcome;
    } ROWS[] = {
        {"PK\x03\x04", FU_OUT_NOT_DONE},
        {"<XmlMsg/>", FU_OUT_NOT_DONE},
        {"<XmlMsg><MessageHeader><SegmentOfResult>9</SegmentOfResult></MessageHeader></XmlMsg>",
         FU_OUT_ERROR},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        again();
        add("c.xml", XML_CAPTURE(PATIENT "<check response='r1.xml'/>"));
        add("r1.xml", ROWS[i].text);
        join();
        cr_expect_eq(EV.captures[0]->findings.n, 0, "row %zu", i);
        cr_expect_eq(EV.findings.n, 1, "row %zu", i);
        cr_expect_eq(EV.captures[0]->outcome, ROWS[i].outcome, "row %zu", i);
        cr_expect_not(EV.captures[0]->response_affected, "row %zu", i);
    }
}

Test(evidence, the_named_response_must_agree_with_the_outcome)
{
    static const struct {
        const char *outcome, *validity;
        bool e505;
    } ROWS[] = {
        {"invalid", "2", false},   {"invalid", "3", false},      {"invalid", "1", true},
        {"invalid", "4", true},    {"valid", "1", false},        {"valid", "2", true},
        {"no-record", "4", false}, {"no-record", "5", true},     {"ambiguous", "5", false},
        {"ambiguous", "2", true},  {"reader-fault", "1", false}, {"not-done", "2", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[1024], response[2048];
        const fu_capture *c;
        const fu_finding *f;
        again();
        snprintf(text, sizeof text, XML_CAPTURE(PATIENT "<check outcome='%s' response='r1.xml'/>"),
                 ROWS[i].outcome);
        snprintf(response, sizeof response, RES("%s", "05", A WHO), ROWS[i].validity);
        add("c.xml", text);
        add("r1.xml", response);
        join();
        c = left();
        cr_assert_not_null(c, "row %zu", i);
        f = tst_only(&c->findings, FU_E505);
        cr_expect_eq(f != NULL, ROWS[i].e505, "row %zu", i);
        cr_expect_str_eq(fu_outcome_rows[c->outcome].word, ROWS[i].outcome, "row %zu", i);
        if (f) {
            cr_expect_str_eq(f->item, "outcome", "row %zu", i);
            cr_expect_str_eq(f->found, ROWS[i].outcome, "row %zu", i);
        }
    }
}

Test(evidence, a_named_response_about_somebody_else_is_not_taken)
{
    const fu_finding *f;
    add("c.xml", XML_CAPTURE(PATIENT "<check response='r1.xml'/>"));
    add("r1.xml", RES("2", "05", A "<Birthdate>19810101</Birthdate>"));
    join();
    cr_expect_eq(count_left(), 2);
    cr_expect_eq(EV.captures[0]->n_quals, 0);
    f = tst_only(&EV.captures[0]->findings, FU_E505);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->item, "response");
}

/* Whoever shares the birthday only, such as a twin, is somebody else; another numbering is not. */
Test(evidence, a_named_response_of_a_twin_is_not_taken)
{
    static const struct {
        const char *person;
        bool taken;
    } ROWS[] = {
        {HANAKO, true},
        {HANAKO "<ReferenceNumber>A-1</ReferenceNumber>", true},
        {"<Birthdate>19800101</Birthdate>", true},
        {"<NameKana>ｼｹﾝ ﾊﾅﾖ</NameKana><Sex1>2</Sex1><Birthdate>19800101</Birthdate>", false},
        {"<NameKana>ｼｹﾝ ﾊﾅｺ</NameKana><Sex1>1</Sex1><Birthdate>19800101</Birthdate>", false},
        {"<Name>試験　花代</Name><Sex1>2</Sex1><Birthdate>19800101</Birthdate>", false},
        {"<Name>試験　●子</Name><Sex1>2</Sex1><Birthdate>19800101</Birthdate>", true},
        {"<ReferenceNumber>2</ReferenceNumber><Birthdate>19800101</Birthdate>", false},
        {"<ReferenceNumber>1</ReferenceNumber><NameKana>ｷﾕｳｾｲ ﾊﾅｺ</NameKana>", true},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char response[2048];
        again();
        snprintf(response, sizeof response, RES("2", "05", A "%s"), ROWS[i].person);
        add("c.xml", XML_CAPTURE(PATIENT "<check response='r1.xml'/>"));
        add("r1.xml", response);
        join();
        cr_expect_eq(EV.captures[0]->n_quals, ROWS[i].taken ? 1 : 0, "row %zu", i);
        cr_expect_eq(fu_findings_has(&EV.captures[0]->findings, FU_E505), !ROWS[i].taken, "row %zu",
                     i);
    }
}

Test(evidence, an_error_contradicts_nothing)
{
    add("c.xml", XML_CAPTURE(PATIENT "<check outcome='invalid' response='r1.xml'/>"));
    add("r1.xml", RES("8", "05", A WHO));
    join();
    cr_expect_eq(EV.captures[0]->findings.n, 0);
    cr_expect_eq(EV.captures[0]->outcome, FU_OUT_INVALID);
}

Test(evidence, several_that_fit_are_not_lost_behind_the_desk)
{
    static const char *const ROWS[] = {"no-record", "invalid", "valid", "reader-fault"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[1024];
        again();
        snprintf(text, sizeof text, XML_CAPTURE(PATIENT "<check outcome='%s'/>"), ROWS[i]);
        add("c.xml", text);
        add("r1.xml", RES("5", "05", WHO));
        join();
        cr_expect_eq(EV.captures[0]->outcome, FU_OUT_AMBIGUOUS, "row %zu", i);
        cr_expect_eq(EV.captures[0]->findings.n, 0, "row %zu", i);
    }
}

/* Invalid on the 20th, lost on the 15th: on the 3rd it was valid, as the earlier answer says. */
Test(evidence, what_was_lost_after_the_visit_held_on_it)
{
    static const struct {
        const char *visit;
        bool current;
    } ROWS[] = {
        {"2026-10-03", true}, {"2026-10-14", true}, {"2026-10-15", false}, {"2026-10-20", false}};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[1024];
        again();
        snprintf(text, sizeof text,
                 XML_CAPTURE(PATIENT "<check at='%s' outcome='network-outage'/>"), ROWS[i].visit);
        add("c.xml", text);
        add("r1.xml", RES("1", "03", A WHO));
        add("r2.xml",
            RES("2", "20", A WHO "<DisqualificationDate>20261015</DisqualificationDate>"));
        join();
        cr_assert_eq(EV.captures[0]->n_quals, 1, "row %zu", i);
        cr_expect_eq(EV.captures[0]->quals[0].status, ROWS[i].current ? FU_Q_CURRENT : FU_Q_FORMER,
                     "row %zu", i);
        cr_expect(EV.captures[0]->response_affected, "row %zu", i);
    }
}

Test(evidence, a_newer_insurance_is_not_forgotten_with_the_former_one_kept)
{
    add("r1.xml", RES("3", "03", A WHO));
    add("r2.xml", RES("4", "20", WHO));
    join();
    cr_expect(EV.captures[1]->newer_exists);
    cr_expect_eq(EV.captures[1]->n_quals, 1);
}

Test(evidence, wrong_values_told_of_one_capture_have_a_limit)
{
    char text[16384] = "<captures xmlns='urn:fusho:capture:1'>", *at = text + strlen(text);
    for (size_t i = 0; i < 80; i++)
        at += sprintf(at, "<x/>");
    at += sprintf(at, "<capture id='c1' month='202610'>" PATIENT);
    for (size_t i = 0; i < 80; i++)
        at += sprintf(at, "<x/>");
    sprintf(at,
            "</capture><x/><capture id='c2' month='202610'>" PATIENT "<x/></capture></captures>");
    add("c.xml", text);
    cr_expect_eq(EV.findings.n, FU_WRONG_MAX);
    cr_expect_eq(EV.captures[0]->findings.n, FU_WRONG_MAX);
    cr_expect(EV.captures[0]->unusable);
    cr_expect_eq(EV.captures[1]->findings.n, 1);
}

#define UNIT(body)                                                              \
    "<BulkConfirmUnit><QualificationValidity>2</QualificationValidity>" RESULT( \
        body) "</BulkConfirmUnit>"
#define BULK(units)                                                                 \
    MESSAGE(HEAD("20261005090000", "20261005"),                                     \
            "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>" units \
            "</MessageBody>")

Test(evidence, of_a_named_bulk_file_each_capture_takes_its_own)
{
    add("c.csv", "id,month,karte,birth,response\nc1,202610,1,1980-01-01,b.xml\n"
                 "c2,202610,2,1980-01-01,b.xml\nc3,202610,3,1980-01-01,b.xml\n");
    add("b.xml",
        BULK(UNIT("<ReferenceNumber>2</ReferenceNumber><Birthdate>19800101</Birthdate>" B)
                 UNIT("<ReferenceNumber>1</ReferenceNumber><Birthdate>19800101</Birthdate>" A) UNIT(
                     "<ReferenceNumber>9</ReferenceNumber><Birthdate>19800101</Birthdate>" A)));
    join();
    cr_expect_str_eq(EV.captures[0]->quals[0].insurer, "01130012");
    cr_expect_str_eq(EV.captures[1]->quals[0].insurer, "06130012");
    cr_expect_eq(EV.captures[2]->n_quals, 0);
    cr_expect(fu_findings_has(&EV.captures[2]->findings, FU_E505));
    cr_expect_eq(count_left(), 4); /* nobody named number 9: it stands for itself */
}

Test(evidence, an_unnamed_response_joins_the_same_person_and_month)
{
    static const struct {
        const char *capture, *response;
        bool joined;
    } ROWS[] = {
        {PATIENT, RES("2", "05", A WHO), true},
        {PATIENT, RES("2", "05", A HANAKO), true}, /* no karte there: kana */
        {PATIENT, SIMPLE("2", "20261101090000", "20261101", A WHO), false},
        {PATIENT, RES("2", "05", A HANAKO "<ReferenceNumber>2</ReferenceNumber>"), false},
        {PATIENT, RES("2", "05", A "<ReferenceNumber>1</ReferenceNumber>"), false},
        {"<patient name='試●　花子' birth='1980-01-01' sex='2'/>", RES("2", "05", A HANAKO), true},
        {"<patient name='試験　花子' birth='1980-01-01' sex='2'/>",
         RES("2", "05", A "<Name>試験　●子</Name><Sex1>2</Sex1><Birthdate>19800101</Birthdate>"),
         true},
        {"<patient kana='シケンハナコ' birth='1980-01-01' sex='1'/>", RES("2", "05", A HANAKO),
         false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[1024];
        again();
        snprintf(text, sizeof text, XML_CAPTURE("%s"), ROWS[i].capture);
        add("r1.xml", ROWS[i].response);
        add("c.xml", text);
        join();
        cr_expect_eq(count_left(), ROWS[i].joined ? 1 : 2, "row %zu", i);
        cr_expect_eq(EV.captures[1]->n_quals, ROWS[i].joined ? 1 : 0, "row %zu", i);
        cr_expect_eq(EV.captures[1]->outcome, ROWS[i].joined ? FU_OUT_INVALID : FU_OUT_NOT_DONE,
                     "row %zu", i);
        cr_expect_eq(EV.captures[0]->joined, ROWS[i].joined, "row %zu", i);
    }
}

Test(evidence, with_two_captures_it_could_join_it_stands_alone)
{
    add("c.csv", "id,month,karte,kana,birth,sex\nc1,202610,1,シケンハナコ,1980-01-01,2\n"
                 "c2,202610,2,シケンハナコ,1980-01-01,2\n");
    add("r1.xml", RES("2", "05", A HANAKO));
    join();
    cr_expect_eq(count_left(), 3);
    cr_expect_eq(EV.captures[0]->n_quals + EV.captures[1]->n_quals, 0);
}

Test(evidence, what_was_written_stays_and_the_response_adds)
{
    const fu_capture *c;
    add("c.xml", XML_CAPTURE(PATIENT "<check at='2026-10-03' outcome='reader-fault'/>"
                                     "<qualification status='former' source='history' "
                                     "insurer='06130012' bango='7'/>"));
    add("r1.xml", RES("1", "05", A WHO));
    join();
    c = left();
    cr_assert_not_null(c);
    cr_expect_eq(c->outcome, FU_OUT_READER_FAULT);
    cr_expect_eq(c->check_day, 20261003);
    cr_assert_eq(c->n_quals, 2);
    cr_expect_eq(c->quals[0].source, FU_QS_HISTORY);
    cr_expect_eq(c->quals[1].source, FU_QS_ONLINE);
    cr_expect_eq(c->findings.n, 0);
}

Test(evidence, findings_of_the_response_come_along)
{
    const fu_capture *c;
    const fu_finding *f;
    add("c.xml", XML_CAPTURE(PATIENT));
    add("r1.xml", RES("2", "05", WHO NUMBERS("77777777", "", "777777777", "")));
    join();
    c = left();
    cr_assert_not_null(c);
    f = tst_only(&c->findings, FU_E509);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->capture, "c1");
    cr_expect_str_eq(f->file, "r1.xml");
    cr_expect_str_eq(f->item, "InsurerNumber");
}

Test(evidence, the_visit_day_of_the_capture_counts)
{
    const fu_capture *c;
    add("c.xml", XML_CAPTURE(PATIENT "<check at='2026-10-01' outcome='network-outage'/>"));
    add("r1.xml", RES("1", "05", A WHO "<QualificationDate>20261002</QualificationDate>"));
    join();
    c = left();
    cr_assert_not_null(c);
    cr_expect_str_eq(tst_only(&c->findings, FU_E505)->item, "QualificationDate");
}

Test(evidence, a_response_without_a_day_needs_a_capture)
{
    static const char TEXT[] = "<XmlMsg>" BODY("2", RESULT(A WHO)) "</XmlMsg>";
    const fu_finding *f;
    add("r1.xml", TEXT);
    join();
    f = tst_only(&EV.captures[0]->findings, FU_E502);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->item, "QualificationConfirmationDate");
    cr_expect(EV.captures[0]->unusable);
    again();
    add("c.xml", XML_CAPTURE(PATIENT "<check response='r1.xml'/>"));
    add("r1.xml", TEXT);
    join();
    cr_expect_not(EV.captures[0]->unusable);
    cr_expect_eq(EV.captures[0]->findings.n, 0);
    cr_expect_eq(EV.captures[0]->n_quals, 1);
}

Test(evidence, joined_lists_have_a_limit)
{
    for (size_t n = FU_CAPTURE_ITEMS_MAX - 1; n <= FU_CAPTURE_ITEMS_MAX; n++) {
        char text[8192] = "<captures xmlns='urn:fusho:capture:1'><capture id='c1' "
                          "month='202610'>" PATIENT;
        for (size_t i = 0; i < n; i++)
            strcat(text, "<qualification status='former' insurer='1' bango='1'/>");
        strcat(text, "</capture></captures>");
        again();
        add("c.xml", text);
        add("r1.xml", RES("2", "05", A WHO));
        cr_expect_eq(fu_evidence_join(&EV, &E), n < FU_CAPTURE_ITEMS_MAX ? FU_OK : FU_E_LIMIT);
    }
    cr_expect_not_null(strstr(E.message_ja, "FU_CAPTURE_ITEMS_MAX"));
    cr_expect_str_eq(E.code, "E513");
}

/* ---- Several responses of one person -----------------------------------------------------------
 */

#define GOT(day) "<QualificationDate>" day "</QualificationDate>"
#define LOST(day) "<DisqualificationDate>" day "</DisqualificationDate>"

static const struct {
    const char *first, *second;
    int keeps; /* 0 or 1 */
    fu_outcome outcome;
    bool affected, newer;
    size_t n;
    const char *insurer, *e505; /* item of the contradiction */
} SEVERAL[] = {
    /* failed, then online again */
    {RES("3", "03", A WHO), RES("1", "20", B WHO), 1, FU_OUT_VALID, true, false, 1, "06130012",
     NULL},
    /* the order of the files does not matter */
    {RES("1", "20", B WHO), RES("3", "03", A WHO), 0, FU_OUT_VALID, true, false, 1, "06130012",
     NULL},
    {RES("2", "03", A WHO), RES("3", "20", B WHO), 1, FU_OUT_INVALID, true, true, 1, "06130012",
     NULL},
    /* the last one brings no numbers: the earlier ones are kept */
    {RES("2", "03", A WHO), RES("4", "20", WHO), 1, FU_OUT_NO_RECORD, true, false, 1, "01130012",
     NULL},
    {RES("2", "03", A WHO), RES("2", "20", WHO), 1, FU_OUT_INVALID, true, false, 1, "01130012",
     NULL},
    {RES("4", "03", WHO), RES("2", "20", A WHO), 1, FU_OUT_INVALID, true, false, 1, "01130012",
     NULL},
    /* valid first, then invalid */
    {RES("1", "03", A WHO), RES("2", "20", A WHO), 1, FU_OUT_INVALID, true, false, 1, "01130012",
     NULL},
    {RES("1", "03", A WHO), RES("2", "20", B WHO), 1, FU_OUT_INVALID, true, false, 1, "06130012",
     "InsurerNumber"},
    {RES("1", "03", A WHO), RES("2", "20", WHO), 1, FU_OUT_INVALID, true, false, 0, NULL, NULL},
    {RES("1", "03", A WHO), RES("1", "20", B WHO), 1, FU_OUT_VALID, false, false, 1, "06130012",
     NULL},
    /* the later one does not hold on its day */
    {RES("1", "03", A WHO), RES("1", "20", B WHO LOST("20261010")), 0, FU_OUT_VALID, false, false,
     1, "01130012", NULL},
    {RES("2", "03", A WHO), RES("1", "20", B WHO LOST("20261010")), 0, FU_OUT_INVALID, true, false,
     1, "01130012", NULL},
    /* nor on the day the check failed: acquired afterwards */
    {RES("2", "03", A WHO), RES("1", "20", B WHO GOT("20261004")), 0, FU_OUT_INVALID, true, false,
     1, "01130012", NULL},
    {RES("2", "03", A WHO), RES("1", "20", B WHO GOT("20261003")), 1, FU_OUT_VALID, true, false, 1,
     "06130012", NULL},
    {RES("1", "03", A WHO), RES("1", "20", B WHO GOT("20261004")), 1, FU_OUT_VALID, false, false, 1,
     "06130012", NULL},
    /* an error says nothing */
    {RES("2", "03", A WHO), RES("8", "20", WHO), 0, FU_OUT_INVALID, true, false, 1, "01130012",
     NULL},
    {RES("8", "03", WHO), RES("8", "20", WHO), 1, FU_OUT_ERROR, false, false, 0, NULL, NULL},
    /* none holds, one at least is an answer */
    {RES("1", "03", A WHO LOST("20261001")), RES("8", "20", WHO), 0, FU_OUT_VALID, false, false, 1,
     "01130012", "DisqualificationDate"},
    {RES("5", "03", WHO), RES("1", "03", A WHO), 1, FU_OUT_VALID, true, false, 1, "01130012", NULL},
    /* one without number joins by kana */
    {RES("2", "03", A HANAKO), RES("1", "20", B WHO), 1, FU_OUT_VALID, true, false, 1, "06130012",
     NULL},
};

static void expect_several(const fu_capture *c, size_t i)
{
    const fu_finding *f = tst_only(&c->findings, FU_E505);
    cr_expect_eq(c->outcome, SEVERAL[i].outcome, "row %zu", i);
    cr_expect_eq(c->response_affected, SEVERAL[i].affected, "row %zu", i);
    cr_expect_eq(c->newer_exists, SEVERAL[i].newer, "row %zu", i);
    cr_assert_eq(c->n_quals, SEVERAL[i].n, "row %zu", i);
    if (c->n_quals)
        cr_expect_str_eq(c->quals[0].insurer, SEVERAL[i].insurer, "row %zu", i);
    cr_expect(tst_same(f ? f->item : NULL, SEVERAL[i].e505), "row %zu", i);
}

Test(evidence, several_responses_count_as_one_capture)
{
    for (size_t i = 0; i < sizeof SEVERAL / sizeof *SEVERAL; i++) {
        const fu_capture *c;
        again();
        add("r1.xml", SEVERAL[i].first);
        add("r2.xml", SEVERAL[i].second);
        join();
        c = left();
        cr_assert_not_null(c, "row %zu", i);
        cr_expect_eq(EV.n_captures, 2, "row %zu", i);
        cr_expect_str_eq(c->id, SEVERAL[i].keeps ? "r2.xml" : "r1.xml", "row %zu", i);
        expect_several(c, i);
    }
}

Test(evidence, the_same_rule_holds_for_responses_joined_to_a_capture)
{
    for (size_t i = 0; i < sizeof SEVERAL / sizeof *SEVERAL; i++) {
        const fu_capture *c;
        again();
        add("c.xml", XML_CAPTURE(PATIENT));
        add("r1.xml", SEVERAL[i].first);
        add("r2.xml", SEVERAL[i].second);
        join();
        c = left();
        cr_assert_not_null(c, "row %zu", i);
        cr_expect_str_eq(c->id, "c1", "row %zu", i);
        expect_several(c, i);
    }
}

Test(evidence, other_persons_and_months_stay_apart)
{
    static const struct {
        const char *first, *second;
    } ROWS[] = {
        {RES("2", "05", A WHO), SIMPLE("2", "20261101090000", "20261101", A WHO)},
        {RES("2", "05", A WHO), RES("2", "05", A HANAKO "<ReferenceNumber>2</ReferenceNumber>")},
        {RES("2", "05", A WHO), RES("2", "05", A "<Birthdate>19800101</Birthdate>")},
        {RES("2", "05", A "<ReferenceNumber>1</ReferenceNumber>"),
         RES("2", "05", A "<ReferenceNumber>1</ReferenceNumber>")},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        again();
        add("r1.xml", ROWS[i].first);
        add("r2.xml", ROWS[i].second);
        join();
        cr_expect_eq(count_left(), 2, "row %zu", i);
    }
}

Test(evidence, the_order_is_that_of_the_answers)
{
    static const char *const TIMES[] = {"20261020090000", "20261003090000", "20261012090000",
                                        "20261003085959", "20261028120000", "20261019090000"};
    const fu_capture *c;
    for (size_t i = 0; i < 6; i++) {
        char name[16], text[2048];
        snprintf(name, sizeof name, "r%zu.xml", i);
        snprintf(text, sizeof text, SIMPLE("2", "%s", "20261003", A WHO), TIMES[i]);
        add(name, text);
    }
    join();
    c = left();
    cr_assert_not_null(c);
    cr_expect_str_eq(c->id, "r4.xml");
}

/* ---- Contradictions ----------------------------------------------------------------------------
 */

#define QUAL(status, rest) "<qualification status='" status "' " rest "/>"

Test(evidence, a_capture_that_contradicts_itself)
{
    static const struct {
        const char *inside, *item, *found;
    } ROWS[] = {
        {"<contact on='2026-10-28' result='told'/>", "contact", "told"},
        {"<contact on='2026-10-28' result='told'/>" QUAL("former", "insurer='01130012' bango='7'"),
         NULL, NULL},
        {"<contact on='2026-10-28' result='told'/>" QUAL("current", "insurer='01130012' bango='7'"),
         NULL, NULL},
        {"<contact on='2026-10-28' result='told'/>" QUAL("former", "insurer='77777777' bango='7'"),
         "contact", "told"},
        {"<contact on='2026-10-28' result='unknown'/>", NULL, NULL},
        {QUAL("former", "insurer='1' bango='7' from='2026-10-02' to='2026-10-01'"), "from",
         "2026-10-02 > 2026-10-01"},
        {QUAL("former", "insurer='1' bango='7' from='2026-10-01' to='2026-10-01'"), NULL, NULL},
        {QUAL("former", "insurer='1' bango='7' to='2026-10-01'"), NULL, NULL},
        {"<check at='2026-10-03'/><contact on='2026-10-02' result='unknown'/>", "contact",
         "2026-10-02"},
        {"<check at='2026-10-03'/><contact on='2026-10-03' result='unknown'/>", NULL, NULL},
        {QUAL("current", "insurer='01130012' bango='7'")
             QUAL("current", "insurer='06130012' bango='7'"),
         "qualification", "06130012"},
        {QUAL("current", "insurer='01130012' bango='7'")
             QUAL("former", "insurer='06130012' bango='7'"),
         NULL, NULL},
        {QUAL("former", "insurer='01130012' bango='7'")
             QUAL("former", "insurer='06130012' bango='7'"),
         "qualification", "06130012"},
        /* with a current one nobody asks which former one it was */
        {QUAL("former", "insurer='01130012' bango='7'")
             QUAL("former", "insurer='06130012' bango='7'")
                 QUAL("current", "insurer='01130012' bango='9'"),
         NULL, NULL},
        {"<check at='2026-10-03'/>" QUAL("current", "insurer='01130012' bango='7' to='2026-10-02'"),
         "to", "2026-10-02"},
        {"<check at='2026-10-03'/>" QUAL("current",
                                         "insurer='01130012' bango='7' from='2026-10-04'"),
         "from", "2026-10-04"},
        {"<check at='2026-10-03'/>" QUAL(
             "current", "insurer='01130012' bango='7' from='2026-10-03' to='2026-10-03'"),
         NULL, NULL},
        {"<check at='2026-10-03'/>" QUAL("former", "insurer='01130012' bango='7' to='2026-09-30'"),
         NULL, NULL},
        {QUAL("current", "insurer='01130012' bango='7'") QUAL("current", "insurer='06130012'"),
         NULL, NULL},
        /* alike but for the way of writing */
        {QUAL("current", "insurer='  123456' kigo='１２－３' bango='００７' branch='01'")
             QUAL("current", "insurer='00123456' kigo='12-3' bango='7'"),
         NULL, NULL},
        {QUAL("current", "insurer='01130012' bango='7' branch='01'")
             QUAL("current", "insurer='01130012' bango='7' branch='02'"),
         "qualification", "01130012"},
        {QUAL("current", "insurer='01130012' bango='7' kigo='1'")
             QUAL("current", "insurer='01130012' bango='7' kigo='01'"),
         "qualification", "01130012"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_finding *f;
        again();
        snprintf(text, sizeof text, XML_CAPTURE(PATIENT "%s"), ROWS[i].inside);
        add("c.xml", text);
        join();
        f = tst_only(&EV.captures[0]->findings, FU_E505);
        cr_expect_eq(fu_findings_has(&EV.captures[0]->findings, FU_E505), ROWS[i].item != NULL,
                     "row %zu", i);
        cr_expect(tst_same(f ? f->item : NULL, ROWS[i].item), "row %zu", i);
        cr_expect(tst_same(f ? f->found : NULL, ROWS[i].found), "row %zu: %s", i,
                  f && f->found ? f->found : "-");
        cr_expect_not(EV.captures[0]->unusable, "row %zu", i);
    }
}

Test(evidence, numbers_that_the_response_brought_are_enough_for_told)
{
    add("c.xml", XML_CAPTURE(PATIENT "<contact on='2026-10-28' result='told'/>"));
    add("r1.xml", RES("1", "20", A WHO));
    join();
    cr_expect_eq(EV.captures[0]->findings.n, 0);
}

Test(evidence, current_ones_of_desk_and_response_must_agree)
{
    static const struct {
        const char *response;
        bool e505;
    } ROWS[] = {
        {RES("1", "20", A WHO), false},
        {RES("1", "20", B WHO), true},
        {RES("2", "20", B WHO), false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        again();
        add("c.xml", XML_CAPTURE(PATIENT QUAL("current", "insurer='01130012' kigo='1' bango='7'")));
        add("r1.xml", ROWS[i].response);
        join();
        cr_expect_eq(fu_findings_has(&EV.captures[0]->findings, FU_E505), ROWS[i].e505, "row %zu",
                     i);
    }
}

/* ---- Size and memory ---------------------------------------------------------------------------
 */

/* 20,000 persons born on one day; comparing all with all would take minutes, not moments. */
Test(evidence, many_on_one_birthday_are_joined_in_good_time, .timeout = 60)
{
    const size_t n = 20000;
    char *text = many_rows(n, "%zu,202610,k%zu,1980-01-01\n");
    char *bulk = malloc(n * 512 + 1024), *at = bulk;
    size_t joined = 0;
    cr_assert_not_null(bulk);
    at += sprintf(at, "<XmlMsg>" HEAD("20261005090000", "20261005") "<MessageBody>");
    for (size_t i = 0; i < n; i++)
        at += sprintf(at,
                      UNIT("<ReferenceNumber>k%zu</ReferenceNumber>"
                           "<Birthdate>19800101</Birthdate>" A),
                      i);
    sprintf(at, "</MessageBody></XmlMsg>");
    add("c.csv", text);
    add("b.xml", bulk);
    join();
    for (size_t i = 0; i < EV.n_captures; i++)
        joined += EV.captures[i]->joined;
    cr_expect_eq(joined, n);
    free(text);
    free(bulk);
}

/* Names with ● are alike to many: comparing all with all must end. */
Test(evidence, hidden_names_have_a_limit, .timeout = 60)
{
    for (size_t n = FU_NAMESAKES_MAX; n <= FU_NAMESAKES_MAX + 1u; n++) {
        char *text = malloc((n + 1) * 128), *at = text;
        cr_assert_not_null(text);
        at += sprintf(at, "id,month,birth,sex,kana\n");
        for (size_t i = 0; i < n; i++)
            at += sprintf(at, "c%zu,202610,1980-01-01,1,●%zu\n", i, i);
        again();
        add("c.csv", text);
        add("r1.xml", RES("2", "05",
                          A "<NameKana>ｼｹﾝ</NameKana><Sex1>1</Sex1>"
                            "<Birthdate>19800101</Birthdate>"));
        cr_expect_eq(fu_evidence_join(&EV, &E), n > FU_NAMESAKES_MAX ? FU_E_LIMIT : FU_OK);
        free(text);
    }
    cr_expect_not_null(strstr(E.message_ja, "FU_NAMESAKES_MAX (4096)"));
    cr_expect_str_eq(E.code, "E513");
}

/* One name many times, each with a number of its own: nobody is compared with all. */
Test(evidence, many_of_one_name_are_told_apart_by_number, .timeout = 60)
{
    const size_t n = 20000;
    char *text = malloc(n * 80 + 64), *bulk = malloc(n * 512 + 1024), *at = text;
    cr_assert(text && bulk);
    at += sprintf(at, "id,month,birth,sex,kana,karte\n");
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, "c%zu,202610,1980-01-01,2,シケンハナコ,k%zu\n", i, i);
    at = bulk + sprintf(bulk, "<XmlMsg>" HEAD("20261005090000", "20261005") "<MessageBody>");
    for (size_t i = 0; i < n; i++)
        at += sprintf(at, UNIT("<ReferenceNumber>r%zu</ReferenceNumber>" HANAKO), i);
    sprintf(at, "</MessageBody></XmlMsg>");
    add("c.csv", text);
    add("b.xml", bulk);
    join();
    cr_expect_eq(count_left(), 2 * n);
    free(text);
    free(bulk);
}

static fu_status whole_run(const fu_mem *mem, size_t *n_captures)
{
    static const char *const FILES[][2] = {
        {"c.xml", XML_CAPTURE(PATIENT "<check response='r1.xml'/>"
                                      "<contact on='2026-10-28' result='told'/>")},
        {"c.csv",
         "id,month,karte,kana,birth,sex,response\nc1,202610,5,シケン,1981-01-01,1,b.xml\n"},
        {"r1.xml", RES("2", "05", A WHO)},
        {"r2.xml", RES("1", "20", B WHO)},
        {"r3.xml", RES("2", "05", A "<Birthdate>19900101</Birthdate>")},
        {"r4.xml", RES("4", "06", A "<Birthdate>19900101</Birthdate>")},
        {"r5.xml", RES("4", "06", A)},
        {"b.xml", BULK(UNIT("<ReferenceNumber>5</ReferenceNumber>"
                            "<Birthdate>19810101</Birthdate>" A) UNIT(WHO A))},
        {"z.xml", "PK\x03\x04"},
    };
    fu_evidence ev;
    fu_status st = FU_OK;
    fu_evidence_init(&ev, mem);
    for (size_t i = 0; st == FU_OK && i < sizeof FILES / sizeof *FILES; i++)
        st = tst_add(&ev, FILES[i][0], FILES[i][1], &E);
    if (st == FU_OK)
        st = fu_evidence_join(&ev, &E);
    *n_captures = ev.n_captures;
    fu_evidence_free(&ev);
    return st;
}

Test(evidence, every_failing_allocation_is_reported)
{
    fu_status st = FU_E_NOMEM;
    size_t n_captures = 0;
    for (long n = 0; st != FU_OK && n < 5000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        m.fail_at = n;
        memset(&E, 0, sizeof E);
        st = whole_run(&mem, &n_captures);
        cr_expect(st == FU_OK || (st == FU_E_NOMEM && E.status == FU_E_NOMEM), "call %ld: %d %s", n,
                  st, E.message_ja);
        cr_expect(n > 0 || st == FU_E_NOMEM);
        cr_expect_eq(m.live, 0, "call %ld", n);
    }
    cr_assert_eq(st, FU_OK);
    cr_expect_eq(n_captures, 8);
}

/* Small chunks: the arena asks for memory at every step, so the sweep reaches every step. */
Test(evidence, every_exhausted_arena_is_reported)
{
    fu_status st = FU_E_LIMIT;
    for (size_t max = 0; st != FU_OK && max < 65536; max += 64) {
        fu_evidence ev;
        fu_evidence_init(&ev, &fu_mem_libc);
        ev.arena.max = max;
        st = tst_add(&ev, "c.xml",
                     XML_CAPTURE(PATIENT "<check outcome='x' response='r9.xml'/><presented document"
                                         "='y'/><declaration><address>a</address></declaration>"
                                         "<contact on='2026-10-28' result='told'/>"),
                     &E);
        if (st == FU_OK)
            st = tst_add(&ev, "r1.xml", RES("2", "05", A WHO), &E);
        if (st == FU_OK)
            st = fu_evidence_join(&ev, &E);
        cr_expect(st == FU_OK || st == FU_E_LIMIT || st == FU_E_NOMEM, "max %zu: %d", max, st);
        cr_expect(max > 0 || st != FU_OK);
        fu_evidence_free(&ev);
    }
    cr_assert_eq(st, FU_OK);
}
