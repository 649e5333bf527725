/* A plugin that knows nothing about claims, for tests of the command: it copies the input to the
 * output, writes the journal as "J" and the input, and lists what it was given. The first word of
 * the input makes it fail in the way named. A ledger is the listing alone, a form "<html>form".
 * FAKE_MAJOR and FAKE_SIZE build misfits for the loader.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fusho.h"

#ifndef FAKE_MAJOR
#define FAKE_MAJOR FUSHO_ABI_MAJOR
#endif
#ifndef FAKE_SIZE
#define FAKE_SIZE sizeof(fusho_plugin)
#endif

struct fusho_session {
    const fusho_host *host;
    char options[512], evidence[1024];
};

static fusho_status fail(fusho_error *err, fusho_status st, const char *code)
{
    err->status = st;
    err->line = 3;
    err->field = 2;
    snprintf(err->code, sizeof err->code, "%s", code);
    snprintf(err->message_ja, sizeof err->message_ja, "試験の失敗です。");
    snprintf(err->hint_ja, sizeof err->hint_ja, "やり直してください。");
    snprintf(err->message_en, sizeof err->message_en, "test failure");
    return st;
}

static fusho_status FUSHO_CALL fake_open(const fusho_host *host, fusho_text options,
                                         fusho_session **out, fusho_error *err)
{
    fusho_session *s = calloc(1, sizeof *s);
    size_t i;
    *out = NULL;
    if (!s)
        return fail(err, FUSHO_E_NOMEM, "");
    s->host = host;
    for (i = 0; i < options.n && i + 1 < sizeof s->options; i++)
        s->options[i] = options.p[i] == '\n' ? '|' : options.p[i];
    if (strstr(s->options, "--today=bad")) {
        free(s);
        return fail(err, FUSHO_E_MISUSE, "");
    }
    *out = s;
    return FUSHO_OK;
}

static fusho_status FUSHO_CALL fake_evidence(fusho_session *s, fusho_text name,
                                             const fusho_stream *in, fusho_error *err)
{
    char buf[4];
    size_t at = strlen(s->evidence);
    if (in->read(in->ctx, buf, sizeof buf) == 4 && memcmp(buf, "BAD!", 4) == 0)
        return fail(err, FUSHO_E_INPUT, "E501");
    snprintf(s->evidence + at, sizeof s->evidence - at, "%.*s|", (int)name.n, name.p);
    return FUSHO_OK;
}

static int put(const fusho_stream *to, const char *p, size_t n)
{
    while (to && n > 0) {
        int64_t r = to->write(to->ctx, p, n);
        if (r < 0)
            return -1;
        p += r;
        n -= (size_t)r;
    }
    return 0;
}

static int list(fusho_session *s, const fusho_job *job, int32_t threads)
{
    char line[2048];
    int n =
        snprintf(line, sizeof line,
                 "{\"type\":\"summary\",\"file\":\"%.*s\",\"output\":\"%.*s\",\"options\":\"%s\","
                 "\"evidence\":\"%s\",\"threads\":%" PRId32 ",\"size\":%" PRId64 "}\n",
                 (int)job->input_name.n, job->input_name.p, (int)job->output_name.n,
                 job->output_name.p, s->options, s->evidence, threads, job->input_size);
    return put(job->listing, line, (size_t)n);
}

/* Copies the input behind `head` into one role; undo leaves out the first byte. */
static fusho_status copy(const fusho_host *h, int32_t role, const char *head, const fusho_job *job,
                         fusho_error *err)
{
    char buf[4096];
    int64_t r, skip = job->verb == FUSHO_UNDO;
    fusho_stream out = {0};
    fusho_status st = h->store_begin(h->ctx, role, &out, err);
    if (st < 0 || job->input->rewind(job->input->ctx))
        return st < 0 ? st : fail(err, FUSHO_E_INPUT, "");
    if (put(&out, head, strlen(head)))
        st = fail(err, FUSHO_E_STORE, "S702");
    while (st >= 0 && (r = job->input->read(job->input->ctx, buf, sizeof buf)) > 0) {
        if (put(&out, buf + skip, (size_t)(r - skip)))
            st = fail(err, FUSHO_E_STORE, "S702");
        skip = 0;
    }
    if (st >= 0)
        st = h->store_commit(h->ctx, role, err);
    if (st < 0)
        h->store_abort(h->ctx, role);
    return st;
}

static fusho_status wait_for_cancel(const fusho_host *h)
{
    fusho_stream out;
    fusho_error err = FUSHO_ERROR_INIT;
    if (h->store_begin(h->ctx, FUSHO_STORE_OUTPUT, &out, &err) < 0)
        return FUSHO_E_STORE;
    while (!h->cancelled(h->ctx))
        h->progress(h->ctx, 1, 50, 100);
    return FUSHO_CANCELLED; /* no abort: the host has to clean up by itself */
}

/* Never looks up: only a second signal ends the command. */
static fusho_status hang(const fusho_host *h, const fusho_job *job, fusho_error *err)
{
    fusho_stream out;
    if (copy(h, FUSHO_STORE_JOURNAL, "J", job, err) < 0 ||
        h->store_begin(h->ctx, FUSHO_STORE_OUTPUT, &out, err) < 0)
        return FUSHO_E_STORE;
    for (;;)
        pause();
}

