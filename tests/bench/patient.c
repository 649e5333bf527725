/* Patients, and what the desk captured of some of them. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INSURERS 40u

/* splitmix64: the same everywhere, and any seed is a good one. */
uint64_t bn_next(bn_random *r)
{
    uint64_t z = r->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

uint32_t bn_below(bn_random *r, uint32_t n)
{
    return (uint32_t)(((bn_next(r) >> 32) * n) >> 32);
}

uint32_t bn_often(bn_random *r, uint32_t n)
{
    uint64_t v = bn_below(r, n); /* before the other: C does not say which operand comes first */
    return (uint32_t)(v * bn_below(r, 1u << 16) >> 16);
}

int bn_percent(bn_random *r, uint32_t p)
{
    return bn_below(r, 100) < p;
}

void bn_die(const char *what)
{
    fprintf(stderr, "generate: %s\n", what);
    exit(1);
}

char *bn_room(bn_out *o, size_t n)
{
    if (o->cap - o->n < n) {
        o->cap = 2 * o->cap + n + 4096;
        o->p = realloc(o->p, o->cap);
        if (!o->p)
            bn_die("no memory");
    }
    o->n += n;
    return o->p + o->n - n;
}

void bn_put(bn_out *o, const char *s)
{
    size_t n = strlen(s);
    memcpy(bn_room(o, n), s, n);
}

void bn_put_n(bn_out *o, char c, unsigned n)
{
    memset(bn_room(o, n), c, n);
}

void bn_put_number(bn_out *o, uint64_t v, unsigned width)
{
    char digits[20];
    unsigned n = 0;
    char *to;
    do {
        digits[n++] = (char)('0' + v % 10);
        v /= 10;
    } while (v > 0 || n < width);
    to = bn_room(o, n);
    while (n > 0)
        *to++ = digits[--n];
}

void bn_put_wide(bn_out *o, const char *digits)
{
    for (; *digits; digits++) {
        char *to = bn_room(o, 2);
        to[0] = (char)0x82;
        to[1] = (char)(*digits - '0' + 0x4F);
    }
}

void bn_insurer(char out[9], const char *scheme, unsigned number)
{
    unsigned sum = 0;
    int n = snprintf(out, 9, "%s13%03u", scheme, number % 1000u);
    for (int i = 0; i < n; i++) {
        unsigned v = (unsigned)(out[n - 1 - i] - '0') * (i % 2 == 0 ? 2u : 1u);
        sum += v / 10 + v % 10;
    }
    out[n] = (char)('0' + (10 - sum % 10) % 10);
    out[n + 1] = '\0';
}

static uint32_t day_of(bn_random *r, uint32_t from, uint32_t years)
{
    uint32_t y = from + bn_below(r, years), m = 1 + bn_below(r, 12);
    return y * 10000 + m * 100 + 1 + bn_below(r, 28);
}

/* Whole years of birth that leave no doubt about the age in BN_MONTH. */
static void age(bn_patient *p, bn_random *r, uint32_t births)
{
    static const struct {
        uint32_t percent, from, years;
    } groups[] = {
        [BN_CHILD] = {6, 2021, 5},
        [BN_ADULT] = {34, 1957, 54},
        [BN_OVER70] = {20, 1952, 4},
        [BN_KOUKI] = {40, 1927, 24},
    };
    uint32_t at = bn_below(r, 100);
    unsigned g = BN_CHILD;
    while (g < BN_KOUKI && at >= groups[g].percent)
        at -= groups[g++].percent;
    p->group = (bn_group)g;
    p->birth = day_of(r, groups[g].from, groups[g].years);
    if (births > 0) {
        bn_random few = {bn_below(r, births)};
        p->group = BN_ADULT;
        p->birth = day_of(&few, 1957, 54);
    }
}

static void append(char *to, size_t size, const char *s)
{
    size_t n = strlen(to);
    if (strlen(s) < size - n)
        memcpy(to + n, s, strlen(s) + 1);
}

static void add_name(bn_patient *p, const bn_word *w)
{
    append(p->name, sizeof p->name, w->cp932);
    append(p->name_utf8, sizeof p->name_utf8, w->utf8);
    append(p->kana, sizeof p->kana, w->kana932);
    append(p->kana_utf8, sizeof p->kana_utf8, w->kana);
}

static void name(bn_patient *p, bn_random *r, int syllables)
{
    int given = p->sex == 1 ? BN_MALE : BN_FEMALE;
    for (int i = 0; i < (syllables ? 4 : 1); i++)
        add_name(p, bn_pick(r, syllables ? BN_SYLLABLE : BN_FAMILY));
    append(p->name, sizeof p->name, "\x81\x40"); /* full-width space */
    append(p->name_utf8, sizeof p->name_utf8, "　");
    for (int i = 0; i < (syllables ? 4 : 1); i++)
        add_name(p, bn_pick(r, syllables ? BN_SYLLABLE : given));
}

static void numbers(bn_patient *p, bn_random *r)
{
    if (p->group == BN_KOUKI) {
        bn_insurer(p->insurer, "39", 900 + bn_often(r, INSURERS));
        snprintf(p->bango, sizeof p->bango, "%08u", 10000000u + bn_below(r, 80000000u));
    } else {
        bn_insurer(p->insurer, "", 900 + bn_often(r, INSURERS));
        snprintf(p->kigo, sizeof p->kigo, "%u", 1 + bn_below(r, 9999));
        snprintf(p->bango, sizeof p->bango, "%u", 1 + bn_below(r, 999999));
        p->edaban = bn_often(r, 5);
    }
}

void bn_patient_make(bn_patient *p, bn_random *r, uint32_t karte, uint32_t births)
{
    memset(p, 0, sizeof *p);
    p->karte = karte;
    p->sex = 1 + bn_below(r, 2);
    age(p, r, births);
    name(p, r, births > 0);
    numbers(p, r);
    p->share = 3;
    if (p->group == BN_OVER70 && bn_percent(r, 80))
        p->share = 2;
    if (p->group == BN_KOUKI && bn_percent(r, 92))
        p->share = bn_percent(r, 25) ? 2 : 1;
    if (p->group == BN_CHILD)
        p->share = 2;
}

void bn_capture_header(bn_out *o)
{
    bn_put(o,
           "id,month,karte,name,kana,birth,sex,check_at,outcome,documents,current_insurer,"
           "current_kigo,current_bango,current_branch,former_insurer,former_kigo,former_bango,"
           "former_branch,declared_on,kind,insurer_name,workplace,share,phone,address,contact\n");
}

/* The numbers of another insurance of the same scheme: insurer, kigo, bango, branch. */
static void qualification(bn_out *o, bn_random *r, const bn_patient *p)
{
    bn_patient other = *p;
    while (strcmp(other.insurer, p->insurer) == 0)
        numbers(&other, r);
    bn_put(o, other.insurer);
    bn_put(o, ",");
    bn_put(o, other.kigo);
    bn_put(o, ",");
    bn_put(o, other.bango);
    bn_put(o, ",");
    if (p->group != BN_KOUKI)
        bn_put_number(o, other.edaban, 2);
}

static void declaration(bn_out *o, bn_random *r, const bn_patient *p, uint32_t day)
{
    char text[64];
    snprintf(text, sizeof text, "2026-10-%02u,%s,", day,
             p->group == BN_KOUKI ? "kouki"
             : bn_percent(r, 80)  ? "kokuho"
                                  : "unknown");
    bn_put(o, text);
    bn_put(o, bn_pick(r, BN_INSURER)->utf8);
    bn_put(o, ",");
    bn_put(o, bn_pick(r, BN_WORKPLACE)->utf8);
    bn_put(o, ",");
    bn_put_number(o, p->share, 1);
    snprintf(text, sizeof text, ",03-0000-%04u,", bn_below(r, 10000));
    bn_put(o, text);
    bn_put(o, bn_pick(r, BN_ADDRESS)->utf8);
    day += bn_below(r, 32 - day);
    snprintf(text, sizeof text, ",2026-10-%02u=%s", day,
             bn_percent(r, 50) ? "no-answer" : "unknown");
    bn_put(o, text);
}

void bn_capture(bn_out *o, bn_random *r, const bn_patient *p, uint32_t number)
{
    char text[96];
    uint32_t day = 1 + bn_below(r, 31), kind = bn_below(r, 100), minute = bn_below(r, 60);
    snprintf(text, sizeof text, "c%u,%u,", number, BN_MONTH);
    bn_put(o, text);
    if (!bn_percent(r, 5)) /* some desks do not know it: name and birth date then decide */
        bn_put_number(o, p->karte, 8);
    bn_put(o, ",");
    bn_put(o, p->name_utf8);
    bn_put(o, ",");
    bn_put(o, p->kana_utf8);
    snprintf(text, sizeof text, ",%04u-%02u-%02u,%u,2026-10-%02uT%02u:%02u,%s,mynacard,",
             p->birth / 10000, p->birth / 100 % 100, p->birth % 100, p->sex, day,
             9 + bn_below(r, 9), minute, kind < 70 ? "invalid" : "no-record");
    bn_put(o, text);
    if (kind < 40)
        qualification(o, r, p);
    bn_put_n(o, ',', kind < 40 ? 1 : 4);
    if (kind >= 40 && kind < 70)
        qualification(o, r, p);
    bn_put_n(o, ',', kind >= 40 && kind < 70 ? 1 : 4);
    if (kind >= 70)
        declaration(o, r, p, day);
    else
        bn_put_n(o, ',', 7);
    bn_put(o, "\n");
}
