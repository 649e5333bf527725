#include "journal/layout.h"

#include "base/crc.h"
#include "journal/journal.h"

void fu_le_put(unsigned char *p, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)(v >> (8 * i) & 0xFF);
}

uint64_t fu_le_get(const unsigned char *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++)
        v |= (uint64_t)p[i] << (8 * i);
    return v;
}

fu_status fu_journal_section(const fu_stream *to, const char *tag, fu_span payload, fu_error *e)
{
    unsigned char head[FU_JOURNAL_HEAD_LEN], tail[4];
    uint32_t crc;
    fu_status st;
    if (payload.n > FU_JOURNAL_SECTION_MAX)
        return fu_fail_limit(e, "FU_JOURNAL_SECTION_MAX", FU_JOURNAL_SECTION_MAX);
    memcpy(head, tag, 4);
    fu_le_put(head + 4, payload.n, 8);
    crc = fu_crc32(fu_crc32(0, fu_span_of(head, sizeof head)), payload);
    fu_le_put(tail, crc, 4);
    st = fu_write_all(to, head, sizeof head, e);
    if (st == FU_OK && payload.n)
        st = fu_write_all(to, payload.p, payload.n, e);
    return st == FU_OK ? fu_write_all(to, tail, sizeof tail, e) : st;
}
