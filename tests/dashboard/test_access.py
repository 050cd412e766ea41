"""The matrix of roles, cell by cell, and the rule that nothing is visible by default."""

from __future__ import annotations

import inspect

import pytest

from dashboard import access, query
from dashboard.access import NOBODY, ROLES, Scope, demo_scope, is_within
from dashboard.query import ledger, rows
from dashboard.words import PersonError

ROOTS = {"territory": ("80",), "peer": ("79",), "party": ("TU",)}
VERBS = {access.AGGREGATES, access.ROWS, access.FILTERS, access.EXPORT, access.EXPORT_ROWS, access.PACK,
         access.PACK_ALL, access.QUARANTINE, access.CHECK, access.AUDIT, access.HEALTH, access.TABLES,
         access.TASKS}  # fmt: skip
MATRIX = {
    "state": ({"state"}, {"aggregates", "filters"}),
    "wall": ({"state"}, {"aggregates"}),
    "leader": ({"state"}, {"aggregates", "rows", "filters", "export", "pack", "pack_all", "tasks"}),
    "analyst": ({"state"}, {"aggregates", "rows", "filters", "export", "export_rows", "pack", "pack_all", "tasks"}),
    "office": ({"state"}, {"aggregates", "filters", "pack", "tasks"}),
    "party": ({"party"}, {"aggregates", "tables", "export"}),
    "steward": ({"state"}, {"quarantine", "check"}),
    "auditor": (set(), {"audit"}),
    "operator": (set(), {"health"}),
}


def test_the_matrix_names_every_role_and_only_known_verbs() -> None:
    assert set(ROLES) == set(MATRIX)
    assert all(role.verbs <= VERBS for role in ROLES.values())


@pytest.mark.parametrize("name", MATRIX)
@pytest.mark.parametrize("verb", sorted(VERBS))
def test_every_cell_of_the_matrix(name: str, verb: str) -> None:
    clearances, verbs = MATRIX[name]
    scope = demo_scope(name, ROOTS)
    assert scope.may(verb) == (verb in verbs)
    assert scope.clearances == clearances
    assert scope.rows == ("rows" in verbs)
    for clearance in ("state", "party"):
        assert scope.answers(clearance) == (clearance in clearances and "aggregates" in verbs)


def test_a_scope_has_its_reason_and_its_own_trees() -> None:
    assert demo_scope("leader", ROOTS).units == ("80", "79")
    assert demo_scope("party", ROOTS).units == ("TU",)
    assert demo_scope("auditor", ROOTS).units == ()
    assert "Lãnh đạo" in demo_scope("leader", ROOTS, "vi").reason


def test_an_unknown_role_is_refused_with_the_names_of_all() -> None:
    with pytest.raises(PersonError) as caught:
        demo_scope("god", ROOTS)
    assert all(name in caught.value.text("vi") for name in ROLES)


def test_nobody_is_answered_nothing() -> None:
    assert not any(NOBODY.may(verb) for verb in VERBS)
    assert not NOBODY.answers("state") and not NOBODY.answers("party")
    leader = demo_scope("leader", ROOTS)
    homeless = Scope("leader", leader.clearances, (), rows=True, reason="x", verbs=leader.verbs)
    assert not homeless.answers("state")


def test_a_unit_lies_within_a_scope_through_its_parents_alone() -> None:
    parents = {"80": None, "794": "80", "27697": "794", "795": "80"}
    district = Scope("analyst", frozenset({"state"}), ("794",), rows=True, reason="x")
    assert [unit for unit in parents if is_within(unit, district, parents)] == ["794", "27697"]
    assert not is_within("unknown", district, parents)


@pytest.mark.parametrize(
    "function",
    [query.answer, query.answers, query.series, query.by_unit, query.by_slice, rows.rows, ledger.sources,
     ledger.deliveries, ledger.quarantine],
)  # fmt: skip
def test_no_function_has_a_default_scope(function: object) -> None:
    assert inspect.signature(function).parameters["scope"].default is inspect.Parameter.empty  # type: ignore[arg-type]
