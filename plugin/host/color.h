/* color: whether what goes to a descriptor is coloured.
 *
 * Invariants
 *   - auto colours a terminal only, none that calls itself dumb, and nothing where NO_COLOR is set
 *   - always and never are obeyed whatever the environment says
 */
#ifndef FUSHO_HOST_COLOR_H
#define FUSHO_HOST_COLOR_H
#include <stdbool.h>

#define COLOR_CODE "\x1b[1;31m" /* bold red: readable on dark and on light */
#define COLOR_END "\x1b[0m"

/* when: "auto", "always", "never" or NULL (auto). */
bool color_wanted(const char *when, int fd);

#endif
