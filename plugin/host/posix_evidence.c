#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "posix_evidence.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "posix_path.h"

static const char *const capture_endings[] = {".xml", ".csv", ".xml.gz", ".csv.gz", NULL};
static const char *const journal_endings[] = {".fusho", NULL};

const posix_kind posix_captures = {
    capture_endings, "窓口記録のファイルまたはフォルダーが見つかりません。",
    "evidence path not found",
    "--evidence に指定したファイルまたはフォルダーの名前を確かめてください。"};
const posix_kind posix_journals = {
    journal_endings, "控えのファイルまたはフォルダーが見つかりません。", "journal path not found",
    "控え（.fusho）またはフォルダーの名前を確かめてください。"};

typedef struct found {
    char *path;
    dev_t dev;
    ino_t ino;
    bool is_link;
} found;

typedef struct walk {
    posix_evidence *e;
    const posix_calls *calls;
    const char *root_real; /* the folder given, without links */
    found *v;
    size_t n, cap;
    fusho_error *err;
} walk;

static fusho_status no_memory(fusho_error *err)
{
    return posix_fail(err, FUSHO_E_NOMEM, "", "", "メモリーが足りません。", "out of memory");
}

static fusho_status over_limit(walk *w, const char *path, const char *name, unsigned limit)
{
    char ja[256], en[256];
    snprintf(ja, sizeof ja, "窓口記録や控えを探す範囲が上限 %s (%u) を超えています。", name, limit);
    snprintf(en, sizeof en, "limit %s (%u) exceeded", name, limit);
    posix_fail(w->err, FUSHO_E_LIMIT, "F113", path, ja, en);
    posix_hint(
        w->err,
        "窓口記録や控えのフォルダーを正しく指定したか確かめ、不要なファイルを外してください。");
    return FUSHO_E_LIMIT;
}

static fusho_status unreadable(fusho_error *err, const char *path, int errno_value)
{
    return posix_fail_errno(err, FUSHO_E_INPUT, "E501", path, "窓口記録を読めません",
                            "cannot read the evidence", errno_value);
}

static bool ends_in(const char *name, size_t n, const char *suffix)
{
    size_t m = strlen(suffix);
    return n > m && strcasecmp(name + n - m, suffix) == 0;
}

static bool is_wanted(const posix_kind *kind, const char *name)
{
    size_t n = strlen(name), i;
    for (i = 0; kind->endings[i]; i++) {
        if (ends_in(name, n, kind->endings[i]))
            return true;
    }
    return false;
}

static fusho_status remember(walk *w, const char *path, const struct stat *st, bool is_link)
{
    found *f;
    if (w->e->files + w->n >= EVIDENCE_FILES_MAX)
        return over_limit(w, path, "EVIDENCE_FILES_MAX", EVIDENCE_FILES_MAX);
    if (w->n == w->cap) {
        size_t cap = w->cap ? 2 * w->cap : 64;
        found *v = w->calls->resize(w->v, cap * sizeof *v);
        if (!v)
            return no_memory(w->err);
        w->v = v;
        w->cap = cap;
    }
    f = &w->v[w->n];
    f->path = posix_copy_text(w->calls, path, strlen(path));
    if (!f->path)
        return no_memory(w->err);
    f->dev = st->st_dev;
    f->ino = st->st_ino;
    f->is_link = is_link;
    w->n++;
    return FUSHO_OK;
}

/* A link that leads nowhere, or where we may not look, is no evidence. */
static fusho_status skip_or_fail(walk *w, const char *path)
{
    int e = errno;
    if (e == ENOENT || e == ENOTDIR || e == ELOOP || e == EACCES)
        return FUSHO_OK;
    return e == ENOMEM ? no_memory(w->err) : unreadable(w->err, path, e);
}

