#include "support_claim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support_evidence.h"

#define OR(value, standard) ((value) ? (value) : (standard))
#define CLAIM_MAX (8u << 20)

static _Noreturn void die(const char *what, const char *detail)
{
    fprintf(stderr, "tests/support_claim: %s: %s\n", what, detail);
    abort();
}

static void *need(void *p)
{
    if (!p)
        die("out of memory", "");
    return p;
}

/* ---- text that grows ---- */

typedef struct text {
    char *p;
    size_t n;
} text;

static void put(text *t, const char *s)
{
    size_t n = strlen(s);
    t->p = need(realloc(t->p, t->n + n + 1));
    memcpy(t->p + t->n, s, n + 1);
    t->n += n;
}

static void put_record(text *t, const tst_spec *s, const char *record, size_t n)
{
    const fu_record_row *row = fu_layout_record(
        &fu_layouts[s->type], FU_ID((unsigned char)record[0], (unsigned char)record[1]));
    size_t fields = 1, at = t->n;
    char *copy = need(strndup(record, n));
    for (size_t i = 0; i < n; i++)
        fields += record[i] == ',';
    put(t, copy);
    free(copy);
    for (; row && !s->trimmed && fields < row->n_fields; fields++)
        put(t, ",");
    while (s->trimmed && t->n > at && t->p[t->n - 1] == ',')
        t->p[--t->n] = '\0';
    put(t, OR(s->eol, "\r\n"));
}

static void put_records(text *t, const tst_spec *s, const char *records)
{
    while (*records) {
        size_t n = strcspn(records, "\n");
        put_record(t, s, records, n);
        records += n + (records[n] == '\n');
    }
}

/* ---- records ---- */

static const struct {
    const char *header; /* %s 審査支払機関, %s 請求年月 */
    const char *kind, *body;
} TYPES[FU_TYPE_COUNT] = {
    [FU_MED] = {"IR,%s,13,1,1399991,,見本医院,%s,00,", "1112",
                "SY,8833421,20261001,1,,,01,\nSI,11,1,111000110,,291,1"},
    [FU_DPC] = {"IR,%s,13,1,1399991,,見本病院,%s,00,", "1111", "BU,x\nSI,11,1,111000110,,291,1"},
    [FU_DEN] = {"UK,%s,13,3,1399991,,見本歯科,%s,,00", "3112",
                "HS,x\nSS,11,1,301000110\nSJ,01,見本"},
    [FU_PHA] = {"YK,%s,13,4,1399991,見本薬局,%s,00,", "4112",
                "SH,1\nCZ,1\nIY,1,620098801\nKI,1\nST,1"},
    [FU_NUR] = {"HM,%s,13,6,1399991,見本ステーション,%s,", "6112",
                "IH,13,1,1399991,見本医院\nKA,20261003,1,510000110,1,5550"},
};

char *tst_header_text(const tst_spec *s)
{
    char line[256];
    snprintf(line, sizeof line, TYPES[s->type].header, OR(s->payer, "1"), OR(s->claimed, "202611"));
    strncat(line, OR(s->eol, "\r\n"), 3);
    return need(strdup(line));
}

static void put_re(text *t, const tst_spec *s)
{
    const fu_places *at = &fu_layouts[s->type].at;
    const char *fields[64] = {NULL};
    text re = {NULL, 0};
    fields[0] = OR(s->soukatsu, ""); /* also for a type that has no such place */
    fields[at->re_soukatsu] = OR(s->soukatsu, "");
    fields[1] = "RE";
    fields[2] = "1";
    fields[at->re_type] = OR(s->kind, TYPES[s->type].kind);
    fields[at->re_month] = OR(s->month, "202610");
    fields[at->re_name] = OR(s->name, "見本　花子");
    fields[at->re_kana] = OR(s->kana, "ミホンハナコ");
    fields[at->re_sex] = OR(s->sex, "2");
    fields[at->re_birth] = OR(s->birth, "19800101");
    fields[at->re_kyufu] = OR(s->kyufu, "");
    fields[at->re_tokki] = OR(s->tokki, "");
    fields[at->re_kubun] = OR(s->kubun, "");
    fields[at->re_karte] = OR(s->karte, "");
    fields[at->re_kensaku] = OR(s->kensaku, "");
    for (unsigned n = 1;
         n < 64 && n <= fu_layout_record(&fu_layouts[s->type], FU_ID('R', 'E'))->n_fields; n++) {
        put(&re, n > 1 ? "," : "");
        put(&re, OR(fields[n], ""));
    }
    put_record(t, s, re.p, re.n);
    free(re.p);
}

