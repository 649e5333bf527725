#include "journal/pack.h"

#include "base/crc.h"
#include "base/zmem.h"

/* Raw deflate: what zlib puts around a stream belongs to the whole of it. */
#define RAW_WINDOW (-15)
#define MEM_LEVEL 8

struct fu_packer {
    const fu_mem *mem;
    z_stream z;
    unsigned char chunk[16384];
};

void fu_piece_init(fu_piece *p, const fu_mem *mem)
{
    memset(p, 0, sizeof *p);
    fu_buf_init(&p->data, mem, 2 * FU_PACK_BYTES_MAX);
    p->adler = 1;
}

void fu_piece_free(fu_piece *p)
{
    fu_buf_free(&p->data);
}

void fu_piece_count(fu_piece *p, fu_span bytes)
{
    fu_buf_reset(&p->data);
    p->n = bytes.n;
    p->crc = fu_crc32(0, bytes);
    p->adler = 1;
}

fu_status fu_packer_open(fu_packer **out, const fu_mem *mem, int level, fu_error *e)
{
    fu_packer *p;
    *out = NULL;
    if (level < 0 || level > 9)
        return fu_fail(e, FU_E_MISUSE, "", "圧縮の段階の指定が正しくありません。",
                       "no such compression level");
    p = fu_alloc0(mem, sizeof *p);
    if (!p)
        return fu_fail_nomem(e);
    p->mem = mem;
    p->z.zalloc = fu_zalloc;
    p->z.zfree = fu_zfree;
    p->z.opaque = (voidpf)(uintptr_t)mem;
    if (deflateInit2(&p->z, level, Z_DEFLATED, RAW_WINDOW, MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        fu_free(mem, p, sizeof *p);
        return fu_fail_nomem(e);
    }
    *out = p;
    return FU_OK;
}

void fu_packer_close(fu_packer *p)
{
    const fu_mem *mem;
    if (!p)
        return;
    mem = p->mem;
    deflateEnd(&p->z);
    fu_free(mem, p, sizeof *p);
}

fu_status fu_packer_pack(fu_packer *p, fu_span bytes, fu_piece *out, fu_error *e)
{
    if (bytes.n > FU_PACK_BYTES_MAX)
        return fu_fail(e, FU_E_MISUSE, "", "圧縮する部分が大きすぎます。", "piece too long");
    fu_piece_count(out, bytes);
    if (bytes.n == 0)
        return FU_OK;
    out->adler = (uint32_t)adler32_z(1, bytes.p, bytes.n);
    if (deflateReset(&p->z) != Z_OK)
        return fu_fail(e, FU_E_FATAL, "", "圧縮に失敗しました。", "deflate failed");
    p->z.next_in = (z_const Bytef *)(uintptr_t)bytes.p;
    p->z.avail_in = (uInt)bytes.n;
    do {
        p->z.next_out = p->chunk;
        p->z.avail_out = sizeof p->chunk;
        deflate(&p->z, Z_SYNC_FLUSH);
        fu_buf_add(&out->data, p->chunk, sizeof p->chunk - p->z.avail_out);
    } while (p->z.avail_out == 0);
    return out->data.status == FU_OK ? FU_OK : fu_fail_nomem(e);
}
