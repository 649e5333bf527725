/* sections: a journal for the fuzzer to change: checksums are made right again in here, so that
 * what lies behind them is reached; the product checks them as always.
 *
 * An input that begins with the magic is a journal of which every section's CRC, and length and CRC
 * of the original, are set right. Any other is text, a line for a section:
 *   META key=value\\nkey=value    (\\n stands for a line end)
 *   CLAM {...}
 *   DATA text                      compressed, and part of the original
 *   RAWD bytes                     as it stands, a DATA section
 *   ENDJ                           right length and CRC
 */
#ifndef TST_FUZZ_SECTIONS_H
#define TST_FUZZ_SECTIONS_H
#include "fuzz.h"

/* The journal goes to *out, what its DATA lines hold to *original. True: it was made of lines in
 * the order META, CLAM and DATA, ENDJ, so that it must be accepted as far as its frame goes. */
bool fz_sections(fu_buf *out, fu_buf *original, fu_span input);

#endif
