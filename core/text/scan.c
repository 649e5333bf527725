#include "text/scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ONES UINT64_C(0x0101010101010101)
#define LOW7 UINT64_C(0x7F7F7F7F7F7F7F7F)
#define WORD_BYTES 64u
/* One loop for each version, with its classify inside. */
#define EACH __attribute__((always_inline))

typedef fu_scan_word one_word(const unsigned char *p);

/* The last word's bytes are copied behind each other into one of their own, so that nothing is read
 * behind the end. */
EACH static inline void each_word(fu_scan_word *out, fu_span bytes, one_word *classify)
{
    unsigned char last[WORD_BYTES] = {0};
    size_t k = 0, n = bytes.n % WORD_BYTES;
    uint64_t there = fu_scan_low(n);
    for (; k < bytes.n / WORD_BYTES; k++)
        out[k] = classify(bytes.p + k * WORD_BYTES);
    if (n)
        memcpy(last, bytes.p + k * WORD_BYTES, n);
    out[k] = classify(last);
    out[k].comma &= there;
    out[k].odd &= there;
    out[k].nondigit &= there;
    out[k].lf &= there;
    memset(&out[k + 1], 0, sizeof out[k + 1]);
}

/* ---- portable: eight bytes in a 64-bit word ---- */

/* 0x80 in every byte of x that is 0 (exact: no carry goes from byte to byte). */
static inline uint64_t zeros(uint64_t x)
{
    return ~(((x & LOW7) + LOW7) | x | LOW7);
}

/* 0x80 in every byte of x that is below n, for n up to 0x80. */
static inline uint64_t below(uint64_t x, unsigned n)
{
    return ~((x & LOW7) + (0x80 - n) * ONES) & ~x & ~LOW7;
}

/* The bits 0x80 of eight bytes side by side, that of the first byte lowest. */
static inline uint64_t gather(uint64_t x)
{
    return (x >> 7) * UINT64_C(0x0102040810204080) >> 56;
}

static inline uint64_t load(const unsigned char *p)
{
    uint64_t x = 0;
    for (unsigned i = 0; i < 8; i++)
        x |= (uint64_t)p[i] << (8 * i);
    return x;
}

static inline fu_scan_word portable_word(const unsigned char *p)
{
    fu_scan_word w = {0, 0, 0, 0};
    for (unsigned i = 0; i < WORD_BYTES; i += 8) {
        uint64_t x = load(p + i);
        uint64_t odd = below(x, 0x20) | zeros(x ^ 0x7F * ONES) | (x & ~LOW7);
        uint64_t digit = below(x, '9' + 1) & ~below(x, '0');
        w.comma |= gather(zeros(x ^ ',' * ONES)) << i;
        w.odd |= gather(odd) << i;
        w.nondigit |= gather(~digit & ~LOW7) << i;
        w.lf |= gather(zeros(x ^ '\n' * ONES)) << i;
    }
    return w;
}

static void portable_classes(fu_scan_word *out, fu_span bytes)
{
    each_word(out, bytes, portable_word);
}

static bool portable_has(fu_span bytes, fu_span what)
{
    const unsigned char *p = bytes.p;
    size_t left = bytes.n; /* from p on */
    while (p && left >= what.n) {
        const unsigned char *at = memchr(p, what.p[0], left - what.n + 1);
        if (!at)
            return false;
        if (memcmp(at, what.p, what.n) == 0)
            return true;
        left -= (size_t)(at - p) + 1;
        p = at + 1;
    }
    return false;
}

static const fu_scan portable = {"portable", portable_classes, portable_has};

#if defined(__x86_64__)

/* ---- SSE2: every x86-64 has it ---- */

static inline uint64_t bits16(__m128i x)
{
    return (uint64_t)(unsigned)_mm_movemask_epi8(x);
}

static inline fu_scan_word sse2_word(const unsigned char *p)
{
    fu_scan_word w = {0, 0, 0, 0};
    for (unsigned i = 0; i < WORD_BYTES; i += 16) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        __m128i from0 = _mm_sub_epi8(x, _mm_set1_epi8('0'));
        __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(from0, _mm_set1_epi8(9)), from0);
        /* Bytes from 0x80 on are negative. */
        __m128i odd = _mm_or_si128(_mm_cmplt_epi8(x, _mm_set1_epi8(0x20)),
                                   _mm_cmpeq_epi8(x, _mm_set1_epi8(0x7F)));
        w.comma |= bits16(_mm_cmpeq_epi8(x, _mm_set1_epi8(','))) << i;
        w.odd |= bits16(odd) << i;
        w.nondigit |= (bits16(digit) ^ 0xFFFF) << i;
        w.lf |= bits16(_mm_cmpeq_epi8(x, _mm_set1_epi8('\n'))) << i;
    }
    return w;
}

