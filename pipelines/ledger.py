"""The ledger outlives every snapshot: a line per verdict, only ever appended, chained to the one before."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Line = Mapping[str, Any]
START = "0" * 32
TAIL = 1 << 16


def read_ledger(path: Path) -> list[dict[str, Any]]:
    """All whole lines, oldest first, without their chain mark; damaged lines are left to `damage`."""
    return [line for line, _ in _lines(path) if line is not None]


def damage(path: Path) -> list[int]:
    """Numbers (1-based) of lines that are not what was written, or whose predecessor is gone."""
    bad, previous = [], START
    for number, (line, chain) in enumerate(_lines(path), 1):
        if line is None or chain != _chain(previous, _body(line)):
            bad.append(number)
        previous = chain
    return bad


def append(path: Path, lines: Iterable[Line]) -> None:
    """Add `lines` and return once they are on the disk; the tail of an interrupted writer is cut off first.

    A torn tail was acknowledged to nobody: its verdict is written again from the snapshot. Where the disk fails,
    nothing of `lines` stays, or the next run would write them a second time.
    """
    bodies = [_body(line) for line in lines]
    if not bodies:
        return
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end, previous = _whole_part(handle)
        text = []
        for body in bodies:
            previous = _chain(previous, body)
            text.append(f'{body[:-1]}, "chain": "{previous}"}}\n')
        _add(handle, "".join(text).encode(), end)
    finally:
        os.close(handle)


def identity(line: Line) -> tuple[str, str, str]:
    """Which bytes (or name, where no byte was read), of which source, and how it went."""
    return str(line.get("sha256") or line.get("file")), str(line["source"]), str(line["verdict"])


def _body(line: Line) -> str:
    return json.dumps(dict(line), ensure_ascii=False)


def _chain(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}{body}".encode()).hexdigest()[:32]


def _lines(path: Path) -> Iterator[tuple[dict[str, Any] | None, str]]:
    if not path.exists():
        return
    for raw in path.read_bytes().splitlines():
        try:
            line = json.loads(raw)
            yield line, line.pop("chain")
        except (ValueError, KeyError, AttributeError, TypeError):
            yield None, ""


def _whole_part(handle: int) -> tuple[int, str]:
    """Where the last whole line ends, and its chain mark; what lies behind is cut off."""
    size = os.fstat(handle).st_size
    content, reach = b"", 0
    # Two line ends show the last whole line; a ledger of many years is not read from its beginning for that.
    while reach < size and content.count(b"\n") < 2:
        reach = min(size, max(TAIL, 2 * reach))
        content = os.pread(handle, reach, size - reach)
    whole = content.rfind(b"\n") + 1
    end = size - len(content) + whole
    if end < size:
        os.ftruncate(handle, end)
    last = content[:whole].splitlines()[-1:]
    return end, _mark(last[0]) if last else START


def _mark(raw: bytes) -> str:
    try:
        return str(json.loads(raw)["chain"])
    except (ValueError, KeyError, TypeError):
        return ""


def _add(handle: int, content: bytes, offset: int) -> None:
    try:
        _write_all(handle, content, offset)
        os.fsync(handle)
    except OSError:
        with suppress(OSError):  # a disk that refuses this as well leaves a line too many, and no line too few
            os.ftruncate(handle, offset)
        raise


def _write_all(handle: int, content: bytes, offset: int) -> None:
    while content:
        done = os.pwrite(handle, content, offset)
        content, offset = content[done:], offset + done
