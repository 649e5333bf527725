/* html: what the files of the clerk's page share; nobody else includes this.
 *
 * Invariants
 *   - a row is one whole element (a card or an article), so a page without some of them is whole
 *   - every text from outside goes through fu_html_put, and none stands in the script
 *   - an element has class item when it can be searched and filtered, and then says its severities
 *     and its route in data-sev and data-route
 */
#ifndef FU_REPORT_HTML_H
#define FU_REPORT_HTML_H
#include "report/render.h"

/* Parts of the page: those up to FU_HTML_AFTER are lists to tick off. */
enum {
    FU_HTML_NOW,      /* errors */
    FU_HTML_HELD,     /* held without an error; warnings on the file and on evidence */
    FU_HTML_AFTER,    /* after the claim was sent */
    FU_HTML_CHANGED,  /* before and after */
    FU_HTML_WARNINGS, /* of claims that are not in the list already */
    FU_HTML_INFOS,
    FU_HTML_NUMBERS
};
_Static_assert(FU_HTML_NUMBERS + 1 == FU_PARTS, "every part has a place");

/* html.c */
void fu_html_put(fu_buf *out, const char *s);
bool fu_html_given(const char *s);
void fu_html_day(fu_buf *out, int32_t day); /* 2026年11月9日 */
/* data-sev="error info" data-route="hold"; severities as bits 1u << fu_severity. */
void fu_html_data(fu_buf *out, unsigned severities, const fu_shown_claim *c);
/* The heading of a card or article (カルテ番号 and 氏名) and, below it, where the claim stands. f
 * is a finding without claim; one of the two is given. id: of the heading. */
void fu_html_who(fu_report *r, const fu_shown_claim *c, const fu_finding *f, uint64_t id);

/* html_todo.c: the cards of one claim, or of findings on the file and on evidence (c NULL). */
fu_status fu_html_cards(fu_report *r, const fu_shown_claim *c, const fu_finding *v, size_t n,
                        fu_error *e);
/* How many of the findings, from the first on, belong on one card. */
size_t fu_html_together(const fu_finding *v, size_t n);

/* html_claim.c: what was rewritten, in `row`. */
void fu_html_change(fu_report *r, const fu_shown_claim *c, const fu_findings *l);

/* html_page.c: writes the page around what is held. */
fu_status fu_html_page(fu_report *r, fu_error *e);

#endif
