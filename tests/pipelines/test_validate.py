"""Whatever stands in the cells, every row ends in exactly one place, and each rule catches what it is named for."""

import tempfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.facts import FACTS, Fact
from pipelines.map import PROBLEMS
from pipelines.validate import broken_rules
from tests.pipelines.loading import GOOD, draft, fact, load, mapping, rows

NASTY = ["", "-", " ", "NULL", "31/02/2025", "01/01/2025", "9/9/2062", "1.500", "-1", "NaN", "27694", "25507", "2"]
CELLS = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.none()
ANY_ROW = st.fixed_dictionaries({name: CELLS | st.just(value) for name, value in GOOD.items()})


@settings(deadline=None, max_examples=25)
@given(st.lists(ANY_ROW, min_size=1, max_size=8))
@example([dict(GOOD), dict(GOOD), dict(GOOD) | {"phi": "x", "nhan": "y"}])
def test_every_row_ends_in_exactly_one_place(sent: list[dict[str, str | None]]) -> None:
    with tempfile.TemporaryDirectory() as folder, draft() as db:
        loaded = load(db, rows(*sent), mapping(Path(folder)), Path(folder))
        lines = {line for (line,) in db.execute("select distinct line from quarantine").fetchall()}
        assert loaded.rows_in == len(sent)
        assert loaded.rows_quarantined == len(lines)
        assert lines <= set(range(2, len(sent) + 2))
        assert loaded.rows_loaded == len(sent) - len(lines)
        assert fact(db).height == loaded.cases <= loaded.rows_loaded


def judged(kind: Fact, **known: Any) -> list[tuple[int, str, str]]:
    """What the rules of a fact say about one otherwise empty row on line 7."""
    schema = {"line": pl.Int64()} | {name: column.dtype for name, column in kind.columns.items()}
    row = pl.DataFrame([{name: ({"line": 7} | known).get(name) for name in schema}], schema=schema)
    return broken_rules(row, kind, pl.DataFrame(schema=PROBLEMS)).rows()


MONDAY, SUNDAY = date(2025, 3, 3), date(2025, 3, 2)
TICKET = {"case_id": "a", "received_on": MONDAY, "status": "new"}
CONTACT = {"unit": "SKHCN", "contact_on": MONDAY, "channel": "phone", "contacts": 4, "tickets": 4}
PARTY = {"unit_at_receipt": "TU", "period_end": MONDAY}
VALUE = {"series": "s", "unit": "P80", "period_start": SUNDAY, "period_end": MONDAY, "value": 0.0}


@pytest.mark.parametrize(
    ("kind", "good", "bad", "rule"),
    [
        ("ticket", TICKET, {"received_on": None}, "has_a_received_day"),
        ("ticket", TICKET, {"closed_on": SUNDAY}, "closed_not_before_received"),
        ("ticket", TICKET, {"due_on": SUNDAY}, "due_not_before_received"),
        ("ticket", TICKET, {"forwarded_at": datetime(2025, 3, 2, 23)}, "forwarded_not_before_received"),
        ("ticket", TICKET, {"first_answer_at": datetime(2025, 3, 2, 23)}, "answered_not_before_received"),
        ("ticket", TICKET, {"reopened_at": datetime(2025, 3, 2, 23)}, "reopened_not_before_received"),
        ("ticket", TICKET, {"first_closed_at": datetime(2025, 3, 2, 23)}, "first_closed_not_before_received"),
        ("contact", CONTACT, {"contact_on": None}, "has_a_day"),
        ("contact", CONTACT, {"unit": None}, "has_a_unit"),
        ("contact", CONTACT, {"channel": None}, "has_a_channel"),
        ("contact", CONTACT, {"contacts": None}, "has_a_count"),
        ("contact", CONTACT, {"contacts": -1, "tickets": None}, "counts_are_not_negative"),
        ("contact", CONTACT, {"tickets": 5}, "tickets_come_from_contacts"),
        ("ticket", TICKET, {"moved_on": SUNDAY}, "moved_not_before_received"),
        ("ticket", TICKET, {"status": "published"}, "closed_has_an_end_day"),
        ("ticket", TICKET, {"transfer_count": -1}, "counts_are_not_negative"),
        ("dossier_step", {"case_id": "a", "step": "T1", "done_at": datetime(2025, 3, 3)}, {"step": None}, "has_a_step"),
        (
            "dossier_step",
            {"case_id": "a", "step": "T1", "done_at": datetime(2025, 3, 3)},
            {"done_at": None},
            "has_a_time",
        ),
        ("party_organisation", PARTY, {"period_end": None}, "has_a_period"),
        ("party_organisation", PARTY, {"unit_at_receipt": None}, "has_a_unit"),
        ("party_organisation", PARTY, {"n_documents_signed": -1}, "counts_are_not_negative"),
        ("party_organisation", PARTY, {"n_members": 9, "n_female": 10}, "parts_do_not_exceed_their_whole"),
        ("party_organisation", PARTY, {"n_chip_eligible": 9, "n_chip_cards": 10}, "parts_do_not_exceed_their_whole"),
        ("party_organisation", PARTY, {"n_to_match": 9, "n_matched": 10}, "parts_do_not_exceed_their_whole"),
        ("party_organisation", PARTY, {"n_members": 9, "n_private_members": 10}, "parts_do_not_exceed_their_whole"),
        ("party_organisation", PARTY, {"n_grassroots_orgs": 3, "n_private_orgs": 4}, "parts_do_not_exceed_their_whole"),
        ("reported_value", VALUE, {"value": None}, "has_a_value"),
        ("reported_value", VALUE, {"series": None}, "has_a_series"),
        ("reported_value", VALUE, {"period_end": date(2025, 3, 1)}, "period_ends_after_it_starts"),
    ],
)
def test_a_rule_catches_what_it_is_named_for(kind: str, good: dict[str, Any], bad: dict[str, Any], rule: str) -> None:
    chosen = FACTS[kind]
    assert judged(chosen, **good) == []
    assert judged(chosen, **good | bad) == [(7, rule, chosen.about[rule])]


def test_a_fault_that_is_known_is_not_named_again() -> None:
    known = pl.DataFrame([(7, "date_is_readable", "received_at")], schema=PROBLEMS, orient="row")
    schema = {"line": pl.Int64()} | {name: column.dtype for name, column in FACTS["ticket"].columns.items()}
    row = pl.DataFrame([{name: 7 if name == "line" else None for name in schema}], schema=schema)
    assert broken_rules(row, FACTS["ticket"], known).rows() == [
        (7, "has_a_case_id", "case_id"),
        (7, "date_is_readable", "received_at"),
    ]
