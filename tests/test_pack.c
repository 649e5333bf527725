#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "journal/pack.h"
#include "support.h"
#include "uke/chunk.h"

#define N 300000u

/* Lines that look like records, so that there is something to compress. */
static unsigned char *records(void)
{
    unsigned char *p = malloc(N + 64);
    uint32_t x = 7;
    size_t n = 0;
    cr_assert_not_null(p);
    while (n < N) {
        x = x * 1664525u + 1013904223u;
        n += (size_t)sprintf((char *)p + n, "SI,%u,1,%u,,,,\r\n", x >> 28, x >> 12);
    }
    return p;
}

/* The pieces behind a zlib header are one stream that gives back the bytes. */
static void expect_stream(const fu_buf *all, uint32_t adler, fu_span bytes, const char *what)
{
    unsigned char *got = malloc(bytes.n + 1);
    z_stream z;
    memset(&z, 0, sizeof z);
    cr_assert_not_null(got);
    cr_assert_eq(inflateInit2(&z, -15), Z_OK);
    z.next_in = all->p;
    z.avail_in = (uInt)all->n;
    z.next_out = got;
    z.avail_out = (uInt)bytes.n + 1;
    cr_expect_eq(inflate(&z, Z_SYNC_FLUSH), bytes.n ? Z_OK : Z_BUF_ERROR, "%s", what);
    cr_expect_eq(z.total_out, bytes.n, "%s", what);
    cr_expect_eq(z.avail_in, 0, "%s", what);
    cr_expect(memcmp(got, bytes.p, bytes.n) == 0, "%s", what);
    cr_expect_eq(adler, adler32_z(1, bytes.p, bytes.n), "%s", what);
    inflateEnd(&z);
    free(got);
}

Test(pack, pieces_of_any_cut_join_to_one_stream)
{
    static const size_t cuts[] = {1, 2, 1000, 16384, 65536, FU_CHUNK_BYTES, N, N + 1};
    unsigned char *p = records();
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
        size_t whole = cuts[i] < 100 ? 500 : N;
        uLong crc = 0, adler = 1;
        fu_packer *packer;
        fu_piece piece;
        fu_buf all;
        cr_assert_eq(fu_packer_open(&packer, &fu_mem_libc, FU_PACK_LEVEL, NULL), FU_OK);
        fu_piece_init(&piece, &fu_mem_libc);
        fu_buf_init(&all, &fu_mem_libc, 2 * N);
        for (size_t at = 0; at < whole; at += cuts[i]) {
            size_t n = whole - at < cuts[i] ? whole - at : cuts[i];
            cr_assert_eq(fu_packer_pack(packer, fu_span_of(p + at, n), &piece, NULL), FU_OK);
            cr_expect_eq(piece.n, n);
            crc = crc32_combine(crc, piece.crc, (z_off_t)n);
            adler = adler32_combine(adler, piece.adler, (z_off_t)n);
            fu_buf_span(&all, fu_buf_view(&piece.data));
        }
        expect_stream(&all, (uint32_t)adler, fu_span_of(p, whole), "joined");
        cr_expect_eq(crc, crc32_z(0, p, whole), "cut %zu", cuts[i]);
        fu_buf_free(&all);
        fu_piece_free(&piece);
        fu_packer_close(packer);
    }
    free(p);
}

Test(pack, a_piece_depends_on_its_bytes_only)
{
    unsigned char *p = records();
    fu_packer *one, *other;
    fu_piece a, b;
    cr_assert_eq(fu_packer_open(&one, &fu_mem_libc, 1, NULL), FU_OK);
    cr_assert_eq(fu_packer_open(&other, &fu_mem_libc, 1, NULL), FU_OK);
    fu_piece_init(&a, &fu_mem_libc);
    fu_piece_init(&b, &fu_mem_libc);
    cr_assert_eq(fu_packer_pack(one, fu_span_of(p, 200000), &a, NULL), FU_OK);
    cr_assert_eq(fu_packer_pack(one, fu_span_of(p + 200000, 50000), &a, NULL), FU_OK);
    cr_assert_eq(fu_packer_pack(other, fu_span_of(p + 200000, 50000), &b, NULL), FU_OK);
    cr_expect(fu_span_eq(fu_buf_view(&a.data), fu_buf_view(&b.data)));
    cr_expect(a.n == b.n && a.crc == b.crc && a.adler == b.adler);
    cr_expect_lt(a.data.n, 30000);
    fu_piece_free(&a);
    fu_piece_free(&b);
    fu_packer_close(one);
    fu_packer_close(other);
    free(p);
}

Test(pack, empty_and_counted_pieces_have_no_data)
{
    fu_packer *packer;
    fu_piece p;
    cr_assert_eq(fu_packer_open(&packer, &fu_mem_libc, 1, NULL), FU_OK);
    fu_piece_init(&p, &fu_mem_libc);
    cr_expect(p.n == 0 && p.crc == 0 && p.adler == 1 && p.data.n == 0);
    cr_assert_eq(fu_packer_pack(packer, fu_span_str("abc"), &p, NULL), FU_OK);
    cr_expect(p.n == 3 && p.crc == 0x352441C2 && p.adler == 0x024D0127 && p.data.n > 0);
    cr_assert_eq(fu_packer_pack(packer, fu_span_of(NULL, 0), &p, NULL), FU_OK);
    cr_expect(p.n == 0 && p.crc == 0 && p.adler == 1 && p.data.n == 0);
    fu_piece_count(&p, fu_span_str("abc"));
    cr_expect(p.n == 3 && p.crc == 0x352441C2 && p.data.n == 0);
    fu_piece_count(&p, fu_span_of(NULL, 0));
    cr_expect(p.n == 0 && p.crc == 0);
    fu_piece_free(&p);
    fu_packer_close(packer);
}

Test(pack, a_wrong_level_and_too_long_a_piece_are_misuse)
{
    fu_packer *packer;
    fu_piece p;
    fu_piece_init(&p, &fu_mem_libc);
    cr_expect_eq(fu_packer_open(&packer, &fu_mem_libc, -1, NULL), FU_E_MISUSE);
    cr_expect_null(packer);
    cr_expect_eq(fu_packer_open(&packer, &fu_mem_libc, 10, NULL), FU_E_MISUSE);
    cr_assert_eq(fu_packer_open(&packer, &fu_mem_libc, 0, NULL), FU_OK);
    cr_expect_eq(fu_packer_pack(packer, fu_span_of("", FU_PACK_BYTES_MAX + 1), &p, NULL),
                 FU_E_MISUSE);
    fu_packer_close(packer);
    fu_packer_close(NULL);
}

Test(pack, every_failed_allocation_is_a_clean_error)
{
    unsigned char *bytes = records();
    long n;
    for (n = 0;; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_packer *packer;
        fu_piece p;
        fu_error e;
        fu_status st;
        m.fail_at = n;
        fu_piece_init(&p, &mem);
        st = fu_packer_open(&packer, &mem, 1, &e);
        if (st == FU_OK)
            st = fu_packer_pack(packer, fu_span_of(bytes, 100000), &p, &e);
        fu_packer_close(packer);
        fu_piece_free(&p);
        cr_assert(m.live == 0 && m.live_bytes == 0, "call %ld leaks", n);
        if (st == FU_OK)
            break;
        cr_assert(st == FU_E_NOMEM && e.status == FU_E_NOMEM, "call %ld: %d", n, (int)st);
    }
    cr_expect_gt(n, 6);
    free(bytes);
}
