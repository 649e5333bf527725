#include "base/date.h"

/* Letter and the year before the first of each era, indexed by the era digit of old claim files. */
static const char ERA_LETTERS[] = " "
#define FU_ERA(id, letter, ja, first_day, source) letter
#include "base/eras.def"
#undef FU_ERA
    ;
static const int ERA_BASE[] = {
    0,
#define FU_ERA(id, letter, ja, first_day, source) (first_day) / 10000 - 1,
#include "base/eras.def"
#undef FU_ERA
};

/* 0 where there is no such era or year: years count from 1 and have two digits. */
static int era_year(uint64_t era, uint64_t year)
{
    if (era < 1 || era >= sizeof ERA_BASE / sizeof ERA_BASE[0] || year < 1 || year > 99)
        return 0;
    return ERA_BASE[era] + (int)year;
}

int fu_days_in_month(int32_t month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int y = month / 100, m = month % 100;
    if (m < 1 || m > 12)
        return 0;
    return days[m - 1] + (m == 2 && (y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)));
}

static bool in_range(int32_t month)
{
    return month / 100 >= FU_YEAR_MIN && month / 100 <= FU_YEAR_MAX;
}

int32_t fu_day_make(int y, int m, int d)
{
    if (y < FU_YEAR_MIN || y > FU_YEAR_MAX || m < 1 || m > 12 || d < 1)
        return 0;
    if (d > fu_days_in_month(y * 100 + m))
        return 0;
    return y * 10000 + m * 100 + d;
}

int32_t fu_day_from_digits(fu_span s)
{
    uint64_t v;
    int y;
    if (!fu_span_number(s, &v) || (s.n != 7 && s.n != 8))
        return 0;
    y = s.n == 8 ? (int)(v / 10000) : era_year(v / 1000000, v / 10000 % 100);
    return fu_day_make(y, (int)(v / 100 % 100), (int)(v % 100));
}

int32_t fu_month_from_digits(fu_span s)
{
    uint64_t v;
    int y;
    if (!fu_span_number(s, &v) || (s.n != 5 && s.n != 6))
        return 0;
    y = s.n == 6 ? (int)(v / 100) : era_year(v / 10000, v / 100 % 100);
    return fu_day_make(y, (int)(v % 100), 1) / 100;
}

/* Reads up to `max` digits from *s. */
static bool take_number(fu_span *s, size_t max, int *out)
{
    size_t i = 0;
    int v = 0;
    while (i < s->n && i < max && s->p[i] >= '0' && s->p[i] <= '9')
        v = v * 10 + (s->p[i++] - '0');
    if (i > 0)
        s->p += i;
    s->n -= i;
    *out = v;
    return i > 0;
}

static bool take_char(fu_span *s, const char *any)
{
    if (s->n == 0 || !s->p[0] || !strchr(any, s->p[0]))
        return false;
    s->p++;
    s->n--;
    return true;
}

int32_t fu_day_from_iso(fu_span s)
{
    int y, m, d;
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || !take_number(&s, 4, &y) ||
        !take_char(&s, "-") || !take_number(&s, 2, &m) || !take_char(&s, "-") ||
        !take_number(&s, 2, &d))
        return 0;
    if (s.n && s.p[0] != 'T' && s.p[0] != ' ')
        return 0;
    return fu_day_make(y, m, d);
}

int32_t fu_day_from_any(fu_span s)
{
    const char *era;
    int y, m, d;
    size_t number = 0;
    s = fu_span_trim(s);
    if (s.n == 8 && fu_span_digits(s))
        return fu_day_from_digits(s);
    if (s.n && s.p[0] && (era = strchr(&ERA_LETTERS[1], s.p[0] & ~0x20)) != NULL) {
        number = (size_t)(era - ERA_LETTERS);
        s.p++;
        s.n--;
    }
    if (!take_number(&s, 4, &y) || !take_char(&s, "-/.") || !take_number(&s, 2, &m) ||
        !take_char(&s, "-/.") || !take_number(&s, 2, &d))
        return 0;
    if (s.n && s.p[0] != 'T' && s.p[0] != ' ')
        return 0;
    return fu_day_make(number ? era_year(number, (uint64_t)y) : y, m, d);
}

int32_t fu_day_month(int32_t day)
{
    return day / 100;
}

int32_t fu_month_add(int32_t month, int n)
{
    int k = month / 100 * 12 + month % 100 - 1 + n;
    return month <= 0 || k < 12 ? 0 : k / 12 * 100 + k % 12 + 1;
}

int32_t fu_day_add(int32_t day, int n)
{
    int32_t month = day / 100;
    int d = day % 100 + n;
    while (d < 1 && in_range(month)) {
        month = fu_month_add(month, -1);
        d += fu_days_in_month(month);
    }
    while (d > fu_days_in_month(month) && in_range(month)) {
        d -= fu_days_in_month(month);
        month = fu_month_add(month, 1);
    }
    return in_range(month) ? month * 100 + d : 0;
}

/* Days since a day before all others (Gregorian, years begin in March). */
static int day_number(int32_t day)
{
    int y = day / 10000, m = day / 100 % 100;
    if (m < 3) {
        y--;
        m += 12;
    }
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m - 3) + 2) / 5 + day % 100;
}

int fu_days_between(int32_t from, int32_t to)
{
    return from && to ? day_number(to) - day_number(from) : 0;
}

int32_t fu_age_month(int32_t birth, int years)
{
    int32_t birthday_month = birth / 100 + years * 100;
    if (birth <= 0)
        return 0;
    return birth % 100 == 1 ? birthday_month : fu_month_add(birthday_month, 1);
}

bool fu_age_in_month(int32_t birth, int years, int32_t month)
{
    return birth > 0 && birth / 100 + years * 100 <= month;
}

int32_t fu_deadline(int32_t day, int months, int day_of_month)
{
    return day > 0 ? fu_month_add(day / 100, months) * 100 + day_of_month : 0;
}
