/* posix_path: taking paths apart and putting them together.
 *
 * Invariants
 *   - UTF-8 on every system; what is shown is what was given
 *   - the system says what separates names (the first four); the rest is the same everywhere
 */
#ifndef FUSHO_HOST_POSIX_PATH_H
#define FUSHO_HOST_POSIX_PATH_H
#include <stdbool.h>

#include "posix_io.h"

/* ---- of the system: posix_calls.c, and its counterparts ---- */

bool posix_is_separator(char c);
/* What to put behind a folder's name. */
char posix_separator(const char *folder);
bool posix_is_absolute(const char *path);
/* Whether two names in one folder are one file's. */
bool posix_same_name(const char *a, const char *b);

/* ---- everywhere ---- */

const char *posix_base_name(const char *path);
/* The folder part of a path, "." where there is none; to be freed; NULL without memory. */
char *posix_folder_of(const posix_calls *c, const char *path);
/* The first n bytes of folder, a separator where it needs one, and name; to be freed; NULL without
 * memory. */
char *posix_join(const posix_calls *c, const char *folder, size_t n, const char *name);

#endif
