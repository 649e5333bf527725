"""Runs the real command under shim.so and looks at what is left. TAP; see tests/fault.sh."""
import os
import shutil
import signal
import subprocess
import sys

import places
import powerloss

FUSHO, PLUGIN, FIXTURES = (os.path.abspath(os.environ[n])
                           for n in ("FUSHO", "FUSHO_PLUGIN", "FUSHO_FIXTURES"))
WORK = os.path.abspath(sys.argv[1])
SHIM, FOLDER = WORK + "/shim.so", WORK + "/d"
SLOW = "FUSHO_SLOW" in os.environ
ALLOCATIONS = 30  # tried without FUSHO_SLOW
FILES = ("out.uke", "out.uke.fusho", "out.html")
NAMES = ("テスト", "見本　", "ミホン", "千代田")  # parts of persons and addresses of the sample

COMMON = ["--no-config", "--plugin", PLUGIN]
APPLY = ["apply", "in.uke", "--evidence", "ev", "-o", "out.uke", "--report", "out.html",
         "--today", "2026-11-09"] + COMMON
OTHER = ["apply", "in.uke", "--evidence", "ev", "-o", "two.uke", "--today", "2026-11-09"] + COMMON
UNDO = ["undo", "out.uke.fusho", "-o", "back.uke"] + COMMON

done = 0


def result(name, wrong):
    """wrong: what was not as it should be, one text each."""
    global done
    done += 1
    print("ok" if not wrong else "not ok", done, "-", name)
    for w in wrong[:12]:
        print("#", w)
    if len(wrong) > 12:
        print("# and", len(wrong) - 12, "more")
    sys.stdout.flush()


def read(path):
    try:
        with open(path, "rb") as f:
            return f.read()
    except FileNotFoundError:
        return None


def write(path, content):
    with open(path, "wb") as f:
        f.write(content)


