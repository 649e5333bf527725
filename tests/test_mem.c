#include <criterion/criterion.h>

#include "base/mem.h"
#include "support.h"

Test(mem, libc_allocates_resizes_and_frees)
{
    unsigned char *p = fu_alloc(&fu_mem_libc, 10);
    cr_assert(p != NULL);
    memset(p, 7, 10);
    p = fu_resize(&fu_mem_libc, p, 10, 100000);
    cr_assert(p != NULL);
    cr_expect(p[0] == 7 && p[9] == 7);
    fu_free(&fu_mem_libc, p, 100000);
    fu_free(&fu_mem_libc, NULL, 0);
}

Test(mem, alloc0_is_cleared)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    unsigned char *p = fu_alloc0(&mem, 64);
    cr_assert(p != NULL);
    for (size_t i = 0; i < 64; i++)
        cr_expect(p[i] == 0, "byte %zu", i);
    fu_free(&mem, p, 64);
    cr_expect(m.live == 0 && m.live_bytes == 0);
}

/* The test allocator ends the process where a block comes back with another size than it had. */
Test(mem, size_zero_never_reaches_the_allocator)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    void *p = fu_alloc(&mem, 0);
    cr_assert(p != NULL);
    cr_expect(m.live_bytes == 1);
    p = fu_resize(&mem, p, 0, 20);
    cr_assert(p != NULL);
    p = fu_resize(&mem, p, 20, 0);
    cr_assert(p != NULL);
    cr_expect(m.live_bytes == 1);
    fu_free(&mem, p, 0);
    cr_expect(m.live == 0 && m.live_bytes == 0);
}

Test(mem, failed_resize_leaves_the_old_block_alone)
{
    tst_mem m = {0, 1, 0, 0};
    fu_mem mem = tst_mem_of(&m);
    unsigned char *p = fu_alloc(&mem, 4);
    cr_assert(p != NULL);
    memcpy(p, "abc", 4);
    cr_expect(fu_resize(&mem, p, 4, 400) == NULL);
    cr_expect_str_eq((char *)p, "abc");
    fu_free(&mem, p, 4);
    cr_expect(m.live == 0);
}

/* Looks at what is given back; keeps the memory, so that looking is allowed. */
typedef struct looker {
    unsigned char room[2][64];
    int taken, resized;
    bool dirty[2];
} looker;

static void *look(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    looker *l = ctx;
    if (p && new_n)
        l->resized++;
    for (uint64_t i = 0; p && i < old_n; i++)
        if (((unsigned char *)p)[i])
            l->dirty[p == l->room[1]] = true;
    return p || l->taken == 2 ? NULL : l->room[l->taken++];
}

Test(mem, blocks_are_wiped_before_they_go)
{
    looker l = {.dirty = {false, false}};
    fu_mem mem = {look, &l};
    unsigned char *p = fu_alloc(&mem, 16), *q;
    cr_assert(p == l.room[0]);
    memset(p, 'x', 16);
    q = fu_resize(&mem, p, 16, 40);
    cr_assert(q == l.room[1]);
    cr_expect(memcmp(q, "xxxxxxxxxxxxxxxx", 16) == 0);
    memset(q, 'y', 40);
    fu_free(&mem, q, 40);
    cr_expect(!l.dirty[0] && !l.dirty[1]);
    cr_expect(l.resized == 0, "realloc may leave a copy behind");
}

Test(mem, failed_call_gives_null)
{
    tst_mem m = {0, 0, 0, 0};
    fu_mem mem = tst_mem_of(&m);
    cr_expect(fu_alloc(&mem, 4) == NULL);
    m = (tst_mem){0, 0, 0, 0};
    cr_expect(fu_alloc0(&mem, 4) == NULL);
    cr_expect(m.live == 0);
}

Test(mem, wipe_clears_exactly_its_bytes)
{
    unsigned char b[5] = {1, 2, 3, 4, 5};
    fu_wipe(b + 1, 3);
    cr_expect(memcmp(b, "\1\0\0\0\5", 5) == 0);
    fu_wipe(NULL, 0);
}
