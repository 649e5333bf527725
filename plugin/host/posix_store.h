/* posix_store: where output, journal and report go, all or nothing.
 *
 * Invariants
 *   - nothing is visible under a target's name before its commit; then the whole file is, durably
 *   - without force a file that is there is never touched; with force it is replaced in one step
 *   - what is no file is never replaced: a folder, a device or a pipe, also behind a link; a link
 * that stands in /dev, or leads to standard input, output or error
 *   - a target is never the input or a piece of evidence, also not through a link, and no two
 * targets are one file
 *   - every file made has mode 0600, whatever the umask
 *   - after posix_store_finish(keep = 0) the folders look as they did before posix_store_init,
 * except that a file replaced on a medium without hard links stays replaced
 *   - a temporary file is locked from its making until it has the target's name, so that another
 * run sweeps only what killed ones left
 *   - a journal under its name keeps its temporary name, too, until its output is there, and a lock
 * until finish: without the lock it is one that a run left behind which was ended in between
 *   - one store per session; no state outside the struct
 *
 * Life: init, target(s), then once per run: check, [begin, write, commit or abort]..., finish.
 */
#ifndef FUSHO_HOST_POSIX_STORE_H
#define FUSHO_HOST_POSIX_STORE_H
#include "posix_evidence.h"
#include "posix_io.h"

typedef enum posix_target_state {
    POSIX_IDLE,
    POSIX_WRITING,   /* temporary file open                  */
    POSIX_PUBLISHED, /* stands under its name, can be undone */
    POSIX_SENT       /* copied to a descriptor, cannot       */
} posix_target_state;

typedef struct posix_target {
    struct posix_store *store;
    const char *path; /* NULL: not a named file */
    int to_fd;        /* -1, or where to copy at commit ("-") */
    int fd;           /* temporary file */
    posix_target_state state;
    int replaced;                 /* the target was there before */
    int locked;                   /* the temporary file is */
    char *folder, *temp, *backup; /* backup: the replaced file, until finish */
    dev_t dev;
    ino_t ino;
} posix_target;

typedef struct posix_store {
    const posix_calls *calls;
    int force;
    const char *spool_folder;      /* for targets that are a descriptor; default "/tmp" */
    posix_cancelled_fn *cancelled; /* NULL: never */
    void *cancelled_ctx;
    posix_target target[FUSHO_STORE_ROLES];
} posix_store;

/* calls NULL: the system's. */
void posix_store_init(posix_store *s, const posix_calls *calls, int force);
/* Where a role goes; the path must outlive the store. A role without target refuses to begin. */
void posix_store_target(posix_store *s, int32_t role, const char *path);
void posix_store_target_fd(posix_store *s, int32_t role, int fd, const char *shown);

/* Before the run: removes what killed runs left in the folders of the targets
 * (posix_store_internal.h) and a journal whose run was ended before its output was there. S701
 * where a target is there (without force), is no file, is another target, or its folder
 * is missing or not writable. */
fusho_status posix_store_check(posix_store *s, fusho_error *err);
/* S701 where `in` is one of the targets. */
fusho_status posix_store_check_source(posix_store *s, const posix_source *in, fusho_error *err);

/* For fusho_host.store_begin, store_commit, store_abort; a host with a ctx of its own passes its
 * store on. */
fusho_status posix_store_begin(posix_store *s, int32_t role, fusho_stream *out, fusho_error *err);
fusho_status posix_store_commit(posix_store *s, int32_t role, fusho_error *err);
void posix_store_abort(posix_store *s, int32_t role);

/* After the run. keep 0: takes back what was published too (the run ended with status 2 or more).
 * The store can be used for the next run afterwards. */
void posix_store_finish(posix_store *s, int keep);

#endif
