#include "check/check.h"

#include "base/date.h"
#include "rules/routes.h"
#include "rules/words.h"
#include "text/cp932.h"
#include "text/width.h"

/* ---- numbers ---- */

static void check_numbers(fu_findings *out, const fu_claim *c, const fu_facts *f, bool fusho)
{
    int want = c->kouki ? 8 : 9;
    const char *sevens = c->kouki ? FU_FUSHO_BANGO_KOUKI : FU_FUSHO_BANGO;
    if (f->sevens_like)
        fu_check_value(out, FU_U301, c, c->ho, 2)->want = FU_FUSHO_NUMBER;
    if (fusho && fu_field(c->ho, 3).n > 0)
        fu_check_value(out, FU_U302, c, c->ho, 3);
    if (fusho && f->bango_sevens != want)
        fu_check_value(out, FU_U303, c, c->ho, 4)->want = sevens;
    if (fusho && f->bango_sevens == 0)
        fu_check_value(out, FU_U304, c, c->ho, 4)->want = sevens;
    /* A real 番号 of a few sevens exists; only the exact run points to 不詳. */
    if (!fusho && (f->bango_sevens == 9 || (c->kouki && f->bango_sevens == 8)))
        fu_check_value(out, FU_U304, c, c->ho, 2)->want = FU_FUSHO_NUMBER;
}

/* Eight or more nines, in either width. */
static bool only_nines(fu_span s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; n++) {
        uint32_t cp = fu_cp932_next(s, &i);
        if (cp != '9' && cp != 0xFF19)
            return false;
    }
    return n >= 8;
}

static void check_disaster(fu_findings *out, const fu_claim *c, const fu_facts *f, bool fusho)
{
    bool nines = only_nines(f->insurer) || only_nines(fu_field(c->ho, 4));
    bool code = fu_tokki_has(&f->tokki, "96") || fu_tokki_has(&f->tokki, "97");
    if (fusho && code)
        fu_check_value(out, FU_U310, c, c->re, c->layout->at.re_tokki);
    else if ((fusho || f->bango_sevens >= 8) && nines)
        fu_check_value(out, FU_U310, c, c->ho, only_nines(f->insurer) ? 2 : 4);
}

static void check_kohi(fu_findings *out, const fu_claim *c)
{
    for (size_t i = 0; i < c->n_ko && i < FU_KOHI_MAX; i++) {
        fu_span number = fu_span_trim(fu_field(c->ko[i], 2)), jukyu = fu_field(c->ko[i], 3);
        if (fu_span_all(number, '7') || fu_insurer_is_fusho(number))
            fu_check_value(out, FU_U314, c, c->ko[i], 2);
        if (jukyu.n >= 7 && fu_span_all(jukyu, '7'))
            fu_check_value(out, FU_U314, c, c->ko[i], 3);
    }
}

/* ---- comments ---- */

static const fu_comment *owned(const fu_facts *f, fu_comment_id id)
{
    for (size_t i = 0; i < f->n_owned; i++)
        if (f->owned[i].id == (int)id)
            return &f->owned[i];
    return NULL;
}

/* Index of the record that stands at the head of 摘要, skipping 先進 notes (特記事項 13) that must
 * stand first too. */
static size_t head_of_tekiyo(const fu_claim *c, const fu_facts *f)
{
    const fu_place_row *p = f->place;
    bool senshin = fu_tokki_has(&f->tokki, "13");
    for (size_t i = 0; i < c->n_recs; i++) {
        const fu_rec *r = &c->recs[i];
        fu_comment cm;
        if (r->history || !fu_in_list(p->head, (unsigned char)(r->id >> 8), (unsigned char)r->id))
            continue;
        if (*p->head_shikibetsu && !fu_span_is(fu_field(r, 2), p->head_shikibetsu))
            continue;
        if (senshin && fu_comment_read(c, i, &cm) && cm.id < 0 &&
            (!*p->shikibetsu || fu_span_is(fu_field(r, 2), p->shikibetsu)))
            continue;
        return i;
    }
    return c->n_recs;
}

static void check_head(fu_findings *out, const fu_claim *c, const fu_facts *f, bool fusho)
{
    const fu_comment *cm = owned(f, FU_CM_FUSHO);
    if (cm) {
        if (head_of_tekiyo(c, f) != cm->at)
            fu_check_at(out, FU_U306, c, &c->recs[cm->at], 0);
    } else if (f->inline_fusho) {
        fu_check_at(out, FU_U306, c, c->re, 0);
    } else if (fusho && !f->free_fusho) {
        fu_check_at(out, FU_U305, c, c->re, 0);
    }
}

