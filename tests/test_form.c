#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "evidence/build.h"
#include "evidence/sources.h"
#include "form/form.h"
#include "rules/insurer.h"
#include "rules/routes.h"
#include "rules/tokki.h"
#include "support_host.h"
#include "support_report.h"
#include "text/cp932.h"
#include "text/width.h"

static const fu_form_edition EDITION = {"1.2.3", "2026-11"};

static fu_status write_page(const fu_mem *mem, tst_file *f)
{
    fu_stream to = tst_stream(f);
    fu_error e;
    return fu_form_page(mem, &to, &EDITION, &e);
}

static char *page(void)
{
    tst_file f = TST_FILE_INIT;
    char *s;
    cr_assert_eq(write_page(&fu_mem_libc, &f), FU_OK);
    s = rep_text(&f);
    tst_file_free(&f);
    return s;
}

/* The JSON block as it stands in the page; malloc'ed. */
static char *policy(void)
{
    static const char begin[] = "<script type=\"application/json\" id=\"policy\">\n";
    char *s = page(), *at = strstr(s, begin), *out;
    cr_assert_not_null(at);
    at += sizeof begin - 1;
    out = strndup(at, (size_t)(strstr(at, "</script>") - at));
    free(s);
    return out;
}

/* ---- the page ---- */

Test(form, the_page_is_whole)
{
    static const char *const order[] = {
        "<!DOCTYPE html>\n<html lang=\"ja\">",
        "default-src 'none'",
        "<style>\n",
        "/* What the pages share",
        "/* The page to fill in",
        "</style>",
        "<h1>窓口の記録と被保険者資格申立書</h1>",
        "<h1>被保険者資格申立書</h1>",
        "\"version\":\"1.2.3\"",
        "\"rules\":\"2026-11\"",
        "function makeFusho(P)",
        "function makeFiles(F)",
        "F = makeFusho(P)",
        "</html>\n",
    };
    char *s = page(), *at = s;
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        char *next = strstr(at, order[i]);
        cr_assert_not_null(next, "row %zu: %s", i, order[i]);
        at = next;
    }
    cr_expect_eq(strlen(at), strlen("</html>\n"), "nothing stands behind it");
    free(s);
}

Test(form, nothing_is_fetched_and_no_markup_is_made_of_texts)
{
    static const char *const never[] = {
        "src=",           "@import",    "url(",           "http:",
        "https:",         "innerHTML",  "outerHTML =",    "insertAdjacentHTML",
        "document.write", "eval(",      "XMLHttpRequest", "fetch(",
        "WebSocket",      "sendBeacon", "/*POLICY*/",     "/*STYLE*/",
        "/*SCRIPT*/"};
    char *s = page();
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        cr_expect_null(strstr(s, never[i]), "%s", never[i]);
    cr_expect_eq(rep_count(s, "<script"), 2);
    cr_expect_eq(rep_count(s, "</script>"), 2);
    free(s);
}

Test(form, the_same_call_gives_the_same_bytes)
{
    char *a = page(), *b = page();
    cr_expect_str_eq(a, b);
    free(a);
    free(b);
}

/* ---- the tables ---- */

static void has(const char *json, const char *list, const char *key, const char *value)
{
    char name[64], want[1024];
    const char *at, *end;
    snprintf(name, sizeof name, "\"%s\":[", list);
    snprintf(want, sizeof want, "\"%s\":\"%s\"", key, value);
    at = strstr(json, name);
    cr_assert_not_null(at, "%s", list);
    end = strstr(at, "}]");
    at = strstr(at, want);
    cr_expect(at && at < end, "%s has %s", list, want);
}

static size_t rows_of(const char *json, const char *list)
{
    char name[64];
    const char *at, *end;
    size_t n = 0;
    snprintf(name, sizeof name, "\"%s\":[", list);
    at = strstr(json, name);
    cr_assert_not_null(at, "%s", list);
    end = strstr(at, "}]");
    for (; (at = strstr(at, "\n{")) != NULL && at < end; at++)
        n++;
    return n;
}

/* The words true and false become numbers, which is all that rep_json_ok knows besides texts. */
static void without_words(char *json)
{
    for (char *at = json; (at = strstr(at, ":true")) != NULL;)
        memcpy(at, ":1   ", 5);
    for (char *at = json; (at = strstr(at, ":false")) != NULL;)
        memcpy(at, ":0    ", 6);
}

