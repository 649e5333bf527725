#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "journal/journal.h"
#include "support.h"
#include "support_journal.h"

static const fu_journal_meta META = {.version = "1", .today = 20261109, .ranges = true};

/* What a reader was handed: "at+n=original;" for each range. */
typedef struct got {
    char ranges[4096];
    size_t n, original_bytes;
    fu_journal_end end;
    int ends, originals;
} got;

static fu_status on_original(void *ctx, fu_span bytes, fu_error *e)
{
    (void)bytes, (void)e;
    ((got *)ctx)->originals++;
    return FU_OK;
}

static fu_status on_range(void *ctx, const fu_journal_range *r, fu_error *e)
{
    got *g = ctx;
    (void)e;
    g->original_bytes += r->original.n;
    if (g->n < sizeof g->ranges - 100)
        g->n += (size_t)snprintf(g->ranges + g->n, 100, "%d+%d=%.*s;", (int)r->at, (int)r->n,
                                 (int)(r->original.n < 20 ? r->original.n : 20),
                                 (const char *)r->original.p);
    return FU_OK;
}

static fu_status on_end(void *ctx, const fu_journal_end *end, fu_error *e)
{
    got *g = ctx;
    (void)e;
    g->end = *end;
    g->ends++;
    return FU_OK;
}

static fu_status read_into(got *g, tst_file *f, fu_error *e)
{
    fu_journal_reader r = {g, NULL, NULL, on_original, on_range, on_end};
    fu_stream from = tst_stream(f);
    memset(g, 0, sizeof *g);
    f->pos = 0;
    return fu_journal_read(&fu_mem_libc, &from, &r, e);
}

static bool refused(tst_file *f)
{
    got g;
    fu_error e;
    fu_status st;
    memset(&e, 0, sizeof e);
    st = read_into(&g, f, &e);
    return st == FU_E_INPUT && strcmp(e.code, "S703") == 0 && g.ends == 0;
}

typedef struct change {
    const char *original, *result;
} change;

/* "....": ten bytes that stay, before each change and at the end. */
static fu_status write_changes(const fu_mem *mem, tst_file *f, const change *c, size_t n,
                               fu_error *e)
{
    fu_span ten = fu_span_str("0123456789");
    fu_stream to = tst_stream(f);
    fu_journal_writer *w;
    uint64_t at = 0;
    fu_status st = fu_journal_open(&w, mem, &to, &META, e);
    for (size_t i = 0; i <= n && st == FU_OK; i++) {
        fu_span o = fu_span_str(i < n ? c[i].original : ""),
                r = fu_span_str(i < n ? c[i].result : "");
        st = jrn_counted(w, ten, e);
        if (st == FU_OK)
            st = jrn_output(w, ten, e);
        at += ten.n;
        if (st == FU_OK)
            st = fu_journal_change(w, at, o, r, e);
        if (st == FU_OK)
            st = jrn_counted(w, o, e);
        if (st == FU_OK)
            st = jrn_output(w, r, e);
        at += r.n;
    }
    if (st == FU_OK)
        st = fu_journal_claim(w, fu_span_str("{}"), e);
    if (st == FU_OK)
        st = fu_journal_finish(w, e);
    fu_journal_close(w);
    return st;
}

static const change SMALL[] = {{"HO,1,\r\n", "HO,77,\r\n"}, {"SN,1\r\n", ""}, {"RE", "RECO,1\r\n"}};

static void small_journal(tst_file *f)
{
    cr_assert_eq(write_changes(&fu_mem_libc, f, SMALL, 3, NULL), FU_OK);
}

