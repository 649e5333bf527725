#include <criterion/criterion.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "support_abuser.h"
#include "support_plugin.h"

/* FUSHO_PLUGIN: the module as it was built, put into the hands of a host that breaks its promises.
 * Whatever it does: an error that says why, nothing committed after it, nothing left behind. */

static tst_plugin plugin;

static void load(void)
{
    plugin = tst_plugin_built();
}

static void unload(void)
{
    tst_plugin_unload(plugin);
}

TestSuite(abuse, .init = load, .fini = unload, .timeout = 600);

/* ---- what must hold ---- */

/* After any call: nothing is left behind, whatever its status. */
static void expect_clean(const abr *h, const char *what, long n)
{
    cr_expect_eq(h->blocks, 0, "%s %ld: %ld blocks left", what, n, h->blocks);
    cr_expect_eq(h->wrong_sizes, 0, "%s %ld: sizes", what, n);
    cr_expect_eq(h->late, 0, "%s %ld: called after close", what, n);
    cr_expect_eq(h->let_through, 0, "%s %ld: let through", what, n);
    for (int i = 0; i < FUSHO_STORE_ROLES; i++)
        cr_expect_not(h->open[i], "%s %ld: role %d neither committed nor aborted", what, n, i);
}

static void expect_failed(const abr *h, const abr_result *r, fusho_status want, const char *what,
                          long n)
{
    expect_clean(h, what, n);
    cr_expect_eq(r->status, want, "%s %ld: %d", what, n, r->status);
    cr_expect(abr_is_told(r->status, &r->err), "%s %ld: %s", what, n, r->err.message_ja);
    cr_expect_eq(h->committed_after, 0, "%s %ld: committed after the fault", what, n);
    for (int i = 0; want == FUSHO_CANCELLED && i < FUSHO_STORE_ROLES; i++)
        cr_expect_not(h->committed[i], "%s %ld: role %d committed", what, n, i);
    cr_expect_neq(r->exit_status, 0, "%s %ld", what, n);
    cr_expect_neq(r->exit_status, 1, "%s %ld", what, n);
}

/* What a kind does when the host behaves: every sweep must pass here. */
Test(abuse, a_host_that_behaves_gets_what_it_asked_for)
{
    abr h;
    abr_init(&h, plugin.t);
    for (size_t k = 0; k < abr_kind_count; k++) {
        abr_result r = abr_do(&h, &abr_kinds[k]);
        cr_expect_geq(r.status, 0, "%s: %d %s", abr_kinds[k].name, r.status, r.err.message_ja);
        expect_clean(&h, abr_kinds[k].name, -1);
        if (abr_kinds[k].verb == FUSHO_LEDGER) /* the sweeps go over rows of it */
            cr_expect_not_null(strstr(h.listing.p, "00011"), "%s", h.listing.p);
        abr_again(&h);
    }
    abr_free(&h);
}

/* ---- one callback fails, at every one of its calls ---- */

#define ALL_KINDS -1
#define MANY 100000

typedef struct fault_row {
    int32_t verb; /* ALL_KINDS, or the kinds of this verb */
    abr_place place;
    abr_fault fault;
    fusho_status want;
} fault_row;

/* Puts the fault to every call of the place; how often it came. */
static long sweep(abr *h, const abr_kind *kind, const fault_row *row)
{
    long n = 0;
    h->place = row->place;
    h->fault = row->fault;
    for (; n < MANY; n++) {
        abr_result r;
        h->at = n;
        r = abr_do(h, kind);
        if (!h->happened)
            break;
        /* What is counted and told of a run that is over needs memory, too; it may stay untold. */
        if (row->place != ABR_MEM || r.status < 0)
            expect_failed(h, &r, row->want, kind->name, n);
        else
            expect_clean(h, kind->name, n);
        abr_again(h);
    }
    cr_expect_lt(n, MANY, "%s", kind->name);
    abr_again(h);
    h->at = -1;
    return n;
}

static void run_rows(const fault_row *rows, size_t n)
{
    abr h;
    abr_init(&h, plugin.t);
    h.chunk = 300; /* several reads and writes for each stream */
    for (size_t i = 0; i < n; i++) {
        long came = 0;
        for (size_t k = 0; k < abr_kind_count; k++)
            if (rows[i].verb == ALL_KINDS || rows[i].verb == abr_kinds[k].verb)
                came += sweep(&h, &abr_kinds[k], &rows[i]);
        cr_expect_gt(came, 0, "row %zu never came about", i);
    }
    abr_free(&h);
}

