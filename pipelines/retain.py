"""Old generations go, but never one that somebody may still ask about."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from pipelines.home import Home
from pipelines.publish.pointer import kept, number_of, party_path, read_pointer, state_path
from pipelines.publish.published import Publication, damaged_lines, made_at, publications

AT_LEAST = 10
ALL_OF = timedelta(hours=24)
DAILY_FOR = timedelta(days=35)


def to_keep(made: Mapping[int, datetime], now: datetime, zone: ZoneInfo) -> set[int]:
    """The generations of `made` (generation -> time of publication) that time alone entitles to stay.

    Everything of the last 24 hours and at least ten; the last of each day (in `zone`) for 35 days; the
    last of each month for ever.
    """
    keep = set(sorted(made, reverse=True)[:AT_LEAST])
    keep |= {generation for generation, at in made.items() if now - at <= ALL_OF}
    last_of_day: dict[str, int] = {}
    last_of_month: dict[str, int] = {}
    for generation, at in sorted(made.items()):
        local = at.astimezone(zone)
        last_of_month[f"{local:%Y-%m}"] = generation
        if now - at <= DAILY_FOR:
            last_of_day[f"{local:%Y-%m-%d}"] = generation
    return keep | set(last_of_day.values()) | set(last_of_month.values())


def quoted(home: Home) -> set[int]:
    """Generations that an export or a pack quotes: those of the audit of exports, and those written into `quoted.txt`.

    The dashboard writes its audit line before a file leaves, so no file can quote a generation that is not here. A
    line that is torn or no line of ours names nothing.
    """
    named = {int(line) for line in map(str.strip, _lines(home.quoted)) if line.isascii() and line.isdigit()}
    return named | {found for line in _lines(home.exports) if (found := _snapshot(line)) is not None}


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []


def _snapshot(line: str) -> int | None:
    try:
        found = json.loads(line)["snapshot"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, int) else None


def retain(home: Home, now: datetime, zone: ZoneInfo) -> list[int]:
    """Remove what need not stay and return those generations; what is in force always stays.

    A reader that still has a removed file open goes on reading it. Where nobody can say what is quoted, because the
    audit cannot be read, nothing is removed: disk is cheaper than a number that cannot be shown again.
    """
    try:
        named = quoted(home)
    except OSError:
        return []
    known = publications(home)
    made = {generation: made_at(home, generation, known) for generation in kept(home)}
    current = read_pointer(home)
    keep = to_keep(made, now, zone) | named | ({current.generation} if current else set())
    gone = sorted(set(made) - keep)
    for generation in gone:
        # Party first: half a pair must never look like a whole one to a later rollback.
        party_path(home, generation).unlink(missing_ok=True)
        state_path(home, generation).unlink(missing_ok=True)
    for path in never_published(home, current.generation if current else 0, known):
        path.unlink(missing_ok=True)
    return gone


def never_published(home: Home, current: int, known: Mapping[int, Publication]) -> list[Path]:
    """Files of generations before `current` that a writer named and then could not record, or did not live to.

    None where the record itself is damaged or gone: then nobody can say what was published.
    """
    if not known or damaged_lines(home):
        return []
    return [path for path in home.snapshots.iterdir()
            if (number := number_of(path)) is not None and number < current and number not in known]  # fmt: skip
