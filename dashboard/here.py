"""Where a reader stands: the view their address asks for, checked against the snapshot and their role.

A screen gets one `Here` and needs nothing else: it asks `here.question(…)`, writes `here.word(…)`, draws with
`here.style`. Whatever the address named that is not there is replaced by the default and told in `notes`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import periods
from dashboard.access import NOBODY, PARTY, ROLES, STATE, Scope, demo_scope, is_within
from dashboard.chart import Style
from dashboard.format import Formatter
from dashboard.granted import granted
from dashboard.people import Visitor
from dashboard.periods import Period
from dashboard.query.indicators import Indicator, indicators
from dashboard.query.labels import labels
from dashboard.query.question import AS_WAS, TODAY, Question, slices_of
from dashboard.query.units import Territory, Unit, basis_for, find_unit, territory
from dashboard.running import Running
from dashboard.snapshot import Snapshot
from dashboard.url import View
from dashboard.words import PersonError, keys, word

Slices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Here:
    """One reader, one view; everything in it exists."""

    running: Running
    view: View
    scope: Scope
    snapshot: Snapshot
    """The file this role may ask: the state file, or the Party file of the same generation."""
    places: Territory
    period: Period
    unit: Unit
    basis: str
    notes: tuple[str, ...] = ()
    """Keys of words to tell: what the address named and is not there."""
    visitor: Visitor | None = None
    """Whom the proxy has signed in; None where no door asks who somebody is."""

    @property
    def lang(self) -> str:
        """The reader's language."""
        return self.view.language

    @property
    def style(self) -> Style:
        """Theme and language for charts."""
        return Style(self.view.look, self.lang)

    @property
    def today(self) -> date:
        """The day by this installation's clock."""
        return self.running.settings.today()

    @property
    def indicators(self) -> Mapping[str, Indicator]:
        """The catalogue this role sees, by id."""
        return indicators(self.snapshot)

    @property
    def format(self) -> Formatter:
        """The one formatter, in the reader's language."""
        return Formatter(self.lang)

    def local(self, at: datetime) -> datetime:
        """A moment of a snapshot (UTC without zone) by the clock of the place."""
        zone = ZoneInfo(str(self.snapshot.publication.place.get("time_zone", "UTC")))
        return at.replace(tzinfo=UTC).astimezone(zone)

    def word(self, key: str, **values: object) -> str:
        """A text of the interface in the reader's language."""
        return word(key, self.lang, **values)

    def question(
        self,
        indicator: str,
        *,
        period: Period | None = None,
        unit: str = "",
        basis: str = "",
        slices: Slices | None = None,
    ) -> Question:
        """The question about `indicator` in this view; what is named differs from it."""
        own = slices_of([_pair(text) for text in self.view.slice.split(",") if text])
        return Question(
            indicator,
            period or self.period,
            unit or self.unit.unit_id,
            basis or self.basis,
            own if slices is None else slices,
        )

    def value_name(self, by: str, value: str) -> str:
        """The reader's word for the value of a slice; what has none is shown as it is."""
        named = labels(self.snapshot, by).get(value)
        if named is not None:
            return named[self.lang == "en"]
        key = f"{by}.{value}"
        return self.word(key) if key in keys() else value

    def may_ask(self, units: Iterable[Unit]) -> list[Unit]:
        """Those of some units that this reader may be told of: a comparison leaves out what lies outside."""
        return [unit for unit in units if is_within(unit.unit_id, self.scope, self.places.parents)]

    def name(self, unit: Unit) -> str:
        """A unit's name; where another unit of its kind and time bears it too, with what it belongs to."""
        told = unit.name(self.lang)
        above = self.places.units.get(unit.parent_id or "")
        if above is None or (unit.kind, unit.valid_to, told) not in self._homonyms():
            return told
        return f"{told} ({above.name(self.lang)})"

    def _homonyms(self) -> frozenset[tuple[str, date | None, str]]:
        def find() -> frozenset[tuple[str, date | None, str]]:
            units = self.places.units.values()
            seen = Counter((unit.kind, unit.valid_to, unit.name(self.lang)) for unit in units)
            return frozenset(key for key, count in seen.items() if count > 1)

        return self.snapshot.remember(("homonyms", self.lang), find)

    def desk(self, desk: str) -> list[Indicator]:
        """The indicators of one desk in the order of the catalogue."""
        return [entry for entry in self.indicators.values() if entry.desk == desk]

    def reform_day(self) -> date | None:
        """The first day of the newest reform, or None where there was none."""
        days = [basis.day for basis in self.places.bases.values() if basis.name not in (TODAY, AS_WAS) and basis.day]
        return max(days) + timedelta(days=1) if days else None


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def arrive(running: Running, view: View, visitor: Visitor | None = None) -> Here:
    """Check a view against what there is. Raises PersonError when there is no snapshot at all.

    A `visitor` sees what was given to them; the role of the address only chooses among that. Without one it is the
    demo, or this program asking for itself.
    """
    notes: list[str] = []
    state = _snapshot(running, view, notes)
    grant = visitor.grant(view.role) if visitor else None
    asked = view.role if view.role in ROLES else running.settings.role
    role = asked if visitor is None else grant.role if grant else NOBODY.role
    snapshot = running.snapshots.party(state) if _is_party(role) else state
    places = territory(snapshot)
    if visitor is None:
        scope = _scope(role, places, view.language)
    else:
        scope = granted(visitor, grant, places, running.settings.today(), view.language)
    period = _period(view, snapshot)
    unit, basis = _unit(view, places, scope, period, notes)
    return Here(running, view, scope, snapshot, places, period, unit, basis, tuple(notes), visitor)


