#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "refusal.h"

#define LOG_BYTES_MAX 4096u

bool command_given(const command *c, host_option id)
{
    return c->o->value[id] != NULL;
}

bool command_is_dash(const char *s)
{
    return s && strcmp(s, "-") == 0;
}

fusho_text command_text_of(const char *s)
{
    fusho_text t;
    t.p = s;
    t.n = strlen(s);
    return t;
}

sink *command_listing(command *c)
{
    if (c->o->verb == VERB_FORM)
        return NULL; /* the page is all there is */
    if (!command_is_dash(c->o->value[OPT_OUTPUT]))
        return &c->out;
    return command_given(c, OPT_FORMAT) ? &c->err : NULL;
}

/* ---- the host's callbacks ---- */

static fusho_status FUSHO_CALL on_begin(void *ctx, int32_t role, fusho_stream *out,
                                        fusho_error *err)
{
    return posix_store_begin(&((command *)ctx)->store, role, out, err);
}

static fusho_status FUSHO_CALL on_commit(void *ctx, int32_t role, fusho_error *err)
{
    command *c = ctx;
    if (role == FUSHO_STORE_OUTPUT)
        progress_erase(&c->bar); /* "-o -" may go to the same terminal */
    return posix_store_commit(&c->store, role, err);
}

static void FUSHO_CALL on_abort(void *ctx, int32_t role)
{
    posix_store_abort(&((command *)ctx)->store, role);
}

static void FUSHO_CALL on_progress(void *ctx, int64_t claims, int64_t done, int64_t total)
{
    progress_update(&((command *)ctx)->bar, claims, done, total);
}

static int32_t FUSHO_CALL on_cancelled(void *ctx)
{
    return ((command *)ctx)->stop(NULL);
}

static void FUSHO_CALL on_log(void *ctx, int32_t level, fusho_text message)
{
    command *c = ctx;
    int n = (int)(message.n > LOG_BYTES_MAX ? LOG_BYTES_MAX : message.n);
    if (level < FUSHO_LOG_WARN && !(level == FUSHO_LOG_INFO && command_given(c, OPT_VERBOSE)))
        return;
    progress_clear(&c->bar);
    fprintf(stderr, "fusho: %.*s\n", n, message.p);
}

void command_fill_host(command *c)
{
    c->host.struct_size = (uint32_t)sizeof c->host;
    c->host.abi_major = FUSHO_ABI_MAJOR;
    c->host.abi_minor = FUSHO_ABI_MINOR;
    c->host.ctx = c;
    c->host.product = command_text_of("fusho " PACKAGE_VERSION);
    c->host.threads = c->o->jobs;
    c->host.log = on_log;
    c->host.store_begin = on_begin;
    c->host.store_commit = on_commit;
    c->host.store_abort = on_abort;
    c->host.today = posix_today;
    c->host.progress = on_progress;
    c->host.cancelled = on_cancelled;
}

/* ---- failures ---- */

/* The exit status for a status below 0. */
static int exit_of(fusho_status st)
{
    switch (st) {
    case FUSHO_E_STORE:
        return 4;
    case FUSHO_E_INPUT:
    case FUSHO_E_LIMIT:
        return 3;
    case FUSHO_E_MISUSE:
        return 2;
    default:
        return 5;
    }
}

int command_failed(command *c, fusho_status st, fusho_error *err, const char *file)
{
    char sentence[SENTENCE_MAX];
    if (st == FUSHO_CANCELLED || (st < 0 && c->stop(NULL))) {
        message_fill(sentence, TEXT_CANCELLED, c->o->english, NULL, NULL);
        print_sentence(sentence);
        return 4;
    }
    if (file && !err->file[0])
        posix_shown_name(err->file, sizeof err->file, file);
    print_error(err, c->o->english, c->color_errors);
    return exit_of(st);
}

static int refused(command *c, fusho_status st, fusho_error *err, const char *file, bool hidden)
{
    int status = command_failed(c, st, err, file);
    char input[1024];
    refusal r = {input, err, hidden, c->o->english};
    sink *to = command_listing(c);
    posix_shown_name(input, sizeof input, c->o->n_operands ? c->o->operand[0] : "-");
    if (to && status > 2)
        refusal_put(to, c->o->value[OPT_FORMAT], &r);
    sink_flush(&c->err);
    return status;
}

int command_refused(command *c, fusho_status st, fusho_error *err, const char *file)
{
    return refused(c, st, err, file, false);
}

int command_refused_captures(command *c, fusho_status st, fusho_error *err, const char *file)
{
    /* S: the fault is a file of the store, or a journal. */
    return refused(c, st, err, file, command_given(c, OPT_MASK) && err->code[0] != 'S');
}
