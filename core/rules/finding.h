/* finding: the catalogue of findings and a list of those found.
 *
 * Invariants
 *   - a code is one row of findings.def; codes are never reused or renumbered
 *   - the texts of an occurrence (found, item, want) are UTF-8, live in the list's arena and may hold
 *     what stands in the claim: they go to reports, never to a log
 *   - the order of the list is the order of finding
 */
#ifndef FU_RULES_FINDING_H
#define FU_RULES_FINDING_H
#include "base/arena.h"
#include "base/buf.h"

typedef enum fu_severity { FU_INFO = 0, FU_WARNING = 1, FU_ERROR = 2 } fu_severity;

typedef enum fu_code {
#define FU_FINDING(code, ...) FU_##code,
#include "rules/findings.def"
#undef FU_FINDING
    FU_CODE_COUNT
} fu_code;

/* Claim types as a bit set, for rules that hold for some of them only. */
enum { FU_T_MED = 1, FU_T_DPC = 2, FU_T_DEN = 4, FU_T_PHA = 8, FU_T_NUR = 16, FU_T_ALL = 31 };

typedef struct fu_finding_row {
    const char *code;
    fu_severity severity;
    unsigned types;       /* FU_T_* */
    int32_t from, to;     /* 診療年月 it holds in; 0 = open */
    const char *payer;    /* the payers' reception check (ASP), "" where none is known */
    const char *ja;       /* one sentence; {found} {item} {want} are filled in */
    const char *hint_ja;  /* next step */
    const char *why_ja;   /* what it means and why the payer objects */
    const char *en;       /* short form, same placeholders */
    const char *hint_en;
    const char *source;   /* notice and section */
} fu_finding_row;

extern const fu_finding_row fu_finding_rows[FU_CODE_COUNT];

/* The row's index for "T403", or -1. */
int fu_finding_lookup(const char *code);

typedef struct fu_finding {
    fu_code code;
    fu_severity severity;
    const char *file;    /* evidence or other file; NULL = the claim file */
    uint64_t claim;      /* RE records counted from 1; 0 = the whole file */
    uint64_t line;       /* input line; 0 = none */
    char record[4];      /* "RE"; "" = none */
    uint32_t field;      /* 1-based, the record's name is 1; 0 = none */
    const char *payer;   /* overrides the row's */
    const char *found, *item, *want; /* NULL = none */
    const char *capture; /* id of the capture it is about; NULL = none */
} fu_finding;

typedef struct fu_findings {
    fu_arena *arena;
    fu_finding *v;
    size_t n, cap;
    bool failed;        /* out of memory: the list is not complete */
    fu_finding scratch; /* what fu_findings_add hands out then */
} fu_findings;

void fu_findings_init(fu_findings *l, fu_arena *arena);
/* Adds one; severity and payer from the row. Never NULL: on failure a scratch entry is returned and
 * `failed` is set, so a caller may fill it without asking. */
fu_finding *fu_findings_add(fu_findings *l, fu_code code);
/* Copies a text into the list's arena; "" and `failed` when there is no room. */
const char *fu_findings_text(fu_findings *l, fu_span utf8);
const char *fu_findings_number(fu_findings *l, uint64_t v); /* the same of a number */
size_t fu_findings_count(const fu_findings *l, fu_severity severity);
bool fu_findings_has(const fu_findings *l, fu_code code);

/* The sentence and the next step with the placeholders filled; lang "ja" or "en". Without a found
 * value there stands （なし）; a bracket that would hold nothing but missing items is left out. */
fu_status fu_finding_message(fu_buf *out, const fu_finding *f, const char *lang);
fu_status fu_finding_hint(fu_buf *out, const fu_finding *f, const char *lang);
/* The sentence without any value of the claim (placeholders become …): fit for a log. */
fu_status fu_finding_title(fu_buf *out, fu_code code, const char *lang);

#endif
