/* pipe: one pass over a file, chunk by chunk: read in order, worked on by any thread, taken in
 * order.
 *
 * Invariants
 *   - what `take` sees is the same for every number of threads: the same chunks in the same order
 *   - a part belongs to the thread that works on it, before and after that to the caller's
 *   - memory: as many parts as the threads need, however long the file is; a part's arena is taken
 *     when it is full, before the rest of the chunk is worked on; what a very large claim made a
 * part grow to is given back with it
 *   - the first fault in file order is the one that is told
 */
#ifndef FU_ENGINE_PIPE_H
#define FU_ENGINE_PIPE_H
#include "base/arena.h"
#include "journal/pack.h"
#include "uke/chunk.h"

typedef struct fu_pipe fu_pipe;
typedef struct fu_pass fu_pass;

/* One chunk on its way. */
typedef struct fu_part {
    const fu_pass *pass;
    fu_stretch chunk;
    fu_piece piece;   /* the chunk's CRC32, and the chunk for the journal where the pass packs it */
    fu_blocks walk;   /* work goes on with what it has not had */
    fu_span done;     /* what work has had since the last take */
    uint64_t claims;  /* work counts here, from the chunk's first */
    fu_arena arena;   /* empty when work is called */
    void *made;       /* by work, for take; in the arena */
    bool more;        /* by work: the arena was full before the chunk was through */
    fu_status status; /* what became of work */
    fu_error error;
    fu_packer *packer;
} fu_part;

struct fu_pass {
    void *ctx;
    const char *name; /* of the input, for its faults */
    bool pack;        /* the journal wants the file in pieces: a chunk each */
    /* Of the file's first chunk, before anything is worked on; NULL = nothing to do. */
    fu_status (*first)(void *ctx, fu_part *p, fu_error *e);
    /* On any thread, block after block; must not change what ctx points at. */
    fu_status (*work)(const void *ctx, fu_part *p, fu_error *e);
    /* On the caller's, in file order, also where work failed: that status is told afterwards. *stop
     * ends the pass with what came so far. */
    fu_status (*take)(void *ctx, fu_part *p, bool *stop, fu_error *e);
};

#define FU_PART_ARENA (1u << 20)

/* After a block: is it time to have it taken? */
bool fu_part_full(const fu_part *p);
/* What is taken is the beginning of the chunk. */
bool fu_part_begins(const fu_part *p);

/* threads: the caller's included; bytes: wanted size of a chunk. */
fu_status fu_pipe_open(fu_pipe **out, const fu_mem *mem, unsigned threads, size_t bytes,
                       fu_error *e);
fu_status fu_pipe_run(fu_pipe *p, fu_input *in, bool utf8, const fu_pass *pass, fu_error *e);
void fu_pipe_close(fu_pipe *p); /* NULL ok */

#endif
