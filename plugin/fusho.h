/* fusho.h - the binary contract between a receipt computer or command ("host") and the claim
 * pre-processor fusho ("plugin").  Prose, life cycle and examples: docs/abi.md.
 *
 * CAVEATS FIRST
 *   - A session handles one file (or one claim) at a time; use one session per thread.
 *   - Calling back into the same session from a callback returns FUSHO_E_MISUSE.
 *   - Everything the plugin shows may hold patient data, except what it passes to host.log.
 *
 * THREAD CLASSES
 *   [load]     the host serialises; no other call into this plugin is running
 *   [session]  one thread at a time per session; sessions are independent
 *   [any]      any thread, any time between open and close
 *   [cb]       called by the plugin from inside a [session] call, on that thread
 *   [cb-any]   called by the plugin from inside a [session] call; with host.threads > 1 also from
 *              threads of the plugin
 *
 * TEXT     fusho_text is UTF-8, fusho_bytes is what stands in a claim file (CP932); never mixed
 * NUMBERS  int64_t yen, points and counts; int32_t yyyymmdd days; no floating point
 * MEMORY   who hands it out frees it; pointers last as long as each comment says
 * GROWTH   structs begin with struct_size and only ever grow at the end; a member beyond the peer's
 *          struct_size is treated as zero.  There is no padding.
 * NEVER    exit, abort, signal handlers, setlocale, environment variables, stdout, stderr, network;
 *          threads only where host.threads allows them
 */
#ifndef FUSHO_H
#define FUSHO_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#define FUSHO_CALL __cdecl
#define FUSHO_EXPORT __declspec(dllexport)
#else
#define FUSHO_CALL
#define FUSHO_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

#define FUSHO_ABI_MAJOR 1u
#define FUSHO_ABI_MINOR 1u

/* True if the peer's struct is long enough to have pointer member m and has set it. */
#define FUSHO_HAS(type, p, m) \
    ((p)->struct_size >= offsetof(type, m) + sizeof((p)->m) && (p)->m != NULL)

typedef struct fusho_text {
    const char *p; /* UTF-8, no NUL needed */
    uint64_t n;    /* bytes */
} fusho_text;

typedef struct fusho_bytes {
    const uint8_t *p;
    uint64_t n;
} fusho_bytes;

/* Graded status: how much is still usable after the call. */
enum {
    FUSHO_OK = 0,          /* done; nothing is left for a person                        */
    FUSHO_FINDINGS = 1,    /* done; at least one finding of severity error was reported */
    FUSHO_CANCELLED = 2,   /* host.cancelled said so; nothing was committed             */
    FUSHO_E_INPUT = -20,   /* claim file, evidence or journal cannot be read, processed */
    FUSHO_E_STORE = -30,   /* a write or the store failed; nothing was left behind      */
    FUSHO_E_NOMEM = -40,
    FUSHO_E_LIMIT = -50,   /* a named limit was exceeded                                */
    FUSHO_E_MISUSE = -60,  /* wrong order, NULL, re-entry, unknown option or verb       */
    FUSHO_E_VERSION = -70, /* a struct_size that no version of this ABI has             */
    FUSHO_E_FATAL = -99    /* internal contradiction; only close() may follow           */
};
typedef int32_t fusho_status;

/* The command's exit status for each of these: 0, 1, and 4, 3, 4, 5, 3, 2, 5, 5. */

/* Caller-owned; filled on every status below 0; never allocates; every text is NUL-terminated and
 * never cut inside a character; no text holds patient data. */
typedef struct fusho_error {
    uint32_t struct_size;
    fusho_status status;
    uint64_t line;         /* 1-based, 0 = not tied to a line                     */
    uint64_t byte_offset;  /* from the start of the file                          */
    uint32_t field;        /* 1-based, 0 = not tied to a field                    */
    uint32_t reserved0;
    char code[16];         /* finding code ("F110"), "" where none fits           */
    char file[256];        /* the file at fault, as the host named it             */
    char message_ja[512];  /* one sentence a clerk can act on                     */
    char hint_ja[512];     /* what to do next; may be empty                       */
    char message_en[256];  /* for the log and the support desk                    */
} fusho_error;

#define FUSHO_ERROR_INIT \
    { (uint32_t)sizeof(fusho_error), 0, 0, 0, 0, 0, "", "", "", "", "" }

/* A byte stream of the host's.  Short reads and writes are allowed; read returns 0 at the end; below
 * 0 is a fault: the call ends with FUSHO_E_INPUT for read and rewind, with FUSHO_E_STORE for write.
 * rewind goes back to the first byte (0 = done); apply and check read their input twice and need
 * it. [cb] */
typedef struct fusho_stream {
    uint32_t struct_size;
    uint32_t reserved0;
    void *ctx;
    int64_t(FUSHO_CALL *read)(void *ctx, void *buf, uint64_t n);
    int64_t(FUSHO_CALL *write)(void *ctx, const void *buf, uint64_t n);
    int32_t(FUSHO_CALL *rewind)(void *ctx);
} fusho_stream;

