#include "ledger/ledger.h"

#include "base/date.h"
#include "journal/journal.h"
#include "ledger/json_read.h"

void fu_ledger_init(fu_ledger *l, const fu_mem *mem)
{
    memset(l, 0, sizeof *l);
    l->mem = mem;
    fu_arena_init(&l->arena, mem, FU_LEDGER_BYTES_MAX);
}

void fu_ledger_free(fu_ledger *l)
{
    const fu_mem *mem = l->mem;
    fu_index_free(&l->persons);
    fu_arena_free(&l->arena);
    fu_ledger_init(l, mem);
}

/* ---- failures ---- */

fu_status fu_ledger_limit(fu_error *e, const char *name, uint64_t max)
{
    fu_fail_limit(e, name, max);
    if (e)
        fu_copy_text(e->code, sizeof e->code, "E513");
    return FU_E_LIMIT;
}

fu_status fu_ledger_no_room(const fu_ledger *l, fu_error *e)
{
    /* The arena does not say which of the two it was: a list that doubles asks for much at once. */
    if (l->arena.used >= l->arena.max / 3)
        return fu_ledger_limit(e, "FU_LEDGER_BYTES_MAX", l->arena.max);
    return fu_fail_nomem(e);
}

static fu_status not_ours(fu_error *e)
{
    fu_fail(e, FU_E_INPUT, "S703", "控え（.fusho）に、この版の fusho で読めない内容があります。",
            "the journal holds what no version of fusho wrote");
    fu_error_hint(e, "控えをコピーし直すか、そのファイルを外して、もう一度実行してください。");
    return FU_E_INPUT;
}

/* ---- META ---- */

/* One journal on its way into the ledger. */
typedef struct adding {
    fu_ledger *l;
    fu_ledger_journal *j;
    fu_ledger_row *row; /* the claim being read */
    fu_buf text;
    unsigned seen;    /* members of it, by their position in MEMBERS */
    bool is_claim;    /* "type" says so */
    fu_status status; /* why a member was refused, other than by its value */
} adding;

static const char *keep(adding *a, fu_span text)
{
    const char *t = fu_arena_text(&a->l->arena, text);
    return t ? t : "";
}

/* A key's value in a->text, empty where there is none. */
static fu_span meta(adding *a, fu_span all, const char *key)
{
    fu_buf_reset(&a->text);
    if (fu_journal_meta_value(all, key, &a->text) != FU_OK && a->text.status != FU_OK)
        a->status = a->text.status;
    return fu_buf_view(&a->text);
}

static fu_status take_meta(void *ctx, fu_span all, fu_error *e)
{
    adding *a = ctx;
    fu_span v = meta(a, all, "institution");
    bool good = v.n == 0 || (v.n == 10 && fu_span_digits(v));
    a->j->institution = keep(a, v);
    v = meta(a, all, "billed");
    a->j->billed = fu_month_from_digits(v);
    good = good && (v.n == 0 || (v.n == 6 && a->j->billed));
    v = meta(a, all, "payer");
    a->j->payer = v.n == 1 ? v.p[0] - '0' : 0;
    good = good && (v.n == 0 || a->j->payer == 1 || a->j->payer == 2);
    v = meta(a, all, "today");
    a->j->on = fu_day_from_iso(v);
    good = good && (v.n == 0 || (v.n == 10 && a->j->on));
    a->j->input = keep(a, meta(a, all, "input"));
    if (a->l->arena.failed || a->status != FU_OK)
        return fu_ledger_no_room(a->l, e);
    return good ? FU_OK : not_ours(e);
}

/* ---- CLAM ---- */

typedef bool setter(adding *a, const fu_json_value *v, size_t offset);

static fu_span text_of(adding *a, const fu_json_value *v)
{
    fu_buf_reset(&a->text);
    if (fu_json_unescape(&a->text, v->raw) != FU_OK)
        a->status = a->text.status;
    return fu_buf_view(&a->text);
}

static bool set_type(adding *a, const fu_json_value *v, size_t offset)
{
    (void)offset;
    a->is_claim = v->kind == FU_JSON_TEXT && fu_span_is(text_of(a, v), "claim");
    return a->is_claim;
}

static bool set_route(adding *a, const fu_json_value *v, size_t offset)
{
    fu_span word;
    (void)offset;
    if (v->kind != FU_JSON_TEXT)
        return false;
    word = text_of(a, v);
    for (int i = 0; i < FU_R_COUNT; i++)
        if (fu_span_is(word, fu_route_rows[i].word))
            a->row->route = (fu_route)i;
    return a->row->route == FU_R_CURRENT || a->row->route == FU_R_KYUSHIKAKU ||
           a->row->route == FU_R_FUSHO;
}

static bool set_text(adding *a, const fu_json_value *v, size_t offset)
{
    const char *t;
    if (v->kind != FU_JSON_TEXT)
        return false;
    t = keep(a, text_of(a, v));
    memcpy((char *)a->row + offset, &t, sizeof t);
    return true;
}

static bool set_number(adding *a, const fu_json_value *v, size_t offset)
{
    uint64_t n = 0;
    bool good = v->kind == FU_JSON_NUMBER && fu_span_number(v->raw, &n);
    memcpy((char *)a->row + offset, &n, sizeof n);
    return good;
}

