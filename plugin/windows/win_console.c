#include "win_console.h"

#include <stdarg.h>
#include <sys/ioctl.h>
#include <windows.h>

#include "win_path.h"

#define PIECE 4096u /* bytes at once; older systems refuse a lot more */
#define LINE_MAX_BYTES 16384

/* The beginning of a character whose rest has not come yet. */
static struct {
    char bytes[4];
    size_t n;
} pending;

static HANDLE console(int fd)
{
    intptr_t h = _get_osfhandle(fd);
    DWORD mode;
    return h != -1 && GetConsoleMode((HANDLE)h, &mode) ? (HANDLE)h : NULL;
}

int win_isatty(int fd)
{
    return console(fd) != NULL;
}

/* How many of the n bytes at the end are a character cut in two. */
static size_t cut_off(const char *p, size_t n)
{
    size_t i;
    for (i = 1; i <= 3 && i <= n; i++) {
        unsigned char c = (unsigned char)p[n - i];
        if ((c & 0xc0) != 0x80)
            return (c >= 0xf0 && i < 4) || (c >= 0xe0 && i < 3) || (c >= 0xc0 && i < 2) ? i : 0;
    }
    return 0;
}

static int show(HANDLE h, const char *p, size_t n)
{
    static wchar_t wide[PIECE + 4];
    int units = MultiByteToWideChar(CP_UTF8, 0, p, (int)n, wide, PIECE + 4);
    DWORD done, from = 0;
    while (from < (DWORD)units) {
        if (!WriteConsoleW(h, wide + from, (DWORD)units - from, &done, NULL) || done == 0)
            return win_fail_last();
        from += done;
    }
    return 0;
}

ssize_t win_console_write(int fd, const void *buf, size_t n)
{
    static char piece[PIECE + 4];
    HANDLE h = console(fd);
    const char *p = buf;
    size_t left = n, take, have;
    while (left > 0) {
        memcpy(piece, pending.bytes, pending.n);
        take = left < PIECE ? left : PIECE;
        memcpy(piece + pending.n, p, take);
        have = pending.n + take;
        pending.n = cut_off(piece, have);
        memcpy(pending.bytes, piece + have - pending.n, pending.n);
        if (show(h, piece, have - pending.n))
            return -1;
        p += take;
        left -= take;
    }
    return (ssize_t)n;
}

bool win_console_colors(int fd)
{
    HANDLE h = console(fd);
    DWORD mode;
    return h && GetConsoleMode(h, &mode) &&
           (mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING ||
            SetConsoleMode(h, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING));
}

int ioctl(int fd, int what, struct winsize *size)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    HANDLE h = console(fd);
    (void)what;
    if (!h || !GetConsoleScreenBufferInfo(h, &info))
        return -1;
    size->ws_col = (unsigned short)(info.srWindow.Right - info.srWindow.Left + 1);
    return 0;
}

/* One call for one text: the C library would write it byte by byte. */
int win_fprintf(FILE *f, const char *format, ...)
{
    static char text[LINE_MAX_BYTES];
    va_list ap;
    int n;
    va_start(ap, format);
    n = vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    if (n >= LINE_MAX_BYTES)
        n = LINE_MAX_BYTES - 1;
    return n > 0 ? (int)win_write(_fileno(f), text, (size_t)n) : n;
}
