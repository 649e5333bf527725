#include <criterion/criterion.h>
#include <stdio.h>
#include <time.h>

#include "evidence/match.h"
#include "support_claim.h"
#include "support_evidence.h"

/* ---- helpers ---- */

#define KANA "ミホンハナコ"
#define NAME "見本　花子"
#define CAP(id, month, patient) \
    "<capture id='" id "' month='" month "'><patient " patient "/></capture>"

static fu_match built(fu_evidence *ev, const char *captures)
{
    char xml[8192];
    fu_match m;
    fu_error e;
    fu_evidence_init(ev, &fu_mem_libc);
    snprintf(xml, sizeof xml, "<captures xmlns='urn:fusho:capture:1'>%s</captures>", captures);
    cr_assert_eq(tst_add(ev, "c.xml", xml, &e), FU_OK, "%s", e.message_en);
    cr_assert_eq(fu_evidence_join(ev, &e), FU_OK);
    cr_assert_eq(fu_match_build(&m, &fu_mem_libc, ev, &e), FU_OK);
    return m;
}

static void gone(fu_match *m, fu_evidence *ev)
{
    fu_match_free(m);
    fu_evidence_free(ev);
}

static fu_person person(const char *karte, const char *name, const char *kana, int32_t birth,
                        int sex)
{
    fu_person p = {karte, name, kana, birth, sex};
    return p;
}

static fu_status tell(fu_match *m, const fu_person *p, const char *insurer, int32_t month,
                      uint64_t claim, fu_error *e)
{
    fu_match_claim c = {*p, fu_span_str(insurer), strncmp(insurer, "39", 2) == 0, month, claim};
    return fu_match_note_claim(m, &c, e);
}

/* ids of the captures found, "c1 c2" */
static const char *found(const fu_match *m, const fu_person *p, int32_t month)
{
    static char text[128]; /* each Test is a process of its own */
    uint32_t v[FU_MATCHES_MAX];
    fu_error e;
    size_t n;
    cr_assert_eq(fu_match_find(m, p, month, v, &n, &e), FU_OK);
    text[0] = '\0';
    for (size_t i = 0; i < n && i < FU_MATCHES_MAX; i++) {
        strcat(text, i ? " " : "");
        strcat(text, m->ev->captures[v[i]]->id);
    }
    return text;
}

/* ---- rules a and b ---- */

