#include "rules/personal.h"

typedef struct row {
    bool personal;
    const char *record, *field, *why;
} row;

static const row ROWS[] = {
#define FU_NOT_PERSONAL(record, field, why) {false, record, field, why},
#define FU_PERSONAL(record, field, why) {true, record, field, why},
#include "rules/personal.def"
#undef FU_PERSONAL
#undef FU_NOT_PERSONAL
};

const fu_shown_values fu_shown_value_rows[FU_CODE_COUNT] = {
#define FU_SHOWN(code, found, item, want) \
    [FU_##code] = {#code, FU_V_##found, FU_V_##item, FU_V_##want},
#include "rules/shown-values.def"
#undef FU_SHOWN
};

/* A name, or its beginning with * behind it. */
static bool fits(const char *pattern, const char *name)
{
    size_t n = strlen(pattern);
    if (n > 0 && pattern[n - 1] == '*')
        return strncmp(pattern, name, n - 1) == 0;
    return strcmp(pattern, name) == 0;
}

/* The first row of the field, or NULL. */
static const row *row_of(const char *record, const char *field)
{
    for (size_t i = 0; i < sizeof ROWS / sizeof ROWS[0]; i++)
        if (fits(ROWS[i].record, record) && fits(ROWS[i].field, field))
            return &ROWS[i];
    return NULL;
}

bool fu_personal_field(const char *record, const char *field)
{
    const row *r;
    if (!*field)
        return true;
    r = row_of(record, field);
    return r && r->personal;
}

bool fu_personal_listed(const char *record, const char *field)
{
    return row_of(record, field) != NULL;
}

const char *fu_masked(const char *value)
{
    return value && *value ? FU_MASKED : value;
}
