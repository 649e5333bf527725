#include "engine/session.h"
#include "ledger/show.h"

static fu_status pause(void *ctx, fu_error *e)
{
    return fu_check_cancel(ctx, e);
}

static fu_ledger_view view_of(fu_session *s, fu_format format)
{
    fu_ledger_view v = {.format = format,
                        .lang = s->options.lang,
                        .color = s->options.color,
                        .mask = s->options.mask,
                        .today = s->options.policy.today,
                        .version = FU_VERSION,
                        .edition = FU_RULES_EDITION,
                        .others = s->evidence.n_files,
                        .pause = pause,
                        .ctx = s};
    return v;
}

/* The page is visible as a whole or not at all. */
static fu_status write_page(fu_session *s, fu_error *e)
{
    fu_ledger_view v = view_of(s, FU_HTML);
    fu_stream to;
    fu_status st;
    if (!s->options.report)
        return FU_OK;
    st = fu_store_begin(s, FU_ROLE_REPORT, &to, e);
    if (st != FU_OK)
        return st;
    return fu_store_end(s, FU_ROLE_REPORT, fu_ledger_show(&s->ledger, &v, &to, e), e);
}

static void sum_up(const fu_session *s, fu_job *job, fu_status st)
{
    fu_summary *sum = &job->summary;
    memset(sum, 0, sizeof *sum);
    sum->file = "";
    sum->claims = (int64_t)s->ledger.n_listed;
    for (size_t i = 0; i < s->ledger.n_listed; i++)
        fu_count_route(sum, s->ledger.listed[i]->route);
    sum->exit_status = fu_exit_status(st);
}

/* A deadline that is over is no error: the ledger was written, and that is what was asked for. */
fu_status fu_run_ledger(fu_session *s, fu_job *job, fu_error *e)
{
    fu_ledger_view v = view_of(s, s->options.format);
    fu_status st = fu_ledger_check(&v, e);
    if (st == FU_OK)
        st = fu_ledger_finish(&s->ledger, e);
    if (st == FU_OK)
        st = fu_check_cancel(s, e);
    if (st == FU_OK)
        st = write_page(s, e);
    if (s->options.report)
        v.pause = NULL; /* the page is visible: too late to cancel */
    if (st == FU_OK && job->listing)
        st = fu_ledger_show(&s->ledger, &v, job->listing, e);
    sum_up(s, job, st);
    return st;
}