#define ROWS(rows) run_rows(rows, sizeof rows / sizeof rows[0])

Test(abuse, memory_fails_at_every_call)
{
    static const fault_row rows[] = {{ALL_KINDS, ABR_MEM, ABR_FAIL, FUSHO_E_NOMEM}};
    ROWS(rows);
}

Test(abuse, cancel_at_every_step)
{
    static const fault_row rows[] = {{ALL_KINDS, ABR_CANCELLED, ABR_FAIL, FUSHO_CANCELLED}};
    ROWS(rows);
}

Test(abuse, the_store_fails_at_every_call)
{
    static const fault_row rows[] = {
        {ALL_KINDS, ABR_BEGIN, ABR_FAIL, FUSHO_E_STORE},
        {ALL_KINDS, ABR_BEGIN, ABR_LIE, FUSHO_E_STORE},
        {ALL_KINDS, ABR_BEGIN, ABR_SHOUT, FUSHO_E_STORE},
        {ALL_KINDS, ABR_COMMIT, ABR_FAIL, FUSHO_E_STORE},
        {ALL_KINDS, ABR_COMMIT, ABR_SHOUT, FUSHO_E_STORE},
    };
    ROWS(rows);
}

Test(abuse, writes_fail_at_every_call)
{
    static const fault_row rows[] = {
        {ALL_KINDS, ABR_WRITE, ABR_FAIL, FUSHO_E_STORE},
        {ALL_KINDS, ABR_WRITE, ABR_MORE, FUSHO_E_STORE},
        {ALL_KINDS, ABR_WRITE, ABR_MOST, FUSHO_E_STORE},
        {ALL_KINDS, ABR_WRITE, ABR_LEAST, FUSHO_E_STORE},
        {ALL_KINDS, ABR_WRITE, ABR_NOTHING, FUSHO_E_STORE},
    };
    ROWS(rows);
}

Test(abuse, reads_fail_at_every_call)
{
    static const fault_row rows[] = {
        {ALL_KINDS, ABR_READ, ABR_FAIL, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_READ, ABR_MORE, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_READ, ABR_MOST, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_READ, ABR_LEAST, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_REWIND, ABR_FAIL, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_REWIND, ABR_MOST, FUSHO_E_INPUT},
        {ALL_KINDS, ABR_REWIND, ABR_LIE, FUSHO_E_INPUT},
        {FUSHO_UNDO, ABR_READ, ABR_LIE, FUSHO_E_INPUT},
    };
    ROWS(rows);
}

Test(abuse, a_day_that_is_none_is_refused)
{
    static const fault_row rows[] = {{ALL_KINDS, ABR_TODAY, ABR_FAIL, FUSHO_E_MISUSE}};
    ROWS(rows);
}

/* ---- calls from inside a callback ---- */

Test(abuse, calling_back_is_refused_and_changes_nothing)
{
    abr good, h;
    long came[ABR_PLACES] = {0};
    abr_init(&good, plugin.t);
    abr_init(&h, plugin.t);
    h.fault = ABR_REENTER;
    for (size_t k = 0; k < abr_kind_count; k++) {
        abr_result want = abr_do(&good, &abr_kinds[k]);
        for (int place = 0; place < ABR_PLACES; place++) {
            h.place = (abr_place)place;
            for (h.at = 0;; h.at++) {
                long n = h.at;
                abr_result r = abr_do(&h, &abr_kinds[k]);
                int happened = h.happened;
                expect_clean(&h, abr_kinds[k].name, n);
                cr_expect_eq(r.status, want.status, "%s, place %d, call %ld: %d", abr_kinds[k].name,
                             place, n, r.status);
                cr_expect_eq(h.listing.n, good.listing.n, "%s, place %d", abr_kinds[k].name, place);
                came[place] += happened;
                abr_again(&h);
                if (!happened)
                    break;
                h.at = n;
            }
        }
        abr_again(&good);
    }
    for (int place = 0; place < ABR_PLACES; place++)
        cr_expect(came[place] > 0 || place == ABR_ABORT, /* that one calls back always */
                  "place %d was never called", place);
    abr_free(&h);
    abr_free(&good);
}

