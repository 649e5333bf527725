/* The reader: the blocks are the file, bit by bit, however the bytes arrive. */
#include "fuzz.h"
#include "../support_walk.h"

#define SEEN_MAX ((size_t)64 << 20)

typedef struct seen {
    fu_buf bytes, shape;
    fu_status st;
    fu_error e;
} seen;

static void must_fit(const fu_block *b)
{
    size_t at = 0;
    for (size_t i = 0; i < b->n_lines; i++) {
        const fu_line *l = &b->lines[i];
        fz_must(l->off == at, "records of a block stand behind each other");
        at += (size_t)l->len + l->eol;
        fz_must(at <= b->bytes.n, "a record lies in its block");
    }
    fz_must(at == b->bytes.n, "a block is its records");
}

static void read_all(seen *s, fu_span data, size_t chunk)
{
    tst_mem mem = TST_MEM_INIT;
    tst_file f = TST_FILE_INIT;
    fu_mem m = fz_mem(&mem, data.n);
    fu_stream from = tst_stream(&f);
    tst_walk w;
    memset(&s->e, 0, sizeof s->e);
    fu_buf_init(&s->bytes, &fu_mem_libc, SEEN_MAX);
    fu_buf_init(&s->shape, &fu_mem_libc, SEEN_MAX);
    tst_file_set(&f, data.p, data.n);
    f.chunk = chunk;
    tst_walk_open(&w, &m, &from, &s->e);
    while (tst_walk_next(&w)) {
        fz_must(w.b.offset == s->bytes.n, "a block knows its offset");
        must_fit(&w.b);
        fu_buf_span(&s->bytes, w.b.bytes);
        fu_buf_fmt(&s->shape, "%d %zu %llu;", (int)w.b.kind, w.b.n_lines,
                   w.b.n_lines ? (unsigned long long)w.b.lines[0].line : 0);
    }
    s->st = w.st;
    tst_walk_close(&w);
    tst_file_free(&f);
    fz_must_be_free(&mem);
    fz_must_error(s->st, &s->e);
}

static void forget(seen *s)
{
    fu_buf_free(&s->bytes);
    fu_buf_free(&s->shape);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const size_t chunks[] = {1, 2, 7, 61};
    fu_span all = fu_span_of(data, n);
    seen whole, cut;
    read_all(&whole, all, 0);
    if (whole.st == FU_OK && !fz_is_gzip(all))
        fz_must(fu_span_eq(fu_buf_view(&whole.bytes), all), "the blocks are the file");
    read_all(&cut, all, chunks[n % 4]);
    fz_must(cut.st == whole.st, "in pieces: the same status");
    fz_must(strcmp(cut.e.message_en, whole.e.message_en) == 0, "in pieces: the same error");
    fz_must(cut.e.line == whole.e.line, "in pieces: the same line");
    fz_must(fu_span_eq(fu_buf_view(&cut.bytes), fu_buf_view(&whole.bytes)),
            "in pieces: the same bytes");
    fz_must(fu_span_eq(fu_buf_view(&cut.shape), fu_buf_view(&whole.shape)),
            "in pieces: the same blocks");
    forget(&cut);
    forget(&whole);
    return 0;
}
