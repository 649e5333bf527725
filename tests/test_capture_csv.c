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

TestSuite(capture_csv, .init = setup, .fini = teardown);

static fu_status read_text(const char *text)
{
    fu_evidence_free(&EV);
    memset(&E, 0, sizeof E);
    return tst_add(&EV, "c.csv", text, &E);
}

static const fu_capture *read_one(const char *text)
{
    cr_assert_eq(read_text(text), FU_OK, "%s", E.message_ja);
    cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
    cr_assert_eq(EV.n_captures, 1);
    return EV.captures[0];
}

static const char FULL[] =
    "id,month,karte,name,kana,birth,sex,check_at,outcome,response,documents,current_insurer,"
    "current_kigo,current_bango,current_branch,former_insurer,former_kigo,former_bango,"
    "former_branch,tokki,declared_on,verbal,kind,insurer_name,workplace,share,phone,address,"
    "contact\r\n"
    "c1,202610,00697,テスト　汎用,テストハンヨウ,1991-11-21,1,2026-10-03 09:12,invalid,,"
    "mynacard|hokensho,,,,,01130012,６４４４０７１８,７,00,29,2026/10/3,no,kenpo,○○健康保険組合,"
    "○○商事,3,03-0000-0000,東京都千代田区一番町１|大阪府大阪市中央区１,"
    "2026-10-28=no-answer|R8.11.2=unknown\r\n";

static const char FULL_DUMP[] =
    "1 c.csv:2 id=c1 m=202610 k=00697 n=テスト　汎用 kana=テストハンヨウ b=19911121 s=1 out=2 "
    "day=20261003 resp= aff=0 new=0 docs=11 unus=0 joined=0\n"
    "  q 1 -1 [01130012|６４４４０７１８|７|00] t=29 0-0 1\n"
    "  c 20261028 2\n"
    "  c 20261102 1\n"
    "  d 1 0 20261003 0 3 [○○健康保険組合|○○商事|03-0000-0000] <東京都千代田区一番町１> "
    "<大阪府大阪市中央区１>\n"
    " \n"
    "files:";

Test(capture_csv, reads_every_column_in_three_encodings)
{
    for (int form = 0; form < 3; form++) {
        char text[sizeof FULL + 8], *bytes, *got;
        size_t n;
        fu_evidence_free(&EV);
        snprintf(text, sizeof text, "%s%s", form == 1 ? "\xEF\xBB\xBF" : "", FULL);
        bytes = form == 2 ? tst_cp932(FULL, &n) : NULL;
        cr_assert_eq(
            tst_add_bytes(&EV, "c.csv", bytes ? bytes : text, bytes ? n : strlen(text), &E), FU_OK,
            "form %d: %s", form, E.message_ja);
        cr_assert_eq(fu_evidence_join(&EV, &E), FU_OK);
        got = tst_dump(&EV);
        cr_expect_str_eq(got, FULL_DUMP, "form %d", form);
        free(got);
        free(bytes);
    }
}

Test(capture_csv, columns_come_in_any_order_and_may_be_missing)
{
    const fu_capture *c = read_one("month,kana,id,birth\n202610,シケンハナコ,c1,1980/1/1\n");
    cr_expect_str_eq(c->id, "c1");
    cr_expect_str_eq(c->kana, "シケンハナコ");
    cr_expect_eq(c->month, 202610);
    cr_expect_eq(c->birth, 19800101);
    cr_expect_eq(c->outcome, FU_OUT_NOT_DONE);
    cr_expect_not(c->declaration.there);
    cr_expect_eq(c->n_quals + c->n_contacts, 0);
    cr_expect_eq(c->findings.n, 0);
}

