/* shim: a library put before the C library of a running command (LD_PRELOAD) that makes one of its
 * storage calls go wrong, ends it there, or writes down what it does.
 *
 *   FAULT_CALL   "any", "malloc", or the name of one call in the table below
 *   FAULT_AT     number of the call that is hit, from 0; -1 = none
 *   FAULT_DO     errno=N (and "on" behind it: all that come after, too), kill, killafter,
 * stopafter, short (one byte at a time, all of them), eintr (every second call), unlink=PATH,
 *                truncate=PATH, append=PATH, change=PATH: done to PATH, then the call goes on
 *   FAULT_LOG    every call that was made, one a line, for powerloss.py
 *   FAULT_COUNT  the number of counted calls is written there at the end
 *
 * Only files named by a relative path or below FAULT_ROOT count, and standard output. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FD_MAX 256
#define SHOW __attribute__((visibility("default")))

static struct {
    const char *call, *act, *root;
    long at, n;
    int ready, error, on, log;
    unsigned turn;
    int tracked[FD_MAX];
} f = {.log = -1};

static void write_count(void)
{
    const char *path = getenv("FAULT_COUNT");
    char text[32];
    int fd, k = snprintf(text, sizeof text, "%ld\n", f.n);
    if (!path ||
        (fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0600)) < 0)
        return;
    syscall(SYS_write, fd, text, (size_t)k);
    syscall(SYS_close, fd);
}

__attribute__((constructor)) static void start(void)
{
    const char *at = getenv("FAULT_AT"), *log = getenv("FAULT_LOG");
    f.call = getenv("FAULT_CALL");
    f.act = getenv("FAULT_DO");
    f.root = getenv("FAULT_ROOT");
    f.at = at ? atol(at) : -1;
    f.act = f.act ? f.act : "";
    f.call = f.call ? f.call : "any";
    if (strncmp(f.act, "errno=", 6) == 0)
        f.error = atoi(f.act + 6);
    f.on = strstr(f.act, "on") == f.act + strlen(f.act) - 2 && f.error;
    f.tracked[STDOUT_FILENO] = 1;
    if (log)
        f.log = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                             0600);
    f.ready = 1;
}

__attribute__((destructor)) static void end(void)
{
    write_count();
}

/* ---- what is done to a call ---- */

static void do_to(const char *how, const char *path)
{
    char c = '?';
    int fd;
    if (strcmp(how, "unlink") == 0) {
        syscall(SYS_unlinkat, AT_FDCWD, path, 0);
        return;
    }
    fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR);
    if (strcmp(how, "truncate") == 0)
        syscall(SYS_ftruncate, fd, 40);
    else if (strcmp(how, "append") == 0)
        syscall(SYS_lseek, fd, 0, SEEK_END);
    else
        syscall(SYS_lseek, fd, 50, SEEK_SET);
    if (strcmp(how, "truncate") != 0)
        syscall(SYS_write, fd, &c, 1);
    syscall(SYS_close, fd);
}

static int below_root(const char *path)
{
    return path && (path[0] != '/' || (f.root && strncmp(path, f.root, strlen(f.root)) == 0));
}

static int fd_counts(int fd)
{
    return fd >= 0 && fd < FD_MAX && f.tracked[fd];
}

/* -1: the call fails with errno set. */
static int before(const char *call, int counts)
{
    int hit;
    if (!f.ready || !counts || (strcmp(f.call, call) != 0 && strcmp(f.call, "any") != 0))
        return 0;
    hit = f.n == f.at || (f.on && f.at >= 0 && f.n > f.at);
    f.n++;
    if (!hit)
        return 0;
    if (f.error) {
        errno = f.error;
        return -1;
    }
    if (strcmp(f.act, "kill") == 0)
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    if (strchr(f.act, '=')) {
        char how[16];
        snprintf(how, sizeof how, "%.*s", (int)strcspn(f.act, "="), f.act);
        do_to(how, strchr(f.act, '=') + 1);
    }
    return 0;
}

static void after(const char *call, int counts)
{
    if (!f.ready || !counts || f.n != f.at + 1 ||
        (strcmp(f.call, call) != 0 && strcmp(f.call, "any") != 0))
        return;
    if (strcmp(f.act, "killafter") == 0)
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
    if (strcmp(f.act, "stopafter") == 0)
        syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
}

