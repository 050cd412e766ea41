"""One thread watches every running query and interrupts those that take too long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Protocol

_TICK: Final = 0.2  # seconds; a query may run this much longer than it should


class Interruptible(Protocol):
    """A cursor, as far as the watch needs to know it."""

    def interrupt(self) -> None:
        """Stop the query that runs now."""


class Watch:
    """A timer per query would cost more than the query: starting a thread takes half a millisecond."""

    def __init__(self) -> None:
        self._deadlines: dict[int, tuple[float, Interruptible]] = {}
        self._busy = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def over(self, cursor: Interruptible, seconds: float) -> Iterator[None]:
        """Interrupt `cursor` when the block runs longer than `seconds`."""
        with self._lock:
            self._deadlines[id(cursor)] = (time.monotonic() + seconds, cursor)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="query-watch", daemon=True)
                self._thread.start()
        self._busy.set()
        try:
            yield
        finally:
            with self._lock:
                self._deadlines.pop(id(cursor), None)

    def _run(self) -> None:
        while True:
            self._busy.wait()
            time.sleep(_TICK)
            self._interrupt_late()

    def _interrupt_late(self) -> None:
        with self._lock:
            if not self._deadlines:
                self._busy.clear()
            now = time.monotonic()
            # Interrupted under the lock: afterwards the cursor may already run somebody else's query.
            for deadline, cursor in self._deadlines.values():
                if now >= deadline:
                    cursor.interrupt()


WATCH: Final = Watch()
