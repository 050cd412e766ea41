"""Who somebody is comes from the door through which they came, never from the address that they typed.

`operation/people.toml` names the door and says who may see what, why and until when. Behind a proxy that signs people
in, a name counts only beside the proxy's own secret: whoever reaches this port without it is nobody.
"""

from __future__ import annotations

import hashlib
import hmac
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final

from dashboard.access import AGGREGATES, PACK, QUARANTINE, ROLES
from dashboard.words import PersonError

FILE: Final = Path("operation/people.toml")
DEMO, OPEN, PROXY = "demo", "open", "proxy"
NOT_FOR_PEOPLE: Final = frozenset({"state", "wall"})
"""Roles of the command line, and of screens that nobody sits at."""
LONGEST: Final = 200
"""Characters of a name; a longer one is no name."""
_LIMITS: Final = {
    "units": frozenset({AGGREGATES, QUARANTINE}), "sources": frozenset({QUARANTINE}), "desks": frozenset({PACK}),
}  # fmt: skip
"""What a limit narrows: given to a role that does none of it, it would narrow nothing, which nobody meant."""
_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_HEX: Final = frozenset("0123456789abcdef")
_OF_PROXY: Final = frozenset({"person", "groups", "secret", "secret_sha256", "address", "sign_out"})
_OF_GRANT: Final = frozenset({"person", "group", "role", "units", "sources", "desks", "until", "why"})


@dataclass(frozen=True)
class Grant:
    """What one person, or everybody of one group, was given; None is all there is, `until` is its last day."""

    to: str
    role: str
    why: str
    is_group: bool = False
    units: tuple[str, ...] | None = None
    sources: tuple[str, ...] | None = None
    desks: tuple[str, ...] | None = None
    until: date | None = None

    def holds(self, today: date) -> bool:
        """Whether it is still in force."""
        return self.until is None or today <= self.until


@dataclass(frozen=True)
class Visitor:
    """Who stands in the door: the name that the proxy gave, "" for nobody, and what holds for them today."""

    name: str
    grants: tuple[Grant, ...] = ()
    sign_out: str = ""
    client: str = ""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles they may take: what was given to themselves before what a group of theirs was given."""
        return tuple(dict.fromkeys(one.role for one in self.grants))

    def grant(self, wanted: str) -> Grant | None:
        """What they were given for a role; without it the first thing they were given, None for nothing."""
        return next((one for one in self.grants if one.role == wanted), next(iter(self.grants), None))


@dataclass(frozen=True)
class Proxy:
    """The names of the headers that the proxy sets, and the SHA-256 of what it says in the secret one."""

    person: str
    secret: str
    secret_sha256: str
    groups: str = ""
    address: str = ""
    sign_out: str = ""

    def signed_in(self, headers: Mapping[str, str]) -> tuple[str, frozenset[str]]:
        """The person and their groups; nobody where the secret is not the proxy's or no name is told."""
        told = hashlib.sha256(headers.get(self.secret, "").encode()).hexdigest()
        name = _folded(headers.get(self.person, ""))
        if not hmac.compare_digest(told, self.secret_sha256) or not name or len(name) > LONGEST:
            return "", frozenset()
        groups = headers.get(self.groups, "") if self.groups else ""
        return name, frozenset(_folded(one) for one in groups.split(",")) - {""}


@dataclass(frozen=True)
class People:
    """The whole of `people.toml`; without the file everybody may try every role, on invented numbers."""

    door: str = DEMO
    proxy: Proxy | None = None
    grants: tuple[Grant, ...] = ()

    def visitor(self, headers: Mapping[str, str], today: date) -> Visitor | None:
        """Who came through the proxy; None where no door asks who somebody is. Header names in lower case."""
        if self.proxy is None:
            return None
        name, groups = self.proxy.signed_in(headers)
        own = [one for one in self.grants if not one.is_group and one.to == name]
        shared = [one for one in self.grants if one.is_group and one.to in groups]
        held = tuple(one for one in (*own, *shared) if name and one.holds(today))
        return Visitor(name, held, self.proxy.sign_out, headers.get(self.proxy.address, "")[:LONGEST])


