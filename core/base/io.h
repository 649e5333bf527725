/* io: the byte streams the host hands in, and reading .gz as its content.
 *
 * Invariants
 *   - read and write may be short; 0 from read is the end; below 0 is a fault
 *   - core/ opens nothing: every byte goes through a stream of this kind
 *   - fu_input gives the same bytes after fu_input_rewind as before
 */
#ifndef FU_BASE_IO_H
#define FU_BASE_IO_H
#include <stdbool.h>

#include "base/error.h"
#include "base/mem.h"
#include "base/span.h"

/* Content of a .gz may be at most this many times its compressed size, beyond the first MiB. */
#define FU_GZ_RATIO_MAX 200u
#define FU_GZ_RATIO_FLOOR (1u << 20)

typedef struct fu_stream {
    void *ctx;
    int64_t (*read)(void *ctx, void *buf, uint64_t n);
    int64_t (*write)(void *ctx, const void *buf, uint64_t n);
    int32_t (*rewind)(void *ctx); /* 0 = at the start again; NULL where the stream cannot */
} fu_stream;

/* A stream that reads bytes in memory; both must outlive it. */
typedef struct fu_span_reader {
    fu_span bytes;
    size_t at;
} fu_span_reader;

fu_stream fu_span_stream(fu_span_reader *r);

/* Writes all n bytes, going on after short writes. */
fu_status fu_write_all(const fu_stream *s, const void *p, size_t n, fu_error *e);

typedef struct fu_input fu_input;

/* Opens *s for reading; content that begins with 1F 8B is inflated on the way, member after member.
 * *mem must outlive the input. A fault of the stream is FU_E_STORE, a broken .gz FU_E_INPUT. */
fu_status fu_input_open(fu_input **out, const fu_mem *mem, const fu_stream *s, fu_error *e);
/* Fills up to n bytes; *got = 0 is the end. */
fu_status fu_input_read(fu_input *in, void *buf, size_t n, size_t *got, fu_error *e);
fu_status fu_input_rewind(fu_input *in, fu_error *e);
uint64_t fu_input_raw_read(const fu_input *in); /* bytes taken since open or rewind */
bool fu_input_is_gzip(const fu_input *in);
void fu_input_close(fu_input *in); /* NULL ok; does not close the stream */

#endif
