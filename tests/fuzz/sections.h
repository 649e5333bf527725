/* sections: a journal for the fuzzer to change: checksums are made right again in here, so that
 * what lies behind them is reached; the product checks them as always.
 *
 * An input that begins with the magic is a journal of which every section's CRC, and length and CRC
 * of the original where it is inside, are set right. Any other is text, a line for a section:
 *   META key=value\\nkey=value    (\\n stands for a line end)
 *   CLAM {...}
 *   DATA text                      compressed, and part of the original
 *   RAWD bytes                     as it stands, a DATA section
 *   RANG skip,drop,text            a range: skip bytes further on in the output, drop bytes long there
 *   ENDJ                           right length and CRC
 * A META line with kind=ranges makes it a journal of version 2; its output is what fz_output gives.
 */
#ifndef TST_FUZZ_SECTIONS_H
#define TST_FUZZ_SECTIONS_H
#include "fuzz.h"

/* The journal goes to *out, what its DATA lines hold to *original. True: it was made of lines in
 * the order META, CLAM and DATA, ENDJ, so that it must be accepted as far as its frame goes. */
/* The output that journals with ranges of lines are for: FZ_OUTPUT bytes. */
#define FZ_OUTPUT 1000u
void fz_output(unsigned char out[FZ_OUTPUT]);

bool fz_sections(fu_buf *out, fu_buf *original, fu_span input);

#endif
