#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "posix_path.h"
#include "posix_store_internal.h"

/* The name a journal has beside its own while its run goes on. */
static bool is_temp_name(const char *name)
{
    return strlen(name) == sizeof POSIX_TEMP_LIKE - 1 && strncmp(name, ".fusho-", 7) == 0 &&
           strcmp(name + sizeof POSIX_TEMP_LIKE - 5, ".tmp") == 0;
}

static bool is_same(const posix_calls *c, const char *path, const struct stat *as)
{
    struct stat st;
    return c->lstat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_dev == as->st_dev &&
           st.st_ino == as->st_ino;
}

/* The second name of the file, in its folder; NULL without one. To be freed. */
static char *find_marker(const posix_calls *c, const char *folder, const struct stat *as)
{
    DIR *d = c->opendir(folder);
    struct dirent *e;
    char *found = NULL;
    while (d && !found && (e = c->readdir(d)) != NULL) {
        if (!is_temp_name(e->d_name))
            continue;
        found = posix_join(c, folder, strlen(folder), e->d_name);
        if (found && !is_same(c, found, as)) {
            free(found);
            found = NULL;
        }
    }
    if (d)
        closedir(d);
    return found;
}

/* With the lock in hand nobody else writes or removes it; the journal goes before its marker, so
 * that an end in between leaves a temporary file and no journal. */
static bool remove_both(const posix_calls *c, const char *path, const char *marker,
                        const struct stat *as)
{
    int fd = c->open(marker, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    bool gone;
    if (fd < 0)
        return false;
    gone = c->lock(fd) == 0 && is_same(c, path, as) && posix_remove(c, path) == 0;
    if (gone)
        posix_remove(c, marker);
    c->close(fd);
    return gone;
}

bool posix_store_recover(const posix_calls *c, const char *path)
{
    struct stat st;
    char *folder, *marker;
    bool gone;
    if (!c->lock || c->lstat(path, &st) || !S_ISREG(st.st_mode) || st.st_nlink < 2)
        return false;
    folder = posix_folder_of(c, path);
    marker = folder ? find_marker(c, folder, &st) : NULL;
    gone = marker && remove_both(c, path, marker, &st);
    free(marker);
    free(folder);
    return gone;
}
