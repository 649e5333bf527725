#include "evidence/match.h"

#include "text/width.h"

static const char *folded(fu_arena *a, const char *text)
{
    fu_buf b;
    const char *out;
    fu_buf_init(&b, a->mem, FU_XML_TEXT_MAX * 3);
    fu_fold_width(&b, fu_span_str(text));
    if (b.status == FU_E_NOMEM)
        a->failed = true;
    out = fu_arena_text(a, fu_buf_view(&b));
    fu_buf_free(&b);
    return out ? out : "";
}

/* Heap sort: no recursion, no allocation, no bad case. `less` sees capture numbers. */
typedef bool less_fn(const fu_match *m, uint32_t a, uint32_t b);

static void sift(const fu_match *m, uint32_t *v, size_t i, size_t n, less_fn *less)
{
    for (size_t k; (k = 2 * i + 1) < n; i = k) {
        uint32_t t;
        if (k + 1 < n && less(m, v[k], v[k + 1]))
            k++;
        if (!less(m, v[i], v[k]))
            return;
        t = v[i];
        v[i] = v[k];
        v[k] = t;
    }
}

static void sort(const fu_match *m, uint32_t *v, size_t n, less_fn *less)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(m, v, i, n, less);
    while (n > 1) {
        uint32_t t = v[0];
        v[0] = v[--n];
        v[n] = t;
        sift(m, v, 0, n, less);
    }
}

static bool birth_less(const fu_match *m, uint32_t a, uint32_t b)
{
    int32_t x = m->ev->captures[a]->birth, y = m->ev->captures[b]->birth;
    return x != y ? x < y : a < b;
}

static bool karte_less(const fu_match *m, uint32_t a, uint32_t b)
{
    int c = strcmp(m->karte[a], m->karte[b]);
    return c != 0 ? c < 0 : a < b;
}

fu_status fu_match_build(fu_match *m, const fu_mem *mem, const fu_evidence *ev, fu_error *e)
{
    size_t n = ev->n_captures;
    memset(m, 0, sizeof *m);
    fu_arena_init(&m->arena, mem, SIZE_MAX / 2);
    m->ev = ev;
    m->by_birth = fu_arena_alloc(&m->arena, n * sizeof *m->by_birth + 1);
    m->by_karte = fu_arena_alloc(&m->arena, n * sizeof *m->by_karte + 1);
    m->karte = fu_arena_alloc(&m->arena, n * sizeof *m->karte + 1);
    m->notes = fu_arena_alloc(&m->arena, n * sizeof *m->notes + 1);
    if (m->arena.failed)
        return fu_fail_nomem(e);
    for (size_t i = 0; i < n; i++) {
        if (ev->captures[i]->joined)
            continue;
        m->karte[i] = folded(&m->arena, ev->captures[i]->karte);
        m->by_birth[m->n] = m->by_karte[m->n] = (uint32_t)i;
        m->n++;
    }
    if (m->arena.failed)
        return fu_fail_nomem(e);
    sort(m, m->by_birth, m->n, birth_less);
    sort(m, m->by_karte, m->n, karte_less);
    return FU_OK;
}

void fu_match_free(fu_match *m)
{
    if (m->arena.mem)
        fu_arena_free(&m->arena);
    memset(m, 0, sizeof *m);
}

static fu_person person_of(const fu_capture *c)
{
    fu_person p = {c->karte, c->name, c->kana, c->birth, c->sex};
    return p;
}

static bool month_fits(const fu_capture *c, int32_t month)
{
    return c->month ? c->month == month : c->unusable;
}

