#include "evidence/evidence.h"

#include <stdio.h>

#include "base/utf8.h"
#include "evidence/sources.h"
#include "text/cp932.h"

#define READ_SIZE ((size_t)65536)
#define NOT_TEXT "暗号化されているか、XMLではありません"

void fu_evidence_init(fu_evidence *ev, const fu_mem *mem)
{
    memset(ev, 0, sizeof *ev);
    ev->mem = mem;
    fu_arena_init(&ev->arena, mem, FU_EVIDENCE_BYTES_MAX);
    fu_findings_init(&ev->findings, &ev->arena);
}

void fu_evidence_free(fu_evidence *ev)
{
    const fu_mem *mem = ev->mem;
    fu_arena_free(&ev->arena);
    fu_evidence_init(ev, mem);
}

/* ---- XML: the root decides ---------------------------------------------------------------------
 */

typedef struct document {
    fu_evidence *ev;
    const char *file;
    fu_xml_events to; /* start is NULL until the root is known */
    fu_capture_xml captures;
    fu_oqs *oqs;
} document;

static fu_status unknown_root(const char *name, uint64_t line, fu_error *e)
{
    char shown[64], reason[160];
    fu_copy_text(shown, sizeof shown, name);
    snprintf(reason, sizeof reason, "XMLの種類「%s」は、窓口記録でも資格確認の結果でもありません",
             shown);
    return fu_evidence_broken(e, line, reason, "unknown root element");
}

static fu_status choose(document *d, const char *name, uint64_t line, fu_error *e)
{
    fu_status st = FU_OK;
    if (strcmp(name, FU_CAPTURE_ROOT) == 0) {
        fu_capture_xml_init(&d->captures, d->ev, d->file);
        d->to = fu_capture_xml_events;
        d->to.ctx = &d->captures;
    } else if (strcmp(name, FU_OQS_ROOT) == 0) {
        st = fu_oqs_open(&d->oqs, d->ev, d->file, e);
        d->to = fu_oqs_events;
        d->to.ctx = d->oqs;
    } else {
        st = unknown_root(name, line, e);
    }
    return st;
}

static fu_status doc_start(void *ctx, const char *name, const char *const *atts, uint64_t line,
                           fu_error *e)
{
    document *d = ctx;
    fu_status st = d->to.start ? FU_OK : choose(d, name, line, e);
    return st == FU_OK ? d->to.start(d->to.ctx, name, atts, line, e) : st;
}

static fu_status doc_text(void *ctx, fu_span text, fu_error *e)
{
    document *d = ctx;
    return d->to.text(d->to.ctx, text, e);
}

static fu_status doc_end(void *ctx, fu_error *e)
{
    document *d = ctx;
    return d->to.end(d->to.ctx, e);
}

/* Blanks before the declaration are no XML, but programs write them; lines are still counted. */
static fu_span skip_blanks(fu_span s, uint64_t *lines)
{
    while (s.n && strchr(" \t\r\n", s.p[0]) && s.p[0]) {
        *lines += s.p[0] == '\n';
        s = fu_span_of(s.p + 1, s.n - 1);
    }
    return s;
}

static fu_span skip_bom(fu_span s)
{
    return s.n >= 3 && memcmp(s.p, "\xEF\xBB\xBF", 3) == 0 ? fu_span_of(s.p + 3, s.n - 3) : s;
}

static fu_status feed(fu_xml *x, fu_span bytes, size_t piece, fu_error *e)
{
    fu_status st = FU_OK;
    while (st == FU_OK && bytes.n > piece) {
        st = fu_xml_feed(x, bytes.p, piece, false, e);
        bytes = fu_span_of(bytes.p + piece, bytes.n - piece);
    }
    return st == FU_OK ? fu_xml_feed(x, bytes.p, bytes.n, true, e) : st;
}

static fu_status parse_xml(fu_evidence *ev, const char *file, fu_span bytes, size_t piece,
                           fu_error *e)
{
    document d = {.ev = ev, .file = file};
    fu_xml_events events = {&d, doc_start, doc_text, doc_end};
    uint64_t before = 0;
    fu_span body = skip_blanks(skip_bom(bytes), &before);
    fu_xml *x;
    fu_status st = fu_xml_open(&x, ev->mem, &events, e);
    /* A byte order mark is left in place where it is at the start: it belongs to the encoding. */
    if (st == FU_OK)
        st = feed(x, before || body.p != skip_bom(bytes).p ? body : bytes, piece, e);
    fu_xml_close(x);
    if (st == FU_OK && d.oqs)
        st = fu_oqs_finish(d.oqs, e);
    fu_oqs_close(d.oqs);
    if (st != FU_OK && e && e->line)
        e->line += before;
    return st;
}

