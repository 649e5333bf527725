#include <stdio.h>
#include <zlib.h>

#include "base/crc.h"
#include "base/date.h"
#include "engine/mask.h"
#include "engine/session.h"
#include "engine/shown.h"
#include "journal/journal.h"
#include "report/json.h"
#include "uke/writer.h"

/* A claim of which something is to be shown, written or kept; the others leave nothing behind. */
typedef struct kept {
    struct kept *next;
    fu_claim_outcome out;
} kept;

/* What became of a part. */
typedef struct batch {
    kept *first, **last;
    uint32_t crc; /* of what it is written as, and how many bytes */
    uint64_t n;
} batch;

typedef struct run {
    fu_session *s;
    fu_job *job;
    fu_input *in;
    fu_pipe *pipe;
    fu_survey survey;
    fu_arena file_arena;
    fu_findings file_findings;
    fu_report *listing, *html;
    fu_stream html_stream, journal_stream, output_stream;
    bool begun[FU_ROLES];
    fu_journal_writer *journal;
    fu_writer writer;
    bool writing;
    bool told; /* the listing's end was written, or tried to */
    fu_context ctx;
    fu_mask mask;
    uint64_t claims, written;
    uint32_t crc;
    fu_summary sum;
} run;

/* ---- store ---- */

static fu_status begin(run *r, fu_role role, fu_stream *to, fu_error *e)
{
    fu_status st = fu_store_begin(r->s, role, to, e);
    r->begun[role] = st == FU_OK;
    return st;
}

static fu_status commit(run *r, fu_role role, fu_error *e)
{
    fu_status st;
    if (!r->begun[role])
        return FU_OK;
    st = fu_store_commit(r->s, role, e);
    if (st == FU_OK)
        r->begun[role] = false;
    return st;
}

static void abort_all(run *r)
{
    const fu_host *h = &r->s->host;
    for (int role = 0; role < FU_ROLES; role++)
        if (r->begun[role])
            h->store_abort(h->ctx, (fu_role)role);
    memset(r->begun, 0, sizeof r->begun);
}

/* ---- opening ---- */

static fu_status open_listing(run *r, fu_error *e)
{
    if (!r->job->listing)
        return FU_OK;
    return fu_begin_report(&r->listing, r->s, r->job, r->s->options.format, r->job->listing, e);
}

static fu_status open_html(run *r, fu_error *e)
{
    fu_status st;
    if (!r->s->options.report)
        return FU_OK;
    st = begin(r, FU_ROLE_REPORT, &r->html_stream, e);
    return st == FU_OK ? fu_begin_report(&r->html, r->s, r->job, FU_HTML, &r->html_stream, e) : st;
}

static fu_status open_output(run *r, fu_error *e)
{
    fu_session *s = r->s;
    const fu_header *h = &r->survey.check.header;
    fu_journal_meta meta = {.version = FU_VERSION,
                            .edition = FU_RULES_EDITION,
                            .host = s->host.product,
                            .input = r->job->input_name,
                            .output = r->job->output_name,
                            .options = s->options_text,
                            .today = s->options.policy.today,
                            .institution = h->institution,
                            .billed = h->month,
                            .payer = h->payer,
                            .ranges = s->options.journal_ranges};
    fu_status st;
    r->writing = r->job->verb == FU_APPLY && !s->options.dry_run;
    if (!r->writing)
        return FU_OK;
    st = begin(r, FU_ROLE_OUTPUT, &r->output_stream, e);
    if (st == FU_OK)
        st = begin(r, FU_ROLE_JOURNAL, &r->journal_stream, e);
    if (st == FU_OK)
        st = fu_journal_open(&r->journal, &s->host.mem, &r->journal_stream, &meta, e);
    if (st == FU_OK)
        fu_writer_init(&r->writer, &s->host.mem, &r->output_stream);
    return st;
}

/* ---- writing ---- */

static fu_status put(run *r, fu_span result, fu_error *e)
{
    r->written += result.n;
    return fu_writer_put(&r->writer, result, e);
}

