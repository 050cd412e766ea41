"""Units beside each other: on the map, and as a fair ranking; both open the unit that is clicked."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import polars as pl
import streamlit as st

from dashboard import boundaries, frames, numbers, sentences, table
from dashboard.block import Block, block, exports, heading, kept
from dashboard.boundaries import Boundary
from dashboard.chart import Axis, bars, choropleth, edges_of, ranking
from dashboard.figure import NO_DATA, Figure
from dashboard.here import Here
from dashboard.query import COMMUNES, DISTRICTS, TODAY, Unit, children, of_kinds
from dashboard.query.owned import sees_all
from dashboard.scope_bar import go, unit_change

LONGEST = 15
"""Units in a list of who has most lying; the rest is on the board of all units."""

ENDS = 12
"""Units shown at each end of a long ranking."""
APART = 8
"""Units shown of those without enough evidence."""


def units_of(here: Here) -> list[Unit]:
    """The units to compare in this view: communes on present boundaries, old districts on those before."""
    kinds = COMMUNES if here.basis == TODAY else DISTRICTS
    below = here.may_ask(of_kinds(here.places, here.unit.unit_id, kinds, here.basis, here.period))
    if len(below) > 1:
        return below
    beside = here.may_ask(of_kinds(here.places, here.places.root, kinds, here.basis, here.period))
    return beside if here.unit in beside else children(here.places, here.unit.unit_id, here.basis, here.period)


def is_alone(here: Here, key: str, question: str, units: Sequence[Unit]) -> bool:
    """Whether all that a unit could be compared with lies outside what the reader may see; then that is said."""
    if len(units) > 1 or sees_all(here.snapshot, here.scope):
        return False
    with st.container(key=f"card_alone_{key}"):
        heading(question, here.word("chart.alone"))
    return True


def name_of(here: Here, figure: Figure) -> str:
    """The name of the unit a figure speaks of."""
    return here.name(here.places.units[figure.answer.question.unit])


def whole_of(here: Here, figures: Sequence[Figure]) -> str:
    """What the compared units are parts of: the chosen unit, or the whole place when it is one of them."""
    below = set(here.places.within(here.unit.unit_id))
    is_above = all(one.answer.question.unit in below for one in figures)
    alone = any(one.answer.question.unit == here.unit.unit_id for one in figures)
    return here.unit.unit_id if is_above and not alone else here.places.root


def map_block(here: Here, name: str, question: str) -> None:
    """Where a figure is high and low; without polygons of this place nothing is drawn."""
    if is_alone(here, f"map_{name}", question, units_of(here)):
        return
    shown = on_map(here, name, question)
    if shown:
        _opens(here, shown)


def on_map(here: Here, name: str, question: str) -> Block | None:
    """The block of a map, made once; None without polygons or without the name in the catalogue."""
    units = units_of(here)
    shape = boundaries.covering(here.running.boundaries, {unit.unit_id for unit in units})
    if not numbers.known(here, [name]) or shape is None:
        return None
    return kept(here, f"map_{name}", question, lambda: _on_map(here, name, question, units, shape))


def _on_map(here: Here, name: str, question: str, units: Sequence[Unit], shape: Boundary) -> Block:
    figures = numbers.among(here, name, [unit for unit in units if unit.unit_id in shape.units])
    entry = here.indicators[name]
    rows = frames.of_units(figures, lambda one: name_of(here, one))
    edges = edges_of(rows["value"].to_list(), digits_of(entry.measure))
    drawn = choropleth(
        rows,
        style=here.style,
        boundaries=shape.url,
        key=boundaries.KEY,
        edges=edges,
        labels=steps(here, edges, entry.measure),
        missing=here.word("chart.missing"),
        outline=(here.unit.unit_id,),
    )
    return _of_units(here, f"map_{name}", name, question, figures, drawn)


def ranking_block(here: Here, name: str, question: str, units: Sequence[Unit] | None = None, key: str = "") -> None:
    """Dots with intervals in the order that the evidence supports, those without enough apart."""
    if is_alone(here, f"ranking_{key or name}", question, units_of(here) if units is None else units):
        return
    shown = in_order(here, name, question, units, key)
    if shown and shown.chart:
        _opens(here, shown)
    elif shown:
        with st.container(key=f"card_{shown.key}"):
            heading(question, shown.summary)


def in_order(
    here: Here, name: str, question: str, units: Sequence[Unit] | None = None, key: str = ""
) -> Block | None:
    """The block of a ranking, made once, without a chart where nobody has enough to be put in an order."""
    if not numbers.known(here, [name]):
        return None
    asked, among = f"ranking_{key or name}", units_of(here) if units is None else units
    return kept(here, asked, question, lambda: _in_order(here, asked, name, question, among))


def _in_order(here: Here, key: str, name: str, question: str, units: Sequence[Unit]) -> Block:
    figures = frames.in_fair_order(numbers.among(here, name, units), lambda one: name_of(here, one))
    whole = numbers.one(here, name, unit=whole_of(here, figures))
    entry = here.indicators[name]
    rows = frames.of_units(figures, lambda one: name_of(here, one))
    unranked = rows.height - rows["ranked"].sum()
    if unranked == rows.height:
        told = here.word("chart.nobody", n=unranked)
        return Block(key, question, told, {}, table.of_figures(here, "", [], lambda one: ""), (entry,))
    drawn = ranking(
        trimmed(here, rows),
        style=here.style,
        axis=frames.axis_of(entry),
        target=frames.rule(whole.target, whole.target_plot),
        reference=frames.rule(here.word("chart.whole", unit=name_of(here, whole), value=whole.text), whole.plot),
        apart=here.word("chart.apart", n=unranked),
    )
    return _of_units(here, key, name, question, figures, drawn, whole)


def waiting_block(here: Here, names: Sequence[str], question: str, stacked: int = 1) -> None:
    """Who has most lying: the units by the first of `names`, at most fifteen; the others stand in the table.

    The first `stacked` names are drawn on top of each other and must not count the same case twice.
    """
    shown = waiting(here, names, question, stacked)
    if shown:
        _opens(here, shown)


def waiting(here: Here, names: Sequence[str], question: str, stacked: int = 1) -> Block | None:
    """The block of who has most lying, made once; None where the catalogue has none of `names`."""
    names = numbers.known(here, names)
    if not names:
        return None
    return kept(here, f"waiting_{names[0]}", question, lambda: _waiting(here, names, question, stacked))


def _waiting(here: Here, names: Sequence[str], question: str, stacked: int) -> Block:
    units = units_of(here) + (of_kinds(here.places, here.unit.unit_id, ("agency",), here.basis, here.period))
    found = {name: numbers.among(here, name, units) for name in names}
    order = sorted(range(len(units)), key=lambda at: [-(found[name][at].plot or 0.0) for name in names])
    top = [at for at in order if any(found[name][at].plot for name in names)][:LONGEST]
    first = [found[names[0]][at] for at in top]
    told = table.side_by_side(here, here.word("chart.unit"), [name_of(here, one) for one in first],
                              [[found[name][at] for at in top] for name in names])  # fmt: skip
    rows = _stacked(here, [[found[name][at] for at in top] for name in names[:stacked]])
    drawn = bars(rows, style=here.style, axis=Axis())
    entries = tuple(here.indicators[name] for name in names)
    summary = sentences.of_shares(here, found[names[0]], lambda one: name_of(here, one))
    return Block(f"waiting_{names[0]}", question, summary, drawn, told, entries, pick=True)


def _stacked(here: Here, columns: Sequence[Sequence[Figure]]) -> pl.DataFrame:
    parts = [
        frames.of_units(figures, lambda one: name_of(here, one)).with_columns(series=pl.lit(figures[0].short))
        for figures in columns
        if figures
    ]
    return pl.concat(parts) if parts else frames.of_units([], lambda one: "").with_columns(series=pl.lit(""))


def board(here: Here, key: str, question: str, names: Sequence[str], units: Sequence[Unit]) -> None:
    """All units in a table, a column per indicator, with who has sent; each name opens its unit."""
    ordered, columns = compared(here, names, units)
    told = table.side_by_side(here, here.word("chart.unit"), [here.name(unit) for unit in ordered], columns,
                              with_sent=True)  # fmt: skip
    links = [here.view.query(**unit_change(here, unit)) for unit in ordered]
    with st.container(key=f"card_{key}"):
        heading(question, here.word("organisations.told", n=len(ordered), sent=_sent(columns)))
        st.html(f'<div class="ioc-tall">{table.as_html(told, links)}</div>')
        entries = tuple(here.indicators[name] for name in names)
        exports(here, Block(key, question, "", {}, told, entries, native=""))


def compared(
    here: Here, names: Sequence[str], units: Sequence[Unit]
) -> tuple[list[Unit], list[list[Figure]]]:
    """The units by name, and per indicator the figure of each of them."""
    ordered = sorted(units, key=lambda unit: here.name(unit))
    return ordered, [numbers.among(here, name, ordered) for name in names]


def _sent(columns: Sequence[Sequence[Figure]]) -> int:
    """How many units have anything in any column."""
    return sum(any(column[at].state != NO_DATA for column in columns) for at in range(len(columns[0])))


def _of_units(
    here: Here, key: str, name: str, question: str, figures: Sequence[Figure], drawn: dict[str, object],
    whole: Figure | None = None,
) -> Block:  # fmt: skip
    told = table.of_figures(here, here.word("chart.unit"), figures, lambda one: name_of(here, one))
    summary = sentences.of_units(here, figures, lambda one: name_of(here, one), whole)
    return Block(key, question, summary, drawn, told, (here.indicators[name],), pick=True)


def _opens(here: Here, shown: Block) -> None:
    """Draw a block of units; a click on a unit opens it."""
    picked = block(here, shown)
    if picked and picked in here.places.units:
        go(here.view, unit_change(here, here.places.units[picked]))
        st.rerun()


def digits_of(measure: str) -> int:
    """Decimals of a map's limits in the answer's unit: a tenth of a percent, or whole things."""
    return 3 if measure == "percent" else 0


def steps(here: Here, edges: Sequence[float], measure: str) -> list[str]:
    """The texts of a map's legend, lowest first, one more than there are edges."""
    told = [here.format.value(edge, measure) for edge in edges]
    if not told:
        return [here.word("chart.alike")]
    between = [here.word("chart.step", low=low, high=high) for low, high in pairwise(told)]
    return [here.word("chart.below", high=told[0]), *between, here.word("chart.above", low=told[-1])]


def trimmed(here: Here, rows: pl.DataFrame) -> pl.DataFrame:
    """The ends of a long ranking with one line for the middle; the table keeps every unit."""
    ranked, rest = rows.filter(pl.col("ranked")), rows.filter(~pl.col("ranked"))
    if ranked.height > 2 * ENDS + 3:
        gap = here.word("chart.middle", n=ranked.height - 2 * ENDS)
        line = ranked.head(1).with_columns(
            pl.lit(gap).alias("label"), pl.lit(gap).alias("name"), pl.lit("").alias("text"), pl.lit("").alias("code"),
            pl.lit(None, pl.Float64).alias("value"), pl.lit(None, pl.Float64).alias("low"),
            pl.lit(None, pl.Float64).alias("high"),
        )  # fmt: skip
        ranked = pl.concat([ranked.head(ENDS), line, ranked.tail(ENDS)])
    return pl.concat([ranked, rest.head(APART)])
