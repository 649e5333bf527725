#include <criterion/criterion.h>

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

TestSuite(capture_xml, .init = setup, .fini = teardown);

static const char EXAMPLE[] =
    "<captures xmlns=\"urn:fusho:capture:1\">\n"
    "  <capture id=\"c1\" month=\"202610\">\n"
    "    <patient karte=\"00697\" name=\"テスト　汎用\" kana=\"テストハンヨウ\" "
    "birth=\"1991-11-21\" "
    "sex=\"1\"/>\n"
    "    <check at=\"2026-10-03T09:12\" outcome=\"invalid\"/>\n"
    "    <presented document=\"mynacard\"/>\n"
    "    <qualification status=\"former\" source=\"screen\" insurer=\"01130012\" "
    "kigo=\"６４４４０７１８\""
    " bango=\"７\" branch=\"00\"/>\n"
    "    <declaration on=\"2026-10-03\" kind=\"kenpo\" insurer-name=\"○○健康保険組合\" "
    "workplace=\"○○商事\" share=\"3\" phone=\"03-0000-0000\">\n"
    "      <address>東京都千代田区一番町１</address>\n"
    "    </declaration>\n"
    "    <contact on=\"2026-10-28\" result=\"no-answer\"/>\n"
    "  </capture>\n"
    "</captures>\n";

/* Reads one file and joins; the dump of it all. */
static char *dump_of(const char *text, size_t piece)
{
    fu_evidence ev;
    fu_error e;
    char *out;
    fu_evidence_init(&ev, &fu_mem_libc);
    cr_assert_eq(fu_evidence_parse(&ev, "c.xml", fu_span_str(text), piece, &e), FU_OK, "%s",
                 e.message_ja);
    cr_assert_eq(fu_evidence_join(&ev, &e), FU_OK);
    out = tst_dump(&ev);
    fu_evidence_free(&ev);
    return out;
}

/* The one capture of a file with this inside <captures>. */
static const fu_capture *read_one(const char *inside)
{
    char text[8192];
    fu_evidence_free(&EV);
    snprintf(text, sizeof text, CAPTURES("%s"), inside);
    cr_assert_eq(tst_add(&EV, "c.xml", text, &E), FU_OK, "%s", E.message_ja);
    cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
    cr_assert_eq(EV.n_captures, 1);
    return EV.captures[0];
}

static const fu_capture *read_inside(const char *inside)
{
    char text[6144];
    snprintf(text, sizeof text, "<capture id='c1' month='202610'>%s</capture>", inside);
    return read_one(text);
}

Test(capture_xml, reads_every_item_of_the_example)
{
    char *got = dump_of(EXAMPLE, SIZE_MAX);
    cr_expect_str_eq(
        got, "0 c.xml:2 id=c1 m=202610 k=00697 n=テスト　汎用 kana=テストハンヨウ b=19911121 "
             "s=1 out=2 day=20261003 resp= aff=0 new=0 docs=1 unus=0 joined=0\n"
             "  q 1 5 [01130012|６４４４０７１８|７|00] t= 0-0 1\n"
             "  c 20261028 2\n"
             "  d 1 0 20261003 0 3 [○○健康保険組合|○○商事|03-0000-0000] "
             "<東京都千代田区一番町１>\n"
             " \n"
             "files:");
    free(got);
}

Test(capture_xml, result_does_not_depend_on_the_pieces)
{
    char *whole = dump_of(EXAMPLE, SIZE_MAX);
    for (size_t piece = 1; piece <= 7; piece++) {
        char *got = dump_of(EXAMPLE, piece);
        cr_expect_str_eq(got, whole, "piece %zu", piece);
        free(got);
    }
    free(whole);
}

Test(capture_xml, reads_cp932_and_utf8_alike)
{
    static const char *const HEADS[] = {"UTF-8", "Shift_JIS", "Windows-31J"};
    char *whole = dump_of(EXAMPLE, SIZE_MAX);
    for (size_t i = 0; i < 3; i++) {
        char text[sizeof EXAMPLE + 64], *bytes, *got;
        size_t n = 0;
        fu_evidence_free(&EV);
        snprintf(text, sizeof text, "<?xml version='1.0' encoding='%s'?>%s", HEADS[i], EXAMPLE);
        bytes = i ? tst_cp932(text, &n) : NULL;
        cr_expect_eq(tst_add_bytes(&EV, "c.xml", i ? bytes : text, i ? n : strlen(text), &E),
                     FU_OK);
        cr_expect_eq(fu_evidence_join(&EV, &E), FU_OK);
        got = tst_dump(&EV);
        cr_expect_str_eq(got, whole, "row %zu", i);
        free(got);
        free(bytes);
    }
    free(whole);
}