static void add_to(batch *b, fu_span result)
{
    b->crc = fu_crc32(b->crc, result);
    b->n += result.n;
}

/* The next changed claim from *at on, with what lies before it; *rest becomes what lies behind. */
static const fu_claim_outcome *next_change(const kept **at, fu_span *rest, fu_span *before)
{
    const kept *k = *at;
    while (k && k->out.result.bytes.p == k->out.claim.bytes.p)
        k = k->next;
    if (!k) {
        *at = NULL;
        return NULL;
    }
    *before = fu_span_of(rest->p, (size_t)(k->out.claim.bytes.p - rest->p));
    *rest = fu_span_of(rest->p + before->n + k->out.claim.bytes.n,
                       rest->n - before->n - k->out.claim.bytes.n);
    *at = k->next;
    return &k->out;
}

/* On any thread: what put_part will write. A chunk that stays as it is has been summed already. */
static void sum_part(batch *b, const fu_part *part, fu_span rest)
{
    const kept *at = b->first;
    const fu_claim_outcome *o;
    fu_span before;
    while ((o = next_change(&at, &rest, &before)) != NULL) {
        add_to(b, before);
        add_to(b, o->result.bytes);
    }
    if (rest.n < part->chunk.bytes.n) {
        add_to(b, rest);
    } else {
        b->crc = part->piece.crc;
        b->n = rest.n;
    }
}

/* The part with its changed claims; what lies between two of them goes out as it is. */
static fu_status put_part(run *r, const fu_part *part, fu_error *e)
{
    const batch *b = part->made;
    const kept *at = b->first;
    const fu_claim_outcome *o;
    fu_span rest = part->done, before;
    fu_status st = FU_OK;
    if (!r->writing)
        return FU_OK;
    if (fu_part_begins(part))
        st = fu_journal_piece(r->journal, &part->piece, e);
    if (st == FU_OK)
        st = fu_journal_output_sum(r->journal, b->n, b->crc, e);
    while (st == FU_OK && (o = next_change(&at, &rest, &before)) != NULL) {
        fu_span was = o->claim.bytes, is = o->result.bytes;
        st = put(r, before, e);
        if (st == FU_OK)
            st = fu_journal_change(r->journal, r->written, was, is, e);
        if (st == FU_OK)
            st = put(r, is, e);
    }
    return st == FU_OK ? put(r, rest, e) : st;
}

/* The route by which a claim goes out, for the journal; NONE where it is none of its business. A
 * claim without a capture that already stands as 不詳 or 旧資格 is sent as such, too: the ledger
 * wants to know it. */
static fu_route journal_route(const fu_claim_outcome *o)
{
    fu_route route = o->decision.route;
    if (route != FU_R_NONE)
        return route == FU_R_HOLD ? FU_R_NONE : route;
    return o->facts.fusho_number            ? FU_R_FUSHO
           : o->facts.has[FU_CM_KYUSHIKAKU] ? FU_R_KYUSHIKAKU
                                            : FU_R_NONE;
}

/* What the journal says of a claim. */
static fu_shown_claim for_journal(const run *r, const fu_claim_outcome *o)
{
    bool en = strcmp(r->s->options.lang, "en") == 0;
    fu_route route = journal_route(o);
    fu_shown_claim c = o->shown;
    if (o->decision.route != FU_R_NONE)
        return c;
    if (route == FU_R_FUSHO) {
        c.reason = en ? "already recorded as 不詳" : "はじめから不詳で記録されている";
        c.deadline = fu_deadline(r->s->options.policy.today, FU_FUSHO_DEADLINE_MONTHS,
                                 FU_FUSHO_DEADLINE_DAY);
    } else {
        c.reason = en ? "already recorded as 旧資格情報" : "はじめから旧資格情報で記録されている";
    }
    c.route = fu_route_rows[route].word;
    return c;
}

