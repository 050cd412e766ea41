"""A pack says what the screens say, in the order of a meeting, and never more than its role may see."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import value
from dashboard.access import demo_scope
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.pack import compose as composing
from dashboard.pack.changes import Earlier
from dashboard.pack.content import DESK, SECTIONS
from dashboard.pack.manifest import NAME, last_pack, read_manifest
from dashboard.pack.run import contents, settle
from dashboard.pack.template import find_template, newest_period, read_template
from dashboard.periods import parse
from dashboard.query.answers import answer
from dashboard.query.question import Question, slices_of
from dashboard.words import PersonError
from tests.dashboard.pack_at import NOW, TEMPLATES, made_at, order, running_at
from tests.dashboard.screens_at import change
from tests.dashboard.tiny import write_tiny
from tests.dashboard.tiny_facts import tiny_facts

SIGNAL = """CREATE OR REPLACE TABLE signal AS SELECT 'tickets_received' AS indicator, '27727' AS unit,
  unnest([DATE '2026-09-01', DATE '2026-10-01']) AS month, 5.0 AS value, 3.0 AS centre, 1.0 AS lower, 4.0 AS upper,
  TRUE AS locked, 'outside' AS rule, 'worse' AS direction, NULL::VARCHAR AS assurance, 'high' AS severity"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def made(home):
    return made_at(home, order(langs=("vi", "en")))


def composed(home, asked, lang="vi", earlier=None, at=NOW):
    return contents(running_at(home), asked, at, earlier, lang)[1]


def piece(pack, start):
    return next(one for one in pack.pieces if one.key.startswith(start))


def test_every_quoted_figure_is_the_value_of_the_command_line(home, made):
    running = running_at(home)
    shown = [one for one in made.packs[0].quoted if one.value is not None]
    assert len(shown) > 30
    for one in shown:
        asked = value.Asked(one.code, one.period, one.unit, one.basis, tuple(filter(None, one.slices.split(","))), 1,
                            "leader")  # fmt: skip
        found = value.find(running.snapshots, asked, NOW.date())
        assert (found.answer.value, found.answer.status) == (one.value, one.status), one
        assert found.figure.text == one.text


def test_both_languages_quote_the_same_numbers(made):
    vi, en = made.packs
    assert {one.question: one.value for one in vi.quoted} == {one.question: one.value for one in en.quoted}
    assert [one.key for one in vi.pieces] == [one.key for one in en.pieces]
    courses = [[one.plot.series[0].values for one in pack.pieces if one.plot and one.plot.kind == "line"]
               for pack in made.packs]  # fmt: skip
    assert courses[0] == courses[1] and courses[0]
    assert vi.title == "Giao ban tháng" and en.title == "Monthly meeting"


def test_the_order_is_that_of_a_meeting(made):
    kinds = [section.kind for section in made.packs[0].sections]
    assert kinds[0] == "tasks" and kinds[1] == "signals" and kinds[-1] == "changes"
    assert [SECTIONS.index(kind) for kind in kinds] == sorted(SECTIONS.index(kind) for kind in kinds)
    assert len({one.key for one in made.packs[0].pieces}) == len(made.packs[0].pieces)


def test_charts_draw_the_quoted_numbers(made):
    drawn = piece(made.packs[0], "course_dossiers_on_time")
    told = {one.period: one.value for one in drawn.quoted}
    months = [f"2025-{m}" for m in (10, 11, 12)] + [f"2026-{m:02d}" for m in range(1, 11)]
    assert drawn.plot.series[0].values == tuple(told[month] for month in months)
    assert [one.role for one in drawn.plot.series] == ["actual", "previous", "target"]
    assert drawn.plot.series[2].values == (0.99,) * 13


def test_a_pack_of_illustrative_data_says_so_and_whose_paper_it_is(home, made):
    assert made.packs[0].classification.startswith("Số liệu minh họa")
    draft = composed(home, order(classification="draft"))
    assert draft.classification.endswith("Dự thảo, chưa thông qua")
    assert dict(draft.scope)["Tính chất"] == draft.classification


@pytest.mark.parametrize("role", ["wall", "state", "steward", "auditor", "operator", "unknown"])
def test_whoever_may_make_no_packs_is_told_who_may(home, role):
    with pytest.raises(PersonError) as refused:
        settle(running_at(home), order(role=role))
    assert "leader" in refused.value.text("vi")


