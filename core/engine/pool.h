/* pool: a queue of tasks, done on a few threads, and waited for in the order they came.
 *
 * Invariants
 *   - with one thread every task is done inside fu_pool_put; no thread is ever started
 *   - tasks share nothing but what they make themselves share
 *   - put and wait are the caller's thread's alone; while it waits, it does what nobody has begun
 */
#ifndef FU_ENGINE_POOL_H
#define FU_ENGINE_POOL_H
#include "base/error.h"
#include "base/mem.h"

typedef void fu_pool_fn(void *task);
typedef struct fu_pool fu_pool;

/* threads >= 1, the caller's included; room: how many tasks may be put and not waited for. */
fu_status fu_pool_open(fu_pool **out, const fu_mem *mem, unsigned threads, size_t room,
                       fu_error *e);
void fu_pool_put(fu_pool *p, fu_pool_fn *fn, void *task);
/* The oldest task that was put and not waited for is done. */
void fu_pool_wait(fu_pool *p);
/* Does or ends whatever was put. NULL ok. */
void fu_pool_close(fu_pool *p);

#endif
