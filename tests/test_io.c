#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"
#include "base/io.h"
#include "support.h"

#define TEXT_SIZE ((size_t)200000)
#define NO_CHUNK ((size_t)0)

static const size_t CHUNKS[] = {1, 2, 3, 10, 4095, 65536, NO_CHUNK};
#define CHUNK_COUNT (sizeof CHUNKS / sizeof CHUNKS[0])

typedef struct bytes {
    unsigned char *p;
    size_t n;
} bytes;

/* Something like a claim file: neither constant nor random. */
static bytes make_text(size_t n)
{
    bytes b = {malloc(n + 64), 0};
    uint32_t seed = 1;
    cr_assert(b.p != NULL);
    while (b.n < n) {
        seed = seed * 1664525u + 1013904223u;
        b.n += (size_t)snprintf((char *)b.p + b.n, 64, "SI,12,1,%09u,,%u,1\r\n", seed >> 4,
                                seed >> 24);
    }
    b.n = n;
    return b;
}

/* One gzip member; name_length > 0 puts a file name of that length into its header. */
static bytes make_gzip(const void *p, size_t n, size_t name_length)
{
    z_stream z = {0};
    gz_header head = {0};
    unsigned char *name = calloc(1, name_length + 1);
    bytes b;
    cr_assert(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 9, Z_DEFAULT_STRATEGY) == Z_OK);
    b.n = deflateBound(&z, (uLong)n) + name_length + 64;
    b.p = malloc(b.n);
    cr_assert(b.p != NULL && name != NULL);
    memset(name, 'n', name_length);
    head.name = name;
    if (name_length)
        deflateSetHeader(&z, &head);
    z.next_in = (Bytef *)(uintptr_t)p;
    z.avail_in = (uInt)n;
    z.next_out = b.p;
    z.avail_out = (uInt)b.n;
    cr_assert(deflate(&z, Z_FINISH) == Z_STREAM_END);
    b.n -= z.avail_out;
    deflateEnd(&z);
    free(name);
    return b;
}

/* Reads the rest of in, step bytes at a time. */
static fu_status read_rest(fu_input *in, size_t step, fu_buf *out, fu_error *e)
{
    unsigned char *tmp = malloc(step);
    size_t got = 1;
    fu_status st = FU_OK;
    cr_assert(tmp != NULL);
    while (st == FU_OK && got > 0) {
        st = fu_input_read(in, tmp, step, &got, e);
        cr_assert(got <= step);
        fu_buf_add(out, tmp, got);
    }
    free(tmp);
    return st;
}

/* Opens, reads all, closes. */
static fu_status slurp(const fu_mem *mem, tst_file *f, size_t step, fu_buf *out, fu_error *e)
{
    fu_stream s = tst_stream(f);
    fu_input *in;
    fu_status st = fu_input_open(&in, mem, &s, e);
    if (st != FU_OK) {
        cr_expect(in == NULL);
        return st;
    }
    st = read_rest(in, step, out, e);
    fu_input_close(in);
    return st;
}

static fu_status slurp_bytes(const void *p, size_t n, fu_buf *out, fu_error *e)
{
    tst_file f = TST_FILE_INIT;
    fu_status st;
    tst_file_set(&f, p, n);
    st = slurp(&fu_mem_libc, &f, 65536, out, e);
    tst_file_free(&f);
    return st;
}

static void expect_content(const bytes *file, const bytes *content, const char *what)
{
    tst_file f = TST_FILE_INIT;
    tst_file_set(&f, file->p, file->n);
    for (size_t i = 0; i < CHUNK_COUNT; i++) {
        for (size_t k = 0; k < CHUNK_COUNT; k++) {
            size_t step = CHUNKS[k] ? CHUNKS[k] : 1 << 20;
            fu_buf out;
            fu_error e;
            fu_buf_init(&out, &fu_mem_libc, 1 << 24);
            f.chunk = CHUNKS[i];
            f.pos = 0;
            cr_expect(slurp(&fu_mem_libc, &f, step, &out, &e) == FU_OK, "%s %zu %zu", what, i, k);
            cr_expect(fu_span_eq(fu_buf_view(&out), fu_span_of(content->p, content->n)),
                      "%s %zu %zu", what, i, k);
            fu_buf_free(&out);
        }
    }
    tst_file_free(&f);
}

