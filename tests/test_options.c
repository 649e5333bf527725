#include <criterion/criterion.h>

#include <stdio.h>
#include <string.h>

#include "host/help.h"
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
    int bad;
    snprintf(line, sizeof line, "fusho %s", text);
    bad = options_parse(o, split(line, argv), argv);
    return bad || o->verb >= VERB_COUNT ? bad : options_finish(o, false);
}

Test(options, wrong_usage_is_one_sentence)
{
    static const struct {
        const char *line, *sentence;
    } rows[] = {
        {"", "何をするかを apply、check、undo、ledger、form、explain から選んで指定してください。"
             "使い方は fusho --help で表示されます。"},
        {"aply in -o out", "知らない命令です。apply のことですか。"},
        {"chekc in", "知らない命令です。check のことですか。"},
        {"leger x", "知らない命令です。ledger のことですか。"},
        {"from -o x", "知らない命令です。form のことですか。"},
        {"hlep", "知らない命令です。help のことですか。"},
        {"help aply", "知らない命令です。apply のことですか。"},
        {"help apply check", "help に指定できる命令は一つだけです。"},
        {"山田太郎.UKE", "知らない命令です。apply、check、undo、ledger、form、explain "
                         "のどれかを指定してください。"},
        {"apply in --evidnce x", "知らないオプション --evidnce です。--evidence のことですか。"},
        {"apply in --evidnce=山田太郎",
         "知らないオプション --evidnce です。--evidence のことですか。"},
        {"apply in --xyzzy-plugh",
         "知らないオプション --xyzzy-plugh です。使い方は fusho --help で表示されます。"},
        {"apply in --山田太郎",
         "知らないオプション --… です。使い方は fusho --help で表示されます。"},
        {"apply in -x", "知らないオプション -x です。使い方は fusho --help で表示されます。"},
        {"check in --dry-run", "オプション --dry-run は check では使えません。"},
        {"check in --journal-ranges", "オプション --journal-ranges は check では使えません。"},
        {"apply in -o out --from o", "オプション --from は apply では使えません。"},
        {"undo j -o out --from -", "オプション --from に - は使えません。"},
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
         "オプション --progress の値は auto、always、never のどれかにしてください。"},
        {"apply in -o out --lang fr", "オプション --lang の値は ja、en のどれかにしてください。"},
        {"check in --format jsno",
         "オプション --format の値は text、json、junit、sarif のどれかにしてください。json "
         "のことですか。"},
        {"check in --format csv",
         "オプション --format の値は text、json、junit、sarif のどれかにしてください。"},
        {"ledger j --format junit",
         "オプション --format の値は text、json、csv、html のどれかにしてください。"},
        {"check in --insurer-number 7777777",
         "オプション --insurer-number の値は 77777777、77777779 のどれかにしてください。77777777 "
         "のことですか。"},
        {"check in --insurer-number 01139914",
         "オプション --insurer-number の値は 77777777、77777779 のどれかにしてください。"},
        {"check in --bango-width widest",
         "オプション --bango-width の値は auto、half、full のどれかにしてください。"},
        {"check in --color=alway", "オプション --color の値は auto、always、never "
                                   "のどれかにしてください。always のことですか。"},
        {"ledger", "ledger には控え（.fusho）か、控えのあるフォルダーを指定してください。"},
        {"ledger -", "ledger には - を使えません。控え（.fusho）かフォルダーを指定してください。"},
        {"ledger j --evidence e", "オプション --evidence は ledger では使えません。"},
        {"ledger j -o out", "オプション --output は ledger では使えません。"},
        {"undo j -o out --ledger k", "オプション --ledger は undo では使えません。"},
        {"undo j -o out --mask", "オプション --mask は undo では使えません。"},
        {"form", "form には出力先が要ります。-o ファイル を付けてください。"},
        {"form x -o y", "form にファイル名は要りません。出力先は -o で指定してください。"},
        {"check in --config -", "オプション --config に - は使えません。"},
        {"check in --config c --no-config",
         "--config と --no-config は一緒に使えません。どちらか一つにしてください。"},
        {"apply in -o out --today=1\n--jobs=9",
         "オプション --today の値に改行など、目に見えない文字は使えません。"},
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
         "入力または出力が - のときは、--journal で控えの名前を指定してください。"},
        {"apply in -o -",
         "入力または出力が - のときは、--journal で控えの名前を指定してください。"},
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
        {"check in --lang en --format jsn",
         "option --format must be one of text, json, junit, sarif. Did you mean json?"},
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
        {"check in --today 2026-99-99", VERB_CHECK, "in", NULL, NULL, "--today=2026-99-99\n", 1, 0,
         1},
        {"check in --ledger a --ledger=b --mask --color always --no-config", VERB_CHECK, "in", NULL,
         NULL, "--mask\n", 1, 0, 1},
        {"ledger a b --format csv --report r --today 2026-11-20", VERB_LEDGER, "a", NULL, NULL,
         "--format=csv\n--report\n--today=2026-11-20\n", 2, 0, 1},
        {"ledger a --report r.html --report s", VERB_LEDGER, "a", NULL, NULL, "--report\n", 1, 0,
         1},
        {"form -o f.html --force", VERB_FORM, NULL, "f.html", NULL, "", 0, 0, 1},
        {"form -o -", VERB_FORM, NULL, "-", NULL, "", 0, 0, 1},
        {"check in --lang en --lang ja", VERB_CHECK, "in", NULL, NULL, "--lang=ja\n", 1, 0, 1},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_assert_eq(parse(&o, rows[i].line), 0, "row %zu: %s", i, o.complaint);
        cr_expect_eq(o.verb, rows[i].verb, "row %zu", i);
        cr_expect_eq(o.n_operands, rows[i].operands, "row %zu", i);
        cr_expect_eq(o.evidence.n, rows[i].evidence, "row %zu", i);
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
                {"help", VERB_HELP},
                {"help check", VERB_HELP},
                {"check in --format jsno --help", VERB_HELP},
                {"--lang en --version --plugin p", VERB_VERSION}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_expect_eq(parse(&o, rows[i].line), 0, "row %zu", i);
        cr_expect_eq(o.verb, rows[i].verb, "row %zu", i);
        options_free(&o);
    }
}

