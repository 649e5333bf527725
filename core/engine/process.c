#include "engine/process.h"

#include "engine/shown.h"

fu_person fu_claim_person(const fu_claim *c, fu_arena *a)
{
    const fu_places *at = &c->layout->at;
    fu_person p;
    p.karte = fu_field_text(a, fu_re_field(c, at->re_karte));
    p.name = fu_field_text(a, fu_re_field(c, at->re_name));
    p.kana = fu_field_text(a, fu_re_field(c, at->re_kana));
    p.birth = c->birth;
    p.sex = c->sex;
    return p;
}

/* Was this person claimed as 不詳 for the month before? */
static fu_status look_back(fu_claim_outcome *o, fu_arena *arena, const fu_context *ctx, fu_error *e)
{
    const fu_ledger_row *row = NULL;
    fu_person p;
    fu_status st;
    if (!ctx->past || ctx->past->n_rows == 0)
        return FU_OK;
    p = fu_claim_person(&o->claim, arena);
    if (arena->failed)
        return fu_fail_nomem(e);
    st = fu_ledger_before(ctx->past, ctx->header->institution, &p, o->claim.month, &row, e);
    o->facts.again = row != NULL;
    return st;
}

static fu_status decide(fu_claim_outcome *o, fu_arena *arena, const fu_context *ctx, fu_error *e)
{
    const fu_match *m = ctx->match;
    const fu_capture *captures[FU_MATCHES_MAX];
    uint32_t found[FU_MATCHES_MAX];
    fu_candidates cand = {.captures = captures};
    if (m && fu_match_may(m, o->claim.birth, o->claim.month)) {
        fu_person p = fu_claim_person(&o->claim, arena);
        fu_status st = arena->failed ? fu_fail_nomem(e)
                                     : fu_match_find(m, &p, o->claim.month, found, &cand.n, e);
        if (st != FU_OK)
            return st;
    }
    for (size_t i = 0; i < cand.n && i < FU_MATCHES_MAX; i++) {
        captures[i] = m->ev->captures[found[i]];
        cand.two_persons |= m->notes[found[i]].two_persons;
        cand.two_insurers |= m->notes[found[i]].insurer[o->claim.kouki].several;
    }
    fu_decide(&o->decision, &o->claim, &o->facts, ctx->header, &cand, &ctx->options->policy,
              &o->findings);
    /* 不詳 without a capture: nothing was decided, the advice is the same. */
    if (o->facts.again && o->facts.fusho_number && o->decision.route == FU_R_NONE)
        fu_claim_finding(&o->findings, FU_R607, &o->claim);
    return FU_OK;
}

/* Errors are counted by kind: code, record and field. Kinds share a slot now and then, which can
 * only hide one, and only where another error of the same code went away. */
#define KIND_SLOTS 64u

typedef uint32_t kinds[FU_CODE_COUNT][KIND_SLOTS];

static uint32_t *slot(kinds k, const fu_finding *f)
{
    unsigned char a = (unsigned char)f->record[0], b = a ? (unsigned char)f->record[1] : 0;
    return &k[f->code][(a * 31u + b * 7u + f->field) % KIND_SLOTS];
}

/* An error of which the rewritten claim has more than the claim as it was; NULL = none. */
static const fu_finding *new_error(const fu_findings *before, const fu_findings *after)
{
    kinds was;
    if (fu_findings_count(after, FU_ERROR) == 0)
        return NULL;
    memset(was, 0, sizeof was);
    for (size_t i = 0; i < before->n; i++)
        *slot(was, &before->v[i]) += before->v[i].severity == FU_ERROR;
    for (size_t i = 0; i < after->n; i++) {
        uint32_t *left = slot(was, &after->v[i]);
        if (after->v[i].severity != FU_ERROR)
            continue;
        if (*left == 0)
            return &after->v[i];
        --*left;
    }
    return NULL;
}

/* The error is told with its item and without the value, which may be a person's: the listing can
 * hide values of fields only. */
