#include "rewrite/rewrite.h"

#include "rewrite/comments.h"
#include "text/cp932.h"
#include "text/width.h"

/* Bytes of a number in UTF-8: whatever a capture can hold. What is longer than the claim's field is
 * refused by the check of the rewritten claim. */
#define NUMBER_MAX (FU_CSV_ROW_BYTES_MAX * (size_t)4)

/* ---- texts ---- */

static fu_span kept(fu_edits *edits, const fu_buf *b)
{
    const char *p = fu_arena_text(edits->arena, fu_buf_view(b));
    if (!p || b->status != FU_OK)
        edits->failed = true;
    return fu_span_of(p, p ? b->n : 0);
}

/* A comma would end the field: it stays full width. */
static void without_commas(fu_buf *b, const fu_mem *mem)
{
    fu_buf out;
    fu_buf_init(&out, mem, b->max);
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] == ',')
            fu_buf_str(&out, "，");
        else
            fu_buf_char(&out, b->p[i] < 0x20 || b->p[i] == 0x7F ? ' ' : b->p[i]);
    if (b->status != FU_OK)
        out.status = b->status;
    fu_buf_free(b);
    *b = out;
}

static bool has_both_widths(fu_span utf8)
{
    bool half = false, full = false;
    for (size_t i = 0; i < utf8.n; i++) {
        half |= utf8.p[i] < 0x80;
        full |= utf8.p[i] >= 0x80;
    }
    return half && full;
}

/* A number in the width the field wants. One mode per field (uke-format.md 2.1): where a character
 * exists in full width only, all of it is full width. */
static fu_span in_width(fu_edits *edits, const char *utf8, bool full)
{
    fu_span text = fu_span_trim(fu_span_str(utf8)), s;
    fu_buf b, cp932;
    fu_buf_init(&b, edits->arena->mem, NUMBER_MAX);
    fu_buf_init(&cp932, edits->arena->mem, NUMBER_MAX);
    if (!full) {
        fu_narrow(&b, text);
        full = has_both_widths(fu_buf_view(&b));
    }
    if (full && b.status == FU_OK) {
        fu_buf_reset(&b);
        fu_widen(&b, text);
    }
    without_commas(&b, edits->arena->mem);
    if (b.status != FU_OK)
        edits->failed = true;
    fu_cp932_from_utf8(&cp932, fu_buf_view(&b), NULL);
    s = kept(edits, &cp932);
    fu_buf_free(&b);
    fu_buf_free(&cp932);
    return s;
}

/* 保険者番号: half width, blanks on the left up to eight. */
static fu_span padded_insurer(fu_edits *edits, const char *utf8)
{
    fu_span number = fu_span_trim(in_width(edits, utf8, false)), s;
    fu_buf b;
    fu_buf_init(&b, edits->arena->mem, NUMBER_MAX);
    for (size_t i = number.n; i < 8; i++)
        fu_buf_char(&b, ' ');
    fu_buf_span(&b, number);
    s = kept(edits, &b);
    fu_buf_free(&b);
    return s;
}

/* The same number as the captured one? Leading zeros are part of it; only a captured number that lost
 * them (a spreadsheet takes them away) says nothing against the whole one on the claim. */
static bool same_number(fu_span there, fu_span captured)
{
    return there.n >= captured.n &&
           fu_span_eq(fu_span_trim_zeros(there), fu_span_trim_zeros(captured));
}

/* Compared after folding the width. */
static bool agrees(fu_edits *edits, fu_span field, const char *utf8, bool number)
{
    const char *text = fu_field_text(edits->arena, field);
    fu_buf a, b;
    bool same;
    fu_buf_init(&a, edits->arena->mem, NUMBER_MAX);
    fu_buf_init(&b, edits->arena->mem, NUMBER_MAX);
    fu_fold_width(&a, fu_span_str(text));
    fu_fold_width(&b, fu_span_str(utf8));
    same = a.status == FU_OK && b.status == FU_OK &&
           (number ? same_number(fu_buf_view(&a), fu_buf_view(&b))
                   : fu_span_eq(fu_buf_view(&a), fu_buf_view(&b)));
    if (a.status == FU_E_NOMEM || b.status == FU_E_NOMEM)
        edits->failed = true;
    fu_buf_free(&a);
    fu_buf_free(&b);
    return same;
}

static bool full_width(fu_edits *edits, const fu_claim *c, const fu_policy *policy)
{
    if (policy->bango_width != FU_WIDTH_AUTO)
        return policy->bango_width == FU_WIDTH_FULL;
    return fu_has_full_width(fu_span_str(fu_field_text(edits->arena, fu_field(c->ho, 4))));
}

