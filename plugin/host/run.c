#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "run.h"

#include <stdlib.h>
#include <unistd.h>

#include "command.h"

/* ---- before the inputs ---- */

static int open_session(command *c)
{
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_status st;
    command_fill_host(c);
    st = c->plugin.table->open(&c->host, command_text_of(c->o->for_plugin), &c->session, &err);
    return st < 0 ? command_failed(c, st, &err, NULL) : 0;
}

static void set_targets(command *c)
{
    const options *o = c->o;
    const char *tmp = getenv("TMPDIR");
    c->spool_folder = tmp && tmp[0] == '/' ? tmp : "/tmp";
    posix_store_init(&c->store, NULL, command_given(c, OPT_FORCE));
    c->store.spool_folder = c->spool_folder;
    c->store.cancelled = c->stop;
    if (o->value[OPT_REPORT])
        posix_store_target(&c->store, FUSHO_STORE_REPORT, o->value[OPT_REPORT]);
    if (command_given(c, OPT_DRY_RUN))
        return;
    if (command_is_dash(o->value[OPT_OUTPUT]))
        posix_store_target_fd(&c->store, FUSHO_STORE_OUTPUT, STDOUT_FILENO, "-");
    else if (o->value[OPT_OUTPUT])
        posix_store_target(&c->store, FUSHO_STORE_OUTPUT, o->value[OPT_OUTPUT]);
    if (o->journal)
        posix_store_target(&c->store, FUSHO_STORE_JOURNAL, o->journal);
}

static fusho_status on_evidence(void *ctx, fusho_text name, posix_source *in, fusho_error *err)
{
    command *c = ctx;
    fusho_status st = posix_store_check_source(&c->store, in, err);
    if (st == FUSHO_OK && c->stop(NULL))
        return FUSHO_E_STORE; /* command_failed() sees the signal */
    if (st == FUSHO_OK)
        st = c->plugin.table->add_evidence(c->session, name, &in->stream, err);
    if (st < 0 && !err->file[0])
        posix_shown_name(err->file, sizeof err->file, name.p);
    return st;
}

static int add_evidence(command *c)
{
    posix_evidence e = {NULL, on_evidence, c, 0, NULL, 0, 0};
    int status = 0;
    size_t i;
    for (i = 0; i < c->o->n_evidence && !status; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        fusho_status st = posix_evidence_walk(&e, c->o->evidence[i], &err);
        if (st < 0)
            status = command_refused(c, st, &err, c->o->evidence[i]);
    }
    posix_evidence_end(&e);
    return status;
}

/* ---- one input ---- */

static int32_t verb_of(const options *o)
{
    return o->verb == VERB_APPLY ? FUSHO_APPLY : o->verb == VERB_CHECK ? FUSHO_CHECK : FUSHO_UNDO;
}

static int run_job(command *c, const char *name, const posix_source *in, int more)
{
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_job job = {0};
    fusho_status st;
    sink *to = command_listing(c);
    const char *output = c->o->value[OPT_OUTPUT];
    char shown[3][1024];
    int status;
    posix_shown_name(shown[0], sizeof shown[0], name);
    posix_shown_name(shown[1], sizeof shown[1], output ? output : "");
    posix_shown_name(shown[2], sizeof shown[2], c->o->journal ? c->o->journal : "");
    job.struct_size = (uint32_t)sizeof job;
    job.verb = verb_of(c->o);
    job.input_name = command_text_of(shown[0]);
    job.output_name = command_text_of(shown[1]);
    job.journal_name = command_text_of(shown[2]);
    job.input = &in->stream;
    job.input_size = in->size;
    job.more_files = more;
    job.listing = to ? &to->stream : NULL;
    progress_start(&c->bar, c->o->value[OPT_PROGRESS], c->o->english);
    st = c->plugin.table->run(c->session, &job, &err);
    progress_erase(&c->bar);
    sink_flush(&c->err);
    if (sink_finish(&c->out, c->o->english))
        return 4;
    if (st < 0 || st == FUSHO_CANCELLED)
        return command_failed(c, st, &err, name);
    status = job.exit_status >= 0 && job.exit_status <= 5 ? job.exit_status : 5;
    if (status < 2 && job.verb == FUSHO_APPLY && !job.listing)
        print_counts(&job, c->o->english);
    return status;
}

