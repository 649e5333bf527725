/* date: days and months as plain integers, ages as the health insurance counts them.
 *
 * Invariants
 *   - a day is yyyymmdd, a month yyyymm, both int32_t; 0 means "none" or "not readable"
 *   - only real days of FU_YEAR_MIN to FU_YEAR_MAX are days
 *   - none in, none out: every function here gives 0 (false) for a day or month that is 0
 *   - nothing here knows what today is
 */
#ifndef FU_BASE_DATE_H
#define FU_BASE_DATE_H
#include "base/span.h"

#define FU_REIWA_FIRST_DAY 20190501
#define FU_YEAR_MIN 1868
#define FU_YEAR_MAX 2200

int32_t fu_day_make(int y, int m, int d); /* 0 if there is no such day */
int32_t fu_day_from_digits(fu_span s);    /* yyyymmdd, or GYYMMDD of older claim files */
int32_t fu_month_from_digits(fu_span s);  /* yyyymm, or GYYMM */
int32_t fu_day_from_iso(fu_span s);       /* yyyy-mm-dd, also followed by Thh:mm[:ss] */
int32_t fu_day_from_any(fu_span s);       /* yyyy-mm-dd, yyyy/m/d, yyyymmdd, 和暦 as R8.11.2 */
int32_t fu_day_month(int32_t day);        /* its month */
int32_t fu_month_add(int32_t month, int n);
int fu_days_in_month(int32_t month);
int32_t fu_day_add(int32_t day, int n);
/* Days from one day to another; below 0 when `to` is the earlier, 0 when one of them is none. */
int fu_days_between(int32_t from, int32_t to);

/* The first month in which somebody born on `birth` counts as 高齢受給者 of `years` (70): the month
 * after the birthday's, the birthday's own for those born on the 1st. */
int32_t fu_age_month(int32_t birth, int years);
/* True when the birthday `years` falls into or before `month` (後期: 75). */
bool fu_age_in_month(int32_t birth, int years, int32_t month);

/* That day of the month `months` after the day's own, whatever its day; 0 for 0. */
int32_t fu_deadline(int32_t day, int months, int day_of_month);

#endif