static fu_status journal_claim(run *r, const fu_claim_outcome *o, fu_error *e)
{
    fu_shown_claim c;
    fu_buf b;
    fu_status st;
    if (!r->writing || journal_route(o) == FU_R_NONE)
        return FU_OK;
    c = for_journal(r, o);
    fu_buf_init(&b, &r->s->host.mem, FU_JOURNAL_SECTION_MAX);
    st = fu_json_claim(&b, NULL, &c, true);
    if (st == FU_E_NOMEM)
        fu_fail_nomem(e);
    else if (st != FU_OK)
        st = fu_fail_limit(e, "FU_JOURNAL_SECTION_MAX", FU_JOURNAL_SECTION_MAX);
    else
        st = fu_journal_claim(r->journal, fu_buf_view(&b), e);
    fu_buf_free(&b);
    return st;
}

static fu_status emit_claim(run *r, const fu_claim_outcome *o, fu_error *e)
{
    fu_shown_claim shown;
    fu_findings found;
    fu_status st = journal_claim(r, o, e);
    fu_count(&r->sum, &o->findings);
    fu_count_route(&r->sum, o->decision.route);
    if (st == FU_OK)
        st = fu_mask_claim(&r->mask, o, &shown, &found, e);
    if (st == FU_OK && r->listing)
        st = fu_report_claim(r->listing, &shown, &found, e);
    if (st == FU_OK && r->html)
        st = fu_report_claim(r->html, &shown, &found, e);
    return st;
}

/* ---- claims ---- */

/* The first claim tells the reports what is the same for all: when the file is sent. */
static bool wanted(const run *r, const fu_claim_outcome *o)
{
    bool routed = o->decision.route != FU_R_NONE;
    return o->claim.number == 1 || o->edits.n > 0 || routed || o->findings.n > 0 ||
           (r->listing && fu_report_wants(r->listing, routed, o->findings.n)) ||
           (r->html && fu_report_wants(r->html, routed, o->findings.n)) ||
           (r->writing && journal_route(o) != FU_R_NONE);
}

/* On any thread. A claim that nobody wants leaves the arena as it was. */
static fu_status work_claim(const run *r, fu_part *part, const fu_block *block, kept **free,
                            fu_error *e)
{
    batch *b = part->made;
    fu_arena *a = &part->arena;
    kept *k = *free ? *free : fu_arena_alloc(a, sizeof *k);
    fu_arena_mark here = fu_arena_here(a);
    fu_status st;
    *free = k;
    if (!k)
        return fu_fail_nomem(e);
    st = fu_process(&k->out, a, block, part->chunk.claims + ++part->claims, &r->ctx, e);
    if (st != FU_OK)
        return st;
    if (!wanted(r, &k->out)) {
        fu_arena_back(a, here);
        return FU_OK;
    }
    if (!fu_show_claim(&k->out, a, r->ctx.header, r->ctx.options->lang))
        return fu_fail_nomem(e);
    *b->last = k;
    b->last = &k->next;
    *free = NULL;
    return FU_OK;
}

static fu_status work(const void *ctx, fu_part *part, fu_error *e)
{
    const run *r = ctx;
    batch *b = fu_arena_alloc(&part->arena, sizeof *b);
    kept *free = NULL;
    fu_block block;
    size_t from = part->walk.scan;
    bool more;
    fu_status st = FU_OK;
    part->made = b;
    if (!b)
        return fu_fail_nomem(e);
    b->last = &b->first;
    while (st == FU_OK && !(part->more = fu_part_full(part))) {
        st = fu_input_fault(fu_blocks_next(&part->walk, &block, &more, e), r->job->input_name, e);
        if (st != FU_OK || !more)
            break;
        if (block.kind == FU_B_CLAIM)
            st = work_claim(r, part, &block, &free, e);
    }
    if (r->writing)
        sum_part(b, part, fu_span_of(part->chunk.bytes.p + from, part->walk.scan - from));
    return st;
}

