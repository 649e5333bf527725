#include "evidence/index.h"

#include "text/width.h"

#define WILDCARD "\xE2\x97\x8F" /* ● */

fu_status fu_index_init(fu_index *ix, const fu_mem *mem, size_t cap, uint64_t seed, fu_error *e)
{
    memset(ix, 0, sizeof *ix);
    ix->mem = mem;
    ix->seed = seed;
    ix->cap = cap ? cap : 1;
    ix->n_buckets = 16;
    while (ix->n_buckets < ix->cap)
        ix->n_buckets *= 2;
    ix->v = fu_alloc(mem, ix->cap * sizeof *ix->v);
    ix->buckets = fu_alloc(mem, ix->n_buckets * sizeof *ix->buckets);
    if (!ix->v || !ix->buckets) {
        fu_index_free(ix);
        return fu_fail_nomem(e);
    }
    memset(ix->buckets, 0xFF, ix->n_buckets * sizeof *ix->buckets);
    return FU_OK;
}

void fu_index_free(fu_index *ix)
{
    if (!ix->mem)
        return;
    fu_free(ix->mem, ix->v, ix->cap * sizeof *ix->v);
    fu_free(ix->mem, ix->buckets, ix->n_buckets * sizeof *ix->buckets);
    memset(ix, 0, sizeof *ix);
}

void fu_index_add(fu_index *ix, uint64_t key, uint32_t item)
{
    uint32_t *bucket = &ix->buckets[key & (ix->n_buckets - 1)];
    fu_index_entry entry = {key, item, *bucket};
    if (ix->n >= ix->cap) /* the caller counted wrong: losing one is better than writing beyond */
        return;
    *bucket = (uint32_t)ix->n;
    ix->v[ix->n++] = entry;
}

static uint32_t same_key(const fu_index *ix, uint32_t at, uint64_t key)
{
    while (at != FU_INDEX_NONE && ix->v[at].key != key)
        at = ix->v[at].next;
    return at;
}

uint32_t fu_index_first(const fu_index *ix, uint64_t key)
{
    return same_key(ix, ix->buckets[key & (ix->n_buckets - 1)], key);
}

uint32_t fu_index_next(const fu_index *ix, uint32_t at)
{
    return same_key(ix, ix->v[at].next, ix->v[at].key);
}

/* ---- Keys --------------------------------------------------------------------------------------
 */

static uint64_t mix(uint64_t h)
{
    h ^= h >> 33;
    h *= 0xFF51AFD7ED558CCDu;
    h ^= h >> 33;
    h *= 0xC4CEB9FE1A85EC53u;
    return h ^ h >> 33;
}

static uint64_t hash_bytes(uint64_t h, fu_span s)
{
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ s.p[i]) * 0x100000001B3u;
    return mix(h);
}

static uint64_t hash_number(uint64_t h, uint64_t n)
{
    return mix(h * 0x9E3779B97F4A7C15u ^ mix(n + 1));
}

uint64_t fu_index_text_key(const fu_index *ix, fu_span s)
{
    return hash_bytes(mix(ix->seed), s);
}

uint64_t fu_index_number_key(const fu_index *ix, uint64_t a, uint64_t b)
{
    return hash_number(hash_number(ix->seed, a), b);
}

enum key_kind { BY_KARTE = 1, BY_KANA, BY_NAME, BY_BIRTH, BY_HIDDEN };

typedef struct key_maker {
    const fu_index *ix;
    const fu_person *p;
    uint64_t group;
    bool store;
    fu_person_keys *out;
    fu_buf folded;
    bool failed;
} key_maker;

/* numbered, kana: whether who is stored has a カルテ番号, a kana name. */
static void put_key(key_maker *k, enum key_kind kind, bool numbered, bool kana, fu_span text)
{
    uint64_t h = hash_number(k->ix->seed, (uint64_t)kind * 4 + numbered * 2u + kana);
    h = hash_number(h, k->group);
    h = hash_number(h, (uint64_t)k->p->birth);
    if (kind != BY_KARTE)
        h = hash_number(h, (uint64_t)k->p->sex);
    k->out->v[k->out->n++] = hash_bytes(h, text);
}

/* Two who both have a カルテ番号 are compared by it and by nothing else, and by name only where one
 * has no kana: so many of one name are not even looked at by those they cannot match. */
static void put_keys(key_maker *k, enum key_kind kind, fu_span text)
{
    const fu_person *p = k->p;
    bool numbered = p->karte[0] != '\0', kana = kind == BY_NAME && p->kana[0];
    if (k->store) {
        put_key(k, kind, numbered, kana, text);
        return;
    }
    for (int n = 0; n <= !numbered; n++) {
        put_key(k, kind, n, false, text);
        if (kind == BY_NAME && !kana)
            put_key(k, kind, n, true, text);
    }
}

static void put_folded(key_maker *k, enum key_kind kind, const char *text)
{
    if (!text[0])
        return;
    fu_buf_reset(&k->folded);
    if (kind == BY_KARTE)
        fu_fold_width(&k->folded, fu_span_str(text));
    else
        fu_fold_name(&k->folded, fu_span_str(text));
    k->failed |= k->folded.status == FU_E_NOMEM; /* the next one resets it */
    if (kind == BY_KARTE)
        put_key(k, kind, true, false, fu_buf_view(&k->folded));
    else
        put_keys(k, kind, fu_buf_view(&k->folded));
}

static bool has_hidden(const fu_person *p)
{
    return strstr(p->kana, WILDCARD) || strstr(p->name, WILDCARD);
}

/* Names with ● equal many others: they are kept, and asked for, by birth and sex only. */
static fu_status make_keys(key_maker *k, fu_error *e)
{
    const fu_person *p = k->p;
    const fu_span none = fu_span_of(NULL, 0);
    k->out->n = 0;
    if (!p->birth)
        return FU_OK;
    fu_buf_init(&k->folded, k->ix->mem, FU_CSV_ROW_BYTES_MAX * (size_t)4);
    put_folded(k, BY_KARTE, p->karte);
    if (p->sex && (k->store || !has_hidden(p))) {
        put_folded(k, BY_KANA, p->kana);
        put_folded(k, BY_NAME, p->name);
    }
    if (p->sex && (k->store || has_hidden(p)))
        put_keys(k, BY_BIRTH, none);
    if (p->sex && (k->store ? has_hidden(p) : !has_hidden(p)))
        put_keys(k, BY_HIDDEN, none);
    fu_buf_free(&k->folded);
    return k->failed ? fu_fail_nomem(e) : FU_OK;
}

fu_status fu_person_keys_store(const fu_index *ix, const fu_person *p, uint64_t group,
                               fu_person_keys *out, fu_error *e)
{
    key_maker k = {.ix = ix, .p = p, .group = group, .store = true, .out = out};
    return make_keys(&k, e);
}

fu_status fu_person_keys_ask(const fu_index *ix, const fu_person *p, uint64_t group,
                             fu_person_keys *out, fu_error *e)
{
    key_maker k = {.ix = ix, .p = p, .group = group, .out = out};
    return make_keys(&k, e);
}
