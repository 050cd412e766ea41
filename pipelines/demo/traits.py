"""What a dossier carries besides its dates: fees and payments, digital papers, and what the applicant says after."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pipelines.demo import calibration as known
from pipelines.demo.chance import happens, stream
from pipelines.demo.filings import ONLINE, World
from pipelines.demo.office import Flags, Floats, Ints

FEES: Final = (8_000, 15_000, 20_000, 50_000, 100_000, 150_000, 300_000, 500_000)
PORTAL, GATEWAY = 1, 2
SATISFIED, NEUTRAL, DISSATISFIED = 1, 2, 3
LATE_ANGERS: Final = 12.0  # how many times more complaints and dislikes after a late result
UNIT_SPREAD: Final = 0.12  # how far units differ in digital habits


def with_traits(world: World, lives: pl.DataFrame, day: date, part: int) -> pl.DataFrame:
    """Add fee (dong), paid (0-2), yes-or-no traits, rating (0-3), complained, and punctual as the sender says it."""
    rng = stream(world.seed, "traits", part)
    rows = lives.height
    late = (lives["ended"] > lives["due_2"]).to_numpy()
    facts = world.procedures.select("has_fee", "returns_paper_result")[lives["procedure"].to_numpy()]
    fee = _fees(world, rng, lives, facts["has_fee"].to_numpy())

    def share(name: str, ends: tuple[float, float]) -> Floats:
        return _by_unit(world, name, lives["seat"].to_numpy(), world.between(day, ends))

    paid = happens(rng, share("paid", known.PAID_ONLINE), rows) & (fee > 0)
    portal = happens(rng, known.PAID_AT_THE_NATIONAL_PORTAL, rows)
    return lives.with_columns(
        fee=pl.Series(fee),
        paid=pl.Series(np.where(paid, np.where(portal, PORTAL, GATEWAY), 0)),
        paper=facts["returns_paper_result"],
        digitised=pl.Series(happens(rng, share("digitised", known.DIGITISED), rows)),
        electronic=pl.Series(happens(rng, share("electronic", known.ELECTRONIC_RESULT), rows)),
        reused=pl.Series(happens(rng, share("reused", known.REUSED), rows)),
        population=pl.Series(_population(world, rng, lives, day)),
        stored=pl.Series(happens(stream(world.seed, "store", part), world.between(day, known.PERSONAL_STORE), rows)),
        synchronised=pl.Series(happens(rng, world.between(day, known.SYNCHRONISED), rows)),
        rating=pl.Series(_rating(rng, late)),
        complained=pl.Series(happens(rng, np.where(late, LATE_ANGERS, 0.96) * known.COMPLAINED, rows)),
        punctual=pl.Series(_said_punctual(rng, late)),
    )


def _fees(world: World, rng: np.random.Generator, lives: pl.DataFrame, has_fee: Flags) -> Ints:
    by_procedure = stream(world.seed, "fees").choice(FEES, world.procedures.height)
    amount = by_procedure[lives["procedure"].to_numpy()]
    return np.where(has_fee & ~happens(rng, known.FEE_WAIVED, lives.height), amount, 0)


def _by_unit(world: World, name: str, seat: Ints, share: float) -> Floats:
    habit: Floats = stream(world.seed, f"habit:{name}").normal(0.0, UNIT_SPREAD, world.seats.units.height)
    return np.clip(share + habit[seat] * min(share, 1 - share) * 2, 0.0, 1.0)


def _population(world: World, rng: np.random.Generator, lives: pl.DataFrame, day: date) -> Flags:
    citizens = (lives["applicant"] == 0).to_numpy()
    share = world.between(day, known.POPULATION_DATA)
    online = (lives["channel"] == ONLINE).to_numpy()
    return happens(rng, np.where(citizens, np.where(online, share, share / 2), 0.05), lives.height)


def _rating(rng: np.random.Generator, late: Flags) -> Ints:
    draw = rng.random(len(late))
    bad = np.where(late, LATE_ANGERS * known.DISSATISFIED, known.DISSATISFIED)
    rating = np.where(draw < bad, DISSATISFIED, np.where(draw < 1 - known.SATISFIED, NEUTRAL, SATISFIED))
    return np.where(happens(rng, known.RATED, len(late)), rating, 0)


def _said_punctual(rng: np.random.Generator, late: Flags) -> Flags:
    return np.where(late, happens(rng, known.CALLED_PUNCTUAL, len(late)), ~happens(rng, known.CALLED_LATE, len(late)))
