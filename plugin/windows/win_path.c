#include "win_path.h"

#include "host/posix_path.h"

/* Where a full path is put in front of \\?\, with room for a name in a folder. */
#define LONG_FROM 240u

/* ---- text ---- */

wchar_t *win_wide(const char *utf8)
{
    int n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, NULL, 0);
    wchar_t *w;
    if (n <= 0) {
        errno = EILSEQ;
        return NULL;
    }
    w = malloc((size_t)n * sizeof *w);
    if (!w)
        errno = ENOMEM;
    else
        MultiByteToWideChar(CP_UTF8, 0, utf8, -1, w, n);
    return w;
}

char *win_utf8(const wchar_t *text)
{
    int n = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, -1, NULL, 0, NULL, NULL);
    char *s;
    if (n <= 0) {
        errno = EILSEQ;
        return NULL;
    }
    s = malloc((size_t)n);
    if (!s)
        errno = ENOMEM;
    else
        WideCharToMultiByte(CP_UTF8, 0, text, -1, s, n, NULL, NULL);
    return s;
}

/* ---- paths ---- */

/* "\\?\C:\..." or "\\?\UNC\server\..."; NULL with errno. */
static wchar_t *long_form(const wchar_t *path)
{
    static const wchar_t local[] = L"\\\\?\\", share[] = L"\\\\?\\UNC";
    wchar_t *out = malloc((WIN_PATH_MAX + 8) * sizeof *out);
    size_t room = wcslen(share);
    DWORD n;
    if (!out) {
        errno = ENOMEM;
        return NULL;
    }
    n = GetFullPathNameW(path, WIN_PATH_MAX, out + room, NULL);
    if (n == 0 || n >= WIN_PATH_MAX) {
        free(out);
        errno = ENAMETOOLONG;
        return NULL;
    }
    if (out[room] == L'\\') { /* \\server\share: one \ of it goes into the prefix's place */
        memmove(out + room, out + room + 1, n * sizeof *out);
        memcpy(out, share, room * sizeof *out);
    } else {
        size_t m = wcslen(local);
        memmove(out + m, out + room, (n + 1) * sizeof *out);
        memcpy(out, local, m * sizeof *out);
    }
    return out;
}

wchar_t *win_wide_path(const char *path)
{
    wchar_t *w, *p, *full;
    if (!*path) {
        errno = ENOENT;
        return NULL;
    }
    w = win_wide(path);
    if (!w)
        return NULL;
    for (p = w; *p; p++) {
        if (*p == L'/')
            *p = L'\\';
    }
    /* a relative one counts from the working folder, which may be long already */
    if (GetFullPathNameW(w, 0, NULL, NULL) < LONG_FROM || wcsncmp(w, L"\\\\?\\", 4) == 0 ||
        wcsncmp(w, L"\\\\.\\", 4) == 0)
        return w;
    full = long_form(w);
    free(w);
    return full;
}

bool posix_is_separator(char c)
{
    return c == '/' || c == '\\' || c == ':'; /* "C:file" is in the folder drive C: is in */
}

char posix_separator(const char *folder)
{
    return strchr(folder, '\\') && !strchr(folder, '/') ? '\\' : '/';
}

bool posix_is_absolute(const char *path)
{
    return path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':');
}

/* Windows leaves dots and blanks at the end of a name away. */
static int same_length(const wchar_t *w)
{
    size_t n = wcslen(w);
    while (n > 0 && (w[n - 1] == L'.' || w[n - 1] == L' '))
        n--;
    return (int)n;
}

bool posix_same_name(const char *a, const char *b)
{
    wchar_t *x = win_wide(a), *y = win_wide(b);
    bool same = !x || !y || /* when in doubt, refused */
                CompareStringOrdinal(x, same_length(x), y, same_length(y), TRUE) == CSTR_EQUAL;
    free(x);
    free(y);
    return same;
}

bool win_is_reserved(const char *path)
{
    static const char *const names[] = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"};
    const char *base = posix_base_name(path);
    size_t n = strcspn(base, "."), i;
    while (n > 0 && base[n - 1] == ' ')
        n--;
    for (i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == n && _strnicmp(base, names[i], n) == 0)
            return true;
    }
    return n == 4 && (_strnicmp(base, "COM", 3) == 0 || _strnicmp(base, "LPT", 3) == 0) &&
           base[3] >= '1' && base[3] <= '9';
}

/* ---- errors ---- */

static const struct {
    DWORD error;
    int number;
} errors[] = {
    {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT},
    {ERROR_INVALID_NAME, ENOENT},
    {ERROR_BAD_PATHNAME, ENOENT},
    {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_INVALID_DRIVE, ENOENT},
    {ERROR_NOT_READY, EIO},
    {ERROR_DIRECTORY, ENOTDIR},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_PRIVILEGE_NOT_HELD, EACCES},
    {ERROR_WRITE_PROTECT, EROFS},
    {ERROR_SHARING_VIOLATION, EBUSY},
    {ERROR_LOCK_VIOLATION, EBUSY},
    {ERROR_USER_MAPPED_FILE, EBUSY},
    {ERROR_DELETE_PENDING, EBUSY},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_HANDLE_DISK_FULL, ENOSPC},
    {1295 /* ERROR_DISK_QUOTA_EXCEEDED */, EDQUOT},
    {ERROR_FILE_TOO_LARGE, EFBIG},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_OUTOFMEMORY, ENOMEM},
    {ERROR_FILENAME_EXCED_RANGE, ENAMETOOLONG},
    {ERROR_CANT_RESOLVE_FILENAME, ELOOP},
    {ERROR_BROKEN_PIPE, EPIPE},
    {ERROR_NO_DATA, EPIPE},
    {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_INVALID_FUNCTION, EOPNOTSUPP},
    {ERROR_NOT_SUPPORTED, EOPNOTSUPP},
    {ERROR_OPERATION_ABORTED, EINTR},
};

int win_fail(DWORD error)
{
    size_t i;
    errno = EIO;
    for (i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (errors[i].error == error)
            errno = errors[i].number;
    }
    return -1;
}

int win_fail_last(void)
{
    return win_fail(GetLastError());
}
