#include "report/json.h"
#include "report/render.h"

/* Results go out as they come and the rules that occurred behind them: the order of keys means
 * nothing in JSON, and so nothing has to be held or left out. */

static fu_status sarif_open(fu_report *r, fu_error *e)
{
    fu_buf_str(&r->row, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                        "\"version\":\"2.1.0\",\"runs\":[{\"results\":[");
    return fu_render_write(r, &r->row, e);
}

static const char *level_of(fu_severity s)
{
    static const char *const levels[] = {"note", "warning", "error"};
    return levels[s];
}

static void put_location(fu_report *r, const fu_finding *f)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    fu_put_uri(b, fu_span_str(fu_render_file(r, f)));
    fu_buf_str(b, "\"}");
    if (f->line) {
        fu_buf_str(b, ",\"region\":{\"startLine\":");
        fu_buf_uint(b, f->line);
        fu_buf_char(b, '}');
    }
    fu_buf_str(b, "}}]");
}

static void put_properties(fu_buf *b, const fu_finding *f, const fu_shown_claim *c)
{
    if (!f->claim)
        return;
    fu_buf_str(b, ",\"properties\":{\"claim\":");
    fu_buf_uint(b, f->claim);
    if (c) {
        fu_json_text(b, "receipt_no", c->receipt_no);
        fu_json_text(b, "karte", c->karte);
    }
    fu_buf_char(b, '}');
}

static fu_status write_result(fu_report *r, const fu_finding *f, const fu_shown_claim *c,
                              fu_error *e)
{
    fu_buf *b = &r->row;
    fu_buf_str(b, r->cases++ ? ",\n" : "\n");
    fu_buf_str(b, "{\"ruleId\":");
    fu_json_string(b, fu_finding_rows[f->code].code);
    fu_json_text(b, "level", level_of(f->severity));
    fu_buf_str(b, ",\"message\":{\"text\":");
    fu_buf_reset(&r->line);
    fu_render_message(r, &r->line, f, fu_buf_span);
    fu_buf_str(&r->line, " → ");
    fu_render_hint(r, &r->line, f, fu_buf_span);
    if (r->line.status == FU_OK)
        fu_json_span(b, fu_buf_view(&r->line));
    else
        b->status = r->line.status;
    fu_buf_char(b, '}');
    put_location(r, f);
    put_properties(b, f, c);
    fu_buf_char(b, '}');
    r->used[f->code] = true;
    return fu_render_write(r, b, e);
}

static fu_status sarif_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                             fu_error *e)
{
    fu_status st = FU_OK;
    for (size_t i = 0; l && i < l->n && st == FU_OK; i++)
        st = write_result(r, &l->v[i], c, e);
    return st;
}

static fu_status sarif_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    return sarif_claim(r, NULL, l, e);
}

static void put_rule(fu_report *r, fu_code code)
{
    const fu_finding_row *row = &fu_finding_rows[code];
    fu_buf *b = &r->row;
    fu_status st;
    fu_buf_str(b, "{\"id\":");
    fu_json_string(b, row->code);
    fu_buf_str(b, ",\"shortDescription\":{\"text\":");
    fu_buf_reset(&r->tmp);
    st = fu_finding_title(&r->tmp, code, r->o.lang);
    if (st == FU_OK)
        fu_json_span(b, fu_buf_view(&r->tmp));
    else if (b->status == FU_OK)
        b->status = st;
    fu_buf_str(b, "},\"fullDescription\":{\"text\":");
    fu_json_string(b, row->why_ja);
    fu_buf_str(b, "},\"defaultConfiguration\":{\"level\":");
    fu_json_string(b, level_of(row->severity));
    fu_buf_str(b, "},\"properties\":{\"source\":");
    fu_json_string(b, row->source);
    fu_buf_str(b, "}}");
}

static fu_status sarif_end(fu_report *r, fu_error *e)
{
    fu_buf *b = &r->row;
    bool first = true;
    fu_buf_str(b, "\n],\"tool\":{\"driver\":{\"name\":\"fusho\"");
    fu_json_text(b, "version", r->o.version);
    fu_buf_str(b, ",\"rules\":[");
    for (int i = 0; i < FU_CODE_COUNT; i++) {
        if (!r->used[i])
            continue;
        fu_buf_str(b, first ? "\n" : ",\n");
        put_rule(r, (fu_code)i);
        first = false;
    }
    fu_buf_str(b, "\n]}}}]}\n");
    return fu_render_write(r, b, e);
}

const fu_renderer fu_sarif_renderer = {
    .open = sarif_open, .claim = sarif_claim, .findings = sarif_findings, .end = sarif_end};
