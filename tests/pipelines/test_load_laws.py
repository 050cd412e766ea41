"""Deliveries may come in any order, twice, or in pieces: the facts are the same."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.load import create_fact_tables
from pipelines.mapping import SourceMapping
from tests.pipelines.loading import DOSSIERS, draft, fact, load, mapping, rows

EVENTS = (
    DOSSIERS
    + """
[fold]
case = "case_id"
[fold.event]
fact = "dossier_step"
columns = { step = "buoc", done_at = "luc" }
"""
)
UNTIMED = DOSSIERS.replace('updated_at = { column = "cap_nhat", optional = true }\n', "")

Row = dict[str, str]
Delivery = tuple[str, date | None, list[Row]]


def a_row(case: int, minute: int, channel: int, days: int) -> Row:
    received = datetime(2025, 6, 24, 8) + timedelta(days=case)
    return {
        "so": f"HS-{case}",
        "nhan": received.strftime("%d/%m/%Y %H:%M"),
        "xong": "" if days == 0 else (received + timedelta(days=days)).strftime("%d/%m/%Y"),
        "hen": (received + timedelta(days=4)).strftime("%d/%m/%Y"),
        "kenh": str(channel),
        # Loaded before the reform or after it, the unit that answers now is another.
        "hien_tai": "27694",
        "cap_nhat": (datetime(2025, 6, 30, 20) + timedelta(minutes=minute)).strftime("%d/%m/%Y %H:%M:%S"),
    }


ROWS = st.builds(a_row, st.integers(0, 5), st.integers(0, 480), st.integers(1, 2), st.integers(0, 9))
ONCE = st.lists(ROWS, max_size=12, unique_by=lambda row: (row["so"], row["cap_nhat"]))
PER_CASE = st.lists(ROWS, max_size=6, unique_by=lambda row: row["so"])
DAYS = st.dates(date(2025, 7, 1), date(2025, 7, 9))


@cache
def open_draft() -> duckdb.DuckDBPyConnection:
    db = draft()
    create_fact_tables(db)
    return db


def empty_draft() -> duckdb.DuckDBPyConnection:
    """An empty draft; emptying one is faster than making one."""
    for name in ("fact_dossier", "fact_dossier_step"):
        open_draft().execute(f"delete from {name}")
    return open_draft()


def content(deliveries: Sequence[Delivery], toml: str) -> list[pl.DataFrame]:
    db = empty_draft()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        source: SourceMapping = mapping(place, toml)
        for number, (name, as_of, sent) in enumerate(deliveries):
            text = rows(*sent) if sent else rows({}).clear()
            loaded = load(db, text, source, place / str(number), name, as_of=as_of)
            assert loaded.rows_in == loaded.rows_loaded + loaded.rows_quarantined + loaded.rows_skipped == len(sent)
        return [fact(db), fact(db, "dossier_step")] if deliveries else []


def same(one: Sequence[pl.DataFrame], other: Sequence[pl.DataFrame]) -> bool:
    return all(left.equals(right) for left, right in zip(one, other, strict=True))


LAWS = settings(deadline=None, max_examples=10)


@LAWS
@given(st.data(), st.lists(st.tuples(DAYS, PER_CASE), min_size=1, max_size=4))
def test_the_order_of_arrival_does_not_matter(data: st.DataObject, sent: list[tuple[date, list[Row]]]) -> None:
    deliveries = [(f"tep-{number}", day, some) for number, (day, some) in enumerate(sent)]
    turned = data.draw(st.permutations(deliveries))
    assert same(content(deliveries, UNTIMED), content(turned, UNTIMED))


@LAWS
@given(ONCE, ONCE)
def test_sending_again_changes_nothing(first: list[Row], second: list[Row]) -> None:
    once = [("mot", None, first), ("hai", None, second)]
    again = [*once, ("mot", None, first), ("mot lan nua", None, first), ("hai", None, second)]
    assert same(content(once, DOSSIERS), content(again, DOSSIERS)) or shares_a_version(first, second)


def shares_a_version(first: list[Row], second: list[Row]) -> bool:
    """Two files that contradict each other about one moment: the larger hash decides, and a copy has its own."""
    moments = {(row["so"], row["cap_nhat"]): row for row in first}
    return any(moments.get((row["so"], row["cap_nhat"]), row) != row for row in second)


@LAWS
@given(ONCE, st.lists(st.integers(0, 12), max_size=3))
def test_a_file_in_pieces_is_the_file(sent: list[Row], cuts: list[int]) -> None:
    edges = sorted({0, len(sent), *(cut for cut in cuts if cut < len(sent))})
    pieces = [(f"phan-{start}", None, sent[start:stop]) for start, stop in pairwise(edges)]
    assert same(content([("ca tep", None, sent)], DOSSIERS), content(pieces or [("ca tep", None, sent)], DOSSIERS))


EVENT = st.builds(
    lambda row, step, minute: row | {"buoc": f"T{step}", "luc": f"30/06/2025 10:{minute:02d}:00"},
    ROWS,
    st.integers(1, 3),
    st.integers(0, 3),
)


@LAWS
@given(st.data(), st.lists(EVENT, min_size=1, max_size=10), st.integers(1, 9))
def test_an_event_log_in_pieces_gives_the_same_cases(data: st.DataObject, log: list[Row], size: int) -> None:
    distinct = [dict(one) for one in dict.fromkeys(tuple(sorted(event.items())) for event in log)]
    shuffled = data.draw(st.permutations(distinct))
    pieces = [(f"phan-{at}", None, shuffled[at : at + size]) for at in range(0, len(shuffled), size)]
    assert same(content([("ca so", None, distinct)], EVENTS), content(pieces, EVENTS))