static bool set_day(adding *a, const fu_json_value *v, size_t offset)
{
    int32_t day = v->kind == FU_JSON_TEXT && v->raw.n == 10 ? fu_day_from_iso(v->raw) : 0;
    memcpy((char *)a->row + offset, &day, sizeof day);
    return day != 0;
}

/* As it was recorded: whatever stood there was claimed. */
static bool set_month(adding *a, const fu_json_value *v, size_t offset)
{
    (void)offset;
    a->row->month = fu_month_from_digits(v->raw);
    return v->kind == FU_JSON_TEXT;
}

static bool set_sex(adding *a, const fu_json_value *v, size_t offset)
{
    (void)offset;
    a->row->sex = fu_span_is(v->raw, "1") ? 1 : fu_span_is(v->raw, "2") ? 2 : 0;
    return v->kind == FU_JSON_NUMBER;
}

#define TEXT(key)                                    \
    {                                                \
#key, set_text, offsetof(fu_ledger_row, key) \
    }
static const struct {
    const char *key;
    setter *set;
    size_t offset;
} MEMBERS[] = {
    {"type", set_type, 0},
    {"route", set_route, 0},
    {"claim", set_number, offsetof(fu_ledger_row, claim)},
    {"line", set_number, offsetof(fu_ledger_row, line)},
    {"month", set_month, 0},
    TEXT(receipt_no),
    TEXT(karte),
    TEXT(name),
    TEXT(kana),
    TEXT(phone),
    TEXT(reason),
    {"birth", set_day, offsetof(fu_ledger_row, birth)},
    {"sex", set_sex, 0},
    {"deadline", set_day, offsetof(fu_ledger_row, deadline)},
};
#undef TEXT
#define N_MEMBERS (sizeof MEMBERS / sizeof MEMBERS[0])

/* A member may stand once; one that is not ours is left alone. */
static bool take_member(void *ctx, fu_span key, const fu_json_value *v)
{
    adding *a = ctx;
    for (size_t i = 0; i < N_MEMBERS; i++) {
        if (!fu_span_is(key, MEMBERS[i].key))
            continue;
        if (a->seen & 1u << i)
            return false;
        a->seen |= 1u << i;
        return MEMBERS[i].set(a, v, MEMBERS[i].offset) && a->status == FU_OK;
    }
    return true;
}

static fu_ledger_row *new_row(adding *a, fu_error *e)
{
    fu_ledger *l = a->l;
    fu_ledger_row *row;
    fu_ledger_row **rows;
    if (l->n_rows >= FU_LEDGER_ROWS_MAX) {
        fu_ledger_limit(e, "FU_LEDGER_ROWS_MAX", FU_LEDGER_ROWS_MAX);
        return NULL;
    }
    row = fu_arena_alloc(&l->arena, sizeof *row);
    rows = row ? fu_arena_grow(&l->arena, l->rows, l->n_rows, &l->cap_rows, sizeof *rows) : NULL;
    if (!rows) {
        fu_ledger_no_room(l, e);
        return NULL;
    }
    row->from = a->j;
    row->receipt_no = row->karte = row->name = row->kana = row->phone = row->reason = "";
    l->rows = rows;
    l->rows[l->n_rows++] = row;
    return row;
}

static fu_status take_claim(void *ctx, fu_span json, fu_error *e)
{
    adding *a = ctx;
    fu_error why;
    bool good;
    memset(&why, 0, sizeof why);
    a->row = new_row(a, &why);
    if (!a->row) {
        if (e)
            *e = why;
        return why.status;
    }
    a->seen = 0;
    a->is_claim = false;
    good = fu_json_read(json, take_member, a);
    if (a->l->arena.failed || a->status != FU_OK)
        return fu_ledger_no_room(a->l, e);
    if (!good || !a->is_claim || a->row->route == FU_R_NONE)
        return not_ours(e);
    /* 疑義解釈 2023-09-15 問4 names 不詳 alone: no source gives 旧資格 a day. */
    if (a->row->route != FU_R_FUSHO)
        a->row->deadline = 0;
    else if (!a->row->deadline)
        a->row->deadline = fu_deadline(a->j->on, FU_FUSHO_DEADLINE_MONTHS, FU_FUSHO_DEADLINE_DAY);
    return FU_OK;
}

/* ---- one journal ---- */

fu_status fu_ledger_add(fu_ledger *l, const char *name, const fu_stream *journal, fu_error *e)
{
    adding a = {.l = l, .status = FU_OK};
    fu_journal_reader r = {&a, take_meta, take_claim, NULL, NULL, NULL};
    fu_status st;
    if (l->n_journals >= FU_LEDGER_JOURNALS_MAX)
        return fu_ledger_limit(e, "FU_LEDGER_JOURNALS_MAX", FU_LEDGER_JOURNALS_MAX);
    l->n_journals++;
    l->finished = false;
    a.j = fu_arena_alloc(&l->arena, sizeof *a.j);
    if (!a.j)
        return fu_ledger_no_room(l, e);
    a.j->name = keep(&a, fu_span_str(name));
    a.j->input = a.j->institution = "";
    if (l->arena.failed)
        return fu_ledger_no_room(l, e);
    fu_buf_init(&a.text, l->mem, FU_JOURNAL_SECTION_MAX);
    st = fu_journal_read(l->mem, journal, &r, e);
    fu_buf_free(&a.text);
    return st;
}
