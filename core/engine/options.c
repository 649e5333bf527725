#include "engine/options.h"

#include <stdio.h>

#include "base/date.h"

#define NAME_SHOWN_MAX 40u

typedef bool setter(fu_options *o, fu_span value);

static bool set_insurer(fu_options *o, fu_span v)
{
    if (fu_span_is(v, FU_FUSHO_NUMBER))
        o->policy.insurer_number = FU_FUSHO_NUMBER;
    else if (fu_span_is(v, FU_FUSHO_NUMBER_ALT))
        o->policy.insurer_number = FU_FUSHO_NUMBER_ALT;
    else
        return false;
    return true;
}

/* Index of v in a NULL-terminated list, or -1. */
static int word(fu_span v, const char *const *list)
{
    for (int i = 0; list[i]; i++)
        if (fu_span_is(v, list[i]))
            return i;
    return -1;
}

static bool set_width(fu_options *o, fu_span v)
{
    static const char *const words[] = {"auto", "half", "full", NULL};
    int i = word(v, words);
    o->policy.bango_width = (fu_width)(i < 0 ? 0 : i);
    return i >= 0;
}

static bool set_former(fu_options *o, fu_span v)
{
    static const char *const words[] = {"former", "fusho", "hold", NULL};
    int i = word(v, words);
    o->policy.former_with_kohi = (fu_former)(i < 0 ? 0 : i);
    return i >= 0;
}

static bool set_format(fu_options *o, fu_span v)
{
    static const char *const words[] = {"text", "json", "junit", "sarif", "html", "csv", NULL};
    int i = word(v, words);
    o->format = (fu_format)(i < 0 ? 0 : i);
    return i >= 0;
}

static bool set_lang(fu_options *o, fu_span v)
{
    static const char *const words[] = {"ja", "en", NULL};
    int i = word(v, words);
    if (i >= 0)
        o->lang = words[i];
    return i >= 0;
}

static bool set_encoding(fu_options *o, fu_span v)
{
    static const char *const words[] = {"cp932", "utf-8", NULL};
    int i = word(v, words);
    o->utf8 = i == 1;
    return i >= 0;
}

static bool set_today(fu_options *o, fu_span v)
{
    o->policy.today = v.n == 10 ? fu_day_from_iso(v) : 0;
    return o->policy.today != 0;
}

static bool set_jobs(fu_options *o, fu_span v)
{
    uint64_t n;
    if (!fu_span_number(v, &n) || n < 1 || n > FU_JOBS_MAX)
        return false;
    o->jobs = (unsigned)n;
    return true;
}

static bool set_report(fu_options *o, fu_span v)
{
    (void)v; /* the host keeps the file's name */
    return o->report = true;
}

static bool set_dry_run(fu_options *o, fu_span v)
{
    (void)v;
    return o->dry_run = true;
}

static bool set_ranges(fu_options *o, fu_span v)
{
    (void)v;
    return o->journal_ranges = true;
}

static bool set_mask(fu_options *o, fu_span v)
{
    (void)v;
    return o->mask = true;
}

static bool set_color(fu_options *o, fu_span v)
{
    (void)v;
    return o->color = true;
}

static bool set_verbose(fu_options *o, fu_span v)
{
    (void)v;
    return o->verbose = true;
}

static const struct {
    const char *name;
    enum { NEEDS_VALUE, MAY_HAVE, NO_VALUE } value;
    setter *set;
    const char *want;
} TABLE[] = {
    {"insurer-number", NEEDS_VALUE, set_insurer, "77777777 か 77777779"},
    {"bango-width", NEEDS_VALUE, set_width, "auto、half、full のどれか"},
    {"former-with-kohi", NEEDS_VALUE, set_former, "former、fusho、hold のどれか"},
    {"encoding", NEEDS_VALUE, set_encoding, "cp932 か utf-8"},
    {"format", NEEDS_VALUE, set_format, "text、json、junit、sarif、html、csv のどれか"},
    {"report", MAY_HAVE, set_report, NULL},
    {"today", NEEDS_VALUE, set_today, "実在する日（例：2026-11-09）"},
    {"dry-run", NO_VALUE, set_dry_run, "値は付けません"},
    {"journal-ranges", NO_VALUE, set_ranges, "値は付けません"},
    {"lang", NEEDS_VALUE, set_lang, "ja か en"},
    {"jobs", NEEDS_VALUE, set_jobs, "1 から 64"},
    {"verbose", NO_VALUE, set_verbose, "値は付けません"},
    {"mask", NO_VALUE, set_mask, "値は付けません"},
    {"color", NO_VALUE, set_color, "値は付けません"},
};

