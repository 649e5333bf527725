/* insurer: what a 保険者番号 says about itself.
 *
 * Invariants
 *   - numbers are ASCII; callers strip the blanks of the claim file's padding first
 *   - 77777777, 77777779 and all nines are no insurers: no 法別番号, no payer; whether their last
 *     digit fits says nothing
 */
#ifndef FU_RULES_INSURER_H
#define FU_RULES_INSURER_H
#include "base/span.h"

#define FU_FUSHO_NUMBER "77777777"       /* 事務連絡 2023-07-19 1③ */
#define FU_FUSHO_NUMBER_ALT "77777779"   /* 疑義解釈 2023-09-15 問8 */
#define FU_FUSHO_BANGO "777777777"       /* nine sevens */
#define FU_FUSHO_BANGO_KOUKI "77777777"  /* eight sevens: 後期 */

#define FU_INSURER_DIGITS 8u        /* 法別番号 2, 都道府県 2, 保険者別 3, 検証番号 1 */
#define FU_INSURER_KOKUHO_DIGITS 6u /* 国保: without 法別番号 */
#define FU_INSURER_KOUKI "39"       /* 法別番号 of 後期 */

bool fu_insurer_is_fusho(fu_span number);    /* 77777777 or 77777779 */
bool fu_insurer_is_disaster(fu_span number); /* only nines */
/* The check digit that fits the digits before the last; -1 unless the number is all digits. */
int fu_insurer_check_digit(fu_span number);
bool fu_insurer_is_kouki(fu_span number);    /* 8 digits, 法別番号 39 */
/* 審査支払機関: 1 支払基金, 2 国保連, 0 = the number does not say. */
int fu_insurer_payer(fu_span number);
/* Name of its 法別番号; "国保" for 6 digits; "" unknown. */
const char *fu_insurer_kind(fu_span number);
const char *fu_payer_name(int payer);        /* 支払基金, 国保連, 不明 */

#endif
