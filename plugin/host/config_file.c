#include "config_file.h"

#include <string.h>

#include "options.h"
#include "posix_io.h"

#define WIDE_BLANK "\xe3\x80\x80" /* U+3000 */

void config_start(config *c, char *text, size_t n, bool english)
{
    memset(c, 0, sizeof *c);
    c->at = text;
    c->end = text + n;
    c->english = english;
    text[n] = '\0';
    if (n >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        c->at += 3;
}

/* ---- complaints ---- */

static int complain(config *c, host_text id, const char *a, const char *b)
{
    message_fill(c->complaint, id, c->english, a, b);
    c->at = c->end;
    return 2;
}

static int unknown(config *c, const char *name)
{
    char typed[TYPED_MAX + 4];
    size_t dashes = strspn(name, "-");
    int near = table_near_file_option(name + dashes, strlen(name + dashes));
    options_typed(typed, name, strlen(name));
    complain(c, TEXT_CONFIG_UNKNOWN, typed, NULL);
    if (near >= 0)
        message_add(c->complaint, TEXT_MEANT, c->english, host_options[near].name, NULL);
    else
        message_add(c->complaint, TEXT_CONFIG_NAMES, c->english, NULL, NULL);
    return 2;
}

static void shown_value(char out[TYPED_MAX + 4], const char *value)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    size_t n = strspn(value, plain);
    n = n < TYPED_MAX ? n : TYPED_MAX;
    memcpy(out, value, n);
    strcpy(out + n, value[n] ? "…" : "");
}

static int bad_value(config *c, int id, const char *value)
{
    char shown[TYPED_MAX + 4], near[TABLE_VALUE_MAX + 1], values[TABLE_VALUES_MAX];
    char list[LIST_SHOWN_MAX];
    table_all_values((host_option)id, values);
    shown_value(shown, value);
    complain(c, TEXT_CONFIG_BAD_VALUE, host_options[id].name, shown);
    if (id == OPT_JOBS) {
        message_add(c->complaint, TEXT_CONFIG_JOBS, c->english, NULL, NULL);
        return 2;
    }
    message_list(list, values, c->english);
    message_add(c->complaint, TEXT_CONFIG_WANTED, c->english, list, NULL);
    if (table_near_value(values, value, near))
        message_add(c->complaint, TEXT_MEANT, c->english, near, NULL);
    return 2;
}

/* ---- one line ---- */

/* How many bytes the blank at p has; 0: none. */
static size_t blank(const char *p)
{
    if (*p == ' ' || *p == '\t')
        return 1;
    return strncmp(p, WIDE_BLANK, 3) == 0 ? 3 : 0;
}

/* Cuts blanks off both ends of p. */
static char *trim(char *p)
{
    char *end = p, *q;
    size_t n;
    while ((n = blank(p)) > 0)
        p += n;
    for (q = end = p; *q; q += n ? n : 1) {
        n = blank(q);
        if (n == 0)
            end = q + 1;
    }
    *end = '\0';
    return p;
}

static void cut_comment(char *line)
{
    char *p;
    bool behind_blank = true;
    for (p = line; *p; p++) {
        size_t n = blank(p);
        if (*p == '#' && behind_blank) {
            *p = '\0';
            return;
        }
        behind_blank = n > 0;
        p += n > 1 ? n - 1 : 0;
    }
}

/* The next line without its end, or NULL; not_text is set where it holds what no text holds. */
static char *next_line(config *c, bool *not_text)
{
    char *line = c->at, *lf, *p;
    size_t n;
    if (c->at >= c->end)
        return NULL;
    lf = memchr(line, '\n', (size_t)(c->end - line));
    n = (size_t)((lf ? lf : c->end) - line);
    c->at = lf ? lf + 1 : c->end;
    c->line++;
    if (n > 0 && line[n - 1] == '\r')
        n--;
    line[n] = '\0';
    for (p = line; *p; p++) {
        if (*p == '\t')
            *p = ' ';
    }
    *not_text = strlen(line) != n || !posix_is_shown(line);
    return line;
}

/* name, and value or NULL where there was no "=". */
static int check_entry(config *c, const char *name, const char *value, host_option *id)
{
    int i = table_option(name, strlen(name));
    if (i < 0)
        return unknown(c, name);
    name = host_options[i].name;
    if (host_options[i].in_file == IN_FILE_NO)
        return complain(c, TEXT_CONFIG_NOT_HERE, name, NULL);
    if (host_options[i].takes_value && (!value || !*value))
        return complain(c, TEXT_CONFIG_NO_VALUE, name, name);
    if (!host_options[i].takes_value && value)
        return complain(c, TEXT_CONFIG_HAS_VALUE, name, NULL);
    if (value && (!table_allows_somewhere((host_option)i, value) ||
                  (i == OPT_JOBS && options_jobs(value) == 0)))
        return bad_value(c, i, value);
    if (c->given[i] && host_options[i].in_file != IN_FILE_LIST)
        return complain(c, TEXT_CONFIG_DOUBLED, name, NULL);
    c->given[i] = true;
    *id = (host_option)i;
    return 1;
}

int config_next(config *c, host_option *id, const char **value)
{
    char *line, *eq;
    bool not_text = false;
    while ((line = next_line(c, &not_text)) != NULL) {
        if (not_text) {
            complain(c, TEXT_CONFIG_NO_TEXT, NULL, NULL);
            return 3;
        }
        cut_comment(line);
        line = trim(line);
        if (*line == '\0')
            continue;
        eq = strchr(line, '=');
        if (eq)
            *eq++ = '\0';
        eq = eq ? trim(eq) : NULL;
        *value = eq ? eq : "";
        return check_entry(c, trim(line), eq, id);
    }
    return 0;
}
