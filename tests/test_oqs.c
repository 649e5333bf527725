#include <criterion/criterion.h>

#include "support_evidence.h"
#include <zlib.h>

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

TestSuite(oqs, .init = setup, .fini = teardown);

#define T "20261003091201"
#define D "20261003"
#define A NUMBERS("01130012", "６４４４０７１８", "7", "01")

static void read_text(const char *text)
{
    fu_evidence_free(&EV);
    cr_assert_eq(tst_add(&EV, "in/OQSsiquc01res_1.xml", text, &E), FU_OK, "%s", E.message_ja);
    cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
}

static const fu_capture *read_one(const char *text)
{
    read_text(text);
    cr_assert_eq(EV.n_captures, 1);
    return EV.captures[0];
}

/* A message with one result that holds `result`. */
static const fu_capture *read_result(const char *validity, const char *result)
{
    char text[4096];
    snprintf(text, sizeof text, SIMPLE("%s", T, D, "%s"), validity, result);
    return read_one(text);
}

static const char FACE[] =
    SIMPLE("1", T, D,
           HANAKO A
           "<ReferenceNumber>００６９７</ReferenceNumber>"
           "<QualificationDate>20200401</QualificationDate>"
           "<LimitApplicationCertificateRelatedInfo><LimitApplicationCertificateClassificationFlag>"
           "A04</LimitApplicationCertificateClassificationFlag>"
           "</LimitApplicationCertificateRelatedInfo>"
           "<InsuredCardClassification>01</InsuredCardClassification>");

static const char FACE_DUMP[] =
    "2 in/OQSsiquc01res_1.xml:1 id=OQSsiquc01res_1.xml m=202610 k=００６９７ n=試験　花子 "
    "kana=ｼｹﾝ ﾊﾅｺ b=19800101 s=2 out=1 day=20261003 resp= aff=0 new=0 docs=0 unus=0 joined=0\n"
    "  q 0 0 [01130012|６４４４０７１８|7|01] t=29 20200401-0 1\n"
    "  d 0 0 0 -1 0 [||]\n"
    " \n"
    "files:";

Test(oqs, reads_a_valid_result)
{
    char *got;
    read_text(FACE);
    got = tst_dump(&EV);
    cr_expect_str_eq(got, FACE_DUMP);
    free(got);
}

Test(oqs, result_does_not_depend_on_the_pieces)
{
    for (size_t piece = 1; piece <= 7; piece++) {
        char *got;
        fu_evidence_free(&EV);
        cr_assert_eq(fu_evidence_parse(&EV, "in/OQSsiquc01res_1.xml", fu_span_str(FACE), piece, &E),
                     FU_OK);
        cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
        got = tst_dump(&EV);
        cr_expect_str_eq(got, FACE_DUMP, "piece %zu", piece);
        free(got);
    }
}

Test(oqs, every_prefix_is_refused)
{
    for (size_t n = 0; n + 1 < sizeof FACE; n++) {
        fu_evidence_free(&EV);
        cr_expect_eq(tst_add_bytes(&EV, "r.xml", FACE, n, &E), FU_E_INPUT, "length %zu", n);
        cr_expect_str_eq(E.code, "E501", "length %zu", n);
    }
}