/* An option as it is shown in an error: every one that exists is short and printable ASCII. */
static void show(char out[NAME_SHOWN_MAX + 1], fu_span option)
{
    size_t n = option.n < NAME_SHOWN_MAX ? option.n : NAME_SHOWN_MAX;
    for (size_t i = 0; i < n; i++)
        out[i] = option.p[i] > ' ' && option.p[i] < 0x7F ? (char)option.p[i] : '?';
    out[n] = '\0';
}

static fu_status wrong(fu_error *e, fu_span option, const char *want)
{
    char ja[512], en[256], name[NAME_SHOWN_MAX + 1];
    show(name, option);
    if (want) {
        snprintf(ja, sizeof ja, "オプション %s の値が正しくありません（%s）。", name, want);
        snprintf(en, sizeof en, "bad value for option %s", name);
    } else {
        snprintf(ja, sizeof ja, "オプション %s はここでは使えません。", name);
        snprintf(en, sizeof en, "unknown option %s", name);
    }
    fu_fail(e, FU_E_MISUSE, "", ja, en);
    fu_error_hint(e, "fusho --help で使い方を確かめてください。");
    return FU_E_MISUSE;
}

static fu_status read_line(fu_options *o, fu_span line, fu_error *e)
{
    const unsigned char *eq;
    fu_span name, value = {NULL, 0};
    if (line.n < 3 || line.p[0] != '-' || line.p[1] != '-')
        return wrong(e, line, NULL);
    name = fu_span_of(line.p + 2, line.n - 2);
    eq = memchr(name.p, '=', name.n);
    if (eq) {
        value = fu_span_of(eq + 1, (size_t)(name.p + name.n - eq - 1));
        name.n = (size_t)(eq - name.p);
        line.n = name.n + 2;
    }
    for (size_t i = 0; i < sizeof TABLE / sizeof TABLE[0]; i++) {
        if (!fu_span_is(name, TABLE[i].name))
            continue;
        if ((TABLE[i].value == NEEDS_VALUE && !eq) || (TABLE[i].value == NO_VALUE && eq) ||
            !TABLE[i].set(o, value))
            return wrong(e, line, TABLE[i].want);
        return FU_OK;
    }
    return wrong(e, line, NULL);
}

fu_status fu_options_too_long(fu_error *e)
{
    fu_fail_limit(e, "FU_OPTIONS_BYTES_MAX", FU_OPTIONS_BYTES_MAX);
    fu_error_hint(e, "同じオプションをくり返していないかを確かめてください。");
    return FU_E_LIMIT;
}

fu_status fu_options_read(fu_options *o, fu_span text, fu_error *e)
{
    memset(o, 0, sizeof *o);
    o->policy = fu_policy_default(0);
    o->lang = "ja";
    o->jobs = 1;
    if (text.n > FU_OPTIONS_BYTES_MAX)
        return fu_options_too_long(e);
    while (text.n) {
        const unsigned char *lf = memchr(text.p, '\n', text.n);
        size_t n = lf ? (size_t)(lf - text.p) : text.n, skip = n + (lf != NULL);
        fu_span line = fu_span_trim(fu_span_of(text.p, n && text.p[n - 1] == '\r' ? n - 1 : n));
        fu_status st = line.n ? read_line(o, line, e) : FU_OK;
        if (st != FU_OK)
            return st;
        text = fu_span_of(text.p + skip, text.n - skip);
    }
    return FU_OK;
}
