#include "help.h"

#include <stdio.h>
#include <string.h>

#define OPTIONS_AT 27u /* column where the sentence of an option begins */
#define COLUMNS 79u

typedef struct bilingual {
    const char *ja, *en;
} bilingual;

static const struct {
    bilingual operands, brief, what, example;
} verb_help[VERB_COUNT] = {
#define HOST_VERB_HELP(id, operands_ja, operands_en, short_ja, short_en, ja, en, eg_ja, eg_en) \
    [VERB_##id] = {{operands_ja, operands_en}, {short_ja, short_en}, {ja, en}, {eg_ja, eg_en}},
#include "help.def"
#undef HOST_VERB_HELP
};

static const struct {
    bilingual value, what;
} option_help[OPT_COUNT] = {
#define HOST_OPTION_HELP(id, value_ja, value_en, ja, en) \
    [OPT_##id] = {{value_ja, value_en}, {ja, en}},
#include "help.def"
#undef HOST_OPTION_HELP
};

size_t help_width(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t n = 0;
    for (; *p; p++) {
        if ((*p & 0xc0) != 0x80)
            n += *p >= 0xe1 ? 2 : 1;
    }
    return n;
}

/* ---- a screen being written ---- */

typedef struct screen {
    char *out;
    size_t n, column;
    bool english;
} screen;

static void put(screen *s, const char *text)
{
    size_t n = strlen(text);
    if (s->n + n >= HELP_MAX)
        return;
    memcpy(s->out + s->n, text, n + 1);
    s->n += n;
    s->column += help_width(text);
}

static void put_of(screen *s, bilingual b)
{
    put(s, s->english ? b.en : b.ja);
}

static void end_line(screen *s)
{
    put(s, "\n");
    s->column = 0;
}

static void pad_to(screen *s, size_t column)
{
    do
        put(s, " ");
    while (s->column < column);
}

/* "text（既定） json junit sarif" */
static void put_values(screen *s, const char *values)
{
    char first[TABLE_VALUE_MAX + 1];
    size_t n = strcspn(values, " ");
    snprintf(first, sizeof first, "%.*s", (int)n, values);
    put(s, ": ");
    put(s, first);
    put(s, s->english ? " (default)" : "（既定）");
    put(s, values + n);
}

static void put_option(screen *s, host_option id, host_verb verb)
{
    const char *values = table_values(id, verb);
    char letter[8];
    if (host_options[id].letter) {
        snprintf(letter, sizeof letter, "  -%c,", host_options[id].letter);
        put(s, letter);
    }
    put(s, host_options[id].letter ? " --" : "  --");
    put(s, host_options[id].name);
    if (host_options[id].takes_value) {
        put(s, " ");
        put_of(s, option_help[id].value);
    }
    pad_to(s, OPTIONS_AT);
    put_of(s, option_help[id].what);
    if (values)
        put_values(s, values);
    end_line(s);
}

/* What is the same for every verb, and no help at work, is on the general screen only. */
static bool on_verb_screen(host_option id, host_verb verb)
{
    return table_fits(id, verb) && id != OPT_HELP && id != OPT_VERSION && id != OPT_PLUGIN;
}

static void put_verb_screen(screen *s, host_verb verb)
{
    int i;
    put(s, s->english ? "usage: fusho " : "使い方: fusho ");
    put(s, host_verbs[verb].name);
    put(s, " ");
    put_of(s, verb_help[verb].operands);
    end_line(s);
    put_of(s, verb_help[verb].what);
    end_line(s);
    for (i = 0; i < OPT_COUNT; i++) {
        if (on_verb_screen((host_option)i, verb))
            put_option(s, (host_option)i, verb);
    }
    put(s, s->english ? "example: " : "例: ");
    put_of(s, verb_help[verb].example);
    end_line(s);
}

/* ---- the general screen ---- */

/* The options most runs need; the others are named without a sentence. */
static const host_option common[] = {OPT_EVIDENCE, OPT_OUTPUT, OPT_REPORT, OPT_DRY_RUN, OPT_FORCE};

static bool is_common(int id)
{
    size_t i;
    for (i = 0; i < sizeof common / sizeof common[0]; i++) {
        if ((int)common[i] == id)
            return true;
    }
    return false;
}

static void put_other_options(screen *s)
{
    char name[40];
    int i;
    put(s, s->english ? "  others:" : "  ほかに");
    for (i = 0; i < OPT_COUNT; i++) {
        if (is_common(i))
            continue;
        snprintf(name, sizeof name, " --%s", host_options[i].name);
        if (s->column + help_width(name) > COLUMNS) {
            end_line(s);
            put(s, "        ");
        }
        put(s, name);
    }
    end_line(s);
}

static void put_usage(screen *s)
{
    int i;
    for (i = 0; i < VERB_COUNT; i++) {
        put(s, i > 0 ? "        " : s->english ? "usage:  " : "使い方: ");
        put(s, "fusho ");
        put(s, host_verbs[i].name);
        pad_to(s, 22);
        put_of(s, verb_help[i].operands);
        pad_to(s, 49);
        put_of(s, verb_help[i].brief);
        end_line(s);
    }
}

static void put_general_screen(screen *s)
{
    size_t i;
    put_usage(s);
    put(s, s->english ? "options (fusho help VERB explains those of a verb):\n"
                      : "オプション（命令ごとの説明は fusho help 命令）:\n");
    s->column = 0;
    for (i = 0; i < sizeof common / sizeof common[0]; i++)
        put_option(s, common[i], VERB_COUNT);
    put_other_options(s);
    put(s, s->english ? "examples:\n  " : "例:\n  ");
    put_of(s, verb_help[VERB_APPLY].example);
    put(s, "\n  ");
    put_of(s, verb_help[VERB_LEDGER].example);
    put(s, s->english
               ? "\nexit status: 0 done   1 done, findings need a person   2 wrong usage\n"
                 "             3 input or evidence unusable   4 output failed   5 plugin failed\n"
               : "\n終了状態: 0 完了   1 完了、人の対応が要る指摘あり   2 使い方の誤り\n"
                 "          3 入力か窓口記録を処理できない   4 出力できない   5 プラグインの障害\n");
}

void help_screen(char out[HELP_MAX], host_verb verb, bool english)
{
    screen s;
    s.out = out;
    s.n = s.column = 0;
    s.english = english;
    out[0] = '\0';
    if (verb < VERB_COUNT)
        put_verb_screen(&s, verb);
    else
        put_general_screen(&s);
}
