#include "engine/mask.h"
#include "engine/session.h"

/* Header and claim one behind the other, as the reader of a file would see them. */
#define JOINED_MAX (FU_CLAIM_BYTES_MAX + 2 * FU_RECORD_BYTES_MAX)

static fu_status join_records(fu_buf *all, const fu_claim_job *job, fu_error *e)
{
    fu_status st;
    if (job->header.n > 2 * FU_RECORD_BYTES_MAX)
        return fu_fail_limit(e, "FU_RECORD_BYTES_MAX", FU_RECORD_BYTES_MAX);
    fu_buf_span(all, job->header);
    st = fu_buf_span(all, job->records);
    if (st == FU_E_NOMEM)
        return fu_fail_nomem(e);
    return st == FU_OK ? FU_OK : fu_fail_limit(e, "FU_CLAIM_BYTES_MAX", FU_CLAIM_BYTES_MAX);
}

static fu_status one_claim_only(fu_error *e)
{
    fu_fail(e, FU_E_INPUT, "F106",
            "先頭のレコード（IRなど）とレセプト1件（REから）を渡してください。",
            "expects a header record and one claim");
    return FU_E_INPUT;
}

/* Reads up to the claim, which must be all of the records; *b lasts as long as the reader. */
static fu_status find_claim(fu_reader *r, const fu_claim_job *job, fu_header *h, fu_block *b,
                            fu_error *e)
{
    bool more = true, seen = false;
    for (;;) {
        fu_status st = fu_reader_next(r, b, &more, e);
        if (st != FU_OK)
            return st;
        if (!more || (b->kind != FU_B_HEADER && b->kind != FU_B_CLAIM))
            return one_claim_only(e);
        if (b->kind == FU_B_CLAIM)
            return seen && b->offset == job->header.n && b->bytes.n == job->records.n
                       ? FU_OK
                       : one_claim_only(e);
        if (!seen)
            fu_header_read(h, b->lines[0].id, fu_span_of(b->bytes.p, b->lines[0].len));
        seen = true;
    }
}

static fu_status show(fu_session *s, fu_claim_job *job, const fu_match *m,
                      const fu_claim_outcome *o, const fu_findings *rest, fu_error *e)
{
    fu_report_options settings = fu_report_settings(s, s->options.format);
    fu_shown_claim shown;
    fu_findings found, others;
    fu_mask mask;
    fu_report *r = NULL;
    fu_status st = FU_OK;
    if (!job->listing)
        return FU_OK;
    fu_mask_init(&mask, &s->options, m->ev);
    st = fu_mask_claim(&mask, o, &shown, &found, e);
    if (st == FU_OK)
        st = fu_mask_findings(&mask, rest, o->claim.layout, &others, e);
    if (st == FU_OK)
        st = fu_report_open(&r, &s->host.mem, job->listing, &settings, e);
    if (st == FU_OK)
        st = fu_report_begin(r, "-", e);
    if (st == FU_OK)
        st = fu_report_claim(r, &shown, &found, e);
    if (st == FU_OK)
        st = fu_report_findings(r, &others, e);
    if (st == FU_OK)
        st = fu_report_summary(r, &job->summary, e);
    if (st == FU_OK)
        st = fu_report_end(r, e);
    fu_report_close(r);
    return st;
}

static void sum_up(fu_claim_job *job, const fu_claim_outcome *o, const fu_findings *rest)
{
    fu_summary *sum = &job->summary;
    memset(sum, 0, sizeof *sum);
    sum->file = "-";
    sum->claims = 1;
    sum->payers = (int64_t)(o->claim.n_ho + o->claim.n_ko);
    fu_count(sum, &o->findings);
    fu_count(sum, rest);
    fu_count_route(sum, o->decision.route);
    sum->exit_status = sum->errors > 0;
    job->route = o->decision.route;
    job->edits = o->edits.n;
}

static fu_status note(fu_match *m, const fu_block *b, const fu_header *h, fu_arena *a, fu_error *e)
{
    fu_claim c;
    fu_match_claim noted = {.number = 1};
    fu_status st = fu_claim_parse(&c, a, b, h, e);
    if (st != FU_OK)
        return st;
    noted.who = fu_claim_person(&c, a);
    noted.month = c.month;
    return fu_match_note_claim(m, &noted, e);
}

static fu_status process_one(fu_session *s, fu_claim_job *job, fu_match *m, const char *only,
                             fu_reader *r, fu_arena *a, fu_error *e)
{
    fu_header header;
    fu_block b;
    fu_context ctx = {
        .match = m, .past = &s->ledger, .header = &header, .options = &s->options};
    fu_claim_outcome *o = fu_arena_alloc(a, sizeof *o);
    fu_findings rest;
    fu_status st = o ? find_claim(r, job, &header, &b, e) : fu_fail_nomem(e);
    fu_findings_init(&rest, a);
    if (st == FU_OK && only)
        st = note(m, &b, &header, a, e);
    if (st == FU_OK)
        st = fu_process(o, a, &b, 1, &ctx, e);
    if (st != FU_OK)
        return st;
    if (only)
        fu_tell_evidence(&rest, m->ev, m, only);
    if (rest.failed)
        return fu_fail_nomem(e);
    sum_up(job, o, &rest);
    if (job->output)
        st = fu_write_all(job->output, o->result.bytes.p, o->result.bytes.n, e);
    if (st == FU_OK)
        st = show(s, job, m, o, &rest, e);
    return st != FU_OK ? st : job->summary.errors ? FU_FINDINGS : FU_OK;
}

fu_status fu_run_claim(fu_session *s, fu_claim_job *job, fu_match *m, const char *only, fu_error *e)
{
    fu_buf all;
    fu_span_reader bytes;
    fu_stream stream;
    fu_input *in = NULL;
    fu_reader *r = NULL;
    fu_arena a;
    fu_status st;
    fu_buf_init(&all, &s->host.mem, JOINED_MAX);
    fu_arena_init(&a, &s->host.mem, FU_CLAIM_ARENA_MAX);
    st = join_records(&all, job, e);
    bytes.bytes = fu_buf_view(&all);
    bytes.at = 0;
    stream = fu_span_stream(&bytes);
    if (st == FU_OK)
        st = fu_input_open(&in, &s->host.mem, &stream, e);
    if (st == FU_OK)
        st = fu_reader_open(&r, &s->host.mem, in, e);
    if (st == FU_OK)
        st = process_one(s, job, m, only, r, &a, e);
    fu_reader_close(r);
    fu_input_close(in);
    fu_arena_free(&a);
    fu_buf_free(&all);
    return st;
}
