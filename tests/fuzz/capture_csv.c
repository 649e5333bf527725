/* Capture CSV. The reader of rows gets whatever bytes there are, also what looks like XML. */
#include "evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fz_read r, again;
    fz_evidence(data, n, n + 1);
    fz_open(&r, n);
    fz_open(&again, n);
    r.st = fu_capture_csv_read(&r.ev, "a", fu_span_of(data, n), &r.e);
    again.st = fu_capture_csv_read(&again.ev, "a", fu_span_of(data, n), &again.e);
    fz_must_be_same(&r, &again, "the same rows give the same captures");
    fz_join(&r);
    if (r.st == FU_OK)
        fz_must_be_captures(&r.ev);
    fz_close(&again);
    fz_close(&r);
    return 0;
}
