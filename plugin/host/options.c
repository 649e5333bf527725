#include "options.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"

#define NAME_MAX_SHOWN 24u

enum { HOST = 1, PLUGIN = 2, BOTH = 3 };

#define V(id) (1u << VERB_##id)
#define V_ALL UINT32_MAX

static const struct verb_row {
    const char *name;
    size_t least, most;
    bool needs_output;
} verbs[VERB_COUNT] = {
#define HOST_VERB(id, name, least, most, output) {name, least, most, output},
#include "options.def"
#undef HOST_VERB
};

static const struct option_row {
    const char *name;
    char letter;
    bool takes_value;
    uint32_t verbs;
    int who;
    const char *allowed;
} rows[OPT_COUNT] = {
#define HOST_OPTION(id, name, letter, value, verbs, who, allowed) \
    {name, letter, value, verbs, who, allowed},
#include "options.def"
#undef HOST_OPTION
};

static int complain(options *o, host_text id, const char *a, const char *b)
{
    message_fill(o->complaint, id, o->english, a, b);
    return id == TEXT_NO_MEMORY ? 5 : 2;
}

/* "--name" for showing. */
static const char *dashed(const struct option_row *r, char out[40])
{
    strcpy(out, "--");
    strcat(out, r->name);
    return out;
}

/* ---- words nobody knows ---- */

static const char *option_name(size_t i)
{
    return rows[i].name;
}

static const char *verb_name(size_t i)
{
    return verbs[i].name;
}

/* What is shown of a word the user typed: it may be a file name with a patient's name in it. */
static void typed_name(char out[NAME_MAX_SHOWN + 4], const char *word, size_t n)
{
    size_t i;
    for (i = 0; i < n && i < NAME_MAX_SHOWN; i++) {
        char c = word[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'))
            break;
        out[i] = c;
    }
    out[i] = '\0';
    if (i < n)
        strcat(out, "…");
}

static int unknown_option(options *o, const char *arg)
{
    size_t n = strcspn(arg, "="), dashes = strspn(arg, "-");
    char typed[NAME_MAX_SHOWN + 4], near[40];
    int i = nearest(arg + dashes, n - dashes, option_name, OPT_COUNT);
    typed_name(typed, arg, n);
    if (i >= 0)
        return complain(o, TEXT_UNKNOWN_OPTION_NEAR, typed, dashed(&rows[i], near));
    return complain(o, TEXT_UNKNOWN_OPTION, typed, NULL);
}

static int unknown_verb(options *o, const char *word)
{
    int i = nearest(word, strlen(word), verb_name, VERB_COUNT);
    if (i >= 0)
        return complain(o, TEXT_UNKNOWN_VERB_NEAR, verbs[i].name, NULL);
    return complain(o, TEXT_UNKNOWN_VERB, NULL, NULL);
}

/* ---- one argument ---- */

static int find_long(const char *name, size_t n)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
            return i;
    }
    return -1;
}

static int find_letter(char c)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (rows[i].letter && rows[i].letter == c)
            return i;
    }
    return -1;
}

static bool has_control(const char *p)
{
    for (; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f)
            return true;
    }
    return false;
}

static bool is_allowed(const char *list, const char *value)
{
    size_t n = strlen(value);
    const char *p;
    for (p = list; *p; p += strspn(p, " ")) {
        size_t m = strcspn(p, " ");
        if (m == n && memcmp(p, value, n) == 0)
            return true;
        p += m;
    }
    return false;
}

static int parse_jobs(const char *s)
{
    int n = 0;
    if (!*s || strlen(s) > 2)
        return 0;
    for (; *s; s++) {
        if (*s < '0' || *s > '9')
            return 0;
        n = 10 * n + (*s - '0');
    }
    return n <= JOBS_MAX ? n : 0;
}

