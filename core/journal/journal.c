#include "journal/journal.h"

#include <zlib.h>

#include "journal/layout.h"

struct fu_journal_writer {
    const fu_mem *mem;
    const fu_stream *to;
    bool ranges;
    bool dead; /* finished or failed: only close may follow */
    uint64_t original_n, output_n;
    uLong original_crc, original_adler, output_crc;
    uint64_t range_end; /* in the output, of the last range */
    size_t chunk_n;     /* of the DATA or RANG section to come */
    unsigned char chunk[FU_JOURNAL_CHUNK];
};

static void put_meta(fu_buf *b, const char *key, const char *value)
{
    fu_buf_str(b, key);
    fu_buf_char(b, '=');
    for (const char *p = value ? value : ""; *p; p++) {
        if (*p == '\n')
            fu_buf_str(b, "\\n");
        else if (*p == '\\')
            fu_buf_str(b, "\\\\");
        else
            fu_buf_char(b, (unsigned char)*p);
    }
    fu_buf_char(b, '\n');
}

/* What the claim file's header says, as far as it can be read. */
static void put_header(fu_buf *b, const fu_journal_meta *meta)
{
    if (meta->institution && *meta->institution)
        put_meta(b, "institution", meta->institution);
    if (meta->billed)
        fu_buf_fmt(b, "billed=%06d\n", (int)meta->billed);
    if (meta->payer)
        fu_buf_fmt(b, "payer=%d\n", meta->payer);
}

static fu_status write_start(fu_journal_writer *w, const fu_journal_meta *meta, fu_error *e)
{
    fu_status st;
    fu_buf b;
    fu_buf_init(&b, w->mem, FU_JOURNAL_SECTION_MAX);
    fu_buf_add(&b, FU_JOURNAL_MAGIC, FU_JOURNAL_MAGIC_LEN);
    fu_buf_char(&b, meta->ranges ? FU_JOURNAL_VERSION_RANGES : FU_JOURNAL_VERSION);
    st = b.status == FU_OK ? fu_write_all(w->to, b.p, b.n, e) : b.status;
    fu_buf_reset(&b);
    if (st == FU_OK) {
        put_meta(&b, "version", meta->version);
        put_meta(&b, "edition", meta->edition);
        put_meta(&b, "host", meta->host);
        put_meta(&b, "input", meta->input);
        put_meta(&b, "output", meta->output);
        put_meta(&b, "options", meta->options);
        fu_buf_fmt(&b, "today=%04d-%02d-%02d\n", (int)(meta->today / 10000),
                   (int)(meta->today / 100 % 100), (int)(meta->today % 100));
        put_header(&b, meta);
        if (meta->ranges)
            put_meta(&b, "kind", FU_JOURNAL_KIND_RANGES);
        st = b.status == FU_OK ? fu_journal_section(w->to, "META", fu_buf_view(&b), e) : b.status;
    }
    fu_buf_free(&b);
    if (st == FU_E_NOMEM)
        fu_fail_nomem(e);
    if (st == FU_E_LIMIT)
        fu_fail_limit(e, "FU_JOURNAL_SECTION_MAX", FU_JOURNAL_SECTION_MAX);
    return st;
}

/* What zlib puts in front of a stream compressed at its fastest. */
static const unsigned char ZLIB_HEAD[] = {0x78, 0x01};

fu_status fu_journal_open(fu_journal_writer **out, const fu_mem *mem, const fu_stream *to,
                          const fu_journal_meta *meta, fu_error *e)
{
    fu_journal_writer *w = fu_alloc0(mem, sizeof *w);
    fu_status st;
    *out = NULL;
    if (!w)
        return fu_fail_nomem(e);
    w->mem = mem;
    w->to = to;
    w->ranges = meta->ranges;
    w->original_adler = 1;
    if (!w->ranges) {
        memcpy(w->chunk, ZLIB_HEAD, sizeof ZLIB_HEAD);
        w->chunk_n = sizeof ZLIB_HEAD;
    }
    st = write_start(w, meta, e);
    if (st != FU_OK)
        fu_journal_close(w);
    else
        *out = w;
    return st;
}

static fu_status refuse_dead(fu_error *e)
{
    return fu_fail(e, FU_E_MISUSE, "", "控えはすでに書き終わっています。",
                   "the journal is already finished or has failed");
}

/* After a failure nothing may follow. */
static fu_status keep(fu_journal_writer *w, fu_status st)
{
    w->dead = w->dead || st != FU_OK;
    return st;
}

fu_status fu_journal_claim(fu_journal_writer *w, fu_span json, fu_error *e)
{
    if (w->dead)
        return refuse_dead(e);
    return keep(w, fu_journal_section(w->to, "CLAM", json, e));
}

/* ---- chunks ---- */

static fu_status flush_chunk(fu_journal_writer *w, fu_error *e)
{
    size_t n = w->chunk_n;
    w->chunk_n = 0;
    if (n == 0)
        return FU_OK;
    return fu_journal_section(w->to, w->ranges ? "RANG" : "DATA", fu_span_of(w->chunk, n), e);
}

