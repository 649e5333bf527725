/* writer: bytes to a stream, gathered into larger writes and counted.
 *
 * Invariants
 *   - bytes leave in the order they came; nothing is written after a failure
 *   - what is not flushed is not written: fu_writer_flush before the stream is committed
 */
#ifndef FU_UKE_WRITER_H
#define FU_UKE_WRITER_H
#include "base/buf.h"
#include "base/io.h"

#define FU_WRITER_BYTES 65536u

typedef struct fu_writer {
    fu_stream to;
    fu_buf buf;
    uint64_t written;
    fu_status status; /* the first failure sticks */
} fu_writer;

void fu_writer_init(fu_writer *w, const fu_mem *mem, const fu_stream *to);
fu_status fu_writer_put(fu_writer *w, fu_span bytes, fu_error *e);
fu_status fu_writer_flush(fu_writer *w, fu_error *e);
void fu_writer_free(fu_writer *w);

#endif
