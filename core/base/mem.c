#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void *libc_mem(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    (void)ctx;
    (void)old_n;
    if (new_n == 0) {
        free(p);
        return NULL;
    }
    if (new_n > SIZE_MAX)
        return NULL;
    return realloc(p, (size_t)new_n);
}

const fu_mem fu_mem_libc = {libc_mem, NULL};

void *fu_alloc(const fu_mem *m, size_t n)
{
    return m->fn(m->ctx, NULL, 0, n ? n : 1);
}

void *fu_alloc0(const fu_mem *m, size_t n)
{
    void *p = fu_alloc(m, n);
    if (p)
        memset(p, 0, n ? n : 1);
    return p;
}

void *fu_resize(const fu_mem *m, void *p, size_t old_n, size_t new_n)
{
    void *q = fu_alloc(m, new_n);
    if (q && p) {
        memcpy(q, p, old_n < new_n ? old_n : new_n);
        fu_free(m, p, old_n);
    }
    return q;
}

void fu_free(const fu_mem *m, void *p, size_t n)
{
    if (!p)
        return;
    fu_wipe(p, n ? n : 1);
    m->fn(m->ctx, p, n ? n : 1, 0);
}

void fu_wipe(void *p, size_t n)
{
    if (n == 0)
        return;
    memset(p, 0, n);
    __asm__ __volatile__("" : : "r"(p) : "memory"); /* somebody may look: the memset stays */
}
