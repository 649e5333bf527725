#include "output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "color.h"

/* ---- sink ---- */

int sink_flush(sink *s)
{
    if (!s->failed && s->n > 0 &&
        posix_write_all(&posix_calls_libc, s->fd, s->buf, s->n, s->cancelled, NULL))
        s->failed = errno;
    s->n = 0;
    return s->failed ? -1 : 0;
}

static int64_t FUSHO_CALL sink_write(void *ctx, const void *buf, uint64_t n)
{
    sink *s = ctx;
    size_t room = sizeof s->buf - s->n;
    s->used = true;
    if (room == 0) {
        if (sink_flush(s))
            return -1;
        room = sizeof s->buf;
    }
    if (s->failed)
        return -1;
    if (n < room)
        room = (size_t)n;
    memcpy(s->buf + s->n, buf, room);
    s->n += room;
    return (int64_t)room;
}

void sink_init(sink *s, int fd, posix_cancelled_fn *cancelled)
{
    memset(s, 0, sizeof *s);
    s->fd = fd;
    s->cancelled = cancelled;
    s->stream.struct_size = (uint32_t)sizeof s->stream;
    s->stream.ctx = s;
    s->stream.write = sink_write;
}

void sink_bytes(sink *s, const char *p, size_t n)
{
    while (n > 0) {
        int64_t r = sink_write(s, p, n);
        if (r < 0)
            return;
        p += r;
        n -= (size_t)r;
    }
}

void sink_put(sink *s, const char *text)
{
    sink_bytes(s, text, strlen(text));
}

int sink_finish(sink *s, bool english)
{
    fusho_error err = FUSHO_ERROR_INIT;
    if (sink_flush(s) == 0)
        return 0;
    posix_fail_errno(&err, FUSHO_E_STORE, "", "", "標準出力に書き込めません",
                     "cannot write to standard output", s->failed);
    print_error(&err, english, false);
    return 4;
}

/* ---- errors ---- */

void print_sentence(const char *sentence)
{
    fprintf(stderr, "fusho: %s\n", sentence);
}

void print_error(const fusho_error *err, bool english, bool color)
{
    const char *message = english ? err->message_en : err->message_ja;
    char place[96] = "";
    if (!*message)
        message = english ? "could not be processed" : "処理できませんでした。";
    if (err->line && err->field)
        snprintf(place, sizeof place,
                 english ? "line %" PRIu64 ", field %" PRIu32 ": "
                         : "行 %" PRIu64 "、項目 %" PRIu32 ": ",
                 err->line, err->field);
    else if (err->line)
        snprintf(place, sizeof place, english ? "line %" PRIu64 ": " : "行 %" PRIu64 ": ",
                 err->line);
    color = color && err->code[0];
    fprintf(stderr, "fusho: %s%s%s%s%s%s%s%s%s%s\n", err->file, err->file[0] ? ": " : "", place,
            color ? COLOR_CODE : "", err->code, color ? COLOR_END : "", err->code[0] ? " " : "",
            message, english || !err->hint_ja[0] ? "" : " ", english ? "" : err->hint_ja);
}

void print_counts(const fusho_job *job, bool english)
{
    fprintf(stderr,
            english ? "fusho: %" PRId64 " claims, fusho %" PRId64 ", kyushikaku %" PRId64
                      ", current %" PRId64 ", hold %" PRId64 ", errors %" PRId64
                      ", warnings %" PRId64 "\n"
                    : "fusho: レセプト %" PRId64 " 件、不詳 %" PRId64 "、旧資格 %" PRId64
                      "、現在の資格 %" PRId64 "、保留 %" PRId64 "、エラー %" PRId64
                      "、警告 %" PRId64 "\n",
            job->claims, job->fusho, job->kyushikaku, job->current, job->hold, job->errors,
            job->warnings);
}
