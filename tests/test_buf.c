#include <criterion/criterion.h>

#include "base/buf.h"
#include "support.h"

Test(buf, appends_of_every_kind)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    fu_buf b;
    fu_buf_init(&b, &mem, 1000);
    cr_expect(fu_buf_str(&b, "RE,") == FU_OK);
    cr_expect(fu_buf_str(&b, NULL) == FU_OK);
    cr_expect(fu_buf_uint(&b, 0) == FU_OK);
    cr_expect(fu_buf_char(&b, ',') == FU_OK);
    cr_expect(fu_buf_uint(&b, UINT64_MAX) == FU_OK);
    cr_expect(fu_buf_fmt(&b, "%s-%03d", ",x", 7) == FU_OK);
    cr_expect(fu_buf_span(&b, fu_span_of("\0", 1)) == FU_OK);
    cr_expect(fu_buf_add(&b, NULL, 0) == FU_OK);
    cr_expect(fu_span_eq(fu_buf_view(&b), fu_span_of("RE,0,18446744073709551615,x-007\0", 32)));
    fu_buf_free(&b);
    cr_expect(m.live == 0 && m.live_bytes == 0);
}

Test(buf, holds_its_maximum_and_not_a_byte_more)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 8);
    cr_expect(fu_buf_str(&b, "12345678") == FU_OK);
    cr_expect(fu_buf_char(&b, '9') == FU_E_LIMIT);
    cr_expect_str_eq(fu_buf_cstr(&b), "12345678");
    fu_buf_reset(&b);
    cr_expect(fu_buf_str(&b, "123456789") == FU_E_LIMIT);
    cr_expect(b.n == 0, "a refused append changes nothing");
    fu_buf_free(&b);
}

Test(buf, first_failure_sticks)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 4);
    fu_buf_str(&b, "abcde");
    cr_expect(fu_buf_char(&b, 'x') == FU_E_LIMIT);
    cr_expect(b.n == 0);
    fu_buf_reset(&b);
    cr_expect(fu_buf_char(&b, 'x') == FU_OK, "reset makes it usable again");
    fu_buf_free(&b);
}

Test(buf, later_failures_do_not_hide_the_first)
{
    tst_mem m = {0, 0, 0, 0};
    fu_mem mem = tst_mem_of(&m);
    fu_buf b;
    fu_buf_init(&b, &mem, 4);
    cr_expect(fu_buf_char(&b, 'x') == FU_E_NOMEM);
    cr_expect(fu_buf_str(&b, "abcde") == FU_E_NOMEM);
    cr_expect(fu_buf_fmt(&b, "%2000d", 1) == FU_E_NOMEM);
    fu_buf_free(&b);
    cr_expect(b.status == FU_OK, "freed, it is usable again");
}

Test(buf, fmt_takes_texts_below_1_kib)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 5000);
    cr_expect(fu_buf_fmt(&b, "%1023d", 1) == FU_OK);
    cr_expect(fu_buf_fmt(&b, "%1024d", 1) == FU_E_LIMIT);
    cr_expect(b.n == 1023);
    fu_buf_free(&b);
}

Test(buf, drop_front_moves_the_rest)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 100);
    fu_buf_str(&b, "abcdef");
    fu_buf_drop_front(&b, 0);
    fu_buf_drop_front(&b, 2);
    cr_expect_str_eq(fu_buf_cstr(&b), "cdef");
    fu_buf_drop_front(&b, 99);
    cr_expect(b.n == 0);
    fu_buf_free(&b);
}

Test(buf, cstr_is_never_null)
{
    tst_mem m = {0, 0, 0, 0};
    fu_mem mem = tst_mem_of(&m);
    fu_buf b;
    fu_buf_init(&b, &mem, 100);
    cr_expect_str_eq(fu_buf_cstr(&b), "", "no memory");
    m.fail_at = -1;
    fu_buf_reset(&b);
    cr_expect_str_eq(fu_buf_cstr(&b), "", "empty");
    fu_buf_free(&b);
    cr_expect(m.live == 0);
}

Test(buf, cstr_ends_text_that_fills_the_storage)
{
    fu_buf b;
    char text[257];
    memset(text, 'x', 256);
    text[256] = '\0';
    fu_buf_init(&b, &fu_mem_libc, 256);
    fu_buf_add(&b, text, 256);
    cr_expect_str_eq(fu_buf_cstr(&b), text);
    fu_buf_free(&b);
}

static fu_status fill(fu_buf *b)
{
    for (int i = 0; i < 1000; i++)
        fu_buf_str(b, "0123456789");
    return b->status;
}

Test(buf, survives_failure_of_every_allocation)
{
    long n = 0;
    for (;; n++) {
        tst_mem m = {0, n, 0, 0};
        fu_mem mem = tst_mem_of(&m);
        fu_buf b;
        fu_buf_init(&b, &mem, 10000);
        fu_status st = fill(&b);
        fu_buf_free(&b);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", n);
        if (st == FU_OK)
            break;
        cr_expect(st == FU_E_NOMEM, "call %ld", n);
    }
    cr_expect(n > 3);
}
