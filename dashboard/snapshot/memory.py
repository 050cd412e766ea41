"""What has been answered once is not asked again; who asks while it is being answered waits for that answer."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar, cast

AT_ONCE: Final = 2
"""Answers that are worked out at the same time: more would only wait for each other, and the walls for all of them."""
T = TypeVar("T")


PATIENCE: Final = 1.0
"""Seconds to wait for room before working without it: a pack that takes ten seconds holds up nobody for ten."""


class Desk:
    """Room for `many` threads to work; who works already has room for everything that this work asks for."""

    def __init__(self, many: int = AT_ONCE, patience: float = PATIENCE) -> None:
        self._room = threading.Semaphore(many)
        self._patience = patience
        self._mine = threading.local()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for room, though not for ever, and give it back."""
        if getattr(self._mine, "seated", False):
            yield
            return
        has_room = self._room.acquire(timeout=self._patience)
        self._mine.seated = True
        try:
            yield
        finally:
            self._mine.seated = False
            if has_room:
                self._room.release()


DESK: Final = Desk()
"""The one of this process: all snapshots share its cores."""


class Memory:
    """The newest `most` answers. Twenty people who open the same view at once cost what one of them costs."""

    def __init__(self, most: int, desk: Desk = DESK) -> None:
        self._most = most
        self._desk = desk
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, Any] = OrderedDict()
        self._asked: dict[Hashable, threading.Event] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The answer under `key`, made by `make` where nobody has; what `make` raises reaches its own caller only."""
        with self._lock:
            if key in self._known:
                return cast(T, self._found(key))
        # A place first and the question after it: nobody who still waits for a place is waited for.
        with self._desk.place():
            return self._get(key, make)

    def _get(self, key: Hashable, make: Callable[[], T]) -> T:
        while True:
            with self._lock:
                if key in self._known:
                    return cast(T, self._found(key))
                answered = self._asked.get(key)
                if answered is None:
                    mine = self._asked[key] = threading.Event()
                    break
            # Also after a failure: then the first of those who waited tries for itself.
            answered.wait()
        return self._made(key, make, mine)

    def _found(self, key: Hashable) -> object:
        self._known.move_to_end(key)
        return self._known[key]

    def _made(self, key: Hashable, make: Callable[[], T], mine: threading.Event) -> T:
        try:
            made = make()
            self._keep(key, made)
            return made
        finally:
            with self._lock:
                del self._asked[key]
            mine.set()

    def _keep(self, key: Hashable, made: object) -> None:
        with self._lock:
            self._known[key] = made
            while len(self._known) > self._most:
                self._known.popitem(last=False)
