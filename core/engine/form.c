#include "engine/session.h"
#include "form/form.h"

/* The output, asking before every piece whether to go on. */
typedef struct form_sink {
    const fu_session *s;
    fu_stream to;
    fu_status cancelled; /* FU_OK, or what the host's wish to stop was answered with */
    fu_error why;
} form_sink;

static int64_t write_piece(void *ctx, const void *p, uint64_t n)
{
    form_sink *k = ctx;
    if (k->cancelled == FU_OK)
        k->cancelled = fu_check_cancel(k->s, &k->why);
    return k->cancelled != FU_OK ? -1 : k->to.write(k->to.ctx, p, n);
}

static fu_status write_page(form_sink *k, fu_error *e)
{
    static const fu_form_edition EDITION = {FU_VERSION, FU_RULES_EDITION};
    fu_stream out = {k, NULL, write_piece, NULL};
    fu_status st = fu_form_page(&k->s->host.mem, &out, &EDITION, e);
    if (k->cancelled == FU_OK)
        return st == FU_OK ? fu_check_cancel(k->s, e) : st;
    if (e) /* the store said so, but it was not at fault */
        *e = k->why;
    return k->cancelled;
}

fu_status fu_run_form(fu_session *s, fu_job *job, fu_error *e)
{
    form_sink k = {.s = s, .cancelled = FU_OK};
    fu_status st;
    memset(&job->summary, 0, sizeof job->summary);
    st = fu_store_begin(s, FU_ROLE_OUTPUT, &k.to, e);
    return st == FU_OK ? fu_store_end(s, FU_ROLE_OUTPUT, write_page(&k, e), e) : st;
}