/* First position in by_birth whose birth date is not below. */
static size_t birth_start(const fu_match *m, int32_t birth)
{
    size_t lo = 0, hi = m->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (m->ev->captures[m->by_birth[mid]]->birth < birth)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

size_t fu_match_find(const fu_match *m, const fu_person *p, int32_t month,
                     uint32_t out[FU_MATCHES_MAX])
{
    size_t n = 0;
    if (p->birth == 0)
        return 0;
    for (size_t i = birth_start(m, p->birth); i < m->n; i++) {
        const fu_capture *c = m->ev->captures[m->by_birth[i]];
        fu_person q = person_of(c);
        if (c->birth != p->birth)
            break;
        if (!month_fits(c, month) || !fu_person_match(p, &q))
            continue;
        if (n < FU_MATCHES_MAX)
            out[n] = m->by_birth[i];
        n++;
    }
    return n;
}

/* A capture with the claim's カルテ番号 that does not match: worth a word when nobody is found. */
static void note_near(fu_match *m, const char *karte, const fu_person *p, int32_t month,
                      uint64_t claim)
{
    size_t lo = 0, hi = m->n;
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        if (strcmp(m->karte[m->by_karte[mid]], karte) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < m->n && strcmp(m->karte[m->by_karte[lo]], karte) == 0; lo++) {
        const fu_capture *c = m->ev->captures[m->by_karte[lo]];
        if (month_fits(c, month) && (c->birth == 0 || c->birth != p->birth))
            m->notes[m->by_karte[lo]].near = claim;
    }
}

/* The claim's カルテ番号 is folded here and not kept: memory must not grow with claims. */
static fu_status note_karte(fu_match *m, const fu_person *p, int32_t month, uint64_t claim,
                            fu_error *e)
{
    fu_buf b;
    fu_status st;
    fu_buf_init(&b, m->arena.mem, FU_CSV_ROW_BYTES_MAX * (size_t)4);
    st = fu_fold_width(&b, fu_span_str(p->karte));
    if (st == FU_OK && b.n > 0)
        note_near(m, fu_buf_cstr(&b), p, month, claim);
    st = b.status;
    fu_buf_free(&b);
    return st == FU_E_NOMEM ? fu_fail_nomem(e) : FU_OK;
}

static bool text_same(const char *a, const char *b)
{
    return !*a || !*b || fu_name_match(fu_span_str(a), fu_span_str(b));
}

/* Two claims that one capture fits: of one person, as far as they tell? */
static bool same_person(const fu_person *a, const fu_person *b)
{
    if (a->birth != b->birth || a->sex != b->sex)
        return false;
    if (*a->karte && *b->karte && !fu_width_match(fu_span_str(a->karte), fu_span_str(b->karte)))
        return false;
    return text_same(a->kana, b->kana) && text_same(a->name, b->name);
}

static void note_claim(fu_match *m, fu_match_note *note, const fu_person *p, uint64_t claim)
{
    if (note->n_claims == 0) {
        note->first = *p;
        note->first.karte = fu_arena_text(&m->arena, fu_span_str(p->karte));
        note->first.name = fu_arena_text(&m->arena, fu_span_str(p->name));
        note->first.kana = fu_arena_text(&m->arena, fu_span_str(p->kana));
        if (m->arena.failed)
            return;
    } else if (!same_person(&note->first, p)) {
        note->two_persons = true;
    }
    if (note->n_claims < FU_NOTED_MAX)
        note->claims[note->n_claims] = claim;
    note->n_claims++;
}

fu_status fu_match_note_claim(fu_match *m, const fu_person *p, int32_t month, uint64_t claim,
                              fu_error *e)
{
    uint32_t found[FU_MATCHES_MAX];
    size_t n = fu_match_find(m, p, month, found);
    for (size_t i = 0; i < n && i < FU_MATCHES_MAX; i++)
        note_claim(m, &m->notes[found[i]], p, claim);
    if (m->arena.failed)
        return fu_fail_nomem(e);
    return *p->karte ? note_karte(m, p, month, claim, e) : FU_OK;
}

void fu_match_forget(fu_match *m)
{
    for (size_t i = 0; m->ev && i < m->ev->n_captures; i++) {
        bool ever = m->notes[i].ever || m->notes[i].n_claims > 0;
        memset(&m->notes[i], 0, sizeof m->notes[i]);
        m->notes[i].ever = ever;
    }
}