Test(journal_ranges, what_both_have_in_common_is_left_out)
{
    static const struct {
        change c;
        const char *want;
    } rows[] = {
        {{"same", "same"}, ""},           {{"", ""}, ""},
        {{"abc", "abXc"}, "12+1=;"},      {{"abXc", "abc"}, "12+0=X;"},
        {{"abc", "aXc"}, "11+1=b;"},      {{"aaa", "aa"}, "12+0=a;"},
        {{"aa", "aaa"}, "12+1=;"},        {{"abab", "ab"}, "12+0=ab;"},
        {{"x", ""}, "10+0=x;"},           {{"", "x"}, "10+1=;"},
        {{"left", "right"}, "10+4=lef;"}, {{"aXbYc", "aPbQc"}, "11+3=XbY;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        got g;
        cr_assert_eq(write_changes(&fu_mem_libc, &f, &rows[i].c, 1, NULL), FU_OK);
        cr_expect_eq(read_into(&g, &f, NULL), FU_OK, "row %zu", i);
        cr_expect_str_eq(g.ranges, rows[i].want, "row %zu", i);
        cr_expect_eq(g.originals, 0);
        tst_file_free(&f);
    }
}

Test(journal_ranges, lengths_and_checksums_of_both_files_stand_at_the_end)
{
    static const char original[] = "0123456789HO,1,\r\n0123456789SN,1\r\n0123456789RE0123456789";
    static const char output[] = "0123456789HO,77,\r\n01234567890123456789RECO,1\r\n0123456789";
    tst_file f = TST_FILE_INIT;
    got g;
    small_journal(&f);
    cr_assert_eq(read_into(&g, &f, NULL), FU_OK);
    cr_expect_str_eq(g.ranges, "13+2=1;28+0=SN,1\r\n;40+6=;");
    cr_expect_eq(g.ends, 1);
    cr_expect_eq(g.end.original_n, sizeof original - 1);
    cr_expect_eq(g.end.original_crc, crc32(0, (const Bytef *)original, sizeof original - 1));
    cr_expect_eq(g.end.output_n, sizeof output - 1);
    cr_expect_eq(g.end.output_crc, crc32(0, (const Bytef *)output, sizeof output - 1));
    cr_expect_eq(f.p[16], 2);
    tst_file_free(&f);
}

Test(journal_ranges, cut_changed_or_joined_they_are_refused)
{
    static const unsigned char flips[] = {0x01, 0x03, 0x20, 0x80, 0xFF};
    tst_file f = TST_FILE_INIT;
    size_t whole;
    got g;
    small_journal(&f);
    whole = f.n;
    for (f.n = 0; f.n < whole; f.n++)
        cr_expect(refused(&f), "cut to %zu bytes", f.n);
    for (size_t i = 0; i < whole; i++)
        for (size_t k = 0; k < sizeof flips; k++) {
            f.p[i] ^= flips[k];
            cr_expect(refused(&f), "byte %zu flipped by %02x", i, flips[k]);
            f.p[i] ^= flips[k];
        }
    cr_expect_eq(read_into(&g, &f, NULL), FU_OK);
    f.pos = f.n;
    small_journal(&f);
    cr_expect_gt(f.n, whole);
    cr_expect(refused(&f));
    tst_file_free(&f);
}

/* ---- sections made by hand ---- */

static void section(tst_file *f, const char *tag, const void *payload, size_t n)
{
    fu_stream s = tst_stream(f);
    unsigned char head[12] = {0}, tail[4];
    uLong crc;
    memcpy(head, tag, 4);
    for (size_t i = 0; i < 8; i++)
        head[4 + i] = (unsigned char)(n >> (8 * i) & 0xFF);
    crc = crc32_z(crc32_z(0, head, 12), payload, n);
    for (size_t i = 0; i < 4; i++)
        tail[i] = (unsigned char)(crc >> (8 * i) & 0xFF);
    s.write(s.ctx, head, 12);
    s.write(s.ctx, payload, n);
    s.write(s.ctx, tail, 4);
}

static void le64(unsigned char *p, uint64_t v)
{
    for (size_t i = 0; i < 8; i++)
        p[i] = (unsigned char)(v >> (8 * i) & 0xFF);
}

#define BIG UINT64_MAX

/* Up to two ranges in one or two sections; 100 bytes of output; the rest as a row says. */
typedef struct row {
    unsigned char version;
    const char *kind;
    struct {
        uint64_t at, n, original_n;
    } range[2];
    bool apart;
    size_t cut; /* bytes missing at the end of the last RANG */
    uint64_t original_n;
    const char *more; /* another section */
    bool good;
} row;

static void build(tst_file *f, const row *r)
{
    unsigned char payload[2 * 24 + 20], end[24] = {0};
    size_t n = 0;
    fu_stream s = tst_stream(f);
    s.write(s.ctx, "FUSHO-JOURNAL\r\n\x1a", 16);
    s.write(s.ctx, &r->version, 1);
    section(f, "META", r->kind, strlen(r->kind));
    for (size_t i = 0; i < 2; i++) {
        size_t bytes = r->range[i].original_n < 10 ? (size_t)r->range[i].original_n : 10;
        le64(payload + n, r->range[i].at);
        le64(payload + n + 8, r->range[i].n);
        le64(payload + n + 16, r->range[i].original_n);
        memset(payload + n + 24, 'x', bytes);
        n += 24 + bytes;
        if (r->apart || i == 1) {
            section(f, "RANG", payload, n - (i == 1 ? r->cut : 0));
            n = 0;
        }
    }
    if (r->more)
        section(f, r->more, "", 0);
    le64(end, r->original_n);
    le64(end + 12, 100);
    section(f, "ENDJ", end, 24);
}

Test(journal_ranges, what_contradicts_itself_is_refused)
{
    static const row rows[] = {
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, NULL, true},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, true, 0, 100, NULL, true},
        {2, "kind=ranges\n", {{10, 5, 2}, {15, 0, 3}}, false, 0, 100, NULL, true},
        {2, "kind=ranges\n", {{10, 0, 2}, {10, 5, 3}}, true, 0, 100, NULL, true},
        {2, "kind=ranges\n", {{0, 0, 0}, {100, 0, 3}}, true, 0, 103, NULL, true},
        {2, "kind=ranges\n", {{0, 60, 0}, {60, 40, 0}}, true, 0, 0, NULL, true},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, "CLAM", true},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, "RANG", true},
        /* overlapping, descending, within a section and over two */
        {2, "kind=ranges\n", {{10, 5, 2}, {14, 0, 3}}, false, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {14, 0, 3}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{20, 0, 2}, {10, 5, 3}}, true, 0, 100, NULL, false},
        /* out of bounds */
        {2, "kind=ranges\n", {{10, 5, 2}, {101, 0, 3}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {100, 1, 4}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, BIG - 19, 3}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {BIG, 1, 4}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 11}}, true, 0, 108, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, BIG}}, true, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, true, 1, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, true, 4, 97, NULL, false},
        /* lengths that do not fit each other */
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 99, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 101, NULL, false},
        /* of the other kind */
        {1, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, NULL, false},
        {1, "a=b\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, NULL, false},
        {2, "a=b\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, NULL, false},
        {2, "kind=all\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, NULL, false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, "DATA", false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, "NEXT", false},
        {2, "kind=ranges\n", {{10, 5, 2}, {20, 0, 3}}, false, 0, 100, "META", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        build(&f, &rows[i]);
        cr_expect_eq(refused(&f), !rows[i].good, "row %zu", i);
        tst_file_free(&f);
    }
}

/* ---- many and long ones ---- */

Test(journal_ranges, ranges_share_sections_and_long_ones_are_cut)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    size_t n = 200000, at = 0;
    char *big = malloc(n);
    fu_journal_writer *w;
    got g;
    cr_assert_not_null(big);
    memset(big, 'x', n);
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, NULL), FU_OK);
    for (size_t i = 0; i < 5000; i++, at += 3) {
        cr_assert_eq(fu_journal_change(w, at, fu_span_str("a"), fu_span_str("bcd"), NULL), FU_OK);
        jrn_counted(w, fu_span_str("a"), NULL);
        jrn_output(w, fu_span_str("bcd"), NULL);
    }
    cr_assert_eq(fu_journal_change(w, at, fu_span_of(big, n), fu_span_str("yy"), NULL), FU_OK);
    jrn_counted(w, fu_span_of(big, n), NULL);
    jrn_output(w, fu_span_str("yy"), NULL);
    cr_assert_eq(fu_journal_finish(w, NULL), FU_OK);
    fu_journal_close(w);
    cr_expect_eq(read_into(&g, &f, NULL), FU_OK);
    cr_expect_eq(g.original_bytes, 5000 + n);
    cr_expect_eq(g.end.output_n, 15002);
    cr_expect_lt(f.n, 5000 * 25 + n + 600);
    free(big);
    tst_file_free(&f);
}

