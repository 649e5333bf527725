#!/bin/sh
# The command on a terminal, and what is left when it is interrupted. TAP.
#
#   FUSHO           the command
#   FAKE            tests/fake_plugin.c as a module
#   FUSHO_PLUGIN    the real plugin, with FUSHO_FIXTURES (optional)
set -u
. "$(dirname "$0")/tap.sh"
: "${FUSHO:?}" "${FAKE:?}"
python=${PYTHON3:-python3}
"$python" -c 'import pty, termios' 2>/dev/null || skip_all 'no Python with pty'
work=$(mktemp -d "${TMPDIR:-/tmp}/fusho-terminal.XXXXXX") || exit 99
trap 'rm -rf "$work"' EXIT
cat >"$work/terminal.py" <<'PYTHON'
import fcntl, os, pty, re, select, shutil, signal, struct, subprocess, sys, termios, time

FUSHO, FAKE = (os.path.abspath(os.environ[n]) for n in ("FUSHO", "FAKE"))
REAL = os.environ.get("FUSHO_PLUGIN")
FIXTURES = os.environ.get("FUSHO_FIXTURES")
REAL = os.path.abspath(REAL) if REAL and os.path.exists(REAL) else None
SAMPLE = os.path.abspath(FIXTURES + "/ika/RECEIPTC.UKE") if FIXTURES else ""
WORK = sys.argv[1]
FOLDER, TEMPS = WORK + "/d", WORK + "/tmp"
STOPPED = "fusho: 中断しました。出力は作られていません。"
count = 0


def result(name, ok, *shown):
    global count
    count += 1
    print("ok" if ok else "not ok", count, "-", name)
    for s in () if ok else shown:
        print("#", repr(s))
    sys.stdout.flush()


def fresh(**files):
    for d in (FOLDER, TEMPS):
        shutil.rmtree(d, ignore_errors=True)
        os.mkdir(d)
    for name, text in files.items():
        with open(FOLDER + "/" + name.replace("_", "."), "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())


def environment(**more):
    e = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TERM": "xterm", "HOME": WORK,
         "TMPDIR": TEMPS}
    for n in ("LSAN_OPTIONS", "ASAN_OPTIONS"):
        if n in os.environ:
            e[n] = os.environ[n]
    e.update(more)
    return e


def left():
    """What stands in the folders, temporary files included."""
    return sorted(os.listdir(FOLDER)) + sorted(os.listdir(TEMPS))


# In the background a test is deaf to these, and what it starts would be, too.
for deaf in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
    signal.signal(deaf, signal.SIG_DFL)


def resize(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))


class Terminal:
    """Runs the command with stdout and stderr on a terminal of some columns."""

    def __init__(self, *args, columns=80, plugin=FAKE, err_only=False, **env):
        self.master, slave = pty.openpty()
        resize(self.master, columns)
        self.p = subprocess.Popen([FUSHO, *args, "--plugin", plugin], cwd=FOLDER, stdin=slave,
                                  stdout=subprocess.DEVNULL if err_only else slave, stderr=slave,
                                  env=environment(**env))
        os.close(slave)
        self.bytes = b""

    def read(self, seconds, until=None):
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (until and until in self.bytes):
            if not select.select([self.master], [], [], 0.05)[0]:
                continue
            try:
                got = os.read(self.master, 65536)
            except OSError:
                break
            if not got:
                break
            self.bytes += got
        return self.bytes

    def finish(self):
        self.read(20)
        self.status = self.p.wait(20)
        os.close(self.master)
        self.text = self.bytes.decode().replace("\r\n", "\n")
        return self


def width(s):
    return sum(2 if ord(c) >= 0x1100 else 1 for c in s)


def screen(text):
    """The lines as they stand in the end, each written over as often as the cursor went back."""
    lines = []
    for line in text.split("\n"):
        cells = []
        for part in line.split("\r"):
            at = 0
            for c in part:
                for piece in [c, ""] if width(c) == 2 else [c]:
                    cells[at:at + 1] = [piece]
                    at += 1
        lines.append("".join(cells).rstrip())
    return lines


def drawings(text):
    return [p for p in re.split("[\r\n]", text) if "%" in p or "件" in p]


