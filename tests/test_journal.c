#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "journal/journal.h"
#include "support.h"
#include "support_journal.h"
#include "uke/chunk.h"

#define BIG (5u << 20)

static const fu_journal_meta META = {.version = "1.0.0",
                                     .edition = "2026-06",
                                     .host = "日医標準レセ",
                                     .input = "C:\\new\\a.UKE",
                                     .output = "/o/b\n.UKE",
                                     .options = "--dry-run\n--verbose",
                                     .today = 20261109,
                                     .institution = "1311399991",
                                     .billed = 202611,
                                     .payer = 2};

static const char META_TEXT[] = "version=1.0.0\nedition=2026-06\nhost=日医標準レセ\n"
                                "input=C:\\\\new\\\\a.UKE\noutput=/o/b\\n.UKE\n"
                                "options=--dry-run\\n--verbose\ntoday=2026-11-09\n"
                                "institution=1311399991\nbilled=202611\npayer=2\n";

/* What a reader was handed. */
typedef struct got {
    tst_file meta, claims, original;
    int n_meta, n_claims;
    fu_status stop_original;
} got;

static fu_status put(tst_file *f, fu_span s)
{
    fu_stream to = tst_stream(f);
    return to.write(to.ctx, s.p, s.n) == (int64_t)s.n ? FU_OK : FU_E_FATAL;
}

static fu_status on_meta(void *ctx, fu_span text, fu_error *e)
{
    got *g = ctx;
    (void)e;
    g->n_meta++;
    return put(&g->meta, text);
}

static fu_status on_claim(void *ctx, fu_span json, fu_error *e)
{
    got *g = ctx;
    (void)e;
    g->n_claims++;
    return put(&g->claims, json);
}

static fu_status on_original(void *ctx, fu_span bytes, fu_error *e)
{
    got *g = ctx;
    if (g->stop_original != FU_OK)
        return fu_fail(e, g->stop_original, "S702", "止め", "stopped");
    return put(&g->original, bytes);
}

static fu_status read_into(got *g, const fu_mem *mem, tst_file *journal, fu_error *e)
{
    fu_journal_reader r = {g, on_meta, on_claim, on_original, NULL, NULL};
    fu_stream from = tst_stream(journal);
    static const got none = {
        .meta = TST_FILE_INIT, .claims = TST_FILE_INIT, .original = TST_FILE_INIT};
    fu_status stop = g->stop_original;
    *g = none;
    g->stop_original = stop;
    journal->pos = 0;
    return fu_journal_read(mem, &from, &r, e);
}

static void drop(got *g)
{
    tst_file_free(&g->meta);
    tst_file_free(&g->claims);
    tst_file_free(&g->original);
}

/* Two claims around the data, which comes in two pieces. */
static fu_status write_journal(const fu_mem *mem, tst_file *f, fu_span data, int level, fu_error *e)
{
    fu_stream to = tst_stream(f);
    fu_journal_writer *w;
    size_t half = data.n / 2;
    fu_status st = fu_journal_open(&w, mem, &to, &META, e);
    if (st != FU_OK)
        return st;
    st = fu_journal_claim(w, fu_span_str("{\"claim\":2}"), e);
    if (st == FU_OK)
        st = jrn_packed(w, mem, fu_span_of(data.p, half), level, e);
    if (st == FU_OK)
        st = jrn_output(w, fu_span_str("出力"), e);
    if (st == FU_OK)
        st = jrn_packed(w, mem, fu_span_of(data.p + half, data.n - half), level, e);
    if (st == FU_OK)
        st = fu_journal_claim(w, fu_span_str("{\"claim\":5}"), e);
    if (st == FU_OK)
        st = fu_journal_finish(w, e);
    fu_journal_close(w);
    return st;
}

static bool same(const tst_file *f, const void *p, size_t n)
{
    return f->n == n && (n == 0 || memcmp(f->p, p, n) == 0);
}

