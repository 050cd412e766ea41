"""Slides and sheets are opened by other readers: native, editable, real numbers, nothing hidden, nothing cut off."""

import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pptx import Presentation
from pptx.util import Emu

from dashboard.pack import fit
from dashboard.pack.archive import CLOCKED, data_sha256
from dashboard.pack.chart_data import scale, workbook
from dashboard.pack.content import DOT, LINE, Plot, Series
from dashboard.pack.manifest import NAME
from dashboard.pack.workbook import SCOPE_SHEET, sheet_name
from tests.dashboard.pack_at import NOW, file_of, made_at, order, parts
from tests.dashboard.screens_at import change
from tests.dashboard.tiny import write_tiny

GOLDEN = Path(__file__).parent / "golden" / "pack.json"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home):
    return made_at(home, order(langs=("vi", "en")))


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(file_of(made, "_vi.pptx"))


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(file_of(made, "_vi.xlsx"))


def charts(deck):
    return [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def near(values):
    """As a workbook holds them: sixteen digits of a number, nothing for an empty text."""
    return [pytest.approx(one, rel=1e-15) if isinstance(one, float) else one if one != "" else None for one in values]


def test_a_slide_per_piece_with_its_message_as_title(deck, made):
    pack = made.packs[0]
    assert [slide.shapes.title.text for slide in deck.slides] == [pack.title, *(one.title for one in pack.pieces)]
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert [layout.name for layout in deck.slide_layouts] == ["Trang bìa", "Một thông điệp"]


def test_every_slide_says_its_source_its_number_and_what_it_is(deck, made):
    for slide, piece in zip(list(deck.slides)[1:], made.packs[0].pieces, strict=True):
        texts = " ".join(shape.text_frame.text for shape in slide.placeholders)
        assert "Nguồn: " in texts and "Số liệu minh họa" in texts and "tháng 10/2026" in texts
        assert 'type="slidenum"' in slide.part.blob.decode()
        notes = slide.notes_slide.notes_text_frame.text
        assert piece.heading in notes and all(one[2] in notes for one in piece.definitions)


def test_charts_are_native_and_carry_their_numbers(deck, made):
    plots = [one.plot for one in made.packs[0].pieces if one.plot is not None]
    drawn = charts(deck)
    assert len(drawn) == len(plots) >= 5
    for chart, plot in zip(drawn, plots, strict=True):
        found = [tuple(one.values) for one in chart.plots[0].series]
        assert found == [one.values for one in plot.series]
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        sheet = book["Sheet1"]
        for at, one in enumerate(plot.series, start=2):
            told = [sheet.cell(line, at).value for line in range(2, len(plot.categories) + 2)]
            assert told == near(one.values)
            assert f"Sheet1!${'ABCDE'[at - 1]}$2" in chart.part.blob.decode()


def test_nothing_is_a_picture(made):
    names = [name for body in made.files.values() for name, _ in parts(body)]
    assert not [name for name in names if re.search(r"\.(png|jpe?g|gif|emf|svg)$", name) and "thumbnail" not in name]


def test_tables_on_slides_are_native_and_say_how_many_rows_are_left_out(deck, made):
    tables = [shape.table for slide in deck.slides for shape in slide.shapes if shape.has_table]
    shown = [one for one in made.packs[0].pieces if one.plot is None and one.table.texts]
    for table, piece in zip(tables, shown, strict=True):
        assert [cell.text for cell in table.rows[1].cells] == list(piece.table.texts[0])


def test_an_empty_cell_is_no_higher_than_a_full_one(deck):
    """Without a size of its own it has the format's 18 points, and the rows below run over the foot of the slide."""
    cells = [cell for slide in deck.slides for shape in slide.shapes if shape.has_table
             for row in shape.table.rows for cell in row.cells]  # fmt: skip
    assert any(not cell.text for cell in cells)
    for cell in cells:
        [paragraph] = cell.text_frame.paragraphs
        ends = paragraph._p.findall("{http://schemas.openxmlformats.org/drawingml/2006/main}endParaRPr")
        assert [one.get("sz") for one in ends] == ["1200"]
        assert cell.text or not paragraph.runs


def test_every_text_fits_its_box(made):
    for body in (file_of(made, "_vi.pptx"), file_of(made, "_en.pptx")):
        for slide in list(Presentation(body).slides)[1:]:
            for shape in slide.placeholders:
                size = max((run.font.size.pt for p in shape.text_frame.paragraphs for run in p.runs if run.font.size),
                           default=10)  # fmt: skip
                wide, high = Emu(shape.width).inches, Emu(shape.height).inches
                assert fit.height(shape.text_frame.text, size, wide, shape == slide.shapes.title) <= high + 0.01


def test_sheets_hold_real_numbers_with_their_formats(book, made):
    pack = made.packs[0]
    assert book.sheetnames[0] == "Phạm vi" and book.sheetnames[-2:] == ["Chất lượng số liệu", "Định nghĩa"]
    pieces = [one for section in pack.sections if section.kind != "quality" for one in section.pieces]
    for name, piece in zip(book.sheetnames[1:-2], pieces, strict=True):
        sheet = book[name]
        assert sheet["A1"].value == piece.title and sheet.freeze_panes == "B6" and sheet.print_area
        assert len(sheet._charts) == (piece.plot is not None)
        for line, row in enumerate(piece.table.cells, start=6):
            assert [sheet.cell(line, at).value for at in range(1, len(row) + 1)] == near(row)
    rate = next(sheet for sheet in book if sheet["A5"].value == "Tháng")
    assert rate["B6"].number_format == "0.0%" and rate["C6"].number_format == "#,##0"


def test_rows_that_measure_different_things_have_their_own_formats(book):
    sheet = book.worksheets[3]
    assert [sheet.cell(line, 2).number_format for line in (6, 7, 8)] == ["#,##0", "0.0%", "#,##0"]


def test_scope_and_definitions_travel_along(book, made):
    told = {row[0].value: row[1].value for row in book["Phạm vi"].iter_rows(min_row=3, max_row=9)}
    assert told["Kỳ"] == "tháng 10/2026" and told["Xuất lúc"] == NOW.replace(tzinfo=None)
    codes = [row[0].value for row in book["Định nghĩa"].iter_rows(min_row=2)]
    assert codes == [one[0] for one in made.packs[0].definitions] and "DVC08" in codes


def test_no_text_is_ever_a_formula(tmp_path):
    home = write_tiny(tmp_path)
    change(home, "UPDATE unit SET name_vi = '=HYPERLINK(\"x\")' WHERE unit_id = '27694@2025'",
           "UPDATE indicator SET name_vi = '+1', short_vi = '@SUM(A1)'")  # fmt: skip
    made = made_at(home, order())
    seen = 0
    for name, body in parts(made.archive):
        if "/xl/worksheets/" in name:
            assert b"<f>" not in body, name
        if name.endswith("sharedStrings.xml"):
            told = re.findall(r"<t[^>]*>([^<]*)</t>", body.decode())
            assert not [one for one in told if one.startswith(("=", "+1", "@", "-"))]
            seen += sum("'=HYPERLINK" in one for one in told)
    assert seen >= 2, "the workbook and a chart's own workbook name the unit"


def test_what_is_hidden_is_in_no_corner_of_any_file(tmp_path):
    home = write_tiny(tmp_path)
    change(home, "UPDATE published_cell SET value = 7331, numerator = 7331, denominator = 7331 WHERE NOT shown",
           party=True)  # fmt: skip
    made = made_at(home, order(role="party", period="", formats=("pptx", "xlsx", "pdf")))
    cells = next(one for one in made.packs[0].pieces if one.key == "cells_party")
    assert cells.table.texts[0][1] == "×" and cells.table.cells[0][1] is None
    told = list(parts(made.archive))
    assert len(told) > 50
    for name, body in told:
        assert not re.search(rb"7[.,]?331(?!\d)", body if not name.endswith(".pdf") else text_of(body)), name


def text_of(body):
    import pypdf

    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages).encode()


