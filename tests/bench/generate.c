/* Writes a month of 医科 claims with invented patients, and captures for some of them: the same for
 * the same arguments on every machine. What was written is told on standard output, as JSON.
 * usage: generate [OPTION=NUMBER]... CLAIMFILE CAPTURES
 *   seed       of the number stream (1)
 *   bytes      about so many (1000000)
 *   claims     so many instead, which are short; at most 2000000
 *   captures   so many of those claims have a capture; else 2 % of all
 *   records    of every claim, instead of as it comes
 *   births     different birth dates; else as it comes */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL_DAYS 0x7FFFFFFFu
#define TRAILER_BYTES 32u
#define NUMBER_MAX 999999u /* six digits: レセプト番号, 総件数 */
#define PIECE (1u << 20)   /* bytes collected before they are written */

typedef struct row {
    const char *id;
    unsigned section;                    /* 診療識別; 0: goes on with that of the row before */
    uint32_t code, tenths, points, each; /* tenths: amount; each: times a day */
    uint32_t days;                       /* bit d - 1 */
} row;

typedef struct claim {
    bn_patient patient;
    int inpatient;
    unsigned n_ko, records;
    int alone;     /* 公費 without insurance */
    int classless; /* the class of income was forgotten */
    uint32_t days;
    uint64_t points;
    bn_out body;
} claim;

typedef struct run {
    bn_random r;
    uint64_t bytes, claims, captures, records, births; /* as asked for */
    uint64_t written, n_claims, n_records, n_captures, payers, points;
    uint32_t karte;
    bn_out out, rows;
    FILE *file, *capture_file;
} run;

static unsigned bits(uint32_t v)
{
    unsigned n = 0;
    for (; v; v &= v - 1)
        n++;
    return n;
}

/* ---- records of the body ---- */

static void end(claim *c, bn_out *o)
{
    bn_put(o, "\r\n");
    c->records++;
}

static const char *burden(const claim *c)
{
    static const char *const codes[] = {"1", "2", "4"};
    return c->alone ? "5" : codes[c->n_ko];
}

static void put_days(bn_out *o, uint32_t days, uint32_t each)
{
    for (unsigned d = 0; d < 31; d++) {
        bn_put(o, ",");
        if (days >> d & 1)
            bn_put_number(o, each, 1);
    }
}

/* Three comments of a row, mostly none. */
static void put_comments(bn_out *o, bn_random *r)
{
    unsigned n = bn_percent(r, 12) ? 1 + bn_often(r, 3) : 0;
    char digits[8];
    for (unsigned i = 0; i < 3; i++) {
        bn_put(o, ",");
        if (i >= n) {
            bn_put(o, ",");
        } else if (bn_percent(r, 60)) {
            bn_put_number(o, 820100000 + bn_often(r, 400), 9);
            bn_put(o, ",");
        } else {
            bn_put_number(o, 842100000 + bn_often(r, 90), 9);
            bn_put(o, ",");
            snprintf(digits, sizeof digits, "%u", 1 + bn_below(r, 300));
            bn_put_wide(o, digits);
        }
    }
}

static void put_tenths(bn_out *o, uint32_t v)
{
    if (v == 0)
        return;
    bn_put_number(o, v / 10, 1);
    if (v % 10) {
        bn_put(o, ".");
        bn_put_number(o, v % 10, 1);
    }
}

static void service(claim *c, bn_random *r, const row *w)
{
    bn_out *o = &c->body;
    uint32_t times = bits(w->days) * w->each;
    int material = w->id[0] == 'T';
    bn_put(o, w->id);
    bn_put(o, ",");
    if (w->section)
        bn_put_number(o, w->section, 2);
    bn_put(o, ",");
    bn_put(o, burden(c));
    bn_put(o, ",");
    bn_put_number(o, w->code, 9);
    bn_put(o, ",");
    put_tenths(o, w->tenths);
    bn_put(o, ",");
    if (w->points)
        bn_put_number(o, w->points, 1);
    bn_put(o, ",");
    bn_put_number(o, times, 1);
    if (material) { /* 単位コード, 単価, 予備, 商品名 */
        bn_put(o, ",,");
        bn_put_number(o, 10 * (1 + w->code % 900), 1);
        bn_put(o, ",,");
        bn_put(o, bn_pick(r, BN_MATERIAL)->cp932);
    }
    put_comments(o, r);
    put_days(o, w->days, w->each);
    end(c, o);
    c->points += (uint64_t)w->points * times;
}

