/* personal: what of a claim, a capture or a finding is about a person, and what stands for it where
 * personal data is to be left out (--mask).
 *
 * Invariants
 *   - in doubt it is personal: a field without a name is, and so is a value no row opens
 *   - what stands for a value tells nothing about it, not even its length
 */
#ifndef FU_RULES_PERSONAL_H
#define FU_RULES_PERSONAL_H
#include "rules/finding.h"

#define FU_MASKED "＊＊＊"

/* True where the field may hold something of a person. record: "HO"; field: its name in the
 * specification, "" = not known. */
bool fu_personal_field(const char *record, const char *field);
/* True where personal.def has a row for the field, whatever it says. */
bool fu_personal_listed(const char *record, const char *field);

typedef enum fu_shown_value {
    FU_V_HIDE,
    FU_V_SHOW,
    FU_V_FIELD,
    FU_V_RECORD,
    FU_V_ID,
    FU_V_IDS
} fu_shown_value;

typedef struct fu_shown_values {
    const char *code; /* NULL = not in shown-values.def: all hidden */
    fu_shown_value found, item, want;
} fu_shown_values;

extern const fu_shown_values fu_shown_value_rows[FU_CODE_COUNT];

/* What a reader may see of a personal value: NULL and "" as they are, else FU_MASKED. */
const char *fu_masked(const char *value);

#endif
