"""An address rebuilds a view, says no more than it must, and never carries anything that is not a code."""

import string
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.url import View, as_parameters, read

FULL = {
    "page": "hotline", "period": "2026-10", "unit": "27694@2025", "basis": "before_2025", "compare": "year",
    "slice": "channel=online", "lang": "en", "theme": "dim", "wall": "1", "snapshot": "12",
}  # fmt: skip


def test_an_address_without_parameters_is_the_default():
    assert read({}) == View()
    assert View().query() == "?"


def test_an_address_rebuilds_the_view():
    assert as_parameters(read(FULL)) == FULL


@pytest.mark.parametrize("key,value", [("lang", "vi"), ("theme", "light"), ("compare", "previous")])
def test_what_is_the_default_anyway_is_not_written(key, value):
    assert as_parameters(read({key: value})) == {}


@pytest.mark.parametrize(
    "key,value",
    [
        ("period", "hôm nay"), ("period", "2026-13"), ("unit", "Xã Tân Lập"), ("unit", "<script>"),
        ("lang", "de"), ("theme", "neon"), ("wall", "yes"), ("slice", "channel"), ("slice", "channel=a=b"),
        ("compare", "best"), ("basis", "x" * 65), ("page", "a/b"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_left_out(key, value):
    assert read({key: value}) == View()


def test_an_unknown_key_is_not_carried_along():
    assert read({"utm_source": "mail"}) == View()


def test_another_page_keeps_the_scope_and_drops_what_belongs_to_this_one():
    view = read(FULL | {"indicator": "dossiers_on_time", "tab": "sql"})
    target = read(dict(parse_qsl(view.here("quality").lstrip("?"))))
    assert target.page == "quality" and target.unit == view.unit and target.period == view.period
    assert target.indicator == "" and target.tab == "" and target.slice == ""


@given(st.dictionaries(st.sampled_from([*sorted(FULL), "role", "x"]), st.text(max_size=80)))
def test_whatever_an_address_says_what_is_written_is_ascii_and_reads_back(parameters):
    view = read(parameters)
    written = as_parameters(view)
    assert read(written) == view
    allowed = set(string.ascii_letters + string.digits + "_.@-=")
    assert all(set(value) <= allowed for value in written.values())
