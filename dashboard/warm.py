"""The first reader of a new snapshot should not wait: what everyone opens is asked once beforehand."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from itertools import count
from typing import Final

from dashboard import periods
from dashboard.here import Here, arrive
from dashboard.loading import is_loading
from dashboard.running import Running
from dashboard.screens import screens
from dashboard.url import View
from dashboard.wall.boards import Boards
from dashboard.words import PersonError

LOG = logging.getLogger(__name__)
EVERY: Final = 5.0
"""Seconds between looks at the pointer; a look costs one stat."""
TIDY: Final = 60
"""Looks between two looks for garbage everywhere: five minutes."""
MONTHS: Final = 12
"""Months that are put together ahead: the year that meetings look back on."""
REST: Final = 0.5
"""Seconds of rest between two of them."""


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
        for look in count(1):
            if self._stop.is_set():
                return
            try:
                before, seen = seen, warm(self._running, self._boards, seen)
                if before != seen:
                    settle()
                    earlier(self._running, seen, self._stop.wait)
                    settle()
                elif look % TIDY == 0:
                    gc.collect()
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
        ahead(here)
    return newest


def settle() -> None:
    """Take what is kept out of the sight of the collector, which would walk over all of it while everybody waits.

    What was taken out for the snapshot before comes back first: nothing that is garbage stays for long.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def ahead(here: Here) -> None:
    """Put together the screens of a view that can be; a screen that this role may not see is left out."""
    for screen in screens().values():
        if screen.ahead is not None and screen.is_for(here.scope):
            screen.ahead(here)


def earlier(running: Running, snapshot: int, pause: Callable[[float], bool]) -> None:
    """The months before, newest first, for whoever turns back; left off when another snapshot comes into force.

    `pause` waits between two months, so that this work never stands in the way of somebody who is here now; what
    it says is whether to stop. While a load is under way it waits as well: what it made would soon be of no use.
    """
    newest = arrive(running, View(role=running.settings.role)).period
    for period in reversed(periods.run_of(newest, MONTHS)[:-1]):
        if _stopped(running, pause):
            return
        here = arrive(running, View(role=running.settings.role, period=period.code))
        if here.snapshot.id != snapshot:
            return
        ahead(here)


def _stopped(running: Running, pause: Callable[[float], bool]) -> bool:
    """Wait until there is nothing more urgent; says whether to stop."""
    while not pause(REST):
        if not is_loading(running.settings.home, running.settings.now()):
            return False
    return True
