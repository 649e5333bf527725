#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "platform.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void platform_refuse_dumps(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0,
                0); /* the limit does not hold where a program takes dumps */
#endif
}

const char *platform_plugin(void)
{
    return FUSHO_PLUGINDIR "/fusho.so";
}

const char *platform_temp_folder(void)
{
    const char *tmp = getenv("TMPDIR");
    return tmp && tmp[0] == '/' ? tmp : "/tmp";
}

/* https://specifications.freedesktop.org/basedir-spec: a relative path is to be ignored. */
const char *platform_settings_folder(const char **name)
{
    const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (xdg && xdg[0] == '/') {
        *name = "fusho/fusho.conf";
        return xdg;
    }
    *name = ".config/fusho/fusho.conf";
    return home && home[0] == '/' ? home : NULL;
}

bool platform_shows_color(int fd)
{
    const char *term = getenv("TERM");
    return term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
}
