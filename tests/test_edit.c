#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "support_uke.h"
#include "uke/edit.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void open_text(tst_claim *t, fu_edits *l, const char *text)
{
    fu_error e;
    fu_status st = tst_claim_open(t, &fu_mem_libc, fu_span_str(text), &e);
    cr_assert(st == FU_OK, "%s: %d", text, (int)st);
    fu_edits_init(l, &t->arena);
}

/* ---- scripts: one edit per letter ----
 * r RECORD FIELD VALUE · d RECORD · i RECORD TEXT (before it; the number of records: behind the
 * last) */
typedef struct step {
    char op;
    unsigned rec, field;
    const char *value;
} step;

static void run_step(fu_edits *l, const fu_claim *c, const step *s, int reason)
{
    if (s->op == 'r')
        fu_edit_field(l, &c->recs[s->rec], s->field, fu_span_str(s->value), reason);
    else if (s->op == 'd')
        fu_edit_delete(l, &c->recs[s->rec], reason);
    else if (s->op == 'i')
        fu_edit_insert(l, c, s->rec, fu_span_str(s->value), reason);
}

#define STEPS 6
typedef struct script {
    const char *what, *text;
    step steps[STEPS];
    const char *result, *lines; /* lines: input line of every line of the result, one digit each */
} script;

static void run_script(const script *s)
{
    tst_claim t;
    fu_edits l;
    fu_block b;
    fu_error e;
    char lines[32] = "";
    open_text(&t, &l, s->text);
    for (size_t k = 0; k < STEPS && s->steps[k].op; k++)
        run_step(&l, &t.c, &s->steps[k], 1);
    cr_assert(fu_edits_close(&l), "%s", s->what);
    cr_assert(fu_edits_apply(&l, &t.c, &b, &e) == FU_OK, "%s", s->what);
    cr_expect(fu_span_is(b.bytes, s->result), "%s:\n%.*s", s->what, (int)b.bytes.n,
              (const char *)b.bytes.p);
    for (size_t i = 0; i < b.n_lines; i++)
        lines[i] = (char)('0' + b.lines[i].line);
    cr_expect_str_eq(lines, s->lines, "%s", s->what);
    cr_expect(b.kind == FU_B_CLAIM && b.offset == t.c.offset, "%s", s->what);
    tst_claim_close(&t);
}

