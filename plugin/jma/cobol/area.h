/* area: the fixed-length fields of FUSHOCLM.cpy, as C sees them.
 *
 * Invariants
 *   - every member is characters, so nothing is padded or aligned: the offsets are the copybook's
 *   - a number is unsigned digits; one that does not fit is all nines
 *   - text given back is never cut inside a character
 */
#ifndef FUSHO_JMA_AREA_H
#define FUSHO_JMA_AREA_H
#include <stdbool.h>
#include <stddef.h>

#define AREA_COUNT 6 /* digits of a count or length */
#define AREA_HEADERS 2

typedef struct area_header {
    char len[AREA_COUNT], text[512];
} area_header;

typedef struct area_parm {
    char interface[4], function[8], text_code[8], plugin[256], options[512];
    char in_max[AREA_COUNT], out_max[AREA_COUNT], text_size[AREA_COUNT], finding_max[AREA_COUNT];
    area_header header[AREA_HEADERS];
    char capture_len[AREA_COUNT], capture[32000];
    char status[2], route[1], edits[AREA_COUNT], errors[AREA_COUNT], warnings[AREA_COUNT];
    char error_code[16], message[512], hint[512];
} area_parm;

typedef struct area_finding {
    char code[8], severity[8], index[AREA_COUNT], record[4], field[AREA_COUNT], payer_code[8];
    char found[128], message[512], hint[512];
} area_finding;

typedef struct area_findings {
    char count[AREA_COUNT], total[AREA_COUNT];
    area_finding finding[];
} area_findings;

/* A record table: its count, then each record's length and text_size bytes of text. */
typedef struct area_table {
    char *base;
    size_t max, text_size;
} area_table;

/* -1 where a character is no digit. Spaces alone are 0. */
long area_number(const char *field, size_t n);
void area_put_number(char *field, size_t n, long long value);
#define AREA_PUT(field, value) area_put_number(field, sizeof(field), value)

/* How many bytes of the field count: len, or for 0 all up to the last that is no space; -1 where
 * len is no number or too large. */
long area_length(const char *len, const char *text, size_t size);

char *area_record_len(const area_table *t, size_t i);
char *area_record_text(const area_table *t, size_t i);

/* UTF-8 into a field, in the encoding `code` names; what it does not have becomes 〓. */
typedef struct area_code area_code;
area_code *area_code_open(const char *name, size_t n); /* NULL: not one of the three */
void area_put_text(area_code *c, char *field, size_t size, const char *utf8, size_t n);
void area_code_close(area_code *c);

#endif