static void sse2_classes(fu_scan_word *out, fu_span bytes)
{
    each_word(out, bytes, sse2_word);
}

/* Where the first and the last byte fit, all of it is compared. */
static bool any_at(const unsigned char *p, uint64_t bits, fu_span what)
{
    for (; bits; bits &= bits - 1)
        if (memcmp(p + fu_scan_first(bits), what.p, what.n) == 0)
            return true;
    return false;
}

static bool sse2_has(fu_span bytes, fu_span what)
{
    const __m128i first = _mm_set1_epi8((char)what.p[0]);
    const __m128i last = _mm_set1_epi8((char)what.p[what.n - 1]);
    size_t i = 0;
    for (; bytes.n >= i + 15 + what.n; i += 16) {
        const unsigned char *p = bytes.p + i;
        __m128i a = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i b = _mm_loadu_si128((const __m128i *)(const void *)(p + what.n - 1));
        a = _mm_and_si128(_mm_cmpeq_epi8(a, first), _mm_cmpeq_epi8(b, last));
        if (any_at(p, bits16(a), what))
            return true;
    }
    return portable_has(fu_span_of(bytes.p ? bytes.p + i : NULL, bytes.n - i), what);
}

static const fu_scan sse2 = {"SSE2", sse2_classes, sse2_has};

/* ---- AVX2 ---- */

#define AVX2 __attribute__((target("avx2")))

AVX2 static inline uint64_t bits32(__m256i x)
{
    return (uint64_t)(unsigned)_mm256_movemask_epi8(x);
}

AVX2 static inline fu_scan_word avx2_half(const unsigned char *p)
{
    __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)p);
    __m256i from0 = _mm256_sub_epi8(x, _mm256_set1_epi8('0'));
    __m256i digit = _mm256_cmpeq_epi8(_mm256_min_epu8(from0, _mm256_set1_epi8(9)), from0);
    __m256i odd = _mm256_or_si256(_mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), x),
                                  _mm256_cmpeq_epi8(x, _mm256_set1_epi8(0x7F)));
    fu_scan_word w = {bits32(_mm256_cmpeq_epi8(x, _mm256_set1_epi8(','))), bits32(odd),
                      bits32(digit), bits32(_mm256_cmpeq_epi8(x, _mm256_set1_epi8('\n')))};
    return w;
}

AVX2 static inline fu_scan_word avx2_word(const unsigned char *p)
{
    fu_scan_word w = avx2_half(p), high = avx2_half(p + 32);
    w.comma |= high.comma << 32;
    w.odd |= high.odd << 32;
    w.nondigit = ~(w.nondigit | high.nondigit << 32);
    w.lf |= high.lf << 32;
    return w;
}

AVX2 static void avx2_classes(fu_scan_word *out, fu_span bytes)
{
    each_word(out, bytes, avx2_word);
}

AVX2 static bool avx2_has(fu_span bytes, fu_span what)
{
    const __m256i first = _mm256_set1_epi8((char)what.p[0]);
    const __m256i last = _mm256_set1_epi8((char)what.p[what.n - 1]);
    size_t i = 0;
    for (; bytes.n >= i + 31 + what.n; i += 32) {
        const unsigned char *p = bytes.p + i;
        __m256i a = _mm256_loadu_si256((const __m256i *)(const void *)p);
        __m256i b = _mm256_loadu_si256((const __m256i *)(const void *)(p + what.n - 1));
        a = _mm256_and_si256(_mm256_cmpeq_epi8(a, first), _mm256_cmpeq_epi8(b, last));
        if (any_at(p, bits32(a), what))
            return true;
    }
    return portable_has(fu_span_of(bytes.p ? bytes.p + i : NULL, bytes.n - i), what);
}

static const fu_scan avx2 = {"AVX2", avx2_classes, avx2_has};

/* ---- choice ---- */

const fu_scan *fu_scan_version(size_t i)
{
    bool newer = __builtin_cpu_supports("avx2");
    return i == 0 ? &portable : i == 1 ? &sse2 : i == 2 && newer ? &avx2 : NULL;
}

const fu_scan *fu_scan_best(void)
{
    return __builtin_cpu_supports("avx2") ? &avx2 : &sse2;
}

#else

const fu_scan *fu_scan_version(size_t i)
{
    return i == 0 ? &portable : NULL;
}

const fu_scan *fu_scan_best(void)
{
    return &portable;
}

#endif
