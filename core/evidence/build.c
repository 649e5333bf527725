#include "evidence/build.h"

#include "base/date.h"
#include "base/utf8.h"

#define WANT_DAY_ISO "yyyy-mm-dd"
#define WANT_DAY_ANY "yyyy-mm-dd、yyyy/m/d、yyyymmdd、R8.11.2"
#define WANT_DAY_DIGITS "yyyymmdd"

/* The words of a table, each behind a separator; the first separator is skipped. */
#define SEPARATOR "、"
#define WORDS(list) (&(list)[sizeof SEPARATOR - 1])

static const char OUTCOMES[] =
#define FU_OUTCOME(id, word, affected, ja, source) SEPARATOR word
#include "rules/outcomes.def"
#undef FU_OUTCOME
    ;
static const char DOCUMENTS[] =
#define FU_DOCUMENT(id, word, from, to, online_to, alone, ja, source) SEPARATOR word
#include "rules/documents.def"
#undef FU_DOCUMENT
    ;
static const char KINDS[] =
#define FU_HOKEN(id, word, recorded, payer, kouki, source) SEPARATOR word
#include "rules/hoken.def"
#undef FU_HOKEN
    ;
static const char STATUSES[] =
#define FU_QSTATUS(id, word, ja, source) SEPARATOR word
#include "rules/qstatuses.def"
#undef FU_QSTATUS
    ;
static const char SOURCES[] =
#define FU_QSOURCE(id, word, ja, source) SEPARATOR word
#include "rules/qsources.def"
#undef FU_QSOURCE
    ;
static const char RESULTS[] =
#define FU_CRESULT(id, word, ja, source) SEPARATOR word
#include "rules/cresults.def"
#undef FU_CRESULT
    ;
static const char SHARES[] =
#define FU_SHARE(id, word, value, ja, source) SEPARATOR word
#include "rules/shares.def"
#undef FU_SHARE
    ;
static const char SEXES[] =
#define FU_SEX(id, word, value, ja, source) SEPARATOR word
#include "rules/sexes.def"
#undef FU_SEX
    ;

/* ---- Texts and memory --------------------------------------------------------------------------
 */

/* Length of the blank at the start (or the end) of a text, 0 for none. */
static size_t blank_at(fu_span s, bool at_end)
{
    static const unsigned char WIDE[3] = {0xE3, 0x80, 0x80};
    unsigned char c;
    if (s.n == 0)
        return 0;
    c = at_end ? s.p[s.n - 1] : s.p[0];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
        return 1;
    return s.n >= 3 && memcmp(at_end ? s.p + s.n - 3 : s.p, WIDE, 3) == 0 ? 3 : 0;
}

fu_span fu_trim(fu_span s)
{
    size_t k;
    while ((k = blank_at(s, false)) > 0)
        s = fu_span_of(s.p + k, s.n - k);
    while ((k = blank_at(s, true)) > 0)
        s.n -= k;
    return s;
}

const char *fu_evidence_text(fu_evidence *ev, fu_span s)
{
    const char *p;
    s = fu_trim(s);
    p = s.n ? fu_arena_text(&ev->arena, s) : "";
    return p ? p : "";
}

/* Step by step through bytes: no byte inside a character looks like a blank. */
const char *fu_evidence_number(fu_evidence *ev, fu_span s)
{
    char *p, *to;
    s = fu_trim(s);
    p = to = s.n ? fu_arena_text(&ev->arena, s) : NULL;
    if (!p)
        return "";
    while (s.n) {
        size_t blank = blank_at(s, false), n = blank ? blank : 1;
        if (!blank)
            *to++ = (char)s.p[0];
        s = fu_span_of(s.p + n, s.n - n);
    }
    *to = '\0';
    return p;
}

void *fu_evidence_grow(fu_evidence *ev, void *array, size_t n, size_t elem)
{
    void *p;
    if (n & (n - 1)) /* there is room up to the next power of two */
        return array;
    p = fu_arena_alloc(&ev->arena, (n ? n * 2 : 1) * elem);
    if (p && n)
        memcpy(p, array, n * elem);
    return p;
}

