/* win_console: UTF-8 text on a console window, whatever its code page.
 *
 * Invariants
 *   - the console's settings are left as they are, except that it is asked to understand colours
 *   - a character that comes in two pieces is shown whole
 */
#ifndef FUSHO_WINDOWS_WIN_CONSOLE_H
#define FUSHO_WINDOWS_WIN_CONSOLE_H
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* fd is a console. Returns n, or -1 with errno. One thread at a time. */
ssize_t win_console_write(int fd, const void *buf, size_t n);
bool win_console_colors(int fd);

#endif
