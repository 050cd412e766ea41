"""A slip of the pen in a mapping is named with its file, its key and the key that was perhaps meant."""

from pathlib import Path

import pytest

from pipelines.errors import PersonError
from pipelines.mapping import load_mapping, load_mappings
from tests.pipelines.loading import DOSSIERS, REPOSITORY, mapping

EVENTS = (
    DOSSIERS
    + """
[fold]
case = "case_id"
[fold.event]
fact = "dossier_step"
columns = { step = "buoc", done_at = "luc", event_id = "ma_buoc" }
"""
)


def complaint(folder: Path, text: str) -> PersonError:
    with pytest.raises(PersonError) as caught:
        mapping(folder, text)
    return caught.value


def test_every_shipped_mapping_can_be_read() -> None:
    shipped = load_mappings(REPOSITORY / "data")
    assert shipped["published_indices"].fact.name == "reported_value"
    for place in ("wabo", "boston"):
        assert load_mappings(REPOSITORY / "tests" / "places" / place)


def test_no_shipped_mapping_takes_a_name_a_number_or_a_telephone() -> None:
    personal = {"HoTen", "ChuHoSo", "SoGiayToChuHoSo", "SoDienThoai", "Email", "SoCCCD", "org:resource"}
    for folder in ("data", "tests/places/wabo", "tests/places/boston"):
        for one in load_mappings(REPOSITORY / folder).values():
            assert not personal & set(one.headers), one.source


def test_the_stem_is_the_source_and_the_reader_learns_the_columns(tmp_path: Path) -> None:
    one = mapping(tmp_path)
    assert (one.source, one.fact.name, one.rhythm, one.clearance) == ("mot_cua", "dossier", "daily", "state")
    assert "so" in one.file.columns
    assert set(one.file.optional) == {"hien_tai", "trang_thai", "bo_sung", "cap_nhat"}
    assert one.file.ignored == ("ho_ten",)
    assert (one.file.unknown, one.file.numbers) == ("reject", "vi")


def test_a_date_column_accepts_the_dates_and_then_the_times_of_the_defaults(tmp_path: Path) -> None:
    columns = mapping(tmp_path).columns
    assert columns["due_at"].styles == ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")
    assert (columns["due_at"].years, columns["ended_at"].years) == ((2015, 2060), (2015, 2035))


@pytest.mark.parametrize(
    ("wrong", "right", "near"),
    [
        ('rhytm = "daily"', 'rhythm = "daily"', "rhythm"),
        ('recieved_at = "nhan"', 'received_at = "nhan"', "received_at"),
        ('received_on = "nhan"', 'received_at = "nhan"', "received_at"),
        ("datetimes = [", "datetime = [", "datetime"),
    ],
)
def test_an_unknown_key_names_the_nearest(tmp_path: Path, wrong: str, right: str, near: str) -> None:
    assert right in DOSSIERS
    told = complaint(tmp_path, DOSSIERS.replace(right, wrong))
    for text in (told.vi, told.en):
        assert "mot_cua.toml" in text
        assert f"`{near}`" in text


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ('fact = "dosier"', 'fact = "dossier"', "`fact`"),
        ('fact = "procedure"', 'fact = "dossier"', "`fact`"),
        ('rhythm = "hourly"', 'rhythm = "daily"', "daily"),
        ('numbers = "vn"', 'numbers = "vi"', "`defaults.numbers`"),
        ("years = [2035, 2015]", "years = [2015, 2035]", "`defaults.years`"),
        ('"2" = "web"', '"2" = "online"', "counter, online, post"),
        ('empty = "desk"', 'empty = "counter"', "counter, online, post"),
        ('level = { constant = "xa" }', 'level = { constant = "commune" }', "commune"),
        ('unit_at_receipt = "don_vi"', 'unit_at_receipt = { column = "don_vi", tree = "territory" }', "tree"),
        ('at = "yesterday"', 'at = "updated_on"', "updated_on"),
        ("due_at = { years = [2015, 2060] }", 'due_at = { column = "hen", years = [2015, 2060] }', "constant"),
        ("", 'case_id = "so"\n', "`columns.case_id`"),
        ('"Một cửa"', '{ vi = "Một cửa"', "mot_cua.toml"),
    ],
)
def test_a_value_that_cannot_be_meant_is_explained(tmp_path: Path, wrong: str, right: str, told: str) -> None:
    assert right in DOSSIERS
    assert told in complaint(tmp_path, DOSSIERS.replace(right, wrong)).en


def test_a_name_in_one_language_is_not_enough(tmp_path: Path) -> None:
    assert "`name.en`" in complaint(tmp_path, DOSSIERS.replace(', en = "One stop"', "")).en


def test_an_event_log_dates_its_cases_by_their_newest_event(tmp_path: Path) -> None:
    one = mapping(tmp_path, EVENTS)
    assert one.fold is not None
    assert one.fold.columns["case_id"].header == "so"
    assert one.columns["updated_at"].header == "luc"
    assert {"buoc", "luc", "ma_buoc"} <= set(one.file.columns)


def test_who_took_a_step_cannot_be_mapped(tmp_path: Path) -> None:
    told = complaint(tmp_path, EVENTS.replace('event_id = "ma_buoc"', 'actor = "nguoi"'))
    assert "`fold.event.columns.actor`" in told.en


def test_a_log_speaks_of_the_case_numbers_of_a_source_that_exists(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    mapping(folder)
    assert mapping(folder, DOSSIERS, "other").numbered_by == "other"
    (folder / "log.toml").write_text('cases_of = "mot_cua"\n' + DOSSIERS, encoding="utf-8")
    assert load_mappings(tmp_path)["log"].numbered_by == "mot_cua"
    (folder / "log.toml").write_text('cases_of = "mot_cu"\n' + DOSSIERS, encoding="utf-8")
    with pytest.raises(PersonError, match=r"log\.toml.*mot_cua"):
        load_mappings(tmp_path)


def test_the_day_of_a_file_may_stand_in_its_name(tmp_path: Path) -> None:
    text = DOSSIERS + '\n[file]\nas_of = { from = "name", pattern = "(\\\\d{8})", style = "%Y%m%d" }\n'
    as_of = mapping(tmp_path, text).file.as_of
    assert as_of is not None
    assert (as_of.come_from, as_of.pattern, as_of.style) == ("name", r"(\d{8})", "%Y%m%d")


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text("name = ", encoding="utf-8")
    with pytest.raises(PersonError, match=r"x\.toml"):
        load_mapping(path)
