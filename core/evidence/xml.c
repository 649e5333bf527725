#include "evidence/xml.h"

#include <expat.h>
#include <stdalign.h>
#include <stdio.h>

#include "base/buf.h"
#include "evidence/evidence.h"
#include "evidence/xml_bound.h"
#include "text/cp932.h"

#define NAMESPACE_SEPARATOR ' ' /* never part of a namespace name */
/* expat begins a token anew with every piece (before 2.6.0): few pieces, or time grows as a square.
 */
#define PIECE_MAX ((size_t)1 << 30)

struct fu_xml {
    const fu_mem *mem;
    fu_mem counted; /* the same, as far as FU_XML_MEMORY_MAX */
    uint64_t held;
    bool full;
    fu_xml_events ev;
    XML_Parser parser;
    fu_buf text;
    unsigned depth;
    bool cr; /* a CR waits for what stands behind it */
    fu_status status;
    fu_error *e; /* of the running call */
};

/* ---- Memory ------------------------------------------------------------------------------------
 * expat's allocation functions get no context. The allocator is therefore bound to the thread for
 * the length of one call into expat, and put back afterwards; every block remembers its own. */

typedef struct block {
    alignas(max_align_t) size_t n;
    const fu_mem *mem;
} block;

static const fu_mem *bind_mem(const fu_mem *mem)
{
    const fu_mem *before = fu_xml_bound();
    fu_xml_bind(mem);
    return before;
}

/* A tag is taken apart before its attributes can be counted: 18 times the size of what it says. */
static void *counted_mem(void *ctx, void *p, uint64_t old_n, uint64_t new_n)
{
    fu_xml *x = ctx;
    void *q;
    if (new_n > FU_XML_MEMORY_MAX || x->held > FU_XML_MEMORY_MAX - new_n) {
        x->full = true;
        return NULL;
    }
    q = x->mem->fn(x->mem->ctx, p, old_n, new_n);
    if (q || new_n == 0)
        x->held += new_n - old_n;
    return q;
}

static void *xml_malloc(size_t n)
{
    const fu_mem *bound = fu_xml_bound();
    block *b = n < SIZE_MAX - sizeof *b ? fu_alloc(bound, sizeof *b + n) : NULL;
    if (!b)
        return NULL;
    b->n = sizeof *b + n;
    b->mem = bound;
    return b + 1;
}

static void *xml_realloc(void *p, size_t n)
{
    block *b = p ? (block *)p - 1 : NULL;
    if (!b)
        return xml_malloc(n);
    if (n >= SIZE_MAX - sizeof *b)
        return NULL;
    b = fu_resize(b->mem, b, b->n, sizeof *b + n);
    if (!b)
        return NULL;
    b->n = sizeof *b + n;
    return b + 1;
}

static void xml_free(void *p)
{
    block *b = p ? (block *)p - 1 : NULL;
    if (b)
        fu_free(b->mem, b, b->n);
}

/* ---- Encodings ---------------------------------------------------------------------------------
 */

static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a + 32) : *a;
        if (x != *b)
            return false;
    }
    return *a == *b;
}

static int cp932_pair(void *data, const char *s)
{
    size_t pos = 0;
    uint32_t cp = fu_cp932_next(fu_span_of(s, 2), &pos);
    (void)data;
    return cp == FU_CP932_BAD || pos != 2 ? -1 : (int)cp;
}

static int on_encoding(void *data, const XML_Char *name, XML_Encoding *info)
{
    static const char *const NAMES[] = {"shift_jis", "sjis",        "ms932",
                                        "cp932",     "windows-31j", "x-sjis"};
    bool known = false;
    (void)data;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        known = known || same_name(name, NAMES[i]);
    if (!known)
        return XML_STATUS_ERROR;
    for (int c = 0; c < 256; c++) {
        bool lead = (c >= 0x81 && c <= 0x9F) || (c >= 0xE0 && c <= 0xFC);
        if (c < 0x80)
            info->map[c] = c;
        else if (c >= 0xA1 && c <= 0xDF)
            info->map[c] = 0xFF61 + c - 0xA1;
        else
            info->map[c] = lead ? -2 : -1;
    }
    info->data = NULL;
    info->convert = cp932_pair;
    info->release = NULL;
    return XML_STATUS_OK;
}

/* ---- Events ------------------------------------------------------------------------------------
 */

