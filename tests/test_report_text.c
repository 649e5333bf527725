#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support_report.h"

typedef struct run {
    tst_file f;
    fu_stream to;
    fu_report *r;
    fu_arena a;
    fu_findings l;
} run;

static void start_with(run *u, const fu_report_options *options)
{
    fu_report_options o = *options;
    static const tst_file none = TST_FILE_INIT;
    fu_error e;
    u->f = none;
    u->to = tst_stream(&u->f);
    fu_arena_init(&u->a, &fu_mem_libc, 1u << 20);
    fu_findings_init(&u->l, &u->a);
    cr_assert_eq(fu_report_open(&u->r, &fu_mem_libc, &u->to, &o, &e), FU_OK);
    cr_assert_eq(fu_report_begin(u->r, "RECEIPTC.UKE", &e), FU_OK);
}

static void start(run *u, const char *lang, bool verbose)
{
    fu_report_options o = REP_OPTIONS;
    o.lang = lang;
    o.verbose = verbose;
    start_with(u, &o);
}

static void claim(run *u, const fu_shown_claim *c, bool with_findings)
{
    fu_error e;
    cr_assert_eq(fu_report_claim(u->r, c, with_findings ? &u->l : NULL, &e), FU_OK);
}

static char *finish(run *u, const fu_summary *s)
{
    fu_error e;
    char *text;
    cr_assert_eq(fu_report_summary(u->r, s, &e), FU_OK);
    cr_assert_eq(fu_report_end(u->r, &e), FU_OK);
    fu_report_close(u->r);
    fu_arena_free(&u->a);
    text = rep_text(&u->f);
    tst_file_free(&u->f);
    return text;
}

Test(report_text, says_what_was_done_what_is_left_and_the_numbers)
{
    static const char want[] =
        "ファイル: RECEIPTC.UKE\n"
        "\n"
        "【行ったこと】\n"
        "レセプト番号 2（行 34、カルテ番号 00697）: 不詳で請求\n"
        "  理由: 申立書があり、資格がわからないため\n"
        "  保険者番号 01130012 → 77777777\n"
        "  削除: SN,1,01,,,,00,,\n"
        "  摘要に追加: CO,01,1,820000246,\n"
        "  摘要に追加: CO,01,1,830000501,（氏名）\n"
        "  再審査・取下げの期限: 2027-05-20\n"
        "レセプト番号 5（行 80、カルテ番号 00701）: 保留（書き換えていません）\n"
        "  理由: まだ連絡していないため\n"
        "\n"
        "【残っていること】\n"
        "RECEIPTC.UKE: レセプト番号 2（行 34、カルテ番号 00697） T403 エラー: "
        "同時に記録できない所得区分の特記事項があります（特記事項：2629）。 → "
        "患者の所得区分を確かめ、正しい1つだけを残してください。\n"
        "RECEIPTC.UKE: レセプト番号 2（カルテ番号 00697） R606 情報: "
        "この不詳請求の再審査・取下げは、2027-05-20 まで申し出ることができます。 → "
        "後日、資格がわかった場合は、この日までに再審査または取下げを申し出てください。\n"
        "\n"
        "【まとめ】\n"
        "レセプト 12 件、請求先の延べ 17 件\n"
        "不詳 1 件、旧資格情報 0 件、現在の資格 0 件、保留 1 件\n"
        "エラー 1 件、警告 0 件、情報 1 件\n"
        "紙で請求するレセプトには、上部の余白に赤字で「不詳」と書いてください。\n"
        "書き出したファイル: OUT.UKE\n"
        "元に戻すための控え: OUT.UKE.fusho\n";
    run u;
    char *s;
    start(&u, "ja", false);
    rep_r606(&u.l);
    rep_t403(&u.l);
    claim(&u, &REP_FUSHO, true);
    claim(&u, &REP_NONE, false);
    claim(&u, &REP_HOLD, false);
    s = finish(&u, &REP_SUMMARY);
    cr_expect_str_eq(s, want);
    free(s);
}

