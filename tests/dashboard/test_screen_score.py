"""The score on its screen: it shows what the catalogue says; untouched, a simulation is the score itself."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dashboard import simulation
from dashboard.__main__ import main
from dashboard.running import Running
from dashboard.score_blocks import table
from dashboard.scorecard import Card, scorecard
from dashboard.simulation import cheapest, movable, simulate
from dashboard.url import View, as_parameters, read
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny
from tests.pipelines.measured import product_catalogue

CATALOGUE = product_catalogue()
# What stands in for the shares of the product in the tiny installation: item -> entry there.
STAND_INS = {"2.1": "on_time_766", "3.1": "dossiers_on_time", "5.2": "tickets_on_time", "1.1": ""}
GROUPS = {"score_transparency": ["1.1"], "score_progress": ["2.1"], "score_online": ["3.1"],
          "score_satisfaction": ["5.2"]}  # fmt: skip
MONTH = {"page": "score", "period": "2026-09"}


def retold(tree: object, names: dict[str, str]) -> object:
    """The same formula over other entries."""
    if isinstance(tree, list):
        return [names.get(part, part) if isinstance(part, str) else retold(part, names) for part in tree]
    return tree


def row(name: str, tree: object, position: int) -> str:
    entry = CATALOGUE[name]
    spec = json.dumps({"expression": name, "tree": tree, "weights": entry.spec["weights"]})
    texts = [entry.name["vi"], entry.name["en"], entry.short["vi"], entry.short["en"], *entry.definition.values()]
    values = ", ".join("'" + text.replace("'", "''") + "'" for text in (name, entry.code, *texts, spec))
    return (
        "INSERT INTO indicator (id, code, name_vi, name_en, short_vi, short_en, definition_vi, definition_en, spec, "
        "desk, kind, measure, better, adds, minimum_n, rhythm, clearance, sensitive, legal, position, "
        "owner_vi, owner_en) "
        f"VALUES ({values}, 'score', 'formula', 'point', 'higher', false, 1, 'monthly', 'state', false, '[]', "
        f"{position}, 'Văn phòng', 'Office')")


def untold() -> str:
    """A share that nobody has ever reported."""
    return ("INSERT INTO indicator SELECT * REPLACE ('never_told' AS id, 'NV99' AS code, 'reported' AS kind, "
            "'{\"series\": \"x\"}' AS spec, 'percent' AS measure) FROM indicator WHERE id = 'population'")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Running:
    home = write_tiny(tmp_path_factory.mktemp("home"))
    rows = []
    for group, items in GROUPS.items():
        ids = ["score_" + item.replace(".", "_") for item in items]
        for item, name in zip(items, ids, strict=True):
            share = next(part for part in str(CATALOGUE[name].spec["tree"]).split("'") if part in CATALOGUE)
            rows.append(row(name, retold(CATALOGUE[name].spec["tree"], {share: STAND_INS[item] or "never_told"}), 900))
        rows.append(row(group, ["known", *(["v", name] for name in ids)], 901))
    rows.append(row("score_766", ["known", *(["v", group] for group in GROUPS)], 902))
    change(home, untold(), *rows)
    return started(home)


def card_at(app: Running, **address: str) -> Card:
    found = scorecard(here_at(app, **(MONTH | address)))
    assert found is not None
    return found


def test_the_total_stands_beside_its_weakest_group_and_says_whose_it_is(app: Running) -> None:
    told = words_of(page(app, **MONTH))
    card = card_at(app)
    assert card.weakest is not None
    assert "Nhóm yếu nhất: " + card.weakest.points.indicator.short_vi in told
    assert "điểm chính thức của Cổng Dịch vụ công quốc gia luôn được ưu tiên" in told and "chưa kiểm chứng" in told
    assert "trên 28,00 điểm tính được" in told and "Còn 6,00 điểm trong thang 100 chưa tính được" in told
    assert "official score of the National Public Service Portal always wins" in words_of(page(app, lang="en", **MONTH))


def test_a_unit_without_a_dossier_has_no_score_and_no_weakest_group(app: Running) -> None:
    told = words_of(page(app, page="score", period="2024-06"))
    assert "Chưa tính được điểm: không có hồ sơ nào" in told and "Nhóm yếu nhất" not in told


def test_what_nobody_told_is_empty_and_never_a_zero(app: Running) -> None:
    group = card_at(app).groups[0]
    told = table(here_at(app, **MONTH), group)
    assert group.points.plot is None and not group.items[0].is_known
    assert told.cells[0][1:4] == (None, 6.0, None) and told.texts[0][1] == "chưa có dữ liệu"


def test_untouched_the_simulation_is_exactly_the_score(app: Running) -> None:
    for period in ("2026-08", "2026-09", "2026-Q3", "2026"):
        for unit in ("", "27694@2025", "STC"):
            card = card_at(app, period=period, unit=unit)
            assert simulate(card, {}).total == card.total.answer.value
            assert simulate(card, {}).gains == ()


def test_a_simulation_adds_up_and_moves_only_what_was_moved(app: Running) -> None:
    card = card_at(app)
    found = simulate(card, {"2.1": 1.0, "3.1": 0.2, "1.1": 1.0})
    assert [gain.item.code for gain in found.gains] == ["2.1", "3.1"]  # 1.1 has no data: there is nothing to move
    assert found.total == pytest.approx((card.total.plot or 0) + sum(gain.points for gain in found.gains))
    by_hand = 20.0 + 2 * 0.2 / 0.8 + (card.groups[3].points.plot or 0)
    assert found.total == pytest.approx(by_hand)


def test_the_cheapest_gains_are_those_with_most_points_per_case(app: Running) -> None:
    card = card_at(app)
    found = cheapest(card)
    assert found and [one.per_case for one in found] == sorted((one.per_case for one in found), reverse=True)
    for one in found:
        done = simulate(card, {one.item.code: one.item.full_at})
        assert one.points == pytest.approx((done.total or 0) - (card.total.plot or 0))
        assert one.cases * one.per_case >= one.points - 1e-9
        assert (one.cases - 1) * one.per_case < one.points


def test_the_state_of_a_simulation_stands_in_the_address(app: Running) -> None:
    assert simulation.write({"3.5b": 0.45, "2.1": 0.99}) == "2.1-990_3.5b-450"
    assert simulation.read("2.1-990_3.5b-450_x_9.9-2000") == {"2.1": 0.99, "3.5b": 0.45}
    assert read({"whatif": "2.1-990"}).whatif == "2.1-990" and read({"whatif": "<b>"}).whatif == ""
    view = replace(View(), page="score", whatif="2.1-990")
    assert read(as_parameters(view)) == view and "whatif" not in view.here("hotline")
    told = words_of(page(app, whatif="2.1-1000", **MONTH))
    assert "Mô phỏng, không phải số liệu" in told and "Mô phỏng:" in told
    assert "mô phỏng bằng đúng điểm hiện tại" in words_of(page(app, **MONTH))


def test_every_movable_item_has_a_slider_and_the_unknown_has_none(app: Running) -> None:
    assert [item.code for item in movable(card_at(app))] == ["2.1", "3.1", "5.2"]


def test_a_slice_has_no_score_and_says_so(app: Running) -> None:
    assert "Không tính được điểm ở phạm vi này" in words_of(page(app, slice="channel=online", **MONTH))


def test_the_command_line_tells_the_weakest_group_beside_the_total(
    app: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    group = card_at(app).weakest
    assert group is not None
    asked = ["value", "DVC27", "--period", "2026-09", "--home", str(app.settings.home)]
    assert main([*asked, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert list(told)[-1] == "weakest"
    assert told["weakest"] == {
        "indicator": group.points.indicator.id, "code": group.points.indicator.code, "value": group.points.plot,
        "known": group.known, "reached": pytest.approx(group.reached),
    }  # fmt: skip
    for lang, words in (("vi", "Nhóm yếu nhất"), ("en", "Weakest group")):
        assert main([*asked, "--lang", lang]) == 0
        assert f"{words}: {group.points.indicator.text('short', lang)}" in capsys.readouterr().out
    for code in ("DVC27-TDGQ", "766-2.1", "DVC08"):  # a group, an item and a rate have no weakest group
        assert main(["value", code, "--period", "2026-09", "--home", str(app.settings.home), "--json"]) == 0
        assert "weakest" not in json.loads(capsys.readouterr().out)