static void put_ho(text *t, const tst_spec *s)
{
    unsigned futan = fu_layouts[s->type].at.ho_futan, fields = 2;
    const char *ho = OR(s->ho, "01139906,１２３,４５６,1,100");
    text line = {NULL, 0};
    if (!*ho)
        return;
    put(&line, "HO,");
    put(&line, ho);
    for (const char *p = ho; *p; p++)
        fields += *p == ',';
    for (; s->futan && fields < futan; fields++)
        put(&line, ",");
    put(&line, OR(s->futan, ""));
    put_record(t, s, line.p, line.n);
    free(line.p);
}

char *tst_records_text(const tst_spec *s)
{
    text t = {NULL, 0};
    put_re(&t, s);
    put_ho(&t, s);
    put_records(&t, s, OR(s->head, ""));
    put_records(&t, s, OR(s->body, TYPES[s->type].body));
    return t.p;
}

char *tst_cut(const char *utf8, fu_block *b, fu_line **lines)
{
    size_t n, at = 0;
    char *p = tst_cp932(utf8, &n);
    memset(b, 0, sizeof *b);
    *lines = need(calloc(n + 1, sizeof **lines));
    for (; at < n; b->n_lines++) {
        const char *lf = memchr(p + at, '\n', n - at);
        size_t len = lf ? (size_t)(lf - (p + at)) + 1 : n - at;
        fu_line *l = &(*lines)[b->n_lines];
        l->off = (uint32_t)at;
        l->eol = (uint8_t)(!lf ? 0 : len > 1 && lf[-1] == '\r' ? 2 : 1);
        l->len = (uint32_t)(len - l->eol);
        l->id = fu_record_id(fu_span_of(p + at, l->len), &l->history);
        l->line = b->n_lines + 1;
        at += len;
    }
    b->bytes = fu_span_of(p, n);
    b->lines = *lines;
    return p;
}

/* ---- claims ---- */

static void parse(tst_claim *t)
{
    fu_error e;
    if (fu_claim_parse(&t->c, &t->arena, &t->block, &t->header, &e) != FU_OK)
        die("claim", e.message_en);
    t->c.number = 1;
    fu_facts_read(&t->f, &t->c, &t->arena);
}

static tst_claim *empty(void)
{
    tst_claim *t = need(calloc(1, sizeof *t));
    t->mem = &fu_mem_libc;
    fu_arena_init(&t->arena, t->mem, CLAIM_MAX);
    fu_findings_init(&t->out, &t->arena);
    fu_edits_init(&t->edits, &t->arena);
    return t;
}

tst_claim *tst_claim_of(const tst_spec *s, const char *records)
{
    tst_claim *t = empty();
    char *header = tst_header_text(s);
    size_t n;
    char *cp932 = tst_cp932(header, &n);
    bool history;
    n = strcspn(cp932, "\r\n");
    fu_header_read(&t->header, fu_record_id(fu_span_of(cp932, n), &history), fu_span_of(cp932, n));
    t->bytes = tst_cut(records, &t->block, &t->lines);
    for (size_t i = 0; i < t->block.n_lines; i++)
        t->lines[i].line++;
    t->block.kind = FU_B_CLAIM;
    t->block.offset = strlen(cp932);
    parse(t);
    free(header);
    free(cp932);
    return t;
}

tst_claim *tst_claim_new(const tst_spec *s)
{
    char *records = tst_records_text(s);
    tst_claim *t = tst_claim_of(s, records);
    free(records);
    return t;
}

