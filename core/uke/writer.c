#include "uke/writer.h"

void fu_writer_init(fu_writer *w, const fu_mem *mem, const fu_stream *to)
{
    memset(w, 0, sizeof *w);
    w->to = *to;
    fu_buf_init(&w->buf, mem, FU_WRITER_BYTES);
}

/* What went wrong before goes wrong again: a hole in the output must not be written over. */
static fu_status failed_before(const fu_writer *w, fu_error *e)
{
    if (w->status == FU_E_NOMEM)
        return fu_fail_nomem(e);
    return fu_fail(e, w->status, "S702", "ファイルに書き込めませんでした。", "write failed");
}

static fu_status write_out(fu_writer *w, fu_span bytes, fu_error *e)
{
    w->status = fu_write_all(&w->to, bytes.p, bytes.n, e);
    if (w->status == FU_OK)
        w->written += bytes.n;
    return w->status;
}

fu_status fu_writer_flush(fu_writer *w, fu_error *e)
{
    fu_status st;
    if (w->status != FU_OK)
        return failed_before(w, e);
    st = write_out(w, fu_buf_view(&w->buf), e);
    fu_buf_reset(&w->buf);
    return st;
}

fu_status fu_writer_put(fu_writer *w, fu_span bytes, fu_error *e)
{
    if (w->status != FU_OK)
        return failed_before(w, e);
    if (bytes.n > FU_WRITER_BYTES - w->buf.n && fu_writer_flush(w, e) != FU_OK)
        return w->status;
    if (bytes.n > FU_WRITER_BYTES)
        return write_out(w, bytes, e);
    if (fu_buf_span(&w->buf, bytes) != FU_OK)
        w->status = fu_fail_nomem(e);
    return w->status;
}

void fu_writer_free(fu_writer *w)
{
    fu_buf_free(&w->buf);
}
