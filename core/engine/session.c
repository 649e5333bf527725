#include "base/date.h"
#include "engine/session.h"
#include "journal/journal.h"

static fu_status misuse(fu_error *e, const char *ja, const char *en)
{
    return fu_fail(e, FU_E_MISUSE, "", ja, en);
}

static int64_t gate_write(void *ctx, const void *p, uint64_t n)
{
    fu_gate *g = ctx;
    int64_t k = g->to.write(g->to.ctx, p, n);
    g->failed |= k <= 0 || (uint64_t)k > n;
    return k;
}

fu_status fu_store_begin(fu_session *s, fu_role role, fu_stream *to, fu_error *e)
{
    const fu_host *h = &s->host;
    fu_gate *g = &s->gates[role];
    fu_error told = {0};
    fu_status st;
    memset(to, 0, sizeof *to);
    memset(g, 0, sizeof *g);
    if (!h->store_begin || !h->store_commit || !h->store_abort)
        return misuse(e, "書き込み先がありません。", "host has no store");
    st = h->store_begin(h->ctx, role, &g->to, &told);
    g->failed = st != FU_OK;
    if (g->failed && e)
        *e = told;
    if (g->failed)
        return st;
    fu_copy_text(g->name, sizeof g->name, told.file);
    to->ctx = g;
    to->write = gate_write;
    return FU_OK;
}

fu_status fu_store_commit(fu_session *s, fu_role role, fu_error *e)
{
    fu_status st = s->host.store_commit(s->host.ctx, role, e);
    s->gates[role].failed = st != FU_OK;
    return st;
}

fu_status fu_store_end(fu_session *s, fu_role role, fu_status st, fu_error *e)
{
    if (st == FU_OK)
        st = fu_store_commit(s, role, e);
    if (st != FU_OK)
        s->host.store_abort(s->host.ctx, role);
    return st;
}