Test(io, plain_content_arrives_whatever_the_chunks)
{
    static const size_t sizes[] = {0, 1, 2, 3, 65536, 65537, TEXT_SIZE};
    bytes text = make_text(TEXT_SIZE);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bytes part = {text.p, sizes[i]};
        expect_content(&part, &part, "plain");
    }
    free(text.p);
}

Test(io, half_of_the_magic_is_plain_content)
{
    static const char *const rows[] = {"\x1F", "\x1F\x8C", "\x8B\x1F", " \x1F\x8B"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bytes b = {(unsigned char *)(uintptr_t)rows[i], strlen(rows[i])};
        expect_content(&b, &b, "magic");
    }
}

Test(io, gzip_content_arrives_whatever_the_chunks)
{
    static const size_t sizes[] = {0, 1, 100, TEXT_SIZE};
    bytes text = make_text(TEXT_SIZE);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bytes part = {text.p, sizes[i]};
        bytes gz = make_gzip(text.p, sizes[i], 0);
        expect_content(&gz, &part, "gzip");
        free(gz.p);
    }
    free(text.p);
}

Test(io, gzip_members_in_a_row_are_one_content)
{
    bytes text = make_text(3000), all = {malloc(20000), 0};
    static const size_t cuts[] = {0, 10, 10, 2000, 3000}; /* the second member is empty */
    cr_assert(all.p != NULL);
    for (size_t i = 0; i + 1 < sizeof cuts / sizeof cuts[0]; i++) {
        bytes gz = make_gzip(text.p + cuts[i], cuts[i + 1] - cuts[i], i);
        memcpy(all.p + all.n, gz.p, gz.n);
        all.n += gz.n;
        free(gz.p);
    }
    expect_content(&all, &text, "members");
    free(all.p);
    free(text.p);
}

Test(io, knows_what_it_reads)
{
    bytes gz = make_gzip("abc", 3, 0);
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_input *in;
    fu_error e;
    fu_buf out;
    fu_buf_init(&out, &fu_mem_libc, 100);
    tst_file_set(&f, gz.p, gz.n);
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    cr_expect(fu_input_is_gzip(in));
    cr_expect(read_rest(in, 10, &out, &e) == FU_OK);
    cr_expect(fu_input_raw_read(in) == gz.n);
    fu_input_close(in);
    tst_file_set(&f, "RE,1", 4);
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    cr_expect(!fu_input_is_gzip(in));
    cr_expect(fu_input_raw_read(in) == 4);
    fu_input_close(in);
    fu_input_close(NULL);
    fu_buf_free(&out);
    tst_file_free(&f);
    free(gz.p);
}

Test(io, reading_nothing_is_not_the_end)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_input *in;
    fu_error e;
    char c = 0;
    size_t got = 9;
    tst_file_set(&f, "xy", 2);
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    cr_expect(fu_input_read(in, &c, 0, &got, &e) == FU_OK && got == 0);
    cr_expect(fu_input_read(in, &c, 1, &got, &e) == FU_OK && got == 1 && c == 'x');
    fu_input_close(in);
    tst_file_free(&f);
}

static void expect_fault(fu_status st, const fu_error *e, fu_status status, const char *code,
                         const char *message, size_t row)
{
    cr_expect(st == status, "row %zu: %d", row, (int)st);
    cr_expect(e->status == status, "row %zu", row);
    cr_expect_str_eq(e->code, code, "row %zu", row);
    cr_expect_str_eq(e->message_ja, message, "row %zu", row);
    cr_expect(e->hint_ja[0] != '\0' && e->message_en[0] != '\0', "row %zu", row);
}

Test(io, gzip_cut_at_any_byte_is_a_fault)
{
    bytes text = make_text(2000), gz = make_gzip(text.p, text.n, 5);
    for (size_t n = 2; n < gz.n; n++) {
        fu_error e;
        fu_buf out;
        fu_status st;
        fu_buf_init(&out, &fu_mem_libc, 1 << 20);
        st = slurp_bytes(gz.p, n, &out, &e);
        expect_fault(st, &e, FU_E_INPUT, "F110", "圧縮されたファイルが途中で切れています。", n);
        cr_expect(e.byte_offset == n, "%zu", n);
        fu_buf_free(&out);
    }
    free(gz.p);
    free(text.p);
}

