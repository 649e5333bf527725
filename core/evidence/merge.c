#include <stdio.h>

#include "base/date.h"
#include "evidence/join.h"
#include "text/width.h"

/* ---- Same insurance ----------------------------------------------------------------------------
 */

/* Without blanks and zeros in front, in either width. */
static fu_span bare_number(const char *text)
{
    static const unsigned char WIDE_ZERO[3] = {0xEF, 0xBC, 0x90};
    fu_span s = fu_trim(fu_span_str(text));
    for (;;) {
        if (s.n > 1 && s.p[0] == '0')
            s = fu_span_of(s.p + 1, s.n - 1);
        else if (s.n > 3 && memcmp(s.p, WIDE_ZERO, 3) == 0)
            s = fu_span_of(s.p + 3, s.n - 3);
        else
            return s;
    }
}

bool fu_same_insurance(const fu_qualification *a, const fu_qualification *b)
{
    if (!fu_width_match(bare_number(a->insurer), bare_number(b->insurer)) ||
        !fu_width_match(bare_number(a->bango), bare_number(b->bango)) ||
        !fu_width_match(fu_span_str(a->kigo), fu_span_str(b->kigo)))
        return false;
    if (!a->branch[0] || !b->branch[0])
        return true;
    return fu_width_match(fu_span_str(a->branch), fu_span_str(b->branch));
}

/* ---- Findings ----------------------------------------------------------------------------------
 */

static void contradiction(fu_evidence *ev, fu_capture *c, const char *item, const char *found,
                          const char *want)
{
    fu_build b = {.ev = ev, .file = c->file, .c = c, .line = c->line};
    fu_build_finding(&b, FU_E505, item, fu_span_str(found))->want = want;
}

