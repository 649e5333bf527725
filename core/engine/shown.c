#include "engine/shown.h"

static const char *reason_text(int reason, fu_arena *a, const char *lang)
{
    const fu_words *w = &fu_reason_rows[reason];
    fu_buf b;
    const char *t;
    fu_buf_init(&b, a->mem, 1024);
    if (strcmp(lang, "en") == 0)
        fu_buf_fmt(&b, "%s (%s)", w->en, w->source);
    else
        fu_buf_fmt(&b, "%s（%s）", w->ja, w->source);
    t = fu_arena_text(a, fu_buf_view(&b));
    a->failed |= b.status != FU_OK;
    fu_buf_free(&b);
    return t ? t : "";
}

static fu_span without_line_end(fu_span s)
{
    while (s.n && (s.p[0] == '\n' || s.p[0] == '\r'))
        s = fu_span_of(s.p + 1, s.n - 1);
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

/* A trimmed record's missing commas are part of the edit but not of the value. */
static fu_span without_commas(fu_span s)
{
    while (s.n && s.p[0] == ',')
        s = fu_span_of(s.p + 1, s.n - 1);
    return s;
}

static void show_edit(fu_shown_edit *v, const fu_edit *ed, const fu_claim *c, fu_arena *a,
                      const char *lang)
{
    char *name = fu_arena_alloc(a, 4);
    if (name)
        fu_id_text(ed->id, name);
    v->line = ed->line;
    v->record = name ? name : "";
    v->reason = reason_text(ed->reason, a, lang);
    v->item = "";
    switch (ed->op) {
    case FU_EDIT_REPLACE:
        v->op = FU_OP_REPLACE;
        v->field = ed->field;
        v->item = fu_field_name(fu_layout_record(c->layout, ed->id), ed->field);
        v->before = fu_field_text(a, ed->before);
        v->after = fu_field_text(a, without_commas(ed->bytes));
        break;
    case FU_EDIT_DELETE:
        v->op = FU_OP_DELETE;
        v->text = fu_field_text(a, ed->before);
        break;
    case FU_EDIT_INSERT:
        v->op = FU_OP_INSERT;
        v->text = fu_field_text(a, without_line_end(ed->bytes));
        break;
    }
}

/* Day of 請求年月 until which claims are sent (療養の給付及び公費負担医療に関する費用の請求に関する
 * 命令: 翌月十日まで). */
#define LAST_DAY 10

static int32_t last_day(const fu_header *h)
{
    return h->month ? h->month * 100 + LAST_DAY : 0;
}

bool fu_show_claim(fu_claim_outcome *o, fu_arena *a, const fu_header *h, const char *lang)
{
    const fu_claim *c = &o->claim;
    const fu_places *at = &c->layout->at;
    fu_shown_claim *s = &o->shown;
    fu_shown_edit *edits = fu_arena_alloc(a, (o->edits.n + 1) * sizeof *edits);
    if (!edits)
        return false;
    for (size_t i = 0; i < o->edits.n; i++)
        show_edit(&edits[i], &o->edits.v[i], c, a, lang);
    s->claim = c->number;
    s->line = c->line;
    s->receipt_no = fu_field_text(a, fu_field(c->re, 2));
    s->karte = fu_field_text(a, fu_re_field(c, at->re_karte));
    s->name = fu_field_text(a, fu_re_field(c, at->re_name));
    s->receipt_type = fu_field_text(a, fu_field(c->re, 3));
    s->month = fu_field_text(a, fu_re_field(c, at->re_month));
    s->kana = fu_field_text(a, fu_re_field(c, at->re_kana));
    s->birth = c->birth;
    s->sex = c->sex;
    s->route = fu_route_rows[o->decision.route].word;
    s->reason = strcmp(lang, "en") == 0 ? o->decision.why_en : o->decision.why_ja;
    s->capture = o->decision.capture ? o->decision.capture->id : NULL;
    s->deadline = o->decision.deadline;
    s->phone = o->decision.capture ? o->decision.capture->declaration.phone : "";
    s->due = last_day(h);
    s->kigo = fu_field_text(a, fu_field(c->ho, 3));
    s->bango = fu_field_text(a, fu_field(c->ho, 4));
    s->branch = fu_field_text(a, fu_field(c->sn, 7));
    s->edits = edits;
    s->n_edits = o->edits.n;
    return !a->failed;
}
