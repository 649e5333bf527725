/* support_journal: bytes for the writer of a journal, which takes pieces and sums. No Criterion in
 * here.
 */
#ifndef TST_SUPPORT_JOURNAL_H
#define TST_SUPPORT_JOURNAL_H
#include "journal/journal.h"

/* The original, packed, in pieces as long as the engine's, FU_CHUNK_BYTES. */
fu_status jrn_packed(fu_journal_writer *w, const fu_mem *mem, fu_span bytes, int level,
                     fu_error *e);
/* The original for a journal with ranges, in one piece. */
fu_status jrn_counted(fu_journal_writer *w, fu_span bytes, fu_error *e);
fu_status jrn_output(fu_journal_writer *w, fu_span bytes, fu_error *e);

#endif
