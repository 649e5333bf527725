/* A Windows host that knows fusho.h and the system only: loads the DLL, uses the flat calls and the
 * table, from two threads too, loads and unloads it often. Prints TAP.
 * usage: smoke DLL CLAIMFILE CAPTURES OUTPUT    OUTPUT must not be there */
#include <process.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#include "fusho.h"

#define TIMES 1500 /* more than the 1088 thread-local slots a process has */
#define MESSAGE_MAX 512

typedef int32_t(FUSHO_CALL *apply_fn)(const char *, const char *, const char *, const char *,
                                      char *, int32_t);
typedef int32_t(FUSHO_CALL *check_fn)(const char *, const char *, const char *, char *, int32_t);
typedef int32_t(FUSHO_CALL *undo_fn)(const char *, const char *, char *, int32_t);
typedef const char *(FUSHO_CALL *version_fn)(void);
typedef const fusho_plugin *(FUSHO_CALL *entry_fn)(uint32_t, uint32_t);
typedef void (*any_fn)(void); /* what any of them may be cast through */

typedef struct bytes {
    char *p;
    size_t n;
} bytes;

static int count, bad;

static void ok(int good, const char *format, ...)
{
    va_list ap;
    printf("%sok %d - ", good ? "" : "not ", ++count);
    va_start(ap, format);
    vprintf(format, ap);
    va_end(ap);
    printf("\n");
    bad |= !good;
}

/* ---- files, named as a Windows program names them and as the flat calls want them ---- */

static char *utf8(const wchar_t *w)
{
    int n = WideCharToMultiByte(CP_UTF8, 0, w, -1, NULL, 0, NULL, NULL);
    char *s = malloc((size_t)n);
    if (s)
        WideCharToMultiByte(CP_UTF8, 0, w, -1, s, n, NULL, NULL);
    return s;
}

static bytes contents(const wchar_t *path)
{
    bytes b = {NULL, 0};
    FILE *f = _wfopen(path, L"rb");
    if (f && fseek(f, 0, SEEK_END) == 0) {
        b.n = (size_t)ftell(f);
        b.p = malloc(b.n + 1);
        rewind(f);
        if (b.p && fread(b.p, 1, b.n, f) != b.n)
            b.n = 0;
    }
    if (f)
        fclose(f);
    return b;
}

static int same_bytes(bytes a, bytes b)
{
    return a.p && b.p && a.n == b.n && memcmp(a.p, b.p, a.n) == 0;
}

/* ---- the flat calls ---- */

static void flat_calls(HMODULE dll, wchar_t **arg)
{
    FARPROC f[4] = {GetProcAddress(dll, "fusho_apply_file"),
                    GetProcAddress(dll, "fusho_check_file"), GetProcAddress(dll, "fusho_undo_file"),
                    GetProcAddress(dll, "fusho_version")};
    apply_fn apply = (apply_fn)(any_fn)f[0];
    check_fn check = (check_fn)(any_fn)f[1];
    undo_fn undo = (undo_fn)(any_fn)f[2];
    version_fn version = (version_fn)(any_fn)f[3];
    char message[MESSAGE_MAX], journal[1024], back[1024], *in = utf8(arg[2]),
                                                          *captures = utf8(arg[3]);
    char *out = utf8(arg[4]);
    wchar_t back_w[1024];
    int32_t st;
    ok(apply && check && undo && version, "the four flat calls are exported");
    ok(strchr(version(), '.') != NULL, "version %s", version());
    st = check(in, captures, "--today=2026-11-09", message, MESSAGE_MAX);
    ok(st == 1 && message[0], "check: %d %s", (int)st, message);
    st = apply(in, out, captures, "--today=2026-11-09", message, MESSAGE_MAX);
    ok(st == 1 && message[0], "apply: %d %s", (int)st, message);
    st = apply(in, out, captures, "--today=2026-11-09", message, MESSAGE_MAX);
    ok(st == 4 && message[0], "an output that is there is refused: %d %s", (int)st, message);
    st = check("NUL", NULL, "--today=2026-11-09", message, MESSAGE_MAX);
    ok(st == 3 && message[0], "a device is no input: %d %s", (int)st, message);
    st = check(in, "\xff", "--today=2026-11-09", message, MESSAGE_MAX);
    ok(st == 3 && message[0], "a name that is no UTF-8: %d %s", (int)st, message);
    snprintf(journal, sizeof journal, "%s.fusho", out);
    snprintf(back, sizeof back, "%s.back", out);
    _snwprintf(back_w, 1024, L"%ls.back", arg[4]);
    st = undo(journal, back, message, MESSAGE_MAX);
    ok(st == 0 && same_bytes(contents(arg[2]), contents(back_w)), "undo gives the original: %d %s",
       (int)st, message);
    _wremove(back_w);
}

/* ---- the claim call ---- */

static int64_t FUSHO_CALL give(void *ctx, void *buf, uint64_t n)
{
    bytes *b = ctx;
    if (n > b->n)
        n = b->n;
    memcpy(buf, b->p, (size_t)n);
    b->p += n;
    b->n -= (size_t)n;
    return (int64_t)n;
}

typedef struct taken {
    size_t n;
    char p[65536];
} taken;

