/* Online-check responses, up to some in one evidence folder: each alone, then all of them joined.
 */
#include "evidence.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const size_t pieces[] = {1, 3, 17, 256};
    static const char *const names[FZ_PARTS_MAX] = {"a.xml", "b.xml", "c.xml",
                                                    "d.xml", "e.xml", "f.xml"};
    fz_parts p;
    fz_read all;
    fz_split(&p, data, n);
    fz_open(&all, n);
    for (size_t i = 0; i < p.n; i++) {
        fz_evidence(p.v[i].p, p.v[i].n, pieces[n % 4]);
        if (all.st == FU_OK)
            all.st = fu_evidence_parse(&all.ev, names[i], p.v[i], 4096, &all.e);
    }
    fz_join(&all);
    if (all.st == FU_OK)
        fz_must_be_captures(&all.ev);
    fz_close(&all);
    return 0;
}
