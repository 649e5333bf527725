#include "support_host.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/session.h"

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "tests/support_host: %s\n", what);
    abort();
}

/* ---- the host ---- */

static void event(hst *h, char what, int role)
{
    size_t n = strlen(h->trail);
    if (n + 4 < sizeof h->trail)
        snprintf(h->trail + n, sizeof h->trail - n, "%c%d ", what, role);
}

static void hook(hst *h)
{
    if (h->hook)
        h->hook(h);
}

static int64_t role_write(void *ctx, const void *buf, uint64_t n)
{
    hst_role *r = ctx;
    fu_stream to = tst_stream(&r->now);
    hook(r->host);
    if (!r->open)
        die("write to a role that is not open");
    if (r->host->ops++ == r->host->fail_at) {
        r->host->failed = (int)(r - r->host->role);
        return -1;
    }
    r->now.chunk = r->host->chunk;
    return to.write(to.ctx, buf, n);
}

static fu_status failed(hst *h, fu_role role, fu_error *e)
{
    h->failed = (int)role;
    return fu_fail(e, FU_E_STORE, "S702", "試験用の失敗です。", "failure for the test");
}

static fu_status begin(void *ctx, fu_role role, fu_stream *out, fu_error *e)
{
    hst *h = ctx;
    hst_role *r = &h->role[role];
    hook(h);
    if (r->open)
        die("begin of an open role");
    if (h->ops++ == h->fail_at)
        return failed(h, role, e);
    event(h, 'b', (int)role);
    if (role == FU_ROLE_REPORT)
        fu_error_file(e, "report.html");
    tst_file_set(&r->now, "", 0);
    r->open = true;
    out->ctx = r;
    out->write = role_write;
    return FU_OK;
}

static fu_status commit(void *ctx, fu_role role, fu_error *e)
{
    hst *h = ctx;
    hst_role *r = &h->role[role];
    bool fail = h->ops++ == h->fail_at;
    hook(h);
    if (!r->open)
        die("commit of a role that is not open");
    event(h, fail ? 'C' : 'c', (int)role);
    if (fail)
        return failed(h, role, e);
    tst_file_set(&r->done, r->now.p, r->now.n);
    r->open = false;
    r->visible = true;
    return FU_OK;
}

static void drop(void *ctx, fu_role role)
{
    hst *h = ctx;
    hook(h);
    if (!h->role[role].open)
        die("abort of a role that is not open");
    event(h, 'a', (int)role);
    h->role[role].open = false;
}

static int32_t today(void *ctx)
{
    hst *h = ctx;
    hook(h);
    return h->today;
}

static void progress(void *ctx, uint64_t claims, uint64_t done, uint64_t total)
{
    hst *h = ctx;
    hook(h);
    h->fell |= h->shown > 0 && done < h->at;
    h->shown++;
    h->claims = claims;
    h->at = done;
    h->total = total;
}

static int32_t cancelled(void *ctx)
{
    hst *h = ctx;
    hook(h);
    h->asked++;
    return h->cancel_at >= 0 && h->asked > h->cancel_at;
}

static void note(void *ctx, int level, const char *message)
{
    hst *h = ctx;
    hook(h);
    snprintf(h->log, sizeof h->log, "%d %s", level, message);
}

void hst_init(hst *h)
{
    static const tst_mem mem = TST_MEM_INIT;
    static const tst_file file = TST_FILE_INIT;
    memset(h, 0, sizeof *h);
    h->mem = mem;
    h->fail_at = h->cancel_at = -1;
    h->today = HST_TODAY;
    for (int i = 0; i < FU_ROLES; i++) {
        h->role[i].host = h;
        h->role[i].now = h->role[i].done = file;
    }
}

void hst_free(hst *h)
{
    for (int i = 0; i < FU_ROLES; i++) {
        tst_file_free(&h->role[i].now);
        tst_file_free(&h->role[i].done);
    }
}

fu_host hst_host(hst *h)
{
    fu_host host = {h,        h->libc ? fu_mem_libc : tst_mem_of(&h->mem),
                    "試験",   h->threads,
                    note,     begin,
                    commit,   drop,
                    today,    progress,
                    cancelled};
    return host;
}

/* ---- cases ---- */

void hst_case_init(hst_case *c)
{
    static const tst_file file = TST_FILE_INIT;
    memset(c, 0, sizeof *c);
    c->in = c->listing = c->from = file;
}