def test_the_same_question_at_another_minute_differs_only_where_it_says_so(home, made):
    for name, other in made_at(home, order(), NOW + timedelta(minutes=7)).files.items():
        body = made.files[name]
        with zipfile.ZipFile(io.BytesIO(body)) as one, zipfile.ZipFile(io.BytesIO(other)) as two:
            assert one.namelist() == two.namelist()
            moved = {member for member in one.namelist() if one.read(member) != two.read(member)}
        assert moved and moved <= {*CLOCKED, SCOPE_SHEET, "ppt/notesSlides/notesSlide1.xml"}, (name, moved)


def test_the_same_moment_gives_the_same_bytes_and_other_data_do_not(home, made, tmp_path):
    assert made_at(home, order()).files.items() <= made.files.items()
    other = write_tiny(tmp_path)
    change(other, "UPDATE fact_dossier SET due_on = due_on - 30", "UPDATE part_dossier_received_on SET "
           "dossiers_received__n = dossiers_received__n + 1")  # fmt: skip
    for name, body in made_at(other, order()).files.items():
        assert data_sha256(body) != data_sha256(made.files[name]), name


def test_the_manifest_has_the_hashes_of_its_files(made):
    import hashlib

    with zipfile.ZipFile(io.BytesIO(made.archive)) as archive:
        told = {one["name"]: one for one in json.loads(archive.read(NAME))["files"]}
        assert {name for name in archive.namelist() if name != NAME} == set(told)
        for name, one in told.items():
            assert hashlib.sha256(archive.read(name)).hexdigest() == one["sha256"]
            assert "data_sha256" in one


