#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "run.h"

#include <string.h>
#include <unistd.h>

#include "color.h"
#include "command.h"
#include "leftover.h"
#include "platform.h"

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
    c->spool_folder = platform_temp_folder();
    posix_store_init(&c->store, leftover_calls(), command_given(c, OPT_FORCE));
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

/* Everything that is read before the run: captures, and journals of past months. */
typedef struct reading {
    command *c;
    posix_evidence walk;
    int64_t bytes;
} reading;

/* The journal that this run replaces tells nothing about the past. */
static bool is_own_journal(const reading *r, const posix_source *in)
{
    const options *o = r->c->o;
    struct stat st;
    return r->walk.kind == &posix_journals && o->journal && stat(o->journal, &st) == 0 &&
           st.st_dev == in->dev && st.st_ino == in->ino;
}

/* A damaged journal would be taken for a file that is none, and what it tells would be missed. */
static fusho_status need_journal(posix_source *in, const char *name, fusho_error *err)
{
    static const char first[] = "FUSHO-"; /* of every version of the format */
    char head[sizeof first - 1];
    size_t have = 0;
    int64_t n = 1;
    while (have < sizeof head && n > 0) {
        n = in->stream.read(in, head + have, sizeof head - have);
        have += n > 0 ? (size_t)n : 0;
    }
    if (in->stream.rewind(in) || n < 0)
        return FUSHO_OK; /* the plugin will read again, and say so */
    if (have == sizeof head && memcmp(head, first, have) == 0)
        return FUSHO_OK;
    posix_fail(err, FUSHO_E_INPUT, "S703", name, "控え（.fusho）ではないか、先頭が壊れています。",
               "no journal, or one with a damaged beginning");
    posix_hint(err,
               "控えをコピーし直すか、控えではないファイルを外して、もう一度実行してください。");
    return FUSHO_E_INPUT;
}

static fusho_status on_evidence(void *ctx, fusho_text name, posix_source *in, fusho_error *err)
{
    reading *r = ctx;
    command *c = r->c;
    fusho_status st;
    if (is_own_journal(r, in))
        return FUSHO_OK;
    st = posix_store_check_source(&c->store, in, err);
    if (st == FUSHO_OK && c->stop(NULL))
        return FUSHO_E_STORE; /* command_failed() sees the signal */
    if (st == FUSHO_OK && r->walk.kind == &posix_journals)
        st = need_journal(in, name.p, err);
    if (st == FUSHO_OK)
        st = c->plugin.table->add_evidence(c->session, name, &in->stream, err);
    if (st < 0 && !err->file[0])
        posix_shown_name(err->file, sizeof err->file, name.p);
    r->bytes += in->size;
    if (c->o->verb == VERB_LEDGER)
        progress_update(&c->bar, (int64_t)r->walk.files, r->bytes, 0);
    return st;
}

static int add_paths(reading *r, const posix_kind *kind, const char **path, size_t n)
{
    int status = 0;
    size_t i;
    r->walk.kind = kind;
    for (i = 0; i < n && !status; i++) {
        fusho_error err = FUSHO_ERROR_INIT;
        fusho_status st = posix_evidence_walk(&r->walk, path[i], &err);
        if (st < 0)
            status = kind == &posix_captures ? command_refused_captures(r->c, st, &err, path[i])
                                             : command_refused(r->c, st, &err, path[i]);
    }
    return status;
}

static int add_evidence(command *c)
{
    const options *o = c->o;
    reading r = {c, {NULL, NULL, on_evidence, NULL, 0, NULL, 0, 0}, 0};
    int status;
    r.walk.ctx = &r;
    if (o->verb == VERB_LEDGER) {
        progress_start(&c->bar, o->value[OPT_PROGRESS], o->english);
        status = add_paths(&r, &posix_journals, o->operand, o->n_operands);
        progress_erase(&c->bar);
    } else {
        status = add_paths(&r, &posix_captures, o->evidence.v, o->evidence.n);
        if (!status)
            status = add_paths(&r, &posix_journals, o->ledger.v, o->ledger.n);
    }
    posix_evidence_end(&r.walk);
    return status;
}

