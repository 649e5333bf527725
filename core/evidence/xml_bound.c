#include "evidence/xml_bound.h"

#include <stddef.h>

/* Initial-exec, as the dynamic model allocates in a place that neither our allocator nor a leak
 * checker sees. Systems without it have a file of their own for this. */
static _Thread_local __attribute__((tls_model("initial-exec"))) const fu_mem *bound;

const fu_mem *fu_xml_bound(void)
{
    return bound;
}

void fu_xml_bind(const fu_mem *mem)
{
    bound = mem;
}
