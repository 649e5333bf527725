#include <stdio.h>
#include <zlib.h>

#include "engine/session.h"

fu_status fu_check_cancel(const fu_session *s, fu_error *e)
{
    if (!s->host.cancelled || !s->host.cancelled(s->host.ctx))
        return FU_OK;
    fu_fail(e, FU_CANCELLED, "", "中止しました。何も書き込んでいません。", "cancelled");
    fu_error_hint(e, "もう一度実行してください。");
    return FU_CANCELLED;
}

fu_status fu_input_fault(fu_status st, const char *name, fu_error *e)
{
    if (st == FU_OK)
        return st;
    if (st == FU_E_STORE) {
        st = FU_E_INPUT;
        if (e) {
            e->status = st;
            fu_copy_text(e->code, sizeof e->code, fu_finding_rows[FU_S704].code);
            fu_error_hint(
                e, "ファイルのある場所につながっているかを確かめて、もう一度実行してください。");
        }
    }
    fu_error_file(e, name);
    return st;
}

typedef struct noted {
    struct noted *next;
    fu_seen seen;
    fu_match_claim claim; /* where there are captures */
} noted;

typedef struct notes {
    noted *first, **last;
    fu_utf8_watch text; /* of the chunk; where it begins */
} notes;

typedef struct pass {
    fu_session *s;
    fu_survey *v;
    fu_input *in;
    const fu_job *job;
    fu_header header;
} pass;

/* A claim that no capture can fit is only looked up by its カルテ番号. */
static fu_person person_of(const pass *p, const fu_claim *c, fu_arena *a)
{
    fu_person who = {"", "", "", c->birth, c->sex};
    if (fu_match_may(&p->s->match, c->birth, c->month))
        return fu_claim_person(c, a);
    who.karte = fu_field_text(a, fu_re_field(c, c->layout->at.re_karte));
    return who;
}

static fu_status look(const pass *p, noted *n, const fu_block *b, fu_arena *a, fu_outline *o,
                      fu_error *e)
{
    fu_status st;
    if (b->kind != FU_B_CLAIM) {
        fu_file_see(&n->seen, b, NULL);
        return FU_OK;
    }
    st = fu_claim_outline(o, b, &p->header, e);
    if (st != FU_OK)
        return st;
    fu_file_see(&n->seen, b, &o->c);
    if (p->s->match.n == 0)
        return FU_OK;
    n->claim.who = person_of(p, &o->c, a);
    n->claim.insurer = o->c.ho ? fu_field(o->c.ho, 2) : fu_span_of(NULL, 0);
    n->claim.kouki = o->c.kouki;
    n->claim.month = o->c.month;
    return a->failed ? fu_fail_nomem(e) : FU_OK;
}

/* What every claim is read with: known before any other chunk is worked on. */
static fu_status read_header(void *ctx, fu_part *part, fu_error *e)
{
    pass *p = ctx;
    fu_block b;
    bool more;
    fu_status st = fu_blocks_next(&part->walk, &b, &more, e);
    p->header.type = FU_TYPE_UNKNOWN;
    if (st == FU_OK && more && b.kind == FU_B_HEADER)
        fu_header_read(&p->header, b.lines[0].id, fu_span_of(b.bytes.p, b.lines[0].len));
    return st;
}

static fu_status note_all(const pass *p, fu_part *part, notes *l, fu_error *e)
{
    fu_outline o;
    fu_block b;
    bool more;
    fu_status st;
    while ((st = fu_blocks_next(&part->walk, &b, &more, e)) == FU_OK && more) {
        noted *n = fu_arena_alloc(&part->arena, sizeof *n);
        st = n ? look(p, n, &b, &part->arena, &o, e) : fu_fail_nomem(e);
        if (st != FU_OK)
            return st;
        *l->last = n;
        l->last = &n->next;
        part->more = fu_part_full(part);
        if (part->more)
            break;
    }
    return st;
}

static fu_status work(const void *ctx, fu_part *part, fu_error *e)
{
    const pass *p = ctx;
    notes *l = fu_arena_alloc(&part->arena, sizeof *l);
    part->made = l;
    if (!l)
        return fu_fail_nomem(e);
    l->last = &l->first;
    if (part->walk.scan == 0)
        fu_utf8_look(&l->text, part->chunk.bytes);
    return note_all(p, part, l, e);
}

