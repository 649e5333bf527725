#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "check/check.h"
#include "check/sweep.h"
#include "support_uke.h"

/* What a sweep says against what the slow check of the same record finds. */
typedef struct tally {
    size_t records, clean, needless; /* needless: nothing is found, but the sweep did not see it */
} tally;

static size_t faults(const fu_claim *c, const fu_rec *r, fu_arena *a)
{
    fu_findings out;
    fu_findings_init(&out, a);
    fu_check_bytes(&out, 1, r->line, r->id, r->bytes, 0);
    if (r->bytes.n > 0 && !r->history && c->type != FU_TYPE_UNKNOWN) {
        if (r->row)
            fu_check_fields(&out, c->layout, r->line, r->id, r->bytes);
        else
            return out.n + 1; /* F107 */
    }
    cr_assert(!out.failed);
    return out.n;
}

static void look_at(const fu_claim *c, fu_arena *a, tally *t)
{
    size_t next = fu_sweep(c, 0);
    for (size_t i = 0; i < c->n_recs; i++) {
        const fu_rec *r = &c->recs[i];
        bool clean = i < next, fine = faults(c, r, a) == 0;
        if (i == next)
            next = fu_sweep(c, i + 1);
        cr_expect(!clean || fine, "%.*s", (int)r->bytes.n, (const char *)r->bytes.p);
        t->records++;
        t->clean += clean;
        t->needless += !clean && fine;
    }
}

/* Every claim of these bytes, if they can be read at all. */
static void every_claim(fu_span bytes, tally *t)
{
    tst_walk w;
    fu_arena a;
    fu_claim c;
    fu_error e;
    fu_arena_init(&a, &fu_mem_libc, (size_t)64 << 20);
    tst_walk_bytes(&w, &fu_mem_libc, bytes, &e);
    cr_assert(w.st == FU_OK);
    while (tst_walk_claim(&w)) {
        fu_arena_reset(&a);
        if (fu_claim_parse(&c, &a, &w.b, &w.h, &e) == FU_OK)
            look_at(&c, &a, t);
    }
    tst_walk_close(&w);
    fu_arena_free(&a);
}

/* Bytes that matter somewhere, put where they may not belong. */
static void mutate(unsigned char *p, size_t n, uint32_t *seed)
{
    static const char *const edges[] = {
        ",",        ",,",   ".",        "\x7F",     "\x1F",     "9", "-", "\x83\x41",     "\x83",
        "\xB1",     "\xA0", "\xFC\xFC", "\x81\x40", "12345678", "A", " ", "\x82\x50\xB1", "\n",
        "\x85\x40", "\x00"};
    for (size_t i = 0; i < n / 100 + 1; i++) {
        const char *e = edges[tst_random(seed, 20)];
        size_t len = *e ? strlen(e) : 1, at = tst_random(seed, (uint32_t)n);
        if (at + len <= n)
            memcpy(p + at, e, len);
    }
}

static unsigned char *whole(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    unsigned char *p = malloc(1 << 20);
    cr_assert(f && p, "%s", path);
    *n = fread(p, 1, 1 << 20, f);
    fclose(f);
    return p;
}

static void one_file(const char *path, unsigned rounds, tally *plain, tally *mutated)
{
    size_t n;
    unsigned char *p = whole(path, &n), *copy = malloc(n + 1);
    uint32_t seed = 20261109;
    cr_assert_not_null(copy);
    every_claim(fu_span_of(p, n), plain);
    for (unsigned i = 0; i < rounds && n > 0; i++) {
        memcpy(copy, p, n);
        mutate(copy, n, &seed);
        every_claim(fu_span_of(copy, n), mutated);
    }
    free(copy);
    free(p);
}

/* Every file of the folder's folders whose name ends so. */
static void each_file(const char *folder, const char *end, unsigned rounds, tally *plain,
                      tally *mutated)
{
    DIR *d = opendir(folder);
    struct dirent *f;
    cr_assert(d != NULL, "%s", folder);
    while ((f = readdir(d)) != NULL) {
        char path[4096];
        size_t n = strlen(f->d_name), k = strlen(end);
        if (f->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, f->d_name);
        if (n > k && strcmp(f->d_name + n - k, end) == 0)
            one_file(path, rounds, plain, mutated);
        else if (!strchr(f->d_name, '.'))
            each_file(path, end, rounds, plain, mutated);
    }
    closedir(d);
}