Test(oqs, reads_cp932_a_byte_order_mark_blanks_and_gzip)
{
    for (int form = 0; form < 5; form++) {
        char text[sizeof FACE + 16], *cp932 = NULL, *got;
        unsigned char packed[sizeof FACE + 64];
        const void *p = text;
        size_t n;
        fu_evidence_free(&EV);
        snprintf(text, sizeof text, "%s%s",
                 form == 1   ? "\xEF\xBB\xBF"
                 : form == 2 ? " \r\n"
                             : "",
                 FACE);
        n = strlen(text);
        if (form == 3) {
            char sjis[sizeof FACE + 16];
            snprintf(sjis, sizeof sjis, "<?xml version='1.0' encoding='Shift_JIS'?>%s",
                     strchr(FACE, '>') + 1);
            p = cp932 = tst_cp932(sjis, &n);
        }
        if (form == 4) {
            z_stream z = {0};
            cr_assert_eq(deflateInit2(&z, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
            z.next_in = (unsigned char *)text;
            z.avail_in = (uInt)n;
            z.next_out = packed;
            z.avail_out = sizeof packed;
            cr_assert_eq(deflate(&z, Z_FINISH), Z_STREAM_END);
            n = z.total_out;
            deflateEnd(&z);
            p = packed;
        }
        cr_assert_eq(tst_add_bytes(&EV, "in/OQSsiquc01res_1.xml", p, n, &E), FU_OK, "form %d: %s",
                     form, E.message_ja);
        cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
        if (form == 2) { /* the line counts the blank one */
            cr_expect_eq(EV.captures[0]->findings.n, 0);
        }
        got = tst_dump(&EV);
        cr_expect_str_eq(got, FACE_DUMP, "form %d", form);
        free(got);
        free(cp932);
    }
}

Test(oqs, order_of_elements_is_free)
{
    const fu_capture *c = read_one(
        "<XmlMsg><MessageBody><QualificationValidity>2</QualificationValidity><ResultList>" RESULT(
            A HANAKO) "</ResultList><ProcessingResultStatus>1</ProcessingResultStatus>"
                      "</MessageBody>" HEAD(T, D) "</XmlMsg>");
    cr_expect_eq(c->outcome, FU_OUT_INVALID);
    cr_expect_eq(c->n_quals, 1);
    cr_expect_eq(c->check_day, 20261003);
}

Test(oqs, validity_decides_outcome_and_qualification)
{
    static const struct {
        const char *validity;
        fu_outcome outcome;
        bool affected, newer;
        size_t n;
        fu_qstatus status;
        int source;
    } ROWS[] = {
        {"1", FU_OUT_VALID, false, false, 1, FU_Q_CURRENT, FU_QS_ONLINE},
        {"2", FU_OUT_INVALID, true, false, 1, FU_Q_FORMER, FU_QS_SCREEN},
        {"3", FU_OUT_INVALID, true, true, 1, FU_Q_FORMER, FU_QS_SCREEN},
        {"4", FU_OUT_NO_RECORD, true, false, 0, FU_Q_COUNT, 0},
        {"5", FU_OUT_AMBIGUOUS, true, false, 0, FU_Q_COUNT, 0},
        {"6", FU_OUT_VALID, false, false, 1, FU_Q_CURRENT, FU_QS_ONLINE},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_capture *c = read_result(ROWS[i].validity, HANAKO A);
        cr_expect_eq(c->outcome, ROWS[i].outcome, "row %zu", i);
        cr_expect_eq(c->response_affected, ROWS[i].affected, "row %zu", i);
        cr_expect_eq(c->newer_exists, ROWS[i].newer, "row %zu", i);
        cr_expect_eq(EV.findings.n + c->findings.n, 0, "row %zu", i);
        cr_assert_eq(c->n_quals, ROWS[i].n, "row %zu", i);
        if (c->n_quals) {
            cr_expect_eq(c->quals[0].status, ROWS[i].status, "row %zu", i);
            cr_expect_eq(c->quals[0].source, ROWS[i].source, "row %zu", i);
        }
    }
}

Test(oqs, medical_aid_is_no_qualification)
{
    static const struct {
        const char *result;
        size_t n;
    } ROWS[] = {
        {A "<InsuredCardClassification>A1</InsuredCardClassification>", 0},
        {NUMBERS("12131234", "", "1234567", ""), 0},
        {NUMBERS("  123456", "1", "2", ""), 1}, /* 国保, not 法別 12 */
        {"<InsuredCardClassification>A1</InsuredCardClassification>"
         "<PublicExpenseNumber>12131234</PublicExpenseNumber>",
         0},
        {A "<InsuredCardClassification>05</InsuredCardClassification>", 1},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        snprintf(text, sizeof text, HANAKO "%s", ROWS[i].result);
        c = read_result("1", text);
        cr_expect_eq(c->n_quals, ROWS[i].n, "row %zu", i);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
        cr_expect_eq(c->outcome, FU_OUT_VALID, "row %zu", i);
    }
}

Test(oqs, incomplete_results_do_not_count)
{
    static const struct {
        const char *validity, *numbers, *item;
        size_t n;
    } ROWS[] = {
        {"1", "<InsurerNumber>01130012</InsurerNumber>", "InsuredIdentificationNumber", 1},
        {"1", "<InsuredIdentificationNumber>7</InsuredIdentificationNumber>", "InsurerNumber", 1},
        {"2", "<InsurerNumber>01130012</InsurerNumber>", "InsuredIdentificationNumber", 1},
        {"2", "<InsuredIdentificationNumber>7</InsuredIdentificationNumber>", NULL, 0},
        {"2", "<InsurerNumber></InsurerNumber>", NULL, 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        snprintf(text, sizeof text, HANAKO "%s", ROWS[i].numbers);
        c = read_result(ROWS[i].validity, text);
        cr_assert_eq(c->n_quals, ROWS[i].n, "row %zu", i);
        cr_expect_eq(c->findings.n, ROWS[i].item ? 1 : 0, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
        if (!ROWS[i].item)
            continue;
        cr_expect_str_eq(c->findings.v[0].item, ROWS[i].item, "row %zu", i);
        cr_expect_not(c->quals[0].counts, "row %zu", i);
    }
}

Test(oqs, insurer_loses_its_leading_blanks_only)
{
    const fu_capture *c = read_result("1", HANAKO NUMBERS("  012345", "", "007", ""));
    cr_expect_str_eq(c->quals[0].insurer, "012345");
    cr_expect_str_eq(c->quals[0].bango, "007");
}

Test(oqs, income_class_gives_the_tokki)
{
    static const struct {
        const char *flag, *insurer, *tokki;
    } ROWS[] = {
        {"A01", "01130012", "26"}, {"A02", "01130012", "27"}, {"A03", "01130012", "28"},
        {"A04", "01130012", "29"}, {"A05", "01130012", "30"}, {"A06", "01130012", "30"},
        {"B01", "39131234", "26"}, {"B02", "39131234", "27"}, {"B03", "39131234", "28"},
        {"B04", "01130012", "29"}, {"B04", "39131234", ""},   {"B04", "  391234", "29"},
        {"B05", "39131234", "30"}, {"B06", "39131234", "30"}, {"B07", "39131234", "30"},
        {"B08", "39131234", "30"}, {"B09", "39131234", "41"}, {"B10", "39131234", "42"},
        {"C01", "01130012", ""},   {"", "01130012", ""},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        snprintf(
            text, sizeof text,
            HANAKO NUMBERS("%s", "", "7", "") "<LimitApplicationCertificateRelatedInfo>"
                                              "<LimitApplicationCertificateClassificationFlag>%s"
                                              "</LimitApplicationCertificateClassificationFlag>"
                                              "</LimitApplicationCertificateRelatedInfo>",
            ROWS[i].insurer, ROWS[i].flag);
        c = read_result("1", text);
        cr_expect_str_eq(c->quals[0].tokki, ROWS[i].tokki, "row %zu", i);
    }
}

Test(oqs, dates_of_a_qualification)
{
    static const struct {
        const char *dates;
        int32_t from, to;
    } ROWS[] = {
        {"<QualificationDate>20200401</QualificationDate>", 20200401, 0},
        {"<InsuredCardValidDate>20210401</InsuredCardValidDate>", 20210401, 0},
        {"<InsuredCardValidDate>20210401</InsuredCardValidDate>"
         "<QualificationDate>20200401</QualificationDate>",
         20200401, 0},
        {"<DisqualificationDate>20261001</DisqualificationDate>", 0, 20260930},
        {"<InsuredCardExpirationDate>20270331</InsuredCardExpirationDate>", 0, 20270331},
        {"<InsuredCardExpirationDate>20270331</InsuredCardExpirationDate>"
         "<DisqualificationDate>20261001</DisqualificationDate>",
         0, 20260930},
        {"<DisqualificationDate></DisqualificationDate><InsuredCardExpirationDate/>", 0, 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        snprintf(text, sizeof text, HANAKO A "%s", ROWS[i].dates);
        c = read_result("2", text);
        cr_expect_eq(c->quals[0].from, ROWS[i].from, "row %zu", i);
        cr_expect_eq(c->quals[0].to, ROWS[i].to, "row %zu", i);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
    }
}

Test(oqs, unreadable_values_make_it_unusable)
{
    static const struct {
        const char *result, *item;
    } ROWS[] = {
        {"<Birthdate>1980-01-01</Birthdate><ReferenceNumber>1</ReferenceNumber>", "Birthdate"},
        {HANAKO A "<DisqualificationDate>20261301</DisqualificationDate>", "DisqualificationDate"},
        {HANAKO A "<QualificationDate>5080401</QualificationDate>", "QualificationDate"},
        {"<Birthdate>19800101</Birthdate><Sex1>9</Sex1>", "Sex1"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_capture *c = read_result("2", ROWS[i].result);
        const fu_finding *f = tst_only(&c->findings, FU_E502);
        cr_expect(c->unusable, "row %zu", i);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->item, ROWS[i].item, "row %zu", i);
        cr_expect_str_eq(f->capture, "OQSsiquc01res_1.xml", "row %zu", i);
    }
}

Test(oqs, sex_not_set_is_no_error)
{
    const fu_capture *c = read_result("2", "<Birthdate>19800101</Birthdate><Sex1>3</Sex1>");
    cr_expect_eq(c->sex, 0);
    cr_expect_eq(c->findings.n, 0);
}

Test(oqs, month_comes_from_the_day_asked_about)
{
    static const struct {
        const char *head;
        int32_t month, day;
        const char *wrong;
    } ROWS[] = {
        {HEAD("20261101000000", "20261031"), 202610, 20261031, NULL},
        {HEAD("20261101000000", ""), 202611, 20261101, NULL},
        {HEAD("", "20261031"), 202610, 20261031, NULL},
        {HEAD("", ""), 0, 0, "QualificationConfirmationDate"},
        {HEAD("20261101000000", "2026103"), 0, 0, "QualificationConfirmationDate"},
        {HEAD("20261301000000", ""), 0, 0, "ProcessExecutionTime"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        const fu_finding *f;
        snprintf(text, sizeof text, "<XmlMsg>%s" BODY("2", RESULT(HANAKO A)) "</XmlMsg>",
                 ROWS[i].head);
        c = read_one(text);
        f = tst_only(&c->findings, FU_E502);
        cr_expect_eq(c->month, ROWS[i].month, "row %zu", i);
        cr_expect_eq(c->check_day, ROWS[i].day, "row %zu", i);
        cr_expect_eq(c->unusable, ROWS[i].wrong != NULL, "row %zu", i);
        cr_expect(tst_same(f ? f->item : NULL, ROWS[i].wrong), "row %zu", i);
    }
}

Test(oqs, person_comes_from_result_or_search_keys)
{
    static const struct {
        const char *body, *karte;
        int32_t birth;
    } ROWS[] = {
        {BODY("4", "") "", "", 0},
        {"<MessageBody><QualificationValidity>4</QualificationValidity>"
         "<QualificationConfirmSearchInfo><Birthdate>19800101</Birthdate>"
         "<ArbitraryIdentifier>55</ArbitraryIdentifier></QualificationConfirmSearchInfo>"
         "</MessageBody>",
         "55", 19800101},
        {BODY("4", RESULT("<ArbitraryIdentifier>55</ArbitraryIdentifier>"
                          "<ReferenceNumber>66</ReferenceNumber>")),
         "66", 0},
        {BODY("4", RESULT("<ArbitraryIdentifier>55</ArbitraryIdentifier>")), "55", 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        snprintf(text, sizeof text, "<XmlMsg>" HEAD(T, D) "%s</XmlMsg>", ROWS[i].body);
        read_text(text);
        cr_expect_eq(EV.n_captures, i == 0 ? 0 : 1, "row %zu", i);
        cr_expect_eq(fu_findings_has(&EV.findings, FU_E506), i == 0, "row %zu", i);
        if (EV.n_captures == 0)
            continue;
        cr_expect_str_eq(EV.captures[0]->karte, ROWS[i].karte, "row %zu", i);
        cr_expect_eq(EV.captures[0]->birth, ROWS[i].birth, "row %zu", i);
        cr_expect_eq(EV.captures[0]->outcome, FU_OUT_NO_RECORD, "row %zu", i);
    }
}

#define SEGMENT(n, rest) \
    "<MessageHeader><SegmentOfResult>" n "</SegmentOfResult>" rest "</MessageHeader>"
#define WHO "<ReferenceNumber>66</ReferenceNumber><Birthdate>19800101</Birthdate>"

Test(oqs, what_is_no_result_is_skipped_with_its_code)
{
    static const struct {
        const char *text, *item, *found;
        size_t captures;
    } ROWS[] = {
        {"<XmlMsg>" SEGMENT(
             "9", "<ErrorCode>OQS123E</ErrorCode><ErrorMessage>失敗</ErrorMessage>") "<MessageBody/"
                                                                                     "></XmlMsg>",
         "照会エラー", "OQS123E 失敗", 0},
        {"<XmlMsg>" SEGMENT("9", "") "</XmlMsg>", "照会エラー", "SegmentOfResult 9", 0},
        {"<XmlMsg>" SEGMENT("2", "") "<MessageBody/></XmlMsg>", "処理中", "SegmentOfResult 2", 0},
        {"<XmlMsg>" SEGMENT("1",
                            "") "<MessageBody><ProcessingResultStatus>2</ProcessingResultStatus>"
                                "<ProcessingResultCode>OQS001W</ProcessingResultCode>"
                                "<ProcessingResultMessage>該当なし</ProcessingResultMessage>"
                                "</MessageBody></XmlMsg>",
         "照会エラー", "OQS001W 該当なし", 0},
        {"<XmlMsg>" HEAD(T, D) "<MessageBody><ProcessingResultStatus>2</ProcessingResultStatus>"
                               "<MessageContents>だめ</MessageContents><ResultList>" RESULT(
                                   WHO) "</ResultList></MessageBody></XmlMsg>",
         "照会エラー", "だめ", 1},
        {"<XmlMsg>" HEAD(T, D) BODY("7", RESULT(WHO)) "</XmlMsg>", "資格有効性が不明",
         "QualificationValidity 7", 1},
        {"<XmlMsg>" HEAD(T, D) BODY("", RESULT(WHO)) "</XmlMsg>", "資格有効性が不明",
         "QualificationValidity", 1},
        {"<XmlMsg><MessageHeader><QualificationConfirmationDate>20261003"
         "</QualificationConfirmationDate></MessageHeader><MessageBody>"
         "<QualificationConfirmSearchInfo><Birthdate>19800101</Birthdate>"
         "</QualificationConfirmSearchInfo></MessageBody></XmlMsg>",
         "照会の要求", NULL, 0},
        {"<XmlMsg/>", "照会の要求", NULL, 0},
        {"<XmlMsg><MessageHeader><ResultCode>1</ResultCode><MessageContents>正常</MessageContents>"
         "<InsurerNumber>01130012</InsurerNumber></MessageHeader><MessageBody/></XmlMsg>",
         "資格確認以外の結果", "1 正常", 0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        const fu_finding *f;
        read_text(ROWS[i].text);
        f = tst_only(&EV.findings, FU_E510);
        cr_assert_eq(EV.findings.n, 1, "row %zu", i);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_eq(f->severity, FU_WARNING, "row %zu", i);
        cr_expect_str_eq(f->item, ROWS[i].item, "row %zu", i);
        cr_expect(tst_same(f->found, ROWS[i].found), "row %zu: %s", i, f->found ? f->found : "-");
        cr_expect_str_eq(f->file, "in/OQSsiquc01res_1.xml", "row %zu", i);
        cr_expect_eq(f->line, 1, "row %zu", i);
        cr_assert_eq(EV.n_captures, ROWS[i].captures, "row %zu", i);
        if (EV.n_captures == 0)
            continue;
        cr_expect_str_eq(f->capture, "OQSsiquc01res_1.xml", "row %zu", i);
        cr_expect_eq(EV.captures[0]->outcome, FU_OUT_ERROR, "row %zu", i);
        cr_expect_eq(EV.captures[0]->n_quals, 0, "row %zu", i);
        cr_expect_not(EV.captures[0]->response_affected, "row %zu", i);
    }
}

Test(oqs, a_code_beside_success_is_no_error)
{
    const fu_capture *c = read_one("<XmlMsg>" HEAD(
        T, D) "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>"
              "<ProcessingResultCode>OQS900I</ProcessingResultCode>"
              "<ProcessingResultMessage>証明書の期限が近い</ProcessingResultMessage>"
              "<QualificationValidity>1</QualificationValidity><ResultList>" RESULT(
                  HANAKO A) "</ResultList></MessageBody></XmlMsg>");
    cr_expect_eq(c->outcome, FU_OUT_VALID);
    cr_expect_eq(EV.findings.n, 0);
}

Test(oqs, unknown_elements_are_passed_over_whole)
{
    const fu_capture *c = read_one(
        "<XmlMsg><New><InsurerNumber>1</InsurerNumber></New>" HEAD(T, D)
            BODY("2", RESULT(HANAKO "<PublicExpenseResultList><MedicalTicketInfo><InsurerNumber>99"
                                    "</InsurerNumber><Name>別人</Name></MedicalTicketInfo>"
                                    "</PublicExpenseResultList>" A "<Name>二つ目</Name>"
                                    "<InsurerName>x<y>z</y></InsurerName>")) "</XmlMsg>");
    cr_expect_str_eq(c->name, "試験　花子");
    cr_assert_eq(c->n_quals, 1);
    cr_expect_str_eq(c->quals[0].insurer, "01130012");
}

#define B_ NUMBERS("06130012", "1", "2", "")
#define TARO "<Name>試験　太郎</Name><Sex1>1</Sex1><Birthdate>19500101</Birthdate>"

Test(oqs, several_results_of_one_person_are_one_capture)
{
    static const struct {
        const char *validity, *results;
        size_t n, counting;
        bool e505;
    } ROWS[] = {
        /* an insurance and 医療扶助 */
        {"1",
         RESULT(HANAKO A) RESULT(HANAKO "<InsuredCardClassification>A1"
                                        "</InsuredCardClassification>"),
         1, 1, false},
        /* twice the same, written differently */
        {"1", RESULT(HANAKO A) RESULT(HANAKO NUMBERS("1130012", "64440718", "００７", "")), 2, 2,
         false},
        {"1", RESULT(HANAKO A) RESULT(HANAKO B_), 2, 2, true},
        {"1", RESULT(HANAKO A) RESULT(HANAKO NUMBERS("01130012", "６４４４０７１８", "7", "02")), 2,
         2, true},
        /* only the period tells them apart */
        {"1",
         RESULT(HANAKO A "<DisqualificationDate>20261001</DisqualificationDate>")
             RESULT(HANAKO B_ "<QualificationDate>20261001</QualificationDate>"),
         2, 1, false},
        {"1",
         RESULT(HANAKO A "<InsuredCardExpirationDate>20261003</InsuredCardExpirationDate>")
             RESULT(HANAKO B_ "<QualificationDate>20261004</QualificationDate>"),
         2, 1, false},
        {"1",
         RESULT(HANAKO A "<InsuredCardExpirationDate>20261003</InsuredCardExpirationDate>")
             RESULT(HANAKO B_ "<QualificationDate>20261003</QualificationDate>"),
         2, 2, true},
        {"2", RESULT(HANAKO A) RESULT(HANAKO B_), 2, 2, true}, /* which of them? */
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[4096];
        size_t counting = 0;
        const fu_capture *c;
        snprintf(text, sizeof text, MESSAGE(HEAD(T, D), BODY("%s", "%s")), ROWS[i].validity,
                 ROWS[i].results);
        c = read_one(text);
        cr_expect_str_eq(c->id, "OQSsiquc01res_1.xml", "row %zu", i);
        cr_assert_eq(c->n_quals, ROWS[i].n, "row %zu: %zu", i, c->n_quals);
        for (size_t k = 0; k < c->n_quals; k++)
            counting += c->quals[k].counts;
        cr_expect_eq(counting, ROWS[i].counting, "row %zu: %zu", i, counting);
        cr_expect_eq(fu_findings_has(&c->findings, FU_E505), ROWS[i].e505, "row %zu", i);
    }
}

Test(oqs, valid_on_a_day_it_cannot_be_contradicts)
{
    static const struct {
        const char *dates, *item;
    } ROWS[] = {
        {"<DisqualificationDate>20261003</DisqualificationDate>", "DisqualificationDate"},
        {"<DisqualificationDate>20261004</DisqualificationDate>", NULL},
        {"<QualificationDate>20261004</QualificationDate>", "QualificationDate"},
        {"<QualificationDate>20261003</QualificationDate>", NULL},
        {"<InsuredCardExpirationDate>20261002</InsuredCardExpirationDate>", NULL},
        {"<InsuredCardValidDate>20261004</InsuredCardValidDate>", NULL},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[2048];
        const fu_capture *c;
        const fu_finding *f;
        snprintf(text, sizeof text, HANAKO A "%s", ROWS[i].dates);
        c = read_result("1", text);
        f = tst_only(&c->findings, FU_E505);
        cr_expect(tst_same(f ? f->item : NULL, ROWS[i].item), "row %zu", i);
        c = read_result("2", text);
        cr_expect_not(fu_findings_has(&c->findings, FU_E505), "row %zu", i);
    }
}

Test(oqs, several_persons_in_one_message_are_told_apart)
{
    read_text(MESSAGE(HEAD(T, D), BODY("1", RESULT(HANAKO A) RESULT(TARO B_)
                                                RESULT(HANAKO "<InsuredCardClassification>A1"
                                                              "</InsuredCardClassification>"))));
    cr_assert_eq(EV.n_captures, 2);
    cr_expect_str_eq(EV.captures[0]->id, "OQSsiquc01res_1.xml#1");
    cr_expect_str_eq(EV.captures[0]->name, "試験　花子");
    cr_expect_eq(EV.captures[0]->n_quals, 1);
    cr_expect_str_eq(EV.captures[1]->id, "OQSsiquc01res_1.xml#2");
    cr_expect_str_eq(EV.captures[1]->name, "試験　太郎");
    cr_expect_str_eq(EV.captures[1]->quals[0].insurer, "06130012");
}

#define UNIT(body) "<BulkConfirmUnit>" body "</BulkConfirmUnit>"

Test(oqs, units_of_a_bulk_file_inherit_from_the_body)
{
    static const char TEXT[] = MESSAGE(
        SEGMENT("1", "<ProcessExecutionTime>" T "</ProcessExecutionTime>"),
        "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>\n" UNIT(
            "<ReferenceNumber>1</ReferenceNumber><ReferenceNumber>2</ReferenceNumber>"
            "<QualificationValidity>1</QualificationValidity>" RESULT(
                HANAKO
                    A)) "\n" UNIT("<ReferenceNumber>3</"
                                  "ReferenceNumber><QualificationValidity>3</"
                                  "QualificationValidity>"
                                  "<ResultList>" RESULT(
                                      TARO
                                          B_) "</ResultList>") "\n" UNIT("<ReferenceNumber>4</"
                                                                         "ReferenceNumber><"
                                                                         "ProcessingResultStatus"
                                                                         ">2</"
                                                                         "ProcessingResultStatus"
                                                                         ">"
                                                                         "<ProcessingResultCode>"
                                                                         "OQS1</"
                                                                         "ProcessingResultCode><"
                                                                         "Message>不備</"
                                                                         "Message>") "\n" UNIT("<Qu"
                                                                                               "ali"
                                                                                               "fic"
                                                                                               "ati"
                                                                                               "onV"
                                                                                               "ali"
                                                                                               "dit"
                                                                                               "y>"
                                                                                               "4</"
                                                                                               "Qua"
                                                                                               "lif"
                                                                                               "ica"
                                                                                               "tio"
                                                                                               "nVa"
                                                                                               "lid"
                                                                                               "ity"
                                                                                               "><"
                                                                                               "Qua"
                                                                                               "lif"
                                                                                               "ica"
                                                                                               "tio"
                                                                                               "nCo"
                                                                                               "nfi"
                                                                                               "rmS"
                                                                                               "ear"
                                                                                               "chI"
                                                                                               "nfo"
                                                                                               ">"
                                                                                               "<Bi"
                                                                                               "rth"
                                                                                               "dat"
                                                                                               "e>"
                                                                                               "197"
                                                                                               "001"
                                                                                               "01<"
                                                                                               "/Bi"
                                                                                               "rth"
                                                                                               "dat"
                                                                                               "e><"
                                                                                               "/Qu"
                                                                                               "ali"
                                                                                               "fic"
                                                                                               "ati"
                                                                                               "onC"
                                                                                               "onf"
                                                                                               "irm"
                                                                                               "Sea"
                                                                                               "rch"
                                                                                               "Inf"
                                                                                               "o>") "</MessageBody>");
    static const struct {
        const char *id, *karte;
        fu_outcome outcome;
        int32_t birth;
        bool newer;
    } ROWS[] = {
        {"OQSsiquc01res_1.xml#1", "1", FU_OUT_VALID, 19800101, false},
        {"OQSsiquc01res_1.xml#2", "3", FU_OUT_INVALID, 19500101, true},
        {"OQSsiquc01res_1.xml#3", "4", FU_OUT_ERROR, 0, false},
        {"OQSsiquc01res_1.xml#4", "", FU_OUT_NO_RECORD, 19700101, false},
    };
    const fu_finding *f;
    read_text(TEXT);
    cr_assert_eq(EV.n_captures, 4);
    for (size_t i = 0; i < 4; i++) {
        const fu_capture *c = EV.captures[i];
        cr_expect_str_eq(c->id, ROWS[i].id, "row %zu", i);
        cr_expect_str_eq(c->karte, ROWS[i].karte, "row %zu", i);
        cr_expect_eq(c->outcome, ROWS[i].outcome, "row %zu", i);
        cr_expect_eq(c->birth, ROWS[i].birth, "row %zu", i);
        cr_expect_eq(c->newer_exists, ROWS[i].newer, "row %zu", i);
        cr_expect_eq(c->month, 202610, "row %zu", i);
    }
    f = tst_only(&EV.findings, FU_E510);
    cr_assert_not_null(f);
    cr_expect_str_eq(f->found, "OQS1 不備");
    cr_expect_str_eq(f->capture, "OQSsiquc01res_1.xml#3");
    cr_expect_eq(f->line, 4);
}

Test(oqs, a_bulk_file_that_failed_is_reported_once)
{
    read_text("<XmlMsg>" SEGMENT("9", "<ErrorCode>X1</ErrorCode>") "<MessageBody>" UNIT(
        "<ReferenceNumber>1</ReferenceNumber>")
                  UNIT("<ReferenceNumber>2</ReferenceNumber>") "</MessageBody></XmlMsg>");
    cr_expect_eq(EV.findings.n, 1);
    cr_expect_eq(EV.n_captures, 2);
    cr_expect_eq(EV.captures[1]->outcome, FU_OUT_ERROR);
}

Test(oqs, results_of_one_message_have_a_limit)
{
    for (size_t n = FU_CAPTURE_ITEMS_MAX; n <= FU_CAPTURE_ITEMS_MAX + 1; n++) {
        char *text = malloc(65536);
        fu_status st;
        cr_assert_not_null(text);
        strcpy(text, "<XmlMsg>" HEAD(
                         T, D) "<MessageBody><QualificationValidity>2</QualificationValidity>");
        for (size_t i = 0; i < n; i++)
            strcat(text, RESULT(HANAKO A));
        strcat(text, "</MessageBody></XmlMsg>");
        fu_evidence_free(&EV);
        st = tst_add(&EV, "r.xml", text, &E);
        cr_expect_eq(st, n > FU_CAPTURE_ITEMS_MAX ? FU_E_LIMIT : FU_OK, "%zu", n);
        free(text);
    }
    cr_expect_not_null(strstr(E.message_ja, "FU_CAPTURE_ITEMS_MAX"));
}

Test(oqs, samples_are_read_as_expected)
{
    static const struct {
        const char *file;
        const char *id; /* NULL: no capture */
        const char *name, *karte, *insurer, *bango, *tokki;
        int32_t month, birth;
        fu_code code; /* the one finding; FU_CODE_COUNT = none */
    } ROWS[] = {
        {"01-myclinic-face-valid.xml", "01-myclinic-face-valid.xml", "診療　太郎", "", "123456",
         "4260", "", 202302, 20010327, FU_CODE_COUNT},
        {"03-SYNTHETIC-siquc01req-structure.xml", NULL, NULL, NULL, NULL, NULL, NULL, 0, 0,
         FU_E510},
        {"04-SYNTHETIC-face-minimal-structure.xml", "04-SYNTHETIC-face-minimal-structure.xml",
         "試験　花子", "12345", "01234567", "567", "", 202604, 19800101, FU_CODE_COUNT},
        {"05-SYNTHETIC-face-sjis-structure.xml", "05-SYNTHETIC-face-sjis-structure.xml",
         "試験　太郎", "", "39131234", "01234567", "26", 202411, 19500101, FU_E505},
        {"06-SYNTHETIC-bulk-structure.xml", "06-SYNTHETIC-bulk-structure.xml#1", "試験　花子",
         "12345", "01234567", "567", "", 202504, 19800101, FU_CODE_COUNT},
    };
    const char *folder = getenv("FUSHO_SAMPLES");
    if (!folder)
        cr_skip_test("FUSHO_SAMPLES is not set");
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char path[1024];
        size_t n = 0;
        unsigned char *p;
        const fu_capture *c;
        snprintf(path, sizeof path, "%s/oqs/%s", folder, ROWS[i].file);
        p = tst_slurp(path, &n);
        cr_assert_not_null(p, "%s", path);
        fu_evidence_free(&EV);
        cr_assert_eq(tst_add_bytes(&EV, path, p, n, &E), FU_OK, "%s", ROWS[i].file);
        cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
        free(p);
        cr_assert_eq(EV.n_captures, ROWS[i].id ? 1 : 0, "%s", ROWS[i].file);
        cr_expect_eq(fu_findings_has(&EV.findings, FU_E510), ROWS[i].code == FU_E510);
        if (!ROWS[i].id)
            continue;
        c = EV.captures[0];
        cr_expect_str_eq(c->id, ROWS[i].id, "row %zu", i);
        cr_expect_str_eq(c->name, ROWS[i].name, "row %zu", i);
        cr_expect_str_eq(c->karte, ROWS[i].karte, "row %zu", i);
        cr_expect_eq(c->month, ROWS[i].month, "row %zu", i);
        cr_expect_eq(c->birth, ROWS[i].birth, "row %zu", i);
        cr_expect_eq(c->outcome, FU_OUT_VALID, "row %zu", i);
        cr_assert_eq(c->n_quals, 1, "row %zu", i);
        cr_expect_str_eq(c->quals[0].insurer, ROWS[i].insurer, "row %zu", i);
        cr_expect_str_eq(c->quals[0].bango, ROWS[i].bango, "row %zu", i);
        cr_expect_str_eq(c->quals[0].tokki, ROWS[i].tokki, "row %zu", i);
        cr_expect_eq(c->findings.n, ROWS[i].code == FU_CODE_COUNT ? 0 : 1, "row %zu", i);
        if (c->findings.n)
            cr_expect_eq(c->findings.v[0].code, ROWS[i].code, "row %zu", i);
    }
}

Test(oqs, every_failing_allocation_is_reported)
{
    fu_status st = FU_E_NOMEM;
    for (long n = 0; st != FU_OK && n < 2000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_evidence ev;
        m.fail_at = n;
        fu_evidence_init(&ev, &mem);
        st = tst_add(&ev, "r.xml", FACE, &E);
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
