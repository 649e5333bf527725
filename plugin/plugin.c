#include "glue.h"

/* Up to a struct's last member in a version: its size there, for there is no padding. */
#define UP_TO(type, last) ((uint32_t)(offsetof(type, last) + sizeof(((type *)0)->last)))

/* The sizes each struct has had, by the last member of each version, and then the one it has now.
 * None ever goes away: where a struct grows, its new last member is one more. */
static const uint32_t HOST_SIZES[] = {UP_TO(fusho_host, cancelled), UP_TO(fusho_host, reserved),
                                      sizeof(fusho_host), 0};
static const uint32_t JOB_SIZES[] = {UP_TO(fusho_job, reserved0), UP_TO(fusho_job, from),
                                     sizeof(fusho_job), 0};
static const uint32_t CLAIM_JOB_SIZES[] = {UP_TO(fusho_claim_job, reserved1),
                                           sizeof(fusho_claim_job), 0};
static const uint32_t ERROR_SIZES[] = {UP_TO(fusho_error, message_en), sizeof(fusho_error), 0};
static const uint32_t STREAM_SIZES[] = {UP_TO(fusho_stream, rewind), sizeof(fusho_stream), 0};
#define STRUCT_MAX 65536u

/* A host of a later version fills the structs it gets on loan as it knows them: they have room. */
#define STREAM_ROOM 256u
#define ERROR_ROOM 4096u

/* The engine's numbers go through as they are. */
#define SAME(ours, theirs) _Static_assert((int)(ours) == (int)(theirs), #ours)
SAME(FU_OK, FUSHO_OK);
SAME(FU_FINDINGS, FUSHO_FINDINGS);
SAME(FU_CANCELLED, FUSHO_CANCELLED);
SAME(FU_E_INPUT, FUSHO_E_INPUT);
SAME(FU_E_STORE, FUSHO_E_STORE);
SAME(FU_E_NOMEM, FUSHO_E_NOMEM);
SAME(FU_E_LIMIT, FUSHO_E_LIMIT);
SAME(FU_E_MISUSE, FUSHO_E_MISUSE);
SAME(FU_E_VERSION, FUSHO_E_VERSION);
SAME(FU_E_FATAL, FUSHO_E_FATAL);
SAME(FU_ROLE_OUTPUT, FUSHO_STORE_OUTPUT);
SAME(FU_ROLE_JOURNAL, FUSHO_STORE_JOURNAL);
SAME(FU_ROLE_REPORT, FUSHO_STORE_REPORT);
SAME(FU_ROLES, FUSHO_STORE_ROLES);
SAME(FU_APPLY, FUSHO_APPLY);
SAME(FU_CHECK, FUSHO_CHECK);
SAME(FU_UNDO, FUSHO_UNDO);
SAME(FU_R_NONE, FUSHO_ROUTE_NONE);
SAME(FU_R_CURRENT, FUSHO_ROUTE_CURRENT);
SAME(FU_R_KYUSHIKAKU, FUSHO_ROUTE_KYUSHIKAKU);
SAME(FU_R_FUSHO, FUSHO_ROUTE_FUSHO);
SAME(FU_R_HOLD, FUSHO_ROUTE_HOLD);

/* ---- sizes ---- */

/* One of these, or larger than the last: of a later version, read as far as we know it. */
static bool size_fits(uint32_t size, const uint32_t *had)
{
    for (; *had; had++)
        if (size == *had || (!had[1] && size > *had))
            return size <= STRUCT_MAX;
    return false;
}

static void copy_in(void *ours, size_t our_size, const void *theirs, uint32_t their_size)
{
    memset(ours, 0, our_size);
    memcpy(ours, theirs, their_size < our_size ? their_size : our_size);
}

/* Fills the host's error; the engine's words never hold patient data. */
static fusho_status report(fusho_error *err, const fu_error *e, fusho_status st)
{
    if (!err || !size_fits(err->struct_size, ERROR_SIZES) || (st >= 0 && st != FUSHO_CANCELLED))
        return st;
    err->status = st;
    err->line = e->line;
    err->byte_offset = e->byte_offset;
    err->field = e->field;
    fu_copy_text(err->code, sizeof err->code, e->code);
    fu_copy_text(err->file, sizeof err->file, e->file);
    fu_copy_text(err->message_ja, sizeof err->message_ja, e->message_ja);
    fu_copy_text(err->hint_ja, sizeof err->hint_ja, e->hint_ja);
    fu_copy_text(err->message_en, sizeof err->message_en, e->message_en);
    return st;
}

