#include <criterion/criterion.h>
#include <stdlib.h>

#include "support.h"
#include "uke/writer.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define PATTERN_MAX ((size_t)4 * FU_WRITER_BYTES)

/* Bytes that are different at every place a slip would move them to. */
static unsigned char *pattern(void)
{
    unsigned char *p = malloc(PATTERN_MAX);
    cr_assert(p != NULL);
    for (size_t i = 0; i < PATTERN_MAX; i++)
        p[i] = (unsigned char)(i * 31 + i / 251);
    return p;
}

static bool file_is(const tst_file *f, const unsigned char *p, size_t n)
{
    return f->n == n && (n == 0 || memcmp(f->p, p, n) == 0);
}

Test(writer, bytes_leave_in_order_and_are_counted)
{
    static const size_t sizes[][5] = {
        {0, 0, 0, 0, 0},
        {1, 2, 3, 4, 5},
        {FU_WRITER_BYTES, 0, 0, 0, 0},
        {FU_WRITER_BYTES, 1, 0, 0, 0},
        {FU_WRITER_BYTES - 1, 1, 1, 0, 0},
        {FU_WRITER_BYTES - 1, 2, 0, 3, 0},
        {FU_WRITER_BYTES + 1, 0, 0, 0, 0},
        {5, FU_WRITER_BYTES + 1, 7, 0, 0},
        {5, FU_WRITER_BYTES, 7, FU_WRITER_BYTES, 9},
        {2 * FU_WRITER_BYTES, 1, FU_WRITER_BYTES + 9, 1, 1},
    };
    static const size_t chunks[] = {0, 65537, 4096};
    unsigned char *p = pattern();
    for (size_t i = 0; i < COUNT(sizes); i++)
        for (size_t c = 0; c < COUNT(chunks); c++) {
            tst_file f = TST_FILE_INIT;
            fu_stream s = tst_stream(&f);
            fu_writer w;
            size_t at = 0;
            f.chunk = chunks[c];
            fu_writer_init(&w, &fu_mem_libc, &s);
            for (size_t k = 0; k < COUNT(sizes[0]); k++) {
                cr_expect(fu_writer_put(&w, fu_span_of(p + at, sizes[i][k]), NULL) == FU_OK);
                at += sizes[i][k];
            }
            cr_expect(w.written == f.n && f.n <= at, "row %zu", i);
            cr_expect(fu_writer_flush(&w, NULL) == FU_OK);
            cr_expect(w.written == at && file_is(&f, p, at), "row %zu, chunks %zu", i, chunks[c]);
            cr_expect(fu_writer_flush(&w, NULL) == FU_OK && f.n == at, "nothing is written twice");
            fu_writer_free(&w);
            tst_file_free(&f);
        }
    free(p);
}

Test(writer, small_pieces_are_gathered)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_writer w;
    unsigned char *p = pattern();
    cr_expect(FU_WRITER_BYTES == 65536);
    fu_writer_init(&w, &fu_mem_libc, &s);
    for (size_t i = 0; i < FU_WRITER_BYTES; i += 64)
        fu_writer_put(&w, fu_span_of(p + i, 64), NULL);
    cr_expect(f.ops == 0 && w.written == 0, "a full buffer is not written before more comes");
    fu_writer_put(&w, fu_span_of(p + FU_WRITER_BYTES, 1), NULL);
    cr_expect(f.ops == 1 && w.written == FU_WRITER_BYTES);
    cr_expect(fu_writer_flush(&w, NULL) == FU_OK && f.ops == 2);
    cr_expect(file_is(&f, p, FU_WRITER_BYTES + 1));
    fu_writer_free(&w);
    tst_file_free(&f);
    free(p);
}

Test(writer, what_is_not_flushed_is_not_written)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_writer w;
    fu_writer_init(&w, &fu_mem_libc, &s);
    cr_expect(fu_writer_put(&w, fu_span_str("abc"), NULL) == FU_OK);
    fu_writer_free(&w);
    cr_expect(f.ops == 0 && f.n == 0);
    fu_writer_free(&w); /* twice is no error */
    tst_file_free(&f);
}

