"""Whoever goes back to a generation of before finds screens that show what its catalogue has, and none that fails."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dashboard.access import NOBODY, STATE
from dashboard.query.formula import references
from dashboard.query.indicators import indicators
from dashboard.screens import screens
from tests.dashboard.desks import load_files
from tests.dashboard.screens_at import change, here_at, page, started
from tests.dashboard.test_economy_product import FILES as ECONOMY
from tests.dashboard.test_safety_product import FILES as SAFETY
from tests.dashboard.test_tasks_product import FILES as TASKS

SCREENS = sorted(set(screens()) - {"explain", "party"})
LEFT = {"every second": 0, "every other second": 1, "none of what is new": None}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return load_files(tmp_path_factory.mktemp("home"), {**ECONOMY, **SAFETY, **TASKS})[0]


def gone(home: Path, left: int | None) -> list[str]:
    """Entries that a catalogue of before does not have: with them goes what is made from them."""
    entries = indicators(started(home).snapshots.current())
    kept = {name for at, (name, one) in enumerate(entries.items()) if one.code.startswith("DVC") or at % 2 == left}
    used = {name: {of for _, of in references(one.spec.get("tree", 0))} | ({one.spec["ages_of"]} if
                   one.spec.get("ages_of") else set()) for name, one in entries.items()}  # fmt: skip
    while incomplete := {name for name in kept if not used[name] <= kept}:
        kept -= incomplete
    return sorted(set(entries) - kept)


@pytest.mark.parametrize("left", LEFT)
def test_a_screen_shows_what_its_catalogue_has(published: Path, tmp_path: Path, left: str) -> None:
    home = tmp_path / "home"
    shutil.copytree(published, home)
    names = ", ".join(f"'{name}'" for name in gone(published, LEFT[left]))
    change(home, f"DELETE FROM indicator WHERE id IN ({names})")
    app = started(home)
    for role in ("leader", "steward"):
        scope = here_at(app, role=role).scope
        assert scope != NOBODY and STATE in scope.clearances
        for code in SCREENS:
            if screens()[code].is_for(scope):
                assert page(app, page=code, role=role)