static fusho_status refuse(fusho_error *err, fusho_status st, const char *ja, const char *en)
{
    fu_error e = {0};
    fu_fail(&e, (fu_status)st, "", ja, en);
    return report(err, &e, st);
}

static fusho_status wrong_struct(fusho_error *err)
{
    return refuse(err, FUSHO_E_VERSION, "構造体の大きさ（struct_size）が正しくありません。",
                  "struct_size does not fit");
}

static fusho_status null_argument(fusho_error *err)
{
    return refuse(err, FUSHO_E_MISUSE, "必要な引数がないか、長すぎます。",
                  "a required argument or stream member is NULL, or a text is too long");
}

static fusho_status reentered(fusho_error *err)
{
    return refuse(err, FUSHO_E_MISUSE, "処理の途中に同じセッションが呼ばれました。",
                  "re-entered session");
}

/* ---- streams ---- */

/* The engine's streams carry a pointer to ours; both live as long as the call. */
typedef struct bridge {
    fusho_stream theirs;
    fu_stream ours;
} bridge;

static int64_t bridge_read(void *ctx, void *buf, uint64_t n)
{
    const fusho_stream *s = ctx;
    return s->read(s->ctx, buf, n);
}

static int64_t bridge_write(void *ctx, const void *buf, uint64_t n)
{
    const fusho_stream *s = ctx;
    return s->write(s->ctx, buf, n);
}

static int32_t bridge_rewind(void *ctx)
{
    const fusho_stream *s = ctx;
    return s->rewind(s->ctx);
}

static bool bridge_open(bridge *b, const fusho_stream *s)
{
    if (!size_fits(s->struct_size, STREAM_SIZES))
        return false;
    copy_in(&b->theirs, sizeof b->theirs, s, s->struct_size);
    b->ours.ctx = &b->theirs;
    b->ours.read = s->read ? bridge_read : NULL;
    b->ours.write = s->write ? bridge_write : NULL;
    b->ours.rewind = s->rewind ? bridge_rewind : NULL;
    return true;
}

/* The same for a stream that may be missing. */
static bool bridge_open_if(bridge *b, const fusho_stream *s)
{
    return !s || bridge_open(b, s);
}

static bool cannot_write(const fusho_stream *s)
{
    return s && !s->write;
}

static bool cannot_read(const fusho_stream *s)
{
    return s && !s->read;
}

/* ---- the host's callbacks, as the engine calls them ---- */

struct fusho_session {
    fusho_host host; /* our copy, as far as the host's reached */
    fu_mem mem;
    char product[128];
    bridge roles[FU_ROLES];
    fu_session *engine;
    bool inside; /* a call is under way, and callbacks may come: the allocator's, too */
};

static void *host_mem(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    const fusho_host *h = ctx;
    return h->mem(h->ctx, p, old_n, new_n);
}

static void host_log(void *ctx, int level, const char *message)
{
    const fusho_session *s = ctx;
    fusho_text text = {message, strlen(message)};
    s->host.log(s->host.ctx, level, text);
}

/* Structs lent to the host, which may know more members than we do. */
typedef union lent_stream {
    fusho_stream s;
    unsigned char room[STREAM_ROOM];
} lent_stream;

typedef union lent_error {
    fusho_error e;
    unsigned char room[ERROR_ROOM];
} lent_error;

static fusho_error *lend_error(lent_error *l)
{
    memset(l, 0, sizeof *l);
    l->e.struct_size = (uint32_t)sizeof l->e;
    return &l->e;
}

/* What the host says of a failure, in the engine's words. */
static fu_status store_failed(lent_error *lent, fu_error *e)
{
    fusho_error *h = &lent->e;
    fu_fail(e, FU_E_STORE, fu_foreign_text(h->code, sizeof h->code, "S702"),
            fu_foreign_text(h->message_ja, sizeof h->message_ja, "書き込めませんでした。"),
            fu_foreign_text(h->message_en, sizeof h->message_en, "host store failed"));
    fu_error_hint(e, fu_foreign_text(h->hint_ja, sizeof h->hint_ja, ""));
    fu_error_file(e, fu_foreign_text(h->file, sizeof h->file, ""));
    return FU_E_STORE;
}

