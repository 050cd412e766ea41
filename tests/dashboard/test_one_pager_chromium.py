"""In a real browser: the page of a unit is downloaded once, and a task is marked as done by hand."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard import audit
from dashboard.access import demo_scope
from dashboard.followup import Actor, FollowUp, Subject, Wanted
from dashboard.words import word
from tests.dashboard.test_chromium import browser, home, page, pytestmark, server  # noqa: F401 - fixtures
from tests.dashboard.test_chromium_matrix import at_rest


def test_the_page_of_a_unit_is_downloaded_through_the_counter(page, server, home):  # noqa: F811
    page.goto(f"{server}/?page=unit&unit=27727&role=leader&period=2026-10")
    at_rest(page)
    with page.expect_download() as waiting:
        page.get_by_role("button", name=word("profile.pdf", "vi")).click()
    body = Path(waiting.value.path()).read_bytes()
    assert body.startswith(b"%PDF-") and waiting.value.suggested_filename.startswith("profile-27727-2026-10-")
    event = list(audit.events(home / "audit" / "exports.jsonl"))[-1]
    assert (event["format"], event["sha256"]) == ("pdf", hashlib.sha256(body).hexdigest())
    assert page.outside == [] and page.complaints == []


def test_a_task_is_marked_as_done_by_hand(page, server, home):  # noqa: F811
    log = FollowUp(home / "followup")
    actor = Actor(demo_scope("leader", {"territory": ("80",)}), {"80": None}, datetime(2026, 11, 1, tzinfo=UTC))
    log.agree(Wanted(Subject("dossiers_overdue", "80", "2026-10", 1), "Giám đốc Sở", date(2030, 1, 1), "Rà soát"),
              actor, "a1")  # fmt: skip
    page.goto(f"{server}/?page=overview&role=leader&period=2026-10")
    at_rest(page)
    page.get_by_role("button", name=word("followup.done", "vi")).click()
    page.get_by_text(word("followup.done_lately", "vi", n="1")).wait_for()
    assert log.tasks()[0].state == "done"
    assert page.complaints == []
