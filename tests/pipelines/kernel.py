"""Between a program and its kernel sits a listener that may say: the disk is full.

A seccomp filter hands every call that writes, syncs, renames or opens to whoever holds its descriptor; the
answer is "go on" or an error number. So Python, DuckDB, Polars and the child that reads files fail alike, and the
product knows nothing of it. Linux on x86-64 only; elsewhere `available()` says so and the tests are skipped.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import platform
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

WRITE, SYNC, NAME, OPEN = "write", "sync", "name", "open"
# system call -> (family, what its first argument is, which argument is a second path)
CALLS: Final[dict[int, tuple[str, str]]] = {
    1: (WRITE, "fd"), 18: (WRITE, "fd"), 20: (WRITE, "fd"), 296: (WRITE, "fd"), 328: (WRITE, "fd"),
    40: (WRITE, "fd"), 77: (WRITE, "fd"), 285: (WRITE, "fd"), 326: (WRITE, "third fd"),
    74: (SYNC, "fd"), 75: (SYNC, "fd"), 277: (SYNC, "fd"),
    82: (NAME, "path"), 264: (NAME, "at"), 316: (NAME, "at"), 86: (NAME, "path"), 265: (NAME, "at"),
    83: (NAME, "path"), 258: (NAME, "at"), 87: (NAME, "path"), 263: (NAME, "at"),
    2: (OPEN, "path"), 85: (OPEN, "path"), 257: (OPEN, "at"), 437: (OPEN, "at"),
}  # fmt: skip
_SECCOMP, _NO_NEW_PRIVS, _SET_MODE_FILTER, _NEW_LISTENER = 317, 38, 1, 8
_ALLOW, _ASK = 0x7FFF0000, 0x7FC00000
_RECEIVE, _ANSWER, _GO_ON = 0xC0502100, 0xC0182101, 1
_MOST_PATH: Final = 4096


class _Step(ctypes.Structure):
    _fields_ = (("code", ctypes.c_ushort), ("yes", ctypes.c_ubyte), ("no", ctypes.c_ubyte), ("k", ctypes.c_uint))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.POINTER(_Step)))


def available() -> str:
    """Empty where this machine can do it, else why not."""
    if platform.system() != "Linux" or platform.machine() != "x86_64":
        return "faults are injected on Linux x86-64 only"
    release = tuple(int("".join(filter(str.isdigit, part)) or 0) for part in platform.release().split(".")[:2])
    return "" if release >= (5, 5) else "this kernel is too old to be answered for"


def listen() -> int:
    """Filter this thread, and everything it starts from now on; returns the descriptor to answer with.

    Raises OSError where the machine forbids it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    numbers = sorted(CALLS)
    steps = [_Step(0x20, 0, 0, 0), *(_Step(0x15, len(numbers) - at, 0, n) for at, n in enumerate(numbers)),
             _Step(0x06, 0, 0, _ALLOW), _Step(0x06, 0, 0, _ASK)]  # fmt: skip
    program = _Program(len(steps), (_Step * len(steps))(*steps))
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")
    listener: int = libc.syscall(_SECCOMP, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(program))
    if listener < 0:
        raise OSError(ctypes.get_errno(), "seccomp")
    return listener


@dataclass(frozen=True)
class Call:
    """One call that waits for its answer; `path` is what it is about, as far as that can be told."""

    id: int
    family: str
    path: str


def receive(listener: int) -> Call | None:
    """The next call; None when it is gone before it could be asked about."""
    notice = bytearray(80)
    try:
        fcntl.ioctl(listener, _RECEIVE, notice)
    except OSError:
        return None
    number, pid = struct.unpack_from("QI", notice)
    syscall, _, _, *arguments = struct.unpack_from("iIQ6Q", notice, 16)
    family, kind = CALLS[syscall]
    return Call(number, family, _path(pid, kind, arguments))


def answer(listener: int, call: Call, error: int) -> None:
    """Let the call through (`error` 0), or let it fail with that error number."""
    reply = struct.pack("QqiI", call.id, 0, -error, 0 if error else _GO_ON)
    try:
        fcntl.ioctl(listener, _ANSWER, reply)
    except OSError:
        return  # killed meanwhile


def _path(pid: int, kind: str, arguments: list[int]) -> str:
    try:
        if kind.endswith("fd"):
            return os.readlink(f"/proc/{pid}/fd/{_signed(arguments[2 if kind == 'third fd' else 0])}")
        text = _text(pid, arguments[1 if kind == "at" else 0])
        folder = "cwd" if kind == "path" or _signed(arguments[0]) == -100 else f"fd/{_signed(arguments[0])}"
        return text if text.startswith("/") else f"{os.readlink(f'/proc/{pid}/{folder}')}/{text}"
    except OSError:
        return ""


def _text(pid: int, address: int) -> str:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        memory.seek(address)
        return os.fsdecode(memory.read(_MOST_PATH).split(b"\0")[0])


def _signed(value: int) -> int:
    return ctypes.c_int(value & 0xFFFFFFFF).value
