#include "evidence/match.h"

#include "text/width.h"

static fu_person person_of(const fu_capture *c)
{
    fu_person p = {c->karte, c->name, c->kana, c->birth, c->sex};
    return p;
}

static bool month_fits(const fu_capture *c, int32_t month)
{
    return c->month ? c->month == month : c->unusable;
}

/* ---- building ---- */

static fu_status fold_karte(fu_buf *b, const fu_mem *mem, const char *karte, fu_error *e)
{
    fu_buf_init(b, mem, FU_CSV_ROW_BYTES_MAX * (size_t)4);
    fu_fold_width(b, fu_span_str(karte));
    return b->status == FU_E_NOMEM ? fu_fail_nomem(e) : FU_OK;
}

static fu_status add_karte(fu_match *m, uint32_t i, fu_error *e)
{
    fu_buf b;
    fu_status st = fold_karte(&b, m->arena.mem, m->ev->captures[i]->karte, e);
    if (st == FU_OK && b.n > 0)
        fu_index_add(&m->kartes, fu_index_text_key(&m->kartes, fu_buf_view(&b)), i);
    fu_buf_free(&b);
    return st;
}

/* The word of the filter for that day and month, and two bits in it. */
static uint64_t *day(const fu_match *m, int32_t birth, int32_t month, uint64_t *bits)
{
    uint64_t key = fu_index_number_key(&m->persons, (uint64_t)month, (uint64_t)birth);
    *bits = UINT64_C(1) << (key >> 58) | UINT64_C(1) << (key >> 52 & 63);
    return &m->days[(size_t)key & (m->day_words - 1)];
}

static bool has_day(const fu_match *m, int32_t birth, int32_t month)
{
    uint64_t bits, *word = day(m, birth, month, &bits);
    return (*word & bits) == bits;
}

static fu_status add_person(fu_match *m, uint32_t i, fu_error *e)
{
    const fu_capture *c = m->ev->captures[i];
    fu_person p = person_of(c);
    fu_person_keys keys;
    uint64_t bits, *word = day(m, c->birth, c->month, &bits);
    fu_status st;
    if (!c->birth || (!c->month && !c->unusable))
        return FU_OK; /* fits no claim */
    st = fu_person_keys_store(&m->persons, &p, (uint64_t)c->month, &keys, e);
    for (size_t k = 0; st == FU_OK && k < keys.n; k++)
        fu_index_add(&m->persons, keys.v[k], i);
    *word |= bits;
    m->monthless |= c->month == 0;
    return st;
}

/* Room of the size that `n` captures need; a filter of a word for two captures seldom errs. */
static fu_status make_room(fu_match *m, const fu_mem *mem, size_t n, fu_error *e)
{
    uint64_t seed;
    fu_status st;
    fu_arena_init(&m->arena, mem, SIZE_MAX / 2);
    for (m->day_words = 1; m->day_words < n / 2;)
        m->day_words *= 2;
    m->notes = fu_arena_alloc(&m->arena, n * sizeof *m->notes + 1);
    m->days = fu_arena_alloc(&m->arena, m->day_words * sizeof *m->days);
    if (m->arena.failed)
        return fu_fail_nomem(e);
    seed = (uint64_t)(uintptr_t)m->notes ^ (uint64_t)(uintptr_t)m->ev << 17;
    st = fu_index_init(&m->persons, mem, n * FU_PERSON_KEYS_MAX, seed, e);
    return st == FU_OK ? fu_index_init(&m->kartes, mem, n, seed, e) : st;
}

fu_status fu_match_build(fu_match *m, const fu_mem *mem, const fu_evidence *ev, fu_error *e)
{
    fu_status st;
    memset(m, 0, sizeof *m);
    m->ev = ev;
    st = make_room(m, mem, ev->n_captures, e);
    /* From the last on: of equal keys the one added last is found first. */
    for (size_t i = ev->n_captures; st == FU_OK && i-- > 0;) {
        if (ev->captures[i]->joined)
            continue;
        m->n++;
        st = add_karte(m, (uint32_t)i, e);
        if (st == FU_OK)
            st = add_person(m, (uint32_t)i, e);
    }
    return st;
}

void fu_match_free(fu_match *m)
{
    if (m->arena.mem)
        fu_arena_free(&m->arena);
    fu_index_free(&m->persons);
    fu_index_free(&m->kartes);
    memset(m, 0, sizeof *m);
}

/* ---- looking up ---- */

bool fu_match_may(const fu_match *m, int32_t birth, int32_t month)
{
    if (m->n == 0 || !birth)
        return false;
    return has_day(m, birth, month) || (m->monthless && has_day(m, birth, 0));
}

typedef struct candidates { /* lists of capture numbers, each ascending */
    uint32_t at[2 * FU_PERSON_ASKED_MAX];
    size_t n;
} candidates;

static fu_status ask(const fu_match *m, const fu_person *p, int32_t month, candidates *c,
                     fu_error *e)
{
    fu_person_keys keys;
    fu_status st = fu_person_keys_ask(&m->persons, p, (uint64_t)month, &keys, e);
    for (size_t i = 0; st == FU_OK && i < keys.n; i++)
        c->at[c->n++] = fu_index_first(&m->persons, keys.v[i]);
    return st;
}

