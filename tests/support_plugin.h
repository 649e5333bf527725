/* support_plugin: the module as it was built, loaded as a host loads it. A header only: Criterion
 * is in here, and what drivers link has none. */
#ifndef TST_SUPPORT_PLUGIN_H
#define TST_SUPPORT_PLUGIN_H
#include <criterion/criterion.h>

#include <dlfcn.h>
#include <stdlib.h>

#include "fusho.h"

typedef struct tst_plugin {
    void *so;
    const fusho_plugin *t;
} tst_plugin;

static inline void *tst_symbol(void *so, const char *name)
{
    void *s = dlsym(so, name);
    cr_assert_not_null(s, "%s", name);
    return s;
}

static inline tst_plugin tst_plugin_load(const char *path)
{
    tst_plugin p = {dlopen(path, RTLD_NOW | RTLD_LOCAL), NULL};
    const fusho_plugin *(*v1)(uint32_t, uint32_t);
    cr_assert_not_null(p.so, "%s", dlerror());
    *(void **)&v1 = tst_symbol(p.so, "fusho_plugin_v1");
    p.t = v1(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    cr_assert_not_null(p.t);
    return p;
}

/* That of FUSHO_PLUGIN; without one the test is skipped. */
static inline tst_plugin tst_plugin_built(void)
{
    const char *path = getenv("FUSHO_PLUGIN");
    if (!path || !*path)
        cr_skip_test("FUSHO_PLUGIN is not set");
    return tst_plugin_load(path);
}

static inline void tst_plugin_unload(tst_plugin p)
{
    if (p.so)
        dlclose(p.so);
}

#endif
