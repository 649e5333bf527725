#include "nearest.h"

#include <limits.h>
#include <string.h>

/* Levenshtein distance; anything longer than NEAREST_WORD_MAX is far. */
static unsigned distance(const char *a, size_t n, const char *b)
{
    unsigned row[NEAREST_WORD_MAX + 1], diagonal, above;
    size_t m = strlen(b), i, j;
    if (n > NEAREST_WORD_MAX || m > NEAREST_WORD_MAX)
        return UINT_MAX;
    for (j = 0; j <= m; j++)
        row[j] = (unsigned)j;
    for (i = 1; i <= n; i++) {
        diagonal = row[0];
        row[0] = (unsigned)i;
        for (j = 1; j <= m; j++) {
            above = row[j];
            row[j] = diagonal + (a[i - 1] != b[j - 1]);
            if (above + 1 < row[j])
                row[j] = above + 1;
            if (row[j - 1] + 1 < row[j])
                row[j] = row[j - 1] + 1;
            diagonal = above;
        }
    }
    return row[m];
}

int nearest(const char *word, size_t n, nearest_name_fn *name, const void *ctx, size_t count)
{
    unsigned best = NEAREST_DISTANCE + 1;
    int found = -1;
    size_t i;
    for (i = 0; i < count; i++) {
        unsigned d = distance(word, n, name(ctx, i));
        if (d < best && d < n) {
            best = d;
            found = (int)i;
        }
    }
    return found;
}
