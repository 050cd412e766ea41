"""Whoever knows a word of it finds the number, and from the number how it came about."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import directory
from dashboard.running import Running
from dashboard.search import folded, found
from dashboard.url import read
from tests.dashboard.screens_at import here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

THREE = [("DVC10", "Hồ sơ quá hạn đang giải quyết", "quá hạn"),
         ("DVC01", "Số hồ sơ tiếp nhận", "đi qua bưu chính, có hạn"),
         ("PA04", "Phản ánh quá hạn", "DVC10")]  # fmt: skip


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Running:
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.mark.parametrize(("wanted", "codes"), [
    ("qua han", ["DVC10", "PA04"]),  # not the one in whose definition «qua» and «hạn» stand apart
    ("QUÁ HẠN", ["DVC10", "PA04"]),
    ("hạn quá", ["DVC10", "PA04"]),
    ("dvc10", ["DVC10", "PA04"]),  # its code before who only speaks of it
    ("tiếp nhận", ["DVC01"]),
    ("phan anh qua", ["PA04"]),
    ("buu chinh", ["DVC01"]),
    ("uá", []),
    ("", ["DVC10", "DVC01", "PA04"]),
])  # fmt: skip
def test_a_search_finds_names_by_words_and_definitions_as_they_stand(wanted: str, codes: list[str]) -> None:
    assert [one[0] for one in found(THREE, wanted, lambda one: one)] == codes


@given(st.text(st.sampled_from("aâăđĐêôơưỳẵ Ộ(),-7"), max_size=30))
def test_with_and_without_diacritics_is_the_same_search(text: str) -> None:
    bare = folded(text)
    assert folded(bare) == bare and bare.isascii()
    assert folded(unicodedata.normalize("NFD", text)) == folded(unicodedata.normalize("NFC", text)) == bare
    assert bare == "" or read({"find": bare}).find == bare


@pytest.mark.parametrize("typed", ["Đúng hạn", "a" * 65, "<b>", "a  b", " a"])
def test_an_address_holds_only_what_a_search_can_be(typed: str) -> None:
    assert read({"find": typed}).find == ""


def test_the_screen_lists_the_catalogue_desk_by_desk(app: Running) -> None:
    told = words_of(page(app, page="indicators"))
    here = here_at(app)
    names = [entry.name_vi for entry in here.indicators.values() if not entry.spec.get("part")]
    assert names and all(words_of(name) in told for name in names)
    assert f"{len(directory.figures(here, directory.listed(here)))} chỉ tiêu" in told


def test_a_search_shows_the_number_that_the_explanation_explains(app: Running) -> None:
    here = here_at(app, page="indicators", find="dvc08")
    [one] = directory.figures(here, directory.listed(here))
    told = page(app, page="indicators", find="dvc08", lang="en")
    assert "1 found for “dvc08”" in words_of(told) and words_of(one.text).replace(",", ".") in words_of(told)
    address = directory.address(here, one)
    assert "page=explain" in address and "indicator=DVC08" in address and "find" not in address


def test_what_nothing_matches_is_said(app: Running) -> None:
    assert "khớp với «khong co gi»" in words_of(page(app, page="indicators", find="khong co gi"))


def test_a_party_role_searches_the_partys_own_catalogue(app: Running) -> None:
    here = here_at(app, page="indicators", role="party")
    assert {entry.clearance for entry in directory.listed(here)} == {"party"}
    assert words_of(page(app, page="indicators", role="party"))


def test_the_search_goes_no_further_than_its_page(app: Running, tmp_path: Path) -> None:
    assert "find" not in here_at(app, page="indicators", find="dvc08").view.here("overview")
