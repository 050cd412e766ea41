"""The rows behind a number leave as rows: as many as the number says, with days as days and nobody's name."""

import io
import json
from datetime import date

import polars as pl
import pyarrow.parquet as pq
import pytest

from dashboard.cases_file import cases_file
from dashboard.explain import explain
from dashboard.export import as_csv
from dashboard.export.parquet import as_parquet
from dashboard.query import rows as rows_module
from dashboard.words import PersonError
from tests.dashboard.screens_at import here_at, page, started, words_of
from tests.dashboard.tiny import write_tiny

ADDRESS = {"period": "2026-10", "basis": "as_was", "indicator": "dossiers_on_time"}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return started(write_tiny(tmp_path_factory.mktemp("cases")))


def told(app, **address):
    here = here_at(app, **ADDRESS, **{"role": "analyst", **address})
    question = here.question("dossiers_on_time")
    return here, explain(here.snapshot, here.scope, question, today=here.today, lang=here.lang)


def test_there_are_as_many_rows_as_the_denominator_counts(app):
    here, answered = told(app)
    made = cases_file(here, answered)
    assert len(made.rows) == answered.answer.denominator > 0
    inside = [column.name for column in made.columns].index(here.word("case.counts"))
    assert sum(row[inside] == here.word("explained.yes") for row in made.rows) == answered.answer.numerator


def test_parquet_has_days_as_days_and_says_what_it_is(app):
    here, answered = told(app)
    made = cases_file(here, answered)
    body = as_parquet(made)
    frame = pl.read_parquet(body)
    assert frame.height == len(made.rows) and frame.rows() == list(made.rows)
    assert isinstance(frame[here.word("case.due_on")].drop_nulls()[0], date)
    told_by = pq.read_schema(io.BytesIO(body)).metadata
    assert json.loads(told_by[b"scope"]) == dict(made.scope) and told_by[b"title"].decode() == made.title
    assert "minh họa" in told_by[b"scope"].decode()
    assert as_parquet(made) == body


def test_csv_and_parquet_hold_the_same_rows(app):
    here, answered = told(app)
    made = cases_file(here, answered)
    lines = [line for line in as_csv(made).decode("utf-8-sig").splitlines() if not line.startswith(("#", '"#'))]
    assert len(lines) == pl.read_parquet(as_parquet(made)).height + 1


def test_more_than_a_file_takes_is_told(app, monkeypatch):
    monkeypatch.setattr("dashboard.cases_file.LARGEST", 2)
    here, answered = told(app, lang="en")
    made = cases_file(here, answered)
    assert len(made.rows) == 2
    assert made.scope[-1][1] == f"2 of {answered.answer.denominator:,.0f} cases"
    assert rows_module.LARGEST > 2


def test_who_may_not_see_cases_is_told_why(app):
    here, answered = told(app, role="office")
    with pytest.raises(PersonError):
        cases_file(here, answered)


@pytest.mark.parametrize("role,offered", [("analyst", True), ("leader", False), ("office", False)])
def test_the_files_are_offered_to_who_may_take_rows_along(app, role, offered):
    shown = words_of(page(app, page="explain", tab="download", role=role, **ADDRESS))
    assert ("bằng bí danh; không có tên" in shown) == offered
