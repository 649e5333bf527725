/* What the rows of all journals say together: which count, who is 不詳 again, and their order. */
#include <stdio.h>

#include "base/date.h"
#include "ledger/ledger.h"

/* ---- sorting: no recursion, no allocation, no bad case ---- */

typedef int compare_fn(const fu_ledger_row *a, const fu_ledger_row *b);

static void sift(fu_ledger_row **v, size_t i, size_t n, compare_fn *compare)
{
    for (size_t k; (k = 2 * i + 1) < n; i = k) {
        fu_ledger_row *t;
        if (k + 1 < n && compare(v[k], v[k + 1]) < 0)
            k++;
        if (compare(v[i], v[k]) >= 0)
            return;
        t = v[i];
        v[i] = v[k];
        v[k] = t;
    }
}

static void sort(fu_ledger_row **v, size_t n, compare_fn *compare)
{
    for (size_t i = n / 2; i-- > 0;)
        sift(v, i, n, compare);
    while (n > 1) {
        fu_ledger_row *t = v[0];
        v[0] = v[--n];
        v[n] = t;
        sift(v, 0, n, compare);
    }
}

static int by_number(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

/* When it was claimed. Of runs of one day the journal whose name sorts behind counts as the later:
 * names are all that does not depend on the order in which journals are added. */
static int by_time(const fu_ledger_row *a, const fu_ledger_row *b)
{
    int c = by_number((uint64_t)a->from->on, (uint64_t)b->from->on);
    return c ? c : strcmp(a->from->name, b->from->name);
}

/* Only rows that look alike in every way are equal. */
static int by_content(const fu_ledger_row *a, const fu_ledger_row *b)
{
    const char *const texts[][2] = {
        {a->from->institution, b->from->institution},
        {a->receipt_no, b->receipt_no},
        {a->karte, b->karte},
        {a->name, b->name},
        {a->kana, b->kana},
        {a->phone, b->phone},
        {a->reason, b->reason},
        {a->from->input, b->from->input},
    };
    const uint64_t numbers[][2] = {
        {a->claim, b->claim},
        {a->line, b->line},
        {(uint64_t)a->month, (uint64_t)b->month},
        {(uint64_t)a->birth, (uint64_t)b->birth},
        {(uint64_t)a->sex, (uint64_t)b->sex},
        {(uint64_t)a->route, (uint64_t)b->route},
        {(uint64_t)a->from->billed, (uint64_t)b->from->billed},
        {(uint64_t)a->from->payer, (uint64_t)b->from->payer},
    };
    int c = by_time(a, b);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && c == 0; i++)
        c = by_number(numbers[i][0], numbers[i][1]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && c == 0; i++)
        c = strcmp(texts[i][0], texts[i][1]);
    return c;
}

/* ---- the same claim, claimed again ---- */

/* Without these nobody can tell that two claims are one. */
static bool identified(const fu_ledger_row *r)
{
    return *r->from->institution && r->from->billed && r->month && *r->receipt_no;
}

/* 審査支払機関 and birth date besides: numbers of レセプト start anew in every file, and move when
 * a claim is taken out of it. */
static int by_identity(const fu_ledger_row *a, const fu_ledger_row *b)
{
    int c = strcmp(a->from->institution, b->from->institution);
    if (c == 0)
        c = by_number((uint64_t)a->from->billed, (uint64_t)b->from->billed);
    if (c == 0)
        c = by_number((uint64_t)a->from->payer, (uint64_t)b->from->payer);
    if (c == 0)
        c = by_number((uint64_t)a->month, (uint64_t)b->month);
    if (c == 0)
        c = strcmp(a->receipt_no, b->receipt_no);
    if (c == 0)
        c = strcmp(a->karte, b->karte);
    return c ? c : by_number((uint64_t)a->birth, (uint64_t)b->birth);
}

static int by_identity_and_time(const fu_ledger_row *a, const fu_ledger_row *b)
{
    int c = by_identity(a, b);
    return c ? c : by_content(a, b);
}

/* Of equal claims those of the last run count, all of them: within one file they are not one. */
static void supersede(fu_ledger *l)
{
    sort(l->rows, l->n_rows, by_identity_and_time);
    for (size_t end = l->n_rows; end > 0;) {
        const fu_ledger_row *last = l->rows[end - 1];
        size_t i = end;
        while (i > 0 &&
               (i == end || (identified(last) && by_identity(l->rows[i - 1], last) == 0))) {
            i--;
            l->rows[i]->superseded = l->rows[i]->from != last->from;
            l->n_superseded += l->rows[i]->superseded && l->rows[i]->route != FU_R_CURRENT;
        }
        end = i;
    }
}

/* ---- 不詳 again ---- */

static int by_month(const fu_ledger_row *a, const fu_ledger_row *b)
{
    int c = by_number((uint64_t)a->month, (uint64_t)b->month);
    return c ? c : by_content(a, b);
}

static fu_person person_of(const fu_ledger_row *r)
{
    fu_person p = {r->karte, r->name, r->kana, r->birth, r->sex};
    return p;
}

