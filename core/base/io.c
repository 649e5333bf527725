#include "base/io.h"

#include <limits.h>
#include <string.h>

#include "base/zmem.h"

#define RAW_SIZE ((size_t)65536)
#define GZIP_WINDOW (16 + MAX_WBITS)

struct fu_input {
    const fu_mem *mem;
    fu_stream s;
    uint64_t raw_read;
    bool raw_end;
    bool gzip;
    bool between;         /* behind a member of the .gz: the end may come, or another member */
    uint64_t taken, made; /* bytes that went into and came out of zlib */
    z_stream z; /* next_in, avail_in: what is left in raw, also when nothing is inflated */
    unsigned char raw[RAW_SIZE];
};

static fu_status store_fault(fu_error *e, const char *ja, const char *en)
{
    fu_fail(e, FU_E_STORE, "S702", ja, en);
    fu_error_hint(e, "ディスクの空きと接続を確かめて、もう一度実行してください。");
    return FU_E_STORE;
}

static int64_t span_read(void *ctx, void *buf, uint64_t n)
{
    fu_span_reader *r = ctx;
    size_t left = r->bytes.n - r->at;
    if (n > left)
        n = left;
    if (n)
        memcpy(buf, r->bytes.p + r->at, (size_t)n);
    r->at += (size_t)n;
    return (int64_t)n;
}

static int32_t span_rewind(void *ctx)
{
    ((fu_span_reader *)ctx)->at = 0;
    return 0;
}

fu_stream fu_span_stream(fu_span_reader *r)
{
    fu_stream s = {r, span_read, NULL, span_rewind};
    return s;
}

fu_status fu_write_all(const fu_stream *s, const void *p, size_t n, fu_error *e)
{
    const unsigned char *at = p;
    while (n > 0) {
        int64_t k = s->write ? s->write(s->ctx, at, n) : -1;
        if (k <= 0 || (uint64_t)k > n)
            return store_fault(e, "ファイルに書き込めませんでした。", "write failed");
        at += k;
        n -= (size_t)k;
    }
    return FU_OK;
}

static fu_status read_raw(fu_input *in, void *buf, size_t n, size_t *got, fu_error *e)
{
    int64_t k;
    *got = 0;
    if (in->raw_end || n == 0)
        return FU_OK;
    k = in->s.read ? in->s.read(in->s.ctx, buf, n) : -1;
    if (k < 0 || (uint64_t)k > n)
        return store_fault(e, "ファイルを読み込めませんでした。", "read failed");
    in->raw_end = k == 0;
    in->raw_read += (uint64_t)k;
    *got = (size_t)k;
    return FU_OK;
}

/* Two bytes decide; a stream may give them one at a time. */
static fu_status look_for_gzip(fu_input *in, fu_error *e)
{
    size_t n = 0, got = 0;
    do {
        fu_status st = read_raw(in, in->raw + n, RAW_SIZE - n, &got, e);
        if (st != FU_OK)
            return st;
        n += got;
    } while (n < 2 && !in->raw_end);
    in->z.next_in = in->raw;
    in->z.avail_in = (uInt)n;
    in->gzip = n >= 2 && in->raw[0] == 0x1F && in->raw[1] == 0x8B;
    return FU_OK;
}

fu_status fu_input_open(fu_input **out, const fu_mem *mem, const fu_stream *s, fu_error *e)
{
    fu_input *in = fu_alloc0(mem, sizeof *in);
    fu_status st;
    *out = NULL;
    if (!in)
        return fu_fail_nomem(e);
    in->mem = mem;
    in->s = *s;
    in->z.zalloc = fu_zalloc;
    in->z.zfree = fu_zfree;
    in->z.opaque = (voidpf)(uintptr_t)mem;
    st = look_for_gzip(in, e);
    if (st == FU_OK && in->gzip && inflateInit2(&in->z, GZIP_WINDOW) != Z_OK) {
        in->gzip = false;
        st = fu_fail_nomem(e);
    }
    if (st != FU_OK) {
        fu_input_close(in);
        return st;
    }
    *out = in;
    return FU_OK;
}

