#include "posix_io.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Length of the UTF-8 character at p, 0 where there is none (also for control characters). */
static size_t shown_char(const unsigned char *p)
{
    static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t cp;
    size_t n, i;
    if (p[0] < 0x80)
        return p[0] >= 0x20 && p[0] != 0x7f;
    n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    cp = p[0] & (0xffu >> (n + 1));
    for (i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3fu);
    }
    if (cp < least[n] || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
        return 0;
    if (cp < 0xa0 || cp == 0x2028 || cp == 0x2029 || (cp >= 0x202a && cp <= 0x202e))
        return 0; /* C1 controls, line separators, direction overrides */
    return n;
}

size_t posix_shown_name(char *dst, size_t size, const char *name)
{
    const unsigned char *p = (const unsigned char *)name;
    size_t at = 0;
    if (size == 0)
        return 0;
    while (*p) {
        size_t n = shown_char(p);
        if (at + (n ? n : 1) >= size)
            break;
        if (n)
            memcpy(dst + at, p, n);
        else
            dst[at] = '?';
        at += n ? n : 1;
        p += n ? n : 1;
    }
    dst[at] = '\0';
    return at;
}

int posix_is_shown(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        size_t n = shown_char(p);
        if (n == 0)
            return 0;
        p += n;
    }
    return 1;
}

fusho_status posix_fail(fusho_error *err, fusho_status status, const char *code, const char *file,
                        const char *message_ja, const char *message_en)
{
    if (err) {
        uint32_t size = err->struct_size;
        memset(err, 0, sizeof *err);
        err->struct_size = size;
        err->status = status;
        posix_shown_name(err->code, sizeof err->code, code);
        posix_shown_name(err->file, sizeof err->file, file);
        posix_shown_name(err->message_ja, sizeof err->message_ja, message_ja);
        posix_shown_name(err->message_en, sizeof err->message_en, message_en);
    }
    return status;
}

void posix_hint(fusho_error *err, const char *hint_ja)
{
    if (err)
        posix_shown_name(err->hint_ja, sizeof err->hint_ja, hint_ja);
}

static const struct {
    int value;
    const char *ja, *en;
} reasons[] = {
#define POSIX_REASON(value, ja, en) {value, ja, en},
#include "posix_reasons.def"
#undef POSIX_REASON
};

fusho_status posix_fail_errno(fusho_error *err, fusho_status status, const char *code,
                              const char *file, const char *message_ja, const char *message_en,
                              int errno_value)
{
    char ja[512], en[256], number[32], number_ja[48];
    const char *why_ja = number_ja, *why_en = number;
    size_t i;
    snprintf(number, sizeof number, "errno %d", errno_value);
    snprintf(number_ja, sizeof number_ja, "システムの理由番号 %d", errno_value);
    for (i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (reasons[i].value == errno_value) {
            why_ja = reasons[i].ja;
            why_en = reasons[i].en;
            break;
        }
    }
    snprintf(ja, sizeof ja, "%s（%s）。", message_ja, why_ja);
    snprintf(en, sizeof en, "%s: %s", message_en, why_en);
    return posix_fail(err, status, code, file, ja, en);
}
