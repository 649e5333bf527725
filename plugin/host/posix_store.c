#include "posix_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "posix_path.h"
#include "posix_store_internal.h"

#define TEMP_TRIES 16

void posix_store_init(posix_store *s, const posix_calls *calls, int force)
{
    int i;
    memset(s, 0, sizeof *s);
    s->calls = calls ? calls : &posix_calls_libc;
    s->force = force;
    s->spool_folder = "/tmp";
    for (i = 0; i < FUSHO_STORE_ROLES; i++) {
        s->target[i].store = s;
        s->target[i].to_fd = s->target[i].fd = -1;
    }
}

void posix_store_target(posix_store *s, int32_t role, const char *path)
{
    s->target[role].path = path;
    s->target[role].to_fd = -1;
}

void posix_store_target_fd(posix_store *s, int32_t role, int fd, const char *shown)
{
    s->target[role].path = shown;
    s->target[role].to_fd = fd;
}

/* ---- begin ---- */

static int64_t FUSHO_CALL target_write(void *ctx, const void *buf, uint64_t n)
{
    posix_target *t = ctx;
    size_t want = n > (1u << 30) ? 1u << 30 : (size_t)n;
    if (t->state != POSIX_WRITING)
        return -1;
    if (posix_write_all(t->store->calls, t->fd, buf, want, t->store->cancelled,
                        t->store->cancelled_ctx))
        return -1;
    return (int64_t)want;
}

static void forget(posix_target *t)
{
    free(t->folder);
    free(t->temp);
    free(t->backup);
    t->folder = t->temp = t->backup = NULL;
    t->replaced = t->locked = 0;
    t->state = POSIX_IDLE;
}

/* "FOLDER/.fusho-RANDOM" and the ending; NULL with errno. */
static char *hidden_name(const posix_calls *c, const char *folder, const char *ending)
{
    char digits[17], name[sizeof POSIX_TEMP_LIKE];
    if (posix_random_name(c, digits))
        return NULL;
    snprintf(name, sizeof name, ".fusho-%s%s", digits, ending);
    return posix_join(c, folder, strlen(folder), name);
}