static fusho_status act(const fusho_host *h, const char *word, fusho_job *job, fusho_error *err)
{
    if (strncmp(word, "input", 5) == 0)
        return fail(err, FUSHO_E_INPUT, "F110");
    if (strncmp(word, "limit", 5) == 0)
        return fail(err, FUSHO_E_LIMIT, "F113");
    if (strncmp(word, "nomem", 5) == 0)
        return fail(err, FUSHO_E_NOMEM, "");
    if (strncmp(word, "fatal", 5) == 0)
        return fail(err, FUSHO_E_FATAL, "");
    if (strncmp(word, "wait", 4) == 0)
        return wait_for_cancel(h);
    if (strncmp(word, "hang", 4) == 0)
        return hang(h, job, err);
    if (strncmp(word, "log", 3) == 0 && h->log) {
        fusho_text debug = {"debug", 5}, info = {"info", 4}, warn = {"warning", 7};
        h->log(h->ctx, FUSHO_LOG_DEBUG, debug);
        h->log(h->ctx, FUSHO_LOG_INFO, info);
        h->log(h->ctx, FUSHO_LOG_WARN, warn);
    }
    if (strncmp(word, "findings", 8) == 0)
        job->exit_status = 1;
    if (strncmp(word, "strange", 7) == 0)
        job->exit_status = 77;
    return FUSHO_OK;
}

/* The verbs without input. */
static fusho_status without_input(fusho_session *s, fusho_job *job, fusho_error *err)
{
    const fusho_host *h = s->host;
    int32_t role = job->verb == FUSHO_FORM ? FUSHO_STORE_OUTPUT : FUSHO_STORE_REPORT;
    const char *page = job->verb == FUSHO_FORM ? "<html>form" : "<html>ledger";
    fusho_stream out = {0};
    fusho_status st = FUSHO_OK;
    if (job->input)
        return fail(err, FUSHO_E_FATAL, "");
    if (job->verb == FUSHO_FORM || strstr(s->options, "--report")) {
        st = h->store_begin(h->ctx, role, &out, err);
        if (st >= 0 && put(&out, page, strlen(page)))
            st = fail(err, FUSHO_E_STORE, "S702");
        if (st >= 0)
            st = h->store_commit(h->ctx, role, err);
        if (st < 0)
            h->store_abort(h->ctx, role);
    }
    if (st >= 0 && list(s, job, h->threads))
        st = fail(err, FUSHO_E_STORE, "");
    return st;
}

static fusho_status FUSHO_CALL fake_run(fusho_session *s, fusho_job *job, fusho_error *err)
{
    const fusho_host *h = s->host;
    char word[16] = "";
    fusho_status st;
    int lines, dry = strstr(s->options, "--dry-run") != NULL;
    if (job->verb == FUSHO_LEDGER || job->verb == FUSHO_FORM)
        return without_input(s, job, err);
    if (job->input->read(job->input->ctx, word, sizeof word - 1) < 0)
        return fail(err, FUSHO_E_INPUT, "");
    job->claims = 12;
    if (h->progress)
        h->progress(h->ctx, 12, 50, 100);
    st = act(h, word, job, err);
    if (st != FUSHO_OK)
        return st;
    if (job->verb == FUSHO_APPLY && !dry)
        st = copy(h, FUSHO_STORE_JOURNAL, "J", job, err);
    if (st >= 0 && job->verb != FUSHO_CHECK && !dry)
        st = copy(h, FUSHO_STORE_OUTPUT, "", job, err);
    if (st >= 0 && strstr(s->options, "--report"))
        st = copy(h, FUSHO_STORE_REPORT, "<html>", job, err);
    for (lines = strncmp(word, "long", 4) == 0 ? 2000 : 1; st >= 0 && lines > 0; lines--) {
        if (list(s, job, h->threads))
            st = fail(err, FUSHO_E_STORE, "");
    }
    return st < 0 ? st : job->exit_status ? FUSHO_FINDINGS : FUSHO_OK;
}

static fusho_status FUSHO_CALL fake_claim(fusho_session *s, fusho_claim_job *job, fusho_error *err)
{
    (void)s;
    (void)job;
    return fail(err, FUSHO_E_MISUSE, "");
}

static fusho_status FUSHO_CALL fake_explain(fusho_session *s, fusho_text code,
                                            const fusho_stream *out, fusho_error *err)
{
    (void)s;
    if (code.n == 1)
        return fail(err, FUSHO_E_MISUSE, "");
    return put(out, "説明 ", strlen("説明 ")) || put(out, code.p, code.n) || put(out, "\n", 1)
               ? fail(err, FUSHO_E_STORE, "")
               : FUSHO_OK;
}

static void FUSHO_CALL fake_close(fusho_session *s)
{
    free(s);
}

static const fusho_plugin table = {
    (uint32_t)FAKE_SIZE,
    FAKE_MAJOR,
    0,
    "jp.fusho.claim",
    "0.0.1",
    "2026-11",
    "試験",
    fake_open,
    fake_evidence,
    fake_run,
    fake_claim,
    fake_explain,
    fake_close,
    {0},
};

const fusho_plugin *FUSHO_CALL fusho_plugin_v1(uint32_t host_major, uint32_t host_minor)
{
    (void)host_minor;
    return host_major == FUSHO_ABI_MAJOR ? &table : NULL;
}
