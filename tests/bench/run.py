#!/usr/bin/env python3
"""Measures the built command beside `cat` and prints tables and JSON (docs/internals/performance.md).

usage: run.py [OPTION]... sizes|match|claim...; `make bench`, `bench-match`, `bench-claim`,
`bench-all` call it. FUSHO, FUSHO_PLUGIN and BUILDDIR say what is measured.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILDDIR", ".")
FUSHO = os.environ.get("FUSHO", os.path.join(BUILD, "fusho"))
PLUGIN = os.environ.get("FUSHO_PLUGIN", os.path.join(BUILD, ".libs/fusho.so"))
TODAY = "--today=2026-11-09"
MB = 1000 * 1000
FEW_BIRTHS = 50


def tool(name):
    return os.path.join(BUILD, "tests/bench", name)


def fail(text):
    sys.exit("bench: " + text)


def generate(folder, **options):
    """A claim file and its captures in folder; what the generator says of them."""
    claims, captures = os.path.join(folder, "in.uke"), os.path.join(folder, "captures.csv")
    words = ["%s=%d" % o for o in options.items() if o[1]]
    out = subprocess.run([tool("generate")] + words + [claims, captures], check=True,
                         stdout=subprocess.PIPE).stdout
    made = json.loads(out)
    made["file"], made["captures_file"] = claims, captures
    return made


def run(command, output, timeout):
    """One run; None where it took longer than timeout."""
    p = subprocess.Popen([tool("measure"), output] + command, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, start_new_session=True)
    try:
        out, err = p.communicate(timeout=timeout)
    except BaseException as e:
        os.killpg(p.pid, signal.SIGKILL)
        p.communicate()
        if isinstance(e, subprocess.TimeoutExpired):
            return None
        raise
    result = json.loads(out) if p.returncode == 0 else {"status": 126}
    if result["status"] > 1:
        fail("%s: status %d\n%s" % (" ".join(command), result["status"],
                                    err.decode("utf-8", "replace")))
    return result


def fusho(verb, *arguments):
    return [FUSHO, verb, "--no-config", "--plugin", PLUGIN, TODAY] + list(arguments)


def knows(option, made):
    """Whether the command knows an option of apply: unknown ones are exit 2."""
    command = fusho("apply", "--dry-run", option, made["file"], "-o", made["file"] + ".none")
    return subprocess.run(command, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode != 2


# ---- sizes ----

def rows_of(made, notes):
    """Name, command, where its standard output goes."""
    out = made["file"] + ".out"
    evidence = ["--evidence", made["captures_file"], made["file"]]
    kinds = [("check", "check", []), ("apply", "apply", ["-o", out])]
    if knows("--journal-ranges", made):
        kinds.append(("apply --journal-ranges", "apply", ["--journal-ranges", "-o", out]))
    else:
        notes.append("apply --journal-ranges is left out: this command does not know the option")
    rows = [("cat", ["cat", made["file"]], out)]
    for name, verb, more in kinds:
        rows.append((name, fusho(verb, *more, *evidence), os.devnull))
        rows.append((name + " --jobs 2", fusho(verb, "--jobs", "2", *more, *evidence), os.devnull))
    return rows


def summary(name, runs, made):
    wall = statistics.median(r["wall"] for r in runs)
    return {
        "name": name, "runs": runs, "wall": wall, "least": min(r["wall"] for r in runs),
        "cpu": statistics.median(r["user"] + r["sys"] for r in runs),
        "peak_mb": max(r["peak_kb"] for r in runs) * 1024 / MB,
        "mb_s": made["bytes"] / MB / wall, "claims_s": made["claims"] / wall,
        "records_s": made["records"] / wall, "ns_byte": wall * 1e9 / made["bytes"],
    }


def one_size(megabytes, args, notes):
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        made = generate(folder, bytes=int(megabytes * MB), seed=args.seed)
        rows = rows_of(made, notes)
        runs = {row[0]: [] for row in rows}
        with open(made["file"], "rb") as f:  # into the page cache
            while f.read(MB):
                pass
        for _ in range(args.runs):
            for name, command, output in rows:
                for path in (made["file"] + ".out", made["file"] + ".out.fusho"):
                    if os.path.exists(path):
                        os.unlink(path)
                result = run(command, output, args.timeout)
                if result is None:
                    fail("%s took more than %d s" % (name, args.timeout))
                runs[name].append(result)
    result = {k: made[k] for k in ("bytes", "claims", "records", "captures")}
    result["rows"] = [summary(row[0], runs[row[0]], made) for row in rows]
    cat = result["rows"][0]
    for row in result["rows"]:
        row["ratio"] = row["wall"] / cat["wall"]
        row["ratio_least"] = row["least"] / cat["least"]
    return result


def print_size(size):
    print("\n%.1f MB, %d claims, %d records, %d captures" %
          (size["bytes"] / MB, size["claims"], size["records"], size["captures"]))
    print("%-32s %9s %7s %9s %7s %8s %8s %9s %10s %8s %8s" % (
        "", "median s", "cat = 1", "least s", "cat = 1", "CPU s", "MB/s", "claims/s", "records/s",
        "ns/byte", "peak MB"))
    for r in size["rows"]:
        print("%-32s %9.4f %7.2f %9.4f %7.2f %8.3f %8.1f %9.0f %10.0f %8.2f %8.1f" % (
            r["name"], r["wall"], r["ratio"], r["least"], r["ratio_least"], r["cpu"], r["mb_s"],
            r["claims_s"], r["records_s"], r["ns_byte"], r["peak_mb"]))


# ---- matching ----

def match_row(claims, births, args):
    """CPU seconds of check without and with one capture for every ten claims."""
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        made = generate(folder, claims=claims, captures=claims // 10, births=births, seed=args.seed)
        took = {"without": [], "with": []}
        for _ in range(min(args.runs, 3)):
            for name, more in (("without", []), ("with", ["--evidence", made["captures_file"]])):
                result = run(fusho("check", *more, made["file"]), os.devnull, args.timeout)
                if result is None:
                    return {"claims": claims, "captures": made["captures"], "births": births,
                            "over": args.timeout}
                took[name].append(result)
    row = {"claims": claims, "captures": made["captures"], "births": births}
    for name, runs in took.items():
        row[name] = statistics.median(r["user"] + r["sys"] for r in runs)
        row["wall_" + name] = statistics.median(r["wall"] for r in runs)
    row["peak_mb"] = max(r["peak_kb"] for r in took["with"]) * 1024 / MB
    row["matching"] = row["with"] - row["without"]
    return row


def matching(args):
    rows = []
    for births in (0, FEW_BIRTHS):
        half = match_row(args.claims // 2, births, args)
        rows.append(half)
        if "over" in half:
            continue
        full = match_row(args.claims, births, args)
        rows.append(full)
        if "over" not in full:
            full["ratio"] = full["with"] / half["with"]
            if half["matching"] > 0:
                full["matching_ratio"] = full["matching"] / half["matching"]
    return rows


def print_matching(rows):
    print("\nmatching: CPU seconds of check; the ratio to half of both is about 2 where it is linear")
    print("%9s %9s %-14s %9s %9s %9s %7s %9s %8s" % (
        "claims", "captures", "birth dates", "without", "with", "matching", "ratio", "matching",
        "peak MB"))
    for r in rows:
        births = "%d" % r["births"] if r["births"] else "as they come"
        text = "%9d %9d %-14s " % (r["claims"], r["captures"], births)
        if "over" in r:
            print(text + "took more than %d s" % r["over"])
            continue
        text += "%9.2f %9.2f %9.2f " % (r["without"], r["with"], r["matching"])
        text += "%7.2f " % r["ratio"] if "ratio" in r else "%7s " % ""
        text += "%9.2f " % r["matching_ratio"] if "matching_ratio" in r else "%9s " % ""
        print(text + "%8.1f" % r["peak_mb"])


# ---- the claim call ----

def claim_calls(args):
    """A seed for each of the first two routes that differ in their number of edits."""
    rows, seed = [], args.seed
    while len(rows) < 2:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            made = generate(folder, claims=1, captures=1, records=60, seed=seed)
            command = [tool("claim_latency"), PLUGIN, made["file"], made["captures_file"]]
            few = json.loads(subprocess.run(command + ["1"], check=True,
                                            stdout=subprocess.PIPE).stdout)
            if not rows or few["edits"] > 2 * rows[0]["edits"]:
                out = subprocess.run(command + ["%d" % args.times], check=True,
                                     stdout=subprocess.PIPE).stdout
                rows.append(json.loads(out))
        seed += 1
    return rows


def print_claims(rows):
    print("\nclaim call, session opened once, microseconds")
    print("%8s %7s %6s %8s %9s %9s %9s" % ("records", "bytes", "edits", "times", "p50", "p99", "max"))
    for r in rows:
        print("%8d %7d %6d %8d %9.1f %9.1f %9.1f" % (
            r["records"], r["bytes"], r["edits"], r["times"], r["p50"], r["p99"], r["max"]))


# ---- machine ----

def first_of(path, key):
    try:
        with open(path, encoding="utf-8", errors="replace") as f:
            for line in f:
                if line.startswith(key):
                    return line.split(":", 1)[-1].strip()
    except OSError:
        pass
    return "unknown"


def file_system(folder):
    try:
        out = subprocess.run(["stat", "-f", "-c", "%T", folder], stdout=subprocess.PIPE).stdout
        return out.decode().strip() or "unknown"
    except OSError:
        return "unknown"


def machine(args):
    version = subprocess.run([FUSHO, "--version", "--plugin", PLUGIN], stdout=subprocess.PIPE).stdout
    return {
        "date": time.strftime("%Y-%m-%d"),
        "version": version.decode("utf-8", "replace").split("\n", 1)[0],
        "cpu": first_of("/proc/cpuinfo", "model name"),
        "cores": os.cpu_count(),
        "memory": first_of("/proc/meminfo", "MemTotal"),
        "kernel": " ".join(os.uname()[i] for i in (0, 2, 4)),
        "load": " ".join("%.2f" % v for v in os.getloadavg()),
        "file_system": file_system(args.folder),
        "compiler": os.environ.get("BENCH_COMPILER", "unknown"),
        "runs": args.runs, "seed": args.seed,
    }


def print_machine(m):
    print("%(version)s  %(date)s" % m)
    print("%(cpu)s, %(cores)d cores, %(memory)s, %(kernel)s, load %(load)s" % m)
    print("%(compiler)s; files on %(file_system)s; medians of %(runs)d runs, alternating" % m)


def folder_for(sizes):
    """Memory if there is room for input, output and journal, else the folder for temporary files."""
    shm = "/dev/shm"
    if os.path.isdir(shm) and os.access(shm, os.W_OK):
        if shutil.disk_usage(shm).free > 4 * max(sizes + [400]) * MB:
            return shm
    return tempfile.gettempdir()


def arguments():
    p = argparse.ArgumentParser()
    p.add_argument("what", nargs="+", choices=["sizes", "match", "claim"])
    p.add_argument("--sizes", default="1 10 100 1000", help="megabytes")
    p.add_argument("--runs", type=int, default=5)
    p.add_argument("--folder", default="")
    p.add_argument("--json", default="")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--claims", type=int, default=1000000)
    p.add_argument("--times", type=int, default=10000)
    p.add_argument("--timeout", type=int, default=600, help="seconds for one run")
    args = p.parse_args()
    args.sizes = [float(s) for s in args.sizes.split()]
    args.folder = args.folder or folder_for(args.sizes)
    return args


def main():
    args = arguments()
    # So that the files are taken away when somebody ends it.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    result = {"machine": machine(args)}
    print_machine(result["machine"])
    notes = []
    if "sizes" in args.what:
        result["sizes"] = []
        for megabytes in args.sizes:
            size = one_size(megabytes, args, notes)
            result["sizes"].append(size)
            print_size(size)
            sys.stdout.flush()
    if "match" in args.what:
        result["match"] = matching(args)
        print_matching(result["match"])
    if "claim" in args.what:
        result["claim"] = claim_calls(args)
        print_claims(result["claim"])
    for note in sorted(set(notes)):
        print("\n" + note)
    if "sizes" in args.what:
        print("\nInput in the page cache; nobody syncs for cat, fusho syncs what it writes.")
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump(result, f, indent=1)
            f.write("\n")


main()
