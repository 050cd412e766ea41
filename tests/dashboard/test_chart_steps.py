"""A bullet shows what is reached inside what could be; a waterfall begins each step where the last one ended."""

from __future__ import annotations

import json

import polars as pl
import pytest

from dashboard.chart import Axis, Style, bullet, starts_at, waterfall
from dashboard.look import palette

STYLE = Style("light", "vi")
POINTS = Axis(decimals=2)


def items() -> pl.DataFrame:
    return pl.DataFrame(
        {"label": ["1.1 <b>", "1.4"], "value": [None, 5.5], "most": [6.0, 6.0],
         "text": ["chưa tính được / 6,00", "5,50"], "detail": ["chưa có dữ liệu", "91,7 %"]},
        schema_overrides={"value": pl.Float64})  # fmt: skip


def test_a_bullet_draws_the_outline_of_what_is_unknown_and_no_bar() -> None:
    outline, bar = bullet(items(), style=STYLE, axis=POINTS)["data"]
    assert (outline["x"], bar["x"]) == ([6.0, 6.0], [None, 5.5])
    assert outline["text"][0] == "chưa tính được / 6,00" and "text" not in bar
    assert outline["marker"]["color"] == "rgba(0,0,0,0)" and bar["marker"]["color"] == palette("light").better
    assert max(bar["width"]) < min(outline["width"])


def test_rows_are_told_apart_by_place_and_data_is_never_markup() -> None:
    chart = bullet(items(), style=STYLE, axis=POINTS)
    axis = chart["layout"]["yaxis"]
    assert axis["tickvals"] == ["0", "1"] and axis["ticktext"][0] == "1.1 &lt;b&gt;"
    json.dumps(chart)


def steps(*rows: tuple[str, float, bool]) -> pl.DataFrame:
    return pl.DataFrame([{"label": a, "value": b, "text": str(b), "whole": c} for a, b, c in rows])


def test_each_step_begins_where_the_one_before_ended() -> None:
    rows = steps(("now", 60.0, True), ("up", 4.0, False), ("down", -1.5, False), ("then", 62.5, True))
    [trace] = waterfall(rows, style=STYLE, axis=POINTS)["data"]
    assert trace["base"] == [56.0, 60.0, 64.0, 56.0]
    assert trace["base"][2] + trace["x"][2] == pytest.approx(trace["base"][3] + trace["x"][3]) == 62.5
    colour = palette("light")
    assert trace["marker"]["color"] == [colour.secondary, colour.better, colour.worse, colour.secondary]


def test_equal_labels_are_two_steps() -> None:
    rows = steps(("now", 1.0, True), ("same", 1.0, False), ("same", 1.0, False))
    [trace] = waterfall(rows, style=STYLE, axis=POINTS)["data"]
    assert trace["y"] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("changes", "origin"),
    [((), 0.0), ((0.0,), 0.0), ((4.0, -1.5), 56.0), ((20.0,), 0.0), ((-5.4,), 49.0), ((-6.5,), 0.0), ((-60.0,), 0.0)],
)
def test_small_steps_are_cut_free_of_the_whole_and_large_ones_stand_on_zero(
    changes: tuple[float, ...], origin: float
) -> None:
    rows = steps(("now", 60.0, True), *((str(n), one, False) for n, one in enumerate(changes)),
                 ("then", 60.0 + sum(changes), True))  # fmt: skip
    assert starts_at(rows) == origin
    [trace] = waterfall(rows, style=STYLE, axis=POINTS)["data"]
    assert trace["base"][0] == trace["base"][-1] == origin
    assert all(begin + length >= origin for begin, length in zip(trace["base"], trace["x"], strict=True))
