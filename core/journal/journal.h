/* journal: how to get the original back, bit by bit, and what was done to it.
 *
 * One file per run. Layout (all integers little-endian):
 *   magic    16 bytes "FUSHO-JOURNAL\r\n\x1a" and one byte of format version (1)
 *   sections 4-byte tag, 8-byte payload length, payload, 4-byte CRC32 of tag, length and payload
 *     META   UTF-8 text, "key=value" lines: version, edition, host, input, output, options, today
 *            (yyyy-mm-dd), and of the claim file's header, each only where it can be read:
 *            institution (都道府県 2 digits, 点数表 1, 医療機関コード 7), billed (請求年月, yyyymm),
 *            payer (審査支払機関, 1 or 2); in a value a line end is written \n and a backslash \\
 *     CLAM   UTF-8 JSON, one claim that goes out by a route of ours: the claim object of the JSON
 *            Lines format and what the ledger wants to know (docs/internals/journal.md)
 *     DATA   the original file's bytes, one zlib stream cut into sections
 *     ENDJ   8-byte original length, 4-byte original CRC32, 8-byte output length, 4-byte output CRC32
 *   nothing behind ENDJ
 * A key that a reader does not know is skipped; one that is missing is not known: journals of
 * earlier builds lack some.
 *
 * Invariants
 *   - META comes first, ENDJ last and once; CLAM and DATA in between, mixed as they come
 *   - a journal that is cut, changed or joined anywhere is refused, never half restored
 *   - memory does not grow with the file
 */
#ifndef FU_JOURNAL_JOURNAL_H
#define FU_JOURNAL_JOURNAL_H
#include "base/buf.h"
#include "base/io.h"

#define FU_JOURNAL_SECTION_MAX (16u << 20) /* bytes of one section's payload */
#define FU_JOURNAL_VERSION 1u
#define FU_JOURNAL_PEEK 16u /* bytes that tell a journal from other files */

typedef struct fu_journal_meta {
    const char *version, *edition, *host, *input, *output, *options;
    int32_t today;
    const char *institution; /* NULL or "" = not known, and so 0 for the two below */
    int32_t billed;
    int payer;
} fu_journal_meta;

typedef struct fu_journal_writer fu_journal_writer;

/* The stream must outlive the writer. After a failed call, and after finish, only close may follow.
 */
fu_status fu_journal_open(fu_journal_writer **out, const fu_mem *mem, const fu_stream *to,
                          const fu_journal_meta *meta, int zlib_level, fu_error *e);
fu_status fu_journal_claim(fu_journal_writer *w, fu_span json, fu_error *e);
fu_status fu_journal_original(fu_journal_writer *w, fu_span bytes, fu_error *e); /* in file order */
fu_status fu_journal_output(fu_journal_writer *w, fu_span bytes, fu_error *e);   /* only counted */
fu_status fu_journal_finish(fu_journal_writer *w, fu_error *e);
void fu_journal_close(fu_journal_writer *w); /* NULL ok */

/* Called per section while reading; returning other than FU_OK stops. NULL members are skipped. */
typedef struct fu_journal_reader {
    void *ctx;
    fu_status (*meta)(void *ctx, fu_span text, fu_error *e);
    fu_status (*claim)(void *ctx, fu_span json, fu_error *e);
    fu_status (*original)(void *ctx, fu_span bytes, fu_error *e);
} fu_journal_reader;

/* Reads a whole journal. FU_OK only when everything, the original's length and CRC32 included,
 * fits; else FU_E_INPUT with code S703. What was handed to `original` before a failure must be
 * thrown away. */
fu_status fu_journal_read(const fu_mem *mem, const fu_stream *from, const fu_journal_reader *r,
                          fu_error *e);

/* True where a file that begins so is a journal, or was one before it was cut. */
bool fu_journal_begins(fu_span head);

/* Appends the value of one key of META to `out`; FU_E_INPUT when there is no such key. */
fu_status fu_journal_meta_value(fu_span meta, const char *key, fu_buf *out);

#endif