static fu_status host_begin(void *ctx, fu_role role, fu_stream *out, fu_error *e)
{
    fusho_session *s = ctx;
    lent_error err;
    lent_stream stream;
    fusho_status st;
    memset(&stream, 0, sizeof stream);
    stream.s.struct_size = (uint32_t)sizeof stream.s;
    st = s->host.store_begin(s->host.ctx, (int32_t)role, &stream.s, lend_error(&err));
    if (st != FUSHO_OK)
        return store_failed(&err, e);
    if (!bridge_open(&s->roles[role], &stream.s) || !stream.s.write) {
        s->host.store_abort(s->host.ctx, (int32_t)role);
        return store_failed(&err, e);
    }
    fu_error_file(e, fu_foreign_text(err.e.file, sizeof err.e.file, ""));
    *out = s->roles[role].ours;
    return FU_OK;
}

static fu_status host_commit(void *ctx, fu_role role, fu_error *e)
{
    fusho_session *s = ctx;
    lent_error err;
    fusho_status st = s->host.store_commit(s->host.ctx, (int32_t)role, lend_error(&err));
    return st == FUSHO_OK ? FU_OK : store_failed(&err, e);
}

static void host_abort(void *ctx, fu_role role)
{
    fusho_session *s = ctx;
    s->host.store_abort(s->host.ctx, (int32_t)role);
}

static int32_t host_today(void *ctx)
{
    fusho_session *s = ctx;
    return s->host.today(s->host.ctx);
}

static void host_progress(void *ctx, uint64_t claims, uint64_t done, uint64_t total)
{
    fusho_session *s = ctx;
    s->host.progress(s->host.ctx, (int64_t)claims, (int64_t)done, (int64_t)total);
}

static int32_t host_cancelled(void *ctx)
{
    fusho_session *s = ctx;
    return s->host.cancelled(s->host.ctx);
}

static fu_host engine_host(fusho_session *s)
{
    const fusho_host *h = &s->host;
    fu_host e;
    memset(&e, 0, sizeof e);
    e.ctx = s;
    e.mem = s->mem;
    e.product = s->product;
    e.threads = h->threads;
    e.log = h->log ? host_log : NULL;
    e.store_begin = h->store_begin ? host_begin : NULL;
    e.store_commit = h->store_commit ? host_commit : NULL;
    e.store_abort = h->store_abort ? host_abort : NULL;
    e.today = h->today ? host_today : NULL;
    e.progress = h->progress ? host_progress : NULL;
    e.cancelled = h->cancelled ? host_cancelled : NULL;
    return e;
}

/* ---- texts ---- */

/* NUL-terminated copy for the engine; freed by the caller. */
static char *text_copy(const fu_mem *m, fusho_text t)
{
    char *p = fu_alloc0(m, (size_t)t.n + 1);
    if (p && t.n)
        memcpy(p, t.p, (size_t)t.n);
    return p;
}

static void text_free(const fu_mem *m, char *p, fusho_text t)
{
    fu_free(m, p, (size_t)t.n + 1);
}

static bool text_ok(fusho_text t)
{
    return (t.p || t.n == 0) && t.n <= FU_OPTIONS_BYTES_MAX;
}

/* ---- the table ---- */

static void FUSHO_CALL session_close(fusho_session *s)
{
    fusho_host host;
    fu_mem mem;
    if (!s || s->inside)
        return;
    s->inside = true;
    fu_session_close(s->engine);
    /* The allocator's context is in the block that is freed. */
    host = s->host;
    mem = s->mem;
    if (host.mem)
        mem.ctx = &host;
    /* Not by fu_free: an allocator that calls back must still find that somebody is inside. */
    fu_wipe(s, sizeof *s);
    s->inside = true;
    mem.fn(mem.ctx, s, sizeof *s, 0);
}

static void keep_product(fusho_session *s, fusho_text t)
{
    char head[sizeof s->product + 4] = ""; /* a character more: the cut looks behind itself */
    if (t.n)
        memcpy(head, t.p, t.n < sizeof head ? (size_t)t.n : sizeof head - 1);
    fu_copy_text(s->product, sizeof s->product, head);
}

