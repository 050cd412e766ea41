"""Charts are read as dicts: what they draw, in which order, and what they must never do."""

import json

import polars as pl
import pytest

from dashboard.block import is_hatched
from dashboard.chart import Axis, Rule, Style, bars, choropleth, edges_of, heat, ranking, small_multiples, trend
from dashboard.look import palette

STYLE = Style("light", "vi")
SHARE = Axis(100, "\u202f%", 1, floor=0, ceiling=1)


def months(*values, **more):
    labels = [f"T{i}/26" for i in range(1, len(values) + 1)]
    texts = ["–" if v is None else f"{v * 100:.1f}\u202f%".replace(".", ",") for v in values]
    return pl.DataFrame({"label": labels, "value": list(values), "text": texts, **more})


def units(*rows):
    return pl.DataFrame(
        [
            {"code": c, "label": n, "value": v, "low": lo, "high": hi, "text": str(v), "ranked": r}
            for c, n, v, lo, hi, r in rows
        ],
        schema_overrides={"value": pl.Float64, "low": pl.Float64, "high": pl.Float64},
    )


def lines(chart):
    return [trace for trace in chart["data"] if trace["type"] == "scatter"]


@pytest.mark.parametrize("lang,separators", [("vi", ",."), ("en", ".,")])
def test_numbers_are_separated_as_the_reader_writes_them(lang, separators):
    chart = trend(months(0.9, 0.95), style=Style("light", lang), axis=SHARE)
    assert chart["layout"]["separators"] == separators


def test_a_share_is_drawn_as_percent_and_a_gap_stays_a_gap():
    chart = trend(months(0.9, None, 0.95), style=STYLE, axis=SHARE)
    assert lines(chart)[-1]["y"] == [90.0, None, 95.0]


def test_the_last_value_is_written_beside_its_dot():
    texts = lines(trend(months(0.9, 0.95, None), style=STYLE, axis=SHARE))[-1]["text"]
    assert texts == ["", "95,0\u202f%", ""]


def test_a_target_outside_the_data_still_fits_into_the_picture():
    chart = trend(months(0.80, 0.82), style=STYLE, axis=SHARE, target=Rule(0.99, "mục tiêu 99 %"))
    low, high = chart["layout"]["yaxis"]["range"]
    assert low < 80 and 99 < high <= 100.5
    assert any(shape["y0"] == 99.0 for shape in chart["layout"]["shapes"])


def test_the_reform_is_a_dotted_break_before_its_month():
    chart = trend(months(0.9, 0.8, 0.7), style=STYLE, axis=SHARE, breaks=[Rule("T2/26", "sắp xếp")])
    (shape,) = chart["layout"]["shapes"]
    assert shape["x0"] == 0.5 and shape["line"]["dash"] == "dot"


def test_estimates_are_hollow():
    chart = trend(months(0.9, 0.8, estimated=[True, False]), style=STYLE, axis=SHARE)
    assert lines(chart)[-1]["marker"]["color"] == [palette("light").surface, palette("light").better]


def test_a_fifth_series_is_refused():
    rows = pl.concat([months(0.9).with_columns(series=pl.lit(str(i))) for i in range(5)])
    with pytest.raises(ValueError, match="small_multiples"):
        trend(rows, style=STYLE, axis=SHARE)
    with pytest.raises(ValueError, match="small_multiples"):
        bars(rows, style=STYLE, axis=SHARE)


def test_text_from_data_is_never_markup():
    nasty = '<a href="https://evil.example">x</a>'
    rows = pl.DataFrame({"label": [nasty], "value": [1.0], "text": [nasty], "code": ["1"]})
    for chart in (
        bars(rows, style=STYLE, axis=Axis()),
        ranking(rows, style=STYLE, axis=Axis()),
        trend(rows, style=STYLE, axis=Axis(), target=Rule(1.0, nasty)),
        small_multiples(rows.with_columns(panel=pl.lit(nasty)), style=STYLE, axis=Axis()),
        heat(rows.with_columns(x=pl.lit(nasty), y=pl.lit(nasty)), style=STYLE),
    ):
        shown = [t for trace in chart["data"] for t in trace.get("hovertext", []) or []]
        assert "<a" not in json.dumps([shown, chart["layout"].get("annotations")])
        assert "<a" not in json.dumps(chart["layout"]["yaxis"].get("ticktext", []))


def test_ranked_and_unrankable_units_stand_apart():
    rows = units(("a", "A", 0.9, 0.8, 0.95, True), ("b", "B", 1.0, 0.3, 1.0, False), ("c", "C", 0.7, 0.6, 0.8, True))
    chart = ranking(rows, style=STYLE, axis=SHARE, apart="chưa đủ căn cứ xếp hạng")
    dots = chart["data"][1]
    assert dots["customdata"] == ["a", "c", "b"]
    assert dots["y"] == [0, 1, 3], "one empty line carries the heading of the group apart"
    assert "chưa đủ căn cứ" in json.dumps(chart["layout"]["annotations"], ensure_ascii=False)


def test_a_ranking_has_no_bars():
    rows = units(("a", "A", 0.9, 0.8, 0.95, True))
    assert {trace["type"] for trace in ranking(rows, style=STYLE, axis=SHARE)["data"]} == {"scatter"}