def plain(pack):
    """The data of a pack as plain values: what a golden file keeps."""
    return [
        {"key": one.key, "title": one.title, "summary": one.summary, "table": [list(row) for row in one.table.texts],
         "plot": one.plot and [[series.name, series.role, list(series.values)] for series in one.plot.series]}
        for one in pack.pieces
    ]  # fmt: skip


@pytest.mark.parametrize("at", [0, 1])
def test_the_content_is_the_golden_one(made, at):
    assert plain(made.packs[at]) == json.loads(GOLDEN.read_text("utf-8"))[made.packs[at].lang]


def test_the_sheet_of_a_chart_is_the_golden_one():
    series = (Series("Đúng hạn", (0.95, None)),)
    plot = Plot(DOT, "percent", ("Xã An", "=B"), series, low=(0.9, None), high=(0.99, None))
    told = dict(parts(workbook(plot)))
    cells = re.findall(r'<c r="(\w+)"[^>]*?(?:/>|>(.*?)</c>)', told["/xl/worksheets/sheet1.xml"].decode())
    values = {name: re.sub(r"<[^>]+>", "", value) for name, value in cells}
    assert {name: float(values[name]) for name in ("B2", "C2", "D2")} == pytest.approx(
        {"B2": 0.95, "C2": 0.04, "D2": 0.05})  # fmt: skip
    assert "B3" not in values and "&#39;=B" in told["/xl/sharedStrings.xml"].decode().replace("'", "&#39;")


@given(st.lists(st.floats(0, 1) | st.none(), min_size=1, max_size=13))
def test_an_axis_holds_every_share_and_never_more_than_all(values):
    found = scale(Plot(LINE, "percent", tuple("x" * len(values)), (Series("a", tuple(values)),)))
    known = [value for value in values if value is not None]
    if not known:
        assert found is None
        return
    low, high, step = found
    assert low <= min(known) and max(known) <= high and low < high and step > 0 and (high - low) / step <= 9
    assert -step <= low and high <= max(1.0, low + step)


@given(st.text(min_size=1, max_size=80))
def test_a_sheet_has_a_name_that_the_format_takes(text):
    name = sheet_name(f"01 {text}")
    assert 1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\") and not name.startswith("'")


@given(st.text(alphabet="aăâêộữW .", max_size=200), st.floats(8, 40), st.floats(1, 12))
def test_more_text_never_takes_fewer_lines_and_what_is_shortened_fits(text, size, wide):
    assert fit.lines(text + " thêm", size, wide) >= fit.lines(text, size, wide)
    high = 2 * size * 1.4 / 72
    told = fit.shortened(text, size, wide, high)
    assert fit.height(told, size, wide) <= high or told in (" …", "…") or " " not in told.strip(" …")


def test_an_office_program_shows_every_slide(made, tmp_path):
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no office program on this machine: the slides were opened by python-pptx alone")
    file = tmp_path / "pack.pptx"
    file.write_bytes(file_of(made, "_vi.pptx").getvalue())
    told = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    subprocess.run([*told, "--outdir", str(tmp_path), str(file)], check=True, capture_output=True, timeout=240)
    import pypdf

    pages = pypdf.PdfReader(tmp_path / "pack.pdf").pages
    assert len(pages) == made.slides
    assert "Giao ban tháng" in pages[0].extract_text()