/* What is written through the host's store. */
enum {
    FUSHO_STORE_OUTPUT = 0,  /* the claim file (apply) or the original (undo) */
    FUSHO_STORE_JOURNAL = 1, /* apply                                         */
    FUSHO_STORE_REPORT = 2,  /* the HTML report, where --report was given     */
    FUSHO_STORE_ROLES = 3
};

enum { FUSHO_LOG_DEBUG = 0, FUSHO_LOG_INFO = 1, FUSHO_LOG_WARN = 2, FUSHO_LOG_ERROR = 3 };

/* The host.  Must stay valid until the last session opened with it is closed. */
typedef struct fusho_host {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    void *ctx;             /* first argument of every callback                    */
    fusho_text product;    /* host name and version, for the journal              */
    int32_t threads;       /* threads the plugin may use for --jobs; 0 and 1: none of its own */
    int32_t reserved0;
    /* alloc (p NULL), resize, free (new_n 0) in one. NULL: the C library's. [cb-any] */
    void *(FUSHO_CALL *mem)(void *ctx, void *p, uint64_t old_n, uint64_t new_n);
    /* Never sees patient data. NULL: no log. [cb] */
    void(FUSHO_CALL *log)(void *ctx, int32_t level, fusho_text message);
    /* Begin fills *out with a stream to write to; nothing must become visible before commit.
     * Commit makes it durable and visible, all or nothing. After a failed or missing commit the
     * plugin calls abort. Journal is committed before output, report last. Return 0 or, on failure,
     * FUSHO_E_STORE; err may be filled and is passed on to the caller. A begin that succeeds may
     * put the name of the file into err->file, for errors of writing it; else the job's is used.
     * [cb] */
    fusho_status(FUSHO_CALL *store_begin)(void *ctx, int32_t role, fusho_stream *out, fusho_error *err);
    fusho_status(FUSHO_CALL *store_commit)(void *ctx, int32_t role, fusho_error *err);
    void(FUSHO_CALL *store_abort)(void *ctx, int32_t role);
    /* Today as yyyymmdd, used for deadlines where --today is not given. NULL: --today is needed by
     * apply and check. [cb] */
    int32_t(FUSHO_CALL *today)(void *ctx);
    /* Claims done, bytes done, bytes in all (0 = not known). NULL: none wanted. [cb] */
    void(FUSHO_CALL *progress)(void *ctx, int64_t claims, int64_t done, int64_t total);
    /* Not 0: stop as soon as possible. NULL: never. [cb] */
    int32_t(FUSHO_CALL *cancelled)(void *ctx);
    void *reserved[4];     /* zero */
} fusho_host;

/* APPLY, CHECK  input and the evidence added before
 * UNDO          input is the journal
 * LEDGER        journals were added as evidence; no input. The listing is text, json, csv or html;
 *               with --report the page goes to FUSHO_STORE_REPORT
 * FORM          the page for the desk goes to FUSHO_STORE_OUTPUT; no input */
enum { FUSHO_APPLY = 1, FUSHO_CHECK = 2, FUSHO_UNDO = 3, FUSHO_LEDGER = 4, FUSHO_FORM = 5 };

/* One whole file. The host fills the upper part, the plugin the lower. */
typedef struct fusho_job {
    uint32_t struct_size;
    int32_t verb;
    fusho_text input_name;   /* as shown in messages; the journal's name for undo    */
    fusho_text output_name;  /* as shown in the summary; may be empty                */
    fusho_text journal_name; /* the same; may be empty                               */
    const fusho_stream *input;
    const fusho_stream *listing; /* what --format asks for is written here; NULL: nowhere */
    int64_t input_size;      /* bytes, for progress; 0 = not known                   */
    int32_t more_files;      /* not 0: another file of the same captures follows, so a capture
                                that fits no claim here is not reported yet          */
    int32_t reserved1;
    /* filled by the plugin */
    int64_t claims, payers, fusho, kyushikaku, current, hold, errors, warnings;
    int32_t exit_status;     /* of the command: 0 to 5                               */
    int32_t reserved0;
    /* since 1.1, filled by the host */
    fusho_text from_name;    /* as shown in messages; may be empty                   */
    const fusho_stream *from; /* UNDO of a journal with ranges (--journal-ranges): the file that
                                apply wrote; NULL: not given. Not read by other verbs */
} fusho_job;

enum { FUSHO_ROUTE_NONE = 0, FUSHO_ROUTE_CURRENT, FUSHO_ROUTE_KYUSHIKAKU, FUSHO_ROUTE_FUSHO, FUSHO_ROUTE_HOLD };

