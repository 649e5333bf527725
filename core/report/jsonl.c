#include "report/json.h"
#include "report/render.h"

static void put_sentence(fu_report *r, const char *key, const fu_finding *f,
                         void (*put)(fu_report *, fu_buf *, const fu_finding *, fu_escape_fn *))
{
    fu_buf_str(&r->row, ",\"");
    fu_buf_str(&r->row, key);
    fu_buf_str(&r->row, "\":");
    put(r, &r->row, f, fu_json_span);
}

static fu_status write_finding(fu_report *r, const fu_finding *f, fu_error *e)
{
    static const char *const severities[] = {"info", "warning", "error"};
    const fu_finding_row *row = &fu_finding_rows[f->code];
    const char *payer = f->payer ? f->payer : row->payer;
    fu_buf *b = &r->row;
    fu_buf_str(b, "{\"type\":\"finding\"");
    fu_json_text(b, "code", row->code);
    fu_json_text(b, "severity", severities[f->severity]);
    fu_json_text(b, "file", fu_render_file(r, f));
    fu_json_number(b, "claim", f->claim);
    fu_json_number(b, "line", f->line);
    fu_json_text(b, "record", f->record[0] ? f->record : NULL);
    fu_json_number(b, "field", f->field);
    fu_json_text(b, "found", f->found);
    put_sentence(r, "message", f, fu_render_message);
    put_sentence(r, "hint", f, fu_render_hint);
    fu_json_text(b, "source", row->source);
    fu_json_text(b, "payer_code", payer && *payer ? payer : NULL);
    fu_buf_str(b, "}\n");
    return fu_render_write(r, b, e);
}

static fu_status jsonl_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    fu_status st = FU_OK;
    for (size_t i = 0; l && i < l->n && st == FU_OK; i++)
        st = write_finding(r, &l->v[i], e);
    return st;
}

static fu_status jsonl_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                             fu_error *e)
{
    fu_status st = FU_OK;
    if (fu_render_shows(r, c)) {
        fu_json_claim(&r->row, r->file, c, false);
        fu_buf_char(&r->row, '\n');
        st = fu_render_write(r, &r->row, e);
    }
    return st == FU_OK ? jsonl_findings(r, l, e) : st;
}

static fu_status jsonl_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    const struct {
        const char *key;
        int64_t value;
    } numbers[] = {
        {"claims", s->claims},         {"payers", s->payers},     {"fusho", s->fusho},
        {"kyushikaku", s->kyushikaku}, {"current", s->current},   {"hold", s->hold},
        {"errors", s->errors},         {"warnings", s->warnings},
    };
    fu_buf *b = &r->row;
    fu_buf_str(b, "{\"type\":\"summary\"");
    fu_json_text(b, "file", s->file ? s->file : r->file);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        fu_buf_fmt(b, ",\"%s\":%lld", numbers[i].key, (long long)numbers[i].value);
    fu_json_text(b, "output", s->output);
    fu_buf_str(b, "}\n");
    return fu_render_write(r, b, e);
}

const fu_renderer fu_jsonl_renderer = {
    .claim = jsonl_claim, .findings = jsonl_findings, .summary = jsonl_summary};
