#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "check/check.h"
#include "decide/decide.h"
#include "support_host.h"

/* Every combination of claim type, レセプト種別, age, 診療年月 and 特記事項 against tables written
 * from the texts of the rules, not from the tables of core/rules. */

TestSuite(tokki_walk);

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define DIFFERENCES_SHOWN 20

/* ---- what is walked ---- */

/* Ages at 診療年月, by the day of birth. */
enum {
    UNDER_65,
    SOON_65,
    JUST_65,
    OF_65,
    SOON_70,
    JUST_70,
    OF_70,
    LAST_74,
    JUST_75,
    OVER_75,
    BANDS
};
static const struct {
    const char *name;
    int years, months, day; /* born that many years and months before the month, on that day */
} BAND[BANDS] = {
    [UNDER_65] = {"under 65", 50, 0, 15},
    [SOON_65] = {"65 next month, on the 1st", 65, -1, 1},
    [JUST_65] = {"65 this month", 65, 0, 15},
    [OF_65] = {"65-69", 67, 0, 15},
    [SOON_70] = {"70 this month, born on the 2nd", 70, 0, 2},
    [JUST_70] = {"70 this month, born on the 1st", 70, 0, 1},
    [OF_70] = {"70-74", 72, 0, 15},
    [LAST_74] = {"75 next month, on the 1st", 75, -1, 1},
    [JUST_75] = {"75 this month", 75, 0, 15},
    [OVER_75] = {"over 75", 80, 0, 15},
};
#define B(band) (1u << (band))
#define YOUNG (B(UNDER_65) | B(SOON_65) | B(JUST_65) | B(OF_65) | B(SOON_70))
#define OLD (B(JUST_70) | B(OF_70) | B(LAST_74) | B(JUST_75) | B(OVER_75))
#define TO_74 (B(JUST_65) | B(OF_65) | B(SOON_70) | B(JUST_70) | B(OF_70) | B(LAST_74))
#define FROM_75 (B(JUST_75) | B(OVER_75))
#define ANY_AGE (YOUNG | OLD)

/* Second digit of レセプト種別, as bits. */
#define IHO (1u << 1)
#define KOHI (1u << 2)
#define KOUKI (1u << 3)
#define TAISHOKU (1u << 4)
#define OTHERS (IHO | KOHI | TAISHOKU)
#define ANY_SCHEME (OTHERS | KOUKI)

/* Last digit of レセプト種別, as bits: 7割給付, 一般・低所得, the ages below. */
#define PAYS_3 (1u << 9 | 1u << 0)
#define PAYS_12 (1u << 7 | 1u << 8)
#define NO_WORD (0x3ffu & ~(PAYS_3 | PAYS_12))
#define ANY_DIGIT 0x3ffu

static const int32_t MONTHS[] = {201807, 201808, 202209, 202210, 202610};

static const struct {
    fu_type type;
    char digit;
    unsigned digits; /* inpatient odd, others even */
} TYPE[] = {
    {FU_MED, '1', ANY_DIGIT}, {FU_DPC, '1', 0x2aau}, {FU_DEN, '3', ANY_DIGIT},
    {FU_PHA, '4', 0x155u},    {FU_NUR, '6', 0x155u},
};

#define CLASSES "26 27 28 29 30 31 32 33 34 35 41 42 43 44"
/* 別表9 of the current list, then the older ones, 40 of the FHIR list, 96 and 97. */
#define CODES                                                               \
    "01 02 03 04 07 08 09 10 11 12 13 14 16 21 25 " CLASSES " 36 37 38 39 " \
    "17 18 19 20 22 40 96 97"

/* ---- a claim of one RE, fast to make ---- */

typedef struct walker {
    fu_arena arena;
    fu_header header;
    fu_claim c;
    fu_facts f;
    fu_findings out;
    fu_line lines[3];
    fu_block block;
    char bytes[512];
} walker;

typedef struct point {
    size_t type;
    unsigned scheme, digit, band;
    int32_t month;
    const char *tokki;
    const char *kyufu, *kubun; /* 給付割合, 一部負担金区分 */
} point;

