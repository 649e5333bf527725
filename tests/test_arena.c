#include <criterion/criterion.h>

#include <stdalign.h>

#include "base/arena.h"
#include "support.h"

Test(arena, blocks_are_aligned_cleared_and_stay)
{
    fu_arena a;
    unsigned char *first;
    fu_arena_init(&a, &fu_mem_libc, 1 << 20);
    first = fu_arena_alloc(&a, 3);
    cr_assert(first != NULL);
    memset(first, 0x11, 3);
    for (size_t n = 0; n < 2000; n += 7) {
        unsigned char *p = fu_arena_alloc(&a, n);
        cr_assert(p != NULL);
        cr_expect((uintptr_t)p % alignof(max_align_t) == 0, "size %zu", n);
        for (size_t i = 0; i < n; i++)
            cr_assert(p[i] == 0, "size %zu", n);
        memset(p, 0x22, n);
    }
    cr_expect(memcmp(first, "\x11\x11\x11", 3) == 0);
    fu_arena_free(&a);
}

Test(arena, never_passes_its_maximum)
{
    fu_arena a;
    fu_arena_init(&a, &fu_mem_libc, 64);
    cr_expect(fu_arena_alloc(&a, 32) != NULL);
    cr_expect(fu_arena_alloc(&a, 32) != NULL);
    cr_expect(fu_arena_alloc(&a, 1) == NULL);
    cr_expect(a.failed);
    fu_arena_reset(&a);
    cr_expect(!a.failed);
    cr_expect(fu_arena_alloc(&a, 65) == NULL);
    cr_expect(fu_arena_alloc(&a, 1) == NULL, "a failure sticks until reset");
    fu_arena_free(&a);
}

Test(arena, rounding_does_not_pass_an_odd_maximum)
{
    fu_arena a;
    fu_arena_init(&a, &fu_mem_libc, 10);
    cr_expect(fu_arena_alloc(&a, 10) == NULL);
    cr_expect(a.used <= a.max);
    fu_arena_free(&a);
}

Test(arena, sizes_near_the_end_of_the_range_are_refused)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16,
                                   SIZE_MAX / 2};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        fu_arena a;
        fu_arena_init(&a, &fu_mem_libc, SIZE_MAX);
        cr_expect(fu_arena_alloc(&a, sizes[i]) == NULL, "row %zu", i);
        cr_expect(a.failed, "row %zu", i);
        fu_arena_free(&a);
    }
}

static void one_claim(fu_arena *a)
{
    for (int i = 0; i < 900; i++)
        fu_arena_alloc(a, 100);
    fu_arena_reset(a);
}

Test(arena, a_claim_like_the_one_before_costs_no_allocation)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    fu_arena a;
    long calls;
    fu_arena_init(&a, &mem, 1 << 20);
    one_claim(&a);
    cr_expect(m.live == 1, "reset keeps one chunk");
    one_claim(&a);
    calls = m.calls;
    one_claim(&a);
    one_claim(&a);
    cr_expect(m.calls == calls);
    fu_arena_free(&a);
    cr_expect(m.live == 0 && m.live_bytes == 0);
}

Test(arena, reset_wipes_what_was_used)
{
    fu_arena a;
    unsigned char *p;
    fu_arena_init(&a, &fu_mem_libc, 1000);
    p = fu_arena_alloc(&a, 6);
    cr_assert(p != NULL);
    memcpy(p, "secret", 6);
    fu_arena_reset(&a);
    cr_expect(memcmp(p, "\0\0\0\0\0\0", 6) == 0);
    fu_arena_free(&a);
}

Test(arena, text_is_a_terminated_copy)
{
    fu_arena a;
    char *p;
    fu_arena_init(&a, &fu_mem_libc, 1000);
    p = fu_arena_text(&a, fu_span_of("abcdef", 3));
    cr_assert(p != NULL);
    cr_expect_str_eq(p, "abc");
    p = fu_arena_text(&a, fu_span_of(NULL, 0));
    cr_assert(p != NULL);
    cr_expect_str_eq(p, "");
    fu_arena_free(&a);
}

Test(arena, grow_keeps_the_elements)
{
    fu_arena a;
    int *v = NULL;
    size_t cap = 0;
    fu_arena_init(&a, &fu_mem_libc, 1 << 20);
    for (size_t i = 0; i < 1000; i++) {
        v = fu_arena_grow(&a, v, i, &cap, sizeof *v);
        cr_assert(v != NULL);
        v[i] = (int)i;
    }
    cr_expect(cap >= 1000);
    for (size_t i = 0; i < 1000; i++)
        cr_expect(v[i] == (int)i, "element %zu", i);
    fu_arena_free(&a);
}

Test(arena, grow_over_the_maximum_fails)
{
    fu_arena a;
    size_t cap = 0, huge = SIZE_MAX / 2;
    int x;
    fu_arena_init(&a, &fu_mem_libc, 16);
    cr_expect(fu_arena_grow(&a, NULL, 0, &cap, 8) == NULL);
    cr_expect(cap == 0 && a.failed);
    fu_arena_reset(&a);
    cr_expect(fu_arena_grow(&a, &x, huge, &huge, 8) == NULL);
    cr_expect(a.failed);
    fu_arena_free(&a);
}

Test(arena, survives_failure_of_every_allocation)
{
    long n = 0;
    for (;; n++) {
        tst_mem m = {0, n, 0, 0};
        fu_mem mem = tst_mem_of(&m);
        fu_arena a;
        bool failed;
        fu_arena_init(&a, &mem, 1 << 20);
        for (int i = 0; i < 900; i++)
            fu_arena_alloc(&a, 100);
        failed = a.failed;
        fu_arena_free(&a);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", n);
        if (!failed)
            break;
    }
    cr_expect(n > 1);
}

Test(arena, going_back_gives_up_what_came_since_and_keeps_what_was_before)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    fu_arena a;
    fu_arena_mark empty, here;
    char *kept;
    long calls;
    fu_arena_init(&a, &mem, 64 << 20);
    empty = fu_arena_here(&a);
    fu_arena_back(&a, empty);
    cr_expect_eq(a.used, 0);
    kept = fu_arena_text(&a, fu_span_str("stays"));
    here = fu_arena_here(&a);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 1000; i++)
            cr_assert_not_null(fu_arena_alloc(&a, 1000));
        fu_arena_back(&a, here);
        cr_expect_eq(a.used, here.used, "round %d", round);
        cr_expect_str_eq(kept, "stays", "round %d", round);
        cr_expect_leq(m.live, 3, "what was there and the newest chunk: %ld", m.live);
    }
    calls = m.calls;
    for (int round = 0; round < 100; round++) {
        char *p = fu_arena_alloc(&a, 400000);
        cr_assert_not_null(p);
        cr_expect_eq(p[0] | p[399999], 0, "cleared although it was used before");
        memset(p, 'x', 400000);
        fu_arena_back(&a, here);
    }
    cr_expect_leq(m.calls - calls, 2, "a claim after another costs no allocation");
    fu_arena_back(&a, empty);
    cr_expect_eq(a.used, 0);
    fu_arena_free(&a);
    cr_expect_eq(m.live, 0);
}
