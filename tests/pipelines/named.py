"""A named input is a file, a contract and what must become of it, written down before anything reads it."""

from __future__ import annotations

import hashlib
import hmac
import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from pipelines.delivery import Delivery
from pipelines.errors import Rejected
from pipelines.intake import Terms, stage, take
from pipelines.load import create_fact_tables
from pipelines.mapping import load_mapping
from pipelines.pseudonym import as_written
from pipelines.publish.tables import create_tables
from pipelines.read import Limits, Worker, read
from pipelines.report import FileReport
from tests.pipelines.loading import KEY, shipped

NUMBERS = count()
MOMENT = datetime(2026, 11, 22, 3, tzinfo=UTC)
HEADER = "so,nhan,don_vi,phi,ho_ten\n"
CONTRACT = """
name = { vi = "Một cửa", en = "One stop" }
fact = "dossier"
owner = { vi = "Văn phòng", en = "Office" }
rhythm = "daily"
[file]
formats = ["csv"]
[defaults]
date = ["%d/%m/%Y"]
datetime = ["%d/%m/%Y %H:%M", "%d/%m/%Y"]
numbers = "vi"
years = [2015, 2035]
empty = ["", "-"]
[columns]
case_id = "so"
received_at = "nhan"
unit_at_receipt = { column = "don_vi", tree = "territory", by = "name" }
fee_amount = "phi"
channel = { constant = "counter" }
level = { constant = "commune" }
[ignore]
columns = ["ho_ten"]
"""
# case number, day of receipt, unit, fee: what a reader must have understood
Kept = tuple[str, str, str, str | None]
DUC_HOA = "27937@2025"


def kept(case: str = "A1", day: str = "2026-03-05", unit: str = DUC_HOA, fee: str | None = "1500.00") -> Kept:
    """One expected row; without arguments that of `line()`."""
    return case, day, unit, fee


def line(
    so: str = "A1", nhan: str = "05/03/2026", don_vi: str = "Xã Đức Hòa", phi: str = "1.500", ho_ten: str = "An",
) -> str:
    """One row of a comma-separated file."""
    return f"{so},{nhan},{don_vi},{phi},{ho_ten}\n"


def lines(number: int) -> str:
    """A header and that many good rows."""
    return HEADER + "".join(line(f"A{one}") for one in range(1, number + 1))


def all_kept(number: int) -> tuple[Kept, ...]:
    """What `lines(number)` must become."""
    return tuple(kept(f"A{one}") for one in range(1, number + 1))


@dataclass(frozen=True)
class Case:
    """`rows` are (in, loaded, quarantined, skipped); `bad` are (line, rule); `reasons` are all codes, in any order."""

    name: str
    content: bytes | str | Callable[[], bytes]
    verdict: str
    reasons: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    bad: tuple[tuple[int, str], ...] = ()
    skipped: int = 0
    file: str = "f.csv"
    contract: str = CONTRACT
    limits: Limits = field(default_factory=Limits)

    def bytes(self) -> bytes:
        """The file as it lies in the inbox."""
        content = self.content() if callable(self.content) else self.content
        return content.encode() if isinstance(content, str) else content


def loaded(name: str, content: bytes | str | Callable[[], bytes], *rows: Kept, **more: Any) -> Case:
    """A file that must be taken whole."""
    return Case(name, content, "loaded", kept=rows or (kept(),), **more)


def partly(
    name: str, content: bytes | str | Callable[[], bytes], bad: Sequence[tuple[int, str]], *rows: Kept, **more: Any,
) -> Case:
    """A file whose bad rows are set aside, each with its line and rule."""
    rules = tuple(sorted({rule for _, rule in bad}))
    reasons = (*rules, *more.pop("reasons", ()))
    return Case(name, content, "loaded_partial", kept=rows, bad=tuple(bad), reasons=reasons, **more)


def refused(name: str, content: bytes | str | Callable[[], bytes], reason: str, **more: Any) -> Case:
    """A file that must be refused whole."""
    return Case(name, content, "rejected", reasons=(reason,), **more)


def contract(*changes: tuple[str, str]) -> str:
    """The contract with some of its text exchanged."""
    text = CONTRACT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Judged:
    """What the product made of a case."""

    report: FileReport
    kept: list[Kept]
    bad: list[tuple[int, str]]
    marked: bool | None  # None where even looking for a mark was refused
    grown: int  # by how many bytes the high-water mark of this process rose


class Judge:
    """Takes one file after the other through reading, mapping, rules and merging, each into a draft of its own."""

    def __init__(self, worker: Worker, folder: Path) -> None:
        self.worker = worker
        self.folder = folder

    def __call__(self, case: Case) -> Judged:
        place = self.folder / f"{next(NUMBERS)}"
        place.mkdir(parents=True)
        path = place / "bytes"
        path.write_bytes(case.bytes())
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        (place / "mappings").mkdir()
        (place / "mappings" / "nguon.toml").write_text(case.contract, encoding="utf-8")
        delivery = Delivery("nguon", case.file, path, "0" * 64, path.stat().st_size, MOMENT)
        marked = self._marked(path, case)
        with duckdb.connect() as db:
            create_tables(db)
            create_fact_tables(db)
            report = self._taken(db, delivery, place, case.limits)
            rows = db.execute(
                f"SELECT {as_written('case_id')}, received_on::VARCHAR, unit_at_receipt, fee_amount::VARCHAR "
                "FROM fact_dossier ORDER BY line"
            ).fetchall()
            bad = db.execute("SELECT DISTINCT line, rule FROM quarantine ORDER BY ALL").fetchall()
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) << 10
        return Judged(report, rows, bad, marked, grown)

    def _taken(self, db: duckdb.DuckDBPyConnection, delivery: Delivery, place: Path, limits: Limits) -> FileReport:
        mapping = load_mapping(place / "mappings" / "nguon.toml")
        terms = Terms({"nguon": mapping}, shipped(), (), KEY, place, self.worker)
        folder = place / "read"
        table = partial(read, delivery, mapping.file, folder, limits, self.worker)
        return take(db, delivery, partial(stage, delivery, folder, terms, table)).report

    def _marked(self, path: Path, case: Case) -> bool | None:
        request = {"files": [{"path": str(path), "name": case.file}]}
        try:
            return bool(self.worker.ask("look", path.stat().st_size, case.limits, request)["marked"][0])
        except Rejected:
            return None


def hidden(case: str) -> str:
    """The pseudonym of a case number, by RFC 2104 and not by the product."""
    return hmac.new(KEY, b"nguon\0" + case.encode(), hashlib.sha256).hexdigest()[:32]
