/* render: what the five renderers share; nobody outside core/report includes this.
 *
 * Invariants
 *   - a renderer builds one row at a time in `row`, then writes it or holds it in a part
 *   - rows and bytes count what is held in all parts together; a row that does not fit is counted
 *     in `more`, one that fits is never dropped later
 *   - a buffer's failure sticks in it and is looked at once, where the row is written or held
 */
#ifndef FU_REPORT_RENDER_H
#define FU_REPORT_RENDER_H
#include "report/escape.h"
#include "report/report.h"

enum { FU_PARTS = 7 };

typedef enum fu_word {
#define FU_WORD(id, ja, en) FU_W_##id,
#include "report/words.def"
#undef FU_WORD
    FU_W_COUNT
} fu_word;

typedef struct fu_renderer {
    /* Any of them may be NULL: then there is nothing to do. */
    fu_status (*open)(fu_report *r, fu_error *e);
    fu_status (*claim)(fu_report *r, const fu_shown_claim *c, const fu_findings *l, fu_error *e);
    fu_status (*findings)(fu_report *r, const fu_findings *l, fu_error *e);
    fu_status (*match)(fu_report *r, const char *file, const char *capture, const char *claims,
                       fu_error *e);
    fu_status (*summary)(fu_report *r, const fu_summary *s, fu_error *e);
    fu_status (*end)(fu_report *r, fu_error *e);
} fu_renderer;

typedef enum fu_report_state {
    FU_REPORT_BETWEEN,
    FU_REPORT_IN_FILE,
    FU_REPORT_OVER
} fu_report_state;

struct fu_report {
    const fu_mem *mem;
    const fu_stream *to;
    fu_report_options o;
    const fu_renderer *ops;
    fu_report_state state;
    bool en;          /* English; else Japanese */
    fu_buf name;      /* of the claim file */
    const char *file; /* the same, NUL-terminated */
    fu_buf row, line, tmp;
    fu_buf part[FU_PARTS];
    bool part_named[FU_PARTS]; /* this file's name already stands in the part */
    uint64_t held[FU_PARTS];   /* rows in the part */
    size_t rows, bytes;
    struct {
        uint64_t severity[3], claims;
    } more;
    uint64_t cases, failed;   /* of what is held or written so far; HTML: cards so far */
    int32_t due;              /* HTML: this file's claims are sent until this day; 0 = not known */
    bool used[FU_CODE_COUNT]; /* codes that occurred */
};

extern const fu_renderer fu_text_renderer, fu_jsonl_renderer, fu_junit_renderer, fu_sarif_renderer,
    fu_html_renderer;

/* report.c */
fu_status fu_render_write(fu_report *r, fu_buf *b, fu_error *e); /* and empties it */
/* Moves `row` into a part; *kept is false where it did not fit. */
fu_status fu_render_hold(fu_report *r, int part, bool *kept, fu_error *e);
/* The same without a limit on rows. */
fu_status fu_render_keep(fu_report *r, int part, fu_error *e);
void fu_render_count_more(fu_report *r, const fu_findings *l);
uint64_t fu_render_more(const fu_report *r); /* rows that were not held */
void fu_render_forget(fu_report *r);         /* the parts were written: room for the next file */
bool fu_render_shows(const fu_report *r, const fu_shown_claim *c);
const char *fu_render_file(const fu_report *r, const fu_finding *f);

typedef fu_status fu_escape_fn(fu_buf *out, fu_span s);
/* The finding's sentence, or its next step, through an escape function. */
void fu_render_message(fu_report *r, fu_buf *out, const fu_finding *f, fu_escape_fn *escape);
void fu_render_hint(fu_report *r, fu_buf *out, const fu_finding *f, fu_escape_fn *escape);

/* text.c */
const char *fu_word_of(const fu_report *r, fu_word w);
const char *fu_text_route(const fu_report *r, const char *route);
void fu_put_word(const fu_report *r, fu_buf *out, fu_word w);
void fu_put_word_text(const fu_report *r, fu_buf *out, fu_word w, const char *value);
void fu_put_word_number(const fu_report *r, fu_buf *out, fu_word w, uint64_t value);
/* "レセプト番号 12（行 34、カルテ番号 00697）"; parts that do not apply are left out. */
void fu_text_place(const fu_report *r, fu_buf *out, const fu_shown_claim *c, uint64_t claim,
                   uint64_t line);
/* File, place, code, severity, sentence and next step on one line, without line end. */
void fu_text_finding(fu_report *r, fu_buf *out, const fu_finding *f, const fu_shown_claim *c);
void fu_text_more(const fu_report *r, fu_buf *out); /* how much was not held; one line */
/* True where the run left an output behind. */
bool fu_render_written(const fu_summary *s);

#endif