void hst_case_free(hst_case *c)
{
    tst_file_free(&c->in);
    tst_file_free(&c->listing);
    tst_file_free(&c->from);
    for (size_t i = 0; i < c->n_evidence; i++) {
        free(c->evidence[i].name);
        free(c->evidence[i].p);
    }
    c->n_evidence = 0;
}

char *hst_uke(const char *utf8, size_t *n)
{
    size_t len, k = 0;
    char *sjis = tst_cp932(utf8, &len), *out = malloc(2 * len + 2);
    if (!out)
        die("out of memory");
    for (size_t i = 0; i < len; i++) {
        if (sjis[i] == '\n')
            out[k++] = '\r';
        out[k++] = sjis[i];
    }
    out[k++] = 0x1A;
    out[k] = '\0';
    free(sjis);
    *n = k;
    return out;
}

void hst_case_input(hst_case *c, const void *p, size_t n)
{
    tst_file_set(&c->in, p, n);
}

void hst_case_from(hst_case *c, const void *p, size_t n)
{
    tst_file_set(&c->from, p, n);
}

void hst_case_month(hst_case *c, const char *utf8)
{
    size_t n;
    char *p = hst_uke(utf8, &n);
    hst_case_input(c, p, n);
    free(p);
}

void hst_case_evidence(hst_case *c, const char *name, const void *p, size_t n)
{
    size_t i = c->n_evidence++;
    if (i >= HST_EVIDENCE_MAX)
        die("too much evidence");
    c->evidence[i].name = strdup(name);
    c->evidence[i].p = malloc(n + 1);
    c->evidence[i].n = n;
    if (!c->evidence[i].name || !c->evidence[i].p)
        die("out of memory");
    if (n)
        memcpy(c->evidence[i].p, p, n);
}

/* ---- fixtures on disk ---- */

static unsigned char *slurp(const char *path, size_t *n)
{
    FILE *f = fopen(path, "rb");
    unsigned char *p = NULL;
    size_t cap = 0, got = 1;
    if (!f)
        return NULL;
    for (*n = 0; got > 0; *n += got) {
        if (*n == cap && !(p = realloc(p, cap = cap ? 2 * cap : 65536)))
            die("out of memory");
        got = fread(p + *n, 1, cap - *n, f);
    }
    fclose(f);
    return p;
}

static bool ends(const char *s, const char *end)
{
    size_t n = strlen(s), k = strlen(end);
    return n >= k && strcmp(s + n - k, end) == 0;
}

static bool is_input(const char *name)
{
    return strncmp(name, "RECEIPT", 7) == 0 && strlen(name) == 12; /* RECEIPTx.UKE, .HEN */
}

static void load_evidence(hst_case *c, const char *folder, const char *shown)
{
    struct dirent **list = NULL;
    int n = scandir(folder, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char path[1024], name[512];
        unsigned char *p;
        size_t size;
        snprintf(path, sizeof path, "%.500s/%.255s", folder, list[i]->d_name);
        snprintf(name, sizeof name, "%.200s%.255s", shown, list[i]->d_name);
        if ((ends(name, ".xml") || ends(name, ".csv")) && (p = slurp(path, &size)) != NULL) {
            hst_case_evidence(c, name, p, size);
            free(p);
        }
        free(list[i]);
    }
    free(list);
}

bool hst_case_load(hst_case *c, const char *folder, const char *type)
{
    struct dirent **list = NULL;
    char dir[512], path[1024];
    int n;
    bool found = false;
    snprintf(dir, sizeof dir, "%.400s/%.100s", folder, type);
    n = scandir(dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        size_t size;
        unsigned char *p;
        snprintf(path, sizeof path, "%.500s/%.255s", dir, list[i]->d_name);
        if (is_input(list[i]->d_name) && (p = slurp(path, &size)) != NULL) {
            hst_case_input(c, p, size);
            found = true;
            free(p);
        }
        free(list[i]);
    }
    free(list);
    load_evidence(c, dir, "");
    snprintf(path, sizeof path, "%.500s/oqs", dir);
    load_evidence(c, path, "oqs/");
    return found;
}

/* ---- runs ---- */

fu_status hst_open(hst *h, const char *options, fu_session **s, fu_error *e)
{
    fu_host host = hst_host(h);
    fu_status st = fu_session_open(s, &host, fu_span_str(options), e);
    if (st == FU_OK && h->chunk_bytes)
        (*s)->chunk_bytes = h->chunk_bytes;
    return st;
}

