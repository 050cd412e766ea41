"""Builds a snapshot by hand, from the published schema alone, so that the reading side can be judged alone."""

from __future__ import annotations

import atexit
import hashlib
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from tests.dashboard.tiny_catalogue import INDICATORS, PARTY_INDICATORS, TinyIndicator
from tests.dashboard.tiny_facts import Row, TinyFacts, reported_row, tiny_facts, unit_on
from tests.dashboard.tiny_places import DATA_UNTIL, PLACE, SUCCESSIONS, UNITS, bridge_rows

Connection = duckdb.DuckDBPyConnection
Entries = Sequence[TinyIndicator]
Sources = Sequence[tuple[Any, ...]]
MADE_AT = datetime(2026, 11, 21, 1, 0)
CALENDAR = """CREATE TABLE calendar AS SELECT day::DATE AS day, isodow(day) < 6 AS is_working,
    sum((isodow(day) < 6)::INT) OVER (ORDER BY day)::INT AS working_number, '' AS reason, '' AS document,
    TRUE AS sure FROM range(DATE '2024-01-01', DATE '2028-01-01', INTERVAL 1 DAY) days(day)"""
SLICES = {"dossier": ("channel", "level", "field"), "ticket": ("channel", "category_top")}
SOURCES = [
    # source, fact, rhythm, data_until
    ("dvc", "dossier", "daily", DATA_UNTIL),
    ("onestop", "dossier", "daily", date(2026, 10, 15)),
    ("h1022", "ticket", "daily", DATA_UNTIL),
    ("statistics", "reported_value", "quarterly", date(2026, 9, 30)),
]
PARTY_SOURCES = [("party", "party_organisation", "quarterly", date(2026, 9, 30))]


def write_tiny(home: Path, facts: TinyFacts | None = None, generation: int = 1) -> Path:
    """Write one generation into `home` (snapshots/, CURRENT, PUBLISHED) and put it in force; returns `home`."""
    folder = home / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    if facts is None:
        for made in _usual(generation).iterdir():
            shutil.copyfile(made, folder / made.name)
    else:
        _write_pair(folder, facts, generation)
    state, party = _pair(folder, generation)
    line = f"{generation} {_sha(state)} {_sha(party)}"
    with (home / "PUBLISHED").open("a") as record:
        record.write(f"{line} {MADE_AT.isoformat()}+00:00\n")
    (home / "CURRENT").write_text(line + "\n")
    return home