static fusho_status FUSHO_CALL session_open(const fusho_host *host, fusho_text options,
                                            fusho_session **out, fusho_error *err)
{
    fusho_host h;
    fu_mem mem = fu_mem_libc;
    fusho_session *s;
    fu_host eh;
    fu_error e = {0};
    fu_status st;
    if (out)
        *out = NULL;
    if (!host || !out || (!options.p && options.n))
        return null_argument(err);
    if (!size_fits(host->struct_size, HOST_SIZES) || host->abi_major != FUSHO_ABI_MAJOR)
        return wrong_struct(err);
    copy_in(&h, sizeof h, host, host->struct_size);
    if (!text_ok(h.product))
        return null_argument(err);
    if (options.n > FU_OPTIONS_BYTES_MAX)
        return report(err, &e, fu_options_too_long(&e));
    if (h.mem) {
        mem.fn = host_mem;
        mem.ctx = &h;
    }
    s = fu_alloc0(&mem, sizeof *s);
    if (!s)
        return report(err, (fu_fail_nomem(&e), &e), FUSHO_E_NOMEM);
    s->host = h;
    s->mem = mem;
    if (h.mem)
        s->mem.ctx = &s->host;
    keep_product(s, h.product);
    eh = engine_host(s);
    st = fu_session_open(&s->engine, &eh, fu_span_of(options.p, (size_t)options.n), &e);
    if (st != FU_OK)
        session_close(s);
    else
        *out = s;
    return report(err, &e, st);
}

static fusho_status FUSHO_CALL session_evidence(fusho_session *s, fusho_text name,
                                                const fusho_stream *in, fusho_error *err)
{
    bridge b;
    fu_error e = {0};
    fu_status st;
    char *n;
    if (!s || !in || !text_ok(name))
        return null_argument(err);
    if (!bridge_open(&b, in))
        return wrong_struct(err);
    if (!in->read)
        return null_argument(err);
    if (s->inside)
        return reentered(err);
    s->inside = true;
    n = text_copy(&s->mem, name);
    st = n ? fu_session_evidence(s->engine, n, &b.ours, &e) : fu_fail_nomem(&e);
    text_free(&s->mem, n, name);
    s->inside = false;
    return report(err, &e, st);
}

static void job_out(fusho_job *job, const fu_summary *sum, fu_status st)
{
    job->claims = sum->claims;
    job->payers = sum->payers;
    job->fusho = sum->fusho;
    job->kyushikaku = sum->kyushikaku;
    job->current = sum->current;
    job->hold = sum->hold;
    job->errors = sum->errors;
    job->warnings = sum->warnings;
    job->exit_status = fu_exit_status(st);
}

/* A job as far as the host's reaches, with its streams and names as the engine wants them. */
typedef struct held_job {
    fusho_job job;
    bridge input, listing, from;
    char *names[4];
} held_job;

static fu_status run_copied(fusho_session *s, const held_job *h, fu_summary *sum, fu_error *e)
{
    const fusho_job *job = &h->job;
    fu_job j;
    fu_status st = fu_fail_nomem(e);
    memset(&j, 0, sizeof j);
    j.verb = (fu_verb)job->verb;
    j.input_name = h->names[0];
    j.output_name = h->names[1];
    j.journal_name = h->names[2];
    j.from_name = h->names[3];
    j.input = job->input ? &h->input.ours : NULL;
    j.listing = job->listing ? &h->listing.ours : NULL;
    j.from = job->from ? &h->from.ours : NULL;
    j.input_size = job->input_size > 0 ? (uint64_t)job->input_size : 0;
    j.more_files = job->more_files != 0;
    if (h->names[0] && h->names[1] && h->names[2] && h->names[3])
        st = fu_session_run(s->engine, &j, e);
    *sum = j.summary;
    return st;
}

static fu_status run_named(fusho_session *s, held_job *h, fu_summary *sum, fu_error *e)
{
    const fusho_text texts[] = {h->job.input_name, h->job.output_name, h->job.journal_name,
                                h->job.from_name};
    fu_status st;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        h->names[i] = text_copy(&s->mem, texts[i]);
    st = run_copied(s, h, sum, e);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        text_free(&s->mem, h->names[i], texts[i]);
    return st;
}

/* The ledger and the form read nothing but what was added before. */
static bool input_fits(const fusho_job *job)
{
    if (job->verb == FUSHO_LEDGER || job->verb == FUSHO_FORM)
        return true;
    return job->input && job->input->read && (job->input->rewind || job->verb == FUSHO_UNDO);
}

static bool names_ok(const fusho_job *job)
{
    return text_ok(job->input_name) && text_ok(job->output_name) && text_ok(job->journal_name) &&
           text_ok(job->from_name);
}

/* FUSHO_OK, or why the job is refused. */
static fusho_status hold_job(held_job *h, const fusho_job *job, fusho_error *err)
{
    copy_in(&h->job, sizeof h->job, job, job->struct_size);
    if (h->job.verb != FUSHO_UNDO)
        h->job.from = NULL;
    if (!names_ok(&h->job))
        return null_argument(err);
    if (!bridge_open_if(&h->input, h->job.input) || !bridge_open_if(&h->listing, h->job.listing) ||
        !bridge_open_if(&h->from, h->job.from))
        return wrong_struct(err);
    if (!input_fits(&h->job) || cannot_write(h->job.listing) || cannot_read(h->job.from))
        return null_argument(err);
    return FUSHO_OK;
}

