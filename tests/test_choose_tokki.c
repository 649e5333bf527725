#include <criterion/criterion.h>
#include <stdio.h>

#include "support_claim.h"

#define ROWS(a) (sizeof(a) / sizeof(a)[0])

/* ---- the rules of 5, written down once more ---- */

typedef struct band {
    const char *kind, *birth;
    bool kouki, asked;  /* asked: an income class belongs on the claim */
    const char *shares; /* that レセプト種別 leaves open */
} band;

static const band BANDS[] = {
    {"1112", "19800101", false, false, "123"}, /* under 70 */
    {"1112", "19300101", false, true, "123"},  /* 70 and over in any month of the walk */
    {"1118", "19300101", false, true, "12"},   {"1110", "19300101", false, true, "3"},
    {"1318", "19300101", true, true, "12"},    {"1310", "19300101", true, true, "3"},
    {"1318", "19600101", true, true, "12"}, /* 後期 before 75 */
    {"1212", "19300101", false, false, "123"},
};
static const char *const DECLARED[] = {"unknown", "1", "2", "3"};
static const char *const CODES[] = {"",   "02", "26", "27", "28", "29", "30", "31", "32", "33",
                                    "34", "35", "41", "42", "43", "44", "17", "26", "99"};
static const char *const CAPTURED[] = {"",   "26", "28", "29", "30", "34",
                                       "41", "42", "43", "02", "77", "2"};
static const char *const MONTHS[] = {"201807", "201808", "202209", "202210", "202610"};

static bool one_of(const char *list, const char *code)
{
    return *code && strstr(list, code) != NULL;
}

/* The shares a class code stands for on this claim in this month; "" where it must not stand. */
static const char *shares_of(const char *code, const band *b, const char *month)
{
    bool new_ones = b->kouki && strcmp(month, "202210") >= 0;
    if (one_of("26 27 28 31 32 33", code))
        return "3";
    if (one_of("29 30 34 35", code))
        return "12";
    if (one_of("41 43", code))
        return new_ones ? "2" : "";
    if (one_of("42 44", code))
        return new_ones ? "1" : "";
    return "";
}

static bool fits(const char *code, const band *b, const char *month, const char *open)
{
    const char *shares = strlen(code) == 2 ? shares_of(code, b, month) : "";
    return strpbrk(open, *shares ? shares : "-") != NULL;
}

static const char *by_share(const band *b, char share, const char *month)
{
    if (strcmp(month, "201808") < 0)
        return "";
    if (share == '3')
        return "26";
    if (!b->kouki)
        return "29";
    if (strcmp(month, "202210") >= 0)
        return share == '2' ? "41" : "42";
    return share == '1' ? "29" : "";
}

/* The class that must be written; "" none, "?" cannot be told. */
static const char *expected(const band *b, const char *declared, const char *code,
                            const char *captured, const char *month)
{
    const char *open = strstr(b->shares, declared) ? declared : b->shares;
    const char *by;
    if (!b->asked || strcmp(month, "201808") < 0 || fits(code, b, month, open))
        return "";
    if (fits(captured, b, month, open))
        return captured;
    by = strlen(open) == 1 ? by_share(b, open[0], month) : "";
    return *by ? by : "?";
}

static bool is_class(const char *code)
{
    return one_of("26 27 28 29 30 31 32 33 34 35 41 42 43 44", code);
}

/* ---- the walk ---- */

typedef struct made {
    fu_capture c;
    fu_qualification q;
} made;

static void make_capture(made *m, const char *declared, const char *tokki)
{
    memset(m, 0, sizeof *m);
    m->q.status = FU_Q_FORMER;
    m->q.insurer = m->q.kigo = m->q.bango = m->q.branch = "";
    m->q.tokki = tokki;
    m->c.quals = &m->q;
    m->c.n_quals = 1;
    m->c.declaration.there = true;
    m->c.declaration.share = declared[0] == 'u' ? 0 : declared[0] - '0';
}

