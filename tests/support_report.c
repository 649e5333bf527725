#include "support_report.h"

#include <stdlib.h>
#include <string.h>

const fu_report_options REP_OPTIONS = {
    .format = FU_TEXT, .lang = "ja", .version = "1.0.0", .edition = "2026-06", .today = 20261109};

const fu_summary REP_SUMMARY = {
    .file = "RECEIPTC.UKE",
    .claims = 12,
    .payers = 17,
    .fusho = 1,
    .kyushikaku = 0,
    .current = 0,
    .hold = 1,
    .errors = 1,
    .warnings = 0,
    .infos = 1,
    .output = "OUT.UKE",
    .journal = "OUT.UKE.fusho",
    .exit_status = 1,
};

const fu_shown_edit REP_EDITS[4] = {
    {FU_OP_REPLACE, 35, "HO", 2, "保険者番号", "01130012", "77777777", NULL, "不詳の書き方"},
    {FU_OP_DELETE, 36, "SN", 0, "", NULL, NULL, "SN,1,01,,,,00,,", "枝番を残さない"},
    {FU_OP_INSERT, 38, "CO", 0, "", NULL, NULL, "CO,01,1,820000246,", "不詳の書き方"},
    {FU_OP_INSERT, 38, "CO", 0, "", NULL, NULL, "CO,01,1,830000501," REP_KANA, "カナ氏名"},
};

const fu_shown_claim REP_FUSHO = {.claim = 2,
                                  .line = 34,
                                  .receipt_no = "2",
                                  .karte = "00697",
                                  .name = REP_NAME,
                                  .receipt_type = "1112",
                                  .month = "202610",
                                  .route = "fusho",
                                  .reason = "申立書があり、資格がわからないため",
                                  .capture = "c1",
                                  .deadline = 20270520,
                                  .phone = "03-0000-0000",
                                  .due = 20261110,
                                  .edits = REP_EDITS,
                                  .n_edits = 4,
                                  .kigo = "６４",
                                  .bango = "７",
                                  .branch = "00"};

const fu_shown_claim REP_HOLD = {.claim = 5,
                                 .line = 80,
                                 .receipt_no = "5",
                                 .karte = "00701",
                                 .name = REP_NAME,
                                 .receipt_type = "1112",
                                 .month = "202610",
                                 .route = "hold",
                                 .reason = "まだ連絡していないため",
                                 .capture = "c2",
                                 .phone = "03-0000-0001",
                                 .due = 20261110};

const fu_shown_claim REP_NONE = {.claim = 6,
                                 .line = 95,
                                 .receipt_no = "6",
                                 .karte = "00702",
                                 .name = REP_NAME,
                                 .receipt_type = "1112",
                                 .month = "202610",
                                 .route = "none",
                                 .reason = "",
                                 .due = 20261110};

fu_finding *rep_t403(fu_findings *l)
{
    fu_finding *f = fu_findings_add(l, FU_T403);
    f->claim = 2;
    f->line = 34;
    memcpy(f->record, "RE", 3);
    f->field = 12;
    f->found = "2629";
    f->payer = "3128";
    return f;
}

fu_finding *rep_f103(fu_findings *l)
{
    fu_finding *f = fu_findings_add(l, FU_F103);
    f->item = "0x1A なし";
    return f;
}

fu_finding *rep_r606(fu_findings *l)
{
    fu_finding *f = fu_findings_add(l, FU_R606);
    f->claim = 2;
    f->want = "2027-05-20";
    return f;
}

static void add_claim_findings(fu_findings *l)
{
    rep_r606(l);
    rep_t403(l);
}

/* E504 about another file, F103 about this one, F110 with nothing but its code. */
static void add_file_findings(fu_findings *l, const char *file)
{
    fu_finding *f = fu_findings_add(l, FU_E504);
    f->file = file;
    f->line = 7;
    f->found = "c9";
    rep_f103(l);
    fu_findings_add(l, FU_F110);
}

static void add_nasty(fu_findings *l)
{
    static const fu_code codes[] = {FU_T403, FU_E504, FU_R606, FU_F104};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        fu_finding *f = fu_findings_add(l, codes[i]);
        f->file = REP_NASTY;
        f->found = f->item = f->want = f->payer = f->capture = REP_NASTY;
    }
}

static fu_status first_file(fu_report *r, fu_arena *a, fu_error *e)
{
    fu_findings of_claim, of_file;
    fu_status st = fu_report_begin(r, "RECEIPTC.UKE", e);
    fu_findings_init(&of_claim, a);
    fu_findings_init(&of_file, a);
    add_claim_findings(&of_claim);
    add_file_findings(&of_file, "captures.xml");
    if (st == FU_OK)
        st = fu_report_claim(r, &REP_FUSHO, &of_claim, e);
    if (st == FU_OK)
        st = fu_report_claim(r, &REP_HOLD, NULL, e);
    if (st == FU_OK)
        st = fu_report_claim(r, &REP_NONE, NULL, e);
    if (st == FU_OK)
        st = fu_report_match(r, "captures.xml", "c1", "2,5", e);
    if (st == FU_OK)
        st = fu_report_match(r, "captures.xml", "c9", "", e);
    if (st == FU_OK)
        st = fu_report_findings(r, &of_file, e);
    return st == FU_OK ? fu_report_summary(r, &REP_SUMMARY, e) : st;
}