fu_status hst_add_evidence(hst_case *c, fu_session *s, fu_error *e)
{
    fu_status st = FU_OK;
    for (size_t i = 0; i < c->n_evidence && st == FU_OK; i++) {
        fu_span_reader r = {fu_span_of(c->evidence[i].p, c->evidence[i].n), 0};
        fu_stream in = fu_span_stream(&r);
        st = fu_session_evidence(s, c->evidence[i].name, &in, e);
    }
    return st;
}

fu_status hst_run_in(hst_case *c, fu_session *s, fu_verb verb, fu_error *e)
{
    fu_stream in = tst_stream(&c->in), listing = tst_stream(&c->listing);
    fu_stream from = tst_stream(&c->from);
    fu_job job;
    fu_status st;
    memset(&job, 0, sizeof job);
    c->in.pos = c->from.pos = 0;
    job.from = c->from.n ? &from : NULL;
    job.from_name = c->from.n ? "from.uke" : NULL;
    job.verb = verb;
    job.input_name = "in.uke";
    job.output_name = "out.uke";
    job.journal_name = "out.uke.fusho";
    job.input = &in;
    job.listing = c->no_listing ? NULL : &listing;
    job.input_size = c->in.n;
    job.more_files = c->more_files;
    st = fu_session_run(s, &job, e);
    c->summary = job.summary;
    return st;
}

fu_status hst_run(hst *h, hst_case *c, fu_verb verb, const char *options, fu_error *e)
{
    fu_session *s = NULL;
    fu_status st = hst_open(h, options, &s, e);
    tst_file_set(&c->listing, "", 0);
    if (st == FU_OK)
        st = hst_add_evidence(c, s, e);
    if (st == FU_OK)
        st = hst_run_in(c, s, verb, e);
    fu_session_close(s);
    return st;
}

char *hst_text(const tst_file *f)
{
    char *p = malloc(f->n + 1);
    if (!p)
        die("out of memory");
    if (f->n)
        memcpy(p, f->p, f->n);
    p[f->n] = '\0';
    return p;
}

bool hst_same(const tst_file *f, const void *p, size_t n)
{
    return f->n == n && (n == 0 || memcmp(f->p, p, n) == 0);
}

/* ---- small months ---- */

#define CAPTURES(body) "<captures xmlns='urn:fusho:capture:1'>" body "</captures>"

