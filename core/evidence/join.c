#include "evidence/join.h"

#include "evidence/index.h"
#include "text/width.h"

bool fu_person_match(const fu_person *a, const fu_person *b)
{
    if (!a->birth || a->birth != b->birth)
        return false;
    if (a->karte[0] && b->karte[0])
        return fu_width_match(fu_span_str(a->karte), fu_span_str(b->karte));
    if (!a->sex || a->sex != b->sex)
        return false;
    if (a->kana[0] && b->kana[0])
        return fu_name_match(fu_span_str(a->kana), fu_span_str(b->kana));
    return a->name[0] && b->name[0] && fu_name_match(fu_span_str(a->name), fu_span_str(b->name));
}

typedef struct namer { /* a capture that names a response */
    fu_capture *c;
    uint32_t capture;
    struct namer *next;
} namer;

typedef struct group { /* responses of one person and month that no capture takes */
    fu_person person;
    int32_t month;
    fu_links links;
} group;

typedef struct join {
    fu_evidence *ev;
    fu_error *e;
    uint64_t seed;
    fu_arena tmp;
    fu_response **by_time;
    fu_links *of_capture; /* for each capture */
    namer **namers;       /* for each response */
    group *groups;
    size_t n_groups, cap_groups;
    fu_index files;    /* base name -> first response of the file */
    fu_index persons;  /* persons of files with several */
    fu_index captures; /* persons of captures from the desk */
    fu_index leaders;  /* persons of groups */
} join;

static fu_status tmp_failed(const join *j)
{
    if (j->tmp.max - j->tmp.used <= j->tmp.max / 16)
        return fu_fail_limit(j->e, "FU_EVIDENCE_BYTES_MAX", FU_EVIDENCE_BYTES_MAX);
    return fu_fail_nomem(j->e);
}

/* ---- Order of the answers ----------------------------------------------------------------------
 */

static bool answered_before(const fu_response *a, const fu_response *b)
{
    if (a->executed != b->executed)
        return a->executed < b->executed;
    if (a->c.check_day != b->c.check_day)
        return a->c.check_day < b->c.check_day;
    return a->order < b->order;
}

static void merge_runs(fu_response **to, fu_response *const *from, size_t lo, size_t mid, size_t hi)
{
    size_t a = lo, b = mid;
    for (size_t i = lo; i < hi; i++) {
        if (a < mid && (b == hi || !answered_before(from[b], from[a])))
            to[i] = from[a++];
        else
            to[i] = from[b++];
    }
}

/* Merge sort from small runs to large ones; qsort would allocate behind our back. */
static fu_status sort_by_time(join *j)
{
    size_t n = j->ev->n_responses, bytes = n * sizeof(fu_response *);
    fu_response **a = fu_arena_alloc(&j->tmp, bytes), **b = fu_arena_alloc(&j->tmp, bytes);
    if (!a || !b)
        return tmp_failed(j);
    if (n)
        memcpy(a, j->ev->responses, bytes);
    for (size_t width = 1; width < n; width *= 2) {
        fu_response **swap = a;
        for (size_t lo = 0; lo < n; lo += 2 * width) {
            size_t mid = lo + width < n ? lo + width : n;
            merge_runs(b, a, lo, mid, mid + width < n ? mid + width : n);
        }
        a = b;
        b = swap;
    }
    j->by_time = a;
    return FU_OK;
}

/* ---- Ids ---------------------------------------------------------------------------------------
 */

/* Ids are one each in a file; the desk's computers each number theirs from 1. */
static bool id_taken(const join *j, const fu_index *ids, uint64_t key, const fu_capture *c)
{
    for (uint32_t at = fu_index_first(ids, key); at != FU_INDEX_NONE; at = fu_index_next(ids, at)) {
        const fu_capture *other = j->ev->captures[ids->v[at].item];
        if (strcmp(other->id, c->id) == 0 && strcmp(other->file, c->file) == 0)
            return true;
    }
    return false;
}

static fu_status check_ids(join *j)
{
    fu_evidence *ev = j->ev;
    fu_index ids;
    fu_status st = fu_index_init(&ids, ev->mem, ev->n_captures, j->seed, j->e);
    for (size_t i = 0; st == FU_OK && i < ev->n_captures; i++) {
        fu_capture *c = ev->captures[i];
        fu_build b = {.ev = ev, .file = c->file, .c = c, .line = c->line};
        uint64_t key = fu_index_text_key(&ids, fu_span_str(c->id));
        if (c->origin == FU_FROM_RESPONSE || !c->id[0])
            continue;
        if (id_taken(j, &ids, key, c))
            fu_build_wrong(&b, "id", fu_span_str(c->id), "1つの記録に1つずつ");
        else
            fu_index_add(&ids, key, (uint32_t)i);
    }
    fu_index_free(&ids);
    return st;
}

