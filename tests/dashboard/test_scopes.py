"""Whatever changes outside of what somebody was given, not a letter of what they read changes with it."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from dashboard import reception
from dashboard.access import ROLES, Scope, scope_of
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.here import Here, arrive
from dashboard.pack.manifest import NAME
from dashboard.pack.run import make, save
from dashboard.paper.one_pager import one_pager
from dashboard.query.ledger import deliveries, deliveries_behind, quarantine, quarantine_rules, sources
from dashboard.query.owned import own_sources
from dashboard.query.reconciliation import claims, pairs
from dashboard.running import Running, start
from dashboard.screens import screens
from dashboard.settings import Settings
from dashboard.url import read
from dashboard.words import word
from tests.dashboard.outside import NOW, other_files, seen, twin_of
from tests.dashboard.pack_at import order, quiet
from tests.dashboard.screens_at import change, words_of
from tests.dashboard.test_people import DAY, PROXY, headers, write
from tests.dashboard.test_reconciled import TABLE, row
from tests.dashboard.tiny import write_tiny

OWN = ("27727", "27697", "27700", "794", "795", "DU1", "HU1")
"""A ward and a committee of the Party, and what each was made of: their own numbers rest on these."""
SIGNALS = """CREATE OR REPLACE TABLE signal AS SELECT indicator, unit, month, 5.0::DOUBLE AS value,
    3.0::DOUBLE AS centre, 1.0::DOUBLE AS lower, 4.0::DOUBLE AS upper, TRUE AS locked, 'outside' AS rule,
    'worse' AS direction, NULL::VARCHAR AS assurance, 'high' AS severity, month AS since
    FROM unnest(['tickets_received', 'dossiers_on_time']) i(indicator),
    unnest(['80', '27727', '27694@2025', 'STC']) u(unit), unnest([DATE '2026-09-01', DATE '2026-10-01']) m(month)"""
RICHER = (
    SIGNALS, TABLE, row(1120, 1000, unit="27694@2025"), row(8, 5, unit="27727"),
    "ALTER TABLE fact_dossier ADD COLUMN sender_on_time BOOLEAN",
    "ALTER TABLE fact_dossier ADD COLUMN supplement_count INTEGER",
    "UPDATE fact_dossier SET sender_on_time = hash(case_id) % 3 > 0, supplement_count = hash(case_id) % 3",
    "CREATE TABLE fact_dossier_step AS SELECT source, case_id, case_id || s AS event_id, s AS step, unit_at_receipt "
    "AS unit, received_on + 1 AS done_on, (received_on + 1)::TIMESTAMP AS done_at FROM fact_dossier, "
    "unnest(['receive', 'sign']) steps(s)",
    "INSERT INTO delivery SELECT * REPLACE ('d' AS sha256, 'stc.csv' AS file) FROM delivery WHERE source = 'onestop'",
)  # fmt: skip
GRANT = '[[grant]]\nperson = "{0}@tinh.vn"\nrole = "{0}"\n{1}why = "?"\n'
UNITS = 'units = ["27727"]\n'
PEOPLE = "".join(GRANT.format(role, UNITS) for role in ("leader", "analyst", "office")) + GRANT.format(
    "party", 'units = ["DU1"]\n') + GRANT.format("steward", 'sources = ["dvc"]\n')  # fmt: skip
WHOLE = '[[grant]]\nperson = "whole@tinh.vn"\nrole = "analyst"\nwhy = "?"\n'
LOST = '[[grant]]\nperson = "lost@tinh.vn"\nrole = "leader"\nunits = ["99999"]\nwhy = "?"\n'
PAGES = [one.code for one in screens().values()]
EXPLAINED = [{"page": "explain", "indicator": name, "tab": tab} for name in ("dossiers_on_time", "dossiers_open")
             for tab in ("reckoning", "lineage", "quality", "history", "download")]  # fmt: skip
ADDRESSES: list[dict[str, str]] = [
    *EXPLAINED,
    {"page": "explain", "indicator": "grdp_growth", "tab": "lineage", "unit": "80"},
    {"page": "overview", "unit": "80", "basis": "before_2025"}, {"page": "overview", "basis": "as_was"},
    {"page": "public_services", "unit": "794", "basis": "before_2025"},
    {"page": "public_services", "slice": "channel=online", "period": "2026-Q3"},
    {"page": "public_services", "basis": "as_was", "period": "2025"},
    {"page": "hotline", "unit": "27694@2025", "basis": "before_2025", "slice": "category_top=road"},
    {"page": "organisations", "unit": "80", "basis": "as_was"}, {"page": "unit", "unit": "27694@2025"},
    {"page": "due", "tab": "overdue.5"}, {"page": "due", "tab": "still.3.27694@2025"},
    {"page": "quality", "period": "2026-10", "lang": "en"}, {"page": "indicators", "find": "ho so"},
    {"page": "meeting", "tab": "unit.vi.internal", "period": "2026-10"}, {"page": "meeting", "tab": "weekly.en.draft"},
]  # fmt: skip


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Running, Running]:
    """The same but for what lies outside; with tasks about others, and packs that others have made."""
    folder = tmp_path_factory.mktemp("scopes")
    home = write_tiny(folder / "one")
    change(home, *RICHER)
    data = write(folder / "data", PROXY + PEOPLE + WHOLE + LOST)
    shutil.copytree(Path(__file__).parents[2] / "data" / "operation" / "packs", data / "operation" / "packs")
    return tuple(_opened(one, data) for one in (home, twin_of(home, folder / "other", OWN)))  # type: ignore[return-value]


def _opened(home: Path, data: Path) -> Running:
    app = start(Settings(home, lambda: NOW, data=data))
    everybody = Actor(scope_of(ROLES["leader"], {"territory": ("80",)}, ""), {"80": None, "27694@2025": "80"}, NOW)
    for unit in ("80", "27694@2025"):
        wanted = Wanted(Subject("dossiers_on_time", unit, "2026-10", 1), home.name, date(2026, 12, 1), home.name)
        FollowUp(home / "followup").agree(wanted, everybody, unit[:5].ljust(16, "0"))
    earlier = NOW.replace(day=20)
    made = make(app, order("unit", unit="27727", formats=("xlsx",), role="analyst"), earlier, quiet)
    save(app, made, "analyst", earlier, home / "packs")
    return app


def at(app: Running, person: str, **address: str) -> Here:
    return arrive(app, read(address), app.entrance.people().visitor(headers(f"{person}@tinh.vn"), DAY))


def as_whom(monkeypatch: pytest.MonkeyPatch, person: str) -> None:
    monkeypatch.setattr(reception, "headers", lambda: headers(f"{person}@tinh.vn"))


@pytest.mark.parametrize("page", PAGES)
def test_no_page_and_no_file_of_it_knows_what_lies_outside(
    worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    as_whom(monkeypatch, "analyst")
    one, other = (seen(app, files=True, page=page) for app in worlds)
    assert one == other


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: "-".join(address.values()))
def test_no_address_leads_outside(
    worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch, address: dict[str, str]
) -> None:
    as_whom(monkeypatch, "analyst")
    one, other = (seen(app, **address) for app in worlds)
    assert one == other


@pytest.mark.parametrize(("person", "page"), [
    ("leader", "quality"), ("leader", "due"), ("office", "quality"), ("office", "meeting"),
    *(("party", page) for page in ("party", "organisations", "indicators", "quality", "meeting")),
])  # fmt: skip
def test_nor_does_any_other_role(
    worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch, person: str, page: str
) -> None:
    as_whom(monkeypatch, person)
    one, other = (seen(app, files=True, page=page) for app in worlds)
    assert one == other


@pytest.mark.parametrize("address", [{"page": page} for page in ("overview", "organisations", "due", "quality")]
                         + [EXPLAINED[1], EXPLAINED[2]], ids=str)  # fmt: skip
def test_who_sees_the_whole_place_does_read_another_page(
    worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch, address: dict[str, str]
) -> None:
    """Otherwise the tests above would prove nothing."""
    as_whom(monkeypatch, "whole")
    one, other = (seen(app, **address) for app in worlds)
    assert one != other


def test_a_pack_takes_nothing_over_from_one_that_was_made_with_a_wider_scope(worlds: tuple[Running, Running]) -> None:
    """The last pack of the same unit told of the province and of every commune; the next one says what changed."""
    here = at(worlds[1], "analyst")
    asked = replace(order("unit", unit="27727", formats=("xlsx",)), role="analyst")
    made = make(worlds[1], asked, NOW, quiet, scope=here.scope)
    told = json.loads(_member(made.archive))
    assert {one["unit"] for one in told["earlier"]["figures"]} == {"27727"}
    assert {one["unit"] for one in told["figures"] if one["value"] is not None} == {"27727"}
    wide = json.loads(_member(next((worlds[1].settings.home / "packs").glob("unit-*.zip")).read_bytes()))
    assert {one["unit"] for one in wide["figures"] if one["value"] is not None} > {"27727"}, "there was more to tell"


def _member(archive: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(archive)) as file:
        return file.read(NAME).decode()


def test_a_sender_who_speaks_of_others_too_is_told_by_its_freshness_alone(worlds: tuple[Running, Running]) -> None:
    here = at(worlds[0], "analyst")
    assert own_sources(here.snapshot, here.scope) == frozenset()
    known = sources(here.snapshot, here.scope)
    assert known.height == 4 and known["data_until"].null_count() == 0
    assert known["rows"].null_count() == known["last_verdict"].null_count() == 4
    assert deliveries(here.snapshot, here.scope).is_empty() and quarantine_rules(here.snapshot, here.scope).is_empty()
    (behind,) = deliveries_behind(here.snapshot, here.scope, ["a" * 64]).iter_rows(named=True)
    assert behind["file"] == "dvc.csv" and behind["rows_in"] is behind["rows_quarantined"] is behind["reasons"] is None


def test_a_sender_all_of_whose_rows_lie_within_is_told_whole(worlds: tuple[Running, Running], tmp_path: Path) -> None:
    """A department that was given itself reads its own files."""
    here = at(worlds[0], "analyst")
    department = replace(here.scope, units=("SBN",))
    assert own_sources(here.snapshot, department) == frozenset()
    home = shutil.copytree(worlds[0].settings.home, tmp_path / "home")
    change(home, "UPDATE fact_dossier SET source = 'onestop' WHERE unit_at_receipt = 'STC'")
    opened = at(start(replace(worlds[0].settings, home=home)), "analyst").snapshot
    assert own_sources(opened, department) == {"onestop"}
    assert set(deliveries(opened, department)["file"]) == {"onestop.csv", "stc.csv"}


@pytest.mark.parametrize("units", [(), ("27727",), ("STC",), ("80",)])
def test_claims_and_pairs_are_those_of_the_scope(worlds: tuple[Running, Running], units: tuple[str, ...]) -> None:
    here = at(worlds[1], "whole", period="2025-01..2026-10")
    scope: Scope = replace(here.scope, units=units)
    told = sum(one.compared for one in claims(here.snapshot, scope, here.period))
    credited = "CASE WHEN moved_on IS NULL OR ended_on < moved_on THEN unit_at_receipt ELSE unit_now END"
    below = [unit for top in units for unit in here.places.within(top)]
    ((many,),) = here.snapshot.rows(
        f"SELECT count(*) FROM fact_dossier WHERE {credited} IN (SELECT unnest($below::VARCHAR[])) AND is_on_time "
        "IS NOT NULL AND sender_on_time IS NOT NULL AND ended_on <= DATE '2026-10-31'", {"below": below})  # fmt: skip
    assert told == many
    assert {one.unit for one in pairs(here.snapshot, scope, 10)} == {
        unit for unit in ("27694@2025", "27727") if unit in below}  # fmt: skip


def test_a_steward_reads_of_the_files_that_were_given_alone(
    worlds: tuple[Running, Running], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_whom(monkeypatch, "steward")
    one = worlds[0]
    twin = start(replace(one.settings, home=other_files(one.settings.home, tmp_path / "twin", "dvc")))
    for page in ("quality", "doctor"):
        assert seen(one, page=page) == seen(twin, page=page)
    narrow = replace(at(one, "steward").scope, sources=None, units=("27727",))
    assert quarantine(at(one, "steward").snapshot, narrow).is_empty(), "units narrow a steward as well"


def test_a_slip_in_the_code_of_a_unit_opens_nothing(
    worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    as_whom(monkeypatch, "lost")
    for page in ("", "quality", "explain", "overview"):
        told = words_of("".join(seen(worlds[0], page=page)))
        assert words_of(word("people.no_units", "vi", person="lost@tinh.vn")) in told and "dvc" not in told


def test_what_cannot_be_compared_says_so(worlds: tuple[Running, Running], monkeypatch: pytest.MonkeyPatch) -> None:
    as_whom(monkeypatch, "leader")
    found = seen(worlds[0], page="public_services")
    assert word("chart.alone", "vi") in words_of("".join(found))
    as_whom(monkeypatch, "whole")
    assert word("chart.alone", "vi") not in words_of("".join(seen(worlds[0], page="public_services")))
    here = at(worlds[0], "leader")
    assert one_pager(here)[:4] == b"%PDF" and at(worlds[0], "leader", basis="before_2025").basis == "today"
