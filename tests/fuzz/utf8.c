/* A UTF-8 copy of a claim file. */
#include "fuzz.h"
#include "../support_host.h"
#include "text/cp932.h"
#include "text/recode.h"

#define COPY_MAX ((size_t)32 << 20)

static fu_status recode(fu_buf *out, fu_span in, size_t chunk, fu_error *e)
{
    fu_recode r;
    fu_status st = FU_OK;
    unsigned char room[FU_RECODE_ROOM + 256];
    memset(&r, 0, sizeof r);
    memset(e, 0, sizeof *e);
    for (size_t at = 0; at < in.n && st == FU_OK; at += chunk) {
        size_t n = in.n - at < chunk ? in.n - at : chunk, made = 0;
        memcpy(room + FU_RECODE_ROOM, in.p + at, n);
        st = fu_recode_chunk(&r, room, room + FU_RECODE_ROOM, n, &made, e);
        if (st == FU_OK)
            fz_must(made <= n + FU_RECODE_ROOM, "never more than went in");
        if (st == FU_OK)
            fu_buf_add(out, room, made);
    }
    return st == FU_OK ? fu_recode_end(&r, e) : st;
}

/* There and back is the same, but for characters with two codes. */
static void back(fu_span cp932)
{
    fu_buf utf8, again;
    fu_error e;
    fu_buf_init(&utf8, &fu_mem_libc, COPY_MAX);
    fu_buf_init(&again, &fu_mem_libc, COPY_MAX);
    fz_must(fu_cp932_first_bad(cp932) == FU_NO_BAD_BYTE, "what comes out is CP932");
    fu_cp932_to_utf8(&utf8, cp932);
    fz_must(recode(&again, fu_buf_view(&utf8), 256, &e) == FU_OK, "it can be shown and come back");
    fz_must(fu_span_eq(fu_buf_view(&again), cp932), "there and back is the same");
    fu_buf_free(&utf8);
    fu_buf_free(&again);
}

static void check(fu_span in, fu_status recoded)
{
    hst host;
    hst_case c;
    fu_error e;
    fu_status st;
    hst_init(&host);
    host.libc = !fz_strict(in.n);
    hst_case_init(&c);
    memset(&e, 0, sizeof e);
    hst_case_input(&c, in.p, in.n);
    st = hst_run(&host, &c, FU_CHECK, "--today=2026-11-09\n--encoding=utf-8\n--format=json\n", &e);
    fz_must_error(st, &e);
    if (st == FU_OK || st == FU_FINDINGS) {
        fz_must(recoded == FU_OK || fz_is_gzip(in), "what is checked can be recoded");
        fz_must_be_json_lines(fu_span_of(c.listing.p, c.listing.n));
    }
    fz_must_be_free(&host.mem);
    hst_case_free(&c);
    hst_free(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fu_span in = fu_span_of(data, n);
    fu_buf whole, cut;
    fu_error e, e_cut;
    fu_status st;
    fu_buf_init(&whole, &fu_mem_libc, COPY_MAX);
    fu_buf_init(&cut, &fu_mem_libc, COPY_MAX);
    st = recode(&whole, in, 256, &e);
    fz_must_error(st, &e);
    fz_must(recode(&cut, in, 1 + n % 7, &e_cut) == st, "in pieces: the same status");
    fz_must(e.line == e_cut.line && e.byte_offset == e_cut.byte_offset,
            "in pieces: the same place");
    if (st == FU_OK) {
        fz_must(fu_span_eq(fu_buf_view(&whole), fu_buf_view(&cut)), "in pieces: the same bytes");
        back(fu_buf_view(&whole));
    }
    check(in, st);
    fu_buf_free(&whole);
    fu_buf_free(&cut);
    return 0;
}
