/* CP932, width, what a field may hold, and escaping for reports: any bytes at all. */
#include "fuzz.h"
#include "report/escape.h"
#include "text/cp932.h"
#include "text/field.h"
#include "text/width.h"

#define TEXT_MAX ((size_t)32 << 20)

typedef fu_status change(fu_buf *out, fu_span in);

static fu_status from_utf8(fu_buf *out, fu_span in)
{
    return fu_cp932_from_utf8(out, in, NULL);
}

/* Done once, and again on what came out. */
static void twice(change *f, fu_span in, bool utf8, const char *property)
{
    tst_mem mem = TST_MEM_INIT;
    fu_mem m = fz_mem(&mem, in.n);
    fu_buf once, again;
    fu_buf_init(&once, &m, TEXT_MAX);
    fu_buf_init(&again, &m, TEXT_MAX);
    fz_must(f(&once, in) == FU_OK && f(&again, fu_buf_view(&once)) == FU_OK, "there is room");
    fz_must(!utf8 || fz_is_utf8(fu_buf_view(&once)), "what comes out is UTF-8");
    if (property)
        fz_must(fu_span_eq(fu_buf_view(&once), fu_buf_view(&again)), property);
    fu_buf_free(&once);
    fu_buf_free(&again);
    fz_must_be_free(&mem);
}

static void decoding(fu_span s, const fu_mem *m)
{
    fu_buf utf8, back, again;
    size_t bad = fu_cp932_first_bad(s), at = 0;
    fu_buf_init(&utf8, m, TEXT_MAX);
    fu_buf_init(&back, m, TEXT_MAX);
    fu_buf_init(&again, m, TEXT_MAX);
    while (at < s.n) {
        size_t was = at;
        uint32_t c = fu_cp932_next(s, &at);
        fz_must(at > was && at <= s.n, "decoding goes on");
        fz_must(c != FU_CP932_BAD || at == was + 1, "what is no character is one byte");
        fz_must((c == FU_CP932_BAD) == (bad == was) || was > bad,
                "the first bad byte is the first");
    }
    fz_must(fu_cp932_to_utf8(&utf8, s) == FU_OK, "there is room");
    fz_must(fz_is_utf8(fu_buf_view(&utf8)), "shown is UTF-8");
    fu_cp932_from_utf8(&back, fu_buf_view(&utf8), NULL);
    fz_must(fu_cp932_first_bad(fu_buf_view(&back)) == FU_NO_BAD_BYTE, "written is CP932");
    fu_buf_reset(&utf8);
    fu_cp932_to_utf8(&utf8, fu_buf_view(&back));
    fu_cp932_from_utf8(&again, fu_buf_view(&utf8), NULL);
    fz_must(fu_span_eq(fu_buf_view(&back), fu_buf_view(&again)), "there and back is the same");
    fu_buf_free(&utf8);
    fu_buf_free(&back);
    fu_buf_free(&again);
}

static void fields(fu_span s)
{
    for (int mode = FU_MODE_ANY; mode <= FU_MODE_AK; mode++)
        fz_must(fu_mode_fits(s, (fu_mode)mode) || (s.n > 0 && mode != FU_MODE_ANY),
                "empty fits, and everything fits what is not known");
    fz_must(!fu_mode_fits(s, FU_MODE_N) || fu_mode_fits(s, FU_MODE_A), "a number is 英数");
    fz_must(!fu_mode_fits(s, FU_MODE_K) || fu_cp932_first_bad(s) == FU_NO_BAD_BYTE,
            "漢字 are characters");
    fz_must(fu_first_control(s) == SIZE_MAX || fu_first_control(s) < s.n,
            "a control byte is inside");
}

static void escaping(fu_span s, const fu_mem *m)
{
    static change *const escapes[] = {fu_put_line, fu_put_xml, fu_put_uri};
    fu_buf out;
    fu_buf_init(&out, m, TEXT_MAX);
    for (size_t i = 0; i < 3; i++) {
        fu_buf_reset(&out);
        fz_must(escapes[i](&out, s) == FU_OK, "there is room");
        fz_must(fz_is_utf8(fu_buf_view(&out)), "escaped is UTF-8");
        if (!out.n)
            continue;
        fz_must(!memchr(out.p, '\0', out.n), "escaped holds no NUL");
        if (i == 0)
            fz_must(!memchr(out.p, '\n', out.n), "a line is one line");
        else
            fz_must(!memchr(out.p, '<', out.n) && !memchr(out.p, '"', out.n),
                    "escaped is harmless");
    }
    fu_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    tst_mem mem = TST_MEM_INIT;
    fu_mem m = fz_mem(&mem, n);
    fz_parts p;
    fz_split(&p, data, n);
    for (size_t i = 0; i < p.n; i++) {
        fu_span s = p.v[i], other = p.v[(i + 1) % p.n];
        decoding(s, &m);
        fields(s);
        escaping(s, &m);
        twice(fu_widen, s, true, "widening again changes nothing");
        twice(fu_narrow, s, true, "narrowing again changes nothing");
        twice(fu_fold_width, s, true, "folding the width again changes nothing");
        twice(fu_fold_name, s, true, NULL);
        twice(from_utf8, s, false, NULL);
        fz_must(fu_name_match(s, other) == fu_name_match(other, s), "names match both ways");
        fz_must(fu_width_match(s, other) == fu_width_match(other, s), "widths match both ways");
        fz_must(fu_width_match(s, s), "a text is its own width");
        fz_must(fu_text_length(s) <= s.n, "no more characters than bytes");
        fu_has_full_width(s);
    }
    fz_must_be_free(&mem);
    return 0;
}
