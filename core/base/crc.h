/* crc: zlib's CRC32 (polynomial EDB88320) of spans, which may be empty.
 *
 * Invariants
 *   - nothing is read outside of the bytes
 */
#ifndef FU_BASE_CRC_H
#define FU_BASE_CRC_H
#include "base/span.h"

/* The CRC of what `crc` is of (0: nothing) and these bytes behind it. */
uint32_t fu_crc32(uint32_t crc, fu_span bytes);

#endif
