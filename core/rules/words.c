#include "rules/words.h"

const fu_outcome_row fu_outcome_rows[FU_OUT_COUNT] = {
#define FU_OUTCOME(id, word, affected, ja, source) {word, affected, ja, source},
#include "rules/outcomes.def"
#undef FU_OUTCOME
};

const fu_document_row fu_document_rows[FU_DOC_COUNT] = {
#define FU_DOCUMENT(id, word, from, to, online_to, alone, ja, source) \
    {word, from, to, online_to, alone, ja, source},
#include "rules/documents.def"
#undef FU_DOCUMENT
};

const fu_hoken_row fu_hoken_rows[FU_HOKEN_COUNT] = {
#define FU_HOKEN(id, word, recorded, payer, kouki, source) {word, recorded, payer, kouki, source},
#include "rules/hoken.def"
#undef FU_HOKEN
};

static const char *const QSOURCES[FU_QS_COUNT] = {"online",   "outage-mode", "mynaportal", "document",
                                                  "verbal",   "screen",      "history"};
static const char *const QSTATUSES[FU_Q_COUNT] = {"current", "former"};
static const char *const CRESULTS[FU_C_COUNT] = {"told", "unknown", "no-answer"};

/* Finds `word` among rows of `stride` bytes that begin with a const char pointer. */
static int find(fu_span word, const void *rows, size_t stride, int n)
{
    for (int i = 0; i < n; i++) {
        const char *w;
        memcpy(&w, (const char *)rows + stride * (size_t)i, sizeof w);
        if (fu_span_is(word, w))
            return i;
    }
    return FU_WORD_NONE;
}

#define FIND(word, rows, n) find(word, rows, sizeof(rows)[0], n)

int fu_outcome_of(fu_span word)
{
    return FIND(word, fu_outcome_rows, FU_OUT_COUNT);
}

int fu_document_of(fu_span word)
{
    return FIND(word, fu_document_rows, FU_DOC_COUNT);
}

int fu_hoken_of(fu_span word)
{
    return FIND(word, fu_hoken_rows, FU_HOKEN_COUNT);
}

int fu_qsource_of(fu_span word)
{
    return FIND(word, QSOURCES, FU_QS_COUNT);
}

int fu_qstatus_of(fu_span word)
{
    return FIND(word, QSTATUSES, FU_Q_COUNT);
}

int fu_cresult_of(fu_span word)
{
    return FIND(word, CRESULTS, FU_C_COUNT);
}