static void kind_of(const point *p, char kind[8])
{
    snprintf(kind, 8, "%c%u1%u", TYPE[p->type].digit, p->scheme % 10, p->digit % 10);
}

static void birth_of(const point *p, char birth[12])
{
    int months = p->month / 100 * 12 + p->month % 100 - 1;
    months -= BAND[p->band].years * 12 + BAND[p->band].months;
    snprintf(birth, 12, "%d", months / 12 * 10000 + (months % 12 + 1) * 100 + BAND[p->band].day);
}

static void re_text(char *out, const point *p)
{
    const fu_layout *l = &fu_layouts[TYPE[p->type].type];
    const char *fields[64] = {NULL};
    char kind[8], month[12], birth[12];
    unsigned count = fu_layout_record(l, FU_ID('R', 'E'))->n_fields;
    kind_of(p, kind);
    birth_of(p, birth);
    snprintf(month, sizeof month, "%d", p->month);
    fields[1] = "RE";
    fields[2] = "1";
    fields[l->at.re_type] = kind;
    fields[l->at.re_month] = month;
    fields[l->at.re_sex] = "2";
    fields[l->at.re_birth] = birth;
    fields[l->at.re_tokki] = p->tokki;
    fields[l->at.re_kyufu] = p->kyufu;
    fields[l->at.re_kubun] = p->kubun;
    for (unsigned i = 1; i <= (count ? count : 30); i++) {
        if (i > 1)
            *out++ = ',';
        out = stpcpy(out, fields[i] ? fields[i] : "");
    }
}

static size_t put_line(walker *w, size_t off, const char *text)
{
    fu_line *l = &w->lines[w->block.n_lines++];
    size_t len = strlen(text);
    memcpy(w->bytes + off, text, len);
    memcpy(w->bytes + off + len, "\r\n", 2);
    memset(l, 0, sizeof *l);
    l->off = (uint32_t)off;
    l->len = (uint32_t)len;
    l->eol = 2;
    l->id = FU_ID((unsigned char)text[0], (unsigned char)text[1]);
    l->line = w->block.n_lines + 1;
    return off + len + 2;
}

/* 公費単独 has a KO in the place of HO; DPC is known by a record that only it has. */
static void make(walker *w, const point *p)
{
    const char *payer = p->scheme == 2   ? "KO,12139999,1234567,,1,100,,,,,,"
                        : p->scheme == 3 ? "HO,39139993,,12345678,1,100,,,,,,"
                                         : "HO,01139906,12,34,1,100,,,,,,";
    char re[256];
    size_t n;
    fu_error e;
    fu_arena_reset(&w->arena);
    fu_findings_init(&w->out, &w->arena);
    memset(&w->block, 0, sizeof w->block);
    re_text(re, p);
    n = put_line(w, 0, re);
    n = put_line(w, n, payer);
    if (TYPE[p->type].type == FU_DPC)
        n = put_line(w, n, "BU,x");
    w->block.kind = FU_B_CLAIM;
    w->block.bytes = fu_span_of(w->bytes, n);
    w->block.lines = w->lines;
    cr_assert_eq(fu_claim_parse(&w->c, &w->arena, &w->block, &w->header, &e), FU_OK);
    w->c.number = 1;
    fu_facts_read(&w->f, &w->c, &w->arena);
}

static void read_header(walker *w, size_t type)
{
    static const char *const headers[] = {
        "IR,1,13,1,1399991,,A,202611,00,", "IR,1,13,1,1399991,,A,202611,00,",
        "UK,1,13,3,1399991,,A,202611,,00", "YK,1,13,4,1399991,A,202611,00,",
        "HM,1,13,6,1399991,A,202611,",
    };
    const char *s = headers[type];
    fu_header_read(&w->header, FU_ID((unsigned char)s[0], (unsigned char)s[1]), fu_span_str(s));
}

static walker *walker_new(void)
{
    walker *w = calloc(1, sizeof *w);
    cr_assert_not_null(w);
    fu_arena_init(&w->arena, &fu_mem_libc, 1u << 20);
    return w;
}

static void walker_free(walker *w)
{
    fu_arena_free(&w->arena);
    free(w);
}

/* ---- differences ---- */

