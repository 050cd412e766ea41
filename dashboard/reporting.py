"""Who has sent and how steadily: coverage per kind of record, and the one league that a calendar decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.export import COUNT, DAY, SHARE, TEXT, Column
from dashboard.here import Here
from dashboard.intake import fact_name, source_names
from dashboard.periods import DAY as ONE_DAY
from dashboard.periods import MONTH, QUARTER, YEAR, Period, holding, previous, run_of
from dashboard.query.coverage import judge
from dashboard.query.filings import senders
from dashboard.query.punctuality import UnitRecord, records, top_of, unit_records
from dashboard.query.question import AS_WAS, Coverage
from dashboard.table import Table

_GRAINS: Final = {"quarterly": QUARTER, "yearly": YEAR}
_SPANS: Final = {"monthly": 12, "quarterly": 8, "yearly": 5}
_NAMED: Final = 8  # units named in a cell; the rest are counted


def facts(here: Here) -> dict[str, str]:
    """Kinds of record that this role's sources send, each with the slowest rhythm of its sources."""
    order = ("daily", "weekly", "monthly", "quarterly", "yearly", "irregular")
    found: dict[str, str] = {}
    for one in senders(here.snapshot, here.scope):
        slower = max((found.get(one.fact, order[0]), one.rhythm), key=order.index)
        found[one.fact] = slower
    return found


def period_of(here: Here, rhythm: str) -> Period:
    """The period to ask a rhythm about: the view's own, or the newest whole quarter or year within its end."""
    grain = _GRAINS.get(rhythm)
    if grain is None:
        return holding(here.period.last, MONTH) if here.period.grain == ONE_DAY else here.period
    found = holding(here.period.last, grain)
    return found if found.last <= max(here.period.last, here.snapshot.publication.whole_until) else previous(found)


def coverages(here: Here) -> list[tuple[str, Period, Coverage]]:
    """(kind of record, period asked about, who has sent) for every kind."""
    top = top_of(here.snapshot, here.scope)
    if not here.scope.answers(here.snapshot.clearance):
        return []
    asked = [(fact, period_of(here, rhythm)) for fact, rhythm in facts(here).items()]
    return [
        (fact, period, judge(here.snapshot, fact, "", top, AS_WAS, period, here.today).coverage)
        for fact, period in asked
    ]


def coverage_table(here: Here, found: Sequence[tuple[str, Period, Coverage]]) -> Table:
    """One row per kind of record: period, how many sent of how many expected, and who has not."""
    columns = (
        Column(here.word("intake.fact")), Column(here.word("intake.period")), Column(here.word("intake.sent"), SHARE),
        Column(here.word("intake.not_sent")),
    )  # fmt: skip
    cells, texts = [], []
    for fact, period, coverage in found:
        head = (fact_name(here, fact), here.format.period(period))
        share = coverage.sent / coverage.expected if coverage.expected else None
        sent = f"{here.format.count(coverage.sent)}/{here.format.count(coverage.expected)}" if coverage.expected else ""
        cells.append((*head, share, unit_names(here, coverage.missing, most=1_000)))
        texts.append((*head, sent, _missing(here, coverage)))
    return Table(columns, tuple(cells), tuple(texts))


def _missing(here: Here, coverage: Coverage) -> str:
    if not coverage.expected:
        return here.word("intake.nobody")
    return unit_names(here, coverage.missing) or f"● {here.word('intake.all_sent')}"


def unit_names(here: Here, units: Sequence[str], most: int = _NAMED) -> str:
    """Units by name, the first `most` of them, and how many more."""
    names = [here.places.units[unit].name(here.lang) for unit in units[:most] if unit in here.places.units]
    joined = ", ".join(names)
    rest = len(units) - most
    return here.word("intake.and_more", names=joined, n=here.format.count(rest)) if rest > 0 else joined


def sources_table(here: Here) -> Table:
    """The sources by how they kept their rhythm in the last sixty days, best first."""
    names = source_names(here)
    heads = ("source", "judged", "in_time", "days_missing")
    kinds = dict(zip(heads, (TEXT, COUNT, SHARE, COUNT), strict=True))
    found = records(here.snapshot, here.scope, here.today)
    count, none = here.format.count, here.word("intake.not_judged")
    shares = [none if one.share is None else here.format.percent(one.share) for one in found]
    return Table(
        tuple(Column(here.word(f"intake.{name}"), kinds[name]) for name in heads),
        tuple((names[one.source], one.judged, one.share, one.days_missing) for one in found),
        tuple((names[one.source], count(one.judged), share, count(one.days_missing))
              for one, share in zip(found, shares, strict=True)),
    )  # fmt: skip


def units_league(here: Here, fact: str, rhythm: str) -> list[UnitRecord]:
    """The units that send a fact, those with the most gaps first, over the last whole spans of its rhythm."""
    grain, many = _GRAINS.get(rhythm, MONTH), _SPANS.get(rhythm, _SPANS["monthly"])
    until = here.snapshot.publication.data_until
    last = holding(min(here.period.last, until), grain)
    whole = last if last.last <= until else previous(last)
    return unit_records(here.snapshot, here.scope, fact, run_of(whole, many))


def units_table(here: Here, found: Sequence[UnitRecord]) -> Table:
    """Units with gaps: spans with data, which are missing, how far their data reach."""
    heads = ("unit", "spans", "gaps", "until")
    columns = tuple(Column(here.word(f"intake.{name}"), DAY if name == "until" else TEXT) for name in heads)
    cells, texts = [], []
    for one in found:
        name = here.places.units[one.unit].name(here.lang)
        gaps = ", ".join(here.format.tick(span) for span in one.missing)
        told = f"{here.format.count(one.sent)}/{here.format.count(one.asked)}"
        cells.append((name, told, gaps, one.data_until))
        texts.append((name, told, gaps, here.format.date(one.data_until)))
    return Table(columns, tuple(cells), tuple(texts))


def league_told(here: Here, found: Sequence[UnitRecord]) -> str:
    """How many steady units have every span, and how many are concerned too seldom to be judged."""
    steady = [one for one in found if one.steady]
    whole, count = sum(not one.missing for one in steady), here.format.count
    spans = max(one.asked for one in steady or found)
    told = here.word("intake.league_gaps", whole=count(whole), all=count(len(steady)), spans=count(spans))
    seldom = len(found) - len(steady)
    return told + (" " + here.word("intake.league_seldom", n=count(seldom)) if seldom else "")
