#include <criterion/criterion.h>

#include "evidence/evidence.h"
#include "evidence/xml.h"
#include "support.h"
#include <stdio.h>
#include <stdlib.h>

/* Events as text: "<name a=v>", the text in quotes, "</>". */
typedef struct trace {
    char p[16384];
    size_t n;
    size_t starts;
    bool refuse;
} trace;

static void say(trace *t, const char *s, size_t n)
{
    if (t->n + n < sizeof t->p) {
        memcpy(t->p + t->n, s, n);
        t->n += n;
        t->p[t->n] = '\0';
    }
}

static fu_status on_start(void *ctx, const char *name, const char *const *atts, uint64_t line,
                          fu_error *e)
{
    trace *t = ctx;
    t->starts++;
    say(t, "<", 1);
    say(t, name, strlen(name));
    for (; *atts; atts += 2) {
        say(t, " ", 1);
        say(t, atts[0], strlen(atts[0]));
        say(t, "=", 1);
        say(t, atts[1], strlen(atts[1]));
    }
    say(t, ">", 1);
    return t->refuse ? fu_evidence_broken(e, line, "だめ", "no") : FU_OK;
}

static fu_status on_text(void *ctx, fu_span text, fu_error *e)
{
    trace *t = ctx;
    (void)e;
    say(t, "\"", 1);
    say(t, (const char *)text.p, text.n);
    say(t, "\"", 1);
    return FU_OK;
}

static fu_status on_end(void *ctx, fu_error *e)
{
    (void)e;
    say(ctx, "</>", 3);
    return FU_OK;
}

static fu_status parse_with(const fu_mem *mem, trace *t, const void *p, size_t n, size_t piece,
                            fu_error *e)
{
    fu_xml_events ev = {t, on_start, on_text, on_end};
    const char *at = p;
    fu_xml *x;
    fu_status st;
    memset(e, 0, sizeof *e);
    st = fu_xml_open(&x, mem, &ev, e);
    while (st == FU_OK && n > piece) {
        st = fu_xml_feed(x, at, piece, false, e);
        at += piece;
        n -= piece;
    }
    if (st == FU_OK)
        st = fu_xml_feed(x, at, n, true, e);
    fu_xml_close(x);
    return st;
}

static fu_status parse(trace *t, const char *text, fu_error *e)
{
    memset(t, 0, sizeof *t);
    return parse_with(&fu_mem_libc, t, text, strlen(text), SIZE_MAX, e);
}

static trace T;

Test(xml, gives_elements_attributes_and_texts)
{
    fu_error e;
    cr_assert_eq(parse(&T, "<a x='1'>\n  <b>  花&amp;子 <!-- c -->! </b>\n <c/></a>", &e), FU_OK);
    cr_expect_str_eq(T.p, "<a x=1><b>\"花&子 ! \"</><c></></>");
}

Test(xml, gives_namespaces_in_front_of_names)
{
    fu_error e;
    cr_assert_eq(parse(&T, "<a xmlns='urn:x' xmlns:p='urn:p' p:k='1'><p:b/></a>", &e), FU_OK);
    cr_expect_str_eq(T.p, "<urn:x a urn:p k=1><urn:p b></></>");
}

Test(xml, result_does_not_depend_on_the_pieces)
{
    static const char TEXT[] = "<?xml version='1.0' encoding='UTF-8'?>\r\n<a x='あ'>い<b>\r\n"
                               "<![CDATA[<う>]]>え&#x304A;</b>か</a>\n";
    fu_error e;
    for (size_t piece = 1; piece <= 7; piece++) {
        memset(&T, 0, sizeof T);
        cr_expect_eq(parse_with(&fu_mem_libc, &T, TEXT, sizeof TEXT - 1, piece, &e), FU_OK,
                     "piece %zu", piece);
        cr_expect_str_eq(T.p, "<a x=あ>\"い\"<b>\"<う>えお\"</>\"か\"</>", "piece %zu", piece);
    }
}

