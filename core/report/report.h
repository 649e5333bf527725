/* report: what was done and what is left to do, in five renderings of one model.
 *
 * Invariants
 *   - the same calls give the same bytes; no clock, no locale
 *   - calls come in this order: begin, any number of claim / finding, summary, end; once per file
 *     between begin and summary, any number of files between open and close of one report
 *   - every text handed in is UTF-8; a renderer escapes it for its format and trusts none of it
 *   - text, JUnit and SARIF never name a patient: receipt number and カルテ番号等 only
 *   - a renderer holds no more than FU_REPORT_ROWS_MAX rows in memory; what is beyond is counted and
 *     the count is shown
 */
#ifndef FU_REPORT_REPORT_H
#define FU_REPORT_REPORT_H
#include "base/io.h"
#include "rules/finding.h"

#define FU_REPORT_ROWS_MAX 20000u
#define FU_REPORT_BYTES_MAX (64u << 20)

/* CSV is the ledger's alone. */
typedef enum fu_format { FU_TEXT, FU_JSON, FU_JUNIT, FU_SARIF, FU_HTML, FU_CSV } fu_format;

typedef enum fu_op { FU_OP_REPLACE, FU_OP_DELETE, FU_OP_INSERT } fu_op;

/* One edit as it is shown. */
typedef struct fu_shown_edit {
    fu_op op;
    uint64_t line;             /* input line; for an insertion the line it goes before */
    const char *record;        /* "HO" */
    uint32_t field;            /* replace only; 1-based, the record's name is 1 */
    const char *item;          /* the field's name in the specification, e.g. "保険者番号"; "" unknown */
    const char *before, *after;/* replace */
    const char *text;          /* delete, insert: the record without its line end */
    const char *reason;        /* in the report's language: why, with its source */
} fu_shown_edit;

typedef struct fu_shown_claim {
    uint64_t claim, line;      /* RE records from 1; line of the RE */
    const char *receipt_no;    /* レセプト番号 as recorded */
    const char *karte, *name;  /* カルテ番号等, 氏名 */
    const char *receipt_type;  /* レセプト種別 */
    const char *month;         /* 診療年月 as recorded */
    const char *route;         /* none current kyushikaku fusho hold */
    const char *reason;        /* why this route, in the report's language */
    const char *capture;       /* id, or NULL */
    int32_t deadline;          /* 再審査・取下げ until this day; 0 = none */
    const char *phone;         /* from the capture's declaration; "" = not known */
    int32_t due;               /* claims of this file are sent until this day; 0 = not known */
    const char *kana;          /* カナ氏名 where the layout has it; kana, birth and sex: journal only */
    int32_t birth;
    int sex;                   /* 1, 2; 0 = not readable */
    const fu_shown_edit *edits;
    size_t n_edits;
    const char *kigo, *bango, *branch; /* before the edits: 記号, 番号, 枝番; NULL = not known */
} fu_shown_claim;

typedef struct fu_summary {
    const char *file;
    int64_t claims, payers, fusho, kyushikaku, current, hold, errors, warnings, infos;
    const char *output;        /* NULL: nothing was written */
    const char *journal;       /* NULL: none */
    bool dry_run, check_only;
    int exit_status;           /* 0 or 1; 3 and 4 where the file was refused */
} fu_summary;

typedef struct fu_report fu_report;

typedef struct fu_report_options {
    fu_format format;
    const char *lang;          /* "ja" or "en" */
    bool verbose;              /* also claims with route none */
    bool color;                /* text only: for a terminal */
    bool mask;                 /* personal data was left out; HTML says so */
    const char *version;       /* of fusho */
    const char *edition;       /* of the rules */
    int32_t today;
} fu_report_options;

/* The stream and the texts of the options must outlive the report. A call out of order is
 * FU_E_MISUSE; after a failed call, and after end, only close may follow. HTML is Japanese whatever
 * `lang` says. */
fu_status fu_report_open(fu_report **out, const fu_mem *mem, const fu_stream *to,
                         const fu_report_options *o, fu_error *e);
fu_status fu_report_begin(fu_report *r, const char *file, fu_error *e);
/* A claim and the findings about it (list may be empty or NULL). Claims of route none without
 * findings are shown only when verbose. */
fu_status fu_report_claim(fu_report *r, const fu_shown_claim *c, const fu_findings *l, fu_error *e);
/* Would a claim with or without a route, and so many findings, be in the report? Any thread may ask. */
bool fu_report_wants(const fu_report *r, bool routed, size_t findings);
/* Findings on the whole file or on evidence. */
fu_status fu_report_findings(fu_report *r, const fu_findings *l, fu_error *e);
/* verbose: what a capture was matched to; claims is "2,5" or "". */
fu_status fu_report_match(fu_report *r, const char *file, const char *capture, const char *claims,
                          fu_error *e);
fu_status fu_report_summary(fu_report *r, const fu_summary *s, fu_error *e);
/* Writes what is still held (HTML, SARIF, JUnit end here). */
fu_status fu_report_end(fu_report *r, fu_error *e);
void fu_report_close(fu_report *r); /* NULL ok */

/* `fusho explain`: one code ("T403"), or the catalogue a line each (code ""). FU_E_MISUSE: no such. */
fu_status fu_explain(const fu_mem *mem, const fu_stream *to, const char *code, const char *lang,
                     fu_error *e);

#endif
