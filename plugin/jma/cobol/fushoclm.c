/* CALL "FUSHOCLM": the claim call for COBOL programs; FUSHOCLM.cpy is its description.
 *
 * Invariants
 *   - one session per run unit, opened by the first CLAIM and opened anew when plugin or options
 *     change; a run unit is single-threaded, so this is the one place with state of its own
 *   - with status 2 and above the result tables are empty
 */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "area.h"
#include "findings.h"
#include "fusho.h"

FUSHO_EXPORT int FUSHOCLM(area_parm *parm, char *in, char *out, area_findings *findings);

enum { DONE = 0, MISUSE = 2, INPUT = 3, TOO_SMALL = 4, FAILED = 5 };

static struct {
    void *library;
    const fusho_plugin *plugin;
    fusho_session *session;
    char plugin_path[256], options[512]; /* that the session was opened with */
    fusho_host host;
} unit;

/* One call. */
typedef struct call {
    area_parm *parm;
    area_table in, out;
    area_findings *findings;
    size_t finding_max;
    area_code *code;
    fusho_error err;
} call;

static int say(call *c, int status, const char *message)
{
    area_put_text(c->code, c->parm->message, sizeof c->parm->message, message, strlen(message));
    return status;
}

/* What the plugin says of a failure. */
static int failed(call *c, int status)
{
    area_parm *p = c->parm;
    area_put_text(c->code, p->error_code, sizeof p->error_code, c->err.code, strlen(c->err.code));
    area_put_text(c->code, p->hint, sizeof p->hint, c->err.hint_ja, strlen(c->err.hint_ja));
    return say(c, status,
               c->err.message_ja[0] ? c->err.message_ja : "fusho の処理に失敗しました。");
}

/* ---- bytes ---- */

typedef struct bytes {
    char *p;
    size_t n, cap, at;
} bytes;

static bool add(bytes *b, const void *p, size_t n)
{
    if (b->cap - b->n < n) {
        size_t cap = 2 * (b->n + n) + 4096;
        char *q = realloc(b->p, cap);
        if (!q)
            return false;
        b->p = q;
        b->cap = cap;
    }
    memcpy(b->p + b->n, p, n);
    b->n += n;
    return true;
}

static int64_t FUSHO_CALL bytes_write(void *ctx, const void *p, uint64_t n)
{
    return add(ctx, p, (size_t)n) ? (int64_t)n : -1;
}

static fusho_bytes view(const bytes *b)
{
    fusho_bytes v = {(const uint8_t *)b->p, b->n};
    return v;
}

/* ---- the session ---- */