Test(match, karte_and_birth_or_birth_sex_and_kana)
{
    static const struct {
        const char *patient; /* of the capture */
        const char *karte, *name, *kana;
        int32_t birth;
        int sex;
        bool fits;
    } rows[] = {
        /* a: karte on both sides and the birth date */
        {"karte='00697' birth='1980-01-01'", "00697", NAME, KANA, 19800101, 2, true},
        {"karte='００６９７' birth='1980-01-01'", "00697", NAME, KANA, 19800101, 2, true},
        {"karte='00697' birth='1980-01-02'", "00697", NAME, KANA, 19800101, 2, false},
        {"karte='00698' birth='1980-01-01'", "00697", NAME, KANA, 19800101, 2, false},
        {"karte='697' birth='1980-01-01'", "00697", NAME, KANA, 19800101, 2, false},
        /* a decides alone: another karte is another person, whatever the name */
        {"karte='1' birth='1980-01-01' sex='2' kana='" KANA "'", "2", NAME, KANA, 19800101, 2,
         false},
        {"karte='1' birth='1980-01-01' sex='1' kana='ベツジン'", "1", NAME, KANA, 19800101, 2,
         true},
        /* b: no karte on one side or on both */
        {"birth='1980-01-01' sex='2' kana='" KANA "'", "2", NAME, KANA, 19800101, 2, true},
        {"karte='1' birth='1980-01-01' sex='2' kana='" KANA "'", "", NAME, KANA, 19800101, 2, true},
        {"birth='1980-01-01' sex='2' kana='" KANA "'", "", NAME, KANA, 19800101, 2, true},
        {"birth='1980-01-01' sex='1' kana='" KANA "'", "", NAME, KANA, 19800101, 2, false},
        {"birth='1980-01-01' kana='" KANA "'", "", NAME, KANA, 19800101, 2, false},
        {"birth='1980-01-01' sex='2' kana='ミホンハルコ'", "", NAME, KANA, 19800101, 2, false},
        {"birth='1980-01-01' sex='2'", "", NAME, KANA, 19800101, 2, false},
        /* the name where one side has no kana */
        {"birth='1980-01-01' sex='2' name='見本 花子'", "", NAME, KANA, 19800101, 2, true},
        {"birth='1980-01-01' sex='2' name='見本　春子'", "", NAME, KANA, 19800101, 2, false},
        {"birth='1980-01-01' sex='2' kana='" KANA "'", "", NAME, "", 19800101, 2, false},
        /* width, blanks, small kana, long vowels */
        {"birth='1980-01-01' sex='2' kana='ﾐﾎﾝ ﾊﾅｺ'", "", NAME, KANA, 19800101, 2, true},
        {"birth='1980-01-01' sex='2' kana='オオタ　キヨウコ'", "", NAME, "オータキョウコ", 19800101,
         2, true},
        /* ● is one character, on either side */
        {"birth='1980-01-01' sex='2' name='見●　花子'", "", NAME, "", 19800101, 2, true},
        {"birth='1980-01-01' sex='2' name='見●花子'", "", "見本太花子", "", 19800101, 2, false},
        {"birth='1980-01-01' sex='2' name='●本　●子'", "", NAME, "", 19800101, 2, true},
        /* without a birth date nobody is the same */
        {"karte='00697' sex='2' kana='" KANA "'", "00697", NAME, KANA, 19800101, 2, false},
        {"karte='00697' birth='1980-01-01'", "00697", NAME, KANA, 0, 2, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[512];
        fu_evidence ev;
        fu_match m;
        fu_person p = person(rows[i].karte, rows[i].name, rows[i].kana, rows[i].birth, rows[i].sex);
        snprintf(xml, sizeof xml, "<capture id='c1' month='202610'><patient %s/></capture>",
                 rows[i].patient);
        m = built(&ev, xml);
        cr_expect_str_eq(found(&m, &p, 202610), rows[i].fits ? "c1" : "", "row %zu", i);
        gone(&m, &ev);
    }
}

Test(match, month_must_be_the_claims)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'"));
    fu_person p = person("1", NAME, KANA, 19800101, 2);
    cr_expect_str_eq(found(&m, &p, 202610), "c1");
    cr_expect_str_eq(found(&m, &p, 202609), "");
    cr_expect_str_eq(found(&m, &p, 202611), "");
    gone(&m, &ev);
}

Test(match, unusable_without_month_fits_by_person_alone)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "2026-10", "karte='1' birth='1980-01-01'")
                                CAP("c2", "202609", "karte='2' birth='1980-01-01' typo=''"));
    fu_person one = person("1", NAME, KANA, 19800101, 2),
              two = person("2", NAME, KANA, 19800101, 2);
    cr_assert(ev.captures[0]->unusable && ev.captures[0]->month == 0);
    cr_assert(ev.captures[1]->unusable && ev.captures[1]->month == 202609);
    cr_expect_str_eq(found(&m, &one, 202610), "c1");
    cr_expect_str_eq(found(&m, &one, 202501), "c1");
    cr_expect_str_eq(found(&m, &two, 202610), "", "its month is readable and another");
    cr_expect_str_eq(found(&m, &two, 202609), "c2");
    gone(&m, &ev);
}

Test(match, two_captures_are_found_in_their_order)
{
    fu_evidence ev;
    fu_match m =
        built(&ev, CAP("x", "202610", "karte='9' birth='1999-09-09'")
                       CAP("b", "202610", "karte='1' birth='1980-01-01'")
                           CAP("n", "202610", "karte='2' birth='1980-01-01'")
                               CAP("a", "202610", "birth='1980-01-01' sex='2' kana='" KANA "'"));
    fu_person p = person("1", NAME, KANA, 19800101, 2);
    cr_expect_str_eq(found(&m, &p, 202610), "b a");
    gone(&m, &ev);
}