typedef struct differences {
    size_t walked, n;
    char text[16384];
} differences;

static bool differs(differences *d)
{
    return ++d->n <= DIFFERENCES_SHOWN;
}

static const char *place(const point *p)
{
    static char text[256];
    char kind[8];
    kind_of(p, kind);
    snprintf(text, sizeof text, "%s %s month %d, %s, tokki '%.12s'",
             fu_layouts[TYPE[p->type].type].key, kind, p->month, BAND[p->band].name, p->tokki);
    return text;
}

/* ---- sets of codes ---- */

typedef struct codes {
    uint64_t w[2];
} codes;

static void codes_add(codes *s, const char *two)
{
    unsigned n = (unsigned)(two[0] - '0') * 10 + (unsigned)(two[1] - '0');
    s->w[n / 64] |= 1ull << n % 64;
}

static codes codes_of(const char *spaced)
{
    codes s = {{0, 0}};
    for (; spaced && *spaced; spaced += spaced[2] ? 3 : 2)
        codes_add(&s, spaced);
    return s;
}

static int codes_common(const codes *a, const codes *b)
{
    return __builtin_popcountll(a->w[0] & b->w[0]) + __builtin_popcountll(a->w[1] & b->w[1]);
}

/* What one 特記事項 holds: its first five codes, and what is wrong with its form. */
typedef struct field {
    char text[16];
    codes has;
    bool odd, many, twice;
} field;

static void field_set(field *f, const char *text)
{
    size_t n = strlen(text);
    memset(f, 0, sizeof *f);
    snprintf(f->text, sizeof f->text, "%s", text);
    f->odd = n % 2 != 0;
    f->many = n > 10;
    for (size_t i = 0; i + 1 < n && i < 10; i += 2) {
        codes one = {{0, 0}};
        codes_add(&one, text + i);
        f->twice |= codes_common(&f->has, &one) > 0;
        codes_add(&f->has, text + i);
    }
}

#define FIELDS_MAX 400

static void add_field(field *all, size_t *n, const char *a, const char *b)
{
    char text[16];
    snprintf(text, sizeof text, "%.2s%.2s", a, b);
    cr_assert_lt(*n, FIELDS_MAX);
    field_set(&all[(*n)++], text);
}

/* Every code alone, every pair of classes, every class with 02, 96, 13 and with itself, and what
 * is wrong in its form. */
static size_t all_fields(field *all)
{
    static const char *const forms[] = {
        "",    "99",  "9926",       "2699",         "0202",         "2",
        "026", "269", "0102071013", "010207101326", "260102071013", "2601020710",
    };
    size_t n = 0;
    for (const char *a = CODES; *a; a += a[2] ? 3 : 2)
        add_field(all, &n, a, "");
    for (const char *a = CLASSES; *a; a += a[2] ? 3 : 2) {
        for (const char *b = CLASSES; *b; b += b[2] ? 3 : 2)
            add_field(all, &n, a, b);
        add_field(all, &n, a, "02");
        add_field(all, &n, "96", a);
        add_field(all, &n, a, "13");
    }
    for (size_t i = 0; i < COUNT(forms); i++) {
        cr_assert_lt(n, FIELDS_MAX);
        field_set(&all[n++], forms[i]);
    }
    return n;
}

/* ---- 1: the findings ---- */

typedef enum how { HAS, LACKS, TWO, UNKNOWN, ODD, MANY, TWICE } how;

typedef struct finding_row {
    fu_code code;
    unsigned bands, schemes, digits;
    int32_t from, to;
    how how;
    const char *codes, *unless; /* unless: none of these is there */
} finding_row;