Test(report_text, speaks_english_when_asked)
{
    static const char want[] = "File: RECEIPTC.UKE\n"
                               "\n"
                               "[Done]\n"
                               "receipt no. 5 (line 80, chart no. 00701): held, not rewritten\n"
                               "  reason: まだ連絡していないため\n"
                               "\n"
                               "[Left to do]\n"
                               "RECEIPTC.UKE: receipt no. 5 (line 34, chart no. 00701) T403 error: "
                               "class codes exclude each "
                               "other (2629) → keep only the right one\n"
                               "\n"
                               "[Summary]\n"
                               "claims 12, payers 17\n"
                               "不詳 1, former insurance 0, current insurance 0, on hold 1\n"
                               "errors 1, warnings 0, infos 1\n"
                               "On claims sent on paper, write 不詳 in red in the upper margin.\n"
                               "output: OUT.UKE\n"
                               "journal: OUT.UKE.fusho\n";
    run u;
    char *s;
    start(&u, "en", false);
    rep_t403(&u.l);
    claim(&u, &REP_HOLD, true);
    s = finish(&u, &REP_SUMMARY);
    cr_expect_str_eq(s, want);
    free(s);
}

Test(report_text, says_so_when_nothing_was_done_and_nothing_is_left)
{
    static const fu_summary clean = {.claims = 3, .payers = 3, .check_only = true};
    run u;
    char *s;
    start(&u, NULL, false);
    claim(&u, &REP_NONE, false);
    s = finish(&u, &clean);
    cr_expect_str_eq(s, "ファイル: RECEIPTC.UKE\n\n【行ったこと】\n"
                        "書き換えたレセプトはありません。\n\n【残っていること】\n"
                        "残っていることはありません。\n\n【まとめ】\n"
                        "レセプト 3 件、請求先の延べ 3 件\n"
                        "不詳 0 件、旧資格情報 0 件、現在の資格 0 件、保留 0 件\n"
                        "エラー 0 件、警告 0 件、情報 0 件\n書き込みはしていません。\n");
    free(s);
}

