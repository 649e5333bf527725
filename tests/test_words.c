#include <criterion/criterion.h>

#include "base/date.h"
#include "rules/tokki.h"
#include "rules/words.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* ---- the words of design.md 5, written out again ---- */

static const char *const OUTCOMES[] = {"not-done",
                                       "valid",
                                       "invalid",
                                       "no-record",
                                       "reader-fault",
                                       "card-unreadable",
                                       "certificate-expired",
                                       "network-outage",
                                       "ambiguous",
                                       "error"};
static const int OUTCOME_IDS[] = {FU_OUT_NOT_DONE,
                                  FU_OUT_VALID,
                                  FU_OUT_INVALID,
                                  FU_OUT_NO_RECORD,
                                  FU_OUT_READER_FAULT,
                                  FU_OUT_CARD_UNREADABLE,
                                  FU_OUT_CERTIFICATE_EXPIRED,
                                  FU_OUT_NETWORK_OUTAGE,
                                  FU_OUT_AMBIGUOUS,
                                  FU_OUT_ERROR};
static const char *const DOCUMENTS[] = {
    "mynacard", "mynaportal", "shikaku-oshirase", "shikaku-kakuninsho", "hokensho", "copy", "none"};
static const int DOCUMENT_IDS[] = {FU_DOC_MYNACARD,
                                   FU_DOC_MYNAPORTAL,
                                   FU_DOC_SHIKAKU_OSHIRASE,
                                   FU_DOC_SHIKAKU_KAKUNINSHO,
                                   FU_DOC_HOKENSHO,
                                   FU_DOC_COPY,
                                   FU_DOC_NONE};
static const char *const HOKEN[] = {"kenpo", "kyosai", "senin", "kokuho", "kouki", "unknown"};
static const int HOKEN_IDS[] = {FU_HOKEN_KENPO,  FU_HOKEN_KYOSAI, FU_HOKEN_SENIN,
                                FU_HOKEN_KOKUHO, FU_HOKEN_KOUKI,  FU_HOKEN_UNKNOWN};
static const char *const SOURCES[] = {"online", "outage-mode", "mynaportal", "document",
                                      "verbal", "screen",      "history"};
static const int SOURCE_IDS[] = {FU_QS_ONLINE, FU_QS_OUTAGE_MODE, FU_QS_MYNAPORTAL, FU_QS_DOCUMENT,
                                 FU_QS_VERBAL, FU_QS_SCREEN,      FU_QS_HISTORY};
static const char *const STATUSES[] = {"current", "former"};
static const int STATUS_IDS[] = {FU_Q_CURRENT, FU_Q_FORMER};
static const char *const RESULTS[] = {"told", "unknown", "no-answer"};
static const int RESULT_IDS[] = {FU_C_TOLD, FU_C_UNKNOWN, FU_C_NO_ANSWER};
static const char *const SHARES[] = {"1", "2", "3", "unknown"};
static const int SHARE_IDS[] = {0, 1, 2, 3};
static const char *const SEXES[] = {"1", "2"};
static const int SEX_IDS[] = {0, 1};

static const struct {
    const char *what;
    int (*of)(fu_span);
    const char *const *words;
    const int *ids;
    size_t n;
    int count;
} LISTS[] = {
    {"outcome", fu_outcome_of, OUTCOMES, OUTCOME_IDS, COUNT(OUTCOMES), FU_OUT_COUNT},
    {"document", fu_document_of, DOCUMENTS, DOCUMENT_IDS, COUNT(DOCUMENTS), FU_DOC_COUNT},
    {"kind", fu_hoken_of, HOKEN, HOKEN_IDS, COUNT(HOKEN), FU_HOKEN_COUNT},
    {"source", fu_qsource_of, SOURCES, SOURCE_IDS, COUNT(SOURCES), FU_QS_COUNT},
    {"status", fu_qstatus_of, STATUSES, STATUS_IDS, COUNT(STATUSES), FU_Q_COUNT},
    {"result", fu_cresult_of, RESULTS, RESULT_IDS, COUNT(RESULTS), FU_C_COUNT},
    {"share", fu_share_of, SHARES, SHARE_IDS, COUNT(SHARES), FU_SHARE_COUNT},
    {"sex", fu_sex_of, SEXES, SEX_IDS, COUNT(SEXES), FU_SEX_COUNT},
};

