#include "base/date.h"
#include "evidence/build.h"
#include "evidence/sources.h"
#include "form/form.h"
#include "report/json.h"
#include "rules/insurer.h"
#include "rules/routes.h"
#include "rules/tokki.h"
#include "uke/claim.h"

/* ---- JSON --------------------------------------------------------------------------------------
 */

/* A comma, unless something was only just opened. */
static void sep(fu_buf *b)
{
    if (b->n && !strchr("{[:", b->p[b->n - 1]))
        fu_buf_char(b, ',');
}

static void key(fu_buf *b, const char *name)
{
    sep(b);
    fu_json_string(b, name);
    fu_buf_char(b, ':');
}

static void open_list(fu_buf *b, const char *name)
{
    fu_buf_str(b, b->n > 1 ? "," : "");
    fu_buf_char(b, '\n');
    fu_json_string(b, name);
    fu_buf_str(b, ":[");
}

static void close_list(fu_buf *b)
{
    fu_buf_char(b, ']');
}

static void open_row(fu_buf *b)
{
    sep(b);
    fu_buf_str(b, "\n{");
}

static void close_row(fu_buf *b)
{
    fu_buf_char(b, '}');
}

static void text(fu_buf *b, const char *name, const char *value)
{
    key(b, name);
    fu_json_string(b, value);
}

static void number(fu_buf *b, const char *name, uint64_t value)
{
    key(b, name);
    fu_buf_uint(b, value);
}

static void yes(fu_buf *b, const char *name, bool value)
{
    key(b, name);
    fu_buf_str(b, value ? "true" : "false");
}

/* ---- Words of captures -------------------------------------------------------------------------
 */

static void put_outcomes(fu_buf *b)
{
    open_list(b, "outcomes");
    for (int i = 0; i < FU_OUT_COUNT; i++) {
        const fu_outcome_row *r = &fu_outcome_rows[i];
        open_row(b);
        text(b, "word", r->word);
        text(b, "ja", r->ja);
        yes(b, "affected", r->affected);
        yes(b, "ambiguous", i == FU_OUT_AMBIGUOUS);
        yes(b, "unchecked", i == FU_OUT_NOT_DONE);
        text(b, "source", r->source);
        close_row(b);
    }
    close_list(b);
}

static void put_documents(fu_buf *b)
{
    open_list(b, "documents");
    for (int i = 0; i < FU_DOC_COUNT; i++) {
        const fu_document_row *r = &fu_document_rows[i];
        open_row(b);
        text(b, "word", r->word);
        text(b, "ja", r->ja);
        number(b, "from", (uint64_t)r->from);
        number(b, "to", (uint64_t)r->to);
        number(b, "onlineTo", (uint64_t)r->online_to);
        yes(b, "alone", r->alone);
        yes(b, "card", i == FU_DOC_MYNACARD);
        yes(b, "none", i == FU_DOC_NONE);
        text(b, "source", r->source);
        close_row(b);
    }
    close_list(b);
}

static void put_kinds(fu_buf *b)
{
    open_list(b, "kinds");
    for (int i = 0; i < FU_HOKEN_COUNT; i++) {
        const fu_hoken_row *r = &fu_hoken_rows[i];
        open_row(b);
        text(b, "word", r->word);
        text(b, "ja", r->recorded);
        text(b, "payer", r->payer ? fu_payer_name(r->payer) : "");
        yes(b, "kouki", r->kouki);
        text(b, "source", r->source);
        close_row(b);
    }
    close_list(b);
}

/* mark: the row the page's logic asks for, as a member of that name. */
static void put_words(fu_buf *b, const char *name, const fu_word_row *rows, int n, const char *mark,
                      int marked)
{
    open_list(b, name);
    for (int i = 0; i < n; i++) {
        open_row(b);
        text(b, "word", rows[i].word);
        text(b, "ja", rows[i].ja);
        if (mark)
            yes(b, mark, i == marked);
        text(b, "source", rows[i].source);
        close_row(b);
    }
    close_list(b);
}

