#include "posix_io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define COPY_CHUNK 65536u
#define NAME_TRIES 16
#define REMOVE_TRIES 3

char *posix_copy_text(const posix_calls *c, const char *s, size_t n)
{
    char *p = c->resize(NULL, n + 1);
    if (p) {
        memcpy(p, s, n);
        p[n] = '\0';
    }
    return p;
}

/* ---- reading and writing to the end ---- */

int posix_write_all(const posix_calls *c, int fd, const void *p, size_t n,
                    posix_cancelled_fn *cancelled, void *ctx)
{
    const unsigned char *at = p;
    while (n > 0) {
        ssize_t r = c->write(fd, at, n);
        if (r < 0) {
            if (errno == EINTR && !(cancelled && cancelled(ctx)))
                continue;
            return -1;
        }
        if (r == 0) { /* would loop for ever */
            errno = EIO;
            return -1;
        }
        at += r;
        n -= (size_t)r;
    }
    return 0;
}

int posix_copy(const posix_calls *c, int from, int to, int64_t max, posix_cancelled_fn *cancelled,
               void *ctx)
{
    unsigned char buf[COPY_CHUNK];
    for (;;) {
        ssize_t r = c->read(from, buf, sizeof buf);
        if (r < 0) {
            if (errno == EINTR && !(cancelled && cancelled(ctx)))
                continue;
            return -1;
        }
        if (r == 0)
            return 0;
        if (cancelled && cancelled(ctx)) { /* also where no call was interrupted */
            errno = EINTR;
            return -1;
        }
        if (r > max)
            return -3;
        max -= r;
        if (posix_write_all(c, to, buf, (size_t)r, cancelled, ctx))
            return -2;
    }
}

int posix_random_name(const posix_calls *c, char out[17])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char r[8];
    size_t have = 0, i;
    while (have < sizeof r) {
        ssize_t n = c->random(r + have, sizeof r - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        have += (size_t)n;
    }
    for (i = 0; i < sizeof r; i++) {
        out[2 * i] = digits[r[i] >> 4];
        out[2 * i + 1] = digits[r[i] & 15];
    }
    out[16] = '\0';
    return 0;
}

int posix_remove(const posix_calls *c, const char *path)
{
    int tries;
    for (tries = 0; tries < REMOVE_TRIES; tries++) {
        if (c->unlink(path) == 0 || errno == ENOENT)
            return 0;
    }
    return -1;
}

int posix_unnamed_file(const posix_calls *c, const char *folder)
{
    char name[17], path[4096];
    int fd, tries, n;
    for (tries = 0; tries < NAME_TRIES; tries++) {
        if (posix_random_name(c, name))
            return -1;
        n = snprintf(path, sizeof path, "%s/.fusho-%s.tmp", folder, name);
        if (n < 0 || (size_t)n >= sizeof path) {
            errno = ENAMETOOLONG;
            return -1;
        }
        fd = c->open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno == EEXIST)
            continue;
        if (fd >= 0 && posix_remove(c, path)) {
            int saved = errno;
            c->close(fd);
            errno = saved;
            return -1;
        }
        return fd;
    }
    errno = EEXIST;
    return -1;
}

/* ---- input ---- */

static int64_t FUSHO_CALL source_read(void *ctx, void *buf, uint64_t n)
{
    posix_source *s = ctx;
    size_t want = n > (1u << 30) ? 1u << 30 : (size_t)n;
    ssize_t r;
    do {
        r = s->calls->read(s->fd, buf, want);
    } while (r < 0 && errno == EINTR);
    return r < 0 ? -1 : (int64_t)r;
}

static int32_t FUSHO_CALL source_rewind(void *ctx)
{
    posix_source *s = ctx;
    return s->calls->lseek(s->fd, 0, SEEK_SET) == 0 ? 0 : -1;
}

static void source_ready(posix_source *s, const struct stat *st)
{
    s->dev = st->st_dev;
    s->ino = st->st_ino;
    s->size = (int64_t)st->st_size;
    s->stream.struct_size = (uint32_t)sizeof s->stream;
    s->stream.ctx = s;
    s->stream.read = source_read;
    s->stream.rewind = source_rewind;
}

static void source_clear(posix_source *s, const posix_calls *calls)
{
    memset(s, 0, sizeof *s);
    s->calls = calls ? calls : &posix_calls_libc;
    s->fd = -1;
}

