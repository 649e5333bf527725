#include "journal/journal.h"

#include <limits.h>
#include <stdalign.h>

#include "journal/layout.h"

struct fu_journal_writer {
    const fu_mem *mem;
    const fu_stream *to;
    z_stream z;
    uint64_t original_n, output_n;
    uLong original_crc, output_crc;
    bool dead; /* finished or failed: only close may follow */
    unsigned char chunk[FU_JOURNAL_CHUNK];
};

/* zlib does not say the size when it frees, fu_mem wants it: it stands before the block. */
#define ZHEAD alignof(max_align_t)

voidpf fu_journal_zalloc(voidpf mem, uInt items, uInt size)
{
    size_t n = ZHEAD + (size_t)items * size;
    unsigned char *p = fu_alloc0(mem, n);
    if (!p)
        return NULL;
    memcpy(p, &n, sizeof n);
    return p + ZHEAD;
}

void fu_journal_zfree(voidpf mem, voidpf p)
{
    unsigned char *block;
    size_t n;
    if (!p)
        return;
    block = (unsigned char *)p - ZHEAD;
    memcpy(&n, block, sizeof n);
    fu_free(mem, block, n);
}

void fu_le_put(unsigned char *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(v >> (8 * i) & 0xFF);
}

uint64_t fu_le_get(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

static fu_status write_section(fu_journal_writer *w, const char *tag, fu_span payload, fu_error *e)
{
    unsigned char head[FU_JOURNAL_HEAD_LEN], tail[4];
    uLong crc;
    fu_status st;
    if (payload.n > FU_JOURNAL_SECTION_MAX)
        return fu_fail_limit(e, "FU_JOURNAL_SECTION_MAX", FU_JOURNAL_SECTION_MAX);
    memcpy(head, tag, 4);
    fu_le_put(head + 4, payload.n, 8);
    crc = crc32_z(0, head, sizeof head);
    if (payload.n)
        crc = crc32_z(crc, payload.p, payload.n);
    fu_le_put(tail, crc, 4);
    st = fu_write_all(w->to, head, sizeof head, e);
    if (st == FU_OK && payload.n)
        st = fu_write_all(w->to, payload.p, payload.n, e);
    return st == FU_OK ? fu_write_all(w->to, tail, sizeof tail, e) : st;
}

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
    static const unsigned char version = FU_JOURNAL_VERSION;
    fu_status st;
    fu_buf b;
    fu_buf_init(&b, w->mem, FU_JOURNAL_SECTION_MAX);
    fu_buf_add(&b, FU_JOURNAL_MAGIC, FU_JOURNAL_MAGIC_LEN);
    fu_buf_char(&b, version);
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
        st = b.status == FU_OK ? write_section(w, "META", fu_buf_view(&b), e) : b.status;
    }
    fu_buf_free(&b);
    if (st == FU_E_NOMEM)
        fu_fail_nomem(e);
    if (st == FU_E_LIMIT)
        fu_fail_limit(e, "FU_JOURNAL_SECTION_MAX", FU_JOURNAL_SECTION_MAX);
    return st;
}

fu_status fu_journal_open(fu_journal_writer **out, const fu_mem *mem, const fu_stream *to,
                          const fu_journal_meta *meta, int zlib_level, fu_error *e)
{
    fu_journal_writer *w = fu_alloc0(mem, sizeof *w);
    fu_status st;
    int rc;
    *out = NULL;
    if (!w)
        return fu_fail_nomem(e);
    w->mem = mem;
    w->to = to;
    w->z.zalloc = fu_journal_zalloc;
    w->z.zfree = fu_journal_zfree;
    w->z.opaque = (voidpf)(uintptr_t)mem;
    rc = deflateInit(&w->z, zlib_level);
    if (rc != Z_OK) {
        fu_free(mem, w, sizeof *w);
        if (rc == Z_MEM_ERROR)
            return fu_fail_nomem(e);
        return fu_fail(e, FU_E_MISUSE, "", "圧縮の段階の指定が正しくありません。",
                       "no such compression level");
    }
    w->z.next_out = w->chunk;
    w->z.avail_out = sizeof w->chunk;
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

fu_status fu_journal_claim(fu_journal_writer *w, fu_span json, fu_error *e)
{
    fu_status st;
    if (w->dead)
        return refuse_dead(e);
    st = write_section(w, "CLAM", json, e);
    w->dead = st != FU_OK;
    return st;
}

/* Compresses what is in next_in and writes a section whenever the chunk is full. */
static fu_status compress_on(fu_journal_writer *w, int flush, fu_error *e)
{
    for (;;) {
        int rc = deflate(&w->z, flush);
        size_t n = sizeof w->chunk - w->z.avail_out;
        if (rc == Z_STREAM_ERROR)
            return fu_fail(e, FU_E_FATAL, "", "圧縮に失敗しました。", "deflate failed");
        if (w->z.avail_out > 0 && rc != Z_STREAM_END)
            return FU_OK;
        if (n) {
            fu_status st = write_section(w, "DATA", fu_span_of(w->chunk, n), e);
            if (st != FU_OK)
                return st;
        }
        w->z.next_out = w->chunk;
        w->z.avail_out = sizeof w->chunk;
        if (rc == Z_STREAM_END)
            return FU_OK;
    }
}

fu_status fu_journal_original(fu_journal_writer *w, fu_span bytes, fu_error *e)
{
    if (w->dead)
        return refuse_dead(e);
    while (bytes.n) {
        size_t n = bytes.n < INT_MAX ? bytes.n : INT_MAX;
        fu_status st;
        w->z.next_in = (z_const Bytef *)(uintptr_t)bytes.p;
        w->z.avail_in = (uInt)n;
        st = compress_on(w, Z_NO_FLUSH, e);
        if (st != FU_OK) {
            w->dead = true;
            return st;
        }
        w->original_crc = crc32_z(w->original_crc, bytes.p, n);
        w->original_n += n;
        bytes = fu_span_of(bytes.p + n, bytes.n - n);
    }
    return FU_OK;
}

fu_status fu_journal_output(fu_journal_writer *w, fu_span bytes, fu_error *e)
{
    if (w->dead)
        return refuse_dead(e);
    if (bytes.n)
        w->output_crc = crc32_z(w->output_crc, bytes.p, bytes.n);
    w->output_n += bytes.n;
    return FU_OK;
}

fu_status fu_journal_finish(fu_journal_writer *w, fu_error *e)
{
    unsigned char end[FU_JOURNAL_END_LEN];
    fu_status st;
    if (w->dead)
        return refuse_dead(e);
    w->dead = true;
    st = compress_on(w, Z_FINISH, e);
    if (st != FU_OK)
        return st;
    fu_le_put(end, w->original_n, 8);
    fu_le_put(end + 8, w->original_crc, 4);
    fu_le_put(end + 12, w->output_n, 8);
    fu_le_put(end + 20, w->output_crc, 4);
    return write_section(w, "ENDJ", fu_span_of(end, sizeof end), e);
}

void fu_journal_close(fu_journal_writer *w)
{
    const fu_mem *mem;
    if (!w)
        return;
    mem = w->mem;
    deflateEnd(&w->z);
    fu_free(mem, w, sizeof *w);
}
