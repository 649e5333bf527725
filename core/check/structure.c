#include "check/check.h"

#include <stdio.h>

#include "check/sweep.h"
#include "text/cp932.h"

#define ID(a, b) FU_ID((a), (b))

fu_finding *fu_check_at(fu_findings *out, fu_code code, const fu_claim *c, const fu_rec *r,
                        unsigned n)
{
    fu_finding *f = fu_findings_add(out, code);
    f->claim = c->number;
    f->line = r ? r->line : c->line;
    f->field = n;
    if (r && r->id)
        fu_id_text(r->id, f->record);
    return f;
}

fu_finding *fu_check_value(fu_findings *out, fu_code code, const fu_claim *c, const fu_rec *r,
                           unsigned n)
{
    fu_finding *f = fu_check_at(out, code, c, r, n);
    f->found = fu_field_text(out->arena, fu_field(r, n));
    return f;
}

void fu_check_bytes(fu_findings *out, uint64_t claim, uint64_t line, uint16_t id, fu_span record,
                    uint64_t offset)
{
    static const char hex[] = "0123456789ABCDEF";
    size_t bad = fu_cp932_first_bad(record), control = fu_first_control(record);
    fu_finding *f;
    if (bad != FU_NO_BAD_BYTE) {
        char t[2] = {hex[record.p[bad] >> 4], hex[record.p[bad] & 15]};
        f = fu_findings_add(out, FU_F102);
        f->found = fu_findings_text(out, fu_span_of(t, 2));
        f->want = fu_findings_number(out, offset + bad);
        f->claim = claim;
        f->line = line;
        if (id)
            fu_id_text(id, f->record);
    }
    if (control != SIZE_MAX) {
        f = fu_findings_add(out, FU_F112);
        f->want = fu_findings_number(out, offset + control);
        f->claim = claim;
        f->line = line;
        if (id)
            fu_id_text(id, f->record);
    }
}

/* Bytes, as somebody who types counts them: a full-width character is two. */
static const char *length_text(fu_findings *out, fu_mode mode, unsigned n)
{
    char t[64];
    if (mode == FU_MODE_K)
        snprintf(t, sizeof t, "全角%u文字", n / 2);
    else if (mode == FU_MODE_N || mode == FU_MODE_A)
        snprintf(t, sizeof t, "半角%u文字", n);
    else
        snprintf(t, sizeof t, "半角%u文字か全角%u文字", n, n / 2);
    return fu_findings_text(out, fu_span_str(t));
}

/* ---- fields ---- */

static const char *mode_name(fu_mode mode)
{
    switch (mode) {
    case FU_MODE_N:
        return "半角の数字";
    case FU_MODE_A:
        return "半角の英数";
    case FU_MODE_K:
        return "全角";
    default:
        return "半角か全角のどちらか一方";
    }
}

/* A fault of the same field of the same kind of record is told once per claim. */
typedef struct seen {
    struct {
        uint16_t id;
        uint16_t field;
    } v[32];
    size_t n;
} seen;

static bool first_time(seen *s, uint16_t id, unsigned field)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].id == id && s->v[i].field == field)
            return false;
    if (s->n < sizeof s->v / sizeof s->v[0]) {
        s->v[s->n].id = id;
        s->v[s->n++].field = (uint16_t)field;
    }
    return true;
}

static void check_field(fu_findings *out, const fu_claim *c, const fu_rec *r, unsigned n, seen *s)
{
    const fu_field_row *row = &r->row->fields[n - 2];
    fu_span v = fu_field(r, n);
    fu_finding *f;
    if (v.n == 0)
        return;
    if (row->max && v.n > row->max) {
        f = fu_check_value(out, FU_F104, c, r, n);
        f->item = row->name;
        f->want = length_text(out, row->mode, row->max);
        return;
    }
    if ((fu_mode_fits(v, row->mode) && v.n >= row->min) || !first_time(s, r->id, n))
        return;
    f = fu_check_value(out, FU_F108, c, r, n);
    f->item = row->name;
    if (!fu_mode_fits(v, row->mode)) {
        f->want = mode_name(row->mode);
    } else {
        f->want = fu_findings_number(out, row->max);
        f->payer = "2553";
    }
}

