"""What may be on the disk after the power went, at every moment of a run that shim.so wrote down.

The model: a file's bytes are safe once fsync(file) came after the last write; before that they may
be anything. An entry of a folder (made, renamed, linked, removed) is safe once fsync(folder) came;
before that any of those not yet safe may be there or not, whatever their order was."""
from itertools import combinations

OUTPUT, JOURNAL = "out.uke", "out.uke.fusho"


class Disk:
    def __init__(self, before):
        self.content = {}  # inode -> bytes written, of files that were there too
        self.safe = {}     # inode -> bytes, or None: anything
        self.now, self.entries, self.pending, self.fds = {}, {}, [], {}
        for name, content in before.items():
            if content is not None:
                self.content[name] = self.safe[name] = content
                self.now[name] = self.entries[name] = name

    def change(self, changes):
        """changes: name -> inode or None; one step of a folder, all or nothing."""
        self.pending.append(changes)
        for name, inode in changes.items():
            self.now[name] = inode

    def step(self, number, line):
        word = line.split(" ")
        strip = [w[2:] if w.startswith("./") else w for w in word]
        if word[0] == "open":
            self.open(number, word[1], word[2], strip[3])
        elif word[0] == "write" and word[1] in self.fds:
            inode = self.fds[word[1]]
            self.content[inode] = self.content.get(inode, b"") + bytes.fromhex(word[2])
            self.safe[inode] = None
        elif word[0] == "fsync":
            self.sync(self.fds.get(word[1]))
        elif word[0] == "rename":
            self.change({strip[1]: None, strip[2]: self.now[strip[1]]})
        elif word[0] == "link":
            self.change({strip[2]: self.now[strip[1]]})
        elif word[0] == "unlink":
            self.change({strip[1]: None})
        elif word[0] == "close":
            self.fds.pop(word[1], None)

    def open(self, number, fd, how, name):
        if how == "new":
            inode = "file %d" % number
            self.content[inode], self.safe[inode] = b"", None
            self.change({name: inode})
            self.fds[fd] = inode
        elif name == ".":
            self.fds[fd] = "."

    def sync(self, what):
        if what == ".":
            for changes in self.pending:
                self.entries.update(changes)
            self.pending = []
        elif what:
            self.safe[what] = self.content[what]

    def after_loss(self):
        """Every folder that could be found: name -> inode."""
        for k in range(len(self.pending) + 1):
            for some in combinations(self.pending, k):
                entries = dict(self.entries)
                for changes in some:
                    entries.update(changes)
                yield {n: i for n, i in entries.items() if i}


def complaints(disk, found, before, want, force):
    def old(name):
        return name in found and found[name] == name and before.get(name) is not None

    def whole(name):
        return name in found and disk.safe[found[name]] == want[name]

    for name in want:
        if name in found and not old(name) and not whole(name):
            yield name + " is not whole"
        if force and name not in found:
            yield name + " is gone"
    if OUTPUT in found and not old(OUTPUT) and not (JOURNAL in found and whole(JOURNAL)):
        yield "an output without its journal"
    if not force and JOURNAL in found and OUTPUT not in found:
        marks = [n for n, i in found.items() if i == found[JOURNAL] and n.endswith(".tmp")]
        if not marks:
            yield "a journal that the next run would not remove"


def search(lines, before, want, force):
    """(what was found wrong, number of states looked at)"""
    disk, wrong, looked = Disk(before), [], 0
    for number, line in enumerate(lines):
        disk.step(number, line)
        for found in disk.after_loss():
            looked += 1
            for text in complaints(disk, found, before, want, force):
                wrong.append("after call %d (%.40s): %s" % (number, line, text))
    if not all(disk.safe.get(disk.entries.get(n)) == want[n] for n in want):
        wrong.append("at the end not everything is safe")
    wrong += ["at the end there may be " + n for found in disk.after_loss() for n in found
              if n.endswith(".tmp")]
    return wrong, looked
