#include "report/render.h"

/* One suite per file, held until its numbers are known. */
enum { CASES, FILE_FAILURES, FILE_NOTES };

static fu_status junit_open(fu_report *r, fu_error *e)
{
    fu_buf_str(&r->row,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fusho\">\n");
    return fu_render_write(r, &r->row, e);
}

/* What stands in `line`, escaped. */
static void put_line(fu_report *r)
{
    if (r->line.status == FU_OK)
        fu_put_xml(&r->row, fu_buf_view(&r->line));
    else if (r->row.status == FU_OK)
        r->row.status = r->line.status;
    fu_buf_reset(&r->line);
}

static void put_finding(fu_report *r, const fu_finding *f, const fu_shown_claim *c)
{
    fu_text_finding(r, &r->line, f, c);
    put_line(r);
}

static void put_failure(fu_report *r, const fu_finding *f, const fu_shown_claim *c)
{
    fu_buf_str(&r->row, "<failure type=\"");
    fu_buf_str(&r->row, fu_finding_rows[f->code].code);
    fu_buf_str(&r->row, "\" message=\"");
    fu_render_message(r, &r->row, f, fu_put_xml);
    fu_buf_str(&r->row, "\">");
    put_finding(r, f, c);
    fu_buf_str(&r->row, "</failure>\n");
}

static void put_case_start(fu_report *r)
{
    fu_buf_str(&r->row, "<testcase classname=\"");
    fu_put_xml(&r->row, fu_span_str(r->file));
    fu_buf_str(&r->row, "\" name=\"");
}

static void put_claim_case(fu_report *r, const fu_shown_claim *c, const fu_findings *l)
{
    bool notes = false;
    put_case_start(r);
    fu_put_word_number(r, &r->line, FU_W_NTH_CLAIM, c->claim);
    fu_buf_str(&r->line, ": ");
    fu_text_place(r, &r->line, c, 0, c->line);
    fu_buf_str(&r->line, " ");
    fu_buf_str(&r->line, fu_text_route(r, c->route));
    put_line(r);
    fu_buf_str(&r->row, "\">\n");
    for (size_t i = 0; l && i < l->n; i++)
        if (l->v[i].severity == FU_ERROR)
            put_failure(r, &l->v[i], c);
    for (size_t i = 0; l && i < l->n; i++) {
        if (l->v[i].severity == FU_ERROR)
            continue;
        fu_buf_str(&r->row, notes ? "" : "<system-out>");
        put_finding(r, &l->v[i], c);
        fu_buf_char(&r->row, '\n');
        notes = true;
    }
    fu_buf_str(&r->row, notes ? "</system-out>\n</testcase>\n" : "</testcase>\n");
}

static fu_status junit_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                             fu_error *e)
{
    fu_status st;
    bool kept;
    if (!fu_render_shows(r, c) && !(l && l->n))
        return FU_OK;
    put_claim_case(r, c, l);
    st = fu_render_hold(r, CASES, &kept, e);
    if (st != FU_OK)
        return st;
    if (!kept) {
        r->more.claims++;
        fu_render_count_more(r, l);
        return FU_OK;
    }
    r->cases++;
    r->failed += l && fu_findings_count(l, FU_ERROR) > 0;
    return FU_OK;
}

static fu_status junit_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    for (size_t i = 0; i < l->n; i++) {
        const fu_finding *f = &l->v[i];
        bool error = f->severity == FU_ERROR, kept;
        fu_status st;
        if (error) {
            put_failure(r, f, NULL);
        } else {
            put_finding(r, f, NULL);
            fu_buf_char(&r->row, '\n');
        }
        st = fu_render_hold(r, error ? FILE_FAILURES : FILE_NOTES, &kept, e);
        if (st != FU_OK)
            return st;
        r->more.severity[f->severity] += !kept;
    }
    return FU_OK;
}

static void put_suite_start(fu_report *r, bool refused)
{
    bool file_failed = r->part[FILE_FAILURES].n > 0;
    fu_buf_str(&r->row, "<testsuite name=\"");
    fu_put_xml(&r->row, fu_span_str(r->file));
    fu_buf_str(&r->row, "\" tests=\"");
    fu_buf_uint(&r->row, r->cases + 1);
    fu_buf_str(&r->row, "\" failures=\"");
    fu_buf_uint(&r->row, r->failed + file_failed);
    fu_buf_str(&r->row,
               refused ? "\" errors=\"1\" skipped=\"0\">\n" : "\" errors=\"0\" skipped=\"0\">\n");
    put_case_start(r);
    fu_buf_str(&r->row, "file\">\n");
    if (refused) {
        fu_buf_str(&r->row, "<error type=\"refused\" message=\"");
        fu_put_word(r, &r->row, FU_W_REFUSED);
        fu_buf_str(&r->row, "\"/>\n");
    }
}

static fu_status write_part(fu_report *r, int part, fu_error *e)
{
    fu_status st = fu_render_write(r, &r->row, e);
    return st == FU_OK ? fu_render_write(r, &r->part[part], e) : st;
}

static fu_status junit_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    bool notes = r->part[FILE_NOTES].n > 0 || fu_render_more(r) > 0;
    fu_status st;
    put_suite_start(r, s->exit_status > 1);
    st = write_part(r, FILE_FAILURES, e);
    fu_buf_str(&r->row, notes ? "<system-out>" : "");
    if (st == FU_OK)
        st = write_part(r, FILE_NOTES, e);
    if (fu_render_more(r)) {
        fu_text_more(r, &r->row);
        fu_buf_char(&r->row, '\n');
    }
    fu_buf_str(&r->row, notes ? "</system-out>\n</testcase>\n" : "</testcase>\n");
    if (st == FU_OK)
        st = write_part(r, CASES, e);
    fu_buf_str(&r->row, "</testsuite>\n");
    r->cases = r->failed = 0;
    fu_render_forget(r);
    return st == FU_OK ? fu_render_write(r, &r->row, e) : st;
}

static fu_status junit_end(fu_report *r, fu_error *e)
{
    fu_buf_str(&r->row, "</testsuites>\n");
    return fu_render_write(r, &r->row, e);
}

const fu_renderer fu_junit_renderer = {.open = junit_open,
                                       .claim = junit_claim,
                                       .findings = junit_findings,
                                       .summary = junit_summary,
                                       .end = junit_end};