def fresh(**files):
    """A folder with the input and evidence, and files whose names have "__" for a dot."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os.makedirs(FOLDER + "/ev/sub")
    os.mkdir(FOLDER + "/tmp")
    write(FOLDER + "/in.uke", INPUT)
    shutil.copy(FIXTURES + "/ika/captures.xml", FOLDER + "/ev/sub/captures.xml")
    for name, content in files.items():
        write(FOLDER + "/" + name.replace("__", "."), content)


def run(args, call=None, at=-1, do="", stdin=None, **more):
    """(exit status or -signal, standard output, standard error, calls counted)"""
    env = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "HOME": FOLDER,
           "TMPDIR": FOLDER + "/tmp", "LD_PRELOAD": SHIM, "FAULT_ROOT": FOLDER,
           "FAULT_CALL": call or "any", "FAULT_AT": str(at), "FAULT_DO": do,
           "FAULT_COUNT": WORK + "/count"}
    env.update(more)
    p = subprocess.run(command(args), cwd=FOLDER, env=env, input=stdin, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE, timeout=60, umask=Job.umask)
    counted = read(WORK + "/count")
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace"), int(counted or 0)


def command(args):
    return [WORK + "/flat", PLUGIN] + args[1:] if args[0] == "flat" else [FUSHO] + args


def temps():
    return sorted(n for d in (FOLDER, FOLDER + "/tmp") for n in os.listdir(d)
                  if n.startswith(".fusho-"))


def state(names=FILES):
    return tuple(read(FOLDER + "/" + n) for n in names)


def told(where, status, err):
    wrong = []
    if status not in (0, 1, 3, 4, 5):
        wrong.append("%s: exit %d %s" % (where, status, err.strip()))
    if status > 1 and "fusho: " not in err:
        wrong.append("%s: exit %d and nothing said" % (where, status))
    wrong += ["%s: standard error names a person" % where for n in NAMES if n in err]
    return wrong


# ---- one call fails ----

class Job:
    """A command line, what is there before, and what must be there after it is done."""

    umask = 0o022  # of what is started

    def __init__(self, name, args, names, before=None, stdin=None, umask=0o022):
        self.own_umask = umask
        self.name, self.args, self.names = name, args, names
        self.before, self.stdin = before or {}, stdin
        self.start()
        self.old = state(names)
        self.status, self.out, err, self.calls = run(args, stdin=stdin)
        self.new = state(names)
        if self.status not in (0, 1) or (names and None in self.new):
            sys.exit("Bail out! %s: %d %s" % (name, self.status, err))

    def start(self):
        Job.umask = self.own_umask
        fresh(**self.before)

    def check(self, where, status, out, err):
        wrong = told(where, status, err)
        if read(FOLDER + "/in.uke") != INPUT:
            wrong.append(where + ": the input was touched")
        want = self.new if status in (0, 1) else self.old
        if state(self.names) != want:
            wrong.append("%s: exit %d, but %s" % (where, status, self.shown()))
        if status in (0, 1) and out != self.out:
            wrong.append(where + ": done, but the listing is another")
        if temps():
            wrong.append("%s: exit %d, left %s" % (where, status, temps()))
        return wrong

    def shown(self):
        what = []
        for name, old, new, now in zip(self.names, self.old, self.new, state(self.names)):
            what.append("%s is %s" % (name, "gone" if now is None else "new" if now == new
                                      else "old" if now == old else "neither old nor new"))
        return ", ".join(what)


def every_call_fails(job):
    wrong, failed = [], 0
    for error in (5, 28):  # EIO, ENOSPC
        for n in range(0, job.calls, 1 if SLOW or error == 5 else 4):
            job.start()
            status, out, err, _ = run(job.args, "any", n, "errno=%d" % error, job.stdin)
            wrong += job.check("call %d, errno %d" % (n, error), status, out, err)
            failed += status > 1
    if failed < job.calls // 2:
        wrong.append("only %d runs failed" % failed)
    result("%s: each of %d calls may fail" % (job.name, job.calls), wrong)


def every_kind_is_there(jobs):
    wrong, line = [], []
    for kind in ("open", "read", "write", "fsync", "renameat2", "rename", "link", "unlink", "close",
                 "fchmod", "fstat", "lseek", "getrandom", "opendir", "readdir", "stat", "lstat",
                 "faccessat", "realpath", "flock"):
        n = 0
        for job in jobs:
            job.start()
            n += run(job.args, kind, stdin=job.stdin)[3]
        line.append("%s %d" % (kind, n))
        if n == 0:
            wrong.append("no call of " + kind)
    print("#", ", ".join(line))
    result("calls of every kind were among them", wrong)


def everything_fails_from_there_on(job):
    """Nothing can be taken back any more; but an output never stands without its journal."""
    wrong = []
    for n in range(job.calls):
        job.start()
        status, _, err, _ = run(job.args, "any", n, "errno=5on", job.stdin)
        wrong += told("call %d" % n, status, err)
        wrong += half_done(job, "call %d" % n)
    result(job.name + ": all calls may fail from any of them on", wrong)


def allocations_fail(job):
    job.start()
    total = run(job.args, "malloc", stdin=job.stdin)[3]
    step = 1 if SLOW else max(1, total // ALLOCATIONS)
    wrong = []
    for n in range(0, total, step):
        for on in ("", "on"):
            job.start()
            status, out, err, _ = run(job.args, "malloc", n, "errno=12" + on, job.stdin)
            wrong += job.check("allocation %d%s" % (n, on), status, out, err)
    result("%s: allocations of the whole process may fail (%d)" % (job.name, total), wrong)


def slow_streams(job):
    for do in ("short", "eintr"):
        job.start()
        status, out, err, _ = run(job.args, do=do, stdin=job.stdin)
        wrong = job.check(do, status, out, err)
        if status not in (0, 1):
            wrong.append("exit %d: %s" % (status, err))
        result("%s: %s" % (job.name, "one byte at a time" if do == "short" else
                           "interrupted every second time"), wrong)


# ---- killed ----

def half_done(job, where):
    """After an end at any moment: whole files, and never an output without its journal."""
    now, wrong = state(job.names), []
    for name, content, old, new in zip(job.names, now, job.old, job.new):
        if content not in (old, new):
            wrong.append("%s: %s is neither old nor new" % (where, name))
    if len(now) > 1 and now[0] == job.new[0] and now[1] != job.new[1]:
        wrong.append(where + ": an output without its journal")
    if read(FOLDER + "/in.uke") != INPUT:
        wrong.append(where + ": the input was touched")
    return wrong


def undo_works(where):
    status, _, err, _ = run(UNDO)
    if status or read(FOLDER + "/back.uke") != INPUT:
        return ["%s: undo: %d %s" % (where, status, err)]
    return []


def again(job, where):
    """The same once more, as the clerk would."""
    there = state(job.names)[0] == job.new[0] and job.old[0] is None
    status, _, err, _ = run(job.args, stdin=job.stdin)
    wrong = ["%s: again: %s is still there" % (where, n) for n in os.listdir(FOLDER)
             if n.endswith(".tmp")]
    if there:
        wrong += [] if status == 4 and "すでにあります" in err else ["%s: again: %d" % (where, status)]
        return wrong + (undo_works(where) if len(job.names) > 1 else [])
    if status != job.status or state(job.names) != job.new:
        return wrong + ["%s: again: %d %s %s" % (where, status, job.shown(), err.strip())]
    return wrong + (undo_works(where) if len(job.names) > 1 else [])


def killed_anywhere(job):
    wrong, halves, left = [], 0, 0
    for n in range(job.calls):
        for do in ("kill", "killafter"):
            where = "%s %d" % (do, n)
            job.start()
            status = run(job.args, "any", n, do, job.stdin)[0]
            if status != -signal.SIGKILL:
                wrong.append("%s: exit %d" % (where, status))
            left += bool(temps())
            now = state(job.names)
            halves += now not in (job.old, job.new)
            wrong += half_done(job, where)
            wrong += again(job, where)
    print("# %s: %d of %d with some files new and others not, %d with temporary files" %
          (job.name, halves, 2 * job.calls, left))
    if not left:
        wrong.append("it was never killed with a file open")
    result("%s: killed before and after each of %d calls" % (job.name, job.calls), wrong)


def stopped(job, call, at):
    """The job, running, stopped after that call."""
    job.start()
    env = {"PATH": os.environ.get("PATH", ""), "TMPDIR": FOLDER + "/tmp", "LD_PRELOAD": SHIM,
           "FAULT_ROOT": FOLDER, "FAULT_CALL": call, "FAULT_AT": str(at), "FAULT_DO": "stopafter"}
    p = subprocess.Popen(command(job.args), cwd=FOLDER, env=env, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    os.waitpid(p.pid, os.WUNTRACED)
    return p


def nothing_in_use_is_swept(job):
    """Wherever a run is, another one with other names in the same folder disturbs it in nothing."""
    wrong, beside = [], 0
    for n in range(job.calls):
        p = stopped(job, "any", n)
        beside += bool(temps())
        status, _, err, _ = run(OTHER)
        if status != job.status:
            wrong.append("call %d: second run: %d %s" % (n, status, err))
        p.send_signal(signal.SIGCONT)
        if p.wait() != job.status or state() != job.new or temps():
            wrong.append("call %d: first run: %d %s %s" % (n, p.returncode, job.shown(), temps()))
    if not beside:
        wrong.append("it was never stopped with a file open")
    result("a run stopped after each of %d calls loses nothing to another (%d with files)" %
           (job.calls, beside), wrong)


def a_live_run_is_left_alone(job):
    """Stopped between journal and output, it holds its journal against a second run."""
    p = stopped(job, "link", 0)
    wrong = [] if state()[:2] == (None, job.new[1]) else ["not stopped there: " + job.shown()]
    status, _, err, _ = run(job.args)
    if status != 4 or "S701" not in err or state()[1] != job.new[1]:
        wrong.append("second run: %d %s" % (status, err))
    p.send_signal(signal.SIGCONT)
    if p.wait() != job.status or state() != job.new or temps():
        wrong.append("first run: %d %s %s" % (p.returncode, job.shown(), temps()))
    result("the journal of a run that goes on is not taken for one left behind", wrong)


def a_linked_journal_is_not_taken(job):
    """A journal with a second name of the clerk's, or whose mark somebody changed, stays."""
    wrong = []
    for second in ("copy.fusho", ".fusho-0123456789abcdef.bak"):
        fresh(out__uke__fusho=b"journal of last month")
        os.link(FOLDER + "/out.uke.fusho", FOLDER + "/" + second)
        status, _, err, _ = run(job.args)
        if status != 4 or state()[1] != b"journal of last month":
            wrong.append("%s: %d %s" % (second, status, err))
    result("a journal with another second name is not taken for one left behind", wrong)