Test(match, more_than_can_be_shown_are_counted)
{
    char xml[4096] = "";
    uint32_t v[FU_MATCHES_MAX];
    fu_evidence ev;
    fu_match m;
    fu_error e;
    size_t n;
    fu_person p = person("1", NAME, KANA, 19800101, 2);
    for (int i = 0; i < (int)FU_MATCHES_MAX + 3; i++)
        strcat(xml, CAP("c", "202610", "karte='1' birth='1980-01-01'"));
    m = built(&ev, xml);
    cr_assert_eq(fu_match_find(&m, &p, 202610, v, &n, &e), FU_OK);
    cr_expect_eq(n, FU_MATCHES_MAX + 3);
    for (uint32_t i = 0; i < FU_MATCHES_MAX; i++)
        cr_expect_eq(v[i], i);
    gone(&m, &ev);
}

Test(match, joined_responses_are_no_captures_of_their_own)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'")
                                CAP("c2", "202610", "karte='1' birth='1980-01-01'"));
    fu_person p = person("1", NAME, KANA, 19800101, 2);
    fu_error e;
    cr_expect_str_eq(found(&m, &p, 202610), "c1 c2");
    fu_match_free(&m);
    ev.captures[0]->joined = true;
    cr_assert_eq(fu_match_build(&m, &fu_mem_libc, &ev, &e), FU_OK);
    cr_expect_str_eq(found(&m, &p, 202610), "c2");
    gone(&m, &ev);
}

Test(match, nothing_to_match)
{
    fu_evidence ev;
    fu_match m = built(&ev, "");
    fu_person p = person("1", NAME, KANA, 19800101, 2);
    fu_error e;
    cr_expect_str_eq(found(&m, &p, 202610), "");
    cr_expect_eq(tell(&m, &p, "", 202610, 1, &e), FU_OK);
    gone(&m, &ev);
    fu_match_free(&m);
    fu_match_forget(&m);
    cr_expect_null(m.notes);
}

/* ---- notes ---- */

/* Notes claims of these persons, one after the other, against one capture without a karte. */
static fu_match_note noted(const fu_person *people, size_t n)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "birth='1951-10-15' sex='2' kana='" KANA "'"));
    fu_match_note note;
    fu_error e;
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(tell(&m, &people[i], "", 202610, 10 + i, &e), FU_OK);
    note = m.notes[0];
    memset(&note.first, 0, sizeof note.first);
    gone(&m, &ev);
    return note;
}

Test(match, two_claims_of_one_person_at_the_75th_birthday)
{
    fu_person p[2] = {person("7", NAME, KANA, 19511015, 2), person("7", NAME, KANA, 19511015, 2)};
    fu_match_note n = noted(p, 2);
    cr_expect_eq(n.n_claims, 2);
    cr_expect_eq(n.claims[0], 10);
    cr_expect_eq(n.claims[1], 11);
    cr_expect(!n.two_persons);
    /* what one of the claims does not say is no difference */
    p[1].karte = "";
    p[1].kana = "";
    cr_expect(!noted(p, 2).two_persons);
}

Test(match, namesakes_are_two_persons)
{
    static const struct {
        const char *karte, *name, *kana;
        bool two;
    } rows[] = {
        {"7", NAME, KANA, false},       {"８", NAME, KANA, true},
        {"７", NAME, KANA, false},      {"7", "見本 花子", "ﾐﾎﾝﾊﾅｺ", false},
        {"", "三保　花子", KANA, true}, {"", "", KANA, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_person p[2] = {person("7", NAME, KANA, 19511015, 2),
                          person(rows[i].karte, rows[i].name, rows[i].kana, 19511015, 2)};
        fu_match_note n = noted(p, 2);
        cr_expect_eq(n.two_persons, rows[i].two, "row %zu", i);
        cr_expect_eq(n.n_claims, 2, "row %zu", i);
    }
}

Test(match, persons_that_the_capture_cannot_tell_apart)
{
    /* The capture's kana holds ●: both are it, and they are not one person. */
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "birth='1980-01-01' sex='2' kana='ミホンハ●コ'"));
    fu_person hana = person("1", "", "ミホンハナコ", 19800101, 2);
    fu_person haru = person("", "", "ミホンハルコ", 19800101, 2);
    fu_error e;
    cr_expect_eq(tell(&m, &hana, "", 202610, 1, &e), FU_OK);
    cr_expect(!m.notes[0].two_persons);
    cr_expect_eq(tell(&m, &haru, "", 202610, 2, &e), FU_OK);
    cr_expect(m.notes[0].two_persons);
    gone(&m, &ev);
}

