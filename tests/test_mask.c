#include <criterion/criterion.h>

#include <stdio.h>

#include "engine/mask.h"
#include "support.h"
#include "support_host.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define M "＊＊＊"

TestSuite(mask);

typedef struct desk {
    tst_mem m;
    fu_mem mem;
    fu_arena arena;
    fu_evidence ev;
    fu_capture response, own;
    fu_capture *captures[2];
    const char *files[3];
    fu_claim_outcome o;
    fu_mask mask;
} desk;

/* Three evidence files; the second is a response that became a capture of its own. */
static void open_desk(desk *d, bool on, const char *lang)
{
    static const tst_mem fresh = TST_MEM_INIT;
    fu_options options;
    memset(d, 0, sizeof *d);
    d->m = fresh;
    d->mem = tst_mem_of(&d->m);
    fu_arena_init(&d->arena, &d->mem, 1u << 20);
    d->files[0] = "窓口/山田太郎.xml";
    d->files[1] = "窓口/回答_山田太郎.xml";
    d->files[2] = "b.csv";
    d->response.origin = FU_FROM_RESPONSE;
    d->response.file = d->files[1];
    d->response.id = "回答_山田太郎.xml#2";
    d->own.file = d->files[0];
    d->own.id = "c1";
    d->captures[0] = &d->own;
    d->captures[1] = &d->response;
    d->ev.files = d->files;
    d->ev.n_files = COUNT(d->files);
    d->ev.captures = d->captures;
    d->ev.n_captures = COUNT(d->captures);
    memset(&options, 0, sizeof options);
    options.mask = on;
    options.lang = lang;
    d->o.claim.layout = &fu_layouts[FU_MED];
    d->o.decision.capture = &d->own;
    fu_findings_init(&d->o.findings, &d->arena);
    fu_mask_init(&d->mask, &options, &d->ev);
}

static void close_desk(desk *d)
{
    fu_arena_free(&d->arena);
    cr_expect_eq(d->m.live, 0);
}

static const fu_shown_edit EDITS[] = {
    {.op = FU_OP_REPLACE,
     .line = 3,
     .record = "HO",
     .field = 2,
     .item = "保険者番号",
     .before = "01130012",
     .after = "77777777",
     .reason = "理由"},
    {.op = FU_OP_REPLACE,
     .line = 3,
     .record = "HO",
     .field = 3,
     .item = "被保険者証等の記号",
     .before = "６４４４",
     .after = "",
     .reason = "理由"},
    {.op = FU_OP_REPLACE,
     .line = 3,
     .record = "HO",
     .field = 4,
     .item = "被保険者証等の番号",
     .before = "７",
     .after = "７７７７７７７７７",
     .reason = "理由"},
    {.op = FU_OP_REPLACE,
     .line = 2,
     .record = "RE",
     .field = 12,
     .item = "レセプト特記事項",
     .before = "",
     .after = "29",
     .reason = "理由"},
    {.op = FU_OP_DELETE,
     .line = 4,
     .record = "SN",
     .item = "",
     .text = "SN,1,01,,６４,７８,00,1234567,"},
    {.op = FU_OP_INSERT, .line = 5, .record = "CO", .item = "", .text = "CO,01,1,820000246,"},
    {.op = FU_OP_INSERT,
     .line = 5,
     .record = "CO",
     .item = "",
     .text = "CO,01,1,830000501,ヤマダ　タロウ"},
    {.op = FU_OP_INSERT, .line = 5, .record = "ZZ", .item = "", .text = "ZZ,山田,,1"},
    {.op = FU_OP_INSERT,
     .line = 5,
     .record = "CO",
     .item = "",
     .text = "CO,01,1,820000246,山田,太郎"},
    {.op = FU_OP_DELETE, .line = 6, .record = "SN", .item = "", .text = "山田,1"},
};

