/* ledger: what was claimed as 不詳 or 旧資格 in the past, read from the journals of apply.
 *
 * Invariants
 *   - the order in which journals are added never shows in anything
 *   - memory grows with the claims a journal names, never with the file inside it
 *   - what a journal does not say is not known: 0 or "", never guessed
 *   - a journal is believed as a whole or not at all; after a failed add only free may follow
 *   - between finish and the next add nothing changes: looking up and showing may run on threads
 */
#ifndef FU_LEDGER_LEDGER_H
#define FU_LEDGER_LEDGER_H
#include "base/io.h"
#include "evidence/index.h"
#include "rules/routes.h"

#define FU_LEDGER_JOURNALS_MAX 10000u
#define FU_LEDGER_ROWS_MAX 500000u
#define FU_LEDGER_BYTES_MAX (1u << 30) /* what is kept of all of them */

typedef struct fu_ledger_journal {
    const char *name, *input; /* as the host named it; the claim file of that run */
    const char *institution; /* 都道府県, 点数表, 医療機関コード: 10 digits; "" = not known */
    int payer;               /* 審査支払機関 1, 2; 0 = not known */
    int32_t billed, on; /* 請求年月; the day of the run, which counts as the claim's */
    uint32_t number;    /* in a listing: from 1 as their rows appear; 0 = has none there */
} fu_ledger_journal;

typedef struct fu_ledger_row {
    fu_ledger_journal *from;
    fu_route route; /* kyushikaku, fusho; current: only to take the place of an earlier row */
    uint64_t claim, line;
    const char *receipt_no, *karte, *name, *kana, *phone, *reason;
    int32_t month; /* 診療年月 */
    int32_t birth;
    int sex;
    int32_t deadline; /* 再審査・取下げ; 0 = none */
    unsigned running; /* 不詳: months in a row up to this one, 1 = none before; else 0 */
    bool superseded;  /* a later run claimed it again */
} fu_ledger_row;

typedef struct fu_ledger {
    const fu_mem *mem;
    fu_arena arena;
    fu_ledger_row **rows;
    size_t n_rows, cap_rows;
    size_t n_journals;
    bool finished;
    /* made by finish */
    fu_ledger_row **listed; /* those that count, in the order they are shown in */
    size_t n_listed, n_superseded;
    fu_index persons; /* of the 不詳 ones among them; items are positions in `rows` */
} fu_ledger;

void fu_ledger_init(fu_ledger *l, const fu_mem *mem); /* cannot fail */
void fu_ledger_free(fu_ledger *l);

/* Reads one journal. FU_E_INPUT (S703): damaged, or holds what no version of ours wrote;
 * FU_E_LIMIT (E513): a limit by name. */
fu_status fu_ledger_add(fu_ledger *l, const char *name, const fu_stream *journal, fu_error *e);

/* To be called after the last add and before anything below; again is no harm. Finds claims that a
 * later run claimed again, who is 不詳 months in a row, and the order: by deadline, those without
 * one behind. */
fu_status fu_ledger_finish(fu_ledger *l, fu_error *e);

/* The 不詳 row of that person, institution and the 診療年月 before `month`, the one with most
 * months in a row; *out is NULL where there is none or the institution is not known (""). */
fu_status fu_ledger_before(const fu_ledger *l, const char *institution, const fu_person *p,
                           int32_t month, const fu_ledger_row **out, fu_error *e);

/* What ledger.c and order.c share. */
fu_status fu_ledger_limit(fu_error *e, const char *name, uint64_t max);
fu_status fu_ledger_no_room(const fu_ledger *l, fu_error *e);

#endif