static int take_value(options *o, int id, const char *value)
{
    char name[40];
    if (value[0] == '\0')
        return complain(o, TEXT_NO_VALUE, dashed(&rows[id], name), NULL);
    if (has_control(value))
        return complain(o, TEXT_BAD_CHAR, dashed(&rows[id], name), NULL);
    if (rows[id].allowed[0] && !is_allowed(rows[id].allowed, value))
        return complain(o, TEXT_BAD_VALUE, dashed(&rows[id], name), rows[id].allowed);
    if (id == OPT_JOBS && (o->jobs = parse_jobs(value)) == 0)
        return complain(o, TEXT_BAD_JOBS, dashed(&rows[id], name), NULL);
    if (id == OPT_EVIDENCE)
        o->evidence[o->n_evidence++] = value;
    o->value[id] = value;
    return 0;
}

/* argv[*at] is an option; *at moves on to its value where that stands apart. */
static int take_option(options *o, int argc, char **argv, int *at)
{
    const char *arg = argv[*at], *value = NULL;
    char name[40];
    int id;
    if (arg[1] == '-') {
        size_t n = strcspn(arg + 2, "=");
        id = find_long(arg + 2, n);
        if (arg[2 + n] == '=')
            value = arg + 3 + n;
    } else {
        id = find_letter(arg[1]);
        if (arg[2] != '\0')
            value = arg + 2;
    }
    if (id < 0)
        return unknown_option(o, arg);
    if (!rows[id].takes_value) {
        if (value)
            return complain(o, TEXT_HAS_VALUE, dashed(&rows[id], name), NULL);
        o->value[id] = "";
        return 0;
    }
    if (!value) {
        /* an option in the place of a value means that the value was forgotten */
        if (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0)
            return complain(o, TEXT_NO_VALUE, dashed(&rows[id], name), NULL);
        value = argv[++*at];
    }
    return take_value(o, id, value);
}

static int take_all(options *o, int argc, char **argv)
{
    bool ended = false;
    int i, bad;
    for (i = 1; i < argc; i++) {
        if (!ended && strcmp(argv[i], "--") == 0) {
            ended = true;
        } else if (!ended && argv[i][0] == '-' && argv[i][1] != '\0') {
            bad = take_option(o, argc, argv, &i);
            if (bad)
                return bad;
        } else {
            o->operand[o->n_operands++] = argv[i];
        }
    }
    return 0;
}

/* ---- the whole ---- */

static int choose_verb(options *o)
{
    size_t i;
    o->verb = VERB_COUNT;
    if (o->value[OPT_HELP] || o->value[OPT_VERSION]) {
        o->verb = o->value[OPT_HELP] ? VERB_HELP : VERB_VERSION;
        return 0;
    }
    if (o->n_operands == 0)
        return complain(o, TEXT_NO_VERB, NULL, NULL);
    for (i = 0; i < VERB_COUNT; i++) {
        if (strcmp(verbs[i].name, o->operand[0]) == 0)
            o->verb = (host_verb)i;
    }
    if (o->verb == VERB_COUNT)
        return unknown_verb(o, o->operand[0]);
    o->verb_name = o->operand[0];
    o->operand++;
    o->n_operands--;
    return 0;
}

static int check_verb(options *o)
{
    const struct verb_row *v = &verbs[o->verb];
    char name[40];
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (o->value[i] && !(rows[i].verbs & (1u << o->verb)))
            return complain(o, TEXT_MISPLACED, dashed(&rows[i], name), v->name);
    }
    if (o->n_operands < v->least || o->n_operands > v->most)
        return complain(o,
                        v->most > 1    ? TEXT_SOME_OPERANDS
                        : v->least > 0 ? TEXT_ONE_OPERAND
                                       : TEXT_ONE_CODE,
                        v->name, NULL);
    if (v->needs_output && !o->value[OPT_OUTPUT])
        return complain(o, TEXT_NEED_OUTPUT, v->name, NULL);
    return 0;
}

static bool is_dash(const char *s)
{
    return s && strcmp(s, "-") == 0;
}