# ---- colours ----
fresh(in_uke="claims", bad_uke="input")
t = Terminal("check", "in.uke").finish()
result("colours on a terminal", '"options":"--color|"' in t.text, t.text)
for name, env in (("NO_COLOR", {"NO_COLOR": "1"}), ("a dumb terminal", {"TERM": "dumb"}),
                  ("no TERM", {"TERM": ""})):
    t = Terminal("check", "in.uke", **env).finish()
    result("none with " + name, '"options":""' in t.text, t.text)
t = Terminal("check", "in.uke", NO_COLOR="").finish()
result("an empty NO_COLOR says nothing", '"options":"--color|"' in t.text, t.text)
t = Terminal("check", "in.uke", "--color", "always", NO_COLOR="1").finish()
result("asking for them wins", '"options":"--color|"' in t.text, t.text)
t = Terminal("check", "in.uke", "--color=never").finish()
result("never", '"options":""' in t.text, t.text)
t = Terminal("check", "bad.uke", err_only=True).finish()
result("the code of an error", "\x1b[1;31mF110\x1b[0m " in t.text, t.text)
t = Terminal("check", "bad.uke", err_only=True, NO_COLOR="1").finish()
result("no code is coloured with NO_COLOR", " F110 " in t.text and "\x1b" not in t.text, t.text)
if REAL:
    shutil.copy(SAMPLE, FOLDER + "/real.uke")
    t = Terminal("check", "real.uke", "--today", "2026-11-09", plugin=REAL).finish()
    plain = subprocess.run([FUSHO, "check", "real.uke", "--today", "2026-11-09", "--plugin", REAL],
                           cwd=FOLDER, env=environment(), capture_output=True).stdout.decode()
    result("the plugin's text is coloured", "\x1b[1m" in t.text, t.text[:300])
    result("and is the same text otherwise", re.sub("\x1b\\[[0-9;]*m", "", t.text) == plain)
    result("no colour goes into a file", "\x1b" not in plain and len(plain) > 100)

# ---- the bar ----
fresh(wait_uke="wait")
t = Terminal("apply", "wait.uke", "-o", "out", err_only=True)
t.read(0.6)
result("no bar in the first second", t.bytes == b"", t.bytes)
t.read(3, "件".encode())
t.read(0.3)
t.p.send_signal(signal.SIGINT)
t.finish()
result("a bar after it", "[##########..........]  50%  1 件" in t.text, t.text)
result("the line is clean in the end", screen(t.text) == [STOPPED, ""], screen(t.text))
result("and the exit status 4", t.status == 4, t.status)
for columns in (120, 80, 50, 40, 30, 12, 5):
    t = Terminal("apply", "wait.uke", "-o", "out", "--progress", "always", columns=columns, err_only=True)
    t.read(0.4)
    t.p.send_signal(signal.SIGINT)
    t.finish()
    widest = max((width(d.replace(STOPPED, "")) for d in drawings(t.text)), default=0)
    result("never wider than %d columns" % columns,
           0 < widest < min(columns, 80) and screen(t.text)[-2] == STOPPED, widest, t.text)
t = Terminal("apply", "wait.uke", "-o", "out", "--progress", "always", err_only=True)
t.read(0.4)
seen = len(t.bytes)
resize(t.master, 20)
t.read(0.3)
before = len(t.bytes)
t.read(0.4)
t.p.send_signal(signal.SIGINT)
after = t.bytes[before:].decode(errors="ignore")
t.finish()
result("a narrower window is noticed",
       seen and after and max(map(width, drawings(after)), default=99) < 20, after)
fresh(in_uke="claims")
t = Terminal("check", "in.uke", "--progress", "always", err_only=True).finish()
result("full in the end, and gone", "100%  12 件" in t.text and screen(t.text) == [""], t.text)

# ---- a second Ctrl-C ----
for force in ((), ("--force",)):
    files = {"h_uke": "hang"}
    if force:
        files.update(out="old", out_fusho="old journal")
    fresh(**files)
    before = left()
    p = subprocess.Popen([FUSHO, "apply", "h.uke", "-o", "out", "--plugin", FAKE, *force],
                         cwd=FOLDER, env=environment(), stderr=subprocess.PIPE)
    while not [n for n in left() if n.startswith(".fusho-")] or not os.path.exists(
            FOLDER + "/out.fusho") or open(FOLDER + "/out.fusho").read()[0] != "J":
        time.sleep(0.01)
    time.sleep(0.1)
    p.send_signal(signal.SIGINT)
    time.sleep(0.4)
    result("the first one waits for the plugin", p.poll() is None)
    p.send_signal(signal.SIGINT)
    err = p.communicate(timeout=10)[1].decode()
    name = " over files" if force else ""
    result("the second one ends at once" + name, p.returncode == 4 and err == STOPPED + "\n", err)
    result("and leaves the folder as it was" + name, left() == before, left())
    if force:
        result("with the old contents",
               [open(FOLDER + "/" + n).read() for n in ("out", "out.fusho")]
               == ["old", "old journal"])

