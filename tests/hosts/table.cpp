// A host in C++: RAII around the session, no exception leaves a callback, the claim is handed over
// in four threads with a session each. usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT
#include <dlfcn.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "fusho.h"

namespace
{
const std::string options = "--format=json\n--today=2026-11-09";

struct failure : std::runtime_error {
    explicit failure(const fusho_error &e)
        : std::runtime_error(std::string(e.code) + " " + e.message_ja + " " + e.hint_ja),
          status(e.status == FUSHO_E_INPUT || e.status == FUSHO_E_LIMIT ? 3 : 5)
    {
    }
    int status;
};

// A stream over a string. The plugin keeps the address of it: no copies.
class memory
{
  public:
    explicit memory(std::string text = "") : text(std::move(text))
    {
        stream.struct_size = sizeof stream;
        stream.ctx = this;
        stream.read = [](void *ctx, void *buf, uint64_t n) {
            auto *m = static_cast<memory *>(ctx);
            auto k = m->text.copy(static_cast<char *>(buf), n, m->at);
            m->at += k;
            return static_cast<int64_t>(k);
        };
        stream.write = [](void *ctx, const void *buf, uint64_t n) -> int64_t {
            try {
                static_cast<memory *>(ctx)->text.append(static_cast<const char *>(buf), n);
                return static_cast<int64_t>(n);
            } catch (...) { // an exception must not pass through the plugin
                return -1;
            }
        };
        stream.rewind = [](void *ctx) -> int32_t {
            static_cast<memory *>(ctx)->at = 0;
            return 0;
        };
    }
    memory(const memory &) = delete;
    memory &operator=(const memory &) = delete;

    std::string text;
    fusho_stream stream{};

  private:
    std::size_t at = 0;
};

fusho_text text_of(const std::string &s)
{
    return {s.data(), s.size()};
}

fusho_bytes bytes_of(const std::string &s)
{
    return {reinterpret_cast<const uint8_t *>(s.data()), s.size()};
}

class session
{
  public:
    session(const fusho_plugin *p, const fusho_host *host) : plugin(p)
    {
        check(plugin->open(host, text_of(options), &s, &err));
    }
    ~session()
    {
        plugin->close(s);
    }
    session(const session &) = delete;
    session &operator=(const session &) = delete;
    void add(const std::string &name, memory &m)
    {
        check(plugin->add_evidence(s, text_of(name), &m.stream, &err));
    }
    void run(fusho_job &job)
    {
        check(plugin->run(s, &job, &err));
    }
    void claim(fusho_claim_job &job)
    {
        check(plugin->claim(s, &job, &err));
    }

  private:
    void check(fusho_status st)
    {
        if (st < 0)
            throw failure(err);
    }
    const fusho_plugin *plugin;
    fusho_session *s = nullptr;
    fusho_error err = FUSHO_ERROR_INIT;
};

std::string content(const std::string &path)
{
    std::ifstream f(path, std::ios::binary);
    if (!f)
        throw std::runtime_error("cannot read " + path);
    return {std::istreambuf_iterator<char>(f), {}};
}

// "key":"…" of a line of JSON; a JSON parser does it better.
std::string value(const std::string &line, const std::string &key)
{
    auto from = line.find("\"" + key + "\":\"") + key.size() + 4;
    return line.substr(from, line.find('"', from) - from);
}

void print_findings(const std::string &listing)
{
    for (std::size_t at = 0, end; (end = listing.find('\n', at)) != std::string::npos;
         at = end + 1) {
        auto line = listing.substr(at, end - at);
        if (line.rfind("{\"type\":\"finding\"", 0) == 0)
            std::cout << value(line, "code") << ' ' << value(line, "message") << '\n';
    }
}

int whole_file(const fusho_plugin *plugin, const fusho_host &host, char **argv)
{
    memory claims(content(argv[2])), captures(content(argv[3])), findings;
    std::string name = argv[2];
    session s(plugin, &host);
    fusho_job job{};
    job.struct_size = sizeof job;
    job.verb = FUSHO_CHECK;
    job.input_name = text_of(name);
    job.input = &claims.stream;
    job.listing = &findings.stream;
    s.add(argv[3], captures);
    s.run(job);
    print_findings(findings.text);
    return job.exit_status;
}

struct result {
    std::string records, findings, error;
    int status = 0, route = 0, edits = 0;
};

result one_claim(const fusho_plugin *plugin, const fusho_host &host, const std::string &header,
                 const std::string &records, const std::string &capture) noexcept
try {
    memory out, findings;
    session s(plugin, &host);
    fusho_claim_job job{};
    job.struct_size = sizeof job;
    job.header = bytes_of(header);
    job.records = bytes_of(records);
    job.evidence = bytes_of(capture);
    job.output = &out.stream;
    job.listing = &findings.stream;
    s.claim(job);
    return {out.text, findings.text, "", 0, job.route, job.edits};
} catch (const failure &e) {
    return {"", "", e.what(), e.status, 0, 0};
} catch (...) {
    return {"", "", "out of memory", 5, 0, 0};
}

void claim_in_threads(const fusho_plugin *plugin, const fusho_host &host, char **argv)
{
    auto file = content(argv[2]), capture = content(argv[5]);
    auto from = file.find("\nRE,") + 1, header = from;
    for (int i = 1; i < std::stoi(argv[4]); i++)
        from = file.find("\nRE,", from) + 1;
    auto next = file.find("\nRE,", from), end = file.find("\nGO,", from);
    auto records = file.substr(from, std::min(next, end) + 1 - from);
    std::vector<result> results(4);
    std::vector<std::thread> threads;
    for (auto &r : results)
        threads.emplace_back(
            [&] { r = one_claim(plugin, host, file.substr(0, header), records, capture); });
    for (auto &t : threads)
        t.join();
    for (auto &r : results)
        if (r.status)
            throw std::runtime_error(r.error);
        else if (r.records != results[0].records || r.findings != results[0].findings)
            throw std::runtime_error("threads do not agree");
    std::cout << "claim " << argv[4] << ": route " << results[0].route << ", " << results[0].edits
              << " edits\n";
    print_findings(results[0].findings);
    std::ofstream(argv[6], std::ios::binary) << results[0].records;
}
} // namespace

int main(int argc, char **argv)
try {
    void *library = argc == 7 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : nullptr;
    auto entry =
        library ? reinterpret_cast<decltype(&fusho_plugin_v1)>(dlsym(library, "fusho_plugin_v1"))
                : nullptr;
    const fusho_plugin *plugin = entry ? entry(FUSHO_ABI_MAJOR, FUSHO_ABI_MINOR) : nullptr;
    if (!plugin) {
        std::cerr << "usage: table PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT\n";
        return 5;
    }
    fusho_host host{};
    host.struct_size = sizeof host;
    host.abi_major = FUSHO_ABI_MAJOR;
    host.abi_minor = FUSHO_ABI_MINOR;
    int status = whole_file(plugin, host, argv);
    claim_in_threads(plugin, host, argv);
    dlclose(library);
    return status;
} catch (const failure &e) {
    std::cerr << e.what() << '\n';
    return e.status;
} catch (const std::exception &e) {
    std::cerr << e.what() << '\n';
    return 3;
}
