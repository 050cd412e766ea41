"""The same period a year earlier, or nothing: checked against a search through every figure that was told."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from dashboard import periods
from dashboard.periods import Period
from dashboard.query.batch import Ask, Cell, Measured
from dashboard.query.reported import as_period
from dashboard.query.year_before import year_before

MONTHS = [date(2025 + at // 12, at % 12 + 1, 1) for at in range(24)]
TOLD = st.sets(st.sampled_from(MONTHS), max_size=24)


def to_date(month: date) -> Period:
    """January up to and including a month."""
    return as_period(month.replace(month=1), periods.holding(month, periods.MONTH).last)


def newest(told: set[date], span: Period) -> Cell:
    """The newest figure of `told` that ended by the end of a span, as a published figure is chosen."""
    ended = [to_date(month) for month in sorted(told) if to_date(month).last <= span.last]
    return Cell(value=float(ended[-1].days), covers=ended[-1]) if ended else Cell(reason="answer.nothing_reported")


def measured(told: set[date], ask: Ask) -> Measured:
    return Measured({key: newest(told, ask.spans[key[0]]) for key in ask.cells()}, Cell(), ())


@given(told=TOLD, asked=st.lists(st.sampled_from(MONTHS[12:]), min_size=1, max_size=5, unique=True))
def test_a_figure_meets_its_own_months_of_the_year_before_or_nothing(told: set[date], asked: list[date]) -> None:
    ask = Ask(tuple(periods.holding(month, periods.MONTH) for month in asked), ("80",), "today", date(2027, 1, 1))
    now = measured(told, ask)
    found = year_before(ask, now, lambda past: measured(told, past))
    for key in ask.cells():
        covers = now.cell(key).covers or ask.spans[key[0]]
        twin = [month for month in told if (to_date(month).first, to_date(month).last)
                == (covers.first.replace(year=covers.first.year - 1), periods.year_before(covers).last)]  # fmt: skip
        assert found.cell(key).value == (float(to_date(twin[0]).days) if twin else None)


def test_a_count_is_asked_for_the_same_days_of_the_year_before() -> None:
    ask = Ask((periods.parse("2026-10"), periods.parse("2024-02")), ("80",), "today", date(2027, 1, 1))
    asked: list[tuple[Period, ...]] = []

    def measure(past: Ask) -> Measured:
        asked.append(past.spans)
        return Measured({(0, "80", None): Cell(value=7, n=7)}, Cell(value=0, n=0), ())

    found = year_before(ask, Measured({}, Cell(value=0, n=0), ()), measure)
    assert [span.code for span in asked[0]] == ["2025-10", "2023-02"]
    assert [found.cell(key).value for key in ask.cells()] == [7, 0]
