#include "check/check.h"

#include "base/date.h"

static bool in_force(fu_code code, const fu_claim *c)
{
    const fu_finding_row *row = &fu_finding_rows[code];
    return (!row->from || c->month >= row->from) && (!row->to || c->month <= row->to);
}

static fu_finding *at_tokki(fu_findings *out, fu_code code, const fu_claim *c, fu_span value)
{
    fu_finding *f = fu_check_at(out, code, c, c->re, c->layout->at.re_tokki);
    f->found = fu_field_text(out->arena, value);
    return f;
}

static void check_form(fu_findings *out, const fu_claim *c, const fu_tokki_list *l)
{
    if (l->odd)
        at_tokki(out, FU_T407, c, l->field)->item = "2桁ずつになっていない";
    if (l->many) {
        fu_finding *f = at_tokki(out, FU_T407, c, l->field);
        f->item = "6つ以上ある";
        f->payer = "";
    }
    for (size_t i = 0; i < l->n; i++) {
        const fu_tokki_row *r = l->rows[i];
        const char *why = NULL;
        if (fu_span_is(l->codes[i], "  "))
            continue;
        if (!r)
            why = "決められていないコード";
        else if (r->to && c->month > r->to)
            why = "診療年月に使えないコード";
        for (size_t k = 0; k < i && !why; k++)
            if (fu_span_eq(l->codes[i], l->codes[k]))
                why = "同じコードが2つある";
        if (why) {
            fu_finding *f = at_tokki(out, FU_T407, c, l->codes[i]);
            f->item = why;
            f->payer = r && r->to && r->to <= 201807 ? "3007" : "";
        }
    }
}

/* Two income classes exclude each other, 多数回 or not. */
static void check_exclusive(fu_findings *out, const fu_claim *c, const fu_tokki_list *l)
{
    size_t first = l->n;
    for (size_t i = 0; i < l->n; i++) {
        if (!fu_tokki_is_class(l->rows[i]))
            continue;
        if (first == l->n) {
            first = i;
        } else if (l->rows[i] != l->rows[first]) {
            char both[4] = {(char)l->codes[first].p[0], (char)l->codes[first].p[1],
                            (char)l->codes[i].p[0], (char)l->codes[i].p[1]};
            at_tokki(out, FU_T403, c, fu_span_of(both, 4));
            return;
        }
    }
}

static void check_share(fu_findings *out, const fu_claim *c, const fu_tokki_row *r, fu_span code)
{
    bool is_30 = fu_claim_is_30(c);
    if (!in_force(FU_T402, c) || !fu_claim_elderly_type(c))
        return;
    if (is_30 ? !(r->shares & 1u << 3) : !(r->shares & (1u << 1 | 1u << 2)))
        at_tokki(out, FU_T402, c, code)->want = is_30 ? "3割" : "1割または2割";
}

static void check_scheme(fu_findings *out, const fu_claim *c, const fu_tokki_row *r, fu_span code)
{
    bool general = strcmp(r->code, "29") == 0 || strcmp(r->code, "34") == 0;
    bool new_class = strcmp(r->code, "41") == 0 || strcmp(r->code, "43") == 0;
    bool over_75 = fu_claim_age_at_least(c, 75);
    if (r->kouki_only && (!c->kouki || c->month < r->from))
        at_tokki(out, FU_T404, c, code);
    if (strcmp(r->code, "42") == 0 && !c->kouki)
        at_tokki(out, FU_T406, c, code);
    if (!c->kouki || !c->birth)
        return;
    if (general && over_75 && in_force(FU_T405, c))
        at_tokki(out, FU_T405, c, code);
    if ((general || new_class) && !over_75 && fu_age_in_month(c->birth, 65, c->month) &&
        in_force(FU_T408, c))
        at_tokki(out, FU_T408, c, code);
}

static void check_missing(fu_findings *out, const fu_claim *c, bool any)
{
    const char *band = c->kouki ? "後期高齢者" : "70歳以上";
    if (!any && c->ho && fu_needs_class(c) && in_force(FU_T401, c))
        fu_check_at(out, FU_T401, c, c->re, c->layout->at.re_tokki)->item = band;
}

/* 給付割合 90: a share of 1割, which nobody of 70-74 has any more. */
static void check_10_percent(fu_findings *out, const fu_claim *c)
{
    uint64_t v;
    if (!c->kouki && c->type_digit[1] == 1 && fu_claim_age_at_least(c, 70) &&
        fu_span_number(fu_re_field(c, c->layout->at.re_kyufu), &v) && v == 90)
        fu_check_value(out, FU_T406, c, c->re, c->layout->at.re_kyufu);
}

void fu_check_tokki(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    const fu_tokki_list *l = &f->tokki;
    bool any = false;
    check_form(out, c, l);
    check_exclusive(out, c, l);
    for (size_t i = 0; i < l->n; i++) {
        const fu_tokki_row *r = l->rows[i];
        if (!fu_tokki_is_class(r))
            continue;
        any = true;
        check_share(out, c, r, l->codes[i]);
        check_scheme(out, c, r, l->codes[i]);
        if (c->ho && !fu_needs_class(c) && !fu_claim_age_at_least(c, 70) && !f->kougaku)
            at_tokki(out, FU_T409, c, l->codes[i]);
    }
    check_missing(out, c, any);
    check_10_percent(out, c);
}

void fu_check_claim(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h,
                    const fu_policy *policy)
{
    fu_check_structure(out, c);
    if (c->type == FU_TYPE_UNKNOWN)
        return; /* its layout is not known: nothing more can be said */
    fu_check_insurer(out, c, f, h);
    fu_check_fusho(out, c, f, h, policy);
    fu_check_tokki(out, c, f);
}