static fu_status take(void *ctx, fu_part *part, bool *stop, fu_error *e)
{
    run *r = ctx;
    const batch *b = part->made;
    const fu_host *h = &r->s->host;
    fu_status st = FU_OK;
    (void)stop;
    if (!b)
        return FU_OK; /* no memory: the part says so */
    for (const kept *k = b->first; k && st == FU_OK; k = k->next)
        st = emit_claim(r, &k->out, e);
    if (st != FU_OK || part->status != FU_OK)
        return st;
    r->claims = part->chunk.claims + part->claims;
    if (fu_part_begins(part))
        r->crc = (uint32_t)crc32_combine(r->crc, part->piece.crc, (z_off_t)part->chunk.bytes.n);
    st = put_part(r, part, e);
    if (st == FU_OK)
        st = fu_check_cancel(r->s, e);
    if (h->progress)
        h->progress(h->ctx, r->claims, (r->job->input_size + fu_input_raw_read(r->in)) / 2,
                    r->job->input_size);
    return st;
}

static fu_status changed(fu_error *e)
{
    fu_fail(e, FU_E_INPUT, "F110",
            "処理の途中で入力ファイルが変わりました。何も書き込んでいません。",
            "input changed while it was read");
    fu_error_hint(
        e, "ほかのプログラムがファイルを使っていないことを確かめて、もう一度実行してください。");
    return FU_E_INPUT;
}

static fu_status all_claims(run *r, fu_error *e)
{
    bool pack = r->writing && !r->s->options.journal_ranges;
    fu_pass how = {r, r->job->input_name, pack, NULL, work, take};
    fu_status st = fu_pipe_run(r->pipe, r->in, r->s->options.utf8, &how, e);
    if (st == FU_OK && (r->crc != r->survey.crc || r->claims != r->survey.check.claims))
        st = changed(e);
    return st;
}

/* ---- end ---- */

static fu_status report_matches(run *r, fu_error *e)
{
    const fu_match *m = &r->s->match;
    fu_status st = FU_OK;
    for (size_t i = 0; i < m->ev->n_captures && st == FU_OK; i++) {
        const fu_capture *c = m->ev->captures[i];
        const fu_match_note *note = &m->notes[i];
        const char *file, *id;
        fu_buf b;
        if (c->joined)
            continue;
        fu_buf_init(&b, &r->s->host.mem, 1024);
        for (size_t k = 0; k < note->n_claims && k < FU_NOTED_MAX; k++) {
            fu_buf_str(&b, k ? "," : "");
            fu_buf_uint(&b, note->claims[k]);
        }
        file = fu_mask_file(&r->mask, &r->file_arena, c->file);
        id = fu_mask_id(&r->mask, &r->file_arena, c->id, c->file);
        fu_buf_char(&b, '\0');
        st = file && id && b.status == FU_OK
                 ? fu_report_match(r->listing, file, id, (const char *)b.p, e)
                 : fu_fail_nomem(e);
        fu_buf_free(&b);
    }
    return st;
}

static const fu_layout *layout_of(const run *r)
{
    fu_type type = r->survey.check.header.type;
    return r->survey.check.header_seen && type != FU_TYPE_UNKNOWN ? &fu_layouts[type] : NULL;
}

static fu_status report_file(run *r, fu_error *e)
{
    fu_findings found;
    fu_status st = fu_mask_findings(&r->mask, &r->file_findings, layout_of(r), &found, e);
    fu_count(&r->sum, &r->file_findings);
    if (st == FU_OK && r->listing)
        st = fu_report_findings(r->listing, &found, e);
    if (st == FU_OK && r->html)
        st = fu_report_findings(r->html, &found, e);
    if (st == FU_OK && r->listing && r->s->options.verbose && !r->survey.check.refused)
        st = report_matches(r, e);
    return st;
}

static fu_status finish_output(run *r, fu_error *e)
{
    fu_status st;
    if (!r->writing)
        return FU_OK;
    st = fu_writer_flush(&r->writer, e);
    if (st == FU_OK)
        st = fu_journal_finish(r->journal, e);
    if (st == FU_OK)
        st = commit(r, FU_ROLE_JOURNAL, e);
    return st == FU_OK ? commit(r, FU_ROLE_OUTPUT, e) : st;
}

