#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "host/nearest.h"
#include "host/options.h"
#include "host/progress.h"

#define WORDS 16

/* Splits a line at single spaces; "_" stands for an empty word. */
static int split(char *line, char *argv[WORDS + 1])
{
    int n = 0;
    char *p;
    for (p = strtok(line, " "); p && n < WORDS; p = strtok(NULL, " "))
        argv[n++] = strcmp(p, "_") == 0 ? p + 1 : p;
    argv[n] = NULL;
    return n;
}

static char line[512];

static int parse(options *o, const char *text)
{
    char *argv[WORDS + 1];
    snprintf(line, sizeof line, "fusho %s", text);
    return options_parse(o, split(line, argv), argv);
}

Test(options, wrong_usage_is_one_sentence)
{
    static const struct {
        const char *line, *sentence;
    } rows[] = {
        {"", "何をするかを apply、check、undo、explain から選んで指定してください。使い方は fusho "
             "--help "
             "で表示されます。"},
        {"aply in -o out", "知らない命令です。apply のことですか。"},
        {"chekc in", "知らない命令です。check のことですか。"},
        {"ledger x", "知らない命令です。apply、check、undo、explain のどれかを指定してください。"},
        {"form -o x", "知らない命令です。apply、check、undo、explain のどれかを指定してください。"},
        {"山田太郎.UKE",
         "知らない命令です。apply、check、undo、explain のどれかを指定してください。"},
        {"apply in --evidnce x", "知らないオプション --evidnce です。--evidence のことですか。"},
        {"apply in --evidnce=山田太郎",
         "知らないオプション --evidnce です。--evidence のことですか。"},
        {"apply in --xyzzy-plugh",
         "知らないオプション --xyzzy-plugh です。使い方は fusho --help で表示されます。"},
        {"apply in --山田太郎",
         "知らないオプション --… です。使い方は fusho --help で表示されます。"},
        {"apply in -x", "知らないオプション -x です。使い方は fusho --help で表示されます。"},
        {"check in --dry-run", "オプション --dry-run は check では使えません。"},
        {"check in -o out", "オプション --output は check では使えません。"},
        {"undo j -o out --journal k", "オプション --journal は undo では使えません。"},
        {"undo j -o out --jobs 2", "オプション --jobs は undo では使えません。"},
        {"explain T403 --force", "オプション --force は explain では使えません。"},
        {"apply in -o", "オプション --output には値が要ります。"},
        {"apply in -o out --evidence", "オプション --evidence には値が要ります。"},
        {"apply in --output --force", "オプション --output には値が要ります。"},
        {"apply in --output=", "オプション --output には値が要ります。"},
        {"apply in -o out --journal _", "オプション --journal には値が要ります。"},
        {"apply in -o out --force=yes", "オプション --force に値は付けられません。"},
        {"apply in -o out --progress maybe",
         "オプション --progress の値は auto always never のどれかにしてください。"},
        {"apply in -o out --lang fr", "オプション --lang の値は ja en のどれかにしてください。"},
        {"apply in -o out --today=1\n--jobs=9",
         "オプション --today の値に改行などの制御文字は使えません。"},
        {"apply in -o out --jobs 0", "オプション --jobs の値は 1 から 64 の整数にしてください。"},
        {"apply in -o out --jobs 65", "オプション --jobs の値は 1 から 64 の整数にしてください。"},
        {"apply in -o out --jobs 1x", "オプション --jobs の値は 1 から 64 の整数にしてください。"},
        {"apply in -o out --jobs 100", "オプション --jobs の値は 1 から 64 の整数にしてください。"},
        {"apply in -o out --jobs -1", "オプション --jobs の値は 1 から 64 の整数にしてください。"},
        {"apply -o out", "apply にはファイルを一つだけ指定してください。"},
        {"apply a b -o out", "apply にはファイルを一つだけ指定してください。"},
        {"undo -o out", "undo にはファイルを一つだけ指定してください。"},
        {"check", "check にはファイルを一つ以上指定してください。"},
        {"explain A B", "explain に指定できるコードは一つだけです。"},
        {"apply in", "apply には出力先が要ります。-o ファイル を付けてください。"},
        {"undo j", "undo には出力先が要ります。-o ファイル を付けてください。"},
        {"apply - -o out",
         "入力または出力が - のときは、--journal でジャーナルの名前を指定してください。"},
        {"apply in -o -",
         "入力または出力が - のときは、--journal でジャーナルの名前を指定してください。"},
        {"apply in -o out --journal -", "オプション --journal に - は使えません。"},
        {"check in --report -", "オプション --report に - は使えません。"},
        {"check - -", "標準入力（-）は一度しか指定できません。"},
        {"check a b --format junit",
         "--format junit を付けるときは、入力を一つだけにしてください。"},
        {"check a b --format=sarif",
         "--format sarif を付けるときは、入力を一つだけにしてください。"},
        {"check a b --report r", "--report を付けるときは、入力を一つだけにしてください。"},
        {"aply --lang en", "unknown command; did you mean apply?"},
        {"--lang=en check", "check needs at least one file."},
        {"apply in -o out --journal - --lang en", "option --journal cannot be -."},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_expect_eq(parse(&o, rows[i].line), 2, "row %zu", i);
        cr_expect_str_eq(o.complaint, rows[i].sentence, "row %zu: %s", i, o.complaint);
        options_free(&o);
    }
}

