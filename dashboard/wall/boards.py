"""One board per view, profile, snapshot and day, made once and handed out as bytes to every screen that asks."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from typing import Final

import orjson

from dashboard.agreed import log_of
from dashboard.assets import ROOT
from dashboard.here import arrive
from dashboard.running import Running
from dashboard.snapshot import Snapshot
from dashboard.url import THEMES, View, read
from dashboard.wall.board import board
from dashboard.wall.plan import Plan
from dashboard.words import LANGUAGES

LOG = logging.getLogger(__name__)
KEPT: Final = 64
"""Different boards kept; a room full of walls asks for a handful."""
Key = tuple[View, str]
Now = tuple[int, date, int]


@dataclass(frozen=True)
class Made:
    """A board as it goes over the wire, and of which snapshot, day and state of the tasks agreed it is."""

    tag: str
    body: bytes
    of: Now


class Boards:
    """Boards in force, shared by all requests; a new snapshot is read by one of them while the old one is shown."""

    def __init__(self, running: Running, plan: Plan) -> None:
        self._running = running
        self.plan = plan
        self._made: OrderedDict[Key, Made] = OrderedDict()
        self._lock = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}

    def ready(self, view: View, profile: str, now: Now | None = None) -> Made | None:
        """The board of a view without waiting; an older one while the newest is being made in the background.

        Raises PersonError when there is no snapshot at all. Who has asked for `now` already need not ask again.
        """
        now = now or self.now()
        with self._lock:
            found = self._made.get(self._key(view, profile))
        if found is not None and found.of != now:
            self._refresh(view, profile)
        return found

    def is_making(self, view: View, profile: str) -> bool:
        """Whether somebody is making this board now: everybody else may ask again instead of holding a thread."""
        with self._lock:
            mine = self._making.get(self._key(view, profile))
        return mine is not None and mine.locked()

    def made(self, view: View, profile: str) -> Made:
        """The newest board of a view; whoever asks while it is being made waits for the same one."""
        now, key = self.now(), self._key(view, profile)
        with self._lock:
            mine = self._making.setdefault(key, threading.Lock())
        with mine:
            with self._lock:
                found = self._made.get(key)
            return found if found is not None and found.of == now else self._make(view, key, now)

    def warm(self) -> None:
        """Make what screens have asked for, and what they usually ask for, before anybody has to wait for it."""
        profiles = [one.name for one in self.plan.profiles] or [""]
        usual = [(read({"lang": lang, "theme": theme, "role": "wall"}), profile)
                 for profile in profiles for lang in LANGUAGES for theme in THEMES]  # fmt: skip
        with self._lock:
            asked = list(self._made)
        for view, profile in (*asked, *usual):
            self.made(view, profile)

    def _make(self, view: View, key: Key, now: Now) -> Made:
        told = board(arrive(self._running, view), self.plan, key[1]) | {"assets": ROOT}
        body = orjson.dumps(told)
        made = Made(f'"{hashlib.sha256(body).hexdigest()[:16]}"', body, now)
        with self._lock:
            self._made[key] = made
            self._made.move_to_end(key)
            while len(self._made) > KEPT:
                self._making.pop(self._made.popitem(last=False)[0], None)
        return made

    def _refresh(self, view: View, profile: str) -> None:
        """Begin making the newest board, unless somebody has begun already."""
        key = self._key(view, profile)
        with self._lock:
            mine = self._making.setdefault(key, threading.Lock())
        if not mine.locked():
            threading.Thread(target=self._quietly, args=(view, profile), name="wall", daemon=True).start()

    def _quietly(self, view: View, profile: str) -> None:
        try:
            self.made(view, profile)
        except Exception:
            # The walls keep the last good board, whose age they say themselves.
            LOG.exception("the board of a new snapshot could not be made")

    def now(self, shown: Snapshot | None = None) -> Now:
        """What is in force: generation (of `shown`, where the caller has it at hand), day, last task agreed."""
        settings = self._running.settings
        return (shown or self._running.snapshots.current()).id, settings.today(), log_of(settings.home).changed

    def _key(self, view: View, profile: str) -> Key:
        return view, self.plan.profile(profile).name
