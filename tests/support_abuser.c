#include "support_abuser.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

const char abr_month[] = "IR,1,13,1,1399991,,X,202611,00,03-0000-0001\r\n"
                         "RE,1,1116,202610,A,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,\xB1,\r\n"
                         "HO,06139935,44,55,1,359,,,,,,,,,\r\n"
                         "SI,11,1,111000110,,359,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\r\n"
                         "GO,1,359,99\r\n\x1a";

const char abr_capture[] =
    "<captures xmlns='urn:fusho:capture:1'><capture id='c1' month='202610'>"
    "<patient karte='00011' name='A' kana='ア' birth='2000-10-10' sex='1'/>"
    "<check at='2026-10-14T13:00' outcome='no-record'/><presented document='mynacard'/>"
    "<declaration on='2026-10-14' kind='unknown' insurer-name='' workplace='' share='unknown' "
    "phone='0300001111'><address>埼玉県見本市試験１－１</address></declaration>"
    "<contact on='2026-10-31' result='unknown'/></capture></captures>";

const abr_kind abr_kinds[] = {
    {"apply", FUSHO_APPLY, ABR_OPTIONS, ABR_MONTH, ABR_CAPTURE},
    {"apply with threads", FUSHO_APPLY, ABR_OPTIONS "\n--jobs=3", ABR_MONTH, ABR_CAPTURE},
    {"check", FUSHO_CHECK, ABR_OPTIONS "\n--verbose", ABR_MONTH, ABR_CAPTURE},
    {"check with a journal", FUSHO_CHECK, "--format=sarif", ABR_MONTH, ABR_JOURNAL},
    {"undo", FUSHO_UNDO, "", ABR_JOURNAL, ABR_NONE},
    {"ledger", FUSHO_LEDGER, ABR_OPTIONS, ABR_NONE, ABR_JOURNAL},
    {"form", FUSHO_FORM, "", ABR_NONE, ABR_NONE},
    {"claim", ABR_CLAIM, "--format=json", ABR_NONE, ABR_CAPTURE},
    {"explain", ABR_EXPLAIN, "--lang=en", ABR_NONE, ABR_NONE},
};
const size_t abr_kind_count = sizeof abr_kinds / sizeof abr_kinds[0];

/* ---- inside the callbacks ---- */

/* Everything a host could call of a session that is busy: all of it must be refused. */
static void call_back(abr *h)
{
    fusho_error err = FUSHO_ERROR_INIT;
    abr_memory m = {NULL, 0, 0, h};
    fusho_stream s = abr_stream(h, &m);
    fusho_job job = abr_job(FUSHO_CHECK, &s, NULL);
    fusho_claim_job claim = abr_claim_job(NULL, NULL);
    fusho_session *busy = h->session;
    if (!busy)
        return;
    h->let_through += h->t->run(busy, &job, &err) != FUSHO_E_MISUSE || !err.message_ja[0];
    h->let_through += job.exit_status != 2;
    h->let_through += h->t->claim(busy, &claim, &err) != FUSHO_E_MISUSE;
    h->let_through += h->t->add_evidence(busy, abr_text("x"), &s, &err) != FUSHO_E_MISUSE;
    h->let_through += h->t->explain(busy, abr_text("T401"), &s, &err) != FUSHO_E_MISUSE;
    h->t->close(busy); /* nothing must happen: what follows would crash */
    free(m.p);
}

/* The allocator is called from threads of the plugin, too. */
static pthread_mutex_t counting = PTHREAD_MUTEX_INITIALIZER;

/* True if this call is the one that misbehaves. */
static int now(abr *h, abr_place place)
{
    int hit, reenter;
    pthread_mutex_lock(&counting);
    hit = place == h->place && h->calls[place] == h->at;
    reenter = hit && h->fault == ABR_REENTER;
    h->calls[place]++;
    h->late += h->closed;
    h->happened |= hit;
    if (reenter)
        h->at = -1; /* what is called now comes here, too */
    pthread_mutex_unlock(&counting);
    if (reenter)
        call_back(h);
    return hit && !reenter;
}

