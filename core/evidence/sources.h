/* sources: the readers of the three kinds of evidence, and what they leave behind for the join.
 *
 * Invariants
 *   - every file that is no capture XML or CSV leaves at least one fu_response, so that a capture
 * may name it; those of one file stand next to each other in the list of responses
 *   - a response becomes a capture (in ev->captures) only if it identifies a person
 */
#ifndef FU_EVIDENCE_SOURCES_H
#define FU_EVIDENCE_SOURCES_H
#include "base/buf.h"
#include "evidence/build.h"
#include "evidence/xml.h"

/* ---- Online-check responses --------------------------------------------------------------------
 */

typedef struct fu_period { /* as the response has them: a qualification's own days may be others */
    int32_t qualified, lost; /* QualificationDate, DisqualificationDate; 0 = not given */
} fu_period;

typedef struct fu_response {
    fu_capture c;         /* what it says, as a capture of its own */
    const char *base;     /* file name without folders and without .gz */
    uint64_t executed;    /* yyyyMMddHHmmss */
    fu_period *periods;   /* one for each of c.quals */
    size_t order;         /* in the list of responses */
    size_t first, n_file; /* the responses of its file */
    bool person;          /* identifies somebody */
    bool skipped;         /* no eligibility result at all: E510 was said */
    bool newer;           /* validity 3 */
    bool named;           /* a capture names it */
} fu_response;

/* File name without folders (either slash), and without .gz. */
fu_span fu_base_name(const char *name);
/* Appends to the list; NULL on failure, then *e is filled. */
fu_response *fu_response_new(fu_evidence *ev, const char *file, uint64_t line, fu_error *e);
/* E510 about a file that holds no result; `kind` is a literal. */
fu_status fu_response_skip(fu_evidence *ev, const char *file, uint64_t line, const char *kind,
                           fu_span found, fu_error *e);

#define FU_OQS_ROOT "XmlMsg"

typedef struct fu_oqs fu_oqs;
fu_status fu_oqs_open(fu_oqs **out, fu_evidence *ev, const char *file, fu_error *e);
extern const fu_xml_events fu_oqs_events;        /* ctx is to be filled in */
fu_status fu_oqs_finish(fu_oqs *o, fu_error *e); /* after the last byte was read without error */
void fu_oqs_close(fu_oqs *o);

/* ---- Capture XML -------------------------------------------------------------------------------
 */

#define FU_CAPTURE_NS "urn:fusho:capture:1"
#define FU_CAPTURE_ROOT FU_CAPTURE_NS " captures"

typedef struct fu_capture_xml {
    fu_build b;
    int at[FU_XML_DEPTH_MAX + 1]; /* open elements, the root at 1 */
    unsigned depth;
    unsigned seen; /* elements of this capture that may stand once only */
} fu_capture_xml;

void fu_capture_xml_init(fu_capture_xml *r, fu_evidence *ev, const char *file);
extern const fu_xml_events fu_capture_xml_events;

/* ---- Capture CSV -------------------------------------------------------------------------------
 */

fu_status fu_capture_csv_read(fu_evidence *ev, const char *file, fu_span bytes, fu_error *e);

/* ---- One file ----------------------------------------------------------------------------------
 * What fu_evidence_add does with the content; XML is fed in pieces of at most `piece` bytes. */
fu_status fu_evidence_parse(fu_evidence *ev, const char *file, fu_span bytes, size_t piece,
                            fu_error *e);

#endif
