#include <criterion/criterion.h>
#include <stdio.h>

#include "support_uke.h"
#include "uke/chunk.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

TestSuite(chunk);

static const char HEAD[] = "IR,1,13,1\r\n";

/* ---- chunks as text: "offset+length@lines/claims " each ---- */

static fu_status cut_all(const fu_mem *mem, fu_span text, size_t want, size_t reads, bool utf8,
                         fu_buf *shown, fu_buf *bytes, fu_error *e)
{
    tst_file f = TST_FILE_INIT;
    fu_stream from = tst_stream(&f);
    fu_input *in = NULL;
    fu_chunker *k = NULL;
    fu_stretch s = {0};
    bool more = true;
    fu_status st;
    tst_file_set(&f, text.p, text.n);
    f.chunk = reads;
    st = fu_input_open(&in, mem, &from, e);
    if (st == FU_OK)
        st = fu_chunker_open(&k, mem, in, want, e);
    if (st == FU_OK && utf8)
        fu_chunker_utf8(k);
    while (st == FU_OK && more) {
        st = fu_chunker_next(k, &s, &more, e);
        if (st != FU_OK || !more)
            break;
        fu_buf_fmt(shown, "%llu+%llu@%llu/%llu ", (unsigned long long)s.offset,
                   (unsigned long long)s.bytes.n, (unsigned long long)s.lines,
                   (unsigned long long)s.claims);
        fu_buf_span(bytes, s.bytes);
    }
    fu_stretch_free(&s, mem);
    fu_chunker_close(k);
    fu_input_close(in);
    tst_file_free(&f);
    return st;
}