Test(capture_xml, every_prefix_is_refused)
{
    for (size_t n = 0; n + 2 < sizeof EXAMPLE; n++) {
        fu_evidence_free(&EV);
        cr_expect_eq(tst_add_bytes(&EV, "c.xml", EXAMPLE, n, &E), FU_E_INPUT, "length %zu", n);
        cr_expect_str_eq(E.code, "E501", "length %zu", n);
        cr_expect_str_eq(E.file, "c.xml", "length %zu", n);
    }
}

Test(capture_xml, every_word_of_every_list_is_read)
{
    static const struct {
        const char *inside;
        int outcome;
        unsigned documents;
        int kind, share, source, result;
    } ROWS[] = {
        {"<check outcome='valid'/><presented document='mynacard'/>"
         "<declaration kind='kenpo' share='1'/>"
         "<qualification status='current' source='online' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='told'/>",
         FU_OUT_VALID, 1u << FU_DOC_MYNACARD, FU_HOKEN_KENPO, 1, FU_QS_ONLINE, FU_C_TOLD},
        {"<check outcome='no-record'/><presented document='mynaportal'/>"
         "<presented document='shikaku-oshirase'/><declaration kind='kyosai' share='2'/>"
         "<qualification status='former' source='outage-mode' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_NO_RECORD, 1u << FU_DOC_MYNAPORTAL | 1u << FU_DOC_SHIKAKU_OSHIRASE, FU_HOKEN_KYOSAI,
         2, FU_QS_OUTAGE_MODE, FU_C_UNKNOWN},
        {"<check outcome='reader-fault'/><presented document='shikaku-kakuninsho'/>"
         "<declaration kind='senin' share='3'/>"
         "<qualification status='former' source='mynaportal' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='no-answer'/>",
         FU_OUT_READER_FAULT, 1u << FU_DOC_SHIKAKU_KAKUNINSHO, FU_HOKEN_SENIN, 3, FU_QS_MYNAPORTAL,
         FU_C_NO_ANSWER},
        {"<check outcome='card-unreadable'/><presented document='hokensho'/>"
         "<declaration kind='kokuho' share='unknown'/>"
         "<qualification status='former' source='document' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_CARD_UNREADABLE, 1u << FU_DOC_HOKENSHO, FU_HOKEN_KOKUHO, 0, FU_QS_DOCUMENT,
         FU_C_UNKNOWN},
        {"<check outcome='certificate-expired'/><presented document='copy'/>"
         "<declaration kind='kouki'/>"
         "<qualification status='former' source='verbal' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_CERTIFICATE_EXPIRED, 1u << FU_DOC_COPY, FU_HOKEN_KOUKI, 0, FU_QS_VERBAL,
         FU_C_UNKNOWN},
        {"<check outcome='network-outage'/><presented document='none'/>"
         "<declaration kind='unknown'/>"
         "<qualification status='former' source='history' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_NETWORK_OUTAGE, 1u << FU_DOC_NONE, FU_HOKEN_UNKNOWN, 0, FU_QS_HISTORY,
         FU_C_UNKNOWN},
        {"<check outcome='ambiguous'/><declaration/>"
         "<qualification status='former' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_AMBIGUOUS, 0, FU_WORD_NONE, 0, FU_WORD_NONE, FU_C_UNKNOWN},
        {"<check outcome='error'/><declaration/>"
         "<qualification status='former' insurer='1' bango='1'/>"
         "<contact on='2026-10-28' result='unknown'/>",
         FU_OUT_ERROR, 0, FU_WORD_NONE, 0, FU_WORD_NONE, FU_C_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        snprintf(text, sizeof text, PATIENT "%s", ROWS[i].inside);
        c = read_inside(text);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
        cr_expect_eq((int)c->outcome, ROWS[i].outcome, "row %zu", i);
        cr_expect_eq(c->documents, ROWS[i].documents, "row %zu", i);
        cr_expect(c->declaration.there && c->declaration.kind == ROWS[i].kind, "row %zu", i);
        cr_expect_eq(c->declaration.share, ROWS[i].share, "row %zu", i);
        cr_assert_eq(c->n_quals, 1);
        cr_expect_eq(c->quals[0].source, ROWS[i].source, "row %zu", i);
        cr_expect(c->quals[0].counts, "row %zu", i);
        cr_assert_eq(c->n_contacts, 1);
        cr_expect_eq(c->contacts[0].result, ROWS[i].result, "row %zu", i);
    }
}

Test(capture_xml, no_check_is_not_done)
{
    static const char *const ROWS[] = {PATIENT, PATIENT "<check/>",
                                       PATIENT "<check at='2026-10-03' outcome=''/>",
                                       PATIENT "<check outcome='not-done'/>"};
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_capture *c = read_inside(ROWS[i]);
        cr_expect_eq(c->outcome, FU_OUT_NOT_DONE, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
    }
}

/* found and want: NULL = not compared */
typedef struct wrong {
    const char *capture, *item, *found, *want;
} wrong;

#define IN(inside) "<capture id='c1' month='202610'>" inside "</capture>"
#define WITH(inside) IN(PATIENT inside)

static const wrong WRONG[] = {
    {"<capture month='202610'>" PATIENT "</capture>", "id", NULL, NULL},
    {"<capture id=' 　' month='202610'>" PATIENT "</capture>", "id", NULL, NULL},
    {"<capture id='c1'>" PATIENT "</capture>", "month", NULL, "yyyymm"},
    {"<capture id='c1' month='202613'>" PATIENT "</capture>", "month", "202613", "yyyymm"},
    {"<capture id='c1' month='2026-10'>" PATIENT "</capture>", "month", "2026-10", "yyyymm"},
    {"<capture id='c1' month='50810'>" PATIENT "</capture>", "month", "50810", "yyyymm"},
    {IN(""), "patient", NULL, NULL},
    {IN("<patient sex='1'/>"), "patient", NULL, NULL},
    {IN("<patient karte='1' birth='1980-02-30'/>"), "birth", "1980-02-30", "yyyy-mm-dd"},
    {IN("<patient karte='1' birth='19800101'/>"), "birth", "19800101", "yyyy-mm-dd"},
    {IN("<patient karte='1' birth='1980-01-01T00:00'/>"), "birth", "1980-01-01T00:00",
     "yyyy-mm-dd"},
    {IN("<patient karte='1' sex='3'/>"), "sex", "3", "1、2"},
    {IN("<patient karte='1' sex='男'/>"), "sex", "男", "1、2"},
    {WITH("<check outcome='Invalid'/>"), "outcome", "Invalid",
     "not-done、valid、invalid、no-record、reader-fault、card-unreadable、certificate-expired、"
     "network-outage、ambiguous、error"},
    {WITH("<check at='2026-10-03T'/>"), "at", "2026-10-03T", "yyyy-mm-dd"},
    {WITH("<check at='2026-10-03Tmorning'/>"), "at", "2026-10-03Tmorning", "yyyy-mm-dd"},
    {WITH("<presented document='passport'/>"), "document", "passport",
     "mynacard、mynaportal、shikaku-oshirase、shikaku-kakuninsho、hokensho、copy、none"},
    {WITH("<presented/>"), "document", NULL, NULL},
    {WITH("<qualification insurer='1' bango='1'/>"), "status", NULL, "current、former"},
    {WITH("<qualification status='old' insurer='1' bango='1'/>"), "status", "old", NULL},
    {WITH("<qualification status='former' source='tv' insurer='1' bango='1'/>"), "source", "tv",
     "online、outage-mode、mynaportal、document、verbal、screen、history"},
    {WITH("<qualification status='former' insurer='1' bango='1' from='R8.1.1'/>"), "from", "R8.1.1",
     "yyyy-mm-dd"},
    {WITH("<qualification status='former' insurer='1' bango='1' to='x'/>"), "to", "x", NULL},
    {WITH("<declaration kind='健保'/>"), "kind", "健保",
     "kenpo、kyosai、senin、kokuho、kouki、unknown"},
    {WITH("<declaration share='4'/>"), "share", "4", "1、2、3、unknown"},
    {WITH("<declaration share='３'/>"), "share", "３", NULL},
    {WITH("<declaration verbal='true'/>"), "verbal", "true", "yes、no"},
    {WITH("<declaration on='yesterday'/>"), "on", "yesterday", "yyyy-mm-dd"},
    {WITH("<contact on='2026-10-28' result='maybe'/>"), "result", "maybe",
     "told、unknown、no-answer"},
    {WITH("<contact on='2026-10-28'/>"), "result", NULL, NULL},
    {WITH("<contact result='unknown'/>"), "on", NULL, "yyyy-mm-dd"},
    {WITH("<contact on='10/28' result='unknown'/>"), "on", "10/28", NULL},
    /* nothing is lost silently */
    {WITH("<qualification status='former' insurer='1' bango='1' kgio='2'/>"), "kgio", "2", NULL},
    {"<capture id='c1' month='202610' mont='1'>" PATIENT "</capture>", "mont", "1", NULL},
    {WITH("<qualificaton status='former' insurer='1' bango='1'/>"), "qualificaton", NULL, NULL},
    {WITH("<declaration kind='kenpo'><adress>x</adress></declaration>"), "adress", NULL, NULL},
    {WITH("<address>x</address>"), "address", NULL, NULL},
    {WITH("<x:check xmlns:x='urn:x' outcome='valid'/>"), "check", NULL, NULL},
    {WITH("<declaration>東京都</declaration>"), "declaration", "東京都", NULL},
    {WITH("東京都"), "capture", "東京都", NULL},
    {WITH(PATIENT), "patient", NULL, "1つの記録に1つだけ"},
    {WITH("<check/><check outcome='valid'/>"), "check", NULL, "1つの記録に1つだけ"},
    {WITH("<declaration/><declaration/>"), "declaration", NULL, "1つの記録に1つだけ"},
};

Test(capture_xml, what_cannot_be_used_is_named)
{
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        const wrong *w = &WRONG[i];
        const fu_capture *c = read_one(w->capture);
        const fu_finding *f = tst_only(&c->findings, FU_E502);
        cr_expect_not_null(f, "row %zu: %zu findings", i, c->findings.n);
        cr_expect(c->unusable, "row %zu", i);
        if (!f)
            continue;
        cr_expect_str_eq(f->item, w->item, "row %zu", i);
        if (w->found)
            cr_expect(tst_same(f->found, w->found), "row %zu: %s", i, f->found ? f->found : "-");
        if (w->want)
            cr_expect(tst_same(f->want, w->want), "row %zu: %s", i, f->want ? f->want : "-");
        cr_expect(tst_same(f->capture, c->id[0] ? "c1" : NULL), "row %zu", i);
        cr_expect_str_eq(f->file, "c.xml", "row %zu", i);
        cr_expect_eq(f->line, 1, "row %zu", i);
    }
}

Test(capture_xml, unusable_captures_still_say_who_it_is)
{
    const fu_capture *c = read_inside(PATIENT "<check outcome='invlid'/>");
    cr_expect(c->unusable);
    cr_expect_str_eq(c->karte, "1");
    cr_expect_eq(c->birth, 19800101);
    cr_expect_eq(c->month, 202610);
}

Test(capture_xml, what_is_allowed_has_no_finding)
{
    static const char *const ROWS[] = {
        PATIENT "<check at='2026-10-03'/>",
        PATIENT "<check at='2026-10-03T09:12:30+09:00'/>",
        PATIENT "<check at='2026-10-03 09:12'/>",
        PATIENT "<declaration verbal='no' share='' kind='' on='' insurer-name='' workplace=''/>",
        PATIENT "<presented document='mynacard'/><presented document='hokensho'/>",
        "<patient karte='1'/>",
        PATIENT "<!-- 東京都 --><?x y?>",
        PATIENT "<declaration><address/><address> \n </address></declaration>",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_capture *c = read_inside(ROWS[i]);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
        cr_expect_eq(c->declaration.n_addresses, 0, "row %zu", i);
    }
}

Test(capture_xml, numbers_have_no_blanks)
{
    const fu_capture *c = read_inside(
        PATIENT "<qualification status='current' insurer=' 130012' kigo=' １２　３ ４ ' "
                "bango='5&#9;5　'/>");
    cr_assert_eq(c->n_quals, 1);
    cr_expect_str_eq(c->quals[0].insurer, "130012");
    cr_expect_str_eq(c->quals[0].kigo, "１２３４");
    cr_expect_str_eq(c->quals[0].bango, "55");
    c = read_inside(PATIENT "<qualification status='current' insurer='130012' bango='　'/>");
    cr_expect_str_eq(c->quals[0].bango, "");
    cr_expect_not(c->quals[0].counts);
}

Test(capture_xml, incomplete_qualification_does_not_count_alone)
{
    static const struct {
        const char *inside, *item;
    } ROWS[] = {
        {PATIENT "<qualification status='current' kigo='1' bango='1'/>", "insurer"},
        {PATIENT "<qualification status='current' insurer='01130012' kigo='1'/>", "bango"},
        {PATIENT "<qualification status='current' insurer=' ' kigo='1' bango='1'/>", "insurer"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_capture *c = read_inside(ROWS[i].inside);
        const fu_finding *f = tst_only(&c->findings, FU_E502);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->item, ROWS[i].item, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
        cr_expect_not(c->quals[0].counts, "row %zu", i);
    }
}

Test(capture_xml, sevens_are_no_qualification)
{
    static const struct {
        const char *insurer;
        bool sevens;
    } ROWS[] = {
        {"77777777", true},   {"777777", true},           {"0777777", true},   {"  777777", true},
        {"77777779", true},   {"７７７７７７７７", true}, {"777777777", true}, {"00777777", true},
        {"77777", false},     {"77777778", false},        {"7777779", false},  {"77777797", false},
        {"777777791", false}, {"01777777", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[512];
        const fu_capture *c;
        snprintf(text, sizeof text,
                 PATIENT "<qualification status='former' insurer='%s' bango='1'/>",
                 ROWS[i].insurer);
        c = read_inside(text);
        cr_expect_eq(fu_findings_has(&c->findings, FU_E509), ROWS[i].sevens, "row %zu", i);
        cr_expect_eq(c->quals[0].counts, !ROWS[i].sevens, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
    }
}

Test(capture_xml, what_stands_outside_a_capture_is_reported)
{
    const fu_finding *f;
    static const char TEXT[] =
        "<captures xmlns='urn:fusho:capture:1' "
        "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
        " xsi:schemaLocation='a b'>\n<capure id='c1'><patient/></capure>\n</captures>";
    cr_assert_eq(tst_add(&EV, "c.xml", TEXT, &E), FU_OK);
    cr_expect_eq(EV.n_captures, 0);
    cr_assert_eq(EV.findings.n, 1);
    f = tst_only(&EV.findings, FU_E502);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->item, "capure");
    cr_expect_eq(f->line, 2);
    cr_expect_null(f->capture);
}

Test(capture_xml, lists_have_a_limit)
{
    static const char *const ITEMS[] = {
        "<qualification status='former' insurer='1' bango='1'/>",
        "<contact on='2026-10-28' result='unknown'/>",
    };
    for (size_t i = 0; i < 2; i++) {
        for (size_t n = FU_CAPTURE_ITEMS_MAX; n <= FU_CAPTURE_ITEMS_MAX + 1; n++) {
            char text[8192] = "<captures xmlns='urn:fusho:capture:1'><capture id='c1' "
                              "month='202610'><patient karte='1'/>";
            fu_status st;
            for (size_t k = 0; k < n; k++)
                strcat(text, ITEMS[i]);
            strcat(text, "</capture></captures>");
            fu_evidence_free(&EV);
            st = tst_add(&EV, "c.xml", text, &E);
            cr_expect_eq(st, n > FU_CAPTURE_ITEMS_MAX ? FU_E_LIMIT : FU_OK, "row %zu, %zu", i, n);
            if (st != FU_OK) {
                cr_expect_not_null(strstr(E.message_ja, "FU_CAPTURE_ITEMS_MAX"));
                cr_expect_str_eq(E.code, "E513");
                cr_expect_str_eq(E.file, "c.xml");
            }
        }
    }
}

Test(capture_xml, every_failing_allocation_is_reported)
{
    fu_status st = FU_E_NOMEM;
    for (long n = 0; st != FU_OK && n < 2000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_evidence ev;
        m.fail_at = n;
        fu_evidence_init(&ev, &mem);
        st = tst_add(&ev, "c.xml", EXAMPLE, &E);
        if (st == FU_OK)
            st = fu_evidence_join(&ev, &E);
        cr_expect(st == FU_OK || (st == FU_E_NOMEM && E.status == FU_E_NOMEM), "call %ld: %d", n,
                  st);
        cr_expect(n > 0 || st == FU_E_NOMEM);
        fu_evidence_free(&ev);
        cr_expect_eq(m.live, 0, "call %ld", n);
    }
    cr_assert_eq(st, FU_OK);
}
