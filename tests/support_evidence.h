/* What the tests of the evidence readers share. */
#ifndef TST_SUPPORT_EVIDENCE_H
#define TST_SUPPORT_EVIDENCE_H
#include <stdio.h>
#include <stdlib.h>

#include "evidence/sources.h"
#include "support.h"

#define CAPTURES(body) "<captures xmlns=\"urn:fusho:capture:1\">" body "</captures>"
#define PATIENT \
    "<patient karte='1' name='試験　花子' kana='シケンハナコ' birth='1980-01-01' sex='2'/>"

/* A response: parts that tests vary. */
#define HEAD(executed, asked)                                                  \
    "<MessageHeader><ProcessExecutionTime>" executed "</ProcessExecutionTime>" \
    "<QualificationConfirmationDate>" asked "</QualificationConfirmationDate>" \
    "<SegmentOfResult>1</SegmentOfResult></MessageHeader>"
#define RESULT(body) \
    "<ResultOfQualificationConfirmation>" body "</ResultOfQualificationConfirmation>"
#define NUMBERS(insurer, symbol, number, branch)        \
    "<InsurerNumber>" insurer "</InsurerNumber>"        \
    "<InsuredCardSymbol>" symbol "</InsuredCardSymbol>" \
    "<InsuredIdentificationNumber>" number              \
    "</InsuredIdentificationNumber><InsuredBranchNumber>" branch "</InsuredBranchNumber>"
#define HANAKO                                                                           \
    "<Name>試験　花子</Name><NameKana>ｼｹﾝ ﾊﾅｺ</NameKana><Sex1>2</Sex1>" \
    "<Birthdate>19800101</Birthdate>"
#define BODY(validity, results)                                       \
    "<MessageBody><ProcessingResultStatus>1</ProcessingResultStatus>" \
    "<QualificationValidity>" validity "</QualificationValidity>"     \
    "<ResultList>" results "</ResultList></MessageBody>"
#define MESSAGE(head, body) "<?xml version='1.0' encoding='UTF-8'?><XmlMsg>" head body "</XmlMsg>"
#define SIMPLE(validity, executed, asked, result) \
    MESSAGE(HEAD(executed, asked), BODY(validity, RESULT(result)))

static inline fu_status tst_add_bytes(fu_evidence *ev, const char *name, const void *p, size_t n,
                                      fu_error *e)
{
    tst_file f = TST_FILE_INIT;
    fu_stream s = tst_stream(&f);
    fu_status st;
    tst_file_set(&f, p, n);
    st = fu_evidence_add(ev, name, &s, e);
    tst_file_free(&f);
    return st;
}

static inline fu_status tst_add(fu_evidence *ev, const char *name, const char *text, fu_error *e)
{
    return tst_add_bytes(ev, name, text, strlen(text), e);
}

/* The only finding of this code in a list, or NULL when there is none or more than one. */
static inline const fu_finding *tst_only(const fu_findings *l, fu_code code)
{
    const fu_finding *f = NULL;
    for (size_t i = 0; i < l->n; i++) {
        if (l->v[i].code != code)
            continue;
        if (f)
            return NULL;
        f = &l->v[i];
    }
    return f;
}

static inline bool tst_same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static inline void tst_print_findings(const char *title, const fu_findings *l, char *out, size_t n)
{
    size_t k = (size_t)snprintf(out, n, "%s", title);
    for (size_t i = 0; i < l->n && k < n; i++) {
        const fu_finding *f = &l->v[i];
        k += (size_t)snprintf(out + k, n - k, " [%s l%llu f=%s i=%s w=%s c=%s]",
                              fu_finding_rows[f->code].code, (unsigned long long)f->line,
                              f->found ? f->found : "-", f->item ? f->item : "-",
                              f->want ? f->want : "-", f->capture ? f->capture : "-");
    }
}

/* Everything a test could compare, as one text; malloc'ed. */
static inline char *tst_dump(const fu_evidence *ev)
{
    size_t cap = 1 << 20, k = 0;
    char *out = malloc(cap);
    if (!out)
        abort();
    for (size_t i = 0; i < ev->n_captures; i++) {
        const fu_capture *c = ev->captures[i];
        const fu_declaration *d = &c->declaration;
        k += (size_t)snprintf(out + k, cap - k,
                              "%d %s:%llu id=%s m=%d k=%s n=%s kana=%s b=%d s=%d out=%d day=%d "
                              "resp=%s aff=%d new=%d docs=%x unus=%d joined=%d\n",
                              (int)c->origin, c->file, (unsigned long long)c->line, c->id, c->month,
                              c->karte, c->name, c->kana, c->birth, c->sex, (int)c->outcome,
                              c->check_day, c->response, c->response_affected, c->newer_exists,
                              c->documents, c->unusable, c->joined);
        for (size_t q = 0; q < c->n_quals; q++)
            k += (size_t)snprintf(out + k, cap - k, "  q %d %d [%s|%s|%s|%s] t=%s %d-%d %d\n",
                                  (int)c->quals[q].status, c->quals[q].source, c->quals[q].insurer,
                                  c->quals[q].kigo, c->quals[q].bango, c->quals[q].branch,
                                  c->quals[q].tokki, c->quals[q].from, c->quals[q].to,
                                  c->quals[q].counts);
        for (size_t q = 0; q < c->n_contacts; q++)
            k += (size_t)snprintf(out + k, cap - k, "  c %d %d\n", c->contacts[q].on,
                                  c->contacts[q].result);
        k +=
            (size_t)snprintf(out + k, cap - k, "  d %d %d %d %d %d [%s|%s|%s]", d->there, d->verbal,
                             d->on, d->kind, d->share, d->insurer_name, d->workplace, d->phone);
        for (size_t q = 0; q < d->n_addresses; q++)
            k += (size_t)snprintf(out + k, cap - k, " <%s>", d->addresses[q]);
        tst_print_findings("\n ", &c->findings, out + k, cap - k);
        k += strlen(out + k);
        k += (size_t)snprintf(out + k, cap - k, "\n");
    }
    tst_print_findings("files:", &ev->findings, out + k, cap - k);
    return out;
}

/* The file's content, malloc'ed; NULL if it cannot be read. */
static inline unsigned char *tst_slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    unsigned char *p = NULL;
    if (!f)
        return NULL;
    if (fseek(f, 0, SEEK_END) == 0 && (*n = (size_t)ftell(f)) > 0 && (p = malloc(*n)) != NULL) {
        rewind(f);
        if (fread(p, 1, *n, f) != *n) {
            free(p);
            p = NULL;
        }
    }
    fclose(f);
    return p;
}

#endif
