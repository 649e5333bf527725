#include <stdio.h>

#include "base/utf8.h"
#include "evidence/sources.h"
#include "text/cp932.h"

typedef enum column {
#define FU_COLUMN(id, name) COL_##id,
#include "evidence/csv-columns.def"
#undef FU_COLUMN
    COL_COUNT,
    COL_NAMELESS /* an empty cell of the header line */
} column;

static const char *const COLUMNS[COL_COUNT] = {
#define FU_COLUMN(id, name) name,
#include "evidence/csv-columns.def"
#undef FU_COLUMN
};

#define SHOWN_NAME_MAX 24u
#define ROW_UTF8_MAX ((size_t)FU_CSV_ROW_BYTES_MAX * 3) /* a half-width kana grows from 1 to 3 */

typedef struct csv {
    fu_build b;
    fu_span rest; /* what is not read yet */
    uint64_t line;
    bool cp932;
    fu_buf raw, row; /* one cell as it is; the row's cells in UTF-8 */
    size_t start[FU_CSV_FIELDS_MAX + 1], n_cells;
    column columns[FU_CSV_FIELDS_MAX];
    size_t n_columns;
} csv;

/* ---- Rows (RFC 4180) ---------------------------------------------------------------------------
 */

/* Drops what ends a line: CRLF, LF or CR. */
static void take_line_end(csv *t)
{
    size_t n = 0;
    if (t->rest.n && t->rest.p[0] == '\r')
        n = 1;
    if (t->rest.n > n && t->rest.p[n] == '\n')
        n++;
    t->rest = fu_span_of(t->rest.p + n, t->rest.n - n);
    t->line += n > 0;
}

static bool ends_cell(const csv *t)
{
    return t->rest.n == 0 || t->rest.p[0] == ',' || t->rest.p[0] == '\r' || t->rest.p[0] == '\n';
}

static void take_byte(csv *t)
{
    fu_buf_char(&t->raw, t->rest.p[0]);
    t->rest = fu_span_of(t->rest.p + 1, t->rest.n - 1);
}

/* A cell in quotes, which may hold commas, line ends and doubled quotes. */
static fu_status quoted_cell(csv *t, fu_error *e)
{
    const uint64_t line = t->line;
    t->rest = fu_span_of(t->rest.p + 1, t->rest.n - 1);
    while (t->rest.n) {
        unsigned char c = t->rest.p[0];
        if (c == '"' && !(t->rest.n > 1 && t->rest.p[1] == '"'))
            break;
        if (c == '"')
            t->rest = fu_span_of(t->rest.p + 1, t->rest.n - 1);
        t->line += c == '\n';
        take_byte(t);
    }
    if (t->rest.n == 0)
        return fu_evidence_broken(e, line, "引用符が閉じられていません", "unclosed quote");
    t->rest = fu_span_of(t->rest.p + 1, t->rest.n - 1);
    if (!ends_cell(t))
        return fu_evidence_broken(e, t->line, "引用符の後ろに文字があります",
                                  "text behind a closing quote");
    return FU_OK;
}

static fu_status finish_cell(csv *t, fu_error *e)
{
    fu_span raw = fu_buf_view(&t->raw);
    bool good = t->cp932 ? fu_cp932_first_bad(raw) == FU_NO_BAD_BYTE : fu_utf8_valid(raw);
    if (t->raw.status == FU_E_LIMIT)
        return fu_fail_limit(e, "FU_CSV_ROW_BYTES_MAX", FU_CSV_ROW_BYTES_MAX);
    if (!good)
        return fu_evidence_broken(e, t->line, "文字として読めない部分があります",
                                  "bytes that are no character");
    if (t->cp932)
        fu_cp932_to_utf8(&t->row, raw);
    else
        fu_buf_span(&t->row, raw);
    if (t->raw.status != FU_OK || t->row.status != FU_OK)
        return fu_fail_nomem(e);
    t->start[++t->n_cells] = t->row.n;
    return FU_OK;
}

