"""Full disks, limits, folders one may not write to, and one file under several names."""
import os
import resource
import shutil
import subprocess

PLAIN = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def command(t, args, **more):
    env = dict(PLAIN, HOME=t.FOLDER, TMPDIR=t.FOLDER + "/tmp")
    p = subprocess.run(more.pop("prefix", []) + [t.FUSHO] + args, cwd=t.FOLDER, env=env,
                       stdout=more.pop("stdout", subprocess.PIPE), stderr=subprocess.PIPE,
                       timeout=60, **more)
    return p.returncode, p.stderr.decode("utf-8", "replace")


def nothing(t, status, err, want, wrong=None):
    wrong = wrong or []
    if status != want:
        wrong.append("exit %d: %s" % (status, err))
    if any(t.state()) or t.temps():
        wrong.append("left: %s %s" % (os.listdir(t.FOLDER), t.temps()))
    if t.read(t.FOLDER + "/in.uke") != t.INPUT:
        wrong.append("the input was touched")
    return wrong


def skip(t, name, why):
    t.done += 1
    print("ok %d # SKIP %s: %s" % (t.done, name, why))


def mounted(t, kib):
    """A file system of its own at WORK/small, or False."""
    os.makedirs(t.WORK + "/small", exist_ok=True)
    return os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=%dk,mode=1777" % kib, "fusho", t.WORK + "/small"],
        stderr=subprocess.DEVNULL).returncode == 0


def small_disk(t):
    name = "a disk of 64 KiB that is full"
    if not mounted(t, 64):
        return skip(t, name, "only root may mount")
    wrong = []
    try:
        for used in range(0, 64, 4):
            t.fresh()
            for n in os.listdir(t.WORK + "/small"):
                os.unlink(t.WORK + "/small/" + n)
            if used:
                t.write(t.WORK + "/small/ballast", b"x" * 1024 * used)
            there = sorted(os.listdir(t.WORK + "/small"))
            out = t.WORK + "/small/out.uke"
            status, err = command(t, ["apply", "in.uke", "--evidence", "ev", "-o", out, "--today",
                                      "2026-11-09"] + t.COMMON)
            now = sorted(os.listdir(t.WORK + "/small"))
            if status in (0, 1):
                there = sorted(there + ["out.uke", "out.uke.fusho"])
            elif status != 4 or "空き" not in err:
                wrong.append("%d KiB: exit %d %s" % (used, status, err))
            if now != there:
                wrong.append("%d KiB: exit %d, there is %s" % (used, status, now))
            small_disk.seen = getattr(small_disk, "seen", set()) | {status}
        if len(small_disk.seen) < 2:
            wrong.append("never full, or never room: %s" % small_disk.seen)
    finally:
        subprocess.run(["umount", t.WORK + "/small"], check=False)
    t.result(name, wrong)


def other_file_system(t):
    name = "output, journal and report on file systems of their own"
    shm = "/dev/shm/fusho-fault-%d" % os.getpid()
    try:
        os.mkdir(shm)
    except OSError:
        return skip(t, name, "no second file system")
    wrong = []
    try:
        t.fresh()
        status, err = command(t, ["apply", "in.uke", "--evidence", "ev", "-o", shm + "/out.uke",
                                  "--journal", "out.uke.fusho", "--today", "2026-11-09"] + t.COMMON)
        if status not in (0, 1) or os.listdir(shm) != ["out.uke"]:
            wrong.append("exit %d: %s %s" % (status, err, os.listdir(shm)))
        if t.state()[1] is None or t.temps():
            wrong.append("journal: %s" % os.listdir(t.FOLDER))
        wrong += t.undo_works("undo")
    finally:
        shutil.rmtree(shm)
    t.result(name, wrong)


def full_device(t):
    t.fresh()
    with open("/dev/full", "wb") as full:
        status, err = command(t, t.APPLY, stdout=full)
    t.result("a listing to /dev/full takes everything back", nothing(t, status, err, 4))
    t.fresh()
    with open("/dev/full", "wb") as full:
        status, err = command(t, ["apply", "in.uke", "-o", "-", "--journal", "out.uke.fusho",
                                  "--today", "2026-11-09"] + t.COMMON, stdout=full)
    t.result("an output to /dev/full takes the journal back", nothing(t, status, err, 4))


def size_limit(t):
    wrong = []
    for limit in list(range(0, 20000, 2000)):
        t.fresh()

        def lower(limit=limit):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
        status, err = command(t, t.APPLY, preexec_fn=lower)
        if status == -25:
            wrong.append("%d bytes: ended by SIGXFSZ, left %s" % (limit, t.temps()))
        else:
            wrong += nothing(t, status, err, 4)
    t.result("files limited in size (RLIMIT_FSIZE)", wrong)


def read_only_folder(t):
    name = "a folder one may not write to"
    prefix = []
    t.fresh()
    if os.geteuid() == 0:
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if not shutil.which("setpriv") or subprocess.run(
                prefix + [t.FUSHO, "--version", "--plugin", t.PLUGIN], stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL).returncode:
            return skip(t, name, "nobody cannot run the command here")
    os.chmod(t.FOLDER, 0o555)
    status, err = command(t, t.APPLY, prefix=prefix)
    wrong = nothing(t, status, err, 4)
    if "S701" not in err:
        wrong.append(err)
    os.chmod(t.FOLDER, 0o755)
    t.result(name, wrong)


def links(t):
    wrong = []
    for how in ("same", "symbolic", "chain", "hard", "folder"):
        for role in ("-o", "--journal", "--report"):
            t.fresh()
            target = one_file(t, how)
            args = {"-o": "x.uke", "--journal": "x.fusho", "--report": "x.html"}
            args[role] = target
            flat = [w for pair in args.items() for w in pair]
            status, err = command(t, ["apply", "in.uke", "--force", "--today", "2026-11-09"] + flat +
                                  t.COMMON)
            where = "%s as %s: " % (how, role)
            wrong += [where + w for w in nothing(t, status, err, 4)]
            if "S701" not in err:
                wrong.append(where + err)
            wrong += [where + "wrote " + n for n in ("x.uke", "x.fusho", "x.html")
                      if os.path.exists(t.FOLDER + "/" + n)]
    t.result("the input is never a target, whatever it is called", wrong)


def one_file(t, how):
    at = t.FOLDER + "/"
    if how == "symbolic":
        os.symlink("in.uke", at + "other")
    elif how == "chain":
        os.symlink("in.uke", at + "between")
        os.symlink("between", at + "other")
    elif how == "hard":
        os.link(at + "in.uke", at + "other")
    elif how == "folder":
        os.symlink(".", at + "folder")
    return {"same": "in.uke", "folder": "folder/in.uke"}.get(how, "other")


def main(t):
    for test in (small_disk, other_file_system, full_device, size_limit, read_only_folder, links):
        test(t)
