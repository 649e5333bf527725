/* engine: the pipeline of one file, one claim or one undo, and its state machine.
 *
 *   closed --open--> ready --add_evidence--> ready --run / claim / explain--> busy --> ready
 *
 * Invariants
 *   - core/ opens nothing: input, store and listing are the host's
 *   - the input is read twice: once to match captures and to refuse what is no claim file, once to
 *     write; if it changed in between, nothing is committed
 *   - journal is committed before output, the report last; whatever fails, what was not committed
 * is aborted; of a refused file nothing is committed
 *   - the listing's summary is written when everything is committed; after a failure it says so,
 *     with a finding, as far as the listing can still be written
 *   - evidence that could not be read ends the session: a part of it must not decide anything
 *   - a call from inside a callback of the same session is refused (FU_E_MISUSE)
 */
#ifndef FU_ENGINE_ENGINE_H
#define FU_ENGINE_ENGINE_H
#include "engine/options.h"
#include "rules/routes.h"

#ifndef FU_VERSION /* the build defines it from configure.ac */
#define FU_VERSION "0.0.0"
#endif
#define FU_RULES_EDITION "2026-11"

typedef enum fu_role { FU_ROLE_OUTPUT, FU_ROLE_JOURNAL, FU_ROLE_REPORT, FU_ROLES } fu_role;

typedef struct fu_host {
    void *ctx;
    fu_mem mem;
    const char *product;
    int threads;
    void (*log)(void *ctx, int level, const char *message);
    /* e->file, also where it succeeds: what failures to write shall call the file; "" = see
     * fu_job */
    fu_status (*store_begin)(void *ctx, fu_role role, fu_stream *out, fu_error *e);
    fu_status (*store_commit)(void *ctx, fu_role role, fu_error *e);
    void (*store_abort)(void *ctx, fu_role role);
    int32_t (*today)(void *ctx);
    void (*progress)(void *ctx, uint64_t claims, uint64_t done, uint64_t total);
    int32_t (*cancelled)(void *ctx);
} fu_host;

typedef enum fu_verb {
    FU_APPLY = 1,
    FU_CHECK = 2,
    FU_UNDO = 3,
    FU_LEDGER = 4,
    FU_FORM = 5
} fu_verb;

typedef struct fu_job {
    fu_verb verb;
    const char *input_name, *output_name; /* output_name "" = none */
    const char *journal_name;             /* as shown; NULL or "" = not known */
    const fu_stream *input;
    const fu_stream *listing; /* NULL = none */
    const fu_stream *from;    /* undo of a journal with ranges: what apply wrote; NULL = not given */
    const char *from_name;    /* as shown; NULL or "" = not known */
    uint64_t input_size;
    bool more_files;
    fu_summary summary; /* filled */
} fu_job;

typedef struct fu_claim_job {
    fu_span header, records, evidence;
    const fu_stream *output, *listing; /* NULL = not wanted */
    fu_route route;                    /* filled */
    size_t edits;
    fu_summary summary;
} fu_claim_job;

typedef struct fu_session fu_session;

/* The host is copied; its ctx and functions must outlive the session. */
fu_status fu_session_open(fu_session **out, const fu_host *host, fu_span options, fu_error *e);
fu_status fu_session_evidence(fu_session *s, const char *name, const fu_stream *in, fu_error *e);
fu_status fu_session_run(fu_session *s, fu_job *job, fu_error *e);
fu_status fu_session_claim(fu_session *s, fu_claim_job *job, fu_error *e);
fu_status fu_session_explain(fu_session *s, const char *code, const fu_stream *out, fu_error *e);
/* False, and nothing done, from inside a callback of the session. NULL ok. */
bool fu_session_close(fu_session *s);

/* The command's exit status for a status: 0, 1 or 3 to 5, 2 for misuse. */
int fu_exit_status(fu_status st);

#endif
