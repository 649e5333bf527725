#!/usr/bin/env python3
"""The flat calls, from a host without structs: flat.py PLUGIN CLAIMFILE [EVIDENCE].

Prints TAP. Every call that writes works in a temporary folder; the claim file is only read.
"""
import ctypes
import os
import shutil
import sys
import tempfile

MESSAGE_SIZE = 1024
GUARD = b"\xa5"


def load(path):
    lib = ctypes.CDLL(os.path.abspath(path))
    text, size = ctypes.c_char_p, ctypes.c_int32
    lib.fusho_version.restype = text
    lib.fusho_version.argtypes = []
    # c_void_p: a buffer, or None for NULL
    lib.fusho_apply_file.argtypes = [text, text, text, text, ctypes.c_void_p, size]
    lib.fusho_check_file.argtypes = [text, text, text, ctypes.c_void_p, size]
    lib.fusho_undo_file.argtypes = [text, text, ctypes.c_void_p, size]
    for call in (lib.fusho_apply_file, lib.fusho_check_file, lib.fusho_undo_file):
        call.restype = ctypes.c_int32
    return lib


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def ok(self, good, name, detail=""):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}")
        if not good and detail != "":
            print(f"# {detail!r}")


def with_message(call, *args, size=MESSAGE_SIZE):
    """Returns status, message bytes up to NUL, and whether nothing behind size was touched."""
    buffer = ctypes.create_string_buffer(GUARD * (size + 16), size + 16)
    status = call(*args, ctypes.addressof(buffer), size)
    raw = buffer.raw
    head = raw[:size]
    message = head.split(b"\0", 1)[0] if b"\0" in head else None
    return status, message, raw[size:] == GUARD * 16


def is_utf8(data):
    try:
        data.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def content(path):
    with open(path, "rb") as f:
        return f.read()


def round_trip(tap, lib, source, evidence, folder):
    output = os.path.join(folder, "出力.UKE")
    back = os.path.join(folder, "復元.UKE")
    options = b"--today=2026-11-20\n"
    original = content(source)
    name = os.fsencode(source)
    status, message, whole = with_message(
        lib.fusho_apply_file, name, output.encode(), evidence, options)
    tap.ok(status in (0, 1), "apply is done", (status, message))
    tap.ok(message and is_utf8(message) and whole, "apply says one sentence", message)
    tap.ok(os.path.exists(output), "apply wrote the output")
    tap.ok(os.path.exists(output + ".fusho"), "apply wrote the journal beside it")
    tap.ok(content(source) == original, "the input is as it was")
    status, message, whole = with_message(lib.fusho_check_file, name, evidence, options)
    tap.ok(status in (0, 1) and message and is_utf8(message) and whole, "check", (status, message))
    journal = (output + ".fusho").encode()
    status, message, whole = with_message(lib.fusho_undo_file, journal, back.encode())
    tap.ok(status == 0, "undo is done", (status, message))
    tap.ok(os.path.exists(back) and content(back) == original, "undo gives the input bit by bit")
    status, message, whole = with_message(lib.fusho_undo_file, journal, back.encode())
    tap.ok(status == 4 and message, "undo never overwrites", (status, message))
    status, message, whole = with_message(
        lib.fusho_apply_file, name, output.encode(), evidence, options)
    tap.ok(status == 4 and message, "apply does not overwrite without --force", (status, message))
    status, message, whole = with_message(
        lib.fusho_apply_file, name, output.encode(), evidence, options + b"--force\n")
    tap.ok(status in (0, 1), "and does with it", (status, message))
    status, message, whole = with_message(lib.fusho_apply_file, name, name, evidence, b"--force\n")
    tap.ok(status == 4 and content(source) == original, "never onto the input", (status, message))
    other = os.path.join(folder, "j")
    status, message, whole = with_message(
        lib.fusho_apply_file, name, (output + "2").encode(), evidence,
        options + b"--journal=" + other.encode())
    tap.ok(status in (0, 1) and os.path.exists(other), "--journal", (status, message))