static fu_status put_chunk(fu_journal_writer *w, fu_span s, fu_error *e)
{
    while (s.n) {
        size_t room = sizeof w->chunk - w->chunk_n, n = s.n < room ? s.n : room;
        memcpy(w->chunk + w->chunk_n, s.p, n);
        w->chunk_n += n;
        s = fu_span_of(s.p + n, s.n - n);
        if (w->chunk_n == sizeof w->chunk) {
            fu_status st = flush_chunk(w, e);
            if (st != FU_OK)
                return st;
        }
    }
    return FU_OK;
}

/* ---- the original ---- */

fu_status fu_journal_piece(fu_journal_writer *w, const fu_piece *p, fu_error *e)
{
    if (w->dead)
        return refuse_dead(e);
    w->original_crc = crc32_combine(w->original_crc, p->crc, (z_off_t)p->n);
    w->original_n += p->n;
    if (w->ranges)
        return FU_OK;
    if (p->n && !p->data.n)
        return keep(w, fu_fail(e, FU_E_MISUSE, "", "圧縮していない部分は控えに入れられません。",
                               "a piece without data"));
    w->original_adler = adler32_combine(w->original_adler, p->adler, (z_off_t)p->n);
    return keep(w, put_chunk(w, fu_buf_view(&p->data), e));
}

/* ---- ranges ---- */

static fu_status put_range(fu_journal_writer *w, uint64_t at, uint64_t n, fu_span original,
                           fu_error *e)
{
    unsigned char head[FU_JOURNAL_RANGE_LEN];
    fu_status st = FU_OK;
    if (w->chunk_n + sizeof head + original.n > sizeof w->chunk)
        st = flush_chunk(w, e);
    fu_le_put(head, at, 8);
    fu_le_put(head + 8, n, 8);
    fu_le_put(head + 16, original.n, 8);
    if (st == FU_OK)
        st = put_chunk(w, fu_span_of(head, sizeof head), e);
    return st == FU_OK ? put_chunk(w, original, e) : st;
}

/* A range longer than a section goes on in a range that replaces nothing more. */
static fu_status put_ranges(fu_journal_writer *w, uint64_t at, uint64_t n, fu_span original,
                            fu_error *e)
{
    const size_t most = sizeof w->chunk - FU_JOURNAL_RANGE_LEN;
    fu_status st;
    do {
        size_t k = original.n < most ? original.n : most;
        st = put_range(w, at, n, fu_span_of(original.p, k), e);
        original = fu_span_of(original.p + k, original.n - k);
        at += n;
        n = 0;
    } while (original.n && st == FU_OK);
    return st;
}

fu_status fu_journal_change(fu_journal_writer *w, uint64_t at, fu_span original, fu_span result,
                            fu_error *e)
{
    size_t least = original.n < result.n ? original.n : result.n, head = 0, tail = 0;
    if (w->dead)
        return refuse_dead(e);
    if (!w->ranges)
        return FU_OK;
    while (head < least && original.p[head] == result.p[head])
        head++;
    while (tail < least - head &&
           original.p[original.n - 1 - tail] == result.p[result.n - 1 - tail])
        tail++;
    if (original.n == result.n && head == original.n)
        return FU_OK;
    if (at < w->range_end)
        return keep(w, fu_fail(e, FU_E_MISUSE, "", "書き換えの順序が正しくありません。",
                               "ranges must ascend"));
    w->range_end = at + result.n - tail;
    return keep(w, put_ranges(w, at + head, result.n - head - tail,
                              fu_span_of(original.p + head, original.n - head - tail), e));
}

/* ---- the end ---- */

fu_status fu_journal_output_sum(fu_journal_writer *w, uint64_t n, uint32_t crc, fu_error *e)
{
    if (w->dead)
        return refuse_dead(e);
    w->output_crc = crc32_combine(w->output_crc, crc, (z_off_t)n);
    w->output_n += n;
    return FU_OK;
}

/* The last block of the stream, an empty one, and its checksum, which zlib writes big-endian. */
static fu_status end_stream(fu_journal_writer *w, fu_error *e)
{
    unsigned char end[6] = {0x03, 0x00};
    for (size_t i = 0; i < 4; i++)
        end[2 + i] = (unsigned char)(w->original_adler >> (24 - 8 * i) & 0xFF);
    return put_chunk(w, fu_span_of(end, sizeof end), e);
}

fu_status fu_journal_finish(fu_journal_writer *w, fu_error *e)
{
    unsigned char end[FU_JOURNAL_END_LEN];
    fu_status st = FU_OK;
    if (w->dead)
        return refuse_dead(e);
    w->dead = true;
    if (!w->ranges)
        st = end_stream(w, e);
    if (st == FU_OK)
        st = flush_chunk(w, e);
    if (st != FU_OK)
        return st;
    fu_le_put(end, w->original_n, 8);
    fu_le_put(end + 8, w->original_crc, 4);
    fu_le_put(end + 12, w->output_n, 8);
    fu_le_put(end + 20, w->output_crc, 4);
    return fu_journal_section(w->to, "ENDJ", fu_span_of(end, sizeof end), e);
}

void fu_journal_close(fu_journal_writer *w)
{
    if (w)
        fu_free(w->mem, w, sizeof *w);
}