fu_status fu_evidence_memory(const fu_evidence *ev, fu_error *e)
{
    const fu_arena *a = &ev->arena;
    if (!a->failed)
        return FU_OK;
    /* The arena does not say which of the two it was; a list that doubles asks for as much as is in
     * use, so from about half its maximum on it was the maximum. */
    if (a->used >= a->max / 3)
        return fu_fail_limit(e, "FU_EVIDENCE_BYTES_MAX", a->max);
    return fu_fail_nomem(e);
}

/* ---- The capture -------------------------------------------------------------------------------
 */

void fu_capture_init(fu_evidence *ev, fu_capture *c, fu_origin origin, const char *file,
                     uint64_t line)
{
    memset(c, 0, sizeof *c);
    c->origin = origin;
    c->file = file;
    c->line = line;
    c->id = c->karte = c->name = c->kana = c->response = "";
    c->outcome = FU_OUT_NOT_DONE;
    c->declaration.kind = FU_WORD_NONE;
    c->declaration.insurer_name = c->declaration.workplace = c->declaration.phone = "";
    fu_findings_init(&c->findings, &ev->arena);
}

fu_capture *fu_capture_new(fu_evidence *ev, fu_origin origin, const char *file, uint64_t line)
{
    fu_capture *c = fu_arena_alloc(&ev->arena, sizeof *c);
    if (c)
        fu_capture_init(ev, c, origin, file, line);
    return c;
}

fu_status fu_capture_keep(fu_evidence *ev, fu_capture *c, fu_error *e)
{
    fu_capture **v;
    if (ev->n_captures >= FU_CAPTURES_MAX)
        return fu_fail_limit(e, "FU_CAPTURES_MAX", FU_CAPTURES_MAX);
    v = fu_arena_grow(&ev->arena, ev->captures, ev->n_captures, &ev->cap_captures, sizeof *v);
    if (!v)
        return fu_evidence_memory(ev, e);
    ev->captures = v;
    v[ev->n_captures++] = c;
    return FU_OK;
}

fu_person fu_capture_person(const fu_capture *c)
{
    fu_person p = {c->karte, c->name, c->kana, c->birth, c->sex};
    return p;
}

fu_finding *fu_build_finding(fu_build *b, fu_code code, const char *item, fu_span found)
{
    fu_findings *list = b->c ? &b->c->findings : &b->ev->findings;
    fu_finding *f = fu_findings_add(list, code);
    f->file = b->file;
    f->line = b->line;
    f->item = item;
    f->found = found.n ? fu_findings_text(list, found) : NULL;
    f->capture = b->c && b->c->id[0] ? b->c->id : NULL;
    return f;
}

/* It cannot be used anyway: a broken file must not become a report without end. */
void fu_build_wrong(fu_build *b, const char *item, fu_span found, const char *want)
{
    if (b->n_wrong++ < FU_WRONG_MAX)
        fu_build_finding(b, FU_E502, item, found)->want = want;
    if (b->c)
        b->c->unusable = true;
}

fu_status fu_build_done(const fu_build *b, fu_error *e)
{
    if (b->over)
        return fu_fail_limit(e, "FU_CAPTURE_ITEMS_MAX", FU_CAPTURE_ITEMS_MAX);
    return fu_evidence_memory(b->ev, e);
}

/* ---- Single values -----------------------------------------------------------------------------
 */

static int32_t read_day(fu_form form, fu_span v)
{
    if (form == FU_FORM_DIGITS)
        return v.n == 8 ? fu_day_from_digits(v) : 0;
    if (form == FU_FORM_ISO)
        return v.n == 10 ? fu_day_from_iso(v) : 0;
    return fu_day_from_any(v);
}

int32_t fu_build_day(fu_build *b, const char *item, fu_span v)
{
    static const char *const WANT[] = {WANT_DAY_ISO, WANT_DAY_ANY, WANT_DAY_DIGITS};
    int32_t day;
    v = fu_trim(v);
    if (!v.n)
        return 0;
    day = read_day(b->form, v);
    if (!day)
        fu_build_wrong(b, item, v, WANT[b->form]);
    return day;
}