def refusals(tap, lib, source, folder):
    name = os.fsencode(source)
    output = os.path.join(folder, "never.UKE").encode()
    for option in ("--format=json", "--progress=never", "--plugin=x", "--evidence=x", "--output=x",
                   "--jobs=2", "--no-such-option", "--insurer-number=1", "nonsense"):
        status, message, _ = with_message(
            lib.fusho_apply_file, name, output, None, option.encode())
        tap.ok(status == 2 and message, f"{option} is wrong usage", (status, message))
    tap.ok(lib.fusho_apply_file(None, output, None, None, None, 0) == 2, "no input is wrong usage")
    tap.ok(lib.fusho_apply_file(name, None, None, None, None, 0) == 2, "no output is wrong usage")
    tap.ok(lib.fusho_check_file(None, None, None, None, 0) == 2, "check without input")
    tap.ok(lib.fusho_undo_file(None, None, None, 0) == 2, "undo without journal")
    missing = os.path.join(folder, "ない.UKE").encode()
    status, message, _ = with_message(lib.fusho_check_file, missing, None, None)
    tap.ok(status == 3 and message, "a missing input", (status, message))
    status, message, _ = with_message(lib.fusho_check_file, name, missing, None)
    tap.ok(status == 3 and message, "missing evidence", (status, message))
    status, message, _ = with_message(lib.fusho_undo_file, name, output)
    tap.ok(status == 3 and message, "a journal that is none", (status, message))
    tap.ok(not os.path.exists(output) and not os.path.exists(output + b".fusho"),
           "refusals write nothing")


def messages(tap, lib, folder):
    missing = os.path.join(folder, "ない.UKE").encode()
    status, full, _ = with_message(lib.fusho_check_file, missing, None, None)
    tap.ok(status == 3 and full and is_utf8(full), "the whole message", full)
    tap.ok(lib.fusho_check_file(missing, None, None, None, 0) == 3, "message NULL")
    tap.ok(lib.fusho_check_file(missing, None, None, None, MESSAGE_SIZE) == 3, "NULL with a size")
    wrong = []
    for size in range(0, len(full) + 2):
        status, message, whole = with_message(lib.fusho_check_file, missing, None, None, size=size)
        good = status == 3 and whole
        if size > 0:
            good = good and message is not None and is_utf8(message) and full.startswith(message)
            good = good and (len(message) > size - 5 or message == full)
        if not good:
            wrong.append((size, status, message))
    tap.ok(not wrong, "every size: terminated, never cut inside a character", wrong[:3])
    for size in (0, -1):
        guard = ctypes.create_string_buffer(GUARD * 16, 16)
        lib.fusho_check_file(missing, None, None, ctypes.addressof(guard), size)
        tap.ok(guard.raw == GUARD * 16, f"size {size} touches nothing", guard.raw)


def main():
    if len(sys.argv) not in (3, 4):
        print("Bail out! usage: flat.py PLUGIN CLAIMFILE [EVIDENCE]")
        return 2
    lib = load(sys.argv[1])
    evidence = os.fsencode(sys.argv[3]) if len(sys.argv) == 4 else None
    tap = Tap()
    version = lib.fusho_version()
    tap.ok(version and version.count(b".") == 2, "fusho_version", version)
    folder = tempfile.mkdtemp(prefix="fusho-flat-")
    try:
        source = os.path.join(folder, "入力.UKE")
        shutil.copyfile(sys.argv[2], source)
        round_trip(tap, lib, source, evidence, folder)
        refusals(tap, lib, source, folder)
        messages(tap, lib, folder)
        left = [f for f in os.listdir(folder) if f.startswith(".fusho-")]
        tap.ok(not left, "no temporary file is left", left)
    finally:
        shutil.rmtree(folder)
    print(f"1..{tap.count}")
    return 1 if tap.failed else 0


if __name__ == "__main__":
    sys.exit(main())
