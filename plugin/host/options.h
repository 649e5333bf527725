/* options: what the user asked for, checked as far as the command itself can.
 *
 * Invariants
 *   - after options_parse returned 0 the verb has as many operands as it wants and the output it
 * needs
 *   - the values insurer-number, bango-width, former-with-kohi, format and today are judged by the
 *     plugin, once, in open
 *   - a complaint is one sentence and shows option names and verbs only, never a value or an
 * operand
 *   - all pointers point into argv or into the struct's own block
 */
#ifndef FUSHO_HOST_OPTIONS_H
#define FUSHO_HOST_OPTIONS_H
#include <stdbool.h>
#include <stddef.h>

#include "messages.h"

#define JOBS_MAX 64

typedef enum host_verb {
#define HOST_VERB(id, ...) VERB_##id,
#include "options.def"
#undef HOST_VERB
    VERB_COUNT, /* also: none */
    VERB_VERSION,
    VERB_HELP
} host_verb;

typedef enum host_option {
#define HOST_OPTION(id, ...) OPT_##id,
#include "options.def"
#undef HOST_OPTION
    OPT_COUNT
} host_option;

typedef struct options {
    host_verb verb;
    const char *verb_name;
    const char
        *value[OPT_COUNT]; /* NULL: not given; "" for one without value; the last one holds */
    const char **evidence; /* every --evidence, in order */
    const char **operand;
    size_t n_evidence, n_operands;
    const char *journal;    /* apply: --journal or OUTPUT.fusho */
    const char *for_plugin; /* one per line, as the plugin's open wants them */
    int jobs;
    bool english;
    char complaint[SENTENCE_MAX]; /* after a return other than 0 */
    void *block;                  /* everything allocated */
} options;

/* 0; 2 wrong usage or 5 out of memory, with the complaint filled. options_free is needed after any.
 */
int options_parse(options *o, int argc, char **argv);
void options_free(options *o);

#endif
