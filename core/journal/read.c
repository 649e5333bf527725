#include "journal/journal.h"

#include "base/crc.h"
#include "base/zmem.h"
#include "journal/layout.h"

/* One journal being read. */
struct reading {
    const fu_stream *from;
    const fu_journal_reader *to;
    fu_buf section;
    z_stream z;
    uint64_t original_n;
    uint32_t original_crc;
    bool ranges, any_section, inflated, done;
    uint64_t range_end, range_n, ranged_n; /* end of the last; bytes in the output, the original */
    unsigned char chunk[FU_JOURNAL_CHUNK];
};

fu_status fu_journal_refuse(fu_error *e, const char *ja, const char *en, const char *hint)
{
    fu_fail(e, FU_E_INPUT, "S703", ja, en);
    fu_error_hint(e, hint);
    return FU_E_INPUT;
}

static fu_status refuse_foreign(fu_error *e)
{
    return fu_journal_refuse(e, "これは fusho の控え（.fusho）ではありません。",
                             "not a fusho journal",
                             "書き換えたときに作られた .fusho ファイルを選び直してください。"
                             ".gz に圧縮したものは、展開してから指定してください。");
}

static fu_status refuse_newer(fu_error *e)
{
    return fu_journal_refuse(
        e, "この控え（.fusho）は新しい形式で書かれていて、この版の fusho では読めません。",
        "the journal has a newer format version",
        "控えを作った版か、それより新しい fusho を使ってください。");
}

static fu_status refuse_cut(fu_error *e)
{
    return fu_journal_refuse(
        e, "控え（.fusho）が途中で切れていて、使えません。", "the journal is cut off",
        "控えをコピーし直すか、保管してある元の請求ファイルを使ってください。");
}

fu_status fu_journal_damaged(fu_error *e)
{
    return fu_journal_refuse(
        e, "控え（.fusho）が壊れていて、使えません。", "the journal is damaged",
        "控えをコピーし直すか、保管してある元の請求ファイルを使ってください。");
}

/* The stream's fault, not the journal's. */
static fu_status unreadable(fu_error *e)
{
    fu_fail(e, FU_E_STORE, "S702", "控え（.fusho）を読み込めませんでした。",
            "reading the journal failed");
    fu_error_hint(e, "ファイルの置き場所と、読み取りの権限を確かめてください。");
    return FU_E_STORE;
}

/* Up to n bytes; *got less than n only at the end. */
static fu_status take(struct reading *g, unsigned char *p, size_t n, size_t *got, fu_error *e)
{
    *got = 0;
    while (*got < n) {
        int64_t k = g->from->read(g->from->ctx, p + *got, n - *got);
        if (k < 0 || (uint64_t)k > n - *got)
            return unreadable(e);
        if (k == 0)
            return FU_OK;
        *got += (size_t)k;
    }
    return FU_OK;
}

static fu_status take_all(struct reading *g, unsigned char *p, size_t n, fu_error *e)
{
    size_t got;
    fu_status st = take(g, p, n, &got, e);
    return st == FU_OK && got < n ? refuse_cut(e) : st;
}

static fu_status read_magic(struct reading *g, fu_error *e)
{
    unsigned char b[FU_JOURNAL_MAGIC_LEN + 1];
    size_t got, n;
    fu_status st = take(g, b, sizeof b, &got, e);
    if (st != FU_OK)
        return st;
    n = got < FU_JOURNAL_MAGIC_LEN ? got : FU_JOURNAL_MAGIC_LEN;
    if (memcmp(b, FU_JOURNAL_MAGIC, n) != 0)
        return refuse_foreign(e);
    if (got < sizeof b)
        return refuse_cut(e);
    if (b[FU_JOURNAL_MAGIC_LEN] > FU_JOURNAL_VERSION_RANGES)
        return refuse_newer(e);
    g->ranges = b[FU_JOURNAL_MAGIC_LEN] == FU_JOURNAL_VERSION_RANGES;
    return b[FU_JOURNAL_MAGIC_LEN] >= FU_JOURNAL_VERSION ? FU_OK : fu_journal_damaged(e);
}