static const script SCRIPTS[] = {
    {"nothing", "RE,1\r\nHO,a,b\nSN", {{0, 0, 0, NULL}}, "RE,1\r\nHO,a,b\nSN", "123"},
    /* replace */
    {"same length", "RE,1\r\nHO,abc,d\r\n", {{'r', 1, 2, "xyz"}}, "RE,1\r\nHO,xyz,d\r\n", "12"},
    {"longer", "RE,1\r\nHO,abc,d\r\n", {{'r', 1, 2, "vwxyz"}}, "RE,1\r\nHO,vwxyz,d\r\n", "12"},
    {"shorter", "RE,1\r\nHO,abc,d\r\n", {{'r', 1, 2, "x"}}, "RE,1\r\nHO,x,d\r\n", "12"},
    {"empty", "RE,1\r\nHO,abc,d\r\n", {{'r', 1, 2, ""}}, "RE,1\r\nHO,,d\r\n", "12"},
    {"an empty field filled",
     "RE,1\r\nHO,,d\r\n",
     {{'r', 1, 2, "abc"}},
     "RE,1\r\nHO,abc,d\r\n",
     "12"},
    {"the last field", "RE,1\nHO,a,b\nSN\n", {{'r', 1, 3, "xyz"}}, "RE,1\nHO,a,xyz\nSN\n", "123"},
    {"an empty last field", "RE,1\nHO,a,\nSN\n", {{'r', 1, 3, "x"}}, "RE,1\nHO,a,x\nSN\n", "123"},
    {"the first field", "RE,1\nHO,a\n", {{'r', 1, 1, "KO"}}, "RE,1\nKO,a\n", "12"},
    {"several fields, in any order",
     "RE,1\nHO,a,b,c,d\n",
     {{'r', 1, 4, "44"}, {'r', 1, 2, ""}, {'r', 0, 2, "22"}, {'r', 1, 3, "333"}},
     "RE,22\nHO,,333,44,d\n",
     "12"},
    {"the value that is there",
     "RE,1\nHO,a\n",
     {{'r', 1, 2, "a"}, {'r', 0, 2, "1"}},
     "RE,1\nHO,a\n",
     "12"},
    {"all fields empty, filled side by side",
     "RE\nHO,,,\n",
     {{'r', 1, 3, "c"}, {'r', 1, 4, "d"}, {'r', 1, 2, "b"}},
     "RE\nHO,b,c,d\n",
     "12"},
    /* trimmed records */
    {"one field behind the end", "RE\nHO,a\r\n", {{'r', 1, 3, "b"}}, "RE\nHO,a,b\r\n", "12"},
    {"three fields behind the end", "RE\nHO,a\n", {{'r', 1, 5, "x"}}, "RE\nHO,a,,,x\n", "12"},
    {"an empty value behind the end", "RE\nHO,a\n", {{'r', 1, 5, ""}}, "RE\nHO,a\n", "12"},
    {"behind the end of the last record", "RE\nHO,a", {{'r', 1, 4, "x"}}, "RE\nHO,a,,x", "12"},
    {"two fields behind the end",
     "RE\nHO,a\n",
     {{'r', 1, 3, "b"}, {'r', 1, 4, "c"}},
     "RE\nHO,a,b,c\n",
     "12"},
    {"two fields behind the end, backwards",
     "RE\nHO,a\n",
     {{'r', 1, 4, "c"}, {'r', 1, 3, "b"}},
     "RE\nHO,a,b,c\n",
     "12"},
    {"fields behind the end with gaps",
     "RE\nHO\n",
     {{'r', 1, 6, "f"}, {'r', 1, 3, "c"}, {'r', 1, 9, "i"}, {'r', 1, 7, "g"}},
     "RE\nHO,,c,,,f,g,,i\n",
     "12"},
    {"the last field and one behind it",
     "RE\nHO,\n",
     {{'r', 1, 3, "c"}, {'r', 1, 2, "b"}},
     "RE\nHO,b,c\n",
     "12"},
    {"trimmed records side by side",
     "RE\nHO\nKO\n",
     {{'r', 2, 3, "k"}, {'r', 1, 3, "h"}},
     "RE\nHO,,h\nKO,,k\n",
     "123"},
    /* delete */
    {"delete in the middle", "RE\nHO\r\nSN\n", {{'d', 1, 0, NULL}}, "RE\nSN\n", "13"},
    {"delete the first", "RE\nHO\n", {{'d', 0, 0, NULL}}, "HO\n", "2"},
    {"delete the last", "RE\nHO\nSN\r\n", {{'d', 2, 0, NULL}}, "RE\nHO\n", "12"},
    {"delete the last without a line end", "RE\nSN", {{'d', 1, 0, NULL}}, "RE\n", "1"},
    {"delete neighbours",
     "RE\nHO\nSN\nCO\n",
     {{'d', 2, 0, NULL}, {'d', 1, 0, NULL}},
     "RE\nCO\n",
     "14"},
    {"delete everything", "RE\nHO\n", {{'d', 0, 0, NULL}, {'d', 1, 0, NULL}}, "", ""},
    {"delete a blank line", "RE\n\nHO\n", {{'d', 1, 0, NULL}}, "RE\nHO\n", "13"},
    /* insert */
    {"insert at the beginning", "RE\nHO\n", {{'i', 0, 0, "AA,1"}}, "AA,1\nRE\nHO\n", "112"},
    {"insert in the middle", "RE\nHO\n", {{'i', 1, 0, "AA,1"}}, "RE\nAA,1\nHO\n", "122"},
    {"insert at the end", "RE\nHO\n", {{'i', 2, 0, "AA,1"}}, "RE\nHO\nAA,1\n", "123"},
    {"far behind the end is the end", "RE\nHO\n", {{'i', 9, 0, "AA"}}, "RE\nHO\nAA\n", "123"},
    {"several at one place keep their order",
     "RE\nHO\n",
     {{'i', 1, 0, "AA"}, {'i', 1, 0, "BB"}, {'i', 0, 0, "ZZ"}, {'i', 1, 0, "CC"}},
     "ZZ\nRE\nAA\nBB\nCC\nHO\n",
     "112222"},
    {"several at the end keep their order",
     "RE\n",
     {{'i', 1, 0, "BB"}, {'i', 1, 0, "AA"}, {'i', 1, 0, "CC"}},
     "RE\nBB\nAA\nCC\n",
     "1222"},
    /* line ends */
    {"CRLF of the record it goes before",
     "RE\nHO\r\nSN\n",
     {{'i', 1, 0, "AA"}},
     "RE\nAA\r\nHO\r\nSN\n",
     "1223"},
    {"LF of the record it goes before",
     "RE\r\nHO\nSN\r\n",
     {{'i', 1, 0, "AA"}},
     "RE\r\nAA\nHO\nSN\r\n",
     "1223"},
    {"at the end like the last", "RE\r\nHO\n", {{'i', 2, 0, "AA"}}, "RE\r\nHO\nAA\n", "123"},
    {"before a last record without one",
     "RE\r\nHO\r\nSN",
     {{'i', 2, 0, "AA"}},
     "RE\r\nHO\r\nAA\r\nSN",
     "1233"},
    {"before a last record without one, LF",
     "RE\r\nHO\nSN",
     {{'i', 2, 0, "AA"}, {'i', 2, 0, "BB"}},
     "RE\r\nHO\nAA\nBB\nSN",
     "12333"},
    {"behind a last record without one",
     "RE\r\nHO\nSN",
     {{'i', 3, 0, "AA"}, {'i', 3, 0, "BB"}},
     "RE\r\nHO\nSN\nAA\nBB",
     "12344"},
    {"one record without a line end",
     "RE",
     {{'i', 0, 0, "AA"}, {'i', 1, 0, "BB"}},
     "AA\r\nRE\r\nBB",
     "112"},
    {"behind a last record without one that goes",
     "RE\r\nHO\r\nSN",
     {{'i', 3, 0, "AA"}, {'d', 2, 0, NULL}, {'i', 3, 0, "BB"}},
     "RE\r\nHO\r\nAA\r\nBB",
     "1244"},
    {"behind a last record that is changed at its end",
     "RE\nSN,",
     {{'i', 2, 0, "AA"}, {'r', 1, 2, "x"}},
     "RE\nSN,x\nAA",
     "123"},
    {"the same, changed first",
     "RE\nSN",
     {{'r', 1, 3, "x"}, {'i', 2, 0, "AA"}},
     "RE\nSN,,x\nAA",
     "123"},
    /* together */
    {"insert before a record that goes",
     "RE\nHO\nSN\n",
     {{'d', 1, 0, NULL}, {'i', 1, 0, "AA"}, {'i', 1, 0, "BB"}},
     "RE\nAA\nBB\nSN\n",
     "1223"},
    {"insert behind a record that goes",
     "RE\nHO\nSN\n",
     {{'i', 2, 0, "AA"}, {'d', 1, 0, NULL}},
     "RE\nAA\nSN\n",
     "133"},
    {"insert before a record whose name changes",
     "RE\nHO\n",
     {{'r', 1, 1, "KO"}, {'i', 1, 0, "AA"}},
     "RE\nAA\nKO\n",
     "122"},
    {"insert before a record whose empty name is filled",
     "RE\n,x\n",
     {{'r', 1, 1, "KO"}, {'i', 1, 0, "AA"}},
     "RE\nAA\nKO,x\n",
     "122"},
    {"insert before and behind records that go",
     "RE\nHO\nSN\nCO\n",
     {{'d', 1, 0, NULL},
      {'d', 2, 0, NULL},
      {'i', 2, 0, "BB"},
      {'i', 1, 0, "AA"},
      {'i', 3, 0, "CC"}},
     "RE\nAA\nBB\nCC\nCO\n",
     "12344"},
    {"all at once",
     "RE,1,12\r\nHO,a,b\r\nSN,1\r\nSY,x\r\nCO,1\r\n",
     {{'r', 0, 3, ""},
      {'r', 1, 2, "77777777"},
      {'d', 2, 0, NULL},
      {'i', 4, 0, "CO,0"},
      {'d', 4, 0, NULL},
      {'i', 5, 0, "SJ"}},
     "RE,1,\r\nHO,77777777,b\r\nSY,x\r\nCO,0\r\nSJ\r\n",
     "12456"},
};