Test(options, help_is_about_the_verb_named)
{
    static const struct {
        const char *line;
        host_verb of;
    } rows[] = {{"help", VERB_COUNT},
                {"--help", VERB_COUNT},
                {"help undo", VERB_UNDO},
                {"undo --help", VERB_UNDO},
                {"--help form", VERB_FORM},
                {"help ledger", VERB_LEDGER},
                {"explain --help", VERB_EXPLAIN}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        cr_expect_eq(parse(&o, rows[i].line), 0, "row %zu", i);
        cr_expect_eq(o.verb, VERB_HELP, "row %zu", i);
        cr_expect_eq(o.help_for, rows[i].of, "row %zu", i);
        options_free(&o);
    }
}

Test(options, colour_goes_over_with_text_only)
{
    static const struct {
        const char *line, *for_plugin;
    } rows[] = {{"check in", "--color\n"},
                {"check in --format text", "--format=text\n--color\n"},
                {"check in --format json", "--format=json\n"},
                {"ledger j", "--color\n"},
                {"ledger j --format html", "--format=html\n"},
                {"undo j -o out", "--color\n"},
                {"form -o out", ""},
                {"explain", ""}};
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        char *argv[WORDS + 1];
        snprintf(line, sizeof line, "fusho %s", rows[i].line);
        cr_expect_eq(options_parse(&o, split(line, argv), argv), 0, "row %zu", i);
        cr_expect_eq(options_finish(&o, true), 0, "row %zu", i);
        cr_expect_str_eq(o.for_plugin, rows[i].for_plugin, "row %zu: %s", i, o.for_plugin);
        options_free(&o);
    }
}