static void check_items(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    for (int id = 0; id < FU_CM_COUNT; id++) {
        const fu_comment_row *row = &fu_comment_rows[id];
        bool there = false;
        if (!row->required || (c->kouki && !row->kouki))
            continue;
        for (size_t i = 0; i < f->n_owned; i++)
            there |= f->owned[i].id == id && f->owned[i].text.n > 0;
        if (!there)
            fu_check_at(out, FU_U307, c, c->re, 0)->item = row->item;
    }
}

/* An item of the declaration written out as free text, although it has a code of its own. */
static void check_free_items(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    for (size_t i = 0; i < c->n_recs; i++) {
        fu_comment cm;
        const char *text;
        if (!fu_comment_read(c, i, &cm) || !fu_span_is(cm.code, FU_CM_FREE_TEXT))
            continue;
        text = fu_field_text(out->arena, cm.text);
        if (strncmp(text, FU_CM_TITLE, strlen(FU_CM_TITLE)) == 0)
            text += strlen(FU_CM_TITLE);
        for (int id = 0; id < FU_CM_COUNT; id++) {
            const char *item = fu_comment_rows[id].item;
            if (!fu_comment_rows[id].text || strncmp(text, item, strlen(item)) != 0)
                continue;
            fu_check_value(out, FU_U308, c, &c->recs[i], f->place->text_field);
            return;
        }
    }
}

static void check_mixture(fu_findings *out, const fu_claim *c, const fu_facts *f, bool fusho)
{
    const char *found = NULL;
    const fu_comment *cm = owned(f, FU_CM_KYUSHIKAKU);
    if (cm && (f->has[FU_CM_FUSHO] || f->inline_fusho))
        found = "旧資格情報と不詳";
    else if (cm && fusho)
        found = "旧資格情報と7を並べた保険者番号";
    else if ((f->has[FU_CM_FUSHO] || f->inline_fusho) && !fusho)
        found = "不詳のコメントだけ";
    if (!found)
        return;
    if (!cm)
        cm = owned(f, FU_CM_FUSHO);
    fu_check_at(out, FU_U309, c, cm ? &c->recs[cm->at] : c->re, 0)->found = found;
}

static const char *month_text(fu_findings *out, int32_t month)
{
    char t[7];
    for (int i = 6; i >= 0; i--) {
        t[i] = (char)(i == 4 ? '-' : '0' + month % 10);
        month = i == 4 ? month : month / 10;
    }
    return fu_findings_text(out, fu_span_of(t, 7));
}

static void check_dates(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h,
                        bool fusho)
{
    if (!h->month)
        return;
    if ((fusho || f->has[FU_CM_FUSHO]) && h->month < FU_FUSHO_SINCE) {
        fu_check_at(out, FU_U313, c, c->ho ? c->ho : c->re, 0)->found = month_text(out, h->month);
        return;
    }
    for (size_t i = 0; i < f->n_owned; i++) {
        const fu_comment_row *row = &fu_comment_rows[f->owned[i].id];
        if (h->month >= row->from && (!row->to || h->month <= row->to))
            continue;
        fu_check_at(out, FU_U313, c, &c->recs[f->owned[i].at], f->place->code_field)->found =
            fu_field_text(out->arena, f->owned[i].code);
        return;
    }
}

static void check_destination(fu_findings *out, const fu_claim *c, const fu_facts *f,
                              const fu_header *h, bool fusho)
{
    const fu_comment *cm = owned(f, FU_CM_HOKEN);
    const char *text;
    if (!cm || !fusho)
        return;
    text = fu_field_text(out->arena, cm->text);
    for (int k = 0; k < FU_HOKEN_COUNT; k++) {
        fu_finding *found;
        if (strcmp(text, fu_hoken_rows[k].recorded) != 0)
            continue;
        if (k != FU_HOKEN_UNKNOWN && (!h->payer || fu_hoken_rows[k].payer == h->payer))
            return;
        found = fu_check_at(out, FU_U315, c, &c->recs[cm->at], f->place->text_field);
        found->found = fu_hoken_rows[k].recorded;
        found->item = fu_payer_name(h->payer);
        if (k == FU_HOKEN_UNKNOWN)
            found->severity = FU_INFO;
        return;
    }
}

