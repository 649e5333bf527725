/* abuser: a host of the built plugin that breaks one promise, at one moment, in one way.
 *
 * Invariants
 *   - calls of a callback count from 0; the one with number `at` misbehaves, none if it is -1
 *   - everything is counted that must not be: blocks left, wrong sizes given back, commits after
 * the fault, callbacks after close, calls from inside a callback that were let through
 *   - no Criterion in here; a test looks at the counts
 */
#ifndef TST_SUPPORT_ABUSER_H
#define TST_SUPPORT_ABUSER_H
#include <stddef.h>

#include "fusho.h"

typedef enum abr_place {
    ABR_MEM,
    ABR_LOG,
    ABR_BEGIN,
    ABR_COMMIT,
    ABR_ABORT,
    ABR_TODAY,
    ABR_PROGRESS,
    ABR_CANCELLED,
    ABR_READ,
    ABR_WRITE,
    ABR_REWIND,
    ABR_PLACES
} abr_place;

typedef enum abr_fault {
    ABR_FAIL,    /* NULL, not 0, below 0: whatever says no there */
    ABR_MORE,    /* one more than asked for */
    ABR_MOST,    /* INT64_MAX */
    ABR_LEAST,   /* INT64_MIN */
    ABR_NOTHING, /* 0: the end of an input, a write that takes nothing */
    ABR_LIE,    /* says it is done: a read of other bytes, a rewind to the second byte, a store that
                   hands out nothing to write to */
    ABR_SHOUT,  /* fails, with texts that fill the error to the brim */
    ABR_REENTER /* calls everything of the same session, then behaves */
} abr_fault;

/* What is asked of the plugin. */
enum { ABR_CLAIM = 100, ABR_EXPLAIN };
enum { ABR_NONE, ABR_MONTH, ABR_CAPTURE, ABR_JOURNAL };

typedef struct abr_kind {
    const char *name;
    int32_t verb; /* of fusho.h, or ABR_CLAIM, ABR_EXPLAIN */
    const char *options;
    int input, evidence; /* ABR_NONE ... */
} abr_kind;

extern const abr_kind abr_kinds[];
extern const size_t abr_kind_count;
#define ABR_OPTIONS "--format=json\n--report"

typedef struct abr_memory {
    char *p;
    size_t n, at;
    struct abr *owner;
} abr_memory;

typedef struct abr {
    const fusho_plugin *t;
    abr_place place;
    abr_fault fault;
    long at;
    size_t chunk; /* most bytes one read or write moves; 0 = all */
    /* counted */
    long calls[ABR_PLACES];
    int happened; /* the fault came */
    int committed[FUSHO_STORE_ROLES], aborted[FUSHO_STORE_ROLES], open[FUSHO_STORE_ROLES];
    long blocks, wrong_sizes, committed_after, late, let_through;
    int closed;
    /* content */
    abr_memory role[FUSHO_STORE_ROLES], input, evidence, listing, output;
    abr_memory journal; /* of a good run, for undo and ledger; empty = made when it is needed */
    fusho_session *session;
    fusho_host host;
} abr;

typedef struct abr_result {
    fusho_status status;
    int32_t exit_status; /* of the job; -1 = it did not come to that */
    fusho_error err;
} abr_result;

void abr_init(abr *h, const fusho_plugin *t);
/* Forgets what was counted and written; the journal stays. */
void abr_again(abr *h);
void abr_free(abr *h);
/* Opens, adds the evidence, calls, closes: up to the first step that fails. */
abr_result abr_do(abr *h, const abr_kind *kind);
/* The same in steps, for tests that put something in between. */
abr_result abr_open(abr *h, const abr_kind *kind);
abr_result abr_call(abr *h, const abr_kind *kind);
void abr_close(abr *h);

void abr_set(abr_memory *m, const void *p, size_t n);
fusho_stream abr_stream(abr *h, abr_memory *m);
fusho_text abr_text(const char *s);
/* A job, a claim job for the month, its streams being *in and *list (which must outlive it). */
fusho_job abr_job(int32_t verb, const fusho_stream *in, const fusho_stream *list);
fusho_claim_job abr_claim_job(const fusho_stream *out, const fusho_stream *list);

extern const char abr_month[], abr_capture[];

/* Failed, and said why: a text in every member that must have one, each one terminated UTF-8. */
int abr_is_told(fusho_status st, const fusho_error *err);

#endif
