/* capture: what the desk knows about one patient in one month.
 *
 * Invariants
 *   - every text is UTF-8, NUL-terminated, lives in the evidence's arena and is never NULL ("" =
 * not given)
 *   - a number or date that could not be read is 0, and a finding says so
 *   - `unusable` captures keep what identifies the patient, so that the claim can be held
 *   - texts are trimmed of blanks at both ends, except qualification.insurer, which keeps the text
 *     without its leading blanks; kigo and bango have none at all
 */
#ifndef FU_EVIDENCE_CAPTURE_H
#define FU_EVIDENCE_CAPTURE_H
#include "rules/finding.h"
#include "rules/words.h"

typedef enum fu_origin { FU_FROM_CAPTURE, FU_FROM_CSV, FU_FROM_RESPONSE } fu_origin;

typedef struct fu_qualification {
    fu_qstatus status;
    int source; /* fu_qsource or FU_WORD_NONE */
    const char *insurer, *kigo, *bango, *branch;
    const char *tokki; /* 特記事項 of the income class, e.g. "29"; "" = not known */
    int32_t from, to;  /* days; 0 = not given. `to` is the last day it holds */
    bool counts;       /* false: incomplete (E502) or sevens (E509) */
} fu_qualification;

typedef struct fu_contact {
    int32_t on;
    int result; /* fu_cresult or FU_WORD_NONE */
} fu_contact;

typedef struct fu_declaration {
    bool there, verbal;
    int32_t on;
    int kind;  /* fu_hoken, or FU_WORD_NONE = not given */
    int share; /* 1, 2, 3; 0 = unknown or not given */
    const char *insurer_name, *workplace, *phone;
    const char **addresses;
    size_t n_addresses;
} fu_declaration;

typedef struct fu_capture {
    fu_origin origin;
    const char *file; /* evidence file it came from */
    uint64_t line;    /* line of its element or row */
    const char *id;
    int32_t month; /* 診療年月; 0 = not readable */
    const char *karte, *name, *kana;
    int32_t birth;
    int sex; /* 1, 2; 0 = not given */

    fu_outcome outcome;
    bool outcome_given;     /* written at the desk, not taken from a response */
    int32_t check_day;      /* visit day; 0 = not given */
    const char *response;   /* file name of the online-check response it names */
    bool response_affected; /* one of its responses says 2, 3, 4 or 5 */
    bool newer_exists;      /* validity 3 */

    unsigned documents; /* bit 1u << fu_document for every `presented` */
    fu_qualification *quals;
    size_t n_quals;
    fu_declaration declaration;
    fu_contact *contacts;
    size_t n_contacts;

    bool unusable;        /* E502: the claim is held */
    fu_findings findings; /* about this capture: E502, E505, E506, E509 ... */
    bool joined;          /* a response that was joined to another capture: no capture of its own */
} fu_capture;

#endif
