"""The command line is how the system is checked from outside: stable keys, clear refusals, honest exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dashboard.__main__ import main
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

KEYS = ["indicator", "code", "kind", "unit", "period", "basis", "value", "numerator", "denominator", "n", "interval",
        "coverage", "data_until", "estimated_share", "suppressed", "status", "snapshot"]  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = write_tiny(tmp_path_factory.mktemp("home"), tiny_facts(), generation=1)
    return write_tiny(home, tiny_facts(100), generation=2)


def run(capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out, said.err


def told(capsys: pytest.CaptureFixture[str], home: Path, *arguments: str) -> dict[str, Any]:
    code, out, _ = run(capsys, home, "value", *arguments, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_the_object_has_the_documented_keys_in_their_order(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    assert list(told(capsys, home, "DVC08")) == KEYS
    assert list(told(capsys, home, "DVC10")) == [*KEYS, "p90"]
    assert list(told(capsys, home, "DVC08", "--unit", "794")) == KEYS


def test_defaults_are_the_newest_whole_month_the_root_and_today(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    found = told(capsys, home, "dossiers_on_time")
    assert (found["code"], found["unit"], found["period"], found["basis"]) == ("DVC08", "80", "2026-10", "today")
    assert found["snapshot"] == 2
    assert told(capsys, home, "KT01")["period"] == "2026-Q3"


def test_shares_stay_shares_and_counts_stay_whole(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    found = told(capsys, home, "DVC08", "--period", "2026-Q3")
    assert found["value"] == found["numerator"] / found["denominator"]
    assert isinstance(found["numerator"], int) and found["n"] == found["denominator"]
    assert 0 <= found["interval"][0] <= found["value"] <= found["interval"][1] <= 1


def test_unit_basis_slice_and_snapshot_are_heard(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    old = told(capsys, home, "DVC01", "--unit", "27694", "--basis", "before_2025", "--period", "2025-Q2")
    assert (old["unit"], old["basis"]) == ("27694@1990", "before_2025")
    whole = told(capsys, home, "DVC01", "--period", "2025")["value"]
    parts = [told(capsys, home, "DVC01", "--period", "2025", "--slice", f"channel={one}")["value"]
             for one in ("online", "counter", "post")]  # fmt: skip
    assert sum(parts) == whole
    first = told(capsys, home, "DVC01", "--period", "2025", "--snapshot", "1")
    assert first["snapshot"] == 1 and first["value"] > whole


def test_a_refusal_is_an_answer_with_a_reason_beside_it(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, err = run(capsys, home, "value", "DVC08", "--unit", "794", "--json")
    assert (code, json.loads(out)["status"], json.loads(out)["value"]) == (0, "refused", None)
    assert "before_2025" in err
    code, out, err = run(capsys, home, "value", "DVC08", "--unit", "794", "--lang", "en")
    assert code == 3 and "Ask on the basis" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["DVC99"], "Did you mean"),
        (["DVC08", "--period", "soon"], "is no period"),
        (["DVC08", "--unit", "nowhere"], "No unit"),
        (["DVC08", "--basis", "once"], "Choose one of"),
        (["DVC08", "--slice", "channel"], "name=value"),
        (["DVC08", "--slice", "channel=fax"], "online"),
        (["DVC08", "--as", "emperor"], "leader"),
        (["DVC08", "--snapshot", "9"], "no record of snapshot 9"),
    ],
)
def test_what_does_not_exist_is_named_and_the_object_stays_whole(
    capsys: pytest.CaptureFixture[str], home: Path, arguments: list[str], said: str
) -> None:
    code, out, err = run(capsys, home, "value", *arguments, "--json", "--lang", "en")
    assert code in (2, 3)
    assert said in err and "Traceback" not in err
    assert list(json.loads(out)) == KEYS and json.loads(out)["status"] == "refused"


def test_party_numbers_need_the_party_role(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, _ = run(capsys, home, "value", "DNG01", "--json")
    assert (code, json.loads(out)["value"]) == (2, None)
    assert told(capsys, home, "DNG01", "--as", "party")["value"] == 300
    hidden = told(capsys, home, "DNG01", "--as", "party", "--unit", "DU1")
    assert (hidden["suppressed"], hidden["status"], hidden["value"], hidden["n"]) == (True, "suppressed", None, None)
    assert told(capsys, home, "DNG01", "--as", "party", "--period", "2026-08")["status"] == "refused"
    code, out, _ = run(capsys, home, "value", "DVC08", "--as", "party", "--json")
    assert json.loads(out)["status"] == "refused"
    for role in ("auditor", "operator", "steward"):
        assert told(capsys, home, "DVC08", "--as", role)["status"] == "refused"


def test_a_sentence_for_people_in_their_language(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, _ = run(capsys, home, "value", "DVC08", "--period", "2026-Q3")
    assert code == 0 and "trong" in out and "mục tiêu" in out
    assert "target" in run(capsys, home, "value", "DVC08", "--lang", "en")[1]


def test_explain_takes_a_number_apart(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, out, _ = run(capsys, home, "explain", "DVC08", "--period", "2026-Q3")
    assert code == 0
    for part in ("vi: Định nghĩa", "en: Definition", " / ", "SELECT", "02/2017/TT-VPCP II.06a [chưa kiểm chứng]",
                 "a" * 12, "dvc.csv", "loaded_partial 11 = 10 + 1 + 0"):  # fmt: skip
        assert part in out, part
    formula = run(capsys, home, "explain", "DVC30", "--period", "2026-Q3", "--lang", "en")[1]
    assert "n(dossiers_on_time) / (d(dossiers_on_time) + end(dossiers_overdue))" in formula
    assert run(capsys, home, "explain", "DNG01", "--as", "party")[0] == 0


def test_without_a_home_it_says_how_to_name_one(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IOC_HOME", raising=False)
    assert main(["value", "DVC08"]) == 2
    said = capsys.readouterr().err
    assert "IOC_HOME" in said and "--home" in said


def test_the_home_may_come_from_the_environment(
    capsys: pytest.CaptureFixture[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IOC_HOME", str(home))
    assert main(["value", "DVC01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] in ("ok", "stale")


def test_a_damaged_snapshot_is_told_on_the_side(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    for path in [*home.glob("*"), *home.glob("snapshots/*")]:
        if path.is_file():
            target = tmp_path / path.relative_to(home)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())
    (tmp_path / "snapshots" / "00000002.duckdb").write_bytes(b"not a database")
    code, out, err = run(capsys, tmp_path, "value", "DVC01", "--json", "--lang", "en")
    assert (code, json.loads(out)["snapshot"]) == (0, 1)
    assert "Snapshot 2 does not match" in err
