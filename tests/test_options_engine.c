#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "engine/options.h"

TestSuite(options_engine);

static fu_status read_text(fu_options *o, const char *text, fu_error *e)
{
    return fu_options_read(o, fu_span_str(text), e);
}

Test(options_engine, nothing_given_is_the_default)
{
    static const char *const texts[] = {"", "\n", "\r\n\r\n", "   \n \r\n", "\n\n\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fu_options o;
        cr_assert_eq(read_text(&o, texts[i], NULL), FU_OK, "row %zu", i);
        cr_expect_str_eq(o.policy.insurer_number, "77777777", "row %zu", i);
        cr_expect_eq(o.policy.bango_width, FU_WIDTH_AUTO, "row %zu", i);
        cr_expect_eq(o.policy.former_with_kohi, FU_FORMER_FORMER, "row %zu", i);
        cr_expect_eq(o.policy.today, 0, "row %zu", i);
        cr_expect_eq(o.format, FU_TEXT, "row %zu", i);
        cr_expect_str_eq(o.lang, "ja", "row %zu", i);
        cr_expect_eq(o.jobs, 1, "row %zu", i);
        cr_expect(!o.report && !o.dry_run && !o.verbose, "row %zu", i);
    }
}

Test(options_engine, every_option_is_read)
{
    fu_options o;
    cr_assert_eq(read_text(&o,
                           "--insurer-number=77777779\n--bango-width=full\n"
                           "--former-with-kohi=hold\n--format=sarif\n--report=r.html\n"
                           "--today=2026-11-09\n--dry-run\n--lang=en\n--jobs=64\n--verbose\n"
                           "--journal-ranges",
                           NULL),
                 FU_OK);
    cr_expect_str_eq(o.policy.insurer_number, "77777779");
    cr_expect_eq(o.policy.bango_width, FU_WIDTH_FULL);
    cr_expect_eq(o.policy.former_with_kohi, FU_FORMER_HOLD);
    cr_expect_eq(o.policy.today, 20261109);
    cr_expect_eq(o.format, FU_SARIF);
    cr_expect_str_eq(o.lang, "en");
    cr_expect_eq(o.jobs, 64);
    cr_expect(o.report && o.dry_run && o.verbose && o.journal_ranges);
}

/* One number for what an option changed, so that a table can say what it wants. */
static int changed(const fu_options *o)
{
    return (int)o->policy.bango_width + 10 * (int)o->policy.former_with_kohi +
           100 * (int)o->format + 1000 * (o->lang[0] == 'e') + 10000 * (int)o->jobs +
           1000000 * o->report + 2000000 * o->dry_run + 4000000 * o->verbose +
           8000000 * o->utf8 + 16000000 * o->journal_ranges;
}

