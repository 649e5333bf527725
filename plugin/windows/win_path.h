/* win_path: names and errors between POSIX and Windows.
 *
 * Invariants
 *   - names are UTF-8 outside and UTF-16 inside; one that cannot be converted is EILSEQ, never
 *     something else's name
 *   - a name beyond the old limit of 260 is passed on in the form that has none
 */
#ifndef FUSHO_WINDOWS_WIN_PATH_H
#define FUSHO_WINDOWS_WIN_PATH_H
#include <stdbool.h>
#include <windows.h>

#define WIN_PATH_MAX 32768u /* of Windows, in UTF-16 units */

/* To be freed; NULL with errno. */
wchar_t *win_wide(const char *utf8);
wchar_t *win_wide_path(const char *path);
char *win_utf8(const wchar_t *text);

/* CON, NUL, COM1 and so on, also with an ending: a device whatever the folder. */
bool win_is_reserved(const char *path);

/* Sets errno from a Windows error; -1. */
int win_fail(DWORD error);
int win_fail_last(void);

#endif
