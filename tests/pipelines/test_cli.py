"""The commands as an operator types them: exit codes, both languages, stable keys, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipelines import __main__ as command_line
from pipelines import ledger
from pipelines.home import demo_key
from pipelines.publish.pointer import read_pointer
from tests.pipelines.installation import HEADER, REPOSITORY, Installation, copy_of, row
from tests.pipelines.spare import spared

Captured = pytest.CaptureFixture[str]


def pipelines(one: Installation, *arguments: str) -> int:
    with spared():
        return command_line.main([*arguments, "--home", str(one.home.root), "--data", str(one.data)])


@pytest.fixture(scope="module", autouse=True)
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The place's small catalogue is all there is: the product's would only take time."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("IOC_PRODUCT_DATA", str(tmp_path_factory.mktemp("product")))
        yield


@pytest.fixture(scope="module")
def ours_once(loaded_once: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The command line takes its own code into the contract; the first load with it settles that."""
    one = copy_of(loaded_once, tmp_path_factory.mktemp("ours"))
    assert pipelines(one, "load") == 0
    return one


@pytest.fixture
def ours(ours_once: Installation, tmp_path: Path) -> Installation:
    return copy_of(ours_once, tmp_path)


def test_load_is_0_even_when_files_are_bad(ours: Installation, capsys: Captured) -> None:
    ours.drop("bad.csv", ["1;2"], header="what;is")
    assert pipelines(ours, "load") == 0
    told = capsys.readouterr().out
    assert "bị từ chối" in told and "rejected" in told and "Generation 4 published." in told


def test_load_json_is_one_object(ours: Installation, capsys: Captured) -> None:
    ours.drop("y.csv", [row("Y-1")])
    assert pipelines(ours, "load", "--json") == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == "" and found["snapshot"] == 4 and found["files"][0]["verdict"] == "loaded"


def test_progress_is_plain_lines_where_there_is_no_terminal(ours: Installation, capsys: Captured) -> None:
    ours.drop("y.csv", [row("Y-1")])
    pipelines(ours, "load")
    err = capsys.readouterr().err
    assert "load 1/1\n" in err and "\x1b" not in err


