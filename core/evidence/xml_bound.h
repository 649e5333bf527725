/* xml_bound: the allocator that belongs to the call into expat the running thread is in.
 *
 * Invariants
 *   - each thread has its own, NULL at first
 *   - setting and asking allocate nothing and cannot fail
 */
#ifndef FU_EVIDENCE_XML_BOUND_H
#define FU_EVIDENCE_XML_BOUND_H
#include "base/mem.h"

const fu_mem *fu_xml_bound(void);
void fu_xml_bind(const fu_mem *mem);

#endif