@cache
def _usual(generation: int) -> Path:
    """A folder with both files of the usual facts, of which most tests need a copy and none may change the first."""
    folder = Path(tempfile.mkdtemp(prefix="tiny-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _write_pair(folder, tiny_facts(), generation)
    return folder


def _pair(folder: Path, generation: int) -> tuple[Path, Path]:
    return folder / f"{generation:08d}.duckdb", folder / f"{generation:08d}.party.duckdb"


def _write_pair(folder: Path, facts: TinyFacts, generation: int) -> None:
    state, party = _pair(folder, generation)
    _write(state, generation, facts, INDICATORS, SOURCES)
    _write_party(party, generation)


def _sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _write(path: Path, generation: int, facts: TinyFacts, indicators: Entries, sources: Sources) -> None:
    with duckdb.connect(str(path)) as db:
        db.begin()  # one transaction: every other one is a wait for the disk
        _write_frame(db, generation, indicators, sources)
        _write_parts(db, facts, indicators)
        _write_reach(db, facts)
        _table(db, "fact_dossier", facts.dossiers, EMPTY["fact_dossier"])
        _table(db, "fact_ticket", facts.tickets, EMPTY["fact_ticket"])
        _table(db, "reported", facts.reported, EMPTY["reported"])
        db.commit()


def _write_frame(db: Connection, generation: int, indicators: Entries, sources: Sources) -> None:
    publication = {
        "generation": generation, "made_at": MADE_AT, "data_until": DATA_UNTIL, "whole_until": DATA_UNTIL,
        "code_version": "tiny", "contract_sha": "c" * 64, "schema_version": 1, "illustrative": True,
        "place": json.dumps(PLACE), "manifest": json.dumps({"tables": {}}),
    }  # fmt: skip
    _table(db, "publication", [publication], EMPTY["publication"])
    _table(db, "indicator", [one.row(at) for at, one in enumerate(indicators)], EMPTY["indicator"])
    keys = ("unit_id", "tree", "code", "kind", "level", "name_vi", "name_en", "valid_from", "valid_to", "parent_id")
    extra = {"document": "", "latitude": None, "longitude": None, "sure": True}
    _table(db, "unit", [dict(zip(keys, unit, strict=True)) | extra for unit in UNITS], EMPTY["unit"])
    links = [{"from_unit": a, "to_unit": b, "weight": w, "basis": "succession", "weight_basis": how, "document": ""}
             for a, b, w, how in SUCCESSIONS]  # fmt: skip
    _table(db, "unit_link", links, EMPTY["unit_link"])
    names = ("basis", "indicator", "from_unit", "to_unit", "weight")
    _table(db, "bridge", [dict(zip(names, row, strict=True)) for row in bridge_rows()], EMPTY["bridge"])
    db.execute(CALENDAR)
    _table(db, "source", [_source(*row) for row in sources], EMPTY["source"])
    _table(db, "delivery", [_delivery(*row) for row in sources], EMPTY["delivery"])
    refused = {"sha256": "a" * 64, "source": sources[0][0], "line": 7, "rule": "has_a_case_id", "column": "case_id",
               "value": None}  # fmt: skip
    _table(db, "quarantine", [refused], EMPTY["quarantine"])
    goal = {"indicator": "dossiers_on_time", "unit_id": "27727", "valid_from": date(2026, 1, 1), "valid_to": None,
            "value": 0.9, "basis": "suggestion", "document": "", "checked": False}  # fmt: skip
    _table(db, "target", [goal], EMPTY["target"])
    db.execute("CREATE TABLE signal (indicator VARCHAR)")


def _source(source: str, fact: str, rhythm: str, until: date) -> Row:
    return {
        "source": source, "name_vi": f"Nguồn {source}", "name_en": f"Source {source}", "fact": fact,
        "owner_vi": "Văn phòng", "owner_en": "Office", "rhythm": rhythm, "cut_off": "17:00", "mode": "file",
        "clearance": "party" if source == "party" else "state", "illustrative": True,
        "last_received_at": datetime(until.year, until.month, until.day, 10), "data_until": until, "whole_until": until,
        "rows": 10, "last_verdict": "loaded",
    }  # fmt: skip


def _delivery(source: str, fact: str, rhythm: str, until: date) -> Row:
    sha = {"dvc": "a", "h1022": "b"}.get(source, source[0]) * 64
    return {
        "sha256": sha, "source": source, "file": f"{source}.csv", "bytes": 99, "as_of": until,
        "received_at": datetime(until.year, until.month, until.day, 10), "verdict": "loaded_partial",
        "rows_in": 11, "rows_loaded": 10, "rows_quarantined": 1, "rows_skipped": 0, "cases": 10, "reasons": "[]",
    }  # fmt: skip


def _write_parts(db: Connection, facts: TinyFacts, indicators: Entries) -> None:
    for fact, rows in (("dossier", facts.dossiers), ("ticket", facts.tickets)):
        mine = [one for one in indicators if one.fact == fact]
        tables: dict[str, dict[tuple[Any, ...], Counter[str]]] = {}
        for one in mine:
            for day_column, column, part in one.parts():
                cells = tables.setdefault(f"part_{fact}_{day_column}", {})
                for row in rows:
                    _count(cells, row, day_column, column, part, SLICES[fact])
        for name, cells in tables.items():
            _write_cells(db, name, SLICES[fact], cells, sorted({c for one in cells.values() for c in one}))
        _write_spread(db, fact, mine, rows)
        _write_things(db, fact, mine, rows)
        _write_cohorts(db, fact, mine, rows)


def _count(
    cells: dict[tuple[Any, ...], Counter[str]], row: Row, day_column: str, column: str,
    part: Callable[[Row], float], slices: Sequence[str],
) -> None:  # fmt: skip
    day = row[day_column]
    if day is None:
        return
    for unit, amount in _credited(row, day_column, day, part):
        if amount:
            key = (day, unit, *(row[name] for name in slices))
            cells.setdefault(key, Counter())[column] += amount  # type: ignore[assignment]


def _credited(row: Row, day_column: str, day: date, part: Callable[[Row], Any]) -> list[tuple[str, float]]:
    if day_column != "moved_on":
        return [(unit_on(row, day), part(row))]
    old, new = part(row)
    return [(row["unit_at_receipt"], old), (row["unit_now"], new)]


def _write_cells(
    db: Connection, name: str, slices: Sequence[str],
    cells: dict[tuple[Any, ...], Counter[str]], columns: Sequence[str],
) -> None:  # fmt: skip
    shape = "day DATE, unit VARCHAR, " + "".join(f"{one} VARCHAR, " for one in slices)
    db.execute(f"CREATE TABLE {name} ({shape}" + ", ".join(f'"{c}" BIGINT' for c in columns) + ")")
    rows = [[*key, *(counts.get(column, 0) for column in columns)] for key, counts in sorted(cells.items())]
    _insert(db, name, rows)


def _write_spread(db: Connection, fact: str, mine: Entries, rows: Sequence[Row]) -> None:
    for one in (one for one in mine if one.kind == "duration" and one.day):
        counts = Counter((one.id, row[one.day], unit_on(row, row[one.day]), *(row[s] for s in SLICES[fact]),
                          one.value(row)) for row in rows if row[one.day] and one.value(row) is not None)  # fmt: skip
        shape = "indicator VARCHAR, day DATE, unit VARCHAR, " + "".join(f"{s} VARCHAR, " for s in SLICES[fact])
        name = f"spread_{fact}_{one.day}"
        db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({shape} bucket INTEGER, n BIGINT)")
        _insert(db, name, [[*key, n] for key, n in counts.items()])


def _write_things(db: Connection, fact: str, mine: Entries, rows: Sequence[Row]) -> None:
    for one in (one for one in mine if one.kind == "distinct"):
        found = {(one.id, row[one.day], unit_on(row, row[one.day]), *(row[s] for s in SLICES[fact]), one.value(row))
                 for row in rows if row[one.day] and one.where(row)}  # fmt: skip
        shape = "indicator VARCHAR, day DATE, unit VARCHAR, " + "".join(f"{s} VARCHAR, " for s in SLICES[fact])
        name = f"thing_{fact}_{one.day}"
        db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({shape} thing VARCHAR)")
        _insert(db, name, [list(key) for key in sorted(found)])


def _write_cohorts(db: Connection, fact: str, mine: Entries, rows: Sequence[Row]) -> None:
    shape = "indicator VARCHAR, entered_on DATE, left_on DATE, since_on DATE, unit VARCHAR, "
    slices = "".join(f"{s} VARCHAR, " for s in SLICES[fact])
    db.execute(f"CREATE TABLE cohort_{fact} ({shape}{slices} n BIGINT)")
    for one in (one for one in mine if one.kind == "stock" and one.ages):
        counts: Counter[tuple[Any, ...]] = Counter()
        for row in rows:
            for unit, left, sign in _lives(one, row):
                entered = row[one.entered]
                counts[one.id, entered, left, entered, unit, *(row[s] for s in SLICES[fact])] += sign
        _insert(db, f"cohort_{fact}", [[*key, n] for key, n in counts.items() if n])


def _lives(one: TinyIndicator, row: Row) -> list[tuple[str, date | None, int]]:
    """A moved case is taken back from its second unit for the time before the move."""
    if not one.open_at_move(row):
        return [(unit_on(row, row[one.entered]), row[one.left], 1)]
    old, new, moved = row["unit_at_receipt"], row["unit_now"], row["moved_on"]
    return [(old, moved, 1), (new, row[one.left], 1), (new, moved, -1)]


def _insert(db: Connection, name: str, rows: list[list[Any]]) -> None:
    if rows:
        db.register("rows_to_insert", pl.DataFrame(rows, orient="row", infer_schema_length=None).to_arrow())
        db.execute(f"INSERT INTO {name} SELECT * FROM rows_to_insert")
        db.unregister("rows_to_insert")


def _write_reach(db: Connection, facts: TinyFacts) -> None:
    until = [{"fact": fact, "unit": unit, "data_until": day, "source": source}
             for fact, units in facts.until.items() for unit, (day, source) in units.items()]  # fmt: skip
    _table(db, "unit_until", until, EMPTY["unit_until"])
    sent = facts.sent if facts.sent is not None else sent_months(facts)
    rows = [{"fact": fact, "unit": unit, "month": month, "rows": 1}
            for fact, units in sent.items() for unit, months in units.items() for month in sorted(months)]  # fmt: skip
    _table(db, "presence", rows, EMPTY["presence"])


def sent_months(facts: TinyFacts) -> dict[str, dict[str, set[date]]]:
    """Who has rows in which month."""
    found: dict[str, dict[str, set[date]]] = {"dossier": {}, "ticket": {}}
    for fact, rows, columns in (("dossier", facts.dossiers, ("received_on", "ended_on")),
                                ("ticket", facts.tickets, ("received_on", "closed_on"))):  # fmt: skip
        for row in rows:
            for day in (row[column] for column in columns if row[column]):
                found[fact].setdefault(unit_on(row, day), set()).add(day.replace(day=1))
    return found


def _write_party(path: Path, generation: int) -> None:
    third = (date(2026, 7, 1), date(2026, 9, 30), date(2026, 10, 5))
    facts = TinyFacts(
        reported=[
            reported_row("party_cells_met", "DU1", *third, None, (40.0, 50.0)),
            reported_row("party_cells_met", "DU2", *third, None, (45.0, 50.0)),
        ],
        until={"party_organisation": {unit: (date(2026, 9, 30), "party") for unit in ("HU1", "DU1", "DU2")}},
        sent={"party_organisation": {unit: {date(2026, 9, 1)} for unit in ("DU1", "DU2")}},
    )
    cells = [
        ("members", "party_members", "TU", "2026-Q3", 300.0, True, None),
        ("members", "party_members", "DU1", "2026-Q3", None, False, "under_ten"),
        ("members", "party_members", "DU2", "2026-Q3", None, False, "secondary"),
    ]
    with duckdb.connect(str(path)) as db:
        db.begin()  # one transaction: every other one is a wait for the disk
        _write_frame(db, generation, PARTY_INDICATORS, PARTY_SOURCES)
        _write_reach(db, facts)
        _table(db, "reported", facts.reported, EMPTY["reported"])
        rows = [{"table_id": t, "indicator": i, "unit": u, "period": p, "numerator": v, "denominator": None, "value": v,
                 "shown": s, "reason": why} for t, i, u, p, v, s, why in cells]  # fmt: skip
        _table(db, "published_cell", rows, EMPTY["published_cell"])
        db.commit()


def _table(db: Connection, name: str, rows: Sequence[Row], shape: str) -> None:
    db.execute(f"CREATE TABLE {name} ({shape})")
    columns = [part.split()[0].strip('"') for part in shape.split(", ")]
    _insert(db, name, [[row[column] for column in columns] for row in rows])


_TEXT = "name_vi VARCHAR, name_en VARCHAR"
EMPTY = {
    "publication": "generation BIGINT, made_at TIMESTAMP, data_until DATE, whole_until DATE, code_version VARCHAR, "
    "contract_sha VARCHAR, schema_version INTEGER, illustrative BOOLEAN, place JSON, manifest JSON",
    "indicator": "id VARCHAR, code VARCHAR, desk VARCHAR, position INTEGER, kind VARCHAR, fact VARCHAR, day VARCHAR, "
    "measure VARCHAR, better VARCHAR, adds BOOLEAN, minimum_n INTEGER, rhythm VARCHAR, clearance VARCHAR, "
    f"sensitive BOOLEAN, owner_vi VARCHAR, owner_en VARCHAR, {_TEXT}, short_vi VARCHAR, short_en VARCHAR, "
    "definition_vi VARCHAR, definition_en VARCHAR, target_value DOUBLE, target_from DATE, target_basis VARCHAR, "
    "target_document VARCHAR, target_checked BOOLEAN, legal JSON, spec JSON, sql_numerator VARCHAR, "
    "sql_denominator VARCHAR",
    "unit": f"unit_id VARCHAR, tree VARCHAR, code VARCHAR, kind VARCHAR, level INTEGER, {_TEXT}, valid_from DATE, "
    "valid_to DATE, document VARCHAR, parent_id VARCHAR, latitude DOUBLE, longitude DOUBLE, sure BOOLEAN",
    "unit_link": "from_unit VARCHAR, to_unit VARCHAR, weight DOUBLE, basis VARCHAR, weight_basis VARCHAR, "
    "document VARCHAR",
    "bridge": "basis VARCHAR, indicator VARCHAR, from_unit VARCHAR, to_unit VARCHAR, weight DOUBLE",
    "source": f"source VARCHAR, {_TEXT}, fact VARCHAR, owner_vi VARCHAR, owner_en VARCHAR, rhythm VARCHAR, "
    "cut_off VARCHAR, mode VARCHAR, clearance VARCHAR, illustrative BOOLEAN, last_received_at TIMESTAMP, "
    "data_until DATE, whole_until DATE, rows BIGINT, last_verdict VARCHAR",
    "delivery": "sha256 VARCHAR, source VARCHAR, file VARCHAR, bytes BIGINT, received_at TIMESTAMP, as_of DATE, "
    "verdict VARCHAR, rows_in BIGINT, rows_loaded BIGINT, rows_quarantined BIGINT, rows_skipped BIGINT, cases BIGINT, "
    "reasons JSON",
    "quarantine": 'sha256 VARCHAR, source VARCHAR, line BIGINT, rule VARCHAR, "column" VARCHAR, value VARCHAR',
    "target": "indicator VARCHAR, unit_id VARCHAR, valid_from DATE, valid_to DATE, value DOUBLE, basis VARCHAR, "
    "document VARCHAR, checked BOOLEAN",
    "fact_dossier": "source VARCHAR, case_id VARCHAR, procedure_code VARCHAR, field VARCHAR, level VARCHAR, "
    "channel VARCHAR, unit_at_receipt VARCHAR, unit_now VARCHAR, moved_on DATE, received_on DATE, due_on DATE, "
    "ended_on DATE, fee_amount BIGINT, status VARCHAR, is_on_time BOOLEAN, working_hours_taken INTEGER, "
    "overdue_from DATE, version_at TIMESTAMP, version_sha VARCHAR, line BIGINT",
    "fact_ticket": "source VARCHAR, case_id VARCHAR, category_top VARCHAR, channel VARCHAR, unit_at_receipt VARCHAR, "
    "unit_now VARCHAR, moved_on DATE, received_on DATE, closed_on DATE, is_on_time BOOLEAN, "
    "minutes_to_forward INTEGER, version_at TIMESTAMP, version_sha VARCHAR, line BIGINT",
    "reported": "indicator VARCHAR, unit VARCHAR, period_start DATE, period_end DATE, vintage DATE, value DOUBLE, "
    "numerator DOUBLE, denominator DOUBLE, preliminary BOOLEAN, origin VARCHAR",
    "published_cell": "table_id VARCHAR, indicator VARCHAR, unit VARCHAR, period VARCHAR, numerator DOUBLE, "
    "denominator DOUBLE, value DOUBLE, shown BOOLEAN, reason VARCHAR",
    "unit_until": "fact VARCHAR, unit VARCHAR, data_until DATE, source VARCHAR",
    "presence": "fact VARCHAR, unit VARCHAR, month DATE, rows BIGINT",
}
