#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "support_uke.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const size_t CHUNKS[] = {1, 2, 3, 4, 5, 6, 7, 63, 64, 65, 65536, 65537, 0};

/* ---- what was read, as text ---- */

static void show_line(fu_buf *out, const fu_line *l)
{
    fu_buf_fmt(out, " %llu:%u+%u/%u%s", (unsigned long long)l->line, l->off, l->len, l->eol,
               l->history ? "h" : "");
    if (l->id)
        fu_buf_fmt(out, "=%c%c", l->id >> 8, l->id & 0xFF);
}

static void show_block(fu_buf *out, const fu_block *b)
{
    fu_buf_fmt(out, "%c@%llu", "HCTOBE"[b->kind], (unsigned long long)b -> offset);
    for (size_t i = 0; i < b->n_lines; i++)
        show_line(out, &b->lines[i]);
    fu_buf_char(out, '\n');
}

/* Reads a stream to its end: `shown` gets the blocks, `bytes` what they hold together. */
static fu_status read_stream(const fu_mem *mem, const fu_stream *s, fu_buf *shown, fu_buf *bytes,
                             fu_error *e)
{
    tst_walk w;
    tst_walk_open(&w, mem, s, e);
    while (tst_walk_next(&w)) {
        if (shown)
            show_block(shown, &w.b);
        fu_buf_span(bytes, w.b.bytes);
    }
    tst_walk_close(&w);
    return w.st;
}

/* ---- the same by the simplest means: the whole file in memory, line by line ---- */

static uint16_t name_of(const char *p, size_t n)
{
    if (n < 2 || p[0] < 'A' || p[0] > 'Z' || p[1] < 'A' || p[1] > 'Z' || (n > 2 && p[2] != ','))
        return 0;
    return FU_ID(p[0], p[1]);
}

static void name_line(fu_line *l, const char *p)
{
    size_t at = 0;
    l->id = name_of(p, l->len);
    for (int k = 0; k < 3; k++) {
        while (at < l->len && p[at] >= '0' && p[at] <= '9')
            at++;
        if (at >= l->len || p[at] != ',' || (k == 0 && at == 0))
            return;
        at++;
    }
    l->id = name_of(p + at, l->len - at);
    l->history = l->id != 0;
}

static int kind_of(const fu_line *l, const char *p, bool last)
{
    static const uint16_t headers[] = {FU_ID('I', 'R'), FU_ID('U', 'K'), FU_ID('Y', 'K'),
                                       FU_ID('H', 'M'), FU_ID('H', 'I')};
    for (size_t i = 0; i < COUNT(headers); i++)
        if (!l->history && l->id == headers[i])
            return FU_B_HEADER;
    if (!l->history && l->id == FU_ID('H', 'H') && l->line == 1)
        return FU_B_HEADER;
    if (!l->history && (l->id == FU_ID('G', 'O') || l->id == FU_ID('H', 'G')))
        return FU_B_TRAILER;
    if (!l->history && l->id == FU_ID('R', 'E'))
        return FU_B_CLAIM;
    if (l->len == 0)
        return FU_B_BLANK;
    return last && l->len == 1 && p[0] == 0x1A ? FU_B_EOF : FU_B_ORPHAN;
}

static void model(fu_buf *out, const char *p, size_t n)
{
    bool in_claim = false;
    size_t block = 0;
    uint64_t line = 0;
    for (size_t at = 0; at < n;) {
        fu_line l = {0, 0, 0, false, 0, ++line};
        size_t end = at;
        int kind;
        while (end < n && p[end] != '\n')
            end++;
        l.eol = end == n ? 0 : end > at && p[end - 1] == '\r' ? 2 : 1;
        l.len = (uint32_t)(end - at - (l.eol == 2));
        name_line(&l, p + at);
        kind = kind_of(&l, p + at, end == n);
        if (!(in_claim && (kind == FU_B_ORPHAN || kind == FU_B_BLANK))) {
            in_claim = kind == FU_B_CLAIM;
            block = at;
            if (at)
                fu_buf_char(out, '\n');
            fu_buf_fmt(out, "%c@%zu", "HCTOBE"[kind], at);
        }
        l.off = (uint32_t)(at - block);
        show_line(out, &l);
        at += l.len + l.eol;
    }
    if (n)
        fu_buf_char(out, '\n');
}