static fu_status take_cell(csv *t, fu_error *e)
{
    fu_status st = FU_OK;
    if (t->n_cells >= FU_CSV_FIELDS_MAX)
        return fu_fail_limit(e, "FU_CSV_FIELDS_MAX", FU_CSV_FIELDS_MAX);
    fu_buf_reset(&t->raw);
    if (t->rest.n && t->rest.p[0] == '"')
        st = quoted_cell(t, e);
    while (st == FU_OK && !ends_cell(t))
        take_byte(t);
    return st == FU_OK ? finish_cell(t, e) : st;
}

/* Reads one line's cells; b.line is the line it begins in. */
static fu_status take_row(csv *t, fu_error *e)
{
    const unsigned char *begin = t->rest.p;
    bool more = true;
    fu_buf_reset(&t->row);
    t->n_cells = 0;
    t->b.line = t->line;
    while (more) {
        fu_status st = take_cell(t, e);
        if (st != FU_OK)
            return st;
        if ((size_t)(t->rest.p - begin) > FU_CSV_ROW_BYTES_MAX)
            return fu_fail_limit(e, "FU_CSV_ROW_BYTES_MAX", FU_CSV_ROW_BYTES_MAX);
        more = t->rest.n && t->rest.p[0] == ',';
        if (more)
            t->rest = fu_span_of(t->rest.p + 1, t->rest.n - 1);
    }
    take_line_end(t);
    return FU_OK;
}

static fu_span cell(const csv *t, size_t i)
{
    if (i >= t->n_cells || t->row.n == 0)
        return fu_span_of(NULL, 0);
    return fu_trim(fu_span_of(t->row.p + t->start[i], t->start[i + 1] - t->start[i]));
}

static bool row_is_blank(const csv *t)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        if (cell(t, i).n)
            return false;
    }
    return true;
}

/* ---- Header line -------------------------------------------------------------------------------
 */

static column column_of(fu_span name)
{
    if (!name.n)
        return COL_NAMELESS;
    for (int c = 0; c < COL_COUNT; c++) {
        if (fu_span_is(name, COLUMNS[c]))
            return (column)c;
    }
    return COL_COUNT;
}

/* Where no cell is a column's name this is no header line, and its cells may be a patient's. */
static bool is_header(const csv *t)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        if (column_of(cell(t, i)) < COL_COUNT)
            return true;
    }
    return false;
}

/* A misspelt name of ours may be shown; anything else may be a patient's. */
static bool like_a_column(fu_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '_')
            return false;
    }
    return s.n > 0 && s.n <= SHOWN_NAME_MAX;
}

static fu_status bad_column(const csv *t, size_t i, const char *what, fu_error *e)
{
    char reason[192];
    fu_span s = cell(t, i);
    if (like_a_column(s))
        snprintf(reason, sizeof reason, "見出しの%zu列目「%.*s」は%s", i + 1, (int)s.n,
                 (const char *)s.p, what);
    else
        snprintf(reason, sizeof reason, "見出しの%zu列目は%s", i + 1, what);
    fu_evidence_broken(e, t->b.line, reason, "bad column in the header line");
    if (e)
        e->field = (uint32_t)(i + 1);
    return FU_E_INPUT;
}

static fu_status read_header(csv *t, fu_error *e)
{
    bool seen[COL_COUNT] = {false};
    fu_status st = take_row(t, e);
    while (st == FU_OK && row_is_blank(t) && t->rest.n)
        st = take_row(t, e);
    if (st != FU_OK)
        return st;
    if (!is_header(t))
        return fu_evidence_broken(e, t->b.line, "見出しの行がありません", "no header line");
    for (size_t i = 0; i < t->n_cells; i++) {
        column c = column_of(cell(t, i));
        if (c == COL_COUNT)
            return bad_column(t, i, "決められていない列名です", e);
        if (c < COL_COUNT && seen[c])
            return bad_column(t, i, "2回あります", e);
        if (c < COL_COUNT)
            seen[c] = true;
        t->columns[i] = c;
    }
    t->n_columns = t->n_cells;
    if (!seen[COL_ID] || !seen[COL_MONTH])
        return fu_evidence_broken(e, t->b.line, "見出しに id と month の列がありません",
                                  "columns id and month are needed");
    return FU_OK;
}

