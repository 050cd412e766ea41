"""A pack on paper: tagged A4 pages with real text and own fonts, the same bytes each time, and no code from data."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from dashboard.export import NUMBER, SHARE, Column
from dashboard.pack.content import (
    ACTUAL,
    BAR,
    DESK,
    DOT,
    LINE,
    PREVIOUS,
    STACK,
    TARGET,
    TASKS,
    WHOLE,
    Break,
    Pack,
    Piece,
    Plot,
    Section,
    Series,
)
from dashboard.paper import typeset
from dashboard.paper.document import as_pdf
from dashboard.paper.draw import WIDTH, chart, reach, spec, ticks
from dashboard.paper.vega import as_png, as_svg, wrapped
from dashboard.table import Table

MONTHS = tuple(f"T{month}/26" for month in range(1, 11))
RATES = (0.91, 0.93, None, 0.95, 0.955, 0.94, 0.95, 0.962, 0.97, 0.953)
PLOTS = {
    LINE: Plot(LINE, "percent", MONTHS, (
        Series("Đúng hạn", RATES), Series("năm trước", tuple(0.9 for _ in RATES), PREVIOUS),
        Series("mục tiêu 99,0\u202f%", (0.99,) * 10, TARGET)),
        (0.9,) * 10, (0.985,) * 10, (Break(3, "Sắp xếp 01/07/2025"),)),
    BAR: Plot(BAR, "count", ("Sở Nội vụ", "Xã Tân Lập"), (
        Series("Kỳ này", (1234.0, None)), Series("Kỳ trước", (1000.0, 12.0), PREVIOUS))),
    STACK: Plot(STACK, "count", ("Xã A", "Xã B"), (Series("Quá hạn", (10.0, 20.0)), Series("Hôm nay", (5.0, None)))),
    DOT: Plot(DOT, "percent", ("Xã A", "Xã B", "Xã C"), (
        Series("Đúng hạn", (0.99, 0.953, None)), Series("Toàn tỉnh", (0.93,) * 3, WHOLE)),
        (0.97, 0.91, None), (1.0, 0.98, None)),
}  # fmt: skip
NASTY = '#panic("x") *b* $x$ @ref <lbl> \\ `raw` // c /* */ ]#set page(fill: red)[ <b>&amp;</b> "\' ${1+1} \u202e'
TABLE = Table(
    (Column("Đơn vị"), Column("Giá trị", SHARE), Column("Tử số", NUMBER)),
    (("Xã Thạnh Đức", 0.953, 38), ("Xã Hidden", None, None)),
    (("Xã Thạnh Đức", "95,3\u202f%", "38"), ("Xã Hidden", "×", "")),
)
PIECE = Piece("on_time", "▲ Đúng hạn tốt lên", "Bao nhiêu hồ sơ đúng hạn?", "Tháng 10/2026: 95,3 %.", TABLE,
              "Tỷ lệ đúng hạn (DVC08)", PLOTS[LINE],
              (("DVC08", "Đúng hạn", "Định nghĩa", "a / b", "02/2017"),))  # fmt: skip
PACK = Pack(
    "pack", "Tỉnh Thử Nghiệm", "Giao ban tháng 10/2026", ("Toàn tỉnh · tháng 10/2026", "Địa giới hiện nay"),
    (("Địa bàn", "Toàn tỉnh"),), "vi", 7, "số liệu đến 20/11/2026", datetime(2026, 11, 22, 8, 0),
    "Lưu hành nội bộ", True,
    (Section(TASKS, "Việc đã giao", (replace(PIECE, key="tasks", plot=None, table=Table((), (), ())),)),
     Section(DESK, "Dịch vụ công", (PIECE,))),
)  # fmt: skip


def read(body):
    return PdfReader(io.BytesIO(body))


def text_of(body):
    pages = (page.extract_text() for page in read(body).pages)
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u200b", ""))


def fonts_of(reader):
    for page in reader.pages:
        for one in page["/Resources"].get("/Font", {}).values():
            inner = one.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            yield inner["/FontName"], any(key in inner for key in ("/FontFile2", "/FontFile3"))


@pytest.fixture(scope="module")
def body():
    return as_pdf(PACK)


def words_of(svg):
    return [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<text[^>]*>.*?</text>", svg)]


@pytest.mark.parametrize("kind", PLOTS)
def test_a_chart_is_a_page_wide_in_our_own_font_and_fetches_nothing(kind):
    svg = chart(PLOTS[kind], "vi")
    assert f'width="{WIDTH:.0f}"' in svg
    assert set(re.findall(r'font-family="([^"]+)"', svg)) == {"Be Vietnam Pro"}
    assert set(re.findall(r'href="([^"]+)"|url\(([^)]+)\)', svg)) == set()


@pytest.mark.parametrize("kind", PLOTS)
def test_the_same_plot_gives_the_same_picture(kind):
    assert chart(PLOTS[kind], "vi") == chart(PLOTS[kind], "vi")


def test_numbers_on_an_axis_and_beside_a_mark_are_the_readers():
    large = Plot(BAR, "count", ("Xã A",), (Series("Kỳ này", (1234567.0,)),))
    assert {"1.234.567", "1.000.000"} <= set(words_of(chart(large, "vi")))
    assert {"1,234,567", "1,000,000"} <= set(words_of(chart(large, "en")))
    assert "95,3\u202f%" in words_of(chart(PLOTS[LINE], "vi"))


def test_a_line_says_its_target_its_break_and_its_newest_value():
    told = words_of(chart(PLOTS[LINE], "vi"))
    assert {"mục tiêu 99,0\u202f%", "Sắp xếp 01/07/2025", "năm trước", "T10/26"} <= set(told)


def test_several_lines_are_named_at_their_ends_and_pushed_apart():
    two = Plot(LINE, "count", MONTHS, (Series("Vào", tuple(range(10))), Series("Ra", tuple(range(10)))))
    assert {"Vào", "Ra"} <= set(words_of(chart(two, "vi")))
    shifts = {layer["mark"]["dy"] for layer in spec(two, "vi")["layer"] if "dy" in layer["mark"]}
    assert shifts == {0.0, -11.0}


def test_a_hidden_value_is_in_no_layer_and_a_gap_is_no_bridge():
    drawn = spec(PLOTS[DOT], "vi")
    values = [row.get("value") for layer in drawn["layer"] for row in layer["data"]["values"]]
    assert sorted({value for value in values if value is not None}) == [0.93, 0.953, 0.99]
    line = [layer["mark"] for layer in spec(PLOTS[LINE], "vi")["layer"] if layer["mark"]["type"] == "line"]
    assert line and all(mark["invalid"].startswith("break") for mark in line)


@pytest.mark.parametrize(("values", "measure", "from_zero", "ends"), [
    ([0.5, 0.98], "percent", False, (0.452, 1.0)), ([3.0, 13.0], "count", True, (0.0, 14.3)),
    ([], "percent", False, (0.0, 1.0)), ([-2.0, 8.0], "point", False, (-3.0, 9.0)), ([5.0], "point", False, (4.5, 5.5)),
])  # fmt: skip
def test_an_axis_shows_the_data_with_air_and_nothing_impossible(values, measure, from_zero, ends):
    assert reach(values, measure, from_zero) == pytest.approx(ends)


@pytest.mark.parametrize(("measure", "ends", "says"), [
    ("count", (0.0, 1.0), {"values": [0, 1]}), ("count", (0.0, 5.5), {"values": [0, 1, 2, 3, 4, 5]}),
    ("count", (0.0, 90.0), {"format": ",.0f", "tickCount": 5}), ("percent", (0.95, 0.98), {"format": ".1%"}),
    ("percent", (0.5, 0.98), {"format": ".0%"}), ("working_hour", (0.0, 3.0), {"format": ",.1~f"}),
])  # fmt: skip
def test_ticks_never_write_two_places_alike(measure, ends, says):
    assert says.items() <= ticks(measure, ends).items()


def test_bars_begin_at_zero_and_dots_need_not():
    for kind, zero in ((BAR, True), (DOT, False)):
        domain = [layer["encoding"]["x"]["scale"]["domain"] for layer in spec(PLOTS[kind], "vi")["layer"]
                  if "scale" in layer["encoding"].get("x", {})]  # fmt: skip
        assert domain and all((one[0] == 0) is zero for one in domain)


def test_a_name_from_the_data_is_text_of_a_picture_and_nothing_else():
    nasty = Plot(BAR, "count", (NASTY,), (Series(NASTY, (1.0,)),))
    svg = chart(nasty, "vi")
    assert "<b>" not in svg and "panic" in "".join(words_of(svg))
    assert NASTY[:7] not in str(spec(nasty, "vi")["layer"][0]["encoding"]["y"]["axis"])


def test_a_spec_that_names_an_address_is_refused():
    away = spec(PLOTS[BAR], "vi")
    away["layer"][0]["data"] = {"url": "http://127.0.0.1:9/x.json"}
    with pytest.raises(ValueError, match="External data url not allowed"):
        as_svg(away, "vi")


def test_long_names_are_broken_near_their_middle_and_never_cut():
    assert wrapped("Xã Tân Lập") == ["Xã Tân Lập"]
    name = "Ban Quản lý khu kinh tế và các khu công nghiệp tỉnh"
    assert " ".join(wrapped(name)) == name and max(map(len, wrapped(name))) < 30
    assert wrapped("x" * 80) == ["x" * 80]


def test_a_picture_can_be_had_as_pixels():
    assert as_png(spec(PLOTS[BAR], "vi"), "vi").startswith(b"\x89PNG")


def test_pages_are_a4_with_the_title_first_and_vietnamese_as_text(body):
    reader = read(body)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    told = text_of(body)
    assert told.index("Tỉnh Thử Nghiệm") < told.index("Giao ban tháng 10/2026") < told.index("Việc đã giao")
    for words in ("Xã Thạnh Đức", "95,3", "Hình 1", "Bảng 1", "Tỷ lệ đúng hạn (DVC08)", "mục tiêu 99,0", "Định nghĩa"):
        assert words in told, words


def test_every_page_says_what_it_is(body):
    reader = read(body)
    for at, page in enumerate(reader.pages, start=1):
        told = re.sub(r"\s+", " ", page.extract_text())
        for words in (f"Trang {at}/{len(reader.pages)}", "Bản công bố 7", "Lưu hành nội bộ", "tháng 10/2026"):
            assert words in told, words


def test_invented_numbers_say_so_on_top_and_real_ones_do_not(body):
    mark = "Số liệu minh họa, không phải số liệu thật"
    assert mark in text_of(body)
    assert mark not in text_of(as_pdf(replace(PACK, illustrative=False)))


def test_every_font_is_in_the_file(body):
    found = set(fonts_of(read(body)))
    assert any("BeVietnamPro" in name for name, _ in found)
    assert all(embedded for _, embedded in found), found


def test_the_document_is_tagged_titled_dated_and_in_its_language(body):
    reader = read(body)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not False
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert reader.metadata.title == "Giao ban tháng 10/2026"
    assert reader.metadata.creation_date.replace(tzinfo=None) == PACK.made_at


def test_the_same_pack_gives_the_same_bytes_and_another_number_does_not(body):
    assert as_pdf(PACK) == body
    other = replace(TABLE, texts=(("Xã Thạnh Đức", "95,4\u202f%", "38"), TABLE.texts[1]))
    section = Section(DESK, "Dịch vụ công", (replace(PIECE, table=other),))
    assert as_pdf(replace(PACK, sections=(section,))) != body


def test_a_table_longer_than_a_page_repeats_its_heads():
    tall = tuple((" ".join(["Xã Thạnh Đức"] * 30), "95,3", "38") for _ in range(30))
    many = Table(TABLE.columns, TABLE.cells[:1] * 30, tall)
    reader = read(as_pdf(replace(PACK, sections=(Section(DESK, "D", (replace(PIECE, plot=None, table=many),)),))))
    assert sum("Tử số" in page.extract_text() for page in reader.pages) >= 2


def test_a_long_table_says_how_many_rows_are_in_the_workbook():
    def told(count):
        table = Table(TABLE.columns, TABLE.cells[:1] * count, tuple((f"Xã {at}.", "", "") for at in range(count)))
        return text_of(as_pdf(replace(PACK, sections=(Section(DESK, "D", (replace(PIECE, plot=None, table=table),)),))))

    assert "Xã 39." in told(40) and "bảng tính kèm theo" not in told(40)
    assert "Xã 40." not in told(47) and "Còn 7 dòng nữa trong bảng tính kèm theo." in told(47)


def test_text_of_the_data_never_becomes_code():
    table = Table(TABLE.columns, TABLE.cells[:1], ((NASTY, NASTY, NASTY),))
    piece = replace(PIECE, title=NASTY, heading=NASTY, summary=NASTY, source=NASTY, table=table)
    nasty = replace(PACK, title=NASTY, place=NASTY, lines=(NASTY,), scope=((NASTY, NASTY),), classification=NASTY,
                    sections=(Section(DESK, NASTY, (piece,)),))  # fmt: skip
    told = text_of(as_pdf(nasty))
    assert '#panic("x") *b* $x$ @ref <lbl>' in told and "#set page(fill: red)" in told


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_stand_on_paper(text):
    piece = replace(PIECE, title=text, summary=text, plot=None)
    made = as_pdf(replace(PACK, title=text, sections=(Section(DESK, text, (piece,)),)))
    assert len(read(made).pages) >= 1


def test_a_letter_of_no_font_of_ours_costs_the_claim_of_a_standard_and_not_the_page():
    told = as_pdf(replace(PACK, lines=("漢字 🦜",)))
    assert b"pdfuaid" in as_pdf(PACK) and b"pdfuaid" not in told
    assert "Việc đã giao" in text_of(told)


def test_a_word_longer_than_any_real_one_may_be_broken():
    assert typeset.broken("x" * 80).count("\u200b") == 2
    assert typeset.broken("Xã Thạnh Đức 95,3 %") == "Xã Thạnh Đức 95,3 %"


def test_series_of_a_role_are_drawn_as_that_role():
    marks = [layer["mark"] for layer in spec(PLOTS[LINE], "vi")["layer"]]
    dashed = [mark for mark in marks if mark["type"] == "rule" and mark.get("strokeDash") == [4, 3]]
    assert len(dashed) == len(PLOTS[LINE].of_role(TARGET)) == 1
    assert sum(mark["type"] == "line" for mark in marks) == len(PLOTS[LINE].of_role(ACTUAL, PREVIOUS))


def test_columns_of_text_share_a_page_by_their_longest_cell_within_reason():
    assert typeset.shares([["Mã", "Tên", "Dài"], ["DVC08", "Tỷ lệ đúng hạn", "x" * 99]]) == [8, 14, 36]
