#include <criterion/criterion.h>

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "engine/pool.h"
#include "support.h"

#define TASKS 1000
#define ROOM 6

TestSuite(pool);

typedef struct work work;

typedef struct task {
    work *of;
    atomic_int times;
} task;

struct work {
    task tasks[TASKS];
    atomic_int others; /* tasks done on another thread than the caller's */
    pthread_t caller;
    bool pause;
};

static void count(void *arg)
{
    task *t = arg;
    work *w = t->of;
    atomic_fetch_add(&t->times, 1);
    if (!pthread_equal(pthread_self(), w->caller))
        atomic_fetch_add(&w->others, 1);
    if (w->pause)
        usleep(2000);
}

static void start(work *w)
{
    for (size_t i = 0; i < TASKS; i++) {
        w->tasks[i].of = w;
        atomic_init(&w->tasks[i].times, 0);
    }
    atomic_init(&w->others, 0);
    w->caller = pthread_self();
    w->pause = false;
}

static size_t wrong(work *w, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < TASKS; i++)
        k += atomic_load(&w->tasks[i].times) != (i < n);
    return k;
}

/* Puts n tasks, ROOM of them at a time; how many were not done after they were waited for. */
static size_t put_and_wait(fu_pool *p, work *w, size_t n)
{
    size_t undone = 0, waited = 0;
    for (size_t i = 0; i < n; i++) {
        if (i - waited == ROOM) {
            fu_pool_wait(p);
            undone += atomic_load(&w->tasks[waited++].times) != 1;
        }
        fu_pool_put(p, count, &w->tasks[i]);
    }
    for (; waited < n; waited++) {
        fu_pool_wait(p);
        undone += atomic_load(&w->tasks[waited].times) != 1;
    }
    return undone;
}

Test(pool, every_task_is_done_once_and_before_its_wait_ends)
{
    static const size_t sizes[] = {0, 1, 2, 7, 64, TASKS};
    static work w;
    for (unsigned threads = 1; threads <= 8; threads++) {
        fu_pool *p = NULL;
        cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, threads, ROOM, NULL), FU_OK);
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            start(&w);
            cr_expect_eq(put_and_wait(p, &w, sizes[i]), 0, "%u threads, %zu", threads, sizes[i]);
            cr_expect_eq(wrong(&w, sizes[i]), 0, "%u threads, %zu tasks", threads, sizes[i]);
        }
        fu_pool_close(p);
    }
}

Test(pool, a_pool_is_used_again_and_again)
{
    static work w;
    fu_pool *p = NULL;
    size_t bad = 0;
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 4, ROOM, NULL), FU_OK);
    for (size_t n = 0; n < 2000; n++) {
        start(&w);
        bad += put_and_wait(p, &w, n % 9) + wrong(&w, n % 9);
    }
    fu_pool_close(p);
    cr_assert_eq(bad, 0);
}

Test(pool, one_thread_is_the_callers_and_does_a_task_when_it_is_put)
{
    static work w;
    fu_pool *p = NULL;
    start(&w);
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 1, ROOM, NULL), FU_OK);
    for (size_t i = 0; i < ROOM; i++) {
        fu_pool_put(p, count, &w.tasks[i]);
        cr_expect_eq(wrong(&w, i + 1), 0);
    }
    fu_pool_close(p);
    cr_expect_eq(wrong(&w, ROOM), 0);
    cr_expect_eq(atomic_load(&w.others), 0);
}

Test(pool, several_threads_share_the_work)
{
    static work w;
    fu_pool *p = NULL;
    start(&w);
    w.pause = true;
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 4, ROOM, NULL), FU_OK);
    cr_expect_eq(put_and_wait(p, &w, 100), 0);
    fu_pool_close(p);
    cr_expect_eq(wrong(&w, 100), 0);
    cr_expect_gt(atomic_load(&w.others), 0);
}

Test(pool, waiting_for_nothing_is_over_at_once)
{
    fu_pool *p = NULL;
    cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, 3, ROOM, NULL), FU_OK);
    fu_pool_wait(p);
    fu_pool_close(p);
}

Test(pool, closing_waits_for_what_was_put)
{
    static work w;
    for (unsigned threads = 1; threads <= 8; threads++) {
        fu_pool *p = NULL;
        start(&w);
        cr_assert_eq(fu_pool_open(&p, &fu_mem_libc, threads, ROOM, NULL), FU_OK);
        for (size_t i = 0; i < ROOM; i++)
            fu_pool_put(p, count, &w.tasks[i]);
        fu_pool_close(p);
        cr_expect_eq(wrong(&w, ROOM), 0, "%u threads", threads);
    }
}

Test(pool, a_pool_may_be_closed_unused)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_pool *p = NULL;
        cr_assert_eq(fu_pool_open(&p, &mem, threads, ROOM, NULL), FU_OK);
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
            st = fu_pool_open(&p, &mem, threads, ROOM, &e);
            if (st != FU_OK) {
                cr_expect_eq(st, FU_E_NOMEM);
                cr_expect_eq(e.status, FU_E_NOMEM);
                cr_expect_null(p);
            }
            fu_pool_close(p);
            cr_expect_eq(m.live, 0, "failing call %ld", n);
        }
        cr_expect_eq(n, (long)threads + 2, "%u threads: %ld", threads, n);
    }
}
