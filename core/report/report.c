#include "report/render.h"

static const fu_renderer *const RENDERERS[] = {
    [FU_TEXT] = &fu_text_renderer,   [FU_JSON] = &fu_jsonl_renderer,
    [FU_JUNIT] = &fu_junit_renderer, [FU_SARIF] = &fu_sarif_renderer,
    [FU_HTML] = &fu_html_renderer,
};

static fu_status buffer_failure(fu_status st, fu_error *e)
{
    if (st == FU_E_LIMIT)
        return fu_fail_limit(e, "FU_REPORT_BYTES_MAX", FU_REPORT_BYTES_MAX);
    return fu_fail_nomem(e);
}

fu_status fu_render_write(fu_report *r, fu_buf *b, fu_error *e)
{
    fu_status st = b->status == FU_OK ? FU_OK : buffer_failure(b->status, e);
    if (st == FU_OK && b->n)
        st = fu_write_all(r->to, b->p, b->n, e);
    fu_buf_reset(b);
    return st;
}

fu_status fu_render_keep(fu_report *r, int part, fu_error *e)
{
    fu_buf *b = &r->part[part];
    if (r->row.status != FU_OK)
        return buffer_failure(r->row.status, e);
    if (fu_buf_span(b, fu_buf_view(&r->row)) != FU_OK)
        return buffer_failure(b->status, e);
    fu_buf_reset(&r->row);
    return FU_OK;
}

fu_status fu_render_hold(fu_report *r, int part, bool *kept, fu_error *e)
{
    size_t n = r->row.n;
    bool too_long = r->row.status == FU_E_LIMIT;
    *kept = !too_long && r->rows < FU_REPORT_ROWS_MAX && n <= FU_REPORT_BYTES_MAX - r->bytes;
    if (too_long || (r->row.status == FU_OK && !*kept)) {
        fu_buf_reset(&r->row);
        return FU_OK;
    }
    r->rows++;
    r->held[part]++;
    r->bytes += n;
    return fu_render_keep(r, part, e);
}

void fu_render_count_more(fu_report *r, const fu_findings *l)
{
    for (size_t i = 0; l && i < l->n; i++)
        r->more.severity[l->v[i].severity]++;
}

uint64_t fu_render_more(const fu_report *r)
{
    return r->more.claims + r->more.severity[FU_INFO] + r->more.severity[FU_WARNING] +
           r->more.severity[FU_ERROR];
}

void fu_render_forget(fu_report *r)
{
    for (int i = 0; i < FU_PARTS; i++)
        fu_buf_reset(&r->part[i]);
    memset(&r->more, 0, sizeof r->more);
    memset(r->held, 0, sizeof r->held);
    r->rows = 0;
    r->bytes = 0;
}

bool fu_render_shows(const fu_report *r, const fu_shown_claim *c)
{
    return r->o.verbose || strcmp(c->route, "none") != 0;
}

const char *fu_render_file(const fu_report *r, const fu_finding *f)
{
    return f->file ? f->file : r->file;
}

static void put_sentence(fu_report *r, fu_buf *out, fu_status st, fu_escape_fn *escape)
{
    if (st == FU_OK)
        escape(out, fu_buf_view(&r->tmp));
    else if (out->status == FU_OK)
        out->status = st;
}

void fu_render_message(fu_report *r, fu_buf *out, const fu_finding *f, fu_escape_fn *escape)
{
    fu_buf_reset(&r->tmp);
    put_sentence(r, out, fu_finding_message(&r->tmp, f, r->o.lang), escape);
}

void fu_render_hint(fu_report *r, fu_buf *out, const fu_finding *f, fu_escape_fn *escape)
{
    fu_buf_reset(&r->tmp);
    put_sentence(r, out, fu_finding_hint(&r->tmp, f, r->o.lang), escape);
}

static fu_status no_renderer(fu_error *e)
{
    return fu_fail(e, FU_E_MISUSE, "", "この形式の一覧は作れません。",
                   "report: no renderer for this format");
}

