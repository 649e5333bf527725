#include "base/arena.h"

#include <stdalign.h>

#define CHUNK_MIN ((size_t)16384)

struct fu_chunk {
    fu_chunk *next;
    size_t cap, n;
    alignas(max_align_t) unsigned char data[];
};

void fu_arena_init(fu_arena *a, const fu_mem *mem, size_t max)
{
    memset(a, 0, sizeof *a);
    a->mem = mem;
    a->max = max;
}

static void free_chunks(fu_arena *a, fu_chunk *c)
{
    while (c) {
        fu_chunk *next = c->next;
        fu_free(a->mem, c, sizeof *c + c->cap);
        c = next;
    }
}

void fu_arena_reset(fu_arena *a)
{
    fu_chunk *c = a->head; /* the newest, and therefore the largest */
    if (c) {
        free_chunks(a, c->next);
        fu_wipe(c->data, c->n);
        c->next = NULL;
        c->n = 0;
    }
    a->used = 0;
    a->failed = false;
}

void fu_arena_free(fu_arena *a)
{
    free_chunks(a, a->head);
    a->head = NULL;
    a->used = 0;
    a->failed = false;
}

fu_arena_mark fu_arena_here(const fu_arena *a)
{
    fu_arena_mark m = {a->head, a->head ? a->head->n : 0, a->used};
    return m;
}

/* The newest chunk stays, for what comes next will be as large. */
void fu_arena_back(fu_arena *a, fu_arena_mark to)
{
    fu_chunk *c = a->head, *older;
    a->used = to.used;
    if (!c)
        return;
    if (c == to.head) {
        c->n = to.n;
        return;
    }
    while ((older = c->next) != to.head) {
        c->next = older->next;
        fu_free(a->mem, older, sizeof *older + older->cap);
    }
    c->n = 0;
}

/* Every chunk is at least twice the one before, so that claims of like size soon fit into one. */
static fu_chunk *chunk_new(fu_arena *a, size_t n)
{
    size_t cap = a->head ? a->head->cap * 2 : CHUNK_MIN;
    fu_chunk *c;
    if (cap < n)
        cap = n;
    if (cap > SIZE_MAX / 4 || !(c = fu_alloc(a->mem, sizeof *c + cap)))
        return NULL;
    c->next = a->head;
    c->cap = cap;
    c->n = 0;
    a->head = c;
    return c;
}

void *fu_arena_alloc(fu_arena *a, size_t n)
{
    const size_t align = alignof(max_align_t);
    fu_chunk *c = a->head;
    void *p;
    if (n > SIZE_MAX - align)
        a->failed = true;
    else
        n = (n + align - 1) / align * align;
    if (a->failed || n > a->max || a->used > a->max - n) {
        a->failed = true;
        return NULL;
    }
    if (!c || c->cap - c->n < n)
        c = chunk_new(a, n);
    if (!c) {
        a->failed = true;
        return NULL;
    }
    p = c->data + c->n;
    c->n += n;
    a->used += n;
    return memset(p, 0, n);
}

char *fu_arena_text(fu_arena *a, fu_span s)
{
    char *p = fu_arena_alloc(a, s.n + 1);
    if (p && s.n)
        memcpy(p, s.p, s.n);
    return p;
}

void *fu_arena_grow(fu_arena *a, void *array, size_t count, size_t *cap, size_t elem)
{
    size_t want;
    void *p;
    if (count < *cap)
        return array;
    if (*cap > SIZE_MAX / 4 / elem) {
        a->failed = true;
        return NULL;
    }
    want = *cap ? *cap * 2 : 8;
    p = fu_arena_alloc(a, want * elem);
    if (!p)
        return NULL;
    if (count)
        memcpy(p, array, count * elem);
    *cap = want;
    return p;
}
