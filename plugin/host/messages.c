#include "messages.h"

#include <string.h>

#include "posix_io.h"

static const struct {
    const char *ja, *en;
} texts[TEXT_COUNT] = {
#define HOST_TEXT(id, ja, en) {ja, en},
#include "messages.def"
#undef HOST_TEXT
};

void message_fill(char out[SENTENCE_MAX], host_text id, bool english, const char *a, const char *b)
{
    const char *p = english ? texts[id].en : texts[id].ja;
    const char *word[2];
    size_t at = 0, next = 0;
    word[0] = a ? a : "";
    word[1] = b ? b : "";
    while (*p && at + 1 < SENTENCE_MAX) {
        if (p[0] == '{' && p[1] == '}') {
            /* a quarter at most, so that the sentence itself always fits */
            at += posix_shown_name(out + at, SENTENCE_MAX / 4, next < 2 ? word[next] : "");
            next++;
            p += 2;
        } else {
            out[at++] = *p++;
        }
    }
    out[at] = '\0';
}

void message_add(char out[SENTENCE_MAX], host_text id, bool english, const char *a, const char *b)
{
    char more[SENTENCE_MAX];
    size_t n = strlen(out);
    message_fill(more, id, english, a, b);
    posix_shown_name(out + n, SENTENCE_MAX - n, more);
}

void message_list(char out[LIST_SHOWN_MAX], const char *values, bool english)
{
    const char *between = english ? ", " : "、";
    size_t n = 0;
    for (; *values && n + sizeof "、" < LIST_SHOWN_MAX; values++) {
        size_t m = *values == ' ' ? strlen(between) : 1;
        memcpy(out + n, *values == ' ' ? between : values, m);
        n += m;
    }
    out[n] = '\0';
}
