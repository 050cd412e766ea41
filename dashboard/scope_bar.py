"""What is being looked at, always visible and in words: period, unit in three groups, boundaries, comparison.

Every control writes its code into the address and nothing anywhere else; the address alone rebuilds the view.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import streamlit as st

from dashboard import periods
from dashboard.access import PARTY_TREE
from dashboard.here import Here
from dashboard.periods import MONTH, QUARTER, YEAR, Period
from dashboard.query import AS_WAS, COMMUNES, DISTRICTS, TODAY, Unit, basis_for
from dashboard.query.units import UNASSIGNED
from dashboard.url import COMPARISONS, View, as_parameters, read
from dashboard.words import PersonError

GROUPS = ("province", "district", "commune")
_FOLDED = {**dict.fromkeys(COMMUNES, "commune"), **dict.fromkeys(DISTRICTS, "district")}


def scope_bar(here: Here) -> None:
    """Draw the controls; a change is in the address before the next line of the screen runs."""
    group = group_of(here.unit)
    with st.container(key="scope"):
        columns = st.columns([1.3, 1.3, 1.9, 1.5, 1.3])
        with columns[0]:
            _pick(here, "period", period_codes(here), partial(_period_name, here), here.period.code)
        with columns[1]:
            names = {code: here.word(f"scope.{code}") for code in groups_of(here)}
            _pick(here, "group", list(names), names.__getitem__, group)
        with columns[2]:
            units = {unit.unit_id: unit for unit in units_in(here, group)}
            _pick(here, "unit", list(units), lambda code: unit_name(here, units[code]), here.unit.unit_id)
        with columns[3]:
            _pick(here, "basis", bases_of(here), lambda code: basis_name(here, code), here.basis)
        with columns[4]:
            names = {code: here.word(f"scope.{code}") for code in COMPARISONS}
            _pick(here, "compare", list(names), names.__getitem__, here.view.compare or COMPARISONS[0])


def sentence(here: Here) -> str:
    """The scope in words, as it stands above every screen and on every file."""
    compare = here.word(f"scope.{here.view.compare or COMPARISONS[0]}")
    return here.word(
        "scope.sentence",
        unit=unit_name(here, here.unit),
        period=here.format.period(here.period),
        basis=basis_name(here, here.basis).lower(),
        compare=compare.lower(),
    )


def group_of(unit: Unit) -> str:
    """Which of the groups of the picker a unit stands in."""
    return "party" if unit.tree == PARTY_TREE else _FOLDED.get(unit.kind if unit.level else "", "province")


def groups_of(here: Here) -> Sequence[str]:
    """The groups this role can choose from: a Party role has the Party's own tree."""
    if here.unit.tree == PARTY_TREE:
        return ("party",)
    return [group for group in GROUPS if group == group_of(here.unit) or units_in(here, group)]


def units_in(here: Here, group: str) -> list[Unit]:
    """The units of a group, in order of level and name; old communes stay reachable by their address only."""
    allowed = {unit for top in here.scope.units for unit in here.places.within(top)} - {UNASSIGNED}
    found = [
        unit
        for unit in here.places.units.values()
        if unit.unit_id in allowed and unit.tree != "peer" and group_of(unit) == group
        and (unit.valid_to is None or group in ("district", "party") or unit == here.unit)
    ]  # fmt: skip
    return sorted(found, key=lambda unit: (unit.level, unit.tree, here.name(unit)))


def unit_name(here: Here, unit: Unit) -> str:
    """A unit's name; homonyms name what they belong to, and what no longer exists says until when it did."""
    name = here.name(unit)
    return name if unit.valid_to is None else f"{name} ({here.word('scope.until', year=unit.valid_to.year)})"


def bases_of(here: Here) -> list[str]:
    """The bases on which the chosen unit can be asked for: never an empty choice, never a wrong one."""
    return [name for name in here.places.bases if here.places.is_on(here.unit, name)] or [here.basis]


def basis_name(here: Here, basis: str) -> str:
    """The name of a basis: what its boundaries are, not what ended them."""
    if basis in (TODAY, AS_WAS):
        return here.word(f"scope.{basis}")
    reform = here.reform_day()
    return here.word("scope.before", day=here.format.date(reform) if reform else "")


def period_codes(here: Here) -> list[str]:
    """Periods worth a click, newest first: months, quarters, years, report months; and the one in the address."""
    until = here.snapshot.publication.data_until
    month = periods.holding(until, MONTH)
    found = [*reversed(periods.run_of(month, 18))]
    found += [*reversed(periods.run_of(periods.holding(until, QUARTER), 6))]
    found += [*reversed(periods.run_of(periods.holding(until, YEAR), 3))]
    report_day = int(here.snapshot.publication.place.get("report_month_day", 15))
    found += [*reversed(periods.run_of(periods.holding(until, MONTH, report_day), 6))]
    codes = [period.code for period in found]
    return codes if here.period.code in codes else [here.period.code, *codes]


def _period_name(here: Here, code: str) -> str:
    try:
        return here.format.period(_parse(here, code))
    except PersonError:
        return code


def _parse(here: Here, code: str) -> Period:
    return periods.parse(code, int(here.snapshot.publication.place.get("report_month_day", 15)))


def _pick(here: Here, name: str, codes: list[str], label: Callable[[str], str], chosen: str) -> None:
    """One control: what it shows comes from the address, what is chosen goes there."""
    key = f"scope_{name}"
    st.session_state[key] = chosen if chosen in codes else codes[0]
    st.selectbox(
        here.word(f"scope.{name}"), codes, key=key, format_func=label, on_change=_write, args=(here, name)
    )


def _write(here: Here, name: str) -> None:
    chosen = str(st.session_state[f"scope_{name}"])
    changes = {name: chosen}
    if name == "group":
        changes = unit_change(here, units_in(here, chosen)[0])
    elif name == "unit":
        changes = unit_change(here, here.places.units[chosen])
    elif name == "basis" and chosen == TODAY:
        changes = {"basis": ""}
    go(here.view, changes)


def unit_change(here: Here, unit: Unit) -> dict[str, str]:
    """What choosing a unit writes: an old district brings its own basis along, visibly."""
    basis = here.basis if here.places.is_on(unit, here.basis) else basis_for(here.places, unit)
    if here.places.is_on(unit, TODAY) and group_of(unit) != "district":
        basis = TODAY if here.basis not in (AS_WAS,) else here.basis
    code = "" if unit.unit_id == here.places.root else unit.unit_id
    return {"unit": code, "basis": "" if basis == TODAY else basis}


def go(view: View, changes: Mapping[str, str]) -> None:
    """Put a changed view into the address; defaults leave it."""
    parameters = as_parameters(read({**as_parameters(view), **changes}))
    st.query_params.from_dict({key: value for key, value in parameters.items() if value})
