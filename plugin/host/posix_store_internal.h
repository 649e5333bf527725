/* posix_store_internal: what the files of posix_store share. */
#ifndef FUSHO_HOST_POSIX_STORE_INTERNAL_H
#define FUSHO_HOST_POSIX_STORE_INTERNAL_H
#include <stdbool.h>

#include "posix_store.h"

/* What temporary files are named like. */
#define POSIX_TEMP_LIKE ".fusho-0123456789abcdef.tmp"

/* S701: the target exists already. */
fusho_status posix_store_refuse_there(const posix_target *t, fusho_error *err);
/* Removes the journal at this path if a run left it there that was ended before its output was
 * published, and nobody holds it any more. True if it is gone. */
bool posix_store_recover(const posix_calls *c, const char *path);
/* Removes the temporary files in the folder that killed runs of the same user left there: no link,
 * none that is locked, and none with a second name that the store could still need. Never fails;
 * does nothing where the system has no locks. */
void posix_store_sweep(const posix_store *s, const char *folder);

#endif
