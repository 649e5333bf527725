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
    const fu_host *h = &s->host;
    form_sink k = {.s = s, .cancelled = FU_OK};
    fu_status st;
    memset(&job->summary, 0, sizeof job->summary);
    if (!h->store_begin || !h->store_commit || !h->store_abort)
        return fu_fail(e, FU_E_MISUSE, "", "書き込み先がありません。", "host has no store");
    st = h->store_begin(h->ctx, FU_ROLE_OUTPUT, &k.to, e);
    if (st != FU_OK)
        return st;
    st = write_page(&k, e);
    if (st == FU_OK)
        st = h->store_commit(h->ctx, FU_ROLE_OUTPUT, e);
    if (st != FU_OK)
        h->store_abort(h->ctx, FU_ROLE_OUTPUT);
    return st;
}