static void round_trip(fu_span data, int level, const char *what)
{
    tst_file f = TST_FILE_INIT;
    got g = {.stop_original = FU_OK};
    fu_error e;
    cr_assert_eq(write_journal(&fu_mem_libc, &f, data, level, &e), FU_OK, "%s", what);
    cr_assert_eq(read_into(&g, &fu_mem_libc, &f, &e), FU_OK, "%s: %s", what, e.message_en);
    cr_expect(same(&g.original, data.p, data.n), "%s: the original is back", what);
    cr_expect(same(&g.meta, META_TEXT, strlen(META_TEXT)), "%s: META", what);
    cr_expect(same(&g.claims, "{\"claim\":2}{\"claim\":5}", 22), "%s: claims in order", what);
    cr_expect_eq(g.n_meta, 1);
    cr_expect_eq(g.n_claims, 2);
    drop(&g);
    tst_file_free(&f);
}

static unsigned char *noise(size_t n)
{
    unsigned char *p = malloc(n);
    uint32_t x = 20261109;
    for (size_t i = 0; p && i < n; i++) {
        x = x * 1664525u + 1013904223u;
        p[i] = (unsigned char)(x >> 24);
    }
    cr_assert_not_null(p);
    return p;
}

static const char SMALL[] =
    "IR,1,13,1,1234567,,\r\nRE,1,1112,202610,\x83\x65\r\nGO,1,300,99\r\n\x1a";

static void small_journal(tst_file *f)
{
    fu_error e;
    cr_assert_eq(write_journal(&fu_mem_libc, f, fu_span_of(SMALL, sizeof SMALL - 1), 6, &e), FU_OK);
}

/* Reading *f must be refused; the message must hold `says` (NULL: whatever). */
static bool refused(tst_file *f, const char *says)
{
    got g = {.stop_original = FU_OK};
    fu_error e;
    fu_status st;
    memset(&e, 0, sizeof e);
    st = read_into(&g, &fu_mem_libc, f, &e);
    drop(&g);
    return st == FU_E_INPUT && strcmp(e.code, "S703") == 0 && e.hint_ja[0] &&
           (!says || strstr(e.message_ja, says));
}

Test(journal, empty_and_small_originals_come_back)
{
    for (int level = 0; level <= 9; level++) {
        round_trip(fu_span_of("", 0), level, "empty");
        round_trip(fu_span_of(SMALL, sizeof SMALL - 1), level, "small");
    }
    cr_assert(true);
}

Test(journal, five_megabytes_of_noise_come_back)
{
    unsigned char *p = noise(BIG);
    round_trip(fu_span_of(p, BIG), 6, "noise");
    round_trip(fu_span_of(p, BIG), 0, "noise, stored");
    free(p);
    cr_assert(true);
}

Test(journal, very_compressible_data_come_back)
{
    unsigned char *p = calloc(1, BIG);
    cr_assert_not_null(p);
    round_trip(fu_span_of(p, BIG), 9, "zeros");
    free(p);
}

