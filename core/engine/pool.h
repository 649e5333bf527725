/* pool: the same function for items 0..n-1, on a few threads.
 *
 * Invariants
 *   - with one thread everything runs on the caller's; no thread is ever started
 *   - fu_pool_run returns when every item is done; items share nothing but what fn makes them share
 */
#ifndef FU_ENGINE_POOL_H
#define FU_ENGINE_POOL_H
#include "base/error.h"
#include "base/mem.h"

typedef void fu_pool_fn(void *ctx, size_t item);
typedef struct fu_pool fu_pool;

/* threads >= 1, the caller's included. */
fu_status fu_pool_open(fu_pool **out, const fu_mem *mem, unsigned threads, fu_error *e);
void fu_pool_run(fu_pool *p, size_t n, fu_pool_fn *fn, void *ctx);
void fu_pool_close(fu_pool *p); /* NULL ok */

#endif
