/* evidence: what the targets of the three kinds of evidence share: read whole and in pieces,
 * joined, copied. */
#ifndef TST_FUZZ_EVIDENCE_H
#define TST_FUZZ_EVIDENCE_H
#include "fuzz.h"
#include "../support_evidence.h"

typedef struct fz_read {
    tst_mem mem;
    fu_mem m;
    fu_evidence ev;
    fu_status st;
    fu_error e;
} fz_read;

static inline void fz_open(fz_read *r, size_t n)
{
    static const tst_mem none = TST_MEM_INIT;
    memset(r, 0, sizeof *r);
    r->mem = none;
    r->m = fz_mem(&r->mem, n);
    fu_evidence_init(&r->ev, &r->m);
}

static inline void fz_close(fz_read *r)
{
    fz_must_error(r->st, &r->e);
    fu_evidence_free(&r->ev);
    fz_must_be_free(&r->mem);
}

static inline void fz_join(fz_read *r)
{
    if (r->st == FU_OK)
        r->st = fu_evidence_join(&r->ev, &r->e);
}

static inline void fz_must_be_same(const fz_read *a, const fz_read *b, const char *property)
{
    char *x, *y;
    fz_must(a->st == b->st && a->e.line == b->e.line, property);
    fz_must(strcmp(a->e.message_ja, b->e.message_ja) == 0, property);
    if (a->st != FU_OK)
        return;
    x = tst_dump(&a->ev);
    y = tst_dump(&b->ev);
    fz_must(strcmp(x, y) == 0, property);
    free(x);
    free(y);
}

/* Texts of captures are for people and for the claim file. */
static inline void fz_must_be_captures(const fu_evidence *ev)
{
    for (size_t i = 0; i < ev->n_captures; i++) {
        const fu_capture *c = ev->captures[i];
        const char *const texts[] = {c->id,   c->karte,    c->name,
                                     c->kana, c->response, c->declaration.insurer_name};
        for (size_t k = 0; k < sizeof texts / sizeof texts[0]; k++)
            fz_must(texts[k] && fz_is_utf8(fu_span_str(texts[k])), "a text of a capture is UTF-8");
        fz_must(c->n_quals <= FU_CAPTURE_ITEMS_MAX && c->n_contacts <= FU_CAPTURE_ITEMS_MAX,
                "a capture keeps to its limits");
    }
}

/* One file: whole, in pieces of `piece` bytes, and a copy of it. */
static inline void fz_evidence(const uint8_t *data, size_t n, size_t piece)
{
    fu_span all = fu_span_of(data, n);
    fz_read whole, cut, copy;
    fz_open(&whole, n);
    fz_open(&cut, n);
    whole.st = fu_evidence_parse(&whole.ev, "a", all, n + 1, &whole.e);
    cut.st = fu_evidence_parse(&cut.ev, "a", all, piece, &cut.e);
    fz_must_be_same(&whole, &cut, "in pieces: the same captures");
    if (whole.st == FU_OK) {
        fz_open(&copy, n);
        copy.st = fu_evidence_copy(&copy.ev, &whole.ev, &copy.e);
        fz_join(&cut);
        fz_join(&copy);
        fz_must_be_same(&cut, &copy, "a copy joins like the original");
        fz_must_be_captures(&copy.ev);
        fz_close(&copy);
    }
    fz_close(&cut);
    fz_close(&whole);
}

#endif