static void comment(claim *c, unsigned section, const char *text)
{
    bn_out *o = &c->body;
    bn_put(o, "CO,");
    bn_put_number(o, section, 2);
    bn_put(o, ",");
    bn_put(o, burden(c));
    bn_put(o, ",810000001,");
    bn_put(o, text);
    end(c, o);
}

/* A code of a pool of n; the same code has the same points. */
static uint32_t code_of(bn_random *r, uint32_t base, uint32_t n, uint32_t *points)
{
    uint32_t i = bn_often(r, n);
    bn_random own = {base + i};
    uint32_t code = base + bn_below(&own, 60000) * 10 + 10;
    if (points)
        *points = 5 + bn_often(&own, 300);
    return code;
}

/* Rows that are counted together: the first has the 診療識別, the last the points. */
static void together(claim *c, bn_random *r, row w, unsigned n, uint32_t base, uint32_t pool)
{
    unsigned section = w.section;
    for (unsigned i = 0; i < n; i++) {
        uint32_t points;
        w.code = code_of(r, base, pool, &points);
        w.section = i == 0 ? section : 0;
        w.points = i == n - 1 ? points : 0;
        if (w.id[0] != 'S')
            w.tenths = bn_percent(r, 85) ? 10 * (1 + bn_often(r, 8)) : 1 + bn_below(r, 80);
        service(c, r, &w);
    }
}

static uint32_t one_of(bn_random *r, uint32_t days)
{
    uint32_t k = bn_below(r, bits(days));
    for (; k > 0; k--)
        days &= days - 1;
    return days & (0u - days);
}

/* ---- parts of a claim ---- */

static void one(claim *c, bn_random *r, unsigned section, uint32_t code, uint32_t points,
                uint32_t days)
{
    row w = {"SI", section, code, 0, points, 1, days};
    service(c, r, &w);
}

static void prescriptions(claim *c, bn_random *r, uint32_t days)
{
    static const uint32_t lengths[] = {28, 14, 7, 30, 56, 5};
    unsigned n = 1 + bn_often(r, 6);
    row w = {"IY", 0, 0, 0, 0, lengths[bn_often(r, 6)], one_of(r, days)};
    for (unsigned i = 0; i < n; i++) {
        unsigned section = bn_percent(r, 75) ? 21 : bn_percent(r, 60) ? 23 : 22;
        comment(c, section, bn_pick(r, BN_USAGE)->cp932);
        if (section != 21)
            w.each = 1 + bn_often(r, 6);
        together(c, r, w, 1 + bn_often(r, 4), 620000000, 900);
    }
    one(c, r, 80, 120002910, 60, w.days);
}

static void tests(claim *c, bn_random *r, uint32_t days)
{
    row w = {"SI", 60, 0, 0, 0, 1, one_of(r, days)};
    together(c, r, w, 1, 160000000, 120);
    together(c, r, w, 3 + bn_below(r, 9), 160000000, 250);
    one(c, r, 60, 160061910, 144, w.days);
    if (bn_percent(r, 40))
        one(c, r, 60, 160095710, 40, w.days);
    if (bn_percent(r, 25))
        comment(c, 60, bn_pick(r, BN_REMARK)->cp932);
}

static void picture(claim *c, bn_random *r, uint32_t days)
{
    row w = {"SI", 70, 0, 0, 0, 1, one_of(r, days)};
    together(c, r, w, 2, 170000000, 60);
    if (bn_percent(r, 20)) {
        w.id = "IY";
        together(c, r, w, 1, 640000000, 30);
    }
}