static void put_routes(fu_buf *b)
{
    open_list(b, "routes");
    for (int i = 0; i < FU_R_COUNT; i++) {
        open_row(b);
        text(b, "word", fu_route_rows[i].word);
        text(b, "ja", fu_route_rows[i].ja);
        text(b, "source", fu_route_rows[i].source);
        close_row(b);
    }
    close_list(b);
}

/* ---- Numbers -----------------------------------------------------------------------------------
 */

/* The income classes only: what else stands in 特記事項 is no business of a capture. */
static void put_classes(fu_buf *b)
{
    open_list(b, "classes");
    for (size_t i = 0; i < fu_tokki_count(); i++) {
        const fu_tokki_row *r = fu_tokki_at(i);
        if (!fu_tokki_is_class(r))
            continue;
        open_row(b);
        text(b, "word", r->code);
        text(b, "ja", r->ryaku);
        number(b, "from", (uint64_t)r->from);
        number(b, "to", (uint64_t)r->to);
        number(b, "shares", r->shares);
        yes(b, "kouki", r->kouki_only);
        text(b, "source", r->source);
        close_row(b);
    }
    close_list(b);
}

static void put_houbetsu_row(fu_buf *b, const char *word, const char *ja, const char *source)
{
    open_row(b);
    text(b, "word", word);
    text(b, "ja", ja);
    text(b, "source", source);
    close_row(b);
}

static void put_houbetsu(fu_buf *b)
{
    open_list(b, "houbetsu");
#define FU_HOUBETSU(word, payer, name, source) put_houbetsu_row(b, word, name, source);
#include "rules/houbetsu.def"
#undef FU_HOUBETSU
    close_list(b);
}

/* Of the claim types the longest: the page does not know which one the capture is for. */
static uint64_t longest(uint16_t record, unsigned field)
{
    uint64_t max = 0;
    for (int t = 0; t < FU_TYPE_COUNT; t++) {
        const fu_record_row *r = fu_layout_record(&fu_layouts[t], record);
        if (r && field >= 2 && field - 2 < r->listed && r->fields[field - 2].max > max)
            max = r->fields[field - 2].max;
    }
    return max;
}

static uint64_t longest_karte(void)
{
    uint64_t max = 0;
    for (int t = 0; t < FU_TYPE_COUNT; t++) {
        const fu_record_row *r = fu_layout_record(&fu_layouts[t], FU_ID('R', 'E'));
        unsigned field = fu_layouts[t].at.re_karte;
        if (r && field >= 2 && field - 2 < r->listed && r->fields[field - 2].max > max)
            max = r->fields[field - 2].max;
    }
    return max;
}

static void put_numbers(fu_buf *b)
{
    key(b, "insurer");
    fu_buf_char(b, '{');
    number(b, "digits", FU_INSURER_DIGITS);
    number(b, "kokuhoDigits", FU_INSURER_KOKUHO_DIGITS);
    number(b, "koukiBangoDigits", sizeof FU_FUSHO_BANGO_KOUKI - 1);
    text(b, "kouki", FU_INSURER_KOUKI);
    text(b, "kokuho", fu_insurer_kind(fu_span_str("138057")));
    close_row(b);
    key(b, "bytes"); /* of the claim's field */
    fu_buf_char(b, '{');
    number(b, "karte", longest_karte());
    number(b, "kigo", longest(FU_ID('H', 'O'), 3));
    number(b, "bango", longest(FU_ID('H', 'O'), 4));
    number(b, "branch", longest(FU_ID('S', 'N'), 7));
    close_row(b);
    key(b, "limits");
    fu_buf_char(b, '{');
    number(b, "FU_CAPTURES_MAX", FU_CAPTURES_MAX);
    number(b, "FU_CAPTURE_ITEMS_MAX", FU_CAPTURE_ITEMS_MAX);
    number(b, "FU_XML_TEXT_MAX", FU_XML_TEXT_MAX);
    number(b, "FU_CSV_FIELDS_MAX", FU_CSV_FIELDS_MAX);
    number(b, "FU_CSV_ROW_BYTES_MAX", FU_CSV_ROW_BYTES_MAX);
    number(b, "FU_EVIDENCE_FILE_BYTES_MAX", FU_EVIDENCE_FILE_BYTES_MAX);
    close_row(b);
}

/* ---- Dates and files ---------------------------------------------------------------------------
 */

