#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "rules/finding.h"
#include "support.h"

#define ARENA_MAX ((size_t)1 << 20)
#define TEXT_MAX ((size_t)4096)

/* The catalogue as the rules give it (F113 and E513: limits), written down apart from the table. */
static const char *const CATALOGUE[] = {
    "F101e", "F102e", "F103w", "F104e", "F105e", "F106e", "F107w", "F108w", "F109w", "F110e",
    "F111e", "F112e", "F113e", "H201w", "H202e", "H203e", "H204w", "H205w", "U301e", "U302e",
    "U303e", "U304e", "U305e", "U306e", "U307e", "U308w", "U309e", "U310w", "U311w", "U312i",
    "U313e", "U314e", "U315e", "U316w", "U317w", "U318w", "K351w", "K352e", "K353w", "T401e",
    "T402e", "T403e", "T404e", "T405w", "T406w", "T407e", "T408w", "T409w", "E501e", "E502e",
    "E503e", "E504w", "E505e", "E506w", "E507w", "E508w", "E509w", "E510w", "E511e", "E512e",
    "E513e", "E514e", "R601e", "R602e", "R603e", "R604e", "R605e", "R606i", "R607i", "R608e",
    "R609i", "R610w", "R611w", "R612e", "S701e", "S702e", "S703e", "S704e"};
#define CATALOGUE_N (sizeof CATALOGUE / sizeof CATALOGUE[0])

static const struct {
    const char *code, *payer;
} PAYERS[] = {{"T401", "3006"}, {"T402", "3008"}, {"T404", "3008"}, {"T403", "3128"},
              {"T407", "2165"}, {"H202", "2167"}, {"H203", "3122"}, {"F104", "2539"},
              {"F108", "2543"}, {"F109", "1917"}};

/* Every text of a row that people read. */
enum { TEXTS = 6 };
static const char *text_of(const fu_finding_row *r, int i)
{
    const char *const t[TEXTS] = {r->ja, r->en, r->hint_ja, r->hint_en, r->why_ja, r->source};
    return t[i];
}

static size_t count(const char *s, const char *part)
{
    size_t n = 0;
    for (const char *p = s; (p = strstr(p, part)) != NULL; p += strlen(part))
        n++;
    return n;
}

static fu_code code_of(const char *code)
{
    int i = fu_finding_lookup(code);
    cr_assert(i >= 0, "%s", code);
    return (fu_code)i;
}

typedef fu_status render_fn(fu_buf *out, const fu_finding *f, const char *lang);

static void expect_text(render_fn *render, const fu_finding *f, const char *lang, const char *want)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, TEXT_MAX);
    cr_expect_eq(render(&b, f, lang), FU_OK);
    cr_expect_str_eq(fu_buf_cstr(&b), want);
    fu_buf_free(&b);
}

static void expect_title(const char *code, const char *lang, const char *want)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, TEXT_MAX);
    cr_expect_eq(fu_finding_title(&b, code_of(code), lang), FU_OK);
    cr_expect_str_eq(fu_buf_cstr(&b), want);
    fu_buf_free(&b);
}

Test(finding, table_holds_the_catalogue_in_its_order_with_its_severities)
{
    static const char LETTER[] = {'i', 'w', 'e'};
    cr_assert_eq((size_t)FU_CODE_COUNT, CATALOGUE_N);
    for (size_t i = 0; i < CATALOGUE_N; i++) {
        const fu_finding_row *r = &fu_finding_rows[i];
        cr_expect_eq(strlen(r->code), 4, "row %zu", i);
        cr_expect_eq(strncmp(r->code, CATALOGUE[i], 4), 0, "row %zu: %s", i, r->code);
        cr_expect_eq(LETTER[r->severity], CATALOGUE[i][4], "row %zu: %s", i, r->code);
    }
}

