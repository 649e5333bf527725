#include "decide/decide.h"

/* Shares that are still possible, as bits 1u << n for n割. */
static unsigned possible_shares(const fu_claim *c, const fu_declaration *d)
{
    unsigned by_type = 1u << 1 | 1u << 2 | 1u << 3;
    unsigned declared = d->there && d->share ? 1u << d->share : 0;
    if (fu_claim_is_30(c))
        return 1u << 3;
    if (fu_claim_elderly_type(c))
        by_type = 1u << 1 | 1u << 2;
    return declared & by_type ? declared : by_type;
}

static bool class_fits(const fu_tokki_row *r, const fu_claim *c, unsigned shares)
{
    return fu_tokki_is_class(r) && (r->shares & shares) && (!r->kouki_only || c->kouki) &&
           c->month >= r->from && (!r->to || c->month <= r->to);
}

static bool class_there(const fu_facts *f, const fu_claim *c, unsigned shares)
{
    for (size_t i = 0; i < f->tokki.n; i++)
        if (class_fits(f->tokki.rows[i], c, shares))
            return true;
    return false;
}

static const char *captured_class(const fu_capture *cap, const fu_claim *c, unsigned shares)
{
    for (size_t i = 0; i < cap->n_quals; i++) {
        const fu_tokki_row *r = fu_tokki_find(fu_span_str(cap->quals[i].tokki));
        if (class_fits(r, c, shares))
            return r->code;
    }
    return NULL;
}

static const char *chosen_class(const fu_claim *c, unsigned shares)
{
    for (int n = 1; n <= 3; n++)
        if (shares == 1u << n)
            return fu_tokki_choose(c->kouki, n, c->month);
    return NULL;
}

/* 1割 at 70-74 outside 後期 is no share of today, whichever class stands for it. */
static void warn_of_10_percent(const fu_claim *c, unsigned shares, fu_findings *out)
{
    if (shares == 1u << 1 && !c->kouki)
        fu_claim_finding(out, FU_T406, c)->found = "1割";
}

/* The codes there, without income classes that do not fit, and ours behind them. */
static const char *with_class(const fu_facts *f, const char *code, fu_findings *out)
{
    char value[2 * FU_TOKKI_MAX + 1];
    size_t n = 0;
    for (size_t i = 0; i < f->tokki.n; i++) {
        if (fu_tokki_is_class(f->tokki.rows[i]))
            continue;
        memcpy(value + n, f->tokki.codes[i].p, 2);
        n += 2;
    }
    if (n + 2 > 2 * FU_TOKKI_MAX)
        return NULL;
    memcpy(value + n, code, 2);
    return fu_findings_text(out, fu_span_of(value, n + 2));
}

bool fu_choose_tokki(const fu_claim *c, const fu_facts *f, const fu_capture *cap, fu_findings *out,
                     const char **value)
{
    unsigned shares = possible_shares(c, &cap->declaration);
    const char *code, *item;
    *value = NULL;
    /* Before the month in which T401 begins to ask for a class there is none to choose. */
    if (!fu_needs_class(c) || c->month < fu_finding_rows[FU_T401].from)
        return true;
    if (class_there(f, c, shares)) {
        warn_of_10_percent(c, shares, out);
        return true;
    }
    code = captured_class(cap, c, shares);
    if (!code)
        code = chosen_class(c, shares);
    if (!code)
        item = cap->declaration.there && cap->declaration.share
                   ? "申立書の負担割合がレセプト種別と合わない"
                   : "一部負担金の割合がわからない";
    else if (f->tokki.odd || f->tokki.many)
        item = "特記事項の記録が読み取れない";
    else if ((*value = with_class(f, code, out)) != NULL) {
        warn_of_10_percent(c, shares, out);
        return true;
    } else
        item = "特記事項に空きがない（5つまで）";
    fu_claim_finding(out, FU_R605, c)->item = item;
    return false;
}