# ---- Ctrl-C at any time ----
def outcome(p, err, before):
    """0 complete, 4 interrupted with one sentence and nothing left, else what is wrong."""
    now = left()
    if p.returncode in (0, 1) and now == sorted(before + ["out", "out.fusho"]) and not err:
        return 0
    if p.returncode == 4 and now == before and err == STOPPED + "\n":
        return 4
    if p.returncode == -signal.SIGINT and now == before and not err:
        return 4  # before the command had begun to listen
    return "status %d, left %r, said %r" % (p.returncode, now, err)


def feed(plugin, data, chunks, stop_after):
    """Gives the input in chunks and interrupts after some of them; the last one is the end."""
    fresh()
    p = subprocess.Popen([FUSHO, "apply", "-", "-o", "out", "--journal", "out.fusho", "--format",
                          "text", "--today", "2026-11-09", "--plugin", plugin], cwd=FOLDER,
                         env=environment(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE)
    size = len(data) // chunks + 1
    time.sleep(0.05)
    for i in range(chunks):
        if i == stop_after:
            p.send_signal(signal.SIGINT)
            time.sleep(0.02)
        try:
            p.stdin.write(data[i * size:(i + 1) * size])
            p.stdin.flush()
        except BrokenPipeError:
            break
    if stop_after == chunks:
        p.send_signal(signal.SIGINT)
    err = p.stderr.read().decode()
    p.wait(60)
    try:
        p.stdin.close()
    except BrokenPipeError:
        pass
    return outcome(p, err, [])


wrong = [(i, r) for i in range(11) for r in [feed(FAKE, b"claims" * 50000, 10, i)] if r != 4]
result("a slow pipe, interrupted after each part of it", not wrong, *wrong)


def interrupt(plugin, name, delay, before):
    for n in ("out", "out.fusho"):
        if os.path.exists(FOLDER + "/" + n):
            os.unlink(FOLDER + "/" + n)
    p = subprocess.Popen([FUSHO, "apply", name, "-o", "out", "--today", "2026-11-09", "--plugin",
                          plugin], cwd=FOLDER, env=environment(), stdout=subprocess.DEVNULL,
                         stderr=subprocess.PIPE)
    time.sleep(delay)
    p.send_signal(signal.SIGINT)
    err = p.communicate(timeout=120)[1].decode()
    return outcome(p, err, before)


fresh(in_uke="claims")
seen = [interrupt(FAKE, "in.uke", i / 2000, ["in.uke"]) for i in range(40)]
result("a short run, at many moments", set(seen) <= {0, 4}, *seen)
if REAL:
    lines = open(SAMPLE, "rb").read().split(b"\r\n")
    first = next(i for i, l in enumerate(lines) if l.startswith(b"RE,"))
    last = next(i for i, l in enumerate(lines) if l.startswith(b"GO,"))
    claims = b"\r\n".join(lines[first:last]) + b"\r\n"
    head, tail = (b"\r\n".join(x) for x in (lines[:first] + [b""], lines[last:]))
    big = head + claims * 400 + tail
    wrong = [(i, r) for i in range(0, 11, 2) for r in [feed(REAL, big, 10, i)] if r != 4]
    result("the real plugin behind a slow pipe", not wrong, *wrong)
    fresh(big_uke=big)
    start = time.monotonic()
    p = subprocess.run([FUSHO, "apply", "big.uke", "-o", "out", "--today", "2026-11-09", "--plugin",
                        REAL], cwd=FOLDER, env=environment(), stdout=subprocess.DEVNULL)
    takes = time.monotonic() - start
    seen = [interrupt(REAL, "big.uke", takes * i / 16, ["big.uke"]) for i in range(16)]
    result("the real plugin on a large file, at many moments", set(seen) <= {0, 4} and 4 in seen,
           *seen)
print("1..%d" % count)
PYTHON
"$python" "$work/terminal.py" "$work"
