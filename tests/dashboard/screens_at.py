"""A screen as a reader gets it: the app run once for an address, its HTML joined, its places changed by hand."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import duckdb
from streamlit.testing.v1 import AppTest

import dashboard
from dashboard import running
from dashboard.here import Here, arrive
from dashboard.running import Running, start
from dashboard.settings import Settings
from dashboard.url import read
from tests.dashboard.as_read import pieces

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
APP = Path(dashboard.__file__).parent / "app.py"


def started(home: Path) -> Running:
    """The app over a home, by the clock of the tests."""
    return start(Settings(home, lambda: NOW))


def here_at(app: Running, **address: str) -> Here:
    """Where a reader with this address stands."""
    return arrive(app, read(address))


def page(app: Running, **address: str) -> str:
    """The HTML of the app for an address; a screen that fails, fails the test."""
    running._RUNNING[:] = [app]  # another test may have started another one since
    run = AppTest.from_file(str(APP), default_timeout=60)
    for key, value in address.items():
        run.query_params[key] = value
    run.run()
    assert not run.exception, run.exception
    found = "\n".join(pieces(run))
    assert "Không hiển thị được phần này" not in found and "could not be shown" not in found
    return found


def words_of(found: str) -> str:
    """What a person reads: without tags, blanks joined."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", unescape(re.sub(r"<[^>]+>", " ", found.replace("<wbr>", ""))))


def change(home: Path, *statements: str, generation: int = 1, party: bool = False) -> None:
    """Change a published file by SQL and seal it again under its new hash."""
    folder = home / "snapshots"
    path = folder / f"{generation:08d}{'.party' if party else ''}.duckdb"
    with duckdb.connect(str(path)) as db:
        for statement in statements:
            db.execute(statement)
    both = [folder / f"{generation:08d}.duckdb", folder / f"{generation:08d}.party.duckdb"]
    line = " ".join([str(generation), *(hashlib.sha256(one.read_bytes()).hexdigest() for one in both)])
    (home / "CURRENT").write_text(line + "\n")
    (home / "PUBLISHED").write_text(f"{line} {NOW.isoformat()}\n")
