#include "report/render.h"
#include "rules/comments.h"
#include "rules/routes.h"

/* Parts; the one of a finding is FINDINGS + its severity. */
enum { BLOCKS, MATCHES, FINDINGS };

_Static_assert(FU_W_WARNING == FU_W_INFO + FU_WARNING && FU_W_ERROR == FU_W_INFO + FU_ERROR,
               "severities are in the order of fu_severity");

static const struct {
    const char *ja, *en;
} WORDS[FU_W_COUNT] = {
#define FU_WORD(id, ja, en) {ja, en},
#include "report/words.def"
#undef FU_WORD
};

const char *fu_word_of(const fu_report *r, fu_word w)
{
    return r->en ? WORDS[w].en : WORDS[w].ja;
}

const char *fu_text_route(const fu_report *r, const char *route)
{
    for (int i = 0; i < FU_R_COUNT; i++)
        if (strcmp(fu_route_rows[i].word, route) == 0)
            return r->en ? fu_route_rows[i].en : fu_route_rows[i].ja;
    return route;
}

void fu_put_word(const fu_report *r, fu_buf *out, fu_word w)
{
    fu_buf_str(out, fu_word_of(r, w));
}

void fu_put_word_text(const fu_report *r, fu_buf *out, fu_word w, const char *value)
{
    const char *s = fu_word_of(r, w), *hole = strstr(s, "{}");
    fu_buf_add(out, s, (size_t)(hole - s));
    fu_put_line(out, fu_span_str(value));
    fu_buf_str(out, hole + 2);
}

