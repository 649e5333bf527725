#include "area.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

long area_number(const char *field, size_t n)
{
    long v = 0;
    size_t i = 0;
    while (i < n && field[i] == ' ')
        i++;
    for (; i < n; i++) {
        if (field[i] < '0' || field[i] > '9')
            return -1;
        v = 10 * v + (field[i] - '0');
    }
    return v;
}

void area_put_number(char *field, size_t n, long long value)
{
    for (size_t i = n; i-- > 0; value /= 10)
        field[i] = (char)('0' + value % 10);
    if (value > 0)
        memset(field, '9', n);
}

long area_length(const char *len, const char *text, size_t size)
{
    long n = area_number(len, AREA_COUNT);
    if (n < 0 || (size_t)n > size)
        return -1;
    if (n == 0) {
        n = (long)size;
        while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == '\0'))
            n--;
    }
    return n;
}

char *area_record_len(const area_table *t, size_t i)
{
    return t->base + AREA_COUNT + i * (AREA_COUNT + t->text_size);
}

char *area_record_text(const area_table *t, size_t i)
{
    return area_record_len(t, i) + AREA_COUNT;
}

/* ---- text ---- */

struct area_code {
    iconv_t to; /* not used for UTF-8 */
    bool utf8;
};

area_code *area_code_open(const char *name, size_t n)
{
    static const char *const names[] = {"CP932", "EUC-JP", "UTF-8"};
    while (n > 0 && name[n - 1] == ' ')
        n--;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        area_code *c;
        if (n != strlen(names[i]) || memcmp(name, names[i], n) != 0)
            continue;
        c = malloc(sizeof *c);
        if (!c)
            return NULL;
        c->utf8 = i == 2;
        /* the table that has ～ and － where CP932 has them */
        c->to = c->utf8 ? NULL : iconv_open(i == 1 ? "EUC-JP-MS" : names[i], "UTF-8");
        if (!c->utf8 && c->to == (iconv_t)-1) {
            free(c);
            return NULL;
        }
        return c;
    }
    return NULL;
}

void area_code_close(area_code *c)
{
    if (c && !c->utf8)
        iconv_close(c->to);
    free(c);
}

static size_t character(const char *p, size_t n)
{
    unsigned char c = (unsigned char)*p;
    size_t k = c < 0xC0 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return k < n ? k : n;
}

/* One character in the other encoding; 0 where it has none. */
static size_t convert(area_code *c, const char *p, size_t n, char out[8])
{
    char *from = (char *)(size_t)p, *to = out;
    size_t left = n, room = 8;
    if (c->utf8) {
        memcpy(out, p, n);
        return n;
    }
    if (iconv(c->to, &from, &left, &to, &room) == (size_t)-1) {
        iconv(c->to, NULL, NULL, NULL, NULL);
        return 0;
    }
    return 8 - room;
}

void area_put_text(area_code *c, char *field, size_t size, const char *utf8, size_t n)
{
    static const char geta[] = "〓";
    size_t used = 0;
    while (n > 0) {
        char out[8];
        size_t k = character(utf8, n), m = convert(c, utf8, k, out);
        if (m == 0)
            m = convert(c, geta, sizeof geta - 1, out);
        if (m > size - used)
            break;
        memcpy(field + used, out, m);
        used += m;
        utf8 += k;
        n -= k;
    }
    memset(field + used, ' ', size - used);
}
