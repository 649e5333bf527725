#include "uke/claim.h"

#include "base/date.h"
#include "base/utf8.h"
#include "text/cp932.h"

#define ID(a, b) FU_ID((a), (b))

fu_span fu_field(const fu_rec *r, unsigned n)
{
    uint32_t from;
    if (r && !r->ends)
        return fu_record_field(r->bytes, n);
    if (!r || n == 0 || n > r->n_ends)
        return fu_span_of(NULL, 0);
    from = n == 1 ? 0 : r->ends[n - 2] + 1;
    return fu_span_of(r->bytes.p + from, r->ends[n - 1] - from);
}

uint32_t fu_fields(const fu_rec *r)
{
    uint32_t n = 1;
    if (r->ends)
        return r->n_ends;
    for (size_t i = 0; i < r->bytes.n; i++)
        n += r->bytes.p[i] == ',';
    return n;
}

fu_span fu_re_field(const fu_claim *c, unsigned place)
{
    return fu_field(c->re, place);
}

const char *fu_field_text(fu_arena *a, fu_span cp932)
{
    /* A CP932 byte becomes at most three UTF-8 bytes. */
    char *out = cp932.n ? fu_arena_alloc(a, cp932.n * 3 + 1) : NULL;
    size_t n = 0;
    if (!out)
        return "";
    for (size_t i = 0; i < cp932.n;) {
        uint32_t cp = fu_cp932_next(cp932, &i);
        if (cp > 0 && cp < 0x80)
            out[n++] = (char)cp;
        else
            n += fu_utf8_put((unsigned char *)out + n, cp == FU_CP932_BAD || cp == 0 ? 0xFFFD : cp);
    }
    return out;
}

void fu_id_text(uint16_t id, char out[4])
{
    out[0] = (char)(id >> 8);
    out[1] = (char)(id & 0xFF);
    out[2] = out[3] = '\0';
}

static int digit_at(fu_span s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9' ? s.p[i] - '0' : -1;
}

fu_span fu_record_field(fu_span record, unsigned n)
{
    fu_span f = {record.p, 0};
    for (size_t i = 0; n > 0 && i <= record.n; i++) {
        if (i < record.n && record.p[i] != ',')
            continue;
        if (--n == 0)
            f.n = (size_t)(record.p + i - f.p);
        else
            f.p = record.p + i + 1;
    }
    return n == 0 ? f : fu_span_of(NULL, 0);
}

static fu_type type_of_table(int digit)
{
    switch (digit) {
    case 1:
        return FU_MED;
    case 3:
        return FU_DEN;
    case 4:
        return FU_PHA;
    case 6:
        return FU_NUR;
    default:
        return FU_TYPE_UNKNOWN;
    }
}

/* The field's digit where the field is nothing but that; -1. */
static int only_digit(fu_span s)
{
    return s.n == 1 ? digit_at(s, 0) : -1;
}

/* HI has the order of IR; HI and HH are also known with the month before 都道府県, which has two
 * digits where a month has more. The IR that 歯科 repeats has neither a name in front of the month
 * nor a volume. */
static fu_places header_places(uint16_t id, bool returned, fu_span record)
{
    fu_type type =
        type_of_table(only_digit(fu_record_field(record, fu_layouts[FU_MED].at.head_table)));
    bool plain = type == FU_TYPE_UNKNOWN || id == ID('H', 'I');
    fu_places at = fu_layouts[plain ? FU_MED : type].at;
    if (returned && fu_record_field(record, 3).n > 2) {
        at.head_month = 3;
        at.head_table = 5;
        at.head_volume = 8;
    } else if (type == FU_DEN && id == ID('I', 'R')) {
        at.head_month = 7;
        at.head_volume = 0;
    }
    return at;
}

/* 都道府県, 点数表 and 医療機関コード stand side by side in every header: together they are unique.
 */
static void read_institution(char out[11], fu_span record, unsigned head_table)
{
    static const size_t widths[] = {2, 1, 7};
    size_t n = 0;
    for (unsigned i = 0; i < 3; i++) {
        fu_span f = fu_record_field(record, head_table - 1 + i);
        if (f.n != widths[i] || !fu_span_digits(f)) {
            out[0] = '\0';
            return;
        }
        memcpy(out + n, f.p, f.n);
        n += f.n;
    }
    out[n] = '\0';
}

