"""Packs of tiny places, and a way to look into every file that lies within a file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dashboard.export import Counter
from dashboard.pack.manifest import Order
from dashboard.pack.run import Made, make
from dashboard.pack.template import templates
from dashboard.running import Running
from dashboard.settings import Settings
from dashboard.snapshot import Snapshots

DATA = Path(__file__).parents[2] / "data"
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TEMPLATES = templates(DATA)


def quiet(at: int, steps: int, what: str) -> None:
    """Progress that nobody watches."""


def running_at(home: Path) -> Running:
    """A dashboard over a home, without a browser, by the clock of the tests."""
    return Running(Settings(home, lambda: NOW), Snapshots(home), exports=Counter(home / "audit"))


def order(template: str = "monthly", **more: object) -> Order:
    """An order by the leader for October 2026, slides and workbook alone."""
    told: dict[str, object] = {"role": "leader", "period": "2026-10", "formats": ("pptx", "xlsx"), **more}
    return Order(TEMPLATES[template], **told)  # type: ignore[arg-type]


def made_at(home: Path, asked: Order, at: datetime = NOW) -> Made:
    """A pack of a home."""
    return make(running_at(home), asked, at, quiet)


def parts(body: bytes, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Every member of an archive and of the archives within it, however deep."""
    if body[:4] != b"PK\x03\x04":
        yield name, body
        return
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        for member in archive.namelist():
            yield from parts(archive.read(member), f"{name}/{member}")


def file_of(made: Made, end: str) -> io.BytesIO:
    """The first file of a pack whose name ends like this."""
    return io.BytesIO(next(body for name, body in made.files.items() if name.endswith(end)))