Test(options, complete_lines_are_taken)
{
    static const struct {
        const char *line;
        host_verb verb;
        const char *first, *output, *journal, *for_plugin;
        size_t operands, evidence;
        int jobs;
    } rows[] = {
        {"apply in -o out", VERB_APPLY, "in", "out", "out.fusho", "", 1, 0, 1},
        {"apply -oout in", VERB_APPLY, "in", "out", "out.fusho", "", 1, 0, 1},
        {"-o out apply in --journal=j --force", VERB_APPLY, "in", "out", "j", "", 1, 0, 1},
        {"apply --evidence a --evidence=b in --output out --jobs 64", VERB_APPLY, "in", "out",
         "out.fusho", "--jobs=64\n", 1, 2, 64},
        {"apply - -o - --journal j", VERB_APPLY, "-", "-", "j", "", 1, 0, 1},
        {"apply in -o out --dry-run --verbose --report r.html --format json", VERB_APPLY, "in",
         "out", "out.fusho", "--format=json\n--report\n--dry-run\n--verbose\n", 1, 0, 1},
        {"apply in -o out --insurer-number 77777779 --bango-width=half --former-with-kohi hold "
         "--today 2026-11-20 --lang ja --plugin p --progress never",
         VERB_APPLY, "in", "out", "out.fusho",
         "--insurer-number=77777779\n--bango-width=half\n--former-with-kohi=hold\n"
         "--today=2026-11-20\n--lang=ja\n",
         1, 0, 1},
        {"check a b c --format json", VERB_CHECK, "a", NULL, NULL, "--format=json\n", 3, 0, 1},
        {"check a - --format text", VERB_CHECK, "a", NULL, NULL, "--format=text\n", 2, 0, 1},
        {"check -- --in", VERB_CHECK, "--in", NULL, NULL, "", 1, 0, 1},
        {"undo j -o out --lang en", VERB_UNDO, "j", "out", NULL, "--lang=en\n", 1, 0, 1},
        {"undo - -o -", VERB_UNDO, "-", "-", NULL, "", 1, 0, 1},
        {"explain", VERB_EXPLAIN, NULL, NULL, NULL, "", 0, 0, 1},
        {"explain T403", VERB_EXPLAIN, "T403", NULL, NULL, "", 1, 0, 1},
        {"check in --format xml", VERB_CHECK, "in", NULL, NULL, "--format=xml\n", 1, 0, 1},
        {"check in --lang en --lang ja", VERB_CHECK, "in", NULL, NULL, "--lang=ja\n", 1, 0, 1},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_assert_eq(parse(&o, rows[i].line), 0, "row %zu: %s", i, o.complaint);
        cr_expect_eq(o.verb, rows[i].verb, "row %zu", i);
        cr_expect_eq(o.n_operands, rows[i].operands, "row %zu", i);
        cr_expect_eq(o.n_evidence, rows[i].evidence, "row %zu", i);
        cr_expect_eq(o.jobs, rows[i].jobs, "row %zu", i);
        cr_expect_str_eq(o.for_plugin, rows[i].for_plugin, "row %zu: %s", i, o.for_plugin);
        if (rows[i].first)
            cr_expect_str_eq(o.operand[0], rows[i].first, "row %zu", i);
        cr_expect_str_eq(o.value[OPT_OUTPUT] ? o.value[OPT_OUTPUT] : "(none)",
                         rows[i].output ? rows[i].output : "(none)", "row %zu", i);
        cr_expect_str_eq(o.journal ? o.journal : "(none)",
                         rows[i].journal ? rows[i].journal : "(none)", "row %zu", i);
        options_free(&o);
    }
}

Test(options, help_and_version_need_nothing_else)
{
    static const struct {
        const char *line;
        host_verb verb;
    } rows[] = {{"--help", VERB_HELP},
                {"--version", VERB_VERSION},
                {"apply --help", VERB_HELP},
                {"--version --help", VERB_HELP},
                {"--lang en --version --plugin p", VERB_VERSION}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_expect_eq(parse(&o, rows[i].line), 0, "row %zu", i);
        cr_expect_eq(o.verb, rows[i].verb, "row %zu", i);
        options_free(&o);
    }
}

