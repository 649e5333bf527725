/* index: finding equal things among many in constant time.
 *
 * Invariants
 *   - keys are 64-bit hashes; what is found is a candidate, the caller compares for real
 *   - the capacity is fixed at the start, so adding never fails
 *   - of equal keys the one added last is found first
 */
#ifndef FU_EVIDENCE_INDEX_H
#define FU_EVIDENCE_INDEX_H
#include "evidence/evidence.h"

#define FU_INDEX_NONE UINT32_MAX
#define FU_NAMESAKES_MAX \
    4096u /* candidates looked at for one person; many only where ● hides them */
#define FU_PERSON_KEYS_MAX 5  /* to add under */
#define FU_PERSON_ASKED_MAX 6 /* to look up */

typedef struct fu_index_entry {
    uint64_t key;
    uint32_t item, next;
} fu_index_entry;

typedef struct fu_index {
    const fu_mem *mem;
    uint64_t seed;
    fu_index_entry *v;
    uint32_t *buckets;
    size_t n, cap, n_buckets; /* n_buckets: a power of two */
} fu_index;

/* The seed makes collisions that somebody prepared useless; it never shows in a result. */
fu_status fu_index_init(fu_index *ix, const fu_mem *mem, size_t cap, uint64_t seed, fu_error *e);
void fu_index_free(fu_index *ix);
void fu_index_add(fu_index *ix, uint64_t key, uint32_t item);
/* Position of the first and the next entry with this key, or FU_INDEX_NONE; the item is v[at].item.
 */
uint32_t fu_index_first(const fu_index *ix, uint64_t key);
uint32_t fu_index_next(const fu_index *ix, uint32_t at);

uint64_t fu_index_text_key(const fu_index *ix, fu_span s);
uint64_t fu_index_number_key(const fu_index *ix, uint64_t a, uint64_t b);

typedef struct fu_person_keys {
    uint64_t v[FU_PERSON_ASKED_MAX];
    size_t n;
} fu_person_keys;

/* Whoever matches (fu_person_match) shares one of these keys; `group` parts the index (a month, a
 * file). store: keys to add under; ask: keys to look up. */
fu_status fu_person_keys_store(const fu_index *ix, const fu_person *p, uint64_t group,
                               fu_person_keys *out, fu_error *e);
fu_status fu_person_keys_ask(const fu_index *ix, const fu_person *p, uint64_t group,
                             fu_person_keys *out, fu_error *e);

#endif
