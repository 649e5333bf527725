/* table: the rows of options.def.
 *
 * Invariants
 *   - every list of values belongs to one option and names no verb twice
 *   - the first value of a list is what happens where the option is not given
 */
#ifndef FUSHO_HOST_TABLE_H
#define FUSHO_HOST_TABLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

typedef enum host_who { WHO_HOST = 1, WHO_PLUGIN = 2, WHO_BOTH = 3 } host_who;
typedef enum host_in_file { IN_FILE_NO, IN_FILE_FILE, IN_FILE_LIST } host_in_file;

typedef struct verb_row {
    const char *name;
    size_t least, most;
    bool needs_output;
} verb_row;

typedef struct option_row {
    const char *name;
    char letter;
    bool takes_value;
    uint32_t verbs; /* bit by host_verb */
    host_who who;
    host_in_file in_file;
} option_row;

extern const verb_row host_verbs[VERB_COUNT];
extern const option_row host_options[OPT_COUNT];

/* The option or verb of exactly this name, or -1. */
int table_option(const char *name, size_t n);
int table_verb(const char *name);
bool table_fits(host_option id, host_verb verb);
/* The values of an option for one verb, separated by a space; NULL: not in the table. */
const char *table_values(host_option id, host_verb verb);
bool table_allows(const char *values, const char *value);
/* The same for any verb: what a settings file may hold. True where there is no list at all. */
bool table_allows_somewhere(host_option id, const char *value);
/* Every value some verb allows, each once, separated by a space. */
#define TABLE_VALUES_MAX 96u
void table_all_values(host_option id, char out[TABLE_VALUES_MAX]);

/* What was meant, or -1. The verbs are those of the table and, as VERB_COUNT, help. */
int table_near_option(const char *word, size_t n);
int table_near_file_option(const char *word, size_t n); /* of those a settings file may hold */
int table_near_verb(const char *word);
/* The allowed value that was meant, copied to out, or false. */
#define TABLE_VALUE_MAX 24u
bool table_near_value(const char *values, const char *value, char out[TABLE_VALUE_MAX + 1]);

#endif
