"""A task agreed is on the disk before anybody is told, survives a torn line, and is only for those it concerns."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import audit
from dashboard.access import NOBODY, ROLES, TASKS, Scope, demo_scope
from dashboard.followup import (
    DONE,
    OPEN,
    Actor,
    FollowUp,
    Subject,
    Wanted,
    closed_since,
    open_tasks,
    visible,
)
from dashboard.words import PersonError

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
PARENTS = {"80": None, "27727": "80", "27728": "80", "79": None}
LEADER = Actor(demo_scope("leader", {"territory": ("80",)}), PARENTS, NOW)
ABOUT = Subject("dossiers_overdue", "27727", "2026-10", 7)
WANTED = Wanted(ABOUT, "Chủ tịch xã Tân Lập", date(2026, 12, 6), "Giải quyết hồ sơ đất đai quá hạn")


@pytest.fixture
def log(tmp_path):
    return FollowUp(tmp_path / "followup")


def later(days, actor=LEADER):
    return replace(actor, now=actor.now + timedelta(days=days))


def test_a_task_reads_back_as_it_was_agreed(log):
    log.agree(WANTED, LEADER, "a1")
    (task,) = log.tasks()
    assert (task.number, task.about, task.owner, task.due) == ("a1", ABOUT, WANTED.owner, WANTED.due)
    assert (task.note, task.agreed_on, task.by, task.state) == (WANTED.note, NOW.date(), "leader", OPEN)


def test_nobody_else_may_read_folder_or_file_and_every_line_guards_the_one_before(log):
    log.agree(WANTED, LEADER, "a1")
    log.close("a1", later(1))
    assert stat.S_IMODE(log.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(log.file.stat().st_mode) == 0o600
    assert audit.broken_at(log.file) is None
    log.file.write_text(log.file.read_text().replace("2026-12-06", "2027-12-06"))
    assert audit.broken_at(log.file) == 2


def test_a_line_names_the_number_and_never_its_value(log):
    log.agree(WANTED, LEADER, "a1")
    (event,) = audit.events(log.file)
    assert set(event) == {"prev", "event", "task", "at", "role", "indicator", "unit", "period", "snapshot", "owner",
                          "due", "note"}  # fmt: skip


def test_done_and_open_again_are_lines_of_their_own(log):
    log.agree(WANTED, LEADER, "a1")
    log.close("a1", later(3))
    (task,) = log.tasks()
    assert (task.state, task.closed_on, task.closed_by) == (DONE, date(2026, 11, 25), "leader")
    log.reopen("a1", later(4))
    (task,) = log.tasks()
    assert (task.state, task.closed_on) == (OPEN, None)
    assert [event["event"] for event in audit.events(log.file)] == ["agreed", "done", "reopened"]


def test_what_is_done_cannot_be_done_again_and_what_is_unknown_cannot_be_done(log):
    log.agree(WANTED, LEADER, "a1")
    log.close("a1", LEADER)
    for number, turn in (("a1", log.close), ("zz", log.close), ("zz", log.reopen)):
        with pytest.raises(PersonError, match="no longer in that state"):
            turn(number, LEADER)


@pytest.mark.parametrize(("days", "late"), [(13, False), (14, False), (15, True)])
def test_a_task_is_overdue_from_the_day_after_its_day(log, days, late):
    log.agree(WANTED, LEADER, "a1")
    (task,) = log.tasks()
    assert task.is_overdue(NOW.date() + timedelta(days=days)) is late
    log.close("a1", later(20))
    assert not log.tasks()[0].is_overdue(date(2030, 1, 1))


@pytest.mark.parametrize(("changes", "says"), [
    ({"owner": "  \n "}, "Nobody is named"), ({"owner": "x" * 121}, "more than 120"),
    ({"note": "x" * 401}, "more than 400"), ({"due": date(2026, 11, 21)}, "has passed"),
])  # fmt: skip
def test_what_cannot_be_followed_up_is_refused_and_leaves_no_line(log, changes, says):
    with pytest.raises(PersonError, match=says):
        log.agree(replace(WANTED, **changes), LEADER, "a1")
    assert not log.file.exists()


def test_a_task_may_be_due_today(log):
    log.agree(replace(WANTED, due=NOW.date()), LEADER, "a1")
    assert len(log.tasks()) == 1


def test_there_is_an_end_to_what_a_form_can_write(log, monkeypatch):
    monkeypatch.setattr("dashboard.followup.MOST_OPEN", 2)
    for number in ("a1", "a2"):
        log.agree(WANTED, LEADER, number)
    with pytest.raises(PersonError, match="There are 2 open tasks"):
        log.agree(WANTED, LEADER, "a3")
    log.close("a1", LEADER)
    log.agree(WANTED, LEADER, "a3")


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_roles_with_the_verb_write_and_read(log, role):
    log.agree(WANTED, LEADER, "a1")
    scope = demo_scope(role, {"territory": ("80",), "party": ("TU",)})
    if TASKS in ROLES[role].verbs:
        log.close("a1", replace(LEADER, scope=scope))
        assert len(visible(log.tasks(), scope, PARENTS)) == 1
        return
    with pytest.raises(PersonError, match="may not agree"):
        log.agree(WANTED, replace(LEADER, scope=scope), "a2")
    with pytest.raises(PersonError, match="may not agree"):
        log.close("a1", replace(LEADER, scope=scope))
    assert visible(log.tasks(), scope, PARENTS) == []


def test_a_scope_of_one_unit_neither_sees_nor_closes_its_neighbours(log):
    log.agree(WANTED, LEADER, "a1")
    neighbour = Scope("office", frozenset({"state"}), ("27728",), rows=False, reason="x", verbs=frozenset({TASKS}))
    assert visible(log.tasks(), neighbour, PARENTS) == []
    assert visible(log.tasks(), NOBODY, PARENTS) == []
    with pytest.raises(PersonError, match="may not agree"):
        log.close("a1", replace(LEADER, scope=neighbour))


@pytest.mark.parametrize("torn", ['{"event": "agreed", "task": "b', "[]\n", "null\n", '{"event": "agreed"}\n', "\xff"])
def test_a_torn_or_foreign_line_costs_neither_what_was_there_nor_what_comes(log, torn):
    log.agree(WANTED, LEADER, "a1")
    with log.file.open("ab") as file:
        file.write(torn.encode("latin-1"))
    assert [one.number for one in log.tasks()] == ["a1"]
    log.agree(WANTED, LEADER, "a2")
    assert [one.number for one in log.tasks()] == ["a1", "a2"]


def test_nothing_agreed_is_an_empty_list_and_reading_writes_nothing(log):
    assert log.tasks() == ()
    assert not log.folder.exists()


def test_a_folder_that_cannot_be_made_is_told_with_its_name(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(PersonError, match="cannot be written to") as caught:
        FollowUp(blocked / "followup").agree(WANTED, LEADER, "a1")
    assert str(blocked) in caught.value.text("vi")


def test_open_tasks_stand_by_their_day_and_can_be_those_of_one_unit(log):
    for number, unit, day in (("a1", "27727", 20), ("a2", "27728", 10), ("a3", "27727", 15)):
        log.agree(replace(WANTED, about=replace(ABOUT, unit=unit), due=date(2026, 12, day)), LEADER, number)
    assert [one.number for one in open_tasks(log.tasks())] == ["a2", "a3", "a1"]
    assert [one.number for one in open_tasks(log.tasks(), ["27727"])] == ["a3", "a1"]


def test_what_was_done_since_a_day_counts_that_day(log):
    for number in ("a1", "a2", "a3"):
        log.agree(WANTED, LEADER, number)
    log.close("a1", later(1))
    log.close("a2", later(2))
    assert [one.number for one in closed_since(log.tasks(), date(2026, 11, 24))] == ["a2"]
    assert [one.number for one in closed_since(log.tasks(), date(2026, 11, 23))] == ["a2", "a1"]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(owner=st.text(min_size=1, max_size=120), note=st.text(max_size=400))
def test_whatever_is_typed_is_one_line_of_the_log_and_one_line_of_a_list(tmp_path_factory, owner, note):
    log = FollowUp(tmp_path_factory.mktemp("home") / "followup")
    try:
        log.agree(replace(WANTED, owner=owner, note=note), LEADER, "a1")
    except PersonError as error:
        assert error.key == "followup.no_owner"
        return
    (task,) = log.tasks()
    assert log.file.read_bytes().count(b"\n") == 1
    assert task.owner.isprintable() and task.note.isprintable()
    assert "".join(task.note.split()) == "".join("".join(c if c.isprintable() else " " for c in note).split())
