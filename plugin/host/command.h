/* command: one run of the command, the callbacks it gives the plugin, and how it tells failures.
 *
 * Invariants
 *   - fusho_host.ctx is the command; it outlives the session
 *   - what is told on stderr holds no patient data; what goes to the listing may
 */
#ifndef FUSHO_HOST_COMMAND_H
#define FUSHO_HOST_COMMAND_H
#include "loader.h"
#include "options.h"
#include "output.h"
#include "posix_store.h"
#include "progress.h"

typedef struct command {
    const options *o;
    loader plugin;
    fusho_host host;
    fusho_session *session;
    posix_store store;
    posix_cancelled_fn *stop;
    progress bar;
    sink out; /* standard output */
    sink err; /* the listing where standard output carries the claim file */
    const char *spool_folder;
    bool color_errors;
} command;

bool command_given(const command *c, host_option id);
bool command_is_dash(const char *s); /* NULL: no */
fusho_text command_text_of(const char *s);

/* Where the listing goes: not among the bytes of a claim file. NULL: nowhere. */
sink *command_listing(command *c);

void command_fill_host(command *c);

/* Tells about a failure and returns the exit status. file: where the error names none; NULL. */
int command_failed(command *c, fusho_status st, fusho_error *err, const char *file);
/* The same where the plugin has listed nothing: the listing says why. */
int command_refused(command *c, fusho_status st, fusho_error *err, const char *file);
/* The same of captures: with --mask the listing does not name them; a name may be a patient's. */
int command_refused_captures(command *c, fusho_status st, fusho_error *err, const char *file);

#endif
