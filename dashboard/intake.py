"""What came in and what was set aside, as tables that a person reads: files, rules, first rows, claims."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dashboard.export import COUNT, DAY, SHARE, TEXT, Column
from dashboard.here import Here
from dashboard.query.filings import BrokenRule, Filing, refused_rows, senders
from dashboard.query.reconciliation import Claim
from dashboard.table import Table, slim
from dashboard.words import keys

UNBREAKABLE: Final = "\u00a0"
VERDICTS: Final = ("loaded", "loaded_partial", "rejected", "duplicate", "waiting", "held")


def verdict(here: Here, name: str) -> str:
    """Shape and word of a verdict."""
    return here.word(f"verdict.{name}") if name in VERDICTS else name


def fact_name(here: Here, fact: str) -> str:
    """A kind of record in the reader's language; another place may send kinds that we have no word for."""
    key = f"fact.{fact}"
    return here.word(key) if key in keys() else fact


def source_names(here: Here) -> dict[str, str]:
    """Every source's name by its code, without what it adds in brackets: short enough for a column."""
    return {one.source: one.name(here.lang).partition(" (")[0] for one in senders(here.snapshot, here.scope)}


def whole(text: str) -> str:
    """A short text that no narrow column may break."""
    return text.replace(" ", UNBREAKABLE)


def files_table(here: Here, files: Sequence[Filing]) -> Table:
    """One row per delivery: when, whose, what it speaks of, its verdict with the reasons, and the row law."""
    names = source_names(here)
    heads = ("received_at", "source", "file", "as_of", "verdict", "rows_in", "rows_loaded", "rows_held", "rows_skipped",
             "reason")  # fmt: skip
    kinds = {"as_of": DAY} | dict.fromkeys(heads[5:9], COUNT)
    columns = tuple(Column(here.word(f"intake.{name}"), kinds.get(name, TEXT)) for name in heads)
    cells, texts = [], []
    for one in files:
        head = (whole(here.format.moment(one.received_at)), names.get(one.source, one.source), one.file)
        law = (one.rows_in, one.rows_loaded, one.rows_quarantined, one.rows_skipped)
        tail = (reasons(here, one),)
        told = whole(verdict(here, one.verdict))
        cells.append((*head, one.as_of, told, *law, *tail))
        texts.append((*head, here.format.date(one.as_of), told, *(here.format.count(part) for part in law), *tail))
    return slim(Table(columns, tuple(cells), tuple(texts)))


def reasons(here: Here, filing: Filing, most: int = 2) -> str:
    """The first reasons of a delivery in the reader's language."""
    told = [str(one.get(here.lang, "")) for one in filing.reasons]
    rest = f" (+{len(told) - most})" if len(told) > most else ""
    return " ".join(told[:most]) + rest


def lawless(files: Sequence[Filing]) -> list[str]:
    """Names of files for which rows in are not loaded + set aside + skipped: there must never be one."""
    return [one.file for one in files if one.rows_in != one.rows_loaded + one.rows_quarantined + one.rows_skipped]


def rules_table(here: Here, broken: Sequence[BrokenRule]) -> Table:
    """One row per source and rule, in the reader's language."""
    names = source_names(here)
    columns = (
        Column(here.word("intake.rule")), Column(here.word("intake.source")), Column(here.word("intake.columns")),
        Column(here.word("intake.cells"), COUNT),
    )  # fmt: skip
    heads = [(one.said[here.lang], names.get(one.source, one.source), ", ".join(one.columns)) for one in broken]
    return Table(
        columns,
        tuple((*head, one.rows) for head, one in zip(heads, broken, strict=True)),
        tuple((*head, here.format.count(one.rows)) for head, one in zip(heads, broken, strict=True)),
    )


def rows_table(here: Here, broken: BrokenRule, files: Sequence[Filing]) -> Table:
    """The first rows that broke a rule: file, line, column, and the cell where the contract allows showing it."""
    named = {one.sha256: one.file for one in files}
    columns = tuple(Column(here.word(f"intake.{name}"), COUNT if name == "line" else TEXT)
                    for name in ("file", "line", "columns", "cell"))  # fmt: skip
    cells, texts = [], []
    for row in refused_rows(here.snapshot, here.scope, broken.source, broken.rule):
        hidden = here.word("intake.cell_hidden") if row["value"] is None else str(row["value"])
        file = named.get(row["sha256"], row["sha256"][:12])
        cells.append((file, row["line"], row["column"] or "", hidden))
        texts.append((file, here.format.count(row["line"]), row["column"] or "", hidden))
    return Table(columns, tuple(cells), tuple(texts))


def claims_table(here: Here, found: Sequence[Claim]) -> Table:
    """What each sender claims against what its own dates say."""
    names = source_names(here)
    heads = ("source", "compared", "claimed", "recomputed", "agreeing", "only_sender", "only_recomputed")
    kinds = dict(zip(heads, (TEXT, COUNT, SHARE, SHARE, SHARE, COUNT, COUNT), strict=True))
    columns = tuple(Column(here.word(f"intake.{name}"), kinds[name]) for name in heads)
    count, percent = here.format.count, here.format.percent
    return Table(
        columns,
        tuple((names.get(one.source, one.source), one.compared, one.claimed, one.recomputed, one.agreeing,
               one.only_sender, one.only_recomputed) for one in found),
        tuple((names.get(one.source, one.source), count(one.compared), percent(one.claimed), percent(one.recomputed),
               percent(one.agreeing), count(one.only_sender), count(one.only_recomputed)) for one in found),
    )  # fmt: skip


def claims_told(here: Here, found: Sequence[Claim]) -> str:
    """One sentence over all senders: what they claim, what the dates say, on how much both agree."""
    compared = sum(one.compared for one in found)
    if not compared:
        return here.word("intake.claims_none")
    percent = here.format.percent
    return here.word(
        "intake.claims_told",
        claimed=percent(sum(one.both_on_time + one.only_sender for one in found) / compared),
        recomputed=percent(sum(one.both_on_time + one.only_recomputed for one in found) / compared),
        agreeing=percent(sum(one.both_on_time + one.both_late for one in found) / compared),
    )
