/* A whole apply: a claim file, then evidence and options, each a part of the input. */
#include "fuzz.h"

#include <stdlib.h>

#include "../support_host.h"
#include "uke/reader.h"

#define DAY "--today=2026-11-09\n"
#define EDITED_MAX 4096u
#define PAGE_MAX ((size_t)64 << 20)

typedef struct run {
    hst host;
    fu_error e;
    fu_status st;
} run;

static void start(run *r, hst_case *c, fu_verb verb, const char *options)
{
    hst_init(&r->host);
    r->host.libc = !fz_strict(c->in.n);
    memset(&r->e, 0, sizeof r->e);
    r->st = hst_run(&r->host, c, verb, options, &r->e);
    fz_must_error(r->st, &r->e);
    fz_must_be_free(&r->host.mem);
    for (int i = 0; i < FU_ROLES; i++) {
        fz_must(!r->host.role[i].open, "what was begun is over");
        fz_must(r->st >= 0 || !r->host.role[i].visible, "of a refused file nothing is committed");
    }
}

static bool done(const run *r)
{
    return r->st == FU_OK || r->st == FU_FINDINGS;
}

static const tst_file *output(const run *r)
{
    return &r->host.role[FU_ROLE_OUTPUT].done;
}

static fu_span page_of(const run *r)
{
    const tst_file *page = &r->host.role[FU_ROLE_REPORT].done;
    return fu_span_of(page->p, page->n);
}

static void alone(const hst_case *all)
{
    run r;
    hst_case c;
    hst_case_init(&c);
    hst_case_input(&c, all->in.p, all->in.n);
    start(&r, &c, FU_APPLY, DAY);
    if (done(&r))
        fz_must(hst_same(output(&r), all->in.p, all->in.n), "without evidence nothing is edited");
    hst_free(&r.host);
    hst_case_free(&c);
}

static void undo(const run *applied, const hst_case *all)
{
    run r;
    hst_case c;
    const tst_file *j = &applied->host.role[FU_ROLE_JOURNAL].done;
    hst_case_init(&c);
    hst_case_input(&c, j->p, j->n);
    start(&r, &c, FU_UNDO, "");
    fz_must(done(&r), "a journal can be read");
    fz_must(hst_same(output(&r), all->in.p, all->in.n), "undo gives the input");
    hst_free(&r.host);
    hst_case_free(&c);
}

static void again(const run *applied, hst_case *all, const char *options)
{
    run r;
    tst_file was = all->in;
    static const tst_file none = TST_FILE_INIT;
    all->in = none;
    hst_case_input(all, output(applied)->p, output(applied)->n);
    start(&r, all, FU_APPLY, options);
    fz_must(done(&r), "the output is a claim file");
    fz_must(hst_same(output(&r), all->in.p, all->in.n), "a second run changes nothing");
    hst_free(&r.host);
    tst_file_free(&all->in);
    all->in = was;
}

/* ---- claims that were left alone ---- */

static uint64_t number(const char *line, const char *key)
{
    const char *p = strstr(line, key);
    uint64_t v = 0;
    for (p = p ? p + strlen(key) : ""; *p >= '0' && *p <= '9'; p++)
        v = v * 10 + (uint64_t)(*p - '0');
    return v;
}

/* Numbers of the claims with edits, as the listing has them. */
static size_t edited(uint64_t v[EDITED_MAX], const tst_file *listing)
{
    char *text = hst_text(listing), *line = text;
    size_t n = 0;
    for (char *end; (end = strchr(line, '\n')) && n < EDITED_MAX; line = end + 1) {
        *end = '\0';
        if (strncmp(line, "{\"type\":\"claim\"", 15) == 0 && !strstr(line, "\"edits\":[]"))
            v[n++] = number(line, "\"claim\":");
    }
    free(text);
    return n;
}

typedef struct walk {
    tst_mem mem;
    fu_mem m;
    fu_span_reader src;
    fu_stream s;
    fu_input *in;
    fu_reader *r;
    fu_error e;
} walk;

static void walk_open(walk *w, const tst_file *f)
{
    static const tst_mem none = TST_MEM_INIT;
    memset(w, 0, sizeof *w);
    w->mem = none;
    w->m = fz_mem(&w->mem, f->n);
    w->src.bytes = fu_span_of(f->p, f->n);
    w->s = fu_span_stream(&w->src);
    fz_must(fu_input_open(&w->in, &w->m, &w->s, &w->e) == FU_OK, "the file opens");
    fz_must(fu_reader_open(&w->r, &w->m, w->in, &w->e) == FU_OK, "the file opens");
}

static void walk_close(walk *w)
{
    fu_reader_close(w->r);
    fu_input_close(w->in);
    fz_must_be_free(&w->mem);
}

