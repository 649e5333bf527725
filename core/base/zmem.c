#include "base/zmem.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

typedef struct block {
    alignas(max_align_t) size_t n; /* with this */
} block;

voidpf fu_zalloc(voidpf mem, uInt items, uInt size)
{
    block *b;
    size_t n;
    if (size && items > (SIZE_MAX - sizeof *b) / size)
        return Z_NULL;
    n = sizeof *b + (size_t)items * size;
    b = fu_alloc0(mem, n);
    if (!b)
        return Z_NULL;
    b->n = n;
    return b + 1;
}

void fu_zfree(voidpf mem, voidpf p)
{
    block *b = p ? (block *)p - 1 : NULL;
    if (b)
        fu_free(mem, b, b->n);
}