Test(finding, codes_ascend_within_their_letter_and_letters_keep_their_order)
{
    static const char LETTERS[] = "FHUKTERS";
    cr_assert_gt(FU_CODE_COUNT, 1);
    for (size_t i = 1; i < FU_CODE_COUNT; i++) {
        const char *a = fu_finding_rows[i - 1].code, *b = fu_finding_rows[i].code;
        const char *la = strchr(LETTERS, a[0]), *lb = strchr(LETTERS, b[0]);
        cr_assert(la && lb, "row %zu", i);
        cr_expect(la < lb || (la == lb && strcmp(a + 1, b + 1) < 0), "row %zu: %s %s", i, a, b);
    }
}

Test(finding, every_row_has_all_its_texts_in_utf8)
{
    cr_assert_gt(FU_CODE_COUNT, 0);
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        for (int k = 0; k < TEXTS; k++) {
            const char *t = text_of(&fu_finding_rows[i], k);
            cr_assert_not_null(t);
            cr_expect(*t != '\0' && fu_utf8_valid(fu_span_str(t)), "row %zu text %d", i, k);
            cr_expect_null(strchr(t, '\n'), "row %zu text %d", i, k);
        }
        cr_expect_not_null(fu_finding_rows[i].payer, "row %zu", i);
    }
}

Test(finding, japanese_texts_are_sentences_and_english_ones_ascii)
{
    cr_assert_gt(FU_CODE_COUNT, 0);
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        const fu_finding_row *r = &fu_finding_rows[i];
        const char *const ja[] = {r->ja, r->hint_ja, r->why_ja};
        const char *const en[] = {r->en, r->hint_en};
        for (size_t k = 0; k < 3; k++) {
            size_t n = strlen(ja[k]);
            cr_expect(n > 3 && strcmp(ja[k] + n - 3, "。") == 0, "row %zu text %zu", i, k);
        }
        cr_expect_eq(count(r->hint_ja, "。"), 1, "row %zu: one next step", i);
        for (size_t k = 0; k < 2; k++) {
            for (const char *p = en[k]; *p; p++)
                cr_expect((unsigned char)*p < 0x80, "row %zu text %zu", i, k);
        }
    }
}

Test(finding, only_the_three_placeholders_occur_and_only_in_the_sentences)
{
    cr_assert_gt(FU_CODE_COUNT, 0);
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        const fu_finding_row *r = &fu_finding_rows[i];
        for (int k = 0; k < TEXTS; k++) {
            const char *t = text_of(r, k);
            size_t known = count(t, "{found}") + count(t, "{item}") + count(t, "{want}");
            cr_expect_eq(count(t, "{"), known, "row %zu text %d", i, k);
            cr_expect_eq(count(t, "}"), known, "row %zu text %d", i, k);
            cr_expect(k < 2 || known == 0, "row %zu text %d", i, k);
        }
        for (size_t k = 0; k < 3; k++) {
            static const char *const NAMES[] = {"{found}", "{item}", "{want}"};
            cr_expect_eq(count(r->ja, NAMES[k]), count(r->en, NAMES[k]), "row %zu: both say it", i);
        }
    }
}

Test(finding, brackets_in_sentences_are_closed_and_never_nested)
{
    cr_assert_gt(FU_CODE_COUNT, 0);
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        const char *const t[] = {fu_finding_rows[i].ja, fu_finding_rows[i].en};
        const char *const open[] = {"（", "("}, *const close[] = {"）", ")"};
        for (size_t k = 0; k < 2; k++) {
            const char *p = t[k];
            while ((p = strstr(p, open[k])) != NULL) {
                const char *end = strstr(p, close[k]);
                const char *inner = strstr(p + strlen(open[k]), open[k]);
                cr_assert_not_null(end, "row %zu", i);
                cr_expect(!inner || inner > end, "row %zu", i);
                p = end;
            }
            cr_expect_eq(count(t[k], open[k]), count(t[k], close[k]), "row %zu", i);
        }
    }
}