Test(form, the_block_is_one_json_object_without_less_than)
{
    char *json = policy();
    cr_expect_null(strchr(json, '<'));
    without_words(json);
    cr_expect(rep_json_ok(json));
    free(json);
}

Test(form, every_row_of_every_table_of_words_is_in_it)
{
    char *json = policy();
#define FU_OUTCOME(id, word, affected, ja, source) has(json, "outcomes", "word", word);
#include "rules/outcomes.def"
#undef FU_OUTCOME
#define FU_DOCUMENT(id, word, from, to, online_to, alone, ja, source) \
    has(json, "documents", "word", word);
#include "rules/documents.def"
#undef FU_DOCUMENT
#define FU_HOKEN(id, word, recorded, payer, kouki, source) has(json, "kinds", "word", word);
#include "rules/hoken.def"
#undef FU_HOKEN
#define FU_ROUTE(id, word, ja, en, source) has(json, "routes", "ja", ja);
#include "rules/routes.def"
#undef FU_ROUTE
#define FU_HOUBETSU(number, payer, name, source) has(json, "houbetsu", "ja", name);
#include "rules/houbetsu.def"
#undef FU_HOUBETSU
#define FU_ITEM(name, ja) has(json, "items", "ja", ja);
#include "rules/items.def"
#undef FU_ITEM
#define FU_ELEMENT(id, name, parent, once, ...) has(json, "elements", "word", name);
#include "evidence/capture-elements.def"
#undef FU_ELEMENT
#define FU_ERA(id, letter, ja, first_day, source) has(json, "eras", "ja", ja);
#include "base/eras.def"
#undef FU_ERA
    for (size_t i = 0; i < fu_tokki_count(); i++)
        if (fu_tokki_is_class(fu_tokki_at(i)))
            has(json, "classes", "word", fu_tokki_at(i)->code);
    free(json);
}

Test(form, there_are_as_many_rows_as_in_the_tables)
{
    static const struct {
        const char *list;
        size_t n;
    } rows[] = {
        {"outcomes", 10}, {"documents", 7}, {"kinds", 6}, {"statuses", 2}, {"sources", 7},
        {"results", 3},   {"shares", 4},    {"sexes", 2}, {"required", 4}, {"routes", 5},
        {"classes", 14},  {"houbetsu", 17}, {"eras", 5},  {"elements", 9}, {"findings", 9},
    };
    char *json = policy();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(rows_of(json, rows[i].list), rows[i].n, "%s: %zu", rows[i].list,
                     rows_of(json, rows[i].list));
    free(json);
}

Test(form, rows_carry_what_the_page_asks_for)
{
    static const char *const parts[] = {
        "{\"word\":\"invalid\",\"ja\":\"資格（無効）\",\"affected\":true,\"ambiguous\":false,"
        "\"unchecked\":false,\"source\":",
        "{\"word\":\"hokensho\",\"ja\":\"健康保険証\",\"from\":0,\"to\":20251201,"
        "\"onlineTo\":20260331,\"alone\":true,\"card\":false,\"none\":false,\"source\":",
        "{\"word\":\"kouki\",\"ja\":\"後期\",\"payer\":\"国保連\",\"kouki\":true,\"source\":",
        "{\"word\":\"told\",\"ja\":\"番号を聞き取れた\",\"told\":true,\"source\":",
        "{\"word\":\"42\",\"ja\":\"区キ\",\"from\":202210,\"to\":0,\"shares\":2,\"kouki\":true,"
        "\"source\":",
        "\"insurer\":{\"digits\":8,\"kokuhoDigits\":6,\"koukiBangoDigits\":8,\"kouki\":\"39\","
        "\"kokuho\":\"国保\"}",
        "\"bytes\":{\"karte\":20,\"kigo\":40,\"bango\":40,\"branch\":2}",
        "\"limits\":{\"FU_CAPTURES_MAX\":200000,\"FU_CAPTURE_ITEMS_MAX\":64,"
        "\"FU_XML_TEXT_MAX\":4096,\"FU_CSV_FIELDS_MAX\":64,\"FU_CSV_ROW_BYTES_MAX\":65536,"
        "\"FU_EVIDENCE_FILE_BYTES_MAX\":67108864}",
        "{\"word\":\"S\",\"ja\":\"昭和\",\"from\":19261225,\"source\":",
        "\"yearMin\":1868,\"yearMax\":2200,\"contactsFrom\":20190501,\"fushoSince\":202309",
        "\"namespace\":\"urn:fusho:capture:1\"",
        "{\"word\":\"contact\",\"parent\":\"CAPTURE\",\"once\":false,"
        "\"attributes\":[\"on\",\"result\"]}",
        "{\"word\":\"address\",\"parent\":\"DECLARATION\",\"once\":false,\"attributes\":[]}",
        "\"columns\":[\"id\",\"month\",\"karte\",",
        "\"phone\",\"address\",\"contact\"]",
        "{\"word\":\"R602\",\"error\":true,\"ja\":\"患者への確認の連絡が、まだ行われていません。\","
        "\"hint\":\"患者に連絡して資格を確かめ、",
    };
    char *json = policy();
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        cr_expect_not_null(strstr(json, parts[i]), "%s", parts[i]);
    free(json);
}

