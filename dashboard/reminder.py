"""Whoever has to call somebody finds whom, about what, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.export import TEXT, Column
from dashboard.freshness import lateness
from dashboard.here import Here
from dashboard.intake import reasons, source_names, whole
from dashboard.query.filings import Filing, Sender, filings, next_due, senders
from dashboard.table import Table


def held(here: Here) -> list[Filing]:
    """Deliveries that were not taken because a person has to look first, newest first."""
    return [one for one in filings(here.snapshot, here.scope) if one.verdict == "held"]


def held_table(here: Here, files: Sequence[Filing]) -> Table:
    """What waits: since when, whose, which file, why, and the digits by which an operator names it."""
    names = source_names(here)
    columns = tuple(Column(here.word(key), TEXT) for key in (
        "intake.received_at", "intake.source", "intake.file", "intake.reason", "doctor.held_name"))  # fmt: skip
    rows = tuple(
        (whole(here.format.moment(one.received_at)), names.get(one.source, one.source), one.file, reasons(here, one),
         one.sha256[:12])
        for one in files
    )  # fmt: skip
    return Table(columns, rows, rows)


def reminders(here: Here) -> list[tuple[str, str]]:
    """(who is late, text of a letter in the reader's language) for every source that is late or silent."""
    return [
        (here.word("doctor.remind_whom", source=one.name(here.lang), owner=one.owner(here.lang)), _letter(here, one))
        for one in senders(here.snapshot, here.scope)
        if one.data_until is None or lateness(here, one) > 0
    ]


def _letter(here: Here, sender: Sender) -> str:
    due = next_due(here.snapshot, sender.data_until, sender.rhythm)
    values = {
        "owner": sender.owner(here.lang),
        "source": sender.name(here.lang),
        "rhythm": here.word(f"rhythm.{sender.rhythm}"),
        "today": here.format.date(here.today),
        "until": here.format.date(sender.data_until),
        "due": here.format.date(due),
    }
    text = here.word("doctor.remind_never" if sender.data_until is None else "doctor.remind_late", **values)
    cut_off = here.word("doctor.remind_cut_off", time=sender.cut_off) if sender.cut_off else ""
    return " ".join(part for part in (text, cut_off, here.word("doctor.remind_end")) if part)
