#include "report/html.h"
#include "rules/routes.h"

/* One card: which of the findings stand on it, and in which part it goes. */
typedef struct card {
    const fu_shown_claim *c; /* NULL: the file or evidence */
    const fu_finding *v;
    size_t n;
    unsigned picks; /* bits 1u << severity, and PICK_AFTER */
    int part;
} card;

/* What is to be done after the claim was sent has a card of its own. */
#define PICK_AFTER 8u
#define PICK_TODO (1u << FU_ERROR | 1u << FU_WARNING)

static const char *const CLASSES[] = {"info", "warning", "error"};

static unsigned kind_of(const fu_finding *f, const fu_shown_claim *c)
{
    bool after = f->code == FU_R606 || f->code == FU_R607;
    return after && c && c->deadline ? PICK_AFTER : 1u << f->severity;
}

static bool picked(const card *k, const fu_finding *f)
{
    return (k->picks & kind_of(f, k->c)) != 0;
}

static unsigned severities_of(const card *k)
{
    unsigned s = 0;
    for (size_t i = 0; i < k->n; i++)
        if (picked(k, &k->v[i]))
            s |= 1u << k->v[i].severity;
    if (k->part == FU_HTML_HELD && k->c)
        s |= 1u << FU_WARNING;
    return s;
}

static const char *class_of(unsigned severities)
{
    for (int s = FU_ERROR; s > FU_INFO; s--)
        if (severities & 1u << s)
            return CLASSES[s];
    return CLASSES[FU_INFO];
}

/* ---- the key under which the browser remembers the tick (FNV-1a) ---- */

static void mix(uint64_t *h, const char *s)
{
    for (; s && *s; s++)
        *h = (*h ^ (unsigned char)*s) * 0x100000001b3u;
    *h = (*h ^ 0x1fu) * 0x100000001b3u;
}

static void mix_number(uint64_t *h, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        *h = (*h ^ (v >> 8 * i & 0xff)) * 0x100000001b3u;
}

/* File, claim and codes; the months keep the next month's report apart, which is named the same. */
static uint64_t key_of(const fu_report *r, const card *k)
{
    uint64_t h = 0xcbf29ce484222325u;
    mix(&h, r->file);
    mix_number(&h, (uint64_t)r->due);
    mix_number(&h, (uint64_t)k->part);
    if (k->c) {
        mix(&h, k->c->month);
        mix(&h, k->c->receipt_no);
        mix_number(&h, k->c->claim);
    }
    for (size_t i = 0; i < k->n; i++) {
        const fu_finding *f = &k->v[i];
        if (!picked(k, f))
            continue;
        mix(&h, fu_finding_rows[f->code].code);
        mix(&h, f->file);
        mix(&h, f->capture);
        mix(&h, f->found);
        mix(&h, f->item);
        mix_number(&h, k->c ? 0 : f->line);
    }
    return h;
}

/* ---- what stands on a card ---- */

static void put_source(fu_report *r, const fu_finding *f)
{
    const fu_finding_row *row = &fu_finding_rows[f->code];
    const char *payer = f->payer ? f->payer : row->payer;
    fu_buf *b = &r->row;
    fu_buf_str(b, "<p class=\"source\"><span class=\"code\">");
    fu_buf_str(b, row->code);
    fu_buf_char(b, ' ');
    fu_put_word(r, b, (fu_word)(FU_W_INFO + f->severity));
    fu_buf_str(b, "</span> 出典: ");
    fu_html_put(b, row->source);
    if (fu_html_given(payer)) {
        fu_buf_str(b, "／審査支払機関のコード ");
        fu_html_put(b, payer);
        fu_buf_str(b, "（二次資料による）");
    }
    fu_buf_str(b, "</p>");
}

static void put_finding(fu_report *r, const fu_finding *f)
{
    fu_buf *b = &r->row;
    fu_buf_fmt(b, "<li class=\"%s\"><p>", CLASSES[f->severity]);
    fu_render_message(r, b, f, fu_put_xml);
    fu_buf_str(b, "</p><p class=\"do\">");
    fu_render_hint(r, b, f, fu_put_xml);
    fu_buf_str(b, "</p>");
    put_source(r, f);
    fu_buf_str(b, "</li>\n");
}

static void put_findings(fu_report *r, const card *k)
{
    bool any = false;
    for (size_t i = 0; i < k->n; i++) {
        if (!picked(k, &k->v[i]))
            continue;
        fu_buf_str(&r->row, any ? "" : "<ul class=\"asks\">\n");
        any = true;
        put_finding(r, &k->v[i]);
    }
    fu_buf_str(&r->row, any ? "</ul>\n" : "");
}