static size_t walk_claim(const band *b, const char *month, const char *code)
{
    tst_spec s = {.kind = b->kind, .birth = b->birth, .month = month, .tokki = code};
    tst_claim *t = tst_claim_new(&s);
    size_t n = 0;
    for (size_t d = 0; d < ROWS(DECLARED); d++)
        for (size_t k = 0; k < ROWS(CAPTURED); k++, n++) {
            const char *want = expected(b, DECLARED[d], code, CAPTURED[k], month), *value;
            char whole[8];
            made m;
            bool ok;
            make_capture(&m, DECLARED[d], CAPTURED[k]);
            t->out.n = 0;
            ok = fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value);
            snprintf(whole, sizeof whole, "%s%s", is_class(code) ? "" : code, want);
            cr_expect_eq(ok, *want != '?', "%s %s %s code=%s captured=%s declared=%s", b->kind,
                         b->birth, month, code, CAPTURED[k], DECLARED[d]);
            cr_expect_str_eq(value ? value : "", *want && *want != '?' ? whole : "",
                             "%s %s %s code=%s captured=%s declared=%s", b->kind, b->birth, month,
                             code, CAPTURED[k], DECLARED[d]);
            cr_expect_eq(fu_findings_has(&t->out, FU_R605), !ok);
        }
    tst_claim_free(t);
    return n;
}

Test(choose_tokki, band_share_code_captured_and_month, .timeout = 60)
{
    size_t n = 0;
    for (size_t b = 0; b < ROWS(BANDS); b++)
        for (size_t m = 0; m < ROWS(MONTHS); m++)
            for (size_t c = 0; c < ROWS(CODES); c++)
                n += walk_claim(&BANDS[b], MONTHS[m], CODES[c]);
    cr_expect_eq(n, ROWS(BANDS) * ROWS(MONTHS) * ROWS(CODES) * ROWS(DECLARED) * ROWS(CAPTURED));
}

/* ---- rows of N4 問5, by hand ---- */

Test(choose_tokki, unknown_class_follows_the_share)
{
    static const struct {
        const char *kind, *birth, *declared, *want;
    } rows[] = {
        {"1110", "19520101", "unknown", "26"}, {"1118", "19520101", "2", "29"},
        {"1118", "19520101", "1", "29"},       {"1112", "19520101", "3", "26"},
        {"1310", "19400101", "unknown", "26"}, {"1318", "19400101", "2", "41"},
        {"1318", "19400101", "1", "42"},       {"1318", "19600101", "2", "41"},
        {"1318", "19400101", "unknown", NULL}, {"1118", "19520101", "unknown", NULL},
        {"1118", "19520101", "3", NULL},       {"1310", "19400101", "1", "26"},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = rows[i].kind, .birth = rows[i].birth};
        tst_claim *t = tst_claim_new(&s);
        const char *value;
        made m;
        make_capture(&m, rows[i].declared, "");
        cr_expect_eq(fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value), rows[i].want != NULL,
                     "row %zu", i);
        if (rows[i].want)
            cr_expect_str_eq(value, rows[i].want, "row %zu", i);
        else
            cr_expect_str_eq(tst_codes_with_items(t),
                             strcmp(rows[i].declared, "3") == 0
                                 ? "R605=申立書の負担割合がレセプト種別と合わない"
                                 : "R605=一部負担金の割合がわからない",
                             "row %zu", i);
        tst_claim_free(t);
    }
}

Test(choose_tokki, one_tenth_at_70_to_74_is_warned_of)
{
    static const struct {
        const char *kind, *declared, *codes;
    } rows[] = {{"1118", "1", "T406"}, {"1118", "2", ""}, {"1318", "1", ""}};
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = rows[i].kind, .birth = "19520101"};
        tst_claim *t = tst_claim_new(&s);
        const char *value;
        made m;
        make_capture(&m, rows[i].declared, "");
        cr_expect(fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value));
        cr_expect_str_eq(tst_codes(t), rows[i].codes, "row %zu", i);
        if (t->out.n)
            cr_expect_str_eq(t->out.v[0].found, "1割");
        tst_claim_free(t);
    }
}

