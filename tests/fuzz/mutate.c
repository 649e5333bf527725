/* Mutations that keep the shape of our inputs: records and fields, rows and columns, elements and
 * attributes are swapped, doubled, deleted and copied, and values are replaced by codes our tables
 * know. One in four mutations is the fuzzer's own. */
#include <stdio.h>

#include "fuzz.h"

#define FU_TOKKI(code, ...) code,
#define FU_COMMENT(id, code, ...) code,
static const char *const CODES[] = {
#include "rules/comments.def"
#include "rules/tokki.def"
    "77777777",  "77777779",  "06139935",
    "39139902",  "12139903",  "202610",
    "202611",    "20261028",  "2026-10-28",
    "820000246", "830000501", "RE",
    "HO",        "KO",        "SN",
    "JD",        "CO",        "SI",
    "SY",        "IR",        "UK",
    "YK",        "HM",        "GO",
    "HR",        "HH",        "RE,1,1112,202610,",
    "00",        "01",        "0",
    "1",         "9",         "99999999",
    "-1",        "",          "&lt;b&gt;",
    "<",         "\"",        "'",
    "\x81",      "\x81\x40",  "\r",
    "\n",        "\x1a",      "&#0;",
    "]]>",       "valid",     "invalid",
    "no-record", "current",   "former",
    "unknown",   "no-answer", "told",
    "00001"};
#undef FU_TOKKI
#undef FU_COMMENT

static uint32_t state;

static size_t below(size_t n)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return n ? state % n : 0;
}

/* A piece between delimiters, with the one behind it. */
typedef struct piece {
    size_t at, n;
} piece;

static piece pick(const uint8_t *d, size_t n, uint8_t delimiter)
{
    size_t at = below(n), end = at;
    piece p;
    while (at > 0 && d[at - 1] != delimiter)
        at--;
    while (end < n && d[end] != delimiter)
        end++;
    p.at = at;
    p.n = (end < n ? end + 1 : end) - at;
    return p;
}

/* `with` comes instead of what stands at p. */
static size_t put(uint8_t *d, size_t n, size_t max, piece p, const uint8_t *with, size_t k)
{
    if (n - p.n + k > max)
        return n;
    memmove(d + p.at + k, d + p.at + p.n, n - p.at - p.n);
    if (k)
        memcpy(d + p.at, with, k);
    return n - p.n + k;
}

static size_t known(uint8_t *d, size_t n, size_t max, uint8_t delimiter)
{
    const char *code = CODES[below(sizeof CODES / sizeof CODES[0])];
    piece p = pick(d, n, delimiter);
    if (p.n && d[p.at + p.n - 1] == delimiter)
        p.n--;
    return put(d, n, max, p, (const uint8_t *)code, strlen(code));
}

static size_t shape(uint8_t *d, size_t n, size_t max, uint8_t delimiter)
{
    static uint8_t held[4096];
    piece a = pick(d, n, delimiter), b = pick(d, n, delimiter);
    size_t k = a.n < sizeof held ? a.n : sizeof held;
    memcpy(held, d + a.at, k);
    switch (below(4)) {
    case 0: /* delete */
        return put(d, n, max, a, NULL, 0);
    case 1: /* doubled, or copied to somewhere else */
        b.n = 0;
        return put(d, n, max, b, held, k);
    case 2: /* over another */
        return put(d, n, max, b, held, k);
    default: /* swapped with what follows */
        b.at = a.at + a.n;
        b.n = 0;
        if (b.at >= n || k != a.n)
            return n;
        while (b.at + b.n < n && (b.n == 0 || d[b.at + b.n - 1] != delimiter))
            b.n++;
        memmove(d + a.at, d + b.at, b.n);
        memcpy(d + a.at + b.n, held, k);
        return n;
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t max, unsigned seed)
{
    static const char pairs[3][2] = {{'\n', ','}, {'>', '"'}, {'\n', '='}};
    const char *pair;
    state = seed * 2654435761u + 1;
    below(2);
    if (n == 0 || below(4) == 0)
        return LLVMFuzzerMutate(data, n, max);
    pair = pairs[memchr(data, '<', n) ? below(2) : memchr(data, ',', n) ? 0 : 2];
    for (size_t times = 1 + below(3); times > 0 && n > 0; times--) {
        uint8_t delimiter = (uint8_t)pair[below(2)];
        n = below(3) == 0 ? known(data, n, max, delimiter) : shape(data, n, max, delimiter);
    }
    return n;
}
