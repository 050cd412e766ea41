"""What the file doctor found, as things that a page may show: nothing in it is trusted to have its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from dashboard.export import COUNT, TEXT, Column
from dashboard.here import Here
from dashboard.table import Table

Said = Mapping[str, str]
KINDS: Final = ("loaded", "loaded_partial", "rejected")


@dataclass(frozen=True)
class Fault:
    """One wrong cell: where it is, what stands there, and what is wrong in both languages."""

    line: int
    column: str
    value: str
    said: Said


@dataclass(frozen=True)
class Examined:
    """A verdict (`kind` is "none" where the file could not be examined at all) with everything it rests on."""

    kind: str
    sentence: Said
    reasons: tuple[Said, ...]
    findings: tuple[Fault, ...]
    more: int
    annotated: bool


def examined(answer: Mapping[str, Any]) -> Examined:
    """The answer of the pipelines, read strictly: what is not there is empty."""
    verdict = str(answer.get("verdict"))
    return Examined(
        kind=verdict if verdict in KINDS else "none",
        sentence=_said(answer),
        reasons=tuple(_said(one) for one in answer.get("reasons") or ()),
        findings=tuple(_fault(one) for one in answer.get("findings") or ()),
        more=int(answer.get("more") or 0),
        annotated=answer.get("annotated") is True,
    )


def _said(one: Mapping[str, Any]) -> Said:
    return {"vi": str(one.get("vi") or ""), "en": str(one.get("en") or "")}


def _fault(one: Mapping[str, Any]) -> Fault:
    return Fault(int(one.get("line") or 0), str(one.get("column") or ""), str(one.get("value") or ""), _said(one))


def findings_table(here: Here, told: Examined) -> Table:
    """The first faults: line, column, cell, what is wrong."""
    heads = ("line", "columns", "cell", "rule")
    columns = tuple(Column(here.word(f"intake.{name}"), COUNT if name == "line" else TEXT) for name in heads)
    # A reason of a file counts its rows; here every row stands for itself.
    rows = [
        (one.line, one.column, one.value, one.said[here.lang].partition(": 1 ")[0].rstrip(".") + ".")
        for one in told.findings
    ]
    return Table(columns, tuple(rows), tuple((here.format.count(line), *rest) for line, *rest in rows))