/* A time as in 09:12, 09:12:30.5 or 09:12+09:00; only its form is looked at. */
static bool time_like(fu_span v)
{
    for (size_t i = 0; i < v.n; i++) {
        if (!v.p[i] || !strchr("0123456789:.+-Z", v.p[i]))
            return false;
    }
    return v.n >= 5 && v.p[2] == ':';
}

int32_t fu_build_daytime(fu_build *b, const char *item, fu_span v)
{
    v = fu_trim(v);
    if (v.n > 11 && (v.p[10] == 'T' || v.p[10] == ' ') && time_like(fu_span_of(v.p + 11, v.n - 11)))
        v.n = 10;
    return fu_build_day(b, item, v);
}

int32_t fu_build_month(fu_build *b, const char *item, fu_span v)
{
    int32_t month;
    v = fu_trim(v);
    month = v.n == 6 ? fu_month_from_digits(v) : 0;
    if (!month)
        fu_build_wrong(b, item, v, "yyyymm");
    return month;
}

int fu_build_sex(fu_build *b, const char *item, fu_span v)
{
    int sex;
    v = fu_trim(v);
    sex = fu_sex_of(v);
    if (v.n && sex == FU_WORD_NONE)
        fu_build_wrong(b, item, v, WORDS(SEXES));
    return sex == FU_WORD_NONE ? 0 : fu_sex_rows[sex].value;
}

int fu_build_share(fu_build *b, const char *item, fu_span v)
{
    int share;
    v = fu_trim(v);
    share = fu_share_of(v);
    if (v.n && share == FU_WORD_NONE)
        fu_build_wrong(b, item, v, WORDS(SHARES));
    return share == FU_WORD_NONE ? 0 : fu_share_rows[share].value;
}

int fu_build_kind(fu_build *b, const char *item, fu_span v)
{
    int kind;
    v = fu_trim(v);
    kind = fu_hoken_of(v);
    if (v.n && kind == FU_WORD_NONE)
        fu_build_wrong(b, item, v, WORDS(KINDS));
    return kind;
}

bool fu_build_yes(fu_build *b, const char *item, fu_span v)
{
    v = fu_trim(v);
    if (v.n && !fu_span_is(v, "yes") && !fu_span_is(v, "no"))
        fu_build_wrong(b, item, v, "yes、no");
    return fu_span_is(v, "yes");
}

int fu_build_source(fu_build *b, const char *item, fu_span v)
{
    int source;
    v = fu_trim(v);
    source = fu_qsource_of(v);
    if (v.n && source == FU_WORD_NONE)
        fu_build_wrong(b, item, v, WORDS(SOURCES));
    return source;
}

bool fu_build_status(fu_build *b, const char *item, fu_span v, fu_qstatus *out)
{
    int status;
    v = fu_trim(v);
    status = fu_qstatus_of(v);
    if (status == FU_WORD_NONE) {
        fu_build_wrong(b, item, v, WORDS(STATUSES));
        return false;
    }
    *out = (fu_qstatus)status;
    return true;
}

/* ---- Groups of values --------------------------------------------------------------------------
 */

void fu_build_outcome(fu_build *b, const char *item, fu_span v)
{
    int outcome;
    v = fu_trim(v);
    outcome = fu_outcome_of(v);
    if (outcome != FU_WORD_NONE) {
        b->c->outcome = (fu_outcome)outcome;
        b->c->outcome_given = true;
    } else if (v.n) {
        fu_build_wrong(b, item, v, WORDS(OUTCOMES));
    }
}

void fu_build_document(fu_build *b, const char *item, fu_span v)
{
    int document;
    v = fu_trim(v);
    document = fu_document_of(v);
    if (document == FU_WORD_NONE)
        fu_build_wrong(b, item, v, WORDS(DOCUMENTS));
    else
        b->c->documents |= 1u << document;
}

