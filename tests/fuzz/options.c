/* The options of a session, as text. */
#include "engine/options.h"
#include "fuzz.h"
#include "../support_host.h"

/* The same lines with CRLF and an empty line between them mean the same. */
static void must_be_lines(fu_span text, const fu_options *o)
{
    fu_options same;
    fu_error e;
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, FU_OPTIONS_BYTES_MAX);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n' && (i == 0 || text.p[i - 1] != '\r'))
            fu_buf_str(&b, "\r\n");
        fu_buf_char(&b, text.p[i]);
    }
    if (b.status == FU_OK) {
        fz_must(fu_options_read(&same, fu_buf_view(&b), &e) == FU_OK, "CRLF is a line end");
        fz_must(same.format == o->format && same.jobs == o->jobs && same.mask == o->mask &&
                    same.policy.today == o->policy.today && same.utf8 == o->utf8,
                "CRLF changes nothing");
    }
    fu_buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fu_span text = fu_span_of(data, n);
    fu_options o;
    fu_error e;
    fu_status st;
    fu_session *s = NULL;
    fu_host host;
    hst h;
    memset(&e, 0, sizeof e);
    st = fu_options_read(&o, text, &e);
    fz_must_error(st, &e);
    fz_must(st != FU_OK || (o.jobs >= 1 && o.jobs <= FU_JOBS_MAX), "jobs keep to their limit");
    fz_must(st != FU_OK || o.lang, "there is a language");
    if (st == FU_OK)
        must_be_lines(text, &o);
    hst_init(&h);
    h.libc = !fz_strict(n);
    host = hst_host(&h);
    fz_must(fu_session_open(&s, &host, text, &e) == st, "a session takes the same options");
    fz_must((s != NULL) == (st == FU_OK), "no session after a failure");
    fu_session_close(s);
    fz_must_be_free(&h.mem);
    hst_free(&h);
    return 0;
}