/* ---- one input ---- */

static const int32_t verbs[VERB_COUNT] = {
    [VERB_APPLY] = FUSHO_APPLY,   [VERB_CHECK] = FUSHO_CHECK, [VERB_UNDO] = FUSHO_UNDO,
    [VERB_LEDGER] = FUSHO_LEDGER, [VERB_FORM] = FUSHO_FORM,
};

/* What one job reads. The second: what apply wrote, where undo is told. */
typedef struct inputs {
    posix_source in, from;
} inputs;

/* Names as they are shown; they outlive the run. */
typedef struct shown_names {
    char input[1024], output[1024], journal[1024], from[1024];
} shown_names;

static void fill_job(command *c, fusho_job *job, shown_names *shown, const char *name,
                     const inputs *i)
{
    const char *output = c->o->value[OPT_OUTPUT], *from = c->o->value[OPT_FROM];
    sink *to = command_listing(c);
    posix_shown_name(shown->input, sizeof shown->input, name);
    posix_shown_name(shown->output, sizeof shown->output, output ? output : "");
    posix_shown_name(shown->journal, sizeof shown->journal, c->o->journal ? c->o->journal : "");
    posix_shown_name(shown->from, sizeof shown->from, from ? from : "");
    job->struct_size = (uint32_t)sizeof *job;
    job->verb = verbs[c->o->verb];
    job->input_name = command_text_of(shown->input);
    job->output_name = command_text_of(shown->output);
    job->journal_name = command_text_of(shown->journal);
    job->from_name = command_text_of(shown->from);
    job->input = i ? &i->in.stream : NULL;
    job->input_size = i ? i->in.size : 0;
    job->from = i && from ? &i->from.stream : NULL;
    job->listing = to ? &to->stream : NULL;
}

static int cancelled(command *c)
{
    fusho_error err = FUSHO_ERROR_INIT;
    return command_failed(c, FUSHO_CANCELLED, &err, NULL);
}

/* i NULL: the verb takes no input. */
static int run_job(command *c, const char *name, const inputs *i, int more)
{
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_job job = {0};
    fusho_status st;
    shown_names shown;
    int status;
    fill_job(c, &job, &shown, name, i);
    job.more_files = more;
    progress_start(&c->bar, c->o->value[OPT_PROGRESS], c->o->english);
    st = c->plugin.table->run(c->session, &job, &err);
    if (st >= 0 && st != FUSHO_CANCELLED)
        progress_full(&c->bar);
    progress_erase(&c->bar);
    sink_flush(&c->err);
    if (c->stop(NULL))
        return cancelled(c);
    if (sink_finish(&c->out, c->o->english))
        return 4;
    if (st < 0 || st == FUSHO_CANCELLED) {
        const char *file = st == FUSHO_E_STORE ? NULL : name;
        bool listed = !job.listing || command_listing(c)->used;
        return listed ? command_failed(c, st, &err, file) : command_refused(c, st, &err, file);
    }
    status = job.exit_status >= 0 && job.exit_status <= 5 ? job.exit_status : 5;
    if (status < 2 && job.verb == FUSHO_APPLY && !job.listing)
        print_counts(&job, c->o->english);
    return status;
}

static fusho_status open_input(command *c, posix_source *in, const char *name, fusho_error *err)
{
    if (command_is_dash(name))
        return posix_source_spool(in, leftover_calls(), STDIN_FILENO, c->spool_folder, c->stop,
                                  NULL, err);
    return posix_source_open(in, NULL, name, "S704", err);
}

/* The last look at the signal is here: after it, what was written stays. */
static int finish_run(command *c, int status)
{
    if (status < 2 && c->stop(NULL))
        status = cancelled(c);
    posix_store_finish(&c->store, status < 2);
    leftover_keep();
    return status;
}

