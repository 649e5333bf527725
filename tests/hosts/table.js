// A host in Node.js (koffi 3 from npm): checks a whole file, then hands over one claim.
// usage: node table.js PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT
//
// Callbacks are registered, for the plugin calls them later than the call that hands them over, and
// unregistered when the stream is done with. Calls are synchronous: callbacks run in this thread.
'use strict';
const fs = require('fs');
const path = require('path');
const koffi = require('koffi');

const OPTIONS = '--format=json\n--today=2026-11-09';
const CHECK = 2, E_INPUT = -20, E_LIMIT = -50;

const Text = koffi.struct('Text', { p: 'uint8_t *', n: 'uint64_t' }); // bytes, too
const Err = koffi.struct('Error', {
    struct_size: 'uint32_t', status: 'int32_t', line: 'uint64_t', byte_offset: 'uint64_t',
    field: 'uint32_t', reserved0: 'uint32_t', code: koffi.array('char', 16),
    file: koffi.array('char', 256), message_ja: koffi.array('char', 512),
    hint_ja: koffi.array('char', 512), message_en: koffi.array('char', 256),
});
const Transfer = koffi.proto('int64_t Transfer(void *ctx, void *buffer, uint64_t n)');
const Rewind = koffi.proto('int32_t Rewind(void *ctx)');
const Stream = koffi.struct('Stream', {
    struct_size: 'uint32_t', reserved0: 'uint32_t', ctx: 'void *',
    read: 'Transfer *', write: 'Transfer *', rewind: 'Rewind *',
});
const Host = koffi.struct('Host', { // callbacks that are not needed here stay NULL
    struct_size: 'uint32_t', abi_major: 'uint16_t', abi_minor: 'uint16_t', ctx: 'void *',
    product: Text, threads: 'int32_t', reserved0: 'int32_t',
    callbacks: koffi.array('void *', 8), reserved: koffi.array('void *', 4),
});
const Job = koffi.struct('Job', {
    struct_size: 'uint32_t', verb: 'int32_t', input_name: Text, output_name: Text,
    journal_name: Text, input: 'Stream *', listing: 'Stream *', input_size: 'int64_t',
    more_files: 'int32_t', reserved1: 'int32_t', counts: koffi.array('int64_t', 8),
    exit_status: 'int32_t', reserved0: 'int32_t',
});
const ClaimJob = koffi.struct('ClaimJob', {
    struct_size: 'uint32_t', reserved0: 'int32_t', header: Text, records: Text, evidence: Text,
    output: 'Stream *', listing: 'Stream *', route: 'int32_t', edits: 'int32_t',
    errors: 'int64_t', warnings: 'int64_t', exit_status: 'int32_t', reserved1: 'int32_t',
});
const Open = koffi.proto('int32_t Open(Host *host, Text options, _Out_ void **session, void *err)');
const Add = koffi.proto('int32_t Add(void *session, Text name, Stream *in, void *err)');
const Do = koffi.proto('int32_t Do(void *session, void *job, void *err)');
const Close = koffi.proto('void Close(void *session)');
const Plugin = koffi.struct('Plugin', {
    struct_size: 'uint32_t', abi_major: 'uint16_t', abi_minor: 'uint16_t', id: 'char *',
    version: 'char *', rules_edition: 'char *', name_ja: 'char *', open: 'Open *',
    add_evidence: 'Add *', run: 'Do *', claim: 'Do *', explain: 'void *', close: 'Close *',
    reserved: koffi.array('void *', 4),
});

class Failed extends Error {
    constructor(e) {
        super([e.code, e.message_ja, e.hint_ja].join(' '));
        this.status = e.status === E_INPUT || e.status === E_LIMIT ? 3 : 5;
    }
}

/** A struct in memory that does not move: what the plugin writes into it is read back by get(). */
class Struct {
    constructor(type, members) {
        this.type = type;
        this.members = members; // the garbage collector must not take what the struct points to
        this.memory = Buffer.alloc(koffi.sizeof(type));
        const zero = koffi.decode(this.memory, type);
        koffi.encode(this.memory, type, { ...zero, ...members, struct_size: koffi.sizeof(type) });
    }

