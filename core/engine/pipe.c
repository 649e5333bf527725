#include "engine/pipe.h"

#include "engine/pool.h"
#include "engine/session.h"

/* Parts per thread: one to work on, one that waits for it; two more are read and taken. */
#define PARTS_PER_THREAD 2u
#define PARTS_MORE 2u
/* A part that has grown to so many chunks is given back at once. */
#define GROWN 8u
#define PART_ARENA_MAX (512u << 20)

struct fu_pipe {
    const fu_mem *mem;
    size_t bytes;
    fu_pool *pool;
    fu_part *parts; /* a ring: part number n is parts[n % n_parts] */
    size_t n_parts;
    size_t first, end; /* not taken, not read */
    size_t held;       /* bytes between them */
};

fu_status fu_pipe_open(fu_pipe **out, const fu_mem *mem, unsigned threads, size_t bytes,
                       fu_error *e)
{
    fu_pipe *p = fu_alloc0(mem, sizeof *p);
    fu_status st;
    *out = NULL;
    if (!p)
        return fu_fail_nomem(e);
    p->mem = mem;
    p->bytes = bytes;
    p->n_parts = threads > 1 ? (size_t)threads * PARTS_PER_THREAD + PARTS_MORE : 1;
    p->parts = fu_alloc0(mem, p->n_parts * sizeof *p->parts);
    st = p->parts ? fu_pool_open(&p->pool, mem, threads, p->n_parts, e) : fu_fail_nomem(e);
    for (size_t i = 0; p->parts && i < p->n_parts; i++) {
        fu_blocks_init(&p->parts[i].walk, mem);
        fu_arena_init(&p->parts[i].arena, mem, PART_ARENA_MAX);
        fu_piece_init(&p->parts[i].piece, mem);
    }
    if (st != FU_OK)
        fu_pipe_close(p);
    else
        *out = p;
    return st;
}

static void empty(fu_pipe *p, fu_part *part)
{
    fu_stretch_free(&part->chunk, p->mem);
    fu_blocks_free(&part->walk);
    fu_arena_free(&part->arena);
    fu_piece_free(&part->piece);
}

void fu_pipe_close(fu_pipe *p)
{
    if (!p)
        return;
    fu_pool_close(p->pool);
    for (size_t i = 0; p->parts && i < p->n_parts; i++) {
        empty(p, &p->parts[i]);
        fu_packer_close(p->parts[i].packer);
    }
    fu_free(p->mem, p->parts, p->n_parts * sizeof *p->parts);
    fu_free(p->mem, p, sizeof *p);
}

bool fu_part_full(const fu_part *p)
{
    return p->arena.used > FU_PART_ARENA;
}

bool fu_part_begins(const fu_part *p)
{
    return p->done.p == p->chunk.bytes.p;
}

static void to_begin(fu_part *part)
{
    fu_blocks_start(&part->walk, part->chunk.bytes, part->chunk.offset, part->chunk.lines);
}

static void go_on(fu_part *part)
{
    size_t from = part->walk.scan;
    fu_arena_reset(&part->arena);
    part->made = NULL;
    part->more = false;
    part->status = part->pass->work(part->pass->ctx, part, &part->error);
    part->done = fu_span_of(part->chunk.bytes.p + from, part->walk.scan - from);
}

static fu_status pack(fu_part *part)
{
    const fu_mem *mem = part->arena.mem;
    fu_status st = FU_OK;
    if (!part->pass->pack) {
        fu_piece_count(&part->piece, part->chunk.bytes);
        return FU_OK;
    }
    if (!part->packer)
        st = fu_packer_open(&part->packer, mem, FU_PACK_LEVEL, &part->error);
    return st == FU_OK
               ? fu_packer_pack(part->packer, part->chunk.bytes, &part->piece, &part->error)
               : st;
}

static void work_on(void *task)
{
    fu_part *part = task;
    part->claims = 0;
    part->made = NULL;
    part->more = false;
    to_begin(part);
    part->done = fu_span_of(part->chunk.bytes.p, 0);
    part->status = pack(part);
    if (part->status == FU_OK)
        go_on(part);
}

/* One more chunk on its way, if there is one. */
static fu_status read_one(fu_pipe *p, fu_chunker *from, const fu_pass *pass, bool *more,
                          fu_error *e)
{
    fu_part *part = &p->parts[p->end % p->n_parts];
    fu_status st = fu_chunker_next(from, &part->chunk, more, e);
    if (st != FU_OK || !*more)
        return st;
    part->pass = pass;
    if (part->chunk.offset == 0 && pass->first) {
        to_begin(part);
        st = pass->first(pass->ctx, part, e);
        if (st != FU_OK)
            return st;
    }
    p->held += part->chunk.bytes.n;
    p->end++;
    fu_pool_put(p->pool, work_on, part);
    return FU_OK;
}

static fu_status take_one(fu_pipe *p, const fu_pass *pass, bool *stop, fu_error *e)
{
    fu_part *part = &p->parts[p->first++ % p->n_parts];
    fu_status st;
    fu_pool_wait(p->pool);
    p->held -= part->chunk.bytes.n;
    st = pass->take(pass->ctx, part, stop, e);
    while (st == FU_OK && !*stop && part->more) {
        go_on(part);
        st = pass->take(pass->ctx, part, stop, e);
    }
    if (st == FU_OK && !*stop && part->status != FU_OK) {
        st = part->status;
        if (e)
            *e = part->error;
    }
    if (part->chunk.cap > GROWN * p->bytes)
        empty(p, part);
    return st;
}

/* Chunks are read as long as there is room for them, then the oldest is taken. */
static fu_status run(fu_pipe *p, fu_chunker *from, const fu_pass *pass, fu_error *e)
{
    bool more = true, stop = false;
    fu_status st = FU_OK, fault = FU_OK;
    fu_error why;
    while (st == FU_OK && !stop) {
        bool room = p->end - p->first < p->n_parts && p->held <= p->n_parts * p->bytes;
        if (more && fault == FU_OK && room)
            fault = fu_input_fault(read_one(p, from, pass, &more, &why), pass->name, &why);
        else if (p->first < p->end)
            st = take_one(p, pass, &stop, e);
        else
            break;
    }
    if (st == FU_OK && !stop && fault != FU_OK) {
        st = fault;
        if (e)
            *e = why;
    }
    return st;
}

fu_status fu_pipe_run(fu_pipe *p, fu_input *in, bool utf8, const fu_pass *pass, fu_error *e)
{
    fu_chunker *from;
    fu_status st = fu_chunker_open(&from, p->mem, in, p->bytes, e);
    if (st != FU_OK)
        return st;
    if (utf8)
        fu_chunker_utf8(from);
    st = run(p, from, pass, e);
    for (; p->first < p->end; p->first++)
        fu_pool_wait(p->pool);
    p->held = 0;
    fu_chunker_close(from);
    return st;
}
