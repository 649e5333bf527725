#include "rewrite/comments.h"

#include "base/utf8.h"
#include "text/cp932.h"
#include "text/width.h"

/* Bytes of one text before it is cut into records. */
#define TEXT_MAX 65536u

typedef struct set {
    const fu_claim *claim;
    const fu_place_row *place;
    fu_findings *out;
    fu_arena *arena;
    fu_span records[FU_COMMENT_RECORDS_MAX];
    size_t n;
    bool failed, full;
} set;

/* ---- texts ---- */

/* Line breaks and tabs inside a captured text would break the record. */
static void without_controls(fu_buf *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->p[i] < 0x20 || b->p[i] == 0x7F)
            b->p[i] = ' ';
}

void fu_tell_unrecordable(fu_findings *out, const fu_claim *c, fu_span utf8, const char *item)
{
    fu_buf b;
    fu_buf_init(&b, out->arena->mem, TEXT_MAX * 4);
    for (size_t i = 0; i < utf8.n;) {
        size_t at = i;
        uint32_t cp = fu_utf8_next(utf8, &i);
        if (cp == FU_UTF8_BAD || !fu_cp932_recordable(cp))
            fu_buf_add(&b, utf8.p + at, i - at);
    }
    out->failed |= b.status == FU_E_NOMEM;
    if (b.n) {
        fu_finding *f = fu_claim_finding(out, FU_E507, c);
        f->found = fu_findings_text(out, fu_buf_view(&b));
        f->item = item;
    }
    fu_buf_free(&b);
}

/* Full-width CP932 of a captured text; empty on failure (set.failed). */
static fu_span recorded(set *s, const char *utf8, const char *item)
{
    fu_buf raw, wide, cp932;
    unsigned replaced = 0;
    fu_span result = {NULL, 0};
    fu_buf_init(&raw, s->arena->mem, TEXT_MAX);
    fu_buf_init(&wide, s->arena->mem, TEXT_MAX * 4);
    fu_buf_init(&cp932, s->arena->mem, TEXT_MAX * 4);
    fu_buf_str(&raw, utf8);
    without_controls(&raw);
    fu_widen(&wide, fu_buf_view(&raw));
    fu_cp932_from_utf8(&cp932, fu_buf_view(&wide), &replaced);
    if (replaced)
        fu_tell_unrecordable(s->out, s->claim, fu_buf_view(&wide), item);
    s->failed |= raw.status != FU_OK || wide.status != FU_OK || cp932.status != FU_OK;
    result.p = (const unsigned char *)fu_arena_text(s->arena, fu_buf_view(&cp932));
    result.n = result.p ? cp932.n : 0;
    fu_buf_free(&raw);
    fu_buf_free(&wide);
    fu_buf_free(&cp932);
    return result;
}

/* 令和８年１１月２日: full width, no leading zeros (rules.md 3.5). */
static const char *wareki(set *s, int32_t day)
{
    fu_buf b;
    const char *t;
    fu_buf_init(&b, s->arena->mem, 64);
    fu_buf_fmt(&b, "令和%d年%d月%d日", day / 10000 - 2018, day / 100 % 100, day % 100);
    t = fu_findings_text(s->out, fu_buf_view(&b));
    s->failed |= b.status != FU_OK;
    fu_buf_free(&b);
    return t;
}

/* ---- records ---- */

static void add_record(set *s, fu_comment_id id, fu_span text)
{
    const fu_place_row *p = s->place;
    fu_buf b;
    fu_buf_init(&b, s->arena->mem, FU_RECORD_BYTES_MAX);
    fu_buf_str(&b, p->record);
    for (unsigned n = 2; n <= p->fields; n++) {
        fu_buf_char(&b, ',');
        if (n == p->code_field)
            fu_buf_str(&b, fu_comment_rows[id].code);
        else if (n == p->text_field)
            fu_buf_span(&b, text);
        else if (n == 2 && *p->shikibetsu)
            fu_buf_str(&b, p->shikibetsu);
        else if (n == 3 && *p->shikibetsu)
            fu_buf_str(&b, fu_futan_all(s->claim->n_ko));
    }
    s->full |= s->n == FU_COMMENT_RECORDS_MAX;
    if (!s->full && b.status == FU_OK)
        s->records[s->n++] = fu_span_of(fu_arena_text(s->arena, fu_buf_view(&b)), b.n);
    else
        s->failed = true;
    fu_buf_free(&b);
}

/* How much of the text one record takes, without splitting a character. No field begins or ends in
 * a blank (uke-format.md 1.1): the cut is between two characters that are none, if there are such.
 */
static size_t one_record(const set *s, fu_span text)
{
    size_t n = 0, between = 0;
    bool blank = true;
    while (n < text.n) {
        size_t next = n;
        bool was = blank;
        blank = fu_cp932_next(text, &next) == 0x3000;
        if (!was && !blank)
            between = n;
        if (next > s->place->max)
            return between ? between : n;
        n = next;
    }
    return n;
}

static void add_comment(set *s, fu_comment_id id, const char *utf8)
{
    fu_span text = recorded(s, utf8, fu_comment_rows[id].item);
    unsigned records = 0;
    do {
        size_t n = one_record(s, text);
        add_record(s, id, fu_span_of(text.p, n));
        text = fu_span_of(text.p + n, text.n - n);
    } while (text.n && !s->failed && ++records < FU_COMMENT_TEXT_RECORDS_MAX);
    if (text.n && !s->failed)
        fu_claim_finding(s->out, FU_E508, s->claim)->item = fu_comment_rows[id].item;
}

