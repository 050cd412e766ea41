"""Seven kinds of indicator, one way to ask: this is where a kind meets its rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from dashboard.periods import Period, on, part_of_year, year_before_that
from dashboard.query.batch import Ask, Cell, Key, Measured
from dashboard.query.flows import measure_flows, part_table
from dashboard.query.formula import OTHERWISE, evaluate, in_force, references
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.question import AS_WAS, TODAY
from dashboard.query.reach import has_spoken
from dashboard.query.reported import measure_reported
from dashboard.query.spreads import measure_duration
from dashboard.query.stocks import measure_stock, stock_tables
from dashboard.query.tables import slice_names, units_in
from dashboard.query.things import measure_distinct
from dashboard.query.units import territory
from dashboard.query.year_before import YEAR_BEFORE, asked_before, year_before
from dashboard.snapshot import Snapshot

_FLOWS = ("rate", "count")
LAST_YEAR = "last_year"
EVERYWHERE = "everywhere"


def measure(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """All cells of one indicator, remembered."""
    return snapshot.remember(("measured", entry.id, ask), lambda: _measure(snapshot, entry, ask))


def measure_many(snapshot: Snapshot, entries: Sequence[Indicator], ask: Ask) -> dict[str, Measured]:
    """The same for several; rates and counts of one table share one query where nothing is split."""
    shared: dict[str, list[Indicator]] = {}
    if ask.basis in (TODAY, AS_WAS):  # before a reform every entry carries with weights of its own
        for entry in _with_references(snapshot, entries):
            if entry.kind in _FLOWS:
                shared.setdefault(part_table(entry), []).append(entry)
    for group in shared.values():
        if len(group) > 1:
            key = ("shared", tuple(entry.id for entry in group), ask)
            found = snapshot.remember(key, lambda group=group: measure_flows(snapshot, group, ask))  # type: ignore[misc]
            for entry in group:
                snapshot.remember(("measured", entry.id, ask), lambda entry=entry, found=found: found[entry.id])  # type: ignore[misc]
    _published(snapshot, [entry for entry in _with_references(snapshot, entries) if entry.kind == "reported"], ask)
    _compared(snapshot, entries, ask)
    return {entry.id: measure(snapshot, entry, ask) for entry in entries}


def _published(snapshot: Snapshot, entries: Sequence[Indicator], ask: Ask) -> None:
    """Published figures over the same spans share one query."""
    if len(entries) > 1:
        key = ("shared", tuple(entry.id for entry in entries), ask)
        found = snapshot.remember(key, lambda: measure_reported(snapshot, entries, ask))
        for entry in entries:
            snapshot.remember(("measured", entry.id, ask), lambda entry=entry: found[entry.id])  # type: ignore[misc]


def _compared(snapshot: Snapshot, entries: Sequence[Indicator], ask: Ask) -> None:
    """Whatever is held against the same period of the year before: figures of the same months share one query too."""
    known = indicators(snapshot)
    names = {name for entry in entries for use, name in references(entry.spec.get("tree")) if use == YEAR_BEFORE}
    past: dict[Ask, list[Indicator]] = {}
    for entry in (known[name] for name in sorted(names) if known[name].kind == "reported"):
        past.setdefault(asked_before(ask, measure(snapshot, entry, ask)), []).append(entry)
    for before, told in past.items():
        _published(snapshot, told, before)


def _with_references(snapshot: Snapshot, entries: Sequence[Indicator]) -> list[Indicator]:
    """The entries and everything that their formulas ask for over the same span."""
    found = {entry.id: entry for entry in entries}
    known = indicators(snapshot)
    for entry in entries:
        found |= {name: known[name] for _, name in references(entry.spec.get("tree")) if name in known}
    return list(found.values())


def _measure(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    if entry.kind in _FLOWS:
        return measure_flows(snapshot, [entry], ask)[entry.id]
    if entry.kind == "distinct" and entry.spec.get("over"):
        return _over(snapshot, entry, ask)
    if entry.kind == "formula":
        return _formula(snapshot, entry, ask)
    if entry.kind == "reported":
        return measure_reported(snapshot, [entry], ask)[entry.id]
    simple = {"stock": measure_stock, "duration": measure_duration, "distinct": measure_distinct}
    return simple[entry.kind](snapshot, entry, ask)


def _over(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    """Different things as a share of another entry's; slices that the other does not have do not narrow it."""
    above = measure_distinct(snapshot, entry, ask)
    other = indicators(snapshot)[entry.spec["over"]]
    narrowed = _narrowed(snapshot, other, ask)
    below = measure(snapshot, other, narrowed)
    cells = {key: _share(above.cell(key), below.cell(_key_in(narrowed, key))) for key in ask.cells()}
    return Measured(cells, _share(above.empty, below.empty), above.statements + below.statements)


