#include <windows.h>

#include <bcrypt.h>

#include "host/posix_path.h"
#include "win_console.h"
#include "win_path.h"

#define AT_ONCE_MAX ((size_t)1 << 24) /* some network drives refuse more */
#define SHARED (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
/* A scanner or indexer opens what was just written, for moments. */
#define TRIES 10
#define BETWEEN_MS 30

/* ---- looking at files ---- */

static bool is_link(HANDLE h)
{
    FILE_ATTRIBUTE_TAG_INFO tag;
    return GetFileInformationByHandleEx(h, FileAttributeTagInfo, &tag, sizeof tag) &&
           (tag.ReparseTag == IO_REPARSE_TAG_SYMLINK ||
            tag.ReparseTag == IO_REPARSE_TAG_MOUNT_POINT);
}

static int stat_handle(HANDLE h, struct stat *st)
{
    BY_HANDLE_FILE_INFORMATION info;
    DWORD type = GetFileType(h);
    memset(st, 0, sizeof *st);
    if (type != FILE_TYPE_DISK) {
        st->st_mode = type == FILE_TYPE_PIPE ? S_IFIFO : S_IFCHR;
        return 0;
    }
    if (!GetFileInformationByHandle(h, &info))
        return win_fail_last();
    st->st_dev = info.dwVolumeSerialNumber;
    st->st_ino = (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow;
    st->st_size = (int64_t)((uint64_t)info.nFileSizeHigh << 32 | info.nFileSizeLow);
    st->st_mode = (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY ? S_IFDIR : S_IFREG) | 0600u;
    if (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT && is_link(h))
        st->st_mode = S_IFLNK | 0600u;
    return 0;
}

static HANDLE open_handle(const char *path, DWORD access, DWORD how, DWORD flags)
{
    wchar_t *w = win_wide_path(path);
    HANDLE h;
    if (!w)
        return INVALID_HANDLE_VALUE;
    h = CreateFileW(w, access, SHARED, NULL, how, flags | FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (h == INVALID_HANDLE_VALUE)
        win_fail_last();
    free(w);
    return h;
}

static int stat_path(const char *path, struct stat *st, DWORD flags)
{
    HANDLE h;
    int bad;
    if (win_is_reserved(path)) {
        memset(st, 0, sizeof *st);
        st->st_mode = S_IFCHR;
        return 0;
    }
    h = open_handle(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, flags);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    bad = stat_handle(h, st);
    CloseHandle(h);
    return bad;
}

int win_stat(const char *path, struct stat *st)
{
    return stat_path(path, st, 0);
}

int win_lstat(const char *path, struct stat *st)
{
    return stat_path(path, st, FILE_FLAG_OPEN_REPARSE_POINT);
}

int win_fstat(int fd, struct stat *st)
{
    HANDLE h = (HANDLE)_get_osfhandle(fd);
    if (h == INVALID_HANDLE_VALUE) {
        errno = EBADF;
        return -1;
    }
    return stat_handle(h, st);
}

/* ---- open, read, write ---- */

int win_open(const char *path, int flags, ...)
{
    bool writes = (flags & (O_WRONLY | O_RDWR)) != 0;
    HANDLE h;
    int fd;
    if (flags & O_DIRECTORY) {
        errno = EACCES; /* there is nothing to be done with a folder's entries */
        return -1;
    }
    if (win_is_reserved(path)) /* nothing may be waited for; the caller sees a device */
        path = "//./NUL";
    h = open_handle(path, writes ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ,
                    flags & O_CREAT ? CREATE_NEW : OPEN_EXISTING,
                    flags & O_NOFOLLOW ? FILE_FLAG_OPEN_REPARSE_POINT : 0);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    fd = _open_osfhandle((intptr_t)h, O_BINARY | O_NOINHERIT | (writes ? 0 : O_RDONLY));
    if (fd < 0)
        CloseHandle(h);
    return fd;
}

static ssize_t call_read(int fd, void *buf, size_t n)
{
    return _read(fd, buf, (unsigned)(n < AT_ONCE_MAX ? n : AT_ONCE_MAX));
}

ssize_t win_write(int fd, const void *buf, size_t n)
{
    if (n > AT_ONCE_MAX)
        n = AT_ONCE_MAX;
    if (win_isatty(fd))
        return win_console_write(fd, buf, n);
    return _write(fd, buf, (unsigned)n);
}

static off_t call_lseek(int fd, off_t off, int whence)
{
    return (off_t)_lseeki64(fd, off, whence);
}

static int call_fsync(int fd)
{
    return FlushFileBuffers((HANDLE)_get_osfhandle(fd)) ? 0 : win_fail_last();
}

static int call_fchmod(int fd, mode_t mode)
{
    (void)fd;
    (void)mode;
    return 0;
}

static int call_close(int fd)
{
    return _close(fd);
}

/* ---- names ---- */

static int call_writable(const char *folder)
{
    HANDLE h = open_handle(folder, FILE_ADD_FILE, OPEN_EXISTING, 0);
    if (h == INVALID_HANDLE_VALUE)
        return -1;
    CloseHandle(h);
    return 0;
}

static bool may_pass(DWORD error)
{
    return error == ERROR_SHARING_VIOLATION || error == ERROR_LOCK_VIOLATION ||
           error == ERROR_ACCESS_DENIED;
}

static int move(const char *from, const char *to, DWORD flags)
{
    wchar_t *a = win_wide_path(from), *b = win_wide_path(to);
    int bad = -1, tries;
    for (tries = 0; a && b && bad; tries++) {
        bad = MoveFileExW(a, b, flags | MOVEFILE_WRITE_THROUGH) ? 0 : win_fail_last();
        if (bad && (tries == TRIES || !may_pass(GetLastError())))
            break;
        if (bad)
            Sleep(BETWEEN_MS);
    }
    free(a);
    free(b);
    return bad;
}

int win_rename(const char *from, const char *to)
{
    return move(from, to, MOVEFILE_REPLACE_EXISTING);
}

static int call_rename_new(const char *from, const char *to)
{
    if (win_is_reserved(to)) {
        errno = EEXIST;
        return -1;
    }
    return move(from, to, 0);
}

static int call_link(const char *from, const char *to)
{
    wchar_t *a = win_wide_path(from), *b = win_wide_path(to);
    int bad = -1;
    if (a && b)
        bad = CreateHardLinkW(b, a, NULL) ? 0 : win_fail_last();
    free(a);
    free(b);
    return bad;
}

int win_unlink(const char *path)
{
    wchar_t *w = win_wide_path(path);
    int bad = -1, tries;
    for (tries = 0; w && bad; tries++) {
        bad = DeleteFileW(w) ? 0 : win_fail_last();
        if (bad && (tries == TRIES || !may_pass(GetLastError())))
            break;
        if (bad)
            Sleep(BETWEEN_MS);
    }
    free(w);
    return bad;
}

static char *with_slashes(char *path)
{
    char *p;
    for (p = path; p && *p; p++) {
        if (*p == '\\')
            *p = '/';
    }
    return path;
}

static char *call_real_path(const char *path)
{
    wchar_t *w = malloc(WIN_PATH_MAX * sizeof *w);
    HANDLE h = w ? open_handle(path, FILE_READ_ATTRIBUTES, OPEN_EXISTING, 0) : INVALID_HANDLE_VALUE;
    char *real = NULL;
    DWORD n;
    if (!w)
        errno = ENOMEM;
    if (h != INVALID_HANDLE_VALUE) {
        n = GetFinalPathNameByHandleW(h, w, WIN_PATH_MAX, VOLUME_NAME_DOS);
        if (n == 0 || n >= WIN_PATH_MAX)
            win_fail_last();
        else
            real = with_slashes(win_utf8(w));
        CloseHandle(h);
    }
    free(w);
    return real;
}

/* ---- folders ---- */

struct win_dir {
    HANDLE h;
    bool first; /* data holds an entry not handed out yet */
    WIN32_FIND_DATAW data;
    struct dirent entry;
};

DIR *win_opendir(const char *path)
{
    char *pattern = posix_join(&posix_calls_libc, path, strlen(path), "*");
    wchar_t *w = pattern ? win_wide_path(pattern) : NULL;
    DIR *d = w ? malloc(sizeof *d) : NULL;
    if (d) {
        d->h = FindFirstFileW(w, &d->data);
        d->first = d->h != INVALID_HANDLE_VALUE;
        if (!d->first && GetLastError() != ERROR_FILE_NOT_FOUND) { /* an empty drive has none */
            win_fail_last();
            free(d);
            d = NULL;
        }
    } else if (w) {
        errno = ENOMEM;
    }
    free(w);
    free(pattern);
    return d;
}

struct dirent *win_readdir(DIR *d)
{
    int n;
    if (d->h == INVALID_HANDLE_VALUE)
        return NULL;
    if (!d->first && !FindNextFileW(d->h, &d->data)) {
        if (GetLastError() != ERROR_NO_MORE_FILES)
            win_fail_last();
        return NULL;
    }
    d->first = false;
    n = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, d->data.cFileName, -1, d->entry.d_name,
                            sizeof d->entry.d_name, NULL, NULL);
    if (n > 0)
        return &d->entry;
    errno = EILSEQ; /* passed over, it might be the evidence that decides */
    return NULL;
}

int win_closedir(DIR *d)
{
    if (d->h != INVALID_HANDLE_VALUE)
        FindClose(d->h);
    free(d);
    return 0;
}

/* ---- the table ---- */

static ssize_t call_random(void *buf, size_t n)
{
    if (BCryptGenRandom(NULL, buf, (ULONG)n, BCRYPT_USE_SYSTEM_PREFERRED_RNG) == 0)
        return (ssize_t)n;
    errno = EIO;
    return -1;
}

static int call_open(const char *path, int flags, mode_t mode)
{
    (void)mode; /* the permissions are those of the folder */
    return win_open(path, flags);
}

const posix_calls posix_calls_libc = {
    .open = call_open,
    .close = call_close,
    .read = call_read,
    .write = win_write,
    .lseek = call_lseek,
    .fsync = call_fsync,
    .fchmod = call_fchmod,
    .fstat = win_fstat,
    .stat = win_stat,
    .lstat = win_lstat,
    .writable = call_writable,
    .rename = win_rename,
    .rename_new = call_rename_new,
    .link = call_link,
    .unlink = win_unlink,
    .random = call_random,
    .opendir = win_opendir,
    .readdir = win_readdir,
    .real_path = call_real_path,
    .resize = realloc,
};
