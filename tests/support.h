/* support: what every test of the project may need. No Criterion in here, so that drivers without
 * it can link it too; a broken promise of the code under test ends the process with abort().
 *
 * Invariants
 *   - calls and operations count from 0; exactly the one with number fail_at fails, none if it is
 * -1
 *   - a freed block is filled with 0xDD before it goes, a new one with 0xCD
 *   - a block that comes back with anything but zeros in it ends the process: memory is wiped first
 *   - live and live_bytes are both 0 again when everything was freed with its right size
 */
#ifndef TST_SUPPORT_H
#define TST_SUPPORT_H
#include "base/io.h"
#include "base/mem.h"

typedef struct tst_mem {
    long calls;   /* new blocks and resizes asked for so far; frees are not counted */
    long fail_at; /* number of the call that returns NULL */
    long live;    /* blocks */
    size_t live_bytes;
} tst_mem;
#define TST_MEM_INIT \
    {                \
        0, -1, 0, 0  \
    }

/* Checks every old size; every resize moves the block. *m must outlive the allocator. */
fu_mem tst_mem_of(tst_mem *m);

typedef struct tst_file {
    unsigned char *p;
    size_t n, pos, cap;
    size_t chunk; /* most bytes one read or write moves; 0 = no limit */
    long ops;     /* reads, writes and rewinds so far */
    long fail_at; /* number of the one that returns -1 */
} tst_file;
#define TST_FILE_INIT           \
    {                           \
        NULL, 0, 0, 0, 0, 0, -1 \
    }

/* Reads from, and writes at, pos; writing extends the file. *f must outlive the stream. */
fu_stream tst_stream(tst_file *f);
/* New content, pos and ops 0; chunk and fail_at stay. */
void tst_file_set(tst_file *f, const void *p, size_t n);
void tst_file_free(tst_file *f);

/* By iconv(3), not by our own tables; malloc'ed, NUL-terminated. Aborts on what iconv refuses. */
char *tst_cp932(const char *utf8, size_t *n); /* n may be NULL */
char *tst_utf8(const void *cp932, size_t n);

#endif