Test(finding, types_and_months_are_limited_only_where_the_rule_is)
{
    static const struct {
        const char *code;
        unsigned types;
        int32_t from;
    } LIMITED[] = {{"F105", FU_T_ALL & ~(unsigned)FU_T_NUR, 0},
                   {"T401", FU_T_ALL, 201808},
                   {"T402", FU_T_ALL, 201808},
                   {"T405", FU_T_ALL, 202210},
                   {"T408", FU_T_ALL, 202210}};
    const size_t n = sizeof LIMITED / sizeof LIMITED[0];
    cr_assert_gt(FU_CODE_COUNT, 0);
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        const fu_finding_row *r = &fu_finding_rows[i];
        unsigned types = FU_T_ALL;
        int32_t from = 0;
        for (size_t k = 0; k < n; k++) {
            if (strcmp(LIMITED[k].code, r->code) == 0) {
                types = LIMITED[k].types;
                from = LIMITED[k].from;
            }
        }
        cr_expect_eq(r->types, types, "%s", r->code);
        cr_expect_eq(r->from, from, "%s", r->code);
        cr_expect_eq(r->to, 0, "%s", r->code);
    }
}

Test(finding, payer_codes_stand_where_a_secondary_source_has_them)
{
    size_t known = 0;
    for (size_t i = 0; i < sizeof PAYERS / sizeof PAYERS[0]; i++)
        cr_expect_str_eq(fu_finding_rows[code_of(PAYERS[i].code)].payer, PAYERS[i].payer);
    for (size_t i = 0; i < FU_CODE_COUNT; i++)
        known += *fu_finding_rows[i].payer != '\0';
    cr_assert_eq(known, sizeof PAYERS / sizeof PAYERS[0]);
}

Test(finding, lookup_finds_every_code_and_nothing_else)
{
    static const char *const UNKNOWN[] = {"",     "T4",    "T40",   "T400", "T410",
                                          "t403", "T4033", " T403", "Z999"};
    for (size_t i = 0; i < FU_CODE_COUNT; i++)
        cr_expect_eq(fu_finding_lookup(fu_finding_rows[i].code), (int)i, "row %zu", i);
    for (size_t i = 0; i < sizeof UNKNOWN / sizeof UNKNOWN[0]; i++)
        cr_expect_eq(fu_finding_lookup(UNKNOWN[i]), -1, "row %zu", i);
    cr_assert_eq(fu_finding_lookup(NULL), -1);
    cr_assert_eq(fu_finding_lookup("T403"), FU_T403);
}

Test(finding, message_with_every_placeholder_filled)
{
    fu_finding f = {.code = FU_F105, .item = "総件数", .found = "12", .want = "13"};
    expect_text(fu_finding_message, &f, "ja",
                "ファイルの最後の合計（GO "
                "レコード）が、レセプトの内容と一致しません（総件数　記録：12　計算：13）。");
    expect_text(fu_finding_message, &f, "en",
                "total does not agree (総件数, recorded 12, counted 13)");
}

Test(finding, message_without_placeholders_is_the_rows_sentence)
{
    fu_finding f = {.code = FU_U305, .found = "77777777", .item = "x", .want = "y"};
    expect_text(fu_finding_message, &f, "ja",
                "不詳のレセプトですが、摘要欄に「不詳」がありません。");
    expect_text(fu_finding_message, &f, "en", "fusho comment is missing from tekiyo");
    cr_assert_str_eq(fu_finding_rows[FU_U305].code, "U305");
}

Test(finding, missing_found_is_named_and_missing_others_are_nothing)
{
    fu_finding f = {.code = FU_T403};
    expect_text(fu_finding_message, &f, "ja",
                "同時に記録できない所得区分の特記事項があります（特記事項：（なし））。");
    expect_text(fu_finding_message, &f, "en", "class codes exclude each other ((none))");
    f.found = "";
    expect_text(fu_finding_message, &f, "ja",
                "同時に記録できない所得区分の特記事項があります（特記事項：（なし））。");
    f.found = "2629";
    expect_text(fu_finding_message, &f, "ja",
                "同時に記録できない所得区分の特記事項があります（特記事項：2629）。");
    cr_assert_eq(f.code, FU_T403);
}

