"""Whoever knows everything that is published still cannot say how many members a hidden cell has."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog

from pipelines.catalogue import Catalogue
from pipelines.disclose import HIDDEN, write_cells
from pipelines.disclose.forms import PARTS_OF, families, form_of
from pipelines.disclose.tree import Tree, close, intervals, make_tree
from pipelines.disclose.year import Year, settle_periods, settle_years
from pipelines.errors import PersonError
from pipelines.measure import measure
from pipelines.reference import PublishedTable, Reference
from tests.pipelines.measured import facts_db, product_catalogue, small_reference

PARTY: Catalogue = {name: entry for name, entry in product_catalogue().items() if entry.clearance == "party"}
QUARTERS = ("1", "2", "3", "4")
WIDTH = 5


class Outsider:
    """Somebody who has every published number, a computer and no manners: a linear programme."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.rows: list[Any] = []
        self.values: list[float] = []
        self.at_most: list[Any] = []

    def learns(self, row: Any, value: float) -> None:
        self.rows.append(row)
        self.values.append(value)

    def guesses(self, row: Any) -> tuple[float, float]:
        """The least and the most that a sum of unknowns can be."""
        least, most = (self._least(sign * row) for sign in (1, -1))
        return least, -most

    def _least(self, goal: Any) -> float:
        known = {"A_eq": np.array(self.rows), "b_eq": self.values} if self.rows else {}
        bounded = {"A_ub": np.array(self.at_most), "b_ub": np.zeros(len(self.at_most))} if self.at_most else {}
        found = linprog(goal, bounds=(0, None), method="highs", **known, **bounded)
        assert found.status in (0, 3, 4), found.message
        return float(found.fun) if found.status == 0 else -math.inf


def random_year(seed: int) -> Year:
    """A tree of up to three levels and one count in it; some units report only in some quarters."""
    dice = random.Random(seed)
    parents: dict[str, str | None] = {"R": None}
    for number in range(dice.randint(1, 5)):
        parents[f"A{number}"] = "R"
        for below in range(dice.choice([0, 0, 1, 3])):
            parents[f"A{number}.{below}"] = f"A{number}"
    tree, most = make_tree(parents), dice.choice([1, 3, 12, 40])
    series: dict[str, dict[str, int]] = {unit: {} for unit in parents}
    for unit in parents:
        if unit not in tree.children:
            for quarter in QUARTERS if dice.random() < 0.7 else dice.sample(QUARTERS, dice.randint(1, 4)):
                count = dice.randint(0, most)
                for one in (unit, *tree.above(unit)):
                    series[one][quarter] = series[one].get(quarter, 0) + count
    return Year(tree, {"members": series},
                {(unit, quarter) for unit, periods in series.items() for quarter, count in periods.items()
                 if 0 < count < 10},
                {unit for unit, periods in series.items() if 0 < sum(periods.values()) < 10})


def recovered(year: Year) -> list[tuple[str, str | None]]:
    """The hidden cells that an outsider can pin down to fewer than five values, public zeros apart."""
    series = year.series["members"]
    leaves = [unit for unit in year.tree.parents if unit not in year.tree.children]
    cells = [(unit, quarter) for unit in leaves for quarter in series[unit]]

    def row(unit: str, quarter: str | None = None) -> Any:
        return np.array([float((leaf == unit or unit in year.tree.above(leaf)) and quarter in (None, one))
                         for leaf, one in cells])

    outsider = Outsider(len(cells))
    for unit, periods in series.items():
        if unit not in year.whole:
            outsider.learns(row(unit), sum(periods.values()))
        for quarter, count in periods.items():
            if (unit, quarter) not in year.hidden:
                outsider.learns(row(unit, quarter), count)
    hidden: list[tuple[str, str | None]] = [*sorted(year.hidden), *((unit, None) for unit in sorted(year.whole))]
    guesses = {cell: outsider.guesses(row(*cell)) for cell in hidden}
    return [cell for cell, (least, most) in guesses.items() if most - least < WIDTH - 1e-6 and most > 1e-6]


@pytest.mark.parametrize("seed", range(30))
def test_nothing_hidden_can_be_worked_out(seed: int) -> None:
    year = random_year(seed)
    settle_periods(year)
    settle_years(year)
    assert recovered(year) == []


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_a_quarter_is_decided_once_whatever_comes_after_it(seed: int) -> None:
    year, early = random_year(seed), random_year(seed)
    series = {unit: {"1": periods["1"]} for unit, periods in early.series["members"].items() if "1" in periods}
    early = Year(make_tree({unit: early.tree.parents[unit] for unit in series}), {"members": series},
                 {(unit, when) for unit, when in early.hidden if when == "1"})
    if series:
        settle_periods(year)
        settle_periods(early)
        assert {cell for cell in year.hidden if cell[1] == "1"} == early.hidden


def test_hiding_only_what_is_small_would_not_be_enough() -> None:
    """The same outsider finds something in many of the trees when the second step is left out."""
    found = 0
    for seed in range(30):
        year = random_year(seed)
        found += bool(recovered(year))
    assert found >= 8