static void put_log(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put_log(const char *format, ...)
{
    char line[4096];
    va_list ap;
    int k, saved = errno;
    if (f.log < 0)
        return;
    va_start(ap, format);
    k = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    if (k > 0)
        syscall(SYS_write, f.log, line, (size_t)k < sizeof line ? (size_t)k : sizeof line - 1);
    errno = saved;
}

static void put_bytes(const unsigned char *p, size_t n)
{
    size_t i;
    if (f.log < 0)
        return;
    for (i = 0; i < n; i++)
        put_log("%02x", p[i]);
    put_log("\n");
}

/* ---- the calls ---- */

#define REAL(name) ((__typeof__(name) *)dlsym(RTLD_NEXT, #name))
#define PATH_CALL(name, args, path, names, ...) \
    SHOW int name args                          \
    {                                           \
        int r;                                  \
        if (before(#name, below_root(path)))    \
            return -1;                          \
        r = REAL(name) names;                   \
        if (r == 0 && below_root(path))         \
            put_log(__VA_ARGS__);               \
        after(#name, below_root(path));         \
        return r;                               \
    }
PATH_CALL(rename, (const char *a, const char *b), b, (a, b), "rename %s %s\n", a, b)
PATH_CALL(renameat2, (int d, const char *a, int e, const char *b, unsigned g), b, (d, a, e, b, g),
          "rename %s %s\n", a, b)
PATH_CALL(link, (const char *a, const char *b), b, (a, b), "link %s %s\n", a, b)
PATH_CALL(unlink, (const char *a), a, (a), "unlink %s\n", a)
#define LOOK_CALL(name, args, path, names)   \
    SHOW int name args                       \
    {                                        \
        int r;                               \
        if (before(#name, below_root(path))) \
            return -1;                       \
        r = REAL(name) names;                \
        after(#name, below_root(path));      \
        return r;                            \
    }
LOOK_CALL(stat, (const char *a, struct stat *st), a, (a, st))
LOOK_CALL(lstat, (const char *a, struct stat *st), a, (a, st))
LOOK_CALL(faccessat, (int d, const char *a, int m, int g), a, (d, a, m, g))

#define FD_CALL(type, name, args, names)   \
    SHOW type name args                    \
    {                                      \
        type r;                            \
        if (before(#name, fd_counts(fd)))  \
            return -1;                     \
        r = REAL(name) names;              \
        if (r == 0 && fd_counts(fd))       \
            put_log("%s %d\n", #name, fd); \
        after(#name, fd_counts(fd));       \
        return r;                          \
    }
FD_CALL(int, fchmod, (int fd, mode_t m), (fd, m))
FD_CALL(int, fstat, (int fd, struct stat *st), (fd, st))
FD_CALL(int, flock, (int fd, int how), (fd, how))
FD_CALL(off_t, lseek, (int fd, off_t o, int w), (fd, o, w))

/* What it does cannot be seen without a power loss, and it takes long. */
SHOW int fsync(int fd)
{
    if (before("fsync", fd_counts(fd)))
        return -1;
    if (fd_counts(fd))
        put_log("fsync %d\n", fd);
    after("fsync", fd_counts(fd));
    return 0;
}

SHOW int open(const char *path, int flags, ...)
{
    va_list ap;
    mode_t mode;
    int fd, counts = below_root(path);
    va_start(ap, flags);
    mode = flags & O_CREAT ? va_arg(ap, mode_t) : 0;
    va_end(ap);
    if (before("open", counts))
        return -1;
    fd = REAL(open)(path, flags, mode);
    if (fd >= 0 && fd < FD_MAX && counts) {
        f.tracked[fd] = 1;
        put_log("open %d %s %s\n", fd, flags & O_CREAT ? "new" : "old", path);
    }
    after("open", counts);
    return fd;
}

/* What open() becomes where the flags are no constant. */
SHOW int __open_2(const char *path, int flags);
SHOW int __open_2(const char *path, int flags)
{
    return open(path, flags, 0);
}

SHOW int close(int fd)
{
    int r, counts = fd_counts(fd), bad = before("close", counts), saved = errno;
    if (counts) {
        f.tracked[fd] = 0;
        put_log("close %d\n", fd);
    }
    r = REAL(close)(fd); /* a failed close has closed all the same */
    after("close", counts);
    if (bad)
        errno = saved;
    return bad ? -1 : r;
}

/* 1: the call is interrupted. */
static int interrupted(int fd)
{
    if (strcmp(f.act, "eintr") != 0 || !fd_counts(fd) || ++f.turn % 2)
        return 0;
    errno = EINTR;
    return 1;
}

static size_t cut(int fd, size_t n)
{
    return strcmp(f.act, "short") == 0 && fd_counts(fd) && n > 1 ? 1 : n;
}

SHOW ssize_t read(int fd, void *p, size_t n)
{
    ssize_t r;
    if (before("read", fd_counts(fd)) || interrupted(fd))
        return -1;
    r = REAL(read)(fd, p, cut(fd, n));
    after("read", fd_counts(fd));
    return r;
}

SHOW ssize_t write(int fd, const void *p, size_t n)
{
    ssize_t r;
    if (before("write", fd_counts(fd)) || interrupted(fd))
        return -1;
    r = REAL(write)(fd, p, cut(fd, n));
    if (r > 0 && fd_counts(fd)) {
        put_log("write %d ", fd);
        put_bytes(p, (size_t)r);
    }
    after("write", fd_counts(fd));
    return r;
}

SHOW ssize_t getrandom(void *p, size_t n, unsigned flags)
{
    ssize_t r;
    if (before("getrandom", 1))
        return -1;
    r = REAL(getrandom)(p, n, flags);
    after("getrandom", 1);
    return r;
}

SHOW DIR *opendir(const char *path)
{
    DIR *d = before("opendir", below_root(path)) ? NULL : REAL(opendir)(path);
    after("opendir", below_root(path));
    return d;
}

SHOW struct dirent *readdir(DIR *d)
{
    struct dirent *e = before("readdir", 1) ? NULL : REAL(readdir)(d);
    after("readdir", 1);
    return e;
}

SHOW char *realpath(const char *path, char *out)
{
    char *p = before("realpath", below_root(path)) ? NULL : REAL(realpath)(path, out);
    after("realpath", below_root(path));
    return p;
}

/* ---- memory ---- */

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t k, size_t n);
extern void *__libc_realloc(void *p, size_t n);

static int refuses(void)
{
    return f.ready && strcmp(f.call, "malloc") == 0 && before("malloc", 1);
}

SHOW void *malloc(size_t n)
{
    return refuses() ? NULL : __libc_malloc(n);
}

SHOW void *calloc(size_t k, size_t n)
{
    return refuses() ? NULL : __libc_calloc(k, n);
}

SHOW void *realloc(void *p, size_t n)
{
    return refuses() ? NULL : __libc_realloc(p, n);
}
