"""What a number has been: the same question put to every snapshot still kept, and why the answer changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import polars as pl

from dashboard.block import Block
from dashboard.chart import trend
from dashboard.explain import Explanation
from dashboard.export import NUMBER, TEXT, Column
from dashboard.figure import Figure, make_figure
from dashboard.frames import axis_of
from dashboard.here import Here
from dashboard.query import answer
from dashboard.query.filings import filings, senders
from dashboard.query.measure import facts_of
from dashboard.snapshot import Snapshot
from dashboard.snapshot.pointer import kept
from dashboard.table import Table, kind_of
from dashboard.words import PersonError

MOST: Final = 8
"""Snapshots asked: each is verified against its SHA-256 before it may answer, which takes its time."""
_NAMED: Final = 2


@dataclass(frozen=True)
class Told:
    """What one snapshot says, who made it under which rules, and which files it knew."""

    snapshot: int
    made_at: datetime
    code: str
    contract: str
    figure: Figure
    files: frozenset[str]


def past(here: Here, told: Explanation) -> list[Told]:
    """The answers of the newest kept snapshots, oldest first; one that cannot be opened is left out."""
    found = []
    for generation in kept(here.running.settings.home)[:MOST]:
        try:
            found.append(_remembered(here, told, generation))
        except PersonError:
            continue  # damaged, or from before the unit or the indicator existed
    return sorted(found, key=lambda one: one.snapshot)


def _remembered(here: Here, told: Explanation, generation: int) -> Told:
    """Asked once per reader's rights and day: a snapshot never changes, and opening one means hashing all of it."""
    key = ("past", generation, told.answer.question, here.scope, here.lang, here.today)
    return here.snapshot.remember(key, lambda: _ask(here, told, _open(here, generation)))


def _open(here: Here, generation: int) -> Snapshot:
    state = here.snapshot if generation == here.snapshot.id else here.running.snapshots.at(generation)
    if state.clearance == here.snapshot.clearance:
        return state
    return here.running.snapshots.party(state)


def _ask(here: Here, told: Explanation, snapshot: Snapshot) -> Told:
    found = answer(snapshot, here.scope, told.answer.question, today=here.today)
    entry = told.entry
    facts = set(facts_of(snapshot, entry)) if entry.id in here.indicators else set()
    mine = {one.source for one in senders(snapshot, here.scope) if one.fact in facts}
    files = frozenset(one.file for one in filings(snapshot, here.scope) if one.source in mine)
    made, figure = snapshot.publication, make_figure(entry, found, here.lang)
    return Told(snapshot.id, made.made_at, made.code_version, made.contract_sha, figure, files)


def why(here: Here, before: Told | None, now: Told) -> str:
    """What is known of the reason for a change: new files, new rules, new code."""
    if before is None:
        return here.word("explained.past_first")
    if before.figure.answer.value == now.figure.answer.value:
        return here.word("explained.past_same")
    told = []
    new = sorted(now.files - before.files)
    if new:
        names = ", ".join(new[:_NAMED]) + ("…" if len(new) > _NAMED else "")
        told.append(here.word("explained.past_files", n=here.format.count(len(new)), names=names))
    if before.contract != now.contract:
        told.append(here.word("explained.past_rule"))
    if before.code != now.code:
        told.append(here.word("explained.past_code"))
    return "; ".join(told) or here.word("explained.past_unknown")


def past_block(here: Here, told: Explanation, found: Sequence[Told]) -> Block:
    """The value by snapshot as a line, and as a table with the reason of every change."""
    rows = [
        {
            "label": str(one.snapshot), "name": here.word("frame.snapshot", id=one.snapshot), "code": str(one.snapshot),
            "value": one.figure.plot, "text": one.figure.text,
            "detail": here.format.moment(here.local(one.made_at)),
        }
        for one in found
    ]  # fmt: skip
    schema = {"label": pl.String, "name": pl.String, "code": pl.String, "value": pl.Float64, "text": pl.String,
              "detail": pl.String}  # fmt: skip
    frame = pl.DataFrame(rows, schema=schema)
    return Block(
        key="past", title=here.word("explained.q_history"), summary=summary(here, found),
        chart=trend(frame, style=here.style, axis=axis_of(told.entry)), table=table(here, told, found),
        entries=(told.entry,), native="line",
    )  # fmt: skip


def summary(here: Here, found: Sequence[Told]) -> str:
    """How many snapshots answer, and how often the value changed."""
    if len(found) < 2:
        return here.word("explained.past_one")
    values = [one.figure.answer.value for one in found]
    changes = sum(a != b for a, b in pairwise(values))
    return here.word("explained.past_told", n=here.format.count(len(found)), changes=here.format.count(changes))


def table(here: Here, told: Explanation, found: Sequence[Told]) -> Table:
    """Newest first: snapshot, when it was made, value, change, why."""
    kind = kind_of(told.entry.measure)
    columns = (
        Column(here.word("export.snapshot")), Column(here.word("explained.past_made")),
        Column(here.word("explained.value"), kind if kind != TEXT else NUMBER),
        Column(here.word("explained.past_change")), Column(here.word("explained.past_why")),
    )  # fmt: skip
    cells, texts = [], []
    for before, one in reversed(list(zip([None, *found[:-1]], found, strict=True))):
        change, made = _change(here, told, before, one), here.format.moment(here.local(one.made_at))
        cells.append((str(one.snapshot), made, one.figure.plot, change, why(here, before, one)))
        texts.append((str(one.snapshot), made, one.figure.text, change, why(here, before, one)))
    return Table(columns, tuple(cells), tuple(texts))


def _change(here: Here, told: Explanation, before: Told | None, now: Told) -> str:
    if before is None or before.figure.plot is None or now.figure.plot is None:
        return ""
    return here.format.change(now.figure.plot - before.figure.plot, told.entry.measure)
