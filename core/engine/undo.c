#include "engine/session.h"
#include "journal/journal.h"
#include "uke/writer.h"

typedef struct undo {
    const fu_session *s;
    fu_writer w;
    fu_status written; /* what the output said, as the journal's reader may fail for itself */
} undo;

static fu_status take(void *ctx, fu_span bytes, fu_error *e)
{
    undo *u = ctx;
    u->written = fu_writer_put(&u->w, bytes, e);
    if (u->written == FU_OK)
        u->written = fu_check_cancel(u->s, e);
    return u->written;
}

static fu_status restore(undo *u, const fu_job *job, fu_error *e)
{
    fu_journal_reader reader = {u, NULL, NULL, take};
    fu_status st = fu_journal_read(&u->s->host.mem, job->input, &reader, e);
    if (u->written == FU_OK)
        st = fu_input_fault(st, job->input_name, e);
    if (st == FU_OK)
        st = fu_writer_flush(&u->w, e);
    return st == FU_OK ? fu_check_cancel(u->s, e) : st;
}

/* The original is written while the journal is read, and committed only when all of it has fitted.
 */
fu_status fu_undo(fu_session *s, fu_job *job, fu_error *e)
{
    undo u = {.s = s, .written = FU_OK};
    fu_stream to;
    fu_status st;
    memset(&job->summary, 0, sizeof job->summary);
    st = fu_store_begin(s, FU_ROLE_OUTPUT, &to, e);
    if (st != FU_OK)
        return st;
    fu_writer_init(&u.w, &s->host.mem, &to);
    st = fu_store_end(s, FU_ROLE_OUTPUT, restore(&u, job, e), e);
    fu_writer_free(&u.w);
    return st;
}