/* ---- input that changes, short counts ---- */

/* Reads are of 40 bytes: the LIE turns a byte in each of those of the second pass. */
Test(abuse, an_input_that_changes_between_the_passes_is_never_written)
{
    static const int32_t verbs[] = {FUSHO_APPLY, FUSHO_CHECK};
    const long reads = (long)(strlen(abr_month) + 39) / 40; /* of one pass, and one for the end */
    abr h;
    abr_init(&h, plugin.t);
    h.chunk = 40;
    h.place = ABR_READ;
    h.fault = ABR_LIE;
    for (size_t k = 0; k < 2; k++) {
        const abr_kind kind = {"changing", verbs[k], ABR_OPTIONS, ABR_MONTH, ABR_NONE};
        for (long n = reads + 1; n < 2 * reads + 1; n++) {
            abr_result r;
            h.at = n;
            r = abr_do(&h, &kind);
            cr_expect(h.happened, "read %ld", n);
            expect_failed(&h, &r, FUSHO_E_INPUT, kind.name, n);
            abr_again(&h);
        }
        cr_expect_gt(reads, 5);
    }
    abr_free(&h);
}

static int same(const abr_memory *a, const abr_memory *b)
{
    return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

Test(abuse, short_reads_and_writes_change_nothing)
{
    static const size_t chunks[] = {1, 2, 7};
    abr whole, h;
    abr_init(&whole, plugin.t);
    abr_init(&h, plugin.t);
    for (size_t k = 0; k < abr_kind_count; k++) {
        abr_result want = abr_do(&whole, &abr_kinds[k]);
        for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
            abr_result r;
            h.chunk = chunks[i];
            r = abr_do(&h, &abr_kinds[k]);
            cr_expect_eq(r.status, want.status, "%s: %d", abr_kinds[k].name, r.status);
            expect_clean(&h, abr_kinds[k].name, (long)chunks[i]);
            for (int role = 0; role < FUSHO_STORE_ROLES; role++)
                cr_expect(same(&h.role[role], &whole.role[role]), "%s, role %d", abr_kinds[k].name,
                          role);
            cr_expect(same(&h.listing, &whole.listing), "%s", abr_kinds[k].name);
            cr_expect(same(&h.output, &whole.output), "%s", abr_kinds[k].name);
            abr_again(&h);
        }
        abr_again(&whole);
    }
    abr_free(&whole);
    abr_free(&h);
}

/* ---- callbacks that are missing ---- */

#define AT(member) offsetof(fusho_host, member)

Test(abuse, callbacks_are_missing_one_by_one)
{
    static const struct {
        size_t member;
        int32_t verb; /* ALL_KINDS, or the kinds of this verb */
        fusho_status want;
    } rows[] = {
        {AT(mem), ALL_KINDS, FUSHO_OK},
        {AT(log), ALL_KINDS, FUSHO_OK},
        {AT(progress), ALL_KINDS, FUSHO_OK},
        {AT(cancelled), ALL_KINDS, FUSHO_OK},
        {AT(ctx), ABR_EXPLAIN, FUSHO_OK}, /* handed on, never looked at */
        {AT(store_begin), FUSHO_APPLY, FUSHO_E_MISUSE},
        {AT(store_commit), FUSHO_APPLY, FUSHO_E_MISUSE},
        {AT(store_abort), FUSHO_APPLY, FUSHO_E_MISUSE},
        {AT(store_begin), FUSHO_UNDO, FUSHO_E_MISUSE},
        {AT(store_commit), FUSHO_UNDO, FUSHO_E_MISUSE},
        {AT(store_abort), FUSHO_UNDO, FUSHO_E_MISUSE},
        {AT(store_begin), FUSHO_FORM, FUSHO_E_MISUSE},
        {AT(store_commit), FUSHO_FORM, FUSHO_E_MISUSE},
        {AT(store_abort), FUSHO_FORM, FUSHO_E_MISUSE},
        {AT(store_begin), FUSHO_LEDGER, FUSHO_E_MISUSE},
        {AT(store_begin), ABR_CLAIM, FUSHO_OK},
        {AT(today), FUSHO_APPLY, FUSHO_E_MISUSE},
        {AT(today), FUSHO_CHECK, FUSHO_E_MISUSE},
        {AT(today), FUSHO_LEDGER, FUSHO_E_MISUSE},
        {AT(today), ABR_CLAIM, FUSHO_E_MISUSE},
        {AT(today), FUSHO_UNDO, FUSHO_OK},
        {AT(today), FUSHO_FORM, FUSHO_OK},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t k = 0; k < abr_kind_count; k++) {
            abr h;
            abr_result r;
            if (rows[i].verb != ALL_KINDS && rows[i].verb != abr_kinds[k].verb)
                continue;
            abr_init(&h, plugin.t);
            if (rows[i].member == AT(ctx))
                h.host.mem = NULL; /* ours needs it */
            memset((char *)&h.host + rows[i].member, 0, sizeof(void *));
            r = abr_do(&h, &abr_kinds[k]);
            expect_clean(&h, abr_kinds[k].name, (long)i);
            if (rows[i].want == FUSHO_OK)
                cr_expect_geq(r.status, 0, "row %zu, %s: %d", i, abr_kinds[k].name, r.status);
            else
                expect_failed(&h, &r, rows[i].want, abr_kinds[k].name, (long)i);
            abr_free(&h);
        }
    }
}