/* The lowest number that is left in any of the lists, which all go behind it. */
static bool next_candidate(const fu_index *ix, candidates *c, uint32_t *item)
{
    bool any = false;
    for (size_t i = 0; i < c->n; i++)
        if (c->at[i] != FU_INDEX_NONE && (!any || ix->v[c->at[i]].item < *item)) {
            *item = ix->v[c->at[i]].item;
            any = true;
        }
    for (size_t i = 0; any && i < c->n; i++)
        while (c->at[i] != FU_INDEX_NONE && ix->v[c->at[i]].item == *item)
            c->at[i] = fu_index_next(ix, c->at[i]);
    return any;
}

fu_status fu_match_find(const fu_match *m, const fu_person *p, int32_t month,
                        uint32_t out[FU_MATCHES_MAX], size_t *n, fu_error *e)
{
    candidates c = {{0}, 0};
    uint32_t i = 0;
    fu_status st;
    *n = 0;
    if (!fu_match_may(m, p->birth, month))
        return FU_OK;
    st = ask(m, p, month, &c, e);
    if (st == FU_OK && month && m->monthless)
        st = ask(m, p, 0, &c, e);
    while (st == FU_OK && next_candidate(&m->persons, &c, &i)) {
        fu_person q = person_of(m->ev->captures[i]);
        if (!month_fits(m->ev->captures[i], month) || !fu_person_match(p, &q))
            continue;
        if (*n < FU_MATCHES_MAX)
            out[*n] = i;
        ++*n;
    }
    return st;
}

/* ---- notes ---- */

/* A capture with the claim's カルテ番号 that does not match: worth a word when nobody is found. */
static void note_near(fu_match *m, fu_span karte, const fu_person *p, int32_t month, uint64_t claim)
{
    uint32_t at = fu_index_first(&m->kartes, fu_index_text_key(&m->kartes, karte));
    for (; at != FU_INDEX_NONE; at = fu_index_next(&m->kartes, at)) {
        uint32_t i = m->kartes.v[at].item;
        const fu_capture *c = m->ev->captures[i];
        if (month_fits(c, month) && (c->birth == 0 || c->birth != p->birth) &&
            fu_width_match(karte, fu_span_str(c->karte)))
            m->notes[i].near = claim;
    }
}

/* The claim's カルテ番号 is folded here and not kept: memory must not grow with claims. */
static fu_status note_karte(fu_match *m, const fu_person *p, int32_t month, uint64_t claim,
                            fu_error *e)
{
    fu_buf b;
    fu_status st = fold_karte(&b, m->arena.mem, p->karte, e);
    if (st == FU_OK && b.n > 0)
        note_near(m, fu_buf_view(&b), p, month, claim);
    fu_buf_free(&b);
    return st;
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

/* 77777777 and 77777779 are an insurer as any other: what stands beside them is held. */
static void note_insurer(fu_match_note *note, fu_span insurer, bool kouki)
{
    fu_span s = fu_span_trim_zeros(fu_span_trim(insurer));
    if (s.n == 0 || s.n > FU_INSURER_DIGITS)
        return;
    if (fu_insurer_is_fusho(s))
        s = fu_span_str(FU_FUSHO_NUMBER);
    if (note->insurer[kouki].n == 0) {
        memcpy(note->insurer[kouki].first, s.p, s.n);
        note->insurer[kouki].n = s.n;
    } else if (!fu_span_eq(fu_span_of(note->insurer[kouki].first, note->insurer[kouki].n), s)) {
        note->insurer[kouki].several = true;
    }
}

static void note_claim(fu_match *m, fu_match_note *note, const fu_match_claim *c)
{
    const fu_person *p = &c->who;
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
    note_insurer(note, c->insurer, c->kouki);
    if (note->n_claims < FU_NOTED_MAX)
        note->claims[note->n_claims] = c->number;
    note->n_claims++;
}

fu_status fu_match_note_claim(fu_match *m, const fu_match_claim *c, fu_error *e)
{
    uint32_t found[FU_MATCHES_MAX];
    size_t n;
    fu_status st = fu_match_find(m, &c->who, c->month, found, &n, e);
    if (st != FU_OK)
        return st;
    for (size_t i = 0; i < n && i < FU_MATCHES_MAX; i++)
        note_claim(m, &m->notes[found[i]], c);
    if (m->arena.failed)
        return fu_fail_nomem(e);
    if (m->n == 0)
        return FU_OK;
    return *c->who.karte ? note_karte(m, &c->who, c->month, c->number, e) : FU_OK;
}

void fu_match_forget(fu_match *m)
{
    for (size_t i = 0; m->ev && i < m->ev->n_captures; i++) {
        bool ever = m->notes[i].ever || m->notes[i].n_claims > 0;
        memset(&m->notes[i], 0, sizeof m->notes[i]);
        m->notes[i].ever = ever;
    }
}
