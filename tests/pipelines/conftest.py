"""Installations for the tests of a whole run: an empty one, and a copy of one that has run twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.installation import Installation, copy_of, install, row


@pytest.fixture
def fresh(tmp_path: Path) -> Installation:
    """An installation that has never run."""
    return install(tmp_path)


@pytest.fixture(scope="session")
def loaded_once(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Two generations: three state files and one Party file in the first, one more state file in the second."""
    one = install(tmp_path_factory.mktemp("installation"))
    one.drop("a.csv", [row(f"A-{n}") for n in range(4)])
    one.drop("b.csv", [row("B-1"), row("B-2", received="31/02/2026"), row("A-1", updated="09/03/2026 10:00")])
    one.drop_bytes("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    one.drop("p.csv", [row("P-1"), row("P-2")], source="chibo_thu")
    one.load()
    one.drop("c.csv", [row("C-1", due="05/03/2026"), row("A-2", ended="-", updated="10/03/2026 08:00")])
    one.load()
    return one


@pytest.fixture
def loaded(loaded_once: Installation, tmp_path: Path) -> Installation:
    """A copy of it, to do with as a test likes."""
    return copy_of(loaded_once, tmp_path)