static void sum_up(run *r, fu_status st)
{
    r->sum.file = r->job->input_name;
    r->sum.claims = (int64_t)r->survey.check.claims;
    r->sum.payers = (int64_t)r->survey.check.payers;
    r->sum.dry_run = r->s->options.dry_run;
    r->sum.check_only = r->job->verb == FU_CHECK;
    r->sum.exit_status = fu_exit_status(st);
    r->job->summary = r->sum;
}

static fu_status succeed(run *r, fu_error *e)
{
    fu_status st, done = r->sum.errors ? FU_FINDINGS : FU_OK;
    r->sum.output = r->writing ? r->job->output_name : NULL;
    if (r->writing && r->job->journal_name && *r->job->journal_name)
        r->sum.journal = r->job->journal_name;
    sum_up(r, done);
    st = fu_end_report(r->html, &r->sum, e);
    if (st == FU_OK)
        st = commit(r, FU_ROLE_REPORT, e);
    r->told = st == FU_OK;
    if (st == FU_OK)
        st = fu_end_report(r->listing, &r->sum, e);
    return st == FU_OK ? done : st;
}

/* The finding that a file is refused for, as an error. */
static fu_status refusal(const run *r, const fu_finding *f, fu_error *e)
{
    fu_buf message, hint;
    fu_status st = FU_E_INPUT;
    fu_buf_init(&message, &r->s->host.mem, 4096);
    fu_buf_init(&hint, &r->s->host.mem, 4096);
    fu_finding_message(&message, f, "ja");
    fu_finding_hint(&hint, f, "ja");
    fu_fail(e, FU_E_INPUT, fu_finding_rows[f->code].code, fu_buf_cstr(&message),
            "not a complete claim file");
    fu_error_hint(e, fu_buf_cstr(&hint));
    fu_error_file(e, r->job->input_name);
    e->line = f->line;
    if (message.status != FU_OK || hint.status != FU_OK)
        st = fu_fail_nomem(e);
    fu_buf_free(&message);
    fu_buf_free(&hint);
    return st;
}

/* The file is no claim file, or looks cut off: says why, writes nothing. */
static fu_status refuse(run *r, fu_error *e)
{
    const fu_finding *f = NULL;
    fu_status st;
    for (size_t i = 0; i < r->file_findings.n && !f; i++)
        if (r->file_findings.v[i].code == FU_F101 || r->file_findings.v[i].code == FU_F110 ||
            r->file_findings.v[i].code == FU_F111)
            f = &r->file_findings.v[i];
    if (!f)
        return fu_fail(e, FU_E_FATAL, "", "内部の誤りです。", "refused without finding");
    st = report_file(r, e);
    sum_up(r, FU_E_INPUT);
    r->told = st == FU_OK;
    if (st == FU_OK)
        st = fu_end_report(r->listing, &r->sum, e);
    return st == FU_OK ? refusal(r, f, e) : st;
}

static void tell_failure(run *r, fu_status st, const fu_error *why)
{
    r->sum.output = NULL;
    sum_up(r, st);
    if (!r->told)
        fu_end_failed(r->listing, r->s, &r->mask, &r->sum, why);
    r->job->summary = r->sum;
}

/* ---- the whole ---- */

static fu_status second_pass(run *r, fu_error *e)
{
    fu_status st = fu_input_fault(fu_input_rewind(r->in, e), r->job->input_name, e);
    if (st == FU_OK)
        st = open_output(r, e);
    return st == FU_OK ? all_claims(r, e) : st;
}

static fu_status open_pipe(run *r, fu_error *e)
{
    const fu_session *s = r->s;
    unsigned threads = s->host.threads < 1 ? 1 : (unsigned)s->host.threads;
    if (threads > s->options.jobs)
        threads = s->options.jobs;
    return fu_pipe_open(&r->pipe, &s->host.mem, threads, s->chunk_bytes, e);
}