static void untouched(const run *applied, const hst_case *all)
{
    static uint64_t v[EDITED_MAX];
    size_t n = edited(v, &all->listing), k = 0;
    uint64_t claim = 0;
    walk a, b;
    fu_block was, is;
    bool more = true, more_too = true;
    walk_open(&a, &all->in);
    walk_open(&b, output(applied));
    while (more) {
        fz_must(fu_reader_next(a.r, &was, &more, &a.e) == FU_OK, "the input is still read");
        fz_must(fu_reader_next(b.r, &is, &more_too, &b.e) == FU_OK, "the output is read");
        fz_must(more == more_too, "as many blocks as before");
        if (!more)
            break;
        fz_must(was.kind == is.kind, "blocks of the same kind");
        claim += was.kind == FU_B_CLAIM;
        if (was.kind == FU_B_CLAIM && k < n && v[k] == claim)
            k++;
        else
            fz_must(fu_span_eq(was.bytes, is.bytes), "what was left alone is the same");
    }
    fz_must(k == n, "every edited claim is there");
    walk_close(&a);
    walk_close(&b);
}

/* ---- the report ---- */

/* Evidence in which nothing can be equal to a text with < or ( of the claim file. */
static bool cannot_match(const hst_case *all)
{
    for (size_t i = 0; i < all->n_evidence; i++) {
        const unsigned char *p = all->evidence[i].p;
        size_t n = all->evidence[i].n;
        if (n == 0 || p[0] != '<' || memchr(p, '&', n) || memchr(p, '(', n) || memchr(p, '[', n))
            return false;
    }
    return true;
}

/* < is never a byte of a character of two: with ( in its place the page has the same tags. */
static void same_tags(hst_case *all, const char *options, const run *applied, fu_span tags)
{
    tst_file plain = TST_FILE_INIT, was = all->in;
    fu_buf same;
    run r;
    tst_file_set(&plain, was.p, was.n);
    for (size_t i = 0; i < plain.n; i++)
        if (plain.p[i] == '<')
            plain.p[i] = '(';
    all->in = plain;
    start(&r, all, FU_APPLY, options);
    all->in = was;
    fu_buf_init(&same, &fu_mem_libc, PAGE_MAX);
    fz_must(r.st == applied->st, "< is a byte like others");
    fz_must_be_page(page_of(&r), &same);
    fz_must(fu_span_eq(tags, fu_buf_view(&same)), "no tag of the page comes from the input");
    fu_buf_free(&same);
    hst_free(&r.host);
    tst_file_free(&plain);
}

static void pages(hst_case *all, const char *options, const run *applied)
{
    fu_buf tags;
    fu_buf_init(&tags, &fu_mem_libc, PAGE_MAX);
    fz_must_be_page(page_of(applied), &tags);
    if (all->in.n && memchr(all->in.p, '<', all->in.n) && cannot_match(all))
        same_tags(all, options, applied, fu_buf_view(&tags));
    fu_buf_free(&tags);
}

static void with_evidence(hst_case *all, fu_span given)
{
    char options[1024];
    run r;
    size_t n = given.n < 512 ? given.n : 512;
    memcpy(options, given.p ? (const char *)given.p : "", n);
    strcpy(options + n, "\n" DAY "--format=json\n--verbose\n--report\n");
    start(&r, all, FU_APPLY, options);
    if (r.st == FU_E_MISUSE) { /* options of its own are none */
        hst_free(&r.host);
        memmove(options, options + n + 1, strlen(options + n + 1) + 1);
        start(&r, all, FU_APPLY, options);
    }
    if (done(&r) && r.host.role[FU_ROLE_OUTPUT].visible) {
        fz_must_be_json_lines(fu_span_of(all->listing.p, all->listing.n));
        if (!strstr(options, "--mask"))
            untouched(&r, all);
        undo(&r, all);
        pages(all, options, &r);
        again(&r, all, options);
    }
    hst_free(&r.host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {"a.xml", "b.csv", "oqs/c.xml", "d.xml", "e.xml"};
    hst_case c;
    fz_parts p;
    fu_span options = {NULL, 0};
    fz_split(&p, data, n);
    if (fz_is_gzip(p.v[0]))
        return 0;
    hst_case_init(&c);
    hst_case_input(&c, p.v[0].p, p.v[0].n);
    for (size_t i = 1; i < p.n; i++)
        if (p.v[i].n > 2 && memcmp(p.v[i].p, "--", 2) == 0)
            options = p.v[i];
        else
            hst_case_evidence(&c, names[i - 1], p.v[i].p, p.v[i].n);
    alone(&c);
    with_evidence(&c, options);
    hst_case_free(&c);
    return 0;
}
