"""A hundred invented cases over two years and a reform, and what can be asked of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.dashboard.tiny_places import BEFORE, DATA_UNTIL, REFORM

OLD = ("27694@1990", "27697", "27700", "794")
NEW = ("27694@2025", "27727")
HEIRS = {"27694@1990": ("27694@2025",), "27697": NEW, "27700": ("27727",), "794": NEW}
Row = dict[str, Any]


@dataclass
class TinyFacts:
    """Everything that a tiny snapshot is made of; a twin in plain Python answers from the same lists."""

    dossiers: list[Row] = field(default_factory=list)
    tickets: list[Row] = field(default_factory=list)
    reported: list[Row] = field(default_factory=list)
    until: dict[str, dict[str, tuple[date, str]]] = field(default_factory=dict)  # fact -> unit -> until, source
    sent: dict[str, dict[str, set[date]]] | None = None  # fact -> unit -> months; None: where rows are


def dossier(
    case: str, unit: str, received: date, due: date | None, ended: date | None, *, now: str | None = None,
    moved: date | None = None, channel: str = "online", level: str = "commune", field: str = "justice",
    procedure: str = "P1", hours: int | None = None, fee: int = 0,
) -> Row:  # fmt: skip
    """One dossier as `fact_dossier` holds it; what the pipelines derive is derived here by hand."""
    late = due is not None and (ended is None or ended > due)
    return {
        "source": "dvc", "case_id": case, "procedure_code": procedure, "field": field, "level": level,
        "channel": channel, "unit_at_receipt": unit, "unit_now": now or unit, "moved_on": moved,
        "received_on": received, "due_on": due, "ended_on": ended, "fee_amount": fee,
        "status": "returned" if ended else "in_progress",
        "is_on_time": None if ended is None or due is None else ended <= due,
        "working_hours_taken": hours if ended else None,
        "overdue_from": due + timedelta(days=1) if late and due else None,
        "version_at": None, "version_sha": "a" * 64, "line": 2,
    }  # fmt: skip


def unit_on(row: Row, day: date) -> str:
    """The unit that is credited with a case on a day."""
    moved = row["moved_on"]
    return str(row["unit_at_receipt"] if moved is None or day < moved else row["unit_now"])


def _dossiers(many: int) -> list[Row]:
    chance, rows = Random(766), []
    for number in range(many):
        received = date(2025, 1, 2) + timedelta(days=chance.randrange(680))
        unit = chance.choice([*(OLD if received <= BEFORE else NEW), "STC"])
        due = received + timedelta(days=chance.choice([3, 10, 30])) if chance.random() < 0.9 else None
        ended: date | None = received + timedelta(days=chance.randrange(40))
        if chance.random() < 0.1 or (ended and ended > DATA_UNTIL):
            ended = None
        crosses = unit in HEIRS and (ended is None or ended > BEFORE)
        rows.append(
            dossier(
                f"{number:032x}",
                unit,
                received,
                due,
                ended,
                now=chance.choice(HEIRS[unit]) if crosses else None,
                moved=REFORM if crosses else None,
                channel=chance.choice(["online", "counter", "post"]),
                level="province" if unit == "STC" else "commune",
                field=chance.choice(["justice", "land"]),
                procedure=chance.choice(["P1", "P2", "P3"]),
                hours=chance.randrange(1, 120),
                fee=chance.choice([0, 30_000, 50_000]),
            )
        )
    return rows


def _tickets() -> list[Row]:
    chance, rows = Random(1022), []
    for number in range(40):
        received = date(2026, 3, 1) + timedelta(days=chance.randrange(250))
        closed = received + timedelta(days=chance.randrange(12)) if chance.random() < 0.8 else None
        rows.append({
            "source": "h1022", "case_id": f"{number + 9000:032x}", "category_top": chance.choice(["road", "water"]),
            "channel": chance.choice(["phone", "zalo"]), "unit_at_receipt": chance.choice([*NEW, "UNASSIGNED"]),
            "unit_now": None, "moved_on": None, "received_on": received, "closed_on": closed,
            "is_on_time": None if closed is None else chance.random() < 0.8,
            "minutes_to_forward": chance.choice([5, 20, 200, 900]),
            "version_at": None, "version_sha": "b" * 64, "line": 2,
        })  # fmt: skip
    for row in rows:
        row["unit_now"] = row["unit_at_receipt"]
    return rows


def reported_row(
    indicator: str, unit: str, first: date, last: date, vintage: date, value: float | None,
    parts: tuple[float, float] | None = None, preliminary: bool = False,
) -> Row:  # fmt: skip
    """One row of `reported`."""
    numerator, denominator = parts or (None, None)
    return {
        "indicator": indicator, "unit": unit, "period_start": first, "period_end": last, "vintage": vintage,
        "value": value, "numerator": numerator, "denominator": denominator, "preliminary": preliminary,
        "origin": "Thống kê",
    }  # fmt: skip


def _reported() -> list[Row]:
    third, second = (date(2026, 7, 1), date(2026, 9, 30)), (date(2026, 4, 1), date(2026, 6, 30))
    rows = [
        reported_row("grdp_growth", "80", *second, date(2026, 6, 28), 7.1, preliminary=True),
        reported_row("grdp_growth", "80", *second, date(2026, 9, 29), 7.4),
        reported_row("grdp_growth", "80", *third, date(2026, 9, 29), 8.1, preliminary=True),
        reported_row("grdp_growth", "79", *third, date(2026, 9, 29), 7.0),
    ]
    quarter = (date(2025, 4, 1), date(2025, 6, 30))
    for unit, spans in {"27694@1990": [quarter], "27697": [quarter], "27700": [quarter],
                        "27694@2025": [second, third], "27727": [second, third]}.items():  # fmt: skip
        rows += [reported_row("population", unit, *span, span[1], 1000.0 + len(unit)) for span in spans]
    return rows


def tiny_facts(many: int = 160) -> TinyFacts:
    """The default tiny world; the same every time."""
    until = {
        "dossier": dict.fromkeys((*OLD, *NEW), (DATA_UNTIL, "dvc")) | {"STC": (date(2026, 10, 15), "onestop")},
        "ticket": dict.fromkeys((*NEW, "UNASSIGNED"), (DATA_UNTIL, "h1022")),
        "reported_value": {unit: (date(2026, 9, 30), "statistics") for unit in ("80", "79", *OLD[:3], *NEW)},
    }
    return TinyFacts(_dossiers(many), _tickets(), _reported(), until)