/* Every chunk size gives what the model gives, and the bytes come back. */
static void expect_like_model(const char *p, size_t n, const char *what)
{
    fu_buf want;
    fu_buf_init(&want, &fu_mem_libc, (size_t)64 << 20);
    model(&want, p, n);
    for (size_t i = 0; i < COUNT(CHUNKS); i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        fu_buf shown, bytes;
        fu_error e;
        tst_file_set(&f, p, n);
        f.chunk = CHUNKS[i];
        fu_buf_init(&shown, &fu_mem_libc, (size_t)64 << 20);
        fu_buf_init(&bytes, &fu_mem_libc, (size_t)64 << 20);
        cr_expect(read_stream(&fu_mem_libc, &s, &shown, &bytes, &e) == FU_OK, "%s", what);
        cr_expect(fu_span_eq(fu_buf_view(&bytes), fu_span_of(p, n)), "%s, chunks of %zu: bytes",
                  what, CHUNKS[i]);
        cr_expect_str_eq(fu_buf_cstr(&shown), fu_buf_cstr(&want), "%s, chunks of %zu", what,
                         CHUNKS[i]);
        fu_buf_free(&shown);
        fu_buf_free(&bytes);
        tst_file_free(&f);
    }
    fu_buf_free(&want);
}

/* ---- files as they come ---- */

