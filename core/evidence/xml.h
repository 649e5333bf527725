/* xml: the one place that talks to expat.
 *
 * Invariants
 *   - no document type declaration is read: the parser stops at its first byte, so no entity exists
 *   - depth, attributes and the length of a text or name are bounded before a handler sees them
 *   - UTF-8 and CP932 (under its usual names) are read; handlers get UTF-8, namespaces as "uri
 * name"
 *   - the result does not depend on how the bytes were cut into pieces
 *   - after a failure no handler is called any more
 */
#ifndef FU_EVIDENCE_XML_H
#define FU_EVIDENCE_XML_H
#include "base/error.h"
#include "base/mem.h"
#include "base/span.h"

typedef struct fu_xml fu_xml;

/* A handler that returns something else than FU_OK has filled *e, and parsing stops. */
typedef struct fu_xml_events {
    void *ctx;
    /* atts: name, value, name, value, ..., NULL */
    fu_status (*start)(void *ctx, const char *name, const char *const *atts, uint64_t line,
                       fu_error *e);
    /* What stands between two tags, without leading blanks; not called for blanks only. */
    fu_status (*text)(void *ctx, fu_span text, fu_error *e);
    fu_status (*end)(void *ctx, fu_error *e);
} fu_xml_events;

fu_status fu_xml_open(fu_xml **out, const fu_mem *mem, const fu_xml_events *ev, fu_error *e);
fu_status fu_xml_feed(fu_xml *x, const void *p, size_t n, bool last, fu_error *e);
void fu_xml_close(fu_xml *x); /* NULL ok */

/* E501: this evidence file cannot be read, because of `reason`. */
fu_status fu_evidence_broken(fu_error *e, uint64_t line, const char *reason_ja,
                             const char *reason_en);

#endif
