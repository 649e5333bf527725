#include "uke/reader.h"

#include "text/recode.h"

#define READ_CHUNK 65536u

struct fu_reader {
    const fu_mem *mem;
    fu_input *in;
    unsigned char *buf;
    size_t n, cap, start; /* the current block begins at start */
    size_t scan;          /* next line begins here */
    fu_line *lines;
    size_t n_lines, cap_lines;
    uint64_t line, offset; /* lines before scan; file offset of start */
    uint64_t file_bytes;
    bool end;
    bool utf8;
    fu_recode recode;
};

fu_status fu_reader_open(fu_reader **out, const fu_mem *mem, fu_input *in, fu_error *e)
{
    fu_reader *r = fu_alloc0(mem, sizeof *r);
    *out = NULL;
    if (!r)
        return fu_fail_nomem(e);
    r->mem = mem;
    r->in = in;
    *out = r;
    return FU_OK;
}

void fu_reader_utf8(fu_reader *r)
{
    r->utf8 = true;
}

void fu_reader_close(fu_reader *r)
{
    if (!r)
        return;
    fu_free(r->mem, r->buf, r->cap);
    fu_free(r->mem, r->lines, r->cap_lines * sizeof *r->lines);
    fu_free(r->mem, r, sizeof *r);
}

static bool is_upper(unsigned char c)
{
    return c >= 'A' && c <= 'Z';
}

static uint16_t two_letters(fu_span s)
{
    bool named = s.n >= 2 && is_upper(s.p[0]) && is_upper(s.p[1]) && (s.n == 2 || s.p[2] == ',');
    return named ? FU_ID(s.p[0], s.p[1]) : 0;
}

uint16_t fu_record_id(fu_span record, bool *history)
{
    size_t i = 0;
    int commas = 0;
    *history = false;
    if (record.n == 0 || record.p[0] < '0' || record.p[0] > '9')
        return two_letters(record);
    while (i < record.n && commas < 3) {
        unsigned char c = record.p[i++];
        if (c == ',')
            commas++;
        else if (c < '0' || c > '9')
            return 0;
    }
    *history = commas == 3 && two_letters(fu_span_of(record.p + i, record.n - i)) != 0;
    return *history ? two_letters(fu_span_of(record.p + i, record.n - i)) : 0;
}

/* The next bytes of the file go behind those that are there. */
static fu_status read_on(fu_reader *r, fu_error *e)
{
    unsigned char *to = r->buf + r->n, *from = r->utf8 ? to + FU_RECODE_ROOM : to;
    size_t got, made;
    fu_status st = fu_input_read(r->in, from, READ_CHUNK, &got, e);
    if (st != FU_OK)
        return st;
    r->file_bytes += got;
    r->end = got == 0;
    made = got;
    if (r->utf8)
        st = r->end ? fu_recode_end(&r->recode, e)
                    : fu_recode_chunk(&r->recode, to, from, got, &made, e);
    r->n += made;
    return st;
}

/* Reads more; keeps the bytes from `start` on at the front of the buffer. */
static fu_status fill(fu_reader *r, fu_error *e)
{
    fu_status st;
    if (r->start > 0) {
        memmove(r->buf, r->buf + r->start, r->n - r->start);
        r->n -= r->start;
        r->scan -= r->start;
        r->start = 0;
    }
    if (r->cap - r->n < READ_CHUNK + FU_RECODE_ROOM) {
        size_t cap = r->cap ? r->cap * 2 : 4 * READ_CHUNK;
        void *p = fu_resize(r->mem, r->buf, r->cap, cap);
        if (!p)
            return fu_fail_nomem(e);
        r->buf = p;
        r->cap = cap;
    }
    st = read_on(r, e);
    if (st != FU_OK)
        return st;
    if (r->file_bytes > FU_FILE_BYTES_MAX)
        return fu_fail_limit(e, "FU_FILE_BYTES_MAX", FU_FILE_BYTES_MAX);
    return FU_OK;
}

static fu_status limit_at(const fu_reader *r, fu_error *e, const char *name, uint64_t max)
{
    fu_status st = fu_fail_limit(e, name, max);
    if (e)
        e->line = r->line + 1;
    return st;
}