static const struct {
    const char *what, *text;
    size_t n;
    const char *blocks;
} FILES[] = {
#define ROW(what, text, blocks)             \
    {                                       \
        what, text, sizeof text - 1, blocks \
    }
    ROW("ika",
        "IR,1,13,1,1399991,,X,202610,00,\r\nRE,1,1112,202610\r\nHO,01139906,,1\r\nCO,01,1\r\n"
        "RE,2,1212,202610\r\nKO,12139999,1\r\nGO,2,10,99\r\n\x1A",
        "H@0 1:0+31/2=IR\n"
        "C@33 2:0+16/2=RE 3:18+14/2=HO 4:34+7/2=CO\n"
        "C@76 5:0+16/2=RE 6:18+13/2=KO\n"
        "T@109 7:0+10/2=GO\n"
        "E@121 8:0+1/0\n"),
    ROW("DPC: HH inside a claim is 包括評価",
        "IR,1,13,1,1399991,,X,202610,00,\r\nRE,1,1111,202610\r\nBU,0\r\nHH,202610\r\nCD,1\r\n"
        "GO,1,1,99\r\n",
        "H@0 1:0+31/2=IR\n"
        "C@33 2:0+16/2=RE 3:18+4/2=BU 4:24+9/2=HH 5:35+4/2=CD\n"
        "T@74 6:0+9/2=GO\n"),
    ROW("shika: IR before every claim",
        "UK,1,13,3\r\nIR,1,13,3\r\nRE,1,3112\r\nHO,1\r\nIR,1,13,3\r\nRE,2,3112\r\nGO,2,0,"
        "99\r\n\x1A",
        "H@0 1:0+9/2=UK\n"
        "H@11 2:0+9/2=IR\n"
        "C@22 3:0+9/2=RE 4:11+4/2=HO\n"
        "H@39 5:0+9/2=IR\n"
        "C@50 6:0+9/2=RE\n"
        "T@61 7:0+9/2=GO\n"
        "E@72 8:0+1/0\n"),
    ROW("chozai, LF", "YK,1,13,4\nRE,1,4112\nSH,1\nTK,8\nGO,1,0,99\n\x1A",
        "H@0 1:0+9/1=YK\n"
        "C@10 2:0+9/1=RE 3:10+4/1=SH 4:15+4/1=TK\n"
        "T@30 5:0+9/1=GO\n"
        "E@40 6:0+1/0\n"),
    ROW("houmon: GO is a name only", "HM,1,13,6\r\nRE,1,6112\r\nKA,1\r\nGO\r\n",
        "H@0 1:0+9/2=HM\n"
        "C@11 2:0+9/2=RE 3:11+4/2=KA\n"
        "T@28 4:0+2/2=GO\n"),
    ROW("returned: the history belongs to its claim",
        "HI,1,202611,13,1\r\nRE,1,1112\r\nHR,202610\r\n8,1,0,RE,1,1112\r\n8,2,0,IR,1\r\n"
        "8,3,0,GO\r\n8,4,0,RC,V\r\nRE,2,1112\r\nHG,2,0\r\n",
        "H@0 1:0+16/2=HI\n"
        "C@18 2:0+9/2=RE 3:11+9/2=HR 4:22+15/2h=RE 5:39+10/2h=IR 6:51+8/2h=GO 7:61+10/2h=RC\n"
        "C@91 8:0+9/2=RE\n"
        "T@102 9:0+6/2=HG\n"),
    ROW("returned 訪問看護: HH is the header only as the first record",
        "HH,1,202611\nRE,1,6112\nHH,1\nHG,1\nHH,2\n",
        "H@0 1:0+11/1=HH\n"
        "C@12 2:0+9/1=RE 3:10+4/1=HH\n"
        "T@27 4:0+4/1=HG\n"
        "O@32 5:0+4/1=HH\n"),
    ROW("CRLF and LF mixed, no line end at the end", "IR\nRE,1\r\nHO\nSN\r\nGO",
        "H@0 1:0+2/1=IR\n"
        "C@3 2:0+4/2=RE 3:6+2/1=HO 4:9+2/2=SN\n"
        "T@16 5:0+2/0=GO\n"),
    ROW("a claim stops without a line end", "RE,1\r\nHO,1", "C@0 1:0+4/2=RE 2:6+4/0=HO\n"),
    ROW("0x1A alone", "\x1A", "E@0 1:0+1/0\n"),
    ROW("0x1A with a line end is data", "GO\n\x1A\r\n",
        "T@0 1:0+2/1=GO\n"
        "O@3 2:0+1/2\n"),
    ROW("0x1A behind data", "GO,1\x1A", "T@0 1:0+5/0=GO\n"),
    ROW("0x1A and something behind it", "GO\n\x1AIR\n",
        "T@0 1:0+2/1=GO\n"
        "O@3 2:0+3/1\n"),
    ROW("0x1A in the middle of a claim", "RE\n\x1A\nHO\n\x1A",
        "C@0 1:0+2/1=RE 2:3+1/1 3:5+2/1=HO\n"
        "E@8 4:0+1/0\n"),
    ROW("two 0x1A", "GO\n\x1A\x1A",
        "T@0 1:0+2/1=GO\n"
        "O@3 2:0+2/0\n"),
    ROW("blank lines outside and inside a claim", "\r\nIR\n\nRE\n\r\nHO\n\nGO\n\n",
        "B@0 1:0+0/2\n"
        "H@2 2:0+2/1=IR\n"
        "B@5 3:0+0/1\n"
        "C@6 4:0+2/1=RE 5:3+0/2 6:5+2/1=HO 7:8+0/1\n"
        "T@15 8:0+2/1=GO\n"
        "B@18 9:0+0/1\n"),
    ROW("NUL bytes", "IR,\0\nRE,\0\0,1\n\0\nGO\0\n",
        "H@0 1:0+4/1=IR\n"
        "C@5 2:0+7/1=RE 3:8+1/1 4:10+3/1\n"),
    ROW("a lone CR is part of its record", "RE,\r,1\nHO\rSN\n\rKO\n\r\r\n\r",
        "C@0 1:0+6/1=RE 2:7+5/1 3:13+3/1 4:17+1/2 5:20+1/0\n"),
    ROW("names are two capitals", "RE,1\nRE\nre,1\nREX,1\nR\nR1,1\n RE,1\n,RE\nRE.1\n",
        "C@0 1:0+4/1=RE\n"
        "C@5 2:0+2/1=RE 3:3+4/1 4:8+5/1 5:14+1/1 6:16+4/1 7:21+5/1 8:27+3/1 9:31+4/1\n"),
    ROW("prefixed records",
        "8,1,0,RE,1\n11,20,300,HO\n8,1,RE\n8,1,0,re\n8,1,0\n8,a,0,RE\n8,,,RE\n8\n",
        "O@0 1:0+10/1h=RE\n"
        "O@11 2:0+12/1h=HO\n"
        "O@24 3:0+6/1\n"
        "O@31 4:0+8/1\n"
        "O@40 5:0+5/1\n"
        "O@46 6:0+8/1\n"
        "O@55 7:0+6/1h=RE\n"
        "O@62 8:0+1/1\n"),
    ROW("records outside of a claim", "HO,1\nIR\nSY,1\nRE\nGO\nCO,1\nXX,1\n",
        "O@0 1:0+4/1=HO\n"
        "H@5 2:0+2/1=IR\n"
        "O@8 3:0+4/1=SY\n"
        "C@13 4:0+2/1=RE\n"
        "T@16 5:0+2/1=GO\n"
        "O@19 6:0+4/1=CO\n"
        "O@24 7:0+4/1=XX\n"),
    ROW("nothing", "", ""),
#undef ROW
};