Test(report_text, never_says_something_was_written_when_nothing_was)
{
    static const struct {
        bool dry_run, check_only;
        const char *output;
        int exit_status;
        const char *says;
    } rows[] = {
        {true, false, "OUT.UKE", 0, "\n書き込みはしていません。\n"},
        {false, true, NULL, 1, "\n書き込みはしていません。\n"},
        {false, false, NULL, 0, "\n書き込みはしていません。\n"},
        {false, false, "OUT.UKE", 3,
         "\nこのファイルは処理できませんでした。何も書き出していません。\n"},
        {false, false, "OUT.UKE", 4,
         "\nこのファイルは処理できませんでした。何も書き出していません。\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_summary s = REP_SUMMARY;
        run u;
        char *text;
        s.dry_run = rows[i].dry_run;
        s.check_only = rows[i].check_only;
        s.output = rows[i].output;
        s.exit_status = rows[i].exit_status;
        start(&u, "ja", false);
        claim(&u, &REP_FUSHO, false);
        text = finish(&u, &s);
        cr_expect_not_null(strstr(text, rows[i].says), "row %zu", i);
        cr_expect_not_null(
            strstr(text,
                   "【行ったこと】\n書き込みはしていません。書き込むとすれば次のとおりです。\n"),
            "row %zu", i);
        cr_expect_null(strstr(text, "OUT.UKE"), "row %zu", i);
        free(text);
    }
}

Test(report_text, errors_come_first_then_warnings_then_infos)
{
    static const char *const order[] = {"T403 エラー", "F103 警告", "R606 情報"};
    run u;
    fu_error e;
    char *s;
    const char *at, *prev;
    start(&u, "ja", false);
    rep_r606(&u.l);
    rep_f103(&u.l);
    rep_t403(&u.l);
    cr_assert_eq(fu_report_findings(u.r, &u.l, &e), FU_OK);
    s = finish(&u, &REP_SUMMARY);
    prev = s;
    for (size_t i = 0; i < 3; i++) {
        at = strstr(s, order[i]);
        cr_assert_not_null(at, "row %zu", i);
        cr_expect_gt(at, prev, "row %zu", i);
        prev = at;
    }
    free(s);
}

Test(report_text, parts_of_a_place_that_do_not_apply_are_left_out)
{
    static const struct {
        const char *receipt_no, *karte;
        uint64_t claim, line;
        bool with_claim;
        const char *want;
    } rows[] = {
        {"12", "00697", 2, 34, true,
         "RECEIPTC.UKE: レセプト番号 12（行 34、カルテ番号 00697） F103 "},
        {"12", "", 2, 34, true, "RECEIPTC.UKE: レセプト番号 12（行 34） F103 "},
        {"12", NULL, 2, 0, true, "RECEIPTC.UKE: レセプト番号 12 F103 "},
        {"", "00697", 2, 0, true, "RECEIPTC.UKE: 2 件目のレセプト（カルテ番号 00697） F103 "},
        {"", "", 2, 34, false, "RECEIPTC.UKE: 2 件目のレセプト（行 34） F103 "},
        {"", "", 0, 34, false, "RECEIPTC.UKE: 行 34 F103 "},
        {"", "", 0, 0, false, "RECEIPTC.UKE: F103 "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_shown_claim c = REP_HOLD;
        fu_finding *f;
        fu_error e;
        run u;
        char *s;
        c.receipt_no = rows[i].receipt_no;
        c.karte = rows[i].karte;
        start(&u, "ja", false);
        f = rep_f103(&u.l);
        f->claim = rows[i].claim;
        f->line = rows[i].line;
        if (rows[i].with_claim)
            claim(&u, &c, true);
        else
            cr_assert_eq(fu_report_findings(u.r, &u.l, &e), FU_OK);
        s = finish(&u, &REP_SUMMARY);
        cr_expect_not_null(strstr(s, rows[i].want), "row %zu: %s", i, s);
        free(s);
    }
}

Test(report_text, edits_are_said_in_words)
{
    static const struct {
        fu_shown_edit edit;
        const char *want;
    } rows[] = {
        {{FU_OP_REPLACE, 1, "HO", 3, "記号", "６４４", "", NULL, ""}, "  記号 ６４４ → （空）\n"},
        {{FU_OP_REPLACE, 1, "HO", 4, "番号", NULL, "777777777", NULL, ""},
         "  番号 （空） → 777777777\n"},
        {{FU_OP_REPLACE, 1, "RE", 12, "", "26", "29", NULL, ""}, "  RE 12 26 → 29\n"},
        {{FU_OP_DELETE, 1, "SN", 0, "", NULL, NULL, "SN,1", ""}, "  削除: SN,1\n"},
        {{FU_OP_INSERT, 1, "TK", 0, "", NULL, NULL, "TK,830000501,ｹﾝｻ ﾊﾅｺ", ""},
         "  摘要に追加: TK,830000501,（氏名）\n"},
        {{FU_OP_DELETE, 1, "CO", 0, "", NULL, NULL, "CO,99,1,830000501,ケンサ,,,,,,", ""},
         "  削除: CO,99,1,830000501,（氏名）,,,,,,\n"},
        {{FU_OP_INSERT, 1, "CO", 0, "", NULL, NULL, "CO,01,1,830000501", ""},
         "  摘要に追加: CO,01,1,830000501\n"},
        {{FU_OP_INSERT, 1, "CO", 0, "", NULL, NULL, "CO,01,1,830000502,健保", ""},
         "  摘要に追加: CO,01,1,830000502,健保\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_shown_claim c = REP_FUSHO;
        run u;
        char *s;
        c.edits = &rows[i].edit;
        c.n_edits = 1;
        start(&u, "ja", false);
        claim(&u, &c, false);
        s = finish(&u, &REP_SUMMARY);
        cr_expect_not_null(strstr(s, rows[i].want), "row %zu: %s", i, s);
        free(s);
    }
}

Test(report_text, every_route_has_its_words)
{
    static const struct {
        const char *route, *want;
    } rows[] = {
        {"current", ": 現在の資格で請求\n  書き換える必要はありませんでした。\n"},
        {"kyushikaku", ": 旧資格情報で請求\n  書き換える必要はありませんでした。\n"},
        {"fusho", ": 不詳で請求\n  書き換える必要はありませんでした。\n"},
        {"hold", ": 保留（書き換えていません）\n\n"},
        {"none", ": 対象外\n\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_shown_claim c = REP_NONE;
        run u;
        char *s;
        c.route = rows[i].route;
        start(&u, "ja", true);
        claim(&u, &c, false);
        s = finish(&u, &REP_SUMMARY);
        cr_expect_not_null(strstr(s, rows[i].want), "row %zu: %s", i, s);
        free(s);
    }
}

Test(report_text, matches_are_shown_only_when_verbose)
{
    for (int verbose = 0; verbose < 2; verbose++) {
        run u;
        fu_error e;
        char *s;
        start(&u, "ja", verbose);
        cr_assert_eq(fu_report_match(u.r, "captures.xml", "c1", "2,5", &e), FU_OK);
        cr_assert_eq(fu_report_match(u.r, "captures.xml", "c9", "", &e), FU_OK);
        s = finish(&u, &REP_SUMMARY);
        cr_expect_eq(strstr(s, "\n【照合】\n"
                               "captures.xml: 窓口記録「c1」 → 先頭から数えて 2,5 件目のレセプト\n"
                               "captures.xml: 窓口記録「c9」 → 当てはまるレセプトがありません\n"
                               "\n【残っていること】\n") != NULL,
                     verbose != 0);
        free(s);
    }
}

Test(report_text, one_line_per_finding_whatever_stands_in_it)
{
    tst_file f = TST_FILE_INIT;
    fu_error e;
    char *s;
    cr_assert_eq(rep_run(&fu_mem_libc, &f, FU_TEXT, "ja", false, &e), FU_OK);
    s = rep_text(&f);
    cr_expect_eq(rep_count(s, " エラー: "), 2 + 4);
    cr_expect_eq(rep_count(s, "\n<script>alert('x')</script>&\"\\ \xEF\xBF\xBD"), 8,
                 "lines that begin with the second file's name");
    cr_expect_null(strstr(s, "\x1b"));
    cr_expect_null(strstr(s, "\xe2\x80\xae"));
    free(s);
    tst_file_free(&f);
}

/* One claim with an error, a warning and an information; to be freed. */
static char *shown_in(fu_format format, bool color)
{
    fu_report_options o = REP_OPTIONS;
    run u;
    o.format = format;
    o.color = color;
    start_with(&u, &o);
    rep_r606(&u.l);
    rep_f103(&u.l);
    rep_t403(&u.l);
    claim(&u, &REP_FUSHO, true);
    return finish(&u, &REP_SUMMARY);
}

Test(report_text, colours_are_all_that_colour_adds)
{
    char *plain = shown_in(FU_TEXT, false), *colored = shown_in(FU_TEXT, true);
    char *from = colored, *to = colored;
    cr_expect_null(strchr(plain, '\x1b'));
    cr_expect_eq(rep_count(colored, "\x1b[1;31mエラー\x1b[0m: "), 1);
    cr_expect_eq(rep_count(colored, "\x1b[1;35m警告\x1b[0m: "), 1);
    cr_expect_eq(rep_count(colored, " R606 情報: "), 1);
    cr_expect_eq(rep_count(colored, "【\x1b[1m残っていること\x1b[0m】\n"), 1);
    cr_expect_eq(rep_count(colored, "\x1b["), 2 * (3 + 2)); /* three headings, two severities */
    while (*from) {
        if (*from == '\x1b')
            from = strchr(from, 'm') + 1;
        else
            *to++ = *from++;
    }
    *to = '\0';
    cr_expect_str_eq(colored, plain);
    free(plain);
    free(colored);
}

Test(report_text, only_text_is_ever_coloured)
{
    static const fu_format formats[] = {FU_JSON, FU_JUNIT, FU_SARIF, FU_HTML};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *plain = shown_in(formats[i], false), *asked = shown_in(formats[i], true);
        cr_expect_str_eq(asked, plain, "row %zu", i);
        cr_expect_null(strchr(asked, '\x1b'), "row %zu", i);
        free(plain);
        free(asked);
    }
}