def test_party_figures_are_for_the_party_alone(home, made):
    party = composed(home, order(role="party", period=""))
    codes = {one.code for one in party.quoted}
    assert codes == {"DNG01", "DNG05"}
    assert not codes & {one.code for one in made.packs[0].quoted}
    assert "Số liệu Đảng" in party.classification and "tasks" not in [one.kind for one in party.sections]


def test_an_office_gets_the_desks_of_its_grant(home, monkeypatch):
    here, asked = settle(running_at(home), order(role="office"))
    narrowed = replace(here, scope=replace(here.scope, desks=("hotline",)))
    pack = composing.compose(narrowed, asked.template, None, "internal", NOW)
    assert [one.title for one in pack.sections if one.kind == DESK] == ["Tổng đài 1022"]


def test_without_anything_to_show_a_person_is_told(home):
    empty = read_template("empty", 'name = {vi="a", en="b"}\n[[section]]\nkind = "tasks"')
    with pytest.raises(PersonError) as refused:
        composed(home, replace(order(), template=empty))
    assert "empty" in refused.value.text("vi")


@pytest.mark.parametrize("wrong", [{"unit": "zz"}, {"basis": "tomorrow"}, {"period": "soon"}, {"snapshot": 99}])
def test_what_is_not_there_is_refused_and_not_replaced(home, wrong):
    with pytest.raises(PersonError):
        settle(running_at(home), order(**wrong))


def test_an_old_district_brings_its_own_boundaries(home):
    _, asked = settle(running_at(home), order("unit", unit="794"))
    assert (asked.unit, asked.basis) == ("794", "before_2025")
    assert composed(home, asked).lines[1] == "Huyện trước 01/07/2025"


def test_no_signal_nobody_judged_and_a_new_signal_are_three_slides(tmp_path):
    home = write_tiny(tmp_path)
    assert piece(composed(home, order()), "signals").title == "Chưa xét tín hiệu tháng 10/2026 ở phạm vi này"
    change(home, SIGNAL, "UPDATE indicator SET better = 'lower' WHERE id = 'tickets_received'")
    both = piece(composed(home, order()), "signals")
    assert both.title == "0 tín hiệu xấu mới, 1 tiếp diễn"
    change(home, "DELETE FROM signal WHERE month = DATE '2026-09-01'")
    new = piece(composed(home, order()), "signals")
    assert new.title == "1 tín hiệu xấu mới, 0 tiếp diễn"
    assert new.table.texts[0][0] == "Phường Đức" and new.table.cells[0][2] == new.quoted[0].value
    change(home, "UPDATE signal SET rule = NULL, unit = '80'")
    calm = piece(composed(home, order()), "signals")
    assert calm.title == "Không có tín hiệu xấu mới trong tháng 10/2026" and not calm.table.cells


def test_tasks_stand_first_and_a_pack_made_again_forgets_later_ones(tmp_path):
    home = write_tiny(tmp_path)
    assert piece(composed(home, order()), "tasks").title == "Kỳ trước không giao việc nào"
    actor = Actor(demo_scope("leader", {"territory": ("80",)}), {"80": None, "27727": "80"}, NOW)
    wanted = Wanted(Subject("dossiers_overdue", "27727", "2026-10", 1), "Sở Nội vụ", date(2026, 12, 1), "rà soát")
    FollowUp(home / "followup").agree(wanted, actor, "a1")
    first = composed(home, order()).pieces[0]
    assert first.title == "1 việc còn mở, 0 việc quá hạn, 0 việc đã xong" and "Sở Nội vụ" in first.table.texts[0]
    before = composed(home, order(), at=NOW - timedelta(minutes=1)).pieces[0]
    assert before.title == "Kỳ trước không giao việc nào"


