#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"
#include "host/posix_evidence.h"
#include "host/posix_store.h"

/* Flat calls: a host made of POSIX files around the table, for callers that have none. */

typedef struct flat {
    posix_store store;
    posix_source input;
    fusho_host host;
    fusho_session *session;
    fusho_error err;
    fusho_job job;
    char *options; /* those the session takes */
    char *journal, *report;
    int force, dry_run, ranges;
} flat;

/* ---- message ---- */

static void say(char *message, int32_t size, const char *text)
{
    if (message && size > 0)
        fu_copy_text(message, (uint64_t)size, text);
}

static int32_t exit_of(fusho_status st)
{
    return fu_exit_status((fu_status)st);
}

static int32_t failed(const flat *f, fusho_status st, char *message, int32_t size)
{
    say(message, size, f->err.message_ja[0] ? f->err.message_ja : "処理できませんでした。");
    return exit_of(st);
}

/* ---- store ---- */

static fusho_status FUSHO_CALL begin(void *ctx, int32_t role, fusho_stream *out, fusho_error *err)
{
    return posix_store_begin(ctx, role, out, err);
}

static fusho_status FUSHO_CALL commit(void *ctx, int32_t role, fusho_error *err)
{
    return posix_store_commit(ctx, role, err);
}

static void FUSHO_CALL drop(void *ctx, int32_t role)
{
    posix_store_abort(ctx, role);
}

static void open_host(flat *f)
{
    memset(f, 0, sizeof *f);
    f->err.struct_size = (uint32_t)sizeof f->err;
    f->input.fd = -1;
    posix_store_init(&f->store, NULL, 0);
    f->host.struct_size = (uint32_t)sizeof f->host;
    f->host.abi_major = FUSHO_ABI_MAJOR;
    f->host.abi_minor = FUSHO_ABI_MINOR;
    f->host.ctx = &f->store;
    f->host.product.p = "fusho flat call";
    f->host.product.n = 15;
    f->host.store_begin = begin;
    f->host.store_commit = commit;
    f->host.store_abort = drop;
    f->host.today = posix_today;
}

static void close_all(flat *f, int keep)
{
    if (f->session)
        fusho_table.close(f->session);
    posix_store_finish(&f->store, keep);
    posix_source_close(&f->input);
    free(f->options);
    free(f->journal);
    free(f->report);
}

/* ---- options ---- */

static int starts(const char *line, size_t n, const char *name)
{
    size_t k = strlen(name);
    return n >= k && memcmp(line, name, k) == 0 && (n == k || line[k] == '=');
}

static fusho_status misuse(flat *f, const char *ja)
{
    return posix_fail(&f->err, FUSHO_E_MISUSE, "", "", ja, "option not allowed in a flat call");
}

static char *value_copy(const char *line, size_t n)
{
    const char *eq = memchr(line, '=', n);
    size_t k = eq ? n - (size_t)(eq + 1 - line) : 0;
    char *v = k ? malloc(k + 1) : NULL;
    if (v) {
        memcpy(v, eq + 1, k);
        v[k] = '\0';
    }
    return v;
}

