"""Reading children that outlive the run they were started for: half of what a small run costs is to start them.

Only where the children themselves are not what is tested.
"""

from __future__ import annotations

import atexit
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from pipelines.read import Limits, Worker

_spare: dict[int, list[subprocess.Popen[bytes]]] = {}  # by process: a fork must not talk to its parent's children


class SpareWorker(Worker):
    """Takes a child that another left, and leaves its own to the next, unless something befell it."""

    def __init__(self) -> None:
        super().__init__()
        self._is_busy = False
        self._dying = set[int]()

    def ask(self, task: str, size: int, limits: Limits, request: Mapping[str, Any]) -> dict[str, Any]:
        self._is_busy = True
        try:
            return super().ask(task, size, limits, request)
        finally:
            self._is_busy = False

    def interrupt(self) -> None:
        if self.pid is not None and self._is_busy:  # else nobody waits for an answer
            self._dying.add(self.pid)  # killed, and perhaps not yet seen to be dead
            super().interrupt()

    def close(self) -> None:
        child = self._child
        if child is not None and not self._is_busy and child.pid not in self._dying and child.poll() is None:
            _spare.setdefault(os.getpid(), []).append(child)
            self._child = None
        super().close()

    def _start(self) -> subprocess.Popen[bytes]:
        mine = _spare.get(os.getpid(), [])
        while mine:
            self._child = mine.pop()
            if self._child.poll() is None:
                return self._child
            super().close()
        return super()._start()


@contextmanager
def spared() -> Iterator[None]:
    """Runs that begin in here take the children that earlier ones left."""
    with patch("pipelines.readers.Worker", SpareWorker):
        yield


@atexit.register
def let_go() -> None:
    """End the children that nobody took."""
    for child in _spare.pop(os.getpid(), []):
        child.kill()
        child.communicate()
