"""Two systems speak of one thing: both numbers, how far they are apart, who said which where, and whom to ask."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.export import COUNT, NUMBER, TEXT, Column
from dashboard.here import Here
from dashboard.intake import source_names
from dashboard.periods import parse
from dashboard.query.filings import senders
from dashboard.query.reconciliation import Pair
from dashboard.scope_bar import unit_name
from dashboard.table import Table

HEADS = ("what", "unit", "period", "left", "from", "right", "against", "apart_by", "allowed", "ask")
VALUES = ("left", "right", "apart_by", "allowed")


def pairs_told(here: Here, found: Sequence[Pair]) -> str:
    """The answer in one sentence; the first of those that disagree stands for them."""
    apart = [one for one in found if not one.agrees]
    if not found:
        return here.word("reconcile.none")
    if not apart:
        return here.word("reconcile.all", n=here.format.count(len(found)))
    texts = dict(zip(HEADS, _texts(here, apart[0]), strict=True))
    names = source_names(here)
    return here.word(
        "reconcile.apart", apart=here.format.count(len(apart)), n=here.format.count(len(found)), name=texts["what"],
        unit=texts["unit"], period=texts["period"], left=texts["left"], right=texts["right"],
        against=texts["against"] if apart[0].computed else names[apart[0].right_source],
        **{"from": names[apart[0].left_source]},
    )  # fmt: skip


def pairs_table(here: Here, found: Sequence[Pair]) -> Table:
    """One row per pair of statements."""
    counts = all(one.measure == "count" for one in found)
    kinds = dict.fromkeys(VALUES, COUNT if counts else NUMBER)
    columns = tuple(Column(here.word(f"reconcile.{name}"), kinds.get(name, TEXT)) for name in HEADS)
    texts = tuple(_texts(here, one) for one in found)
    return Table(columns, tuple(map(_cells, found, texts)), texts)


def _cells(one: Pair, texts: tuple[str, ...]) -> tuple[str | float, ...]:
    values = dict(zip(VALUES, (one.left_value, one.right_value, one.difference, one.allowed), strict=True))
    return tuple(values.get(name, text) for name, text in zip(HEADS, texts, strict=True))


def _texts(here: Here, one: Pair) -> tuple[str, ...]:
    names, said = source_names(here), [_number(here, one, value) for value in
                                       (one.left_value, one.right_value, one.difference, one.allowed)]  # fmt: skip
    unit = here.places.units.get(one.unit)
    where = _file(here, names, one.right_source, one.right_file)
    if one.computed:
        where = here.word("reconcile.computed", source=names[one.right_source])
    return (
        one.name(here.lang), unit_name(here, unit) if unit else one.unit, _period(here, one), said[0],
        _file(here, names, one.left_source, one.left_file), said[1], where, said[2], said[3], _whom(here, one),
    )  # fmt: skip


def _period(here: Here, one: Pair) -> str:
    first, last = one.period_start, one.period_end
    month, year = parse(f"{first:%Y-%m}"), parse(f"{first:%Y}")
    whole = next((span for span in (month, year) if (span.first, span.last) == (first, last)), None)
    return here.format.period(whole or parse(f"{first}..{last}"))


def _file(here: Here, names: dict[str, str], source: str, file: str | None) -> str:
    return here.word("reconcile.told_in", source=names[source], file=file or here.word("reconcile.no_file"))


def _number(here: Here, one: Pair, value: float) -> str:
    if one.measure == "percent":
        return here.format.percent(value / 100)
    return here.format.count(round(value)) if one.measure == "count" else here.format.number(value, 2)


def _whom(here: Here, one: Pair) -> str:
    """The owners of both sides, each once."""
    owners = {each.source: each.owner(here.lang) for each in senders(here.snapshot, here.scope)}
    asked = list(dict.fromkeys((owners[one.left_source], owners[one.right_source])))
    return here.word("reconcile.ask_both", one=asked[0], other=asked[1]) if len(asked) > 1 else asked[0]
