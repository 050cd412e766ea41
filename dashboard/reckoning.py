"""How a number came about: its formula with this case's numbers, its parts with their own pages, its SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from dashboard import periods
from dashboard.explain import Explanation
from dashboard.export import TEXT, Column
from dashboard.figure import TOO_FEW
from dashboard.here import Here
from dashboard.query import Indicator
from dashboard.query.question import TODAY
from dashboard.table import Table

_OPERAND: Final = re.compile(r"(n|d|v|start|end|p50|p90|most|last_year|everywhere|year_before)\(([A-Za-z0-9_]+)\)")


@dataclass(frozen=True)
class Operand:
    """One part of a formula: how it is used, of which indicator, its value, and where it is explained."""

    use: str
    entry: Indicator
    value: float | None
    address: str


def formula(here: Here, told: Explanation) -> str:
    """The reckoning filled in; of too few cases only the parts are shown, because their share says nothing."""
    if told.figure.state == TOO_FEW:
        return told.figure.parts or told.figure.text
    return told.formula[here.lang] or told.figure.reason or told.figure.text


def spread(here: Here, told: Explanation) -> str:
    """What the interval or the percentiles say, in a sentence; empty where there are none."""
    answer, count = told.answer, here.format.count
    if told.figure.state == TOO_FEW:
        return ""
    if told.figure.interval:
        return here.word("explained.interval", interval=told.figure.interval, n=count(answer.n))
    if told.entry.kind == "duration" and answer.p50 is not None:
        value = here.format.value
        return here.word(
            "explained.spread", p50=value(answer.p50, told.entry.measure), p90=value(answer.p90, told.entry.measure),
            n=count(answer.n),
        )  # fmt: skip
    return ""


def operands(here: Here, told: Explanation) -> list[Operand]:
    """The parts of a formula; parts of other kinds are no indicators and stand in the formula itself."""
    found = []
    for part in told.answer.parts:
        match = _OPERAND.fullmatch(part.name)
        if match and match[2] in here.indicators:
            entry = here.indicators[match[2]]
            found.append(Operand(match[1], entry, part.value, address(here, told, entry, match[1])))
    leaning = [str(told.written[key]) for key in ("ages_of", "over") if told.written.get(key) in here.indicators]
    return found + [
        Operand("", here.indicators[name], None, address(here, told, here.indicators[name], "")) for name in leaning
    ]


def address(here: Here, told: Explanation, entry: Indicator, use: str) -> str:
    """The page that explains a part, asked the same question; `start`, `last_year` and `year_before` look
    at other days, `everywhere` at the whole place.
    """
    asked = told.answer.question
    before = periods.on(asked.period.first - timedelta(days=1)) if use == "start" else asked.period
    before = periods.year_before_that(asked.period) if use == "last_year" else before
    before = periods.year_before(asked.period) if use == "year_before" else before
    whole = use == "everywhere" or asked.unit == here.places.root
    return here.view.query(
        page="explain", indicator=entry.code, tab="", period=before.code, unit="" if whole else asked.unit,
        basis="" if asked.basis == TODAY else asked.basis,
    )  # fmt: skip


def operands_table(here: Here, found: list[Operand]) -> Table:
    """One row per part: name, how it is used, its value."""
    columns = (
        Column(here.word("explained.part")), Column(here.word("explained.use")),
        Column(here.word("explained.value"), TEXT),
    )  # fmt: skip
    texts = tuple(
        (f"{one.entry.text('name', here.lang)} ({one.entry.code})", _use(here, one.use), _value(here, one))
        for one in found
    )
    return Table(columns, texts, texts)


def _use(here: Here, use: str) -> str:
    return here.word(f"operand.{use or 'whole'}")


def _value(here: Here, one: Operand) -> str:
    """A numerator or denominator is a number of things, whatever the indicator itself is measured in."""
    if one.use in ("n", "d"):
        return here.format.number(one.value, 0 if one.value is None or float(one.value).is_integer() else 2)
    return "" if not one.use and one.value is None else here.format.value(one.value, one.entry.measure)


def versions(here: Here, told: Explanation) -> str:
    """Which snapshot, code and contract said it."""
    found = here.snapshot.publication
    return here.word(
        "explained.versions", snapshot=here.snapshot.id, made=here.format.moment(here.local(found.made_at)),
        code=told.code_version, contract=found.contract_sha[:12],
    )  # fmt: skip
