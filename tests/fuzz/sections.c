#include "sections.h"

#include <zlib.h>

#include "journal/journal.h"
#include "journal/layout.h"

#define INFLATED_MAX ((size_t)16 << 20)

static void section(fu_buf *out, const char *tag, fu_span payload)
{
    unsigned char head[FU_JOURNAL_HEAD_LEN], tail[4];
    uLong crc;
    memcpy(head, tag, 4);
    fu_le_put(head + 4, payload.n, 8);
    crc = crc32_z(0, head, sizeof head);
    if (payload.n)
        crc = crc32_z(crc, payload.p, payload.n);
    fu_le_put(tail, crc, 4);
    fu_buf_add(out, head, sizeof head);
    fu_buf_span(out, payload);
    fu_buf_add(out, tail, sizeof tail);
}

static uLong crc_of(fu_span s)
{
    return s.n ? crc32_z(0, s.p, s.n) : 0;
}

void fz_output(unsigned char out[FZ_OUTPUT])
{
    for (size_t i = 0; i < FZ_OUTPUT; i++)
        out[i] = (unsigned char)(i * 7 + i / 256);
}

static void end(fu_buf *out, fu_span original, fu_span output)
{
    unsigned char p[FU_JOURNAL_END_LEN];
    fu_le_put(p, original.n, 8);
    fu_le_put(p + 8, crc_of(original), 4);
    fu_le_put(p + 12, output.n, 8);
    fu_le_put(p + 20, crc_of(output), 4);
    section(out, "ENDJ", fu_span_of(p, sizeof p));
}

/* ---- of lines ---- */

typedef struct maker {
    fu_buf *out, *original;
    z_stream z;
    fu_buf text;
    bool in_order, begun, ended, ranges;
    size_t at; /* in the output */
    unsigned char output[FZ_OUTPUT];
} maker;

static void data(maker *k, fu_span s, int flush)
{
    unsigned char chunk[4096];
    if (s.n)
        fu_buf_span(k->original, s);
    k->z.next_in = (Bytef *)(uintptr_t)s.p;
    k->z.avail_in = (uInt)s.n;
    do {
        k->z.next_out = chunk;
        k->z.avail_out = sizeof chunk;
        deflate(&k->z, flush);
        if (k->z.avail_out < sizeof chunk)
            section(k->out, "DATA", fu_span_of(chunk, sizeof chunk - k->z.avail_out));
    } while (k->z.avail_out == 0);
}

static void unescape(fu_buf *to, fu_span s)
{
    fu_buf_reset(to);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n') {
            fu_buf_char(to, '\n');
            i++;
        } else {
            fu_buf_char(to, s.p[i]);
        }
}

/* "12,": the number, and the span behind it. */
static size_t number(fu_span *s)
{
    size_t n = 0;
    while (s->n && s->p[0] >= '0' && s->p[0] <= '9' && n < 100000) {
        n = 10 * n + (size_t)(s->p[0] - '0');
        *s = fu_span_of(s->p + 1, s->n - 1);
    }
    if (s->n && s->p[0] == ',')
        *s = fu_span_of(s->p + 1, s->n - 1);
    return n;
}

static void give_back(maker *k, size_t to)
{
    if (to > k->at)
        fu_buf_add(k->original, k->output + k->at, to - k->at);
    k->at = to;
}

static void range(maker *k, fu_span s)
{
    unsigned char head[FU_JOURNAL_RANGE_LEN];
    size_t at = k->at + number(&s), n = number(&s);
    fu_buf payload;
    fu_buf_init(&payload, &fu_mem_libc, INFLATED_MAX);
    fu_le_put(head, at, 8);
    fu_le_put(head + 8, n, 8);
    fu_le_put(head + 16, s.n, 8);
    fu_buf_add(&payload, head, sizeof head);
    fu_buf_span(&payload, s);
    section(k->out, "RANG", fu_buf_view(&payload));
    fu_buf_free(&payload);
    k->in_order &= k->ranges && !k->ended && at + n <= FZ_OUTPUT;
    if (!k->in_order)
        return;
    give_back(k, at);
    fu_buf_span(k->original, s);
    k->at = at + n;
}

static void end_of_lines(maker *k)
{
    fu_span output = {NULL, 0};
    if (!k->ended && k->ranges) {
        give_back(k, FZ_OUTPUT);
        output = fu_span_of(k->output, FZ_OUTPUT);
    } else if (!k->ended) {
        data(k, fu_span_of(NULL, 0), Z_FINISH);
    }
    end(k->out, fu_buf_view(k->original), output);
    k->ended = true;
}

