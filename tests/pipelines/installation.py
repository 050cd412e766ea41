"""A whole installation in a temporary folder: the product's units, two small sources, three indicators."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipelines.contract import Code
from pipelines.home import Home, open_home
from pipelines.progress import silent
from pipelines.publish.pointer import party_path, read_pointer, state_path
from pipelines.receive.inbox import Look
from pipelines.report import LoadReport
from pipelines.rulebook import Rulebook, read_rulebook
from pipelines.run import Circumstances, load_once, rebuild
from tests.pipelines.spare import spared

REPOSITORY = Path(__file__).parents[2]
START = datetime(2026, 11, 20, 3, tzinfo=UTC)
CODE = Code("early", "measuring", "test")
HEADER = "so;nhan;hen;xong;don_vi;cap_nhat"

COUNTER = """
name = { vi = "Một cửa", en = "One stop" }
fact = "dossier"
owner = { vi = "Văn phòng", en = "Office" }
rhythm = "daily"
clearance = "CLEARANCE"

[file]
formats = ["csv"]

[defaults]
date = ["%d/%m/%Y"]
datetime = ["%d/%m/%Y %H:%M"]
numbers = "vi"
years = [2015, 2035]
empty = ["", "-"]

[columns]
case_id = "so"
received_at = "nhan"
due_at = { column = "hen", years = [2015, 2060] }
ended_at = "xong"
unit_at_receipt = { column = "don_vi", tree = "territory" }
channel = { constant = "counter" }
level = { constant = "commune" }
updated_at = "cap_nhat"
"""

CATALOGUE = """
[desk]
name = { vi = "Bộ phận theo dõi", en = "Desk" }
clearance = "CLEARANCE"

[dossiers_received]
code = "T1"
name = { vi = "Hồ sơ tiếp nhận", en = "Dossiers received" }
short = { vi = "Tiếp nhận", en = "Received" }
definition = { vi = "Số hồ sơ tiếp nhận.", en = "Dossiers received." }
kind = "count"
fact = "dossier"
day = "received_on"
numerator = "true"
unit = "count"
better = "context"
minimum_n = 1
rhythm = "daily"

[dossiers_on_time]
code = "T2"
name = { vi = "Đúng hạn", en = "On time" }
short = { vi = "Đúng hạn", en = "On time" }
definition = { vi = "Tỷ lệ đúng hạn.", en = "Share on time." }
kind = "rate"
fact = "dossier"
day = "ended_on"
numerator = "ended_on <= due_on"
denominator = "due_on is not null"
unit = "percent"
better = "higher"
minimum_n = 1
rhythm = "daily"
"""


def row(number: str, received: str = "03/03/2026 08:00", due: str = "10/03/2026", ended: str = "07/03/2026 09:30",
        unit: str = "27694", updated: str = "07/03/2026 09:30") -> str:
    return ";".join((number, received, due, ended, unit, updated))


_READ: dict[tuple[tuple[tuple[str, bytes], ...], Code], Rulebook] = {}


@dataclass
class Installation:
    """A home and a data folder; the clock goes on by a minute with every look at it."""

    home: Home
    data: Path
    moment: datetime = START
    code: Code = CODE
    slept: list[float] = field(default_factory=list)
    settled: frozenset[Look] = frozenset()

    def now(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment

    def drop(self, name: str, rows: Iterable[str], source: str = "counter", header: str = HEADER) -> Path:
        """Put a file into the inbox, as an agency would."""
        return self.drop_bytes(name, "\n".join([header, *rows, ""]).encode(), source)

    def drop_bytes(self, name: str, content: bytes, source: str = "counter") -> Path:
        folder = self.home.inbox / source
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
        return folder / name

    def book(self) -> Rulebook:
        """The rules as they stand; whoever has read the same words before is not made to read them again."""
        words = tuple((str(path.relative_to(self.data)), path.read_bytes())
                      for path in sorted(self.data.rglob("*")) if path.is_file())  # fmt: skip
        if (words, self.code) not in _READ:
            _READ[words, self.code] = read_rulebook(self.data, self.data, self.code)
        return replace(_READ[words, self.code], data=self.data)

    def at(self) -> Circumstances:
        return Circumstances(self.home, self.book(), self.now, self.slept.append, silent, "test", self.settled)

    def load(self) -> LoadReport:
        with spared():
            return load_once(self.at())

    def rebuild(self) -> LoadReport:
        with spared():
            return rebuild(self.at())

    def ask(self, query: str, party: bool = False) -> list[tuple[Any, ...]]:
        """What a reader gets from the snapshot in force."""
        pointer = read_pointer(self.home)
        assert pointer is not None, "nothing is published"
        path = (party_path if party else state_path)(self.home, pointer.generation)
        with duckdb.connect(str(path), read_only=True) as db:
            return db.execute(query).fetchall()

    def manifest(self, party: bool = False) -> dict[str, Any]:
        import json

        return dict(json.loads(self.ask("SELECT manifest FROM publication", party)[0][0]))


def install(folder: Path, product_data: Path = REPOSITORY / "data") -> Installation:
    data = folder / "data"
    (data / "mappings").mkdir(parents=True)
    (data / "catalogue").mkdir()
    (data / "reference").mkdir()
    shutil.copy(product_data / "place.toml", data)
    for name in ("units", "succession", "days_off", "fields", "procedures"):
        shutil.copy(product_data / "reference" / f"{name}.csv", data / "reference")
    for source, clearance in (("counter", "state"), ("chibo_thu", "party")):
        text = COUNTER.replace("CLEARANCE", clearance)
        (data / "mappings" / f"{source}.toml").write_text(text, encoding="utf-8")
        entries = CATALOGUE.replace("CLEARANCE", clearance).replace("[dossiers", f"[{source}_dossiers")
        entries = entries.replace('"T', f'"{clearance[0].upper()}')
        (data / "catalogue" / f"{source}.toml").write_text(entries, encoding="utf-8")
    return Installation(open_home(folder / "home"), data)


def copy_of(one: Installation, folder: Path) -> Installation:
    """The same installation in another folder."""
    shutil.copytree(one.home.root, folder / "home")
    shutil.copytree(one.data, folder / "data")
    return replace(one, home=Home(folder / "home"), data=folder / "data", slept=[])


def table_hashes(one: Installation) -> Mapping[str, Any]:
    """The tables of both files in force, without what differs between two ways to the same data."""
    return {f"{party}": one.manifest(party)["tables"] for party in (False, True)}


def load_in_another_process(one: Installation) -> None:
    """What a forked writer runs; by name, so that a clean process can be told to."""
    one.load()
