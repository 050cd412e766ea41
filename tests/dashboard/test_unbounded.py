"""What may be more than all, or less than nothing, is drawn whole; a share keeps its ends."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.frames import axis_of
from dashboard.pack.chart_data import scale
from dashboard.pack.content import LINE, Plot, Series
from dashboard.query import Indicator, indicators
from tests.dashboard.screens_at import started
from tests.dashboard.tiny import write_tiny


@given(st.lists(st.floats(-2, 3), min_size=1, max_size=13))
def test_an_axis_of_percentages_holds_all_of_them(values: list[float]) -> None:
    found = scale(Plot(LINE, "percent", tuple("x" * len(values)), (Series("a", tuple(values)),)))
    assert found is not None and found[0] <= min(values) and max(values) <= found[1]


@pytest.fixture(scope="module")
def rate(tmp_path_factory: pytest.TempPathFactory) -> Indicator:
    app = started(write_tiny(tmp_path_factory.mktemp("home")))
    return indicators(app.snapshots.current())["dossiers_on_time"]


def test_a_share_ends_at_all_of_it_and_a_growth_has_no_end(rate: Indicator) -> None:
    share, growth = axis_of(rate), axis_of(replace(rate, spec={**rate.spec, "settings": {"unbounded": True}}))
    assert (share.floor, share.ceiling) == (0, 1)
    assert (growth.floor, growth.ceiling) == (None, None)
    assert json.dumps(growth.suffix) == json.dumps(share.suffix)