def test_status_tells_each_source_and_its_age(ours: Installation, capsys: Captured) -> None:
    assert pipelines(ours, "status", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["snapshot"] == 3 and found["writer"] is None and found["illustrative"] is True
    counter = next(source for source in found["sources"] if source["source"] == "counter")
    assert counter["last_file"] == "c.csv" and counter["last_verdict"] == "loaded"
    assert counter["rows"] == 8 and counter["rows_quarantined"] == 1 and counter["deliveries"] == 4
    assert isinstance(counter["age_hours"], float) and counter["generation"] == 3
    assert pipelines(ours, "status") == 0
    assert "c.csv" in capsys.readouterr().out


def test_status_of_an_empty_home_has_every_source(fresh: Installation, capsys: Captured) -> None:
    assert pipelines(fresh, "status", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["snapshot"] is None
    assert {source["source"]: source["last_verdict"] for source in found["sources"]} == {
        "chibo_thu": None, "counter": None}


def test_verify_is_1_and_says_where(ours: Installation, capsys: Captured) -> None:
    assert pipelines(ours, "verify") == 0
    ours.home.current.write_text("1 2 3")
    assert pipelines(ours, "verify") == 1
    assert "CURRENT" in capsys.readouterr().out


def test_rebuild_and_rollback(ours: Installation, capsys: Captured) -> None:
    assert pipelines(ours, "rebuild") == 0
    assert pipelines(ours, "rollback", "2") == 0
    pointer = read_pointer(ours.home)
    assert pointer is not None and pointer.generation == 2
    assert pipelines(ours, "rollback", "99") == 2
    err = capsys.readouterr().err
    assert "Traceback" not in err and "99" in err and "Kept" in err and "Các bản còn giữ" in err


def test_a_slip_in_the_rules_is_told_in_both_languages(ours: Installation, capsys: Captured) -> None:
    mapping = ours.data / "mappings" / "counter.toml"
    mapping.write_text(mapping.read_text("utf-8").replace("[columns]", "rythm = 1\n[columns]"), encoding="utf-8")
    before = read_pointer(ours.home)
    assert pipelines(ours, "load") == 2
    vi, en = capsys.readouterr().err.splitlines()
    assert vi != en and "rythm" in vi and "rythm" in en and "counter.toml" in en
    assert read_pointer(ours.home) == before


def test_a_machine_that_fails_is_3(ours: Installation, monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    from pipelines.publish import disk

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    ours.drop("y.csv", [row("Y-1")])
    monkeypatch.setattr(disk, "fsync_file", fail)
    assert pipelines(ours, "load") == 3
    err = capsys.readouterr().err
    assert "No space left" in err and "Máy gặp sự cố" in err and "Traceback" not in err


def test_check_tells_rows_and_writes_an_annotated_copy(ours: Installation, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "thang 3.csv"
    file.write_text("\n".join([HEADER, row("Z-1"), row("=Z-2", received="31/02/2026"), ""]), encoding="utf-8")
    assert pipelines(ours, "check", str(file), "--source", "counter") == 1
    out = capsys.readouterr().out
    assert "loaded in part" in out and "đã nạp một phần" in out and "line 3" in out and "31/02/2026" in out
    sheet = load_workbook(tmp_path / "thang 3.checked.xlsx")["Dòng lỗi"]
    assert [cell.value for cell in sheet[3]][:3] == [3, "'=Z-2", "31/02/2026"]
    pointer = read_pointer(ours.home)
    assert pointer is not None and pointer.generation == 3
    assert list(ours.home.scratch.iterdir()) == []


def test_check_of_a_good_file_is_0(ours: Installation, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "good.csv"
    file.write_text("\n".join([HEADER, row("Z-1"), ""]), encoding="utf-8")
    assert pipelines(ours, "check", str(file)) == 0, "the source is guessed from the header"
    assert not (tmp_path / "good.checked.xlsx").exists()
    (tmp_path / "odd.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    assert pipelines(ours, "check", str(tmp_path / "odd.csv")) == 2
    assert "--source" in capsys.readouterr().err


def test_the_demo_stays_out_of_a_real_home(ours: Installation, capsys: Captured) -> None:
    assert pipelines(ours, "demo", "--rows", "50") == 2
    assert "never mixed in" in capsys.readouterr().err


def test_the_demo_has_a_key_of_its_seed(tmp_path: Path, capsys: Captured) -> None:
    home = tmp_path / "demo"
    arguments = ["demo", "--home", str(home), "--rows", "200", "--seed", "7", "--until", "2026-10-31",
                 "--data", str(REPOSITORY / "data")]
    assert command_line.main(arguments) == 0
    assert (home / "keys" / "pseudonym.key").read_text().strip() == demo_key(7).hex()
    assert any((home / "inbox").rglob("*.csv"))
    assert command_line.main(arguments) == 2 and "not empty" in capsys.readouterr().err
    assert command_line.main([*arguments, "--force"]) == 0


def test_a_home_inside_the_checkout_is_refused(capsys: Captured) -> None:
    assert command_line.main(["load", "--home", str(REPOSITORY / "tests" / "home")]) == 2
    assert "checkout" in capsys.readouterr().err and not (REPOSITORY / "tests" / "home").exists()


def test_home_and_data_come_from_the_environment_too(ours: Installation) -> None:
    environment = {**os.environ, "IOC_HOME": str(ours.home.root), "IOC_DATA": str(ours.data)}
    command = [sys.executable, "-m", "pipelines", "status", "--json"]
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["snapshot"] == 3


@pytest.mark.parametrize("arguments", [[], ["fly"], ["load", "--nonsense"], ["watch", "--every", "0"]])
def test_a_wrong_command_is_2(arguments: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.main(arguments)
    assert ended.value.code == 2 and "usage" in capsys.readouterr().err


def test_help_lists_the_exit_codes(capsys: Captured) -> None:
    with pytest.raises(SystemExit):
        command_line.main(["--help"])
    text = capsys.readouterr().out
    assert all(f"\n  {code}" in text for code in (0, 1, 2, 3, 75))


def test_only_a_held_file_can_be_approved_and_the_answer_says_which_wait(ours: Installation, capsys: Captured) -> None:
    assert pipelines(ours, "approve", "ffffffff", "--reason", "x") == 2
    assert "Waiting: -" in capsys.readouterr().err
    ours.home.ledger.open("a").close()
    ledger.append(ours.home.ledger, [{"file": "a.csv", "source": "counter", "sha256": "ab" * 32, "verdict": "held",
                                      "received_at": "2026-11-20", "reasons": [{"code": "rows_fell"}]}])  # fmt: skip
    assert pipelines(ours, "reject", "abababab", "--reason", "x") == 0
    assert "bị từ chối" in capsys.readouterr().out
