/* The ledger: journals as evidence, shown in every format; and its reader of JSON objects. Parts of
 * the input are journals (sections.h). */
#include <stdio.h>

#include "ledger/json_read.h"
#include "sections.h"
#include "../support_host.h"

static bool member(void *ctx, fu_span key, const fu_json_value *v)
{
    fu_buf b;
    (void)ctx, (void)key;
    fu_buf_init(&b, &fu_mem_libc, (size_t)16 << 20);
    if (v->kind == FU_JSON_TEXT) {
        fz_must(fu_json_unescape(&b, v->raw) == FU_OK, "an accepted text can be unescaped");
        fz_must(fz_is_utf8(fu_buf_view(&b)), "an accepted text is UTF-8");
        fz_must(b.n == 0 || !memchr(b.p, '\0', b.n), "an accepted text has no NUL");
    }
    fu_buf_free(&b);
    return true;
}

/* Lines as JSON objects, also those of journals. */
static void json(fu_span in)
{
    while (in.n) {
        const unsigned char *lf = memchr(in.p, '\n', in.n);
        size_t n = lf ? (size_t)(lf - in.p) : in.n, skip = n + (lf != NULL);
        const unsigned char *at = n ? memchr(in.p, '{', n) : NULL;
        if (at)
            fu_json_read(fu_span_of(at, n - (size_t)(at - in.p)), member, NULL);
        in = fu_span_of(in.p + skip, in.n - skip);
    }
}

static fu_status show(hst_case *c, const char *options, const char *format)
{
    hst host;
    fu_error e;
    fu_status st;
    fu_span listing;
    hst_init(&host);
    host.libc = !fz_strict(c->evidence[0].n);
    memset(&e, 0, sizeof e);
    st = hst_run(&host, c, FU_LEDGER, options, &e);
    fz_must_error(st, &e);
    listing = fu_span_of(c->listing.p, c->listing.n);
    if (st == FU_OK || st == FU_FINDINGS) {
        fz_must(fz_is_utf8(listing), "a ledger is UTF-8");
        if (strcmp(format, "html") == 0)
            fz_must_be_page(listing, NULL);
        if (strcmp(format, "json") == 0)
            fz_must_be_json_lines(listing);
    }
    fz_must_be_free(&host.mem);
    hst_free(&host);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const formats[] = {"text", "json", "csv", "html"};
    static const char *const names[FZ_PARTS_MAX] = {"a", "b", "c", "d", "e", "f"};
    fz_parts p;
    hst_case c;
    fu_status first = FU_OK;
    json(fu_span_of(data, n));
    fz_split(&p, data, n);
    hst_case_init(&c);
    for (size_t i = 0; i < p.n; i++) {
        fu_buf journal, held;
        fz_sections(&journal, &held, p.v[i]);
        hst_case_evidence(&c, names[i], journal.p, journal.n);
        fu_buf_free(&journal);
        fu_buf_free(&held);
    }
    for (size_t i = 0; i < 4; i++) {
        char options[64];
        fu_status st;
        snprintf(options, sizeof options, "--today=2026-11-09\n--format=%s\n", formats[i]);
        st = show(&c, options, formats[i]);
        first = i ? first : st;
        fz_must(st == first, "every format shows the same ledger");
    }
    hst_case_free(&c);
    return 0;
}
