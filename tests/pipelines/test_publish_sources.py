"""Who has sent what, and how far it reaches, is told with the numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tests.pipelines.installation import Installation, install, row, table_hashes


def test_a_source_tells_its_newest_day_and_what_came_last(loaded: Installation) -> None:
    found = loaded.ask("SELECT source, rows, data_until, last_verdict, fact, clearance FROM source")
    assert found == [("counter", 8, date(2026, 3, 10), "loaded", "dossier", "state")]
    ((last,),) = loaded.ask("SELECT last_received_at = (SELECT max(received_at) FROM delivery) FROM source")
    assert last


def test_a_late_file_of_last_year_makes_nothing_older(loaded: Installation) -> None:
    ended = "07/03/2025 09:30"
    old = row("L-1", received="03/03/2025 08:00", due="10/03/2025", ended=ended, updated=ended)
    loaded.drop("late.csv", [old])
    loaded.load()
    assert loaded.ask("SELECT data_until FROM source") == [(date(2026, 3, 10),)]
    assert loaded.ask("SELECT data_until FROM publication") == [(date(2026, 3, 10),)]


@pytest.mark.parametrize(("came_at", "whole"), [
    (datetime(2026, 3, 31, 16, 55, tzinfo=UTC), date(2026, 3, 30)),  # 23:55 of the 31st at the place
    (datetime(2026, 3, 31, 17, 5, tzinfo=UTC), date(2026, 3, 31)),  # 00:05 of 1 April
    (datetime(2026, 9, 1, tzinfo=UTC), date(2026, 3, 31)),
])  # fmt: skip
def test_the_day_on_which_a_file_comes_is_not_over(tmp_path: Path, came_at: datetime, whole: date) -> None:
    one = install(tmp_path)
    one.moment = came_at
    one.drop("last of march.csv", [_of_31_march()])
    one.load()
    asked = "SELECT data_until, whole_until FROM"
    assert one.ask(f"{asked} publication") == one.ask(f"{asked} source") == [(date(2026, 3, 31), whole)]


def test_a_month_is_whole_with_what_comes_on_a_later_day_and_stays_so(tmp_path: Path) -> None:
    one = install(tmp_path)
    one.moment = datetime(2026, 3, 31, 10, tzinfo=UTC)
    one.drop("last of march.csv", [_of_31_march()])
    one.load()
    one.moment = datetime(2026, 4, 1, 1, tzinfo=UTC)
    one.drop("late, of february.csv", [row("L-1", received="03/02/2026 08:00", updated="04/02/2026 09:30")])
    one.load()
    assert one.ask("SELECT whole_until FROM publication") == [(date(2026, 3, 30),)], "it says nothing of 31 March"
    one.drop("first of april.csv", [row("A-1", received="01/04/2026 07:30", due="08/04/2026", ended="-",
                                           updated="01/04/2026 07:31")])
    one.load()
    assert one.ask("SELECT data_until, whole_until FROM publication") == [(date(2026, 4, 1), date(2026, 3, 31))]
    stepwise = table_hashes(one)
    one.moment = datetime(2026, 12, 1, tzinfo=UTC)
    one.rebuild()
    assert table_hashes(one) == stepwise, "what came when is in the archive"


def _of_31_march() -> str:
    return row("E-1", received="31/03/2026 08:00", due="31/03/2026", ended="31/03/2026 15:00",
               updated="31/03/2026 15:00")


def test_a_unit_reaches_as_far_as_its_source(loaded: Installation) -> None:
    assert loaded.ask("SELECT fact, unit, data_until, source FROM unit_until") == [
        ("dossier", "27694@2025", date(2026, 3, 10), "counter")]


def test_a_unit_whose_last_row_went_elsewhere_is_no_sender_any_more(loaded: Installation) -> None:
    """Step by step as after a rebuild: who is silent must not be forgotten, and who never sent must not be blamed."""
    loaded.drop("slip.csv", [row("S-1", unit="27712", updated="07/03/2026 09:30"), row("S-2", unit="27712")])
    loaded.load()
    units = "SELECT unit FROM unit_until ORDER BY 1"
    assert len(loaded.ask(units)) == 2
    loaded.drop("right.csv", [row("S-1", updated="09/03/2026 09:30")])
    loaded.load()
    assert len(loaded.ask(units)) == 2, "S-2 is still there"
    loaded.drop("right too.csv", [row("S-2", updated="09/03/2026 09:30")])
    loaded.load()
    assert loaded.ask(units) == [("27694@2025",)]
    stepwise = table_hashes(loaded)
    loaded.rebuild()
    assert table_hashes(loaded) == stepwise


def test_presence_counts_what_a_unit_sent_month_by_month(loaded: Installation) -> None:
    loaded.drop("april.csv", [row("M-1", received="02/04/2026 08:00", due="10/04/2026", ended="-",
                                  updated="02/04/2026 08:00")])
    loaded.load()
    march, april = loaded.ask("SELECT fact, unit, month, rows FROM presence ORDER BY month")
    received_and_ended = 6 + 5  # six dossiers came in March, one of them is still open
    assert march == ("dossier", "27694@2025", date(2026, 3, 1), received_and_ended)
    assert april == ("dossier", "27694@2025", date(2026, 4, 1), 1)


def test_the_place_and_its_procedures_travel_along(loaded: Installation) -> None:
    counted = loaded.ask("SELECT (SELECT count(*) FROM unit), (SELECT count(*) FROM unit_link), "
                         "(SELECT count(*) FROM calendar), (SELECT count(*) FROM fact_procedure)")
    assert all(number > 50 for number in counted[0])
    ((place, illustrative),) = loaded.ask("SELECT place ->> 'time_zone', illustrative FROM publication")
    assert place == "Asia/Ho_Chi_Minh" and illustrative is True
    # A procedure stands with the agency that is competent for it, one that all communes share with the place.
    assert loaded.ask("SELECT DISTINCT unit FROM fact_procedure WHERE agency IS NULL") == [("80",)]
    assert loaded.ask("SELECT count(*) FROM fact_procedure WHERE unit <> coalesce(agency, '80')") == [(0,)]


def test_the_catalogue_is_published_with_the_numbers(loaded: Installation) -> None:
    assert loaded.ask("SELECT id FROM indicator ORDER BY 1") == [
        ("counter_dossiers_on_time",), ("counter_dossiers_received",)]
    assert loaded.ask("SELECT id FROM indicator ORDER BY 1", party=True) == [
        ("chibo_thu_dossiers_on_time",), ("chibo_thu_dossiers_received",)]
    assert loaded.ask("SELECT sum(counter_dossiers_received__n) FROM part_dossier_received_on") == [(6,)]


def test_a_publication_says_what_made_it(loaded: Installation) -> None:
    ((generation, version, schema),) = loaded.ask("SELECT generation, code_version, schema_version FROM publication")
    assert (generation, version, schema) == (2, "test", 2)
    manifest = loaded.manifest()
    assert manifest["clearance"] == "state" and len(manifest["data_sha"]) == 64
    assert manifest["tables"]["fact_dossier"]["rows"] == 6
    assert "publication" not in manifest["tables"]