def test_an_interval_is_drawn_for_every_unit_that_has_one():
    rows = units(("a", "A", 0.9, 0.8, 0.95, True), ("b", "B", 0.5, None, None, True))
    assert ranking(rows, style=STYLE, axis=SHARE)["data"][0]["x"] == [80.0, 95.0, None]


def test_bars_start_at_zero_and_plans_are_outlined():
    rows = pl.DataFrame({"label": ["A"], "value": [5.0], "text": ["5"], "plan": [6.0]})
    chart = bars(rows, style=STYLE, axis=Axis())
    assert chart["layout"]["xaxis"]["rangemode"] == "tozero"
    assert chart["data"][0]["marker"]["color"] == "rgba(0,0,0,0)"


def test_a_unit_without_a_number_is_drawn_empty_and_named_in_the_legend():
    rows = pl.DataFrame({"code": ["1", "2"], "label": ["A", "B"], "value": [3.0, None], "text": ["3", "–"]})
    chart = choropleth(
        rows, style=STYLE, boundaries="/boundaries/x/c.geojson", key="unit_code",
        edges=[1, 2, 3, 4], labels=list("edcba"), missing="không có số liệu",
    )  # fmt: skip
    steps, empty = chart["data"]
    assert steps["locations"] == ["1"] and steps["z"] == [3]
    assert empty["locations"] == ["2"]
    assert chart["layout"]["annotations"][-1]["text"] == "không có số liệu"


def test_a_map_names_no_outside_address():
    rows = pl.DataFrame({"code": ["1"], "label": ["A"], "value": [3.0], "text": ["3"]})
    chart = choropleth(rows, style=STYLE, boundaries="/b", key="k", edges=[1] * 4, labels=list("abcde"), missing="")
    assert "http" not in json.dumps(chart)


def test_the_edges_of_a_map_split_units_into_fifths():
    assert edges_of([*range(10), None]) == [2, 4, 6, 8]
    assert edges_of([None]) == []


def test_where_most_units_are_alike_a_map_parts_the_others_and_shows_no_steps_nobody_can_tell_apart():
    assert edges_of([0.87, 0.98, *[1.0] * 20], digits=3) == [0.98, 1.0]
    assert edges_of([0.9981, 0.9984, *[1.0] * 20], digits=3) == [1.0]
    assert edges_of([5, 5, 5]) == []
    rows = pl.DataFrame({"code": ["1", "2"], "label": ["A", "B"], "value": [0.9, 1.0], "text": ["", ""]})
    (steps,) = choropleth(
        rows, style=STYLE, boundaries="/b", key="k", edges=[1.0], labels=["dưới", "từ"], missing=""
    )["data"]
    assert steps["z"] == [0, 1] and steps["zmax"] == 1.5


def test_two_units_of_one_name_are_two_bars():
    rows = pl.DataFrame({"code": ["1", "2"], "label": ["Châu Thành"] * 2, "value": [5.0, 3.0], "text": ["5", "3"]})
    chart = bars(rows, style=STYLE, axis=Axis())
    assert chart["data"][0]["y"] == ["1", "2"]
    assert chart["layout"]["yaxis"]["ticktext"] == ["Châu Thành", "Châu Thành"]

def test_a_state_is_written_into_its_cell():
    rows = pl.DataFrame({"x": ["1/11"], "y": ["dvc"], "state": ["late"], "text": ["trễ"]})
    chart = heat(rows, style=STYLE, states={"ok": ("better", "●"), "late": ("worse", "▼")})
    assert chart["data"][0]["text"] == [["▼"]]
    assert chart["data"][0]["z"] == [[1]]


def test_small_multiples_share_one_scale():
    rows = pl.concat(
        [months(0.5, 0.6).with_columns(panel=pl.lit("A")), months(0.9, 0.95).with_columns(panel=pl.lit("B"))]
    )
    layout = small_multiples(rows, style=STYLE, axis=SHARE)["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]


def test_rankings_and_trends_can_be_sent_as_json():
    rows = units(("a", "A", 0.9, 0.8, 0.95, True))
    for chart in (ranking(rows, style=STYLE, axis=SHARE), trend(months(0.1, None), style=STYLE, axis=SHARE)):
        assert set(json.loads(json.dumps(chart, allow_nan=False))) == {"data", "layout"}


def test_a_long_last_value_has_room_beside_its_point():
    rows = pl.DataFrame({"label": ["T1", "T2"], "value": [1.0, 2.0], "text": ["1", "71,65 điểm"]})
    wide, usual = (trend(one, style=STYLE, axis=Axis()) for one in (rows, rows.with_columns(text=pl.lit("2"))))
    assert wide["layout"]["margin"]["r"] >= 80 > usual["layout"]["margin"]["r"]


def test_an_estimate_in_a_chart_is_explained_below_it():
    rows = pl.DataFrame({"label": ["A", "B"], "value": [1.0, 2.0], "text": ["1", "2"], "estimated": [False, True]})
    assert is_hatched(bars(rows, style=STYLE, axis=Axis()))
    assert not is_hatched(bars(rows.with_columns(estimated=False), style=STYLE, axis=Axis()))
