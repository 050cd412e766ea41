"""Late senders are named with a text that can be sent as it is, and what waits for a person stands first."""

from __future__ import annotations

import pytest

from dashboard.reminder import held, reminders
from tests.dashboard.screens_at import change, here_at, page, started, words_of
from tests.dashboard.test_screen_quality import file
from tests.dashboard.tiny import write_tiny

WHY = '[{"code": "rows_fell", "vi": "Chỉ có 2 dòng.", "en": "2 rows only."}]'


@pytest.fixture
def app(tmp_path):
    home = write_tiny(tmp_path)
    change(home, file("e", "onestop", "2026-11-20 03:00:00", None, "held", "few.csv", 0, WHY))
    return started(home)


@pytest.mark.parametrize(("lang", "told", "letter"), [("vi", "Tệp chờ người phụ trách duyệt", "Kính gửi"),
                                                      ("en", "Files that wait for a person", "To ")])  # fmt: skip
def test_the_page_says_what_waits_and_whom_to_remind(app, lang, told, letter):
    found = words_of(page(app, page="quality", lang=lang))
    assert told in found and "eeeeeeeeeeee" in found and letter in found


def test_only_who_is_late_is_reminded(app):
    here = here_at(app, lang="en")
    (one,) = reminders(here)
    assert "Source onestop" in one[0] and "have not come by 22 Nov 2026" in one[1]
    assert [filing.file for filing in held(here)] == ["few.csv"]
