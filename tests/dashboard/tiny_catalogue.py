"""One indicator of every kind, written twice: as the snapshot publishes it and as plain Python counts it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]


def _yes(row: Row) -> bool:
    return True


@dataclass(frozen=True)
class TinyIndicator:
    """An entry of the catalogue with the predicates that a twin can evaluate."""

    id: str
    code: str
    kind: str
    fact: str | None
    day: str | None = None
    measure: str = "count"
    better: str = "context"
    adds: bool = True
    minimum_n: int = 0
    where: Callable[[Row], bool] = _yes  # denominator of a rate, rows of a count or of a distinct
    value: Callable[[Row], Any] = lambda row: 1  # numerator, amount, bucket or thing
    entered: str = ""
    left: str = ""
    ages: bool = False
    spec: str = "{}"
    target: float | None = None
    sensitive: bool = False
    clearance: str = "state"
    sql: tuple[str | None, str | None] = (None, None)

    def parts(self) -> Iterator[tuple[str, str, Callable[[Row], Any]]]:
        """(day column, part column, amount of one row) of rates, counts and stocks."""
        if self.kind == "rate":
            yield self.day or "", f"{self.id}__n", lambda row: int(self.where(row) and self.value(row))
            yield self.day or "", f"{self.id}__d", lambda row: int(self.where(row))
        elif self.kind == "count":
            yield self.day or "", f"{self.id}__n", lambda row: self.value(row) if self.where(row) else 0
        elif self.kind == "stock":
            yield self.entered, f"{self.id}__in", lambda row: 1
            yield self.left, f"{self.id}__out", lambda row: int(row[self.entered] is not None)
            yield "moved_on", f"{self.id}__in", lambda row: (0, int(self.open_at_move(row)))
            yield "moved_on", f"{self.id}__out", lambda row: (int(self.open_at_move(row)), 0)

    def open_at_move(self, row: Row) -> bool:
        """Whether a case was in this stock on the day on which another unit took it over."""
        entered, left, moved = row[self.entered], row[self.left], row["moved_on"]
        return bool(entered and moved and entered < moved and (left is None or left >= moved))

    def row(self, position: int) -> Row:
        """The entry as table `indicator` holds it."""
        goal = self.target is not None
        return {
            "id": self.id, "code": self.code, "desk": "dvc", "position": position, "kind": self.kind,
            "fact": self.fact, "day": self.day, "measure": self.measure, "better": self.better, "adds": self.adds,
            "minimum_n": self.minimum_n, "clearance": self.clearance,
            "rhythm": "quarterly" if self.kind == "reported" else "daily",
            "sensitive": self.sensitive, "owner_vi": "Văn phòng", "owner_en": "Office",
            "name_vi": f"Chỉ tiêu {self.code}", "name_en": f"Indicator {self.code}",
            "short_vi": f"{self.code} ngắn", "short_en": f"{self.code} short",
            "definition_vi": "Định nghĩa", "definition_en": "Definition", "target_value": self.target,
            "target_from": date(2025, 1, 1) if goal else None, "target_basis": "suggestion" if goal else None,
            "target_document": "", "target_checked": False if goal else None,
            "legal": json.dumps([{"document": "02/2017/TT-VPCP", "item": "II.06a", "checked": False}]),
            "spec": self.spec, "sql_numerator": self.sql[0], "sql_denominator": self.sql[1],
        }  # fmt: skip


def _stock(entered: str, left: str, **more: Any) -> str:
    return json.dumps({"entered": {"day": entered, "where": "true"}, "left": {"day": left, "where": "true"}} | more)


INDICATORS = [
    TinyIndicator("dossiers_received", "DVC01", "count", "dossier", "received_on",
                  sql=("true", None)),
    TinyIndicator("dossiers_on_time", "DVC08", "rate", "dossier", "ended_on", "percent", "higher", minimum_n=3,
                  where=lambda row: row["due_on"] is not None and row["ended_on"] is not None,
                  value=lambda row: row["ended_on"] <= row["due_on"], target=0.99,
                  sql=("due_on IS NOT NULL AND ended_on <= due_on", "due_on IS NOT NULL"),
                  spec=json.dumps({"numerator": "due_on is not null and ended_on <= due_on",
                                   "denominator": "due_on is not null"})),
    TinyIndicator("dossiers_open", "DVC05", "stock", "dossier", better="lower", entered="received_on",
                  left="ended_on", ages=True, spec=_stock("received_on", "ended_on", ages=True)),
    TinyIndicator("dossiers_overdue", "DVC06", "stock", "dossier", better="lower", entered="overdue_from",
                  left="ended_on", spec=_stock("overdue_from", "ended_on")),
    TinyIndicator("fees", "DVC20", "count", "dossier", "ended_on", "vnd", value=lambda row: row["fee_amount"],
                  sql=("true", None), spec=json.dumps({"amount": "fee_amount"})),
    TinyIndicator("dossier_hours", "DVC10", "duration", "dossier", "ended_on", "working_hour", "lower",
                  value=lambda row: row["working_hours_taken"], spec=json.dumps({"value": "working_hours_taken"})),
    TinyIndicator("open_age", "DVC11", "duration", "dossier", None, "working_day", "lower",
                  spec=json.dumps({"ages_of": "dossiers_open"})),
    TinyIndicator("procedures_used", "DVC12", "distinct", "dossier", "received_on",
                  value=lambda row: row["procedure_code"], spec=json.dumps({"thing": "procedure_code"})),
    TinyIndicator("procedures_online", "DVC13", "distinct", "dossier", "received_on", "percent", "higher",
                  where=lambda row: row["channel"] == "online", value=lambda row: row["procedure_code"],
                  spec=json.dumps({"thing": "procedure_code", "over": "procedures_used"})),
    TinyIndicator("on_time_766", "DVC30", "formula", None, None, "percent", "higher", minimum_n=3,
                  spec=json.dumps({
                      "expression": "n(dossiers_on_time) / (d(dossiers_on_time) + end(dossiers_overdue))",
                      "tree": ["/", ["n", "dossiers_on_time"],
                               ["+", ["d", "dossiers_on_time"], ["end", "dossiers_overdue"]]]})),
    TinyIndicator("backlog_change", "DVC31", "formula", None, None,
                  spec=json.dumps({"expression": "end(dossiers_open) - start(dossiers_open)",
                                   "tree": ["-", ["end", "dossiers_open"], ["start", "dossiers_open"]]})),
    TinyIndicator("tickets_received", "PA01", "count", "ticket", "received_on", sql=("true", None)),
    TinyIndicator("tickets_on_time", "PA02", "rate", "ticket", "closed_on", "percent", "higher",
                  where=lambda row: row["is_on_time"] is not None, value=lambda row: row["is_on_time"],
                  sql=("is_on_time", "is_on_time IS NOT NULL"), spec=json.dumps({})),
    TinyIndicator("ticket_minutes", "PA03", "duration", "ticket", "received_on", "minute", "lower",
                  value=lambda row: row["minutes_to_forward"], spec=json.dumps({"value": "minutes_to_forward"})),
    TinyIndicator("grdp_growth", "KT01", "reported", "reported_value", None, "point", "higher",
                  adds=False, spec=json.dumps({"series": "grdp_growth"})),
    TinyIndicator("population", "KT02", "reported", "reported_value", None, "person", adds=True,
                  spec=json.dumps({"series": "population"})),
]  # fmt: skip

PARTY_INDICATORS = [
    TinyIndicator("party_members", "DNG01", "reported", "party_organisation", None, "person", sensitive=True,
                  clearance="party"),
    TinyIndicator("party_cells_met", "DNG05", "reported", "party_organisation", None, "percent", "higher",
                  clearance="party"),
]  # fmt: skip