static uint32_t le32(const unsigned char *p)
{
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

Test(journal, the_layout_is_the_one_of_the_header)
{
    tst_file f = TST_FILE_INIT;
    unsigned char out[256];
    uLongf out_n = sizeof out;
    const unsigned char *p;
    uint32_t crc;
    small_journal(&f);
    cr_assert(memcmp(f.p, "FUSHO-JOURNAL\r\n\x1a\x01META", 21) == 0);
    p = f.p + 17;
    cr_expect_eq(p[4], sizeof META_TEXT - 1);
    for (int i = 5; i < 12; i++)
        cr_expect_eq(p[i], 0);
    cr_expect(memcmp(p + 12, META_TEXT, sizeof META_TEXT - 1) == 0);
    crc = (uint32_t)crc32(0, p, 12 + sizeof META_TEXT - 1);
    p += 12 + sizeof META_TEXT - 1;
    cr_expect_eq(le32(p), crc);
    p += 4;
    cr_expect(memcmp(p, "CLAM\x0b\0\0\0\0\0\0\0{\"claim\":2}", 23) == 0);
    p +=
        27 + 27; /* the second claim stands before the data, which is written when it is complete */
    cr_assert(memcmp(p, "DATA", 4) == 0);
    cr_expect_eq(uncompress(out, &out_n, p + 12, p[4]), Z_OK);
    cr_expect(out_n == sizeof SMALL - 1 && memcmp(out, SMALL, out_n) == 0);
    p += 12 + p[4] + 4;
    cr_assert(memcmp(p, "ENDJ\x18\0\0\0\0\0\0\0", 12) == 0);
    cr_expect_eq(p[12], sizeof SMALL - 1);
    crc = (uint32_t)crc32(0, (const unsigned char *)SMALL, sizeof SMALL - 1);
    cr_expect_eq(le32(p + 20), crc);
    cr_expect_eq(p[24], strlen("出力"));
    cr_expect_eq(p + 12 + 24 + 4, f.p + f.n);
    tst_file_free(&f);
}

Test(journal, is_read_and_written_one_byte_at_a_time)
{
    tst_file f = TST_FILE_INIT;
    got g = {.stop_original = FU_OK};
    fu_error e;
    f.chunk = 1;
    small_journal(&f);
    cr_assert_eq(read_into(&g, &fu_mem_libc, &f, &e), FU_OK);
    cr_expect(same(&g.original, SMALL, sizeof SMALL - 1));
    drop(&g);
    tst_file_free(&f);
}

Test(journal, a_reader_without_callbacks_only_verifies)
{
    static const fu_journal_reader none = {NULL, NULL, NULL, NULL, NULL, NULL};
    tst_file f = TST_FILE_INIT;
    fu_stream from = tst_stream(&f);
    fu_error e;
    small_journal(&f);
    f.pos = 0;
    cr_expect_eq(fu_journal_read(&fu_mem_libc, &from, &none, &e), FU_OK);
    tst_file_free(&f);
}

Test(journal, cut_at_any_byte_is_refused)
{
    tst_file f = TST_FILE_INIT;
    size_t whole;
    small_journal(&f);
    whole = f.n;
    for (size_t n = 0; n < whole; n++) {
        f.n = n;
        cr_expect(refused(&f, "途中で切れていて"), "cut to %zu bytes", n);
    }
    f.n = whole;
    cr_expect_not(refused(&f, NULL));
    tst_file_free(&f);
}

Test(journal, any_changed_byte_is_refused)
{
    static const unsigned char flips[] = {0x01, 0x20, 0x80, 0xFF};
    tst_file f = TST_FILE_INIT;
    small_journal(&f);
    for (size_t i = 0; i < f.n; i++)
        for (size_t k = 0; k < sizeof flips; k++) {
            f.p[i] ^= flips[k];
            cr_expect(refused(&f, NULL), "byte %zu flipped by %02x", i, flips[k]);
            f.p[i] ^= flips[k];
        }
    cr_expect_not(refused(&f, NULL));
    tst_file_free(&f);
}

Test(journal, any_byte_behind_the_end_is_refused)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    small_journal(&f);
    s.write(s.ctx, "", 1);
    cr_expect(refused(&f, "壊れていて"));
    tst_file_free(&f);
}

Test(journal, joined_journals_are_refused)
{
    tst_file f = TST_FILE_INIT;
    small_journal(&f);
    small_journal(&f);
    cr_expect(refused(&f, "壊れていて"));
    tst_file_free(&f);
}

