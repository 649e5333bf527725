/* support_claim: claims of the five types and captures, written so that a test shows only what
 * matters to it. No Criterion in here; what cannot be built ends the process with abort().
 *
 * Invariants
 *   - every text is UTF-8 and becomes CP932 by iconv(3); records of a known length get the commas
 *     that are missing at their end
 *   - nothing of the code under test builds a claim but the layout tables and fu_claim_parse
 */
#ifndef TST_SUPPORT_CLAIM_H
#define TST_SUPPORT_CLAIM_H
#include "check/file.h"
#include "decide/decide.h"
#include "rewrite/rewrite.h"
#include "support.h"

/* What a claim says; NULL is the default in brackets. */
typedef struct tst_spec {
    fu_type type;
    const char *payer;             /* 審査支払機関 [1] */
    const char *claimed;           /* 請求年月 [202611] */
    const char *kind;              /* レセプト種別 [1112, 歯科 3112 ...; DPC 1111] */
    const char *month;             /* 診療年月 [202610] */
    const char *birth;             /* [19800101] */
    const char *sex, *name, *kana; /* [2, 見本　花子, ミホンハナコ] */
    const char *karte, *tokki, *kubun, *kyufu, *kensaku, *soukatsu; /* [empty] */
    const char *ho; /* fields from 2 on [01139906,１２３,４５６,1,100]; "" = 公費単独 */
    const char *futan; /* 負担金額 of HO [empty] */
    const char *head;  /* records behind HO, parted by \n [none] */
    const char *body;  /* records of the treatment [one that every file of the type has] */
    const char *eol;   /* [\r\n] */
    bool trimmed;      /* no commas at the end of records */
} tst_spec;

typedef struct tst_claim {
    const fu_mem *mem;
    fu_arena arena;
    fu_header header;
    fu_block block;
    fu_claim c;
    fu_facts f;
    fu_findings out;
    fu_edits edits;
    fu_decision d;
    fu_block result; /* after tst_rewrite */
    char *bytes;
    fu_line *lines;
    char *shown[8]; /* texts handed out, freed with the claim */
    size_t n_shown;
} tst_claim;

/* Parsed, facts read; the claim is number 1 and begins in line 2. */
tst_claim *tst_claim_new(const tst_spec *s);
/* The same of records given in full; type only chooses the header. */
tst_claim *tst_claim_of(const tst_spec *s, const char *records);
void tst_claim_free(tst_claim *t);
/* The header record and the claim's records as text of the spec. */
char *tst_header_text(const tst_spec *s);
char *tst_records_text(const tst_spec *s);
/* Cuts text into lines as the reader does; free both. */
char *tst_cut(const char *utf8, fu_block *b, fu_line **lines);

/* A capture by the real reader, of the person and month of the default claim; free with
 * tst_capture_free. inner: the elements behind <patient>. */
typedef struct tst_capture {
    struct fu_evidence *ev;
    fu_capture *c;
} tst_capture;
#define TST_PATIENT "<patient kana='ミホンハナコ' name='見本　花子' birth='1980-01-01' sex='2'/>"
tst_capture tst_capture_new(const char *inner); /* with TST_PATIENT, month 202610 */
tst_capture tst_capture_of(const char *attributes, const char *inner);
void tst_capture_free(tst_capture *k);

/* A declaration with everything 不詳 needs but the contact; kind and what else is given. */
#define TST_DECLARATION(kind, more)                                                 \
    "<declaration kind='" kind "' phone='03-0000-0000' insurer-name='見本組合'" \
    " workplace='見本商事' " more "><address>東京都千代田区見本町１</address></declaration>"
#define TST_CONTACT "<contact on='2026-10-28' result='no-answer'/>"
#define TST_FAILED "<check outcome='invalid'/>"
#define TST_FUSHO TST_FAILED TST_DECLARATION("kenpo", "") TST_CONTACT
#define TST_FORMER \
    "<qualification status='former' source='screen' insurer='06139901' kigo='７８' bango='９'/>"
#define TST_CURRENT \
    "<qualification status='current' source='online' insurer='06139901' kigo='７８' bango='９'/>"

/* Decides with this one capture (NULL none) and policy (NULL: the default, today 2026-11-09). */
void tst_decide(tst_claim *t, const fu_capture *c, const fu_policy *policy);
/* Decides, rewrites and applies; aborts when an edit fails. */
void tst_rewrite(tst_claim *t, const fu_capture *c, const fu_policy *policy);
/* Checks the claim as it is. */
void tst_check(tst_claim *t, const fu_policy *policy);
/* The rewritten claim as a claim of its own. */
tst_claim *tst_again(const tst_claim *t);

/* Codes of the findings in their order: "R601 R602". with: also what `item` says, "R601=住所". The
 * texts live as long as the claim. */
const char *tst_codes(tst_claim *t);
const char *tst_codes_with_items(tst_claim *t);
const char *tst_list_codes(const fu_findings *l, bool items, char *out, size_t n);
/* The rewritten claim, its inserted records, one record of it (line end left out), and what became
 * of the records in their order: "RE HO! -SN SY +CO SI" (! changed, + inserted, - deleted). */
const char *tst_result(tst_claim *t);
const char *tst_inserted(tst_claim *t);
const char *tst_record(tst_claim *t, const char *name);
const char *tst_course(tst_claim *t);

#endif
