"""The door to a home: which snapshot is in force, verified once per generation and never taken on trust."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb

from dashboard.snapshot.opened import PARTY, STATE, Limits, Snapshot
from dashboard.snapshot.pointer import file_of, is_damaged, kept, promises, read_pointer, sha256, stamp
from dashboard.words import PersonError

_HELD: Final = 6  # open files; a reader who still holds an older one keeps it alive
Stamp = tuple[int, ...] | None


@dataclass(frozen=True)
class Trouble:
    """Why an older generation is shown than CURRENT names; `key` is an entry of `words.toml`."""

    key: str
    generation: int


class BrokenError(Exception):
    """A file is not what was published; `key` says how."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass
class Snapshots:
    """Open snapshots of one home; safe to share between threads."""

    home: Path
    limits: Limits = field(default_factory=Limits)
    trouble: Trouble | None = None
    _held: OrderedDict[tuple[int, str], tuple[Stamp, Snapshot]] = field(default_factory=OrderedDict)
    _seen: tuple[Stamp, Stamp] | None = None
    _named: int = 0  # the generation that CURRENT names
    _shown: int | None = None
    _at_hand: tuple[tuple[Stamp, Stamp], Snapshot] | None = None
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def current(self) -> Snapshot:
        """The state file in force; costs two stats while nothing has changed.

        When it is missing or damaged, the generation shown before it (after a start: the newest older one
        that verifies) is shown and `trouble` says why. Raises PersonError when there is nothing to show.
        """
        found = self.at_hand()
        if found is not None:
            return found
        with self._lock:
            seen = self._look()
            if self._shown is None or seen != self._seen:
                self._shown = self._choose()
                self._seen = self._look()
            found = self._get(self._shown, STATE)
            self._at_hand = None if self.trouble else (self._seen or seen, found)
            return found

    def at_hand(self) -> Snapshot | None:
        """The file in force where nothing has changed since the last look; it waits for nobody and opens nothing."""
        held = self._at_hand
        return held[1] if held is not None and held[0] == self._look() else None

    def at(self, generation: int) -> Snapshot:
        """A kept generation, such as one that an export quotes. Raises PersonError when it is not to be had."""
        return self._get(generation, STATE)

    def party(self, snapshot: Snapshot) -> Snapshot:
        """The Party file of the same generation: an object of its own, for scopes with Party clearance only."""
        return self._get(snapshot.id, PARTY)

    def _look(self) -> tuple[Stamp, Stamp]:
        return stamp(self.home / "CURRENT"), stamp(file_of(self.home, self._named, STATE))

    def _get(self, generation: int, clearance: str) -> Snapshot:
        with self._lock:
            try:
                return self._verified(generation, clearance)
            except BrokenError as error:
                raise PersonError(error.key, exit_code=3, generation=generation) from None

    def _choose(self) -> int:
        """The generation to show, and `trouble`; the pointer is read again once, should its file be gone."""
        self.trouble = Trouble("snapshot.no_pointer", 0)
        for _ in range(2):
            pointer = read_pointer(self.home)
            self._named = pointer.generation if pointer else 0
            if pointer is None or is_damaged(self.home, pointer):
                self._named = 0
                break
            try:
                self._verified(pointer.generation, STATE)
            except BrokenError as error:
                self.trouble = Trouble(error.key, pointer.generation)
            else:
                self.trouble = None
                return pointer.generation
        return self._older()

    def _older(self) -> int:
        """Never a newer one: a generation may have been taken back for a reason."""
        candidates = [found for found in kept(self.home) if not self._named or found < self._named]
        if self._shown is not None and self._shown != self._named:
            candidates.insert(0, self._shown)
        for generation in candidates:
            try:
                self._verified(generation, STATE)
            except BrokenError:
                continue
            return generation
        raise PersonError("snapshot.none", exit_code=3, home=self.home)

    def _verified(self, generation: int, clearance: str) -> Snapshot:
        key, path = (generation, clearance), file_of(self.home, generation, clearance)
        found = stamp(path)
        if key in self._held and found in (None, self._held[key][0]):
            self._held.move_to_end(key)  # an open file outlives its name
            return self._held[key][1]
        self._held.pop(key, None)
        self._held[key] = found, self._opened(path, generation, clearance)
        while len(self._held) > _HELD:
            self._held.popitem(last=False)
        return self._held[key][1]

    def _opened(self, path: Path, generation: int, clearance: str) -> Snapshot:
        promised = promises(self.home, generation, clearance)
        if not promised:
            raise BrokenError("snapshot.unknown")
        try:
            if sha256(path) not in promised:
                raise BrokenError("snapshot.damaged")
            return Snapshot(path, generation, clearance, self.limits)
        except OSError:
            raise BrokenError("snapshot.missing") from None
        except duckdb.Error:
            raise BrokenError("snapshot.damaged") from None