static const finding_row FINDINGS[] = {
    /* Section 5: 70 or over has a class since 2018-08; 公費単独 normally has none
     * (uke-format 3.2.1), 退職 has nobody of 70 (3.1). Neither has last digits from 7 on (3.1):
     * they say no share. */
    {FU_T401, OLD, IHO, ANY_DIGIT, 201808, 0, LACKS, CLASSES, NULL},
    {FU_T401, ANY_AGE, KOUKI, ANY_DIGIT, 201808, 0, LACKS, CLASSES, NULL},
    {FU_T402, ANY_AGE, IHO | KOUKI, PAYS_3, 201808, 0, HAS, "29 30 34 35 41 42 43 44", NULL},
    {FU_T402, ANY_AGE, IHO | KOUKI, PAYS_12, 201808, 0, HAS, "26 27 28 31 32 33", NULL},
    {FU_T403, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 0, 0, TWO, CLASSES, NULL},
    {FU_T404, ANY_AGE, OTHERS, ANY_DIGIT, 0, 0, HAS, "41 42 43 44", NULL},
    {FU_T404, ANY_AGE, KOUKI, ANY_DIGIT, 0, 202209, HAS, "41 42 43 44", NULL},
    {FU_T405, FROM_75, KOUKI, ANY_DIGIT, 202210, 0, HAS, "29 34", NULL},
    {FU_T406, ANY_AGE, OTHERS, ANY_DIGIT, 0, 0, HAS, "42", NULL},
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 0, 0, UNKNOWN, CODES, NULL},
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 0, 0, ODD, NULL, NULL},
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 0, 0, MANY, NULL, NULL},
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 0, 0, TWICE, NULL, NULL},
    /* 平成30年7月 was their last month (uke-format 3.2). */
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 201808, 0, HAS, "17 18 19 22", NULL},
    /* Not in the list of 令和6年 any more (uke-format 3.2). */
    {FU_T407, ANY_AGE, ANY_SCHEME, ANY_DIGIT, 202406, 0, HAS, "20", NULL},
    /* The classes of 2割 are those the scheme and the age give differently. */
    {FU_T408, TO_74, KOUKI, ANY_DIGIT, 202210, 0, HAS, "29 34 41 43", NULL},
    /* A 多数回 code is itself a sign of 高額療養費. */
    {FU_T409, YOUNG, IHO | TAISHOKU, ANY_DIGIT, 0, 0, HAS, "26 27 28 29 30 41 42",
     "31 32 33 34 35 43 44"},
};

static bool form_fits(const finding_row *r, const codes *listed, const field *f)
{
    int common = codes_common(listed, &f->has);
    switch (r->how) {
    case HAS:
        return common > 0;
    case LACKS:
        return common == 0;
    case TWO:
        return common > 1;
    case UNKNOWN:
        return codes_common(&f->has, &f->has) > common;
    case ODD:
        return f->odd;
    case MANY:
        return f->many;
    case TWICE:
        return f->twice;
    }
    return false;
}

typedef uint32_t set; /* bit n: T401 + n */

static set expected(const point *p, const field *f, codes listed[][2])
{
    set s = 0;
    for (size_t i = 0; i < COUNT(FINDINGS); i++) {
        const finding_row *r = &FINDINGS[i];
        if ((r->bands & B(p->band)) && (r->schemes & 1u << p->scheme) &&
            (r->digits & 1u << p->digit) && p->month >= r->from && (!r->to || p->month <= r->to) &&
            form_fits(r, &listed[i][0], f) && codes_common(&listed[i][1], &f->has) == 0)
            s |= 1u << (r->code - FU_T401);
    }
    return s;
}

static set reported(walker *w)
{
    set s = 0;
    fu_check_tokki(&w->out, &w->c, &w->f);
    for (size_t i = 0; i < w->out.n; i++)
        s |= 1u << (w->out.v[i].code - FU_T401);
    return s;
}

static const char *set_text(set s)
{
    static char text[2][128];
    static int at;
    size_t n = 0;
    at = !at;
    text[at][0] = '\0';
    for (unsigned i = 0; i < 32; i++)
        if (s & 1u << i)
            n += (size_t)snprintf(text[at] + n, sizeof text[at] - n, " %s",
                                  fu_finding_rows[FU_T401 + i].code);
    return text[at];
}

static void compare(differences *d, walker *w, const point *p, const field *f, codes listed[][2])
{
    set want = expected(p, f, listed), got;
    size_t n = strlen(d->text);
    make(w, p);
    got = reported(w);
    d->walked++;
    if (got != want && differs(d))
        snprintf(d->text + n, sizeof d->text - n, "\n%s: expected%s, reported%s", place(p),
                 set_text(want), set_text(got));
}

