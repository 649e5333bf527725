#include "text/width.h"

#include <uchar.h>

#include "base/utf8.h"

#define SPACE_WIDE 0x3000u
#define LONG_VOWEL 0x30FCu
#define WILDCARD 0x25CFu
#define NAME_MAX_BYTES 256u

/* Half-width katakana U+FF61 to U+FF9F, full width. */
static const char16_t KANA[] = u"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソ"
                               u"タチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/* Katakana U+30A1 to U+30FA and, 0x60 below, hiragana: the vowel each ends in, '-' for none. */
static const char VOWELS[] = "aaiiuueeoo"      /* ァアィイゥウェエォオ */
                             "aaiiuueeoo"      /* カガキギクグケゲコゴ */
                             "aaiiuueeoo"      /* サザシジスズセゼソゾ */
                             "aaiiuuueeoo"     /* タダチヂッツヅテデトド */
                             "aiueo"           /* ナニヌネノ */
                             "aaaiiiuuueeeooo" /* ハバパヒビピフブプヘベペホボポ */
                             "aiueo"           /* マミムメモ */
                             "aauuoo"          /* ャヤュユョヨ */
                             "aiueo"           /* ラリルレロ */
                             "aaieo-uaeaieo";  /* ヮワヰヱヲンヴヵヶヷヸヹヺ */

/* With ﾞ (step 1) or ﾟ (step 2) the kana that many code points on; 0 where there is none. */
static uint32_t with_mark(uint32_t kana, uint32_t mark)
{
    bool ha_row = kana >= 0x30CF && kana <= 0x30DB && (kana - 0x30CF) % 3 == 0;
    bool ka_to_chi = kana >= 0x30AB && kana <= 0x30C1 && kana % 2 == 1;
    bool tsu_to_to = kana == 0x30C4 || kana == 0x30C6 || kana == 0x30C8;
    if (mark == 0xFF9F)
        return ha_row ? kana + 2 : 0;
    if (mark != 0xFF9E)
        return 0;
    if (kana == 0x30A6)
        return 0x30F4;
    return ha_row || ka_to_chi || tsu_to_to ? kana + 1 : 0;
}

/* The next character; half-width kana come full width, together with their mark. */
static uint32_t next_char(fu_span s, size_t *pos)
{
    uint32_t cp = fu_utf8_next(s, pos), both;
    size_t after = *pos;
    if (cp == FU_UTF8_BAD)
        return 0xFFFD;
    if (cp < 0xFF61 || cp > 0xFF9F)
        return cp;
    cp = KANA[cp - 0xFF61];
    if (after < s.n && (both = with_mark(cp, fu_utf8_next(s, &after))) != 0) {
        *pos = after;
        return both;
    }
    return cp;
}

static uint32_t to_half(uint32_t cp)
{
    if (cp == SPACE_WIDE)
        return ' ';
    return cp >= 0xFF01 && cp <= 0xFF5E ? cp - 0xFF01 + '!' : cp;
}

/* ¥ and ‾ would go into one byte, as \ and ~ do. */
static uint32_t to_full(uint32_t cp)
{
    if (cp == ' ')
        return SPACE_WIDE;
    if (cp == 0xA5)
        return 0xFFE5;
    if (cp == 0x203E)
        return 0xFFE3;
    return cp >= '!' && cp <= '~' ? cp - '!' + 0xFF01 : cp;
}

/* Half width; the second of the characters that one CP932 code stands for counts as the first. */
static uint32_t fold_char(uint32_t cp)
{
    if (cp == 0x2212)
        return '-';
    if (cp == 0x301C)
        return '~';
    return to_half(cp);
}

static fu_status put(fu_buf *out, uint32_t cp)
{
    unsigned char utf8[4];
    return fu_buf_add(out, utf8, fu_utf8_put(utf8, cp));
}

fu_status fu_widen(fu_buf *out, fu_span utf8)
{
    for (size_t i = 0; i < utf8.n && out->status == FU_OK;)
        put(out, to_full(next_char(utf8, &i)));
    return out->status;
}

fu_status fu_narrow(fu_buf *out, fu_span utf8)
{
    for (size_t i = 0; i < utf8.n && out->status == FU_OK;) {
        uint32_t cp = fu_utf8_next(utf8, &i);
        put(out, cp == FU_UTF8_BAD ? 0xFFFD : to_half(cp));
    }
    return out->status;
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || cp == '\t' || cp == SPACE_WIDE || cp == 0xA0;
}

static fu_span trim_blanks(fu_span s)
{
    size_t start = 0, end = 0;
    bool seen = false;
    for (size_t i = 0; i < s.n;) {
        size_t at = i;
        if (is_blank(s.p[i] < 0x80 ? s.p[i++] : fu_utf8_next(s, &i)))
            continue;
        if (!seen)
            start = at;
        seen = true;
        end = i;
    }
    return fu_span_of(seen ? s.p + start : s.p, seen ? end - start : 0);
}

