#include "leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "posix_path.h"

#define NOTED_MAX 16 /* three targets, each with a temporary file and a backup, and one spool */

/* used is set after the names and cleared before them: the handler may come in between. */
static struct noted {
    volatile sig_atomic_t used;
    char name[PATH_MAX];
    char back_to[PATH_MAX]; /* "": to be removed; else to get this name again */
} noted[NOTED_MAX];

static struct noted *note(const char *name, const char *back_to)
{
    size_t i;
    if (strlen(name) >= PATH_MAX || strlen(back_to) >= PATH_MAX)
        return NULL;
    for (i = 0; i < NOTED_MAX; i++) {
        if (!noted[i].used) {
            strcpy(noted[i].name, name);
            strcpy(noted[i].back_to, back_to);
            noted[i].used = 1;
            return &noted[i];
        }
    }
    return NULL;
}

static void forget(const char *name)
{
    size_t i;
    for (i = 0; i < NOTED_MAX; i++) {
        if (noted[i].used && strcmp(noted[i].name, name) == 0)
            noted[i].used = 0;
    }
}

/* ---- calls ---- */

static int noting_open(const char *path, int flags, mode_t mode)
{
    struct noted *n = flags & O_CREAT ? note(path, "") : NULL;
    int fd = posix_calls_libc.open(path, flags, mode);
    if (fd < 0 && n)
        n->used = 0;
    return fd;
}

static int noting_unlink(const char *path)
{
    int r = posix_calls_libc.unlink(path);
    int saved = errno;
    if (r == 0 || saved == ENOENT)
        forget(path);
    errno = saved;
    return r;
}

static int noting_rename(const char *from, const char *to)
{
    int r = posix_calls_libc.rename(from, to);
    if (r == 0)
        forget(from);
    return r;
}

static int noting_rename_new(const char *from, const char *to)
{
    int r = posix_calls_libc.rename_new(from, to);
    if (r == 0) {
        note(to, "");
        forget(from);
    }
    return r;
}

/* The store links in three directions: a file about to be replaced to its backup; a temporary file
 * to its target, for a journal and on media that cannot rename without replacing; and a journal
 * that is to be taken back to its temporary name again. */
static int noting_link(const char *from, const char *to)
{
    const char *base = posix_base_name(to);
    bool hidden = strncmp(base, ".fusho-", sizeof ".fusho-" - 1) == 0;
    bool backup = hidden && strcmp(base + strlen(base) - 4, ".bak") == 0;
    struct noted *n = backup ? note(to, from) : NULL;
    int r = posix_calls_libc.link(from, to);
    if (r && n)
        n->used = 0;
    if (r == 0 && !backup)
        note(to, "");
    return r;
}

static posix_calls calls;

const posix_calls *leftover_calls(void)
{
    calls = posix_calls_libc;
    calls.open = noting_open;
    calls.unlink = noting_unlink;
    calls.rename = noting_rename;
    calls.rename_new = noting_rename_new;
    calls.link = noting_link;
    return &calls;
}

void leftover_keep(void)
{
    size_t i;
    for (i = 0; i < NOTED_MAX; i++)
        noted[i].used = 0;
}

void leftover_remove(void)
{
    size_t i;
    for (i = 0; i < NOTED_MAX; i++) {
        if (!noted[i].used)
            continue;
        if (noted[i].back_to[0] && rename(noted[i].name, noted[i].back_to))
            continue; /* better a file too many than one lost */
        unlink(noted[i].name);
    }
}