/* Also of what expat takes for the end of a piece: CR there and LF in the next. */
Test(xml, lines_do_not_depend_on_the_pieces)
{
    static const struct {
        const char *text;
        uint64_t line;
    } rows[] = {
        {"\r\n<a>\r\n</a>\r\n\r\n<a/>", 5},
        {"<a>\r\r\n\r<b></a>", 4},
        {"\r\n\r\n\r<a></b>\r", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t piece = 1; piece <= strlen(rows[i].text) + 1; piece++) {
            fu_error e;
            memset(&T, 0, sizeof T);
            cr_expect_eq(
                parse_with(&fu_mem_libc, &T, rows[i].text, strlen(rows[i].text), piece, &e),
                FU_E_INPUT, "row %zu, piece %zu", i, piece);
            cr_expect_eq(e.line, rows[i].line, "row %zu, piece %zu: %d", i, piece, (int)e.line);
        }
}

Test(xml, reads_cp932_under_its_names)
{
    static const char *const NAMES[] = {"Shift_JIS", "shift_jis", "SJIS",        "MS932",
                                        "CP932",     "cp932",     "Windows-31J", "x-sjis"};
    fu_error e;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        for (size_t piece = 1; piece <= 7; piece++) {
            char text[256];
            size_t n;
            char *bytes;
            snprintf(text, sizeof text,
                     "<?xml version='1.0' encoding='%s'?><氏名 a='能'>表ソ能●髙﨑①ｼｹﾝ～－</氏名>",
                     NAMES[i]);
            bytes = tst_cp932(text, &n);
            memset(&T, 0, sizeof T);
            cr_expect_eq(parse_with(&fu_mem_libc, &T, bytes, n, piece, &e), FU_OK, "row %zu", i);
            cr_expect_str_eq(T.p, "<氏名 a=能>\"表ソ能●髙﨑①ｼｹﾝ～－\"</>", "row %zu", i);
            free(bytes);
        }
    }
}

Test(xml, both_codes_of_one_character_are_the_same)
{
    static const char NEC[] = "<?xml version='1.0' encoding='Shift_JIS'?><a>\xEE\xE0</a>";
    static const char IBM[] = "<?xml version='1.0' encoding='Shift_JIS'?><a>\xFB\xFC</a>";
    fu_error e;
    cr_assert_eq(parse(&T, NEC, &e), FU_OK);
    cr_expect_str_eq(T.p, "<a>\"髙\"</>");
    cr_assert_eq(parse(&T, IBM, &e), FU_OK);
    cr_expect_str_eq(T.p, "<a>\"髙\"</>");
}

Test(xml, refuses_what_is_broken_with_its_line)
{
    static const struct {
        const char *text;
        uint64_t line;
        const char *message;
    } ROWS[] = {
        {"", 1, "途中で切れています"},
        {"<a>\n<b>", 2, "途中で切れています"},
        {"<a>\n\n<b></a>", 3, "XMLの書き方が正しくありません"},
        {"<a/>\nx", 2, "XMLの書き方が正しくありません"},
        {"<a>&nbsp;</a>", 1, "外部の内容を取り込む指定（実体参照）があります"},
        {"<?xml version='1.0' encoding='EUC-JP'?><a/>", 1, "読めない文字コードが指定されています"},
        {"<?xml version='1.0' encoding='Shift_JI'?><a/>", 1,
         "読めない文字コードが指定されています"},
        {"<?xml version='1.0' encoding='Shift_JIS'?>\n<a>\xA0</a>", 2,
         "XMLの書き方が正しくありません"},
        {"<?xml version='1.0' encoding='Shift_JIS'?>\n<a>\xEE\xFF</a>", 2,
         "XMLの書き方が正しくありません"},
        {"<?xml version='1.0' encoding='Shift_JIS'?>\n<a>\xF0\x40</a>", 2,
         "XMLの書き方が正しくありません"},
        {"<?xml version='1.0' encoding='UTF-8'?>\n<a>\x95\x5C</a>", 2,
         "XMLの書き方が正しくありません"},
        {"\n<!DOCTYPE a><a/>", 2, "外部の内容を取り込む指定（DTD）があります"},
    };
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        fu_error e;
        char want[512];
        cr_expect_eq(parse(&T, ROWS[i].text, &e), FU_E_INPUT, "row %zu", i);
        snprintf(want, sizeof want, "窓口記録のファイルを読み取れません（理由：%s）。",
                 ROWS[i].message);
        cr_expect_str_eq(e.message_ja, want, "row %zu", i);
        cr_expect_str_eq(e.code, "E501", "row %zu", i);
        cr_expect_eq(e.line, ROWS[i].line, "row %zu: %llu", i, (unsigned long long)e.line);
        cr_expect(e.hint_ja[0] && e.message_en[0], "row %zu", i);
    }
}

