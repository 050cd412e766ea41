"""The way from files to a number: counted at every step, down to the files and the cases themselves."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from dashboard.explain import Delivery, Explanation
from dashboard.export import COUNT, TEXT, Column
from dashboard.here import Here
from dashboard.intake import source_names, verdict, whole
from dashboard.query.rows import PAGE, Rows, rows
from dashboard.table import Table, slim
from dashboard.words import keys

DAYS: Final = ("received_on", "due_on", "ended_on", "closed_on")
_CASE: Final = ("placed_on", "unit", "procedure_code", "category", *DAYS, "status", "counts")
PSEUDONYM: Final = 12  # hex digits shown; enough to tell cases apart on a page
_HASH: Final = 16
ONLY: Final = {"all": None, "in": True, "out": False}


@dataclass(frozen=True)
class Step:
    """One box of the picture: what it holds, how many, and what fell out on the way to the next."""

    name: str
    count: str
    lost: str = ""


def sums(files: Sequence[Delivery]) -> tuple[int, int, int, int] | None:
    """(rows in, loaded, set aside, skipped) over some files; None where any of them holds rows of others."""
    laws = [one.law for one in files]
    known = [law for law in laws if law is not None]
    came, loaded, held, skipped = (sum(law[at] for law in known) for at in range(4))
    return (came, loaded, held, skipped) if len(known) == len(laws) else None


def steps(here: Here, told: Explanation) -> list[Step]:
    """Files, rows, loaded rows, rows behind the number, the number."""
    files, count = told.lineage, here.format.count
    found = [Step(here.word("explained.step_files"), count(len(files)))]
    if law := sums(files):
        came, loaded, *gone = law
        lost = [f"{here.word(f'explained.step_{name}')} {count(n)}"
                for name, n in zip(("held", "skipped"), gone, strict=True)]  # fmt: skip
        found.append(Step(here.word("explained.step_rows"), count(came), " · ".join(lost)))
        found.append(Step(here.word("explained.step_loaded"), count(loaded)))
    if behind := sum(one.rows for one in files):
        found.append(Step(here.word("explained.step_behind"), count(behind)))
    return [*found, Step(here.word("explained.step_value"), told.figure.text)]


def picture(found: Sequence[Step]) -> str:
    """The steps as boxes from left to right; readable as a list without its style."""
    boxes = "".join(
        f"<li><small>{html.escape(one.name)}</small><b>{html.escape(one.count)}</b>"
        + (f"<small>{html.escape(one.lost)}</small>" if one.lost else "")
        + "</li>"
        for one in found
    )
    return f'<div class="ioc"><ol class="ioc-steps">{boxes}</ol></div>'


def lead(here: Here, told: Explanation) -> str:
    """How many files, how much of them was set aside; or why no file is named."""
    if told.entry.sensitive:
        return here.word("explained.files_closed")
    if not told.lineage:
        return here.word("explained.files_none")
    law, count = sums(told.lineage), here.format.count
    if law is None:
        return here.word("explained.files_shared", n=count(len(told.lineage)))
    came, _, held, _ = law
    if not any(one.rows for one in told.lineage):
        return here.word("explained.files_fact", n=count(len(told.lineage)))
    return here.word(
        "explained.files_told", n=count(len(told.lineage)), held=count(held), rows=count(came),
        share=here.format.percent(held / came if came else 0.0, 2),
    )  # fmt: skip


def files_table(here: Here, files: Sequence[Delivery]) -> Table:
    """One row per file behind the number: name, sender, received, hash, verdict, row law, rows used here."""
    names = source_names(here)
    told = [
        ("intake.file", TEXT), ("intake.source", TEXT), ("intake.received_at", TEXT), ("intake.verdict", TEXT),
        ("intake.rows_in", COUNT), ("intake.rows_loaded", COUNT), ("intake.rows_held", COUNT),
        ("intake.rows_skipped", COUNT), ("explained.file_rows", COUNT), ("explained.sha", TEXT),
    ]  # fmt: skip
    cells, texts = [], []
    for one in files:
        came = whole(here.format.moment(here.local(datetime.fromisoformat(one.received_at))))
        head = (one.file, names.get(one.source, one.source), came, whole(verdict(here, one.verdict)))
        law = (*(one.law or (None,) * 4), one.rows)
        cells.append((*head, *law, one.sha256))
        told_law = ("" if part is None else here.format.count(part) for part in law)
        texts.append((*head, *told_law, f"{one.sha256[:_HASH]}…"))
    return slim(Table(tuple(Column(here.word(key), kind) for key, kind in told), tuple(cells), tuple(texts)))


def cases(here: Here, told: Explanation, page: int, only: str = "all") -> Rows:
    """One page of the cases behind a number (from 1), or the reason why there is none; `only` "in" or "out" of
    the numerator.
    """
    counts = ONLY[only]
    return rows(here.snapshot, here.scope, told.answer.question, page=page - 1, size=PAGE, only=counts)


def pages(found: Rows) -> int:
    """How many pages the cases fill."""
    return max(1, -(-found.total // PAGE))


def cases_table(here: Here, told: Explanation, found: Rows) -> Table:
    """The cases of a page: a shortened pseudonym, the unit, the days, and whether they are in the numerator."""
    shown = fields(told, found)
    columns = [Column(here.word("case.case_id")), *(Column(here.word(f"case.{name}")) for name in shown)]
    texts = tuple(
        (str(row.get("case_id") or "")[:PSEUDONYM], *(cell(here, name, row[name]) for name in shown))
        for row in found.frame.iter_rows(named=True)
    )
    return slim(Table(tuple(columns), texts, texts))


def fields(told: Explanation, found: Rows) -> list[str]:
    """What is shown of a case besides its pseudonym: of what its fact has, what a reader can use."""
    return [name for name in _CASE if name in found.frame.columns and (name != "counts" or told.entry.kind == "rate")]


def cell(here: Here, name: str, value: object) -> str:
    """One field of a case in the reader's words."""
    if name == "counts":
        return here.word("explained.yes" if value else "explained.no")
    if name == "unit":
        unit = here.places.units.get(str(value))
        return unit.name(here.lang) if unit else str(value)
    if isinstance(value, date):
        return here.format.date(value)
    if name == "status" and f"case_status.{value}" in keys():
        return here.word(f"case_status.{value}")
    return str(value or "")
