"""The first reader of a new snapshot should not wait: what everyone opens is asked once beforehand."""

from __future__ import annotations

import logging
import threading
from typing import Final

from dashboard import numbers
from dashboard.here import arrive
from dashboard.running import Running
from dashboard.screens import hotline, public_services
from dashboard.url import View
from dashboard.wall.boards import Boards
from dashboard.words import PersonError

LOG = logging.getLogger(__name__)
EVERY: Final = 5.0
"""Seconds between looks at the pointer; a look costs one stat."""


class Warmer:
    """A thread that asks for what everyone opens whenever another snapshot comes into force."""

    def __init__(self, running: Running, boards: Boards) -> None:
        self._running = running
        self._boards = boards
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="warmer", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End and wait for the end."""
        self._stop.set()
        self._thread.join(timeout=EVERY + 5)

    def _watch(self) -> None:
        seen = 0
        while not self._stop.is_set():
            try:
                seen = warm(self._running, self._boards, seen)
            except PersonError as error:
                LOG.warning("nothing to warm: %s", error)
            except Exception:
                # A fault here costs the first reader some seconds, and no more.
                LOG.exception("warming failed")
            self._stop.wait(EVERY)


def warm(running: Running, boards: Boards, seen: int) -> int:
    """Ask for what everyone opens unless snapshot `seen` is still in force; returns the one in force."""
    newest = running.snapshots.current().id
    if newest == seen:
        return seen
    boards.warm()
    for lang in ("", "en"):
        here = arrive(running, View(role=running.settings.role, lang=lang))
        for row in (public_services.ROW, hotline.ROW):
            numbers.many(here, row)
            for name in numbers.known(here, row):
                numbers.history(here, name)
    return newest