static void injections(claim *c, bn_random *r, uint32_t days)
{
    row w = {"IY", 33, 0, 0, 0, 1 + bn_often(r, 3), days & (uint32_t)bn_next(r)};
    if (w.days == 0)
        w.days = one_of(r, days);
    together(c, r, w, 2 + bn_often(r, 5), 640000000, 400);
}

static void treatment(claim *c, bn_random *r, uint32_t days)
{
    row w = {"SI", 40, 0, 0, 0, 1, days & (uint32_t)bn_next(r)};
    if (w.days == 0)
        w.days = one_of(r, days);
    together(c, r, w, 1, 140000000, 120);
    w.section = 0;
    if (bn_percent(r, 30)) {
        w.id = "TO";
        together(c, r, w, 1, 710000000, 60);
    }
}

static void operation(claim *c, bn_random *r, uint32_t days)
{
    row w = {"SI", 50, 0, 0, 0, 1, one_of(r, days)};
    together(c, r, w, 1, 150000000, 300);
    w.section = 0;
    w.id = "IY";
    together(c, r, w, 3 + bn_below(r, 6), 620000000, 200);
    w.id = "TO";
    together(c, r, w, 1 + bn_below(r, 3), 710000000, 60);
    one(c, r, 54, 150233410, 6000, w.days);
}

static void diseases(claim *c, bn_random *r, unsigned n)
{
    bn_out *o = &c->body;
    for (unsigned i = 0; i < n; i++) {
        int coded = !bn_percent(r, 5);
        unsigned more = bn_often(r, 3);
        bn_put(o, "SY,");
        bn_put_number(o, coded ? 8800000 + bn_often(r, 1500) * 31 : 999, 7);
        bn_put(o, ",");
        bn_put_number(o, 2020 + bn_below(r, 6), 4);
        bn_put_number(o, 1 + bn_below(r, 9), 2);
        bn_put_number(o, 1 + bn_below(r, 28), 2);
        bn_put(o, bn_percent(r, 94) ? ",1," : ",2,");
        for (; more > 0; more--)
            bn_put_number(o, bn_percent(r, 50) ? 8002 : 2000 + bn_often(r, 90), 4);
        bn_put(o, ",");
        if (!coded)
            bn_put(o, bn_pick(r, BN_DISEASE)->cp932);
        bn_put(o, i == 0 ? ",01," : ",,");
        end(c, o);
    }
}

static void story(claim *c, bn_random *r)
{
    bn_out *o = &c->body;
    unsigned n = 3 + bn_below(r, 20);
    bn_put(o, "SJ,01,");
    for (; n > 0; n--)
        bn_put(o, bn_pick(r, BN_SENTENCE)->cp932);
    end(c, o);
}

static void outpatient(claim *c, bn_random *r)
{
    unsigned visits = 1 + bn_often(r, 4), often = bn_percent(r, 6) ? 8 : 0;
    for (visits += often; visits > 0; visits--)
        c->days |= 1u << bn_below(r, 31);
    diseases(c, r, 1 + bn_often(r, 9));
    if (bn_percent(r, 15))
        one(c, r, 11, 111000110, 291, c->days & (0u - c->days));
    else
        one(c, r, 12, 112007410, 75, c->days);
    if (bn_percent(r, 60))
        one(c, r, 12, 112015570, 52, c->days);
    if (bn_percent(r, 55))
        one(c, r, 13, 113001810, 225, one_of(r, c->days));
    if (bn_percent(r, 70))
        prescriptions(c, r, c->days);
    if (bn_percent(r, 12))
        injections(c, r, c->days);
    if (bn_percent(r, 15))
        treatment(c, r, c->days);
    if (bn_percent(r, 45))
        tests(c, r, c->days);
    if (bn_percent(r, 25))
        picture(c, r, c->days);
}