static void count_block(abr *h, int change, int wrong)
{
    pthread_mutex_lock(&counting);
    h->blocks += change;
    h->wrong_sizes += wrong;
    pthread_mutex_unlock(&counting);
}

/* Blocks carry their size, to hold the plugin to its word. */
typedef union head {
    size_t n;
    max_align_t align;
} head;

static void *FUSHO_CALL mem(void *ctx, void *old, uint64_t old_n, uint64_t new_n)
{
    abr *h = ctx;
    head *b = old ? (head *)old - 1 : NULL;
    int refused = now(h, ABR_MEM), wrong = b ? b->n != old_n : old_n != 0;
    if (new_n == 0) {
        count_block(h, b ? -1 : 0, wrong);
        free(b);
        return NULL;
    }
    if (refused)
        return NULL;
    count_block(h, b ? 0 : 1, wrong);
    b = realloc(b, sizeof *b + (size_t)new_n);
    if (!b)
        return NULL;
    b->n = (size_t)new_n;
    return b + 1;
}

static void FUSHO_CALL put_log(void *ctx, int32_t level, fusho_text text)
{
    (void)level;
    (void)text;
    now(ctx, ABR_LOG);
}

static fusho_status refuse(const abr *h, fusho_error *err)
{
    if (h->fault == ABR_SHOUT) /* not even the size is left as it was */
        memset(err, 'A', sizeof *err);
    return FUSHO_E_STORE;
}

static fusho_status FUSHO_CALL begin(void *ctx, int32_t role, fusho_stream *out, fusho_error *err)
{
    abr *h = ctx;
    int hit = now(h, ABR_BEGIN);
    if (hit && h->fault != ABR_LIE)
        return refuse(h, err);
    h->open[role] = 1;
    h->role[role].n = h->role[role].at = 0;
    if (!hit)
        *out = abr_stream(h, &h->role[role]);
    return FUSHO_OK;
}

static fusho_status FUSHO_CALL commit(void *ctx, int32_t role, fusho_error *err)
{
    abr *h = ctx;
    if (now(h, ABR_COMMIT))
        return refuse(h, err);
    h->committed_after += h->happened && h->fault != ABR_REENTER;
    h->committed[role]++;
    h->open[role] = 0;
    return FUSHO_OK;
}

static void FUSHO_CALL take_back(void *ctx, int32_t role)
{
    abr *h = ctx;
    now(h, ABR_ABORT);
    call_back(h);
    h->aborted[role]++;
    h->open[role] = 0;
}

static int32_t FUSHO_CALL today(void *ctx)
{
    return now(ctx, ABR_TODAY) ? 0 : 20261109;
}

static void FUSHO_CALL progress(void *ctx, int64_t claims, int64_t done, int64_t total)
{
    (void)claims;
    (void)done;
    (void)total;
    now(ctx, ABR_PROGRESS);
}

static int32_t FUSHO_CALL cancelled(void *ctx)
{
    return now(ctx, ABR_CANCELLED);
}

/* ---- streams ---- */

static int64_t answer(abr_fault fault, uint64_t n)
{
    switch (fault) {
    case ABR_MORE:
        return (int64_t)n + 1;
    case ABR_MOST:
        return INT64_MAX;
    case ABR_LEAST:
        return INT64_MIN;
    case ABR_NOTHING:
        return 0;
    default:
        return -1;
    }
}

static int64_t FUSHO_CALL read_some(void *ctx, void *buf, uint64_t n)
{
    abr_memory *m = ctx;
    int hit = now(m->owner, ABR_READ);
    size_t left = m->n - m->at;
    if (hit && m->owner->fault != ABR_LIE)
        return answer(m->owner->fault, n);
    if (n > left)
        n = left;
    if (m->owner->chunk && n > m->owner->chunk)
        n = m->owner->chunk;
    if (n)
        memcpy(buf, m->p + m->at, (size_t)n);
    if (hit && n)
        *(unsigned char *)buf ^= 0x11;
    if (hit && !n)
        m->owner->happened = 0; /* nothing to turn */
    m->at += (size_t)n;
    return (int64_t)n;
}

