/* support_host: a host in memory for the engine, and small months to run it on. No Criterion in
 * here, so that drivers without it can link it too; what cannot happen ends the process with
 * abort().
 *
 * Invariants
 *   - nothing is visible in a role before its commit; a failed commit or an abort leaves nothing
 *   - begins, writes and commits count as operations from 0; the one with number fail_at fails
 *   - a begin that succeeds names the report's file, and leaves the others to the job's names
 *   - calls of cancelled count from 0; from number cancel_at on the answer is yes
 */
#ifndef TST_SUPPORT_HOST_H
#define TST_SUPPORT_HOST_H
#include "engine/engine.h"
#include "support.h"

typedef struct hst_role {
    struct hst *host;
    tst_file now;  /* written since begin */
    tst_file done; /* what the last commit made visible */
    bool open, visible;
} hst_role;

typedef struct hst {
    tst_mem mem;
    bool libc; /* memory of the C library instead: for runs with threads */
    int threads;
    int32_t today;
    hst_role role[FU_ROLES];
    long ops, fail_at;
    int failed; /* the role whose operation that was */
    long asked, cancel_at;
    long shown;                  /* calls of progress */
    uint64_t claims, at, total;  /* of the last one */
    bool fell;                   /* progress went back */
    size_t chunk;                /* most bytes one write takes; 0 = no limit */
    size_t chunk_bytes;          /* of the pipe; 0 = as it is */
    char trail[256];             /* "b0 b1 c1 c0 ": begin, commit (C: failed), abort of roles */
    char log[512];               /* last message */
    void (*hook)(struct hst *h); /* called from every callback but memory; NULL = none */
    void *hook_ctx;
} hst;

void hst_init(hst *h);
void hst_free(hst *h);
/* *h must outlive every session. */
fu_host hst_host(hst *h);

#define HST_EVIDENCE_MAX 16

/* An input with its evidence and what the listing got. */
typedef struct hst_case {
    tst_file in, listing, from; /* from: of undo, where it holds something */
    struct {
        char *name;
        unsigned char *p;
        size_t n;
    } evidence[HST_EVIDENCE_MAX];
    size_t n_evidence;
    bool no_listing, more_files;
    fu_summary summary; /* of the last run; its file is not valid any more */
} hst_case;

void hst_case_init(hst_case *c);
void hst_case_free(hst_case *c);
/* As a receipt computer writes it: CP932, CRLF, 0x1A at the end. */
void hst_case_month(hst_case *c, const char *utf8);
void hst_case_input(hst_case *c, const void *p, size_t n);
void hst_case_from(hst_case *c, const void *p, size_t n);
void hst_case_evidence(hst_case *c, const char *name, const void *p, size_t n);
/* The only claim file of FOLDER/TYPE and the evidence beside it, in the order of the names; false
 * if there is none. */
bool hst_case_load(hst_case *c, const char *folder, const char *type);

/* Opens a session, adds the evidence, runs once, closes. */
fu_status hst_run(hst *h, hst_case *c, fu_verb verb, const char *options, fu_error *e);
/* The same without evidence and run: only the session. */
fu_status hst_open(hst *h, const char *options, fu_session **s, fu_error *e);
fu_status hst_add_evidence(hst_case *c, fu_session *s, fu_error *e);
fu_status hst_run_in(hst_case *c, fu_session *s, fu_verb verb, fu_error *e);

/* As hst_case_month, malloc'ed. */
char *hst_uke(const char *utf8, size_t *n);
/* The listing, NUL-terminated; malloc'ed. */
char *hst_text(const tst_file *f);
bool hst_same(const tst_file *f, const void *p, size_t n);

/* One month of each claim type: a claim that becomes 不詳; its capture and what comes out. */
typedef struct hst_month {
    const char *type, *month, *captures, *expected;
} hst_month;

#define HST_MONTHS 5
#define HST_TODAY 20261109
extern const hst_month hst_months[HST_MONTHS];

#endif
