/* run: carries out what the options say, with the plugin's table.
 *
 * Invariants
 *   - the exit status is one of design.md section 4, the largest over several inputs
 *   - with an exit status of 2 or more no file stands that did not stand before
 *   - order: plugin, session, targets, evidence, then each input: open, check, run, print
 */
#ifndef FUSHO_HOST_RUN_H
#define FUSHO_HOST_RUN_H
#include "options.h"
#include "posix_io.h"

/* apply, check, undo, explain and --version; the options are complete. stop: not 0 once a signal
 * asked for the end. */
int run_command(const options *o, posix_cancelled_fn *stop);

#endif
