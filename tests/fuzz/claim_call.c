/* The claim call: header, records and one evidence file are the parts of the input, and options,
 * where there is a fourth. What it gives is what a whole file of the two gives. */
#include "fuzz.h"
#include "../support_host.h"

#define OPTIONS "--today=2026-11-09\n--format=json\n--verbose\n"

typedef struct result {
    fu_status st;
    fu_error e;
    tst_file out, listing;
    fu_claim_job job;
} result;

/* False: the session takes no such options. */
static bool call(result *r, const fz_parts *p, const char *options)
{
    static const tst_file none = TST_FILE_INIT;
    static const fu_span nothing = {NULL, 0};
    hst host;
    fu_session *s = NULL;
    fu_stream out, listing;
    memset(r, 0, sizeof *r);
    r->out = r->listing = none;
    out = tst_stream(&r->out);
    listing = tst_stream(&r->listing);
    hst_init(&host);
    host.libc = !fz_strict(p->v[0].n);
    r->st = hst_open(&host, options, &s, &r->e);
    if (r->st != FU_OK) {
        fz_must_error(r->st, &r->e);
        fz_must_be_free(&host.mem);
        hst_free(&host);
        return false;
    }
    r->job.header = p->v[0];
    r->job.records = p->n > 1 ? p->v[1] : nothing;
    r->job.evidence = p->n > 2 ? p->v[2] : nothing;
    r->job.output = &out;
    r->job.listing = &listing;
    r->st = fu_session_claim(s, &r->job, &r->e);
    fz_must_error(r->st, &r->e);
    fu_session_close(s);
    fz_must_be_free(&host.mem);
    hst_free(&host);
    return true;
}

/* With any options, formats that the call has no listing for among them, it may fail, and that is
 * all. */
static void with_options(const fz_parts *p)
{
    result r;
    fu_buf options;
    fu_buf_init(&options, &fu_mem_libc, (size_t)1 << 20);
    fu_buf_str(&options, "--today=2026-11-09\n");
    fu_buf_span(&options, p->v[3]);
    if (options.status == FU_OK) {
        call(&r, p, fu_buf_cstr(&options));
        tst_file_free(&r.out);
        tst_file_free(&r.listing);
    }
    fu_buf_free(&options);
}

static void whole(const result *r, const fz_parts *p)
{
    hst host;
    hst_case c;
    fu_error e;
    fu_status st;
    fu_buf all;
    const tst_file *out;
    size_t head = p->v[0].n;
    hst_init(&host);
    host.libc = !fz_strict(p->v[0].n);
    hst_case_init(&c);
    memset(&e, 0, sizeof e);
    fu_buf_init(&all, &fu_mem_libc, (size_t)64 << 20);
    fu_buf_span(&all, p->v[0]);
    fu_buf_span(&all, p->v[1]);
    hst_case_input(&c, all.p, all.n);
    if (p->n > 2 && p->v[2].n)
        hst_case_evidence(&c, "-", p->v[2].p, p->v[2].n);
    st = hst_run(&host, &c, FU_APPLY, OPTIONS, &e);
    fz_must_error(st, &e);
    out = &host.role[FU_ROLE_OUTPUT].done;
    if (st == FU_OK || st == FU_FINDINGS) {
        fz_must(out->n >= head && fu_span_eq(fu_span_of(out->p, head), p->v[0]),
                "a header is never edited");
        fz_must(hst_same(&r->out, out->p + head, out->n - head), "the same as of a whole file");
    }
    fu_buf_free(&all);
    fz_must_be_free(&host.mem);
    hst_case_free(&c);
    hst_free(&host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    fz_parts p;
    result r;
    fz_split(&p, data, n);
    if (p.n > 3) {
        with_options(&p);
        return 0;
    }
    fz_must(call(&r, &p, OPTIONS), "the session opens");
    if (r.st == FU_OK || r.st == FU_FINDINGS) {
        fz_must_be_json_lines(fu_span_of(r.listing.p, r.listing.n));
        fz_must(r.job.edits > 0 || fu_span_eq(fu_span_of(r.out.p, r.out.n), p.v[1]),
                "no edit, no change");
        whole(&r, &p);
    }
    tst_file_free(&r.out);
    tst_file_free(&r.listing);
    return 0;
}
