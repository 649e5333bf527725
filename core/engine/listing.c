#include <stdio.h>

#include "engine/session.h"

fu_report_options fu_report_settings(const fu_session *s, fu_format format)
{
    fu_report_options o = {.format = format,
                           .lang = s->options.lang,
                           .verbose = s->options.verbose,
                           .color = s->options.color,
                           .mask = s->options.mask,
                           .version = FU_VERSION,
                           .edition = FU_RULES_EDITION,
                           .today = s->options.policy.today};
    return o;
}

fu_status fu_begin_report(fu_report **out, const fu_session *s, const fu_job *job, fu_format format,
                          const fu_stream *to, fu_error *e)
{
    fu_report_options o = fu_report_settings(s, format);
    fu_status st = fu_report_open(out, &s->host.mem, to, &o, e);
    return st == FU_OK ? fu_report_begin(*out, job->input_name, e) : st;
}

fu_status fu_end_report(fu_report *report, const fu_summary *sum, fu_error *e)
{
    fu_status st;
    if (!report)
        return FU_OK;
    st = fu_report_summary(report, sum, e);
    return st == FU_OK ? fu_report_end(report, e) : st;
}

/* ---- of a run that failed ---- */

/* The finding for an error: its own, or where the catalogue has none, the nearest of its kind. */
static fu_code code_of(const fu_error *why)
{
    int code = fu_finding_lookup(why->code);
    if (code >= 0)
        return (fu_code)code;
    switch (why->status) {
    case FU_E_INPUT:
        return FU_F110;
    case FU_E_LIMIT:
        return FU_F113;
    case FU_E_MISUSE:
        return FU_S701; /* the host has no store */
    default:
        return FU_S702;
    }
}

/* What an error says, as a finding; its names are those of the words of base/error.c. */
static void describe(fu_findings *l, const fu_error *why, const char *file, bool en)
{
    fu_finding *f = fu_findings_add(l, code_of(why));
    fu_span text = fu_span_str(en ? why->message_en : why->message_ja);
    char name[64], value[32];
    text = fu_span_before(text, "。");
    if (why->status == FU_E_LIMIT &&
        sscanf(why->message_en, "limit %63s (%31[0-9])", name, value) == 2) {
        text = fu_span_str(name);
        f->want = fu_findings_text(l, fu_span_str(value));
    }
    if (f->code == FU_F102) { /* of a UTF-8 copy; the sentence wants what stands there and where */
        snprintf(value, sizeof value, "%llu", (unsigned long long)why->byte_offset);
        f->want = fu_findings_text(l, fu_span_str(value));
        text = fu_span_before(text, "があります");
        f->found = fu_findings_text(l, text);
    }
    f->item = fu_findings_text(l, text);
    f->line = why->line;
    f->field = why->field;
    if (why->file[0] && strcmp(why->file, file) != 0)
        f->file = fu_findings_text(l, fu_span_str(why->file));
}

void fu_end_failed(fu_report *listing, const fu_session *s, fu_mask *mask, fu_summary *sum,
                   const fu_error *why)
{
    fu_arena a;
    fu_findings l, shown;
    fu_status st = FU_OK;
    sum->output = NULL;
    fu_arena_init(&a, &s->host.mem, FU_CLAIM_ARENA_MAX);
    fu_findings_init(&l, &a);
    if (why->status != FU_CANCELLED)
        describe(&l, why, sum->file, strcmp(s->options.lang, "en") == 0);
    fu_count(sum, &l);
    sum->errors += l.failed; /* no memory for the finding: there is still the summary */
    if (listing && !l.failed && fu_mask_findings(mask, &l, NULL, &shown, NULL) == FU_OK) {
        if (why->status == FU_E_STORE && shown.n)
            shown.v[0].file = l.v[0].file; /* the output or the like, which a summary names, too */
        st = fu_report_findings(listing, &shown, NULL);
    }
    if (st == FU_OK)
        fu_end_report(listing, sum, NULL);
    fu_arena_free(&a);
}
