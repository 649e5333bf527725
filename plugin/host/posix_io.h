/* posix_io: the system calls as a table, errors in words, and input streams over files.
 *
 * Invariants
 *   - includes fusho.h and the C library only; no stdout or stderr, no environment, no exit, no
 * state of its own: the command and the plugin's flat calls compile the same files
 *   - every call that can fail, memory too, goes through the table, so tests can make the n-th one
 * fail
 *   - an input is a regular file (or an unlinked copy of a pipe) and gives the same bytes again
 * after rewind; it is never opened for writing
 *   - names in errors are UTF-8 without control characters, whatever the folder holds
 */
#ifndef FUSHO_HOST_POSIX_IO_H
#define FUSHO_HOST_POSIX_IO_H
#include <dirent.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

#include "fusho.h"

typedef struct posix_calls {
    int (*open)(const char *path, int flags, mode_t mode);
    int (*close)(int fd);
    ssize_t (*read)(int fd, void *buf, size_t n);
    ssize_t (*write)(int fd, const void *buf, size_t n);
    off_t (*lseek)(int fd, off_t off, int whence);
    int (*fsync)(int fd);
    int (*fchmod)(int fd, mode_t mode);
    int (*fstat)(int fd, struct stat *st);
    int (*stat)(const char *path, struct stat *st);
    int (*lstat)(const char *path, struct stat *st);
    int (*writable)(const char *folder);                 /* 0 = files can be made in it */
    int (*rename)(const char *from, const char *to);     /* replaces */
    int (*rename_new)(const char *from, const char *to); /* EEXIST where `to` is there */
    int (*link)(const char *from, const char *to);
    int (*unlink)(const char *path);
    /* 0 = the open file is locked against every other open one until it is closed or its process
     * ends; never waits. NULL: the system has no such thing. */
    int (*lock)(int fd);
    int (*is_own)(const struct stat *st); /* the file is the user's; only asked where lock is */
    ssize_t (*random)(void *buf, size_t n);
    DIR *(*opendir)(const char *path);
    struct dirent *(*readdir)(DIR *d);
    char *(*real_path)(const char *path); /* to be freed */
    void *(*resize)(void *p, size_t n);   /* n > 0; freed with free */
} posix_calls;

extern const posix_calls posix_calls_libc;

/* ---- errors ---- */

/* Fills *err (may be NULL) and returns the status. */
fusho_status posix_fail(fusho_error *err, fusho_status status, const char *code, const char *file,
                        const char *message_ja, const char *message_en);
/* The same with "（reason）" taken from errno_value put behind the sentence. */
fusho_status posix_fail_errno(fusho_error *err, fusho_status status, const char *code,
                              const char *file, const char *message_ja, const char *message_en,
                              int errno_value);
void posix_hint(fusho_error *err, const char *hint_ja);
/* Copies a name for showing: bytes that are no UTF-8 and control characters become '?', never cut
 * inside a character. Returns the length. */
size_t posix_shown_name(char *dst, size_t size, const char *name);
/* True where posix_shown_name would change nothing. */
int posix_is_shown(const char *text);

/* A copy of the first n bytes with a NUL behind; NULL with errno. */
char *posix_copy_text(const posix_calls *c, const char *s, size_t n);

/* ---- reading and writing to the end ---- */

/* Not 0: give up; asked whenever a call was interrupted by a signal. NULL: never. */
typedef int posix_cancelled_fn(void *ctx);

/* All n bytes, going on after short writes and interruptions. 0, or -1 with errno. */
int posix_write_all(const posix_calls *c, int fd, const void *p, size_t n,
                    posix_cancelled_fn *cancelled, void *ctx);
/* What a pipe may hold: it could be endless, and what it is copied to is the disk of all. */
#define SPOOL_BYTES_MAX (4ll << 30)

/* Everything from one descriptor to the other. 0, -1 reading failed, -2 writing failed, -3 there
 * were more than `max` bytes. */
int posix_copy(const posix_calls *c, int from, int to, int64_t max, posix_cancelled_fn *cancelled,
               void *ctx);
/* Sixteen hexadecimal digits and NUL. */
int posix_random_name(const posix_calls *c, char out[17]);
/* Unlinks; tries again, as a file on a network share can be busy for a moment. */
int posix_remove(const posix_calls *c, const char *path);
/* A file of mode 0600 in the folder that has no name any more; -1 with errno. */
int posix_unnamed_file(const posix_calls *c, const char *folder);

/* ---- input ---- */

/* One input. Not to be moved in memory while open: stream.ctx points to it. */
typedef struct posix_source {
    const posix_calls *calls;
    int fd; /* -1 = closed */
    dev_t dev;
    ino_t ino;
    int64_t size;
    fusho_stream stream;
} posix_source;

/* Opens a regular file; a symbolic link is followed. calls NULL: the system's.
 * FUSHO_E_INPUT with `code` where it is missing, a folder, a pipe, a device or not readable. */
fusho_status posix_source_open(posix_source *s, const posix_calls *calls, const char *path,
                               const char *code, fusho_error *err);
/* Copies what can be read from fd into an unnamed file in `folder`, so that it can be rewound. fd
 * stays open. FUSHO_CANCELLED where cancelled said so, FUSHO_E_LIMIT above SPOOL_BYTES_MAX. */
fusho_status posix_source_spool(posix_source *s, const posix_calls *calls, int fd,
                                const char *folder, posix_cancelled_fn *cancelled, void *ctx,
                                fusho_error *err);
void posix_source_close(posix_source *s); /* closed ones too */

/* ---- clock ---- */

/* The day in Japan (UTC+9, no daylight saving) as yyyymmdd; 0 where the time is out of range. */
int32_t posix_day_jst(time_t t);
/* fusho_host.today */
int32_t FUSHO_CALL posix_today(void *ctx);

#endif