/* Japan has one time and no summer time. */
static int32_t FUSHO_CALL today(void *ctx)
{
    time_t t = time(NULL) + 9 * 3600;
    struct tm tm;
    (void)ctx;
    if (!gmtime_r(&t, &tm))
        return 0;
    return (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday;
}

static void end(void)
{
    if (unit.session)
        unit.plugin->close(unit.session);
    if (unit.library)
        dlclose(unit.library);
    memset(&unit, 0, sizeof unit);
}

/* A field as a string, without the spaces behind it. */
static void string_of(char *to, const char *field, size_t n)
{
    while (n > 0 && (field[n - 1] == ' ' || field[n - 1] == '\0'))
        n--;
    memcpy(to, field, n);
    to[n] = '\0';
}

static int load(call *c)
{
    char path[sizeof c->parm->plugin + 1];
    const fusho_plugin *(FUSHO_CALL * entry)(uint32_t, uint32_t) = NULL;
    void *symbol;
    string_of(path, c->parm->plugin, sizeof c->parm->plugin);
    unit.library = dlopen(path[0] ? path : FUSHO_PLUGINDIR "/fusho.so", RTLD_NOW | RTLD_LOCAL);
    symbol = unit.library ? dlsym(unit.library, "fusho_plugin_v1") : NULL;
    memcpy(&entry, &symbol, sizeof entry);
    if (entry)
        unit.plugin = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    return unit.plugin ? DONE : say(c, FAILED, "プラグイン fusho.so を読み込めません。");
}

static int open_session(call *c)
{
    char options[sizeof c->parm->options + sizeof "\n--format=json"];
    fusho_text text;
    int status = load(c);
    if (status != DONE)
        return status;
    string_of(options, c->parm->options, sizeof c->parm->options);
    for (char *p = options; *p; p++)
        if (*p == ' ')
            *p = '\n';
    strcat(options, "\n--format=json");
    text.p = options;
    text.n = strlen(options);
    unit.host.struct_size = (uint32_t)sizeof unit.host;
    unit.host.abi_major = FUSHO_ABI_MAJOR;
    unit.host.abi_minor = FUSHO_ABI_MINOR;
    unit.host.product.p = "FUSHOCLM";
    unit.host.product.n = 8;
    unit.host.today = today;
    if (unit.plugin->open(&unit.host, text, &unit.session, &c->err) != FUSHO_OK)
        return failed(c, c->err.status == FUSHO_E_MISUSE ? MISUSE : FAILED);
    memcpy(unit.plugin_path, c->parm->plugin, sizeof unit.plugin_path);
    memcpy(unit.options, c->parm->options, sizeof unit.options);
    return DONE;
}

static int keep_session(call *c)
{
    int status;
    if (unit.session && memcmp(unit.plugin_path, c->parm->plugin, sizeof unit.plugin_path) == 0 &&
        memcmp(unit.options, c->parm->options, sizeof unit.options) == 0)
        return DONE;
    end();
    status = open_session(c);
    if (status != DONE)
        end();
    return status;
}

/* ---- what goes in ---- */

static int add_record(call *c, bytes *b, const char *len, const char *text, size_t size)
{
    long n = area_length(len, text, size);
    if (n < 0)
        return say(c, MISUSE, "レコードの長さの欄が正しくありません。");
    if (memchr(text, '\n', (size_t)n) || memchr(text, '\r', (size_t)n))
        return say(c, MISUSE, "レコードの中に改行があります。");
    if (!add(b, text, (size_t)n) || !add(b, "\r\n", 2))
        return say(c, FAILED, "メモリーが足りません。");
    return DONE;
}

static int add_headers(call *c, bytes *b, long *count)
{
    *count = 0;
    for (int i = 0; i < AREA_HEADERS; i++) {
        area_header *h = &c->parm->header[i];
        int status = DONE;
        if (area_length(h->len, h->text, sizeof h->text) != 0) {
            status = add_record(c, b, h->len, h->text, sizeof h->text);
            ++*count;
        }
        if (status != DONE)
            return status;
    }
    return *count ? DONE : say(c, MISUSE, "先頭のレコード（IR など）がありません。");
}

static int add_claim(call *c, bytes *b)
{
    long n = area_number(c->in.base, AREA_COUNT);
    if (n < 1 || (size_t)n > c->in.max)
        return say(c, MISUSE, "レコードの件数の欄が正しくありません。");
    for (size_t i = 0; i < (size_t)n; i++) {
        int status = add_record(c, b, area_record_len(&c->in, i), area_record_text(&c->in, i),
                                c->in.text_size);
        if (status != DONE)
            return status;
    }
    return DONE;
}

/* ---- what comes out ---- */

static int put_results(call *c, const bytes *b)
{
    const char *p = b->p, *stop = b->p + b->n;
    size_t count = 0;
    while (p < stop) {
        const char *lf = memchr(p, '\n', (size_t)(stop - p));
        size_t n = (size_t)((lf ? lf : stop) - p);
        if (n > 0 && p[n - 1] == '\r')
            n--;
        if (count == c->out.max || n > c->out.text_size)
            return say(c, TOO_SMALL, "結果の表が小さすぎます。");
        area_put_number(area_record_len(&c->out, count), AREA_COUNT, (long long)n);
        memset(area_record_text(&c->out, count), ' ', c->out.text_size);
        memcpy(area_record_text(&c->out, count), p, n);
        count++;
        p = lf ? lf + 1 : stop;
    }
    area_put_number(c->out.base, AREA_COUNT, (long long)count);
    return DONE;
}

static int run(call *c, const bytes *header, const bytes *records, long n_headers)
{
    bytes result = {NULL, 0, 0, 0}, listing = result;
    fusho_stream to = {(uint32_t)sizeof to, 0, &result, NULL, bytes_write, NULL}, list = to;
    fusho_claim_job job;
    area_parm *p = c->parm;
    long n = area_length(p->capture_len, p->capture, sizeof p->capture);
    int status;
    if (n < 0)
        return say(c, MISUSE, "窓口記録の長さの欄が正しくありません。");
    memset(&job, 0, sizeof job);
    job.struct_size = (uint32_t)sizeof job;
    job.header = view(header);
    job.records = view(records);
    job.evidence.p = (const uint8_t *)p->capture;
    job.evidence.n = (uint64_t)n;
    list.ctx = &listing;
    job.output = &to;
    job.listing = &list;
    unit.plugin->claim(unit.session, &job, &c->err);
    status = job.exit_status;
    if (status > 1) {
        status = failed(c, status);
        end(); /* a session that failed may be good for nothing but closing */
    } else if (put_results(c, &result) != DONE) {
        status = TOO_SMALL;
    } else {
        AREA_PUT(p->route, job.route);
        AREA_PUT(p->edits, job.edits);
        AREA_PUT(p->errors, job.errors);
        AREA_PUT(p->warnings, job.warnings);
        findings_fill(c->findings, c->finding_max, listing.p, listing.n, n_headers, c->code);
    }
    free(result.p);
    free(listing.p);
    return status;
}

static int claim(call *c)
{
    bytes header = {NULL, 0, 0, 0}, records = header;
    long n_headers = 0;
    int status = keep_session(c);
    if (status == DONE)
        status = add_headers(c, &header, &n_headers);
    if (status == DONE)
        status = add_claim(c, &records);
    if (status == DONE)
        status = run(c, &header, &records, n_headers);
    free(header.p);
    free(records.p);
    return status;
}

/* ---- the call ---- */

static void clear(call *c)
{
    area_parm *p = c->parm;
    AREA_PUT(p->route, 0);
    AREA_PUT(p->edits, 0);
    AREA_PUT(p->errors, 0);
    AREA_PUT(p->warnings, 0);
    memset(p->error_code, ' ', sizeof p->error_code);
    memset(p->message, ' ', sizeof p->message);
    memset(p->hint, ' ', sizeof p->hint);
    if (c->out.base)
        area_put_number(c->out.base, AREA_COUNT, 0);
    if (c->findings) {
        AREA_PUT(c->findings->count, 0);
        AREA_PUT(c->findings->total, 0);
    }
}

static int sizes(call *c)
{
    area_parm *p = c->parm;
    long in = area_number(p->in_max, AREA_COUNT), out = area_number(p->out_max, AREA_COUNT);
    long text = area_number(p->text_size, AREA_COUNT);
    long finding = area_number(p->finding_max, AREA_COUNT);
    if (in < 1 || out < 1 || text < 1 || finding < 1)
        return say(c, MISUSE, "表の大きさの欄が正しくありません。");
    c->in.max = (size_t)in;
    c->out.max = (size_t)out;
    c->in.text_size = c->out.text_size = (size_t)text;
    c->finding_max = (size_t)finding;
    return DONE;
}

static int dispatch(call *c)
{
    char function[sizeof c->parm->function + 1];
    string_of(function, c->parm->function, sizeof c->parm->function);
    if (memcmp(c->parm->interface, "0001", 4) != 0)
        return say(c, MISUSE, "FUSHOCLM.cpy の版が合いません。");
    if (strcmp(function, "END") == 0) {
        end();
        return DONE;
    }
    if (strcmp(function, "CLAIM") != 0)
        return say(c, MISUSE, "知らない機能名です。");
    if (!c->in.base || !c->out.base || !c->findings)
        return say(c, MISUSE, "引数が足りません。");
    return sizes(c) == DONE ? claim(c) : MISUSE;
}

/* The one error that the caller's encoding cannot be had for: told in that of the claim file. */
static int unknown_code(call *c)
{
    static const char usual[] = "CP932";
    c->code = area_code_open(usual, sizeof usual - 1);
    if (!c->code)
        return FAILED;
    return say(c, MISUSE,
               "文字コードの欄（FCLM-TEXT-CODE）が正しくありません。CP932、EUC-JP、UTF-8 "
               "のどれかにしてください。");
}

int FUSHOCLM(area_parm *parm, char *in, char *out, area_findings *findings)
{
    call c;
    int status;
    if (!parm)
        return MISUSE;
    memset(&c, 0, sizeof c);
    c.err.struct_size = (uint32_t)sizeof c.err;
    c.parm = parm;
    c.in.base = in;
    c.out.base = out;
    c.findings = findings;
    clear(&c);
    c.code = area_code_open(parm->text_code, sizeof parm->text_code);
    status = c.code ? dispatch(&c) : unknown_code(&c);
    area_code_close(c.code);
    AREA_PUT(parm->status, status);
    return status;
}