static void put_era(fu_buf *b, const char *letter, const char *ja, int32_t first,
                    const char *source)
{
    open_row(b);
    text(b, "word", letter);
    text(b, "ja", ja);
    number(b, "from", (uint64_t)first);
    text(b, "source", source);
    close_row(b);
}

static void put_dates(fu_buf *b)
{
    open_list(b, "eras");
#define FU_ERA(id, letter, ja, first_day, source) put_era(b, letter, ja, first_day, source);
#include "base/eras.def"
#undef FU_ERA
    close_list(b);
    number(b, "yearMin", FU_YEAR_MIN);
    number(b, "yearMax", FU_YEAR_MAX);
    number(b, "contactsFrom", FU_REIWA_FIRST_DAY);
    number(b, "fushoSince", FU_FUSHO_SINCE);
}

static void put_element(fu_buf *b, const char *name, const char *parent, bool once,
                        const char *const *attributes)
{
    open_row(b);
    text(b, "word", name);
    text(b, "parent", parent);
    yes(b, "once", once);
    key(b, "attributes");
    fu_buf_char(b, '[');
    for (; *attributes; attributes++) {
        sep(b);
        fu_json_string(b, *attributes);
    }
    close_list(b);
    close_row(b);
}

static void put_files(fu_buf *b)
{
    text(b, "namespace", FU_CAPTURE_NS);
    open_list(b, "elements");
#define FU_ELEMENT(id, name, parent, once, ...) \
    put_element(b, name, #parent, once, (const char *const[]){__VA_ARGS__, NULL});
#include "evidence/capture-elements.def"
#undef FU_ELEMENT
    close_list(b);
    open_list(b, "columns");
#define FU_COLUMN(id, name) \
    sep(b);                 \
    fu_json_string(b, name);
#include "evidence/csv-columns.def"
#undef FU_COLUMN
    close_list(b);
}

/* ---- Sentences ---------------------------------------------------------------------------------
 */

/* Those a capture alone can cause. */
static const fu_code CODES[] = {FU_E502, FU_E503, FU_E505, FU_E509, FU_E511,
                                FU_E512, FU_R601, FU_R602, FU_R603};

static void put_findings(fu_buf *b)
{
    open_list(b, "findings");
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        const fu_finding_row *r = &fu_finding_rows[CODES[i]];
        open_row(b);
        text(b, "word", r->code);
        yes(b, "error", r->severity == FU_ERROR);
        text(b, "ja", r->ja);
        text(b, "hint", r->hint_ja);
        text(b, "source", r->source);
        close_row(b);
    }
    close_list(b);
}

static void put_item(fu_buf *b, const char *name, const char *ja)
{
    open_row(b);
    text(b, "word", name);
    text(b, "ja", ja);
    close_row(b);
}

static void put_items(fu_buf *b)
{
    open_list(b, "items");
#define FU_ITEM(name, ja) put_item(b, name, ja);
#include "rules/items.def"
#undef FU_ITEM
    close_list(b);
}

fu_status fu_form_policy(fu_buf *b, const fu_form_edition *edition)
{
    fu_buf_char(b, '{');
    text(b, "version", edition->version);
    text(b, "rules", edition->rules);
    put_outcomes(b);
    put_documents(b);
    put_kinds(b);
    put_words(b, "statuses", fu_qstatus_rows, FU_Q_COUNT, "current", FU_Q_CURRENT);
    put_words(b, "sources", fu_qsource_rows, FU_QS_COUNT, "online", FU_QS_ONLINE);
    put_words(b, "results", fu_cresult_rows, FU_C_COUNT, "told", FU_C_TOLD);
    put_words(b, "shares", fu_share_rows, FU_SHARE_COUNT, NULL, 0);
    put_words(b, "sexes", fu_sex_rows, FU_SEX_COUNT, NULL, 0);
    put_words(b, "required", fu_required_rows, FU_REQ_COUNT, NULL, 0);
    put_routes(b);
    put_classes(b);
    put_houbetsu(b);
    put_numbers(b);
    put_dates(b);
    put_files(b);
    put_findings(b);
    put_items(b);
    fu_buf_str(b, "}\n");
    return b->status;
}