static void put_claim(desk *d)
{
    const fu_shown_claim c = {.claim = 2,
                              .line = 34,
                              .receipt_no = "2",
                              .karte = "00697",
                              .name = "山田　太郎",
                              .receipt_type = "1112",
                              .month = "202610",
                              .route = "fusho",
                              .reason = "理由",
                              .capture = "c1",
                              .deadline = 20270520,
                              .phone = "03-0000-0000",
                              .due = 20261110,
                              .edits = EDITS,
                              .n_edits = COUNT(EDITS),
                              .kigo = "６４",
                              .bango = "７",
                              .branch = "00"};
    d->o.shown = c;
}

/* ---- claims ---- */

Test(mask, a_claim_keeps_its_place_and_loses_the_person)
{
    desk d;
    fu_shown_claim c;
    fu_findings l;
    open_desk(&d, true, "ja");
    put_claim(&d);
    cr_assert_eq(fu_mask_claim(&d.mask, &d.o, &c, &l, NULL), FU_OK);
    cr_expect_eq(c.claim, 2);
    cr_expect_eq(c.line, 34);
    cr_expect_str_eq(c.receipt_no, "2");
    cr_expect_str_eq(c.receipt_type, "1112");
    cr_expect_str_eq(c.month, "202610");
    cr_expect_str_eq(c.route, "fusho");
    cr_expect_str_eq(c.reason, "理由");
    cr_expect_str_eq(c.capture, "c1");
    cr_expect_eq(c.deadline, 20270520);
    cr_expect_eq(c.due, 20261110);
    cr_expect_str_eq(c.karte, M);
    cr_expect_str_eq(c.name, M);
    cr_expect_str_eq(c.phone, M);
    cr_expect_str_eq(c.kigo, M);
    cr_expect_str_eq(c.bango, M);
    cr_expect_str_eq(c.branch, M);
    /* what the journal is made of */
    cr_expect_str_eq(d.o.shown.name, "山田　太郎");
    cr_expect_eq(d.o.shown.edits, EDITS);
    close_desk(&d);
}

Test(mask, edits_show_what_is_nobodys)
{
    static const struct {
        const char *before, *after, *text;
    } rows[COUNT(EDITS)] = {
        {"01130012", "77777777", NULL},
        {M, "", NULL},
        {M, "７７７７７７７７７", NULL},
        {"", "29", NULL},
        {NULL, NULL, "SN,1,01,," M "," M "," M "," M ","},
        {NULL, NULL, "CO,01,1,820000246,"},
        {NULL, NULL, "CO,01,1,830000501," M},
        {NULL, NULL, "ZZ," M ",," M},
        {NULL, NULL, "CO,01,1,820000246," M "," M},
        {NULL, NULL, M ",1"},
    };
    desk d;
    fu_shown_claim c;
    fu_findings l;
    open_desk(&d, true, "ja");
    put_claim(&d);
    cr_assert_eq(fu_mask_claim(&d.mask, &d.o, &c, &l, NULL), FU_OK);
    cr_assert_eq(c.n_edits, COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        const fu_shown_edit *e = &c.edits[i];
        cr_expect_eq(e->op, EDITS[i].op, "row %zu", i);
        cr_expect_eq(e->line, EDITS[i].line, "row %zu", i);
        cr_expect_eq(e->field, EDITS[i].field, "row %zu", i);
        cr_expect_str_eq(e->record, EDITS[i].record, "row %zu", i);
        cr_expect_eq(e->reason, EDITS[i].reason, "row %zu", i);
        cr_expect_str_eq(e->item, EDITS[i].item, "row %zu", i);
        cr_expect_eq(!e->before, !rows[i].before, "row %zu", i);
        if (rows[i].before) {
            cr_expect_str_eq(e->before, rows[i].before, "row %zu", i);
            cr_expect_str_eq(e->after, rows[i].after, "row %zu", i);
        }
        cr_expect_eq(!e->text, !rows[i].text, "row %zu", i);
        if (rows[i].text)
            cr_expect_str_eq(e->text, rows[i].text, "row %zu: %s", i, e->text);
    }
    close_desk(&d);
}

