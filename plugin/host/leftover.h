/* leftover: the files of a run that is not over, for a command that is ended at once.
 *
 * The store takes everything back by itself when a run ends, also after a first Ctrl-C. This is for
 * the second one, which does not wait: a signal handler may unlink, but neither lock nor allocate.
 *
 * Invariants
 *   - a name is noted before its file is made and forgotten after it is gone
 *   - leftover_remove calls nothing but unlink and rename, and only on names the store made
 */
#ifndef FUSHO_HOST_LEFTOVER_H
#define FUSHO_HOST_LEFTOVER_H
#include "posix_io.h"

/* The system's calls, noting what they make. */
const posix_calls *leftover_calls(void);
/* After posix_store_finish: what stands now stays. */
void leftover_keep(void);
/* From a signal handler: removes temporary files and what was published since the last keep, puts
 * replaced files back. */
void leftover_remove(void);

#endif