static int64_t FUSHO_CALL write_some(void *ctx, const void *buf, uint64_t n)
{
    abr_memory *m = ctx;
    char *p;
    if (now(m->owner, ABR_WRITE))
        return answer(m->owner->fault, n);
    if (m->owner->chunk && n > m->owner->chunk)
        n = m->owner->chunk;
    p = realloc(m->p, m->n + (size_t)n + 1);
    if (!p)
        return -1;
    m->p = p;
    memcpy(m->p + m->n, buf, (size_t)n);
    m->n += (size_t)n;
    m->p[m->n] = '\0';
    return (int64_t)n;
}

static int32_t FUSHO_CALL rewind_it(void *ctx)
{
    abr_memory *m = ctx;
    int hit = now(m->owner, ABR_REWIND);
    if (hit && m->owner->fault != ABR_LIE)
        return m->owner->fault == ABR_MOST ? INT32_MAX : -1;
    m->at = hit ? 1 : 0;
    return 0;
}

fusho_stream abr_stream(abr *h, abr_memory *m)
{
    fusho_stream s = {(uint32_t)sizeof s, 0, m, read_some, write_some, rewind_it};
    m->owner = h;
    return s;
}

void abr_set(abr_memory *m, const void *p, size_t n)
{
    free(m->p);
    m->p = malloc(n + 1);
    m->n = m->p ? n : 0;
    m->at = 0;
    if (m->n)
        memcpy(m->p, p, n);
}

