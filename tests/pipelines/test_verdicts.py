"""What goes into the ledger goes in once for every time that it happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pipelines import ledger
from pipelines.report import FileReport
from pipelines.verdicts import note
from tests.pipelines.installation import START, Installation

SECRET = FileReport(None, "counter", "a" * 64, "rejected", START)
UNREAD = FileReport("pipe", "counter", None, "rejected", START)


def lines(one: Installation) -> int:
    return len(ledger.read_ledger(one.home.ledger))


def test_a_secret_file_that_a_failing_disk_did_not_let_go_is_told_of_once(fresh: Installation) -> None:
    for hours in (0, 1, 23):
        note(fresh.home, replace(SECRET, received_at=START + timedelta(hours=hours)), "marked")
    assert lines(fresh) == 1
    note(fresh.home, replace(SECRET, received_at=START + timedelta(hours=25)), "marked")
    note(fresh.home, replace(SECRET, sha256="b" * 64), "marked")
    note(fresh.home, replace(SECRET, source="other"), "marked")
    assert lines(fresh) == 4


def test_what_lies_there_unread_is_told_of_once_and_a_duplicate_every_time(fresh: Installation) -> None:
    for hours in (0, 99):
        note(fresh.home, replace(UNREAD, received_at=START + timedelta(hours=hours)), "refused")
    assert lines(fresh) == 1
    for _ in range(2):
        note(fresh.home, replace(SECRET, verdict="duplicate"), "duplicate")
    assert lines(fresh) == 3


def test_a_file_that_waits_has_no_verdict_yet(fresh: Installation) -> None:
    note(fresh.home, replace(UNREAD, verdict="waiting"), "waiting")
    assert lines(fresh) == 0
