/* support_uke: claims and files from literal text, for the tests of core/uke. Texts are bytes as
 * they stand in a file; nothing is converted. */
#ifndef TST_SUPPORT_UKE_H
#define TST_SUPPORT_UKE_H
#include "base/buf.h"
#include "support.h"
#include "support_walk.h"

typedef struct tst_claim {
    tst_walk w;
    fu_arena arena;
    fu_claim c;
} tst_claim;

/* The last header in front of the first claim, and that claim. FU_E_INPUT where there is no claim.
 */
static inline fu_status tst_claim_open(tst_claim *t, const fu_mem *mem, fu_span text, fu_error *e)
{
    memset(&t->c, 0, sizeof t->c);
    fu_arena_init(&t->arena, mem, (size_t)256 << 20);
    tst_walk_bytes(&t->w, mem, text, e);
    if (tst_walk_claim(&t->w))
        return fu_claim_parse(&t->c, &t->arena, &t->w.b, &t->w.h, e);
    return t->w.st == FU_OK ? FU_E_INPUT : t->w.st;
}

static inline void tst_claim_close(tst_claim *t)
{
    tst_walk_close(&t->w);
    fu_arena_free(&t->arena);
}

static inline bool tst_same_span(fu_span a, fu_span b)
{
    return a.n == b.n && (a.n == 0 || a.p == b.p);
}

static inline bool tst_same_record(const fu_rec *a, const fu_rec *b)
{
    if (!a || !b)
        return a == b;
    return tst_same_span(a->bytes, b->bytes) && a->off == b->off && a->bit == b->bit &&
           a->eol == b->eol && a->history == b->history && a->id == b->id && a->line == b->line;
}

/* The first thing in which an outline is not the claim that was read as a whole; NULL = none. */
static inline const char *tst_outline_differs(const fu_claim *c, const fu_outline *o)
{
    const fu_claim *d = &o->c;
    if (!tst_same_span(c->bytes, d->bytes) || c->offset != d->offset || c->line != d->line)
        return "where it is";
    if (c->type != d->type || c->layout != d->layout)
        return "type";
    if (!tst_same_record(c->re, d->re) || !tst_same_record(c->ho, d->ho))
        return "RE and HO";
    if (c->n_ho != d->n_ho || c->n_ko != d->n_ko)
        return "payers";
    for (size_t i = 0; i < FU_KOHI_MAX; i++)
        if (!tst_same_record(c->ko[i], d->ko[i]))
            return "KO";
    if (fu_fields(c->re) != fu_fields(d->re))
        return "fields";
    for (unsigned n = 1; n <= fu_fields(c->re) + 1; n++)
        if (!tst_same_span(fu_re_field(c, n), fu_re_field(d, n)))
            return "a field of RE";
    if (c->month != d->month || c->birth != d->birth || c->sex != d->sex)
        return "patient";
    if (c->kouki != d->kouki || c->inpatient != d->inpatient || c->soukatsu != d->soukatsu ||
        memcmp(c->type_digit, d->type_digit, sizeof c->type_digit) != 0)
        return "kind of claim";
    return fu_claim_points(c) != fu_claim_points(d) ? "points" : NULL;
}

/* Small numbers that are the same on every run. */
static inline uint32_t tst_random(uint32_t *state, uint32_t below)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state % below;
}

#endif
