"""Which figures stand on the wall, in which order and at which time of day: data, never code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from dashboard.words import LANGUAGES, PersonError

FILE: Final = Path("operation/wall.toml")
EVERY: Final = 45
"""Seconds that a page stays, unless the data say otherwise."""
LEAST_EVERY: Final = 5


@dataclass(frozen=True)
class Page:
    """One desk on the wall: tiles in their fixed order, whose signals it tells of, and the figure of its map."""

    id: str
    name: Mapping[str, str]
    tiles: tuple[str, ...]
    desks: tuple[str, ...]
    map: str = ""


@dataclass(frozen=True)
class Times:
    """What a profile shows from one time of day until another; past midnight where `until` is earlier."""

    first: str
    until: str
    pages: tuple[str, ...]
    every: int
    sleep: bool

    def as_json(self) -> dict[str, object]:
        """As the browser, which has the clock, reads it."""
        return {"from": self.first, "until": self.until, "pages": self.pages, "every": self.every, "sleep": self.sleep}


@dataclass(frozen=True)
class Profile:
    """What one wall shows."""

    name: str
    pages: tuple[str, ...]
    every: int = EVERY
    times: tuple[Times, ...] = ()


@dataclass(frozen=True)
class Event:
    """Something that everybody knows had happened, which a course therefore names."""

    first: date
    last: date
    name: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """The whole of `wall.toml`; without the file there are no pages, and the catalogue's desks stand in."""

    pages: tuple[Page, ...] = ()
    profiles: tuple[Profile, ...] = ()
    events: tuple[Event, ...] = ()
    enrolled_only: bool | None = None
    """None: nobody has decided, and only invented numbers on this very machine are open."""

    def profile(self, name: str) -> Profile:
        """The profile of this name, or the first one for a wall that names none that there is."""
        found = [one for one in self.profiles if one.name == name]
        return (found or [*self.profiles, Profile("", tuple(page.id for page in self.pages))])[0]


def load_plan(data: Path) -> Plan:
    """Read `operation/wall.toml` under `data`. Raises PersonError naming what is wrong in it."""
    path = data / FILE
    if not path.is_file():
        return Plan()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        pages = tuple(_page(one) for one in raw.get("pages", []))
        known = {page.id for page in pages}
        profiles = tuple(_profile(one, known) for one in raw.get("profiles", []))
        return Plan(pages, profiles, tuple(_event(one) for one in raw.get("events", [])), _decided(raw))
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise PersonError("wall.plan", file=str(FILE), wrong=str(wrong)) from wrong


def _decided(raw: Mapping[str, Any]) -> bool | None:
    found = raw.get("enrolled_only")
    if not (found is None or isinstance(found, bool)):
        raise ValueError(f"enrolled_only: {found}")  # a slip must never open a wall
    return found


def _page(raw: Mapping[str, Any]) -> Page:
    return Page(raw["id"], _name(raw), tuple(raw["tiles"]), tuple(raw.get("desks", [raw["id"]])), raw.get("map", ""))


def _profile(raw: Mapping[str, Any], known: set[str]) -> Profile:
    pages, every = _pages(raw["pages"], known), _every(raw.get("every", EVERY))
    times = tuple(_times(one, pages, every, known) for one in raw.get("times", []))
    return Profile(str(raw["name"]), pages, every, times)


def _times(raw: Mapping[str, Any], pages: tuple[str, ...], every: int, known: set[str]) -> Times:
    first, until = (time.fromisoformat(raw[key]).strftime("%H:%M") for key in ("from", "until"))
    own = _pages(raw["pages"], known) if "pages" in raw else pages
    return Times(first, until, own, _every(raw.get("every", every)), raw.get("sleep", False) is True)


def _pages(raw: list[str], known: set[str]) -> tuple[str, ...]:
    if unknown := [name for name in raw if name not in known]:
        raise ValueError(f"pages: {', '.join(unknown)}")
    return tuple(raw)


def _every(raw: object) -> int:
    if not isinstance(raw, int) or raw < LEAST_EVERY:
        raise ValueError(f"every: {raw}")
    return raw


def _event(raw: Mapping[str, Any]) -> Event:
    first, last = raw["first"], raw.get("last", raw["first"])
    if not (isinstance(first, date) and isinstance(last, date) and first <= last):
        raise ValueError(f"events: {first} - {last}")
    return Event(first, last, _name(raw))


def _name(raw: Mapping[str, Any]) -> Mapping[str, str]:
    return {lang: str(raw["name"][lang]) for lang in LANGUAGES}
