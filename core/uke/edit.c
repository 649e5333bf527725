#include "uke/edit.h"

void fu_edits_init(fu_edits *l, fu_arena *arena)
{
    memset(l, 0, sizeof *l);
    l->arena = arena;
}

static fu_edit *add(fu_edits *l)
{
    static const fu_edit none;
    fu_edit *v = l->v;
    if (l->n >= FU_EDITS_MAX) {
        l->failed = true;
        l->limit = "FU_EDITS_MAX";
        l->limit_max = FU_EDITS_MAX;
        return NULL;
    }
    if (!(v = fu_arena_grow(l->arena, l->v, l->n, &l->cap, sizeof *v))) {
        l->failed = true;
        return NULL;
    }
    l->v = v;
    l->v[l->n] = none;
    return &l->v[l->n++];
}

/* Commas in front of a value behind the end of a trimmed record: those that no other edit of the
 * record brings already. An edit of a later field gives up the ones that this one brings. */
static size_t missing_commas(fu_edits *l, const fu_rec *r, unsigned n)
{
    uint32_t there = fu_fields(r), from = there;
    fu_edit *later = NULL;
    if (n <= from)
        return 0;
    for (size_t i = 0; i < l->n; i++) {
        fu_edit *o = &l->v[i];
        if (o->op != FU_EDIT_REPLACE || o->line != r->line || o->field <= there)
            continue;
        if (o->field > n && (!later || o->field < later->field))
            later = o;
        else if (o->field < n && o->field > from)
            from = o->field;
    }
    if (later)
        later->bytes = fu_span_of(later->bytes.p + (n - from), later->bytes.n - (n - from));
    return n - from;
}

static fu_span padded(fu_edits *l, size_t commas, fu_span value)
{
    unsigned char *p;
    if (commas == 0)
        return value;
    p = fu_arena_alloc(l->arena, commas + value.n);
    if (!p) {
        l->failed = true;
        return value;
    }
    memset(p, ',', commas);
    if (value.n)
        memcpy(p + commas, value.p, value.n);
    return fu_span_of(p, commas + value.n);
}

void fu_edit_field(fu_edits *l, const fu_rec *r, unsigned n, fu_span value, int reason)
{
    fu_span old = fu_field(r, n);
    size_t commas;
    fu_edit *ed;
    if (l->failed || fu_span_eq(old, value))
        return;
    commas = missing_commas(l, r, n);
    ed = add(l);
    if (!ed)
        return;
    ed->op = FU_EDIT_REPLACE;
    ed->off = r->off + (uint32_t)(n <= fu_fields(r) ? (size_t)(old.p - r->bytes.p) : r->bytes.n);
    ed->len = (uint32_t)old.n;
    ed->bytes = padded(l, commas, value);
    ed->line = r->line;
    ed->id = r->id;
    ed->field = n;
    ed->before = old;
    ed->reason = reason;
}

void fu_edit_delete(fu_edits *l, const fu_rec *r, int reason)
{
    fu_edit *ed = add(l);
    if (!ed)
        return;
    ed->op = FU_EDIT_DELETE;
    ed->off = r->off;
    ed->len = (uint32_t)r->bytes.n + r->eol;
    ed->line = r->line;
    ed->id = r->id;
    ed->before = r->bytes;
    ed->reason = reason;
}

/* A file may stop without a line end; the record before the last one then says what they are. */
static size_t line_end_at(const fu_claim *c, size_t at)
{
    size_t i = at < c->n_recs ? at : c->n_recs - 1;
    if (c->recs[i].eol == 0 && i > 0)
        i--;
    return c->recs[i].eol ? c->recs[i].eol : 2;
}

void fu_edit_insert(fu_edits *l, const fu_claim *c, size_t at, fu_span record, int reason)
{
    const fu_rec *last = &c->recs[c->n_recs - 1];
    size_t eol = line_end_at(c, at);
    size_t front = at >= c->n_recs && last->eol == 0 ? eol : 0;
    fu_edit *ed = add(l);
    unsigned char *p = ed ? fu_arena_alloc(l->arena, record.n + eol) : NULL;
    if (!p) {
        l->failed = true;
        return;
    }
    memcpy(p + front, record.p, record.n);
    memcpy(p + (front ? 0 : record.n), eol == 2 ? "\r\n" : "\n", eol);
    ed->op = FU_EDIT_INSERT;
    ed->off = at < c->n_recs ? c->recs[at].off : (uint32_t)c->bytes.n;
    ed->bytes = fu_span_of(p, record.n + eol);
    ed->line = at < c->n_recs ? c->recs[at].line : last->line + 1;
    ed->id = FU_ID(record.p[0], record.p[1]);
    ed->reason = reason;
}

/* At one offset: by line, an insertion before a change of the record it goes before, fields in
 * order; insertions at one place are equal. */