/* The payload goes into g->section, growing with what is really there, not with what is claimed. */
static fu_status read_payload(struct reading *g, uint64_t n, uint32_t crc, fu_error *e)
{
    unsigned char tail[4];
    fu_status st;
    fu_buf_reset(&g->section);
    while (n > 0) {
        size_t k = n < sizeof g->chunk ? (size_t)n : sizeof g->chunk;
        st = take_all(g, g->chunk, k, e);
        if (st != FU_OK)
            return st;
        if (fu_buf_add(&g->section, g->chunk, k) != FU_OK)
            return fu_fail_nomem(e);
        n -= k;
    }
    st = take_all(g, tail, sizeof tail, e);
    if (st != FU_OK)
        return st;
    crc = fu_crc32(crc, fu_buf_view(&g->section));
    return fu_le_get(tail, 4) == crc ? FU_OK : fu_journal_damaged(e);
}

static fu_status inflate_section(struct reading *g, fu_error *e)
{
    g->z.next_in = g->section.p;
    g->z.avail_in = (uInt)g->section.n;
    do {
        int rc;
        size_t n;
        fu_status st;
        if (g->inflated)
            return g->z.avail_in ? fu_journal_damaged(e) : FU_OK;
        g->z.next_out = g->chunk;
        g->z.avail_out = sizeof g->chunk;
        rc = inflate(&g->z, Z_NO_FLUSH);
        if (rc == Z_MEM_ERROR)
            return fu_fail_nomem(e);
        if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
            return fu_journal_damaged(e);
        g->inflated = rc == Z_STREAM_END;
        n = sizeof g->chunk - g->z.avail_out;
        if (n == 0)
            continue;
        g->original_n += n;
        g->original_crc = fu_crc32(g->original_crc, fu_span_of(g->chunk, n));
        st = g->to->original ? g->to->original(g->to->ctx, fu_span_of(g->chunk, n), e) : FU_OK;
        if (st != FU_OK)
            return st;
    } while (g->z.avail_in > 0 || g->z.avail_out == 0);
    return FU_OK;
}

static fu_status take_ranges(struct reading *g, fu_error *e)
{
    fu_span s = fu_buf_view(&g->section);
    while (s.n) {
        fu_journal_range r;
        uint64_t n;
        fu_status st;
        if (s.n < FU_JOURNAL_RANGE_LEN)
            return fu_journal_damaged(e);
        r.at = fu_le_get(s.p, 8);
        r.n = fu_le_get(s.p + 8, 8);
        n = fu_le_get(s.p + 16, 8);
        s = fu_span_of(s.p + FU_JOURNAL_RANGE_LEN, s.n - FU_JOURNAL_RANGE_LEN);
        if (n > s.n || r.at < g->range_end || r.n > UINT64_MAX - r.at)
            return fu_journal_damaged(e);
        r.original = fu_span_of(s.p, (size_t)n);
        s = fu_span_of(s.p + n, s.n - (size_t)n);
        g->range_end = r.at + r.n;
        g->range_n += r.n;
        g->ranged_n += n;
        st = g->to->range ? g->to->range(g->to->ctx, &r, e) : FU_OK;
        if (st != FU_OK)
            return st;
    }
    return FU_OK;
}

/* Without ranges the original was there; with them its length follows from theirs. */
static bool end_fits(const struct reading *g, const fu_journal_end *end)
{
    if (!g->ranges)
        return g->inflated && end->original_n == g->original_n &&
               end->original_crc == g->original_crc;
    return g->range_end <= end->output_n &&
           end->original_n == end->output_n - g->range_n + g->ranged_n;
}

static fu_status check_end(struct reading *g, fu_error *e)
{
    const unsigned char *p = g->section.p;
    fu_journal_end end;
    unsigned char behind;
    size_t got;
    fu_status st;
    if (g->section.n != FU_JOURNAL_END_LEN)
        return fu_journal_damaged(e);
    end.original_n = fu_le_get(p, 8);
    end.original_crc = (uint32_t)fu_le_get(p + 8, 4);
    end.output_n = fu_le_get(p + 12, 8);
    end.output_crc = (uint32_t)fu_le_get(p + 20, 4);
    if (!end_fits(g, &end))
        return fu_journal_damaged(e);
    st = take(g, &behind, 1, &got, e);
    if (st != FU_OK)
        return st;
    g->done = true;
    if (got > 0)
        return fu_journal_damaged(e);
    return g->to->end ? g->to->end(g->to->ctx, &end, e) : FU_OK;
}

