"""Tasks and documents on their whole way: who owns what is overdue, and every number of it adds up."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dashboard.access import demo_scope
from dashboard.query import Question, answer, territory
from dashboard.query.ageing import ages
from dashboard.query.tasks import LATE, LINES, owners, tasks
from dashboard.running import Running
from dashboard.task_blocks import Cell, cell_of
from pipelines.report import FileReport
from tests.dashboard.desks import asking, load_files
from tests.dashboard.screens_at import here_at, page, started, words_of

TODAY = date(2026, 11, 2)
HEAD = ("Số nhiệm vụ;Cơ quan giao;Lĩnh vực;Nội dung;Đơn vị chủ trì;Đơn vị hiện nay;Ngày chuyển;Ngày giao;Hạn ban đầu;"
        "Hạn hiện nay;Số lần gia hạn;Ngày hoàn thành;Trạng thái;Ngày cập nhật\n")  # fmt: skip


def line(number: int, owner: str, first: str, due: str = "", done: str = "", given: str = "01/09/2026",
         state: str = "", by: str = "UBND tỉnh") -> str:  # fmt: skip
    status = state or ("Hoàn thành" if done else "Đang thực hiện")
    return f"NV-{number};{by};Đất đai, môi trường;Rất riêng tư Xyzzy;{owner};{owner};;{given};{first};{due or first};" \
           f"{int(bool(due))};{done};{status};31/10/2026"  # fmt: skip


REGISTER = HEAD + "\n".join([
    line(1, "SXD", "01/10/2026"),  # 21 working days late on Saturday 31 October
    line(2, "SXD", "20/10/2026"),  # 8
    line(3, "SXD", "29/10/2026", by="Chủ tịch UBND tỉnh"),  # 1
    line(4, "STC", "15/10/2026", due="03/11/2026"),  # extended, due soon
    line(5, "STC", "30/11/2026"),
    line(6, "25459", ""),
    line(7, "STC", "05/10/2026", done="05/10/2026"),
    line(8, "STC", "06/10/2026", done="09/10/2026"),
    line(9, "SXD", "05/10/2026", due="12/10/2026", done="12/10/2026"),
    line(10, "SXD", "08/10/2026", done="20/10/2026", state="Hủy, dừng"),
    line(11, "99999", "05/10/2026"),
    line(12, "STC", "05/10/2026", done="05/08/2026"),
]) + "\n"  # fmt: skip
DOCUMENT_HEAD = ("Từ ngày,Đến ngày,Mã đơn vị,Tên đơn vị,Văn bản đến,Văn bản đi,Gửi điện tử,Ký số,Đến hạn xử lý,"
                 "Xử lý đúng hạn\n")  # fmt: skip
DOCUMENTS = DOCUMENT_HEAD + """01/10/2026,31/10/2026,SXD,Sở Xây dựng,300,100,100,90,200,180
01/10/2026,31/10/2026,25459,Phường Tân Ninh,100,50,49,45,40,20
01/10/2026,31/10/2026,STC,Sở Tài chính,10,5,6,5,4,4
"""
MEETINGS = """Mã tỉnh,Chỉ tiêu,Từ ngày,Đến ngày,Số liệu
80,Số cuộc họp trực tuyến,01/10/2026,31/10/2026,21
"""
FILES = {
    "nhiem_vu_giao/nhiemvu_20261031.csv": REGISTER, "van_ban_thang/vanban_20261031.csv": DOCUMENTS,
    "hop_truc_tuyen/hop_20261031.csv": MEETINGS}  # fmt: skip
Loaded = tuple[Path, dict[str, FileReport]]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    return load_files(tmp_path_factory.mktemp("tasks"), FILES)


@pytest.fixture(scope="module")
def app(loaded: Loaded) -> Running:
    return started(loaded[0])


@pytest.fixture
def value(loaded: Loaded, capsys: pytest.CaptureFixture[str]) -> Any:
    return asking(loaded[0], capsys)


def test_what_is_wrong_is_set_aside_and_what_a_task_says_is_never_taken(loaded: Loaded) -> None:
    counted = {name: (file.rows_loaded, file.rows_quarantined) for name, file in loaded[1].items()}
    assert counted == {"nhiemvu_20261031.csv": (10, 2), "vanban_20261031.csv": (2, 1), "hop_20261031.csv": (1, 0)}
    for path in (loaded[0] / "snapshots").glob("*.duckdb"):
        assert b"Xyzzy" not in path.read_bytes()


def test_overdue_open_and_due_soon(value: Any) -> None:
    assert [value(code)["value"] for code in ("NV06", "NV02", "NV07", "NV03")] == [6, 3, 1, 0]
    assert value("NV02", "--unit", "SXD")["value"] == 3
    assert value("NV02", period="2026-09")["value"] == 0


def test_on_time_of_those_due_and_what_was_first_asked_for(value: Any) -> None:
    # Due in October: 1, 2, 3 (open), 7 on time, 8 late, 9 on time after an extension; 10 was cancelled.
    told = value("NV01")
    assert (told["numerator"], told["denominator"]) == (2, 6)
    assert [value("NV09")[key] for key in ("numerator", "denominator")] == [1, 7]
    assert [value("NV08")[key] for key in ("numerator", "denominator")] == [1, 6]
    assert [value(code)["value"] for code in ("NV04", "NV05")] == [3, 1]


def test_documents_are_divided_after_they_are_added(value: Any) -> None:
    assert (value("VB03")["numerator"], value("VB03")["denominator"]) == (200, 240)
    assert value("VB02")["value"] == 0.9
    assert (value("VB04")["value"], value("VB05")["value"], value("HN01")["value"]) == (400, 150, 21)


def asked(app: Running, role: str = "leader") -> Any:
    snapshot = app.snapshots.current()
    scope = demo_scope(role, territory(snapshot).roots(), "vi")
    return snapshot, scope, here_at(app, period="2026-10", role=role).question("tasks_open")


def test_owners_add_up_to_the_stocks_of_the_catalogue(app: Running) -> None:
    snapshot, scope, question = asked(app)
    found = owners(snapshot, scope, question, today=TODAY)
    told = [(one.unit, one.late, one.total) for one in found.owners]
    assert told == [("SXD", 3, 3), ("STC", 0, 2), ("25459@2025", 0, 1)]
    lines = {line: sum(one.lines[line] for one in found.owners) for line in LINES}
    assert lines == {"late_long": 1, "late_weeks": 1, "late_days": 1, "soon": 1, "later": 1, "none": 1}
    stocks = {name: answer(snapshot, scope, question.asking(indicator=name), today=TODAY).value
              for name in ("tasks_overdue", "tasks_due_soon", "tasks_open")}  # fmt: skip
    assert stocks == {"tasks_overdue": 3, "tasks_due_soon": 1, "tasks_open": sum(lines.values())}


def test_the_latest_task_comes_first_and_only_to_those_who_may_see_rows(app: Running) -> None:
    snapshot, scope, question = asked(app)
    found = tasks(snapshot, scope, question, LATE, "", today=TODAY)
    assert [one.late for one in found.tasks] == [21, 8, 1] and found.total == 3
    assert len({one.case_id for one in found.tasks}) == 3 and not any("NV-" in one.case_id for one in found.tasks)
    one = tasks(snapshot, scope, question, ("soon",), "STC", today=TODAY).tasks[0]
    assert (one.first_due_on, one.due_on) == (date(2026, 10, 15), date(2026, 11, 3))
    blind = tasks(*asked(app, "state"), LATE, "", today=TODAY)
    assert blind.tasks == () and blind.reason is not None and blind.reason.key == "answer.no_rows"


def test_the_age_of_what_is_overdue_runs_from_its_deadline(app: Running) -> None:
    snapshot, scope, question = asked(app)
    found = ages(snapshot, scope, question.asking(indicator="tasks_overdue"), today=TODAY)
    assert dict(found) == {1: 1, 8: 1, 21: 1}


def test_a_cell_stands_in_the_address_and_comes_back(app: Running) -> None:
    for cell in (Cell(), Cell("late_long"), Cell("soon", "SXD"), Cell("", "25459@2025")):
        assert cell_of(cell.text()) == cell
    assert cell_of("nonsense.SXD") == Cell()


def test_the_page_answers_what_is_overdue_and_who_owns_it(app: Running) -> None:
    text = words_of(page(app, page="tasks", period="2026-10", role="leader"))
    assert "còn 6 nhiệm vụ chưa xong; 3 đã quá hạn ở 1 đơn vị, trong đó 1 quá hạn trên 15 ngày làm việc" in text
    assert "3 trong 3 nhiệm vụ" in text and "Sở Xây dựng" in text and "Xyzzy" not in text
    one = words_of(page(app, page="tasks", period="2026-10", role="leader", tab="soon.STC", lang="en"))
    assert "Which tasks exactly? (due in ≤ 3 days; Department of Finance)" in one and "1 of 1 tasks" in one


def test_the_state_of_a_question_about_a_unit_without_tasks(app: Running) -> None:
    text = words_of(page(app, page="tasks", period="2026-10", role="leader", unit="SYT"))
    assert "Không có nhiệm vụ nào đang thực hiện ở đơn vị này." in text
    assert isinstance(here_at(app, page="tasks").question("tasks_open"), Question)
