"""Who receives dossiers on a day, how busy each is, and who inherits the work when a unit ends."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo.calibration import DEPARTMENTS, FIELDS, PEOPLE, PEOPLE_PER_OTHER_COMMUNE
from pipelines.demo.chance import pick_within, stream
from pipelines.demo.office import DAY, NEVER, Ints
from pipelines.reference import Reference

LEVEL_KINDS: Final = {
    "commune": ("commune", "ward", "town"),
    "district": ("district",),
    "province": ("agency",),
}


@dataclass(frozen=True)
class Seats:
    """`units`: unit_id, code, name_vi, level, tree, weight, valid_from, valid_to, sorted by unit_id; one row a unit."""

    units: pl.DataFrame
    heirs: pl.DataFrame  # from (row of units), to (row of units), weight; sorted by from
    _found: dict[tuple[date, str], pl.DataFrame] = field(default_factory=dict)

    def on(self, day: date, level: str) -> pl.DataFrame:
        """The units of a level that work on `day`, with their row number as `seat`."""
        if (day, level) not in self._found:
            self._found[day, level] = self._on(day, level)
        return self._found[day, level]

    def _on(self, day: date, level: str) -> pl.DataFrame:
        return self.units.filter(
            pl.col("level") == level,
            pl.col("weight") > 0,
            pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
            pl.col("valid_to").is_null() | (pl.col("valid_to") >= day),
        )

    def last_days(self) -> Ints:
        """The last epoch day of each seat; far beyond every calendar for a unit that works on."""
        days = self.units["valid_to"].cast(pl.Date).to_physical().cast(pl.Int64)
        return days.fill_null(NEVER // DAY).to_numpy()

    def heir(self, rng: np.random.Generator, seats: Ints) -> Ints:
        """For each seat one successor, by the weight of the succession; -1 where nobody succeeds."""
        groups, weights = self.heirs["from"].to_numpy(), self.heirs["weight"].to_numpy()
        chosen = pick_within(rng, groups, weights, seats)
        return np.where(chosen >= 0, self.heirs["to"].to_numpy()[chosen], -1).astype(np.int64)


def find_seats(reference: Reference, seed: int) -> Seats:
    """Weigh every unit of the reference: people of its district, chance, and what its predecessors did."""
    kinds = {kind: level for level, all_kinds in LEVEL_KINDS.items() for kind in all_kinds}
    units = (
        reference.units.filter(pl.col("tree").is_in(["territory", "agency"]), pl.col("kind").is_in(list(kinds)))
        .with_columns(level=pl.col("kind").replace_strict(kinds))
        .sort("unit_id")
        .with_row_index("seat")
        .with_columns(pl.col("seat").cast(pl.Int64))
    )
    heirs = _heirs(units, reference.links)
    return Seats(units.with_columns(weight=_weights(units, heirs, seed)), heirs)


def _heirs(units: pl.DataFrame, links: pl.DataFrame) -> pl.DataFrame:
    seats = units.select("unit_id", "seat")
    return (
        links.filter(pl.col("basis") == "succession")
        .join(seats.rename({"unit_id": "from_unit", "seat": "from"}), on="from_unit")
        .join(seats.rename({"unit_id": "to_unit", "seat": "to"}), on="to_unit")
        .select("from", "to", pl.col("weight").cast(pl.Float64))
        .sort("from", "to")
    )


def _weights(units: pl.DataFrame, heirs: pl.DataFrame, seed: int) -> pl.Series:
    first = units.with_columns(weight=_first_weights(units, seed)).with_columns(
        weight=pl.when(pl.col("level") == "province").then(_department_weight(units)).otherwise("weight")
    )
    communes = first.filter(pl.col("level") == "commune").select(pl.col("seat").alias("from"), own="weight")
    inherited = (
        heirs.join(communes, on="from")
        .group_by("to", maintain_order=True)
        .agg(inherited=(pl.col("own") * pl.col("weight")).sum())
    )
    districts = (
        first.filter(pl.col("level") == "commune")
        .group_by("parent_id", maintain_order=True)
        .agg(below=pl.col("weight").sum())
    )
    return (
        first.join(inherited, left_on="seat", right_on="to", how="left", maintain_order="left")
        .join(districts, left_on="unit_id", right_on="parent_id", how="left", maintain_order="left")
        .select(weight=pl.coalesce("inherited", "below", "weight"))
        .to_series()
    )


def _department_weight(units: pl.DataFrame) -> pl.Expr:
    """What the fields of a department weigh; where the reference has other departments, all the same."""
    weights: dict[str, float] = {}
    for area, code in DEPARTMENTS.items():
        weights[code] = weights.get(code, 0.0) + FIELDS["province"].get(area, 0.0)
    is_known = units["code"].is_in(list(weights)).any()
    return pl.col("code").replace_strict(weights, default=0.0 if is_known else 1.0, return_dtype=pl.Float64)


def _first_weights(units: pl.DataFrame, seed: int) -> pl.Series:
    spread = stream(seed, "sizes").lognormal(0.0, 0.45, units.height)
    district = pl.col("parent_id").str.split("@").list.first()
    people = district.replace_strict(PEOPLE, default=None, return_dtype=pl.Float64)
    own_share = people / pl.len().over("parent_id")
    share = pl.when(people.is_null()).then(float(PEOPLE_PER_OTHER_COMMUNE)).otherwise(own_share)
    return units.select((share * pl.Series(spread)).alias("weight")).to_series()


def spans_between(reforms: tuple[date, ...], first: date, last: date) -> list[tuple[date, date]]:
    """Cut a period at month starts and reform days, so that units and file months are constant within a part."""
    months = pl.date_range(first.replace(day=1), last, "1mo", eager=True).to_list()
    starts = sorted({first, *(day for day in [*months, *reforms] if first < day <= last)})
    ends = [day - timedelta(days=1) for day in starts[1:]] + [last]
    return list(zip(starts, ends, strict=True))
