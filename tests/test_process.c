#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "engine/process.h"
#include "support_host.h"
#include "support_walk.h"

TestSuite(process);

/* ---- one claim with one capture ---- */

typedef struct stage {
    tst_mem m;
    fu_mem mem;
    fu_arena arena;
    fu_evidence ev;
    fu_match match;
    tst_walk walk;
    fu_options options;
    fu_context ctx;
    fu_claim_outcome out;
    fu_status status;
    fu_error error;
    tst_file file;
} stage;

static fu_status take_evidence(stage *s, const char *xml)
{
    fu_span_reader r = {fu_span_str(xml), 0};
    fu_stream in = fu_span_stream(&r);
    fu_status st = FU_OK;
    fu_evidence_init(&s->ev, &fu_mem_libc);
    if (*xml)
        st = fu_evidence_add(&s->ev, "captures.xml", &in, &s->error);
    if (st == FU_OK)
        st = fu_evidence_join(&s->ev, &s->error);
    return st == FU_OK ? fu_match_build(&s->match, &fu_mem_libc, &s->ev, &s->error) : st;
}

/* Reads both; what follows is fu_process alone, with the memory that may fail. */
static void set(stage *s, const char *month, const char *xml)
{
    static const tst_mem mem = TST_MEM_INIT;
    static const tst_file file = TST_FILE_INIT;
    size_t n;
    char *uke = hst_uke(month, &n);
    fu_stream in;
    memset(s, 0, sizeof *s);
    s->m = mem;
    s->mem = tst_mem_of(&s->m);
    s->file = file;
    tst_file_set(&s->file, uke, n);
    free(uke);
    in = tst_stream(&s->file);
    tst_walk_open(&s->walk, &fu_mem_libc, &in, &s->error);
    cr_assert(tst_walk_claim(&s->walk));
    cr_assert_eq(take_evidence(s, xml), FU_OK, "%s", s->error.message_ja);
    cr_assert_eq(fu_options_read(&s->options, fu_span_str("--today=2026-11-09"), NULL), FU_OK);
    s->ctx.match = &s->match;
    s->ctx.header = &s->walk.h;
    s->ctx.options = &s->options;
    fu_arena_init(&s->arena, &s->mem, FU_CLAIM_ARENA_MAX);
}

static void process(stage *s)
{
    s->status = fu_process(&s->out, &s->arena, &s->walk.b, 7, &s->ctx, &s->error);
}

static void clear(stage *s)
{
    fu_arena_free(&s->arena);
    fu_match_free(&s->match);
    fu_evidence_free(&s->ev);
    tst_walk_close(&s->walk);
    tst_file_free(&s->file);
}

static const char *codes(const fu_findings *l)
{
    static char text[512];
    text[0] = '\0';
    for (size_t i = 0; i < l->n; i++) {
        strcat(text, i ? " " : "");
        strcat(text, fu_finding_rows[l->v[i].code].code);
    }
    return text;
}

static bool unchanged(const stage *s)
{
    return fu_span_eq(s->out.result.bytes, s->walk.b.bytes);
}

#define HEADER "IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"
#define RE \
    "RE,1,1112,202610,試験　一郎,1,19800101,,,,,,,00001,,,,,,,,,,,,,,,,,,,,,,,シケンイチロウ,\n"
#define REST "SY,8833421,20261001,1,,,01,\nGO,1,359,99\n"
#define CLAIM(kigo, bango) HEADER RE "HO,01139906," kigo "," bango ",1,359,,,,,,,,,\n" REST
#define CAPTURES(body) "<captures xmlns='urn:fusho:capture:1'>" body "</captures>"
#define PERSON                                                                                       \
    "<patient karte='00001' name='試験　一郎' kana='シケンイチロウ' birth='1980-01-01' " \
    "sex='1'/><check at='2026-10-05T09:00' outcome='invalid'/><presented document='mynacard'/>"
#define NOW(kigo, bango)                                                                        \
    CAPTURES("<capture id='p1' month='202610'>" PERSON                                          \
             "<qualification status='current' source='document' insurer='06139919' kigo='" kigo \
             "' bango='" bango "'/></capture>")
#define TEN "１２３４５６７８９０"
#define LONG_TEXT TEN TEN TEN /* 60 bytes in CP932, where 40 are allowed */

/* ---- R608 ---- */

