"""Adding an indicator is one entry of TOML: it is measured, told, explained and exported without a line of code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.__main__ import main
from dashboard.explain import explain
from dashboard.export.csv import as_csv
from dashboard.take_along import document
from tests.dashboard.screens_at import here_at, page, started, words_of
from tests.pipelines.installation import Installation, install, row

RATE = """
[dossiers_slow]
code = "T9"
name = { vi = "Tỷ lệ hồ sơ kéo dài", en = "Dossiers that dragged on" }
short = { vi = "Kéo dài", en = "Dragged on" }
definition = { vi = "Hồ sơ kết thúc sau hơn năm ngày làm việc, chia cho hồ sơ kết thúc.", \
en = "Dossiers ended after more than five working days over dossiers ended." }
kind = "rate"
fact = "dossier"
day = "ended_on"
numerator = "working_days_taken > 5"
denominator = "true"
unit = "percent"
better = "lower"
minimum_n = 1
rhythm = "daily"
"""
SCORE = """
[slow_points]
code = "T10"
name = { vi = "Điểm nhanh", en = "Points for speed" }
short = { vi = "Điểm nhanh", en = "Speed points" }
definition = { vi = "Mười điểm khi không hồ sơ nào kéo dài.", en = "Ten points where no dossier drags on." }
kind = "formula"
expression = "coalesce(w(points) * (1 - dossiers_slow), w(empty))"
weights = [{ from = 2020-01-01, points = 10, empty = 3 }]
unit = "point"
better = "higher"
rhythm = "monthly"
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation that has loaded four dossiers before anybody thought of the new entries."""
    one = install(tmp_path_factory.mktemp("place"))
    one.drop("a.csv", [row("A1"), row("A2"), row("A3", ended="17/03/2026 09:30"), row("A4", ended="", updated="")])
    one.load()
    return one


def add(place: Installation, *entries: str) -> None:
    desk = '[desk]\nname = { vi = "Bộ phận mới", en = "New desk" }\n'
    (place.data / "catalogue" / "added.toml").write_text(desk + "".join(entries), encoding="utf-8")
    place.load()


def told(capsys: pytest.CaptureFixture[str], home: Path, code: str, month: str) -> dict[str, object]:
    assert main(["value", code, "--period", month, "--home", str(home), "--json"]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_one_entry_is_enough(place: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    home = place.home.root
    assert main(["value", "T9", "--period", "2026-03", "--home", str(home), "--json"]) != 0
    capsys.readouterr()
    add(place, RATE)
    found = told(capsys, home, "T9", "2026-03")
    assert (found["indicator"], found["numerator"], found["denominator"]) == ("dossiers_slow", 1, 3)
    app = started(home)
    shown = words_of(page(app, page="explain", indicator="T9", period="2026-03", tab="reckoning"))
    assert "Tỷ lệ hồ sơ kéo dài · T9" in shown and "1 / 3 = 33,3 %" in shown
    here = here_at(app, page="explain", indicator="T9", period="2026-03")
    explained = explain(here.snapshot, here.scope, here.question("T9"), today=here.today)
    written = as_csv(document(here, explained)).decode("utf-8-sig")
    assert "Tỷ lệ hồ sơ kéo dài" in written and "0.333" in written.replace(",", ".")


def test_a_score_with_a_rule_for_nothing_is_an_entry_too(
    place: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    add(place, RATE, SCORE)
    home = place.home.root
    assert told(capsys, home, "T10", "2026-03")["value"] == pytest.approx(10 * 2 / 3)
    before = told(capsys, home, "T10", "2025-01")  # nobody has spoken of that month: no rule makes a number of it
    assert (before["value"], before["status"]) == (None, "no_data")
    # The source has spoken of the first week of the month, and nothing ended in it: there the rule speaks.
    assert told(capsys, home, "T10", "2026-03-02..2026-03-04")["value"] == 3.0