static fu_status know_evidence(run *r, fu_error *e)
{
    fu_session *s = r->s;
    fu_status st = fu_ledger_finish(&s->ledger, e);
    if (st == FU_OK)
        st = fu_match_evidence(s, e);
    if (st == FU_OK)
        fu_mask_init(&r->mask, &s->options, s->match.ev);
    return st;
}

static fu_status first_pass(run *r, fu_error *e)
{
    fu_session *s = r->s;
    fu_status st = fu_input_open(&r->in, &s->host.mem, r->job->input, e);
    if (st == FU_OK)
        st = open_pipe(r, e);
    if (st == FU_OK)
        st = fu_survey_run(&r->survey, s, r->pipe, r->in, r->job, &r->file_findings, e);
    return fu_input_fault(st, r->job->input_name, e);
}

static fu_status run_passes(run *r, fu_error *e)
{
    fu_session *s = r->s;
    bool apply = r->job->verb == FU_APPLY;
    fu_status st = open_listing(r, e);
    if (st == FU_OK)
        st = know_evidence(r, e);
    if (st == FU_OK)
        st = first_pass(r, e);
    if (st != FU_OK)
        return st;
    if (r->survey.check.refused || (apply && r->survey.check.incomplete))
        return refuse(r, e);
    if (!r->job->more_files)
        fu_tell_evidence(&r->file_findings, s->match.ev, &s->match, NULL);
    if (r->file_findings.failed)
        return fu_fail_nomem(e);
    r->ctx.match = &s->match;
    r->ctx.past = &s->ledger;
    r->ctx.header = &r->survey.check.header;
    r->ctx.options = &s->options;
    r->ctx.check_only = !apply;
    r->ctx.show_later = true;
    st = open_html(r, e);
    if (st == FU_OK)
        st = second_pass(r, e);
    if (st == FU_OK)
        st = report_file(r, e);
    if (st == FU_OK)
        st = finish_output(r, e);
    return st == FU_OK ? succeed(r, e) : st;
}

static void log_result(const run *r, fu_status st)
{
    const fu_host *h = &r->s->host;
    char text[256];
    if (!h->log)
        return;
    snprintf(text, sizeof text,
             "status=%d claims=%lld fusho=%lld kyushikaku=%lld current=%lld hold=%lld "
             "errors=%lld warnings=%lld",
             (int)st, (long long)r->sum.claims, (long long)r->sum.fusho,
             (long long)r->sum.kyushikaku, (long long)r->sum.current, (long long)r->sum.hold,
             (long long)r->sum.errors, (long long)r->sum.warnings);
    h->log(h->ctx, 1, text);
}

static void close_all(run *r)
{
    const fu_mem *mem = &r->s->host.mem;
    fu_report_close(r->listing);
    fu_report_close(r->html);
    fu_journal_close(r->journal);
    if (r->writer.buf.mem)
        fu_writer_free(&r->writer);
    fu_pipe_close(r->pipe);
    fu_input_close(r->in);
    fu_arena_free(&r->file_arena);
    fu_free(mem, r, sizeof *r);
}

fu_status fu_run_file(fu_session *s, fu_job *job, fu_error *e)
{
    run *r = fu_alloc0(&s->host.mem, sizeof *r);
    fu_error why;
    fu_status st;
    if (!r)
        return fu_fail_nomem(e);
    memset(&why, 0, sizeof why);
    r->s = s;
    r->job = job;
    fu_mask_init(&r->mask, &s->options, NULL);
    fu_arena_init(&r->file_arena, &s->host.mem, FU_CLAIM_ARENA_MAX);
    fu_findings_init(&r->file_findings, &r->file_arena);
    st = run_passes(r, &why);
    if (st < 0 || st == FU_CANCELLED) {
        abort_all(r);
        fu_store_blame(s, job, st, &why);
        tell_failure(r, st, &why);
        if (e)
            *e = why;
    }
    log_result(r, st);
    close_all(r);
    return st;
}