Test(match, insurers_of_the_claims_are_compared_scheme_by_scheme)
{
    static const struct {
        const char *first, *second;
        bool others, kouki;
    } rows[] = {
        {"06139901", "06139901", false, false}, {"06139901", "01139906", true, false},
        {"  138016", "138016", false, false},   {"  138016", "00138016", false, false},
        {"  138016", "06139901", true, false},  {"06139901", "39139999", false, false},
        {"39139999", "39139981", false, true},  {"06139901", "77777777", true, false},
        {"77777779", "06139901", true, false},  {"77777779", "77777777", false, false},
        {"06139901", "", false, false},         {"06139901", "961399010", false, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fu_evidence ev;
        fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'"));
        fu_person p = person("1", NAME, KANA, 19800101, 2);
        fu_error e;
        cr_expect_eq(tell(&m, &p, rows[i].first, 202610, 1, &e), FU_OK);
        cr_expect_eq(tell(&m, &p, rows[i].second, 202610, 2, &e), FU_OK);
        cr_expect_eq(m.notes[0].insurer[0].several, rows[i].others, "row %zu", i);
        cr_expect_eq(m.notes[0].insurer[1].several, rows[i].kouki, "row %zu", i);
        fu_match_forget(&m);
        cr_expect(!m.notes[0].insurer[0].several && !m.notes[0].insurer[0].n, "row %zu", i);
        gone(&m, &ev);
    }
}

Test(match, what_is_noted_of_a_person_is_a_copy)
{
    /* Claims come one after the other: the texts of the first are gone when the second comes. */
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "birth='1980-01-01' sex='2' kana='" KANA "'"));
    char karte[] = "7", name[] = NAME, kana[] = KANA;
    fu_person a = person(karte, name, kana, 19800101, 2), b = person("7", NAME, KANA, 19800101, 2);
    fu_error e;
    cr_expect_eq(tell(&m, &a, "", 202610, 1, &e), FU_OK);
    memset(karte, 'x', sizeof karte - 1);
    memset(name, 'x', sizeof name - 1);
    memset(kana, 'x', sizeof kana - 1);
    cr_expect_eq(tell(&m, &b, "", 202610, 2, &e), FU_OK);
    cr_expect(!m.notes[0].two_persons);
    gone(&m, &ev);
}

Test(match, karte_of_two_sexes_is_two_persons)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'"));
    fu_person a = person("1", NAME, KANA, 19800101, 2), b = person("1", NAME, KANA, 19800101, 1);
    fu_error e;
    cr_expect_eq(tell(&m, &a, "", 202610, 1, &e), FU_OK);
    cr_expect_eq(tell(&m, &b, "", 202610, 2, &e), FU_OK);
    cr_expect(m.notes[0].two_persons);
    gone(&m, &ev);
}

Test(match, claims_beyond_those_shown_are_counted)
{
    fu_person p[FU_NOTED_MAX + 2];
    fu_match_note n;
    for (size_t i = 0; i < FU_NOTED_MAX + 2; i++)
        p[i] = person("7", NAME, KANA, 19511015, 2);
    n = noted(p, FU_NOTED_MAX + 2);
    cr_expect_eq(n.n_claims, FU_NOTED_MAX + 2);
    cr_expect_eq(n.claims[FU_NOTED_MAX - 1], 10 + FU_NOTED_MAX - 1);
}