/* One line: kept for ourselves, refused, or passed on to the session. */
static fusho_status option_line(flat *f, const char *line, size_t n)
{
    static const char *const refused[] = {"--format", "--progress", "--plugin",   "--evidence",
                                          "--output", "--jobs",     "-o",         "--ledger",
                                          "--color",  "--config",   "--no-config"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (starts(line, n, refused[i]))
            return misuse(f, "この呼び出しでは使えないオプションです。");
    if (starts(line, n, "--journal")) {
        free(f->journal);
        f->journal = value_copy(line, n);
        return f->journal ? FUSHO_OK : misuse(f, "--journal にはファイル名が必要です。");
    }
    if (starts(line, n, "--report")) {
        free(f->report);
        f->report = value_copy(line, n);
        if (!f->report)
            return misuse(f, "--report にはファイル名が必要です。");
        n = strlen("--report");
    }
    if (starts(line, n, "--force")) {
        f->force = 1;
        return n == 7 ? FUSHO_OK : misuse(f, "--force に値は付けられません。");
    }
    if (starts(line, n, "--dry-run"))
        f->dry_run = 1;
    if (starts(line, n, "--journal-ranges"))
        f->ranges = 1;
    if (*f->options)
        strcat(f->options, "\n");
    memcpy(f->options + strlen(f->options), line, n);
    return FUSHO_OK;
}

static fusho_status too_long(flat *f)
{
    fu_error e = {0};
    fu_options_too_long(&e);
    return posix_fail(&f->err, FUSHO_E_LIMIT, e.code, "", e.message_ja, e.message_en);
}

static fusho_status read_options(flat *f, const char *options)
{
    size_t n = options ? strlen(options) : 0;
    if (n > FU_OPTIONS_BYTES_MAX)
        return too_long(f);
    f->options = calloc(1, 2 * n + 2);
    if (!f->options)
        return posix_fail(&f->err, FUSHO_E_NOMEM, "", "", "メモリーが足りません。",
                          "out of memory");
    while (options && *options) {
        size_t k = strcspn(options, "\r\n"), blank = strspn(options, " "), end = k;
        fusho_status st = FUSHO_OK;
        while (end > blank && options[end - 1] == ' ')
            end--;
        if (end > blank)
            st = option_line(f, options + blank, end - blank);
        if (st != FUSHO_OK)
            return st;
        options += k;
        options += strspn(options, "\r\n");
    }
    return FUSHO_OK;
}

/* ---- evidence and input ---- */

static fusho_status on_evidence(void *ctx, fusho_text name, posix_source *in, fusho_error *err)
{
    flat *f = ctx;
    fusho_status st = posix_store_check_source(&f->store, in, err);
    if (st != FUSHO_OK)
        return st;
    return fusho_table.add_evidence(f->session, name, &in->stream, err);
}

static fusho_status open_session(flat *f, const char *options, const char *evidence)
{
    posix_evidence walk = {NULL, &posix_captures, on_evidence, f, 0, NULL, 0, 0};
    fusho_text text;
    fusho_status st;
    text.p = options;
    text.n = strlen(options);
    st = fusho_table.open(&f->host, text, &f->session, &f->err);
    if (st == FUSHO_OK && evidence && *evidence)
        st = posix_evidence_walk(&walk, evidence, &f->err);
    posix_evidence_end(&walk);
    return st;
}

static fusho_status run(flat *f, int32_t verb, const char *input, const char *output)
{
    fusho_status st = posix_source_open(&f->input, NULL, input, "S704", &f->err);
    if (st == FUSHO_OK)
        st = posix_store_check_source(&f->store, &f->input, &f->err);
    if (st == FUSHO_OK)
        st = posix_store_check(&f->store, &f->err);
    if (st != FUSHO_OK)
        return st;
    f->job.struct_size = (uint32_t)sizeof f->job;
    f->job.verb = verb;
    f->job.input_name.p = input;
    f->job.input_name.n = strlen(input);
    f->job.output_name.p = output;
    f->job.output_name.n = strlen(output);
    f->job.journal_name.p = f->journal ? f->journal : "";
    f->job.journal_name.n = strlen(f->job.journal_name.p);
    f->job.input = &f->input.stream;
    f->job.input_size = f->input.size;
    return fusho_table.run(f->session, &f->job, &f->err);
}

/* ---- sentences ---- */

static int32_t finish(flat *f, fusho_status st, char *message, int32_t size)
{
    char text[512];
    int32_t status;
    if (st < 0 || st == FUSHO_CANCELLED) {
        status = failed(f, st, message, size);
    } else {
        snprintf(text, sizeof text,
                 "%lld件を処理しました（不詳%lld、旧資格%lld、現在の資格%lld、保留%lld、"
                 "エラー%lld、警告%lld）。",
                 (long long)f->job.claims, (long long)f->job.fusho, (long long)f->job.kyushikaku,
                 (long long)f->job.current, (long long)f->job.hold, (long long)f->job.errors,
                 (long long)f->job.warnings);
        say(message, size, text);
        status = exit_of(st);
    }
    close_all(f, status < 2);
    return status;
}

static int32_t no_path(char *message, int32_t size)
{
    say(message, size, "ファイル名が指定されていません。");
    return 2;
}

static int set_targets(flat *f, const char *output)
{
    f->store.force = f->force;
    if (f->report)
        posix_store_target(&f->store, FUSHO_STORE_REPORT, f->report);
    if (!output || f->dry_run)
        return 1;
    posix_store_target(&f->store, FUSHO_STORE_OUTPUT, output);
    if (!f->journal) {
        f->journal = malloc(strlen(output) + sizeof ".fusho");
        if (!f->journal)
            return 0;
        strcpy(f->journal, output);
        strcat(f->journal, ".fusho");
    }
    posix_store_target(&f->store, FUSHO_STORE_JOURNAL, f->journal);
    return 1;
}

static fusho_status file_call(flat *f, int32_t verb, const char *input, const char *output,
                              const char *evidence, const char *options)
{
    fusho_status st = read_options(f, options);
    if (st == FUSHO_OK && verb == FUSHO_CHECK && (f->journal || f->dry_run || f->ranges))
        st = misuse(f, "確認だけの呼び出しでは使えないオプションです。");
    if (st == FUSHO_OK && !set_targets(f, output))
        st = posix_fail(&f->err, FUSHO_E_NOMEM, "", "", "メモリーが足りません。", "out of memory");
    if (st == FUSHO_OK)
        st = open_session(f, f->options, evidence);
    return st == FUSHO_OK ? run(f, verb, input, output ? output : "") : st;
}

int32_t FUSHO_CALL fusho_apply_file(const char *input, const char *output, const char *evidence,
                                    const char *options, char *message, int32_t message_size)
{
    flat f;
    say(message, message_size, "");
    if (!input || !*input || !output || !*output)
        return no_path(message, message_size);
    open_host(&f);
    return finish(&f, file_call(&f, FUSHO_APPLY, input, output, evidence, options), message,
                  message_size);
}

int32_t FUSHO_CALL fusho_check_file(const char *input, const char *evidence, const char *options,
                                    char *message, int32_t message_size)
{
    flat f;
    say(message, message_size, "");
    if (!input || !*input)
        return no_path(message, message_size);
    open_host(&f);
    return finish(&f, file_call(&f, FUSHO_CHECK, input, NULL, evidence, options), message,
                  message_size);
}

int32_t FUSHO_CALL fusho_undo_file(const char *journal, const char *output, char *message,
                                   int32_t message_size)
{
    flat f;
    fusho_status st;
    say(message, message_size, "");
    if (!journal || !*journal || !output || !*output)
        return no_path(message, message_size);
    open_host(&f);
    posix_store_target(&f.store, FUSHO_STORE_OUTPUT, output);
    st = open_session(&f, "", NULL);
    if (st == FUSHO_OK)
        st = run(&f, FUSHO_UNDO, journal, output);
    if (st != FUSHO_OK)
        return finish(&f, st, message, message_size);
    say(message, message_size, "元のファイルに戻しました。");
    close_all(&f, 1);
    return 0;
}

const char *FUSHO_CALL fusho_version(void)
{
    return FU_VERSION;
}
