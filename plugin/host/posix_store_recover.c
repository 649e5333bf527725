#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "posix_path.h"
#include "posix_store_internal.h"

/* What a temporary file is called, and a journal beside its own name while its run goes on. */
static bool is_temp_name(const char *name)
{
    return strncmp(name, ".fusho-", 7) == 0 && strspn(name + 7, "0123456789abcdef") == 16 &&
           strcmp(name + 23, ".tmp") == 0;
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

/* ---- temporary files left behind ---- */

/* A second name that says nothing any more: beside an output or a report that stands, or a journal
 * that has its output or is to be replaced. */
static bool is_spent(const posix_store *s, const struct stat *as)
{
    const posix_target *output = &s->target[FUSHO_STORE_OUTPUT];
    struct stat st;
    int i;
    for (i = 0; i < FUSHO_STORE_ROLES; i++) {
        const posix_target *t = &s->target[i];
        if (t->path && t->to_fd < 0 && is_same(s->calls, t->path, as))
            return i != FUSHO_STORE_JOURNAL || s->force ||
                   (output->path && s->calls->lstat(output->path, &st) == 0);
    }
    return false;
}

/* Nobody makes, names or removes a temporary file without its lock, so with the lock in hand the
 * name is still the one that was looked at. */
static void sweep_one(const posix_store *s, const char *path)
{
    const posix_calls *c = s->calls;
    struct stat st, now;
    int fd;
    if (c->lstat(path, &st) || !S_ISREG(st.st_mode) || !c->is_own(&st) ||
        (st.st_nlink > 1 && !is_spent(s, &st)))
        return;
    fd = c->open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0);
    if (fd < 0)
        return;
    if (c->lock(fd) == 0 && c->fstat(fd, &now) == 0 && now.st_nlink == st.st_nlink &&
        now.st_dev == st.st_dev && now.st_ino == st.st_ino && is_same(c, path, &st))
        posix_remove(c, path);
    c->close(fd);
}

void posix_store_sweep(const posix_store *s, const char *folder)
{
    const posix_calls *c = s->calls;
    DIR *d = c->lock ? c->opendir(folder) : NULL;
    struct dirent *e;
    char *path;
    while (d && (e = c->readdir(d)) != NULL) {
        if (!is_temp_name(e->d_name))
            continue;
        path = posix_join(c, folder, strlen(folder), e->d_name);
        if (path)
            sweep_one(s, path);
        free(path);
    }
    if (d)
        closedir(d);
}