/* ---- values that make no sense ---- */

static int32_t day; /* what the next host says today is */

static int32_t FUSHO_CALL odd_day(void *ctx)
{
    (void)ctx;
    return day;
}

Test(abuse, days_that_do_not_exist_are_refused)
{
    static const int32_t days[] = {INT32_MIN, -1,       -20261109, 0,        1,         20261301,
                                   20261132,  20260229, 20260010,  20260100, INT32_MAX, 999999999};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        abr h;
        abr_result r;
        abr_init(&h, plugin.t);
        h.host.today = odd_day;
        day = days[i];
        r = abr_do(&h, &abr_kinds[0]);
        expect_failed(&h, &r, FUSHO_E_MISUSE, "day", days[i]);
        abr_free(&h);
    }
}

Test(abuse, any_number_of_threads_is_survived)
{
    static const int32_t numbers[] = {INT32_MIN, -1, 0, 1, 64, 65, INT32_MAX};
    static const abr_kind alone = {"alone", FUSHO_APPLY, ABR_OPTIONS "\n--jobs=1", ABR_MONTH,
                                   ABR_CAPTURE};
    abr want;
    abr_init(&want, plugin.t);
    abr_do(&want, &alone);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        const abr_kind kind = {"threads", FUSHO_APPLY, ABR_OPTIONS "\n--jobs=64", ABR_MONTH,
                               ABR_CAPTURE};
        abr h;
        abr_result r;
        abr_init(&h, plugin.t);
        h.host.threads = numbers[i];
        r = abr_do(&h, &kind);
        cr_expect_geq(r.status, 0, "row %zu: %d", i, r.status);
        expect_clean(&h, "threads", numbers[i]);
        cr_expect(same(&h.role[0], &want.role[0]) && same(&h.role[1], &want.role[1]), "row %zu", i);
        abr_free(&h);
    }
    abr_free(&want);
}

/* ---- what the host says of its failures ---- */

static fusho_status FUSHO_CALL strange_begin(void *ctx, int32_t role, fusho_stream *out,
                                             fusho_error *err)
{
    (void)ctx;
    (void)role;
    memset(out, 0xFF, 256); /* a whole struct of a later version, assigned */
    memset(err, 0xFF, 4096);
    return day;
}

static void FUSHO_CALL no_abort(void *ctx, int32_t role)
{
    (void)ctx;
    (void)role;
}

/* Any status but 0 is a failure, and what is 0 must come with a stream. */
Test(abuse, structs_on_loan_have_room_and_any_status_is_taken)
{
    static const int32_t statuses[] = {0, 1, 2, -1, -20, -99, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        abr h;
        abr_result r;
        abr_init(&h, plugin.t);
        h.host.store_begin = strange_begin;
        h.host.store_abort = no_abort;
        day = statuses[i];
        r = abr_do(&h, &abr_kinds[0]);
        cr_expect_eq(r.status, FUSHO_E_STORE, "row %zu: %d", i, r.status);
        cr_expect_eq(r.exit_status, 4, "row %zu", i);
        cr_expect(abr_is_told(r.status, &r.err), "row %zu", i);
        expect_clean(&h, "status", statuses[i]);
        abr_free(&h);
    }
}
