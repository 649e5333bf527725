/* A whole host: example PLUGIN CLAIMFILE [EVIDENCE] checks a file, prints JSON Lines. Copy it. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "fusho.h"

/* Streams over FILE: short counts are allowed, 0 is the end, below 0 a fault. */
static int64_t FUSHO_CALL file_read(void *ctx, void *buf, uint64_t n)
{
    size_t got = fread(buf, 1, (size_t)n, ctx);
    return got == 0 && ferror((FILE *)ctx) ? -1 : (int64_t)got;
}

static int64_t FUSHO_CALL file_write(void *ctx, const void *buf, uint64_t n)
{
    return fwrite(buf, 1, (size_t)n, ctx) == (size_t)n ? (int64_t)n : -1;
}

static int32_t FUSHO_CALL file_rewind(void *ctx)
{
    return fseek(ctx, 0, SEEK_SET); /* a claim file is read twice */
}

static fusho_text text_of(const char *s)
{
    fusho_text t = {s, strlen(s)};
    return t;
}

int main(int argc, char **argv)
{
    fusho_stream in = {sizeof in, 0, NULL, file_read, file_write, file_rewind};
    fusho_stream out = in, extra = in;
    fusho_host host = {0}; /* no store and no clock: check writes nothing, the day is an option */
    fusho_job job = {0};
    fusho_error err = FUSHO_ERROR_INIT;
    fusho_session *session = NULL;
    const fusho_plugin *(FUSHO_CALL *entry)(uint32_t, uint32_t) = NULL;
    void *library = argc > 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    void *symbol = library ? dlsym(library, "fusho_plugin_v1") : NULL;
    const fusho_plugin *plugin;
    memcpy(&entry, &symbol, sizeof entry); /* ISO C has no cast from object to function pointer */
    if (!entry || !(plugin = entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR)))
        return fputs("example PLUGIN CLAIMFILE [EVIDENCE]\n", stderr), 5;
    host.struct_size = sizeof host; /* tells the plugin which members there are */
    host.abi_major = FUSHO_ABI_MAJOR;
    job.struct_size = sizeof job;
    job.verb = FUSHO_CHECK;
    job.input_name = text_of(argv[2]);
    job.input = &in;
    job.listing = &out;
    in.ctx = fopen(argv[2], "rb");
    extra.ctx = argc > 3 ? fopen(argv[3], "rb") : NULL;
    out.ctx = stdout;
    if (!in.ctx || (argc > 3 && !extra.ctx))
        return perror("example"), 3;
    if (plugin->open(&host, text_of("--format=json\n--today=2026-11-09"), &session, &err) >= 0 &&
        (!extra.ctx || plugin->add_evidence(session, text_of(argv[3]), &extra, &err) >= 0))
        plugin->run(session, &job, &err); /* again for the next file with the same evidence */
    plugin->close(session);
    if (err.status < 0)
        fprintf(stderr, "%s: %s %s %s\n", err.file, err.code, err.message_ja, err.hint_ja);
    return err.status < 0 ? 3 : job.exit_status;
}
