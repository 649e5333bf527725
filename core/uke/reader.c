#include "uke/reader.h"

struct fu_reader {
    const fu_mem *mem;
    fu_chunker *from;
    fu_stretch chunk;
    fu_blocks walk;
};

fu_status fu_reader_open(fu_reader **out, const fu_mem *mem, fu_input *in, fu_error *e)
{
    fu_reader *r = fu_alloc0(mem, sizeof *r);
    fu_status st;
    *out = NULL;
    if (!r)
        return fu_fail_nomem(e);
    r->mem = mem;
    fu_blocks_init(&r->walk, mem);
    st = fu_chunker_open(&r->from, mem, in, FU_READER_BYTES, e);
    if (st != FU_OK)
        fu_reader_close(r);
    else
        *out = r;
    return st;
}

void fu_reader_utf8(fu_reader *r)
{
    fu_chunker_utf8(r->from);
}

void fu_reader_close(fu_reader *r)
{
    if (!r)
        return;
    fu_blocks_free(&r->walk);
    fu_stretch_free(&r->chunk, r->mem);
    fu_chunker_close(r->from);
    fu_free(r->mem, r, sizeof *r);
}

fu_status fu_reader_next(fu_reader *r, fu_block *b, bool *more, fu_error *e)
{
    for (;;) {
        fu_status st = fu_blocks_next(&r->walk, b, more, e);
        if (st != FU_OK || *more)
            return st;
        st = fu_chunker_next(r->from, &r->chunk, more, e);
        if (st != FU_OK || !*more)
            return st;
        fu_blocks_start(&r->walk, r->chunk.bytes, r->chunk.offset, r->chunk.lines);
    }
}
