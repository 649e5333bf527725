#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "engine/pool.h"
#include "support.h"

#define ITEMS 1000

TestSuite(pool);

typedef struct work {
    atomic_int times[ITEMS];
    atomic_int others; /* items done on another thread than the caller's */
    pthread_t caller;
    bool wait;
} work;

static void count(void *ctx, size_t item)
{
    work *w = ctx;
    atomic_fetch_add(&w->times[item], 1);
    if (!pthread_equal(pthread_self(), w->caller))
        atomic_fetch_add(&w->others, 1);
    if (w->wait)
        usleep(2000);
}

static void start(work *w)
{
    for (size_t i = 0; i < ITEMS; i++)
        atomic_init(&w->times[i], 0);
    atomic_init(&w->others, 0);
    w->caller = pthread_self();
    w->wait = false;
}

static size_t wrong(work *w, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < ITEMS; i++)
        k += atomic_load(&w->times[i]) != (i < n);
    return k;
}

Test(pool, every_item_is_done_exactly_once)
{
    static const size_t sizes[] = {0, 1, 2, 7, 64, ITEMS};
    static work w;
    for (unsigned threads = 1; threads <= 8; threads++) {
        fu_pool *p = NULL;
        cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, threads, NULL), FU_OK);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            start(&w);
            fu_pool_run(p, sizes[i], count, &w);
            cr_expect_eq(wrong(&w, sizes[i]), 0, "%u threads, %zu items", threads, sizes[i]);
        }
        fu_pool_close(p);
    }
}

Test(pool, a_pool_runs_again_and_again)
{
    static work w;
    fu_pool *p = NULL;
    size_t bad = 0;
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 4, NULL), FU_OK);
    for (size_t n = 0; n < 2000; n++) {
        start(&w);
        fu_pool_run(p, n % 9, count, &w);
        bad += wrong(&w, n % 9);
    }
    fu_pool_close(p);
    cr_assert_eq(bad, 0);
}

Test(pool, one_thread_is_the_callers)
{
    static work w;
    fu_pool *p = NULL;
    start(&w);
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 1, NULL), FU_OK);
    fu_pool_run(p, ITEMS, count, &w);
    fu_pool_close(p);
    cr_expect_eq(wrong(&w, ITEMS), 0);
    cr_expect_eq(atomic_load(&w.others), 0);
}

Test(pool, several_threads_share_the_work)
{
    static work w;
    fu_pool *p = NULL;
    start(&w);
    w.wait = true;
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 4, NULL), FU_OK);
    fu_pool_run(p, 100, count, &w);
    fu_pool_close(p);
    cr_expect_eq(wrong(&w, 100), 0);
    cr_expect_gt(atomic_load(&w.others), 0);
}

Test(pool, a_pool_may_be_closed_unused)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_pool *p = NULL;
        cr_assert_eq(fu_pool_open(&p, &mem, threads, NULL), FU_OK);
        fu_pool_close(p);
        cr_expect_eq(m.live, 0, "%u threads", threads);
    }
    fu_pool_close(NULL);
}

Test(pool, no_memory_is_an_error_and_no_leak)
{
    for (unsigned threads = 1; threads <= 2; threads++) {
        long n = 0;
        fu_status st = FU_E_NOMEM;
        for (; st != FU_OK; n++) {
            tst_mem m = TST_MEM_INIT;
            fu_mem mem = tst_mem_of(&m);
            fu_pool *p = NULL;
            fu_error e;
            m.fail_at = n;
            st = fu_pool_open(&p, &mem, threads, &e);
            if (st != FU_OK) {
                cr_expect_eq(st, FU_E_NOMEM);
                cr_expect_eq(e.status, FU_E_NOMEM);
                cr_expect_null(p);
            }
            fu_pool_close(p);
            cr_expect_eq(m.live, 0, "failing call %ld", n);
        }
        cr_expect_eq(n, (long)threads + 1, "%u threads: %ld", threads, n);
    }
}
