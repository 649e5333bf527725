#include "base/error.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

void fu_copy_text(char *dst, uint64_t dst_size, const char *src)
{
    fu_span s = fu_span_str(src);
    size_t n;
    if (dst_size == 0)
        return;
    n = fu_utf8_cut(s, (size_t)dst_size - 1);
    if (n)
        memcpy(dst, s.p, n);
    dst[n] = '\0';
}

fu_status fu_fail(fu_error *e, fu_status status, const char *code, const char *message_ja,
                  const char *message_en)
{
    if (e) {
        memset(e, 0, sizeof *e);
        e->status = status;
        fu_copy_text(e->code, sizeof e->code, code);
        fu_copy_text(e->message_ja, sizeof e->message_ja, message_ja);
        fu_copy_text(e->message_en, sizeof e->message_en, message_en);
    }
    return status;
}

/* What a limit counts, in Japanese; NULL = not in the table. */
static const char *limit_meaning(const char *name)
{
    static const char *const rows[][2] = {
#define FU_LIMIT(name, ja) {#name, ja},
#include "base/limits.def"
#undef FU_LIMIT
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(rows[i][0], name) == 0)
            return rows[i][1];
    return NULL;
}

fu_status fu_fail_limit(fu_error *e, const char *limit_name, uint64_t limit)
{
    char ja[256], en[256];
    const char *what = limit_meaning(limit_name);
    snprintf(ja, sizeof ja, "%s%s上限 %s (%llu) を超えています。", what ? what : "",
             what ? "が" : "", limit_name, (unsigned long long)limit);
    snprintf(en, sizeof en, "limit %s (%llu) exceeded", limit_name, (unsigned long long)limit);
    fu_fail(e, FU_E_LIMIT, "F113", ja, en);
    fu_error_hint(e, "ファイルが壊れていないか、正しいファイルかを確かめてください。");
    return FU_E_LIMIT;
}

fu_status fu_fail_nomem(fu_error *e)
{
    fu_fail(e, FU_E_NOMEM, "", "メモリーが足りません。", "out of memory");
    fu_error_hint(e, "ほかのプログラムを終了してから、もう一度実行してください。");
    return FU_E_NOMEM;
}

void fu_error_hint(fu_error *e, const char *hint_ja)
{
    if (e)
        fu_copy_text(e->hint_ja, sizeof e->hint_ja, hint_ja);
}

void fu_error_file(fu_error *e, const char *file)
{
    if (e && !e->file[0])
        fu_copy_text(e->file, sizeof e->file, file);
}

const char *fu_foreign_text(char *text, uint64_t size, const char *otherwise)
{
    text[size - 1] = '\0';
    return *text && fu_utf8_valid(fu_span_str(text)) ? text : otherwise;
}
