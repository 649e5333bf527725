#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2 */
#endif
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <unistd.h>

#include "posix_io.h"
#include "posix_path.h"

static int call_open(const char *path, int flags, mode_t mode)
{
    return open(path, flags, mode);
}

static int call_stat(const char *path, struct stat *st)
{
    return stat(path, st);
}

static int call_lstat(const char *path, struct stat *st)
{
    return lstat(path, st);
}

static int call_fstat(int fd, struct stat *st)
{
    return fstat(fd, st);
}

static int call_writable(const char *folder)
{
    return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS);
}

static int call_rename_new(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
}

static int call_lock(int fd)
{
    return flock(fd, LOCK_EX | LOCK_NB);
}

static int call_is_own(const struct stat *st)
{
    return st->st_uid == geteuid();
}

static ssize_t call_random(void *buf, size_t n)
{
    return getrandom(buf, n, 0);
}

static char *call_real_path(const char *path)
{
    return realpath(path, NULL);
}

const posix_calls posix_calls_libc = {
    .open = call_open,
    .close = close,
    .read = read,
    .write = write,
    .lseek = lseek,
    .fsync = fsync,
    .fchmod = fchmod,
    .fstat = call_fstat,
    .stat = call_stat,
    .lstat = call_lstat,
    .writable = call_writable,
    .rename = rename,
    .rename_new = call_rename_new,
    .link = link,
    .unlink = unlink,
    .lock = call_lock,
    .is_own = call_is_own,
    .random = call_random,
    .opendir = opendir,
    .readdir = readdir,
    .real_path = call_real_path,
    .resize = realloc,
};

/* ---- names ---- */

bool posix_is_separator(char c)
{
    return c == '/';
}

char posix_separator(const char *folder)
{
    (void)folder;
    return '/';
}

bool posix_is_absolute(const char *path)
{
    return path[0] == '/';
}

bool posix_same_name(const char *a, const char *b)
{
    return strcmp(a, b) == 0;
}