/* What depends on several arguments at once. */
static int check_together(options *o)
{
    const char *format = o->value[OPT_FORMAT];
    size_t i, dashes = 0;
    for (i = 0; i < o->n_operands && o->verb != VERB_EXPLAIN; i++)
        dashes += is_dash(o->operand[i]);
    if (dashes > 1)
        return complain(o, TEXT_DASH_TWICE, NULL, NULL);
    if (is_dash(o->value[OPT_JOURNAL]))
        return complain(o, TEXT_NO_DASH, "--journal", NULL);
    if (is_dash(o->value[OPT_REPORT]))
        return complain(o, TEXT_NO_DASH, "--report", NULL);
    if (o->verb == VERB_APPLY && (dashes || is_dash(o->value[OPT_OUTPUT])) &&
        !o->value[OPT_JOURNAL])
        return complain(o, TEXT_NEED_JOURNAL, NULL, NULL);
    if (o->verb == VERB_CHECK && o->n_operands > 1) {
        if (format && strcmp(format, "junit") == 0)
            return complain(o, TEXT_ONE_INPUT, "--format junit", NULL);
        if (format && strcmp(format, "sarif") == 0)
            return complain(o, TEXT_ONE_INPUT, "--format sarif", NULL);
        if (o->value[OPT_REPORT])
            return complain(o, TEXT_ONE_INPUT, "--report", NULL);
    }
    return 0;
}

/* --report goes over without its value: the plugin writes it, but never learns where. */
static char *put_for_plugin(const options *o, char *at)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (!o->value[i] || !(rows[i].who & PLUGIN))
            continue;
        at = stpcpy(stpcpy(at, "--"), rows[i].name);
        if (rows[i].takes_value && i != OPT_REPORT)
            at = stpcpy(stpcpy(at, "="), o->value[i]);
        at = stpcpy(at, "\n");
    }
    return at;
}

/* Everything the struct points to: two lists no longer than argv, the options for the plugin, which
 * are no longer than argv's text, and OUTPUT.fusho. */
static char *allocate(options *o, int argc, char **argv)
{
    size_t lists = 2 * (size_t)(argc > 0 ? argc : 1) * sizeof(char *), text = 64;
    int i;
    for (i = 1; i < argc; i++)
        text += 2 * (strlen(argv[i]) + 8);
    o->block = calloc(1, lists + text);
    if (!o->block)
        return NULL;
    o->evidence = o->block;
    o->operand = o->evidence + lists / 2 / sizeof(char *);
    return (char *)o->block + lists;
}

/* The language must be known before the first complaint. */
static bool wants_english(int argc, char **argv)
{
    int i;
    for (i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--lang=en") == 0 ||
            (strcmp(argv[i], "--lang") == 0 && i + 1 < argc && strcmp(argv[i + 1], "en") == 0))
            return true;
    }
    return false;
}

int options_parse(options *o, int argc, char **argv)
{
    char *text;
    int bad;
    memset(o, 0, sizeof *o);
    o->jobs = 1;
    o->english = wants_english(argc, argv);
    text = allocate(o, argc, argv);
    if (!text)
        return complain(o, TEXT_NO_MEMORY, NULL, NULL);
    bad = take_all(o, argc, argv);
    if (!bad)
        bad = choose_verb(o);
    if (!bad && o->verb < VERB_COUNT) {
        bad = check_verb(o);
        if (!bad)
            bad = check_together(o);
    }
    if (bad)
        return bad;
    o->for_plugin = text;
    text = put_for_plugin(o, text) + 1;
    o->journal = o->value[OPT_JOURNAL];
    if (o->verb == VERB_APPLY && !o->journal) {
        o->journal = text;
        strcpy(stpcpy(text, o->value[OPT_OUTPUT]), ".fusho");
    }
    return 0;
}

void options_free(options *o)
{
    free(o->block);
    o->block = NULL;
}