Test(mask, without_the_option_everything_is_as_it_was)
{
    desk d;
    fu_shown_claim c;
    fu_findings l;
    open_desk(&d, false, "ja");
    put_claim(&d);
    fu_findings_add(&d.o.findings, FU_E507)->found = "髙";
    cr_assert_eq(fu_mask_claim(&d.mask, &d.o, &c, &l, NULL), FU_OK);
    cr_expect_eq(memcmp(&c, &d.o.shown, sizeof c), 0);
    cr_expect_eq(l.v, d.o.findings.v);
    cr_expect_eq(l.n, 1);
    cr_assert_eq(fu_mask_findings(&d.mask, &d.o.findings, NULL, &l, NULL), FU_OK);
    cr_expect_eq(l.v, d.o.findings.v);
    cr_expect_str_eq(fu_mask_file(&d.mask, &d.arena, "窓口/山田太郎.xml"), "窓口/山田太郎.xml");
    cr_expect_str_eq(fu_mask_id(&d.mask, &d.arena, "山田太郎.xml", NULL), "山田太郎.xml");
    close_desk(&d);
}

/* ---- names of files, ids ---- */

Test(mask, evidence_files_are_counted)
{
    static const struct {
        const char *lang, *file, *shown;
    } rows[] = {
        {"ja", "窓口/山田太郎.xml", "窓口記録のファイル1"},
        {"ja", "b.csv", "窓口記録のファイル3"},
        {"ja", "窓口/回答_山田太郎.xml", "窓口記録のファイル2"},
        {"ja", "山田太郎.xml", M}, /* not as it was read */
        {"ja", "", ""},
        {"en", "b.csv", "evidence file 3"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        open_desk(&d, true, rows[i].lang);
        cr_expect_str_eq(fu_mask_file(&d.mask, &d.arena, rows[i].file), rows[i].shown, "row %zu",
                         i);
        cr_expect_null(fu_mask_file(&d.mask, &d.arena, NULL), "row %zu", i);
        close_desk(&d);
    }
}

Test(mask, ids_of_the_desk_stay)
{
    static const struct {
        const char *id, *file, *shown;
    } rows[] = {
        {"c1", "窓口/山田太郎.xml", "c1"},
        {"山田太郎.xml", "窓口/山田太郎.xml", "窓口記録のファイル1"},
        {"回答_山田太郎.xml#2", "窓口/回答_山田太郎.xml", "窓口記録のファイル2#2"},
        {"c1", NULL, M}, /* nobody knows whose */
        {"", "b.csv", ""},
        {"b.csvx", "b.csv", "b.csvx"},
        {"x", "窓口\\x", M},
        {"y", "", "y"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        desk d;
        open_desk(&d, true, "ja");
        cr_expect_str_eq(fu_mask_id(&d.mask, &d.arena, rows[i].id, rows[i].file), rows[i].shown,
                         "row %zu", i);
        close_desk(&d);
    }
}

/* ---- findings ---- */

static const struct {
    fu_code code;
    const char *record;
    uint32_t field;
    const char *file, *capture, *found, *item, *want; /* as found */
    const char *s_file, *s_capture, *s_found, *s_item, *s_want;
} FOUND[] = {
    /* the field decides */
    {FU_F104, "RE", 5, NULL, NULL, "山田", "氏名", "40バイト", NULL, NULL, M, "氏名", "40バイト"},
    {FU_F104, "HO", 2, NULL, NULL, "123", "保険者番号", "8バイト", NULL, NULL, "123", "保険者番号",
     "8バイト"},
    {FU_F108, "HO", 99, NULL, NULL, "99", "末尾の余分なコンマ", "15", NULL, NULL, M,
     "末尾の余分なコンマ", "15"},
    {FU_F108, "ZZ", 2, NULL, NULL, "山田", NULL, NULL, NULL, NULL, M, NULL, NULL},
    {FU_U310, "RE", 12, NULL, NULL, "96", NULL, NULL, NULL, NULL, "96", NULL, NULL},
    {FU_U310, "HO", 4, NULL, NULL, "99999999", NULL, NULL, NULL, NULL, M, NULL, NULL},
    {FU_U308, "CO", 5, NULL, NULL, "住所　東京", NULL, NULL, NULL, NULL, M, NULL, NULL},
    {FU_U314, "KO", 3, NULL, NULL, "7777777", NULL, NULL, NULL, NULL, M, NULL, NULL},
    /* a record without a name may be any text */
    {FU_F107, "AB", 1, NULL, NULL, "AB", NULL, NULL, NULL, NULL, "AB", NULL, NULL},
    {FU_F107, "", 0, NULL, NULL, "山田", NULL, NULL, NULL, NULL, M, NULL, NULL},
    /* captures */
    {FU_E502, "", 0, "b.csv", "c1", "1999-13-01", "birth", "yyyy-mm-dd", "窓口記録のファイル3",
     "c1", M, "birth", "yyyy-mm-dd"},
    {FU_E504, "", 0, "窓口/回答_山田太郎.xml", "回答_山田太郎.xml#2", "回答_山田太郎.xml#2", NULL,
     NULL, "窓口記録のファイル2", "窓口記録のファイル2#2", "窓口記録のファイル2#2", NULL, NULL},
    {FU_E503, "", 0, NULL, "c1", NULL, "c1、c2", NULL, NULL, "c1", NULL, "c1、c2", NULL},
    {FU_E503, "", 0, NULL, "c1", NULL, "c1、回答_山田太郎.xml#2", NULL, NULL, "c1", NULL, M, NULL},
    {FU_E507, "", 0, NULL, NULL, "髙", "カナ氏名", NULL, NULL, NULL, M, "カナ氏名", NULL},
    {FU_R611, "", 0, NULL, NULL, "c1", NULL, NULL, NULL, NULL, "c1", NULL, NULL},
    {FU_R606, "", 0, NULL, NULL, NULL, NULL, "2027-05-20", NULL, NULL, NULL, NULL, "2027-05-20"},
    {FU_T403, "RE", 12, NULL, NULL, "2629", NULL, NULL, NULL, NULL, "2629", NULL, NULL},
    /* empty stays empty: that there is nothing is the finding */
    {FU_U303, "HO", 4, NULL, NULL, "", NULL, "777777777", NULL, NULL, "", NULL, "777777777"},
};

static void expect_text(const char *got, const char *want, size_t i)
{
    cr_expect_eq(!got, !want, "row %zu: %s", i, got ? got : "NULL");
    if (got && want)
        cr_expect_str_eq(got, want, "row %zu: %s", i, got);
}

Test(mask, findings_show_what_their_code_and_field_allow)
{
    desk d;
    fu_findings l;
    fu_shown_claim c;
    open_desk(&d, true, "ja");
    for (size_t i = 0; i < COUNT(FOUND); i++) {
        fu_finding *f = fu_findings_add(&d.o.findings, FOUND[i].code);
        f->severity = FU_INFO;
        f->claim = 2;
        f->line = i + 1;
        f->field = FOUND[i].field;
        strcpy(f->record, FOUND[i].record);
        f->payer = "1234";
        f->file = FOUND[i].file;
        f->capture = FOUND[i].capture;
        f->found = FOUND[i].found;
        f->item = FOUND[i].item;
        f->want = FOUND[i].want;
    }
    cr_assert_eq(fu_mask_claim(&d.mask, &d.o, &c, &l, NULL), FU_OK);
    cr_assert_eq(l.n, COUNT(FOUND));
    for (size_t i = 0; i < COUNT(FOUND); i++) {
        const fu_finding *f = &l.v[i];
        cr_expect_eq(f->code, FOUND[i].code, "row %zu", i);
        cr_expect_eq(f->severity, FU_INFO, "row %zu", i);
        cr_expect_eq(f->claim, 2, "row %zu", i);
        cr_expect_eq(f->line, i + 1, "row %zu", i);
        cr_expect_eq(f->field, FOUND[i].field, "row %zu", i);
        cr_expect_str_eq(f->record, FOUND[i].record, "row %zu", i);
        cr_expect_str_eq(f->payer, "1234", "row %zu", i);
        expect_text(f->file, FOUND[i].s_file, i);
        expect_text(f->capture, FOUND[i].s_capture, i);
        expect_text(f->found, FOUND[i].s_found, i);
        expect_text(f->item, FOUND[i].s_item, i);
        expect_text(f->want, FOUND[i].s_want, i);
    }
    close_desk(&d);
}

/* Without a layout no field is known, without a file no id is anybody's. */
Test(mask, what_is_not_known_is_left_out)
{
    desk d;
    fu_findings l;
    fu_finding *f;
    open_desk(&d, true, "ja");
    f = fu_findings_add(&d.o.findings, FU_H202);
    strcpy(f->record, "HO");
    f->field = 2;
    f->found = "山田";
    f->capture = "c1";
    cr_assert_eq(fu_mask_findings(&d.mask, &d.o.findings, NULL, &l, NULL), FU_OK);
    cr_expect_str_eq(l.v[0].found, M);
    cr_expect_str_eq(l.v[0].capture, M);
    cr_assert_eq(fu_mask_findings(&d.mask, &d.o.findings, &fu_layouts[FU_MED], &l, NULL), FU_OK);
    cr_expect_str_eq(l.v[0].found, "山田");
    close_desk(&d);
}

/* ---- through the engine ---- */

/* The journal and the file do not know of the option; the listing does. */
Test(mask, only_what_is_shown_changes)
{
    for (size_t t = 0; t < HST_MONTHS; t++) {
        const hst_month *month = &hst_months[t];
        hst h[2];
        hst_case c[2];
        for (size_t i = 0; i < 2; i++) {
            hst_init(&h[i]);
            hst_case_init(&c[i]);
            hst_case_month(&c[i], month->month);
            hst_case_evidence(&c[i], "evidence/captures.xml", month->captures,
                              strlen(month->captures));
            cr_expect_geq(hst_run(&h[i], &c[i], FU_APPLY,
                                  i ? "--mask\n--format=json\n--report" : "--format=json\n--report",
                                  NULL),
                          0, "%s", month->type);
        }
        for (int role = 0; role < FU_ROLES; role++) {
            const tst_file *now = &h[0].role[role].done;
            bool same = hst_same(&h[1].role[role].done, now->p, now->n);
            cr_expect_eq(same, role != FU_ROLE_REPORT, "%s role %d", month->type, role);
        }
        cr_expect_not(hst_same(&c[1].listing, c[0].listing.p, c[0].listing.n), "%s", month->type);
        for (size_t i = 0; i < 2; i++) {
            hst_case_free(&c[i]);
            hst_free(&h[i]);
        }
    }
}

/* ---- memory ---- */

Test(mask, memory_that_fails_is_told_and_nothing_leaks)
{
    bool done = false;
    for (long n = 0; !done; n++) {
        desk d;
        fu_shown_claim c;
        fu_findings l;
        fu_error e;
        fu_status st;
        open_desk(&d, true, "ja");
        put_claim(&d);
        d.o.decision.capture = &d.response;
        d.o.shown.capture = d.response.id;
        fu_findings_add(&d.o.findings, FU_E504)->file = d.files[0];
        d.m.calls = 0;
        d.m.fail_at = n;
        st = fu_mask_claim(&d.mask, &d.o, &c, &l, &e);
        done = st == FU_OK;
        if (!done)
            cr_expect_eq(st, FU_E_NOMEM, "call %ld", n);
        cr_assert_lt(n, 1000);
        close_desk(&d);
        cr_expect(!done || n > 0);
    }
}
