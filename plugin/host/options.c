#include "options.h"

#include <stdlib.h>
#include <string.h>

static int complain(options *o, host_text id, const char *a, const char *b)
{
    message_fill(o->complaint, id, o->english, a, b);
    return id == TEXT_NO_MEMORY ? 5 : 2;
}

/* "--name" for showing. */
static const char *dashed(int id, char out[40])
{
    strcpy(out, "--");
    strcat(out, host_options[id].name);
    return out;
}

static bool is_dash(const char *s)
{
    return s && strcmp(s, "-") == 0;
}

/* ---- words nobody knows ---- */

void options_typed(char out[TYPED_MAX + 4], const char *word, size_t n)
{
    size_t i;
    for (i = 0; i < n && i < TYPED_MAX; i++) {
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
    char typed[TYPED_MAX + 4], near[40];
    int i = table_near_option(arg + dashes, n - dashes);
    options_typed(typed, arg, n);
    if (i >= 0)
        return complain(o, TEXT_UNKNOWN_OPTION_NEAR, typed, dashed(i, near));
    return complain(o, TEXT_UNKNOWN_OPTION, typed, NULL);
}

static int unknown_verb(options *o, const char *word)
{
    int i = table_near_verb(word);
    if (i >= 0)
        return complain(o, TEXT_UNKNOWN_VERB_NEAR, i < VERB_COUNT ? host_verbs[i].name : "help",
                        NULL);
    return complain(o, TEXT_UNKNOWN_VERB, NULL, NULL);
}

static int bad_value(options *o, int id, const char *values)
{
    char name[40], near[TABLE_VALUE_MAX + 1], shown[LIST_SHOWN_MAX];
    int status;
    message_list(shown, values, o->english);
    status = complain(o, TEXT_BAD_VALUE, dashed(id, name), shown);
    if (table_near_value(values, o->value[id], near))
        message_add(o->complaint, TEXT_MEANT, o->english, near, NULL);
    return status;
}

/* ---- one argument ---- */

static int find_letter(char c)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (host_options[i].letter && host_options[i].letter == c)
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

int options_jobs(const char *s)
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

static path_list *list_of(options *o, int id)
{
    return id == OPT_EVIDENCE ? &o->evidence : id == OPT_LEDGER ? &o->ledger : NULL;
}

static int append(options *o, path_list *l, const char *path)
{
    const char **v = realloc(l->v, (l->n + 1) * sizeof *v);
    if (!v)
        return complain(o, TEXT_NO_MEMORY, NULL, NULL);
    l->v = v;
    l->v[l->n++] = path;
    return 0;
}

static int take_value(options *o, int id, const char *value)
{
    char name[40];
    path_list *list = list_of(o, id);
    if (value[0] == '\0')
        return complain(o, TEXT_NO_VALUE, dashed(id, name), NULL);
    if (has_control(value))
        return complain(o, TEXT_BAD_CHAR, dashed(id, name), NULL);
    if (id == OPT_JOBS && (o->jobs = options_jobs(value)) == 0)
        return complain(o, TEXT_BAD_JOBS, dashed(id, name), NULL);
    o->value[id] = value;
    return list ? append(o, list, value) : 0;
}

/* argv[*at] is an option; *at moves on to its value where that stands apart. */
static int take_option(options *o, int argc, char **argv, int *at)
{
    const char *arg = argv[*at], *value = NULL;
    char name[40];
    int id;
    if (arg[1] == '-') {
        size_t n = strcspn(arg + 2, "=");
        id = table_option(arg + 2, n);
        if (arg[2 + n] == '=')
            value = arg + 3 + n;
    } else {
        id = find_letter(arg[1]);
        if (arg[2] != '\0')
            value = arg + 2;
    }
    if (id < 0)
        return unknown_option(o, arg);
    if (!host_options[id].takes_value) {
        if (value)
            return complain(o, TEXT_HAS_VALUE, dashed(id, name), NULL);
        o->value[id] = "";
        return 0;
    }
    if (!value) {
        /* an option in the place of a value means that the value was forgotten */
        if (*at + 1 >= argc || strncmp(argv[*at + 1], "--", 2) == 0)
            return complain(o, TEXT_NO_VALUE, dashed(id, name), NULL);
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

/* ---- the verb ---- */

static int choose_help(options *o, const char *of)
{
    int i = of ? table_verb(of) : VERB_COUNT;
    if (i < 0)
        return unknown_verb(o, of);
    o->verb = VERB_HELP;
    o->help_for = (host_verb)i;
    return 0;
}

static int choose_verb(options *o)
{
    const char *first = o->n_operands ? o->operand[0] : NULL;
    int i;
    o->verb = VERB_COUNT;
    if (first && strcmp(first, "help") == 0) {
        if (o->n_operands > 2)
            return complain(o, TEXT_ONE_VERB, NULL, NULL);
        return choose_help(o, o->n_operands > 1 ? o->operand[1] : NULL);
    }
    if (o->value[OPT_HELP])
        return choose_help(o, first);
    if (o->value[OPT_VERSION]) {
        o->verb = VERB_VERSION;
        return 0;
    }
    if (!first)
        return complain(o, TEXT_NO_VERB, NULL, NULL);
    i = table_verb(first);
    if (i < 0)
        return unknown_verb(o, first);
    o->verb = (host_verb)i;
    o->operand++;
    o->n_operands--;
    return 0;
}

static int check_operands(options *o)
{
    const verb_row *v = &host_verbs[o->verb];
    host_text id = TEXT_NO_OPERAND;
    if (o->n_operands >= v->least && o->n_operands <= v->most)
        return 0;
    if (o->verb == VERB_EXPLAIN)
        id = TEXT_ONE_CODE;
    else if (o->verb == VERB_LEDGER)
        id = TEXT_SOME_JOURNALS;
    else if (v->most > 0)
        id = v->most > 1 ? TEXT_SOME_OPERANDS : TEXT_ONE_OPERAND;
    return complain(o, id, v->name, NULL);
}

static int check_verb(options *o)
{
    const verb_row *v = &host_verbs[o->verb];
    char name[40];
    int i, bad;
    for (i = 0; i < OPT_COUNT; i++) {
        const char *values = table_values((host_option)i, o->verb);
        if (!o->value[i])
            continue;
        if (!table_fits((host_option)i, o->verb))
            return complain(o, TEXT_MISPLACED, dashed(i, name), v->name);
        if (values && !table_allows(values, o->value[i]))
            return bad_value(o, i, values);
    }
    bad = check_operands(o);
    if (!bad && v->needs_output && !o->value[OPT_OUTPUT])
        bad = complain(o, TEXT_NEED_OUTPUT, v->name, NULL);
    return bad;
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
    int bad;
    memset(o, 0, sizeof *o);
    o->jobs = 1;
    o->help_for = VERB_COUNT;
    o->english = wants_english(argc, argv);
    o->operands = calloc((size_t)(argc > 0 ? argc : 1), sizeof(char *));
    o->operand = o->operands;
    if (!o->operands)
        return complain(o, TEXT_NO_MEMORY, NULL, NULL);
    bad = take_all(o, argc, argv);
    if (!bad)
        bad = choose_verb(o);
    if (!bad && o->verb < VERB_COUNT)
        bad = check_verb(o);
    return bad;
}

int options_add(options *o, host_option id, const char *value)
{
    const char *values = table_values(id, o->verb);
    path_list *list = list_of(o, (int)id);
    if (!table_fits(id, o->verb) || (values && !table_allows(values, value)))
        return 0;
    if (list) {
        o->value[id] = value;
        return append(o, list, value);
    }
    if (o->value[id])
        return 0;
    o->value[id] = value;
    if (id == OPT_JOBS)
        o->jobs = options_jobs(value);
    if (id == OPT_LANG)
        o->english = strcmp(value, "en") == 0;
    return 0;
}

/* ---- the whole ---- */

static int check_report_inputs(options *o)
{
    const char *format = o->value[OPT_FORMAT];
    if (o->verb != VERB_CHECK || o->n_operands < 2)
        return 0;
    if (format && strcmp(format, "junit") == 0)
        return complain(o, TEXT_ONE_INPUT, "--format junit", NULL);
    if (format && strcmp(format, "sarif") == 0)
        return complain(o, TEXT_ONE_INPUT, "--format sarif", NULL);
    if (o->value[OPT_REPORT])
        return complain(o, TEXT_ONE_INPUT, "--report", NULL);
    return 0;
}

static int check_together(options *o)
{
    static const host_option no_dash[] = {OPT_FROM, OPT_JOURNAL, OPT_REPORT, OPT_CONFIG};
    size_t i, dashes = 0;
    char name[40];
    for (i = 0; i < o->n_operands && o->verb != VERB_EXPLAIN; i++)
        dashes += is_dash(o->operand[i]);
    if (dashes && o->verb == VERB_LEDGER)
        return complain(o, TEXT_LEDGER_DASH, NULL, NULL);
    if (dashes > 1)
        return complain(o, TEXT_DASH_TWICE, NULL, NULL);
    for (i = 0; i < sizeof no_dash / sizeof no_dash[0]; i++) {
        if (is_dash(o->value[no_dash[i]]))
            return complain(o, TEXT_NO_DASH, dashed((int)no_dash[i], name), NULL);
    }
    if (o->value[OPT_CONFIG] && o->value[OPT_NO_CONFIG])
        return complain(o, TEXT_NOT_BOTH, "--config", "--no-config");
    if (o->verb == VERB_APPLY && (dashes || is_dash(o->value[OPT_OUTPUT])) &&
        !o->value[OPT_JOURNAL])
        return complain(o, TEXT_NEED_JOURNAL, NULL, NULL);
    return check_report_inputs(o);
}

/* --report goes over without its value: where it is written is no part of what is done. */
static char *put_for_plugin(const options *o, char *at)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (!o->value[i] || !(host_options[i].who & WHO_PLUGIN))
            continue;
        at = stpcpy(stpcpy(at, "--"), host_options[i].name);
        if (host_options[i].takes_value && i != OPT_REPORT)
            at = stpcpy(stpcpy(at, "="), o->value[i]);
        at = stpcpy(at, "\n");
    }
    return at;
}

static size_t text_size(const options *o)
{
    size_t n = sizeof "--color\n" + sizeof ".fusho";
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (o->value[i])
            n += strlen(host_options[i].name) + strlen(o->value[i]) + sizeof "--=\n";
    }
    return n + (o->value[OPT_OUTPUT] ? strlen(o->value[OPT_OUTPUT]) : 0);
}

int options_finish(options *o, bool color)
{
    const char *format = o->value[OPT_FORMAT];
    int bad = check_together(o);
    char *text;
    if (bad)
        return bad;
    o->text = text = malloc(text_size(o));
    if (!text)
        return complain(o, TEXT_NO_MEMORY, NULL, NULL);
    *text = '\0';
    o->for_plugin = text;
    text = put_for_plugin(o, text);
    if (color && table_fits(OPT_FORMAT, o->verb) && (!format || strcmp(format, "text") == 0))
        text = stpcpy(text, "--color\n");
    o->journal = o->value[OPT_JOURNAL];
    if (o->verb == VERB_APPLY && !o->journal) {
        o->journal = ++text;
        strcpy(stpcpy(text, o->value[OPT_OUTPUT]), ".fusho");
    }
    return 0;
}

void options_free(options *o)
{
    free(o->operands);
    free(o->text);
    free(o->evidence.v);
    free(o->ledger.v);
    o->operands = o->text = NULL;
    o->evidence.v = o->ledger.v = NULL;
}