# ---- power loss ----

def power_loss(job, force):
    log = WORK + "/log"
    if os.path.exists(log):
        os.unlink(log)
    job.start()
    run(job.args, FAULT_LOG=log)
    lines = read(log).decode().splitlines()
    before = dict(zip(job.names, job.old))
    want = dict(zip(job.names, job.new))
    wrong, looked = powerloss.search(lines, before, want, force)
    result("%s: power lost at every moment, %d states" % (job.name, looked), wrong)
    blind = [l for l in lines if not l.startswith("fsync")]
    result(job.name + ": without fsync the same search finds losses",
           [] if powerloss.search(blind, before, want, force)[0] else ["found none"])


# ---- an input that changes ----

def changes(job):
    reads = 0
    job.start()
    reads = run(job.args, "read")[3]
    for how in ("unlink", "truncate", "append", "change"):
        wrong, refused, missing = [], 0, 0
        for n in range(reads):
            where = "read %d" % n
            job.start()
            status, _, err, _ = run(job.args, "read", n, how + "=in.uke")
            wrong += told(where, status, err)
            refused += status == 3
            missing += "ファイルまたはフォルダーがありません" in err
            if status not in (0, 1):
                if state() != job.old or temps():
                    wrong.append("%s: exit %d, %s %s" % (where, status, job.shown(), temps()))
                continue
            now = read(FOLDER + "/in.uke")
            status, _, err, _ = run(UNDO)
            back = read(FOLDER + "/back.uke")
            if status or back not in (INPUT, now):
                wrong.append("%s: undo gives neither (%d)" % (where, status))
        if how != "unlink" and not refused:
            wrong.append("it was never noticed")
        if how == "unlink" and (refused > missing or missing == reads):
            wrong.append("an open file was lost")
        result("input during the run: %s (%d reads, %d refused)" % (how, reads, refused), wrong)


