#include "decide/decide.h"

#include "base/date.h"
#include "text/width.h"

/* The capture's own findings, told with the claim they concern. */
static void pass_on(const fu_capture *cap, const fu_claim *c, fu_findings *out)
{
    for (size_t i = 0; i < cap->findings.n; i++) {
        const fu_finding *from = &cap->findings.v[i];
        fu_finding *to = fu_claim_finding(out, from->code, c);
        to->severity = from->severity;
        to->found = from->found;
        to->item = from->item;
        to->want = from->want;
        to->capture = cap->id;
    }
}

static bool has_error(const fu_findings *l, fu_code code)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->v[i].code == code && l->v[i].severity == FU_ERROR)
            return true;
    return false;
}

static bool affected(const fu_capture *cap)
{
    return fu_outcome_rows[cap->outcome].affected || cap->response_affected;
}

/* ---- reasons to hold that hold for every route ---- */

/* 保険者番号 as the tables want it: half width, without blanks. */
static fu_span insurer_of(const char *text, fu_findings *out)
{
    fu_buf b;
    fu_span s;
    fu_buf_init(&b, out->arena->mem, FU_CSV_ROW_BYTES_MAX * (size_t)4);
    fu_narrow(&b, fu_span_str(text));
    out->failed |= b.status == FU_E_NOMEM;
    s = fu_span_str(fu_findings_text(out, fu_span_trim(fu_buf_view(&b))));
    fu_buf_free(&b);
    return s;
}

static bool document_ok(const fu_capture *cap, fu_document d, int32_t day)
{
    const fu_document_row *row = &fu_document_rows[d];
    bool online = false;
    if (!row->alone && !(cap->documents & 1u << FU_DOC_MYNACARD))
        return false;
    if (!day)
        return true;
    for (size_t i = 0; i < cap->n_quals; i++)
        online |= cap->quals[i].counts && cap->quals[i].source == FU_QS_ONLINE;
    if (row->from && day < row->from)
        return false;
    return !row->to || day <= row->to || (online && row->online_to && day <= row->online_to);
}

/* The day the documents are judged by: the visit's; where it is not known, any day of the month
 * that is good for them counts. */
static bool documents_ok(const fu_capture *cap, const char **refused)
{
    int32_t last = cap->month ? cap->month * 100 + fu_days_in_month(cap->month) : 0;
    int32_t first = cap->month ? cap->month * 100 + 1 : 0;
    bool any = false, ok = false;
    for (int d = 0; d < FU_DOC_COUNT; d++) {
        if (d == FU_DOC_NONE || !(cap->documents & 1u << d))
            continue;
        any = true;
        ok |= cap->check_day ? document_ok(cap, (fu_document)d, cap->check_day)
                             : document_ok(cap, (fu_document)d, first) ||
                                   document_ok(cap, (fu_document)d, last);
        *refused = fu_document_rows[d].ja;
    }
    return !any || ok;
}

static const char *day_text(fu_findings *out, int32_t day)
{
    char t[16];
    if (!day)
        return NULL;
    t[0] = '\0';
    for (int i = 9, v = day; i >= 0; i--) {
        if (i == 4 || i == 7) {
            t[i] = '-';
            continue;
        }
        t[i] = (char)('0' + v % 10);
        v /= 10;
    }
    return fu_findings_text(out, fu_span_of(t, 10));
}

static void hold_always(const fu_capture *cap, const fu_claim *c, const fu_qualification *current,
                        fu_findings *out)
{
    const char *refused = NULL;
    if (!documents_ok(cap, &refused)) {
        fu_finding *f = fu_claim_finding(out, FU_E512, c);
        f->found = refused;
        f->item = day_text(out, cap->check_day);
    }
    if (cap->outcome == FU_OUT_AMBIGUOUS && !current)
        fu_claim_finding(out, FU_E511, c);
}

/* ---- current and kyushikaku ---- */

static void hold_qualification(const fu_qualification *q, const fu_claim *c, const fu_header *h,
                               fu_findings *out)
{
    fu_span insurer = insurer_of(q->insurer, out);
    int payer = fu_insurer_payer(insurer);
    if (fu_insurer_is_kouki(insurer) != c->kouki) {
        fu_finding *f = fu_claim_finding(out, FU_R604, c);
        f->found = *fu_insurer_kind(insurer) ? fu_insurer_kind(insurer) : q->insurer;
        f->item = c->kouki ? "後期高齢者" : "医保・国保";
    }
    if (fu_wrong_payer(payer, h)) {
        fu_finding *f = fu_claim_finding(out, FU_R612, c);
        f->found = fu_insurer_kind(insurer);
        f->item = fu_payer_name(h->payer);
    }
}

/* ---- fusho ---- */

static void missing_item(const fu_claim *c, const char *item, fu_findings *out)
{
    fu_claim_finding(out, FU_R601, c)->item = item;
}

