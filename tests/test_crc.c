#include <criterion/criterion.h>
#include <stdlib.h>

#include "base/crc.h"

/* Bit by bit, as the polynomial says it. */
static uint32_t plain(uint32_t crc, fu_span s)
{
    crc = ~crc;
    for (size_t i = 0; i < s.n; i++) {
        crc ^= s.p[i];
        for (int k = 0; k < 8; k++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
    }
    return ~crc;
}

static void fill(unsigned char *p, size_t n, uint32_t *seed)
{
    for (size_t i = 0; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        p[i] = (unsigned char)(*seed >> 24);
    }
}

Test(crc, known_values)
{
    static const struct {
        const char *text;
        uint32_t crc;
    } rows[] = {
        {"", 0},
        {"123456789", 0xCBF43926u},
        {"The quick brown fox jumps over the lazy dog", 0x414FA339u},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(fu_crc32(0, fu_span_str(rows[i].text)), rows[i].crc, "row %zu", i);
    cr_expect_eq(fu_crc32(7, fu_span_of(NULL, 0)), 7u);
}

Test(crc, as_a_whole_and_in_pieces)
{
    size_t n = 300000;
    unsigned char *p = malloc(n);
    uint32_t seed = 2, whole, parts;
    cr_assert_not_null(p);
    fill(p, n, &seed);
    whole = plain(0, fu_span_of(p, n));
    cr_expect_eq(fu_crc32(0, fu_span_of(p, n)), whole);
    parts = fu_crc32(0, fu_span_of(p, 12345));
    parts = fu_crc32(parts, fu_span_of(p + 12345, 50));
    parts = fu_crc32(parts, fu_span_of(p + 12395, n - 12395));
    cr_expect_eq(parts, whole);
    free(p);
}