def test_what_was_shown_is_asked_again_and_only_what_differs_is_told(tmp_path):
    home = write_tiny(tmp_path, tiny_facts(), generation=1)
    earlier = made_at(home, order(formats=()))
    then = Earlier(NOW, 1, earlier.packs[0].quoted)
    assert piece(composed(home, order(), earlier=then), "changes").title == "Không số nào đã trình bị thay đổi"
    write_tiny(home, tiny_facts(130), generation=2)
    now = piece(composed(home, order(), earlier=then), "changes")
    snapshot = running_at(home).snapshots.at(2)
    scope = settle(running_at(home), order())[0].scope
    differing = {}
    for one in then.figures:  # the slow twin: one question at a time
        slices = slices_of(tuple(pair.split("=")) for pair in one.slices.split(",") if pair)
        told = answer(snapshot, scope, Question(one.indicator, parse(one.period), one.unit, one.basis, slices),
                      today=NOW.date())  # fmt: skip
        shown = told.value if told.status in ("ok", "zero", "stale") else None
        if shown != one.value:
            differing[one.question] = shown
    assert differing and {one.question: one.value for one in now.quoted} == differing
    assert len(now.table.cells) == len(differing)


def test_the_last_pack_is_the_newest_of_the_same_kind(tmp_path):
    home = write_tiny(tmp_path / "home")
    folder, running = tmp_path / "packs", running_at(home)
    folder.mkdir()
    asked = settle(running, order())[1]
    for minutes in (30, 20, 10):
        told = made_at(home, order(formats=()), NOW - timedelta(minutes=minutes))
        (folder / f"{told.name}.zip").write_bytes(told.archive)
    (folder / "monthly-torn.zip").write_bytes(b"PK\x03\x04 torn")
    (folder / "monthly-other.zip").write_bytes(made_at(home, order(unit="27727", formats=())).archive)
    found = last_pack(folder, asked, NOW - timedelta(minutes=15))
    assert found.made_at == NOW - timedelta(minutes=20)
    assert last_pack(folder, replace(asked, role="office"), NOW) is None
    assert last_pack(tmp_path / "nowhere", asked, NOW) is None


def test_a_manifest_names_snapshot_question_files_and_figures(made):
    told = json.loads(read_zip(made.archive)[NAME])
    assert told["snapshot"] == 1 and told["question"]["unit"] == "80" and told["template"]["code"] == "monthly"
    assert [one["name"] for one in told["files"]] == list(made.files)
    assert len(told["figures"]) == len(made.packs[0].quoted)


def read_zip(body):
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("text", ["", "[]", '{"question": 1}', '{"format": 1}'])
def test_a_foreign_manifest_is_refused_in_words(tmp_path, text):
    file = tmp_path / "manifest.json"
    file.write_text(text)
    with pytest.raises(PersonError) as refused:
        read_manifest(file)
    assert "manifest.json" in refused.value.text("vi")


GOOD = 'name = {vi = "a", en = "b"}\n[[section]]\nkind = "compare"\nslides = [{show = "units", indicators = ["x"]}]\n'


@pytest.mark.parametrize(
    "text",
    [
        GOOD + "[",
        GOOD.replace("name = {", "nane = {"),
        GOOD.replace('en = "b"', 'fr = "b"'),
        'grain = "hour"\n' + GOOD,
        GOOD + '[[section]]\nkind = "tasks"',
        GOOD.replace('"compare"', '"desk"'),
        GOOD.replace('"compare"', '"title"'),
        GOOD.replace("units", "pies"),
        GOOD.replace('["x"]', '"x"'),
        GOOD.replace('["x"]', '["x"], by = "channel"'),
        GOOD.replace("units", "slices"),
        GOOD.replace("[{show", "[" + '{show = "units", indicators = ["x"]},' * 40 + "{show"),
    ],
)
def test_a_template_that_is_wrong_says_where(text):
    assert read_template("good", GOOD).chapters[0].slides[0].indicators == ("x",)
    with pytest.raises(PersonError) as refused:
        read_template("bad", text)
    assert "operation/packs/bad.toml" in refused.value.text("vi")


def test_an_unknown_template_names_those_there_are():
    with pytest.raises(PersonError) as refused:
        find_template(TEMPLATES, "yearly")
    assert "monthly, quarterly, unit, weekly" in refused.value.text("en")


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["week", "month", "quarter", "year"]))
def test_the_newest_period_is_whole_known_and_the_next_one_is_not(until, grain):
    found = newest_period(grain, until)
    assert found.last <= until < found.last + timedelta(days=366 if grain == "year" else 92)
    if grain == "week":
        assert (found.days, found.last.isoweekday()) == (7, 7) and until - found.last < timedelta(days=7)