fu_status fu_fold_width(fu_buf *out, fu_span utf8)
{
    utf8 = trim_blanks(utf8);
    for (size_t i = 0; i < utf8.n && out->status == FU_OK;) {
        size_t n = fu_span_ascii(fu_span_of(utf8.p + i, utf8.n - i));
        if (n) /* half width already */
            fu_buf_add(out, utf8.p + i, n);
        else
            put(out, fold_char(next_char(utf8, &i)));
        i += n;
    }
    return out->status;
}

bool fu_width_match(fu_span a, fu_span b)
{
    size_t i = 0, j = 0;
    a = trim_blanks(a);
    b = trim_blanks(b);
    while (i < a.n && j < b.n)
        if (fold_char(next_char(a, &i)) != fold_char(next_char(b, &j)))
            return false;
    return i == a.n && j == b.n;
}

static bool is_katakana(uint32_t cp)
{
    return cp >= 0x30A1 && cp <= 0x30FA;
}

static bool is_hiragana(uint32_t cp)
{
    return cp >= 0x3041 && cp <= 0x3096;
}

static char vowel_of(uint32_t cp)
{
    if (is_katakana(cp))
        return VOWELS[cp - 0x30A1];
    return is_hiragana(cp) ? VOWELS[cp - 0x3041] : '-';
}

/* ア to オ, in either script, not the small ones. */
static bool is_vowel(uint32_t cp)
{
    uint32_t kata = is_hiragana(cp) ? cp + 0x60 : cp;
    return kata >= 0x30A2 && kata <= 0x30AA && kata % 2 == 0;
}

static uint32_t large_kana(uint32_t cp)
{
    uint32_t kata = is_hiragana(cp) ? cp + 0x60 : cp, base = cp - kata;
    if (kata >= 0x30A1 && kata <= 0x30A9 && kata % 2 == 1)
        return cp + 1; /* ァ to ォ */
    if (kata == 0x30C3 || kata == 0x30E3 || kata == 0x30E5 || kata == 0x30E7 || kata == 0x30EE)
        return cp + 1; /* ッ ャ ュ ョ ヮ */
    if (kata == 0x30F5 || kata == 0x30F6)
        return (kata == 0x30F5 ? 0x30AB : 0x30B1) + base; /* ヵ ヶ */
    return cp;
}

static bool looks_long(uint32_t cp)
{
    return cp == LONG_VOWEL || cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2500 ||
           cp == 0x2501;
}

static bool prolongs(char before, uint32_t cp)
{
    char v = vowel_of(cp);
    if (before == '-' || !is_vowel(cp))
        return false;
    return v == before || (before == 'o' && v == 'u') || (before == 'e' && v == 'i');
}

typedef struct name_reader {
    fu_span s;
    size_t pos;
    char vowel; /* the one that is sounding, '-' for none */
} name_reader;

/* The next character of a folded name, 0 at the end. */
static uint32_t next_of_name(name_reader *r)
{
    while (r->pos < r->s.n) {
        uint32_t cp = large_kana(fold_char(next_char(r->s, &r->pos)));
        if (is_blank(cp) || cp == 0)
            continue;
        if (looks_long(cp) || prolongs(r->vowel, cp))
            return LONG_VOWEL;
        r->vowel = vowel_of(cp);
        return cp;
    }
    return 0;
}

fu_status fu_fold_name(fu_buf *out, fu_span utf8)
{
    name_reader r = {utf8, 0, '-'};
    uint32_t cp;
    while (out->status == FU_OK && (cp = next_of_name(&r)) != 0)
        put(out, cp);
    return out->status;
}

/* One is a long vowel, the other may be the same vowel written out. */
static bool may_prolong(uint32_t x, uint32_t y)
{
    return (x == LONG_VOWEL && is_vowel(y)) || (y == LONG_VOWEL && is_vowel(x));
}

bool fu_name_match(fu_span a, fu_span b)
{
    name_reader ra = {a, 0, '-'}, rb = {b, 0, '-'};
    bool any = false, unsure = false; /* unsure: nobody knows which vowel is sounding */
    uint32_t x, y;
    if (a.n > NAME_MAX_BYTES || b.n > NAME_MAX_BYTES)
        return false;
    for (;; any = true) {
        x = next_of_name(&ra);
        y = next_of_name(&rb);
        if (x == 0 || y == 0)
            return any && x == y;
        if (x == WILDCARD || y == WILDCARD)
            unsure = true;
        else if (x == y)
            unsure = false;
        else if (!unsure || !may_prolong(x, y))
            return false;
    }
}

bool fu_has_full_width(fu_span utf8)
{
    for (size_t i = 0; i < utf8.n;) {
        uint32_t cp = fu_utf8_next(utf8, &i);
        if ((cp >= 0xFF10 && cp <= 0xFF19) || (cp >= 0xFF21 && cp <= 0xFF3A) ||
            (cp >= 0xFF41 && cp <= 0xFF5A))
            return true;
    }
    return false;
}

size_t fu_text_length(fu_span utf8)
{
    size_t n = 0;
    for (size_t i = 0; i < utf8.n; n++)
        fu_utf8_next(utf8, &i);
    return n;
}
