#include "check/sweep.h"

#include "text/cp932.h"

/* Kept out of the loop over the fields, which has few registers to lose. */
#define SELDOM __attribute__((noinline))

/* Are all of the bytes characters, and none of them a control? */
static bool only_characters(fu_span v)
{
    return fu_cp932_first_bad(v) == FU_NO_BAD_BYTE && fu_first_control(v) == SIZE_MAX;
}

/* A field in which no odd byte stands may still be no number; one with odd bytes is looked at as a
 * whole. Every mode but ANY lets nothing but characters through. */
static bool fits(fu_span v, fu_mode mode, bool odd, bool nondigit)
{
    switch (mode) {
    case FU_MODE_N:
        return !nondigit || (!odd && fu_mode_fits(v, mode));
    case FU_MODE_K:
        return odd && fu_mode_fits(v, mode);
    case FU_MODE_A:
    case FU_MODE_AK:
        return !odd || fu_mode_fits(v, mode);
    case FU_MODE_ANY:
        break;
    }
    return !odd || only_characters(v);
}

/* The row of field n. The record's name and what is behind the listed fields only must be
 * characters. */
static inline const fu_field_row *row_of(const fu_record_row *row, unsigned n)
{
    static const fu_field_row unlisted = {"", FU_MODE_ANY, 0, 0};
    return n - 2 < row->listed ? &row->fields[n - 2] : &unlisted;
}

static inline bool length_fits(const fu_field_row *f, size_t n)
{
    return (n <= f->max || !f->max) && n >= f->min;
}

typedef struct place {
    size_t at;  /* in the record, where a field begins, or its end */
    unsigned n; /* of that field; at the record's end of the last one */
} place;

/* A field of 64 bytes and more. */
static bool long_field_is_clean(const fu_record_row *row, unsigned n, fu_span v,
                                const fu_scan_word *scan, size_t at)
{
    uint64_t odd = 0, nondigit = 0;
    for (size_t i = 0; i < v.n; i += 64) {
        fu_scan_word w = fu_scan_window(scan, at + i);
        odd |= w.odd & fu_scan_low(v.n - i);
        nondigit |= w.nondigit & fu_scan_low(v.n - i);
    }
    return length_fits(row_of(row, n), v.n) && fits(v, row_of(row, n)->mode, odd, nondigit);
}

/* Its length; SIZE_MAX where there is something to be said of it. */
SELDOM static size_t long_field(const fu_claim *c, const fu_rec *r, place p)
{
    size_t left = r->bytes.n - p.at;
    const unsigned char *from = r->bytes.p + p.at, *comma = memchr(from, ',', left);
    fu_span v = fu_span_of(from, comma ? (size_t)(comma - from) : left);
    return long_field_is_clean(r->row, p.n, v, c->scan, r->bit + p.at) ? v.n : SIZE_MAX;
}

/* A field shorter than that in which not only digits stand. */
SELDOM static bool text_fits(const fu_claim *c, const fu_rec *r, fu_mode mode, size_t at, size_t n)
{
    uint64_t odd = fu_scan_window(c->scan, r->bit + at).odd & fu_scan_low(n);
    return fits(fu_span_of(r->bytes.p + at, n), mode, odd, true);
}

/* The fields that end within 64 bytes. Empty ones are not looked at: what stands between two others
 * is commas, so a field's number is its place less the bytes of the fields before it. */
static inline bool short_fields(const fu_claim *c, const fu_rec *r, place *p)
{
    const fu_record_row row = *r->row;
    fu_scan_word w = fu_scan_window(c->scan, r->bit + p->at);
    size_t left = r->bytes.n - p->at;
    uint64_t there = fu_scan_low(left);
    uint64_t ends = (w.comma & there) | (left < 64 ? UINT64_C(1) << left : 0);
    uint64_t behind = ends << 1 | 1; /* where a field begins, empty or not */
    uint64_t from = behind & ~ends & there, to = ends & ~behind;
    uint64_t text = w.nondigit & ~ends & there; /* of the fields that were not looked at */
    unsigned number = p->n, at;
    for (; to; from &= from - 1, to &= to - 1) {
        uint64_t before = to ^ (to - 1);
        const fu_field_row *f;
        unsigned n;
        at = fu_scan_first(from);
        n = fu_scan_first(to) - at;
        f = row_of(&row, number + at);
        number -= n;
        if (!length_fits(f, n))
            return false;
        if (text & before) {
            if (!text_fits(c, r, f->mode, p->at + at, n))
                return false;
            text &= ~before;
        } else if (f->mode == FU_MODE_K) {
            return false;
        }
    }
    at = from ? fu_scan_first(from) : left < 64 ? (unsigned)left : 64;
    p->n = number + at;
    p->at += at;
    return true;
}

/* The record's name has a row: it is two letters, and a comma is behind it unless it is all. */
static inline bool fields_are_clean(const fu_claim *c, const fu_rec *r)
{
    place p = {2, 1};
    unsigned max = r->row->n_fields;
    while (p.at < r->bytes.n) {
        size_t was = p.at, n;
        if (!short_fields(c, r, &p))
            return false;
        if (p.at != was)
            continue;
        n = long_field(c, r, p);
        if (n == SIZE_MAX)
            return false;
        p.at += n;
        if (p.at < r->bytes.n) { /* a comma */
            p.at++;
            p.n++;
        }
    }
    return !max || p.n <= max;
}

SELDOM static bool bytes_are_clean(const fu_claim *c, const fu_rec *r)
{
    uint64_t odd = 0;
    for (size_t i = 0; i < r->bytes.n; i += 64)
        odd |= fu_scan_window(c->scan, r->bit + i).odd & fu_scan_low(r->bytes.n - i);
    return !odd || only_characters(r->bytes);
}

size_t fu_sweep(const fu_claim *c, size_t i)
{
    bool unknown = c->type == FU_TYPE_UNKNOWN;
    for (; i < c->n_recs; i++) {
        const fu_rec *r = &c->recs[i];
        if (unknown || r->history || r->bytes.n == 0) {
            if (!bytes_are_clean(c, r))
                return i;
        } else if (!r->row || !fields_are_clean(c, r)) {
            return i;
        }
    }
    return i;
}
