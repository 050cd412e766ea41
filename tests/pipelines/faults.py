"""The k-th write, sync, rename or open of a run fails, for k = 1, 2, … until a run completes untouched.

`python -m tests.pipelines.faults` tries every point once and for good, with each error; the tests run a slice.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final, Self

from dashboard.snapshot import Snapshots
from pipelines import ledger
from pipelines.home import Home
from pipelines.publish.pointer import read_pointer
from pipelines.publish.recover import whole_pair
from pipelines.verify import verify
from tests.pipelines.installation import HEADER, Installation, copy_of, install, row, table_hashes
from tests.pipelines.kernel import NAME, OPEN, SYNC, WRITE, Call, answer, receive

REPOSITORY: Final = Path(__file__).resolve().parents[2]
ERRORS: Final = (
    ((WRITE, errno.ENOSPC), (SYNC, errno.EIO), (NAME, errno.EIO), (OPEN, errno.EMFILE)),
    ((WRITE, errno.EIO), (SYNC, errno.ENOSPC), (NAME, errno.ENOSPC), (OPEN, errno.EIO)),
    ((OPEN, errno.ENOSPC),),
)  # the likeliest first: whoever has not the hours for all has all of these
EMPTY: Final = ("inbox", "hold", "scratch")  # after a run
FINAL: Final = ("loaded", "loaded_partial", "rejected")


@dataclass(frozen=True)
class Fault:
    """The `number`-th call of a family below `where` of the home fails; `lasting`: and all that follow it."""

    family: str
    error: int
    number: int = 1
    lasting: bool = False
    where: str = ""

    def __str__(self) -> str:
        word = "from then on" if self.lasting else "once"
        return f"{self.family} {self.number} of {self.where or 'everything'}: {errno.errorcode[self.error]} {word}"


@dataclass
class Seen:
    """What a command did and said, and which calls it made below the home, by family and place."""

    code: int
    said: str
    bug: str
    calls: Counter[tuple[str, str]] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def count(self, family: str, where: str = "") -> int:
        """How many calls of a family there were below `where`."""
        return sum(n for (kind, place), n in self.calls.items() if kind == family and place.startswith(where))


class Subject:
    """A process under a listener; a context manager."""

    def __enter__(self) -> Self:
        self._door, there = socket.socketpair()
        command = [sys.executable, "-m", "tests.pipelines.subject", str(there.fileno())]
        self._process = subprocess.Popen(command, cwd=REPOSITORY, pass_fds=[there.fileno()])
        there.close()
        said, listeners, _, _ = socket.recv_fds(self._door, 16, 1)
        if not listeners:
            raise OSError(f"this machine forbids to listen: {said!r}")
        self._listener = listeners[0]
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._listener)
        self._door.close()

    def run(self, one: Installation, *arguments: str, fault: Fault | None = None) -> Seen:
        """One command on an installation, answered by the listener as `fault` says."""
        order = {"product": str(one.data), "arguments":
                 [*arguments, "--home", str(one.home.root), "--data", str(one.data)]}  # fmt: skip
        self._door.sendall(f"{json.dumps(order)}\n".encode())
        seen = Seen(-1, "", "")
        while not (ready := self._ready()):
            if (call := receive(self._listener)) is not None:
                answer(self._listener, call, self._judge(one.home, call, fault, seen))
        seen.code, seen.said, seen.bug = ready["code"], ready["said"], ready["bug"]
        return seen

    def _ready(self) -> dict[str, Any]:
        """The answer of the subject, empty while it is at work."""
        waiting = select.poll()
        waiting.register(self._listener, select.POLLIN)
        waiting.register(self._door, select.POLLIN)
        ready = [handle for handle, _ in waiting.poll()]
        if self._listener in ready:
            return {}
        said = b""
        while not said.endswith(b"\n"):
            if not (part := self._door.recv(1 << 16)):
                raise EOFError(f"the subject died: {self._process.wait()}")
            said += part
        return dict(json.loads(said))

    def _judge(self, home: Home, call: Call, fault: Fault | None, seen: Seen) -> int:
        """The error number with which a call fails, 0 where it goes on."""
        root = f"{home.root}/"
        if not call.path.startswith(root):
            return 0
        place = call.path.removeprefix(root).removesuffix(" (deleted)")
        seen.calls[call.family, place] += 1
        if fault is None or fault.family != call.family or not place.startswith(fault.where):
            return 0
        number = seen.count(fault.family, fault.where)
        if number == fault.number or (fault.lasting and number > fault.number):
            seen.failed.append(f"{call.family} {place}")
            return fault.error
        return 0


def prepared(subject: Subject, folder: Path) -> Installation:
    """A published installation whose inbox holds one file of each fate."""
    one = install(folder)
    one.drop("a.csv", [row(f"A-{n}") for n in range(4)])
    one.drop("p.csv", [row("P-1")], source="chibo_thu")
    subject.run(one, "load")
    one.drop("b.csv", [row("B-1"), row("B-2", received="31/02/2026"), row("A-1", updated="09/03/2026 10:00")])
    one.drop("again.csv", [row(f"A-{n}") for n in range(4)])
    one.drop("bad.csv", ["x;y"], header="ma;kenh")
    one.drop("TUYỆT MẬT.csv", [row("S-1")])
    one.drop("q.csv", [row("P-2")], source="chibo_thu")
    one.drop_bytes("c.csv", "\n".join([HEADER, *(row(f"C-{n}") for n in range(50)), ""]).encode())
    for path in one.home.inbox.rglob("*.csv"):
        os.utime(path, (1_760_000_000, 1_760_000_000))  # long settled: nobody sleeps over it
    return one


def wrong_after(one: Installation, before: Mapping[str, Any], seen: Seen) -> list[str]:
    """What a reader or an operator could hold against a run that met a fault."""
    found = [f"a traceback: {seen.bug}"] if seen.bug else []
    if "Traceback" in seen.said:
        found.append(f"a traceback was printed: {seen.said}")
    if seen.code not in (0, 3, 75):
        found.append(f"exit code {seen.code}: {seen.said[-300:]}")
    pointer = read_pointer(one.home)
    if pointer is None or whole_pair(one.home, pointer.generation) != pointer:
        return [*found, "what is published is not whole"]
    snapshots = Snapshots(one.home.root)
    (answered,) = snapshots.current().rows("SELECT count(*) FROM fact_dossier")
    if snapshots.trouble or answered[0] < before["cases"]:
        found.append(f"a reader is told {answered[0]} and {snapshots.trouble}")
    return found


def wrong_at_last(one: Installation, clean: Seen, expected: Mapping[str, Any], told: set[tuple[str, str]]) -> list[str]:
    """What is not as it would be had nothing ever failed; `told` are the deliveries acknowledged before."""
    found = [f"the next run: {clean.code} {clean.said[-300:]} {clean.bug}"] if clean.code or clean.bug else []
    if table_hashes(one) != expected["tables"]:
        found.append(f"other tables: {_different(table_hashes(one), expected['tables'])}")
    lines = ledger.read_ledger(one.home.ledger)
    counted = Counter((line["source"], line["sha256"]) for line in lines if line["verdict"] in FINAL)
    if lost := told - set(counted):
        found.append(f"acknowledged and lost: {sorted(lost)}")
    if {key: n for key, n in counted.items() if n != 1} or set(counted) != expected["judged"]:
        found.append(f"verdicts: {[(line.get('file'), line['verdict']) for line in lines]}")
    found += [f"{damage.where}: {damage.en}" for damage in verify(one.home)]
    litter = {*one.home.root.rglob(".*")}.union(*(one.home.root.joinpath(name).rglob("*") for name in EMPTY))
    return found + [f"left behind: {path.relative_to(one.home.root)}" for path in litter if path.is_file()]


def _different(found: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    return [f"{file} {name}" for file in expected for name in expected[file]
            if found[file].get(name) != expected[file][name]]  # fmt: skip


def judged(one: Installation) -> set[tuple[str, str]]:
    """(source, sha256) of every delivery with a final verdict in the ledger."""
    lines = ledger.read_ledger(one.home.ledger)
    return {(line["source"], line["sha256"]) for line in lines if line["verdict"] in FINAL}


class Clinic:
    """One prepared installation, what becomes of it where nothing fails, and any number of faulty copies."""

    def __init__(self, subject: Subject, folder: Path) -> None:
        self.subject, self.folder, self.number = subject, folder, 0
        self.one = prepared(subject, folder / "prepared")
        healthy = self.copy()
        self.usual = subject.run(healthy, "load")
        assert self.usual.code == 0, self.usual
        self.before = {"cases": self.one.ask("SELECT count(*) FROM fact_dossier")[0][0]}
        self.expected = {"tables": table_hashes(healthy), "judged": judged(healthy)}

    def copy(self) -> Installation:
        """A copy under a path that nobody has ever opened."""
        self.number += 1
        return copy_of(self.one, self.folder / f"{self.number:06d}")

    def try_out(self, fault: Fault) -> list[str]:
        """What is wrong after one fault; empty where all is well."""
        one = self.copy()
        seen = self.subject.run(one, "load", fault=fault)
        found = wrong_after(one, self.before, seen)
        told = judged(one)
        found += wrong_at_last(one, self.subject.run(one, "load"), self.expected, told)
        shutil.rmtree(one.home.root.parent)
        return [f"{fault} (hit {', '.join(seen.failed[:3]) or 'nothing'}): {what}" for what in found]

    def points(self, every: int, first: int = 1) -> Iterator[Fault]:
        """Every `every`-th point of every family with each of its errors, for one time and for good."""
        for errors, lasting in product(ERRORS, (False, True)):
            for family, error in errors:
                for number in range(first, self.usual.count(family) + 1, every):
                    yield Fault(family, error, number, lasting)


def main(arguments: Sequence[str] | None = None) -> int:
    """Try out the points asked for; 1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="only every n-th point")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--done", type=Path, help="a file of points that are well: what is in it is not tried again")
    args = parser.parse_args(arguments)
    done = set(args.done.read_text().splitlines()) if args.done and args.done.exists() else set()
    found = tried = 0
    with tempfile.TemporaryDirectory() as folder, Subject() as subject:
        clinic = Clinic(subject, Path(folder))
        for fault in clinic.points(args.every, args.first):
            if str(fault) in done:
                continue
            tried += 1
            wrong = clinic.try_out(fault)
            found += len(wrong)
            print(*wrong, sep="\n", end="\n" if wrong else "", flush=True)
            if args.done and not wrong:
                with args.done.open("a") as out:
                    out.write(f"{fault}\n")
    print(f"{tried} faults, {found} findings; {len(done)} points were well before")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
