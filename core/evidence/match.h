/* match: which capture is this claim's?
 *
 * Invariants
 *   - a capture matches when month and person agree (fu_person_match); an unusable capture without
 * a readable month matches by person alone, so that its claim can be held
 *   - the index never changes after it is built, and any number of threads may look things up
 *   - looking up costs as much as captures fit, not as there are captures; only names with ● are
 * looked for among all captures of their birth date and sex. The index is seeded by addresses, which
 * nobody who writes a capture or a claim knows: a file cannot be made to collide
 *   - what is learned about claims (notes) is kept per capture: memory grows with captures, not
 * claims
 */
#ifndef FU_EVIDENCE_MATCH_H
#define FU_EVIDENCE_MATCH_H
#include "evidence/index.h"
#include "rules/insurer.h"

#define FU_MATCHES_MAX 8u /* captures shown for one claim */
#define FU_NOTED_MAX 16u  /* claims shown for one capture */

typedef struct fu_match_note {
    uint64_t claims[FU_NOTED_MAX]; /* claims the capture was matched to */
    size_t n_claims;
    fu_person first;  /* of the first of them, texts in the index's arena */
    bool two_persons; /* they are not all the same person */
    /* Their 保険者番号 without leading zeros, 後期 apart: who turns 75 has a claim of each. */
    struct {
        unsigned char first[FU_INSURER_DIGITS];
        size_t n;
        bool several;
    } insurer[2];
    bool ever;        /* matched in this or an earlier file of the session */
    uint64_t near;    /* a claim with this カルテ番号 but another or no birth date; 0 none */
} fu_match_note;

typedef struct fu_match {
    const fu_evidence *ev;
    fu_arena arena;
    fu_index persons, kartes; /* capture numbers, by person and month, and by カルテ番号 */
    uint64_t *days;           /* two bits for every birth date and month there is a capture of */
    size_t day_words;         /* a power of two */
    bool monthless; /* there is a capture without a month */
    size_t n;
    fu_match_note *notes; /* per capture */
} fu_match;

/* *m must be freed after a failure, too. */
fu_status fu_match_build(fu_match *m, const fu_mem *mem, const fu_evidence *ev, fu_error *e);
void fu_match_free(fu_match *m);

/* False where no capture can fit a claim of that month and birth date; costs next to nothing. */
bool fu_match_may(const fu_match *m, int32_t birth, int32_t month);
/* Numbers of the captures that fit the person in that month, ascending; *n is how many there are
 * (possibly more than are stored). */
fu_status fu_match_find(const fu_match *m, const fu_person *p, int32_t month,
                        uint32_t out[FU_MATCHES_MAX], size_t *n, fu_error *e);
typedef struct fu_match_claim {
    fu_person who;
    fu_span insurer; /* 保険者番号 as recorded; empty without HO */
    bool kouki;      /* by レセプト種別 */
    int32_t month;
    uint64_t number;
} fu_match_claim;

/* Notes a claim: call once per claim, before any decision. */
fu_status fu_match_note_claim(fu_match *m, const fu_match_claim *c, fu_error *e);
void fu_match_forget(fu_match *m); /* notes emptied, for the next file */

#endif
