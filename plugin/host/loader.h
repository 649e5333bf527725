/* loader: the plugin's table, or a sentence why there is none.
 *
 * Invariants
 *   - a table handed out has this command's major version and every call the command uses
 *   - a name without "/" is a file of the working folder, never searched for
 */
#ifndef FUSHO_HOST_LOADER_H
#define FUSHO_HOST_LOADER_H
#include "fusho.h"
#include "messages.h"

typedef struct loader {
    void *handle;
    const fusho_plugin *table; /* NULL: not loaded */
    char complaint[SENTENCE_MAX];
} loader;

/* file NULL: the one installed. 0, or 5 with the complaint filled. */
int loader_open(loader *l, const char *file, bool english);
void loader_close(loader *l);

#endif
