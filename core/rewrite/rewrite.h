/* rewrite: the edits that carry out a decision, and nothing else.
 *
 * Invariants
 *   - only HO 保険者番号・記号・番号, SN of the medical insurance, 特記事項 and the comment records
 * of rules/comments.def are ever touched; KO never (疑義解釈 問2)
 *   - a value that is already there, whatever its width, is left alone
 *   - applied to its own result it makes no edit
 */
#ifndef FU_REWRITE_REWRITE_H
#define FU_REWRITE_REWRITE_H
#include "decide/decide.h"
#include "uke/edit.h"

/* Routes none and hold make no edit. `edits` must be initialised; on failure edits->failed is set.
 */
void fu_rewrite(fu_edits *edits, const fu_claim *c, const fu_facts *f, const fu_decision *d,
                const fu_policy *policy, fu_findings *out);

#endif