static fu_status take_note(pass *p, noted *n, fu_error *e)
{
    fu_file_check *k = &p->v->check;
    fu_match *m = &p->s->match;
    bool claim = n->seen.kind == FU_B_CLAIM;
    if (claim && k->claims == FU_CLAIMS_MAX)
        return fu_fail_limit(e, "FU_CLAIMS_MAX", FU_CLAIMS_MAX);
    fu_file_take(k, &n->seen);
    if (!claim || m->n == 0 || k->refused)
        return FU_OK;
    n->claim.number = k->claims;
    return fu_match_note_claim(m, &n->claim, e);
}

static fu_status take_notes(pass *p, const notes *l, fu_error *e)
{
    fu_status st = FU_OK;
    for (noted *n = l->first; n && st == FU_OK && !p->v->check.refused; n = n->next)
        st = take_note(p, n, e);
    return st;
}

static fu_status take(void *ctx, fu_part *part, bool *stop, fu_error *e)
{
    pass *p = ctx;
    fu_survey *v = p->v;
    const notes *l = part->made;
    const fu_host *h = &p->s->host;
    fu_status st;
    if (!l)
        return FU_OK; /* no memory: the part says so */
    if (fu_part_begins(part)) {
        v->crc = (uint32_t)crc32_combine(v->crc, part->piece.crc, (z_off_t)part->chunk.bytes.n);
        fu_file_text(&v->check, &l->text);
    }
    st = take_notes(p, l, e);
    *stop = v->check.refused;
    if (st == FU_OK)
        st = fu_check_cancel(p->s, e);
    if (h->progress)
        h->progress(h->ctx, v->check.claims, fu_input_raw_read(p->in) / 2, p->job->input_size);
    return st;
}

fu_status fu_survey_run(fu_survey *v, fu_session *s, fu_pipe *pipe, fu_input *in, const fu_job *job,
                        fu_findings *out, fu_error *e)
{
    pass p = {.s = s, .v = v, .in = in, .job = job};
    fu_pass how = {&p, job->input_name, false, read_header, work, take};
    fu_status st;
    memset(v, 0, sizeof *v);
    fu_file_start(&v->check, out);
    st = fu_pipe_run(pipe, in, s->options.utf8, &how, e);
    if (st == FU_OK && !v->check.refused)
        fu_file_end(&v->check);
    if (st == FU_OK && out->failed)
        st = fu_fail_nomem(e);
    return st;
}

static bool worth_telling(const fu_capture *c)
{
    return c->origin != FU_FROM_RESPONSE || c->unusable || c->response_affected ||
           fu_outcome_rows[c->outcome].affected;
}

static void tell_unmatched(fu_findings *out, const fu_capture *c, const fu_match_note *note)
{
    char near[160];
    fu_finding *f;
    for (size_t i = 0; i < c->findings.n; i++) {
        f = fu_findings_add(out, c->findings.v[i].code);
        *f = c->findings.v[i];
        if (!f->file)
            f->file = c->file;
    }
    f = fu_findings_add(out, FU_E504);
    f->file = c->file;
    f->line = c->line;
    f->capture = c->id;
    f->found = c->id;
    if (!note->near)
        return;
    snprintf(near, sizeof near, "%llu件目のレセプトとカルテ番号は同じですが、生年月日が%s",
             (unsigned long long)note->near, c->birth ? "違います" : "ありません");
    f->item = fu_findings_text(out, fu_span_str(near));
}

static bool is_of(const char *file, const char *only)
{
    return !only || (file && strcmp(file, only) == 0);
}

void fu_tell_evidence(fu_findings *out, const fu_evidence *ev, const fu_match *m, const char *only)
{
    for (size_t i = 0; i < ev->findings.n; i++)
        if (is_of(ev->findings.v[i].file, only))
            *fu_findings_add(out, ev->findings.v[i].code) = ev->findings.v[i];
    for (size_t i = 0; i < ev->n_captures; i++) {
        const fu_capture *c = ev->captures[i];
        if (c->joined || m->notes[i].n_claims || m->notes[i].ever || !worth_telling(c) ||
            !is_of(c->file, only))
            continue;
        tell_unmatched(out, c, &m->notes[i]);
    }
}

void fu_count(fu_summary *sum, const fu_findings *l)
{
    for (size_t i = 0; i < l->n; i++) {
        sum->errors += l->v[i].severity == FU_ERROR;
        sum->warnings += l->v[i].severity == FU_WARNING;
        sum->infos += l->v[i].severity == FU_INFO;
    }
}

void fu_count_route(fu_summary *sum, fu_route route)
{
    sum->fusho += route == FU_R_FUSHO;
    sum->kyushikaku += route == FU_R_KYUSHIKAKU;
    sum->current += route == FU_R_CURRENT;
    sum->hold += route == FU_R_HOLD;
}
