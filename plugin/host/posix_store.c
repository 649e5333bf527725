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

/* "FOLDER/.fusho-RANDOM" and the ending; NULL with errno. */
static char *hidden_name(const posix_calls *c, const char *folder, const char *ending)
{
    char digits[17], name[sizeof POSIX_TEMP_LIKE];
    if (posix_random_name(c, digits))
        return NULL;
    snprintf(name, sizeof name, ".fusho-%s%s", digits, ending);
    return posix_join(c, folder, strlen(folder), name);
}

/* The lock says to later runs that the file is in use. Between its making and its lock one of them
 * may take it for left behind: then it holds the lock, or the name is gone. 0, -1 with errno, 1 if
 * so; a medium without locks is none's fault, and nobody sweeps there. */
static int hold_temp(posix_target *t, struct stat *st)
{
    const posix_calls *c = t->store->calls;
    t->locked = c->lock && c->lock(t->fd) == 0;
    if (c->lock && !t->locked && errno == EWOULDBLOCK)
        return 1;
    if (c->fstat(t->fd, st))
        return -1;
    return t->locked && st->st_nlink == 0;
}

/* A umask such as 0277 takes away bits of 0600. Media without modes refuse; they have none. */
static int settle_temp(posix_target *t)
{
    struct stat st;
    const posix_calls *c = t->store->calls;
    int r = hold_temp(t, &st);
    if (r)
        return r;
    t->dev = st.st_dev;
    t->ino = st.st_ino;
    if ((st.st_mode & 07777) != 0600 && c->fchmod(t->fd, 0600) && errno != EPERM &&
        errno != ENOSYS && errno != EOPNOTSUPP)
        return -1;
    return 0;
}

/* 0, -1 with errno, or 1: another name is to be tried. */
static int try_temp(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    int r;
    t->temp = hidden_name(c, t->folder, ".tmp");
    if (!t->temp)
        return -1;
    t->fd = c->open(t->temp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    r = t->fd >= 0 ? settle_temp(t) : errno == EEXIST ? 1 : -1;
    if (r == 0 || (r < 0 && t->fd >= 0)) /* then posix_store_begin drops it */
        return r;
    if (t->fd >= 0) {
        c->close(t->fd);
        remove_name(t, t->temp);
    }
    t->fd = -1;
    forget_temp(t);
    return r;
}

static int make_temp(posix_target *t)
{
    int tries, r = 1;
    t->folder = posix_folder_of(t->store->calls, t->path);
    if (!t->folder)
        return -1;
    for (tries = 0; r > 0 && tries < TEMP_TRIES; tries++)
        r = try_temp(t);
    if (r > 0)
        errno = EEXIST;
    return r ? -1 : 0;
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
        bad = make_temp(t);
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
    if (err) /* what is said of writes that fail */
        posix_shown_name(err->file, sizeof err->file, t->path);
    return FUSHO_OK;
}

/* ---- commit ---- */

/* What stands under the target's name is what this run wrote. */
static bool is_ours(const posix_target *t)
{
    struct stat st;
    return t->store->calls->lstat(t->path, &st) == 0 && st.st_dev == t->dev && st.st_ino == t->ino;
}

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

static bool cannot_link(int error)
{
    return error == EPERM || error == ENOSYS || error == EOPNOTSUPP || error == EMLINK;
}

/* A second name for the file about to be replaced, so that it can come back. Not one like that of a
 * temporary file, which posix_store_recover would take for a journal left behind. Only where the
 * medium has no second names nothing is kept; else nothing is replaced without. 0, or -1 with errno.
 */
static int make_backup(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    int saved;
    t->backup = hidden_name(c, t->folder, ".bak");
    if (!t->backup)
        return -1;
    if (c->link(t->path, t->backup) == 0)
        return 0;
    saved = errno;
    free(t->backup);
    t->backup = NULL;
    errno = saved;
    return cannot_link(saved) ? 0 : -1;
}

/* Gives the journal its name and leaves it the temporary one, locked, so that a later run can tell
 * whether its output followed. 0, -1 with errno, or 1 where the medium cannot. */
static int publish_marked(const posix_target *t)
{
    const posix_store *s = t->store;
    if (!t->locked || t != &s->target[FUSHO_STORE_JOURNAL] ||
        s->target[FUSHO_STORE_OUTPUT].to_fd >= 0)
        return 1;
    if (sync_folder(t)) /* the mark is there before what it marks */
        return -1;
    if (t->store->calls->link(t->temp, t->path) == 0)
        return 0;
    return cannot_link(errno) ? 1 : -1;
}

/* The temporary file gets the target's name. 0, or -1 with errno. */
static int publish(posix_target *t)
{
    const posix_calls *c = t->store->calls;
    struct stat st;
    int marked;
    if (t->store->force && c->lstat(t->path, &st) == 0) {
        t->replaced = 1;
        if (make_backup(t) || c->rename(t->temp, t->path))
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

/* Once the output stands the journal is no longer one that a killed run would leave behind. Its
 * temporary name and its lock are kept, should the output be taken back. */
static void take_mark(posix_store *s)
{
    const posix_target *j = &s->target[FUSHO_STORE_JOURNAL];
    if (j->state == POSIX_PUBLISHED && j->temp) {
        remove_name(j, j->temp);
        sync_folder(j);
    }
}

/* The reverse, before the output goes. */
static void put_mark(const posix_store *s)
{
    const posix_target *j = &s->target[FUSHO_STORE_JOURNAL];
    if (j->state == POSIX_PUBLISHED && j->temp && is_ours(j) &&
        s->calls->link(j->path, j->temp) == 0)
        sync_folder(j);
}

static void let_go(posix_target *t)
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
    bool ours = is_ours(t);
    if (t->backup) {
        if (ours)
            t->store->calls->rename(t->backup, t->path);
        else
            remove_name(t, t->backup);
    } else if (ours && !t->replaced) {
        remove_name(t, t->path);
    }
    let_go(t);
    sync_folder(t);
    forget(t);
}

static int close_file(posix_target *t)
{
    int fd = t->fd;
    t->fd = -1;
    return t->store->calls->close(fd) && errno != EINTR ? -1 : 0;
}

static int commit_file(posix_target *t)
{
    bool is_journal = t == &t->store->target[FUSHO_STORE_JOURNAL];
    if (t->store->calls->fsync(t->fd))
        return -1;
    if (!t->locked && close_file(t)) /* closing would give the lock away */
        return -1;
    if (publish(t))
        return -1;
    t->state = POSIX_PUBLISHED;
    if (sync_folder(t))
        return -1;
    return t->locked && !is_journal ? close_file(t) : 0;
}

static int commit_fd(posix_target *t)
{
    posix_store *s = t->store;
    int r = 0;
    if (s->calls->lseek(t->fd, 0, SEEK_SET) != 0 ||
        posix_copy(s->calls, t->fd, t->to_fd, INT64_MAX, s->cancelled, s->cancelled_ctx))
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
    if ((t->to_fd >= 0 ? commit_fd(t) : commit_file(t)) == 0) {
        if (role == FUSHO_STORE_OUTPUT)
            take_mark(s);
        return FUSHO_OK;
    }
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
            if (order[i] == FUSHO_STORE_OUTPUT)
                put_mark(s);
            unpublish(t);
        } else {
            let_go(t);
            remove_name(t, t->backup);
            forget(t);
        }
    }
}
