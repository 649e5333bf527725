#include "uke/blocks.h"

void fu_blocks_init(fu_blocks *w, const fu_mem *mem)
{
    memset(w, 0, sizeof *w);
    w->mem = mem;
}

void fu_blocks_start(fu_blocks *w, fu_span bytes, uint64_t offset, uint64_t lines)
{
    w->bytes = bytes;
    w->start = w->scan = w->seen = w->word = 0;
    w->lf = 0;
    w->offset = offset;
    w->line = lines;
}

void fu_blocks_free(fu_blocks *w)
{
    fu_free(w->mem, w->lines, w->cap_lines * sizeof *w->lines);
    fu_free(w->mem, w->words, w->cap_words * sizeof *w->words);
    w->lines = NULL;
    w->words = NULL;
    w->cap_lines = w->cap_words = 0;
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

static fu_status limit_at(const fu_blocks *w, fu_error *e, const char *name, uint64_t max)
{
    fu_status st = fu_fail_limit(e, name, max);
    if (e)
        e->line = w->line + 1;
    return st;
}

/* The file's first record may be a header where another may not. */
static inline fu_block_kind kind_of_name(uint16_t id, bool first)
{
    switch (id) {
    case FU_ID('I', 'R'):
    case FU_ID('U', 'K'):
    case FU_ID('Y', 'K'):
    case FU_ID('H', 'M'):
    case FU_ID('H', 'I'):
        return FU_B_HEADER;
    case FU_ID('H', 'H'): /* 包括評価 of a DPC claim when it is not the first record */
        return first ? FU_B_HEADER : FU_B_ORPHAN;
    case FU_ID('G', 'O'):
    case FU_ID('H', 'G'):
        return FU_B_TRAILER;
    case FU_ID('R', 'E'):
        return FU_B_CLAIM;
    default:
        return FU_B_ORPHAN;
    }
}

static fu_block_kind kind_of(const fu_line *l, const unsigned char *at)
{
    if (l->id)
        return l->history ? FU_B_ORPHAN : kind_of_name(l->id, l->line == 1);
    if (l->len == 0)
        return FU_B_BLANK;
    return l->len == 1 && l->eol == 0 && *at == 0x1A ? FU_B_EOF : FU_B_ORPHAN;
}

fu_block_kind fu_record_begins(fu_span record)
{
    bool history;
    uint16_t id;
    if (record.n && record.p[record.n - 1] == '\n' && --record.n && record.p[record.n - 1] == '\r')
        record.n--;
    id = fu_record_id(record, &history);
    return history ? FU_B_ORPHAN : kind_of_name(id, false);
}

/* Room for n of what `p` is an array of. */
static fu_status make_room(const fu_blocks *w, void **p, size_t *cap, size_t n, size_t size,
                           fu_error *e)
{
    void *more = fu_resize(w->mem, *p, *cap * size, n * size);
    if (!more)
        return fu_fail_nomem(e);
    *p = more;
    *cap = n;
    return FU_OK;
}

/* The words of so many bytes stay in the cache while the blocks are worked on. */
#define WINDOW ((size_t)16384)

static fu_status scan_on(fu_blocks *w, fu_error *e)
{
    size_t n = w->bytes.n - w->seen, need = fu_scan_words(w->bytes.n);
    if (w->cap_words < need) {
        void *words = w->words;
        fu_status st = make_room(w, &words, &w->cap_words, need, sizeof *w->words, e);
        if (st != FU_OK)
            return st;
        w->words = words;
    }
    if (n > WINDOW)
        n = WINDOW;
    fu_scan_best()->classes(w->words + w->seen / 64, fu_span_of(w->bytes.p + w->seen, n));
    w->seen += n;
    return FU_OK;
}

/* Where the line at `scan` ends, with its line end. */
static fu_status find_end(fu_blocks *w, size_t *end, fu_error *e)
{
    while (!w->lf) {
        if (w->word * 64 >= w->seen) {
            fu_status st;
            *end = w->bytes.n;
            if (w->seen == w->bytes.n)
                return FU_OK;
            st = scan_on(w, e);
            if (st != FU_OK)
                return st;
        }
        w->lf = w->words[w->word++].lf;
    }
    *end = (w->word - 1) * 64 + fu_scan_first(w->lf) + 1;
    return FU_OK;
}

static fu_status more_lines(fu_blocks *w, fu_error *e)
{
    void *lines = w->lines;
    size_t n = w->cap_lines ? w->cap_lines * 2 : 256;
    fu_status st = make_room(w, &lines, &w->cap_lines, n, sizeof *w->lines, e);
    w->lines = lines;
    return st;
}

/* The line at `scan`, behind those of the block; it is not taken yet. */
static fu_status find_line(fu_blocks *w, fu_block_kind *kind, fu_error *e)
{
    const unsigned char *at = w->bytes.p + w->scan;
    size_t len;
    fu_line *l;
    fu_status st = w->n_lines == w->cap_lines ? more_lines(w, e) : FU_OK;
    if (st == FU_OK)
        st = find_end(w, &len, e);
    if (st != FU_OK)
        return st;
    len -= w->scan;
    if (len > FU_RECORD_BYTES_MAX)
        return limit_at(w, e, "FU_RECORD_BYTES_MAX", FU_RECORD_BYTES_MAX);
    l = &w->lines[w->n_lines];
    l->off = (uint32_t)(w->scan - w->start);
    l->eol = (uint8_t)(at[len - 1] != '\n' ? 0 : len >= 2 && at[len - 2] == '\r' ? 2 : 1);
    l->len = (uint32_t)(len - l->eol);
    l->line = w->line + 1;
    l->id = fu_record_id(fu_span_of(at, l->len), &l->history);
    *kind = kind_of(l, at);
    return FU_OK;
}

static fu_status take_line(fu_blocks *w, fu_error *e)
{
    const fu_line *l = &w->lines[w->n_lines];
    size_t n = l->len + l->eol;
    if (w->n_lines == FU_CLAIM_RECORDS_MAX)
        return limit_at(w, e, "FU_CLAIM_RECORDS_MAX", FU_CLAIM_RECORDS_MAX);
    if (l->off + n > FU_CLAIM_BYTES_MAX)
        return limit_at(w, e, "FU_CLAIM_BYTES_MAX", FU_CLAIM_BYTES_MAX);
    w->n_lines++;
    w->scan += n;
    w->line++;
    w->lf &= w->lf - 1;
    return FU_OK;
}

/* The record's name where two letters and a comma are all that there is to it. */
static inline uint16_t plain_name(const unsigned char *p)
{
    return is_upper(p[0]) && is_upper(p[1]) && p[2] == ',' ? FU_ID(p[0], p[1]) : 0;
}

/* Lines that go on with a claim, as long as there is nothing to be said of them: they are named,
 * their ends are known, there is room and no limit is near. */
static void take_plain_lines(fu_blocks *w)
{
    const unsigned char *p = w->bytes.p;
    const fu_scan_word *v = w->words + w->word, *known = w->words + w->seen / 64;
    size_t max = w->cap_lines < FU_CLAIM_RECORDS_MAX ? w->cap_lines : FU_CLAIM_RECORDS_MAX;
    size_t start = w->start, scan = w->scan, n = w->n_lines;
    uint64_t lf = w->lf, line = w->line;
    for (; n < max; n++) {
        fu_line *l = &w->lines[n];
        size_t len, eol;
        while (!lf && v < known)
            lf = v++->lf;
        if (!lf)
            break;
        len = (size_t)(v - w->words - 1) * 64 + fu_scan_first(lf) + 1 - scan;
        if (len < 4 || len > FU_RECORD_BYTES_MAX || scan + len - start > FU_CLAIM_BYTES_MAX)
            break;
        l->id = plain_name(p + scan);
        if (l->id == 0 || kind_of_name(l->id, false) != FU_B_ORPHAN)
            break;
        eol = p[scan + len - 2] == '\r' ? 2 : 1;
        l->off = (uint32_t)(scan - start);
        l->len = (uint32_t)(len - eol);
        l->eol = (uint8_t)eol;
        l->history = false;
        l->line = ++line;
        scan += len;
        lf &= lf - 1;
    }
    w->scan = scan;
    w->line = line;
    w->n_lines = n;
    w->lf = lf;
    w->word = (size_t)(v - w->words);
}

/* What follows the RE. */
static fu_status take_claim(fu_blocks *w, fu_error *e)
{
    for (;;) {
        fu_block_kind kind = FU_B_ORPHAN;
        fu_status st;
        take_plain_lines(w);
        if (w->scan == w->bytes.n)
            return FU_OK;
        st = find_line(w, &kind, e);
        if (st == FU_OK && kind != FU_B_ORPHAN && kind != FU_B_BLANK)
            return FU_OK;
        if (st == FU_OK)
            st = take_line(w, e);
        if (st != FU_OK)
            return st;
    }
}

fu_status fu_blocks_next(fu_blocks *w, fu_block *b, bool *more, fu_error *e)
{
    fu_status st;
    w->start = w->scan;
    w->n_lines = 0;
    *more = w->scan < w->bytes.n;
    if (!*more)
        return FU_OK;
    st = find_line(w, &b->kind, e);
    if (st == FU_OK)
        st = take_line(w, e);
    if (st == FU_OK && b->kind == FU_B_CLAIM)
        st = take_claim(w, e);
    if (st != FU_OK)
        return st;
    b->bytes = fu_span_of(w->bytes.p + w->start, w->scan - w->start);
    b->lines = w->lines;
    b->n_lines = w->n_lines;
    b->offset = w->offset + w->start;
    b->scan = w->words + w->start / 64;
    b->scan_at = w->start % 64;
    return FU_OK;
}
