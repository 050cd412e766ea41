"""A number that leaves the page takes its meaning along: one row with everything, and a citation."""

from __future__ import annotations

from typing import Any

import orjson

from dashboard.block import definition, legal, scope_lines
from dashboard.explain import Explanation
from dashboard.export import DAY, NUMBER, Column, Document
from dashboard.here import Here
from dashboard.scope_bar import basis_name, unit_name
from dashboard.table import kind_of


def document(here: Here, told: Explanation) -> Document:
    """One row: the answer with its parts, interval, coverage, age and status."""
    answer, asked, word = told.answer, told.answer.question, here.word
    shown = told.figure.plot is not None
    parts = (answer.numerator, answer.denominator) if told.figure.parts else (None, None)
    columns = (
        Column(word("export.code")), Column(word("export.name")), Column(word("export.place")),
        Column(word("export.period")), Column(word("explained.value"), kind_of(told.entry.measure)),
        Column(word("chart.numerator"), NUMBER), Column(word("chart.denominator"), NUMBER),
        Column(word("chart.interval")), Column(word("chart.coverage")), Column(word("intake.until"), DAY),
        Column(word("intake.state")),
    )  # fmt: skip
    row = (
        told.entry.code, told.figure.name, unit_name(here, here.places.units[asked.unit]), asked.period.code,
        told.figure.plot if shown else None, *parts, told.figure.interval, told.figure.coverage, answer.data_until,
        word(f"answer_status.{answer.status}"),
    )  # fmt: skip
    return Document(
        name=f"explain-{told.entry.code}", title=told.figure.name, columns=columns, rows=(row,),
        scope=scope_lines(here), definitions=(definition(here, told.entry),), lang=here.lang, snapshot=here.snapshot.id,
        labels={name: word(f"export.{name}") for name in (
            "data", "scope", "definitions", "code", "name", "definition", "formula", "legal")},
    )  # fmt: skip


def citation(here: Here, told: Explanation) -> str:
    """A line for a report: place, indicator, scope, value, snapshot."""
    return here.word(
        "explained.cite_text",
        place=here.snapshot.publication.place.get("name", {}).get(here.lang, ""),
        name=told.figure.name, code=told.entry.code, scope=asked(here, told), value=told.figure.text,
        snapshot=here.snapshot.id, day=here.format.date(told.answer.data_until),
    )  # fmt: skip


def asked(here: Here, told: Explanation) -> str:
    """The question in words: unit, period, boundaries."""
    question = told.answer.question
    unit = unit_name(here, here.places.units[question.unit])
    basis = basis_name(here, question.basis).lower()
    return here.word("explained.asked", unit=unit, period=here.format.period(question.period), basis=basis)


def metadata(here: Here, told: Explanation) -> dict[str, Any]:
    """Everything a machine needs to judge and to ask again; what is hidden is null here too."""
    answer, entry, question = told.answer, told.entry, told.answer.question
    shown = told.figure.plot is not None
    return {
        "indicator": entry.id, "code": entry.code, "kind": entry.kind, "measure": entry.measure,
        "name": {"vi": entry.name_vi, "en": entry.name_en}, "definition": dict(told.definition),
        "unit": question.unit, "period": question.period.code, "basis": question.basis,
        "slices": dict(question.slices), "status": answer.status, "value": answer.value if shown else None,
        "numerator": answer.numerator if told.figure.parts else None,
        "denominator": answer.denominator if told.figure.parts else None,
        "interval": [answer.interval.low, answer.interval.high] if told.figure.interval and answer.interval else None,
        "coverage": {"sent": answer.coverage.sent, "expected": answer.coverage.expected,
                     "missing": list(answer.coverage.missing)},
        "data_until": answer.data_until.isoformat() if answer.data_until else None,
        "estimated_share": answer.estimated_share, "legal": legal(here, entry),
        "sql": list(told.sql), "files": [one.sha256 for one in told.lineage],
        "snapshot": here.snapshot.id, "code_version": told.code_version,
        "contract": here.snapshot.publication.contract_sha, "illustrative": here.snapshot.publication.illustrative,
        "citation": citation(here, told),
    }  # fmt: skip


def as_json(facts: dict[str, Any]) -> str:
    """The metadata as text."""
    return orjson.dumps(facts, option=orjson.OPT_INDENT_2).decode()
