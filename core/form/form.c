#include "form/form.h"

#include "form/check_js.h"
#include "form/files_js.h"
#include "form/form_css.h"
#include "form/form_html.h"
#include "form/form_js.h"
#include "report/page_css.h"

#define SPAN(array) fu_span_of((array), sizeof(array))

static size_t find(fu_span s, fu_span part)
{
    for (size_t i = 0; i + part.n <= s.n; i++)
        if (memcmp(s.p + i, part.p, part.n) == 0)
            return i;
    return s.n;
}

static fu_status put(const fu_stream *to, fu_span s, fu_error *e)
{
    return fu_write_all(to, s.p, s.n, e);
}

/* In a string of JSON, and '<' stands nowhere else, it may be written as a number. */
static fu_status put_json(const fu_stream *to, fu_span s, fu_error *e)
{
    static const char LESS[] = "\\u003c";
    fu_status st = FU_OK;
    while (st == FU_OK && s.n) {
        const unsigned char *less = memchr(s.p, '<', s.n);
        size_t n = less ? (size_t)(less - s.p) : s.n, skip = less ? n + 1 : n;
        if (n)
            st = put(to, fu_span_of(s.p, n), e);
        if (st == FU_OK && less)
            st = fu_write_all(to, LESS, sizeof LESS - 1, e);
        s = fu_span_of(s.p + skip, s.n - skip);
    }
    return st;
}

/* What stands in the place of a mark of form.html. */
static const struct {
    const char *mark;
    fu_span parts[3];
} PARTS[] = {
    {"/*STYLE*/", {{fu_page_css, sizeof fu_page_css}, {fu_form_css, sizeof fu_form_css}}},
    {"/*POLICY*/", {{NULL, 0}}},
    {"/*SCRIPT*/",
     {{fu_check_js, sizeof fu_check_js},
      {fu_files_js, sizeof fu_files_js},
      {fu_form_js, sizeof fu_form_js}}},
};

static fu_status put_page(const fu_stream *to, fu_span policy, fu_error *e)
{
    fu_span rest = SPAN(fu_form_html);
    fu_status st = FU_OK;
    for (size_t i = 0; st == FU_OK && i < sizeof PARTS / sizeof PARTS[0]; i++) {
        fu_span mark = fu_span_str(PARTS[i].mark);
        size_t at = find(rest, mark);
        if (at == rest.n)
            return fu_fail(e, FU_E_FATAL, "", "入力ページの部品がそろっていません。",
                           "a mark is missing in form.html");
        st = put(to, fu_span_of(rest.p, at), e);
        rest = fu_span_of(rest.p + at + mark.n, rest.n - at - mark.n);
        if (st == FU_OK && !PARTS[i].parts[0].n)
            st = put_json(to, policy, e);
        for (size_t k = 0; k < 3 && st == FU_OK && PARTS[i].parts[k].n; k++)
            st = put(to, PARTS[i].parts[k], e);
    }
    return st == FU_OK ? put(to, rest, e) : st;
}

fu_status fu_form_page(const fu_mem *mem, const fu_stream *to, const fu_form_edition *edition,
                       fu_error *e)
{
    fu_buf policy;
    fu_status st;
    fu_buf_init(&policy, mem, FU_FORM_POLICY_MAX);
    st = fu_form_policy(&policy, edition);
    if (st == FU_OK)
        st = put_page(to, fu_buf_view(&policy), e);
    else if (st == FU_E_LIMIT)
        st = fu_fail_limit(e, "FU_FORM_POLICY_MAX", FU_FORM_POLICY_MAX);
    else
        st = fu_fail_nomem(e);
    fu_buf_free(&policy);
    return st;
}
