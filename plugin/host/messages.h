/* messages: the command's own sentences in two languages.
 *
 * Invariants
 *   - a sentence is one row of messages.def
 *   - what is filled in is shown without control characters and never cut inside a character
 */
#ifndef FUSHO_HOST_MESSAGES_H
#define FUSHO_HOST_MESSAGES_H
#include <stdbool.h>
#include <stddef.h>

typedef enum host_text {
#define HOST_TEXT(id, ja, en) TEXT_##id,
#include "messages.def"
#undef HOST_TEXT
    TEXT_COUNT
} host_text;

#define SENTENCE_MAX 1024u
#define LIST_SHOWN_MAX 192u

/* a, b: for the first and second {}; NULL where there is none. */
void message_fill(char out[SENTENCE_MAX], host_text id, bool english, const char *a, const char *b);
/* The same behind what stands in out already. */
void message_add(char out[SENTENCE_MAX], host_text id, bool english, const char *a, const char *b);
/* "a b c" as it stands in a sentence: "a、b、c". */
void message_list(char out[LIST_SHOWN_MAX], const char *values, bool english);

#endif
