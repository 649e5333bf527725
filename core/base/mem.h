/* mem: one allocator function for everything, handed in by the host.
 *
 * Invariants
 *   - every block is freed with the size it was asked for
 *   - size 0 never reaches the allocator; a failed call leaves the old block alone
 *   - a block is wiped before it goes back, also the old one of a resize: realloc could move it and
 *     leave a claim behind in freed memory, so the allocator is only asked for new blocks
 *   - nothing here keeps state: two sessions never meet
 */
#ifndef FU_BASE_MEM_H
#define FU_BASE_MEM_H
#include <stddef.h>
#include <stdint.h>

typedef void *fu_mem_fn(void *ctx, void *p, uint64_t old_n, uint64_t new_n);

typedef struct fu_mem {
    fu_mem_fn *fn;
    void *ctx;
} fu_mem;

/* malloc, realloc and free of the C library. */
extern const fu_mem fu_mem_libc;

void *fu_alloc(const fu_mem *m, size_t n);  /* not cleared; NULL on failure */
void *fu_alloc0(const fu_mem *m, size_t n); /* cleared */
void *fu_resize(const fu_mem *m, void *p, size_t old_n, size_t new_n); /* new_n > 0 */
void fu_free(const fu_mem *m, void *p, size_t n);                      /* p may be NULL */
void fu_wipe(void *p, size_t n); /* clears, never optimised away */

#endif
