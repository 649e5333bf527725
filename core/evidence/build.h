/* build: filling in a capture, the same way from every kind of source.
 *
 * Invariants
 *   - a value that cannot be read is never kept: it is 0 or "", and E502 names it
 *   - running out of memory shows in the arena of the evidence; look once per capture with
 *     fu_build_done
 *   - names of items (element, attribute, column) are literals
 */
#ifndef FU_EVIDENCE_BUILD_H
#define FU_EVIDENCE_BUILD_H
#include "evidence/evidence.h"

#define FU_WRONG_MAX 64u /* E502 told of one capture, and of a file outside its captures */

typedef enum fu_form {
    FU_FORM_ISO,   /* yyyy-mm-dd: capture XML */
    FU_FORM_ANY,   /* as people type it: CSV */
    FU_FORM_DIGITS /* yyyymmdd: online-check response */
} fu_form;

typedef struct fu_build {
    fu_evidence *ev;
    const char *file;
    fu_form form;
    fu_capture *c;
    uint64_t line;    /* of the element or row being read */
    bool over;        /* more than FU_CAPTURE_ITEMS_MAX of something */
    size_t n_wrong;   /* E502 of this capture (between captures: of the file), told or not */
    size_t n_outside; /* those of the file, while a capture is open */
} fu_build;

typedef struct fu_qual_items {
    const char *insurer, *bango; /* names of the two that a qualification must have */
} fu_qual_items;

/* A text without blanks at both ends, and its copy in the arena; never NULL. */
fu_span fu_trim(fu_span s);
const char *fu_evidence_text(fu_evidence *ev, fu_span s);
/* 記号 or 番号: a claim has no blanks in them (uke-format.md 4.5), however a card sets them apart. */
const char *fu_evidence_number(fu_evidence *ev, fu_span s);
/* One more element behind n in the arena; n elements are there. NULL on failure. */
void *fu_evidence_grow(fu_evidence *ev, void *array, size_t n, size_t elem);
/* FU_OK, or why the arena could not give what was asked. */
fu_status fu_evidence_memory(const fu_evidence *ev, fu_error *e);

/* A cleared capture with every text "". */
void fu_capture_init(fu_evidence *ev, fu_capture *c, fu_origin origin, const char *file,
                     uint64_t line);
fu_capture *fu_capture_new(fu_evidence *ev, fu_origin origin, const char *file, uint64_t line);
/* Puts it into the list of captures. */
fu_status fu_capture_keep(fu_evidence *ev, fu_capture *c, fu_error *e);
fu_person fu_capture_person(const fu_capture *c);

/* A finding about b->c, with file, line and capture filled in. found may be empty. */
fu_finding *fu_build_finding(fu_build *b, fu_code code, const char *item, fu_span found);
/* E502, and the capture cannot be used. */
void fu_build_wrong(fu_build *b, const char *item, fu_span found, const char *want);

/* Readers of one value; an empty one gives 0 or what stands for "not given". */
int32_t fu_build_day(fu_build *b, const char *item, fu_span v);
int32_t fu_build_daytime(fu_build *b, const char *item, fu_span v);
int32_t fu_build_month(fu_build *b, const char *item, fu_span v);
int fu_build_sex(fu_build *b, const char *item, fu_span v);
int fu_build_share(fu_build *b, const char *item, fu_span v);
int fu_build_kind(fu_build *b, const char *item, fu_span v);
bool fu_build_yes(fu_build *b, const char *item, fu_span v);
int fu_build_source(fu_build *b, const char *item, fu_span v);
bool fu_build_status(fu_build *b, const char *item, fu_span v, fu_qstatus *out);

void fu_build_outcome(fu_build *b, const char *item, fu_span v);
void fu_build_document(fu_build *b, const char *item, fu_span v);
void fu_build_contact(fu_build *b, int32_t on, const char *item, fu_span result);
void fu_build_address(fu_build *b, fu_span v);
/* Keeps it; decides whether it counts (E502, E509). */
void fu_build_qual(fu_build *b, const fu_qualification *q, fu_qual_items items);
/* An income class without numbers: carried by a qualification that does not count. */
void fu_build_class(fu_build *b, fu_span tokki);
void fu_build_patient(fu_build *b, fu_span karte, fu_span name, fu_span kana);
/* E502 where nothing about the patient was given. */
void fu_build_need_patient(fu_build *b);
fu_status fu_build_done(const fu_build *b, fu_error *e);

#endif
