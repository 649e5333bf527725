/* dlfcn: loading a DLL. A path without a folder is one of the working folder's. */
#ifndef FUSHO_WINDOWS_DLFCN_H
#define FUSHO_WINDOWS_DLFCN_H

#define RTLD_NOW 0
#define RTLD_LOCAL 0

void *dlopen(const char *path, int flags);
void *dlsym(void *library, const char *name);
int dlclose(void *library);
const char *dlerror(void); /* of the last dlopen, as the system words it */

#endif