Test(capture_csv, quotes_follow_rfc_4180)
{
    static const struct {
        const char *cell, *name;
    } ROWS[] = {
        {"\"a,b\"", "a,b"}, {"\"a\"\"b\"", "a\"b"}, {"\"a\r\nb\"", "a\r\nb"},
        {"\"\"", ""},       {"a\"b", "a\"b"},       {"  a ", "a"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[128];
        const fu_capture *c;
        snprintf(text, sizeof text, "\"id\",month,name,karte\nc1,202610,%s,7\n", ROWS[i].cell);
        c = read_one(text);
        cr_expect_str_eq(c->name, ROWS[i].name, "row %zu", i);
        cr_expect_str_eq(c->karte, "7", "row %zu", i);
    }
}

Test(capture_csv, line_ends_and_blank_lines)
{
    static const char *const ROWS[] = {
        "id,month,karte\nc1,202610,1\nc2,202610,2\n",
        "id,month,karte\r\nc1,202610,1\r\nc2,202610,2",
        "id,month,karte\rc1,202610,1\rc2,202610,2\r",
        "\n\nid,month,karte\n\nc1,202610,1\n,,\n \nc2,202610,2\n\n",
        "id,month,karte,\nc1,202610,1,\nc2,202610,2,,,\n",
        "id,month,karte\nc1,202610,1\nc2,202610,2\n\x1A",
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        cr_assert_eq(read_text(ROWS[i]), FU_OK, "row %zu: %s", i, E.message_ja);
        cr_assert_eq(EV.n_captures, 2, "row %zu", i);
        cr_expect_str_eq(EV.captures[1]->id, "c2", "row %zu", i);
        cr_expect_str_eq(EV.captures[1]->karte, "2", "row %zu", i);
        cr_expect_eq(EV.captures[0]->findings.n + EV.captures[1]->findings.n, 0, "row %zu", i);
    }
    cr_assert_eq(read_text("id,month,name\nc1,202610,\"a\nb\"\n\nc2,202610,c\n"), FU_OK);
    cr_expect_eq(EV.captures[1]->line, 5);
}

Test(capture_csv, files_that_are_no_such_table_are_refused)
{
    static const struct {
        const char *text, *message;
        uint64_t line;
        uint32_t field;
    } ROWS[] = {
        {"id,month,insurr\n", "見出しの3列目「insurr」は決められていない列名です", 1, 3},
        {"id,month,氏名\n", "見出しの3列目は決められていない列名です", 1, 3},
        {"id,month,試験　花子\n", "見出しの3列目は決められていない列名です", 1, 3},
        {"id,month,0300000001\n", "見出しの3列目は決められていない列名です", 1, 3},
        {"id,month,abcdefghijklmnopqrstuvwx\n",
         "見出しの3列目「abcdefghijklmnopqrstuvwx」は決められていない列名です", 1, 3},
        {"id,month,abcdefghijklmnopqrstuvwxy\n", "見出しの3列目は決められていない列名です", 1, 3},
        {"\n\nid,ID,month\n", "見出しの2列目「ID」は決められていない列名です", 3, 2},
        {"id,month,id\n", "見出しの3列目「id」は2回あります", 1, 3},
        {"id,karte\n", "見出しに id と month の列がありません", 1, 0},
        {"month,karte\n", "見出しに id と month の列がありません", 1, 0},
        {"c1,202610,試験　花子\n", "見出しの行がありません", 1, 0},
        {"hello\n", "見出しの行がありません", 1, 0},
        {"", "中身がありません", 0, 0},
        {" \r\n\xEF\xBB\xBF", "見出しの行がありません", 2, 0},
        {"id,month,name\nc1,202610,\"a\n", "引用符が閉じられていません", 2, 0},
        {"id,month,name\nc1,202610,\"a\"b\n", "引用符の後ろに文字があります", 2, 0},
        {"id,month,name\nc1,202610,\xFF\n", "文字として読めない部分があります", 2, 0},
        {"\xEF\xBB\xBFid,month,name\nc1,202610,\x89\xD4\n", "文字として読めない部分があります", 2,
         0},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char want[512];
        snprintf(want, sizeof want, "窓口記録のファイルを読み取れません（理由：%s）。",
                 ROWS[i].message);
        cr_expect_eq(read_text(ROWS[i].text), FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(E.message_ja, want, "row %zu", i);
        cr_expect_str_eq(E.code, "E501", "row %zu", i);
        cr_expect_str_eq(E.file, "c.csv", "row %zu", i);
        cr_expect_eq(E.line, ROWS[i].line, "row %zu: %llu", i, (unsigned long long)E.line);
        cr_expect_eq(E.field, ROWS[i].field, "row %zu", i);
        cr_expect(E.hint_ja[0], "row %zu", i);
    }
}

Test(capture_csv, a_patient_never_stands_in_an_error)
{
    cr_assert_eq(read_text("試験　花子,シケンハナコ,1980-01-01\n"), FU_E_INPUT);
    cr_expect_null(strstr(E.message_ja, "試験"));
    cr_expect_null(strstr(E.message_en, "試験"));
}

Test(capture_csv, what_cannot_be_used_is_named)
{
    static const struct {
        const char *columns, *cells, *item, *found;
    } ROWS[] = {
        {"id,month,karte", ",202610,1", "id", NULL},
        {"id,month,karte", "c1,,1", "month", NULL},
        {"id,month,karte", "c1,2026/10,1", "month", "2026/10"},
        {"id,month,karte", "c1,202610", "patient", NULL},
        {"id,month,karte,birth", "c1,202610,1,1980-13-01", "birth", "1980-13-01"},
        {"id,month,karte,sex", "c1,202610,1,女", "sex", "女"},
        {"id,month,karte,check_at", "c1,202610,1,朝", "check_at", "朝"},
        {"id,month,karte,outcome", "c1,202610,1,無効", "outcome", "無効"},
        {"id,month,karte,documents", "c1,202610,1,mynacard|card", "documents", "card"},
        {"id,month,karte,declared_on", "c1,202610,1,x", "declared_on", "x"},
        {"id,month,karte,verbal", "c1,202610,1,1", "verbal", "1"},
        {"id,month,karte,kind", "c1,202610,1,社保", "kind", "社保"},
        {"id,month,karte,share", "c1,202610,1,30", "share", "30"},
        {"id,month,karte,contact", "c1,202610,1,no-answer", "contact", "no-answer"},
        {"id,month,karte,contact", "c1,202610,1,=unknown", "contact", "=unknown"},
        {"id,month,karte,contact", "c1,202610,1,2026-10-28=busy", "contact", "busy"},
        {"id,month,karte,contact", "c1,202610,1,10/28=unknown", "contact", "10/28"},
        {"id,month,karte", "c1,202610,1,extra", "見出しのない列", "extra"},
        {"id,month,karte,", "c1,202610,1,extra", "見出しのない列", "extra"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[256];
        const fu_capture *c;
        const fu_finding *f;
        snprintf(text, sizeof text, "%s\n%s\n", ROWS[i].columns, ROWS[i].cells);
        c = read_one(text);
        f = tst_only(&c->findings, FU_E502);
        cr_expect(c->unusable, "row %zu", i);
        cr_assert_not_null(f, "row %zu", i);
        cr_expect_str_eq(f->item, ROWS[i].item, "row %zu", i);
        cr_expect(tst_same(f->found, ROWS[i].found), "row %zu: %s", i, f->found ? f->found : "-");
        cr_expect_eq(f->line, 2, "row %zu", i);
    }
}

Test(capture_csv, qualifications_come_from_their_columns)
{
    static const struct {
        const char *cells;
        size_t n;
        int status; /* of the first */
        bool counts;
        const char *tokki, *second_tokki, *item;
    } ROWS[] = {
        {",,,,,,,,", 0, 0, false, NULL, NULL, NULL},
        {"01130012,1,2,00,,,,,29", 1, FU_Q_CURRENT, true, "29", NULL, NULL},
        {",,,,01130012,1,2,00,29", 1, FU_Q_FORMER, true, "29", NULL, NULL},
        {"01130012,1,2,,06130012,1,2,,29", 2, FU_Q_CURRENT, true, "29", "", NULL},
        {",,,,,,,,29", 1, FU_Q_FORMER, false, "29", NULL, NULL},
        {",1,2,,,,,,", 1, FU_Q_CURRENT, false, "", NULL, "current_insurer"},
        {",,,,01130012,1,,,", 1, FU_Q_FORMER, false, "", NULL, "former_bango"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[512];
        const fu_capture *c;
        snprintf(text, sizeof text,
                 "id,month,karte,current_insurer,current_kigo,current_bango,current_branch,"
                 "former_insurer,former_kigo,former_bango,former_branch,tokki\nc1,202610,1,%s\n",
                 ROWS[i].cells);
        c = read_one(text);
        cr_assert_eq(c->n_quals, ROWS[i].n, "row %zu", i);
        cr_expect_not(c->unusable, "row %zu", i);
        cr_expect_eq(c->findings.n, ROWS[i].item ? 1 : 0, "row %zu", i);
        if (ROWS[i].item)
            cr_expect_str_eq(c->findings.v[0].item, ROWS[i].item, "row %zu", i);
        if (c->n_quals == 0)
            continue;
        cr_expect_eq((int)c->quals[0].status, ROWS[i].status, "row %zu", i);
        cr_expect_eq(c->quals[0].counts, ROWS[i].counts, "row %zu", i);
        cr_expect_eq(c->quals[0].source, FU_WORD_NONE, "row %zu", i);
        cr_expect_str_eq(c->quals[0].tokki, ROWS[i].tokki, "row %zu", i);
        if (ROWS[i].second_tokki)
            cr_expect_str_eq(c->quals[1].tokki, ROWS[i].second_tokki, "row %zu", i);
    }
}

Test(capture_csv, any_item_of_the_declaration_makes_one)
{
    static const struct {
        const char *column, *cell;
        bool there;
    } ROWS[] = {
        {"declared_on", "20261003", true},
        {"verbal", "yes", true},
        {"verbal", "no", false},
        {"kind", "kenpo", true},
        {"share", "3", true},
        {"phone", "03-0000-0000", true},
        {"address", "東京都", true},
        {"workplace", "", false},
        {"contact", "2026-10-28=unknown", false},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        char text[256];
        const fu_capture *c;
        snprintf(text, sizeof text, "id,month,karte,%s\nc1,202610,1,%s\n", ROWS[i].column,
                 ROWS[i].cell);
        c = read_one(text);
        cr_expect_eq(c->declaration.there, ROWS[i].there, "row %zu", i);
        cr_expect_eq(c->findings.n, 0, "row %zu", i);
    }
}

Test(capture_csv, fields_have_a_limit)
{
    for (size_t n = FU_CSV_FIELDS_MAX; n <= FU_CSV_FIELDS_MAX + 1; n++) {
        char text[256] = "id,month,karte\nc1,202610,1";
        for (size_t i = 3; i < n; i++)
            strcat(text, ",");
        cr_expect_eq(read_text(text), n > FU_CSV_FIELDS_MAX ? FU_E_LIMIT : FU_OK, "%zu", n);
    }
    cr_expect_str_eq(E.message_ja,
                     "窓口記録のCSVの列の数が上限 FU_CSV_FIELDS_MAX (64) を超えています。");
    cr_expect_eq(E.line, 2);
    cr_expect_str_eq(E.code, "E513");
}

/* A row of exactly n bytes in two cells or one. */
static fu_status row_of(size_t n, bool one_cell)
{
    char *text = malloc(n + 64), *at = text;
    fu_status st;
    cr_assert_not_null(text);
    at += sprintf(at, "id,month,karte,name,kana\n");
    memcpy(at, "c1,202610,", 10);
    memset(at + 10, 'x', n - 10);
    if (!one_cell)
        at[n / 2] = ',';
    memcpy(at + n, "\n", 2);
    st = read_text(text);
    free(text);
    return st;
}

Test(capture_csv, rows_have_a_limit)
{
    for (int one = 0; one < 2; one++) {
        cr_expect_eq(row_of(FU_CSV_ROW_BYTES_MAX, one), FU_OK);
        cr_expect_eq(row_of(FU_CSV_ROW_BYTES_MAX + 1, one), FU_E_LIMIT);
        cr_expect_not_null(strstr(E.message_ja, "FU_CSV_ROW_BYTES_MAX"));
    }
}

Test(capture_csv, lists_have_a_limit)
{
    static const char *const COLUMNS[] = {"address", "contact"};
    static const char *const VALUES[] = {"|x", "|2026-10-28=unknown"};
    for (size_t i = 0; i < 2; i++) {
        for (size_t n = FU_CAPTURE_ITEMS_MAX; n <= FU_CAPTURE_ITEMS_MAX + 1; n++) {
            char text[4096];
            sprintf(text, "id,month,karte,%s\nc1,202610,1,", COLUMNS[i]);
            for (size_t k = 0; k < n; k++)
                strcat(text, VALUES[i]);
            cr_expect_eq(read_text(text), n > FU_CAPTURE_ITEMS_MAX ? FU_E_LIMIT : FU_OK,
                         "row %zu, %zu", i, n);
        }
        cr_expect_not_null(strstr(E.message_ja, "FU_CAPTURE_ITEMS_MAX"));
    }
}

Test(capture_csv, every_failing_allocation_is_reported)
{
    size_t n_bytes;
    char *bytes = tst_cp932(FULL, &n_bytes);
    fu_status st = FU_E_NOMEM;
    for (long n = 0; st != FU_OK && n < 2000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_evidence ev;
        m.fail_at = n;
        fu_evidence_init(&ev, &mem);
        st = tst_add_bytes(&ev, "c.csv", bytes, n_bytes, &E);
        if (st == FU_OK)
            st = fu_evidence_join(&ev, &E);
        cr_expect(st == FU_OK || (st == FU_E_NOMEM && E.status == FU_E_NOMEM), "call %ld: %d", n,
                  st);
        cr_expect(n > 0 || st == FU_E_NOMEM);
        fu_evidence_free(&ev);
        cr_expect_eq(m.live, 0, "call %ld", n);
    }
    cr_assert_eq(st, FU_OK);
    free(bytes);
}
