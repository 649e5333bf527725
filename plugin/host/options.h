/* options: what the user asked for, checked as far as the command itself can.
 *
 * Invariants
 *   - after options_parse returned 0 the verb has as many operands as it wants and the output it
 *     needs, and every value that has a list in options.def is on it; today is judged by the plugin
 *   - a complaint is one sentence and shows option names, verbs and allowed values only, never what
 *     was typed as a value or an operand
 *   - what options_add brings never replaces what the command line said
 *   - all pointers point into argv, into what was handed to options_add, or into the struct's own
 *     memory
 */
#ifndef FUSHO_HOST_OPTIONS_H
#define FUSHO_HOST_OPTIONS_H
#include "messages.h"
#include "table.h"

#define JOBS_MAX 64
#define TYPED_MAX 24u /* of what was typed, this much is shown */

/* PATHs of a repeatable option, in order. */
typedef struct path_list {
    const char **v;
    size_t n;
} path_list;

typedef struct options {
    host_verb verb;
    host_verb help_for; /* VERB_HELP: of this verb; VERB_COUNT: of all */
    /* NULL: not given; "" for one without value; the last one holds */
    const char *value[OPT_COUNT];
    path_list evidence, ledger;
    const char **operand;
    size_t n_operands;
    const char *journal;    /* apply: --journal or OUTPUT.fusho */
    const char *for_plugin; /* one per line, as the plugin's open wants them */
    int jobs;
    bool english;
    char complaint[SENTENCE_MAX]; /* after a return other than 0 */
    void *operands, *text;        /* allocated */
} options;

/* The command line. 0; 2 wrong usage or 5 out of memory, with the complaint filled. options_free is
 * needed after any. */
int options_parse(options *o, int argc, char **argv);
/* An option from elsewhere, its value checked already; the text must outlive *o. Ignored where the
 * verb does not take it, or not with this value, and where the command line has it. 0 or 5. */
int options_add(options *o, host_option id, const char *value);
/* What depends on several options at once, journal and for_plugin. color: the plugin's listing goes
 * to a terminal. 0, 2 or 5. */
int options_finish(options *o, bool color);
void options_free(options *o);

/* 1 to JOBS_MAX, or 0. */
int options_jobs(const char *value);
/* What may be shown of the n bytes somebody typed: it may be a file name with a patient's name in
 * it. */
void options_typed(char out[TYPED_MAX + 4], const char *word, size_t n);

#endif
