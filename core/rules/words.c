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

const fu_word_row fu_qsource_rows[FU_QS_COUNT] = {
#define FU_QSOURCE(id, word, ja, source) {word, ja, source, 0},
#include "rules/qsources.def"
#undef FU_QSOURCE
};

const fu_word_row fu_qstatus_rows[FU_Q_COUNT] = {
#define FU_QSTATUS(id, word, ja, source) {word, ja, source, 0},
#include "rules/qstatuses.def"
#undef FU_QSTATUS
};

const fu_word_row fu_cresult_rows[FU_C_COUNT] = {
#define FU_CRESULT(id, word, ja, source) {word, ja, source, 0},
#include "rules/cresults.def"
#undef FU_CRESULT
};

const fu_word_row fu_required_rows[FU_REQ_COUNT] = {
#define FU_REQUIRED(id, name, ja, source) {name, ja, source, 0},
#include "rules/required.def"
#undef FU_REQUIRED
};

const fu_word_row fu_share_rows[FU_SHARE_COUNT] = {
#define FU_SHARE(id, word, value, ja, source) {word, ja, source, value},
#include "rules/shares.def"
#undef FU_SHARE
};

const fu_word_row fu_sex_rows[FU_SEX_COUNT] = {
#define FU_SEX(id, word, value, ja, source) {word, ja, source, value},
#include "rules/sexes.def"
#undef FU_SEX
};

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
    return FIND(word, fu_qsource_rows, FU_QS_COUNT);
}

int fu_qstatus_of(fu_span word)
{
    return FIND(word, fu_qstatus_rows, FU_Q_COUNT);
}

int fu_cresult_of(fu_span word)
{
    return FIND(word, fu_cresult_rows, FU_C_COUNT);
}

int fu_share_of(fu_span word)
{
    return FIND(word, fu_share_rows, FU_SHARE_COUNT);
}

int fu_sex_of(fu_span word)
{
    return FIND(word, fu_sex_rows, FU_SEX_COUNT);
}