Test(journal, another_file_is_said_to_be_no_journal)
{
    static const struct {
        const char *p;
        size_t n;
        const char *says;
    } rows[] = {
        {"\x1f\x8b\x08\0\0\0\0\0\0\x03", 10, "控え（.fusho）ではありません"},
        {"IR,1,13,1,1234567,,202610\r\n", 27, "控え（.fusho）ではありません"},
        {"X", 1, "控え（.fusho）ではありません"},
        {"FUSHO-JOURNAL\n\n\x1a\x01", 17, "控え（.fusho）ではありません"},
        {"FUSHO-JOURNAL\r\n\x1a\x02META", 21, "途中で切れていて"},
        {"FUSHO-JOURNAL\r\n\x1a\x03META", 21, "新しい形式"},
        {"FUSHO-JOURNAL\r\n\x1a\x00META", 21, "壊れていて"},
        {"", 0, "途中で切れていて"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        tst_file_set(&f, rows[i].p, rows[i].n);
        cr_expect(refused(&f, rows[i].says), "row %zu", i);
        tst_file_free(&f);
    }
}

/* Sections made by hand, with a right CRC. */
static void section(tst_file *f, const char *tag, const void *payload, size_t n)
{
    fu_stream s = tst_stream(f);
    unsigned char head[12] = {0}, tail[4];
    uLong crc;
    memcpy(head, tag, 4);
    for (size_t i = 0; i < 8; i++)
        head[4 + i] = (unsigned char)(n >> (8 * i) & 0xFF);
    crc = crc32(0, head, 12);
    if (n)
        crc = crc32(crc, payload, (uInt)n);
    for (size_t i = 0; i < 4; i++)
        tail[i] = (unsigned char)(crc >> (8 * i) & 0xFF);
    s.write(s.ctx, head, 12);
    s.write(s.ctx, payload, n);
    s.write(s.ctx, tail, 4);
}

/* M META, C CLAM, D the data, d its first half, r its second half, x data and one byte more,
 * e an empty DATA, z a preset dictionary, E ENDJ, s ENDJ one byte short, n ENDJ with a wrong
 * length, c ENDJ with a wrong CRC, U an unknown section. */
static void build(tst_file *f, const char *plan)
{
    static const unsigned char hi[] = {'h', 'i'};
    static const unsigned char dict[] = {0x78, 0xBB, 0, 0, 0, 1, 0};
    unsigned char z[64], end[24] = {2};
    uLongf zn = sizeof z - 1;
    uLong crc = crc32(0, hi, 2);
    compress(z, &zn, hi, 2);
    z[zn] = 0;
    for (int i = 0; i < 4; i++)
        end[8 + i] = (unsigned char)(crc >> (8 * i) & 0xFF);
    tst_file_set(f, "FUSHO-JOURNAL\r\n\x1a\x01", 17);
    f->pos = 17;
    for (; *plan; plan++) {
        end[0] = *plan == 'n' ? 3 : 2;
        end[8] = (unsigned char)((crc & 0xFF) ^ (*plan == 'c'));
        switch (*plan) {
        case 'M':
            section(f, "META", "a=b\n", 4);
            break;
        case 'C':
            section(f, "CLAM", "{}", 2);
            break;
        case 'D':
            section(f, "DATA", z, zn);
            break;
        case 'd':
            section(f, "DATA", z, 4);
            break;
        case 'r':
            section(f, "DATA", z + 4, zn - 4);
            break;
        case 'x':
            section(f, "DATA", z, zn + 1);
            break;
        case 'e':
            section(f, "DATA", NULL, 0);
            break;
        case 'z':
            section(f, "DATA", dict, sizeof dict);
            break;
        case 's':
            section(f, "ENDJ", end, 23);
            break;
        case 'U':
            section(f, "NEXT", "", 0);
            break;
        default:
            section(f, "ENDJ", end, 24);
            break;
        }
    }
}

Test(journal, order_number_and_content_of_sections_are_verified)
{
    static const struct {
        const char *plan;
        bool good;
    } rows[] = {
        {"MDE", true},   {"MCDCE", true}, {"MdCrE", true},  {"MdreE", true}, {"DME", false},
        {"MMDE", false}, {"CMDE", false}, {"MDCEE", false}, {"MDEC", false}, {"ME", false},
        {"MdE", false},  {"MrE", false},  {"MxE", false},   {"MDDE", false}, {"MDrE", false},
        {"MzE", false},  {"MDn", false},  {"MDc", false},   {"MDs", false},  {"MUDE", false},
        {"E", false},    {"UMDE", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        build(&f, rows[i].plan);
        cr_expect_eq(refused(&f, "壊れていて"), !rows[i].good, "row %zu %s", i, rows[i].plan);
        tst_file_free(&f);
    }
}

Test(journal, a_section_over_the_limit_is_neither_read_nor_written)
{
    static unsigned char head[17 + 12] = "FUSHO-JOURNAL\r\n\x1a\x01META\x01\x00\x00\x01";
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    unsigned char *big = calloc(1, FU_JOURNAL_SECTION_MAX + 1);
    fu_journal_writer *w;
    fu_error e;
    cr_assert_not_null(big);
    tst_file_set(&f, head, sizeof head);
    cr_expect(refused(&f, "壊れていて"));
    head[17 + 4] = 0; /* exactly the limit: then only the rest is missing */
    tst_file_set(&f, head, sizeof head);
    cr_expect(refused(&f, "途中で切れていて"));
    f.n = f.pos = 0;
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, &e), FU_OK);
    cr_expect_eq(fu_journal_claim(w, fu_span_of(big, FU_JOURNAL_SECTION_MAX), &e), FU_OK);
    cr_expect_eq(fu_journal_claim(w, fu_span_of(big, FU_JOURNAL_SECTION_MAX + 1), &e), FU_E_LIMIT);
    cr_expect(strstr(e.message_ja, "FU_JOURNAL_SECTION_MAX"));
    fu_journal_close(w);
    tst_file_free(&f);
    free(big);
}