void fu_put_word_number(const fu_report *r, fu_buf *out, fu_word w, uint64_t value)
{
    char digits[24], *p = digits + sizeof digits;
    *--p = '\0';
    do {
        *--p = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    fu_put_word_text(r, out, w, p);
}

/* ---- colours ---- */

/* Chosen to be readable on a dark and on a light background: no yellow, no dark blue. Information
 * stays as it is, so that what a person must do stands out. */
#define SGR_HEADING "\x1b[1m"
#define SGR_END "\x1b[0m"

static const char *const SGR_SEVERITY[] = {
    [FU_INFO] = "", [FU_WARNING] = "\x1b[1;35m", [FU_ERROR] = "\x1b[1;31m"};

/* Puts the word in between; the texts of findings are JUnit's, too, which is never coloured. */
static void put_colored(const fu_report *r, fu_buf *out, const char *sgr, fu_word w)
{
    bool colored = r->o.color && r->o.format == FU_TEXT && *sgr;
    if (colored)
        fu_buf_str(out, sgr);
    fu_put_word(r, out, w);
    if (colored)
        fu_buf_str(out, SGR_END);
}

static void put(fu_buf *out, const char *s)
{
    fu_put_line(out, fu_span_str(s));
}

static bool given(const char *s)
{
    return s && *s;
}

void fu_text_place(const fu_report *r, fu_buf *out, const fu_shown_claim *c, uint64_t claim,
                   uint64_t line)
{
    bool karte = c && given(c->karte), named = true;
    if (c && given(c->receipt_no))
        fu_put_word_text(r, out, FU_W_RECEIPT_NO, c->receipt_no);
    else if (claim)
        fu_put_word_number(r, out, FU_W_NTH_CLAIM, claim);
    else
        named = false;
    if (!line && !karte)
        return;
    if (named)
        fu_put_word(r, out, FU_W_OPEN);
    if (line)
        fu_put_word_number(r, out, FU_W_LINE, line);
    if (line && karte)
        fu_put_word(r, out, FU_W_COMMA);
    if (karte)
        fu_put_word_text(r, out, FU_W_KARTE, c->karte);
    if (named)
        fu_put_word(r, out, FU_W_CLOSE);
}

void fu_text_finding(fu_report *r, fu_buf *out, const fu_finding *f, const fu_shown_claim *c)
{
    static const char arrow[] = " → ";
    size_t before;
    put(out, fu_render_file(r, f));
    fu_buf_str(out, ": ");
    before = out->n;
    fu_text_place(r, out, c, f->claim, f->line);
    if (out->n > before)
        fu_buf_char(out, ' ');
    fu_buf_str(out, fu_finding_rows[f->code].code);
    fu_buf_char(out, ' ');
    put_colored(r, out, SGR_SEVERITY[f->severity], (fu_word)(FU_W_INFO + f->severity));
    fu_buf_str(out, ": ");
    fu_render_message(r, out, f, fu_put_line);
    fu_buf_str(out, arrow);
    fu_render_hint(r, out, f, fu_put_line);
}

/* A record, but not the name behind the code of カナ氏名: it stays in the claim file. */
static void put_record(const fu_report *r, fu_buf *out, const char *text)
{
    const char *code = fu_comment_rows[FU_CM_KANA].code;
    const char *at = text ? strstr(text, code) : NULL, *name;
    if (!at || at[strlen(code)] != ',') {
        put(out, text);
        return;
    }
    name = at + strlen(code) + 1;
    fu_put_line(out, fu_span_of(text, (size_t)(name - text)));
    fu_put_word(r, out, FU_W_HIDDEN_NAME);
    put(out, name + strcspn(name, ","));
}

static void put_value(const fu_report *r, fu_buf *out, const char *value)
{
    if (given(value))
        put(out, value);
    else
        fu_put_word(r, out, FU_W_EMPTY);
}

static void put_edit(const fu_report *r, fu_buf *out, const fu_shown_edit *d)
{
    fu_buf_str(out, "  ");
    if (d->op == FU_OP_REPLACE) {
        put(out, given(d->item) ? d->item : d->record);
        if (!given(d->item))
            fu_buf_fmt(out, " %u", (unsigned)d->field);
        fu_buf_char(out, ' ');
        put_value(r, out, d->before);
        fu_buf_str(out, " → ");
        put_value(r, out, d->after);
    } else {
        fu_put_word(r, out, d->op == FU_OP_DELETE ? FU_W_DELETED : FU_W_ADDED);
        put_record(r, out, d->text);
    }
    fu_buf_char(out, '\n');
}

static void put_block(const fu_report *r, fu_buf *b, const fu_shown_claim *c)
{
    bool rewritable = strcmp(c->route, "none") != 0 && strcmp(c->route, "hold") != 0;
    fu_text_place(r, b, c, c->claim, c->line);
    fu_buf_str(b, ": ");
    put(b, fu_text_route(r, c->route));
    fu_buf_char(b, '\n');
    if (given(c->reason)) {
        fu_buf_str(b, "  ");
        fu_put_word_text(r, b, FU_W_REASON, c->reason);
        fu_buf_char(b, '\n');
    }
    for (size_t i = 0; i < c->n_edits; i++)
        put_edit(r, b, &c->edits[i]);
    if (c->n_edits == 0 && rewritable) {
        fu_buf_str(b, "  ");
        fu_put_word(r, b, FU_W_NO_EDIT);
        fu_buf_char(b, '\n');
    }
    if (c->deadline) {
        fu_buf_str(b, "  ");
        fu_put_word(r, b, FU_W_DEADLINE);
        fu_put_day(b, c->deadline);
        fu_buf_char(b, '\n');
    }
}

static fu_status hold_findings(fu_report *r, const fu_findings *l, const fu_shown_claim *c,
                               fu_error *e)
{
    for (size_t i = 0; l && i < l->n; i++) {
        const fu_finding *f = &l->v[i];
        bool kept;
        fu_status st;
        if (r->rows == FU_REPORT_ROWS_MAX) { /* worth no words */
            r->more.severity[f->severity]++;
            continue;
        }
        fu_text_finding(r, &r->row, f, c);
        fu_buf_char(&r->row, '\n');
        st = fu_render_hold(r, FINDINGS + (int)f->severity, &kept, e);
        if (st != FU_OK)
            return st;
        if (!kept)
            r->more.severity[f->severity]++;
    }
    return FU_OK;
}

static fu_status text_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l,
                            fu_error *e)
{
    if (fu_render_shows(r, c)) {
        bool kept;
        fu_status st;
        put_block(r, &r->row, c);
        st = fu_render_hold(r, BLOCKS, &kept, e);
        if (st != FU_OK)
            return st;
        r->more.claims += !kept;
    }
    return hold_findings(r, l, c, e);
}

static fu_status text_findings(fu_report *r, const fu_findings *l, fu_error *e)
{
    return hold_findings(r, l, NULL, e);
}

static fu_status text_match(fu_report *r, const char *file, const char *capture, const char *claims,
                            fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st;
    bool kept;
    put(b, file);
    fu_buf_str(b, ": ");
    fu_put_word_text(r, b, FU_W_CAPTURE, capture);
    fu_buf_str(b, " → ");
    if (given(claims))
        fu_put_word_text(r, b, FU_W_MATCHED_TO, claims);
    else
        fu_put_word(r, b, FU_W_MATCHED_NONE);
    fu_buf_char(b, '\n');
    st = fu_render_hold(r, MATCHES, &kept, e);
    r->more.claims += st == FU_OK && !kept;
    return st;
}

void fu_text_more(const fu_report *r, fu_buf *out)
{
    fu_put_word_number(r, out, FU_W_MORE, fu_render_more(r));
    fu_put_word(r, out, FU_W_OPEN);
    fu_put_word_number(r, out, FU_W_N_ERRORS, r->more.severity[FU_ERROR]);
    fu_put_word(r, out, FU_W_COMMA);
    fu_put_word_number(r, out, FU_W_N_WARNINGS, r->more.severity[FU_WARNING]);
    fu_put_word(r, out, FU_W_COMMA);
    fu_put_word_number(r, out, FU_W_N_INFOS, r->more.severity[FU_INFO]);
    fu_put_word(r, out, FU_W_COMMA);
    fu_put_word_number(r, out, FU_W_N_CLAIMS, r->more.claims);
    fu_put_word(r, out, FU_W_CLOSE);
    fu_put_word(r, out, FU_W_MORE_HINT);
}

