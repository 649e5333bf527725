#include "posix_store.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "posix_path.h"
#include "posix_store_internal.h"

static bool is_file(const posix_target *t)
{
    return t->path != NULL && t->to_fd < 0;
}

static fusho_status no_memory(fusho_error *err)
{
    return posix_fail(err, FUSHO_E_NOMEM, "", "", "メモリーが足りません。", "out of memory");
}

static fusho_status refuse(const posix_target *t, fusho_error *err, const char *ja, const char *en,
                           const char *hint)
{
    posix_fail(err, FUSHO_E_STORE, "S701", t->path, ja, en);
    posix_hint(err, hint);
    return FUSHO_E_STORE;
}

fusho_status posix_store_refuse_there(const posix_target *t, fusho_error *err)
{
    return refuse(t, err, "出力先のファイルがすでにあります。", "the output file exists already",
                  "別の名前を指定するか、上書きしてよければ --force を付けてください。");
}

/* A journal without output whose run is over: its name is free again. */
static bool recovered(const posix_store *s, const posix_target *t)
{
    const posix_target *output = &s->target[FUSHO_STORE_OUTPUT];
    struct stat st;
    return t == &s->target[FUSHO_STORE_JOURNAL] && is_file(output) &&
           s->calls->lstat(output->path, &st) && errno == ENOENT &&
           posix_store_recover(s->calls, t->path);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* /dev/stdout and the like may lead to a file, and are still none. */
static bool is_system_link(const posix_store *s, const struct stat *folder, const struct stat *to)
{
    struct stat st;
    int fd;
    if (s->calls->stat("/dev", &st) == 0 && is_same(&st, folder))
        return true;
    for (fd = 0; to && fd < 3; fd++) {
        if (s->calls->fstat(fd, &st) == 0 && is_same(&st, to))
            return true;
    }
    return false;
}

/* What must not be replaced by a file. st: of what stands there. A link that leads nowhere is
 * replaced like a file. */
static bool is_no_file(const posix_store *s, const posix_target *t, const struct stat *st,
                       const struct stat *folder)
{
    struct stat to;
    if (!S_ISLNK(st->st_mode))
        return !S_ISREG(st->st_mode);
    if (s->calls->stat(t->path, &to))
        return errno != ENOENT || is_system_link(s, folder, NULL);
    return !S_ISREG(to.st_mode) || is_system_link(s, folder, &to);
}

static fusho_status check_name(const posix_store *s, const posix_target *t,
                               const struct stat *folder, fusho_error *err)
{
    struct stat st;
    if (posix_base_name(t->path)[0] == '\0')
        return refuse(t, err, "出力先がファイル名になっていません。", "the output is no file name",
                      "フォルダーではなくファイルの名前を指定してください。");
    if (s->calls->lstat(t->path, &st)) {
        if (errno == ENOENT)
            return FUSHO_OK;
        return posix_fail_errno(err, FUSHO_E_STORE, "S701", t->path, "出力先を調べられません",
                                "cannot examine the output", errno);
    }
    if (is_no_file(s, t, &st, folder))
        return refuse(
            t, err,
            "出力先がフォルダーや標準出力など、ファイルではないものなので、上書きできません。",
            "the output is a folder, a device or standard output",
            "フォルダーではなくファイルの名前を指定してください。");
    return s->force || recovered(s, t) ? FUSHO_OK : posix_store_refuse_there(t, err);
}

/* The target's folder is that of one before it. */
static bool is_again(const posix_store *s, const struct stat *folders, int at)
{
    int i;
    for (i = 0; i < at; i++) {
        if (is_file(&s->target[i]) && is_same(&folders[i], &folders[at]))
            return true;
    }
    return false;
}

/* Also sweeps it: whatever the names are refused for, the disk may be full of what was left. */
static fusho_status check_folder(const posix_store *s, int at, struct stat *folders,
                                 fusho_error *err)
{
    const posix_target *t = &s->target[at];
    struct stat *st = &folders[at];
    char *folder = posix_folder_of(s->calls, t->path);
    fusho_status r = FUSHO_OK;
    bool bad;
    if (!folder)
        return no_memory(err);
    bad = s->calls->stat(folder, st) != 0;
    if (!bad && !S_ISDIR(st->st_mode)) {
        bad = true;
        errno = ENOTDIR;
    }
    if (bad || s->calls->writable(folder)) {
        r = posix_fail_errno(err, FUSHO_E_STORE, "S701", t->path, "出力先のフォルダーに書けません",
                             "cannot write to the folder of the output", errno);
        posix_hint(err, "フォルダーがあること、書き込む権限があることを確かめてください。");
    }
    if (r == FUSHO_OK && !is_again(s, folders, at))
        posix_store_sweep(s, folder);
    free(folder);
    return r;
}

fusho_status posix_store_check(posix_store *s, fusho_error *err)
{
    struct stat folder[FUSHO_STORE_ROLES];
    fusho_status r = FUSHO_OK;
    int i, j;
    for (i = 0; r == FUSHO_OK && i < FUSHO_STORE_ROLES; i++) {
        if (is_file(&s->target[i]))
            r = check_folder(s, i, folder, err);
    }
    for (i = 0; r == FUSHO_OK && i < FUSHO_STORE_ROLES; i++) {
        const posix_target *t = &s->target[i];
        if (!is_file(t))
            continue;
        r = check_name(s, t, &folder[i], err);
        for (j = 0; r == FUSHO_OK && j < i; j++) {
            const posix_target *o = &s->target[j];
            if (is_file(o) && is_same(&folder[i], &folder[j]) &&
                posix_same_name(posix_base_name(o->path), posix_base_name(t->path)))
                r = refuse(t, err, "同じファイルが二つの出力先に指定されています。",
                           "the same file is given for two outputs",
                           "書き出すファイル、控え、報告書には別々の名前を指定してください。");
        }
    }
    return r;
}

fusho_status posix_store_check_source(posix_store *s, const posix_source *in, fusho_error *err)
{
    struct stat st;
    int i;
    for (i = 0; i < FUSHO_STORE_ROLES; i++) {
        const posix_target *t = &s->target[i];
        if (is_file(t) && s->calls->stat(t->path, &st) == 0 && st.st_dev == in->dev &&
            st.st_ino == in->ino)
            return refuse(t, err, "出力先が入力と同じファイルです。",
                          "the output is the same file as the input",
                          "入力は書き換えません。別の名前を指定してください。");
    }
    return FUSHO_OK;
}
