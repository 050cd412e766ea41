"""A wall is nobody: a token names one profile until one day, and a line in the grants file can take it back."""

from __future__ import annotations

import hmac
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from dashboard.words import PersonError

COOKIE: Final = "ioc_wall"
DIGITS: Final = 32
"""Hex digits of a signature: 128 bits."""
KEY_BYTES: Final = 32
MOST_DAYS: Final = 366
HEAD: Final = """# One entry per wall that was given a token. Set `revoked = true` to shut a wall out: the file is read
# again whenever it changes. The other lines are signed: a token whose entry was changed is not valid.
"""


@dataclass(frozen=True)
class Grant:
    """What one token allows: to show one profile until the end of a day."""

    id: str
    profile: str
    until: date
    revoked: bool = False

    def holds(self, today: date) -> bool:
        """Whether it is still in force."""
        return not self.revoked and today <= self.until


class Walls:
    """The grants of an installation and the key that signs them, in `walls/` of its home."""

    def __init__(self, home: Path) -> None:
        self._folder = home / "walls"
        self._seen: tuple[int, int] = (0, 0)
        self._grants: dict[str, Grant] = {}

    @property
    def file(self) -> Path:
        """The grants file."""
        return self._folder / "grants.toml"

    def issue(self, profile: str, days: int, today: date, random: Callable[[int], bytes]) -> tuple[Grant, str]:
        """A new grant and its token, which is not kept anywhere. Raises PersonError for days out of range."""
        if not 1 <= days <= MOST_DAYS:
            raise PersonError("wall.days_range", most=MOST_DAYS)
        key = self._key(random)
        grant = Grant(random(6).hex(), profile, today + timedelta(days=days))
        head = "" if self.file.exists() else HEAD
        entry = f'\n[[walls]]\nid = "{grant.id}"\nprofile = "{profile}"\nuntil = {grant.until}\nrevoked = false\n'
        with self.file.open("a", encoding="utf-8") as file:
            file.write(head + entry)
        return grant, f"{grant.id}.{_signed(key, grant)}"

    def read(self, token: str, today: date) -> Grant | None:
        """The grant of a token; None when it is forged, changed, revoked or over."""
        name, _, signature = token.partition(".")
        grant = self._known().get(name)
        if grant is None or not grant.holds(today) or not self._key_file.is_file():
            return None
        right = hmac.compare_digest(signature.encode(), _signed(self._key_file.read_bytes(), grant).encode())
        return grant if right else None

    @property
    def _key_file(self) -> Path:
        return self._folder / "key"

    def _key(self, random: Callable[[int], bytes]) -> bytes:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not self._key_file.exists():
            self._key_file.touch(mode=0o600)
            self._key_file.write_bytes(random(KEY_BYTES))
        return self._key_file.read_bytes()

    def _known(self) -> dict[str, Grant]:
        try:
            found = self.file.stat()
        except FileNotFoundError:
            return {}
        if self._seen != (found.st_mtime_ns, found.st_size):
            self._grants = _parsed(self.file)
            self._seen = (found.st_mtime_ns, found.st_size)
        return self._grants


def _parsed(path: Path) -> dict[str, Grant]:
    """All grants; a file that somebody broke by hand lets no wall in."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8")).get("walls", [])
        grants = [Grant(str(one["id"]), str(one["profile"]), one["until"], one["revoked"] is not False) for one in raw]
    except (KeyError, TypeError, ValueError, AttributeError):
        return {}
    return {grant.id: grant for grant in grants if isinstance(grant.until, date)}


def _signed(key: bytes, grant: Grant) -> str:
    told = f"{grant.id}\n{grant.profile}\n{grant.until.isoformat()}"
    return hmac.new(key, told.encode(), "sha256").hexdigest()[:DIGITS]