Test(finding, bracket_without_anything_to_say_is_left_out)
{
    fu_finding f = {.code = FU_E504, .found = "c1"};
    expect_text(fu_finding_message, &f, "ja", "窓口記録「c1」に対応するレセプトが見つかりません。");
    expect_text(fu_finding_message, &f, "en", "no claim found for capture c1");
    f.item = "生年月日が異なります";
    expect_text(fu_finding_message, &f, "ja",
                "窓口記録「c1」に対応するレセプトが見つかりません（生年月日が異なります）。");
    expect_text(fu_finding_message, &f, "en",
                "no claim found for capture c1 (生年月日が異なります)");
    cr_assert_null(f.want);
}

Test(finding, bracket_with_one_of_two_items_stays)
{
    fu_finding f = {.code = FU_F113, .want = "65536"};
    expect_text(fu_finding_message, &f, "ja",
                "ファイルが処理できる上限を超えています（上限：　値：65536）。");
    f.want = NULL;
    expect_text(fu_finding_message, &f, "ja", "ファイルが処理できる上限を超えています。");
    expect_text(fu_finding_message, &f, "en", "limit exceeded");
    cr_assert_eq(f.code, FU_F113);
}

Test(finding, bracket_without_placeholders_is_text)
{
    fu_finding f = {.code = FU_H201, .found = "01130013"};
    expect_text(fu_finding_message, &f, "ja",
                "保険者番号「01130013」の検証番号（末尾の1桁）が合いません。");
    f.want = "2";
    expect_text(fu_finding_message, &f, "ja",
                "保険者番号「01130013」の検証番号（末尾の1桁）が合いません（正しい値：2）。");
    cr_assert_eq(f.code, FU_H201);
}

Test(finding, value_that_looks_like_a_placeholder_is_not_filled_again)
{
    fu_finding f = {.code = FU_H202, .found = "{want}（{item}）%s", .item = "A", .want = "B"};
    expect_text(fu_finding_message, &f, "ja",
                "保険者番号「{want}（{item}）%s」が8桁ではありません。");
    cr_assert_eq(f.code, FU_H202);
}

Test(finding, hint_is_the_next_step_in_the_language_asked_for)
{
    fu_finding f = {.code = FU_U302, .found = "１２３"};
    expect_text(fu_finding_hint, &f, "ja", "レセコンで記号を空欄にしてください。");
    expect_text(fu_finding_hint, &f, "en", "leave kigo empty");
    expect_text(fu_finding_hint, &f, "fr", "レセコンで記号を空欄にしてください。");
    expect_text(fu_finding_hint, &f, NULL, "レセコンで記号を空欄にしてください。");
    cr_assert_eq(f.code, FU_U302);
}

Test(finding, an_element_or_column_is_named_in_the_desks_words_first)
{
    fu_finding f = {0};
    f.code = FU_E505;
    f.item = "contact";
    expect_text(fu_finding_message, &f, "ja",
                "窓口記録の内容が互いに矛盾しています（項目：患者への連絡 contact）。");
    expect_text(fu_finding_message, &f, "en", "capture contradicts itself (contact)");
    f.item = "contacts"; /* no such name */
    expect_text(fu_finding_message, &f, "ja",
                "窓口記録の内容が互いに矛盾しています（項目：contacts）。");
}

Test(finding, title_shows_an_ellipsis_for_every_value)
{
    expect_title("U303", "ja", "不詳のレセプトの番号が「…」です（正しい値：…）。");
    expect_title("U303", "en", "bango of a fusho claim is … (expected …)");
    expect_title("E504", "ja", "窓口記録「…」に対応するレセプトが見つかりません（…）。");
    expect_title("R602", "ja", "患者への確認の連絡が、まだ行われていません。");
    for (size_t i = 0; i < FU_CODE_COUNT; i++) {
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, TEXT_MAX);
        cr_assert_eq(fu_finding_title(&b, (fu_code)i, "ja"), FU_OK);
        cr_expect_null(strchr(fu_buf_cstr(&b), '{'), "row %zu", i);
        cr_expect_eq(count(fu_buf_cstr(&b), "…"), count(fu_finding_rows[i].ja, "{"), "row %zu", i);
        fu_buf_free(&b);
    }
}

