#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "support_uke.h"
#include "text/recode.h"

TestSuite(recode);

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define OUT_MAX 512u

typedef struct result {
    unsigned char out[OUT_MAX + FU_RECODE_ROOM];
    size_t n;
    fu_status status;
    fu_error error;
} result;

/* In place, `chunk` bytes at a time, as the reader does it. */
static result recode(const void *p, size_t n, size_t chunk)
{
    static const result none;
    result r = none;
    fu_recode state = {.n_part = 0};
    for (size_t at = 0; at < n && r.status == FU_OK; at += chunk) {
        size_t k = n - at < chunk ? n - at : chunk, made;
        unsigned char *to = r.out + r.n;
        memcpy(to + FU_RECODE_ROOM, (const char *)p + at, k);
        r.status = fu_recode_chunk(&state, to, to + FU_RECODE_ROOM, k, &made, &r.error);
        r.n += made;
    }
    if (r.status == FU_OK)
        r.status = fu_recode_end(&state, &r.error);
    return r;
}

static const struct {
    const char *utf8, *cp932;
} TEXTS[] = {
    {"", ""},
    {"A", "A"},
    {"HO,77777777,,７,\r\n\x1A", "HO,77777777,,\x82\x56,\r\n\x1A"},
    {"ｱﾝ", "\xB1\xDD"},
    {"表ソ能", "\x95\x5C\x83\x5C\x94\x5C"},
    {"〜～−－", "\x81\x60\x81\x60\x81\x7C\x81\x7C"}, /* both of each pair */
    {"髙①", "\xFB\xFC\x87\x40"},
    {"¥‾§", "\x5C\x7E\x81\x98"},
    {"\xEF\xBB\xBF"
     "IR",
     "IR"}, /* the mark at the start goes */
    {"\xEF\xBB\xBF", ""},
};

Test(recode, gives_cp932_in_chunks_of_any_size)
{
    for (size_t i = 0; i < COUNT(TEXTS); i++) {
        size_t n = strlen(TEXTS[i].utf8);
        for (size_t chunk = 1; chunk <= n + 1; chunk++) {
            result r = recode(TEXTS[i].utf8, n, chunk);
            cr_assert_eq(r.status, FU_OK, "row %zu, chunk %zu", i, chunk);
            cr_expect_eq(r.n, strlen(TEXTS[i].cp932), "row %zu, chunk %zu", i, chunk);
            cr_expect_arr_eq(r.out, TEXTS[i].cp932, r.n, "row %zu, chunk %zu", i, chunk);
        }
    }
}

