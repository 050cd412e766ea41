"""A place of six units with one reform, and facts about it, small enough to be checked by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from hypothesis import strategies as st

from pipelines.catalogue import Catalogue, load_catalogue
from pipelines.facts import FACTS
from pipelines.reference import Reference, load_reference

PRODUCT = Path(__file__).resolve().parents[2] / "data"
REFORM = date(2025, 7, 1)
FIRST, LAST = date(2025, 5, 1), date(2025, 9, 30)
DAY = timedelta(days=1)
OLD, NEW = ("c1", "c2", "c3"), ("n1", "n2")
# Two whole communes and one that is split; districts end, the agency stays.
UNITS = """unit_id,tree,code,kind,level,name_vi,name_en,valid_from,valid_to,parent_id,document,latitude,longitude,sure
80,territory,80,province,0,Tỉnh,Province,,,,,,,true
D1,territory,D1,district,1,Huyện 1,District 1,,2025-06-30,80,,,,true
D2,territory,D2,district,1,Huyện 2,District 2,,2025-06-30,80,,,,true
c1,territory,c1,commune,2,Xã 1,Commune 1,,2025-06-30,D1,,,,true
c2,territory,c2,commune,2,Xã 2,Commune 2,,2025-06-30,D1,,,,true
c3,territory,c3,commune,2,Xã 3,Commune 3,,2025-06-30,D2,,,,true
n1,territory,n1,commune,1,Xã mới 1,New commune 1,2025-07-01,,80,,,,true
n2,territory,n2,commune,1,Xã mới 2,New commune 2,2025-07-01,,80,,,,true
A,agency,A,agency,1,Sở,Department,,,80,,,,true
UNASSIGNED,agency,UNASSIGNED,agency,1,Chưa phân công,Not assigned,,,80,,,,false
TU,party,TU,party_committee,0,Tỉnh ủy,Provincial committee,,,,,,,false
"""
SUCCESSION = """from_unit,to_unit,weight,weight_basis,document
c1,n1,1.0,whole,
c2,n2,1.0,whole,
c3,n1,0.25,equal parts,
c3,n2,0.75,equal parts,
D1,n1,0.5,equal parts,
D1,n2,0.5,equal parts,
D2,n1,0.25,equal parts,
D2,n2,0.75,equal parts,
"""
PLACE = """code = "t"
name = { vi = "Tỉnh", en = "Province" }
time_zone = "Asia/Ho_Chi_Minh"
root_unit = "80"
languages = ["vi", "en"]
report_month_day = 15
illustrative = true
office_hours = [["07:00", "11:00"], ["13:00", "17:00"]]
[[reforms]]
day = 2025-07-01
basis = "before_2025"
name = { vi = "Sắp xếp", en = "Reform" }
"""


def small_reference(folder: Path) -> Reference:
    """The place, written as files and read as any other."""
    (folder / "reference").mkdir(parents=True)
    (folder / "place.toml").write_text(PLACE, encoding="utf-8")
    (folder / "reference" / "units.csv").write_text(UNITS, encoding="utf-8")
    (folder / "reference" / "succession.csv").write_text(SUCCESSION, encoding="utf-8")
    return load_reference(folder)


@cache
def product_catalogue() -> Catalogue:
    return load_catalogue(PRODUCT)


def facts_db(**facts: Iterable[Mapping[str, Any]]) -> duckdb.DuckDBPyConnection:
    """A database with the given rows of each fact; columns that a row does not name are empty."""
    db = duckdb.connect()
    for name, rows in facts.items():
        put(db, name, rows)
    return db


def put(db: duckdb.DuckDBPyConnection, fact: str, rows: Iterable[Mapping[str, Any]]) -> None:
    schema = {name: column.dtype for name, column in FACTS[fact].columns.items()}
    frame = pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema, orient="row")
    db.register("rows_in", frame.to_arrow())
    db.execute(f"CREATE OR REPLACE TABLE fact_{fact} AS SELECT * FROM rows_in")
    db.unregister("rows_in")


@st.composite
def dossiers(draw: st.DrawFn) -> dict[str, Any]:
    """A dossier as `derive` leaves it, with moves on the reform day and on any other."""
    received = draw(st.dates(FIRST, LAST))
    units = (*OLD, "D1", "A") if received < REFORM else (*NEW, "A")
    unit, due = draw(st.sampled_from(units)), received + draw(st.integers(0, 25)) * DAY
    ended = draw(st.none() | st.integers(0, 40).map(lambda days: received + days * DAY))
    moved = draw(st.none() | st.integers(0, 60).map(lambda days: received + days * DAY))
    if moved is not None and ended is not None and draw(st.integers(0, 2)) == 0:
        moved = ended  # on the day of its end a case may still change hands
    if moved is None and unit in OLD and (ended is None or ended >= REFORM) and draw(st.booleans()):
        moved = REFORM
    late = ended is None or ended > due
    supplement = draw(st.integers(0, 2))
    waiting = ended is None and supplement > 0 and draw(st.booleans())
    return {
        "source": "s", "case_id": str(draw(st.integers(0, 10**9))), "unit_at_receipt": unit,
        "unit_now": unit if moved is None else draw(st.sampled_from((*NEW, "A"))), "moved_on": moved,
        "procedure_code": draw(st.sampled_from(("p1", "p2", "p3"))), "field": "F", "level": "commune",
        "channel": draw(st.sampled_from(("online", "counter", "post"))),
        "online_level": draw(st.sampled_from(("full", "partial", "none", None))),
        "submitted_on": received, "received_on": received, "due_on": due, "ended_on": ended,
        "end_766_on": ended or (min(received + 3 * DAY, LAST) if waiting else None),
        "overdue_from": due + DAY if late else None, "status": "decided" if ended else "in_progress",
        "supplement_count": supplement, "is_on_time": None if ended is None else ended <= due,
        "working_hours_taken": None if ended is None else draw(st.integers(0, 200)),
        "rating": draw(st.sampled_from(("satisfied", "dissatisfied", None))),
    }


some_dossiers = st.lists(dossiers(), max_size=12)