void fu_header_read(fu_header *h, uint16_t id, fu_span record)
{
    fu_places at;
    uint64_t v;
    memset(h, 0, sizeof *h);
    h->id = id;
    h->returned = id == ID('H', 'I') || id == ID('H', 'H');
    at = header_places(id, h->returned, record);
    h->type = type_of_table(only_digit(fu_record_field(record, at.head_table)));
    h->payer = only_digit(fu_record_field(record, at.head_payer));
    if (h->payer != 1 && h->payer != 2)
        h->payer = 0;
    h->month = fu_month_from_digits(fu_record_field(record, at.head_month));
    read_institution(h->institution, record, at.head_table);
    h->volume =
        fu_span_number(fu_record_field(record, at.head_volume), &v) && v < 100 ? (int)v : -1;
}

/* Positions of the record's commas, 64 bytes at a time. */
static uint64_t commas(const fu_rec *r, const fu_scan_word *scan, size_t at)
{
    size_t i = r->bit + at;
    uint64_t c = scan[i / 64].comma >> i % 64;
    if (i % 64)
        c |= scan[i / 64 + 1].comma << (64 - i % 64);
    return c & fu_scan_low(r->bytes.n - at);
}

static uint32_t count_fields(const fu_rec *r, const fu_scan_word *scan)
{
    uint32_t n = 1;
    for (size_t at = 0; at < r->bytes.n; at += 64)
        n += fu_scan_count(commas(r, scan, at));
    return n;
}

/* `ends` has room for the record's fields. */
static void cut(fu_rec *r, const fu_scan_word *scan, uint32_t *ends)
{
    uint32_t k = 0;
    for (size_t at = 0; at < r->bytes.n; at += 64)
        for (uint64_t c = commas(r, scan, at); c; c &= c - 1)
            ends[k++] = (uint32_t)(at + fu_scan_first(c));
    ends[k++] = (uint32_t)r->bytes.n;
    r->ends = ends;
    r->n_ends = k;
}

bool fu_rec_cut(fu_rec *r, const fu_scan_word *scan, fu_arena *a)
{
    uint32_t *ends = fu_arena_alloc(a, count_fields(r, scan) * sizeof *ends);
    if (ends)
        cut(r, scan, ends);
    return ends != NULL;
}

/* Records whose fields are asked for on every claim. */
static bool is_read(uint16_t id)
{
    switch (id) {
    case ID('R', 'E'):
    case ID('H', 'O'):
    case ID('K', 'O'):
    case ID('S', 'N'):
    case ID('M', 'F'):
    case ID('C', 'O'):
    case ID('T', 'K'):
        return true;
    default:
        return false;
    }
}

static void begin_record(fu_rec *r, const fu_block *b, const fu_line *l)
{
    r->bytes = fu_span_of(b->bytes.p + l->off, l->len);
    r->off = l->off;
    r->bit = b->scan_at + l->off;
    r->eol = l->eol;
    r->history = l->history;
    r->id = l->id;
    r->line = l->line;
    r->row = NULL;
    r->ends = NULL;
    r->n_ends = 0;
}

/* A record of fewer bytes cannot have too many fields. */
static bool may_have_too_many(const fu_line *l)
{
    return l->len >= FU_FIELDS_MAX;
}

static fu_status check_fields(const fu_block *b, const fu_line *l, fu_error *e)
{
    fu_rec r;
    begin_record(&r, b, l);
    if (fu_fields(&r) <= FU_FIELDS_MAX)
        return FU_OK;
    fu_fail_limit(e, "FU_FIELDS_MAX", FU_FIELDS_MAX);
    if (e)
        e->line = r.line;
    return FU_E_LIMIT;
}

static fu_status read_records(fu_claim *c, const fu_block *b, fu_arena *a, fu_error *e)
{
    for (size_t i = 0; i < b->n_lines; i++) {
        const fu_line *l = &b->lines[i];
        fu_status st = may_have_too_many(l) ? check_fields(b, l, e) : FU_OK;
        if (st != FU_OK)
            return st;
        begin_record(&c->recs[i], b, l);
        if (!l->history && is_read(l->id) && !fu_rec_cut(&c->recs[i], c->scan, a))
            return fu_fail_nomem(e);
    }
    return FU_OK;
}