static int make_temp(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    int tries;
    t->folder = posix_folder_of(c, t->path);
    for (tries = 0; t->folder && tries < TEMP_TRIES; tries++) {
        t->temp = hidden_name(c, t->folder, ".tmp");
        if (!t->temp)
            return -1;
        t->fd = c->open(t->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (t->fd >= 0)
            return 0;
        free(t->temp);
        t->temp = NULL;
        if (errno != EEXIST)
            return -1;
    }
    return -1;
}

/* A umask such as 0277 takes away bits of 0600. Media without modes refuse; they have none. */
static int settle_temp(posix_target *t)
{
    struct stat st;
    const posix_calls *c = t->store->calls;
    if (c->fstat(t->fd, &st))
        return -1;
    t->dev = st.st_dev;
    t->ino = st.st_ino;
    if ((st.st_mode & 07777) != 0600 && c->fchmod(t->fd, 0600) && errno != EPERM &&
        errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    t->locked = t == &t->store->target[FUSHO_STORE_JOURNAL] && c->lock && c->lock(t->fd) == 0;
    return 0;
}

static void remove_name(const posix_target *t, const char *path)
{
    if (path)
        posix_remove(t->store->calls, path);
}

static void forget_temp(posix_target *t)
{
    free(t->temp);
    t->temp = NULL;
}

static void drop_temp(posix_target *t)
{
    if (t->fd >= 0)
        t->store->calls->close(t->fd);
    t->fd = -1;
    remove_name(t, t->temp);
    remove_name(t, t->backup);
    forget(t);
}

fusho_status posix_store_begin(posix_store *s, int32_t role, fusho_stream *out, fusho_error *err)
{
    posix_target *t;
    int bad;
    if (role < 0 || role >= FUSHO_STORE_ROLES || !s->target[role].path ||
        s->target[role].state != POSIX_IDLE)
        return posix_fail(err, FUSHO_E_STORE, "S702", "", "指定されていない出力が求められました。",
                          "an output was asked for that was not given");
    t = &s->target[role];
    if (t->to_fd >= 0)
        bad = (t->fd = posix_unnamed_file(s->calls, s->spool_folder)) < 0;
    else
        bad = make_temp(t) || settle_temp(t);
    if (bad) {
        int saved = errno;
        drop_temp(t);
        return posix_fail_errno(err, FUSHO_E_STORE,
                                saved == EACCES || saved == EROFS || saved == ENOENT ? "S701"
                                                                                     : "S702",
                                t->path, "書き出し用のファイルを作れません",
                                "cannot make the temporary file of the output", saved);
    }
    t->state = POSIX_WRITING;
    memset(out, 0, sizeof *out);
    out->struct_size = (uint32_t)sizeof *out;
    out->ctx = t;
    out->write = target_write;
    return FUSHO_OK;
}

/* ---- commit ---- */

/* Makes the folder's entries durable. Some media cannot (EINVAL), and a folder one may write but
 * not list cannot be opened: neither is a reason to give up a complete file. */
static int sync_folder(const posix_target *t)
{
    const posix_calls *c = t->store->calls;
    int fd = c->open(t->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0), bad;
    if (fd < 0)
        return errno == EACCES ? 0 : -1;
    bad = c->fsync(fd) && errno != EINVAL && errno != EROFS;
    if (bad) {
        int saved = errno;
        c->close(fd);
        errno = saved;
        return -1;
    }
    c->close(fd);
    return 0;
}

/* A second name for the file about to be replaced, so that it can come back. Not one like that of a
 * temporary file, which posix_store_recover would take for a journal left behind. */
static void make_backup(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    t->backup = hidden_name(c, t->folder, ".bak");
    if (t->backup && c->link(t->path, t->backup)) {
        free(t->backup);
        t->backup = NULL;
    }
}

/* Gives the journal its name and leaves it the temporary one, locked, so that a later run can tell
 * whether its output followed. 0, -1 with errno, or 1 where the medium cannot. */
static int publish_marked(const posix_target *t)
{
    if (!t->locked)
        return 1;
    if (sync_folder(t)) /* the mark is there before what it marks */
        return -1;
    if (t->store->calls->link(t->temp, t->path) == 0)
        return 0;
    return errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP || errno == EMLINK ? 1 : -1;
}

/* The temporary file gets the target's name. 0, or -1 with errno. */
static int publish(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    struct stat st;
    int marked;
    if (t->store->force && c->lstat(t->path, &st) == 0) {
        t->replaced = 1;
        make_backup(t);
        if (c->rename(t->temp, t->path))
            return -1;
        forget_temp(t);
        return 0;
    }
    marked = publish_marked(t);
    if (marked <= 0)
        return marked;
    if (c->rename_new(t->temp, t->path) == 0) {
        forget_temp(t);
        return 0;
    }
    if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    if (c->link(t->temp, t->path))
        return -1;
    remove_name(t, t->temp);
    forget_temp(t);
    return 0;
}

/* The marker of a journal and its lock are not needed any more. */
static void unmark(posix_target *t)
{
    remove_name(t, t->temp);
    forget_temp(t);
    if (t->fd >= 0)
        t->store->calls->close(t->fd);
    t->fd = -1;
}

/* Takes a published file back; what someone else put there meanwhile is left alone. */
static void unpublish(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    struct stat st;
    bool ours = c->lstat(t->path, &st) == 0 && st.st_dev == t->dev && st.st_ino == t->ino;
    if (t->backup) {
        if (ours)
            c->rename(t->backup, t->path);
        else
            remove_name(t, t->backup);
    } else if (ours && !t->replaced) {
        remove_name(t, t->path);
    }
    unmark(t);
    sync_folder(t);
    forget(t);
}

static int commit_file(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    int fd = t->fd;
    if (c->fsync(fd))
        return -1;
    if (!t->locked) { /* closing would give the lock away */
        t->fd = -1;
        if (c->close(fd) && errno != EINTR)
            return -1;
    }
    if (publish(t))
        return -1;
    t->state = POSIX_PUBLISHED;
    return sync_folder(t);
}

static int commit_fd(posix_target *t)
{
    posix_store *s = t->store;
    int r = 0;
    if (s->calls->lseek(t->fd, 0, SEEK_SET) != 0 ||
        posix_copy(s->calls, t->fd, t->to_fd, s->cancelled, s->cancelled_ctx))
        r = -1;
    if (r == 0) {
        s->calls->close(t->fd);
        t->fd = -1;
        t->state = POSIX_SENT;
    }
    return r;
}

fusho_status posix_store_commit(posix_store *s, int32_t role, fusho_error *err)
{
    posix_target *t;
    int saved;
    if (role < 0 || role >= FUSHO_STORE_ROLES || s->target[role].state != POSIX_WRITING)
        return posix_fail(err, FUSHO_E_STORE, "S702", "", "始めていない出力は確定できません。",
                          "commit without begin");
    t = &s->target[role];
    if ((t->to_fd >= 0 ? commit_fd(t) : commit_file(t)) == 0)
        return FUSHO_OK;
    saved = errno;
    if (t->state == POSIX_PUBLISHED)
        unpublish(t);
    else
        drop_temp(t);
    if (saved == EEXIST)
        return posix_store_refuse_there(t, err);
    posix_fail_errno(err, FUSHO_E_STORE, "S702", t->path, "出力を書き終えられませんでした",
                     "could not finish writing the output", saved);
    posix_hint(err,
               "書きかけのファイルは残していません。空きと権限を確かめて、やり直してください。");
    return FUSHO_E_STORE;
}

void posix_store_abort(posix_store *s, int32_t role)
{
    if (role >= 0 && role < FUSHO_STORE_ROLES && s->target[role].state == POSIX_WRITING)
        drop_temp(&s->target[role]);
}

void posix_store_finish(posix_store *s, int keep)
{
    /* the journal goes last, as it came first: never an output without one */
    static const int order[] = {FUSHO_STORE_REPORT, FUSHO_STORE_OUTPUT, FUSHO_STORE_JOURNAL};
    size_t i;
    for (i = 0; i < sizeof order / sizeof order[0]; i++) {
        posix_target *t = &s->target[order[i]];
        if (t->state == POSIX_WRITING) {
            drop_temp(t);
        } else if (t->state == POSIX_PUBLISHED && !keep) {
            unpublish(t);
        } else {
            unmark(t);
            remove_name(t, t->backup);
            forget(t);
        }
    }
}
