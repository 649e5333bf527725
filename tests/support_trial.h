/* support_trial: a run of the engine again and again, with the next operation failing each time, up
 * to the run in which none does. A header only: Criterion is in here, and what drivers link has
 * none.
 *
 *     tst_trial t = {.most = 1000};
 *     while (tst_again(&t)) {
 *         ... sets t.c and makes operation t.n fail ...
 *         t.st = hst_run(&t.h, &t.c, ...);
 *         if (t.st != FU_OK)
 *             ... what must hold ...
 *     }
 *     ... t.n runs were needed ...
 */
#ifndef TST_SUPPORT_TRIAL_H
#define TST_SUPPORT_TRIAL_H
#include <criterion/criterion.h>

#include "support_host.h"

typedef struct tst_trial {
    long most; /* so many failures would be too many */
    long n;    /* number of the run from 0; in the end, how many there were */
    bool begun;
    hst h;
    hst_case c;
    fu_error e;
    fu_status st;
} tst_trial;

/* Frees the last run; false when it was a good one, else the host of the next is ready. */
static inline bool tst_again(tst_trial *t)
{
    if (t->begun) {
        hst_case_free(&t->c);
        hst_free(&t->h);
        cr_assert_lt(t->n, t->most);
        t->n++;
        if (t->st == FU_OK)
            return false;
    }
    t->begun = true;
    memset(&t->e, 0, sizeof t->e);
    hst_init(&t->h);
    return true;
}

#endif
