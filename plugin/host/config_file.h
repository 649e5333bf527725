/* config_file: the lines of a settings file.
 *
 * Format: UTF-8 with or without BOM, LF or CRLF; "name = value", "name=value" or "name" for an
 * option that takes none; names are the long options without dashes; "#" at the beginning or behind
 * a blank starts a comment; empty lines are fine. Blanks are space, tab and U+3000.
 *
 * Invariants
 *   - no I/O; works in the bytes handed in
 *   - an entry handed out is one that options.def allows in a file, its value is on the list of
 *     some verb, and it came once unless it may be repeated
 *   - a complaint shows at most TYPED_MAX ASCII letters, digits and dashes of what stands in the
 *     file: somebody may have named another file
 */
#ifndef FUSHO_HOST_CONFIG_FILE_H
#define FUSHO_HOST_CONFIG_FILE_H
#include "messages.h"
#include "table.h"

#define CONFIG_BYTES_MAX 65536u

typedef struct config {
    char *at, *end;
    unsigned line; /* of the entry or complaint handed out last */
    bool english;
    bool given[OPT_COUNT];
    char complaint[SENTENCE_MAX];
} config;

/* text has n bytes and room for a NUL behind; it is written to and must outlive the entries. */
void config_start(config *c, char *text, size_t n, bool english);
/* 1 and an entry, 0 at the end, 2 with a complaint about the line, 3 where this is no text. After
 * 0, 2 and 3 there is nothing more. value: "" for an option that takes none. */
int config_next(config *c, host_option *id, const char **value);

#endif