static void stop(fu_xml *x, fu_status status)
{
    if (status == FU_OK)
        return;
    x->status = status;
    XML_StopParser(x->parser, XML_FALSE);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void flush_text(fu_xml *x)
{
    if (x->text.n)
        stop(x, x->ev.text(x->ev.ctx, fu_buf_view(&x->text), x->e));
    fu_buf_reset(&x->text);
}

static fu_status within_limits(fu_xml *x, const char *name, const char *const *atts)
{
    size_t n = 0;
    if (x->depth >= FU_XML_DEPTH_MAX)
        return fu_fail_limit(x->e, "FU_XML_DEPTH_MAX", FU_XML_DEPTH_MAX);
    if (strlen(name) > FU_XML_TEXT_MAX)
        return fu_fail_limit(x->e, "FU_XML_TEXT_MAX", FU_XML_TEXT_MAX);
    for (; atts[n]; n++) {
        if (n / 2 >= FU_XML_ATTRIBUTES_MAX)
            return fu_fail_limit(x->e, "FU_XML_ATTRIBUTES_MAX", FU_XML_ATTRIBUTES_MAX);
        if (strlen(atts[n]) > FU_XML_TEXT_MAX)
            return fu_fail_limit(x->e, "FU_XML_TEXT_MAX", FU_XML_TEXT_MAX);
    }
    return FU_OK;
}

static void on_start(void *data, const XML_Char *name, const XML_Char **atts)
{
    fu_xml *x = data;
    const char *const *list = (const char *const *)atts;
    fu_status st;
    if (x->status == FU_OK)
        flush_text(x);
    if (x->status != FU_OK)
        return;
    st = within_limits(x, name, list);
    x->depth++;
    if (st == FU_OK)
        st = x->ev.start(x->ev.ctx, name, list, XML_GetCurrentLineNumber(x->parser), x->e);
    stop(x, st);
}

static void on_end(void *data, const XML_Char *name)
{
    fu_xml *x = data;
    (void)name;
    if (x->status == FU_OK)
        flush_text(x);
    if (x->status != FU_OK)
        return;
    x->depth--;
    stop(x, x->ev.end(x->ev.ctx, x->e));
}

static void on_text(void *data, const XML_Char *s, int len)
{
    fu_xml *x = data;
    size_t n = (size_t)len;
    if (x->status != FU_OK)
        return;
    while (x->text.n == 0 && n && is_blank(*s)) {
        s++;
        n--;
    }
    if (fu_buf_add(&x->text, s, n) == FU_E_LIMIT)
        stop(x, fu_fail_limit(x->e, "FU_XML_TEXT_MAX", FU_XML_TEXT_MAX));
    else if (x->text.status != FU_OK)
        stop(x, fu_fail_nomem(x->e));
}

static void on_doctype(void *data, const XML_Char *name, const XML_Char *sysid,
                       const XML_Char *pubid, int internal)
{
    fu_xml *x = data;
    (void)name;
    (void)sysid;
    (void)pubid;
    (void)internal;
    stop(x, fu_evidence_broken(x->e, 0, "外部の内容を取り込む指定（DTD）があります",
                               "document type declaration"));
}

/* ---- Errors ------------------------------------------------------------------------------------
 */

fu_status fu_evidence_broken(fu_error *e, uint64_t line, const char *reason_ja,
                             const char *reason_en)
{
    char ja[512], en[256];
    snprintf(ja, sizeof ja, "窓口記録のファイルを読み取れません（理由：%s）。", reason_ja);
    snprintf(en, sizeof en, "evidence file cannot be read (%s)", reason_en);
    fu_fail(e, FU_E_INPUT, "E501", ja, en);
    fu_error_hint(e, "ファイルを作り直すか、正しいファイルを選び直してください。");
    if (e)
        e->line = line;
    return FU_E_INPUT;
}

static fu_status explain(fu_error *e, enum XML_Error code)
{
    switch (code) {
    case XML_ERROR_NO_MEMORY:
        return fu_fail_nomem(e);
    case XML_ERROR_NO_ELEMENTS:
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
        return fu_evidence_broken(e, 0, "途中で切れています", "cut off");
    case XML_ERROR_UNKNOWN_ENCODING:
        return fu_evidence_broken(e, 0, "読めない文字コードが指定されています", "unknown encoding");
    case XML_ERROR_UNDEFINED_ENTITY:
        return fu_evidence_broken(e, 0, "外部の内容を取り込む指定（実体参照）があります",
                                  "entity reference");
    default:
        return fu_evidence_broken(e, 0, "XMLの書き方が正しくありません", "not well-formed");
    }
}

static fu_status failed(fu_xml *x, fu_error *e)
{
    XML_Index at = XML_GetCurrentByteIndex(x->parser);
    if (x->status == FU_OK)
        x->status = x->full ? fu_fail_limit(e, "FU_XML_MEMORY_MAX", FU_XML_MEMORY_MAX)
                            : explain(e, XML_GetErrorCode(x->parser));
    if (e && e->line == 0 && x->status != FU_E_NOMEM) {
        e->line = XML_GetCurrentLineNumber(x->parser);
        e->byte_offset = at > 0 ? (uint64_t)at : 0;
    }
    return x->status;
}

/* ---- Calls -------------------------------------------------------------------------------------
 */

fu_status fu_xml_open(fu_xml **out, const fu_mem *mem, const fu_xml_events *ev, fu_error *e)
{
    static const XML_Memory_Handling_Suite SUITE = {xml_malloc, xml_realloc, xml_free};
    const XML_Char separator[] = {NAMESPACE_SEPARATOR, '\0'};
    fu_xml *x = fu_alloc0(mem, sizeof *x);
    const fu_mem *before;
    *out = NULL;
    if (!x)
        return fu_fail_nomem(e);
    x->mem = mem;
    x->ev = *ev;
    fu_buf_init(&x->text, mem, FU_XML_TEXT_MAX);
    x->counted.fn = counted_mem;
    x->counted.ctx = x;
    before = bind_mem(&x->counted);
    x->parser = XML_ParserCreate_MM(NULL, &SUITE, separator);
    bind_mem(before);
    if (!x->parser) {
        fu_xml_close(x);
        return fu_fail_nomem(e);
    }
    XML_SetUserData(x->parser, x);
    XML_SetElementHandler(x->parser, on_start, on_end);
    XML_SetCharacterDataHandler(x->parser, on_text);
    XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
    XML_SetUnknownEncodingHandler(x->parser, on_encoding, NULL);
    *out = x;
    return FU_OK;
}

static bool parse(fu_xml *x, const char *p, size_t n, bool last)
{
    return XML_Parse(x->parser, p, (int)n, last) == XML_STATUS_OK;
}

/* expat takes a CR at the end of a piece for a line end of its own, and then the LF for another one:
 * such a CR is kept back, so that the lines are the same however the bytes are cut. */
static bool parse_whole_lines(fu_xml *x, const char *p, size_t n, bool last)
{
    bool ok = true;
    if (n == 0 && !last)
        return true;
    if (x->cr) {
        bool lf = n && *p == '\n';
        x->cr = false;
        ok = parse(x, "\r\n", lf ? 2 : 1, last && n == (lf ? 1u : 0u));
        p += lf ? 1 : 0;
        n -= lf ? 1 : 0;
        if (n == 0)
            return ok;
    }
    x->cr = n && !last && p[n - 1] == '\r';
    return ok && parse(x, p, n - (x->cr ? 1 : 0), last);
}

fu_status fu_xml_feed(fu_xml *x, const void *p, size_t n, bool last, fu_error *e)
{
    const char *at = p;
    bool ok;
    const fu_mem *before;
    if (x->status != FU_OK)
        return fu_fail(e, FU_E_MISUSE, "", "読み取りはすでに中止されています。", "parser stopped");
    x->e = e;
    before = bind_mem(&x->counted);
    do {
        size_t k = n < PIECE_MAX ? n : PIECE_MAX;
        ok = parse_whole_lines(x, at, k, last && k == n);
        at = k ? at + k : at;
        n -= k;
    } while (ok && n);
    bind_mem(before);
    x->e = NULL;
    return ok && x->status == FU_OK ? FU_OK : failed(x, e);
}

void fu_xml_close(fu_xml *x)
{
    const fu_mem *before;
    if (!x)
        return;
    before = bind_mem(&x->counted);
    if (x->parser)
        XML_ParserFree(x->parser);
    bind_mem(before);
    fu_buf_free(&x->text);
    fu_free(x->mem, x, sizeof *x);
}