/* ---- current and kyushikaku ---- */

static void set_branch(fu_edits *edits, const fu_claim *c, const char *branch, fu_reason why)
{
    fu_span b;
    fu_buf two;
    if (!c->sn || !*branch)
        return;
    b = in_width(edits, branch, false);
    fu_buf_init(&two, edits->arena->mem, NUMBER_MAX);
    for (size_t i = b.n; i < 2; i++)
        fu_buf_char(&two, '0');
    fu_buf_span(&two, b);
    fu_edit_field(edits, c->sn, 7, kept(edits, &two), (int)why);
    fu_buf_free(&two);
}

static void set_number(fu_edits *edits, const fu_claim *c, unsigned field, fu_span value,
                       const char *utf8, fu_reason why, fu_findings *out)
{
    fu_edit_field(edits, c->ho, field, value, (int)why);
    fu_tell_unrecordable(out, c, fu_span_str(utf8), field == 3 ? "記号" : "番号");
}

static void set_insurer(fu_edits *edits, const fu_claim *c, const char *utf8, fu_reason why)
{
    fu_span there = fu_field(c->ho, 2), value = padded_insurer(edits, utf8);
    if (there.n != 8 || !same_number(fu_span_trim(there), fu_span_trim(value)))
        fu_edit_field(edits, c->ho, 2, value, (int)why);
}

static void set_numbers(fu_edits *edits, const fu_claim *c, const fu_decision *d,
                        const fu_policy *policy, fu_findings *out)
{
    const fu_qualification *q = d->q;
    bool full = full_width(edits, c, policy);
    fu_reason why = d->route == FU_R_CURRENT ? FU_WHY_CURRENT : FU_WHY_KYUSHIKAKU;
    set_insurer(edits, c, q->insurer, why);
    if (!agrees(edits, fu_field(c->ho, 3), q->kigo, false))
        set_number(edits, c, 3, in_width(edits, q->kigo, full), q->kigo, why, out);
    if (!agrees(edits, fu_field(c->ho, 4), q->bango, true))
        set_number(edits, c, 4, in_width(edits, q->bango, full), q->bango, why, out);
    set_branch(edits, c, q->branch, why);
}

/* ---- fusho ---- */

static void set_fusho_numbers(fu_edits *edits, const fu_claim *c, const fu_policy *policy)
{
    bool alt = strcmp(policy->insurer_number, FU_FUSHO_NUMBER_ALT) == 0;
    const char *bango = c->kouki ? FU_FUSHO_BANGO_KOUKI : FU_FUSHO_BANGO;
    fu_edit_field(edits, c->ho, 2, fu_span_str(policy->insurer_number),
                  alt ? FU_WHY_FUSHO_NUMBER_ALT : FU_WHY_FUSHO_NUMBER);
    fu_edit_field(edits, c->ho, 3, fu_span_of(NULL, 0), FU_WHY_FUSHO_KIGO);
    fu_edit_field(edits, c->ho, 4, in_width(edits, bango, full_width(edits, c, policy)),
                  FU_WHY_FUSHO_BANGO);
}

/* A SN that only says 確認区分 and 枝番 has no number left to belong to. */
static bool only_a_branch(const fu_rec *r)
{
    static const unsigned others[] = {4, 5, 6, 8, 9};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (fu_field(r, others[i]).n > 0)
            return false;
    return true;
}

static void drop_branch(fu_edits *edits, const fu_claim *c)
{
    for (size_t i = 0; i < c->n_recs && FU_FUSHO_SN_REMOVED; i++)
        if (fu_is_hoken_sn(&c->recs[i]) && only_a_branch(&c->recs[i]))
            fu_edit_delete(edits, &c->recs[i], FU_WHY_FUSHO_SN);
}

void fu_rewrite(fu_edits *edits, const fu_claim *c, const fu_facts *f, const fu_decision *d,
                const fu_policy *policy, fu_findings *out)
{
    if (d->route == FU_R_NONE || d->route == FU_R_HOLD)
        return;
    if (d->route == FU_R_FUSHO) {
        if (d->tokki)
            fu_edit_field(edits, c->re, c->layout->at.re_tokki, fu_span_str(d->tokki),
                          FU_WHY_FUSHO_TOKKI);
        set_fusho_numbers(edits, c, policy);
        drop_branch(edits, c);
    } else {
        set_numbers(edits, c, d, policy, out);
    }
    if (!f->elsewhere)
        fu_rewrite_comments(edits, c, f, d, out);
    if (!fu_edits_close(edits))
        edits->failed = true;
}