/* The version's byte has no checksum; META says it once more. */
static fu_status take_meta(struct reading *g, fu_error *e)
{
    fu_span text = fu_buf_view(&g->section);
    if (fu_journal_has_ranges(text) != g->ranges)
        return fu_journal_damaged(e);
    return g->to->meta ? g->to->meta(g->to->ctx, text, e) : FU_OK;
}

static fu_status take_section(struct reading *g, fu_span tag, fu_error *e)
{
    if (fu_span_is(tag, "CLAM"))
        return g->to->claim ? g->to->claim(g->to->ctx, fu_buf_view(&g->section), e) : FU_OK;
    if (fu_span_is(tag, "DATA") && !g->ranges)
        return inflate_section(g, e);
    if (fu_span_is(tag, "RANG") && g->ranges)
        return take_ranges(g, e);
    return fu_span_is(tag, "ENDJ") ? check_end(g, e) : fu_journal_damaged(e);
}

static fu_status read_section(struct reading *g, fu_error *e)
{
    unsigned char head[FU_JOURNAL_HEAD_LEN];
    fu_status st = take_all(g, head, sizeof head, e);
    bool first = !g->any_section;
    fu_span tag;
    uint64_t n;
    if (st != FU_OK)
        return st;
    tag = fu_span_of(head, 4);
    n = fu_le_get(head + 4, 8);
    if (n > FU_JOURNAL_SECTION_MAX)
        return fu_journal_damaged(e);
    st = read_payload(g, n, fu_crc32(0, fu_span_of(head, sizeof head)), e);
    if (st != FU_OK)
        return st;
    g->any_section = true;
    if (first != fu_span_is(tag, "META"))
        return fu_journal_damaged(e);
    return first ? take_meta(g, e) : take_section(g, tag, e);
}

fu_status fu_journal_read(const fu_mem *mem, const fu_stream *from, const fu_journal_reader *r,
                          fu_error *e)
{
    struct reading *g = fu_alloc0(mem, sizeof *g);
    fu_status st = FU_OK;
    if (!g)
        return fu_fail_nomem(e);
    g->from = from;
    g->to = r;
    fu_buf_init(&g->section, mem, FU_JOURNAL_SECTION_MAX);
    g->z.zalloc = fu_zalloc;
    g->z.zfree = fu_zfree;
    g->z.opaque = (voidpf)(uintptr_t)mem;
    if (inflateInit(&g->z) != Z_OK)
        st = fu_fail_nomem(e);
    if (st == FU_OK)
        st = read_magic(g, e);
    while (st == FU_OK && !g->done)
        st = read_section(g, e);
    inflateEnd(&g->z);
    fu_buf_free(&g->section);
    fu_free(mem, g, sizeof *g);
    return st;
}

bool fu_journal_begins(fu_span head)
{
    const size_t enough = sizeof "FUSHO-" - 1;
    size_t n = head.n < FU_JOURNAL_MAGIC_LEN ? head.n : FU_JOURNAL_MAGIC_LEN;
    return n >= enough && memcmp(head.p, FU_JOURNAL_MAGIC, n) == 0;
}

/* The line of META that begins with "key="; p is NULL where there is none. */
static fu_span meta_line(fu_span meta, const char *key)
{
    size_t k = strlen(key);
    while (meta.n) {
        const unsigned char *nl = memchr(meta.p, '\n', meta.n);
        size_t n = nl ? (size_t)(nl - meta.p) : meta.n;
        if (n > k && memcmp(meta.p, key, k) == 0 && meta.p[k] == '=')
            return fu_span_of(meta.p + k + 1, n - k - 1);
        n += nl ? 1 : 0;
        meta = fu_span_of(meta.p + n, meta.n - n);
    }
    return fu_span_of(NULL, 0);
}

fu_status fu_journal_meta_value(fu_span meta, const char *key, fu_buf *out)
{
    fu_span v = meta_line(meta, key);
    if (!v.p)
        return FU_E_INPUT;
    for (size_t i = 0; i < v.n; i++) {
        unsigned char c = v.p[i];
        if (c == '\\' && i + 1 < v.n)
            c = v.p[++i] == 'n' ? '\n' : v.p[i];
        fu_buf_char(out, c);
    }
    return out->status;
}

bool fu_journal_has_ranges(fu_span meta)
{
    fu_span v = meta_line(meta, "kind");
    return v.p && fu_span_is(v, FU_JOURNAL_KIND_RANGES);
}