class Entrance:
    """The people of an installation, read again whenever the file changes: a right taken back is gone at once."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._seen: tuple[object, People] | None = None
        self._is_shut = False

    def people(self) -> People:
        """Raises PersonError where the file is wrong: then nobody comes in, for a right may have been taken back.

        A door that was the proxy's stays so while this server runs: a file that is away for a moment opens nothing.
        """
        try:
            stat = (self._data / FILE).stat()
        except FileNotFoundError:
            mark: object = None
        else:
            mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        if self._seen is None or self._seen[0] != mark:
            found = read_people(self._data)
            if self._is_shut and found.door != PROXY:
                raise PersonError("people.opened", file=str(FILE))
            self._seen, self._is_shut = (mark, found), found.door == PROXY
        return self._seen[1]


def read_people(data: Path) -> People:
    """Read `operation/people.toml` under `data`. Raises PersonError naming what is wrong in it."""
    path = data / FILE
    if not path.is_file():
        return People()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        _only(raw, frozenset({"door", "proxy", "grant"}))
        door = str(raw["door"])
        if door not in (DEMO, OPEN, PROXY):
            raise ValueError(f"door = {door!r}")
        return People(door, _proxy(raw["proxy"]) if door == PROXY else None, tuple(map(_grant, raw.get("grant", ()))))
    except KeyError as missing:
        raise PersonError("people.wrong", file=str(FILE), wrong=f"{missing.args[0]} = ?") from missing
    except (TypeError, ValueError, AttributeError, OSError) as wrong:
        raise PersonError("people.wrong", file=str(FILE), wrong=str(wrong)) from wrong


def _proxy(raw: Mapping[str, Any]) -> Proxy:
    _only(raw, _OF_PROXY)
    digest = str(raw["secret_sha256"]).lower()
    if len(digest) != 64 or set(digest) - _HEX or digest == hashlib.sha256(b"").hexdigest():
        raise ValueError("secret_sha256: 64 hexadecimal digits")
    person, secret = (str(raw[key]).lower() for key in ("person", "secret"))
    if not person or not secret or person == secret:
        raise ValueError(f"person = {person!r}, secret = {secret!r}")
    groups, address = (str(raw.get(key, "")).lower() for key in ("groups", "address"))
    return Proxy(person, secret, digest, groups, address, str(raw.get("sign_out", "")))


def _grant(raw: Mapping[str, Any]) -> Grant:
    _only(raw, _OF_GRANT)
    role, named = raw["role"], [key for key in ("person", "group") if raw.get(key)]
    if len(named) != 1:
        raise ValueError(f"person | group: {dict(raw)}")
    if role not in ROLES or role in NOT_FOR_PEOPLE:
        raise ValueError(f"role = {role!r}")
    for key, verbs in _LIMITS.items():
        if key in raw and not verbs & ROLES[role].verbs:
            raise ValueError(f"{key} = {raw[key]!r}, role = {role!r}")
    if not str(raw["why"]).strip():
        raise ValueError(f"why = {raw['why']!r}")
    return Grant(
        _folded(raw[named[0]]), role, str(raw["why"]), named == ["group"],
        _texts(raw, "units"), _texts(raw, "sources"), _texts(raw, "desks"), _day(raw.get("until")),
    )  # fmt: skip


def _only(raw: Mapping[str, Any], known: frozenset[str]) -> None:
    """A key that nobody reads may be a limit that somebody meant."""
    if unknown := set(raw) - known:
        raise ValueError(f"{', '.join(sorted(unknown))}?")


def _texts(raw: Mapping[str, Any], key: str) -> tuple[str, ...] | None:
    found = raw.get(key)
    if found is None:
        return None
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise ValueError(f"{key} = {found!r}")
    return tuple(found)


def _day(found: object) -> date | None:
    if found is not None and (not isinstance(found, date) or isinstance(found, datetime)):
        raise ValueError(f"until = {found!r}")
    return found


def _folded(name: object) -> str:
    """A name without regard to the capitals of ASCII: beyond it, two names of two people may fold into one."""
    return str(name).strip(" \t").translate(_SMALL)


def once(told: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Headers by their names in lower case, as UTF-8; one that came twice is nobody's word and left out."""
    found: dict[str, list[str]] = {}
    for name, value in told:
        found.setdefault(name.lower(), []).append(value)
    return {name: _text(values[0]) for name, values in found.items() if len(values) == 1}


def _text(value: str) -> str:
    """A header as its sender wrote it: servers hand bytes on as Latin-1."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value
