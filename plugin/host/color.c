#include "color.h"

#include <stdlib.h>
#include <string.h>

#include "platform.h"

bool color_wanted(const char *when, int fd)
{
    const char *no = getenv("NO_COLOR");
    if (when && strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    if (no && *no) /* https://no-color.org: present and not an empty string */
        return false;
    return platform_shows_color(fd);
}
