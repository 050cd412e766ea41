"""Party organisations as counts per quarter: what was there, plus who came, less who left, is what is there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.calibration import PEOPLE
from pipelines.demo.chance import stream
from pipelines.demo.filings import World
from pipelines.demo.office import Floats, Ints
from pipelines.demo.volume import per_part
from pipelines.reference import Reference

# 94,306 members of the merged province in mid-2025; 52,078 on the Long An side in January 2024.
MEMBERS: Final = 94_306
LONG_AN: Final = 52_078
# The blocks of both old provinces together (assumed), and how much of each was on the Long An side.
BLOCKS: Final = {"DUCA": 4_300, "DUQS": 2_500, "DUBP": 1_500, "DUKCQDN": 9_800}
BLOCKS_IN_LONG_AN: Final = 0.55
# Shares of the stock per quarter (admissions: about 3 % a year; the rest assumed).
ADMITTED: Final = 0.0072
ADMISSION_SEASON: Final = (0.6, 1.2, 0.9, 1.3)  # first to fourth quarter
MOVED_IN: Final = 0.0050
MOVED_OUT: Final = 0.0052
REMOVED: Final = 0.0005
DIED: Final = 0.0019


@dataclass(frozen=True)
class Quarter:
    """One report: its last day, the organisations (rows of the reference's units), and the stock equation."""

    last: date
    units: pl.DataFrame
    opening: Ints
    admitted: Ints
    moved_in: Ints
    moved_out: Ints
    removed: Ints
    died: Ints

    @property
    def members(self) -> Ints:
        """Members on the last day."""
        return self.opening + self.net

    @property
    def net(self) -> Ints:
        """What the quarter added."""
        return self.admitted + self.moved_in - self.moved_out - self.removed - self.died


def quarters(world: World, reference: Reference) -> list[Quarter]:
    """Every whole quarter of the demo, oldest first; the published stock stands at the last one before the reform."""
    lasts = quarter_ends(world.first, world.until)
    known = organisations(reference)
    anchor = max([n for n, last in enumerate(lasts) if all(last < day for day in world.reforms)], default=0)
    made: dict[int, Quarter] = {}
    units = _on(known, lasts[anchor])
    closing = _published_stock(world, units)
    for n in range(anchor, -1, -1):
        made[n] = _quarter(world, lasts[n], units, closing, backwards=True)
        closing = made[n].opening
    for n in range(anchor + 1, len(lasts)):
        units = _on(known, lasts[n])
        made[n] = _quarter(world, lasts[n], units, _inherited(reference, made[n - 1], units), backwards=False)
    return [made[n] for n in sorted(made)]


def quarter_ends(first: date, until: date) -> list[date]:
    """The last days of the calendar quarters that end in the period."""
    months = pl.date_range(first.replace(day=1), until + timedelta(days=1), "1mo", eager=True).to_list()
    return [day - timedelta(days=1) for day in months if day.month % 3 == 1 and day > first]


def organisations(reference: Reference) -> pl.DataFrame:
    """The Party organisations directly below the root of the Party tree; empty where a place has none."""
    party = reference.units.filter(pl.col("tree") == "party", pl.col("parent_id").is_not_null())
    return party.sort("unit_id")


def _on(units: pl.DataFrame, day: date) -> pl.DataFrame:
    return units.filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
        pl.col("valid_to").is_null() | (pl.col("valid_to") >= day),
    )


def _published_stock(world: World, units: pl.DataFrame) -> Ints:
    """Members by organisation: blocks as assumed, committees by the people of their district, sums as published."""
    codes = units["code"].to_list()
    spread = stream(world.seed, "party").lognormal(0.0, 0.1, len(codes))
    blocks = np.array([BLOCKS.get(code, 0) for code in codes], dtype=np.int64)
    western = np.array([code[-3:] in PEOPLE for code in codes])
    weight = np.array([PEOPLE.get(code[-3:], 130_000) for code in codes]) * spread * (blocks == 0)
    in_blocks = int(blocks.sum())
    long_an = (LONG_AN - round(BLOCKS_IN_LONG_AN * in_blocks)) if western.any() else 0
    stock = blocks + _shared(weight * western, long_an)
    return stock + _shared(weight * ~western, MEMBERS - in_blocks - long_an)


def _shared(weight: Floats, total: int) -> Ints:
    if not weight.sum():
        return np.zeros(len(weight), dtype=np.int64)
    return np.array(per_part([float(one) for one in weight], total), dtype=np.int64)


def _quarter(world: World, last: date, units: pl.DataFrame, stock: Ints, backwards: bool) -> Quarter:
    """One quarter that ends with `stock` (backwards) or begins with it."""
    rng = stream(world.seed, "party flows", last.toordinal())
    season = ADMISSION_SEASON[(last.month - 1) // 3]
    shares = (ADMITTED * season, MOVED_IN, MOVED_OUT, REMOVED, DIED)
    flows = [rng.poisson(stock * share).astype(np.int64) for share in shares]
    draft = Quarter(last, units, stock, *flows)
    return Quarter(last, units, stock - draft.net, *flows) if backwards else draft


def _inherited(reference: Reference, before: Quarter, units: pl.DataFrame) -> Ints:
    """The stock with which a quarter begins: the same organisation's, or its share of its predecessors'."""
    stock = dict(zip(before.units["unit_id"], (int(n) for n in before.members), strict=True))
    begin = dict.fromkeys(units["unit_id"], 0)
    links = reference.links.filter(pl.col("basis") == "succession").sort("from_unit", "to_unit")
    for unit, members in stock.items():
        heirs = links.filter(pl.col("from_unit") == unit, pl.col("to_unit").is_in(list(begin)))
        if unit in begin:
            begin[unit] += members
        elif heirs.height:
            parts = per_part(heirs["weight"].to_list(), members)
            for heir, part in zip(heirs["to_unit"], parts, strict=True):
                begin[heir] += part
    return np.array(list(begin.values()), dtype=np.int64)
