/* settings: finds, reads and applies the settings file of a run.
 *
 * Invariants
 *   - one file at most: --config, else fusho.conf beside the first input, else the user's own
 *   - it is a regular file of at most CONFIG_BYTES_MAX bytes, and read once
 *   - a path written in it is relative to the folder of the file
 *   - the command line wins; a file that holds anything wrong changes nothing that is written
 */
#ifndef FUSHO_HOST_SETTINGS_H
#define FUSHO_HOST_SETTINGS_H
#include "fusho.h"
#include "options.h"

#define SETTINGS_NAME "fusho.conf"

typedef struct settings {
    char *file; /* NULL: none is used */
    char *text; /* what the options point to */
    char **paths;
    size_t n_paths;
} settings;

/* 0; the exit status with err filled: 2 wrong contents, 3 not readable, 5 no memory. settings_free
 * is needed after any, once the options are not used any more. */
int settings_read(settings *s, options *o, fusho_error *err);
void settings_free(settings *s);

#endif