Test(finding, rendering_reports_a_full_buffer_and_missing_memory)
{
    fu_finding f = {.code = FU_T403, .found = "2629"};
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 10);
    cr_assert_eq(fu_finding_message(&b, &f, "ja"), FU_E_LIMIT);
    fu_buf_free(&b);
    m.fail_at = 0;
    fu_buf_init(&b, &mem, TEXT_MAX);
    cr_assert_eq(fu_finding_hint(&b, &f, "ja"), FU_E_NOMEM);
    fu_buf_free(&b);
    fu_buf_init(&b, &mem, TEXT_MAX);
    m.calls = 0;
    cr_assert_eq(fu_finding_title(&b, FU_T403, "ja"), FU_E_NOMEM);
    fu_buf_free(&b);
    cr_assert_eq(m.live, 0);
}

Test(finding, list_keeps_order_and_takes_severity_and_payer_from_the_row)
{
    static const fu_code CODES[] = {FU_T403, FU_R606, FU_F103, FU_T403};
    fu_arena a;
    fu_findings l;
    fu_arena_init(&a, &fu_mem_libc, ARENA_MAX);
    fu_findings_init(&l, &a);
    for (size_t i = 0; i < 40; i++)
        fu_findings_add(&l, CODES[i % 4])->line = i + 1;
    cr_assert(!l.failed);
    cr_assert_eq(l.n, 40);
    for (size_t i = 0; i < 40; i++) {
        cr_expect_eq(l.v[i].code, CODES[i % 4], "row %zu", i);
        cr_expect_eq(l.v[i].line, i + 1, "row %zu", i);
        cr_expect(!l.v[i].found && !l.v[i].file && !l.v[i].record[0], "row %zu", i);
    }
    cr_expect_eq(l.v[0].severity, FU_ERROR);
    cr_expect_str_eq(l.v[0].payer, "3128");
    cr_expect_eq(l.v[1].severity, FU_INFO);
    cr_expect_eq(l.v[2].severity, FU_WARNING);
    cr_expect_str_eq(l.v[2].payer, "");
    cr_expect_eq(fu_findings_count(&l, FU_ERROR), 20);
    cr_expect_eq(fu_findings_count(&l, FU_WARNING), 10);
    cr_expect_eq(fu_findings_count(&l, FU_INFO), 10);
    cr_expect(fu_findings_has(&l, FU_R606));
    cr_expect(!fu_findings_has(&l, FU_T402));
    fu_arena_free(&a);
}

Test(finding, texts_are_copied_into_the_list)
{
    char text[] = "2629 and more";
    fu_arena a;
    fu_findings l;
    const char *p;
    fu_arena_init(&a, &fu_mem_libc, ARENA_MAX);
    fu_findings_init(&l, &a);
    p = fu_findings_text(&l, fu_span_of(text, 4));
    memset(text, 'x', sizeof text);
    cr_assert_str_eq(p, "2629");
    cr_assert_str_eq(fu_findings_text(&l, fu_span_str("")), "");
    cr_assert(!l.failed);
    fu_arena_free(&a);
}

