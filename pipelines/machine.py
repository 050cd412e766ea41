"""A full disk is nobody's fault who sent a file: what the machine failed at is told apart from what a file did."""

from __future__ import annotations

import errno
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import polars as pl

# ENOMEM and EFBIG are missing: inside the reading child they are its own limits, and so the file's fault.
ERRNOS: Final = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.EROFS, errno.ESTALE, errno.ENODEV}
)
# Libraries in Rust, and those that wrap an OSError, keep nothing of it but its text.
TOLD: Final = re.compile(r"\(os error (\d{1,3})\)|\[Errno (\d{1,3})\]")
_DEPTH: Final = 8
COURTESY: Final = 5
"""How much nicer work that nobody waits for is: of a core that somebody else wants too it has a quarter."""
T = TypeVar("T")


def failure(error: BaseException) -> OSError | None:
    """The failure of the machine that `error` is, or was raised from, or tells of in words; None where it is none."""
    cause: BaseException | None = error
    for _ in range(_DEPTH):
        if cause is None:
            return None
        if (code := _code(cause)) in ERRNOS:
            return cause if isinstance(cause, OSError) and cause.errno == code else OSError(code, os.strerror(code))
        cause = cause.__cause__ or cause.__context__
    return None


def write_rows(frame: pl.DataFrame, path: Path) -> None:
    """Write rows that we read again ourselves; raises the OSError itself, of which Polars keeps no number."""
    made = BytesIO()
    frame.write_parquet(made, compression="lz4", statistics=False)
    with path.open("wb", buffering=0) as file:
        content = made.getbuffer()
        while content:
            content = content[file.write(content) :]


def give_way() -> None:
    """Let everybody else go first, as far as this thread is concerned, for as long as it lives."""
    me = threading.get_native_id()
    os.setpriority(os.PRIO_PROCESS, me, os.getpriority(os.PRIO_PROCESS, me) + COURTESY)


def courteously(work: Callable[[], T]) -> T:
    """`work()`, in a thread to which whoever makes the new numbers visible is preferred; raises what it raises."""
    with ThreadPoolExecutor(1, initializer=give_way) as pool:
        return pool.submit(work).result()


def blame(error: BaseException) -> None:
    """Raise the failure of the machine behind `error`, if there is one: then no file is to be judged by it."""
    if (failed := failure(error)) is not None:
        raise failed from error


def _code(error: BaseException) -> int:
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno
    told = str(error)[:500]
    if type(error).__module__.endswith("duckdb"):  # which tells an error number by its sentence alone
        return next((code for code in ERRNOS if os.strerror(code) in told), 0)
    found = TOLD.search(told)
    return int(found[1] or found[2]) if found else 0