static const char *word(size_t i)
{
    static const char *const words[] = {"apply", "check", "evidence", "help"};
    return words[i];
}

Test(options, a_near_word_is_at_most_two_changes_away)
{
    static const struct {
        const char *typed;
        int found;
    } rows[] = {{"apply", 0},    {"aply", 0}, {"appyl", 0},
                {"ppl", 0},      {"pl", -1},  {"chk", 1},
                {"evidenec", 2}, {"hel", 3},  {"h", -1},
                {"", -1},        {"xyz", -1}, {"evidenceevidenceevidenceevidence", -1}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(nearest(rows[i].typed, strlen(rows[i].typed), word, 4), rows[i].found,
                     "row %zu", i);
}

/* Columns of the longest line: characters from U+1100 on take two. */
static int width_of(const char *text, int *lines)
{
    int widest = 0, at = 0;
    const unsigned char *p;
    *lines = 0;
    for (p = (const unsigned char *)text; *p; p++) {
        if (*p == '\n') {
            ++*lines;
            widest = at > widest ? at : widest;
            at = 0;
        } else if ((*p & 0xc0) != 0x80) {
            at += *p >= 0xe1 ? 2 : 1;
        }
    }
    return widest;
}

Test(options, help_fits_a_screen_and_names_every_option)
{
    static const char *const names[] = {
#define HOST_OPTION(id, name, ...) "--" name,
#include "host/options.def"
#undef HOST_OPTION
#define HOST_VERB(id, name, ...) "fusho " name,
#include "host/options.def"
#undef HOST_VERB
    };
    int english, lines;
    size_t i;
    for (english = 0; english < 2; english++) {
        const char *text = message_help(english);
        cr_expect_lt(width_of(text, &lines), 80);
        cr_expect_lt(lines, 24);
        for (i = 0; i < sizeof names / sizeof names[0]; i++)
            cr_expect_not_null(strstr(text, names[i]), "%s", names[i]);
    }
}

Test(options, a_message_always_fits_and_shows_no_control_characters)
{
    char out[SENTENCE_MAX], longest[4096];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    message_fill(out, TEXT_NO_PLUGIN, false, longest, longest);
    cr_expect_lt(strlen(out), SENTENCE_MAX);
    cr_expect_str_eq(out + strlen(out) - strlen("）。"), "）。");
    message_fill(out, TEXT_NOT_PLUGIN, true, "\x1b[31mx\n", NULL);
    cr_expect_str_eq(out, "?[31mx? is no plugin of fusho.");
    message_fill(out, TEXT_NOT_PLUGIN, false, NULL, NULL);
    cr_expect_str_eq(out, " は不詳のプラグインではありません。");
}

Test(options, every_text_exists_in_both_languages)
{
    int id;
    for (id = 0; id < TEXT_COUNT; id++) {
        char ja[SENTENCE_MAX], en[SENTENCE_MAX];
        message_fill(ja, (host_text)id, false, "A", "B");
        message_fill(en, (host_text)id, true, "A", "B");
        cr_expect(strlen(ja) > 10 && strlen(en) > 10, "row %d", id);
        cr_expect_str_neq(ja, en, "row %d", id);
        cr_expect_null(strstr(ja, "{}"), "row %d", id);
        cr_expect_null(strstr(en, "{}"), "row %d", id);
    }
}

Test(options, progress_line_says_how_far_and_how_long)
{
    static const struct {
        int64_t claims, done, total, elapsed;
        int english;
        const char *line;
    } rows[] = {
        {0, 0, 100, 0, 0, "[....................]   0%  0 件  0.0/0.0 MB"},
        {1234, 5000000, 10000000, 4000, 0,
         "[##########..........]  50%  1234 件  5.0/10.0 MB  残り 0:04"},
        {1234, 5000000, 10000000, 4000, 1,
         "[##########..........]  50%  1234 claims  5.0/10.0 MB  left 0:04"},
        {9, 10000000, 10000000, 90000, 0,
         "[####################] 100%  9 件  10.0/10.0 MB  残り 0:00"},
        {9, 2500000, 10000000, 60000, 0,
         "[#####...............]  25%  9 件  2.5/10.0 MB  残り 3:00"},
        {9, 2500000, 0, 60000, 0, "9 件  2.5 MB"},
        {9, 20, 10, 60000, 0, "9 件  0.0 MB"},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[PROGRESS_LINE_MAX];
        int lines;
        progress_line(out, rows[i].english, rows[i].claims, rows[i].done, rows[i].total,
                      rows[i].elapsed);
        cr_expect_str_eq(out, rows[i].line, "row %zu: %s", i, out);
        cr_expect_lt(width_of(out, &lines), 80, "row %zu", i);
    }
}
