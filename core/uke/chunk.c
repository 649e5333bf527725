#include "uke/chunk.h"

#include "text/recode.h"

struct fu_chunker {
    const fu_mem *mem;
    fu_input *in;
    size_t want;
    fu_stretch rest; /* what was read behind the last cut */
    uint64_t offset, lines, claims;
    uint64_t file_bytes;
    bool end, utf8;
    fu_recode recode;
    fu_error fault; /* status not FU_OK: told when the blocks before it are handed out */
};

fu_status fu_chunker_open(fu_chunker **out, const fu_mem *mem, fu_input *in, size_t bytes,
                          fu_error *e)
{
    fu_chunker *k = fu_alloc0(mem, sizeof *k);
    *out = k;
    if (!k)
        return fu_fail_nomem(e);
    k->mem = mem;
    k->in = in;
    k->want = bytes;
    return FU_OK;
}

void fu_chunker_utf8(fu_chunker *k)
{
    k->utf8 = true;
}

void fu_chunker_close(fu_chunker *k)
{
    if (!k)
        return;
    fu_stretch_free(&k->rest, k->mem);
    fu_free(k->mem, k, sizeof *k);
}

void fu_stretch_free(fu_stretch *s, const fu_mem *mem)
{
    fu_free(mem, s->buf, s->cap);
    memset(s, 0, sizeof *s);
}

/* Room for n bytes; those that are there stay. */
static bool make_room(fu_stretch *s, const fu_mem *mem, size_t n)
{
    void *p;
    n += FU_RECODE_ROOM;
    if (s->cap >= n)
        return true;
    p = s->buf ? fu_resize(mem, s->buf, s->cap, n) : fu_alloc(mem, n);
    if (!p)
        return false;
    s->buf = p;
    s->bytes.p = p;
    s->cap = n;
    return true;
}

/* The stream's next bytes, at most `room` of them, go behind those that are there. */
static fu_status read_on(fu_chunker *k, fu_stretch *s, size_t room, fu_error *e)
{
    unsigned char *to = s->buf + s->bytes.n, *from = k->utf8 ? to + FU_RECODE_ROOM : to;
    size_t got, made;
    fu_status st = fu_input_read(k->in, from, room, &got, e);
    if (st != FU_OK)
        return st;
    k->file_bytes += got;
    k->end = got == 0;
    made = got;
    if (k->utf8)
        st = k->end ? fu_recode_end(&k->recode, e)
                    : fu_recode_chunk(&k->recode, to, from, got, &made, e);
    s->bytes.n += made;
    if (st == FU_OK && k->file_bytes > FU_FILE_BYTES_MAX)
        return fu_fail_limit(e, "FU_FILE_BYTES_MAX", FU_FILE_BYTES_MAX);
    return st;
}

/* Reads until there are `n` bytes, or the stream ends or fails. */
static void fill(fu_chunker *k, fu_stretch *s, size_t n)
{
    fu_status st = FU_OK;
    while (st == FU_OK && !k->end && s->bytes.n < n)
        st = read_on(k, s, n - s->bytes.n, &k->fault);
    k->fault.status = st;
}

/* Begin of the line that ends before `end`. */
static size_t line_before(fu_span s, size_t end)
{
    size_t at = end - 1;
    while (at > 0 && s.p[at - 1] != '\n')
        at--;
    return at;
}

/* Where a claim, header or trailer begins for the last time, but not at 0; outside of claims any
 * record may be the last. 0 = nowhere. A record whose line end has not come is none yet. */
static size_t find_cut(fu_span s)
{
    size_t end = s.n, last;
    const unsigned char *lf;
    while (end > 0 && s.p[end - 1] != '\n')
        end--;
    last = end;
    while (end > 0) {
        size_t at = line_before(s, end);
        if (at > 0 && fu_record_begins(fu_span_of(s.p + at, end - at)) != FU_B_ORPHAN)
            return at;
        end = at;
    }
    lf = last ? memchr(s.p, '\n', s.n) : NULL;
    if (!lf || fu_record_begins(fu_span_of(s.p, (size_t)(lf - s.p) + 1)) == FU_B_CLAIM)
        return 0;
    return last;
}

/* With so many bytes and no cut among them, a record or a claim is over its limit. */
static bool over_limits(fu_span s)
{
    return s.n > FU_CLAIM_BYTES_MAX + FU_RECORD_BYTES_MAX ||
           (s.n > FU_RECORD_BYTES_MAX && !memchr(s.p, '\n', s.n));
}

/* Fills *s up to a cut; *cut is where. */
static fu_status gather(fu_chunker *k, fu_stretch *s, size_t *cut, fu_error *e)
{
    size_t want = k->want;
    while (want <= s->bytes.n)
        want *= 2;
    for (;; want *= 2) {
        if (!make_room(s, k->mem, want))
            return fu_fail_nomem(e);
        fill(k, s, want);
        *cut = k->end && k->fault.status == FU_OK ? s->bytes.n : find_cut(s->bytes);
        if (*cut || k->end || k->fault.status != FU_OK)
            return FU_OK;
        if (over_limits(s->bytes)) {
            *cut = s->bytes.n;
            return FU_OK;
        }
    }
}

static void copy(fu_stretch *to, fu_span bytes)
{
    if (bytes.n)
        memcpy(to->buf, bytes.p, bytes.n);
    to->bytes.n = bytes.n;
}

/* What stands in the stretch counts before the next one. */
static void count(fu_chunker *k, fu_span s)
{
    const unsigned char *end = s.p + s.n, *at = s.p;
    k->offset += s.n;
    while (at < end) {
        const unsigned char *lf = memchr(at, '\n', (size_t)(end - at)), *next = lf ? lf + 1 : end;
        if (*at == 'R') /* most do not begin so */
            k->claims += fu_record_begins(fu_span_of(at, (size_t)(next - at))) == FU_B_CLAIM;
        k->lines++;
        at = next;
    }
}

static fu_status tell_fault(const fu_chunker *k, fu_error *e)
{
    if (e)
        *e = k->fault;
    return k->fault.status;
}

fu_status fu_chunker_next(fu_chunker *k, fu_stretch *s, bool *more, fu_error *e)
{
    size_t cut;
    fu_span tail;
    fu_status st;
    *more = false;
    if (k->fault.status != FU_OK)
        return tell_fault(k, e);
    if (!make_room(s, k->mem, k->rest.bytes.n))
        return fu_fail_nomem(e);
    copy(s, k->rest.bytes);
    st = gather(k, s, &cut, e);
    if (st != FU_OK)
        return st;
    tail = fu_span_of(s->buf + cut, s->bytes.n - cut);
    if (!make_room(&k->rest, k->mem, tail.n))
        return fu_fail_nomem(e);
    copy(&k->rest, tail);
    s->bytes.n = cut;
    s->offset = k->offset;
    s->lines = k->lines;
    s->claims = k->claims;
    count(k, s->bytes);
    *more = cut > 0;
    return *more ? FU_OK : tell_fault(k, e);
}