static uint64_t group_of(const fu_index *ix, const char *institution, int32_t month)
{
    char text[32];
    int n = snprintf(text, sizeof text, "%.10s %d", institution, (int)month);
    return fu_index_text_key(ix, fu_span_of(text, (size_t)n));
}

fu_status fu_ledger_before(const fu_ledger *l, const char *institution, const fu_person *p,
                           int32_t month, const fu_ledger_row **out, fu_error *e)
{
    int32_t before = fu_month_add(month, -1);
    fu_person_keys keys;
    size_t seen = 0;
    fu_status st;
    *out = NULL;
    if (l->persons.n == 0 || !*institution || !before)
        return FU_OK;
    st = fu_person_keys_ask(&l->persons, p, group_of(&l->persons, institution, before), &keys, e);
    for (size_t i = 0; st == FU_OK && i < keys.n; i++) {
        uint32_t at = fu_index_first(&l->persons, keys.v[i]);
        for (; at != FU_INDEX_NONE; at = fu_index_next(&l->persons, at)) {
            const fu_ledger_row *r = l->rows[l->persons.v[at].item];
            fu_person q = person_of(r);
            if (++seen > FU_NAMESAKES_MAX)
                return fu_ledger_limit(e, "FU_NAMESAKES_MAX", FU_NAMESAKES_MAX);
            if (r->month == before && strcmp(r->from->institution, institution) == 0 &&
                fu_person_match(p, &q) && (!*out || r->running > (*out)->running))
                *out = r;
        }
    }
    return st;
}

/* Rows come by month: whoever was there the month before is already counted. */
static fu_status count_months(fu_ledger *l, uint32_t i, fu_error *e)
{
    fu_ledger_row *r = l->rows[i];
    const fu_ledger_row *before;
    fu_person p = person_of(r);
    fu_person_keys keys;
    fu_status st = fu_ledger_before(l, r->from->institution, &p, r->month, &before, e);
    if (st != FU_OK)
        return st;
    r->running = before ? before->running + 1 : 1;
    if (!*r->from->institution)
        return FU_OK;
    st = fu_person_keys_store(&l->persons, &p,
                              group_of(&l->persons, r->from->institution, r->month), &keys, e);
    for (size_t k = 0; st == FU_OK && k < keys.n; k++)
        fu_index_add(&l->persons, keys.v[k], i);
    return st;
}

static fu_status find_running(fu_ledger *l, fu_error *e)
{
    uint64_t seed = (uint64_t)(uintptr_t)l ^ (uint64_t)(uintptr_t)l->rows << 17;
    fu_status st = fu_index_init(&l->persons, l->mem, l->n_rows * FU_PERSON_KEYS_MAX, seed, e);
    if (st != FU_OK)
        return st;
    sort(l->rows, l->n_rows, by_month);
    for (size_t i = 0; i < l->n_rows && st == FU_OK; i++)
        if (l->rows[i]->route == FU_R_FUSHO && !l->rows[i]->superseded)
            st = count_months(l, (uint32_t)i, e);
    return st;
}

/* ---- as it is shown ---- */

static int by_deadline(const fu_ledger_row *a, const fu_ledger_row *b)
{
    uint64_t x = a->deadline ? (uint64_t)a->deadline : UINT64_MAX;
    uint64_t y = b->deadline ? (uint64_t)b->deadline : UINT64_MAX;
    int c = by_number(x, y);
    if (c == 0)
        c = by_number((uint64_t)b->route, (uint64_t)a->route); /* 不詳 before 旧資格 */
    return c ? c : by_content(a, b);
}

static fu_status list(fu_ledger *l, fu_error *e)
{
    uint32_t numbers = 0;
    l->listed = fu_arena_alloc(&l->arena, l->n_rows * sizeof(fu_ledger_row *));
    if (!l->listed)
        return fu_ledger_no_room(l, e);
    for (size_t i = 0; i < l->n_rows; i++)
        if (l->rows[i]->route != FU_R_CURRENT && !l->rows[i]->superseded)
            l->listed[l->n_listed++] = l->rows[i];
    sort(l->listed, l->n_listed, by_deadline);
    for (size_t i = 0; i < l->n_listed; i++)
        if (l->listed[i]->from->number == 0)
            l->listed[i]->from->number = ++numbers;
    return FU_OK;
}

/* What an earlier finish has left behind. */
static void forget(fu_ledger *l)
{
    fu_index_free(&l->persons);
    l->listed = NULL;
    l->n_listed = l->n_superseded = 0;
    for (size_t i = 0; i < l->n_rows; i++) {
        l->rows[i]->running = 0;
        l->rows[i]->from->number = 0;
    }
}

fu_status fu_ledger_finish(fu_ledger *l, fu_error *e)
{
    fu_status st;
    if (l->finished)
        return FU_OK;
    forget(l);
    supersede(l);
    st = l->n_rows ? find_running(l, e) : FU_OK;
    if (st == FU_OK && l->n_rows)
        st = list(l, e);
    l->finished = st == FU_OK;
    return st;
}
