#include "evidence/sources.h"

/* Elements of a capture file. */
typedef enum element {
    EL_UNKNOWN, /* and everything inside */
    EL_TOP,
#define FU_ELEMENT(id, name, parent, once, ...) EL_##id,
#include "evidence/capture-elements.def"
#undef FU_ELEMENT
    EL_COUNT
} element;

#define ATTRIBUTES_MAX 10

typedef struct element_row {
    const char *name;
    element parent;
    bool once; /* at most one in a capture */
    const char *attributes[ATTRIBUTES_MAX];
} element_row;

static const element_row ELEMENTS[EL_COUNT] = {
#define FU_ELEMENT(id, name, parent, once, ...) \
    [EL_##id] = {name, EL_##parent, once, {__VA_ARGS__}},
#include "evidence/capture-elements.def"
#undef FU_ELEMENT
};

/* ---- Attributes --------------------------------------------------------------------------------
 */

static fu_span attribute(const char *const *atts, const char *name)
{
    for (; *atts; atts += 2) {
        if (strcmp(*atts, name) == 0)
            return fu_span_str(atts[1]);
    }
    return fu_span_of(NULL, 0);
}

static bool knows(const element_row *row, const char *name)
{
    for (size_t i = 0; i < ATTRIBUTES_MAX && row->attributes[i]; i++) {
        if (strcmp(row->attributes[i], name) == 0)
            return true;
    }
    return false;
}

/* The part of a name that people see. */
static const char *local_name(fu_build *b, const char *name)
{
    const char *space = strrchr(name, ' ');
    return fu_evidence_text(b->ev, fu_span_str(space ? space + 1 : name));
}

/* A mistyped attribute must not lose data silently. On the root, those of other namespaces
 * (xsi:schemaLocation) are everybody's habit and mean nothing here. */
static void check_attributes(fu_build *b, element el, const char *const *atts)
{
    for (; *atts; atts += 2) {
        bool foreign = strchr(*atts, ' ') != NULL;
        if (!knows(&ELEMENTS[el], *atts) && !(foreign && el == EL_CAPTURES))
            fu_build_wrong(b, local_name(b, *atts), fu_span_str(atts[1]), NULL);
    }
}

/* ---- Elements ----------------------------------------------------------------------------------
 */

static fu_status read_capture(fu_build *b, const char *const *atts, fu_error *e)
{
    fu_span id = fu_trim(attribute(atts, "id"));
    fu_capture *c = fu_capture_new(b->ev, FU_FROM_CAPTURE, b->file, b->line);
    if (!c)
        return fu_evidence_memory(b->ev, e);
    b->c = c;
    b->n_outside = b->n_wrong;
    b->n_wrong = 0;
    c->id = fu_evidence_text(b->ev, id);
    if (!id.n)
        fu_build_wrong(b, "id", id, NULL);
    c->month = fu_build_month(b, "month", attribute(atts, "month"));
    return fu_capture_keep(b->ev, c, e);
}

static void read_patient(fu_build *b, const char *const *atts)
{
    fu_build_patient(b, attribute(atts, "karte"), attribute(atts, "name"), attribute(atts, "kana"));
    b->c->birth = fu_build_day(b, "birth", attribute(atts, "birth"));
    b->c->sex = fu_build_sex(b, "sex", attribute(atts, "sex"));
}

static void read_check(fu_build *b, const char *const *atts)
{
    b->c->check_day = fu_build_daytime(b, "at", attribute(atts, "at"));
    fu_build_outcome(b, "outcome", attribute(atts, "outcome"));
    b->c->response = fu_evidence_text(b->ev, attribute(atts, "response"));
}

static void read_qualification(fu_build *b, const char *const *atts)
{
    static const fu_qual_items ITEMS = {"insurer", "bango"};
    fu_qualification q;
    memset(&q, 0, sizeof q);
    if (!fu_build_status(b, "status", attribute(atts, "status"), &q.status))
        return;
    q.source = fu_build_source(b, "source", attribute(atts, "source"));
    q.insurer = fu_evidence_text(b->ev, attribute(atts, "insurer"));
    q.kigo = fu_evidence_number(b->ev, attribute(atts, "kigo"));
    q.bango = fu_evidence_number(b->ev, attribute(atts, "bango"));
    q.branch = fu_evidence_text(b->ev, attribute(atts, "branch"));
    q.tokki = fu_evidence_text(b->ev, attribute(atts, "tokki"));
    q.from = fu_build_day(b, "from", attribute(atts, "from"));
    q.to = fu_build_day(b, "to", attribute(atts, "to"));
    fu_build_qual(b, &q, ITEMS);
}

static void read_declaration(fu_build *b, const char *const *atts)
{
    fu_declaration *d = &b->c->declaration;
    d->there = true;
    d->verbal = fu_build_yes(b, "verbal", attribute(atts, "verbal"));
    d->on = fu_build_day(b, "on", attribute(atts, "on"));
    d->kind = fu_build_kind(b, "kind", attribute(atts, "kind"));
    d->share = fu_build_share(b, "share", attribute(atts, "share"));
    d->insurer_name = fu_evidence_text(b->ev, attribute(atts, "insurer-name"));
    d->workplace = fu_evidence_text(b->ev, attribute(atts, "workplace"));
    d->phone = fu_evidence_text(b->ev, attribute(atts, "phone"));
}

static void read_contact(fu_build *b, const char *const *atts)
{
    fu_span on = attribute(atts, "on");
    if (!fu_trim(on).n)
        fu_build_wrong(b, "on", on, "yyyy-mm-dd");
    fu_build_contact(b, fu_build_day(b, "on", on), "result", attribute(atts, "result"));
}

static fu_status read_element(fu_build *b, element el, const char *const *atts, fu_error *e)
{
    fu_status st = el == EL_CAPTURE ? read_capture(b, atts, e) : FU_OK;
    if (st != FU_OK)
        return st;
    check_attributes(b, el, atts);
    if (el == EL_PATIENT)
        read_patient(b, atts);
    else if (el == EL_CHECK)
        read_check(b, atts);
    else if (el == EL_PRESENTED)
        fu_build_document(b, "document", attribute(atts, "document"));
    else if (el == EL_QUALIFICATION)
        read_qualification(b, atts);
    else if (el == EL_DECLARATION)
        read_declaration(b, atts);
    else if (el == EL_CONTACT)
        read_contact(b, atts);
    return FU_OK;
}

/* ---- Events ------------------------------------------------------------------------------------
 */

static element element_of(const char *name, element parent)
{
    const size_t ns = sizeof FU_CAPTURE_NS; /* with the blank behind it */
    if (strncmp(name, FU_CAPTURE_NS " ", ns) != 0)
        return EL_UNKNOWN;
    for (element el = EL_CAPTURES; el < EL_COUNT; el++) {
        if (ELEMENTS[el].parent == parent && strcmp(ELEMENTS[el].name, name + ns) == 0)
            return el;
    }
    return EL_UNKNOWN;
}

static fu_status on_start(void *ctx, const char *name, const char *const *atts, uint64_t line,
                          fu_error *e)
{
    fu_capture_xml *r = ctx;
    element parent = (element)r->at[r->depth], el = element_of(name, parent);
    unsigned bit = 1u << el;
    fu_span nothing = fu_span_of(NULL, 0);
    r->b.line = line;
    if (el == EL_CAPTURE)
        r->seen = 0;
    if (el != EL_UNKNOWN && ELEMENTS[el].once && (r->seen & bit)) {
        fu_build_wrong(&r->b, ELEMENTS[el].name, nothing, "1つの記録に1つだけ");
        el = EL_UNKNOWN;
    } else if (el == EL_UNKNOWN && parent != EL_UNKNOWN) {
        fu_build_wrong(&r->b, local_name(&r->b, name), nothing, NULL);
    }
    r->seen |= bit;
    r->at[++r->depth] = (int)el;
    return el == EL_UNKNOWN ? FU_OK : read_element(&r->b, el, atts, e);
}

static fu_status on_text(void *ctx, fu_span text, fu_error *e)
{
    fu_capture_xml *r = ctx;
    element el = (element)r->at[r->depth];
    (void)e;
    if (el == EL_ADDRESS)
        fu_build_address(&r->b, text);
    else if (el != EL_UNKNOWN)
        fu_build_wrong(&r->b, ELEMENTS[el].name, fu_trim(text), NULL);
    return FU_OK;
}

static fu_status on_end(void *ctx, fu_error *e)
{
    fu_capture_xml *r = ctx;
    element el = (element)r->at[r->depth--];
    fu_status st;
    if (el != EL_CAPTURE)
        return FU_OK;
    r->b.line = r->b.c->line;
    fu_build_need_patient(&r->b);
    st = fu_build_done(&r->b, e);
    r->b.c = NULL;
    r->b.n_wrong = r->b.n_outside;
    return st;
}

void fu_capture_xml_init(fu_capture_xml *r, fu_evidence *ev, const char *file)
{
    memset(r, 0, sizeof *r);
    r->b.ev = ev;
    r->b.file = file;
    r->b.form = FU_FORM_ISO;
    r->at[0] = EL_TOP;
}

const fu_xml_events fu_capture_xml_events = {NULL, on_start, on_text, on_end};