static fusho_status open_input(command *c, posix_source *in, const char *name, fusho_error *err)
{
    if (command_is_dash(name))
        return posix_source_spool(in, NULL, STDIN_FILENO, c->spool_folder, c->stop, NULL, err);
    return posix_source_open(in, NULL, name, "", err);
}

static int run_input(command *c, const char *name, int more)
{
    fusho_error err = FUSHO_ERROR_INIT;
    posix_source in;
    int status;
    fusho_status st = open_input(c, &in, name, &err);
    if (st != FUSHO_OK)
        return command_refused(c, st, &err, name);
    st = posix_store_check_source(&c->store, &in, &err);
    if (st == FUSHO_OK)
        st = posix_store_check(&c->store, &err);
    if (st == FUSHO_OK) {
        status = run_job(c, name, &in, more);
        posix_store_finish(&c->store, status < 2);
    } else {
        status = command_refused(c, st, &err, NULL);
    }
    posix_source_close(&in);
    return status;
}

static int run_files(command *c)
{
    int worst = add_evidence(c), status;
    size_t i;
    if (worst)
        return worst;
    for (i = 0; i < c->o->n_operands; i++) {
        status = run_input(c, c->o->operand[i], i + 1 < c->o->n_operands);
        if (status > worst)
            worst = status;
        /* after 5 the session can only be closed; after the others nobody is listening */
        if (status == 5 || c->out.failed || c->stop(NULL))
            break;
    }
    return worst;
}

/* ---- the rest ---- */

static int explain(command *c)
{
    fusho_error err = FUSHO_ERROR_INIT;
    const char *code = c->o->n_operands ? c->o->operand[0] : "";
    fusho_status st =
        c->plugin.table->explain(c->session, command_text_of(code), &c->out.stream, &err);
    if (sink_finish(&c->out, c->o->english))
        return 4;
    return st < 0 ? command_failed(c, st, &err, NULL) : 0;
}

static void put_version(command *c)
{
    const fusho_plugin *p = c->plugin.table;
    sink_put(&c->out, "fusho " PACKAGE_VERSION "\n");
    if (!p)
        return;
    sink_put(&c->out, c->o->english ? "plugin " : "プラグイン ");
    sink_put(&c->out, p->id);
    sink_put(&c->out, " ");
    sink_put(&c->out, p->version);
    sink_put(&c->out, c->o->english ? ", rules of " : "、規則の版 ");
    sink_put(&c->out, p->rules_edition);
    sink_put(&c->out, "\n");
}

static int run_loaded(command *c)
{
    int status = open_session(c);
    if (status)
        return status;
    set_targets(c);
    return c->o->verb == VERB_EXPLAIN ? explain(c) : run_files(c);
}

int run_command(const options *o, posix_cancelled_fn *stop)
{
    static command c; /* its buffers are too large for a small stack */
    int status;
    c.o = o;
    c.stop = stop;
    sink_init(&c.out, STDOUT_FILENO, stop);
    sink_init(&c.err, STDERR_FILENO, stop);
    status = loader_open(&c.plugin, o->value[OPT_PLUGIN], o->english);
    if (status)
        print_sentence(c.plugin.complaint);
    if (o->verb == VERB_VERSION)
        put_version(&c);
    else if (!status)
        status = run_loaded(&c);
    if (c.session)
        c.plugin.table->close(c.session);
    if (!c.out.failed && sink_finish(&c.out, o->english))
        status = 4;
    loader_close(&c.plugin);
    return status;
}