Test(reader, files_become_the_blocks_written_out_here)
{
    for (size_t i = 0; i < COUNT(FILES); i++)
        for (size_t k = 0; k < COUNT(CHUNKS); k++) {
            tst_file f = TST_FILE_INIT;
            fu_stream s = tst_stream(&f);
            fu_buf shown, bytes;
            fu_error e;
            tst_file_set(&f, FILES[i].text, FILES[i].n);
            f.chunk = CHUNKS[k];
            fu_buf_init(&shown, &fu_mem_libc, 65536);
            fu_buf_init(&bytes, &fu_mem_libc, 65536);
            cr_expect(read_stream(&fu_mem_libc, &s, &shown, &bytes, &e) == FU_OK);
            cr_expect_str_eq(fu_buf_cstr(&shown), FILES[i].blocks, "%s, chunks of %zu:\n%s",
                             FILES[i].what, CHUNKS[k], fu_buf_cstr(&shown));
            cr_expect(fu_span_eq(fu_buf_view(&bytes), fu_span_of(FILES[i].text, FILES[i].n)), "%s",
                      FILES[i].what);
            fu_buf_free(&shown);
            fu_buf_free(&bytes);
            tst_file_free(&f);
        }
}

Test(reader, the_model_of_this_test_agrees_with_what_is_written_out)
{
    for (size_t i = 0; i < COUNT(FILES); i++) {
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, 65536);
        model(&b, FILES[i].text, FILES[i].n);
        cr_expect_str_eq(fu_buf_cstr(&b), FILES[i].blocks, "%s:\n%s", FILES[i].what,
                         fu_buf_cstr(&b));
        fu_buf_free(&b);
    }
}

/* ---- random files ---- */

static void random_file(fu_buf *b, uint32_t *seed)
{
    static const char *const parts[] = {
        "IR,1,13,1", "RE,1,1112",  "RE",       "HO,01139906,,1", "GO,1,1,99", "HH,1",
        "HI,1",      "8,1,0,RE,1", "8,2,0,GO", "CO,01,1,8200",   "\x1A",      "",
        "\r",        "UK",         "12,RE",    "\x81\x40,\xB1",  "HG",        "X",
        "SY,,,,",    "YK,1"};
    uint32_t n = tst_random(seed, 12);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = tst_random(seed, 16);
        fu_buf_str(b, parts[tst_random(seed, COUNT(parts))]);
        for (uint32_t k = tst_random(seed, 8) == 0 ? tst_random(seed, 150) : 0; k > 0; k--)
            fu_buf_char(b, (unsigned char)(tst_random(seed, 95) + 32));
        fu_buf_str(b, end < 9 ? "\r\n" : end < 15 ? "\n" : "");
    }
}

Test(reader, random_files_are_read_like_the_model_reads_them)
{
    uint32_t seed = 20261103;
    cr_log_info("seed %u", seed);
    for (int round = 0; round < 400; round++) {
        char what[40];
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, 65536);
        random_file(&b, &seed);
        snprintf(what, sizeof what, "round %d", round);
        expect_like_model(fu_buf_cstr(&b), b.n, what);
        fu_buf_free(&b);
    }
}

Test(reader, claims_larger_than_the_buffer_stay_whole)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, (size_t)4 << 20);
    fu_buf_str(&b, "IR\r\n");
    for (int claim = 0; claim < 3; claim++) {
        fu_buf_fmt(&b, "RE,%d\r\n", claim);
        for (int i = 0; i < 9000 * (3 - claim); i++)
            fu_buf_fmt(&b, "SI,%d,abcdefghijklmnop\r\n", i);
    }
    fu_buf_str(&b, "GO\r\n\x1A");
    cr_assert(b.status == FU_OK && b.n > 1000000);
    expect_like_model(fu_buf_cstr(&b), b.n, "large claims");
    fu_buf_free(&b);
}

/* ---- words ---- */

/* A little more than two windows, with line ends at any place of the words; `pad` moves them all.
 */
