#include "report/json.h"

#include "base/utf8.h"

static void put_escaped(fu_buf *out, unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
    const char *at = c ? strchr(from, c) : NULL;
    if (at) {
        fu_buf_char(out, '\\');
        fu_buf_char(out, (unsigned char)to[at - from]);
    } else {
        fu_buf_fmt(out, "\\u%04x", c);
    }
}

fu_status fu_json_span(fu_buf *out, fu_span s)
{
    fu_buf_char(out, '"');
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t cp = fu_utf8_next(s, &i);
        if (cp == FU_UTF8_BAD)
            fu_buf_str(out, "\xEF\xBF\xBD");
        else if (cp < 0x20 || cp == '"' || cp == '\\')
            put_escaped(out, (unsigned char)cp);
        else
            fu_buf_add(out, s.p + from, i - from);
    }
    return fu_buf_char(out, '"');
}

fu_status fu_json_string(fu_buf *out, const char *s)
{
    return fu_json_span(out, fu_span_str(s));
}

static void put_key(fu_buf *out, const char *key)
{
    fu_buf_str(out, ",\"");
    fu_buf_str(out, key);
    fu_buf_str(out, "\":");
}

void fu_json_text(fu_buf *out, const char *key, const char *value)
{
    if (!value)
        return;
    put_key(out, key);
    fu_json_string(out, value);
}

void fu_json_number(fu_buf *out, const char *key, uint64_t value)
{
    if (value == 0)
        return;
    put_key(out, key);
    fu_buf_uint(out, value);
}

static void put_edit(fu_buf *out, const fu_shown_edit *d)
{
    static const char *const ops[] = {"replace", "delete", "insert"};
    fu_buf_str(out, "{\"line\":");
    fu_buf_uint(out, d->line);
    fu_json_text(out, "op", ops[d->op]);
    fu_json_text(out, "record", d->record);
    if (d->op == FU_OP_REPLACE) {
        fu_json_number(out, "field", d->field);
        fu_json_text(out, "before", d->before ? d->before : "");
        fu_json_text(out, "after", d->after ? d->after : "");
    } else {
        fu_json_text(out, "text", d->text ? d->text : "");
    }
    fu_buf_char(out, '}');
}

static const char *given(const char *s)
{
    return s && *s ? s : NULL;
}

void fu_json_day(fu_buf *out, const char *key, int32_t day)
{
    if (!day)
        return;
    put_key(out, key);
    fu_buf_fmt(out, "\"%04d-%02d-%02d\"", (int)(day / 10000), (int)(day / 100 % 100),
               (int)(day % 100));
}

static void put_journal_keys(fu_buf *out, const fu_shown_claim *c)
{
    fu_json_text(out, "receipt_no", given(c->receipt_no));
    fu_json_text(out, "karte", given(c->karte));
    fu_json_text(out, "name", given(c->name));
    fu_json_text(out, "kana", given(c->kana));
    fu_json_day(out, "birth", c->birth);
    fu_json_number(out, "sex", (uint64_t)c->sex);
    fu_json_text(out, "phone", given(c->phone));
    fu_json_text(out, "month", c->month);
    fu_json_text(out, "reason", c->reason);
    fu_json_day(out, "deadline", c->deadline);
}

fu_status fu_json_claim(fu_buf *out, const char *file, const fu_shown_claim *c, bool journal)
{
    fu_buf_str(out, "{\"type\":\"claim\"");
    fu_json_text(out, "file", file);
    fu_json_number(out, "claim", c->claim);
    fu_json_number(out, "line", c->line);
    fu_json_text(out, "receipt_type", c->receipt_type ? c->receipt_type : "");
    fu_json_text(out, "route", c->route);
    fu_json_text(out, "capture", c->capture);
    if (journal)
        put_journal_keys(out, c);
    fu_buf_str(out, ",\"edits\":[");
    for (size_t i = 0; i < c->n_edits; i++) {
        if (i)
            fu_buf_char(out, ',');
        put_edit(out, &c->edits[i]);
    }
    return fu_buf_str(out, "]}");
}
