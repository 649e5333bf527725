#include <criterion/criterion.h>
#include <string.h>

#include "report/report.h"
#include "support.h"

static void expect_page(const char *code, const char *lang, const char *want)
{
    tst_file out = TST_FILE_INIT;
    fu_stream to = tst_stream(&out);
    fu_error e;
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, code, lang, &e), FU_OK);
    cr_assert_eq(out.n, strlen(want), "%.*s", (int)out.n, (const char *)out.p);
    cr_assert_eq(memcmp(out.p, want, out.n), 0, "%.*s", (int)out.n, (const char *)out.p);
    tst_file_free(&out);
}

Test(explain, code_shows_its_page_in_japanese)
{
    expect_page("T403", "ja",
                "T403  エラー  同時に記録できない所得区分の特記事項があります（特記事項：…）。\n"
                "\n何を意味するか・理由\n"
                "  所得区分の特記事項（26～35、41～44）は、1件のレセプトに1つだけ記録します。"
                "2つあると所得区分を決められず、返戻されることがあります。\n"
                "\n次にすること\n"
                "  患者の所得区分を確かめ、正しい1つだけを残してください。\n"
                "\n審査支払機関のコード（二次資料による）\n  3128\n"
                "\n出典\n  受付・事務点検（二次資料）\n");
}

Test(explain, page_names_types_and_months_where_the_rule_is_limited)
{
    expect_page(
        "F105", "ja",
        "F105  エラー  ファイルの最後の合計（GO レコード）が、レセプトの内容と一致しません（…　記録：…　計算：…）。\n"
        "\n何を意味するか・理由\n"
        "  総件数は医療保険と公費をそれぞれ1件として数え、総合計点数は医療保険（ない場合は"
        "第一公費）の点数を合計します。合わない場合は、出力の後にレセプトが抜けたか、"
        "ファイルに手が加えられたおそれがあります。\n"
        "\n次にすること\n"
        "  ファイルに抜けや重複がないかを確かめ、レセコンから出力し直してください。\n"
        "\n対象のレセプト\n  医科・DPC・歯科・調剤\n"
        "\n出典\n  記録条件仕様（医科）診療報酬請求書レコード\n");
    expect_page("T405", "ja",
                "T405  警告  75歳以上の後期高齢者のレセプトに、特記事項「…」が記録されています。\n"
                "\n何を意味するか・理由\n"
                "  2022年10月診療分から、後期高齢者の2割は41区カ（多数回は43多カ）、"
                "1割は42区キ（多数回は44多キ）に分かれました。"
                "29区エ・34多エは70歳から74歳までの区分です。\n"
                "\n次にすること\n"
                "  2割の場合は41区カ、1割の場合は42区キでよいかを確かめてください。\n"
                "\n期間\n  2022-10 診療分から\n"
                "\n出典\n  疑義解釈 2023-09-15 問5、記載要領（二次資料）\n");
}

Test(explain, page_in_english_keeps_the_japanese_reason)
{
    expect_page("F105", "en",
                "F105  error  total does not agree (…, recorded …, counted …)\n"
                "\nWhat it means and why (in Japanese)\n"
                "  総件数は医療保険と公費をそれぞれ1件として数え、総合計点数は医療保険（ない場合は"
                "第一公費）の点数を合計します。合わない場合は、出力の後にレセプトが抜けたか、"
                "ファイルに手が加えられたおそれがあります。\n"
                "\nNext step\n"
                "  check the file for missing or doubled claims and write it again\n"
                "\nClaim types\n  medical, DPC, dental, pharmacy\n"
                "\nSource\n  記録条件仕様（医科）診療報酬請求書レコード\n");
}

/* The catalogue as text, NUL-terminated; free with tst_file_free. */
static void list(tst_file *out, const char *code, const char *lang)
{
    fu_stream to = tst_stream(out);
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, code, lang, NULL), FU_OK);
    cr_assert_eq(to.write(to.ctx, "", 1), 1);
}

