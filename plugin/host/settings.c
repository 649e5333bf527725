#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_file.h"
#include "platform.h"
#include "posix_path.h"

static int no_memory(fusho_error *err)
{
    posix_fail(err, FUSHO_E_NOMEM, "", "", "メモリーが足りません。", "out of memory");
    return 5;
}

/* ---- where it is ---- */

static char *join(const char *folder, size_t n, const char *name)
{
    return posix_join(&posix_calls_libc, folder, n, name);
}

/* How much of a path is its folder, its "/" included; a "/" at the end is no part of the name. */
static size_t folder_of(const char *path)
{
    size_t n = strlen(path);
    while (n > 1 && posix_is_separator(path[n - 1]))
        n--;
    while (n > 0 && !posix_is_separator(path[n - 1]))
        n--;
    return n;
}

/* Takes the file if it is there. 1 taken, 0 not there, -1 no memory. */
static int try_file(settings *s, char *path)
{
    struct stat st;
    if (!path)
        return -1;
    if (stat(path, &st)) {
        free(path);
        return 0;
    }
    s->file = path;
    return 1;
}

static int try_beside_input(settings *s, const options *o)
{
    const char *input = o->n_operands && o->verb != VERB_EXPLAIN ? o->operand[0] : NULL;
    if (!input || strcmp(input, "-") == 0)
        return 0;
    return try_file(s, join(input, folder_of(input), SETTINGS_NAME));
}

static int try_home(settings *s)
{
    const char *name, *folder = platform_settings_folder(&name);
    return folder ? try_file(s, join(folder, strlen(folder), name)) : 0;
}

static int find(settings *s, const options *o, fusho_error *err)
{
    int found;
    if (o->value[OPT_NO_CONFIG])
        return 0;
    if (o->value[OPT_CONFIG]) {
        s->file = join("", 0, o->value[OPT_CONFIG]);
        return s->file ? 0 : no_memory(err);
    }
    found = try_beside_input(s, o);
    if (found == 0)
        found = try_home(s);
    return found < 0 ? no_memory(err) : 0;
}

/* ---- what is in it ---- */

static int read_all(settings *s, posix_source *in, size_t *n, fusho_error *err)
{
    *n = 0;
    s->text = malloc(CONFIG_BYTES_MAX + 2); /* one to notice that it is too large, one for a NUL */
    if (!s->text)
        return no_memory(err);
    while (*n <= CONFIG_BYTES_MAX) {
        int64_t r = in->stream.read(in->stream.ctx, s->text + *n, CONFIG_BYTES_MAX + 1 - *n);
        if (r < 0) {
            posix_fail_errno(err, FUSHO_E_INPUT, "", s->file, "設定ファイルを読めません",
                             "cannot read the settings file", errno);
            return 3;
        }
        if (r == 0)
            return 0;
        *n += (size_t)r;
    }
    return 0;
}

static int fail(const settings *s, fusho_error *err, unsigned line, const char *sentence)
{
    posix_fail(err, FUSHO_E_INPUT, "", s->file, sentence, sentence);
    err->line = line;
    return 3;
}

static int read_file(settings *s, size_t *n, bool english, fusho_error *err)
{
    char sentence[SENTENCE_MAX], limit[16];
    posix_source in;
    int status;
    if (posix_source_open(&in, NULL, s->file, "", err) != FUSHO_OK) {
        posix_hint(err, "設定ファイルの名前を確かめてください。");
        return 3;
    }
    status = read_all(s, &in, n, err);
    posix_source_close(&in);
    if (status || *n <= CONFIG_BYTES_MAX)
        return status;
    snprintf(limit, sizeof limit, "%u", CONFIG_BYTES_MAX);
    message_fill(sentence, TEXT_CONFIG_TOO_LARGE, english, limit, NULL);
    return fail(s, err, 0, sentence);
}

/* A path relative to the file's folder. */
static const char *settle(settings *s, const char *value)
{
    size_t n = folder_of(s->file);
    char **v, *path;
    if (posix_is_absolute(value) || n == 0)
        return value;
    v = realloc(s->paths, (s->n_paths + 1) * sizeof *v);
    if (!v)
        return NULL;
    s->paths = v;
    path = join(s->file, n, value);
    if (path)
        s->paths[s->n_paths++] = path;
    return path;
}

static int apply(settings *s, options *o, size_t n, fusho_error *err)
{
    config c;
    host_option id;
    const char *value;
    int r, bad = 0;
    config_start(&c, s->text, n, o->english);
    while (!bad && (r = config_next(&c, &id, &value)) == 1) {
        if (host_options[id].in_file == IN_FILE_LIST)
            value = settle(s, value);
        bad = value ? options_add(o, id, value) : 5;
    }
    if (bad)
        return no_memory(err);
    if (r == 0)
        return 0;
    fail(s, err, c.line, c.complaint);
    err->status = r == 2 ? FUSHO_E_MISUSE : FUSHO_E_INPUT;
    return r;
}

int settings_read(settings *s, options *o, fusho_error *err)
{
    size_t n = 0;
    int status;
    memset(s, 0, sizeof *s);
    status = find(s, o, err);
    if (!status && s->file)
        status = read_file(s, &n, o->english, err);
    if (!status && s->file)
        status = apply(s, o, n, err);
    return status;
}

void settings_free(settings *s)
{
    size_t i;
    for (i = 0; i < s->n_paths; i++)
        free(s->paths[i]);
    free(s->paths);
    free(s->text);
    free(s->file);
    memset(s, 0, sizeof *s);
}