Test(journal_ranges, changes_out_of_order_and_after_the_end_are_misuse)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_span a = fu_span_str("a"), b = fu_span_str("bb");
    fu_journal_writer *w;
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, NULL), FU_OK);
    cr_expect_eq(fu_journal_change(w, 10, a, b, NULL), FU_OK);
    cr_expect_eq(fu_journal_change(w, 12, a, b, NULL), FU_OK);
    cr_expect_eq(fu_journal_change(w, 13, a, b, NULL), FU_E_MISUSE);
    cr_expect_eq(fu_journal_change(w, 20, a, b, NULL), FU_E_MISUSE);
    cr_expect_eq(fu_journal_finish(w, NULL), FU_E_MISUSE);
    fu_journal_close(w);
    tst_file_free(&f);
}

Test(journal_ranges, every_failed_allocation_and_write_is_a_clean_error)
{
    long n, ops = 0;
    for (n = 0;; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_error e;
        fu_status st;
        m.fail_at = n;
        st = write_changes(&mem, &f, SMALL, 3, &e);
        ops = f.ops;
        tst_file_free(&f);
        cr_assert(m.live == 0 && m.live_bytes == 0, "call %ld leaks", n);
        if (st == FU_OK)
            break;
        cr_assert_eq(st, FU_E_NOMEM, "call %ld: %d", n, (int)st);
    }
    cr_expect_geq(n, 2);
    for (n = 0; n < ops; n++) {
        tst_file f = TST_FILE_INIT;
        f.fail_at = n;
        cr_expect_eq(write_changes(&fu_mem_libc, &f, SMALL, 3, NULL), FU_E_STORE, "write %ld", n);
        tst_file_free(&f);
    }
}