/* ---- One row -----------------------------------------------------------------------------------
 */

typedef struct cells {
    fu_span v[COL_COUNT];
} cells;

/* The next value of a list separated by '|', blank ones left out. */
static bool next_value(fu_span *list, fu_span *value)
{
    while (list->n) {
        const unsigned char *bar = memchr(list->p, '|', list->n);
        size_t n = bar ? (size_t)(bar - list->p) : list->n, skip = bar ? n + 1 : n;
        *value = fu_trim(fu_span_of(list->p, n));
        *list = fu_span_of(list->p + skip, list->n - skip);
        if (value->n)
            return true;
    }
    return false;
}

static void read_contact(fu_build *b, fu_span v)
{
    const unsigned char *equals = memchr(v.p, '=', v.n);
    size_t n = equals ? (size_t)(equals - v.p) : 0;
    fu_span on = fu_trim(fu_span_of(v.p, n));
    if (!on.n) {
        fu_build_wrong(b, "contact", v, "2026-10-28=no-answer");
        return;
    }
    fu_build_contact(b, fu_build_day(b, "contact", on), "contact",
                     fu_span_of(v.p + n + 1, v.n - n - 1));
}

static void read_lists(fu_build *b, cells *r)
{
    fu_span v;
    while (next_value(&r->v[COL_DOCUMENTS], &v))
        fu_build_document(b, "documents", v);
    while (next_value(&r->v[COL_ADDRESS], &v))
        fu_build_address(b, v);
    while (next_value(&r->v[COL_CONTACT], &v))
        read_contact(b, v);
}

static bool any(const cells *r, column first, column last)
{
    for (int c = (int)first; c <= (int)last; c++) {
        if (r->v[c].n)
            return true;
    }
    return false;
}

/* Four columns from `first`: insurer, kigo, bango, branch. */
static void read_qual(fu_build *b, const cells *r, fu_qstatus status, column first, fu_span tokki)
{
    fu_qual_items items = {COLUMNS[first], COLUMNS[first + 2]};
    fu_qualification q;
    memset(&q, 0, sizeof q);
    q.status = status;
    q.source = FU_WORD_NONE;
    q.insurer = fu_evidence_text(b->ev, r->v[first]);
    q.kigo = fu_evidence_number(b->ev, r->v[first + 1]);
    q.bango = fu_evidence_number(b->ev, r->v[first + 2]);
    q.branch = fu_evidence_text(b->ev, r->v[first + 3]);
    q.tokki = fu_evidence_text(b->ev, tokki);
    fu_build_qual(b, &q, items);
}

/* The income class belongs to the current qualification, else to the former one, else to nobody's
 * numbers: then a qualification that does not count carries it. */
static void read_quals(fu_build *b, const cells *r)
{
    bool current = any(r, COL_CURRENT_INSURER, COL_CURRENT_BRANCH);
    bool former = any(r, COL_FORMER_INSURER, COL_FORMER_BRANCH);
    fu_span tokki = r->v[COL_TOKKI], none = fu_span_of(NULL, 0);
    if (current)
        read_qual(b, r, FU_Q_CURRENT, COL_CURRENT_INSURER, tokki);
    if (former)
        read_qual(b, r, FU_Q_FORMER, COL_FORMER_INSURER, current ? none : tokki);
    if (!current && !former && tokki.n)
        fu_build_class(b, tokki);
}

static void read_declaration(fu_build *b, const cells *r)
{
    fu_declaration *d = &b->c->declaration;
    d->verbal = fu_build_yes(b, "verbal", r->v[COL_VERBAL]);
    d->on = fu_build_day(b, "declared_on", r->v[COL_DECLARED_ON]);
    d->kind = fu_build_kind(b, "kind", r->v[COL_KIND]);
    d->share = fu_build_share(b, "share", r->v[COL_SHARE]);
    d->insurer_name = fu_evidence_text(b->ev, r->v[COL_INSURER_NAME]);
    d->workplace = fu_evidence_text(b->ev, r->v[COL_WORKPLACE]);
    d->phone = fu_evidence_text(b->ev, r->v[COL_PHONE]);
    d->there = r->v[COL_DECLARED_ON].n || d->verbal ||
               any(r, COL_KIND, COL_ADDRESS); /* "no" alone declares nothing */
}