Test(options, what_is_added_never_replaces_what_was_given)
{
    static const struct {
        const char *line;
        host_option id;
        const char *value, *for_plugin;
        size_t evidence, ledger;
        int jobs, english;
    } rows[] = {
        {"check in", OPT_FORMAT, "json", "--format=json\n", 0, 0, 1, 0},
        {"check in --format text", OPT_FORMAT, "json", "--format=text\n", 0, 0, 1, 0},
        {"check in", OPT_FORMAT, "csv", "", 0, 0, 1, 0},
        {"ledger j", OPT_FORMAT, "csv", "--format=csv\n", 0, 0, 1, 0},
        {"ledger j", OPT_INSURER_NUMBER, "77777779", "", 0, 0, 1, 0},
        {"check in", OPT_VERBOSE, "", "--verbose\n", 0, 0, 1, 0},
        {"check in", OPT_JOBS, "8", "--jobs=8\n", 0, 0, 8, 0},
        {"check in --jobs 2", OPT_JOBS, "8", "--jobs=2\n", 0, 0, 2, 0},
        {"undo j -o out", OPT_JOBS, "8", "", 0, 0, 1, 0},
        {"check in", OPT_LANG, "en", "--lang=en\n", 0, 0, 1, 1},
        {"check in --lang ja", OPT_LANG, "en", "--lang=ja\n", 0, 0, 1, 0},
        {"check in --evidence a", OPT_EVIDENCE, "b", "", 2, 0, 1, 0},
        {"check in --ledger a", OPT_LEDGER, "b", "", 0, 2, 1, 0},
        {"undo j -o out", OPT_EVIDENCE, "b", "", 0, 0, 1, 0},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        options o;
        char *argv[WORDS + 1];
        snprintf(line, sizeof line, "fusho %s", rows[i].line);
        cr_expect_eq(options_parse(&o, split(line, argv), argv), 0, "row %zu", i);
        cr_expect_eq(options_add(&o, rows[i].id, rows[i].value), 0, "row %zu", i);
        cr_expect_eq(options_finish(&o, false), 0, "row %zu", i);
        cr_expect_str_eq(o.for_plugin, rows[i].for_plugin, "row %zu: %s", i, o.for_plugin);
        cr_expect_eq(o.evidence.n, rows[i].evidence, "row %zu", i);
        cr_expect_eq(o.ledger.n, rows[i].ledger, "row %zu", i);
        cr_expect_eq(o.jobs, rows[i].jobs, "row %zu", i);
        cr_expect_eq(o.english, rows[i].english, "row %zu", i);
        options_free(&o);
    }
}