Test(options_engine, every_value_of_every_list_is_known)
{
    static const struct {
        const char *text;
        int want;
    } rows[] = {
        {"--bango-width=auto", 10000},
        {"--bango-width=half", 10001},
        {"--bango-width=full", 10002},
        {"--former-with-kohi=former", 10000},
        {"--former-with-kohi=fusho", 10010},
        {"--former-with-kohi=hold", 10020},
        {"--format=text", 10000},
        {"--format=json", 10100},
        {"--format=junit", 10200},
        {"--format=sarif", 10300},
        {"--lang=ja", 10000},
        {"--encoding=cp932", 10000},
        {"--encoding=utf-8", 8010000},
        {"--lang=en", 11000},
        {"--jobs=1", 10000},
        {"--jobs=2", 20000},
        {"--jobs=064", 640000},
        {"--report", 1010000},
        {"--report=", 1010000},
        {"--report=a=b", 1010000},
        {"--dry-run", 2010000},
        {"--verbose", 4010000},
        {"--journal-ranges", 16010000},
        {"--insurer-number=77777777", 10000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_options o;
        cr_expect_eq(read_text(&o, rows[i].text, NULL), FU_OK, "row %zu: %s", i, rows[i].text);
        cr_expect_eq(changed(&o), rows[i].want, "row %zu: %s: %d", i, rows[i].text, changed(&o));
    }
}

Test(options_engine, wrong_values_are_named_with_what_is_wanted)
{
    static const struct {
        const char *text, *ja;
    } rows[] = {
        {"--insurer-number=77777778",
         "オプション --insurer-number の値が正しくありません（77777777 か 77777779）。"},
        {"--insurer-number",
         "オプション --insurer-number の値が正しくありません（77777777 か 77777779）。"},
        {"--bango-width=FULL",
         "オプション --bango-width の値が正しくありません（auto、half、full のどれか）。"},
        {"--former-with-kohi=",
         "オプション --former-with-kohi の値が正しくありません（former、fusho、hold のどれか）。"},
        {"--format=pdf",
         "オプション --format の値が正しくありません（text、json、junit、sarif、html、csv のどれか）。"},
        {"--today=2026-02-30",
         "オプション --today の値が正しくありません（実在する日（例：2026-11-09））。"},
        {"--today=20261109",
         "オプション --today の値が正しくありません（実在する日（例：2026-11-09））。"},
        {"--today=2026-11-09T10:00",
         "オプション --today の値が正しくありません（実在する日（例：2026-11-09））。"},
        {"--dry-run=yes", "オプション --dry-run の値が正しくありません（値は付けません）。"},
        {"--journal-ranges=yes",
         "オプション --journal-ranges の値が正しくありません（値は付けません）。"},
        {"--verbose=", "オプション --verbose の値が正しくありません（値は付けません）。"},
        {"--lang=de", "オプション --lang の値が正しくありません（ja か en）。"},
        {"--encoding=sjis", "オプション --encoding の値が正しくありません（cp932 か utf-8）。"},
        {"--jobs=0", "オプション --jobs の値が正しくありません（1 から 64）。"},
        {"--jobs=65", "オプション --jobs の値が正しくありません（1 から 64）。"},
        {"--jobs=99999999999999999999", "オプション --jobs の値が正しくありません（1 から 64）。"},
        {"--jobs=-1", "オプション --jobs の値が正しくありません（1 から 64）。"},
        {"--jobs= 2", "オプション --jobs の値が正しくありません（1 から 64）。"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_options o;
        fu_error e;
        cr_expect_eq(read_text(&o, rows[i].text, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_eq(e.status, FU_E_MISUSE, "row %zu", i);
        cr_expect_str_eq(e.message_ja, rows[i].ja, "row %zu", i);
        cr_expect_str_eq(e.hint_ja, "fusho --help で使い方を確かめてください。", "row %zu", i);
    }
}

Test(options_engine, what_only_a_host_can_do_and_what_nobody_knows_is_refused)
{
    static const struct {
        const char *text, *ja;
    } rows[] = {
        {"--evidence=x", "オプション --evidence はここでは使えません。"},
        {"--output=x", "オプション --output はここでは使えません。"},
        {"--journal=x", "オプション --journal はここでは使えません。"},
        {"--plugin=x", "オプション --plugin はここでは使えません。"},
        {"--progress=never", "オプション --progress はここでは使えません。"},
        {"--force", "オプション --force はここでは使えません。"},
        {"--repor", "オプション --repor はここでは使えません。"},
        {"--reports", "オプション --reports はここでは使えません。"},
        {"--Verbose", "オプション --Verbose はここでは使えません。"},
        {"--", "オプション -- はここでは使えません。"},
        {"--=1", "オプション -- はここでは使えません。"},
        {"-v", "オプション -v はここでは使えません。"},
        {"verbose", "オプション verbose はここでは使えません。"},
        {"--verbose --jobs=2", "オプション --verbose?--jobs はここでは使えません。"},
        {"--\x83\xe3\x01x", "オプション --???x はここでは使えません。"},
        {"--a23456789012345678901234567890123456789012345",
         "オプション --a2345678901234567890123456789012345678 はここでは使えません。"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_options o;
        fu_error e;
        cr_expect_eq(read_text(&o, rows[i].text, &e), FU_E_MISUSE, "row %zu", i);
        cr_expect_str_eq(e.message_ja, rows[i].ja, "row %zu", i);
    }
}

Test(options_engine, line_ends_blanks_and_the_last_word)
{
    static const char *const texts[] = {
        "--verbose\n--jobs=3", "--verbose\r\n--jobs=3\r\n", "\n\n--verbose\n\n--jobs=3\n\n",
        "  --verbose  \n --jobs=3 \r", "--jobs=2\n--verbose\n--jobs=3"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fu_options o;
        cr_expect_eq(read_text(&o, texts[i], NULL), FU_OK, "row %zu", i);
        cr_expect(o.verbose && o.jobs == 3, "row %zu", i);
    }
}

Test(options_engine, a_nul_inside_is_no_option)
{
    fu_options o;
    fu_error e;
    cr_assert_eq(fu_options_read(&o, fu_span_of("--verbose\0", 10), &e), FU_E_MISUSE);
    cr_expect_str_eq(e.message_ja, "オプション --verbose? はここでは使えません。");
}

Test(options_engine, the_text_has_a_limit)
{
    char *text = malloc(FU_OPTIONS_BYTES_MAX + 1);
    fu_options o;
    fu_error e;
    cr_assert_not_null(text);
    memset(text, '\n', FU_OPTIONS_BYTES_MAX + 1);
    cr_expect_eq(fu_options_read(&o, fu_span_of(text, FU_OPTIONS_BYTES_MAX), &e), FU_OK);
    cr_expect_eq(fu_options_read(&o, fu_span_of(text, FU_OPTIONS_BYTES_MAX + 1), &e), FU_E_LIMIT);
    cr_expect_str_eq(e.message_en, "limit FU_OPTIONS_BYTES_MAX (65536) exceeded");
    free(text);
}