Test(process, a_rewrite_that_adds_an_error_is_withdrawn)
{
    static const struct {
        const char *month, *xml;
    } rows[] = {
        {CLAIM("１２", "３４"), NOW(LONG_TEXT, "３４")},
        {CLAIM("１２", "３４"), NOW("１２", LONG_TEXT)},
        /* One error goes, another of the same code comes. */
        {CLAIM(LONG_TEXT, "３４"), NOW("１２", LONG_TEXT)},
        {CLAIM("１２", LONG_TEXT), NOW(LONG_TEXT, "３４")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage s;
        const fu_finding *f = NULL;
        set(&s, rows[i].month, rows[i].xml);
        process(&s);
        cr_assert_eq(s.status, FU_OK, "row %zu: %s", i, s.error.message_ja);
        cr_expect_eq(s.out.decision.route, FU_R_HOLD, "row %zu", i);
        cr_expect_eq(s.out.edits.n, 0, "row %zu", i);
        cr_expect_eq(s.out.shown.n_edits, 0, "row %zu", i);
        cr_expect_str_eq(s.out.shown.route, "hold", "row %zu", i);
        cr_expect(unchanged(&s), "row %zu", i);
        for (size_t k = 0; k < s.out.findings.n; k++)
            if (s.out.findings.v[k].code == FU_R608)
                f = &s.out.findings.v[k];
        cr_assert_not_null(f, "row %zu: %s", i, codes(&s.out.findings));
        cr_expect_eq(f->claim, 7, "row %zu", i);
        cr_expect_eq(f->line, 2, "row %zu", i);
        /* which item, but not its value */
        cr_expect(strncmp(f->item, "F104 ", 5) == 0, "row %zu: %s", i, f->item);
        cr_expect_not_null(strstr(f->item, i == 0 || i == 3 ? "記号" : "番号"), "row %zu: %s", i,
                           f->item);
        cr_expect_not_null(strstr(f->item, "全角20文字"), "row %zu: %s", i, f->item);
        cr_expect_null(strstr(f->item, "１２３"), "row %zu: %s", i, f->item);
        clear(&s);
    }
}

Test(process, an_error_the_claim_had_before_does_not_stop_the_rewrite)
{
    static const struct {
        const char *month, *xml, *codes;
    } rows[] = {
        {CLAIM(LONG_TEXT, "３４"), NOW("９９" TEN TEN TEN, "３４"), "F104"},
        {CLAIM(LONG_TEXT, "３４"), NOW("５５", "３４"), ""},
        {CLAIM("１２", "３４"), NOW("５５", "６６"), ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage s;
        set(&s, rows[i].month, rows[i].xml);
        process(&s);
        cr_assert_eq(s.status, FU_OK, "row %zu", i);
        cr_expect_eq(s.out.decision.route, FU_R_CURRENT, "row %zu", i);
        cr_expect_gt(s.out.edits.n, 0, "row %zu", i);
        cr_expect_str_eq(codes(&s.out.findings), rows[i].codes, "row %zu", i);
        clear(&s);
    }
}

/* What was said about the rewrite goes with it: here that a character cannot be recorded. */
Test(process, a_withdrawn_rewrite_leaves_no_advice)
{
    static const struct {
        const char *xml;
        fu_route route;
        const char *codes;
    } rows[] = {
        {NOW("１２한", "３４"), FU_R_CURRENT, "E507"},
        {NOW(LONG_TEXT "한", "３４"), FU_R_HOLD, "R608"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage s;
        set(&s, CLAIM("１２", "３４"), rows[i].xml);
        process(&s);
        cr_assert_eq(s.status, FU_OK, "row %zu", i);
        cr_expect_eq(s.out.decision.route, rows[i].route, "row %zu", i);
        cr_expect_eq(s.out.decision.deadline, 0, "row %zu", i);
        cr_expect_str_eq(codes(&s.out.findings), rows[i].codes, "row %zu", i);
        clear(&s);
    }
}

/* ---- findings ---- */

Test(process, findings_come_by_line)
{
    static const char month[] = HEADER
        "RE,1,1112,202610,試験　一郎,1,19800101,,,,,,,00001,,,,,,,,,,,,,,,,,,,,,,,シケンイチロウ,\n"
        "HO,01139907,１２,３４,1,359,,,,,,,,,\n"
        "ZZ,1\n"
        "SY,88334210,20261001,1,,,01,\n"
        "CO,01,1,820000246,\n"
        "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
        "HO,01139906,１２,３４,1,359,,,,,,,,,\n"
        "GO,1,359,99\n";
    stage s;
    uint64_t last = 0;
    set(&s, month, NOW("５５", "６６"));
    process(&s);
    cr_assert_eq(s.status, FU_OK);
    cr_assert_gt(s.out.findings.n, 4);
    for (size_t i = 0; i < s.out.findings.n; i++) {
        cr_expect_geq(s.out.findings.v[i].line, last, "%zu of %s", i, codes(&s.out.findings));
        last = s.out.findings.v[i].line;
    }
    cr_expect_eq(s.out.findings.v[0].line, 2);
    clear(&s);
}

Test(process, check_tells_of_the_claim_as_it_is_and_apply_as_it_will_be)
{
    const hst_month *m = &hst_months[2]; /* 70 and over without a class code */
    stage s;
    cr_assert_str_eq(m->type, "shika");
    set(&s, m->month, m->captures);
    process(&s);
    cr_assert_eq(s.status, FU_OK);
    cr_expect_str_eq(codes(&s.out.findings), "R606");
    cr_expect_gt(s.out.edits.n, 0);
    cr_expect(!unchanged(&s));
    clear(&s);

    set(&s, m->month, m->captures);
    s.ctx.check_only = true;
    process(&s);
    cr_assert_eq(s.status, FU_OK);
    cr_expect_str_eq(codes(&s.out.findings), "R606 T401");
    cr_expect_eq(s.out.decision.route, FU_R_FUSHO);
    cr_expect_gt(s.out.shown.n_edits, 0);
    clear(&s);
}

Test(process, without_a_capture_nothing_is_decided)
{
    for (size_t i = 0; i < HST_MONTHS; i++) {
        stage s;
        set(&s, hst_months[i].month, "");
        process(&s);
        cr_assert_eq(s.status, FU_OK, "row %zu", i);
        cr_expect_eq(s.out.decision.route, FU_R_NONE, "row %zu", i);
        cr_expect_eq(s.out.edits.n, 0, "row %zu", i);
        cr_expect(unchanged(&s), "row %zu", i);
        cr_expect_null(s.out.shown.capture, "row %zu", i);
        clear(&s);
    }
}

/* ---- what is shown ---- */

Test(process, the_shown_claim_has_the_words_of_the_report)
{
    stage s;
    const fu_shown_claim *c = &s.out.shown;
    set(&s, CLAIM("１２", "３４"), NOW("５５", "６６"));
    process(&s);
    cr_assert_eq(s.status, FU_OK);
    cr_expect_eq(c->claim, 7);
    cr_expect_eq(c->line, 2);
    cr_expect_str_eq(c->receipt_no, "1");
    cr_expect_str_eq(c->karte, "00001");
    cr_expect_str_eq(c->name, "試験　一郎");
    cr_expect_str_eq(c->receipt_type, "1112");
    cr_expect_str_eq(c->month, "202610");
    cr_expect_str_eq(c->route, "current");
    cr_expect_str_eq(c->reason, "現在の資格が確認できた");
    cr_expect_str_eq(c->capture, "p1");
    cr_assert_eq(c->n_edits, 3);
    cr_expect_eq(c->edits[0].op, FU_OP_REPLACE);
    cr_expect_eq(c->edits[0].line, 3);
    cr_expect_str_eq(c->edits[0].record, "HO");
    cr_expect_eq(c->edits[0].field, 2);
    cr_expect_str_eq(c->edits[0].before, "01139906");
    cr_expect_str_eq(c->edits[0].after, "06139919");
    cr_expect_str_eq(c->edits[1].before, "１２");
    cr_expect_str_eq(c->edits[1].after, "５５");
    cr_expect_str_eq(c->edits[2].after, "６６");
    clear(&s);

    set(&s, CLAIM("１２", "３４"), NOW("５５", "６６"));
    s.options.lang = "en";
    process(&s);
    cr_expect_str_eq(c->reason, "the current insurance is known");
    clear(&s);
}

Test(process, the_shown_claim_has_its_number_the_phone_and_the_day_it_is_due)
{
    static const struct {
        const char *month, *xml, *kigo, *bango, *branch, *phone;
        int32_t due;
    } rows[] = {
        {CLAIM("１２", "３４"), NOW("５５", "６６"), "１２", "３４", "", "", 20261110},
        {HEADER RE "HO,01139906,１２,３４,1,359,,,,,,,,,\nSN,1,01,,,,02,,\n" REST,
         CAPTURES("<capture id='p1' month='202610'>" PERSON
                  "<declaration kind='kenpo' phone='03-0000-0009'/></capture>"),
         "１２", "３４", "02", "03-0000-0009", 20261110},
        {CLAIM("１２", "３４"), "", "１２", "３４", "", "", 20261110},
        {"IR,1,13,1,1399991,,見本内科クリニック,,00,03-0000-0001\n" RE REST, "", "", "", "", "", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        stage s;
        const fu_shown_claim *c = &s.out.shown;
        set(&s, rows[i].month, rows[i].xml);
        process(&s);
        cr_assert_eq(s.status, FU_OK, "row %zu", i);
        cr_expect_str_eq(c->kigo, rows[i].kigo, "row %zu", i);
        cr_expect_str_eq(c->bango, rows[i].bango, "row %zu", i);
        cr_expect_str_eq(c->branch, rows[i].branch, "row %zu", i);
        cr_expect_str_eq(c->phone, rows[i].phone, "row %zu", i);
        cr_expect_eq(c->due, rows[i].due, "row %zu", i);
        clear(&s);
    }
}

Test(process, insertions_and_deletions_are_shown_without_line_end)
{
    stage s;
    const fu_shown_claim *c = &s.out.shown;
    size_t inserted = 0, deleted = 0;
    set(&s, hst_months[1].month, hst_months[1].captures);
    process(&s);
    cr_assert_eq(s.status, FU_OK);
    for (size_t i = 0; i < c->n_edits; i++) {
        const fu_shown_edit *v = &c->edits[i];
        inserted += v->op == FU_OP_INSERT;
        deleted += v->op == FU_OP_DELETE;
        if (v->op != FU_OP_REPLACE)
            cr_expect(!strpbrk(v->text, "\r\n"), "%zu", i);
        cr_expect_neq(v->reason[0], '\0', "%zu", i);
    }
    cr_expect_eq(inserted, 10);
    cr_expect_eq(deleted, 1);
    cr_expect_eq(c->deadline, 20270520);
    clear(&s);
}

/* ---- faults ---- */

Test(process, no_memory_is_an_error_and_no_leak)
{
    long n = 0;
    fu_status st = FU_E_NOMEM;
    for (; st != FU_OK; n++) {
        stage s;
        set(&s, hst_months[1].month, hst_months[1].captures);
        s.m.fail_at = n;
        process(&s);
        st = s.status;
        if (st != FU_OK) {
            cr_expect_eq(st, FU_E_NOMEM, "call %ld", n);
            cr_expect_eq(s.error.status, FU_E_NOMEM, "call %ld", n);
        }
        clear(&s);
        cr_expect_eq(s.m.live, 0, "call %ld", n);
        cr_assert_lt(n, 10000);
    }
    cr_expect_gt(n, 2);
}

/* What one claim needs is the maximum here, then a byte less; the real one is 512 MiB. */
Test(process, the_memory_for_a_claim_has_a_limit)
{
    size_t used = FU_CLAIM_ARENA_MAX;
    for (int less = 0; less < 3; less++) {
        stage s;
        set(&s, hst_months[1].month, hst_months[1].captures);
        s.arena.max = used - (less == 2);
        process(&s);
        cr_expect_eq(s.status, less == 2 ? FU_E_NOMEM : FU_OK, "less %d", less);
        used = s.arena.used;
        clear(&s);
    }
    cr_expect_eq(FU_CLAIM_ARENA_MAX, 512u * 1024 * 1024);
}

/* Addresses are long enough to fill more records than any claim has room for. */
Test(process, the_number_of_comments_has_a_limit)
{
    static const char head[] =
        "<captures xmlns='urn:fusho:capture:1'><capture id='p1' month='202610'>" PERSON
        "<declaration on='2026-10-05' kind='unknown' phone='0300000001'>";
    static const char tail[] = "</declaration><contact on='2026-11-01' result='no-answer'/>"
                               "</capture></captures>";
    static const char street[] = "東京都見本区一番町１の２の３の４の５";
    char *xml = malloc(65536 + sizeof street * 60 * 16), *at;
    stage s;
    cr_assert_not_null(xml);
    at = xml + sprintf(xml, "%s", head);
    for (unsigned i = 0; i < 60; i++) {
        at += sprintf(at, "<address>");
        for (unsigned k = 0; k < 12; k++)
            at += sprintf(at, "%s", street);
        at += sprintf(at, "</address>");
    }
    strcpy(at, tail);
    set(&s, CLAIM("１２", "３４"), xml);
    process(&s);
    cr_expect_eq(s.status, FU_E_LIMIT);
    cr_expect_str_eq(s.error.code, "F113");
    cr_expect_str_eq(s.error.message_en, "limit FU_COMMENT_RECORDS_MAX (256) exceeded");
    clear(&s);
    free(xml);
}
