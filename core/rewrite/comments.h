/* comments: the comment records that a route wants at the head of 摘要, and those already there.
 *
 * Invariants
 *   - the set is written whole or not at all: records of ours that differ are deleted and the full
 * set is inserted at its place; nothing is ever doubled
 *   - text is full width; what is longer than one record goes on in the next one with the same code
 */
#ifndef FU_REWRITE_COMMENTS_H
#define FU_REWRITE_COMMENTS_H
#include "decide/decide.h"
#include "uke/edit.h"

#define FU_COMMENT_RECORDS_MAX 256u     /* of one claim */
#define FU_COMMENT_TEXT_RECORDS_MAX 20u /* that one text goes on over; the rest is cut (E508) */

/* Adds the edits that give claim c the comments of decision d (none for route current). E507 for
 * characters that cannot be recorded. */
void fu_rewrite_comments(fu_edits *edits, const fu_claim *c, const fu_facts *f,
                         const fu_decision *d, fu_findings *out);

/* E507 where a text holds characters that cannot be recorded; item says which text it is. */
void fu_tell_unrecordable(fu_findings *out, const fu_claim *c, fu_span utf8, const char *item);

#endif