Test(match, near_is_the_claim_with_the_same_karte_and_another_birth)
{
    static const struct {
        const char *patient, *karte;
        int32_t birth, month;
        uint64_t near;
    } rows[] = {
        {"karte='1' birth='1980-01-02'", "1", 19800101, 202610, 5},
        {"karte='1'", "1", 19800101, 202610, 5},
        {"karte='１' birth='1980-01-02'", "1", 19800101, 202610, 5},
        {"karte='1' birth='1980-01-02'", "１ ", 19800101, 202610, 5},
        {"karte='1' birth='1980-01-01'", "1", 19800101, 202610, 0},
        {"karte='2' birth='1980-01-02'", "1", 19800101, 202610, 0},
        {"karte='1' birth='1980-01-02'", "1", 19800101, 202609, 0},
        {"birth='1980-01-02'", "", 19800101, 202610, 0},
        {"birth='1980-01-02'", "　", 19800101, 202610, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char xml[512];
        fu_evidence ev;
        fu_match m;
        fu_error e;
        fu_person p = person(rows[i].karte, NAME, KANA, rows[i].birth, 2);
        snprintf(
            xml, sizeof xml,
            CAP("z", "202610", "karte='0' birth='1970-01-01'") "<capture id='c1' month='202610'>"
                                                               "<patient %s/></capture>" CAP(
                                                                   "y", "202610",
                                                                   "karte='3' birth='1970-01-01'"),
            rows[i].patient);
        m = built(&ev, xml);
        cr_expect_eq(tell(&m, &p, "", rows[i].month, 5, &e), FU_OK);
        cr_expect_eq(m.notes[1].near, rows[i].near, "row %zu", i);
        cr_expect_eq(m.notes[0].near + m.notes[2].near, 0, "row %zu", i);
        gone(&m, &ev);
    }
}

Test(match, forget_empties_notes_but_remembers_that_there_was_a_match)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'")
                                CAP("c2", "202610", "karte='2' birth='1980-01-01'"));
    fu_person p = person("1", NAME, KANA, 19800101, 2), q = person("1", NAME, KANA, 19800101, 1);
    fu_error e;
    cr_assert_eq(tell(&m, &p, "", 202610, 1, &e), FU_OK);
    cr_assert_eq(tell(&m, &q, "", 202610, 2, &e), FU_OK);
    fu_match_forget(&m);
    cr_expect_eq(m.notes[0].n_claims, 0);
    cr_expect(!m.notes[0].two_persons);
    cr_expect(m.notes[0].ever);
    cr_expect(!m.notes[1].ever);
    fu_match_forget(&m);
    cr_expect(m.notes[0].ever);
    cr_assert_eq(tell(&m, &q, "", 202610, 1, &e), FU_OK);
    cr_expect(!m.notes[0].two_persons, "compared with claims of this file only");
    gone(&m, &ev);
}

/* ---- size ---- */

#define MANY 100000

/* Captures as an evidence reader would leave them, without the reader's time. */
static void many(fu_evidence *ev)
{
    fu_capture *all = fu_arena_alloc(&ev->arena, MANY * sizeof *all);
    ev->captures = fu_arena_alloc(&ev->arena, MANY * sizeof *ev->captures);
    cr_assert(all && ev->captures);
    for (uint32_t i = 0; i < MANY; i++) {
        char karte[16];
        uint32_t k = i * 7919u % MANY;
        snprintf(karte, sizeof karte, "%06u", k);
        all[i].id = all[i].name = all[i].kana = "";
        all[i].karte = fu_arena_text(&ev->arena, fu_span_str(karte));
        all[i].birth = (int32_t)(19300000 + k % 90 * 10000 + k % 12 * 100 + 101 + k % 28);
        all[i].month = 202610;
        ev->captures[i] = &all[i];
    }
    ev->n_captures = MANY;
}

