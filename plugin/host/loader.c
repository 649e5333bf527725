#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "loader.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "posix_path.h"

typedef const fusho_plugin *(FUSHO_CALL *entry_fn)(uint32_t, uint32_t);

static int fail(loader *l, host_text id, bool english, const char *file, const char *why)
{
    message_fill(l->complaint, id, english, file, why);
    loader_close(l);
    return 5;
}

/* dlopen looks a name without "/" up in the library folders. */
static void *open_file(const char *file)
{
    void *h = NULL;
    char *path;
    if (posix_base_name(file) != file)
        return dlopen(file, RTLD_NOW | RTLD_LOCAL);
    path = malloc(strlen(file) + 3);
    if (path) {
        strcpy(path, "./");
        strcat(path, file);
        h = dlopen(path, RTLD_NOW | RTLD_LOCAL);
        free(path);
    }
    return h;
}

static bool is_complete(const fusho_plugin *p)
{
    return FUSHO_HAS(fusho_plugin, p, id) && FUSHO_HAS(fusho_plugin, p, version) &&
           FUSHO_HAS(fusho_plugin, p, rules_edition) && FUSHO_HAS(fusho_plugin, p, open) &&
           FUSHO_HAS(fusho_plugin, p, add_evidence) && FUSHO_HAS(fusho_plugin, p, run) &&
           FUSHO_HAS(fusho_plugin, p, explain) && FUSHO_HAS(fusho_plugin, p, close);
}

int loader_open(loader *l, const char *file, bool english)
{
    entry_fn entry;
    void *symbol;
    memset(l, 0, sizeof *l);
    if (!file)
        file = platform_plugin();
    l->handle = open_file(file);
    if (!l->handle) {
        const char *why = dlerror();
        return fail(l, TEXT_NO_PLUGIN, english, file, why ? why : "dlopen");
    }
    symbol = dlsym(l->handle, "fusho_plugin_v1");
    if (!symbol)
        return fail(l, TEXT_NOT_PLUGIN, english, file, NULL);
    memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from object to function */
    l->table = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    if (!l->table || l->table->abi_major != FUSHO_ABI_MAJOR || !is_complete(l->table))
        return fail(l, TEXT_WRONG_ABI, english, file, NULL);
    return 0;
}

void loader_close(loader *l)
{
    if (l->handle)
        dlclose(l->handle);
    l->handle = NULL;
    l->table = NULL;
}