Test(chunk, cuts_are_where_a_claim_header_or_trailer_begins)
{
    static const struct {
        size_t want;
        const char *text, *chunks;
    } rows[] = {
        {1000, "IR\r\nRE,1\r\nHO\r\nGO\r\n\x1A", "0+19@0/0 "},
        /* 0 IR, 4 RE, 10 HO, 14 RE, 20 GO, 24 the mark */
        {16, "IR\r\nRE,1\r\nHO\r\nRE,2\r\nGO\r\n\x1A", "0+4@0/0 4+10@1/0 14+11@3/1 "},
        {20, "IR\r\nRE,1\r\nHO\r\nRE,2\r\nGO\r\n\x1A", "0+14@0/0 14+11@3/1 "},
        /* a claim longer than a chunk makes the chunk grow */
        {8, "RE,1\nHO,111111111111111111111\nRE,2\nGO\nXX,4567890123456789012345678901\n",
         "0+35@0/0 35+3@3/2 38+32@4/2 "},
        /* records inside of a claim that look like something else */
        {6, "RE\nREX\n8,1,0,RE,1\nHH,1\n\n\nre\nRE\r\r\nGO", "0+35@0/0 "},
        {10, "RE\r\nRE\r\nRE\r\nRE\nRE", "0+4@0/0 4+4@1/1 8+9@2/2 "},
        /* outside of claims every record may be the last */
        {8, "GO\nXX\nYY\nZZ\nAA\nBB\n", "0+6@0/0 6+6@2/0 12+6@4/0 "},
        {5, "GO\n\n\n\n\n\n\n", "0+5@0/0 5+4@3/0 "},
        {4, "", ""},
        {4, "x", "0+1@0/0 "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        fu_buf shown, bytes;
        fu_span text = fu_span_str(rows[i].text);
        fu_buf_init(&shown, &fu_mem_libc, 65536);
        fu_buf_init(&bytes, &fu_mem_libc, 65536);
        cr_expect_eq(cut_all(&fu_mem_libc, text, rows[i].want, 0, false, &shown, &bytes, NULL),
                     FU_OK);
        cr_expect_str_eq(fu_buf_cstr(&shown), rows[i].chunks, "row %zu: %s", i,
                         fu_buf_cstr(&shown));
        cr_expect(fu_span_eq(fu_buf_view(&bytes), text), "row %zu", i);
        fu_buf_free(&shown);
        fu_buf_free(&bytes);
    }
}

/* ---- random files: every chunk is made of whole blocks ---- */

static void random_file(fu_buf *b, uint32_t *seed)
{
    static const char *const parts[] = {"IR,1,13,1", "RE,1,1112", "RE",         "HO,01139906,,1",
                                        "GO,1,1,99", "HH,1",      "8,1,0,RE,1", "REX",
                                        "8,2,0,GO",  "\x1A",      "",           "\r",
                                        "UK",        "12,RE",     "RE,2",       "HG",
                                        "CO,1",      "SY,,,,",    "RE,3",       "X"};
    for (uint32_t n = tst_random(seed, 40); n > 0; n--) {
        uint32_t end = tst_random(seed, 16);
        fu_buf_str(b, parts[tst_random(seed, COUNT(parts))]);
        fu_buf_str(b, end < 9 ? "\r\n" : end < 15 ? "\n" : "");
    }
}

/* Blocks and what is before each, as text. */
static void put_block(fu_buf *out, const fu_block *b, uint64_t claims)
{
    fu_buf_fmt(out, "%d@%llu+%llu:%llu/%llu ", (int)b->kind, (unsigned long long)b->offset,
               (unsigned long long)b->bytes.n, (unsigned long long)b->lines[0].line,
               (unsigned long long)claims);
}

static void blocks_of_chunks(fu_buf *out, fu_span text, size_t want)
{
    fu_span_reader src = {text, 0};
    fu_stream from = fu_span_stream(&src);
    fu_input *in = NULL;
    fu_chunker *k = NULL;
    fu_stretch s = {0};
    fu_blocks w;
    fu_block b;
    bool more;
    fu_blocks_init(&w, &fu_mem_libc);
    cr_assert_eq(fu_input_open(&in, &fu_mem_libc, &from, NULL), FU_OK);
    cr_assert_eq(fu_chunker_open(&k, &fu_mem_libc, in, want, NULL), FU_OK);
    while (fu_chunker_next(k, &s, &more, NULL) == FU_OK && more) {
        uint64_t claims = s.claims;
        fu_blocks_start(&w, s.bytes, s.offset, s.lines);
        while (fu_blocks_next(&w, &b, &more, NULL) == FU_OK && more) {
            put_block(out, &b, claims);
            claims += b.kind == FU_B_CLAIM;
        }
    }
    fu_blocks_free(&w);
    fu_stretch_free(&s, &fu_mem_libc);
    fu_chunker_close(k);
    fu_input_close(in);
}

Test(chunk, the_blocks_are_the_same_for_every_size_of_chunks)
{
    uint32_t seed = 20261121;
    cr_log_info("seed %u", seed);
    for (int round = 0; round < 300; round++) {
        fu_buf text, want;
        fu_buf_init(&text, &fu_mem_libc, 65536);
        fu_buf_init(&want, &fu_mem_libc, 65536);
        random_file(&text, &seed);
        blocks_of_chunks(&want, fu_buf_view(&text), 65536);
        for (size_t size = 1; size < 70; size += size < 12 ? 1 : 7) {
            fu_buf got;
            fu_buf_init(&got, &fu_mem_libc, 65536);
            blocks_of_chunks(&got, fu_buf_view(&text), size);
            cr_assert_str_eq(fu_buf_cstr(&got), fu_buf_cstr(&want), "round %d, chunks of %zu",
                             round, size);
            fu_buf_free(&got);
        }
        fu_buf_free(&text);
        fu_buf_free(&want);
    }
}

Test(chunk, how_the_stream_hands_out_its_bytes_moves_no_cut)
{
    static const size_t reads[] = {1, 2, 3, 7, 64, 0};
    uint32_t seed = 20261122;
    for (int round = 0; round < 100; round++) {
        fu_buf text, shown[2], bytes;
        fu_buf_init(&text, &fu_mem_libc, 65536);
        random_file(&text, &seed);
        for (size_t i = 0; i < COUNT(reads); i++) {
            fu_buf *to = &shown[i > 0];
            fu_buf_init(to, &fu_mem_libc, 65536);
            fu_buf_init(&bytes, &fu_mem_libc, 65536);
            cr_assert_eq(cut_all(&fu_mem_libc, fu_buf_view(&text), 24, reads[i], round % 2, to,
                                 &bytes, NULL),
                         FU_OK);
            cr_expect(fu_span_eq(fu_buf_view(&bytes), fu_buf_view(&text)), "round %d", round);
            cr_expect_str_eq(fu_buf_cstr(to), fu_buf_cstr(&shown[0]), "round %d, reads of %zu",
                             round, reads[i]);
            if (i > 0)
                fu_buf_free(to);
            fu_buf_free(&bytes);
        }
        fu_buf_free(&shown[0]);
        fu_buf_free(&text);
    }
}

Test(chunk, a_utf8_copy_is_cut_by_its_cp932_bytes)
{
    static const char copy[] = "IR,あ\nRE,1\nHO,髙橋\nRE,2\nRE,3\n";
    fu_buf shown, bytes;
    fu_buf_init(&shown, &fu_mem_libc, 65536);
    fu_buf_init(&bytes, &fu_mem_libc, 65536);
    cr_assert_eq(cut_all(&fu_mem_libc, fu_span_str(copy), 24, 5, true, &shown, &bytes, NULL),
                 FU_OK);
    cr_expect(fu_span_eq(fu_buf_view(&bytes),
                         fu_span_str("IR,\x82\xA0\nRE,1\nHO,\xFB\xFC\x8B\xB4\nRE,2\nRE,3\n")));
    cr_expect_str_eq(fu_buf_cstr(&shown), "0+19@0/0 19+10@3/1 ");
    fu_buf_free(&shown);
    fu_buf_free(&bytes);
}

/* ---- limits and faults ---- */

/* What is over a limit is handed out as far as it takes to find that. */
Test(chunk, a_record_or_claim_over_its_limit_ends_the_growing)
{
    static const struct {
        size_t line, n; /* length of a record, of the file */
        const char *name;
    } rows[] = {{FU_RECORD_BYTES_MAX * 8, FU_RECORD_BYTES_MAX * 8, "FU_RECORD_BYTES_MAX"},
                {60000, FU_CLAIM_BYTES_MAX * 4, "FU_CLAIM_BYTES_MAX"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        char *p = malloc(rows[i].n);
        fu_span_reader src = {fu_span_of(p, rows[i].n), 0};
        fu_stream from = fu_span_stream(&src);
        fu_input *in = NULL;
        fu_chunker *k = NULL;
        fu_stretch s = {0};
        fu_blocks w;
        fu_block b;
        fu_error e;
        bool more;
        cr_assert_not_null(p);
        memset(p, 'x', rows[i].n);
        memcpy(p, "RE,", 3);
        for (size_t at = rows[i].line; at <= rows[i].n; at += rows[i].line)
            p[at - 1] = '\n';
        cr_assert_eq(fu_input_open(&in, &fu_mem_libc, &from, NULL), FU_OK);
        cr_assert_eq(fu_chunker_open(&k, &fu_mem_libc, in, 1024, NULL), FU_OK);
        cr_assert_eq(fu_chunker_next(k, &s, &more, NULL), FU_OK);
        cr_expect(more && s.bytes.n < rows[i].n, "row %zu: %zu", i, s.bytes.n);
        fu_blocks_init(&w, &fu_mem_libc);
        fu_blocks_start(&w, s.bytes, 0, 0);
        cr_expect_eq(fu_blocks_next(&w, &b, &more, &e), FU_E_LIMIT, "row %zu", i);
        cr_expect(strstr(e.message_en, rows[i].name) != NULL, "row %zu: %s", i, e.message_en);
        fu_blocks_free(&w);
        fu_stretch_free(&s, &fu_mem_libc);
        fu_chunker_close(k);
        fu_input_close(in);
        free(p);
    }
}

Test(chunk, what_came_whole_before_a_fault_is_handed_out)
{
    static const char text[] = "IR\nRE,1\nHO\nRE,2\nHO,\xFF\nGO\n";
    fu_buf shown, bytes;
    fu_error e;
    fu_buf_init(&shown, &fu_mem_libc, 65536);
    fu_buf_init(&bytes, &fu_mem_libc, 65536);
    cr_expect_eq(cut_all(&fu_mem_libc, fu_span_str(text), 1000, 0, true, &shown, &bytes, &e),
                 FU_E_INPUT);
    cr_expect_str_eq(fu_buf_cstr(&shown), "0+11@0/0 ");
    cr_expect_str_eq(e.code, "F102");
    cr_expect_eq(e.line, 5);
    fu_buf_free(&shown);
    fu_buf_free(&bytes);
}

Test(chunk, a_failing_stream_fails_once_the_rest_is_told)
{
    for (long fail = 0;; fail++) {
        tst_file f = TST_FILE_INIT;
        fu_stream from = tst_stream(&f);
        fu_input *in = NULL;
        fu_chunker *k = NULL;
        fu_stretch s = {0};
        fu_buf bytes;
        fu_error e;
        bool more = true;
        fu_status st;
        char text[200];
        snprintf(text, sizeof text, "%sRE,1\r\nHO\r\nRE,2\r\nHO\r\nRE,3\r\nGO\r\n", HEAD);
        tst_file_set(&f, text, strlen(text));
        f.chunk = 8;
        f.fail_at = fail;
        fu_buf_init(&bytes, &fu_mem_libc, 65536);
        st = fu_input_open(&in, &fu_mem_libc, &from, &e);
        if (st == FU_OK)
            st = fu_chunker_open(&k, &fu_mem_libc, in, 16, &e);
        while (st == FU_OK && (st = fu_chunker_next(k, &s, &more, &e)) == FU_OK && more)
            fu_buf_span(&bytes, s.bytes);
        cr_expect(memcmp(fu_buf_cstr(&bytes), text, bytes.n) == 0, "%ld", fail);
        if (st == FU_E_STORE && k)
            cr_expect_eq(fu_chunker_next(k, &s, &more, &e), FU_E_STORE, "%ld", fail);
        cr_expect(st != FU_OK || bytes.n == strlen(text));
        fu_buf_free(&bytes);
        fu_stretch_free(&s, &fu_mem_libc);
        fu_chunker_close(k);
        fu_input_close(in);
        tst_file_free(&f);
        if (st == FU_OK)
            break;
        cr_assert_eq(st, FU_E_STORE, "%ld: %d", fail, (int)st);
        cr_assert_lt(fail, 100);
    }
}

Test(chunk, every_failed_allocation_is_a_clean_error)
{
    fu_buf text;
    long fail = 0;
    fu_status st = FU_E_NOMEM;
    fu_buf_init(&text, &fu_mem_libc, 1 << 20);
    fu_buf_str(&text, HEAD);
    for (int i = 0; i < 300; i++)
        fu_buf_fmt(&text, "%s,%d\r\n", i % 100 ? "SI" : "RE", i);
    for (; st != FU_OK; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_buf shown, bytes;
        fu_error e;
        m.fail_at = fail;
        fu_buf_init(&shown, &fu_mem_libc, 65536);
        fu_buf_init(&bytes, &fu_mem_libc, 65536);
        st = cut_all(&mem, fu_buf_view(&text), 64, 0, false, &shown, &bytes, &e);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        cr_assert(st == FU_OK || (st == FU_E_NOMEM && e.status == FU_E_NOMEM), "call %ld", fail);
        cr_expect(st != FU_OK || fu_span_eq(fu_buf_view(&bytes), fu_buf_view(&text)));
        fu_buf_free(&shown);
        fu_buf_free(&bytes);
    }
    cr_expect_gt(fail, 7, "the chunk grew: %ld calls", fail);
    fu_buf_free(&text);
}

Test(chunk, closing_nothing_is_no_error)
{
    fu_chunker_close(NULL);
    cr_expect_eq(FU_CHUNK_BYTES, 262144);
}