Test(choose_tokki, without_a_declaration_its_share_says_nothing)
{
    tst_spec s = {.kind = "1118", .birth = "19520101"};
    tst_claim *t = tst_claim_new(&s);
    const char *value;
    made m;
    make_capture(&m, "2", "");
    m.c.declaration.there = false;
    cr_expect(!fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value));
    tst_claim_free(t);
}

Test(choose_tokki, first_captured_class_that_fits_is_taken)
{
    tst_spec s = {.kind = "1118", .birth = "19520101"};
    tst_claim *t = tst_claim_new(&s);
    const char *value = NULL;
    fu_qualification q[3];
    made m;
    make_capture(&m, "2", "");
    for (size_t i = 0; i < 3; i++)
        q[i] = m.q;
    q[0].tokki = "26";
    q[1].tokki = "30";
    q[2].tokki = "29";
    m.c.quals = q;
    m.c.n_quals = 3;
    cr_expect(fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value));
    cr_expect_str_eq(value, "30");
    tst_claim_free(t);
}

/* ---- the field ---- */

Test(choose_tokki, ours_goes_behind_what_is_there)
{
    static const struct {
        const char *tokki, *value, *finding;
    } rows[] = {
        {"", "29", ""},
        {"02", "0229", ""},
        {"02101314", "0210131429", ""},
        {"0210131425", NULL, "R605=特記事項に空きがない（5つまで）"},
        {"0229", NULL, ""},
        {"2902", NULL, ""},
        {"2602", "0229", ""},             /* a class that does not fit goes */
        {"0226101314", "0210131429", ""}, /* and makes room */
        {"26312702", "0229", ""},
        {"0230", NULL, ""},
        {"021", NULL, "R605=特記事項の記録が読み取れない"},
        {"021013142530", NULL, "R605=特記事項の記録が読み取れない"},
        {"291", NULL, ""}, /* it is there: the odd rest is T407's */
        {"9929", NULL, ""},
        {"99", "9929", ""},
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = "1118", .birth = "19520101", .tokki = rows[i].tokki};
        tst_claim *t = tst_claim_new(&s);
        const char *value = "-";
        made m;
        make_capture(&m, "2", "");
        cr_expect_eq(fu_choose_tokki(&t->c, &t->f, &m.c, &t->out, &value), !*rows[i].finding,
                     "row %zu", i);
        cr_expect_str_eq(tst_codes_with_items(t), rows[i].finding, "row %zu", i);
        cr_expect_eq(value == NULL, rows[i].value == NULL, "row %zu", i);
        if (value && rows[i].value)
            cr_expect_str_eq(value, rows[i].value, "row %zu", i);
        tst_claim_free(t);
    }
}

Test(choose_tokki, decision_carries_the_new_field)
{
    static const struct {
        const char *inner, *tokki;
    } rows[] = {
        {TST_FAILED TST_DECLARATION("kenpo", "share='2'") TST_CONTACT, "0229"},
        {TST_FAILED TST_FORMER, NULL}, /* only 不詳 changes it */
    };
    for (size_t i = 0; i < ROWS(rows); i++) {
        tst_spec s = {.kind = "1118", .birth = "19520101", .tokki = "02"};
        tst_claim *t = tst_claim_new(&s);
        tst_capture k = tst_capture_new(rows[i].inner);
        tst_decide(t, k.c, NULL);
        cr_expect_eq(t->d.tokki == NULL, rows[i].tokki == NULL, "row %zu", i);
        if (t->d.tokki && rows[i].tokki)
            cr_expect_str_eq(t->d.tokki, rows[i].tokki, "row %zu", i);
        tst_capture_free(&k);
        tst_claim_free(t);
    }
}