/* Finds the line at `scan`; *found is false at the end of the file. */
static fu_status find_line(fu_reader *r, fu_line *l, bool *found, fu_error *e)
{
    size_t seen = 0;
    *found = false;
    for (;;) {
        size_t have = r->n - r->scan;
        const unsigned char *at = have ? r->buf + r->scan : NULL;
        const unsigned char *lf = have > seen ? memchr(at + seen, '\n', have - seen) : NULL;
        size_t len = lf ? (size_t)(lf - at) + 1 : have;
        fu_status st;
        if (len > FU_RECORD_BYTES_MAX)
            return limit_at(r, e, "FU_RECORD_BYTES_MAX", FU_RECORD_BYTES_MAX);
        if (lf || (r->end && have > 0)) {
            l->eol = (uint8_t)(!lf ? 0 : len >= 2 && at[len - 2] == '\r' ? 2 : 1);
            l->len = (uint32_t)(len - l->eol);
            l->line = r->line + 1;
            l->id = fu_record_id(fu_span_of(at, l->len), &l->history);
            *found = true;
            return FU_OK;
        }
        if (r->end)
            return FU_OK;
        seen = have;
        st = fill(r, e);
        if (st != FU_OK)
            return st;
    }
}

static bool is_header(const fu_line *l)
{
    switch (l->history ? 0 : l->id) {
    case FU_ID('I', 'R'):
    case FU_ID('U', 'K'):
    case FU_ID('Y', 'K'):
    case FU_ID('H', 'M'):
    case FU_ID('H', 'I'):
        return true;
    case FU_ID('H', 'H'): /* 包括評価 of a DPC claim when it is not the first record */
        return l->line == 1;
    default:
        return false;
    }
}

static bool is_trailer(const fu_line *l)
{
    return !l->history && (l->id == FU_ID('G', 'O') || l->id == FU_ID('H', 'G'));
}

static fu_block_kind kind_of(const fu_reader *r, const fu_line *l)
{
    if (is_header(l))
        return FU_B_HEADER;
    if (is_trailer(l))
        return FU_B_TRAILER;
    if (!l->history && l->id == FU_ID('R', 'E'))
        return FU_B_CLAIM;
    if (l->len == 0)
        return FU_B_BLANK;
    if (l->len == 1 && l->eol == 0 && r->buf[r->scan] == 0x1A)
        return FU_B_EOF;
    return FU_B_ORPHAN;
}

static fu_status take_line(fu_reader *r, const fu_line *l, fu_error *e)
{
    if (r->n_lines == FU_CLAIM_RECORDS_MAX)
        return limit_at(r, e, "FU_CLAIM_RECORDS_MAX", FU_CLAIM_RECORDS_MAX);
    if (r->scan - r->start + l->len + l->eol > FU_CLAIM_BYTES_MAX)
        return limit_at(r, e, "FU_CLAIM_BYTES_MAX", FU_CLAIM_BYTES_MAX);
    if (r->n_lines == r->cap_lines) {
        size_t cap = r->cap_lines ? r->cap_lines * 2 : 256;
        void *p = fu_resize(r->mem, r->lines, r->cap_lines * sizeof *l, cap * sizeof *l);
        if (!p)
            return fu_fail_nomem(e);
        r->lines = p;
        r->cap_lines = cap;
    }
    r->lines[r->n_lines] = *l;
    r->lines[r->n_lines++].off = (uint32_t)(r->scan - r->start);
    r->scan += l->len + l->eol;
    r->line++;
    return FU_OK;
}

static fu_status take_block(fu_reader *r, fu_block_kind kind, const fu_line *first, fu_error *e)
{
    fu_line l = *first;
    fu_status st = take_line(r, &l, e);
    while (st == FU_OK && kind == FU_B_CLAIM) {
        bool found;
        fu_block_kind k;
        st = find_line(r, &l, &found, e);
        if (st != FU_OK || !found)
            break;
        k = kind_of(r, &l);
        if (k != FU_B_ORPHAN && k != FU_B_BLANK)
            break;
        st = take_line(r, &l, e);
    }
    return st;
}

fu_status fu_reader_next(fu_reader *r, fu_block *b, bool *more, fu_error *e)
{
    fu_line first;
    fu_status st;
    memset(&first, 0, sizeof first);
    r->offset += r->scan - r->start;
    r->start = r->scan;
    r->n_lines = 0;
    st = find_line(r, &first, more, e);
    if (st != FU_OK || !*more)
        return st;
    b->kind = kind_of(r, &first);
    st = take_block(r, b->kind, &first, e);
    if (st != FU_OK)
        return st;
    b->bytes = fu_span_of(r->buf + r->start, r->scan - r->start);
    b->lines = r->lines;
    b->n_lines = r->n_lines;
    b->offset = r->offset;
    return FU_OK;
}
