#include "engine/pool.h"

#include <pthread.h>
#include <stdbool.h>

struct fu_pool {
    const fu_mem *mem;
    unsigned helpers; /* threads besides the caller's that run */
    unsigned slots;   /* room for them */
    pthread_t *threads;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    fu_pool_fn *fn;
    void *ctx;
    size_t next, n, left; /* left: items not finished */
    bool stop;
};

/* Takes items until none is left; the lock is held on entry and on return. */
static void drain(fu_pool *p)
{
    while (p->next < p->n) {
        size_t item = p->next++;
        fu_pool_fn *fn = p->fn;
        void *ctx = p->ctx;
        pthread_mutex_unlock(&p->lock);
        fn(ctx, item);
        pthread_mutex_lock(&p->lock);
        if (--p->left == 0)
            pthread_cond_broadcast(&p->done);
    }
}

static void *helper(void *arg)
{
    fu_pool *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        drain(p);
        if (!p->stop)
            pthread_cond_wait(&p->work, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

fu_status fu_pool_open(fu_pool **out, const fu_mem *mem, unsigned threads, fu_error *e)
{
    fu_pool *p = fu_alloc0(mem, sizeof *p);
    *out = NULL;
    if (!p)
        return fu_fail_nomem(e);
    p->mem = mem;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    if (threads > 1) {
        p->threads = fu_alloc0(mem, (threads - 1) * sizeof *p->threads);
        p->slots = threads - 1;
        if (!p->threads) {
            fu_pool_close(p);
            return fu_fail_nomem(e);
        }
    }
    /* Fewer threads than asked for do the same work, only later. */
    while (p->helpers + 1 < threads &&
           pthread_create(&p->threads[p->helpers], NULL, helper, p) == 0)
        p->helpers++;
    *out = p;
    return FU_OK;
}

void fu_pool_run(fu_pool *p, size_t n, fu_pool_fn *fn, void *ctx)
{
    pthread_mutex_lock(&p->lock);
    p->fn = fn;
    p->ctx = ctx;
    p->next = 0;
    p->n = p->left = n;
    if (n > 1 && p->helpers)
        pthread_cond_broadcast(&p->work);
    drain(p);
    while (p->left > 0)
        pthread_cond_wait(&p->done, &p->lock);
    p->n = 0;
    pthread_mutex_unlock(&p->lock);
}

void fu_pool_close(fu_pool *p)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->helpers; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    fu_free(p->mem, p->threads, p->slots * sizeof *p->threads);
    fu_free(p->mem, p, sizeof *p);
}