Test(journal, options_longer_than_a_section_are_refused)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    char *big = malloc(FU_JOURNAL_SECTION_MAX + 2);
    fu_journal_meta m = META;
    fu_journal_writer *w;
    fu_error e;
    cr_assert_not_null(big);
    memset(big, 'x', FU_JOURNAL_SECTION_MAX + 1);
    big[FU_JOURNAL_SECTION_MAX + 1] = '\0';
    m.options = big;
    cr_expect_eq(fu_journal_open(&w, &fu_mem_libc, &to, &m, &e), FU_E_LIMIT);
    cr_expect_null(w);
    cr_expect(strstr(e.message_ja, "FU_JOURNAL_SECTION_MAX"));
    tst_file_free(&f);
    free(big);
}

Test(journal, a_finished_or_failed_writer_takes_no_more)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_journal_writer *w;
    fu_error e;
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, &e), FU_OK);
    cr_assert_eq(fu_journal_finish(w, &e), FU_OK);
    cr_expect_eq(jrn_packed(w, &fu_mem_libc, fu_span_str("x"), 1, &e), FU_E_MISUSE);
    cr_expect_eq(jrn_output(w, fu_span_str("x"), &e), FU_E_MISUSE);
    cr_expect_eq(fu_journal_claim(w, fu_span_str("x"), &e), FU_E_MISUSE);
    cr_expect_eq(fu_journal_finish(w, &e), FU_E_MISUSE);
    fu_journal_close(w);
    fu_journal_close(NULL);
    tst_file_free(&f);
}

Test(journal, a_failing_write_fails_the_run_wherever_it_is)
{
    unsigned char *data = noise(200000);
    long n;
    for (n = 0;; n++) {
        tst_file f = TST_FILE_INIT;
        fu_error e;
        fu_status st;
        f.fail_at = n;
        st = write_journal(&fu_mem_libc, &f, fu_span_of(data, 200000), 6, &e);
        tst_file_free(&f);
        if (st == FU_OK)
            break;
        cr_expect_eq(st, FU_E_STORE, "write %ld", n);
    }
    cr_expect_gt(n, 15, "only %ld writes", n);
    free(data);
}

Test(journal, a_failing_read_fails_the_undo_wherever_it_is)
{
    tst_file f = TST_FILE_INIT;
    long n;
    small_journal(&f);
    for (n = 0; n < 100; n++) {
        got g = {.stop_original = FU_OK};
        fu_error e;
        fu_status st;
        f.fail_at = n;
        f.ops = 0;
        st = read_into(&g, &fu_mem_libc, &f, &e);
        drop(&g);
        if (st == FU_OK)
            break;
        cr_expect_eq(st, FU_E_STORE, "read %ld", n);
        cr_expect_str_eq(e.code, "S702");
    }
    cr_expect(n > 10 && n < 100, "%ld reads", n);
    tst_file_free(&f);
}

static int64_t lying_read(void *ctx, void *buf, uint64_t n)
{
    (void)ctx;
    (void)buf;
    return (int64_t)n + 1;
}

