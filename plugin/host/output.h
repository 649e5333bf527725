/* output: what the command prints, buffered, with every failure noticed.
 *
 * Invariants
 *   - a sink that failed once takes nothing more and keeps its errno
 *   - errors and the summary on stderr hold no patient data: only what the plugin's error holds,
 *     names of files, and counts
 */
#ifndef FUSHO_HOST_OUTPUT_H
#define FUSHO_HOST_OUTPUT_H
#include <stdbool.h>

#include "posix_io.h"

#define SINK_SIZE 65536u

/* Not to be moved in memory: stream.ctx points to it. */
typedef struct sink {
    int fd;
    int failed; /* errno, 0 = fine */
    bool used;  /* something was to be written */
    posix_cancelled_fn *cancelled;
    size_t n;
    fusho_stream stream;
    char buf[SINK_SIZE];
} sink;

void sink_init(sink *s, int fd, posix_cancelled_fn *cancelled);
void sink_put(sink *s, const char *text);
void sink_bytes(sink *s, const char *p, size_t n);
/* 0, or -1 with s->failed set. */
int sink_flush(sink *s);
/* The same for standard output; a failure is told on stderr. Returns the exit status, 0 or 4. */
int sink_finish(sink *s, bool english);

/* "fusho: FILE: 行 L、項目 F: CODE sentence hint" on stderr; color: the code. */
void print_error(const fusho_error *err, bool english, bool color);
/* "fusho: sentence" on stderr. */
void print_sentence(const char *sentence);
/* One line of counts on stderr, for when standard output carries the claim file. */
void print_counts(const fusho_job *job, bool english);

#endif
