"""A case that crosses a reform is carried whole: its shares add up to one case, whichever way one looks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.bridge import Units, carried, read_units
from pipelines.measure import measure
from pipelines.reference import Place, Reference, Reform
from tests.pipelines.measured import facts_db, product_catalogue, small_reference

STATE = {name: entry for name, entry in product_catalogue().items() if entry.fact == "dossier"}
BEFORE = date(2025, 6, 30)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return small_reference(tmp_path_factory.mktemp("place") / "data")


def dossier(unit: str, received: date, **more: Any) -> dict[str, Any]:
    return {"source": "s", "unit_at_receipt": unit, "unit_now": unit, "received_on": received,
            "status": "in_progress"} | more


def bridge(reference: Reference, rows: list[dict[str, Any]]) -> dict[tuple[str, str, str], dict[str, float]]:
    db = facts_db(dossier=rows)
    measure(db, STATE, reference)
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    for basis, indicator, source, target, weight in db.execute("SELECT * FROM bridge").fetchall():
        found.setdefault((basis, indicator, source), {})[target] = weight
    return found


def test_today_carries_old_units_forward_and_leaves_present_ones(reference: Reference) -> None:
    today = {unit: shares for (basis, indicator, unit), shares in bridge(reference, []).items() if basis == "today"}
    assert today["c1"] == {"n1": 1.0}
    assert today["c3"] == {"n1": 0.25, "n2": 0.75}
    assert today["D2"] == {"n1": 0.25, "n2": 0.75}
    assert all(today[unit] == {unit: 1.0} for unit in ("80", "n1", "n2", "A", "UNASSIGNED"))


def test_old_units_stand_for_themselves_before_the_reform(reference: Reference) -> None:
    found = bridge(reference, [])
    assert all(found["before_2025", "", unit] == {unit: 1.0} for unit in ("80", "D1", "c1", "c3", "A", "UNASSIGNED"))
    assert ("before_2025", "", "n1") not in found


def test_back_weights_follow_the_same_denominator_of_the_year_before(reference: Reference) -> None:
    day, long_ago = date(2025, 3, 3), date(2024, 6, 30)
    rows = [dossier("c1", day)] * 3 + [dossier("c3", day)] * 4 + [dossier("c1", long_ago)] * 50
    found = bridge(reference, rows)
    # n1 follows c1 whole and a quarter of c3: 3 x 1 against 4 x 0.25.
    assert found["before_2025", "dossiers_received", "n1"] == pytest.approx({"c1": 0.75, "c3": 0.25})
    # n2 follows c2 whole and three quarters of c3, but nobody was counted in c2.
    assert found["before_2025", "dossiers_received", "n2"] == {"c3": 1.0}
    # Another denominator, another weight: nothing ended in that year, so only the crosswalk speaks.
    assert found["before_2025", "dossiers_on_time", "n1"] == pytest.approx({"c1": 0.8, "c3": 0.2})
    # An entry that is a part of another is carried like it, or the part could exceed the whole.
    assert found["before_2025", "dossiers_overdue", "n1"] == found["before_2025", "dossiers_received", "n1"]


def test_a_district_never_takes_what_its_communes_take(reference: Reference) -> None:
    found = bridge(reference, [dossier("D1", date(2025, 3, 3))] * 9)
    targets = {target for (basis, _, unit), shares in found.items() if basis == "before_2025" and unit in ("n1", "n2")
               for target in shares}
    assert targets == {"c1", "c2", "c3"}


def test_every_indicator_carries_every_new_unit_whole(reference: Reference) -> None:
    found = bridge(reference, [dossier("c2", date(2025, 3, 3))])
    for name in STATE:
        for unit in ("n1", "n2"):
            assert sum(found["before_2025", name, unit].values()) == pytest.approx(1), (name, unit)


def test_two_reforms_are_crossed_one_after_the_other(reference: Reference) -> None:
    later = pl.DataFrame([{"unit_id": "m", "tree": "territory", "code": "m", "kind": "ward", "level": 1,
                           "valid_from": date(2030, 1, 1), "valid_to": None, "parent_id": "80"}])
    ended = pl.when(pl.col("unit_id").is_in(["n1", "n2"])).then(pl.lit(date(2029, 12, 31))).otherwise("valid_to")
    units = pl.concat([reference.units.with_columns(valid_to=ended), later.cast({"level": pl.Int32})], how="diagonal")
    link = {"to_unit": "m", "weight": 1.0, "basis": "succession", "weight_basis": "whole", "document": ""}
    links = pl.concat([reference.links, pl.DataFrame([link | {"from_unit": "n1"}, link | {"from_unit": "n2"}])],
                      how="diagonal")
    reforms = (*reference.place.reforms, Reform(date(2030, 1, 1), "before_2030", {"vi": "x", "en": "x"}))
    place: Place = replace(reference.place, reforms=reforms)
    found = bridge(replace(reference, place=place, units=units, links=links), [dossier("c1", date(2025, 3, 3))])
    assert found["today", "", "c3"] == pytest.approx({"m": 1.0})
    assert found["before_2030", "", "c3"] == {"n1": 0.25, "n2": 0.75}
    assert set(found["before_2030", "dossiers_received", "m"]) == {"n1", "n2"}
    assert set(found["before_2025", "dossiers_received", "m"]) == {"c1", "c2", "c3"}
    assert sum(found["before_2025", "dossiers_received", "m"].values()) == pytest.approx(1)


def test_an_agency_that_begins_later_or_ends_for_good_stands_for_itself() -> None:
    units = Units({"old": (date.min, date(2026, 1, 1)), "new": (date(2026, 1, 2), date.max)}, {}, {})
    assert carried(units, date.max, {}, {}) == {"old": {"old": 1.0}, "new": {"new": 1.0}}
    assert carried(units, BEFORE, {}, {}) == {"old": {"old": 1.0}, "new": {"new": 1.0}}


def test_a_succession_in_a_circle_ends() -> None:
    ended = (date.min, date(2020, 1, 1))
    units = Units({"a": ended, "b": ended}, {"a": {"b": 1.0}, "b": {"a": 1.0}}, {})
    assert all(sum(shares.values()) == pytest.approx(1) for shares in carried(units, date.max, {}, {}).values())


@given(st.dictionaries(st.sampled_from(["c1", "c2", "c3", "D1"]), st.integers(0, 1000)), st.dates())
def test_shares_of_a_unit_always_sum_to_one(counts: dict[str, float], day: date) -> None:
    for unit, shares in carried(UNITS, day, counts, {}).items():
        assert sum(shares.values()) == pytest.approx(1), unit
        assert all(share > 0 for share in shares.values())


def _units() -> Units:
    import tempfile
    with tempfile.TemporaryDirectory() as folder:
        return read_units(small_reference(Path(folder) / "data"))


UNITS = _units()
