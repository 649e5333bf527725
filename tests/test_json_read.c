#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "ledger/json_read.h"
#include "support.h"

TestSuite(json_read);

/* "key=kind:raw;" for every member. */
typedef struct seen {
    char text[512];
    const char *refuse; /* a key that is refused */
} seen;

static bool note(void *ctx, fu_span key, const fu_json_value *v)
{
    seen *s = ctx;
    size_t n = strlen(s->text);
    if (s->refuse && fu_span_is(key, s->refuse))
        return false;
    snprintf(s->text + n, sizeof s->text - n, "%.*s=%c:%.*s;", (int)key.n, (const char *)key.p,
             "TNO"[v->kind], (int)v -> raw.n, v->raw.p ? (const char *)v->raw.p : "");
    return true;
}

static bool reads(const char *json, const char *refuse, char out[512])
{
    seen s = {"", refuse};
    bool good = fu_json_read(fu_span_str(json), note, &s);
    memcpy(out, s.text, sizeof s.text);
    return good;
}

Test(json_read, members_of_the_outermost_object_come_in_their_order)
{
    static const struct {
        const char *json, *want;
    } rows[] = {
        {"{}", ""},
        {" \t\r\n{ \n} ", ""},
        {"{\"a\":\"b\"}", "a=T:b;"},
        {"{\"a\":1,\"b\":-0.5e+3,\"c\":0}", "a=N:1;b=N:-0.5e+3;c=N:0;"},
        {"{\"a\":true,\"b\":false,\"c\":null}", "a=O:;b=O:;c=O:;"},
        {"{\"a\" : [ ] , \"b\" : { } }", "a=O:;b=O:;"},
        {"{\"edits\":[{\"line\":3,\"op\":\"x\"},[1,[2]],{}],\"z\":\"\"}", "edits=O:;z=T:;"},
        {"{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u30c6\"}", "a=T:\\\"\\\\\\/\\b\\f\\n\\r\\t\\u30c6;"},
        {"{\"氏\":\"見本\"}", "氏=T:見本;"},
        {"{\"a\":1,\"a\":2}", "a=N:1;a=N:2;"},
        {"{\"1\":[[[[[[[1]]]]]]]}", "1=O:;"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[512];
        cr_expect(reads(rows[i].json, NULL, got), "row %zu", i);
        cr_expect_str_eq(got, rows[i].want, "row %zu: %s", i, got);
    }
}

Test(json_read, what_is_no_object_of_ours_is_refused)
{
    static const char *const rows[] = {
        "",
        " ",
        "x",
        "[]",
        "1",
        "\"a\"",
        "{",
        "}",
        "{}{}",
        "{} x",
        "{a:1}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":[1,]}",
        "{\"a\":[1}",
        "{\"a\":{]}",
        "{\"a\":[1}]",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":.5}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":1e+}",
        "{\"a\":0x1}",
        "{\"a\":NaN}",
        "{\"a\":nul}",
        "{\"a\":nulll}",
        "{\"a\":True}",
        "{\"a\":\"",
        "{\"a\":\"\\",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\\ud83d\"}",
        "{\"a\":\"\\ud83dx\"}",
        "{\"a\":\"\\ud83d\\u0041\"}",
        "{\"a\":\"\\ude00\"}",
        "{\"a\":\"tab\there\"}",
        "{\"a\":\"line\nend\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":\"\xed\xa0\x80\"}",
        "{\"a\":'b'}",
        "{\"a\":1}//",
        "{\"1\":[[[[[[[[1]]]]]]]]}", /* deeper than FU_JSON_DEPTH_MAX */
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char got[512];
        cr_expect_not(reads(rows[i], NULL, got), "row %zu: %s", i, rows[i]);
    }
}

Test(json_read, a_NUL_byte_is_refused)
{
    static const char json[] = "{\"a\":\"b\0c\"}";
    seen s = {"", NULL};
    cr_expect_not(fu_json_read(fu_span_of(json, sizeof json - 1), note, &s));
}

Test(json_read, every_cut_is_refused_and_nothing_behind_the_end_is_read)
{
    static const char json[] = "{\"a\":\"\\u30c6\\n見\",\"b\":[{\"c\":-1.5e2},null],\"d\":true}";
    char got[512];
    cr_assert(reads(json, NULL, got));
    for (size_t n = 0; n < sizeof json - 1; n++) {
        tst_file exact = TST_FILE_INIT; /* a block of its own: ASan sees a byte too many */
        seen s = {"", NULL};
        tst_file_set(&exact, json, n);
        cr_expect_not(fu_json_read(fu_span_of(exact.p, n), note, &s), "cut to %zu", n);
        tst_file_free(&exact);
    }
}

Test(json_read, a_member_can_be_refused_wherever_it_stands)
{
    char got[512];
    cr_expect_not(reads("{\"a\":1,\"b\":2}", "a", got));
    cr_expect_not(reads("{\"a\":1,\"b\":2}", "b", got));
    cr_expect_not(reads("{\"a\":1,\"b\":[1]}", "b", got));
    cr_expect(reads("{\"a\":{\"b\":1}}", "b", got)); /* not one of the outermost */
}

Test(json_read, texts_are_unescaped)
{
    static const struct {
        const char *raw, *want;
    } rows[] = {
        {"", ""},
        {"見本", "見本"},
        {"\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t"},
        {"\\u0041\\u00e9\\u30c6\\ud83d\\ude00", "Aéテ😀"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_buf b;
        fu_buf_init(&b, &fu_mem_libc, 100);
        cr_expect_eq(fu_json_unescape(&b, fu_span_str(rows[i].raw)), FU_OK, "row %zu", i);
        cr_expect_str_eq(fu_buf_cstr(&b), rows[i].want, "row %zu", i);
        fu_buf_free(&b);
    }
}