static const char *word(const void *ctx, size_t i)
{
    (void)ctx;
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
        cr_expect_eq(nearest(rows[i].typed, strlen(rows[i].typed), word, NULL, 4), rows[i].found,
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

Test(options, every_help_fits_a_screen)
{
    int english, verb, lines;
    for (english = 0; english < 2; english++) {
        for (verb = 0; verb <= VERB_COUNT; verb++) {
            char text[HELP_MAX];
            help_screen(text, (host_verb)verb, english);
            cr_expect_leq(width_of(text, &lines), 80, "verb %d, english %d", verb, english);
            cr_expect_leq(lines, verb == VERB_COUNT ? 23 : 24, "verb %d, english %d", verb,
                          english);
        }
    }
}

Test(options, the_general_help_names_everything_and_shows_two_examples)
{
    static const char *const names[] = {
#define HOST_OPTION(id, name, ...) "--" name,
#include "host/options.def"
#undef HOST_OPTION
#define HOST_VERB(id, name, ...) "fusho " name,
#include "host/options.def"
#undef HOST_VERB
    };
    int english;
    size_t i;
    for (english = 0; english < 2; english++) {
        char text[HELP_MAX];
        help_screen(text, VERB_COUNT, english);
        for (i = 0; i < sizeof names / sizeof names[0]; i++)
            cr_expect_not_null(strstr(text, names[i]), "%s", names[i]);
        cr_expect_not_null(strstr(text, "  fusho apply --evidence "));
        cr_expect_not_null(strstr(text, "  fusho ledger --report "));
    }
}

Test(options, the_help_of_a_verb_names_its_options_and_no_others)
{
    int verb, id;
    for (verb = 0; verb < VERB_COUNT; verb++) {
        char text[HELP_MAX], name[40];
        help_screen(text, (host_verb)verb, false);
        for (id = 0; id < OPT_COUNT; id++) {
            bool wanted = table_fits((host_option)id, (host_verb)verb) && id != OPT_HELP &&
                          id != OPT_VERSION && id != OPT_PLUGIN;
            snprintf(name, sizeof name, " --%s ", host_options[id].name);
            cr_expect_eq(strstr(text, name) != NULL, wanted, "%s%s", host_verbs[verb].name, name);
        }
    }
    {
        char text[HELP_MAX];
        help_screen(text, VERB_LEDGER, false);
        cr_expect_not_null(
            strstr(text, "\n  --format 形式            画面に出す報告の形式: text（既定） json csv "
                         "html\n"),
            "%s", text);
        help_screen(text, VERB_FORM, true);
        cr_expect_not_null(strstr(text, "\n  -o, --output FILE        - is standard output\n"),
                           "%s", text);
    }
}

Test(options, a_message_always_fits_and_shows_no_control_characters)
{
    char out[SENTENCE_MAX], longest[4096];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    message_fill(out, TEXT_NO_PLUGIN, false, longest, longest);
    cr_expect_lt(strlen(out), SENTENCE_MAX);
    cr_expect_str_eq(out + strlen(out) - strlen("入れ直してください。"), "入れ直してください。");
    message_fill(out, TEXT_NOT_PLUGIN, true, "\x1b[31mx\n", NULL);
    cr_expect_str_eq(out, "?[31mx? is no plugin of fusho.");
    message_fill(out, TEXT_NOT_PLUGIN, false, NULL, NULL);
    cr_expect_str_eq(out, " は不詳のプラグインではありません。--plugin の名前を確かめてください。");
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
        size_t columns;
        const char *line;
    } rows[] = {
        {0, 0, 100, 0, 0, 79, "[....................]   0%  0 件  0.0/0.0 MB"},
        {1234, 5000000, 10000000, 4000, 0, 79,
         "[##########..........]  50%  1234 件  5.0/10.0 MB  残り 0:04"},
        {1234, 5000000, 10000000, 4000, 1, 79,
         "[##########..........]  50%  1234 claims  5.0/10.0 MB  left 0:04"},
        {9, 10000000, 10000000, 90000, 0, 79,
         "[####################] 100%  9 件  10.0/10.0 MB  残り 0:00"},
        {9, 2500000, 10000000, 60000, 0, 79,
         "[#####...............]  25%  9 件  2.5/10.0 MB  残り 3:00"},
        {9, 2500000, 0, 60000, 0, 79, "9 件  2.5 MB"},
        {9, 20, 10, 60000, 0, 79, "9 件  0.0 MB"},
        {1234, 5000000, 10000000, 4000, 0, 60,
         "[##########..........]  50%  1234 件  5.0/10.0 MB  残り 0:04"},
        {1234, 5000000, 10000000, 4000, 0, 59, "[##########..........]  50%  1234 件  5.0/10.0 MB"},
        {1234, 5000000, 10000000, 4000, 0, 48, "[##########..........]  50%  1234 件"},
        {1234, 5000000, 10000000, 4000, 0, 35, " 50%  1234 件"},
        {1234, 5000000, 10000000, 4000, 0, 12, " 50%"},
        {1234, 5000000, 10000000, 4000, 0, 3, ""},
        {1234, 5000000, 0, 4000, 0, 7, "1234 件"},
        {1234, 5000000, 0, 4000, 0, 6, ""},
    };
    size_t i;
    for (i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[PROGRESS_LINE_MAX];
        progress_state s = {rows[i].claims, rows[i].done, rows[i].total, rows[i].elapsed};
        size_t n = progress_line(out, rows[i].english, &s, rows[i].columns);
        int lines;
        cr_expect_str_eq(out, rows[i].line, "row %zu: %s", i, out);
        cr_expect_eq(n, (size_t)width_of(strcat(strcpy(line, out), "\n"), &lines), "row %zu", i);
        cr_expect_leq(n, rows[i].columns, "row %zu", i);
    }
}