/* ---- What a file is ----------------------------------------------------------------------------
 */

static bool has_control(fu_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        bool last = i + 1 == s.n && c == 0x1A;
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n' && !last) || c == 0x7F)
            return true;
    }
    return false;
}

/* A first line of ASCII with a comma: somebody's table, even if a character further down is bad. */
static bool has_heading(fu_span s)
{
    bool comma = false;
    for (size_t i = 0; i < s.n && s.p[i] != '\n' && s.p[i] != '\r'; i++) {
        if (s.p[i] >= 0x80)
            return false;
        comma = comma || s.p[i] == ',';
    }
    return comma;
}

static bool is_text(fu_span s)
{
    if (has_control(s))
        return false;
    return fu_utf8_valid(s) || fu_cp932_first_bad(s) == FU_NO_BAD_BYTE || has_heading(s);
}

fu_status fu_evidence_parse(fu_evidence *ev, const char *file, fu_span bytes, size_t piece,
                            fu_error *e)
{
    uint64_t lines = 0;
    fu_span body = skip_blanks(skip_bom(bytes), &lines);
    if (body.n == 0)
        return fu_evidence_broken(e, 0, "中身がありません", "empty file");
    if (body.p[0] == '<')
        return parse_xml(ev, file, bytes, piece, e);
    if (bytes.n >= 2 && memcmp(bytes.p, "PK", 2) == 0)
        return fu_response_skip(ev, file, 0, "ZIP", fu_span_of(NULL, 0), e);
    if (!is_text(skip_bom(bytes)))
        return fu_response_skip(ev, file, 0, NOT_TEXT, fu_span_of(NULL, 0), e);
    return fu_capture_csv_read(ev, file, bytes, e);
}

/* ---- One file ----------------------------------------------------------------------------------
 */

static fu_status read_all(fu_buf *all, const fu_mem *mem, const fu_stream *s, fu_error *e)
{
    unsigned char part[READ_SIZE];
    fu_input *in = NULL;
    size_t got = 1;
    fu_status st = fu_input_open(&in, mem, s, e);
    while (st == FU_OK && got) {
        st = fu_input_read(in, part, sizeof part, &got, e);
        if (st == FU_OK && fu_buf_add(all, part, got) != FU_OK)
            st = all->status == FU_E_LIMIT
                     ? fu_fail_limit(e, "FU_EVIDENCE_FILE_BYTES_MAX", FU_EVIDENCE_FILE_BYTES_MAX)
                     : fu_fail_nomem(e);
    }
    fu_input_close(in);
    fu_wipe(part, sizeof part);
    /* A damaged .gz is damaged evidence, whatever the stream calls it. */
    if (st == FU_E_INPUT && e)
        fu_copy_text(e->code, sizeof e->code, "E501");
    return st;
}

static fu_status add(fu_evidence *ev, const char *name, const fu_stream *s, fu_buf *all,
                     fu_error *e)
{
    const char *file, **files;
    fu_status st;
    if (ev->n_files >= FU_EVIDENCE_FILES_MAX)
        return fu_fail_limit(e, "FU_EVIDENCE_FILES_MAX", FU_EVIDENCE_FILES_MAX);
    files = fu_evidence_grow(ev, ev->files, ev->n_files, sizeof *files);
    file = files ? fu_arena_text(&ev->arena, fu_span_str(name)) : NULL;
    if (!file)
        return fu_evidence_memory(ev, e);
    ev->files = files;
    ev->files[ev->n_files++] = file;
    st = read_all(all, ev->mem, s, e);
    if (st == FU_OK)
        st = fu_evidence_parse(ev, file, fu_buf_view(all), all->n, e);
    return st == FU_OK ? fu_evidence_memory(ev, e) : st;
}

fu_status fu_evidence_add(fu_evidence *ev, const char *name, const fu_stream *s, fu_error *e)
{
    fu_buf all;
    fu_status st;
    fu_buf_init(&all, ev->mem, FU_EVIDENCE_FILE_BYTES_MAX);
    st = add(ev, name, s, &all, e);
    fu_buf_free(&all);
    if (st == FU_E_LIMIT && e)
        fu_copy_text(e->code, sizeof e->code, "E513");
    if (st != FU_OK)
        fu_error_file(e, name);
    return st;
}