fu_status fu_report_open(fu_report **out, const fu_mem *mem, const fu_stream *to,
                         const fu_report_options *o, fu_error *e)
{
    fu_report *r;
    fu_status st = FU_OK;
    *out = NULL;
    if ((size_t)o->format >= sizeof RENDERERS / sizeof RENDERERS[0])
        return no_renderer(e);
    r = fu_alloc0(mem, sizeof *r);
    if (!r)
        return fu_fail_nomem(e);
    r->mem = mem;
    r->to = to;
    r->o = *o;
    r->en = o->lang && strcmp(o->lang, "en") == 0;
    r->o.lang = r->en ? "en" : "ja";
    r->ops = RENDERERS[o->format];
    fu_buf_init(&r->name, mem, FU_REPORT_BYTES_MAX);
    fu_buf_init(&r->row, mem, FU_REPORT_BYTES_MAX);
    fu_buf_init(&r->line, mem, FU_REPORT_BYTES_MAX);
    fu_buf_init(&r->tmp, mem, FU_REPORT_BYTES_MAX);
    for (int i = 0; i < FU_PARTS; i++)
        fu_buf_init(&r->part[i], mem, FU_REPORT_BYTES_MAX);
    if (r->ops->open)
        st = r->ops->open(r, e);
    if (st == FU_OK)
        *out = r;
    else
        fu_report_close(r);
    return st;
}

/* Every call goes through here: in the wrong order, or after a failure, nothing is done. */
static bool in_state(const fu_report *r, fu_report_state state, fu_error *e)
{
    if (r->state == state)
        return true;
    fu_fail(e, FU_E_MISUSE, "", "報告の呼び出しの順序が正しくありません。",
            "report: call out of order or after a failure");
    return false;
}

static fu_status leave(fu_report *r, fu_status st, fu_report_state next)
{
    r->state = st == FU_OK ? next : FU_REPORT_OVER;
    return st;
}

fu_status fu_report_begin(fu_report *r, const char *file, fu_error *e)
{
    if (!in_state(r, FU_REPORT_BETWEEN, e))
        return FU_E_MISUSE;
    fu_buf_reset(&r->name);
    fu_buf_str(&r->name, file);
    r->file = fu_buf_cstr(&r->name);
    memset(r->part_named, 0, sizeof r->part_named);
    if (r->name.status != FU_OK)
        return leave(r, buffer_failure(r->name.status, e), FU_REPORT_OVER);
    return leave(r, FU_OK, FU_REPORT_IN_FILE);
}

fu_status fu_report_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l, fu_error *e)
{
    if (!in_state(r, FU_REPORT_IN_FILE, e))
        return FU_E_MISUSE;
    if (l && l->failed)
        return leave(r, fu_fail_nomem(e), FU_REPORT_OVER);
    return leave(r, r->ops->claim(r, c, l, e), FU_REPORT_IN_FILE);
}

bool fu_report_wants(const fu_report *r, bool routed, size_t findings)
{
    return r->o.verbose || routed || findings > 0;
}

fu_status fu_report_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    if (!in_state(r, FU_REPORT_IN_FILE, e))
        return FU_E_MISUSE;
    if (l && l->failed)
        return leave(r, fu_fail_nomem(e), FU_REPORT_OVER);
    return leave(r, l ? r->ops->findings(r, l, e) : FU_OK, FU_REPORT_IN_FILE);
}

fu_status fu_report_match(fu_report *r, const char *file, const char *capture, const char *claims,
                          fu_error *e)
{
    if (!in_state(r, FU_REPORT_IN_FILE, e))
        return FU_E_MISUSE;
    if (!r->o.verbose || !r->ops->match)
        return FU_OK;
    return leave(r, r->ops->match(r, file, capture, claims, e), FU_REPORT_IN_FILE);
}

fu_status fu_report_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    if (!in_state(r, FU_REPORT_IN_FILE, e))
        return FU_E_MISUSE;
    return leave(r, r->ops->summary ? r->ops->summary(r, s, e) : FU_OK, FU_REPORT_BETWEEN);
}

fu_status fu_report_end(fu_report *r, fu_error *e)
{
    if (!in_state(r, FU_REPORT_BETWEEN, e))
        return FU_E_MISUSE;
    return leave(r, r->ops->end ? r->ops->end(r, e) : FU_OK, FU_REPORT_OVER);
}

void fu_report_close(fu_report *r)
{
    const fu_mem *mem;
    if (!r)
        return;
    mem = r->mem;
    fu_buf_free(&r->name);
    fu_buf_free(&r->row);
    fu_buf_free(&r->line);
    fu_buf_free(&r->tmp);
    for (int i = 0; i < FU_PARTS; i++)
        fu_buf_free(&r->part[i]);
    fu_free(mem, r, sizeof *r);
}