static void long_file(fu_buf *b, size_t pad)
{
    static const char *const ends[] = {"\r\n", "\n", "\r\r\n", "\r\n\r\n"};
    uint32_t seed = 20261103;
    fu_buf_str(b, "IR,");
    for (size_t i = 0; i < pad; i++)
        fu_buf_char(b, '1');
    fu_buf_str(b, "\r\n");
    while (b->n < 33000) {
        static const char *const names[] = {"SI,", "RE,", "CO,", "IY,", "1,2,3,SI", "TO,", "X"};
        fu_buf_str(b, names[tst_random(&seed, COUNT(names))]);
        for (uint32_t k = tst_random(&seed, 200); k > 0; k--)
            fu_buf_char(b, (unsigned char)"0,9\x8E"[tst_random(&seed, 4)]);
        fu_buf_str(b, ends[tst_random(&seed, COUNT(ends))]);
    }
}

static void expect_words(const fu_block *b, size_t pad)
{
    fu_scan_word *v = malloc(fu_scan_words(b->bytes.n) * sizeof *v);
    cr_assert(v && b->scan && b->scan_at < 64);
    fu_scan_best()->classes(v, b->bytes);
    for (size_t i = 0; i < b->bytes.n; i += 64) {
        fu_scan_word got = fu_scan_window(b->scan, b->scan_at + i), want = fu_scan_window(v, i);
        uint64_t low = fu_scan_low(b->bytes.n - i);
        cr_assert((got.comma & low) == want.comma && (got.odd & low) == want.odd &&
                      (got.nondigit & low) == want.nondigit,
                  "pad %zu, block at %llu, byte %zu", pad, (unsigned long long)b->offset, i);
    }
    free(v);
}

Test(reader, a_block_brings_the_words_of_its_bytes_wherever_it_begins)
{
    for (size_t pad = 0; pad < 66; pad++) {
        fu_buf b;
        fu_blocks w;
        fu_block block;
        bool more = true;
        size_t n = 0;
        fu_buf_init(&b, &fu_mem_libc, 65536);
        long_file(&b, pad);
        expect_like_model(fu_buf_cstr(&b), b.n, "long file");
        fu_blocks_init(&w, &fu_mem_libc);
        fu_blocks_start(&w, fu_buf_view(&b), 0, 0);
        for (; fu_blocks_next(&w, &block, &more, NULL) == FU_OK && more; n++)
            expect_words(&block, pad);
        cr_expect(n > 30 && !more, "%zu blocks", n);
        fu_blocks_free(&w);
        fu_buf_free(&b);
    }
}

/* ---- limits ---- */

static fu_status read_bytes(const void *p, size_t n, size_t chunk, size_t *blocks, fu_error *e)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    tst_walk w;
    *blocks = 0;
    tst_file_set(&f, p, n);
    f.chunk = chunk;
    memset(e, 0, sizeof *e);
    tst_walk_open(&w, &fu_mem_libc, &s, e);
    while (tst_walk_next(&w))
        ++*blocks;
    tst_walk_close(&w);
    tst_file_free(&f);
    return w.st;
}

static void expect_limit(fu_status st, const fu_error *e, const char *name, uint64_t line)
{
    cr_expect(st == FU_E_LIMIT, "%s: status %d", name, (int)st);
    cr_expect(e->status == FU_E_LIMIT && strstr(e->message_ja, name) != NULL, "%s in '%s'", name,
              e->message_ja);
    cr_expect(strstr(e->message_en, name) != NULL);
    cr_expect(e->line == line, "%s: line %llu, want %llu", name, (unsigned long long)e->line,
              (unsigned long long)line);
}

/* "IR\n", then a record of `n` bytes with its line end, which may be "", LF or CRLF. */
static char *long_record(size_t n, const char *eol, size_t *all)
{
    char *p = malloc(n + 4);
    cr_assert(p != NULL);
    memset(p, 'x', n + 3);
    memcpy(p, "IR\nRE,", 6);
    memcpy(p + 3 + n - strlen(eol), eol, strlen(eol));
    *all = n + 3;
    return p;
}