static bool goes_before(const fu_edit *a, const fu_edit *b)
{
    bool a_new = a->op == FU_EDIT_INSERT, b_new = b->op == FU_EDIT_INSERT;
    if (a->off != b->off)
        return a->off < b->off;
    if (a->line != b->line)
        return a->line < b->line;
    if (a_new || b_new)
        return a_new && !b_new;
    return a->field < b->field;
}

/* True for neighbours that change the same bytes, or the same record in ways that exclude each
 * other; empty fields have no bytes that could overlap. */
static bool clash(const fu_edit *a, const fu_edit *b)
{
    if (a->off + a->len > b->off)
        return true;
    if (a->op == FU_EDIT_INSERT || b->op == FU_EDIT_INSERT || a->line != b->line)
        return false;
    return a->op == FU_EDIT_DELETE || b->op == FU_EDIT_DELETE || a->field == b->field;
}

bool fu_edits_close(fu_edits *l)
{
    /* Insertion sort: the list is short, nearly sorted, and the order of equals must stay. */
    for (size_t i = 1; i < l->n; i++) {
        fu_edit ed = l->v[i];
        size_t k = i;
        for (; k > 0 && goes_before(&ed, &l->v[k - 1]); k--)
            l->v[k] = l->v[k - 1];
        l->v[k] = ed;
    }
    for (size_t i = 1; i < l->n; i++)
        if (clash(&l->v[i - 1], &l->v[i]))
            return false;
    return !l->failed;
}

/* Cuts the rewritten bytes into lines again; `line` numbers come from the input. */
static bool cut_lines(const fu_edits *l, const fu_claim *c, const unsigned char *p, size_t n,
                      fu_line *lines, size_t *n_lines)
{
    size_t in = 0, ed = 0, k = 0;
    for (size_t at = 0; at < n; k++) {
        const unsigned char *lf = memchr(p + at, '\n', n - at);
        size_t len = lf ? (size_t)(lf - (p + at)) + 1 : n - at;
        fu_line *o = &lines[k];
        while (ed < l->n && l->v[ed].op == FU_EDIT_REPLACE)
            ed++;
        while (in < c->n_recs && ed < l->n && l->v[ed].op == FU_EDIT_DELETE &&
               l->v[ed].off == c->recs[in].off) {
            in++;
            ed++;
            while (ed < l->n && l->v[ed].op == FU_EDIT_REPLACE)
                ed++;
        }
        if (ed < l->n && l->v[ed].op == FU_EDIT_INSERT &&
            (in == c->n_recs || l->v[ed].off <= c->recs[in].off)) {
            o->line = l->v[ed++].line;
        } else if (in < c->n_recs) {
            o->line = c->recs[in++].line;
        } else {
            return false;
        }
        o->off = (uint32_t)at;
        o->eol = (uint8_t)(!lf ? 0 : len >= 2 && p[at + len - 2] == '\r' ? 2 : 1);
        o->len = (uint32_t)(len - o->eol);
        o->id = fu_record_id(fu_span_of(p + at, o->len), &o->history);
        at += len;
    }
    *n_lines = k;
    return true;
}

/* A record put behind a last one without a line end brings one in front; where the last record
 * goes, there is one already. */
static fu_span without_second_line_end(const fu_edit *ed, const unsigned char *p, size_t w)
{
    fu_span s = ed->bytes;
    if (ed->op == FU_EDIT_INSERT && (w == 0 || p[w - 1] == '\n'))
        while (s.n && (s.p[0] == '\r' || s.p[0] == '\n'))
            s = fu_span_of(s.p + 1, s.n - 1);
    return s;
}

fu_status fu_edits_apply(const fu_edits *l, const fu_claim *c, fu_block *out, fu_error *e)
{
    size_t n = c->bytes.n, at = 0, w = 0;
    unsigned char *p;
    fu_line *lines;
    for (size_t i = 0; i < l->n; i++)
        n += l->v[i].bytes.n - l->v[i].len;
    p = fu_arena_alloc(l->arena, n + 1);
    lines = fu_arena_alloc(l->arena, (c->n_recs + l->n + 1) * sizeof *lines);
    if (!p || !lines)
        return fu_fail_nomem(e);
    for (size_t i = 0; i < l->n; i++) {
        const fu_edit *ed = &l->v[i];
        fu_span bytes;
        memcpy(p + w, c->bytes.p + at, ed->off - at);
        w += ed->off - at;
        bytes = without_second_line_end(ed, p, w);
        if (bytes.n)
            memcpy(p + w, bytes.p, bytes.n);
        w += bytes.n;
        at = ed->off + ed->len;
    }
    memcpy(p + w, c->bytes.p + at, c->bytes.n - at);
    w += c->bytes.n - at;
    memset(out, 0, sizeof *out);
    out->kind = FU_B_CLAIM;
    out->bytes = fu_span_of(p, w);
    out->lines = lines;
    out->offset = c->offset;
    if (!cut_lines(l, c, p, w, lines, &out->n_lines))
        return fu_fail(e, FU_E_FATAL, "", "書き換えの内部検査に失敗しました。",
                       "edit list does not fit");
    return FU_OK;
}
