#include "base/date.h"
#include "evidence/sources.h"
#include "text/width.h"

/* Where an element stands, as a bit; the last three hold no values of their own. */
enum { H = 1, B = 2, U = 4, S = 8, R = 16, L = 32, ROOT = 64, LIST = 128, LEAF = 256 };

typedef enum value {
#define FU_OQS(id, name, places) V_##id,
#include "evidence/oqs-elements.def"
#undef FU_OQS
    V_COUNT
} value;

static const struct {
    const char *name;
    int places;
} VALUES[V_COUNT] = {
#define FU_OQS(id, name, places) {name, places},
#include "evidence/oqs-elements.def"
#undef FU_OQS
};

static const struct {
    const char *name;
    int parents, place;
} GROUPS[] = {
    {"MessageHeader", ROOT, H},
    {"MessageBody", ROOT, B},
    {"BulkConfirmUnit", B | LIST, U},
    {"QualificationConfirmSearchInfo", B | U, S},
    {"ResultList", B | U, LIST},
    {"ResultOfQualificationConfirmation", B | U | LIST, R},
    {"LimitApplicationCertificateRelatedInfo", R, L},
};

static const struct {
    const char *code;
    fu_outcome outcome;
    bool affected, newer;
    const char *source;
} VALIDITIES[] = {
#define FU_VALIDITY(code, outcome, affected, newer, source) \
    {code, FU_OUT_##outcome, affected, newer, source},
#include "evidence/validity.def"
#undef FU_VALIDITY
};
#define N_VALIDITIES (sizeof VALIDITIES / sizeof *VALIDITIES)

static const struct {
    const char *flag, *tokki, *kouki, *source;
} LIMIT_CLASSES[] = {
#define FU_LIMIT_CLASS(flag, tokki, kouki, source) {flag, tokki, kouki, source},
#include "rules/limit-class.def"
#undef FU_LIMIT_CLASS
};

/* The values of the message, of a unit or of a result; the order of elements is free, so all are
 * kept until the end. */
typedef struct record {
    const char *v[V_COUNT]; /* NULL = not given */
    uint64_t line;
    struct record *next;
    struct record *results, *last_result;
    size_t n_results;
} record;

struct fu_oqs {
    fu_evidence *ev;
    const char *file;
    fu_arena tmp;
    int place[FU_XML_DEPTH_MAX + 1];
    unsigned depth, skip; /* skip: open elements that nobody asked for */
    value leaf;
    record msg, *units, *last_unit, *unit, *result; /* unit, result: the open ones */
    size_t n_units;
};

/* ---- Reading -----------------------------------------------------------------------------------
 */

fu_status fu_oqs_open(fu_oqs **out, fu_evidence *ev, const char *file, fu_error *e)
{
    fu_oqs *o = fu_alloc0(ev->mem, sizeof *o);
    *out = o;
    if (!o)
        return fu_fail_nomem(e);
    o->ev = ev;
    o->file = file;
    fu_arena_init(&o->tmp, ev->mem, FU_EVIDENCE_BYTES_MAX);
    return FU_OK;
}

void fu_oqs_close(fu_oqs *o)
{
    if (!o)
        return;
    fu_arena_free(&o->tmp);
    fu_free(o->ev->mem, o, sizeof *o);
}

static record *open_record(fu_oqs *o)
{
    if (o->result)
        return o->result;
    return o->unit ? o->unit : &o->msg;
}

static fu_status tmp_failed(const fu_oqs *o, fu_error *e)
{
    if (o->tmp.max - o->tmp.used <= o->tmp.max / 16)
        return fu_fail_limit(e, "FU_EVIDENCE_BYTES_MAX", FU_EVIDENCE_BYTES_MAX);
    return fu_fail_nomem(e);
}

static fu_status open_unit(fu_oqs *o, uint64_t line, fu_error *e)
{
    record *u = fu_arena_alloc(&o->tmp, sizeof *u);
    if (!u)
        return tmp_failed(o, e);
    u->line = line;
    if (o->last_unit)
        o->last_unit->next = u;
    else
        o->units = u;
    o->last_unit = o->unit = u;
    o->n_units++;
    return FU_OK;
}

static fu_status open_result(fu_oqs *o, uint64_t line, fu_error *e)
{
    record *owner = open_record(o), *r = fu_arena_alloc(&o->tmp, sizeof *r);
    if (!r)
        return tmp_failed(o, e);
    if (owner->n_results++ >= FU_CAPTURE_ITEMS_MAX)
        return fu_fail_limit(e, "FU_CAPTURE_ITEMS_MAX", FU_CAPTURE_ITEMS_MAX);
    r->line = line;
    if (owner->last_result)
        owner->last_result->next = r;
    else
        owner->results = r;
    owner->last_result = o->result = r;
    return FU_OK;
}

/* The place a group opens inside `parent`, or 0. */
static int group_of(const char *name, int parent)
{
    for (size_t i = 0; i < sizeof GROUPS / sizeof *GROUPS; i++) {
        if ((GROUPS[i].parents & parent) && strcmp(GROUPS[i].name, name) == 0)
            return GROUPS[i].place;
    }
    return 0;
}

static bool value_of(const char *name, int parent, value *out)
{
    for (int v = 0; v < V_COUNT; v++) {
        if ((VALUES[v].places & parent) && strcmp(VALUES[v].name, name) == 0) {
            *out = (value)v;
            return true;
        }
    }
    return false;
}

static fu_status on_start(void *ctx, const char *name, const char *const *atts, uint64_t line,
                          fu_error *e)
{
    fu_oqs *o = ctx;
    int parent = o->place[o->depth], place = o->depth ? group_of(name, parent) : ROOT;
    fu_status st = FU_OK;
    (void)atts;
    if (!place && !o->skip && value_of(name, parent, &o->leaf))
        place = LEAF;
    if (o->skip || !place) {
        o->skip++;
        return FU_OK;
    }
    o->place[++o->depth] = place;
    if (place == ROOT)
        o->msg.line = line;
    if (place == U)
        st = open_unit(o, line, e);
    if (place == R)
        st = open_result(o, line, e);
    return st;
}

static fu_status on_text(void *ctx, fu_span text, fu_error *e)
{
    fu_oqs *o = ctx;
    record *r = open_record(o);
    fu_span trimmed = fu_trim(text);
    if (o->skip || o->place[o->depth] != LEAF || !trimmed.n || r->v[o->leaf])
        return FU_OK;
    r->v[o->leaf] = fu_arena_text(&o->tmp, trimmed);
    return r->v[o->leaf] ? FU_OK : tmp_failed(o, e);
}

static fu_status on_end(void *ctx, fu_error *e)
{
    fu_oqs *o = ctx;
    int place;
    (void)e;
    if (o->skip) {
        o->skip--;
        return FU_OK;
    }
    place = o->place[o->depth--];
    if (place == R)
        o->result = NULL;
    if (place == U)
        o->unit = NULL;
    return FU_OK;
}

const fu_xml_events fu_oqs_events = {NULL, on_start, on_text, on_end};

/* ---- Responses ---------------------------------------------------------------------------------
 */

fu_span fu_base_name(const char *name)
{
    size_t from = 0, n = strlen(name);
    for (size_t i = 0; i < n; i++) {
        if (name[i] == '/' || name[i] == '\\')
            from = i + 1;
    }
    if (n - from > 3 && strcmp(name + n - 3, ".gz") == 0)
        n -= 3;
    return fu_span_of(name + from, n - from);
}

fu_response *fu_response_new(fu_evidence *ev, const char *file, uint64_t line, fu_error *e)
{
    fu_response *r = NULL, **v = NULL;
    if (ev->n_responses >= FU_CAPTURES_MAX) {
        fu_fail_limit(e, "FU_CAPTURES_MAX", FU_CAPTURES_MAX);
        return NULL;
    }
    v = fu_arena_grow(&ev->arena, ev->responses, ev->n_responses, &ev->cap_responses, sizeof *v);
    if (v)
        r = fu_arena_alloc(&ev->arena, sizeof *r);
    if (!r) {
        fu_evidence_memory(ev, e);
        return NULL;
    }
    fu_capture_init(ev, &r->c, FU_FROM_RESPONSE, file, line);
    r->base = fu_evidence_text(ev, fu_base_name(file));
    r->order = ev->n_responses;
    r->first = r->order;
    r->n_file = 1;
    ev->responses = v;
    v[ev->n_responses++] = r;
    return r;
}

fu_status fu_response_skip(fu_evidence *ev, const char *file, uint64_t line, const char *kind,
                           fu_span found, fu_error *e)
{
    fu_build b = {.ev = ev, .file = file, .line = line};
    fu_response *r = fu_response_new(ev, file, line, e);
    if (!r)
        return e ? e->status : FU_E_NOMEM;
    r->skipped = true;
    fu_build_finding(&b, FU_E510, kind, found);
    return fu_evidence_memory(ev, e);
}

/* ---- What a message says -----------------------------------------------------------------------
 */

static fu_span span(const record *r, value v)
{
    return fu_span_str(r ? r->v[v] : NULL);
}

/* A value of the unit, which inherits from the message what it does not have. */
static fu_span inherited(const fu_oqs *o, const record *unit, value v)
{
    return unit && unit->v[v] ? span(unit, v) : span(&o->msg, v);
}

static bool is(fu_span s, const char *word)
{
    return fu_span_is(s, word);
}

/* "code text" in the arena of the evidence. */
static fu_span joined_text(fu_oqs *o, fu_span code, fu_span text)
{
    size_t gap = code.n && text.n ? 1 : 0, n = code.n + gap + text.n;
    char *p = fu_arena_alloc(&o->tmp, n + 1);
    if (!p)
        return fu_span_of(NULL, 0);
    if (code.n)
        memcpy(p, code.p, code.n);
    if (gap)
        p[code.n] = ' ';
    if (text.n)
        memcpy(p + code.n + gap, text.p, text.n);
    return fu_span_of(p, n);
}

typedef struct verdict { /* of a message or a unit */
    const char *problem; /* E510: what kind of trouble; NULL = none */
    fu_span found;
    size_t validity; /* row of VALIDITIES */
} verdict;

static fu_span person_message(fu_oqs *o, const record *unit)
{
    fu_span text = inherited(o, unit, V_STATUS_TEXT);
    if (!text.n)
        text = inherited(o, unit, V_CONTENTS);
    if (!text.n)
        text = inherited(o, unit, V_MESSAGE);
    return joined_text(o, inherited(o, unit, V_STATUS_CODE), text);
}

static verdict judge(fu_oqs *o, const record *unit)
{
    fu_span segment = span(&o->msg, V_SEGMENT), status = inherited(o, unit, V_STATUS);
    fu_span validity = inherited(o, unit, V_VALIDITY);
    verdict v = {NULL, fu_span_of(NULL, 0), 0};
    if (segment.n && !is(segment, "1")) {
        v.problem = is(segment, "2") ? "処理中" : "照会エラー";
        v.found = joined_text(o, span(&o->msg, V_ERROR_CODE), span(&o->msg, V_ERROR_TEXT));
        v.found = v.found.n ? v.found : joined_text(o, fu_span_str("SegmentOfResult"), segment);
    } else if (status.n && !is(status, "1")) {
        v.problem = "照会エラー";
        v.found = person_message(o, unit);
        v.found =
            v.found.n ? v.found : joined_text(o, fu_span_str("ProcessingResultStatus"), status);
    } else {
        while (v.validity < N_VALIDITIES && !is(validity, VALIDITIES[v.validity].code))
            v.validity++;
        if (v.validity == N_VALIDITIES) {
            v.problem = "資格有効性が不明";
            v.found = joined_text(o, fu_span_str("QualificationValidity"), validity);
        }
    }
    return v;
}

/* ---- A person ----------------------------------------------------------------------------------
 * The results of one person, chained by next, become one capture. */

typedef struct person {
    const record *unit;   /* NULL outside a bulk file */
    const record *result; /* first of the chain, NULL = none */
    bool alone;           /* the only one in its unit or message: search keys are about it */
} person;

static fu_span first_of(const person *p, value v)
{
    for (const record *r = p->result; r; r = r->next) {
        if (r->v[v])
            return span(r, v);
    }
    return fu_span_of(NULL, 0);
}

/* The value where a person's own may stand: unit, result, and the body if there is one person. */
static fu_span identity(const fu_oqs *o, const person *p, value v)
{
    fu_span s = span(p->unit, v);
    if (!s.n)
        s = first_of(p, v);
    return s.n || !p->alone || p->unit ? s : span(&o->msg, v);
}

static fu_span birth_of(const fu_oqs *o, const person *p)
{
    fu_span s = first_of(p, V_BIRTH);
    if (s.n || !p->alone)
        return s;
    return p->unit ? span(p->unit, V_BIRTH) : span(&o->msg, V_BIRTH);
}

static bool agree(const record *a, const record *b, value v)
{
    return !a->v[v] || !b->v[v] || fu_span_eq(span(a, v), span(b, v));
}

static bool same_person(const record *a, const record *b)
{
    if (!agree(a, b, V_BIRTH) || !agree(a, b, V_SEX) || !agree(a, b, V_REFERENCE))
        return false;
    if (a->v[V_KANA] && b->v[V_KANA])
        return fu_name_match(span(a, V_KANA), span(b, V_KANA));
    return !a->v[V_NAME] || !b->v[V_NAME] || fu_name_match(span(a, V_NAME), span(b, V_NAME));
}

static bool is_medical_aid(const record *r)
{
    fu_span insurer = span(r, V_INSURER);
    /* 法別番号 12; a six-digit 国保 number that begins with 12 is another thing. */
    return is(span(r, V_CLASS), "A1") || (insurer.n == 8 && memcmp(insurer.p, "12", 2) == 0);
}

static const char *tokki_of(const record *r)
{
    fu_span insurer = span(r, V_INSURER);
    bool kouki = insurer.n == 8 && memcmp(insurer.p, "39", 2) == 0;
    for (size_t i = 0; i < sizeof LIMIT_CLASSES / sizeof *LIMIT_CLASSES; i++) {
        if (is(span(r, V_LIMIT_CLASS), LIMIT_CLASSES[i].flag))
            return kouki ? LIMIT_CLASSES[i].kouki : LIMIT_CLASSES[i].tokki;
    }
    return "";
}

static int32_t day_of(fu_build *b, const record *r, value v)
{
    return fu_build_day(b, VALUES[v].name, span(r, v));
}

static void add_qual(fu_build *b, fu_response *out, const record *r, bool current)
{
    static const fu_qual_items ITEMS = {"InsurerNumber", "InsuredIdentificationNumber"};
    fu_period period;
    fu_qualification q;
    size_t n = b->c->n_quals;
    memset(&q, 0, sizeof q);
    period.qualified = day_of(b, r, V_QUALIFIED);
    period.lost = day_of(b, r, V_LOST);
    q.status = current ? FU_Q_CURRENT : FU_Q_FORMER;
    q.source = current ? FU_QS_ONLINE : FU_QS_SCREEN;
    q.insurer = fu_evidence_text(b->ev, span(r, V_INSURER));
    q.kigo = fu_evidence_number(b->ev, span(r, V_SYMBOL));
    q.bango = fu_evidence_number(b->ev, span(r, V_NUMBER));
    q.branch = fu_evidence_text(b->ev, span(r, V_BRANCH));
    q.tokki = tokki_of(r);
    q.from = period.qualified ? period.qualified : day_of(b, r, V_VALID_FROM);
    q.to = period.lost ? fu_day_add(period.lost, -1) : day_of(b, r, V_EXPIRES);
    fu_build_qual(b, &q, ITEMS);
    if (b->c->n_quals > n) {
        fu_period *list = fu_evidence_grow(b->ev, out->periods, n, sizeof *list);
        if (!list) {
            b->c->n_quals = n;
            return;
        }
        out->periods = list;
        list[n] = period;
    }
}

static void add_quals(fu_build *b, fu_response *out, const person *p)
{
    fu_outcome outcome = b->c->outcome;
    for (const record *r = p->result; r; r = r->next) {
        bool current = outcome == FU_OUT_VALID;
        bool former = outcome == FU_OUT_INVALID && r->v[V_INSURER];
        b->line = r->line;
        if (!is_medical_aid(r) && (current || former))
            add_qual(b, out, r, current);
    }
}

static int sex_of(fu_build *b, fu_span code)
{
    return is(code, "3") ? 0 : fu_build_sex(b, VALUES[V_SEX].name, code); /* 3: 未設定 */
}

/* The day asked about; where it is missing, the day of the answer. */
static void set_days(const fu_oqs *o, fu_build *b, const person *p, fu_response *out)
{
    fu_span asked = inherited(o, p->unit, V_ASKED), executed = span(&o->msg, V_EXECUTED);
    fu_capture *c = &out->c;
    if (executed.n == 14)
        fu_span_number(executed, &out->executed);
    if (asked.n)
        c->check_day = fu_build_day(b, VALUES[V_ASKED].name, asked);
    else
        c->check_day = fu_build_day(b, VALUES[V_EXECUTED].name,
                                    fu_span_of(executed.p, executed.n == 14 ? 8 : executed.n));
    c->month = fu_day_month(c->check_day);
}

static const char *response_id(fu_evidence *ev, const char *file, size_t number)
{
    const char *slash = file;
    fu_buf b;
    const char *id;
    for (const char *p = file; *p; p++) {
        if (*p == '/' || *p == '\\')
            slash = p + 1;
    }
    if (!number)
        return fu_evidence_text(ev, fu_span_str(slash));
    fu_buf_init(&b, ev->mem, SIZE_MAX);
    fu_buf_str(&b, slash);
    fu_buf_char(&b, '#');
    fu_buf_uint(&b, number);
    if (b.status != FU_OK)
        ev->arena.failed = true;
    id = fu_evidence_text(ev, fu_buf_view(&b));
    fu_buf_free(&b);
    return id;
}

static void fill_person(const fu_oqs *o, fu_build *b, const person *p, fu_response *out)
{
    fu_capture *c = &out->c;
    fu_span reference = identity(o, p, V_REFERENCE);
    fu_build_patient(b, reference.n ? reference : identity(o, p, V_ARBITRARY), first_of(p, V_NAME),
                     first_of(p, V_KANA));
    c->birth = fu_build_day(b, VALUES[V_BIRTH].name, birth_of(o, p));
    c->sex = sex_of(b, first_of(p, V_SEX));
    /* The number alone names a person, though no claim can be matched by it without a birth date:
     * that is told as E504, with the claim it is near to. */
    out->person = c->birth || c->karte[0];
    set_days(o, b, p, out);
}

/* ---- From the message to responses -------------------------------------------------------------
 */

/* number: "#n" of the id, 0 = none. */
static fu_status add_person(fu_oqs *o, const person *p, const verdict *v, size_t number,
                            fu_error *e)
{
    uint64_t line = p->result ? p->result->line : p->unit ? p->unit->line : o->msg.line;
    fu_response *out = fu_response_new(o->ev, o->file, line, e);
    fu_build b = {.ev = o->ev, .file = o->file, .form = FU_FORM_DIGITS, .line = line};
    fu_status st;
    if (!out)
        return e ? e->status : FU_E_NOMEM;
    b.c = &out->c;
    out->c.id = response_id(o->ev, o->file, number);
    out->c.outcome = v->problem ? FU_OUT_ERROR : VALIDITIES[v->validity].outcome;
    fill_person(o, &b, p, out);
    if (!v->problem) {
        out->c.response_affected = VALIDITIES[v->validity].affected;
        out->newer = out->c.newer_exists = VALIDITIES[v->validity].newer;
        add_quals(&b, out, p);
    }
    st = fu_build_done(&b, e);
    if (st == FU_OK && out->person)
        st = fu_capture_keep(o->ev, &out->c, e);
    return st;
}

/* E510 about a unit or the message; names the capture where there is one. */
static void report(fu_oqs *o, const verdict *v, uint64_t line, size_t first)
{
    fu_build b = {.ev = o->ev, .file = o->file, .line = line};
    const fu_response *r = first < o->ev->n_responses ? o->ev->responses[first] : NULL;
    fu_finding *f = fu_build_finding(&b, FU_E510, v->problem, v->found);
    if (r && r->person)
        f->capture = r->c.id;
}

/* Takes the first result and all of the same person out of the list. */
static record *take_same(record **list)
{
    record *head = *list, *tail = head, **at;
    *list = head->next;
    head->next = NULL;
    for (at = list; *at;) {
        record *r = *at;
        if (!same_person(head, r)) {
            at = &r->next;
            continue;
        }
        *at = r->next;
        r->next = NULL;
        tail = tail->next = r;
    }
    return head;
}

/* A message that is not in bulk form: one or several persons. */
static fu_status add_single(fu_oqs *o, fu_error *e)
{
    size_t first = o->ev->n_responses, n = 0;
    verdict v = judge(o, NULL);
    record *list = o->msg.results;
    record *chain = list ? take_same(&list) : NULL;
    bool several = list != NULL;
    fu_status st;
    do {
        person p = {NULL, chain, !several};
        st = add_person(o, &p, &v, several ? ++n : 0, e);
        chain = list ? take_same(&list) : NULL;
    } while (st == FU_OK && chain);
    if (st == FU_OK && v.problem)
        report(o, &v, o->msg.line, first);
    return st;
}

static fu_status add_units(fu_oqs *o, fu_error *e)
{
    verdict whole = judge(o, NULL);
    bool segment_bad =
        whole.problem && span(&o->msg, V_SEGMENT).n && !is(span(&o->msg, V_SEGMENT), "1");
    fu_status st = FU_OK;
    size_t n = 0;
    if (segment_bad)
        report(o, &whole, o->msg.line, SIZE_MAX);
    for (const record *u = o->units; st == FU_OK && u; u = u->next) {
        person p = {u, u->results, true};
        verdict v = judge(o, u);
        size_t first = o->ev->n_responses;
        st = add_person(o, &p, &v, ++n, e);
        if (st == FU_OK && v.problem && !segment_bad)
            report(o, &v, u->line, first);
    }
    return st;
}

static bool has_result(const record *r)
{
    return r->v[V_STATUS] || r->v[V_VALIDITY] || r->results;
}

/* Neither a result nor an error of one: a request, or a message of another series. */
static const char *foreign_kind(const fu_oqs *o)
{
    const record *m = &o->msg;
    if (m->v[V_SEGMENT] || has_result(m))
        return NULL;
    for (const record *u = o->units; u; u = u->next) {
        if (has_result(u))
            return NULL;
    }
    return m->v[V_RESULT_CODE] || m->v[V_CONTENTS] ? "資格確認以外の結果" : "照会の要求";
}

fu_status fu_oqs_finish(fu_oqs *o, fu_error *e)
{
    fu_evidence *ev = o->ev;
    const char *foreign = foreign_kind(o);
    size_t first = ev->n_responses;
    fu_status st;
    if (foreign) {
        fu_span found = joined_text(o, span(&o->msg, V_RESULT_CODE), span(&o->msg, V_CONTENTS));
        return fu_response_skip(ev, o->file, o->msg.line, foreign, found, e);
    }
    st = o->units ? add_units(o, e) : FU_OK;
    if (st == FU_OK && (!o->units || o->msg.results))
        st = add_single(o, e);
    for (size_t i = first; i < ev->n_responses; i++) {
        ev->responses[i]->first = first;
        ev->responses[i]->n_file = ev->n_responses - first;
    }
    if (st == FU_OK && o->tmp.failed)
        st = tmp_failed(o, e);
    return st == FU_OK ? fu_evidence_memory(ev, e) : st;
}
