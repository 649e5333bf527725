/* json_read: the members of one JSON object, as our own journals hold them.
 *
 * Invariants
 *   - RFC 8259 to the letter, and stricter: one object and nothing behind it, valid UTF-8, no NUL
 * in a text, at most FU_JSON_DEPTH_MAX values inside each other
 *   - members are handed over in their order; arrays and objects inside are checked and skipped
 *   - nothing is allocated and nothing recursed; a text is unescaped only when it is asked for
 */
#ifndef FU_LEDGER_JSON_READ_H
#define FU_LEDGER_JSON_READ_H
#include "base/buf.h"

#define FU_JSON_DEPTH_MAX 8u

typedef enum fu_json_kind { FU_JSON_TEXT, FU_JSON_NUMBER, FU_JSON_OTHER } fu_json_kind;

/* FU_JSON_TEXT: what stands between the quotes, still escaped; FU_JSON_NUMBER: its characters. */
typedef struct fu_json_value {
    fu_json_kind kind;
    fu_span raw;
} fu_json_value;

/* False: the value is none that this member may have. */
typedef bool fu_json_member(void *ctx, fu_span key, const fu_json_value *v);

/* False where it is no such object or `member` said so; what was handed over is then void. Keys are
 * compared as they stand: one written with escapes is an unknown one. */
bool fu_json_read(fu_span json, fu_json_member *member, void *ctx);

/* The text of a value that fu_json_read handed over. */
fu_status fu_json_unescape(fu_buf *out, fu_span raw);

#endif