static void read_person_and_check(fu_build *b, const cells *r)
{
    fu_capture *c = b->c;
    c->id = fu_evidence_text(b->ev, r->v[COL_ID]);
    if (!c->id[0])
        fu_build_wrong(b, "id", r->v[COL_ID], NULL);
    c->month = fu_build_month(b, "month", r->v[COL_MONTH]);
    fu_build_patient(b, r->v[COL_KARTE], r->v[COL_NAME], r->v[COL_KANA]);
    c->birth = fu_build_day(b, "birth", r->v[COL_BIRTH]);
    c->sex = fu_build_sex(b, "sex", r->v[COL_SEX]);
    fu_build_need_patient(b);
    c->check_day = fu_build_daytime(b, "check_at", r->v[COL_CHECK_AT]);
    fu_build_outcome(b, "outcome", r->v[COL_OUTCOME]);
    c->response = fu_evidence_text(b->ev, r->v[COL_RESPONSE]);
}

/* Sorts the row's cells by column; what belongs to no column makes the capture unusable. */
static void by_column(csv *t, cells *r)
{
    memset(r, 0, sizeof *r);
    for (size_t i = 0; i < t->n_cells; i++) {
        column c = i < t->n_columns ? t->columns[i] : COL_NAMELESS;
        if (c < COL_COUNT)
            r->v[c] = cell(t, i);
    }
}

static void check_extra(csv *t)
{
    for (size_t i = 0; i < t->n_cells; i++) {
        bool nameless = i >= t->n_columns || t->columns[i] == COL_NAMELESS;
        if (nameless && cell(t, i).n)
            fu_build_wrong(&t->b, "見出しのない列", cell(t, i), NULL);
    }
}

static fu_status read_row(csv *t, fu_error *e)
{
    fu_build *b = &t->b;
    cells r;
    fu_status st;
    b->c = fu_capture_new(b->ev, FU_FROM_CSV, b->file, b->line);
    if (!b->c)
        return fu_evidence_memory(b->ev, e);
    b->n_wrong = 0;
    by_column(t, &r);
    read_person_and_check(b, &r);
    check_extra(t);
    read_quals(b, &r);
    read_declaration(b, &r);
    read_lists(b, &r);
    st = fu_capture_keep(b->ev, b->c, e);
    return st == FU_OK ? fu_build_done(b, e) : st;
}

/* ---- One file ----------------------------------------------------------------------------------
 */

static void begin(csv *t, fu_evidence *ev, const char *file, fu_span bytes)
{
    memset(t, 0, sizeof *t);
    t->b.ev = ev;
    t->b.file = file;
    t->b.form = FU_FORM_ANY;
    t->line = 1;
    if (bytes.n >= 3 && memcmp(bytes.p, "\xEF\xBB\xBF", 3) == 0)
        bytes = fu_span_of(bytes.p + 3, bytes.n - 3);
    else
        t->cp932 = !fu_utf8_valid(bytes);
    if (bytes.n && bytes.p[bytes.n - 1] == 0x1A)
        bytes.n--;
    t->rest = bytes;
    fu_buf_init(&t->raw, ev->mem, FU_CSV_ROW_BYTES_MAX);
    fu_buf_init(&t->row, ev->mem, ROW_UTF8_MAX);
}

fu_status fu_capture_csv_read(fu_evidence *ev, const char *file, fu_span bytes, fu_error *e)
{
    csv t;
    fu_status st;
    begin(&t, ev, file, bytes);
    st = read_header(&t, e);
    while (st == FU_OK && t.rest.n) {
        st = take_row(&t, e);
        if (st == FU_OK && !row_is_blank(&t))
            st = read_row(&t, e);
    }
    if (st == FU_E_LIMIT && e && e->line == 0)
        e->line = t.b.line;
    fu_buf_free(&t.raw);
    fu_buf_free(&t.row);
    return st;
}
