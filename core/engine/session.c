#include "base/date.h"
#include "engine/session.h"

static fu_status misuse(fu_error *e, const char *ja, const char *en)
{
    return fu_fail(e, FU_E_MISUSE, "", ja, en);
}

int fu_exit_status(fu_status st)
{
    switch (st) {
    case FU_OK:
        return 0;
    case FU_FINDINGS:
        return 1;
    case FU_E_MISUSE:
        return 2;
    case FU_E_INPUT:
    case FU_E_LIMIT:
        return 3;
    case FU_CANCELLED:
    case FU_E_STORE:
        return 4;
    default:
        return 5;
    }
}

/* The options as the journal tells them. How many threads worked is no part of what was done: the
 * journal is the same for every --jobs. */
static void keep_options(char *out, fu_span options)
{
    while (options.n) {
        const unsigned char *lf = memchr(options.p, '\n', options.n);
        size_t n = lf ? (size_t)(lf - options.p) + 1 : options.n;
        if (n < 6 || memcmp(options.p, "--jobs", 6) != 0) {
            memcpy(out, options.p, n);
            out += n;
        }
        options = fu_span_of(options.p + n, options.n - n);
    }
}

fu_status fu_session_open(fu_session **out, const fu_host *host, fu_span options, fu_error *e)
{
    fu_session *s;
    fu_options parsed;
    fu_status st = fu_options_read(&parsed, options, e);
    *out = NULL;
    if (st != FU_OK)
        return st;
    s = fu_alloc0(&host->mem, sizeof *s);
    if (!s)
        return fu_fail_nomem(e);
    s->host = *host;
    s->options = parsed;
    s->options_bytes = options.n + 1;
    s->options_text = fu_alloc0(&s->host.mem, s->options_bytes);
    if (!s->options_text) {
        fu_free(&host->mem, s, sizeof *s);
        return fu_fail_nomem(e);
    }
    keep_options(s->options_text, options);
    s->clock = !parsed.policy.today;
    fu_evidence_init(&s->evidence, &s->host.mem);
    fu_evidence_init(&s->joined, &s->host.mem);
    *out = s;
    return FU_OK;
}

bool fu_session_close(fu_session *s)
{
    fu_mem mem;
    if (!s)
        return true;
    if (s->busy)
        return false;
    mem = s->host.mem;
    fu_match_free(&s->match);
    fu_evidence_free(&s->joined);
    fu_evidence_free(&s->evidence);
    fu_free(&mem, s->options_text, s->options_bytes);
    fu_free(&mem, s, sizeof *s);
    return true;
}

static fu_status enter(fu_session *s, fu_error *e)
{
    if (s->busy)
        return misuse(e, "処理の途中に同じセッションが呼ばれました。", "re-entered session");
    if (s->dead)
        return misuse(e, "失敗したセッションは閉じてください。", "session must be closed");
    s->busy = true;
    return FU_OK;
}

static fu_status leave(fu_session *s, fu_status st)
{
    s->busy = false;
    s->dead |= st == FU_E_FATAL;
    return st;
}

static fu_status add(fu_evidence *ev, const char *name, const fu_stream *in, fu_error *e)
{
    fu_status st = fu_input_fault(fu_evidence_add(ev, name, in, e), name, e);
    if (st == FU_E_INPUT && e && !e->code[0])
        fu_copy_text(e->code, sizeof e->code, "E501");
    return st;
}

fu_status fu_session_evidence(fu_session *s, const char *name, const fu_stream *in, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    if (s->matched)
        return leave(s, misuse(e, "証拠は処理を始める前に渡してください。",
                               "evidence must come before run"));
    st = add(&s->evidence, name, in, e);
    /* A set of which a file is missing must not decide anything. */
    s->dead = st != FU_OK;
    return leave(s, st);
}

static fu_status set_today(fu_session *s, fu_error *e)
{
    if (s->clock) {
        int32_t day = s->host.today ? s->host.today(s->host.ctx) : 0;
        s->options.policy.today =
            day > 0 ? fu_day_make(day / 10000, day / 100 % 100, day % 100) : 0;
    }
    if (s->options.policy.today)
        return FU_OK;
    return misuse(e, "今日の日付が分かりません。--today を指定してください。", "--today is needed");
}

static fu_status match_evidence(fu_session *s, fu_error *e)
{
    fu_status st;
    if (s->matched) {
        fu_match_forget(&s->match);
        return FU_OK;
    }
    st = fu_evidence_copy(&s->joined, &s->evidence, e);
    if (st == FU_OK)
        st = fu_evidence_join(&s->joined, e);
    if (st == FU_OK)
        st = fu_match_build(&s->match, &s->host.mem, &s->joined, e);
    s->matched = st == FU_OK;
    if (st != FU_OK) {
        fu_match_free(&s->match);
        fu_evidence_free(&s->joined);
    }
    return st;
}

fu_status fu_session_run(fu_session *s, fu_job *job, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    if (job->verb == FU_UNDO)
        return leave(s, fu_undo(s, job, e));
    if (job->verb != FU_APPLY && job->verb != FU_CHECK)
        return leave(s, misuse(e, "知らない処理が指定されました。", "unknown verb"));
    st = set_today(s, e);
    if (st == FU_OK)
        st = match_evidence(s, e);
    return leave(s, st == FU_OK ? fu_run_file(s, job, e) : st);
}

/* Evidence handed over with one claim counts for this call only, together with the session's. */
static fu_status claim_with(fu_session *s, fu_claim_job *job, fu_error *e)
{
    static const char name[] = "capture";
    fu_span_reader bytes = {job->evidence, 0};
    fu_stream in = fu_span_stream(&bytes);
    fu_evidence ev;
    fu_match m;
    fu_status st = fu_evidence_copy(&ev, &s->evidence, e);
    memset(&m, 0, sizeof m);
    if (st == FU_OK)
        st = add(&ev, name, &in, e);
    if (st == FU_OK)
        st = fu_evidence_join(&ev, e);
    if (st == FU_OK)
        st = fu_match_build(&m, &s->host.mem, &ev, e);
    if (st == FU_OK)
        st = fu_run_claim(s, job, &m, name, e);
    fu_match_free(&m);
    fu_evidence_free(&ev);
    return st;
}

fu_status fu_session_claim(fu_session *s, fu_claim_job *job, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    st = set_today(s, e);
    if (st == FU_OK && job->evidence.n)
        return leave(s, claim_with(s, job, e));
    if (st == FU_OK)
        st = match_evidence(s, e);
    return leave(s, st == FU_OK ? fu_run_claim(s, job, &s->match, NULL, e) : st);
}

fu_status fu_session_explain(fu_session *s, const char *code, const fu_stream *out, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    return leave(s, fu_explain(&s->host.mem, out, code, s->options.lang, e));
}