    get() {
        return koffi.decode(this.memory, this.type);
    }
}

function text(value) {
    const bytes = Buffer.from(value);
    return { p: bytes, n: bytes.length };
}

/** A stream over a buffer; what is written to it is collected. */
class Memory {
    constructor(input = Buffer.alloc(0)) {
        let at = 0;
        this.parts = [];
        this.callbacks = [
            koffi.register((ctx, buffer, n) => {
                const part = input.subarray(at, at + Number(n));
                at += part.length;
                koffi.encode(buffer, 'uint8_t', part, part.length);
                return part.length;
            }, 'Transfer *'),
            koffi.register((ctx, buffer, n) => {
                this.parts.push(Buffer.from(koffi.decode(buffer, 'uint8_t', Number(n))));
                return n;
            }, 'Transfer *'),
            koffi.register(() => (at = 0), 'Rewind *'),
        ];
        const [read, write, rewind] = this.callbacks;
        this.struct = new Struct(Stream, { read, write, rewind });
        this.stream = this.struct.memory;
    }

    written() {
        this.callbacks.splice(0).forEach((callback) => koffi.unregister(callback));
        return Buffer.concat(this.parts);
    }
}

function printFindings(listing) {
    for (const line of listing.toString('utf8').split('\n').filter(Boolean)) {
        const entry = JSON.parse(line);
        if (entry.type === 'finding')
            process.stdout.write(`${entry.code} ${entry.message}\n`);
    }
}

/** Opens a session, lets work() call into it, closes it. */
function withSession(plugin, work) {
    const host = new Struct(Host, { abi_major: 1, abi_minor: 0 });
    const err = new Struct(Err, {});
    const check = (status) => {
        if (status < 0)
            throw new Failed(err.get());
    };
    const call = (name, proto, ...args) => koffi.call(plugin[name], proto, ...args, err.memory);
    const out = [null];
    check(call('open', Open, host.memory, text(OPTIONS), out));
    try {
        work((name, proto, ...args) => check(call(name, proto, out[0], ...args)));
    } finally {
        koffi.call(plugin.close, Close, out[0]);
    }
}

function wholeFile(plugin, name, captures) {
    const claims = new Memory(fs.readFileSync(name));
    const evidence = new Memory(fs.readFileSync(captures));
    const listing = new Memory();
    const job = new Struct(Job, {
        verb: CHECK, input_name: text(name), input: claims.stream, listing: listing.stream,
    });
    withSession(plugin, (call) => {
        call('add_evidence', Add, text(captures), evidence.stream);
        call('run', Do, job.memory);
    });
    printFindings(listing.written());
    return job.get().exit_status;
}

function oneClaim(plugin, name, number, capture, output) {
    // latin1 keeps every byte of CP932 as it is.
    const parts = fs.readFileSync(name, 'latin1').split(/^(?=RE,|GO,)/m);
    const header = text(Buffer.from(parts[0], 'latin1'));
    const records = text(Buffer.from(parts[number], 'latin1'));
    const evidence = text(fs.readFileSync(capture));
    const rewritten = new Memory(), listing = new Memory();
    const job = new Struct(ClaimJob, {
        header, records, evidence, output: rewritten.stream, listing: listing.stream,
    });
    withSession(plugin, (call) => call('claim', Do, job.memory));
    const { route, edits } = job.get();
    process.stdout.write(`claim ${number}: route ${route}, ${edits} edits\n`);
    printFindings(listing.written());
    fs.writeFileSync(output, rewritten.written());
}

const [file, name, captures, number, capture, output] = process.argv.slice(2);
const library = koffi.load(path.resolve(file));
const plugin = library.func('Plugin *fusho_plugin_v1(uint32_t major, uint32_t minor)')(1, 0);
try {
    const table = koffi.decode(plugin, Plugin);
    process.exitCode = wholeFile(table, name, captures);
    oneClaim(table, name, Number(number), capture, output);
} catch (e) {
    if (!(e instanceof Failed))
        throw e;
    process.stderr.write(`${e.message}\n`);
    process.exitCode = e.status;
}