/* ---- Indexes -----------------------------------------------------------------------------------
 */

static void store(fu_index *ix, const fu_person_keys *keys, uint32_t item)
{
    for (size_t i = 0; i < keys->n; i++)
        fu_index_add(ix, keys->v[i], item);
}

static fu_status index_responses(join *j)
{
    fu_evidence *ev = j->ev;
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < ev->n_responses; i++) {
        const fu_response *r = ev->responses[i];
        fu_person p = fu_capture_person(&r->c);
        fu_person_keys keys;
        if (r->first == i)
            fu_index_add(&j->files, fu_index_text_key(&j->files, fu_span_str(r->base)),
                         (uint32_t)i);
        if (r->n_file == 1)
            continue;
        st = fu_person_keys_store(&j->persons, &p, r->first, &keys, j->e);
        if (st == FU_OK)
            store(&j->persons, &keys, (uint32_t)i);
    }
    return st;
}

static fu_status index_captures(join *j)
{
    fu_evidence *ev = j->ev;
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < ev->n_captures; i++) {
        const fu_capture *c = ev->captures[i];
        fu_person p = fu_capture_person(c);
        fu_person_keys keys;
        if (c->origin == FU_FROM_RESPONSE || !c->month)
            continue;
        st = fu_person_keys_store(&j->captures, &p, (uint64_t)c->month, &keys, j->e);
        if (st == FU_OK)
            store(&j->captures, &keys, (uint32_t)i);
    }
    return st;
}

/* ---- Responses that a capture names ------------------------------------------------------------
 */

/* The same pair is seen once for every key it shares. */
static fu_status name_response(join *j, uint32_t capture, fu_response *r)
{
    namer **list = &j->namers[r->order], *n;
    if (*list && (*list)->capture == capture)
        return FU_OK;
    n = fu_arena_alloc(&j->tmp, sizeof *n);
    if (!n)
        return tmp_failed(j);
    n->c = j->ev->captures[capture];
    n->capture = capture;
    n->next = *list;
    *list = n;
    r->named = true;
    return FU_OK;
}

/* The person's results in a file that holds several. */
static fu_status name_in_file(join *j, uint32_t capture, size_t first, bool *found)
{
    fu_person p = fu_capture_person(j->ev->captures[capture]);
    fu_person_keys keys;
    fu_status st = fu_person_keys_ask(&j->persons, &p, first, &keys, j->e);
    for (size_t i = 0; st == FU_OK && i < keys.n; i++) {
        uint32_t at = fu_index_first(&j->persons, keys.v[i]);
        for (; st == FU_OK && at != FU_INDEX_NONE; at = fu_index_next(&j->persons, at)) {
            fu_response *r = j->ev->responses[j->persons.v[at].item];
            fu_person q = fu_capture_person(&r->c);
            if (r->first != first || !fu_person_match(&p, &q))
                continue;
            *found = true;
            st = name_response(j, capture, r);
        }
    }
    return st;
}

/* A capture that names a file vouches for it, also under another numbering; but not for somebody
 * who shares the birthday only, such as a twin. */
static bool somebody_else(const fu_capture *a, const fu_capture *b)
{
    bool numbered = a->karte[0] && b->karte[0];
    bool by_kana = a->kana[0] && b->kana[0], by_name = a->name[0] && b->name[0];
    const char *x = by_kana ? a->kana : a->name, *y = by_kana ? b->kana : b->name;
    if (a->birth && b->birth && a->birth != b->birth)
        return true;
    if (numbered && fu_width_match(fu_span_str(a->karte), fu_span_str(b->karte)))
        return false;
    if (a->sex && b->sex && a->sex != b->sex)
        return true;
    return by_kana || by_name ? !fu_name_match(fu_span_str(x), fu_span_str(y)) : numbered;
}

static fu_status name_file(join *j, uint32_t capture, fu_response *r, bool *found)
{
    const fu_capture *c = j->ev->captures[capture];
    if (r->n_file > 1)
        return name_in_file(j, capture, r->first, found);
    if (r->skipped) {
        *found = true; /* E510 was said about it */
        return FU_OK;
    }
    if (somebody_else(c, &r->c))
        return FU_OK;
    *found = true;
    return name_response(j, capture, r);
}

