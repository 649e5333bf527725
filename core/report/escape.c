#include "base/utf8.h"
#include "report/render.h"

#define REPLACEMENT "\xEF\xBF\xBD"

/* Line and paragraph separators, and what turns the direction of writing: with these a value could
 * make the text around it look different. */
static bool misleading(uint32_t cp)
{
    return cp == FU_UTF8_BAD || (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2066 && cp <= 0x2069);
}

static bool is_control(uint32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp < 0xA0);
}

fu_status fu_put_line(fu_buf *out, fu_span s)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t cp = fu_utf8_next(s, &i);
        if (cp == '\n' || cp == '\r' || cp == '\t')
            fu_buf_char(out, ' ');
        else if (is_control(cp) || misleading(cp))
            fu_buf_str(out, REPLACEMENT);
        else
            fu_buf_add(out, s.p + from, i - from);
    }
    return out->status;
}

static const char *xml_entity(uint32_t cp)
{
    switch (cp) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

/* XML 1.0, production 2 (Char), without the C1 control characters it only discourages. */
static bool unfit_for_xml(uint32_t cp)
{
    return is_control(cp) || cp == 0xFFFE || cp == 0xFFFF;
}

fu_status fu_put_xml(fu_buf *out, fu_span s)
{
    for (size_t i = 0; i < s.n;) {
        size_t from = i;
        uint32_t cp = fu_utf8_next(s, &i);
        const char *entity = xml_entity(cp);
        if (misleading(cp))
            fu_buf_str(out, REPLACEMENT);
        else if (entity)
            fu_buf_str(out, entity);
        else if (!unfit_for_xml(cp))
            fu_buf_add(out, s.p + from, i - from);
    }
    return out->status;
}

/* RFC 3986 unreserved and the slash; a colon would make the first segment a scheme. */
static bool plain_in_uri(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~/", c));
}

fu_status fu_put_uri(fu_buf *out, fu_span s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (plain_in_uri(s.p[i]))
            fu_buf_char(out, s.p[i]);
        else
            fu_buf_fmt(out, "%%%02X", s.p[i]);
    }
    return out->status;
}

void fu_put_day(fu_buf *out, int32_t day)
{
    fu_buf_fmt(out, "%04d-%02d-%02d", (int)(day / 10000), (int)(day / 100 % 100), (int)(day % 100));
}