static void walk_type(differences *d, walker *w, point *p, const field *all, size_t n)
{
    codes listed[COUNT(FINDINGS)][2];
    for (size_t i = 0; i < COUNT(FINDINGS); i++) {
        listed[i][0] = codes_of(FINDINGS[i].codes);
        listed[i][1] = codes_of(FINDINGS[i].unless);
    }
    for (p->scheme = 1; p->scheme <= 4; p->scheme++)
        for (p->digit = 0; p->digit <= 9; p->digit++)
            for (p->band = 0; p->band < BANDS && TYPE[p->type].digits & 1u << p->digit; p->band++)
                for (size_t m = 0; m < COUNT(MONTHS); m++)
                    for (size_t i = 0; i < n; i++) {
                        p->month = MONTHS[m];
                        p->tokki = all[i].text;
                        compare(d, w, p, &all[i], listed);
                    }
}

Test(tokki_walk, every_combination_has_the_findings_of_the_rules)
{
    static field all[FIELDS_MAX];
    static differences d;
    size_t n = all_fields(all);
    walker *w = walker_new();
    point p = {0};
    for (p.type = 0; p.type < COUNT(TYPE); p.type++) {
        read_header(w, p.type);
        walk_type(&d, w, &p, all, n);
    }
    walker_free(w);
    cr_expect_gt(d.walked, 1000000);
    cr_expect_eq(d.n, 0, "%zu of %zu:%s", d.n, d.walked, d.text);
}

/* ---- 2: the choice on a 不詳 claim ---- */

/* Shares as bits. */
#define S1 (1u << 1)
#define S2 (1u << 2)
#define S3 (1u << 3)
#define ANY_SHARE (S1 | S2 | S3)

/* Share from レセプト種別, then the declaration (0 = unknown). */
static const struct {
    unsigned digits, declared, shares;
} SHARES[] = {
    {PAYS_3, 0xf, S3},      {PAYS_12, 1u << 1, S1},
    {PAYS_12, 1u << 2, S2}, {PAYS_12, 1u << 0 | 1u << 3, S1 | S2},
    {NO_WORD, 1u << 1, S1}, {NO_WORD, 1u << 2, S2},
    {NO_WORD, 1u << 3, S3}, {NO_WORD, 1u << 0, ANY_SHARE},
};

/* Where a code is right, and for which shares. */
static const struct {
    const char *codes;
    unsigned schemes;
    int32_t from;
    unsigned shares;
} CODE[] = {
    {"26 27 28 31 32 33", ANY_SCHEME, 201808, S3},
    {"29 30 34 35", ANY_SCHEME, 201808, S1 | S2},
    {"41 43", KOUKI, 202210, S2},
    {"42 44", KOUKI, 202210, S1},
};

/* 疑義解釈 問5. 29 is also what 1割 of 後期 had before 2022-10, and the only class 1割 can have at
 * 70-74 (uke-format 3.2.1); T406 warns of the latter. */
static const struct {
    unsigned schemes, shares;
    int32_t from, to;
    const char *code;
} CHOICE[] = {
    {ANY_SCHEME, S3, 201808, 0, "26"}, {IHO, S1, 201808, 0, "29"},   {IHO, S2, 201808, 0, "29"},
    {KOUKI, S1, 201808, 202209, "29"}, {KOUKI, S2, 202210, 0, "41"}, {KOUKI, S1, 202210, 0, "42"},
};

/* 特記事項 there: its class, if it has one, and the rest of it. */
static const struct {
    const char *text, *class, *rest;
} THERE[] = {
    {"", "", ""},
    {"02", "", "02"},
    {"26", "26", ""},
    {"27", "27", ""},
    {"28", "28", ""},
    {"29", "29", ""},
    {"30", "30", ""},
    {"31", "31", ""},
    {"32", "32", ""},
    {"33", "33", ""},
    {"34", "34", ""},
    {"35", "35", ""},
    {"41", "41", ""},
    {"42", "42", ""},
    {"43", "43", ""},
    {"44", "44", ""},
    {"0226", "26", "02"},
    {"290213", "29", "0213"},
    {"021329", "29", "0213"},
    {"0102071013", "", "0102071013"},
    {"0102071029", "29", "01020710"},
    {"0102074110", "41", "01020710"},
    {"26010207", "26", "010207"},
    {"4202", "42", "02"},
    {"0230", "30", "02"},
};

