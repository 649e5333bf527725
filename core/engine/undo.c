#include "base/crc.h"
#include "engine/session.h"
#include "journal/journal.h"
#include "uke/writer.h"

typedef struct undo {
    fu_session *s;
    const fu_job *job;
    fu_report *listing;
    fu_writer w;
    bool told;       /* the failure was not the journal's: its file must not be named */
    fu_input *from;  /* what apply wrote, read once from front to end; NULL = not given */
    uint64_t from_n; /* bytes of it so far */
    uint32_t from_crc;
    uint64_t original_n; /* what was written back so far */
    uint32_t original_crc;
    unsigned char buf[65536];
} undo;

static fu_status tell(undo *u, fu_status st)
{
    u->told = u->told || st != FU_OK;
    return st;
}

static fu_status refuse_output(undo *u, fu_error *e)
{
    fu_journal_refuse(e,
                      "--from のファイルは、この控えといっしょに作られた出力ではないか、"
                      "そのあとで内容が変わっています。",
                      "the file of --from is not the output of this journal, or was changed",
                      "書き換えたときの出力を、そのままの姿で --from に指定してください。");
    fu_error_file(e, u->job->from_name);
    return tell(u, FU_E_INPUT);
}

/* ---- what the journal says ---- */

static fu_status on_meta(void *ctx, fu_span text, fu_error *e)
{
    const undo *u = ctx;
    bool ranges = fu_journal_has_ranges(text);
    if (ranges && !u->from)
        return fu_journal_refuse(
            e,
            "この控えには変えたところだけが入っていて、"
            "元に戻すには書き換えたときの出力も要ります。",
            "a journal with ranges needs --from with the file that apply wrote",
            "書き換えたときの出力を --from で指定してください"
            "（--from を使えない呼び出しでは、コマンドの fusho undo を使います）。");
    if (!ranges && u->from)
        return fu_journal_refuse(
            e, "この控えには元のファイルが全部入っているので、--from は使えません。",
            "--from is for journals with ranges only",
            "--from を付けずに、もう一度実行してください。");
    return FU_OK;
}

static fu_status give_back(undo *u, fu_span bytes, fu_error *e)
{
    fu_status st = fu_writer_put(&u->w, bytes, e);
    u->original_crc = fu_crc32(u->original_crc, bytes);
    u->original_n += bytes.n;
    if (st == FU_OK)
        st = fu_check_cancel(u->s, e);
    return tell(u, st);
}

static fu_status on_original(void *ctx, fu_span bytes, fu_error *e)
{
    return give_back(ctx, bytes, e);
}

/* ---- what apply wrote ---- */

static fu_status read_from(undo *u, size_t n, size_t *got, fu_error *e)
{
    fu_status st = fu_input_read(u->from, u->buf, n, got, e);
    if (st == FU_OK && *got)
        u->from_crc = fu_crc32(u->from_crc, fu_span_of(u->buf, *got));
    u->from_n += *got;
    return tell(u, fu_input_fault(st, u->job->from_name, e));
}

/* Reads on up to byte `end`, and gives that back, or leaves it out. */
static fu_status read_to(undo *u, uint64_t end, bool back, fu_error *e)
{
    fu_status st = FU_OK;
    while (u->from_n < end && st == FU_OK) {
        uint64_t n = end - u->from_n;
        size_t got = 0;
        st = read_from(u, n < sizeof u->buf ? (size_t)n : sizeof u->buf, &got, e);
        if (st == FU_OK && got == 0)
            st = refuse_output(u, e);
        else if (st == FU_OK && back)
            st = give_back(u, fu_span_of(u->buf, got), e);
    }
    return st;
}

static fu_status on_range(void *ctx, const fu_journal_range *r, fu_error *e)
{
    undo *u = ctx;
    fu_status st = read_to(u, r->at, true, e);
    if (st == FU_OK)
        st = read_to(u, r->at + r->n, false, e);
    return st == FU_OK ? give_back(u, r->original, e) : st;
}

static fu_status on_end(void *ctx, const fu_journal_end *end, fu_error *e)
{
    undo *u = ctx;
    size_t got = 0;
    fu_status st;
    if (!u->from)
        return FU_OK;
    st = read_to(u, end->output_n, true, e);
    if (st == FU_OK)
        st = read_from(u, 1, &got, e);
    if (st != FU_OK)
        return st;
    if (got || u->from_crc != end->output_crc)
        return refuse_output(u, e);
    if (u->original_n != end->original_n || u->original_crc != end->original_crc)
        return fu_journal_damaged(e);
    return FU_OK;
}

/* ---- the whole ---- */

static fu_status restore(undo *u, fu_error *e)
{
    fu_journal_reader reader = {u, on_meta, NULL, on_original, on_range, on_end};
    const fu_mem *mem = &u->s->host.mem;
    fu_status st = FU_OK;
    if (u->job->from)
        st = tell(
            u, fu_input_fault(fu_input_open(&u->from, mem, u->job->from, e), u->job->from_name, e));
    if (st == FU_OK)
        st = fu_journal_read(mem, u->job->input, &reader, e);
    if (!u->told)
        st = fu_input_fault(st, u->job->input_name, e);
    if (st == FU_OK)
        st = fu_writer_flush(&u->w, e);
    return st == FU_OK ? fu_check_cancel(u->s, e) : st;
}

/* The original is written while the journal is read, and committed only when all of it has fitted.
 */
static fu_status put_back(undo *u, fu_error *e)
{
    fu_stream to;
    fu_status st = fu_store_begin(u->s, FU_ROLE_OUTPUT, &to, e);
    if (st != FU_OK)
        return st;
    fu_writer_init(&u->w, &u->s->host.mem, &to);
    st = fu_store_end(u->s, FU_ROLE_OUTPUT, restore(u, e), e);
    fu_writer_free(&u->w);
    return st;
}

static fu_status open_listing(undo *u, fu_error *e)
{
    if (!u->job->listing)
        return FU_OK;
    return fu_begin_report(&u->listing, u->s, u->job, u->s->options.format, u->job->listing, e);
}

static fu_status succeed(undo *u, fu_summary *sum, fu_error *e)
{
    sum->output = u->job->output_name;
    if (u->s->options.format == FU_TEXT)
        return FU_OK; /* nothing was rewritten, nothing is left to do */
    return fu_end_report(u->listing, sum, e);
}

fu_status fu_undo(fu_session *s, fu_job *job, fu_error *e)
{
    undo *u = fu_alloc0(&s->host.mem, sizeof *u);
    fu_summary sum = {.file = job->input_name};
    fu_mask mask;
    fu_error why;
    fu_status st;
    memset(&job->summary, 0, sizeof job->summary);
    memset(&why, 0, sizeof why);
    if (!u)
        return fu_fail_nomem(e);
    u->s = s;
    u->job = job;
    fu_mask_init(&mask, &s->options, NULL);
    st = open_listing(u, &why);
    if (st == FU_OK)
        st = put_back(u, &why);
    if (st == FU_OK)
        st = succeed(u, &sum, &why);
    sum.exit_status = fu_exit_status(st);
    if (st != FU_OK) {
        fu_store_blame(s, job, st, &why);
        fu_end_failed(u->listing, s, &mask, &sum, &why);
        if (e)
            *e = why;
    }
    job->summary = sum;
    fu_report_close(u->listing);
    fu_input_close(u->from);
    fu_free(&s->host.mem, u, sizeof *u);
    return st;
}