Test(journal, a_stream_that_gives_more_than_asked_is_refused)
{
    static const fu_journal_reader none = {NULL, NULL, NULL, NULL, NULL, NULL};
    fu_stream from = {NULL, lying_read, NULL, NULL};
    fu_error e;
    cr_expect_eq(fu_journal_read(&fu_mem_libc, &from, &none, &e), FU_E_STORE);
}

Test(journal, what_a_callback_returns_is_handed_on)
{
    tst_file f = TST_FILE_INIT;
    got g = {.stop_original = FU_E_STORE};
    fu_error e;
    small_journal(&f);
    cr_expect_eq(read_into(&g, &fu_mem_libc, &f, &e), FU_E_STORE);
    cr_expect_str_eq(e.code, "S702");
    drop(&g);
    tst_file_free(&f);
}

Test(journal, values_of_meta_are_found_and_unescaped)
{
    static const struct {
        const char *key, *value;
    } rows[] = {
        {"version", "1.0.0"},     {"input", "C:\\new\\a.UKE"},
        {"output", "/o/b\n.UKE"}, {"options", "--dry-run\n--verbose"},
        {"today", "2026-11-09"},  {"host", "日医標準レセ"},
    };
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_buf_reset(&b);
        cr_expect_eq(fu_journal_meta_value(fu_span_str(META_TEXT), rows[i].key, &b), FU_OK);
        cr_expect_str_eq(fu_buf_cstr(&b), rows[i].value, "row %zu", i);
    }
    cr_expect_eq(fu_journal_meta_value(fu_span_str(META_TEXT), "ver", &b), FU_E_INPUT);
    cr_expect_eq(fu_journal_meta_value(fu_span_str("a=b"), "a", &b), FU_OK);
    cr_expect_eq(fu_journal_meta_value(fu_span_str(""), "a", &b), FU_E_INPUT);
    fu_buf_free(&b);
}

Test(journal, meta_values_that_are_missing_are_empty)
{
    static const fu_journal_meta empty = {.today = 0};
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_journal_writer *w;
    fu_error e;
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &empty, &e), FU_OK);
    cr_expect(memcmp(f.p + 29, "version=\nedition=\nhost=\n", 24) == 0);
    fu_journal_close(w);
    tst_file_free(&f);
}

Test(journal, what_the_header_does_not_say_is_left_out)
{
    static const fu_journal_meta rows[] = {
        {.institution = ""}, {.institution = NULL}, {.billed = 202611}, {.payer = 1}};
    static const char *const ends[] = {"today=0000-00-00\n", "today=0000-00-00\n",
                                       "today=0000-00-00\nbilled=202611\n",
                                       "today=0000-00-00\npayer=1\n"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream to = tst_stream(&f);
        fu_journal_writer *w;
        size_t n = strlen(ends[i]);
        cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &rows[i], NULL), FU_OK);
        cr_expect(f.n > n + 4 && memcmp(f.p + f.n - 4 - n, ends[i], n) == 0, "row %zu", i);
        fu_journal_close(w);
        tst_file_free(&f);
    }
}

Test(journal, a_journal_is_known_by_its_first_bytes)
{
    static const char magic[] = "FUSHO-JOURNAL\r\n\x1a\x01META";
    for (size_t n = 0; n < sizeof magic - 1; n++)
        cr_expect_eq(fu_journal_begins(fu_span_of(magic, n)), n >= 6, "%zu bytes", n);
    cr_expect_not(fu_journal_begins(fu_span_str("FUSHO-JOURNAL\r\nx")));
    cr_expect_not(fu_journal_begins(fu_span_str("FUSHO-X")));
    cr_expect_not(fu_journal_begins(fu_span_str("id,month,karte")));
}

