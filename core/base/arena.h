/* arena: many small blocks, freed together.
 *
 * Invariants
 *   - blocks are aligned for any type and stay where they are until reset or free
 *   - the sum of all blocks never passes the maximum
 *   - reset keeps one chunk, so a claim after another costs no allocation
 */
#ifndef FU_BASE_ARENA_H
#define FU_BASE_ARENA_H
#include "base/mem.h"
#include "base/span.h"

typedef struct fu_chunk fu_chunk;

typedef struct fu_arena {
    const fu_mem *mem;
    fu_chunk *head;
    size_t used, max;
    bool failed; /* sticks until reset: out of memory or over the maximum */
} fu_arena;

/* A place to go back to. */
typedef struct fu_arena_mark {
    fu_chunk *head;
    size_t n, used;
} fu_arena_mark;

void fu_arena_init(fu_arena *a, const fu_mem *mem, size_t max); /* cannot fail */
void fu_arena_reset(fu_arena *a);                               /* wipes what was used */
void fu_arena_free(fu_arena *a);
fu_arena_mark fu_arena_here(const fu_arena *a);
/* Gives up what was allocated since; the bytes are wiped when the arena is freed, not before. */
void fu_arena_back(fu_arena *a, fu_arena_mark to);
void *fu_arena_alloc(fu_arena *a, size_t n); /* cleared; NULL on failure */
char *fu_arena_text(fu_arena *a, fu_span s); /* NUL-terminated copy */
/* Room for one more element of an array held in the arena (doubled by copying); NULL on failure. */
void *fu_arena_grow(fu_arena *a, void *array, size_t count, size_t *cap, size_t elem);

#endif