static void put_heading(const fu_report *r, fu_buf *b, fu_word w)
{
    fu_buf_char(b, '\n');
    fu_put_word(r, b, FU_W_HEAD_OPEN);
    put_colored(r, b, SGR_HEADING, w);
    fu_put_word(r, b, FU_W_HEAD_CLOSE);
    fu_buf_char(b, '\n');
}

static void put_sentence(const fu_report *r, fu_buf *b, fu_word w)
{
    fu_put_word(r, b, w);
    fu_buf_char(b, '\n');
}

static fu_status write_part(fu_report *r, int part, fu_error *e)
{
    fu_status st = fu_render_write(r, &r->row, e);
    return st == FU_OK ? fu_render_write(r, &r->part[part], e) : st;
}

static fu_status write_done(fu_report *r, const fu_summary *s, fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st;
    if (r->cases++)
        fu_buf_char(b, '\n');
    fu_put_word(r, b, FU_W_FILE);
    put(b, r->file);
    fu_buf_char(b, '\n');
    put_heading(r, b, FU_W_DONE);
    if (r->part[BLOCKS].n == 0)
        put_sentence(r, b, FU_W_NOTHING_DONE);
    else if (!fu_render_written(s))
        put_sentence(r, b, FU_W_WOULD_BE);
    st = write_part(r, BLOCKS, e);
    if (st == FU_OK && r->part[MATCHES].n) {
        put_heading(r, b, FU_W_MATCHED);
        st = write_part(r, MATCHES, e);
    }
    return st;
}

static fu_status write_left(fu_report *r, fu_error *e)
{
    fu_buf *b = &r->row;
    fu_status st = FU_OK;
    bool any = fu_render_more(r) > 0;
    put_heading(r, b, FU_W_LEFT);
    for (int s = FU_ERROR; s >= FU_INFO && st == FU_OK; s--) {
        any = any || r->part[FINDINGS + s].n > 0;
        st = write_part(r, FINDINGS + s, e);
    }
    if (fu_render_more(r)) {
        fu_text_more(r, b);
        fu_buf_char(b, '\n');
    }
    if (!any)
        put_sentence(r, b, FU_W_NOTHING_LEFT);
    return st;
}

/* Numbers w, w+1, … on one line. */
static void put_numbers(const fu_report *r, fu_buf *b, fu_word w, const int64_t *v, int n)
{
    for (int i = 0; i < n; i++) {
        if (i)
            fu_put_word(r, b, FU_W_COMMA);
        fu_put_word_number(r, b, (fu_word)((int)w + i), (uint64_t)v[i]);
    }
    fu_buf_char(b, '\n');
}

bool fu_render_written(const fu_summary *s)
{
    return s->output && !s->dry_run && !s->check_only && s->exit_status <= 1;
}

static void put_summary(const fu_report *r, fu_buf *b, const fu_summary *s)
{
    const int64_t size[] = {s->claims, s->payers};
    const int64_t routes[] = {s->fusho, s->kyushikaku, s->current, s->hold};
    const int64_t findings[] = {s->errors, s->warnings, s->infos};
    put_heading(r, b, FU_W_SUMMARY);
    put_numbers(r, b, FU_W_N_CLAIMS, size, 2);
    put_numbers(r, b, FU_W_N_FUSHO, routes, 4);
    put_numbers(r, b, FU_W_N_ERRORS, findings, 3);
    if (s->exit_status > 1) {
        put_sentence(r, b, FU_W_REFUSED);
        return;
    }
    if (s->fusho > 0)
        put_sentence(r, b, FU_W_PAPER);
    if (!fu_render_written(s)) {
        put_sentence(r, b, FU_W_NOT_WRITTEN);
        return;
    }
    fu_put_word_text(r, b, FU_W_OUTPUT, s->output);
    fu_buf_char(b, '\n');
    if (s->journal) {
        fu_put_word_text(r, b, FU_W_JOURNAL, s->journal);
        fu_buf_char(b, '\n');
    }
}

static fu_status text_summary(fu_report *r, const fu_summary *s, fu_error *e)
{
    fu_status st = write_done(r, s, e);
    if (st == FU_OK)
        st = write_left(r, e);
    if (st == FU_OK) {
        put_summary(r, &r->row, s);
        st = fu_render_write(r, &r->row, e);
    }
    fu_render_forget(r);
    return st;
}

const fu_renderer fu_text_renderer = {
    .claim = text_claim, .findings = text_findings, .match = text_match, .summary = text_summary};