Test(sweep, what_it_lets_pass_has_no_faults_and_the_fixtures_pass)
{
    tally plain = {0, 0, 0}, mutated = {0, 0, 0};
    const char *made = getenv("FUSHO_FIXTURES");
    cr_assert(made != NULL, "FUSHO_FIXTURES is not set");
    each_file(made, ".UKE", 40, &plain, &mutated);
    cr_expect(plain.records > 200 && plain.clean == plain.records, "%zu of %zu", plain.clean,
              plain.records);
    cr_expect(mutated.clean > 1000 && mutated.records - mutated.clean > 1000, "%zu of %zu",
              mutated.clean, mutated.records);
    cr_expect_eq(mutated.needless, 0, "%zu", mutated.needless);
}

/* The texts that the findings are made of are UTF-8: as bytes of a claim they are odd enough. */
Test(sweep, inputs_with_findings)
{
    tally plain = {0, 0, 0}, mutated = {0, 0, 0};
    const char *src = getenv("SRCDIR");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/fixtures/findings", src ? src : ".");
    each_file(folder, ".txt", 5, &plain, &mutated);
    cr_expect(plain.clean > 1000 && plain.records - plain.clean > 1000, "%zu of %zu", plain.clean,
              plain.records);
    cr_expect_eq(plain.needless, 0, "%zu", plain.needless);
}

/* ---- rows ---- */

static bool clean(const char *record)
{
    char text[8192];
    tst_claim t;
    fu_error e;
    bool is;
    int n = snprintf(text, sizeof text, "IR,1,13,1\nRE,1,1112\n%s\n", record);
    cr_assert(n > 0 && (size_t)n < sizeof text);
    cr_assert_eq(tst_claim_open(&t, &fu_mem_libc, fu_span_str(text), &e), FU_OK);
    cr_assert_eq(t.c.n_recs, 2);
    is = fu_sweep(&t.c, 1) == 2;
    tst_claim_close(&t);
    return is;
}

Test(sweep, modes_lengths_and_numbers_of_fields)
{
    static const struct {
        const char *record;
        bool clean;
    } rows[] = {
        {"SI,11,2,111000110,,288,1", true},
        {"SI,11,2,111000110,,288,1,,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", true},
        {"SI", true},
        {"SI,", true},
        {"SI,11,2,11100011,,288,1", false},   /* one digit short */
        {"SI,11,2,1110001100,,288,1", false}, /* one too many */
        {"SI,1x,2,111000110", false},
        {"SI,11,2,111000110,1.5", true},
        {"SI,11,2,111000110,1.", false},
        {"SI,11,2,111000110,1..5", false},
        {"CO,01,1,810000001,\x82\xA0\x82\xA2", true},
        {"CO,01,1,810000001,\x82\xA0\x82", false},
        {"CO,01,1,810000001,\x82\xA0x", false},
        {"CO,01,1,810000001,\xB1", false},
        {"CO,01,1,810000001,abc", false},
        {"HO,01139906,\x82\x50,12", true},
        {"HO,01139906,\x82\x50"
         "1,12",
         false},
        {"HO,01139906,\xB1,12", true},
        {"HO,01139906,\x7F,12", false},
        {"ZZ,1", false},
        {"", true},
        {"8,1,0,SI,x,y,\x82\xA0", true},
        {"8,1,0,SI,x,y,\x82", false},
        {"8,1,0,SI,\x01", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect(clean(rows[i].record) == rows[i].clean, "row %zu", i);
}

/* 文字データ of CO has 76 bytes: more than the 64 that are looked at together. */
Test(sweep, fields_of_every_length_and_a_fault_at_every_place)
{
    for (unsigned n = 1; n < 45; n++)
        for (unsigned fault = 0; fault < n; fault++) {
            char good[128] = "CO,01,1,810000001,", bad[128];
            size_t k = strlen(good);
            for (unsigned i = 0; i < n; i++)
                memcpy(good + k + 2 * i, "\x82\xA0", 3);
            cr_expect(clean(good) == (n <= 38), "%u characters", n);
            memcpy(bad, good, sizeof bad);
            bad[k + 2 * fault + 1] = ' ';
            cr_expect(!clean(bad), "%u of %u", fault, n);
        }
}

Test(sweep, one_field_more_than_the_layout_has)
{
    const fu_record_row *row = fu_layout_record(&fu_layouts[FU_MED], FU_ID('H', 'O'));
    char text[128] = "HO";
    cr_assert_not_null(row);
    for (unsigned n = 1; n < row->n_fields; n++)
        strcat(text, ",");
    cr_expect(clean(text));
    strcat(text, ",");
    cr_expect(!clean(text));
    text[strlen(text) - 1] = '1';
    cr_expect(clean(text) == (row->fields[row->n_fields - 2].max >= 1));
}
