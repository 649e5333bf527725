/* error: why a call failed, in words, without allocating.
 *
 * Invariants
 *   - every text is NUL-terminated and never cut inside a UTF-8 sequence
 *   - no text holds a name, a number or an address of a patient
 *   - set at the place where the fault is seen; callers only add the file name
 */
#ifndef FU_BASE_ERROR_H
#define FU_BASE_ERROR_H
#include <stdint.h>

typedef enum fu_status {
    FU_OK = 0,
    FU_FINDINGS = 1,  /* done; at least one finding of severity error */
    FU_CANCELLED = 2, /* the host asked to stop; nothing was committed */
    FU_E_INPUT = -20, /* this input cannot be processed */
    FU_E_STORE = -30, /* the host's store failed; nothing left behind */
    FU_E_NOMEM = -40,
    FU_E_LIMIT = -50,  /* a named limit was exceeded */
    FU_E_MISUSE = -60, /* wrong order, NULL, unknown option */
    FU_E_VERSION = -70,
    FU_E_FATAL = -99 /* internal contradiction */
} fu_status;

typedef struct fu_error {
    fu_status status;
    uint32_t field;       /* 1-based, 0 = none */
    uint64_t line;        /* 1-based, 0 = none */
    uint64_t byte_offset; /* from the start of the file */
    char code[16];        /* finding code, e.g. "F110"; "" where none fits */
    char file[256];       /* name of the file at fault, "" where none */
    char message_ja[512]; /* one sentence a clerk can act on */
    char hint_ja[512];    /* what to do next; may be empty */
    char message_en[256];
} fu_error;

/* Fills *e (which may be NULL) and returns the status. */
fu_status fu_fail(fu_error *e, fu_status status, const char *code, const char *message_ja,
                  const char *message_en);
fu_status fu_fail_limit(fu_error *e, const char *limit_name, uint64_t limit);
fu_status fu_fail_nomem(fu_error *e);
void fu_error_hint(fu_error *e, const char *hint_ja);
void fu_error_file(fu_error *e, const char *file); /* only if none is named yet */

/* Copies UTF-8 text into a fixed array, cutting at a character border. */
void fu_copy_text(char *dst, uint64_t dst_size, const char *src);
/* A fixed array that somebody else filled: terminated, and `otherwise` where it is empty or no
 * UTF-8. */
const char *fu_foreign_text(char *text, uint64_t size, const char *otherwise);

#endif