static void line(maker *k, fu_span s)
{
    fu_span tag = fu_span_of(s.p, s.n < 4 ? s.n : 4), rest = {NULL, 0};
    if (s.n > 5)
        rest = fu_span_of(s.p + 5, s.n - 5);
    if (fu_span_is(tag, "META")) {
        unescape(&k->text, rest);
        section(k->out, "META", fu_buf_view(&k->text));
        k->in_order &= !k->begun && fu_journal_has_ranges(fu_buf_view(&k->text)) == k->ranges;
        k->begun = true;
        return;
    }
    k->in_order &= k->begun && !k->ended;
    if (fu_span_is(tag, "CLAM"))
        section(k->out, "CLAM", rest);
    else if (fu_span_is(tag, "DATA") && !k->ended && !k->ranges)
        data(k, rest, Z_NO_FLUSH);
    else if (fu_span_is(tag, "RANG"))
        range(k, rest);
    else if (fu_span_is(tag, "ENDJ"))
        end_of_lines(k);
    else {
        k->in_order = false;
        section(k->out, "DATA", rest);
    }
}

/* The version's byte comes before META. */
static bool has_ranges(fu_span in)
{
    static const char kind[] = "kind=ranges";
    const unsigned char *lf = in.n ? memchr(in.p, '\n', in.n) : NULL;
    size_t n = lf ? (size_t)(lf - in.p) : in.n;
    for (size_t i = 0; i + sizeof kind - 1 <= n; i++)
        if (memcmp(in.p + i, kind, sizeof kind - 1) == 0)
            return true;
    return false;
}

static bool of_lines(fu_buf *out, fu_buf *original, fu_span in)
{
    maker k;
    memset(&k, 0, sizeof k);
    k.out = out;
    k.original = original;
    k.in_order = true;
    fu_buf_init(&k.text, &fu_mem_libc, INFLATED_MAX);
    fz_must(deflateInit(&k.z, 1) == Z_OK, "zlib begins");
    fu_buf_add(out, FU_JOURNAL_MAGIC, FU_JOURNAL_MAGIC_LEN);
    k.ranges = has_ranges(in);
    fz_output(k.output);
    fu_buf_char(out, k.ranges ? FU_JOURNAL_VERSION_RANGES : FU_JOURNAL_VERSION);
    while (in.n) {
        const unsigned char *lf = memchr(in.p, '\n', in.n);
        size_t n = lf ? (size_t)(lf - in.p) : in.n;
        line(&k, fu_span_of(in.p, n));
        n += lf != NULL;
        in = fu_span_of(in.p + n, in.n - n);
    }
    deflateEnd(&k.z);
    fu_buf_free(&k.text);
    return k.in_order && k.ended;
}

/* ---- of a journal ---- */

static void inflate_into(fu_buf *original, z_stream *z, fu_span s)
{
    unsigned char chunk[4096];
    int rc = Z_OK;
    z->next_in = (Bytef *)(uintptr_t)s.p;
    z->avail_in = (uInt)s.n;
    while (rc == Z_OK && original->status == FU_OK) {
        z->next_out = chunk;
        z->avail_out = sizeof chunk;
        rc = inflate(z, Z_NO_FLUSH);
        fu_buf_add(original, chunk, sizeof chunk - z->avail_out);
        if (z->avail_out)
            break;
    }
}

static void repair(fu_buf *out, fu_buf *original, fu_span in)
{
    size_t at = FU_JOURNAL_MAGIC_LEN + 1;
    bool ranges = in.p[FU_JOURNAL_MAGIC_LEN] == FU_JOURNAL_VERSION_RANGES;
    z_stream z;
    memset(&z, 0, sizeof z);
    fz_must(inflateInit(&z) == Z_OK, "zlib begins");
    fu_buf_add(out, in.p, at);
    while (in.n - at >= FU_JOURNAL_HEAD_LEN + 4) {
        const unsigned char *head = in.p + at;
        uint64_t n = fu_le_get(head + 4, 8);
        if (n > in.n - at - FU_JOURNAL_HEAD_LEN - 4)
            break;
        at += FU_JOURNAL_HEAD_LEN;
        if (memcmp(head, "DATA", 4) == 0)
            inflate_into(original, &z, fu_span_of(in.p + at, (size_t)n));
        if (memcmp(head, "ENDJ", 4) == 0 && n == FU_JOURNAL_END_LEN && !ranges)
            end(out, fu_buf_view(original), fu_span_of(NULL, 0));
        else
            section(out, (const char *)head, fu_span_of(in.p + at, (size_t)n));
        at += (size_t)n + 4;
    }
    fu_buf_add(out, in.p + at, in.n - at);
    inflateEnd(&z);
}

bool fz_sections(fu_buf *out, fu_buf *original, fu_span input)
{
    fu_buf_init(out, &fu_mem_libc, (size_t)64 << 20);
    fu_buf_init(original, &fu_mem_libc, INFLATED_MAX);
    if (input.n <= FU_JOURNAL_MAGIC_LEN ||
        memcmp(input.p, FU_JOURNAL_MAGIC, FU_JOURNAL_MAGIC_LEN) != 0)
        return of_lines(out, original, input);
    repair(out, original, input);
    return false;
}
