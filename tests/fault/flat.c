/* flat: calls one of the plugin's flat calls as a host without table would, for faults.py.
 *
 *   flat PLUGIN apply INPUT OUTPUT EVIDENCE OPTIONS
 *   flat PLUGIN check INPUT EVIDENCE OPTIONS
 *   flat PLUGIN undo JOURNAL OUTPUT
 *
 * Exits with the call's status; its message goes to standard error. Options are lines, here divided
 * by ";". */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "fusho.h"

typedef int32_t(FUSHO_CALL *apply_fn)(const char *, const char *, const char *, const char *,
                                      char *, int32_t);
typedef int32_t(FUSHO_CALL *check_fn)(const char *, const char *, const char *, char *, int32_t);
typedef int32_t(FUSHO_CALL *undo_fn)(const char *, const char *, char *, int32_t);

static int call(void *plugin, int argc, char **argv, char *message, int32_t size)
{
    const char *verb = argv[2];
    if (argc == 7 && strcmp(verb, "apply") == 0)
        return ((apply_fn)dlsym(plugin, "fusho_apply_file"))(argv[3], argv[4], argv[5], argv[6],
                                                             message, size);
    if (argc == 6 && strcmp(verb, "check") == 0)
        return ((check_fn)dlsym(plugin, "fusho_check_file"))(argv[3], argv[4], argv[5], message,
                                                             size);
    if (argc == 5 && strcmp(verb, "undo") == 0)
        return ((undo_fn)dlsym(plugin, "fusho_undo_file"))(argv[3], argv[4], message, size);
    return 99;
}

int main(int argc, char **argv)
{
    char message[512] = "", *p;
    void *plugin = argc > 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
    int status;
    if (!plugin) {
        fprintf(stderr, "fusho: %s\n", argc > 2 ? dlerror() : "no plugin");
        return 5;
    }
    for (p = argv[argc - 1]; *p; p++) {
        if (*p == ';')
            *p = '\n';
    }
    status = call(plugin, argc, argv, message, sizeof message);
    fprintf(stderr, "fusho: %s\n", message);
    return message[0] ? status : 97;
}