static fusho_status open_from(command *c, posix_source *from, fusho_error *err)
{
    const char *path = c->o->value[OPT_FROM];
    fusho_status st = FUSHO_OK;
    if (path)
        st = posix_source_open(from, NULL, path, "S704", err);
    if (path && st == FUSHO_OK)
        st = posix_store_check_source(&c->store, from, err);
    return st;
}

static int run_input(command *c, const char *name, int more)
{
    fusho_error err = FUSHO_ERROR_INIT;
    inputs i = {.from.fd = -1};
    int status;
    fusho_status st = open_input(c, &i.in, name, &err);
    if (st != FUSHO_OK)
        return command_refused(c, st, &err, name);
    st = posix_store_check_source(&c->store, &i.in, &err);
    if (st == FUSHO_OK)
        st = open_from(c, &i.from, &err);
    if (st == FUSHO_OK)
        st = posix_store_check(&c->store, &err);
    if (st == FUSHO_OK)
        status = finish_run(c, run_job(c, name, &i, more));
    else
        status = command_refused(c, st, &err, NULL);
    posix_source_close(&i.from);
    posix_source_close(&i.in);
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

static int tell_form(command *c)
{
    char sentence[SENTENCE_MAX];
    const char *output = c->o->value[OPT_OUTPUT];
    if (command_is_dash(output))
        return 0;
    message_fill(sentence, TEXT_FORM_MADE, c->o->english, output, NULL);
    sink_put(&c->out, sentence);
    sink_put(&c->out, "\n");
    return sink_finish(&c->out, c->o->english);
}

/* ledger and form */
static int run_alone(command *c)
{
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_status st = posix_store_check(&c->store, &err);
    int status;
    if (st != FUSHO_OK)
        return command_refused(c, st, &err, NULL);
    status = add_evidence(c);
    if (status)
        return status;
    status = run_job(c, "", NULL, 0);
    if (!status && c->o->verb == VERB_FORM)
        status = tell_form(c);
    return finish_run(c, status);
}

/* ---- the rest ---- */

#define CODE_MAX 16u

/* A code is told as it is written in the report, however it was typed. Longer words are none. */
static void capital_code(char out[CODE_MAX], const char *typed)
{
    size_t i;
    for (i = 0; typed[i] && i + 1 < CODE_MAX; i++)
        out[i] = (char)(typed[i] >= 'a' && typed[i] <= 'z' ? typed[i] - 'a' + 'A' : typed[i]);
    out[i] = '\0';
}

static int explain(command *c)
{
    fusho_error err = FUSHO_ERROR_INIT;
    char code[CODE_MAX];
    fusho_status st;
    capital_code(code, c->o->n_operands ? c->o->operand[0] : "");
    st = c->plugin.table->explain(c->session, command_text_of(code), &c->out.stream, &err);
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
    switch (c->o->verb) {
    case VERB_EXPLAIN:
        return explain(c);
    case VERB_LEDGER:
    case VERB_FORM:
        return run_alone(c);
    default:
        return run_files(c);
    }
}

bool run_listing_color(const options *o)
{
    bool on_stderr = command_is_dash(o->value[OPT_OUTPUT]);
    return color_wanted(o->value[OPT_COLOR], on_stderr ? STDERR_FILENO : STDOUT_FILENO);
}

static void tell_settings(const options *o, const char *settings)
{
    char sentence[SENTENCE_MAX];
    if (!settings || !o->value[OPT_VERBOSE])
        return;
    message_fill(sentence, TEXT_CONFIG_USED, o->english, settings, NULL);
    print_sentence(sentence);
}

int run_command(const options *o, const char *settings, posix_cancelled_fn *stop)
{
    static command c; /* its buffers are too large for a small stack */
    int status;
    c.o = o;
    c.stop = stop;
    c.color_errors = color_wanted(o->value[OPT_COLOR], STDERR_FILENO);
    tell_settings(o, settings);
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
