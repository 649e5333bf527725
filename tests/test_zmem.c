#include <criterion/criterion.h>
#include <stdalign.h>
#include <string.h>

#include "base/zmem.h"
#include "support.h"

static const struct {
    uInt items, size;
} rows[] = {{1, 1}, {3, 7}, {1, 15}, {2, 16}, {257, 255}, {32768, 2}, {0, 8}, {8, 0}};
#define N_ROWS (sizeof rows / sizeof rows[0])

/* The test allocator ends the process where a size is not the one asked for, something is written
 * behind the end, or a block is not wiped. */
Test(zmem, blocks_are_whole_cleared_and_aligned_and_go_back_as_they_came)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    unsigned char *p[N_ROWS];
    for (size_t i = 0; i < N_ROWS; i++) {
        size_t n = (size_t)rows[i].items * rows[i].size, before = m.live_bytes;
        p[i] = fu_zalloc(&mem, rows[i].items, rows[i].size);
        cr_assert_not_null(p[i], "row %zu", i);
        cr_expect_eq((uintptr_t)p[i] % alignof(max_align_t), 0, "row %zu", i);
        cr_expect_eq(m.live_bytes - before, n + alignof(max_align_t), "row %zu", i);
        for (size_t k = 0; k < n; k++)
            cr_assert_eq(p[i][k], 0, "row %zu, byte %zu", i, k);
        memset(p[i], 'x', n);
    }
    cr_expect_eq(m.live, N_ROWS);
    for (size_t i = 0; i < N_ROWS; i++)
        fu_zfree(&mem, p[i]);
    cr_expect(m.live == 0 && m.live_bytes == 0);
}

Test(zmem, a_failed_allocation_is_null)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    m.fail_at = 0;
    cr_expect_null(fu_zalloc(&mem, 4, 4));
    cr_expect(m.calls == 1 && m.live == 0);
}

/* What is asked for; there is nothing to be had. */
typedef struct asked {
    int calls;
    uint64_t n;
} asked;

static void *ask(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    asked *a = ctx;
    (void)p, (void)old_n;
    a->calls++;
    a->n = new_n;
    return NULL;
}

/* Where a size_t holds the product it is asked for, and only then. */
Test(zmem, a_product_that_overflows_is_refused)
{
    static const uInt most[][2] = {
        {UINT32_MAX, UINT32_MAX}, {65536, 65536}, {UINT32_MAX, 1}, {1, UINT32_MAX}};
    for (size_t i = 0; i < sizeof most / sizeof most[0]; i++) {
        asked a = {0, 0};
        fu_mem mem = {ask, &a};
        uint64_t n = (uint64_t)most[i][0] * most[i][1];
        bool fits = n <= SIZE_MAX - alignof(max_align_t);
        cr_expect_null(fu_zalloc(&mem, most[i][0], most[i][1]), "row %zu", i);
        cr_expect_eq(a.calls, fits, "row %zu", i);
        cr_expect_eq(a.n, fits ? n + alignof(max_align_t) : 0, "row %zu", i);
    }
}

Test(zmem, freeing_null_is_nothing)
{
    asked a = {0, 0};
    fu_mem mem = {ask, &a};
    fu_zfree(&mem, NULL);
    cr_expect_eq(a.calls, 0);
}
