"""`dashboard pack`: files on standard output, everything about them on standard error, every pack in the audit."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from dashboard import audit
from dashboard.__main__ import main
from dashboard.pack.command import BAR, Typed, pack, progress
from dashboard.pack.manifest import read_manifest
from dashboard.pack.recipients import orders_of
from dashboard.pack.template import data_for
from dashboard.query import territory
from dashboard.settings import Settings
from dashboard.words import PersonError
from tests.dashboard.pack_at import DATA, NOW, TEMPLATES, parts, running_at
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

QUICK = ("--format", "xlsx", "--period", "2026-10")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


def run(capsys, home, *arguments):
    code = main(["pack", *arguments, "--home", str(home)])
    said = capsys.readouterr()
    return code, said.out.splitlines(), said.err


def test_the_file_alone_is_told_on_standard_output(capsys, home):
    code, files, told = run(capsys, home, *QUICK)
    assert code == 0 and len(files) == 1 and Path(files[0]).parent == home / "packs"
    names = [name for name, _ in parts(Path(files[0]).read_bytes())]
    assert "/manifest.json" in names and any(name.startswith("/monthly-80-2026-10_vi.xlsx/") for name in names)
    assert "1/3 nội dung (vi)" in told and "bản công bố 1" in told and "\r" not in told


def test_the_audit_names_pack_question_and_hash_before_anything_else_could(capsys, home):
    _, files, _ = run(capsys, home, *QUICK, "--unit", "27727", "--languages", "both", "--as", "office")
    last = list(audit.events(home / "audit" / "exports.jsonl"))[-1]
    assert last["sha256"] == hashlib.sha256(Path(files[0]).read_bytes()).hexdigest()
    assert (last["role"], last["snapshot"], last["format"]) == ("office", 1, "zip")
    assert last["question"] == {"template": "monthly", "period": "2026-10", "unit": "27727", "basis": "today",
                                "langs": "vi,en", "formats": "xlsx"}  # fmt: skip
    assert audit.broken_at(home / "audit" / "exports.jsonl") is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--template", "foo"), "weekly"),
        (("--as", "wall"), "leader"),
        (("--as", "nobody"), "nobody"),
        (("--unit", "zz"), "zz"),
        (("--period", "soon"), "soon"),
        (("--group", "foo"), "leaders"),
        (("--again", "nowhere.zip"), "nowhere.zip"),
        (("--since", "nowhere.zip"), "nowhere.zip"),
        (("--snapshot", "9"), "9"),
    ],
)
def test_what_cannot_be_is_said_in_words_and_makes_no_file(capsys, home, tmp_path, arguments, said):
    code, files, told = run(capsys, home, *arguments, "--out", str(tmp_path))
    assert code != 0 and files == [] and said in told and "Traceback" not in told
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_named(capsys, home, tmp_path):
    (tmp_path / "taken").write_text("a file")
    code, files, told = run(capsys, home, *QUICK, "--out", str(tmp_path / "taken"))
    assert code == 2 and files == [] and str(tmp_path / "taken") in told


def test_a_pack_is_made_again_after_the_next_publication_byte_for_byte(capsys, tmp_path):
    home = write_tiny(tmp_path / "home")
    all_kinds = ("--period", "2026-10", "--languages", "en")
    _, first, _ = run(capsys, home, *all_kinds)
    write_tiny(home, tiny_facts(130), generation=2)
    code, again, told = run(capsys, home, "--again", first[0], "--out", str(tmp_path / "again"))
    assert code == 0 and told.count("Trùng từng byte") == 3 and "không trùng" not in told
    assert Path(again[0]).read_bytes() == Path(first[0]).read_bytes()


def test_the_next_pack_is_compared_with_the_last_one(capsys, tmp_path):
    home = write_tiny(tmp_path / "home")
    run(capsys, home, *QUICK, "--out", str(home / "packs"))
    earlier = next((home / "packs").glob("*.zip"))
    earlier.rename(earlier.with_name("monthly-earlier.zip"))
    write_tiny(home, tiny_facts(130), generation=2)
    _, files, _ = run(capsys, home, *QUICK, "--since", str(earlier.with_name("monthly-earlier.zip")))
    told = read_manifest(Path(files[0]))
    assert told.earlier is not None and told.earlier.snapshot == 1 and told.figures.snapshot == 2
    body = dict(parts(Path(files[0]).read_bytes()))
    assert "số đã trình kỳ trước nay khác đi" in body["/monthly-80-2026-10_vi.xlsx/xl/sharedStrings.xml"].decode()
    assert json.loads(body["/manifest.json"])["earlier"]["snapshot"] == 1


def groups(tmp_path, text):
    (tmp_path / "operation").mkdir()
    (tmp_path / "operation" / "recipients.toml").write_text(text)
    return tmp_path


def test_a_group_gets_a_pack_per_unit(home, tmp_path):
    data = groups(tmp_path, '[[group]]\nname = "c"\ntemplate = "unit"\nunits = ["communes", "27727", "STC"]\n'
                            'role = "leader"\nlang = "both"\nformats = ["xlsx"]\n')  # fmt: skip
    snapshot = running_at(home).snapshots.current()
    found = orders_of(data, "c", TEMPLATES, territory(snapshot), snapshot)
    assert [one.unit for one in found] == ["27694@2025", "27727", "STC"]
    assert {one.langs for one in found} == {("vi", "en")} and {one.formats for one in found} == {("xlsx",)}


def test_a_place_without_templates_of_its_own_gets_those_of_the_product(capsys, home, tmp_path):
    code, files, told = run(capsys, home, *QUICK, "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert code == 0 and len(files) == 1
    assert data_for(tmp_path) == data_for(None) != tmp_path
    (tmp_path / "operation" / "packs").mkdir(parents=True)
    assert data_for(tmp_path) == tmp_path
    code, files, told = run(capsys, home, *QUICK, "--data", str(tmp_path), "--out", str(tmp_path / "out"))
    assert code == 2 and files == [] and "monthly" in told


def test_the_groups_that_are_shipped_name_templates_that_are_shipped(home):
    snapshot = running_at(home).snapshots.current()
    for name in ("leaders", "weekly", "communes"):
        assert orders_of(DATA, name, TEMPLATES, territory(snapshot), snapshot)


@pytest.mark.parametrize("more", ['colour = "red"', 'lang = "fr"', 'formats = ["doc"]', "units = []"])
def test_a_group_that_is_wrong_is_named(home, tmp_path, more):
    text = '[[group]]\nname = "c"\ntemplate = "unit"\nrole = "leader"\n'
    data = groups(tmp_path, text + ("" if "units" in more else 'units = ["80"]\n') + more)
    snapshot = running_at(home).snapshots.current()
    with pytest.raises(PersonError) as refused:
        orders_of(data, "c", TEMPLATES, territory(snapshot), snapshot)
    assert "recipients.toml" in refused.value.text("vi") and "c" in refused.value.text("vi")


def test_a_terminal_gets_a_bar_and_everything_else_plain_lines():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen, pipe = Terminal(), io.StringIO()
    for at in (1, 2):
        progress(screen)(at, 2, "việc")
        progress(pipe)(at, 2, "việc")
    assert screen.getvalue().count("\r") == 2 and "#" * BAR in screen.getvalue() and screen.getvalue().endswith("\n")
    assert pipe.getvalue() == "1/2 việc\n2/2 việc\n"


def test_numbers_of_a_pack_are_read_by_another_program(home, tmp_path):
    told = []
    files = pack(Settings(home, lambda: NOW), Typed(period="2026-10", formats=("xlsx",), out=tmp_path), told.append,
                 io.StringIO())  # fmt: skip
    body = dict(parts(files[0].read_bytes()))
    assert told and body
    with zipfile.ZipFile(files[0]) as archive:
        book = openpyxl.load_workbook(io.BytesIO(archive.read("monthly-80-2026-10_vi.xlsx")))
    figures = {one["text"]: one["value"] for one in json.loads(body["/manifest.json"])["figures"]}
    months = next(sheet for sheet in book if sheet["A5"].value == "Tháng")
    assert months["B18"].value == pytest.approx(figures["60,0\u202f%"], rel=1e-15)
