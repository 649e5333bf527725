#include "host/platform.h"

#include <dlfcn.h>
#include <windows.h>

#include "host/posix_path.h"
#include "win_console.h"
#include "win_path.h"

#define ERROR_TEXT_MAX 512

static char load_error[3 * ERROR_TEXT_MAX];

void platform_refuse_dumps(void)
{
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
}

/* ---- where things are ---- */

const char *platform_plugin(void)
{
    static char path[PATH_MAX];
    wchar_t *w = malloc(WIN_PATH_MAX * sizeof *w);
    char *exe, *plugin = NULL;
    if (w && GetModuleFileNameW(NULL, w, WIN_PATH_MAX) > 0 && (exe = win_utf8(w)) != NULL) {
        plugin =
            posix_join(&posix_calls_libc, exe, (size_t)(posix_base_name(exe) - exe), "fusho.dll");
        free(exe);
    }
    snprintf(path, sizeof path, "%s", plugin ? plugin : "fusho.dll");
    free(plugin);
    free(w);
    return path;
}

/* The value of a variable, or NULL; to be freed. */
static char *variable(const wchar_t *name)
{
    DWORD n = GetEnvironmentVariableW(name, NULL, 0);
    wchar_t *w = n > 1 ? malloc(n * sizeof *w) : NULL;
    char *value = NULL;
    if (w && GetEnvironmentVariableW(name, w, n) == n - 1)
        value = win_utf8(w);
    free(w);
    return value;
}

const char *platform_temp_folder(void)
{
    static char path[PATH_MAX];
    wchar_t w[MAX_PATH + 2];
    char *temp = GetTempPathW(MAX_PATH + 2, w) ? win_utf8(w) : NULL;
    snprintf(path, sizeof path, "%s", temp ? temp : ".");
    free(temp);
    return path;
}

const char *platform_settings_folder(const char **name)
{
    static char path[PATH_MAX];
    char *roaming = variable(L"APPDATA");
    bool there = roaming && posix_is_absolute(roaming);
    snprintf(path, sizeof path, "%s", there ? roaming : "");
    free(roaming);
    *name = "fusho/fusho.conf";
    return there ? path : NULL;
}

bool platform_shows_color(int fd)
{
    return win_console_colors(fd);
}

/* ---- DLLs ---- */

static void note_error(DWORD error)
{
    wchar_t w[ERROR_TEXT_MAX];
    DWORD n = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                             error, 0, w, ERROR_TEXT_MAX, NULL);
    char *text;
    while (n > 0 && (w[n - 1] == L'\r' || w[n - 1] == L'\n' || w[n - 1] == L' '))
        w[--n] = L'\0';
    text = n > 0 ? win_utf8(w) : NULL;
    if (text)
        snprintf(load_error, sizeof load_error, "%s", text);
    else
        snprintf(load_error, sizeof load_error, "error %lu", error);
    free(text);
}

void *dlopen(const char *path, int flags)
{
    wchar_t *w = win_wide_path(path), *full = malloc(WIN_PATH_MAX * sizeof *full);
    HMODULE library = NULL;
    (void)flags;
    /* With a full path nothing is searched for but what the DLL itself needs. */
    if (w && full && GetFullPathNameW(w, WIN_PATH_MAX, full, NULL))
        library = LoadLibraryExW(full, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    if (!library)
        note_error(w && full ? GetLastError() : ERROR_FILE_NOT_FOUND);
    free(full);
    free(w);
    return library;
}

void *dlsym(void *library, const char *name)
{
    FARPROC f = GetProcAddress(library, name);
    void *p;
    memcpy(&p, &f, sizeof p);
    return p;
}

int dlclose(void *library)
{
    return FreeLibrary(library) ? 0 : -1;
}

const char *dlerror(void)
{
    return load_error;
}