static void declared(set *s, const fu_capture *cap)
{
    const fu_declaration *d = &cap->declaration;
    const fu_hoken_row *kind = &fu_hoken_rows[d->kind];
    add_comment(s, FU_CM_FUSHO, "");
    add_comment(s, FU_CM_KANA, cap->kana);
    add_comment(s, FU_CM_HOKEN, kind->recorded);
    add_comment(s, FU_CM_HOKENSHA, *d->insurer_name ? d->insurer_name : "保険者等名称記載なし");
    if (!kind->kouki && !s->claim->kouki)
        add_comment(s, FU_CM_JIGYOSHO, *d->workplace ? d->workplace : "事業所名記載なし");
    for (size_t i = 0; i < d->n_addresses; i++)
        add_comment(s, i == 0 ? FU_CM_JUSHO1 : FU_CM_JUSHO2, d->addresses[i]);
    add_comment(s, FU_CM_TEL, d->phone);
    for (size_t i = 0; i < cap->n_contacts; i++)
        add_comment(s, FU_CM_RENRAKU, wareki(s, cap->contacts[i].on));
}

/* ---- place ---- */

static bool in(const char *list, const fu_rec *r)
{
    return !r->history && fu_in_list(list, (unsigned char)(r->id >> 8), (unsigned char)r->id);
}

/* Index of the record to insert before. Records that are being replaced do not count. */
static size_t find_place(const set *s, const bool *gone)
{
    const fu_claim *c = s->claim;
    const fu_place_row *p = s->place;
    bool soukatsu = c->type == FU_DPC && c->soukatsu == 1;
    const char *last = c->type == FU_DPC ? "RE HO KO KH SN JD MF GR SY HS BU SB KK SK GA HH GT"
                                         : "RE HO KO KH SN JD MF GR SY HS";
    size_t behind = 0;
    /* In a 総括レセプト the comments stand directly behind its head. */
    for (size_t i = 0; i < c->n_recs && !soukatsu; i++)
        if (!gone[i] && in(p->head, &c->recs[i]) &&
            (!*p->head_shikibetsu || fu_span_is(fu_field(&c->recs[i], 2), p->head_shikibetsu)))
            return i;
    for (size_t i = 0; i < c->n_recs && !soukatsu; i++)
        if (!gone[i] && in(p->after, &c->recs[i]))
            behind = i + 1;
    if (behind)
        return behind;
    for (size_t i = 0; i < c->n_recs && !soukatsu; i++)
        if (in(p->before, &c->recs[i]))
            return i;
    for (size_t i = 0; i < c->n_recs; i++)
        if (in(soukatsu ? "RE HO KO KH SN JD MF" : last, &c->recs[i]))
            behind = i + 1;
    return behind;
}

/* ---- comparing with what is there ---- */

static fu_span without_empty_tail(fu_span s)
{
    while (s.n && s.p[s.n - 1] == ',')
        s.n--;
    return s;
}

/* Already there: the same records in the same order, one behind the other, at their place. */
static bool already_there(const set *s, const fu_facts *f, const bool *gone)
{
    size_t place;
    if (f->n_owned != s->n)
        return false;
    for (size_t i = 0; i < s->n; i++) {
        if (f->owned[i].at != f->owned[0].at + i)
            return false;
        if (!fu_span_eq(without_empty_tail(s->claim->recs[f->owned[i].at].bytes),
                        without_empty_tail(s->records[i])))
            return false;
    }
    if (s->n == 0)
        return true;
    place = find_place(s, gone);
    return place == f->owned[0].at || place == f->owned[0].at + s->n;
}

void fu_rewrite_comments(fu_edits *edits, const fu_claim *c, const fu_facts *f,
                         const fu_decision *d, fu_findings *out)
{
    bool *gone = fu_arena_alloc(edits->arena, c->n_recs * sizeof *gone);
    set *s = fu_arena_alloc(edits->arena, sizeof *s);
    fu_reason why = d->route == FU_R_KYUSHIKAKU ? FU_WHY_KYUSHIKAKU_CM : FU_WHY_FUSHO_CM;
    size_t at;
    if (!gone || !s) {
        edits->failed = true;
        return;
    }
    s->claim = c;
    s->place = f->place;
    s->out = out;
    s->arena = edits->arena;
    if (d->route == FU_R_KYUSHIKAKU)
        add_comment(s, FU_CM_KYUSHIKAKU, "");
    else if (d->route == FU_R_FUSHO)
        declared(s, d->capture);
    if (s->failed || s->arena->failed) {
        edits->failed = true;
        edits->limit = s->full ? "FU_COMMENT_RECORDS_MAX" : NULL;
        edits->limit_max = FU_COMMENT_RECORDS_MAX;
        return;
    }
    for (size_t i = 0; i < f->n_owned; i++)
        gone[f->owned[i].at] = true;
    if (already_there(s, f, gone))
        return;
    for (size_t i = 0; i < f->n_owned; i++)
        fu_edit_delete(edits, &c->recs[f->owned[i].at], FU_WHY_CM_OLD);
    at = find_place(s, gone);
    for (size_t i = 0; i < s->n; i++)
        fu_edit_insert(edits, c, at, s->records[i], (int)why);
}
