/* help: the screens of --help, made of help.def and options.def.
 *
 * Invariants
 *   - every screen is at most 24 lines of 80 columns, full-width characters counted as two
 *   - the screen of a verb names every option of the verb but help and version
 */
#ifndef FUSHO_HOST_HELP_H
#define FUSHO_HOST_HELP_H
#include "table.h"

#define HELP_MAX 8192u

/* verb VERB_COUNT: the general one. */
void help_screen(char out[HELP_MAX], host_verb verb, bool english);
/* Columns of a line on a terminal. */
size_t help_width(const char *text);

#endif
