"""Tasks agreed as people read them: about which number, who, by when, and whether the day has passed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from dashboard import periods
from dashboard.export import DAY, Column
from dashboard.followup import DONE, FollowUp, Task, closed_since, open_tasks, visible
from dashboard.here import Here
from dashboard.table import Table
from dashboard.words import PersonError

LATELY: Final = timedelta(days=30)


def log(here: Here) -> FollowUp:
    """The log of this installation."""
    return log_of(here.running.settings.home)


def log_of(home: Path) -> FollowUp:
    """The log of the installation in `home`."""
    return FollowUp(home / "followup")


def still_open(here: Here, unit: str = "") -> list[Task]:
    """Open tasks about a unit (the view's own without a name) and everything below it, the earliest due first."""
    return open_tasks(_readable(here), here.places.within(unit or here.unit.unit_id))


def lately_done(here: Here, unit: str = "") -> list[Task]:
    """What was done in the last thirty days about a unit and everything below it."""
    below = frozenset(here.places.within(unit or here.unit.unit_id))
    return [one for one in closed_since(_readable(here), here.today - LATELY) if one.about.unit in below]


def _readable(here: Here) -> list[Task]:
    return visible(log(here).tasks(here.running.settings.now()), here.scope, here.places.parents)


def about(here: Here, task: Task) -> str:
    """The number a task is about: indicator, unit, period; what is no longer known keeps its code."""
    entry = here.indicators.get(task.about.indicator)
    unit = here.places.units.get(task.about.unit)
    parts = (
        entry.text("short", here.lang) if entry else task.about.indicator,
        here.name(unit) if unit else task.about.unit,
        _period(here, task.about.period),
    )
    return " · ".join(parts)


def _period(here: Here, code: str) -> str:
    try:
        return here.format.period(periods.parse(code, int(here.snapshot.publication.place.get("report_month_day", 15))))
    except PersonError:
        return code


def due_days(here: Here) -> dict[tuple[str, str], date]:
    """By (indicator, unit) the earliest day that an open task about it is due: days alone, which any role may see."""
    found: dict[tuple[str, str], date] = {}
    for one in reversed(open_tasks(log(here).tasks(here.running.settings.now()))):
        found[one.about.indicator, one.about.unit] = one.due
    return found


def state(here: Here, task: Task) -> str:
    """Open, overdue with its mark, or done with its day."""
    if task.state == DONE:
        return here.word("followup.is_done", day=here.format.date(task.closed_on))
    return here.word("followup.is_late" if task.is_overdue(here.today) else "followup.is_open")


def told(here: Here, tasks: Sequence[Task]) -> str:
    """How many are open and how many of these are overdue."""
    if not tasks:
        return here.word("followup.none")
    late = sum(one.is_overdue(here.today) for one in tasks)
    return here.word("followup.told", open=here.format.count(len(tasks)), late=here.format.count(late))


def tasks_table(here: Here, tasks: Sequence[Task]) -> Table:
    """One row per task: what, about which number, who, by when, state; a task without words is its number."""
    heads = ("task", "about", "who", "due", "state")
    columns = tuple(Column(here.word(f"followup.{name}"), *([DAY] if name == "due" else [])) for name in heads)
    cells, texts = [], []
    for one in tasks:
        front = (one.note or about(here, one), about(here, one), one.owner)
        cells.append((*front, one.due, state(here, one)))
        texts.append((*front, here.format.date(one.due), state(here, one)))
    return Table(columns, tuple(cells), tuple(texts))