Test(form, a_less_than_in_a_table_would_not_end_the_block)
{
    static const fu_form_edition nasty = {"</script><script>\"\\", "<!--"};
    tst_file f = TST_FILE_INIT;
    fu_stream to = tst_stream(&f);
    fu_error e;
    char *s;
    cr_assert_eq(fu_form_page(&fu_mem_libc, &to, &nasty, &e), FU_OK);
    s = rep_text(&f);
    cr_expect_not_null(strstr(
        s, "{\"version\":\"\\u003c/script>\\u003cscript>\\\"\\\\\",\"rules\":\"\\u003c!--\""));
    cr_expect_eq(rep_count(s, "</script>"), 2);
    free(s);
    tst_file_free(&f);
}

/* ---- faults ---- */

Test(form, short_writes_give_the_same_page)
{
    static const size_t chunks[] = {1, 7, 4096};
    char *want = page();
    for (size_t i = 0; i < sizeof chunks / sizeof chunks[0]; i++) {
        tst_file f = TST_FILE_INIT;
        char *s;
        f.chunk = chunks[i];
        cr_expect_eq(write_page(&fu_mem_libc, &f), FU_OK, "row %zu", i);
        s = rep_text(&f);
        cr_expect_str_eq(s, want, "row %zu", i);
        free(s);
        tst_file_free(&f);
    }
    free(want);
}

Test(form, every_write_may_fail)
{
    fu_status st = FU_E_STORE;
    long n = 0;
    for (; st != FU_OK && n < 10000; n++) {
        tst_file f = TST_FILE_INIT;
        f.fail_at = n;
        st = write_page(&fu_mem_libc, &f);
        cr_expect(st == FU_OK || st == FU_E_STORE, "write %ld: %d", n, st);
        tst_file_free(&f);
    }
    cr_expect_gt(n, 5);
    cr_expect_lt(n, 10000);
}

Test(form, every_allocation_may_fail)
{
    fu_status st = FU_E_NOMEM;
    long n = 0;
    for (; st != FU_OK && n < 100; n++) {
        tst_mem m = TST_MEM_INIT;
        fu_mem mem = tst_mem_of(&m);
        tst_file f = TST_FILE_INIT;
        m.fail_at = n;
        st = write_page(&mem, &f);
        cr_expect(st == FU_OK || st == FU_E_NOMEM, "allocation %ld: %d", n, st);
        cr_expect(st == FU_OK || f.n == 0, "nothing is written of half a page");
        cr_expect_eq(m.live, 0, "allocation %ld", n);
        tst_file_free(&f);
    }
    cr_expect_gt(n, 3);
    cr_expect_lt(n, 100);
}

Test(form, the_tables_fit_into_their_limit)
{
    char *json = policy();
    cr_expect_gt(strlen(json), 10000);
    cr_expect_lt(strlen(json), FU_FORM_POLICY_MAX / 4);
    free(json);
}

/* ---- the verb ---- */

static fu_status run_form(hst *h)
{
    hst_case c;
    fu_error e;
    fu_status st;
    hst_case_init(&c);
    st = hst_run(h, &c, FU_FORM, "", &e);
    cr_expect_eq(c.summary.claims, 0);
    hst_case_free(&c);
    return st;
}

