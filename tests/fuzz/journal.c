/* Journal and undo: whatever stands in a journal whose checksums fit. */
#include "journal/journal.h"
#include "sections.h"
#include "../support_host.h"

typedef struct got {
    fu_buf bytes;
    unsigned metas;
    bool ranges;
} got;

static fu_status meta(void *ctx, fu_span text, fu_error *e)
{
    static const char *const keys[] = {"version", "today", "input", "institution", "billed", ""};
    got *g = ctx;
    fu_buf b;
    (void)e;
    g->metas++;
    g->ranges = fu_journal_has_ranges(text);
    fu_buf_init(&b, &fu_mem_libc, (size_t)32 << 20);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        fu_journal_meta_value(text, keys[i], &b);
    fu_buf_free(&b);
    return FU_OK;
}

static fu_status original(void *ctx, fu_span bytes, fu_error *e)
{
    got *g = ctx;
    (void)e;
    fu_buf_span(&g->bytes, bytes);
    return FU_OK;
}

static fu_status read_in(fu_span journal, got *g, size_t chunk)
{
    tst_mem mem = TST_MEM_INIT;
    fu_mem m = fz_mem(&mem, journal.n);
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_journal_reader r = {g, meta, NULL, original, NULL, NULL};
    fu_error e;
    fu_status st;
    memset(&e, 0, sizeof e);
    memset(g, 0, sizeof *g);
    fu_buf_init(&g->bytes, &fu_mem_libc, (size_t)1 << 30);
    tst_file_set(&f, journal.p, journal.n);
    f.chunk = chunk;
    st = fu_journal_read(&m, &s, &r, &e);
    fz_must_error(st, &e);
    fz_must(st != FU_OK || g->metas == 1, "what is accepted has one META");
    fz_must(st == FU_OK || strcmp(e.code, "S703") == 0, "what is refused is S703");
    tst_file_free(&f);
    fz_must_be_free(&mem);
    return st;
}

/* from: what apply wrote, or nothing. */
static fu_status undo(fu_span journal, fu_span from, fu_span original, bool sure)
{
    hst host;
    hst_case c;
    fu_error e;
    fu_status st;
    const hst_role *out = &host.role[FU_ROLE_OUTPUT];
    hst_init(&host);
    host.libc = !fz_strict(journal.n);
    hst_case_init(&c);
    memset(&e, 0, sizeof e);
    hst_case_input(&c, journal.p, journal.n);
    if (from.n)
        hst_case_from(&c, from.p, from.n);
    st = hst_run(&host, &c, FU_UNDO, "", &e);
    fz_must_error(st, &e);
    fz_must(out->visible == (st == FU_OK) && !out->open, "all of it or nothing");
    fz_must(st != FU_OK || !sure || hst_same(&out->done, original.p, original.n),
            "undo gives the original");
    fz_must_be_free(&host.mem);
    hst_case_free(&c);
    hst_free(&host);
    return st;
}

static void undo_ranges(fu_span journal, fu_span held, bool good)
{
    static const fu_span none = {NULL, 0};
    unsigned char output[FZ_OUTPUT];
    fu_span from = fu_span_of(output, sizeof output);
    fz_output(output);
    fz_must(undo(journal, none, none, false) != FU_OK, "ranges need the output");
    fz_must(undo(journal, from, held, good) == FU_OK || !good, "ranges and output are enough");
    output[FZ_OUTPUT / 2] ^= 1;
    fz_must(undo(journal, from, none, false) != FU_OK || !good, "a changed output is refused");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fu_buf journal, held;
    got whole, cut;
    bool good = fz_sections(&journal, &held, fu_span_of(data, n));
    fu_status st = read_in(fu_buf_view(&journal), &whole, 0);
    fz_must(!good || st == FU_OK, "a journal in order is accepted");
    fz_must(st != FU_OK || whole.ranges ||
                fu_span_eq(fu_buf_view(&whole.bytes), fu_buf_view(&held)),
            "what is given back was put in");
    fz_must(read_in(fu_buf_view(&journal), &cut, 1 + n % 5) == st, "in pieces: the same");
    if (whole.ranges)
        undo_ranges(fu_buf_view(&journal), fu_buf_view(&held), good);
    else
        fz_must((undo(fu_buf_view(&journal), fu_span_of(NULL, 0), fu_buf_view(&whole.bytes),
                      true) == FU_OK) == (st == FU_OK),
                "undo takes what the reader takes");
    fu_buf_free(&whole.bytes);
    fu_buf_free(&cut.bytes);
    fu_buf_free(&journal);
    fu_buf_free(&held);
    return 0;
}
