#include "decide/facts.h"

#include "text/cp932.h"

#define ID(a, b) FU_ID((a), (b))

fu_finding *fu_claim_finding(fu_findings *l, fu_code code, const fu_claim *c)
{
    fu_finding *f = fu_findings_add(l, code);
    f->claim = c->number;
    f->line = c->line;
    return f;
}

void fu_tokki_read(fu_tokki_list *l, fu_span field)
{
    memset(l, 0, sizeof *l);
    l->field = field;
    l->odd = field.n % 2 != 0;
    l->many = field.n / 2 > FU_TOKKI_MAX;
    for (size_t i = 0; i + 2 <= field.n && l->n < FU_TOKKI_MAX; i += 2) {
        l->codes[l->n] = fu_span_of(field.p + i, 2);
        l->rows[l->n] = fu_tokki_find(l->codes[l->n]);
        l->n++;
    }
}

bool fu_tokki_has(const fu_tokki_list *l, const char *code)
{
    for (size_t i = 0; i < l->n; i++)
        if (fu_span_is(l->codes[i], code))
            return true;
    return false;
}

static inline bool is_comment(const fu_rec *r)
{
    return !r->history && (r->id == ID('C', 'O') || r->id == ID('T', 'K'));
}

bool fu_comment_read(const fu_claim *c, size_t i, fu_comment *out)
{
    const fu_rec *r = &c->recs[i];
    const fu_place_row *place = &fu_place_rows[c->layout->type];
    if (!is_comment(r))
        return false;
    out->at = i;
    /* 調剤 has CO and TK with the same fields; the other types have CO only. */
    out->code = fu_field(r, place->code_field);
    out->text = fu_field(r, place->text_field);
    out->id = fu_comment_of(out->code);
    return true;
}

bool fu_needs_class(const fu_claim *c)
{
    if (c->type_digit[1] != 1 && c->type_digit[1] != 3)
        return false;
    if (c->kouki || fu_claim_age_at_least(c, 70))
        return true;
    return !c->birth && fu_claim_elderly_type(c);
}

/* Sevens in half or full width (82 56); how many, or 0. */
static int count_sevens(fu_span s)
{
    int n = 0;
    for (size_t i = 0; i < s.n; n++) {
        uint32_t cp = fu_cp932_next(s, &i);
        if (cp != '7' && cp != 0xFF17)
            return 0;
    }
    return n;
}

static bool contains(fu_span text, const char *cp932, size_t n)
{
    if (text.n <= n)
        return text.n == n && memcmp(text.p, cp932, n) == 0;
    if (!fu_scan_best()->has(text, fu_span_of(cp932, n)))
        return false;
    for (size_t i = 0; i + n <= text.n;) { /* not across two characters */
        if (memcmp(text.p + i, cp932, n) == 0)
            return true;
        fu_cp932_next(text, &i);
    }
    return false;
}

static void read_insurer(fu_facts *f, const fu_claim *c)
{
    int sevens;
    f->insurer = fu_span_trim(fu_field(c->ho, 2));
    f->fusho_number = fu_insurer_is_fusho(f->insurer);
    sevens = count_sevens(f->insurer);
    f->sevens_like = sevens > 0 && !f->fusho_number;
    f->bango_sevens = count_sevens(fu_field(c->ho, 4));
}

/* Pairs of comment code and text inside SI, IY (from field 8) and TO (from field 12). */
static bool inline_code(const fu_rec *r, const char *code)
{
    unsigned first = r->id == ID('T', 'O') ? 12 : 8;
    if (r->id != ID('S', 'I') && r->id != ID('I', 'Y') && r->id != ID('T', 'O'))
        return false;
    for (unsigned k = 0; k < 3; k++)
        if (fu_span_is(fu_field(r, first + 2 * k), code))
            return true;
    return false;
}

/* 不詳, 旧資格. */
#define FUSHO "\x95\x73\x8F\xDA"
#define KYUSHIKAKU "\x8B\x8C\x8E\x91\x8A\x69"
#define FUSHO_IN_BRACKETS 8u /* bytes */

/* What speaks of the insurance: 資格、保険、番号、記号、健保、国保、後期. */
static const char INSURANCE[][5] = {"\x8E\x91\x8A\x69", "\x95\xDB\x8C\xAF", "\x94\xD4\x8D\x86",
                                    "\x8B\x4C\x8D\x86", "\x8C\x92\x95\xDB", "\x8D\x91\x95\xDB",
                                    "\x8C\xE3\x8A\xFA"};

static bool speaks_of_insurance(const unsigned char *p)
{
    for (size_t i = 0; i < sizeof INSURANCE / sizeof INSURANCE[0]; i++)
        if (memcmp(p, INSURANCE[i], 4) == 0)
            return true;
    return false;
}

/* Of kana, kanji, letters and digits; blanks, brackets and other marks are not, nor is ・. */
static bool is_letter(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        cp -= 0xFEE0;
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
           cp == 0x3005 || (cp >= 0x3041 && cp < 0xFF00 && cp != 0x30FB) ||
           (cp >= 0xFF66 && cp <= 0xFF9F);
}