Test(words, every_word_of_the_contract_is_known_and_no_other)
{
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        cr_expect((int)LISTS[i].n == LISTS[i].count, "%s", LISTS[i].what);
        for (size_t k = 0; k < LISTS[i].n; k++)
            cr_expect(LISTS[i].of(fu_span_str(LISTS[i].words[k])) == LISTS[i].ids[k], "%s %s",
                      LISTS[i].what, LISTS[i].words[k]);
    }
}

/* Nothing near a word is taken for it. */
Test(words, what_is_only_near_a_word_is_none)
{
    for (size_t i = 0; i < COUNT(LISTS); i++) {
        cr_expect(LISTS[i].of(fu_span_str("")) == FU_WORD_NONE, "%s", LISTS[i].what);
        cr_expect(LISTS[i].of(fu_span_str("x")) == FU_WORD_NONE, "%s", LISTS[i].what);
        for (size_t k = 0; k < LISTS[i].n; k++) {
            char near[40];
            size_t n = strlen(LISTS[i].words[k]);
            memcpy(near, LISTS[i].words[k], n);
            near[n] = ' ';
            cr_expect(LISTS[i].of(fu_span_of(near, n + 1)) == FU_WORD_NONE, "%s", near);
            cr_expect(LISTS[i].of(fu_span_of(near, n - 1)) == FU_WORD_NONE, "%s", near);
            cr_expect(LISTS[i].of(fu_span_of(near + 1, n - 1)) == FU_WORD_NONE, "%s", near);
            near[0] = (char)(near[0] - 'a' + 'A');
            cr_expect(LISTS[i].of(fu_span_of(near, n)) == FU_WORD_NONE, "%s", near);
        }
    }
    cr_expect(FU_WORD_NONE == -1);
    cr_expect(fu_qsource_of(fu_span_str("none")) == FU_WORD_NONE, "a word of another list");
}

Test(words, shares_and_sexes_stand_for_their_numbers)
{
    static const int shares[] = {1, 2, 3, 0}, sexes[] = {1, 2};
    for (size_t i = 0; i < COUNT(shares); i++)
        cr_expect_eq(fu_share_rows[i].value, shares[i], "row %zu", i);
    for (size_t i = 0; i < COUNT(sexes); i++)
        cr_expect_eq(fu_sex_rows[i].value, sexes[i], "row %zu", i);
}

Test(words, what_a_declaration_must_hold_is_a_column_each)
{
    static const char *const names[] = {"kana", "kind", "address", "phone"};
    cr_assert_eq(FU_REQ_COUNT, COUNT(names));
    for (size_t i = 0; i < COUNT(names); i++)
        cr_expect_str_eq(fu_required_rows[i].word, names[i]);
}

Test(words, rows_have_texts_and_sources)
{
    for (int i = 0; i < FU_OUT_COUNT; i++)
        cr_expect(*fu_outcome_rows[i].word && *fu_outcome_rows[i].ja && *fu_outcome_rows[i].source);
    for (int i = 0; i < FU_DOC_COUNT; i++)
        cr_expect(*fu_document_rows[i].word && *fu_document_rows[i].ja &&
                  *fu_document_rows[i].source);
    for (int i = 0; i < FU_HOKEN_COUNT; i++)
        cr_expect(*fu_hoken_rows[i].word && *fu_hoken_rows[i].recorded && *fu_hoken_rows[i].source);
}

/* rules.md 1: affected unless valid, error or not done. */
Test(words, the_check_failed_unless_valid_error_or_not_done)
{
    for (int i = 0; i < FU_OUT_COUNT; i++)
        cr_expect(fu_outcome_rows[i].affected ==
                      (i != FU_OUT_VALID && i != FU_OUT_ERROR && i != FU_OUT_NOT_DONE),
                  "%s", fu_outcome_rows[i].word);
}