def _share(above: Cell, below: Cell) -> Cell:
    value = above.value / below.value if above.value is not None and below.value else None
    estimated = max(above.estimated_share, below.estimated_share)
    return Cell(value, above.value, below.value, below.value, estimated_share=estimated)


def _narrowed(snapshot: Snapshot, other: Indicator, ask: Ask) -> Ask:
    """The question to put to the denominator: its own slices, and the root where only the root has any."""
    names = slice_names(snapshot, other.fact or "")
    root = territory(snapshot).root
    only_root = other.kind == "stock" and all(
        units_in(snapshot, table) <= {root} for table, _, _ in stock_tables(snapshot, other)
    )
    return replace(
        ask,
        targets=(root,) if only_root else ask.targets,
        slices=tuple(pair for pair in ask.slices if pair[0] in names),
        by=ask.by if ask.by in names else None,
    )


def _key_in(ask: Ask, key: Key) -> Key:
    span, target, by = key
    return span, target if target in ask.targets else ask.targets[0], by if ask.by else None


def _formula(snapshot: Snapshot, entry: Indicator, ask: Ask) -> Measured:
    tree = entry.spec["tree"]
    known = indicators(snapshot)
    asked = list(references(tree))
    found = {(word, name): _operand(snapshot, known[name], ask, word) for word, name in asked}
    weights = [_weights(entry, span.last) for span in ask.spans]

    def look(key: Key, word: str, name: str) -> Cell:
        if word == EVERYWHERE:
            return _shared(snapshot, found[word, name], key)
        cell = found[word, name].cell(key)
        if word == LAST_YEAR:
            return replace(cell, value=(cell.value or 0.0) * part_of_year(ask.spans[key[0]]))
        most = _weights(known[name], ask.spans[key[0]].last).get("points") if word == "most" else None
        return replace(cell, most=most) if most is not None else cell

    cells = {key: _heard(snapshot, entry, evaluate(tree, partial(look, key), weights[key[0]]), ask.spans[key[0]])
             for key in ask.cells()}  # fmt: skip
    empty = evaluate(tree, lambda word, name: found[word, name].empty, weights[-1])
    run = {id(one): one for each in found.values() for one in each.statements}
    return Measured(cells, empty, tuple(run.values()))


def _operand(snapshot: Snapshot, entry: Indicator, ask: Ask, word: str) -> Measured:
    """What a formula is told when it asks for an entry by a function."""
    if word == YEAR_BEFORE:
        of_things = entry.measure in ("count", "person")
        return year_before(ask, measure(snapshot, entry, ask), partial(measure, snapshot, entry), of_things)
    return measure(snapshot, entry, _moved(snapshot, ask, word))


def _moved(snapshot: Snapshot, ask: Ask, word: str) -> Ask:
    """The question that a function of a formula puts: to the evening before, to the year before, or the same."""
    if word == "start":
        return replace(ask, spans=tuple(on(span.first - timedelta(days=1)) for span in ask.spans))
    if word == LAST_YEAR:
        return replace(ask, spans=tuple(year_before_that(span) for span in ask.spans))
    if word == EVERYWHERE:
        return replace(ask, targets=(territory(snapshot).root,), slices=(), by=None, values=())
    return ask


def _shared(snapshot: Snapshot, measured: Measured, key: Key) -> Cell:
    """What the whole place has, for a territory of it; an agency has its own or nothing.

    It is the same in every territory, so that it is said by rule: a unit that sent nothing gets no score from it.
    """
    places = territory(snapshot)
    unit = places.units.get(key[1])
    if unit is None or unit.tree != "territory":
        return Cell()
    return replace(measured.cell((key[0], places.root, None)), by_rule=True)


def _heard(snapshot: Snapshot, entry: Indicator, cell: Cell, span: Period) -> Cell:
    """A rule about having no case speaks only where the sources have spoken: silence is not perfection."""
    if not cell.by_rule or entry.spec["tree"][0] != OTHERWISE:
        return cell
    if all(has_spoken(snapshot, fact, span.first, span.last) for fact in facts_of(snapshot, entry)):
        return cell
    return replace(cell, value=None, by_rule=False)


def _weights(entry: Indicator, day: date) -> Mapping[str, float]:
    return in_force(entry.spec.get("weights", ()), day)


def facts_of(snapshot: Snapshot, entry: Indicator) -> tuple[str, ...]:
    """The facts that an entry counts: its own, that of the stock whose ages it tells, those of its formula."""
    known = indicators(snapshot)
    if entry.kind == "formula":
        names = dict.fromkeys(name for _, name in references(entry.spec["tree"]))
        return tuple(dict.fromkeys(fact for name in names for fact in facts_of(snapshot, known[name])))
    holder = known[entry.spec["ages_of"]] if entry.spec.get("ages_of") else entry
    return (holder.fact,) if holder.fact else ()