Test(form, the_verb_commits_the_page)
{
    hst h;
    char *s;
    hst_init(&h);
    cr_expect_eq(run_form(&h), FU_OK);
    cr_expect_str_eq(h.trail, "b0 c0 ");
    cr_expect(h.role[0].visible);
    s = hst_text(&h.role[0].done);
    cr_expect_not_null(strstr(s, "\"version\":\"" FU_VERSION "\""));
    cr_expect_not_null(strstr(s, "\"rules\":\"" FU_RULES_EDITION "\""));
    cr_expect_eq(strcmp(s + strlen(s) - 8, "</html>\n"), 0);
    free(s);
    hst_free(&h);
}

Test(form, whatever_of_the_store_fails_nothing_is_left)
{
    fu_status st = FU_E_STORE;
    long n = 0;
    for (; st != FU_OK && n < 1000; n++) {
        hst h;
        hst_init(&h);
        h.fail_at = n;
        st = run_form(&h);
        cr_expect(st == FU_OK || st == FU_E_STORE, "operation %ld: %d", n, st);
        cr_expect_eq(h.role[0].visible, st == FU_OK, "operation %ld", n);
        cr_expect_not(h.role[0].open, "operation %ld: %s", n, h.trail);
        hst_free(&h);
    }
    cr_expect_gt(n, 5);
}

Test(form, cancelling_commits_nothing)
{
    fu_status st = FU_CANCELLED;
    long n = 0;
    for (; st == FU_CANCELLED && n < 1000; n++) {
        hst h;
        hst_init(&h);
        h.cancel_at = n;
        st = run_form(&h);
        cr_expect(st == FU_OK || st == FU_CANCELLED, "call %ld: %d", n, st);
        cr_expect_eq(h.role[0].visible, st == FU_OK, "call %ld", n);
        cr_expect_not(h.role[0].open, "call %ld: %s", n, h.trail);
        hst_free(&h);
    }
    cr_expect_eq(st, FU_OK);
    cr_expect_gt(n, 5);
}

/* ---- the table the page is held to as well ---- */

static size_t bytes_of(fu_span utf8)
{
    fu_buf b;
    size_t n;
    fu_buf_init(&b, &fu_mem_libc, 1024);
    fu_cp932_from_utf8(&b, utf8, NULL);
    n = b.n;
    fu_buf_free(&b);
    return n;
}

static void fold(char *out, size_t max, fu_span utf8)
{
    fu_buf b;
    fu_buf_init(&b, &fu_mem_libc, 1024);
    fu_fold_width(&b, utf8);
    snprintf(out, max, "%s", fu_buf_cstr(&b));
    fu_buf_free(&b);
}

/* False where the row is the page's alone. */
static bool answer(const char *kind, fu_span s, char *out, size_t max)
{
    if (!strcmp(kind, "day") || !strcmp(kind, "strict-day"))
        snprintf(out, max, "%d", (int)fu_day_from_any(fu_trim(s)));
    else if (!strcmp(kind, "digit"))
        snprintf(out, max, "%d", fu_insurer_check_digit(s));
    else if (!strcmp(kind, "kind"))
        snprintf(out, max, "%s", fu_insurer_kind(s));
    else if (!strcmp(kind, "bytes"))
        snprintf(out, max, "%zu", bytes_of(s));
    else if (!strcmp(kind, "fold"))
        fold(out, max, s);
    else
        return false;
    return true;
}

/* The wide spaces of the table, which an editor would lose. */
static void unescape(char *s)
{
    char *at;
    while ((at = strstr(s, "\\u3000")) != NULL) {
        memcpy(at, "\xE3\x80\x80", 3);
        memmove(at + 3, at + 6, strlen(at + 6) + 1);
    }
}

Test(form, the_c_code_answers_as_the_table_says)
{
    char path[4096], line[1024], got[256];
    const char *src = getenv("SRCDIR");
    FILE *f;
    size_t rows = 0;
    snprintf(path, sizeof path, "%s/tests/browser/form-cases.tsv", src ? src : ".");
    f = fopen(path, "r");
    cr_assert_not_null(f, "%s", path);
    while (fgets(line, sizeof line, f)) {
        char *given = strchr(line, '\t'), *want = given ? strchr(given + 1, '\t') : NULL;
        if (line[0] == '#' || !want)
            continue;
        *given++ = *want++ = '\0';
        want[strcspn(want, "\n")] = '\0';
        unescape(given);
        if (!answer(line, fu_span_str(given), got, sizeof got))
            continue;
        rows++;
        cr_expect_str_eq(got, want, "%s %s", line, given);
    }
    fclose(f);
    cr_expect_gt(rows, 90);
}