fusho_text abr_text(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

/* ---- the host ---- */

static fusho_host host_of(abr *h)
{
    fusho_host f;
    memset(&f, 0, sizeof f);
    f.struct_size = (uint32_t)sizeof f;
    f.abi_major = FUSHO_ABI_MAJOR;
    f.abi_minor = FUSHO_ABI_MINOR;
    f.ctx = h;
    f.product = abr_text("abuser");
    f.threads = 4;
    f.mem = mem;
    f.log = put_log;
    f.store_begin = begin;
    f.store_commit = commit;
    f.store_abort = take_back;
    f.today = today;
    f.progress = progress;
    f.cancelled = cancelled;
    return f;
}

void abr_init(abr *h, const fusho_plugin *t)
{
    memset(h, 0, sizeof *h);
    h->t = t;
    h->at = -1;
    h->host = host_of(h);
}

static void forget(abr_memory *m)
{
    free(m->p);
    memset(m, 0, sizeof *m);
}

void abr_again(abr *h)
{
    for (int i = 0; i < FUSHO_STORE_ROLES; i++)
        forget(&h->role[i]);
    forget(&h->input);
    forget(&h->evidence);
    forget(&h->listing);
    forget(&h->output);
    memset(h->calls, 0, sizeof h->calls);
    memset(h->committed, 0, sizeof h->committed);
    memset(h->aborted, 0, sizeof h->aborted);
    memset(h->open, 0, sizeof h->open);
    h->blocks = h->wrong_sizes = h->committed_after = h->late = h->let_through = 0;
    h->happened = h->closed = 0;
    h->session = NULL;
}

void abr_free(abr *h)
{
    abr_again(h);
    forget(&h->journal);
}

/* ---- calls ---- */

fusho_job abr_job(int32_t verb, const fusho_stream *in, const fusho_stream *list)
{
    fusho_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.verb = verb;
    job.input_name = abr_text("in.uke");
    job.output_name = abr_text("out.uke");
    job.journal_name = abr_text("out.uke.fusho");
    job.input = in;
    job.listing = list;
    return job;
}

fusho_claim_job abr_claim_job(const fusho_stream *out, const fusho_stream *list)
{
    const char *re = strstr(abr_month, "RE,"), *go = strstr(abr_month, "GO,");
    fusho_claim_job job;
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.header.p = (const uint8_t *)abr_month;
    job.header.n = (uint64_t)(re - abr_month);
    job.records.p = (const uint8_t *)re;
    job.records.n = (uint64_t)(go - re);
    job.evidence.p = (const uint8_t *)abr_capture;
    job.evidence.n = strlen(abr_capture);
    job.output = out;
    job.listing = list;
    return job;
}

static void make_journal(abr *h)
{
    static const abr_kind fusho = {"", FUSHO_APPLY, "", ABR_MONTH, ABR_CAPTURE};
    abr good;
    if (h->journal.p)
        return;
    abr_init(&good, h->t);
    abr_do(&good, &fusho);
    abr_set(&h->journal, good.role[FUSHO_STORE_JOURNAL].p, good.role[FUSHO_STORE_JOURNAL].n);
    abr_free(&good);
}

static void load(abr *h, abr_memory *m, int what)
{
    if (what == ABR_JOURNAL) {
        make_journal(h);
        abr_set(m, h->journal.p, h->journal.n);
    } else if (what == ABR_MONTH) {
        abr_set(m, abr_month, strlen(abr_month));
    } else {
        abr_set(m, abr_capture, what == ABR_CAPTURE ? strlen(abr_capture) : 0);
    }
}

static abr_result fresh(void)
{
    abr_result r = {0, -1, FUSHO_ERROR_INIT};
    return r;
}

abr_result abr_open(abr *h, const abr_kind *kind)
{
    abr_result r = fresh();
    fusho_stream s = abr_stream(h, &h->evidence);
    load(h, &h->evidence, kind->evidence);
    load(h, &h->input, kind->input);
    h->evidence.owner = h;
    h->session = NULL;
    r.status = h->t->open(&h->host, abr_text(kind->options), &h->session, &r.err);
    if (r.status == FUSHO_OK && kind->evidence != ABR_NONE)
        r.status = h->t->add_evidence(h->session, abr_text("evidence"), &s, &r.err);
    return r;
}

abr_result abr_call(abr *h, const abr_kind *kind)
{
    abr_result r = fresh();
    fusho_stream in = abr_stream(h, &h->input), list = abr_stream(h, &h->listing);
    fusho_stream out = abr_stream(h, &h->output);
    if (kind->verb == ABR_CLAIM) {
        fusho_claim_job job = abr_claim_job(&out, &list);
        job.evidence.n = 0; /* it was added before */
        r.status = h->t->claim(h->session, &job, &r.err);
        r.exit_status = job.exit_status;
    } else if (kind->verb == ABR_EXPLAIN) {
        r.status = h->t->explain(h->session, abr_text(""), &out, &r.err);
    } else {
        fusho_job job = abr_job(kind->verb, &in, &list);
        r.status = h->t->run(h->session, &job, &r.err);
        r.exit_status = job.exit_status;
    }
    return r;
}

void abr_close(abr *h)
{
    h->t->close(h->session);
    h->closed = h->session != NULL;
    h->session = NULL;
}

abr_result abr_do(abr *h, const abr_kind *kind)
{
    abr_result r = abr_open(h, kind);
    if (r.status == FUSHO_OK)
        r = abr_call(h, kind);
    abr_close(h);
    return r;
}

/* ---- what must hold ---- */

static int is_text(const char *p, size_t size)
{
    const char *end = memchr(p, '\0', size);
    return end && fu_utf8_valid(fu_span_of(p, (size_t)(end - p)));
}

int abr_is_told(fusho_status st, const fusho_error *err)
{
    return err->status == st && err->message_ja[0] && err->message_en[0] &&
           is_text(err->code, sizeof err->code) && is_text(err->file, sizeof err->file) &&
           is_text(err->message_ja, sizeof err->message_ja) &&
           is_text(err->hint_ja, sizeof err->hint_ja) &&
           is_text(err->message_en, sizeof err->message_en);
}