/* Bytes 4 to 7 and 9 (time, system) say nothing about the content. */
Test(io, gzip_with_a_flipped_byte_never_gives_other_content)
{
    bytes text = make_text(2000), gz = make_gzip(text.p, text.n, 0);
    unsigned faults = 0;
    for (size_t at = 2; at < gz.n; at++) {
        fu_error e;
        fu_buf out;
        fu_status st;
        fu_buf_init(&out, &fu_mem_libc, 1 << 24);
        gz.p[at] ^= 0xFF;
        st = slurp_bytes(gz.p, gz.n, &out, &e);
        gz.p[at] ^= 0xFF;
        if (st == FU_OK) {
            cr_expect(fu_span_eq(fu_buf_view(&out), fu_span_of(text.p, text.n)), "byte %zu", at);
        } else {
            faults++;
            cr_expect(st == FU_E_INPUT, "byte %zu", at);
            cr_expect_str_eq(e.code, "F110", "byte %zu", at);
        }
        fu_buf_free(&out);
    }
    cr_expect(faults >= gz.n - 10, "%u of %zu", faults, gz.n);
    free(gz.p);
    free(text.p);
}

Test(io, bytes_behind_the_last_member_are_a_fault)
{
    static const char *const rows[] = {"x", "GO,1", "\x1F\x8B"};
    bytes gz = make_gzip("abc", 3, 0);
    unsigned char all[100];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_error e;
        fu_buf out;
        fu_buf_init(&out, &fu_mem_libc, 1000);
        memcpy(all, gz.p, gz.n);
        memcpy(all + gz.n, rows[i], strlen(rows[i]));
        cr_expect(slurp_bytes(all, gz.n + strlen(rows[i]), &out, &e) == FU_E_INPUT, "row %zu", i);
        cr_expect_str_eq(e.code, "F110", "row %zu", i);
        fu_buf_free(&out);
    }
    free(gz.p);
}

Test(io, broken_gzip_says_so)
{
    fu_error e;
    fu_buf out;
    fu_buf_init(&out, &fu_mem_libc, 1000);
    expect_fault(slurp_bytes("\x1F\x8B garbage garbage", 18, &out, &e), &e, FU_E_INPUT, "F110",
                 "圧縮されたファイルが壊れています。", 0);
    fu_buf_free(&out);
}

/* What comes of n zeros in a member with a header of that size; *got is how many arrived. */
static fu_status read_zeros(size_t n, size_t name_length, size_t *gz_size, size_t *got, fu_error *e)
{
    unsigned char *zeros = calloc(1, n);
    bytes gz = make_gzip(zeros, n, name_length);
    fu_buf out;
    fu_status st;
    cr_assert(zeros != NULL);
    fu_buf_init(&out, &fu_mem_libc, 1 << 28);
    st = slurp_bytes(gz.p, gz.n, &out, e);
    *gz_size = gz.n;
    *got = out.n;
    fu_buf_free(&out);
    free(gz.p);
    free(zeros);
    return st;
}

Test(io, bomb_is_stopped_early)
{
    fu_error e;
    size_t size, got;
    fu_status st = read_zeros((size_t)100 << 20, 0, &size, &got, &e);
    expect_fault(st, &e, FU_E_LIMIT, "F113",
                 "圧縮ファイルを展開したときの倍率が上限 FU_GZ_RATIO_MAX (200) "
                 "を超えています。",
                 0);
    cr_expect(got <= FU_GZ_RATIO_FLOOR, "%zu", got);
}

Test(io, any_ratio_is_fine_up_to_the_floor)
{
    fu_error e;
    size_t size, got;
    cr_expect(read_zeros(FU_GZ_RATIO_FLOOR, 0, &size, &got, &e) == FU_OK);
    cr_expect(got == FU_GZ_RATIO_FLOOR && got / size > FU_GZ_RATIO_MAX);
    cr_expect(read_zeros(FU_GZ_RATIO_FLOOR + 1, 0, &size, &got, &e) == FU_E_LIMIT);
}