def small_tree(*children: str) -> Tree:
    return make_tree({"R": None, **dict.fromkeys(children, "R")})


def test_one_hidden_child_takes_a_sibling_with_it() -> None:
    count = {"R": 100, "a": 4, "b": 26, "c": 70}
    assert close(small_tree("a", "b", "c"), {"n": count}, {"a"}) == {"a", "b"}


def test_siblings_that_are_too_small_take_their_parent_with_them() -> None:
    count = {"R": 4, "a": 1, "b": 3, "c": 0}
    assert close(small_tree("a", "b", "c"), {"n": count}, {"a", "b"}) >= {"a", "b", "R"}


def test_a_hidden_parent_never_stands_over_shown_children_alone() -> None:
    count = {"R": 9, "a": 0, "b": 9}
    assert close(small_tree("a", "b"), {"n": count}, {"R"}) & {"a", "b"}


def test_intervals_are_what_arithmetic_says() -> None:
    known = intervals(small_tree("a", "b", "c"), {"R": 30, "a": 4, "b": 6, "c": 20}, {"a", "b"})
    assert known["a"] == known["b"] == (0, 10)
    assert known["c"] == (20, 20)


def test_a_hidden_year_is_not_what_the_shown_years_leave_over() -> None:
    counts = {"a": 2, "b": 6, "c": 7, "R": 15}
    year = Year(small_tree("a", "b", "c"), {"n": {unit: dict.fromkeys(QUARTERS, n) for unit, n in counts.items()}},
                {(unit, quarter) for unit in "abc" for quarter in QUARTERS}, {"a"})
    settle_years(year)
    assert year.whole == {"a", "b"}


def test_who_is_missing_from_a_whole_is_counted_too_but_not_from_a_plan() -> None:
    attendance, plan = (form_of(PARTY[name], PARTY) for name in ("party_attendance", "party_admitted_of_plan"))
    assert attendance.told({"n_attended": 97, "n_attendance_required": 100}) == [97, 100, 3]
    assert plan.told({"n_admitted": 17, "n_admission_plan": 20}) == [17, 20]


def table(name: str, indicators: Iterable[str], period: str = "quarter", **more: Any) -> PublishedTable:
    known = {"tree": "party", "basis": "as_was", "dimensions": (), "minimum": 10} | more
    return PublishedTable(id=name, name={"vi": name, "en": name}, indicators=tuple(indicators), period=period, **known)


ALL = (table("members", ("DG03", "DG04", "DG04P", "DG05")), table("activity", ("DG11", "DG12")),
       table("rating", ("DG07", "DG08", "DG08A", "DG08B", "DG09"), "year"))


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    folder = tmp_path_factory.mktemp("place") / "data"
    found = small_reference(folder)
    root = found.units.filter(found.units["unit_id"] == "TU")
    below = [root.with_columns(unit_id=pl.lit(f"P{n}"), code=pl.lit(f"P{n}"), parent_id=pl.lit("TU"),
                               level=pl.lit(1, dtype=root.schema["level"])) for n in range(5)]
    return replace(found, units=pl.concat([found.units, *below]), published_tables=ALL)


def reports(seed: int, units: Iterable[str] = ("P0", "P1", "P2", "P3", "P4")) -> list[dict[str, Any]]:
    dice = random.Random(seed)
    rows = []
    for unit in units:
        for month, day in ((3, 31), (6, 30), (9, 30), (12, 31)):
            members, due, required = dice.randint(5, 60), dice.randint(0, 14), dice.randint(20, 90)
            row = {"source": "s", "unit_at_receipt": unit, "period_end": date(2025, month, day), "n_members": members,
                   "n_admitted": dice.randint(0, 12), "n_admission_plan": dice.randint(5, 12), "n_official_due": due,
                   "n_official_on_time": dice.randint(max(0, due - 2), due), "n_attendance_required": required,
                   "n_attended": required - dice.randint(0, 15), "n_handbook_eligible": members,
                   "n_handbook_active": members - dice.randint(0, 5)}
            if month == 12:
                failing, excellent = dice.choice([0, 0, 1, 2]), dice.randint(0, 4)
                row |= {"n_members_rated": members, "n_members_failing": min(failing, members - excellent),
                        "n_members_excellent": excellent,
                        "n_members_good": max(0, members - excellent - failing - dice.randint(0, 3))}
            rows.append(row)
    return rows


def cells(reference: Reference, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    db = facts_db(party_organisation=rows)
    write_cells(db, PARTY, reference)
    return db.sql("SELECT * FROM published_cell").pl().to_dicts()


def periods_of(period: str) -> list[date]:
    ends = [date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30), date(2025, 12, 31)]
    return ends if period == "2025" else [ends[int(period[-1]) - 1]]