/* Much is 不詳 in medicine: 原因不詳, 不詳の疼痛. The 不詳 of a claim is the word alone; with the
 * sevens it may have more behind it, and before it what speaks of the insurance. */
static bool says_fusho(fu_span text, bool sevens)
{
    bool alone = true; /* no letter directly before; without the sevens none at all */
    bool insurance = false;
    for (size_t i = 0; i + 4 <= text.n;) {
        if (memcmp(text.p + i, FUSHO, 4) == 0) {
            size_t behind = i + 4;
            if (sevens && (alone || insurance))
                return true;
            if (alone && (behind == text.n || !is_letter(fu_cp932_next(text, &behind))))
                return true;
        }
        insurance |= speaks_of_insurance(text.p + i);
        alone = !is_letter(fu_cp932_next(text, &i)) && (sevens || alone);
    }
    return false;
}

static void read_free_text(fu_facts *f, const fu_comment *cm)
{
    bool sevens = f->fusho_number || f->sevens_like, fusho, kyushikaku;
    if (!fu_span_is(cm->code, FU_CM_FREE_TEXT))
        return;
    fusho = contains(cm->text, FUSHO, 4) && says_fusho(cm->text, sevens);
    kyushikaku = contains(cm->text, KYUSHIKAKU, 6);
    f->free_more |= !fusho || cm->text.n > FUSHO_IN_BRACKETS;
    if (!fusho && !kyushikaku)
        return;
    if (!f->free_fusho && !f->free_kyushikaku)
        f->free_at = cm->at;
    f->free_fusho |= fusho;
    f->free_kyushikaku |= kyushikaku;
}

/* Most claims do not even have these nine bytes anywhere: then no record is asked for its pairs. */
static bool has_inline_code(const fu_claim *c, const char *code)
{
    if (c->type != FU_MED && c->type != FU_DPC)
        return false;
    if (!fu_scan_best()->has(c->bytes, fu_span_str(code)))
        return false;
    for (size_t i = 0; i < c->n_recs; i++)
        if (inline_code(&c->recs[i], code))
            return true;
    return false;
}

static void own(fu_facts *f, const fu_comment *cm, fu_arena *arena)
{
    fu_comment *v = f->owned;
    f->has[cm->id] = true;
    f->too_many |= f->n_owned == FU_OWNED_MAX;
    if (f->too_many || !(v = fu_arena_grow(arena, v, f->n_owned, &f->cap_owned, sizeof *v)))
        return;
    f->owned = v;
    v[f->n_owned++] = *cm;
}

static void read_comments(fu_facts *f, const fu_claim *c, fu_arena *arena)
{
    f->inline_fusho = has_inline_code(c, fu_comment_rows[FU_CM_FUSHO].code);
    for (size_t i = 0; i < c->n_recs; i++) {
        fu_comment cm;
        if (!fu_comment_read(c, i, &cm))
            continue;
        read_free_text(f, &cm);
        if (cm.id >= 0)
            own(f, &cm, arena);
    }
}

static const char *kougaku_sign(const fu_facts *f, const fu_claim *c)
{
    const fu_places *at = &c->layout->at;
    for (size_t i = 0; i < c->n_recs; i++) {
        fu_span kubun;
        if (c->recs[i].id != ID('M', 'F') || c->recs[i].history)
            continue;
        kubun = fu_field(&c->recs[i], 2);
        if (fu_span_is(kubun, "01") || fu_span_is(kubun, "02"))
            return "高額療養費の現物給付（窓口負担額区分）";
    }
    if (fu_re_field(c, at->re_kubun).n > 0)
        return "一部負担金区分";
    if (fu_field(c->ho, at->ho_futan).n > 0)
        return "医療保険の負担金額";
    for (size_t i = 0; i < f->tokki.n; i++)
        if (f->tokki.rows[i] && f->tokki.rows[i]->tasukai)
            return "多数回該当の特記事項";
    return NULL;
}

const char *fu_furikae_obstacle(const fu_facts *f, const fu_claim *c)
{
    if (c->n_ko > 0)
        return "公費併用";
    if (f->kougaku)
        return f->kougaku;
    return f->class_under_70 ? "所得区分の特記事項" : NULL;
}

void fu_facts_read(fu_facts *f, const fu_claim *c, fu_arena *arena)
{
    memset(f, 0, sizeof *f);
    f->place = &fu_place_rows[c->layout->type];
    f->elsewhere = c->soukatsu >= 2 && !f->place->parts;
    fu_tokki_read(&f->tokki, fu_re_field(c, c->layout->at.re_tokki));
    read_insurer(f, c);
    read_comments(f, c, arena);
    f->kougaku = kougaku_sign(f, c);
    for (size_t i = 0; i < f->tokki.n && !fu_needs_class(c); i++)
        f->class_under_70 |= fu_tokki_is_class(f->tokki.rows[i]);
}
