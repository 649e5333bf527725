#!/usr/bin/env python3
"""Mutation check: changes one thing at a time in the modules that decide about claims, and sees
whether a test fails. Run by hand; everything is built in build-mut/, the tree stays as it is.

usage: mutate.py [--sample N] [--seed S] [--only TEXT] [--list] [--scripts]
  --sample N   N mutants, chosen by the seed; without it all of them (hours)
  --seed S     1 if not given
  --only TEXT  mutants whose FILE:LINE holds TEXT, or one of several divided by commas
  --list       prints the mutants and runs nothing
  --scripts    a survivor of the C tests has to survive golden.sh and findings.sh as well

A mutant is: an operator, a constant or a truth value changed, a ! taken away, a statement or a table's
row deleted; a test that reads the table itself is compiled with the changed one. Of a mutant that
compiles to the same code nothing can be seen: not counted. Nor is one that does not compile. Survivors
are printed as they are found; the status is 1 below 90 % killed.
"""
import argparse, glob, os, random, re, shutil, subprocess, sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OUT = os.path.join(TOP, "build-mut")
WANTED = 90
TIMEOUT = 120
MODULES = {
    "rules": "tokki tokki_walk insurer routes words personal comments finding",
    "decide": "decide facts choose_tokki",
    "rewrite": "rewrite rewrite_comments",
    "check": "check_file check_fusho check_insurer check_structure check_tokki",
    "journal": "journal",
}
WHOLE = "engine_fixtures process explain mask ledger report_text engine" # the slowest last
# A lone + or -, so that neither ++ nor -> nor a sign is one.
SWAPS = [(r"==", "!="), (r"!=", "=="), (r"<=", "<"), (r">=", ">"), (r"(?<= )<(?= )", "<="),
         (r"(?<= )>(?= )", ">="), (r"&&", "||"), (r"\|\|", "&&"), (r"(?<= )\+(?= )", "-"),
         (r"(?<= )-(?= )", "+"), (r"\btrue\b", "false"), (r"\bfalse\b", "true"),
         (r"\+\+", "--"), (r"(?<= )\+=", "-="), (r"!(?=[a-z(])", "")]
NUMBER = re.compile(r"(?<![\w.'])(\d+)(?=[uUlL]*\b)(?![\w]*\.)")
STATEMENT = re.compile(r"^\s+(?!return\b|case\b|default\b|goto\b|else\b|do\b)"
                       r"([A-Za-z_*(+-][^{}]*[^\s{}:]);\s*$")
DECLARATION = re.compile(r"^\s*(static |const |struct |unsigned |(?:[a-z_]\w*)\s+\**[a-z_]\w*\s*(?:[=;,\[]))")


