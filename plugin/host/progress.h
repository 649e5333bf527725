/* progress: a bar on stderr that leaves nothing behind.
 *
 * Invariants
 *   - auto draws on a terminal only, and not before a second has passed
 *   - at most ten drawings a second, each narrower than the terminal is at that moment
 *   - a bar that was drawn is full when a run ends well
 *   - after progress_erase the line is empty and nothing is drawn until the next file
 */
#ifndef FUSHO_HOST_PROGRESS_H
#define FUSHO_HOST_PROGRESS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct progress {
    bool wanted, english, always;
    size_t drawn; /* columns on the line now */
    int64_t start_ms, not_before_ms;
    int64_t claims, total; /* of the last update */
} progress;

#define PROGRESS_LINE_MAX 256u
#define PROGRESS_COLUMNS 79u /* never wider, and where there is no terminal to ask */

/* when: "auto", "always", "never" or NULL (auto). */
void progress_start(progress *p, const char *when, bool english);
void progress_update(progress *p, int64_t claims, int64_t done, int64_t total);
void progress_full(progress *p);  /* the run ended well */
void progress_clear(progress *p); /* empties the line, for something else to be printed */
void progress_erase(progress *p); /* for good */

typedef struct progress_state {
    int64_t claims, done, total; /* done and total in bytes; total 0: not known */
    int64_t elapsed;             /* milliseconds */
} progress_state;

/* The line without control characters, in at most `columns` columns: what does not fit is left out,
 * the time left first, then the bytes, the bar, and the claims. Returns its columns. */
size_t progress_line(char out[PROGRESS_LINE_MAX], bool english, const progress_state *s,
                     size_t columns);

#endif
