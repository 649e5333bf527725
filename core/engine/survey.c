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
            e->code[0] = '\0';
        }
    }
    fu_error_file(e, name);
    return st;
}

static fu_status survey_claim(fu_survey *v, fu_match *m, const fu_block *b, fu_arena *a,
                              fu_error *e)
{
    fu_claim c;
    fu_status st = fu_claim_parse(&c, a, b, &v->check.header, e);
    if (st != FU_OK)
        return st;
    c.number = v->check.claims + 1;
    if (c.number > FU_CLAIMS_MAX)
        return fu_fail_limit(e, "FU_CLAIMS_MAX", FU_CLAIMS_MAX);
    fu_file_block(&v->check, b, &c);
    if (m->n > 0) {
        fu_person p = fu_claim_person(&c, a);
        if (a->failed)
            return fu_fail_nomem(e);
        st = fu_match_note_claim(m, &p, c.month, c.number, e);
    }
    return st;
}

fu_status fu_survey_run(fu_survey *v, fu_session *s, fu_match *m, fu_input *in, uint64_t total,
                        fu_findings *out, fu_error *e)
{
    fu_reader *r;
    fu_block b;
    fu_arena a;
    bool more = true;
    fu_status st = fu_reader_open(&r, &s->host.mem, in, e);
    if (st == FU_OK && s->options.utf8)
        fu_reader_utf8(r);
    memset(v, 0, sizeof *v);
    fu_file_start(&v->check, out);
    fu_arena_init(&a, &s->host.mem, FU_CLAIM_ARENA_MAX);
    while (st == FU_OK && !v->check.refused) {
        st = fu_reader_next(r, &b, &more, e);
        if (st != FU_OK || !more)
            break;
        v->crc = (uint32_t)crc32_z(v->crc, b.bytes.p, b.bytes.n);
        v->bytes += b.bytes.n;
        fu_arena_reset(&a);
        if (b.kind == FU_B_CLAIM)
            st = survey_claim(v, m, &b, &a, e);
        else
            fu_file_block(&v->check, &b, NULL);
        if (st == FU_OK)
            st = fu_check_cancel(s, e);
        if (s->host.progress)
            s->host.progress(s->host.ctx, v->check.claims, fu_input_raw_read(in) / 2, total);
    }
    if (st == FU_OK && !v->check.refused)
        fu_file_end(&v->check);
    if (st == FU_OK && out->failed)
        st = fu_fail_nomem(e);
    fu_arena_free(&a);
    fu_reader_close(r);
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