/* The capture's class; "" = none. */
static const char *const CAPTURED[] = {"",   "02", "26", "27", "28", "29", "30", "31",
                                       "32", "33", "34", "35", "41", "42", "43", "44"};

static bool code_fits(const point *p, const char *code, unsigned shares)
{
    for (size_t i = 0; i < COUNT(CODE) && *code; i++)
        if (strstr(CODE[i].codes, code))
            return CODE[i].schemes & 1u << p->scheme && p->month >= CODE[i].from &&
                   CODE[i].shares & shares;
    return false;
}

static const char *chosen(const point *p, unsigned shares)
{
    for (size_t i = 0; i < COUNT(CHOICE); i++)
        if (CHOICE[i].schemes & 1u << p->scheme && CHOICE[i].shares == shares &&
            p->month >= CHOICE[i].from && (!CHOICE[i].to || p->month <= CHOICE[i].to))
            return CHOICE[i].code;
    return NULL;
}

/* What comes of it: the new field ("" = as it is), R605, T406. */
typedef struct answer {
    char text[16];
    bool held, warned;
} answer;

static unsigned shares_of(const point *p, int declared)
{
    for (size_t i = 0; i < COUNT(SHARES); i++)
        if (SHARES[i].digits & 1u << p->digit && SHARES[i].declared & 1u << declared)
            return SHARES[i].shares;
    return 0;
}

static answer expected_choice(const point *p, size_t there, int declared, const char *captured)
{
    answer a = {"", false, false};
    unsigned shares = shares_of(p, declared), scheme = 1u << p->scheme;
    const char *code = captured;
    if (p->month < 201808 || (scheme != KOUKI && (scheme != IHO || !(B(p->band) & OLD))))
        return a; /* the classes of section 5 begin in 2018-08 */
    if (!code_fits(p, THERE[there].class, shares)) {
        if (!code_fits(p, captured, shares))
            code = chosen(p, shares);
        a.held = !code || strlen(THERE[there].rest) > 8;
        if (!a.held)
            snprintf(a.text, sizeof a.text, "%s%s", THERE[there].rest, code);
    }
    a.warned = !a.held && shares == S1 && scheme == IHO;
    return a;
}

static answer actual_choice(walker *w, const fu_capture *cap)
{
    answer a = {"", false, false};
    const char *value = NULL;
    bool told;
    w->out.n = 0;
    told = fu_choose_tokki(&w->c, &w->f, cap, &w->out, &value);
    a.held = fu_findings_has(&w->out, FU_R605);
    a.warned = fu_findings_has(&w->out, FU_T406);
    snprintf(a.text, sizeof a.text, "%s", told == a.held ? "?" : value ? value : "");
    return a;
}

static bool same_answer(const answer *a, const answer *b)
{
    return strcmp(a->text, b->text) == 0 && a->held == b->held && a->warned == b->warned;
}

static void compare_choice(differences *d, walker *w, const point *p, size_t there, int declared,
                           const char *captured)
{
    static const char *const words[2][2] = {{"", " T406"}, {" R605", " R605 T406"}};
    size_t n = strlen(d->text);
    fu_capture cap = {0};
    fu_qualification q = {0};
    answer want = expected_choice(p, there, declared, captured), got;
    cap.id = "c1";
    cap.declaration.there = true;
    cap.declaration.share = declared;
    q.insurer = q.kigo = q.bango = q.branch = "";
    q.tokki = captured;
    cap.quals = &q;
    cap.n_quals = *captured ? 1 : 0;
    got = actual_choice(w, &cap);
    d->walked++;
    if (!same_answer(&got, &want) && differs(d))
        snprintf(d->text + n, sizeof d->text - n,
                 "\n%s, declared %d, captured '%s': expected '%s'%s, chosen '%s'%s", place(p),
                 declared, captured, want.text, words[want.held][want.warned], got.text,
                 words[got.held][got.warned]);
}