static fu_status follow_name(join *j, uint32_t capture)
{
    fu_evidence *ev = j->ev;
    fu_capture *c = ev->captures[capture];
    fu_build b = {.ev = ev, .file = c->file, .c = c, .line = c->line};
    fu_span base = fu_base_name(c->response);
    uint32_t at = fu_index_first(&j->files, fu_index_text_key(&j->files, base));
    bool there = false, found = false;
    fu_status st = FU_OK;
    for (; st == FU_OK && at != FU_INDEX_NONE; at = fu_index_next(&j->files, at)) {
        fu_response *r = ev->responses[j->files.v[at].item];
        if (!fu_span_is(base, r->base))
            continue;
        there = true;
        st = name_file(j, capture, r, &found);
    }
    if (st == FU_OK && !there)
        fu_build_finding(&b, FU_E506, "response", fu_span_str(c->response));
    else if (st == FU_OK && !found) /* it is about somebody else */
        fu_build_finding(&b, FU_E505, "response", fu_span_str(c->response));
    return st;
}

static fu_status follow_names(join *j)
{
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < j->ev->n_captures; i++) {
        if (j->ev->captures[i]->response[0])
            st = follow_name(j, (uint32_t)i);
    }
    return st;
}

/* ---- Where a response goes ---------------------------------------------------------------------
 */

static fu_status link_to(join *j, fu_links *list, fu_response *r, bool named)
{
    fu_link *l = fu_arena_alloc(&j->tmp, sizeof *l);
    if (!l)
        return tmp_failed(j);
    l->r = r;
    l->named = named;
    if (list->last)
        list->last->next = l;
    else
        list->first = l;
    list->last = l;
    return FU_OK;
}

typedef fu_person person_of(const join *j, uint32_t item, int32_t *month);

static fu_person person_of_capture(const join *j, uint32_t item, int32_t *month)
{
    *month = j->ev->captures[item]->month;
    return fu_capture_person(j->ev->captures[item]);
}

static fu_person person_of_group(const join *j, uint32_t item, int32_t *month)
{
    *month = j->groups[item].month;
    return j->groups[item].person;
}

/* The one item of the index that is this person in this month; *several if there are more. */
static fu_status find_person(join *j, const fu_index *ix, person_of *of, const fu_capture *c,
                             uint32_t *out, bool *several)
{
    fu_person p = fu_capture_person(c), q;
    fu_person_keys keys;
    int32_t month;
    size_t seen = 0;
    fu_status st = fu_person_keys_ask(ix, &p, (uint64_t)c->month, &keys, j->e);
    *out = FU_INDEX_NONE;
    *several = false;
    for (size_t i = 0; st == FU_OK && i < keys.n; i++) {
        uint32_t at = fu_index_first(ix, keys.v[i]);
        for (; at != FU_INDEX_NONE; at = fu_index_next(ix, at)) {
            uint32_t item = ix->v[at].item;
            if (++seen > FU_NAMESAKES_MAX)
                return fu_fail_limit(j->e, "FU_NAMESAKES_MAX", FU_NAMESAKES_MAX);
            q = of(j, item, &month);
            if (item == *out || month != c->month || !fu_person_match(&p, &q))
                continue;
            *several = *out != FU_INDEX_NONE;
            if (*several)
                return FU_OK;
            *out = item;
        }
    }
    return st;
}

/* What a further response tells about the person makes the group easier to find. */
static fu_status widen_group(join *j, uint32_t at, const fu_capture *c)
{
    fu_person *p = &j->groups[at].person, before = *p;
    fu_person_keys keys;
    fu_status st;
    p->karte = p->karte[0] ? p->karte : c->karte;
    p->name = p->name[0] ? p->name : c->name;
    p->kana = p->kana[0] ? p->kana : c->kana;
    p->sex = p->sex ? p->sex : c->sex;
    if (p->karte == before.karte && p->name == before.name && p->kana == before.kana &&
        p->sex == before.sex)
        return FU_OK;
    st = fu_person_keys_store(&j->leaders, p, (uint64_t)c->month, &keys, j->e);
    if (st == FU_OK)
        store(&j->leaders, &keys, at);
    return st;
}

static fu_status new_group(join *j, fu_response *r, bool findable)
{
    group *g = fu_arena_grow(&j->tmp, j->groups, j->n_groups, &j->cap_groups, sizeof *g);
    uint32_t at = (uint32_t)j->n_groups;
    fu_person_keys keys;
    fu_status st;
    if (!g)
        return tmp_failed(j);
    j->groups = g;
    memset(&g[at], 0, sizeof g[at]);
    g[at].person = fu_capture_person(&r->c);
    g[at].month = r->c.month;
    j->n_groups++;
    st = link_to(j, &g[at].links, r, false);
    if (st != FU_OK || !findable)
        return st;
    st = fu_person_keys_store(&j->leaders, &g[at].person, (uint64_t)r->c.month, &keys, j->e);
    if (st == FU_OK)
        store(&j->leaders, &keys, at);
    return st;
}