static fu_status gzip_fault(const fu_input *in, fu_error *e, const char *ja, const char *en)
{
    fu_fail(e, FU_E_INPUT, "F110", ja, en);
    fu_error_hint(e, "元のファイルをもう一度取り出すか、圧縮し直してください。");
    if (e)
        e->byte_offset = in->raw_read - in->z.avail_in;
    return FU_E_INPUT;
}

static fu_status refill(fu_input *in, fu_error *e)
{
    size_t got;
    fu_status st = read_raw(in, in->raw, RAW_SIZE, &got, e);
    in->z.next_in = in->raw;
    in->z.avail_in = (uInt)got;
    return st;
}

/* One call of inflate and what it says. */
static fu_status inflate_step(fu_input *in, fu_error *e)
{
    uInt before_in = in->z.avail_in, before_out = in->z.avail_out;
    int r;
    if (in->between)
        inflateReset(&in->z);
    r = inflate(&in->z, Z_NO_FLUSH);
    in->between = r == Z_STREAM_END;
    in->taken += before_in - in->z.avail_in;
    in->made += before_out - in->z.avail_out;
    if (in->made > FU_GZ_RATIO_FLOOR && in->made > in->taken * FU_GZ_RATIO_MAX)
        return fu_fail_limit(e, "FU_GZ_RATIO_MAX", FU_GZ_RATIO_MAX);
    if (r == Z_MEM_ERROR)
        return fu_fail_nomem(e);
    if (r == Z_BUF_ERROR)
        return gzip_fault(in, e, "圧縮されたファイルが途中で切れています。",
                          "gzip data is truncated");
    if (r != Z_OK && r != Z_STREAM_END)
        return gzip_fault(in, e, "圧縮されたファイルが壊れています。", "gzip data is corrupt");
    return FU_OK;
}

static fu_status read_gzip(fu_input *in, void *buf, size_t n, size_t *got, fu_error *e)
{
    uInt room = n > UINT_MAX ? UINT_MAX : (uInt)n;
    in->z.next_out = buf;
    in->z.avail_out = room;
    while (in->z.avail_out == room) {
        fu_status st = in->z.avail_in == 0 ? refill(in, e) : FU_OK;
        if (st == FU_OK && in->between && in->z.avail_in == 0)
            return FU_OK;
        if (st == FU_OK)
            st = inflate_step(in, e);
        if (st != FU_OK)
            return st;
    }
    *got = room - in->z.avail_out;
    return FU_OK;
}

fu_status fu_input_read(fu_input *in, void *buf, size_t n, size_t *got, fu_error *e)
{
    *got = 0;
    if (n == 0)
        return FU_OK;
    if (in->gzip)
        return read_gzip(in, buf, n, got, e);
    if (in->z.avail_in == 0)
        return read_raw(in, buf, n, got, e);
    *got = n < in->z.avail_in ? n : in->z.avail_in;
    memcpy(buf, in->z.next_in, *got);
    in->z.next_in += *got;
    in->z.avail_in -= (uInt)*got;
    return FU_OK;
}

fu_status fu_input_rewind(fu_input *in, fu_error *e)
{
    if (!in->s.rewind || in->s.rewind(in->s.ctx) != 0)
        return store_fault(e, "ファイルを先頭から読み直せませんでした。", "rewind failed");
    if (in->gzip)
        inflateReset(&in->z);
    in->z.avail_in = 0;
    in->raw_end = in->between = false;
    in->raw_read = in->taken = in->made = 0;
    return FU_OK;
}

uint64_t fu_input_raw_read(const fu_input *in)
{
    return in->raw_read;
}

bool fu_input_is_gzip(const fu_input *in)
{
    return in->gzip;
}

void fu_input_close(fu_input *in)
{
    if (!in)
        return;
    if (in->gzip)
        inflateEnd(&in->z);
    fu_free(in->mem, in, sizeof *in);
}