static bool declared(const fu_capture *cap, int item)
{
    const fu_declaration *d = &cap->declaration;
    switch (item) {
    case FU_REQ_KANA:
        return *cap->kana != '\0';
    case FU_REQ_KIND:
        return d->kind != FU_WORD_NONE;
    case FU_REQ_ADDRESS:
        return d->n_addresses > 0;
    default:
        return *d->phone != '\0';
    }
}

static void hold_declaration(const fu_capture *cap, const fu_claim *c, fu_findings *out)
{
    for (int i = 0; i < FU_REQ_COUNT; i++)
        if (!declared(cap, i))
            missing_item(c, fu_required_rows[i].ja, out);
}

static void hold_kind(const fu_capture *cap, const fu_claim *c, const fu_header *h,
                      fu_findings *out)
{
    int kind = cap->declaration.kind;
    const fu_hoken_row *row;
    if (kind == FU_WORD_NONE)
        return;
    row = &fu_hoken_rows[kind];
    if (kind != FU_HOKEN_UNKNOWN && row->kouki != c->kouki) {
        fu_finding *f = fu_claim_finding(out, FU_R604, c);
        f->found = row->recorded;
        f->item = c->kouki ? "後期高齢者" : "医保・国保";
    }
    if (fu_wrong_payer(row->payer, h)) {
        fu_finding *f = fu_claim_finding(out, FU_R612, c);
        f->found = row->recorded;
        f->item = fu_payer_name(h->payer);
    }
}

static void hold_fusho(fu_decision *d, const fu_claim *c, const fu_facts *f, const fu_header *h,
                       fu_findings *out)
{
    const fu_capture *cap = d->capture;
    int32_t claim_month = h->month ? h->month : fu_month_add(c->month, 1);
    if (!cap->declaration.there) {
        /* Nothing to go on: the other conditions of 不詳 are not asked yet. */
        missing_item(c, "被保険者資格申立書", out);
        return;
    }
    hold_declaration(cap, c, out);
    if (claim_month < FU_FUSHO_SINCE)
        fu_claim_finding(out, FU_U313, c)->found = fu_field_text(out->arena, fu_re_field(c, 4));
    if (cap->n_contacts == 0)
        fu_claim_finding(out, FU_R602, c);
    if (cap->documents == 1u << FU_DOC_NONE)
        fu_claim_finding(out, FU_R603, c);
    hold_kind(cap, c, h, out);
    fu_choose_tokki(c, f, cap, out, &d->tokki);
}

static void advise_fusho(fu_decision *d, const fu_claim *c, const fu_facts *f,
                         const fu_policy *policy, fu_findings *out)
{
    const fu_declaration *decl = &d->capture->declaration;
    d->deadline = fu_deadline(policy->today, FU_FUSHO_DEADLINE_MONTHS, FU_FUSHO_DEADLINE_DAY);
    fu_claim_finding(out, FU_R606, c)->want = day_text(out, d->deadline);
    if (c->inpatient || decl->verbal || f->again)
        fu_claim_finding(out, FU_R607, c);
    if (decl->kind == FU_HOKEN_UNKNOWN)
        fu_claim_finding(out, FU_R609, c);
}

/* ---- the route ---- */

static void take(fu_decision *d, fu_route route, const char *ja, const char *en)
{
    d->route = route;
    d->why_ja = ja;
    d->why_en = en;
}

/* A former insurance is no way out for a claim that came back once (rules.md 2) or, where the
 * institution has chosen so, when 振替 is impossible. */
static void choose_former(fu_decision *d, const fu_claim *c, const fu_facts *f,
                          const fu_policy *policy, bool *held, fu_findings *out)
{
    const char *obstacle = fu_furikae_obstacle(f, c);
    take(d, FU_R_KYUSHIKAKU, "喪失済みの旧資格情報だけがわかっている",
         "only a former insurance is known");
    if (c->returned) {
        take(d, FU_R_FUSHO, "旧資格で請求して返戻されたため、不詳とする",
             "returned once as former insurance");
        return;
    }
    if (!obstacle)
        return;
    if (policy->former_with_kohi == FU_FORMER_FUSHO) {
        take(d, FU_R_FUSHO, "旧資格では振替ができないため、不詳とする（--former-with-kohi）",
             "former insurance cannot be redirected (--former-with-kohi)");
        return;
    }
    if (policy->former_with_kohi == FU_FORMER_HOLD) {
        fu_claim_finding(out, FU_K351, c)->item = obstacle;
        *held = true;
    }
}

static void choose_route(fu_decision *d, const fu_claim *c, const fu_facts *f,
                         const fu_policy *policy, bool *held, fu_findings *out)
{
    d->q = fu_capture_qualification(d->capture, FU_Q_CURRENT);
    if (d->q) {
        take(d, FU_R_CURRENT, "現在の資格が確認できた", "the current insurance is known");
        return;
    }
    d->q = fu_capture_qualification(d->capture, FU_Q_FORMER);
    if (d->q)
        choose_former(d, c, f, policy, held, out);
    else
        take(d, FU_R_FUSHO, "現在の資格も旧資格もわからない", "neither insurance is known");
    if (d->route == FU_R_FUSHO)
        d->q = NULL;
}

