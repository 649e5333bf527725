/* posix: the parts of POSIX the command and the store use and MinGW lacks or has otherwise. Every
 * file of a Windows build is compiled with this header in front of it, so none of them asks which
 * system it is for.
 *
 * Invariants
 *   - names of files are UTF-8, "/" and "\" are the same; files are opened in binary mode
 *   - a file's identity is the volume's serial number and the file's index, as st_dev and st_ino
 *   - no windows.h here: its words (near, far, IN, ERROR) belong to our sources
 */
#ifndef FUSHO_WINDOWS_POSIX_H
#define FUSHO_WINDOWS_POSIX_H
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* ---- limits and numbers ---- */

#undef PATH_MAX
#define PATH_MAX 4096
#ifndef EDQUOT
#define EDQUOT 10069 /* WSAEDQUOT */
#endif
#define O_CLOEXEC O_NOINHERIT
#define O_NOFOLLOW 0x1000000
#define O_DIRECTORY 0x2000000
#define O_NONBLOCK 0 /* a pipe is never waited for when it is opened */
#define O_NOCTTY 0
#define F_GETFD 1

/* ---- files ---- */

struct win_stat {
    uint64_t st_dev, st_ino;
    int64_t st_size;
    unsigned st_mode, st_nlink; /* the number of links is not asked for: 0 */
};

int win_stat(const char *path, struct win_stat *st);
int win_fstat(int fd, struct win_stat *st);
int win_lstat(const char *path, struct win_stat *st);
int win_open(const char *path, int flags, ...); /* a mode is not looked at */
ssize_t win_write(int fd, const void *buf, size_t n);
int win_rename(const char *from, const char *to);
int win_unlink(const char *path);

#undef stat
#undef fstat
#undef dev_t
#undef ino_t
#define stat win_stat
#define fstat win_fstat
#define lstat win_lstat
#define open win_open
#define write win_write
#define rename win_rename
#define unlink win_unlink
#define dev_t uint64_t
#define ino_t uint64_t
#undef S_ISLNK
#define S_IFLNK 0xA000
#define S_ISLNK(mode) (((mode)&S_IFMT) == S_IFLNK)

/* The standard descriptors of a Windows program are never given to another file. */
static inline int win_fcntl(int fd, int what)
{
    (void)fd;
    (void)what;
    return 0;
}
#define fcntl win_fcntl

/* ---- folders ---- */

struct win_dirent {
    char d_name[3 * 260];
};
typedef struct win_dir win_dir;

win_dir *win_opendir(const char *path);
struct win_dirent *win_readdir(win_dir *d);
int win_closedir(win_dir *d);

#define DIR win_dir
#define dirent win_dirent
#define opendir win_opendir
#define readdir win_readdir
#define closedir win_closedir

/* ---- text ---- */

static inline char *win_stpcpy(char *to, const char *from)
{
    size_t n = strlen(from);
    memcpy(to, from, n + 1);
    return to + n;
}
#define stpcpy win_stpcpy

/* ---- terminal: UTF-8 on the console, each text in one piece ---- */

int win_isatty(int fd);
int win_fprintf(FILE *f, const char *format, ...) __attribute__((format(gnu_printf, 2, 3)));

#undef isatty
#define isatty win_isatty
#define fprintf win_fprintf

/* ---- clock ---- */

int win_monotonic(struct timespec *t);

#define CLOCK_MONOTONIC 1
#define clock_gettime(clock, t) win_monotonic(t)
static inline struct tm *win_gmtime(const time_t *t, struct tm *tm)
{
    return gmtime_s(tm, t) ? NULL : tm;
}
#undef gmtime_r
#define gmtime_r win_gmtime

/* ---- signals: Ctrl-C and Ctrl-Break are SIGINT, the end of the console or session SIGHUP ---- */

#define SIGHUP 101
#define SIGPIPE 102 /* never sent */
#define SIGXFSZ 103 /* never sent */

typedef int win_sigset;
struct win_sigaction {
    void (*sa_handler)(int);
    win_sigset sa_mask;
};

int win_sigaction(int number, const struct win_sigaction *now, struct win_sigaction *before);
static inline int win_sigset_keep(win_sigset *set)
{
    (void)set;
    return 0;
}

#define sigaction win_sigaction
#define sigemptyset(set) win_sigset_keep(set)
#define sigaddset(set, number) win_sigset_keep(set)

#endif
