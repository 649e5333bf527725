/* facts: what a claim says about 不詳, income class and 高額療養費, read off by the tables of
 * rules/.
 *
 * Invariants
 *   - nothing here decides or judges; decide/ and check/ ask the same questions here
 */
#ifndef FU_DECIDE_FACTS_H
#define FU_DECIDE_FACTS_H
#include "rules/comments.h"
#include "rules/finding.h"
#include "rules/insurer.h"
#include "rules/tokki.h"
#include "uke/claim.h"

#define FU_OWNED_MAX 512u /* comment records of ours that are looked at on one claim */

typedef struct fu_tokki_list {
    fu_span field;
    const fu_tokki_row *rows[FU_TOKKI_MAX]; /* NULL where the code is unknown */
    fu_span codes[FU_TOKKI_MAX];
    size_t n;       /* codes read, at most FU_TOKKI_MAX */
    bool odd, many; /* odd number of characters; more than five codes */
} fu_tokki_list;

void fu_tokki_read(fu_tokki_list *l, fu_span field);
bool fu_tokki_has(const fu_tokki_list *l, const char *code);

/* A record of 摘要 that carries one comment code: CO, TK. index into c->recs. */
typedef struct fu_comment {
    size_t at;
    int id; /* fu_comment_id, -1 = another code */
    fu_span code, text;
} fu_comment;

typedef struct fu_facts {
    const fu_place_row *place;
    fu_tokki_list tokki;
    fu_span insurer;   /* without blanks */
    bool fusho_number; /* 77777777 or 77777779 */
    bool sevens_like;  /* some other run of sevens, in any width */
    int bango_sevens;  /* how many sevens 番号 is, 0 = something else */
    fu_comment *owned; /* in the arena */
    size_t n_owned, cap_owned;
    bool too_many;            /* more than FU_OWNED_MAX of them */
    bool has[FU_CM_COUNT];
    bool elsewhere;    /* the comments stand in another claim (part of a DPC bundle) */
    bool inline_fusho; /* 820000246 inside an SI, IY or TO record */
    /* 810000001 with 旧資格 in its text, or with 不詳 where it is about the insurance: 原因不詳 and its
     * like are not. */
    bool free_fusho, free_kyushikaku;
    bool free_more;      /* 810000001 with anything else: items of the declaration may be there */
    size_t free_at;      /* record of the first of them */
    const char *kougaku; /* sign of 高額療養費 other than an income class, Japanese; NULL = none */
    bool class_under_70; /* an income class where none is required */
    /* The same person was claimed as 不詳 for the 診療年月 before. Nothing on the claim says so: the
     * engine fills it in from the ledger. */
    bool again;
} fu_facts;

/* No room: the arena remembers. */
void fu_facts_read(fu_facts *f, const fu_claim *c, fu_arena *arena);

/* A finding on this claim as a whole (line of its RE). */
fu_finding *fu_claim_finding(fu_findings *l, fu_code code, const fu_claim *c);

/* Why 振替 of a former insurance may be impossible (事務連絡 2023-07-19 1②); NULL = nothing against
 * it. */
const char *fu_furikae_obstacle(const fu_facts *f, const fu_claim *c);

/* The n-th comment record: is recs[i] one of this claim type's? Fills code and text. */
bool fu_comment_read(const fu_claim *c, size_t i, fu_comment *out);
/* True where an income class must be there: 後期, 70 or over; where the birth date is not readable,
 * an elderly レセプト種別. */
bool fu_needs_class(const fu_claim *c);

#endif