static void walk_choice(differences *d, walker *w, point *p)
{
    for (size_t t = 0; t < COUNT(THERE); t++)
        for (size_t m = 0; m < COUNT(MONTHS); m++) {
            p->tokki = THERE[t].text;
            p->month = MONTHS[m];
            make(w, p);
            for (int declared = 0; declared <= 3; declared++)
                for (size_t k = 0; k < COUNT(CAPTURED); k++)
                    compare_choice(d, w, p, t, declared, CAPTURED[k]);
        }
}

Test(tokki_walk, every_fusho_claim_gets_the_class_of_the_rules_or_is_held)
{
    static differences d;
    walker *w = walker_new();
    point p = {0};
    for (p.type = 0; p.type < COUNT(TYPE); p.type++) {
        read_header(w, p.type);
        for (p.scheme = 1; p.scheme <= 4; p.scheme++) /* without HO there is no 不詳 */
            for (p.digit = 0; p.digit <= 9 && p.scheme != 2; p.digit++)
                for (p.band = 0; p.band < BANDS && TYPE[p.type].digits & 1u << p.digit; p.band++)
                    walk_choice(&d, w, &p);
    }
    walker_free(w);
    cr_expect_gt(d.walked, 1000000);
    cr_expect_eq(d.n, 0, "%zu of %zu:%s", d.n, d.walked, d.text);
}

/* ---- what else has a say in the findings ---- */

/* 一部負担金区分 is a sign of 高額療養費; 給付割合 90 says 1割, 70 and 80 do not. */
Test(tokki_walk, the_other_fields_of_the_claim_have_their_say)
{
    static const struct {
        unsigned scheme, digit, band;
        const char *tokki, *kubun, *kyufu;
        set want;
    } rows[] = {
#define T(n) (1u << (FU_##n - FU_T401))
        {1, 2, UNDER_65, "29", "", "", T(T409)},
        {1, 2, UNDER_65, "29", "1", "", 0},
        {1, 2, UNDER_65, "41", "1", "", T(T404)},
        {1, 8, OF_70, "29", "1", "", 0},
        {1, 8, OF_70, "29", "", "90", T(T406)},
        {1, 8, OF_70, "29", "", "090", T(T406)},
        {1, 8, JUST_70, "30", "", "90", T(T406)},
        {1, 8, LAST_74, "29", "", "90", T(T406)},
        {1, 8, OF_70, "29", "", "80", 0},
        {1, 0, OF_70, "26", "", "70", 0},
        {1, 8, OF_70, "", "", "90", T(T401) | T(T406)},
        {1, 2, SOON_70, "", "", "90", 0},
        {3, 8, OVER_75, "42", "", "90", 0},
        {3, 8, OF_70, "42", "", "90", 0},
#undef T
    };
    walker *w = walker_new();
    for (size_t t = 0; t < COUNT(TYPE); t++)
        for (size_t i = 0; i < COUNT(rows); i++) {
            point p = {.type = t, .scheme = rows[i].scheme, .band = rows[i].band, .month = 202610};
            p.digit = TYPE[t].type == FU_DPC ? (rows[i].digit + 9) % 10 : rows[i].digit;
            p.tokki = rows[i].tokki;
            p.kubun = rows[i].kubun;
            p.kyufu = rows[i].kyufu;
            read_header(w, t);
            make(w, &p);
            cr_expect_eq(reported(w), rows[i].want, "type %zu row %zu", t, i);
        }
    walker_free(w);
}

/* ---- 3: two claims of one person in the month of the 75th birthday ---- */

#define PERSON "試験　太郎,1,19511015"
#define KANA "シケンタロウ"
#define RE_TAIL ",,00001,,,,,,,,,,,,,,,,,,,,,,," KANA ",\n"
#define SY "SY,8833421,20261001,1,,,01,\n"
#define SI "SI,12,1,112007410,,75,1,,,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,\n"
/* The payers of the 国保 claim to the 14th and of the 後期 claim from the 15th, and what is added
 * at the head of their 摘要. */