/* Faults of the claim itself that forbid any rewrite; check/ reports them. */
static bool unsound(const fu_claim *c)
{
    return c->type == FU_TYPE_UNKNOWN || c->newer_layout || c->n_ho > 1 || c->n_ko > FU_KOHI_MAX ||
           c->soukatsu > 3;
}

static void list_ids(const fu_candidates *cand, const fu_claim *c, fu_findings *out)
{
    fu_buf b;
    fu_buf_init(&b, out->arena->mem, 512);
    for (size_t i = 0; i < cand->n && i < FU_MATCHES_MAX; i++) {
        fu_buf_str(&b, i ? "、" : "");
        fu_buf_str(&b, cand->captures[i]->id);
    }
    out->failed |= b.status == FU_E_NOMEM;
    fu_claim_finding(out, FU_E503, c)->item = fu_findings_text(out, fu_buf_view(&b));
    fu_buf_free(&b);
}

/* A claim that is as it would be written: nothing of it is guessed. */
static bool has_its_answer(const fu_decision *d, const fu_facts *f, fu_findings *out)
{
    if (f->fusho_number)
        return true;
    if (!d->q || (d->route != FU_R_CURRENT && !f->has[FU_CM_KYUSHIKAKU]))
        return false;
    return fu_span_eq(fu_span_trim_zeros(insurer_of(d->q->insurer, out)),
                      fu_span_trim_zeros(f->insurer));
}

/* Whose visit is it about, where the insurance changed within the month? */
static void hold_two_insurers(const fu_decision *d, const fu_candidates *cand, const fu_claim *c,
                              const fu_facts *f, fu_findings *out)
{
    if (cand->two_insurers && !has_its_answer(d, f, out))
        fu_claim_finding(out, FU_E514, c)->found = cand->captures[0]->id;
}

static void decide_capture(fu_decision *d, const fu_claim *c, const fu_facts *f, const fu_header *h,
                           const fu_candidates *cand, const fu_policy *policy, fu_findings *out)
{
    const fu_capture *cap = d->capture;
    bool held = false;
    size_t before = out->n, errors;
    choose_route(d, c, f, policy, &held, out);
    hold_two_insurers(d, cand, c, f, out);
    hold_always(cap, c, d->route == FU_R_CURRENT ? d->q : NULL, out);
    if (d->q)
        hold_qualification(d->q, c, h, out);
    if (d->route == FU_R_FUSHO)
        hold_fusho(d, c, f, h, out);
    errors = 0;
    for (size_t i = before; i < out->n; i++)
        errors += out->v[i].severity == FU_ERROR;
    pass_on(cap, c, out);
    if (cap->newer_exists && d->route != FU_R_CURRENT)
        fu_claim_finding(out, FU_R610, c);
    if (errors || held || unsound(c) || has_error(&cap->findings, FU_E505)) {
        if (c->returned && !d->q && fu_capture_qualification(cap, FU_Q_FORMER))
            fu_claim_finding(out, FU_K353, c);
        take(d, FU_R_HOLD, "人が確かめる必要がある", "a person must look at it");
        d->advice_from = out->n;
        return;
    }
    d->advice_from = out->n;
    if (d->route == FU_R_FUSHO)
        advise_fusho(d, c, f, policy, out);
}

void fu_decide(fu_decision *d, const fu_claim *c, const fu_facts *f, const fu_header *h,
               const fu_candidates *cand, const fu_policy *policy, fu_findings *out)
{
    memset(d, 0, sizeof *d);
    take(d, FU_R_NONE, "対象外", "not affected");
    if (cand->n == 0)
        return;
    d->capture = cand->captures[0];
    if (!c->ho) {
        if (d->capture->unusable || affected(d->capture))
            fu_claim_finding(out, FU_R611, c)->found = d->capture->id;
        return;
    }
    if (cand->n > 1 || cand->two_persons) {
        take(d, FU_R_HOLD, "窓口記録とレセプトが1対1で対応しない",
             "capture and claim do not match one to one");
        list_ids(cand, c, out);
        return;
    }
    if (!d->capture->unusable && !affected(d->capture)) {
        /* What contradicts itself holds the claim, whatever the check said (oqs-xml.md 8). */
        if (has_error(&d->capture->findings, FU_E505))
            take(d, FU_R_HOLD, "窓口記録の内容が矛盾している", "the capture contradicts itself");
        pass_on(d->capture, c, out);
        return;
    }
    if (d->capture->unusable) {
        take(d, FU_R_HOLD, "窓口記録に足りない項目がある", "the capture cannot be used");
        pass_on(d->capture, c, out);
        return;
    }
    decide_capture(d, c, f, h, cand, policy, out);
}
