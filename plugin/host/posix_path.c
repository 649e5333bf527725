#include "posix_path.h"

#include <string.h>

const char *posix_base_name(const char *path)
{
    const char *base = path;
    for (; *path; path++) {
        if (posix_is_separator(*path))
            base = path + 1;
    }
    return base;
}

char *posix_folder_of(const posix_calls *c, const char *path)
{
    size_t n = (size_t)(posix_base_name(path) - path);
    if (n == 0)
        return posix_copy_text(c, ".", 1);
    if (path[n - 1] == ':') /* the folder a drive is in, not its top */
        return posix_join(c, path, n, ".");
    if (n > 1 && !(path[n - 2] == ':' && posix_is_separator(':')))
        n--;
    return posix_copy_text(c, path, n);
}

char *posix_join(const posix_calls *c, const char *folder, size_t n, const char *name)
{
    size_t m = strlen(name);
    bool between = n > 0 && !posix_is_separator(folder[n - 1]);
    char *p = c->resize(NULL, n + between + m + 1);
    if (!p)
        return NULL;
    memcpy(p, folder, n);
    if (between)
        p[n] = posix_separator(folder);
    memcpy(p + n + between, name, m + 1);
    return p;
}
