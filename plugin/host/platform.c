#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "platform.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