static bool is_dpc_record(uint16_t id)
{
    switch (id) {
    case ID('B', 'U'):
    case ID('S', 'B'):
    case ID('K', 'K'):
    case ID('S', 'K'):
    case ID('G', 'A'):
    case ID('H', 'H'):
    case ID('G', 'T'):
    case ID('C', 'D'):
        return true;
    default:
        return false;
    }
}

/* DPC shares header and レセプト種別 with 医科: told apart by its own records, or by 総括区分 (one
 * digit in field 19, where 医科 has nothing or a 検索番号 of 17 digits and more). */
static bool is_dpc(const fu_claim *c, const fu_block *b)
{
    fu_span soukatsu = fu_field(c->re, fu_layouts[FU_DPC].at.re_soukatsu);
    int last = digit_at(fu_field(c->re, 3), 3);
    for (size_t i = 0; i < b->n_lines; i++)
        if (is_dpc_record(b->lines[i].id) && !b->lines[i].history)
            return true;
    return last >= 0 && last % 2 == 1 && soukatsu.n == 1 && digit_at(soukatsu, 0) >= 0 &&
           digit_at(soukatsu, 0) <= 3;
}

static void find_type(fu_claim *c, const fu_block *b, const fu_header *h)
{
    fu_span kind = fu_field(c->re, 3);
    for (size_t i = 0; i < 4; i++)
        c->type_digit[i] = kind.n == 4 ? digit_at(kind, i) : -1;
    c->type = type_of_table(c->type_digit[0]);
    if (c->type != h->type && h->type != FU_TYPE_UNKNOWN)
        c->type = FU_TYPE_UNKNOWN;
    if (c->type == FU_MED && is_dpc(c, b))
        c->type = FU_DPC;
    c->layout = &fu_layouts[c->type == FU_TYPE_UNKNOWN ? FU_MED : c->type];
    c->kouki = c->type_digit[1] == 3;
    c->inpatient = c->type_digit[3] >= 0 && c->type_digit[3] % 2 == 1;
}

/* More fields than any edition has; a single empty one at the end is tolerated. */
static bool has_more_fields(const fu_rec *r)
{
    uint32_t max = r->row ? r->row->n_fields : 0;
    uint32_t n = fu_fields(r);
    return max && (n > max + 1 || (n == max + 1 && fu_field(r, max + 1).n > 0));
}

bool fu_is_hoken_sn(const fu_rec *r)
{
    return !r->history && r->id == ID('S', 'N') && fu_span_is(fu_field(r, 2), "1");
}

static void find_payers(fu_claim *c)
{
    for (size_t i = 0; i < c->n_recs; i++) {
        const fu_rec *r = &c->recs[i];
        if (r->history || r->id == ID('H', 'R')) {
            c->returned = true;
            continue;
        }
        if (r->id == ID('H', 'O') && c->n_ho++ == 0)
            c->ho = r;
        if (r->id == ID('K', 'O') && c->n_ko++ < FU_KOHI_MAX)
            c->ko[c->n_ko - 1] = r;
        if (!c->sn && fu_is_hoken_sn(r))
            c->sn = r;
        if (r->id == ID('R', 'E') || r->id == ID('H', 'O'))
            c->newer_layout |= has_more_fields(r);
    }
    if (fu_re_field(c, c->layout->at.re_kensaku).n >= 17)
        c->returned = true;
}

static void read_patient(fu_claim *c)
{
    const fu_places *at = &c->layout->at;
    fu_span sex = fu_re_field(c, at->re_sex), soukatsu = fu_re_field(c, at->re_soukatsu);
    c->month = fu_month_from_digits(fu_re_field(c, at->re_month));
    c->birth = fu_day_from_digits(fu_re_field(c, at->re_birth));
    c->sex = sex.n == 1 && (sex.p[0] == '1' || sex.p[0] == '2') ? sex.p[0] - '0' : 0;
    c->soukatsu = at->re_soukatsu && soukatsu.n == 1 ? digit_at(soukatsu, 0) : -1;
}