Test(xml, no_entity_is_ever_expanded)
{
    static const char LAUGHS[] =
        "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'haha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;'>"
        "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'>]><l>&d;</l>";
    static const char EXTERNAL[] = "<!DOCTYPE a SYSTEM 'file:///etc/passwd' [<!ENTITY x SYSTEM "
                                   "'file:///etc/passwd'>]><a>&x;</a>";
    fu_error e;
    cr_expect_eq(parse(&T, LAUGHS, &e), FU_E_INPUT);
    cr_expect_str_eq(e.code, "E501");
    cr_expect_eq(T.starts, 0);
    cr_expect_eq(parse(&T, EXTERNAL, &e), FU_E_INPUT);
    cr_expect_eq(T.starts, 0);
    cr_expect_eq(T.n, 0);
}

/* "<a><a>...</a></a>" */
static char *nested(size_t depth)
{
    char *p = malloc(depth * 7 + 1), *at = p;
    cr_assert_not_null(p);
    for (size_t i = 0; i < depth; i++)
        at += sprintf(at, "<a>");
    for (size_t i = 0; i < depth; i++)
        at += sprintf(at, "</a>");
    return p;
}

Test(xml, depth_has_a_limit)
{
    fu_error e;
    char *good = nested(FU_XML_DEPTH_MAX), *bad = nested(FU_XML_DEPTH_MAX + 1);
    cr_expect_eq(parse(&T, good, &e), FU_OK);
    cr_expect_eq(parse(&T, bad, &e), FU_E_LIMIT);
    cr_expect_eq(T.starts, FU_XML_DEPTH_MAX);
    cr_expect_str_eq(e.message_ja,
                     "XML の入れ子の深さが上限 FU_XML_DEPTH_MAX (32) を超えています。");
    cr_expect_eq(e.line, 1);
    free(good);
    free(bad);
}

static fu_status with_attributes(size_t n, fu_error *e)
{
    char text[4096] = "<a";
    for (size_t i = 0; i < n; i++)
        sprintf(text + strlen(text), " a%zu='1'", i);
    strcat(text, "/>");
    return parse(&T, text, e);
}

Test(xml, attributes_have_a_limit)
{
    fu_error e;
    cr_expect_eq(with_attributes(FU_XML_ATTRIBUTES_MAX, &e), FU_OK);
    cr_expect_eq(with_attributes(FU_XML_ATTRIBUTES_MAX + 1, &e), FU_E_LIMIT);
    cr_expect_not_null(strstr(e.message_ja, "FU_XML_ATTRIBUTES_MAX"));
}

/* What one tag needs in memory is bounded before its attributes can be counted. */
Test(xml, the_memory_for_a_file_has_a_limit)
{
    const size_t n[] = {100000, 4000000};
    static const char *const names[] = {"FU_XML_ATTRIBUTES_MAX (64)",
                                        "FU_XML_MEMORY_MAX (268435456)"};
    for (size_t i = 0; i < 2; i++) {
        char *text = malloc(n[i] * 13 + 16), *at = text;
        fu_error e;
        cr_assert_not_null(text);
        at += sprintf(at, "<a");
        for (size_t k = 0; k < n[i]; k++)
            at += sprintf(at, " a%zu='1'", k);
        strcpy(at, "/>");
        cr_expect_eq(parse(&T, text, &e), FU_E_LIMIT, "row %zu", i);
        cr_expect_not_null(strstr(e.message_ja, names[i]), "row %zu: %s", i, e.message_ja);
        free(text);
    }
}