/* A long name in the header makes the compressed size whatever is wanted. The 8 bytes of the
 * trailer may not have been taken yet when the last zero arrives. */
Test(io, ratio_just_below_and_above_the_limit)
{
    size_t n = (size_t)4 << 20, size, got, plain, exact = n / FU_GZ_RATIO_MAX + 1;
    fu_error e;
    cr_expect(read_zeros(n, 1, &plain, &got, &e) == FU_E_LIMIT);
    cr_expect(read_zeros(n, exact - plain + 1 + 8, &size, &got, &e) == FU_OK);
    cr_expect(size == exact + 8 && got == n, "%zu %zu", size, got);
    cr_expect(read_zeros(n, exact - plain + 1 - 2, &size, &got, &e) == FU_E_LIMIT);
    cr_expect(size == exact - 2, "%zu", size);
}

Test(io, content_that_expands_little_may_be_large)
{
    bytes text = make_text((size_t)8 << 20), gz = make_gzip(text.p, text.n, 0);
    fu_error e;
    fu_buf out;
    fu_buf_init(&out, &fu_mem_libc, 1 << 24);
    cr_expect(slurp_bytes(gz.p, gz.n, &out, &e) == FU_OK);
    cr_expect(out.n == text.n);
    fu_buf_free(&out);
    free(gz.p);
    free(text.p);
}

static int64_t read_too_much(void *ctx, void *buf, uint64_t n)
{
    (void)ctx;
    (void)buf;
    return (int64_t)n + 1;
}

Test(io, read_of_more_than_asked_is_a_store_fault)
{
    fu_stream s = {NULL, read_too_much, NULL, NULL};
    fu_stream none = {NULL, NULL, NULL, NULL};
    fu_input *in;
    fu_error e;
    fu_status st = fu_input_open(&in, &fu_mem_libc, &s, &e);
    expect_fault(st, &e, FU_E_STORE, "S702", "ファイルを読み込めませんでした。", 0);
    st = fu_input_open(&in, &fu_mem_libc, &none, &e);
    expect_fault(st, &e, FU_E_STORE, "S702", "ファイルを読み込めませんでした。", 1);
}

static void sweep_read_faults(const bytes *file)
{
    long n = 0;
    for (;; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_error e;
        fu_buf out;
        fu_status st;
        fu_buf_init(&out, &fu_mem_libc, 1 << 20);
        tst_file_set(&f, file->p, file->n);
        f.chunk = 50;
        f.fail_at = n;
        st = slurp(&mem, &f, 64, &out, &e);
        tst_file_free(&f);
        fu_buf_free(&out);
        cr_expect(m.live == 0 && m.live_bytes == 0, "read %ld", n);
        if (st == FU_OK)
            break;
        expect_fault(st, &e, FU_E_STORE, "S702", "ファイルを読み込めませんでした。", (size_t)n);
    }
    cr_expect(n > 5, "%ld", n);
}

Test(io, every_failing_read_is_a_store_fault)
{
    bytes text = make_text(2000), gz = make_gzip(text.p, text.n, 0);
    sweep_read_faults(&text);
    sweep_read_faults(&gz);
    free(gz.p);
    free(text.p);
}

static void expect_rewinds(const bytes *file, const bytes *content)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_input *in;
    fu_error e;
    unsigned char tmp[700];
    size_t got;
    tst_file_set(&f, file->p, file->n);
    f.chunk = 1000;
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    for (int round = 0; round < 4; round++) {
        fu_buf out;
        fu_buf_init(&out, &fu_mem_libc, 1 << 20);
        for (int k = 0; k < round; k++)
            cr_expect(fu_input_read(in, tmp, sizeof tmp, &got, &e) == FU_OK && got > 0);
        cr_expect(fu_input_rewind(in, &e) == FU_OK, "round %d", round);
        cr_expect(fu_input_raw_read(in) == 0);
        cr_expect(read_rest(in, 333, &out, &e) == FU_OK, "round %d", round);
        cr_expect(fu_span_eq(fu_buf_view(&out), fu_span_of(content->p, content->n)), "round %d",
                  round);
        cr_expect(fu_input_rewind(in, &e) == FU_OK, "round %d, at the end", round);
        fu_buf_free(&out);
    }
    fu_input_close(in);
    tst_file_free(&f);
}

