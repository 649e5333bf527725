/* progress: a bar on stderr that leaves nothing behind.
 *
 * Invariants
 *   - auto draws on a terminal only, and not before a second has passed
 *   - at most ten drawings a second, each at most 79 columns
 *   - after progress_erase the line is empty and nothing is drawn until the next file
 */
#ifndef FUSHO_HOST_PROGRESS_H
#define FUSHO_HOST_PROGRESS_H
#include <stdbool.h>
#include <stdint.h>

typedef struct progress {
    bool wanted, english, shown;
    int64_t start_ms, not_before_ms;
} progress;

#define PROGRESS_LINE_MAX 256u

/* when: "auto", "always", "never" or NULL (auto). */
void progress_start(progress *p, const char *when, bool english);
void progress_update(progress *p, int64_t claims, int64_t done, int64_t total);
void progress_clear(progress *p); /* empties the line, for something else to be printed */
void progress_erase(progress *p); /* for good */
/* The line without control characters; elapsed in milliseconds. */
void progress_line(char out[PROGRESS_LINE_MAX], bool english, int64_t claims, int64_t done,
                   int64_t total, int64_t elapsed);

#endif
