#include "engine/pool.h"

#include <pthread.h>
#include <stdbool.h>

typedef struct slot {
    fu_pool_fn *fn;
    void *task;
    bool done;
} slot;

struct fu_pool {
    const fu_mem *mem;
    unsigned helpers; /* threads besides the caller's that run */
    unsigned places;  /* room for them */
    pthread_t *threads;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    slot *slots; /* a ring: task number n is in slots[n % room] */
    size_t room;
    size_t first, next, end; /* not waited for, not begun, not put */
    bool stop;
};

/* Does the next task that nobody has begun; the lock is held on entry and on return. */
static void do_next(fu_pool *p)
{
    slot *s = &p->slots[p->next++ % p->room];
    pthread_mutex_unlock(&p->lock);
    s->fn(s->task);
    pthread_mutex_lock(&p->lock);
    s->done = true;
    pthread_cond_signal(&p->done);
}

static void *helper(void *arg)
{
    fu_pool *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        if (p->next < p->end)
            do_next(p);
        else
            pthread_cond_wait(&p->work, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

fu_status fu_pool_open(fu_pool **out, const fu_mem *mem, unsigned threads, size_t room, fu_error *e)
{
    fu_pool *p = fu_alloc0(mem, sizeof *p);
    *out = NULL;
    if (!p)
        return fu_fail_nomem(e);
    p->mem = mem;
    p->room = room;
    p->places = threads - 1;
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    p->slots = fu_alloc0(mem, room * sizeof *p->slots);
    if (p->slots && p->places)
        p->threads = fu_alloc0(mem, p->places * sizeof *p->threads);
    if (!p->slots || (p->places && !p->threads)) {
        fu_pool_close(p);
        return fu_fail_nomem(e);
    }
    /* Fewer threads than asked for do the same work, only later. */
    while (p->helpers < p->places && pthread_create(&p->threads[p->helpers], NULL, helper, p) == 0)
        p->helpers++;
    *out = p;
    return FU_OK;
}

void fu_pool_put(fu_pool *p, fu_pool_fn *fn, void *task)
{
    slot *s;
    pthread_mutex_lock(&p->lock);
    s = &p->slots[p->end++ % p->room];
    s->fn = fn;
    s->task = task;
    s->done = false;
    if (p->helpers)
        pthread_cond_signal(&p->work);
    else
        do_next(p);
    pthread_mutex_unlock(&p->lock);
}

void fu_pool_wait(fu_pool *p)
{
    pthread_mutex_lock(&p->lock);
    while (p->first < p->end && !p->slots[p->first % p->room].done) {
        if (p->next < p->end)
            do_next(p);
        else
            pthread_cond_wait(&p->done, &p->lock);
    }
    p->first += p->first < p->end;
    pthread_mutex_unlock(&p->lock);
}

void fu_pool_close(fu_pool *p)
{
    if (!p)
        return;
    while (p->first < p->end)
        fu_pool_wait(p);
    pthread_mutex_lock(&p->lock);
    p->stop = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->helpers; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->done);
    pthread_mutex_destroy(&p->lock);
    fu_free(p->mem, p->threads, p->places * sizeof *p->threads);
    fu_free(p->mem, p->slots, p->room * sizeof *p->slots);
    fu_free(p->mem, p, sizeof *p);
}
