#include "table.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "nearest.h"

#define V(id) (1u << VERB_##id)
#define V_ALL UINT32_MAX
#define LIST_WORDS_MAX 8u

const verb_row host_verbs[VERB_COUNT] = {
#define HOST_VERB(id, name, least, most, output) {name, least, most, output},
#include "options.def"
#undef HOST_VERB
};

const option_row host_options[OPT_COUNT] = {
#define HOST_OPTION(id, name, letter, value, verbs, who, file) \
    {name, letter, value, verbs, WHO_##who, IN_FILE_##file},
#include "options.def"
#undef HOST_OPTION
};

static const struct {
    host_option id;
    uint32_t verbs;
    const char *values;
} lists[] = {
#define HOST_VALUES(id, verbs, values) {OPT_##id, verbs, values},
#include "options.def"
#undef HOST_VALUES
};

#define LISTS (sizeof lists / sizeof lists[0])

int table_option(const char *name, size_t n)
{
    int i;
    for (i = 0; i < OPT_COUNT; i++) {
        if (strlen(host_options[i].name) == n && memcmp(host_options[i].name, name, n) == 0)
            return i;
    }
    return -1;
}

int table_verb(const char *name)
{
    int i;
    for (i = 0; i < VERB_COUNT; i++) {
        if (strcmp(host_verbs[i].name, name) == 0)
            return i;
    }
    return -1;
}

bool table_fits(host_option id, host_verb verb)
{
    return verb >= VERB_COUNT || (host_options[id].verbs & (1u << verb)) != 0;
}

const char *table_values(host_option id, host_verb verb)
{
    size_t i;
    for (i = 0; i < LISTS && verb < VERB_COUNT; i++) {
        if (lists[i].id == id && (lists[i].verbs & (1u << verb)))
            return lists[i].values;
    }
    return NULL;
}

bool table_allows(const char *values, const char *value)
{
    size_t n = strlen(value);
    const char *p;
    for (p = values; *p; p += strspn(p, " ")) {
        size_t m = strcspn(p, " ");
        if (m == n && memcmp(p, value, n) == 0)
            return true;
        p += m;
    }
    return false;
}

bool table_allows_somewhere(host_option id, const char *value)
{
    bool any = false;
    size_t i;
    for (i = 0; i < LISTS; i++) {
        if (lists[i].id != id)
            continue;
        if (table_allows(lists[i].values, value))
            return true;
        any = true;
    }
    return !any;
}

static void add_values(const char *values, char out[TABLE_VALUES_MAX])
{
    char word[TABLE_VALUE_MAX + 1];
    while (*values) {
        size_t n = strcspn(values, " ");
        snprintf(word, sizeof word, "%.*s", (int)n, values);
        if (!table_allows(out, word))
            snprintf(out + strlen(out), TABLE_VALUES_MAX - strlen(out), "%s%s", *out ? " " : "",
                     word);
        values += n + strspn(values + n, " ");
    }
}

void table_all_values(host_option id, char out[TABLE_VALUES_MAX])
{
    size_t i;
    out[0] = '\0';
    for (i = 0; i < LISTS; i++) {
        if (lists[i].id == id)
            add_values(lists[i].values, out);
    }
}

/* ---- what was meant ---- */

static const char *option_name(const void *ctx, size_t i)
{
    (void)ctx;
    return host_options[i].name;
}

/* A name no one would type, for those a settings file may not hold. */
static const char *file_option_name(const void *ctx, size_t i)
{
    (void)ctx;
    return host_options[i].in_file == IN_FILE_NO ? "" : host_options[i].name;
}

static const char *verb_name(const void *ctx, size_t i)
{
    (void)ctx;
    return i < VERB_COUNT ? host_verbs[i].name : "help";
}

int table_near_option(const char *word, size_t n)
{
    return nearest(word, n, option_name, NULL, OPT_COUNT);
}

int table_near_file_option(const char *word, size_t n)
{
    return nearest(word, n, file_option_name, NULL, OPT_COUNT);
}

int table_near_verb(const char *word)
{
    return nearest(word, strlen(word), verb_name, NULL, VERB_COUNT + 1);
}

typedef struct words {
    char word[LIST_WORDS_MAX][TABLE_VALUE_MAX + 1];
    size_t n;
} words;

static const char *word_at(const void *ctx, size_t i)
{
    return ((const words *)ctx)->word[i];
}

bool table_near_value(const char *values, const char *value, char out[TABLE_VALUE_MAX + 1])
{
    words w;
    int i;
    for (w.n = 0; *values && w.n < LIST_WORDS_MAX; w.n++) {
        size_t m = strcspn(values, " ");
        size_t shown = m < TABLE_VALUE_MAX ? m : TABLE_VALUE_MAX;
        memcpy(w.word[w.n], values, shown);
        w.word[w.n][shown] = '\0';
        values += m + strspn(values + m, " ");
    }
    i = nearest(value, strlen(value), word_at, &w, w.n);
    if (i >= 0)
        strcpy(out, w.word[i]);
    return i >= 0;
}
