"""An installation is one folder: what came in, what was published, and the key that ties the two."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
from pathlib import Path
from typing import Final

from pipelines.errors import PersonError

BUSY: Final = 75  # EX_TEMPFAIL: nothing is wrong, try again later
PRIVATE: Final = ("hold", "archive", "returned", "scratch", "log", "keys")
SHARED: Final = ("exchange", "audit")
"""Where the dashboard writes, whose user is another one of the same group."""
FOLDERS: Final = ("inbox", "snapshots", *SHARED, *PRIVATE)


@dataclass(frozen=True)
class Home:
    """The paths of one installation; nothing but names, so that a test can point anywhere."""

    root: Path

    @property
    def inbox(self) -> Path:
        """Where agencies drop files, one folder per source."""
        return self.root / "inbox"

    @property
    def archive(self) -> Path:
        """Every file ever taken in, named by its SHA-256, with its first-receipt time beside it."""
        return self.root / "archive"

    @property
    def snapshots(self) -> Path:
        """The published generations, two files each."""
        return self.root / "snapshots"

    @property
    def scratch(self) -> Path:
        """Drafts and chunks; emptied whenever a writer starts."""
        return self.root / "scratch"

    @property
    def log(self) -> Path:
        """What went wrong, for the operator."""
        return self.root / "log"

    @property
    def current(self) -> Path:
        """The one line that says which generation is in force."""
        return self.root / "CURRENT"

    @property
    def ledger(self) -> Path:
        """One line per verdict, for ever."""
        return self.root / "ledger.jsonl"

    @property
    def lock(self) -> Path:
        """Held by the writer while it writes; no reader ever touches it."""
        return self.root / "lock"

    @property
    def key(self) -> Path:
        """The key under which case numbers become pseudonyms; part of every backup."""
        return self.root / "keys" / "pseudonym.key"

    @property
    def demo_mark(self) -> Path:
        """Says that everything in this home was invented."""
        return self.root / "keys" / "demo"

    @property
    def quoted(self) -> Path:
        """Generations that somebody wants kept for good, one number a line; they are never removed."""
        return self.root / "quoted.txt"

    @property
    def exports(self) -> Path:
        """The dashboard's audit: every export and meeting pack, each line with the generation that it quotes."""
        return self.root / "audit" / "exports.jsonl"

    @property
    def rolled_back(self) -> Path:
        """What an operator's rollback leaves out until the contract changes or a rebuild is asked for."""
        return self.root / "rollback.json"


def open_home(root: Path, checkout: Path | None = None) -> Home:
    """The home at `root`, its folders made where missing.

    A real home does not lie inside the checkout, where an update or a `git clean` would reach it;
    only `data/local`, the demo's, may. Raises PersonError otherwise.
    """
    root = root.expanduser().resolve()
    _refuse_inside(root, checkout)
    for name in FOLDERS:
        folder = root / name
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            if name in PRIVATE:
                folder.chmod(0o700)
            elif name in SHARED:
                folder.chmod(0o2770)  # what either writes belongs to the group
    return Home(root)


def _refuse_inside(root: Path, checkout: Path | None) -> None:
    if checkout is None or not (checkout / "pyproject.toml").is_file():
        return
    inside = root == checkout or checkout in root.parents
    if inside and root != checkout / "data" / "local":
        raise PersonError(
            f"Thư mục cài đặt {root} nằm trong mã nguồn. Hãy chọn nơi khác bằng --home hoặc IOC_HOME.",
            f"The home {root} lies inside the source checkout. Choose another place with --home or IOC_HOME.",
        )


def pseudonym_key(home: Home, create: bool) -> bytes:
    """The installation's key, 32 bytes; made on the very first load only (`create`).

    Raises PersonError when it is missing although files were taken in under it: a new key would give
    every case a second identity.
    """
    if home.key.is_file():
        return _parse_key(home.key)
    if not create or any(home.archive.glob("*/*.json")):
        raise PersonError(
            f"Thiếu khóa bí danh {home.key}. Hãy khôi phục khóa từ bản sao lưu; nếu không có khóa này, "
            "các hồ sơ cũ không thể được nhận ra và việc dựng lại bị từ chối.",
            f"The pseudonym key {home.key} is missing. Restore it from the backup; without it old cases "
            "cannot be recognised, so loading and rebuilding are refused.",
        )
    write_key(home, secrets.token_bytes(32))
    return _parse_key(home.key)


def _parse_key(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError:
        key = b""
    if len(key) != 32:
        raise PersonError(
            f"Khóa bí danh {path} bị hỏng. Hãy khôi phục từ bản sao lưu.",
            f"The pseudonym key {path} is damaged. Restore it from the backup.",
        )
    return key


def write_key(home: Home, key: bytes) -> None:
    """Store `key` (32 bytes) so that only this user can read it; an existing key is never overwritten."""
    handle = os.open(home.key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(key.hex() + "\n")
        out.flush()
        os.fsync(out.fileno())


def demo_key(seed: int) -> bytes:
    """The demo's key: a function of its seed, so that the same demo has the same pseudonyms everywhere."""
    return hashlib.sha256(f"invented records, seed {seed}".encode()).digest()


def key_check(key: bytes) -> str:
    """A mark of the key that snapshots carry, so that a foreign key is noticed before it is used."""
    return hmac.new(key, b"which key is this?", hashlib.sha256).hexdigest()[:16]


@contextmanager
def writer_lock(home: Home, who: str) -> Iterator[None]:
    """Hold the installation's writing lock; `who` (process, start time) is what the next one is told.

    Raises PersonError with exit code 75 when another writer holds it. The kernel lets go of the lock
    when its holder dies, so there is no stale lock to remove.
    """
    handle = os.open(home.lock, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        _take(handle, home)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{who}\n".encode(), 0)
        yield
        os.ftruncate(handle, 0)
        flock(handle, LOCK_UN)
    finally:
        os.close(handle)


def _take(handle: int, home: Home) -> None:
    try:
        flock(handle, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        holder = home.lock.read_text(encoding="utf-8", errors="replace").strip() or "?"
        raise PersonError(
            f"Một tiến trình khác đang ghi vào {home.root} ({holder}). Chưa có gì được nạp; hãy thử lại sau.",
            f"Another process is writing to {home.root} ({holder}). Nothing was loaded; try again later.",
            BUSY,
        ) from None
