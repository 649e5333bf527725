#include "engine/mask.h"

#include "rules/personal.h"

#define NAME_MAX_BYTES 128u

void fu_mask_init(fu_mask *m, const fu_options *o, const fu_evidence *ev)
{
    memset(m, 0, sizeof *m);
    m->on = o->mask;
    m->english = strcmp(o->lang, "en") == 0;
    m->ev = ev;
}

static const char *keep(fu_arena *a, fu_buf *b)
{
    const char *t = b->status == FU_OK ? fu_arena_text(a, fu_buf_view(b)) : NULL;
    a->failed |= b->status == FU_E_NOMEM;
    fu_buf_free(b);
    return t;
}

/* ---- names of files, ids ---- */

/* Its number in the order of reading, from 1; 0 = none of the evidence's. */
static size_t number_of(fu_mask *m, const char *file)
{
    size_t n = m->ev ? m->ev->n_files : 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = (m->last + i) % n;
        if (strcmp(m->ev->files[k], file) == 0) {
            m->last = k;
            return k + 1;
        }
    }
    return 0;
}

static const char *file_text(fu_mask *m, fu_arena *a, const char *file, const char *tail)
{
    fu_buf b;
    size_t n = number_of(m, file);
    if (!n)
        return FU_MASKED;
    fu_buf_init(&b, a->mem, NAME_MAX_BYTES);
    fu_buf_fmt(&b, m->english ? "evidence file %u" : "窓口記録のファイル%u", (unsigned)n);
    fu_buf_str(&b, tail);
    return keep(a, &b);
}

const char *fu_mask_file(fu_mask *m, fu_arena *a, const char *file)
{
    if (!m->on || !file || !*file)
        return file;
    return file_text(m, a, file, "");
}

static const char *base_of(const char *file)
{
    const char *base = file;
    for (; *file; file++)
        if (*file == '/' || *file == '\\')
            base = file + 1;
    return base;
}

/* What follows the name of the file in an id made of it ("", "#2"); NULL = the id is the desk's. */
static const char *behind_file(const char *id, const char *file)
{
    const char *base = base_of(file);
    size_t n = strlen(base);
    if (n == 0 || strncmp(id, base, n) != 0)
        return NULL;
    return id[n] == '\0' || id[n] == '#' ? id + n : NULL;
}

const char *fu_mask_id(fu_mask *m, fu_arena *a, const char *id, const char *file)
{
    const char *tail;
    if (!m->on || !id || !*id)
        return id;
    if (!file)
        return FU_MASKED;
    tail = behind_file(id, file);
    return tail ? file_text(m, a, file, tail) : id;
}

/* Several ids in one text: as it is, if none of them can be the name of a file. */
static const char *ids(const fu_mask *m, const char *text)
{
    for (size_t i = 0; m->ev && text && i < m->ev->n_captures; i++) {
        const fu_capture *c = m->ev->captures[i];
        if (c->origin == FU_FROM_RESPONSE && *c->id && strstr(text, c->id))
            return FU_MASKED;
    }
    return text;
}

/* ---- findings ---- */

typedef struct place {
    fu_mask *m;
    fu_arena *arena;
    const fu_layout *layout; /* NULL = not known */
    const char *file;        /* that an id is from; NULL = not known */
} place;

static bool personal_place(const place *p, const fu_finding *f)
{
    const fu_record_row *row = NULL;
    if (p->layout && f->record[0])
        row = fu_layout_record(p->layout, FU_ID(f->record[0], f->record[1]));
    return fu_personal_field(f->record, fu_field_name(row, f->field));
}

static const char *value(const place *p, const fu_finding *f, fu_shown_value how, const char *v)
{
    bool open = false;
    switch (how) {
    case FU_V_HIDE:
        break;
    case FU_V_SHOW:
        open = true;
        break;
    case FU_V_FIELD:
        open = !personal_place(p, f);
        break;
    case FU_V_RECORD:
        open = f->record[0] != '\0';
        break;
    case FU_V_ID:
        return fu_mask_id(p->m, p->arena, v, p->file);
    case FU_V_IDS:
        return ids(p->m, v);
    }
    return open ? v : fu_masked(v);
}

static void mask_finding(const place *from, const fu_finding *f, fu_finding *to)
{
    const fu_shown_values *row = &fu_shown_value_rows[f->code];
    place p = *from;
    p.file = f->file ? f->file : p.file;
    to->severity = f->severity;
    to->claim = f->claim;
    to->line = f->line;
    memcpy(to->record, f->record, sizeof to->record);
    to->field = f->field;
    to->payer = f->payer;
    to->file = fu_mask_file(p.m, p.arena, f->file);
    to->capture = fu_mask_id(p.m, p.arena, f->capture, p.file);
    to->found = value(&p, f, row->found, f->found);
    to->item = value(&p, f, row->item, f->item);
    to->want = value(&p, f, row->want, f->want);
}