static int64_t FUSHO_CALL take(void *ctx, const void *buf, uint64_t n)
{
    taken *t = ctx;
    if (n > sizeof t->p - t->n)
        return -1;
    memcpy(t->p + t->n, buf, (size_t)n);
    t->n += (size_t)n;
    return (int64_t)n;
}

/* Where the next line with this beginning is, or the end. */
static size_t find_line(bytes b, size_t from, const char *begins)
{
    size_t k = strlen(begins);
    for (; from + k <= b.n; from++) {
        if ((from == 0 || b.p[from - 1] == '\n') && memcmp(b.p + from, begins, k) == 0)
            return from;
    }
    return b.n;
}

static size_t claim_end(bytes b, size_t from)
{
    size_t re = find_line(b, from + 1, "RE,"), go = find_line(b, from + 1, "GO,");
    return re < go ? re : go;
}

typedef struct claim_run {
    const fusho_plugin *table;
    bytes before, after, captures;
    int claims, same;
} claim_run;

static fusho_session *open_session(const claim_run *r)
{
    static const char options[] = "--today=2026-11-09";
    fusho_text o = {options, sizeof options - 1};
    fusho_host host;
    fusho_session *s = NULL;
    memset(&host, 0, sizeof host);
    host.struct_size = (uint32_t)sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    return r->table->open(&host, o, &s, NULL) == FUSHO_OK ? s : NULL;
}

/* Every claim of the file by itself, compared with what apply made of it. */
static unsigned __stdcall run_claims(void *p)
{
    claim_run *r = p;
    taken *out = malloc(sizeof *out);
    fusho_session *s = open_session(r);
    size_t at = find_line(r->before, 0, "RE,"), to = find_line(r->after, 0, "RE,");
    size_t header = at;
    fusho_stream stream;
    memset(&stream, 0, sizeof stream);
    stream.struct_size = (uint32_t)sizeof stream;
    stream.ctx = out;
    stream.write = take;
    while (s && out && at < r->before.n && r->before.p[at] == 'R') {
        size_t end = claim_end(r->before, at), to_end = claim_end(r->after, to);
        fusho_claim_job job;
        memset(&job, 0, sizeof job);
        job.struct_size = (uint32_t)sizeof job;
        job.header.p = (const void *)r->before.p;
        job.header.n = header;
        job.records.p = (const void *)(r->before.p + at);
        job.records.n = end - at;
        job.evidence.p = (const void *)r->captures.p;
        job.evidence.n = r->captures.n;
        job.output = &stream;
        out->n = 0;
        r->claims++;
        r->same += r->table->claim(s, &job, NULL) >= 0 && out->n == to_end - to &&
                   memcmp(out->p, r->after.p + to, out->n) == 0;
        at = end;
        to = to_end;
    }
    r->table->close(s);
    free(out);
    return 0;
}

static void claim_calls(const fusho_plugin *table, wchar_t **arg)
{
    claim_run run[2] = {{table, contents(arg[2]), contents(arg[4]), contents(arg[3]), 0, 0}};
    HANDLE thread[2];
    int i;
    run[1] = run[0];
    for (i = 0; i < 2; i++)
        thread[i] = (HANDLE)_beginthreadex(NULL, 0, run_claims, &run[i], 0, NULL);
    for (i = 0; i < 2; i++) {
        WaitForSingleObject(thread[i], INFINITE);
        CloseHandle(thread[i]);
        ok(run[i].claims > 0 && run[i].claims == run[i].same,
           "claim call, thread %d: %d of %d claims as apply wrote them", i + 1, run[i].same,
           run[i].claims);
    }
}

/* ---- loading ---- */

static int once(const wchar_t *path)
{
    static char text[] = "<captures xmlns='urn:fusho:capture:1'/>";
    bytes xml = {text, sizeof text - 1};
    claim_run r;
    fusho_stream in;
    fusho_text name = {"x", 1};
    fusho_session *s;
    HMODULE dll = LoadLibraryW(path);
    entry_fn entry = dll ? (entry_fn)(any_fn)GetProcAddress(dll, "fusho_plugin_v1") : NULL;
    int good;
    if (!entry)
        return 0;
    memset(&in, 0, sizeof in);
    in.struct_size = (uint32_t)sizeof in;
    in.ctx = &xml;
    in.read = give;
    r.table = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR);
    s = open_session(&r);
    good = s && r.table->add_evidence(s, name, &in, NULL) == FUSHO_OK;
    r.table->close(s);
    return FreeLibrary(dll) && good;
}

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    HMODULE dll = argc == 5 ? LoadLibraryW(argv[1]) : NULL;
    entry_fn entry = dll ? (entry_fn)(any_fn)GetProcAddress(dll, "fusho_plugin_v1") : NULL;
    const fusho_plugin *table = entry ? entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR) : NULL;
    int i;
    setvbuf(stdout, NULL, _IONBF, 0);
    if (!table)
        return fputs("usage: smoke DLL CLAIMFILE CAPTURES OUTPUT\n", stderr), 2;
    ok(strcmp(table->id, "jp.fusho.claim") == 0, "the table is %s", table->id);
    flat_calls(dll, argv);
    claim_calls(table, argv);
    FreeLibrary(dll);
    for (i = 0; i < TIMES && once(argv[1]); i++)
        ;
    ok(i == TIMES, "loaded and unloaded %d times", i);
    printf("1..%d\n", count);
    return bad;
}
