#include <criterion/criterion.h>
#include <stdio.h>

#include "base/buf.h"
#include "engine/pipe.h"
#include "support.h"

TestSuite(pipe);

#define CLAIMS 400

/* A pass that copies the file and knows how often it was called. */
typedef struct copier {
    fu_buf out;
    size_t first, pieces, begun;
    uint64_t claims;
    uint64_t fail_line; /* work fails at this line */
    size_t stop_after;  /* pieces; 0 = never */
    size_t waste;       /* bytes of arena for each block */
} copier;

static fu_status first(void *ctx, fu_part *p, fu_error *e)
{
    copier *c = ctx;
    fu_block b;
    bool more;
    c->first++;
    cr_expect_eq(p->chunk.offset, 0);
    return fu_blocks_next(&p->walk, &b, &more, e);
}

static fu_status work(const void *ctx, fu_part *p, fu_error *e)
{
    const copier *c = ctx;
    fu_block b;
    bool more;
    fu_status st = FU_OK;
    while (st == FU_OK && !(p->more = fu_part_full(p))) {
        st = fu_blocks_next(&p->walk, &b, &more, e);
        if (st != FU_OK || !more)
            break;
        p->claims += b.kind == FU_B_CLAIM;
        if (b.lines[0].line >= c->fail_line)
            st = fu_fail(e, FU_E_FATAL, "", "試験", "line");
        if (st == FU_OK && c->waste && !fu_arena_alloc(&p->arena, c->waste))
            st = fu_fail_nomem(e);
        if (st != FU_OK && e)
            e->line = b.lines[0].line;
    }
    return st;
}

static fu_status take(void *ctx, fu_part *p, bool *stop, fu_error *e)
{
    copier *c = ctx;
    (void)e;
    if (p->status != FU_OK)
        return FU_OK;
    fu_buf_span(&c->out, p->done);
    c->pieces++;
    c->begun += fu_part_begins(p);
    c->claims = p->chunk.claims + p->claims;
    *stop = c->pieces == c->stop_after;
    return FU_OK;
}

static void make_file(fu_buf *b)
{
    fu_buf_init(b, &fu_mem_libc, 1 << 20);
    fu_buf_str(b, "IR\r\n");
    for (int i = 0; i < CLAIMS; i++)
        fu_buf_fmt(b, "RE,%d\r\nHO,%d\r\n", i, i);
    fu_buf_str(b, "GO\r\n");
    cr_assert_eq(b->status, FU_OK);
}

static fu_status run(copier *c, const fu_mem *mem, fu_span text, unsigned threads, size_t bytes,
                     fu_error *e)
{
    fu_pass pass = {c, "in.uke", false, first, work, take};
    fu_span_reader src = {text, 0};
    fu_stream from = fu_span_stream(&src);
    fu_input *in = NULL;
    fu_pipe *p = NULL;
    fu_status st = fu_input_open(&in, mem, &from, e);
    fu_buf_init(&c->out, &fu_mem_libc, 1 << 20);
    if (st == FU_OK)
        st = fu_pipe_open(&p, mem, threads, bytes, e);
    if (st == FU_OK)
        st = fu_pipe_run(p, in, false, &pass, e);
    fu_pipe_close(p);
    fu_input_close(in);
    return st;
}

Test(pipe, parts_are_taken_in_file_order_with_any_threads_and_chunks)
{
    static const size_t sizes[] = {1, 100, 1000, 100000};
    fu_buf text;
    make_file(&text);
    for (unsigned threads = 1; threads <= 8; threads++)
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            copier c = {.fail_line = UINT64_MAX};
            cr_assert_eq(run(&c, &fu_mem_libc, fu_buf_view(&text), threads, sizes[i], NULL), FU_OK);
            cr_expect(fu_span_eq(fu_buf_view(&c.out), fu_buf_view(&text)), "%u threads, %zu",
                      threads, sizes[i]);
            cr_expect_eq(c.claims, CLAIMS);
            cr_expect_eq(c.first, 1);
            cr_expect_eq(c.begun, c.pieces);
            fu_buf_free(&c.out);
        }
    fu_buf_free(&text);
}

Test(pipe, a_full_arena_is_taken_before_the_chunk_goes_on)
{
    fu_buf text;
    make_file(&text);
    for (unsigned threads = 1; threads <= 3; threads += 2) {
        copier c = {.fail_line = UINT64_MAX, .waste = FU_PART_ARENA / 4};
        cr_assert_eq(run(&c, &fu_mem_libc, fu_buf_view(&text), threads, 100000, NULL), FU_OK);
        cr_expect(fu_span_eq(fu_buf_view(&c.out), fu_buf_view(&text)));
        cr_expect_eq(c.claims, CLAIMS);
        cr_expect_eq(c.begun, 1);
        cr_expect_gt(c.pieces, CLAIMS / 5);
        fu_buf_free(&c.out);
    }
    fu_buf_free(&text);
}

Test(pipe, the_first_fault_of_the_file_is_told)
{
    fu_buf text;
    make_file(&text);
    for (unsigned threads = 1; threads <= 8; threads++)
        for (uint64_t line = 1; line < 2 * CLAIMS; line += 97) {
            copier c = {.fail_line = line};
            fu_error e = {0};
            cr_expect_eq(run(&c, &fu_mem_libc, fu_buf_view(&text), threads, 64, &e), FU_E_FATAL);
            cr_expect(e.line >= line && e.line <= line + 1, "%u threads: %llu, want %llu", threads,
                      (unsigned long long)e.line, (unsigned long long)line);
            fu_buf_free(&c.out);
        }
    fu_buf_free(&text);
}

Test(pipe, a_pass_may_stop)
{
    fu_buf text;
    make_file(&text);
    for (unsigned threads = 1; threads <= 3; threads++) {
        copier c = {.fail_line = 300, .stop_after = 2};
        cr_expect_eq(run(&c, &fu_mem_libc, fu_buf_view(&text), threads, 64, NULL), FU_OK);
        cr_expect_eq(c.pieces, 2, "%u threads", threads);
        fu_buf_free(&c.out);
    }
    fu_buf_free(&text);
}

/* Ring, chunks and arenas: the same for a file of any length. */
Test(pipe, memory_does_not_grow_with_the_file)
{
    size_t calls[2];
    for (size_t k = 0; k < 2; k++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        copier c = {.fail_line = UINT64_MAX, .waste = 100};
        fu_buf text;
        make_file(&text);
        cr_assert_eq(run(&c, &mem, fu_span_of(text.p, k ? text.n : text.n / 4), 1, 256, NULL),
                     FU_OK);
        calls[k] = (size_t)m.calls;
        cr_expect(m.live == 0 && m.live_bytes == 0);
        fu_buf_free(&c.out);
        fu_buf_free(&text);
    }
    cr_expect_eq(calls[0], calls[1], "%zu and %zu calls", calls[0], calls[1]);
}

Test(pipe, every_failed_allocation_is_a_clean_error)
{
    fu_status st = FU_E_NOMEM;
    fu_buf text;
    long fail = 0;
    make_file(&text);
    for (; st != FU_OK; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        copier c = {.fail_line = UINT64_MAX, .waste = 100};
        fu_error e = {0};
        m.fail_at = fail;
        st = run(&c, &mem, fu_buf_view(&text), 1, 256, &e);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        cr_assert(st == FU_OK || (st == FU_E_NOMEM && e.status == FU_E_NOMEM), "call %ld", fail);
        fu_buf_free(&c.out);
    }
    cr_expect_gt(fail, 5);
    fu_buf_free(&text);
    fu_pipe_close(NULL);
}