/* A journal of pieces as long as each other, or (uneven) with every other one half as long. */
static void write_pieces(tst_file *f, fu_span data, size_t cut, bool uneven)
{
    fu_stream to = tst_stream(f);
    fu_journal_writer *w;
    fu_packer *packer;
    fu_piece piece;
    cr_assert_eq(fu_packer_open(&packer, &fu_mem_libc, FU_PACK_LEVEL, NULL), FU_OK);
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, NULL), FU_OK);
    fu_piece_init(&piece, &fu_mem_libc);
    for (size_t at = 0, i = 0; at < data.n; i++) {
        size_t n = uneven && i % 2 ? cut / 2 + 1 : cut;
        fu_span s = fu_span_of(data.p + at, data.n - at < n ? data.n - at : n);
        cr_assert_eq(fu_packer_pack(packer, s, &piece, NULL), FU_OK);
        cr_assert_eq(fu_journal_piece(w, &piece, NULL), FU_OK);
        fu_journal_output_sum(w, s.n, piece.crc, NULL);
        at += s.n;
    }
    cr_assert_eq(fu_journal_finish(w, NULL), FU_OK);
    fu_journal_close(w);
    fu_piece_free(&piece);
    fu_packer_close(packer);
}

Test(journal, pieces_in_any_cut_give_the_same_content)
{
    static const size_t cuts[] = {1, 999, 65536, FU_CHUNK_BYTES, 1000000};
    unsigned char *p = noise(700000);
    for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++)
        for (int uneven = 0; uneven < 2; uneven++) {
            fu_span data = fu_span_of(p, cuts[i] == 1 ? 3000 : 700000);
            tst_file f = TST_FILE_INIT;
            got g = {.stop_original = FU_OK};
            write_pieces(&f, data, cuts[i], uneven);
            cr_expect_eq(read_into(&g, &fu_mem_libc, &f, NULL), FU_OK, "cut %zu", cuts[i]);
            cr_expect(same(&g.original, data.p, data.n), "cut %zu", cuts[i]);
            cr_expect_eq(le32(f.p + f.n - 8), (uint32_t)crc32_z(0, data.p, data.n), "cut %zu",
                         cuts[i]);
            drop(&g);
            tst_file_free(&f);
        }
    free(p);
}

Test(journal, a_piece_without_data_is_misuse_and_a_change_is_nothing)
{
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_journal_writer *w;
    fu_piece piece;
    size_t before;
    cr_assert_eq(fu_journal_open(&w, &fu_mem_libc, &to, &META, NULL), FU_OK);
    before = f.n;
    cr_expect_eq(fu_journal_change(w, 0, fu_span_str("a"), fu_span_str("b"), NULL), FU_OK);
    fu_piece_init(&piece, &fu_mem_libc);
    cr_expect_eq(fu_journal_piece(w, &piece, NULL), FU_OK);
    fu_piece_count(&piece, fu_span_str("abc"));
    cr_expect_eq(fu_journal_piece(w, &piece, NULL), FU_E_MISUSE);
    cr_expect_eq(fu_journal_piece(w, &piece, NULL), FU_E_MISUSE);
    cr_expect_eq(fu_journal_output_sum(w, 1, 1, NULL), FU_E_MISUSE);
    cr_expect_eq(fu_journal_change(w, 0, fu_span_str("a"), fu_span_str("b"), NULL), FU_E_MISUSE);
    cr_expect_eq(f.n, before);
    fu_journal_close(w);
    tst_file_free(&f);
}

Test(journal, every_failed_allocation_is_a_clean_error)
{
    tst_file f = TST_FILE_INIT;
    long n;
    for (n = 0;; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        got g = {.stop_original = FU_OK};
        fu_error e;
        fu_status st;
        m.fail_at = n;
        f.n = f.pos = 0;
        st = write_journal(&mem, &f, fu_span_of(SMALL, sizeof SMALL - 1), 6, &e);
        if (st == FU_OK) {
            st = read_into(&g, &mem, &f, &e);
            drop(&g);
        }
        cr_assert(m.live == 0 && m.live_bytes == 0, "call %ld leaks", n);
        if (st == FU_OK)
            break;
        cr_assert_eq(st, FU_E_NOMEM, "call %ld: %d", n, (int)st);
        cr_assert_eq(e.status, FU_E_NOMEM);
    }
    cr_expect_gt(n, 8);
    tst_file_free(&f);
}