tst_claim *tst_again(const tst_claim *t)
{
    tst_claim *k = empty();
    size_t n = t->result.n_lines;
    k->header = t->header;
    k->bytes = need(malloc(t->result.bytes.n + 1));
    memcpy(k->bytes, t->result.bytes.p, t->result.bytes.n);
    k->lines = need(calloc(n + 1, sizeof *k->lines));
    memcpy(k->lines, t->result.lines, n * sizeof *k->lines);
    k->block = t->result;
    k->block.bytes.p = (const unsigned char *)k->bytes;
    k->block.lines = k->lines;
    parse(k);
    return k;
}

void tst_claim_free(tst_claim *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_shown; i++)
        free(t->shown[i]);
    fu_arena_free(&t->arena);
    free(t->bytes);
    free(t->lines);
    free(t);
}

/* ---- captures ---- */

tst_capture tst_capture_of(const char *attributes, const char *inner)
{
    tst_capture k;
    text xml = {NULL, 0};
    fu_error e;
    put(&xml, "<captures xmlns='urn:fusho:capture:1'><capture ");
    put(&xml, attributes);
    put(&xml, ">");
    put(&xml, inner);
    put(&xml, "</capture></captures>");
    k.ev = need(malloc(sizeof *k.ev));
    fu_evidence_init(k.ev, &fu_mem_libc);
    if (tst_add(k.ev, "captures.xml", xml.p, &e) != FU_OK || fu_evidence_join(k.ev, &e) != FU_OK)
        die(xml.p, e.message_en);
    k.c = k.ev->captures[0];
    free(xml.p);
    return k;
}

tst_capture tst_capture_new(const char *inner)
{
    text all = {NULL, 0};
    tst_capture k;
    put(&all, TST_PATIENT);
    put(&all, inner);
    k = tst_capture_of("id='c1' month='202610'", all.p);
    free(all.p);
    return k;
}

void tst_capture_free(tst_capture *k)
{
    fu_evidence_free(k->ev);
    free(k->ev);
}

/* ---- the three verbs ---- */

void tst_decide(tst_claim *t, const fu_capture *c, const fu_policy *policy)
{
    fu_policy standard = fu_policy_default(20261109);
    fu_candidates cand = {.captures = &c, .n = c ? 1 : 0};
    fu_decide(&t->d, &t->c, &t->f, &t->header, &cand, policy ? policy : &standard, &t->out);
}

void tst_rewrite(tst_claim *t, const fu_capture *c, const fu_policy *policy)
{
    fu_policy standard = fu_policy_default(20261109);
    fu_error e;
    tst_decide(t, c, policy);
    fu_rewrite(&t->edits, &t->c, &t->f, &t->d, policy ? policy : &standard, &t->out);
    if (t->edits.failed || t->arena.failed)
        die("edits failed", "");
    if (fu_edits_apply(&t->edits, &t->c, &t->result, &e) != FU_OK)
        die("edits do not apply", e.message_en);
}

void tst_check(tst_claim *t, const fu_policy *policy)
{
    fu_policy standard = fu_policy_default(20261109);
    fu_check_claim(&t->out, &t->c, &t->f, &t->header, policy ? policy : &standard);
}

/* ---- showing ---- */

static const char *show(tst_claim *t, char *text_of_ours)
{
    if (t->n_shown == sizeof t->shown / sizeof t->shown[0])
        free(t->shown[--t->n_shown]);
    t->shown[t->n_shown++] = text_of_ours;
    return text_of_ours;
}

const char *tst_list_codes(const fu_findings *l, bool items, char *out, size_t n)
{
    size_t k = 0;
    out[0] = '\0';
    for (size_t i = 0; i < l->n && k < n; i++) {
        const fu_finding *f = &l->v[i];
        bool item = items && f->item;
        k += (size_t)snprintf(out + k, n - k, "%s%s%s%s", k ? " " : "",
                              fu_finding_rows[f->code].code, item ? "=" : "", item ? f->item : "");
    }
    return out;
}

