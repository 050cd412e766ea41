"""The catalogue that we ship: complete, in two languages, honest about what nobody has checked, and runnable."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import duckdb
import pytest

from pipelines.catalogue import Indicator
from pipelines.catalogue.formula import references
from pipelines.measure import measure
from pipelines.reference import Reference
from tests.pipelines.measured import facts_db, product_catalogue, small_reference

CATALOGUE = product_catalogue()
BY_CODE = {entry.code: entry for entry in CATALOGUE.values()}
EVERY = pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Reference:
    return small_reference(tmp_path_factory.mktemp("place") / "data")


@pytest.fixture(scope="session")
def published(reference: Reference) -> duckdb.DuckDBPyConnection:
    db = facts_db(party_organisation=[])
    measure(db, CATALOGUE, reference)
    return db


@pytest.mark.parametrize("code", [
    *(f"DVC{number:02d}" for number in range(1, 25)), "DVC03B", "DVC03D", "DVC24R",
    *(f"DVC{number:02d}" for number in range(25, 29)), *(f"PA{number:02d}" for number in range(1, 16)),
    "PA10R", "PA16", *(f"DG{number:02d}" for number in range(1, 15)),
    "CS01", "CS02", "KT03",
])
def test_the_numbers_of_the_brief_are_there(code: str) -> None:
    assert code in BY_CODE


def test_the_four_online_rates_cannot_be_confused() -> None:
    rates = [BY_CODE[code] for code in ("DVC03", "DVC03B", "DVC04", "DVC03D")]
    for letter, entry in zip("ABCD", rates, strict=True):
        for language in ("vi", "en"):
            assert entry.name[language].startswith(f"ONL-{letter}: ")
            assert "ONL-" not in entry.short[language], "a code for clerks means nothing on a wall"
    bottoms = [entry.denominator.sql if entry.denominator else entry.spec["expression"] for entry in rates]
    assert len(set(bottoms)) == 4


@EVERY
def test_both_languages_say_something_of_their_own(entry: Indicator) -> None:
    for texts in (entry.name, entry.definition):
        assert texts["vi"] != texts["en"]
        assert all(len(text) > 3 for text in texts.values())
    assert all(text.endswith(".") for text in entry.definition.values())


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_two_entries_go_by_the_same_name(language: str) -> None:
    for texts in ([entry.name for entry in CATALOGUE.values()], [entry.short for entry in CATALOGUE.values()]):
        found = [text[language] for text in texts]
        assert sorted(found) == sorted(set(found))


@EVERY
def test_nobody_claims_to_have_checked_what_nobody_has(entry: Indicator) -> None:
    assert all(item["checked"] is False for item in entry.legal)
    if entry.target is not None:
        assert not entry.target.checked
        # A target by law names its document; a suggestion must not borrow one.
        assert bool(entry.target.document) == (entry.target.basis == "law"), entry.id


@EVERY
def test_shares_are_percent_and_stocks_are_counts(entry: Indicator) -> None:
    if entry.kind == "rate":
        assert entry.measure == "percent"
    if entry.kind == "stock":
        assert entry.measure == "count"
    if entry.is_percent and entry.target is not None:
        assert 1 < entry.target.value <= 100


@EVERY
def test_party_entries_stand_apart(entry: Indicator) -> None:
    assert (entry.clearance == "party") == (entry.desk == "party") == entry.code.startswith("DG")
    if entry.sensitive:
        assert entry.clearance == "party"
    counted = {column for part in (entry.numerator, entry.denominator, entry.amount, entry.value) if part
               for column in part.columns}
    if any(re.match("n_(members|admi|official|attend|handbook)", column) for column in counted):
        assert entry.sensitive, f"{entry.id} counts members"


@EVERY
def test_parts_of_formulas_are_carried_alike(entry: Indicator) -> None:
    """A part carried back by other weights than its whole could exceed it."""
    subtracted = {name for word, name in references(entry.tree or 0.0) if word == "end"}
    stocks = [CATALOGUE[name] for name in subtracted if CATALOGUE[name].fact != "procedure"]
    carriers = {stock.carried_by or ("tickets_received" if stock.fact == "ticket" else "dossiers_received")
                for stock in stocks}
    assert len(carriers) <= 1


def test_the_published_table_says_what_the_files_say(published: duckdb.DuckDBPyConnection) -> None:
    rows = published.sql("SELECT * FROM indicator ORDER BY position").pl().to_dicts()
    assert [row["id"] for row in rows] == list(CATALOGUE)
    for row in rows:
        entry = CATALOGUE[row["id"]]
        assert (row["name_vi"], row["short_en"], row["better"]) == (entry.name["vi"], entry.short["en"], entry.better)
        assert json.loads(row["spec"]) == json.loads(json.dumps(dict(entry.spec)))
        assert json.loads(row["legal"]) == [dict(item) for item in entry.legal]


def test_percent_targets_are_published_as_shares(published: duckdb.DuckDBPyConnection) -> None:
    found = dict(published.execute("SELECT code, target_value FROM indicator").fetchall())
    assert (found["DVC08"], found["DVC10"], found["PA08"], found["DVC01"]) == (0.99, 0, 5, None)


def test_explanations_get_the_checked_sql(published: duckdb.DuckDBPyConnection) -> None:
    row = published.execute("SELECT sql_numerator, sql_denominator FROM indicator WHERE id = 'dossiers_on_time'")
    assert row.fetchone() == ("NOT due_on IS NULL AND ended_on <= due_on", "NOT due_on IS NULL")


def test_parts_that_only_the_score_needs_counted_by_hand(reference: Reference) -> None:
    may, due = date(2025, 5, 5), date(2025, 5, 20)
    dossier: dict[str, Any] = {"source": "s", "unit_at_receipt": "c1", "received_on": may, "ended_on": due}
    dossiers = [dossier | {"digitised_components": whole, "electronic_result": result} for whole, result in (
        (True, True), (True, False), (True, None), (False, True), (None, True))]
    ticket: dict[str, Any] = {"source": "s", "unit_at_receipt": "c1", "received_on": may, "closed_on": due}
    tickets = [ticket | {"is_on_time": on_time, "rating": rating, "complained_again": again}
               for on_time, rating, again in ((True, "dissatisfied", True), (True, "satisfied", True),
                                              (None, "dissatisfied", None), (False, "dissatisfied", True),
                                              (True, "satisfied", None), (True, None, False))]
    db = facts_db(dossier=dossiers, ticket=tickets)
    measure(db, CATALOGUE, reference)
    assert db.execute('SELECT sum("dossiers_digitised_whole__n"), sum("dossiers_digitised_whole__d") '
                      "FROM part_dossier_ended_on").fetchone() == (1, 4)
    assert db.execute('SELECT sum("tickets_disliked_on_time__n") FROM part_ticket_closed_on').fetchone() == (3,)


def test_hand_offs_and_hot_spots_counted_by_hand(reference: Reference) -> None:
    may = date(2025, 5, 5)
    ticket: dict[str, Any] = {"source": "s", "unit_at_receipt": "c1", "received_on": may, "closed_on": may,
                              "place_unit": "c1", "category": "rac"}
    db = facts_db(ticket=[*(ticket | {"transfer_count": many} for many in (0, 2, 3, None)),
                          ticket | {"category": None, "closed_on": None}])
    measure(db, CATALOGUE, reference)
    assert db.execute('SELECT sum("tickets_transfers__n"), sum("tickets_transfers_known__n") '
                      "FROM part_ticket_closed_on").fetchone() == (5, 3)
    assert db.execute("SELECT thing, n FROM thing_ticket_received_on WHERE indicator = 'tickets_hot_spots'"
                      ).fetchall() == [("c1|rac", 4)]


def test_full_partial_and_none_are_all_procedures() -> None:
    doors = {name: CATALOGUE[name].entered for name in (
        "procedures_all", "procedures_full", "procedures_partial", "procedures_offline", "procedures_online")}
    with duckdb.connect() as db:
        for level in ("full", "partial", "none", None):
            db.execute("CREATE OR REPLACE TABLE one AS SELECT ?::VARCHAR AS online_level", [level])
            inside = {name for name, door in doors.items() if door is not None and db.execute(
                f"SELECT count(*) FROM one WHERE {door.where.sql if door.where else 'TRUE'}").fetchone() == (1,)}
            kinds = inside & {"procedures_full", "procedures_partial", "procedures_offline"}
            assert len(kinds) == 1 and "procedures_all" in inside
            assert ("procedures_online" in inside) == (kinds != {"procedures_offline"})


def test_on_time_by_766_in_the_words_of_the_decision(reference: Reference) -> None:
    """One case of every sort, counted by hand: 3 on time of 6."""
    may, due = date(2025, 5, 5), date(2025, 5, 20)
    base: dict[str, Any] = {"source": "s", "unit_at_receipt": "c1", "received_on": may, "status": "in_progress",
                            "due_on": due, "supplement_count": 0}
    early, late = date(2025, 5, 12), date(2025, 5, 22)
    rows = [
        base | {"ended_on": early, "end_766_on": early, "is_on_time": True, "status": "decided"},
        base | {"ended_on": late, "end_766_on": late, "is_on_time": False, "status": "decided",
                "overdue_from": date(2025, 5, 21)},
        base | {"overdue_from": date(2025, 5, 21)},
        base | {"due_on": date(2025, 6, 20), "overdue_from": date(2025, 6, 21)},
        base | {"end_766_on": early, "supplement_count": 1, "status": "supplement", "overdue_from": date(2025, 5, 21)},
        base | {"end_766_on": early, "supplement_count": 2, "status": "supplement", "overdue_from": date(2025, 5, 21)},
    ]
    db = facts_db(dossier=rows)
    measure(db, {name: entry for name, entry in CATALOGUE.items() if entry.fact == "dossier"}, reference)
    on_time, ended = db.execute('SELECT sum("ended_on_time_766__n"), sum("ended_on_time_766__d") '
                                "FROM part_dossier_end_766_on").fetchall()[0]
    level = {}
    for name, entered in (("open_766", "received_on"), ("overdue_766", "overdue_from")):
        level[name] = db.execute(f"""SELECT
            (SELECT coalesce(sum("{name}__in"), 0) FROM part_dossier_{entered} WHERE day <= DATE '2025-05-31') -
            (SELECT coalesce(sum("{name}__out"), 0) FROM part_dossier_end_766_on WHERE day <= DATE '2025-05-31')
            """).fetchall()[0][0]
    assert (on_time, ended, level["open_766"], level["overdue_766"]) == (2, 4, 2, 1)
    assert (on_time + level["open_766"] - level["overdue_766"], ended + level["open_766"]) == (3, 6)