/* 令和８年１１月２日, in any width; 0 = not readable. */
static int32_t contact_day(fu_findings *out, fu_span cp932)
{
    static const char *const marks[] = {"令和", "年", "月", "日"};
    fu_buf b;
    int v[3] = {0, 0, 0}, k = 0;
    fu_span s;
    int32_t day = 0;
    fu_buf_init(&b, out->arena->mem, 4096);
    fu_fold_width(&b, fu_span_str(fu_field_text(out->arena, cp932)));
    s = fu_buf_view(&b);
    for (; k < 4; k++) {
        size_t n = strlen(marks[k]);
        if (k == 1 && s.n >= 3 && memcmp(s.p, "元", 3) == 0) {
            v[0] = 1;
            s = fu_span_of(s.p + 3, s.n - 3);
        }
        while (k > 0 && s.n && s.p[0] >= '0' && s.p[0] <= '9' && v[k - 1] < 1000) {
            v[k - 1] = v[k - 1] * 10 + (s.p[0] - '0');
            s = fu_span_of(s.p + 1, s.n - 1);
        }
        if (s.n < n || memcmp(s.p, marks[k], n) != 0)
            break;
        s = fu_span_of(s.p + n, s.n - n);
    }
    out->failed |= b.status == FU_E_NOMEM;
    if (k == 4 && s.n == 0)
        day = fu_day_make(2018 + v[0], v[1], v[2]);
    fu_buf_free(&b);
    return day;
}

/* Codes of pattern 20 say everything themselves. */
static void check_patterns(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    for (size_t i = 0; i < f->n_owned; i++) {
        const fu_comment *cm = &f->owned[i];
        if (fu_comment_rows[cm->id].text || cm->text.n == 0)
            continue;
        fu_check_value(out, FU_U318, c, &c->recs[cm->at], f->place->text_field)->item =
            fu_comment_rows[cm->id].code;
    }
}

static void check_contacts(fu_findings *out, const fu_claim *c, const fu_facts *f, int32_t today)
{
    for (size_t i = 0; i < f->n_owned; i++) {
        const fu_comment *cm = &f->owned[i];
        int32_t day;
        if (cm->id != FU_CM_RENRAKU || cm->text.n == 0)
            continue;
        day = contact_day(out, cm->text);
        if (!day || (c->month && day / 100 < c->month) || (today && day > today))
            fu_check_value(out, FU_U316, c, &c->recs[cm->at], f->place->text_field);
    }
}

/* The numbers should have been asked for again since the first visit (事務連絡 2023-07-19 1③). */
static void check_asked_again(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    if (!c->inpatient && !f->again)
        return;
    fu_check_at(out, FU_U317, c, c->re, 0)->item = !f->again      ? "入院"
                                                   : c->inpatient ? "入院、前の月も不詳"
                                                                  : "前の月も不詳";
}

static void check_kyushikaku(fu_findings *out, const fu_claim *c, const fu_facts *f)
{
    const fu_comment *cm = owned(f, FU_CM_KYUSHIKAKU);
    const char *obstacle = fu_furikae_obstacle(f, c);
    if (!cm)
        return;
    if (obstacle)
        fu_check_at(out, FU_K351, c, &c->recs[cm->at], 0)->item = obstacle;
    if (f->insurer.n == 0 || fu_field(c->ho, 4).n == 0)
        fu_check_at(out, FU_K352, c, c->ho ? c->ho : c->re, f->insurer.n == 0 ? 2 : 4)->item =
            f->insurer.n == 0 ? "保険者番号" : "番号";
    if (c->returned)
        fu_check_at(out, FU_K353, c, &c->recs[cm->at], 0);
}

void fu_check_fusho(fu_findings *out, const fu_claim *c, const fu_facts *f, const fu_header *h,
                    const fu_policy *policy)
{
    bool fusho = f->fusho_number || f->sevens_like;
    bool said = f->has[FU_CM_FUSHO] || f->inline_fusho;
    check_numbers(out, c, f, fusho);
    if (!f->elsewhere)
        check_head(out, c, f, fusho);
    /* What stands in free text cannot be told apart item by item: U308 asks for the codes. */
    if (said || (fusho && !(f->free_fusho && f->free_more) && !f->elsewhere))
        check_items(out, c, f);
    if (f->free_fusho || f->free_kyushikaku)
        fu_check_value(out, FU_U308, c, &c->recs[f->free_at], f->place->text_field);
    else if (fusho || said)
        check_free_items(out, c, f);
    check_mixture(out, c, f, fusho);
    check_disaster(out, c, f, fusho);
    for (size_t i = 0; i < c->n_recs && fusho; i++)
        if (fu_is_hoken_sn(&c->recs[i]) && fu_field(&c->recs[i], 7).n > 0)
            fu_check_value(out, FU_U311, c, &c->recs[i], 7);
    if (fu_span_is(f->insurer, FU_FUSHO_NUMBER_ALT))
        fu_check_value(out, FU_U312, c, c->ho, 2);
    check_dates(out, c, f, h, fusho);
    check_kohi(out, c);
    check_destination(out, c, f, h, fusho);
    check_contacts(out, c, f, policy->today);
    check_patterns(out, c, f);
    if (fusho)
        check_asked_again(out, c, f);
    check_kyushikaku(out, c, f);
}
