"""Monitors get OpenMetrics, on this machine only, and 503 when there is nothing to read."""

from __future__ import annotations

import re

import pytest
from starlette.applications import Starlette

from dashboard import metrics
from tests.dashboard.screens_at import change, started
from tests.dashboard.tiny import write_tiny
from tests.dashboard.web import Web

SAMPLE = re.compile(r'ioc_[a-z_]+(\{source="[^"\n]*"\})? \d+(\.\d+)?')


@pytest.fixture
def home(tmp_path):
    return write_tiny(tmp_path)


def asked(home):
    return Web(Starlette(routes=metrics.routes(started(home)))).get("/metrics")


def test_every_line_is_one_a_monitor_reads(home):
    answer = asked(home)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/openmetrics-text")
    lines = answer.text.splitlines()
    assert lines[-1] == "# EOF" and answer.text.endswith("\n")
    assert all(SAMPLE.fullmatch(line) or re.match(r"# (TYPE|UNIT|HELP) ioc_", line) for line in lines[:-1])
    assert "ioc_generation 1" in lines


def test_each_source_has_age_rows_and_quarantine(home):
    text = asked(home).text
    for name in ("ioc_source_age_seconds", "ioc_source_last_load_timestamp_seconds", "ioc_source_rows",
                 "ioc_source_quarantined_rows"):  # fmt: skip
        assert f'{name}{{source="onestop"}}' in text
    assert "party" not in text.lower(), "the Party file is not asked"


def test_names_cannot_forge_a_line(home):
    change(home, "UPDATE source SET source = 'a\"} 1\nioc_generation 9' WHERE source = 'onestop'")
    assert "ioc_generation 9" not in asked(home).text.splitlines()


@pytest.mark.parametrize(("host", "here"), [("127.0.0.1", True), ("::1", True), ("10.0.0.1", False), ("", False)])
def test_only_this_machine_is_told(host, here):
    assert metrics._is_local(host) is here


def test_without_a_snapshot_it_is_503(tmp_path):
    (tmp_path / "snapshots").mkdir()
    assert asked(tmp_path).status_code == 503