/* Why it is held, where no finding says so better; what is left to find out afterwards. */
static void put_lead(fu_report *r, const card *k)
{
    fu_buf *b = &r->row;
    if (k->part == FU_HTML_AFTER)
        fu_buf_str(
            b, "<p class=\"do\">正しい保険者と記号・番号を、請求のあとも調べてください。</p>\n");
    else if (k->part == FU_HTML_HELD && k->c && fu_html_given(k->c->reason)) {
        fu_buf_str(b, "<p>保留の理由: ");
        fu_html_put(b, k->c->reason);
        fu_buf_str(b, "</p>\n");
    }
}

static void put_contact(fu_report *r, const card *k)
{
    fu_buf *b = &r->row;
    int32_t until = k->part == FU_HTML_AFTER ? k->c->deadline : r->due;
    bool phone = k->c && fu_html_given(k->c->phone) && !r->o.mask, limit = k->part <= FU_HTML_AFTER && until;
    if (!phone && !limit)
        return;
    fu_buf_str(b, "<p class=\"by\">");
    if (limit) {
        fu_buf_str(b, "<span>期限 <b>");
        fu_html_day(b, until);
        fu_buf_str(b, "</b> まで");
        fu_buf_str(b, k->part == FU_HTML_AFTER ? "（再審査・取下げ）" : "（今月の請求）");
        fu_buf_str(b, r->o.today > until ? "<b class=\"late\">過ぎています</b>" : "");
        fu_buf_str(b, "</span> ");
    }
    if (phone) {
        fu_buf_str(b, "<span>電話 <b class=\"phone\">");
        fu_html_put(b, k->c->phone);
        fu_buf_str(b, "</b></span>");
    }
    fu_buf_str(b, "</p>\n");
}

static void put_card(fu_report *r, const card *k)
{
    fu_buf *b = &r->row;
    unsigned severities = severities_of(k);
    uint64_t id = ++r->cases;
    fu_buf_fmt(b, "<article class=\"card item %s\" ", class_of(severities));
    fu_html_data(b, severities, k->c);
    if (k->part <= FU_HTML_AFTER)
        fu_buf_fmt(b,
                   " data-key=\"%016llx\">\n<label class=\"tick\"><input type=\"checkbox\" "
                   "autocomplete=\"off\" aria-describedby=\"h%llu\"> 済</label>\n",
                   (unsigned long long)key_of(r, k), (unsigned long long)id);
    else
        fu_buf_str(b, ">\n");
    fu_html_who(r, k->c, k->v, id);
    put_lead(r, k);
    put_findings(r, k);
    put_contact(r, k);
    fu_buf_str(b, "</article>\n");
}

static fu_status hold_card(fu_report *r, const card *k, fu_error *e)
{
    bool kept, counted = false;
    fu_status st;
    put_card(r, k);
    st = fu_render_hold(r, k->part, &kept, e);
    if (st != FU_OK || kept)
        return st;
    for (size_t i = 0; i < k->n; i++) {
        if (!picked(k, &k->v[i]))
            continue;
        r->more.severity[k->v[i].severity]++;
        counted = true;
    }
    r->more.claims += !counted;
    return FU_OK;
}

fu_status fu_html_cards(fu_report *r, const fu_shown_claim *c, const fu_finding *v, size_t n,
                        fu_error *e)
{
    bool held = c && strcmp(c->route, fu_route_rows[FU_R_HOLD].word) == 0;
    unsigned kinds = 0;
    card k = {c, v, n, 1u << FU_WARNING, FU_HTML_WARNINGS};
    fu_status st = FU_OK;
    for (size_t i = 0; i < n; i++)
        kinds |= kind_of(&v[i], c);
    if (!c || held || kinds & 1u << FU_ERROR) {
        k.picks = PICK_TODO;
        k.part = kinds & 1u << FU_ERROR ? FU_HTML_NOW : FU_HTML_HELD;
    }
    if (k.picks & kinds || held)
        st = hold_card(r, &k, e);
    k.picks = PICK_AFTER;
    k.part = FU_HTML_AFTER;
    if (st == FU_OK && c && c->deadline)
        st = hold_card(r, &k, e);
    k.picks = 1u << FU_INFO;
    k.part = FU_HTML_INFOS;
    return st == FU_OK && k.picks & kinds ? hold_card(r, &k, e) : st;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

size_t fu_html_together(const fu_finding *v, size_t n)
{
    size_t i = 1;
    if (v->claim == 0 && !v->capture)
        return 1;
    while (i < n && v[i].claim == v->claim && same(v[i].capture, v->capture) &&
           same(v[i].file, v->file))
        i++;
    return i;
}
