#include "text/recode.h"

#include "base/utf8.h"
#include "text/cp932.h"

#define BYTE_ORDER_MARK 0xFEFFu

static fu_status at_part(const fu_recode *r, fu_error *e)
{
    if (e) {
        e->line = r->lines + 1;
        e->byte_offset = r->taken;
    }
    return FU_E_INPUT;
}

static fu_status not_utf8(const fu_recode *r, fu_error *e)
{
    fu_fail(e, FU_E_INPUT, "F102", "UTF-8 として読めない文字があります。", "not UTF-8");
    fu_error_hint(e, "レセコンが出力した請求ファイルなら、--encoding utf-8 を外してください。");
    return at_part(r, e);
}

static fu_status not_cp932(const fu_recode *r, fu_error *e)
{
    fu_fail(e, FU_E_INPUT, "F102", "請求ファイルでは使えない文字があります。",
            "a character that CP932 does not have");
    fu_error_hint(e, "レセコンでその行の文字を入力し直し、写しを作り直してください。");
    return at_part(r, e);
}

/* How long the character is that begins with c; 1 where none does. */
static unsigned length_of(unsigned char c)
{
    return c < 0xC0 || c > 0xF4 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
}

static fu_status put_part(fu_recode *r, unsigned char *out, size_t *made, fu_error *e)
{
    size_t pos = 0, n = 0;
    uint32_t cp = fu_utf8_next(fu_span_of(r->part, r->n_part), &pos);
    if (cp == FU_UTF8_BAD)
        return not_utf8(r, e);
    if (cp != BYTE_ORDER_MARK || r->begun) {
        n = fu_cp932_put(out + *made, cp);
        if (n == 0)
            return not_cp932(r, e);
    }
    *made += n;
    r->begun = true;
    r->taken += r->n_part;
    r->lines += cp == '\n';
    r->n_part = 0;
    return FU_OK;
}

fu_status fu_recode_chunk(fu_recode *r, unsigned char *out, const unsigned char *in, size_t n,
                          size_t *made, fu_error *e)
{
    *made = 0;
    for (size_t i = 0; i < n; i++) {
        fu_status st;
        r->part[r->n_part++] = in[i];
        if (r->n_part < length_of(r->part[0]))
            continue;
        st = put_part(r, out, made, e);
        if (st != FU_OK)
            return st;
    }
    return FU_OK;
}

fu_status fu_recode_end(const fu_recode *r, fu_error *e)
{
    return r->n_part ? not_utf8(r, e) : FU_OK;
}
