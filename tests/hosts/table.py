#!/usr/bin/env python3
"""A host in Python (ctypes only): checks a whole file, then hands over one claim.

usage: table.py PLUGIN CLAIMFILE CAPTURES NUMBER CAPTURE OUTPUT

A callback object must live as long as the plugin may call it: it is kept in a member, for a
function that ctypes alone holds is freed and the next call crashes.
"""
import ctypes as c
import io
import json
import os
import re
import sys

OPTIONS = "--format=json\n--today=2026-11-09"
CHECK = 2


class Text(c.Structure):  # bytes, too
    _fields_ = [("p", c.c_char_p), ("n", c.c_uint64)]

    def __init__(self, data):
        data = data.encode() if isinstance(data, str) else data
        super().__init__(data, len(data))


class Error(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("status", c.c_int32), ("line", c.c_uint64),
                ("byte_offset", c.c_uint64), ("field", c.c_uint32), ("reserved0", c.c_uint32),
                ("code", c.c_char * 16), ("file", c.c_char * 256), ("message_ja", c.c_char * 512),
                ("hint_ja", c.c_char * 512), ("message_en", c.c_char * 256)]


READ = c.CFUNCTYPE(c.c_int64, c.c_void_p, c.c_void_p, c.c_uint64)
REWIND = c.CFUNCTYPE(c.c_int32, c.c_void_p)


class Stream(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved0", c.c_uint32), ("ctx", c.c_void_p),
                ("read", READ), ("write", READ), ("rewind", REWIND)]


class Host(c.Structure):  # callbacks that are not needed here stay NULL
    _fields_ = [("struct_size", c.c_uint32), ("abi_major", c.c_uint16), ("abi_minor", c.c_uint16),
                ("ctx", c.c_void_p), ("product", Text), ("threads", c.c_int32),
                ("reserved0", c.c_int32), ("callbacks", c.c_void_p * 8), ("reserved", c.c_void_p * 4)]

    def __init__(self):
        super().__init__(c.sizeof(Host), 1, 0)


class Job(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("verb", c.c_int32), ("input_name", Text),
                ("output_name", Text), ("journal_name", Text), ("input", c.POINTER(Stream)),
                ("listing", c.POINTER(Stream)), ("input_size", c.c_int64),
                ("more_files", c.c_int32), ("reserved1", c.c_int32), ("counts", c.c_int64 * 8),
                ("exit_status", c.c_int32), ("reserved0", c.c_int32)]


class ClaimJob(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("reserved0", c.c_int32), ("header", Text),
                ("records", Text), ("evidence", Text), ("output", c.POINTER(Stream)),
                ("listing", c.POINTER(Stream)), ("route", c.c_int32), ("edits", c.c_int32),
                ("errors", c.c_int64), ("warnings", c.c_int64), ("exit_status", c.c_int32),
                ("reserved1", c.c_int32)]


class Plugin(c.Structure):
    _fields_ = [("struct_size", c.c_uint32), ("abi_major", c.c_uint16), ("abi_minor", c.c_uint16),
                ("id", c.c_char_p), ("version", c.c_char_p), ("rules_edition", c.c_char_p),
                ("name_ja", c.c_char_p),
                ("open", c.CFUNCTYPE(c.c_int32, c.POINTER(Host), Text, c.POINTER(c.c_void_p),
                                     c.POINTER(Error))),
                ("add_evidence", c.CFUNCTYPE(c.c_int32, c.c_void_p, Text, c.POINTER(Stream),
                                             c.POINTER(Error))),
                ("run", c.CFUNCTYPE(c.c_int32, c.c_void_p, c.POINTER(Job), c.POINTER(Error))),
                ("claim", c.CFUNCTYPE(c.c_int32, c.c_void_p, c.POINTER(ClaimJob),
                                      c.POINTER(Error))),
                ("explain", c.c_void_p),
                ("close", c.CFUNCTYPE(None, c.c_void_p)), ("reserved", c.c_void_p * 4)]


class Memory:
    """A stream over bytes. An exception in a callback is printed and lost: none may happen."""

    def __init__(self, data=b""):
        self.file = io.BytesIO(data)
        self.keep = READ(self.take), READ(self.put), REWIND(lambda _: self.file.seek(0))
        self.stream = Stream(c.sizeof(Stream), 0, None, *self.keep)

    def take(self, _, buffer, n):
        data = self.file.read(n)
        c.memmove(buffer, data, len(data))
        return len(data)

    def put(self, _, buffer, n):
        return self.file.write(c.string_at(buffer, n))


class Failed(Exception):
    pass


class Session:
    def __init__(self, plugin):
        self.plugin, self.host = plugin, Host()
        self.error = Error(c.sizeof(Error))
        self.session = c.c_void_p()
        self.check(plugin.open(self.host, Text(OPTIONS), c.byref(self.session), self.error))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.plugin.close(self.session)

    def check(self, status):
        if status < 0:
            e = self.error
            texts = [t.decode() for t in (e.code, e.message_ja, e.hint_ja)]
            raise Failed(3 if status in (-20, -50) else 5, " ".join(texts))

    def call(self, name, *args):
        self.check(getattr(self.plugin, name)(self.session, *args, self.error))


def content(path):
    with open(path, "rb") as f:
        return f.read()


def print_findings(listing):
    for line in listing.file.getvalue().decode().splitlines():
        entry = json.loads(line)
        if entry["type"] == "finding":
            print(entry["code"], entry["message"])


def whole_file(plugin, name, captures):
    claims, evidence, listing = Memory(content(name)), Memory(content(captures)), Memory()
    with Session(plugin) as s:
        job = Job(c.sizeof(Job), CHECK, Text(name), input=c.pointer(claims.stream),
                  listing=c.pointer(listing.stream))
        s.call("add_evidence", Text(captures), evidence.stream)
        s.call("run", job)
    print_findings(listing)
    return job.exit_status


def one_claim(plugin, name, number, capture, output):
    header, *claims = re.split(rb"(?m)^(?=RE,)", content(name))
    records = re.split(rb"(?m)^(?=GO,)", claims[number - 1])[0]
    rewritten, listing = Memory(), Memory()
    with Session(plugin) as s:  # a receipt computer keeps it open for the next patient
        job = ClaimJob(c.sizeof(ClaimJob), 0, Text(header), Text(records), Text(content(capture)),
                       c.pointer(rewritten.stream), c.pointer(listing.stream))
        s.call("claim", job)
    print(f"claim {number}: route {job.route}, {job.edits} edits")
    print_findings(listing)
    with open(output, "wb") as f:
        f.write(rewritten.file.getvalue())


def main():
    _, path, name, captures, number, capture, output = sys.argv
    library = c.CDLL(os.path.abspath(path))
    library.fusho_plugin_v1.restype = c.POINTER(Plugin)
    plugin = library.fusho_plugin_v1(c.c_uint32(1), c.c_uint32(0)).contents
    try:
        status = whole_file(plugin, name, captures)
        one_claim(plugin, name, int(number), capture, output)
        return status
    except Failed as e:
        print(e.args[1], file=sys.stderr)
        return e.args[0]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stderr.reconfigure(encoding="utf-8")
    sys.exit(main())
