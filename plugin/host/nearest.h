/* nearest: which known word was meant by a mistyped one.
 *
 * Invariants
 *   - near is a Levenshtein distance of at most NEAREST_DISTANCE, and less than the word's length
 *   - of several equally near the first one is taken
 */
#ifndef FUSHO_HOST_NEAREST_H
#define FUSHO_HOST_NEAREST_H
#include <stddef.h>

#define NEAREST_DISTANCE 2u
#define NEAREST_WORD_MAX 24u /* longer words are near nothing */

/* A known word; "" is near nothing. */
typedef const char *nearest_name_fn(const void *ctx, size_t i);

/* Index of the nearest of name(0) ... name(count - 1) to the n bytes at word, or -1. */
int nearest(const char *word, size_t n, nearest_name_fn *name, const void *ctx, size_t count);

#endif
