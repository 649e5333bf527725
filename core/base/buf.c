#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>

void fu_buf_init(fu_buf *b, const fu_mem *mem, size_t max)
{
    memset(b, 0, sizeof *b);
    b->mem = mem;
    b->max = max;
}

void fu_buf_free(fu_buf *b)
{
    fu_free(b->mem, b->p, b->cap);
    fu_buf_init(b, b->mem, b->max);
}

void fu_buf_reset(fu_buf *b)
{
    b->n = 0;
    b->status = FU_OK;
}

static fu_status grow(fu_buf *b, size_t need)
{
    size_t cap = b->cap ? b->cap : 256;
    void *p;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    p = fu_resize(b->mem, b->p, b->cap, cap);
    if (!p)
        return b->status = FU_E_NOMEM;
    b->p = p;
    b->cap = cap;
    return FU_OK;
}

fu_status fu_buf_add(fu_buf *b, const void *p, size_t n)
{
    if (b->status != FU_OK || n == 0)
        return b->status;
    if (n > b->max || b->n > b->max - n)
        return b->status = FU_E_LIMIT;
    if (b->n + n > b->cap && grow(b, b->n + n) != FU_OK)
        return b->status;
    memcpy(b->p + b->n, p, n);
    b->n += n;
    return FU_OK;
}

fu_status fu_buf_span(fu_buf *b, fu_span s)
{
    return fu_buf_add(b, s.p, s.n);
}

fu_status fu_buf_str(fu_buf *b, const char *s)
{
    return s ? fu_buf_add(b, s, strlen(s)) : b->status;
}

fu_status fu_buf_char(fu_buf *b, unsigned char c)
{
    return fu_buf_add(b, &c, 1);
}

fu_status fu_buf_uint(fu_buf *b, uint64_t v)
{
    char tmp[24];
    size_t i = sizeof tmp;
    do {
        tmp[--i] = (char)('0' + v % 10);
        v /= 10;
    } while (v);
    return fu_buf_add(b, tmp + i, sizeof tmp - i);
}

fu_status fu_buf_fmt(fu_buf *b, const char *fmt, ...)
{
    char tmp[1024];
    va_list ap;
    int n;
    if (b->status != FU_OK)
        return b->status;
    va_start(ap, fmt);
    n = vsnprintf(tmp, sizeof tmp, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof tmp)
        return b->status = FU_E_LIMIT;
    return fu_buf_add(b, tmp, (size_t)n);
}

void fu_buf_drop_front(fu_buf *b, size_t n)
{
    if (n > b->n)
        n = b->n;
    if (n && b->n > n)
        memmove(b->p, b->p + n, b->n - n);
    b->n -= n;
}

const char *fu_buf_cstr(fu_buf *b)
{
    if (b->n == b->cap && grow(b, b->n + 1) != FU_OK)
        return "";
    b->p[b->n] = '\0';
    return (const char *)b->p;
}
