"""The Party page shows cells of published tables and nothing else: what is hidden is hidden everywhere."""

from __future__ import annotations

import pytest

from dashboard.block import Block, document
from dashboard.committees import cells_table, cells_told, columns_of, quarters_table, ranking_block, trend_block
from dashboard.quarters import among, at_quarter, below, course, figure, mark, published_quarters
from dashboard.query import answer
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

CELL = (
    "INSERT INTO published_cell VALUES ('rating', 'party_official_on_time', '{unit}', '{period}', {above}, {below}, "
    "{value}, {shown}, {reason})"
)
OFFICIAL = (
    "INSERT INTO indicator SELECT * REPLACE ('party_official_on_time' AS id, 'DNG07' AS code, 'percent' AS measure, "
    "'Tỷ lệ chính thức' AS name_vi, 'Chính thức' AS short_vi, 'higher' AS better, 10 AS minimum_n, "
    "'{rhythm}' AS rhythm) FROM indicator WHERE id = 'party_members'"
)


def cell(unit, period, above=None, below=None):
    shown = above is not None
    value = above / below if shown else "NULL"
    return CELL.format(unit=unit, period=period, above=above if shown else "NULL", below=below if shown else "NULL",
                       value=value, shown=shown, reason="NULL" if shown else "'secondary'")  # fmt: skip


def official(home, *cells, rhythm="quarterly"):
    change(home, OFFICIAL.format(rhythm=rhythm), *cells, party=True)
    return started(home)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("home")))


@pytest.fixture
def home(tmp_path):
    return write_tiny(tmp_path)


def party(app, **address):
    return at_quarter(here_at(app, role="party", page="party", **address))


@pytest.mark.parametrize("role", ["leader", "analyst", "state", "office", "wall", "steward", "auditor", "operator"])
def test_no_other_role_sees_a_party_number(app, role):
    told = words_of(page(app, page="party", role=role))
    assert "300" not in told and "Đảng ủy An" not in told and "DNG01" not in told


def test_the_page_is_classified_and_opens_with_the_newest_published_quarter(app):
    told = words_of(page(app, page="party", role="party"))
    assert told.index("Lưu hành nội bộ") < told.index("quý III/2026") < told.index("300 người")
    english = words_of(page(app, page="party", role="party", lang="en"))
    assert "Internal: Party figures" in english and "Lưu hành" not in english and "Q3 2026" in english


def test_a_hidden_cell_is_a_cross_with_its_legend_and_never_a_number(app):
    found = page(app, page="party", role="party")
    assert found.count(">×<") >= 2 and "đã ẩn để bảo vệ cá nhân" in words_of(found)
    assert "2 trong 4 ô được ẩn" in words_of(found)


def test_the_four_marks_are_four(home):
    here = party(official(home, cell("TU", "2026-Q3", 0, 30), cell("DU1", "2026-Q3"), cell("DU2", "2026-Q3", 4, 12)))
    entry = here.indicators["party_official_on_time"]
    shown = {one.answer.question.unit: mark(one) for one in among(here, entry, below(here))}
    assert shown == {"DU1": "×", "DU2": "33,3\u202f%"}
    whole = answer(here.snapshot, here.scope, here.question("party_official_on_time"), today=here.today)
    assert mark(figure(here, entry, whole)) == "0,0\u202f%"
    elsewhere = here.question("party_official_on_time", unit="HU1")
    assert mark(figure(here, entry, answer(here.snapshot, here.scope, elsewhere, today=here.today))) == "–"


def test_a_hidden_cell_is_absent_from_a_file(app):
    here = party(app)
    units = below(here)
    found = columns_of(here, list(here.indicators.values()), units)
    told = cells_table(here, units, found)
    at = next(at for at, entry in enumerate(found) if entry.sensitive) + 1
    assert [row[at] for row in told.texts] == ["×", "×"] and [row[at] for row in told.cells] == [None, None]
    made = document(here, Block("committees", "", "", {}, told, ()))
    assert all(row[at] is None for row in made.rows)
    assert cells_told(here, units, found).startswith("2 tổ chức; 2 trong 4")


def test_shares_of_a_published_cell_have_the_interval_of_their_own_numbers(home):
    here = party(official(home, cell("TU", "2026-Q3", 45, 60), cell("DU1", "2026-Q3"), cell("DU2", "2026-Q3", 18, 20)))
    entry = here.indicators["party_official_on_time"]
    hidden, shown = among(here, entry, below(here))
    assert shown.interval == "69,9–97,2\u202f%" and hidden.interval == "" and hidden.answer.interval is None
    whole = figure(here, entry, answer(here.snapshot, here.scope, here.question(entry.id), today=here.today))
    block = ranking_block(here, entry, [hidden, shown], whole)
    assert [row[0] for row in block.table.texts] == ["Đảng ủy Đức"]  # what is hidden has no place in an order
    assert "1 tổ chức có số; chung: 75,0\u202f%" in block.summary


def test_a_hidden_quarter_is_a_gap_in_the_line(home):
    here = party(official(home, cell("TU", "2026-Q1", 40, 50), cell("TU", "2026-Q2"), cell("TU", "2026-Q3", 45, 50)))
    entry = here.indicators["party_official_on_time"]
    figures = course(here, entry, here.period)
    assert [one.plot for one in figures][-3:] == [0.8, None, 0.9]
    assert [row[1] for row in quarters_table(here, entry, figures).texts][-3:] == ["80,0\u202f%", "×", "90,0\u202f%"]
    assert "1 quý bị ẩn" in trend_block(here, entry).summary


def test_a_yearly_figure_stands_under_its_own_quarter(home):
    app = official(home, cell("TU", "2024-Q4", 40, 50), cell("TU", "2025-Q4", 45, 50), rhythm="yearly")
    told = words_of(page(app, page="party", role="party"))
    assert told.index("Quý III/2026") < told.index("Quý IV/2025") < told.index("90,0 %")
    here = party(app)
    years = course(here, here.indicators["party_official_on_time"], published_quarters(here)[-2])
    assert [one.plot for one in years][-2:] == [0.8, 0.9]


def test_a_quarter_of_the_address_is_shown_with_the_organisations_of_its_time(home):
    app = official(home, cell("TU", "2025-Q2", 40, 50), cell("HU1", "2025-Q2", 40, 50))
    here = party(app, period="2025-Q2")
    assert (here.period.code, here.basis, [one.unit_id for one in below(here)]) == ("2025-Q2", "as_was", ["HU1"])
    told = words_of(page(app, page="party", role="party", period="2025-Q2"))
    assert "Huyện ủy Đông" in told and "Đảng ủy An" not in told


def test_without_a_published_table_the_page_says_so(home):
    change(home, "DELETE FROM published_cell", party=True)
    assert "Chưa có bảng nào được công bố." in words_of(page(started(home), page="party", role="party"))


def test_an_organisation_without_any_below_has_a_way_up(app):
    told = words_of(page(app, page="party", role="party", unit="DU1"))
    assert "Lên Tỉnh ủy" in told and "Không có tổ chức trực thuộc" in told
    assert "Lên " not in words_of(page(app, page="party", role="party"))


def test_no_row_of_the_party_can_be_listed(app):
    told = words_of(page(app, page="explain", indicator="DNG05", role="party", tab="lineage"))
    assert "Bí danh" not in told