def _snapshot(running: Running, view: View, notes: list[str]) -> Snapshot:
    if view.snapshot:
        try:
            return running.snapshots.at(int(view.snapshot))
        except (PersonError, ValueError):
            notes.append("frame.not_there")
    return running.snapshots.current()


def _is_party(role: str) -> bool:
    clearances = ROLES[role].clearances if role in ROLES else frozenset()
    return PARTY in clearances and STATE not in clearances


def _scope(role: str, places: Territory, lang: str) -> Scope:
    """What the role may ask. In the demo the address may name a role; nobody's is ever guessed upwards."""
    try:
        return demo_scope(role, places.roots(), lang)
    except PersonError:
        return NOBODY


def _period(view: View, snapshot: Snapshot) -> Period:
    place = snapshot.publication.place
    if view.period:
        return periods.parse(view.period, int(place.get("report_month_day", 15)))
    return periods.latest_whole_month(snapshot.publication.whole_until)


def _unit(
    view: View, places: Territory, scope: Scope, period: Period, notes: list[str]
) -> tuple[Unit, str]:
    """The unit and basis of a view; an abolished unit brings its own basis, which then stands in the address."""
    basis = view.basis if view.basis in places.bases else TODAY
    own = [unit for unit in scope.units if unit in places.units]
    home = places.root if places.root in own or not own else own[0]
    if not view.unit:
        return _at(places, places.units[home], basis)
    try:
        unit = find_unit(places, view.unit, basis, period.last)
    except PersonError:
        notes.append("frame.not_there")
        return _at(places, places.units[home], basis)
    if own and not is_within(unit.unit_id, scope, places.parents):
        notes.append("frame.not_yours")
        return _at(places, places.units[home], basis)
    return _at(places, unit, basis)


def _at(places: Territory, unit: Unit, basis: str) -> tuple[Unit, str]:
    """A unit and a basis on which it can be asked for: the one that is wanted where that is possible."""
    return unit, basis if places.is_on(unit, basis) else basis_for(places, unit)


def settled(here: Here) -> View:
    """The view as it must stand in the address: the basis a historic unit brought along is written there."""
    wanted = "" if here.basis == TODAY else here.basis
    return here.view if wanted == here.view.basis else replace(here.view, basis=wanted)
