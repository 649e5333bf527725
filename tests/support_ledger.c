#include "support_ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "support_journal.h"

static void must(bool good)
{
    if (good)
        return;
    fprintf(stderr, "tests/support_ledger: cannot happen\n");
    abort();
}

void led_write(const led_journal *j, tst_file *f)
{
    fu_journal_meta meta = {.version = "1.0.0",
                            .edition = "2026-11",
                            .host = "試験",
                            .input = "RECEIPTC.UKE",
                            .output = "out",
                            .options = "",
                            .today = j->on,
                            .institution = j->institution,
                            .billed = j->billed,
                            .payer = j->payer};
    fu_stream to = tst_stream(f);
    fu_journal_writer *w;
    must(fu_journal_open(&w, &fu_mem_libc, &to, &meta, NULL) == FU_OK);
    for (size_t i = 0; i < LED_CLAIMS_MAX && j->claims[i]; i++) {
        char json[2048];
        int n = snprintf(json, sizeof json, "{\"type\":\"claim\",%s,\"edits\":[{\"line\":3}]}",
                         j->claims[i]);
        must(n > 0 && (size_t)n < sizeof json);
        must(fu_journal_claim(w, fu_span_str(json), NULL) == FU_OK);
    }
    must(jrn_packed(w, &fu_mem_libc, fu_span_str("IR\r\n"), FU_PACK_LEVEL, NULL) == FU_OK);
    must(fu_journal_finish(w, NULL) == FU_OK);
    fu_journal_close(w);
}

fu_status led_add(fu_ledger *l, const led_journal *j, fu_error *e)
{
    tst_file f = TST_FILE_INIT;
    fu_stream from;
    fu_status st;
    led_write(j, &f);
    f.pos = 0;
    from = tst_stream(&f);
    st = fu_ledger_add(l, j->name, &from, e);
    tst_file_free(&f);
    return st;
}

fu_status led_fill(fu_ledger *l, const led_journal *v, bool backwards, fu_error *e)
{
    size_t n = 0;
    fu_status st = FU_OK;
    while (n < LED_JOURNALS_MAX && v[n].name)
        n++;
    for (size_t i = 0; i < n && st == FU_OK; i++)
        st = led_add(l, &v[backwards ? n - 1 - i : i], e);
    return st == FU_OK ? fu_ledger_finish(l, e) : st;
}

const led_journal LED_MONTHS[LED_JOURNALS_MAX] = {
    {"2026-04/RECEIPTC.UKE.fusho",
     LED_CLINIC,
     202604,
     1,
     20260409,
     {"\"claim\":3,\"line\":21,\"route\":\"fusho\",\"receipt_no\":\"3\",\"karte\":\"00011\","
      "\"name\":\"見本　一郎\",\"kana\":\"ミホンイチロウ\",\"birth\":\"1980-04-01\",\"sex\":1,"
      "\"phone\":\"03-0000-0001\",\"month\":\"202603\",\"reason\":\"理由\","
      "\"deadline\":\"2026-10-20\""}},
    {"2026-10/RECEIPTC.UKE.fusho",
     LED_CLINIC,
     202610,
     1,
     20261009,
     {"\"claim\":1,\"line\":2,\"route\":\"fusho\",\"receipt_no\":\"1\",\"karte\":\"00022\","
      "\"name\":\"<script>alert(1)</script>\",\"kana\":\"=1+1\",\"birth\":\"1975-01-31\",\"sex\":2,"
      "\"phone\":\"+81,3\\n\\\"\",\"month\":\"202609\",\"reason\":\"理由\","
      "\"deadline\":\"2027-04-20\"",
      "\"claim\":2,\"line\":9,\"route\":\"kyushikaku\",\"receipt_no\":\"2\",\"karte\":\"00033\","
      "\"name\":\"見本　三郎\",\"month\":\"202609\",\"reason\":\"旧\"",
      "\"claim\":4,\"line\":30,\"route\":\"fusho\",\"receipt_no\":\"4\",\"karte\":\"00044\","
      "\"month\":\"202609\",\"deadline\":\"2026-11-20\""}},
    {"2026-11/RECEIPTC.UKE.fusho",
     LED_CLINIC,
     202611,
     2,
     20261109,
     {"\"claim\":1,\"line\":2,\"route\":\"fusho\",\"receipt_no\":\"1\",\"karte\":\"00022\","
      "\"name\":\"見本　花子\",\"kana\":\"ミホンハナコ\",\"birth\":\"1975-01-31\",\"sex\":2,"
      "\"phone\":\"03-0000-0002\",\"month\":\"202610\",\"reason\":\"理由\","
      "\"deadline\":\"2027-05-20\""}},
};