static fusho_status FUSHO_CALL session_run(fusho_session *s, fusho_job *job, fusho_error *err)
{
    fu_summary sum = {0};
    held_job h;
    fu_error e = {0};
    fu_status st;
    fusho_status refused;
    if (!s || !job)
        return null_argument(err);
    if (!size_fits(job->struct_size, JOB_SIZES))
        return wrong_struct(err);
    job_out(job, &sum, FU_E_MISUSE);
    refused = hold_job(&h, job, err);
    if (refused != FUSHO_OK)
        return refused;
    if (s->inside)
        return reentered(err);
    s->inside = true;
    st = run_named(s, &h, &sum, &e);
    job_out(job, &sum, st);
    s->inside = false;
    return report(err, &e, st);
}

static bool bytes_ok(fusho_bytes b)
{
    return (b.p || b.n == 0) && (uint64_t)(size_t)b.n == b.n;
}

static void claim_out(fusho_claim_job *job, const fu_claim_job *j, fu_status st)
{
    job->route = (int32_t)j->route;
    job->edits = (int32_t)j->edits;
    job->errors = j->summary.errors;
    job->warnings = j->summary.warnings;
    job->exit_status = fu_exit_status(st);
}

static fusho_status FUSHO_CALL session_claim(fusho_session *s, fusho_claim_job *job,
                                             fusho_error *err)
{
    bridge output, listing;
    fu_claim_job j;
    fu_error e = {0};
    fu_status st;
    if (!s || !job)
        return null_argument(err);
    if (!size_fits(job->struct_size, CLAIM_JOB_SIZES))
        return wrong_struct(err);
    memset(&j, 0, sizeof j);
    claim_out(job, &j, FU_E_MISUSE);
    if (!job->header.p || !bytes_ok(job->header) || !job->records.p || !bytes_ok(job->records) ||
        !bytes_ok(job->evidence))
        return null_argument(err);
    if (!bridge_open_if(&output, job->output) || !bridge_open_if(&listing, job->listing))
        return wrong_struct(err);
    if (cannot_write(job->output) || cannot_write(job->listing))
        return null_argument(err);
    if (s->inside)
        return reentered(err);
    j.header = fu_span_of(job->header.p, (size_t)job->header.n);
    j.records = fu_span_of(job->records.p, (size_t)job->records.n);
    j.evidence = fu_span_of(job->evidence.p, (size_t)job->evidence.n);
    j.output = job->output ? &output.ours : NULL;
    j.listing = job->listing ? &listing.ours : NULL;
    s->inside = true;
    st = fu_session_claim(s->engine, &j, &e);
    s->inside = false;
    claim_out(job, &j, st);
    return report(err, &e, st);
}

static fusho_status FUSHO_CALL session_explain(fusho_session *s, fusho_text code,
                                               const fusho_stream *out, fusho_error *err)
{
    bridge b;
    fu_error e = {0};
    fu_status st;
    char *c;
    if (!s || !out || !text_ok(code))
        return null_argument(err);
    if (!bridge_open(&b, out))
        return wrong_struct(err);
    if (cannot_write(out))
        return null_argument(err);
    if (s->inside)
        return reentered(err);
    s->inside = true;
    c = text_copy(&s->mem, code);
    st = c ? fu_session_explain(s->engine, c, &b.ours, &e) : fu_fail_nomem(&e);
    text_free(&s->mem, c, code);
    s->inside = false;
    return report(err, &e, st);
}

const fusho_plugin fusho_table = {
    (uint32_t)sizeof(fusho_plugin),
    FUSHO_ABI_MAJOR,
    FUSHO_ABI_MINOR,
    "jp.fusho.claim",
    FU_VERSION,
    FU_RULES_EDITION,
    "不詳レセプト前処理",
    session_open,
    session_evidence,
    session_run,
    session_claim,
    session_explain,
    session_close,
    {NULL, NULL, NULL, NULL},
};

const fusho_plugin *FUSHO_CALL fusho_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
    (void)host_minor; /* a newer host treats what this table lacks as absent */
    return host_major == FUSHO_ABI_MAJOR ? &fusho_table : NULL;
}