static fu_status second_file(fu_report *r, fu_arena *a, fu_error *e)
{
    static const fu_shown_edit edits[] = {
        {FU_OP_REPLACE, 35, REP_NASTY, 2, REP_NASTY, REP_NASTY, REP_NASTY, NULL, REP_NASTY},
        {FU_OP_REPLACE, 35, REP_NASTY, 2, "", REP_NASTY, "", NULL, REP_NASTY},
        {FU_OP_DELETE, 36, REP_NASTY, 0, "", NULL, NULL, REP_NASTY, REP_NASTY},
        {FU_OP_INSERT, 38, REP_NASTY, 0, "", NULL, NULL, REP_NASTY, REP_NASTY},
        {FU_OP_REPLACE, 35, "HO", 4, "番号", REP_NASTY, REP_NASTY, NULL, REP_NASTY},
        {FU_OP_INSERT, 38, "CO", 0, "", NULL, NULL, "CO,01,1,830000501," REP_NASTY, REP_NASTY},
    };
    static const fu_shown_claim c = {.claim = 1,
                                     .line = 2,
                                     .receipt_no = REP_NASTY,
                                     .karte = REP_NASTY,
                                     .name = REP_NASTY,
                                     .receipt_type = REP_NASTY,
                                     .month = REP_NASTY,
                                     .route = "fusho",
                                     .reason = REP_NASTY,
                                     .capture = REP_NASTY,
                                     .deadline = 20270520,
                                     .phone = REP_NASTY,
                                     .due = 20261110,
                                     .edits = edits,
                                     .n_edits = 6,
                                     .kigo = REP_NASTY,
                                     .bango = REP_NASTY,
                                     .branch = REP_NASTY};
    fu_summary s = REP_SUMMARY;
    fu_findings l;
    fu_status st = fu_report_begin(r, REP_NASTY, e);
    s.file = s.output = s.journal = REP_NASTY;
    fu_findings_init(&l, a);
    add_nasty(&l);
    if (st == FU_OK)
        st = fu_report_claim(r, &c, &l, e);
    if (st == FU_OK)
        st = fu_report_match(r, REP_NASTY, REP_NASTY, REP_NASTY, e);
    if (st == FU_OK)
        st = fu_report_findings(r, &l, e);
    return st == FU_OK ? fu_report_summary(r, &s, e) : st;
}

fu_status rep_run(const fu_mem *mem, tst_file *f, fu_format format, const char *lang, bool verbose,
                  fu_error *e)
{
    fu_report_options o = REP_OPTIONS;
    fu_stream to = tst_stream(f);
    fu_report *r;
    fu_arena a;
    fu_status st;
    o.format = format;
    o.lang = lang;
    o.verbose = verbose;
    fu_arena_init(&a, &fu_mem_libc, 1u << 20);
    st = fu_report_open(&r, mem, &to, &o, e);
    if (st == FU_OK)
        st = first_file(r, &a, e);
    if (st == FU_OK)
        st = second_file(r, &a, e);
    if (st == FU_OK)
        st = fu_report_end(r, e);
    fu_report_close(r);
    fu_arena_free(&a);
    return st;
}

/* Runs in which the next allocation or write fails; the number of the first in which none does. */
static long sweep(fu_format format, fu_status fault)
{
    for (long n = 0;; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        fu_error e;
        fu_status st;
        *(fault == FU_E_NOMEM ? &m.fail_at : &f.fail_at) = n;
        st = rep_run(&mem, &f, format, "ja", true, &e);
        tst_file_free(&f);
        if (m.live != 0 || m.live_bytes != 0)
            return -1;
        if (st == FU_OK)
            return n;
        if (st != fault || e.status != fault)
            return -1;
    }
}

long rep_sweep_memory(fu_format format)
{
    return sweep(format, FU_E_NOMEM);
}

long rep_sweep_writes(fu_format format)
{
    return sweep(format, FU_E_STORE);
}

char *rep_text(const tst_file *f)
{
    char *p = malloc(f->n + 1);
    if (!p)
        abort();
    if (f->n)
        memcpy(p, f->p, f->n);
    p[f->n] = '\0';
    return p;
}

/* Not strstr: under AddressSanitizer it measures the rest of the text at every call. */
size_t rep_count(const char *s, const char *part)
{
    size_t n = 0, len = strlen(part);
    while (*s) {
        if (*s == *part && strncmp(s, part, len) == 0) {
            n++;
            s += len;
        } else {
            s++;
        }
    }
    return n;
}

/* ---- A small JSON checker: each step moves *s behind what it read ---- */

static bool json_value(const char **s);

static void skip_space(const char **s)
{
    *s += strspn(*s, " \t\r\n");
}

static bool json_text(const char **s)
{
    if (*(*s)++ != '"')
        return false;
    while (**s != '"') {
        if ((unsigned char)**s < 0x20)
            return false;
        if (*(*s)++ != '\\')
            continue;
        if (**s == 'u' && strspn(*s + 1, "0123456789abcdef") >= 4)
            *s += 5;
        else if (**s && strchr("\"\\/bfnrt", **s))
            (*s)++;
        else
            return false;
    }
    (*s)++;
    return true;
}

static bool json_members(const char **s, bool object)
{
    const char close = object ? '}' : ']';
    (*s)++;
    skip_space(s);
    if (**s == close) {
        (*s)++;
        return true;
    }
    for (;;) {
        skip_space(s);
        if (object && (!json_text(s) || *(*s)++ != ':'))
            return false;
        if (!json_value(s))
            return false;
        skip_space(s);
        if (**s == close || **s != ',')
            break;
        (*s)++;
    }
    return *(*s)++ == close;
}

static bool json_value(const char **s)
{
    size_t digits;
    skip_space(s);
    if (**s == '{' || **s == '[')
        return json_members(s, **s == '{');
    if (**s == '"')
        return json_text(s);
    digits = strspn(*s, "0123456789");
    *s += digits;
    return digits > 0;
}

bool rep_json_ok(const char *s)
{
    if (!json_value(&s))
        return false;
    skip_space(&s);
    return *s == '\0';
}