/* rules.md 4 and 3.5: who pays for a declared 保険種別, and how it is written. */
Test(words, declared_kinds_have_their_payer)
{
    static const struct {
        const char *recorded;
        int payer;
        bool kouki;
    } rows[] = {{"健保", 1, false}, {"共済", 1, false}, {"船員", 1, false},
                {"国保", 2, false}, {"後期", 2, true},  {"わからない", 0, false}};
    cr_assert(COUNT(rows) == FU_HOKEN_COUNT);
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_str_eq(fu_hoken_rows[HOKEN_IDS[i]].recorded, rows[i].recorded);
        cr_expect(fu_hoken_rows[HOKEN_IDS[i]].payer == rows[i].payer, "row %zu", i);
        cr_expect(fu_hoken_rows[HOKEN_IDS[i]].kouki == rows[i].kouki, "row %zu", i);
    }
}

/* rules.md 7. */
Test(words, documents_are_accepted_on_their_days)
{
    static const struct {
        int id;
        int32_t from, to, online_to;
        bool alone;
    } rows[] = {
        {FU_DOC_MYNACARD, 0, 0, 0, true},
        {FU_DOC_MYNAPORTAL, 0, 0, 0, true},
        {FU_DOC_SHIKAKU_OSHIRASE, 20241202, 0, 0, false},
        {FU_DOC_SHIKAKU_KAKUNINSHO, 20241202, 0, 0, true},
        {FU_DOC_HOKENSHO, 0, 20251201, 20260331, true},
        {FU_DOC_COPY, 0, 0, 0, true},
        {FU_DOC_NONE, 0, 0, 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const fu_document_row *r = &fu_document_rows[rows[i].id];
        cr_expect(r->from == rows[i].from && r->to == rows[i].to, "%s", r->word);
        cr_expect(r->online_to == rows[i].online_to && r->alone == rows[i].alone, "%s", r->word);
        cr_expect(!r->from || fu_day_make(r->from / 10000, r->from / 100 % 100, r->from % 100));
        cr_expect(!r->to || fu_day_make(r->to / 10000, r->to / 100 % 100, r->to % 100));
        cr_expect(!r->online_to || (r->to && r->online_to > r->to), "%s", r->word);
    }
}

/* ---- 適用区分 (oqs-xml.md 6.1) ---- */

static const struct {
    const char *flag, *tokki, *kouki, *source;
} CLASSES[] = {
#define FU_LIMIT_CLASS(flag, tokki, kouki, source) {flag, tokki, kouki, source},
#include "rules/limit-class.def"
#undef FU_LIMIT_CLASS
};

Test(words, limit_classes_give_the_income_class_of_the_rules)
{
    static const struct {
        const char *flag, *tokki, *kouki;
    } rows[] = {
        {"A01", "26", "26"}, {"A02", "27", "27"}, {"A03", "28", "28"}, {"A04", "29", "29"},
        {"A05", "30", "30"}, {"A06", "30", "30"}, {"B01", "26", "26"}, {"B02", "27", "27"},
        {"B03", "28", "28"}, {"B04", "29", ""},   {"B05", "30", "30"}, {"B06", "30", "30"},
        {"B07", "30", "30"}, {"B08", "30", "30"}, {"B09", "41", "41"}, {"B10", "42", "42"},
    };
    cr_assert(COUNT(CLASSES) == COUNT(rows));
    for (size_t i = 0; i < COUNT(rows); i++) {
        cr_expect_str_eq(CLASSES[i].flag, rows[i].flag);
        cr_expect_str_eq(CLASSES[i].tokki, rows[i].tokki, "%s", rows[i].flag);
        cr_expect_str_eq(CLASSES[i].kouki, rows[i].kouki, "%s", rows[i].flag);
        cr_expect(*CLASSES[i].source != '\0', "%s", rows[i].flag);
        cr_expect(fu_tokki_is_class(fu_tokki_find(fu_span_str(CLASSES[i].tokki))));
        cr_expect(i == 0 || strcmp(CLASSES[i - 1].flag, CLASSES[i].flag) < 0);
    }
}
