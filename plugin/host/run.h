/* run: carries out what the options say, with the plugin's table.
 *
 * Invariants
 *   - the exit status is one of design.md section 4, the largest over several inputs
 *   - with an exit status of 2 or more no file stands that did not stand before
 *   - order: plugin, session, targets, evidence, then each input: open, check, run, print
 *   - a run that was asked to end before its files were final ends with 4 and takes them back
 */
#ifndef FUSHO_HOST_RUN_H
#define FUSHO_HOST_RUN_H
#include "options.h"
#include "posix_io.h"

/* Every verb and --version; the options are complete. settings: the settings file used, to be told
 * with --verbose, or NULL. stop: not 0 once a signal asked for the end. */
int run_command(const options *o, const char *settings, posix_cancelled_fn *stop);

/* For options_finish: whether what the plugin lists goes to a terminal that wants colours. */
bool run_listing_color(const options *o);

#endif