Test(io, rewind_gives_the_same_bytes_again)
{
    bytes text = make_text(9000), gz = make_gzip(text.p, text.n, 0);
    expect_rewinds(&text, &text);
    expect_rewinds(&gz, &text);
    free(gz.p);
    free(text.p);
}

Test(io, rewind_of_a_stream_that_cannot_is_a_store_fault)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_input *in;
    fu_error e;
    tst_file_set(&f, "abc", 3);
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    f.fail_at = f.ops;
    expect_fault(fu_input_rewind(in, &e), &e, FU_E_STORE, "S702",
                 "ファイルを先頭から読み直せませんでした。", 0);
    fu_input_close(in);
    s.rewind = NULL;
    tst_file_set(&f, "abc", 3);
    f.fail_at = -1;
    cr_assert(fu_input_open(&in, &fu_mem_libc, &s, &e) == FU_OK);
    expect_fault(fu_input_rewind(in, &e), &e, FU_E_STORE, "S702",
                 "ファイルを先頭から読み直せませんでした。", 1);
    fu_input_close(in);
    tst_file_free(&f);
}

static long sweep_allocations(const bytes *file)
{
    for (long n = 0;; n++) {
        tst_mem m = {0, n, 0, 0};
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_error e;
        fu_buf out;
        fu_status st;
        fu_buf_init(&out, &fu_mem_libc, 1 << 20);
        tst_file_set(&f, file->p, file->n);
        st = slurp(&mem, &f, 100, &out, &e);
        tst_file_free(&f);
        fu_buf_free(&out);
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", n);
        if (st == FU_OK)
            return n;
        expect_fault(st, &e, FU_E_NOMEM, "", "メモリーが足りません。", (size_t)n);
    }
}

Test(io, survives_failure_of_every_allocation)
{
    bytes text = make_text(2000), gz = make_gzip(text.p, text.n, 0);
    cr_expect(sweep_allocations(&text) == 1);
    cr_expect(sweep_allocations(&gz) >= 3, "input, state and window of zlib");
    free(gz.p);
    free(text.p);
}

Test(io, write_all_goes_on_after_short_writes)
{
    bytes text = make_text(5000);
    for (size_t i = 0; i < CHUNK_COUNT; i++) {
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        fu_error e;
        f.chunk = CHUNKS[i];
        cr_expect(fu_write_all(&s, text.p, text.n, &e) == FU_OK, "row %zu", i);
        cr_expect(fu_write_all(&s, NULL, 0, &e) == FU_OK, "row %zu", i);
        cr_expect(f.n == text.n && memcmp(f.p, text.p, text.n) == 0, "row %zu", i);
        tst_file_free(&f);
    }
    free(text.p);
}

static int64_t write_nothing(void *ctx, const void *buf, uint64_t n)
{
    (void)ctx;
    (void)buf;
    (void)n;
    return 0;
}

static int64_t write_too_much(void *ctx, const void *buf, uint64_t n)
{
    (void)ctx;
    (void)buf;
    return (int64_t)n + 1;
}

Test(io, every_bad_write_is_a_store_fault)
{
    static const fu_stream rows[] = {{NULL, NULL, write_nothing, NULL},
                                     {NULL, NULL, write_too_much, NULL},
                                     {NULL, NULL, NULL, NULL}};
    fu_error e;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_fault(fu_write_all(&rows[i], "abc", 3, &e), &e, FU_E_STORE, "S702",
                     "ファイルに書き込めませんでした。", i);
    for (long n = 0; n < 3; n++) {
        tst_file f = TST_FILE_INIT;
        fu_stream s = tst_stream(&f);
        f.chunk = 1;
        f.fail_at = n;
        expect_fault(fu_write_all(&s, "abc", 3, &e), &e, FU_E_STORE, "S702",
                     "ファイルに書き込めませんでした。", (size_t)n);
        cr_expect(f.n == (size_t)n);
        tst_file_free(&f);
    }
    cr_expect(fu_write_all(&rows[0], "abc", 3, NULL) == FU_E_STORE);
}