static void inpatient(claim *c, bn_random *r)
{
    unsigned stay = 2 + bn_below(r, 30), from = bn_below(r, 32 - stay);
    c->days = (ALL_DAYS >> (31 - stay)) << from;
    diseases(c, r, 3 + bn_often(r, 14));
    if (bn_percent(r, 50))
        comment(c, 1, bn_pick(r, BN_REMARK)->cp932);
    for (unsigned i = 1 + bn_below(r, 5); i > 0; i--)
        prescriptions(c, r, c->days);
    for (unsigned i = 4 + bn_below(r, 14); i > 0; i--)
        injections(c, r, c->days);
    for (unsigned i = 1 + bn_below(r, 6); i > 0; i--)
        treatment(c, r, c->days);
    if (bn_percent(r, 35))
        operation(c, r, c->days);
    for (unsigned i = 2 + bn_below(r, 5); i > 0; i--)
        tests(c, r, c->days);
    for (unsigned i = bn_below(r, 4); i > 0; i--)
        picture(c, r, c->days);
    one(c, r, 90, 190117710, 1688, c->days);
    one(c, r, 90, 190138870, 204, c->days);
    one(c, r, 92, 190079570, 460, c->days & (0u - c->days));
    if (bn_percent(r, 30))
        story(c, r);
}

static void short_claim(claim *c, bn_random *r)
{
    c->days = 1u << bn_below(r, 31);
    diseases(c, r, 1);
    one(c, r, 12, 112007410, 75, c->days);
    one(c, r, 80, 120002910, 60, c->days);
}

/* ---- head of a claim ---- */

static unsigned income_class(const claim *c)
{
    if (c->alone || c->classless || c->patient.group < BN_OVER70)
        return 0;
    if (c->patient.share == 3)
        return 26;
    return c->patient.group == BN_OVER70 ? 29 : c->patient.share == 2 ? 41 : 42;
}

static unsigned kind(const claim *c)
{
    const bn_patient *p = &c->patient;
    unsigned scheme = c->alone ? 2 : p->group == BN_KOUKI ? 3 : 1;
    unsigned who = p->group == BN_CHILD ? 4 : p->karte % 3 ? 2 : 6;
    if (p->group >= BN_OVER70)
        who = p->share == 3 ? 10 : 8;
    if (c->alone)
        who = 2;
    return 1000 + scheme * 100 + (c->alone ? 1 : 1 + c->n_ko) * 10 +
           (who - (unsigned)c->inpatient) % 10;
}

static void put_re(claim *c, bn_out *o, uint64_t number)
{
    const bn_patient *p = &c->patient;
    bn_put(o, "RE,");
    bn_put_number(o, (number - 1) % NUMBER_MAX + 1, 1);
    bn_put(o, ",");
    bn_put_number(o, kind(c), 4);
    bn_put(o, ",");
    bn_put_number(o, BN_MONTH, 6);
    bn_put(o, ",");
    bn_put(o, p->name);
    bn_put(o, ",");
    bn_put_number(o, p->sex, 1);
    bn_put(o, ",");
    bn_put_number(o, p->birth, 8);
    bn_put(o, ",");
    if (!c->alone && p->group != BN_KOUKI)
        bn_put_number(o, 100 - 10 * p->share, 2);
    bn_put(o, ",");
    if (c->inpatient) { /* 入院年月日 */
        bn_put_number(o, BN_MONTH, 6);
        bn_put_number(o, bits((c->days & (0u - c->days)) - 1) + 1, 2);
    }
    bn_put(o, ",,,");
    if (income_class(c))
        bn_put_number(o, income_class(c), 2);
    bn_put(o, ",,");
    bn_put_number(o, p->karte, 8);
    bn_put_n(o, ',', 23);
    bn_put(o, p->kana);
    bn_put(o, ",");
    end(c, o);
}

static void put_ho(claim *c, bn_out *o)
{
    const bn_patient *p = &c->patient;
    bn_put(o, "HO,");
    bn_put_n(o, ' ', 8 - (unsigned)strlen(p->insurer));
    bn_put(o, p->insurer);
    bn_put(o, ",");
    bn_put_wide(o, p->kigo);
    bn_put(o, ",");
    bn_put_wide(o, p->bango);
    bn_put(o, ",");
    bn_put_number(o, bits(c->days), 1);
    bn_put(o, ",");
    bn_put_number(o, c->points, 1);
    bn_put(o, ",,");
    if (c->inpatient) {
        bn_put_number(o, 3 * bits(c->days), 1);
        bn_put(o, ",");
        bn_put_number(o, (uint64_t)2010 * bits(c->days), 1);
        bn_put_n(o, ',', 6);
    } else {
        bn_put_n(o, ',', 7);
    }
    end(c, o);
}

