/* journal: how to get the original back, bit by bit, and what was done to it.
 *
 * One file per run. Layout (all integers little-endian):
 *   magic    16 bytes "FUSHO-JOURNAL\r\n\x1a" and one byte of format version: 1, or 2
 *            for a journal with ranges
 *   sections 4-byte tag, 8-byte payload length, payload, 4-byte CRC32 of tag, length and payload
 *     META   UTF-8 text, "key=value" lines: version, edition, host, input, output, options, today
 *            (yyyy-mm-dd), and of the claim file's header, each only where it can be read:
 *            institution (都道府県 2 digits, 点数表 1, 医療機関コード 7), billed (請求年月, yyyymm),
 *            payer (審査支払機関, 1 or 2); kind=ranges in version 2, and only there; in a value a line
 *            end is written \n and a backslash \\
 *     CLAM   UTF-8 JSON, one claim that goes out by a route of ours: the claim object of the JSON
 *            Lines format and what the ledger wants to know (docs/internals/journal.md)
 *     DATA   the original file's bytes, one zlib stream cut into sections
 *     RANG   version 2 instead of DATA: ranges, one behind the other: 8-byte offset in the output,
 *            8-byte length there, 8-byte length n, and the n bytes of the original that stood there;
 *            ascending, none begins before the one before it ends; those of all sections together
 *     ENDJ   8-byte original length, 4-byte original CRC32, 8-byte output length, 4-byte output CRC32
 *   nothing behind ENDJ
 * A key that a reader does not know is skipped; one that is missing is not known: journals of
 * earlier builds lack some.
 *
 * Invariants
 *   - META comes first, ENDJ last and once; CLAM and DATA or RANG in between, mixed as they come
 *   - a journal without ranges restores the original on its own; one with ranges needs the output,
 *     and both are known by length and CRC32
 *   - a journal that is cut, changed or joined anywhere is refused, never half restored
 *   - memory does not grow with the file
 */
#ifndef FU_JOURNAL_JOURNAL_H
#define FU_JOURNAL_JOURNAL_H
#include "base/buf.h"
#include "base/io.h"
#include "journal/pack.h"

#define FU_JOURNAL_SECTION_MAX (16u << 20) /* bytes of one section's payload */
#define FU_JOURNAL_VERSION 1u
#define FU_JOURNAL_VERSION_RANGES 2u
#define FU_JOURNAL_PEEK 16u /* bytes that tell a journal from other files */

typedef struct fu_journal_meta {
    const char *version, *edition, *host, *input, *output, *options;
    int32_t today;
    const char *institution; /* NULL or "" = not known, and so 0 for the two below */
    int32_t billed;
    int payer;
    bool ranges; /* only what changed is kept: undo needs the output */
} fu_journal_meta;

typedef struct fu_journal_writer fu_journal_writer;

/* The stream must outlive the writer. After a failed call, and after finish, only close may follow.
 */
fu_status fu_journal_open(fu_journal_writer **out, const fu_mem *mem, const fu_stream *to,
                          const fu_journal_meta *meta, fu_error *e);
fu_status fu_journal_claim(fu_journal_writer *w, fu_span json, fu_error *e);
/* The original in file order, cut anywhere, packed. Counting is enough where the journal has
 * ranges, and FU_E_MISUSE where it has not. */
fu_status fu_journal_piece(fu_journal_writer *w, const fu_piece *p, fu_error *e);
/* `result` stands at byte `at` of the output in the place of `original`; in file order. What both
 * have in common at the front and at the end is left out. Nothing to do where the journal has no
 * ranges. */
fu_status fu_journal_change(fu_journal_writer *w, uint64_t at, fu_span original, fu_span result,
                            fu_error *e);
/* The output is only counted, part by part: n, at most FU_PACK_BYTES_MAX, and CRC32 of the next. */
fu_status fu_journal_output_sum(fu_journal_writer *w, uint64_t n, uint32_t crc, fu_error *e);
fu_status fu_journal_finish(fu_journal_writer *w, fu_error *e);
void fu_journal_close(fu_journal_writer *w); /* NULL ok */

typedef struct fu_journal_range {
    uint64_t at, n; /* in the output */
    fu_span original;
} fu_journal_range;

typedef struct fu_journal_end {
    uint64_t original_n, output_n;
    uint32_t original_crc, output_crc;
} fu_journal_end;

/* Called per section or range while reading; returning other than FU_OK stops. NULL members are
 * skipped. `end` comes last, when nothing more can be wrong with the journal. */
typedef struct fu_journal_reader {
    void *ctx;
    fu_status (*meta)(void *ctx, fu_span text, fu_error *e);
    fu_status (*claim)(void *ctx, fu_span json, fu_error *e);
    fu_status (*original)(void *ctx, fu_span bytes, fu_error *e);
    fu_status (*range)(void *ctx, const fu_journal_range *r, fu_error *e);
    fu_status (*end)(void *ctx, const fu_journal_end *end, fu_error *e);
} fu_journal_reader;

/* Reads a whole journal. FU_OK only when everything fits: without ranges the original's length and
 * CRC32 included, with ranges what the lengths say of each other; else FU_E_INPUT with code S703.
 * What was handed over before a failure must be thrown away. */
fu_status fu_journal_read(const fu_mem *mem, const fu_stream *from, const fu_journal_reader *r,
                          fu_error *e);

/* S703: this journal, or what is to go with it, cannot be used. Both return FU_E_INPUT. */
fu_status fu_journal_refuse(fu_error *e, const char *ja, const char *en, const char *hint);
fu_status fu_journal_damaged(fu_error *e);

/* True where a file that begins so is a journal, or was one before it was cut. */
bool fu_journal_begins(fu_span head);

/* META of a journal with ranges. */
bool fu_journal_has_ranges(fu_span meta);

/* Appends the value of one key of META to `out`; FU_E_INPUT when there is no such key. */
fu_status fu_journal_meta_value(fu_span meta, const char *key, fu_buf *out);

#endif