def blank(text, strings):
    """The text with comments (and, if asked, strings) as blanks, so that columns stay."""
    def out(m):
        s = m.group(0)
        if s[0] == "/" or strings:
            return re.sub(r"[^\n]", " ", s)
        return s
    return re.sub(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', out, text, flags=re.S)


def swaps_of(line):
    for pattern, to in SWAPS:
        for m in re.finditer(pattern, line):
            yield m.start(), m.end(), to
    for m in NUMBER.finditer(line):
        yield m.start(1), m.end(1), str(int(m.group(1), 10) + 1)


def mutants_of(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        text = f.read()
    table = path.endswith(".def")
    lines = text.split("\n")
    code = blank(text, True).split("\n")
    for i, line in enumerate(code):
        if line.lstrip().startswith("#") or not line.strip():
            continue
        for a, b, to in swaps_of(line):
            yield path, i, lines[i][:a] + to + lines[i][b:]
        if table:
            for m in re.finditer(r'"(\d+)"', blank(lines[i], False)): # a code
                number = str(int(m.group(1)) + 1).zfill(len(m.group(1)))
                yield path, i, lines[i][:m.start(1)] + number + lines[i][m.end(1):]
            if re.match(r"^[A-Z][A-Z_]*\(.*\)\s*$", line):
                yield path, i, ""
        elif STATEMENT.match(line) and not DECLARATION.match(line):
            yield path, i, re.match(r"\s*", line).group(0) + ";"


def all_mutants():
    files = []
    for module in MODULES:
        files += glob.glob(f"core/{module}/*.c", root_dir=TOP)
        files += glob.glob(f"core/{module}/*.def", root_dir=TOP)
    return [m for f in sorted(files) for m in mutants_of(f)]


# ---- building ----

FLAGS = ["-std=gnu11", "-O1", "-w", "-fPIC", "-fvisibility=hidden", '-DFU_VERSION="0"', '-DPACKAGE_VERSION="0"',
         f"-I{OUT}/made", f"-I{TOP}/core", f"-I{OUT}/made/core", f"-I{TOP}/plugin", f"-I{TOP}/plugin/host",
         f"-I{TOP}/tests"]


def run(*command, **more):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more).returncode


def must(*command):
    if subprocess.run(command).returncode:
        sys.exit("failed: " + " ".join(command))


def object_of(path, root=None):
    return os.path.join(root or OUT + "/o", path.replace("/", "__") + ".o")


def compile_one(path, to, source=None, first=()):
    return run("gcc", *first, *FLAGS, "-c", source or os.path.join(TOP, path), "-o", to)


def make_pages():
    for f in glob.glob(TOP + "/core/*/*"):
        if f.endswith((".css", ".js", ".html")):
            name = os.path.relpath(f, TOP)
            to = OUT + "/made/" + name.replace(".", "_") + ".h"
            os.makedirs(os.path.dirname(to), exist_ok=True)
            if not is_stale(to, [f]):
                continue
            with open(to, "w") as h:
                subprocess.run(["sh", TOP + "/core/embed.sh", f], stdout=h, check=True)


def depends(path):
    text = subprocess.run(["gcc", *FLAGS, "-MM", os.path.join(TOP, path)], capture_output=True, text=True).stdout
    return {os.path.relpath(w, TOP) for w in text.replace("\\\n", " ").split()[1:]}


def test_names():
    return " ".join(list(MODULES.values()) + [WHOLE]).split()


def is_stale(made, sources):
    return not os.path.exists(made) or any(
        os.path.getmtime(os.path.join(TOP, s)) > os.path.getmtime(made) for s in sources)


def build():
    os.makedirs(OUT + "/o", exist_ok=True)
    make_pages()
    core = sorted(glob.glob("core/*/*.c", root_dir=TOP))
    more = [f"tests/support{s}.c" for s in ("", "_abuser", "_claim", "_host", "_ledger", "_report")]
    deps = {path: depends(path) for path in core + more + [f"tests/test_{t}.c" for t in test_names()]}
    for path in deps:
        if is_stale(object_of(path), deps[path]) and compile_one(path, object_of(path)):
            sys.exit("does not compile: " + path)
    for name, files in (("core", core), ("support", more)):
        archive = f"{OUT}/lib{name}.a"
        if os.path.exists(archive):
            os.remove(archive)
        must("ar", "rcs", archive, *[object_of(f) for f in files])
    if not os.path.isdir(OUT + "/fixtures/ika"):
        must("sh", TOP + "/fixtures/make.sh", TOP + "/fixtures", OUT + "/fixtures")
    return {path: deps[path] for path in deps if path not in more}


# ---- one mutant ----

def is_test(made):
    return os.path.basename(made).startswith("tests__")


def link(test, objects):
    mine = os.path.basename(object_of(f"tests/test_{test}.c"))
    changed = [o for o in objects if os.path.basename(o) == mine]
    core = [o for o in objects if not is_test(o)]
    return run("gcc", *(changed or [OUT + "/o/" + mine]), *core, OUT + "/libsupport.a", OUT + "/libcore.a",
               "-lcriterion", "-lexpat", "-lz", "-lpthread", "-o", OUT + "/run")


def survives(test, objects):
    environment = dict(os.environ, FUSHO_FIXTURES=OUT + "/fixtures", SRCDIR=TOP)
    if link(test, objects):
        sys.exit("does not link: " + test)
    with subprocess.Popen([OUT + "/run", "-j1"], env=environment, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, start_new_session=True) as p:
        try:
            return p.wait(TIMEOUT) == 0
        except subprocess.TimeoutExpired:
            os.killpg(p.pid, 9)
            return False


def survives_scripts(objects):
    flags = ["-shared", f"-Wl,--version-script={TOP}/plugin/fusho.map", "-fPIC"]
    posix = sorted(glob.glob(TOP + "/plugin/host/posix_*.c"))
    command = [f for f in sorted(glob.glob(TOP + "/plugin/host/*.c")) if "example" not in f]
    if run("gcc", *FLAGS, *flags, TOP + "/plugin/plugin.c", TOP + "/plugin/flat.c", *posix,
           *[o for o in objects if not is_test(o)],
           OUT + "/libcore.a", "-lexpat", "-lz", "-lpthread", "-o", OUT + "/fusho.so"):
        sys.exit("the plugin does not link")
    if not os.path.exists(OUT + "/fusho"):
        must("gcc", *FLAGS, f'-DFUSHO_PLUGINDIR="{OUT}"', *command, "-ldl", "-o", OUT + "/fusho")
    environment = dict(os.environ, FUSHO_FIXTURES=OUT + "/fixtures", SRCDIR=TOP, FUSHO=OUT + "/fusho",
                       FUSHO_PLUGIN=OUT + "/fusho.so")
    for script in ("golden.sh", "findings.sh"):
        try:
            said = subprocess.run(["sh", f"{TOP}/tests/{script}"], env=environment, capture_output=True,
                                  timeout=10 * TIMEOUT).stdout
        except subprocess.TimeoutExpired:
            return False
        if b"\nnot ok" in said or said.startswith(b"not ok"):
            return False
    return True


def changed_objects(path, i, line, deps):
    """Objects that differ, [] if none does, None if it does not compile."""
    with open(os.path.join(TOP, path), encoding="utf-8") as f:
        lines = f.read().split("\n")
    lines[i] = line
    top = OUT + "/mutant"
    shutil.rmtree(top, ignore_errors=True)
    os.makedirs(os.path.dirname(f"{top}/{path}"))
    os.makedirs(top + "/o")
    with open(f"{top}/{path}", "w", encoding="utf-8") as f:
        f.write("\n".join(lines))
    objects = []
    for source in sorted(s for s in deps if path in deps[s]):
        to = object_of(source, top + "/o")
        if compile_one(source, to, f"{top}/{path}" if source == path else None, [f"-I{top}/core"]):
            return None
        with open(to, "rb") as a, open(object_of(source), "rb") as b:
            if a.read() != b.read():
                objects.append(to)
    return objects if any(not is_test(o) for o in objects) else []


def tests_for(path):
    mine = MODULES[path.split("/")[1]].split()
    name = os.path.basename(path).split(".")[0]
    mine.sort(key=lambda t: name not in t)
    return mine + WHOLE.split()


def try_mutant(mutant, deps, scripts):
    objects = changed_objects(*mutant, deps)
    if objects is None:
        return "stillborn"
    if not objects:
        return "same"
    for test in tests_for(mutant[0]):
        if not survives(test, objects):
            return "killed"
    return "survived" if not scripts or survives_scripts(objects) else "killed"


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--sample", type=int)
    p.add_argument("--seed", default="1")
    p.add_argument("--only", default="")
    p.add_argument("--list", action="store_true")
    p.add_argument("--scripts", action="store_true")
    a = p.parse_args()
    mutants = [m for m in all_mutants() if any(t in f"{m[0]}:{m[1] + 1}" for t in a.only.split(","))]
    if a.sample and a.sample < len(mutants):
        mutants = sorted(random.Random(a.seed).sample(mutants, a.sample))
    if a.list:
        for path, i, line in mutants:
            print(f"{path}:{i + 1}: {line.strip()}")
        print(len(mutants), "mutants")
        return 0
    deps = build()
    for test in test_names():
        if not survives(test, []):
            sys.exit("fails without any change: " + test)
    count = {"killed": 0, "survived": 0, "same": 0, "stillborn": 0}
    for m in mutants:
        try:
            result = try_mutant(m, deps, a.scripts)
        except KeyboardInterrupt: # what was run so far counts
            break
        count[result] += 1
        if result == "survived":
            print(f"survived: {m[0]}:{m[1] + 1}: {m[2].strip() or '(deleted)'}", flush=True)
    seen = count["killed"] + count["survived"]
    percent = 100 * count["killed"] / seen if seen else 100
    print(f"{sum(count.values())} of {len(mutants)} mutants: {count['killed']} killed, {count['survived']} survived ({percent:.1f} % killed), "
          f"{count['same']} the same code, {count['stillborn']} do not compile")
    return 0 if percent >= WANTED else 1


if __name__ == "__main__":
    sys.exit(main())