void fu_store_blame(const fu_session *s, const fu_job *job, fu_status st, fu_error *e)
{
    const char *names[FU_ROLES] = {job->output_name, job->journal_name, NULL};
    for (int role = 0; role < FU_ROLES && st == FU_E_STORE; role++) {
        const fu_gate *g = &s->gates[role];
        const char *name = g->name[0] ? g->name : names[role];
        if (g->failed && name)
            fu_error_file(e, name);
    }
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

/* How many threads worked and how the listing looked is no part of what was done. */
static bool of_no_effect(fu_span line)
{
    static const char *const names[] = {"--jobs", "--mask", "--color"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t n = strlen(names[i]);
        if (line.n >= n && memcmp(line.p, names[i], n) == 0)
            return true;
    }
    return false;
}

/* The options as the journal tells them: it is the same whatever has no effect on it. */
static void keep_options(char *out, fu_span options)
{
    while (options.n) {
        const unsigned char *lf = memchr(options.p, '\n', options.n);
        size_t n = lf ? (size_t)(lf - options.p) + 1 : options.n;
        if (!of_no_effect(fu_span_of(options.p, n))) {
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
    s->chunk_bytes = FU_CHUNK_BYTES;
    s->clock = !parsed.policy.today;
    fu_evidence_init(&s->evidence, &s->host.mem);
    fu_evidence_init(&s->joined, &s->host.mem);
    fu_ledger_init(&s->ledger, &s->host.mem);
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
    fu_ledger_free(&s->ledger);
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
    if (st == FU_E_INPUT && e && (!e->code[0] || strcmp(e->code, "S704") == 0))
        fu_copy_text(e->code, sizeof e->code, "E501");
    return st;
}

/* A stream of which the first bytes were looked at already. */
typedef struct peeked {
    const fu_stream *from;
    unsigned char head[FU_JOURNAL_PEEK];
    size_t n, at;
    bool fault; /* seen while peeking; the first read says so */
} peeked;

static int64_t peeked_read(void *ctx, void *buf, uint64_t n)
{
    peeked *p = ctx;
    size_t left = p->n - p->at;
    if (p->fault)
        return -1;
    if (left == 0)
        return p->from->read(p->from->ctx, buf, n);
    if (left > n)
        left = (size_t)n;
    memcpy(buf, p->head + p->at, left);
    p->at += left;
    return (int64_t)left;
}

static fu_stream peek(peeked *p, const fu_stream *in)
{
    fu_stream s = {.ctx = p, .read = peeked_read};
    memset(p, 0, sizeof *p);
    p->from = in;
    while (p->n < sizeof p->head) {
        int64_t got = in->read(in->ctx, p->head + p->n, sizeof p->head - p->n);
        p->fault = got < 0 || (uint64_t)got > sizeof p->head - p->n;
        if (p->fault || got == 0)
            break;
        p->n += (size_t)got;
    }
    return s;
}

/* A journal's ending, in any case. */
static bool is_journal_name(const char *name)
{
    static const char ending[] = ".fusho";
    size_t n = strlen(name), m = sizeof ending - 1, i = 0;
    while (i < m && n >= m && (name[n - m + i] | 0x20) == (ending[i] | 0x20))
        i++;
    return i == m;
}

/* Captures, in any encoding, do not begin so, and none is as short. */
static bool is_no_capture(fu_span head)
{
    for (size_t i = 0; i < head.n; i++)
        if (head.p[i] < 0x20 && head.p[i] != '\t' && head.p[i] != '\r' && head.p[i] != '\n')
            return true;
    return head.n < FU_JOURNAL_PEEK;
}

/* What a file is, is decided by its content: a journal tells of past months, all else of this one.
 * No capture, and by its name a journal: a damaged one, which must not be taken for none. */
static fu_status take(fu_session *s, const char *name, const fu_stream *in, fu_error *e)
{
    peeked p;
    fu_stream whole = peek(&p, in);
    fu_span head = fu_span_of(p.head, p.n);
    if (fu_journal_begins(head) || (is_journal_name(name) && is_no_capture(head)))
        return fu_input_fault(fu_ledger_add(&s->ledger, name, &whole, e), name, e);
    return add(&s->evidence, name, &whole, e);
}

fu_status fu_session_evidence(fu_session *s, const char *name, const fu_stream *in, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    if (s->matched)
        return leave(s, misuse(e, "窓口記録は処理を始める前に渡してください。",
                               "evidence must come before run"));
    st = take(s, name, in, e);
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
    return misuse(e, "今日の日付がわかりません。--today で日付を指定してください。",
                  "--today is needed");
}

fu_status fu_match_evidence(fu_session *s, fu_error *e)
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

/* A copy in UTF-8 is not what will be sent: nothing may be written from it. */
static fu_status copy_only_checked(const fu_session *s, bool check, fu_error *e)
{
    if (!s->options.utf8 || check)
        return FU_OK;
    return misuse(e, "--encoding utf-8 は、写しの点検（check）だけに使えます。",
                  "--encoding utf-8 is for check only");
}

/* Is there a renderer for the listing? The ledger has its own, and the form has no listing. */
static fu_status listing_fits(const fu_session *s, fu_error *e)
{
    if (s->options.format <= FU_SARIF)
        return FU_OK;
    return misuse(e, "--format の html と csv は台帳（ledger）で使えます。",
                  "formats html and csv are the ledger's");
}

static fu_status run_verb(fu_session *s, fu_job *job, fu_error *e)
{
    bool listed = job->verb != FU_LEDGER && job->verb != FU_FORM;
    fu_status st = copy_only_checked(s, job->verb == FU_CHECK, e);
    if (st == FU_OK && listed)
        st = listing_fits(s, e);
    if (st != FU_OK)
        return st;
    if (job->verb == FU_UNDO)
        return fu_undo(s, job, e);
    if (job->verb == FU_FORM)
        return fu_run_form(s, job, e);
    if (job->verb != FU_APPLY && job->verb != FU_CHECK && job->verb != FU_LEDGER)
        return misuse(e, "知らない処理が指定されました。", "unknown verb");
    st = set_today(s, e);
    if (st != FU_OK)
        return st;
    return job->verb == FU_LEDGER ? fu_run_ledger(s, job, e) : fu_run_file(s, job, e);
}

fu_status fu_session_run(fu_session *s, fu_job *job, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    memset(s->gates, 0, sizeof s->gates);
    st = run_verb(s, job, e);
    fu_store_blame(s, job, st, e);
    return leave(s, st);
}

/* Evidence handed over with one claim counts for this call only, together with the session's. */
static fu_status claim_with(fu_session *s, fu_claim_job *job, fu_error *e)
{
    static const char name[] = "capture";
    fu_span_reader bytes = {job->evidence, 0};
    fu_stream in = fu_span_stream(&bytes);
    fu_evidence ev;
    fu_match m;
    fu_status st;
    /* A length that cannot be right is not read up to the limit to find that out. */
    if (job->evidence.n > FU_EVIDENCE_FILE_BYTES_MAX)
        return fu_fail_limit(e, "FU_EVIDENCE_FILE_BYTES_MAX", FU_EVIDENCE_FILE_BYTES_MAX);
    st = fu_evidence_copy(&ev, &s->evidence, e);
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
    st = copy_only_checked(s, false, e);
    if (st == FU_OK)
        st = listing_fits(s, e);
    if (st == FU_OK)
        st = set_today(s, e);
    if (st == FU_OK)
        st = fu_ledger_finish(&s->ledger, e);
    if (st == FU_OK && job->evidence.n)
        return leave(s, claim_with(s, job, e));
    if (st == FU_OK)
        st = fu_match_evidence(s, e);
    return leave(s, st == FU_OK ? fu_run_claim(s, job, &s->match, NULL, e) : st);
}

fu_status fu_session_explain(fu_session *s, const char *code, const fu_stream *out, fu_error *e)
{
    fu_status st = enter(s, e);
    if (st != FU_OK)
        return st;
    return leave(s, fu_explain(&s->host.mem, out, code, s->options.lang, e));
}