const hst_month hst_months[HST_MONTHS] = {
    {"ika",
     "IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"
     "RE,1,1116,202610,加藤　優,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,カトウユ"
     "ウ,\n"
     "HO,06139935,４４,５５,1,359,,,,,,,,,\n"
     "SY,8833421,20261001,1,,,01,\n"
     "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
     "SI,80,1,120002910,,68,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
     "GO,1,359,99\n",
     CAPTURES("<capture id='c11' month='202610'>\n"
              "<patient karte='00011' name='加藤　優' kana='カトウユウ' birth='2000-10-10' sex="
              "'1'/>\n"
              "<check at='2026-10-14T13:00' outcome='no-record'/>\n"
              "<presented document='mynacard'/>\n"
              "<declaration on='2026-10-14' kind='unknown' insurer-name='' workplace='' share='"
              "unknown' phone='0300001111'>\n"
              "<address>埼玉県見本市試験１－１</address>\n"
              "</declaration>\n"
              "<contact on='2026-10-31' result='unknown'/>\n"
              "</capture>\n"),
     "IR,1,13,1,1399991,,見本内科クリニック,202611,00,03-0000-0001\n"
     "RE,1,1116,202610,加藤　優,1,20001010,,,,,,,00011,,,,,,,,,,,,,,,,,,,,,,,カトウユ"
     "ウ,\n"
     "HO,77777777,,７７７７７７７７７,1,359,,,,,,,,,\n"
     "SY,8833421,20261001,1,,,01,\n"
     "CO,01,1,820000246,\n"
     "CO,01,1,830000501,カトウユウ\n"
     "CO,01,1,830000502,わからない\n"
     "CO,01,1,830000503,保険者等名称記載なし\n"
     "CO,01,1,830000504,事業所名記載なし\n"
     "CO,01,1,830000505,埼玉県見本市試験１－１\n"
     "CO,01,1,830000507,０３００００１１１１\n"
     "CO,01,1,830000508,令和８年１０月３１日\n"
     "SI,11,1,111000110,,291,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
     "SI,80,1,120002910,,68,1,,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,\n"
     "GO,1,359,99\n"},
    {"dpc",
     "IR,1,13,1,1399992,,見本総合病院,202611,00,03-0000-0002\n"
     "RE,1,1111,202610,水野　健二,1,19760818,,20261004,,,,,30004,,,,,0,,,,,,,,,,ミズノ"
     "ケンジ,\n"
     "HO,06139901,１３,１４,10,29400,,25,16750,,,,,,\n"
     "SN,1,01,,,,00,,\n"
     "MF,00,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "BU,040080xx99x0xx,20261004,20261013,1,\n"
     "SB,4860009,,,J189,11,,\n"
     "SB,4860009,,,J189,21,,\n"
     "KK,1,緊急入院\n"
     "SK,1,手術なし\n"
     "HH,202610,0,1,1,1,2700,5,13500\n"
     "HH,202610,0,1,1,2,2000,5,10000\n"
     "GT,202610,0,1,1,23500,1.2,28200\n"
     "SI,60,1,160061710,,1200,1,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "CO,60,1,810000001,至急\n"
     "CD,20261004,90,1,1,190077410,1,,,1,,\n"
     "CD,20261005,33,2,1,130003510,1,,,1,,\n"
     "GO,1,29400,99\n",
     CAPTURES("<capture id='d04' month='202610'>\n"
              "<patient karte='30004' name='水野　健二' kana='ミズノ ケンジ' birth='1976-08-18'"
              " sex='1'/>\n"
              "<check at='2026-10-04T21:00' outcome='no-record'/>\n"
              "<presented document='mynacard'/>\n"
              "<declaration on='2026-10-06' kind='kenpo' insurer-name='見本健康保険組合' workpl"
              "ace='見本商事' share='3' phone='03-0000-4004'>\n"
              "<address>東京都見本区一番町1</address>\n"
              "<address>東京都見本区二番町2</address>\n"
              "</declaration>\n"
              "<contact on='2026-10-28' result='no-answer'/>\n"
              "<contact on='2026-11-02' result='unknown'/>\n"
              "</capture>\n"),
     "IR,1,13,1,1399992,,見本総合病院,202611,00,03-0000-0002\n"
     "RE,1,1111,202610,水野　健二,1,19760818,,20261004,,,,,30004,,,,,0,,,,,,,,,,ミズノ"
     "ケンジ,\n"
     "HO,77777777,,７７７７７７７７７,10,29400,,25,16750,,,,,,\n"
     "MF,00,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "BU,040080xx99x0xx,20261004,20261013,1,\n"
     "SB,4860009,,,J189,11,,\n"
     "SB,4860009,,,J189,21,,\n"
     "KK,1,緊急入院\n"
     "SK,1,手術なし\n"
     "HH,202610,0,1,1,1,2700,5,13500\n"
     "HH,202610,0,1,1,2,2000,5,10000\n"
     "GT,202610,0,1,1,23500,1.2,28200\n"
     "CO,01,1,820000246,\n"
     "CO,01,1,830000501,ミズノ　ケンジ\n"
     "CO,01,1,830000502,健保\n"
     "CO,01,1,830000503,見本健康保険組合\n"
     "CO,01,1,830000504,見本商事\n"
     "CO,01,1,830000505,東京都見本区一番町１\n"
     "CO,01,1,830000506,東京都見本区二番町２\n"
     "CO,01,1,830000507,０３－００００－４００４\n"
     "CO,01,1,830000508,令和８年１０月２８日\n"
     "CO,01,1,830000508,令和８年１１月２日\n"
     "SI,60,1,160061710,,1200,1,,,,,,,,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "CO,60,1,810000001,至急\n"
     "CD,20261004,90,1,1,190077410,1,,,1,,\n"
     "CD,20261005,33,2,1,130003510,1,,,1,,\n"
     "GO,1,29400,99\n"},
    {"shika",
     "UK,1,13,3,1399993,,見本歯科クリニック,202611,,00\n"
     "IR,1,13,3,1399993,,202611,03-0000-0003,\n"
     "RE,1,3118,202610,川上　ウメ,2,19550505,,,20261005,1,,,,,40005,,,,,,,,,,カワカミ"
     "ウメ,\n"
     "HO,06139919,３１,３２,2,435,,,,,,,,\n"
     "SN,1,01,,,,01,,\n"
     "HS,20261005,1,101600,5250001,,,,,,,,\n"
     "SS,11,1,301000110,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,267,1,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "SS,12,1,301001610,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,58,1,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,\n"
     "SS,13,1,302000110,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,110,1,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "CO,99,1,810000001,入れ歯の調整を希望,,,,,,\n"
     "CO,99,1,810000001,次回は一週間後,,,,,,\n"
     "GO,1,435,99\n",
     CAPTURES("<capture id='s05' month='202610'>\n"
              "<patient karte='40005' name='川上　ウメ' kana='カワカミウメ' birth='1955-05-05' "
              "sex='2'/>\n"
              "<check at='2026-10-05T13:00' outcome='certificate-expired'/>\n"
              "<presented document='mynacard'/>\n"
              "<declaration on='2026-10-06' kind='kenpo' insurer-name='見本健康保険組合' workpl"
              "ace='' share='2' phone='03-0000-5005'>\n"
              "<address>東京都見本区一番町1</address>\n"
              "</declaration>\n"
              "<contact on='2026-11-01' result='no-answer'/>\n"
              "</capture>\n"),
     "UK,1,13,3,1399993,,見本歯科クリニック,202611,,00\n"
     "IR,1,13,3,1399993,,202611,03-0000-0003,\n"
     "RE,1,3118,202610,川上　ウメ,2,19550505,,,20261005,1,,,29,,40005,,,,,,,,,,カワカ"
     "ミウメ,\n"
     "HO,77777777,,７７７７７７７７７,2,435,,,,,,,,\n"
     "HS,20261005,1,101600,5250001,,,,,,,,\n"
     "SS,11,1,301000110,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,267,1,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "SS,12,1,301001610,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,58,1,,,,,,,,,,,,,,,,,,,1,,,,,,,,,,,,\n"
     "SS,13,1,302000110,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,110,1,,,,,1,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "CO,99,1,820000246,,,,,,,\n"
     "CO,99,1,830000501,カワカミウメ,,,,,,\n"
     "CO,99,1,830000502,健保,,,,,,\n"
     "CO,99,1,830000503,見本健康保険組合,,,,,,\n"
     "CO,99,1,830000504,事業所名記載なし,,,,,,\n"
     "CO,99,1,830000505,東京都見本区一番町１,,,,,,\n"
     "CO,99,1,830000507,０３－００００－５００５,,,,,,\n"
     "CO,99,1,830000508,令和８年１１月１日,,,,,,\n"
     "CO,99,1,810000001,入れ歯の調整を希望,,,,,,\n"
     "CO,99,1,810000001,次回は一週間後,,,,,,\n"
     "GO,1,435,99\n"},
    {"chozai",
     "YK,1,13,4,1399994,見本薬局,202611,00,03-0000-0004\n"
     "RE,1,4110,202610,小西　五郎,1,19521225,,,13,1,1399991,見本内科クリニック,東京都"
     "見本区一番町９,見本　一郎,,,,,,,,,,,,,,,,,,,,,50005,,,,,,コニシゴロウ\n"
     "HO,06139919,45,46,1,254,,,,,,,,\n"
     "SN,1,01,,,,00,,\n"
     "SH,1,1,131,,18,,,,\n"
     "CZ,01,20261006,20261006,1,7,1,,,430004010,24,,,126,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "IY,1,620098801,1,,,,,,\n"
     "TK,810000001,家族が来局\n"
     "KI,1,1,410008310,45,1,440001710,59,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "ST,1,1,,,,,,,,,,,,,\n"
     "GO,1,254,99\n",
     CAPTURES("<capture id='y05' month='202610'>\n"
              "<patient karte='50005' name='小西　五郎' kana='コニシゴロウ' birth='1952-12-25' "
              "sex='1'/>\n"
              "<check at='2026-10-06T13:00' outcome='no-record'/>\n"
              "<presented document='mynacard'/>\n"
              "<declaration on='2026-10-06' kind='kenpo' insurer-name='見本健康保険組合' workpl"
              "ace='' share='3' phone='03-0000-6005'>\n"
              "<address>東京都見本区一番町1</address>\n"
              "</declaration>\n"
              "<contact on='2026-11-01' result='no-answer'/>\n"
              "</capture>\n"),
     "YK,1,13,4,1399994,見本薬局,202611,00,03-0000-0004\n"
     "RE,1,4110,202610,小西　五郎,1,19521225,,26,13,1,1399991,見本内科クリニック,東京"
     "都見本区一番町９,見本　一郎,,,,,,,,,,,,,,,,,,,,,50005,,,,,,コニシゴロウ\n"
     "HO,77777777,,777777777,1,254,,,,,,,,\n"
     "SH,1,1,131,,18,,,,\n"
     "CZ,01,20261006,20261006,1,7,1,,,430004010,24,,,126,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "IY,1,620098801,1,,,,,,\n"
     "TK,820000246,\n"
     "TK,830000501,コニシゴロウ\n"
     "TK,830000502,健保\n"
     "TK,830000503,見本健康保険組合\n"
     "TK,830000504,事業所名記載なし\n"
     "TK,830000505,東京都見本区一番町１\n"
     "TK,830000507,０３－００００－６００５\n"
     "TK,830000508,令和８年１１月１日\n"
     "TK,810000001,家族が来局\n"
     "KI,1,1,410008310,45,1,440001710,59,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,"
     ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
     "ST,1,1,,,,,,,,,,,,,\n"
     "GO,1,254,99\n"},
    {"houmon",
     "HM,1,13,6,1399995,見本訪問看護ステーション,202611,03-0000-0005\n"
     "RE,1,6118,202610,杉山　ハル,スギヤマハル,2,19530701,,,,,,60005,\n"
     "HO,06139919,59,60,3,30320,,,,,,\n"
     "SN,1,01,,,,01,,\n"
     "IH,13,1,1399991,見本内科クリニック,見本　一郎,20260930\n"
     "HJ,01,20261001,20261231\n"
     "JS,在宅療養中。状態は安定。,,,,\n"
     "SY,3320012,,,\n"
     "TZ,10,850500016,５０８０９２０\n"
     "CO,810000001,退院直後,\n"
     "KA,20261005,1,510000110,,5550,01,,\n"
     "KA,20261005,1,550000110,,7670,01,,\n"
     "KA,20261012,1,510000110,,5550,01,,\n"
     "KA,20261012,1,550000210,,3000,01,,\n"
     "KA,20261019,1,510000110,,5550,01,,\n"
     "KA,20261019,1,550000210,,3000,01,,\n"
     "GO\n",
     CAPTURES("<capture id='n05' month='202610'>\n"
              "<patient karte='60005' name='杉山　ハル' kana='スギヤマハル' birth='1953-07-01' "
              "sex='2'/>\n"
              "<check at='2026-10-05T13:00' outcome='no-record'/>\n"
              "<presented document='mynacard'/>\n"
              "<declaration on='2026-10-06' kind='kenpo' insurer-name='見本健康保険組合' workpl"
              "ace='' share='2' phone='03-0000-7005'>\n"
              "<address>東京都見本区一番町1</address>\n"
              "</declaration>\n"
              "<contact on='2026-11-01' result='no-answer'/>\n"
              "</capture>\n"),
     "HM,1,13,6,1399995,見本訪問看護ステーション,202611,03-0000-0005\n"
     "RE,1,6118,202610,杉山　ハル,スギヤマハル,2,19530701,,,,29,,60005,\n"
     "HO,77777777,,777777777,3,30320,,,,,,\n"
     "IH,13,1,1399991,見本内科クリニック,見本　一郎,20260930\n"
     "HJ,01,20261001,20261231\n"
     "JS,在宅療養中。状態は安定。,,,,\n"
     "SY,3320012,,,\n"
     "TZ,10,850500016,５０８０９２０\n"
     "CO,820000246,,\n"
     "CO,830000501,スギヤマハル,\n"
     "CO,830000502,健保,\n"
     "CO,830000503,見本健康保険組合,\n"
     "CO,830000504,事業所名記載なし,\n"
     "CO,830000505,東京都見本区一番町１,\n"
     "CO,830000507,０３－００００－７００５,\n"
     "CO,830000508,令和８年１１月１日,\n"
     "CO,810000001,退院直後,\n"
     "KA,20261005,1,510000110,,5550,01,,\n"
     "KA,20261005,1,550000110,,7670,01,,\n"
     "KA,20261012,1,510000110,,5550,01,,\n"
     "KA,20261012,1,550000210,,3000,01,,\n"
     "KA,20261019,1,510000110,,5550,01,,\n"
     "KA,20261019,1,550000210,,3000,01,,\n"
     "GO\n"},
};
