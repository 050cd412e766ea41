"""How old is what is open: a stock in bands of working days, because a total hides what nobody touches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from dashboard import numbers
from dashboard.block import Block, block
from dashboard.chart import Axis, bars
from dashboard.export import COUNT, TEXT, Column
from dashboard.here import Here
from dashboard.query.ageing import ages
from dashboard.table import Table

# The oldest age of each band in whole working days; the last band has no end.
ENDS: Final = (3, 7, 15)


def ages_block(here: Here, names: Sequence[str], question: str) -> None:
    """The first of `names` in bands, drawn; the others beside it in the table."""
    names = numbers.known(here, names)
    if not names:
        return
    found = [ages(here.snapshot, here.scope, here.question(name), today=here.today) for name in names]
    labels = bands(here)
    counts = [banded(one) for one in found]
    total = sum(counts[0])
    rows = pl.DataFrame(
        {"label": labels, "value": counts[0], "text": [_share(here, count, total) for count in counts[0]]},
        schema_overrides={"value": pl.Float64},
    )
    entries = tuple(here.indicators[name] for name in names)
    columns = (Column(here.word("ages.band"), TEXT), *(Column(one.text("short", here.lang), COUNT) for one in entries))
    cells = list(zip(labels, *counts, strict=True))
    texts = [(label, *(here.format.count(count) for count in row)) for label, *row in cells]
    told = Table(columns, tuple(cells) if any(found) else (), tuple(texts) if any(found) else ())
    drawn = bars(rows, style=here.style, axis=Axis())
    block(here, Block(f"ages_{names[0]}", question, summary(here, found[0]), drawn, told, entries))


def banded(found: Mapping[int, float]) -> list[float]:
    """How many lie in each band, youngest first; the bands leave nobody out."""
    counts = [0.0] * (len(ENDS) + 1)
    for days, many in found.items():
        counts[sum(days > end for end in ENDS)] += many
    return counts


def bands(here: Here) -> list[str]:
    """The names of the bands, youngest first."""
    starts = [0, *(end + 1 for end in ENDS[:-1])]
    closed = [here.word("ages.from_to", low=low, high=high) for low, high in zip(starts, ENDS, strict=True)]
    return [*closed, here.word("ages.over", low=ENDS[-1])]


def summary(here: Here, found: Mapping[int, float]) -> str:
    """How many there are, how many of them in the last band, and the oldest of all."""
    total = sum(found.values())
    if not total:
        return here.word("ages.none")
    late = sum(many for days, many in found.items() if days > ENDS[-1])
    return here.word(
        "ages.told", total=here.format.count(total), late=here.format.count(late), days=ENDS[-1],
        share=here.format.percent(late / total), oldest=here.format.count(max(found)),
    )  # fmt: skip


def _share(here: Here, count: float, total: float) -> str:
    return f"{here.format.count(count)} · {here.format.percent(count / total if total else 0.0)}"