static void check_count(fu_findings *out, const fu_claim *c, const fu_rec *r, seen *s)
{
    uint32_t max = r->row->n_fields, there = r->n_ends;
    fu_finding *f;
    if (!max || there <= max)
        return;
    if (there == max + 1 && fu_field(r, max + 1).n == 0) {
        if (!first_time(s, r->id, max + 1))
            return;
        f = fu_check_at(out, FU_F108, c, r, max + 1);
        f->item = "末尾の余分なコンマ";
    } else if (r->id == ID('R', 'E') || r->id == ID('H', 'O')) {
        f = fu_check_at(out, FU_F107, c, r, max + 1);
    } else {
        f = fu_check_at(out, FU_F104, c, r, max + 1);
        f->item = "項目数";
        f->payer = "2542";
    }
    f->found = fu_findings_number(out, there);
    f->want = fu_findings_number(out, max);
}

/* Field by field. A record that is not cut yet is cut for it: to look for every field from the
 * record's beginning on would take the square of its length. */
static void check_record(fu_findings *out, const fu_claim *c, const fu_rec *whole,
                         const fu_scan_word *scan, seen *s)
{
    fu_rec r = *whole;
    if (!r.ends && !fu_rec_cut(&r, scan, out->arena)) {
        out->failed = true;
        return;
    }
    check_count(out, c, &r, s);
    for (unsigned n = 2; n <= r.n_ends && n - 2 < r.row->listed; n++)
        check_field(out, c, &r, n, s);
}

void fu_check_fields(fu_findings *out, const fu_layout *layout, uint64_t line, uint16_t id,
                     fu_span record)
{
    fu_claim none; /* of no claim: number 0 */
    fu_rec r;
    seen s;
    fu_scan_word *scan = fu_arena_alloc(out->arena, fu_scan_words(record.n) * sizeof *scan);
    memset(&none, 0, sizeof none);
    memset(&r, 0, sizeof r);
    s.n = 0;
    if (!scan) {
        out->failed = true;
        return;
    }
    fu_scan_best()->classes(scan, record);
    r.bytes = record;
    r.line = line;
    r.id = id;
    r.row = fu_layout_record(layout, id);
    check_record(out, &none, &r, scan, &s);
}

/* ---- order ---- */

static void check_order(fu_findings *out, const fu_claim *c)
{
    fu_stage stage = FU_ST_CLAIM;
    const fu_record_row *row = NULL; /* of the record before, if it was in its place */
    for (size_t i = 0; i < c->n_recs; i++) {
        const fu_rec *r = &c->recs[i];
        if (r->row == row || !r->row || r->history || r->row->stage == FU_ST_ANY)
            continue;
        if (r->row->stage < stage) {
            fu_check_at(out, FU_F106, c, r, 0)->item = r->row->name;
            continue;
        }
        row = r->row;
        stage = row->stage;
    }
    if (c->n_ho > 1) {
        fu_finding *f = fu_check_at(out, FU_F106, c, c->ho, 0);
        f->item = "保険者レコード（HO）が2つ以上";
        f->payer = "2547";
    }
    if (c->n_ko > FU_KOHI_MAX) {
        fu_finding *f = fu_check_at(out, FU_F106, c, c->ko[FU_KOHI_MAX - 1], 0);
        f->item = "公費レコード（KO）が5つ以上";
        f->payer = "2552";
    }
}

/* DPC: 0 to 3 are known; with another one nobody can tell what the claim is. */
static void check_soukatsu(fu_findings *out, const fu_claim *c)
{
    fu_finding *f;
    if (c->soukatsu <= 3)
        return;
    f = fu_check_value(out, FU_F108, c, c->re, c->layout->at.re_soukatsu);
    f->item = "レセプト総括区分";
    f->want = "0～3";
    f->payer = "";
}

static void check_slowly(fu_findings *out, const fu_claim *c, const fu_rec *r, seen *s)
{
    fu_check_bytes(out, c->number, r->line, r->id, r->bytes, c->offset + r->off);
    if (r->history || r->bytes.n == 0 || c->type == FU_TYPE_UNKNOWN)
        return;
    if (r->row)
        check_record(out, c, r, c->scan, s);
    else
        fu_check_value(out, FU_F107, c, r, 1);
}

void fu_check_structure(fu_findings *out, const fu_claim *c)
{
    seen s;
    s.n = 0;
    if (c->type == FU_TYPE_UNKNOWN)
        fu_check_value(out, FU_F107, c, c->re, 3)->item = "レセプト種別";
    for (size_t i = fu_sweep(c, 0); i < c->n_recs; i = fu_sweep(c, i + 1))
        check_slowly(out, c, &c->recs[i], &s);
    if (c->type != FU_TYPE_UNKNOWN)
        check_order(out, c);
    check_soukatsu(out, c);
}