/* kind 0: element text, 1: attribute, 2: element name, 3: blanks around a short text */
static fu_status with_text(int kind, size_t n, fu_error *e)
{
    static const char *const FORMS[] = {"<a>%s</a>", "<a b='%s'/>", "<%s/>", "<a>%s<b/></a>"};
    char *fill = malloc(n + 1), *text = malloc(n + 64);
    fu_status st;
    cr_assert(fill && text);
    memset(fill, kind == 3 ? ' ' : 'x', n);
    fill[n] = '\0';
    snprintf(text, n + 64, FORMS[kind], fill);
    st = parse(&T, text, e);
    free(fill);
    free(text);
    return st;
}

Test(xml, texts_have_a_limit)
{
    fu_error e;
    for (int kind = 0; kind < 3; kind++) {
        cr_expect_eq(with_text(kind, FU_XML_TEXT_MAX, &e), FU_OK, "kind %d", kind);
        cr_expect_eq(with_text(kind, FU_XML_TEXT_MAX + 1, &e), FU_E_LIMIT, "kind %d", kind);
        cr_expect_not_null(strstr(e.message_ja, "FU_XML_TEXT_MAX"), "kind %d", kind);
    }
    cr_expect_eq(with_text(3, (size_t)FU_XML_TEXT_MAX * 4, &e), FU_OK); /* indentation is no text */
}

Test(xml, handler_can_stop_and_nothing_follows)
{
    fu_error e;
    memset(&T, 0, sizeof T);
    T.refuse = true;
    cr_expect_eq(parse_with(&fu_mem_libc, &T, "<a><b/></a>", 11, SIZE_MAX, &e), FU_E_INPUT);
    cr_expect_str_eq(T.p, "<a>");
    cr_expect_str_eq(e.message_en, "evidence file cannot be read (no)");
}

Test(xml, two_parsers_with_two_allocators_do_not_meet)
{
    tst_mem ma = TST_MEM_INIT, mb = TST_MEM_INIT;
    fu_mem a = tst_mem_of(&ma), b = tst_mem_of(&mb);
    trace tb;
    fu_xml_events ea = {&T, on_start, on_text, on_end}, eb = {&tb, on_start, on_text, on_end};
    fu_xml *xa, *xb;
    fu_error e;
    memset(&T, 0, sizeof T);
    memset(&tb, 0, sizeof tb);
    cr_assert_eq(fu_xml_open(&xa, &a, &ea, &e), FU_OK);
    cr_assert_eq(fu_xml_open(&xb, &b, &eb, &e), FU_OK);
    cr_expect_eq(fu_xml_feed(xa, "<a>x", 4, false, &e), FU_OK);
    cr_expect_eq(fu_xml_feed(xb, "<b>y", 4, false, &e), FU_OK);
    cr_expect_eq(fu_xml_feed(xa, "</a>", 4, true, &e), FU_OK);
    fu_xml_close(xa);
    cr_expect_eq(ma.live, 0);
    cr_expect_eq(fu_xml_feed(xb, "</b>", 4, true, &e), FU_OK);
    fu_xml_close(xb);
    cr_expect_eq(mb.live, 0);
    cr_expect_str_eq(tb.p, "<b>\"y\"</>");
}

Test(xml, every_failing_allocation_is_reported)
{
    static const char TEXT[] = "<?xml version='1.0' encoding='Shift_JIS'?>"
                               "<a xmlns='urn:x' b='1'><c d='2'>\x95\x5C</c></a>";
    fu_status st = FU_E_NOMEM;
    for (long n = 0; st != FU_OK && n < 1000; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        fu_error e;
        m.fail_at = n;
        memset(&T, 0, sizeof T);
        st = parse_with(&mem, &T, TEXT, sizeof TEXT - 1, 5, &e);
        cr_expect(st == FU_OK || st == FU_E_NOMEM, "call %ld: %d", n, st);
        cr_expect(n > 0 || st == FU_E_NOMEM);
        cr_expect_eq(m.live, 0, "call %ld", n);
    }
    cr_assert_eq(st, FU_OK);
    cr_expect_str_eq(T.p, "<urn:x a b=1><urn:x c d=2>\"表\"</></>");
}