@pytest.mark.parametrize("seed", range(4))
def test_published_cells_of_all_tables_together_give_nothing_away(reference: Reference, seed: int) -> None:
    rows = reports(seed)
    published = cells(reference, rows)
    forms = {name: form_of(entry, PARTY) for name, entry in PARTY.items() if entry.sensitive
             and {entry.id, entry.code} & {code for one in ALL for code in one.indicators}}
    columns = sorted(set().union(*(form.columns for form in forms.values())))
    place = {(row["unit_at_receipt"], row["period_end"], name): number
             for number, (row, name) in enumerate((row, name) for row in rows for name in columns)}

    def sums(cell: Mapping[str, Any], names: Iterable[str]) -> Any:
        days = periods_of(cell["period"])[-1:] if forms[cell["indicator"]].is_level else periods_of(cell["period"])
        found = np.zeros(len(place))
        for (unit, day, name), number in place.items():
            found[number] = float(cell["unit"] in (unit, "TU") and day in days) * list(names).count(name)
        return found

    outsider = Outsider(len(place))
    for unit, day, whole in {(unit, day, whole) for unit, day, _ in place for whole in PARTS_OF}:
        if (unit, day, whole) in place:
            bound = np.zeros(len(place))
            for name in (whole, *PARTS_OF[whole]):
                if (unit, day, name) in place:
                    bound[place[unit, day, name]] = -1.0 if name == whole else 1.0
            outsider.at_most.append(bound)
    for cell in published:
        form = forms[cell["indicator"]]
        if cell["shown"]:
            outsider.learns(sums(cell, form.above), cell["numerator"])
            if form.below:
                outsider.learns(sums(cell, form.below), cell["denominator"])
    hidden = [cell for cell in published if not cell["shown"]]
    for cell in random.Random(seed).sample(hidden, min(40, len(hidden))):
        form = forms[cell["indicator"]]
        for names in (form.above, form.below):
            if names:
                least, most = outsider.guesses(sums(cell, names))
                assert most - least >= WIDTH - 1e-6 or most < 1e-6, (cell, names, least, most)


def test_hidden_cells_carry_nothing_and_one_reason(reference: Reference) -> None:
    published = cells(reference, reports(1))
    hidden = [cell for cell in published if not cell["shown"]]
    assert hidden
    for cell in hidden:
        assert (cell["numerator"], cell["denominator"], cell["value"], cell["reason"]) == (None, None, None, HIDDEN)
    for cell in published:
        if cell["shown"]:
            below = cell["denominator"]
            assert not 0 < cell["numerator"] < 10 and not (below is not None and 0 < below < 10), cell


def test_levels_take_the_last_quarter_and_flows_add_up(reference: Reference) -> None:
    rows = [row | {"n_members": 100 + number, "n_admitted": 20, "n_admission_plan": 20}
            for number, row in enumerate(reports(1, ("P0", "P1")))]
    found = {(cell["indicator"], cell["unit"], cell["period"]): cell["value"] for cell in cells(reference, rows)}
    assert found["party_members", "P0", "2025"] == found["party_members", "P0", "2025-Q4"] == 103
    assert found["party_members", "TU", "2025"] == 103 + 107
    assert found["party_admitted", "P0", "2025-Q1"] == 20
    assert found["party_admitted", "TU", "2025"] == 160


def test_a_year_has_cells_only_when_it_is_over(reference: Reference) -> None:
    rows = [row for row in reports(1) if row["period_end"].month < 12]
    assert {len(cell["period"]) for cell in cells(reference, rows) if cell["table_id"] != "rating"} == {7}


def test_what_shares_a_count_hides_together(reference: Reference) -> None:
    published = cells(reference, reports(2))
    pattern: dict[str, set[tuple[str, str]]] = {}
    for cell in published:
        if not cell["shown"]:
            pattern.setdefault(cell["indicator"], set()).add((cell["unit"], cell["period"]))
    assert pattern["party_admitted"] == pattern["party_admitted_of_plan"]
    assert pattern["party_members_good"] == pattern["party_excellence_cap"] == pattern["party_members_failing"]


def test_families_are_joined_through_wholes() -> None:
    forms = [form_of(PARTY[name], PARTY) for name in ("party_members_failing", "party_members", "party_members_good")]
    assert sorted(len(family) for family in families(forms)) == [1, 2]


@pytest.mark.parametrize("broken", [table("x", ("DG04",), basis="today"), table("x", ("DG04",), dimensions=("sex",))])
def test_a_table_that_cannot_be_kept_safe_is_refused(reference: Reference, broken: PublishedTable) -> None:
    with pytest.raises(PersonError, match=r"published_tables\.toml: \[x\]"):
        cells(replace(reference, published_tables=(broken,)), reports(1))


def test_nothing_sensitive_leaves_except_as_a_cell(reference: Reference) -> None:
    db = facts_db(party_organisation=reports(1))
    measure(db, PARTY, reference)
    columns = {name for (name,) in db.execute("SELECT column_name FROM duckdb_columns() WHERE table_name LIKE 'part%'"
                                              ).fetchall()}
    kept = {name.rsplit("__", 1)[0] for name in columns if "__" in name}
    assert kept == {name for name, entry in PARTY.items() if entry.kind == "rate" and not entry.sensitive}
    reported = {name for (name,) in db.execute("SELECT DISTINCT indicator FROM reported").fetchall()}
    assert not any(PARTY[name].sensitive for name in reported)
    assert db.execute("SELECT count(*) FROM published_cell").fetchall() != [(0,)]