/* Records of one name stand together: most often the row is that of the record before. */
static void find_rows(fu_claim *c)
{
    const fu_record_row *row = NULL;
    for (size_t i = 0; i < c->n_recs; i++) {
        fu_rec *r = &c->recs[i];
        if (!row || row->id != r->id)
            row = fu_layout_record(c->layout, r->id);
        r->row = row;
    }
}

static void begin_claim(fu_claim *c, const fu_block *b, fu_rec *recs)
{
    memset(c, 0, sizeof *c);
    c->bytes = b->bytes;
    c->offset = b->offset;
    c->line = b->lines[0].line;
    c->scan = b->scan;
    c->re = c->recs = recs;
}

fu_status fu_claim_parse(fu_claim *c, fu_arena *arena, const fu_block *block, const fu_header *h,
                         fu_error *e)
{
    fu_block b = *block;
    fu_rec *recs = fu_arena_alloc(arena, b.n_lines * sizeof *recs);
    fu_status st;
    if (recs && !b.scan) {
        fu_scan_word *scan = fu_arena_alloc(arena, fu_scan_words(b.bytes.n) * sizeof *scan);
        if (scan)
            fu_scan_best()->classes(scan, b.bytes);
        b.scan = scan;
        b.scan_at = 0;
    }
    if (!recs || !b.scan)
        return fu_fail_nomem(e);
    begin_claim(c, &b, recs);
    c->n_recs = b.n_lines;
    st = read_records(c, &b, arena, e);
    if (st != FU_OK)
        return st;
    find_type(c, &b, h);
    find_rows(c);
    find_payers(c);
    read_patient(c);
    return FU_OK;
}

/* One of the records that the outline has. */
static const fu_rec *outlined(fu_outline *o, const fu_block *b, const fu_line *l)
{
    fu_rec *r = &o->recs[o->c.n_recs++];
    begin_record(r, b, l);
    return r;
}

fu_status fu_claim_outline(fu_outline *o, const fu_block *b, const fu_header *h, fu_error *e)
{
    fu_claim *c = &o->c;
    begin_claim(c, b, o->recs);
    outlined(o, b, &b->lines[0]);
    for (size_t i = 0; i < b->n_lines; i++) {
        const fu_line *l = &b->lines[i];
        fu_status st = may_have_too_many(l) ? check_fields(b, l, e) : FU_OK;
        if (st != FU_OK)
            return st;
        if (l->id == ID('H', 'O') && !l->history && c->n_ho++ == 0)
            c->ho = outlined(o, b, l);
        if (l->id == ID('K', 'O') && !l->history && c->n_ko++ < FU_KOHI_MAX)
            c->ko[c->n_ko - 1] = outlined(o, b, l);
    }
    cut(&o->recs[0], c->scan, o->ends);
    find_type(c, b, h);
    read_patient(c);
    return FU_OK;
}

bool fu_claim_elderly_type(const fu_claim *c)
{
    int d = c->type_digit[3];
    return (c->type_digit[1] == 1 || c->type_digit[1] == 3) && (d >= 7 || d == 0);
}

bool fu_claim_is_30(const fu_claim *c)
{
    return fu_claim_elderly_type(c) && (c->type_digit[3] == 9 || c->type_digit[3] == 0);
}

bool fu_claim_age_at_least(const fu_claim *c, int years)
{
    if (!c->birth || !c->month)
        return false;
    /* 後期 begins on the 75th birthday itself, the other bands with the month behind it. */
    if (years >= 75)
        return fu_age_in_month(c->birth, years, c->month);
    return c->month >= fu_age_month(c->birth, years);
}

uint64_t fu_claim_points(const fu_claim *c)
{
    const fu_places *at = &c->layout->at;
    uint64_t v = 0;
    fu_span s = c->ho         ? fu_field(c->ho, at->ho_points)
                : c->n_ko > 0 ? fu_field(c->ko[0], at->ko_points)
                              : fu_span_of(NULL, 0);
    return fu_span_number(s, &v) ? v : 0;
}
