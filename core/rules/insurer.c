#include "rules/insurer.h"

static const struct {
    const char *number;
    int payer;
    const char *name, *source;
} ROWS[] = {
#define FU_HOUBETSU(number, payer, name, source) {number, payer, name, source},
#include "rules/houbetsu.def"
#undef FU_HOUBETSU
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

bool fu_insurer_is_fusho(fu_span number)
{
    return fu_span_is(number, FU_FUSHO_NUMBER) || fu_span_is(number, FU_FUSHO_NUMBER_ALT);
}

bool fu_insurer_is_disaster(fu_span number)
{
    return fu_span_all(number, '9');
}

int fu_insurer_check_digit(fu_span number)
{
    int sum = 0, weight = 2;
    if (number.n < 2 || !fu_span_digits(number))
        return -1;
    for (size_t i = number.n - 1; i-- > 0; weight = 3 - weight) {
        int product = (number.p[i] - '0') * weight; /* up to 18: its digits are summed */
        sum += product > 9 ? product - 9 : product;
    }
    return (10 - sum % 10) % 10;
}

static int row_of(fu_span number)
{
    if (number.n != FU_INSURER_DIGITS || !fu_span_digits(number) || fu_insurer_is_fusho(number) ||
        fu_insurer_is_disaster(number))
        return -1;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        if (memcmp(number.p, ROWS[i].number, 2) == 0)
            return (int)i;
    return -1;
}

static bool is_kokuho(fu_span number)
{
    return number.n == FU_INSURER_KOKUHO_DIGITS && fu_span_digits(number) && !fu_insurer_is_disaster(number) &&
           !fu_span_all(number, '7');
}

bool fu_insurer_is_kouki(fu_span number)
{
    return row_of(number) >= 0 && memcmp(number.p, FU_INSURER_KOUKI, 2) == 0;
}

int fu_insurer_payer(fu_span number)
{
    int i = row_of(number);
    if (is_kokuho(number))
        return 2;
    return i >= 0 ? ROWS[i].payer : 0;
}

const char *fu_insurer_kind(fu_span number)
{
    int i = row_of(number);
    if (is_kokuho(number))
        return "国保";
    return i >= 0 ? ROWS[i].name : "";
}

const char *fu_payer_name(int payer)
{
    return payer == 1 ? "支払基金" : payer == 2 ? "国保連" : "不明";
}