static void day_text(char out[16], int32_t day)
{
    snprintf(out, 16, "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
}

static void day_contradiction(fu_evidence *ev, fu_capture *c, const char *item, int32_t day)
{
    char text[16];
    day_text(text, day);
    contradiction(ev, c, item, text, NULL);
}

/* ---- Which response decides --------------------------------------------------------------------
 */

static bool holds(const fu_qualification *q, int32_t day)
{
    return (!q->from || q->from <= day) && (!q->to || q->to >= day);
}

/* "Invalid" on a later day, of an insurance that by its own dates was lost after the visit only. */
static bool lost_later(const fu_response *r, int32_t day)
{
    bool later = false;
    for (size_t i = 0; day && day < r->c.check_day && i < r->c.n_quals; i++) {
        const fu_period *p = &r->periods[i];
        later = later || (r->c.quals[i].counts && p->lost > day && p->qualified <= day);
    }
    return later;
}

/* Where nobody wrote the visit's day: the first on which a check failed is one. */
static int32_t first_failed(const fu_links *list)
{
    for (const fu_link *l = list->first; l; l = l->next) {
        if (l->r->c.response_affected && l->r->c.check_day)
            return l->r->c.check_day;
    }
    return 0;
}

/* 0: an error, 1: an answer but not for that day, 2: counts. */
static int weight(const fu_response *r, int32_t day, int32_t failed)
{
    int32_t own = day ? day : r->c.check_day, visit = day || !failed ? own : failed;
    if (r->c.outcome == FU_OUT_ERROR)
        return 0;
    if (r->c.outcome == FU_OUT_INVALID && lost_later(r, day))
        return 1;
    if (r->c.outcome != FU_OUT_VALID)
        return 2;
    for (size_t i = 0; i < r->c.n_quals; i++) {
        if (holds(&r->c.quals[i], own) && holds(&r->c.quals[i], visit))
            return 2;
    }
    return 1;
}

/* day: of the visit, 0 = not known. */
static fu_response *deciding(const fu_links *list, int32_t day)
{
    fu_response *best = NULL;
    int32_t failed = first_failed(list);
    int most = -1;
    for (const fu_link *l = list->first; l; l = l->next) {
        int w = weight(l->r, day, failed);
        if (w >= most) {
            most = w;
            best = l->r;
        }
    }
    return best;
}

/* ---- Periods -----------------------------------------------------------------------------------
 */

/* Where all that hold on the day are one insurance, the others are another time's: they do not
 * count, and nothing contradicts. */
static void settle_periods(fu_qualification *q, size_t n, int32_t day)
{
    const fu_qualification *now = NULL;
    for (size_t i = 0; i < n; i++) {
        if (!q[i].counts || !holds(&q[i], day))
            continue;
        if (now && !fu_same_insurance(now, &q[i]))
            return;
        now = now ? now : &q[i];
    }
    for (size_t i = 0; now && i < n; i++) {
        if (!holds(&q[i], day))
            q[i].counts = false;
    }
}

/* "Valid" for a day on which, by its own dates, it was not. */
static void check_periods(fu_evidence *ev, fu_capture *c, const fu_qualification *q,
                          const fu_period *p, size_t n, int32_t day)
{
    for (size_t i = 0; i < n; i++) {
        if (!q[i].counts)
            continue;
        if (p[i].lost && p[i].lost <= day)
            day_contradiction(ev, c, "DisqualificationDate", p[i].lost);
        if (p[i].qualified > day)
            day_contradiction(ev, c, "QualificationDate", p[i].qualified);
    }
}

static void judge_periods(fu_evidence *ev, fu_capture *c, size_t from, const fu_response *r)
{
    int32_t day = c->check_day ? c->check_day : r->c.check_day;
    if (r->c.outcome != FU_OUT_VALID || !r->c.n_quals || !day)
        return;
    settle_periods(c->quals + from, r->c.n_quals, day);
    check_periods(ev, c, c->quals + from, r->periods, r->c.n_quals, day);
}

/* ---- Qualifications ----------------------------------------------------------------------------
 */

static fu_status append_qual(fu_evidence *ev, fu_capture *c, const fu_qualification *q, fu_error *e)
{
    fu_qualification *list;
    if (c->n_quals >= FU_CAPTURE_ITEMS_MAX)
        return fu_fail_limit(e, "FU_CAPTURE_ITEMS_MAX", FU_CAPTURE_ITEMS_MAX);
    list = fu_evidence_grow(ev, c->quals, c->n_quals, sizeof *list);
    if (!list)
        return fu_evidence_memory(ev, e);
    c->quals = list;
    list[c->n_quals++] = *q;
    return FU_OK;
}

static bool has_insurance(const fu_capture *c, size_t from, const fu_qualification *q)
{
    for (size_t i = from; i < c->n_quals; i++) {
        if (fu_same_insurance(&c->quals[i], q))
            return true;
    }
    return false;
}

/* What earlier failed checks showed counts while the deciding one shows nothing. */
static fu_status keep_former(fu_evidence *ev, fu_capture *c, const fu_links *list,
                             const fu_response *decides, fu_error *e)
{
    size_t from = c->n_quals;
    fu_status st = FU_OK;
    for (const fu_link *l = list->first; st == FU_OK && l && l->r != decides; l = l->next) {
        const fu_capture *r = &l->r->c;
        for (size_t i = 0; r->outcome == FU_OUT_INVALID && st == FU_OK && i < r->n_quals; i++) {
            if (!r->quals[i].counts || has_insurance(c, from, &r->quals[i]))
                continue;
            c->newer_exists = c->newer_exists || l->r->newer;
            st = append_qual(ev, c, &r->quals[i], e);
        }
    }
    return st;
}

/* ---- Several responses -------------------------------------------------------------------------
 */

const fu_qualification *fu_capture_qualification(const fu_capture *c, fu_qstatus status)
{
    for (size_t i = 0; i < c->n_quals; i++)
        if (c->quals[i].counts && c->quals[i].status == status)
            return &c->quals[i];
    return NULL;
}

static const fu_qualification *counting(const fu_capture *c)
{
    for (size_t i = 0; i < c->n_quals; i++) {
        if (c->quals[i].counts)
            return &c->quals[i];
    }
    return NULL;
}

/* Valid first, invalid with other numbers later: the insurance changed within the month, and which
 * one the claim is for cannot be told. */
static void check_change(fu_evidence *ev, fu_capture *c, const fu_links *list)
{
    const fu_capture *valid = NULL;
    for (const fu_link *l = list->first; l; l = l->next) {
        const fu_capture *r = &l->r->c;
        const fu_qualification *now = counting(r);
        bool same = false;
        if (r->outcome == FU_OUT_VALID && now)
            valid = r;
        if (r->outcome != FU_OUT_INVALID || !now || !valid)
            continue;
        for (size_t i = 0; i < r->n_quals; i++)
            same = same || has_insurance(valid, 0, &r->quals[i]);
        if (!same) {
            contradiction(ev, c, "InsurerNumber", now->insurer, counting(valid)->insurer);
            return;
        }
    }
}

static bool any_affected(const fu_links *list)
{
    for (const fu_link *l = list->first; l; l = l->next) {
        if (l->r->c.response_affected)
            return true;
    }
    return false;
}

/* A response on its own has its month from nowhere else. */
static void need_month(fu_evidence *ev, fu_capture *c)
{
    fu_build b = {.ev = ev, .file = c->file, .c = c, .line = c->line};
    if (!c->month && !c->unusable)
        fu_build_wrong(&b, "QualificationConfirmationDate", fu_span_of(NULL, 0), "yyyymmdd");
}

fu_status fu_merge_alone(fu_evidence *ev, const fu_links *list, fu_error *e)
{
    fu_response *decides = deciding(list, 0);
    fu_capture *c = &decides->c;
    bool affected = any_affected(list);
    fu_status st = FU_OK;
    need_month(ev, c);
    judge_periods(ev, c, 0, decides);
    if (list->first == list->last)
        return FU_OK;
    check_change(ev, c, list);
    if (!c->n_quals)
        st = keep_former(ev, c, list, decides, e);
    c->response_affected = affected;
    for (const fu_link *l = list->first; l; l = l->next)
        l->r->c.joined = l->r != decides;
    return st;
}

/* ---- Into a capture of the desk ----------------------------------------------------------------
 */

static bool comparable(fu_outcome outcome)
{
    return outcome == FU_OUT_VALID || outcome == FU_OUT_INVALID || outcome == FU_OUT_NO_RECORD ||
           outcome == FU_OUT_AMBIGUOUS;
}

/* False if the desk wrote something else than the response it names says; an error says nothing. */
static bool check_outcome(fu_evidence *ev, fu_capture *c, const fu_links *list)
{
    const fu_response *named = NULL;
    for (const fu_link *l = list->first; l; l = l->next)
        named = l->named && comparable(l->r->c.outcome) ? l->r : named;
    if (!named || !c->outcome_given || !comparable(c->outcome) || named->c.outcome == c->outcome)
        return true;
    contradiction(ev, c, "outcome", fu_outcome_rows[c->outcome].word,
                  fu_outcome_rows[named->c.outcome].word);
    return false;
}

static void take_findings(fu_capture *c, const fu_capture *from)
{
    for (size_t i = 0; i < from->findings.n; i++) {
        fu_finding *f = fu_findings_add(&c->findings, from->findings.v[i].code);
        *f = from->findings.v[i];
        f->capture = c->id[0] ? c->id : NULL;
    }
    c->unusable = c->unusable || from->unusable;
}

fu_status fu_merge_into(fu_evidence *ev, fu_capture *c, const fu_links *list, fu_error *e)
{
    fu_response *decides = deciding(list, c->check_day);
    size_t from = c->n_quals;
    bool agrees = check_outcome(ev, c, list);
    fu_status st = FU_OK;
    check_change(ev, c, list);
    /* "Several fit" must not be lost behind what the desk saw at another time. */
    if (!c->outcome_given || (decides->c.outcome == FU_OUT_AMBIGUOUS && agrees))
        c->outcome = decides->c.outcome;
    if (!c->check_day)
        c->check_day = decides->c.check_day;
    c->response_affected = any_affected(list);
    c->newer_exists = decides->newer;
    if (decides->c.outcome != FU_OUT_ERROR) /* which says nothing, not even wrongly */
        take_findings(c, &decides->c);
    for (size_t i = 0; st == FU_OK && i < decides->c.n_quals; i++)
        st = append_qual(ev, c, &decides->c.quals[i], e);
    if (st == FU_OK)
        judge_periods(ev, c, from, decides);
    if (st == FU_OK && !decides->c.n_quals)
        st = keep_former(ev, c, list, decides, e);
    for (const fu_link *l = list->first; l; l = l->next)
        l->r->c.joined = true;
    return st;
}

/* ---- Contradictions ----------------------------------------------------------------------------
 */

static void check_reversed(fu_evidence *ev, fu_capture *c)
{
    for (size_t i = 0; i < c->n_quals; i++) {
        const fu_qualification *q = &c->quals[i];
        char text[40], from[16], to[16];
        if (!q->counts || !q->from || !q->to || q->from <= q->to)
            continue;
        day_text(from, q->from);
        day_text(to, q->to);
        snprintf(text, sizeof text, "%s > %s", from, to);
        contradiction(ev, c, "from", text, NULL);
    }
}

/* "Current" for another time than the visit's. An online answer's dates were judged with it. */
static void check_current_period(fu_evidence *ev, fu_capture *c)
{
    for (size_t i = 0; c->check_day && i < c->n_quals; i++) {
        const fu_qualification *q = &c->quals[i];
        if (!q->counts || q->status != FU_Q_CURRENT || q->source == FU_QS_ONLINE ||
            holds(q, c->check_day))
            continue;
        day_contradiction(ev, c, q->from > c->check_day ? "from" : "to",
                          q->from > c->check_day ? q->from : q->to);
    }
}

static void check_contacts(fu_evidence *ev, fu_capture *c)
{
    bool known = counting(c) != NULL, told = false;
    for (size_t i = 0; i < c->n_contacts; i++) {
        const fu_contact *k = &c->contacts[i];
        told = told || k->result == FU_C_TOLD;
        /* 令和 is what the claim can say; a contact before it is a slip of the pen. */
        if (k->on && (k->on < c->check_day || k->on < FU_REIWA_FIRST_DAY))
            day_contradiction(ev, c, "contact", k->on);
    }
    if (told && !known)
        contradiction(ev, c, "contact", "told", NULL);
}

/* Two that differ and could both be the one to write: nobody is guessed about. */
static void check_candidates(fu_evidence *ev, fu_capture *c)
{
    const fu_qualification *current = fu_capture_qualification(c, FU_Q_CURRENT);
    const fu_qualification *first = current ? current : fu_capture_qualification(c, FU_Q_FORMER);
    for (size_t i = 0; first && i < c->n_quals; i++) {
        const fu_qualification *q = &c->quals[i];
        if (!q->counts || q->status != first->status)
            continue;
        if (!fu_same_insurance(first, q)) {
            contradiction(ev, c, "qualification", q->insurer, first->insurer);
            return;
        }
    }
}

void fu_contradictions(fu_evidence *ev, fu_capture *c)
{
    check_contacts(ev, c);
    check_reversed(ev, c);
    check_candidates(ev, c);
    check_current_period(ev, c);
}
