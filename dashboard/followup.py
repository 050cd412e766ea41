"""Tasks agreed: what a meeting asked of whom by when, kept until it is done; the follow-up is the product.

Append-only JSON lines in a folder of their own that only the dashboard's user reads and writes. A line names the
number it is about (indicator, unit, period, snapshot) and never holds its value, which the snapshot keeps.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from dashboard import audit
from dashboard.access import TASKS, Scope, is_within
from dashboard.words import PersonError

AGREED, DONE, REOPENED = "agreed", "done", "reopened"
OPEN: Final = "open"
LONGEST: Final = {"owner": 120, "note": 400}
"""Characters: a task is a line of a list, never a report."""
MOST_OPEN: Final = 500
"""Tasks that may be open at once, so that nobody fills the disk through a form."""


@dataclass(frozen=True)
class Subject:
    """The number a task is about; an `indicator` may leave the catalogue and still be named here."""

    indicator: str
    unit: str
    period: str
    snapshot: int


@dataclass(frozen=True)
class Task:
    """One task as it stands now; `by` and `closed_by` are roles, `closed_on` is None while it is open."""

    number: str
    about: Subject
    owner: str
    due: date
    note: str
    agreed_on: date
    by: str
    state: str = OPEN
    closed_on: date | None = None
    closed_by: str = ""

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and its day has passed; the day itself is still in time."""
        return self.state == OPEN and self.due < today


@dataclass(frozen=True)
class Wanted:
    """What somebody typed into the form."""

    about: Subject
    owner: str
    due: date
    note: str = ""


@dataclass(frozen=True)
class Actor:
    """Who does something and when; `parents` holds every unit's parent, so that the scope can be checked."""

    scope: Scope
    parents: Mapping[str, str | None]
    now: datetime

    def check(self, unit: str) -> None:
        """Raise PersonError unless this role has to do with tasks and the unit lies in its scope."""
        if not self.scope.may(TASKS) or not is_within(unit, self.scope, self.parents):
            raise PersonError("followup.not_allowed")


@dataclass(frozen=True)
class FollowUp:
    """The log of one installation."""

    folder: Path

    @property
    def file(self) -> Path:
        """Where the lines are."""
        return self.folder / "tasks.jsonl"

    @property
    def changed(self) -> int:
        """When a line was last written, as nanoseconds; 0 before the first one."""
        try:
            return self.file.stat().st_mtime_ns
        except OSError:
            return 0

    def agree(self, wanted: Wanted, actor: Actor, number: str) -> None:
        """Write a task down and wait until it is on the disk. Raises PersonError for what may not or cannot be."""
        actor.check(wanted.about.unit)
        told = {name: _line(text) for name, text in (("owner", wanted.owner), ("note", wanted.note))}
        if not told["owner"]:
            raise PersonError("followup.no_owner")
        for name, most in LONGEST.items():
            if len(told[name]) > most:
                raise PersonError("followup.too_long", most=most)
        if wanted.due < actor.now.date():
            raise PersonError("followup.past")
        if len(open_tasks(self.tasks())) >= MOST_OPEN:
            raise PersonError("followup.full", most=MOST_OPEN)
        self._write(AGREED, number, actor, {**asdict(wanted.about), **told, "due": wanted.due.isoformat()})

    def close(self, number: str, actor: Actor) -> None:
        """Mark a task as done. Raises PersonError where there is no such open task within the scope."""
        self._turn(number, OPEN, DONE, actor)

    def reopen(self, number: str, actor: Actor) -> None:
        """Take a "done" back: the log keeps both lines. Raises PersonError like `close`."""
        self._turn(number, DONE, REOPENED, actor)

    def _turn(self, number: str, state: str, event: str, actor: Actor) -> None:
        found = next((one for one in self.tasks() if one.number == number and one.state == state), None)
        if found is None:
            raise PersonError("followup.no_task")
        actor.check(found.about.unit)
        self._write(event, number, actor, {})

    def _write(self, event: str, number: str, actor: Actor, more: Mapping[str, object]) -> None:
        """One line for this user alone, on the disk with its folder before anybody is told."""
        head = {"event": event, "task": number, "at": actor.now.isoformat(timespec="seconds")}
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            os.close(os.open(self.file, os.O_WRONLY | os.O_CREAT, 0o600))
            named = {"person": actor.scope.person} if actor.scope.person else {}
            audit.append(self.file, {**head, "role": actor.scope.role, **named, **more})
            _sync(self.folder)
        except OSError as error:
            raise PersonError("followup.no_folder", folder=str(self.folder)) from error

    def tasks(self, until: datetime | None = None) -> tuple[Task, ...]:
        """Every task as it stands, or stood at `until`, in the order agreed; a torn or foreign line is passed over."""
        found: dict[str, Task] = {}
        for event in audit.events(self.file):
            if until is None or _at(event) <= until:
                _fold(found, event)
        return tuple(found.values())


def open_tasks(tasks: Iterable[Task], units: Iterable[str] | None = None) -> list[Task]:
    """What is still to be done, the earliest due first; `units` narrows it to tasks about these."""
    wanted = None if units is None else frozenset(units)
    found = [one for one in tasks if one.state == OPEN and (wanted is None or one.about.unit in wanted)]
    return sorted(found, key=lambda one: (one.due, one.agreed_on, one.number))


def closed_since(tasks: Iterable[Task], day: date) -> list[Task]:
    """What was done on or after a day, the latest first."""
    found = [one for one in tasks if one.closed_on is not None and one.closed_on >= day]
    return sorted(found, key=lambda one: (one.closed_on or day, one.number), reverse=True)


def visible(tasks: Iterable[Task], scope: Scope, parents: Mapping[str, str | None]) -> list[Task]:
    """The tasks that a scope may read: those about its own units, for a role that has to do with tasks."""
    return [one for one in tasks if scope.may(TASKS) and is_within(one.about.unit, scope, parents)]


def _line(text: str) -> str:
    """One line of printable text: what cannot be seen, and every line break, becomes a blank."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _at(event: Mapping[str, object]) -> datetime:
    """When a line was written; a line that does not say it counts from the beginning, and is passed over later."""
    try:
        return datetime.fromisoformat(str(event["at"])).astimezone(UTC)
    except (KeyError, TypeError, ValueError):
        return datetime.min.replace(tzinfo=UTC)


def _fold(found: dict[str, Task], event: Mapping[str, Any]) -> None:
    try:
        number, at = str(event["task"]), datetime.fromisoformat(event["at"]).date()
        if event["event"] == AGREED and number not in found:
            found[number] = _task(event, number, at)
        elif event["event"] == DONE and found[number].state == OPEN:
            found[number] = replace(found[number], state=DONE, closed_on=at, closed_by=str(event["role"]))
        elif event["event"] == REOPENED and found[number].state == DONE:
            found[number] = replace(found[number], state=OPEN, closed_on=None, closed_by="")
    except (KeyError, TypeError, ValueError):
        return  # a line that another version or a torn write left; the others still count


def _task(event: Mapping[str, Any], number: str, at: date) -> Task:
    about = Subject(str(event["indicator"]), str(event["unit"]), str(event["period"]), int(event["snapshot"]))
    due = date.fromisoformat(event["due"])
    return Task(number, about, str(event["owner"]), due, str(event["note"]), at, str(event["role"]))


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