static void withdraw(fu_claim_outcome *o, fu_arena *arena, const fu_finding *error,
                     const char *lang)
{
    fu_finding told = *error;
    fu_buf b;
    told.found = "…";
    fu_buf_init(&b, arena->mem, 4096);
    fu_buf_str(&b, fu_finding_rows[told.code].code);
    fu_buf_char(&b, ' ');
    fu_finding_message(&b, &told, lang);
    o->findings.n = o->decision.advice_from;
    fu_claim_finding(&o->findings, FU_R608, &o->claim)->item =
        fu_findings_text(&o->findings, fu_span_before(fu_buf_view(&b), "。"));
    o->findings.failed |= b.status != FU_OK;
    fu_buf_free(&b);
    fu_edits_init(&o->edits, arena);
    o->decision.route = FU_R_HOLD;
    o->decision.deadline = 0;
    o->decision.why_ja = "書き換えると誤りが増える";
    o->decision.why_en = "the rewrite would add an error";
}

/* Adds what the check found, and puts the list in the order of lines. */
static void merge(fu_findings *to, const fu_findings *from)
{
    for (size_t i = 0; i < from->n; i++)
        *fu_findings_add(to, from->v[i].code) = from->v[i];
    for (size_t i = 1; i < to->n; i++) {
        fu_finding f = to->v[i];
        size_t k = i;
        for (; k > 0 && to->v[k - 1].line > f.line; k--)
            to->v[k] = to->v[k - 1];
        to->v[k] = f;
    }
}

/* The claim as it would be, checked again. */
static fu_status check_again(fu_claim_outcome *o, fu_arena *arena, const fu_context *ctx,
                             const fu_findings *before, fu_findings *after, fu_error *e)
{
    fu_claim c;
    fu_facts *f = fu_arena_alloc(arena, sizeof *f);
    fu_block result;
    const fu_finding *worse;
    fu_status st = f ? fu_edits_apply(&o->edits, &o->claim, &result, e) : fu_fail_nomem(e);
    if (st == FU_OK)
        st = fu_claim_parse(&c, arena, &result, ctx->header, e);
    if (st != FU_OK)
        return st;
    c.number = o->claim.number;
    c.line = o->claim.line;
    fu_facts_read(f, &c, arena);
    f->again = o->facts.again;
    fu_check_claim(after, &c, f, ctx->header, &ctx->options->policy);
    worse = new_error(before, after);
    if (!worse)
        o->result = result;
    else
        withdraw(o, arena, worse, ctx->options->lang);
    return FU_OK;
}

fu_status fu_process(fu_claim_outcome *out, fu_arena *arena, const fu_block *block, uint64_t number,
                     const fu_context *ctx, fu_error *e)
{
    fu_findings before, after;
    fu_status st;
    bool rewritten;
    memset(out, 0, sizeof *out);
    out->result = *block;
    st = fu_claim_parse(&out->claim, arena, block, ctx->header, e);
    if (st != FU_OK)
        return st;
    out->claim.number = number;
    fu_findings_init(&out->findings, arena);
    fu_findings_init(&before, arena);
    fu_findings_init(&after, arena);
    fu_edits_init(&out->edits, arena);
    fu_facts_read(&out->facts, &out->claim, arena);
    if (out->facts.too_many)
        return fu_fail_limit(e, "FU_OWNED_MAX", FU_OWNED_MAX);
    st = look_back(out, arena, ctx, e);
    if (st == FU_OK)
        st = decide(out, arena, ctx, e);
    if (st != FU_OK)
        return st;
    fu_rewrite(&out->edits, &out->claim, &out->facts, &out->decision, &ctx->options->policy,
               &out->findings);
    fu_check_claim(&before, &out->claim, &out->facts, ctx->header, &ctx->options->policy);
    if (out->edits.failed)
        return out->edits.limit ? fu_fail_limit(e, out->edits.limit, out->edits.limit_max)
                                : fu_fail_nomem(e);
    if (out->edits.n > 0) {
        st = check_again(out, arena, ctx, &before, &after, e);
        if (st != FU_OK)
            return st;
    }
    rewritten = out->edits.n > 0 && !ctx->check_only;
    merge(&out->findings, rewritten ? &after : &before);
    if ((!ctx->show_later && !fu_show_claim(out, arena, ctx->header, ctx->options->lang)) ||
        arena->failed || out->findings.failed || before.failed || after.failed)
        return fu_fail_nomem(e);
    return FU_OK;
}