Test(reader, a_record_may_have_65536_bytes_with_its_line_end)
{
    static const char *const eols[] = {"", "\n", "\r\n"};
    static const size_t chunks[] = {63, 65535, 65536, 0};
    cr_expect(FU_RECORD_BYTES_MAX == 65536);
    for (size_t i = 0; i < COUNT(eols); i++)
        for (size_t k = 0; k < COUNT(chunks); k++) {
            size_t n, blocks;
            fu_error e;
            char *p = long_record(FU_RECORD_BYTES_MAX, eols[i], &n);
            cr_expect(read_bytes(p, n, chunks[k], &blocks, &e) == FU_OK, "row %zu %zu", i, k);
            cr_expect(blocks == 2);
            free(p);
            p = long_record(FU_RECORD_BYTES_MAX + 1, eols[i], &n);
            expect_limit(read_bytes(p, n, chunks[k], &blocks, &e), &e, "FU_RECORD_BYTES_MAX", 2);
            cr_expect(blocks == 1);
            free(p);
        }
}

Test(reader, a_long_record_inside_a_claim_is_named_by_its_line)
{
    size_t n, blocks;
    fu_error e;
    char *p = long_record(FU_RECORD_BYTES_MAX + 9, "\n", &n);
    memcpy(p, "RE\nHO\nSY\nx", 10);
    expect_limit(read_bytes(p, n, 0, &blocks, &e), &e, "FU_RECORD_BYTES_MAX", 4);
    free(p);
}

static void many_records(fu_buf *b, size_t n)
{
    fu_buf_reset(b);
    fu_buf_str(b, "IR\nRE\n");
    for (size_t i = 1; i < n; i++)
        fu_buf_str(b, i % 7 ? "CO\n" : "\n");
}

Test(reader, a_claim_may_have_50000_records)
{
    size_t blocks;
    fu_error e;
    fu_buf b;
    cr_expect(FU_CLAIM_RECORDS_MAX == 50000);
    fu_buf_init(&b, &fu_mem_libc, 1000000);
    many_records(&b, FU_CLAIM_RECORDS_MAX);
    cr_expect(read_bytes(b.p, b.n, 0, &blocks, &e) == FU_OK);
    cr_expect(blocks == 2);
    fu_buf_str(&b, "RE\n"); /* the next claim counts from one again */
    cr_expect(read_bytes(b.p, b.n, 0, &blocks, &e) == FU_OK);
    cr_expect(blocks == 3);
    many_records(&b, FU_CLAIM_RECORDS_MAX + 1);
    expect_limit(read_bytes(b.p, b.n, 0, &blocks, &e), &e, "FU_CLAIM_RECORDS_MAX",
                 FU_CLAIM_RECORDS_MAX + 2);
    cr_expect(blocks == 1);
    fu_buf_free(&b);
}

/* A claim of `n` bytes in records of 65536, behind "IR\n". */
static char *large_claim(size_t n)
{
    char *p = malloc(n + 3);
    cr_assert(p != NULL);
    memset(p, 'x', n + 3);
    memcpy(p, "IR\nRE,", 6);
    for (size_t at = 65536; at < n; at += 65536)
        p[3 + at - 1] = '\n';
    p[3 + n - 1] = '\n';
    return p;
}

Test(reader, a_claim_may_have_32_mib)
{
    size_t blocks;
    fu_error e;
    char *p = large_claim(FU_CLAIM_BYTES_MAX + 1);
    cr_expect(FU_CLAIM_BYTES_MAX == (size_t)32 * 1024 * 1024);
    cr_expect(read_bytes(p, 3 + FU_CLAIM_BYTES_MAX, 0, &blocks, &e) == FU_OK);
    cr_expect(blocks == 2);
    expect_limit(read_bytes(p, 3 + FU_CLAIM_BYTES_MAX + 1, 0, &blocks, &e), &e,
                 "FU_CLAIM_BYTES_MAX", FU_CLAIM_BYTES_MAX / 65536 + 2);
    cr_expect(blocks == 1);
    free(p);
}

typedef struct endless {
    uint64_t left;
} endless;

/* Records of 65536 bytes; what lies in the reader's buffer already is not written again. */
static int64_t endless_read(void *ctx, void *buf, uint64_t n)
{
    endless *x = ctx;
    uint64_t k = n < 65536 ? n : 65536;
    k = k < x->left ? k : x->left;
    if (k == 65536) {
        memset(buf, 'x', 65535);
        ((char *)buf)[65535] = '\n';
    } else if (k) {
        memset(buf, '\n', (size_t)k);
    }
    x->left -= k;
    return (int64_t)k;
}