const char *tst_codes(tst_claim *t)
{
    return show(t, (char *)(uintptr_t)tst_list_codes(&t->out, false, need(malloc(4096)), 4096));
}

const char *tst_codes_with_items(tst_claim *t)
{
    return show(t, (char *)(uintptr_t)tst_list_codes(&t->out, true, need(malloc(4096)), 4096));
}

const char *tst_result(tst_claim *t)
{
    return show(t, tst_utf8(t->result.bytes.p, t->result.bytes.n));
}

static fu_span line_of(const fu_block *b, size_t i)
{
    return fu_span_of(b->bytes.p + b->lines[i].off, b->lines[i].len);
}

static void put_line(text *t, const fu_block *b, size_t i)
{
    fu_span s = line_of(b, i);
    char *utf8 = tst_utf8(s.p, s.n);
    put(t, t->n ? "\n" : "");
    put(t, utf8);
    free(utf8);
}

const char *tst_record(tst_claim *t, const char *name)
{
    text out = {NULL, 0};
    put(&out, "");
    for (size_t i = 0; i < t->result.n_lines; i++)
        if (t->result.lines[i].id == FU_ID((unsigned char)name[0], (unsigned char)name[1]))
            put_line(&out, &t->result, i);
    return show(t, out.p);
}

/* Longest common subsequence of lines, from the back: len[i][j] of what follows old i and new j. */
static size_t *common(const fu_block *a, const fu_block *b)
{
    size_t w = b->n_lines + 1;
    size_t *len = need(calloc((a->n_lines + 1) * w, sizeof *len));
    for (size_t i = a->n_lines; i-- > 0;)
        for (size_t j = b->n_lines; j-- > 0;) {
            size_t skip_a = len[(i + 1) * w + j], skip_b = len[i * w + j + 1];
            len[i * w + j] = fu_span_eq(line_of(a, i), line_of(b, j)) ? len[(i + 1) * w + j + 1] + 1
                             : skip_a > skip_b                        ? skip_a
                                                                      : skip_b;
        }
    return len;
}

typedef void step(text *out, const fu_block *a, const fu_block *b, char what, size_t i, size_t j);

/* Walks both: '=' the same, '!' changed, '-' deleted, '+' inserted. */
static char *walk(const fu_block *a, const fu_block *b, step *each)
{
    size_t *len = common(a, b), i = 0, j = 0, w = b->n_lines + 1;
    text out = {NULL, 0};
    put(&out, "");
    while (i < a->n_lines || j < b->n_lines) {
        bool both = i < a->n_lines && j < b->n_lines;
        char what = '+';
        if (both && fu_span_eq(line_of(a, i), line_of(b, j)))
            what = '=';
        else if (both && a->lines[i].id == b->lines[j].id &&
                 len[i * w + j] == len[(i + 1) * w + j + 1])
            what = '!';
        else if (i < a->n_lines && (!both || len[(i + 1) * w + j] >= len[i * w + j + 1]))
            what = '-';
        each(&out, a, b, what, i, j);
        i += what != '+';
        j += what != '-';
    }
    free(len);
    return out.p;
}

static void put_course(text *out, const fu_block *a, const fu_block *b, char what, size_t i,
                       size_t j)
{
    const fu_line *l = what == '+' ? &b->lines[j] : &a->lines[i];
    char id[4] = "??";
    char token[8];
    if (l->id)
        fu_id_text(l->id, id);
    snprintf(token, sizeof token, "%s%s%s%s", out->n ? " " : "",
             what == '+'   ? "+"
             : what == '-' ? "-"
                           : "",
             id, what == '!' ? "!" : "");
    put(out, token);
}

static void put_inserted(text *out, const fu_block *a, const fu_block *b, char what, size_t i,
                         size_t j)
{
    (void)a;
    (void)i;
    if (what == '+')
        put_line(out, b, j);
}

const char *tst_course(tst_claim *t)
{
    return show(t, walk(&t->block, &t->result, put_course));
}

const char *tst_inserted(tst_claim *t)
{
    return show(t, walk(&t->block, &t->result, put_inserted));
}
