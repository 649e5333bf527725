#include "support_walk.h"

static void open_stream(tst_walk *w, const fu_mem *mem, const fu_stream *s, fu_error *e)
{
    w->h.type = FU_TYPE_UNKNOWN;
    w->e = e;
    w->st = fu_input_open(&w->in, mem, s, e);
    if (w->st == FU_OK)
        w->st = fu_reader_open(&w->r, mem, w->in, e);
}

void tst_walk_open(tst_walk *w, const fu_mem *mem, const fu_stream *s, fu_error *e)
{
    memset(w, 0, sizeof *w);
    open_stream(w, mem, s, e);
}

void tst_walk_bytes(tst_walk *w, const fu_mem *mem, fu_span bytes, fu_error *e)
{
    fu_stream s;
    memset(w, 0, sizeof *w);
    w->src.bytes = bytes;
    s = fu_span_stream(&w->src);
    open_stream(w, mem, &s, e);
}

bool tst_walk_next(tst_walk *w)
{
    bool more = true;
    if (w->st == FU_OK)
        w->st = fu_reader_next(w->r, &w->b, &more, w->e);
    return w->st == FU_OK && more;
}

bool tst_walk_claim(tst_walk *w)
{
    while (tst_walk_next(w)) {
        if (w->b.kind == FU_B_CLAIM)
            return true;
        if (w->b.kind == FU_B_HEADER)
            fu_header_read(&w->h, w->b.lines[0].id, fu_span_of(w->b.bytes.p, w->b.lines[0].len));
    }
    return false;
}

void tst_walk_close(tst_walk *w)
{
    fu_reader_close(w->r);
    fu_input_close(w->in);
}