static fu_status read_endless(uint64_t n, fu_error *e)
{
    endless x = {n};
    fu_stream s = {&x, endless_read, NULL, NULL};
    tst_walk w;
    tst_walk_open(&w, &fu_mem_libc, &s, e);
    while (tst_walk_next(&w)) {
    }
    tst_walk_close(&w);
    return w.st;
}

/* Reads 128 GiB: seconds here, hours under Valgrind, so only on demand. */
Test(reader, a_file_may_have_64_gib)
{
    fu_error e;
    cr_expect(FU_FILE_BYTES_MAX == (uint64_t)64 * 1024 * 1024 * 1024);
    if (!getenv("FUSHO_SLOW"))
        cr_skip_test("FUSHO_SLOW is not set");
    cr_expect(read_endless(FU_FILE_BYTES_MAX, &e) == FU_OK);
    cr_expect(read_endless(FU_FILE_BYTES_MAX + 1, &e) == FU_E_LIMIT);
    cr_expect(strstr(e.message_ja, "FU_FILE_BYTES_MAX") != NULL);
}

/* ---- faults ---- */

Test(reader, a_failing_stream_is_a_store_fault_wherever_it_fails)
{
    const char *text = FILES[0].text;
    for (long fail = 0;; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        fu_buf bytes;
        fu_error e;
        fu_status st;
        tst_file_set(&f, text, FILES[0].n);
        f.chunk = 10;
        f.fail_at = fail;
        fu_buf_init(&bytes, &fu_mem_libc, 65536);
        st = read_stream(&mem, &s, NULL, &bytes, &e);
        cr_expect(m.live == 0 && m.live_bytes == 0, "operation %ld", fail);
        cr_expect(bytes.n <= FILES[0].n && memcmp(fu_buf_cstr(&bytes), text, bytes.n) == 0);
        fu_buf_free(&bytes);
        tst_file_free(&f);
        if (st == FU_OK) {
            cr_expect(fail == 14, "13 reads and the end; %ld", fail);
            break;
        }
        cr_assert(st == FU_E_STORE && e.status == FU_E_STORE, "operation %ld: %d", fail, (int)st);
        cr_expect_str_eq(e.code, "S702");
    }
}

Test(reader, every_failed_allocation_is_a_clean_error)
{
    fu_buf text;
    long fail = 0;
    fu_status st = FU_E_NOMEM;
    fu_buf_init(&text, &fu_mem_libc, (size_t)4 << 20);
    fu_buf_str(&text, "IR\nRE\n");
    for (int i = 0; i < 30000; i++)
        fu_buf_str(&text, "SI,80,1,120002910,,68,1,,,,,,,,,,,\n");
    for (; st != FU_OK; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_span_reader src = {fu_buf_view(&text), 0};
        fu_stream s = fu_span_stream(&src);
        fu_buf bytes;
        fu_error e;
        m.fail_at = fail;
        fu_buf_init(&bytes, &fu_mem_libc, (size_t)4 << 20);
        st = read_stream(&mem, &s, NULL, &bytes, &e);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        cr_assert(st == FU_OK || (st == FU_E_NOMEM && e.status == FU_E_NOMEM), "call %ld", fail);
        cr_expect(st != FU_OK || fu_span_eq(fu_buf_view(&bytes), fu_buf_view(&text)));
        fu_buf_free(&bytes);
    }
    cr_expect(fail > 8, "the buffer and the lines grew: %ld calls", fail);
    fu_buf_free(&text);
}

Test(reader, closing_nothing_is_no_error_and_the_end_stays_the_end)
{
    fu_span_reader src = {fu_span_of("GO\n", 3), 0};
    fu_stream s = fu_span_stream(&src);
    fu_input *in = NULL;
    fu_reader *r = NULL;
    fu_block b;
    bool more = false;
    fu_reader_close(NULL);
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, NULL) == FU_OK);
    cr_assert(fu_reader_open(&r, &fu_mem_libc, in, NULL) == FU_OK);
    cr_expect(fu_reader_next(r, &b, &more, NULL) == FU_OK && more && b.kind == FU_B_TRAILER);
    for (int i = 0; i < 3; i++)
        cr_expect(fu_reader_next(r, &b, &more, NULL) == FU_OK && !more);
    fu_reader_close(r);
    fu_input_close(in);
}

/* Counts freed blocks that still hold what was read. */
static void *watching(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    const char *at = p;
    for (uint64_t i = 0; new_n == 0 && i + 4 <= old_n; i++)
        *(int *)ctx += memcmp(at + i, "SATO", 4) == 0;
    return fu_mem_libc.fn(NULL, p, old_n, new_n);
}

