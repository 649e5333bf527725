#ifdef HAVE_CONFIG_H
#include "config.h"
#endif
#include "refusal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "messages.h"

/* ---- texts ---- */

static const char *message_of(const refusal *r)
{
    const char *message = r->english ? r->err->message_en : r->err->message_ja;
    return *message ? message : r->err->code;
}

/* There is none in English. */
static const char *hint_of(const refusal *r)
{
    return r->english ? "" : r->err->hint_ja;
}

static const char *source_of(const fusho_error *err)
{
    return err->code[0] == 'E' ? "設計 5" : "設計 7";
}

/* A result wants a place, and the claim file is not the one of a fault in evidence. */
static const char *file_of(const refusal *r)
{
    if (r->hidden)
        return r->english ? "evidence file" : "窓口記録のファイル";
    return r->err->file[0] ? r->err->file : r->input;
}

/* A line of a file that is not named says nothing. */
static uint64_t line_of(const refusal *r)
{
    return r->hidden ? 0 : r->err->line;
}

/* The message and what to do next, as one text. */
static void put_advice(sink *s, const refusal *r, void (*put)(sink *, const char *))
{
    put(s, message_of(r));
    if (hint_of(r)[0]) {
        put(s, " → ");
        put(s, hint_of(r));
    }
}

static void put_number(sink *s, const char *before, uint64_t value, const char *after)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    sink_put(s, before);
    sink_put(s, digits);
    sink_put(s, after);
}

/* ---- JSON ---- */

static void put_json(sink *s, const char *text)
{
    for (; *text; text++) {
        char escaped[8];
        if (*text == '"' || *text == '\\') {
            snprintf(escaped, sizeof escaped, "\\%c", *text);
            sink_put(s, escaped);
        } else if ((unsigned char)*text < 0x20) {
            snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)*text);
            sink_put(s, escaped);
        } else {
            sink_bytes(s, text, 1);
        }
    }
}

static void put_json_text(sink *s, const char *key, const char *text)
{
    sink_put(s, ",\"");
    sink_put(s, key);
    sink_put(s, "\":\"");
    put_json(s, text);
    sink_put(s, "\"");
}

static void put_line(sink *s, const refusal *r)
{
    const fusho_error *err = r->err;
    if (!err->code[0])
        return;
    sink_put(s, "{\"type\":\"finding\"");
    put_json_text(s, "code", err->code);
    put_json_text(s, "severity", "error");
    if (err->file[0] && !r->hidden)
        put_json_text(s, "file", err->file);
    if (line_of(r))
        put_number(s, ",\"line\":", line_of(r), "");
    if (err->field && !r->hidden)
        put_number(s, ",\"field\":", err->field, "");
    put_json_text(s, "message", message_of(r));
    if (hint_of(r)[0])
        put_json_text(s, "hint", hint_of(r));
    put_json_text(s, "source", source_of(err));
    sink_put(s, "}\n");
}

/* ---- JUnit ---- */

static void put_xml(sink *s, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&':
            sink_put(s, "&amp;");
            break;
        case '<':
            sink_put(s, "&lt;");
            break;
        case '>':
            sink_put(s, "&gt;");
            break;
        case '"':
            sink_put(s, "&quot;");
            break;
        default:
            sink_bytes(s, text, 1);
        }
    }
}

static void put_failure(sink *s, const refusal *r)
{
    sink_put(s, "<failure type=\"");
    put_xml(s, r->err->code);
    sink_put(s, "\" message=\"");
    put_xml(s, message_of(r));
    sink_put(s, "\">");
    put_xml(s, file_of(r));
    sink_put(s, ": ");
    if (line_of(r))
        put_number(s, r->english ? "line " : "行 ", line_of(r), " ");
    put_xml(s, r->err->code);
    sink_put(s, r->english ? " error: " : " エラー: ");
    put_advice(s, r, put_xml);
    sink_put(s, "</failure>\n");
}

static void put_junit(sink *s, const refusal *r)
{
    char refused[SENTENCE_MAX];
    message_fill(refused, TEXT_REFUSED, r->english, NULL, NULL);
    sink_put(s, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"fusho\">\n"
                "<testsuite name=\"");
    put_xml(s, r->input);
    sink_put(s, r->err->code[0] ? "\" tests=\"1\" failures=\"1\" errors=\"1\" skipped=\"0\">\n"
                                : "\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n");
    sink_put(s, "<testcase classname=\"");
    put_xml(s, r->input);
    sink_put(s, "\" name=\"file\">\n<error type=\"refused\" message=\"");
    put_xml(s, refused);
    sink_put(s, "\"/>\n");
    if (r->err->code[0])
        put_failure(s, r);
    sink_put(s, "</testcase>\n</testsuite>\n</testsuites>\n");
}

/* ---- SARIF ---- */

static void put_uri(sink *s, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        char escaped[4];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            strchr("-._~/", c)) {
            sink_bytes(s, text, 1);
        } else {
            snprintf(escaped, sizeof escaped, "%%%02X", c);
            sink_put(s, escaped);
        }
    }
}

static void put_result(sink *s, const refusal *r)
{
    sink_put(s, "\n{\"ruleId\":\"");
    put_json(s, r->err->code);
    sink_put(s, "\",\"level\":\"error\",\"message\":{\"text\":\"");
    put_advice(s, r, put_json);
    sink_put(s, "\"},\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
    put_uri(s, file_of(r));
    sink_put(s, "\"}");
    if (line_of(r))
        put_number(s, ",\"region\":{\"startLine\":", line_of(r), "}");
    sink_put(s, "}}]}");
}

static void put_rule(sink *s, const refusal *r)
{
    sink_put(s, "\n{\"id\":\"");
    put_json(s, r->err->code);
    sink_put(s, "\",\"shortDescription\":{\"text\":\"");
    put_json(s, message_of(r));
    sink_put(s, "\"},\"fullDescription\":{\"text\":\"");
    put_advice(s, r, put_json);
    sink_put(s, "\"},\"defaultConfiguration\":{\"level\":\"error\"},\"properties\":{\"source\":\"");
    put_json(s, source_of(r->err));
    sink_put(s, "\"}}");
}

static void put_sarif(sink *s, const refusal *r)
{
    sink_put(s, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\","
                "\"version\":\"2.1.0\",\"runs\":[{\"results\":[");
    if (r->err->code[0])
        put_result(s, r);
    sink_put(s, "\n],\"tool\":{\"driver\":{\"name\":\"fusho\",\"version\":\"" PACKAGE_VERSION
                "\",\"rules\":[");
    if (r->err->code[0])
        put_rule(s, r);
    sink_put(s, "\n]}}}]}\n");
}

/* ---- any ---- */

void refusal_put(sink *s, const char *format, const refusal *r)
{
    if (format && strcmp(format, "json") == 0)
        put_line(s, r);
    else if (format && strcmp(format, "junit") == 0)
        put_junit(s, r);
    else if (format && strcmp(format, "sarif") == 0)
        put_sarif(s, r);
}