static void put_ko(claim *c, bn_out *o, bn_random *r, const char *scheme)
{
    char number[9];
    bn_insurer(number, scheme, 990 + bn_often(r, 10));
    bn_put(o, "KO,");
    bn_put(o, number);
    bn_put(o, ",");
    bn_put_number(o, bn_below(r, 9999999), 7);
    bn_put(o, ",,");
    bn_put_number(o, bits(c->days), 1);
    bn_put(o, ",");
    bn_put_number(o, c->points, 1);
    bn_put(o, ",,,,,,");
    end(c, o);
}

static void put_head(claim *c, bn_out *o, bn_random *r, uint64_t number, int brief)
{
    put_re(c, o, number);
    if (!c->alone)
        put_ho(c, o);
    if (c->alone)
        put_ko(c, o, r, "12");
    else if (c->n_ko > 0)
        put_ko(c, o, r, c->n_ko > 1 || bn_percent(r, 50) ? "54" : "80");
    if (c->n_ko > 1)
        put_ko(c, o, r, "80");
    if (!c->alone && c->patient.group != BN_KOUKI) {
        bn_put(o, "SN,1,01,,,,");
        bn_put_number(o, c->patient.edaban, 2);
        bn_put(o, ",,");
        end(c, o);
    }
    if (brief)
        return;
    bn_put(o, c->alone ? "JD,2" : "JD,1");
    put_days(o, c->days, 1);
    end(c, o);
    if (!c->alone) {
        bn_put(o, "MF,00");
        bn_put_n(o, ',', 31);
        end(c, o);
    }
}

/* ---- the file ---- */

static void flush(bn_out *o, FILE *f)
{
    if (o->n > 0 && fwrite(o->p, 1, o->n, f) != o->n)
        bn_die("cannot write");
    o->n = 0;
}

/* Whether this claim gets a capture. With a fixed number each claim is as likely as every other. */
static int captured(run *k)
{
    if (k->captures > 0)
        return bn_below(&k->r, (uint32_t)(k->claims - k->n_claims)) < k->captures - k->n_captures;
    return bn_percent(&k->r, 2);
}

static void make_body(run *k, claim *c)
{
    bn_random *r = &k->r;
    if (k->claims > 0) {
        short_claim(c, r);
    } else if (c->inpatient) {
        inpatient(c, r);
    } else {
        outpatient(c, r);
    }
}

/* What receipt computers let through now and then: a mistyped insurer, no class of income. */
static void spoil(claim *c, bn_random *r)
{
    char *last = strchr(c->patient.insurer, '\0') - 1;
    if (bn_percent(r, 70))
        *last = (char)('0' + (*last - '0' + 1) % 10);
    else
        c->classless = 1;
}

static void make_claim(run *k, claim *c)
{
    bn_random *r = &k->r;
    bn_out body = c->body, *o = &k->out;
    int with = captured(k), brief = k->claims > 0;
    memset(c, 0, sizeof *c);
    c->body = body;
    c->body.n = 0;
    k->karte += 1 + bn_below(r, 20);
    bn_patient_make(&c->patient, r, k->karte, (uint32_t)k->births);
    c->inpatient = !brief && bn_percent(r, 7);
    c->alone = !with && bn_percent(r, 2);
    c->n_ko = c->alone ? 1 : bn_percent(r, 16) ? 1 + bn_often(r, 2) : 0;
    if (!with && bn_below(r, 1000) < 4)
        spoil(c, r);
    make_body(k, c);
    k->n_claims++;
    put_head(c, o, r, k->n_claims, brief);
    while (c->records < k->records)
        one(c, r, 60, code_of(r, 160000000, 250, NULL), 0, one_of(r, c->days));
    memcpy(bn_room(o, c->body.n), c->body.p, c->body.n);
    k->n_records += c->records;
    k->payers += c->n_ko + !c->alone;
    k->points += c->points;
    if (with)
        bn_capture(&k->rows, r, &c->patient, (uint32_t)++k->n_captures);
}

