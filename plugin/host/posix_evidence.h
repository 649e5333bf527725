/* posix_evidence: the evidence files (captures, or journals of past months) behind one path, in a
 * fixed order.
 *
 * Invariants
 *   - a file is handed on whatever its name; in a folder and its subfolders only regular files with
 *     an ending of the kind (any case), names beginning with a dot left out
 *   - sorted bytewise within each folder, subfolders in their place
 *   - no symbolic link is followed out of the folder given, none to a folder, and none to
 *     a file that is read anyway
 *   - the list is complete before the first file is opened
 */
#ifndef FUSHO_HOST_POSIX_EVIDENCE_H
#define FUSHO_HOST_POSIX_EVIDENCE_H
#include "posix_io.h"

#define EVIDENCE_FILES_MAX 20000u /* over all paths of a run */
#define EVIDENCE_DEPTH_MAX 16u    /* subfolders below the folder given */

/* name: the path as given, for a folder "/" and the name in it. A status below 0 ends the walk. */
typedef fusho_status posix_evidence_fn(void *ctx, fusho_text name, posix_source *in,
                                       fusho_error *err);

/* What is looked for, and how its absence is told. */
typedef struct posix_kind {
    const char *const *endings; /* in folders; NULL behind the last */
    const char *missing_ja, *missing_en, *hint_ja;
} posix_kind;

extern const posix_kind posix_captures; /* .xml .csv .xml.gz .csv.gz */
extern const posix_kind posix_journals; /* .fusho */

typedef struct posix_evidence {
    const posix_calls *calls; /* NULL: the system's */
    const posix_kind *kind;   /* may change from path to path */
    posix_evidence_fn *each;
    void *ctx;
    size_t files; /* so far; start with 0 and keep for the next path */
    /* files read so far: one that is named twice, by whatever paths, is read once */
    struct posix_seen *seen;
    size_t n_seen, seen_cap;
} posix_evidence;

/* FUSHO_E_INPUT (E501): no such path, or something in it cannot be read; FUSHO_E_LIMIT;
 * FUSHO_E_NOMEM; or what `each` returned. A folder without evidence is fine. */
fusho_status posix_evidence_walk(posix_evidence *e, const char *path, fusho_error *err);
/* After the last path. */
void posix_evidence_end(posix_evidence *e);

#endif
