#include <criterion/criterion.h>
#include <stdlib.h>

#include "text/scan.h"

#define LENGTHS 201u
#define ALIGNMENTS 64u
#define WORDS (LENGTHS / 64 + 3)

/* Every byte value comes up, the ones that matter often. */
static void fill(unsigned char *p, size_t n, uint32_t *seed)
{
    static const unsigned char edges[] = {',',  0,    0x1F, 0x20, '/',  '0',  '9',  ':',
                                          0x7E, 0x7F, 0x80, 0xA0, 0xA1, 0xFF, '\n', 0x0B};
    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        p[i] = (unsigned char)(*seed >> 24);
        if (*seed >> 10 & 1)
            p[i] = edges[*seed >> 16 & 15];
    }
}

/* Byte by byte, as the header says it. */
static void plain(fu_scan_word *out, fu_span s)
{
    memset(out, 0, WORDS * sizeof *out);
    for (size_t i = 0; i < s.n; i++) {
        uint64_t bit = UINT64_C(1) << i % 64;
        unsigned char c = s.p[i];
        out[i / 64].comma |= c == ',' ? bit : 0;
        out[i / 64].odd |= c < 0x20 || c >= 0x7F ? bit : 0;
        out[i / 64].nondigit |= c < '0' || c > '9' ? bit : 0;
        out[i / 64].lf |= c == '\n' ? bit : 0;
    }
}

static bool same(const fu_scan_word *a, const fu_scan_word *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (a[i].comma != b[i].comma || a[i].odd != b[i].odd || a[i].nondigit != b[i].nondigit ||
            a[i].lf != b[i].lf)
            return false;
    return true;
}

/* The block ends with the bytes, so that reading behind them shows under a sanitizer. */
Test(scan, every_version_sees_what_looking_byte_by_byte_sees)
{
    uint32_t seed = 1;
    const fu_scan *v;
    for (size_t k = 0; (v = fu_scan_version(k)) != NULL; k++)
        for (size_t n = 0; n < LENGTHS; n++)
            for (size_t at = 0; at < ALIGNMENTS; at++) {
                unsigned char *block = malloc(at + n + (n == 0));
                fu_scan_word got[WORDS], want[WORDS];
                cr_assert_not_null(block);
                fill(block + at, n, &seed);
                memset(got, 0xAA, sizeof got);
                plain(want, fu_span_of(block + at, n));
                v->classes(got, fu_span_of(block + at, n));
                cr_assert(same(got, want, fu_scan_words(n)), "%s, %zu bytes from %zu", v->name, n,
                          at);
                free(block);
            }
}

Test(scan, every_byte_value_is_known_at_every_place)
{
    const fu_scan *v;
    for (size_t k = 0; (v = fu_scan_version(k)) != NULL; k++)
        for (unsigned c = 0; c < 256; c++)
            for (unsigned at = 0; at < 64; at++) {
                unsigned char bytes[64];
                fu_scan_word got[WORDS], want[WORDS];
                memset(bytes, '5', sizeof bytes);
                bytes[at] = (unsigned char)c;
                plain(want, fu_span_of(bytes, sizeof bytes));
                v->classes(got, fu_span_of(bytes, sizeof bytes));
                cr_assert(same(got, want, fu_scan_words(sizeof bytes)), "%s, %02X at %u", v->name,
                          c, at);
            }
}

static bool has_plain(fu_span s, fu_span what)
{
    for (size_t i = 0; i + what.n <= s.n; i++)
        if (memcmp(s.p + i, what.p, what.n) == 0)
            return true;
    return false;
}

/* Few different bytes, so that beginnings and ends fit often. */
static void fill_few(unsigned char *p, size_t n, uint32_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        p[i] = (unsigned char)('a' + (*seed >> 24) % 3);
    }
}

Test(scan, every_version_finds_what_is_there)
{
    uint32_t seed = 7;
    const fu_scan *v;
    size_t yes = 0, no = 0;
    for (size_t k = 0; (v = fu_scan_version(k)) != NULL; k++)
        for (size_t n = 0; n < LENGTHS; n++)
            for (size_t w = 1; w <= 64; w++) {
                unsigned char what[64], *block = malloc(n + (n == 0));
                bool want;
                cr_assert_not_null(block);
                fill_few(block, n, &seed);
                fill_few(what, w, &seed);
                if (seed >> 12 & 1 && n >= w)
                    memcpy(what, block + (seed >> 8) % (n - w + 1), w);
                want = has_plain(fu_span_of(block, n), fu_span_of(what, w));
                cr_assert(v->has(fu_span_of(block, n), fu_span_of(what, w)) == want,
                          "%s, %zu in %zu bytes", v->name, w, n);
                yes += want;
                no += !want;
                free(block);
            }
    cr_expect(yes > 1000 && no > 1000, "%zu, %zu", yes, no);
}

Test(scan, nothing_has_nothing)
{
    const fu_scan *v;
    for (size_t k = 0; (v = fu_scan_version(k)) != NULL; k++) {
        fu_scan_word got[2] = {{1, 1, 1, 1}, {1, 1, 1, 1}}, none[2] = {{0, 0, 0, 0}};
        v->classes(got, fu_span_of(NULL, 0));
        cr_expect(same(got, none, 2), "%s", v->name);
        cr_expect(!v->has(fu_span_of(NULL, 0), fu_span_str("x")), "%s", v->name);
    }
}

Test(scan, a_window_begins_at_any_byte)
{
    unsigned char bytes[256];
    fu_scan_word v[6];
    uint32_t seed = 3;
    fill(bytes, sizeof bytes, &seed);
    cr_assert_eq(fu_scan_words(sizeof bytes), 6);
    fu_scan_best()->classes(v, fu_span_of(bytes, sizeof bytes));
    for (size_t i = 0; i <= sizeof bytes; i++) {
        size_t n = sizeof bytes - i < 64 ? sizeof bytes - i : 64;
        fu_scan_word w = fu_scan_window(v, i), want[WORDS];
        plain(want, fu_span_of(bytes + i, n));
        want[0].lf = 0;
        cr_expect(same(&w, want, 1), "from %zu", i);
    }
    cr_expect(fu_scan_low(0) == 0 && fu_scan_low(1) == 1 && fu_scan_low(63) == UINT64_MAX >> 1);
    cr_expect(fu_scan_low(64) == UINT64_MAX && fu_scan_low(SIZE_MAX) == UINT64_MAX);
}

Test(scan, the_best_is_the_last_of_the_versions)
{
    size_t n = 0;
    while (fu_scan_version(n))
        n++;
    cr_assert(n >= 1);
    cr_expect(fu_scan_best() == fu_scan_version(n - 1));
    cr_expect_str_eq(fu_scan_version(0)->name, "portable");
}