Test(explain, without_a_code_every_finding_has_one_line)
{
    tst_file out = TST_FILE_INIT;
    size_t n = 0;
    list(&out, "", "ja");
    for (char *p = (char *)out.p; *p; n++) {
        char *end = strchr(p, '\n');
        cr_assert_not_null(end);
        cr_assert_lt(n, FU_CODE_COUNT);
        cr_expect_eq(strncmp(p, fu_finding_rows[n].code, 4), 0, "line %zu", n);
        cr_expect_eq(strncmp(p + 4, "  ", 2), 0, "line %zu", n);
        p = end + 1;
    }
    cr_assert_eq(n, FU_CODE_COUNT);
    cr_assert_not_null(
        strstr((char *)out.p, "\nU312  情報  保険者番号に 77777779 が使われています。\n"));
    cr_assert_not_null(
        strstr((char *)out.p, "\nU306  エラー  「不詳」が摘要欄の先頭にありません。\n"));
    cr_assert_null(strchr((char *)out.p, '{'));
    cr_assert_null(strchr((char *)out.p, '\r'));
    tst_file_free(&out);
}

Test(explain, list_in_english)
{
    tst_file out = TST_FILE_INIT;
    list(&out, NULL, "en");
    cr_assert_not_null(
        strstr((char *)out.p, "\nT403  error  class codes exclude each other (…)\n"));
    cr_assert_not_null(strstr((char *)out.p, "\nU312  info  77777779 is used\n"));
    cr_assert_not_null(
        strstr((char *)out.p, "\nE508  warning  text cut to the length that can be recorded (…)\n"));
    tst_file_free(&out);
}

Test(explain, language_other_than_english_is_japanese)
{
    tst_file a = TST_FILE_INIT, b = TST_FILE_INIT;
    list(&a, "", NULL);
    list(&b, "", "ja");
    cr_assert_eq(a.n, b.n);
    cr_assert_eq(memcmp(a.p, b.p, a.n), 0);
    tst_file_free(&a);
    tst_file_free(&b);
}

Test(explain, unknown_code_is_misuse_and_writes_nothing)
{
    tst_file out = TST_FILE_INIT;
    fu_stream to = tst_stream(&out);
    fu_error e;
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "T999", "ja", &e), FU_E_MISUSE);
    cr_assert_eq(e.status, FU_E_MISUSE);
    cr_assert_str_eq(e.message_ja, "そのコードの指摘はありません。");
    cr_assert_str_eq(e.hint_ja, "コードを付けずに実行すると、一覧を表示します。");
    cr_assert_eq(out.ops, 0);
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "T430", "ja", &e), FU_E_MISUSE);
    cr_assert_str_eq(e.hint_ja, "T403 のことですか。");
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "4T03", "ja", &e), FU_E_MISUSE);
    cr_assert_str_eq(e.hint_ja, "T403 のことですか。");
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "T4030", "ja", &e), FU_E_MISUSE);
    cr_assert_str_eq(e.hint_ja, "コードを付けずに実行すると、一覧を表示します。");
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "t403", "ja", NULL), FU_E_MISUSE);
    tst_file_free(&out);
}

Test(explain, short_writes_are_continued_and_faults_reported)
{
    tst_file out = TST_FILE_INIT;
    fu_stream to = tst_stream(&out);
    fu_error e;
    out.chunk = 7;
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "U312", "ja", &e), FU_OK);
    cr_assert_gt(out.n, 100);
    out.ops = 0;
    out.fail_at = 2;
    cr_assert_eq(fu_explain(&fu_mem_libc, &to, "U312", "ja", &e), FU_E_STORE);
    cr_assert_eq(e.status, FU_E_STORE);
    tst_file_free(&out);
}

Test(explain, survives_every_allocation_failure)
{
    static const char *const CODES[] = {"T403", ""};
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        fu_status st = FU_E_NOMEM;
        for (long n = 0; st != FU_OK && n < 1000; n++) {
            tst_mem m = TST_MEM_INIT;
            fu_mem mem = tst_mem_of(&m);
            tst_file out = TST_FILE_INIT;
            fu_stream to = tst_stream(&out);
            fu_error e = {0};
            m.fail_at = n;
            st = fu_explain(&mem, &to, CODES[i], "ja", &e);
            cr_expect_eq(m.live, 0, "row %zu failure %ld", i, n);
            cr_expect(n > 0 || st == FU_E_NOMEM, "row %zu", i);
            cr_expect(st == FU_OK || (e.status == FU_E_NOMEM && out.n == 0), "row %zu failure %ld",
                      i, n);
            tst_file_free(&out);
        }
        cr_assert_eq(st, FU_OK, "row %zu", i);
    }
}