/* One claim, no file involved. The result is the same, byte for byte, as the whole-file call's. */
typedef struct fusho_claim_job {
    uint32_t struct_size;
    int32_t reserved0;
    fusho_bytes header;      /* IR, HM, YK (or UK and IR) record with its line end   */
    fusho_bytes records;     /* the claim from RE on, with line ends                 */
    fusho_bytes evidence;    /* one capture XML, capture CSV or online-check response; may be empty */
    const fusho_stream *output;  /* the rewritten records; NULL: not wanted          */
    const fusho_stream *listing; /* what --format asks for; NULL: nowhere            */
    /* filled by the plugin */
    int32_t route;
    int32_t edits;
    int64_t errors, warnings;
    int32_t exit_status;
    int32_t reserved1;
} fusho_claim_job;

typedef struct fusho_session fusho_session; /* opaque */

/* The table. Static and constant; valid as long as the plugin is loaded. */
typedef struct fusho_plugin {
    uint32_t struct_size;
    uint16_t abi_major;
    uint16_t abi_minor;
    const char *id;            /* "jp.fusho.claim", for ever                        */
    const char *version;       /* of this build, semantic versioning                */
    const char *rules_edition; /* month of the newest rule inside, e.g. "2026-11"   */
    const char *name_ja;

    /* Opens a session. options: long options of the command, one per line, as --name=value or
     * --name; those that only a host can carry out (--evidence, --output, --journal, --plugin,
     * --progress, --force) are refused. *out is NULL on failure. Errors: MISUSE, LIMIT, NOMEM,
     * VERSION. [any] */
    fusho_status(FUSHO_CALL *open)(const fusho_host *host, fusho_text options, fusho_session **out,
                                   fusho_error *err);
    /* Reads one evidence file; as often as needed, before run. What it is, is decided by its content;
     * .gz is read as its content. A journal of a past month is evidence, too: of what was claimed;
     * one that is damaged at its beginning is known by its name, *.fusho (S703). After a failure
     * only close() may follow: a set of evidence of which a part is missing must not decide
     * anything. Errors: INPUT (E501, S703), LIMIT, NOMEM, MISUSE.
     * [session] */
    fusho_status(FUSHO_CALL *add_evidence)(fusho_session *s, fusho_text name, const fusho_stream *in,
                                           fusho_error *err);
    /* Does one whole file. May be called again for the next file with the same evidence.
     * Errors: INPUT, STORE, LIMIT, NOMEM, MISUSE, FATAL, CANCELLED. [session] */
    fusho_status(FUSHO_CALL *run)(fusho_session *s, fusho_job *job, fusho_error *err);
    /* Does one claim with the evidence in *job (and what was added before). [session] */
    fusho_status(FUSHO_CALL *claim)(fusho_session *s, fusho_claim_job *job, fusho_error *err);
    /* What a finding means, why, what to do, its source, in the session's language; code empty: the
     * whole catalogue, a line each. MISUSE: no such code. [session] */
    fusho_status(FUSHO_CALL *explain)(fusho_session *s, fusho_text code, const fusho_stream *out,
                                      fusho_error *err);
    /* NULL is fine. [session] */
    void(FUSHO_CALL *close)(fusho_session *s);
    void *reserved[4];
} fusho_plugin;

/* The table, or NULL when host_major is not FUSHO_ABI_MAJOR. Cheap: no allocation, no I/O. [any] */
FUSHO_EXPORT const fusho_plugin *FUSHO_CALL fusho_plugin_v1(uint32_t host_major, uint32_t host_minor);

/* ---- Flat calls, for hosts that cannot use a table (COBOL CALL, VB, ctypes). [any] -------------
 * Paths and texts are UTF-8 and NUL-terminated. evidence: a file or a folder, or NULL. options: NULL
 * or long options, one per line; --format, --progress, --plugin, --evidence, --output and --jobs are
 * refused (2). The journal is OUTPUT.fusho unless --journal=FILE. message (may be NULL) receives one
 * Japanese sentence, always NUL-terminated, never cut inside a character. Returned is the exit
 * status of the command:
 *   0 done, nothing left for a person      1 done, at least one finding of severity error
 *   2 wrong usage                          3 input or evidence cannot be processed, nothing written
 *   4 output could not be written          5 failed inside
 * undo never overwrites (4). */
FUSHO_EXPORT int32_t FUSHO_CALL fusho_apply_file(const char *input, const char *output,
                                                 const char *evidence, const char *options,
                                                 char *message, int32_t message_size);
FUSHO_EXPORT int32_t FUSHO_CALL fusho_check_file(const char *input, const char *evidence,
                                                 const char *options, char *message,
                                                 int32_t message_size);
FUSHO_EXPORT int32_t FUSHO_CALL fusho_undo_file(const char *journal, const char *output,
                                                char *message, int32_t message_size);
FUSHO_EXPORT const char *FUSHO_CALL fusho_version(void);

#ifdef __cplusplus
}
#endif
#endif
