"""The one running dashboard of this process: what the entry script of every session is handed.

Streamlit calls a script without arguments, so the settings that `serve` was given wait here; nothing else
in the code reads them from anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Final

from dashboard.boundaries import Boundary, load_boundaries
from dashboard.export import Counter
from dashboard.people import Entrance
from dashboard.settings import Settings
from dashboard.snapshot import Limits, Snapshots


@dataclass(frozen=True)
class Running:
    """Settings with the doors they open: snapshots, map shapes, the export counter, and who may come in."""

    settings: Settings
    snapshots: Snapshots
    boundaries: Mapping[str, Boundary] = field(default_factory=dict)
    exports: Counter = field(default_factory=lambda: Counter(None))
    entrance: Entrance = field(default_factory=lambda: Entrance(Path()))


PRODUCT_DATA: Final = Path(str(files("dashboard"))).parent / "data"
"""Beside the package in a checkout; where it is not there, there are no maps unless `--data` names them."""
_RUNNING: list[Running] = []


def start(settings: Settings) -> Running:
    """Open the doors of `settings` and make them this process's; called once by `serve`, and by tests."""
    limits = Limits(settings.memory, settings.threads, settings.seconds)
    running = Running(
        settings,
        Snapshots(settings.home, limits),
        load_boundaries(settings.data or PRODUCT_DATA),
        Counter(settings.home / "audit"),
        Entrance(settings.data or PRODUCT_DATA),
    )
    _RUNNING[:] = [running]
    return running


def running() -> Running:
    """What `start` made; an entry script that runs without it is a bug of ours."""
    assert _RUNNING, "dashboard.running.start was not called"
    return _RUNNING[0]