Test(edit, claims_become_what_is_written_out_here)
{
    for (size_t i = 0; i < COUNT(SCRIPTS); i++)
        run_script(&SCRIPTS[i]);
    cr_assert(COUNT(SCRIPTS) > 40);
}

/* ---- refused ---- */

Test(edit, changes_of_the_same_bytes_are_refused)
{
    static const struct {
        const char *text;
        step steps[3];
    } rows[] = {
        {"RE,a\nHO\n", {{'r', 0, 2, "x"}, {'r', 0, 2, "y"}}},
        {"RE,\nHO\n", {{'r', 0, 2, "x"}, {'r', 0, 2, "y"}}},
        {"RE\nHO\n", {{'r', 0, 3, "x"}, {'r', 0, 3, "y"}}},
        {"RE\nHO\n", {{'r', 0, 3, "x"}, {'r', 0, 4, "z"}, {'r', 0, 3, "y"}}},
        {"RE\nHO\n", {{'d', 1, 0, NULL}, {'d', 1, 0, NULL}}},
        {"RE\nHO,a,b\n", {{'d', 1, 0, NULL}, {'r', 1, 2, "x"}}},
        {"RE\nHO,a,b\n", {{'r', 1, 2, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO,a,b\n", {{'r', 1, 1, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO,a,b\n", {{'d', 1, 0, NULL}, {'r', 1, 1, "x"}}},
        {"RE\n,a,b\n", {{'r', 1, 1, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO,a,\n", {{'r', 1, 3, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO,a", {{'r', 1, 2, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO,", {{'r', 1, 2, "x"}, {'d', 1, 0, NULL}}},
        {"RE\nHO", {{'d', 1, 0, NULL}, {'r', 1, 5, "x"}}},
        {"RE\nHO,a\nSN\n", {{'d', 1, 0, NULL}, {'i', 1, 0, "AA"}, {'r', 1, 2, "x"}}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        tst_claim t;
        fu_edits l;
        open_text(&t, &l, rows[i].text);
        for (size_t k = 0; k < 3 && rows[i].steps[k].op; k++)
            run_step(&l, &t.c, &rows[i].steps[k], 1);
        cr_expect(!fu_edits_close(&l), "row %zu", i);
        tst_claim_close(&t);
    }
}

Test(edit, neighbours_do_not_overlap)
{
    tst_claim t;
    fu_edits l;
    open_text(&t, &l, "RE,a,b\nHO,c\nSN\n");
    fu_edit_delete(&l, &t.c.recs[1], 1);
    fu_edit_field(&l, &t.c.recs[0], 3, fu_span_str("x"), 1);
    fu_edit_field(&l, &t.c.recs[2], 1, fu_span_str("JD"), 1);
    fu_edit_field(&l, &t.c.recs[0], 2, fu_span_str("y"), 1);
    cr_expect(fu_edits_close(&l));
    cr_expect(l.n == 4 && fu_edits_close(&l), "closing twice changes nothing");
    tst_claim_close(&t);
}

/* ---- the list ---- */

Test(edit, an_edit_says_what_it_does)
{
    tst_claim t;
    fu_edits l;
    open_text(&t, &l, "IR\nRE,1,1112\r\nHO,a,b\r\nSN,1,01\nCO");
    fu_edit_insert(&l, &t.c, 4, fu_span_str("CO,99"), 5);
    fu_edit_delete(&l, &t.c.recs[2], 4);
    fu_edit_field(&l, &t.c.recs[1], 3, fu_span_str("xyz"), 3);
    fu_edit_field(&l, &t.c.recs[3], 3, fu_span_str("q"), 2);
    cr_assert(fu_edits_close(&l) && l.n == 4);
    cr_expect(l.v[0].op == FU_EDIT_REPLACE && l.v[0].off == 16 && l.v[0].len == 1);
    cr_expect(l.v[0].line == 3 && l.v[0].id == FU_ID('H', 'O') && l.v[0].field == 3);
    cr_expect(fu_span_is(l.v[0].before, "b") && fu_span_is(l.v[0].bytes, "xyz"));
    cr_expect(l.v[0].reason == 3);
    cr_expect(l.v[1].op == FU_EDIT_DELETE && l.v[1].off == 19 && l.v[1].len == 8);
    cr_expect(l.v[1].line == 4 && l.v[1].id == FU_ID('S', 'N') && l.v[1].field == 0);
    cr_expect(fu_span_is(l.v[1].before, "SN,1,01") && l.v[1].bytes.n == 0 && l.v[1].reason == 4);
    cr_expect(l.v[2].op == FU_EDIT_REPLACE && l.v[2].off == 29 && l.v[2].len == 0);
    cr_expect(fu_span_is(l.v[2].bytes, ",,q") && l.v[2].before.n == 0 && l.v[2].field == 3);
    cr_expect(l.v[3].op == FU_EDIT_INSERT && l.v[3].off == 29 && l.v[3].len == 0);
    cr_expect(l.v[3].line == 6 && l.v[3].id == FU_ID('C', 'O') && l.v[3].before.n == 0);
    cr_expect(fu_span_is(l.v[3].bytes, "\nCO,99") && l.v[3].reason == 5);
    tst_claim_close(&t);
}

Test(edit, the_result_can_be_parsed_as_a_claim)
{
    tst_claim t;
    fu_edits l;
    fu_block b;
    fu_claim c;
    open_text(&t, &l, "IR,1,13,1\nRE,1,1112,202610\nHO,a\n8,1,0,HO,x\n\nCO\n");
    fu_edit_field(&l, t.c.ho, 2, fu_span_str("77777777"), 1);
    fu_edit_field(&l, t.c.ho, 4, fu_span_str("777777777"), 1);
    fu_edit_insert(&l, &t.c, 2, fu_span_str("8,2,0,SN,1"), 1);
    fu_edit_insert(&l, &t.c, 2, fu_span_str("SY,1"), 1);
    cr_assert(fu_edits_close(&l) && fu_edits_apply(&l, &t.c, &b, NULL) == FU_OK);
    cr_assert(fu_claim_parse(&c, &t.arena, &b, &t.w.h, NULL) == FU_OK);
    cr_expect(b.offset == 10 && c.offset == 10, "where the claim stood in the input");
    cr_expect(c.n_recs == 7 && c.type == FU_MED && c.line == 2 && c.month == 202610);
    cr_expect(fu_span_is(fu_field(c.ho, 2), "77777777") && fu_span_is(fu_field(c.ho, 3), ""));
    cr_expect(fu_span_is(fu_field(c.ho, 4), "777777777"));
    cr_expect(c.recs[2].history && c.recs[2].id == FU_ID('S', 'N') && c.recs[2].line == 4);
    cr_expect(!c.recs[3].history && c.recs[3].id == FU_ID('S', 'Y') && c.recs[3].line == 4);
    cr_expect(c.recs[4].history && c.recs[4].line == 4);
    cr_expect(c.recs[5].bytes.n == 0 && c.recs[5].line == 5 && c.recs[5].id == 0);
    tst_claim_close(&t);
}

Test(edit, the_list_holds_4096_edits)
{
    tst_claim t;
    fu_edits l;
    fu_block b;
    cr_expect(FU_EDITS_MAX == 4096);
    open_text(&t, &l, "RE\nHO\n");
    for (unsigned i = 0; i < FU_EDITS_MAX; i++)
        fu_edit_insert(&l, &t.c, 1,
                       fu_span_str(i == 0                  ? "AA"
                                   : i == FU_EDITS_MAX - 1 ? "ZZ"
                                                           : "CO"),
                       1);
    cr_expect(l.n == FU_EDITS_MAX && !l.failed && fu_edits_close(&l));
    cr_assert(fu_edits_apply(&l, &t.c, &b, NULL) == FU_OK);
    cr_expect(b.n_lines == FU_EDITS_MAX + 2 && b.lines[1].id == FU_ID('A', 'A'));
    cr_expect(b.lines[FU_EDITS_MAX].id == FU_ID('Z', 'Z'));
    fu_edit_insert(&l, &t.c, 1, fu_span_str("CO"), 1);
    cr_expect(l.n == FU_EDITS_MAX && l.failed && !fu_edits_close(&l));
    cr_expect_str_eq(l.limit, "FU_EDITS_MAX");
    cr_expect(l.limit_max == FU_EDITS_MAX);
    tst_claim_close(&t);
}

Test(edit, every_way_to_add_respects_the_limit)
{
    for (int way = 0; way < 3; way++) {
        tst_claim t;
        fu_edits l;
        open_text(&t, &l, "RE,1\nHO\n");
        for (unsigned i = 0; i < FU_EDITS_MAX; i++)
            fu_edit_insert(&l, &t.c, 1, fu_span_str("CO"), 1);
        cr_expect(fu_edits_close(&l));
        if (way == 0)
            fu_edit_field(&l, &t.c.recs[0], 2, fu_span_str("2"), 1);
        else if (way == 1)
            fu_edit_delete(&l, &t.c.recs[1], 1);
        else
            fu_edit_field(&l, &t.c.recs[0], 2, fu_span_str("1"), 1);
        cr_expect(l.failed == (way < 2), "no edit is no edit too many");
        cr_expect(fu_edits_close(&l) == (way == 2));
        tst_claim_close(&t);
    }
}

/* ---- random claims and edits against a naive model ---- */

#define RECS 9u
#define FIELDS 7u
#define OPS 14u

/* A line of the result: its text, its line end, its input line. */
typedef struct out_line {
    char text[256];
    unsigned eol;
    uint64_t line;
} out_line;

typedef struct round_data {
    char fields[RECS][FIELDS + 4][24];
    unsigned n_fields[RECS], eol[RECS], n;
    bool gone[RECS];
    step ops[OPS];
    char values[OPS][24];
    unsigned n_ops;
} round_data;

static void random_value(char *out, uint32_t *seed)
{
    static const char *const parts[] = {"",   "",     "1",       "77777777", "\x82\x56\x82\x56",
                                        " x", "a\rb", "\x81\x5C"};
    strcpy(out, parts[tst_random(seed, COUNT(parts))]);
}

static void random_claim(round_data *d, uint32_t *seed)
{
    static const char *const names[] = {"HO", "SN", "SY", "CO", "SI", "8", "", "XX"};
    d->n = 1 + tst_random(seed, RECS);
    for (unsigned i = 0; i < d->n; i++) {
        d->n_fields[i] = 1 + tst_random(seed, FIELDS);
        strcpy(d->fields[i][0], i == 0 ? "RE" : names[tst_random(seed, COUNT(names))]);
        for (unsigned f = 1; f < d->n_fields[i]; f++)
            random_value(d->fields[i][f], seed);
        d->eol[i] = 1 + tst_random(seed, 2);
        d->gone[i] = false;
    }
    if (tst_random(seed, 3) == 0)
        d->eol[d->n - 1] = 0;
    /* An empty line without a line end is no line. */
    if (d->eol[d->n - 1] == 0 && d->n_fields[d->n - 1] == 1 && !*d->fields[d->n - 1][0])
        strcpy(d->fields[d->n - 1][0], "ZZ");
}

static bool planned(const round_data *d, char op, unsigned rec, unsigned field)
{
    for (unsigned k = 0; k < d->n_ops; k++)
        if (d->ops[k].op == op && d->ops[k].rec == rec && (!field || d->ops[k].field == field))
            return true;
    return false;
}

/* No two edits that exclude each other. */
static void random_ops(round_data *d, uint32_t *seed)
{
    unsigned want = tst_random(seed, OPS + 1);
    d->n_ops = 0;
    for (unsigned k = 0; k < want; k++) {
        step *s = &d->ops[d->n_ops];
        s->op = "rrrrdii"[tst_random(seed, 7)];
        s->rec = tst_random(seed, s->op == 'i' ? d->n + 1 : d->n);
        s->field = s->op == 'r' ? 1 + tst_random(seed, FIELDS + 4) : 0;
        s->value = d->values[d->n_ops];
        if (s->op == 'i')
            snprintf(d->values[d->n_ops], sizeof d->values[0], "CO,%u%s", k,
                     tst_random(seed, 2) ? "," : "");
        else
            random_value(d->values[d->n_ops], seed);
        if (s->op == 'd' && (planned(d, 'd', s->rec, 0) || planned(d, 'r', s->rec, 0)))
            continue;
        if (s->op == 'r' && (planned(d, 'd', s->rec, 0) || planned(d, 'r', s->rec, s->field)))
            continue;
        d->n_ops++;
    }
}

static void join_fields(char *out, size_t size, char fields[][24], unsigned n)
{
    size_t at = 0;
    out[0] = '\0';
    for (unsigned f = 0; f < n; f++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", f ? "," : "", fields[f]);
}

static void write_line(fu_buf *b, const char *text, unsigned eol)
{
    fu_buf_str(b, text);
    fu_buf_str(b, eol == 2 ? "\r\n" : eol == 1 ? "\n" : "");
}

static void write_claim(fu_buf *b, round_data *d)
{
    for (unsigned i = 0; i < d->n; i++) {
        char text[256];
        join_fields(text, sizeof text, d->fields[i], d->n_fields[i]);
        write_line(b, text, d->eol[i]);
    }
}

static unsigned model_eol(const round_data *d, unsigned at)
{
    unsigned i = at < d->n ? at : d->n - 1;
    if (d->eol[i])
        return d->eol[i];
    return i > 0 ? d->eol[i - 1] : 2;
}

static unsigned insert_model(const round_data *d, unsigned at, out_line *out, unsigned n)
{
    bool open = at == d->n && d->eol[d->n - 1] == 0;
    for (unsigned k = 0; k < d->n_ops; k++) {
        if (d->ops[k].op != 'i' || d->ops[k].rec != at)
            continue;
        if (open && n > 0 && out[n - 1].eol == 0)
            out[n - 1].eol = model_eol(d, at);
        strcpy(out[n].text, d->ops[k].value);
        out[n].eol = open ? 0 : model_eol(d, at);
        out[n++].line = at < d->n ? at + 1 : d->n + 1;
    }
    return n;
}

/* The edits done on fields in a table, in the order of the records. */
static unsigned apply_model(round_data *d, out_line *out)
{
    unsigned n = 0;
    for (unsigned k = 0; k < d->n_ops; k++) {
        const step *s = &d->ops[k];
        if (s->op == 'd')
            d->gone[s->rec] = true;
        if (s->op != 'r' || (s->field > d->n_fields[s->rec] && !*s->value))
            continue;
        while (d->n_fields[s->rec] < s->field)
            d->fields[s->rec][d->n_fields[s->rec]++][0] = '\0';
        strcpy(d->fields[s->rec][s->field - 1], s->value);
    }
    for (unsigned i = 0; i < d->n; i++) {
        n = insert_model(d, i, out, n);
        if (d->gone[i])
            continue;
        join_fields(out[n].text, sizeof out[n].text, d->fields[i], d->n_fields[i]);
        out[n].eol = d->eol[i];
        out[n++].line = i + 1;
    }
    return insert_model(d, d->n, out, n);
}

static bool line_agrees(const fu_block *b, size_t i, const out_line *want)
{
    const fu_line *l = &b->lines[i];
    fu_span text = fu_span_of(b->bytes.p + l->off, l->len);
    bool history;
    uint16_t id = fu_record_id(text, &history);
    size_t next = i + 1 < b->n_lines ? b->lines[i + 1].off : b->bytes.n;
    return fu_span_is(text, want->text) && l->eol == want->eol && l->line == want->line &&
           l->id == id && l->history == history && l->off + l->len + l->eol == next;
}

static void expect_sorted(const fu_edits *l, int round)
{
    for (size_t i = 1; i < l->n; i++)
        cr_expect(l->v[i - 1].off + l->v[i - 1].len <= l->v[i].off, "round %d, edit %zu", round, i);
}

static void random_round(uint32_t *seed, int round)
{
    static out_line want[RECS + OPS];
    round_data d;
    fu_buf text, all;
    tst_claim t;
    fu_edits l;
    fu_block b;
    unsigned n;
    memset(&d, 0, sizeof d);
    random_claim(&d, seed);
    random_ops(&d, seed);
    fu_buf_init(&text, &fu_mem_libc, 65536);
    fu_buf_init(&all, &fu_mem_libc, 65536);
    write_claim(&text, &d);
    open_text(&t, &l, fu_buf_cstr(&text));
    cr_assert(t.c.n_recs == d.n, "round %d: %zu of %u", round, t.c.n_recs, d.n);
    for (unsigned k = 0; k < d.n_ops; k++)
        run_step(&l, &t.c, &d.ops[k], 1);
    n = apply_model(&d, want);
    for (unsigned i = 0; i < n; i++)
        write_line(&all, want[i].text, want[i].eol);
    cr_assert(fu_edits_close(&l), "round %d", round);
    expect_sorted(&l, round);
    cr_assert(fu_edits_apply(&l, &t.c, &b, NULL) == FU_OK, "round %d:\n%s", round,
              fu_buf_cstr(&text));
    cr_assert(fu_span_eq(b.bytes, fu_buf_view(&all)), "round %d:\n%s\n---\n%s\n---\n%.*s", round,
              fu_buf_cstr(&text), fu_buf_cstr(&all), (int)b.bytes.n, (const char *)b.bytes.p);
    cr_assert(b.n_lines == n, "round %d", round);
    for (unsigned i = 0; i < n; i++)
        cr_expect(line_agrees(&b, i, &want[i]), "round %d, line %u", round, i);
    fu_buf_free(&text);
    fu_buf_free(&all);
    tst_claim_close(&t);
}

Test(edit, random_edits_do_what_the_model_does)
{
    uint32_t seed = 77777779;
    cr_log_info("seed %u", seed);
    for (int round = 0; round < 4000; round++)
        random_round(&seed, round);
}

/* ---- faults ---- */

/* Reads a claim, edits it in every way, applies: 0 done, else the stage that ran out of memory. */
static int edit_all(const fu_mem *mem, fu_span text, fu_span want)
{
    tst_claim t;
    fu_edits l;
    fu_block b;
    fu_error e;
    int stage = 1;
    if (tst_claim_open(&t, mem, text, &e) == FU_OK) {
        fu_edits_init(&l, &t.arena);
        for (size_t i = 1; i < t.c.n_recs; i += 3) {
            fu_edit_field(&l, &t.c.recs[i], 9, fu_span_str("nine"), 1);
            fu_edit_field(&l, &t.c.recs[i], 7, fu_span_str("seven"), 1);
            fu_edit_delete(&l, &t.c.recs[i + 1], 1);
            fu_edit_insert(&l, &t.c, i + 2, fu_span_str("CO,1"), 1);
        }
        stage = fu_edits_close(&l) ? 3 : 2;
        cr_expect(stage == 3 || (l.failed && t.arena.failed));
        if (stage == 3 && fu_edits_apply(&l, &t.c, &b, &e) == FU_OK) {
            stage = 0;
            cr_expect(fu_span_eq(b.bytes, want));
        }
    }
    cr_expect(stage != 3 || e.status == FU_E_NOMEM);
    tst_claim_close(&t);
    return stage;
}

Test(edit, every_failed_allocation_is_a_clean_error)
{
    fu_buf text, want;
    bool seen[4] = {false};
    fu_buf_init(&text, &fu_mem_libc, (size_t)1 << 20);
    fu_buf_init(&want, &fu_mem_libc, (size_t)1 << 20);
    fu_buf_str(&text, "RE,1\n");
    fu_buf_str(&want, "RE,1\n");
    for (int i = 0; i < 600; i++) {
        fu_buf_str(&text, "SI,a\nIY,b\nTO,c\n");
        fu_buf_str(&want, "SI,a,,,,,seven,,nine\nCO,1\nTO,c\n");
    }
    for (long fail = 0; !seen[0]; fail++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        int stage;
        m.fail_at = fail;
        stage = edit_all(&mem, fu_buf_view(&text), fu_buf_view(&want));
        cr_expect(m.live == 0 && m.live_bytes == 0, "call %ld", fail);
        cr_expect(fail > 0 || stage == 1);
        seen[stage] = true;
    }
    cr_expect(seen[1] && seen[2] && seen[3], "reading, editing and applying ran out of memory");
    fu_buf_free(&text);
    fu_buf_free(&want);
}

/* One way of editing at a time in an arena that has no room, or just too little. */
Test(edit, an_arena_without_room_fails_the_list)
{
    static const struct {
        step steps[3];
        const char *result;
    } rows[] = {
        {{{'r', 1, 2, "longer than the alignment"}}, "RE\nHO,longer than the alignment\nSN\n"},
        {{{'r', 1, 4, "d"}}, "RE\nHO,a,,d\nSN\n"},
        {{{'d', 1, 0, NULL}}, "RE\nSN\n"},
        {{{'i', 2, 0, "CO"}}, "RE\nHO,a\nCO\nSN\n"},
        {{{'r', 1, 4, "d"}, {'r', 1, 3, "c"}}, "RE\nHO,a,c,d\nSN\n"},
        {{{'r', 1, 4, "d"}, {'r', 1, 3, "c"}, {'i', 2, 0, "CO"}}, "RE\nHO,a,c,d\nCO\nSN\n"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t need = 0;
        for (size_t room = 0; need == 0; room += 16) {
            tst_claim t;
            fu_edits l;
            fu_block b;
            fu_error e;
            bool closed;
            open_text(&t, &l, "RE\nHO,a\nSN\n");
            t.arena.max = t.arena.used + room;
            for (size_t k = 0; k < 3 && rows[i].steps[k].op; k++)
                run_step(&l, &t.c, &rows[i].steps[k], 1);
            closed = fu_edits_close(&l);
            cr_expect(closed != l.failed && l.failed == t.arena.failed, "row %zu, %zu bytes", i,
                      room);
            cr_expect(l.limit == NULL && (closed || room > 0 || l.n == 0), "row %zu", i);
            if (closed && fu_edits_apply(&l, &t.c, &b, &e) == FU_OK) {
                cr_expect(fu_span_is(b.bytes, rows[i].result), "row %zu", i);
                need = room;
            } else if (closed) {
                cr_expect(e.status == FU_E_NOMEM, "row %zu", i);
            }
            tst_claim_close(&t);
        }
        cr_expect(need > 64, "row %zu", i);
    }
}
