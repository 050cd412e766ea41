"""A child serves file after file; when it dies, one file is lost to it and the next gets a new child."""

from __future__ import annotations

import errno
import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from pipelines.errors import Reason, Rejected
from pipelines.read.format import Limits

PATIENCE: Final = 120.0  # seconds for a child to come up
PACKAGE_ROOT: Final = Path(__file__).resolve().parents[2]
DEATHS: Final[Mapping[int, str]] = {
    signal.SIGXCPU: "reader_too_slow",
    signal.SIGABRT: "reader_out_of_memory",  # what Rust does when memory is refused
    signal.SIGKILL: "reader_killed",
}


class Worker:
    """A context manager around one child process, started when first needed, replaced when spent."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The child's process id, None while there is no child."""
        return self._child.pid if self._child else None

    def warm(self) -> None:
        """Have a child that has imported what reading takes; where none comes up, the first file will be told why."""
        with suppress(OSError, Rejected):
            self.ask("warm", 0, Limits(), {})

    def interrupt(self) -> None:
        """From another thread: end the child, so that whoever waits for its answer is told that it died."""
        if child := self._child:
            child.kill()

    def close(self) -> None:
        """End the child, if there is one."""
        if self._child:
            self._child.kill()
            self._child.communicate()
            self._child = None

    def ask(self, task: str, size: int, limits: Limits, request: Mapping[str, Any]) -> dict[str, Any]:
        """The child's answer to `task` about a file of `size` bytes; raises Rejected with its reason.

        Also the death of the child and its silence beyond `limits` are reasons to reject the file. Raises OSError
        where the machine failed, as on a full disk: then nothing is known about the file.
        """
        if self._child and self._child.poll() is not None:
            self.close()  # it died of something else between two files
        child = self._child or self._start()
        line = json.dumps({"task": task, "size": size, "limits": limits.as_json(), **request})
        try:
            text = _talk(child, f"{line}\n".encode(), limits.wall_seconds(size))
        except TimeoutError as late:
            self.close()
            raise Rejected(Reason("reader_too_slow")) from late
        if not text.endswith(b"\n"):
            raise Rejected(self._cause_of_death(child))
        answer: dict[str, Any] = json.loads(text)
        if answer.get("tired"):
            self.close()
        if failed := answer.get("failed"):
            raise OSError(failed, os.strerror(failed))
        if refused := answer.get("rejected"):
            raise Rejected(Reason(refused["code"], refused["values"]))
        return answer

    def _cause_of_death(self, child: subprocess.Popen[bytes]) -> Reason:
        code = child.wait()
        self.close()
        return Reason(DEATHS.get(-code, "reader_died"), {"code": code})

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipelines.read.child"]
        environment = {"PYTHONPATH": str(PACKAGE_ROOT), "PYTHONIOENCODING": "utf-8", "OPENBLAS_NUM_THREADS": "1"}
        self._child = subprocess.Popen(  # noqa: S603 - our own module under our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        if not _hear(self._child, PATIENCE).endswith(b"\n"):
            self.close()
            raise OSError(errno.EAGAIN, "the reading child did not come up")
        return self._child


def warm(*workers: Worker) -> None:
    """Have all of them up, side by side."""
    with ThreadPoolExecutor(len(workers)) as pool:
        list(pool.map(Worker.warm, workers))


def _talk(child: subprocess.Popen[bytes], line: bytes, patience: float) -> bytes:
    """The child's line in return; what is shorter than a line is its death; raises TimeoutError on silence."""
    assert child.stdin and child.stdout
    try:
        child.stdin.write(line)
        child.stdin.flush()
    except BrokenPipeError:
        return b""
    return _hear(child, patience)


def _hear(child: subprocess.Popen[bytes], patience: float) -> bytes:
    """The next line of the child; shorter than a line where it died; raises TimeoutError on silence."""
    assert child.stdout
    if not select.select([child.stdout], [], [], patience)[0]:
        raise TimeoutError
    return child.stdout.readline()
