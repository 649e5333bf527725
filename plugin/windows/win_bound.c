#include <windows.h>

#include "evidence/xml_bound.h"

/* GCC's thread-local variables on Windows take a slot of the process each time the DLL is loaded
 * and never give it back, and abort without memory. */
static DWORD slot = TLS_OUT_OF_INDEXES;

const fu_mem *fu_xml_bound(void)
{
    return TlsGetValue(slot);
}

void fu_xml_bind(const fu_mem *mem)
{
    TlsSetValue(slot, (void *)(uintptr_t)mem); /* the first slots need no memory */
}

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID ending);

BOOL WINAPI DllMain(HINSTANCE library, DWORD reason, LPVOID ending)
{
    (void)library;
    (void)ending;
    if (reason == DLL_PROCESS_ATTACH)
        return (slot = TlsAlloc()) != TLS_OUT_OF_INDEXES;
    if (reason == DLL_PROCESS_DETACH)
        TlsFree(slot);
    return TRUE;
}