Test(recode, refuses_what_is_no_utf8_or_not_in_cp932)
{
    static const struct {
        const char *text;
        uint64_t line, offset;
        const char *message;
    } rows[] = {
        {"RE\n\x82\xA0", 2, 3, "UTF-8 として読めない文字があります。"}, /* CP932 */
        {"\xE3\x81", 1, 0, "UTF-8 として読めない文字があります。"},     /* cut off */
        {"a\n\nb\xE3\x81\n", 3, 4, "UTF-8 として読めない文字があります。"},
        {"\xC0\x80", 1, 0, "UTF-8 として読めない文字があります。"},
        {"\xED\xA0\x80", 1, 0, "UTF-8 として読めない文字があります。"}, /* surrogate */
        {"\xFF", 1, 0, "UTF-8 として読めない文字があります。"},
        {"あ\n𠮷", 2, 4, "請求ファイルでは使えない文字があります。"},
        {"é", 1, 0, "請求ファイルでは使えない文字があります。"},
        {"\xC2\x80", 1, 0, "請求ファイルでは使えない文字があります。"},
        {"\xEE\x80\x80", 1, 0, "請求ファイルでは使えない文字があります。"}, /* 外字, U+E000 */
        {"A\xEF\xBB\xBF", 1, 1, "請求ファイルでは使えない文字があります。"},
        {"\xEF\xBB\xBF\xEF\xBB\xBF", 1, 3, "請求ファイルでは使えない文字があります。"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t n = strlen(rows[i].text);
        for (size_t chunk = 1; chunk <= n; chunk++) {
            result r = recode(rows[i].text, n, chunk);
            cr_assert_eq(r.status, FU_E_INPUT, "row %zu, chunk %zu", i, chunk);
            cr_expect_str_eq(r.error.code, "F102", "row %zu, chunk %zu", i, chunk);
            cr_expect_str_eq(r.error.message_ja, rows[i].message, "row %zu, chunk %zu", i, chunk);
            cr_expect_eq(r.error.line, rows[i].line, "row %zu, chunk %zu", i, chunk);
            cr_expect_eq(r.error.byte_offset, rows[i].offset, "row %zu, chunk %zu", i, chunk);
        }
    }
}

Test(recode, an_error_is_not_needed)
{
    static const fu_recode start;
    fu_recode r = start;
    unsigned char out[8];
    size_t made;
    cr_expect_eq(fu_recode_chunk(&r, out, (const unsigned char *)"\xFF", 1, &made, NULL),
                 FU_E_INPUT);
    r = start;
    cr_expect_eq(fu_recode_chunk(&r, out, (const unsigned char *)"\xE3", 1, &made, NULL), FU_OK);
    cr_expect_eq(fu_recode_end(&r, NULL), FU_E_INPUT);
}

/* ---- the reader on top of it ---- */

static const char COPY[] = "IR,1,13,1,1234567,,見本医院,202611,00,\r\n"
                           "RE,1,1112,202610,見本　花子,2,19840425,\r\n"
                           "HO,06139901,３２,３３,1,359,\r\n"
                           "GO,1,359,99\r\n\x1A";

/* Reads all blocks; what they hold goes to *bytes. */
static fu_status read_copy(const fu_mem *mem, tst_file *f, fu_buf *bytes, fu_error *e)
{
    fu_stream s = tst_stream(f);
    tst_walk w;
    fu_status st = FU_OK;
    tst_walk_open(&w, mem, &s, e);
    if (w.st == FU_OK)
        fu_reader_utf8(w.r);
    while (st == FU_OK && tst_walk_next(&w))
        st = fu_buf_span(bytes, w.b.bytes) == FU_OK ? FU_OK : FU_E_NOMEM;
    tst_walk_close(&w);
    return st == FU_OK ? w.st : st;
}

Test(recode, the_reader_gives_the_claim_file_of_a_copy)
{
    size_t n;
    char *want = tst_cp932(COPY, &n);
    for (size_t chunk = 0; chunk <= 70; chunk++) {
        tst_file f = TST_FILE_INIT;
        fu_buf bytes;
        fu_buf_init(&bytes, &fu_mem_libc, 4096);
        tst_file_set(&f, COPY, sizeof COPY - 1);
        f.chunk = chunk;
        cr_assert_eq(read_copy(&fu_mem_libc, &f, &bytes, NULL), FU_OK, "chunk %zu", chunk);
        cr_expect_eq(bytes.n, n, "chunk %zu", chunk);
        cr_expect_arr_eq(bytes.p, want, n, "chunk %zu", chunk);
        fu_buf_free(&bytes);
        tst_file_free(&f);
    }
    free(want);
}

Test(recode, the_reader_names_line_and_place)
{
    tst_file f = TST_FILE_INIT;
    fu_buf bytes;
    fu_error e;
    char text[sizeof COPY];
    memcpy(text, COPY, sizeof COPY);
    *strstr(text, "GO") = '\xFF';
    for (size_t chunk = 0; chunk <= 3; chunk++) {
        fu_buf_init(&bytes, &fu_mem_libc, 4096);
        memset(&e, 0, sizeof e);
        tst_file_set(&f, text, sizeof text - 1);
        f.chunk = chunk;
        cr_expect_eq(read_copy(&fu_mem_libc, &f, &bytes, &e), FU_E_INPUT, "chunk %zu", chunk);
        cr_expect_eq(e.line, 4, "chunk %zu", chunk);
        cr_expect_eq(e.byte_offset, (uint64_t)(strchr(text, '\xFF') - text), "chunk %zu", chunk);
        fu_buf_free(&bytes);
    }
    tst_file_free(&f);
}

Test(recode, no_memory_and_broken_streams_leave_nothing)
{
    tst_mem m = TST_MEM_INIT;
    fu_mem mem = tst_mem_of(&m);
    long calls, ops;
    for (int round = 0; round < 2; round++) {
        tst_file f = TST_FILE_INIT;
        tst_file_set(&f, COPY, sizeof COPY - 1);
        for (long k = 0, last = 0; !last; k++) {
            fu_buf bytes;
            fu_status st;
            fu_buf_init(&bytes, &mem, 4096);
            f.pos = 0;
            m.calls = f.ops = 0;
            m.fail_at = round == 0 ? k : -1;
            f.fail_at = round == 1 ? k : -1;
            st = read_copy(&mem, &f, &bytes, NULL);
            calls = m.calls;
            ops = f.ops;
            last = round == 0 ? calls <= k : ops <= k;
            cr_expect_eq(st,
                         last         ? FU_OK
                         : round == 0 ? FU_E_NOMEM
                                      : FU_E_STORE,
                         "%d/%ld", round, k);
            fu_buf_free(&bytes);
            cr_assert(m.live == 0 && m.live_bytes == 0, "%d/%ld", round, k);
        }
        tst_file_free(&f);
    }
}
