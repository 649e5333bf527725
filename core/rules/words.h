/* words: the closed lists of words that captures and notices use, as tables.
 *
 * Invariants
 *   - one row per word, each with its source; the enum value is the row's number
 *   - a word that is in no row is never taken for the nearest one
 */
#ifndef FU_RULES_WORDS_H
#define FU_RULES_WORDS_H
#include "base/span.h"

#define FU_WORD_NONE (-1)

typedef enum fu_outcome { /* check/@outcome */
#define FU_OUTCOME(id, word, affected, ja, source) FU_OUT_##id,
#include "rules/outcomes.def"
#undef FU_OUTCOME
    FU_OUT_COUNT
} fu_outcome;

typedef enum fu_document { /* presented/@document */
#define FU_DOCUMENT(id, word, from, to, online_to, alone, ja, source) FU_DOC_##id,
#include "rules/documents.def"
#undef FU_DOCUMENT
    FU_DOC_COUNT
} fu_document;

typedef enum fu_hoken { /* declaration/@kind: 保険種別 */
#define FU_HOKEN(id, word, recorded, payer, kouki, source) FU_HOKEN_##id,
#include "rules/hoken.def"
#undef FU_HOKEN
    FU_HOKEN_COUNT
} fu_hoken;

typedef enum fu_qsource { /* qualification/@source */
#define FU_QSOURCE(id, word, ja, source) FU_QS_##id,
#include "rules/qsources.def"
#undef FU_QSOURCE
    FU_QS_COUNT
} fu_qsource;

typedef enum fu_qstatus { /* qualification/@status */
#define FU_QSTATUS(id, word, ja, source) FU_Q_##id,
#include "rules/qstatuses.def"
#undef FU_QSTATUS
    FU_Q_COUNT
} fu_qstatus;

typedef enum fu_cresult { /* contact/@result */
#define FU_CRESULT(id, word, ja, source) FU_C_##id,
#include "rules/cresults.def"
#undef FU_CRESULT
    FU_C_COUNT
} fu_cresult;

typedef enum fu_required { /* what a declaration must hold */
#define FU_REQUIRED(id, name, ja, source) FU_REQ_##id,
#include "rules/required.def"
#undef FU_REQUIRED
    FU_REQ_COUNT
} fu_required;

typedef struct fu_outcome_row {
    const char *word;
    bool affected; /* the check failed in a way that 保発0710第1号 covers */
    const char *ja, *source;
} fu_outcome_row;

typedef struct fu_document_row {
    const char *word;
    int32_t from, to;   /* days it was accepted on, 0 = open */
    int32_t online_to;  /* accepted until this day together with an online answer; 0 = no such rule */
    bool alone;         /* accepted without a card beside it */
    const char *ja, *source;
} fu_document_row;

typedef struct fu_hoken_row {
    const char *word;
    const char *recorded; /* as written behind 830000502 */
    int payer;            /* 審査支払機関 1 or 2; 0 = the institution chooses */
    bool kouki;
    const char *source;
} fu_hoken_row;

/* A word, what the desk calls it, and what it stands for where it is a number. */
typedef struct fu_word_row {
    const char *word, *ja, *source;
    int value;
} fu_word_row;

#define FU_SHARE_COUNT 4
#define FU_SEX_COUNT 2

extern const fu_outcome_row fu_outcome_rows[FU_OUT_COUNT];
extern const fu_document_row fu_document_rows[FU_DOC_COUNT];
extern const fu_hoken_row fu_hoken_rows[FU_HOKEN_COUNT];
extern const fu_word_row fu_qsource_rows[FU_QS_COUNT], fu_qstatus_rows[FU_Q_COUNT];
extern const fu_word_row fu_cresult_rows[FU_C_COUNT], fu_required_rows[FU_REQ_COUNT];
extern const fu_word_row fu_share_rows[FU_SHARE_COUNT], fu_sex_rows[FU_SEX_COUNT];

/* The enum value of a word, or FU_WORD_NONE. */
int fu_outcome_of(fu_span word);
int fu_document_of(fu_span word);
int fu_hoken_of(fu_span word);
int fu_qsource_of(fu_span word);
int fu_qstatus_of(fu_span word);
int fu_cresult_of(fu_span word);
int fu_share_of(fu_span word); /* the number of the row, too */
int fu_sex_of(fu_span word);

#endif