static void put_ends(bn_out *o, const run *k, int last)
{
    int fits = k->payers <= NUMBER_MAX; /* else as after a split by the payer's side */
    if (!last) {
        bn_put(o, "IR,2,13,1,1399991,,");
        bn_put(o, bn_list(BN_PLACE)->v[0].cp932);
        bn_put(o, ",");
        bn_put_number(o, BN_CLAIM_MONTH, 6);
        bn_put(o, ",00,03-0000-0001\r\n");
        return;
    }
    bn_put(o, "GO,");
    bn_put_number(o, fits ? k->payers : 0, 1);
    bn_put(o, ",");
    bn_put_number(o, fits ? k->points : 0, 1);
    bn_put(o, ",99\r\n\x1A");
}

static int more(const run *k)
{
    return k->claims > 0 ? k->n_claims < k->claims
                         : k->written + k->out.n + TRAILER_BYTES < k->bytes;
}

static void write_all(run *k)
{
    claim c;
    memset(&c, 0, sizeof c);
    k->karte = 10000000;
    put_ends(&k->out, k, 0);
    bn_capture_header(&k->rows);
    while (more(k)) {
        make_claim(k, &c);
        if (k->out.n < PIECE)
            continue;
        k->written += k->out.n;
        flush(&k->out, k->file);
        flush(&k->rows, k->capture_file);
    }
    put_ends(&k->out, k, 1);
    k->written += k->out.n;
    flush(&k->out, k->file);
    flush(&k->rows, k->capture_file);
    free(c.body.p);
}

static void option(run *k, const char *text)
{
    struct {
        const char *name;
        uint64_t *to, max;
    } options[] = {
        {"seed", &k->r.state, UINT64_MAX}, {"bytes", &k->bytes, (uint64_t)64 << 30},
        {"claims", &k->claims, 2000000},   {"captures", &k->captures, 200000},
        {"records", &k->records, 50000},   {"births", &k->births, 10000},
    };
    const char *value = strchr(text, '=');
    char *stop = NULL;
    for (size_t i = 0; value && i < sizeof options / sizeof *options; i++) {
        size_t n = (size_t)(value - text);
        if (strlen(options[i].name) != n || memcmp(options[i].name, text, n) != 0)
            continue;
        *options[i].to = strtoull(value + 1, &stop, 10);
        if (stop == value + 1 || *stop || *options[i].to > options[i].max)
            bn_die("value out of range");
    }
    if (!stop)
        bn_die("unknown option");
}

static FILE *created(const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f)
        bn_die("cannot create the file");
    setvbuf(f, NULL, _IONBF, 0);
    return f;
}

int main(int argc, char **argv)
{
    run k;
    memset(&k, 0, sizeof k);
    k.r.state = 1;
    k.bytes = 1000000;
    if (argc < 3)
        bn_die("usage: generate [OPTION=NUMBER]... CLAIMFILE CAPTURES");
    for (int i = 1; i < argc - 2; i++)
        option(&k, argv[i]);
    if (k.captures > k.claims)
        bn_die("captures without claims");
    bn_words_open();
    k.file = created(argv[argc - 2]);
    k.capture_file = created(argv[argc - 1]);
    write_all(&k);
    if (fclose(k.file) != 0 || fclose(k.capture_file) != 0)
        bn_die("cannot write");
    printf("{\"bytes\":%llu,\"claims\":%llu,\"records\":%llu,\"captures\":%llu}\n",
           (unsigned long long)k.written, (unsigned long long)k.n_claims,
           (unsigned long long)k.n_records, (unsigned long long)k.n_captures);
    free(k.out.p);
    free(k.rows.p);
    bn_words_close();
    return 0;
}