/* Every write may fail; then the file holds what came before, nothing follows, and the failure
 * stays. */
Test(writer, nothing_is_written_after_a_failure)
{
    unsigned char *p = pattern();
    fu_status st = FU_E_STORE;
    for (long fail = 0; st != FU_OK; fail++) {
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        fu_writer w;
        fu_error e;
        size_t at = 0;
        f.fail_at = fail;
        fu_writer_init(&w, &fu_mem_libc, &s);
        memset(&e, 0, sizeof e);
        st = FU_OK;
        for (size_t k = 0; k < 6 && st == FU_OK; k++) {
            size_t n = k == 3 ? FU_WRITER_BYTES + 5 : 25000;
            st = fu_writer_put(&w, fu_span_of(p + at, n), &e);
            at += n;
        }
        if (st == FU_OK)
            st = fu_writer_flush(&w, &e);
        cr_assert(st == FU_OK || st == FU_E_STORE);
        cr_expect(w.written == f.n && file_is(&f, p, f.n), "write %ld", fail);
        if (st == FU_OK) {
            cr_expect(fail == 4 && f.n == at, "%ld", fail);
        } else {
            size_t n = f.n;
            long ops = f.ops;
            cr_expect_str_eq(e.code, "S702");
            for (int again = 0; again < 2; again++) {
                memset(&e, 0, sizeof e);
                cr_expect(fu_writer_put(&w, fu_span_of(p, FU_WRITER_BYTES + 1), &e) == FU_E_STORE);
                cr_expect(e.status == FU_E_STORE && strcmp(e.code, "S702") == 0);
                cr_expect(fu_writer_put(&w, fu_span_of(p, 1), NULL) == FU_E_STORE);
                cr_expect(fu_writer_flush(&w, &e) == FU_E_STORE);
            }
            cr_expect(f.n == n && f.ops == ops && w.written == n, "write %ld", fail);
        }
        fu_writer_free(&w);
        tst_file_free(&f);
    }
    free(p);
}

Test(writer, a_stream_that_takes_no_bytes_is_a_failure)
{
    fu_stream none = {NULL, NULL, NULL, NULL};
    fu_writer w;
    fu_error e;
    fu_writer_init(&w, &fu_mem_libc, &none);
    cr_expect(fu_writer_put(&w, fu_span_str("a"), &e) == FU_OK);
    cr_expect(fu_writer_flush(&w, &e) == FU_E_STORE && w.written == 0);
    cr_expect_str_eq(e.message_ja, "ファイルに書き込めませんでした。");
    fu_writer_free(&w);
}

Test(writer, every_failed_allocation_is_a_clean_error_that_stays)
{
    unsigned char *p = pattern();
    fu_status st = FU_E_NOMEM;
    long fail = 0;
    for (; st != FU_OK; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        fu_writer w;
        fu_error e;
        m.fail_at = fail;
        fu_writer_init(&w, &mem, &s);
        st = FU_OK;
        for (size_t at = 0; at < 200000 && st == FU_OK; at += 1000)
            st = fu_writer_put(&w, fu_span_of(p + at, 1000), &e);
        if (st == FU_OK)
            st = fu_writer_flush(&w, &e);
        cr_assert(st == FU_OK ? file_is(&f, p, 200000) : st == FU_E_NOMEM, "call %ld", fail);
        if (st != FU_OK) {
            cr_expect(e.status == FU_E_NOMEM && f.n == 0);
            cr_expect(fu_writer_flush(&w, &e) == FU_E_NOMEM && f.n == 0, "no hole is written over");
            cr_expect(fu_writer_put(&w, fu_span_str("x"), &e) == FU_E_NOMEM);
            cr_expect_str_eq(e.message_ja, "メモリーが足りません。");
        }
        fu_writer_free(&w);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        tst_file_free(&f);
    }
    cr_expect(fail > 2);
    free(p);
}
