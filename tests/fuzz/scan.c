/* Looking at many bytes at a time: every version that this machine runs against one byte at a time.
 */
#include "fuzz.h"
#include <stdlib.h>
#include "text/scan.h"

#define WHAT_MAX 64u

/* As the header says it. */
static void must_be_classes(const fu_scan_word *v, fu_span s)
{
    for (size_t i = 0; i < fu_scan_words(s.n) * 64; i++) {
        bool there = i < s.n;
        unsigned char c = there ? s.p[i] : ',';
        fu_scan_word w = v[i / 64];
        fz_must((w.comma >> i % 64 & 1) == (there && c == ','), "commas");
        fz_must((w.odd >> i % 64 & 1) == (there && (c < 0x20 || c >= 0x7F)), "odd bytes");
        fz_must((w.nondigit >> i % 64 & 1) == (there && (c < '0' || c > '9')), "no digits");
        fz_must((w.lf >> i % 64 & 1) == (there && c == '\n'), "line feeds");
    }
}

static void must_be_windows(const fu_scan_word *v, fu_span s)
{
    for (size_t i = 0; i <= s.n; i++) {
        uint64_t comma = fu_scan_window(v, i).comma;
        bool last = i + 63 < s.n && s.p[i + 63] == ',';
        fz_must((comma & 1) == (i < s.n && s.p[i] == ',') && comma >> 63 == last,
                "a window begins at any byte");
    }
}

static bool stands_in(fu_span s, fu_span what)
{
    for (size_t i = 0; i + what.n <= s.n; i++)
        if (memcmp(s.p + i, what.p, what.n) == 0)
            return true;
    return false;
}

/* The bytes end where the block ends, and begin at any alignment: a sanitizer sees the rest. */
static void version(const fu_scan *scan, const uint8_t *data, size_t n)
{
    size_t at = n % 64;
    unsigned char *block = malloc(at + n + 1);
    fu_scan_word *v = malloc(fu_scan_words(n) * sizeof *v);
    fu_span s = fu_span_of(block + at + 1, n), what;
    fz_must(block && v, "there is memory");
    if (n)
        memcpy(block + at + 1, data, n);
    memset(v, 0x55, fu_scan_words(n) * sizeof *v);
    scan->classes(v, s);
    must_be_classes(v, s);
    must_be_windows(v, s);
    /* What is looked for stands in front of the rest of the input, which may have it again. */
    if (n > 1) {
        what = fu_span_of(s.p + 1, 1 + s.p[0] % WHAT_MAX);
        what.n = what.n < n - 1 ? what.n : n - 1;
        fz_must(scan->has(s, what), "what is there is found");
        s = fu_span_of(s.p + 1 + what.n, n - 1 - what.n);
        fz_must(scan->has(s, what) == stands_in(s, what), "what is found is there");
    }
    free(v);
    free(block);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const fu_scan *scan;
    for (size_t i = 0; (scan = fu_scan_version(i)) != NULL; i++)
        version(scan, data, n);
    return 0;
}
