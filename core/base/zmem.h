/* zmem: the memory of zlib, which says no size when it frees: it stands in front of the block.
 *
 * Invariants
 *   - all of it comes from fu_mem and goes back with the size it was asked for
 *   - a block is cleared before zlib gets it and wiped before it goes: nothing of a claim file
 * stays
 *   - a product that does not fit a size_t is refused, and never reaches fu_mem
 */
#ifndef FU_BASE_ZMEM_H
#define FU_BASE_ZMEM_H
#include <zlib.h>

/* For z_stream.zalloc and .zfree; opaque is the fu_mem. */
voidpf fu_zalloc(voidpf mem, uInt items, uInt size); /* aligned for anything; NULL on failure */
void fu_zfree(voidpf mem, voidpf p);                 /* p may be NULL */

#endif