static fu_status place_alone(join *j, fu_response *r)
{
    uint32_t at;
    bool several;
    fu_status st = find_person(j, &j->leaders, person_of_group, &r->c, &at, &several);
    if (st != FU_OK)
        return st;
    if (several || at == FU_INDEX_NONE || !r->c.month)
        return new_group(j, r, !several && r->c.month != 0);
    st = link_to(j, &j->groups[at].links, r, false);
    return st == FU_OK ? widen_group(j, at, &r->c) : st;
}

static fu_status place_unnamed(join *j, fu_response *r)
{
    fu_build b = {.ev = j->ev, .file = r->c.file, .line = r->c.line};
    uint32_t at;
    bool several;
    fu_status st;
    if (!r->person) {
        if (r->c.outcome != FU_OUT_ERROR) /* that one had its E510 */
            fu_build_finding(&b, FU_E506, "Birthdate、ReferenceNumber", fu_span_of(NULL, 0));
        return FU_OK;
    }
    st = find_person(j, &j->captures, person_of_capture, &r->c, &at, &several);
    if (st != FU_OK)
        return st;
    if (!several && at != FU_INDEX_NONE && r->c.month)
        return link_to(j, &j->of_capture[at], r, false);
    return place_alone(j, r);
}

static fu_status place_all(join *j)
{
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < j->ev->n_responses; i++) {
        fu_response *r = j->by_time[i];
        if (r->skipped)
            continue;
        if (!r->named)
            st = place_unnamed(j, r);
        for (const namer *n = j->namers[r->order]; st == FU_OK && n; n = n->next)
            st = link_to(j, &j->of_capture[n->capture], r, true);
    }
    return st;
}

/* ---- All together ------------------------------------------------------------------------------
 */

static fu_status merge_all(join *j)
{
    fu_evidence *ev = j->ev;
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < ev->n_captures; i++) {
        if (j->of_capture[i].first)
            st = fu_merge_into(ev, ev->captures[i], &j->of_capture[i], j->e);
    }
    for (size_t i = 0; st == FU_OK && i < j->n_groups; i++)
        st = fu_merge_alone(ev, &j->groups[i].links, j->e);
    for (size_t i = 0; st == FU_OK && i < ev->n_captures; i++) {
        if (!ev->captures[i]->joined)
            fu_contradictions(ev, ev->captures[i]);
    }
    return st;
}

static fu_status prepare(join *j)
{
    const fu_evidence *ev = j->ev;
    size_t keys = ev->n_responses * FU_PERSON_KEYS_MAX;
    size_t stored = ev->n_captures * FU_PERSON_KEYS_MAX;
    fu_status st = fu_index_init(&j->files, ev->mem, ev->n_responses, j->seed, j->e);
    if (st == FU_OK)
        st = fu_index_init(&j->persons, ev->mem, keys, j->seed, j->e);
    if (st == FU_OK)
        st = fu_index_init(&j->captures, ev->mem, stored, j->seed, j->e);
    if (st == FU_OK)
        st = fu_index_init(&j->leaders, ev->mem, keys, j->seed, j->e);
    if (st != FU_OK)
        return st;
    j->of_capture = fu_arena_alloc(&j->tmp, ev->n_captures * sizeof *j->of_capture);
    j->namers = fu_arena_alloc(&j->tmp, ev->n_responses * sizeof *j->namers);
    return j->of_capture && j->namers ? FU_OK : tmp_failed(j);
}

static fu_status run(join *j)
{
    static fu_status (*const STEPS[])(join *) = {prepare,         sort_by_time,   check_ids,
                                                 index_responses, index_captures, follow_names,
                                                 place_all,       merge_all};
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < sizeof STEPS / sizeof *STEPS; i++)
        st = STEPS[i](j);
    return st == FU_OK ? fu_evidence_memory(j->ev, j->e) : st;
}

fu_status fu_evidence_join(fu_evidence *ev, fu_error *e)
{
    join j;
    fu_status st;
    memset(&j, 0, sizeof j);
    j.ev = ev;
    j.e = e;
    j.seed = (uint64_t)(uintptr_t)ev ^ (uint64_t)(uintptr_t)ev->arena.head << 17;
    fu_arena_init(&j.tmp, ev->mem, FU_EVIDENCE_BYTES_MAX);
    st = run(&j);
    fu_index_free(&j.files);
    fu_index_free(&j.persons);
    fu_index_free(&j.captures);
    fu_index_free(&j.leaders);
    fu_arena_free(&j.tmp);
    if (st == FU_E_LIMIT && e)
        fu_copy_text(e->code, sizeof e->code, "E513");
    return st;
}
