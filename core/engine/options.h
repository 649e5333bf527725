/* options: the long options a session understands.
 *
 * Invariants
 *   - one table (options.c) holds every name; a name that is not there is an error, never ignored
 *   - a value is checked when it is read; nothing is left to fail later
 */
#ifndef FU_ENGINE_OPTIONS_H
#define FU_ENGINE_OPTIONS_H
#include "report/report.h"
#include "rules/policy.h"

#define FU_JOBS_MAX 64u
#define FU_OPTIONS_BYTES_MAX 65536u

typedef struct fu_options {
    fu_policy policy; /* today 0: not given */
    fu_format format;
    bool report, dry_run, verbose, mask, color;
    bool journal_ranges; /* the journal keeps what changed only */
    bool utf8; /* the input is a UTF-8 copy of a claim file: check only */
    const char *lang; /* "ja" or "en" */
    unsigned jobs;
} fu_options;

/* Reads "--name=value" or "--name", one per line. FU_E_MISUSE names the option at fault. */
fu_status fu_options_read(fu_options *o, fu_span text, fu_error *e);
/* What it says of more than FU_OPTIONS_BYTES_MAX, for callers that must not look at so much. */
fu_status fu_options_too_long(fu_error *e);

#endif
