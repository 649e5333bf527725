/* posix_store_internal: what posix_store.c and posix_store_check.c share. */
#ifndef FUSHO_HOST_POSIX_STORE_INTERNAL_H
#define FUSHO_HOST_POSIX_STORE_INTERNAL_H
#include "posix_store.h"

/* S701: the target exists already. */
fusho_status posix_store_refuse_there(const posix_target *t, fusho_error *err);

#endif