static fusho_status cannot_open(fusho_error *err, const char *code, const char *path,
                                const char *ja, const char *en, int errno_value)
{
    posix_fail_errno(err, FUSHO_E_INPUT, code, path, ja, en, errno_value);
    posix_hint(err, "ファイルの名前と場所、読み取りの許可を確かめてください。");
    return FUSHO_E_INPUT;
}

fusho_status posix_source_open(posix_source *s, const posix_calls *calls, const char *path,
                               const char *code, fusho_error *err)
{
    struct stat st;
    source_clear(s, calls);
    /* O_NONBLOCK: a pipe without a writer must be refused, not waited for. */
    s->fd = s->calls->open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0);
    if (s->fd < 0)
        return cannot_open(err, code, path, "ファイルを開けません", "cannot open the file", errno);
    if (s->calls->fstat(s->fd, &st)) {
        int saved = errno;
        posix_source_close(s);
        return cannot_open(err, code, path, "ファイルを調べられません", "cannot examine the file",
                           saved);
    }
    if (!S_ISREG(st.st_mode)) {
        posix_source_close(s);
        posix_fail(err, FUSHO_E_INPUT, code, path,
                   S_ISDIR(st.st_mode) ? "ファイルではなくフォルダーが指定されています。"
                                       : "通常のファイルではないため読めません。",
                   S_ISDIR(st.st_mode) ? "this is a folder" : "this is no regular file");
        posix_hint(err, S_ISDIR(st.st_mode)
                            ? "フォルダーの中のファイルを指定してください。"
                            : "パイプから読むには、ファイル名の代わりに - を指定してください。");
        return FUSHO_E_INPUT;
    }
    source_ready(s, &st);
    return FUSHO_OK;
}

static fusho_status too_much(fusho_error *err)
{
    char ja[128], en[64];
    snprintf(ja, sizeof ja, "標準入力の大きさが上限 SPOOL_BYTES_MAX (%lld) を超えています。",
             SPOOL_BYTES_MAX);
    snprintf(en, sizeof en, "limit SPOOL_BYTES_MAX (%lld) exceeded", SPOOL_BYTES_MAX);
    posix_fail(err, FUSHO_E_LIMIT, "F113", "-", ja, en);
    posix_hint(err, "これより大きいものは、ファイルに保存してから、その名前を指定してください。");
    return FUSHO_E_LIMIT;
}

fusho_status posix_source_spool(posix_source *s, const posix_calls *calls, int fd,
                                const char *folder, posix_cancelled_fn *cancelled, void *ctx,
                                fusho_error *err)
{
    struct stat st, from;
    int bad, saved;
    source_clear(s, calls);
    s->fd = posix_unnamed_file(s->calls, folder);
    if (s->fd < 0)
        return posix_fail_errno(err, FUSHO_E_STORE, "S702", folder, "作業用のファイルを作れません",
                                "cannot make a temporary file", errno);
    bad = posix_copy(s->calls, fd, s->fd, SPOOL_BYTES_MAX, cancelled, ctx);
    if (bad == 0 && s->calls->lseek(s->fd, 0, SEEK_SET) == 0 && s->calls->fstat(s->fd, &st) == 0) {
        source_ready(s, &st);
        if (s->calls->fstat(fd, &from) == 0) { /* for posix_store_check_source: `< FILE` */
            s->dev = from.st_dev;
            s->ino = from.st_ino;
        }
        return FUSHO_OK;
    }
    saved = errno;
    posix_source_close(s);
    if (bad && saved == EINTR && cancelled && cancelled(ctx))
        return posix_fail(err, FUSHO_CANCELLED, "", "-", "中断しました。", "cancelled");
    if (bad == -3)
        return too_much(err);
    if (bad == -1) {
        posix_fail_errno(err, FUSHO_E_INPUT, "S704", "-", "標準入力を読めません",
                         "cannot read standard input", saved);
        posix_hint(err, "標準入力につないだものを確かめて、もう一度実行してください。");
        return FUSHO_E_INPUT;
    }
    return posix_fail_errno(err, FUSHO_E_STORE, "S702", folder, "作業用のファイルに書き込めません",
                            "cannot write a temporary file", saved);
}

void posix_source_close(posix_source *s)
{
    if (s->fd >= 0)
        s->calls->close(s->fd);
    s->fd = -1;
}

/* ---- clock ---- */

int32_t posix_day_jst(time_t t)
{
    struct tm tm;
    t += 9 * 3600;
    if (!gmtime_r(&t, &tm) || tm.tm_year < -1899 || tm.tm_year > 8099)
        return 0;
    return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

int32_t FUSHO_CALL posix_today(void *ctx)
{
    (void)ctx;
    return posix_day_jst(time(NULL));
}