INPUT = read(FIXTURES + "/ika/RECEIPTC.UKE")
OLD = {"out__uke": b"old", "out__uke__fusho": b"old journal", "out__html": b"old page"}


def main():
    plain = Job("apply", APPLY, FILES)
    force = Job("apply --force", APPLY + ["--force"], FILES, OLD)
    piped = Job("apply from and to pipes",
                ["apply", "-", "-o", "-", "--journal", "j.fusho", "--today", "2026-11-09"] + COMMON,
                ("j.fusho",), stdin=INPUT)
    journal = plain_journal()
    undo = Job("undo", UNDO, ("back.uke",), {"out__uke__fusho": journal})
    ranges = Job("apply --journal-ranges", APPLY + ["--journal-ranges"], FILES)
    undo_ranges = Job("undo --from", UNDO + ["--from", "out.uke"], ("back.uke",),
                      dict(zip(("out__uke", "out__uke__fusho"), ranges.new)))
    check = Job("check", ["check", "in.uke", "--evidence", "ev", "--today", "2026-11-09"] + COMMON, ())
    ledger = Job("ledger", ["ledger", ".", "--today", "2026-11-09", "--report", "l.html"] + COMMON,
                 ("l.html",), {"a__fusho": journal})
    form = Job("form, umask 0777", ["form", "-o", "form.html"] + COMMON, ("form.html",),
               umask=0o777)
    flat = flat_jobs(journal)
    jobs = (plain, force, piped, ranges, undo, undo_ranges, check, ledger, form) + flat
    for job in jobs:
        every_call_fails(job)
        allocations_fail(job)
        slow_streams(job)
    every_kind_is_there(jobs)
    for job in (plain, force, flat[0]):
        everything_fails_from_there_on(job)
    for job in (plain, force, undo, form, flat[0]):
        killed_anywhere(job)
    nothing_in_use_is_swept(plain)
    a_live_run_is_left_alone(plain)
    a_linked_journal_is_not_taken(plain)
    power_loss(plain, False)
    power_loss(force, True)
    changes(plain)
    places.main(sys.modules[__name__])
    print("1..%d" % done)


def flat_jobs(journal):
    """The same files through the plugin's calls that take names, without the command."""
    apply = ["flat", "apply", "in.uke", "out.uke", "ev", "--today=2026-11-09;--report=out.html"]
    return (Job("fusho_apply_file", apply, FILES),
            Job("fusho_apply_file, --force", apply[:-1] + [apply[-1] + ";--force"], FILES, OLD),
            Job("fusho_check_file", ["flat", "check", "in.uke", "ev", "--today=2026-11-09"], ()),
            Job("fusho_undo_file", ["flat", "undo", "out.uke.fusho", "back.uke"], ("back.uke",),
                {"out__uke__fusho": journal}))


def plain_journal():
    fresh()
    run(APPLY)
    return read(FOLDER + "/out.uke.fusho")


main()