Test(match, a_hundred_thousand_captures_are_quick, .timeout = 20)
{
    fu_evidence ev;
    fu_match m;
    fu_error e;
    clock_t start = clock();
    size_t hits = 0;
    fu_evidence_init(&ev, &fu_mem_libc);
    many(&ev);
    cr_assert_eq(fu_match_build(&m, &fu_mem_libc, &ev, &e), FU_OK);
    for (uint32_t i = 0; i < MANY; i += 10) {
        const fu_capture *c = ev.captures[i];
        fu_person p = person(c->karte, "", "", c->birth, 0);
        uint32_t v[FU_MATCHES_MAX];
        size_t n;
        cr_assert_eq(fu_match_find(&m, &p, 202610, v, &n, &e), FU_OK);
        hits += n == 1 && v[0] == i;
        cr_assert_eq(tell(&m, &p, "", 202610, i + 1, &e), FU_OK);
    }
    cr_expect_eq(hits, MANY / 10);
    cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 10.0);
    gone(&m, &ev);
}

/* ---- against looking at every capture ---- */

#define FEW 400u

static uint32_t any_below(uint32_t *state, uint32_t below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

static const char *pick(uint32_t *seed, const char *const *of, uint32_t n)
{
    return of[any_below(seed, n)];
}

static fu_person somebody(uint32_t *seed)
{
    static const char *const kartes[] = {"", "", "1", "１", "2", " 3 ", "  "};
    static const char *const names[] = {"", "見本花子", "見本　花子", "見●花子", "見本太郎", "●●"};
    static const char *const kana[] = {"",       "ミホン", "ﾐﾎﾝ", "ミ●ン",
                                       "オオノ", "オーノ", "●●",  "オ●ノ"};
    static const int32_t births[] = {0, 19800101, 19800101, 19800102};
    fu_person p;
    p.karte = pick(seed, kartes, 7);
    p.name = pick(seed, names, 6);
    p.kana = pick(seed, kana, 8);
    p.birth = births[any_below(seed, 4)];
    p.sex = (int)any_below(seed, 3);
    return p;
}

static size_t one_by_one(const fu_evidence *ev, const fu_person *p, int32_t month,
                         uint32_t out[FU_MATCHES_MAX])
{
    size_t n = 0;
    for (uint32_t i = 0; i < ev->n_captures; i++) {
        const fu_capture *c = ev->captures[i];
        fu_person q = person(c->karte, c->name, c->kana, c->birth, c->sex);
        if (c->joined || !(c->month ? c->month == month : c->unusable) || !fu_person_match(p, &q))
            continue;
        if (n < FU_MATCHES_MAX)
            out[n] = i;
        n++;
    }
    return n;
}

static void random_captures(fu_evidence *ev, uint32_t *seed)
{
    static const int32_t months[] = {202610, 202610, 202609, 0};
    fu_capture *all = fu_arena_alloc(&ev->arena, FEW * sizeof *all);
    ev->captures = fu_arena_alloc(&ev->arena, FEW * sizeof *ev->captures);
    cr_assert(all && ev->captures);
    for (size_t i = 0; i < FEW; i++) {
        fu_person p = somebody(seed);
        all[i].karte = p.karte;
        all[i].name = p.name;
        all[i].kana = p.kana;
        all[i].birth = p.birth;
        all[i].sex = p.sex;
        all[i].month = months[any_below(seed, 4)];
        all[i].unusable = any_below(seed, 2) == 0;
        all[i].joined = any_below(seed, 10) == 0;
        ev->captures[i] = &all[i];
    }
    ev->n_captures = FEW;
}

Test(match, the_index_finds_what_looking_at_all_of_them_finds)
{
    static const int32_t months[] = {202610, 202609, 202608, 0};
    uint32_t seed = 20261109;
    size_t hits = 0, many_hits = 0;
    fu_evidence ev;
    fu_match m;
    fu_error e;
    fu_evidence_init(&ev, &fu_mem_libc);
    random_captures(&ev, &seed);
    cr_assert_eq(fu_match_build(&m, &fu_mem_libc, &ev, &e), FU_OK);
    for (size_t i = 0; i < 4000; i++) {
        fu_person p = somebody(&seed);
        int32_t month = months[i % 4];
        uint32_t got[FU_MATCHES_MAX] = {0}, want[FU_MATCHES_MAX] = {0};
        size_t n, all = one_by_one(&ev, &p, month, want);
        cr_assert_eq(fu_match_find(&m, &p, month, got, &n, &e), FU_OK);
        cr_expect_eq(n, all, "person %zu: %zu, not %zu", i, n, all);
        cr_expect_arr_eq(got, want, sizeof got, "person %zu", i);
        cr_expect(all == 0 || fu_match_may(&m, p.birth, month), "person %zu", i);
        hits += all > 0;
        many_hits += all > FU_MATCHES_MAX;
    }
    cr_expect(hits > 1000 && many_hits > 100, "%zu, %zu", hits, many_hits);
    gone(&m, &ev);
}

/* Every capture of one birth date: what is looked for must not be looked for among all of them. */
Test(match, one_birth_date_of_all_is_quick, .timeout = 20)
{
    fu_evidence ev;
    fu_match m;
    fu_error e;
    clock_t start = clock();
    size_t hits = 0;
    fu_evidence_init(&ev, &fu_mem_libc);
    many(&ev);
    for (size_t i = 0; i < MANY; i++)
        ev.captures[i]->birth = 19800101;
    cr_assert_eq(fu_match_build(&m, &fu_mem_libc, &ev, &e), FU_OK);
    for (uint32_t i = 0; i < MANY; i++) {
        fu_person p = person(ev.captures[i]->karte, "", "", 19800101, 0);
        uint32_t v[FU_MATCHES_MAX];
        size_t n;
        cr_assert_eq(fu_match_find(&m, &p, 202610, v, &n, &e), FU_OK);
        hits += n == 1 && v[0] == i;
    }
    cr_expect_eq(hits, MANY);
    cr_expect_lt((double)(clock() - start) / CLOCKS_PER_SEC, 10.0);
    gone(&m, &ev);
}

Test(match, a_month_or_day_without_captures_is_told_at_once)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'"));
    size_t yes = 0;
    cr_expect(fu_match_may(&m, 19800101, 202610));
    cr_expect(!fu_match_may(&m, 0, 202610));
    for (int32_t day = 1; day <= 28; day++)
        for (int32_t year = 1930; year < 2020; year++)
            yes += fu_match_may(&m, year * 10000 + 200 + day, 202610);
    cr_expect_lt(yes, 28u * 90u / 50);
    gone(&m, &ev);
    memset(&m, 0, sizeof m);
    cr_expect(!fu_match_may(&m, 19800101, 202610));
}