Test(reader, what_was_read_is_wiped_before_memory_is_given_back)
{
    int found = 0;
    fu_mem mem = {watching, &found};
    fu_span_reader src = {fu_span_str("RE,1,1112,202610,SATO\r\n"), 0};
    fu_stream s = fu_span_stream(&src);
    fu_buf bytes;
    fu_buf_init(&bytes, &fu_mem_libc, 65536);
    cr_expect(read_stream(&mem, &s, NULL, &bytes, NULL) == FU_OK && bytes.n == 23);
    cr_expect(found == 0);
    fu_buf_free(&bytes);
}

/* ---- record names ---- */

Test(reader, record_id_reads_names_and_history_prefixes)
{
    static const struct {
        const char *record;
        uint16_t id;
        bool history;
    } rows[] = {
        {"RE,1", FU_ID('R', 'E'), false},
        {"RE", FU_ID('R', 'E'), false},
        {"ZZ,", FU_ID('Z', 'Z'), false},
        {"AA", FU_ID('A', 'A'), false},
        {"@A", 0, false},
        {"A[", 0, false},
        {"REX", 0, false},
        {"R", 0, false},
        {"", 0, false},
        {"rE,", 0, false},
        {"8,1,0,RE,1", FU_ID('R', 'E'), true},
        {"8,1,0,RE", FU_ID('R', 'E'), true},
        {"16,99999,999,JY,", FU_ID('J', 'Y'), true},
        {"8,1,0,R", 0, false},
        {"8,1,0,", 0, false},
        {"8,1,0", 0, false},
        {"8,1,0,8,RE", 0, false},
        {"8.1,0,0,RE", 0, false},
        {"/,1,0,RE", 0, false},
        {":,1,0,RE", 0, false},
        {"8,:,0,RE", 0, false},
        {"8,1,/,RE", 0, false},
        {"0,1,0,RE", FU_ID('R', 'E'), true},
        {"9,1,0,RE", FU_ID('R', 'E'), true},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool history = !rows[i].history;
        cr_expect(fu_record_id(fu_span_str(rows[i].record), &history) == rows[i].id, "row %zu", i);
        cr_expect(history == rows[i].history, "row %zu", i);
    }
}

/* ---- files of the fixtures and samples, where they are given ---- */

static char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    char *p = NULL;
    long size;
    if (!f)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && (p = malloc((size_t)size + 1))) {
        rewind(f);
        *n = fread(p, 1, (size_t)size, f);
    }
    fclose(f);
    return p;
}

static bool ends_with(const char *s, const char *end)
{
    return strlen(s) >= strlen(end) && strcmp(s + strlen(s) - strlen(end), end) == 0;
}

/* A .gz is read as its content, which lies beside it. */
static void expect_file(const char *path)
{
    size_t n = 0, blocks;
    fu_error e;
    char *p = slurp(path, &n);
    cr_assert(p != NULL, "%s", path);
    if (ends_with(path, ".gz"))
        cr_expect(read_bytes(p, n, 7, &blocks, &e) == FU_OK && blocks > 1, "%s", path);
    else
        expect_like_model(p, n, path);
    free(p);
}

static size_t expect_folder(const char *folder, const char *end)
{
    DIR *d = opendir(folder);
    struct dirent *entry;
    size_t files = 0;
    cr_assert(d != NULL, "%s", folder);
    while ((entry = readdir(d)) != NULL) {
        char path[4096];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_name[0] == '.' || stat(path, &st) != 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            files += expect_folder(path, end);
        } else if (S_ISREG(st.st_mode) && ends_with(path, end)) {
            expect_file(path);
            files++;
        }
    }
    closedir(d);
    return files;
}

Test(reader, the_fixtures_are_read_bit_by_bit)
{
    const char *folder = getenv("FUSHO_FIXTURES");
    if (!folder)
        cr_skip_test("FUSHO_FIXTURES is not set");
    cr_expect(expect_folder(folder, "") >= 12);
}

Test(reader, the_samples_are_read_bit_by_bit)
{
    const char *folder = getenv("FUSHO_SAMPLES");
    if (!folder)
        cr_skip_test("FUSHO_SAMPLES is not set");
    cr_expect(expect_folder(folder, ".UKE") >= 1);
}
