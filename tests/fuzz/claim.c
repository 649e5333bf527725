/* Layouts, the claim view, and edits on it. */
#include "fuzz.h"
#include "check/check.h"
#include "check/sweep.h"
#include "uke/edit.h"
#include "../support_uke.h"

#define UNCUT_MAX 40u /* fields of a record that is not cut are looked at one by one */
#define ARENA_MAX ((size_t)256 << 20)

static void must_join(const fu_claim *c, const fu_rec *whole, fu_arena *a)
{
    fu_rec cut = *whole, *r = &cut;
    uint32_t at = 0;
    fz_must(fu_rec_cut(r, c->scan, a), "there is room to cut a record");
    fz_must(fu_fields(r) > 0 && fu_fields(whole) == fu_fields(r), "a record has a field");
    for (unsigned n = 1; n <= fu_fields(r); n++) {
        fu_span f = fu_field(r, n);
        fz_must(f.p == r->bytes.p + at || f.n == 0, "fields stand behind each other");
        fz_must(r->ends[n - 1] == at + f.n, "a field ends where the next begins");
        at += (uint32_t)f.n + 1;
        if (n <= UNCUT_MAX)
            fz_must(fu_field(whole, n).p == f.p && fu_field(whole, n).n == f.n,
                    "cut or not, the same field");
    }
    fz_must(at == r->bytes.n + 1, "the fields are the record");
    fz_must(fu_field(r, fu_fields(r) + 1).n == 0, "there is no field behind the last");
    fz_must(fu_field(whole, fu_fields(r) + 1).n == 0, "cut or not");
}

/* What the sweep passes over has no faults. */
static void must_be_clean(const fu_claim *c, const fu_rec *r, fu_arena *a)
{
    fu_findings out;
    fu_findings_init(&out, a);
    fu_check_bytes(&out, 1, r->line, r->id, r->bytes, 0);
    if (r->row && !r->history && c->type != FU_TYPE_UNKNOWN)
        fu_check_fields(&out, c->layout, r->line, r->id, r->bytes);
    fz_must(out.n == 0 && !out.failed, "what is swept is clean");
}

static void must_be_view(const fu_claim *c, const fu_block *b, fu_arena *a)
{
    fz_must(c->n_recs == b->n_lines, "every record is seen");
    fz_must(c->layout != NULL, "there is always a layout");
    for (size_t i = 0, next = fu_sweep(c, 0); i < c->n_recs; i++) {
        must_join(c, &c->recs[i], a);
        if (i < next)
            must_be_clean(c, &c->recs[i], a);
        else
            next = fu_sweep(c, i + 1);
    }
    for (unsigned n = 1; n < 50; n++)
        fu_re_field(c, n);
    fu_claim_elderly_type(c);
    fu_claim_is_30(c);
    fu_claim_age_at_least(c, 70);
    fu_claim_points(c);
}

/* Some edits, picked by the claim's own bytes; the rest of it stays as it is. */
static void change(const fu_claim *c, fu_arena *a, const fu_header *h)
{
    static const char *const values[] = {"77777777", "", "\x82\x50", "1,2"};
    fu_edits l;
    fu_block out;
    fu_claim again;
    fu_error e;
    size_t seed = c->bytes.n, at = seed % c->n_recs, other = (seed / 7) % c->n_recs;
    fu_edits_init(&l, a);
    fz_must(fu_edits_close(&l) && fu_edits_apply(&l, c, &out, &e) == FU_OK &&
                fu_span_eq(out.bytes, c->bytes),
            "no edit, no change");
    fu_edits_init(&l, a);
    fu_edit_field(&l, &c->recs[at], (unsigned)(2 + seed % 40), fu_span_str(values[seed % 3]), 0);
    if (other != at && seed % 2)
        fu_edit_delete(&l, &c->recs[other], 0);
    fu_edit_insert(&l, c, seed % (c->n_recs + 1), fu_span_str("CO,01,1,820000246,"), 0);
    if (!fu_edits_close(&l) || fu_edits_apply(&l, c, &out, &e) != FU_OK)
        return;
    fz_must(out.n_lines == c->n_recs + 1 - (other != at && seed % 2), "one more, perhaps one less");
    if (fu_claim_parse(&again, a, &out, h, &e) == FU_OK)
        must_be_view(&again, &out, a);
}

static void claim(const fu_block *b, const fu_header *h, fu_arena *a)
{
    fu_claim c;
    fu_outline o;
    fu_error e;
    fu_status st;
    fu_arena_reset(a);
    memset(&e, 0, sizeof e);
    st = fu_claim_parse(&c, a, b, h, &e);
    fz_must_error(st, &e);
    fz_must(fu_claim_outline(&o, b, h, &e) == st, "an outline has the claim's limits");
    if (st != FU_OK)
        return;
    fz_must(!tst_outline_differs(&c, &o), "an outline is the claim's");
    must_be_view(&c, b, a);
    change(&c, a, h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    tst_mem mem = TST_MEM_INIT;
    fu_mem m = fz_mem(&mem, n);
    tst_walk w;
    fu_arena a;
    fu_error e;
    fu_arena_init(&a, &m, ARENA_MAX);
    tst_walk_bytes(&w, &m, fu_span_of(data, n), &e);
    while (tst_walk_claim(&w))
        claim(&w.b, &w.h, &a);
    tst_walk_close(&w);
    fu_arena_free(&a);
    fz_must_be_free(&mem);
    return 0;
}
