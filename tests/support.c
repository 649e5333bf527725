#include "support.h"

#include <iconv.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE 0x6C697665u
#define DEAD 0x64656164u
#define FENCE ((size_t)8)

typedef struct head {
    alignas(max_align_t) uint64_t n;
    uint32_t mark;
} head;

static _Noreturn void die(const char *what, uint64_t a, uint64_t b)
{
    fprintf(stderr, "tests/support: %s (%llu, %llu)\n", what, (unsigned long long)a,
            (unsigned long long)b);
    abort();
}

static head *checked(void *p, uint64_t old_n)
{
    static const unsigned char fence[FENCE] = {0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE};
    head *h = (head *)p - 1;
    if (h->mark == DEAD)
        die("block used after it was freed", h->n, old_n);
    if (h->mark != LIVE)
        die("not a block of this allocator", h->mark, old_n);
    if (h->n != old_n)
        die("block given back with a wrong size (real, given)", h->n, old_n);
    if (memcmp((unsigned char *)p + h->n, fence, FENCE) != 0)
        die("written behind the end of a block", h->n, old_n);
    return h;
}

static void *new_block(tst_mem *m, uint64_t n)
{
    head *h;
    if (n > SIZE_MAX / 2 || !(h = malloc(sizeof *h + (size_t)n + FENCE)))
        return NULL;
    h->n = n;
    h->mark = LIVE;
    memset(h + 1, 0xCD, (size_t)n);
    memset((unsigned char *)(h + 1) + n, 0xFE, FENCE);
    m->live++;
    m->live_bytes += (size_t)n;
    return h + 1;
}

static void drop_block(tst_mem *m, void *p, uint64_t old_n)
{
    head *h = checked(p, old_n);
    for (uint64_t i = 0; i < old_n; i++)
        if (((unsigned char *)p)[i] != 0)
            die("block freed with something in it (size, at)", old_n, i);
    m->live--;
    m->live_bytes -= (size_t)old_n;
    h->mark = DEAD;
    for (volatile unsigned char *v = p; old_n > 0; old_n--)
        *v++ = 0xDD;
    free(h);
}

static void *tst_alloc(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    tst_mem *m = ctx;
    void *q;
    if (!p && old_n != 0)
        die("a new block has an old size", old_n, new_n);
    if (!p && new_n == 0)
        die("size 0 reached the allocator", old_n, new_n);
    if (new_n == 0) {
        drop_block(m, p, old_n);
        return NULL;
    }
    if (p)
        checked(p, old_n);
    if (m->calls++ == m->fail_at)
        return NULL;
    if (!(q = new_block(m, new_n)))
        return NULL;
    if (p) {
        memcpy(q, p, (size_t)(old_n < new_n ? old_n : new_n));
        drop_block(m, p, old_n);
    }
    return q;
}

fu_mem tst_mem_of(tst_mem *m)
{
    fu_mem mem = {tst_alloc, m};
    return mem;
}

static size_t moved(const tst_file *f, uint64_t n, size_t most)
{
    if (f->chunk && n > f->chunk)
        n = f->chunk;
    return n < most ? (size_t)n : most;
}

static int64_t file_read(void *ctx, void *buf, uint64_t n)
{
    tst_file *f = ctx;
    size_t k = moved(f, n, f->pos < f->n ? f->n - f->pos : 0);
    if (f->ops++ == f->fail_at)
        return -1;
    if (k)
        memcpy(buf, f->p + f->pos, k);
    f->pos += k;
    return (int64_t)k;
}

static void need(tst_file *f, size_t cap)
{
    if (cap <= f->cap)
        return;
    f->cap = cap * 2;
    if (!(f->p = realloc(f->p, f->cap)))
        die("out of memory", cap, 0);
}

static int64_t file_write(void *ctx, const void *buf, uint64_t n)
{
    tst_file *f = ctx;
    size_t k = moved(f, n, SIZE_MAX / 4);
    if (f->ops++ == f->fail_at)
        return -1;
    need(f, f->pos + k);
    if (k)
        memcpy(f->p + f->pos, buf, k);
    f->pos += k;
    if (f->pos > f->n)
        f->n = f->pos;
    return (int64_t)k;
}

static int32_t file_rewind(void *ctx)
{
    tst_file *f = ctx;
    if (f->ops++ == f->fail_at)
        return -1;
    f->pos = 0;
    return 0;
}

fu_stream tst_stream(tst_file *f)
{
    fu_stream s = {f, file_read, file_write, file_rewind};
    return s;
}

void tst_file_set(tst_file *f, const void *p, size_t n)
{
    need(f, n);
    if (n)
        memcpy(f->p, p, n);
    f->n = n;
    f->pos = 0;
    f->ops = 0;
}

void tst_file_free(tst_file *f)
{
    free(f->p);
    f->p = NULL;
    f->n = f->pos = f->cap = 0;
}

static char *convert(const char *to, const char *from, const void *src, size_t n, size_t *out_n)
{
    size_t cap = n * 4 + 1, left = cap - 1;
    char *buf = malloc(cap), *out = buf, *in = malloc(n + 1);
    iconv_t cd = iconv_open(to, from);
    if (!buf || !in || cd == (iconv_t)-1)
        die("iconv_open or memory", 0, 0);
    if (n)
        memcpy(in, src, n);
    char *at = in;
    size_t rest = n;
    if (iconv(cd, &at, &rest, &out, &left) == (size_t)-1)
        die("iconv refuses the byte at (offset, of)", n - rest, n);
    iconv_close(cd);
    free(in);
    *out = '\0';
    if (out_n)
        *out_n = (size_t)(out - buf);
    return buf;
}

char *tst_cp932(const char *utf8, size_t *n)
{
    return convert("CP932", "UTF-8", utf8, strlen(utf8), n);
}

char *tst_utf8(const void *cp932, size_t n)
{
    return convert("UTF-8", "CP932", cp932, n, NULL);
}
