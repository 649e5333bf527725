#include "findings.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* A reader for what the plugin writes, not for JSON at large: one flat object a line, every string
 * closed on its line. */

typedef struct text {
    char *p;
    size_t n;
} text;

static unsigned hex4(const char *p)
{
    char digits[5];
    memcpy(digits, p, 4);
    digits[4] = '\0';
    return (unsigned)strtoul(digits, NULL, 16);
}

/* The plugin escapes quotes, backslashes and control characters only; the latter become a space. */
static char unescape(const char *p, size_t *used)
{
    *used = *p == 'u' ? 5 : 1;
    switch (*p) {
    case '"':
    case '\\':
    case '/':
        return *p;
    case 'u':
        return hex4(p + 1) < 0x80 && hex4(p + 1) >= ' ' ? (char)hex4(p + 1) : ' ';
    default:
        return ' ';
    }
}

/* The string at *at (behind its first quote), unescaped in place; *at moves behind its last. */
static text take_string(char **at, const char *end)
{
    char *p = *at, *to = p;
    text t = {p, 0};
    while (p < end && *p != '"') {
        size_t used = 1;
        if (*p == '\\' && end - p > 6) {
            *to++ = unescape(p + 1, &used);
            p += used + 1;
        } else {
            *to++ = *p++;
        }
    }
    t.n = (size_t)(to - t.p);
    *at = p < end ? p + 1 : p;
    return t;
}

static bool is(text t, const char *name)
{
    return t.n == strlen(name) && memcmp(t.p, name, t.n) == 0;
}

static void set_text(area_finding *f, text key, text value, area_code *code)
{
    const struct {
        const char *name;
        char *field;
        size_t size;
    } fields[] = {
        {"code", f->code, sizeof f->code},
        {"severity", f->severity, sizeof f->severity},
        {"record", f->record, sizeof f->record},
        {"payer_code", f->payer_code, sizeof f->payer_code},
        {"found", f->found, sizeof f->found},
        {"message", f->message, sizeof f->message},
        {"hint", f->hint, sizeof f->hint},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (is(key, fields[i].name))
            area_put_text(code, fields[i].field, fields[i].size, value.p, value.n);
}

static void set_number(area_finding *f, text key, long value, long n_headers)
{
    if (is(key, "line"))
        AREA_PUT(f->index, value > n_headers ? value - n_headers : 0);
    else if (is(key, "field"))
        AREA_PUT(f->field, value);
}

static void clear(area_finding *f)
{
    memset(f, ' ', sizeof *f);
    AREA_PUT(f->index, 0);
    AREA_PUT(f->field, 0);
}

static void fill_one(area_finding *f, char *p, const char *end, long n_headers, area_code *code)
{
    bool of_claim = true; /* not of the capture, whose lines are others */
    clear(f);
    while (p < end && *p++ == '"') {
        text key = take_string(&p, end), value;
        p++; /* : */
        if (p < end && *p == '"') {
            p++;
            value = take_string(&p, end);
            of_claim &= !is(key, "file") || is(value, "-");
            set_text(f, key, value, code);
        } else {
            set_number(f, key, strtol(p, &p, 10), of_claim ? n_headers : LONG_MAX);
        }
        p++; /* , or } */
    }
}

void findings_fill(area_findings *t, size_t max, char *lines, size_t n, long n_headers,
                   area_code *code)
{
    static const char start[] = "{\"type\":\"finding\",";
    char *end = lines + n;
    size_t total = 0;
    while (lines < end) {
        char *lf = memchr(lines, '\n', (size_t)(end - lines)), *stop = lf ? lf : end;
        size_t k = sizeof start - 1;
        if ((size_t)(stop - lines) > k && memcmp(lines, start, k) == 0) {
            if (total < max)
                fill_one(&t->finding[total], lines + k, stop, n_headers, code);
            total++;
        }
        lines = lf ? lf + 1 : end;
    }
    AREA_PUT(t->count, (long long)(total < max ? total : max));
    AREA_PUT(t->total, (long long)total);
}
