"""What a register of announcements and a portal's counters say of a row, day by day and page by page."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.facts import FACTS
from pipelines.facts.portal_use import STAGES
from pipelines.reasons import REASONS
from tests.pipelines.loading import shipped

DECIDED = date(2026, 10, 5)  # a Monday; the week after has no day off


def derived(name: str, **known: Any) -> dict[str, Any]:
    columns = FACTS[name].columns
    schema = {one: column.dtype for one, column in columns.items() if not column.derived} | {"version_at": pl.Datetime}
    row = pl.DataFrame([{one: known.get(one) for one in schema}], schema=schema)
    return FACTS[name].derive(row.lazy(), shipped()).collect().row(0, named=True)


def announcement(**known: Any) -> dict[str, Any]:
    return derived("announcement", **{"decided_on": DECIDED, "version_at": datetime(2026, 10, 31)} | known)


@pytest.mark.parametrize(
    ("effective", "in_time"),
    [(date(2026, 10, 12), True), (date(2026, 10, 11), False), (date(2026, 10, 9), False), (DECIDED, False),
     (date(2026, 9, 1), False), (None, None)],
)  # fmt: skip
def test_announced_five_working_days_before_the_law_takes_effect(effective: date | None, in_time: bool | None) -> None:
    assert announcement(effective_on=effective)["announced_in_time"] is in_time


@pytest.mark.parametrize(
    ("published", "sent", "in_time"),
    [
        (date(2026, 10, 12), 31, True),  # the fifth working day
        (date(2026, 10, 13), 31, False),
        (None, 13, False),  # the day after the last one: missed
        (None, 12, None),  # the last day is not over
        (None, 6, None),
        (DECIDED, 6, True),
    ],
)
def test_published_within_five_working_days_or_missed_when_they_are_over(
    published: date | None, sent: int, in_time: bool | None
) -> None:
    told = announcement(published_on=published, version_at=datetime(2026, 10, sent))
    assert told["published_in_time"] is in_time


@given(st.integers(0, 40))
def test_a_later_publication_is_never_more_punctual(days: int) -> None:
    early, late = (announcement(published_on=DECIDED + timedelta(days=days + more)) for more in (0, 1))
    assert early["published_in_time"] or not late["published_in_time"]


def broken(name: str, **known: Any) -> set[str]:
    """The rules that a row breaks."""
    fact = FACTS[name]
    schema = {one: column.dtype for one, column in fact.columns.items()} | {"line": pl.Int64}
    row = pl.DataFrame([{one: known.get(one) for one in schema}], schema=schema)
    _, failed = fact.rules.filter(row.select(fact.rules.column_names()), cast=True)
    return {rule.removeprefix("rule|") for rule in failed.counts()}


GOOD = {"unit": "STP", "counted_on": DECIDED, "begun": 9, "form_filled": 8, "papers_attached": 8, "submitted": 7}


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({}, set()),
        ({"form_filled": None, "papers_attached": None}, set()),
        ({"submitted": 9, "form_filled": None, "papers_attached": None}, set()),
        ({"submitted": 10, "form_filled": None, "papers_attached": None}, {"nobody_skips_a_page"}),
        ({"papers_attached": 9}, {"nobody_skips_a_page"}),
        ({"begun": None}, {"has_both_ends"}),
        ({"submitted": None}, {"has_both_ends"}),
        ({"certified_copies": -1}, {"counts_are_not_negative"}),
        ({"unit": None}, {"has_a_unit"}),
        ({"counted_on": None}, {"has_a_day"}),
    ],
)
def test_a_line_of_a_portal_is_good_or_says_why_not(more: dict[str, Any], rules: set[str]) -> None:
    assert broken("portal_use", **GOOD | more) == rules


@given(st.lists(st.integers(0, 5), min_size=4, max_size=4))
def test_pages_that_only_lose_people_are_good_and_no_others(counts: list[int]) -> None:
    row = dict(zip(STAGES, counts, strict=True))
    is_falling = counts == sorted(counts, reverse=True)
    assert ("nobody_skips_a_page" not in broken("portal_use", **GOOD | row)) == is_falling


@pytest.mark.parametrize(
    ("more", "rules"),
    [
        ({}, set()),
        ({"published_on": DECIDED}, set()),
        ({"published_on": date(2026, 10, 4)}, {"published_not_before_decided"}),
        ({"procedure_code": None}, {"has_a_procedure"}),
        ({"unit": None}, {"has_a_unit"}),
        ({"decided_on": None}, {"has_a_decision"}),
    ],
)
def test_a_line_of_the_register_is_good_or_says_why_not(more: dict[str, Any], rules: set[str]) -> None:
    assert broken("announcement", **{"procedure_code": "P", "unit": "STP", "decided_on": DECIDED} | more) == rules


def test_nobody_finishes_a_step_before_the_day_it_was_taken_up() -> None:
    step = {"case_id": "A", "step": "sign", "done_at": datetime(2026, 10, 5), "done_on": DECIDED}
    assert broken("dossier_step", **step, started_on=DECIDED) == set()
    assert broken("dossier_step", **step, started_on=date(2026, 10, 6)) == {"started_not_after_done"}


@pytest.mark.parametrize("name", ["announcement", "portal_use", "dossier_step"])
def test_every_rule_speaks_of_a_column_and_has_its_sentence(name: str) -> None:
    fact = FACTS[name]
    for rule, column in fact.about.items():
        assert column in fact.columns
        assert rule in REASONS
