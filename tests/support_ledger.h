/* support_ledger: journals of past months, small enough to be written out in a test. No Criterion
 * in here; what cannot happen ends the process with abort().
 */
#ifndef TST_SUPPORT_LEDGER_H
#define TST_SUPPORT_LEDGER_H
#include "journal/journal.h"
#include "ledger/ledger.h"
#include "support.h"

#define LED_CLAIMS_MAX 8
#define LED_JOURNALS_MAX 8
#define LED_CLINIC "1311399991"

/* A journal; claims are the members behind {"type":"claim", ended by NULL. */
typedef struct led_journal {
    const char *name;        /* NULL: no journal */
    const char *institution; /* NULL: not in META, like the two below */
    int32_t billed;
    int payer;
    int32_t on;
    const char *claims[LED_CLAIMS_MAX];
} led_journal;

void led_write(const led_journal *j, tst_file *f);
fu_status led_add(fu_ledger *l, const led_journal *j, fu_error *e);
/* Adds them in that order (backwards: from the last one), up to the one without a name or as many
 * as fit, and finishes. */
fu_status led_fill(fu_ledger *l, const led_journal *v, bool backwards, fu_error *e);

/* Two months of a clinic, for every rendering: overdue, soon, open, without a deadline and 旧資格;
 * one person two months running; texts that want to be markup, a formula and a second line. */
extern const led_journal LED_MONTHS[LED_JOURNALS_MAX];
#define LED_TODAY 20261109

#endif
