#include "base/crc.h"

#include <zlib.h>

/* zlib takes no bytes at no address for a wish to begin anew. */
uint32_t fu_crc32(uint32_t crc, fu_span bytes)
{
    return bytes.n ? (uint32_t)crc32_z(crc, bytes.p, bytes.n) : crc;
}
