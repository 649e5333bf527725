/* support_report: one invented run that every rendering of the report is tested with.
 *
 * Invariants
 *   - no Criterion in here
 *   - the patient's name stands in the claim and in an edit, nowhere else
 */
#ifndef TST_SUPPORT_REPORT_H
#define TST_SUPPORT_REPORT_H
#include "report/report.h"
#include "support.h"

/* <, >, &, both quotes, a backslash, a line end, ESC, DEL, a bad byte, U+FFFF and U+202E. */
#define REP_NASTY                                                            \
    "<script>alert('x')</script>&\"\\\n\x1b\x7f\xff\xef\xbf\xbf\xe2\x80\xae" \
    "終"
#define REP_NAME "検査　花子"
#define REP_KANA "ケンサハナコ"

extern const fu_report_options REP_OPTIONS;
extern const fu_summary REP_SUMMARY;
extern const fu_shown_edit REP_EDITS[4]; /* replace, delete and two insertions: 不詳 and カナ氏名 */
extern const fu_shown_claim REP_FUSHO, REP_HOLD, REP_NONE;

/* Findings of a claim: T403 error, F103 warning without record, R606 info. */
fu_finding *rep_t403(fu_findings *l);
fu_finding *rep_f103(fu_findings *l);
fu_finding *rep_r606(fu_findings *l);

/* A report of two files: claims of three routes, findings of all severities with and without
 * claim, a match, nasty texts everywhere in the second file. Writes into *f. */
fu_status rep_run(const fu_mem *mem, tst_file *f, fu_format format, const char *lang, bool verbose,
                  fu_error *e);

/* Makes the n-th allocation fail for n = 0, 1, …; the number of the run that succeeded, or -1 when
 * one leaked or did not say FU_E_NOMEM. */
long rep_sweep_memory(fu_format format);
/* The same with the writes; -1 when one did not say FU_E_STORE. */
long rep_sweep_writes(fu_format format);

/* What was written, NUL-terminated; malloc'ed. */
char *rep_text(const tst_file *f);
/* True if the text is exactly one JSON value, white space around it allowed. */
bool rep_json_ok(const char *s);
/* How often `part` stands in `s`. */
size_t rep_count(const char *s, const char *part);

#endif
