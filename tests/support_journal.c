#include "support_journal.h"

#include "base/crc.h"
#include "uke/chunk.h"

fu_status jrn_packed(fu_journal_writer *w, const fu_mem *mem, fu_span bytes, int level, fu_error *e)
{
    fu_packer *packer;
    fu_piece piece;
    fu_status st = fu_packer_open(&packer, mem, level, e);
    fu_piece_init(&piece, mem);
    while (bytes.n && st == FU_OK) {
        size_t n = bytes.n < FU_CHUNK_BYTES ? bytes.n : FU_CHUNK_BYTES;
        st = fu_packer_pack(packer, fu_span_of(bytes.p, n), &piece, e);
        if (st == FU_OK)
            st = fu_journal_piece(w, &piece, e);
        bytes = fu_span_of(bytes.p + n, bytes.n - n);
    }
    fu_piece_free(&piece);
    fu_packer_close(packer);
    return st;
}

fu_status jrn_counted(fu_journal_writer *w, fu_span bytes, fu_error *e)
{
    fu_piece piece;
    fu_status st;
    fu_piece_init(&piece, &fu_mem_libc);
    fu_piece_count(&piece, bytes);
    st = fu_journal_piece(w, &piece, e);
    fu_piece_free(&piece);
    return st;
}

fu_status jrn_output(fu_journal_writer *w, fu_span bytes, fu_error *e)
{
    return fu_journal_output_sum(w, bytes.n, fu_crc32(0, bytes), e);
}