Test(finding, every_element_and_column_has_its_word)
{
    static const char *const rows[][2] = {
        {"id", "記録の番号"},
        {"month", "診療年月"},
        {"patient", "患者"},
        {"karte", "カルテ番号"},
        {"name", "氏名"},
        {"kana", "カナ氏名"},
        {"birth", "生年月日"},
        {"sex", "性別"},
        {"check", "オンライン資格確認"},
        {"at", "確認の日時"},
        {"check_at", "確認の日時"},
        {"outcome", "確認の結果"},
        {"response", "確認結果のファイル"},
        {"presented", "提示されたもの"},
        {"document", "提示されたもの"},
        {"documents", "提示されたもの"},
        {"qualification", "資格の番号"},
        {"status", "現在か旧かの区別"},
        {"source", "資格を知った方法"},
        {"insurer", "保険者番号"},
        {"kigo", "記号"},
        {"bango", "番号"},
        {"branch", "枝番"},
        {"tokki", "特記事項"},
        {"from", "資格の始まる日"},
        {"to", "資格の終わる日"},
        {"declaration", "被保険者資格申立書"},
        {"on", "日付"},
        {"declared_on", "申立書の日付"},
        {"kind", "保険種別"},
        {"insurer-name", "保険者等名称"},
        {"insurer_name", "保険者等名称"},
        {"workplace", "事業所名"},
        {"share", "一部負担金の割合"},
        {"phone", "連絡先電話番号"},
        {"verbal", "口頭での確認"},
        {"address", "住所"},
        {"contact", "患者への連絡"},
        {"result", "連絡の結果"},
        {"current_insurer", "現在の保険者番号"},
        {"current_kigo", "現在の記号"},
        {"current_bango", "現在の番号"},
        {"current_branch", "現在の枝番"},
        {"former_insurer", "旧資格の保険者番号"},
        {"former_kigo", "旧資格の記号"},
        {"former_bango", "旧資格の番号"},
        {"former_branch", "旧資格の枝番"},
        {"InsurerNumber", "保険者番号"},
        {"Birthdate", "生年月日"},
        {"Birthdate、ReferenceNumber", "生年月日、照会番号"},
        {"QualificationConfirmationDate", "資格確認日"},
        {"QualificationDate", "資格取得年月日"},
        {"DisqualificationDate", "資格喪失年月日"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_finding f = {.code = FU_E502, .item = rows[i][0]};
        char want[128];
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, 4096);
        snprintf(want, sizeof want, "%s %s", rows[i][1], rows[i][0]);
        cr_expect_eq(fu_finding_message(&b, &f, "ja"), FU_OK);
        fu_buf_char(&b, '\0');
        cr_expect_not_null(strstr((const char *)b.p, want), "row %zu: %s", i, (const char *)b.p);
        fu_buf_free(&b);
    }
}

Test(finding, full_list_hands_out_a_scratch_entry_and_stays_failed)
{
    fu_arena a;
    fu_findings l;
    fu_finding *f;
    fu_arena_init(&a, &fu_mem_libc, 16);
    fu_findings_init(&l, &a);
    f = fu_findings_add(&l, FU_U305);
    cr_assert_not_null(f);
    cr_assert(l.failed);
    cr_assert_eq(l.n, 0);
    cr_assert_eq(f->code, FU_U305);
    f->line = 7;
    cr_assert_eq(fu_findings_add(&l, FU_T403)->line, 0);
    cr_assert_eq(fu_findings_count(&l, FU_ERROR), 0);
    cr_assert_str_eq(fu_findings_text(&l, fu_span_str("a text beyond the maximum")), "");
    fu_arena_free(&a);
}

/* True when every entry and text found room. */
static bool fill(const fu_mem *mem)
{
    static unsigned char big[20000];
    fu_arena a;
    fu_findings l;
    bool ok;
    memset(big, 'a', sizeof big);
    fu_arena_init(&a, mem, ARENA_MAX);
    fu_findings_init(&l, &a);
    for (size_t i = 0; i < 300; i++)
        fu_findings_add(&l, FU_T403)->found = fu_findings_text(&l, fu_span_str("2629"));
    fu_findings_text(&l, fu_span_of(big, sizeof big));
    ok = !l.failed;
    cr_expect(!ok || l.n == 300);
    fu_arena_free(&a);
    return ok;
}

Test(finding, list_survives_every_allocation_failure)
{
    bool ok = false;
    for (long n = 0; !ok && n < 1000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        m.fail_at = n;
        ok = fill(&mem);
        cr_expect_eq(m.live, 0, "failure %ld", n);
        cr_expect(n > 0 || !ok);
    }
    cr_assert(ok);
}