/* ---- memory ---- */

static bool build_and_note(const fu_evidence *ev, const fu_mem *mem)
{
    fu_match m;
    fu_person p = person("１", NAME, KANA, 19800101, 2);
    fu_error e;
    fu_status st = fu_match_build(&m, mem, ev, &e);
    if (st == FU_OK)
        st = tell(&m, &p, "", 202610, 1, &e);
    if (st != FU_OK)
        cr_expect(st == FU_E_NOMEM && e.status == FU_E_NOMEM);
    else
        cr_expect(m.notes[0].n_claims == 1 && m.notes[1].near == 1);
    fu_match_free(&m);
    return st == FU_OK;
}

Test(match, every_allocation_may_fail)
{
    fu_evidence ev;
    fu_match m = built(&ev, CAP("c1", "202610", "karte='1' birth='1980-01-01'")
                                CAP("c2", "202610", "karte='1' birth='1981-01-01'"));
    bool done = false;
    for (long n = 0; !done; n++) {
        tst_mem counter = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&counter);
        counter.fail_at = n;
        done = build_and_note(&ev, &mem);
        cr_assert_eq(counter.live, 0, "call %ld", n);
        cr_assert(n > 0 || !done);
        cr_assert(n < 100);
    }
    gone(&m, &ev);
}