/* Makes room behind n elements of one of the capture's lists. */
static bool room(fu_build *b, void **array, size_t n, size_t elem)
{
    void *p;
    if (n >= FU_CAPTURE_ITEMS_MAX) {
        b->over = true;
        return false;
    }
    p = fu_evidence_grow(b->ev, *array, n, elem);
    if (p)
        *array = p;
    return p != NULL;
}

void fu_build_contact(fu_build *b, int32_t on, const char *item, fu_span result)
{
    fu_capture *c = b->c;
    void *v = c->contacts;
    fu_contact contact;
    result = fu_trim(result);
    contact.on = on;
    contact.result = fu_cresult_of(result);
    if (contact.result == FU_WORD_NONE)
        fu_build_wrong(b, item, result, WORDS(RESULTS));
    if (!room(b, &v, c->n_contacts, sizeof contact))
        return;
    c->contacts = v;
    c->contacts[c->n_contacts++] = contact;
}

void fu_build_address(fu_build *b, fu_span v)
{
    fu_declaration *d = &b->c->declaration;
    void *list = d->addresses;
    v = fu_trim(v);
    if (!v.n || !room(b, &list, d->n_addresses, sizeof *d->addresses))
        return;
    d->addresses = list;
    d->addresses[d->n_addresses++] = fu_evidence_text(b->ev, v);
}

/* 不詳 written as an insurer: sevens of any length from six, or 77777779; in either width. */
static bool is_sevens(fu_span insurer)
{
    size_t sevens = 0;
    bool nine = false;
    for (size_t i = 0; i < insurer.n;) {
        uint32_t cp = fu_utf8_next(insurer, &i);
        if (cp >= 0xFF10 && cp <= 0xFF19)
            cp = cp - 0xFF10 + '0';
        if (cp == ' ' || cp == 0x3000 || (cp == '0' && sevens == 0 && !nine))
            continue;
        if (nine || (cp != '7' && cp != '9'))
            return false;
        nine = cp == '9';
        sevens += cp == '7';
    }
    return nine ? sevens == 7 : sevens >= 6;
}

static fu_qualification *keep_qual(fu_build *b, const fu_qualification *q)
{
    fu_capture *c = b->c;
    void *list = c->quals;
    if (!room(b, &list, c->n_quals, sizeof *q))
        return NULL;
    c->quals = list;
    c->quals[c->n_quals] = *q;
    c->quals[c->n_quals].counts = false;
    return &c->quals[c->n_quals++];
}

void fu_build_qual(fu_build *b, const fu_qualification *q, fu_qual_items items)
{
    fu_qualification *mine = keep_qual(b, q);
    if (!mine)
        return;
    /* Incomplete numbers leave the rest of the capture usable. */
    if (!q->insurer[0])
        fu_build_finding(b, FU_E502, items.insurer, fu_span_of(NULL, 0));
    if (!q->bango[0])
        fu_build_finding(b, FU_E502, items.bango, fu_span_of(NULL, 0));
    if (is_sevens(fu_span_str(q->insurer)))
        fu_build_finding(b, FU_E509, items.insurer, fu_span_str(q->insurer));
    else
        mine->counts = q->insurer[0] && q->bango[0];
}

void fu_build_class(fu_build *b, fu_span tokki)
{
    fu_qualification q = {.status = FU_Q_FORMER,
                          .source = FU_WORD_NONE,
                          .insurer = "",
                          .kigo = "",
                          .bango = "",
                          .branch = "",
                          .tokki = fu_evidence_text(b->ev, tokki)};
    keep_qual(b, &q);
}

void fu_build_patient(fu_build *b, fu_span karte, fu_span name, fu_span kana)
{
    b->c->karte = fu_evidence_text(b->ev, karte);
    b->c->name = fu_evidence_text(b->ev, name);
    b->c->kana = fu_evidence_text(b->ev, kana);
}

void fu_build_need_patient(fu_build *b)
{
    const fu_capture *c = b->c;
    if (!c->karte[0] && !c->name[0] && !c->kana[0] && !c->birth)
        fu_build_wrong(b, "patient", fu_span_of(NULL, 0), NULL);
}