/* A link is taken only where it stays inside the folder given. */
static fusho_status remember_link(walk *w, const char *path)
{
    struct stat st;
    size_t n = strlen(w->root_real);
    char *real = w->calls->real_path(path);
    bool inside;
    if (!real)
        return skip_or_fail(w, path);
    inside = strncmp(real, w->root_real, n) == 0 && (real[n] == '/' || w->root_real[n - 1] == '/');
    free(real);
    if (!inside)
        return FUSHO_OK;
    if (w->calls->stat(path, &st))
        return skip_or_fail(w, path);
    return S_ISREG(st.st_mode) ? remember(w, path, &st, true) : FUSHO_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void free_names(char **v, size_t n)
{
    size_t i;
    for (i = 0; i < n; i++)
        free(v[i]);
    free(v);
}

static fusho_status grow_names(walk *w, char ***v, size_t n)
{
    char **p;
    if (n & (n + 1)) /* grows at 0, 1, 3, 7, ... */
        return FUSHO_OK;
    p = w->calls->resize(*v, 2 * (n + 1) * sizeof *p);
    if (!p)
        return no_memory(w->err);
    *v = p;
    return FUSHO_OK;
}

/* The folder itself, the one above, and what macOS keeps beside a file under the file's name. */
static bool is_no_file(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strncmp(name, "._", 2) == 0;
}

/* The names of one folder, sorted; freed by the caller with free_names, also on failure. */
static fusho_status list_folder(walk *w, const char *folder, char ***v, size_t *n)
{
    DIR *d = w->calls->opendir(folder);
    struct dirent *de;
    fusho_status st = FUSHO_OK;
    if (!d)
        return unreadable(w->err, folder, errno);
    while (st == FUSHO_OK && (errno = 0, de = w->calls->readdir(d)) != NULL) {
        if (is_no_file(de->d_name))
            continue;
        st = grow_names(w, v, *n);
        if (st == FUSHO_OK) {
            (*v)[*n] = posix_copy_text(w->calls, de->d_name, strlen(de->d_name));
            if ((*v)[*n])
                ++*n;
            else
                st = no_memory(w->err);
        }
    }
    if (st == FUSHO_OK && errno)
        st = unreadable(w->err, folder, errno);
    closedir(d);
    if (st == FUSHO_OK && *n)
        qsort(*v, *n, sizeof **v, by_name);
    return st;
}

static fusho_status walk_folder(walk *w, const char *folder, unsigned depth);

static fusho_status walk_entry(walk *w, const char *path, const char *name, unsigned depth)
{
    struct stat st;
    if (w->calls->lstat(path, &st))
        return errno == ENOENT ? FUSHO_OK : unreadable(w->err, path, errno);
    if (S_ISDIR(st.st_mode)) /* a hidden one is another program's: versions, what was thrown away */
        return name[0] == '.' ? FUSHO_OK : walk_folder(w, path, depth + 1);
    if (!is_wanted(w->e->kind, name))
        return FUSHO_OK;
    if (S_ISLNK(st.st_mode))
        return remember_link(w, path);
    return S_ISREG(st.st_mode) ? remember(w, path, &st, false) : FUSHO_OK;
}

static fusho_status walk_folder(walk *w, const char *folder, unsigned depth)
{
    char **names = NULL;
    size_t n = 0, i;
    fusho_status st;
    if (depth > EVIDENCE_DEPTH_MAX)
        return over_limit(w, folder, "EVIDENCE_DEPTH_MAX", EVIDENCE_DEPTH_MAX);
    st = list_folder(w, folder, &names, &n);
    for (i = 0; st == FUSHO_OK && i < n; i++) {
        char *path = posix_join(w->calls, folder, strlen(folder), names[i]);
        st = path ? walk_entry(w, path, names[i], depth) : no_memory(w->err);
        free(path);
    }
    free_names(names, n);
    return st;
}

/* A link to a file that is read under its own name, which the link must not forestall; that two
 * links to one file are read once is note_seen's. */
static bool is_repeated(const walk *w, size_t at)
{
    size_t i;
    if (!w->v[at].is_link)
        return false;
    for (i = 0; i < w->n; i++) {
        const found *f = &w->v[i];
        if (f->dev == w->v[at].dev && f->ino == w->v[at].ino && !f->is_link)
            return true;
    }
    return false;
}

struct posix_seen {
    dev_t dev;
    ino_t ino;
};

/* Notes the file; *again is set where it was noted before. */
static fusho_status note_seen(posix_evidence *e, const posix_calls *calls, const posix_source *in,
                              int *again, fusho_error *err)
{
    size_t i;
    *again = 0;
    for (i = 0; i < e->n_seen && !*again; i++)
        *again = e->seen[i].dev == in->dev && e->seen[i].ino == in->ino;
    if (*again)
        return FUSHO_OK;
    if (e->n_seen == e->seen_cap) {
        size_t cap = e->seen_cap ? e->seen_cap * 2 : 64;
        struct posix_seen *v = calls->resize(e->seen, cap * sizeof *v);
        if (!v)
            return no_memory(err);
        e->seen = v;
        e->seen_cap = cap;
    }
    e->seen[e->n_seen].dev = in->dev;
    e->seen[e->n_seen++].ino = in->ino;
    return FUSHO_OK;
}

void posix_evidence_end(posix_evidence *e)
{
    free(e->seen);
    e->seen = NULL;
    e->n_seen = e->seen_cap = 0;
}

static fusho_status hand_on(posix_evidence *e, const posix_calls *calls, const char *path,
                            fusho_error *err)
{
    posix_source in;
    fusho_text name;
    size_t size = strlen(path) + 1;
    fusho_status st = posix_source_open(&in, calls, path, "E501", err);
    char *shown;
    int again;
    if (st < 0)
        return st;
    st = note_seen(e, calls, &in, &again, err);
    if (st != FUSHO_OK || again) {
        posix_source_close(&in);
        return st;
    }
    shown = calls->resize(NULL, size);
    if (shown) {
        name.n = posix_shown_name(shown, size, path);
        name.p = shown;
        e->files++;
        st = e->each(e->ctx, name, &in, err);
    } else {
        st = no_memory(err);
    }
    free(shown);
    posix_source_close(&in);
    return st;
}

static fusho_status walk_root(posix_evidence *e, const posix_calls *calls, const char *path,
                              fusho_error *err)
{
    char *real = calls->real_path(path);
    walk w = {e, calls, real, NULL, 0, 0, err};
    fusho_status st;
    size_t i;
    if (!real)
        return unreadable(err, path, errno);
    st = walk_folder(&w, path, 0);
    for (i = 0; st >= 0 && i < w.n; i++) {
        if (!is_repeated(&w, i))
            st = hand_on(e, calls, w.v[i].path, err);
    }
    for (i = 0; i < w.n; i++)
        free(w.v[i].path);
    free(w.v);
    free(real);
    return st;
}

fusho_status posix_evidence_walk(posix_evidence *e, const char *path, fusho_error *err)
{
    const posix_calls *calls = e->calls ? e->calls : &posix_calls_libc;
    struct stat st;
    if (calls->stat(path, &st)) {
        if (errno != ENOENT && errno != ENOTDIR)
            return unreadable(err, path, errno);
        posix_fail(err, FUSHO_E_INPUT, "E501", path, e->kind->missing_ja, e->kind->missing_en);
        posix_hint(err, e->kind->hint_ja);
        return FUSHO_E_INPUT;
    }
    if (S_ISDIR(st.st_mode))
        return walk_root(e, calls, path, err);
    if (e->files >= EVIDENCE_FILES_MAX) {
        walk w = {e, calls, NULL, NULL, 0, 0, err};
        return over_limit(&w, path, "EVIDENCE_FILES_MAX", EVIDENCE_FILES_MAX);
    }
    return hand_on(e, calls, path, err);
}