static fu_status mask_all(const place *p, const fu_findings *from, fu_findings *to, fu_error *e)
{
    fu_findings_init(to, p->arena);
    for (size_t i = 0; i < from->n; i++)
        mask_finding(p, &from->v[i], fu_findings_add(to, from->v[i].code));
    return to->failed || p->arena->failed ? fu_fail_nomem(e) : FU_OK;
}

fu_status fu_mask_findings(fu_mask *m, const fu_findings *from, const fu_layout *layout,
                           fu_findings *to, fu_error *e)
{
    place p = {m, from->arena, layout, NULL};
    *to = *from;
    return m->on ? mask_all(&p, from, to, e) : FU_OK;
}

/* ---- claims ---- */

/* The sevens of 不詳 are nobody's number. */
static bool only_sevens(const char *s)
{
    static const char wide[] = "７";
    size_t n = 0;
    while (*s) {
        size_t w = *s == '7' ? 1 : strncmp(s, wide, strlen(wide)) == 0 ? strlen(wide) : 0;
        if (!w)
            return false;
        s += w;
        n++;
    }
    return n == 8 || n == 9;
}

static const char *field_value(const char *record, const char *field, const char *v)
{
    if (!v || only_sevens(v) || !fu_personal_field(record, field))
        return v;
    return fu_masked(v);
}

/* A whole record, field by field; the commas stay. */
static const char *record_text(const fu_layout *layout, fu_arena *a, const char *id, const char *t)
{
    const fu_record_row *row = NULL;
    fu_buf b;
    if (!t)
        return NULL;
    if (id[0] && id[1])
        row = fu_layout_record(layout, FU_ID(id[0], id[1]));
    fu_buf_init(&b, a->mem, (size_t)FU_RECORD_BYTES_MAX * 8);
    for (unsigned field = 1;; field++) {
        size_t n = strcspn(t, ",");
        bool name = field == 1 && n == strlen(id) && strncmp(t, id, n) == 0;
        if (n && !name && fu_personal_field(id, fu_field_name(row, field)))
            fu_buf_str(&b, FU_MASKED);
        else
            fu_buf_add(&b, t, n);
        if (!t[n])
            return keep(a, &b);
        fu_buf_char(&b, ',');
        t += n + 1;
    }
}

static void mask_edit(const fu_shown_edit *d, const fu_layout *layout, fu_arena *a,
                      fu_shown_edit *to)
{
    to->op = d->op;
    to->line = d->line;
    to->record = d->record;
    to->field = d->field;
    to->item = d->item;
    to->before = field_value(d->record, d->item, d->before);
    to->after = field_value(d->record, d->item, d->after);
    to->text = record_text(layout, a, d->record, d->text);
    to->reason = d->reason;
}

static void mask_shown(fu_mask *m, fu_arena *a, const fu_claim_outcome *o, const char *file,
                       fu_shown_claim *to)
{
    const fu_shown_claim *c = &o->shown;
    fu_shown_edit *edits = fu_arena_alloc(a, (c->n_edits + 1) * sizeof *edits);
    memset(to, 0, sizeof *to);
    for (size_t i = 0; edits && i < c->n_edits; i++)
        mask_edit(&c->edits[i], o->claim.layout, a, &edits[i]);
    to->claim = c->claim;
    to->line = c->line;
    to->receipt_no = c->receipt_no;
    to->karte = fu_masked(c->karte);
    to->name = fu_masked(c->name);
    to->receipt_type = c->receipt_type;
    to->month = c->month;
    to->route = c->route;
    to->reason = c->reason;
    to->capture = fu_mask_id(m, a, c->capture, file);
    to->deadline = c->deadline;
    to->phone = fu_masked(c->phone);
    to->due = c->due;
    to->edits = edits;
    to->n_edits = edits ? c->n_edits : 0;
    to->kigo = fu_masked(c->kigo);
    to->bango = fu_masked(c->bango);
    to->branch = fu_masked(c->branch);
}

fu_status fu_mask_claim(fu_mask *m, const fu_claim_outcome *o, fu_shown_claim *shown,
                        fu_findings *findings, fu_error *e)
{
    fu_arena *a = o->findings.arena;
    place p = {m, a, o->claim.layout, o->decision.capture ? o->decision.capture->file : NULL};
    *shown = o->shown;
    *findings = o->findings;
    if (!m->on)
        return FU_OK;
    mask_shown(m, a, o, p.file, shown);
    return mask_all(&p, &o->findings, findings, e);
}
