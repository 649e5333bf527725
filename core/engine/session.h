/* session: what run, undo and the claim call share. Private to engine/. */
#ifndef FU_ENGINE_SESSION_H
#define FU_ENGINE_SESSION_H
#include "check/file.h"
#include "engine/engine.h"
#include "engine/mask.h"
#include "engine/process.h"
#include "engine/pipe.h"
#include "ledger/ledger.h"

/* What is written through the host's store, so that a failure names the file that was written. */
typedef struct fu_gate {
    fu_stream to;
    bool failed;
    char name[256]; /* as the host told it; "" = not told */
} fu_gate;

struct fu_session {
    fu_host host;
    fu_options options;
    char *options_text;
    size_t options_bytes;
    fu_evidence evidence; /* as it was read */
    fu_evidence joined;   /* copied and joined for run; the claim call joins a copy of its own */
    fu_match match;       /* of `joined` */
    fu_ledger ledger;     /* of the journals among the evidence */
    fu_gate gates[FU_ROLES]; /* of the run */
    bool matched, busy, dead;
    size_t chunk_bytes; /* wanted size of what one thread works on at a time */
    bool clock; /* no --today: the host is asked at every call */
};

/* One pass over all claims that learns, and changes nothing. */
typedef struct fu_survey {
    fu_file_check check;
    uint32_t crc;
} fu_survey;

fu_status fu_survey_run(fu_survey *v, fu_session *s, fu_pipe *pipe, fu_input *in, const fu_job *job,
                        fu_findings *out, fu_error *e);

/* E504 and what else is to be said of captures that no claim was found for; E506, E510 of files.
 * only: of the evidence file of that name, NULL = of all. */
void fu_tell_evidence(fu_findings *out, const fu_evidence *ev, const fu_match *m, const char *only);

/* Once for a session: matches what was added. From then on it takes no more evidence. */
fu_status fu_match_evidence(fu_session *s, fu_error *e);

/* Adds a list to the summary's counts. */
void fu_count(fu_summary *sum, const fu_findings *l);
void fu_count_route(fu_summary *sum, fu_route route);

/* Something is written through the host's store: FU_E_MISUSE where it has none. */
fu_status fu_store_begin(fu_session *s, fu_role role, fu_stream *to, fu_error *e);
fu_status fu_store_commit(fu_session *s, fu_role role, fu_error *e);
/* After what was written ended with st: commits if that is FU_OK, else takes it back. */
fu_status fu_store_end(fu_session *s, fu_role role, fu_status st, fu_error *e);
/* Names the file of the store that the run failed at, if it was one and none is named yet. */
void fu_store_blame(const fu_session *s, const fu_job *job, fu_status st, fu_error *e);

fu_status fu_check_cancel(const fu_session *s, fu_error *e);
fu_status fu_undo(fu_session *s, fu_job *job, fu_error *e);
fu_status fu_run_file(fu_session *s, fu_job *job, fu_error *e);
fu_status fu_run_ledger(fu_session *s, fu_job *job, fu_error *e);
fu_status fu_run_form(fu_session *s, fu_job *job, fu_error *e);
/* What was captured for other patients says nothing about this claim: told is only what the file
 * `only` holds and does not fit (NULL = nothing). */
fu_status fu_run_claim(fu_session *s, fu_claim_job *job, fu_match *m, const char *only,
                       fu_error *e);

/* A read that failed is the input's fault (S704), whatever the stream called it. */
fu_status fu_input_fault(fu_status st, const char *name, fu_error *e);

/* ---- listing.c ---- */

fu_report_options fu_report_settings(const fu_session *s, fu_format format);
/* Opens a report and begins the job's file in it. */
fu_status fu_begin_report(fu_report **out, const fu_session *s, const fu_job *job, fu_format format,
                          const fu_stream *to, fu_error *e);
/* The summary and what comes behind it; NULL = nothing to do. */
fu_status fu_end_report(fu_report *report, const fu_summary *sum, fu_error *e);
/* Of a run that failed, for any reason: the finding that says why, counted in *sum, and the
 * summary, as far as they still can be written. A run that was cancelled has no finding. */
void fu_end_failed(fu_report *listing, const fu_session *s, fu_mask *mask, fu_summary *sum,
                   const fu_error *why);

#endif
