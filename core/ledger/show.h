/* show: the ledger as text, JSON Lines, CSV or a page.
 *
 * Invariants
 *   - the same ledger and the same view give the same bytes
 *   - every text of a journal is escaped for what it is written into; none is trusted
 *   - text never names a patient; with `mask` no rendering holds anything of one but the number of
 *     the claim
 *   - CSV: a text that a spreadsheet would take for a formula has ' in front
 */
#ifndef FU_LEDGER_SHOW_H
#define FU_LEDGER_SHOW_H
#include "ledger/ledger.h"
#include "report/report.h"

#define FU_LEDGER_SOON_DAYS 30   /* a deadline this near is set apart */
#define FU_LEDGER_PAUSE_ROWS 256 /* rows between two calls of `pause` */

typedef struct fu_ledger_view {
    fu_format format; /* FU_TEXT, FU_JSON, FU_CSV, FU_HTML */
    const char *lang; /* text only; the others are Japanese */
    bool color, mask;
    int32_t today;
    const char *version, *edition;
    size_t others;                              /* files handed in that are no journals */
    fu_status (*pause)(void *ctx, fu_error *e); /* other than FU_OK stops; NULL = none */
    void *ctx;
} fu_ledger_view;

/* FU_E_MISUSE where the ledger cannot be shown in that format. */
fu_status fu_ledger_check(const fu_ledger_view *v, fu_error *e);
/* The ledger must be finished. FU_E_STORE: the stream failed. */
fu_status fu_ledger_show(const fu_ledger *l, const fu_ledger_view *v, const fu_stream *to,
                         fu_error *e);

/* ---- for the renderers only ---- */

typedef enum fu_ledger_word {
#define FU_LEDGER_WORD(id, ja, en) FU_LW_##id,
#include "ledger/ledger-words.def"
#undef FU_LEDGER_WORD
    FU_LW_COUNT
} fu_ledger_word;

typedef enum fu_ledger_group { /* in the order they are shown in */
                               FU_LG_OVERDUE,
                               FU_LG_SOON,
                               FU_LG_OPEN,
                               FU_LG_UNDATED,
                               FU_LG_FORMER,
                               FU_LG_COUNT
} fu_ledger_group;

typedef struct fu_ledger_out {
    const fu_ledger *l;
    const fu_ledger_view *v;
    fu_buf b; /* what is still to be written */
    fu_buf cell;
    int group; /* of the row before; -1 = none yet */
    size_t in_group[FU_LG_COUNT];
    size_t running; /* rows of two months and more in a row */
} fu_ledger_out;

typedef struct fu_ledger_renderer {
    void (*head)(fu_ledger_out *o);
    void (*row)(fu_ledger_out *o, const fu_ledger_row *r);
    void (*tail)(fu_ledger_out *o);
} fu_ledger_renderer;

extern const fu_ledger_renderer fu_ledger_text, fu_ledger_json, fu_ledger_csv, fu_ledger_html;

fu_ledger_group fu_ledger_group_of(const fu_ledger_row *r, int32_t today);
/* A word with {} replaced, in the language of the view (text) or Japanese. */
void fu_ledger_put(fu_ledger_out *o, fu_ledger_word w, const char *value);
void fu_ledger_put_number(fu_ledger_out *o, fu_ledger_word w, uint64_t value);
/* The heading of a group, and what is to be done about its rows. */
void fu_ledger_put_heading(fu_ledger_out *o, fu_ledger_group g);
void fu_ledger_put_advice(fu_ledger_out *o, fu_ledger_group g);
/* How many of what, on one line. */
void fu_ledger_put_counts(fu_ledger_out *o);
void fu_ledger_put_month(fu_buf *b, int32_t month); /* yyyy-mm */
size_t fu_ledger_count(const fu_ledger_out *o, fu_route route);

#endif