#define TWO_CLAIMS(kokuho, added_1, kouki, added_2)                                            \
    "IR,2,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"                  \
    "RE,1,1118,202610," PERSON ",,,,,29" RE_TAIL "HO," kokuho ",1,75,,,,,,,,,\n" SY added_1 SI \
    "RE,2,1318,202610," PERSON ",,,,,41" RE_TAIL "HO," kouki ",1,75,,,,,,,,,\n" SY added_2 SI  \
    "GO,2,150,99\n"
#define KYUSHIKAKU "CO,01,1,820000245,\n"
#define KNOWN(status, source, numbers)                                                      \
    "<captures xmlns='urn:fusho:capture:1'><capture id='c1' month='202610'>"                \
    "<patient karte='00001' name='試験　太郎' kana='" KANA "' birth='1951-10-15' sex='1'/>" \
    "<check at='2026-10-20T09:00' outcome='no-record'/><presented document='mynacard'/>"    \
    "<qualification status='" status "' source='" source "' " numbers "/></capture></captures>"
#define KOUKI_NUMBERS "insurer='39139910' bango='12345678'"
#define KOKUHO_NUMBERS "insurer='139907' kigo='５６' bango='７８'"
#define OLD_1 "  138990,１２,３４"
#define NEW_1 "  139907,５６,７８"
#define OLD_2 "39139902,,87654321"
#define NEW_2 "39139910,,12345678"

typedef struct birthday {
    const char *captures, *month, *taken, *held;
} birthday;

static void check_birthday(hst *h, const birthday *row, size_t i)
{
    hst_case c;
    char *want, *listing;
    size_t n;
    hst_case_init(&c);
    hst_case_month(&c, TWO_CLAIMS(OLD_1, "", OLD_2, ""));
    hst_case_evidence(&c, "captures.xml", row->captures, strlen(row->captures));
    cr_expect_eq(hst_run(h, &c, FU_APPLY, "--today=2026-11-09\n--format=json\n", NULL), FU_FINDINGS,
                 "row %zu", i);
    want = hst_uke(row->month, &n);
    listing = hst_text(&c.listing);
    cr_expect(hst_same(&h->role[0].done, want, n), "row %zu: %s", i, listing);
    cr_expect(strstr(listing, row->taken), "row %zu: %s", i, listing);
    cr_expect(strstr(listing, row->held), "row %zu: %s", i, listing);
    cr_expect_eq(c.summary.errors, 1, "row %zu: %s", i, listing);
    cr_expect_eq(c.summary.hold, 1, "row %zu: %s", i, listing);
    free(want);
    free(listing);
    hst_case_free(&c);
}

Test(tokki_walk, in_the_month_of_75_a_qualification_goes_to_the_claim_of_its_scheme_only)
{
#define HELD_1 "\"code\":\"R604\",\"severity\":\"error\",\"file\":\"in.uke\",\"claim\":1,"
#define HELD_2 "\"code\":\"R604\",\"severity\":\"error\",\"file\":\"in.uke\",\"claim\":2,"
    static const birthday rows[] = {
        {KNOWN("current", "document", KOUKI_NUMBERS), TWO_CLAIMS(OLD_1, "", NEW_2, ""),
         "\"receipt_type\":\"1318\",\"route\":\"current\"", HELD_1},
        {KNOWN("current", "document", KOKUHO_NUMBERS), TWO_CLAIMS(NEW_1, "", OLD_2, ""),
         "\"receipt_type\":\"1118\",\"route\":\"current\"", HELD_2},
        {KNOWN("former", "screen", KOUKI_NUMBERS), TWO_CLAIMS(OLD_1, "", NEW_2, KYUSHIKAKU),
         "\"receipt_type\":\"1318\",\"route\":\"kyushikaku\"", HELD_1},
        {KNOWN("former", "screen", KOKUHO_NUMBERS), TWO_CLAIMS(NEW_1, KYUSHIKAKU, OLD_2, ""),
         "\"receipt_type\":\"1118\",\"route\":\"kyushikaku\"", HELD_2},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        hst h;
        hst_init(&h);
        check_birthday(&h, &rows[i], i);
        hst_free(&h);
    }
}
